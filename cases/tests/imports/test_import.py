"""Bringing old cases in."""

import sys
from datetime import date

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import (
    Alert,
    Category,
    Complaint,
    Customer,
    Letter,
    OutboundMessage,
    Procedure,
    ProcedureVersion,
    RecordedEvent,
    ServiceArea,
)
from cases.operations.correct import correct_date, retract
from cases.operations.lateness import saying_why
from cases.operations.telling import Telling
from cases.rules.lateness import Lateness
from cases.rules.roles import Role
from cases.rules.state import Status
from cases.tests.answering import acknowledge
from cases.tests.factories import CategoryFactory, CustomerFactory
from cases.tests.fixtures import at
from cases.tests.imports.files import complaint, row, state_of, text_of
from cases.tests.rules.stories import became, day, due

SLOW = Lateness("The post was slow.", avoidable=True, done_by=date(2027, 6, 1))
RECEIVED = row(
    "received",
    "2026-06-08",
    customer_name="Ann Tenant",
    customer_category="leaseholder",
    address="14 Dock Road, Harbourside, HB1 4AA",
    email="ann@example.org",
    phone="0151 000 0000",
    channel="phone",
    service_area="Repairs north",
    category="Boilers",
    summary="The boiler is cold.",
    desired_outcome="A boiler that works",
    note="Very upset.",
)


def under(procedure, *rows):
    return [{**each, "procedure": procedure} for each in rows]


class TestWhatIsKept:
    def test_a_case_is_recorded_with_all_that_is_told_of_it(self, files, house):
        done = files.bring_in(RECEIVED, row("acknowledged", "2026-06-10", note="By letter"))

        found = complaint()
        assert done.code == 0
        assert (found.customer.name, found.customer.category) == ("Ann Tenant", "leaseholder")
        assert (found.customer.address, found.customer.postcode) == (
            "14 Dock Road, Harbourside",
            "HB1 4AA",
        )
        assert (found.customer.email, found.customer.phone) == ("ann@example.org", "0151 000 0000")
        assert (found.channel, found.service_area) == ("phone", house.team)
        assert found.category.name == "Boilers"
        assert (found.summary, found.desired_outcome) == (
            "The boiler is cold.",
            "A boiler that works",
        )
        assert (found.level, found.needs_triage, found.logged_by) == ("normal", False, None)
        assert (found.version, found.stage, found.acknowledged_on) == (2, "stage-1", day("10 Jun"))

    def test_the_receipt_names_version_and_calendar_as_for_any_complaint(self, files, house):
        files.bring_in(RECEIVED)
        imported = RecordedEvent.objects.get(number=1).facts
        lodged = house.lodge().events.get(number=1).facts

        assert set(lodged) <= {*imported, "copied"}
        assert imported["version"] == complaint().procedure_version_id
        assert imported["calendar"] == lodged["calendar"]
        assert (imported["customer"], imported["area"]) == (
            complaint().customer_id,
            house.team.pk,
        )

    def test_events_are_chained_recorded_now_and_by_nobody(self, files):
        files.bring_in(RECEIVED, row("acknowledged", "2026-06-10", note="By letter"))

        first, second = RecordedEvent.objects.order_by("number")
        assert second.previous_hash == first.hash
        assert {first.actor, second.actor} == {None}
        assert first.recorded_at.date() > date(2026, 6, 8)
        assert first.words.parts == {
            "summary": "The boiler is cold.",
            "desired_outcome": "A boiler that works",
            "note": "Very upset.",
        }
        assert second.words.parts == {"note": "By letter"}
        call_command("verify_record", verbosity=0)

    def test_nobody_is_written_to(self, files):
        files.bring_in(RECEIVED, row("responded", "2026-06-12", outcome="upheld"))

        assert not OutboundMessage.objects.exists()
        assert not Alert.objects.exists()
        assert not Letter.objects.exists()

    def test_a_complaint_is_found_by_its_customer_and_its_words(self, files):
        files.bring_in(RECEIVED, row("noted", "2026-06-10", note="A dehumidifier was lent"))

        entry = complaint().search_entry

        assert "ann" in entry.names
        assert "boiler" in entry.words
        assert "dehumidifier" in entry.notes

    @pytest.mark.parametrize("reference", ["OLD/2019/0001", "a b c", "№ 5", "x" * 40])
    def test_the_reference_is_kept_as_it_was(self, files, reference):
        done = files.bring_in({**RECEIVED, "reference": reference})

        assert done.code == 0
        assert complaint(reference).version == 1

    def test_what_the_receipt_leaves_out_is_taken_from_a_later_row(self, files):
        files.bring_in(row("received", "2026-06-08"), {**RECEIVED, "event": "noted"})

        assert complaint().customer.name == "Ann Tenant"

    def test_a_customer_without_a_name_is_kept_without_one(self, files):
        files.bring_in(row("received", "2026-06-08"))

        assert complaint().customer.name == "Name not recorded"
        assert files.take_out()[0]["customer_name"] == ""

    @pytest.mark.rule("HH-13")
    @pytest.mark.parametrize(
        ("category", "register"),
        [("tenant", "main"), ("shared_owner", "main"), ("member_of_the_public", "non_tenant")],
    )
    def test_those_who_are_neither_tenants_nor_leaseholders_have_their_own_register(
        self, files, category, register
    ):
        told = {**RECEIVED, "customer_category": category}

        files.bring_in(*under("herefordshire", told))

        assert complaint().register == register


