"""No request to any public address, of whatever shape, is answered by an error of ours (P20).

The addresses are those of the matrix of permissions, in every language, and every form of the
public while it is open; what a request changes is taken back, so that they stay open.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from cases.operations.api_keys import KeyWanted, approve_key, make_key
from cases.rules.api_keys import ApiScope
from cases.rules.roles import Role
from complaints_site.tests.fuzzing import Grammar, Target, Wild, options
from complaints_site.tests.permissions.table import REACH, matrix
from complaints_site.tests.permissions.world import NOW, TODAY, World, the_world
from feedback.tests.live_forms import EVERY
from feedback.tests.test_hostile_forms import TELLS

pytestmark = [pytest.mark.promise("P20"), pytest.mark.django_db]

SEED = 20261130
MOST_SECONDS = 5
PUBLIC = [row for row in matrix() if row.cells["visitor"] != "sign-in"]
# Pages that set a document, which takes long whatever is asked.
COSTLY = {"feedback:leaflet", "feedback:paper-pdf", "feedback:copy-pdf", "feedback:tracked-letter"}


def of_matrix(world: World) -> Iterator[Target]:
    """Yield every public address with something that is there, in every language."""
    key = a_key(world)
    for row in PUBLIC:
        things = world.kinds_of(row.about, "visitor")
        kind = next(kind for kind in REACH[row.cells["visitor"]][0] if kind in things)
        thing = things[kind]
        tags = ["", *settings.PUBLIC_LANGUAGES] if row.url.startswith("feedback:") else [""]
        for tag in tags:
            with translation.override(tag or settings.LANGUAGE_CODE):
                path = reverse(row.url, args=thing.args)
            yield Target(
                f"{row} {tag}".strip(),
                row.method,
                path,
                [str(each) for each in thing.args],
                thing.cookies,
                sorted(thing.data),
                row.url in COSTLY,
                key if row.cells["visitor"] == "key" else "",
            )


def a_key(world: World) -> str:
    """Return the words of a key that is in use, for everything."""
    house = world.house
    wanted = KeyWanted("Any program", list(ApiScope), [house.team.pk], TODAY + timedelta(days=9))
    key, words = make_key(wanted, by=house[Role.SYSTEM_ADMINISTRATOR], now=NOW)
    if key.approved_at is None:
        approve_key(prefix=key.prefix, by=house[Role.COMPLAINTS_COORDINATOR], now=NOW)
    return words


def open_forms(world: World) -> Iterator[Target]:
    """Yield every form of the public, open."""
    for name, make in EVERY.items():
        live = make(world.house)
        assert live.is_shown, name
        cookies = {each.key: each.value for each in live.client.cookies.values()}
        yield Target(name, "POST", live.path, (), cookies, sorted({*live.names, *live.given}))


@pytest.fixture(scope="module")
def targets(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Target]]:
    """Every public address, and every form that is open."""
    with django_db_blocker.unblock(), the_world() as world:
        yield [*open_forms(world), *of_matrix(world)]


@dataclass
class Fuzzed:
    """What came of many requests: the answers by their status, and what was wrong, a line each."""

    answers: Counter[int] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0

    def send(self, client: Client, wild: Wild) -> None:
        """Send a request, whose effects are taken back, and look at its answer."""
        # The work alone: what others do on the machine meanwhile is no fault of the page.
        began = time.thread_time()
        with transaction.atomic():
            answer = client.generic(**options(wild))
            page = b"".join(answer)
            transaction.set_rollback(True)
        took = time.thread_time() - began
        self.slowest = max(self.slowest, took)
        self.answers[answer.status_code] += 1
        is_let_in = answer.status_code not in (401, 403)
        is_read = is_let_in if wild.target.key else answer.status_code in (200, 302, 422)
        self.read[wild.target.name] += is_read
        if answer.status_code >= 500 and not _is_said(wild):
            self.wrong.append(f"{answer.status_code}: {wild}")
        if took > MOST_SECONDS:
            self.wrong.append(f"{took:.1f} s: {wild}")
        is_page = answer.get("Content-Type", "").startswith("text/html")
        if is_page and (told := TELLS.search(page)):
            self.wrong.append(f"says {told[0]!r}: {wild}")


def _is_said(wild: Wild) -> bool:
    """Say whether an address answers to machines that something is not well, which is no error."""
    return wild.target.name.partition(" ")[2].startswith("health-")


def fuzz(targets: Sequence[Target], *, requests: int) -> Fuzzed:
    """Send that many requests."""
    found = Fuzzed()
    for wild in Grammar(targets, seed=SEED).requests(requests):
        found.send(Client(raise_request_exception=False), wild)
    return found


@pytest.mark.parametrize(
    "requests",
    [
        400,
        pytest.param(100_000, marks=[pytest.mark.long, pytest.mark.timeout(6 * 3600)]),
    ],
)
def test_no_request_to_a_public_address_is_answered_by_an_error_of_ours(targets, requests):
    found = fuzz(targets, requests=requests)

    assert not found.wrong, "\n".join(found.wrong[:20])
    # What is open was reached, and not only turned away.
    assert sum(found.read.values()) > requests / 3
    # How it was answered, of every form at least once where there were enough.
    if requests > 50 * len(targets):
        assert [each.name for each in targets if not found.read[each.name]] == []
    answers = " ".join(f"{status}={number}" for status, number in sorted(found.answers.items()))
    print(  # noqa: T201  result line
        f"PROMISE P20 PASS requests={requests} addresses={len(targets)} {answers} "
        f"slowest={found.slowest:.2f}s seed={SEED}"
    )


@pytest.mark.one_database
def test_the_proof_sees_a_page_that_fails_at_something_strange(targets, monkeypatch):
    monkeypatch.setattr("feedback.views.tracked.number_in", int)
    speaking = [each for each in targets if each.name == "speaking"]

    found = fuzz(speaking, requests=60)

    assert any(each.startswith("500") for each in found.wrong)
