"""A refusal because the matter was considered before names the earlier complaint (Code 2.2)."""

from datetime import date

import pytest
from django.urls import reverse

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.forms.acts.evidence import LINKED_ONLY, SAY_WHICH
from cases.models import (
    Complaint,
    Exclusion,
    JointComplainant,
    Letter,
    Level,
    RecordedEvent,
    Representative,
)
from cases.operations import close, correct, escalate, links, stage_acts
from cases.operations.considered import Earlier
from cases.operations.telling import Telling
from cases.rules.events import EventKind
from cases.rules.links import LinkKind
from cases.rules.roles import Role
from cases.selectors.case_links import linked_with
from cases.selectors.case_page import case_page
from cases.templatetags.house import need
from cases.tests.approving import refused_by_one
from cases.tests.case_page.situations import TODAY, Story
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.fixtures import at

pytestmark = pytest.mark.django_db
COORDINATOR, OFFICER, DIRECTOR = (
    Role.COMPLAINTS_COORDINATOR,
    Role.RESPONSIBLE_OFFICER,
    Role.DIRECTOR,
)
GROUND = "already_considered"


@pytest.fixture
def customer(house):
    return CustomerFactory(name="Sam Hill")


@pytest.fixture
def earlier(house, customer):
    """A complaint of the same customer that was answered."""
    return Story(house, "code-2024", customer=customer).answered().complaint


@pytest.fixture
def story(house, customer):
    return Story(house, "code-2024", customer=customer)


def refuse(story, named, *, ground=GROUND, by=COORDINATOR):
    """Refuse the complaint by a letter."""
    return story.act(
        close.refuse, by, TODAY, on=TODAY, ground=ground, evidence="The file shows it.",
        telling=Telling("post", "It was looked into."), earlier=named,
    )  # fmt: skip


def told(complaint, house, role=COORDINATOR):
    found = linked_with(complaint, user=house[role])
    return [(line.words, line.complaint.reference) for line in found.lines]


def nothing_was_refused(story):
    """Say whether neither refusal, letter nor link was kept."""
    refused = RecordedEvent.objects.filter(complaint=story.complaint, kind=EventKind.REFUSED)
    links_made = story.complaint.links_to.exists() or story.complaint.links_from.exists()
    return not (refused.exists() or Letter.objects.filter(complaint=story.complaint) or links_made)


def test_the_letter_names_the_customers_earlier_complaint_and_both_pages_show_the_other(
    story, house, earlier
):
    refuse(story, Earlier(earlier.reference))

    assert (
        "We have considered the same matter under our complaints procedure before. We considered "
        f"it as your complaint {earlier.reference}, which you made on 8 June 2026."
    ) in Letter.objects.get(complaint=story.complaint).body
    words = LinkKind.SAME_MATTER.words
    assert told(story.complaint, house) == [(words, earlier.reference)]
    assert told(earlier, house) == [(words, story.complaint.reference)]


def test_without_a_reference_the_letter_names_the_ground_alone(story, house):
    refuse(story, None)

    body = Letter.objects.get(complaint=story.complaint).body
    assert "We have considered the same matter" in body
    assert "We considered it as your complaint" not in body
    assert told(story.complaint, house) == []


def test_what_somebody_complained_of_with_another_is_named_to_them_too(story, house, customer):
    other = Story(house, "code-2024", customer=CustomerFactory()).answered().complaint
    JointComplainant.objects.create(complaint=other, customer=customer)

    refuse(story, Earlier(other.reference))

    assert other.reference in Letter.objects.get(complaint=story.complaint).body


def test_another_customers_complaint_counts_with_a_reason_and_is_told_to_nobody_else(story, house):
    other = Story(house, "code-2024", customer=CustomerFactory()).answered().complaint

    with pytest.raises(ReasonMissing, match="another customer"):
        refuse(story, Earlier(other.reference, " "))
    assert nothing_was_refused(story)
    refuse(story, Earlier(other.reference, "They share the flat."))

    body = Letter.objects.get(complaint=story.complaint).body
    assert "We have considered the same matter" in body
    assert other.reference not in body
    assert told(other, house) == [(LinkKind.SAME_MATTER.words, story.complaint.reference)]
    page = case_page(story.complaint, user=house[COORDINATOR], today=TODAY)
    [entry] = [each for each in page.entries if each.title.startswith("Earlier complaint named")]
    assert "They share the flat." in [line.text for line in entry.lines]


