"""Whom a reminder reaches: roles, areas, deputies, exclusions, and who may know of a complaint."""

import random
from datetime import date

import pytest

from cases.models import (
    Absence,
    AccessEntry,
    Alert,
    Complaint,
    Exclusion,
    Level,
    RoleGrant,
    User,
)
from cases.operations.reminders import sweep_deadlines
from cases.rules.roles import AREA_ROLES, Role
from cases.rules.visibility import may_know_of
from cases.selectors.absences import deputies_on
from cases.selectors.reach import take_up
from cases.selectors.reminders import colleagues, sight_of
from cases.selectors.standing import roles_for
from cases.tests.factories import MONDAY, ServiceAreaFactory, UserFactory
from cases.tests.fixtures import at

TWO_BEFORE = date(2026, 6, 11)
ONE_LATE = date(2026, 6, 16)
OFFICER = Role.RESPONSIBLE_OFFICER


def recipients(**wanted):
    """Return who was told."""
    return set(User.objects.filter(alerts__in=Alert.objects.filter(**wanted)))


def away(person, deputy, *, first=MONDAY, last=ONE_LATE):
    """Record that somebody is away."""
    return Absence.objects.create(user=person, deputy=deputy, first_day=first, last_day=last)


def test_without_an_officer_the_coordinators_are_told(house):
    house.lodge(officer_id=None)

    sweep_deadlines(now=at(TWO_BEFORE))

    assert recipients() == {house[Role.COMPLAINTS_COORDINATOR]}


def test_an_overdue_promise_is_told_to_officer_and_line_manager_of_the_area(house):
    house.lodge()
    elsewhere = UserFactory(roles=[(Role.LINE_MANAGER, house.other_team)])

    sweep_deadlines(now=at(ONE_LATE))

    assert recipients() == {house[OFFICER], house[Role.LINE_MANAGER]}
    assert elsewhere not in recipients()


def test_where_an_area_has_no_line_manager_the_nearest_above_is_told(house):
    part = ServiceAreaFactory(name="Lifts", parent=house.team)
    house.lodge(area_id=part.pk)

    sweep_deadlines(now=at(ONE_LATE))

    assert house[Role.LINE_MANAGER] in recipients(reminder="overdue-1")


def test_where_nobody_holds_a_role_the_coordinators_are_told(house):
    house.lodge(area_id=house.other_team.pk)

    sweep_deadlines(now=at(ONE_LATE))

    assert recipients() == {house[OFFICER], house[Role.COMPLAINTS_COORDINATOR]}


def test_the_deputy_of_an_absent_officer_is_told_instead(house):
    house.lodge()
    deputy = UserFactory()
    away(house[OFFICER], deputy)

    sweep_deadlines(now=at(TWO_BEFORE))

    assert recipients() == {deputy}


MANAGERS = [Role.LINE_MANAGER, Role.HEAD_OF_SERVICE, Role.ASSISTANT_DIRECTOR, Role.DIRECTOR]


def as_today(person: User) -> User:
    """Return somebody as the web has them on MONDAY."""
    found = User.objects.get(pk=person.pk)
    take_up(found, MONDAY)
    return found


def test_the_deputy_of_an_absent_manager_is_told_instead(house):
    house.lodge()
    deputy = UserFactory()
    away(house[Role.LINE_MANAGER], deputy)

    sweep_deadlines(now=at(ONE_LATE))

    assert recipients() == {house[OFFICER], deputy}


@pytest.mark.parametrize("role", MANAGERS)
def test_whoever_stands_in_for_a_manager_has_that_role_in_that_area_alone(house, role):
    here, elsewhere = house.lodge(), house.lodge(area_id=house.other_team.pk)
    deputy = UserFactory(roles=[(Role.FRONT_LINE, house.other_team)])
    away(house[role], deputy)

    found = as_today(deputy)

    assert set(Complaint.objects.readable_by(found)) == {here, elsewhere}
    assert roles_for(found, here) == {role}
    assert roles_for(found, elsewhere) == frozenset()
    assert found.scope.own == {Role.FRONT_LINE}


