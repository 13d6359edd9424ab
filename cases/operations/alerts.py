"""Short e-mails to staff: neutral, with a link and nothing about the customer."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.urls import reverse

from cases.models import Absence, AccessEntry, Complaint, Level, OutboundMessage, User
from cases.operations.inserting import insert_unless_taken
from cases.operations.record import CaseFile
from cases.rules.interests import Concern
from cases.rules.roles import Role
from cases.selectors.absences import deputies_on
from cases.selectors.independence import is_excluded
from cases.selectors.interests import interest_of


def tell_officer(case: CaseFile, officer: User) -> None:
    """Queue a message to the officer that a complaint is now theirs; to their deputy if away."""
    reference = case.complaint.reference
    promised = sum(each.is_the_officers for each in case.state.open_promises)
    also = {0: "", 1: " So has a promise that is still to be kept."}
    words = also.get(promised, f" So have {promised} promises that are still to be kept.")
    _tell(
        case,
        officer,
        subject=f"Complaint {reference} is now yours",
        words=f"Complaint {reference} has been given to you.{words}",
    )
    deputy = _deputy_of(case, officer)
    if deputy is not None:
        _tell(
            case,
            deputy,
            subject=f"Complaint {reference} is now yours to cover",
            words=f"Complaint {reference} has been given to {officer.name}, for whom you stand in.",
        )


def tell_of_action(case: CaseFile, keeper: User) -> None:
    """Queue a message to a colleague that something is theirs to do; to their deputy too if away.

    Nobody is told of a complaint that is closed to them.
    """
    reference = case.complaint.reference
    subject = f"Complaint {reference}: something is yours to do"
    if _may_be_told(case.complaint, keeper):
        words = f"A colleague asks something of you in complaint {reference}."
        _tell(case, keeper, subject=subject, words=words)
    deputy = _deputy_of(case, keeper)
    if deputy is not None and deputy != case.by and _may_be_told(case.complaint, deputy):
        asked = f"A colleague asks something of {keeper.name}, for whom you stand in"
        _tell(case, deputy, subject=subject, words=f"{asked}, in complaint {reference}.")


def tell_of_promise(case: CaseFile, keeper: User) -> None:
    """Queue a message to a colleague that a promise is theirs to keep; to their deputy too if away.

    One message for an act, however many promises it gives them. Nobody is told of a complaint that
    is closed to them.
    """
    reference = case.complaint.reference
    told = []
    if _may_be_told(case.complaint, keeper):
        told.append((keeper, "Something that was promised is yours to keep"))
    deputy = _deputy_of(case, keeper)
    if deputy is not None and deputy != case.by and _may_be_told(case.complaint, deputy):
        theirs = f"Something that was promised is for {keeper.name}, for whom you stand in, to keep"
        told.append((deputy, theirs))
    page = address_of(f"{case.complaint.get_absolute_url()}#promises")
    for person, words in told:
        insert_unless_taken(
            OutboundMessage(
                key=f"promise:{reference}:{case.complaint.version}:{person.pk}",
                kind="assigned",
                complaint=case.complaint,
                to_user=person,
                to_address=person.email,
                subject=f"Complaint {reference}: a promise is yours to keep",
                body=f"{words}, in complaint {reference}. Sign in to see what and by when:\n\n"
                f"{page}\n",
                created_at=case.now,
                next_try_at=case.now,
            )
        )


def tell_of_merger(twin: CaseFile, remaining: CaseFile | None, *, is_undone: bool = False) -> None:
    """Tell the officers of two complaints that one was merged into the other, or parted again.

    Each, and who stands in for them, of their own, if it is open to them; whoever has both of the
    one that goes on alone, unless nobody is to be told of that. Nobody is told what they did.
    """
    told: set[int] = set()
    for case, became in (
        (remaining, "Another complaint was merged into it, as the same. It goes on."),
        (twin, "It was merged into another complaint, which goes on in its place."),
    ):
        if case is None:
            continue
        subject = f"Complaint {case.complaint.reference}: two complaints are one now"
        if is_undone:
            subject = f"Complaint {case.complaint.reference}: two complaints are apart again"
            became = "It and another complaint are not the same after all. Both go on."
        officer = case.complaint.responsible_officer
        people = [officer, _deputy_of(case, officer)] if officer else []
        for person in people:
            if person is None or person == case.by or person.pk in told:
                continue
            if _may_be_told(case.complaint, person):
                _tell(case, person, subject=subject, words=became)
                told.add(person.pk)


def tell_cover(case: CaseFile, person: User, absence: Absence) -> None:
    """Queue a message to somebody that they cover a complaint while its officer is away."""
    reference = case.complaint.reference
    opens = (
        f" It is open to you from {absence.first_day:%-d %B} on, and not before."
        if absence.first_day > case.today
        else ""
    )
    _tell(
        case,
        person,
        subject=f"Complaint {reference} is yours to cover",
        words=(
            f"You cover complaint {reference} from {absence.first_day:%-d %B} to "
            f"{absence.last_day:%-d %B %Y}, while its officer is away.{opens}"
        ),
    )


def tell_let_in(case: CaseFile, person: User) -> None:
    """Queue a message to somebody that a complaint was opened to them, as too few could see it."""
    reference = case.complaint.reference
    _tell(
        case,
        person,
        subject=f"Complaint {reference} is now open to you",
        words=f"You are on the list of complaint {reference} now: too few people were left on it.",
    )


def tell_of_answer(case: CaseFile, people: Sequence[User | None], *, key: str, words: str) -> None:
    """Tell the first of these people who is still here and can read the complaint of an answer."""
    for person in people:
        if person is None or not person.is_active:
            continue
        if not Complaint.objects.readable_by(person).filter(pk=case.complaint.pk).exists():
            continue
        page = address_of(case.complaint.get_absolute_url())
        OutboundMessage.objects.create(
            key=key,
            kind="information_answered",
            complaint=case.complaint,
            to_user=person,
            to_address=person.email,
            subject=f"Complaint {case.complaint.reference}: an answer has come",
            body=f"{words} Sign in to see it:\n\n{page}\n",
            created_at=case.now,
            next_try_at=case.now,
        )
        return


def tell_of_interest(case: CaseFile, person: User) -> None:
    """Tell the coordinators that what somebody declared may concern a complaint given to them.

    Nothing of what they declared stands in the message. Nobody is told of what is closed to them.
    """
    if interest_of(case.complaint, person) is not Concern.PERHAPS:
        return
    reference = case.complaint.reference
    coordinators = User.objects.filter(
        is_active=True, grants__role=Role.COMPLAINTS_COORDINATOR.value
    )
    page = address_of(case.complaint.get_absolute_url())
    for each in coordinators.exclude(pk=person.pk).order_by("pk"):
        if not Complaint.objects.readable_by(each).filter(pk=case.complaint.pk).exists():
            continue
        OutboundMessage.objects.create(
            key=f"interest:{case.head}:{person.pk}:{each.pk}",
            kind="interest",
            complaint=case.complaint,
            to_user=each,
            to_address=each.email,
            subject=f"Complaint {reference}: look who deals with it",
            body=(
                f"{person.name} was chosen for complaint {reference}. What they declared about "
                "themselves may concern it. Ask them, and choose somebody else if it does:\n\n"
                f"{page}\n"
            ),
            created_at=case.now,
            next_try_at=case.now,
        )


def copy_to_coordinators(case: CaseFile, *, number: int) -> None:
    """Tell every coordinator but whoever wrote it that an answer went, and where to read it.

    The letter itself stands behind the sign-in, as nothing of a complaint does in an e-mail to
    staff (HH-16, HH-20).
    """
    complaint = case.complaint
    page = address_of(reverse("cases:letter", args=[complaint.reference, number]))
    for each in _coordinators():
        if each == case.by or not _may_be_told(complaint, each):
            continue
        OutboundMessage.objects.create(
            key=f"copy:{complaint.reference}:{number}:{each.pk}",
            kind="copy",
            complaint=complaint,
            to_user=each,
            to_address=each.email,
            subject=f"Complaint {complaint.reference}: your copy of the answer",
            body=f"The answer went to the customer. Your copy is here:\n\n{page}\n",
            created_at=case.now,
            next_try_at=case.now,
        )


def tell_of_papers(case: CaseFile, people: Sequence[User], *, number: int) -> None:
    """Tell those who take part in a hearing where its papers are."""
    complaint = case.complaint
    page = address_of(reverse("cases:case-papers", args=[complaint.reference]))
    OutboundMessage.objects.bulk_create(
        OutboundMessage(
            key=f"papers:{complaint.reference}:{number}:{person.pk}",
            kind="papers",
            complaint=complaint,
            to_user=person,
            to_address=person.email,
            subject=f"Complaint {complaint.reference}: papers for the hearing",
            body=f"The papers for the hearing are ready. Sign in to read them:\n\n{page}\n",
            created_at=case.now,
            next_try_at=case.now,
        )
        for person in people
    )


def tell_of_proposal(case: CaseFile, people: Sequence[User]) -> None:
    """Tell those who may approve it that compensation waits for approval."""
    for person in people:
        subject = f"Complaint {case.complaint.reference}: compensation waits for approval"
        _tell(case, person, subject=subject, words="Compensation waits for your approval.")


def tell_of_decision(case: CaseFile, proposed_by: int | None, *, approved: bool) -> None:
    """Tell whoever proposed compensation whether it is approved, if they can still read it."""
    person = User.objects.filter(pk=proposed_by or 0).first()
    if person is None or not _may_be_told(case.complaint, person):
        return
    subject = f"Complaint {case.complaint.reference}: compensation is decided"
    words = "The compensation that you proposed is {}approved.".format("" if approved else "not ")
    _tell(case, person, subject=subject, words=words)


def tell_of_giving_up(case: CaseFile, whom: Collection[int | None]) -> None:
    """Tell those who proposed or approved compensation that it was given up, by key.

    Only those who can still read it are told.
    """
    for person in User.objects.filter(pk__in=[key for key in whom if key]):
        if _may_be_told(case.complaint, person):
            subject = f"Complaint {case.complaint.reference}: compensation is given up"
            words = "Compensation that you proposed or approved is given up: it is not offered."
            _tell(case, person, subject=subject, words=words)


def _tell(case: CaseFile, person: User, *, subject: str, words: str) -> None:
    page = address_of(case.complaint.get_absolute_url())
    OutboundMessage.objects.create(
        key=f"assigned:{case.head}:{person.pk}",
        kind="assigned",
        complaint=case.complaint,
        to_user=person,
        to_address=person.email,
        subject=subject,
        body=f"{words} Sign in to see it and its deadlines:\n\n{page}\n",
        created_at=case.now,
        next_try_at=case.now,
    )


def _deputy_of(case: CaseFile, officer: User) -> User | None:
    """Return who stands in for the officer today, if the complaint is open to them."""
    if not Absence.objects.on(case.today).filter(user=officer).exists():
        return None
    key = deputies_on(case.today).get(officer.pk)
    deputy = User.objects.get(pk=key) if key else None
    if deputy is None or is_excluded(case.complaint.pk, deputy):
        return None
    if case.complaint.level != Level.RESTRICTED:
        return deputy
    listed = AccessEntry.objects.filter(complaint=case.complaint, user=deputy)
    return deputy if listed.exists() else None


def address_of(path: str) -> str:
    """Return the full address of a page, always under the landlord's own base address."""
    return f"{settings.PUBLIC_BASE_URL}{path}"


