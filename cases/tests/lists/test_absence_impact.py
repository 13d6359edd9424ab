"""What is due while somebody is away, and what their deputy cannot open."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cases.models import Absence, Complaint, Exclusion
from cases.operations.promises import Promised, make_promise
from cases.rules.roles import Role
from cases.selectors.absence_impact import due_while_away
from cases.selectors.covers import leaves
from cases.tests.factories import UserFactory
from cases.tests.lists.conftest import NOW, TODAY


@pytest.fixture
def officer(house):
    return house[Role.RESPONSIBLE_OFFICER]


@pytest.fixture
def deputy(house):
    return UserFactory(name="Sam Deputy", roles=[(Role.RESPONSIBLE_OFFICER, None)])


def away(officer, deputy, first: date, last: date) -> Absence:
    return Absence.objects.create(user=officer, deputy=deputy, first_day=first, last_day=last)


def test_deadlines_and_hearings_in_an_absence_are_told_and_no_others(house, today, officer, deputy):
    complaint = house.lodge(on=TODAY)
    due = complaint.deadlines.live().order_by("due_on").first().due_on
    type(complaint).objects.update(hearing_on=due + timedelta(days=1))
    covering = away(officer, deputy, due, due + timedelta(days=1))
    later = away(officer, deputy, date(2027, 8, 2), date(2027, 8, 6))

    [(_, within), (_, nothing)] = due_while_away(officer, [covering, later])

    assert {each.on for each in within} == {due, due + timedelta(days=1)}
    assert all(each.is_covered for each in within)
    assert nothing == []


def test_what_the_deputy_cannot_open_is_told(house, browse, officer, deputy):
    complaint = house.lodge(on=TODAY)
    away(officer, deputy, TODAY, TODAY + timedelta(days=60))
    page = reverse("cases:account")
    assert "Closed to Sam Deputy" not in browse(officer).get(page).content.decode()

    Exclusion.objects.create(complaint=complaint, user=deputy, reason="conflict")

    shown = browse(officer).get(page).content.decode()
    assert "Closed to Sam Deputy: somebody else must take it" in shown
    assert complaint.get_absolute_url() in shown


def test_whoever_records_an_absence_is_led_to_what_is_due_in_it(house, browse, officer, deputy):
    house.lodge(on=TODAY)
    days = {"first_day": TODAY, "last_day": TODAY + timedelta(days=60)}
    parts = {
        f"{name}_{part}": getattr(day, part)
        for name, day in days.items()
        for part in ("day", "month", "year")
    }

    answer = browse(officer).post(
        reverse("cases:account-absence"), {"deputy": deputy.pk, **parts}, follow=True
    )

    assert "Look at what is due in these days." in answer.content.decode()


def test_what_is_closed_to_somebody_is_not_told_for_their_own_absence(
    house, today, officer, deputy
):
    complaint = house.lodge(on=TODAY)
    Exclusion.objects.create(complaint=complaint, user=officer, reason="conflict")
    absence = away(officer, deputy, TODAY, TODAY + timedelta(days=60))

    assert due_while_away(officer, [absence]) == [(absence, [])]


# Promises in complaints of others, and what stays owed of closed ones -------------------------

DUE = TODAY + timedelta(days=9)
LAST_DAY = TODAY + timedelta(days=20)
GIVE = "Give it to somebody else"


def promised(house, complaint, **keeper) -> int:
    """Promise a visit in a complaint, kept by whom is named; return the promise's number."""
    complaint.refresh_from_db()
    make_promise(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
        seen=complaint.version,
        promised=Promised("A surveyor visits", DUE, **keeper),
        on=TODAY,
    )
    return complaint.deadlines.promised().order_by("-promise").first().promise


def close(complaint):
    Complaint.objects.filter(pk=complaint.pk).update(
        is_open=False, status="closed", closed_on=TODAY, closed_as="closed"
    )


def give_address(complaint, number) -> str:
    return f"{reverse('cases:give-promise', args=[complaint.reference])}?promise={number}"


def test_a_promise_in_anothers_complaint_is_due_in_the_keepers_absence_and_can_be_given(
    house, today, deputy
):
    manager, complaint = house[Role.LINE_MANAGER], house.lodge(on=TODAY)
    number = promised(house, complaint, keeper=manager.pk)
    absence = away(manager, deputy, TODAY, LAST_DAY)

    [(_, within)] = due_while_away(manager, [absence])
    [mine] = [each for each in within if each.on == DUE]

    assert mine.words.startswith("Promise to the customer")
    assert mine.give_url == give_address(complaint, number)


