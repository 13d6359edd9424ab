"""Who is let in and shut out of a complaint, and what becomes of it."""

import pytest

from cases.models import Complaint, Level
from cases.operations.access import change_access, declare_conflict
from cases.rules.roles import Role
from cases.tests.factories import MONDAY
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
