"""The page of one complaint, and its paper copies."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from cases.models import Complaint, Customer, Look, User
from cases.operations.case_views import note_taken
from cases.operations.evidence import BUNDLE_ROLES, PAPERS_ROLES
from cases.operations.presence import only_looks_on, who_else
from cases.operations.rehearse import draft_of
from cases.rules.act_words import LABELS, Group, waits_for_decision
from cases.rules.acts import Act
from cases.rules.customers import category_words
from cases.rules.events import EventKind
from cases.rules.pages import READERS, Page
from cases.rules.timeline import Entry
from cases.rules.timeline import View as StoryView
from cases.selectors.case_deadlines import deadline_lines
from cases.selectors.case_page import (
    CasePage,
    Offer,
    Withheld,
    case_page,
    complaint_with_repeats,
)
from cases.selectors.case_views import may_know_who_looked
from cases.selectors.covers import CoverToCome, cover_to_come
from cases.selectors.hearings import hearing_to_come
from cases.selectors.outside import outside_of, with_the_ombudsman
from cases.selectors.promises import told_offers, told_promises
from cases.selectors.repeats import in_common
from cases.selectors.running import landlord
from cases.templatetags.parts import Action, FileRow, Link, Refusal, SummaryRow, Tab
from cases.views.access import ComplaintPage, user_of
from cases.views.acts.actions import MORE_TIME
from cases.views.case_head import head_of

ENTRIES_ON_A_PAGE = 25
FORBIDDEN = 403
# What became of a complaint that was none of its own. Striking the entry out undoes it.
NONE_OF_ITS_OWN = {
    EventKind.ANNULLED: "It was logged by mistake: it is closed and not counted.",
    EventKind.MERGED: "It is the twin of another complaint, which goes on; it is not counted.",
}
# What is offered beside the steps, by its heading.
MORE = {
    "Actions, promises and compensation": Group.PROMISES,
    "End it or take it outside": Group.ENDING,
    "The record and its readers": Group.RECORD,
}
AWARD_STEPS = frozenset(
    {
        Act.DECIDE_COMPENSATION,
        Act.OFFER_COMPENSATION,
        Act.GIVE_UP_COMPENSATION,
        Act.ANSWER_COMPENSATION,
        Act.KEEP_OFFER_OPEN,
        Act.WITHDRAW_OFFER,
        Act.PAY_COMPENSATION,
    }
)
OUTSIDE = frozenset(
    {Act.REFER_TO_OMBUDSMAN, Act.OMBUDSMAN_DEMAND, Act.DETERMINE, Act.DESIGNATED_PERSON}
)
# Why a complaint moved from stage to stage.
MOVES = {
    "received": "received",
    "passed_on": "passed on",
    "escalation_requested": "asked for by the customer",
    "escalation_refused": "the request was refused",
    "reopened": "reopened",
    "sent_back": "sent back by the panel",
    "implied": "nobody recorded how",
}


class ComplaintView(ComplaintPage):
    """Everything about one complaint, and what may be done with it now."""

    template_name = "cases/complaint.html"
    to_come: CoverToCome | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the complaint; or know when it opens to somebody who was told that they cover it.

        :raises Http404: if there is no such complaint, or it is hidden from this person.
        """
        try:
            super().setup(request, *args, **kwargs)
        except Http404:
            user, reference = user_of(request), kwargs["reference"]
            self.to_come = cover_to_come(reference, user, today=self.today)
            if self.to_come is None:
                raise

    def find(self, reference: str, user: User) -> Complaint | None:
        """Return the complaint with how many are like it. One query."""
        return complaint_with_repeats(reference, user, today=self.today)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the complaint, or from when it is open to whoever will cover it."""
        if self.to_come is not None:
            cover = {"cover": self.to_come}
            return render(request, "cases/cover_to_come.html", cover, status=FORBIDDEN)
        page = case_page(self.complaint, user=user_of(request), today=self.today)
        else_here = who_else(self.complaint, user=page.user, now=self.now)
        context = {
            **context_of(page, request.GET),
            "else_here": else_here,
            "looks_on": only_looks_on(page.user),
        }
        return render(request, self.template_name, context)


class CaseSheet(ComplaintPage):
    """The complaint on paper, for colleagues: everything, on as few pages as it takes."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the sheet."""
        page = case_page(self.complaint, user=user_of(request), today=self.today)
        note_taken([self.complaint.pk], what=Look.SHEET, by=page.user, now=self.now)
        context = {
            **head_of(page, here="Case sheet"),
            "page": page,
            "facts": _facts(page),
            "customer_rows": customer_rows(page.complaint.customer),
            "files": _files(page),
            "whole_story": page.entries[::-1],
        }
        return render(request, "cases/case_sheet.html", context)