class TestHowAFileReads:
    def test_rows_may_stand_in_any_order_and_cases_be_mixed(self, files):
        other = {**RECEIVED, "reference": "OLD-2"}

        files.bring_in(
            row("responded", "2026-06-12"),
            other,
            row("acknowledged", "2026-06-10"),
            RECEIVED,
            row("noted", "2026-06-09", reference="OLD-2"),
        )

        assert [e.kind for e in complaint().events.order_by("number")] == [
            "received",
            "acknowledged",
            "responded",
        ]
        assert complaint("OLD-2").version == 2

    def test_what_happened_on_one_day_keeps_the_order_of_the_file(self, files):
        files.bring_in(
            row("escalation_requested", "2026-06-10T15:00"),
            RECEIVED,
            row("noted", "2026-06-10", note="first"),
            row("responded", "2026-06-10T09:00"),
            row("noted", "2026-06-10", note="second"),
        )

        told = [e["note"] or e["event"] for e in files.take_out()[0]["events"]]
        # An event without a time follows what stands before it, however late that was.
        assert told == ["Very upset.", "responded", "escalation_requested", "first", "second"]

    def test_the_column_beats_the_option(self, files):
        plain = {**RECEIVED, "procedure": ""}

        files.bring_in(plain, {**RECEIVED, "reference": "OLD-2"}, procedure="herefordshire")

        assert str(complaint().procedure_version.procedure.code) == "herefordshire"
        assert complaint("OLD-2").procedure_version.procedure.code == "code-2024"

    def test_a_case_runs_under_the_version_in_force_when_it_was_received(self, files):
        procedure = Procedure.objects.get(code="code-2024")
        first = procedure.versions.get()
        second = ProcedureVersion.objects.create(
            procedure=procedure,
            number=2,
            effective_on=date(2026, 6, 1),
            terms_words=first.terms_words,
            published_at=first.published_at,
        )

        files.bring_in(RECEIVED, {**RECEIVED, "reference": "OLD-2", "occurred_at": "2026-05-31"})

        assert complaint().procedure_version == second
        assert complaint("OLD-2").procedure_version == first

    def test_a_blank_stage_is_the_current_one(self, files):
        files.bring_in(
            RECEIVED,
            row("responded", "2026-06-12"),
            row("escalation_requested", "2026-06-15"),
            row("acknowledged", "2026-06-16"),
        )

        stages = list(complaint().events.order_by("number").values_list("stage", "visit"))
        assert stages[1:] == [("stage-1", 1), ("stage-2", 0), ("stage-2", 1)]
        assert due(state_of(), "respond") == "14 Jul"

    def test_blank_lines_a_byte_order_mark_and_few_columns_do_no_harm(self, files):
        text = text_of(
            row("received", "2026-06-08"),
            columns=("occurred_at", "event", "reference", "procedure"),
        )

        done = files.bring_in_text("\ufeff" + text + "\n,,,\n")

        assert (done.code, complaint().version) == (0, 1)

    def test_a_column_that_means_nothing_here_is_named_and_not_used(self, files):
        text = (
            "reference,event,occurred_at,procedure,mood\nOLD-1,received,2026-06-08,code-2024,bad\n"
        )

        done = files.bring_in_text(text)

        assert done.code == 0
        assert "Columns not used: mood." in done.err


