"""Words in other languages: what the landlord typed for customers, as other languages say it."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse

from cases.errors import ActionNotAllowed, SettingChanged
from cases.forms.landlords_words import MARK, WORDS, LandlordsWordsForm
from cases.models import Thing
from cases.operations.landlords_words import say_in_language
from cases.selectors.landlords_texts import (
    SECTIONS,
    UNUSED,
    TextState,
    in_language,
    section_called,
    texts_of,
    words_key,
)
from cases.selectors.speaking import known
from cases.templatetags.parts import Cell, Column, Link
from cases.views.access import user_of
from cases.views.change_page import NAMES, ChangePage, SettingsPage

SECTION = "cases:words"
OF_UNUSED = (
    "These were translated, and what they stand for was changed or taken away since. Customers see "
    "none of them. Copy what you still need, and empty a text to remove it: as long as one is not "
    "proof-read, the pages say that a machine translated them."
)
# So many texts stand on a page: those that need somebody come first.
SHOWN = 40
COLUMNS = (
    Column("Texts"),
    Column("To be looked at again", is_numeric=True),
    Column("Not translated", is_numeric=True),
    Column("Not yet proof-read", is_numeric=True),
    Column("Proof-read", is_numeric=True),
)


class WordsOverview(SettingsPage):
    """How far the landlord's words are in each language of the public pages."""

    section = SECTION
    template_name = "cases/settings/words.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add each language with its sections."""
        texts = [(each, texts_of(each, today=self.today)) for each in SECTIONS]
        languages = []
        for tag in settings.PUBLIC_LANGUAGES:
            lines = []
            for section, found in texts:
                states = [each.state for each in in_language(found, tag)]
                url = reverse("cases:words-section", args=[tag, section.code])
                counts = [Cell(states.count(state)) for state in TextState]
                if states:
                    lines.append([Cell(section.title, url if self.may_change else ""), *counts])
            languages.append((known(tag), lines))
        return super().get_context_data(**kwargs, languages=languages, columns=COLUMNS)


class WordsInLanguage(ChangePage):
    """The texts of a section in a language, each beside its English."""

    section = SECTION
    form_class = LandlordsWordsForm
    template_name = "cases/settings/words_section.html"
    thing = Thing.LANDLORD
    # The marks of the English as it is now, where it was changed while somebody wrote.
    fresh: dict[str, str] | None = None
    intro = (
        "Customers who read this language see these words in place of the English. A text that is "
        "empty, or whose English was changed since, is shown in English, marked as such. Write a "
        "line for each line of the English."
    )

    def load(self) -> None:
        """Load the texts.

        :raises Http404: if the public pages have no such language, or there is no such section.
        """
        found, tag = section_called(self.kwargs["texts"]), self.kwargs["language"]
        if found is None or tag not in settings.PUBLIC_LANGUAGES:
            raise Http404
        self.texts_section, self.language = found, known(tag)
        if found is UNUSED:
            self.intro = OF_UNUSED
        every = in_language(texts_of(found, today=self.today), tag)
        self.pages = Paginator(every, SHOWN).get_page(self.request.GET.get("page"))
        self.texts = list(self.pages)
        if self.request.method == "POST":
            sent = self.request.POST
            self.texts = [each for each in every if f"{WORDS}{each.text.key}" in sent]

    def key(self) -> str:
        """Return the key of the texts among the changes."""
        return words_key(self.texts_section, self.language.tag)

    def heading(self) -> str:
        """Return what is said in which language."""
        return f"{self.texts_section.title}, in {self.language.name}"

    def crumbs(self) -> list[Link]:
        """Return the way from the list."""
        return [Link(NAMES[SECTION], reverse(SECTION)), Link(self.heading())]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the texts, and the language."""
        return {**super().get_form_kwargs(), "texts": self.texts, "language": self.language}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the pages, where there are several."""
        return super().get_context_data(**kwargs) | {"pages": self.pages}

    def carry_out(self, form: Any) -> str:
        """Save them.

        :raises ActionNotAllowed: with the words, if they were written for a text that is gone.
        """
        if gone := self._written_for_nothing():
            raise ActionNotAllowed(
                "Nothing was saved yet. What you wrote this for is not there any more, or says "
                f"something else: “{gone[0]}”"
            )
        try:
            number = say_in_language(
                form.all_given,
                section=self.texts_section,
                language=self.language.tag,
                by=user_of(self.request),
                now=self.now,
                seen=form.cleaned_data["seen"],
            )
        except SettingChanged:
            # The page shows the English as it is now: whoever has read it may save on top of it.
            self.fresh = {f"{MARK}{each.text.key}": each.text.mark for each in self.texts}
            raise
        if not number:
            return "Nothing was changed."
        saved = "1 text is" if number == 1 else f"{number} texts are"
        return f"{saved} saved in {self.language.name}."

    def _written_for_nothing(self) -> list[str]:
        """Return the words that were sent for texts which are gone by now."""
        names = {f"{WORDS}{each.text.key}" for each in self.texts}
        sent = self.request.POST
        return [
            sent[name]
            for name in sent
            if name.startswith(WORDS) and name not in names and sent[name].strip()
        ]

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again with its mistakes, and the marks of the English that it shows."""
        if self.fresh:
            form.data = {**form.data, **self.fresh}
        return super().form_invalid(form)
