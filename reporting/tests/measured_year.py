"""A year of complaints made by hand, whose figures were worked out with a pencil.

The bank holidays in it: 18 and 21 April, 5 and 26 May and 25 August 2025, Christmas and New Year;
after it 3 and 6 April 2026.
"""

from datetime import date
from typing import Any

from cases.models import Complaint
from cases.operations.extend import extend
from cases.operations.record import CaseFile
from cases.operations.telling import Telling
from cases.rules.events import EventKind
from cases.rules.roles import Role
from cases.selectors.history import events_of
from cases.tests.factories import CustomerFactory
from cases.tests.fixtures import House, at

JUNE_2 = date(2025, 6, 2)
JUNE_4 = date(2025, 6, 4)


def happened(
    complaint: Complaint, kind: EventKind, on: date, *, stage: str | None = None, **facts: Any
) -> None:
    """Record something as if it had been done on its day."""
    case = CaseFile(complaint, events_of(complaint), by=None, now=at(on))
    case.add(kind, on=on, stage=stage, facts=facts)
    case.save()
    complaint.refresh_from_db()


def day_corrected(complaint: Complaint, number: int, on: date, *, now: date) -> None:
    """Record that something happened on another day than was recorded."""
    case = CaseFile(complaint, events_of(complaint), by=None, now=at(now))
    case.add(EventKind.CORRECTED, facts={"target": number, "on": on.isoformat()})
    case.save()
    complaint.refresh_from_db()


def lodged(house: House, on: date = JUNE_2, category: str = "tenant", **more: Any) -> Complaint:
    """Return a complaint of a customer of this category."""
    return house.lodge(on=on, customer=CustomerFactory(category=category), **more)


def acknowledged(house: House, category: str = "tenant", on: date = JUNE_2, told: date = JUNE_4):
    """Return a complaint that was acknowledged."""
    complaint = lodged(house, on, category)
    happened(complaint, EventKind.ACKNOWLEDGED, told)
    return complaint


def answered(complaint: Complaint, on: date) -> Complaint:
    """Let the stage be answered."""
    happened(complaint, EventKind.RESPONDED, on, outcome="upheld")
    return complaint


def at_stage_2(complaint: Complaint, asked: date, told: date) -> Complaint:
    """Let the customer ask for stage 2, and let that be acknowledged."""
    happened(complaint, EventKind.ESCALATION_REQUESTED, asked, stage="stage-2", in_time=True)
    happened(complaint, EventKind.ACKNOWLEDGED, told)
    return complaint


def the_year(house: House) -> dict[str, Complaint]:
    """Write the complaints of 1 April 2025 to 31 March 2026, and some from beside it."""
    found: dict[str, Complaint] = {}
    # Due ten working days after Wednesday 4 June: on Wednesday 18 June.
    found["on its day"] = answered(acknowledged(house), date(2025, 6, 18))
    found["a day late"] = answered(acknowledged(house), date(2025, 6, 19))
    # Ten working days more: until Wednesday 2 July.
    found["extended"] = acknowledged(house, "licensee")
    extend(
        complaint_id=found["extended"].pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(date(2025, 6, 18)),
        seen=found["extended"].version,
        new_due_on=date(2025, 7, 2),
        reason="The surveyor comes on Monday.",
        exceptional=False,
        telling=Telling("email"),
    )
    answered(found["extended"], date(2025, 7, 2))
    found["told too late"] = acknowledged(house)
    happened(found["told too late"], EventKind.EXTENDED, date(2025, 6, 19), new_due_on="2025-06-25")
    answered(found["told too late"], date(2025, 6, 24))
    # Never acknowledged: from Monday 9 June, so due on Monday 23 June.
    found["forgotten"] = lodged(house)
    found["withdrawn"] = acknowledged(house)
    happened(found["withdrawn"], EventKind.WITHDRAWN, date(2025, 6, 10))
    # Neither acknowledged nor answered by the day after, when nothing was owed any more.
    found["withdrawn the day after"] = lodged(house)
    happened(found["withdrawn the day after"], EventKind.WITHDRAWN, date(2025, 6, 3))
    # A misunderstanding: still due on Wednesday 18 June.
    found["withdrawn by mistake"] = acknowledged(house)
    happened(found["withdrawn by mistake"], EventKind.WITHDRAWN, date(2025, 6, 5))
    happened(found["withdrawn by mistake"], EventKind.REOPENED, date(2025, 6, 6))
    answered(found["withdrawn by mistake"], date(2025, 9, 30))
    found["answered at once"] = answered(lodged(house), date(2025, 6, 5))
    # From Monday 4 August: due on Monday 18 August.
    found["acknowledged late"] = answered(
        acknowledged(house, told=date(2025, 8, 4)), date(2025, 8, 15)
    )
    # Due on 9 April 2026 as well, but over before the year was.
    for name, kind in {
        "closed before the end": EventKind.CLOSED,
        "withdrawn before the end": EventKind.WITHDRAWN,
    }.items():
        found[name] = acknowledged(house, on=date(2026, 3, 20), told=date(2026, 3, 24))
        happened(found[name], kind, date(2026, 3, 27))
    # From Tuesday 24 March, over Easter: due on Thursday 9 April 2026.
    found["over the end"] = answered(
        acknowledged(house, on=date(2026, 3, 20), told=date(2026, 3, 24)), date(2026, 4, 9)
    )
    # From Wednesday 1 April: due on Friday 17 April 2026.
    found["late over the end"] = answered(
        acknowledged(house, on=date(2026, 3, 31), told=date(2026, 4, 1)), date(2026, 4, 20)
    )
    for name, day in {"shared": 12, "shared too": 12, "shared late": 20}.items():
        found[name] = answered(acknowledged(house, "shared_owner"), date(2025, 6, day))
    # Stage 2: twenty working days from 2 July end on 30 July, from 24 June on 22 July.
    at_stage_2(found["on its day"], date(2025, 6, 30), date(2025, 7, 2))
    answered(found["on its day"], date(2025, 7, 30))
    at_stage_2(found["shared"], date(2025, 6, 20), date(2025, 6, 24))
    # Received the year before: only its stage 2 is of this year, due on 9 May after two holidays.
    found["older"] = answered(
        acknowledged(house, on=date(2025, 3, 3), told=date(2025, 3, 4)), date(2025, 3, 14)
    )
    at_stage_2(found["older"], date(2025, 4, 7), date(2025, 4, 8))
    answered(found["older"], date(2025, 5, 9))
    # Beside the year.
    found["the day before"] = lodged(house, date(2025, 3, 31))
    found["the day after"] = lodged(house, date(2026, 4, 1))
    # Left out.
    found["leaseholder"] = lodged(house, category="leaseholder")
    found["applicant"] = lodged(house, category="applicant")
    found["applicant too"] = lodged(house, category="applicant")
    found["not looked at"] = lodged(house, triaged=False)
    for name, kind in {
        "mistake": EventKind.ANNULLED,
        "twin": EventKind.MERGED,
        "refused": EventKind.REFUSED,
        "elsewhere": EventKind.REFERRED_ELSEWHERE,
    }.items():
        found[name] = lodged(house)
        happened(found[name], kind, JUNE_4)
    return found
