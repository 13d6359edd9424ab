"""Setting out the points of a complaint, in a form of its own and with the acknowledgement."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from cases.forms.acts.common import DRAFT_BUTTON, ActForm, AtHand, words_field
from cases.forms.layout import Buttons, CancelLink, Layout, Question, Submit
from cases.operations.points import Definition
from cases.rules.letter_parts import defines_points
from cases.rules.own_words import own_words
from cases.rules.points import (
    IS_ALL_OURS,
    MOST_POINTS,
    SOUGHT_UNSAID,
    PointWords,
    in_words,
    new_matters_refused,
)
from cases.selectors.case_history import CaseHistory

LONGEST_POINT = 2_000
# Empty boxes offered beside the points known, and with each press of the button for more.
SPARE = 2
NO_POINT = "Write down at least one point"
WHAT_IS_SOUGHT = "Say what the customer wants, or tick that they did not say"
EITHER_SOUGHT = "Either say what the customer wants, or tick that they did not say"
WHAT_IS_OURS = "Say whether we are responsible for all of it"
WHAT_IS_NOT_OURS = "Say what we are not responsible for, or choose “For all of it”"
MORE = "more"
MORE_BOXES = Submit("More boxes for points", kind="secondary", name=MORE, value="yes")
ALL, PART = "all", "part"
IN_WORDS = {
    "responsible": "What we are responsible for",
    "not_responsible": "What we are not responsible for",
}


def points_at_hand(history: CaseHistory) -> tuple[PointWords, ...]:
    """Return the points of the complaint with their words."""
    words = {number: kept.parts for number, kept in history.words.items()}
    return in_words(history.state.points, words)


def says_what_is_not_ours(history: CaseHistory) -> bool:
    """Say whether the points, as they were set out last, say what we are not responsible for."""
    points = history.state.points
    return bool(points) and bool(history.parts(points[0].defined_by).get("not_responsible"))


class _Ours(forms.ChoiceField):
    """Asked for where it is required; that words tell it instead is seen by the form."""

    def validate(self, value: Any) -> None:
        """Look at what was chosen, if anything was."""
        if value:
            super().validate(value)


class _NotOurs(forms.CharField):
    """Needed where it is shown, so not called optional; whether it is there is seen by the form."""

    def validate(self, value: Any) -> None:
        """Take it empty too: under the other choice it is not asked."""


class PointFields:
    """The boxes for the points: one for each that is known, and empty ones for new ones.

    A known point keeps its number in the name of its box. Emptied, it is left out.
    """

    fields: dict[str, forms.Field]
    hand: AtHand
    cleaned_data: dict[str, Any]
    sent: Mapping[str, Any]
    errors: Any
    add_error: Any

    def add_point_fields(self) -> None:
        """Add the boxes, filled with what is known or with the customer's words."""
        known = points_at_hand(self.hand.history)
        self.known_points = {f"known_{each.point.number}": each for each in known}
        self.no_new = new_matters_refused(self.hand.stage) if known else ""
        sent = [name for name in self.sent if name.startswith("new_")]
        asked = max(len(sent), SPARE) + (SPARE if MORE in self.sent else 0)
        room = MOST_POINTS - len(known)
        self.new_points = [f"new_{n}" for n in range(1, min(asked, room) + 1)]
        names = [*self.known_points, *(() if self.no_new else self.new_points)]
        for place, name in enumerate(names, start=1):
            field = words_field(f"Point {place}", required=False, max_length=LONGEST_POINT)
            if name in self.known_points:
                field.initial = self.known_points[name].text
            self.fields[name] = field
        if not known:
            # For the officer to put right, and to divide.
            words = own_words(self.hand.history.complaint.summary)
            self.fields["new_1"].initial = words[:LONGEST_POINT]
        if self.no_new and names:
            self.fields[names[-1]].help_text = self.no_new
        self._add_the_rest(known)

    def _add_the_rest(self, known: tuple[PointWords, ...]) -> None:
        history = self.hand.history
        number = known[0].point.defined_by if known else 0
        told = history.parts(number) if known else {}
        facts = next((e.facts for e in history.state.events if e.number == number), {})
        is_unsaid, is_all = bool(facts.get(SOUGHT_UNSAID)), bool(facts.get(IS_ALL_OURS))
        words = {name: "" if is_all else told.get(name, "") for name in IN_WORDS}
        sought = told.get("sought", "") if told else history.complaint.desired_outcome.strip()
        self.fields["sought"] = words_field(
            "What the customer wants", required=False, max_length=LONGEST_POINT
        )
        self.fields["sought"].initial = "" if is_unsaid else sought
        self.fields["sought_unsaid"] = forms.BooleanField(
            label="The customer did not say what they want", required=False, initial=is_unsaid
        )
        in_part = PART if any(words.values()) else ""
        self.fields["ours"] = _Ours(
            label="Are we responsible for it?",
            choices=[(ALL, "For all of it"), (PART, "Not for all of it")],
            widget=forms.RadioSelect,
            required=defines_points(self.hand.stage),
            initial=ALL if is_all else in_part,
        )
        for name, label in IN_WORDS.items():
            kind = _NotOurs if name == "not_responsible" else forms.CharField
            self.fields[name] = kind(
                label=label,
                required=kind is _NotOurs,
                max_length=LONGEST_POINT,
                widget=forms.Textarea,
                initial=words[name],
            )

    def condition(self, name: str) -> str:
        """Return when a box is needed: the points themselves where the procedure defines them."""
        if name in ("sought", "new_1") and not defines_points(self.hand.stage):
            return ""
        parent: Any = super()
        return str(parent.condition(name))

    @property
    def point_names(self) -> list[str]:
        """Return the names of the boxes for points, in their order."""
        return [name for name in (*self.known_points, *self.new_points) if name in self.fields]

    def point_questions(self) -> Iterator[Any]:
        """Yield how the points are asked."""
        for name in self.point_names:
            yield Question(name, rows=2)
        yield Question("sought", rows=2)
        yield "sought_unsaid"
        yield Question("ours", reveals={PART: [Question(name, rows=2) for name in IN_WORDS]})

    @property
    def would_be_lost(self) -> bool:
        """Say whether something was written that goes with points alone, or known points emptied.

        Without a point nothing is set out anew, and it would be in neither letter nor record.
        """
        if self.definition is not None:
            return False
        emptied = any(name in self.sent for name in self.known_points)
        about = ("sought", "sought_unsaid", "ours", *IN_WORDS)
        return emptied or any(str(self.cleaned_data.get(name) or "").strip() for name in about)

    def check_points(self) -> None:
        """Ask for what the procedure wants set out now (Code 5.6, 5.7), and for one thing of two.

        Elsewhere a point is needed where something goes with the points. Whoever says that not all
        of it is ours says what is not, whatever the procedure.
        """
        defines = defines_points(self.hand.stage)
        first, definition = self.point_names[0], self.definition
        if definition is None:
            if (defines or self.would_be_lost) and first not in self.errors:
                self.add_error(first, NO_POINT)
            return
        if definition.is_sought_unsaid and definition.sought.strip():
            self.add_error("sought", EITHER_SOUGHT)
        if defines and not definition.says_what_is_sought:
            self.add_error("sought", WHAT_IS_SOUGHT)
        is_in_part = self.cleaned_data.get("ours") == PART
        if definition.says_what_is_ours or not (defines or is_in_part):
            return
        if is_in_part or definition.says_in_words_what_is_ours:
            self.add_error("not_responsible", WHAT_IS_NOT_OURS)
        else:
            self.add_error("ours", WHAT_IS_OURS)

    @property
    def definition(self) -> Definition | None:
        """Return the points as they were written; nothing if there are none."""
        given = self.cleaned_data
        points = [
            (self.known_points[name].point.number if name in self.known_points else None, text)
            for name in self.point_names
            if (text := str(given.get(name) or "").strip())
        ]
        if not points:
            return None
        is_all_ours = given.get("ours") == ALL
        # What was typed before the choice was changed back is hidden, and does not count.
        words = {name: "" if is_all_ours else str(given.get(name) or "") for name in IN_WORDS}
        return Definition(
            points,
            sought=str(given.get("sought") or ""),
            is_sought_unsaid=bool(given.get("sought_unsaid")),
            is_all_ours=is_all_ours,
            **words,
        )


class DefinePointsForm(PointFields, ActForm):
    """The points of a complaint, what the customer wants, and what we answer for."""

    act_text = "Set out the points"
    keeps_draft = True
    on_label = "Day on which they were settled"
    has_preview = False

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.add_point_fields()

    def condition(self, name: str) -> str:
        """Return when a box is needed: one point is, whatever the procedure."""
        return self.conditions[name] if name == "new_1" else super().condition(name)

    def layout(self) -> Layout:
        """Return the day, the boxes, and the buttons, one of which gives more boxes."""
        act, cancel = Submit(self.act_text), CancelLink(self.hand.address)
        buttons = Buttons(act, MORE_BOXES, DRAFT_BUTTON, cancel)
        return Layout("on", *self.questions(), buttons)

    def questions(self) -> list[Any]:
        """Return the boxes."""
        return list(self.point_questions())

    def clean(self) -> dict[str, Any]:
        """Ask for one point at least, and for what the procedure wants set out with it."""
        given = super().clean()
        self.check_points()
        first = self.point_names[0]
        if self.definition is None and first not in self.errors:
            self.add_error(first, NO_POINT)
        return given
