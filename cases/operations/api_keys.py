"""Keys of other programs: made, approved by a second person, ended, and what they are used for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import (
    ApiKey,
    ApiKeyArea,
    OutboundMessage,
    RoleGrant,
    ServiceArea,
    SettingsChange,
    Thing,
    User,
)
from cases.models.api_keys import take_up_scope
from cases.operations.alerts import address_of
from cases.operations.settings_changes import Line, note_change
from cases.rules.api_keys import (
    LONGEST_LIFE,
    READING,
    ApiScope,
    digest_of,
    is_same,
    new_secret,
    prefix_of,
    with_implied,
)
from cases.rules.periods import london_day
from cases.rules.roles import APPROVING_ROLES, Role

# When a key was last used is written down no oftener.
NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class KeyWanted:
    """A key as it is asked for: for which program, for what, where, and until when."""

    name: str
    scopes: Collection[ApiScope]
    area_ids: Collection[int]
    ends_on: date


@transaction.atomic
def make_key(wanted: KeyWanted, *, by: User, now: datetime) -> tuple[ApiKey, str]:
    """Make a key, and return it with the words that open: they are kept nowhere, and told once.

    What reads complaints waits for a second person wherever there is one, as administrators
    themselves see no complaint.

    :raises NotEntitled: if this is not for their role.
    :raises ActionNotAllowed: if it is for nothing or nowhere, ends too late or too soon, or
        another program that still has a key is called the same.
    """
    if not by.has_role(Role.SYSTEM_ADMINISTRATOR):
        raise NotEntitled("Keys are made by administrators.")
    name = " ".join(wanted.name.split())
    scopes = with_implied(wanted.scopes)
    areas = _checked(wanted, name, scopes, today=london_day(now))
    words, prefix = new_secret()
    program = User(
        email=f"{prefix}@programs.invalid", name=name, job_title="Program", is_program=True
    )
    program.set_unusable_password()
    program.save()
    approvers = list(_approvers(by)) if scopes & READING else []
    key = ApiKey.objects.create(
        program=program,
        prefix=prefix,
        digest=digest_of(words),
        scopes=sorted(scope.value for scope in scopes),
        ends_on=wanted.ends_on,
        made_at=now,
        made_by=by,
        approved_at=None if approvers else now,
    )
    ApiKeyArea.objects.bulk_create(ApiKeyArea(key=key, area=area) for area in areas)
    change = _note(key, "Key made", by=by, now=now, changes=_lines(key, areas))
    _tell(approvers, change, now=now)
    return key, words


def _checked(
    wanted: KeyWanted, name: str, scopes: frozenset[ApiScope], *, today: date
) -> list[ServiceArea]:
    """Return the service areas, once everything is as it must be."""
    if not name:
        raise ActionNotAllowed("Say which program the key is for.")
    if not scopes:
        raise ActionNotAllowed("Choose what the key is for.")
    if wanted.ends_on <= today:
        raise ActionNotAllowed("Choose a last day to come.")
    if wanted.ends_on > today + LONGEST_LIFE:
        raise ActionNotAllowed("A key ends within two years. Choose an earlier last day.")
    if User.everybody.filter(is_program=True, is_active=True, name__iexact=name).exists():
        raise ActionNotAllowed(f"“{name}” has a key already. End it first, or choose another name.")
    areas = list(ServiceArea.objects.filter(pk__in=wanted.area_ids).order_by("name", "pk"))
    if not areas or len(areas) != len(set(wanted.area_ids)):
        raise ActionNotAllowed("Choose the service areas that the key reaches.")
    if retired := [area.name for area in areas if area.is_retired]:
        raise ActionNotAllowed(f"{retired[0]} is no longer in use. Choose another service area.")
    return areas


def _lines(key: ApiKey, areas: list[ServiceArea]) -> list[Line]:
    scopes = ", ".join(scope.words for scope in ApiScope if scope in key.allowed)
    return [
        ("For", "", scopes),
        ("Service areas", "", ", ".join(area.name for area in areas)),
        ("Last day", "", f"{key.ends_on:%-d %B %Y}"),
    ]


def _approvers(by: User) -> QuerySet[User]:
    """Return who may be the second person; where there is nobody, a key counts at once."""
    holding = RoleGrant.objects.filter(role__in=sorted(role.value for role in APPROVING_ROLES))
    people = User.objects.filter(
        Q(pk__in=holding.values("user")) | Q(is_superuser=True), is_active=True
    )
    return people.exclude(pk=by.pk).order_by("pk")


def _tell(people: Collection[User], change: SettingsChange, *, now: datetime) -> None:
    page = address_of(reverse("cases:api-keys"))
    OutboundMessage.objects.bulk_create(
        OutboundMessage(
            key=f"key-made:{change.pk}:{each.pk}",
            kind="key-made",
            to_user=each,
            to_address=each.email,
            subject="A key of a program waits for a second person",
            body=(
                "A colleague made a key with which another program is to read complaints. It "
                "opens nothing before a second person approves it. Sign in to see what it is "
                f"for, and decide:\n\n{page}\n"
            ),
            created_at=now,
            next_try_at=now,
        )
        for each in people
    )


@transaction.atomic
def approve_key(*, prefix: str, by: User, now: datetime) -> ApiKey:
    """Be the second person: from now on the key opens what it is for.

    :raises NotEntitled: if this person made it, or may not approve.
    :raises ActionNotAllowed: if there is no such key, or it does not wait any more.
    """
    key = _locked(prefix, by)
    if key.made_by_id == by.pk:
        raise NotEntitled("Somebody else approves a key that you made.")
    if key.approved_at is not None or not key.program.is_active:
        raise ActionNotAllowed("This key does not wait any more.")
    key.approved_at, key.approved_by = now, by
    key.save(update_fields=["approved_at", "approved_by"])
    _note(key, "Key approved", by=by, now=now)
    return key


@transaction.atomic
def end_key(*, prefix: str, by: User, now: datetime) -> ApiKey:
    """End a key: it opens nothing from its next request on. What it logged stays.

    :raises NotEntitled: if this is not for their role.
    :raises ActionNotAllowed: if there is no such key, or it was ended already.
    """
    key = _locked(prefix, by)
    if key.revoked_at is not None:
        raise ActionNotAllowed("This key was ended already.")
    key.revoked_at, key.revoked_by = now, by
    key.save(update_fields=["revoked_at", "revoked_by"])
    program = key.program
    program.is_active, program.left_on = False, london_day(now)
    program.save(update_fields=["is_active", "left_on"])
    _note(key, "Key ended", by=by, now=now)
    return key


def _locked(prefix: str, by: User) -> ApiKey:
    if not by.has_role(*APPROVING_ROLES):
        raise NotEntitled("Keys are for administrators and complaints coordinators.")
    keys = ApiKey.objects.select_for_update(of=("self",)).select_related("program")
    key = keys.filter(prefix=prefix).first()
    if key is None:
        raise ActionNotAllowed("There is no such key.")
    return key


def _note(
    key: ApiKey, act: str, *, by: User, now: datetime, changes: Collection[Line] = ()
) -> SettingsChange:
    return note_change(
        thing=Thing.API_KEY,
        act=act,
        by=by,
        now=now,
        key=key.prefix,
        name=key.program.name,
        changes=changes,
    )


def use_key(typed: str, *, now: datetime) -> ApiKey | None:
    """Return the key that was typed, its program knowing what it reaches; nothing for any other.

    Three queries; one more every few minutes, to write down that it was used.
    """
    prefix = prefix_of(typed)
    keys = ApiKey.objects.select_related("program")
    key = keys.filter(prefix=prefix, program__is_active=True).first() if prefix else None
    if key is None or not is_same(typed, key.digest) or not key.is_in_use(london_day(now)):
        return None
    take_up_scope(key)
    if key.last_used_at is None or now - key.last_used_at >= NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key
