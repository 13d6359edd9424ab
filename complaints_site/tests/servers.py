"""Real servers for tests: started from installed programs on free loopback ports, and stopped.

    python -m complaints_site.tests.servers postgresql -- COMMAND …

runs a command with TEST_DATABASE_URL naming a PostgreSQL made for it.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import redis

from cases.tests.record.hostile_files import EICAR

PATIENCE_SECONDS = 60
PORTS = range(20_000, 32_000)
EICAR_NAME = "Eicar-Test-Signature"
# The program in each file of ClamAV's own corpus: what it hashes to, how long it is, its name.
CLAM_NAME = "ClamAV-Test-File"
CLAM_EXE = f"aa15bcf478d165efd2065190eb473bcb:544:{CLAM_NAME}"
POSTGRESQL_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/bin")


class NotInstalled(pytest.skip.Exception):
    """The server's program is not on this machine: a test that needs it is skipped, loudly."""


def free_port() -> int:
    """Return a loopback port that nobody listens on, and that no connection outwards is given.

    Those are given ports above these: one that looks for a server which is being started again
    could get the server's own.
    """
    while True:
        port = PORTS.start + secrets.randbelow(len(PORTS))
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def find_program(name: str, *folders: str) -> str:
    """Return the path of a program.

    :raises NotInstalled: if it is not there.
    """
    for pattern in folders:
        for path in sorted(Path("/").glob(f"{pattern.lstrip('/')}/{name}"), reverse=True):
            return str(path)
    if found := shutil.which(name):
        return found
    raise NotInstalled(f"{name} is not installed on this machine.")


@dataclass
class PostgreSQL:
    """A running PostgreSQL of our own."""

    port: int
    folder: Path
    process: "subprocess.Popen[bytes]"
    user: str | None

    @property
    def url(self) -> str:
        """Return the address of its database for the owner."""
        return f"postgresql://owner@127.0.0.1:{self.port}/complaints"

    def start(self) -> None:
        """Start it, again after it was stopped or killed, and wait until it answers."""
        postgres = find_program("postgres", *POSTGRESQL_FOLDERS)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [postgres, "-D", str(self.folder / "data"), "-p", str(self.port)],
                stdout=subprocess.DEVNULL,
                stderr=log,
                **_as_user(self.user),
            )
        _wait(self._answers, f"PostgreSQL on port {self.port}", self.process)

    def stop(self) -> None:
        """Stop it at once."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(PATIENCE_SECONDS)

    def crash(self) -> None:
        """End it at once and without order: it recovers when it is started again."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(PATIENCE_SECONDS)

    def _answers(self) -> bool:
        try:
            with psycopg.connect(f"host=127.0.0.1 port={self.port} user=owner dbname=postgres"):
                return True
        except psycopg.OperationalError:
            return False


