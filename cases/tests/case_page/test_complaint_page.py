"""The page of a complaint: what it shows to whom, in how many queries."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Absence, Delivery, Letter, Level, OutboundMessage
from cases.operations import close, correct, stage_acts
from cases.operations.access import change_access
from cases.operations.lateness import saying_why
from cases.operations.note import add_note
from cases.operations.people import leave
from cases.operations.telling import Telling
from cases.rules.act_words import waits_for_decision
from cases.rules.authority import Authority
from cases.rules.lateness import Lateness
from cases.rules.roles import Role
from cases.selectors.case_history import history_of
from cases.tests import answering
from cases.tests.case_page.situations import NOW, TODAY, Story
from cases.tests.factories import CustomerFactory, UserFactory
from cases.tests.fixtures import at

SLOW = Lateness("The post was slow.", avoidable=True, done_by=date(2027, 6, 1))
COORDINATOR = Role.COMPLAINTS_COORDINATOR
# Later than any procedure lets a customer ask for the next stage.
LONG_AFTER = date(2026, 9, 14)
# Session, person, absences, roles, service areas, landlord and complaint; then what it shows.
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def _on_a_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def look(house, client):
    """Return how to look at a complaint as somebody, with the answers of the address if any."""

    def look_at(complaint, by: Role = COORDINATOR, **query: str):
        client.force_login(house[by])
        return client.get(complaint.get_absolute_url(), query)

    return look_at


def labels(page, name: str = "acts") -> list[str]:
    """Return the labels of the buttons."""
    return [each.label for each in page.context[name]]


def titles(page) -> list[str]:
    """Return the titles of the entries shown."""
    return [row["entry"].title for row in page.context["rows"]]


def text_of(page) -> str:
    """Return what the page says, its spaces as people read them."""
    return " ".join(page.content.decode().split())


# The head -------------------------------------------------------------------------------------


def test_the_head_says_who_and_what_and_how_the_next_deadline_stands(house, look):
    customer = CustomerFactory(name="Gareth Evans", letter_format="large_print", is_vulnerable=True)
    complaint = house.lodge(on=date(2026, 6, 16), customer=customer)

    page = look(complaint)

    head = text_of(page)
    assert f"{complaint.reference}: Gareth Evans: complaint" in head
    assert "Stage 1" in head
    assert "Officer: responsible officer" in head
    assert '<span class="moj-badge">Large print</span>' in head
    assert '<span class="moj-badge">Vulnerable</span>' in head
    assert "Tuesday 23 June 2026" in head
    assert page.context["due"]["words"] == "day 4 of 5, 1 working day left"


def test_why_the_customer_asked_for_a_stage_stands_with_what_they_say(house, look, client):
    story = Story(house, "code-2024").answered().asked()
    because = "Why they asked for Stage 2"

    page = look(story.complaint)
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    form = client.get(f"{story.complaint.get_absolute_url()}acknowledge/").content.decode()

    assert because in text_of(page)
    assert because in form
    assert because not in text_of(look(Story(house, "code-2024").answered().complaint))


def test_an_overdue_deadline_says_by_how_much(house, look):
    page = look(house.lodge(on=date(2026, 6, 11)))

    assert page.context["due"]["words"] == "Overdue by 2 working days"


def test_a_complaint_with_nobody_in_charge_says_so(house, look):
    assert "No officer yet" in text_of(look(house.lodge(officer_id=None)))


@pytest.mark.rule("K3-12")
def test_after_the_answer_the_head_shows_the_customers_own_time(house, look):
    page = look(Story(house, "kht-three-stage").answered().complaint)

    assert page.context["due"]["label"] == "Customer may ask for Stage 2"
    assert "Tuesday 30 June 2026" in text_of(page)


@pytest.mark.parametrize(("level", "shown"), [(Level.NORMAL, ""), (Level.SENSITIVE, "Sensitive")])
def test_the_level_is_shown_where_it_is_not_normal(house, look, level, shown):
    page = look(house.lodge(level=level))

    assert page.context["level_words"] == shown


def test_a_complaint_not_accepted_yet_says_so(house, look):
    page = look(house.lodge(triaged=False))

    assert "Not accepted yet" in text_of(page)
    assert labels(page)[0] == "Accept and sort"


# What may be done -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "lead", "by", "first"),
    [
        ("code-2024", lambda s: s, Role.RESPONSIBLE_OFFICER, "Acknowledge"),
        ("first-ark-panel", lambda s: s, COORDINATOR, "Record a contact"),
        (
            "livv-two-stage",
            lambda s: s.passed_on(),
            Role.LINE_MANAGER,
            "Record the manager’s contact",
        ),
        ("herefordshire", lambda s: s, Role.RESPONSIBLE_OFFICER, "Resolve"),
        ("herefordshire", lambda s: s.passed_on(), COORDINATOR, "Acknowledge"),
        ("herefordshire", lambda s: s.passed_on(), Role.HEAD_OF_SERVICE, "Respond"),
        ("first-ark-panel", lambda s: s.answered().asked(), COORDINATOR, "Accept the request"),
        ("herefordshire", lambda s: s.before_the_panel(), COORDINATOR, "Assign"),
        ("code-2024", lambda s: s.answered(), COORDINATOR, "Close"),
        ("code-2024", lambda s: s.outside(), COORDINATOR, "Record the Ombudsman’s decision"),
        ("code-2024", lambda s: s.closed(), COORDINATOR, "Ask for the next stage"),
    ],
)
def test_the_natural_next_act_comes_first_and_is_the_only_primary_one(
    house, look, code, lead, by, first
):
    page = look(lead(Story(house, code)).complaint, by)

    acts = page.context["acts"]
    assert (acts[0].label, acts[0].kind) == (first, "primary")
    assert {each.kind for each in acts[1:]} <= {"secondary"}


def test_only_what_is_theirs_is_offered_and_the_rest_says_whose_it_is(house, look):
    page = look(Story(house, "herefordshire").passed_on().complaint, Role.RESPONSIBLE_OFFICER)

    assert "Respond" not in labels(page)
    refused = {each.label: each.reason for each in page.context["refused"]}
    assert refused["Respond"] == "This is for the head of service."
    assert refused["Close"].startswith("Stage 1 has not been answered.")


def test_acts_that_the_procedure_never_has_are_not_even_refused(house, look):
    refused = labels(look(house.lodge()), "refused")

    assert "Arrange the hearing" not in refused
    assert "Agree a date" not in refused


@pytest.mark.rule("LV-11")
def test_who_dealt_with_an_earlier_stage_is_told_why_they_may_not_decide(house, look):
    story = Story(house, "code-2024").answered(Role.RESPONSIBLE_OFFICER).asked()
    manager = UserFactory(roles=[(Role.LINE_MANAGER, house.team)])
    house.people[Role.LINE_MANAGER] = manager

    second = look(story.complaint, Role.LINE_MANAGER)
    house.people[Role.LINE_MANAGER] = house.people[Role.RESPONSIBLE_OFFICER]
    manager.grants.model.objects.create(
        user=house.people[Role.RESPONSIBLE_OFFICER], role="line_manager", area=house.team
    )
    first = look(story.complaint, Role.LINE_MANAGER)

    assert "Respond" in labels(second)
    assert "Respond" not in labels(first)
    refused = {each.label: each.reason for each in first.context["refused"]}
    assert "They dealt with an earlier stage" in refused["Respond"]


def test_whoever_only_looks_on_is_offered_nothing(house, look):
    complaint = house.lodge()
    complaint.access_list.create(user=house[Role.AUDITOR])

    page = look(complaint, Role.AUDITOR)

    assert page.status_code == 200
    assert "Nothing can be done here now." in text_of(page)
    assert not page.context["may"]


# The story ------------------------------------------------------------------------------------


def test_the_story_is_told_newest_first_with_who_and_when(house, look):
    complaint = Story(house, "code-2024").answered().complaint

    page = look(complaint)

    told = ["Note", "Response sent: upheld", "Logged", "Complaint received"]
    assert titles(page) == told
    assert "by head of service" in text_of(page)


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ("letters", ["Acknowledged", "Complaint received"]),
        ("decisions", ["Acknowledged", "Complaint received"]),
        ("notes", ["Note"]),
        ("changes", ["Points of complaint set out", "Logged"]),
        (
            "nonsense",
            [
                "Note",
                "Acknowledged",
                "Points of complaint set out",
                "Logged",
                "Complaint received",
            ],
        ),
    ],
)
def test_the_story_is_narrowed_by_the_address(house, look, view, shown):
    story = Story(house, "code-2024").with_letter()
    add_note(complaint_id=story.complaint.pk, by=house[COORDINATOR], now=NOW, words="Rang.")

    assert titles(look(story.complaint, show=view)) == shown


def test_a_view_with_nothing_in_it_says_so(house, look):
    page = look(house.lodge(), show="notes")

    assert "Nothing of this kind has been recorded." in text_of(page)


def test_a_note_is_marked_as_for_staff_only(house, look):
    complaint = house.lodge()
    add_note(complaint_id=complaint.pk, by=house[COORDINATOR], now=NOW, words="He was upset.")

    page = look(complaint)

    assert "house-timeline__item--note" in text_of(page)
    assert "Staff only" in text_of(page)


def test_a_long_story_is_shown_in_pages(house, look):
    complaint = house.lodge()
    for number in range(30):
        add_note(complaint_id=complaint.pk, by=house[COORDINATOR], now=NOW, words=f"Note {number}")

    first, second = look(complaint), look(complaint, page="2")

    assert (len(first.context["rows"]), len(second.context["rows"])) == (25, 7)
    assert "Showing <strong>1</strong> to <strong>25</strong>" in text_of(first)


def test_a_corrected_day_shows_both_days_and_why(house, look):
    story = Story(house, "code-2024").answered()
    story.act(
        correct.correct_date,
        COORDINATOR,
        TODAY,
        number=3,
        on=date(2026, 6, 11),
        reason="The letter is dated the 11th.",
    )

    page = look(story.complaint)

    told = text_of(page)
    assert (
        "Corrected to Thu 11 Jun 2026 instead of Fri 12 Jun 2026 by complaints coordinator on "
        "22 Jun 2026: The letter is dated the 11th."
    ) in told
    assert "Corrected: Response sent" in told


def test_a_struck_out_entry_stays_to_be_seen_as_struck_out(house, look):
    story = Story(house, "code-2024").answered()
    story.act(correct.retract, COORDINATOR, TODAY, number=3, reason="For another complaint.")

    page = look(story.complaint)

    told = text_of(page)
    assert "<s>Response sent: upheld</s>" in told
    assert "Struck out by complaints coordinator on 22 Jun 2026: For another complaint." in told
    assert page.context["complaint"].status == "received"


def test_an_entry_recorded_later_than_it_happened_says_when(house, look):
    complaint = house.lodge()
    stage_acts.contact(
        complaint_id=complaint.pk,
        by=house[COORDINATOR],
        now=NOW,
        seen=complaint.version,
        on=date(2026, 6, 10),
        channel="phone",
        reached=True,
        words="She told me more.",
    )

    assert "Recorded on 22 Jun 2026." in text_of(look(complaint))


def test_words_that_were_erased_are_said_to_have_been(house, look):
    complaint = house.lodge()
    complaint.events.get(number=1).words.delete()

    assert "The words of this entry were erased." in text_of(look(complaint))


# Deadlines ------------------------------------------------------------------------------------


def test_each_deadline_of_the_stage_explains_its_day(house, look):
    page = look(house.lodge(on=date(2026, 6, 18)))

    told = text_of(page)
    assert (
        "Acknowledge, define and log the complaint: 5 working days (Code 6.2), Stage 1 of "
        "“Complaint Handling Code 2024”, version 1."
    ) in told
    assert "Counted from “Complaint received”: Thursday 18 June 2026, which is day 0." in told
    assert (
        '<span class="house-days__date">22 Jun</span> <span class="house-days__number">day 2'
        '</span> <span class="house-days__why">today</span>'
    ) in told
    for saturday_or_sunday in ("20 Jun", "21 Jun"):
        assert (
            f'<span class="house-days__date">{saturday_or_sunday}</span> '
            '<span class="house-days__why">weekend</span>'
        ) in told


def test_a_bank_holiday_in_the_counting_is_named(house, look):
    with time_machine.travel(at(date(2026, 5, 22)), tick=False):
        complaint = house.lodge(on=date(2026, 5, 20))
        page = look(complaint)

    assert "Spring Bank Holiday" in text_of(page)


def test_all_deadlines_of_every_stage_have_a_page_of_their_own(house, client):
    story = Story(house, "herefordshire").before_the_panel()
    client.force_login(house[COORDINATOR])

    page = client.get(reverse("cases:deadlines", args=[story.complaint.reference]))

    stages = [line.stage for line in page.context["lines"]]
    assert list(dict.fromkeys(stages)) == [
        "Stage 3, appeal",
        "Stage 2, review by a Director",
        "Stage 1",
        "Initial contact",
    ]
    assert "The procedure gives no figure" not in text_of(page)


# Warnings -------------------------------------------------------------------------------------


def warned(page) -> str:
    """Return all warnings."""
    return " ".join(each.words for each in page.context["page"].warnings)


def test_an_officer_who_is_away_is_named_with_who_stands_in(house, look):
    Absence.objects.create(
        user=house[Role.RESPONSIBLE_OFFICER],
        deputy=house[Role.LINE_MANAGER],
        first_day=TODAY,
        last_day=TODAY + timedelta(days=11),
    )

    told = warned(look(house.lodge()))

    assert "is away until Fri 3 Jul 2026. line manager stands in." in told


def test_an_officer_who_has_left_is_named(house, look):
    complaint = house.lodge()
    officer = house[Role.RESPONSIBLE_OFFICER]
    officer.is_active, officer.left_on = False, TODAY
    officer.save()

    assert "the responsible officer, has left. Assign somebody else." in warned(look(complaint))


def test_what_does_not_fit_the_procedure_is_pointed_out(house, look):
    story = Story(house, "code-2024").answered()
    # Struck out, the answer leaves behind a closing of something that was never answered.
    story.act(close.close, COORDINATOR, TODAY, on=TODAY, words="")
    story.act(close.reopen, COORDINATOR, TODAY, on=TODAY, words="New facts.")
    story.act(correct.retract, COORDINATOR, TODAY, number=5, reason="A slip.")

    assert "“Reopened” does not fit the procedure: It was not closed." in warned(
        look(story.complaint)
    )


def test_an_unconfirmed_representative_is_a_warning(house, look):
    complaint = house.lodge()
    complaint.representatives.create(name="Ann Lee")

    assert "Ann Lee speaks for the customer, who has not confirmed it yet" in warned(
        look(complaint)
    )


def test_an_authority_that_has_ended_is_a_warning(house, look):
    complaint = house.lodge()
    complaint.representatives.create(
        name="Ann Lee",
        authority=Authority.CONFIRMED,
        established_by="signed_form",
        authority_on=date(2026, 6, 9),
        authority_seen="A form.",
        ends_on=date(2026, 6, 19),
    )

    assert "The authority of Ann Lee ended on Fri 19 Jun 2026." in warned(look(complaint))


def test_an_e_mail_that_failed_is_a_warning_and_leads_to_the_letter(house, look):
    complaint = _with_failed_mail(house)

    page = look(complaint)

    assert "The e-mail “Acknowledgement” of 22 Jun 2026 did not reach the customer." in warned(page)
    assert "E-mail: could not be delivered" in text_of(page)


@saying_why(SLOW)
def _with_failed_mail(house):
    complaint = house.lodge()
    answering.acknowledge(
        complaint_id=complaint.pk,
        by=house[COORDINATOR],
        now=NOW,
        seen=complaint.version,
        on=TODAY,
        telling=Telling("email"),
    )
    OutboundMessage.objects.filter(complaint=complaint, to_user=None).update(
        state=Delivery.UNDELIVERABLE, last_error="550 No such mailbox"
    )
    return complaint


def test_days_beyond_the_published_bank_holidays_are_called_provisional(house, look):
    with time_machine.travel(at(date(2028, 12, 27)), tick=False):
        complaint = house.lodge(on=date(2028, 12, 27))
        page = look(complaint)

    assert "provisional" in warned(page)


# People, papers and other complaints ------------------------------------------------------------


def test_everybody_who_has_to_do_with_it_is_named(house, look):
    story = Story(house, "herefordshire").arranged()
    complaint = story.complaint
    complaint.representatives.create(name="Ann Lee", relationship="daughter", kind="solicitor")
    complaint.joint_complainants.create(customer=CustomerFactory(name="Mary Evans"))
    complaint.exclusions.create(user=UserFactory(name="Sid Vane"), reason="subject")

    told = text_of(look(complaint))

    assert "Ann Lee" in told
    assert "Solicitor: speaks as an advocate only." in told
    assert "Mary Evans" in told
    assert "panel member (chair)" in told
    assert "Sid Vane" in told
    assert "it is about them" in told


def test_other_complaints_are_linked_only_where_they_may_be_read(house, look):
    customer = CustomerFactory()
    complaint = house.lodge(customer=customer)
    other = house.lodge(customer=customer)
    hidden = house.lodge(customer=customer)
    change_access(
        complaint_id=hidden.pk,
        by=house[COORDINATOR],
        now=NOW,
        seen=hidden.version,
        level=Level.RESTRICTED,
        listed=[house.people[COORDINATOR].pk, house.people[Role.DIRECTOR].pk],
        subjects=[],
        conflicted=[],
        reason="About a colleague.",
    )

    told = text_of(look(complaint, Role.LINE_MANAGER))

    assert other.reference in told
    assert hidden.reference not in told


def test_the_receipt_that_went_by_itself_is_shown_with_its_words(house, look):
    complaint, other = house.lodge(), house.lodge()
    for each in (complaint, other):
        OutboundMessage.objects.create(
            key=f"receipt:{each.pk}",
            kind="receipt",
            complaint=each,
            to_address=f"{each.pk}@example.org",
            subject="Yours",
            body=f"We received your message {each.reference}.",
            state="sent",
            sent_at=at(date(2026, 6, 8)),
            created_at=at(date(2026, 6, 8)),
            next_try_at=at(date(2026, 6, 8)),
        )

    page = look(complaint, Role.RESPONSIBLE_OFFICER)

    [receipt] = page.context["page"].papers.receipts
    assert receipt.to == f"{complaint.pk}@example.org"
    assert receipt.standing.startswith("E-mail: sent 8 Jun 2026")
    assert f"We received your message {complaint.reference}." in page.content.decode()


def test_a_letter_to_post_is_shown_as_such(house, look):
    page = look(Story(house, "code-2024").with_letter().complaint)

    assert "To be posted" in text_of(page)
    assert Letter.objects.count() == 1


# Who may look, and in how many queries ----------------------------------------------------------


def test_a_complaint_out_of_reach_does_not_exist(house, client):
    client.force_login(UserFactory(roles=[(Role.LINE_MANAGER, house.other_team)]))
    known = client.get(house.lodge().get_absolute_url())
    unknown = client.get("/complaints/0000-0000-0/")

    assert (known.status_code, unknown.status_code) == (404, 404)


def test_the_words_of_a_sensitive_complaint_are_closed_to_the_front_line(house, client):
    complaint = house.lodge(level=Level.SENSITIVE, by=house[COORDINATOR])
    client.force_login(house[Role.FRONT_LINE])

    assert client.get(complaint.get_absolute_url()).status_code == 403


def test_a_leaver_sees_nothing_from_the_next_request(house, look):
    complaint = house.lodge()
    assert look(complaint, Role.LINE_MANAGER).status_code == 200
    leave(user_id=house.people[Role.LINE_MANAGER].pk, by=house[Role.SYSTEM_ADMINISTRATOR], now=NOW)

    assert look(complaint, Role.LINE_MANAGER).status_code in (302, 404)


def logged_in_page(client, complaint):
    """Return the page without the sign-in, which has queries of its own."""
    return client.get(complaint.get_absolute_url())


@pytest.mark.parametrize(
    ("code", "lead", "by"),
    [
        ("code-2024", lambda s: s, COORDINATOR),
        ("code-2024", lambda s: s, Role.LINE_MANAGER),
        ("herefordshire", lambda s: s.arranged(), COORDINATOR),
        ("herefordshire", lambda s: s.arranged(), Role.PANEL_MEMBER),
        ("kht-three-stage", lambda s: s.answered(Role.LINE_MANAGER).asked(), Role.HEAD_OF_SERVICE),
    ],
)
def test_the_page_takes_twelve_queries_at_most(
    house, client, django_assert_max_num_queries, code, lead, by
):
    complaint = lead(Story(house, code)).complaint
    client.force_login(house[by])
    logged_in_page(client, complaint)

    with django_assert_max_num_queries(MOST_QUERIES):
        page = logged_in_page(client, complaint)

    assert page.status_code == 200


def test_a_restricted_complaint_takes_no_more(house, client, django_assert_max_num_queries):
    complaint = house.lodge()
    change_access(
        complaint_id=complaint.pk,
        by=house[COORDINATOR],
        now=NOW,
        seen=complaint.version,
        level=Level.RESTRICTED,
        listed=[house.people[COORDINATOR].pk, house.people[Role.DIRECTOR].pk],
        subjects=[],
        conflicted=[],
        reason="About a colleague.",
    )
    client.force_login(house[Role.DIRECTOR])
    logged_in_page(client, complaint)

    with django_assert_max_num_queries(MOST_QUERIES):
        page = logged_in_page(client, complaint)

    assert "Restricted" in text_of(page)
    assert "Note" not in labels(page, "refused")


def test_the_queries_do_not_grow_with_the_story(house, client):
    short, long = house.lodge(), house.lodge()
    for number in range(40):
        person = UserFactory(roles=[COORDINATOR]) if number % 10 == 0 else house[COORDINATOR]
        add_note(complaint_id=long.pk, by=person, now=NOW, words=f"Note {number}")
        long.representatives.create(name=f"Person {number}")
    client.force_login(house[COORDINATOR])
    # The first time on a day it takes one more, which keeps that they opened it.
    logged_in_page(client, short)
    logged_in_page(client, long)

    counts = []
    for complaint in (short, long):
        with CaptureQueriesContext(connection) as counted:
            logged_in_page(client, complaint)
        counts.append(len(counted))

    assert counts[0] == counts[1] <= MOST_QUERIES


def asked_for_stage_2(house, **details):
    """Return a complaint whose customer asked for a panel's stage, on which somebody decides."""
    return Story(house, "first-ark-panel", **details).answered().asked()