class TestHistoryAsItWas:
    def test_without_the_teams_day_the_day_of_receipt_serves(self, files):
        files.bring_in(*under("kht-three-stage", RECEIVED))

        assert due(state_of(), "acknowledge") == "11 Jun"

    def test_a_request_and_a_passing_on_start_the_clocks_of_the_stage_they_name(self, files):
        files.bring_in(
            *under(
                "herefordshire",
                RECEIVED,
                row("passed_on", "2026-06-10", stage="stage-1"),
                row("responded", "2026-06-12"),
                row("escalation_requested", "2026-06-15", stage="stage-2"),
            )
        )

        state = state_of()
        assert due(state, "acknowledge", stage="stage-1") == "15 Jun"
        assert due(state, "acknowledge", stage="stage-2") == "18 Jun"
        assert became(state, "escalate-by", stage="stage-1") == "used"

    def test_a_letter_by_post_is_deemed_received_two_working_days_later(self, files):
        told = [RECEIVED, row("responded", "2026-06-12")]
        files.bring_in(*under("kht-three-stage", *told))
        files.bring_in(
            *(
                {**each, "reference": "OLD-2", "channel": "post"}
                for each in under("kht-three-stage", *told)
            )
        )

        assert due(state_of("OLD-1"), "escalate-by") == "26 Jun"
        assert due(state_of("OLD-2"), "escalate-by") == "30 Jun"

    def test_an_answer_that_was_never_acknowledged_and_late_is_kept(self, files):
        done = files.bring_in(RECEIVED, row("responded", "2026-07-31", outcome="partly upheld"))

        assert done.code == 0
        assert became(state_of(), "acknowledge") == "never_done"
        assert became(state_of(), "respond") == "met_late"
        assert complaint().outcome == "partly_upheld"

    def test_a_determination_without_a_recorded_referral_is_kept(self, files):
        done = files.bring_in(
            RECEIVED,
            row("responded", "2026-06-12"),
            row("determined", "2026-10-01", outcome="maladministration"),
        )

        assert done.code == 0
        assert complaint().determined_on == day("1 Oct")

    def test_a_determination_whose_outcome_is_not_known_is_a_decision_all_the_same(
        self, files, house, client
    ):
        files.bring_in(RECEIVED, row("responded", "2026-06-12"), row("determined", "2026-10-01"))
        client.force_login(house[Role.COMPLAINTS_COORDINATOR])

        with time_machine.travel(at(day("2 Oct")), tick=False):
            page = client.get(reverse("cases:outside", args=[complaint().reference]))

        html = page.content.decode()
        assert 'on <time datetime="2026-10-01">Thu 1 Oct 2026</time>. What was found' in html
        assert "has not decided" not in html

    def test_an_extension_moves_the_response_and_an_agreed_day_the_resolution(self, files):
        files.bring_in(RECEIVED, row("extended", "2026-06-10", new_due_on="2026-07-03"))
        told = [RECEIVED, row("agreed_date", "2026-06-10", new_due_on="2026-07-31")]
        files.bring_in(*({**each, "reference": "OLD-2"} for each in under("herefordshire", *told)))

        assert due(state_of(), "respond") == "3 Jul"
        assert due(state_of("OLD-2"), "resolve") == "31 Jul"

    def test_a_hearing_and_its_decision_are_kept(self, files):
        files.bring_in(
            *under(
                "herefordshire",
                row("received", "2026-04-01", stage="stage-1"),
                row("responded", "2026-04-10"),
                row("escalation_requested", "2026-04-20"),
                row("responded", "2026-05-01"),
                row("escalation_requested", "2026-05-12"),
                row("hearing_arranged", "2026-05-14", new_due_on="2026-06-03"),
                row("papers_sent", "2026-05-20"),
                row("hearing_held", "2026-06-03"),
                row("outcome_sent", "2026-06-10", outcome="re-investigate"),
            )
        )

        state = state_of()
        assert became(state, "send-papers", stage="stage-3") == "met"
        assert due(state, "send-papers", stage="stage-3") == "27 May"
        assert (state.stage, state.visit) == ("stage-2", 2)
        assert complaint().panel_decision == "re-investigate"

    def test_a_late_request_that_nobody_took_up_waits_for_its_decision(self, files):
        told = under(
            "kht-three-stage",
            RECEIVED,
            row("responded", "2026-06-12"),
            row("escalation_requested", "2026-09-01"),
        )
        went_on = under("kht-three-stage", row("contacted", "2026-09-02"))

        files.bring_in(*told)
        files.bring_in(*({**each, "reference": "OLD-2"} for each in [*told, *went_on]))

        assert state_of().status is Status.AWAITING_DECISION
        assert state_of("OLD-2").status is Status.INVESTIGATING

    def test_an_act_in_a_stage_that_nobody_began_is_kept(self, files):
        done = files.bring_in(
            RECEIVED,
            row("responded", "2026-06-12"),
            row("acknowledged", "2026-06-16", stage="stage-2"),
        )

        assert done.code == 0
        assert complaint().stage == "stage-2"

    def test_a_merged_case_is_linked_to_the_one_it_was_merged_into(self, files):
        files.bring_in(
            {**RECEIVED, "reference": "OLD-2"},
            RECEIVED,
            row("merged", "2026-06-09", outcome="OLD-2"),
        )

        assert complaint().linked_to == complaint("OLD-2")
        assert complaint().closed_as == "merged"


