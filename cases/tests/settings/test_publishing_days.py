"""Publishing the working days: what moves, what stays, and that a crash loses nothing."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cases.errors import SettingChanged
from cases.models import (
    BankHoliday,
    CalendarEdition,
    Complaint,
    Deadline,
    Landlord,
    Level,
    RecordedEvent,
    SettingsChange,
    Thing,
)
from cases.operations import calendars
from cases.operations.calendars import (
    SETTLING,
    adopt_calendar,
    follow_newest_calendar,
    publish_calendar,
)
from cases.operations.close import withdraw
from cases.operations.days_off import add_closure, remove_closure
from cases.operations.extend import extend
from cases.operations.telling import Telling
from cases.rules.bank_holidays import Nation, bank_holidays
from cases.rules.events import EventKind
from cases.rules.roles import Role
from cases.selectors.calendars import (
    complaints_behind,
    current_edition_or_none,
    draft_calendar,
    is_horizon_near,
    preview,
)
from cases.selectors.settings_history import last_change
from cases.tasks import adopt_calendar as adopt_task
from cases.tests.answering import acknowledge
from cases.tests.factories import MONDAY
from cases.tests.fixtures import at
from cases.tests.settings.conftest import NOW

TODAY = NOW.date()
# The Friday of the week in which the complaints of these tests are received.
FRIDAY = date(2026, 6, 12)


@pytest.fixture
def listed(house) -> None:
    """Fill the landlord's list as setting it up does."""
    BankHoliday.objects.bulk_create(
        BankHoliday(on=day, name=name)
        for day, name in bank_holidays(Nation.ENGLAND_AND_WALES).items()
    )


@pytest.fixture
def closed_on_friday(listed, admin) -> None:
    """Close the landlord on Friday, without publishing it."""
    add_closure(first_day=FRIDAY, last_day=FRIDAY, name="Moving house", by=admin, now=NOW)


def due_of(complaint: Complaint, code: str = "acknowledge") -> date | None:
    return Deadline.objects.get(complaint=complaint, code=code, stage="stage-1").due_on


def looked_at() -> calendars.Followed | object:
    return preview(draft_calendar(Landlord.objects.get()), today=TODAY)


def test_saving_twice_changes_nothing(closed_on_friday, admin):
    first = publish_calendar(by=admin, now=NOW)

    assert first is not None
    assert publish_calendar(by=admin, now=NOW) is None
    assert CalendarEdition.objects.count() == 2


def test_a_later_horizon_alone_is_a_new_edition(listed, admin):
    publish_calendar(by=admin, now=NOW, known_until=date(2029, 12, 31))

    assert current_edition_or_none().horizon == date(2029, 12, 31)
    assert ("Known until", "31 December 2028", "31 December 2029") in (
        SettingsChange.objects.get().lines
    )


def test_days_changed_meanwhile_are_not_published_unseen(closed_on_friday, admin):
    seen = last_change(Thing.CALENDAR)
    remove_closure(on=FRIDAY, by=admin, now=NOW)

    with pytest.raises(SettingChanged):
        publish_calendar(by=admin, now=NOW, seen=seen)


def test_the_preview_counts_what_publishing_moves(house, closed_on_friday, admin):
    complaint = house.lodge(on=MONDAY)

    seen = looked_at()
    edition = publish_calendar(by=admin, now=NOW)
    followed = adopt_calendar(edition=edition, by=admin, now=NOW)

    assert (seen.complaints, seen.deadlines, seen.later, seen.earlier) == (1, 2, 2, 0)
    assert followed.deadlines == seen.deadlines
    assert due_of(complaint) == date(2026, 6, 16)


def test_a_preview_changes_nothing(house, closed_on_friday):
    complaint = house.lodge(on=MONDAY)
    before = RecordedEvent.objects.count()

    looked_at()

    assert due_of(complaint) == date(2026, 6, 15)
    assert RecordedEvent.objects.count() == before


