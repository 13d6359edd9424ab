"""The form on paper: the same questions as on the web, taken from its pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _

from cases.models import Landlord
from cases.rules.blocks import Block, Heading, Paragraph
from cases.selectors.leaflet import LeafletWords
from cases.selectors.speaking import in_one_line, spoken
from feedback.forms.people import (
    AboutYouStep,
    CallBackStep,
    CategoryStep,
    ContactStep,
    EmailsStep,
    FormatStep,
    LanguageStep,
    NeedsStep,
    PermissionStep,
    PersonCategoryStep,
    PersonFormatStep,
    PersonLanguageStep,
    PersonNeedsStep,
    PersonSafetyStep,
    PersonStep,
    SafetyStep,
    SpeakingStep,
)
from feedback.forms.step import SoFar, StepForm
from feedback.forms.steps import (
    EffectStep,
    ForWhomStep,
    KindStep,
    PutRightStep,
    RegardingStep,
    StaffStep,
    TopicStep,
    WhatHappenedStep,
    WhenStep,
)
from feedback.rules.kinds import Kind

MANY_LINES, ONE_LINE = 6, 1
# So wide are all lines to write on, in points, whatever the size of the type: half of it each sign.
LINE_WIDTH = 590
WAYS = ("phone", "email", "post")
# The pages of the form by what they are about.
OF_A_COMPLAINT = (TopicStep, WhatHappenedStep, WhenStep, EffectStep, PutRightStep, StaffStep)
OF_ANOTHER_KIND = (WhatHappenedStep, RegardingStep)
OF_THE_SENDER = (
    *(AboutYouStep, CategoryStep, SafetyStep, ContactStep),
    *(CallBackStep, EmailsStep, FormatStep, LanguageStep, NeedsStep),
)
OF_THE_PERSON = (
    *(PersonStep, PersonCategoryStep, PersonSafetyStep, PersonFormatStep, PersonLanguageStep),
    *(PersonNeedsStep, SpeakingStep, PermissionStep),
)


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
    praise, idea = SoFar(kind=Kind.COMPLIMENT), SoFar(kind=Kind.SUGGESTION)
    asked: list[tuple[str, SoFar, Sequence[type[StepForm]]]] = [
        (_("What you want to tell us"), mine, (KindStep, ForWhomStep)),
        (_("What has happened"), mine, OF_A_COMPLAINT),
        # Each kind has questions of its own: whoever praises is not asked what went wrong.
        (_("Your compliment"), praise, OF_ANOTHER_KIND),
        (_("Your suggestion"), idea, OF_ANOTHER_KIND),
        (_("About you"), mine, OF_THE_SENDER),
        (_("Only if you tell us this for somebody else"), theirs, OF_THE_PERSON),
    ]
    return [
        PaperSection(
            title,
            [
                each
                for step in steps
                if step.applies(so_far)
                for each in _questions(step(so_far=so_far))
            ],
        )
        for title, so_far, steps in asked
    ]


def paper_form(landlord: Landlord, topics: Sequence[tuple[str, str]], *, size: int) -> LeafletWords:
    """Return the form as a paper to be set, its type of a `size` in points."""
    line = "_" * (2 * LINE_WIDTH // size)
    blocks: list[Block] = [Paragraph((told,)) for told in _introduction(landlord)]
    for section in paper_sections(topics):
        blocks.append(Heading(section.title))
        for question in section.questions:
            several = _("Tick all that apply.") if question.takes_several else ""
            asked = f"{question.words} {several}".strip()
            told = [asked, question.hint] if question.hint else [asked]
            # A hand needs room above each line.
            lines = [each for _line in question.lines for each in ("", line)]
            boxes = [f"[   ]  {box}" for box in question.boxes]
            # One paragraph: the question stays with its boxes, or with its first lines.
            blocks.append(Paragraph((*told, *boxes, *lines)))
    blocks.append(Paragraph((_("Your signature and the date, if you like"), "", line)))
    return LeafletWords(_("Let Us Know on paper"), landlord.name, spoken().tag, blocks)


def _introduction(landlord: Landlord) -> Iterator[str]:
    yield _(
        "Tick or write what you like, and leave out the rest: we need only what has happened, and "
        "one way to reach you. You can add sheets, photos and copies of papers."
    )
    if landlord.address:
        yield _(
            "Post it to %(name)s, %(address)s, or give it to anybody who works for us. It counts "
            "from the day on which we get it."
        ) % {"name": landlord.name, "address": in_one_line(landlord.address)}
    else:
        yield _(
            "Post it to us, or give it to anybody who works for us. It counts from the day on "
            "which we get it."
        )


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
