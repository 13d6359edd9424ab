"""One-time links by which people choose a password: when invited, and when they forgot theirs."""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from cases.errors import ActionNotAllowed
from cases.models import Delivery, OutboundMessage, Thing, User
from cases.operations.alerts import address_of
from cases.operations.settings_changes import note_change
from cases.operations.single_sign_on import may_use_password
from cases.rules.tracking import CODE_MESSAGE

INVITATION = "invitation"
FORGOTTEN = "password-link"
# Their links and codes end: sent again late they would lead nowhere.
LINK_KINDS = frozenset({INVITATION, FORGOTTEN, CODE_MESSAGE})
# A stranger who knows an address cannot fill its mailbox.
MOST_IN_AN_HOUR = 3


@transaction.atomic
def send_invitation(*, user_id: int, by: User | None, now: datetime) -> OutboundMessage:
    """Queue a link by which somebody chooses a password; a link sent before ends with its use.

    :raises ActionNotAllowed: if they have left.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if not user.is_active:
        raise ActionNotAllowed(f"{user.name} has left. Let them come back first.")
    user.invited_at = now
    user.save(update_fields=["invited_at"])
    note_change(thing=Thing.PERSON, act="Invitation sent", by=by, now=now, person=user)
    return _send_link(
        user,
        kind=INVITATION,
        subject="Your account for the complaints system",
        words=(
            "You have been given an account for the complaints system. Choose a password within "
            "24 hours to sign in for the first time:"
        ),
        now=now,
    )


@transaction.atomic
def ask_for_new_password(*, email: str, now: datetime) -> None:
    """Queue a link to whoever signs in with this address, at most MOST_IN_AN_HOUR of them.

    Whoever may not sign in with a password gets none. Nobody is told whether there is somebody:
    the answer is the same.
    """
    user = (
        User.objects.select_for_update(of=("self",))
        .filter(email=email.strip().lower(), is_active=True)
        .first()
    )
    if user is None or not may_use_password(user):
        return
    lately = OutboundMessage.objects.filter(
        to_user=user, kind=FORGOTTEN, created_at__gt=now - timedelta(hours=1)
    )
    if lately.count() >= MOST_IN_AN_HOUR:
        return
    _send_link(
        user,
        kind=FORGOTTEN,
        subject="Choose a new password",
        words=(
            "Somebody asked for a new password for your account in the complaints system. If it "
            "was you, choose one within 24 hours. If it was not, do nothing: your password stays "
            "as it is."
        ),
        now=now,
    )


@transaction.atomic
def choose_password(*, user: User, password: str, now: datetime) -> None:
    """Give somebody the password they chose, tell them, and take back the links not used.

    Every other session of theirs ends with its next request.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    user.browser_sessions.all().delete()
    OutboundMessage.objects.filter(
        to_user=user, kind__in=LINK_KINDS, state__in=[Delivery.QUEUED, Delivery.UNDELIVERABLE]
    ).update(state=Delivery.CANCELLED, last_error="A password was chosen meanwhile.")
    OutboundMessage.objects.create(
        key=_new_key("password-changed", user),
        kind="password-changed",
        to_user=user,
        to_address=user.email,
        subject="Your password was changed",
        body=(
            "The password of your account in the complaints system was changed. If you did not do "
            "this, tell your administrator at once.\n"
        ),
        created_at=now,
        next_try_at=now,
    )


def _send_link(
    user: User, *, kind: str, subject: str, words: str, now: datetime
) -> OutboundMessage:
    # The token ends when the password or the last sign-in changes, and after a day.
    token = default_token_generator.make_token(user)
    path = reverse(
        "cases:choose-password", args=[urlsafe_base64_encode(force_bytes(user.pk)), token]
    )
    return OutboundMessage.objects.create(
        key=_new_key(kind, user),
        kind=kind,
        to_user=user,
        to_address=user.email,
        subject=subject,
        body=f"{words}\n\n{address_of(path)}\n",
        created_at=now,
        next_try_at=now,
    )


def _new_key(kind: str, user: User) -> str:
    # Not by the clock: two may fall into one instant, and each is a message of its own.
    return f"{kind}:{user.pk}:{secrets.token_hex(16)}"