class RecordCopy(ComplaintPage):
    """A copy of the record for the customer, without what is for staff only unless asked for."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the copy."""
        page = case_page(self.complaint, user=user_of(request), today=self.today)
        note_taken([self.complaint.pk], what=Look.COPY, by=page.user, now=self.now)
        with_notes = request.GET.get("notes") == "yes"
        ours = landlord()
        letters = self.complaint.letters.filter(copy_of__isnull=True).select_related(
            "issued_by", "original"
        )
        context = {
            **head_of(page, here="Copy of the record"),
            "page": page,
            "with_notes": with_notes,
            "promised": told_promises(page.history),
            "offers": told_offers(page.history, today=page.today),
            "customers_story": [
                entry
                for entry in page.entries[::-1]
                if not entry.is_struck and (entry.is_for_customer or with_notes)
            ],
            "letters": [
                {
                    "event": letter.event_number,
                    "draft": draft_of(letter, ours),
                    "original": letter.original,
                }
                for letter in letters.order_by("pk")
            ],
        }
        return render(request, "cases/record_copy.html", context)


class DeadlinesView(ComplaintPage):
    """Every promise and window of every stay, each with its counting."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the deadlines."""
        page = case_page(self.complaint, user=user_of(request), today=self.today)
        every = deadline_lines(page.history, today=self.today, explained=True)
        lines = [line for line in every if not line.deadline.is_internal]
        by_stay = sorted(lines, key=lambda line: page.stays.index(line.stay), reverse=True)
        context = {**head_of(page, here="All deadlines"), "page": page, "lines": by_stay}
        return render(request, "cases/deadlines.html", context)


class OutsideView(ComplaintPage):
    """The designated person and the Ombudsman: what they asked, found and ordered."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it."""
        page = case_page(self.complaint, user=user_of(request), today=self.today)
        at = page.complaint.get_absolute_url()
        may = {offer.act.name.lower(): _address(at, offer) for offer in page.offers}
        context = {
            **head_of(page, here="Outside the landlord"),
            "page": page,
            "may": may,
            "outside": outside_of(page),
            "acts": [_action(at, each) for each in page.offers if each.act in OUTSIDE],
        }
        return render(request, "cases/outside.html", context)


def context_of(page: CasePage, query: QueryDict) -> dict[str, Any]:
    """Return what the page's templates print."""
    view, at = _view(query), page.complaint.get_absolute_url()
    entries = page.entries_in(view)
    shown = Paginator(entries, ENTRIES_ON_A_PAGE).get_page(query.get("page"))
    letters = {letter.event: letter for letter in page.papers.letters}
    may = {offer.act.name.lower(): _address(at, offer) for offer in page.offers}
    corrects = may.get("correct", "")
    ended = _ended_as_none(page)
    sorts_mail = page.user.has_role(*READERS[Page.POST])
    mails = f"{reverse('cases:post')}?complaint={page.complaint.reference}" if sorts_mail else ""
    return {
        **head_of(page),
        "page": page,
        "today": page.today,
        "ended": NONE_OF_ITS_OWN[ended.kind] if ended else "",
        "goes_on": _goes_on(page),
        "twins": _twins(page),
        "undo": f"{corrects}?entry={ended.number}" if ended and corrects else "",
        "waits": _waits(page, may),
        "outside_words": with_the_ombudsman(page.history.state),
        "view": view,
        "views": [
            Tab(
                each.words,
                "?" if each is StoryView.ALL else f"?show={each.value}",
                len(page.entries_in(each)),
                is_current=each is view,
            )
            for each in StoryView
        ],
        "entries": shown,
        "told": (page.complaint.summary, page.complaint.desired_outcome),
        "rows": [
            {
                "entry": entry,
                "letter": letters.get(entry.number),
                "mail_url": mails if entry.kind is EventKind.MAIL_RECEIVED else "",
                "change_url": (
                    f"{corrects}?entry={entry.number}" if corrects and entry.is_correctable else ""
                ),
            }
            for entry in shown
        ],
        "acts": [_action(at, each) for each in page.offers if _is_step(each)],
        "hearing": hearing_to_come(page),
        "award_steps": [
            Link(offer.label, _address(at, offer))
            for offer in page.offers
            if offer.act in AWARD_STEPS
        ],
        "more": [
            (heading, links)
            for heading, group in MORE.items()
            if (links := _links(page, at, group))
        ],
        "may": may,
        "refused": [
            Refusal(each.label, each.reason, _instead(each, may)) for each in page.withheld
        ],
        "files": _files(page),
        "moves": [
            {
                "on": move.on,
                "stage": page.lookup.stages.get(move.to_stage, move.to_stage),
                "why": MOVES.get(move.why, move.why),
                "by": page.lookup.person(move.actor) if move.actor else "",
            }
            for move in reversed(page.history.state.transitions)
        ],
        "facts": _facts(page),
        "customer_rows": customer_rows(page.complaint.customer),
        "repeats": in_common(page.complaint),
        "sees_papers": bool(page.roles & (BUNDLE_ROLES | PAPERS_ROLES)),
        "knows_who_looked": may_know_who_looked(page.user, page.roles),
    }


# What somebody who does not decide on a request may do meanwhile.
_MEANWHILE = (Act.NOTE, Act.UPDATE, Act.ADD_FILE)


