"""Who opened complaints and took something of them away, for those who answer for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from django.db.models import Case, Exists, F, Model, OuterRef, QuerySet, TextField, Value, When

from cases.models import CaseLook, CaseView, Complaint, Look, User
from cases.rules.periods import LONDON
from cases.rules.roles import MANAGING_ROLES, Role

# Who may know who else opened a complaint that is theirs to read, and auditors (roles: row 39).
KNOW_WHO_LOOKED = MANAGING_ROLES | {Role.COMPLAINTS_COORDINATOR}
# When, who, what, the file's name, the complaint's reference.
LookRow = tuple[datetime, str, str, str | None, str | None]

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Viewed:
    """A line of what was opened; the reference for those alone who may read the complaint."""

    at: datetime
    who: str
    page: str
    reference: str


def case_views(user: User) -> QuerySet[CaseView, tuple[datetime, str, str, str]]:
    """Return what auditors opened, the newest first, as somebody may know of it.

    A coordinator is told of no complaint that is closed to them. An administrator, who sees no
    complaint, is told that one was opened and not which; of a restricted one, or one about them,
    not even that.
    """
    rows = _known_to(CaseView.objects.all(), user)
    return rows.order_by("-pk").values_list("at", "user__name", "page", _named_to(user))


def viewed(row: tuple[datetime, str, str, str]) -> Viewed:
    """Return a line for the page."""
    at, who, page, reference = row
    return Viewed(at, who, page.replace("-", " ").capitalize(), reference)


def may_know_who_looked(user: User, roles: Collection[Role]) -> bool:
    """Say whether somebody who reads a complaint may know who else did.

    `roles` are those that count for the complaint.
    """
    return not KNOW_WHO_LOOKED.isdisjoint(roles) or user.has_role(Role.AUDITOR)


def opened_on(day: date, *, by: int) -> Exists:
    """Return the condition on a complaint that it is noted already that somebody opened it."""
    looks = CaseLook.objects.filter(
        complaint=OuterRef("pk"), user=by, day=day, what=Look.OPENED.value, file__isnull=True
    )
    return Exists(looks)


@dataclass(frozen=True, slots=True)
class Looked:
    """A line of who did what with a complaint; of a file its name."""

    at: datetime
    who: str
    what: str
    of: str
    reference: str

    @property
    def words(self) -> str:
        """Return what they did."""
        return Look(self.what).label

    @property
    def is_taken(self) -> bool:
        """Say whether something left the system."""
        return self.what != Look.OPENED


def looks_at(complaint: Complaint, *, only_taken: bool) -> QuerySet[CaseLook, LookRow]:
    """Return who opened a complaint and took something of it away, the newest first."""
    rows = CaseLook.objects.filter(complaint=complaint)
    return _newest(rows, only_taken, _told(F("file__name")), _told(Value("")))


@dataclass(frozen=True, slots=True)
class LooksWanted:
    """What is asked for: whose, from which day to which, all or only what was taken away."""

    by: int | None = None
    first: date | None = None
    last: date | None = None
    only_taken: bool = False


def looks_of(reader: User, wanted: LooksWanted) -> QuerySet[CaseLook, LookRow]:
    """Return who opened and took what, the newest first, as somebody may know of it.

    A coordinator is told of no complaint that is closed to them. An administrator is told that
    somebody opened one, and neither which nor the names of its files; of a restricted one, or one
    about them, not even that. A day is looked for by when it began in London, in its index.
    """
    rows = _known_to(CaseLook.objects.all(), reader)
    if wanted.by is not None:
        rows = rows.filter(user=wanted.by)
    if wanted.first is not None:
        rows = rows.filter(at__gte=_began(wanted.first))
    if wanted.last is not None and wanted.last < date.max:
        rows = rows.filter(at__lt=_began(wanted.last + timedelta(days=1)))
    file = _told(F("file__name") if _is_told(reader) else Value(""))
    return _newest(rows, wanted.only_taken, file, _named_to(reader))


def _began(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def looked(row: LookRow) -> Looked:
    """Return a line for the page."""
    at, who, what, name, reference = row
    return Looked(at, who, what, name or "", reference or "")


def _newest(
    rows: QuerySet[CaseLook], only_taken: bool, file: Case, reference: Case
) -> QuerySet[CaseLook, LookRow]:
    if only_taken:
        rows = rows.exclude(what=Look.OPENED.value)
    return rows.order_by("-at", "-pk").values_list("at", "user__name", "what", file, reference)


def _is_told(user: User) -> bool:
    return user.has_role(Role.COMPLAINTS_COORDINATOR)


def _known_to(rows: QuerySet[M], user: User) -> QuerySet[M]:
    """Keep what somebody may know of: how often a hidden complaint is opened tells of it too."""
    if not _is_told(user):
        return rows.filter(complaint__in=Complaint.objects.not_closed_to(user))
    return rows.filter(complaint__in=Complaint.objects.readable_by(user))


def _named_to(user: User) -> Case:
    """Return which complaint it was, for those who may know, and else nothing."""
    return _told(F("complaint__reference") if _is_told(user) else Value(""))


def _told(named: F | Value) -> Case:
    return Case(When(pk__isnull=False, then=named), default=Value(""), output_field=TextField())