class TestRefusals:
    def test_a_case_is_imported_whole_or_not_at_all(self, files):
        done = files.bring_in(
            RECEIVED,
            row("acknowledged", "2026-06-10"),
            {**RECEIVED, "reference": "BAD-1"},
            row("answered", "2026-06-12", reference="BAD-1"),
        )

        assert done.code == 1
        assert [c.reference for c in Complaint.objects.all()] == ["OLD-1"]
        assert done.messages == [("5", "BAD-1", "“answered” is not an event code.")]
        assert "1 new complaints" in done.out
        assert "1 refused" in done.out
        assert "row 5, BAD-1" in done.err

    @pytest.mark.parametrize(
        ("rows", "told"),
        [
            ([row("acknowledged", "2026-06-10")], ["The first event of a case is “received”"]),
            (
                [RECEIVED, row("acknowledged", "2026-06-05")],
                ["“acknowledged” on 5 June 2026 is before the complaint was received, on 8 June"],
            ),
            (
                [
                    {**RECEIVED, "occurred_at": "2026-06-08T10:00"},
                    row("responded", "2026-06-08T09:59"),
                ],
                ["“responded” at 09:59 is before the complaint was received, at 10:00 that day."],
            ),
            ([RECEIVED, row("received", "2026-06-10")], ["It is received twice."]),
            (
                [row("received", "2026-06-08", procedure="")],
                ["No procedure is named, in the row or as an option."],
            ),
            ([row("received", "2026-06-08", procedure="none")], ["“none” is not a procedure."]),
            (
                [RECEIVED, row("noted", "2026-06-10", procedure="herefordshire")],
                ["One case cannot run under code-2024 and herefordshire."],
            ),
            ([{**RECEIVED, "email": "ann at home"}], ["“ann at home” is not an e-mail address."]),
            ([{**RECEIVED, "customer_category": "friend"}], ["“friend” is not a category"]),
            ([{**RECEIVED, "phone": "0" * 41}], ["phone is longer than 40 characters."]),
            ([{**RECEIVED, "reference": "x" * 41}], ["The reference is longer than 40"]),
            ([{**RECEIVED, "reference": "a//b"}], ["A reference cannot begin or end with “/”"]),
            ([{**RECEIVED, "reference": ".."}], ["A reference needs a letter or a figure."]),
            ([{**RECEIVED, "reference": "a\u200bb"}], ["The reference has characters"]),
            ([{**RECEIVED, "reference": " "}], ["The reference is missing."]),
            ([{**RECEIVED, "note": "nul \x00"}], ["The row has a character that cannot be kept."]),
            (
                [RECEIVED, row("passed_on", "2026-06-10")],
                ["Nothing tells which stage follows Stage 1 here: name the stage."],
            ),
            (
                [RECEIVED, row("answered", "2026-06-10"), row("noted", "2026-06-01")],
                ["“answered” is not an event code.", "“noted” on 1 June 2026 is before"],
            ),
        ],
    )  # fmt: skip
    def test_what_makes_no_sense_is_told_row_by_row(self, files, rows, told):
        done = files.bring_in(*rows)

        assert done.code == 1
        assert not Complaint.objects.exists()
        assert len(done.messages) == len(told)
        for (_, _, message), words in zip(done.messages, told, strict=True):
            assert message.startswith(words)

    def test_a_row_with_too_many_cells_is_told(self, files):
        done = files.bring_in_text(
            "reference,event,occurred_at,procedure\nOLD-1,received,2026-06-08,code-2024,more\n"
        )

        assert done.messages == [
            ("2", "OLD-1", "The row has more cells than the heading has columns.")
        ]

    @pytest.mark.parametrize(
        "text",
        [
            b"\xff\xfe",
            b"",
            b"reference,event\n",
            b"reference,event,occurred_at,event\n",
            b'reference,event,occurred_at\n"OLD-1,received\n',
        ],
    )
    def test_a_file_that_cannot_be_read_ends_with_2(self, files, text):
        done = files.bring_in_text(text)

        assert done.code == 2
        assert "Nothing was imported." in done.err

    def test_a_file_that_is_not_there_ends_with_2(self, house, tmp_path):
        with pytest.raises(CommandError, match="cannot be read") as refused:
            call_command("import_complaints", str(tmp_path / "none.csv"))

        assert refused.value.returncode == 2

    def test_an_unknown_procedure_as_an_option_ends_with_2(self, files):
        assert files.bring_in(RECEIVED, procedure="none").code == 2

    def test_a_file_of_errors_that_cannot_be_written_is_told_before_anything_is_imported(
        self, house, tmp_path
    ):
        path = tmp_path / "old.csv"
        path.write_text(text_of(RECEIVED))

        with pytest.raises(CommandError, match="cannot be written") as refused:
            call_command("import_complaints", str(path), errors=str(tmp_path))

        assert refused.value.returncode == 2
        assert not Complaint.objects.exists()

    @pytest.mark.django_db
    def test_without_a_landlord_it_ends_with_2(self, tmp_path):
        path = tmp_path / "old.csv"
        path.write_text(text_of(RECEIVED))

        with pytest.raises(CommandError, match="not set up") as refused:
            call_command("import_complaints", str(path))

        assert refused.value.returncode == 2

    def test_many_problems_are_told_in_the_file_and_not_all_on_the_screen(self, files):
        done = files.bring_in(
            *(row("answered", "2026-06-10", reference=f"B{n}") for n in range(60))
        )

        assert len(done.messages) == 60
        assert done.err.count("\n") == 51
        assert "And 10 more" in done.err


