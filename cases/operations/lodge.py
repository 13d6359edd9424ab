"""Taking a complaint in, from a customer or through an officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from cases.errors import ActionNotAllowed, WrongDate
from cases.models import (
    AccessEntry,
    Complaint,
    Customer,
    Exclusion,
    Level,
    StoredFile,
    User,
)
from cases.operations.access_lists import ENOUGH, eligible
from cases.operations.alerts import tell_officer
from cases.operations.customers import Speaker, add_speaker
from cases.operations.points import Definition, add_definition
from cases.operations.record import CaseFile
from cases.operations.search_index import index_names
from cases.rules.customers import register_for
from cases.rules.events import EventKind
from cases.rules.periods import LONDON, london_day
from cases.rules.references import new_reference
from cases.rules.roles import Role
from cases.selectors.running import current_edition, procedure_on, version_in_force

# A chance meeting of two random references is one in millions of millions; three tries are plenty.
TRIES = 3


@dataclass(frozen=True, slots=True)
class Lodging:
    """What a complaint begins with. `about_staff` names the people it is about, if known.

    `reference` is one that the customer has been told already; otherwise a new one is made.
    `tells_officer`: the responsible officer learns by e-mail that it is theirs. `points` are those
    of the complaint, where they are clear already.
    """

    customer_id: int
    channel: str
    received_on: date
    summary: str
    desired_outcome: str = ""
    received_at: datetime | None = None
    received_by_team_on: date | None = None
    category_id: int | None = None
    area_id: int | None = None
    officer_id: int | None = None
    stage: str = ""
    level: Level = Level.NORMAL
    about_staff: Sequence[int] = ()
    about_staff_unnamed: bool = False
    linked_to_id: int | None = None
    file_ids: Sequence[int] = ()
    reference: str = ""
    speaker: Speaker | None = None
    tells_officer: bool = False
    points: Sequence[str] = ()


@transaction.atomic
def lodge_complaint(
    lodging: Lodging, *, by: User | None, now: datetime, needs_triage: bool
) -> Complaint:
    """Record a new complaint under the procedure in force when it was received.

    From the public form it waits for a coordinator (`needs_triage`); an officer's is accepted
    at once. A complaint about staff starts restricted: its list holds the coordinators, and the
    people it is about are shut out (roles: untriaged, levels, no orphan).

    :raises WrongDate: if it is said to be received in the future.
    :raises ActionNotAllowed: if the landlord is not set up, or whoever speaks for the customer
        is said to be confirmed without saying how.
    """
    _check_receipt(lodging, now)
    customer = Customer.objects.get(pk=lodging.customer_id)
    version = version_in_force(procedure_on(lodging.received_on), lodging.received_on)
    terms = version.terms
    about_staff = bool(lodging.about_staff) or lodging.about_staff_unnamed
    complaint = Complaint(
        customer=customer,
        procedure_version=version,
        register=register_for(customer.category, version.terms).value,
        channel=lodging.channel,
        category_id=lodging.category_id,
        service_area_id=lodging.area_id,
        responsible_officer_id=lodging.officer_id,
        logged_by=by,
        level=(Level.RESTRICTED if about_staff else lodging.level).value,
        needs_triage=needs_triage,
        summary=lodging.summary,
        desired_outcome=lodging.desired_outcome,
        linked_to_id=lodging.linked_to_id,
        status="received",
        stage=lodging.stage or terms.first_stage,
        received_on=lodging.received_on,
        stage_began_on=lodging.received_on,
        last_event_at=now,
    )
    _insert(complaint, lodging.reference)
    case = CaseFile(complaint, [], by=by, now=now)
    case.add(
        EventKind.RECEIVED,
        on=lodging.received_on,
        at=lodging.received_at,
        stage=lodging.stage,
        facts={
            "calendar": current_edition().pk,
            "version": version.pk,
            "customer": customer.pk,
            "channel": lodging.channel,
            "area": lodging.area_id,
            "officer": lodging.officer_id,
            "category": lodging.category_id,
            "needs_triage": needs_triage,
        },
        words={"summary": lodging.summary, "desired_outcome": lodging.desired_outcome},
    )
    case.add(EventKind.LOGGED)
    if lodging.received_by_team_on is not None:
        case.add(EventKind.RECEIVED_BY_TEAM, on=lodging.received_by_team_on)
    if lodging.speaker is not None:
        add_speaker(case, lodging.speaker)
    if lodging.points:
        points = [(None, text) for text in lodging.points]
        add_definition(case, Definition(points, sought=lodging.desired_outcome))
    case.save()
    if lodging.speaker is not None:
        index_names([complaint.pk])
    if lodging.tells_officer and lodging.officer_id not in (None, by.pk if by else None):
        tell_officer(case, User.objects.get(pk=lodging.officer_id))
    if about_staff:
        _restrict(complaint, lodging.about_staff)
    _attach(complaint, lodging.file_ids)
    return complaint


def _check_receipt(lodging: Lodging, now: datetime) -> None:
    """Refuse what is said to come from the future.

    :raises WrongDate: if its day or its instant has not come yet.
    """
    if lodging.received_on > london_day(now):
        raise WrongDate(f"{lodging.received_on:%-d %B %Y} is in the future.")
    if lodging.received_at is not None and lodging.received_at > now:
        raise WrongDate(f"{lodging.received_at.astimezone(LONDON):%H:%M} is in the future.")


def _insert(complaint: Complaint, reference: str) -> None:
    """Insert the complaint under the reference given, else a random one that nobody has."""
    if reference:
        complaint.reference = reference
        complaint.save(force_insert=True)
        return
    for attempt in range(TRIES):
        complaint.reference = new_reference()
        try:
            with transaction.atomic():
                complaint.save(force_insert=True)
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
        else:
            return


def _restrict(complaint: Complaint, subjects: Sequence[int]) -> None:
    """Shut the subjects out and let in those who may handle it, of whom at least one is needed.

    :raises ActionNotAllowed: if nobody is left who could handle it.
    """
    Exclusion.objects.bulk_create(
        Exclusion(complaint=complaint, user_id=key, reason="subject") for key in subjects
    )
    handlers = eligible(Role.COMPLAINTS_COORDINATOR, subjects)
    if len(handlers) < ENOUGH:
        # Without a second coordinator, or when it is about one, the directors are let in.
        handlers |= eligible(Role.DIRECTOR, subjects)
    if not handlers:
        raise ActionNotAllowed(
            "Nobody is left to handle a complaint about these people. Name a coordinator or a "
            "director first."
        )
    AccessEntry.objects.bulk_create(
        AccessEntry(complaint=complaint, user_id=key) for key in sorted(handlers)
    )


def _attach(complaint: Complaint, file_ids: Sequence[int]) -> None:
    if file_ids:
        StoredFile.objects.filter(pk__in=file_ids, complaint__isnull=True).update(
            complaint=complaint
        )