def test_the_preview_lists_the_deadlines_that_move_to_those_who_may_see_their_complaints(
    house, closed_on_friday, admin, client
):
    shown = house.lodge(on=MONDAY)
    hidden = house.lodge(on=MONDAY, triaged=False)
    draft = draft_calendar(Landlord.objects.get())

    seen = preview(draft, today=TODAY, viewer=house[Role.LINE_MANAGER])

    assert {(each.reference, each.words, each.old, each.new) for each in seen.lines} >= {
        (
            shown.reference,
            "Acknowledge, define and log the complaint",
            date(2026, 6, 15),
            date(2026, 6, 16),
        )
    }
    assert hidden.reference not in {each.reference for each in seen.lines}
    assert seen.more == seen.deadlines - len(seen.lines) == 2
    assert preview(draft, today=TODAY, viewer=admin).lines == []
    client.force_login(admin)
    page = client.get(reverse("cases:calendar-publish")).content.decode()
    assert "Which complaints these are is shown to those who may see them." in page
    assert shown.reference not in page
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    page = client.get(reverse("cases:calendar-publish")).content.decode()
    assert f'href="{shown.get_absolute_url()}"' in page


@pytest.mark.promise("P4")
def test_what_is_said_after_publishing_tells_nothing_of_what_is_hidden(
    house, closed_on_friday, admin, client, now
):
    hidden = house.lodge(on=MONDAY, level=Level.RESTRICTED)
    client.force_login(admin)
    page = reverse("cases:calendar-publish")
    form = client.get(page).context["form"]
    known = form.initial["known_until"]
    days = {"day": known.day, "month": known.month, "year": known.year}
    sent = {f"known_until_{part}": number for part, number in days.items()}

    answer = client.post(page, {**sent, "seen": form.initial["seen"]}, follow=True)

    assert RecordedEvent.objects.filter(
        complaint=hidden, kind=EventKind.CALENDAR_ADOPTED.value
    ).exists()
    assert [str(each) for each in answer.context["messages"]] == [
        "The working days are published. Open complaints follow within a few minutes."
    ]


def test_a_preview_stops_counting_somewhere_and_says_so(house, closed_on_friday, monkeypatch):
    monkeypatch.setattr("cases.selectors.calendars.MOST_PREVIEWED", 1)
    house.lodge(on=MONDAY)
    house.lodge(on=MONDAY)

    seen = looked_at()

    assert (seen.complaints, seen.is_partial) == (1, True)


def test_a_preview_asks_the_same_few_questions_however_many_complaints(
    house, closed_on_friday, django_assert_max_num_queries
):
    for _ in range(3):
        house.lodge(on=MONDAY)
    draft = draft_calendar(Landlord.objects.get())
    preview(draft, today=TODAY)

    with django_assert_max_num_queries(3):
        preview(draft, today=TODAY)


def test_a_day_worked_again_makes_deadlines_earlier_and_may_make_them_late(
    house, closed_on_friday, admin
):
    publish_calendar(by=admin, now=NOW)
    complaint = house.lodge(on=MONDAY)
    remove_closure(on=FRIDAY, by=admin, now=NOW)

    seen = preview(draft_calendar(Landlord.objects.get()), today=date(2026, 6, 16))

    assert due_of(complaint) == date(2026, 6, 16)
    assert (seen.earlier, seen.newly_overdue) == (2, 1)


def test_every_move_is_an_event_of_the_complaint(house, closed_on_friday, admin):
    complaint = house.lodge(on=MONDAY)

    edition = publish_calendar(by=admin, now=NOW)
    adopt_calendar(edition=edition, by=admin, now=NOW)

    event = RecordedEvent.objects.filter(complaint=complaint).latest("number")
    assert (event.kind, event.actor) == (EventKind.CALENDAR_ADOPTED, admin)


def test_adopting_twice_does_nothing_the_second_time(house, closed_on_friday, admin):
    house.lodge(on=MONDAY)
    edition = publish_calendar(by=admin, now=NOW)
    adopt_calendar(edition=edition, by=admin, now=NOW)

    again = adopt_calendar(edition=edition, by=admin, now=NOW)

    assert (again.complaints, again.deadlines, str(again)) == (0, 0, "")


def test_what_was_settled_before_keeps_its_day(house, closed_on_friday, admin):
    complaint = house.lodge(on=MONDAY)
    acknowledge(
        complaint_id=complaint.pk,
        by=house[Role.RESPONSIBLE_OFFICER],
        now=at(date(2026, 6, 9)),
        seen=None,
        on=date(2026, 6, 9),
        telling=Telling("email"),
    )

    edition = publish_calendar(by=admin, now=NOW)
    adopt_calendar(edition=edition, by=admin, now=NOW)

    assert due_of(complaint) == date(2026, 6, 15)
    assert due_of(complaint, "respond") == date(2026, 6, 24)