@contextmanager
def postgresql(*settings: str) -> Iterator[PostgreSQL]:
    """Run a PostgreSQL with a database `complaints`, further settings as "name=value".

    :raises NotInstalled: if it is not on this machine.
    """
    initdb = find_program("initdb", *POSTGRESQL_FOLDERS)
    # It refuses to run as root, so root lends it another name.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="complaints-postgresql-"))
    try:
        if user:
            account = pwd.getpwnam(user)
            os.chown(folder, account.pw_uid, account.pw_gid)
        subprocess.run(
            [
                *(initdb, "-D", str(folder / "data"), "-U", "owner", "-A", "trust"),
                *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            **_as_user(user),
        )
        given = ["listen_addresses='127.0.0.1'", f"unix_socket_directories='{folder}'", *settings]
        with (folder / "data" / "postgresql.conf").open("a") as conf:
            conf.write("\n".join(given) + "\n")
        server = PostgreSQL(free_port(), folder, None, user)  # type: ignore[arg-type]
        server.start()
        try:
            with psycopg.connect(
                f"host=127.0.0.1 port={server.port} user=owner dbname=postgres", autocommit=True
            ) as connection:
                connection.execute("CREATE DATABASE complaints")
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_user(user: str | None) -> dict[str, str]:
    return {"user": user, "group": user} if user else {}


@dataclass
class Redis:
    """A running Redis of our own, which keeps nothing."""

    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        """Return its address."""
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, again after it was killed, and wait until it answers."""
        self.process = subprocess.Popen(
            [
                *(find_program("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1"),
                *("--save", "", "--appendonly", "no"),
            ],
            stdout=subprocess.DEVNULL,
        )
        _wait(self._answers, f"Redis on port {self.port}", self.process)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)

    def forget(self) -> None:
        """Let it forget everything that it holds."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def stop(self) -> None:
        """Stop it at once."""
        self.process.terminate()
        self.process.wait(PATIENCE_SECONDS)

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


@contextmanager
def redis_server() -> Iterator[Redis]:
    """Run a Redis.

    :raises NotInstalled: if it is not on this machine.
    """
    server = Redis(free_port(), None)  # type: ignore[arg-type]
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def clamd(*settings: str) -> Iterator[str]:
    """Run a clamd that knows two test files, EICAR's and ClamAV's own, and give its address.

    :raises NotInstalled: if it is not on this machine.
    """
    program = find_program("clamd", "/usr/sbin", "/usr/local/sbin")
    port, folder = free_port(), Path(tempfile.mkdtemp(prefix="complaints-clamd-"))
    try:
        (folder / "test.ndb").write_text(f"{EICAR_NAME}:0:*:{EICAR.hex()}\n", encoding="ascii")
        (folder / "test.hdb").write_text(f"{CLAM_EXE}\n", encoding="ascii")
        given = [
            *(f"DatabaseDirectory {folder}", "Foreground yes", "TCPAddr 127.0.0.1"),
            *(f"TCPSocket {port}", "MaxThreads 2", "ConcurrentDatabaseReload no", *settings),
        ]
        (folder / "clamd.conf").write_text("\n".join(given) + "\n", encoding="ascii")
        process = subprocess.Popen(
            [program, f"--config-file={folder / 'clamd.conf'}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

        def answers() -> bool:
            try:
                with socket.create_connection(("127.0.0.1", port), 5) as connection:
                    connection.sendall(b"zPING\0")
                    return connection.recv(16).startswith(b"PONG")
            except OSError:
                return False

        try:
            _wait(answers, f"clamd on port {port}", process)
            yield f"tcp://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def imap_server() -> Iterator[str]:
    """Run a Dovecot with one empty mailbox, and give its address.

    :raises NotInstalled: if it is not on this machine, or we may not start it.
    """
    program = find_program("dovecot", "/usr/sbin", "/usr/local/sbin")
    if os.geteuid() != 0:
        raise NotInstalled("Only root can start dovecot.")
    port, folder = free_port(), Path(tempfile.mkdtemp(prefix="complaints-dovecot-"))
    folder.chmod(0o755)
    account = pwd.getpwnam("dovecot")
    (folder / "mail").mkdir()
    os.chown(folder / "mail", account.pw_uid, account.pw_gid)
    (folder / "users").write_text("post:{PLAIN}secret\n", encoding="ascii")
    conf = folder / "dovecot.conf"
    conf.write_text(
        f"""base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:{folder}/mail/post
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={account.pw_uid} gid={account.pw_gid} home={folder}/mail
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
""",
        encoding="ascii",
    )
    process = subprocess.Popen(
        [program, "-F", "-c", str(conf)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    def answers() -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as connection:
                return connection.recv(100).startswith(b"* OK")
        except OSError:
            return False

    try:
        _wait(answers, f"Dovecot on port {port}", process)
        yield f"imap://post:secret@127.0.0.1:{port}/INBOX"
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(answers, name: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended at once with {process.returncode}.")
        if answers():
            return
        time.sleep(0.05)
    raise RuntimeError(f"{name} does not answer.")


def main(arguments: list[str]) -> int:
    """Run a command beside a PostgreSQL of its own."""
    if arguments[:2] != ["postgresql", "--"] or len(arguments) < 3:
        sys.stderr.write(__doc__ or "")
        return 2
    # For tests durability is not in question; the proofs that need it start their own.
    with postgresql("fsync=off", "synchronous_commit=off", "full_page_writes=off") as server:
        environment = {**os.environ, "TEST_DATABASE_URL": server.url}
        return subprocess.run(arguments[2:], env=environment, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except NotInstalled as missing:
        sys.stderr.write(f"{missing}\n")
        sys.exit(3)
