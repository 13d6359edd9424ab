"""Requests that are not complaints: who reads them, what is done with them, when one complains."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing, WrongDate
from cases.models import Complaint, Level, ServiceRequest
from cases.models.complaints import COUNT_LIMIT
from cases.operations.service_requests import (
    Asked,
    Dissatisfied,
    finish_request,
    keep_as_request,
    log_request,
    make_complaint,
)
from cases.rules.pages import READERS, Page
from cases.rules.roles import Role
from cases.selectors.requests_page import RequestFilters, requests_listing
from cases.tests.factories import CustomerFactory, UserFactory
from cases.tests.log.conftest import NOW, TODAY, boxes, mistakes, told

pytestmark = pytest.mark.django_db
URL = "/requests/"
YESTERDAY = TODAY - timedelta(days=3)


@pytest.fixture
def adviser(house, browse):
    """The browser of somebody at the front line."""
    return browse(house[Role.FRONT_LINE])


@pytest.fixture
def ask(house):
    """A function that logs a request about the team on a Friday."""

    def one(*, by: Role = Role.FRONT_LINE, name: str = "Agnes Moyo", **changes) -> ServiceRequest:
        asked = {
            "kind": "service_request",
            "customer_id": CustomerFactory(name=name).pk,
            "channel": "phone",
            "received_on": YESTERDAY,
            "words": "The kitchen tap drips all night.",
            "area_id": house.team.pk,
            **changes,
        }
        return log_request(Asked(**asked), by=house[by], now=NOW)

    return one


def page_of(asked: ServiceRequest, act: str = "") -> str:
    """Return the address of a request, or of an act on it."""
    name = f"cases:request-{act}" if act else "cases:request"
    return reverse(name, args=[asked.reference])


# Whom they are for ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_the_list_is_for_whoever_works_on_complaints(house, browse, role):
    response = browse(house[role]).get(URL)

    assert (response.status_code == 200) == (role in READERS[Page.REQUESTS])


@pytest.mark.parametrize(
    ("role", "reads"),
    [
        (Role.FRONT_LINE, True),
        (Role.LINE_MANAGER, True),
        (Role.HEAD_OF_SERVICE, True),
        (Role.DIRECTOR, True),
        (Role.COMPLAINTS_COORDINATOR, True),
        (Role.RESPONSIBLE_OFFICER, False),
    ],
)
def test_a_request_is_read_in_its_service_area_and_above(house, browse, ask, role, reads):
    asked = ask(by=Role.COMPLAINTS_COORDINATOR)

    client = browse(house[role])

    assert (client.get(page_of(asked)).status_code == 200) is reads
    assert (asked.reference in told(client.get(URL))) is reads


def test_a_request_of_another_area_does_not_exist(house, browse, ask):
    asked = ask(by=Role.COMPLAINTS_COORDINATOR, area_id=house.other_team.pk)
    client = browse(house[Role.FRONT_LINE])

    for act in ("", "done", "dissatisfied"):
        assert client.get(page_of(asked, act)).status_code == 404
    sent = client.post(page_of(asked, "done"), {"words": "Done.", **boxes("on", TODAY)})

    assert sent.status_code == 404
    asked.refresh_from_db()
    assert asked.done_on is None


def test_one_without_an_area_is_for_everybody_who_works_on_complaints(house, browse, ask):
    asked = ask(by=Role.COMPLAINTS_COORDINATOR, area_id=None)

    assert browse(house[Role.RESPONSIBLE_OFFICER]).get(page_of(asked)).status_code == 200


def test_what_somebody_logged_stays_open_to_them(house, browse, ask):
    asked = ask(by=Role.RESPONSIBLE_OFFICER, area_id=house.other_team.pk)

    assert browse(house[Role.RESPONSIBLE_OFFICER]).get(page_of(asked)).status_code == 200


# The list ---------------------------------------------------------------------------------------


def listed_for(user, today=TODAY):
    """Return the rows of the list of what is to be done."""
    return requests_listing(user, RequestFilters(), page=1, today=today).rows


def test_what_came_on_a_sunday_does_not_wait_since_today(ask):
    sunday, monday = (ask(received_on=day) for day in (date(2026, 6, 21), TODAY))
    found = {each.request: each.waiting_words for each in listed_for(sunday.logged_by)}

    assert found == {sunday: "1 working day", monday: "Since Mon 22 Jun"}
    on_sunday = listed_for(sunday.logged_by, today=date(2026, 6, 21))
    assert on_sunday[0].waiting_words == "Since Sun 21 Jun"


def test_what_waits_longest_stands_first_with_how_long(adviser, ask):
    later = ask(received_on=TODAY)
    sooner = ask(received_on=date(2026, 6, 8))
    finish_request(request_id=ask().pk, by=later.logged_by, now=NOW, on=TODAY, words="Mended.")

    words = told(adviser.get(URL))

    assert words.index(sooner.reference) < words.index(later.reference)
    assert "10 working days" in words
    assert "Since Mon 22 Jun" in words
    assert "2 requests match" in words
    assert "To be done 2" in words
    assert "Done 1" in words


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"tap", "bikes"}),
        ("view=done", {"light"}),
        ("view=all", {"tap", "bikes", "light"}),
        ("view=nonsense", {"tap", "bikes"}),
        ("kind=asb", {"bikes"}),
        ("q=moyo", {"tap"}),
        ("q=footpath", {"bikes"}),
        ("q=nobody", set()),
        ("mine=on", {"tap"}),
        ("received_from_day=20&received_from_month=6&received_from_year=2026", {"bikes"}),
        ("received_to_day=19&received_to_month=6&received_to_year=2026", {"tap"}),
    ],
)
def test_each_filter_narrows_the_list(house, adviser, ask, query, expected):
    rows = {
        "tap": ask(),
        "bikes": ask(
            by=Role.LINE_MANAGER,
            name="Bob Khan",
            kind="asb",
            words="Motorbikes on the footpath.",
            received_on=TODAY,
        ),
        "light": ask(by=Role.LINE_MANAGER, name="Carol Lee", words="A street light."),
    }
    light = rows["light"]
    finish_request(request_id=light.pk, by=light.logged_by, now=NOW, on=TODAY, words="Passed on.")

    words = told(adviser.get(f"{URL}?{query}"))

    assert {name for name, row in rows.items() if row.reference in words} == expected


def test_a_request_is_found_by_its_reference_however_it_is_typed(adviser, ask):
    asked, other = ask(), ask()

    words = told(adviser.get(URL, {"q": asked.reference.lower().replace("-", " ")}))

    assert asked.reference in words
    assert other.reference not in words


@pytest.mark.parametrize(("sort", "first"), [("customer", "Agnes"), ("-customer", "Zoe")])
def test_the_list_is_put_in_order(adviser, ask, sort, first):
    ask(name="Zoe Lee")
    ask(name="Agnes Moyo")

    words = told(adviser.get(URL, {"sort": sort}))

    other = {"Agnes": "Zoe", "Zoe": "Agnes"}[first]
    assert words.index(first) < words.index(other)


def test_a_date_that_is_none_is_told(adviser):
    response = adviser.get(f"{URL}?received_from_day=31&received_from_month=2")

    assert response.status_code == 422
    assert mistakes(response)


@pytest.mark.parametrize("page", ["2", "99"])
def test_a_long_list_has_pages(adviser, ask, page):
    for _ in range(26):
        ask()

    words = told(adviser.get(URL, {"page": page}))

    assert "Showing 26 to 26 of 26 requests" in words


def test_an_empty_list_says_so(adviser):
    assert "No request waits to be done." in told(adviser.get(URL))
    assert "No requests match these filters." in told(adviser.get(f"{URL}?q=x"))


def test_the_list_needs_as_many_queries_however_long(adviser, ask, django_assert_num_queries):
    ask()
    adviser.get(URL)
    with CaptureQueriesContext(connection) as few:
        adviser.get(URL)
    for _ in range(5):
        ask()

    with django_assert_num_queries(len(few)):
        adviser.get(URL)
    assert len(few) <= 10
    assert COUNT_LIMIT == 1_000


# One of them ------------------------------------------------------------------------------------


def test_the_page_shows_what_was_asked_and_how_the_customer_is_reached(adviser, ask):
    words = told(adviser.get(page_of(ask(passed_to="The council"))))

    assert "Agnes Moyo: request for a service" in words
    assert "The kitchen tap drips all night." in words
    assert "Telephone, logged by front-line colleague" in words
    assert "Passed to The council" in words
    assert "Can be a complaint Not recorded" in words
    assert "It is done" in words
    assert "The customer is not satisfied" in words


def test_a_request_is_recorded_as_done(adviser, ask):
    asked = ask()

    response = adviser.post(
        page_of(asked, "done"), {"words": "A new washer.", **boxes("on", TODAY)}, follow=True
    )

    asked.refresh_from_db()
    assert (asked.done_on, asked.done_words) == (TODAY, "A new washer.")
    words = told(response)
    assert "It is recorded as done." in words
    assert "A new washer." in words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"words": "", **boxes("on", TODAY)}, "Write down what was done"),
        ({"words": "Mended.", **boxes("on", TODAY + timedelta(days=1))}, "must be on or before"),
        (
            {"words": "Mended.", **boxes("on", YESTERDAY - timedelta(days=1))},
            "must be on or after",
        ),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_is_kept(adviser, ask, typed, words):
    asked = ask()

    response = adviser.post(page_of(asked, "done"), typed)

    assert response.status_code == 422
    assert words in mistakes(response)[0]
    form = response.context["form"]
    assert {name: form.data.get(name) for name in typed} == typed
    asked.refresh_from_db()
    assert asked.done_on is None


def test_what_is_done_is_not_done_twice(adviser, ask):
    asked = ask()
    finish_request(request_id=asked.pk, by=asked.logged_by, now=NOW, on=TODAY, words="Mended.")

    asked_again = adviser.get(page_of(asked, "done"), follow=True)
    sent_again = adviser.post(page_of(asked, "done"), {"words": "Again.", **boxes("on", TODAY)})

    assert "It is recorded as done already." in told(asked_again)
    assert sent_again.status_code == 422
    asked.refresh_from_db()
    assert asked.done_words == "Mended."


# The customer is not satisfied ------------------------------------------------------------------


@pytest.mark.rule("K3-5", "KF-7")
def test_a_request_becomes_a_complaint_that_counts_from_the_day_of_dissatisfaction(adviser, ask):
    asked = ask()
    typed = {
        "words": "Nobody has come.",
        "wants": "complain",
        "desired_outcome": "A tap that is tight",
        "level": "normal",
        **boxes("received", TODAY),
    }

    shown = adviser.get(page_of(asked, "dissatisfied"))
    response = adviser.post(page_of(asked, "dissatisfied"), typed, follow=True)

    complaint = Complaint.objects.get()
    asked.refresh_from_db()
    assert "Mon 29 Jun 2026" in told(shown)
    assert complaint.received_on == TODAY
    assert complaint.summary == "Nobody has come.\n\nThe kitchen tap drips all night."
    assert complaint.desired_outcome == "A tap that is tight"
    assert (complaint.customer, complaint.service_area) == (asked.customer, asked.service_area)
    assert asked.complaint == complaint
    assert asked.offered_complaint
    assert response.redirect_chain == [(complaint.get_absolute_url(), 302)]
    assert "Tell the customer: " in told(response)


def test_a_request_that_became_a_complaint_goes_on_until_it_is_done(adviser, ask):
    asked = ask()
    make_complaint(
        Dissatisfied(received_on=TODAY), request_id=asked.pk, by=asked.logged_by, now=NOW
    )

    page = told(adviser.get(page_of(asked)))
    listed = told(adviser.get(URL))
    adviser.post(page_of(asked, "done"), {"words": "A new washer.", **boxes("on", TODAY)})

    reference = Complaint.objects.get().reference
    assert f"A complaint was made of it: {reference}" in page
    assert "The customer is not satisfied" not in page
    assert f"Also complaint {reference}" in listed
    asked.refresh_from_db()
    assert asked.done_on == TODAY


def test_a_complaint_is_made_of_a_request_once(adviser, ask):
    asked = ask()
    make_complaint(
        Dissatisfied(received_on=TODAY), request_id=asked.pk, by=asked.logged_by, now=NOW
    )

    shown = adviser.get(page_of(asked, "dissatisfied"), follow=True)
    sent = adviser.post(
        page_of(asked, "dissatisfied"),
        {"words": "Again.", "wants": "complain", "level": "normal", **boxes("received", TODAY)},
    )

    assert "It is a complaint already." in told(shown)
    assert sent.status_code == 422
    assert Complaint.objects.count() == 1


def test_a_complaint_about_staff_made_of_a_request_is_closed_to_them_and_not_betrayed(
    adviser, ask, house
):
    subject = UserFactory(name="Dan Morris", roles=[(Role.FRONT_LINE, house.team)])
    asked = ask()

    response = adviser.post(
        page_of(asked, "dissatisfied"),
        {
            "words": "The man was rude.",
            "wants": "complain",
            "level": "restricted",
            "staff": "Dan Morris",
            **boxes("received", TODAY),
        },
        follow=True,
    )

    complaint = Complaint.objects.get()
    assert (complaint.level, complaint.needs_triage) == (Level.RESTRICTED, True)
    assert [row.user for row in complaint.exclusions.all()] == [subject]
    # Whoever recorded it is told the reference once, and goes back to the request.
    assert response.redirect_chain == [(asked.get_absolute_url(), 302)]
    later = told(adviser.get(page_of(asked)))
    assert complaint.reference not in later
    assert "rude" not in later
    assert complaint.reference not in told(adviser.get(URL))


@pytest.mark.promise("P4")
def test_a_request_shows_nothing_of_a_complaint_that_is_closed_to_its_reader(house, browse, ask):
    asked = ask(by=Role.COMPLAINTS_COORDINATOR)
    subject = UserFactory(roles=[(Role.FRONT_LINE, house.team)])
    browser, form = browse(subject), page_of(asked, "dissatisfied")
    before = told(browser.get(page_of(asked)))
    said = Dissatisfied(received_on=TODAY, about_staff=[subject.pk], level=Level.RESTRICTED)
    make_complaint(said, request_id=asked.pk, by=asked.logged_by, now=NOW)
    hidden = Complaint.objects.get()

    after = told(browser.get(page_of(asked)))
    answer = browser.post(
        form,
        {"words": "It drips.", "wants": "complain", "level": "normal", **boxes("received", TODAY)},
        follow=True,
    )

    assert after == before
    second = Complaint.objects.exclude(pk=hidden.pk).get()
    assert answer.redirect_chain == [(second.get_absolute_url(), 302)]
    assert "It is a complaint already." in told(browser.get(form, follow=True))
    assert hidden.reference not in told(answer)


def test_a_request_says_of_a_closed_complaint_that_it_is_one(house, browse, ask):
    asked = ask(by=Role.COMPLAINTS_COORDINATOR)
    said = Dissatisfied(received_on=TODAY)
    complaint = make_complaint(said, request_id=asked.pk, by=asked.logged_by, now=NOW)
    Complaint.objects.filter(pk=complaint.pk).update(
        is_open=False, status="closed", closed_on=TODAY, closed_as="withdrawn"
    )

    page = told(browse(house[Role.FRONT_LINE]).get(page_of(asked)))

    assert "The customer is not satisfied" not in page


def test_who_does_not_want_to_complain_is_recorded_with_what_they_said(adviser, ask):
    asked = ask()

    response = adviser.post(
        page_of(asked, "dissatisfied"),
        {"words": "It still drips.", "wants": "keep", **boxes("received", TODAY)},
        follow=True,
    )

    asked.refresh_from_db()
    assert asked.offered_complaint
    assert asked.words.startswith("The kitchen tap drips all night.\n\n22 June 2026, front-line")
    assert asked.words.endswith("It still drips.")
    assert "Told, does not want that now" in told(response)
    assert not Complaint.objects.exists()


def test_the_deadlines_of_another_day_are_shown_without_losing_what_was_typed(adviser, ask):
    asked = ask(received_on=date(2026, 6, 8))

    response = adviser.post(
        page_of(asked, "dissatisfied"),
        {
            "check": "yes",
            "words": "Nobody has come.",
            "wants": "complain",
            "level": "normal",
            **boxes("received", date(2026, 6, 8)),
        },
    )

    assert response.status_code == 200
    assert "Overdue by 5 working days" in told(response)
    assert "Nobody has come." in told(response)
    assert not Complaint.objects.exists()


def test_an_empty_form_is_refused(adviser, ask):
    response = adviser.post(page_of(ask(), "dissatisfied"), {})

    assert response.status_code == 422
    assert "Select whether they want to complain" in mistakes(response)


# What the operations refuse whoever calls them --------------------------------------------------


def test_nothing_is_logged_by_whoever_may_not_or_in_the_future_or_without_words(house):
    asked = Asked("asb", CustomerFactory().pk, "phone", TODAY, "Noise.")
    late = Asked("asb", CustomerFactory().pk, "phone", TODAY + timedelta(days=1), "Noise.")
    empty = Asked("asb", CustomerFactory().pk, "phone", TODAY, " ")
    adviser = house[Role.FRONT_LINE]

    with pytest.raises(NotEntitled):
        log_request(asked, by=house[Role.AUDITOR], now=NOW)
    with pytest.raises(WrongDate):
        log_request(late, by=adviser, now=NOW)
    with pytest.raises(ReasonMissing):
        log_request(empty, by=adviser, now=NOW)

    assert not ServiceRequest.objects.exists()


def test_the_operations_refuse_days_that_cannot_be_and_words_that_say_nothing(house, ask):
    asked = ask()
    by = house[Role.FRONT_LINE]
    whose = {"request_id": asked.pk, "by": by, "now": NOW}
    before = YESTERDAY - timedelta(days=1)

    with pytest.raises(WrongDate):
        finish_request(**whose, on=before, words="Mended.")
    with pytest.raises(ReasonMissing):
        finish_request(**whose, on=TODAY, words=" ")
    with pytest.raises(WrongDate):
        make_complaint(Dissatisfied(received_on=before), **whose)
    with pytest.raises(ReasonMissing):
        keep_as_request(**whose, on=TODAY, words="")
    with pytest.raises(WrongDate):
        keep_as_request(**whose, on=TODAY + timedelta(days=1), words="It drips.")
    make_complaint(Dissatisfied(received_on=TODAY), **whose)
    with pytest.raises(ActionNotAllowed):
        keep_as_request(**whose, on=TODAY, words="It drips.")


@pytest.mark.parametrize("act", ["finish", "complain", "keep"])
def test_nobody_acts_on_a_request_that_is_hidden_from_them(house, ask, act):
    asked = ask(by=Role.COMPLAINTS_COORDINATOR, area_id=house.other_team.pk)
    whose = {"request_id": asked.pk, "by": house[Role.FRONT_LINE], "now": NOW}
    acts = {
        "finish": lambda: finish_request(**whose, on=TODAY, words="Done."),
        "complain": lambda: make_complaint(Dissatisfied(received_on=TODAY), **whose),
        "keep": lambda: keep_as_request(**whose, on=TODAY, words="It drips."),
    }

    with pytest.raises(NotEntitled):
        acts[act]()

    assert not Complaint.objects.exists()


def test_a_search_counts_its_first_words(adviser, ask):
    asked = ask()
    words = "kitchen tap drips all night moyo the agnes"

    found = told(adviser.get(URL, {"q": f"{words} {'nowhere ' * 20}".strip()}))

    assert asked.reference in found
    assert "No requests match" in told(adviser.get(URL, {"q": f"nowhere {words}"}))
