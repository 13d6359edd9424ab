"""One letter each: to those who complain together, and to whoever may have the customer's letters.

Each copy has an entry of its own in the record, and goes to its reader's own address, in their own
format, by a way that is safe for them. No copy tells anything of another reader.
"""

from collections.abc import Collection
from dataclasses import dataclass

from cases.errors import ActionNotAllowed
from cases.models import (
    Customer,
    Delivery,
    Dispatch,
    JointComplainant,
    Landlord,
    Letter,
    OutboundMessage,
    Representative,
)
from cases.operations.letterheads import in_english_alone
from cases.operations.notices import Reading, is_notice, notice, reading
from cases.operations.record import CaseFile
from cases.operations.tracking import tracking_link
from cases.operations.ways import reaches_unsafely, ways_to_write
from cases.rules.customers import LetterFormat
from cases.rules.dispatches import OUT_OF_HAND, DispatchKind, DispatchState
from cases.rules.events import EventKind
from cases.rules.languages import (
    LANGUAGES,
    Language,
    is_the_needed,
    language_needed,
    under_an_email,
)
from cases.rules.letters import STOPPED, subject_of
from cases.selectors.letter_readers import speakers_with_letters
from cases.selectors.message_secrets import without_secrets
from cases.selectors.restrictions import closed_ways


@dataclass(frozen=True, slots=True)
class _Reader:
    """Somebody who gets a copy."""

    name: str
    channel: str
    email: str
    address: str
    letter_format: str
    fact: dict[str, int]
    customer: Customer | None = None
    speaker: Representative | None = None
    joint: JointComplainant | None = None


def send_copies(
    case: CaseFile,
    letter: Letter,
    *,
    closed_because: str = "",
    easy_read: str = "",
    format_because: str = "",
    language_because: str = "",
    landlord: Landlord | None = None,
) -> list[Letter]:
    """Issue a copy of a letter to everybody else who is to have it. Two queries if nobody is.

    `closed_because` says why a way is used that a restriction of somebody's contact closes,
    `easy_read` is the easy read version, and `format_because` why a copy is not in it.
    `language_because` says why a copy is in English alone whose reader needs another language.

    :raises ActionNotAllowed: if there is no safe and open way left to write to one of them, or one
        needs easy read, which nobody wrote, or a language in which the letter is not, and nobody
        says why not (HH-27).
    """
    joint = JointComplainant.objects.filter(complaint=case.complaint).select_related("customer")
    together = list(joint.order_by("pk"))
    people = [case.complaint.customer, *(each.customer for each in together)]
    wanted = [each for each in together if each.gets_letters]
    readers = [
        *(_joint_reader(case, each, people, closed_because) for each in wanted),
        *_speakers(case, people),
    ]
    # What the first reader is told of their own language is for them alone.
    first = in_english_alone(language_needed(case.complaint.customer.language), landlord)
    words = letter.body.removesuffix(first) if first else letter.body
    copies = []
    for reader in readers:
        tongue = _tongue(case, letter, reader, language_because)
        told = words if reader.customer else letter.body
        body = told + in_english_alone(tongue.unmet, landlord)
        copies.append(_copy(case, letter, reader, easy_read, format_because, tongue.language, body))
    return copies


@dataclass(frozen=True, slots=True)
class _Tongue:
    """In which language a copy is besides English, and the one that its reader does not get."""

    language: Language | None
    unmet: str = ""


def _tongue(case: CaseFile, letter: Letter, reader: _Reader, because: str) -> _Tongue:
    """Return the language of a copy beside English, and keep why it is not the one needed.

    Whoever speaks for the customer gets all that the customer got. Neither Braille nor what is
    read out has a text in another language.

    :raises ActionNotAllowed: if its reader needs another, and nobody says why.
    """
    is_for_eyes = reader.letter_format not in (LetterFormat.BRAILLE, LetterFormat.AUDIO)
    language = LANGUAGES.get(letter.other_language) if is_for_eyes else None
    if reader.customer is None:
        return _Tongue(language)
    needed = language_needed(reader.customer.language)
    if not needed:
        return _Tongue(None)
    if is_the_needed(language, needed):
        return _Tongue(language)
    if not because.strip():
        raise ActionNotAllowed(
            f"{reader.name} gets a copy and needs letters in {needed}. Add the text in it, or say "
            "why the copy is in English alone."
        )
    told = f"The copy for {reader.name} is not in {needed}, as they need. {because.strip()}"
    case.add(EventKind.NOTED, words={"note": told})
    return _Tongue(None, needed)


