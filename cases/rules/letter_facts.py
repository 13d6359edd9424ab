"""The kinds of letter, and what one is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cases.rules.attendance import Heard
from cases.rules.awards import Head
from cases.rules.events import Outcome, PanelDecision
from cases.rules.grounds import ELSEWHERE, GROUNDS
from cases.rules.letter_sentences import CONSIDERED_IN, ENGLISH, LATE_ANSWER, LATE_LETTER, Tongue
from cases.rules.points import PointWords
from cases.rules.state import CaseState, Visit
from cases.rules.terms import ProcedureTerms, Stage
from cases.rules.wording import marked

# The channel of a letter that was stopped before it went.
STOPPED = "stopped"

# The subject of an e-mail to a customer. It says nothing of a complaint: somebody else may see
# the list of messages.
SUBJECT = marked("About your enquiry {reference}")
# Of an e-mail with the whole letter in it, which the customer asked for.
SUBJECT_OF_WHOLE = "Letter from {sender}: {reference}"


def subject_of(reference: str, *, sender: str, is_notice: bool) -> str:
    """Return the subject of the e-mail of a letter. `sender` begins with the landlord's name."""
    name = sender.partition("\n")[0].strip()
    words = SUBJECT_OF_WHOLE if name and not is_notice else SUBJECT
    return words.format(sender=name, reference=reference)


class LetterKind(StrEnum):
    """The letters of the procedures."""

    ACKNOWLEDGEMENT = "acknowledgement"
    RESOLUTION = "resolution"
    RESPONSE = "response"
    EXTENSION = "extension"
    ESCALATION_ACCEPTED = "escalation_accepted"
    ESCALATION_REFUSED = "escalation_refused"
    WINDOW_EXTENDED = "window_extended"
    INVITATION = "invitation"
    PAPERS = "papers"
    OUTCOME = "outcome"
    NOT_ACCEPTED = "not_accepted"
    REFERRED = "referred"
    CLOSING = "closing"
    COMPENSATION = "compensation"
    UPDATE = "update"
    PROMISE_MOVED = "promise_moved"
    PROMISE_WITHDRAWN = "promise_withdrawn"
    OFFER_OPEN = "offer_open"
    OFFER_WITHDRAWN = "offer_withdrawn"
    CONSENT_REQUEST = "consent_request"
    DELAY = "delay"

    @property
    def words(self) -> str:
        """Return the kind for people."""
        return _WORDS.get(self, self.value.replace("_", " ").capitalize())

    @property
    def heading(self) -> str:
        """Return what stands above the letter, with a place for the reference."""
        if self is LetterKind.CONSENT_REQUEST:
            return "A complaint in your name: {reference}"
        return "Your complaint {reference}"


_WORDS = {
    LetterKind.ESCALATION_ACCEPTED: "Request for the next stage accepted",
    LetterKind.ESCALATION_REFUSED: "Request for the next stage refused",
    LetterKind.WINDOW_EXTENDED: "More time to ask for the next stage",
    LetterKind.UPDATE: "Message",
    LetterKind.DELAY: "Apology for a delay",
    LetterKind.INVITATION: "Invitation to the hearing",
    LetterKind.PAPERS: "Papers for the hearing",
    LetterKind.OUTCOME: "Outcome of the hearing",
    LetterKind.NOT_ACCEPTED: "Complaint not accepted",
    LetterKind.REFERRED: "Referred to another procedure",
    LetterKind.COMPENSATION: "Offer of compensation",
    LetterKind.PROMISE_MOVED: "Promise moved to another day",
    LetterKind.PROMISE_WITHDRAWN: "Promise cancelled",
    LetterKind.OFFER_OPEN: "Offer of compensation stays open",
    LetterKind.OFFER_WITHDRAWN: "Offer of compensation withdrawn",
    LetterKind.CONSENT_REQUEST: "Question whether somebody may speak for the customer",
}


# Of no concern to anybody else who gets the letters of the complaint.
FOR_THE_CUSTOMER_ALONE = frozenset({LetterKind.CONSENT_REQUEST})
# Of which nobody else gets a copy: the papers go with it, and are read by the customer alone
# (decision 83).
WITHOUT_COPIES = FOR_THE_CUSTOMER_ALONE | {LetterKind.PAPERS}


_HEADS = frozenset(head.words.lower() for head in Head if head is not Head.OTHER)


