"""The answers that decide: a stage's response, and a hearing's outcome."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from cases.forms.acts.common import AtHand, TellingForm, radios, words_field
from cases.forms.acts.findings import FindingFields
from cases.forms.acts.late import avoidable_field
from cases.forms.acts.promises import keeper_field
from cases.forms.fields import DateField, MoneyField
from cases.forms.layout import Question
from cases.operations.letters import Telling
from cases.operations.promises import Promised
from cases.operations.stage_acts import Answer
from cases.rules.events import Outcome, PanelDecision
from cases.rules.letter_facts import LetterKind
from cases.rules.letter_parts import to_vouch_for
from cases.rules.points import outcome_of
from cases.rules.remedies import Remedy, remedy_sentences
from cases.selectors.promises import chosen_keeper, promised_already

OUTCOMES = [(outcome.value, outcome.words) for outcome in Outcome]


def said_of(remedy: Remedy) -> str:
    """Return the name of the field for what is said of a remedy."""
    return f"remedy_{remedy.value}"


# An answer asks for so many promises at once; more are recorded beside it.
MOST_PROMISES = 4
PROMISE_FIELDS = [
    name
    for number in range(1, MOST_PROMISES + 1)
    for name in (f"promise_{number}", f"promise_{number}_on", f"promise_{number}_keeper")
]


class AnswerForm(FindingFields, TellingForm):
    """What an answer decides, what puts it right, and what the customer is told."""

    words_required = True
    words_label = "What the letter says"

    outcome = radios("Outcome of the complaint", OUTCOMES)
    remedies = forms.MultipleChoiceField(
        label="What puts it right",
        choices=[(remedy.value, remedy.words) for remedy in Remedy],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    amount = MoneyField(label="Amount", min_value=Decimal("0.01"))
    promising = radios(
        "Does it promise anything that is still to be done?",
        [("no", "No"), ("yes", "Yes")],
        required=False,
        initial="no",
    )
    late_because = words_field("Why the answer is late", required=False)

    reveals = {
        "promising": {"yes": PROMISE_FIELDS},
        "remedies": {
            remedy.value: (
                [said_of(remedy), "amount"] if remedy is Remedy.FINANCIAL else [said_of(remedy)]
            )
            for remedy in Remedy
        },
    }

    def __init__(
        self,
        *args: Any,
        hand: AtHand,
        evidence: Sequence[tuple[str, str]] = (),
        keepers: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.add_finding_fields(evidence)
        for number in range(1, MOST_PROMISES + 1):
            self._add_promise(number, keepers)
        phrases = to_vouch_for(LetterKind.RESPONSE, hand.stage)
        if phrases:
            self.fields["says"] = forms.MultipleChoiceField(
                label="The letter also says, as the procedure wants",
                choices=[(each, each[:1].upper() + each[1:]) for each in phrases],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        for remedy in Remedy:
            self.fields[said_of(remedy)] = forms.CharField(
                label="What the letter says of it: what exactly, and by when",
                required=False,
                max_length=1_000,
                help_text=f"Left empty, the letter says: “{remedy.promise}”",
            )
        if promised := promised_already(hand.history):
            self.field(
                "promising"
            ).help_text = f"Promised already, and told again in the letter: {'; '.join(promised)}."
        self.field("late_because").help_text = "The customer is told the reason."
        if self.is_late_today:
            self.fields["avoidable"] = avoidable_field()
        else:
            del self.fields["late_because"]

    def _add_promise(self, number: int, keepers: Sequence[tuple[str, str]]) -> None:
        """Ask for one promise: what, by when, and who keeps it."""
        self.fields[f"promise_{number}"] = forms.CharField(
            label=f"Promise {number}: what we will do",
            required=False,
            max_length=1_000,
            help_text="For example: A surveyor visits you to look at the damp"
            if number == 1
            else "",
        )
        self.fields[f"promise_{number}_on"] = DateField(
            label="By when", called="the day by which it is done", required=False
        )
        self.fields[f"promise_{number}_keeper"] = keeper_field(keepers)

    @property
    def is_late_today(self) -> bool:
        """Say whether an answer given today is late."""
        promise = self.hand.stage.answer
        state = self.hand.history.state
        if promise is None:
            return False
        deadline = state.deadline(state.stage, promise.code, state.visit)
        due = deadline.due_on if deadline else None
        return due is not None and self.hand.today > due

    def decisions(self) -> list[Any]:
        """Return the questions about what was decided."""
        return [*self.finding_questions(), *self.outcome_questions()]

    def outcome_questions(self) -> list[Any]:
        """Return the outcome, and why it is another than the findings give where there are any."""
        because = [Question("outcome_because", rows=2)] if self.points else []
        return ["outcome", *because]

    def questions(self) -> Sequence[Any]:
        """Return what was decided, what puts it right, why it is late if it is, and the letter."""
        reveals = {
            Remedy.FINANCIAL.value: [
                Question("amount", prefix="£", width=10),
                said_of(Remedy.FINANCIAL),
            ]
        }
        is_late = "late_because" in self.fields
        late = [self.draft("late_because", rows=3), "avoidable"] if is_late else []
        return [
            *self.decisions(),
            Question("remedies", reveals=reveals),
            "promising",
            *late,
            *self.telling_questions(),
            *(["says"] if "says" in self.fields else []),
        ]

    @property
    def chosen(self) -> list[tuple[Remedy, str]]:
        """Return the remedies that the letter tells of, each with what is said of it.

        Compensation of which nothing more is said is told by its amount alone.
        """
        given = self.cleaned_data
        chosen = [(Remedy(code), given[said_of(Remedy(code))]) for code in given["remedies"]]
        return [each for each in chosen if each != (Remedy.FINANCIAL, "")]

    def clean(self) -> dict[str, Any]:
        """Ask of each promise both what and by when, and of one at least where there are any."""
        given = super().clean()
        if given.get("promising") != "yes":
            return given
        for number in range(1, MOST_PROMISES + 1):
            words, day = f"promise_{number}", f"promise_{number}_on"
            if given.get(words) and not given.get(day) and day not in self.errors:
                self.add_error(day, "Enter the day by which it is done")
            elif given.get(day) and not given.get(words):
                self.add_error(words, "Say what we will do")
        if not self.errors and not self.promises:
            self.add_error("promise_1", "Say what we will do")
        return given

    @property
    def promises(self) -> list[Promised]:
        """Return what is promised, each with its day and who keeps it."""
        given = self.cleaned_data
        return [
            Promised(
                given[f"promise_{number}"],
                given[f"promise_{number}_on"],
                *chosen_keeper(given[f"promise_{number}_keeper"]),
            )
            for number in range(1, MOST_PROMISES + 1)
            if given.get(f"promise_{number}")
        ]

    @property
    def decides(self) -> Outcome | None:
        """Return the outcome: the one chosen, or what the findings give."""
        chosen = self.cleaned_data.get("outcome")
        if chosen:
            return Outcome(chosen)
        given = (self.cleaned_data.get(f"finding_{each.point.number}") for each in self.points)
        return outcome_of([Outcome(code) for code in given if code])

    @property
    def telling(self) -> Telling:
        """Return how the customer is told, and what the officer vouches for."""
        return replace(super().telling, says=self.cleaned_data.get("says", ()))

    @property
    def late(self) -> str:
        """Return why it is late, nothing when it is not asked."""
        return str(self.cleaned_data.get("late_because") or "")

    @property
    def avoidable(self) -> bool | None:
        """Return whether the delay could have been avoided, nothing when it is not asked."""
        given = self.cleaned_data.get("avoidable")
        return given == "yes" if given else None

    @property
    def answer(self) -> Answer:
        """Return what was decided, once the answers were checked."""
        amount = self.cleaned_data["amount"]
        outcome = self.cleaned_data["outcome"]
        return Answer(
            outcome=Outcome(outcome) if outcome else None,
            remedies=self.cleaned_data["remedies"],
            remedy_words=remedy_sentences(self.chosen),
            promises=self.promises,
            amount=f"{amount:.2f}" if amount else "",
            late_because=self.late,
            avoidable=self.avoidable,
            judgement=self.judgement,
        )


class RespondForm(AnswerForm):
    """The answer of a stage."""

    act_text = "Send the response"
    on_label = "Day of the response"

    def must_be_written(self) -> str:
        """Return that the procedure wants it in writing, where it does."""
        promise = self.hand.stage.answer
        if promise is not None and promise.in_writing:
            return f"{self.hand.stage.name} is answered in writing."
        return ""


class OutcomeForm(AnswerForm):
    """The outcome of a hearing: the panel's decision and the outcome of the complaint are two."""

    act_text = "Send the outcome"
    on_label = "Day of the letter"

    decision = radios(
        "The panel’s decision about the earlier decision",
        [(decision.value, decision.words) for decision in PanelDecision],
    )

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        panel = hand.stage.panel
        known = panel.decisions if panel else ()
        if known:
            self.field("decision").choices = [(each.value, each.words) for each in known]
        else:
            del self.fields["decision"]
        self.field("outcome").required = not (known or self.points)
        if known:
            self.ask_for_findings_later()
        self.order_fields(["seen", "on", "decision"])
        if known:
            self.field("outcome").label = "Outcome of the complaint, unless it is sent back"

    must_be_written = RespondForm.must_be_written

    def decisions(self) -> list[Any]:
        """Return the panel's decision where it makes one, and the outcome."""
        return [*(["decision"] if "decision" in self.fields else []), *super().decisions()]

    @property
    def panel_decision(self) -> PanelDecision | None:
        """Return the panel's decision, where it makes one."""
        given = self.cleaned_data.get("decision")
        return PanelDecision(given) if given else None

    def clean(self) -> dict[str, Any]:
        """Ask for the outcome unless the complaint is sent back."""
        given = super().clean()
        sent_back = given.get("decision") == PanelDecision.RE_INVESTIGATE
        if sent_back:
            return given
        if "decision" in given and not self.points and not given.get("outcome"):
            self.add_error("outcome", "Select the outcome of the complaint")
        if "decision" in given:
            for name, error in self.missing_findings():
                self.add_error(name, error)
        return given

    @property
    def answer_if_any(self) -> Answer | None:
        """Return what was decided; nothing when the complaint is sent back."""
        if self.panel_decision is PanelDecision.RE_INVESTIGATE:
            return None
        return self.answer
