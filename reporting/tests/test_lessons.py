"""What services learnt: given back, asked for, and told in the reports of quarter and year."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import Absence, OutboundMessage, RoleGrant, Thing, User
from cases.rules.roles import Role
from cases.selectors.settings_history import changes_of
from cases.tests.factories import UserFactory
from reporting.models import KeptReport, LessonsReturn
from reporting.operations.kept import make_kept_reports
from reporting.operations.lessons import chase_lessons, lessons_key, waive_lessons
from reporting.selectors.kept import counted_for
from reporting.selectors.lessons import all_owed
from reporting.tests.lessons import (
    FIRST_OF_JULY,
    FIRST_OF_JUNE,
    LESSONS,
    browse,
    form_of,
    give_back,
    month_of,
    send,
    the,
)
from reporting.views.kept_files import report_paper

pytestmark = pytest.mark.django_db
HEAD, COLLATOR = Role.HEAD_OF_SERVICE, Role.EXECUTIVE_SUPPORT_MANAGER
COORDINATOR = Role.COMPLAINTS_COORDINATOR


@pytest.mark.rule("HH-31")
def test_a_head_of_service_gives_back_what_was_learnt_and_is_chased_until_then(house, lodged):
    make_kept_reports(now=FIRST_OF_JUNE)
    report = the("monthly")

    def chased(*day: int) -> int:
        return chase_lessons(now=datetime(*day, 10, tzinfo=UTC))

    # The 27th and the 28th are a Saturday and a Sunday.
    days = [(2026, 6, 22), (2026, 6, 23), (2026, 6, 23), (2026, 6, 28), (2026, 6, 30), (2026, 7, 7)]
    assert [chased(*day) for day in days] == [0, 1, 0, 0, 1, 1]
    reminders = OutboundMessage.objects.filter(kind="lessons_due").order_by("pk")
    assert {each.to_user for each in reminders} == {house[HEAD]}
    assert "were due on 30 June" in reminders.last().subject
    client = browse(house[HEAD])

    refused = client.post(report.address("lessons"), {**LESSONS, "learnt": "", "seen": 0})
    named = client.post(
        report.address("lessons"), {**LESSONS, "planned": "Ring 0151 496 0000.", "seen": 0}
    )
    taken = client.post(report.address("lessons"), {**LESSONS, "seen": 0})

    assert (refused.status_code, named.status_code, taken.status_code) == (422, 422, 302)
    assert "Calls are listed." in refused.content.decode()
    lessons = LessonsReturn.objects.get()
    assert (lessons.learnt, lessons.returned_by) == ("Nobody rang back.", house[HEAD])
    assert chased(2026, 7, 14) == 0


@pytest.mark.rule("HH-31")
def test_lessons_that_are_owed_still_come_back_once_the_quarter_was_sent(house, lodged):
    make_kept_reports(now=FIRST_OF_JULY)
    june, report = the("monthly"), the("quarterly")
    sent = datetime(2026, 7, 10, 9, tzinfo=UTC)
    send(report, house[COLLATOR], sent)
    client = browse(house[HEAD])

    assert chase_lessons(now=datetime(2026, 7, 30, 10, tzinfo=UTC)) == 1
    page = client.get(june.get_absolute_url())
    assert page.context["lessons_url"] == june.address("lessons")
    assert client.post(june.address("lessons"), {**LESSONS, "seen": 0}).status_code == 302
    assert chase_lessons(now=datetime(2026, 8, 6, 10, tzinfo=UTC)) == 0

    # No report has told it yet, so that it may be changed.
    give_back(june, house[HEAD], datetime(2026, 8, 7, 10, tzinfo=UTC), planned="A rota.")
    make_kept_reports(now=datetime(2027, 4, 1, 6, tzinfo=UTC))
    year = KeptReport.objects.get(kind="yearly", last_day=date(2027, 3, 31))
    told = datetime(2027, 4, 10, 9, tzinfo=UTC)
    year = send(year, house[COLLATOR], told)
    report.refresh_from_db()
    assert report.found["lessons"] == []
    assert [each["planned"] for each in year.found["lessons"]] == ["A rota."]
    with pytest.raises(ActionNotAllowed, match="has gone out"):
        give_back(june, house[HEAD], told)
    assert client.get(june.get_absolute_url()).context["lessons_url"] == ""


def quarter_after(report: KeptReport) -> KeptReport:
    """Return the quarter that begins the day after a report's last one."""
    first_day = report.last_day + timedelta(days=1)
    return KeptReport.objects.get(kind="quarterly", first_day=first_day)


