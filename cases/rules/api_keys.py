"""Keys with which other programs of the landlord join in: what they may do, how they look."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum

# A key ends by itself; whoever still needs it makes another.
LONGEST_LIFE = timedelta(days=730)
USUAL_LIFE = timedelta(days=365)


class ApiScope(StrEnum):
    """What a key is for."""

    READ = "complaints:read"
    WORDS = "complaints:words"
    LODGE = "complaints:lodge"
    REMARKS = "remarks:lodge"

    @property
    def words(self) -> str:
        """Return the scope for people."""
        return {
            "complaints:read": "Read how complaints stand",
            "complaints:words": "Read who complains and what they say",
            "complaints:lodge": "Log complaints",
            "remarks:lodge": "Log compliments and suggestions",
        }[self.value]

    @property
    def hint(self) -> str:
        """Return what that means, for whoever gives it."""
        return {
            "complaints:read": "References, stages, days and deadlines. No name and no words.",
            "complaints:words": "Also names, addresses, and what was said. Never of sensitive or "
            "restricted complaints.",
            "complaints:lodge": "As a colleague logs one that came by telephone.",
            "remarks:lodge": "As a colleague logs one that came by telephone.",
        }[self.value]


# What opens something to whoever holds the key: nobody gives that alone.
READING = frozenset({ApiScope.READ, ApiScope.WORDS})


def with_implied(scopes: Collection[ApiScope]) -> frozenset[ApiScope]:
    """Return the scopes with those that they need: no words without the complaint."""
    return frozenset(scopes) | ({ApiScope.READ} if ApiScope.WORDS in scopes else set())


_KEY = re.compile(r"cmp_([0-9a-f]{12})_([\w-]{43})", re.ASCII)


def new_secret() -> tuple[str, str]:
    """Return a new key and the part by which it is looked up, which opens nothing."""
    prefix = secrets.token_hex(6)
    return f"cmp_{prefix}_{secrets.token_urlsafe(32)}", prefix


def prefix_of(typed: str) -> str:
    """Return by which part a key is looked up; nothing for what is no key."""
    found = _KEY.fullmatch(typed)
    return found[1] if found else ""


def digest_of(key: str) -> str:
    """Return what is kept of a key. It is drawn at random, so nobody guesses it from that."""
    return hashlib.sha256(key.encode()).hexdigest()


def is_same(typed: str, digest: str) -> bool:
    """Say whether a key is the one of which that is kept."""
    return hmac.compare_digest(digest_of(typed), digest)
