"""What can happen to a complaint. Everything else is worked out from these, in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class EventKind(StrEnum):
    """The dated facts of a complaint."""

    RECEIVED = "received"
    RECEIVED_BY_TEAM = "received_by_team"
    LOGGED = "logged"
    ACKNOWLEDGED = "acknowledged"
    CONTACTED = "contacted"
    MANAGER_CONTACTED = "manager_contacted"
    RESOLVED = "resolved"
    PASSED_ON = "passed_on"
    RESPONDED = "responded"
    DELIVERED = "delivered"
    ESCALATION_REQUESTED = "escalation_requested"
    ESCALATION_ACCEPTED = "escalation_accepted"
    ESCALATION_REFUSED = "escalation_refused"
    WINDOW_EXTENDED = "window_extended"
    AGREED_DATE = "agreed_date"
    EXTENDED = "extended"
    HEARING_ARRANGED = "hearing_arranged"
    INVITATION_SENT = "invitation_sent"
    PAPERS_SENT = "papers_sent"
    HEARING_HELD = "hearing_held"
    OUTCOME_SENT = "outcome_sent"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    REOPENED = "reopened"
    REFERRED_TO_OMBUDSMAN = "referred_to_ombudsman"
    DETERMINED = "determined"
    DESIGNATED_PERSON = "designated_person"
    NOTED = "noted"
    COMPENSATION_PROPOSED = "compensation_proposed"
    COMPENSATION_DECIDED = "compensation_decided"
    COMPENSATION_OFFERED = "compensation_offered"
    COMPENSATION_ANSWERED = "compensation_answered"
    COMPENSATION_PAID = "compensation_paid"
    # Told the customer between the letters of the procedure; never in an imported file.
    UPDATED = "updated"
    # What was promised by a day, and what became of it; never in an imported file.
    PROMISED = "promised"
    PROMISE_MOVED = "promise_moved"
    PROMISE_GIVEN = "promise_given"
    PROMISE_KEPT = "promise_kept"
    PROMISE_WITHDRAWN = "promise_withdrawn"
    # Never in an imported file; the product's own housekeeping.
    REFERRED_ELSEWHERE = "referred_elsewhere"
    REFUSED = "refused"
    ANNULLED = "annulled"
    MERGED = "merged"
    TRIAGED = "triaged"
    ASSIGNED = "assigned"
    DETAILS_CHANGED = "details_changed"
    FILE_ADDED = "file_added"
    ACCESS_CHANGED = "access_changed"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    CALENDAR_ADOPTED = "calendar_adopted"
    POINTS_DEFINED = "points_defined"
    MAIL_RECEIVED = "mail_received"
    DELAY_EXPLAINED = "delay_explained"
    # A letter that a second person is asked to approve, and what became of that.
    LETTER_PROPOSED = "letter_proposed"
    LETTER_DECIDED = "letter_decided"

    @property
    def words(self) -> str:
        """Return the fact in words, for a timeline."""
        return _WORDS.get(self, self.value.replace("_", " ").capitalize())


# What ends a complaint that was none of its own: logged by mistake, or the twin of one that goes
# on. It is not counted, not followed and not asked about, and what it promised has no effect.
NONE_OF_ITS_OWN = frozenset({EventKind.ANNULLED, EventKind.MERGED})


_WORDS = {
    EventKind.RECEIVED: "Complaint received",
    EventKind.RECEIVED_BY_TEAM: "Received by the team",
    EventKind.CONTACTED: "Customer contacted",
    EventKind.MANAGER_CONTACTED: "Manager contacted the customer",
    EventKind.PASSED_ON: "Passed on to the next stage",
    EventKind.RESPONDED: "Response sent",
    EventKind.DELIVERED: "Customer received the letter",
    EventKind.ESCALATION_REQUESTED: "Next stage asked for",
    EventKind.ESCALATION_ACCEPTED: "Request for the next stage accepted",
    EventKind.ESCALATION_REFUSED: "Request for the next stage refused",
    EventKind.WINDOW_EXTENDED: "More time to ask for the next stage",
    EventKind.AGREED_DATE: "Date agreed with the customer",
    EventKind.EXTENDED: "Deadline extended",
    EventKind.INVITATION_SENT: "Invitation to the hearing sent",
    EventKind.PAPERS_SENT: "Papers for the hearing sent",
    EventKind.OUTCOME_SENT: "Outcome of the hearing sent",
    EventKind.REFERRED_TO_OMBUDSMAN: "Taken to the Housing Ombudsman",
    EventKind.DETERMINED: "Housing Ombudsman decided",
    EventKind.DESIGNATED_PERSON: "Designated person",
    EventKind.COMPENSATION_DECIDED: "Compensation decided on",
    EventKind.COMPENSATION_ANSWERED: "Offer of compensation answered",
    EventKind.NOTED: "Note",
    EventKind.UPDATED: "Message to the customer",
    EventKind.PROMISED: "Promise made",
    EventKind.PROMISE_MOVED: "Promise moved to another day",
    EventKind.PROMISE_GIVEN: "Promise given to somebody else",
    EventKind.PROMISE_KEPT: "Promise kept",
    EventKind.PROMISE_WITHDRAWN: "Promise cancelled",
    EventKind.REFERRED_ELSEWHERE: "Referred to another procedure",
    EventKind.REFUSED: "Not accepted",
    EventKind.ANNULLED: "Annulled as logged by mistake",
    EventKind.MERGED: "Merged into another complaint",
    EventKind.TRIAGED: "Accepted as a complaint",
    EventKind.ASSIGNED: "Responsible officer named",
    EventKind.ACCESS_CHANGED: "Who may see this changed",
    EventKind.CORRECTED: "Earlier entry corrected",
    EventKind.RETRACTED: "Earlier entry struck out",
    EventKind.CALENDAR_ADOPTED: "Working days changed",
    EventKind.POINTS_DEFINED: "Points of complaint set out",
    EventKind.MAIL_RECEIVED: "E-mail received",
    EventKind.DELAY_EXPLAINED: "Delay explained",
    EventKind.LETTER_PROPOSED: "Approval of a letter asked for",
    EventKind.LETTER_DECIDED: "Letter for approval decided on",
}

# The letter that answers a stage, whether after an investigation or a hearing.
# Followed by a better entry instead of being corrected or struck out: what they changed besides
# the record would stay.
KEPT_AS_THEY_ARE = frozenset(
    {
        EventKind.CALENDAR_ADOPTED,
        EventKind.FILE_ADDED,
        EventKind.ACCESS_CHANGED,
        EventKind.DETAILS_CHANGED,
        EventKind.POINTS_DEFINED,
        EventKind.MAIL_RECEIVED,
        EventKind.LETTER_PROPOSED,
        EventKind.LETTER_DECIDED,
    }
)
ANSWERS = frozenset({EventKind.RESPONDED, EventKind.OUTCOME_SENT, EventKind.RESOLVED})

# The steps of compensation, from its proposal to its payment.
COMPENSATION = frozenset(
    {
        EventKind.COMPENSATION_PROPOSED,
        EventKind.COMPENSATION_DECIDED,
        EventKind.COMPENSATION_OFFERED,
        EventKind.COMPENSATION_ANSWERED,
        EventKind.COMPENSATION_PAID,
    }
)

# What is told of a dated promise once it was made.
ABOUT_A_PROMISE = frozenset(
    {
        EventKind.PROMISE_MOVED,
        EventKind.PROMISE_GIVEN,
        EventKind.PROMISE_KEPT,
        EventKind.PROMISE_WITHDRAWN,
    }
)

# Codes that a file of old cases may use, and that a file of exported cases uses.
IMPORTABLE = frozenset(
    kind
    for kind in EventKind
    if kind not in ABOUT_A_PROMISE | COMPENSATION
    and kind
    not in {
        EventKind.UPDATED,
        EventKind.PROMISED,
        EventKind.DESIGNATED_PERSON,
        EventKind.TRIAGED,
        EventKind.ASSIGNED,
        EventKind.DETAILS_CHANGED,
        EventKind.FILE_ADDED,
        EventKind.ACCESS_CHANGED,
        EventKind.CORRECTED,
        EventKind.RETRACTED,
        EventKind.CALENDAR_ADOPTED,
        EventKind.POINTS_DEFINED,
        EventKind.MAIL_RECEIVED,
        EventKind.DELAY_EXPLAINED,
        EventKind.LETTER_PROPOSED,
        EventKind.LETTER_DECIDED,
    }
)


class Outcome(StrEnum):
    """What was found about the complaint."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"
    # Of a point that is not for the landlord to answer for (Code 5.7), and of a complaint all of
    # whose points are not: neither upheld nor not upheld.
    NOT_OURS = "not_ours"

    @property
    def words(self) -> str:
        """Return the outcome for people."""
        if self is Outcome.NOT_OURS:
            return "Not our responsibility"
        return self.value.replace("_", " ").capitalize()


