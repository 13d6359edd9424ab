"""The outside bodies that procedures name, and how each is reached."""

from dataclasses import dataclass
from datetime import date

from cases.models import OutsideBodyDetails, ProcedureVersion
from cases.rules.procedure_files import terms_from
from cases.rules.terms import OutsideBody


@dataclass(frozen=True, slots=True)
class BodyTimes:
    """An outside body, with its details of each time, the newest first."""

    code: str
    name: str
    times: list[OutsideBodyDetails]
    current: OutsideBodyDetails | None


def outside_bodies(*, today: date) -> list[BodyTimes]:
    """Return every body that a procedure names or whose details are known, in two queries."""
    times: dict[str, list[OutsideBodyDetails]] = {}
    for row in OutsideBodyDetails.objects.newest_first():
        times.setdefault(row.code, []).append(row)
    names = {body.code: body.name for body in named_bodies()}
    found = []
    for code in sorted({*times, *names}):
        rows = times.get(code, [])
        current = next((row for row in rows if row.from_on <= today), None)
        name = current.name if current else names.get(code) or rows[-1].name
        found.append(BodyTimes(code, name, rows, current))
    return sorted(found, key=lambda body: (body.code != "ombudsman", body.name))


def named_bodies() -> list[OutsideBody]:
    """Return the bodies that published procedures name, each once, in one query."""
    found: dict[str, OutsideBody] = {}
    for version in ProcedureVersion.objects.published().order_by("procedure", "number"):
        for body in terms_from(version.terms_words).outside_bodies:
            found[body.code] = body
    return list(found.values())


def terms_name(code: str) -> str:
    """Return what procedures call a body, or nothing if none names it."""
    return next((body.name for body in named_bodies() if body.code == code), "")