def test_whoever_asked_for_the_next_stage_reads_who_decides_by_when_and_what_they_may_do(
    house, look
):
    story = asked_for_stage_2(house)
    assert story.complaint.status == "awaiting_decision"

    page = look(story.complaint, Role.FRONT_LINE)

    words = page.context["waits"]["words"]
    assert "decides on the request" in words
    assert "complaints coordinator" in words
    assert [each.label for each in page.context["waits"]["meanwhile"]] == [
        "Add a note",
        "Write to the customer",
        "Add files",
    ]
    assert "Nothing can be done here now." not in text_of(page)


def asked_under(house, code, day):
    """Return a complaint under a procedure of which the next stage was asked for on a day."""
    story = Story(house, code)
    if code in ("herefordshire", "livv-two-stage"):
        story.passed_on()
    return story.answered().asked(day).complaint


@pytest.mark.parametrize(
    ("code", "by"),
    [("first-ark-panel", "Thursday 18 June 2026"), ("livv-two-stage", "Monday 22 June 2026")],
)
def test_the_day_of_the_decision_is_told_where_the_procedure_has_one(house, look, code, by):
    page = look(asked_under(house, code, date(2026, 6, 15)), Role.FRONT_LINE)

    assert page.context["waits"]["words"].endswith(f"decides on the request, by {by}.")


