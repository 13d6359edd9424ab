"""The server calls only where it was told, and never itself or its neighbours (P22)."""

import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator

import pytest

from cases.operations import outside_calls
from cases.operations.outside_calls import MOST_BYTES, NotReached, call, look_up
from cases.rules.outside_addresses import Outside, is_public, read_host, read_outside

pytestmark = [pytest.mark.promise("P22"), pytest.mark.one_database]
HOST = "hooks.example.org"
LISTED = [(HOST, 443)]

# This machine, its neighbours and what else is no part of the public internet, in every writing.
CLOSED = [
    *("127.0.0.1", "127.1.2.3", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255"),  # noqa: S104
    *("172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "169.254.0.1"),
    *("100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1"),
    *("203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00::1", "fd00:ec2::254", "fec0::1"),
    *("ff02::1", "ff0e::1", "2001:db8::1", "100::1", "::ffff:127.0.0.1", "::ffff:7f00:1"),
    *("::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::7f00:1", "::8.8.8.8"),
    *("64:ff9b::7f00:1", "64:ff9b::127.0.0.1", "64:ff9b::8.8.8.8", "64:ff9b:1::1"),
    *("2002:7f00:1::", "2002:7f00:0001::1", "2002:808:808::1", "2001:0:7f00:1::1", "2001::1"),
    *("", "localhost", "127.1", "0x7f.1", "2130706433", "017700000001", "1.2.3.4.5", "8.8.8.8 "),
]
OPEN = ["8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:2800:220:1::1", "2a00:1450:4009::200e"]


@pytest.mark.parametrize("address", CLOSED)
def test_an_address_that_is_not_of_the_public_internet_is_never_called(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", OPEN)
def test_an_address_of_the_public_internet_may_be_called(address):
    assert is_public(address)


# What an administrator may type -------------------------------------------------------------------

TRICKS = [
    *(f"https://{each}/" for each in CLOSED if each and " " not in each and "%" not in each),
    *(f"https://[{each}]/" for each in CLOSED if ":" in each),
    *("http://hooks.example.org/", "HTTPS://hooks.example.org/", "https:hooks.example.org/"),
    *("//hooks.example.org/", "https:///hooks.example.org/", "https:\\\\hooks.example.org/"),
    *("ftp://hooks.example.org/", "file:///etc/passwd", "gopher://127.0.0.1:25/", "data:,x"),
    *("https://hooks.example.org@127.0.0.1/", "https://127.0.0.1@hooks.example.org/"),
    *("https://user:pass@hooks.example.org/", "https://hooks.example.org:pass@127.0.0.1/"),
    *("https://hooks.example.org#@127.0.0.1/", "https://127.0.0.1#hooks.example.org/"),
    *("https://127.0.0.1?hooks.example.org/", "https://hooks.example.org?x/../"),
    *("https://hooks.example.org\\@127.0.0.1/", "https://127.0.0.1\\hooks.example.org/"),
    *(
        "https://hooks.example.org\t/",
        "https://hooks.example.org\n/",
        "https://hooks.example.org /",
    ),
    *("https://hooks.example.org%00.127.0.0.1/", "https://hooks.example.org%2f@127.0.0.1/"),
    *("https://hooks.example.org.127.0.0.1.nip.io/", "https://127.0.0.1.nip.io/"),
    *("https://evil.hooks.example.org/", "https://hooks.example.org.evil.test/"),
    *("https://hooks.example.org./", "https://hooks..example.org/", "https://.hooks.example.org/"),
    *("https://hooks.example.org:8443/", "https://hooks.example.org:22/"),
    *("https://hooks.example.org:0/", "https://hooks.example.org:99999/"),
    *("https://hooks.example.org:-1/", "https://hooks.example.org:443@127.0.0.1:80/"),
    *("https://hooks.example.org:４４３/", "https://hooks.example.org:/"),  # noqa: RUF001
    *("https://hooks。example。org/", "https://ⓗooks.example.org/", "https://hooks.exаmple.org/"),  # noqa: RUF001
    *("https://localhost/", "https://LOCALHOST/", "https://localhost.localdomain/"),
    *("https://①②⑦.⓪.⓪.①/", "https://0/", "https://0x7f000001/", "https://2130706433/"),
    *("https://hooks.example.org/\r\nHost: 127.0.0.1", "https://hooks.example.org/a b"),
    *(
        "https://hooks.example.org/é",
        "https://hooks.example.org/\x00",
        "https://hooks.example.org/#a",
    ),
    *("https://hooks.example.org/" + "a" * 300, "", " https://hooks.example.org/"),
]


def test_there_are_many_tricks():
    assert len(set(TRICKS)) >= 80


@pytest.mark.parametrize("typed", TRICKS)
def test_no_trick_is_taken_for_an_address_of_the_list(typed):
    assert read_outside(typed, LISTED) is None


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("https://hooks.example.org", Outside(HOST, 443, "/")),
        ("https://hooks.example.org/a/b?c=d%20e", Outside(HOST, 443, "/a/b?c=d%20e")),
        ("https://hooks.example.org:443/", Outside(HOST, 443, "/")),
    ],
)
def test_an_address_of_the_list_is_taken_as_it_is_written(typed, wanted):
    assert read_outside(typed, LISTED) == wanted


def test_another_port_is_called_where_it_is_listed():
    assert read_outside("https://a.example.org:8443/x", [("a.example.org", 8443)]) == Outside(
        "a.example.org", 8443, "/x"
    )
    assert read_outside("https://a.example.org/x", [("a.example.org", 8443)]) is None


@pytest.mark.parametrize(
    "line", ["127.0.0.1", "localhost", "[::1]", "a", "a.b.", "a.1", "a.b:x", ""]
)
def test_a_line_of_the_list_is_the_name_of_a_host(line):
    assert read_host(line) is None
    assert read_host("Hooks.Example.org") == (HOST, 443)


# What is called -----------------------------------------------------------------------------------


HANDSHAKE = b"\x16"
BODY = re.compile(rb"content-length: *(?P<length>\d+).*?\r\n\r\n", re.IGNORECASE | re.DOTALL)


class Listener:
    """Something on this machine that counts who comes, and answers as it is told."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.hits = 0
        self.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        self.drips = False
        self.got = b""
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                one, _ = self.socket.accept()
            except OSError:
                return
            self.hits += 1
            threading.Thread(target=self._talk, args=(one,), daemon=True).start()

    def _talk(self, one: socket.socket) -> None:
        with one:
            try:
                self._read_all(one)
                if self.drips:
                    one.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                    while True:
                        one.sendall(b"x")
                        time.sleep(0.05)
                one.sendall(self.answer)
            except OSError:
                return

    def _read_all(self, one: socket.socket) -> None:
        """Read the head and the body, which come one after the other.

        Whoever hangs up on what was not read yet cuts off their own answer.
        """
        came = b""
        while not (whole := BODY.search(came)) or len(came) < whole.end() + int(whole["length"]):
            more = one.recv(65_536)
            came += more
            if not more or came.startswith(HANDSHAKE):
                break
        self.got += came


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Return the listener, and take it away again."""
    found = Listener()
    yield found
    found.socket.close()


def answers(monkeypatch, *addresses: str) -> list[str]:
    """Let every name have these addresses, one set after the other; return the names asked for."""
    asked: list[str] = []

    def look(host, port, *args, **kwargs):
        asked.append(host)
        found = addresses if len(asked) == 1 else ("127.0.0.1",)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", look)
    return asked


@pytest.fixture
def plain(monkeypatch):
    """Speak without encryption, so that a listener of ours understands."""

    def connect(self) -> None:
        self.sock = socket.socket()
        self.sock.settimeout(self.timeout)
        self.sock.connect((self.address, self.port))

    monkeypatch.setattr(outside_calls._HeldTo, "connect", connect)


@pytest.fixture
def unguarded(monkeypatch):
    """The negative control: as if every address were of the public internet."""
    monkeypatch.setattr(outside_calls, "is_public", lambda _: True)


@pytest.mark.parametrize("address", [each for each in CLOSED if each and each[0].isdigit()])
def test_a_name_that_leads_to_this_machine_or_its_neighbours_is_not_called(
    monkeypatch, listener, address
):
    answers(monkeypatch, address)

    with pytest.raises(NotReached, match="not on the public internet"):
        call(Outside(HOST, listener.port, "/"), b"{}", {})
    assert listener.hits == 0


def test_a_name_that_leads_there_too_is_not_called_at_all(monkeypatch, listener):
    answers(monkeypatch, "8.8.8.8", "127.0.0.1")

    with pytest.raises(NotReached):
        call(Outside(HOST, listener.port, "/"), b"{}", {})
    assert listener.hits == 0


def test_without_that_guard_the_listener_would_have_been_called(
    monkeypatch, listener, plain, unguarded
):
    answers(monkeypatch, "127.0.0.1")

    assert call(Outside(HOST, listener.port, "/"), b"{}", {}) == 200
    assert listener.hits == 1


def test_a_name_is_looked_up_once_and_held_to(monkeypatch, listener):
    """One that means the internet when asked and this machine afterwards leads nowhere else."""
    asked = answers(monkeypatch, "8.8.8.8")
    went = []

    def connect(address, *args, **kwargs):
        went.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)

    with pytest.raises(NotReached):
        call(Outside(HOST, listener.port, "/"), b"{}", {})
    assert (asked, went, listener.hits) == ([HOST], ["8.8.8.8"], 0)


