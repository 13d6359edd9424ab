"""Complaints logged by mistake and twins: annulled, merged, and both undone, from the screen."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from cases.errors import ActionNotAllowed
from cases.models import (
    Category,
    Complaint,
    Deadline,
    Delivery,
    Exclusion,
    Letter,
    Level,
    OutboundMessage,
    RecordedEvent,
    User,
)
from cases.operations.access import change_access
from cases.operations.close import reopen
from cases.operations.correct import retract
from cases.operations.note import change_details
from cases.operations.rebuild import rebuild_projections
from cases.operations.record import recording
from cases.rules.acts import Act
from cases.rules.letters import STOPPED
from cases.rules.roles import Role
from cases.selectors.case_page import case_page
from cases.tests.case_page.situations import SITUATIONS, TODAY
from cases.tests.factories import UserFactory
from cases.tests.fixtures import at

pytestmark = pytest.mark.django_db
NOW = at(TODAY)
RECEIVED = date(2026, 6, 15)
ON_TODAY = {"on_day": TODAY.day, "on_month": TODAY.month, "on_year": TODAY.year}
THANKS = {
    "letter": "Thank you.",
    "new_1": "The lift.",
    "sought_unsaid": "on",
    "ours": "all",
}


@pytest.fixture
def coordinators(house, time_machine) -> Client:
    """The coordinator's browser, today."""
    time_machine.move_to(NOW, tick=False)
    client = Client()
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    return client


@pytest.fixture
def complaint(house) -> Complaint:
    return house.lodge(on=RECEIVED)


@pytest.fixture
def twin(house, complaint) -> Complaint:
    return house.lodge(on=RECEIVED, customer=complaint.customer)


def act(client: Client, complaint: Complaint, name: str, **answers):
    """Send the form of an act, drawn just now; of a merger once the other was looked at."""
    complaint.refresh_from_db()
    address = reverse(f"cases:{name}", args=[complaint.reference])
    drawn = {"seen": complaint.version, "compared": answers.get("into", "")}
    response = client.post(address, {**drawn, **answers})
    complaint.refresh_from_db()
    return response


def undo(client: Client, complaint: Complaint):
    """Follow the link that undoes it, and send the form it leads to."""
    page = client.get(complaint.get_absolute_url())
    assert "/reopen/" not in page.content.decode()
    link = page.context["undo"]
    assert link
    assert f'href="{link}"' in page.content.decode()
    form = client.get(link).content.decode()
    assert "Striking this out undoes it: the complaint is open again as it was." in form
    assert re.search(r'<input[^>]*name="how" value="strike"[^>]* checked', form)
    number = link.split("entry=")[1]
    return act(client, complaint, "correct", entry=number, how="strike", reason="It was no mistake")


def standing(complaint: Complaint) -> tuple:
    """Return how a complaint and its promises stand."""
    complaint.refresh_from_db()
    promises = Deadline.objects.filter(complaint=complaint).order_by("stage", "visit", "code")
    return (
        complaint.is_open,
        complaint.status,
        complaint.stage,
        complaint.next_due_on,
        complaint.closed_as,
        complaint.linked_to_id,
        list(promises.values_list("code", "due_on", "state")),
    )


def test_a_wrongly_logged_complaint_is_annulled_and_restored(complaint, coordinators):
    was = standing(complaint)

    act(coordinators, complaint, "annul", reason="A service request.")

    assert (complaint.is_open, complaint.closed_as) == (False, "annulled")
    assert complaint.reference not in coordinators.get("/complaints/").content.decode()

    response = undo(coordinators, complaint)

    assert response.url == complaint.get_absolute_url()
    assert standing(complaint) == was
    assert complaint.reference in coordinators.get("/complaints/").content.decode()
    events = RecordedEvent.objects.filter(complaint=complaint).order_by("number")
    kinds = list(events.values_list("kind", flat=True))
    assert kinds[-2:] == ["annulled", "retracted"]


