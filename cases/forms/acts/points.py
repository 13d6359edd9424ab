"""Setting out the points of a complaint, in a form of its own and with the acknowledgement."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from cases.forms.acts.common import DRAFT_BUTTON, ActForm, AtHand, words_field
from cases.forms.layout import Buttons, CancelLink, Layout, Question, Submit
from cases.operations.points import Definition
from cases.rules.own_words import own_words
from cases.rules.points import MOST_POINTS, PointWords, in_words, new_matters_refused
from cases.selectors.case_history import CaseHistory

LONGEST_POINT = 2_000
# Empty boxes offered beside the points known, and with each press of the button for more.
SPARE = 2
NO_POINT = "Write down at least one point"
WHAT_IS_OURS = "Say what we are responsible for, or what we are not responsible for"
MORE = "more"
MORE_BOXES = Submit("More boxes for points", kind="secondary", name=MORE, value="yes")
# What the customer is told at first of what we answer for; put right where it is not so.
ALL_OF_IT = "All of what you told us."
ABOUT = {
    "sought": "What the customer wants",
    "responsible": "What we are responsible for",
    "not_responsible": "What we are not responsible for",
}


def points_at_hand(history: CaseHistory) -> tuple[PointWords, ...]:
    """Return the points of the complaint with their words."""
    words = {number: kept.parts for number, kept in history.words.items()}
    return in_words(history.state.points, words)


class PointFields:
    """The boxes for the points: one for each that is known, and empty ones for new ones.

    A known point keeps its number in the name of its box. Emptied, it is left out.
    """

    fields: dict[str, forms.Field]
    hand: AtHand
    cleaned_data: dict[str, Any]
    sent: Mapping[str, Any]

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
        told = history.parts(known[0].point.defined_by) if known else {}
        told = told or {"sought": history.complaint.desired_outcome.strip()}
        for name, label in ABOUT.items():
            field = words_field(label, required=False, max_length=LONGEST_POINT)
            field.initial = told.get(name, "")
            self.fields[name] = field
        if not (told.get("responsible") or told.get("not_responsible")):
            self.fields["responsible"].initial = ALL_OF_IT

    @property
    def point_names(self) -> list[str]:
        """Return the names of the boxes for points, in their order."""
        return [name for name in (*self.known_points, *self.new_points) if name in self.fields]

    def point_questions(self) -> Iterator[Any]:
        """Yield how the points are asked."""
        for name in self.point_names:
            yield Question(name, rows=2)
        for name in ABOUT:
            yield Question(name, rows=2)

    @property
    def would_be_lost(self) -> bool:
        """Say whether something was written that goes with points alone, or known points emptied.

        Without a point nothing is set out anew, and it would be in neither letter nor record.
        """
        if self.definition is not None:
            return False
        emptied = any(name in self.sent for name in self.known_points)
        return emptied or any(str(self.cleaned_data.get(name) or "").strip() for name in ABOUT)

    @property
    def says_what_is_ours(self) -> bool:
        """Say whether it is told what we are responsible for, or what not (Code 5.7)."""
        told = (self.cleaned_data.get(name) for name in ("responsible", "not_responsible"))
        return any(str(each or "").strip() for each in told)

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
        return Definition(points, *(str(given.get(name) or "") for name in ABOUT))


class DefinePointsForm(PointFields, ActForm):
    """The points of a complaint, what the customer wants, and what we answer for."""

    act_text = "Set out the points"
    keeps_draft = True
    on_label = "Day on which they were settled"
    has_preview = False

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.add_point_fields()

    def layout(self) -> Layout:
        """Return the day, the boxes, and the buttons, one of which gives more boxes."""
        act, cancel = Submit(self.act_text), CancelLink(self.hand.address)
        buttons = Buttons(act, MORE_BOXES, DRAFT_BUTTON, cancel)
        return Layout("on", *self.questions(), buttons)

    def questions(self) -> list[Any]:
        """Return the boxes."""
        return list(self.point_questions())

    def clean(self) -> dict[str, Any]:
        """Ask for one point at least."""
        given = super().clean()
        if self.definition is None:
            self.add_error(self.point_names[0], NO_POINT)
        return given
