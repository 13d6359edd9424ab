"""What comes beside and after complaints: letters to approve, surveys, what was learnt."""

from datetime import timedelta
from typing import Any

from cases.errors import ComplaintError
from cases.models import Complaint, Delivery, Level, OutboundMessage
from cases.operations.extend import extend
from cases.operations.landlord import change_approvals
from cases.operations.letter_approvals import Wording, propose_letter, send_letter_back
from cases.operations.rehearse import rehearse
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.letter_facts import LetterKind
from cases.rules.roles import Role
from cases.selectors.case_history import history_of
from complaints_site.demonstration.play import COORDINATOR, Staff
from feedback.models import Remark, SurveyRequest
from feedback.operations.lessons import publish_lesson, write_lesson
from feedback.operations.surveys import (
    SurveyReply,
    answer_survey,
    begin_round,
    count_equality,
    survey_after_closing,
)
from feedback.rules.kinds import Decision
from feedback.rules.surveys import Way, ended_half_years
from reporting.models import KeptCopy
from reporting.operations.lessons import return_lessons

ADMINISTRATOR = "Ines Costa"
# Whoever may extend, and the officer whose complaints are extended.
AUTHOR, OFFICER = "Ruth Adeyemi", "Dan Morris"
REASON = "We wait for the surveyor’s report on the roof."
SENT_BACK = "Say when the surveyor comes, and that the customer may ring you meanwhile."
LONGER = 3
# So long ago the survey was begun, of complaints recorded until then, and so long it was answered.
ASKED, ANSWERED = timedelta(days=75), timedelta(days=45)
# Each answer: how satisfied with the whole, being told, the outcome, and in words.
ANSWERS = (
    (5, 5, 5, "Rang me back the same day and kept ringing until it was done."),
    (5, 4, 5, ""),
    (5, 5, 4, "Polite from first to last."),
    (5, 4, 4, ""),
    (5, 5, 5, ""),
    (4, 4, 4, "It took two visits, but I knew each time who was coming."),
    (4, 4, 5, ""),
    (4, 5, 4, ""),
    (4, 4, 4, ""),
    (4, 5, 5, "Thank you for the letter in large print."),
)
# Told on the telephone after a closure, to be kept with the complaint.
WITH_A_NAME = (
    (2, 2, 3, "The wall is dry now. But three times I took a day off work for nobody."),
    (5, 5, 5, "Mr Morris explained it to my mother twice, without a sigh."),
)
# What people told of themselves in the half-year before: answers, and how many gave each.
TOLD = {
    "age": {"under_25": 6, "25_44": 14, "45_64": 11, "65": 9},
    "disability": {"yes": 12, "no": 25, "prefer_not": 5},
    "sex": {"female": 22, "male": 17},
}
# What one service learnt from the month before; the others still owe it.
LEARNT = {
    "learnt": "Half of the complaints were about visits of which nobody was told in time.",
    "made": "Visits are booked on the telephone, and confirmed by a text with the half of the day.",
    "planned": "From next month the planner is shown what a resident needs before the visit.",
}
LESSONS = (
    (
        "You had to ring again and again to hear when somebody comes.",
        "Whoever books a visit now sends you a text with the day and the half of the day.",
    ),
    (
        "Letters about service charges were hard to follow.",
        "We rewrote them with a panel of residents. Each begins with what you have to do.",
    ),
)


def approvals(staff: Staff) -> None:
    """Let extensions be approved from now on: one waits for somebody, one was sent back."""
    change_approvals(
        [LetterKind.EXTENSION], by=staff.people[ADMINISTRATOR], now=staff.present, seen=None
    )
    asked = 0
    theirs = Complaint.objects.open().filter(
        responsible_officer=staff.people[OFFICER], next_due_on__gt=staff.today
    )
    for complaint in theirs.order_by("next_due_on", "pk"):
        asked += _ask_to_extend(staff, complaint, sends_back=asked == 0)
        if asked == 2:
            return


