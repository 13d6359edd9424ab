"""Promises with a day: who keeps them, what shows that they were kept, and who is reminded."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.errors import ActionNotAllowed, ReasonMissing, WrongDate
from cases.models import Alert, Complaint, Deadline, OutboundMessage, Presence, User
from cases.operations import assign, close, correct, escalate, promises
from cases.operations.lateness import saying_why
from cases.operations.messages_to_customers import write_to_customer
from cases.operations.promises import Promised, Proof, give_back_lost_promises
from cases.operations.rebuild import rebuild_projections
from cases.operations.reminders import sweep_deadlines
from cases.operations.stage_acts import Answer, Deed, resolve
from cases.operations.telling import Telling
from cases.rules.events import EventKind, Outcome
from cases.rules.lateness import Lateness
from cases.rules.letters import LetterKind
from cases.rules.promises import PromiseKind, kind_of
from cases.rules.remedies import Remedy
from cases.rules.roles import Role
from cases.selectors.case_history import history_of
from cases.selectors.case_page import case_page
from cases.selectors.export import exported_complaints
from cases.selectors.promises import (
    keeper_choices,
    promised_already,
    promises_owed,
    told_promises,
)
from cases.tasks import daily_housekeeping
from cases.tests.answering import respond
from cases.tests.factories import UserFactory
from cases.tests.fixtures import at

ANSWERED = date(2026, 6, 12)
DUE = date(2026, 6, 26)
VISIT = Promised("A surveyor visits you to look at the lift.", DUE)
REPORT = Proof("Report 12.")
OFFICER, MANAGER = Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER
COORDINATOR = Role.COMPLAINTS_COORDINATOR


@pytest.fixture
def case(house):
    """Return a complaint that was answered with a promise by letter, and how to act on it."""
    return Case(house)


class Case:
    def __init__(self, house):
        self.house = house
        self.key = house.lodge().pk
        self.do(
            respond,
            ANSWERED,
            OFFICER,
            on=ANSWERED,
            answer=Answer(Outcome.UPHELD, promises=[VISIT]),
            telling=Telling("email", "We looked into it."),
        )

    @property
    def row(self) -> Complaint:
        return Complaint.objects.get(pk=self.key)

    @property
    def promise(self) -> Deadline:
        return self.row.deadlines.promised().get()

    def do(self, act, day, by, **details):
        who = self.house[by] if isinstance(by, Role) else by
        return act(complaint_id=self.key, by=who, now=at(day), seen=self.row.version, **details)

    def keep(self, day=DUE, by=OFFICER, **details):
        given = {
            "promise": self.promise.promise,
            "on": day,
            "proof": REPORT,
            **details,
        }
        return self.do(promises.keep_promise, day, by, **given)

    def move(self, day, to, by=OFFICER, **details):
        given = {"telling": Telling("email", "The surveyor is ill."), **details}
        return self.do(
            promises.move_promise, day, by, promise=self.promise.promise, on=day, new_due_on=to,
            **given,
        )  # fmt: skip

    def give(self, day=ANSWERED, **details):
        given = {"keeper": None, "team": None, **details}
        return self.do(promises.give_promise, day, OFFICER, promise=self.promise.promise, **given)

    def letter(self, kind):
        return self.row.letters.get(kind=kind).body


def holds():
    """Say whether what is stored is what the events amount to."""
    return rebuild_projections(repair=False, progress=lambda done: None).differences == []


# Made ---------------------------------------------------------------------------------------


# Code 7.3
def test_what_an_answer_promises_is_a_deadline_of_its_own(case):
    promise = case.promise

    assert (promise.due_on, promise.state, promise.words) == (
        DUE,
        "open",
        "Promise to the customer",
    )
    assert promise.code == f"promise-{promise.promise}"
    assert case.row.promise_due_on == case.row.next_due_on == DUE
    assert case.row.status == "answered"
    assert holds()


@pytest.mark.rule("HH-29")
def test_whether_lateness_could_have_been_avoided_is_kept_with_what_was_late(case):
    with saying_why(Lateness("The surveyor was ill.", avoidable=False)):
        case.keep(date(2026, 6, 29))

    assert (case.promise.state, case.promise.avoidable) == ("met_late", "no")
    in_time = case.row.deadlines.exclude(state="met_late").values_list("avoidable", flat=True)
    assert set(in_time) == {""}
    assert holds()


def test_what_was_in_time_says_nothing_of_lateness(case):
    with pytest.raises(IntegrityError, match="cases_deadline_avoidable_if_late"):
        case.row.deadlines.exclude(state="met_late").update(avoidable="yes")


# Code 7.3
def test_the_letter_says_what_will_be_done_and_by_when(case):
    assert (
        "What we will do, and by when:\n"
        "- A surveyor visits you to look at the lift, by Friday 26 June 2026."
    ) in case.letter("response")


# Code 6.9
@pytest.mark.parametrize(
    ("remedies", "said"),
    [
        (["We apologise to you."], "Besides this, nothing is outstanding from us."),
        ([], "Nothing more is outstanding from us."),
    ],
    ids=["something puts it right", "nothing to put right"],
)
def test_an_answer_that_promises_nothing_says_that_nothing_is_outstanding(house, remedies, said):
    outcome = Outcome.UPHELD if remedies else Outcome.NOT_UPHELD

    body = answered(house, ANSWERED, Answer(outcome, remedy_words=remedies))

    assert body.count("outstanding") == 1
    assert said in body


# Code 6.9
def test_an_answer_tells_again_what_was_promised_before_and_is_still_open(house):
    body = answered(house, ANSWERED, NOT_UPHELD, VISIT, Promised("We ring you", ANSWERED))

    assert (
        "What we promised you before, and still have to do:\n"
        "- We ring you, by Friday 12 June 2026.\n"
        "- A surveyor visits you to look at the lift, by Friday 26 June 2026."
    ) in body
    assert "outstanding" not in body


def test_an_answer_says_of_a_promise_that_it_is_late(house):
    body = answered(house, ANSWERED, NOT_UPHELD, Promised("We ring you", date(2026, 6, 11)))

    assert "- We ring you. It was due by Thursday 11 June 2026 and is late. We are sorry." in body


def test_a_promise_that_was_kept_is_not_told_again(case):
    case.keep(date(2026, 6, 15))

    assert promised_already(history_of(case.row)) == []


def test_the_form_of_an_answer_shows_what_was_promised_before(house, client):
    complaint = promised_by_telephone(house, VISIT)
    client.force_login(house[OFFICER])

    with time_machine.travel(at(ANSWERED), tick=False):
        page = client.get(reverse("cases:respond", args=[complaint.reference]))

    assert (
        "Promised already, and told again in the letter: "
        "A surveyor visits you to look at the lift. (by Fri 26 Jun 2026)."
    ) in page.content.decode()


NOT_UPHELD = Answer(Outcome.NOT_UPHELD)


def promised_by_telephone(house, *promised):
    """Return a complaint that is not answered yet, in which these were promised."""
    complaint = house.lodge()
    for each in promised:
        promises.make_promise(
            complaint_id=complaint.pk,
            by=house[OFFICER],
            now=at(date(2026, 6, 10)),
            seen=Complaint.objects.get(pk=complaint.pk).version,
            promised=each,
            on=date(2026, 6, 10),
        )
    return Complaint.objects.get(pk=complaint.pk)


def answered(house, day, answer, *promised):
    """Answer a complaint in which these were promised, and return the letter."""
    complaint = promised_by_telephone(house, *promised)
    respond(
        complaint_id=complaint.pk,
        by=house[OFFICER],
        now=at(day),
        seen=complaint.version,
        on=day,
        answer=answer,
        telling=Telling("email", "We looked into it."),
    )
    return complaint.letters.get(kind="response").body


# Code 7.3
def test_a_remedy_still_to_be_done_is_a_promise_and_one_that_is_done_says_when(house):
    deeds = [
        Deed(Remedy.ACTION, DUE, "We mend the lift", keeper=house[MANAGER].pk),
        Deed(Remedy.CHANGE, DUE),
        Deed(Remedy.RECORD, date(2026, 6, 11)),
    ]
    body = answered(house, ANSWERED, Answer(Outcome.UPHELD, deeds=deeds))

    assert "- We have put our records right, on Thursday 11 June 2026." in body
    assert (
        "What we will do, and by when:\n"
        "- We mend the lift, by Friday 26 June 2026.\n"
        "- We will change how we work, so that it does not happen again, by Friday 26 June 2026."
    ) in body
    promised = Deadline.objects.promised().order_by("promise")
    assert [(each.due_on, each.keeper) for each in promised] == [
        (DUE, house[MANAGER]),
        (DUE, None),
    ]
    assert Complaint.objects.get().events.get(kind="responded").facts["remedies"] == [
        "action",
        "change",
        "record",
    ]


@pytest.mark.parametrize("remedy", [each for each in Remedy if each.is_deed])
def test_no_letter_says_that_something_is_done_without_a_day(house, remedy):
    with pytest.raises(ReasonMissing, match="when it was done, or by which day"):
        answered(house, ANSWERED, Answer(Outcome.UPHELD, remedies=[remedy.value]))

    assert not Deadline.objects.promised().exists()


def test_a_resolution_and_a_message_make_promises_like_an_answer(house):
    house.run("herefordshire")
    key = house.lodge().pk

    def do(act, **details):
        seen = Complaint.objects.get(pk=key).version
        given = {"telling": Telling("email", "The lift was mended."), "promises": [VISIT]}
        now = at(ANSWERED)
        act(complaint_id=key, by=house[OFFICER], now=now, seen=seen, **given, **details)

    do(write_to_customer)
    do(resolve, on=ANSWERED, words="Mended.", apologised=True, close=True)

    row = Complaint.objects.get(pk=key)
    assert row.deadlines.promised().count() == 2
    # Closing waits for what was promised.
    assert row.status == "answered"
    said = "What we will do, and by when:\n- A surveyor visits you to look at the lift, by Friday"
    assert all(said in letter.body for letter in row.letters.all())
    assert row.letters.count() == 2
    assert holds()


def test_what_was_promised_stands_in_words_beside_the_event_and_not_in_it(case):
    event = case.row.events.get(kind=EventKind.PROMISED)

    assert event.facts == {"kind": "promise", "due_on": "2026-06-26"}
    assert event.words.parts == {"promise": "A surveyor visits you to look at the lift."}


@pytest.mark.parametrize(
    ("promised", "refusal", "why"),
    [
        (Promised("  ", DUE), ReasonMissing, "Say what is promised"),
        (Promised("A visit", date(2026, 6, 11)), WrongDate, "before the day"),
        (Promised("A visit", date(2040, 1, 1)), WrongDate, "within five years"),
    ],
)
def test_a_promise_needs_words_and_a_day_to_come(case, promised, refusal, why):
    with pytest.raises(refusal, match=why):
        case.do(promises.make_promise, ANSWERED, OFFICER, promised=promised, on=ANSWERED)


def test_only_somebody_who_may_see_the_complaint_can_keep_its_promise(case):
    stranger = UserFactory(roles=[(Role.LINE_MANAGER, case.house.other_team)])

    with pytest.raises(ActionNotAllowed, match="able to see"):
        case.give(keeper=stranger.pk)
    with pytest.raises(ActionNotAllowed, match="answers for the complaint"):
        case.give(team=case.house.other_team.pk)
    offered = dict(keeper_choices(case.row, today=ANSWERED))
    assert f"person-{stranger.pk}" not in offered
    assert f"team-{case.house.other_team.pk}" not in offered
    assert offered[f"team-{case.house.team.pk}"] == "The team Repairs north"


# Kept, moved, withdrawn -----------------------------------------------------------------------


# Code 7.3
def test_an_answered_complaint_is_not_closed_while_a_promise_is_open(case):
    with pytest.raises(ActionNotAllowed, match="A promise to the customer must be kept first"):
        case.do(close.close, DUE, COORDINATOR, on=DUE, words="")

    case.keep()
    case.do(close.close, DUE, COORDINATOR, on=DUE, words="")

    assert case.row.status == "closed"
    assert case.row.promise_due_on is None
    assert holds()


# Code 7.3
def test_a_promise_is_not_kept_without_a_proof(case):
    with pytest.raises(ReasonMissing, match="Give a proof"):
        case.keep(proof=Proof("  "))

    assert case.promise.state == "open"


def test_a_promise_kept_after_its_day_was_kept_late(case):
    with pytest.raises(ReasonMissing, match="is late"):
        case.keep(day=date(2026, 6, 29))
    with saying_why(Lateness("The surveyor was ill.", avoidable=False)):
        case.keep(day=date(2026, 6, 29))

    assert case.promise.state == "met_late"


def test_a_promise_cannot_be_kept_before_it_was_made(case):
    with pytest.raises(WrongDate, match="promised on 12 June 2026"):
        case.do(
            promises.keep_promise, DUE, OFFICER, promise=case.promise.promise,
            on=date(2026, 6, 11), proof=REPORT,
        )  # fmt: skip


def test_what_was_kept_is_not_kept_again(case):
    case.keep()

    with pytest.raises(ActionNotAllowed, match="No promise is open"):
        case.keep()


# Code 7.3
def test_a_promise_moves_only_with_a_reason_and_the_customer_told(case):
    day, later = date(2026, 6, 24), date(2026, 7, 3)
    with pytest.raises(ReasonMissing, match="Say why it moves"):
        case.move(day, later, telling=Telling("email", " "))
    with pytest.raises(ActionNotAllowed, match="customer must be told"):
        case.move(day, later, telling=None, reason="Ill.")
    with pytest.raises(WrongDate, match="due on that day already"):
        case.move(day, DUE)

    case.move(day, later)

    assert (case.promise.due_on, case.promise.original_due_on) == (later, DUE)
    told = case.letter("promise_moved")
    assert "A surveyor visits you to look at the lift, by Friday 26 June 2026" in told
    assert "it will now be done by Friday 3 July 2026. The reason is this:" in told
    assert "The surveyor is ill." in told
    assert holds()


def test_a_promise_is_cancelled_with_a_reason_and_the_customer_told(case):
    given = {"promise": case.promise.promise, "on": DUE}
    with pytest.raises(ReasonMissing, match="why it is cancelled"):
        case.do(promises.withdraw_promise, DUE, COORDINATOR, telling=None, **given)
    case.do(
        promises.withdraw_promise, DUE, COORDINATOR,
        telling=Telling("email", "You moved house."), **given,
    )  # fmt: skip

    assert case.promise.state == "lifted"
    assert "we will not do it. The reason is this:" in case.letter("promise_withdrawn")
    page = case_page(case.row, user=case.house[COORDINATOR], today=DUE)
    assert any(entry.title == "Promise cancelled" for entry in page.entries)
    assert holds()


@pytest.mark.one_database
def test_withdrawn_is_said_of_complaints_alone():
    said = [*EventKind, *LetterKind]

    assert [each for each in said if "ithdraw" in each.words and "romise" in each.words] == []
    assert EventKind.WITHDRAWN.words == "Withdrawn"


def test_striking_out_the_proof_opens_the_promise_again(case):
    case.keep()
    kept = case.row.events.get(kind=EventKind.PROMISE_KEPT)
    case.do(correct.retract, DUE, COORDINATOR, number=kept.number, reason="It was another flat.")

    assert case.promise.state == "open"
    assert case.row.promise_due_on == DUE


def test_a_promise_that_was_struck_out_binds_nobody(case):
    case.do(
        correct.retract, DUE, COORDINATOR, number=case.promise.promise, reason="Never promised."
    )

    assert not case.row.deadlines.promised().exists()
    assert holds()


def test_a_complaint_annulled_as_a_mistake_leaves_its_promises_without_effect(case):
    case.do(correct.annul, DUE, COORDINATOR, reason="Logged twice.")

    assert case.promise.state == "void"


# Reminded and chased --------------------------------------------------------------------------


def told():
    return set(Alert.objects.values_list("recipient__name", "reminder"))


def test_whoever_keeps_a_promise_is_reminded_before_its_day_and_the_manager_told_after(case):
    case.give(keeper=case.house[Role.FRONT_LINE].pk)
    sweep_deadlines(now=at(date(2026, 6, 23)))
    assert told() == {(Role.FRONT_LINE.words, "before-3")}
    sweep_deadlines(now=at(DUE))
    sweep_deadlines(now=at(date(2026, 6, 29)))

    assert told() == {
        (Role.FRONT_LINE.words, "before-3"),
        (Role.FRONT_LINE.words, "due"),
        (Role.FRONT_LINE.words, "overdue-1"),
        (MANAGER.words, "overdue-1"),
    }


def test_without_somebody_named_the_responsible_officer_is_reminded(case):
    sweep_deadlines(now=at(DUE))

    assert told() == {(OFFICER.words, "due")}
    message = OutboundMessage.objects.get(kind="reminders")
    assert "“Promise to the customer” (Stage 1)" in message.body
    assert "lift" not in message.body
    assert "apology" not in message.body


def test_the_managers_of_a_team_are_reminded_of_its_promise(case):
    case.give(team=case.house.team.pk)
    sweep_deadlines(now=at(DUE))

    assert told() == {(MANAGER.words, "due")}
    assert case.promise.binds == MANAGER


def test_a_reminder_of_a_promise_is_given_once_and_again_for_a_new_day(case):
    sweep_deadlines(now=at(DUE))
    sweep_deadlines(now=at(DUE, 11))
    assert Alert.objects.count() == 1

    case.move(DUE, date(2026, 7, 3))
    sweep_deadlines(now=at(date(2026, 7, 3)))

    assert {row.due_on for row in Alert.objects.filter(reminder="due")} == {DUE, date(2026, 7, 3)}


def test_nobody_is_reminded_of_what_was_kept(case):
    case.keep(day=date(2026, 6, 15))
    sweep_deadlines(now=at(date(2026, 7, 3)))

    assert told() == set()


# Shown ----------------------------------------------------------------------------------------


def owed(case, role, day):
    return [(each.words, each.is_own) for each in promises_owed(case.house[role], today=day)]


def test_a_promise_is_in_the_work_of_whoever_keeps_it(case):
    keeper = case.house[Role.FRONT_LINE]
    assert owed(case, OFFICER, ANSWERED) == [(VISIT.words, True)]

    case.give(keeper=keeper.pk)

    assert owed(case, Role.FRONT_LINE, ANSWERED) == [(VISIT.words, True)]
    assert owed(case, OFFICER, ANSWERED) == []


def test_an_overdue_promise_is_in_the_work_of_those_who_chase_it(case):
    late = date(2026, 6, 29)

    assert owed(case, MANAGER, DUE) == []
    assert owed(case, MANAGER, late) == [(VISIT.words, False)]
    assert owed(case, COORDINATOR, late) == [(VISIT.words, False)]
    assert owed(case, Role.AUDITOR, late) == []


def further(case, day=date(2026, 6, 16)):
    """Let the customer ask for the next stage, which needs another officer."""
    case.do(
        escalate.request_escalation, day, COORDINATOR, on=day, channel="email",
        reasons="The lift stopped again.",
    )  # fmt: skip


def test_what_is_the_responsible_officers_goes_with_the_complaint_to_the_next_stage(case):
    house, day = case.house, date(2026, 6, 16)
    further(case)

    # Nobody has it yet: it waits with those who give it to somebody, and they are told.
    assert owed(case, OFFICER, day) == []
    assert owed(case, MANAGER, day) == [(VISIT.words, False)]
    assert owed(case, COORDINATOR, day) == [(VISIT.words, False)]
    [line] = case_page(case.row, user=house[COORDINATOR], today=day).promises
    assert line.keeper == "The responsible officer: nobody has the complaint yet"
    sweep_deadlines(now=at(DUE))
    assert (COORDINATOR.words, "due") in told()

    case.do(assign.assign, DUE, COORDINATOR, officer_id=house[MANAGER].pk, area_id=house.team.pk)

    assert owed(case, MANAGER, DUE) == [(VISIT.words, True)]
    assert owed(case, COORDINATOR, DUE) == []
    given = OutboundMessage.objects.filter(kind="assigned", to_user=house[MANAGER]).latest("pk")
    assert "So has a promise that is still to be kept." in given.body
    [line] = case_page(case.row, user=house[MANAGER], today=DUE).promises
    assert line.keeper == f"The responsible officer, {MANAGER.words}"


def test_what_somebody_was_to_keep_is_given_back_when_they_can_no_longer_see_it(case):
    case.give(keeper=case.house[OFFICER].pk)

    further(case)

    assert case.promise.keeper is None
    assert owed(case, COORDINATOR, date(2026, 6, 16)) == [(VISIT.words, False)]
    page = case_page(case.row, user=case.house[COORDINATOR], today=date(2026, 6, 16))
    told = [str(line) for entry in page.entries for line in entry.lines]
    assert any("Whoever was to keep it can no longer see the complaint" in line for line in told)
    assert holds()


def test_what_somebody_keeps_stays_theirs_as_long_as_they_see_the_complaint(case):
    keeper = case.house[Role.FRONT_LINE]
    case.give(keeper=keeper.pk)

    further(case)

    assert case.promise.keeper == keeper
    assert owed(case, Role.FRONT_LINE, date(2026, 6, 16)) == [(VISIT.words, True)]


def test_whoever_gives_a_complaint_to_somebody_reads_what_is_promised(case, client):
    client.force_login(case.house[COORDINATOR])
    further(case)

    with time_machine.travel(at(date(2026, 6, 16)), tick=False):
        page = client.get(reverse("cases:assign", args=[case.row.reference]))

    [about] = page.context["about"]
    assert f"also keeps what is promised: {VISIT.words} (by Fri 26 Jun 2026)." in about


def test_the_next_officer_is_told_of_what_the_one_before_was_named_to_keep(case, client):
    house = case.house
    case.give(keeper=house[OFFICER].pk)
    client.force_login(house[COORDINATOR])
    with time_machine.travel(at(ANSWERED), tick=False):
        page = client.get(reverse("cases:assign", args=[case.row.reference]))

    case.do(
        assign.assign, ANSWERED, COORDINATOR, officer_id=house[MANAGER].pk, area_id=house.team.pk
    )

    [about] = page.context["about"]
    assert "can no longer see the complaint" in about
    assert f"keeps this too: {VISIT.words} (by Fri 26 Jun 2026)." in about
    assert case.promise.keeper is None
    given = OutboundMessage.objects.get(kind="assigned", to_user=house[MANAGER])
    assert "So has a promise that is still to be kept." in given.body
    assert holds()


def test_the_next_officer_is_told_of_nothing_that_a_colleague_keeps_who_still_sees_it(case):
    house = case.house
    case.give(keeper=house[Role.FRONT_LINE].pk)

    case.do(
        assign.assign, ANSWERED, COORDINATOR, officer_id=house[MANAGER].pk, area_id=house.team.pk
    )

    given = OutboundMessage.objects.get(kind="assigned", to_user=house[MANAGER])
    assert "promise" not in given.body
    assert case.promise.keeper == house[Role.FRONT_LINE]


def told_to_keep():
    """Return who was told by e-mail that a promise is theirs to keep, in the order told."""
    told = OutboundMessage.objects.filter(subject__endswith="a promise is yours to keep")
    return [message.to_user for message in told.order_by("pk")]


def test_a_colleague_is_told_once_of_the_promises_that_an_act_gives_them(house):
    keeper = house[Role.FRONT_LINE]
    several = [Promised(words, DUE, keeper.pk) for words in ("Mend the lift.", "Ring you.")]
    complaint = house.lodge()

    respond(
        complaint_id=complaint.pk, by=house[OFFICER], now=at(ANSWERED), seen=complaint.version,
        on=ANSWERED, answer=Answer(Outcome.UPHELD, promises=several),
        telling=Telling("email", "We looked into it."),
    )  # fmt: skip

    assert told_to_keep() == [keeper]


def test_whoever_keeps_several_promises_of_an_act_is_looked_up_once(house):
    keeper, complaint = house[Role.FRONT_LINE].pk, house.lodge()
    several = [Promised(f"{VISIT.words} {each}", DUE, keeper) for each in range(4)]

    with CaptureQueriesContext(connection) as asked:
        write_to_customer(
            complaint_id=complaint.pk, by=house[OFFICER], now=at(ANSWERED),
            seen=complaint.version, telling=Telling("post", "We come."), promises=several,
        )  # fmt: skip

    told = [each["sql"] for each in asked if 'INSERT INTO "cases_outboundmessage"' in each["sql"]]
    assert len(told) == 1


def test_a_colleague_who_is_given_a_promise_is_told_and_nobody_of_what_is_theirs_already(case):
    keeper = case.house[Role.FRONT_LINE]
    case.give(keeper=keeper.pk)
    case.give(keeper=keeper.pk)
    case.give(keeper=case.house[OFFICER].pk)

    assert told_to_keep() == [keeper]
    message = OutboundMessage.objects.get(subject__endswith="a promise is yours to keep")
    assert VISIT.words not in message.body


def test_what_a_leaver_was_to_keep_is_given_back_overnight_and_the_officer_told(case):
    keeper = case.house[Role.FRONT_LINE]
    case.give(keeper=keeper.pk)
    assert give_back_lost_promises(now=at(ANSWERED)) == 0
    User.objects.filter(pk=keeper.pk).update(is_active=False)

    assert give_back_lost_promises(now=at(DUE)) == 1

    assert give_back_lost_promises(now=at(DUE)) == 0
    assert case.promise.keeper is None
    assert told_to_keep() == [keeper, case.house[OFFICER]]
    assert holds()


def test_an_officer_to_whom_the_complaint_is_closed_is_told_of_nothing_given_back(case):
    keeper = case.house[Role.FRONT_LINE]
    case.give(keeper=keeper.pk)
    case.row.exclusions.create(user=case.house[OFFICER], reason="conflict")
    User.objects.filter(pk=keeper.pk).update(is_active=False)

    assert give_back_lost_promises(now=at(DUE)) == 1

    assert case.promise.keeper is None
    assert told_to_keep() == [keeper]


def test_a_promise_that_cannot_be_given_back_holds_up_nothing_else(house):
    keeper, officer = house[Role.FRONT_LINE], house[OFFICER]
    # Recorded by a clock that ran ahead: nothing can be added to it before its own first day.
    ahead, day = house.lodge(on=date(2026, 6, 29)), date(2026, 6, 29)
    promised = Promised(VISIT.words, day, keeper.pk)
    promises.make_promise(
        complaint_id=ahead.pk,
        by=officer,
        now=at(day),
        seen=ahead.version,
        promised=promised,
        on=day,
    )
    case = Case(house)
    case.give(keeper=keeper.pk)
    User.objects.filter(pk=keeper.pk).update(is_active=False)
    Presence.objects.create(complaint=case.row, user=officer, seen_at=at(ANSWERED))

    with time_machine.travel(at(DUE), tick=False), pytest.raises(WrongDate):
        daily_housekeeping()

    assert case.promise.keeper is None
    assert not Presence.objects.exists()


def test_nobody_sees_the_promise_of_a_complaint_closed_to_them(case):
    case.row.exclusions.create(user=case.house[OFFICER], reason="conflict")

    assert owed(case, OFFICER, DUE) == []


def test_the_customer_is_told_what_was_promised_and_what_became_of_it(case):
    [before] = told_promises(history_of(case.row))
    case.keep()
    [after] = told_promises(history_of(case.row))

    assert (before.words, before.due_on, before.done_on) == (VISIT.words, DUE, None)
    assert after.done_on == DUE


def test_the_page_says_who_keeps_a_promise_and_that_it_comes_next(case):
    case.give(keeper=case.house[Role.FRONT_LINE].pk)
    page = case_page(case.row, user=case.house[OFFICER], today=ANSWERED)

    [line] = page.promises
    assert (line.words, line.keeper) == (VISIT.words, Role.FRONT_LINE.words)
    assert page.next is not None
    assert page.next.deadline.promise == line.number
    assert next(offer.act.value for offer in page.offers) == "keep-promise"


def test_the_export_tells_of_promises_among_the_deadlines(case):
    [exported] = exported_complaints(as_at=date(2026, 6, 30))

    [promise] = [each for each in exported.deadlines if kind_of(each["timescale"])]
    assert (promise["due_on"], promise["state"]) == ("2026-06-26", "overdue")


@pytest.mark.parametrize("kind", PromiseKind)
def test_the_code_of_a_promise_tells_its_kind(kind):
    assert kind_of(f"{kind.value}-12") is kind
    assert kind_of("respond") is None
    assert kind_of("stage-1") is None


# Forms ----------------------------------------------------------------------------------------


def answer_form(case, **given):
    return {
        "seen": str(case.row.version),
        **dict(zip(("on_day", "on_month", "on_year"), ("22", "6", "2026"), strict=True)),
        "outcome": "upheld",
        "late_because": "Ill.",
        "promising": "yes",
        "channel": "post",
        "letter": "Words.",
        **given,
    }


@pytest.fixture
def officer(house, client, time_machine_at):
    client.force_login(house[OFFICER])
    return client


@pytest.fixture
def time_machine_at():
    import time_machine

    with time_machine.travel(at(date(2026, 6, 22)), tick=False):
        yield


def test_the_form_of_an_answer_asks_for_the_day_of_what_it_promises(house, officer):
    complaint = house.lodge()
    url = reverse("cases:respond", args=[complaint.reference])

    class Shell:
        row = complaint

    page = officer.post(url, answer_form(Shell, promise_1="A visit"))
    assert page.status_code == 422
    assert page.context["form"].errors["promise_1_on"] == ["Enter the day by which it is done"]
    page = officer.post(url, answer_form(Shell))
    assert page.context["form"].errors["promise_1"] == ["Say what we will do"]

    keeper = f"person-{house[MANAGER].pk}"
    sent = answer_form(
        Shell, promise_1="A visit", promise_1_on_day="3", promise_1_on_month="7",
        promise_1_on_year="2026", promise_1_keeper=keeper,
    )  # fmt: skip
    assert officer.post(url, sent).status_code == 302
    promise = complaint.deadlines.promised().get()
    assert (promise.due_on, promise.keeper) == (date(2026, 7, 3), house[MANAGER])


def test_the_form_of_an_answer_asks_when_a_remedy_is_done_and_by_whom(house, officer):
    complaint = house.lodge()
    url = reverse("cases:respond", args=[complaint.reference])

    class Shell:
        row = complaint

    typed = answer_form(Shell, promising="no", remedies=["action"], remedy_action="We mend it")
    refused = officer.post(url, typed)
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"remedy_action_on"}
    day = {"remedy_action_on_day": "3", "remedy_action_on_month": "7"}
    sent = officer.post(url, typed | day | {"remedy_action_on_year": "2026"})

    assert sent.status_code == 302
    assert complaint.deadlines.promised().get().due_on == date(2026, 7, 3)


def test_the_form_of_a_message_asks_what_it_promises(house, officer):
    complaint = house.lodge()
    url = reverse("cases:update", args=[complaint.reference])
    typed = {
        "seen": str(complaint.version), "channel": "post", "letter": "We come.",
        "promising": "yes", "promise_1": "A visit",
    }  # fmt: skip

    refused = officer.post(url, typed)
    day = {"promise_1_on_day": "3", "promise_1_on_month": "7", "promise_1_on_year": "2026"}
    sent = officer.post(url, typed | day)

    assert set(refused.context["form"].errors) == {"promise_1_on"}
    assert sent.status_code == 302
    assert complaint.deadlines.promised().get().due_on == date(2026, 7, 3)


def test_a_file_can_be_the_proof(case, officer, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    url = reverse("cases:keep-promise", args=[case.row.reference])
    page = officer.get(url)
    assert page.context["form"]["promise"].value() == str(case.promise.promise)

    page = officer.post(
        url,
        {
            "seen": str(case.row.version),
            "promise": str(case.promise.promise),
            "on_day": "22",
            "on_month": "6",
            "on_year": "2026",
            "proof": "",
            "entry": "",
            "uploads": [SimpleUploadedFile("report.txt", b"Mended")],
        },
    )

    assert page.status_code == 302, page.context["form"].errors
    kept = case.row.events.get(kind=EventKind.PROMISE_KEPT)
    assert kept.facts["files"] == [case.row.files.get().pk]


def test_my_work_lists_the_promises_to_keep(case, officer):
    page = officer.get(reverse("cases:my-work"))

    assert b"Promises to keep" in page.content
    assert b"A surveyor visits you to look at the lift" in page.content


@pytest.mark.parametrize("view", ["promises", "promises-overdue"])
def test_the_list_shows_complaints_with_promises(case, officer, view):
    page = officer.get(reverse("cases:queue"), {"view": view})

    assert (case.row.reference.encode() in page.content) is (view == "promises")


# Code 7.3
def test_an_answered_complaint_says_that_promises_are_open(case, officer):
    listed = officer.get(reverse("cases:queue"), {"view": "promises"})
    shown = officer.get(case.row.get_absolute_url())

    assert b"Promise to the customer" in listed.content
    assert b"Answered, promises open" in shown.content
