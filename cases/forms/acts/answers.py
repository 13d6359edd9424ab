"""The answers that decide: a stage's response, and a hearing's outcome."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms

from cases.forms.acts.common import AtHand, radios
from cases.forms.acts.findings import FindingFields, right_of
from cases.forms.acts.offers import OFFER_FIELDS, OfferFields
from cases.forms.acts.promising import PLACES, PROMISE_FIELDS, Choices, keeper_field
from cases.forms.acts.telling import TellingForm
from cases.forms.fields import DateField
from cases.forms.layout import Question
from cases.operations.stage_acts import Answer, Deed
from cases.operations.telling import Telling
from cases.rules.events import Outcome, PanelDecision
from cases.rules.letter_facts import LetterKind
from cases.rules.letter_parts import NOTHING_TO_PUT_RIGHT, to_vouch_for
from cases.rules.own_words import own_words
from cases.rules.panel_decisions import (
    UNKNOWN,
    choices_about,
    contradictions,
    earlier_decision,
)
from cases.rules.parts import Part
from cases.rules.points import outcome_of
from cases.rules.remedies import Remedy, remedy_sentences
from cases.selectors.promises import chosen_keeper

RIGHT_OF_THE_WHOLE = (
    "Of the whole complaint. What puts a point right stands beside the point in the letter, and is "
    "not said again here; what is to be done or paid has its day or amount here."
)
# That none of it is ours follows from the findings about its points alone.
OUTCOMES = [(each.value, each.words) for each in Outcome if each is not Outcome.NOT_OURS]


def said_of(remedy: Remedy) -> str:
    """Return the name of the field for what is said of a remedy."""
    return f"remedy_{remedy.value}"


def day_of(remedy: Remedy) -> str:
    """Return the name of the field for when a deed was done, or by when it will be."""
    return f"remedy_{remedy.value}_on"


def keeper_of(remedy: Remedy) -> str:
    """Return the name of the field for who sees to a deed."""
    return f"remedy_{remedy.value}_keeper"


def _is_words_alone(remedy: Remedy) -> bool:
    """Say whether the letter itself does it, without a day or an amount."""
    return not remedy.is_deed and remedy is not Remedy.FINANCIAL


def asked_of(remedy: Remedy) -> list[str]:
    """Return the names of the fields that are asked of a remedy that was chosen."""
    if remedy is Remedy.FINANCIAL:
        return [*OFFER_FIELDS, said_of(remedy)]
    return [said_of(remedy), *([day_of(remedy), keeper_of(remedy)] if remedy.is_deed else [])]


class AnswerForm(FindingFields, OfferFields, TellingForm):
    """What an answer decides, what puts it right, and what the customer is told."""

    promises_itself = True
    words_required = True
    words_label = "What the letter says"
    late_label = "Why the answer is late"

    outcome = radios("Outcome of the complaint", OUTCOMES)
    remedies = forms.MultipleChoiceField(
        label="What puts it right",
        choices=[(remedy.value, remedy.words) for remedy in Remedy],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reveals = {
        "promising": {"yes": PROMISE_FIELDS},
        "remedies": {remedy.value: asked_of(remedy) for remedy in Remedy},
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
        if self.points:
            letter = self.field("letter")
            letter.required = False
            letter.help_text = "The reasons beside the points stand in the letter by themselves."
            self.field("remedies").help_text = RIGHT_OF_THE_WHOLE
        self.add_offer_fields()
        self.add_promise_fields(keepers, are_told_again=True)
        phrases = to_vouch_for(LetterKind.RESPONSE, hand.stage)
        if phrases:
            self.fields["says"] = forms.MultipleChoiceField(
                label="The letter also says, as the procedure wants",
                choices=[(each, each[:1].upper() + each[1:]) for each in phrases],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        for remedy in Remedy:
            self._ask_of(remedy, keepers)

    def _ask_of(self, remedy: Remedy, keepers: Choices) -> None:
        """Ask what the letter says of a remedy, and of a deed when and by whom."""
        if not remedy.is_deed:
            label, usual = "What the letter says of it", f"“{remedy.told}”"
            if remedy is Remedy.FINANCIAL:
                usual = "the amount alone."
        else:
            label = "What exactly was done, or will be"
            usual = f"“{remedy.done}” or “{remedy.to_do}”, and the day."
        self.fields[said_of(remedy)] = forms.CharField(
            label=label,
            required=False,
            max_length=1_000,
            help_text=f"Left empty, the letter says: {usual}",
        )
        if remedy.is_deed:
            self.fields[day_of(remedy)] = DateField(
                label="When it was done, or by when it will be",
                called="the day on which it was done, or by which it will be",
                help_text="A day to come makes it a promise to the customer, which is chased.",
            )
            self.fields[keeper_of(remedy)] = keeper_field(
                keepers, label="Who sees to it, if it is still to be done"
            )

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
            Remedy.FINANCIAL.value: [*self.offer_questions(), said_of(Remedy.FINANCIAL)],
        }
        return [
            *self.decisions(),
            Question("remedies", reveals=reveals),
            "promising",
            *self.telling_questions(),
            *(["says"] if "says" in self.fields else []),
        ]

    @property
    def chosen(self) -> list[tuple[Remedy, str]]:
        """Return the remedies that the letter itself does, each with what is said of it.

        Compensation of which nothing more is said is told by its amount alone.
        """
        given = self.cleaned_data
        chosen = [(Remedy(code), given[said_of(Remedy(code))]) for code in given["remedies"]]
        said = [each for each in chosen if each != (Remedy.FINANCIAL, "")]
        return [(remedy, words) for remedy, words in said if not remedy.is_deed]

    @property
    def deeds(self) -> list[Deed]:
        """Return the others, each with its day and who sees to it."""
        given = self.cleaned_data
        return [
            Deed(
                remedy,
                given[day_of(remedy)],
                given[said_of(remedy)] or "",
                *chosen_keeper(given[keeper_of(remedy)] or ""),
            )
            for remedy in map(Remedy, given["remedies"])
            if remedy.is_deed
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for what is missing of the remedies and of the promises."""
        given = super().clean()
        chosen = set(given.get("remedies") or ())
        wrong = dict(self.missing_of_the_offer() if Remedy.FINANCIAL in chosen else {})
        wrong |= self.missing_of_the_promises()
        of_points = {code for each in self.points for code in given.get(right_of(each)) or ()}
        for remedy in map(Remedy, sorted(of_points - chosen)):
            if remedy.is_deed or remedy is Remedy.FINANCIAL:
                wrong["remedies"] = f"Select “{remedy.words}” here too, as a point names it"
        for name, error in wrong.items():
            if name not in self.errors:
                self.add_error(name, error)
        return given

    @property
    def decides(self) -> Outcome | None:
        """Return the outcome: the one chosen, or what the findings give."""
        chosen = self.cleaned_data.get("outcome")
        if chosen:
            return Outcome(chosen)
        given = (self.cleaned_data.get(f"finding_{each.point.number}") for each in self.points)
        return outcome_of([Outcome(code) for code in given if code])

    def has_part(self, part: Part) -> bool | None:
        """Say whether it is told what is answered, and what puts right what went wrong."""
        match part:
            case Part.DEFINITION:
                told = own_words(self.hand.history.complaint.summary)
                return bool(self.points or told.strip())
            case Part.REMEDY if self.decides not in NOTHING_TO_PUT_RIGHT:
                return self._puts_right
        return super().has_part(part)

    @property
    def _puts_right(self) -> bool:
        """Say whether anything is chosen that puts it right, a deed with its day."""
        given = self.cleaned_data
        chosen = [Remedy(code) for code in given.get("remedies") or ()]
        of_points = (code for each in self.points for code in given.get(right_of(each)) or ())
        told = [each for each in (*chosen, *map(Remedy, of_points)) if _is_words_alone(each)]
        deeds = [each for each in chosen if each.is_deed and given.get(day_of(each))]
        promised = [n for n in PLACES if given.get(f"promise_{n}") and given.get(f"promise_{n}_on")]
        is_money_told = bool(Remedy.FINANCIAL in chosen and given.get(said_of(Remedy.FINANCIAL)))
        return bool(told or deeds or promised or is_money_told or self.offers_money)

    @property
    def telling(self) -> Telling:
        """Return how the customer is told, and what the officer vouches for."""
        return replace(super().telling, says=self.cleaned_data.get("says", ()))

    @property
    def answer(self) -> Answer:
        """Return what was decided, once the answers were checked."""
        outcome = self.cleaned_data["outcome"]
        return Answer(
            outcome=Outcome(outcome) if outcome else None,
            remedies=self.cleaned_data["remedies"],
            deeds=self.deeds,
            remedy_words=remedy_sentences(self.chosen),
            promises=self.promises,
            offer=self.offer,
            judgement=self.judgement,
        )


