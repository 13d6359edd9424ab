"""Where a complaint stands, told by histories that can be checked with a pencil."""

import pytest

from cases.rules.calendars import WorkingCalendar
from cases.rules.events import EventKind, Outcome, PanelDecision
from cases.rules.explanation import explain
from cases.rules.independence import not_independent_because
from cases.rules.state import DeadlineState, Status
from cases.tests.rules.stories import ENGLAND, became, day, due, happened, promise
from cases.tests.rules.strategies import TERMS

FLOOD = WorkingCalendar(
    holidays=ENGLAND.holidays, closures={day("11 Jun"): "Flood", day("12 Jun"): "Flood"}
)
UPHELD = {"outcome": "upheld"}


class TestChronologiesOfTheFiveProcedures:
    def test_kht_counts_from_the_day_the_team_got_it(self):
        state = happened(
            "kht-three-stage",
            ("received", "8 Jun"),
            ("received_by_team", "9 Jun"),
            ("responded", "16 Jun", {"channel": "email"}),
        )

        assert due(state, "acknowledge") == "12 Jun"
        assert due(state, "respond") == "16 Jun"
        assert due(state, "escalate-by") == "30 Jun"

    def test_first_ark_counts_from_the_day_contact_was_due_when_nobody_made_it(self):
        state = happened("first-ark-panel", ("received", "8 May"))

        assert due(state, "first-contact") == "11 May"
        assert due(state, "respond") == "2 Jun"

    def test_first_ark_needs_a_new_notice_when_the_hearing_moves(self):
        moved = [
            ("received", "1 Jun"),
            ("responded", "5 Jun"),
            ("escalation_requested", "18 Jun"),
            ("hearing_arranged", "22 Jun", {"hearing_on": "16 Jul"}),
            ("invitation_sent", "23 Jun"),
        ]
        first = happened("first-ark-panel", *moved)
        second = happened(
            "first-ark-panel", *moved, ("hearing_arranged", "2 Jul", {"hearing_on": "27 Jul"})
        )

        assert (due(first, "give-notice"), became(first, "give-notice")) == ("9 Jul", "met")
        assert (due(second, "give-notice"), became(second, "give-notice")) == ("20 Jul", "open")

    def test_livv_may_begin_stage_one_with_its_letter_late_already(self):
        state = happened("livv-two-stage", ("received", "8 Jun"), ("passed_on", "24 Jun"))

        assert state.stage == "stage-1"
        assert (due(state, "respond"), became(state, "respond")) == ("22 Jun", "open")
        assert due(state, "manager-contact") == "15 Jun"

    def test_herefordshire_answers_a_day_late_and_the_window_runs_from_the_answer(self):
        state = happened(
            "herefordshire",
            ("received", "6 Jul"),
            ("passed_on", "8 Jul"),
            ("responded", "30 Jul"),
        )

        assert (due(state, "respond"), became(state, "respond")) == ("29 Jul", "met_late")
        assert due(state, "escalate-by") == "20 Aug"

    def test_herefordshire_sends_back_to_a_new_visit_of_stage_2(self):
        state = happened(
            "herefordshire",
            ("received", "1 Jun"),
            ("passed_on", "2 Jun"),
            ("responded", "10 Jun"),
            ("escalation_requested", "15 Jun"),
            ("responded", "30 Jun"),
            ("escalation_requested", "10 Jul"),
            ("hearing_held", "7 Sep"),
            ("outcome_sent", "14 Sep", {"panel_decision": "re-investigate"}),
        )

        assert (state.stage, state.visit) == ("stage-2", 2)
        assert due(state, "acknowledge") == "17 Sep"
        assert due(state, "respond") == "5 Oct"
        assert state.panel_decision is PanelDecision.RE_INVESTIGATE
        assert state.outcome is None
        assert state.transitions[-1].why == "sent_back"

    def test_the_code_counts_the_response_from_the_acknowledgement(self):
        state = happened("code-2024", ("received", "1 May"), ("acknowledged", "1 May"))

        assert due(state, "respond") == "18 May"

    def test_the_code_counts_from_the_last_day_for_an_acknowledgement_that_never_came(self):
        state = happened("code-2024", ("received", "8 Jun"))

        assert due(state, "acknowledge") == "15 Jun"
        assert due(state, "respond") == "29 Jun"
        assert promise(state, "respond").anchor.label == "due:acknowledge"


