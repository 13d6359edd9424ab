"""What an entry of the story is called, and what it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cases.rules.authority import Authority
from cases.rules.events import ABOUT_A_PROMISE, Event, EventKind, Outcome
from cases.rules.foresight import in_full
from cases.rules.letter_approvals import Decision
from cases.rules.points import part_label
from cases.rules.promises import PromiseKind, kind_made
from cases.rules.timeline_facts import Lookup, facts_in_words

# Characters beyond which words are folded away.
LONG = 600


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that an entry says. What is internal never goes to a customer."""

    label: str
    text: str
    is_internal: bool = False

    @property
    def is_long(self) -> bool:
        """Say whether it is better folded away until somebody reads it."""
        return len(self.text) > LONG


THEIR_REFERENCE = "their_reference"
# The words beside events, by the part they are kept under.
_PARTS = {
    "summary": "In their words",
    "desired_outcome": "What would put it right",
    "letter": "What the customer was told",
    "resolution": "How it was put right",
    "remedies": "To put it right",
    "late_because": "Why it was late",
    "reasons": "The customer’s reasons",
    "reason": "Reason",
    "changed_because": "Why it was changed on review",
    THEIR_REFERENCE: "The Ombudsman’s case number",
    "evidence": "Evidence",
    "sought": "What the customer wants",
    "responsible": "What we are responsible for",
    "not_responsible": "What we are not responsible for",
    "outcome_because": "Why the outcome is not what the findings give",
    "contractor": "Contractor",
    "place": "Place",
    "committee": "Committee",
    "made_so": "In the format they need",
    "other_day_because": "Why on another day than arranged",
    "companion": "Came with the customer",
    "others": "Who else was there",
    "minutes": "Minutes",
    "promise": "What exactly",
    "call_number": "On which number",
    "call_when": "When it is good and safe",
    "basis": "How it was worked out",
    "something_else": "What “something else” is",
    "set_off_because": "Why it is set off",
    "proof": "Proof",
    "outside": "Done from outside by",
    "sender": "From",
    "subject": "Subject",
    "mail": "What they wrote",
    "added": "What they wrote",
    "address_before": "Sent before to",
    "address_now": "Sent now to",
    "note": "",
}
# Of a call to the customer, by its label: for them and colleagues, and in no evidence.
FOR_A_CALL = frozenset({_PARTS["call_number"], _PARTS["call_when"]})
# Parts that are told to those alone who need them, and are found by nobody.
UNTOLD = frozenset({"link"})
# What is for staff alone: words that were not for the customer, and marks that we set.
_INTERNAL = frozenset(
    {
        *("proof", "basis", "something_else", "evidence", "minutes", "note", "outcome_because"),
        "other_day_because",
        *("level", "listed", "subjects", "conflicted"),
        *("cover", "cover_from", "cover_until", "uncovered"),
        *("address_before", "address_now"),
    }
)


def title_of(event: Event, lookup: Lookup, target: Event | None) -> str:
    """Return what an entry is called. `target` is the entry that it corrects or strikes out."""
    special = _TITLES.get(event.kind)
    title = special(event, lookup, target) if special else ""
    return title or event.kind.words


def lines_of(
    event: Event, parts: Mapping[str, str], lookup: Lookup, target: Event | None
) -> tuple[Line, ...]:
    """Return what an entry says: what its facts tell, then the words beside it."""
    told = [
        Line(label, words, name in _INTERNAL)
        for name, label, words in facts_in_words(event, lookup)
        # What was written of a remedy says more than its kind.
        if not (name == "remedies" and parts.get("remedies"))
    ]
    if event.kind is EventKind.CORRECTED and target is not None and event.facts.get("on"):
        on, was = event.day("on"), event.day("was") or target.on
        told.append(Line("Day", f"{in_full(on) if on else ''} instead of {in_full(was)}"))
    known = [name for name in _PARTS if parts.get(name)]
    others = [name for name in parts if name not in _PARTS and name not in UNTOLD and parts[name]]
    for name in [*known, *others]:
        label = _PARTS.get(name, part_label(name))
        told.append(Line(label, parts[name], name in _INTERNAL))
    return tuple(told)


# Titles -------------------------------------------------------------------------------------


