"""The landlord of the bench: thirty service areas and everybody who works in them."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cases.models import Absence, RoleGrant, ServiceArea, User
from cases.operations.set_up import set_up_landlord
from cases.rules.bank_holidays import Nation
from cases.rules.roles import Role

OFFICERS = 40
DIRECTORATES, SERVICES, TEAMS = 2, 6, 22


@dataclass
class Staff:
    """Who works for the landlord, as keys; `teams` are the areas complaints belong to."""

    teams: list[int] = field(default_factory=list)
    officers: list[int] = field(default_factory=list)
    advisers: list[int] = field(default_factory=list)
    coordinators: list[int] = field(default_factory=list)
    managers: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    directors: list[int] = field(default_factory=list)


def hire(*, now: datetime, today: date) -> Staff:
    """Set up the landlord with its areas and people, three of whom are away."""
    set_up_landlord(
        name="Harbourside Homes",
        nation=Nation.ENGLAND_AND_WALES,
        procedure="code-2024",
        now=now,
        telephone="0800 555 0100",
    )
    staff = Staff()
    directorates = [_area(f"Directorate {n}", None) for n in range(1, DIRECTORATES + 1)]
    services = [
        _area(f"Service {n}", directorates[n % DIRECTORATES]) for n in range(1, SERVICES + 1)
    ]
    teams = [_area(f"Team {n}", services[n % SERVICES]) for n in range(1, TEAMS + 1)]
    staff.teams = [team.pk for team in teams]
    for number in range(3):
        staff.coordinators.append(
            _person(f"Coordinator {number}", [(Role.COMPLAINTS_COORDINATOR, None)])
        )
    for number, team in enumerate(teams):
        staff.managers.append(_person(f"Manager {number}", [(Role.LINE_MANAGER, team)]))
    for number, service in enumerate(services):
        staff.heads.append(_person(f"Head {number}", [(Role.HEAD_OF_SERVICE, service)]))
    for number, directorate in enumerate(directorates):
        staff.directors.append(_person(f"Director {number}", [(Role.DIRECTOR, directorate)]))
    for number in range(OFFICERS):
        team = teams[number % TEAMS]
        staff.officers.append(
            _person(
                f"Officer {number}", [(Role.RESPONSIBLE_OFFICER, None), (Role.FRONT_LINE, team)]
            )
        )
    for number in range(20):
        staff.advisers.append(
            _person(f"Adviser {number}", [(Role.FRONT_LINE, teams[number % TEAMS])])
        )
    for number in range(3):
        _person(f"Member {number}", [(Role.PANEL_MEMBER, None)])
    Absence.objects.bulk_create(
        Absence(
            user_id=staff.officers[number],
            deputy_id=staff.officers[number + 1],
            first_day=today - timedelta(days=3),
            last_day=today + timedelta(days=9),
        )
        for number in (4, 14, 24)
    )
    return staff


def _area(name: str, parent: ServiceArea | None) -> ServiceArea:
    area = ServiceArea.objects.create(
        code=name.lower().replace(" ", "-"), name=name, parent=parent, path=""
    )
    area.path = f"{parent.path if parent else '/'}{area.pk}/"
    area.save(update_fields=["path"])
    return area


def _person(name: str, roles: list[tuple[Role, ServiceArea | None]]) -> int:
    email = f"{name.lower().replace(' ', '.')}@harbourside.example"
    person = User.objects.create(email=email, name=name, password="!")
    RoleGrant.objects.bulk_create(
        RoleGrant(user=person, role=role.value, area=area) for role, area in roles
    )
    return person.pk
