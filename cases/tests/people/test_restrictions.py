"""Restrictions of a customer's contact: who decides, what stays open, and that none is endless."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing, WrongDate
from cases.models import (
    ContactRestriction,
    Customer,
    Exclusion,
    OutboundMessage,
    RestrictionRecord,
)
from cases.operations.customer_changes import change_customer
from cases.operations.customers import Particulars
from cases.operations.restrictions import (
    Proposal,
    chase_reviews,
    decide_restriction,
    end_restriction,
    propose_restriction,
    renew_restriction,
)
from cases.rules.restrictions import (
    LAPSES_AFTER,
    LONGEST,
    NOTHING_LEFT,
    ContactWay,
    RestrictionState,
    why_not_reviewed,
    why_too_far,
)
from cases.rules.roles import Role
from cases.selectors.customer_page import last_change_of
from cases.selectors.restrictions import restrictions_waiting
from cases.templatetags.house import need
from cases.tests.factories import MONDAY, UserFactory
from cases.tests.fixtures import at
from cases.tests.people.conftest import NOW

PROPOSAL = Proposal(
    closed=frozenset({ContactWay.PHONE}),
    limits="One visit a week",
    reason="Rings forty times a day and shouts.",
    evidence="The list of calls of May; our letter of 1 June.",
    considered="Anxiety; one named colleague was offered first.",
    review_on=MONDAY + timedelta(days=60),
)


@pytest.fixture
def director(house):
    return house[Role.DIRECTOR]


@pytest.fixture
def propose(house, customer, coordinator):
    def propose(by=None, **details):
        proposal = replace(PROPOSAL, **details)
        return propose_restriction(proposal, customer_id=customer.pk, by=by or coordinator, now=NOW)

    return propose


def decide(restriction, by, *, approves=True, words="It is needed, and no more than that."):
    return decide_restriction(
        restriction_id=restriction.pk, approves=approves, words=words, by=by, now=NOW
    )


@pytest.fixture
def in_force(propose, director):
    return decide(propose(), director)


def shown(customer):
    return Customer.objects.get(pk=customer.pk).restricted_contact


@pytest.mark.rule("HH-6")
def test_nothing_is_restricted_before_a_director_approves_it(propose, customer, director):
    restriction = propose()
    before = shown(customer)

    decide(restriction, director)

    assert before == ""
    assert shown(customer) == (
        "Closed: telephone. One visit a week. Open: e-mail, in person and letter. "
        f"To be reviewed by {PROPOSAL.review_on:%-d %B %Y}."
    )


@pytest.mark.rule("HH-6")
@pytest.mark.parametrize(
    "role",
    [
        Role.RESPONSIBLE_OFFICER,
        Role.HEAD_OF_SERVICE,
        Role.ASSISTANT_DIRECTOR,
        Role.COMPLAINTS_COORDINATOR,
        Role.SYSTEM_ADMINISTRATOR,
    ],
)
def test_under_herefordshire_nobody_but_a_director_decides(house, propose, customer, role):
    house.run("herefordshire")
    restriction = propose(by=house[Role.LINE_MANAGER])

    with pytest.raises(NotEntitled, match="for the director"):
        decide(restriction, house[role])

    assert shown(customer) == ""
    assert RestrictionRecord.objects.filter(restriction=restriction).count() == 1


@pytest.mark.rule("HH-6")
def test_under_herefordshire_a_director_does(house, propose, customer):
    house.run("herefordshire")

    decide(propose(), house[Role.DIRECTOR])

    assert shown(customer)


def test_where_the_procedure_names_nobody_an_assistant_director_may_too(house, propose, customer):
    decide(propose(), house[Role.ASSISTANT_DIRECTOR])

    assert shown(customer)


@pytest.mark.rule("HH-6")
def test_nobody_approves_what_they_proposed(propose, director):
    restriction = propose(by=director)

    with pytest.raises(NotEntitled, match="Nobody approves what they proposed"):
        decide(restriction, director)


def test_the_database_refuses_a_decision_by_whoever_proposed_it(propose, coordinator):
    rows = ContactRestriction.objects.filter(pk=propose().pk)

    with (
        pytest.raises(IntegrityError, match="by_a_second_person"),
        transaction.atomic(),
    ):
        rows.update(decided_by=coordinator, decided_at=NOW)


def test_somebody_the_customer_complains_about_does_not_decide(complaint, propose, director):
    Exclusion.objects.create(complaint=complaint, user=director, reason="subject")
    other = UserFactory(roles=[(Role.DIRECTOR, director.grants.get().area)])
    restriction = propose()

    with pytest.raises(NotEntitled, match="Somebody else must decide"):
        decide(restriction, director)

    assert decide(restriction, other).state == "in_force"


@pytest.mark.parametrize("role", [Role.LINE_MANAGER, Role.DIRECTOR, Role.COMPLAINTS_COORDINATOR])
def test_whoever_is_a_party_learns_nothing_of_it(house, browse, complaint, propose, role):
    restriction = propose()
    page = reverse("cases:restriction", args=[restriction.code])
    paths = [page, f"{page}decide/", f"{page}review/"]
    house.lodge(customer=complaint.customer)
    client = browse(role)
    listed = client.get(reverse("cases:restrictions")).content.decode()
    known = client.get(page).status_code

    Exclusion.objects.create(complaint=complaint, user=house[role], reason="subject")

    assert "Canary Quillfeather" in listed
    assert known == 200
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    assert "Canary Quillfeather" not in (client.get(reverse("cases:restrictions")).content.decode())
    assert restriction.code not in (
        client.get(reverse("cases:customer", args=[complaint.customer.code])).content.decode()
    )
    assert restrictions_waiting(house[role], today=MONDAY) == 0


def test_the_front_line_proposes_nothing(house, propose):
    with pytest.raises(NotEntitled):
        propose(by=house[Role.FRONT_LINE])


@pytest.mark.parametrize("missing", ["reason", "evidence", "considered"])
def test_a_restriction_needs_its_reason_evidence_and_what_was_weighed_up(propose, missing):
    with pytest.raises(ReasonMissing):
        propose(**{missing: "  "})

    assert not ContactRestriction.objects.exists()


def test_a_decision_needs_a_reason(propose, director):
    with pytest.raises(ReasonMissing):
        decide(propose(), director, words=" ")


def test_something_must_be_restricted(propose):
    with pytest.raises(ActionNotAllowed, match="Choose a way"):
        propose(closed=frozenset(), limits=" ")


@pytest.mark.rule("HH-6")
def test_at_least_one_way_stays_open(propose):
    with pytest.raises(ActionNotAllowed, match="at least one way open"):
        propose(closed=frozenset(ContactWay))


def test_a_way_that_is_not_safe_for_them_is_none_that_is_left_open(customer, propose):
    Customer.objects.filter(pk=customer.pk).update(post_unsafe=True, email="")
    closed = frozenset({ContactWay.PHONE, ContactWay.IN_PERSON})

    with pytest.raises(ActionNotAllowed, match="at least one way open"):
        propose(closed=closed)


@pytest.mark.parametrize(
    ("days", "refusal"),
    [(-1, "later day"), (0, "later day"), (1, ""), (183, ""), (184, "within six months")],
)
def test_a_review_comes_within_six_months(days, refusal):
    found = why_not_reviewed(MONDAY + timedelta(days=days), begins=MONDAY)

    assert refusal in found
    assert bool(found) == bool(refusal)


def test_no_set_of_ways_is_closed_without_one_left():
    usable = [ContactWay.IN_PERSON, ContactWay.POST]

    assert why_too_far([ContactWay.PHONE, ContactWay.EMAIL, ContactWay.POST], usable=usable) == ""
    assert why_too_far([ContactWay.IN_PERSON, ContactWay.POST], usable=usable)


def test_a_restriction_without_a_timely_review_is_refused(propose):
    with pytest.raises(WrongDate):
        propose(review_on=MONDAY + LONGEST + timedelta(days=1))


def test_there_is_one_restriction_of_a_customer_at_a_time(propose, in_force):
    with pytest.raises(ActionNotAllowed, match="already"):
        propose()


def test_what_is_not_approved_never_counts(propose, customer, director):
    restriction = decide(propose(), director, approves=False)

    assert restriction.state == "refused"
    assert shown(customer) == ""
    with pytest.raises(ActionNotAllowed, match="decided already"):
        decide(restriction, director)


def test_a_review_keeps_it_with_a_record(in_force, director, customer):
    later = MONDAY + timedelta(days=100)

    renew_restriction(
        restriction_id=in_force.pk, review_on=later, words="He still shouts.", by=director, now=NOW
    )

    records = RestrictionRecord.objects.filter(restriction=in_force).order_by("pk")
    assert [each.step for each in records] == ["proposed", "approved", "renewed"]
    assert records[2].words == "He still shouts."
    assert f"{later:%-d %B %Y}" in shown(customer)


@pytest.mark.parametrize("days", [0, 184])
def test_a_review_never_keeps_it_for_longer_than_the_next_one(in_force, director, days):
    with pytest.raises(WrongDate):
        renew_restriction(
            restriction_id=in_force.pk,
            review_on=MONDAY + timedelta(days=days),
            words="Still.",
            by=director,
            now=NOW,
        )


def test_it_is_ended_with_a_record(in_force, director, customer):
    end_restriction(restriction_id=in_force.pk, words="It is calm now.", by=director, now=NOW)

    in_force.refresh_from_db()
    assert (in_force.state, in_force.ended_on) == ("ended", MONDAY)
    assert shown(customer) == ""
    with pytest.raises(ActionNotAllowed, match="over"):
        end_restriction(restriction_id=in_force.pk, words="Again.", by=director, now=NOW)


@pytest.mark.rule("HH-6")
def test_nobody_else_ends_or_renews_it(house, in_force, coordinator):
    house.run("herefordshire")

    for act, more in ((end_restriction, {}), (renew_restriction, {"review_on": MONDAY})):
        with pytest.raises(NotEntitled):
            act(restriction_id=in_force.pk, words="No.", by=coordinator, now=NOW, **more)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_nothing_that_was_done_about_it_is_changed_or_removed(in_force, change):
    rows = RestrictionRecord.objects.filter(restriction=in_force, step="proposed")

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        rows.update(words="") if change == "update" else rows.delete()

    assert rows.count() == 1


def test_what_nobody_reviews_lapses_by_itself(in_force, customer):
    last = PROPOSAL.review_on + LAPSES_AFTER

    on_the_last_day = chase_reviews(now=at(last, 3))
    after = chase_reviews(now=at(last + timedelta(days=1), 3))
    again = chase_reviews(now=at(last + timedelta(days=1), 3))

    assert [on_the_last_day, after, again] == [(0, 0), (1, 0), (0, 0)]
    assert shown(customer) == ""
    assert RestrictionRecord.objects.latest("pk").step == "lapsed"


def test_reviews_are_chased_once_before_and_once_when_late(in_force, director):
    OutboundMessage.objects.all().delete()
    days = (-20, -14, -10, 1, 3)

    for day in days:
        chase_reviews(now=at(_working(PROPOSAL.review_on + timedelta(days=day))))

    told = OutboundMessage.objects.filter(to_user=director).order_by("pk")
    assert [each.subject for each in told] == [
        "A restriction of contact is to be reviewed",
        "The review of a restriction of contact is overdue",
    ]
    assert "Quillfeather" not in "".join(each.body + each.subject for each in told)


def _working(day):
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def test_somebody_to_whom_a_complaint_of_theirs_is_closed_is_not_told(
    house, complaint, propose, director
):
    Exclusion.objects.create(complaint=complaint, user=director, reason="conflict")

    propose()

    told = set(OutboundMessage.objects.filter(kind="restriction").values_list("to_user", flat=True))
    assert told == {house.people[Role.ASSISTANT_DIRECTOR].pk}


@pytest.mark.rule("HH-6")
def test_whoever_is_restricted_complains_like_anybody_else(house, in_force, customer, browse):
    complaint = house.lodge(customer=customer)

    page = browse(Role.COMPLAINTS_COORDINATOR).get(complaint.get_absolute_url())

    assert complaint.is_open
    assert "The customer’s contact is restricted" in page.content.decode()


def test_what_becomes_unsafe_later_is_told_at_once(in_force, customer, coordinator):
    change_customer(
        Particulars(name=customer.name, category="tenant", phone=customer.phone, post_unsafe=True),
        customer_id=customer.pk,
        seen=last_change_of(customer),
        by=coordinator,
        now=NOW,
    )

    assert "Open: in person." in shown(customer)
    assert NOTHING_LEFT not in shown(customer)


# The pages -------------------------------------------------------------------------------------


@pytest.fixture
def browse(house, client, time_machine):
    time_machine.move_to(NOW, tick=False)

    def browse(role):
        client.force_login(house[role])
        return client

    return browse


def answers(**more):
    day = PROPOSAL.review_on
    return {
        "closed": ["phone"],
        "limits": "",
        "reason": "He shouts.",
        "evidence": "The list.",
        "considered": "Anxiety.",
        "review_on_day": str(day.day),
        "review_on_month": str(day.month),
        "review_on_year": str(day.year),
        **more,
    }


def test_from_proposal_to_review_by_the_pages(house, browse, customer):
    propose_url = reverse("cases:restrict-contact", args=[customer.code])
    browse(Role.LINE_MANAGER).post(propose_url, answers())
    restriction = ContactRestriction.objects.get()
    page = reverse("cases:restriction", args=[restriction.code])

    browse(Role.DIRECTOR).post(f"{page}decide/", {"decision": "yes", "words": "Needed."})
    decided = browse(Role.DIRECTOR).get(page).content.decode()
    browse(Role.DIRECTOR).post(f"{page}review/", {"decision": "end", "words": "Calm."})
    listed = browse(Role.LINE_MANAGER).get(reverse("cases:restrictions")).content.decode()

    assert "They can always make a complaint" in decided
    assert "Without a review it ends by itself" in decided
    assert "Ended" in listed


def test_a_mistake_keeps_what_was_typed(browse, customer):
    url = reverse("cases:restrict-contact", args=[customer.code])

    answer = browse(Role.LINE_MANAGER).post(
        url, answers(closed=["phone", "email", "in_person", "post"])
    )

    assert answer.status_code == 422
    assert "Leave at least one way open" in answer.content.decode()
    assert "He shouts." in answer.content.decode()


@pytest.mark.parametrize("place", ["customer", "case", "letter", "log"])
def test_it_is_shown_wherever_the_customer_is_dealt_with(
    browse, in_force, complaint, customer, place
):
    path = {
        "customer": reverse("cases:customer", args=[customer.code]),
        "case": complaint.get_absolute_url(),
        "letter": reverse("cases:update", args=[complaint.reference]),
        "log": f"{reverse('cases:log')}?customer={customer.code}",
    }[place]

    page = browse(Role.COMPLAINTS_COORDINATOR).get(path).content.decode()

    assert "Closed: telephone." in page


def test_the_front_line_is_told_what_is_open_and_not_why(browse, in_force, customer):
    page = browse(Role.FRONT_LINE).get(reverse("cases:customer", args=[customer.code]))

    assert "Closed: telephone." in page.content.decode()
    assert "Why, and until when" not in page.content.decode()


def test_my_work_tells_who_decides_that_something_waits(browse, propose):
    propose()

    director = browse(Role.DIRECTOR).get(reverse("cases:my-work")).content.decode()
    officer = browse(Role.RESPONSIBLE_OFFICER).get(reverse("cases:my-work")).content.decode()

    assert "1 restriction of contact to decide on or to review" in director
    assert "restriction of contact" not in officer


def test_whoever_decides_or_reviews_reads_on_the_form_what_was_proposed_and_by_whom(
    propose, director, coordinator, client, time_machine
):
    time_machine.move_to(NOW, tick=False)
    client.force_login(director)
    restriction = propose()
    decides = reverse("cases:restriction-decide", args=[restriction.code])
    first = client.get(decides)
    wrong = client.post(decides, {"decision": "", "words": ""})
    decide(restriction, director)
    review = client.get(reverse("cases:restriction-review", args=[restriction.code]))

    assert wrong.status_code == 422
    for page in (first, wrong, review):
        shown = {row.key: row.value for row in page.context["rows"]}
        assert shown["Why"] == PROPOSAL.reason
        assert shown["What shows it"] == PROPOSAL.evidence
        assert shown["What was weighed up"] == PROPOSAL.considered
        assert shown["Limited"] == PROPOSAL.limits
        assert shown["Proposed by"] == f"{coordinator.name}, on 8 June 2026"
        words = page.content.decode()
        for each in (PROPOSAL.reason, PROPOSAL.evidence, PROPOSAL.considered):
            assert each in words


def test_each_form_says_what_it_shows_and_leads_back_to_the_restriction(
    propose, director, client, time_machine
):
    time_machine.move_to(NOW, tick=False)
    client.force_login(director)
    restriction = propose()
    here = f'href="{reverse("cases:restriction", args=[restriction.code])}"'

    decides = client.get(reverse("cases:restriction-decide", args=[restriction.code]))
    decide(restriction, director)
    reviews = client.get(reverse("cases:restriction-review", args=[restriction.code]))

    for page, shown, not_shown in (
        (decides.content.decode(), "What was proposed", "What is in force"),
        (reviews.content.decode(), "What is in force", "What was proposed"),
    ):
        assert shown in page
        assert not_shown not in page
        assert here in page.partition("<main")[0]


def test_the_proposal_says_of_both_boxes_that_one_is_needed(
    customer, coordinator, client, time_machine
):
    time_machine.move_to(NOW, tick=False)
    client.force_login(coordinator)
    words = {"reason": "Forty calls a day.", "evidence": "The log.", "considered": "Her health."}
    day = NOW + timedelta(days=60)
    until = {"review_on_day": day.day, "review_on_month": day.month, "review_on_year": day.year}

    page = client.post(reverse("cases:restrict-contact", args=[customer.code]), words | until)

    form = page.context["form"]
    assert form.non_field_errors() == ["Choose a way to close, or say what is limited."]
    assert need(form["closed"]) == "(needed, unless something else is limited)"
    assert need(form["limits"]) == "(needed, unless a way is closed)"
    assert not ContactRestriction.objects.exists()


def test_the_list_says_how_a_restriction_stands_once_and_how_it_ended(
    propose, director, client, time_machine
):
    time_machine.move_to(NOW, tick=False)
    client.force_login(director)
    restriction = propose()

    waiting = client.get(reverse("cases:restrictions")).content.decode()
    decide_restriction(
        restriction_id=restriction.pk, approves=False, words="Not yet.", by=director, now=NOW
    )
    over = client.get(reverse("cases:restrictions")).content.decode()

    assert "Waits for a decision" not in waiting
    assert waiting.count("To be decided") == 1
    assert RestrictionState.REFUSED.words in over


def test_whoever_proposes_a_restriction_is_shown_none(customer, coordinator, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(coordinator)

    page = client.get(reverse("cases:restrict-contact", args=[customer.code]))

    assert page.status_code == 200
    assert "What was proposed" not in page.content.decode()


def test_nobody_reads_a_proposal_on_the_form_who_does_not_decide(propose, coordinator, client):
    client.force_login(coordinator)
    restriction = propose()

    page = client.get(reverse("cases:restriction-decide", args=[restriction.code]))

    assert page.status_code == 403
