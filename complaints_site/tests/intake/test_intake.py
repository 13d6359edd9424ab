"""No acknowledged form is ever lost or doubled, though everything is killed (promise P1)."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from complaints_site.tests.intake.attack import attack, look
from complaints_site.tests.intake.site import Site, durable_postgresql, site

pytestmark = [pytest.mark.servers, pytest.mark.promise("P1")]

SEED = 20261123
ON_POSTGRESQL = "TEST_DATABASE_URL" in os.environ
DATABASE = "postgresql" if ON_POSTGRESQL else "sqlite"


@pytest.fixture
def attacked(tmp_path: Path) -> Iterator[Site]:
    """A site on the kind of database that the tests run on."""
    if not ON_POSTGRESQL:
        with site(tmp_path, database=None) as running:
            yield running
        return
    with durable_postgresql() as server, site(tmp_path, database=server) as running:
        yield running


def prove(running: Site, *, forms: int, kills: int) -> None:
    """Attack a site, and find everything that people were told, once, whole.

    :raises AssertionError: if anything is missing, doubled or damaged.
    """
    outcome = attack(running, forms=forms, kills=kills, seed=SEED)
    found = look(running, outcome)

    assert not outcome.gave_up
    assert len(outcome.told) == forms
    assert not found.lost
    assert not found.doubled
    assert not found.changed
    assert not found.bad_files
    assert not found.bad_receipts
    assert sum(running.killed.values()) == kills
    inside = running.installation.hand()
    assert inside.call("complaints_site.tests.intake.inside:files_that_differ") == []
    left = inside.call("complaints_site.tests.intake.inside:orphans")
    assert left["old"] == 0
    tomorrow = inside.call("complaints_site.tests.intake.inside:clear_up_tomorrow")
    assert tomorrow == {"rows": 0, "strays": 0, "old": 0}
    tries = sum(each.tries for each in outcome.sent)
    killed = " ".join(f"{what.replace(' ', '_')}={n}" for what, n in sorted(running.killed.items()))
    print(  # noqa: T201  result line
        f"PROMISE P1 PASS database={DATABASE} forms={forms} kills={kills} {killed} tries={tries} "
        f"{found} orphans={left['rows'] + left['strays']} seed={SEED}"
    )


@pytest.mark.timeout(900)
def test_no_acknowledged_form_is_lost_or_doubled_though_everything_is_killed(attacked):
    prove(attacked, forms=500, kills=20)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_nor_are_ten_times_as_many(attacked):
    prove(attacked, forms=5_000, kills=200)


@pytest.mark.timeout(300)
@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has no such setting; P2 is its proof.")
def test_the_proof_sees_what_a_careless_database_loses(tmp_path):
    careless = ("synchronous_commit=off", "wal_writer_delay=10s")
    with durable_postgresql(*careless) as server, site(tmp_path, database=server) as running:
        outcome = attack(running, forms=60, kills=12, seed=SEED)

        assert look(running, outcome).lost


# What makes the unique key worthless on either database: a stored form forgets it at once.
FORGET_KEYS = {
    "sqlite": """
        CREATE TRIGGER forget_keys AFTER INSERT ON feedback_submission BEGIN
            UPDATE feedback_submission SET key = hex(randomblob(16)) WHERE id = NEW.id;
        END""",
    "postgresql": "ALTER TABLE feedback_submission DROP CONSTRAINT feedback_submission_key_key",
}


@pytest.mark.timeout(300)
def test_the_proof_sees_what_is_doubled_without_the_unique_key(attacked):
    attacked.installation.run(FORGET_KEYS[DATABASE])

    outcome = attack(attacked, forms=60, kills=0, seed=SEED, patience=3)

    assert look(attacked, outcome).doubled
