"""The feedback sweep: tells the coordinators what waits, each time once."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from cases.models import Complaint, Landlord, OutboundMessage
from cases.operations.alerts import address_of
from cases.operations.jobs import once
from cases.rules.periods import LONDON, london_day
from cases.selectors.reminders import may_alert
from feedback.models import Remark, Submission, SurveyRound
from feedback.operations.surveys import ask_after_closing
from feedback.rules.abuse import SITE_FRICTION
from feedback.rules.surveys import half_year_of, six_months_before
from feedback.selectors.signs import is_busy
from feedback.selectors.staff import coordinators

# Rows told of in one message; the rest follow in the next.
MOST = 500
# References named in one message.
LISTED = 20

Row = Any


def sweep_feedback(*, now: datetime) -> str:
    """Tell the coordinators of what waits; return in words what they were told.

    Only in the landlord's alert hours. Safe to run twice at once, and after any gap.
    """
    if not may_alert(now):
        return ""
    today = london_day(now)
    told = {
        "overdue thanks": _tell(
            Remark.objects.overdue(today=today), "alerted_at", _overdue_words, now=now
        ),
        "lying": _tell(Remark.objects.lying(today=today), "chased_at", _lying_words, now=now),
        "new in quarantine": _tell(
            Submission.objects.in_quarantine(), "told_at", _quarantine_words, now=now
        ),
        "overdue in quarantine": _tell(
            Submission.objects.review_overdue(today=today), "chased_at", _chase_words, now=now
        ),
        "surge": _tell_of_surge(now=now),
        "surveys": ask_after_closing(now=now),
        "survey due": _tell_of_survey(now=now),
    }
    return ", ".join(f"{count} {what}" for what, count in told.items() if count)


@transaction.atomic
def _tell(
    rows: "QuerySet[Any]",
    stamp: str,
    words: Callable[[Sequence[Row]], tuple[str, str, str]],
    *,
    now: datetime,
) -> int:
    """Tell the coordinators of the rows without a stamp, and stamp them; return how many.

    Rows that another sweep has in hand are passed over. A row that nobody could be told of stays
    for the next sweep. Nobody is told of a form that may be about them.
    """
    waiting = rows.filter(**{f"{stamp}__isnull": True}).order_by("pk")
    found = list(waiting.select_for_update(skip_locked=True, of=("self",))[:MOST])
    if not found:
        return 0
    about = _about(found)
    told: set[int] = set()
    for person, address in coordinators(today=london_day(now)).items():
        theirs = [row for row in found if person not in about.get(row.pk, ())]
        if theirs:
            _message(theirs, words, person, address, stamp=stamp, now=now)
            told.update(row.pk for row in theirs)
    rows.model.objects.filter(pk__in=told).update(**{stamp: now})
    return len(told)


def _about(found: Sequence[Row]) -> dict[int, Collection[int]]:
    """Return for each form in quarantine the staff it may be about."""
    if not isinstance(found[0], Submission):
        return {}
    pairs = Submission.about.through.objects.filter(submission__in=[row.pk for row in found])
    about: dict[int, set[int]] = {}
    for submission, person in pairs.values_list("submission_id", "user_id"):
        about.setdefault(submission, set()).add(person)
    return dict(about)


def _message(
    rows: Sequence[Row],
    words: Callable[[Sequence[Row]], tuple[str, str, str]],
    person: int,
    address: str,
    *,
    stamp: str,
    now: datetime,
) -> None:
    subject, body, page = words(rows)
    lines = [row.reference for row in rows[:LISTED]]
    if len(rows) > LISTED:
        lines.append(f"and {len(rows) - LISTED} more")
    listed = "\n".join(lines)
    OutboundMessage.objects.create(
        key=f"feedback:{stamp}:{rows[0]._meta.model_name}:{rows[0].reference}:{person}",
        kind="feedback_alert",
        to_user_id=person,
        to_address=address,
        subject=subject,
        body=f"{body}\n\n{listed}\n\n{address_of(reverse(page))}\n",
        created_at=now,
        next_try_at=now,
    )


def _overdue_words(rows: Sequence[Row]) -> tuple[str, str, str]:
    return (
        f"{_number(rows, 'sender')} of a compliment or suggestion still to be thanked",
        "The day to thank the sender has passed for:",
        "feedback:staff-list",
    )


def _lying_words(rows: Sequence[Row]) -> tuple[str, str, str]:
    return (
        f"{_number(rows, 'compliment or suggestion')} waiting for two weeks",
        "The compliment was passed on to nobody, or nothing was decided about the suggestion:",
        "feedback:staff-list",
    )


def _quarantine_words(rows: Sequence[Row]) -> tuple[str, str, str]:
    first = min(row.review_by for row in rows)
    return (
        f"{_number(rows, 'form')} in quarantine to look at by {first:%A %-d %B}",
        f"These looked like abuse of the form. Look at each by {first:%A %-d %B %Y}: what is a "
        "complaint counts from the day it came.",
        "feedback:quarantine",
    )


def _chase_words(rows: Sequence[Row]) -> tuple[str, str, str]:
    return (
        f"{_number(rows, 'form')} in quarantine overdue",
        "These should have been looked at by the working day after they came:",
        "feedback:quarantine",
    )


def _number(rows: Sequence[Row], noun: str) -> str:
    if len(rows) == 1:
        return f"1 {noun}"
    return f"{len(rows)} {' or '.join(f'{each}s' for each in noun.split(' or '))}"


@transaction.atomic
def _tell_of_surge(*, now: datetime) -> int:
    """Tell the coordinators, once an hour, that far more forms come than usual."""
    if not is_busy(now):
        return 0
    hour = f"{now.astimezone(LONDON):%Y-%m-%dT%H}"
    if not once("feedback surge", hour, now):
        return 0
    for person, address in coordinators(today=london_day(now)).items():
        OutboundMessage.objects.create(
            key=f"feedback:surge:{hour}:{person}",
            kind="feedback_alert",
            to_user_id=person,
            to_address=address,
            subject="Many more forms than usual",
            body=(
                f"More than {SITE_FRICTION} forms came in the last hour. Everybody is asked to "
                "confirm what they send until it is quieter. Nothing is turned away.\n\n"
                f"{address_of(reverse('feedback:quarantine'))}\n"
            ),
            created_at=now,
            next_try_at=now,
        )
    return 1


@transaction.atomic
def _tell_of_survey(*, now: datetime) -> int:
    """Tell the coordinators in each half-year that six whole months wait to be surveyed (HH-34).

    Where customers are asked after each closing instead, nobody is told.
    """
    first, last = six_months_before(london_day(now))
    newest = SurveyRound.objects.order_by("-last_day").values_list("last_day", flat=True).first()
    if Landlord.objects.filter(surveys_since__isnull=False).exists():
        return 0
    if newest is None:
        if not Complaint.objects.counted().filter(received_on__lte=first).exists():
            return 0
    elif newest >= first:
        return 0
    people = coordinators(today=london_day(now))
    # Who overlooked it is told again with the next half-year.
    slot = half_year_of(first)
    if not people or not once("feedback survey due", str(slot), now):
        return 0
    for person, address in people.items():
        OutboundMessage.objects.create(
            key=f"feedback:survey:{slot}:{person}",
            kind="feedback_alert",
            to_user_id=person,
            to_address=address,
            subject="It is time for the six-monthly survey",
            body=(
                f"Those whose complaints were recorded from {first:%-d %B %Y} to "
                f"{last:%-d %B %Y} have not been asked yet how it went.\n\n"
                f"{address_of(reverse('feedback:surveys'))}\n"
            ),
            created_at=now,
            next_try_at=now,
        )
    return 1
