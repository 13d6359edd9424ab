"""The letters issued and the files of a complaint."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from cases.models import (
    Complaint,
    Delivery,
    Dispatch,
    Letter,
    LetterProposal,
    OutboundMessage,
    ProposalState,
    Scan,
    StoredFile,
    held_words,
)
from cases.rules.dispatches import (
    OUT_OF_HAND,
    THEIRS_TO_POST,
    DispatchKind,
    DispatchState,
    letter_words,
    text_words,
)
from cases.rules.letters import FOR_THE_CUSTOMER_ALONE, STOPPED, LetterKind
from cases.rules.periods import LONDON
from cases.rules.timeline_facts import channel_words
from cases.rules.tracking import without_code
from cases.selectors.prepared import BLANK, Prepared

# The kind of message that tells somebody that theirs came.
RECEIPT = "receipt"
# The ways by which letters reach somebody; any other is how they were told of one that is kept.
_WRITTEN = ("email", "post", "letter_elsewhere")
Row = tuple[
    str,
    int,
    str,
    datetime,
    int | None,
    str,
    int,
    date | None,
    int | None,
    str,
    int,
    str,
    str,
    str,
    datetime | None,
]


@dataclass(frozen=True, slots=True)
class IssuedLetter:
    """A letter as a list shows it. `message` is the key of its e-mail, `state` how that stands."""

    key: int
    kind: str
    issued_at: datetime
    issued_by: int | None
    channel: str
    posted_on: date | None
    message: int | None
    state: str
    event: int
    error: str
    # How far it got with the provider that posts letters, and the text message about it.
    handed: str = ""
    text: str = ""
    # When the mail server took its e-mail.
    sent_at: datetime | None = None

    @property
    def words(self) -> str:
        """Return what letter it is."""
        known = {kind.value: kind.words for kind in LetterKind}
        return known.get(self.kind, self.kind.replace("_", " ").capitalize())

    @property
    def is_undelivered(self) -> bool:
        """Say whether its e-mail could not be delivered or was stopped."""
        is_stopped = self.state in (Delivery.UNDELIVERABLE, Delivery.CANCELLED)
        return is_stopped and self.channel == "email"

    @property
    def is_to_post(self) -> bool:
        """Say whether it waits to be posted."""
        return self.channel == "post" and self.posted_on is None

    @property
    def is_ours_to_post(self) -> bool:
        """Say whether somebody here posts it, and no provider."""
        return self.is_to_post and self.handed not in THEIRS_TO_POST

    @property
    def may_be_stopped(self) -> bool:
        """Say whether it has not gone yet."""
        waits = self.state in (Delivery.QUEUED, Delivery.UNDELIVERABLE)
        is_here = self.is_to_post and self.handed not in OUT_OF_HAND
        return is_here or (waits and self.channel == "email")

    @property
    def tone(self) -> str:
        """Return the colour that goes with how far it got."""
        if self.channel not in _WRITTEN:
            return "grey"
        if self.is_undelivered or (self.is_to_post and self.handed == DispatchState.FAILED):
            return "red"
        if self.is_to_post:
            return "yellow"
        is_on_its_way = self.state in (Delivery.QUEUED, Delivery.SENDING)
        return "grey" if is_on_its_way else "green"

    @property
    def standing(self) -> str:
        """Return how far it got."""
        if self.channel == STOPPED:
            return "Stopped before it went"
        about = f"; {text_words(self.text)}" if self.text else ""
        return f"{self._went}{about}"

    @property
    def _went(self) -> str:
        if self.channel == "post" and self.posted_on:
            return f"Posted {self.posted_on:%-d %b %Y}"
        if self.channel == "letter_elsewhere":
            return "Written elsewhere"
        if self.channel == "post":
            return letter_words(self.handed) or "To be posted"
        if self.channel not in _WRITTEN:
            return "Kept here: nobody could write to them"
        return _emailed(self.state, self.sent_at)


def _emailed(state: str, sent_at: datetime | None) -> str:
    """Return how far an e-mail got."""
    if sent_at:
        at = sent_at.astimezone(LONDON)
        return f"E-mail: sent {at:%-d %b %Y}, {_clock(at)}"
    return f"E-mail: {Delivery(state).label.lower()}" if state else "E-mail"


def how_it_went(letter: Letter) -> list[str]:
    """Return to which address a letter went and when, or when it was posted and who saw to it.

    `letter` has its e-mail, and who posted it. Of an e-mail that went by post after all both.
    """
    told = []
    message = letter.message
    if message is not None and message.sent_at is not None:
        at = message.sent_at.astimezone(LONDON)
        day = f"{at:%-d %B %Y} at {_clock(at)}"
        told.append(f"Sent by e-mail to {message.to_address} on {day}.")
    elif message is not None:
        told.append(f"E-mail to {message.to_address}: {Delivery(message.state).label.lower()}.")
    if message is not None and letter.is_notice and letter.kind in FOR_THE_CUSTOMER_ALONE:
        told.append(
            "The e-mail says only that there is a question, with the link by which it is answered."
        )
    elif message is not None and letter.is_notice:
        told.append(
            "The e-mail says only that there is a letter, which is read on the page on which the "
            "complaint is followed."
        )
    if letter.channel not in (*_WRITTEN, STOPPED):
        how = channel_words(letter.channel).lower()
        told.append(
            "It was made and kept, as there was no safe way to write to them. How they were told: "
            f"{how}."
        )
    if letter.posted_on is not None and letter.posted_by is not None:
        told.append(f"Posted on {letter.posted_on:%-d %B %Y}; {letter.posted_by.name} saw to it.")
    return told


def _clock(at: datetime) -> str:
    return f"{at:%-I:%M%p}".lower()


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file as a list shows it."""

    id: int
    key: str
    name: str
    media_type: str
    size: int
    added_at: datetime
    added_by: int | None
    scan: str = Scan.NOT_NEEDED.value

    @property
    def held_words(self) -> str:
        """Return why it cannot be opened, or nothing."""
        return held_words(self.scan)

    @property
    def size_words(self) -> str:
        """Return the size for people."""
        if self.size < 1024 * 1024:
            return f"{max(1, round(self.size / 1024))} KB"
        return f"{self.size / 1024 / 1024:.1f} MB"