class TestWindows:
    answered = (("received", "1 Jun"), ("received_by_team", "1 Jun"))

    def test_a_letter_by_post_is_deemed_received_on_the_second_working_day(self):
        # Answered on a Friday: deemed received on Tuesday the 9th.
        state = happened(
            "kht-three-stage", *self.answered, ("responded", "5 Jun", {"channel": "post"})
        )

        assert promise(state, "escalate-by").anchor.on == day("9 Jun")
        assert due(state, "escalate-by") == "23 Jun"

    def test_a_letter_posted_later_than_it_was_written_counts_from_the_posting(self):
        state = happened(
            "kht-three-stage",
            *self.answered,
            ("responded", "5 Jun", {"channel": "post"}),
            ("corrected", "8 Jun", {"target": 3, "changes": {"posted_on": "2026-06-08"}}),
        )

        assert promise(state, "escalate-by").anchor.on == day("10 Jun")
        assert became(state, "respond") == "met"
        assert due(state, "escalate-by") == "24 Jun"

    def test_the_day_the_customer_really_had_the_letter_replaces_the_deemed_one(self):
        state = happened(
            "kht-three-stage",
            *self.answered,
            ("responded", "5 Jun", {"channel": "post"}),
            ("delivered", "11 Jun"),
        )

        assert promise(state, "escalate-by").anchor.label == "delivered"
        assert due(state, "escalate-by") == "25 Jun"

    def test_a_delivery_before_the_answer_is_of_another_letter(self):
        state = happened(
            "kht-three-stage", *self.answered, ("delivered", "3 Jun"), ("responded", "5 Jun")
        )

        assert promise(state, "escalate-by").anchor.on == day("5 Jun")

    def test_a_window_waits_for_the_answer_and_is_used_by_the_request(self):
        waiting = happened("kht-three-stage", *self.answered)
        used = happened(
            "kht-three-stage",
            *self.answered,
            ("responded", "5 Jun"),
            ("escalation_requested", "15 Jun", {"in_time": True}),
        )

        assert became(waiting, "escalate-by") == "waiting"
        assert became(used, "escalate-by", stage="stage-1") == "used"
        assert promise(used, "escalate-by", stage="stage-1").met_on == day("15 Jun")

    def test_a_window_is_told_as_expired_after_its_day_and_never_as_overdue(self):
        state = happened("kht-three-stage", *self.answered, ("responded", "5 Jun"))
        window = promise(state, "escalate-by")

        told = [window.state.on(on, window.due_on, is_window=True) for on in
                (window.due_on, day("20 Jun"))]  # fmt: skip

        assert told == ["open", "expired"]

    def test_more_time_for_the_customer_replaces_the_window(self):
        state = happened(
            "first-ark-panel",
            ("received", "1 Jun"),
            ("responded", "5 Jun"),
            ("window_extended", "10 Jun", {"new_due_on": "31 Jul"}),
        )
        window = promise(state, "escalate-by")

        assert (window.original_due_on, window.due_on) == (day("19 Jun"), day("31 Jul"))

    def test_a_late_request_waits_for_a_decision_though_the_procedure_takes_requests_at_once(self):
        late = ("escalation_requested", "30 Jun", {"in_time": False})
        asked = [*self.answered, ("responded", "5 Jun"), late]

        pending = happened("kht-three-stage", *asked)
        accepted = happened("kht-three-stage", *asked, ("escalation_accepted", "1 Jul"))

        assert pending.status is Status.AWAITING_DECISION
        assert accepted.status is Status.INVESTIGATING
        assert due(accepted, "respond") == "7 Jul"

    def test_a_refused_request_is_void_and_the_complaint_is_back_with_its_officer(self):
        state = happened(
            "first-ark-panel",
            ("received", "1 Jun", {"officer": 7, "area": 1}),
            ("responded", "5 Jun"),
            ("escalation_requested", "10 Jun", {"in_time": True}),
            ("assigned", "11 Jun", {"officer": 8, "area": 1}),
            ("escalation_refused", "12 Jun", {"ground": "followed_policy"}),
        )

        assert (state.stage, state.visit, state.status) == ("stage-1", 1, Status.ANSWERED)
        assert state.officer == 7
        assert became(state, "decide-escalation", stage="stage-2") == "met"
        assert became(state, "hold-hearing", stage="stage-2") == "void"
        # The eight weeks to the Ombudsman run from the refusal, which was the last word.
        assert due(state, "ombudsman-from", stage="stage-2") == "7 Aug"
        assert state.live_deadlines == []

    def test_a_new_request_after_a_refusal_is_a_new_visit(self):
        state = happened(
            "first-ark-panel",
            ("received", "1 Jun"),
            ("responded", "5 Jun"),
            ("escalation_requested", "10 Jun"),
            ("escalation_refused", "12 Jun"),
            ("escalation_requested", "16 Jun"),
        )

        assert (state.stage, state.visit) == ("stage-2", 2)
        assert due(state, "decide-escalation") == "19 Jun"

    def test_the_eight_weeks_are_an_earliest_day_that_never_rolls(self):
        state = happened(
            "first-ark-panel",
            ("received", "2 Mar"),
            ("responded", "5 Mar"),
            ("escalation_requested", "10 Mar"),
            ("hearing_held", "1 Apr"),
            ("outcome_sent", "8 May"),
        )
        earliest = promise(state, "ombudsman-from")

        assert earliest.due_on == day("3 Jul")
        assert earliest.is_earliest
        assert not earliest.is_live


