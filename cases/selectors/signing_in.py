"""How people sign in: their second factor, and where they are signed in."""

from dataclasses import dataclass
from datetime import datetime

from cases.models import BrowserSession, RecoveryCode, SecondFactor, User
from cases.selectors.counting import in_words


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser in which somebody is signed in."""

    browser: str
    began_at: datetime
    is_here: bool


def open_sessions(user: User, *, here: str | None, now: datetime) -> list[OpenSession]:
    """Return where somebody is signed in, the latest first. `here` is the key of the reader's."""
    rows = BrowserSession.objects.filter(user=user, expire_date__gt=now, began_at__isnull=False)
    return [
        OpenSession(row.browser or "A browser", row.began_at, row.session_key == here)
        for row in rows.order_by("-began_at", "session_key")
        if row.began_at is not None
    ]


def second_factor_of(user: User) -> SecondFactor | None:
    """Return somebody's second factor, if they have set one up."""
    return SecondFactor.objects.filter(user=user).first()


def codes_left(user: User) -> int:
    """Return how many recovery codes somebody has not used yet."""
    return RecoveryCode.objects.filter(user=user, used_at__isnull=True).count()


def signing_in_words(user: User, *, has_work_account: bool, has_password: bool) -> str:
    """Return in words what signing in asks of somebody.

    With the work account it asks for nothing of ours; `has_password` says whether they may sign in
    with a password besides.
    """
    if not has_password:
        return "Work account"
    factor = second_factor_of(user)
    before = "Work account, or p" if has_work_account else "P"
    if factor is None:
        return f"{before}assword alone"
    left = codes_left(user)
    codes = "no recovery code" if not left else f"{in_words(left)} recovery code"
    return f"{before}assword and a code of your app; {codes}{'' if left == 1 else 's'} left"
