"""Refuses to serve with settings or a database under which complaints would not be safe."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections

from cases.triggers import unprotected

SHORTEST_KEY = 50
# A random key of that length has many more; one of fewer was typed.
FEWEST_SIGNS = 10
# The last name is that of Django's own test client, to which no address belongs.
THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1", "[::1]", "testserver"})


def insecure_settings() -> list[str]:
    """Return what is wrong with the settings for serving, a sentence each.

    The demonstration may run over plain HTTP and with its own generated key, but under no name
    by which anybody else could reach it; it answers only this machine (see the middleware).
    """
    found = []
    if len(settings.SECRET_KEY_GIVEN) < SHORTEST_KEY:
        found.append(f"SECRET_KEY must be set, to {SHORTEST_KEY} or more random characters.")
    if "change-me" in settings.SECRET_KEY_GIVEN:
        found.append("SECRET_KEY is still the one from the example.")
    elif settings.SECRET_KEY_GIVEN.startswith("django-insecure-"):
        found.append("SECRET_KEY must not be the one that Django gives to a project on a desk.")
    elif len(set(settings.SECRET_KEY_GIVEN)) < FEWEST_SIGNS:
        found.append(f"SECRET_KEY must have at least {FEWEST_SIGNS} different signs.")
    return found + (_open_demonstration() if settings.DEMONSTRATION else _insecure_service())


def _open_demonstration() -> list[str]:
    """Return what would let others into the demonstration, whose log-ins everybody knows."""
    found = []
    if not set(settings.ALLOWED_HOSTS) <= THIS_MACHINE:
        found.append("DEMONSTRATION serves this machine only: ALLOWED_HOSTS must not name others.")
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname
    if host is not None and host not in THIS_MACHINE:
        found.append("DEMONSTRATION serves this machine only: PUBLIC_BASE_URL is elsewhere.")
    if settings.TRUSTED_PROXIES:
        found.append("DEMONSTRATION serves this machine only: there must be no proxy before it.")
    return found


def _insecure_service() -> list[str]:
    """Return what would put people's complaints at risk."""
    found = []
    if settings.DEBUG:
        found.append("DEBUG must be off: its error pages show what complaints say.")
    if not settings.ALLOWED_HOSTS or any("*" in host for host in settings.ALLOWED_HOSTS):
        found.append("ALLOWED_HOSTS must name the hosts served, without a star.")
    if not settings.PUBLIC_BASE_URL.startswith("https://"):
        found.append("PUBLIC_BASE_URL must be the https address that customers use.")
    if not settings.MAIL_LEAVES and not settings.MAIL_STAYS_HERE:
        found.append(
            "EMAIL_URL must name a mail server: without one no message leaves this machine. Set "
            "MAIL_STAYS_HERE=true if nobody is to be written to by e-mail."
        )
    return found


def refuse_to_start() -> None:
    """Stop the process that is about to serve or to work if that would not be safe.

    :raises ImproperlyConfigured: with every fault found.
    """
    if found := insecure_settings() or _unprotected_record():
        raise ImproperlyConfigured(" ".join(found))


def _unprotected_record() -> list[str]:
    """Return what the database lacks that would keep the record as it was written.

    A database that does not answer yet is no reason to end: the health pages tell of it.
    """
    # A connection of its own: the worker's processes must not inherit one.
    connection = connections.create_connection("default")
    try:
        words = unprotected(connection)
    except DatabaseError:
        return []
    finally:
        connection.close()
    return [words] if words else []


@register(Tags.security, deploy=True)
def settings_are_fit_for_production(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Tell the same faults in `check --deploy`, and that no e-mail leaves where that is meant."""
    found: list[CheckMessage] = [
        Error(words, id="complaints_site.E001") for words in insecure_settings()
    ]
    if not settings.MAIL_LEAVES and settings.MAIL_STAYS_HERE:
        words = "MAIL_STAYS_HERE is set: no e-mail leaves this machine, to customers or colleagues."
        found.append(Warning(words, id="complaints_site.W001"))
    return found
