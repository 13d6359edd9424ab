"""The acts within a stage: acknowledge, contact, resolve, respond, and how letters arrive."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import Complaint, User
from cases.operations.alerts import copy_to_coordinators
from cases.operations.awards import add_offers, check_offer
from cases.operations.letters import Telling, issue_letter
from cases.operations.points import (
    Definition,
    Judgement,
    add_definition,
    check_judgement,
    judgement_facts,
    judgement_words,
)
from cases.operations.promises import Promised, add_promise, promised_before
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.events import EventKind, Outcome
from cases.rules.lateness import kept_late
from cases.rules.letter_parts import encloses_policy
from cases.rules.letters import LetterKind
from cases.selectors.independence import check_independence
from cases.selectors.interests import check_no_interest

NO_JUDGEMENT = Judgement()


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer decides: the outcome, what puts it right, and why it comes late if it does.

    `remedies` are codes of `Remedy`; `remedy_words` what the customer is told of them, a sentence
    each; `promises` what is still to be done, by when and by whom; `amount` is in pounds. Of a
    complaint with points the outcome may be left to the findings.
    """

    outcome: Outcome | None
    remedies: Sequence[str] = ()
    remedy_words: Sequence[str] = ()
    promises: Sequence[Promised] = ()
    amount: str = ""
    late_because: str = ""
    avoidable: bool | None = None
    judgement: Judgement = NO_JUDGEMENT


def receive_by_team(
    *, complaint_id: int, by: User, now: datetime, seen: int, on: date
) -> Complaint:
    """Record the day the team got the complaint, from which some procedures count (K3-10)."""
    with recording(
        complaint_id=complaint_id, act=Act.RECEIVE_BY_TEAM, by=by, now=now, seen=seen
    ) as case:
        case.add(EventKind.RECEIVED_BY_TEAM, on=on)
    return case.complaint


def acknowledge(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    telling: Telling,
    definition: Definition | None = None,
    late_because: str = "",
    avoidable: bool | None = None,
) -> Complaint:
    """Record that the complaint was acknowledged in this stage, and make the letter if asked.

    With a `definition` the points are set out first, and the letter says them back. Late it needs
    the reason, with which the letter apologises.

    :raises ActionNotAllowed: if the procedure wants it in writing and it was not.
    :raises ReasonMissing: if it is late and nobody says why (A22).
    """
    with recording(
        complaint_id=complaint_id, act=Act.ACKNOWLEDGE, by=by, now=now, seen=seen
    ) as case:
        stage = case.terms.stage(case.state.stage)
        promise = next((t for t in stage.timescales if EventKind.ACKNOWLEDGED in t.met_by), None)
        if promise is not None and promise.in_writing and not telling.is_written:
            raise ActionNotAllowed(
                f"{stage.name} is acknowledged in writing. Choose a letter or an e-mail."
            )
        late = checked_lateness(case, EventKind.ACKNOWLEDGED, on, late_because)
        if definition is not None:
            add_definition(case, definition, on=on)
        number = case.add(
            EventKind.ACKNOWLEDGED,
            on=on,
            facts={"channel": telling.channel, **avoidable_facts(avoidable if late else None)},
            words={"letter": telling.words, "late_because": late},
        )
        enclosed = ["our complaints policy and procedure"] if encloses_policy(stage) else []
        issue_letter(
            case,
            LetterKind.ACKNOWLEDGEMENT,
            telling,
            event_number=number,
            late_because=late,
            enclosures=enclosed,
        )
    return case.complaint


def contact(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    channel: str,
    reached: bool,
    words: str,
    late_because: str = "",
    avoidable: bool | None = None,
) -> Complaint:
    """Record a contact with the customer; a failed one is kept as a note and meets no promise.

    :raises ReasonMissing: if it keeps a promise late and nobody says why.
    """
    with recording(complaint_id=complaint_id, act=Act.CONTACT, by=by, now=now, seen=seen) as case:
        kind = EventKind.CONTACTED if reached else EventKind.NOTED
        late = checked_lateness(case, kind, on, late_because)
        case.add(
            kind,
            on=on,
            facts={
                "channel": channel,
                "attempt": not reached,
                **avoidable_facts(avoidable if late else None),
            },
            words={"note": words, "late_because": late},
        )
    return case.complaint


def contact_as_manager(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    channel: str,
    words: str,
    late_because: str = "",
    avoidable: bool | None = None,
) -> Complaint:
    """Record that the manager discussed the complaint with the customer (KF-10, LV-7).

    :raises ReasonMissing: if it keeps a promise late and nobody says why.
    """
    with recording(
        complaint_id=complaint_id, act=Act.MANAGER_CONTACT, by=by, now=now, seen=seen
    ) as case:
        late = checked_lateness(case, EventKind.MANAGER_CONTACTED, on, late_because)
        case.add(
            EventKind.MANAGER_CONTACTED,
            on=on,
            facts={"channel": channel, **avoidable_facts(avoidable if late else None)},
            words={"note": words, "late_because": late},
        )
    return case.complaint


def resolve(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    words: str,
    apologised: bool,
    close: bool,
    telling: Telling,
) -> Complaint:
    """Record how the complaint was put right without a formal answer, and close it if asked.

    :raises ReasonMissing: if it is not said how it was resolved (HH-11).
    :raises NotIndependent: if what this person declared concerns the customer.
    """
    if not words.strip():
        raise ReasonMissing("Say how the complaint was resolved.")
    with recording(complaint_id=complaint_id, act=Act.RESOLVE, by=by, now=now, seen=seen) as case:
        check_no_interest(case.complaint, by)
        number = case.add(
            EventKind.RESOLVED,
            on=on,
            facts={"channel": telling.channel, "apologised": apologised},
            words={"resolution": words, "letter": telling.words},
        )
        issue_letter(case, LetterKind.RESOLUTION, telling, event_number=number)
        if close:
            case.add(EventKind.CLOSED, on=on)
    return case.complaint


