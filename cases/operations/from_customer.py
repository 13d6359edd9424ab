"""What customers do themselves where they follow their complaint on the web.

Each act is theirs and of nobody on the staff; the record says so, and the officer is told at once.
`key` names the page that an act was sent from: sent twice, it is recorded once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from cases.errors import ActionNotAllowed, ComplaintError, FileRefused, ReasonMissing
from cases.models import (
    Complaint,
    Customer,
    CustomerChange,
    RecordedEvent,
    Representative,
    StoredFile,
)
from cases.operations.alerts import tell_of_breach, tell_of_customer
from cases.operations.close import withdraw
from cases.operations.customer_changes import TOLD, differences
from cases.operations.customers import Speaker, save_representative
from cases.operations.escalate import request_escalation
from cases.operations.files import check_upload, remove_stored, store_upload
from cases.operations.letter_copies import stop_copies
from cases.operations.record import CaseFile, recording
from cases.operations.restrictions import show_again
from cases.operations.telling import Telling
from cases.operations.tracking import shut
from cases.operations.ways import ways_to_write
from cases.rules.acts import Act
from cases.rules.authority import Authority, Deed, Established, on_the_web
from cases.rules.customers import Channel, LetterFormat
from cases.rules.events import EventKind
from cases.rules.languages import language_needed
from cases.rules.own_words import WITHOUT_WORDS, plain
from cases.rules.periods import london_day

# Files that the customer adds to one complaint in an hour, their bytes, and the bytes of all that
# they ever add to it: they take up the disk.
FILES_AN_HOUR = 30
BYTES_AN_HOUR = 100 * 1024**2
BYTES_OF_COMPLAINT = 500 * 1024**2
# What is known of a customer's needs, and who speaks for them in one complaint, at most.
LONGEST_NEEDS = 6_000
MOST_SPEAKERS = 10
AN_HOUR = timedelta(hours=1)
_UNSAFE = ("phone_unsafe", "email_unsafe", "post_unsafe")
ON_THE_WEB = "The customer said so where they follow the complaint on the web."


@dataclass(frozen=True, slots=True)
class Added:
    """What is on the record already of what pages sent: their keys, the words, the files' sums."""

    keys: frozenset[str]
    words: frozenset[str]
    files: frozenset[str]


def added_under(*keys: str, complaint_id: int) -> Added:
    """Return what is on the record already of what the pages with these keys sent. One query."""
    found = RecordedEvent.objects.filter(complaint=complaint_id, facts__page__in=keys)
    events = list(found.select_related("words"))
    noted = [each for each in events if each.kind == EventKind.NOTED.value]
    return Added(
        keys=frozenset(each.facts["page"] for each in events),
        words=frozenset(plain(each.words.parts.get("added", "")) for each in noted),
        files=frozenset(each.facts["sha256"] for each in events if "sha256" in each.facts),
    )


def _is_done(case: CaseFile, key: str) -> bool:
    """Say whether what this page sends was recorded already."""
    return any(event.facts.get("page") == key for event in case.state.events)


def _facts(key: str, speaker: Representative | None) -> dict[str, Any]:
    return {
        "from_customer": True,
        "page": key,
        "channel": Channel.ONLINE.value,
        **({"by_speaker": speaker.pk} if speaker else {}),
    }


def _speaker(
    complaint: Complaint, speaker_id: int | None, deed: Deed, *, on: date
) -> Representative | None:
    """Return who speaks for the customer here, None where it is the customer.

    Call it with the complaint locked.

    :raises ActionNotAllowed: if they may not do that by themselves, or not any more.
    """
    if speaker_id is None:
        return None
    row = complaint.representatives.filter(pk=speaker_id).first()
    if row is None or deed not in on_the_web(row.standing_on(on)):
        raise ActionNotAllowed(_("You may not do this for them here. Ring us or write to us."))
    return row


def _who(speaker: Representative | None) -> str:
    """Return who did something, for a message to colleagues: it names nobody."""
    return "Whoever speaks for the customer" if speaker else "The customer"


