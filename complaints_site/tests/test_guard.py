"""Insecure settings do not serve, and the demonstration serves this machine alone."""

import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from django.core.checks import WARNING
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import reverse

from cases.rules.roles import Role
from complaints_site.guard import insecure_settings, settings_are_fit_for_production
from complaints_site.middleware import (
    demonstration_stays_on_this_machine,
    private_pages_are_not_stored,
)
from complaints_site.tests.installation import wait_until
from complaints_site.tests.servers import free_port, redis_server

KEY = "only-for-tests-" + "x" * 50
SERVICE = {
    "SECRET_KEY": KEY,
    "DEMONSTRATION": "false",
    "DEBUG": "false",
    "ALLOWED_HOSTS": "complaints.example",
    "PUBLIC_BASE_URL": "https://complaints.example",
    "EMAIL_URL": "smtp://mail.complaints.example:25",
}
DEMONSTRATION = {
    "SECRET_KEY": KEY,
    "DEMONSTRATION": "true",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "PUBLIC_BASE_URL": "http://127.0.0.1:8000",
}
INSECURE = {
    "no key": {**SERVICE, "SECRET_KEY": ""},
    "a short key": {**SERVICE, "SECRET_KEY": "x" * 49},
    "the example's key": {**SERVICE, "SECRET_KEY": "change-me-" + "x" * 50},
    "Django's own key": {**SERVICE, "SECRET_KEY": f"django-insecure-{KEY}"},
    "a key of one sign": {**SERVICE, "SECRET_KEY": "x" * 60},
    "debug": {**SERVICE, "DEBUG": "true"},
    "every host": {**SERVICE, "ALLOWED_HOSTS": "*"},
    "hosts with a star": {**SERVICE, "ALLOWED_HOSTS": "complaints.example,*.example"},
    "plain http": {**SERVICE, "PUBLIC_BASE_URL": "http://complaints.example"},
    "no address": {**SERVICE, "PUBLIC_BASE_URL": ""},
    "mail into files": {**SERVICE, "EMAIL_URL": "filemail:///mail"},
    "mail on the screen": {**SERVICE, "EMAIL_URL": "consolemail://"},
    "a demonstration without a key": {**DEMONSTRATION, "SECRET_KEY": ""},
    "a demonstration for others": {**DEMONSTRATION, "ALLOWED_HOSTS": "complaints.example"},
    "a demonstration elsewhere": {**DEMONSTRATION, "PUBLIC_BASE_URL": "https://x.example"},
    "a demonstration behind a proxy": {**DEMONSTRATION, "TRUSTED_PROXIES": "1"},
}
SECURE = {"a service": SERVICE, "a demonstration": DEMONSTRATION}
FIT = {
    "SECRET_KEY_GIVEN": KEY,
    "DEMONSTRATION": False,
    "DEBUG": False,
    "ALLOWED_HOSTS": ["complaints.example"],
    "PUBLIC_BASE_URL": "https://complaints.example",
    "MAIL_LEAVES": True,
}