def joined_by(complaint, person, *, gets_letters=True):
    """Let somebody complain together with the customer."""
    return JointComplainant.objects.create(
        complaint=complaint, customer=person, gets_letters=gets_letters
    )


def spoken_for(complaint, **details):
    """Let somebody who is confirmed speak for the customer, and have copies of the letters."""
    confirmed = {
        "authority": "confirmed", "established_by": "own_contact", "authority_on": MONDAY,
        "gets_letters": True, "address": "2 High Street",
    }  # fmt: skip
    return Representative.objects.create(
        complaint=complaint, name="Kim Morgan", **{**confirmed, **details}
    )


def bodies(story):
    """Return what everybody reads of the refusal: the letter, its copies, and their e-mails."""
    of_it = Letter.objects.filter(complaint=story.complaint)
    letters = of_it.select_related("message").order_by("pk")
    return [each.body + (each.message.body if each.message else "") for each in letters]


def test_whoever_complains_too_reads_nothing_of_what_the_customer_alone_complained_of(
    story, house, earlier
):
    joined_by(story.complaint, CustomerFactory(name="Alex Flat"))

    refuse(story, Earlier(earlier.reference))

    [letter, copy] = bodies(story)
    assert "We have considered the same matter" in copy
    assert earlier.reference not in letter + copy
    assert told(story.complaint, house) == [(LinkKind.SAME_MATTER.words, earlier.reference)]


def test_those_who_complained_together_both_times_are_both_told(story, earlier):
    flatmate = CustomerFactory(name="Alex Flat")
    joined_by(story.complaint, flatmate)
    joined_by(earlier, flatmate, gets_letters=False)

    refuse(story, Earlier(earlier.reference))

    assert [earlier.reference in each for each in bodies(story)] == [True, True]


def test_whoever_complains_too_and_gets_no_letters_does_not_keep_it_from_the_customer(
    story, earlier
):
    joined_by(story.complaint, CustomerFactory(name="Alex Flat"), gets_letters=False)

    refuse(story, Earlier(earlier.reference))

    assert [earlier.reference in each for each in bodies(story)] == [True]


def test_whoever_speaks_for_the_customer_reads_nothing_of_another_complaint(story, house, earlier):
    spoken_for(story.complaint)

    refuse(story, Earlier(earlier.reference))

    [letter, copy] = bodies(story)
    assert "This is a copy of our letter" in copy
    assert earlier.reference not in letter + copy
    assert told(story.complaint, house) == [(LinkKind.SAME_MATTER.words, earlier.reference)]


@pytest.mark.parametrize(
    "details",
    [{"gets_letters": False}, {"authority": "claimed"}, {"ends_on": MONDAY}],
    ids=["no copies", "not confirmed", "ended"],
)
def test_whoever_speaks_and_gets_no_copy_does_not_keep_it_from_the_customer(
    story, earlier, details
):
    spoken_for(story.complaint, **details)

    refuse(story, Earlier(earlier.reference))

    assert [earlier.reference in each for each in bodies(story)] == [True]


def test_a_sensitive_complaint_is_not_named_in_the_letter_of_one_that_is_not(story, house, earlier):
    Complaint.objects.filter(pk=earlier.pk).update(level=Level.SENSITIVE.value)

    refuse(story, Earlier(earlier.reference))

    [letter] = bodies(story)
    assert earlier.reference not in letter
    assert told(story.complaint, house) == [(LinkKind.SAME_MATTER.words, earlier.reference)]


def test_a_sensitive_complaint_is_named_in_the_letter_of_another_sensitive_one(story, earlier):
    Complaint.objects.update(level=Level.SENSITIVE.value)

    refuse(story, Earlier(earlier.reference))

    [letter] = bodies(story)
    assert earlier.reference in letter


def test_what_is_linked_already_is_named_and_not_linked_again(story, house, earlier):
    story.act(
        links.link, COORDINATOR, MONDAY, kind=LinkKind.FOLLOW_UP, other_reference=earlier.reference
    )

    refuse(story, Earlier(earlier.reference))

    assert told(story.complaint, house) == [(LinkKind.FOLLOW_UP.words, earlier.reference)]
    assert earlier.reference in Letter.objects.get(complaint=story.complaint).body


