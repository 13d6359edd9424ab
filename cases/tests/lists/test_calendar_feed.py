"""The calendar of somebody's deadlines and hearings, as other programs read it."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases.models import Absence, CalendarFeed, Exclusion, SettingsChange
from cases.operations.calendar_feeds import make_feed
from cases.operations.people import leave
from cases.operations.promises import Promised, make_promise
from cases.rules.icalendar import LINE_OCTETS, Entry, calendar_text, escaped, folded
from cases.rules.roles import Role
from cases.tests.factories import UserFactory
from cases.tests.lists.conftest import NOW, TODAY


def address(person) -> str:
    feed = CalendarFeed.objects.filter(user=person).first() or make_feed(by=person, now=NOW)
    return reverse("cases:calendar-feed", args=[feed.token])


def lines(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def read(person) -> list[str]:
    answer = Client().get(address(person))
    assert answer.status_code == 200
    return lines(answer.content.decode())


def summaries(person) -> list[str]:
    return [line[8:] for line in read(person) if line.startswith("SUMMARY:")]


def test_the_calendar_shows_what_is_due_as_whole_days_and_nothing_about_the_customer(house, today):
    complaint = house.lodge()
    text = read(house[Role.RESPONSIBLE_OFFICER])

    due = complaint.deadlines.live().order_by("due_on").first()
    assert f"SUMMARY:{escaped(due.words)}: {complaint.reference}\\, Stage 1" in text
    assert f"DTSTART;VALUE=DATE:{due.due_on:%Y%m%d}" in text
    assert f"DTEND;VALUE=DATE:{due.due_on + timedelta(days=1):%Y%m%d}" in text
    whole = "\n".join(text)
    assert "VTIMEZONE" not in whole
    for word in (complaint.customer.name, "lift", house[Role.RESPONSIBLE_OFFICER].name):
        assert word not in whole


def test_an_entry_keeps_its_name_when_its_day_moves(house, today):
    complaint = house.lodge()
    officer = house[Role.RESPONSIBLE_OFFICER]
    before = [line for line in read(officer) if line.startswith("UID:")]
    complaint.deadlines.update(due_on=date(2026, 7, 31))

    after = [line for line in read(officer) if line.startswith("UID:")]

    assert sorted(before) == sorted(after)
    assert len(set(before)) == len(before)


def test_a_program_that_has_the_newest_is_told_so(house, today):
    house.lodge()
    officer = house[Role.RESPONSIBLE_OFFICER]
    mark = Client().get(address(officer))["ETag"]

    assert Client().get(address(officer), headers={"if-none-match": mark}).status_code == 304
    house.lodge()
    assert Client().get(address(officer), headers={"if-none-match": mark}).status_code == 200


def test_nobody_finds_in_a_calendar_what_is_closed_to_them(house, today):
    complaint = house.lodge()
    officer = house[Role.RESPONSIBLE_OFFICER]
    assert summaries(officer)

    Exclusion.objects.create(complaint=complaint, user=officer, reason="conflict")

    assert summaries(officer) == []


def test_a_deputy_finds_the_deadlines_of_whoever_is_away(house, today):
    house.lodge()
    deputy = UserFactory(roles=[(Role.RESPONSIBLE_OFFICER, None)])
    assert summaries(deputy) == []

    Absence.objects.create(
        user=house[Role.RESPONSIBLE_OFFICER], deputy=deputy, first_day=TODAY, last_day=TODAY
    )

    assert summaries(deputy)


def test_a_panel_member_finds_the_hearing(house, today):
    complaint = house.lodge()
    complaint.access_list.create(user=house[Role.PANEL_MEMBER], as_panel_member=True)
    type(complaint).objects.update(hearing_on=date(2026, 7, 7))

    assert summaries(house[Role.PANEL_MEMBER]) == [f"Hearing: {complaint.reference}"]


DUE = date(2026, 7, 3)


def promise(house, complaint, **keeper):
    """Promise a visit in a complaint, kept by whom is named."""
    complaint.refresh_from_db()
    make_promise(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
        seen=complaint.version,
        promised=Promised("A surveyor visits", DUE, **keeper),
        on=TODAY,
    )
    complaint.refresh_from_db()
    return f"Promise to the customer: {complaint.reference}\\, Stage 1"


def test_a_promise_stands_in_the_calendar_of_whoever_keeps_it_once_and_in_no_other(house, today):
    complaint = house.lodge()
    manager, officer = house[Role.LINE_MANAGER], house[Role.RESPONSIBLE_OFFICER]
    words = promise(house, complaint, keeper=manager.pk)

    assert summaries(manager).count(words) == 1
    assert words not in summaries(officer)
    assert any(complaint.reference in each for each in summaries(officer))


def test_a_promise_of_a_team_stands_in_the_calendar_of_its_managers(house, today):
    complaint = house.lodge(area_id=house.other_team.pk, by=house[Role.COMPLAINTS_COORDINATOR])
    words = promise(house, complaint, team=house.other_team.pk)
    theirs = UserFactory(roles=[(Role.LINE_MANAGER, house.other_team)])

    assert summaries(theirs).count(words) == 1
    assert words not in summaries(house[Role.LINE_MANAGER])
    assert words not in summaries(house[Role.RESPONSIBLE_OFFICER])


def test_what_stays_owed_of_a_closed_complaint_stays_in_the_calendar_and_nothing_else(house, today):
    complaint = house.lodge()
    officer = house[Role.RESPONSIBLE_OFFICER]
    words = promise(house, complaint)
    assert summaries(officer).count(words) == 1

    complaint.deadlines.filter(promise__isnull=True).update(due_on=DUE)
    type(complaint).objects.filter(pk=complaint.pk).update(
        is_open=False, status="closed", closed_on=TODAY, closed_as="closed"
    )

    assert summaries(officer) == [words]
    assert summaries(house[Role.LINE_MANAGER]) == []


def test_nobody_finds_a_promise_in_a_complaint_that_is_closed_to_them(house, today):
    complaint = house.lodge()
    manager = house[Role.LINE_MANAGER]
    words = promise(house, complaint, keeper=manager.pk)
    assert words in summaries(manager)

    Exclusion.objects.create(complaint=complaint, user=manager, reason="conflict")

    assert summaries(manager) == []


def test_an_entry_for_a_promise_takes_no_query_more(house, today, django_assert_num_queries):
    officer = house[Role.RESPONSIBLE_OFFICER]
    path = address(officer)
    promise(house, house.lodge())
    Client().get(path)

    with django_assert_num_queries(4):
        Client().get(path)


def test_the_address_of_a_leaver_leads_nowhere(house, today):
    officer = house[Role.RESPONSIBLE_OFFICER]
    path = address(officer)
    assert Client().get(path).status_code == 200

    leave(user_id=officer.pk, by=house[Role.SYSTEM_ADMINISTRATOR], now=NOW)

    assert Client().get(path).status_code == 404


def test_an_address_is_made_replaced_and_switched_off_on_ones_own_page(house, browse):
    officer = house[Role.RESPONSIBLE_OFFICER]
    window = browse(officer)
    page = reverse("cases:account-calendar")
    assert "You have no address yet" in window.get(page).content.decode()

    window.post(page)
    first = address(officer)
    assert first in window.get(page).content.decode()
    window.post(page, {"new": "yes"})
    second = address(officer)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200

    window.post(page, {"off": "yes"})
    assert Client().get(second).status_code == 404
    acts = SettingsChange.objects.filter(person=officer).order_by("pk")
    assert [each.act for each in acts] == [
        "Calendar address made",
        "Calendar address replaced",
        "Calendar address switched off",
    ]


def test_what_the_database_keeps_of_an_address_does_not_open_it(house, today):
    feed = make_feed(by=house[Role.RESPONSIBLE_OFFICER], now=NOW)

    for guess in (feed.name, f"{feed.name}-", f"{feed.name}-{'0' * 32}"):
        path = reverse("cases:calendar-feed", args=[guess])
        assert Client().get(path).status_code == 404


def test_the_calendar_takes_the_same_queries_for_one_complaint_as_for_many(
    house, today, django_assert_num_queries
):
    path = address(house[Role.RESPONSIBLE_OFFICER])
    house.lodge()
    Client().get(path)
    with django_assert_num_queries(4):
        Client().get(path)
    for _ in range(4):
        house.lodge()
    with django_assert_num_queries(4):
        Client().get(path)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_a_line_is_folded_so_that_it_can_be_unfolded(line):
    text = folded(line)

    assert text.replace("\r\n ", "") == line
    assert all(len(part.encode()) <= LINE_OCTETS for part in text.split("\r\n"))


def test_marks_and_line_breaks_in_words_cannot_end_an_entry():
    evil = Entry(
        uid="a,b",
        reference="a",
        on=date(2026, 3, 29),
        words="Due; now, \\ or\r\nEND:VCALENDAR",
        url="https://complaints.example/",
        changed_at=datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/London")),
    )
    text = calendar_text("Mine", [evil])

    assert "SUMMARY:Due\\; now\\, \\\\ or END:VCALENDAR\r\n" in text
    assert len(re.findall(r"(?m)^END:VCALENDAR", text)) == 1
    assert text.endswith("\r\n")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_calendar_can_only_be_read(house, today, method):
    path = address(house[Role.RESPONSIBLE_OFFICER])

    assert getattr(Client(), method)(path).status_code == 405
