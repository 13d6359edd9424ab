"""Giving roles and taking them away."""

import pytest
from django.db import IntegrityError

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import OutboundMessage, RoleGrant, SettingsChange
from cases.operations.people import leave
from cases.operations.roles import Grant, give_role, take_role
from cases.rules.roles import AREA_ROLES, Role
from cases.tests.factories import ServiceAreaFactory, UserFactory
from cases.tests.settings.conftest import NOW


def test_a_role_counts_from_the_next_request_on(house, admin):
    person = UserFactory()

    give_role(
        user_id=person.pk, grant=Grant(Role.LINE_MANAGER, house.service.pk), by=admin, now=NOW
    )

    person.refresh_from_db()
    assert person.scope.covers(Role.LINE_MANAGER, house.team.pk)
    assert SettingsChange.objects.get().lines == [("Role", "", "line manager, Repairs")]


def test_every_auditor_who_can_sign_in_is_told_without_a_name(house, admin):
    gone = UserFactory(roles=[Role.AUDITOR])
    leave(user_id=gone.pk, by=admin, now=NOW)
    person = UserFactory(name="Jo Berg")

    give_role(user_id=person.pk, grant=Grant(Role.PANEL_MEMBER), by=admin, now=NOW)

    message = OutboundMessage.objects.get()
    assert message.to_user == house[Role.AUDITOR]
    assert "Jo Berg" not in message.subject + message.body
    assert f"/settings/people/{person.code}/" in message.body


@pytest.mark.parametrize("act", [give_role, take_role])
def test_nobody_changes_their_own_roles(house, admin, act):
    with pytest.raises(NotEntitled):
        act(user_id=admin.pk, grant=Grant(Role.COMPLAINTS_COORDINATOR), by=admin, now=NOW)

    assert not SettingsChange.objects.exists()


@pytest.mark.parametrize("role", list(Role))
def test_a_role_has_a_service_area_where_it_needs_one_and_nowhere_else(house, admin, role):
    wrong = None if role in AREA_ROLES else house.team.pk

    with pytest.raises(ActionNotAllowed, match="service area"):
        give_role(user_id=UserFactory().pk, grant=Grant(role, wrong), by=admin, now=NOW)


def test_a_role_is_given_once(house, admin):
    person = UserFactory(roles=[Role.AUDITOR])

    with pytest.raises(ActionNotAllowed, match="already"):
        give_role(user_id=person.pk, grant=Grant(Role.AUDITOR), by=admin, now=NOW)

    assert person.grants.count() == 1


@pytest.mark.parametrize("role", [Role.PANEL_MEMBER, Role.LINE_MANAGER])
def test_the_database_keeps_a_role_once_with_a_service_area_or_without(house, role):
    area = house.service if role in AREA_ROLES else None
    person = UserFactory()
    RoleGrant.objects.create(user=person, role=role.value, area=area)

    with pytest.raises(IntegrityError):
        RoleGrant.objects.create(user=person, role=role.value, area=area)


def test_no_role_is_given_to_a_leaver_or_in_an_area_out_of_use(house, admin):
    person = UserFactory()
    retired = ServiceAreaFactory(is_retired=True)

    with pytest.raises(ActionNotAllowed, match="no longer in use"):
        give_role(user_id=person.pk, grant=Grant(Role.LINE_MANAGER, retired.pk), by=admin, now=NOW)
    leave(user_id=person.pk, by=admin, now=NOW)
    with pytest.raises(ActionNotAllowed, match="has left"):
        give_role(user_id=person.pk, grant=Grant(Role.AUDITOR), by=admin, now=NOW)


def test_a_role_taken_away_is_gone_and_noted(house, admin):
    person = house[Role.LINE_MANAGER]

    take_role(user_id=person.pk, grant=Grant(Role.LINE_MANAGER, house.team.pk), by=admin, now=NOW)

    assert not RoleGrant.objects.filter(user=person).exists()
    assert SettingsChange.objects.get().act == "Role taken away"


def test_a_role_not_held_cannot_be_taken_away(house, admin):
    with pytest.raises(ActionNotAllowed, match="any more"):
        take_role(user_id=UserFactory().pk, grant=Grant(Role.AUDITOR), by=admin, now=NOW)
