"""Asking the site every question of the matrix, and telling where its answers differ."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse

from complaints_site.tests.permissions.table import REACH, Row, read
from complaints_site.tests.permissions.world import Thing, World

# Answers of a page that lets somebody in: it is shown, it leads on, it has a mistake to show.
LETS_IN = frozenset({200, 302, 409, 422})
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Question:
    """One request of one actor about one thing, and the answers that are right."""

    row: Row
    actor: str
    kind: str
    right: frozenset[int]

    def __str__(self) -> str:
        about = f" ({self.kind} {self.row.about})" if self.kind else ""
        return f"{self.actor}: {self.row}{about}"


def questions(row: Row, actor: str, world: World) -> Iterator[Question]:
    """Yield what to ask about one cell: what it lets in, and the nearest that it does not."""
    cell = row.cells[actor]
    things = world.kinds_of(row.about, actor)
    lets_in, keeps_out = REACH[cell]
    if cell == "key":
        # No session opens what is asked with a key, whoever is signed in.
        yield Question(row, actor, lets_in[0], frozenset({401}))
        return
    for kind in [each for each in lets_in if each in things][:1]:
        yield Question(row, actor, kind, LETS_IN)
    if cell == "open":
        return
    nearest = [each for each in keeps_out if each in things]
    if cell == "no" and row.about.startswith("complaint"):
        # What they may read, if anything, is where forgetting to ask for the role would show.
        nearest.sort(key=lambda kind: SEEN[kind][actor] != "read")
    nearest = nearest[:1]
    # Complaints hidden from everybody are asked for in the tests of what leaves no trace.
    is_complaint = row.about.startswith("complaint")
    hidden = [] if is_complaint else [each for each in ("restricted", "shut") if each in things]
    if cell == "sign-in":
        yield Question(row, actor, nearest[0], frozenset({302}))
        return
    for kind in [*nearest, *hidden]:
        yield Question(row, actor, kind, _refusals(row, actor, kind))


def _refusals(row: Row, actor: str, kind: str) -> frozenset[int]:
    """Return how a refusal may read: what one may not know of is not there, the rest is forbidden.

    Whose page it is not at all may be told so before or after it is looked for.
    """
    if row.about.startswith("complaint"):
        return frozenset({404 if SEEN[kind][actor] == "no" else 403})
    if row.cells[actor] == "no":
        return frozenset({403, 404} if kind else {403})
    return frozenset({404})


SEEN = {line["complaint"]: line for line in read("complaints.csv")}


def faults(rows: Iterable[Row], actor: str, world: World) -> list[str]:
    """Ask every question of an actor and return the answers that are wrong, a line each."""
    found = []
    for row in rows:
        for question in questions(row, actor, world):
            thing = world.kinds_of(row.about, actor)[question.kind]
            answer = ask(world, actor, row, thing)
            path = answer.wsgi_request.get_full_path()
            led_away = answer.status_code == 302 and _signs_in(answer)
            is_right = answer.status_code in question.right
            if row.cells[actor] == "sign-in":
                is_right = led_away and answer["Location"].endswith(f"?next={path}")
            elif led_away:
                is_right = False
            if not is_right:
                wanted = "/".join(map(str, sorted(question.right)))
                found.append(f"{question}: {answer.status_code} instead of {wanted}")
    return found


def _signs_in(answer: Any) -> bool:
    return answer["Location"].startswith(f"{reverse('cases:sign-in')}?next=")


def ask(world: World, actor: str, row: Row, thing: Thing, *, method: str = "") -> Any:
    """Return the answer to a request, whose effects are taken back."""
    client = world.browser(actor, thing)
    with transaction.atomic():
        answer = send(client, method or row.method, reverse(row.url, args=thing.args), thing.data)
        transaction.set_rollback(True)
    return answer


def send(client: Any, method: str, path: str, data: dict[str, Any]) -> Any:
    """Return the answer to a request."""
    if method in ("GET", "POST"):
        answer = getattr(client, method.lower())(path, data if method == "POST" else None)
    else:
        answer = client.generic(method, path)
    # What streams is closed by being read. Closing it again would end PostgreSQL's transaction.
    b"".join(answer)
    return answer
