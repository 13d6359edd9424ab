"""What the head of every page about one complaint shows."""

from typing import Any

from django.urls import reverse

from cases.models import Complaint, User
from cases.rules.pages import READERS, Page
from cases.selectors.case_page import CasePage
from cases.selectors.rows import status_shown
from cases.templatetags.parts import Link


def head_of(page: CasePage, *, here: str = "") -> dict[str, Any]:
    """Return what the head of every page about the complaint shows.

    `here` names a page below that of the complaint, to which the way back then leads.
    """
    complaint, state = page.complaint, page.history.state
    customer = complaint.customer
    subject = complaint.category.name if complaint.category else "complaint"
    stage = page.history.stage.name
    status_words, status_tone = status_shown(
        state.status,
        needs_triage=state.needs_triage,
        owes_promises=bool(state.open_promises),
        closed_as=complaint.closed_as,
    )
    again = f", {_ordinal(state.visit)} time" if state.visit > 1 else ""
    return {
        "complaint": complaint,
        "customer": customer,
        "joint_needs": page.people.joint_needs,
        "customer_url": _customer_page(page),
        "crumbs": [*to_the_list(page.user), *way_down(complaint, here)],
        "title": f"{customer.name}: {subject}",
        "stage_words": f"{stage}{again}",
        "status_words": status_words,
        "status_tone": status_tone,
        "level_words": "" if complaint.level == "normal" else complaint.level.capitalize(),
        "due": due_of(page),
        "today": page.today,
    }


def due_of(page: CasePage) -> dict[str, Any]:
    """Return what the head says of the next deadline, else of the customer's own time."""
    address = page.complaint.get_absolute_url()
    if line := page.next:
        return {
            "label": line.words,
            "on": line.due_on,
            "words": line.status,
            "url": f"{address}#{line.anchor}",
            "is_soon": line.is_soon,
            "is_provisional": line.deadline.provisional,
        }
    if line := page.window:
        return {
            "label": line.words,
            "on": line.due_on,
            "words": "Nothing of ours is due",
            "url": f"{address}#{line.anchor}",
        }
    return {"label": "Next deadline", "on": None, "words": "Nothing is due"}


def _customer_page(page: CasePage) -> str:
    """Return the address of the customer's page, nothing for a reader whose it is not."""
    if not page.user.has_role(*READERS[Page.CUSTOMERS]):
        return ""
    return reverse("cases:customer", args=[page.complaint.customer.code])


def to_the_list(reader: User) -> list[Link]:
    """Return the beginning of the way to a complaint: the list, for a reader whose it is."""
    if not reader.has_role(*READERS[Page.QUEUE]):
        return []
    return [Link("Complaints", reverse("cases:queue"))]


def way_down(complaint: Complaint, here: str) -> list[Link]:
    """Return the end of the way to a page of a complaint, or to the complaint itself."""
    if not here:
        return [Link(complaint.reference)]
    return [Link(complaint.reference, complaint.get_absolute_url()), Link(here)]


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third"}.get(number, f"{number}th")
