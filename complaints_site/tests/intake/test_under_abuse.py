"""The form stays open under abuse, and turns nobody away (promise P13)."""

import random
from statistics import quantiles

import pytest

from complaints_site.tests.intake.attack import CLIENTS, Crowd, senders
from complaints_site.tests.intake.looking import look
from complaints_site.tests.intake.robots import dawdling, robots
from complaints_site.tests.intake.site import Site
from complaints_site.tests.intake.test_intake import DATABASE, SEED
from feedback.rules.abuse import RECEIPTS_A_DAY, SOURCE_QUARANTINE

pytestmark = [pytest.mark.servers, pytest.mark.promise("P13")]


# What a process that answers may need at most, in megabytes; it is about 100 when nothing happens.
MOST_MEMORY = 250
# How long nineteen in twenty answers to people may take, in seconds, where the machine is for this
# alone: the long form.
MOST_SECONDS = 2


def sources(running: Site) -> dict[str, dict[str, int]]:
    """Return how many forms came from each place, by what became of them."""
    found: dict[str, dict[str, int]] = {}
    rows = "SELECT source, state, COUNT(*) FROM feedback_submission GROUP BY source, state"
    for source, state, number in running.installation.rows(rows):
        found.setdefault(source, {})[state] = number
    return found


# The rules are tried in every detail elsewhere; what is weighed here is the site that serves them.
@pytest.mark.timeout(2 * 3600)
@pytest.mark.parametrize(
    ("persons", "places", "each", "dawdlers"),
    [
        pytest.param(10, 2, 75, 60, marks=pytest.mark.one_database),
        pytest.param(200, 50, 400, 300, marks=pytest.mark.long),
    ],
)
def test_every_person_is_taken_in_while_robots_flood_the_form(
    attacked, persons, places, each, dawdlers
):
    some = senders(attacked, forms=persons, seed=SEED)
    crowd = [*some, *robots(attacked.port, places=places, each=each, seed=SEED)]
    random.Random(SEED).shuffle(crowd)  # noqa: S311  a repeatable choice
    sending = Crowd(crowd)

    with dawdling(attacked.port, dawdlers):
        sending.start()
        sending.wait()

    assert not sending.outcome.gave_up
    assert all(len(set(person.sent.references)) == 1 for person in crowd)
    sending.outcome.sent = [person.sent for person in some]
    found = look(attacked, sending.outcome)
    assert len(sending.outcome.told) == persons
    assert not found.lost
    assert not found.doubled
    assert not found.changed
    assert not found.bad_files
    came = sources(attacked)
    floods = [states for states in came.values() if sum(states.values()) > 1]
    assert len(came) == persons + places
    assert [sum(states.values()) for states in floods] == [each] * places
    # Those that were being weighed at the same moment may be over the limit together.
    assert max(states["accepted"] for states in floods) < SOURCE_QUARANTINE + CLIENTS
    assert all(states["quarantined"] for states in floods)
    receipts = attacked.installation.rows(
        "SELECT COUNT(*) FROM cases_outboundmessage WHERE kind = 'receipt' GROUP BY to_address"
    )
    assert max(number for (number,) in receipts) == RECEIPTS_A_DAY
    soon = quantiles([took for person in some for took in person.sent.took], n=20)[-1]
    memory = attacked.most_memory()
    assert memory < MOST_MEMORY
    assert soon < MOST_SECONDS or persons < 200
    print(  # noqa: T201  result line
        f"PROMISE P13 PASS database={DATABASE} people={persons} places={places} "
        f"robots={places * each} dawdlers={dawdlers} p95={soon:.2f}s memory={memory}MB seed={SEED}"
    )


@pytest.mark.one_database
@pytest.mark.timeout(300)
@pytest.mark.parametrize("proxies", [2])
def test_the_proof_sees_that_a_robot_chooses_where_it_comes_from(attacked):
    sending = Crowd(robots(attacked.port, places=1, each=12, seed=SEED))
    sending.start()
    sending.wait()

    assert len(sources(attacked)) == 12
