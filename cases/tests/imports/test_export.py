"""Taking complaints out."""

import csv
import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Level
from cases.operations.access import change_access
from cases.operations.assign import assign
from cases.operations.correct import retract
from cases.operations.messages_to_customers import write_to_customer
from cases.operations.note import add_note
from cases.operations.telling import Telling
from cases.rules.old_rows import COLUMNS
from cases.rules.roles import Role
from cases.rules.spreadsheets import as_written
from cases.tests.factories import CategoryFactory, ServiceAreaFactory
from cases.tests.fixtures import at
from cases.tests.imports.files import complaint, row
from cases.tests.imports.test_import import RECEIVED

STORY = [
    {**each, "procedure": "kht-three-stage"}
    for each in (
        RECEIVED,
        row("acknowledged", "2026-06-15", channel="post", note="Late, sorry."),
        row("responded", "2026-06-12T15:30", channel="post", outcome="Partly upheld"),
        row("escalation_requested", "2026-06-26", channel="email"),
        row("responded", "2026-07-20", amount="£50", outcome="upheld"),
    )
]


def deadline(told, stage, timescale):
    """Return one deadline of an exported complaint."""
    found = [d for d in told["deadlines"] if (d["stage"], d["timescale"]) == (stage, timescale)]
    assert len(found) == 1
    return found[0]


@pytest.fixture
def told(files):
    """Return an exported complaint that answered twice and can still go further."""
    files.bring_in(*STORY)
    return files.take_out("OLD-1", as_at="2026-07-31")[0]


def test_a_complaint_is_told_under_the_columns_of_the_import(told):
    assert {name: told[name] for name in told if name not in ("events", "deadlines")} == {
        "reference": "OLD-1",
        "procedure": "kht-three-stage",
        "stage": "stage-2",
        "customer_name": "Ann Tenant",
        "customer_category": "leaseholder",
        "address": "14 Dock Road, Harbourside, HB1 4AA",
        "email": "ann@example.org",
        "phone": "0151 000 0000",
        "channel": "phone",
        "service_area": "Repairs north",
        "category": "Boilers",
        "summary": "The boiler is cold.",
        "desired_outcome": "A boiler that works",
        "outcome": "upheld",
    }


def test_its_events_are_told_in_order_of_happening(told):
    assert [event["event"] for event in told["events"]] == [
        "received",
        "responded",
        "acknowledged",
        "escalation_requested",
        "responded",
    ]
    assert told["events"][1] == {
        "number": 2,
        "importable": True,
        "event": "responded",
        "occurred_at": "2026-06-12T15:30+01:00",
        "stage": "stage-1",
        "channel": "post",
        "outcome": "partly_upheld",
        "amount": "",
        "new_due_on": "",
        "note": "",
    }


def test_what_the_import_does_not_read_is_told_with_its_facts_and_marked_so(files, house):
    mine = house.lodge()
    common = {"complaint_id": mine.pk, "by": house[Role.COMPLAINTS_COORDINATOR]}
    on = date(2026, 6, 9)
    officer = house[Role.RESPONSIBLE_OFFICER]
    assign(**common, now=at(on), seen=None, officer_id=officer.pk, area_id=house.team.pk)
    mine.refresh_from_db()
    write_to_customer(
        **common, now=at(on), seen=mine.version, telling=Telling("email", "We wait for a part.")
    )
    add_note(**common, now=at(on), words="A mistake.")
    retract(**common, now=at(on), seen=None, number=5, reason="Of another case.")

    events = files.take_out(mine.reference, as_at="2026-06-30")[0]["events"]

    told = {each["event"]: each for each in events if not each["importable"]}
    assert list(told) == ["assigned", "updated", "retracted"]
    assert told["assigned"]["facts"] == {"officer": officer.name, "area": "Repairs north"}
    assert told["updated"]["note"] == "We wait for a part."
    assert (told["retracted"]["facts"], told["retracted"]["note"]) == (
        {"target": 5, "kind": "noted"},
        "Of another case.",
    )
    assert [row["event"] for row in files.take_out_rows(mine.reference)] == ["received", "logged"]


def test_a_deadline_met_late_is_told_with_its_working_days(told):
    assert deadline(told, "stage-1", "acknowledge") == {
        "stage": "stage-1",
        "visit": 1,
        "timescale": "acknowledge",
        "anchor_event": "received",
        "anchor_on": "2026-06-08",
        "period": "3 working days",
        "due_on": "2026-06-11",
        "original_due_on": "2026-06-11",
        "met_on": "2026-06-15",
        "working_days_taken": 5,
        "working_days_late": 2,
        "state": "met_late",
    }


