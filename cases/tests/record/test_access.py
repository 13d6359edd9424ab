"""Who is let in and shut out of a complaint, and what becomes of it."""

import pytest

from cases.errors import ActionNotAllowed
from cases.models import AccessEntry, Complaint, Level, OutboundMessage, RoleGrant
from cases.operations.access import change_access, declare_conflict
from cases.operations.people import leave
from cases.operations.roles import Grant, take_role
from cases.rules.roles import Role
from cases.tests.factories import MONDAY, UserFactory
from cases.tests.fixtures import at

pytestmark = pytest.mark.django_db
NOW = at(MONDAY, 12)
COORDINATOR = Role.COMPLAINTS_COORDINATOR


def change(house, complaint, **access):
    """Change the access as the coordinator, and return the complaint as it is then."""
    complaint.refresh_from_db()
    given = {"level": Level.NORMAL, "listed": [], "subjects": [], "conflicted": [], **access}
    change_access(
        complaint_id=complaint.pk,
        by=house[COORDINATOR],
        now=NOW,
        seen=complaint.version,
        reason="To be fair.",
        **given,
    )
    return Complaint.objects.get(pk=complaint.pk)


@pytest.mark.parametrize("how", ["subjects", "conflicted"])
def test_a_complaint_is_nobodys_once_it_is_closed_to_its_officer(house, how):
    complaint = house.lodge()

    changed = change(house, complaint, **{how: [house[Role.RESPONSIBLE_OFFICER].pk]})

    assert changed.responsible_officer is None
    assert changed.service_area == house.team


def test_it_stays_with_its_officer_when_others_are_shut_out(house):
    complaint = house.lodge()

    changed = change(house, complaint, conflicted=[house[Role.FRONT_LINE].pk])

    assert changed.responsible_officer == house[Role.RESPONSIBLE_OFFICER]


def test_whoever_declares_a_conflict_no_longer_holds_it(house):
    complaint, officer = house.lodge(), house[Role.RESPONSIBLE_OFFICER]

    declare_conflict(complaint_id=complaint.pk, by=officer, now=NOW, reason="My cousin.")

    complaint.refresh_from_db()
    assert complaint.responsible_officer is None
    assert not Complaint.objects.visible_to(officer).exists()


# No orphan --------------------------------------------------------------------------------------


@pytest.fixture
def hidden(house) -> Complaint:
    """Return a restricted complaint, open to the coordinator and an officer."""
    complaint = house.lodge(officer_id=None, level=Level.RESTRICTED)
    for role in (COORDINATOR, Role.RESPONSIBLE_OFFICER):
        AccessEntry.objects.create(complaint=complaint, user=house[role])
    return complaint


def declares(house, complaint):
    """Let the coordinator declare a conflict."""
    by = house[COORDINATOR]
    declare_conflict(complaint_id=complaint.pk, by=by, now=NOW, reason="My cousin.")


def leaves(house, complaint):
    """Let the coordinator leave."""
    leave(user_id=house[COORDINATOR].pk, by=house[Role.SYSTEM_ADMINISTRATOR], now=NOW)


def loses_the_role(house, complaint):
    """Take the coordinator’s role."""
    admin = house[Role.SYSTEM_ADMINISTRATOR]
    take_role(user_id=house[COORDINATOR].pk, grant=Grant(COORDINATOR), by=admin, now=NOW)


EVENTS = pytest.mark.parametrize("happens", [declares, leaves, loses_the_role])


@pytest.mark.promise("P4")
@EVENTS
def test_who_comes_next_is_let_in_when_too_few_are_left_on_a_list(house, hidden, happens):
    next_one = UserFactory(roles=[COORDINATOR])

    happens(house, hidden)

    assert Complaint.objects.visible_to(next_one).get() == hidden
    message = OutboundMessage.objects.get(to_user=next_one)
    assert message.subject == f"Complaint {hidden.reference} is now open to you"
    assert "the lift" not in message.body.lower()


@EVENTS
def test_without_another_coordinator_a_director_is_let_in(house, hidden, happens):
    happens(house, hidden)

    assert Complaint.objects.visible_to(house[Role.DIRECTOR]).get() == hidden


@EVENTS
def test_nobody_whom_it_is_closed_to_is_let_in(house, hidden, happens):
    subject = UserFactory(roles=[COORDINATOR])
    hidden.exclusions.create(user=subject, reason="subject")

    happens(house, hidden)

    assert not Complaint.objects.visible_to(subject).exists()


@pytest.mark.promise("P4")
@EVENTS
def test_it_is_refused_where_nobody_would_be_left(house, hidden, happens):
    hidden.exclusions.create(user=house[Role.DIRECTOR], reason="subject")
    before = list(hidden.access_list.values_list("user", flat=True))

    with pytest.raises(ActionNotAllowed, match="Nobody would be left"):
        happens(house, hidden)

    assert list(hidden.access_list.values_list("user", flat=True)) == before
    assert RoleGrant.objects.filter(role=COORDINATOR.value).exists()


@EVENTS
def test_a_list_with_enough_people_on_it_stays_as_it_is(house, hidden, happens):
    director = house[Role.DIRECTOR]
    AccessEntry.objects.create(complaint=hidden, user=director)
    other = UserFactory(roles=[COORDINATOR])

    happens(house, hidden)

    assert not hidden.access_list.filter(user=other).exists()
