"""Requests that no browser sends, made from a grammar: to whatever address, of whatever form.

Everything follows from a seed, so that what was found is found again.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_from_bytes

METHODS = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND")
LONG = 70_000
# What no field expects: of the wrong type, too large, of no alphabet, or a piece of some language.
VALUES: tuple[bytes, ...] = (
    *(b"", b" ", b"\x00", b"a\x00b", b"%00", b"\xed\xa0\x80", b"\xff\xfe\x00", b"\xc3\x28"),
    *(b"-1", b"0", b"1", b"1e999", b"NaN", b"Infinity", b"2147483648", b"9223372036854775808"),
    *(b"9" * 400, b"9" * 5_000, b"0x10", b"1_000", "٣".encode(), "²".encode(), "\uff11".encode()),
    *(b"[]", b"{}", b'{"a": [1]}', b"true", b"null", b"' OR 1=1 --", b"{% x %}{{ 1 }}", b"${7*7}"),
    *(b"\r\n\r\nA: b", b"31 February 2026", b"0000-00-00", b"9999-12-31", b"../../etc/passwd"),
    *("\u202eabc".encode(), "\u0600\u200f".encode(), "e\u0301".encode() * 300, "🏠".encode()),
    *("\u2028\u2029".encode(), b"\x1b[2J", b"<script>alert(9)</script>", b"%s%n%x", b"a@b@c"),
    *(b"http://[::1", b"//evil.example/", b"javascript:alert(9)", b"KX7M-2QPD-6", b"AAAA-AAAA-A"),
    *(b"yes", b"no", b"on", b"complaint", b"email", b"post", b"check", b"other", b"5"),
)
NAMES = ("back", "do", "drawn", "remove", "stop", "page", "size", "asked", "enclosed", "next")
ODD_NAMES = (b"", b"\x00", b"words[]", b"__class__", b"id", b"pk", b"a" * 300, b"\xff")
TYPES = (
    *("application/json", "text/plain", "", "multipart/form-data", "application/xml", "x" * 2_000),
    *("multipart/form-data; boundary=", "multipart/form-data; boundary=" + "b" * 300),
    *("multipart/form-data; boundary=\xe9", "multipart/mixed; boundary=x"),
    *("application/x-www-form-urlencoded; charset=no-such", "text/html; charset=utf-16"),
)
TYPED = "application/x-www-form-urlencoded"
WHOLE = "multipart/form-data; boundary=x"
FILES: tuple[bytes, ...] = (
    *(b"", b"x", b"\x89PNG\r\n\x1a\n" + bytes(300), b"%PDF-1.7\n" + b"x" * 99, b"MZ" + bytes(99)),
    *(b"PK\x03\x04" + bytes(60), b"GIF89a" + bytes(9), b"\xff\xd8\xff\xe0" + bytes(30)),
    *(b"<svg onload=alert(9)>", b"--x--", b"a" * LONG),
)
FILE_NAMES = (
    *(b"a.png", b"a\x00.png", b"../../a.pdf", b"", b".", b"con.pdf", b"x" * 400 + b".pdf"),
    *(b"a.exe", "\u202egnp.exe".encode(), b"\xff.pdf", b'a".pdf', b"a;b.txt", b"a\\b.pdf"),
)
HEADERS = (
    *("ACCEPT_LANGUAGE", "REFERER", "ORIGIN", "USER_AGENT", "X_FORWARDED_FOR", "ACCEPT_ENCODING"),
    *("IF_MODIFIED_SINCE", "IF_NONE_MATCH", "RANGE", "X_REQUESTED_WITH", "ACCEPT"),
)


@dataclass(frozen=True, slots=True)
class Target:
    """A public address that is open: how it is asked, in whose browser, and what it takes.

    `args` are the parts of the path that are not ours. One that costs much work is asked seldom.
    What is asked by a program is asked with its `key`, most of the time, and sent JSON.
    """

    name: str
    method: str
    path: str
    args: Sequence[str] = ()
    cookies: Mapping[str, str] = field(default_factory=dict)
    names: Sequence[str] = ()
    is_costly: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Wild:
    """One request, as it goes to the site."""

    target: Target
    method: str
    path: str
    body: bytes
    content_type: str
    headers: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.path[:200]} ({self.content_type[:60]}) {self.body[:300]!r}"


class Grammar:
    """Makes requests to some addresses."""

    def __init__(self, targets: Sequence[Target], *, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311  a repeatable choice
        self.targets = targets
        self.shares = [1 if each.is_costly else 20 for each in targets]

    def requests(self, number: int) -> Iterator[Wild]:
        """Yield that many requests; each address is asked once before they are drawn."""
        for place in range(number):
            in_turn = place < len(self.targets)
            drawn = self.rng.choices(self.targets, self.shares)[0]
            yield self.request(self.targets[place] if in_turn else drawn)

    def request(self, target: Target) -> Wild:
        """Return a request to an address."""
        method = target.method
        if self.sometimes(0.04):
            method = self.rng.choice(METHODS)
        has_body = method not in ("GET", "HEAD")
        content_type, body = self.body(target.names) if has_body else ("", b"")
        if target.key and has_body and self.sometimes(0.9):
            content_type, body = "application/json", self.json(target.names)
        return Wild(target, method, self.path(target), body, content_type, self.headers(target))

    def sometimes(self, share: float) -> bool:
        """Say yes in that share of all cases."""
        return self.rng.random() < share

    def value(self) -> bytes:
        """Return what is typed into a field."""
        drawn = self.rng.random()
        if drawn < 0.02:
            return bytes([self.rng.randrange(256)]) * LONG
        if drawn < 0.2:
            return self.rng.randbytes(self.rng.randrange(40))
        return self.rng.choice(VALUES)

    def short(self) -> bytes:
        """Return what may stand in an address or a header."""
        return self.value()[:3_000]

    def path(self, target: Target) -> str:
        """Return the address, at times with other parts than ours, and with a question at times."""
        path = target.path
        for arg in target.args:
            if self.sometimes(0.3):
                path = path.replace(f"/{arg}", f"/{quote_from_bytes(self.short(), safe='')}")
        if self.sometimes(0.4):
            pairs = [self.typed(self.name(NAMES), self.short()) for _ in range(self.few())]
            path += "?" + "&".join(pairs)
        elif self.sometimes(0.02):
            path += "?" + quote_from_bytes(self.short(), safe="&=")
        return path

    def few(self) -> int:
        """Return how many of something: mostly a few, at times very many."""
        return self.rng.randrange(1, 6) if self.sometimes(0.98) else 60

    def name(self, names: Sequence[str]) -> bytes:
        """Return the name of a field: one of these, or at times none that there is."""
        if self.sometimes(0.05):
            return self.rng.choice(ODD_NAMES)
        return self.rng.choice([*names, *NAMES]).encode()

    def typed(self, name: bytes, value: bytes) -> str:
        """Return one field as a browser sends it, at times as none does."""
        if self.sometimes(0.02):
            return quote_from_bytes(name + value, safe="%&=;")
        return f"{quote_from_bytes(name)}={quote_from_bytes(value)}"

    def fields(self, names: Sequence[str]) -> list[tuple[bytes, bytes]]:
        """Return fields: in their order, out of it, doubled, or missing."""
        if not names or self.sometimes(0.3):
            return [(self.name(names), self.value()) for _ in range(self.few())]
        chosen = [each for each in names if not self.sometimes(0.2)]
        return [(each.encode(), self.value()) for each in chosen]

    def body(self, names: Sequence[str]) -> tuple[str, bytes]:
        """Return the type of a body and the body, which at times do not fit together."""
        pairs = self.fields(names)
        if self.sometimes(0.6):
            body = "&".join(self.typed(*each) for each in pairs).encode()
            if self.sometimes(0.01):
                body += b"&a=1" * 2_000
            return self.rng.choice(TYPES) if self.sometimes(0.08) else TYPED, body
        parts = b"".join(self.part(*each) for each in pairs)
        parts += b"".join(self.file(names) for _ in range(self.rng.randrange(3)))
        end = b"--x--\r\n" if self.sometimes(0.8) else b""
        return self.rng.choice(TYPES) if self.sometimes(0.1) else WHOLE, parts + end

    def json(self, names: Sequence[str]) -> bytes:
        """Return a body of JSON, or of what looks like it."""
        deep = {"a": [None, {"b": 1e300}, [[[]]], -1, ""]}
        sent = {
            name.decode("latin-1"): self.rng.choice(
                (value.decode("latin-1"), deep, None, 9**40, [])
            )
            for name, value in self.fields(names)
        }
        body = json.dumps(sent).encode()
        return body[: self.rng.randrange(len(body) + 1)] if self.sometimes(0.1) else body

    def part(self, name: bytes, value: bytes) -> bytes:
        """Return a field as a part of its own, well formed or not."""
        shapes = (
            b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n',
            b'--x\r\nContent-Disposition: form-data; name="%s"\r\n'
            b"Content-Transfer-Encoding: base64\r\n\r\n%s\r\n",
            b"--x\r\nContent-Disposition: form-data; name=%s\r\n%s\r\n",
            b'--x\nContent-Disposition: attachment; name="%s"\n\n%s\n',
            b"--x\r\n%s: %s\r\n\r\n\r\n",
        )
        return self.rng.choices(shapes, (12, 1, 1, 1, 1))[0] % (name, value)

    def file(self, names: Sequence[str]) -> bytes:
        """Return a file as a part."""
        name = b"uploads" if self.sometimes(0.8) else self.name(names)
        kind = self.rng.choice((b"image/png", b"application/pdf", b"text/html", b"\xff", b"x"))
        return (
            b'--x\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n'
            b"Content-Type: %s\r\n\r\n%s\r\n"
            % (name, self.rng.choice(FILE_NAMES), kind, self.rng.choice(FILES))
        )

    def headers(self, target: Target) -> dict[str, str]:
        """Return the headers: the browser's cookies, at times others, and at times odd ones."""
        cookies = dict(target.cookies)
        if self.sometimes(0.08):
            names = [*cookies, "sessionid", "messages", "let_us_know", "my_complaint"]
            cookies[self.rng.choice(names)] = quote(self.short()[:900], safe=" ;,=")
        found = {
            # From many places of this machine, so that nobody waits for others.
            "REMOTE_ADDR": ".".join(["127", *(str(self.rng.randrange(1, 250)) for _ in "abc")]),
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        }
        if target.key and self.sometimes(0.9):
            found["HTTP_AUTHORIZATION"] = f"Bearer {target.key}"
            found["HTTP_IDEMPOTENCY_KEY"] = f"request-{self.rng.randrange(10**9)}"
        if self.sometimes(0.05):
            odd = self.short()[:900].decode("latin-1")
            found[f"HTTP_{self.rng.choice(HEADERS)}"] = odd.translate({10: " ", 13: " "})
        if self.sometimes(0.01):
            # Servers hang up on what is no number, and on what promises more than there comes.
            found["CONTENT_LENGTH"] = self.rng.choice(("", "0"))
        return found


def options(wild: Wild) -> dict[str, Any]:
    """Return a request as the client of the tests sends it."""
    return {
        "method": wild.method,
        "path": wild.path,
        "data": wild.body,
        "content_type": wild.content_type,
        **wild.headers,
    }
