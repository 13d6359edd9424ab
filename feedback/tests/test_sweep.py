"""What coordinators are told of without asking, each time once; and what is cleared away."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Absence, Complaint, Landlord, OutboundMessage, RoleGrant, StoredFile
from cases.operations.files import path_of, store_upload
from cases.rules.roles import Role
from cases.tests.factories import UserFactory
from cases.tests.fixtures import at
from feedback.models import Draft, PassedOn, Remark, Submission, SurveyRound
from feedback.operations import housekeeping
from feedback.operations.housekeeping import clear_up, remove_orphans, remove_strays
from feedback.operations.sweep import sweep_feedback
from feedback.rules import abuse
from feedback.tasks import sweep
from feedback.tests.conftest import NOW
from feedback.tests.factories import COMPLAINT, Visitor, changed, praise

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 6, 8)
THURSDAY = date(2026, 6, 11)
FRIDAY = date(2026, 6, 12)
SATURDAY = date(2026, 6, 13)
NEXT_MONDAY = date(2026, 6, 15)


def alerts() -> list[OutboundMessage]:
    return list(OutboundMessage.objects.filter(kind="feedback_alert").order_by("pk"))


def set_aside(number: int = 0, **pages) -> Submission:
    visitor = Visitor(address=f"127.0.2.{number}")
    story = {"words": f"Story {number}"}
    visitor.fill(changed(COMPLAINT, what_happened=story, about_you={"email": ""}, **pages))
    visitor.send(fax_number="1", confirmed="yes")
    return Submission.objects.latest("pk")


# Thanks ------------------------------------------------------------------------------------------


@pytest.mark.rule("K3-20")
def test_thanks_that_are_due_today_are_not_late_yet(house):
    praise(received_on=MONDAY, acknowledge_by=THURSDAY)

    assert sweep_feedback(now=at(THURSDAY)) == ""
    assert alerts() == []


@pytest.mark.rule("K3-20")
@pytest.mark.rule("LV-14")
@pytest.mark.parametrize("kind", ["compliment", "suggestion"])
def test_the_coordinators_are_told_of_late_thanks_on_the_next_working_day(house, kind):
    remark = praise(received_on=MONDAY, acknowledge_by=THURSDAY, kind=kind)

    assert sweep_feedback(now=at(FRIDAY)) == "1 overdue thanks"

    [alert] = alerts()
    assert alert.to_user == house[Role.COMPLAINTS_COORDINATOR]
    assert remark.reference in alert.body
    assert "/feedback/" in alert.body
    assert remark.customer.name not in alert.body + alert.subject
    assert remark.words not in alert.body


@pytest.mark.rule("K3-20")
@pytest.mark.parametrize("kind", ["compliment", "suggestion"])
def test_the_coordinators_are_told_once_of_what_lies_for_two_weeks(house, kind):
    remark = praise(received_on=MONDAY, acknowledge_by=None, kind=kind)
    two_weeks = MONDAY + timedelta(weeks=2)

    assert sweep_feedback(now=at(two_weeks - timedelta(days=3))) == ""
    assert sweep_feedback(now=at(two_weeks)) == "1 lying"
    assert sweep_feedback(now=at(two_weeks, 15)) == ""

    [alert] = alerts()
    assert alert.subject == "1 compliment or suggestion waiting for two weeks"
    assert remark.reference in alert.body
    assert remark.words not in alert.body


def test_what_was_passed_on_or_decided_or_became_a_complaint_lies_no_more(house):
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    passed_on = praise(received_on=MONDAY, acknowledge_by=None)
    PassedOn.objects.create(remark=passed_on, to=coordinator, by=coordinator, at=NOW)
    decided = praise(received_on=MONDAY, acknowledge_by=None, kind="suggestion")
    Remark.objects.filter(pk=decided.pk).update(
        decision="taken_up", answer="Yes.", decided_on=MONDAY, decided_by=coordinator
    )
    became = praise(received_on=MONDAY, acknowledge_by=None)
    Remark.objects.filter(pk=became.pk).update(complaint=house.lodge(on=MONDAY))
    lying = praise(received_on=MONDAY, acknowledge_by=None)

    sweep_feedback(now=at(MONDAY + timedelta(weeks=2)))

    [alert] = alerts()
    told = [each for each in (passed_on, decided, became, lying) if each.reference in alert.body]
    assert told == [lying]


def test_a_suggestion_passed_on_to_three_and_not_decided_is_named_once(house):
    suggestion = praise(received_on=MONDAY, acknowledge_by=None, kind="suggestion")
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    for role in (Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER, Role.DIRECTOR):
        PassedOn.objects.create(remark=suggestion, to=house[role], by=coordinator, at=NOW)

    assert sweep_feedback(now=at(MONDAY + timedelta(weeks=2))) == "1 lying"

    [alert] = alerts()
    assert alert.body.count(suggestion.reference) == 1


def test_what_was_chased_in_quarantine_is_chased_again_when_it_lies(house):
    remark = praise(received_on=MONDAY, acknowledge_by=None)
    OutboundMessage.objects.create(
        key=f"feedback:chased_at:submission:{remark.reference}:"
        f"{house[Role.COMPLAINTS_COORDINATOR].pk}",
        kind="feedback_alert",
        subject="Overdue in quarantine",
        body="It waits.",
        created_at=NOW,
        next_try_at=NOW,
    )

    assert sweep_feedback(now=at(MONDAY + timedelta(weeks=2))) == "1 lying"


@pytest.mark.promise("P6")
def test_they_are_told_once_however_often_it_is_swept(house):
    praise(received_on=MONDAY, acknowledge_by=THURSDAY)

    for hour in (10, 11, 12):
        sweep_feedback(now=at(FRIDAY, hour))

    assert len(alerts()) == 1


@pytest.mark.parametrize(
    "columns",
    [
        {"acknowledged_on": FRIDAY, "acknowledged_how": "phone"},
        {"acknowledge_by": None},
    ],
    ids=["thanked", "cannot be reached"],
)
def test_nobody_is_chased_for_what_is_done_or_cannot_be(house, columns):
    if "acknowledged_on" in columns:
        columns = {**columns, "acknowledged_by": house[Role.FRONT_LINE]}
    praise(received_on=MONDAY, **{"acknowledge_by": THURSDAY, **columns})

    assert sweep_feedback(now=at(NEXT_MONDAY)) == ""


def test_what_became_a_complaint_is_not_chased_as_a_compliment(house):
    praise(received_on=MONDAY, acknowledge_by=THURSDAY, complaint=house.lodge())

    assert sweep_feedback(now=at(NEXT_MONDAY)) == ""


@pytest.mark.parametrize(
    "now",
    [at(SATURDAY), at(FRIDAY, 3), at(FRIDAY, 22)],
    ids=["Saturday", "in the night", "in the evening"],
)
def test_nobody_is_told_outside_the_alert_hours_and_nothing_is_lost(house, now):
    praise(received_on=MONDAY, acknowledge_by=THURSDAY)

    assert sweep_feedback(now=now) == ""
    assert sweep_feedback(now=at(NEXT_MONDAY)) == "1 overdue thanks"


def test_many_are_one_message_that_names_some_and_counts_the_rest(house):
    for _ in range(23):
        praise(received_on=MONDAY, acknowledge_by=THURSDAY)

    sweep_feedback(now=at(FRIDAY))

    [alert] = alerts()
    assert alert.subject.startswith("23 senders")
    assert "and 3 more" in alert.body


def test_the_rest_of_very_many_follows_in_the_next_sweep(house, monkeypatch):
    monkeypatch.setattr("feedback.operations.sweep.MOST", 2)
    for _ in range(3):
        praise(received_on=MONDAY, acknowledge_by=THURSDAY)

    assert sweep_feedback(now=at(FRIDAY)) == "2 overdue thanks"
    assert sweep_feedback(now=at(FRIDAY, 11)) == "1 overdue thanks"
    assert len(alerts()) == 2


def test_whoever_stands_in_for_a_coordinator_is_told(house):
    deputy = UserFactory(name="The deputy")
    Absence.objects.create(
        user=house[Role.COMPLAINTS_COORDINATOR],
        deputy=deputy,
        first_day=MONDAY,
        last_day=FRIDAY,
    )
    praise(received_on=MONDAY, acknowledge_by=THURSDAY)

    sweep_feedback(now=at(FRIDAY))

    assert [alert.to_user for alert in alerts()] == [deputy]


def test_without_a_coordinator_the_administrators_are_told(house):
    RoleGrant.objects.filter(role=Role.COMPLAINTS_COORDINATOR.value).delete()
    praise(received_on=MONDAY, acknowledge_by=THURSDAY)

    sweep_feedback(now=at(FRIDAY))

    assert [alert.to_user for alert in alerts()] == [house[Role.SYSTEM_ADMINISTRATOR]]


def test_with_nobody_to_tell_it_waits_for_the_next_sweep(house):
    RoleGrant.objects.all().delete()
    remark = praise(received_on=MONDAY, acknowledge_by=THURSDAY)

    assert sweep_feedback(now=at(FRIDAY)) == ""

    remark.refresh_from_db()
    assert remark.alerted_at is None


def test_before_a_landlord_is_set_up_nothing_happens(db):
    assert sweep_feedback(now=at(FRIDAY)) == ""


# Quarantine --------------------------------------------------------------------------------------


def test_the_coordinators_are_told_what_waits_and_chased_when_it_waits_too_long(house, now):
    held = set_aside()

    assert sweep_feedback(now=now) == "1 new in quarantine"
    assert sweep_feedback(now=at(THURSDAY)) == ""
    assert sweep_feedback(now=at(FRIDAY)) == "1 overdue in quarantine"
    assert sweep_feedback(now=at(NEXT_MONDAY)) == ""

    first, second = alerts()
    assert "1 form in quarantine to look at by Thursday 11 June" in first.subject
    assert "1 form in quarantine overdue" in second.subject
    assert held.reference in first.body
    assert "Margaret" not in first.body


def test_nobody_is_told_of_a_form_that_may_be_about_them(house, now):
    RoleGrant.objects.create(user=house[Role.AUDITOR], role=Role.COMPLAINTS_COORDINATOR.value)
    set_aside(staff={"about_staff": "yes", "staff_named": "The complaints coordinator"})

    sweep_feedback(now=now)

    assert [alert.to_user for alert in alerts()] == [house[Role.AUDITOR]]


def test_a_surge_is_told_once_an_hour(house, now, monkeypatch):
    monkeypatch.setattr(abuse, "SITE_FRICTION", 3)
    for number in range(3):
        Visitor(address=f"127.0.3.{number}").tell(
            changed(COMPLAINT, what_happened={"words": f"Surge {number}"}, about_you={"email": ""})
        )

    told = [sweep_feedback(now=now + timedelta(minutes=n)) for n in (1, 10, 59, 61)]

    assert told == ["1 surge", "", "", ""]
    assert "Nothing is turned away." in alerts()[0].body
    assert Complaint.objects.count() == 3


# The task begins with a connection of its own.
@pytest.mark.django_db(transaction=True)
def test_the_task_does_it_all_and_may_run_twice(house, time_machine):
    time_machine.move_to("2026-06-12T10:00:00+00:00", tick=False)
    praise(received_on=MONDAY, acknowledge_by=THURSDAY)

    sweep()
    sweep()

    assert len(alerts()) == 1


# Clearing up -------------------------------------------------------------------------------------

LATER = NOW + timedelta(days=31)


def upload(content: bytes = b"%PDF-1.7\n" + bytes(300)) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.pdf", content)


def test_what_nobody_sent_is_deleted_after_thirty_days_with_its_files(
    visitor, django_capture_on_commit_callbacks
):
    visitor.fill(COMPLAINT, files=[upload()])
    path = path_of(StoredFile.objects.get().key)

    before = clear_up(now=NOW + timedelta(days=30))
    with django_capture_on_commit_callbacks(execute=True):
        after = clear_up(now=LATER)

    assert "drafts" not in before
    assert "1 drafts deleted" in after
    assert not Draft.objects.exists()
    assert not StoredFile.objects.exists()
    assert not path.exists()


def test_what_was_sent_stays(visitor):
    sent = visitor.tell(COMPLAINT, files=[upload()])

    clear_up(now=LATER)

    sent.refresh_from_db()
    assert (sent.source, sent.email_hash) == ("", "")
    assert StoredFile.objects.count() == 1
    assert Complaint.objects.get().summary


def test_it_is_cleared_up_once_a_day(visitor):
    visitor.post("/let-us-know/kind/", {"kind": "complaint"})
    clear_up(now=LATER)
    visitor.client.cookies.clear()
    visitor.post("/let-us-know/kind/", {"kind": "complaint"})

    assert clear_up(now=LATER + timedelta(hours=1)) == ""
    assert "1 drafts deleted" in clear_up(now=LATER + timedelta(days=1))


def test_a_stored_file_that_belongs_to_nothing_goes_after_a_day(house):
    store_upload(upload(), by=None, now=NOW)

    assert remove_orphans(now=NOW + timedelta(hours=23)) == 0
    assert remove_orphans(now=NOW + timedelta(hours=25)) == 1
    assert not StoredFile.objects.exists()


def test_bytes_without_a_row_go_after_a_day_and_others_stay(house, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "MEDIA_ROOT", str(tmp_path))
    monkeypatch.setattr(housekeeping, "CHUNK", 2)
    kept = store_upload(upload(), by=None, now=NOW)
    strays = [tmp_path / "ab" / f"ab{n}" for n in range(3)]
    (tmp_path / "ab").mkdir(exist_ok=True)
    for stray in strays:
        stray.write_bytes(b"x")
    tomorrow = datetime.now(UTC) + timedelta(hours=25)

    assert remove_strays(now=tomorrow - timedelta(hours=2)) == 0
    assert remove_strays(now=tomorrow) == 3
    assert not any(Path(stray).exists() for stray in strays)
    assert path_of(kept.key).exists()


def test_alert_hours_are_the_landlords(house):
    Landlord.objects.update(alerts_from_hour=9, alerts_until_hour=17)
    praise(received_on=MONDAY, acknowledge_by=THURSDAY)

    # 08:59 and 09:00 in London in summer.
    assert sweep_feedback(now=datetime(2026, 6, 12, 7, 59, tzinfo=UTC)) == ""
    assert sweep_feedback(now=datetime(2026, 6, 12, 8, 0, tzinfo=UTC)) == "1 overdue thanks"
    assert Remark.objects.get().alerted_at is not None


# The six-monthly survey ---------------------------------------------------------------------------


@pytest.mark.rule("HH-34")
def test_after_six_whole_months_the_coordinators_are_told_once_to_survey(house):
    house.lodge(on=date(2026, 6, 1))

    assert sweep_feedback(now=at(date(2026, 11, 30))) == ""
    assert sweep_feedback(now=at(date(2026, 12, 1))) == "1 survey due"
    assert sweep_feedback(now=at(date(2026, 12, 2))) == ""
    # Whoever overlooked it hears again half a year later.
    assert sweep_feedback(now=at(date(2027, 6, 1))) == "1 survey due"

    alert, _ = alerts()
    assert alert.to_user == house[Role.COMPLAINTS_COORDINATOR]
    assert "from 1 June 2026 to 30 November 2026" in alert.body
    assert "/surveys/" in alert.body


@pytest.mark.rule("HH-34")
def test_after_a_survey_it_is_time_again_when_six_whole_months_have_passed(house):
    house.lodge(on=date(2026, 6, 1))
    SurveyRound.objects.create(
        first_day=date(2026, 6, 1),
        last_day=date(2026, 11, 30),
        begun_at=NOW,
        begun_by=house[Role.COMPLAINTS_COORDINATOR],
    )

    assert sweep_feedback(now=at(date(2027, 5, 28))) == ""
    assert sweep_feedback(now=at(date(2027, 6, 1))) == "1 survey due"


def test_who_asks_after_each_closing_is_not_told_to_survey(house):
    house.lodge(on=date(2026, 6, 1))
    Landlord.objects.update(surveys_since=date(2026, 6, 1))

    assert "survey due" not in sweep_feedback(now=at(date(2026, 12, 1)))
