"""Weighty roles need a second person, and what auditors open leaves a line."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import (
    AccessEntry,
    CaseView,
    Exclusion,
    OutboundMessage,
    ProposedRole,
    RoleGrant,
    SettingsChange,
)
from cases.operations.people import leave
from cases.operations.roles import Grant, approve_role, give_role, refuse_role
from cases.rules.roles import AREA_ROLES, WEIGHTY_ROLES, Role
from cases.tests.factories import UserFactory
from cases.tests.settings.conftest import NOW

WEIGHTY = sorted(WEIGHTY_ROLES)


@pytest.fixture
def person(house):
    return UserFactory(name="Jo Berg")


@pytest.fixture
def coordinator(house):
    return house[Role.COMPLAINTS_COORDINATOR]


@pytest.fixture
def propose(house, admin, person):
    def propose(role=Role.COMPLAINTS_COORDINATOR, by=None):
        area = house.directorate.pk if role in AREA_ROLES else None
        return give_role(user_id=person.pk, grant=Grant(role, area), by=by or admin, now=NOW)

    return propose


@pytest.mark.parametrize("role", WEIGHTY)
def test_nobody_gives_a_weighty_role_alone(propose, person, role):
    proposal = propose(role)

    assert isinstance(proposal, ProposedRole)
    assert not person.grants.exists()
    assert SettingsChange.objects.get().act == "Role proposed"


@pytest.mark.parametrize("role", sorted(set(Role) - WEIGHTY_ROLES))
def test_every_other_role_counts_at_once(propose, person, role):
    assert isinstance(propose(role), RoleGrant)
    assert person.grants.get().role == role


@pytest.mark.parametrize("role", WEIGHTY)
def test_a_second_person_approves_it_and_auditors_are_told(
    house, propose, person, coordinator, role
):
    proposal = propose(role)
    OutboundMessage.objects.all().delete()

    approve_role(code=proposal.code, by=coordinator, now=NOW)

    assert person.grants.get().role == role
    assert OutboundMessage.objects.get().to_user == house[Role.AUDITOR]
    change = SettingsChange.objects.latest("pk")
    assert (change.by, change.act) == (
        coordinator,
        f"Role given, proposed by {proposal.proposed_by.name}",
    )


def test_whoever_proposed_it_is_not_the_second_person(propose, person, admin):
    proposal = propose()

    with pytest.raises(NotEntitled, match="Somebody else decides"):
        approve_role(code=proposal.code, by=admin, now=NOW)

    assert not person.grants.exists()
    assert ProposedRole.objects.get().decided_at is None


def test_whoever_would_get_it_is_not_the_second_person(house, admin, coordinator):
    grant = Grant(Role.DIRECTOR, house.directorate.pk)
    UserFactory(roles=[Role.SYSTEM_ADMINISTRATOR])
    proposal = give_role(user_id=coordinator.pk, grant=grant, by=admin, now=NOW)

    with pytest.raises(NotEntitled, match="Somebody else decides"):
        approve_role(code=proposal.code, by=coordinator, now=NOW)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COMPLAINTS_COORDINATOR}))
def test_nobody_else_approves_or_refuses(house, propose, role):
    proposal = propose()

    for act in (approve_role, refuse_role):
        with pytest.raises(NotEntitled):
            act(code=proposal.code, by=house[role], now=NOW)


def test_what_was_not_approved_is_never_given(propose, person, coordinator):
    proposal = propose()
    refuse_role(code=proposal.code, by=coordinator, now=NOW)

    with pytest.raises(ActionNotAllowed, match="decided on already"):
        approve_role(code=proposal.code, by=coordinator, now=NOW)

    assert not person.grants.exists()
    assert SettingsChange.objects.latest("pk").act == "Role not approved"


def test_it_waits_once(propose):
    propose()

    with pytest.raises(ActionNotAllowed, match="waits for approval already"):
        propose()


def test_nobody_proposes_their_own(admin, house):
    with pytest.raises(NotEntitled):
        give_role(user_id=admin.pk, grant=Grant(Role.COMPLAINTS_COORDINATOR), by=admin, now=NOW)

    assert not ProposedRole.objects.exists()


def test_a_leaver_is_given_nothing_that_waited(propose, person, admin, coordinator):
    proposal = propose()
    leave(user_id=person.pk, by=admin, now=NOW)

    with pytest.raises(ActionNotAllowed, match="has left"):
        approve_role(code=proposal.code, by=coordinator, now=NOW)


def test_what_a_leaver_proposed_is_not_approved_and_can_be_refused(
    house, propose, person, coordinator
):
    proposer = UserFactory(name="Ann Ware", roles=[Role.SYSTEM_ADMINISTRATOR])
    proposal = propose(by=proposer)
    leave(user_id=proposer.pk, by=coordinator, now=NOW)

    with pytest.raises(ActionNotAllowed, match="Ann Ware proposed it and has left"):
        approve_role(code=proposal.code, by=coordinator, now=NOW)

    assert not person.grants.exists()
    assert refuse_role(code=proposal.code, by=coordinator, now=NOW).decided_by == coordinator


def test_on_the_first_day_the_only_administrator_needs_nobody(house, person, admin):
    RoleGrant.objects.exclude(user=admin).delete()

    grant = Grant(Role.COMPLAINTS_COORDINATOR)
    first = give_role(user_id=person.pk, grant=grant, by=admin, now=NOW)
    second = give_role(user_id=UserFactory().pk, grant=grant, by=admin, now=NOW)

    assert isinstance(first, RoleGrant)
    assert isinstance(second, ProposedRole)


def test_the_database_lets_nobody_propose_themselves(person):
    with pytest.raises(IntegrityError, match="not_by_themselves"), transaction.atomic():
        ProposedRole.objects.create(
            user=person, role=Role.DIRECTOR.value, proposed_by=person, proposed_at=NOW
        )


def test_it_is_approved_on_the_page(client, propose, person, admin, coordinator):
    proposal = propose()
    url = reverse("cases:role-approvals")
    client.force_login(admin)
    by_proposer = client.get(url).content.decode()
    client.force_login(coordinator)
    by_second = client.get(url).content.decode()

    client.post(url, {"approve": proposal.code})

    assert "Somebody else decides this" in by_proposer
    assert "Jo Berg" in by_second
    assert 'name="approve"' in by_second
    assert person.grants.get().role == Role.COMPLAINTS_COORDINATOR


def test_a_made_up_code_gives_nothing(client, coordinator, house):
    client.force_login(coordinator)

    answer = client.post(reverse("cases:role-approvals"), {"approve": "\x00nothing"}, follow=True)

    assert "decided on already" in answer.content.decode()


# What auditors open ----------------------------------------------------------------------------


@pytest.fixture
def opened(house, client):
    """Let an auditor into a complaint and open its page."""
    complaint = house.lodge()
    AccessEntry.objects.create(complaint=complaint, user=house[Role.AUDITOR])
    client.force_login(house[Role.AUDITOR])
    assert client.get(complaint.get_absolute_url()).status_code == 200
    return complaint


def test_every_page_that_an_auditor_opens_leaves_a_line(house, client, opened):
    client.get(reverse("cases:deadlines", args=[opened.reference]))

    rows = CaseView.objects.order_by("pk").values_list("user", "complaint", "page")
    who = house.people[Role.AUDITOR].pk
    assert list(rows) == [(who, opened.pk, "complaint"), (who, opened.pk, "deadlines")]


def test_a_page_that_stays_open_before_an_auditor_leaves_no_further_line(house, client, opened):
    page = client.get(opened.get_absolute_url()).content.decode()
    asked = client.get(reverse("cases:here", args=[opened.reference]))

    assert asked.status_code == 200
    assert list(CaseView.objects.values_list("page", flat=True)) == ["complaint", "complaint"]
    assert "data-here" not in page
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    assert "data-here" in client.get(opened.get_absolute_url()).content.decode()


def test_what_others_open_leaves_none(house, client):
    complaint = house.lodge()
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    client.get(complaint.get_absolute_url())

    assert not CaseView.objects.exists()


def test_what_is_hidden_from_the_auditor_leaves_no_line(house, client):
    complaint = house.lodge()
    client.force_login(house[Role.AUDITOR])

    assert client.get(complaint.get_absolute_url()).status_code == 404
    assert not CaseView.objects.exists()


@pytest.mark.parametrize("change", ["update", "delete"])
def test_no_line_is_changed_or_removed(opened, change):
    rows = CaseView.objects.all()

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(page="") if change == "update" else rows.delete()


def test_a_coordinator_sees_which_and_an_administrator_that(house, client, opened):
    url = reverse("cases:auditors-views")
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    by_coordinator = client.get(url).content.decode()
    client.force_login(house[Role.SYSTEM_ADMINISTRATOR])
    by_administrator = client.get(url).content.decode()

    assert opened.reference in by_coordinator
    assert house[Role.AUDITOR].name in by_administrator
    assert opened.reference not in by_administrator


def test_a_coordinator_learns_nothing_of_a_complaint_about_them(house, client, opened):
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    Exclusion.objects.create(complaint=opened, user=coordinator, reason="subject")
    client.force_login(coordinator)

    page = client.get(reverse("cases:auditors-views")).content.decode()

    assert opened.reference not in page
    assert "No auditor has opened a complaint" in page


def test_the_lines_take_as_many_queries_however_many(
    house, client, opened, django_assert_max_num_queries
):
    CaseView.objects.bulk_create(
        CaseView(at=NOW, user=house[Role.AUDITOR], complaint=opened, page="complaint")
        for _ in range(60)
    )
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    with django_assert_max_num_queries(8):
        client.get(reverse("cases:auditors-views"))
