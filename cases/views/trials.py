"""A version of a procedure tried before anybody works by it: on past complaints, and on a day."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cases.forms.layout import FilterForm
from cases.forms.trials import DayForm, TrialForm
from cases.models import Procedure, ProcedureVersion
from cases.rules.trials import Change, Compared, Judged, Side, finding
from cases.selectors.last_days import last_days
from cases.selectors.trials import MOST, SHOWN, Tried, Turned, try_version
from cases.templatetags.parts import Cell, Column, Link
from cases.views.access import user_of
from cases.views.change_page import NAMES, SettingsPage

# Where nothing of the sort was promised, or nothing is settled yet.
NONE = "\N{EN DASH}"
FIGURES = ("In time", "By an extension", "Late")
PROMISES = (
    Column("Promise"),
    *(Column(f"{each} as it ran", is_numeric=True) for each in FIGURES),
    *(Column(f"{each} as tried", is_numeric=True) for each in FIGURES),
)
AREAS = (
    Column("Service area"),
    Column("Most due in a week as it ran"),
    Column("Most due in a week as tried"),
    Column("Late as it ran", is_numeric=True),
    Column("Late as tried", is_numeric=True),
)
CHANGES = (
    Column("Complaint"),
    Column("Promise"),
    Column("As it ran"),
    Column("As tried"),
)


class VersionPage(SettingsPage):
    """Something worked out for a version of a procedure: the draft, or one by its number.

    Subclasses say what, as `heading` and `crumb`, give the form, and work it out from what it says.
    """

    section = "cases:procedures"
    is_draft = False
    heading: str
    crumb: str

    def form(self) -> FilterForm:
        """Return what is asked."""
        raise NotImplementedError

    def worked_out(self, version: ProcedureVersion, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the page shows for what was asked."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form and, once something was asked for, what comes of it."""
        procedure = get_object_or_404(Procedure, code=self.kwargs["code"])
        version = self._version(procedure)
        form = self.form()
        context = super().get_context_data(**kwargs) | {
            "title": self.heading.format(self._name(version)),
            "form": form,
            "crumbs": self._crumbs(procedure, version),
        }
        if form.is_bound and form.is_valid():
            return context | self.worked_out(version, form.cleaned_data)
        return context

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Answer; what cannot be understood is refused."""
        status = 422 if context["form"].errors else 200
        return super().render_to_response(context, status=status, **kwargs)

    def _version(self, procedure: Procedure) -> ProcedureVersion:
        versions = ProcedureVersion.objects.filter(procedure=procedure).select_related("procedure")
        if self.is_draft:
            return get_object_or_404(versions, published_at__isnull=True)
        return get_object_or_404(versions.published(), number=self.kwargs["number"])

    def _name(self, version: ProcedureVersion) -> str:
        return "the draft" if self.is_draft else f"version {version.number}"

    def _crumbs(self, procedure: Procedure, version: ProcedureVersion) -> list[Link]:
        code = procedure.code
        if self.is_draft:
            here = Link(
                f"Draft of version {version.number}", reverse("cases:procedure-draft", args=[code])
            )
        else:
            url = reverse("cases:procedure-version", args=[code, version.number])
            here = Link(f"Version {version.number}", url)
        return [
            Link(NAMES[self.section], reverse(self.section)),
            Link(procedure.name, reverse("cases:procedure", args=[code])),
            here,
            Link(self.crumb),
        ]


class TryProcedure(VersionPage):
    """Complaints of the past under a version, beside what they came to under their own."""

    template_name = "cases/settings/try_procedure.html"
    heading = "Try {} on complaints of the past"
    crumb = "Try it"

    def form(self) -> TrialForm:
        """Ask from when until when the complaints were received."""
        return TrialForm(self.request.GET or None, today=self.today)

    def worked_out(self, version: ProcedureVersion, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return the figures, and the complaints that change."""
        return _told(
            try_version(
                version,
                user_of(self.request),
                first=asked["received_from"],
                last=asked["received_to"],
                today=self.today,
            )
        )


class TryDay(VersionPage):
    """Every promise of a complaint that is received on a day, each on its last day."""

    template_name = "cases/settings/try_day.html"
    heading = "Try a date under {}"
    crumb = "Try a date"

    def form(self) -> DayForm:
        """Ask for the day."""
        return DayForm(self.request.GET or None, initial={"received_on": self.today})

    def worked_out(self, version: ProcedureVersion, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return the promises by stage, with their counting."""
        return {"found": last_days(version, asked["received_on"])}


def _told(tried: Tried) -> dict[str, Any]:
    trial = tried.trial
    return {
        "finding": finding(trial),
        "sentences": [*_sentences(tried)],
        "has_figures": bool(trial.complaints),
        "promise_columns": PROMISES,
        "promises": [*_promise_rows(tried)],
        "area_columns": AREAS,
        "areas": [_area_row(name, compared) for name, compared in tried.areas],
        "change_columns": CHANGES,
        "changes": [_change_row(each) for each in tried.turned],
    }


def _sentences(tried: Tried) -> Iterator[str]:
    trial = tried.trial
    received = f"received from {tried.first:%-d %B %Y} to {tried.last:%-d %B %Y}"
    yield _counted(
        trial.complaints, f"complaint {received} was tried.", f"complaints {received} were tried."
    )
    if tried.is_cut:
        yield f"They are the newest {MOST:,}: choose fewer days to try older ones."
    if trial.left_out:
        went = "went through other stages than these terms lead to, and"
        yield _counted(trial.left_out, f"{went} is left out.", f"{went} are left out.")
    if unnamed := len(trial.changes) - len(tried.turned):
        yield (
            f"{_counted(unnamed, 'promise that changes is', 'promises that change are')} not "
            f"named below: at most {SHOWN} are, of complaints that you may open."
        )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _promise_rows(tried: Tried) -> Iterator[list[Any]]:
    trial = tried.trial
    order = {stage: place for place, stage in enumerate(tried.stages)}
    for (stage, code), compared in sorted(
        trial.promises.items(), key=lambda each: order.get(each[0][0], len(order))
    ):
        name = f"{tried.stages.get(stage, stage)}: {trial.names[stage, code].lower()}"
        yield [name, *_figures(compared.ran), *_figures(compared.tried)]
    yield ["All promises", *_figures(trial.whole.ran), *_figures(trial.whole.tried)]


def _figures(side: Side) -> list[str]:
    return [_share(count, side.settled) for count in (side.in_time, side.extended, side.late)]


def _share(count: int, whole: int) -> str:
    return f"{count:,} ({round(100 * count / whole)}%)" if whole else NONE


def _area_row(name: str, compared: Compared) -> list[str]:
    return [
        name,
        _peak(compared.ran),
        _peak(compared.tried),
        _share(compared.ran.late, compared.ran.settled),
        _share(compared.tried.late, compared.tried.settled),
    ]


def _peak(side: Side) -> str:
    if side.peak is None:
        return "Nothing due"
    monday, count = side.peak
    return f"{count:,} in the week of {monday:%-d %b %Y}"


def _change_row(turned: Turned) -> list[Any]:
    change: Change = turned.change
    return [
        Cell(turned.reference, turned.url),
        change.words,
        _judged(change.before),
        _judged(change.after),
    ]


def _judged(judged: Judged | None) -> str:
    if judged is None:
        return "Not promised"
    words = judged.verdict.words if judged.verdict else "Not due yet"
    return f"{words}, due {judged.due_on:%-d %b %Y}"