@pytest.mark.rule("HH-31")
@pytest.mark.rule("HH-32")
def test_what_comes_too_late_for_its_quarter_is_told_in_the_next_report_and_once(house, lodged):
    make_kept_reports(now=FIRST_OF_JULY)
    june, first = the("monthly"), the("quarterly")
    send(first, house[COLLATOR], datetime(2026, 7, 10, 9, tzinfo=UTC))
    give_back(june, house[HEAD], datetime(2026, 7, 30, 9, tzinfo=UTC))
    for month in (8, 9, 10):
        make_kept_reports(now=datetime(2026, month, 1, 6, tzinfo=UTC))
    second = quarter_after(first)
    september = month_of(date(2026, 9, 1))
    give_back(september, house[HEAD], datetime(2026, 10, 2, 9, tzinfo=UTC), learnt="A second.")
    client = browse(house[COLLATOR])
    before = client.get(second.address("send")).content.decode()
    assert "June 2026, in no report yet" in before
    assert "July 2026" in before

    second = send(second, house[COLLATOR], datetime(2026, 10, 10, 9, tzinfo=UTC))

    told = [(each["month"], each["learnt"], each["is_earlier"]) for each in second.found["lessons"]]
    assert told == [
        ("June 2026", "Nobody rang back.", True),
        ("September 2026", "A second.", False),
    ]
    assert (
        "June 2026, told in no report before"
        in client.get(second.get_absolute_url()).content.decode()
    )
    assert "June 2026, told in no report before" in repr(
        report_paper(second, counted_for(house[COLLATOR], second), "")
    )
    articles = client.get(second.address("articles")).context["articles"]
    assert "Nobody rang back." in articles[0][0].text
    make_kept_reports(now=datetime(2027, 1, 1, 7, tzinfo=UTC))
    third = send(quarter_after(second), house[COLLATOR], datetime(2027, 1, 5, 9, tzinfo=UTC))
    assert third.found["lessons"] == []


@pytest.mark.rule("HH-35")
def test_what_comes_after_its_year_was_sent_too_is_told_in_the_next_quarter(house, lodged):
    make_kept_reports(now=datetime(2027, 4, 1, 6, tzinfo=UTC))
    march = month_of(date(2027, 3, 1))
    for kind in ("quarterly", "yearly"):
        report = KeptReport.objects.filter(kind=kind).latest("first_day")
        send(report, house[COLLATOR], datetime(2027, 4, 5, 9, tzinfo=UTC))
    give_back(march, house[HEAD], datetime(2027, 4, 30, 9, tzinfo=UTC))
    make_kept_reports(now=datetime(2027, 7, 1, 6, tzinfo=UTC))
    next_quarter = KeptReport.objects.filter(kind="quarterly").latest("first_day")

    told = send(next_quarter, house[COLLATOR], datetime(2027, 7, 5, 9, tzinfo=UTC))

    assert [each["month"] for each in told.found["lessons"]] == ["March 2027"]


@pytest.mark.servers
@pytest.mark.parametrize("first", ["giving", "sending"])
def test_what_is_given_back_at_the_moment_of_sending_is_told_there_or_still_open(install, first):
    came = install().hand().call("reporting.tests.inside:give_back_while_sending", first=first)

    assert came == {
        "wrong": [],
        "is_back": True,
        "is_marked": first == "giving",
        "is_told": first == "giving",
    }


def owing(house) -> list[str]:
    """Return who was reminded, in the order of the reminders."""
    reminders = OutboundMessage.objects.filter(kind="lessons_due").order_by("pk")
    return [each.to_user.name for each in reminders.select_related("to_user")]


DUE = datetime(2026, 6, 30, 10, tzinfo=UTC)


@pytest.mark.rule("HH-31")
def test_whoever_heads_the_service_today_is_asked_and_not_whoever_left_or_moved(house, lodged):
    make_kept_reports(now=FIRST_OF_JUNE)
    report = the("monthly")
    RoleGrant.objects.filter(user=house[HEAD]).update(area=house.other_team)
    successor = UserFactory(name="The successor", roles=[(HEAD, house.service)])

    assert chase_lessons(now=DUE) == 1

    assert owing(house) == ["The successor"]
    with pytest.raises(NotEntitled):
        give_back(report, house[HEAD], DUE)
    assert browse(house[HEAD]).get(report.address("lessons")).status_code == 403
    page = browse(house[COLLATOR]).get(reverse("reporting:lessons-owed")).content.decode()
    assert "The successor" in page
    give_back(report, successor, DUE)
    assert LessonsReturn.objects.get().returned_by == successor


