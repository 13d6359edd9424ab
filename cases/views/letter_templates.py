"""The words of letters: as they are shipped, or the landlord's own."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cases.forms.people import ConfirmForm
from cases.forms.settings import TemplateForm
from cases.models import LetterTemplate, Procedure, Thing
from cases.operations.landlord import approved_words
from cases.operations.letter_templates import change_template, reset_template, setting_key
from cases.rules.letter_templates import (
    FIELDS,
    PARTS,
    example,
    fields_in,
    letter_words,
    letters_of,
    parts_in,
    problems_with,
    shipped,
)
from cases.selectors.letter_templates import (
    latest_terms,
    letters_of_procedures,
    template_in_force,
)
from cases.selectors.running import landlord, procedure_on
from cases.selectors.settings_history import changes_of
from cases.templatetags.parts import Link
from cases.views.access import user_of
from cases.views.change_page import NAMES, ChangePage, SettingsPage

SECTION = "cases:letter-templates"


class LetterTemplates(SettingsPage):
    """The letters of every procedure, and which have words of the landlord's own."""

    section = SECTION
    template_name = "cases/settings/letter_templates.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add them."""
        ours = landlord()
        return super().get_context_data(
            **kwargs,
            procedures=letters_of_procedures(),
            running=procedure_on(self.today),
            approved=", ".join(approved_words(ours.approved_letters).split("\n")) if ours else "",
        )


class OneLetter:
    """What the pages of one letter of a procedure share."""

    kwargs: dict[str, Any]

    def load(self) -> None:
        """Load the procedure and the words that count.

        :raises Http404: if there is no such procedure, or it has no such letter.
        """
        self.procedure = get_object_or_404(Procedure, code=self.kwargs["code"])
        self.letter = self.kwargs["letter"]
        terms = latest_terms(self.procedure)
        if terms is None or self.letter not in letters_of(terms):
            raise Http404
        self.own = template_in_force(self.procedure.pk, self.letter)

    @property
    def words(self) -> str:
        """Return the name of the letter."""
        return letter_words(self.letter)

    @property
    def text(self) -> str:
        """Return the words that count."""
        return self.own.text if self.own else shipped(self.letter)

    def key(self) -> str:
        """Return the key of the letter among the settings."""
        return setting_key(self.procedure, self.letter)

    def address(self) -> str:
        """Return the address of the letter's page."""
        return reverse("cases:letter-template", args=[self.procedure.code, self.letter])

    def fields(self) -> list[tuple[str, str]]:
        """Return the merge fields that this letter can fill, with what they are."""
        return [(f"{{{name}}}", FIELDS[name][0]) for name in fields_in(self.letter)]

    def parts(self) -> list[tuple[str, str]]:
        """Return the standing parts of this letter, with what they are."""
        return [(f"{{{name}}}", PARTS[name][1]) for name in parts_in(self.letter)]


class LetterTemplatePage(OneLetter, SettingsPage):
    """The words of one letter, an example of it, and its versions."""

    section = SECTION
    template_name = "cases/settings/letter_template.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words, the example and the versions."""
        self.load()
        versions = LetterTemplate.objects.of(self.procedure.pk, self.letter)
        return super().get_context_data(**kwargs) | {
            "crumbs": [Link(NAMES[SECTION], reverse(SECTION)), Link(self.words)],
            "words": self.words,
            "procedure": self.procedure,
            "letter": self.letter,
            "own": self.own,
            "text": self.text,
            "example": example(self.letter, self.text),
            "versions": versions.select_related("made_by"),
            "changes": changes_of(Thing.LETTER, self.key()),
        }


class ChangeTemplate(OneLetter, ChangePage):
    """Give a letter other words."""

    section = SECTION
    form_class = TemplateForm
    template_name = "cases/settings/letter_template_change.html"
    thing = Thing.LETTER

    def heading(self) -> str:
        """Return which letter it is."""
        return f"Words of the letter: {self.words}"

    def crumbs(self) -> list[Link]:
        """Return the way from the list."""
        return [
            Link(NAMES[SECTION], reverse(SECTION)),
            Link(self.words, self.address()),
            Link("Change"),
        ]

    def back_url(self) -> str:
        """Return the page of the letter."""
        return self.address()

    def get_initial(self) -> dict[str, Any]:
        """Begin with the words that count."""
        return super().get_initial() | {"text": self.text}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Name the draft that the browser keeps."""
        return {**super().get_form_kwargs(), "draft": f"letter-{self.key()}"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what may stand in braces."""
        return super().get_context_data(**kwargs) | {
            "procedure": self.procedure,
            "fields": self.fields(),
            "parts": self.parts(),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        """Save the words, or show what letters would look like."""
        if "preview" not in self.request.POST:
            return super().form_valid(form)
        text = form.cleaned_data["text"]
        for problem in problems_with(self.letter, text):
            form.add_error(None, problem)
        context = self.get_context_data(
            form=form,
            example=example(self.letter, text),
            example_empty=example(self.letter, text, is_filled=False),
        )
        return self.render_to_response(context, status=422 if form.errors else 200)

    def carry_out(self, form: Any) -> str:
        """Save them."""
        row = change_template(
            procedure_id=self.procedure.pk,
            letter=self.letter,
            text=form.cleaned_data["text"],
            by=user_of(self.request),
            now=self.now,
            seen=form.cleaned_data["seen"],
        )
        return f"Version {row.number} is saved. Letters from now on are made with it."


class ResetTemplate(OneLetter, ChangePage):
    """Give a letter the words again that come with the product."""

    section = SECTION
    thing = Thing.LETTER
    intro = "New letters get the words that come with the product. Yours are kept as a version."

    def heading(self) -> str:
        """Return which letter it is."""
        return f"Reset the letter: {self.words}"

    def crumbs(self) -> list[Link]:
        """Return the way from the list."""
        return [
            Link(NAMES[SECTION], reverse(SECTION)),
            Link(self.words, self.address()),
            Link("Reset"),
        ]

    def back_url(self) -> str:
        """Return the page of the letter."""
        return self.address()

    def get_form(self, form_class: Any = None) -> ConfirmForm:
        """Return the button."""
        return ConfirmForm(**self.get_form_kwargs(), button="Reset", back=self.address())

    def carry_out(self, form: Any) -> str:
        """Reset it."""
        reset_template(
            procedure_id=self.procedure.pk,
            letter=self.letter,
            by=user_of(self.request),
            now=self.now,
            seen=form.cleaned_data["seen"],
        )
        return "The letter has the words again that come with the product."
