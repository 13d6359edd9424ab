"""Sending a form: stored once, whole, and before anybody is told so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from cases.operations.inserting import insert
from cases.rules.periods import Period, Unit, due_on, london_day
from cases.rules.references import new_reference
from cases.selectors.running import current_edition
from feedback.errors import AnswersChanged, ConfirmationNeeded, NothingToSend
from feedback.models import Draft, FormFile, State, Submission
from feedback.operations.intake import take_in
from feedback.operations.receipts import hash_of_email, queue_receipt
from feedback.rules.abuse import Verdict, fingerprint, judge
from feedback.rules.kinds import Kind
from feedback.rules.told import Told
from feedback.selectors.drafts import sent_under, token_hash
from feedback.selectors.receipts import code_of
from feedback.selectors.running import steps_on
from feedback.selectors.signs import seen_of
from feedback.selectors.staff import is_left_somebody, staff_told_of

# What waits in quarantine is looked at by the end of the next working day.
REVIEW_WITHIN = Period(1, Unit.WORKING_DAYS)
# Two random references meet once in millions of millions.
TRIES = 3


@dataclass(frozen=True, slots=True)
class Sending:
    """A form on its way: whose browser sends it, under which key, and what it says.

    `began_at` is when its first answer was typed. `as_sent` lists sections, each a title and the
    questions with their answers as shown.
    """

    token: str
    key: str
    began_at: datetime
    told: Told
    as_sent: list[Any]
    source: str
    is_trapped: bool
    is_confirmed: bool


def send_form(sending: Sending, *, now: datetime) -> Submission:
    """Store a form and make of it what it is, once, however often it is sent.

    One transaction: the form, the complaint or remark with its files, the receipt. Whoever sends
    the same form again gets what was stored the first time. What looks like abuse waits in
    quarantine; its sender cannot tell.

    :raises NothingToSend: if the draft is gone and nothing was sent under the key.
    :raises AnswersChanged: if the draft is not what the page showed any more.
    :raises ConfirmationNeeded: if the sender is to be asked once more first.
    :raises ActionNotAllowed: if the landlord is not set up.
    """
    codes = {
        "email_hash": hash_of_email(sending.told.email),
        "text_hash": fingerprint(sending.told.all_words),
    }
    verdict = _weigh(sending, codes, now=now)
    if verdict.asks_first and not sending.is_confirmed:
        # What it looks like may be itself, sent by another click.
        if found := sent_under(sending.token, sending.key):
            return found
        raise ConfirmationNeeded("Confirm that you are sending this.")
    for _ in range(TRIES):
        try:
            return _store(sending, verdict, codes, now=now)
        except IntegrityError as taken:
            # The other click was quicker; or, hardly ever, the reference was taken.
            reason = taken
            if found := sent_under(sending.token, sending.key):
                return found
    raise reason


def _sent_just_now(sending: Sending, draft: Draft | None) -> Submission:
    """Return what another click sent a moment ago. `draft` is what stands there now.

    :raises NothingToSend: if none did, and there is no draft.
    :raises AnswersChanged: if none did, and the draft is another.
    """
    if found := sent_under(sending.token, sending.key):
        return found
    if draft is None:
        raise NothingToSend("There is no form to send.")
    raise AnswersChanged("The answers were changed in another window.")


def _weigh(sending: Sending, codes: dict[str, str], *, now: datetime) -> Verdict:
    seen = seen_of(
        sending.told,
        source=sending.source,
        began_at=sending.began_at,
        is_trapped=sending.is_trapped,
        now=now,
        **codes,
    )
    return judge(seen)


@transaction.atomic
def _store(
    sending: Sending, verdict: Verdict, codes: dict[str, str], *, now: datetime
) -> Submission:
    # Until the end nobody adds a file to it, which would go with the draft.
    mine = Draft.objects.filter(token_hash=token_hash(sending.token))
    draft = mine.only("key", "token_hash").select_for_update(of=("self",)).first()
    if draft is None or draft.key != sending.key:
        return _sent_just_now(sending, draft)
    told = sending.told
    today = london_day(now)
    about = staff_told_of(told) if verdict.is_quarantined else frozenset()
    is_held = verdict.is_quarantined and (not about or is_left_somebody(about))
    submission = Submission(
        key=sending.key,
        token_hash=draft.token_hash,
        reference=new_reference(),
        kind=told.kind.value,
        received_at=now,
        received_on=today,
        as_sent=sending.as_sent,
        told=told.as_json() if is_held else {},
        state=(State.QUARANTINED if is_held else State.ACCEPTED).value,
        signs=[sign.value for sign in verdict.signs],
        source=sending.source,
        expects_answer=told.kind is Kind.COMPLAINT or told.can_be_thanked,
        review_by=due_on(REVIEW_WITHIN, today, current_edition().calendar) if is_held else None,
        **codes,
    )
    files = list(FormFile.objects.filter(draft=draft).values_list("file", flat=True))
    if not is_held:
        _take_in(submission, told, file_ids=files, now=now)
    _receipt(submission, told, now=now)
    insert(submission)
    if is_held:
        submission.about.set(about)
    if files:
        FormFile.objects.filter(draft=draft).update(draft=None, submission=submission)
    # Its files went with the form, so that nothing is left to be deleted with it.
    mine._raw_delete(mine.db)
    return submission


def _take_in(submission: Submission, told: Told, *, file_ids: list[int], now: datetime) -> None:
    taken = take_in(
        told,
        reference=submission.reference,
        received_at=submission.received_at,
        received_on=submission.received_on,
        file_ids=file_ids,
        now=now,
    )
    submission.complaint = taken.complaint
    submission.remark = taken.remark
    submission.matching = taken.matching.value


def _receipt(submission: Submission, told: Told, *, now: datetime) -> None:
    """Queue the receipt, whether it is held or not: nobody can tell by it."""
    if not told.safe_email:
        return
    message = queue_receipt(
        to=told.safe_email,
        reference=submission.reference,
        code=code_of(submission),
        complaint=submission.complaint,
        steps=steps_on(submission.received_on, Kind(submission.kind)),
        today=submission.received_on,
        now=now,
    )
    submission.receipt_queued = message is not None