@pytest.mark.parametrize(
    ("stage", "timescale", "taken", "late", "state"),
    [
        ("stage-1", "respond", 4, 0, "met"),
        # Deemed received on Tuesday 16 June, used on Friday 26.
        ("stage-1", "escalate-by", 8, 0, "used"),
        ("stage-2", "respond", 16, 11, "met_late"),
        ("stage-2", "escalate-by", None, 0, "open"),
    ],
)
def test_every_state_is_told_as_at_the_day(told, stage, timescale, taken, late, state):
    found = deadline(told, stage, timescale)

    assert (found["working_days_taken"], found["working_days_late"], found["state"]) == (
        taken,
        late,
        state,
    )


def test_what_happened_later_is_left_out(files):
    files.bring_in(*STORY)

    told = files.take_out(as_at="2026-06-17")[0]

    assert [event["event"] for event in told["events"]] == ["received", "responded", "acknowledged"]
    assert (told["stage"], told["outcome"]) == ("stage-1", "partly_upheld")
    assert deadline(told, "stage-1", "escalate-by")["state"] == "open"


def test_an_open_promise_is_overdue_the_day_after_and_late_by_working_days(files):
    files.bring_in(RECEIVED)

    states = {
        on: deadline(files.take_out(as_at=on)[0], "stage-1", "acknowledge")
        for on in ("2026-06-15", "2026-06-16", "2026-06-22")
    }

    told = [(found["state"], found["working_days_late"]) for found in states.values()]
    assert told == [("open", 0), ("overdue", 1), ("overdue", 5)]


def test_a_window_expires_and_the_earliest_day_for_the_ombudsman_comes(files):
    files.bring_in(
        *(
            {**each, "procedure": "first-ark-panel"}
            for each in (
                RECEIVED,
                row("responded", "2026-06-10"),
                row("escalation_requested", "2026-06-12"),
                row("hearing_held", "2026-06-24"),
                row("outcome_sent", "2026-06-26", outcome="upheld"),
            )
        )
    )

    def states(as_at):
        told = files.take_out(as_at=as_at)[0]
        return [d["state"] for d in told["deadlines"] if d["timescale"] == "ombudsman-from"]

    assert states("2026-06-25") == ["waiting"]
    assert states("2026-08-20") == ["waiting"]
    assert states("2026-08-21") == ["open"]
    assert states("2026-11-01") == ["open"]


def test_an_unused_window_is_told_as_expired(files):
    files.bring_in(*STORY[:3])

    told = files.take_out(as_at="2026-07-31")[0]

    assert deadline(told, "stage-1", "escalate-by")["state"] == "expired"


def test_a_complaint_received_later_is_left_out(files):
    files.bring_in(*STORY)

    assert files.take_out(as_at="2026-06-07") == []
    assert files.take_out_text(as_at="2026-06-07", format="csv").count("\n") == 1


def test_today_in_london_is_the_day_where_none_is_asked_for(files, time_machine):
    files.bring_in(RECEIVED)
    time_machine.move_to("2026-06-15T22:30+00:00")
    today = deadline(files.take_out()[0], "stage-1", "acknowledge")["state"]
    time_machine.move_to("2026-06-15T23:30+00:00")
    tomorrow = deadline(files.take_out()[0], "stage-1", "acknowledge")["state"]

    assert (today, tomorrow) == ("open", "overdue")


def test_the_csv_is_exactly_the_file_of_the_import(files):
    files.bring_in(*STORY)

    text = files.take_out_text(format="csv")

    rows = list(csv.reader(io.StringIO(text)))
    assert tuple(rows[0]) == COLUMNS
    assert rows[1][:6] == [
        "OLD-1",
        "kht-three-stage",
        "received",
        "2026-06-08",
        "stage-1",
        "Ann Tenant",
    ]
    assert rows[2][:6] == ["OLD-1", "kht-three-stage", "responded", "2026-06-12T15:30+01:00",
                           "stage-1", ""]  # fmt: skip