def test_a_deputy_decides_nothing_as_a_manager_where_they_are_only_the_officer(house):
    deputy = UserFactory(roles=[OFFICER])
    away(house[Role.DIRECTOR], deputy)
    complaint = house.lodge(area_id=house.other_team.pk, officer_id=deputy.pk)

    assert roles_for(as_today(deputy), complaint) == {OFFICER}


def test_access_lists_and_the_sight_of_a_coordinator_are_not_passed_on(house):
    hidden = house.lodge()
    Complaint.objects.filter(pk=hidden.pk).update(level=Level.RESTRICTED)
    deputy, people = UserFactory(), (Role.DIRECTOR, Role.COMPLAINTS_COORDINATOR)
    for role in people:
        away(house[role], deputy)
        AccessEntry.objects.create(complaint=hidden, user=house[role])
    house.lodge(area_id=house.other_team.pk)

    found = as_today(deputy)

    assert not Complaint.objects.visible_to(found).exists()
    assert found.scope.roles == {Role.DIRECTOR}


def test_what_is_closed_to_the_deputy_of_a_manager_stays_closed(house):
    complaint = house.lodge()
    deputy = UserFactory()
    away(house[Role.LINE_MANAGER], deputy)
    Exclusion.objects.create(complaint=complaint, user=deputy, reason="subject")

    sweep_deadlines(now=at(ONE_LATE))

    assert deputy not in recipients()
    assert not Complaint.objects.visible_to(as_today(deputy)).exists()


def test_a_chain_of_absences_ends_at_whoever_is_there(house):
    house.lodge()
    first, second = UserFactory(), UserFactory()
    away(house[OFFICER], first)
    away(first, second)

    sweep_deadlines(now=at(TWO_BEFORE))

    assert recipients() == {second}
    assert deputies_on(TWO_BEFORE) == {house[OFFICER].pk: second.pk, first.pk: second.pk}
    take_up(second, TWO_BEFORE)
    assert second.stands_in_for == {house[OFFICER].pk, first.pk}


def test_when_two_stand_in_for_each_other_and_both_are_away_the_coordinators_are_told(house):
    house.lodge()
    other = UserFactory()
    away(house[OFFICER], other)
    away(other, house[OFFICER])

    sweep_deadlines(now=at(TWO_BEFORE))

    assert recipients() == {house[Role.COMPLAINTS_COORDINATOR]}
    assert deputies_on(TWO_BEFORE) == {}


def test_after_the_absence_the_officer_is_told_again(house):
    house.lodge()
    away(house[OFFICER], UserFactory(), last=date(2026, 6, 10))

    sweep_deadlines(now=at(TWO_BEFORE))

    assert recipients() == {house[OFFICER]}


def test_a_deputy_who_has_left_is_told_nothing(house):
    house.lodge()
    away(house[OFFICER], UserFactory(is_active=False))

    sweep_deadlines(now=at(TWO_BEFORE))

    assert recipients() == {house[Role.COMPLAINTS_COORDINATOR]}


def test_an_officer_who_can_no_longer_sign_in_is_told_nothing(house):
    house.lodge()
    User.objects.filter(pk=house[OFFICER].pk).update(is_active=False)

    sweep_deadlines(now=at(TWO_BEFORE))

    assert recipients() == {house[Role.COMPLAINTS_COORDINATOR]}


def test_somebody_to_whom_the_complaint_is_closed_is_never_told(house):
    complaint = house.lodge()
    for role in (OFFICER, Role.LINE_MANAGER):
        Exclusion.objects.create(complaint=complaint, user=house[role], reason="conflict")

    sweep_deadlines(now=at(ONE_LATE))

    assert recipients() == {house[Role.COMPLAINTS_COORDINATOR]}


def test_a_deputy_to_whom_the_complaint_is_closed_is_never_told(house):
    complaint = house.lodge()
    deputy = UserFactory()
    away(house[OFFICER], deputy)
    Exclusion.objects.create(complaint=complaint, user=deputy, reason="subject")

    sweep_deadlines(now=at(TWO_BEFORE))

    assert recipients() == {house[Role.COMPLAINTS_COORDINATOR]}


