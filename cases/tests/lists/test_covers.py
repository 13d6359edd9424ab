"""Who covers one complaint while its officer is away: named, seen, reminded, and over by itself."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled, NotIndependent
from cases.models import Absence, AccessEntry, Alert, Cover, Exclusion, Level, OutboundMessage
from cases.operations.assign import assign
from cases.operations.covers import name_cover
from cases.operations.people import end_absence
from cases.operations.reminders import sweep_deadlines
from cases.rules.roles import Role
from cases.rules.visibility import may_know_of
from cases.selectors.covers import leaves
from cases.selectors.reach import take_up
from cases.selectors.reminders import colleagues, sight_of
from cases.tests.factories import UserFactory
from cases.tests.fixtures import at
from cases.tests.lists.conftest import NOW, TODAY

WORK, COVERS = reverse("cases:my-work"), reverse("cases:covers")
LAST_DAY = TODAY + timedelta(days=11)


@pytest.fixture
def officer(house):
    return house[Role.RESPONSIBLE_OFFICER]


@pytest.fixture
def deputy(house):
    return UserFactory(name="Sam Deputy", roles=[Role.RESPONSIBLE_OFFICER])


@pytest.fixture
def colleague(house):
    return UserFactory(name="Kim Cover", roles=[Role.RESPONSIBLE_OFFICER])


@pytest.fixture
def complaint(house):
    return house.lodge(on=TODAY)


@pytest.fixture
def absence(officer, deputy):
    return Absence.objects.create(user=officer, deputy=deputy, first_day=TODAY, last_day=LAST_DAY)


def name(absence, complaint, person, *, by):
    key = person.pk if person else None
    return name_cover(absence_id=absence.pk, complaint_id=complaint.pk, user_id=key, by=by, now=NOW)


def statuses(browse, person, complaint, *days):
    found = []
    for day in days:
        with time_machine.travel(at(day), tick=False):
            found.append(browse(person).get(complaint.get_absolute_url()).status_code)
    return found


def test_whoever_covers_a_complaint_has_it_on_their_work_until_the_absence_ends(
    house, browse, officer, colleague, complaint, absence
):
    other = house.lodge(on=TODAY)
    assert statuses(browse, colleague, complaint, TODAY) == [404]

    name(absence, complaint, colleague, by=officer)

    work = browse(colleague).get(WORK).content.decode()
    assert f"for <strong>{officer.name}</strong> until" in work
    assert complaint.reference in work
    assert other.reference not in work
    after = LAST_DAY + timedelta(days=1)
    assert statuses(browse, colleague, complaint, TODAY, LAST_DAY, after) == [200, 200, 404]


def test_whoever_covers_it_does_what_its_officer_does(
    browse, officer, colleague, complaint, absence
):
    name(absence, complaint, colleague, by=officer)

    page = browse(colleague).get(reverse("cases:acknowledge", args=[complaint.reference]))

    assert page.status_code == 200


def test_the_reminders_go_to_the_cover_and_not_to_the_deputy(
    house, officer, deputy, colleague, complaint, absence
):
    name(absence, complaint, colleague, by=officer)
    due = complaint.deadlines.live().order_by("due_on").first().due_on

    sweep_deadlines(now=at(due))

    told = set(Alert.objects.values_list("recipient", flat=True))
    assert colleague.pk in told
    assert not told & {officer.pk, deputy.pk}


def test_it_ends_when_the_complaint_is_given_to_somebody_else(
    house, browse, officer, deputy, colleague, complaint, absence
):
    name(absence, complaint, colleague, by=officer)

    assign(
        complaint_id=complaint.pk,
        by=house[Role.LINE_MANAGER],
        now=NOW,
        seen=None,
        officer_id=deputy.pk,
        area_id=house.team.pk,
    )

    assert statuses(browse, colleague, complaint, TODAY) == [404]


def give(house, complaint, person):
    assign(
        complaint_id=complaint.pk,
        by=house[Role.LINE_MANAGER],
        now=NOW,
        seen=None,
        officer_id=person.pk,
        area_id=house.team.pk,
    )


def test_it_does_not_begin_again_when_the_complaint_comes_back(
    house, browse, officer, deputy, colleague, complaint, absence
):
    name(absence, complaint, colleague, by=officer)
    give(house, complaint, deputy)
    give(house, complaint, officer)

    assert statuses(browse, colleague, complaint, TODAY) == [404]
    name(absence, complaint, colleague, by=officer)

    assert complaint.events.filter(kind="access_changed", facts__cover=colleague.pk).count() == 2
    assert statuses(browse, colleague, complaint, TODAY) == [200]


def test_it_goes_on_when_the_complaint_stays_with_its_officer(
    house, browse, officer, colleague, complaint, absence
):
    name(absence, complaint, colleague, by=officer)

    give(house, complaint, officer)

    assert statuses(browse, colleague, complaint, TODAY) == [200]


def test_the_complaint_says_who_covers_it_while_it_is_open_to_them(
    house, browse, officer, colleague, complaint, absence
):
    name(absence, complaint, colleague, by=officer)
    client = browse(house[Role.COMPLAINTS_COORDINATOR])
    page = client.get(complaint.get_absolute_url()).content.decode()
    assert "Kim Cover covers it." in page

    Exclusion.objects.create(complaint=complaint, user=colleague, reason="conflict")

    page = client.get(complaint.get_absolute_url()).content.decode()
    assert "Kim Cover covers it." not in page
    assert "Sam Deputy stands in." in page


def test_it_is_in_the_record_and_the_colleague_is_told(
    browse, officer, colleague, complaint, absence
):
    name(absence, complaint, colleague, by=officer)
    told = OutboundMessage.objects.get(to_user=colleague)
    name(absence, complaint, None, by=officer)

    assert told.subject == f"Complaint {complaint.reference} is yours to cover"
    kinds = [(each.kind, each.facts) for each in complaint.events.order_by("-number")[:2]]
    assert kinds == [
        ("access_changed", {"uncovered": colleague.pk}),
        (
            "access_changed",
            {
                "cover": colleague.pk,
                "cover_from": TODAY.isoformat(),
                "cover_until": LAST_DAY.isoformat(),
            },
        ),
    ]
    page = browse(officer).get(complaint.get_absolute_url()).content.decode()
    assert "Kim Cover" in page


def test_only_the_officer_and_who_gives_out_complaints_there_names_a_cover(
    house, officer, deputy, colleague, complaint, absence
):
    elsewhere = UserFactory(roles=[(Role.LINE_MANAGER, house.other_team)])
    logged_by = house[Role.FRONT_LINE]

    for other in (elsewhere, colleague, logged_by):
        with pytest.raises(NotEntitled):
            name(absence, complaint, colleague, by=other)
    name(absence, complaint, colleague, by=house[Role.LINE_MANAGER])

    assert Cover.objects.get().user == colleague


def test_nobody_covers_what_they_may_not_handle(house, officer, colleague, complaint, absence):
    stranger = UserFactory()
    away = UserFactory(roles=[Role.RESPONSIBLE_OFFICER])
    Absence.objects.create(user=away, deputy=colleague, first_day=LAST_DAY, last_day=LAST_DAY)
    for person, words in ((stranger, "does not deal"), (away, "is away"), (officer, "else")):
        with pytest.raises(ActionNotAllowed, match=words):
            name(absence, complaint, person, by=officer)

    Exclusion.objects.create(complaint=complaint, user=colleague, reason="conflict")

    with pytest.raises(NotIndependent):
        name(absence, complaint, colleague, by=officer)
    assert not Cover.objects.exists()


def test_of_a_restricted_complaint_only_somebody_on_its_list_is_named(
    house, officer, colleague, complaint, absence
):
    type(complaint).objects.filter(pk=complaint.pk).update(level=Level.RESTRICTED.value)
    AccessEntry.objects.create(complaint=complaint, user=officer)

    with pytest.raises(ActionNotAllowed, match="not on its list"):
        name(absence, complaint, colleague, by=officer)


def test_somebody_shut_out_later_sees_it_no_more(browse, officer, colleague, complaint, absence):
    name(absence, complaint, colleague, by=officer)

    Exclusion.objects.create(complaint=complaint, user=colleague, reason="conflict")

    assert statuses(browse, colleague, complaint, TODAY) == [404]
    assert complaint.reference not in browse(colleague).get(WORK).content.decode()


def test_lists_and_the_rule_for_one_at_a_time_agree(house, officer, colleague, complaint, absence):
    hidden, plain = house.lodge(on=TODAY), house.lodge(on=TODAY)
    for each in (complaint, hidden):
        name(absence, each, colleague, by=officer)
    Exclusion.objects.create(complaint=hidden, user=colleague, reason="conflict")
    take_up(colleague, TODAY)
    viewer = colleagues(today=TODAY).viewers[colleague.pk]

    seen = set(type(complaint).objects.visible_to(colleague))

    every = [complaint, hidden, plain]
    assert seen == {complaint}
    assert seen == {each for each in every if may_know_of(viewer, sight_of(each, today=TODAY))}


def test_one_press_gives_the_deputy_all_that_nobody_covers(
    house, browse, officer, deputy, colleague, complaint, absence
):
    other, closed = house.lodge(on=TODAY), house.lodge(on=TODAY)
    name(absence, complaint, colleague, by=officer)
    Exclusion.objects.create(complaint=closed, user=deputy, reason="conflict")

    answer = browse(officer).post(COVERS, {"absence": absence.pk, "all": "yes"}, follow=True)

    assert {(each.complaint, each.user) for each in Cover.objects.all()} == {
        (complaint, colleague),
        (other, deputy),
    }
    page = answer.content.decode()
    assert "Sam Deputy covers 1 complaint more." in page
    assert f"{closed.reference}: Sam Deputy may not handle this complaint." in page


def test_a_manager_names_a_cover_on_the_page_among_those_who_may(
    house, browse, colleague, complaint, absence
):
    client = browse(house[Role.LINE_MANAGER])
    shut = UserFactory(name="Shut Out", roles=[Role.RESPONSIBLE_OFFICER])
    Exclusion.objects.create(complaint=complaint, user=shut, reason="subject")
    page = client.get(COVERS).content.decode()
    assert "Kim Cover" in page
    assert "Shut Out" not in page
    sent = {"absence": absence.pk, "complaint": complaint.reference}

    client.post(COVERS, sent | {"cover": shut.pk})
    assert not Cover.objects.exists()
    client.post(COVERS, sent | {"cover": colleague.pk})

    assert Cover.objects.get().user == colleague


def blank_option(page):
    return page.partition('<option value="">')[2].partition("</option>")[0]


def test_where_nobody_is_named_the_page_says_who_stands_in(browse, officer, complaint, absence):
    page = browse(officer).get(COVERS).content.decode()

    assert '<p class="govuk-body">Sam Deputy stands in.</p>' in page
    assert blank_option(page) == "Sam Deputy stands in"


def test_whoever_stands_in_for_a_deputy_who_is_away_too_is_told_instead(
    browse, officer, deputy, complaint, absence
):
    further = UserFactory(name="Ana Further", roles=[Role.RESPONSIBLE_OFFICER])
    Absence.objects.create(user=deputy, deputy=further, first_day=TODAY, last_day=TODAY)

    page = browse(officer).get(COVERS).content.decode()

    assert "Ana Further stands in for Sam Deputy, who was named and is away too." in page
    assert blank_option(page) == "Ana Further stands in"


def test_a_deputy_who_is_away_later_stands_in_until_then(
    browse, officer, deputy, colleague, complaint, absence
):
    Absence.objects.create(user=deputy, deputy=colleague, first_day=LAST_DAY, last_day=LAST_DAY)

    page = browse(officer).get(COVERS).content.decode()

    assert blank_option(page) == "Sam Deputy stands in"
    assert "Not for Sam Deputy: They are away in those days too." in page


@pytest.mark.parametrize("why", ["away", "left", "shut out"])
def test_nobody_is_said_to_stand_in_who_does_not(browse, officer, deputy, complaint, absence, why):
    if why == "away":
        days = {"first_day": TODAY, "last_day": LAST_DAY}
        Absence.objects.create(user=deputy, deputy=officer, **days)
    elif why == "left":
        type(deputy).objects.filter(pk=deputy.pk).update(is_active=False)
    else:
        Exclusion.objects.create(complaint=complaint, user=deputy, reason="subject")

    page = browse(officer).get(COVERS).content.decode()

    assert blank_option(page) == "Nobody"
    assert ("Nobody stands in: Sam Deputy" in page) is (why != "shut out")


def test_a_colleague_finds_nothing_of_others_absences(browse, colleague, complaint, absence):
    page = browse(colleague).get(COVERS).content.decode()

    assert "Nothing falls due while somebody is away" in page
    assert complaint.reference not in page


def test_covering_costs_my_work_no_query_for_each_complaint(
    house, browse, officer, colleague, absence, django_assert_max_num_queries
):
    client = browse(colleague)
    for _ in range(4):
        name(absence, house.lodge(on=TODAY), colleague, by=officer)
    client.get(WORK)

    with django_assert_max_num_queries(12) as few:
        client.get(WORK)
    for _ in range(4):
        name(absence, house.lodge(on=TODAY), colleague, by=officer)

    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(WORK)


def test_more_absences_cost_the_page_no_query_more(
    house, browse, officer, deputy, colleague, complaint, absence, django_assert_max_num_queries
):
    manager = browse(house[Role.LINE_MANAGER])
    manager.get(COVERS)
    with django_assert_max_num_queries(20) as one:
        manager.get(COVERS)
    for _ in range(3):
        away = UserFactory(roles=[Role.RESPONSIBLE_OFFICER])
        Absence.objects.create(user=away, deputy=deputy, first_day=TODAY, last_day=LAST_DAY)
        given = house.lodge(on=TODAY)
        give(house, given, away)

    with django_assert_max_num_queries(len(one.captured_queries)):
        page = manager.get(COVERS).content.decode()

    assert given.reference in page


def test_what_falls_due_first_is_shown_first_and_the_rest_is_counted(
    house, officer, complaint, absence, monkeypatch
):
    monkeypatch.setattr("cases.selectors.covers.MOST_SHOWN", 1)
    later = house.lodge(on=TODAY)
    sooner = house.lodge(on=TODAY)
    for each, days in ((complaint, 5), (later, 6), (sooner, 1)):
        each.deadlines.live().update(due_on=TODAY + timedelta(days=days))

    [found] = leaves(officer, today=TODAY)

    assert [each.complaint for each in found.complaints] == [sooner]
    assert found.more == 2


def test_what_is_overdue_already_is_there_to_be_left_to_somebody_when_the_absence_is_near(
    house, browse, officer, deputy, complaint
):
    complaint.deadlines.live().update(due_on=TODAY - timedelta(days=3))
    hearing = house.lodge(on=TODAY)
    hearing.deadlines.live().update(due_on=LAST_DAY + timedelta(days=30))
    type(hearing).objects.filter(pk=hearing.pk).update(hearing_on=TODAY + timedelta(days=9))
    near = {"first_day": TODAY + timedelta(days=8), "last_day": LAST_DAY}
    absence = Absence.objects.create(user=officer, deputy=deputy, **near)

    [soon] = leaves(officer, today=TODAY)
    page = browse(officer).get(COVERS).content.decode()
    days = {"first_day": TODAY + timedelta(days=60), "last_day": TODAY + timedelta(days=61)}
    Absence.objects.filter(pk=absence.pk).update(**days)
    [far] = leaves(officer, today=TODAY)

    assert [each.complaint for each in soon.complaints] == [complaint, hearing]
    assert [words for _, words in soon.complaints[1].due] == ["Hearing"]
    assert "Overdue</strong>" in page
    assert far.complaints == []


def test_the_button_for_all_is_there_only_where_the_deputy_may_cover_some(
    house, browse, officer, deputy, complaint, absence
):
    assert "All that nobody covers to Sam Deputy" in browse(officer).get(COVERS).content.decode()

    Exclusion.objects.create(complaint=complaint, user=deputy, reason="conflict")
    none = browse(officer).get(COVERS).content.decode()
    house.lodge(on=TODAY)
    some = browse(officer).get(COVERS).content.decode()

    assert 'name="all"' not in none
    assert "Sam Deputy may cover none of those that nobody covers" in none
    assert "All that Sam Deputy may cover to Sam Deputy" in some


def test_before_the_first_day_the_page_says_kindly_from_when_it_is_open(
    browse, officer, deputy, colleague, complaint
):
    begins = TODAY + timedelta(days=3)
    absence = Absence.objects.create(
        user=officer, deputy=deputy, first_day=begins, last_day=LAST_DAY
    )
    name(absence, complaint, colleague, by=officer)
    [told] = OutboundMessage.objects.filter(to_user=colleague)
    at_page = complaint.get_absolute_url()

    page = browse(colleague).get(at_page)
    others = browse(deputy).get(at_page)
    acts = browse(colleague).get(reverse("cases:note", args=[complaint.reference]))

    assert f"It is open to you from {begins:%-d %B} on, and not before." in told.body
    assert (page.status_code, others.status_code, acts.status_code) == (403, 404, 404)
    assert "is not open to you yet" in page.content.decode()
    assert complaint.customer.name not in page.content.decode()
    assert statuses(browse, colleague, complaint, begins) == [200]
    Exclusion.objects.create(complaint=complaint, user=colleague, reason="conflict")
    assert browse(colleague).get(at_page).status_code == 404


@pytest.mark.parametrize("begins", [TODAY + timedelta(days=3), TODAY - timedelta(days=3)])
def test_whoever_covers_or_stands_in_is_told_that_the_absence_is_over(
    officer, deputy, colleague, complaint, begins
):
    absence = Absence.objects.create(
        user=officer, deputy=deputy, first_day=begins, last_day=LAST_DAY
    )
    name(absence, complaint, colleague, by=officer)
    OutboundMessage.objects.all().delete()

    end_absence(absence_id=absence.pk, user_id=officer.pk, by=officer, now=NOW)

    told = {each.to_user: each.body for each in OutboundMessage.objects.all()}
    assert set(told) == {deputy, colleague}
    words = "was cancelled" if begins > TODAY else "ends today: they are back"
    for body in told.values():
        assert words in body
        assert officer.name not in body
        assert complaint.reference not in body
        assert complaint.customer.name not in body


def test_who_is_away_soon_is_led_to_their_covers_without_a_query_more(
    browse, officer, deputy, django_assert_num_queries
):
    client = browse(officer)
    client.get(WORK)
    with CaptureQueriesContext(connection) as before:
        assert "You are away now or soon" not in client.get(WORK).content.decode()
    needed = len(before)
    far = {"first_day": TODAY + timedelta(days=40), "last_day": TODAY + timedelta(days=41)}
    absence = Absence.objects.create(user=officer, deputy=deputy, **far)
    assert "You are away now or soon" not in client.get(WORK).content.decode()
    Absence.objects.filter(pk=absence.pk).update(first_day=TODAY + timedelta(days=10))

    with django_assert_num_queries(needed):
        page = client.get(WORK).content.decode()

    assert "You are away now or soon" in page
    assert f'href="{COVERS}"' in page
    Absence.objects.update(user=deputy, deputy=officer)
    assert "You are away now or soon" not in client.get(WORK).content.decode()
