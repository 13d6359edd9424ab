"""What the screens asked of the operations: dates, people, restricted complaints, rehearsals."""

from datetime import date

import pytest

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing, WrongDate
from cases.models import Complaint, Letter, Level, OutboundMessage, RecordedEvent
from cases.operations.access import change_access
from cases.operations.assign import assign, triage
from cases.operations.customers import (
    add_joint_complainant,
    correct_customer,
    remove_joint_complainant,
)
from cases.operations.escalate import extend_window
from cases.operations.lateness import saying_why
from cases.operations.rehearse import rehearse
from cases.operations.stage_acts import Answer
from cases.operations.telling import Telling
from cases.operations.ways import channel_refusal
from cases.rules.customers import Register
from cases.rules.events import EventKind, Outcome
from cases.rules.lateness import Lateness
from cases.rules.roles import Role
from cases.selectors.case_history import history_of
from cases.tests import answering
from cases.tests.case_page.situations import NOW, TODAY, Story
from cases.tests.factories import CustomerFactory
from cases.tests.fixtures import written_elsewhere
from cases.tests.rules.strategies import TERMS

SLOW = Lateness("The post was slow.", avoidable=True, done_by=date(2027, 6, 1))
COORDINATOR = Role.COMPLAINTS_COORDINATOR


def common(house, complaint, by: Role = COORDINATOR) -> dict:
    """Return what every operation is told."""
    complaint.refresh_from_db()
    return {
        "complaint_id": complaint.pk,
        "by": house[by],
        "now": NOW,
        "seen": complaint.version,
    }


# How customers are told ----------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["email", "post"])
def test_a_letter_made_here_cannot_have_been_sent_before_today(house, channel):
    complaint = house.lodge()

    with pytest.raises(WrongDate, match="goes out today"):
        answering.acknowledge(
            **common(house, complaint), on=date(2026, 6, 10), telling=Telling(channel)
        )

    assert not Letter.objects.exists()
    assert not OutboundMessage.objects.filter(kind="letter_acknowledgement").exists()


def test_a_letter_written_elsewhere_may_have_been_sent_before(house):
    complaint = house.lodge()

    answering.acknowledge(
        **common(house, complaint), on=date(2026, 6, 10), telling=written_elsewhere(complaint)
    )

    complaint.refresh_from_db()
    assert complaint.acknowledged_on == date(2026, 6, 10)


@pytest.mark.rule("LV-8")
def test_a_stage_that_is_answered_in_writing_is_not_answered_by_telephone(house):
    story = Story(house, "livv-two-stage").passed_on()

    with pytest.raises(ActionNotAllowed, match="Stage one is answered in writing"):
        answering.respond(
            **common(house, story.complaint, Role.LINE_MANAGER),
            on=TODAY,
            answer=Answer(Outcome.UPHELD),
            telling=Telling("phone"),
        )


@pytest.mark.rule("K3-11")
def test_what_the_leaflet_promises_in_writing_is_not_answered_by_telephone(house):
    story = Story(house, "kht-three-stage")

    with pytest.raises(ActionNotAllowed, match="Stage 1 is answered in writing"):
        answering.respond(
            **common(house, story.complaint, Role.RESPONSIBLE_OFFICER),
            on=TODAY,
            answer=Answer(Outcome.UPHELD),
            telling=Telling("phone"),
        )


@pytest.mark.parametrize(
    ("code", "stage", "is_written"),
    [
        ("code-2024", "stage-1", True),
        ("kht-three-stage", "stage-3", True),
        ("herefordshire", "initial", False),
        ("livv-two-stage", "initial", False),
    ],
)
def test_a_stage_says_whether_the_customer_gets_its_answer_in_writing_unasked(
    code, stage, is_written
):
    assert TERMS[code].stage(stage).is_answered_in_writing is is_written


@pytest.mark.parametrize(
    ("channel", "details", "refusal"),
    [
        ("email", {"email": ""}, "There is no e-mail address for this customer."),
        ("email", {"email_unsafe": True}, "Not safe: the customer asked us not to e-mail."),
        ("phone", {"phone_unsafe": True}, "Not safe: the customer asked us not to ring."),
        ("post", {"post_unsafe": True}, "Not safe: the customer asked us not to write by post."),
        (
            "post",
            {"address": "", "postcode": ""},
            "There is no postal address for this customer.",
        ),
        ("in_person", {}, ""),
    ],
)
def test_each_way_that_is_closed_says_why(db, channel, details, refusal):
    assert channel_refusal(CustomerFactory(**details), channel) == refusal


def test_what_a_letter_elsewhere_answered_is_deemed_to_take_as_long_as_the_post(house):
    story = Story(house, "kht-three-stage").answered()

    # Answered on Friday 12 June: by post it arrives on Tuesday 16 June, and 14 days follow.
    assert story.complaint.window_until == date(2026, 6, 30)


