"""The landlord's staff: who they are, their roles, the parts they work in, and who stands in."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from cases.models.constraints import one_of
from cases.rules.roles import AREA_ROLES, MANAGING_ROLES, Role


class ServiceArea(models.Model):
    """A team, service or directorate. `path` lists the keys from the top down: "/1/4/9/"."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    path = models.CharField(max_length=200, db_index=True, editable=False)
    is_retired = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cases_servicearea_not_its_own_parent", condition=~Q(parent=models.F("id"))
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ancestors(self) -> list[int]:
        """Return the keys of this part and of those above it, the nearest first."""
        return [int(key) for key in self.path.strip("/").split("/") if key][::-1]


@dataclass(frozen=True, slots=True)
class Scope:
    """What somebody's roles reach: the roles held anywhere, and the areas each covers.

    `own` are the roles they hold themselves. While they stand in for somebody they also have the
    roles in which that person manages an area, and these count in that area alone.
    """

    roles: frozenset[Role]
    areas: dict[Role, frozenset[int]]
    own: frozenset[Role]

    def covers(self, role: Role, area: int | None) -> bool:
        """Say whether the role reaches that area."""
        return area is not None and area in self.areas.get(role, frozenset())

    @property
    def managed_areas(self) -> frozenset[int]:
        """Return the areas in which they manage people."""
        return self._union(MANAGING_ROLES)

    @property
    def team_areas(self) -> frozenset[int]:
        """Return the areas in which they work at the front line."""
        return self.areas.get(Role.FRONT_LINE, frozenset())

    def _union(self, roles: Iterable[Role]) -> frozenset[int]:
        return frozenset(area for role in roles for area in self.areas.get(role, ()))