@pytest.mark.promise("P17")
def test_cells_are_written_as_they_were_told_with_a_mark_before_what_looks_like_a_formula(files):
    files.bring_in({**RECEIVED, "phone": "+44 151 000", "summary": '=1+1, "quoted"\nand more'})

    told = files.take_out_rows()[0]

    written = ("+44 151 000", '=1+1, "quoted"\nand more')
    assert (told["phone"], told["summary"]) == tuple(f"'{each}" for each in written)
    assert (as_written(told["phone"]), as_written(told["summary"])) == written


def test_only_the_complaints_asked_for_are_written(files):
    files.bring_in(RECEIVED, {**RECEIVED, "reference": "OLD-2"}, {**RECEIVED, "reference": "A/3"})

    told = files.take_out("A/3", "OLD-2", "OLD-2")

    assert [each["reference"] for each in told] == ["OLD-2", "A/3"]


def test_a_reference_may_be_typed_as_it_was_heard(files, house):
    mine = house.lodge()
    heard = mine.reference.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert [each["reference"] for each in files.take_out(heard, mine.reference)] == [mine.reference]


def test_capitals_of_a_reference_from_elsewhere_make_no_difference(files):
    files.bring_in({**RECEIVED, "reference": "Old/7b"}, {**RECEIVED, "reference": "OLD/7B"})
    files.bring_in({**RECEIVED, "reference": "Anti-3c"})

    told = files.take_out("Old/7b", "OLD/7B", "ANTI-3C")

    assert [each["reference"] for each in told] == ["Old/7b", "OLD/7B", "Anti-3c"]


def test_a_complaint_that_is_not_there_is_told_and_nothing_is_written(files, capsys):
    with pytest.raises(CommandError, match=r"There is no complaint NOPE\. Nothing was written"):
        call_command("export_complaints", reference=["NOPE"])

    assert capsys.readouterr().out == ""


def test_a_day_that_is_none_ends_with_2(files):
    with pytest.raises(CommandError, match="is not a date") as refused:
        call_command("export_complaints", as_at="yesterday")

    assert refused.value.returncode == 2


def test_a_file_is_written_whole_and_for_its_owner_only(files):
    files.bring_in(RECEIVED)
    path = files.folder / "out.json"

    call_command("export_complaints", output=str(path))

    assert json.loads(path.read_text())[0]["reference"] == "OLD-1"
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in files.folder.glob(".export-*")] == []


def test_a_file_that_cannot_be_written_is_told(files):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_complaints", output=str(files.folder / "none" / "out.json"))


def test_no_complaints_are_an_empty_list(files):
    assert json.loads(files.take_out_text()) == []


def test_everything_is_written_and_who_may_see_it_is_not(files, house):
    hidden = house.lodge()
    change_access(
        complaint_id=hidden.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(date(2026, 6, 9)),
        seen=hidden.version,
        level=Level.RESTRICTED,
        listed=[house.people[Role.COMPLAINTS_COORDINATOR].pk, house.people[Role.DIRECTOR].pk],
        subjects=[],
        conflicted=[],
        reason="About a colleague",
    )

    text = files.take_out_text(hidden.reference)

    told = {each["event"]: each for each in json.loads(text)[0]["events"]}
    assert "received" in told
    assert (told["access_changed"]["facts"], told["access_changed"]["note"]) == ({}, "")
    assert "restricted" not in text
    assert "About a colleague" not in text


def test_an_area_that_shares_its_name_is_told_by_its_code(files):
    area = ServiceAreaFactory(code="north-2", name="Repairs north")
    files.bring_in({**RECEIVED, "service_area": "north-2"}, {**RECEIVED, "reference": "OLD-2"})
    complaint().service_area = area

    told = {each["reference"]: each["service_area"] for each in files.take_out()}

    assert told["OLD-1"] == "north-2"


def test_a_category_is_called_what_it_is_called_now(files):
    category = CategoryFactory(code="boilers", name="Heating")
    files.bring_in(RECEIVED)
    assert files.take_out()[0]["category"] == "Boilers"

    category.code, category.name = "warmth", "Warmth"
    category.save()

    assert files.take_out()[0]["category"] == "Warmth"


def test_the_statements_do_not_grow_with_the_complaints(files):
    def statements():
        with CaptureQueriesContext(connection) as queries:
            files.take_out_text()
        return len(queries)

    files.bring_in(*({**RECEIVED, "reference": f"A{n}"} for n in range(2)))
    few = statements()
    files.bring_in(*({**RECEIVED, "reference": f"B{n}"} for n in range(20)))

    assert statements() == few
