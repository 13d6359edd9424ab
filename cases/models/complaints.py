"""Complaints as they stand now: a projection of their events, for reading fast."""

from datetime import date
from enum import StrEnum
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.urls import reverse

from cases.models.constraints import one_of
from cases.models.customers import Customer
from cases.models.fenced import Among
from cases.models.people import ServiceArea, User
from cases.models.procedures import ProcedureVersion
from cases.rules.customers import Register
from cases.rules.events import NONE_OF_ITS_OWN, Outcome, PanelDecision
from cases.rules.roles import Role
from cases.rules.state import Status

# Counting beyond this tells nobody anything: pages say "1,000+".
COUNT_LIMIT = 1_000
# The condition that a complaint was one of its own: neither logged by mistake nor the twin of one
# that goes on. What is open always was.
COUNTS = ~Q(closed_as__in=sorted(kind.value for kind in NONE_OF_ITS_OWN))


class Level(StrEnum):
    """How far a complaint is hidden from colleagues."""

    NORMAL = "normal"
    SENSITIVE = "sensitive"
    RESTRICTED = "restricted"

    @property
    def words(self) -> str:
        """Return the level for people."""
        return self.value.capitalize()

    def protects_less_than(self, other: "Level") -> bool:
        """Say whether it hides a complaint from fewer people than another level does."""
        order = list(Level)
        return order.index(self) < order.index(other)


class Category(models.Model):
    """What complaints are about, as the landlord sorts them. Retired, never deleted."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    is_retired = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


class Contractor(models.Model):
    """Who works for the landlord, as complaints name them. Retired, never deleted."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    is_retired = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    """Complaints."""

    def open(self) -> Self:
        """Keep the complaints that are not closed."""
        return self.filter(is_open=True)

    def counted(self) -> Self:
        """Leave out what was annulled as a mistake or merged into its twin, which no number has."""
        return self.filter(COUNTS)

    def overdue(self, *, today: date) -> Self:
        """Keep the open complaints with a promise whose day has passed."""
        return self.filter(is_open=True, next_due_on__lt=today)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep the complaints that `user` may know of. Every list, count and report starts here.

        Exclusion beats every role. What is restricted is for its access list, what is untriaged
        for coordinators; the rest follows from role and service area (one query for each user
        and request reads the roles; this adds none).
        """
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        listed = _listed(user)
        visible = self.filter(
            Q(level__in=[Level.NORMAL.value, Level.SENSITIVE.value]) & _in_reach(user)
            | Q(level=Level.RESTRICTED.value) & listed
        )
        if not user.has_role(Role.COMPLAINTS_COORDINATOR):
            visible = visible.filter(Q(needs_triage=False) | listed)
        return visible.filter(~_excludes(user))

    def not_closed_to(self, user: User) -> Self:
        """Keep the complaints from which `user` is not shut out, wherever those lie by now.

        For what was told to them before: exclusion and restriction beat it, a move to another
        service area does not. What is shown anew starts at `visible_to`.
        """
        listed = _listed(user)
        restricted = Q(level=Level.RESTRICTED.value)
        return self.filter(~restricted | listed).filter(~_excludes(user))

    def closed_to_nobody(self) -> Self:
        """Keep the complaints that are open to named people only for nobody, and closed to nobody.

        For what is published and broken down: whoever reads it beside their own lists and figures
        learns nothing of what is closed to them.
        """
        shut = Exists(Exclusion.objects.filter(complaint=OuterRef("pk")))
        return self.filter(~Q(level=Level.RESTRICTED.value)).filter(~shut)

    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Keep the visible complaints whose text and files `user` may open.

        A sensitive complaint shows a team only that it exists; its words are for the people
        assigned to it and those above (roles: level Sensitive).
        """
        visible = self.visible_to(user)
        return visible.filter(_may_be_read(user)) if isinstance(user, User) else visible

    def with_readable(self, user: User) -> Self:
        """Add to visible complaints whether `user` may open their text: `is_readable`."""
        readable = ExpressionWrapper(_may_be_read(user), output_field=BooleanField())
        return self.annotate(is_readable=readable)


def _may_be_read(user: User) -> Q:
    """Return the condition that what is visible may be read."""
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        return Q(pk__isnull=False)
    return (
        Q(level=Level.NORMAL.value)
        | held_by(user)
        | Q(service_area__in=user.scope.managed_areas)
        | Q(_listed(user))
    )


def _listed(user: User) -> Among:
    """Return the condition that somebody is on the complaint's access list."""
    return Among("pk", AccessEntry.objects.filter(user=user).values("complaint"))