class TestWhatBecameOfAPromise:
    def test_an_answer_overtakes_what_was_still_open_and_not_what_was_missed(self):
        state = happened("herefordshire", ("received", "1 Jun"), ("passed_on", "1 Jun"),
                         ("responded", "3 Jun"))  # fmt: skip
        missed = happened("herefordshire", ("received", "1 Jun"), ("passed_on", "1 Jun"),
                          ("responded", "10 Jun"))  # fmt: skip

        assert became(state, "acknowledge") == "overtaken"
        assert became(missed, "acknowledge") == "never_done"

    def test_what_is_met_on_its_day_is_in_time_and_the_day_after_late(self):
        in_time = happened("code-2024", ("received", "8 Jun"), ("acknowledged", "15 Jun"))
        late = happened("code-2024", ("received", "8 Jun"), ("acknowledged", "16 Jun"))

        assert became(in_time, "acknowledge") == "met"
        assert became(late, "acknowledge") == "met_late"

    def test_resolving_in_discussion_lifts_the_written_response(self):
        received = [("received", "1 Jun"), ("contacted", "2 Jun")]
        state = happened("first-ark-panel", *received, ("resolved", "8 Jun"))
        too_late = happened("first-ark-panel", *received, ("resolved", "24 Jun"))

        assert became(state, "respond") == "lifted"
        assert became(too_late, "respond") == "never_done"

    def test_a_withdrawn_complaint_binds_nobody(self):
        state = happened("code-2024", ("received", "8 Jun"), ("withdrawn", "9 Jun"))

        assert {d.state for d in state.deadlines} == {DeadlineState.VOID}
        assert (state.closed_as, state.closed_on) == ("withdrawn", day("9 Jun"))

    def test_what_a_withdrawal_voided_stays_void_after_reopening(self):
        state = happened(
            "code-2024", ("received", "8 Jun"), ("withdrawn", "9 Jun"), ("reopened", "22 Jun")
        )

        assert became(state, "acknowledge", visit=1) == "void"
        assert became(state, "acknowledge", visit=2) == "open"
        assert due(state, "acknowledge", visit=2) == "29 Jun"
        assert state.is_open

    def test_what_was_answered_before_a_withdrawal_stays_answered(self):
        state = happened(
            "kht-three-stage",
            ("received", "8 Jun"),
            ("responded", "9 Jun"),
            ("withdrawn", "10 Jun"),
        )

        assert became(state, "respond") == "met"
        assert became(state, "acknowledge") == "overtaken"

    def test_closing_without_an_answer_leaves_the_promise_undone(self):
        state = happened("code-2024", ("received", "8 Jun"), ("closed", "20 Jul"))

        assert became(state, "respond") == "never_done"
        assert state.closed_as == "closed"

    @pytest.mark.parametrize(
        ("code", "answer", "closed_as"),
        [("code-2024", "responded", "answered"), ("herefordshire", "resolved", "resolved")],
    )
    def test_a_closed_complaint_tells_how_it_ended(self, code, answer, closed_as):
        state = happened(code, ("received", "8 Jun"), (answer, "9 Jun"), ("closed", "10 Jun"))

        assert state.closed_as == closed_as

    def test_overdue_is_asked_of_a_day(self):
        deadline = promise(happened("code-2024", ("received", "8 Jun")), "acknowledge")

        told = [deadline.state.on(on, deadline.due_on, is_window=False)
                for on in (day("15 Jun"), day("16 Jun"))]  # fmt: skip

        assert told == ["open", "overdue"]


