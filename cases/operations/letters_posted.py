"""Letters on paper, recorded as posted on a day: by whoever posts them, or by the provider."""

from datetime import date, datetime

from cases.errors import ActionNotAllowed, WrongDate
from cases.models import Dispatch, Letter, User
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.dispatches import THEIRS_TO_POST, DispatchKind
from cases.rules.events import ANSWERS, EventKind
from cases.rules.periods import london_day


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