def test_asking_twice_would_have_led_here(monkeypatch):
    """The negative control of the one before: the name does mean something else the second time."""
    answers(monkeypatch, "8.8.8.8")

    assert look_up(Outside(HOST, 443, "/")) == "8.8.8.8"
    with pytest.raises(NotReached):
        look_up(Outside(HOST, 443, "/"))


def test_nothing_is_followed_to_another_address(monkeypatch, listener, plain, unguarded):
    answers(monkeypatch, "127.0.0.1")
    elsewhere = f"http://127.0.0.1:{listener.port}/other"
    listener.answer = f"HTTP/1.1 302 Found\r\nLocation: {elsewhere}\r\n\r\n".encode()

    assert call(Outside(HOST, listener.port, "/"), b"{}", {}) == 302
    assert listener.hits == 1


@pytest.mark.parametrize(("more", "is_taken"), [(0, True), (1, False)])
def test_an_answer_longer_than_64_kb_is_none(
    monkeypatch, listener, plain, unguarded, more, is_taken
):
    answers(monkeypatch, "127.0.0.1")
    listener.answer = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (MOST_BYTES + more)
    to = Outside(HOST, listener.port, "/")

    if is_taken:
        assert call(to, b"{}", {}) == 200
    else:
        with pytest.raises(NotReached, match="64 kB"):
            call(to, b"{}", {})


def test_whoever_answers_drop_by_drop_is_not_waited_for(monkeypatch, listener, plain, unguarded):
    answers(monkeypatch, "127.0.0.1")
    monkeypatch.setattr(outside_calls, "WAITING_SECONDS", 0.4)
    listener.drips = True
    began = time.monotonic()

    with pytest.raises(NotReached, match="in time"):
        call(Outside(HOST, listener.port, "/"), b"{}", {})
    assert time.monotonic() - began < 3


def test_whoever_cannot_prove_the_name_is_told_nothing(monkeypatch, listener, unguarded):
    answers(monkeypatch, "127.0.0.1")
    listener.answer = b"no handshake"

    with pytest.raises(NotReached, match=r"certificate|reached"):
        call(Outside(HOST, listener.port, "/"), b"who it is", {})
    assert listener.hits == 1
    assert b"who it is" not in listener.got


def test_the_connection_asks_for_the_certificate_of_the_name():
    held = outside_calls._HeldTo(Outside(HOST, 443, "/"), "8.8.8.8", patience=1)
    context = held._context

    assert isinstance(held, http.client.HTTPSConnection)
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
