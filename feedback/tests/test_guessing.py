"""Nobody guesses their way to a complaint (promise P14)."""

import random
import secrets
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from cases.models import TrackingCode
from cases.operations.guessing import WAITS_SECONDS, Counter, take_turn
from cases.operations.tracking import ask_for_code, hashed, open_link
from cases.rules.references import ALPHABET, new_reference
from cases.rules.tracking import MOST_IN_A_DAY, TRIES, emailed_code, handed_out_code, tidy_code
from feedback.tests.conftest import NOW
from feedback.tests.tracking import acknowledged, link_of
from feedback.views.track import FREE_TRIES

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P14"), pytest.mark.timeout(3600)]
COMPLAINTS = 5
SEED = 20261129
# With which a link may be changed where it has no letter whose case could be.
LETTERS = "-_"
some, very_many = 300, 1_000_000
# What whoever guesses all day may have at most as a chance to come in.
MOST_A_DAY = 1e-4
# How many networks somebody may guess from, and how many codes on paper and of receipts work at
# once: more than any landlord has, or anybody who guesses.
NETWORKS, WORKING = 1_000, 100_000


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


# How likely it is to come in by guessing ----------------------------------------------------------


def codes_by_email() -> int:
    """Return how many codes by e-mail there can be."""
    code = emailed_code()
    assert code.isdigit()
    return int(10 ** len(code))


def codes_on_paper() -> int:
    """Return how many codes there can be on paper, to be read out, or of a receipt."""
    return int(len(ALPHABET) ** len(tidy_code(handed_out_code())))


def tries_of_an_hour() -> int:
    """Return how many tries one network has in an hour in which it never waits longer than told."""
    cache.clear()
    counter, tries, second = Counter("track:address:guessing", FREE_TRIES), 0, 0
    while second < 3_600:
        waits = take_turn([counter], now=NOW + timedelta(seconds=second))
        tries += not waits
        second += waits
    return tries


def chance_for_one(tries: int) -> float:
    """Return the chance in a day for whoever knows a reference and asks for each code there is."""
    return MOST_IN_A_DAY * tries / codes_by_email()


def test_whoever_knows_a_reference_has_hardly_a_chance_in_a_day():
    assert chance_for_one(TRIES) < MOST_A_DAY
    # What the rules say themselves of guessing from morning to night.
    assert chance_for_one(TRIES) < 1e-6


def test_the_arithmetic_sees_codes_that_could_be_tried_for_ever():
    assert chance_for_one(1_000) > MOST_A_DAY


def test_nor_has_whoever_tries_all_complaints_at_once_as_often_as_a_network_may():
    # After a few each try waits for a minute.
    most_a_day = 24 * tries_of_an_hour()

    assert tries_of_an_hour() <= FREE_TRIES + len(WAITS_SECONDS) + 60
    assert most_a_day / codes_by_email() < MOST_A_DAY
    assert most_a_day * NETWORKS * WORKING / codes_on_paper() < MOST_A_DAY