def test_whoever_the_earlier_complaint_is_closed_to_since_is_not_told_that_one_was_named(
    story, house, earlier
):
    refuse(story, Earlier(earlier.reference))
    Exclusion.objects.create(complaint=earlier, user=house[OFFICER], reason="subject")

    page = case_page(story.complaint, user=house[OFFICER], today=TODAY)

    titles = [entry.title for entry in page.entries]
    assert not any("Linked with" in title or "Earlier complaint" in title for title in titles)
    assert told(story.complaint, house, OFFICER) == []


@pytest.mark.parametrize("named", ["", "NO-SUCH", "itself"])
def test_only_another_complaint_that_is_there_is_named(story, named):
    reference = story.complaint.reference if named == "itself" else named

    with pytest.raises(ActionNotAllowed, match="Give the reference of the earlier complaint"):
        refuse(story, Earlier(reference))

    assert nothing_was_refused(story)


def test_a_complaint_that_is_closed_to_whoever_refuses_is_not_named(story, house, earlier):
    Exclusion.objects.create(complaint=earlier, user=house[COORDINATOR], reason="subject")

    with pytest.raises(ActionNotAllowed, match="open to you"):
        refuse(story, Earlier(earlier.reference))

    assert nothing_was_refused(story)


def test_a_complaint_that_is_closed_to_readers_of_this_one_is_not_named(story, house, earlier):
    Exclusion.objects.create(complaint=earlier, user=house[OFFICER], reason="subject")

    with pytest.raises(ActionNotAllowed, match="closed to people who may open this complaint"):
        refuse(story, Earlier(earlier.reference))

    assert nothing_was_refused(story)


NOT_CONSIDERED = "has no answer that stands"


def test_what_is_not_answered_was_not_considered(story, house, customer):
    unanswered = house.lodge(customer=customer)

    with pytest.raises(ActionNotAllowed, match=NOT_CONSIDERED):
        refuse(story, Earlier(unanswered.reference))

    assert nothing_was_refused(story)


def test_an_answer_that_was_struck_out_considered_nothing(story, house, customer):
    before = Story(house, "code-2024", customer=customer).answered()
    number = before.complaint.events.get(kind=EventKind.RESPONDED).number
    before.act(correct.retract, COORDINATOR, TODAY, number=number, reason="Of another complaint.")

    with pytest.raises(ActionNotAllowed, match=NOT_CONSIDERED):
        refuse(story, Earlier(before.complaint.reference))

    assert nothing_was_refused(story)


def test_what_was_put_right_at_once_was_not_considered_under_the_procedure(house, customer):
    before = Story(house, "herefordshire", customer=customer)
    day = date(2026, 6, 9)
    before.act(
        stage_acts.resolve, OFFICER, day, on=day, words="Mended.", apologised=True, close=True,
        telling=Telling("phone"),
    )  # fmt: skip
    story = Story(house, "code-2024", customer=customer)

    with pytest.raises(ActionNotAllowed, match=NOT_CONSIDERED):
        refuse(story, Earlier(before.complaint.reference))

    assert nothing_was_refused(story)


def test_what_came_later_is_not_the_earlier_one(house, customer):
    story = Story(house, "code-2024", customer=customer)
    later = house.lodge(customer=customer, on=TODAY)

    with pytest.raises(ActionNotAllowed, match="Give the reference of the earlier complaint"):
        refuse(story, Earlier(later.reference))


def test_under_another_ground_no_earlier_complaint_is_named(story, earlier):
    with pytest.raises(ActionNotAllowed, match="considered before"):
        refuse(story, Earlier(earlier.reference), ground="over_12_months")

    assert nothing_was_refused(story)


def test_a_request_for_the_next_stage_is_refused_with_the_earlier_complaint_too(
    house, customer, earlier
):
    refused_by_one("livv-two-stage", also=[GROUND])
    story = Story(house, "livv-two-stage", customer=customer).passed_on().answered().asked()

    story.act(
        escalate.refuse_escalation, DIRECTOR, TODAY, on=TODAY, ground=GROUND,
        evidence="The file shows it.", telling=Telling("post", "It was looked into."),
        earlier=Earlier(earlier.reference),
    )  # fmt: skip

    assert earlier.reference in Letter.objects.filter(complaint=story.complaint).last().body
    assert told(story.complaint, house) == [(LinkKind.SAME_MATTER.words, earlier.reference)]


