"""Hearings: arranged, invited to, papers sent, held, and their outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from cases.errors import ActionNotAllowed, NotIndependent, ReasonMissing
from cases.models import AccessEntry, CalendarEdition, Complaint, EventWords, User
from cases.models.procedures import edition
from cases.operations.alerts import tell_of_interest, tell_of_papers
from cases.operations.awards import NO_OFFER, add_offer, money_told
from cases.operations.bundles import Bound
from cases.operations.hearing_papers import Pack, bind_papers, keep_papers
from cases.operations.letters import issue_letter
from cases.operations.note import join_file
from cases.operations.promises import promised_before
from cases.operations.promising import add_promises
from cases.operations.record import CaseFile, recording
from cases.operations.stage_acts import (
    Answer,
    answer_facts,
    answer_words,
    check_written,
    decided,
)
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.attendance import (
    COMPANION,
    Attended,
    Heard,
    attendance_refusal,
    decided_by_too_few,
    heard_last,
)
from cases.rules.customers import LetterFormat
from cases.rules.events import EventKind, PanelDecision
from cases.rules.foresight import in_full
from cases.rules.hearing_days import asked_of_another_day
from cases.rules.letters import LetterKind
from cases.rules.panels import panel_refusal
from cases.selectors.independence import independence_refusal
from cases.selectors.interests import check_no_interest, is_barred
from cases.selectors.panels import sitters
from cases.selectors.tracking import may_be_followed


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A hearing as arranged: the day, where, how, and who sits, the chair first.

    `link` is the address or the number for those who join from elsewhere.
    """

    hearing_on: date
    place: str
    mode: str
    members: Sequence[int]
    reason_for_fewer: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A hearing as it was held.

    `attended` says how each took part, by "customer", "companion" or the key of a colleague.
    `other_day_because` says why it was held on another day than the one for which it was arranged.
    """

    mode: str
    attended: Mapping[str, Attended] = field(default_factory=dict)
    companion: str = ""
    others: str = ""
    minutes: str = ""
    other_day_because: str = ""


BEFORE_IT_WAS_ARRANGED = (
    "The hearing cannot be before the day on which it was arranged. If it has been held already, "
    "enter the day on which it was arranged."
)


def arrange_hearing(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    arrangement: Arrangement,
    on: date | None = None,
) -> Complaint:
    """Set the day and the panel of a hearing; setting it again replaces them.

    :raises ActionNotAllowed: if the panel is not made up as the procedure demands, the mode is not
        offered, nobody can know where it is, or the day has passed or is no working day.
    :raises NotIndependent: if a member dealt with an earlier stage, or the complaint is about them.
    """
    with recording(
        complaint_id=complaint_id, act=Act.ARRANGE_HEARING, by=by, now=now, seen=seen
    ) as case:
        members, committees = _panel(case, arrangement)
        if arrangement.hearing_on < (on or case.today):
            raise ActionNotAllowed(BEFORE_IT_WAS_ARRANGED)
        _check_day(case, arrangement.hearing_on)
        if not (arrangement.place.strip() or arrangement.link.strip()):
            raise ActionNotAllowed("Say where it is held, or how to join it.")
        case.add(
            EventKind.HEARING_ARRANGED,
            on=on,
            facts={
                "hearing_on": arrangement.hearing_on.isoformat(),
                "mode": arrangement.mode,
                "members": [member.pk for member in members],
            },
            words={
                "place": arrangement.place,
                "link": arrangement.link,
                "committee": committees,
                "reason": arrangement.reason_for_fewer,
            },
        )
        _seat(case, members)
        for member in members:
            tell_of_interest(case, member)
    return case.complaint


def _check_day(case: CaseFile, day: date) -> None:
    """Refuse a day on which nobody works, unless the procedure hears on any day.

    It counts by the calendar that counts for new promises of the complaint.

    :raises ActionNotAllowed: if it is one.
    """
    panel = case.terms.stage(case.state.stage).panel
    numbers = [each.calendar for each in case.state.deadlines]
    newest = CalendarEdition.objects.order_by("-pk").values_list("pk", flat=True)
    calendar = edition(max(numbers) if numbers else newest[:1].get())
    why = calendar.why_not_working(day)
    if why and not (panel and panel.on_any_day):
        raise ActionNotAllowed(f"Choose a working day: {day:%-d %B %Y} is not ({why}).")


def _panel(case: CaseFile, arrangement: Arrangement) -> tuple[list[User], str]:
    """Return who sits, and as the Chair or Vice Chair of what, where the procedure wants one."""
    panel = case.terms.stage(case.state.stage).panel
    if panel is None or arrangement.mode not in panel.modes:
        raise ActionNotAllowed("The procedure does not offer a hearing of that kind.")
    found = User.objects.filter(is_active=True).in_bulk(list(arrangement.members))
    members = [found[key] for key in dict.fromkeys(arrangement.members) if key in found]
    brought = sitters(case.complaint, [member.pk for member in members])
    refusal = panel_refusal(
        panel,
        [brought[member.pk] for member in members],
        has_reason=bool(arrangement.reason_for_fewer.strip()),
    )
    if refusal:
        raise ActionNotAllowed(refusal)
    entries = case.complaint.access_list.filter(as_panel_member=False)
    listed = set(entries.values_list("user_id", flat=True))
    for member in members:
        if is_barred(case.complaint, member):
            raise NotIndependent(f"{member.name} may not sit on this panel.")
        if member.pk in listed:
            raise ActionNotAllowed(
                f"{member.name} is on the access list of this complaint. Take them off it first, "
                "or choose somebody else: whoever handles it does not sit on its panel."
            )
        reason = independence_refusal(case.state, case.terms, member, stage=case.state.stage)
        if reason:
            raise NotIndependent(f"{member.name} may not sit on this panel. {reason}")
    leading = [
        f"{member.name}, {', '.join(brought[member.pk].committees)}"
        for member in members
        if panel.led_by_committee and brought[member.pk].committees
    ]
    return members, "; ".join(leading)


def _seat(case: CaseFile, members: Sequence[User]) -> None:
    complaint = case.complaint
    AccessEntry.objects.filter(complaint=complaint, as_panel_member=True).delete()
    AccessEntry.objects.bulk_create(
        AccessEntry(
            complaint=complaint,
            user=member,
            as_panel_member=True,
            is_chair=place == 0,
            visit=case.state.visit,
        )
        for place, member in enumerate(members)
    )


def send_invitation(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    telling: Telling,
) -> Complaint:
    """Record that the customer was invited to the hearing as it is now arranged."""
    with recording(
        complaint_id=complaint_id, act=Act.SEND_INVITATION, by=by, now=now, seen=seen
    ) as case:
        hearing, arranged = case.state.hearing, _arranged(case)
        number = case.add(
            EventKind.INVITATION_SENT,
            on=on,
            facts={"channel": telling.channel},
            words={"letter": telling.words},
        )
        issue_letter(
            case,
            LetterKind.INVITATION,
            telling,
            event_number=number,
            hearing_on=hearing.arranged_for if hearing else None,
            hearing_instead_of=hearing.instead_of if hearing else None,
            hearing_place=arranged.get("place", ""),
            hearing_link=arranged.get("link", ""),
        )
    return case.complaint


def _arranged(case: CaseFile) -> Mapping[str, str]:
    """Return the words with which the hearing was last arranged: where it is, how to join it."""
    number = case.state.hearing.arranged_as if case.state.hearing else 0
    words = EventWords.objects.filter(event__complaint=case.complaint, event__number=number)
    found = words.first()
    return found.parts if found else {}


@dataclass(frozen=True, slots=True)
class Papers:
    """What goes to panel and customer before a hearing (HH-23).

    With a `pack` the papers are made here, and kept as they were sent. Without one they were made
    elsewhere, and `words` say what was sent, and to whom. `made_so` says how a customer who needs
    another format gets them, or why not. For a rehearsal nothing `is_kept`.
    """

    pack: Pack | None = None
    words: str = ""
    made_so: str = ""
    is_kept: bool = True


def send_papers(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    papers: Papers,
    telling: Telling,
) -> Complaint:
    """Send panel and customer copies of all correspondence (HH-23).

    The customer gets them by post with a letter, or an e-mail that leads to them on the web; the
    panel, and the officer who speaks for the landlord, are told where they are.

    :raises ActionNotAllowed: if there is nothing to send, the customer would not get it in that
        way, or needs another format and nobody says how they get it.
    """
    # Before the complaint is locked: binding takes longer than a lock may be held.
    bound = _bound(complaint_id, papers.pack, by=by, now=now) if papers.pack else None
    with recording(
        complaint_id=complaint_id, act=Act.SEND_PAPERS, by=by, now=now, seen=seen
    ) as case:
        _check_papers(case, papers, telling)
        readers = _readers_of_papers(case) if bound else []
        facts: dict[str, object] = {"channel": telling.channel}
        if bound:
            facts |= {"pages": bound.pages, "sent_to": [person.pk for person in readers]}
        if bound and papers.is_kept:
            kept = keep_papers(case.complaint, bound, by=by, now=now)
            facts["sha256"] = kept.file.sha256
        number = case.add(
            EventKind.PAPERS_SENT,
            on=on,
            facts=facts,
            words={
                "letter": telling.words,
                "note": papers.words,
                "made_so": papers.made_so,
            },
        )
        hearing = case.state.hearing
        pages = f"the papers for the hearing, {bound.pages} pages" if bound else ""
        issue_letter(
            case,
            LetterKind.PAPERS,
            telling,
            event_number=number,
            hearing_on=hearing.arranged_for if hearing else None,
            enclosures=(pages,) if pages and telling.channel == "post" else (),
        )
        tell_of_papers(case, readers, number=number)
    return case.complaint


# Ways in which papers reach a customer: they cannot be read out on the telephone.
PAPERS_GO_BY = ("post", "email", "in_person", "letter_elsewhere")
NO_PAPERS = "Choose what goes into the papers, or say what was sent, and to whom."
NOT_MADE_HERE = (
    "Without papers made here there is nothing to send from here. Choose what goes into them, or "
    "how the customer got them."
)
NOT_ON_THE_WEB = (
    "The customer cannot read the papers on the web, because their e-mail address does not prove "
    "who reads it. Send them by post."
)


def _check_papers(case: CaseFile, papers: Papers, telling: Telling) -> None:
    customer = case.complaint.customer
    if papers.pack is None and not papers.words.strip():
        raise ActionNotAllowed(NO_PAPERS)
    if papers.pack is None and telling.makes_letter:
        raise ActionNotAllowed(NOT_MADE_HERE)
    if telling.channel not in PAPERS_GO_BY:
        raise ActionNotAllowed("Choose a way in which the papers reach the customer.")
    if telling.channel == "email" and not may_be_followed(
        case.complaint, by_email=True, now=case.now
    ):
        raise ActionNotAllowed(NOT_ON_THE_WEB)
    needed = LetterFormat(customer.letter_format)
    if needed is not LetterFormat.STANDARD and not papers.made_so.strip():
        raise ActionNotAllowed(
            f"{customer.name} needs this format: {needed.words.lower()}. Say how they get the "
            "papers so, or why not."
        )


def _readers_of_papers(case: CaseFile) -> list[User]:
    """Return the panel and the responsible officer, as far as they can read the complaint."""
    hearing = case.state.hearing
    keys = [*(hearing.members if hearing else ()), case.complaint.responsible_officer_id]
    people = User.objects.filter(is_active=True).in_bulk([key for key in keys if key])
    found = [people[key] for key in dict.fromkeys(keys) if key in people]
    readable = Complaint.objects.filter(pk=case.complaint.pk)
    return [each for each in found if readable.readable_by(each).exists()]


def _bound(complaint_id: int, pack: Pack, *, by: User, now: datetime) -> Bound:
    complaint = Complaint.objects.readable_by(by).select_related("customer").get(pk=complaint_id)
    return bind_papers(complaint, pack, by=by, now=now)


def hold_hearing(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    held: Held,
    minutes_ids: Sequence[int] = (),
) -> Complaint:
    """Record that the complaint was heard, or considered on papers (A24), and who took part.

    `minutes_ids` are stored files, which are joined to the hearing as its minutes.

    :raises ActionNotAllowed: if nobody sits on the panel, the procedure does not hear a complaint
        so, it is not said of each how they took part, or the customer was not invited to what they
        did not come to.
    :raises ReasonMissing: if it was held on another day than arranged, and nobody says why.
    """
    with recording(
        complaint_id=complaint_id, act=Act.HOLD_HEARING, by=by, now=now, seen=seen
    ) as case:
        _check_held(case, held, on=on)
        was_for = _arranged_for_another_day(case, on)
        number = case.add(
            EventKind.HEARING_HELD,
            on=on,
            facts={
                "mode": held.mode,
                "companion": bool(held.companion),
                "attendance": [[who, how.value] for who, how in held.attended.items()],
                **({"arranged_for": was_for.isoformat()} if was_for else {}),
            },
            words={
                "companion": held.companion,
                "others": held.others,
                "minutes": held.minutes,
                **({"other_day_because": held.other_day_because.strip()} if was_for else {}),
            },
        )
        for key in minutes_ids:
            join_file(case, key, minutes_of=number)
    return case.complaint


def _arranged_for_another_day(case: CaseFile, on: date) -> date | None:
    """Return the day for which it was arranged, where it was held on another."""
    hearing = case.state.hearing
    day = hearing.to_come_on if hearing else None
    return None if day == on else day


def _check_held(case: CaseFile, held: Held, *, on: date) -> None:
    panel = case.terms.stage(case.state.stage).panel
    hearing = case.state.hearing
    if panel is None or hearing is None or held.mode not in panel.modes:
        raise ActionNotAllowed("The procedure does not offer a hearing of that kind.")
    if refusal := attendance_refusal(panel, held.mode, held.attended, hearing.members):
        raise ActionNotAllowed(refusal)
    if held.attended.get(COMPANION, Attended.ABSENT) is not Attended.ABSENT and not held.companion:
        raise ActionNotAllowed("Say who came with the customer.")
    if held.mode == "in_absence" and not hearing.is_invited:
        raise ActionNotAllowed(
            "The customer was not invited to the hearing as it is arranged, so it cannot be held "
            "without them."
        )
    was_for = _arranged_for_another_day(case, on)
    if was_for is None:
        return
    if held.mode == "in_absence":
        raise ActionNotAllowed(
            f"The customer was invited to a hearing on {in_full(was_for)}, so it cannot be held "
            f"without them on {in_full(on)}. Arrange a day to come, and invite them to it. What "
            "happened without them can be kept as a note."
        )
    if not held.other_day_because.strip():
        raise ReasonMissing(asked_of_another_day(was_for, on))


def send_outcome(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    answer: Answer | None,
    decision: PanelDecision | None,
    telling: Telling,
) -> Complaint:
    """Record the outcome of the hearing and tell the customer.

    The panel's decision about the earlier decision, and the outcome of the complaint, are two
    things (A14). "Re-investigate" sends the complaint back, once at most.

    :raises ActionNotAllowed: if no panel sat, the procedure knows no such decision, or asks for
        one, or wants the outcome in writing, or it offers more than was approved or its
        author may offer.
    :raises NotIndependent: if what this person declared concerns the customer.
    """
    with recording(
        complaint_id=complaint_id, act=Act.SEND_OUTCOME, by=by, now=now, seen=seen
    ) as case:
        check_no_interest(case.complaint, by)
        _check_decision(case, decision)
        check_written(case, telling)
        offer = answer.offer if answer else NO_OFFER
        money = money_told(case, offer)
        answer = decided(case, answer, on=on) if answer else None
        facts = (
            answer_facts(answer, telling, money["amount"])
            if answer
            else {"channel": telling.channel}
        )
        if decision is not None:
            facts["panel_decision"] = decision.value
        heard_in = (case.state.stage, case.state.visit)
        hearing = case.state.hearing
        heard = heard_last(case.state.events, hearing.held_as) if hearing else None
        _check_panel_sat(case, heard)
        panel = _who_sat(case, heard) if heard else ()
        before = promised_before(case) if answer else ()
        number = case.add(
            EventKind.OUTCOME_SENT,
            on=on,
            facts=facts,
            words=answer_words(answer, telling) if answer else {"letter": telling.words},
        )
        if answer is not None:
            add_promises(case, answer.promises, on=on)
            add_offer(case, answer.offer, on=on, channel=telling.channel)
        issue_letter(
            case,
            LetterKind.OUTCOME,
            telling,
            event_number=number,
            heard_in=heard_in,
            outcome=answer.outcome if answer else None,
            panel_decision=decision,
            heard=heard,
            panel=panel,
            remedies=answer.remedy_words if answer else (),
            **money,
            promises=[each.sentence for each in answer.promises] if answer else (),
            promised_before=before,
        )
    return case.complaint


def _check_panel_sat(case: CaseFile, heard: Heard | None) -> None:
    panel = case.terms.stage(case.state.stage).panel
    if panel and heard and (refusal := decided_by_too_few(panel, heard)):
        raise ActionNotAllowed(refusal)


def _who_sat(case: CaseFile, heard: Heard) -> list[str]:
    """Return who sat at a hearing, each with what they sat as. Two queries.

    Chairs of committees are told as they were recorded when it was arranged (K3-15).
    """
    people = User.objects.in_bulk(heard.members)
    words = case.words_beside([heard.arranged_as]).get(heard.arranged_as, {})
    leading = words.get("committee", "").split("; ")
    return [
        next(
            (each for each in leading if each.startswith(f"{people[key].name}, ")),
            ", ".join(part for part in (people[key].name, people[key].job_title) if part),
        )
        for key in heard.members
        if key in people
    ]


def _check_decision(case: CaseFile, decision: PanelDecision | None) -> None:
    panel = case.terms.stage(case.state.stage).panel
    known = panel.decisions if panel else ()
    if known and decision not in known:
        raise ActionNotAllowed(
            "Say whether the panel agrees with the earlier decision, changes it, or has the "
            "complaint investigated again."
        )
    if not known and decision is not None:
        raise ActionNotAllowed("This procedure’s panel decides the complaint itself.")
    if decision is PanelDecision.RE_INVESTIGATE and any(
        move.why == "sent_back" for move in case.state.transitions
    ):
        raise ActionNotAllowed("A panel sends a complaint back once at most.")
