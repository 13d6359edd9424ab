"""The second factor of signing in: an app that shows codes, and codes for when it is lost.

The codes are those of RFC 6238, six digits for half a minute each. The secret lies locked in
the database; a code is taken once.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from cases.errors import ActionNotAllowed, NotEntitled
from cases.later import Later
from cases.models import (
    BrowserSession,
    OutboundMessage,
    RecoveryCode,
    SecondFactor,
    Thing,
    User,
)
from cases.operations.locking import lock, unlock
from cases.operations.settings_changes import note_change
from cases.rules.periods import london_day
from cases.rules.second_factor import (
    MOST_WRONG_A_DAY,
    RECOVERY_CODES,
    RECOVERY_LENGTH,
    RECOVERY_SIGNS,
    STEP_SECONDS,
    TOLD_AFTER_WRONG,
    in_groups,
    tidied,
)

pyotp: Any = Later("pyotp")
segno: Any = Later("segno")
# The code before and the one after the present count too: clocks differ, and people type slowly.
NEIGHBOURS = (0, -1, 1)


def new_secret(user: User) -> str:
    """Return a secret for somebody's app, locked. It counts once a code of it was typed."""
    return lock(pyotp.random_base32(), purpose=_purpose(user.pk))


@dataclass(frozen=True, slots=True)
class ShownSecret:
    """A secret for an app: to type, and as a picture to scan of `size` by `size` squares.

    `path` draws the dark ones, as SVG does.
    """

    key: str
    size: int
    path: str


def shown_secret(sealed: str, *, user: User, issuer: str) -> ShownSecret:
    """Return a new secret as its owner is to see it, this once.

    :raises ActionNotAllowed: if it was made for somebody else.
    """
    secret = unlock(sealed, purpose=_purpose(user.pk))
    if secret is None:
        raise ActionNotAllowed("This took too long. Begin again.")
    address = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=issuer)
    squares = list(segno.make(address, error="m").matrix_iter(border=4))
    dark = (
        f"M{x} {y}h1v1h-1z"
        for y, line in enumerate(squares)
        for x, is_dark in enumerate(line)
        if is_dark
    )
    return ShownSecret(in_groups(secret, 4), len(squares), "".join(dark))


@transaction.atomic
def take_up(*, user_id: int, sealed: str, typed: str, is_first: bool, now: datetime) -> list[str]:
    """Make a secret somebody's second factor, and return new recovery codes.

    One they had before ends, but for one that is to be the first: whoever sets it up has given a
    password alone. They are told by e-mail.

    :raises ActionNotAllowed: if the code is not the one that the app shows now, or there is one
        already that this may not replace.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if is_first and SecondFactor.objects.filter(user=user).exists():
        raise ActionNotAllowed("An app was set up meanwhile. Sign in again, with a code of it.")
    secret = unlock(sealed, purpose=_purpose(user.pk))
    step = _step_of(secret, typed, now=now) if secret else None
    if step is None:
        raise ActionNotAllowed("That is not the code that the app shows now.")
    SecondFactor.objects.update_or_create(
        user=user,
        defaults={"sealed": sealed, "made_at": now, "last_step": step, "wrong_in_a_row": 0},
    )
    note_change(thing=Thing.PERSON, act="Second factor set up", by=user, now=now, person=user)
    _tell(
        user,
        kind="second-factor-set-up",
        subject="Signing in asks for a code now",
        body=(
            "An app was set up that shows codes for signing in to the complaints system with your "
            "account. If you did not do this, tell your administrator at once.\n"
        ),
        now=now,
    )
    return _new_recovery_codes(user)


@transaction.atomic
def prove(*, user_id: int, typed: str, now: datetime) -> bool:
    """Say whether a code is the app's, or a recovery code, and take it, so that it serves once.

    After TOLD_AFTER_WRONG wrong ones in a row their owner is told by e-mail.

    :raises ActionNotAllowed: if so many were wrong on this day of London that the app's codes
        count no more (MOST_WRONG_A_DAY). Recovery codes do: nobody guesses those.
    """
    factor = SecondFactor.objects.filter(user=user_id).first()
    if factor is None:
        return False
    code = tidied(typed)
    if len(code) == RECOVERY_LENGTH:
        is_right = _use_recovery_code(user_id, code, now=now)
    elif factor.wrong_on == london_day(now) and factor.wrong_that_day >= MOST_WRONG_A_DAY:
        raise ActionNotAllowed(
            "Too many wrong codes were typed today. Use one of your recovery codes, or ask an "
            "administrator."
        )
    else:
        is_right = _use_code(factor, code, now=now)
    if is_right:
        SecondFactor.objects.filter(pk=factor.pk, wrong_in_a_row__gt=0).update(wrong_in_a_row=0)
    else:
        _count_wrong(factor, now=now)
    return is_right


def _use_code(factor: SecondFactor, code: str, *, now: datetime) -> bool:
    secret = unlock(factor.sealed, purpose=_purpose(factor.user_id))
    step = _step_of(secret, code, now=now) if secret else None
    if step is None:
        return False
    # Of two who send the same code at once, one comes in.
    return bool(
        SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step)
    )


def _count_wrong(factor: SecondFactor, *, now: datetime) -> None:
    today = london_day(now)
    row = SecondFactor.objects.filter(pk=factor.pk)
    row.exclude(wrong_on=today).update(wrong_on=today, wrong_that_day=0)
    row.update(wrong_in_a_row=F("wrong_in_a_row") + 1, wrong_that_day=F("wrong_that_day") + 1)
    # The row is ours until the end of the transaction: each count is read once.
    if not row.filter(wrong_in_a_row=TOLD_AFTER_WRONG).exists():
        return
    _tell(
        factor.user,
        kind="wrong-codes",
        subject="Somebody has your password",
        body=(
            "Somebody signed in to the complaints system with your password, and then typed "
            f"{TOLD_AFTER_WRONG} wrong codes one after the other. If it was not you, change your "
            "password now, and tell your administrator.\n"
        ),
        now=now,
    )


@transaction.atomic
def renew_recovery_codes(*, by: User, now: datetime) -> list[str]:
    """Return new recovery codes for oneself; those made before end.

    :raises ActionNotAllowed: if there is no second factor that they could take the place of.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if not SecondFactor.objects.filter(user=user).exists():
        raise ActionNotAllowed("Set up the app first.")
    note_change(thing=Thing.PERSON, act="New recovery codes", by=by, now=now, person=user)
    return _new_recovery_codes(user)