def web(port):
    """Return the command of the web server."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", "1", "--no-ws", "complaints_site.wsgi:application"),
    ]


WORKER = [sys.executable, "-m", "celery", "-A", "complaints_site", "worker", "-c", "1"]
BEAT = [sys.executable, "-m", "celery", "-A", "complaints_site", "beat", "--pidfile="]


# Whether a program asks the guard at all does not depend on what the guard then finds.
PROGRAMS = {
    "web": ["the example's key", "every host", "debug", "plain http"],
    "worker": ["no key", "a demonstration elsewhere"],
    "beat": ["a key of one sign", "a demonstration for others"],
}
ASKED = "from complaints_site.guard import insecure_settings; print(*insecure_settings())"


@pytest.mark.servers
@pytest.mark.one_database
@pytest.mark.parametrize("name", INSECURE)
def test_insecure_settings_are_seen_in_the_environment(install, name):
    site = install(database="sqlite", **INSECURE[name])

    process = site.start(sys.executable, "-c", ASKED)

    assert process.wait(60) == 0, site.said()
    assert tells_a_fault(site.said())


# The guard looks at the settings alone, and the site is on SQLite whatever the tests run on. Celery
# leaves out the checks of Django that it makes first, so that nothing else keeps it from starting.
@pytest.mark.servers
@pytest.mark.one_database
@pytest.mark.parametrize("program", PROGRAMS)
def test_no_process_starts_with_insecure_settings(install, program):
    running = {}
    for name in PROGRAMS[program]:
        site = install(database="sqlite", CELERY_SKIP_CHECKS="true", **INSECURE[name])
        command = {"web": web(free_port()), "worker": WORKER, "beat": BEAT}[program]
        running[name] = (site, site.start(*command))

    for name, (site, process) in running.items():
        try:
            assert process.wait(60) != 0, name
        except subprocess.TimeoutExpired:
            pytest.fail(f"With {name} it went on:\n{site.said()}")
        assert tells_a_fault(site.said()), name


def tells_a_fault(said):
    """Say whether a process told of something that is wrong with its settings."""
    words = (" must ", "SECRET_KEY is still", "PUBLIC_BASE_URL is elsewhere")
    return any(each in said for each in words)


@pytest.mark.servers
@pytest.mark.parametrize("settings", SECURE.values(), ids=SECURE)
def test_with_secure_settings_web_worker_and_beat_serve(install, settings):
    port = free_port()
    with redis_server() as broker:
        site = install(**settings, REDIS_URL=broker.url)
        site.start(*web(port))
        site.start(*WORKER, log="worker")
        site.settings["DJANGO_SETTINGS_MODULE"] = "complaints_site.tests.quick_clock"
        site.start(*BEAT, log="beat")
        host = settings["ALLOWED_HOSTS"].split(",")[0]

        for page in ("live", "ready", "beat"):
            wait_until(lambda page=page: _answer(port, f"/health/{page}", host)[0] == 200)
        refused = wait_until(lambda: _answer(port, "/health/live", "elsewhere.example")[0])

    assert refused == 400


def _answer(port, path, host):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310  our own server
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
    except OSError:
        return 0, ""


@override_settings(
    SECRET_KEY_GIVEN="",
    DEMONSTRATION=False,
    DEBUG=True,
    ALLOWED_HOSTS=["*"],
    PUBLIC_BASE_URL="http://x.example",
)
def test_every_fault_is_named_at_once():
    found = " ".join(insecure_settings())

    assert all(name in found for name in ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "PUBLIC_BASE"))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"SECRET_KEY_GIVEN": f"django-insecure-{KEY}"}, "the one that Django gives"),
        ({"SECRET_KEY_GIVEN": "abcdefghi" * 10}, "at least 10 different signs"),
        ({"MAIL_LEAVES": False}, "EMAIL_URL must name a mail server"),
    ],
    ids=["Django's own key", "a key of nine signs", "no mail server"],
)
def test_a_weak_key_and_mail_that_goes_nowhere_are_refused(given, told):
    with override_settings(**FIT):
        assert insecure_settings() == []

    with override_settings(**{**FIT, **given}):
        [found] = insecure_settings()

    assert told in found


@override_settings(**{**FIT, "MAIL_LEAVES": False, "MAIL_STAYS_HERE": True})
def test_a_landlord_that_writes_by_post_alone_says_so_and_is_reminded():
    [told] = settings_are_fit_for_production(None)

    assert insecure_settings() == []
    assert (told.id, told.level) == ("complaints_site.W001", WARNING)
    assert "no e-mail leaves this machine" in told.msg


@pytest.mark.parametrize("leaves", [True, False], ids=["by e-mail", "by post alone"])
def test_the_operators_page_says_whether_any_e_mail_leaves(client, house, leaves):
    client.force_login(house[Role.SYSTEM_ADMINISTRATOR])

    with override_settings(DEMONSTRATION=False, MAIL_LEAVES=leaves, MAIL_STAYS_HERE=not leaves):
        page = client.get(reverse("cases:operations"), secure=True).content.decode()

    assert ("No e-mail leaves this machine, to customers" in page) is not leaves
    assert ("None: no e-mail leaves this machine" in page) is not leaves


def ask(middleware, **meta):
    """Return the answer of a page behind the middleware."""
    request = RequestFactory().get("/", **meta)
    return middleware(lambda request: HttpResponse("a page"))(request)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_the_demonstration_answers_this_machine(address):
    assert ask(demonstration_stays_on_this_machine, REMOTE_ADDR=address).status_code == 200


@pytest.mark.parametrize(
    "meta",
    [
        {"REMOTE_ADDR": "192.168.0.7"},
        {"REMOTE_ADDR": "2001:db8::1"},
        {"REMOTE_ADDR": "10.0.0.1"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "unknown"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=203.0.113.9"},
    ],
    ids=["house", "world", "office", "none", "no address", "by a proxy", "by another proxy"],
)
def test_the_demonstration_answers_nobody_else(meta):
    response = ask(demonstration_stays_on_this_machine, **meta)

    assert response.status_code == 403
    assert response.content == b"The demonstration answers this machine only.\n"


@override_settings(DEMONSTRATION=False)
def test_a_real_installation_answers_everybody():
    assert ask(demonstration_stays_on_this_machine, REMOTE_ADDR="192.0.2.1").status_code == 200


def test_pages_are_kept_out_of_caches_unless_they_say_otherwise():
    def public(request):
        return HttpResponse("a style sheet", headers={"Cache-Control": "max-age=60"})

    private = ask(private_pages_are_not_stored)
    said = private_pages_are_not_stored(public)(RequestFactory().get("/"))

    assert private["Cache-Control"] == "no-store, private"
    assert said["Cache-Control"] == "max-age=60"