class TestMovedDays:
    received = (("received", "8 Jun"), ("acknowledged", "9 Jun"))

    def test_an_extension_replaces_the_day_and_keeps_the_first(self):
        state = happened(
            "code-2024", *self.received, ("extended", "22 Jun", {"new_due_on": "7 Jul"})
        )
        answer = promise(state, "respond")

        assert (answer.original_due_on, answer.due_on) == (day("23 Jun"), day("7 Jul"))
        assert answer.new_days[0].in_time

    def test_an_extension_told_after_the_day_then_due_is_not_in_time(self):
        state = happened(
            "code-2024",
            *self.received,
            ("extended", "22 Jun", {"new_due_on": "30 Jun"}),
            ("extended", "2 Jul", {"new_due_on": "7 Jul"}),
        )

        assert [new.in_time for new in promise(state, "respond").new_days] == [True, False]

    def test_an_agreed_day_moves_the_resolution_where_there_is_no_response(self):
        state = happened(
            "herefordshire",
            ("received", "8 Jun"),
            ("agreed_date", "10 Jun", {"new_due_on": "31 Jul"}),
        )

        assert due(state, "resolve") == "31 Jul"
        assert due(state, "log") == "9 Jun"

    def test_what_is_built_on_a_promise_does_not_move_with_its_extension(self):
        state = happened(
            "kht-three-stage",
            ("received", "1 Jun"),
            ("responded", "2 Jun"),
            ("escalation_requested", "3 Jun"),
            ("responded", "4 Jun"),
            ("escalation_requested", "5 Jun"),
            ("extended", "8 Jun", {"new_due_on": "31 Jul", "timescale": "hold-hearing"}),
        )

        assert due(state, "hold-hearing") == "31 Jul"
        # Five working days after Friday 19 June, the day the hearing was first due.
        assert due(state, "inform-outcome") == "26 Jun"

    def test_an_adjourned_hearing_counts_from_its_last_day(self):
        state = happened(
            "kht-three-stage",
            ("received", "1 Jun"),
            ("responded", "2 Jun"),
            ("escalation_requested", "3 Jun"),
            ("responded", "4 Jun"),
            ("escalation_requested", "5 Jun"),
            ("hearing_held", "10 Jun"),
            ("hearing_held", "17 Jun"),
        )

        assert due(state, "inform-outcome") == "24 Jun"
        assert promise(state, "hold-hearing").met_on == day("10 Jun")


class TestCalendarsAdoptedOnTheWay:
    editions = {1: ENGLAND, 2: FLOOD}
    adopted = ("calendar_adopted", "10 Jun", {"calendar": 2})

    def test_an_open_deadline_follows_the_new_calendar(self):
        state = happened("code-2024", ("received", "8 Jun"), self.adopted, calendars=self.editions)

        assert (due(state, "acknowledge"), promise(state, "acknowledge").calendar) == ("17 Jun", 2)

    def test_a_deadline_met_before_keeps_the_calendar_it_was_met_under(self):
        state = happened(
            "code-2024",
            ("received", "8 Jun"),
            ("acknowledged", "9 Jun"),
            self.adopted,
            calendars=self.editions,
        )

        assert (due(state, "acknowledge"), promise(state, "acknowledge").calendar) == ("15 Jun", 1)
        assert due(state, "respond") == "25 Jun"

    def test_a_promise_that_the_answer_overtook_is_history_too(self):
        state = happened(
            "herefordshire",
            ("received", "8 Jun"),
            ("passed_on", "8 Jun"),
            ("responded", "9 Jun"),
            self.adopted,
            calendars=self.editions,
        )

        assert (due(state, "acknowledge"), promise(state, "acknowledge").calendar) == ("11 Jun", 1)

    def test_a_window_already_told_is_not_shortened_though_the_post_comes_sooner(self):
        # Posted on Wednesday: deemed received on Tuesday, because of the flood that was expected.
        told = [
            ("received", "1 Jun"),
            ("passed_on", "1 Jun"),
            ("responded", "10 Jun", {"channel": "post"}),
        ]
        editions = {1: FLOOD, 2: ENGLAND}
        before = happened("herefordshire", *told, calendars=editions)
        after = happened(
            "herefordshire",
            *told,
            ("calendar_adopted", "11 Jun", {"calendar": 2}),
            calendars=editions,
        )

        assert due(before, "escalate-by") == due(after, "escalate-by") == "7 Jul"
        window = promise(after, "escalate-by")
        told_aloud = explain(window, TERMS["herefordshire"], 1, FLOOD).counting
        assert (window.calendar, told_aloud.due) == (1, window.original_due_on)

    def test_a_window_grows_with_a_closure_that_came_later(self):
        state = happened(
            "herefordshire",
            ("received", "1 Jun"),
            ("passed_on", "1 Jun"),
            ("responded", "9 Jun"),
            ("calendar_adopted", "10 Jun", {"calendar": 2}),
            calendars=self.editions,
        )

        assert due(state, "escalate-by") == "2 Jul"