def _assigned(event: Event, lookup: Lookup, _target: Event | None) -> str:
    officer = event.facts.get("officer")
    return f"Given to {lookup.person(officer)}" if officer else "Without a responsible officer"


def _requested(event: Event, lookup: Lookup, _target: Event | None) -> str:
    stage = lookup.stages.get(event.stage, "The next stage")
    late = " after the time for it" if event.facts.get("in_time") is False else ""
    return f"{stage} asked for{late}{_by_a_speaker(event, lookup)}"


def _by_a_speaker(event: Event, lookup: Lookup) -> str:
    """Return who did it for the customer on the web, nothing where they did it themselves."""
    if "by_speaker" not in event.facts:
        return ""
    name = lookup.speakers.get(event.facts["by_speaker"], "somebody")
    return f", by {name} who speaks for the customer"


def _passed_on(event: Event, lookup: Lookup, _target: Event | None) -> str:
    return f"Passed on to {lookup.stages.get(event.stage, 'the next stage')}"


def _answered(event: Event, _lookup: Lookup, _target: Event | None) -> str:
    outcome = event.facts.get("outcome")
    return f"{event.kind.words}: {Outcome(outcome).words.lower()}" if outcome else ""


def _withdrawn(event: Event, lookup: Lookup, _target: Event | None) -> str:
    who = _by_a_speaker(event, lookup)
    return f"{event.kind.words}{who}" if who else ""


def _noted(event: Event, lookup: Lookup, _target: Event | None) -> str:
    if event.facts.get("breach"):
        who = "Somebody with a link or a code" if event.facts.get("beside") else "The customer"
        return f"{who} saw somebody else’s information"
    if event.facts.get("from_customer"):
        who = _by_a_speaker(event, lookup)
        return f"Something added{who}" if who else "The customer added something"
    if event.facts.get("answered_question"):
        return "Answer to a question has come"
    if event.facts.get("asked_for"):
        return "Question to somebody outside the case"
    return "Customer could not be reached" if event.facts.get("attempt") else ""


def _file(event: Event, lookup: Lookup, target: Event | None) -> str:
    name = lookup.files.get(event.facts.get("file", 0), "a file")
    is_minutes = target is not None and target.kind is EventKind.HEARING_HELD
    return f"Minutes of the hearing: {name}" if is_minutes else f"File added: {name}"


def _corrected(event: Event, _lookup: Lookup, target: Event | None) -> str:
    if target is None:
        return ""
    changes = event.facts.get("changes", {})
    if changes.get("posted_on"):
        return "Letter posted"
    if changes.get("channel") == "post":
        return "E-mail did not arrive: letter by post instead"
    if "customer" in changes:
        return "Customer corrected"
    return f"Corrected: {target.kind.words}"


def _retracted(event: Event, _lookup: Lookup, target: Event | None) -> str:
    if event.facts.get("mail_to") == "complaint":
        return "E-mail taken out: it belongs to another complaint"
    if event.facts.get("mail_to") == "post":
        return "E-mail taken out: it waits to be sorted"
    return f"Struck out: {target.kind.words}" if target else ""


def _details(event: Event, lookup: Lookup, _target: Event | None) -> str:
    facts = event.facts
    for name, words in _DETAILS.items():
        if name in facts:
            return _about_a_speaker(facts, lookup) if name in _OF_SPEAKERS else words
    return ""


def _about_a_speaker(facts: Mapping[str, Any], lookup: Lookup) -> str:
    """Return what was done about somebody who speaks for the customer, with their name."""
    known = next(name for name in _OF_SPEAKERS if name in facts)
    words = _DETAILS[known]
    if known == "representative":
        is_same = facts.get("authority_stays", False)
        words = _SPEAKER_KEPT if is_same else _SPEAKERS.get(facts.get("authority", ""), words)
    name = lookup.speakers.get(facts[known], "")
    return f"{words}: {name}" if name else words


_OF_SPEAKERS = ("copy_to_representative", "receipt_to", "representative")
_SPEAKER_KEPT = "Details of a representative changed"
_SPEAKERS = {
    Authority.ASKED: "Customer asked about a representative",
    Authority.CONFIRMED: "Representative confirmed",
    Authority.DECLINED: "Representative refused by the customer",
    Authority.REVOKED: "Authority of a representative revoked",
}


