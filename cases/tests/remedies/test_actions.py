"""Actions in a complaint: who does them by when, what shows it; no customer hears of one."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing, WrongDate
from cases.models import Absence, Alert, Complaint, Deadline, OutboundMessage
from cases.operations import actions, close
from cases.operations.actions import Changed
from cases.operations.evidence import evidence_parts
from cases.operations.promises import Promised, Proof
from cases.operations.rebuild import rebuild_projections
from cases.operations.reminders import sweep_deadlines
from cases.operations.stage_acts import Answer
from cases.rules.events import EventKind, Outcome
from cases.rules.roles import Role
from cases.selectors.calendar_feeds import entries
from cases.selectors.case_history import history_of
from cases.selectors.case_page import case_page
from cases.selectors.promises import promises_owed, told_promises
from cases.tests.answering import respond
from cases.tests.factories import UserFactory
from cases.tests.fixtures import at, written_elsewhere

ADDED = date(2026, 6, 9)
DUE = date(2026, 6, 12)
LATE = date(2026, 6, 15)
OFFICER, MANAGER = Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER
COORDINATOR = Role.COMPLAINTS_COORDINATOR
PROOF = Proof("Four photographs.")
PHOTOS = Promised("Photograph the lift", DUE)


@pytest.fixture
def case(house):
    """Return a complaint in which the officer has something to do, and how to act on it."""
    return Case(house)


class Case:
    def __init__(self, house):
        self.house = house
        self.key = house.lodge().pk
        self.do(actions.add_action, action=PHOTOS)

    @property
    def row(self) -> Complaint:
        return Complaint.objects.get(pk=self.key)

    @property
    def action(self) -> Deadline:
        return self.row.deadlines.promised().get()

    @property
    def number(self) -> int:
        return self.action.promise

    @property
    def state(self):
        return history_of(self.row).state

    def page(self, day=ADDED):
        return case_page(self.row, user=self.house[COORDINATOR], today=day)

    def do(self, act, day=ADDED, by=OFFICER, **details):
        who = self.house[by] if isinstance(by, Role) else by
        return act(complaint_id=self.key, by=who, now=at(day), seen=self.row.version, **details)

    def change(self, day=ADDED, **details):
        changed = Changed(**{"due_on": DUE, **details.pop("to", {})})
        return self.do(actions.change_action, day, action=self.number, changed=changed, **details)

    def finish(self, day=ADDED, by=OFFICER, proof=PROOF):
        return self.do(actions.finish_action, day, by, action=self.number, on=day, proof=proof)


def holds():
    """Say whether what is stored is what the events amount to."""
    return rebuild_projections(repair=False, progress=lambda done: None).differences == []


def owed(case, role, day=ADDED):
    return [
        (each.words, each.is_action, each.is_own)
        for each in promises_owed(case.house[role], today=day)
    ]


def test_an_action_has_a_day_and_is_the_officers_where_nobody_else_is_named(case):
    [line] = case.page().actions

    assert (line.words, line.line.due_on, line.keeper) == (
        "Photograph the lift",
        DUE,
        f"The responsible officer, {OFFICER.words}",
    )
    assert owed(case, OFFICER) == [("Photograph the lift", True, True)]
    assert holds()


def test_an_action_is_no_promise_and_moves_no_deadline(case):
    answer = Answer(Outcome.UPHELD)
    before = case.row.next_due_on
    case.do(respond, on=ADDED, answer=answer, telling=written_elsewhere(case.row, "Yes."))

    assert before != DUE
    assert case.row.promise_due_on is None
    assert case.row.next_due_on is None
    assert case.state.open_promises == []
    assert case.page().promises == []
    assert case.page().next is None
    assert told_promises(history_of(case.row)) == []


def test_a_complaint_is_closed_with_an_action_open_which_stays_to_be_done(case):
    answer = Answer(Outcome.UPHELD)
    case.do(respond, on=ADDED, answer=answer, telling=written_elsewhere(case.row, "Yes."))
    case.do(close.close, by=COORDINATOR, on=ADDED, words="Done.")

    assert case.row.status == "closed"
    assert [each.promise for each in case.state.open_actions] == [case.number]
    assert holds()


def test_nothing_of_an_action_is_in_what_the_customer_may_see(case):
    case.change(to={"due_on": LATE}, reason="It is locked.")
    case.finish()

    private = [entry for entry in case.page().entries if not entry.is_for_customer]
    titles = [entry.title for entry in private if entry.style == "note"]
    assert titles == ["Action done", "Action moved to another day", "Action"]


def test_the_evidence_names_no_action_among_the_deadlines_or_the_gaps(case):
    parts = {part.title: str(part.blocks) for part in evidence_parts(case.page(LATE), now=at(LATE))}

    assert "Photograph" not in parts["Deadlines, day by day"] + parts["What the record lacks"]
    assert "Action" not in parts["Deadlines, day by day"] + parts["What the record lacks"]


def test_an_overdue_action_is_chased_like_a_promise(case):
    sweep_deadlines(now=at(LATE))

    told = Alert.objects.filter(code=case.action.code)
    told_people = {case.house.people[OFFICER].pk, case.house.people[MANAGER].pk}
    assert set(told.values_list("recipient", flat=True)) == told_people
    assert owed(case, COORDINATOR, LATE) == [("Photograph the lift", True, False)]
    assert owed(case, COORDINATOR) == []


def test_a_team_may_have_an_action_which_is_its_managers_to_see_to(case):
    case.change(to={"team": case.house.team.pk})

    assert case.page().actions[0].keeper == f"The team {case.house.team.name}"
    assert owed(case, MANAGER) == [("Photograph the lift", True, False)]
    assert owed(case, OFFICER) == []


def test_somebody_outside_does_it_and_a_colleague_sees_to_it(case):
    case.do(actions.add_action, action=Promised("Mend it", DUE), outside="Lifts & Co")

    line = next(each for each in case.page().actions if each.words == "Mend it")
    assert (line.outside, line.keeper) == (
        "Lifts & Co",
        f"The responsible officer, {OFFICER.words}",
    )


def test_an_action_stands_in_the_calendar_of_whose_complaint_it_is(case):
    words = [each.words for each in entries(case.house[OFFICER]) if each.on == DUE]

    assert any(each.startswith("Action: ") for each in words)


def test_an_action_is_done_with_what_shows_it(case):
    with pytest.raises(ReasonMissing, match="Give a proof"):
        case.finish(proof=Proof(" "))
    case.finish()

    assert case.action.state == "met"
    assert case.page().actions[0].proof == "Four photographs."
    assert owed(case, OFFICER) == []
    assert holds()


def test_an_action_moves_with_a_reason_to_a_day_to_come(case):
    with pytest.raises(ReasonMissing, match="why it moves"):
        case.change(to={"due_on": LATE})
    with pytest.raises(WrongDate, match="has passed"):
        case.change(to={"due_on": date(2026, 6, 8)}, reason="It is locked.")
    with pytest.raises(ActionNotAllowed, match="Nothing would change"):
        case.change()
    case.change(to={"due_on": LATE}, reason="It is locked.")

    assert (case.action.due_on, case.action.original_due_on) == (LATE, DUE)
    assert holds()


def test_an_action_is_dropped_with_a_reason_and_then_chased_no_more(case):
    with pytest.raises(ReasonMissing, match="need not be done"):
        case.do(actions.drop_action, action=case.number, reason=" ")
    case.do(actions.drop_action, action=case.number, reason="There are photographs.")

    assert case.action.state == "lifted"
    sweep_deadlines(now=at(LATE))
    assert not Alert.objects.filter(code=case.action.code).exists()
    with pytest.raises(ActionNotAllowed, match="No action is open"):
        case.finish()


def test_an_action_is_for_somebody_who_may_see_the_complaint(case):
    stranger = UserFactory(roles=[(Role.LINE_MANAGER, case.house.other_team)])

    with pytest.raises(ActionNotAllowed, match="able to see"):
        case.change(to={"keeper": stranger.pk})
    with pytest.raises(NotEntitled):
        case.finish(by=stranger)


def test_a_promise_is_not_dropped_as_if_it_were_an_action(case):
    case.do(actions.add_action, action=Promised("Ring them", DUE))
    made = case.row.events.filter(kind=EventKind.RECEIVED).get().number

    with pytest.raises(ActionNotAllowed, match="not open any more"):
        case.do(actions.drop_action, action=made, reason="No.")


def test_an_action_needs_words(case):
    with pytest.raises(ReasonMissing, match="what is to be done"):
        case.do(actions.add_action, action=Promised(" ", DUE))


def test_the_pages_show_the_action_and_lead_to_what_can_be_done_with_it(case, client):
    client.force_login(case.house.people[OFFICER])
    path = reverse("cases:finish-action", args=[case.row.reference])

    with time_machine.travel(at(ADDED), tick=False):
        _see_the_action(case, client, path)


def _see_the_action(case, client, path):
    for page in (case.row.get_absolute_url(), reverse("cases:my-work")):
        assert f"{path}?promise={case.number}" in client.get(page).content.decode()
    sheet = client.get(reverse("cases:case-sheet", args=[case.row.reference])).content.decode()
    assert "Photograph the lift" in sheet
    form = client.get(reverse("cases:change-action", args=[case.row.reference])).content.decode()
    assert 'value="12"' in form


# More time --------------------------------------------------------------------------------------


def test_whoever_may_not_extend_a_deadline_asks_the_head_of_service_for_more_time(house, client):
    complaint = house.lodge(on=ADDED)
    head = house[Role.HEAD_OF_SERVICE]
    client.force_login(house[OFFICER])
    with time_machine.travel(at(ADDED), tick=False):
        refused = client.get(complaint.get_absolute_url()).context["refused"]
        [instead] = [each.instead for each in refused if each.instead]
        asking = client.get(instead.url).context["form"]
        day = asking["due_on"].value()
        sent = client.post(
            instead.url,
            {
                "seen": complaint.version,
                "words": f"{asking['words'].value()}the part comes on Friday.",
                "due_on_day": day.day,
                "due_on_month": day.month,
                "due_on_year": day.year,
                "keeper": asking["keeper"].value(),
            },
        )

    assert instead.label == "Ask for more time"
    assert asking["keeper"].value() == f"person-{head.pk}"
    assert "“Acknowledge, define and log the complaint”, due" in asking["words"].value()
    assert sent.status_code == 302
    message = OutboundMessage.objects.get(to_user=head)
    assert message.subject == f"Complaint {complaint.reference}: something is yours to do"
    assert "part" not in message.body
    [asked] = promises_owed(head, today=ADDED)
    assert asked.words.endswith("It is needed as the part comes on Friday.")
    assert (asked.is_own, asked.is_action) == (True, True)


def test_whoever_may_extend_it_is_not_offered_to_ask(house, client):
    complaint = house.lodge(on=ADDED)
    client.force_login(house[Role.HEAD_OF_SERVICE])

    with time_machine.travel(at(ADDED), tick=False):
        refused = client.get(complaint.get_absolute_url()).context["refused"]

    assert not any(each.instead for each in refused)


def told_of_it():
    """Return who was told by e-mail that something is theirs to do, and in which words."""
    told = OutboundMessage.objects.filter(subject__endswith="something is yours to do")
    return {message.to_user: message.body.partition(" Sign in")[0] for message in told}


def test_a_colleague_who_is_given_an_action_later_is_told_and_whoever_stands_in_for_them(case):
    manager, deputy = case.house[MANAGER], case.house[COORDINATOR]
    Absence.objects.create(user=manager, deputy=deputy, first_day=ADDED, last_day=ADDED)

    case.change(to={"keeper": manager.pk})

    reference = case.row.reference
    assert told_of_it() == {
        manager: f"A colleague asks something of you in complaint {reference}.",
        deputy: f"A colleague asks something of {manager.name}, for whom you stand in, "
        f"in complaint {reference}.",
    }


def test_a_deputy_to_whom_the_complaint_is_closed_is_not_told_of_an_action(case):
    manager, deputy = case.house[MANAGER], case.house[COORDINATOR]
    Absence.objects.create(user=manager, deputy=deputy, first_day=ADDED, last_day=ADDED)
    case.row.exclusions.create(user=deputy, reason="conflict")

    case.change(to={"keeper": manager.pk})

    assert [*told_of_it()] == [manager]


def test_nobody_is_told_again_of_an_action_that_only_moves_or_that_they_took(case):
    case.change(to={"keeper": case.house[MANAGER].pk})
    OutboundMessage.objects.all().delete()

    case.change(to={"keeper": case.house[MANAGER].pk, "due_on": LATE}, reason="It is locked.")
    case.change(to={"keeper": case.house[OFFICER].pk, "due_on": LATE})

    assert told_of_it() == {}


def test_the_responsible_officer_is_told_of_an_action_that_comes_back_to_them(case):
    case.change(to={"keeper": case.house[MANAGER].pk})
    OutboundMessage.objects.all().delete()

    case.change(to={"keeper": None}, by=case.house[MANAGER])

    assert [*told_of_it()] == [case.house[OFFICER]]


def test_nobody_is_told_of_what_they_gave_to_themselves(case):
    case.do(actions.add_action, action=Promised("Ring her", DUE, case.house[OFFICER].pk))

    assert not OutboundMessage.objects.filter(subject__contains="yours to do").exists()
