"""How a row of a file of old cases reads."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import ComplaintError, RowUnreadable
from cases.rules.customers import CustomerCategory
from cases.rules.events import IMPORTABLE, Event, EventKind
from cases.rules.old_particulars import joined_address, read_category, split_address
from cases.rules.old_rows import COLUMNS, event_cells, facts_of, read_row, written_words
from cases.tests.rules.strategies import TERMS

TODAY = date(2026, 11, 22)
HEREFORDSHIRE = TERMS["herefordshire"]
CODE = TERMS["code-2024"]


def read(terms=CODE, **cells):
    return read_row(2, {"event": "noted", "occurred_at": "2026-06-08", **cells}, terms, today=TODAY)


def facts(terms=CODE, stage="stage-1", **cells):
    return facts_of(read(terms, **cells), terms.stage(stage))


def test_the_columns_are_those_of_the_file():
    assert ", ".join(COLUMNS) == (
        "reference, procedure, event, occurred_at, stage, customer_name, customer_category, "
        "address, email, phone, channel, service_area, category, summary, desired_outcome, "
        "outcome, amount, new_due_on, note"
    )


ISSUED = """received received_by_team logged acknowledged contacted manager_contacted resolved
passed_on responded delivered escalation_requested escalation_accepted escalation_refused
agreed_date extended hearing_arranged invitation_sent papers_sent hearing_held outcome_sent
withdrawn closed reopened referred_to_ombudsman determined noted"""


@pytest.mark.parametrize("code", ISSUED.split())
def test_every_event_code_reads(code):
    due = {"new_due_on": "2026-07-01"} if code in ("extended", "agreed_date") else {}

    assert read(event=code, **due).kind is EventKind(code)


@pytest.mark.parametrize(
    ("occurred_at", "on", "at"),
    [
        ("2026-06-08", date(2026, 6, 8), None),
        ("2026-06-08T10:15+01:00", date(2026, 6, 8), datetime(2026, 6, 8, 9, 15, tzinfo=UTC)),
        ("2026-06-08T10:15", date(2026, 6, 8), datetime(2026, 6, 8, 9, 15, tzinfo=UTC)),
        ("2026-06-08T23:30Z", date(2026, 6, 9), datetime(2026, 6, 8, 23, 30, tzinfo=UTC)),
    ],
)
def test_a_date_or_an_instant_tells_when(occurred_at, on, at):
    row = read(occurred_at=occurred_at)

    assert (row.on, row.at) == (on, at)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"event": "answered"}, "“answered” is not an event code."),
        ({"event": ""}, "“” is not an event code."),
        ({"event": "assigned"}, "“assigned” is not an event code."),
        ({"occurred_at": ""}, "“” is not a date"),
        ({"occurred_at": "08/06/2026"}, "“08/06/2026” is not a date"),
        ({"occurred_at": "2026-02-30"}, "“2026-02-30” is not a date"),
        ({"occurred_at": "2026-11-23"}, "23 November 2026 is in the future."),
        ({"occurred_at": "2011-12-31"}, "31 December 2011 is before 2012"),
        ({"stage": "stage-3"}, "code-2024 has no stage “stage-3”."),
        ({"channel": "fax"}, "“fax” is not a channel."),
        ({"event": "responded", "outcome": "won"}, "“won” is not an outcome."),
        ({"event": "outcome_sent", "outcome": "won"}, "“won” is not an outcome or a decision"),
        ({"event": "outcome_sent", "outcome": "won; upheld"}, "“won” is not a decision"),
        ({"event": "determined", "outcome": "upheld"}, "“upheld” is not a finding"),
        ({"event": "refused", "outcome": "!"}, "“!” is not a code."),
        ({"amount": "lots"}, "“lots” is not an amount"),
        ({"amount": "-5"}, "“-5” is not an amount"),
        ({"amount": "NaN"}, "“NaN” is not an amount"),
        ({"new_due_on": "soon"}, "new_due_on “soon” is not a date"),
        ({"new_due_on": "2199-01-01"}, "new_due_on 1 January 2199 lies outside the calendar."),
        ({"event": "extended"}, "extended needs new_due_on"),
        ({"event": "agreed_date"}, "agreed_date needs new_due_on"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told(cells, message):
    with pytest.raises(RowUnreadable, match="^" + message.replace("(", r"\(")):
        read(**cells)


def test_everything_wrong_with_a_row_is_told_at_once():
    with pytest.raises(RowUnreadable) as refused:
        read(event="answered", occurred_at="never", stage="stage-9", amount="lots")

    assert len(refused.value.problems) == 4


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"channel": "Telephone"}, {"channel": "phone"}),
        ({"channel": "letter_elsewhere"}, {"channel": "letter_elsewhere"}),
        ({"event": "responded", "outcome": "Partly upheld"}, {"outcome": "partly_upheld"}),
        ({"event": "responded", "outcome": "partially-upheld"}, {"outcome": "partly_upheld"}),
        ({"event": "closed", "outcome": "not_upheld"}, {"outcome": "not_upheld"}),
        ({"event": "determined", "outcome": "Service failure"}, {"finding": "service_failure"}),
        ({"event": "escalation_refused", "outcome": "late"}, {"ground": "late"}),
        ({"event": "referred_elsewhere", "outcome": "asb"}, {"to": "asb"}),
        ({"event": "merged", "outcome": "KX7M-2QPD-6"}, {"into_reference": "KX7M-2QPD-6"}),
        ({"amount": "£1,250.50"}, {"amount": "1250.50"}),
        (
            {"event": "extended", "new_due_on": "2026-07-01"},
            {"new_due_on": "2026-07-01", "timescale": "respond"},
        ),
        (
            {"event": "hearing_arranged", "new_due_on": "2026-07-01"},
            {"hearing_on": "2026-07-01"},
        ),
        (
            {"event": "responded", "channel": "post", "new_due_on": "2026-06-10"},
            {"channel": "post", "posted_on": "2026-06-10"},
        ),
    ],
)
def test_the_cells_become_facts(cells, expected):
    assert facts(**cells) == expected


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("upheld", {"panel_decision": "upheld"}),
        ("changed", {"panel_decision": "changed"}),
        ("Re-investigated", {"panel_decision": "re-investigate"}),
        ("re investigate", {"panel_decision": "re-investigate"}),
        ("not_upheld", {"outcome": "not_upheld"}),
        ("changed; partly upheld", {"panel_decision": "changed", "outcome": "partly_upheld"}),
        ("; upheld", {"outcome": "upheld"}),
    ],
)
def test_the_outcome_of_an_appeal_is_what_its_panel_decided(outcome, expected):
    # A14: the decision about the decision, and the outcome of the complaint, are two things.
    told = facts(HEREFORDSHIRE, "stage-3", event="outcome_sent", outcome=outcome)

    assert told == expected


def test_where_a_panel_decides_the_complaint_itself_the_outcome_is_the_complaints():
    told = facts(TERMS["kht-three-stage"], "stage-3", event="outcome_sent", outcome="upheld")

    assert told == {"outcome": "upheld"}


@pytest.mark.parametrize("outcome", ["changed", "changed; upheld"])
def test_a_decision_that_no_panel_of_the_stage_takes_is_told(outcome):
    with pytest.raises(ComplaintError, match="changed"):
        facts(TERMS["kht-three-stage"], "stage-3", event="outcome_sent", outcome=outcome)


def test_an_agreed_day_moves_the_resolution_of_a_stage_without_a_response():
    told = facts(HEREFORDSHIRE, "initial", event="agreed_date", new_due_on="2026-07-01")

    assert told["timescale"] == "resolve"


@pytest.mark.parametrize("event", ["extended", "agreed_date"])
@pytest.mark.parametrize(
    ("code", "stage"),
    [("first-ark-panel", "stage-2"), ("livv-two-stage", "initial"), ("herefordshire", "stage-3")],
)
def test_a_moved_day_makes_no_sense_where_nothing_is_to_be_answered_or_resolved(code, stage, event):
    with pytest.raises(ComplaintError, match=f"no response or resolution whose day {event} could"):
        facts(TERMS[code], stage, event=event, new_due_on="2026-07-01")


values = {
    "channel": st.sampled_from(["", "post", "email", "phone"]),
    "amount": st.sampled_from(["", "0", "250.00", "£1,000"]),
    "new_due_on": st.sampled_from(["", "2026-07-01"]),
    "note": st.text(st.characters(blacklist_categories=["Cs"]), max_size=30),
    "occurred_at": st.sampled_from(["2026-06-08", "2026-06-08T10:15", "2026-06-08T10:15:20.5Z"]),
    "outcome": st.sampled_from(
        ["", "upheld", "not_upheld", "partly_upheld", "changed", "re-investigate", "; upheld",
         "changed; upheld", "service_failure", "late"]
    ),
}  # fmt: skip


@given(
    kind=st.sampled_from(sorted(IMPORTABLE)),
    cells=st.fixed_dictionaries(values),
    stage=st.sampled_from(HEREFORDSHIRE.stages),
)
def test_an_event_written_as_cells_reads_back_as_the_same_event(kind, cells, stage):
    try:
        row = read(HEREFORDSHIRE, event=kind.value, stage=stage.code, **cells)
        told = facts_of(row, stage)
    except ComplaintError:
        return
    event = Event(1, kind, row.on, row.at, row.stage, 1, facts=told)

    written = event_cells(event, HEREFORDSHIRE, {"note": row.note})
    again = read_row(2, written, HEREFORDSHIRE, today=TODAY)

    assert again.key == row.key
    assert facts_of(again, stage) == told


def test_several_words_of_an_event_become_one_note():
    assert written_words({"reason": "Ill.\r\n", "letter": "Dear Ann"}) == (
        "letter: Dear Ann\n\nreason: Ill."
    )
    assert written_words({"late_because": "Ill.", "letter": " "}) == "Ill."


@given(st.text(st.sampled_from("ab ,\nHB14A"), max_size=20))
def test_an_address_is_the_same_after_its_postcode_was_split_off(text):
    assert joined_address(*split_address(text)) == text


@pytest.mark.parametrize(
    ("text", "address", "postcode"),
    [
        ("14 Dock Road, Harbourside, HB1 4AA", "14 Dock Road, Harbourside", "HB1 4AA"),
        ("14 Dock Road\nHarbourside\nHB1 4AA", "14 Dock Road\nHarbourside", "HB1 4AA"),
        ("HB1 4AA", "", "HB1 4AA"),
        ("14 Dock Road", "14 Dock Road", ""),
    ],
)
def test_the_postcode_is_found_at_the_end_of_an_address(text, address, postcode):
    assert split_address(text) == (address, postcode)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("", None),
        ("tenant", CustomerCategory.TENANT),
        ("Shared owner", CustomerCategory.SHARED_OWNER),
        ("member of the public", CustomerCategory.MEMBER_OF_THE_PUBLIC),
        ("Residents’ group", CustomerCategory.RESIDENTS_GROUP),
        ("former", CustomerCategory.FORMER_CUSTOMER),
        ("MP", CustomerCategory.ELECTED_REPRESENTATIVE),
    ],
)
def test_a_category_reads_as_people_write_it(text, category):
    assert read_category(text) is category


def test_a_category_that_is_none_is_told():
    with pytest.raises(ComplaintError, match="is not a category of customers"):
        read_category("friend")
