"""Procedures, their versions, and which of them runs from when."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q

from cases.models import Adoption, Complaint, Procedure, ProcedureVersion, RoleGrant, User
from cases.models.complaints import COUNT_LIMIT
from cases.rules.needed_roles import Need, needed_roles, unmet
from cases.rules.procedure_changes import Difference, procedure_changes
from cases.rules.roles import Role
from cases.selectors.running import procedure_on, version_in_force


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """One procedure: the version now in force, what comes, and whether it runs."""

    procedure: Procedure
    is_running: bool
    version: ProcedureVersion | None
    coming: list[ProcedureVersion]
    draft: ProcedureVersion | None


def procedure_lines(*, today: date) -> list[ProcedureLine]:
    """Return every procedure, the one that runs first, in four queries."""
    versions = Prefetch(
        "versions",
        ProcedureVersion.objects.defer("terms_words").order_by("effective_on", "number"),
        to_attr="every_version",
    )
    running = procedure_on(today)
    lines = [
        _line(each, running, today)
        for each in Procedure.objects.prefetch_related(versions).order_by("name")
    ]
    return sorted(lines, key=lambda line: not line.is_running)


def _line(procedure: Procedure, running: Procedure, today: date) -> ProcedureLine:
    every: list[ProcedureVersion] = getattr(procedure, "every_version", [])
    published = [each for each in every if each.is_published]
    past = [each for each in published if each.effective_on <= today]
    return ProcedureLine(
        procedure=procedure,
        is_running=procedure.pk == running.pk,
        version=past[-1] if past else next(iter(published), None),
        coming=[each for each in published if each.effective_on > today],
        draft=next((each for each in every if not each.is_published), None),
    )


def adoptions() -> list[Adoption]:
    """Return which procedure runs from when, the newest first, in one query."""
    return list(Adoption.objects.select_related("procedure").order_by("-from_on"))


def versions_of(procedure: Procedure) -> list[ProcedureVersion]:
    """Return every version of a procedure, the newest first, in one query."""
    return list(procedure.versions.select_related("published_by").order_by("-number"))


def version_before(version: ProcedureVersion) -> ProcedureVersion | None:
    """Return the published version that this one follows or would follow, or nothing."""
    earlier = ProcedureVersion.objects.published().filter(
        procedure=version.procedure, number__lt=version.number
    )
    return earlier.select_related("procedure").order_by("-number").first()


def changes_since_last(version: ProcedureVersion) -> list[Difference]:
    """Return what a version changes against the one before; nothing for the first."""
    before = version_before(version)
    return procedure_changes(before.terms, version.terms) if before else []


def complaints_received_under(procedure: Procedure, since: date) -> bool:
    """Say whether a complaint received on or after a day runs under the procedure. One query."""
    return Complaint.objects.filter(
        procedure_version__procedure=procedure, received_on__gte=since
    ).exists()


def complaints_received(since: date) -> bool:
    """Say whether any complaint was received on or after a day. One query."""
    return Complaint.objects.filter(received_on__gte=since).exists()


def complaints_under(version: ProcedureVersion, viewer: User) -> str:
    """Return how many complaints run under a version, in words, counted no further than needed.

    What is closed to whoever looks is not counted: a number would betray it.
    """
    told = Complaint.objects.not_closed_to(viewer).filter(procedure_version=version)
    count = told.values("pk")[:COUNT_LIMIT].count()
    if count >= COUNT_LIMIT:
        return f"{COUNT_LIMIT:,}+ complaints"
    return f"{count} complaint{'' if count == 1 else 's'}" if count else ""


def holders() -> dict[Role, frozenset[int]]:
    """Return who holds each role and can sign in, in one query."""
    found: dict[Role, set[int]] = {}
    grants = RoleGrant.objects.filter(Q(user__is_active=True)).values_list("role", "user_id")
    for role, user in grants:
        found.setdefault(Role(role), set()).add(user)
    return {role: frozenset(keys) for role, keys in found.items()}


def unmet_needs(*, today: date) -> list[Need]:
    """Return the roles that the procedure of that day needs and nobody holds.

    :raises ActionNotAllowed: if the landlord is not set up yet.
    """
    version = version_in_force(procedure_on(today), today)
    return unmet(needed_roles(version.terms), holders())