@pytest.mark.parametrize("channel", ["email", "post"])
def test_what_is_struck_out_takes_its_letter_back_before_it_goes(complaint, coordinators, channel):
    complaint.customer.email = "tenant@example.org"
    complaint.customer.save()
    act(coordinators, complaint, "acknowledge", channel=channel, **THANKS, **ON_TODAY)
    letter = Letter.objects.get(complaint=complaint)
    waiting = coordinators.get(complaint.get_absolute_url()).content.decode()

    form = coordinators.get(
        reverse("cases:correct", args=[complaint.reference]), {"entry": letter.event_number}
    )
    act(
        coordinators, complaint, "correct",
        entry=letter.event_number, how="strike", reason="For another complaint.",
    )  # fmt: skip

    assert "also stops the letter or e-mail" in form.content.decode()
    assert (
        '">To be posted</strong>' in waiting.split('id="timeline"')[1].split("</section>")[0]
    ) is (channel == "post")
    letter.refresh_from_db()
    assert letter.channel == STOPPED
    assert not OutboundMessage.objects.filter(letter=letter, state=Delivery.QUEUED).exists()
    assert "Stopped before it went" in (
        coordinators.get(complaint.get_absolute_url()).content.decode()
    )


def test_a_letter_that_went_is_not_said_to_be_stopped(complaint, coordinators):
    complaint.customer.email = "tenant@example.org"
    complaint.customer.save()
    act(coordinators, complaint, "acknowledge", channel="email", **THANKS, **ON_TODAY)
    OutboundMessage.objects.filter(letter__complaint=complaint).update(
        state=Delivery.SENT, sent_at=NOW
    )
    letter = Letter.objects.get(complaint=complaint)

    form = coordinators.get(
        reverse("cases:correct", args=[complaint.reference]), {"entry": letter.event_number}
    )
    act(coordinators, complaint, "annul", reason="For another landlord.")

    assert "does not call it back" in form.content.decode()
    letter.refresh_from_db()
    assert letter.channel == "email"


@pytest.mark.parametrize("kind", ["access_changed", "details_changed"])
def test_what_would_stay_changed_cannot_be_struck_out(house, complaint, kind):
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    number = RecordedEvent.objects.filter(complaint=complaint).count() + 1
    if kind == "access_changed":
        changed = change_access(
            complaint_id=complaint.pk, by=coordinator, now=at(RECEIVED, 15),
            seen=complaint.version, level=Level.SENSITIVE, listed=[], subjects=[], conflicted=[],
            reason="Health.",
        )  # fmt: skip
    else:
        changed = change_details(
            complaint_id=complaint.pk, by=coordinator, now=at(RECEIVED, 15),
            seen=complaint.version, category_id=None, summary="Other words.",
            desired_outcome="", reason="Misheard.",
        )  # fmt: skip

    with pytest.raises(ActionNotAllowed, match="what it changed would stay"):
        retract(
            complaint_id=complaint.pk, by=coordinator, now=at(RECEIVED, 16),
            seen=changed.version, number=number, reason="A mistake.",
        )  # fmt: skip


def test_a_twin_is_merged_and_unmerged(complaint, twin, coordinators):
    was = standing(twin)

    act(coordinators, twin, "merge", into=complaint.reference, reason="Sent twice.")

    assert (twin.closed_as, twin.linked_to) == ("merged", complaint)
    other = coordinators.get(complaint.get_absolute_url())
    assert other.context["twins"] == [twin]
    assert f'same complaint: <a class="govuk-link" href="{twin.get_absolute_url()}">' in (
        other.content.decode()
    )
    own = coordinators.get(twin.get_absolute_url())
    assert f'Go on with <a class="govuk-link" href="{complaint.get_absolute_url()}">' in (
        own.content.decode()
    )
    assert own.context["status_words"] == "Merged"

    undo(coordinators, twin)

    assert standing(twin) == was


