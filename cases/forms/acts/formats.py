"""In which format and language a letter is made: the questions, whatever letter it is."""

from typing import Any

from django import forms

from cases.forms.acts.common import AtHand
from cases.forms.layout import Folded
from cases.models import LetterTemplate
from cases.rules.customers import LetterFormat
from cases.rules.languages import language_called, language_needed
from cases.rules.letter_facts import LetterKind
from cases.rules.letter_templates import AGAIN
from cases.selectors.letter_templates import template_in_force

FORMAT_FIELDS = (
    "letter_format",
    "format_because",
    "easy_read",
    "other_language",
    "other_text",
    "language_because",
)


class FormatFields:
    """The format that the customer needs, and what goes with the letter in their language.

    The form has the questions, and takes those away that are not asked.
    """

    fields: dict[str, forms.Field]
    field: Any
    hand: AtHand
    draft: Any
    __getitem__: Any

    def ask_the_format(self) -> None:
        """Offer the format that the customer needs first; ask for easy read only where needed."""
        needed = LetterFormat(self.hand.customer.letter_format)
        field = self.field("letter_format")
        field.initial = needed.value
        field.help_text = f"They need: {needed.words.lower()}."
        others = [(each.value, each.words) for each in LetterFormat if each is not needed]
        field.choices = [(needed.value, f"{needed.words}, as they need"), *others]

        tongue = language_needed(self.hand.customer.language)
        spoken = language_called(tongue)
        if not tongue and not self.hand.copied_in:
            del self.fields["language_because"]
        self.field("other_language").initial = spoken.tag if spoken else ""
        if spoken and (theirs := self._words_in(spoken.tag)):
            self.field("other_text").help_text = (
                f"What you write, in {spoken.name}: it goes into your words for this letter in "
                f"{spoken.name} (version {theirs.number}). Where you write nothing in English, "
                "nothing is needed here."
            )

    def _words_in(self, tag: str) -> LetterTemplate | None:
        """Return the landlord's words for this letter in a language. One query."""
        history, letter = self.hand.history, str(self.hand.kind)
        state = history.state
        visits = (each for each in state.visits if each.stage == state.stage)
        is_asked = any(each.asked_on for each in visits if each.number == state.visit)
        if self.hand.kind is LetterKind.ACKNOWLEDGEMENT and is_asked:
            letter = AGAIN
        procedure_id = history.complaint.procedure_version.procedure_id
        return template_in_force(procedure_id, letter, tag)

    def format_questions(self) -> list[Any]:
        """Return in which format a letter is made: folded away while it is the usual one."""
        needed = LetterFormat(self.hand.customer.letter_format)
        chosen = str(self["letter_format"].value() or needed.value)
        spoken = language_needed(self.hand.customer.language) or self.hand.copied_in
        return [
            Folded(
                f"Format of the letter: {needed.words.lower()}",
                "letter_format",
                "format_because",
                self.draft("easy_read", rows=6),
                is_open=needed is not LetterFormat.STANDARD or chosen != needed.value,
            ),
            Folded(
                self._language_heading(),
                "other_language",
                self.draft("other_text", rows=10),
                *(["language_because"] if spoken else []),
                is_open=bool(spoken or self["other_text"].value()),
            ),
        ]

    def _language_heading(self) -> str:
        """Return what the customer speaks, where it is not English."""
        spoken = self.hand.customer.language
        told = [f"they speak {spoken}"] if spoken else []
        told += [f"{name} gets a copy and needs {needed}" for name, needed in self.hand.copied_in]
        return f"In another language too: {'; '.join(told)}" if told else "In another language too"
