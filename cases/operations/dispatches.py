"""Handing letters and text messages to the provider, once each, and asking what became of them."""

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from django.db import IntegrityError, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils.translation import gettext as _

from cases.errors import ComplaintError, NotMade
from cases.models import Dispatch, Landlord, Letter, User
from cases.operations.code_letters import CodeLetters
from cases.operations.documents import on_paper
from cases.operations.letters_posted import posted_by_provider
from cases.operations.providers import NotTaken, Provider, ProviderAway, provider
from cases.operations.typesetting import TypesetterLost
from cases.operations.ways import channel_refusal
from cases.rules.customers import LetterFormat
from cases.rules.dispatches import (
    MOBILE_AS_WRITTEN,
    ON_ITS_WAY,
    DispatchKind,
    DispatchState,
    mobile_number,
    text_message,
)
from cases.rules.letters import STOPPED, LetterKind
from cases.rules.papers import PRINTED
from cases.rules.periods import london_day
from cases.rules.tracking import EMAILED_LIFE
from cases.selectors.posted_codes import CODE
from cases.selectors.speaking import speaking_to

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
# How long to wait after each failed try; after the last a person takes over.
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 480, 960, 1440))
CUT_SHORT = "Every try was cut short."
# How often the provider is asked what became of something, and for how long.
ASK_EVERY = timedelta(minutes=30)
ASK_FOR = timedelta(days=30)
# Letters this old are told of in no text message any more.
TOLD_WITHIN = timedelta(hours=24)
TEXTS_AT_A_TIME = 100


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of one letter: handed over, or why not."""

    letter_id: int
    refusal: str = ""


def hand_over(letters: Iterable[Letter], *, by: User, now: datetime) -> list[HandedOver]:
    """Have the provider post letters; one that cannot go does not stop the others."""
    return [HandedOver(each.pk, _hand_over(each, by=by, now=now)) for each in letters]


def _hand_over(letter: Letter, *, by: User, now: datetime) -> str:
    if provider() is None:
        return "No provider is set."
    if letter.kind == LetterKind.PAPERS:
        return "The papers go with this letter. Print and post both here."
    if refusal := _why_not_posted(letter):
        return refusal
    tries = Dispatch.objects.filter(letter=letter, kind=DispatchKind.LETTER.value).count()
    try:
        with transaction.atomic():
            Dispatch.objects.create(
                key=f"letter:{letter.pk}:{tries + 1}",
                mark=_mark(),
                kind=DispatchKind.LETTER.value,
                complaint_id=letter.complaint_id,
                letter=letter,
                created_at=now,
                created_by=by,
                next_try_at=now,
            )
    except IntegrityError:
        return "It is with the provider already."
    return ""


def _why_not_posted(letter: Letter) -> str:
    """Return why the provider is not to post a letter, or nothing."""
    if letter.channel != "post" or letter.posted_on is not None:
        return "This letter is not waiting to be posted."
    if LetterFormat(letter.letter_format) not in PRINTED:
        return "The provider posts printed letters only."
    if letter.to_speaker_id is None and (refusal := channel_refusal(letter.reader, "post")):
        return refusal
    return ""


class Carrier(Protocol):
    """Another part of the system whose letters the provider posts too."""

    def paper(self, number: int, *, now: datetime) -> bytes:
        """Return a letter as a PDF.

        :raises NotMade: if it cannot be made.
        """

    def why_not(self, number: int, *, now: datetime) -> str:
        """Return why a letter is not to be posted by the provider, or nothing."""

    def posted(self, number: int, *, by: User, on: date) -> None:
        """Record that a letter went to the post."""

    def failed(self, number: int, *, words: str, by: User, now: datetime) -> None:
        """Have somebody know that it did not go, where nothing shows it by itself."""


# By the word with which `about` begins. Each other part adds its own when it is loaded.
CARRIERS: dict[str, Carrier] = {CODE: CodeLetters()}


def hand_over_beside(about: str, *, complaint_id: int | None, by: User, now: datetime) -> str:
    """Have the provider post a letter of another part; return why it cannot go, or nothing."""
    if provider() is None:
        return "No provider is set."
    if refusal := _why_not_beside(about, now=now):
        return refusal
    tries = Dispatch.objects.filter(about=about).count()
    try:
        with transaction.atomic():
            Dispatch.objects.create(
                key=f"{about}:{tries + 1}",
                mark=_mark(),
                kind=DispatchKind.BESIDE.value,
                complaint_id=complaint_id,
                about=about,
                created_at=now,
                created_by=by,
                next_try_at=now,
            )
    except IntegrityError:
        return "It is with the provider already."
    return ""


def _carrier(about: str) -> tuple[Carrier, int]:
    sort, _colon, number = about.partition(":")
    return CARRIERS[sort], int(number)


def _why_not_beside(about: str, *, now: datetime) -> str:
    carrier, number = _carrier(about)
    return carrier.why_not(number, now=now)


def queue_texts(*, now: datetime) -> int:
    """Tell customers who want to be rung that a letter is on its way; return how many.

    At most once a day for a complaint, in words that tell others nothing.
    """
    ours = provider()
    if ours is None or not ours.sends_texts:
        return 0
    told_that_day = Dispatch.objects.filter(
        kind=DispatchKind.TEXT.value,
        complaint=OuterRef("complaint"),
        letter__issued_at__date=OuterRef("issued_at__date"),
    )
    letters = Letter.objects.filter(
        ~Exists(told_that_day),
        issued_at__gt=now - TOLD_WITHIN,
        channel__in=("email", "post"),
        to_customer__isnull=True,
        to_speaker__isnull=True,
        copy_of__isnull=True,
        complaint__customer__preferred_channel="phone",
        complaint__customer__phone_unsafe=False,
        complaint__customer__restricted_contact="",
        complaint__customer__phone__regex=MOBILE_AS_WRITTEN,
    )
    landlord = Landlord.objects.only("name", "telephone").first()
    queued = 0
    for letter in letters.select_related("complaint__customer").order_by("pk")[:TEXTS_AT_A_TIME]:
        queued += _queue_text(letter, landlord, now=now)
    return queued


def _queue_text(letter: Letter, landlord: Landlord | None, *, now: datetime) -> bool:
    phone = mobile_number(letter.complaint.customer.phone)
    if not phone or landlord is None:
        return False
    with speaking_to(letter.complaint.customer):
        words = text_message(
            landlord=landlord.name,
            reference=letter.complaint.reference,
            telephone=landlord.telephone,
            say=_,
        )
    _row, is_new = Dispatch.objects.get_or_create(
        key=f"text:{letter.complaint_id}:{london_day(letter.issued_at).isoformat()}",
        defaults={
            "mark": _mark(),
            "kind": DispatchKind.TEXT.value,
            "complaint_id": letter.complaint_id,
            "letter": letter,
            "to_phone": phone,
            "words": words,
            "created_at": now,
            "next_try_at": now,
        },
    )
    return is_new


def _mark() -> str:
    return secrets.token_hex(8)


def dispatch_next(*, now: datetime) -> str:
    """Hand over, or ask about, what has waited longest; return how it stands, or nothing.

    It is claimed in a transaction of its own, and its fate written in another. A process that dies
    in between leaves it to the next one, which asks the provider first whether it has it.
    """
    ours = provider()
    if ours is None:
        return ""
    claimed = _claim(now=now)
    if claimed is None:
        return ""
    try:
        if claimed.provider_id:
            return _ask(claimed, ours, now=now)
        return _send(claimed, ours, now=now)
    except NotTaken as refused:
        return _failed(claimed, refused.words, now=now)
    except ProviderAway as away:
        return _later(claimed, str(away), now=now)


def _claim(*, now: datetime) -> Dispatch | None:
    with transaction.atomic():
        waiting = Dispatch.objects.filter(state__in=ON_ITS_WAY, next_try_at__lte=now)
        # A code that is not handed over yet goes first: somebody waits for it, and it ends soon.
        is_code = Q(kind=DispatchKind.CODE.value, provider_id="")
        found = waiting.select_for_update(skip_locked=True, of=("self",)).order_by(
            Case(When(is_code, then=0), default=1), "next_try_at", "pk"
        )
        row = found.first()
        if row is None:
            return None
        row.attempts = F("attempts") + 1
        row.next_try_at = now + LEASE
        if not row.provider_id:
            row.state = DispatchState.SENDING.value
        row.save(update_fields=["attempts", "next_try_at", "state"])
    rows = Dispatch.objects.select_related(
        "complaint__customer", "letter__complaint__customer", "letter__to_customer", "created_by"
    )
    return rows.get(pk=row.pk)


def _send(row: Dispatch, ours: Provider, *, now: datetime) -> str:
    """Hand it over, unless an earlier try did without living to tell, or it may not go any more."""
    if row.attempts > len(WAITS) + 2:
        return _failed(row, CUT_SHORT, now=now)
    taken = ours.find(row.reference, now=now) if row.attempts > 1 else ""
    if not taken:
        # After the last try it is only asked for.
        refusal = CUT_SHORT if row.attempts > len(WAITS) + 1 else _why_not_now(row, now=now)
        if refusal:
            return _failed(row, refusal, now=now)
        try:
            taken = _give(row, ours, now=now)
        except TypesetterLost as lost:
            return _later(row, str(lost), now=now)
        except NotMade as reason:
            return _failed(row, str(reason), now=now)
    if row.kind == DispatchKind.LETTER:
        # Whoever stopped it meanwhile came too late.
        Letter.objects.filter(dispatches=row, channel=STOPPED).update(channel="post")
    Dispatch.objects.filter(pk=row.pk).update(
        state=DispatchState.TAKEN.value,
        provider_id=taken,
        attempts=0,
        next_try_at=now + WAITS[0],
        last_error="",
        words=_as_kept(row),
    )
    return "taken"


def _give(row: Dispatch, ours: Provider, *, now: datetime) -> str:
    """Give it to the provider and return the provider's name for it.

    :raises NotMade: if the letter cannot be made as a document.
    """
    if row.kind == DispatchKind.BESIDE:
        carrier, number = _carrier(row.about)
        return ours.post_letter(carrier.paper(number, now=now), key=row.reference, now=now)
    if row.letter is None or row.kind == DispatchKind.TEXT:
        return ours.send_text(row.to_phone, row.words, key=row.reference, now=now)
    return ours.post_letter(on_paper(row.letter, now=now), key=row.reference, now=now)


def _why_not_now(row: Dispatch, *, now: datetime) -> str:
    """Return why it is not to go any more, or nothing: much may have changed meanwhile."""
    if row.letter is not None and row.kind == DispatchKind.LETTER:
        return _why_not_posted(row.letter)
    if row.complaint is None or row.kind == DispatchKind.BESIDE:
        return _why_not_beside(row.about, now=now)
    if row.kind == DispatchKind.CODE and row.created_at + EMAILED_LIFE <= now:
        return "The code has ended."
    customer = row.complaint.customer
    if refusal := channel_refusal(customer, "phone"):
        return refusal
    is_theirs = mobile_number(customer.phone) == row.to_phone
    return "" if is_theirs else "The customer has another number now."


def _ask(row: Dispatch, ours: Provider, *, now: datetime) -> str:
    fate = ours.fate_of(row.provider_id, now=now)
    if fate.state is DispatchState.FAILED:
        return _failed(row, fate.words, now=now)
    if fate.state is DispatchState.DONE:
        return _done(row, now=now)
    if now > row.created_at + ASK_FOR:
        return _failed(row, "The provider did not say what became of it.", now=now)
    Dispatch.objects.filter(pk=row.pk).update(attempts=0, next_try_at=now + ASK_EVERY)
    return "asked"


def _done(row: Dispatch, *, now: datetime) -> str:
    """Record that it went. A letter counts as posted on the day on which the provider says so.

    Nobody does it, so it is nobody's right: whoever handed it over may have left since.
    """
    words = ""
    if row.kind == DispatchKind.BESIDE and row.created_by is not None:
        carrier, number = _carrier(row.about)
        carrier.posted(number, by=row.created_by, on=london_day(now))
    if row.kind == DispatchKind.LETTER and row.letter is not None and row.created_by is not None:
        try:
            posted_by_provider(
                letter_id=row.letter.pk, handed_over_by=row.created_by, now=now, on=london_day(now)
            )
        except ComplaintError as refusal:
            words = str(refusal)[:300]
    Dispatch.objects.filter(pk=row.pk).update(
        state=DispatchState.DONE.value, settled_at=now, last_error=words
    )
    return "done"


def _failed(row: Dispatch, words: str, *, now: datetime) -> str:
    Dispatch.objects.filter(pk=row.pk).update(
        state=DispatchState.FAILED.value,
        settled_at=now,
        last_error=words[:300],
        words=_as_kept(row),
    )
    if row.kind == DispatchKind.BESIDE and row.created_by is not None:
        carrier, number = _carrier(row.about)
        carrier.failed(number, words=words, by=row.created_by, now=now)
    logger.warning("Dispatch %s failed", row.pk)
    return "failed"


def _as_kept(row: Dispatch) -> str:
    """Return the words of a text as they are kept once it went or failed: never those of a code."""
    return "" if row.kind == DispatchKind.CODE else row.words


def _later(row: Dispatch, words: str, *, now: datetime) -> str:
    if row.attempts > len(WAITS) and not row.provider_id:
        return _failed(row, words, now=now)
    wait = WAITS[min(row.attempts, len(WAITS)) - 1]
    is_code = row.kind == DispatchKind.CODE and not row.provider_id
    if is_code and now + wait >= row.created_at + EMAILED_LIFE:
        return _failed(row, words, now=now)
    state = DispatchState.TAKEN if row.provider_id else DispatchState.QUEUED
    Dispatch.objects.filter(pk=row.pk).update(
        state=state.value, next_try_at=now + wait, last_error=words[:300]
    )
    logger.warning("Dispatch %s waits for the provider", row.pk)
    return "later"
