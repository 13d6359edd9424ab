"""Thanks that are due today or late on My work of whoever has to send them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.rules.roles import Role
from cases.tests.factories import UserFactory
from feedback.models import PassedOn
from feedback.tests.conftest import NOW
from feedback.tests.factories import praise
from feedback.tests.tracking import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
TODAY = NOW.date()
LATE = "1 person waits to be thanked, for whom the promised day is over"
DUE = "1 person is to be thanked by today"


def work(browser) -> str:
    return words(browser.get(reverse("cases:my-work")))


@pytest.mark.rule("K3-20")
def test_a_coordinator_sees_what_is_due_today_and_what_is_late_each_with_its_list(house, sign_in):
    coordinator = sign_in(Role.COMPLAINTS_COORDINATOR)
    praise(received_on=TODAY, acknowledge_by=TODAY + timedelta(days=1))
    assert "to be thanked" not in work(coordinator)
    praise(received_on=TODAY, acknowledge_by=TODAY)
    praise(received_on=TODAY, acknowledge_by=TODAY - timedelta(days=1))

    page = work(coordinator)

    for told, show in ((LATE, "overdue"), (DUE, "to-thank")):
        [link] = re.findall(rf'<a class="govuk-link" href="([^"]*)">{told}</a>', page)
        assert link == f"{reverse('feedback:staff-list')}?show={show}"
        assert coordinator.get(link).status_code == 200


def test_what_was_thanked_for_or_became_a_complaint_is_nobodys_to_thank_for(house, sign_in):
    thanked = {"acknowledged_on": TODAY, "acknowledged_how": "phone"}
    praise(
        received_on=TODAY, acknowledge_by=TODAY, acknowledged_by=house[Role.FRONT_LINE], **thanked
    )
    praise(received_on=TODAY, acknowledge_by=TODAY, complaint=house.lodge())

    assert "to be thanked" not in work(sign_in(Role.COMPLAINTS_COORDINATOR))


@pytest.mark.parametrize("how", ["logged", "told", "manages", "neither"])
def test_it_is_the_work_of_whoever_logged_it_was_told_or_manages_its_area(house, sign_in, how):
    role = Role.LINE_MANAGER if how == "manages" else Role.FRONT_LINE
    area = next(iter(house[role].grants.all())).area if how == "manages" else None
    remark = praise(
        received_on=TODAY,
        acknowledge_by=TODAY,
        logged_by=house[role] if how == "logged" else None,
        service_area=area,
    )
    if how == "told":
        by = house[Role.COMPLAINTS_COORDINATOR]
        PassedOn.objects.create(remark=remark, to=house[role], by=by, at=NOW)

    assert (DUE in work(sign_in(role))) is (how != "neither")
    assert DUE not in work(sign_in(UserFactory(roles=[Role.RESPONSIBLE_OFFICER])))


def test_a_panel_member_is_told_of_no_thanks(house, sign_in):
    praise(received_on=TODAY, acknowledge_by=TODAY, logged_by=house[Role.PANEL_MEMBER])

    assert "to be thanked" not in work(sign_in(Role.PANEL_MEMBER))


def test_they_are_counted_without_another_query(house, sign_in, django_assert_num_queries):
    coordinator = sign_in(Role.COMPLAINTS_COORDINATOR)
    work(coordinator)
    with CaptureQueriesContext(connection) as before:
        work(coordinator)
    praise(received_on=TODAY, acknowledge_by=TODAY)
    praise(received_on=TODAY, acknowledge_by=TODAY - timedelta(days=1))

    with django_assert_num_queries(len(before)):
        work(coordinator)
    assert len(before) <= 12