@dataclass(frozen=True, slots=True)
class EarlierComplaint:
    """An earlier complaint of the customer's that a letter names, and the day on which it came."""

    reference: str
    received_on: date


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What a letter is made from.

    `stage` and `visit` are those it tells of; `outside` has the lines of the Ombudsman's details,
    `others` those of the other bodies of its procedure by their codes, as they are on its day;
    `ground` is the code of a refusal or of another procedure, `earlier` the customer's complaint
    in which the matter was considered before; `reach` says how to reach us;
    `points` and what follows are the complaint as it was set out, `told` the customer's words,
    `asked_because` those with which they asked for this stage, where they gave any;
    `says` is what the writer vouches for; `template` the landlord's own words, nothing for the
    shipped ones; `merged` fills the merge fields that do not follow from the rest; `tongue` is the
    language in which it is made.
    `hearing_instead_of` is the day to which the customer was invited before, if another.
    `heard` is how the complaint was heard, and `panel` who sat, each with what they sat as;
    `is_for_several` says whether somebody who complains together with the customer gets it too.
    `amount` is the compensation offered, and `heads` for what and how much of it each is: one
    without a name is told in the words of the letter; `set_off` is how much of it goes against
    arrears.
    `promises` are what is still to be done and by when, a sentence each; `promised_before` those
    that were open already; `promise` is the one that a letter about a promise recalls, `offered`
    the amount of an offer that it recalls, in words.
    """

    kind: LetterKind
    stage: str
    visit: int
    reference: str
    terms: ProcedureTerms
    state: CaseState
    outside: Sequence[str]
    words: str
    others: Mapping[str, Sequence[str]] = field(default_factory=dict)
    outcome: Outcome | None = None
    panel_decision: PanelDecision | None = None
    remedies: Sequence[str] = ()
    amount: str = ""
    heads: Sequence[tuple[str, str]] = ()
    set_off: str = ""
    promises: Sequence[str] = ()
    promised_before: Sequence[str] = ()
    promise: str = ""
    offered: str = ""
    late_because: str = ""
    new_due_on: date | None = None
    hearing_on: date | None = None
    hearing_instead_of: date | None = None
    hearing_place: str = ""
    hearing_link: str = ""
    heard: Heard | None = None
    panel: Sequence[str] = ()
    is_for_several: bool = False
    ground: str = ""
    earlier: EarlierComplaint | None = None
    reach: str = ""
    speaker: str = ""
    speakers_part: str = ""
    enclosures: Sequence[str] = field(default_factory=tuple)
    points: Sequence[PointWords] = ()
    sought: str = ""
    responsible: str = ""
    not_responsible: str = ""
    is_sought_unsaid: bool = False
    is_all_ours: bool = False
    told: str = ""
    asked_because: str = ""
    says: Sequence[str] = ()
    must_enclose_policy: bool = False
    template: str = ""
    merged: Mapping[str, str] = field(default_factory=dict)
    tongue: Tongue = ENGLISH

    @property
    def the_stage(self) -> Stage:
        """Return the stage the letter tells of."""
        return self.terms.stage(self.stage)

    @property
    def the_visit(self) -> Visit:
        """Return the stay in the stage the letter tells of."""
        return next(
            visit
            for visit in self.state.visits
            if visit.stage == self.stage and visit.number == self.visit
        )

    def say(self, words: str, **values: str) -> str:
        """Return words of ours in the language of the letter."""
        return self.tongue.say(words, **values)

    @property
    def late_told(self) -> str:
        """Return the apology for its being late, with the reason; nothing where it is in time.

        A letter that only apologises for a delay says so in all of its words.
        """
        if not self.late_because or self.kind is LetterKind.DELAY:
            return ""
        is_answer = self.kind in (LetterKind.RESPONSE, LetterKind.OUTCOME)
        return self.say(LATE_ANSWER if is_answer else LATE_LETTER, reason=self.late_because)

    @property
    def heads_told(self) -> list[str]:
        """Return for what compensation is, each with its amount, as far as it has a name.

        What is none of our heads is told in the words of whoever offered it.
        """
        return [
            f"{self.say(head) if head in _HEADS else head} £{amount}"
            for head, amount in self.heads
            if head
        ]

    @property
    def ground_told(self) -> str:
        """Return what the customer is told of the ground; nothing where there is none."""
        ground = GROUNDS.get(self.ground) or ELSEWHERE.get(self.ground)
        told = self.say(ground.told) if ground and ground.told else ""
        if not (told and self.earlier):
            return told
        day = self.tongue.plain_day(self.earlier.received_on)
        return f"{told} {self.say(CONSIDERED_IN, reference=self.earlier.reference, day=day)}"

    @property
    def puts_right(self) -> bool:
        """Say whether anything is offered to put things right."""
        of_points = any(each.point.remedies for each in self.points)
        return bool(self.remedies or self.amount or self.promises) or of_points

    @property
    def asked_on(self) -> date | None:
        """Return the day the customer asked for this stage, if they did."""
        return self.the_visit.asked_on
