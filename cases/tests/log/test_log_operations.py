"""What logging refuses whoever calls it, and that a refusal leaves nothing behind."""

import logging
from dataclasses import replace

import pytest

from cases.errors import (
    ActionNotAllowed,
    FileRefused,
    NotEntitled,
    ReasonMissing,
    TooManyLookups,
    WrongDate,
)
from cases.models import Complaint, Customer, Level, LoggedForm, OutboundMessage, ServiceRequest
from cases.operations.customers import Particulars, Speaker
from cases.operations.log import (
    AsComplaint,
    AsRequest,
    Logged,
    ThereAndThen,
    log_complaint,
    log_service_request,
)
from cases.operations.lookups import MOST_IN_A_SPAN, take_lookup
from cases.operations.telling import Telling
from cases.rules.roles import Role
from cases.tests.factories import CustomerFactory, UserFactory
from cases.tests.log.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
CURE = ThereAndThen(TODAY, "I reset the lift.", apologised=False, telling=Telling("phone"))


@pytest.fixture
def logged() -> Logged:
    """What a caller says today."""
    return Logged(
        key="a-key",
        customer_id=CustomerFactory(phone_unsafe=True).pk,
        particulars=None,
        channel="phone",
        received_on=TODAY,
        words="The lift is out of order.",
    )


def test_whoever_may_not_log_logs_nothing(house, logged):
    with pytest.raises(NotEntitled):
        log_complaint(logged, AsComplaint(), by=house[Role.AUDITOR], now=NOW)
    with pytest.raises(NotEntitled):
        log_service_request(logged, AsRequest("asb"), by=house[Role.PANEL_MEMBER], now=NOW)

    assert not LoggedForm.objects.exists()


@pytest.mark.parametrize(
    "particulars", [None, Particulars(name=" ", category="tenant")], ids=["nobody", "nameless"]
)
def test_a_complaint_is_somebodys(house, logged, particulars):
    nobodys = replace(logged, customer_id=None, particulars=particulars)

    with pytest.raises(ActionNotAllowed):
        log_complaint(nobodys, AsComplaint(), by=house[Role.FRONT_LINE], now=NOW)

    assert not LoggedForm.objects.exists()


def test_an_hour_that_has_not_come_is_refused(house, logged):
    later = replace(logged, received_at=NOW.replace(hour=23))

    with pytest.raises(WrongDate, match="00:00 is in the future"):
        log_complaint(later, AsComplaint(), by=house[Role.FRONT_LINE], now=NOW)


def test_a_file_that_is_gone_is_missed_before_anything_is_logged(house, logged):
    with pytest.raises(FileRefused):
        log_complaint(logged, AsComplaint(file_keys=["gone"]), by=house[Role.FRONT_LINE], now=NOW)

    assert not Complaint.objects.exists()


def test_a_speaker_is_not_confirmed_without_saying_how(house, logged):
    speaker = Speaker(name="Bob Moyo", authority="confirmed")

    with pytest.raises(ActionNotAllowed, match="Say when the customer confirmed it"):
        log_complaint(logged, AsComplaint(speaker=speaker), by=house[Role.FRONT_LINE], now=NOW)

    assert not Complaint.objects.exists()


@pytest.mark.parametrize("role", [Role.FRONT_LINE, Role.RESPONSIBLE_OFFICER])
def test_whoever_may_not_assign_names_no_officer(house, logged, role):
    told = AsComplaint(officer_id=house[Role.LINE_MANAGER].pk)

    with pytest.raises(NotEntitled):
        log_complaint(replace(logged, area_id=house.team.pk), told, by=house[role], now=NOW)

    assert not Complaint.objects.exists()


def test_nobody_is_named_who_deals_with_no_complaints_or_has_left(house, logged):
    by = house[Role.COMPLAINTS_COORDINATOR]
    left = UserFactory(roles=[Role.RESPONSIBLE_OFFICER], is_active=False)

    for person in (house[Role.AUDITOR], left):
        with pytest.raises(ActionNotAllowed, match="cannot be given a complaint"):
            log_complaint(logged, AsComplaint(officer_id=person.pk), by=by, now=NOW)


def test_who_deals_with_a_complaint_about_staff_is_settled_later(house, logged):
    told = AsComplaint(officer_id=house[Role.LINE_MANAGER].pk, level=Level.RESTRICTED)

    with pytest.raises(ActionNotAllowed, match="settled after it is logged"):
        log_complaint(logged, told, by=house[Role.COMPLAINTS_COORDINATOR], now=NOW)


@pytest.mark.rule("HH-10", "HH-11")
@pytest.mark.parametrize(
    ("role", "has_it"),
    [(Role.FRONT_LINE, False), (Role.RESPONSIBLE_OFFICER, True), (Role.DIRECTOR, True)],
)
def test_whoever_puts_it_right_has_it_if_they_deal_with_complaints(house, logged, role, has_it):
    house.run("herefordshire")
    safe = replace(logged, customer_id=CustomerFactory().pk)

    form = log_complaint(safe, AsComplaint(), by=house[role], now=NOW, resolved=CURE)

    complaint = Complaint.objects.get(pk=form.complaint_id)
    assert complaint.closed_as == "resolved"
    assert (complaint.responsible_officer_id == house[role].pk) is has_it
    assert not OutboundMessage.objects.exists()


def test_putting_it_right_needs_words_and_a_safe_way_to_tell(house, logged):
    house.run("herefordshire")
    by = house[Role.FRONT_LINE]

    with pytest.raises(ActionNotAllowed, match="asked us not to ring"):
        log_complaint(logged, AsComplaint(), by=by, now=NOW, resolved=CURE)
    with pytest.raises(ReasonMissing):
        log_complaint(logged, AsComplaint(), by=by, now=NOW, resolved=replace(CURE, words=" "))

    assert not Complaint.objects.exists()
    assert not LoggedForm.objects.exists()


def test_one_form_is_not_a_complaint_and_a_request(house, logged):
    by = house[Role.FRONT_LINE]
    first = log_complaint(logged, AsComplaint(), by=by, now=NOW)

    second = log_service_request(logged, AsRequest("asb"), by=by, now=NOW)

    assert second == first
    assert not ServiceRequest.objects.exists()
    assert Customer.objects.count() == 1


# How many customers somebody looks up -----------------------------------------------------------


def test_looking_customers_up_is_counted_for_each_person(house):
    adviser, other = house[Role.FRONT_LINE], house[Role.COMPLAINTS_COORDINATOR]
    for _ in range(MOST_IN_A_SPAN):
        take_lookup(adviser, now=NOW)

    with pytest.raises(TooManyLookups):
        take_lookup(adviser, now=NOW)
    take_lookup(other, now=NOW)
    take_lookup(adviser, now=NOW.replace(minute=11))


def test_whoever_does_not_work_on_complaints_looks_nobody_up(house):
    with pytest.raises(NotEntitled):
        take_lookup(house[Role.SYSTEM_ADMINISTRATOR], now=NOW)


def test_nobody_is_kept_from_work_by_a_cache_that_is_down(house, settings, caplog):
    nobody_listens = "redis://127.0.0.1:1"
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": nobody_listens,
        }
    }

    with caplog.at_level(logging.ERROR):
        take_lookup(house[Role.FRONT_LINE], now=NOW)

    assert "Look-ups are not counted" in caplog.text
