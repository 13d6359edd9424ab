"""The health pages: public, short, and right."""

from datetime import timedelta

import pytest
import redis
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone

from cases.operations.jobs import run_job
from cases.rules.roles import Role
from cases.selectors.broker import QUEUE
from cases.triggers import remove_triggers
from complaints_site.tests.servers import redis_server

PAGES = ("health-live", "health-ready", "health-beat")


def ask(client, name):
    """Return status and words of a page."""
    response = client.get(reverse(name))
    return response.status_code, response.content.decode()


def test_a_process_that_answers_lives(client):
    assert ask(client, "health-live") == (200, "live\n")


def test_with_its_database_it_is_ready(client, db):
    assert ask(client, "health-ready") == (200, "ready\n")


def test_with_an_unprotected_record_it_is_not_ready(client, db):
    remove_triggers(connection)

    assert ask(client, "health-ready") == (503, "the database is not set up\n")


def test_without_a_database_it_is_neither_ready_nor_beating(client, monkeypatch):
    def away(*args, **kwargs):
        raise DatabaseError("secret")

    monkeypatch.setattr(connection, "cursor", away)

    assert ask(client, "health-ready") == (503, "the database does not answer\n")
    assert ask(client, "health-beat") == (503, "the database does not answer\n")
    assert ask(client, "health-live") == (200, "live\n")


def test_before_the_first_beat_it_says_so(client, db):
    assert ask(client, "health-beat") == (503, "no beat yet\n")


@pytest.mark.parametrize(("ago", "status"), [(10, 200), (130, 503)], ids=["beating", "silent"])
def test_two_minutes_without_a_beat_are_too_long(client, db, ago, status):
    run_job("heartbeat", timezone.now() - timedelta(seconds=ago), lambda: None)

    found, words = ask(client, "health-beat")

    assert found == status
    assert words.startswith(f"last beat {ago // 10}")


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_are_public_and_begin_no_session(client, db, name):
    response = client.get(reverse(name))

    assert response.cookies == {}
    assert isinstance(response.wsgi_request.user, AnonymousUser)
    assert response["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_only_answer_questions(client, db, name):
    assert client.head(reverse(name)).status_code in (200, 503)
    assert client.post(reverse(name)).status_code == 405


@pytest.mark.servers
@pytest.mark.one_database
@pytest.mark.django_db
def test_operators_see_how_many_tasks_wait_and_that_the_broker_is_gone(client, house, settings):
    client.force_login(house[Role.SYSTEM_ADMINISTRATOR])
    page = reverse("cases:operations")
    alone = client.get(page).content.decode()

    with redis_server() as server:
        settings.EMBEDDED, settings.CELERY_BROKER_URL = False, f"{server.url}/0"
        with redis.Redis.from_url(settings.CELERY_BROKER_URL) as broker:
            broker.rpush(QUEUE, "one", "two", "three")
        waiting = client.get(page).content.decode()
    gone = client.get(page).content.decode()

    assert "Done on this machine, one thing after the other" in alone
    assert "3 waiting to be done" in waiting
    assert "Its queue does not answer" in gone
