"""The invented landlord."""

from datetime import UTC, date, datetime

import pytest

from cases.models import (
    Absence,
    Complaint,
    InboundMail,
    Landlord,
    Letter,
    LetterProposal,
    Level,
    MailState,
    OutboundMessage,
    ServiceRequest,
    StoredFile,
    User,
)
from cases.rules.pages import READERS, Page
from cases.rules.procedure_files import shipped_codes
from cases.rules.roles import Role
from cases.selectors.my_work import DUE_VIEWS, my_work
from cases.selectors.post import post_listing
from cases.views.post import VIEWS
from complaints_site.demonstration.fill import fill
from complaints_site.demonstration.mail import MAILS
from feedback.models import Lesson, Matching, Remark, Submission, SurveyAnswer
from feedback.selectors.surveys import equality_found, found_since
from reporting.models import WeeklyReport

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
# A Sunday evening, the first working day of a year, a day in summer, and one after Easter.
DAYS = (
    datetime(2026, 11, 22, 20, tzinfo=UTC),
    datetime(2027, 1, 4, 9, tzinfo=UTC),
    datetime(2026, 7, 15, 8, tzinfo=UTC),
    datetime(2027, 3, 31, 22, 30, tzinfo=UTC),
)
OTHERS = [code for code in shipped_codes() if code != "code-2024"]


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize(("procedure", "day"), list(zip(OTHERS, DAYS, strict=True)), ids=OTHERS)
def test_the_demonstration_fills_itself_on_any_day_for_any_procedure(procedure, day):
    fill(procedure=procedure, now=day)

    assert Complaint.objects.filter(needs_triage=True).exists()
    assert Complaint.objects.filter(ombudsman_on__isnull=False).exists()
    assert not Complaint.objects.filter(last_event_at__gt=day).exists()
    came = InboundMail.objects.order_by("-received_at").values_list("state", flat=True)
    assert [str(state) for state in came][::-1] == [each.becomes.value for each in MAILS]


@pytest.mark.django_db
def test_the_demonstration_has_something_on_every_list_for_somebody_in_every_role():
    fill(procedure="code-2024", now=MONDAY)
    today = MONDAY.date()

    people = User.objects.filter(is_active=True)
    assert set(people.values_list("grants__role", flat=True)) >= {role.value for role in Role}
    # The log-ins that are printed.
    first = {
        role: people.filter(grants__role=role.value).order_by("grants__pk")[0] for role in Role
    }
    officer = my_work(first[Role.RESPONSIBLE_OFFICER], today=today)
    assert {section.name for section in officer.sections if section.count} >= set(DUE_VIEWS)
    for role in READERS[Page.MY_WORK]:
        work = my_work(first[role], today=today)
        assert any(section.count for section in work.sections), role
    assert Complaint.objects.visible_to(first[Role.AUDITOR]).exists()
    assert Complaint.objects.open().filter(stage="stage-2").exists()
    assert Complaint.objects.open().filter(hearing_on__gt=today).exists()
    assert Complaint.objects.open().filter(status="awaiting_decision").exists()
    assert Complaint.objects.filter(ombudsman_on__isnull=False).exists()
    assert set(Complaint.objects.values_list("level", flat=True)) == {each.value for each in Level}
    assert Letter.objects.filter(channel="post", posted_on=None).exists()
    assert Letter.objects.filter(channel="post", posted_on__isnull=False).exists()
    assert ServiceRequest.objects.filter(done_on=None).exists()
    assert Submission.objects.in_quarantine().exists()
    reader = first[Role.COMPLAINTS_COORDINATOR]
    for view in VIEWS:
        assert post_listing(reader, view, "").exists() is (view != MailState.NOT_OURS.value), view
    assert Submission.objects.filter(matching=Matching.WAITING.value).exists()
    assert Remark.objects.to_acknowledge().exists()
    assert Remark.objects.to_decide().exists()
    assert Remark.objects.to_pass_on().exists()
    assert Absence.objects.filter(first_day__lte=today, last_day__gte=today).exists()
    assert StoredFile.objects.exists()
    assert WeeklyReport.objects.filter(recipient=first[Role.LINE_MANAGER]).exists()
    assert OutboundMessage.objects.filter(state="queued").exists()
    assert OutboundMessage.objects.filter(state="undeliverable").exists()
    states = set(LetterProposal.objects.values_list("state", flat=True))
    assert states == {"waiting", "sent_back"}
    assert Landlord.objects.get().approved_letters == ["extension"]
    found = found_since(date(2025, 11, 1), today=today)
    assert any(found.questions[0].counts)
    assert found.words
    assert SurveyAnswer.objects.filter(complaint__isnull=False).count() == 2
    assert equality_found(today=today)
    assert Lesson.objects.filter(published_on__isnull=False).exists()
    assert Lesson.objects.filter(published_on=None).exists()


@pytest.mark.django_db
def test_whom_a_complaint_is_about_cannot_see_it_in_the_demonstration():
    fill(procedure="code-2024", now=MONDAY)

    about = Complaint.objects.get(exclusions__user__name="Priya Shah")

    seen_by = {
        user.name for user in User.objects.all() if about in Complaint.objects.visible_to(user)
    }
    assert "Priya Shah" not in seen_by
    assert {"Tom Baker", "Helen Marsh"} <= seen_by