def test_nobody_merges_a_complaint_into_one_they_have_not_looked_at(complaint, twin, coordinators):
    typed = complaint.reference.lower()

    page = act(coordinators, twin, "merge", into=typed, compared="", reason="Sent twice.")

    assert page.status_code == 200
    assert twin.is_open
    shown = {row.key: row.value for row in page.context["compared"]}
    assert shown["Customer"] == f"{complaint.customer.name}, the same"
    assert shown["In the customer’s words"] == complaint.summary
    assert not page.context["form"].errors
    looking = coordinators.get(f"{twin.get_absolute_url()}merge/").context["form"]
    assert (looking.button_text, looking.button_kind) == ("Look at it first", "secondary")
    assert page.context["form"].button_kind == "warning"
    kept = {name: page.context["form"][name].value() for name in ("into", "compared", "reason")}
    assert kept == {"into": typed, "compared": complaint.reference, "reason": "Sent twice."}

    act(coordinators, twin, "merge", **kept)

    assert twin.closed_as == "merged"


def entries_of(complaint: Complaint, reader) -> list[str]:
    complaint.refresh_from_db()
    return [each.title for each in case_page(complaint, user=reader, today=TODAY).entries]


IN = "Another complaint was merged into this one"
OUT = "The other complaint, merged into this one, goes on by itself again"


def test_the_complaint_that_goes_on_says_so_in_its_record_and_when_they_are_parted(
    house, complaint, twin, coordinators
):
    act(coordinators, twin, "merge", into=complaint.reference, reason="Sent twice.")

    officer = house[Role.RESPONSIBLE_OFFICER]
    assert entries_of(complaint, officer)[0] == IN
    event = complaint.events.latest("number")
    assert event.facts == {"merged_in": twin.pk}
    assert twin.reference not in str(event.facts)
    undo(coordinators, twin)

    assert entries_of(complaint, officer)[:2] == [OUT, IN]
    assert rebuild_projections(repair=False, progress=lambda done: None).differences == []


def test_a_merger_is_undone_although_the_other_was_closed_since(complaint, twin, coordinators):
    act(coordinators, twin, "merge", into=complaint.reference, reason="Sent twice.")
    act(coordinators, complaint, "annul", reason="A mistake.")

    undo(coordinators, twin)

    assert twin.is_open
    assert complaint.events.latest("number").facts == {"merged_out": twin.pk}


def test_parted_again_it_is_linked_as_it_was_logged(house, complaint, coordinators):
    twin = house.lodge(on=RECEIVED, customer=complaint.customer, linked_to_id=complaint.pk)
    other = house.lodge(on=RECEIVED, customer=complaint.customer)
    was = standing(twin)
    act(coordinators, twin, "merge", into=other.reference, reason="Sent twice.")
    assert twin.linked_to == other

    undo(coordinators, twin)

    assert standing(twin) == was
    assert twin.linked_to == complaint


def test_of_a_twin_that_is_closed_to_them_since_nobody_reads_in_the_record_of_the_other(
    house, complaint, twin, coordinators
):
    act(coordinators, twin, "merge", into=complaint.reference, reason="Sent twice.")
    officer = house[Role.RESPONSIBLE_OFFICER]
    assert IN in entries_of(complaint, officer)

    Exclusion.objects.create(complaint=twin, user=officer, reason="subject")

    assert IN not in entries_of(complaint, officer)
    assert IN in entries_of(complaint, house[Role.COMPLAINTS_COORDINATOR])


@pytest.mark.parametrize(
    ("mine", "theirs", "is_refused"),
    [
        (Level.SENSITIVE, Level.NORMAL, True),
        (Level.SENSITIVE, Level.SENSITIVE, False),
        (Level.NORMAL, Level.SENSITIVE, False),
    ],
)
def test_nothing_is_merged_into_what_is_less_protected(
    complaint, twin, coordinators, mine, theirs, is_refused
):
    for each, level in ((twin, mine), (complaint, theirs)):
        each.level = level.value
        each.save(update_fields=["level"])
    words = f"{twin.reference} is Sensitive, and {complaint.reference} is Normal."

    looked = coordinators.get(f"{twin.get_absolute_url()}merge/", {"into": complaint.reference})
    answer = act(coordinators, twin, "merge", into=complaint.reference, reason="Sent twice.")

    assert (words in looked.content.decode()) is is_refused
    assert answer.status_code == (422 if is_refused else 302)
    assert twin.is_open is is_refused
    assert (entries_of(complaint, house_of(coordinators))[0] == IN) is not is_refused