class TestCorrectionsAndRetractions:
    def test_a_corrected_date_changes_what_is_measured(self):
        state = happened(
            "code-2024",
            ("received", "8 Jun"),
            ("acknowledged", "17 Jun"),
            ("corrected", "18 Jun", {"target": 2, "on": "12 Jun"}),
        )

        assert became(state, "acknowledge") == "met"
        assert due(state, "respond") == "26 Jun"

    def test_a_corrected_receipt_moves_every_promise(self):
        state = happened(
            "code-2024", ("received", "8 Jun"), ("corrected", "9 Jun", {"target": 1, "on": "5 Jun"})
        )

        assert state.received_on == day("5 Jun")
        assert due(state, "acknowledge") == "12 Jun"

    def test_a_corrected_receipt_never_moves_the_complaint_back_a_stage(self):
        state = happened(
            "kht-three-stage",
            ("received", "8 Jun"),
            ("responded", "10 Jun"),
            ("escalation_requested", "11 Jun", {"in_time": True}),
            ("corrected", "12 Jun", {"target": 2, "on": "9 Jun"}),
        )

        assert (state.stage, state.status) == ("stage-2", Status.INVESTIGATING)

    def test_a_struck_out_correction_no_longer_counts(self):
        state = happened(
            "code-2024",
            ("received", "8 Jun"),
            ("acknowledged", "12 Jun"),
            ("corrected", "18 Jun", {"target": 2, "on": "17 Jun"}),
            ("retracted", "19 Jun", {"target": 3}),
        )

        assert promise(state, "acknowledge").met_on == day("12 Jun")

    def test_a_struck_out_annulment_brings_the_complaint_back(self):
        told = [
            ("received", "8 Jun"),
            ("annulled", "9 Jun"),
            ("retracted", "10 Jun", {"target": 2}),
        ]

        assert happened("code-2024", *told[:2]).closed_as == "annulled"
        assert happened("code-2024", *told).is_open

    def test_a_struck_out_request_leaves_the_stage_as_it_was(self):
        state = happened(
            "kht-three-stage",
            ("received", "8 Jun"),
            ("responded", "10 Jun"),
            ("escalation_requested", "11 Jun"),
            ("retracted", "12 Jun", {"target": 3}),
        )

        assert (state.stage, became(state, "escalate-by")) == ("stage-1", "open")