class PanelDecision(StrEnum):
    """What a panel decided about the earlier decision. Not the outcome of the complaint."""

    CHANGED = "changed"
    UPHELD = "upheld"
    RE_INVESTIGATE = "re-investigate"

    @property
    def words(self) -> str:
        """Return the decision for people."""
        return {
            "changed": "Changes the earlier decision",
            "upheld": "Agrees with the earlier decision",
            "re-investigate": "Has it investigated again",
        }[self.value]


class Finding(StrEnum):
    """What the Ombudsman found."""

    NO_MALADMINISTRATION = "no_maladministration"
    SERVICE_FAILURE = "service_failure"
    MALADMINISTRATION = "maladministration"
    SEVERE_MALADMINISTRATION = "severe_maladministration"
    REASONABLE_REDRESS = "reasonable_redress"
    OUTSIDE_JURISDICTION = "outside_jurisdiction"

    @property
    def words(self) -> str:
        """Return the finding for people."""
        return self.value.replace("_", " ").capitalize()


class DesignatedStep(StrEnum):
    """What a designated person was asked for, or did."""

    ASKED = "asked"
    SETTLED = "settled"
    REFERRED = "referred"
    DECLINED = "declined"

    @property
    def words(self) -> str:
        """Return the step for people."""
        return {
            "asked": "The customer asked them to help",
            "settled": "They settled it with us",
            "referred": "They referred it to the Ombudsman",
            "declined": "They agreed that the customer goes to the Ombudsman alone",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a complaint.

    `number` is the order in which it was recorded. `stage` and `visit` name the stay in a stage
    to which it belongs; left empty they mean the stay that was current. `facts` carries codes,
    days and ids, never words about people.
    """

    number: int
    kind: EventKind
    on: date
    at: datetime | None = None
    stage: str = ""
    visit: int = 0
    actor: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def day(self, name: str) -> date | None:
        """Return the day that a fact names, or nothing."""
        value = self.facts.get(name)
        return date.fromisoformat(value) if value else None