class TestAgain:
    told = (
        RECEIVED,
        row("acknowledged", "2026-06-10T09:30:15.25", channel="email"),
        row("noted", "2026-06-10", note="Rang"),
        row("noted", "2026-06-10", note="Rang"),
        row("responded", "2026-06-12", outcome="Partly upheld", amount="£50"),
    )

    def test_the_same_file_adds_nothing(self, files):
        files.bring_in(*self.told)

        done = files.bring_in(*self.told)

        assert (done.code, complaint().version) == (0, 5)
        assert "Imported 0 events" in done.out
        assert Customer.objects.count() == 1

    def test_what_is_new_is_added_to_a_case_that_is_there(self, files):
        files.bring_in(*self.told)

        done = files.bring_in(
            *self.told,
            row("noted", "2026-06-10", note="Rang"),
            row("delivered", "2026-06-15"),
            row("contacted", "2026-06-11"),
        )

        assert "Imported 3 events: 0 new complaints, 1 with new events" in done.out
        assert complaint().version == 8
        assert [e.kind.value for e in state_of().events][-3:] == [
            "contacted",
            "responded",
            "delivered",
        ]
        call_command("verify_record", verbosity=0)

    def test_a_case_that_goes_on_moves_to_its_next_stage(self, files):
        files.bring_in(*self.told)

        files.bring_in(*self.told, row("escalation_requested", "2026-06-15"))

        found = complaint()
        assert (found.stage, found.is_open, found.next_due) == ("stage-2", True, "acknowledge")
        state_of()

    def test_what_was_exported_adds_nothing(self, files, house):
        mine = house.lodge()
        acknowledge(
            complaint_id=mine.pk,
            by=house[Role.RESPONSIBLE_OFFICER],
            now=at(date(2026, 6, 9)),
            seen=None,
            on=date(2026, 6, 9),
            telling=Telling("email", "Dear Ann,\r\nthank you.\r\n"),
        )
        files.bring_in(*self.told)

        done = files.bring_in_text(files.take_out_text(format="csv"))

        assert "Imported 0 events: 0 new complaints, 0 with new events; 2 unchanged" in done.out

    def test_an_entry_struck_out_since_does_not_come_back(self, files, house):
        files.bring_in(*self.told)
        self._put_right(house, retract, number=3)

        files.bring_in(*self.told)

        assert complaint().version == 6

    def test_an_entry_is_known_by_its_old_day_and_by_its_corrected_one(self, files, house):
        files.bring_in(*self.told)
        self._put_right(house, correct_date, number=2, on=date(2026, 6, 9))

        files.bring_in(*self.told)
        files.bring_in_text(files.take_out_text(format="csv"))

        assert complaint().version == 6
        assert complaint().acknowledged_on == day("9 Jun")

    @staticmethod
    def _put_right(house, act, **details):
        act(
            complaint_id=complaint().pk,
            by=house[Role.COMPLAINTS_COORDINATOR],
            now=at(date(2026, 11, 2)),
            seen=5,
            reason="It was another complaint.",
            **details,
        )

    def test_another_day_of_receipt_is_refused(self, files):
        files.bring_in(RECEIVED)

        done = files.bring_in({**RECEIVED, "occurred_at": "2026-06-09"})

        assert done.messages == [("2", "OLD-1", "It was received on 8 June 2026 already.")]

    def test_another_procedure_is_refused(self, files):
        files.bring_in(RECEIVED)

        done = files.bring_in(*under("herefordshire", RECEIVED))

        assert "runs under code-2024" in done.messages[0][2]

    def test_checking_only_writes_nothing(self, files):
        done = files.bring_in(
            *self.told, row("answered", "2026-06-10", reference="B"), dry_run=True
        )

        assert done.code == 1
        assert "Would import 5 events: 1 new complaints" in done.out
        assert not Complaint.objects.exists()
        assert not Category.objects.filter(name="Boilers").exists()


