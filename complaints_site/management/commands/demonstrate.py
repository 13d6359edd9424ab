"""Start the demonstration: an invented landlord on this machine, and everything it needs."""

import io
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from cases.models import Landlord, RoleGrant
from cases.rules.procedure_files import shipped_codes
from cases.rules.roles import Role
from complaints_site.demonstration.fill import fill
from complaints_site.demonstration.people import PASSWORD

ADDRESS = "127.0.0.1"
PATIENCE_SECONDS = 60


class Command(BaseCommand):
    """Prepare the demonstration, serve it, and do its background work until Ctrl-C."""

    help = "Serve the demonstration on this machine, as `make run` does."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--procedure", choices=shipped_codes(), default="code-2024")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, start, and wait.

        :raises CommandError: if this is not a demonstration.
        :raises SystemExit: if the port is taken.
        """
        if not settings.DEMONSTRATION:
            raise CommandError("DEMONSTRATION is not set: this is somebody’s real installation.")
        port = options["port"]
        if _is_taken(port):
            # One plain line: a person who only wants to look reads it.
            self.stderr.write(f"Port {port} is in use. Choose another: make run PORT={port + 1}")
            raise SystemExit(1)
        base = f"http://{ADDRESS}:{port}"
        # Letters and e-mails that are made while it is filled lead here too.
        settings.PUBLIC_BASE_URL = settings.PUBLIC_BASE_URL or base
        self._prepare(options["procedure"])
        with _Together(base, port) as running:
            running.wait_until_ready()
            self._tell_log_ins()
            self.stdout.write(f"Ready: {base}/")
            self.stdout.flush()
            running.wait()

    def _prepare(self, procedure: str) -> None:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_procedures", stdout=io.StringIO())
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        if not Landlord.objects.exists():
            self.stdout.write("Inventing a landlord with complaints at every step …")
            self.stdout.flush()
            # Whole or not at all: the next start finds an empty database if this one is stopped.
            with transaction.atomic():
                fill(procedure=procedure, now=timezone.now())

    def _tell_log_ins(self) -> None:
        self.stdout.write(f"\nLog in with any of these, the password is {PASSWORD}\n\n")
        told: set[str] = set()
        for role in Role:
            grant = RoleGrant.objects.filter(role=role.value).select_related("user").first()
            if grant is not None and grant.user.email not in told:
                told.add(grant.user.email)
                self.stdout.write(f"  {role.words:36} {grant.user.email}")
        self.stdout.write("")


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return True
    return False


class _Together:
    """The web server and the clock, started and stopped together."""

    def __init__(self, base: str, port: int) -> None:
        self.base = base
        environment = {**os.environ, "PUBLIC_BASE_URL": base, "GRANIAN_LOG_LEVEL": "error"}
        here = [sys.executable, "-m"]
        self.commands = (
            [
                *here,
                "granian",
                *("--interface", "wsgi", "--host", ADDRESS, "--port", str(port)),
                *("--workers", "1", "--blocking-threads", "8", "--no-ws"),
                "complaints_site.wsgi:application",
            ],
            [
                *here,
                *("celery", "--quiet", "-A", "complaints_site"),
                *("beat", "--pidfile=", "--loglevel=WARNING"),
            ],
        )
        self.environment = environment
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "_Together":
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(signum, _stop)
        for command in self.commands:
            self.processes.append(
                subprocess.Popen(  # noqa: S603  our own commands
                    command, env=self.environment, cwd=settings.BASE_DIR, start_new_session=True
                )
            )
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)

    def wait_until_ready(self) -> None:
        """Wait until the site answers.

        :raises CommandError: if a part of it ended, or it does not answer in a minute.
        """
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            self._check()
            try:
                with urllib.request.urlopen(f"{self.base}/health/live", timeout=5):  # noqa: S310  our own address
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        raise CommandError("The site did not answer within a minute.")

    def wait(self) -> None:
        """Wait until Ctrl-C, or until a part of it ends."""
        try:
            while True:
                self._check()
                time.sleep(1)
        except KeyboardInterrupt:
            return

    def _check(self) -> None:
        for command, process in zip(self.commands, self.processes, strict=True):
            if process.poll() is not None:
                raise CommandError(f"{command[2]} ended with {process.returncode}.")


def _stop(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
