"""What every page of the Let Us Know form has in common: what it asks, and of whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.layout import HouseForm, Layout, Question, Submit, Words
from cases.rules.wording import unmarked
from feedback.rules.kinds import Kind

# The form of a page, for the buttons that stand outside it.
FORM_ID = "page"
LONGEST_TEXT = 10_000
LONGEST_LINE = 200


@dataclass(frozen=True, slots=True)
class SoFar:
    """What the earlier pages said, as far as it decides what the next ones ask.

    `ways` are those by which the sender can be reached, `unsafe` those that must not be used.
    `topics` are what complaints can be about: code and name.
    """

    kind: Kind | None = None
    for_other: bool = False
    ways: tuple[str, ...] = ()
    unsafe: tuple[str, ...] = ()
    topics: Sequence[tuple[str, str]] = ()

    @property
    def is_complaint(self) -> bool:
        """Say whether it is a complaint."""
        return self.kind is Kind.COMPLAINT

    @property
    def safe_ways(self) -> tuple[str, ...]:
        """Return the ways that may be used."""
        return tuple(way for way in self.ways if way not in self.unsafe)


class StepForm(HouseForm):
    """One page. `code` is its name in the address; `title` its heading, if no question is.

    `part` is the heading over its answers where they are checked. `former` are questions that stand
    on pages of their own now: a draft, or a page that was open, from before has them here.
    """

    code: ClassVar[str]
    former: ClassVar[tuple[str, ...]] = ()
    submit_text = _("Continue")
    # The page prints the tag, with what belongs to the way and to no question.
    has_form_tag = False
    title: Words = ""
    part: Words = ""
    intro: Words = ""
    # What helps somebody who does not know what to write.
    prompts: Sequence[Words] = ()

    def __init__(self, *args: Any, so_far: SoFar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.so_far = so_far
        self.prepare()

    def prepare(self) -> None:
        """Fit the questions to what was answered so far."""

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Say whether the page is asked at all."""
        return so_far.kind is not None

    def answers(self) -> dict[str, Any]:
        """Return the answers under the names of `Told`, once they are checked."""
        return {name: self.cleaned_data[name] for name in self.fields}

    @property
    def heading(self) -> Words:
        """Return what the page is called: its title, or its question."""
        return self.title or str(self[next(iter(self.fields))].label)

    def rows(self) -> list[tuple[str, str]]:
        """Return the questions that were asked with their answers, in words."""
        hidden = self.not_asked()
        return [
            (str(self[name].label), unmarked(self._in_words(name)))
            for name in self.fields
            if name not in hidden
        ]

    def _in_words(self, name: str) -> str:
        answer = self.cleaned_data.get(name)
        if not answer:
            return ""
        words = dict(getattr(self.fields[name], "choices", ()))
        if isinstance(answer, list | tuple):
            return "\n".join(str(words.get(each, each)) for each in answer)
        return str(words.get(answer, answer))


class OneQuestion(StepForm):
    """A page of one question, which is its heading; `how` says how it is asked."""

    how: ClassVar[Mapping[str, Any]] = {}

    def layout(self) -> Layout:
        """Return the question as the page's heading."""
        name = next(iter(self.fields))
        return Layout(Question(name, is_heading=True, **self.how), Submit(_("Continue")))


def one_line(label: Any, longest: int = LONGEST_LINE, **options: Any) -> forms.CharField:
    """Return a field for a line that may be left empty."""
    return forms.CharField(label=label, max_length=longest, required=False, **options)


def many_lines(label: Any, longest: int = LONGEST_TEXT, **options: Any) -> forms.CharField:
    """Return a field for as much as somebody wants to write; empty unless required."""
    options.setdefault("required", False)
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea, **options)


def one_of(
    label: Any,
    choices: Sequence[tuple[str, Any]],
    *,
    words_if_empty: Any = "",
    **options: Any,
) -> forms.ChoiceField:
    """Return a field of radios, to be answered where there are words for an empty one."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        required=bool(words_if_empty),
        error_messages={"required": words_if_empty} if words_if_empty else None,
        **options,
    )