class TestCustomersAndPlaces:
    @pytest.mark.parametrize(
        "cells",
        [
            {"address": "14 dock road  Harbourside, HB1 4AA", "email": "", "phone": ""},
            {"address": "HB1 4AA", "email": ""},
            {"address": "", "email": "ANN@example.org"},
            {"customer_name": "ann tenant"},
        ],
    )
    def test_somebody_is_known_by_name_and_address_postcode_or_email(self, files, cells):
        files.bring_in(RECEIVED, {**RECEIVED, "reference": "OLD-2", **cells})

        assert complaint("OLD-2").customer == complaint().customer

    @pytest.mark.parametrize(
        "cells",
        [
            {"customer_name": "Ann Other"},
            {"address": "1 Hill Street", "email": ""},
            {"phone": "0151 111 1111"},
            {"customer_category": "tenant"},
        ],
    )
    def test_somebody_of_whom_something_else_is_told_is_somebody_else(self, files, cells):
        files.bring_in(RECEIVED, {**RECEIVED, "reference": "OLD-2", **cells})

        assert complaint("OLD-2").customer != complaint().customer

    def test_a_customer_already_there_is_found_and_filled_in(self, files):
        known = CustomerFactory(
            name="Ann Tenant", category="leaseholder", email="", phone="", postcode="HB1 4AA",
            address="14 Dock Road\nHarbourside",
        )  # fmt: skip

        files.bring_in(RECEIVED)

        known.refresh_from_db()
        assert complaint().customer == known
        assert known.email == "ann@example.org"

    def test_a_name_beyond_english_is_known_again(self, files):
        named = {**RECEIVED, "customer_name": "ÉVA ŁUCZAK"}

        files.bring_in(named)
        files.bring_in({**named, "reference": "OLD-2"})

        assert Customer.objects.count() == 1

    def test_people_without_names_are_never_taken_for_one_another(self, files):
        nameless = {**RECEIVED, "customer_name": ""}

        files.bring_in(nameless, {**nameless, "reference": "OLD-2"})

        assert Customer.objects.count() == 2

    def test_areas_and_categories_are_found_by_code_or_name_or_created(self, files, house):
        category = CategoryFactory(code="boilers", name="Heating")
        house.team.code = "rep-n"
        house.team.save()
        areas = ServiceArea.objects.count()

        files.bring_in(
            RECEIVED,
            {**RECEIVED, "reference": "OLD-2", "service_area": "REP-N", "category": "heating"},
            {**RECEIVED, "reference": "OLD-3", "service_area": "Gardens", "category": "Trees"},
            {**RECEIVED, "reference": "OLD-4", "service_area": "gardens", "category": "trees"},
        )

        assert {complaint(f"OLD-{n}").service_area_id for n in (1, 2)} == {house.team.pk}
        assert {complaint(f"OLD-{n}").category_id for n in (1, 2)} == {category.pk}
        assert complaint("OLD-3").service_area == complaint("OLD-4").service_area
        assert complaint("OLD-3").service_area.path == f"/{complaint('OLD-3').service_area_id}/"
        assert ServiceArea.objects.count() == areas + 1

    def test_names_that_shorten_to_one_code_get_codes_of_their_own(self, files):
        names = ["Team A", "Team-A!", "???"]

        files.bring_in(
            *({**RECEIVED, "reference": f"R{n}", "service_area": name, "category": name}
              for n, name in enumerate(names))
        )  # fmt: skip

        assert len({complaint(f"R{n}").service_area.code for n in range(3)}) == 3
        assert len({complaint(f"R{n}").category.code for n in range(3)}) == 3