class UserManager(BaseUserManager["User"]):
    """Makes people who can sign in, and finds people: programs are nobody to sign in or to name."""

    def get_queryset(self) -> models.QuerySet["User"]:
        """Return people, and no program."""
        return super().get_queryset().filter(is_program=False)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new person; without a password they cannot sign in until they choose one."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new person who may set everything up, and sees no complaint."""
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the person with this e-mail address, whatever its capitals."""
        return self.get(email=(username or "").strip().lower())


def new_code() -> str:
    """Return a random name for somebody in addresses, which says nothing about them."""
    return secrets.token_hex(5)


class User(AbstractBaseUser):
    """Somebody on the landlord's staff or its Board. Customers are not users.

    A program that joins in with a key has a row too, so that the record says what it did. It is
    found under `everybody` alone, holds no role, and never signs in.
    """

    code = models.CharField(max_length=10, unique=True, default=new_code, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False)
    invited_at = models.DateTimeField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    uses_shortcuts = models.BooleanField(default=False)
    is_program = models.BooleanField(default=False, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()
    everybody = models.Manager["User"]()

    # The people they stand in for today; the web and the tasks fill it in from the absences.
    stands_in_for: frozenset[int] = frozenset()
    # The complaints that they cover today for colleagues who are away; filled in likewise.
    covers: frozenset[int] = frozenset()

    class Meta:
        indexes = [models.Index(Lower("name"), name="cases_user_name")]
        constraints = [
            models.CheckConstraint(
                name="cases_user_leaver_cannot_sign_in",
                condition=Q(left_on__isnull=True) | Q(is_active=False),
            ),
            models.CheckConstraint(
                name="cases_user_program_is_no_superuser",
                condition=Q(is_program=False) | Q(is_superuser=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """Return the name for people."""
        return self.name

    def get_short_name(self) -> str:
        """Return the name for people."""
        return self.name

    @property
    def scope(self) -> Scope:
        """Return what their roles reach, those included in which they stand in for somebody.

        Read once for each loaded person, in two queries, and again if they come to stand in.
        """
        known = getattr(self, "_scope", None)
        if known is None or known[0] != self.stands_in_for:
            known = self._scope = (self.stands_in_for, read_scope(self))
        return known[1]

    def know_scope(self, scope: Scope) -> None:
        """Take it from the caller what their roles reach, so that it need not be read."""
        self._scope = (self.stands_in_for, scope)

    def has_role(self, *roles: Role) -> bool:
        """Say whether they hold one of these roles anywhere."""
        return bool(self.scope.roles & frozenset(roles))

    @property
    def own_keys(self) -> frozenset[int]:
        """Return their key and those of the people they stand in for."""
        return self.stands_in_for | {self.pk}


class RoleGrant(models.Model):
    """A role somebody holds; for roles of a part of the landlord, in which part."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants"
    )
    role = models.CharField(
        max_length=40,
    )
    area = models.ForeignKey(
        ServiceArea, on_delete=models.PROTECT, null=True, blank=True, related_name="grants"
    )

    class Meta:
        constraints = [
            one_of("role", Role),
            models.UniqueConstraint(fields=["user", "role", "area"], name="cases_rolegrant_once"),
            # SQLite takes two empty areas for different ones.
            models.UniqueConstraint(
                fields=["user", "role"],
                name="cases_rolegrant_once_everywhere",
                condition=Q(area__isnull=True),
            ),
            models.CheckConstraint(
                name="cases_rolegrant_area_where_needed",
                # Sorted: the migration must come out the same every time.
                condition=Q(role__in=sorted(r.value for r in AREA_ROLES), area__isnull=False)
                | (~Q(role__in=sorted(r.value for r in AREA_ROLES)) & Q(area__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role_words}, {self.area}" if self.area else self.role_words

    @property
    def role_words(self) -> str:
        """Return the role's name for people, in lower case."""
        return Role(self.role).words


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds; `path` is its area's place in the tree, if it has one."""

    user: int
    role: Role
    path: str | None


def read_scope(user: "User") -> Scope:
    """Return what somebody's roles reach, from their grants and the tree, in two queries."""
    counting = Q(user=user)
    if user.stands_in_for:
        counting |= Q(user__in=user.stands_in_for, role__in=sorted(MANAGING_ROLES))
    grants = RoleGrant.objects.filter(counting).values_list("user_id", "role", "area__path")
    held = [Held(key, Role(role), path) for key, role, path in grants]
    below = Q()
    for each in held:
        if each.path:
            below |= Q(path__startswith=each.path)
    tree = list(ServiceArea.objects.filter(below).values_list("pk", "path")) if below else []
    return scope_from(user, held, tree)


def scope_from(user: "User", held: Iterable[Held], tree: Iterable[tuple[int, str]]) -> Scope:
    """Return what somebody's roles reach.

    `held` are their own roles and those of the people they stand in for, as far as these count;
    `tree` has at least the areas in which they hold them, and all below.
    """
    counting = list(held)
    roles = {each.role for each in counting}
    own = {each.role for each in counting if each.user == user.pk}
    if user.is_superuser:
        roles.add(Role.SYSTEM_ADMINISTRATOR)
        own.add(Role.SYSTEM_ADMINISTRATOR)
    places = list(tree)
    areas: dict[Role, set[int]] = {}
    for each in counting:
        if each.path:
            reached = {key for key, path in places if path.startswith(each.path)}
            areas.setdefault(each.role, set()).update(reached)
    reached_by = {role: frozenset(keys) for role, keys in areas.items()}
    return Scope(frozenset(roles), reached_by, frozenset(own))


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences."""

    def on(self, day: date) -> Self:
        """Keep the absences that cover that day."""
        return self.filter(first_day__lte=day, last_day__gte=day)


class Absence(models.Model):
    """Somebody is away; their deputy sees the work and gets the alerts."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deputising"
    )
    first_day = models.DateField()
    last_day = models.DateField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["deputy", "last_day"], name="cases_absence_deputy")]
        constraints = [
            models.CheckConstraint(
                name="cases_absence_ends_after_it_begins",
                condition=Q(last_day__gte=models.F("first_day")),
            ),
            models.CheckConstraint(
                name="cases_absence_somebody_else_stands_in",
                condition=~Q(user=models.F("deputy")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} away {self.first_day:%-d %b} to {self.last_day:%-d %b %Y}"
