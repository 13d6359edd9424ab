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
from statistics import median, quantiles
from urllib.parse import urlencode

from complaints_site.tests.bench.counting import ANSWER
from complaints_site.tests.servers import free_port

PATIENCE_SECONDS = 60
WARMING = 40
HOST = "complaints.example"


@contextmanager
def served(*, workers: int = 2, threads: int = 4) -> Iterator[int]:
    """Serve the site with granian as the Dockerfile does, and give the port."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
            *("--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads)),
            *("--no-ws", "--log-level", "warning", "complaints_site.wsgi:application"),
        ],
        env=os.environ.copy(),
        start_new_session=True,
    )
    try:
        _wait(port, process)
        yield port
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


@dataclass(frozen=True, slots=True)
class Timing:
    """How long something took, in milliseconds, and what it cost beside."""

    middle: float
    high: float
    queries: int
    size: int


class Browser:
    """Somebody who is signed in, on one connection, through the proxy of production."""

    def __init__(self, port: int, cookies: Mapping[str, str] | None = None) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self.cookies = dict(cookies or {})

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
            "X-Forwarded-For": "192.0.2.1",
            "Referer": f"https://{HOST}/",
            "Origin": f"https://{HOST}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **(headers or {}),
        }
        body = None
        if fields is not None:
            body = urlencode(fields)
            head["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body=body, headers=head)
        answer = self._connection.getresponse()
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer, content

    def time(self, path: str, *, times: int) -> Timing:
        """Open a page again and again, and return how long it took once it is warm.

        :raises RuntimeError: if it is not answered with 200.
        """
        for _ in range(WARMING):
            self._open(path)
        counted, content = self.ask("GET", path, headers={"X-Count-Queries": "1"})
        taken = []
        for _ in range(times):
            began = time.perf_counter()
            self._open(path)
            taken.append((time.perf_counter() - began) * 1_000)
        return timing(taken, queries=int(counted.headers[ANSWER]), size=len(content))

    def _open(self, path: str) -> None:
        answer, _ = self.ask("GET", path)
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered with {answer.status}.")


def timing(taken: list[float], *, queries: int, size: int) -> Timing:
    """Return the middle and the 95th of a hundred of some times in milliseconds."""
    return Timing(median(taken), quantiles(taken, n=20)[-1], queries, size)
