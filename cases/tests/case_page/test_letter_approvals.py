"""Letters of the kinds that a landlord chose go once a second person has approved their words."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.contrib.messages import get_messages
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.errors import ActionNotAllowed, ApprovalNeeded, NotEntitled
from cases.models import (
    Absence,
    Landlord,
    Letter,
    LetterProposal,
    OutboundMessage,
    RecordedEvent,
    RoleGrant,
    StoredFile,
    User,
)
from cases.operations.close import withdraw
from cases.operations.documents import letter_document
from cases.operations.files import open_file
from cases.operations.landlord import change_approvals
from cases.operations.letter_approvals import approve_letter, chase_letters, forget_old_wordings
from cases.operations.note import add_note
from cases.operations.rebuild import rebuild_projections
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.customers import LetterFormat
from cases.rules.letter_approvals import APPROVABLE, changes_between
from cases.rules.letter_facts import LetterKind
from cases.rules.letter_parts import checklist
from cases.rules.roles import Role
from cases.selectors.approvers import LISTED, approvers_of
from cases.selectors.case_history import history_of
from cases.selectors.letter_approvals import SHOWN
from cases.selectors.reach import take_up
from cases.tests.answering import respond
from cases.tests.case_page.situations import NOW, SITUATIONS, TODAY, UPHELD, Story
from cases.tests.factories import UserFactory
from cases.tests.fixtures import at, written_elsewhere
from cases.views.acts.all import ACT_PAGES

TYPED = {
    "on_day": "22",
    "on_month": "6",
    "on_year": "2026",
    "outcome": "upheld",
    "remedies": ["apology"],
    "channel": "post",
    "letter": "The lift was mended on Friday.",
}
OFFICER, MANAGER = Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER
COORDINATOR = Role.COMPLAINTS_COORDINATOR


@pytest.fixture(autouse=True)
def _on_a_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def story(house) -> Story:
    """Return a complaint to be answered, of a landlord that has its answers approved."""
    story = Story(house, "code-2024")
    Landlord.objects.update(approved_letters=["response"])
    return story


def browser(story: Story, who) -> Client:
    """Return the browser of somebody, by role or as they are."""
    client = Client()
    client.force_login(story.house[who] if isinstance(who, Role) else who)
    return client


def url_of(story: Story, act: str = "respond") -> str:
    """Return the address of an act."""
    return reverse(f"cases:{act}", args=[story.complaint.reference])


def ask(story: Story, by=OFFICER, **more):
    """Ask for approval of an answer, as its author's browser does."""
    story.complaint.refresh_from_db()
    typed = {"seen": str(story.complaint.version), **TYPED, **more}
    return browser(story, by).post(url_of(story), typed)


def decide(story: Story, by, decision: str, **more):
    """Read what waits and decide on it, as the browser of a second person does."""
    client = browser(story, by)
    page = client.get(url_of(story, "approve-letter"))
    form = page.context["form"]
    assert form is not None, page.context["why_not"]
    sent = {name: form[name].value() for name in ("seen", "letter", "words_hash")}
    return client.post(
        url_of(story, "approve-letter"), {**sent, "decision": decision, "reason": "", **more}
    )


def kinds(story: Story) -> list[str]:
    """Return what was recorded of the complaint, in order."""
    return list(story.complaint.events.order_by("number").values_list("kind", flat=True))


def test_whoever_approves_is_offered_under_the_letter_only_to_decide_on_it(story):
    ask(story)
    client = browser(story, MANAGER)
    address = url_of(story, "approve-letter")

    read = client.get(address)
    undecided = client.post(
        address,
        {name: read.context["form"][name].value() for name in ("seen", "letter", "words_hash")},
    )

    for page in (read, undecided):
        words = page.content.decode()
        sheet = words.split('id="rehearsal-heading"')[1].split("</section>")[0]
        assert "The lift was mended on Friday." in sheet
        assert "If you approve it:" in sheet
        assert '<a class="govuk-link" href="#act-form">Approve it or send it back</a>' in sheet
        assert "<button" not in sheet
        assert "Send this" not in words
        assert "change it below" not in words
        assert 'id="act-form"' in words
        assert "Record the decision" in words
    assert undecided.status_code == 422


def test_its_author_can_still_send_from_the_preview_or_change_it_below(story):
    typed = {"seen": str(story.complaint.version), **TYPED, "preview": "yes"}

    page = browser(story, OFFICER).post(url_of(story), typed).content.decode()

    assert "If you go on:" in page
    assert "Ask for approval of this" in page
    assert "Or change it below" in page
    assert "Approve it or send it back" not in page


