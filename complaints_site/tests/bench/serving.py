"""The site served as in production, and a client that keeps its connection."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

from complaints_site.tests.bench.counting import ANSWER, TOOK
from complaints_site.tests.bench.work import children_of
from complaints_site.tests.servers import free_port

PATIENCE_SECONDS = 60
IDLE_SECONDS = 5
HOST = "complaints.example"
COUNTED = {"X-Count-Queries": "1"}


@dataclass(frozen=True, slots=True)
class Server:
    """The site as it is served: where, and by which processes."""

    port: int
    process: int

    @property
    def workers(self) -> list[int]:
        """Return the processes that answer, or nothing where the system does not tell."""
        return children_of(self.process)


@contextmanager
def served(*, workers: int = 2, threads: int = 4) -> Iterator[Server]:
    """Serve the site with granian as the Dockerfile does."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
            *("--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads)),
            *("--no-ws", "--log-level", "warning", "complaints_site.wsgi:application"),
        ],
        env=os.environ | {"MALLOC_ARENA_MAX": "2"},
        start_new_session=True,
    )
    try:
        _wait(port, process)
        yield Server(port, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended at once with {process.returncode}.")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server does not answer.")


class Browser:
    """Somebody's browser on one connection, through the proxy of production."""

    def __init__(
        self, port: int, cookies: Mapping[str, str] | None = None, *, address: str = "192.0.2.1"
    ) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self.cookies = dict(cookies or {})
        self.address = address
        self._asked_last = time.monotonic()

    def ask(
        self,
        method: str,
        path: str,
        *,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[HTTPResponse, bytes]:
        """Send one request, and return the answer with its body."""
        head = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.address,
            "Referer": f"https://{HOST}/",
            "Origin": f"https://{HOST}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **(headers or {}),
        }
        body = None
        if fields is not None:
            mark = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
            body = urlencode({**mark, **fields})
            head["Content-Type"] = "application/x-www-form-urlencoded"
        if time.monotonic() - self._asked_last > IDLE_SECONDS:
            # The server hangs up after a while; browsers then begin anew, and so does this.
            self._connection.close()
        self._asked_last = time.monotonic()
        self._connection.request(method, path, body=body, headers=head)
        answer = self._connection.getresponse()
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer, content

    def open(self, path: str) -> float:
        """Open a page and return how long it took, in milliseconds.

        :raises RuntimeError: if it is not answered with 200.
        """
        began = time.perf_counter()
        answer, _ = self.ask("GET", path)
        taken = (time.perf_counter() - began) * 1_000
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered with {answer.status}.")
        return taken

    def cost(self, path: str) -> tuple[int, int]:
        """Return how many queries a page needs, and its bytes before compression."""
        answer, content = self.ask("GET", path, headers=COUNTED)
        return queries_of(answer), len(content)

    def send(
        self, path: str, fields: Mapping[str, str], *, is_counted: bool = False
    ) -> tuple[float, HTTPResponse]:
        """Send a form that is accepted, and return how long it took, in milliseconds.

        :raises RuntimeError: if the answer does not lead on to another page.
        """
        began = time.perf_counter()
        answer, content = self.ask(
            "POST", path, fields=fields, headers=COUNTED if is_counted else None
        )
        taken = (time.perf_counter() - began) * 1_000
        if answer.status != 302:
            mistakes = content.decode().partition("govuk-error-summary__list")[2][:1_000]
            raise RuntimeError(f"{path} was answered with {answer.status}: {mistakes}")
        return taken, answer


def sql_of(answer: HTTPResponse) -> float:
    """Return how long the queries of an answer took, in milliseconds, if the request asked."""
    return float(answer.headers[TOOK])


def queries_of(answer: HTTPResponse) -> int:
    """Return how many queries an answer took, of which the request asked."""
    return int(answer.headers[ANSWER])
