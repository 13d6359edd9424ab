"""The same done with complaints of the list: what it is, a check, and a result for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.forms.together import MOVE, TogetherForm
from cases.models import ServiceArea
from cases.operations.reassign import MOST_AT_ONCE, Result, Wanted
from cases.operations.together import move_each, note_each
from cases.rules.acts import Act
from cases.rules.next_steps import stage_name
from cases.selectors.areas import area_tree
from cases.selectors.reassigning import Chosen, chosen_complaints
from cases.templatetags.parts import Column, Link
from cases.views.access import UNPROCESSABLE, user_of
from cases.views.bulk import BulkPage, open_to
from cases.views.reassign import Line

# Where the session keeps what became of the complaints, for the page that tells it.
KEPT = "done-together"
LISTED = (Column("Reference"), Column("Customer"), Column("Stage"), Column("Service area now"))
CHECKED = (*LISTED, Column("What will happen"))
RESULTS = (Column("Reference"), Column("Customer"), Column("What became of it"))


class Together(BulkPage):
    """Add the same note to several complaints, or move them to a service area."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Tell what became of the complaints with which something was done last."""
        return render(request, "cases/together_done.html", _told(request))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask what is done, show what will happen, or do it."""
        self.user = user_of(request)
        seen, self.is_cut = self.wanted()
        is_move = request.POST.get("what") == MOVE
        act = Act.ASSIGN if is_move else Act.NOTE
        chosen = chosen_complaints(self.user, seen, today=self.today, act=act)
        if not chosen:
            messages.error(request, "Tick the complaints first.")
            return redirect(self.back)
        step = request.POST.get("step", "")
        areas = area_tree(with_retired=False)
        form = TogetherForm(request.POST if step else None, areas=areas, back=self.back)
        if not step:
            return self._page(form, [_line(each, "") for each in chosen])
        if not form.is_valid():
            lines = [_line(each, "") for each in chosen]
            return self._page(form, lines, status=UNPROCESSABLE)
        if step == "do":
            return self._do(form, chosen)
        lines = [_checked(each, form.to_area) for each in chosen]
        form.checked = sum(not line.is_refused for line in lines)
        return self._page(form, lines, is_checked=True)

    def _page(
        self,
        form: TogetherForm,
        lines: Sequence[Line],
        *,
        is_checked: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "form": form,
            "lines": lines,
            "columns": CHECKED if is_checked else LISTED,
            "is_checked": is_checked,
            "is_cut": self.is_cut,
            "most": MOST_AT_ONCE,
            "filters": self.filters.urlencode(),
            "crumbs": [Link("Complaints", self.back), Link("Note or move")],
        }
        return render(self.request, "cases/together.html", context, status=status)

    def _do(self, form: TogetherForm, chosen: Sequence[Chosen]) -> HttpResponse:
        wanted = [Wanted(each.complaint.pk, each.seen) for each in chosen]
        results: list[Result]
        if form.to_area is not None:
            results = move_each(wanted, by=self.user, now=self.now, area_id=form.to_area.pk)
            done = f"moved to {form.to_area.name}"
        else:
            words = form.cleaned_data["words"]
            results = note_each(wanted, by=self.user, now=self.now, words=words)
            done = "given the note"
        self.request.session[KEPT] = {
            "done": done,
            "filters": self.filters.urlencode(),
            "results": [[each.complaint_id, each.refusal] for each in results],
        }
        return redirect("cases:together")


def _line(chosen: Chosen, words: str, *, is_refused: bool = False) -> Line:
    complaint = chosen.complaint
    return Line(
        complaint,
        stage=stage_name(chosen.history.terms, chosen.history.state.stage),
        words=words,
        is_refused=is_refused,
        value=f"{complaint.reference}:{chosen.seen}",
    )


def _checked(chosen: Chosen, to_area: ServiceArea | None) -> Line:
    """Return the line with what will happen to the complaint, or why nothing will."""
    if chosen.refusal:
        return _line(chosen, chosen.refusal, is_refused=True)
    if to_area is None:
        return _line(chosen, "Gets the note")
    if chosen.complaint.service_area_id == to_area.pk:
        return _line(chosen, "It is there already.", is_refused=True)
    return _line(chosen, f"Goes to {to_area.name}")


def _told(request: HttpRequest) -> dict[str, Any]:
    """Return what became of each, as far as it is still open to whoever asks."""
    kept: Mapping[str, Any] = request.session.get(KEPT, {})
    refusals = {key: reason for key, reason in kept.get("results", [])}
    found = open_to(user_of(request), list(refusals))
    lines = [
        Line(complaint, words=reason, is_refused=bool(reason))
        for key, reason in refusals.items()
        if (complaint := found.get(key)) is not None
    ]
    back = f"{reverse('cases:queue')}?{kept.get('filters', '')}"
    return {
        "lines": lines,
        "done": sum(not reason for reason in refusals.values()),
        "count": len(refusals),
        "gone": len(refusals) - len(lines),
        "words": kept.get("done", ""),
        "back": back,
        "columns": RESULTS,
        "crumbs": [Link("Complaints", back), Link("Note or move")],
    }