def tell_of_customer(
    complaint: Complaint, *, key: str, words: str, now: datetime, by_speaker: bool = False
) -> None:
    """Tell the responsible officer what the customer did on the web; without one the coordinators.

    `by_speaker`: whoever speaks for them did it. Nothing that they wrote stands in the message.
    """
    officer = complaint.responsible_officer
    who = "whoever speaks for the customer" if by_speaker else "the customer"
    subject = f"Complaint {complaint.reference}: {who} has been in touch"
    for person in [officer, *_coordinators()] if officer else _coordinators():
        if _may_be_told(complaint, person):
            _tell_by(complaint, person, key=key, subject=subject, words=words, now=now)
            if person == officer:
                return


def tell_of_closing(case: CaseFile, *, is_closed: bool) -> None:
    """Tell the responsible officer that their complaint was closed to the web, or opened again.

    Nobody is told what they did themselves, nor of a complaint that is not open to them.
    """
    complaint, officer = case.complaint, case.complaint.responsible_officer
    if officer is None or officer == case.by or not _may_be_told(complaint, officer):
        return
    subject = f"Complaint {complaint.reference}: the customer’s page on the web"
    words = (
        f"{case.by.name if case.by else 'The system'} closed it: the customer cannot follow the "
        "complaint on the web. Ring or write where you would have pointed them to it."
        if is_closed
        else "It is open again: the customer can follow the complaint with a new link or code."
    )
    _tell_by(
        complaint,
        officer,
        key=f"followed:{case.head}",
        subject=subject,
        words=words,
        now=case.now,
    )


