"""A stand-in for GOV.UK Notify on this machine: it checks the token, keeps what it takes, answers.

What it answers is as its documentation has it, for text messages, precompiled letters, one
notification, and those under a reference.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"complaints-{SERVICE}-{SECRET}"


@dataclass
class StandIn:
    """What it took, by its own names; and how it misbehaves if it is told to."""

    url: str = ""
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    # Answers given instead of the right one, until they are used up.
    answers_with: list[int] = field(default_factory=list)
    # Takes what is sent, and breaks off before it answers.
    breaks_off: bool = False
    issued_at: list[int] = field(default_factory=list)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return what was sent of a kind."""
        return [each for each in self.taken.values() if each["kind"] == kind]

    def everything_is(self, status: str) -> None:
        """Say of everything that it is so far."""
        self.status = dict.fromkeys(self.taken, status)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _is_allowed(header: str, stand_in: StandIn) -> bool:
    head, claims, signature = header.removeprefix("Bearer ").split(".")
    right = hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
    given = json.loads(_decoded(claims))
    stand_in.issued_at.append(given["iat"])
    return (
        hmac.compare_digest(right, _decoded(signature))
        and json.loads(_decoded(head)) == {"typ": "JWT", "alg": "HS256"}
        and given["iss"] == SERVICE
    )


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    stand_in: StandIn

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def answer(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status: int) -> None:
        kind = "BadRequestError" if status == 400 else "Error"
        errors = [{"error": kind, "message": "phone_number Sam Hill is wrong"}]
        self.answer(status, {"status_code": status, "errors": errors})

    def is_stopped(self) -> bool:
        if not _is_allowed(self.headers["Authorization"], self.stand_in):
            self.refuse(403)
            return True
        if self.stand_in.answers_with:
            self.refuse(self.stand_in.answers_with.pop(0))
            return True
        return False

    def do_POST(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.is_stopped():
            return
        name = str(uuid4())
        kind = urlsplit(self.path).path.removeprefix("/v2/notifications/")
        self.stand_in.taken[name] = {**content, "kind": kind}
        if self.stand_in.breaks_off:
            self.stand_in.breaks_off = False
            self.connection.close()
            return
        self.answer(201, {"id": name, "reference": content["reference"]})

    def do_GET(self) -> None:
        if self.is_stopped():
            return
        parts = urlsplit(self.path)
        if reference := parse_qs(parts.query).get("reference"):
            found = [
                {"id": name}
                for name, each in self.stand_in.taken.items()
                if each["reference"] == reference[0]
            ]
            self.answer(200, {"notifications": found})
            return
        name = parts.path.rsplit("/", 1)[-1]
        self.answer(200, {"id": name, "status": self.stand_in.status.get(name, "created")})


@contextlib.contextmanager
def notify_on_loopback() -> Iterator[StandIn]:
    """Let a stand-in answer on this machine."""
    stand_in = StandIn()
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Answering", (Handler,), {"stand_in": stand_in})
    )
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
