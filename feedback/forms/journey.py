"""The way through the form: which pages are asked, which are answered, and where to go next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from feedback.forms.choices import PREFERRED, UNSAFE
from feedback.forms.files import FilesStep
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
from feedback.rules.told import Told

STEPS: tuple[type[StepForm], ...] = (
    KindStep,
    ForWhomStep,
    PersonStep,
    PersonCategoryStep,
    PersonSafetyStep,
    PersonFormatStep,
    PersonLanguageStep,
    PersonNeedsStep,
    SpeakingStep,
    PermissionStep,
    TopicStep,
    WhatHappenedStep,
    WhenStep,
    EffectStep,
    PutRightStep,
    RegardingStep,
    StaffStep,
    AboutYouStep,
    CategoryStep,
    SafetyStep,
    ContactStep,
    CallBackStep,
    EmailsStep,
    FormatStep,
    LanguageStep,
    NeedsStep,
    FilesStep,
)
BY_CODE = {step.code: step for step in STEPS}
# The page that asked a question before it got one of its own.
FORMERLY = {name: step.code for step in STEPS for name in step.former}
# The page that asks each question now.
ASKED_ON = {name: step.code for step in STEPS for name in step.base_fields}
CHECK = "check"

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Stop:
    """One page that is asked, and how it stands.

    `is_answered` is one that may stay as it is: also empty, where nothing on it must be answered.
    `is_seen` is one that was sent.
    """

    form: StepForm
    is_answered: bool
    is_seen: bool

    @property
    def code(self) -> str:
        """Return the page's name in the address."""
        return self.form.code


@dataclass(frozen=True, slots=True)
class Section:
    """Questions and answers in words, for checking them, each with the page that asks it."""

    title: str
    rows: list[tuple[str, str, str]]


class Journey:
    """The pages that are asked of somebody with these answers.

    `answers` has what was typed, by page and field, right or wrong; nothing for a page that was
    not sent yet.
    """

    def __init__(self, answers: Mapping[str, Typed], topics: Sequence[tuple[str, str]]) -> None:
        so_far = SoFar(topics=topics)
        self.stops: list[Stop] = []
        for step in STEPS:
            if not step.applies(so_far):
                continue
            typed = typed_into(step, answers)
            form = bound(step, typed or {}, so_far)
            is_answered = form.is_valid()
            if is_answered:
                so_far = further(so_far, form.answers())
            elif typed is None:
                form = step(so_far=so_far)
            self.stops.append(Stop(form, is_answered, is_seen=typed is not None))
        self.is_complaint = so_far.is_complaint

    def stop(self, code: str) -> Stop | None:
        """Return a page, or nothing if it is not asked."""
        return next((stop for stop in self.stops if stop.code == code), None)

    @property
    def first_unanswered(self) -> str:
        """Return the first page that must be answered and is not, or the check of all answers."""
        return next((stop.code for stop in self.stops if not stop.is_answered), CHECK)

    @property
    def next_page(self) -> str:
        """Return the first page that was not sent yet, or must be answered: where to go on."""
        waiting = (stop.code for stop in self.stops if not (stop.is_answered and stop.is_seen))
        return next(waiting, CHECK)

    @property
    def is_complete(self) -> bool:
        """Say whether everything is answered that must be."""
        return self.first_unanswered == CHECK

    def may_open(self, code: str) -> bool:
        """Say whether a page can be asked: none before it must still be answered."""
        codes = [stop.code for stop in self.stops]
        if code not in codes:
            return False
        first = self.first_unanswered
        return first == CHECK or codes.index(code) <= codes.index(first)

    def may_check(self, code: str) -> bool:
        """Say whether whoever is on a page may pass over all that is left, and check.

        Everything is answered that must be, and nobody passes over what is not safe unseen.
        """
        asked = [self.stop(step.code) for step in (PersonSafetyStep, SafetyStep)]
        is_asked = all(stop is None or stop.is_seen or stop.code == code for stop in asked)
        return self.is_complete and is_asked

    def before(self, code: str) -> str:
        """Return the page before this one, or nothing before the first."""
        codes = [stop.code for stop in self.stops]
        place = codes.index(code) if code in codes else len(codes)
        return codes[place - 1] if place else ""

    def after(self, code: str, *, is_change: bool) -> str:
        """Return where to go once a page is answered.

        After a change straight to the check, unless the change asks something new after it.
        """
        codes = [*(stop.code for stop in self.stops), CHECK]
        if code not in codes:
            return self.next_page
        first = self.first_unanswered
        following = codes[codes.index(code) + 1]
        stop = self.stop(following)
        if is_change and (stop is None or stop.is_seen):
            return first
        return min(following, first, key=codes.index)

    def place(self, code: str) -> tuple[int, int | None]:
        """Return which page of how many this is; of how many only once that can be told.

        What is asked of how to reach somebody follows from the ways they give, and which of these
        are safe.
        """
        codes = [stop.code for stop in self.stops]
        deciding = [self.stop(step.code) for step in (AboutYouStep, SafetyStep)]
        is_settled = all(stop is None or (stop.is_answered and stop.is_seen) for stop in deciding)
        is_told = is_settled and len(codes) > 1
        return codes.index(code) + 1, len(codes) if is_told else None

    def told(self) -> Told:
        """Return the answers as they were read, once all are given."""
        found: dict[str, Any] = {}
        for stop in self.stops:
            found |= stop.form.answers()
        names = set(Told.__dataclass_fields__)
        values = {name: value for name, value in found.items() if name in names}
        for name in ("unsafe", "person_unsafe"):
            values[name] = tuple(values.get(name) or ())
        return Told(**(values | {"kind": Kind(values["kind"])}))

    def sections(self) -> list[Section]:
        """Return questions and answers in words; pages of one part stand together."""
        found: list[Section] = []
        for stop in self.stops:
            rows = [(question, answer, stop.code) for question, answer in stop.form.rows()]
            if not rows:
                continue
            part = str(stop.form.part)
            if found and found[-1].title == part:
                found[-1].rows.extend(rows)
            else:
                found.append(Section(part, rows))
        return found


