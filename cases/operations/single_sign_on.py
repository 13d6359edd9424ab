"""Signing in with the landlord's own account, by OpenID Connect (authorization code with PKCE).

The landlord's identity provider says who somebody is. Nobody is added by it: whoever has no account
here stays outside.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from cases.errors import ActionNotAllowed, NotEntitled
from cases.later import Later
from cases.models import User
from cases.operations.identity_provider import NOT_SURE, exchanged, metadata, public_keys

jwt: Any = Later("jwt")
# Signed with a key of the provider's; never "none", nor with a secret that both know.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
# Clocks of two machines differ by no more.
LEEWAY = timedelta(seconds=60)
# "Now" of the identity provider, when somebody is to prove once more who they are.
JUST_NOW = timedelta(minutes=5)
NO_TIME = (
    "Your organisation’s sign-in does not tell when you signed in there (the claim “auth_time” is "
    "missing), so your work account proves nothing anew. Tell your administrator."
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the browser's session remembers while somebody is at the identity provider."""

    state: str
    nonce: str
    verifier: str
    again: bool

    def kept(self) -> dict[str, Any]:
        """Return it as the session keeps it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Vouched:
    """Who came back, and when they signed in at the identity provider, if it tells."""

    user: User
    proved_at: datetime | None


def is_offered() -> bool:
    """Say whether the landlord has an identity provider."""
    return bool(settings.OIDC_ISSUER)


def are_passwords_shut() -> bool:
    """Say whether passwords are shut to all but the accounts that the landlord names."""
    return is_offered() and bool(settings.PASSWORD_SIGN_IN)


def may_use_password(user: User) -> bool:
    """Say whether somebody may sign in with a password, which a landlord can shut to most."""
    return not are_passwords_shut() or user.email in settings.PASSWORD_SIGN_IN


def begin(*, back: str, again: bool) -> tuple[str, Attempt]:
    """Return the identity provider's address to lead somebody to, and what to remember.

    `back` is our own address to which it leads back. With `again` they must prove who they are
    though they are signed in there.

    :raises ProviderAway: if the provider does not answer.
    """
    attempt = Attempt(
        secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), again
    )
    digest = hashlib.sha256(attempt.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": settings.OIDC_CLIENT_ID,
        "redirect_uri": back,
        "scope": "openid email profile",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if again:
        asked |= {"prompt": "login", "max_age": "0"}
    endpoint = metadata()["authorization_endpoint"]
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}", attempt


def finish(*, code: str, state: str, kept: dict[str, Any], back: str, now: datetime) -> Vouched:
    """Return who came back from the identity provider.

    :raises ProviderAway: if the provider does not answer.
    :raises ActionNotAllowed: if what came back is not the answer to what was asked.
    :raises NotEntitled: if nobody here has the address that the provider tells.
    """
    attempt = Attempt(**kept)
    if not hmac.compare_digest(attempt.state.encode(), state.encode("utf-8", "replace")):
        raise ActionNotAllowed(NOT_SURE)
    claims = _claims(_token(code, attempt, back))
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), attempt.nonce.encode()):
        raise ActionNotAllowed(NOT_SURE)
    proved_at = _proved_at(claims, now=now)
    if attempt.again and proved_at is None:
        raise ActionNotAllowed(NO_TIME)
    if attempt.again and proved_at is not None and now - proved_at > JUST_NOW:
        raise ActionNotAllowed(NOT_SURE)
    user = User.objects.filter(email=_address_in(claims), is_active=True).first()
    if user is None:
        raise NotEntitled(
            "You have no account for the complaints system. Ask an administrator for one."
        )
    return Vouched(user, proved_at)


def _address_in(claims: dict[str, Any]) -> str:
    """Return the e-mail address that the provider vouches for.

    :raises NotEntitled: if it tells none, or one that nobody has checked.
    """
    name = settings.OIDC_EMAIL_CLAIM
    address = claims.get(name)
    # Anybody may be able to write what they like into their own "email".
    is_checked = name != "email" or claims.get("email_verified") is True
    if not isinstance(address, str) or not address.strip() or not is_checked:
        raise NotEntitled(
            f"Your work account tells no e-mail address that was checked (in the claim “{name}”)."
        )
    return address.strip().lower()


def _proved_at(claims: dict[str, Any], *, now: datetime) -> datetime | None:
    """Return when they signed in there, if the provider tells; a time to come tells nothing."""
    at = claims.get("auth_time")
    if not isinstance(at, int) or not 0 <= at <= (now + LEEWAY).timestamp():
        return None
    return min(datetime.fromtimestamp(at, UTC), now)


def _claims(token: str) -> dict[str, Any]:
    """Return what the provider says, once its signature, audience and times are checked."""
    try:
        header = jwt.get_unverified_header(token)
        key = _key(header.get("kid"))
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=list(ALGORITHMS),
            audience=settings.OIDC_CLIENT_ID,
            issuer=settings.OIDC_ISSUER,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except jwt.PyJWTError:
        raise ActionNotAllowed(NOT_SURE) from None
    # Made for several, it names to whom it was given; and whenever it names somebody, that is us.
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    given_to = claims.get("azp")
    if given_to != settings.OIDC_CLIENT_ID and (several or given_to is not None):
        raise ActionNotAllowed(NOT_SURE)
    return claims


def _key(name: str | None) -> Any:
    """Return the provider's public key of this name, asking anew once if it is not known.

    :raises jwt.PyJWTError: if there is none.
    """
    for is_fresh in (False, True):
        found = public_keys(is_fresh=is_fresh, check=jwt.PyJWKSet.from_dict)
        for each in jwt.PyJWKSet.from_dict(found).keys:
            if each.key_id == name and each.public_key_use in (None, "sig"):
                return each
    raise jwt.InvalidKeyError


def _token(code: str, attempt: Attempt, back: str) -> str:
    """Exchange the code for the token that says who it is."""
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": attempt.verifier,
    }
    token = exchanged(sent).get("id_token")
    if not isinstance(token, str):
        raise ActionNotAllowed(NOT_SURE)
    return token