# Asking --------------------------------------------------------------------------------------


def test_the_answer_waits_for_a_second_person_and_no_deadline_moves(story):
    due = story.complaint.next_due_on

    page = ask(story)

    assert page.status_code == 302
    assert kinds(story)[-1] == "letter_proposed"
    assert not Letter.objects.exists()
    story.complaint.refresh_from_db()
    assert (story.complaint.next_due_on, story.complaint.status) == (due, "received")
    proposal = LetterProposal.objects.get()
    assert proposal.typed["letter"] == ["The lift was mended on Friday."]
    words = str(RecordedEvent.objects.get(kind="letter_proposed").facts)
    assert "lift" not in words


def test_the_page_says_what_the_button_does_and_who_may_be_asked(story, house):
    page = browser(story, OFFICER).get(url_of(story))

    body = page.content.decode()
    assert "Ask for approval" in body
    assert "A letter of this kind goes once a second person has approved it" in body
    asked = [words for _, words in page.context["form"].fields["approver"].choices]
    assert any("line manager" in words for words in asked)
    assert not any("responsible officer" in words for words in asked)
    assert not any("coordinator" in words for words in asked)


def written_elsewhere_as_typed(story: Story, **more) -> dict:
    """Return what an author types of an answer that was written elsewhere."""
    telling = written_elsewhere(story.complaint)
    stage = story.complaint.procedure_version.terms.stage(story.complaint.stage)
    parts = [each.code for each in checklist(LetterKind.RESPONSE, stage)]
    typed = {"channel": "letter_elsewhere", "copy": str(telling.copy), "parts_said": parts}
    return {**typed, **more}


def test_an_answer_written_elsewhere_waits_too_and_goes_with_the_copy_that_was_read(story):
    page = ask(story, **written_elsewhere_as_typed(story))
    waits = kinds(story)[-1]
    read = browser(story, MANAGER).get(url_of(story, "approve-letter")).content.decode()
    decide(story, MANAGER, "approve")

    assert page.status_code == 302
    assert waits == "letter_proposed"
    assert "our letter.txt" in read
    letter = Letter.objects.get()
    assert (letter.channel, letter.original.name) == ("letter_elsewhere", "our letter.txt")
    assert LetterProposal.objects.get().letter == letter


def test_another_copy_than_the_one_that_was_read_does_not_go(story):
    ask(story, **written_elsewhere_as_typed(story))
    proposal = LetterProposal.objects.get()
    client = browser(story, MANAGER)
    form = client.get(url_of(story, "approve-letter")).context["form"]
    sent = {name: form[name].value() for name in ("seen", "letter", "words_hash")}
    StoredFile.objects.update(sha256="f" * 64)

    page = client.post(url_of(story, "approve-letter"), {**sent, "decision": "approve"})

    assert page.status_code == 422
    proposal.refresh_from_db()
    assert proposal.state == "waiting"
    assert not Letter.objects.exists()


def unapproved(story: Story, act) -> None:
    """Do something while the landlord has no letters approved."""
    Landlord.objects.update(approved_letters=[])
    act()
    Landlord.objects.update(approved_letters=["response"])


def test_whoever_may_approve_is_told_in_neutral_words_and_nobody_else(story, house):
    ask(story)

    told = OutboundMessage.objects.filter(kind="letter_approval")
    names = set(told.values_list("to_user__name", flat=True))
    assert house[MANAGER].name in names
    assert house[Role.COMPLAINTS_COORDINATOR].name not in names
    assert story.house[OFFICER].name not in names
    customer = story.complaint.customer.name
    assert all(customer not in each.subject + each.body for each in told)


def test_one_person_can_be_asked_and_only_somebody_who_may(story, house):
    refused = ask(story, approver=str(house[Role.SYSTEM_ADMINISTRATOR].pk))
    asked = ask(story, approver=str(house[MANAGER].pk))

    assert refused.status_code == 422
    assert asked.status_code == 302
    assert LetterProposal.objects.get().approver == house[MANAGER]
    told = OutboundMessage.objects.filter(kind="letter_approval")
    assert [each.to_user for each in told] == [house[MANAGER]]


def test_where_nobody_else_may_approve_the_author_is_told_who_could(story, house):
    for role in (MANAGER, Role.HEAD_OF_SERVICE, Role.ASSISTANT_DIRECTOR, Role.DIRECTOR):
        house[role].grants.all().delete()

    page = ask(story)

    assert page.status_code == 422
    assert b"Nobody else may approve this letter" in page.content
    assert b"The lift was mended on Friday." in page.content


