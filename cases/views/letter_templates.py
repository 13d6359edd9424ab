"""The words of letters: as they are shipped, or the landlord's own."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cases.forms.people import ConfirmForm
from cases.forms.settings import TemplateForm, TranslationForm
from cases.models import LetterTemplate, Procedure, Thing
from cases.operations.landlord import approved_words
from cases.operations.letter_templates import change_template, reset_template, setting_key
from cases.rules.languages import LANGUAGES
from cases.rules.letter_sentences import (
    SENTENCES,
    read_sentences,
    sheet_of_sentences,
)
from cases.rules.letter_templates import (
    BESIDE,
    FIELDS,
    LETTERS_BESIDE,
    PARTS,
    example,
    fields_in,
    letter_words,
    letters_of,
    parts_in,
    problems_with,
    shipped,
)
from cases.rules.terms import ProcedureTerms
from cases.selectors.letter_templates import (
    languages_of,
    latest_terms,
    letters_name,
    letters_of_procedures,
    sentences_to_translate,
    template_in_force,
)
from cases.selectors.running import landlord, procedure_on
from cases.selectors.settings_history import changes_of
from cases.templatetags.parts import Link
from cases.views.access import user_of
from cases.views.change_page import NAMES, ChangePage, SettingsPage

SECTION = "cases:letter-templates"
TRANSLATION_HINT = (
    "Translate each paragraph, and leave what stands in braces as it is. It stands after the "
    "letter in English, for whoever needs this language. Empty, there are no words in it."
)
SENTENCES_HINT = (
    "What letters say by themselves. Write each after the “=” under it, and leave what stands in "
    "braces as it is. Until a sentence is there, no letter that needs it goes in this language."
)


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
            all_languages=list(LANGUAGES.values()),
            sentences=SENTENCES,
            approved=", ".join(approved_words(ours.approved_letters).split("\n")) if ours else "",
        )


class OneLetter:
    """What the pages of one letter of a procedure share."""

    kwargs: dict[str, Any]
    procedure: Procedure | None
    terms: ProcedureTerms | None

    def load(self) -> None:
        """Load the procedure and the words that count.

        :raises Http404: if there is no such procedure, or it has no such letter.
        """
        self.letter = self.kwargs["letter"]
        if self.letter not in self.load_letters():
            raise Http404
        self.own = template_in_force(self.procedure_id, self.letter)

    def load_letters(self) -> Sequence[str]:
        """Load the procedure and its terms, and return its letters; none has those beside.

        :raises Http404: if there is no such procedure, or none of its versions is published.
        """
        self.procedure, self.terms = None, None
        if self.kwargs["code"] == BESIDE:
            return LETTERS_BESIDE
        self.procedure = get_object_or_404(Procedure, code=self.kwargs["code"])
        self.terms = latest_terms(self.procedure)
        if self.terms is None:
            raise Http404
        return letters_of(self.terms)

    @property
    def procedure_id(self) -> int | None:
        """Return the key of the procedure, if there is one."""
        return self.procedure.pk if self.procedure else None

    @property
    def caption(self) -> str:
        """Return whose letter it is."""
        return letters_name(self.procedure)

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
        return reverse("cases:letter-template", args=[self.kwargs["code"], self.letter])

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
        versions = LetterTemplate.objects.of(self.procedure_id, self.letter)
        return super().get_context_data(**kwargs) | {
            "crumbs": [Link(NAMES[SECTION], reverse(SECTION)), Link(self.words)],
            "words": self.words,
            "caption": self.caption,
            "code": self.kwargs["code"],
            "letter": self.letter,
            "own": self.own,
            "text": self.text,
            "example": example(self.letter, self.text),
            "languages": [
                (LANGUAGES[row.language], row)
                for row in languages_of(self.procedure_id, self.letter)
            ],
            "all_languages": list(LANGUAGES.values()),
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
            "caption": self.caption,
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
            procedure_id=self.procedure_id,
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
            procedure_id=self.procedure_id,
            letter=self.letter,
            by=user_of(self.request),
            now=self.now,
            seen=form.cleaned_data["seen"],
        )
        return "The letter has the words again that come with the product."


class TranslateTemplate(OneLetter, ChangePage):
    """Give a letter words in another language, or give all letters their sentences in it."""

    section = SECTION
    form_class = TranslationForm
    template_name = "cases/settings/letter_template_change.html"
    thing = Thing.LETTER

    def load(self) -> None:
        """Load the procedure, the language, and the words that count in it.

        :raises Http404: if there is no such procedure, letter or language.
        """
        self.letter, language = self.kwargs["letter"], LANGUAGES.get(self.kwargs["language"])
        if language is None or self.letter not in (SENTENCES, *self.load_letters()):
            raise Http404
        self.language = language
        self.there = template_in_force(self.procedure_id, self.letter, language.tag)
        self.own = template_in_force(self.procedure_id, self.letter)

    @property
    def is_sentences(self) -> bool:
        """Say whether it is what all letters add by themselves."""
        return self.letter == SENTENCES

    def key(self) -> str:
        """Return the key of the letter in this language among the settings."""
        return setting_key(self.procedure, self.letter, self.language.tag)

    def heading(self) -> str:
        """Return which letter it is, and in which language."""
        return f"{self.words} in {self.language.name}"

    def crumbs(self) -> list[Link]:
        """Return the way from the list."""
        letter = [] if self.is_sentences else [Link(self.words, self.address())]
        return [Link(NAMES[SECTION], reverse(SECTION)), *letter, Link(self.heading())]

    def back_url(self) -> str:
        """Return the page of the letter, or of all."""
        return reverse(SECTION) if self.is_sentences else self.address()

    def get_initial(self) -> dict[str, Any]:
        """Begin with the words in this language, or with those to translate."""
        if self.is_sentences:
            known = read_sentences(self.there.text) if self.there else {}
            words = sheet_of_sentences(sentences_to_translate(self.procedure), known)
        else:
            words = self.there.text if self.there else self.text
        is_machine_made = self.there.is_machine_made if self.there else False
        return super().get_initial() | {"text": words, "is_machine_made": is_machine_made}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Say what is translated, into which language, and how."""
        # The sheet is half in English, and so is a letter that nobody has translated yet.
        is_theirs = self.there is not None or self.request.method == "POST"
        marks = {"dir": "auto"}
        if is_theirs and not self.is_sentences:
            marks = {"lang": self.language.tag, "dir": self.language.direction}
        return {
            **super().get_form_kwargs(),
            "called": f"Words in {self.language.name}",
            "hint": SENTENCES_HINT if self.is_sentences else TRANSLATION_HINT,
            "marks": {"data-keep-draft": f"letter-{self.key()}", **marks},
            "back": self.back_url(),
            "has_preview": not self.is_sentences,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what may stand in braces, or how much is translated."""
        context = super().get_context_data(**kwargs) | {
            "caption": self.caption,
            "tongue": self.language,
        }
        if self.is_sentences:
            wanted = sentences_to_translate(self.procedure)
            known = read_sentences(self.there.text) if self.there else {}
            done = sum(each in known for each in wanted)
            return context | {"done": done, "wanted": len(wanted)}
        return context | {"fields": self.fields(), "parts": self.parts()}

    def form_valid(self, form: Any) -> HttpResponse:
        """Save the words, or show what letters would look like."""
        if "preview" not in self.request.POST or self.is_sentences:
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
            procedure_id=self.procedure_id,
            letter=self.letter,
            language=self.language.tag,
            text=form.cleaned_data["text"],
            is_machine_made=form.cleaned_data["is_machine_made"],
            by=user_of(self.request),
            now=self.now,
            seen=form.cleaned_data["seen"],
        )
        if not row.text:
            return f"Letters have no words in {self.language.name} here any more."
        return f"Version {row.number} is saved. Letters from now on are made with it."