@pytest.mark.rule("HH-31")
def test_where_nobody_heads_the_service_any_more_the_coordinators_are_asked(house, lodged):
    make_kept_reports(now=FIRST_OF_JUNE)
    User.objects.filter(pk=house[HEAD].pk).update(is_active=False)

    assert chase_lessons(now=DUE) == 1

    assert owing(house) == [house[COORDINATOR].name]


@pytest.mark.one_database
def test_a_deputy_is_asked_only_while_the_head_is_away(house, lodged):
    make_kept_reports(now=FIRST_OF_JUNE)
    deputy = UserFactory(name="The deputy")
    Absence.objects.create(
        user=house[HEAD], deputy=deputy, first_day=date(2026, 6, 29), last_day=date(2026, 7, 3)
    )

    chase_lessons(now=DUE)
    chase_lessons(now=datetime(2026, 7, 7, 10, tzinfo=UTC))

    assert owing(house) == ["The deputy", house[HEAD].name]


@pytest.mark.one_database
def test_the_head_of_the_service_is_asked_and_not_of_what_is_around_it(house, lodged):
    make_kept_reports(now=FIRST_OF_JUNE)
    UserFactory(name="Of all homes", roles=[(HEAD, house.directorate)])

    chase_lessons(now=DUE)

    assert owing(house) == [house[HEAD].name]


@pytest.mark.rule("HH-31")
def test_what_nobody_can_tell_is_waived_with_a_reason_and_asked_for_no_more(house, lodged):
    make_kept_reports(now=FIRST_OF_JULY)
    june, quarter = the("monthly"), the("quarterly")
    client = browse(house[COLLATOR])
    owed, waive = reverse("reporting:lessons-owed"), f"{june.address('lessons')}no-longer-owed/"
    assert [each.asked for each in client.get(owed).context["owed"]] == [(house[HEAD].name,)]
    assert client.get(reverse("reporting:performance")).context["owed"] == 1
    warned = client.get(quarter.address("check")).content.decode()
    assert "Lessons of one service and month are not in it" in warned
    assert f"asked of {house[HEAD].name}" in warned

    lacking = client.post(waive, {"because": " "})
    named = client.post(waive, {"because": "Ring 0151 496 0000."})
    waived = client.post(waive, {"because": "The service was closed."})

    assert (lacking.status_code, named.status_code, waived.status_code) == (422, 422, 302)
    lessons = LessonsReturn.objects.get()
    assert (lessons.waived_by, lessons.waived_because) == (
        house[COLLATOR], "The service was closed.",
    )  # fmt: skip
    assert chase_lessons(now=datetime(2026, 7, 30, 10, tzinfo=UTC)) == 0
    assert client.get(owed).context["owed"] == []
    assert "The service was closed." in client.get(quarter.address("check")).content.decode()
    assert client.post(waive, {"because": "Again."}).status_code == 422
    # Should somebody tell it all the same, it counts.
    give_back(june, house[HEAD], datetime(2026, 7, 30, 10, tzinfo=UTC))
    lessons.refresh_from_db()
    assert (lessons.waived_at, lessons.waived_because) == (None, "")
    with pytest.raises(ActionNotAllowed):
        waive_lessons(report_id=june.pk, because="Late.", by=house[COLLATOR], now=FIRST_OF_JULY)


@pytest.mark.one_database
def test_nobody_who_owes_lessons_waives_them(house, lodged):
    make_kept_reports(now=FIRST_OF_JULY)
    june = the("monthly")
    for role in (HEAD, Role.DIRECTOR, Role.LINE_MANAGER):
        with pytest.raises(NotEntitled):
            waive_lessons(report_id=june.pk, because="Busy.", by=house[role], now=FIRST_OF_JULY)
    assert browse(house[HEAD]).get(reverse("reporting:lessons-owed")).status_code == 403


