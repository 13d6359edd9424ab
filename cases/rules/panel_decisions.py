"""What a panel decides about the decision before, beside what it finds about the complaint (HH-24).

The two are apart: where the decision before was that nothing is upheld, a panel that agrees with it
does not uphold the complaint.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from cases.rules.events import ANSWERS, Event, Outcome, PanelDecision
from cases.rules.foresight import in_full
from cases.rules.state import CaseState


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """The last outcome that was told before the complaint came to the panel.

    `findings` are those about its points, by their numbers.
    """

    stage: str
    on: date
    outcome: Outcome
    findings: Mapping[int, Outcome] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """Return it in a sentence, beside which the panel's decision is chosen."""
        outcome = self.outcome.words.lower()
        return (
            f"The earlier decision: {outcome}. It was given in {self.stage}, on {in_full(self.on)}."
        )

    @property
    def stage_in_short(self) -> str:
        """Return the name of its stage without what follows a comma: "Stage 2"."""
        return self.stage.partition(",")[0]


UNKNOWN = "The record does not say what the earlier decision was."


def earlier_decision(state: CaseState, stages: Mapping[str, str]) -> EarlierDecision | None:
    """Return what the panel decides about, nothing where the record has no outcome of it.

    `stages` are the names of the stages by their codes.
    """
    found = None
    for event in state.events:
        if event.number == state.current.began_by:
            break
        if event.kind in ANSWERS and event.facts.get("outcome"):
            found = event
    if found is None:
        return None
    return EarlierDecision(
        stages.get(found.stage, "The stage before"),
        found.on,
        Outcome(found.facts["outcome"]),
        _findings(found),
    )


def _findings(event: Event) -> Mapping[int, Outcome]:
    told = event.facts.get("findings", {})
    return {int(number): Outcome(each["finding"]) for number, each in told.items()}


def choices_about(
    decisions: tuple[PanelDecision, ...], earlier: EarlierDecision | None
) -> list[tuple[str, str]]:
    """Return what a panel may decide, in words that name the decision which is meant."""
    of = f"the decision of {earlier.stage_in_short}" if earlier else "the earlier decision"
    words = {
        PanelDecision.UPHELD: f"Agrees with {of}, so that it stands",
        PanelDecision.CHANGED: f"Changes {of}",
        PanelDecision.RE_INVESTIGATE: "Has the complaint investigated again",
    }
    return [(each.value, words[each]) for each in decisions]


def contradictions(
    decision: PanelDecision | None,
    outcome: Outcome | None,
    earlier: EarlierDecision | None,
    findings: Mapping[int, Outcome],
) -> Iterator[str]:
    """Yield what does not go together; it is advice, for a panel may mean what it says.

    `findings` are about the points that have one, by their numbers.
    """
    if decision is None or outcome is None or earlier is None:
        return
    both = [number for number in findings if number in earlier.findings]
    differ = [number for number in both if findings[number] is not earlier.findings[number]]
    was, found, of = earlier.outcome.words.lower(), outcome.words.lower(), earlier.stage_in_short
    if decision is PanelDecision.UPHELD and outcome is not earlier.outcome:
        yield (
            f"The panel agrees with the decision of {of}, which was: {was}. The outcome of the "
            f"complaint is: {found}. Look again at which of the two is meant."
        )
    elif decision is PanelDecision.UPHELD and differ:
        yield (
            f"The panel agrees with the decision of {of}, but finds otherwise about a point than "
            "was found there. Look again at which of the two is meant."
        )
    elif decision is PanelDecision.CHANGED and outcome is earlier.outcome and not differ:
        yield (
            f"The panel changes the decision of {of}, and the outcome of the complaint is as it "
            f"was there: {was}. If something else is changed, say in the letter what."
        )