def typed_into(step: type[StepForm], answers: Mapping[str, Typed]) -> Typed | None:
    """Return what was typed into a page; nothing if it was not sent yet.

    What was kept before its questions had a page of their own is found on the page that asked them.
    """
    if step.code in answers:
        return answers[step.code]
    before = {
        name: answers[FORMERLY[name]][name]
        for name in step.base_fields
        if name in answers.get(FORMERLY.get(name, ""), {})
    }
    return before or None


def moved_on(step: type[StepForm], typed: Typed, answers: Mapping[str, Typed]) -> dict[str, Typed]:
    """Return what was typed of questions that a page asked formerly, by the page that asks them.

    With it stands what is kept with that page. What was left empty takes nothing away from it.
    """
    found: dict[str, Typed] = {}
    for name in step.former:
        if any(typed.get(name, ())):
            code = ASKED_ON[name]
            kept = found.get(code) or typed_into(BY_CODE[code], answers) or {}
            found[code] = {**kept, name: typed[name]}
    return found


def bound(step: type[StepForm], typed: Typed, so_far: SoFar) -> StepForm:
    """Return a page's form with what was typed into it."""
    data = MultiValueDict({name: list(values) for name, values in typed.items()})
    return step(data, so_far=so_far)


def further(so_far: SoFar, answers: Mapping[str, Any]) -> SoFar:
    """Return what is known with a page's answers added, as far as it decides on others."""
    if kind := answers.get("kind"):
        so_far = replace(so_far, kind=Kind(kind))
    if "for_other" in answers:
        so_far = replace(so_far, for_other=answers["for_other"])
    given = {"phone": "phone", "email": "email", "address": "post"}
    if "email" in answers:
        ways = tuple(way for name, way in given.items() if answers.get(name))
        so_far = replace(so_far, ways=ways)
    if "unsafe" in answers:
        so_far = replace(so_far, unsafe=tuple(answers["unsafe"]))
    return so_far


@cache
def _choices() -> frozenset[str]:
    """Return what can be chosen on the form, in English."""
    with translation.override(settings.LANGUAGE_CODE):
        fields = [field for step in STEPS for field in step.base_fields.values()]
        found = [str(words) for each in fields for _code, words in getattr(each, "choices", ())]
        return frozenset([*found, *map(str, PREFERRED.values()), *map(str, UNSAFE.values())])


def in_words(answer: str) -> str:
    """Return an answer as the record keeps it in the language that is spoken.

    What was chosen is translated; what somebody typed stays theirs.
    """
    lines = answer.split("\n")
    return "\n".join(_(each) for each in lines) if _choices().issuperset(lines) else answer
