"""Which roles somebody must hold before a procedure can run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.rules.procedure_words import in_a_row, lower_first
from cases.rules.roles import Role
from cases.rules.terms import ProcedureTerms


@dataclass(frozen=True, slots=True)
class Need:
    """One of these roles must be held by as many people as `people`, and what for."""

    roles: frozenset[Role]
    what_for: str
    people: int = 1

    @property
    def words(self) -> str:
        """Return the roles in words: "line manager or head of service"."""
        return in_a_row(sorted(role.words for role in self.roles), last="or")


# Anybody may be named responsible officer of a complaint; these do it as part of their work.
_DEALING = frozenset({Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER, Role.HEAD_OF_SERVICE})


def needed_roles(terms: ProcedureTerms) -> list[Need]:
    """Return what the procedure needs, each role or choice of roles once."""
    needs = [
        Need(
            frozenset({Role.COMPLAINTS_COORDINATOR}),
            "accepts new complaints and gives them to somebody",
        ),
        Need(_DEALING, "deals with complaints as their responsible officer"),
    ]
    for stage in terms.stages:
        needs.append(Need(frozenset(stage.decided_by), f"decides {stage.name}"))
        needs += [
            Need(
                frozenset({each.binds}),
                f"is bound in {stage.name}: {lower_first(each.words)}",
            )
            for each in stage.timescales
        ]
        if stage.panel:
            needs += _seats(stage.panel.composition, stage.name)
    return _once(need for need in needs if _is_granted(need))


def _is_granted(need: Need) -> bool:
    """Say whether a grant is what makes somebody able to meet it."""
    return need.roles == _DEALING or Role.RESPONSIBLE_OFFICER not in need.roles


def _seats(composition: Iterable[tuple[Role, ...]], name: str) -> list[Need]:
    seats: dict[frozenset[Role], int] = {}
    for seat in composition:
        roles = frozenset(seat)
        seats[roles] = seats.get(roles, 0) + 1
    return [Need(roles, f"sits on the panel of {name}", count) for roles, count in seats.items()]


def _once(needs: Iterable[Need]) -> list[Need]:
    """Keep of the same roles the need for most people, in the order first asked for."""
    kept: dict[frozenset[Role], Need] = {}
    for need in needs:
        known = kept.get(need.roles)
        if known is None or need.people > known.people:
            kept[need.roles] = need
    return list(kept.values())


def unmet(needs: Iterable[Need], holders: Mapping[Role, frozenset[int]]) -> list[Need]:
    """Return the needs that nobody, or not enough people, can meet.

    `holders` are the keys of the people who can sign in, by role.
    """
    found = []
    for need in needs:
        people = {key for role in need.roles for key in holders.get(role, frozenset())}
        if len(people) < need.people:
            found.append(need)
    return found
