"""The language of the letter about what was put right at once, on the page for logging."""

from collections.abc import Mapping
from typing import Any

from django import forms

from cases.forms.acts.common import LONGEST_LETTER, words_field
from cases.forms.layout import StaffForm
from cases.operations.telling import Telling
from cases.rules.languages import LANGUAGES, language_called

LANGUAGE_FIELDS = ("other_language", "other_text", "language_because")


class LanguageForm(StaffForm):
    """What is written in the language that the customer needs, or why nothing is (HH-27)."""

    other_language = forms.ChoiceField(
        label="Language",
        required=False,
        choices=[("", "English alone"), *((each.tag, each.name) for each in LANGUAGES.values())],
    )
    other_text = words_field(
        "How it was put right, in that language",
        required=False,
        max_length=LONGEST_LETTER,
        help_text="Written by a translator, not by a machine. It goes with the letter in English.",
    )
    language_because = forms.CharField(
        label="Why it is in English alone, if it is",
        required=False,
        max_length=500,
        help_text="The letter then says that it is in English, and how to ask about it. Kept in "
        "the record.",
    )

    def ask_the_language(self, needed: str) -> None:
        """Ask in which language the letter is where another than English is needed."""
        self.needed_language = needed
        if not needed:
            for name in LANGUAGE_FIELDS:
                del self.fields[name]
            return
        spoken = language_called(needed)
        self.field("other_language").initial = spoken.tag if spoken else ""
        self.field("other_language").help_text = f"They need letters in {needed}."
        chosen = LANGUAGES.get(str(self["other_language"].value() or ""))
        marks = {"lang": chosen.tag, "dir": chosen.direction} if chosen else {"dir": "auto"}
        self.field("other_text").widget.attrs.update(marks, rows=3)

    @property
    def language_questions(self) -> list[str]:
        """Return what is asked of the language, where anything is."""
        return [name for name in LANGUAGE_FIELDS if name in self.fields]

    def check_language(self, given: Mapping[str, Any], *, told: str) -> None:
        """Refuse a letter in English alone without a reason, and a text that cannot go as it is."""
        if not self.needed_language:
            return
        text = given.get("other_text", "").strip()
        if not Telling(told).makes_letter:
            if text:
                self.add_error(
                    "other_text",
                    "No letter or e-mail goes: choose one of them, or take this text out",
                )
            return
        if text and not given.get("other_language") and "other_language" not in self.errors:
            self.add_error("other_language", "Select the language in which the text is written")
        if not text and not given.get("language_because", "").strip():
            self.add_error(
                "language_because",
                f"They need letters in {self.needed_language}: add the text in it, say why this "
                "one is in English alone, or tell them in another way",
            )

    def telling_by(self, channel: str) -> Telling:
        """Return how they are told, once the answers were checked."""
        given = self.cleaned_data
        text = given.get("other_text", "")
        return Telling(
            channel,
            other_language=given.get("other_language", "") if text.strip() else "",
            other_text=text,
            language_because=given.get("language_because", ""),
        )