class RespondForm(AnswerForm):
    """The answer of a stage."""

    act_text = "Send the response"
    on_label = "Day of the response"

    def must_be_written(self) -> str:
        """Return that the procedure wants it in writing, where it does."""
        if self.hand.stage.is_answered_in_writing:
            return f"{self.hand.stage.name} is answered in writing."
        return ""


class OutcomeForm(AnswerForm):
    """The outcome of a hearing: the panel's decision and the outcome of the complaint are two."""

    act_text = "Send the outcome"
    on_label = "Day of the letter"

    decision = radios("What the panel decides about the earlier decision", [])

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        panel = hand.stage.panel
        known = panel.decisions if panel else ()
        terms = hand.history.terms
        stages = {each.code: each.name for each in terms.stages}
        self.earlier = earlier_decision(hand.history.state, stages) if known else None
        if known:
            self.field("decision").choices = choices_about(known, self.earlier)
            self.field("decision").help_text = self.earlier.words if self.earlier else UNKNOWN
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

    def advice(self) -> Sequence[str]:
        """Return where the panel's decision and its finding do not go together."""
        found = {each.point.number: self.finding_of(each) for each in self.points}
        findings = {number: finding for number, finding in found.items() if finding}
        decision = self.panel_decision
        return list(contradictions(decision, self.decides, self.earlier, findings))

    @property
    def sends_back(self) -> bool:
        """Say whether the panel sends the complaint back."""
        return self.panel_decision is PanelDecision.RE_INVESTIGATE

    @property
    def answer_if_any(self) -> Answer | None:
        """Return what was decided; nothing when the complaint is sent back."""
        return None if self.sends_back else self.answer
