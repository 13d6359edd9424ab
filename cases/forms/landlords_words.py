"""The landlord's own words in another language, each beside its English."""

from collections.abc import Iterator, Sequence
from typing import Any

from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cases.forms.layout import Buttons, CancelLink, Layout, Question, StaffForm, Submit
from cases.forms.settings import seen_field
from cases.operations.landlords_words import SaidThere
from cases.rules.landlords_words import LONGEST_WORDS, lines_of, why_unfit
from cases.rules.languages import Language
from cases.selectors.landlords_texts import LandlordsText, TextInLanguage, TextState

# How the fields of a text are called, each before the text's key.
WORDS, MARK, READ, STILL = "words-", "mark-", "read-", "still-"

STATES = {
    TextState.OUTDATED: ("To be looked at again", "yellow"),
    TextState.MISSING: ("Not translated", "grey"),
    TextState.UNREAD: ("Not yet proof-read", "yellow"),
    TextState.DONE: ("Proof-read", "green"),
}


class BesideEnglish(Layout):
    """A text in English, and beside it what is asked about it."""

    def __init__(self, each: TextInLanguage, *pieces: Any) -> None:
        super().__init__(*pieces)
        self.each = each

    def render(
        self, form: Any, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """Return both."""
        inside = self.get_rendered_fields(form, context, template_pack)
        state, tone = STATES[self.each.state]
        told = {"each": self.each, "asked": inside, "state": state, "tone": tone}
        return render_to_string("cases/settings/_beside_english.html", told)


class LandlordsWordsForm(StaffForm):
    """What texts are in a language, what needs somebody first."""

    # Nobody has to translate anything.
    marks_optional = False
    seen = seen_field()

    def __init__(
        self, *args: Any, texts: Sequence[TextInLanguage], language: Language, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        for each in texts:
            self._ask(each, language)

    def _ask(self, each: TextInLanguage, language: Language) -> None:
        key, marks = each.text.key, {"lang": language.tag, "dir": language.direction}
        self.fields[f"{MARK}{key}"] = forms.CharField(
            widget=forms.HiddenInput, initial=each.text.mark, required=False
        )
        self.fields[f"{WORDS}{key}"] = forms.CharField(
            label=f"{each.text.label} in {language.name}",
            initial=each.words,
            max_length=LONGEST_WORDS,
            widget=forms.Textarea(attrs=marks),
            required=False,
        )
        if each.is_outdated:
            self.fields[f"{STILL}{key}"] = forms.BooleanField(
                label="These words are still right for the English as it is now", required=False
            )
        self.fields[f"{READ}{key}"] = forms.BooleanField(
            label=f"Somebody who speaks {language.name} has read it",
            initial=each.is_proof_read,
            required=False,
        )

    def layout(self) -> Layout:
        """Return each text beside its English."""
        asked = [BesideEnglish(each, *self._asked(each)) for each in self.texts]
        return Layout(*asked, Buttons(Submit("Save"), CancelLink("../../")))

    def _asked(self, each: TextInLanguage) -> Iterator[Any]:
        key = each.text.key
        rows = min(8, max(2, len(lines_of(each.text.english)), len(each.text.english) // 45 + 1))
        yield Question(f"{WORDS}{key}", rows=rows)
        if each.is_outdated:
            yield f"{STILL}{key}"
        yield f"{READ}{key}"

    def clean(self) -> dict[str, Any]:
        """Refuse words that cannot stand for their English."""
        super().clean()
        for each in self.texts:
            name = f"{WORDS}{each.text.key}"
            reason = why_unfit(each.text.english, self.cleaned_data.get(name, ""))
            # What is old and stays as it is waits, and is shown nowhere.
            if reason and not self._waits(each):
                self.add_error(name, f"{each.text.label}: {reason}")
        return self.cleaned_data

    def _waits(self, each: TextInLanguage) -> bool:
        given = self.given(each.text)
        return each.is_outdated and given.text == each.words and not given.still_right

    def given(self, text: LandlordsText) -> SaidThere:
        """Return what a text is to be."""
        told = self.cleaned_data
        return SaidThere(
            mark=told.get(f"{MARK}{text.key}", ""),
            words=told.get(f"{WORDS}{text.key}", ""),
            is_proof_read=told.get(f"{READ}{text.key}", False),
            still_right=told.get(f"{STILL}{text.key}", False),
        )

    @property
    def all_given(self) -> dict[str, SaidThere]:
        """Return what each text is to be, by its key."""
        return {each.text.key: self.given(each.text) for each in self.texts}
