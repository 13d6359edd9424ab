"""A mail server for tests that takes everything, and fails as real ones do when asked to."""

import asyncio
import email
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from complaints_site.tests.servers import free_port

# What can go wrong, and at which moment of the conversation.
MAIL_LATER = "451 at MAIL"
DATA_LATER = "451 after DATA"
DROPPED_BEFORE = "connection dropped before DATA was taken"
ANSWER_LOST = "connection dropped after DATA was taken"
STALL = "no answer to DATA"
FAULTS = (MAIL_LATER, DATA_LATER, DROPPED_BEFORE, ANSWER_LOST, STALL)
STALL_SECONDS = 4.0
# Recipients whose address begins so do not exist.
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that the server took, whether or not its answer arrived."""

    message: EmailMessage
    sender: str
    recipients: tuple[str, ...]

    @property
    def key(self) -> str:
        """Return its Message-ID."""
        return str(self.message["Message-ID"])


@dataclass
class MailSink:
    """What a mail server was sent. `rate` is how often each fault happens."""

    port: int
    rate: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311  a test
    taken: list[Taken] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    # Faults to come, one for each message, before chance decides.
    planned: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Return its address for EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def copies(self) -> Counter[str]:
        """Return how many copies of each Message-ID it took."""
        return Counter(each.key for each in self.taken)

    def _draw(self) -> str:
        if self.planned:
            return self.planned.pop(0)
        if self.chance.random() < self.rate * len(FAULTS):
            return self.chance.choice(FAULTS)
        return ""

    async def handle_MAIL(  # noqa: N802  the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer MAIL, and decide what will go wrong with this message."""
        session.fault = self._draw()  # type: ignore[attr-defined]
        if session.fault == MAIL_LATER:  # type: ignore[attr-defined]
            self.faults[MAIL_LATER] += 1
            return "451 4.3.0 Come back later"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802  the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer RCPT: people who are not there are refused for good."""
        if address.startswith(NOBODY):
            self.faults["550 at RCPT"] += 1
            return f"550 5.1.1 <{address}> is not here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Answer DATA."""
        fault: str = session.fault  # type: ignore[attr-defined]
        if fault:
            self.faults[fault] += 1
        if fault == DATA_LATER:
            return "451 4.3.0 Come back later"
        if fault == STALL:
            await asyncio.sleep(STALL_SECONDS)
            return "451 4.3.0 Too slow"
        if fault != DROPPED_BEFORE:
            self._take(envelope)
        if fault in (DROPPED_BEFORE, ANSWER_LOST):
            _drop(server)
        return "250 OK"

    def _take(self, envelope: Envelope) -> None:
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append(Taken(message, envelope.mail_from or "", tuple(envelope.rcpt_tos)))


def _drop(server: Any) -> None:
    server.transport.abort()


@contextmanager
def mail_sink(*, rate: float = 0.0, seed: int = 1) -> Iterator[MailSink]:
    """Run a mail server on a free loopback port."""
    sink = MailSink(free_port(), rate, random.Random(seed))  # noqa: S311  a test, repeatable
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