def test_a_day_told_in_a_letter_is_kept(house, closed_on_friday, admin):
    complaint = house.lodge(on=MONDAY)
    told = date(2026, 7, 1)
    extend(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(date(2026, 6, 9)),
        seen=None,
        new_due_on=told,
        reason="We wait for the surveyor.",
        exceptional=False,
        telling=Telling("email"),
    )

    edition = publish_calendar(by=admin, now=NOW)
    adopt_calendar(edition=edition, by=admin, now=NOW)

    assert due_of(complaint, "respond") == told


def test_closed_complaints_keep_the_calendar_they_were_dealt_with_under(
    house, closed_on_friday, admin
):
    complaint = house.lodge(on=MONDAY)
    withdraw(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(date(2026, 6, 9)),
        seen=complaint.version,
        on=date(2026, 6, 9),
        words="Put right.",
    )

    edition = publish_calendar(by=admin, now=NOW)

    assert adopt_calendar(edition=edition, by=admin, now=NOW).complaints == 0


def test_many_complaints_follow_a_few_at_a_time(house, closed_on_friday, admin):
    for _ in range(3):
        house.lodge(on=MONDAY)
    edition = publish_calendar(by=admin, now=NOW)

    first = adopt_calendar(edition=edition, by=admin, now=NOW, limit=2)
    rest = follow_newest_calendar(now=NOW, limit=2)

    assert (first.complaints, first.is_done) == (2, False)
    assert (rest.complaints, rest.is_done) == (1, True)
    assert str(first) == "2 complaints follow, 4 deadlines moved, more to come"


def test_a_complaint_lodged_afterwards_counts_with_the_new_edition_already(
    house, closed_on_friday, admin
):
    edition = publish_calendar(by=admin, now=NOW)

    house.lodge(on=MONDAY)

    assert complaints_behind(edition.pk, limit=None) == []


def test_once_settled_the_background_work_only_glances(
    house, closed_on_friday, admin, django_assert_num_queries
):
    house.lodge(on=MONDAY)
    edition = publish_calendar(by=admin, now=NOW)
    adopt_calendar(edition=edition, by=admin, now=NOW)

    with django_assert_num_queries(2):
        follow_newest_calendar(now=NOW + SETTLING + timedelta(minutes=1), limit=9)


def test_an_old_promise_that_comes_back_to_life_is_found_later(house, closed_on_friday, admin):
    complaint = house.lodge(on=MONDAY)
    publish_calendar(by=admin, now=NOW)

    followed = follow_newest_calendar(now=NOW + SETTLING + timedelta(days=9), limit=9)

    assert followed.complaints == 1
    assert due_of(complaint) == date(2026, 6, 16)


def test_the_task_goes_on_with_it(house, closed_on_friday, admin, now):
    complaint = house.lodge(on=MONDAY)
    publish_calendar(by=admin, now=NOW)

    adopt_task()

    assert due_of(complaint) == date(2026, 6, 16)


def test_nothing_follows_before_anything_is_published(db):
    assert follow_newest_calendar(now=NOW, limit=9).complaints == 0


def test_a_crash_between_two_complaints_is_caught_up(house, closed_on_friday, admin, monkeypatch):
    first, second = house.lodge(on=MONDAY), house.lodge(on=MONDAY)
    edition = publish_calendar(by=admin, now=NOW)
    adopt_one = calendars._adopt

    def die_at_the_second(key, *args, **kwargs):
        if key == second.pk:
            raise RuntimeError
        return adopt_one(key, *args, **kwargs)

    monkeypatch.setattr(calendars, "_adopt", die_at_the_second)
    with pytest.raises(RuntimeError):
        adopt_calendar(edition=edition, by=admin, now=NOW)
    monkeypatch.undo()
    adopt_calendar(edition=edition, by=admin, now=NOW)

    assert due_of(first) == due_of(second) == date(2026, 6, 16)


@pytest.mark.parametrize(
    ("today", "is_near"), [(date(2028, 7, 4), True), (date(2028, 7, 3), False)]
)
def test_the_end_of_the_known_bank_holidays_is_told_half_a_year_before(house, today, is_near):
    assert is_horizon_near(current_edition_or_none(), today=today) is is_near