def _joint_reader(
    case: CaseFile, joint: JointComplainant, people: list[Customer], closed_because: str
) -> _Reader:
    customer = joint.customer
    email, address = customer.email, "\n".join(customer.address_lines)
    ways = [
        way
        for way in ways_to_write(customer)
        if not reaches_unsafely(people, way, email=email, address=address)
    ]
    if not ways:
        raise ActionNotAllowed(
            f"{customer.name} complains too and is to get each letter, but there is no safe "
            "address for them. Put that right, or change the people of the complaint first."
        )
    how = reading(case.complaint, to=email, reader=customer, joint=joint, now=case.now)
    closed = closed_ways(customer)
    ways = sorted(_readable(customer.name, ways, how), key=lambda way: way in closed)
    if ways[0] in closed and not closed_because.strip():
        raise ActionNotAllowed(
            f"{customer.name} complains too and is to get each letter, and no way to write to them "
            "is open. Look at the restriction, or change the people of the complaint first."
        )
    return _Reader(
        customer.name,
        ways[0],
        email,
        address,
        customer.letter_format,
        {"copy_to_joint": customer.pk},
        customer=customer,
        joint=joint,
    )


def _speakers(case: CaseFile, people: list[Customer]) -> list[_Reader]:
    return [
        _Reader(
            each.name,
            _way_to(case, each, people),
            each.email,
            each.address,
            each.letter_format,
            {"copy_to_representative": each.pk},
            speaker=each,
        )
        for each in speakers_with_letters(case.complaint, today=case.today)
    ]


def _way_to(case: CaseFile, speaker: Representative, people: list[Customer]) -> str:
    """Return how somebody who speaks for the customer is written to.

    Not where one of those who complain said that it is not safe to write to them.
    """
    email, address = speaker.email, speaker.address
    ways = [way for way, there in (("email", email), ("post", address)) if there]
    safe = [way for way in ways if not reaches_unsafely(people, way, email=email, address=address)]
    if not safe:
        raise ActionNotAllowed(
            f"{speaker.name} is to have the letters, at an address that is not safe for somebody "
            "who complains. Put that right, or change the people of the complaint first."
        )
    how = reading(case.complaint, to=email, reader=None, speaker=speaker, now=case.now)
    return _readable(speaker.name, safe, how)[0]


def _readable(name: str, ways: list[str], how: Reading) -> list[str]:
    """Return the ways to somebody, with e-mail last, or not at all, where it is no way to read.

    :raises ActionNotAllowed: if there is no other, and they could not read the letter at all.
    """
    if "email" not in ways or how is Reading.ALONE:
        return ways
    others = [way for way in ways if way != "email"]
    if how is Reading.WITH_A_CODE:
        return [*others, "email"]
    if not others:
        raise ActionNotAllowed(
            f"{name} is to get each letter and has an e-mail address alone. The e-mail says only "
            "that there is a letter, and this complaint cannot be followed on the web now. Add "
            "their postal address, or change the people of the complaint first."
        )
    return others


