"""Robots that send the form again and again, and clients who never come to the end of a request."""

import random
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from complaints_site.tests.intake.people import Person

# What a robot writes into the header, so that it seems to come from elsewhere each time.
PRETENDED = "203.0.113"
# The beginning of a request.
BEGUN = b"POST /let-us-know/kind/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-Proto: https\r\n"


@dataclass
class Robot(Person):
    """A robot: it comes from one place with many others.

    `place` is the address that the proxy sees, `victim` whose e-mail address it gives, if not
    its own.
    """

    place: str = ""
    victim: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        pretended = f"{PRETENDED}.{self.number % 250 + 1}"
        self.headers["X-Forwarded-For"] = f"{pretended}, {self.place}"
        self.email = self.victim or self.email
        self.brings_file = False


def robots(port: int, *, places: int, each: int, seed: int) -> list[Robot]:
    """Return that many robots from each of the places; every other one names the same victim."""
    return [
        Robot(
            port,
            10_000 + place * each + number,
            random.Random(seed + place * each + number),  # noqa: S311  a repeatable choice
            place=f"10.9.{place}.1",
            victim="" if number % 2 else f"victim{place}@example.org",
        )
        for place in range(places)
        for number in range(each)
    ]


@contextmanager
def dawdling(port: int, clients: int) -> Iterator[Sequence[socket.socket]]:
    """Let that many clients begin a request and not go on with it.

    They stop within its head: a request whose head has come is passed on by the proxy when all
    of it is there, as the guide for operators asks of it. Without one, eight that stop within the
    body keep the eight threads waiting, and nobody is answered: that was tried.
    """
    with ExitStack() as open_ones:
        held = []
        for _ in range(clients):
            one = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), timeout=15))
            one.sendall(BEGUN)
            held.append(one)
        yield held
