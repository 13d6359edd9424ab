"""What those are told who stand in for a colleague, or cover some of their complaints."""

from datetime import datetime

from cases.models import Absence, OutboundMessage, User
from cases.operations.alerts import address_of
from cases.rules.periods import london_day

KIND = "absence"


def tell_deputy(absence: Absence, *, now: datetime) -> None:
    """Queue a message to somebody that they stand in, for whom, and from when."""
    begins = (
        f" It is open to you from {absence.first_day:%-d %B} on."
        if absence.first_day > london_day(now)
        else ""
    )
    _tell(
        absence.deputy,
        key=f"deputy:{absence.pk}",
        subject="You stand in for a colleague",
        words=(
            f"You stand in for {absence.user.name} {_days(absence)}. Their work stands among "
            f"yours in these days, and you get their reminders.{begins} Sign in to see it:"
        ),
        now=now,
    )


def tell_of_end(absence: Absence, *, now: datetime) -> None:
    """Queue a message to the deputy, and to each who covers complaints, that it is over.

    Nobody is named in it, and no complaint. Before it is ended, while the covers are there.
    """
    is_over = absence.first_day < london_day(now)
    what = "ends today: they are back" if is_over else "was cancelled"
    covering = User.objects.filter(covering__absence=absence).distinct().order_by("pk")
    for person in covering:
        _tell(
            person,
            key=f"cover-ended:{absence.pk}",
            subject="You cover complaints of a colleague no more",
            words=(
                f"The absence {_days(absence)}, in which you cover complaints of a colleague, "
                f"{what}. They are not yours to cover any more. Sign in to see your work:"
            ),
            now=now,
        )
    _tell(
        absence.deputy,
        key=f"deputy-ended:{absence.pk}",
        subject="You stand in for a colleague no more",
        words=(
            f"The absence {_days(absence)}, in which you stand in for a colleague, {what}. "
            "Sign in to see your work:"
        ),
        now=now,
    )


def _days(absence: Absence) -> str:
    first, last = absence.first_day, absence.last_day
    if first == last:
        return f"on {first:%-d %B %Y}"
    return f"from {first:%-d %B} to {last:%-d %B %Y}"


def _tell(person: User, *, key: str, subject: str, words: str, now: datetime) -> None:
    if not person.is_active:
        return
    OutboundMessage.objects.create(
        key=f"{key}:{person.pk}",
        kind=KIND,
        to_user=person,
        to_address=person.email,
        subject=subject,
        body=f"{words}\n\n{address_of('/')}\n",
        created_at=now,
        next_try_at=now,
    )
