"""Complaints of the past under other terms: what each promise would have come to."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.procedure_drafts import PromiseTerms, with_promise
from cases.rules.procedure_files import read_shipped, terms_from
from cases.rules.replay import replay
from cases.rules.trials import Trial, Verdict, finding, judge
from cases.tests.rules.stories import ENGLAND, day, events, happened
from cases.tests.rules.strategies import TERMS, histories

pytestmark = pytest.mark.one_database
TODAY = date(2026, 12, 31)


def other(period: str, *, code: str = "code-2024", stage: str = "stage-1"):
    """Return the terms of a procedure with another period for the answer of a stage."""
    promise = PromiseTerms(period, rolls=False, in_writing=True, longest_extension=10)
    return terms_from(with_promise(read_shipped(code), stage, "respond", promise))


def tried(terms, *stories, code: str = "code-2024", today: date = TODAY) -> Trial:
    """Return complaints tried under other terms."""
    trial = Trial(today)
    for key, told in enumerate(stories, 1):
        ran = events(*told)
        trial.take(
            key,
            None,
            replay(TERMS[code], ran, {1: ENGLAND}),
            replay(terms, ran, {1: ENGLAND}),
        )
    return trial


# The answer is due on Friday 19 June, ten working days after the acknowledgement.
ANSWERED = (
    ("received", "1 Jun"),
    ("acknowledged", "5 Jun"),
    ("responded", "17 Jun"),
)


@pytest.mark.parametrize(
    ("period", "late"),
    [("10 working days", 0), ("8 working days", 0), ("7 working days", 1), ("5 working days", 1)],
)
def test_a_shorter_limit_makes_an_answer_late_from_the_day_it_was_sent_too_late_for(period, late):
    trial = tried(other(period), ANSWERED)

    assert trial.whole.ran.late == 0
    assert trial.whole.tried.late == late
    assert trial.worse == late
    assert trial.better == 0


def test_a_longer_limit_makes_a_late_answer_be_in_time():
    late = (("received", "1 Jun"), ("acknowledged", "5 Jun"), ("responded", "25 Jun"))

    trial = tried(other("15 working days"), late)

    [change] = trial.changes
    assert (change.before.verdict, change.after.verdict) == (Verdict.LATE, Verdict.IN_TIME)
    assert (change.before.due_on, change.after.due_on) == (day("19 Jun"), day("26 Jun"))
    assert finding(trial) == "Of 2 promises 1 is late no more."


def test_an_extension_that_other_terms_would_not_have_needed_makes_nobody_late():
    extended = (
        ("received", "1 Jun"),
        ("acknowledged", "5 Jun"),
        ("extended", "18 Jun", {"new_due_on": "24 Jun"}),
        ("responded", "26 Jun"),
    )

    trial = tried(other("20 working days"), extended)

    assert trial.promises["stage-1", "respond"].ran.late == 1
    assert trial.promises["stage-1", "respond"].tried.in_time == 1


def test_an_answer_within_an_extension_is_counted_apart_from_one_in_time():
    extended = (
        ("received", "1 Jun"),
        ("acknowledged", "5 Jun"),
        ("extended", "18 Jun", {"new_due_on": "30 Jun"}),
        ("responded", "26 Jun"),
    )

    trial = tried(other("15 working days"), ANSWERED, extended)

    ran = trial.promises["stage-1", "respond"].ran
    assert (ran.in_time, ran.extended, ran.late) == (1, 1, 0)
    assert trial.promises["stage-1", "respond"].tried.in_time == 2
    assert trial.changes == []


def test_what_is_not_due_yet_is_neither_in_time_nor_late_and_counts_in_its_week():
    waiting = (("received", "1 Jun"), ("acknowledged", "5 Jun"))

    trial = tried(other("5 working days"), waiting, today=day("15 Jun"))

    [change] = trial.changes
    assert change.before.verdict is None
    assert change.after.verdict is Verdict.LATE
    assert trial.whole.ran.settled == 1
    assert trial.promises["stage-1", "respond"].ran.peak == (day("15 Jun"), 1)
    assert trial.promises["stage-1", "respond"].tried.peak == (day("8 Jun"), 1)


def test_of_weeks_in_which_as_much_is_due_the_first_is_the_peak():
    early = (("received", "1 Jun"), ("acknowledged", "3 Jun"))
    late = (("received", "15 Jun"), ("acknowledged", "17 Jun"))

    trial = tried(TERMS["code-2024"], early, late)

    assert trial.promises["stage-1", "respond"].ran.peak == (day("15 Jun"), 1)


@pytest.mark.parametrize("code", ["livv-two-stage", "herefordshire"])
def test_a_complaint_that_went_through_stages_which_the_terms_lack_is_left_out(code):
    trial = tried(TERMS[code], ANSWERED)

    assert (trial.complaints, trial.left_out) == (0, 1)
    assert trial.whole.tried.settled == 0
    assert finding(trial) == "No complaint of these days can be tried."


CALENDARS = {1: ENGLAND, 2: ENGLAND}


@given(st.sampled_from(sorted(TERMS)), histories())
def test_tried_under_the_terms_by_which_it_ran_nothing_changes(code, recorded):
    trial = Trial(TODAY)

    trial.take(
        1,
        None,
        replay(TERMS[code], recorded, CALENDARS),
        replay(TERMS[code], recorded, CALENDARS),
    )

    assert trial.changes == []
    assert trial.whole.ran == trial.whole.tried
    assert trial.whole.ran.settled <= trial.whole.ran.weeks.total()


@given(histories(), st.integers(10, 60))
def test_a_longer_limit_for_the_answer_makes_nothing_late(recorded, working_days):
    trial = Trial(TODAY)

    trial.take(
        1,
        None,
        replay(TERMS["code-2024"], recorded, CALENDARS),
        replay(other(f"{working_days} working days"), recorded, CALENDARS),
    )

    assert trial.worse == 0


def test_a_promise_that_an_earlier_end_made_needless_has_no_effect():
    withdrawn = happened("code-2024", ("received", "1 Jun"), ("withdrawn", "3 Jun"))
    acknowledge = withdrawn.deadline("stage-1", "acknowledge")

    assert judge(acknowledge, acknowledge.original_due_on, TODAY) is None
