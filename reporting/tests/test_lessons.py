"""What services learnt: given back, asked for, and told in the reports of quarter and year."""

from datetime import UTC, date, datetime

import pytest

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import OutboundMessage, Thing
from cases.rules.roles import Role
from cases.selectors.settings_history import changes_of
from reporting.models import KeptReport, LessonsReturn
from reporting.operations.kept import make_kept_reports
from reporting.operations.lessons import chase_lessons, lessons_key
from reporting.tests.lessons import (
    FIRST_OF_JULY,
    FIRST_OF_JUNE,
    LESSONS,
    browse,
    form_of,
    give_back,
    send,
    the,
)

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
