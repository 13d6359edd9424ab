"""Giving complaints of the list to somebody else: choosing who, a check, and a result for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.forms.reassign import ReassignForm
from cases.models import Complaint
from cases.operations.reassign import MOST_AT_ONCE, Wanted, reassign_each
from cases.rules.next_steps import stage_name
from cases.selectors.areas import area_tree
from cases.selectors.reassigning import Chosen, Taker, chosen_complaints, takers
from cases.templatetags.parts import Column, Link
from cases.views.access import UNPROCESSABLE, user_of
from cases.views.bulk import BulkPage, open_to

# Where the session keeps what became of the complaints, for the page that tells it.
KEPT = "reassigned"
LISTED = (Column("Reference"), Column("Customer"), Column("Stage"), Column("Officer now"))
CHECKED = (*LISTED, Column("What will happen"))
RESULTS = (Column("Reference"), Column("Customer"), Column("What became of it"))


@dataclass(frozen=True, slots=True)
class Line:
    """A complaint in the tables of these pages: `words` say what will happen to it, or did."""

    complaint: Complaint
    stage: str = ""
    words: str = ""
    is_refused: bool = False
    value: str = ""


class Reassign(BulkPage):
    """Give complaints that were ticked in the list, or all that match, to another officer."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Tell what became of the complaints last reassigned in this session."""
        return render(request, "cases/reassigned.html", _told(request))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask who takes them, show what will happen, or do it."""
        self.user = user_of(request)
        seen, is_cut = self.wanted()
        chosen = chosen_complaints(self.user, seen, today=self.today)
        if not chosen:
            messages.error(request, "Tick the complaints to reassign first.")
            return redirect(self.back)
        people = takers(chosen, user=self.user, today=self.today)
        step = request.POST.get("step", "")
        form = ReassignForm(
            request.POST if step else None,
            people=people,
            areas=area_tree(with_retired=False),
            of=sum(not each.refusal for each in chosen),
            back=self.back,
        )
        if not step:
            return self._page(form, chosen, is_cut=is_cut)
        if not form.is_valid():
            return self._page(form, chosen, is_cut=is_cut, status=UNPROCESSABLE)
        if step == "reassign":
            return self._reassign(form, chosen)
        return self._page(form, chosen, is_cut=is_cut, taker=form.taker)

    def _page(
        self,
        form: ReassignForm,
        chosen: Sequence[Chosen],
        *,
        is_cut: bool,
        taker: Taker | None = None,
        status: int = 200,
    ) -> HttpResponse:
        lines = [_line(each, taker) for each in chosen]
        form.checked = sum(not line.is_refused for line in lines) if taker else 0
        context = {
            "form": form,
            "lines": lines,
            "columns": CHECKED if taker or any(line.words for line in lines) else LISTED,
            "is_cut": is_cut,
            "most": MOST_AT_ONCE,
            "taker": taker.candidate if taker else None,
            "filters": self.filters.urlencode(),
            "crumbs": [Link("Complaints", self.back), Link("Reassign")],
        }
        return render(self.request, "cases/reassign.html", context, status=status)

    def _reassign(self, form: ReassignForm, chosen: Sequence[Chosen]) -> HttpResponse:
        results = reassign_each(
            [Wanted(each.complaint.pk, each.seen) for each in chosen],
            by=self.user,
            now=self.now,
            officer_id=form.taker.candidate.key,
            area_id=form.area_id,
        )
        self.request.session[KEPT] = {
            "officer": form.taker.candidate.name,
            "filters": self.filters.urlencode(),
            "results": [[each.complaint_id, each.refusal] for each in results],
        }
        return redirect("cases:reassign")


def _line(chosen: Chosen, taker: Taker | None) -> Line:
    complaint = chosen.complaint
    words, is_refused = chosen.refusal, bool(chosen.refusal)
    if taker is not None and not is_refused:
        refusal = taker.refusals.get(complaint.pk, "")
        is_refused = bool(refusal)
        words = refusal or f"Goes to {taker.candidate.name}"
    return Line(
        complaint,
        stage=stage_name(chosen.history.terms, chosen.history.state.stage),
        words=words,
        is_refused=is_refused,
        value=f"{complaint.reference}:{chosen.seen}",
    )


def _told(request: HttpRequest) -> dict[str, Any]:
    """Return what became of each, as far as it is still open to whoever asks."""
    kept: Mapping[str, Any] = request.session.get(KEPT, {})
    refusals = {key: reason for key, reason in kept.get("results", [])}
    open_to_them = open_to(user_of(request), list(refusals))
    lines = [
        Line(
            complaint,
            words=reason,
            is_refused=bool(reason),
            value=f"{complaint.reference}:{complaint.version}",
        )
        for key, reason in refusals.items()
        if (complaint := open_to_them.get(key)) is not None
    ]
    back = f"{reverse('cases:queue')}?{kept.get('filters', '')}"
    return {
        "lines": lines,
        "left": [line for line in lines if line.is_refused and line.complaint.is_open],
        "done": sum(not reason for reason in refusals.values()),
        "count": len(refusals),
        "gone": len(refusals) - len(lines),
        "officer": kept.get("officer", ""),
        "filters": kept.get("filters", ""),
        "back": back,
        "columns": RESULTS,
        "crumbs": [Link("Complaints", back), Link("Reassign")],
    }
