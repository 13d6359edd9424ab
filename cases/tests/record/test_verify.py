"""`verify_record` finds whatever was done to the record, and says where."""

import io
import time
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cases.models import Anchor, Complaint, EventWords, RecordedEvent
from cases.operations.anchors import seal_days, write_outside
from cases.operations.note import add_note
from cases.operations.record import chained_fields
from cases.rules.roles import Role
from cases.rules.sealing import event_hash
from cases.tests.fixtures import at
from cases.tests.record import tampering
from cases.tests.record.tampering import without_triggers
from cases.triggers import remove_triggers

FRIDAY = date(2026, 6, 12)


@pytest.fixture
def complaints(house):
    """Two complaints with four events each, on days that are sealed."""
    found = []
    for _ in range(2):
        complaint = house.lodge()
        for words in ("She rang.", "He rang back."):
            add_note(
                complaint_id=complaint.pk,
                by=house[Role.RESPONSIBLE_OFFICER],
                now=at(date(2026, 6, 9)),
                words=words,
            )
        found.append(complaint)
    seal_days(now=at(FRIDAY))
    return found


@pytest.fixture
def outside(complaints, settings, tmp_path):
    """The seals as they were kept outside the database before anything was done."""
    settings.ANCHOR_FILE = str(tmp_path / "anchors.log")
    write_outside()
    return settings.ANCHOR_FILE


def verify(*arguments):
    """Return what the command says, good or bad, and whether it ended well."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_record", *arguments, stdout=out, stderr=err)
    except CommandError as damaged:
        return f"{err.getvalue()}{damaged}", damaged.returncode == 0
    return out.getvalue(), True


def test_a_record_that_nobody_touched_is_as_it_was_written(complaints, outside):
    words, is_well = verify("--anchors", outside)

    assert is_well
    assert words == (
        "8 events and 4 daily seals are as they were written, and all seals kept outside agree.\n"
    )


@pytest.mark.promise("P10")
@pytest.mark.parametrize(
    "tamper",
    [
        tampering.edit_a_field,
        tampering.edit_the_time,
        tampering.delete_from_the_middle,
        tampering.insert_an_event,
        tampering.swap_two_events,
        tampering.copy_from_another_complaint,
    ],
    ids=lambda tamper: tamper.__name__.replace("_", " "),
)
def test_whatever_is_done_to_a_chain_is_found_and_the_first_bad_row_named(complaints, tamper):
    complaint, other = complaints
    with without_triggers():
        number = tamper(complaint, other)

    words, is_well = verify()

    assert not is_well
    assert words.startswith(f"{complaint.reference}, event {number}: ")


@pytest.mark.promise("P10")
@pytest.mark.parametrize(
    "tamper",
    [tampering.delete_the_end, tampering.rebuild_the_chain],
    ids=lambda tamper: tamper.__name__.replace("_", " "),
)
def test_what_is_hidden_inside_the_database_shows_by_the_seals_kept_outside(
    complaints, outside, tamper
):
    with without_triggers():
        tamper(*complaints)
        tampering.reseal()

    inside, is_well_inside = verify()
    words, is_well = verify("--anchors", outside)

    assert (is_well_inside, is_well) == (True, False)
    assert "as they were written" in inside
    assert words.startswith("The seal of 2026-06-0")
    assert "kept outside is not the one in the database" in words


@pytest.mark.promise("P10")
def test_an_end_cut_off_without_care_shows_inside_the_database(complaints):
    with without_triggers():
        tampering.delete_the_end(*complaints)

    words, is_well = verify()

    assert not is_well
    assert "The seal of 2026-06-09: it was put on 4 events, and there are 3." in words


def test_a_complaint_that_says_it_has_more_events_is_named(complaints):
    Complaint.objects.filter(pk=complaints[0].pk).update(version=5)

    words, _ = verify()

    assert f"{complaints[0].reference}: it should have 5 events, and the last is 4." in words


def test_changed_words_show_and_erased_words_do_not_break_the_chain(complaints):
    kept, erased = EventWords.objects.filter(event__kind="noted").order_by("pk")[:2]
    erased.delete()
    words, is_well = verify()
    assert is_well
    assert "Words of 1 events were erased." in words

    EventWords.objects.filter(pk=kept.pk).update(parts={"note": "She never rang."})
    words, is_well = verify()

    assert not is_well
    assert "its words are not those that were written" in words


def test_a_seal_taken_away_shows(complaints, outside):
    with without_triggers():
        Anchor.objects.filter(day=date(2026, 6, 10)).delete()

    words, _ = verify("--anchors", outside)

    assert "There is no seal of 2026-06-10." in words
    assert "The seal of 2026-06-10 was kept outside and is not in the database." in words


def test_an_event_slipped_into_a_sealed_day_shows(house, complaints):
    house.lodge(on=date(2026, 6, 9))

    words, _ = verify()

    assert "The seal of 2026-06-09: it was put on 4 events, and there are 6." in words


def test_missing_triggers_show(complaints):
    remove_triggers(connection)

    words, is_well = verify()

    assert not is_well
    assert "The trigger cases_recordedevent_no_update is missing." in words


def test_a_file_of_seals_that_cannot_be_read_is_said_so(complaints, tmp_path):
    (tmp_path / "seals").write_text("nonsense")

    assert "is not a seal" in verify("--anchors", str(tmp_path / "seals"))[0]
    assert "cannot be read" in verify("--anchors", str(tmp_path / "absent"))[0]


@pytest.mark.promise("P10")
def test_a_hundred_thousand_events_are_verified_in_less_than_a_minute(house):
    complaint = house.lodge()
    [first] = RecordedEvent.objects.filter(complaint=complaint, number=2)
    head, rows = first.hash, []
    for number in range(3, 100_001):
        row = RecordedEvent(
            complaint=complaint,
            number=number,
            kind="noted",
            on=first.on,
            recorded_at=first.recorded_at,
            stage=first.stage,
            visit=1,
            facts={"channel": "phone", "attempt": True},
            previous_hash=head,
        )
        row.hash = head = event_hash(chained_fields(row), head)
        rows.append(row)
    RecordedEvent.objects.bulk_create(rows, batch_size=5_000)
    Complaint.objects.filter(pk=complaint.pk).update(version=100_000)

    began = time.process_time()
    words, is_well = verify()
    spent = time.process_time() - began

    assert is_well, words
    assert spent < 60
    print(f"PROMISE P10 PASS events=100000 verified_cpu_seconds={spent:.1f}")  # noqa: T201  result