def add_from_customer(
    *,
    complaint_id: int,
    key: str,
    words: str,
    uploads: "Sequence[UploadedFile[Any]]" = (),
    kept: Sequence[StoredFile] = (),
    speaker_id: int | None = None,
    now: datetime,
) -> None:
    """Put what the customer adds on the record, with their files.

    One bad file keeps all of it out, so that it can be sent again with a better one. `kept` are
    files that they added before and looked at: stored already, and of nothing yet. `speaker_id` is
    whoever speaks for the customer, where it is them who adds it.

    :raises ActionNotAllowed: if they may not.
    :raises ReasonMissing: if there are neither words nor files.
    :raises FileRefused: if a file may not be taken, or far too much came within an hour or in all.
    """
    if not words.strip() and not uploads and not kept:
        raise ReasonMissing(_("Write what you want to add, or choose a file."))
    for upload in uploads:
        check_upload(upload)
    sizes = [upload.size or 0 for upload in uploads] + [file.size for file in kept]
    _check_room(complaint_id, sizes, now=now)
    files = [store_upload(upload, by=None, now=now) for upload in uploads]
    try:
        is_new = _record(
            complaint_id,
            key=key,
            words=words,
            files=[*kept, *files],
            speaker_id=speaker_id,
            now=now,
        )
    except ComplaintError:
        _remove(files)
        raise
    if not is_new:
        _remove(files)


def _remove(files: Sequence[StoredFile]) -> None:
    for file in files:
        remove_stored(file)


def _record(
    complaint_id: int,
    *,
    key: str,
    words: str,
    files: Sequence[StoredFile],
    speaker_id: int | None,
    now: datetime,
) -> bool:
    """Record what was added, and say whether it is new."""
    with recording(complaint_id=complaint_id, act=Act.NOTE, by=None, now=now, seen=None) as case:
        if _is_done(case, key):
            return False
        speaker = _speaker(case.complaint, speaker_id, Deed.ADD_WORDS, on=case.today)
        # Once more, now that nobody else adds to it: others may have come meanwhile.
        _check_room(complaint_id, [file.size for file in files], now=now)
        _add(case, key=key, words=words, files=files, speaker=speaker)
    return True


def _add(
    case: CaseFile,
    *,
    key: str,
    words: str,
    files: Sequence[StoredFile],
    speaker: Representative | None,
) -> None:
    added = words.strip() or WITHOUT_WORDS
    case.add(EventKind.NOTED, facts=_facts(key, speaker), words={"added": added})
    for file in files:
        file.complaint = case.complaint
        file.save(update_fields=["complaint"])
        case.add(
            EventKind.FILE_ADDED,
            facts={"file": file.pk, "sha256": file.sha256, "page": key},
        )
    told = f"{_who(speaker)} has added something to the complaint."
    told_by = f"added:{case.complaint.pk}:{key}"
    tell_of_customer(
        case.complaint, key=told_by, words=told, now=case.now, by_speaker=speaker is not None
    )


def _check_room(complaint_id: int, sizes: Sequence[int], *, now: datetime) -> None:
    """Refuse files that would be far too much, counting what the customer added here before.

    What came with the complaint, by e-mail or from others who were asked does not count.
    """
    if not sizes:
        return
    added = RecordedEvent.objects.filter(
        complaint=complaint_id, kind=EventKind.FILE_ADDED.value, facts__has_key="page"
    )
    files = StoredFile.objects.filter(pk__in=[each.facts["file"] for each in added])
    found = files.aggregate(
        number=Count("pk", filter=Q(stored_at__gt=now - AN_HOUR)),
        lately=Sum("size", filter=Q(stored_at__gt=now - AN_HOUR), default=0),
        in_all=Sum("size", default=0),
    )
    if found["in_all"] + sum(sizes) > BYTES_OF_COMPLAINT:
        raise FileRefused(_("There is no more room for files here. Ring us, or send them by post."))
    if found["number"] + len(sizes) > FILES_AN_HOUR:
        raise FileRefused(
            _("You can add %(number)d files in an hour. Send the rest later, or by post.")
            % {"number": FILES_AN_HOUR}
        )
    if found["lately"] + sum(sizes) > BYTES_AN_HOUR:
        megabytes = BYTES_AN_HOUR // 1024**2
        raise FileRefused(
            _("You can add %(megabytes)d MB of files in an hour. Send the rest later, or by post.")
            % {"megabytes": megabytes}
        )