def _waits(page: CasePage, may: Mapping[str, str]) -> dict[str, Any]:
    """Return who decides on a request by when, and what the reader may do until then."""
    words = waits_for_decision(page.history.state, page.history.terms)
    if not words:
        return {}
    decides = "accept_escalation" in may or "refuse_escalation" in may
    able = [
        Link(LABELS[act], may[act.name.lower()]) for act in _MEANWHILE if act.name.lower() in may
    ]
    return {"words": words, "meanwhile": [] if decides else able, "decides": decides}


def _ended_as_none(page: CasePage) -> Entry | None:
    """Return the entry that closed it as a mistake or a twin, while it stands."""
    if page.complaint.closed_as not in {kind.value for kind in NONE_OF_ITS_OWN}:
        return None
    ends = (entry for entry in page.entries if entry.kind in NONE_OF_ITS_OWN)
    return next((entry for entry in ends if not entry.is_struck), None)


def _goes_on(page: CasePage) -> Complaint | None:
    """Return the complaint into which this one was merged, as far as the reader may open it."""
    if page.complaint.closed_as != EventKind.MERGED.value:
        return None
    return next((e for e in page.links if e.pk == page.complaint.linked_to_id), None)


def _twins(page: CasePage) -> list[Complaint]:
    """Return the complaints that were merged into this one, as far as the reader may open them."""
    return [
        each
        for each in page.links
        if each.linked_to_id == page.complaint.pk and each.closed_as == EventKind.MERGED.value
    ]


def _view(query: QueryDict) -> StoryView:
    wanted = query.get("show", "")
    return StoryView(wanted) if wanted in {each.value for each in StoryView} else StoryView.ALL


def _is_step(offer: Offer) -> bool:
    # What ends it is the natural next step at times, and then stands with the steps.
    return offer.group is Group.STEP or offer.is_next


def _instead(withheld: Withheld, may: Mapping[str, str]) -> Link | None:
    """Return how whoever may not extend a deadline asks somebody who may."""
    address = may.get("add_action")
    if withheld.act is not Act.EXTEND or not withheld.is_for_others or not address:
        return None
    return Link("Ask for more time", f"{address}?{MORE_TIME}=yes")


def _address(at: str, offer: Offer) -> str:
    return f"{at}{_below(offer.act)}"


@cache
def _below(act: Act) -> str:
    """Return where an act lies below the address of any complaint."""
    any_one = ["0"]
    above = reverse("cases:complaint", args=any_one)
    return reverse(f"cases:{act.value}", args=any_one).removeprefix(above)


def _action(at: str, offer: Offer) -> Action:
    kind = "primary" if offer.is_next else "secondary"
    return Action(offer.label, _address(at, offer), kind)


def _links(page: CasePage, at: str, group: Group) -> list[Link]:
    return [
        Link(offer.label, _address(at, offer))
        for offer in page.offers
        if offer.group is group and not offer.is_next
    ]


def _files(page: CasePage) -> list[FileRow]:
    return [
        FileRow(
            file.name,
            reverse("cases:file", args=[page.complaint.reference, file.key]),
            detail=file.size_words,
            held=file.held_words,
            note=f"Added {file.added_at:%-d %b %Y}"
            + (f" by {page.lookup.person(file.added_by)}" if file.added_by else ""),
        )
        for file in page.papers.files
    ]


def customer_rows(customer: Customer) -> list[SummaryRow]:
    """Return how a customer is reached, and what is not safe."""
    unsafe, by_another = " (not safe)", " (given by somebody else, not confirmed)"
    return [
        SummaryRow("Customer", f"{customer.name}\n{category_words(customer.category)}"),
        SummaryRow(
            "Address",
            "\n".join(customer.address_lines) + (unsafe if customer.post_unsafe else ""),
        ),
        *([SummaryRow("Block", customer.block)] if customer.block else []),
        SummaryRow(
            "Telephone",
            customer.phone
            + (unsafe if customer.phone_unsafe else "")
            + (by_another if customer.phone_by_another else ""),
        ),
        SummaryRow(
            "E-mail",
            customer.email
            + (unsafe if customer.email_unsafe else "")
            + (by_another if customer.email_by_another else ""),
        ),
        *([SummaryRow("E-mails say", emails_say(customer))] if customer.email else []),
        SummaryRow(*customer.reached),
        *([SummaryRow("Needs", customer.needs)] if customer.needs else []),
    ]


def emails_say(customer: Customer) -> str:
    """Return in words what e-mails to a customer say."""
    return "The whole letter" if customer.letters_by_email else "Only that there is a letter"


def _facts(page: CasePage) -> list[SummaryRow]:
    complaint, state = page.complaint, page.history.state
    return [
        row
        for row in (
            SummaryRow("Received", f"{complaint.received_on:%a %-d %b %Y}"),
            SummaryRow("How", page.channel_words),
            SummaryRow(
                "Service area", complaint.service_area.name if complaint.service_area else ""
            ),
            SummaryRow("Category", complaint.category.name if complaint.category else ""),
            *(
                [SummaryRow("Contractor", complaint.contractor.name)]
                if complaint.contractor
                else []
            ),
            SummaryRow("Procedure", str(complaint.procedure_version)),
            SummaryRow("Register", page.register_words),
            SummaryRow("Outcome", state.outcome.words if state.outcome else "Not decided yet"),
        )
    ]
