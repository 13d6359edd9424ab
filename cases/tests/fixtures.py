"""A landlord at work, for tests."""

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import settings

from cases.models import (
    Adoption,
    CommitteePost,
    Complaint,
    OutsideBodyDetails,
    Post,
    Procedure,
    ProcedureVersion,
    RoleGrant,
    ServiceArea,
    StoredFile,
    User,
)
from cases.operations.files import store_made
from cases.operations.lodge import Lodging, lodge_complaint
from cases.operations.telling import Telling
from cases.rules.parts import Part
from cases.rules.procedure_files import shipped_codes
from cases.rules.roles import Role
from cases.tests.factories import (
    MONDAY,
    CalendarEditionFactory,
    CustomerFactory,
    LandlordFactory,
    ProcedureFactory,
    ProcedureVersionFactory,
    ServiceAreaFactory,
    UserFactory,
)

# A test that draws its cases is not timed: a busy machine is no failure. It draws the same ones
# every time, so that no change is refused for what another one did; `make prove` draws afresh.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("afresh", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("DRAWN", "house"))


@dataclass
class House:
    """A landlord with three levels of service areas and somebody in every role."""

    directorate: ServiceArea
    service: ServiceArea
    team: ServiceArea
    other_team: ServiceArea
    people: dict[Role, User] = field(default_factory=dict)

    def __getitem__(self, role: Role) -> User:
        """Return whoever has the role, freshly loaded so that nothing is remembered."""
        return User.objects.get(pk=self.people[role].pk)

    def run(self, code: str, *, since: date = date(2000, 1, 1)) -> None:
        """Let the landlord run one of the shipped procedures."""
        Adoption.objects.all().delete()
        Adoption.objects.create(procedure=ProcedureFactory(code=code), from_on=since)

    def lodge(self, *, on: date = MONDAY, triaged: bool = True, **details: Any) -> Complaint:
        """Return a complaint about the team, received on that day and held by its officer."""
        customer = details.pop("customer", None) or CustomerFactory()
        by = details.pop("by", self[Role.FRONT_LINE])
        lodging = Lodging(
            customer_id=customer.pk,
            received_on=on,
            **{
                "channel": "phone",
                "summary": "The lift has been out of order since Friday.",
                "area_id": self.team.pk,
                "officer_id": self.people[Role.RESPONSIBLE_OFFICER].pk,
                **details,
            },
        )
        return lodge_complaint(lodging, by=by, now=at(on), needs_triage=not triaged)


def written_elsewhere(complaint: Complaint, words: str = "", **more: Any) -> Telling:
    """Return that a letter was written elsewhere: with its copy, and vouched for in every part."""
    copy = store_made(
        [b"Our letter."], name="our letter.txt", media_type="text/plain", now=at(MONDAY)
    )
    StoredFile.objects.filter(pk=copy.pk).update(complaint=complaint)
    terms = complaint.procedure_version.terms
    phrases = [phrase for stage in terms.stages for phrase in stage.letters.answer_says]
    contains = [*(part.value for part in Part), *phrases]
    return Telling("letter_elsewhere", words, copy=copy.pk, contains=contains, **more)


def at(day: date, hour: int = 10) -> datetime:
    """Return that hour of the day in UTC."""
    return datetime.combine(day, time(hour), UTC)


@pytest.fixture
def every_write_is_recorded(settings) -> None:
    """Fail every request that writes to what is tracked and adds no row that says so."""
    settings.MIDDLEWARE = ["cases.tests.record.written.middleware", *settings.MIDDLEWARE]


@pytest.fixture
def house(db) -> House:
    """Return a landlord that runs the Complaint Handling Code, with all five procedures loaded."""
    return build_house()


def build_house() -> House:
    """Write that landlord into the database, for tests that have one of their own."""
    LandlordFactory()
    OutsideBodyDetails.objects.create(
        code="ombudsman",
        from_on=date(1997, 4, 1),
        name="Housing Ombudsman Service",
        telephone="0300 111 3000",
    )
    CalendarEditionFactory()
    # Nearly every test begins here: many rows with one statement.
    procedures = [ProcedureFactory.build(code=code) for code in shipped_codes()]
    Procedure.objects.bulk_create(procedures)
    ProcedureVersion.objects.bulk_create(
        ProcedureVersionFactory.build(procedure=each) for each in procedures
    )
    directorate = ServiceAreaFactory(name="Homes")
    service = ServiceAreaFactory(name="Repairs", parent=directorate)
    team = ServiceAreaFactory(name="Repairs north", parent=service)
    house = House(directorate, service, team, ServiceAreaFactory(name="Lettings"))
    where = {
        Role.FRONT_LINE: team,
        Role.LINE_MANAGER: team,
        Role.HEAD_OF_SERVICE: service,
        Role.ASSISTANT_DIRECTOR: directorate,
        Role.DIRECTOR: directorate,
    }
    house.people = {role: UserFactory.build(name=role.words) for role in Role}
    User.objects.bulk_create(house.people.values())
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role.value, area=where.get(role))
        for role, user in house.people.items()
    )
    CommitteePost.objects.create(
        user=house.people[Role.PANEL_MEMBER], committee="Homes Committee", post=Post.CHAIR.value
    )
    house.run("code-2024")
    return house
