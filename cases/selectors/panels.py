"""Who can sit on the panel that hears a complaint, and in which part."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Q

from cases.models import Absence, CommitteePost, Complaint, RoleGrant, User
from cases.rules.panels import Sitter, seat_refusal, seat_words
from cases.rules.roles import Role
from cases.selectors.candidates import Candidate, candidates
from cases.selectors.case_history import CaseHistory


def sitters(complaint: Complaint, people: Collection[int]) -> dict[int, Sitter]:
    """Return of people what they bring to a panel for this complaint, in two queries."""
    area = complaint.service_area
    above = area.ancestors if area else []
    held: dict[int, set[tuple[Role, bool]]] = {}
    grants = RoleGrant.objects.filter(user__in=people)
    for key, role, where in grants.values_list("user_id", "role", "area"):
        held.setdefault(key, set()).add((Role(role), where in above))
    answering = Q(area__isnull=True) | Q(area__in=above)
    posts: dict[int, list[str]] = {}
    for post in CommitteePost.objects.filter(answering, user__in=people).order_by("pk"):
        posts.setdefault(post.user_id, []).append(post.words)
    return {
        key: Sitter(
            frozenset(role for role, _ in held.get(key, ())),
            frozenset(role for role, is_here in held.get(key, ()) if is_here),
            tuple(posts.get(key, ())),
        )
        for key in people
    }


def panel_candidates(history: CaseHistory, *, user: User, today: date) -> list[Candidate]:
    """Return who may sit on the panel of the present stage; who cannot comes last, with why.

    Nine queries.
    """
    panel = history.stage.panel
    if panel is None:
        return []
    roles = frozenset(role for seat in panel.composition for role in seat)
    people = candidates(history, user=user, today=today, roles=roles)
    brought = sitters(history.complaint, [each.key for each in people])
    told = [
        replace(
            each,
            refusal=each.refusal or seat_refusal(panel, brought[each.key]),
            job_title=", ".join(
                part for part in (each.job_title, seat_words(panel, brought[each.key])) if part
            ),
        )
        for each in people
    ]
    return sorted(told, key=lambda each: bool(each.refusal))


def away_among(people: Collection[Candidate], days: Sequence[date]) -> dict[date, list[str]]:
    """Return who of those who may sit is away on which of the days. One query."""
    names = {each.key: each.name for each in people if not each.refusal}
    absences = Absence.objects.filter(
        user__in=list(names), first_day__lte=max(days), last_day__gte=min(days)
    )
    away: dict[date, list[str]] = {}
    rows = absences.order_by("user__name", "pk").values_list("user_id", "first_day", "last_day")
    for key, first, last in rows:
        for day in days:
            if first <= day <= last and names[key] not in away.get(day, ()):
                away.setdefault(day, []).append(names[key])
    return away
