"""Calling an address outside, once looked up and then held to, and waiting for it no longer."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from cases.rules.outside_addresses import Outside, is_public

# From looking up the name to the last byte of the answer.
WAITING_SECONDS = 5.0
MOST_BYTES = 64 * 1024


class NotReached(Exception):
    """The call did not succeed; `words` say why, without anything that was answered."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(slots=True)
class _Call:
    """A call on its way; what became of it is written here by its own thread."""

    connection: http.client.HTTPSConnection | None = None
    status: int = 0
    failed: str = ""


class _HeldTo(http.client.HTTPSConnection):
    """A connection to the very address that was checked, whatever the name means by now.

    The certificate must be that of the name.
    """

    def __init__(self, to: Outside, address: str, *, patience: float) -> None:
        super().__init__(to.host, to.port, timeout=patience, context=ssl.create_default_context())
        self.address = address

    def connect(self) -> None:
        """Connect to the address and prove the name."""
        plain = socket.create_connection((self.address, self.port), self.timeout)
        context: ssl.SSLContext = self._context  # type: ignore[attr-defined]
        self.sock = context.wrap_socket(plain, server_hostname=self.host)


def look_up(to: Outside) -> str:
    """Return the address of a host: once, and only if every one that it has is public.

    :raises NotReached: if there is none, or one that is not.
    """
    try:
        found = socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotReached("The name of the host is not known.") from None
    addresses = [str(each[4][0]) for each in found]
    if not addresses or not all(map(is_public, addresses)):
        raise NotReached("The host is not on the public internet.")
    return addresses[0]


def call(to: Outside, body: bytes, headers: Mapping[str, str]) -> int:
    """Send something there, and return the status that was answered.

    Nothing is followed elsewhere, and what is answered is thrown away.

    :raises NotReached: if it is not taken within WAITING_SECONDS.
    """
    going = _Call()
    # A time-out of the connection begins anew with every byte: the whole is waited for so long.
    calling = threading.Thread(target=_carry, args=(going, to, body, dict(headers)), daemon=True)
    calling.start()
    calling.join(WAITING_SECONDS)
    if calling.is_alive():
        _hang_up(going)
        raise NotReached("It did not answer in time.")
    if going.failed:
        raise NotReached(going.failed)
    return going.status


def _carry(going: _Call, to: Outside, body: bytes, headers: dict[str, str]) -> None:
    end = time.monotonic() + WAITING_SECONDS
    try:
        address = look_up(to)
        patience = end - time.monotonic()
        if patience <= 0:
            raise NotReached("The name of the host was not found in time.")
        going.connection = connection = _HeldTo(to, address, patience=patience)
        connection.request("POST", to.path, body, headers)
        answer = connection.getresponse()
        if len(answer.read(MOST_BYTES + 1)) > MOST_BYTES:
            going.failed = "It answered with more than 64 kB."
        going.status = answer.status
    except NotReached as refused:
        going.failed = refused.words
    except ssl.SSLError:
        going.failed = "Its certificate is not that of the host, or has ended."
    except (OSError, http.client.HTTPException, ValueError) as lost:
        going.failed = f"It could not be reached ({type(lost).__name__})."
    finally:
        _hang_up(going)


def _hang_up(going: _Call) -> None:
    """Close the connection, so that nothing waits on it any more."""
    connection = going.connection
    if connection is not None:
        try:
            if connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        connection.close()