@dataclass(frozen=True, slots=True)
class Receipt:
    """An e-mail that told somebody, by itself, that their message came."""

    at: datetime
    to: str
    state: str
    sent_at: datetime | None
    body: str

    @property
    def standing(self) -> str:
        """Return how far it got."""
        return _emailed(self.state, self.sent_at)

    @property
    def is_undelivered(self) -> bool:
        """Say whether it could not be delivered or was stopped."""
        return self.state in (Delivery.UNDELIVERABLE, Delivery.CANCELLED)


@dataclass(frozen=True, slots=True)
class SentBack:
    """A letter of the present stay that its second person sent back, and its author has to mend."""

    number: int
    kind: str
    act: str
    at: datetime
    asked_by: int
    decided_by: int


@dataclass(frozen=True, slots=True)
class Aside:
    """What another part of the house keeps with a complaint: a line, its lines, and a text."""

    words: str
    on: date
    lines: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class AsideSource:
    """Which rows another part keeps with the complaint whose key is BLANK, and how they are told.

    The first column of a row is `sort`.
    """

    sort: str
    rows: Callable[[], QuerySet[Any, Row]]
    read: Callable[[Row], Aside]


# Filled when the applications start, so that cases need not know of them.
ASIDES: list[AsideSource] = []


@dataclass(frozen=True, slots=True)
class CasePapers:
    """The papers of a complaint, newest first, the letters sent back, and what is kept beside."""

    letters: list[IssuedLetter] = field(default_factory=list)
    files: list[FileLine] = field(default_factory=list)
    sent_back: list[SentBack] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)


def papers_of(complaint: Complaint) -> CasePapers:
    """Return all papers of a complaint, and the letters sent back, in one query."""
    found = CasePapers()
    read = {source.sort: source.read for source in ASIDES}
    rows = _both().rows(blank=complaint.pk)
    for row in sorted(rows, key=lambda each: (each[3], each[1]), reverse=True):
        sort, key, name, at, by, detail, number, posted_on, message, state, event, error = row[:12]
        if sort == "letter":
            found.letters.append(
                IssuedLetter(
                    key, name, at, by, detail, posted_on, message, state, event, error, *row[12:]
                )
            )
        elif sort == "sent back":
            found.sent_back.append(SentBack(event, name, detail, at, message or 0, by or 0))
        elif sort == "receipt":
            # While it waits to be sent its code stands in it.
            found.receipts.append(Receipt(at, name, state, row[14], without_code(error)))
        elif sort in read:
            found.asides.append(read[sort](row))
        else:
            found.files.append(FileLine(key, error, name, detail, number, at, by, state))
    found.asides.sort(key=lambda each: each.on, reverse=True)
    return found