def house_of(browser: Client):
    """Return who is signed in."""
    return User.objects.get(pk=browser.session["_auth_user_id"])


def test_nothing_is_merged_into_what_is_open_to_somebody_to_whom_it_is_closed(
    house, complaint, twin, coordinators
):
    shut_out = {"user": house[Role.RESPONSIBLE_OFFICER], "reason": "subject"}
    Exclusion.objects.create(complaint=twin, **shut_out)

    refused = act(coordinators, twin, "merge", into=complaint.reference, reason="Sent twice.")

    assert refused.status_code == 422
    assert "is closed to somebody to whom" in refused.content.decode()
    assert twin.is_open
    Exclusion.objects.create(complaint=complaint, **shut_out)
    act(coordinators, twin, "merge", into=complaint.reference, reason="Sent twice.")
    assert twin.closed_as == "merged"


def test_the_page_says_in_what_two_complaints_differ_and_what_stays_behind(
    house, complaint, coordinators
):
    other_team = UserFactory(name="Sam Otter", roles=[(Role.RESPONSIBLE_OFFICER, None)])
    twin = house.lodge(
        on=date(2026, 6, 12), customer=complaint.customer, area_id=house.other_team.pk,
        officer_id=other_team.pk, level=Level.SENSITIVE,
        category_id=Category.objects.create(code="damp", name="Damp").pk,
    )  # fmt: skip
    answers = {"new_1": "The damp.", "new_2": "The lift.", "sought_unsaid": "on", "ours": "all"}
    act(coordinators, twin, "define-points", **answers, **ON_TODAY)

    page = coordinators.get(f"{twin.get_absolute_url()}merge/", {"into": complaint.reference})

    officer = house[Role.RESPONSIBLE_OFFICER].name
    assert page.context["differing"] == [
        "Who may see it: Sensitive here, Normal there",
        "Category: Damp here, none yet there",
        f"Service area: {house.other_team.name} here, {house.team.name} there",
        f"Officer: Sam Otter here, {officer} there",
        "This one came first, on Fri 12 Jun 2026. The deadlines of the other count from "
        "Mon 15 Jun 2026: merge the other into this one instead, unless that day is right",
    ]
    words = page.content.decode()
    assert "Look whether they are the same. They differ:" in words
    assert "the customer’s words, 2 points and all entries stay here" in words
    shown = {row.key: row.value for row in page.context["compared"]}
    assert (shown["Who may see it"], shown["Officer"]) == ("Normal", officer)


def test_of_two_alike_no_difference_is_told(complaint, twin, coordinators):
    page = coordinators.get(f"{twin.get_absolute_url()}merge/", {"into": complaint.reference})

    assert page.context["differing"] == []
    assert "They differ" not in page.content.decode()


def test_the_officers_of_both_are_told_and_nobody_who_may_open_neither(
    house, complaint, coordinators
):
    other_team = UserFactory(roles=[(Role.RESPONSIBLE_OFFICER, None)])
    twin = house.lodge(
        on=RECEIVED, customer=complaint.customer, area_id=house.other_team.pk,
        officer_id=other_team.pk,
    )  # fmt: skip

    def told(words: str) -> set[tuple[str, int]]:
        found = OutboundMessage.objects.filter(subject__contains=words)
        return set(found.values_list("complaint__reference", "to_user"))

    both = {
        (complaint.reference, house[Role.RESPONSIBLE_OFFICER].pk),
        (twin.reference, other_team.pk),
    }
    act(coordinators, twin, "merge", into=complaint.reference, reason="Sent twice.")

    assert told("two complaints are one now") == both
    bodies = OutboundMessage.objects.filter(subject__contains="are one now")
    mine = bodies.get(complaint=twin).body
    assert complaint.reference not in mine
    undo(coordinators, twin)
    assert told("two complaints are apart again") == both


