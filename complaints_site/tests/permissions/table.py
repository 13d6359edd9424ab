"""The tables of permissions, as their files in cases/permissions say it."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import URLResolver, get_resolver

from cases.rules.roles import Role

FOLDER = settings.BASE_DIR / "cases" / "permissions"
ROLES = tuple(role.value for role in Role)
# Who asks: somebody who is not signed in, somebody with no role but the superuser's, each role.
ACTORS = ("visitor", "superuser", *ROLES)

# How far a cell reaches: the kinds of things it lets in, of which the widest there is serves as the
# example, and the nearest kinds that it does not let in.
REACH: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "open": (("", "elsewhere"), ()),
    "own": (("own", ""), ("team", "elsewhere")),
    "team": (("team", "own", ""), ("service", "elsewhere")),
    "service": (("service", "own", ""), ("directorate", "elsewhere")),
    "directorate": (("directorate", "own", ""), ("elsewhere",)),
    "all": (("elsewhere", ""), ()),
    "pack": (("pack", ""), ("own",)),
    "listed": (("pack", ""), ("elsewhere",)),
    "no": ((), ("own", "pack", "elsewhere", "")),
    "sign-in": ((), ("own", "elsewhere", "")),
    "key": (("",), ("",)),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One address and one method: what its page is about, and each actor's cell."""

    url: str
    method: str
    about: str
    cells: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


def read(name: str) -> list[dict[str, str]]:
    """Return the lines of a table."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def matrix() -> list[Row]:
    """Return the rows of the matrix of addresses."""
    return [
        Row(line["url"], line["method"], line["about"], {actor: line[actor] for actor in ACTORS})
        for line in read("matrix.csv")
    ]


def names_of_addresses(urlconf: str | None = None) -> set[str]:
    """Return the name of every address of the site; one without a name as its pattern."""
    return {name or f"(no name: {pattern})" for name, pattern in _addresses(get_resolver(urlconf))}


def _addresses(resolver: Any, namespace: str = "") -> Iterator[tuple[str, str]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _addresses(each, inner)
        else:
            yield (f"{namespace}{each.name}" if each.name else ""), str(each.pattern)
