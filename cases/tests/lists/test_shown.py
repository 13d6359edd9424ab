"""How a status and a count are shown, the same on every page."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.models.complaints import COUNT_LIMIT
from cases.rules.roles import Role
from cases.rules.state import Status
from cases.selectors.counting import in_words
from cases.selectors.rows import status_shown


@pytest.mark.parametrize(
    ("needs_triage", "shown"),
    [(True, ("Not accepted yet", "orange")), (False, ("Received", "blue"))],
)
def test_a_status_is_shown_until_a_complaint_is_accepted_as_not_accepted(needs_triage, shown):
    assert status_shown(Status.RECEIVED, needs_triage=needs_triage) == shown


@pytest.mark.parametrize(
    ("closed_as", "shown"),
    [("annulled", "Annulled"), ("merged", "Merged"), ("closed", "Closed"), ("withdrawn", "Closed")],
)
def test_a_complaint_that_was_none_of_its_own_says_so_where_it_says_closed(closed_as, shown):
    assert status_shown(Status.CLOSED, needs_triage=False, closed_as=closed_as)[0] == shown


@pytest.mark.django_db
def test_a_complaint_is_called_the_same_on_its_page_and_on_its_customers(house):
    complaint = house.lodge(triaged=False, officer_id=None)
    coordinator = Client()
    coordinator.force_login(house[Role.COMPLAINTS_COORDINATOR])

    page = coordinator.get(complaint.get_absolute_url())
    customers = coordinator.get(reverse("cases:customer", args=[complaint.customer.code]))

    assert (page.context["status_words"], page.context["status_tone"]) == (
        "Not accepted yet",
        "orange",
    )
    assert "Not accepted yet" in customers.content.decode()


@pytest.mark.parametrize(
    ("count", "words"),
    [(31, "31"), (COUNT_LIMIT, "1,000"), (COUNT_LIMIT + 1, "1,000+")],
)
def test_a_count_is_said_up_to_the_limit(count, words):
    assert in_words(count) == words
