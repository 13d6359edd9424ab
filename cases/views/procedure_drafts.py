"""The draft of a procedure: its stages, promises, reminders; publishing it or throwing it away."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cases.forms.people import ConfirmForm
from cases.forms.procedures import (
    ProcedureFileForm,
    PromiseForm,
    PublishDraftForm,
    RemindersForm,
    StageForm,
    StageNameForm,
)
from cases.models import Procedure, ProcedureVersion, Thing
from cases.operations.procedures import change_draft, discard_draft, publish_draft
from cases.rules.checker import departures_from_code, problems
from cases.rules.procedure_drafts import (
    customer_route_of,
    stage_of,
    timescale_of,
    with_promise,
    with_reminders,
    with_stage,
    with_usual_reminders,
)
from cases.rules.procedure_text import procedure_text
from cases.rules.procedure_words import promise_sentence
from cases.rules.stage_letters import is_acknowledged
from cases.selectors.procedures import changes_since_last, version_before
from cases.templatetags.parts import Link
from cases.views.access import user_of
from cases.views.change_page import NAMES, ChangePage


class DraftPage(ChangePage):
    """A form about the draft of a procedure."""

    section = "cases:procedures"
    thing = Thing.PROCEDURE
    template_name = "cases/settings/draft_form.html"

    def load(self) -> None:
        """Load the draft, and what of it the page is about.

        :raises Http404: if there is no draft, or not that part of it.
        """
        drafts = ProcedureVersion.objects.select_related("procedure")
        self.draft = get_object_or_404(
            drafts, procedure__code=self.kwargs["code"], published_at__isnull=True
        )
        self.procedure = self.draft.procedure
        self.words: Mapping[str, Any] = self.draft.terms_words
        try:
            self.find()
        except KeyError:
            raise Http404 from None

    def find(self) -> None:
        """Find the part of the draft that the page is about.

        :raises KeyError: if it is not there.
        """

    def key(self) -> str:
        """Return the procedure's code."""
        return self.procedure.code

    def back_url(self) -> str:
        """Return the draft."""
        return reverse("cases:procedure-draft", args=[self.procedure.code])

    def crumbs(self) -> list[Link]:
        """Return the way from the procedures through the draft."""
        return [
            Link(NAMES[self.section], reverse(self.section)),
            Link(self.procedure.name, reverse("cases:procedure", args=[self.procedure.code])),
            Link(f"Draft of version {self.draft.number}", self.back_url()),
            Link(self.heading()),
        ]

    def save(self, form: Any, words: Any) -> None:
        """Change the draft by a function of its mapping."""
        change_draft(
            procedure_id=self.procedure.pk,
            change=words,
            by=user_of(self.request),
            now=self.now,
            seen=form.cleaned_data["seen"],
        )


class ChangeStage(DraftPage):
    """Change a stage's name, the customer's way on from it, and what its letters say."""

    def get_form_class(self) -> Any:
        """Return the form for a stage with or without a way on."""
        return StageForm if self.route is not None else StageNameForm

    def find(self) -> None:
        """Find the stage."""
        self.stage = stage_of(self.words, self.kwargs["stage"])
        self.route = customer_route_of(self.words, self.kwargs["stage"])

    def heading(self) -> str:
        """Return the stage's name."""
        return str(self.stage["name"])

    def get_initial(self) -> dict[str, Any]:
        """Return the stage as it stands."""
        return super().get_initial() | StageForm.initial_from(self.stage, self.route)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form whether anything acknowledges the stage."""
        return super().get_form_kwargs() | {"acknowledges": is_acknowledged(self.stage)}

    def carry_out(self, form: Any) -> str:
        """Change it."""
        code, name = self.kwargs["stage"], form.cleaned_data["name"]
        decided_by_words, route = form.cleaned_data["decided_by_words"], form.route
        letters = form.letters
        self.save(
            form,
            lambda words: with_stage(
                words,
                code,
                name=name,
                decided_by_words=decided_by_words,
                route=route,
                letters=letters,
                answer_in_writing=form.cleaned_data["answer_in_writing"],
            ),
        )
        return f"{name} is saved in the draft."


class PromisePage(DraftPage):
    """A form about one promise of the draft."""

    def find(self) -> None:
        """Find the promise."""
        self.at = (self.kwargs["stage"], self.kwargs["timescale"])
        self.promise = timescale_of(self.words, *self.at)
        self.stage_name = stage_of(self.words, self.kwargs["stage"])["name"]

    def heading(self) -> str:
        """Return what is promised, and where."""
        return f"{self.stage_name}: {self.promise['words']}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the promise as a sentence, as it stands in the draft."""
        stage = self.draft.terms.stage(self.at[0])
        timescale = stage.timescale(self.at[1])
        sentence = promise_sentence(timescale, stage) if timescale else ""
        return super().get_context_data(**kwargs, sentence=sentence)