@transaction.atomic
def ask_for_next_stage(
    *, complaint_id: int, reasons: str, now: datetime, speaker_id: int | None = None
) -> Complaint:
    """Record that the customer asks for the next stage, and tell whoever deals with it.

    `speaker_id` is whoever speaks for them, where it is them who asks.

    :raises ActionNotAllowed: if it cannot be asked for now, or not by them.
    :raises ReasonMissing: if the procedure demands reasons and none are given.
    """
    locked = Complaint.objects.select_for_update().get(pk=complaint_id)
    speaker = _speaker(locked, speaker_id, Deed.NEXT_STAGE, on=london_day(now))
    complaint = request_escalation(
        complaint_id=complaint_id,
        by=None,
        now=now,
        seen=None,
        on=london_day(now),
        channel=Channel.ONLINE.value,
        reasons=reasons,
        speaker_id=speaker_id,
    )
    key = f"next-stage:{complaint.pk}:{complaint.version}"
    told = f"{_who(speaker)} asks for the next stage."
    tell_of_customer(complaint, key=key, words=told, now=now, by_speaker=speaker is not None)
    return complaint


@transaction.atomic
def withdraw_by_customer(
    *, complaint_id: int, words: str, now: datetime, speaker_id: int | None = None
) -> Complaint:
    """Record that the customer does not want to go on, and confirm it to them where that can be.

    `speaker_id` is whoever decides in their place, where it is them who withdraws it.

    Why no letter can be made is for colleagues, and may tell of others: it does not keep the
    customer from withdrawing.

    :raises ActionNotAllowed: if the complaint is closed already, or it is not theirs to withdraw.
    """
    locked = Complaint.objects.select_for_update().get(pk=complaint_id)
    speaker = _speaker(locked, speaker_id, Deed.WITHDRAW, on=london_day(now))
    customer = Customer.objects.get(complaints=complaint_id)
    ways = ways_to_write(customer)
    # An easy read letter, or one in their language, is written by people: they are told of it.
    is_made_here = customer.letter_format != LetterFormat.EASY_READ
    is_written = bool(ways) and is_made_here and not language_needed(customer.language)
    act = partial(
        withdraw,
        complaint_id=complaint_id,
        by=None,
        now=now,
        seen=None,
        on=london_day(now),
        words=words.strip() or ON_THE_WEB,
        speaker_id=speaker_id,
    )
    try:
        with transaction.atomic():
            complaint = act(telling=Telling(ways[0]) if is_written else None)
    except ComplaintError:
        if not is_written:
            raise
        is_written = False
        complaint = act(telling=None)
    told = f"{_who(speaker)} has withdrawn the complaint." + (
        "" if is_written else " Confirm it to them: no letter was made."
    )
    key = f"withdrawn:{complaint.pk}:{complaint.version}"
    tell_of_customer(complaint, key=key, words=told, now=now, by_speaker=speaker is not None)
    return complaint


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the customer wants to be reached, and how not, and what they need besides.

    `needs` are added to what is known: colleagues wrote there too, and it may not be for them.
    """

    preferred_channel: str
    unsafe: tuple[str, ...] = ()
    letter_format: str = LetterFormat.STANDARD.value
    language: str = ""
    needs: str = ""
    letters_by_email: bool = False

    @property
    def values(self) -> dict[str, Any]:
        """Return the columns."""
        return {
            "preferred_channel": self.preferred_channel,
            "letter_format": self.letter_format,
            "language": self.language,
            "phone_unsafe": "phone" in self.unsafe,
            "email_unsafe": "email" in self.unsafe,
            "post_unsafe": "post" in self.unsafe,
            "letters_by_email": self.letters_by_email,
        }


def change_wishes(*, complaint_id: int, wishes: Wishes, now: datetime, may_open: bool) -> bool:
    """Change how the customer is reached, from now on; say whether anything changed.

    Addresses and numbers are not changed here: whoever got in by mistake could send the next code
    to their own. Without `may_open` what was ruled out stays so: whoever reads the customer's
    e-mails may be the one from whom it keeps them safe.

    :raises ActionNotAllowed: if no safe way to reach them would be left, or one that was ruled out
        would be used again.
    """
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_PEOPLE, by=None, now=now, seen=None
    ) as case:
        customer = Customer.objects.select_for_update().get(pk=case.complaint.customer_id)
        old = {name: getattr(customer, name) for name in TOLD}
        opened = [way for way in _UNSAFE if getattr(customer, way) and not wishes.values[way]]
        if opened and not may_open:
            raise ActionNotAllowed(
                _(
                    "We were told before that one of these ways is not safe for you, so it stays "
                    "ticked. Ring us if it is safe now."
                )
            )
        for name, value in wishes.values.items():
            setattr(customer, name, value)
        customer.needs = _with_needs(customer.needs, wishes.needs.strip(), on=case.today)
        if not can_be_reached(customer):
            raise ActionNotAllowed(_("Leave at least one way to reach you that is safe."))
        changes = differences(old, customer)
        if not changes:
            return False
        customer.save(update_fields=[*wishes.values, "needs"])
        CustomerChange.objects.create(customer=customer, at=now, by=None, changes=changes)
        if customer.restricted_contact:
            show_again(customer)
        number = case.add(
            EventKind.DETAILS_CHANGED,
            facts={"customer_details": customer.pk},
            words={"reason": ON_THE_WEB},
        )
        told = "The customer has changed how they want to be reached."
        key = f"wishes:{case.complaint.pk}:{number}"
        tell_of_customer(case.complaint, key=key, words=told, now=now)
    return True


def _with_needs(known: str, added: str, *, on: date) -> str:
    """Return what is known of somebody's needs with what they add, said to be theirs.

    :raises ActionNotAllowed: if it becomes too much for anybody to read.
    """
    if not added or known.endswith(f": {added}"):
        return known
    needs = "\n".join(part for part in (known, f"They wrote on {on:%-d %B %Y}: {added}") if part)
    if len(needs) > LONGEST_NEEDS:
        raise ActionNotAllowed(
            _("We know a lot about what you need already. Ring us to change it.")
        )
    return needs


def can_be_reached(customer: Customer) -> bool:
    """Say whether there is a way to reach a customer that is safe."""
    return bool(
        (customer.phone and not customer.phone_unsafe)
        or (customer.email and not customer.email_unsafe)
        or (customer.address_lines and not customer.post_unsafe)
    )


@transaction.atomic
def let_speak(*, complaint_id: int, speaker: Speaker, now: datetime) -> Representative:
    """Record that somebody may speak for the customer, who says so themselves (HH-4, KF-1).

    Sent twice, it is recorded once.

    :raises ActionNotAllowed: if many speak for them already.
    """
    complaint = Complaint.objects.select_for_update().get(pk=complaint_id)
    today = london_day(now)
    standing = [each for each in complaint.representatives.all() if each.standing_on(today).speaks]
    for row in standing:
        if (row.name, row.email, row.phone) == (speaker.name, speaker.email, speaker.phone):
            return row
    if len(standing) >= MOST_SPEAKERS:
        raise ActionNotAllowed(_("Many people speak for you already. Stop one of them first."))
    confirmed = replace(
        speaker,
        authority=Authority.CONFIRMED.value,
        established_by=Established.OWN_CONTACT.value,
        authority_on=today,
        authority_seen=ON_THE_WEB,
    )
    row = save_representative(confirmed, complaint_id=complaint_id, by=None, now=now)
    told = "The customer says that somebody may speak for them."
    tell_of_customer(row.complaint, key=f"speaker:{row.pk}", words=told, now=now)
    return row


def stop_speaking(*, complaint_id: int, representative_id: int, now: datetime) -> None:
    """Record that somebody may not speak for the customer any more.

    :raises ActionNotAllowed: if they do not speak for them.
    """
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_PEOPLE, by=None, now=now, seen=None
    ) as case:
        row = case.complaint.representatives.filter(pk=representative_id).first()
        if row is None or not row.standing_on(case.today).speaks:
            raise ActionNotAllowed(_("They do not speak for you any more."))
        row.authority = Authority.REVOKED.value
        row.established_by = ""
        row.authority_on = case.today
        row.authority_seen = ON_THE_WEB
        row.save(update_fields=["authority", "established_by", "authority_on", "authority_seen"])
        stop_copies(row)
        number = case.add(
            EventKind.DETAILS_CHANGED,
            facts={"representative": row.pk, "authority": Authority.REVOKED.value},
            words={"reason": ON_THE_WEB},
        )
        told = "The customer says that somebody may not speak for them any more."
        key = f"speaker:{row.pk}:{number}"
        tell_of_customer(case.complaint, key=key, words=told, now=now)


def report_breach(*, complaint_id: int, words: str, now: datetime) -> bool:
    """Shut the complaint to the web at once, because its customer saw somebody else's information.

    Everybody who has to act is told in the same transaction. Returns whether anybody was who may
    read the complaint.
    """
    with recording(complaint_id=complaint_id, act=Act.NOTE, by=None, now=now, seen=None) as case:
        number = case.add(
            EventKind.NOTED,
            facts={"from_customer": True, "breach": True, "channel": Channel.ONLINE.value},
            words={"added": words.strip() or "They do not say what they saw."},
        )
        shut(case, by=None)
        return tell_of_breach(case.complaint, key=f"breach:{case.complaint.pk}:{number}", now=now)