def test_the_customer_is_told_of_more_time_and_when(house):
    story = Story(house, "kht-three-stage").answered()

    extend_window(
        **common(house, story.complaint),
        new_due_on=date(2026, 8, 3),
        reason="In hospital.",
        telling=Telling("post"),
    )

    story.complaint.refresh_from_db()
    assert story.complaint.window_until == date(2026, 8, 3)
    assert Letter.objects.get(kind="window_extended").channel == "post"


# People --------------------------------------------------------------------------------------


def test_a_joint_complainant_is_taken_out_and_the_record_keeps_that_they_were_in(house):
    complaint = house.lodge()
    twin = CustomerFactory()
    joint = add_joint_complainant(
        complaint_id=complaint.pk,
        customer_id=twin.pk,
        capacity="",
        by=house[COORDINATOR],
        now=NOW,
    )

    remove_joint_complainant(
        complaint_id=complaint.pk, joint_id=joint.pk, by=house[COORDINATOR], now=NOW
    )

    assert not complaint.joint_complainants.exists()
    kept = RecordedEvent.objects.filter(complaint=complaint, kind="details_changed")
    assert [row.facts for row in kept.order_by("number")] == [
        {"joint": twin.pk},
        {"joint_removed": twin.pk},
    ]


def test_nobody_is_taken_out_who_is_not_part_of_it(house):
    complaint = house.lodge()

    with pytest.raises(ActionNotAllowed):
        remove_joint_complainant(
            complaint_id=complaint.pk, joint_id=99, by=house[COORDINATOR], now=NOW
        )


@pytest.mark.rule("HH-13")
def test_a_complaint_logged_for_the_wrong_customer_is_corrected_with_its_register(house):
    story = Story(house, "herefordshire")
    right = CustomerFactory(category="member_of_the_public")

    complaint = correct_customer(
        **common(house, story.complaint), customer_id=right.pk, reason="The same name."
    )

    complaint.refresh_from_db()
    assert complaint.customer == right
    assert complaint.register == Register.NON_TENANT
    correction = RecordedEvent.objects.get(complaint=complaint, kind="corrected")
    assert correction.facts["changes"] == {"customer": right.pk}
    assert correction.facts["was_customer"] == story.complaint.customer_id


def test_the_customer_is_not_corrected_to_whoever_it_is_already(house):
    complaint = house.lodge()
    joint = CustomerFactory()
    complaint.joint_complainants.create(customer=joint)

    for wrong in (complaint.customer_id, joint.pk):
        with pytest.raises(ActionNotAllowed):
            correct_customer(**common(house, complaint), customer_id=wrong, reason="A slip.")
    with pytest.raises(ReasonMissing):
        correct_customer(**common(house, complaint), customer_id=CustomerFactory().pk, reason=" ")


# Restricted complaints -----------------------------------------------------------------------


def test_a_complaint_is_not_restricted_by_accepting_it(house):
    complaint = house.lodge(triaged=False, officer_id=None)

    with pytest.raises(ActionNotAllowed, match="change who may see it"):
        triage(
            **common(house, complaint),
            area_id=house.team.pk,
            officer_id=None,
            category_id=None,
            level=Level.RESTRICTED,
        )

    complaint.refresh_from_db()
    assert complaint.needs_triage


def test_the_officer_of_a_restricted_complaint_is_put_on_its_list(house):
    complaint = house.lodge(officer_id=None)
    listed = [house.people[COORDINATOR].pk, house.people[Role.DIRECTOR].pk]
    change_access(
        **common(house, complaint),
        level=Level.RESTRICTED,
        listed=listed,
        subjects=[],
        conflicted=[],
        reason="About a colleague.",
    )
    officer = house[Role.RESPONSIBLE_OFFICER]

    assign(**common(house, complaint), officer_id=officer.pk, area_id=house.team.pk)

    assert Complaint.objects.readable_by(officer).filter(pk=complaint.pk).exists()


# Rehearsals ----------------------------------------------------------------------------------


def test_a_rehearsal_shows_what_follows_and_the_letter_and_leaves_nothing(house):
    complaint = house.lodge(customer=CustomerFactory(name="Gareth Evans", email_unsafe=True))
    before = history_of(complaint)

    with saying_why(SLOW):
        rehearsal = rehearse(
            lambda: answering.acknowledge(
                **common(house, complaint), on=TODAY, telling=Telling("post", "Thank you.")
            ),
            before=before,
        )

    assert "Respond in full: due Mon 6 Jul 2026" in " ".join(rehearsal.follows)
    assert rehearsal.letter is not None
    assert rehearsal.letter.to_name == "Gareth Evans"
    assert "Thank you." in rehearsal.letter.paragraphs
    assert not Letter.objects.exists()
    assert [row.kind for row in history_of(complaint).rows] == [row.kind for row in before.rows]
    assert EventKind.ACKNOWLEDGED not in {row.kind for row in history_of(complaint).rows}


def test_a_rehearsal_refuses_what_the_act_refuses(house):
    complaint = house.lodge()

    with pytest.raises(NotEntitled):
        rehearse(
            lambda: answering.acknowledge(
                **common(house, complaint, Role.FRONT_LINE), on=TODAY, telling=Telling("phone")
            ),
            before=history_of(complaint),
        )