def _copy(
    case: CaseFile,
    letter: Letter,
    reader: _Reader,
    easy_read: str,
    format_because: str,
    language: Language | None,
    body: str,
) -> Letter:
    number = case.add(EventKind.DETAILS_CHANGED, facts={**reader.fact, "channel": reader.channel})
    letter_format = reader.letter_format
    if letter_format == LetterFormat.EASY_READ and not easy_read.strip():
        if not format_because.strip():
            raise ActionNotAllowed(
                f"{reader.name} gets a copy and needs easy read. Write the easy read version, or "
                "say why it is in another format."
            )
        letter_format = LetterFormat.STANDARD.value
        case.add(
            EventKind.NOTED,
            words={
                "note": f"{reader.name} needs easy read, and the copy is in standard print. "
                f"{format_because.strip()}"
            },
        )
    other = under_an_email(language, letter.other_text)
    if reader.speaker is not None:
        body = f"This is a copy of our letter to {letter.to_name}.\n\n{body}"
    message, is_told_of = None, False
    if reader.channel == "email":
        whose = reader.speaker or reader.customer or case.complaint.customer
        is_told_of = is_notice(case.complaint, whose)
        whole = f"Dear {reader.name},\n\n{body}\n\nYours sincerely\n\n{letter.signed}\n{other}"
        message = OutboundMessage.objects.create(
            key=f"letter:{case.complaint.reference}:{number}:{letter.kind}",
            kind=f"letter_{letter.kind}",
            complaint=case.complaint,
            to_address=reader.email,
            subject=subject_of(
                case.complaint.reference, sender=letter.sender, is_notice=is_told_of
            ),
            body=_told_of(case, reader)
            if is_told_of
            else whole
            + tracking_link(
                case.complaint,
                to=reader.email,
                speaker=reader.speaker,
                joint=reader.joint,
                now=case.now,
            ),
            created_at=case.now,
            next_try_at=case.now,
        )
    return Letter.objects.create(
        complaint=case.complaint,
        event_number=number,
        kind=letter.kind,
        template=letter.template,
        copy_of=letter,
        to_customer=reader.customer,
        to_speaker=reader.speaker,
        to_name=reader.name,
        to_address=reader.address,
        letter_format=letter_format,
        easy_read=easy_read.strip() if letter_format == LetterFormat.EASY_READ else "",
        other_language=language.tag if language else "",
        other_text=letter.other_text if language else "",
        other_template=letter.other_template if language else None,
        channel=reader.channel,
        subject=letter.subject,
        body=body,
        is_notice=is_told_of,
        encloses_policy=letter.encloses_policy,
        sender=letter.sender,
        signed=letter.signed,
        issued_at=case.now,
        issued_by=case.by,
        message=message,
    )


def _told_of(case: CaseFile, reader: _Reader) -> str:
    """Return the e-mail that says only that there is a copy for its reader."""
    return notice(
        case.complaint,
        to=reader.email,
        to_name=reader.name,
        reader=reader.customer,
        speaker=reader.speaker,
        joint=reader.joint,
        now=case.now,
    )


def stop_copies(speaker: Representative) -> None:
    """Let no copy go that waits for somebody who may no longer have it."""
    letters = Letter.objects.filter(to_speaker=speaker, posted_on__isnull=True)
    waiting = list(letters.exclude(channel=STOPPED).select_related("message"))
    gone = beyond_stopping(waiting)
    for letter in waiting:
        if letter.pk in gone:
            continue
        if letter.message is not None:
            queued = OutboundMessage.objects.filter(
                pk=letter.message.pk, state__in=[Delivery.QUEUED, Delivery.UNDELIVERABLE]
            )
            body = without_secrets(letter.message)
            if not queued.update(state=Delivery.CANCELLED, body=body):
                continue
        letter.channel = STOPPED
        letter.save(update_fields=["channel"])


def beyond_stopping(letters: Collection[Letter]) -> set[int]:
    """Return the keys of those that the provider has, or is being given. One query if any.

    Those that it will be given wait until the transaction ends, and then find that they may not go.
    """
    keys = [each.pk for each in letters if each.channel == "post"]
    if not keys:
        return set()
    handed = (
        Dispatch.objects.filter(letter__in=keys, kind=DispatchKind.LETTER.value)
        .exclude(state=DispatchState.FAILED.value)
        .select_for_update(of=("self",))
        .values_list("letter_id", "state")
    )
    return {key for key, state in handed if state in OUT_OF_HAND}