def test_a_promise_of_anothers_is_not_due_in_the_absence_of_the_officer(
    house, today, officer, deputy
):
    complaint = house.lodge(on=TODAY)
    promised(house, complaint, keeper=house[Role.LINE_MANAGER].pk)
    absence = away(officer, deputy, TODAY, LAST_DAY)

    [(_, within)] = due_while_away(officer, [absence])
    [leave] = leaves(officer, today=TODAY)

    assert "Promise to the customer" not in " ".join(each.words for each in within)
    [row] = leave.complaints
    assert "Promise to the customer" not in {words for _, words in row.due}
    assert leave.promises == []


def test_ones_own_promise_in_ones_own_open_complaint_is_covered_with_it(
    house, today, officer, deputy
):
    complaint = house.lodge(on=TODAY)
    promised(house, complaint, keeper=officer.pk)
    absence = away(officer, deputy, TODAY, LAST_DAY)

    [(_, within)] = due_while_away(officer, [absence])
    [leave] = leaves(officer, today=TODAY)

    assert [each.give_url for each in within if each.on == DUE] == [""]
    assert (DUE, "Promise to the customer") in leave.complaints[0].due
    assert leave.promises == []


def test_what_is_owed_of_a_closed_complaint_is_due_in_an_absence_and_given_by_itself(
    house, today, officer, deputy
):
    complaint = house.lodge(on=TODAY)
    number = promised(house, complaint)
    close(complaint)
    absence = away(officer, deputy, TODAY, LAST_DAY)

    [(_, within)] = due_while_away(officer, [absence])
    [leave] = leaves(officer, today=TODAY)

    assert [each.on for each in within] == [DUE]
    assert within[0].give_url == give_address(complaint, number)
    assert leave.complaints == []
    [line] = leave.promises
    assert (line.on, line.reference, line.is_overdue) == (DUE, complaint.reference, False)
    assert line.give_url == give_address(complaint, number)


def test_what_the_deputy_cannot_open_is_said_where_it_can_be_given_to_somebody_else(
    house, browse, deputy
):
    manager, complaint = house[Role.LINE_MANAGER], house.lodge(on=TODAY)
    promised(house, complaint, keeper=manager.pk)
    away(manager, deputy, TODAY, LAST_DAY)
    Exclusion.objects.create(complaint=complaint, user=deputy, reason="conflict")

    account = browse(manager).get(reverse("cases:account")).content.decode()

    assert "Closed to Sam Deputy: somebody else must take it" in account
    assert GIVE in account


def test_the_page_of_covers_shows_whoever_gives_the_promises_what_a_keeper_leaves_behind(
    house, browse, deputy
):
    manager, complaint = house[Role.LINE_MANAGER], house.lodge(on=TODAY)
    number = promised(house, complaint, keeper=manager.pk)
    away(manager, deputy, TODAY, LAST_DAY)

    head = browse(house[Role.HEAD_OF_SERVICE]).get(reverse("cases:covers")).content.decode()
    stranger = UserFactory(roles=[(Role.LINE_MANAGER, house.other_team)])
    elsewhere = browse(stranger).get(reverse("cases:covers")).content.decode()

    assert "Promises in other complaints" in head
    assert give_address(complaint, number) in head
    assert complaint.reference not in elsewhere


def test_a_promise_due_before_or_after_an_absence_is_not_told_and_one_overdue_is_when_it_is_near(
    house, today, officer, deputy
):
    complaint = house.lodge(on=TODAY)
    promised(house, complaint)
    close(complaint)
    absence = away(officer, deputy, DUE + timedelta(days=1), LAST_DAY)

    def told(*, today):
        [leave] = leaves(officer, today=today)
        return [(each.on, each.is_overdue) for each in leave.promises]

    assert told(today=TODAY) == []
    assert told(today=DUE + timedelta(days=1)) == [(DUE, True)]
    Absence.objects.filter(pk=absence.pk).update(first_day=TODAY, last_day=DUE - timedelta(days=1))
    assert told(today=TODAY) == []


def test_more_promises_cost_the_absence_no_query_more(
    house, officer, deputy, django_assert_max_num_queries
):
    def owe():
        complaint = house.lodge(on=TODAY)
        promised(house, complaint)
        close(complaint)

    owe()
    absence = away(officer, deputy, TODAY, LAST_DAY)
    assert officer.scope
    with django_assert_max_num_queries(16) as one:
        leaves(officer, today=TODAY)
        due_while_away(officer, [absence])
    owe()
    owe()

    with django_assert_max_num_queries(len(one.captured_queries)):
        [leave] = leaves(officer, today=TODAY)
        due_while_away(officer, [absence])

    assert len(leave.promises) == 3
