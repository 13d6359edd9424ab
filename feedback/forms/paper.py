"""The form on paper: the same questions as on the web, taken from its pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _

from feedback.forms.steps import (
    AboutYouStep,
    ContactStep,
    ForWhomStep,
    KindStep,
    PersonStep,
    SoFar,
    SpeakingStep,
    StaffStep,
    StepForm,
    WhatHappenedStep,
)
from feedback.rules.kinds import Kind

MANY_LINES, ONE_LINE = 6, 1
WAYS = ("phone", "email", "post")


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """One question: what is asked, and either boxes to tick or lines to write on."""

    words: str
    hint: str
    boxes: Sequence[str]
    lines: Sequence[int]
    takes_several: bool


@dataclass(frozen=True, slots=True)
class PaperSection:
    """Questions that belong together."""

    title: str
    questions: Sequence[PaperQuestion]


def paper_sections(topics: Sequence[tuple[str, str]]) -> list[PaperSection]:
    """Return every question of the form, those for somebody else marked as such."""
    mine = SoFar(kind=Kind.COMPLAINT, ways=WAYS, topics=topics)
    theirs = SoFar(kind=Kind.COMPLAINT, for_other=True, ways=WAYS, topics=topics)
    asked: list[tuple[str, list[tuple[type[StepForm], SoFar]]]] = [
        (_("What you want to tell us"), [(KindStep, mine), (ForWhomStep, mine)]),
        (_("What has happened"), [(WhatHappenedStep, mine), (StaffStep, mine)]),
        # Each kind has questions of its own: whoever praises is not asked what went wrong.
        (_("Your compliment"), [(WhatHappenedStep, SoFar(kind=Kind.COMPLIMENT))]),
        (_("Your suggestion"), [(WhatHappenedStep, SoFar(kind=Kind.SUGGESTION))]),
        (_("About you"), [(AboutYouStep, mine), (ContactStep, mine)]),
        (
            _("Only if you tell us this for somebody else"),
            [(PersonStep, theirs), (SpeakingStep, theirs)],
        ),
    ]
    return [
        PaperSection(
            title, [each for step, so_far in pages for each in _questions(step(so_far=so_far))]
        )
        for title, pages in asked
    ]


def _questions(form: StepForm) -> Iterator[PaperQuestion]:
    for field in form.fields.values():
        boxes = [str(words) for _code, words in getattr(field, "choices", ())]
        lines = MANY_LINES if isinstance(field.widget, forms.Textarea) else ONE_LINE
        yield PaperQuestion(
            words=str(field.label),
            hint=str(field.help_text),
            boxes=boxes,
            lines=() if boxes else range(lines),
            takes_several=isinstance(field, forms.MultipleChoiceField),
        )
