"""Nothing that was acknowledged is ever lost or doubled, though everything is killed (promise P1).

A form, what a colleague logs, what a customer adds to their complaint, what somebody answers.
"""

import os
import signal

import pytest

from complaints_site.tests.installation import wait_until
from complaints_site.tests.intake.attack import attack
from complaints_site.tests.intake.looking import look
from complaints_site.tests.intake.site import BACKEND, Site, durable_postgresql, ready, site

pytestmark = [pytest.mark.servers, pytest.mark.promise("P1")]

SEED = 20261123
ON_POSTGRESQL = "TEST_DATABASE_URL" in os.environ
DATABASE = "postgresql" if ON_POSTGRESQL else "sqlite"

ADDED = ("Addition", "Answer")


def kinds(wrong: list[str]) -> set[str]:
    """Return what is wrong, by the first of its words."""
    return {words.partition(" ")[0] for words in wrong}


def prove(running: Site, *, forms: int, kills: int) -> None:
    """Attack a site, and find everything that people were told, once, whole.

    :raises AssertionError: if anything is missing, doubled or damaged.
    """
    outcome = attack(running, forms=forms, kills=kills, seed=SEED)
    found = look(running, outcome)

    assert not outcome.gave_up
    assert len(outcome.told) + len(outcome.added) == forms
    assert found.added == len(outcome.added) > 0
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
    prove(attacked, forms=300, kills=12)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_nor_are_ten_times_as_many(attacked):
    prove(attacked, forms=5_000, kills=200)


# What is lost here never came to the database, of whatever kind.
@pytest.mark.timeout(300)
@pytest.mark.one_database
@pytest.mark.parametrize("application", ["complaints_site.tests.intake.careless:application"])
def test_the_proof_sees_what_is_lost_by_answering_before_it_is_stored(attacked):
    outcome = attack(attacked, forms=30, kills=6, seed=SEED, patience=20)

    assert kinds(look(attacked, outcome).lost) >= {"Form", *ADDED}


# PostgreSQL alone has such a setting; this starts its own, whatever the tests run on.
@pytest.mark.timeout(300)
@pytest.mark.one_database
def test_the_proof_sees_what_a_careless_database_loses(tmp_path):
    careless = ("synchronous_commit=off", "wal_buffers=64MB")
    with durable_postgresql(*careless) as server, site(tmp_path, database=server) as running:
        # What it has confirmed it writes to the disk later; here that comes too late.
        writer = running.child_of_database("walwriter")
        os.kill(writer, signal.SIGSTOP)
        outcome = attack(running, forms=20, kills=0, seed=SEED)
        os.kill(running.child_of_database(BACKEND), signal.SIGKILL)
        wait_until(lambda: running.has_restarted_without(writer) and ready(server)())

        assert look(running, outcome).lost


# What makes the unique key worthless on either database, and keeps the draft, which goes with the
# first form stored from it: a second guard. What is added the site itself does not know again.
FORGET_KEYS = {
    "sqlite": (
        """CREATE TRIGGER forget_keys AFTER INSERT ON feedback_submission BEGIN
            UPDATE feedback_submission SET key = hex(randomblob(16)) WHERE id = NEW.id;
        END""",
        """CREATE TRIGGER keep_drafts BEFORE DELETE ON feedback_draft BEGIN
            SELECT RAISE(IGNORE);
        END""",
    ),
    "postgresql": (
        "ALTER TABLE feedback_submission DROP CONSTRAINT feedback_submission_key_key",
        "CREATE RULE keep_drafts AS ON DELETE TO feedback_draft DO INSTEAD NOTHING",
        """CREATE FUNCTION forget_key() RETURNS trigger LANGUAGE plpgsql AS
            $$BEGIN NEW.key = md5(random()::text); RETURN NEW; END$$""",
        """CREATE TRIGGER forget_keys BEFORE INSERT ON feedback_submission
            FOR EACH ROW EXECUTE FUNCTION forget_key()""",
    ),
}

# No file is what it was, and nobody is told of anything.
DAMAGE = (
    "UPDATE cases_storedfile SET sha256 = ''",
    "UPDATE cases_outboundmessage SET kind = 'reminder'",
)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("application", ["complaints_site.tests.intake.forgetful:application"])
def test_the_proof_sees_what_is_doubled_without_the_unique_key_and_what_is_not_whole(attacked):
    attacked.installation.run(*FORGET_KEYS[DATABASE])

    outcome = attack(attacked, forms=24, kills=0, seed=SEED, patience=3)

    assert kinds(look(attacked, outcome).doubled) >= {"Form", *ADDED}
    attacked.installation.run(*DAMAGE)
    damaged = look(attacked, outcome)
    assert kinds(damaged.bad_files) >= {"Form", *ADDED}
    assert kinds(damaged.bad_receipts) >= {"Form", *ADDED}