class TestUntidyHistories:
    def test_an_answer_that_was_never_acknowledged_is_an_answer(self):
        state = happened("code-2024", ("received", "8 Jun"), ("responded", "20 Jul", UPHELD))

        assert state.irregular == ()
        assert became(state, "respond") == "met_late"
        assert state.outcome is Outcome.UPHELD

    def test_an_act_in_a_stage_whose_beginning_nobody_recorded_begins_it(self):
        state = happened(
            "code-2024",
            ("received", "8 Jun"),
            ("responded", "12 Jun"),
            ("responded", "20 Jul", {"stage": "stage-2"}),
        )

        assert state.stage == "stage-2"
        assert state.irregular == ((3, "Nothing says how this stage began."),)
        assert became(state, "respond") == "met"

    def test_a_stage_that_begins_after_the_end_opens_the_complaint(self):
        state = happened(
            "herefordshire",
            ("received", "1 Jun"),
            ("resolved", "2 Jun"),
            ("closed", "2 Jun"),
            ("passed_on", "10 Jun"),
        )

        assert (state.is_open, state.stage, state.closed_on) == (True, "stage-1", None)
        assert state.irregular == ((4, "It was closed already."),)

    def test_one_event_moves_the_complaint_once(self):
        # Nobody recorded the appeal that this letter ends; it begins the appeal and sends it back.
        state = happened(
            "herefordshire",
            ("received", "1 Jun"),
            ("passed_on", "2 Jun"),
            ("outcome_sent", "1 Sep", {"stage": "stage-3", "panel_decision": "re-investigate"}),
        )

        assert [(m.from_stage, m.to_stage) for m in state.transitions] == [
            ("", "initial"),
            ("initial", "stage-1"),
            ("stage-1", "stage-2"),
        ]

    def test_a_decision_after_the_end_changes_nothing(self):
        state = happened(
            "first-ark-panel",
            ("received", "1 Jun"),
            ("responded", "5 Jun"),
            ("escalation_requested", "10 Jun"),
            ("withdrawn", "11 Jun"),
            ("escalation_refused", "12 Jun"),
        )

        assert (state.status, state.stage) == (Status.CLOSED, "stage-2")
        assert state.live_deadlines == []

    @pytest.mark.parametrize(
        ("told", "words"),
        [
            (("acknowledged", "1 Jun"), "It is dated before the complaint was received."),
            (("received", "9 Jun"), "The complaint had been received already."),
            (("reopened", "9 Jun"), "It was not closed."),
            (("escalation_accepted", "9 Jun"), "No request was waiting for a decision."),
            (("passed_on", "9 Jun"), "There is no other stage to pass it on to."),
            (
                ("noted", "9 Jun", {"stage": "stage-7"}),
                "It names a stage the complaint was never in.",
            ),
            (
                ("escalation_requested", "9 Jun", {"stage": "stage-1"}),
                "The procedure does not lead there from here.",
            ),
        ],
    )
    def test_what_does_not_fit_is_marked(self, told, words):
        assert happened("code-2024", ("received", "8 Jun"), told).irregular == ((2, words),)

    def test_nothing_comes_after_the_last_stage(self):
        state = happened(
            "code-2024",
            ("received", "1 Jun"),
            ("responded", "2 Jun"),
            ("escalation_requested", "3 Jun"),
            ("responded", "4 Jun"),
            ("escalation_requested", "5 Jun"),
        )

        assert state.irregular == ((5, "There is no further stage to ask for."),)

    def test_a_second_end_is_marked_and_the_first_stands(self):
        state = happened(
            "code-2024", ("received", "8 Jun"), ("withdrawn", "9 Jun"), ("closed", "10 Jun")
        )

        assert state.closed_on == day("9 Jun")
        assert state.irregular == ((3, "It was closed already."),)

    def test_a_determination_without_a_recorded_referral_is_kept(self):
        state = happened("code-2024", ("received", "8 Jun"), ("determined", "9 Jun"))

        assert (state.determined_on, state.referred_to_ombudsman_on) == (day("9 Jun"), None)
        assert state.irregular == ()


class TestPeople:
    def test_who_answered_or_was_responsible_handled_the_stage(self):
        state = happened(
            "code-2024",
            ("received", "8 Jun", {"officer": 5, "area": 1}),
            ("responded", "12 Jun", {"actor": 6}),
            ("escalation_requested", "15 Jun"),
        )

        assert state.handlers["stage-1"] == {5, 6}
        assert state.responders["stage-1"] == {6}
        # Somebody new is needed, so nobody carries on by himself.
        assert state.officer is None

    @pytest.mark.parametrize(
        ("code", "person", "senior", "refused"),
        [
            ("code-2024", 5, 3, True),
            ("code-2024", 9, 1, False),
            ("kht-three-stage", 9, 2, True),
            ("kht-three-stage", 9, 3, False),
            ("kht-three-stage", 6, 5, True),
        ],
    )
    def test_stage_2_is_for_somebody_new_or_more_senior(self, code, person, senior, refused):
        state = happened(
            code,
            ("received", "8 Jun", {"officer": 5, "area": 1}),
            ("responded", "12 Jun", {"actor": 6}),
            ("escalation_requested", "15 Jun"),
        )

        why = not_independent_because(
            state,
            TERMS[code],
            stage="stage-2",
            person=person,
            person_seniority=senior,
            earlier_seniority=2,
        )

        assert bool(why) is refused

    def test_the_receipt_may_name_a_later_stage_to_begin_with(self):
        state = happened("herefordshire", ("received", "8 Jun", {"stage": "stage-1"}))

        assert state.stage == "stage-1"
        assert due(state, "acknowledge") == "11 Jun"


def test_an_event_without_a_time_comes_after_what_was_recorded_before_it_that_day():
    state = happened("code-2024", ("received", "8 Jun"), ("responded", "9 Jun"),
                     ("escalation_requested", "9 Jun"))  # fmt: skip

    assert [event.kind for event in state.events][-1] is EventKind.ESCALATION_REQUESTED
    assert state.stage == "stage-2"