@pytest.mark.one_database
def test_what_was_told_before_there_were_marks_is_marked_by_what_stands_in_reports(house, lodged):
    make_kept_reports(now=FIRST_OF_JUNE)
    make_kept_reports(now=FIRST_OF_JULY)
    may, june = (month_of(date(2026, month, 1)) for month in (5, 6))
    give_back(may, house[HEAD], FIRST_OF_JULY)
    quarter = send(the("quarterly"), house[COLLATOR], FIRST_OF_JULY)
    # Given back by a clock that was behind, and in no report.
    give_back(june, house[HEAD], FIRST_OF_JUNE, learnt="Too late.")
    LessonsReturn.objects.update(told_in=None)

    import_module("reporting.migrations.0008_lessons_told_before").mark_told(apps, None)

    told = dict(LessonsReturn.objects.values_list("learnt", "told_in"))
    assert told == {"Nobody rang back.": quarter.pk, "Too late.": None}


@pytest.mark.one_database
def test_the_database_refuses_lessons_that_are_told_or_waived_and_cannot_be(house, lodged):
    make_kept_reports(now=FIRST_OF_JULY)
    lessons, by = LessonsReturn.objects.filter(), house[COLLATOR]
    waived = {"waived_at": FIRST_OF_JULY, "waived_by": by}
    given = {"returned_at": FIRST_OF_JULY, "returned_by": by, "learnt": "Something."}
    for wrong in (
        {"told_in": the("quarterly")},
        waived,
        {**waived, **given, "waived_because": "x"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            lessons.update(**wrong)


def test_what_is_owed_by_many_is_asked_for_in_as_many_questions(house, lodged):
    counts = []
    for month in (7, 8, 9, 10):
        make_kept_reports(now=datetime(2026, month, 1, 6, tzinfo=UTC))
        with CaptureQueriesContext(connection) as queries:
            all_owed(today=date(2026, 10, 1))
        counts.append(len(queries))

    assert len(all_owed(today=date(2026, 10, 1))) == 4
    assert set(counts) == {5}


@pytest.mark.one_database
def test_lessons_are_nobody_elses_to_give(house, lodged):
    make_kept_reports(now=FIRST_OF_JUNE)
    report = the("monthly")
    for role in (COLLATOR, Role.MEMBER_RESPONSIBLE, Role.LINE_MANAGER):
        with pytest.raises(NotEntitled):
            give_back(report, house[role], FIRST_OF_JULY)


def test_of_two_who_give_back_the_same_month_neither_erases_the_other(house, lodged):
    make_kept_reports(now=FIRST_OF_JUNE)
    path = the("monthly").address("lessons")
    head, coordinator = browse(house[HEAD]), browse(house[COORDINATOR])
    one = form_of(head, path, learnt="Nobody rang back.")
    other = form_of(coordinator, path, learnt="The lift stood.")

    assert head.post(path, one).status_code == 302
    refused = coordinator.post(path, other)

    assert refused.status_code == 422
    page = refused.content.decode()
    assert f"{house[HEAD].name} changed this after you opened the page." in page
    assert "The lift stood." in page
    assert "Nobody rang back." in page
    assert LessonsReturn.objects.get().learnt == "Nobody rang back."
    # Whoever has read it may save on top of it, and what it was before is kept.
    form = refused.context["form"]
    again = {name: form[name].value() or "" for name in form.fields}
    assert coordinator.post(path, again).status_code == 302
    assert LessonsReturn.objects.get().learnt == "The lift stood."
    lines = changes_of(Thing.LANDLORD, lessons_key(the("monthly")))[0].changes
    assert lines == [["What was learnt", "Nobody rang back.", "The lift stood."]]


def test_lessons_are_not_taken_from_a_page_that_does_not_say_what_it_showed(house, lodged):
    make_kept_reports(now=FIRST_OF_JUNE)

    answer = browse(house[HEAD]).post(the("monthly").address("lessons"), LESSONS)

    assert answer.status_code == 422
    assert "Open the page again" in answer.content.decode()
    assert LessonsReturn.objects.get().returned_at is None


def test_the_same_words_given_back_again_stay_those_of_whoever_gave_them_back(house, lodged):
    make_kept_reports(now=FIRST_OF_JUNE)
    path = the("monthly").address("lessons")
    head, coordinator = browse(house[HEAD]), browse(house[COORDINATOR])
    head.post(path, form_of(head, path, learnt="Nobody rang back."))
    form = coordinator.get(path).context["form"]
    again = {name: form[name].value() or "" for name in form.fields}

    assert coordinator.post(path, again).status_code == 302

    lessons = LessonsReturn.objects.get()
    assert (lessons.learnt, lessons.returned_by) == ("Nobody rang back.", house[HEAD])