def test_the_complaint_says_that_a_letter_waits(story, house):
    ask(story, approver=str(house[MANAGER].pk))

    page = browser(story, MANAGER).get(story.complaint.get_absolute_url()).content.decode()
    own = browser(story, OFFICER).get(url_of(story)).content.decode()

    assert "waits for approval by you since Mon 22 Jun 2026" in page
    assert "Approval of a letter asked for" in page
    assert "Your letter waits" in own
    assert "The lift was mended on Friday." in own


def test_asking_anew_replaces_what_was_asked_and_taking_back_keeps_the_draft(story):
    ask(story)
    ask(story, letter="The lift was mended on Thursday.")
    [waiting] = LetterProposal.objects.filter(state="waiting")

    page = browser(story, OFFICER).post(url_of(story), {"take_back": str(waiting.number)})

    assert page.status_code == 302
    assert not LetterProposal.objects.filter(state="waiting").exists()
    assert RecordedEvent.objects.filter(kind="letter_decided").count() == 1
    form = browser(story, OFFICER).get(url_of(story)).context["form"]
    assert form["letter"].value() == "The lift was mended on Thursday."


def test_a_second_click_asks_nothing_again(story):
    seen = str(story.complaint.version)
    asked = ask(story)

    # The page of the second click carries the version that the first was sent with.
    again = browser(story, OFFICER).post(url_of(story), {"seen": seen, **TYPED})
    other = browser(story, OFFICER).post(url_of(story), {"seen": seen, **TYPED, "letter": "No."})

    assert (asked.status_code, again.status_code, other.status_code) == (302, 302, 409)
    ask(story)
    assert LetterProposal.objects.count() == 1
    assert kinds(story).count("letter_proposed") == 1


def test_who_was_asked_last_is_offered_first_when_asking_again(story, house):
    ask(story, approver=str(house[MANAGER].pk))
    [waiting] = LetterProposal.objects.all()

    while_it_waits = browser(story, OFFICER).get(url_of(story)).context["form"]
    browser(story, OFFICER).post(url_of(story), {"take_back": str(waiting.number)})
    taken_back = browser(story, OFFICER).get(url_of(story)).context["form"]
    of_others = browser(story, Role.HEAD_OF_SERVICE).get(url_of(story)).context["form"]
    house[MANAGER].grants.all().delete()
    left = browser(story, OFFICER).get(url_of(story)).content.decode()

    asked = [each["approver"].value() for each in (while_it_waits, taken_back, of_others)]
    assert asked == [str(house[MANAGER].pk), str(house[MANAGER].pk), ""]
    assert "Whoever may approve it" in left


def test_the_button_that_takes_it_back_stands_outside_the_paragraph(story):
    ask(story)

    page = browser(story, OFFICER).get(url_of(story)).content.decode()

    assert 'name="take_back"' in page
    assert not re.search(r"<p\b(?:(?!</p>).)*<form", page, re.DOTALL)


def test_who_may_approve_is_found_behind_any_number_who_may_not(house, django_assert_num_queries):
    story = Story(house, "kht-three-stage").answered(by=Role.HEAD_OF_SERVICE).asked()
    history = history_of(story.complaint)
    assert history.state.stage == "stage-2"
    asked = {"but": house[OFFICER], "now": NOW, "state": history.state, "terms": history.terms}
    before = approvers_of(history.complaint, Act.RESPOND, **asked)
    with CaptureQueriesContext(connection) as few:
        approvers_of(history.complaint, Act.RESPOND, **asked)
    for number in range(LISTED + 1):
        UserFactory(name=f"Aaron {number:02}", roles=[(MANAGER, house.team)])

    with django_assert_num_queries(len(few)):
        after = approvers_of(history.complaint, Act.RESPOND, **asked)

    assert house[Role.DIRECTOR] in before
    assert after == before


def test_nobody_takes_back_the_letter_of_somebody_else(story):
    ask(story)
    number = LetterProposal.objects.get().number

    browser(story, MANAGER).post(url_of(story), {"take_back": str(number)})

    assert LetterProposal.objects.get().state == "waiting"


# Approving -----------------------------------------------------------------------------------