class TestGoingOn:
    @saying_why(SLOW)
    def test_an_open_case_is_worked_on_as_any_other(self, files, house):
        files.bring_in(RECEIVED)
        imported = complaint()

        acknowledge(
            complaint_id=imported.pk,
            by=house[Role.COMPLAINTS_COORDINATOR],
            now=at(date(2026, 11, 2)),
            seen=1,
            on=date(2026, 11, 2),
            telling=Telling("email", "Thank you."),
        )

        assert complaint().acknowledged_on == day("2 Nov")
        assert became(state_of(), "acknowledge") == "met_late"
        call_command("verify_record", verbosity=0)

    def test_what_is_open_has_its_next_reminder_still_to_come(self, files):
        files.bring_in(RECEIVED, row("responded", "2026-06-12"))
        files.bring_in({**RECEIVED, "reference": "OLD-2"})

        assert not complaint().deadlines.filter(next_reminder_on__isnull=False).exists()
        assert complaint("OLD-2").deadlines.filter(next_reminder_on__isnull=False).exists()

    def test_an_open_case_without_an_officer_waits_among_the_unassigned(self, files):
        files.bring_in(RECEIVED)

        assert (complaint().responsible_officer, complaint().is_open) == (None, True)


class TestCost:
    def rows(self, prefix, number):
        for n in range(number):
            told = {"reference": f"{prefix}{n}"}
            yield {**RECEIVED, **told, "customer_name": f"Ann {prefix}{n}", "email": ""}
            yield row("acknowledged", "2026-06-10", note="By letter", **told)

    def statements(self, files, *rows):
        with CaptureQueriesContext(connection) as queries:
            assert files.bring_in(*rows).code == 0
        return len(queries)

    def test_a_batch_costs_the_same_however_many_cases_are_in_it(self, files):
        files.bring_in(RECEIVED)

        few = self.statements(files, *self.rows("A", 2))
        many = self.statements(files, *self.rows("B", 10))

        assert many == few

    def test_adding_to_cases_costs_the_same_however_many_there_are(self, files):
        files.bring_in(*self.rows("A", 2), *self.rows("B", 10))
        more = {"event": "responded", "occurred_at": "2026-06-12"}

        few = self.statements(files, *(row(reference=f"A{n}", **more) for n in range(2)))
        many = self.statements(files, *(row(reference=f"B{n}", **more) for n in range(10)))

        assert many == few

    def test_how_far_it_is_is_drawn_only_where_somebody_looks_on(self, files, monkeypatch):
        assert "[####" not in files.bring_in(RECEIVED).err

        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

        assert "[########################################] 1 of 1 events" in (
            files.bring_in({**RECEIVED, "reference": "OLD-2"}).err
        )