def sent(client, house, story, time_machine, **typed):
    """Send the form that refuses the complaint."""
    time_machine.move_to(at(TODAY), tick=False)
    client.force_login(house[COORDINATOR])
    form = {
        "seen": story.complaint.version,
        **{"on_day": TODAY.day, "on_month": TODAY.month, "on_year": TODAY.year},
        "evidence": "The file shows it.",
        "channel": "post",
        "letter": "It was looked into.",
        **typed,
    }
    return client.post(reverse("cases:refuse", args=[story.complaint.reference]), form)


def test_the_form_says_when_it_is_needed_why_another_customers_complaint_counts(
    client, house, story, time_machine
):
    other = Story(house, "code-2024", customer=CustomerFactory()).answered().complaint
    named = {"ground": GROUND, "considered_in": other.reference}

    for because in ("", "  "):
        page = sent(client, house, story, time_machine, **named, considered_because=because)

        form = page.context["form"]
        assert page.status_code == 422
        assert "another customer" in str(form.errors)
        assert need(form["considered_because"]) == "(needed if it was another customer’s)"
        assert need(form["considered_in"]) == "(optional)"
        assert nothing_was_refused(story)


def test_the_reason_is_not_needed_under_another_ground_nor_for_their_own_complaint(
    client, house, story, earlier, customer, time_machine
):
    other = Story(house, "code-2024", customer=CustomerFactory()).answered().complaint
    again = Story(house, "code-2024", customer=customer)

    own = sent(client, house, story, time_machine, ground=GROUND, considered_in=earlier.reference)
    ground = {"ground": "over_12_months", "considered_in": other.reference}
    elsewhere = sent(client, house, again, time_machine, **ground)

    assert (own.status_code, elsewhere.status_code) == (302, 302)


def test_the_form_names_the_earlier_complaint_as_its_reference_is_typed(
    client, house, story, earlier, time_machine
):
    typed = f" {earlier.reference.lower().replace('-', ' ')} "

    page = sent(client, house, story, time_machine, ground=GROUND, considered_in=typed)

    assert page.status_code == 302, page.context["form"].errors
    assert earlier.reference in Letter.objects.get(complaint=story.complaint).body


def previewed(client, house, story, time_machine, **typed):
    """Return what the preview of the refusal advises."""
    asked = {"preview": "yes", "ground": GROUND, **typed}
    return sent(client, house, story, time_machine, **asked).context["rehearsal"].advice


def test_the_preview_asks_to_say_which_complaint_it_was_where_none_is_named(
    client, house, story, time_machine
):
    assert SAY_WHICH in previewed(client, house, story, time_machine)
    assert SAY_WHICH not in previewed(client, house, story, time_machine, ground="over_12_months")


def test_the_preview_says_when_the_two_are_linked_and_the_letter_does_not_name_it(
    client, house, story, earlier, time_machine
):
    named = {"considered_in": earlier.reference}
    alone = previewed(client, house, story, time_machine, **named)
    joined_by(story.complaint, CustomerFactory(name="Alex Flat"))
    together = previewed(client, house, story, time_machine, **named)

    assert not {LINKED_ONLY, SAY_WHICH} & set(alone)
    assert LINKED_ONLY in together
    assert SAY_WHICH not in together


def test_a_reference_typed_under_a_ground_that_was_changed_does_not_count(
    client, house, story, earlier, time_machine
):
    typed = {"ground": "over_12_months", "considered_in": earlier.reference}

    page = sent(client, house, story, time_machine, **typed)

    assert page.status_code == 302, page.context["form"].errors
    assert earlier.reference not in Letter.objects.get(complaint=story.complaint).body
    assert told(story.complaint, house) == []


def test_a_wrong_reference_is_refused_in_words_and_keeps_what_was_typed(
    client, house, story, time_machine
):
    page = sent(client, house, story, time_machine, ground=GROUND, considered_in="nothing")

    assert page.status_code == 422
    assert "Give the reference of the earlier complaint" in page.content.decode()
    assert page.context["form"]["considered_in"].value() == "nothing"
    assert nothing_was_refused(story)


def test_a_procedure_without_that_ground_does_not_ask_for_an_earlier_complaint(
    client, house, customer, time_machine
):
    story = Story(house, "first-ark-panel", customer=customer).answered().asked()
    time_machine.move_to(at(TODAY), tick=False)
    client.force_login(house[DIRECTOR])

    page = client.get(reverse("cases:refuse-escalation", args=[story.complaint.reference]))

    assert page.status_code == 200
    assert "considered_in" not in page.context["form"].fields