def test_what_was_approved_goes_by_its_author_byte_for_byte_as_it_was_read(
    story, house, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    ask(story)
    read = browser(story, MANAGER).get(f"{url_of(story, 'approve-letter')}?pdf=yes").content

    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        page = decide(story, MANAGER, "approve")

    assert page.status_code == 302
    assert kinds(story)[-2:] == ["letter_decided", "responded"]
    letter = Letter.objects.get()
    assert (letter.issued_by, letter.proposal.decided_by) == (house[OFFICER], house[MANAGER])
    kept = letter_document(letter, LetterFormat.STANDARD, now=NOW)
    with open_file(kept.file) as file:
        assert file.read() == read
    assert read.startswith(b"%PDF")
    shown = browser(story, MANAGER).get(
        reverse("cases:letter", args=[story.complaint.reference, letter.event_number])
    )
    assert f"Approved in these words by {house[MANAGER].name}" in shown.content.decode()


def test_approving_makes_a_handler_who_may_not_decide_the_next_stage(story, house):
    ask(story)
    decide(story, Role.DIRECTOR, "approve")
    story.asked(day=TODAY)

    page = browser(story, Role.DIRECTOR).get(url_of(story))

    assert b"They dealt with an earlier stage" in page.content


def test_a_letter_sent_back_comes_with_the_reason_and_all_that_was_typed(story, house):
    ask(story)
    empty = decide(story, MANAGER, "send_back")

    page = decide(story, MANAGER, "send_back", reason="Say why it took three weeks.")

    assert (empty.status_code, page.status_code) == (422, 302)
    assert not Letter.objects.exists()
    client = browser(story, OFFICER)
    again = client.get(url_of(story))
    assert "Say why it took three weeks." in again.content.decode()
    assert again.context["form"]["letter"].value() == "The lift was mended on Friday."
    work = client.get(reverse("cases:my-work")).content.decode()
    assert "Letters sent back to you" in work
    assert OutboundMessage.objects.filter(to_user=house[OFFICER], kind="letter_approval").exists()

    assert again.context["form"]["on"].value() == TODAY
    ask(story, letter="The lift was mended on Friday. A part was missing.")
    reading = browser(story, MANAGER).get(url_of(story, "approve-letter")).content.decode()
    assert "What was changed since" in reading
    assert "<ins>The lift was mended on Friday. A part was missing.</ins>" in reading
    assert "Letters sent back to you" not in client.get(reverse("cases:my-work")).content.decode()


def test_nobody_approves_their_own_letter(story, house):
    ask(story, by=MANAGER)

    page = browser(story, MANAGER).get(url_of(story, "approve-letter"))
    sent = browser(story, MANAGER).post(
        url_of(story, "approve-letter"),
        {"seen": "3", "letter": page.context["proposal"].number if "proposal" in page.context else
         str(LetterProposal.objects.get().number), "decision": "approve"},
    )  # fmt: skip

    assert b"Nobody approves their own letter" in page.content
    assert sent.status_code == 422
    assert not Letter.objects.exists()


def test_an_answer_is_not_for_the_coordinator_to_approve(story):
    ask(story)

    page = browser(story, Role.COMPLAINTS_COORDINATOR).get(url_of(story, "approve-letter"))

    assert page.context["form"] is None
    assert b"This letter is for a " in page.content


def test_who_is_away_is_covered_by_the_deputy(story, house):
    deputy = UserFactory(name="Ruth Stand", roles=[OFFICER])
    manager = house[MANAGER]
    Absence.objects.create(
        user=manager, deputy=deputy, first_day=TODAY, last_day=TODAY + timedelta(days=3)
    )
    ask(story, approver=str(manager.pk))

    work = browser(story, deputy).get(reverse("cases:my-work")).content.decode()
    page = decide(story, deputy, "approve")

    assert "Letters to approve" in work
    assert "put to you" in work
    assert page.status_code == 302
    assert Letter.objects.get().proposal.decided_by == deputy


def test_standing_in_for_the_officer_who_asks_makes_nobody_the_second_person(story, house):
    deputy = UserFactory(name="Owen Elsewhere")
    RoleGrant.objects.create(user=deputy, role=MANAGER.value, area=house.other_team)
    ask(story)
    Absence.objects.create(
        user=house[OFFICER], deputy=deputy, first_day=TODAY, last_day=TODAY + timedelta(days=3)
    )

    work = browser(story, deputy).get(reverse("cases:my-work")).content.decode()
    case = browser(story, deputy).get(story.complaint.get_absolute_url()).content.decode()
    page = browser(story, deputy).get(url_of(story, "approve-letter"))
    take_up(deputy, TODAY)
    story.complaint.refresh_from_db()
    with pytest.raises(NotEntitled, match="for a"):
        approve_letter(
            complaint_id=story.complaint.pk,
            number=LetterProposal.objects.get().number,
            by=deputy,
            now=NOW,
            seen=story.complaint.version,
            words_hash="0" * 64,
            perform=lambda _: story.complaint,
        )

    assert "Letters to approve" not in work
    assert url_of(story, "approve-letter") not in case
    assert page.context["form"] is None
    assert not Letter.objects.exists()


def test_what_is_not_possible_any_more_is_said_and_everything_is_kept(story):
    ask(story)
    unapproved(story, lambda: story.answered(day=TODAY))

    page = browser(story, MANAGER).get(url_of(story, "approve-letter"))
    sent = decide(story, MANAGER, "approve")

    assert b"This is not possible any more. Stage 1 has been answered already." in page.content
    assert sent.status_code == 422
    assert LetterProposal.objects.get().state == "waiting"
    assert decide(story, MANAGER, "send_back", reason="Answered already.").status_code == 302


def test_words_that_changed_since_they_were_read_are_not_sent(story):
    ask(story)
    client = browser(story, MANAGER)
    shown = client.get(url_of(story, "approve-letter"))
    form = shown.context["form"]
    told = {each.key: each.value for each in shown.context["answers"]}
    assert told["Outcome of the complaint"] == "Upheld"
    assert told["What puts it right"] == "Apologise"
    Landlord.objects.update(telephone="020 7946 0001")

    page = client.post(
        url_of(story, "approve-letter"),
        {
            **{name: form[name].value() for name in ("seen", "letter", "words_hash")},
            "decision": "approve",
        },
    )

    assert page.status_code == 422
    assert b"The letter is not the same any more as the one you read" in page.content
    assert not Letter.objects.exists()
    assert page.context["form"]["words_hash"].value() != form["words_hash"].value()


def test_an_author_who_left_sends_nothing_by_another_hand(story, house):
    ask(story)
    officer = house[OFFICER]
    officer.is_active = False
    officer.save(update_fields=["is_active"])

    page = browser(story, MANAGER).get(url_of(story, "approve-letter"))

    assert b"may not do this any more" in page.content


def test_an_address_changed_since_it_was_read_is_read_again(story):
    customer = story.complaint.customer
    customer.email = "ada@customer.example"
    customer.save(update_fields=["email"])
    ask(story, channel="email")
    client = browser(story, MANAGER)
    form = client.get(url_of(story, "approve-letter")).context["form"]
    read = {name: form[name].value() for name in ("seen", "letter", "words_hash")}
    customer.email = "somebody.else@customer.example"
    customer.save(update_fields=["email"])

    page = client.post(url_of(story, "approve-letter"), {**read, "decision": "approve"})

    assert page.status_code == 422
    assert b"The letter is not the same any more as the one you read" in page.content
    assert not Letter.objects.exists()
    assert decide(story, MANAGER, "approve").status_code == 302
    assert Letter.objects.get().message.to_address == "somebody.else@customer.example"


def test_a_kind_taken_off_the_list_is_said_to_need_no_approval(story):
    ask(story)
    Landlord.objects.update(approved_letters=[])

    page = browser(story, MANAGER).get(url_of(story, "approve-letter"))
    sent = decide(story, MANAGER, "approve")
    own = ask(story)

    assert b"Letters of this kind need no approval any more." in page.content
    assert sent.status_code == 422
    assert b"Its author can send it without" in sent.content
    assert own.status_code == 302
    assert Letter.objects.get().issued_by == story.house[OFFICER]
    assert LetterProposal.objects.get().state == "withdrawn"


# When the matter moves on ----------------------------------------------------------------------


def answered_without(story):
    """Let the author send it, as the landlord has no letters approved for a while."""
    unapproved(story, lambda: ask(story))


def answered_and_taken_further(story):
    """Let a colleague answer, and the customer ask for the next stage."""
    unapproved(story, lambda: story.answered(day=TODAY))
    assert LetterProposal.objects.get().state == "waiting"
    story.asked(day=TODAY)


def closed(story):
    """Let the customer withdraw."""
    story.act(withdraw, Role.COMPLAINTS_COORDINATOR, TODAY, on=TODAY, words="They want no answer.")


@pytest.mark.parametrize("happens", [answered_without, answered_and_taken_further, closed])
def test_a_letter_waits_no_more_when_the_matter_moves_on(story, house, happens):
    ask(story)
    number = LetterProposal.objects.get().number

    happens(story)

    proposal = LetterProposal.objects.get()
    assert (proposal.state, proposal.letter) == ("withdrawn", None)
    [decided] = RecordedEvent.objects.filter(kind="letter_decided")
    assert (decided.facts["proposal"], decided.facts["decision"]) == (number, "lapsed")
    page = browser(story, MANAGER).get(story.complaint.get_absolute_url()).content.decode()
    assert "waits for approval by" not in page
    assert "waits for approval since" not in page
    assert "Letter waits for approval no more" in page
    OutboundMessage.objects.all().delete()
    assert chase_letters(now=at(TODAY + timedelta(days=3))) == 0
    assert rebuild_projections(repair=False, progress=lambda _: None).differences == []


def test_what_others_do_meanwhile_lets_a_letter_wait(story):
    ask(story)

    coordinator = story.house[Role.COMPLAINTS_COORDINATOR]
    add_note(complaint_id=story.complaint.pk, by=coordinator, now=NOW, words="They rang.")

    assert LetterProposal.objects.get().state == "waiting"


def test_a_letter_of_an_earlier_stay_is_refused_in_words(story, house):
    ask(story)
    LetterProposal.objects.update(visit=2)
    story.complaint.refresh_from_db()
    whose = {"by": house[MANAGER], "now": NOW, "seen": story.complaint.version}

    with pytest.raises(ActionNotAllowed, match="The complaint has moved on"):
        approve_letter(
            complaint_id=story.complaint.pk,
            number=LetterProposal.objects.get().number,
            words_hash="0" * 64,
            perform=lambda _: story.complaint,
            **whose,
        )

    assert chase_letters(now=at(TODAY + timedelta(days=3))) == 0
    assert "Letters to approve" not in (
        browser(story, MANAGER).get(reverse("cases:my-work")).content.decode()
    )


def test_whoever_drafted_an_answer_that_another_sent_has_taken_part_in_the_stage(story, house):
    ask(story, by=MANAGER)
    decide(story, Role.DIRECTOR, "send_back", reason="Ask the contractor.")
    unapproved(story, lambda: story.answered(OFFICER, TODAY))
    story.asked(day=TODAY)

    handlers = history_of(story.complaint).state.handlers["stage-1"]

    assert house[MANAGER].pk in handlers
    assert house[Role.DIRECTOR].pk not in handlers


# No way around it ----------------------------------------------------------------------------

WRITING = [act for act, page in ACT_PAGES.items() if page.letter_kind and act in SITUATIONS]


@pytest.mark.one_database
@pytest.mark.parametrize("act", WRITING)
def test_no_act_sends_a_letter_that_nobody_approved(act, house, client):
    situation = SITUATIONS[act]
    story = situation.lead(house)
    Landlord.objects.update(approved_letters=[kind.value for kind in APPROVABLE])
    letters = Letter.objects.count()
    client.force_login(house[situation.by])
    data = situation.data(story)

    page = client.post(url_of(story, act.value), data)

    told = [str(each) for each in get_messages(page.wsgi_request)]
    assert page.status_code == 302, page.context["form"].errors
    assert Letter.objects.count() == letters
    if data.get("channel") in ("post", "email"):
        assert told[0].startswith("Approval is asked for")
        assert LetterProposal.objects.get().act == act.value


@pytest.mark.one_database
def test_letters_are_made_in_the_one_place_that_asks_for_approval_and_copied_in_another():
    making = re.compile(r"(?<![\w.])(?<!class )Letter(\.objects\.(bulk_)?create)?\(")
    apps = [Path(settings.BASE_DIR) / app for app in ("cases", "feedback", "reporting")]
    files = [each for app in apps for each in app.rglob("*.py") if "tests" not in each.parts]

    makers = {each.name for each in files if making.search(each.read_text())}

    assert makers == {"letters.py", "letter_copies.py"}


def test_the_operation_itself_refuses_and_a_forged_approval_does_not_help(story, house):
    answer = replace(UPHELD, remedies=["apology"], remedy_words=["We are sorry."])
    told = {"on": TODAY, "answer": answer, "telling": Telling("post", "Ours.")}
    with pytest.raises(ApprovalNeeded), transaction.atomic():
        story.act(respond, OFFICER, TODAY, **told)
    ask(story)
    LetterProposal.objects.update(
        state="approved", words_hash="0" * 64, decided_by=house[MANAGER], decided_at=NOW
    )

    with pytest.raises(ApprovalNeeded):
        story.act(respond, OFFICER, TODAY, **told)

    assert not Letter.objects.exists()


def test_the_database_keeps_an_author_from_being_the_second_person(story, house):
    ask(story)

    with pytest.raises(IntegrityError, match="by_a_second_person"):
        LetterProposal.objects.update(
            state="approved", words_hash="0" * 64, decided_by=house[OFFICER], decided_at=NOW
        )


# My work, chasing, the settings ----------------------------------------------------------------


def test_my_work_shows_what_waits_and_to_nobody_who_may_not(
    story, house, django_assert_max_num_queries
):
    ask(story)
    client = browser(story, MANAGER)
    excluded = UserFactory(roles=[(MANAGER, house.team)])
    story.complaint.exclusions.create(user=excluded, reason="It is about them.")

    with django_assert_max_num_queries(12):
        shown = client.get(reverse("cases:my-work")).content.decode()

    assert "Letters to approve" in shown
    for who in (OFFICER, Role.COMPLAINTS_COORDINATOR, excluded):
        page = browser(story, who).get(reverse("cases:my-work")).content.decode()
        assert "Letters to approve" not in page


def test_its_author_finds_the_letter_that_waits_in_their_work_and_on_the_complaint(
    story, house, django_assert_max_num_queries
):
    ask(story, approver=str(house[MANAGER].pk))
    [waiting] = LetterProposal.objects.all()
    client = browser(story, OFFICER)

    with django_assert_max_num_queries(12):
        work = client.get(reverse("cases:my-work"))
    with django_assert_max_num_queries(12):
        case = client.get(story.complaint.get_absolute_url()).content.decode()

    shown = work.content.decode()
    assert "Your letters that wait for approval" in shown
    assert f"{house[MANAGER].name} was asked" in " ".join(shown.split())
    [line] = work.context["approvals"].own
    assert line.url == url_of(story)
    assert f"Your letter waits for approval by {house[MANAGER].name} since Mon 22 Jun" in case
    for page in (shown, case):
        assert f'href="{url_of(story)}"' in page
        assert f'name="take_back" value="{waiting.number}"' in page
    managers = browser(story, MANAGER)
    assert b"take_back" not in managers.get(story.complaint.get_absolute_url()).content
    assert "Your letters that wait" not in managers.get(reverse("cases:my-work")).content.decode()
    client.post(line.url, {"take_back": str(waiting.number)})
    assert not client.get(reverse("cases:my-work")).context["approvals"]
    assert b"waits for approval" not in client.get(story.complaint.get_absolute_url()).content


def test_a_letter_sent_back_says_by_whom_and_why_on_the_complaint_and_in_my_work(
    story, house, django_assert_max_num_queries
):
    ask(story)
    decide(story, MANAGER, "send_back", reason="Say why it took three weeks.")
    client, at = browser(story, OFFICER), story.complaint.get_absolute_url()

    with django_assert_max_num_queries(12):
        case = client.get(at).content.decode()
    with django_assert_max_num_queries(12):
        work = client.get(reverse("cases:my-work")).content.decode()

    told = f"Your letter was sent back by {house[MANAGER].name}"
    assert told in case
    assert f'<a class="govuk-link" href="{url_of(story)}">Mend it</a>' in case
    for page in (case, work):
        assert "Say why it took three weeks." in page
        assert house[MANAGER].name in page
    others = browser(story, MANAGER).get(at).content.decode()
    assert f"The letter of {house[OFFICER].name} was sent back" in others
    assert "Mend it" not in others
    client.post(url_of(story), {"draft": "discard"})
    assert told not in client.get(at).content.decode()


def test_it_is_put_to_you_where_you_read_it(story, house):
    ask(story, approver=str(house[MANAGER].pk))

    own = browser(story, MANAGER).get(url_of(story, "approve-letter")).content.decode()
    other = browser(story, Role.HEAD_OF_SERVICE).get(url_of(story, "approve-letter"))
    case = browser(story, MANAGER).get(story.complaint.get_absolute_url()).content.decode()
    act = browser(story, MANAGER).get(url_of(story)).content.decode()

    assert "it was put to you" in own
    assert f"it was put to {house[MANAGER].name}" in other.content.decode()
    assert "waits for approval by you since" in case
    assert "for approval by you" in act


@pytest.mark.parametrize("how", [{"by": "days", "days": "7"}, {"by": "day"}])
def test_an_extension_can_be_read_and_approved_whichever_way_its_day_was_given(story, how):
    Landlord.objects.update(approved_letters=["extension"])
    day = {"day_day": "3", "day_month": "7", "day_year": "2026"} if how["by"] == "day" else {}
    more = {"channel": "post", "reason": "The surveyor comes on Friday.", **how, **day}
    sent = {**TYPED, "seen": str(story.complaint.version), **more}

    asked = browser(story, Role.HEAD_OF_SERVICE).post(url_of(story, "extend"), sent)
    page = browser(story, COORDINATOR).get(url_of(story, "approve-letter"))
    decided = decide(story, COORDINATOR, "approve")

    assert (asked.status_code, page.status_code, decided.status_code) == (302, 200, 302)
    assert {"letter_proposed", "letter_decided", "extended"} <= {*kinds(story)}


def test_answers_for_managers_do_not_crowd_out_what_a_coordinator_may_approve(
    story, house, django_assert_max_num_queries
):
    complaint = story.complaint
    common = {
        "complaint": complaint,
        "stage": complaint.stage,
        "visit": complaint.visit,
        "typed": {},
        "salt": "0" * 32,
    }
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    LetterProposal.objects.bulk_create(
        LetterProposal(
            **common, number=100 + n, act="respond", kind="response", asked_at=NOW,
            asked_by=UserFactory(),
        )
        for n in range(2 * SHOWN + 1)
    )  # fmt: skip
    later = {**common, "act": "extend", "kind": "extension", "asked_at": NOW + timedelta(hours=1)}
    LetterProposal.objects.create(**later, number=200, asked_by=house[OFFICER])
    returned = {"state": "sent_back", "decided_by": house[OFFICER], "decided_at": NOW}
    LetterProposal.objects.bulk_create(
        LetterProposal(**later, number=300 + n, asked_by=coordinator, **returned)
        for n in range(SHOWN + 1)
    )

    client = browser(story, coordinator)
    with django_assert_max_num_queries(12):
        work = client.get(reverse("cases:my-work"))
    managers = browser(story, MANAGER).get(reverse("cases:my-work"))

    shown = work.context["approvals"]
    assert [each.url.rpartition("=")[2] for each in shown.to_approve] == ["200"]
    assert (len(shown.sent_back), shown.is_more, shown.is_more_back) == (SHOWN, False, True)
    assert b"More were sent back" in work.content
    assert managers.context["approvals"].is_more
    assert b"More wait" in managers.content


def test_what_waits_longer_than_a_working_day_is_urgent_and_chased_once(story):
    ask(story)
    OutboundMessage.objects.all().delete()
    tuesday, wednesday = TODAY + timedelta(days=1), TODAY + timedelta(days=2)

    early = chase_letters(now=at(tuesday))
    first, second = chase_letters(now=at(wednesday)), chase_letters(now=at(wednesday))

    assert (early, second) == (0, 0)
    assert first == OutboundMessage.objects.count() > 0
    with CaptureQueriesContext(connection) as again:
        chase_letters(now=at(wednesday))
    assert not any("cases_recordedevent" in each["sql"] for each in again)
    assert len(again) <= 4
    with time_machine.travel(at(wednesday), tick=False):
        work = browser(story, MANAGER).get(reverse("cases:my-work")).content.decode()
    assert "Urgent" in work


def test_what_was_typed_is_forgotten_long_after_the_end(story):
    ask(story)
    decide(story, MANAGER, "approve")
    story.complaint.refresh_from_db()
    type(story.complaint).objects.filter(pk=story.complaint.pk).update(
        is_open=False, status="closed", closed_as="closed", closed_on=TODAY, next_due_on=None,
        next_due="",
    )  # fmt: skip

    assert forget_old_wordings(now=NOW + timedelta(weeks=3)) == 0
    assert forget_old_wordings(now=NOW + timedelta(weeks=5)) == 1
    assert LetterProposal.objects.get().typed == {}


def test_administrators_choose_the_kinds_and_the_change_is_noted(house, client):
    client.force_login(house[Role.SYSTEM_ADMINISTRATOR])

    page = client.post(
        reverse("cases:landlord-approvals"), {"kinds": ["response", "extension"], "seen": ""}
    )
    shown = client.get(reverse("cases:landlord")).content.decode()

    assert page.status_code == 302
    assert Landlord.objects.get().approved_letters == ["response", "extension"]
    assert "Approval of letters changed" in shown
    again = change_approvals(
        [LetterKind.EXTENSION, LetterKind.RESPONSE], by=house[OFFICER], now=NOW, seen=None
    )
    assert again.approved_letters == ["response", "extension"]


@pytest.mark.one_database
def test_changes_between_two_letters_are_told_by_paragraph():
    found = changes_between("One.\n\nTwo.\n\nThree.", "One.\n\n2.\n\nThree.")

    assert [(each.is_new, each.text) for each in found] == [(False, "Two."), (True, "2.")]


def test_where_nobody_can_approve_a_letter_the_form_says_so_before_it_is_written(story, house):
    before = browser(story, OFFICER).get(url_of(story)).content.decode()
    for person in User.objects.exclude(pk=house[OFFICER].pk):
        person.grants.all().delete()

    after = browser(story, OFFICER).get(url_of(story)).content.decode()

    assert "Nobody can approve this now" not in before
    assert "Others who may can still do it." in before
    assert "Nobody can approve this now" in after
    assert "Others who may can still do it." not in after
