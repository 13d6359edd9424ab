"""Outside the landlord: the designated person, and what the Ombudsman asks, finds and orders."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from cases.errors import ActionNotAllowed, ReasonMissing, WrongDate
from cases.models import Alert, Complaint, RecordedEvent
from cases.operations import awards, close, ombudsman, promises
from cases.operations.awards import Offer
from cases.operations.promises import Promised, Proof
from cases.operations.rebuild import rebuild_projections
from cases.operations.reminders import sweep_deadlines
from cases.operations.stage_acts import Answer
from cases.rules.acts import Act
from cases.rules.awards import Head
from cases.rules.events import DesignatedStep, Finding, Outcome
from cases.rules.lateness import overdue_promises
from cases.rules.promises import PromiseKind, is_to_customer
from cases.rules.roles import Role
from cases.selectors.calendar_feeds import entries
from cases.selectors.case_history import history_of
from cases.selectors.case_page import case_page
from cases.selectors.outside import outside_of
from cases.templatetags.house import need
from cases.tests.answering import respond
from cases.tests.case_page.situations import WRITTEN, Story
from cases.tests.fixtures import at

COORDINATOR, HEAD = Role.COMPLAINTS_COORDINATOR, Role.HEAD_OF_SERVICE
OFFICER = Role.RESPONSIBLE_OFFICER
TODAY = date(2026, 6, 22)
FILE_BY = date(2026, 7, 13)


def outside(story, role=COORDINATOR):
    """Return what the page tells."""
    complaint = Complaint.objects.select_related("procedure_version__procedure").get(
        pk=story.complaint.pk
    )
    return outside_of(case_page(complaint, user=story.house[role], today=TODAY))


def not_accepted(story):
    """Record that the customer did not accept what the answer offered, as they went further."""
    offer = story.complaint.events.get(kind="compensation_proposed").number
    given = {"award": offer, "on": TODAY, "accepted": False}
    return story.act(awards.record_answer, OFFICER, TODAY, **given)


def day_boxes(name, day):
    """Return a day as it is typed."""
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def demanded(story, kind, words, due_on, **details):
    """Record what the Ombudsman wants."""
    return story.act(
        ombudsman.demand,
        COORDINATOR,
        TODAY,
        on=TODAY,
        kind=kind,
        demanded=Promised(words, due_on),
        **details,
    )


@pytest.fixture
def story(house):
    """Return a complaint taken to the Ombudsman after an answer that offered £50."""
    day = date(2026, 6, 12)
    answer = Answer(
        Outcome.PARTLY_UPHELD, offer=Offer(heads=[(Head.DELAY, Decimal(50))], basis="A week.")
    )
    story = Story(house, "code-2024").act(
        respond, HEAD, day, on=day, answer=answer, telling=WRITTEN
    )
    return story.act(ombudsman.refer_to_ombudsman, COORDINATOR, day, on=day, words="")


def test_the_file_for_the_ombudsman_is_reminded_of_ten_and_five_working_days_before(story):
    demanded(story, PromiseKind.INFORMATION, "The whole file", FILE_BY)

    for day in (date(2026, 6, 29), date(2026, 7, 6), FILE_BY):
        sweep_deadlines(now=at(day))

    told = Alert.objects.filter(code__startswith="information", recipient__name=COORDINATOR.words)
    assert sorted(told.values_list("reminder", flat=True)) == ["before-10", "before-5", "due"]


def test_the_page_says_that_it_is_with_the_ombudsman_and_then_that_it_was_decided(story, client):
    client.force_login(story.house[COORDINATOR])
    referred = shown(story, client)
    story.act(
        ombudsman.determine, COORDINATOR, TODAY, on=TODAY, finding="maladministration",
        amount="", words="",
    )  # fmt: skip

    decided = shown(story, client)

    link = f'href="{story.complaint.get_absolute_url()}outside/">What was asked, found and ordered'
    assert "It has been with the Housing Ombudsman since Fri 12 Jun 2026." in referred
    assert "The Housing Ombudsman decided on Mon 22 Jun 2026." in decided
    assert "It has been with" not in decided
    assert link in referred
    assert link in decided


def test_the_page_of_a_complaint_that_was_not_outside_says_nothing_of_it(house, client):
    story = Story(house, "code-2024").answered()
    client.force_login(house[COORDINATOR])

    assert "found and ordered there" not in shown(story, client)


def shown(story, client):
    """Return the page of the complaint."""
    with time_machine.travel(at(TODAY), tick=False):
        return client.get(story.complaint.get_absolute_url()).content.decode()


def test_an_order_of_a_closed_complaint_is_owed_until_it_is_proved(story):
    not_accepted(story)
    story.act(close.close, COORDINATOR, TODAY, on=TODAY, words="")
    demanded(story, PromiseKind.ORDER, "Apologise in person", FILE_BY)
    [owed] = outside(story).owed
    assert (owed.words, owed.is_open) == ("Apologise in person", True)
    assert story.complaint.is_open is False
    assert story.complaint.promise_due_on == FILE_BY
    for role in (OFFICER, COORDINATOR):
        assert [each.on for each in entries(story.house[role])] == [FILE_BY]

    with pytest.raises(ReasonMissing):
        story.act(promises.keep_promise, COORDINATOR, TODAY, promise=owed.number, on=TODAY,
            proof=Proof(),
        )  # fmt: skip
    story.act(
        promises.keep_promise, COORDINATOR, TODAY, promise=owed.number, on=TODAY,
        proof=Proof("The Director rang on 22 June."),
    )  # fmt: skip

    assert outside(story).owed[0].is_open is False
    assert entries(story.house[OFFICER]) == []
    assert rebuild_projections(repair=False, progress=lambda done: None).differences == []


@pytest.mark.rule("HH-29")
def test_no_customer_is_told_sorry_for_what_is_owed_to_the_ombudsman(story):
    demanded(story, PromiseKind.INFORMATION, "The whole file", FILE_BY)
    late = FILE_BY + timedelta(days=1)
    assert overdue_promises(history_of(story.complaint).state, late) == []

    story.act(
        promises.make_promise,
        HEAD,
        TODAY,
        on=TODAY,
        promised=Promised("A surveyor visits you.", FILE_BY),
    )

    [promised] = overdue_promises(history_of(story.complaint).state, late)
    assert is_to_customer(promised)
    assert overdue_promises(history_of(story.complaint).state, FILE_BY) == []


def test_what_the_ombudsman_wants_does_not_keep_a_complaint_open(story):
    not_accepted(story)
    demanded(story, PromiseKind.INFORMATION, "The whole file", FILE_BY)

    story.act(close.close, COORDINATOR, TODAY, on=TODAY, words="")

    assert story.complaint.status == "closed"


def test_the_day_for_the_ombudsman_moves_without_a_letter_to_the_customer(story):
    demanded(story, PromiseKind.INFORMATION, "The whole file", FILE_BY)
    number = outside(story).owed[0].number
    later = date(2026, 7, 20)

    story.act(
        promises.move_promise, COORDINATOR, TODAY, promise=number, on=TODAY, new_due_on=later,
        telling=None, reason="They agreed by e-mail.",
    )  # fmt: skip

    assert outside(story).owed[0].line.due_on == later
    assert not story.complaint.letters.filter(kind="promise_moved").exists()


@pytest.mark.parametrize("kind", [PromiseKind.PROMISE, PromiseKind.ACTION])
def test_only_what_is_owed_to_the_ombudsman_is_recorded_as_their_demand(story, kind):
    with pytest.raises(ValueError, match="not owed"):
        demanded(story, kind, "A visit", FILE_BY)


def test_each_issue_has_its_own_finding(story):
    issues = [
        ("The lift", Finding.SERVICE_FAILURE),
        ("How the complaint was handled", Finding.MALADMINISTRATION),
    ]
    story.act(
        ombudsman.determine, COORDINATOR, TODAY, on=TODAY, finding="maladministration",
        amount="", words="", issues=issues,
    )  # fmt: skip

    told = outside(story)
    assert told.finding == "Maladministration"
    assert [(each.words, each.finding) for each in told.issues] == [
        ("The lift", "Service failure"),
        ("How the complaint was handled", "Maladministration"),
    ]


def test_what_was_ordered_stands_beside_what_each_stage_offered(story):
    demanded(story, PromiseKind.ORDER, "Pay compensation", FILE_BY, amount="200.00")

    assert [(each.who, each.amount, each.more) for each in outside(story).offers] == [
        ("Stage 1", Decimal(50), None),
        ("Housing Ombudsman, by order", Decimal(200), Decimal(150)),
    ]


def test_all_that_a_stage_offered_and_was_not_refused_is_set_against_what_was_ordered(story):
    for refused in (False, False, True):
        day = date(2026, 6, 15)
        heads = [(Head.DISTRESS, Decimal(30))]
        story.act(awards.propose_compensation, OFFICER, day, heads=heads, basis="A week.")
        award = history_of(story.complaint).state.awards[-1].number
        story.act(awards.decide_compensation, HEAD, day, award=award, approved=True)
        given = {"award": award, "on": day}
        story.act(awards.offer_compensation, OFFICER, day, **given, telling=WRITTEN)
        if refused:
            story.act(awards.record_answer, HEAD, day, **given, accepted=False)
    demanded(story, PromiseKind.ORDER, "Pay compensation", FILE_BY, amount="200.00")

    assert [(each.who, each.amount, each.more) for each in outside(story).offers] == [
        ("Stage 1", Decimal(110), None),
        ("Housing Ombudsman, by order", Decimal(200), Decimal(90)),
    ]


@pytest.mark.rule("KF-20")
def test_the_part_of_an_mp_is_recorded_with_the_name(house):
    story = Story(house, "first-ark-panel")
    given = {"on": TODAY, "step": DesignatedStep.SETTLED, "words": "Met on Friday."}
    with pytest.raises(ReasonMissing):
        story.act(ombudsman.record_designated_person, COORDINATOR, TODAY, name=" ", **given)

    story.act(
        ombudsman.record_designated_person, COORDINATOR, TODAY, name="The MP for Knowsley", **given
    )

    event = story.complaint.events.get(kind="designated_person")
    assert event.facts == {"step": "settled"}
    assert event.words.parts["designated_person"] == "The MP for Knowsley"


@pytest.mark.rule("KF-21")
def test_the_page_says_from_when_the_ombudsman_may_be_asked(story, house, client):
    demanded(story, PromiseKind.ORDER, "Apologise in person", FILE_BY, amount="200.00")
    client.force_login(house[COORDINATOR])

    with time_machine.travel(at(TODAY), tick=False):
        page = client.get(reverse("cases:outside", args=[story.complaint.reference]))

    assert page.status_code == 200
    for words in ("Apologise in person", "£150.00", "Taken to the Housing Ombudsman"):
        assert words in page.content.decode()


def test_the_form_of_the_decision_asks_about_each_issue(story, house, client):
    client.force_login(house[COORDINATOR])
    url = reverse("cases:determine", args=[story.complaint.reference])
    sent = {
        "seen": str(story.complaint.version),
        **dict(zip(("on_day", "on_month", "on_year"), ("22", "6", "2026"), strict=True)),
        "finding": "service_failure",
        "issue_1_finding": "service_failure",
    }

    with time_machine.travel(at(TODAY), tick=False):
        page = client.post(url, sent)
        assert page.context["form"].errors["issue_1"] == ["Say what the issue is"]
        assert client.post(url, {**sent, "issue_1": "The lift"}).status_code == 302


def test_what_the_decision_orders_is_owed_by_its_day(story, house, client):
    client.force_login(house[COORDINATOR])
    url = reverse("cases:determine", args=[story.complaint.reference])
    sent = {
        "seen": str(story.complaint.version),
        **day_boxes("on", TODAY),
        "finding": "maladministration",
        "amount": "250",
        "order_1": "Apologise in person",
    }

    with time_machine.travel(at(TODAY), tick=False):
        refused = client.post(url, sent)
        days = {**day_boxes("pay_by", FILE_BY), **day_boxes("order_1_on", date(2026, 7, 20))}
        recorded = client.post(url, {**sent, **days})

    assert refused.context["form"].errors == {
        "pay_by": ["Enter the day by which it is to be paid"],
        "order_1_on": ["Enter the day by which it is to be done"],
    }
    assert recorded.status_code == 302
    story.complaint.refresh_from_db()
    assert [(each.words, each.line.due_on) for each in outside(story).owed] == [
        ("Pay £250.00 in compensation", FILE_BY),
        ("Apologise in person", date(2026, 7, 20)),
    ]
    assert [each.amount for each in outside(story).offers][-1] == Decimal(250)
    assert story.complaint.promise_due_on == FILE_BY


# Changed on review -----------------------------------------------------------------------------


@pytest.fixture
def decided(story):
    """Return a complaint in which the Ombudsman ordered an apology and £250, to be paid."""
    orders = [Promised("Apologise in person", FILE_BY), Promised("Pay £250.00", FILE_BY)]
    return story.act(
        ombudsman.determine, COORDINATOR, TODAY, on=TODAY, finding="maladministration",
        amount="250.00", words="", orders=orders,
    )  # fmt: skip


REVIEWED = date(2026, 6, 29)


def reviewed(story, because="They looked at the photographs again.", **details):
    """Record that the decision was changed on review."""
    given = {"on": REVIEWED, "finding": "service_failure", "amount": "100.00", "words": ""}
    given |= {"changed_because": because, **details}
    return story.act(ombudsman.determine, COORDINATOR, REVIEWED, **given)


def test_what_changes_a_decision_is_not_older_than_it(decided):
    with pytest.raises(WrongDate, match="It cannot be older"):
        reviewed(decided, on=TODAY - timedelta(days=1))

    kinds = RecordedEvent.objects.filter(complaint=decided.complaint).values_list("kind", flat=True)
    assert list(kinds).count("determined") == 1


def test_a_decision_that_was_changed_on_review_takes_the_place_of_the_one_before(decided):
    payment = outside(decided).owed[1].number

    reviewed(decided, no_longer_owed=[payment], orders=[Promised("Pay £100.00", FILE_BY)])

    found = outside(decided)
    assert decided.complaint.determined_on == REVIEWED
    assert found.finding == "Service failure"
    assert [(each.on, each.finding) for each in found.earlier] == [(TODAY, "Maladministration")]
    assert [(offer.who, offer.amount) for offer in found.offers] == [
        ("Stage 1", Decimal(50)),
        ("Housing Ombudsman", Decimal("100.00")),
    ]
    owed = [each.words for each in found.owed if each.is_open]
    assert sorted(owed) == ["Apologise in person", "Pay £100.00"]
    withdrawn = decided.complaint.events.get(kind="promise_withdrawn")
    assert withdrawn.facts["promise"] == payment
    assert withdrawn.words.parts["reason"] == "They looked at the photographs again."


def test_without_a_word_of_why_no_second_decision_is_recorded(decided):
    with pytest.raises(ReasonMissing, match="Say why it was changed on review"):
        reviewed(decided, " ")

    assert decided.complaint.events.filter(kind="determined").count() == 1


def test_only_what_the_ombudsman_ordered_falls_with_a_decision_that_was_changed(decided):
    demanded(decided, PromiseKind.INFORMATION, "The whole file", FILE_BY)
    asked = next(each.number for each in outside(decided).owed if each.words == "The whole file")

    for number in (asked, 1):
        with pytest.raises(ActionNotAllowed):
            reviewed(decided, no_longer_owed=[number])

    assert decided.complaint.events.filter(kind="determined").count() == 1


def test_the_form_of_a_second_decision_says_so_and_asks_why_and_what_is_no_longer_owed(
    decided, house, client
):
    client.force_login(house[COORDINATOR])
    url = reverse("cases:determine", args=[decided.complaint.reference])
    payment = outside(decided).owed[1].number
    sent = {
        "seen": str(decided.complaint.version),
        **day_boxes("on", REVIEWED),
        "finding": "service_failure",
        "no_longer_owed": [str(payment)],
    }

    with time_machine.travel(at(REVIEWED), tick=False):
        shown = client.get(url).content.decode()
        refused = client.post(url, sent)
        recorded = client.post(url, {**sent, "changed_because": "New photographs."})
        page = client.get(reverse("cases:outside", args=[decided.complaint.reference]))

    assert "A decision of Mon 22 Jun 2026 is recorded." in shown
    assert "Apologise in person (by" in shown
    assert "changed_because" in refused.context["form"].errors
    assert recorded.status_code == 302
    told = " ".join(page.content.decode().split())
    assert "Mon 22 Jun 2026</time> had found: maladministration." in told
    assert "Why it was changed on review" in told


def test_a_first_decision_is_not_asked_why_it_was_changed(story, house, client):
    client.force_login(house[COORDINATOR])
    with time_machine.travel(at(TODAY), tick=False):
        page = client.get(reverse("cases:determine", args=[story.complaint.reference]))

    assert not {"changed_because", "no_longer_owed"} & page.context["form"].fields.keys()


def test_a_complaint_that_was_decided_does_not_wait_for_another_decision(decided, house):
    page = case_page(decided.complaint, user=house[COORDINATOR], today=REVIEWED)

    assert Act.DETERMINE in {offer.act for offer in page.offers}
    assert not [offer for offer in page.offers if offer.is_next and offer.act is Act.DETERMINE]


def test_the_number_of_the_ombudsmans_case_is_kept_shown_bound_and_found(story, house, client):
    def ombudsmans_number():
        return outside(story).their_reference

    assert ombudsmans_number() == ""
    demanded(
        story, PromiseKind.INFORMATION, "The whole file", FILE_BY, their_reference=" 202612345 "
    )
    demanded(story, PromiseKind.RECOMMENDATION, "Train the team", FILE_BY)
    assert ombudsmans_number() == "202612345"

    client.force_login(house[COORDINATOR])
    with time_machine.travel(at(TODAY), tick=False):
        pages = {
            name: client.get(reverse(f"cases:{name}", args=[story.complaint.reference]))
            for name in ("outside", "determine", "ombudsman-demand")
        }
        found = client.get(reverse("cases:queue"), {"q": "202612345", "state": "all"})
    assert "case number: <strong>202612345</strong>" in pages["outside"].content.decode()
    for name in ("determine", "ombudsman-demand"):
        assert pages[name].context["form"]["their_reference"].value() == "202612345"
    assert story.complaint.reference in found.content.decode()

    demanded(story, PromiseKind.ORDER, "Apologise", FILE_BY, their_reference="202699999")
    assert ombudsmans_number() == "202699999"


def test_the_number_can_be_given_when_it_goes_to_the_ombudsman(house, client):
    story = Story(house, "code-2024").act(
        respond, HEAD, TODAY, on=TODAY, answer=Answer(Outcome.NOT_UPHELD), telling=WRITTEN
    )
    client.force_login(house[COORDINATOR])
    url = reverse("cases:refer-to-ombudsman", args=[story.complaint.reference])
    sent = {"seen": str(story.complaint.version), **day_boxes("on", TODAY)}

    with time_machine.travel(at(TODAY), tick=False):
        assert client.post(url, {**sent, "their_reference": "202612345"}).status_code == 302

    assert outside(story).their_reference == "202612345"


def test_an_order_for_a_sunday_is_taken_and_said_to_be_no_working_day(story, house, client):
    sunday, monday = date(2026, 7, 12), date(2026, 7, 13)
    client.force_login(house[COORDINATOR])
    url = reverse("cases:ombudsman-demand", args=[story.complaint.reference])

    def said(day, **more):
        sent = {
            "seen": str(Complaint.objects.get(pk=story.complaint.pk).version),
            **day_boxes("on", TODAY),
            **day_boxes("due_on", day),
            "demand": PromiseKind.RECOMMENDATION.value,
            "words": "Train the team.",
            **more,
        }
        with time_machine.travel(at(TODAY), tick=False):
            return client.post(url, sent, follow=True).content.decode()

    off = "Sun 12 Jul 2026 is no working day: have it done before."
    assert off in said(sunday, preview="yes")
    assert "is no working day" not in said(monday, preview="yes")
    assert not story.complaint.deadlines.promised().exists()
    assert off in said(sunday)
    assert "is no working day" not in said(monday)


def test_the_form_of_the_decision_says_when_a_day_is_needed(story, house, client):
    client.force_login(house[COORDINATOR])
    url = reverse("cases:determine", args=[story.complaint.reference])
    sent = {"seen": str(story.complaint.version), **day_boxes("on", TODAY), "amount": "250"}

    with time_machine.travel(at(TODAY), tick=False):
        page = client.post(url, {**sent, "finding": "maladministration"})

    form = page.context["form"]
    assert list(form.errors) == ["pay_by"]
    assert need(form["pay_by"]) == "(needed with an amount)"
    assert need(form["words"]) == "(optional)"
