"""Letters: made in the transaction of the act that they tell of, on paper or as an e-mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q

from cases.errors import ActionNotAllowed, LetterIncomplete, WrongDate
from cases.models import (
    Customer,
    Delivery,
    Dispatch,
    Landlord,
    Letter,
    LetterTemplate,
    OutboundMessage,
    OutsideBodyDetails,
    User,
)
from cases.operations.approval_gate import check_approved, note_that_it_went
from cases.operations.formats import why_not_made
from cases.operations.in_writing import is_kept_alone
from cases.operations.letter_copies import beyond_stopping, send_copies
from cases.operations.letters_elsewhere import keep_letter_elsewhere
from cases.operations.message_secrets import without_secrets
from cases.operations.notices import check_can_be_read, is_notice, notice, notice_of_question
from cases.operations.promising import Promised, add_promises
from cases.operations.record import CaseFile, recording
from cases.operations.tracking import how_to_follow, tracking_link, without_link
from cases.operations.ways import CLOSED, channel_refusal
from cases.rules.acts import Act
from cases.rules.customers import LetterFormat
from cases.rules.dispatches import THEIRS_TO_POST, DispatchKind
from cases.rules.events import ANSWERS, EventKind, Outcome, PanelDecision
from cases.rules.languages import (
    LANGUAGES,
    Language,
    is_the_needed,
    language_called,
    language_needed,
    under_an_email,
)
from cases.rules.letter_approvals import is_demanded
from cases.rules.letter_facts import EarlierComplaint
from cases.rules.letter_parts import encloses_policy
from cases.rules.letter_sentences import (
    BY_EMAIL,
    BY_TELEPHONE,
    ENGLISH,
    MACHINE_MADE,
    OR,
    REACH,
    SENTENCES,
    Tongue,
    read_sentences,
)
from cases.rules.letter_templates import letter_of
from cases.rules.letters import (
    FOR_THE_CUSTOMER_ALONE,
    STOPPED,
    WITHOUT_COPIES,
    LetterFacts,
    LetterKind,
    letter_paragraphs,
    paragraphs_of,
    subject_of,
    untranslated,
    what_is_missing,
)
from cases.rules.own_words import own_words
from cases.rules.periods import london_day
from cases.rules.points import IS_ALL_OURS, SOUGHT_UNSAID, PointWords, in_words
from cases.rules.procedure_words import in_a_row
from cases.rules.timeline import UNTOLD
from cases.selectors.letter_templates import template_in_force
from cases.selectors.messages import CLOSED_WAY, LETTER_OF
from cases.selectors.restrictions import closed_ways


@dataclass(frozen=True, slots=True)
class Telling:
    """How the customer is told: the channel, and what the officer wrote.

    `channel` is "email" or "post" for a letter made here; anything else (telephone, in person,
    a letter written elsewhere) is only recorded. Left empty, `letter_format` is the one that the
    customer needs; any other needs `format_because`. `easy_read` is what staff wrote for it, and
    `other_text` what they wrote in `other_language`, a tag of `LANGUAGES`; `language_because` says
    why it is in English alone where the customer needs another. Where the landlord has words for
    the letter in that language, `other_text` is what the officer writes in it. `says` is what the
    procedure wants said that only the officer can vouch for. `closed_because` says why a way is
    used that a restriction of the customer's contact closes (HH-6), and `unwritten_because` why
    somebody who is turned away cannot be written to. Of a letter written elsewhere
    `copy` is the key of the file that shows it, and `contains` what its writer found in it.
    `promises` is what the customer is promised besides, each with its day: owed from then on,
    however they are told (Code 7.3).
    """

    channel: str
    words: str = ""
    letter_format: str = ""
    format_because: str = ""
    easy_read: str = ""
    other_language: str = ""
    other_text: str = ""
    says: Sequence[str] = ()
    closed_because: str = ""
    unwritten_because: str = ""
    language_because: str = ""
    copy: int | None = None
    contains: Sequence[str] = ()
    promises: Sequence[Promised] = ()

    @property
    def makes_letter(self) -> bool:
        """Say whether a letter is made here."""
        return self.channel in ("email", "post")

    @property
    def is_written(self) -> bool:
        """Say whether the customer gets something in writing."""
        return self.makes_letter or self.is_elsewhere

    @property
    def is_elsewhere(self) -> bool:
        """Say whether the letter was written elsewhere."""
        return self.channel == ELSEWHERE


# The ways to tell a customer, as staff choose them.
ELSEWHERE = "letter_elsewhere"
TELLINGS = {
    "email": "E-mail, sent from here",
    "post": "Letter, made here to print and post",
    "phone": "By telephone",
    "in_person": "In person",
    ELSEWHERE: "Letter or e-mail written elsewhere",
}
PAPERS_ON_THE_WEB = (
    "You can read the papers and save them on the page on which you follow your complaint; the "
    "link below leads there. If you would rather have them on paper, please tell us."
)
# For acts of which the customer need not be told.
NOT_TOLD = UNTOLD


def check_channel(customer: Customer, channel: str, *, closed_because: str = "") -> None:
    """Refuse a channel that is not safe for this customer, or for which there is no address.

    One that a restriction of their contact closes is refused unless somebody says why (HH-6).

    :raises ActionNotAllowed: if nothing may or can be sent that way.
    """
    if refusal := channel_refusal(customer, channel):
        raise ActionNotAllowed(f"{refusal} Choose another way to reach them.")
    if channel in closed_ways(customer) and not closed_because.strip():
        raise ActionNotAllowed(f"{CLOSED} Choose another way to reach them, or say why this one.")


def check_promises(kind: LetterKind, telling: Telling) -> None:
    """Refuse to promise in a letter that closes the complaint: it stays open until that is done.

    :raises ActionNotAllowed: if it does.
    """
    if kind is LetterKind.CLOSING and telling.promises:
        raise ActionNotAllowed(
            "A letter that closes a complaint promises nothing: it stays open until that is done."
        )


def format_of(customer: Customer, telling: Telling) -> LetterFormat:
    """Return the format in which a letter is made.

    :raises ActionNotAllowed: if it is not the one that the customer needs and nobody says why, if
        it is easy read and nobody wrote it, or an e-mail that would go without it (HH-27).
    """
    needed = LetterFormat(customer.letter_format)
    chosen = LetterFormat(telling.letter_format or needed)
    if telling.channel == "email" and (cannot := why_not_made(chosen)):
        raise ActionNotAllowed(
            f"{cannot} An e-mail would go without it: choose another format and say why, or post "
            "one that is made elsewhere."
        )
    if chosen is not needed and not telling.format_because.strip():
        raise ActionNotAllowed(
            f"{customer.name} needs letters in this format: {needed.words.lower()}. Choose it, or "
            "say why this letter is in another."
        )
    is_to_write = chosen is LetterFormat.EASY_READ and not telling.is_elsewhere
    if is_to_write and not telling.easy_read.strip():
        raise ActionNotAllowed(
            "Write the easy read version, or choose another format and say why. It is never made "
            "by itself."
        )
    return chosen


def other_language_of(telling: Telling, letter_format: LetterFormat) -> Language | None:
    """Return the language in which the letter is written too; nothing if only in English.

    :raises ActionNotAllowed: if nobody says which it is, or the format has none but English.
    """
    if not telling.other_text.strip():
        return None
    language = LANGUAGES.get(telling.other_language)
    if language is None:
        raise ActionNotAllowed("Say in which language the other text is written.")
    if letter_format in (LetterFormat.BRAILLE, LetterFormat.AUDIO):
        raise ActionNotAllowed(
            f"A letter in {letter_format.words} is made in English alone. Have the text in "
            f"{language.name} transcribed or read out elsewhere, or choose another format and say "
            "why."
        )
    return language


def issue_letter(
    case: CaseFile,
    kind: LetterKind,
    telling: Telling,
    *,
    event_number: int,
    heard_in: tuple[str, int] | None = None,
    outcome: Outcome | None = None,
    panel_decision: PanelDecision | None = None,
    remedies: Sequence[str] = (),
    amount: str = "",
    heads: Sequence[tuple[str, str]] = (),
    promises: Sequence[str] = (),
    promised_before: Sequence[str] = (),
    promise: str = "",
    new_due_on: date | None = None,
    hearing_on: date | None = None,
    hearing_place: str = "",
    hearing_link: str = "",
    ground: str = "",
    earlier: EarlierComplaint | None = None,
    enclosures: Sequence[str] = (),
    speaker: str = "",
    speakers_part: str = "",
) -> Letter | None:
    """Make the letter that tells of an act, after its event was added; none if told by word.

    What turns the customer away is never told by word alone: where nobody can write to them, the
    letter is made and kept. One that was written elsewhere is kept with its copy, once its writer
    vouches for its parts.

    An e-mail is queued with it; a letter on paper goes to the list of letters to print and post.
    Those who complain too, and a representative who may have it, get one each.
    `heard_in` is the stage and visit it tells of, when its event sent the complaint elsewhere.

    :raises ActionNotAllowed: if that way is not safe for the customer, or lacks an address, or the
        letter is not in the format that they need and nobody says why.
    :raises WrongDate: if the act is said to have happened before today, when the letter goes.
    :raises LetterIncomplete: if the letter lacks a part that it must have.
    :raises ApprovalNeeded: if letters of its kind need a second person, who has not approved it.
    :raises ReasonMissing: if it turns away somebody who cannot be written to, and nobody says why.
    """
    complaint, customer = case.complaint, case.complaint.customer
    check_channel(customer, telling.channel, closed_because=telling.closed_because)
    check_promises(kind, telling)
    add_promises(case, telling.promises, on=case.day_of(event_number))
    _note_closed_way(case, telling, event_number)
    if _is_told_by_word(case, kind, telling, event_number):
        return None
    if telling.makes_letter and case.day_of(event_number) != case.today:
        raise WrongDate(
            "A letter or e-mail made here goes out today, so it cannot have happened before. Give "
            "today as the day, or say that it was told in another way."
        )
    letter_format = format_of(customer, telling)
    _note_format(case, telling, letter_format)
    landlord = Landlord.objects.first()
    bodies = {
        code: row.lines for code, row in OutsideBodyDetails.objects.all_on(case.today).items()
    }
    stage, visit = heard_in or (case.state.stage, case.state.visit)
    points, defined = _points(case)
    chosen = case.facts_of(points[0].point.defined_by) if points else {}
    facts = LetterFacts(
        kind=kind,
        stage=stage,
        visit=visit,
        reference=complaint.reference,
        terms=case.terms,
        state=case.state,
        outside=bodies.get("ombudsman", ()),
        others=bodies,
        words=telling.words,
        outcome=outcome,
        panel_decision=panel_decision,
        remedies=remedies,
        amount=amount,
        heads=heads,
        promises=[*promises, *(each.sentence for each in telling.promises), *case.new_days],
        promised_before=promised_before,
        promise=promise,
        late_because=case.late_because,
        new_due_on=new_due_on,
        hearing_on=hearing_on,
        hearing_place=hearing_place,
        hearing_link=hearing_link,
        ground=ground,
        earlier=earlier,
        reach=how_to_reach(landlord),
        enclosures=enclosures,
        points=points,
        sought=defined.get("sought", ""),
        responsible=defined.get("responsible", ""),
        not_responsible=defined.get("not_responsible", ""),
        is_sought_unsaid=bool(chosen.get(SOUGHT_UNSAID)),
        is_all_ours=bool(chosen.get(IS_ALL_OURS)),
        speaker=speaker,
        speakers_part=speakers_part,
        told=own_words(complaint.summary),
        asked_because=_asked_because(case, stage, visit),
        says=telling.says,
        must_enclose_policy=kind is LetterKind.ACKNOWLEDGEMENT
        and encloses_policy(case.terms.stage(stage)),
        merged=_merged(case, landlord),
    )
    template = template_in_force(complaint.procedure_version.procedure_id, letter_of(facts))
    if template is not None:
        facts = replace(facts, template=template.text)
    letter = Letter(
        complaint=complaint,
        event_number=event_number,
        kind=kind.value,
        template=template,
        to_name=customer.name,
        to_address="\n".join(customer.address_lines),
        letter_format=letter_format.value,
        easy_read=telling.easy_read if letter_format is LetterFormat.EASY_READ else "",
        channel=telling.channel,
        subject=kind.heading.format(reference=complaint.reference),
        body="\n\n".join(letter_paragraphs(facts)) + _how_to_follow(kind, telling, landlord),
        sender="\n".join(sender_lines(landlord)),
        signed="\n".join(signature(case.by, landlord)),
        issued_at=case.now,
        issued_by=case.by,
        is_to_make=not telling.is_elsewhere,
        is_notice=telling.channel == "email" and is_notice(complaint, customer),
        encloses_policy=telling.makes_letter and facts.must_enclose_policy,
    )
    if not telling.is_elsewhere and (lacking := what_is_missing(facts)):
        raise LetterIncomplete(
            f"The letter cannot go like this. Missing: {in_a_row(lacking)}.", letter, lacking
        )
    other = _in_other_language(case, facts, telling, letter_format, landlord)
    letter.other_language = other.language.tag if other.language else ""
    letter.other_text = other.text + _followed_there(kind, telling, landlord, other)
    letter.other_template = other.template
    letter.body += in_english_alone(_note_language(case, telling, other.language), landlord)
    if telling.is_elsewhere:
        return keep_letter_elsewhere(
            case,
            letter,
            facts,
            copy=telling.copy,
            contains=(*telling.contains, *telling.says),
            landlord=landlord,
        )
    demanded = is_demanded(letter.kind, case.state, case.terms)
    approval = check_approved(letter, landlord, is_demanded=demanded)
    if telling.channel == "email":
        letter.message = _queue(case, kind, letter, number=event_number)
    letter.save(force_insert=True)
    note_that_it_went(letter, approval)
    if kind not in WITHOUT_COPIES:
        send_copies(
            case,
            letter,
            closed_because=telling.closed_because,
            easy_read=telling.easy_read,
            format_because=telling.format_because,
        )
    return letter


def _is_told_by_word(case: CaseFile, kind: LetterKind, telling: Telling, event_number: int) -> bool:
    """Say whether the customer is told by word alone, and no letter is made.

    Papers that were made elsewhere are told of in words.

    :raises ActionNotAllowed: if it turns them away and they can be written to.
    :raises ReasonMissing: if they cannot, and nobody says why.
    """
    if telling.is_elsewhere:
        return kind is LetterKind.PAPERS
    because = telling.unwritten_because
    return not telling.is_written and not is_kept_alone(
        case, kind, telling.channel, because=because, event_number=event_number
    )


@dataclass(frozen=True, slots=True)
class _Other:
    """What a letter says in another language; nothing of one that is in English alone."""

    language: Language | None = None
    text: str = ""
    template: LetterTemplate | None = None


def _in_other_language(
    case: CaseFile,
    facts: LetterFacts,
    telling: Telling,
    letter_format: LetterFormat,
    landlord: Landlord | None,
) -> _Other:
    """Return the letter in the language of its reader, or the text that staff wrote in another.

    It is made where the landlord has words for this letter in that language, and then no less
    complete than in English, which was looked at before. Up to two queries where another
    language is chosen or needed.

    :raises ActionNotAllowed: if a text has no language, if the format has none but English, or if
        the letter would lack something in that language and nobody says why it is in English alone.
    """
    written = other_language_of(telling, letter_format)
    tongue = language_for(telling, case.complaint.customer)
    is_for_eyes = letter_format not in (LetterFormat.BRAILLE, LetterFormat.AUDIO)
    if tongue and not telling.is_elsewhere and is_for_eyes:
        procedure_id = case.complaint.procedure_version.procedure_id
        template = template_in_force(procedure_id, letter_of(facts), tongue.tag)
        is_translated = bool(telling.other_text.strip()) or not telling.words.strip()
        made = template if is_translated else None
        if made and (text := _made_in(tongue, made, facts, telling, landlord)):
            return _Other(tongue, text, made)
    return _Other(written, telling.other_text.strip() if written else "")


def language_for(telling: Telling, customer: Customer) -> Language | None:
    """Return the language in which a letter is made beside English: as chosen, or as needed.

    Nothing where somebody says why it is in English alone.
    """
    if telling.other_language or telling.language_because.strip():
        return LANGUAGES.get(telling.other_language)
    return language_called(language_needed(customer.language))


def _made_in(
    language: Language,
    template: LetterTemplate,
    facts: LetterFacts,
    telling: Telling,
    landlord: Landlord | None,
) -> str:
    """Return the letter made in a language, with a word where a machine translated it.

    Nothing where it would lack something and somebody says why it is not made in it.
    """
    tongue, warned = tongue_for(template, language)
    there = replace(
        facts,
        words=telling.other_text,
        template=template.text,
        tongue=tongue,
        reach=how_to_reach(landlord, tongue),
    )
    lacking = [*what_is_missing(there), *untranslated(warned)]
    if lacking and telling.language_because.strip():
        return ""
    check_whole_in(language, lacking)
    return "\n\n".join([*warned, *letter_paragraphs(there)])


def tongue_for(template: LetterTemplate, language: Language) -> tuple[Tongue, list[str]]:
    """Return the sentences in a language, and what stands above a letter made with a template.

    That is the word that a machine translated it, in both languages, where nobody proof-read it.
    One query.
    """
    said = template_in_force(template.procedure_id, SENTENCES, language.tag)
    tongue = Tongue(language.name, read_sentences(said.text) if said else {})
    is_machine_made = template.is_machine_made or bool(said and said.is_machine_made)
    return tongue, [tongue.say(MACHINE_MADE), MACHINE_MADE] if is_machine_made else []


def check_whole_in(language: Language, lacking: Sequence[str]) -> None:
    """Refuse a letter that lacks something in the language in which it is made.

    :raises ActionNotAllowed: if it does.
    """
    if lacking:
        raise ActionNotAllowed(
            f"The letter cannot go in {language.name} like this. Missing: {in_a_row(lacking)}. "
            "Have it added under Settings, or say why this letter is in English alone."
        )


def _note_format(case: CaseFile, telling: Telling, letter_format: LetterFormat) -> None:
    """Keep why a letter is in another format than the customer needs (HH-27)."""
    needed = LetterFormat(case.complaint.customer.letter_format)
    if letter_format is not needed:
        case.add(
            EventKind.NOTED,
            words={
                "note": f"The letter is in the format “{letter_format.words.lower()}”, and not in "
                f"“{needed.words.lower()}” as the customer needs. {telling.format_because.strip()}"
            },
        )


def _note_language(case: CaseFile, telling: Telling, language: Language | None) -> str:
    """Return the language that the customer needs and does not get, and keep why; else nothing.

    :raises ActionNotAllowed: if a letter is in English alone, they need another language, and
        nobody says why.
    """
    customer, because = case.complaint.customer, telling.language_because.strip()
    needed = language_needed(customer.language)
    if not needed or is_the_needed(language, needed):
        return ""
    if not because:
        raise ActionNotAllowed(
            f"{customer.name} needs letters in {needed}. Add the text in it, or say why this one "
            "is in English alone."
        )
    told = f"The letter is not in {needed}, as the customer needs. {because}"
    case.add(EventKind.NOTED, words={"note": told})
    return needed


def _note_closed_way(case: CaseFile, telling: Telling, event_number: int) -> None:
    """Keep why a way was used that a restriction of contact closes."""
    if telling.channel in closed_ways(case.complaint.customer):
        case.add(
            EventKind.NOTED,
            facts={CLOSED_WAY: telling.channel, LETTER_OF: event_number},
            words={"note": f"{CLOSED} Used all the same: {telling.closed_because.strip()}"},
        )


def _points(case: CaseFile) -> tuple[Sequence[PointWords], Mapping[str, str]]:
    """Return the points with their words, and what was set out with them. One query if any."""
    points = case.state.points
    if not points:
        return (), {}
    numbers = {number for each in points for number in (each.defined_by, each.found_by)}
    words = case.words_beside(number for number in numbers if number)
    return in_words(points, words), words.get(points[0].defined_by, {})


def _asked_because(case: CaseFile, stage: str, visit: int) -> str:
    """Return with which words the customer asked for the stage that a letter tells of, if any.

    One query where they asked for it.
    """
    stay = next(e for e in case.state.visits if e.stage == stage and e.number == visit)
    if stay.asked_on is None:
        return ""
    return case.words_beside([stay.began_by]).get(stay.began_by, {}).get("reasons", "")


def _merged(case: CaseFile, landlord: Landlord | None) -> dict[str, str]:
    """Return what fills the merge fields about who writes a letter, and for whom."""
    by = case.by
    return {
        "officer": by.name if by else "",
        "job title": by.job_title if by else "",
        "landlord": landlord.name if landlord else "",
        "landlord’s telephone": landlord.telephone if landlord else "",
    }


def how_to_reach(landlord: Landlord | None, tongue: Tongue = ENGLISH) -> str:
    """Return the paragraph that says how to ask a question or for another format (HH-27)."""
    if landlord is None or not (landlord.telephone or landlord.email):
        return ""
    ways = [
        *([tongue.say(BY_TELEPHONE, number=landlord.telephone)] if landlord.telephone else []),
        *([tongue.say(BY_EMAIL, address=landlord.email)] if landlord.email else []),
    ]
    both = tongue.say(OR, one=ways[0], other=ways[-1]) if len(ways) > 1 else ways[0]
    return tongue.say(REACH, ways=both)


def signature(by: User | None, landlord: Landlord | None) -> list[str]:
    """Return the lines under a letter: who wrote it, and for whom."""
    lines = [by.name, by.job_title] if by else []
    lines += [landlord.name, landlord.telephone] if landlord else []
    return [line for line in lines if line]


def sender_lines(landlord: Landlord | None) -> list[str]:
    """Return the lines above a letter: from whom it is, and where they are."""
    if landlord is None:
        return []
    address = [line.strip() for line in landlord.address.splitlines()]
    return [line for line in (landlord.name, *address, landlord.telephone) if line]


def _as_email(letter: Letter) -> str:
    return f"Dear {letter.to_name},\n\n{letter.body}\n\nYours sincerely\n\n{letter.signed}\n"


def _whole(letter: Letter) -> str:
    """Return an e-mail with the whole letter in it."""
    language = LANGUAGES.get(letter.other_language)
    return _as_email(letter) + under_an_email(language, letter.other_text)


def end_of_email(letter: Letter) -> tuple[str, ...]:
    """Return the paragraphs that its e-mail has under a letter, without the secret of a link."""
    if letter.message is None or letter.is_notice:
        return ()
    under = letter.message.body.removeprefix(_whole(letter))
    return tuple(paragraphs_of(without_link(under))) if under != letter.message.body else ()


def notice_of(letter: Letter) -> tuple[str, ...]:
    """Return what its e-mail says instead of a letter, without the secret of a link; or nothing."""
    if letter.message is None or not letter.is_notice:
        return ()
    return tuple(paragraphs_of(without_link(letter.message.body)))


def _queue(
    case: CaseFile, letter_kind: LetterKind, letter: Letter, *, number: int
) -> OutboundMessage:
    """Queue the e-mail that carries a letter, or says that there is one.

    :raises ActionNotAllowed: if it only says so, and the letter could not be read.
    """
    complaint = case.complaint
    customer = complaint.customer
    is_followed = letter_kind not in FOR_THE_CUSTOMER_ALONE
    if letter.is_notice:
        if is_followed:
            check_can_be_read(complaint, now=case.now)
        body = (
            notice(
                complaint, to=customer.email, to_name=letter.to_name, reader=customer, now=case.now
            )
            if is_followed
            else notice_of_question(complaint)
        )
    else:
        body = _whole(letter)
        body += tracking_link(complaint, to=customer.email, now=case.now) if is_followed else ""
    return OutboundMessage.objects.create(
        key=f"letter:{complaint.reference}:{number}:{letter_kind.value}",
        kind=f"letter_{letter_kind.value}",
        complaint=complaint,
        to_address=customer.email,
        subject=subject_of(complaint.reference, sender=letter.sender, is_notice=letter.is_notice),
        body=body,
        created_at=case.now,
        next_try_at=case.now,
    )


def in_english_alone(unmet: str, landlord: Landlord | None) -> str:
    """Return what a letter says that is in English though its reader needs another language."""
    if not unmet:
        return ""
    ways = [landlord.telephone, landlord.email] if landlord else []
    reach = " or ".join(each for each in ways if each)
    asked = f" Please ask us to explain it in {unmet}: {reach}." if reach else ""
    return f"\n\nYou need letters in {unmet}. We are sorry: this one is in English.{asked}"


def _how_to_follow(kind: LetterKind, telling: Telling, landlord: Landlord | None) -> str:
    """Return what the first letter on paper says of following the complaint on the web.

    The e-mail that brings papers says that they are read there.
    """
    if kind is LetterKind.PAPERS and telling.channel == "email":
        return f"\n\n{PAPERS_ON_THE_WEB}"
    if kind is not LetterKind.ACKNOWLEDGEMENT or telling.channel != "post":
        return ""
    return f"\n\n{how_to_follow(landlord.telephone if landlord else '')}"


def _followed_there(
    kind: LetterKind, telling: Telling, landlord: Landlord | None, other: _Other
) -> str:
    """Return how the complaint is followed in the language of a letter, where it has another."""
    if not other.language or kind is not LetterKind.ACKNOWLEDGEMENT or telling.channel != "post":
        return ""
    telephone = landlord.telephone if landlord else ""
    told = how_to_follow(telephone, language=other.language.tag)
    return f"\n\n{told}" if told else ""


def stop_letters(case: CaseFile, *, event_number: int | None = None) -> None:
    """Let what was written, and has not gone yet, not go: of one event, or of all.

    What was told by word with the letter kept, or written elsewhere, went already.
    Three queries and one for each letter stopped. What is being sent at this moment still goes,
    and so does what the provider has.
    """
    letters = Letter.objects.filter(complaint=case.complaint, channel__in=["email", "post"])
    if event_number is not None:
        of_it = Q(event_number=event_number) | Q(copy_of__event_number=event_number)
        letters = letters.filter(of_it)
    waiting_ones = list(letters.filter(posted_on__isnull=True).select_related("message"))
    gone = beyond_stopping(waiting_ones)
    for letter in waiting_ones:
        if letter.pk in gone:
            continue
        if letter.message is not None:
            waiting = OutboundMessage.objects.filter(
                pk=letter.message.pk, state__in=[Delivery.QUEUED, Delivery.UNDELIVERABLE]
            )
            body = without_secrets(letter.message)
            if not waiting.update(state=Delivery.CANCELLED, body=body):
                continue
        letter.channel = STOPPED
        letter.save(update_fields=["channel"])


def mark_posted(*, letter_id: int, by: User, now: datetime, on: date) -> Letter:
    """Record that a letter went to the post on a day.

    When it went later than it was written, the customer's window counts from the posting.

    :raises ActionNotAllowed: if it is not a letter on paper, was posted already, or is with the
        provider, who says itself when it is posted.
    :raises WrongDate: if the day is to come, or the letter was not written yet on it.
    """
    complaint_id = Letter.objects.values_list("complaint_id", flat=True).get(pk=letter_id)
    with recording(
        complaint_id=complaint_id, act=Act.POST_LETTER, by=by, now=now, seen=None
    ) as case:
        theirs = Dispatch.objects.filter(
            letter=letter_id, kind=DispatchKind.LETTER.value, state__in=THEIRS_TO_POST
        )
        if theirs.exists():
            raise ActionNotAllowed("The provider posts this letter, and says itself when it did.")
        return _post(case, letter_id, on, by=by)


def posted_by_provider(*, letter_id: int, handed_over_by: User, now: datetime, on: date) -> Letter:
    """Record that the provider posted a letter, whatever whoever handed it over may do by now.

    :raises ActionNotAllowed: if it is not a letter on paper, or was posted already.
    """
    complaint_id = Letter.objects.values_list("complaint_id", flat=True).get(pk=letter_id)
    with recording(
        complaint_id=complaint_id, act=Act.POST_LETTER, by=None, now=now, seen=None
    ) as case:
        return _post(case, letter_id, on, by=handed_over_by)


def _post(case: CaseFile, letter_id: int, on: date, *, by: User) -> Letter:
    letter = Letter.objects.get(pk=letter_id)
    if letter.channel != "post" or letter.posted_on is not None:
        raise ActionNotAllowed("This letter is not waiting to be posted.")
    _check_posting(letter, on, today=case.today)
    answers = {e.number: e for e in case.state.events if e.kind in ANSWERS}
    event = answers.get(letter.event_number)
    if event is not None and on != event.on:
        case.add(
            EventKind.CORRECTED,
            facts={"target": event.number, "changes": {"posted_on": on.isoformat()}},
        )
    letter.posted_on = on
    letter.posted_by = by
    letter.save(update_fields=["posted_on", "posted_by"])
    return letter


def _check_posting(letter: Letter, on: date, *, today: date) -> None:
    if on > today:
        raise WrongDate(f"{on:%-d %B %Y} is in the future.")
    written = london_day(letter.issued_at)
    if on < written:
        raise WrongDate(f"The letter was written on {written:%-d %B %Y}, after that day.")