def held_by(user: User) -> Q:
    """Return the condition that the work is theirs: held, stood in for, or covered."""
    held = Q(responsible_officer__in=user.own_keys)
    return held | Q(pk__in=sorted(user.covers)) if user.covers else held


def _excludes(user: User) -> Exists:
    """Return the condition that the complaint is closed to this person."""
    return Exists(Exclusion.objects.filter(complaint=OuterRef("pk"), user=user))


def _in_reach(user: User) -> Q:
    """Return the condition that role and service area reach the complaint."""
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        return Q()
    reach = held_by(user) | Q(logged_by=user.pk)
    if areas := user.scope.managed_areas:
        reach |= Q(service_area__in=areas)
    if teams := user.scope.team_areas:
        reach |= Q(service_area__in=teams, is_open=True)
    if user.has_role(Role.PANEL_MEMBER, Role.AUDITOR):
        reach |= Q(_listed(user))
    return reach


# Of what it depends who may know of a complaint, and what is asked of open ones to count them:
# with these beside it an index answers alone, five times as fast as the complaints themselves.
_REACH = ["level", "service_area", "responsible_officer", "logged_by", "needs_triage", "is_open"]
_ASKED = ["status", "stage", "hearing_on", "next_due_binds", "promise_due_on", "received_on"]
# The same of those of any time, of which not all count.
_COUNTED = [*_REACH, "closed_as"]