@transaction.atomic
def give_up(*, by: User, is_demanded: bool, now: datetime) -> None:
    """Do without a second factor, where the landlord demands none.

    :raises ActionNotAllowed: if the landlord demands one.
    """
    if is_demanded:
        raise ActionNotAllowed(
            "The landlord asks everybody for a code. Set up another app instead."
        )
    _remove(by, by=by, act="Second factor switched off", now=now)


@transaction.atomic
def reset(*, user_id: int, by: User | None, now: datetime) -> User:
    """Take away the second factor of somebody who lost theirs, and sign them out everywhere.

    They set up another when they next sign in, and are told by e-mail. `by` is empty for the
    command of the operators.

    :raises NotEntitled: if it is one's own.
    :raises ActionNotAllowed: if they have none.
    """
    if by is not None and by.pk == user_id:
        raise NotEntitled("Nobody resets their own. Change it on the page of your account.")
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if not SecondFactor.objects.filter(user=user).exists():
        raise ActionNotAllowed(f"{user.name} has no second factor.")
    _remove(user, by=by, act="Second factor reset", now=now)
    BrowserSession.objects.filter(user=user).delete()
    return user


def _remove(user: User, *, by: User | None, act: str, now: datetime) -> None:
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    note_change(thing=Thing.PERSON, act=act, by=by, now=now, person=user)
    _tell(
        user,
        kind="second-factor-removed",
        subject="Signing in no longer asks for your codes",
        body=(
            "The app that showed codes for signing in to the complaints system with your account "
            "counts no longer. If you did not expect this, tell your administrator at once.\n"
        ),
        now=now,
    )


def _step_of(secret: str, typed: str, *, now: datetime) -> int | None:
    """Return the half minute whose code this is, of the present one and its neighbours."""
    code, app = tidied(typed), pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP_SECONDS
    for offset in NEIGHBOURS:
        step = present + offset
        if hmac.compare_digest(app.generate_otp(step).encode(), code.encode("utf-8", "replace")):
            return step
    return None


def _new_recovery_codes(user: User) -> list[str]:
    codes = [
        "".join(secrets.choice(RECOVERY_SIGNS) for _ in range(RECOVERY_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=_digest(user.pk, code)) for code in codes
    )
    return [in_groups(code, 4) for code in codes]


def _use_recovery_code(user_id: int, code: str, *, now: datetime) -> bool:
    unused = RecoveryCode.objects.filter(
        user=user_id, digest=_digest(user_id, code), used_at__isnull=True
    )
    if not unused.update(used_at=now):
        return False
    user = User.objects.get(pk=user_id)
    left = RecoveryCode.objects.filter(user=user, used_at__isnull=True).count()
    _tell(
        user,
        kind="recovery-code-used",
        subject="A recovery code was used",
        body=(
            "Somebody signed in to the complaints system with one of your recovery codes. "
            f"{left} of them are left. If it was not you, tell your administrator at once.\n"
        ),
        now=now,
    )
    return True


def _digest(user_id: int, code: str) -> str:
    # 78 random bits need no slow hash.
    return hashlib.sha256(f"recovery:{user_id}:{code}".encode()).hexdigest()


def _purpose(user_id: int) -> str:
    return f"second-factor:{user_id}"


def _tell(user: User, *, kind: str, subject: str, body: str, now: datetime) -> None:
    OutboundMessage.objects.create(
        key=f"{kind}:{user.pk}:{secrets.token_hex(16)}",
        kind=kind,
        to_user=user,
        to_address=user.email,
        subject=subject,
        body=body,
        created_at=now,
        next_try_at=now,
    )