def tell_of_breach(
    complaint: Complaint, *, key: str, now: datetime, is_closed: bool = True
) -> bool:
    """Tell the officer and every coordinator at once that somebody saw what is not theirs.

    `is_closed`: the page on which the customer follows the complaint was closed for it.

    Of a restricted complaint those on its list are told who may read it. Where nobody may, the
    coordinators and system administrators from whom it is not shut are told that it happened, and
    nothing of the complaint. Returns whether anybody was told of it itself.
    """
    officer = complaint.responsible_officer
    subject = f"Complaint {complaint.reference}: somebody else’s information was seen"
    seen = (
        "The customer says that they can see somebody else’s information. Their page on the web "
        "is closed until a coordinator opens it again."
        if is_closed
        else "Somebody with a link or a code of ours about it says that they can see somebody "
        "else’s information. The record says where, and what they say; a link that opened it is "
        "ended."
    )
    words = (
        f"{seen} Tell your data protection officer today. If others may see it too, close these "
        "pages for everybody under Settings, Landlord."
    )
    listed = _on_the_list(complaint)
    people = {each.pk: each for each in [officer, *_coordinators(), *listed] if each}
    readers = [person for person in people.values() if _may_be_told(complaint, person)]
    for person in readers:
        _tell_by(complaint, person, key=key, subject=subject, words=words, now=now)
    if not readers:
        _tell_without_content(complaint, now=now, is_closed=is_closed)
    return bool(readers)