def test_a_restricted_complaint_is_told_to_its_list_alone(house):
    complaint = house.lodge()
    Complaint.objects.filter(pk=complaint.pk).update(level=Level.RESTRICTED)
    director = house[Role.DIRECTOR]
    AccessEntry.objects.create(complaint=complaint, user=director)

    sweep_deadlines(now=at(ONE_LATE))

    assert recipients() == {director}


def test_what_waits_for_a_coordinator_is_told_to_coordinators(house):
    house.lodge(triaged=False)

    sweep_deadlines(now=at(ONE_LATE))

    assert recipients() == {house[Role.COMPLAINTS_COORDINATOR]}


def test_what_nobody_may_be_told_is_counted_and_not_lost_from_sight(house):
    complaint = house.lodge()
    Complaint.objects.filter(pk=complaint.pk).update(level=Level.RESTRICTED)

    swept = sweep_deadlines(now=at(TWO_BEFORE))

    assert (swept.alerts, swept.unheard) == (0, 1)
    assert str(swept).endswith("1 with nobody to tell")


def test_somebody_with_two_of_the_roles_is_told_once(house):
    officer = house[OFFICER]
    RoleGrant.objects.filter(role=Role.LINE_MANAGER.value).update(user=officer)
    house.lodge()

    sweep_deadlines(now=at(ONE_LATE))

    assert Alert.objects.filter(recipient=officer, reminder="overdue-1").count() == 1


@pytest.mark.promise("P4")
def test_one_at_a_time_is_the_same_rule_as_in_lists(house):
    """Compare the rule with `visible_to` for every colleague and complaint of a random world."""
    chance = random.Random(4)  # noqa: S311  a test, repeatable
    areas = [house.directorate, house.service, house.team, house.other_team]
    people = [*User.objects.all(), *(_colleague(chance, areas) for _ in range(25))]
    complaints = [_complaint(chance, house, areas, people) for _ in range(40)]
    known = colleagues(today=MONDAY)
    sights = [(complaint.pk, sight_of(complaint, today=MONDAY)) for complaint in complaints]
    alone, in_lists = set(), set()
    for person in people:
        user = User.objects.get(pk=person.pk)
        take_up(user, MONDAY)
        visible = Complaint.objects.visible_to(user).values_list("pk", flat=True)
        in_lists |= {(user.pk, key) for key in visible}
        viewer = known.viewers.get(user.pk)
        alone |= {(user.pk, key) for key, sight in sights if viewer and may_know_of(viewer, sight)}

    assert alone == in_lists
    assert 0 < len(in_lists) < len(people) * len(complaints)


def _colleague(chance, areas):
    """Return somebody with one or two roles, perhaps away, perhaps gone."""
    roles = chance.sample(list(Role), chance.randint(0, 2))
    grants = [(role, chance.choice(areas) if role in AREA_ROLES else None) for role in roles]
    person = UserFactory(roles=grants, is_active=chance.random() < 0.9)
    if chance.random() < 0.3:
        deputy = chance.choice(list(User.objects.exclude(pk=person.pk)))
        away(person, deputy)
    return person


def _complaint(chance, house, areas, people):
    """Return a complaint of some level, with somebody shut out and somebody on its list."""
    complaint = house.lodge(area_id=chance.choice(areas).pk, triaged=chance.random() < 0.8)
    complaint.level = chance.choice(list(Level)).value
    complaint.responsible_officer = chance.choice([None, *people])
    complaint.logged_by = chance.choice([None, *people])
    complaint.save(update_fields=["level", "responsible_officer", "logged_by"])
    for person in chance.sample(people, 3):
        Exclusion.objects.create(complaint=complaint, user=person, reason="conflict")
    for person in chance.sample(people, 4):
        AccessEntry.objects.create(complaint=complaint, user=person)
    return complaint
