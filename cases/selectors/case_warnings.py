"""What nobody who opens a complaint may overlook."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from textwrap import shorten

from django.urls import reverse

from cases.models import Level, User
from cases.rules.authority import Authority
from cases.rules.awards import not_offered
from cases.rules.events import EventKind
from cases.rules.foresight import in_full
from cases.rules.letter_approvals import WaitingLetter, letters_waiting, roles_approving
from cases.rules.letter_facts import LetterKind
from cases.rules.roles import Role
from cases.selectors.case_history import CaseHistory
from cases.selectors.case_papers import CasePapers
from cases.selectors.case_people import CasePeople
from cases.selectors.letter_approvals import reason_of
from cases.selectors.named import Named

# Of a longer reason so much stands in the warning; the whole stands in the record.
REASON_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning, and the part of the page that it is about, or where to go.

    `taken_back` is the number of the reader's own letter that can be taken back at `url`.
    """

    words: str
    anchor: str = ""
    url: str = ""
    url_words: str = "Read it"
    taken_back: int = 0


@dataclass(frozen=True, slots=True)
class LetterReader:
    """Who reads, and with which roles they may be the second person for a letter."""

    user: User
    as_second: frozenset[Role]

    def may_approve(self, letter: WaitingLetter) -> bool:
        """Say whether the reader may be the second person for a letter."""
        return letter.asked_by != self.user.pk and bool(
            self.as_second & roles_approving(letter.act)
        )


def warnings_of(
    history: CaseHistory,
    people: CasePeople,
    papers: CasePapers,
    names: Named,
    reader: LetterReader,
    *,
    today: date,
) -> list[Warned]:
    """Return the warnings for one complaint on a day, the most urgent first."""
    return [
        *_restricted(history),
        *_officer(history, people, names, today),
        *_sent_back(history, papers, names, reader),
        *_waiting(history, names, reader),
        *_undelivered(papers),
        *_not_offered(history),
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


def _sent_back(
    history: CaseHistory, papers: CasePapers, names: Named, reader: LetterReader
) -> Iterable[Warned]:
    """Tell of each letter that its second person sent back: whose, by whom, and why."""
    for letter in papers.sent_back:
        is_own = letter.asked_by == reader.user.pk
        whose = "Your letter" if is_own else f"The letter of {_name(names, letter.asked_by)}"
        why = shorten(reason_of(history, letter.number), REASON_SHOWN, placeholder=" …")
        at = reverse(f"cases:{letter.act}", args=[history.complaint.reference])
        yield Warned(
            f"{whose} was sent back by {_name(names, letter.decided_by)}: "
            f"{LetterKind(letter.kind).words}. It has not been sent. {why}".strip(),
            url=at if is_own else "",
            url_words="Mend it",
        )


def _waiting(history: CaseHistory, names: Named, reader: LetterReader) -> Iterable[Warned]:
    """Tell of each letter that waits for a second person: whose, for whom, since when."""
    reference = history.complaint.reference
    for letter in letters_waiting(history.events, history.state):
        is_own = letter.asked_by == reader.user.pk
        whose = "Your letter" if is_own else f"A letter of {_name(names, letter.asked_by)}"
        whom = ""
        if letter.approver:
            is_mine = letter.approver == reader.user.pk
            whom = " by you" if is_mine else f" by {_name(names, letter.approver)}"
        url = ""
        if is_own:
            url = reverse(f"cases:{letter.act.value}", args=[reference])
        elif reader.may_approve(letter):
            url = f"{reverse('cases:approve-letter', args=[reference])}?letter={letter.number}"
        yield Warned(
            f"{whose} waits for approval{whom} since {in_full(letter.asked_on)}: "
            f"{letter.kind.words}. It has not been sent.",
            url=url,
            taken_back=letter.number if is_own else 0,
        )


def _name(names: Named, person: int) -> str:
    return names.people.get(person, "somebody")


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


def _not_offered(history: CaseHistory) -> Iterable[Warned]:
    """Tell of compensation of which the customer does not know yet, and what is to be done."""
    for award in not_offered(history.state.awards):
        amount = f"£{award.amount:.2f} in compensation"
        if award.approved and award.decided_on:
            words = f"{amount} was approved on {in_full(award.decided_on)} and is not offered yet."
        else:
            words = f"{amount} waits for approval since {in_full(award.proposed_on)}."
        yield Warned(words, "compensation")


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
