"""The daily seals of the record, in the database and outside it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from cases.errors import RecordDamaged
from cases.models import Anchor, OutboundMessage, RecordedEvent
from cases.operations.anchors import hashes_of, seal_days, write_outside
from cases.rules.roles import Role
from cases.rules.sealing import read_seals, seal_line
from cases.tests.factories import MONDAY, UserFactory
from cases.tests.fixtures import at

TUESDAY = date(2026, 6, 9)
WEDNESDAY = date(2026, 6, 10)
THREE_ON_TUESDAY = datetime(2026, 6, 9, 2, tzinfo=UTC)


@pytest.fixture
def seals_file(settings, tmp_path) -> Path:
    """A file for the seals that does not exist yet."""
    settings.ANCHOR_FILE = str(tmp_path / "elsewhere" / "anchors.log")
    return Path(settings.ANCHOR_FILE)


def test_a_day_is_sealed_when_it_has_ended_in_london(house):
    house.lodge()

    assert seal_days(now=at(MONDAY, 23)) == []
    assert seal_days(now=THREE_ON_TUESDAY - timedelta(seconds=1)) == []
    [seal] = seal_days(now=THREE_ON_TUESDAY)

    assert (seal.day, seal.events) == (MONDAY, RecordedEvent.objects.count())
    assert seal.hash


def test_a_day_is_sealed_once(house):
    house.lodge()
    seal_days(now=at(TUESDAY))

    assert seal_days(now=at(TUESDAY)) == []
    assert Anchor.objects.count() == 1


def test_after_a_gap_every_day_is_sealed_even_those_without_events(house):
    house.lodge()
    house.lodge(on=date(2026, 6, 11))

    sealed = seal_days(now=at(date(2026, 6, 15)))

    assert [(seal.day.day, seal.events > 0) for seal in sealed] == [
        *[(8, True), (9, False), (10, False), (11, True), (12, False), (13, False), (14, False)]
    ]
    assert [seal.previous_hash for seal in sealed[1:]] == [seal.hash for seal in sealed[:-1]]


def test_without_any_event_nothing_is_sealed(db):
    assert seal_days(now=at(TUESDAY)) == []


@pytest.mark.parametrize(
    ("recorded", "day"),
    [
        (datetime(2026, 6, 8, 22, 59, tzinfo=UTC), MONDAY),
        (datetime(2026, 6, 8, 23, 0, tzinfo=UTC), TUESDAY),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 3, 28, 23, 59, tzinfo=UTC), date(2026, 3, 28)),
    ],
    ids=["summer evening", "summer midnight", "clocks go back", "its midnight", "clocks go on"],
)
def test_an_event_belongs_to_the_day_in_london_on_which_it_was_recorded(house, recorded, day):
    complaint = house.lodge(on=date(2026, 1, 5))
    event = RecordedEvent.objects.filter(complaint=complaint).last()
    event.pk, event.number, event.recorded_at = None, 9, recorded
    event.save(force_insert=True)

    assert event.hash in hashes_of(day)


def test_the_seals_go_to_auditors_and_administrators_by_email(house):
    UserFactory(roles=[Role.AUDITOR], is_active=False)
    house.lodge()

    [seal] = seal_days(now=at(TUESDAY))

    messages = OutboundMessage.objects.filter(kind="seal")
    assert {message.to_user for message in messages} == {
        house[Role.AUDITOR],
        house[Role.SYSTEM_ADMINISTRATOR],
    }
    assert {message.subject for message in messages} == {"Seal of the record, 8 June 2026"}
    assert seal_line(seal.day, seal.events, seal.hash) in messages[0].body


def test_the_seals_are_appended_to_a_file_outside_the_database(house, seals_file):
    house.lodge()
    seal_days(now=at(TUESDAY))
    assert write_outside() == 1
    assert write_outside() == 0
    seal_days(now=at(WEDNESDAY))
    assert write_outside() == 1

    kept = read_seals(seals_file.read_text())
    assert kept == {seal.day: (seal.events, seal.hash) for seal in Anchor.objects.all()}


def test_what_a_crash_kept_out_of_the_file_is_made_up_for(house, seals_file):
    house.lodge()
    seal_days(now=at(date(2026, 6, 12)))
    write_outside()
    lines = seals_file.read_text().splitlines()
    seals_file.write_text("\n".join(lines[:2]) + "\n")

    assert write_outside() == 2
    assert seals_file.read_text().splitlines() == lines


def test_a_file_that_disagrees_with_the_database_is_a_damaged_record(house, seals_file):
    house.lodge()
    seal_days(now=at(TUESDAY))
    write_outside()
    seals_file.write_text(seals_file.read_text().replace("2026-06-08 2", "2026-06-08 3"))

    with pytest.raises(RecordDamaged, match="8 June 2026"):
        write_outside()


@pytest.mark.parametrize(
    "text",
    ["nonsense", "2026-06-08 x aa", "2026-06-08 1 aa\n2026-06-08 1 bb"],
    ids=["no seal", "no number", "two seals of a day"],
)
def test_a_file_with_anything_but_seals_is_refused(text):
    with pytest.raises(RecordDamaged, match="Line"):
        read_seals(text)