_DETAILS = {
    "joint": "Joint complainant added",
    "joint_removed": "Joint complainant removed",
    "joint_letters": "Letters to a joint complainant changed",
    "copy_to_joint": "One letter to somebody who complains too",
    "copy_to_representative": "Copy of the letter to the representative",
    "receipt_to": "Representative told that their message came",
    "representative": "Representative recorded",
    "link": "Linked with another complaint",
    "unlinked": "Parted from another complaint",
    "merged_in": "Another complaint was merged into this one",
    "merged_out": "The other complaint, merged into this one, goes on by itself again",
    "considered_in": "Earlier complaint named in which the matter was considered",
    "divided": "Divided: part of it became a complaint of its own",
    "customer_details": "Customer’s details changed",
    "sent_elsewhere": "E-mail sent again to another address",
}


def kind_promised(made: Event) -> PromiseKind:
    """Return what kind of dated promise an event made."""
    return kind_made(made) or PromiseKind.PROMISE


def is_about_an_action(event: Event, target: Event | None = None) -> bool:
    """Say whether an event made an action, or tells what became of the one that `target` made."""
    made = target if event.kind in ABOUT_A_PROMISE else event
    return made is not None and made.kind is EventKind.PROMISED and kind_promised(made).is_internal


def _promised(event: Event, _lookup: Lookup, _target: Event | None) -> str:
    kind = kind_promised(event)
    return "" if kind.is_to_customer else kind.words


def _about_a_promise(event: Event, _lookup: Lookup, target: Event | None) -> str:
    kind = kind_promised(target) if target else PromiseKind.PROMISE
    if kind.is_internal:
        return f"{kind.words} {_DONE[event.kind]}"
    return "" if kind.is_to_customer else f"{kind.words}: {_OWED[event.kind]}"


_OWED = {
    EventKind.PROMISE_MOVED: "moved to another day",
    EventKind.PROMISE_GIVEN: "given to somebody else",
    EventKind.PROMISE_KEPT: "complied with",
    EventKind.PROMISE_WITHDRAWN: "cancelled",
}
_DONE = {
    EventKind.PROMISE_MOVED: "moved to another day",
    EventKind.PROMISE_GIVEN: "given to somebody else",
    EventKind.PROMISE_KEPT: "done",
    EventKind.PROMISE_WITHDRAWN: "dropped",
}


def _offer_answered(event: Event, _lookup: Lookup, award: Event | None) -> str:
    became = "accepted" if event.facts.get("accepted") else "not accepted"
    became = "withdrawn" if event.facts.get("withdrawn") else became
    return f"Offer of compensation {became}{_amount(award)}"


def _compensation_decided(event: Event, _lookup: Lookup, award: Event | None) -> str:
    became = "approved" if event.facts.get("approved") else "not approved"
    became = "given up before it was offered" if event.facts.get("given_up") else became
    return f"Compensation {became}{_amount(award)}"


def _amount(award: Event | None) -> str:
    amount = award.facts.get("amount") if award else None
    return f": £{amount}" if amount else ""


def _letter_decided(event: Event, _lookup: Lookup, _target: Event | None) -> str:
    return Decision(event.facts["decision"]).words


_Title = Callable[[Event, Lookup, Event | None], str]
_TITLES: dict[EventKind, _Title] = {
    EventKind.ASSIGNED: _assigned,
    EventKind.ESCALATION_REQUESTED: _requested,
    EventKind.PASSED_ON: _passed_on,
    EventKind.RESPONDED: _answered,
    EventKind.OUTCOME_SENT: _answered,
    EventKind.NOTED: _noted,
    EventKind.WITHDRAWN: _withdrawn,
    EventKind.FILE_ADDED: _file,
    EventKind.CORRECTED: _corrected,
    EventKind.RETRACTED: _retracted,
    EventKind.DETAILS_CHANGED: _details,
    EventKind.PROMISED: _promised,
    EventKind.COMPENSATION_DECIDED: _compensation_decided,
    EventKind.COMPENSATION_ANSWERED: _offer_answered,
    EventKind.LETTER_DECIDED: _letter_decided,
    **dict.fromkeys(ABOUT_A_PROMISE, _about_a_promise),
}