def _ask_to_extend(staff: Staff, complaint: Complaint, *, sends_back: bool) -> bool:
    """Put an extension to the coordinator, if the complaint can be extended now."""
    by, second, now = staff.people[AUTHOR], staff.people[COORDINATOR], staff.present
    history = history_of(complaint)
    answer = history.stage.answer
    state = history.state
    deadline = state.deadline(state.stage, answer.code, state.visit) if answer else None
    first = deadline.original_due_on if deadline else None
    if first is None:
        return False
    common: dict[str, Any] = {"complaint_id": complaint.pk, "now": now}
    try:
        made = rehearse(
            lambda: extend(
                **common,
                by=by,
                seen=complaint.version,
                new_due_on=staff.calendar.add_working_days(first, LONGER),
                reason=REASON,
                exceptional=False,
                telling=Telling("post"),
            ),
            before=history,
        ).made
        if made is None:
            return False
        proposal = propose_letter(
            **common,
            act=Act.EXTEND,
            by=by,
            seen=complaint.version,
            wording=Wording(_typed(complaint), made),
            approver_id=second.pk,
        )
        if sends_back:
            complaint.refresh_from_db(fields=["version"])
            send_letter_back(
                **common,
                number=proposal.number,
                by=second,
                seen=complaint.version,
                reason=SENT_BACK,
            )
    except ComplaintError:
        return False
    return True


def _typed(complaint: Complaint) -> dict[str, list[str]]:
    return {
        "by": ["days"],
        "days": [str(LONGER)],
        "reason": [REASON],
        "channel": ["post"],
        "letter_format": [complaint.customer.letter_format],
    }


def surveys(staff: Staff) -> None:
    """Ask about complaints of some months, let most have answered, and go on after closures."""
    by = staff.people[COORDINATOR]
    asked_at, answered_at = staff.present - ASKED, staff.present - ANSWERED
    last_day = asked_at.date() - timedelta(days=1)
    begun = begin_round(
        first_day=last_day - timedelta(days=365), last_day=last_day, by=by, now=asked_at
    )
    waiting = begun.requests.exclude(way=Way.NONE.value).order_by("pk")
    OutboundMessage.objects.filter(pk__in=waiting.values("message")).update(
        state=Delivery.SENT.value, sent_at=asked_at
    )
    codes = waiting.values_list("code", flat=True)[: len(ANSWERS)]
    for code, (overall, informed, outcome, words) in zip(codes, ANSWERS, strict=False):
        scores = {"overall": overall, "informed": informed, "outcome": outcome}
        answer_survey(code=code, reply=SurveyReply(scores, words), now=answered_at)
    closed = Complaint.objects.counted().filter(is_open=False, level=Level.NORMAL.value)
    found = zip(closed.order_by("received_on", "pk"), WITH_A_NAME, strict=False)
    for complaint, (overall, informed, outcome, words) in found:
        asked = SurveyRequest.objects.create(
            complaint=complaint, way=Way.PHONE.value, asked_at=asked_at
        )
        scores = {"overall": overall, "informed": informed, "outcome": outcome}
        reply = SurveyReply(scores, words, may_connect=True)
        answer_survey(code=asked.code, reply=reply, now=answered_at, by=by)
    for characteristic, answers in TOLD.items():
        for answer, number in answers.items():
            for _ in range(number):
                count_equality({characteristic: answer}, on=ended_half_years(staff.today)[1])
    survey_after_closing(on=True, by=by, now=staff.present)


def lessons(staff: Staff) -> None:
    """Publish what was learnt, and write down what a suggestion led to, not published yet."""
    by, now = staff.people[COORDINATOR], staff.present
    for you_said, we_did in LESSONS:
        lesson = write_lesson(you_said=you_said, we_did=we_did, by=by, now=now)
        publish_lesson(lesson_id=lesson.pk, by=by, now=now)
    taken_up = Remark.objects.filter(decision=Decision.TAKEN_UP.value).order_by("pk").first()
    if taken_up is not None:
        write_lesson(
            you_said="The letter about the new rent came too late to plan for it.",
            we_did="From April it goes out six weeks before the change.",
            by=by,
            now=now,
            remark_id=taken_up.pk,
        )


def what_services_learnt(staff: Staff) -> None:
    """Give back what one service learnt from the month before."""
    heads = KeptCopy.objects.filter(report__kind="monthly", role=Role.HEAD_OF_SERVICE.value)
    copy = heads.filter(report__area__code="housing").select_related("recipient").first()
    if copy is not None:
        return_lessons(
            report_id=copy.report_id, **LEARNT, by=copy.recipient, now=staff.present, seen=0
        )