def respond(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    answer: Answer,
    telling: Telling,
) -> Complaint:
    """Answer the stage: outcome, remedies, and the letter that tells the customer.

    :raises NotIndependent: if this person dealt with an earlier stage and may not decide this one,
        or what they declared concerns the customer.
    :raises ActionNotAllowed: if the procedure wants it in writing and it is not.
    :raises ReasonMissing: if the answer is late and nobody says why (A22).
    """
    with recording(complaint_id=complaint_id, act=Act.RESPOND, by=by, now=now, seen=seen) as case:
        check_no_interest(case.complaint, by)
        check_independence(case.state, case.terms, by, stage=case.state.stage)
        check_written(case, telling)
        check_late(case, on, answer.late_because)
        offered = check_offer(case, answer.amount)
        answer = decided(case, answer)
        before, letter_stage = promised_before(case), case.state.stage
        number = case.add(
            EventKind.RESPONDED,
            on=on,
            facts=answer_facts(answer, telling),
            words=answer_words(answer, telling),
        )
        add_promises(case, answer, on=on)
        add_offers(case, offered, on=on, channel=telling.channel)
        letter = issue_letter(
            case,
            LetterKind.RESPONSE,
            telling,
            event_number=number,
            outcome=answer.outcome,
            remedies=answer.remedy_words,
            amount=answer.amount,
            promises=[each.sentence for each in answer.promises],
            promised_before=before,
            late_because=answer.late_because,
        )
        if letter is not None and case.terms.stage(letter_stage).answer_copied_to_coordinator:
            copy_to_coordinators(case, number=number)
    return case.complaint


def decided(case: CaseFile, answer: Answer) -> Answer:
    """Return the answer with its outcome, which may have been left to the findings.

    :raises ReasonMissing: if a finding or a reason is missing, or there is no outcome.
    """
    outcome = check_judgement(case, answer.judgement, answer.outcome)
    if outcome is None:
        raise ReasonMissing("Say what the outcome of the complaint is.")
    return replace(answer, outcome=outcome)


def add_promises(case: CaseFile, answer: Answer, *, on: date) -> None:
    """Add to the record what an answer promises, each as a commitment (Code 7.3)."""
    for promised in answer.promises:
        add_promise(case, promised, on=on)


def answer_facts(answer: Answer, telling: Telling) -> dict[str, object]:
    """Return the facts of an answer as an event carries them."""
    return {
        "outcome": answer.outcome.value if answer.outcome else "",
        "remedies": list(answer.remedies),
        "amount": answer.amount,
        "channel": telling.channel,
        **avoidable_facts(answer.avoidable),
        **judgement_facts(answer.judgement),
    }


def avoidable_facts(avoidable: bool | None) -> dict[str, str]:
    """Return whether what came late could have been avoided, as an event carries it."""
    return {} if avoidable is None else {"avoidable": "yes" if avoidable else "no"}


def answer_words(answer: Answer, telling: Telling) -> dict[str, str]:
    """Return the words of an answer as they are kept beside its event."""
    return {
        "letter": telling.words,
        "remedies": "\n".join(answer.remedy_words),
        "late_because": answer.late_because,
        **judgement_words(answer.judgement),
    }


def check_written(case: CaseFile, telling: Telling) -> None:
    """Refuse an answer that leaves nothing in writing where the procedure wants a letter.

    :raises ActionNotAllowed: if it is told in another way.
    """
    stage = case.terms.stage(case.state.stage)
    if stage.answer is not None and stage.answer.in_writing and not telling.is_written:
        raise ActionNotAllowed(
            f"{stage.name} is answered in writing. Choose a letter or an e-mail."
        )


# Acts whose letter tells the customer why they are late.
_TOLD = frozenset({EventKind.ACKNOWLEDGED, EventKind.INVITATION_SENT})


def checked_lateness(case: CaseFile, kind: EventKind, on: date, late_because: str) -> str:
    """Return why an act is late, nothing if it is in time; lateness never blocks it (A22).

    :raises ReasonMissing: if it is late without a reason.
    """
    late = kept_late(case.state, kind, on)
    if late is None:
        return ""
    if not late_because.strip():
        told = " Say why: the customer is told the reason." if kind in _TOLD else " Say why."
        raise ReasonMissing(f"“{late.words}” is late.{told}")
    return late_because


def check_late(case: CaseFile, on: date, late_because: str) -> None:
    """Ask for the reason when the answer comes after its day; lateness never blocks it (A22).

    :raises ReasonMissing: if it is late without a reason.
    """
    promise = case.terms.stage(case.state.stage).answer
    if promise is None:
        return
    deadline = case.state.deadline(case.state.stage, promise.code, case.state.visit)
    late = deadline is not None and deadline.due_on is not None and on > deadline.due_on
    if late and not late_because.strip():
        raise ReasonMissing("The answer is late. Say why: the customer is told the reason.")


def record_delivery(
    *, complaint_id: int, by: User, now: datetime, seen: int, on: date
) -> Complaint:
    """Record the day the customer received the answer, in place of the deemed one."""
    with recording(complaint_id=complaint_id, act=Act.DELIVER, by=by, now=now, seen=seen) as case:
        case.add(EventKind.DELIVERED, on=on)
    return case.complaint
