"""What nobody who opens a complaint may overlook."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from cases.models import Level
from cases.rules.authority import Authority
from cases.rules.events import EventKind
from cases.rules.foresight import in_full
from cases.rules.letter_approvals import letters_waiting
from cases.selectors.case_history import CaseHistory
from cases.selectors.case_papers import CasePapers
from cases.selectors.case_people import CasePeople
from cases.selectors.named import Named


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning, and the part of the page that it is about."""

    words: str
    anchor: str = ""
    url: str = ""


def warnings_of(
    history: CaseHistory,
    people: CasePeople,
    papers: CasePapers,
    names: Named,
    *,
    today: date,
) -> list[Warned]:
    """Return the warnings for one complaint on a day, the most urgent first."""
    return [
        *_restricted(history),
        *_officer(history, people, names, today),
        *_letters(history, names),
        *_undelivered(papers),
        *_authority(people, today),
        *_irregular(history),
        *_provisional(history),
    ]


def _restricted(history: CaseHistory) -> list[Warned]:
    words = history.complaint.customer.restricted_contact
    return [Warned(f"The customer’s contact is restricted. {words}")] if words else []


def _officer(history: CaseHistory, people: CasePeople, names: Named, today: date) -> list[Warned]:
    officer = history.complaint.responsible_officer
    if officer is None or not history.state.is_open:
        return []
    if not officer.is_active:
        return [Warned(f"{officer.name}, the responsible officer, has left. Assign somebody else.")]
    away = names.away.get(officer.pk)
    if away is None:
        return []
    is_restricted = history.complaint.level == Level.RESTRICTED
    cover = people.cover_on(today, is_restricted=is_restricted)
    who = f"{cover.name} covers it" if cover else f"{away.deputy} stands in"
    return [
        Warned(
            f"{officer.name}, the responsible officer, is away until {in_full(away.until)}. {who}."
        )
    ]


def _letters(history: CaseHistory, names: Named) -> list[Warned]:
    """Tell of each letter that waits for a second person: whose, for whom, since when."""
    reference = history.complaint.reference
    found = []
    for letter in letters_waiting(history.events, history.state):
        whose = names.people.get(letter.asked_by, "somebody")
        whom = f" by {names.people.get(letter.approver, 'somebody')}" if letter.approver else ""
        url = reverse("cases:approve-letter", args=[reference])
        found.append(
            Warned(
                f"A letter of {whose} waits for approval{whom} since {in_full(letter.asked_on)}: "
                f"{letter.kind.words}. It has not been sent.",
                url=f"{url}?letter={letter.number}",
            )
        )
    return found


def _undelivered(papers: CasePapers) -> list[Warned]:
    failed = [letter for letter in papers.letters if letter.is_undelivered]
    if not failed:
        return []
    if len(failed) == 1:
        letter = failed[0]
        return [
            Warned(
                f"The e-mail “{letter.words}” of {letter.issued_at:%-d %b %Y} did not reach the "
                "customer.",
                "letters",
            )
        ]
    return [Warned(f"{len(failed)} e-mails did not reach the customer.", "letters")]


def _authority(people: CasePeople, today: date) -> list[Warned]:
    found = []
    for speaker in people.speakers:
        if speaker.authority in (Authority.CLAIMED, Authority.ASKED):
            found.append(
                Warned(
                    f"{speaker.name} speaks for the customer, who has not confirmed it yet: tell "
                    "them nothing that we hold.",
                    "people",
                )
            )
        elif speaker.authority == Authority.CONFIRMED and not speaker.may_speak_on(today):
            ended = in_full(speaker.ends_on) if speaker.ends_on else ""
            found.append(Warned(f"The authority of {speaker.name} ended on {ended}.", "people"))
    return found


def _irregular(history: CaseHistory) -> list[Warned]:
    words = {event.number: EventKind(event.kind).words for event in history.events}
    return [
        Warned(f"“{words[number]}” does not fit the procedure: {why}", f"entry-{number}")
        for number, why in history.state.irregular
    ]


def _provisional(history: CaseHistory) -> list[Warned]:
    late = [each for each in history.state.live_deadlines if each.provisional]
    if not late:
        return []
    return [
        Warned(
            "The bank holidays for some of these deadlines are not published yet, so their days "
            "are provisional.",
            "deadlines",
        )
    ]
