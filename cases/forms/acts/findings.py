"""What an answer finds about each point of a complaint."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms

from cases.forms.acts.common import AtHand, radios, words_field
from cases.forms.acts.points import points_at_hand, says_what_is_not_ours
from cases.forms.layout import Fieldset, Question
from cases.operations.points import Judgement, PointFinding
from cases.rules.events import Outcome
from cases.rules.plain_language import Found
from cases.rules.points import PointWords, one_line
from cases.rules.remedies import Remedy

LONGEST_TURN_TO = 500
AS_FOUND = ("", "As the findings about the points give it")


def right_of(each: PointWords) -> str:
    """Return the name of the field for what puts a point right."""
    return f"right_{each.point.number}"


def turn_to(each: PointWords) -> str:
    """Return the name of the field for who answers for a point that is not ours."""
    return f"turn_to_{each.point.number}"


class FindingFields:
    """The questions about each point: the finding, why, on what it rests, what puts it right."""

    fields: dict[str, forms.Field]
    hand: AtHand
    cleaned_data: dict[str, Any]
    not_asked: Any
    reveals: Mapping[str, Mapping[str, Sequence[str]]]

    def add_finding_fields(self, evidence: Sequence[tuple[str, str]]) -> None:
        """Add the questions, for a complaint whose points were set out; else none."""
        self.points: Sequence[PointWords] = points_at_hand(self.hand.history)
        self.may_not_be_ours = bool(self.points) and says_what_is_not_ours(self.hand.history)
        for each in self.points:
            number = each.point.number
            self._ask_what_is_found(each)
            self.fields[f"reason_{number}"] = words_field(
                f"Why: the reason for the finding about point {each.place}",
                error_messages={"required": f"Write why you find this about point {each.place}"},
            )
            self.fields[f"right_{number}"] = forms.MultipleChoiceField(
                label=f"What puts point {each.place} right",
                choices=[(remedy.value, remedy.words) for remedy in Remedy],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
            if evidence:
                self.fields[f"evidence_{number}"] = forms.MultipleChoiceField(
                    label=f"What the finding about point {each.place} rests on",
                    choices=list(evidence),
                    widget=forms.CheckboxSelectMultiple,
                    required=False,
                )
        if self.points:
            outcome: Any = self.fields["outcome"]
            outcome.choices = [AS_FOUND, *outcome.choices]
            outcome.required, outcome.initial = False, ""
            self.fields["outcome_because"] = words_field(
                "Why the outcome is another than the findings give, if it is", required=False
            )

    def _ask_what_is_found(self, each: PointWords) -> None:
        """Ask for the finding, and who answers for it where the customer was told it is not ours.

        Elsewhere that is not offered: nobody learns only from the answer that we do not answer for
        it (Code 5.7).
        """
        outcomes = [one for one in Outcome if self.may_not_be_ours or one is not Outcome.NOT_OURS]
        finding = f"finding_{each.point.number}"
        self.fields[finding] = radios(
            f"What we find about point {each.place}",
            [(outcome.value, outcome.words) for outcome in outcomes],
            error_messages={"required": f"Select what you find about point {each.place}"},
        )
        if not self.may_not_be_ours:
            return
        self.fields[turn_to(each)] = forms.CharField(
            label=f"Who answers for point {each.place}, and how to reach them",
            max_length=LONGEST_TURN_TO,
            help_text="The letter says: “For this you can turn to:”, and this.",
            error_messages={"required": f"Write who answers for point {each.place}"},
        )
        self.reveals = {**self.reveals, finding: {Outcome.NOT_OURS.value: [turn_to(each)]}}

    def finding_questions(self) -> Iterator[Any]:
        """Yield the questions, a group for each point."""
        for each in self.points:
            number = each.point.number
            names = [f"finding_{number}", f"reason_{number}", f"evidence_{number}"]
            yield Fieldset(
                f"Point {each.place}: {one_line(each.text)}",
                names[0],
                Question(names[1], rows=4),
                Question(f"right_{number}", is_small=True),
                *([Question(names[2], is_small=True)] if names[2] in self.fields else []),
            )

    def ask_for_findings_later(self) -> None:
        """Ask for the findings only once it is known that they are needed."""
        for name in self._needed:
            self.fields[name].required = False

    @property
    def _needed(self) -> list[str]:
        return [
            f"{kind}_{each.point.number}" for each in self.points for kind in ("finding", "reason")
        ] + [turn_to(each) for each in self.points if self.may_not_be_ours]

    def missing_findings(self) -> Iterator[tuple[str, str]]:
        """Yield the question of each finding and reason that is missing, and what to do."""
        hidden = self.not_asked()
        for name in self._needed:
            if name not in hidden and not str(self.cleaned_data.get(name) or "").strip():
                yield name, str(self.fields[name].error_messages["required"])

    @property
    def found(self) -> Sequence[Found]:
        """Return what was found about each point and why, as far as it was answered."""
        return [self._found(each) for each in self.points]

    def _found(self, each: PointWords) -> Found:
        reason = self.cleaned_data.get(f"reason_{each.point.number}") or ""
        return Found(each.place, self.finding_of(each), reason)

    def finding_of(self, each: PointWords) -> Outcome | None:
        """Return what was found about a point, as far as it was answered."""
        finding = self.cleaned_data.get(f"finding_{each.point.number}")
        return Outcome(finding) if finding else None

    @property
    def judgement(self) -> Judgement:
        """Return what was found, once the answers were checked."""
        given = self.cleaned_data
        return Judgement(
            [
                PointFinding(
                    number,
                    Outcome(given[f"finding_{number}"]),
                    given[f"reason_{number}"],
                    given[f"right_{number}"],
                    given.get(f"evidence_{number}", ()),
                    given.get(f"turn_to_{number}", ""),
                )
                for number in (each.point.number for each in self.points)
            ],
            given.get("outcome_because", ""),
        )
