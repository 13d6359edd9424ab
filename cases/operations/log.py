"""Logging for a customer what came by telephone, letter or visit: once, however often sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, FileRefused, LoggedAlready, NotEntitled
from cases.models import Complaint, Customer, Level, LoggedForm, RoleGrant, StoredFile, User
from cases.operations.call_backs import promise_call
from cases.operations.customers import Particulars, Speaker, add_customer
from cases.operations.inserting import insert_unless_taken
from cases.operations.lateness import said_of_lateness
from cases.operations.lodge import Lodging, lodge_within
from cases.operations.points import Definition
from cases.operations.service_requests import Asked, log_request
from cases.operations.stage_acts import resolve
from cases.operations.telling import Telling
from cases.rules.acts import GRANTS, Act
from cases.rules.pages import CHANGERS, Page
from cases.rules.roles import AREA_ROLES, Role
from cases.selectors.candidates import DEALING, may_deal_with
from cases.selectors.running import in_force_on


@dataclass(frozen=True, slots=True)
class Logged:
    """What an officer logs for a customer: one whom we know, or one with these particulars.

    `key` names the form it was typed into: what is sent twice is logged once.
    """

    key: str
    customer_id: int | None
    particulars: Particulars | None
    channel: str
    received_on: date
    words: str
    received_at: datetime | None = None
    area_id: int | None = None
    category_id: int | None = None


@dataclass(frozen=True, slots=True)
class CallAsked:
    """A call that the customer asks for: on which number, and when that is good and safe."""

    number: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class AsComplaint:
    """What is told of a complaint besides.

    `about_staff` are those it is about, as far as they are known. A `call` is promised by a day.
    """

    desired_outcome: str = ""
    received_by_team_on: date | None = None
    level: Level = Level.NORMAL
    about_staff: Sequence[int] = ()
    officer_id: int | None = None
    contractor_id: int | None = None
    speaker: Speaker | None = None
    linked_to_id: int | None = None
    file_keys: Sequence[str] = ()
    points: Sequence[str] = ()
    call: CallAsked | None = None


@dataclass(frozen=True, slots=True)
class ThereAndThen:
    """How a complaint was put right at once, and how the customer was told."""

    on: date
    words: str
    apologised: bool
    telling: Telling


@dataclass(frozen=True, slots=True)
class AsRequest:
    """What is told of a request that is not a complaint."""

    kind: str
    offered_complaint: bool = False
    passed_to: str = ""


@transaction.atomic
def log_complaint(
    logged: Logged,
    told: AsComplaint,
    *,
    by: User,
    now: datetime,
    resolved: ThereAndThen | None = None,
) -> LoggedForm:
    """Record a complaint that an officer took, put right there and then if it was.

    The form that was sent before leads to what it logged then. A complaint about staff is
    restricted and waits for a coordinator, unless a coordinator logs it.

    :raises NotEntitled: if logging, or naming the officer, is not for their role.
    :raises ActionNotAllowed: if it cannot be put right there and then.
    :raises LoggedAlready: if something else stands in a form that was sent before.
    :raises LatenessUnexplained: if it is logged late, or put right late, and nobody says why.
    :raises ComplaintError: whatever lodging and resolving refuse.
    """
    _check_logs(by)
    form = _begun(logged.key, by, now)
    if form.complaint_id or form.request_id:
        _check_same(form, logged)
        return form
    officer = _officer(logged, told, by, is_resolved=resolved is not None)
    is_restricted = told.level is Level.RESTRICTED
    coordinates = by.has_role(Role.COMPLAINTS_COORDINATOR)
    customer_id, newcomer = _customer(logged, now)
    complaint = lodge_within(
        Lodging(
            customer_id=customer_id,
            newcomer=newcomer,
            channel=logged.channel,
            received_on=logged.received_on,
            received_at=logged.received_at,
            received_by_team_on=told.received_by_team_on,
            summary=logged.words,
            desired_outcome=told.desired_outcome,
            category_id=logged.category_id,
            contractor_id=told.contractor_id,
            area_id=logged.area_id,
            officer_id=officer,
            tells_officer=True,
            level=told.level,
            about_staff=told.about_staff,
            about_staff_unnamed=is_restricted,
            linked_to_id=told.linked_to_id,
            speaker=told.speaker,
            file_ids=_files(told.file_keys, by),
            definition=_definition(told),
        ),
        by=by,
        now=now,
        needs_triage=is_restricted and not coordinates,
        late=said_of_lateness(),
    )
    if told.call is not None:
        number, when = told.call.number, told.call.when
        complaint = promise_call(complaint_id=complaint.pk, number=number, when=when, now=now)
    if resolved is not None:
        complaint = _resolve(complaint, resolved, by=by, now=now)
    form.complaint = complaint
    form.save(update_fields=["complaint"])
    return form


@transaction.atomic
def log_service_request(logged: Logged, told: AsRequest, *, by: User, now: datetime) -> LoggedForm:
    """Record a request that an officer took and that is not a complaint.

    :raises NotEntitled: if this is not for their role.
    :raises ComplaintError: whatever recording the request refuses.
    """
    _check_logs(by)
    form = _begun(logged.key, by, now)
    if form.complaint_id or form.request_id:
        _check_same(form, logged)
        return form
    customer_id, _ = _customer(logged, now)
    form.request = log_request(
        Asked(
            kind=told.kind,
            customer_id=customer_id,
            channel=logged.channel,
            received_on=logged.received_on,
            words=logged.words,
            area_id=logged.area_id,
            category_id=logged.category_id,
            offered_complaint=told.offered_complaint,
            passed_to=told.passed_to,
        ),
        by=by,
        now=now,
    )
    form.save(update_fields=["request"])
    return form


def _check_logs(by: User) -> None:
    if not by.has_role(*CHANGERS[Page.LOG]):
        raise NotEntitled("Logging is for those who work on complaints.")


def _begun(key: str, by: User, now: datetime) -> LoggedForm:
    """Return the row of the form: new, or what it logged before.

    Of two that arrive at once the second waits for the first here.

    :raises NotEntitled: if it is somebody else's form.
    """
    form = LoggedForm(key=key, by=by, at=now)
    if insert_unless_taken(form):
        return form
    earlier = LoggedForm.objects.select_related("complaint", "request").get(key=key)
    if earlier.by_id != by.pk:
        raise NotEntitled("This form belongs to somebody else. Open a new one.")
    return earlier


def _check_same(form: LoggedForm, logged: Logged) -> None:
    """Refuse a form sent before in which something else stands now, so that it is not lost.

    :raises LoggedAlready: if its words or its day are others.
    """
    complaint, request = form.complaint, form.request
    before: tuple[str, date | None] = ("", None)
    if complaint is not None:
        before = (complaint.summary, complaint.received_on)
    elif request is not None:
        before = (request.words, request.received_on)
    if before != (logged.words, logged.received_on):
        raise LoggedAlready(
            f"This form was sent before and is logged as {complaint or request}. What you have "
            "typed since is still here: if it is something else, log it now."
        )


def _customer(logged: Logged, now: datetime) -> tuple[int, Customer | None]:
    """Return the customer's key, and the row of one who has to be added first.

    :raises ActionNotAllowed: if nobody is named.
    """
    if logged.customer_id is not None:
        return logged.customer_id, None
    if logged.particulars is None or not logged.particulars.name.strip():
        raise ActionNotAllowed("Say who the customer is.")
    newcomer = add_customer(logged.particulars, now=now)
    return newcomer.pk, newcomer


def _officer(logged: Logged, told: AsComplaint, by: User, *, is_resolved: bool) -> int | None:
    """Return who has it: whoever was named, else who put it right, if they deal with complaints.

    :raises NotEntitled: if naming somebody is not for them.
    :raises ActionNotAllowed: if they cannot be named.
    """
    if told.officer_id is None:
        return by.pk if is_resolved and by.has_role(*DEALING) else None
    if told.level is Level.RESTRICTED:
        raise ActionNotAllowed(
            "Who deals with a complaint about staff is settled after it is logged."
        )
    if not may_name_officer(by, logged.area_id):
        raise NotEntitled(
            "The managers of the service area and the complaints coordinators name the officer."
        )
    terms = in_force_on(logged.received_on).version.terms
    roles = may_deal_with(terms.stage(terms.first_stage))
    dealing = RoleGrant.objects.filter(role__in=[role.value for role in roles])
    if not dealing.filter(user=told.officer_id, user__is_active=True).exists():
        raise ActionNotAllowed("They cannot be given a complaint. Choose somebody else.")
    return told.officer_id


def may_name_officer(by: User, area_id: int | None) -> bool:
    """Say whether somebody may name the officer of a new complaint in a service area."""
    entitled = GRANTS[Act.ASSIGN]
    if Role.COMPLAINTS_COORDINATOR in by.scope.roles & entitled:
        return True
    return any(by.scope.covers(role, area_id) for role in entitled & AREA_ROLES)


def _definition(told: AsComplaint) -> Definition | None:
    """Return the points noted while logging; the acknowledgement asks for the rest of it."""
    if not told.points:
        return None
    return Definition([(None, text) for text in told.points], sought=told.desired_outcome)


def _files(keys: Sequence[str], by: User) -> list[int]:
    """Return the files kept for this form.

    :raises FileRefused: if one is gone, or belongs to something already.
    """
    if not keys:
        return []
    kept = StoredFile.objects.filter(key__in=keys, uploaded_by=by, complaint__isnull=True)
    found = list(kept.values_list("pk", flat=True))
    if len(found) != len(set(keys)):
        raise FileRefused("A file is not kept any more. Choose the files again.")
    return found


def _resolve(complaint: Complaint, resolved: ThereAndThen, *, by: User, now: datetime) -> Complaint:
    """Record how it was put right, close it, and return it as it stands then.

    :raises ActionNotAllowed: if whoever took it may not read it once it is logged.
    """
    if not Complaint.objects.readable_by(by).filter(pk=complaint.pk).exists():
        raise ActionNotAllowed(
            "A sensitive complaint, or one about staff, cannot be put right there and then by "
            "whoever took it. Log it as a complaint."
        )
    return resolve(
        complaint_id=complaint.pk,
        by=by,
        now=now,
        seen=complaint.version,
        on=resolved.on,
        words=resolved.words,
        apologised=resolved.apologised,
        close=True,
        telling=resolved.telling,
    )