def test_an_officer_of_both_is_told_once_and_whoever_merges_not_at_all(
    house, complaint, twin, coordinators
):
    act(coordinators, twin, "merge", into=complaint.reference, reason="Sent twice.")

    told = OutboundMessage.objects.filter(subject__contains="two complaints are one now")
    assert list(told.values_list("complaint", "to_user")) == [
        (complaint.pk, house[Role.RESPONSIBLE_OFFICER].pk)
    ]


def test_the_customers_other_complaints_are_offered_to_merge_into(complaint, twin, coordinators):
    page = coordinators.get(reverse("cases:merge", args=[twin.reference]))
    [choice] = page.context["choices"]
    assert complaint.reference in choice.label

    chosen = coordinators.get(choice.url)

    assert chosen.context["other"] == complaint
    assert chosen.context["form"]["into"].value() == complaint.reference
    assert "The customers differ" not in chosen.content.decode()


def test_two_customers_complaints_are_merged_only_when_that_was_said(
    house, complaint, twin, coordinators
):
    other = house.lodge(on=RECEIVED)
    page = act(coordinators, twin, "merge", into=other.reference, compared="", reason="The same.")
    assert "The customers differ" in page.content.decode()

    refused = act(coordinators, twin, "merge", into=other.reference, reason="The same.")

    assert refused.status_code == 422
    assert "is_other_customers" in refused.context["form"].errors
    assert twin.is_open

    sure = {"is_other_customers": "on", "into": other.reference, "reason": "The same."}
    act(coordinators, twin, "merge", **sure)

    assert (twin.closed_as, twin.linked_to) == ("merged", other)


def test_whoever_may_not_open_the_complaint_that_goes_on_does_not_learn_of_it(
    house, complaint, twin, coordinators
):
    act(coordinators, twin, "merge", into=complaint.reference, reason="Sent twice.")
    officer = Client()
    officer.force_login(house[Role.RESPONSIBLE_OFFICER])
    addresses = [
        twin.get_absolute_url(),
        *(
            reverse(f"cases:{name}", args=[twin.reference])
            for name in ("case-sheet", "record-copy")
        ),
    ]
    assert complaint.reference in officer.get(addresses[0]).content.decode()

    complaint.level = "restricted"
    complaint.save(update_fields=["level"])

    assert officer.get(addresses[0]).context["goes_on"] is None
    for address in addresses:
        page = officer.get(address).content.decode()
        assert "Sent twice." in page or "copy" in address
        assert complaint.reference not in page


@pytest.mark.parametrize("name", ["annul", "merge"])
@pytest.mark.parametrize("asked", ["state=closed", "state=all", "q={0}", "q=lift&state=closed"])
def test_what_does_not_count_is_still_found_among_the_closed(
    complaint, twin, coordinators, asked, name
):
    act(coordinators, twin, name, into=complaint.reference, reason="Sent twice.")

    page = coordinators.get(f"/complaints/?{asked.format(twin.reference)}", follow=True)

    assert twin.get_absolute_url() in page.content.decode()


@pytest.mark.parametrize("into", ["itself", "closed", "unknown", "nonsense\x00"])
def test_a_twin_is_merged_only_into_another_open_complaint(complaint, twin, coordinators, into):
    reference = {
        "itself": twin.reference,
        "closed": complaint.reference,
        "unknown": "KX7M-2QPD-6",
    }.get(into, "nonsense")
    if into == "closed":
        act(coordinators, complaint, "annul", reason="A mistake.")

    response = act(coordinators, twin, "merge", into=reference, reason="Sent twice.")

    assert response.status_code == 422
    assert "Give the reference of another open complaint that goes on." in (
        response.content.decode()
    )
    assert twin.is_open


@pytest.mark.parametrize("name", ["annul", "merge"])
def test_without_a_reason_nothing_is_undone_or_done(complaint, twin, coordinators, name):
    response = act(coordinators, twin, name, into=complaint.reference, reason=" ")

    assert response.status_code == 422
    assert twin.is_open

    act(coordinators, twin, name, into=complaint.reference, reason="A mistake.")
    number = RecordedEvent.objects.filter(complaint=twin).count()
    refused = act(coordinators, twin, "correct", entry=number, how="strike", reason="")

    assert refused.status_code == 422
    assert not twin.is_open


