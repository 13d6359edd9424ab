"""The acts within a stage: acknowledge, contact, resolve, respond, and how letters arrive."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import Complaint, User
from cases.operations.alerts import copy_to_coordinators
from cases.operations.awards import NO_OFFER, Offer, add_offer, money_told
from cases.operations.letters import issue_letter
from cases.operations.points import (
    Definition,
    Judgement,
    add_definition,
    check_defined,
    check_judgement,
    judgement_facts,
    judgement_words,
)
from cases.operations.promises import promised_before
from cases.operations.promising import Promised, add_promises
from cases.operations.record import CaseFile, recording
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.events import EventKind, Outcome
from cases.rules.letter_parts import defines_points, encloses_policy
from cases.rules.letter_sentences import POLICY
from cases.rules.letters import LetterKind
from cases.rules.permissions import permission
from cases.rules.remedies import Remedy, done_sentence
from cases.selectors.independence import check_independence
from cases.selectors.interests import check_no_interest

NO_JUDGEMENT = Judgement()


@dataclass(frozen=True, slots=True)
class Deed:
    """A remedy that is done and not only said: what exactly, and when.

    `on` is the day on which it was done, or by which it will be; then `keeper` or `team` sees to
    it, and without either the responsible officer.
    """

    remedy: Remedy
    on: date
    words: str = ""
    keeper: int | None = None
    team: int | None = None

    def as_promise(self) -> Promised:
        """Return what is promised of a deed still to be done."""
        words = self.words.strip() or self.remedy.to_do
        return Promised(words, self.on, self.keeper, self.team)

    @property
    def sentence(self) -> str:
        """Return what a letter says of a deed that is done."""
        return done_sentence(self.words.strip() or self.remedy.done, self.on)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer decides: the outcome, and what puts it right.

    `remedies` are codes of `Remedy`; `remedy_words` what the customer is told of those that the
    letter itself does, a sentence each; `deeds` are the others; `promises` what else is still to be
    done, by when and by whom; `offer` is compensation. Of a complaint with points the outcome may
    be left to the findings.
    """

    outcome: Outcome | None
    remedies: Sequence[str] = ()
    remedy_words: Sequence[str] = ()
    deeds: Sequence[Deed] = ()
    promises: Sequence[Promised] = ()
    offer: Offer = NO_OFFER
    judgement: Judgement = NO_JUDGEMENT

    @property
    def named(self) -> set[str]:
        """Return the remedies that it names, of the whole and of points."""
        of_points = (code for each in self.judgement.findings for code in each.remedies)
        return {*self.remedies, *of_points}

    def settled_on(self, day: date) -> "Answer":
        """Return it as sent on a day: deeds done are told, those to come are promises."""
        offers = [Remedy.FINANCIAL.value] if self.offer else []
        chosen = [*self.remedies, *(each.remedy.value for each in self.deeds), *offers]
        done = [each.sentence for each in self.deeds if each.on <= day]
        to_come = [each.as_promise() for each in self.deeds if each.on > day]
        return replace(
            self,
            remedies=list(dict.fromkeys(chosen)),
            remedy_words=[*self.remedy_words, *done],
            promises=[*to_come, *self.promises],
        )


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
) -> Complaint:
    """Record that the complaint was acknowledged in this stage, and make the letter if asked.

    With a `definition` the points are set out first, and the letter says them back.

    :raises ActionNotAllowed: if the procedure wants it in writing and it was not.
    :raises ReasonMissing: if the procedure defines the complaint now, and it has no point, or
        nobody says what is sought or what we are responsible for.
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
        if defines_points(stage):
            check_defined(case, definition)
        if definition is not None:
            add_definition(case, definition, on=on)
        number = case.add(
            EventKind.ACKNOWLEDGED,
            on=on,
            facts={"channel": telling.channel},
            words={"letter": telling.words},
        )
        enclosed = [POLICY] if encloses_policy(stage) else []
        issue_letter(
            case,
            LetterKind.ACKNOWLEDGEMENT,
            telling,
            event_number=number,
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
) -> Complaint:
    """Record a contact with the customer; a failed one is kept as a note and meets no promise."""
    with recording(complaint_id=complaint_id, act=Act.CONTACT, by=by, now=now, seen=seen) as case:
        kind = EventKind.CONTACTED if reached else EventKind.NOTED
        case.add(
            kind,
            on=on,
            facts={"channel": channel, "attempt": not reached},
            words={"note": words},
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
) -> Complaint:
    """Record that the manager discussed the complaint with the customer (KF-10, LV-7)."""
    with recording(
        complaint_id=complaint_id, act=Act.MANAGER_CONTACT, by=by, now=now, seen=seen
    ) as case:
        case.add(
            EventKind.MANAGER_CONTACTED,
            on=on,
            facts={"channel": channel},
            words={"note": words},
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
    offer: Offer = NO_OFFER,
    promises: Sequence[Promised] = (),
) -> Complaint:
    """Record how the complaint was put right without a formal answer, and close it if asked.

    With a promise to the customer open it stays open until that is kept, and with money offered
    until it is known what became of that. A letter for which
    nothing else was written says how it was put right.

    :raises ReasonMissing: if it is not said how it was resolved (HH-11).
    :raises NotIndependent: if what this person declared concerns the customer.
    """
    if not words.strip():
        raise ReasonMissing("Say how the complaint was resolved.")
    with recording(complaint_id=complaint_id, act=Act.RESOLVE, by=by, now=now, seen=seen) as case:
        check_no_interest(case.complaint, by)
        money = money_told(case, offer)
        number = case.add(
            EventKind.RESOLVED,
            on=on,
            facts={
                "channel": telling.channel,
                "apologised": apologised,
                **({"amount": money["amount"]} if money["amount"] else {}),
            },
            words={"resolution": words, "letter": telling.words},
        )
        before = promised_before(case)
        add_promises(case, promises, on=on)
        add_offer(case, offer, on=on, channel=telling.channel)
        says_how = telling.makes_letter and not telling.words.strip()
        issue_letter(
            case,
            LetterKind.RESOLUTION,
            replace(telling, words=words) if says_how else telling,
            event_number=number,
            promises=[each.sentence for each in promises],
            promised_before=before,
            **money,
        )
        if close and not permission(Act.CLOSE, case.state, case.terms, case.today).why_not:
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
    """
    with recording(complaint_id=complaint_id, act=Act.RESPOND, by=by, now=now, seen=seen) as case:
        check_no_interest(case.complaint, by)
        check_independence(case.state, case.terms, by, stage=case.state.stage)
        check_written(case, telling)
        money = money_told(case, answer.offer)
        answer = decided(case, answer, on=on)
        before, letter_stage = promised_before(case), case.state.stage
        number = case.add(
            EventKind.RESPONDED,
            on=on,
            facts=answer_facts(answer, telling, money["amount"]),
            words=answer_words(answer, telling),
        )
        add_promises(case, answer.promises, on=on)
        add_offer(case, answer.offer, on=on, channel=telling.channel)
        letter = issue_letter(
            case,
            LetterKind.RESPONSE,
            telling,
            event_number=number,
            outcome=answer.outcome,
            remedies=answer.remedy_words,
            promises=[each.sentence for each in answer.promises],
            promised_before=before,
            **money,
        )
        if letter is not None and case.terms.stage(letter_stage).answer_copied_to_coordinator:
            copy_to_coordinators(case, number=number)
    return case.complaint


