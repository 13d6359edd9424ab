"""Nobody guesses their way to a complaint (promise P14)."""

import random
import secrets

import pytest
import time_machine

from cases.models import TrackingCode
from cases.operations.tracking import ask_for_code, hashed, open_link
from cases.rules.references import new_reference
from feedback.tests.conftest import NOW
from feedback.tests.tracking import acknowledged, link_of

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P14"), pytest.mark.timeout(3600)]
COMPLAINTS = 5
SEED = 20261129
# With which a link may be changed where it has no letter whose case could be.
LETTERS = "-_"
some, very_many = 300, 1_000_000


@pytest.fixture(autouse=True)
def _soon_after():
    """Nothing is late yet."""
    with time_machine.travel(NOW, tick=False):
        yield


def token_of(complaint) -> str:
    return link_of(complaint).rstrip("/").rsplit("/", 1)[-1]


@pytest.mark.parametrize("guesses", [some, pytest.param(very_many, marks=pytest.mark.long)])
def test_no_link_is_found_by_guessing_or_by_changing_one_letter_of_it(house, guesses):
    tokens = [token_of(acknowledged(house)) for _ in range(COMPLAINTS)]
    drawn = random.Random(SEED)  # noqa: S311  a repeatable choice

    def near() -> str:
        token = list(drawn.choice(tokens))
        place = drawn.randrange(len(token))
        others = [token[place].swapcase(), *LETTERS]
        token[place] = next(each for each in others if each != token[place])
        return "".join(token)

    hits = [
        guess
        for number in range(guesses)
        if open_link(guess := near() if number % 4 == 0 else secrets.token_urlsafe(32), now=NOW)
    ]

    assert not hits
    # 43 letters of 64 kinds: 258 bits.
    assert {len(token) for token in tokens} == {43}
    assert all(open_link(token, now=NOW) for token in tokens)


@pytest.mark.parametrize("guesses", [some, pytest.param(100_000, marks=pytest.mark.long)])
def test_no_reference_is_found_by_guessing(house, guesses):
    known = acknowledged(house)

    for _ in range(guesses):
        ask_for_code(reference=new_reference(), browser="guessing", now=NOW)
    ask_for_code(reference=known.reference, browser="guessing", now=NOW)

    asked = TrackingCode.objects.filter(browser_hash=hashed("guessing"))
    assert asked.count() == guesses + 1
    assert [code.complaint for code in asked.exclude(complaint=None)] == [known]