@lru_cache(maxsize=1)
def _both() -> Prepared:
    """Return the query of all papers of the complaint whose key is BLANK."""
    beside = [source.rows() for source in ASIDES]
    return Prepared(_letters().union(_files(), _sent_back(), _receipts(), *beside, all=True))


def _letters() -> QuerySet[Any, Row]:
    return (
        Letter.objects.filter(complaint=BLANK)
        .order_by()
        .values_list(
            Value("letter", output_field=CharField()),
            F("pk"),
            Cast(F("kind"), CharField()),
            F("issued_at"),
            F("issued_by_id"),
            Cast(F("channel"), CharField()),
            Value(0, output_field=IntegerField()),
            F("posted_on"),
            F("message_id"),
            Coalesce(Cast(F("message__state"), CharField()), Value("")),
            F("event_number"),
            Coalesce(Cast(F("message__last_error"), CharField()), Value("")),
            _dispatched(DispatchKind.LETTER),
            _dispatched(DispatchKind.TEXT),
            F("message__sent_at"),
        )
    )


def _dispatched(kind: DispatchKind) -> Coalesce:
    """Return how far the latest of a kind got that the provider has about a letter."""
    theirs = Dispatch.objects.filter(letter=OuterRef("pk"), kind=kind.value).order_by("-pk")
    latest = Subquery(theirs.values("state")[:1], output_field=CharField())
    return Coalesce(latest, Value(""), output_field=CharField())


def _sent_back() -> QuerySet[Any, Row]:
    return (
        LetterProposal.objects.filter(
            complaint=BLANK,
            state=ProposalState.SENT_BACK.value,
            stage=F("complaint__stage"),
            visit=F("complaint__visit"),
        )
        .order_by()
        .values_list(
            Value("sent back", output_field=CharField()),
            F("pk"),
            Cast(F("kind"), CharField()),
            F("decided_at"),
            F("decided_by_id"),
            Cast(F("act"), CharField()),
            Value(0, output_field=IntegerField()),
            Cast(Value(None), DateField()),
            F("asked_by_id"),
            Value("", output_field=CharField()),
            F("number"),
            Value("", output_field=CharField()),
            Value("", output_field=CharField()),
            Value("", output_field=CharField()),
            Cast(Value(None), DateTimeField()),
        )
    )


def _receipts() -> QuerySet[Any, Row]:
    return (
        OutboundMessage.objects.filter(complaint=BLANK, kind=RECEIPT)
        .order_by()
        .values_list(
            Value("receipt", output_field=CharField()),
            F("pk"),
            Cast(F("to_address"), CharField()),
            F("created_at"),
            Cast(Value(None), IntegerField()),
            Value("", output_field=CharField()),
            Value(0, output_field=IntegerField()),
            Cast(Value(None), DateField()),
            Cast(Value(None), IntegerField()),
            Cast(F("state"), CharField()),
            Value(0, output_field=IntegerField()),
            Cast(F("body"), CharField()),
            Value("", output_field=CharField()),
            Value("", output_field=CharField()),
            F("sent_at"),
        )
    )


def _files() -> QuerySet[Any, Row]:
    return (
        StoredFile.objects.filter(complaint=BLANK)
        .order_by()
        .values_list(
            Value("file", output_field=CharField()),
            F("pk"),
            Cast(F("name"), CharField()),
            F("stored_at"),
            F("uploaded_by_id"),
            Cast(F("media_type"), CharField()),
            F("size"),
            Cast(Value(None), DateField()),
            Cast(Value(None), IntegerField()),
            Cast(F("scan"), CharField()),
            Value(0, output_field=IntegerField()),
            Cast(F("key"), CharField()),
            Value("", output_field=CharField()),
            Value("", output_field=CharField()),
            Cast(Value(None), DateTimeField()),
        )
    )
