"""Out and in again: nothing in the columns is lost."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.errors import ComplaintError
from cases.models import Complaint
from cases.operations.awards import Offer
from cases.operations.correct import correct_date, retract
from cases.operations.escalate import request_escalation
from cases.operations.extend import extend
from cases.operations.letters_posted import mark_posted
from cases.operations.note import add_note
from cases.operations.stage_acts import Answer
from cases.operations.telling import Telling
from cases.rules.awards import Head
from cases.rules.events import Outcome
from cases.rules.old_rows import event_cells, read_row
from cases.rules.old_story import NOTHING, Recorded, new_rows, place_rows
from cases.rules.roles import Role
from cases.tests.answering import acknowledge, respond
from cases.tests.fixtures import at
from cases.tests.imports.files import complaint, row, state_of
from cases.tests.imports.test_rows import ISSUED
from cases.tests.rules.stories import ENGLAND
from cases.tests.rules.strategies import RECEIVED_ON, TERMS

TODAY = date(2026, 11, 22)
CALENDARS = {1: ENGLAND}


@st.composite
def old_cases(draw):
    """Draw the procedure and the rows of a case, of which not all need make sense."""
    code = draw(st.sampled_from(sorted(TERMS)))
    stages = ["", "", "", *(stage.code for stage in TERMS[code].stages)]
    rows = [row("received", RECEIVED_ON.isoformat(), procedure=code)]
    for kind in draw(st.lists(st.sampled_from(ISSUED.split()[1:]), max_size=10)):
        offset = draw(st.integers(0, 90))
        on = date.fromordinal(RECEIVED_ON.toordinal() + offset).isoformat()
        moves = kind in ("extended", "agreed_date", "hearing_arranged")
        outcomes = {
            "responded": ["", "upheld", "not_upheld"],
            "resolved": ["", "partly_upheld"],
            "outcome_sent": ["", "upheld", "not_upheld", "re-investigate"],
            "determined": ["", "service_failure"],
        }
        rows.append(
            row(
                kind,
                draw(st.sampled_from([on, on, f"{on}T09:30", f"{on}T14:00"])),
                procedure=code,
                stage=draw(st.sampled_from(stages)),
                channel=draw(st.sampled_from(["", "post", "email"])),
                outcome=draw(st.sampled_from(outcomes.get(kind, [""]))),
                new_due_on="2026-08-14" if moves else "",
                note=draw(st.sampled_from(["", "A note", "Two\nlines"])),
            )
        )
    return code, rows


def placed(code, rows, recorded=NOTHING):
    """Return the events of these rows, or nothing if they make no sense."""
    terms = TERMS[code]
    read = [read_row(n, cells, terms, today=TODAY) for n, cells in enumerate(rows, 2)]
    events, problems = place_rows(
        new_rows(read, recorded, terms), recorded, terms, CALENDARS, edition=1
    )
    return [] if problems else events


def written(code, events):
    words = {number: row.note for number, (row, _) in enumerate(events, 1)}
    return [event_cells(event, TERMS[code], {"note": words[event.number]}) for _, event in events]


@given(old_cases())
@settings(max_examples=300)
def test_events_written_and_read_again_are_the_same_events(case):
    code, rows = case
    try:
        first = placed(code, rows)
    except ComplaintError:
        return
    again = placed(code, written(code, first)) if first else []

    def told(events):
        # The receipt says no stage where it begins with the first.
        return [event for row, event in events if row.kind != "received"]

    assert told(again) == told(first)
    assert written(code, again) == written(code, first)


@given(old_cases())
def test_what_is_recorded_already_is_known_again(case):
    code, rows = case
    try:
        events = placed(code, rows)
    except ComplaintError:
        return
    if not events:
        return
    words = {event.number: {"note": row.note} for row, event in events}
    recorded = Recorded([event for _, event in events], words)

    assert placed(code, rows, recorded) == []
    assert placed(code, written(code, events), recorded) == []


@pytest.mark.django_db
@given(cases=st.lists(old_cases(), min_size=1, max_size=4), prefix=st.uuids())
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whole_files_come_back_with_every_column_and_every_deadline(files, cases, prefix):
    def named(rows, case, copy):
        return [{**cells, "reference": f"{str(prefix)[:13]}/{case}{copy}"} for cells in rows]

    for number, (_, rows) in enumerate(cases):
        files.bring_in(*named(rows, number, ""))
    references = [
        f"{str(prefix)[:13]}/{number}"
        for number in range(len(cases))
        if Complaint.objects.filter(reference=f"{str(prefix)[:13]}/{number}").exists()
    ]
    if not references:
        return

    out = files.take_out_rows(*references)
    done = files.bring_in(*({**cells, "reference": cells["reference"] + "b"} for cells in out))

    assert done.code == 0
    before = files.take_out(*references, as_at="2026-09-01")
    after = files.take_out(*(f"{reference}b" for reference in references), as_at="2026-09-01")
    for each in after:
        each["reference"] = each["reference"].removesuffix("b")
        state_of(f"{each['reference']}b")
    assert after == before


def test_a_case_lived_through_here_comes_back_as_it_was(files, house):
    mine = house.lodge(channel="phone")
    people = {role: house[role] for role in (Role.COMPLAINTS_COORDINATOR, Role.HEAD_OF_SERVICE)}
    coordinator, head = people.values()
    common = {"complaint_id": mine.pk, "seen": None}
    acknowledge(
        **common, by=coordinator, now=at(date(2026, 6, 9)), on=date(2026, 6, 9),
        telling=Telling("email", "Thank you.\r\nWe look into it."),
    )  # fmt: skip
    add_note(complaint_id=mine.pk, by=head, now=at(date(2026, 6, 10)), words="Rang the contractor.")
    add_note(complaint_id=mine.pk, by=head, now=at(date(2026, 6, 10)), words="A mistake.")
    extend(
        **common, by=coordinator, now=at(date(2026, 6, 11)), new_due_on=date(2026, 6, 30),
        reason="A part is missing.", exceptional=False, telling=Telling("email"),
    )  # fmt: skip
    respond(
        **common, by=head, now=at(date(2026, 6, 24)), on=date(2026, 6, 24),
        answer=Answer(
            Outcome.PARTLY_UPHELD,
            offer=Offer(heads=[(Head.DELAY, Decimal(50))], basis="A week."),
        ),
        telling=Telling("post", "Dear customer, we are sorry."),
    )  # fmt: skip
    letter = complaint(mine.reference).letters.get(channel="post")
    mark_posted(letter_id=letter.pk, by=coordinator, now=at(date(2026, 6, 26)),
                on=date(2026, 6, 26))  # fmt: skip
    correct_date(
        **common, by=coordinator, now=at(date(2026, 6, 26)), number=4, on=date(2026, 6, 8),
        reason="It went out a day before.",
    )  # fmt: skip
    retract(**common, by=coordinator, now=at(date(2026, 6, 26)), number=6, reason="Another case.")
    request_escalation(
        **common, by=coordinator, now=at(date(2026, 6, 29)), on=date(2026, 6, 29),
        channel="phone", reasons="Still cold.",
    )  # fmt: skip

    out = files.take_out_rows(mine.reference)
    assert files.bring_in(*({**cells, "reference": "COPY"} for cells in out)).code == 0

    before = files.take_out(mine.reference, as_at="2026-07-31")[0]
    after = files.take_out("COPY", as_at="2026-07-31")[0]
    read, again = (
        [{**event, "number": 0} for event in told["events"] if event["importable"]]
        for told in (before, after)
    )
    assert again == read
    # A history has no points: what is exported of them is not read back.
    assert [point["words"] for point in before.pop("points")] == ["The lift has been out of order."]
    assert {**after, "reference": mine.reference, "events": []} == {**before, "events": []}
    assert [event["event"] for event in read] == [
        "received",
        "logged",
        "acknowledged",
        "noted",
        "extended",
        "responded",
        "escalation_requested",
    ]