def decided(case: CaseFile, answer: Answer, *, on: date) -> Answer:
    """Return the answer with its outcome, which may have been left to the findings.

    What is still to be done to put things right becomes a promise with a day and a keeper.

    :raises ReasonMissing: if a finding or a reason is missing, or there is no outcome, or a remedy
        is named without its amount or its day.
    """
    outcome = check_judgement(case, answer.judgement, answer.outcome)
    if outcome is None:
        raise ReasonMissing("Say what the outcome of the complaint is.")
    if Remedy.FINANCIAL in answer.named and not answer.offer:
        raise ReasonMissing("Say how much compensation is offered, and for what.")
    told = {each.remedy for each in answer.deeds}
    for remedy in Remedy:
        if remedy.is_deed and remedy in answer.named and remedy not in told:
            raise ReasonMissing(
                f"“{remedy.words}”: say when it was done, or by which day it will be, and who sees "
                "to it."
            )
    return replace(answer.settled_on(on), outcome=outcome)


def answer_facts(answer: Answer, telling: Telling, amount: str) -> dict[str, object]:
    """Return the facts of an answer as an event carries them."""
    return {
        "outcome": answer.outcome.value if answer.outcome else "",
        "remedies": list(answer.remedies),
        "amount": amount,
        "channel": telling.channel,
        **judgement_facts(answer.judgement),
    }


def answer_words(answer: Answer, telling: Telling) -> dict[str, str]:
    """Return the words of an answer as they are kept beside its event."""
    return {
        "letter": telling.words,
        "remedies": "\n".join(answer.remedy_words),
        **judgement_words(answer.judgement),
    }


def check_written(case: CaseFile, telling: Telling) -> None:
    """Refuse an answer that leaves nothing in writing where the procedure wants a letter.

    :raises ActionNotAllowed: if it is told in another way.
    """
    stage = case.terms.stage(case.state.stage)
    if stage.is_answered_in_writing and not telling.is_written:
        raise ActionNotAllowed(
            f"{stage.name} is answered in writing. Choose a letter or an e-mail."
        )


def record_delivery(
    *, complaint_id: int, by: User, now: datetime, seen: int, on: date
) -> Complaint:
    """Record the day the customer received the answer, in place of the deemed one."""
    with recording(complaint_id=complaint_id, act=Act.DELIVER, by=by, now=now, seen=seen) as case:
        case.add(EventKind.DELIVERED, on=on)
    return case.complaint