def _on_the_list(complaint: Complaint) -> list[User]:
    """Return whom a restricted complaint is open to for their work on it."""
    if complaint.level != Level.RESTRICTED:
        return []
    entries = complaint.access_list.filter(as_panel_member=False, user__is_active=True)
    at_work = entries.exclude(user__grants__role=Role.AUDITOR.value)
    return [each.user for each in at_work.select_related("user").order_by("user_id")]


def _tell_without_content(complaint: Complaint, *, now: datetime, is_closed: bool) -> None:
    """Tell that somebody saw what is not theirs, to people who may not know in which complaint."""
    who = (
        "A customer who follows a complaint on the web"
        if is_closed
        else "Somebody with a link or a code"
    )
    closed = "Their page is closed." if is_closed else "A link is ended."
    words = (
        f"{who} says that they can see somebody else’s information. {closed} Nobody who may read "
        "that complaint is there to be told, so this says nothing of it. Make sure today that "
        "somebody who may read it looks, and tell your data protection officer. If others may see "
        "it too, close these pages for everybody under Settings, Landlord."
    )
    shut_out = set(complaint.exclusions.values_list("user_id", flat=True))
    for person in _holding(Role.COMPLAINTS_COORDINATOR, Role.SYSTEM_ADMINISTRATOR):
        if person.pk in shut_out:
            continue
        OutboundMessage.objects.create(
            # A random key: one made of the complaint's would tell which it is.
            key=f"breach-unread:{uuid4().hex}",
            kind="from_customer",
            to_user=person,
            to_address=person.email,
            subject="Somebody else’s information was seen on the web",
            body=f"{words}\n",
            created_at=now,
            next_try_at=now,
        )


def tell_of_unposted_code(complaint: Complaint, person: User, *, key: str, now: datetime) -> None:
    """Queue a message to whoever had a code posted that the provider could not post it.

    Nobody is told of a complaint that is closed to them by now.
    """
    if not _may_be_told(complaint, person):
        return
    page = address_of(reverse("cases:following", args=[complaint.reference]))
    OutboundMessage.objects.create(
        key=f"{key}:{person.pk}",
        kind="assigned",
        complaint=complaint,
        to_user=person,
        to_address=person.email,
        subject=f"Complaint {complaint.reference}: a code was not posted",
        body="The provider could not post the code by which somebody follows complaint "
        f"{complaint.reference}. Sign in to see why, and print and post one here:\n\n{page}\n",
        created_at=now,
        next_try_at=now,
    )


def _coordinators() -> list[User]:
    return _holding(Role.COMPLAINTS_COORDINATOR)


def _holding(*roles: Role) -> list[User]:
    held = User.objects.filter(is_active=True, grants__role__in=[role.value for role in roles])
    return list(held.distinct().order_by("pk"))


def _may_be_told(complaint: Complaint, person: User) -> bool:
    readable = Complaint.objects.readable_by(person).filter(pk=complaint.pk)
    return person.is_active and readable.exists()


def _tell_by(
    complaint: Complaint, person: User, *, key: str, subject: str, words: str, now: datetime
) -> None:
    OutboundMessage.objects.create(
        key=f"{key}:{person.pk}",
        kind="from_customer",
        complaint=complaint,
        to_user=person,
        to_address=person.email,
        subject=subject,
        body=f"{words} Sign in to see it:\n\n{address_of(complaint.get_absolute_url())}\n",
        created_at=now,
        next_try_at=now,
    )
