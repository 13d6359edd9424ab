"""Taking a complaint in, from a customer or through an officer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from cases.errors import ActionNotAllowed, NotIndependent, WrongDate
from cases.models import (
    AccessEntry,
    Complaint,
    ComplaintLink,
    Customer,
    Exclusion,
    Level,
    StoredFile,
    User,
)
from cases.models.procedures import published_terms
from cases.operations.access_lists import ENOUGH, eligible
from cases.operations.alerts import tell_of_interest, tell_officer
from cases.operations.customers import Speaker, add_speaker
from cases.operations.points import Definition, add_definition
from cases.operations.record import CaseFile
from cases.operations.search_index import index_names
from cases.rules.customers import register_for
from cases.rules.events import EventKind
from cases.rules.interests import Concern
from cases.rules.lateness import Lateness
from cases.rules.links import LinkKind
from cases.rules.periods import LONDON, london_day
from cases.rules.points import new_matters_refused
from cases.rules.references import new_reference
from cases.rules.roles import Role
from cases.selectors.interests import interest_in_customer
from cases.selectors.running import InForce, in_force_on

# A chance meeting of two random references is one in millions of millions; three tries are plenty.
TRIES = 3


@dataclass(frozen=True, slots=True)
class Lodging:
    """What a complaint begins with. `about_staff` names the people it is about, if known.

    `reference` is one that the customer has been told already; otherwise a new one is made.
    `tells_officer`: the responsible officer learns by e-mail that it is theirs. `definition` is
    what is clear already of its points. `newcomer` is the customer's row where it was added a
    moment ago. `written_in` is the language of the form, if it was not in English.
    """

    customer_id: int
    channel: str
    received_on: date
    summary: str
    desired_outcome: str = ""
    received_at: datetime | None = None
    received_by_team_on: date | None = None
    category_id: int | None = None
    contractor_id: int | None = None
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
    definition: Definition | None = None
    newcomer: Customer | None = None
    written_in: str = ""

    @property
    def is_about_staff(self) -> bool:
        """Say whether it is about staff, whether they are known or not."""
        return bool(self.about_staff) or self.about_staff_unnamed


@transaction.atomic
def lodge_complaint(
    lodging: Lodging,
    *,
    by: User | None,
    now: datetime,
    needs_triage: bool,
    late: Lateness | None = None,
) -> Complaint:
    """Record a new complaint under the procedure in force when it was received.

    From the public form it waits for a coordinator (`needs_triage`); an officer's is accepted
    at once. A complaint about staff starts restricted: its list holds the coordinators, and the
    people it is about are shut out (roles: untriaged, levels, no orphan). `late` is what was said
    of why it is logged late; without it nobody is asked (HH-9).

    :raises WrongDate: if it is said to be received in the future.
    :raises LatenessUnexplained: if it is logged late, somebody is asked, and does not say why.
    :raises ActionNotAllowed: if the landlord is not set up, or whoever speaks for the customer
        is said to be confirmed without saying how.
    :raises NotIndependent: if the officer declared that they know the customer.
    """
    return lodge_within(lodging, by=by, now=now, needs_triage=needs_triage, late=late)


def lodge_within(
    lodging: Lodging,
    *,
    by: User | None,
    now: datetime,
    needs_triage: bool,
    late: Lateness | None = None,
) -> Complaint:
    """Do what `lodge_complaint` does, in the transaction of the caller, which ends if it fails.

    :raises ComplaintError: as `lodge_complaint` does.
    """
    _check_receipt(lodging, now)
    in_force = in_force_on(lodging.received_on)
    customer = lodging.newcomer or Customer.objects.get(pk=lodging.customer_id)
    concern = _checked_concern(customer, lodging.officer_id)
    case = _begun(lodging, customer, in_force, by=by, now=now, needs_triage=needs_triage, late=late)
    complaint = case.complaint
    if lodging.speaker is not None:
        add_speaker(case, lodging.speaker)
    if lodging.definition is not None:
        add_definition(case, lodging.definition)
    case.save()
    if lodging.speaker is not None:
        index_names([complaint.pk])
    if lodging.tells_officer and lodging.officer_id not in (None, by.pk if by else None):
        tell_officer(case, User.objects.get(pk=lodging.officer_id))
    if concern is Concern.PERHAPS and lodging.officer_id is not None:
        tell_of_interest(case, User.objects.get(pk=lodging.officer_id))
    if lodging.is_about_staff:
        _restrict(complaint, lodging.about_staff)
    _attach(complaint, lodging.file_ids)
    if lodging.linked_to_id:
        _link_new_matter(complaint, lodging.linked_to_id)
    return complaint


def _checked_concern(customer: Customer, officer_id: int | None) -> Concern:
    """Return whether what the officer declared may be about the customer, where one is named.

    One query. Nothing of a new complaint is closed to anybody yet.

    :raises NotIndependent: if it surely is.
    """
    if officer_id is None:
        return Concern.NONE
    concern = interest_in_customer(customer, officer_id)
    if concern is Concern.SURE:
        name = User.objects.get(pk=officer_id).name
        raise NotIndependent(f"{name} may not handle this complaint.")
    return concern


def _link_new_matter(complaint: Complaint, earlier_id: int) -> None:
    """Say that it is a new matter, where the stage of the earlier one takes none (HH-17)."""
    earlier = Complaint.objects.get(pk=earlier_id)
    terms = published_terms(earlier.procedure_version_id)
    if earlier.is_open and new_matters_refused(terms.stage(earlier.stage)):
        ComplaintLink.objects.create(
            complaint=complaint, other=earlier, kind=LinkKind.NEW_MATTER.value, event_number=1
        )


def _check_receipt(lodging: Lodging, now: datetime) -> None:
    """Refuse what is said to come from the future.

    :raises WrongDate: if its day or its instant has not come yet.
    """
    if lodging.received_on > london_day(now):
        raise WrongDate(f"{lodging.received_on:%-d %B %Y} is in the future.")
    if lodging.received_at is not None and lodging.received_at > now:
        raise WrongDate(f"{lodging.received_at.astimezone(LONDON):%H:%M} is in the future.")


def _begun(
    lodging: Lodging,
    customer: Customer,
    in_force: InForce,
    *,
    by: User | None,
    now: datetime,
    needs_triage: bool,
    late: Lateness | None,
) -> CaseFile:
    """Write the row under the reference given, else a random one, and return the file it begins.

    :raises IntegrityError: if another complaint has the reference.
    """
    for reference in [lodging.reference] if lodging.reference else _random():
        complaint = _new_row(lodging, customer, in_force, by=by, now=now, needs_triage=needs_triage)
        complaint.reference = reference
        case = CaseFile(complaint, [], by=by, now=now, late=late)
        _add_receipt(case, lodging, in_force)
        if case.begin():
            return case
    raise IntegrityError("Another complaint has this reference.")


def _random() -> Iterator[str]:
    for _ in range(TRIES):
        yield new_reference()


def _new_row(
    lodging: Lodging,
    customer: Customer,
    in_force: InForce,
    *,
    by: User | None,
    now: datetime,
    needs_triage: bool,
) -> Complaint:
    terms = in_force.version.terms
    return Complaint(
        customer=customer,
        procedure_version=in_force.version,
        register=register_for(customer.category, terms).value,
        channel=lodging.channel,
        category_id=lodging.category_id,
        contractor_id=lodging.contractor_id,
        service_area_id=lodging.area_id,
        responsible_officer_id=lodging.officer_id,
        logged_by=by,
        level=(Level.RESTRICTED if lodging.is_about_staff else lodging.level).value,
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


def _add_receipt(case: CaseFile, lodging: Lodging, in_force: InForce) -> None:
    """Add the events that every complaint begins with."""
    complaint = case.complaint
    case.add(
        EventKind.RECEIVED,
        on=lodging.received_on,
        at=lodging.received_at,
        stage=lodging.stage,
        facts={
            "calendar": in_force.edition,
            "version": in_force.version.pk,
            "customer": complaint.customer_id,
            "channel": lodging.channel,
            "area": lodging.area_id,
            "officer": lodging.officer_id,
            "category": lodging.category_id,
            "needs_triage": complaint.needs_triage,
            **({"written_in": lodging.written_in} if lodging.written_in else {}),
            **({"contractor": lodging.contractor_id} if lodging.contractor_id else {}),
        },
        words={"summary": lodging.summary, "desired_outcome": lodging.desired_outcome},
    )
    case.add(EventKind.LOGGED)
    if lodging.received_by_team_on is not None:
        case.add(EventKind.RECEIVED_BY_TEAM, on=lodging.received_by_team_on)


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