@pytest.mark.parametrize(
    "role", [Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER, Role.HEAD_OF_SERVICE, Role.DIRECTOR]
)
def test_only_the_coordinator_does_and_undoes_it(house, complaint, twin, coordinators, role):
    client = Client()
    client.force_login(house[role])

    for name in ("annul", "merge"):
        assert act(client, twin, name, into=complaint.reference, reason="No.").status_code == 403
    act(coordinators, twin, "annul", reason="A mistake.")
    number = RecordedEvent.objects.filter(complaint=twin).count()
    refused = act(client, twin, "correct", entry=number, how="strike", reason="No.")

    assert refused.status_code == 403
    assert not twin.is_open
    assert not client.get(twin.get_absolute_url()).context["undo"]


def test_it_can_be_done_again_after_it_was_undone(complaint, coordinators):
    act(coordinators, complaint, "annul", reason="A mistake.")
    undo(coordinators, complaint)

    act(coordinators, complaint, "annul", reason="It was one after all.")

    assert complaint.closed_as == "annulled"
    undo(coordinators, complaint)
    assert complaint.is_open


def test_a_complaint_closed_in_another_way_has_nothing_to_undo(house, complaint, coordinators):
    act(
        coordinators,
        complaint,
        "withdraw",
        on_day="22",
        on_month="6",
        on_year="2026",
        words="Glad it is over.",
        channel="none",
    )

    assert not complaint.is_open
    assert not coordinators.get(complaint.get_absolute_url()).context["undo"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("annul", "It was annulled as logged by mistake."),
        ("merge", "It was merged into another complaint, which goes on."),
    ],
)
def test_what_was_none_of_its_own_is_not_reopened(complaint, twin, coordinators, name, why):
    act(coordinators, twin, name, into=complaint.reference, reason="A mistake.")

    asked = coordinators.get(reverse("cases:reopen", args=[twin.reference]))
    sent = act(
        coordinators, twin, "reopen",
        on_day="22", on_month="6", on_year="2026", words="It was none.",
    )  # fmt: skip

    page = coordinators.get(twin.get_absolute_url()).content.decode()
    reason = f"{why} To go on with it, the complaints coordinator strikes that entry out"
    for answer in (asked.content.decode(), sent.content.decode(), page):
        assert reason in answer
    assert not twin.is_open
    assert twin.closed_as in ("annulled", "merged")


def test_no_operation_reopens_what_was_none_of_its_own(house, complaint, coordinators):
    act(coordinators, complaint, "annul", reason="A mistake.")

    with pytest.raises(ActionNotAllowed, match="strikes that entry out"):
        reopen(
            complaint_id=complaint.pk, by=house[Role.COMPLAINTS_COORDINATOR], now=NOW,
            seen=complaint.version, on=TODAY, words="It was none.",
        )  # fmt: skip


@pytest.mark.parametrize("ended_by", ["annul", "merge"])
@pytest.mark.parametrize(
    "name",
    [Act.DELIVER, Act.EXTEND_WINDOW, Act.REFER_TO_OMBUDSMAN, Act.DESIGNATED_PERSON],
)
def test_nothing_further_is_done_in_what_was_none_of_its_own(
    house, coordinators, time_machine, name, ended_by
):
    complaint = SITUATIONS[name].lead(house).complaint
    reason = "strikes that entry out of its record"
    before = coordinators.get(reverse(f"cases:{name.value}", args=[complaint.reference]))
    other = house.lodge(customer=complaint.customer)
    act(coordinators, complaint, ended_by, into=other.reference, reason="A mistake.")
    assert complaint.closed_as in ("annulled", "merged")

    page = coordinators.get(reverse(f"cases:{name.value}", args=[complaint.reference]))

    assert before.status_code == 200
    assert reason not in before.content.decode()
    assert reason in page.content.decode()
    by = house[Role.COMPLAINTS_COORDINATOR]
    with (
        pytest.raises(ActionNotAllowed, match=reason),
        recording(complaint_id=complaint.pk, act=name, by=by, now=NOW, seen=complaint.version),
    ):
        pytest.fail("It was let in.")
