"""What of a letter is still missing while it is written: judged from what was typed so far."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from cases.forms.acts.common import ActForm
from cases.forms.acts.telling import TellingForm
from cases.operations.telling import ELSEWHERE, NOT_TOLD, Telling
from cases.rules.letter_facts import LetterKind
from cases.rules.letter_parts import (
    ANSWERING,
    IN_WRITING,
    NOTHING_TO_PUT_RIGHT,
    Must,
    checklist,
)
from cases.rules.parts import Part
from cases.rules.terms import Stage

TICKED = "tick it where the copy is chosen, if your letter says it"
BY_WORD = "No letter goes: the customer is told in another way, or not of this step."


@dataclass(frozen=True, slots=True)
class Judged:
    """Something that a letter must say, and whether it is there; None where nobody can tell yet."""

    must: Must
    is_there: bool | None = None


@dataclass(frozen=True, slots=True)
class CheckList:
    """What a letter must say, and what of it is missing. `note` says that no letter goes."""

    lines: Sequence[Judged]
    note: str = ""

    @property
    def is_judged(self) -> bool:
        """Say whether it was judged at all."""
        return bool(self.note) or any(each.is_there is not None for each in self.lines)

    @property
    def missing(self) -> list[str]:
        """Return what is missing, in words."""
        return [each.must.words for each in self.lines if each.is_there is False]


def plain_list(wanted: Sequence[Must]) -> CheckList:
    """Return what a letter must say, before anything was typed."""
    return CheckList([Judged(each) for each in wanted])


def by_the_letter(wanted: Sequence[Must], lacking: Collection[str]) -> CheckList:
    """Return it judged by the letter that would go."""
    return CheckList([Judged(each, each.words not in lacking) for each in wanted])


def wanted_of(kind: LetterKind | None, stage: Stage, form: ActForm | None) -> Sequence[Must]:
    """Return what the letter of an act must say, given what was chosen so far."""
    if kind is None:
        return ()
    if not isinstance(form, TellingForm):
        return checklist(kind, stage)
    if not form.is_bound:
        return checklist(kind, stage, is_late=form.is_late)
    form.is_valid()
    return checklist(
        kind,
        stage,
        is_sent_back=form.sends_back,
        with_money=form.offers_money and not form.sends_back,
        is_late=form.is_late,
    )


def by_what_was_typed(wanted: Sequence[Must], form: ActForm, kind: LetterKind | None) -> CheckList:
    """Return it judged by the answers of a form that is not finished yet."""
    if not isinstance(form, TellingForm) or kind is None:
        return plain_list(wanted)
    form.is_valid()
    given = form.cleaned_data
    # As it was chosen, also where this customer cannot be told so.
    channel = str(form["channel"].value() or "")
    is_by_word = channel == NOT_TOLD or (channel and not Telling(channel).is_written)
    if is_by_word and kind not in IN_WRITING:
        return CheckList([Judged(each) for each in wanted], note=BY_WORD)
    if channel == ELSEWHERE:
        ticked = given.get("parts_said") or ()
        return CheckList(
            [
                Judged(replace(each, where_from=TICKED), is_there=each.code in ticked)
                for each in wanted
            ]
        )
    typed = _Typed(form, kind)
    return CheckList([Judged(each, typed.has(each)) for each in wanted])


# The questions of which one gives a part, whatever letter it is.
_ASKED_BY = {
    Part.PUT_RIGHT: ("letter", "resolution"),
    Part.MESSAGE: ("letter",),
    Part.LATENESS: ("late_because",),
    Part.NEW_DAY: ("new_due_on", "days", "day", "done_by"),
}


class _Typed:
    """What of a letter was typed so far."""

    def __init__(self, form: TellingForm, kind: LetterKind) -> None:
        self.form = form
        self.kind = kind
        self.given = form.cleaned_data

    def has(self, must: Must) -> bool | None:
        """Say whether a part is there; None of what is added, which the whole letter shows."""
        if must.part is None:
            return must.words in (self.given.get("says") or ())
        known = self.form.has_part(must.part)
        if known is not None:
            return known
        match must.part:
            case Part.DECISION:
                return self.form.decides is not None or bool(self.given.get("decision"))
            case Part.REASONS:
                return self._has_reasons()
            case Part.REMEDY:
                return self.form.decides in NOTHING_TO_PUT_RIGHT
        names = _ASKED_BY.get(must.part)
        return self._is_written(*names) if names else None

    def _is_written(self, *names: str) -> bool:
        return any(str(self.given.get(name) or "").strip() for name in names)

    def _has_reasons(self) -> bool:
        if self._is_written("letter", "reason"):
            return True
        if self.kind is LetterKind.DELAY:
            return self._is_written("late_because")
        reasons = [name for name in self.form.fields if name.startswith("reason_")]
        is_pointwise = self.kind in ANSWERING and bool(reasons) and not self.form.sends_back
        return is_pointwise and all(self._is_written(name) for name in reasons)