class ChangePromise(PromisePage):
    """Change the period and the terms of a promise."""

    form_class = PromiseForm

    def get_initial(self) -> dict[str, Any]:
        """Return the promise as it stands."""
        return super().get_initial() | PromiseForm.initial_from(self.promise)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form which promise it is."""
        extendable = self.draft.terms.stage(self.at[0]).extendable
        is_extendable = extendable is not None and extendable.code == self.at[1]
        return {
            **super().get_form_kwargs(),
            "promise": self.promise,
            "is_extendable": is_extendable,
        }

    def carry_out(self, form: Any) -> str:
        """Change it."""
        terms = form.terms
        self.save(form, lambda words: with_promise(words, *self.at, terms))
        return f"“{self.promise['words']}” is saved in the draft."


class ChangeReminders(PromisePage):
    """Change the reminders of a promise."""

    form_class = RemindersForm

    def heading(self) -> str:
        """Return whose reminders they are."""
        return f"Reminders of “{self.promise['words']}”, {self.stage_name}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form the reminders as they stand."""
        usual = self.words.get("reminders", [])
        return {
            **super().get_form_kwargs(),
            "lines": self.promise.get("reminders", usual),
            "offers_usual": True,
            "is_usual": "reminders" not in self.promise,
        }

    def carry_out(self, form: Any) -> str:
        """Change them."""
        lines = None if form.wants_usual else form.lines
        self.save(form, lambda words: with_reminders(words, *self.at, lines))
        return f"The reminders of “{self.promise['words']}” are saved in the draft."


class ChangeUsualReminders(DraftPage):
    """Change the reminders of every promise that has none of its own."""

    form_class = RemindersForm
    title = "The usual reminders"
    intro = "They belong to every promise that has none of its own."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form the reminders as they stand."""
        return {
            **super().get_form_kwargs(),
            "lines": self.words.get("reminders", []),
            "offers_usual": False,
            "is_usual": False,
        }

    def carry_out(self, form: Any) -> str:
        """Change them."""
        lines = form.lines
        self.save(form, lambda words: with_usual_reminders(words, lines))
        return "The usual reminders are saved in the draft."


class ChangeFile(DraftPage):
    """Change the whole draft as its file: stages, panels, what starts and meets a promise."""

    intro = (
        "For what has no page of its own: stages, panels, what starts a promise and what keeps it. "
        "It is checked as a whole, and what would change is shown before you publish."
    )

    def heading(self) -> str:
        """Return what is changed."""
        return f"Draft of version {self.draft.number} as a file"

    def get_initial(self) -> dict[str, Any]:
        """Return the draft as it stands."""
        return super().get_initial() | {"text": procedure_text(self.words)}

    def get_form(self, form_class: Any = None) -> ProcedureFileForm:
        """Return the file."""
        return ProcedureFileForm(**self.get_form_kwargs(), button="Save the draft")

    def carry_out(self, form: Any) -> str:
        """Change it."""
        words = form.words
        self.save(form, lambda _: words)
        return "The draft is saved as in the file."


class PublishDraft(DraftPage):
    """Publish the draft, after a look at what it changes."""

    form_class = PublishDraftForm
    template_name = "cases/settings/publish_draft.html"

    def heading(self) -> str:
        """Return what would be published."""
        return f"Publish version {self.draft.number}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what would change."""
        terms = self.draft.terms
        return super().get_context_data(
            **kwargs,
            draft=self.draft,
            before=version_before(self.draft),
            differences=changes_since_last(self.draft),
            departures=departures_from_code(terms),
            problems=problems(terms),
        )

    def carry_out(self, form: Any) -> str:
        """Publish it."""
        version = publish_draft(
            procedure_id=self.procedure.pk,
            effective_on=form.cleaned_data["effective_on"],
            by=user_of(self.request),
            now=self.now,
            seen=form.cleaned_data["seen"],
        )
        self.is_published = True
        return (
            f"Version {version.number} is published. Complaints received from "
            f"{version.effective_on:%-d %B %Y} on run under it."
        )

    def back_url(self) -> str:
        """Return the draft, or the procedure once it is published."""
        if getattr(self, "is_published", False):
            number = self.draft.number
            return reverse("cases:procedure-version", args=[self.procedure.code, number])
        return super().back_url()


class DiscardDraft(DraftPage):
    """Throw the draft away."""

    template_name = "cases/settings/form.html"
    intro = "What was changed in it is lost. What is published stays as it is."

    def heading(self) -> str:
        """Return what would be thrown away."""
        return f"Throw the draft of version {self.draft.number} away"

    def get_form(self, form_class: Any = None) -> ConfirmForm:
        """Return the button."""
        return ConfirmForm(**self.get_form_kwargs(), button="Throw it away")

    def carry_out(self, form: Any) -> str:
        """Throw it away."""
        discard_draft(procedure_id=self.procedure.pk, by=user_of(self.request), now=self.now)
        return f"The draft of version {self.draft.number} is thrown away."

    def back_url(self) -> str:
        """Return the procedure, or all of them where it was never more than a draft."""
        if Procedure.objects.filter(pk=self.procedure.pk).exists():
            return reverse("cases:procedure", args=[self.procedure.code])
        return reverse("cases:procedures")
