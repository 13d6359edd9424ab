"""The way through the form: which pages are asked, which are answered, and where to go next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from feedback.forms.files import FilesStep
from feedback.forms.steps import (
    PREFERRED,
    UNSAFE,
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
from feedback.rules.told import Told

STEPS: tuple[type[StepForm], ...] = (
    KindStep,
    ForWhomStep,
    PersonStep,
    SpeakingStep,
    WhatHappenedStep,
    StaffStep,
    AboutYouStep,
    ContactStep,
    FilesStep,
)
BY_CODE = {step.code: step for step in STEPS}
CHECK = "check"

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Stop:
    """One page that is asked, and how it stands."""

    form: StepForm
    is_answered: bool

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
            form = bound(step, answers[step.code], so_far) if step.code in answers else None
            if form is None or not form.is_valid():
                self.stops.append(Stop(form or step(so_far=so_far), is_answered=False))
                continue
            self.stops.append(Stop(form, is_answered=True))
            so_far = further(so_far, form.answers())
        self.is_complaint = so_far.is_complaint

    def stop(self, code: str) -> Stop | None:
        """Return a page, or nothing if it is not asked."""
        return next((stop for stop in self.stops if stop.code == code), None)

    @property
    def first_unanswered(self) -> str:
        """Return the first page without a proper answer, or the check of all answers."""
        return next((stop.code for stop in self.stops if not stop.is_answered), CHECK)

    @property
    def is_complete(self) -> bool:
        """Say whether everything is answered."""
        return self.first_unanswered == CHECK

    def may_open(self, code: str) -> bool:
        """Say whether a page can be asked: none before it waits for an answer."""
        codes = [stop.code for stop in self.stops]
        if code not in codes:
            return False
        first = self.first_unanswered
        return first == CHECK or codes.index(code) <= codes.index(first)

    def before(self, code: str) -> str:
        """Return the page before this one, or nothing before the first."""
        codes = [stop.code for stop in self.stops]
        place = codes.index(code) if code in codes else len(codes)
        return codes[place - 1] if place else ""

    def after(self, code: str, *, is_change: bool) -> str:
        """Return where to go once a page is answered.

        After a change straight to the check, unless the change asks something new.
        """
        codes = [*(stop.code for stop in self.stops), CHECK]
        first = self.first_unanswered
        if is_change or code not in codes:
            return first
        following = codes[codes.index(code) + 1]
        return min(following, first, key=codes.index)

    def place(self, code: str) -> tuple[int, int | None]:
        """Return which page of how many this is; of how many only once that can be told.

        How to reach somebody is asked where they give a way, and whoever complains mostly does; of
        a compliment or suggestion nobody can tell before.
        """
        codes = [stop.code for stop in self.stops]
        if len(codes) == 1:
            return 1, None
        about_you = self.stop(AboutYouStep.code)
        is_to_come = about_you is not None and not about_you.is_answered
        if is_to_come and not self.is_complaint:
            return codes.index(code) + 1, None
        return codes.index(code) + 1, len(codes) + int(is_to_come)

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
        """Return questions and answers in words; a page without a title joins the one before."""
        found: list[Section] = []
        for stop in self.stops:
            rows = [(question, answer, stop.code) for question, answer in stop.form.rows()]
            if rows and found and not stop.form.title:
                found[-1].rows.extend(rows)
            elif rows:
                found.append(Section(str(stop.form.title), rows))
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
