"""`rebuild_projections` finds and repairs what is stored otherwise than the events say."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from cases.models import Complaint, Deadline, EventWords, RecordedEvent, StageTransition
from cases.tests.record.tampering import without_triggers


@pytest.fixture
def complaint(house):
    """A complaint among others."""
    house.lodge()
    return house.lodge()


def rebuild(*arguments):
    """Return what the command says, and whether it ended well."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("rebuild_projections", *arguments, stdout=out, stderr=err)
    except CommandError as found:
        return f"{err.getvalue()}{found}", False
    return out.getvalue(), True


def test_what_operations_stored_is_what_the_events_say(complaint):
    assert rebuild("--check") == ("No difference.\n", True)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda c: Complaint.objects.filter(pk=c.pk).update(visit=7), "visit is 7, not 1"),
        (lambda c: Complaint.objects.filter(pk=c.pk).update(version=9), "version is 9, not 2"),
        (lambda c: c.deadlines.filter(code="respond").delete(), "deadline stage-1 1 respond"),
        (
            lambda c: c.deadlines.filter(code="respond").update(due_on=date(2026, 9, 9)),
            "deadline stage-1 1 respond",
        ),
        (
            lambda c: Deadline.objects.filter(complaint=c, code="respond").update(code="sing"),
            "should not be there",
        ),
        (lambda c: c.transitions.update(why="whim"), "move of event"),
        (
            lambda c: StageTransition.objects.create(
                complaint=c, event_number=44, to_stage="stage-2", visit=1, on=c.received_on, why="x"
            ),
            "move of event 44 is extra",
        ),
    ],
    ids=["column", "version", "lost", "moved", "unknown", "another move", "a move too many"],
)
def test_a_difference_is_named_and_repaired(complaint, damage, words):
    damage(complaint)

    said, is_well = rebuild("--check")
    assert not is_well
    assert words in said
    assert complaint.reference in said

    said, is_well = rebuild()
    assert is_well
    assert "put right" in said
    assert rebuild("--check") == ("No difference.\n", True)


def test_with_check_nothing_is_changed(complaint):
    Complaint.objects.filter(pk=complaint.pk).update(visit=7)

    rebuild("--check")

    complaint.refresh_from_db()
    assert complaint.visit == 7


def test_a_complaint_that_lost_its_events_cannot_be_repaired(complaint):
    with without_triggers():
        EventWords.objects.filter(event__complaint=complaint).delete()
        RecordedEvent.objects.filter(complaint=complaint).delete()

    for arguments in (["--check"], []):
        said, is_well = rebuild(*arguments)
        assert not is_well
        assert f"{complaint.reference}: it has no events" in said


def test_it_goes_on_beyond_the_first_batch(house, monkeypatch):
    monkeypatch.setattr("cases.operations.rebuild.BATCH", 2)
    complaints = [house.lodge() for _ in range(5)]
    Complaint.objects.filter(pk=complaints[-1].pk).update(visit=7)

    assert "visit is 7" in rebuild("--check")[0]