@pytest.mark.parametrize("code", ["herefordshire", "kht-three-stage"])
def test_of_a_late_request_no_day_is_told_that_is_of_something_else(house, code):
    found = history_of(asked_under(house, code, LONG_AFTER))
    assert any(each.due_on for each in found.state.live_deadlines)

    words = waits_for_decision(found.state, found.terms)

    assert words.endswith("decides on the request.")


def test_under_the_code_no_request_is_late_and_nobody_decides_on_one(house):
    found = history_of(asked_under(house, "code-2024", LONG_AFTER))
    assert found.state.live_deadlines

    assert waits_for_decision(found.state, found.terms) == ""


def test_whoever_decides_on_it_is_not_told_to_wait(house, look):
    story = asked_for_stage_2(house)

    page = look(story.complaint, Role.COMPLAINTS_COORDINATOR)

    assert page.context["waits"]["decides"]
    assert page.context["waits"]["meanwhile"] == []


def test_whoever_only_looks_on_is_told_that_nothing_is_theirs_until_the_decision(house, look):
    story = asked_for_stage_2(house)
    story.complaint.access_list.create(user=house[Role.AUDITOR])

    page = look(story.complaint, Role.AUDITOR)

    assert "Nothing is yours to do here until then." in text_of(page)


def test_of_a_complaint_without_a_request_nobody_is_said_to_decide(house, look):
    page = look(house.lodge(), Role.RESPONSIBLE_OFFICER)

    assert page.context["waits"] == {}
