"""What the head of every page about one complaint shows."""

from typing import Any

from django.urls import reverse

from cases.selectors.case_page import CasePage
from cases.selectors.rows import status_shown
from cases.templatetags.parts import Link


def head_of(page: CasePage) -> dict[str, Any]:
    """Return what the head of every page about the complaint shows."""
    complaint, state = page.complaint, page.history.state
    customer = complaint.customer
    subject = complaint.category.name if complaint.category else "complaint"
    stage = page.history.stage.name
    status_words, status_tone = status_shown(
        state.status, needs_triage=state.needs_triage, owes_promises=bool(state.open_promises)
    )
    again = f", {_ordinal(state.visit)} time" if state.visit > 1 else ""
    return {
        "complaint": complaint,
        "customer": customer,
        "crumbs": [Link("Complaints", _queue()), Link(complaint.reference)],
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


def _queue() -> str:
    return reverse("cases:queue")


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third"}.get(number, f"{number}th")