class Complaint(models.Model):
    """One expression of dissatisfaction and how it stands."""

    reference = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="complaints")
    procedure_version = models.ForeignKey(
        ProcedureVersion, on_delete=models.PROTECT, related_name="complaints"
    )
    register = models.CharField(max_length=20, default=Register.MAIN.value)
    channel = models.CharField(
        max_length=40,
    )
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True)
    # Whose work it is about, where that was a contractor's.
    contractor = models.ForeignKey(
        Contractor, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    service_area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, null=True, blank=True)
    responsible_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints_held",
    )
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints_logged",
    )
    level = models.CharField(max_length=20, default=Level.NORMAL.value)
    needs_triage = models.BooleanField(default=False)
    # The words of the complaint. Erasable; their salted hash is in the receipt event.
    summary = models.TextField()
    desired_outcome = models.TextField(blank=True)
    linked_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="links"
    )

    # From here on: worked out from the events by replay, and by nothing else.
    status = models.CharField(
        max_length=30,
    )
    stage = models.CharField(max_length=40)
    visit = models.PositiveSmallIntegerField(default=1)
    is_open = models.BooleanField(default=True)
    received_on = models.DateField()
    stage_began_on = models.DateField()
    acknowledged_on = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_as = models.CharField(max_length=30, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    panel_decision = models.CharField(max_length=20, blank=True)
    ombudsman_on = models.DateField(null=True, blank=True)
    determined_on = models.DateField(null=True, blank=True)
    next_due_on = models.DateField(null=True, blank=True)
    next_due = models.CharField(max_length=40, blank=True)
    # The day from which the next promise counts (its day 0), and the role that it binds.
    next_due_from = models.DateField(null=True, blank=True)
    next_due_binds = models.CharField(max_length=40, blank=True)
    # The day a hearing is set for, until it is held.
    hearing_on = models.DateField(null=True, blank=True)
    window_until = models.DateField(null=True, blank=True)
    # The day of the soonest promise that is not kept yet; nothing when all of them are.
    promise_due_on = models.DateField(null=True, blank=True)
    # The day its officer was given it by somebody else, until they do something on it.
    given_on = models.DateField(null=True, blank=True)
    # Compensation that waits for approval, the first of several, and who proposed it.
    award_waiting = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    award_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # Compensation that was approved and never offered, the first of several, and who proposed it.
    offer_waiting = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    offer_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # Grows by one with every recorded event: a form drawn from an older version is stale.
    version = models.PositiveIntegerField(default=0)
    last_event_at = models.DateTimeField()

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_due_on", "id"],
                name="cases_open_by_due",
                condition=Q(is_open=True),
                include=[*_REACH, *_ASKED],
            ),
            models.Index(
                fields=["received_on", "id"],
                name="cases_open_by_receipt",
                condition=Q(is_open=True),
            ),
            models.Index(
                fields=["responsible_officer", "next_due_on"],
                name="cases_open_by_officer",
                condition=Q(is_open=True),
            ),
            models.Index(
                fields=["service_area", "next_due_on"],
                name="cases_open_by_area",
                condition=Q(is_open=True),
            ),
            models.Index(
                fields=["logged_by", "next_due_on"],
                name="cases_open_by_logger",
                condition=Q(is_open=True),
            ),
            models.Index(
                fields=["next_due_binds", "next_due_on"],
                name="cases_open_by_bound",
                condition=Q(is_open=True),
            ),
            models.Index(
                fields=["received_on"],
                name="cases_untriaged",
                condition=Q(is_open=True, needs_triage=True),
            ),
            models.Index(
                fields=["stage_began_on"],
                name="cases_awaiting_decision",
                condition=Q(status="awaiting_decision"),
            ),
            # Lets the database put "restricted" beside the other ways to a complaint.
            models.Index(
                fields=["is_open", "received_on"],
                name="cases_restricted",
                condition=Q(level="restricted"),
            ),
            models.Index(
                fields=["received_on"],
                name="cases_unassigned",
                condition=Q(is_open=True, responsible_officer__isnull=True),
            ),
            models.Index(
                fields=["promise_due_on", "id"],
                name="cases_by_promise",
                condition=Q(promise_due_on__isnull=False),
            ),
            models.Index(
                fields=["responsible_officer", "given_on"],
                name="cases_open_by_giving",
                condition=Q(is_open=True, given_on__isnull=False),
            ),
            models.Index(
                fields=["award_waiting", "id"],
                name="cases_by_award",
                condition=Q(award_waiting__isnull=False),
            ),
            models.Index(
                fields=["offer_waiting", "id"],
                name="cases_by_offer",
                condition=Q(offer_waiting__isnull=False),
            ),
            models.Index(fields=["last_event_at", "id"], name="cases_by_change"),
            models.Index(fields=["id"], name="cases_reach", include=_COUNTED),
            models.Index(fields=["received_on", "id"], name="cases_by_receipt", include=_COUNTED),
            models.Index(fields=["closed_on", "id"], name="cases_by_closing", include=_COUNTED),
            models.Index(
                fields=["answered_on", "id"],
                name="cases_by_answer",
                include=[*_COUNTED, "outcome"],
            ),
            models.Index(fields=["category", "service_area", "received_on"], name="cases_by_cause"),
        ]
        constraints = [
            one_of("status", Status),
            one_of("level", Level),
            one_of("register", Register),
            one_of("outcome", Outcome, blank=True),
            one_of("panel_decision", PanelDecision, blank=True),
            models.CheckConstraint(
                name="cases_complaint_closed_on_a_day",
                condition=Q(is_open=True, closed_on__isnull=True, closed_as="")
                | Q(is_open=False, closed_on__isnull=False) & ~Q(closed_as=""),
            ),
            models.CheckConstraint(
                name="cases_complaint_status_closed",
                condition=Q(is_open=True) & ~Q(status="closed") | Q(is_open=False, status="closed"),
            ),
            models.CheckConstraint(
                name="cases_complaint_next_due_named",
                condition=Q(next_due_on__isnull=True, next_due="")
                | Q(next_due_on__isnull=False) & ~Q(next_due=""),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("cases:complaint", args=[self.reference])


class Exclusion(models.Model):
    """Somebody to whom a complaint is closed, whatever their roles."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="exclusions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="excluded_from"
    )
    reason = models.CharField(
        max_length=30,
        choices=[("subject", "The complaint is about them"), ("conflict", "Conflict of interest")],
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "complaint"], name="cases_exclusion_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} excluded from {self.complaint}"


class AccessEntry(models.Model):
    """Somebody on the access list of a complaint: of a restricted one, or as a panel member."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="access_list")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="access_to"
    )
    as_panel_member = models.BooleanField(default=False)
    is_chair = models.BooleanField(default=False)
    visit = models.PositiveSmallIntegerField(default=0)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "complaint"], name="cases_accessentry_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} on the list of {self.complaint}"
