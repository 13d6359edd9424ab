"""No form of the public answers with an error of ours, whatever is sent, and keeps what was typed.

The bodies are made of bytes, not of text: no browser is needed to send them. Each form is open
when they come, so that its fields are read; requests of every other shape, to every address, are
in `complaints_site/tests/test_hostile_requests.py`.
"""

import re
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

import pytest
from django.core.cache import cache
from django.db import DataError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.forms.journey import BY_CODE
from feedback.models import Draft
from feedback.operations.drafts import KEPT_CHARACTERS, KEPT_VALUES, plain_text
from feedback.selectors.drafts import token_hash
from feedback.tests.live_forms import OTHERS, Live, Make, begun

pytestmark = [pytest.mark.promise("P20"), pytest.mark.django_db]

TYPED = "application/x-www-form-urlencoded"
WHOLE = "multipart/form-data; boundary=x"
# How a form that is open answers, and how a request that cannot be read is refused.
IS_READ, IS_REFUSED = (200, 302, 422), 400
# What names a fault of ours to whoever sent something.
TELLS = re.compile(rb"Traceback|\b\w+\.py\b|\b[A-Z]\w{3,}(?:Error|Exception|DoesNotExist)\b")
HOSTILE = st.one_of(
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=40),
    st.sampled_from(
        [
            *(b"", b"\x00", b"\xed\xa0\x80", b"\xff\xfe", "\u202e٣\u0600".encode(), b"9" * 5_000),
            *(b"-1", b"1e999", b"NaN", b"[]", b"{}", b"true", b"' OR 1=1 --", b"{% x %}{{ 1 }}"),
            b"language",
            *(b"x" * 70_000, b"\r\n\r\nA: b", b"31 February 2026", b"0000-00-00", b"../../etc"),
        ]
    ),
)


def fields(names: "tuple[str, ...]") -> "st.SearchStrategy[list[tuple[str, bytes]]]":
    """Fields that are right, doubled, missing or of other forms, with hostile words in them."""
    name = st.sampled_from([*names, "back", "do", "drawn", "remove", "stop", "csrfmiddlewaretoken"])
    return st.lists(st.tuples(name, HOSTILE), max_size=12)


def body_of(pairs: "list[tuple[str, bytes]]") -> bytes:
    """Return fields as a browser would send them, whatever is in them."""
    return "&".join(f"{name}={quote_from_bytes(value)}" for name, value in pairs).encode()


def as_files(pairs: "list[tuple[str, bytes]]") -> bytes:
    """Return fields as if each were a file with a bad name, but for the end of it all."""
    return b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"; filename="a\x00.png"\r\n\r\n%s\r\n'
        % (name.encode(), value)
        for name, value in pairs
    )


def read_as(value: bytes) -> str:
    """Return what bytes are read as."""
    return plain_text(unquote_to_bytes(quote_from_bytes(value)).decode("utf-8", "replace"))


def check_step(step: str, pairs: "list[tuple[str, bytes]]") -> None:
    """Send a page of the form, and see that it is answered and what was typed is kept."""
    visitor = begun(step)
    path = f"/let-us-know/{step}/"
    assert visitor.get(path).status_code == 200

    answer = visitor.client.post(path, body_of(pairs), content_type=TYPED)

    assert answer.status_code in IS_READ
    if answer.status_code == 302 and "let_us_know" in visitor.client.cookies:
        token = visitor.client.cookies["let_us_know"].value
        kept = Draft.objects.get(token_hash=token_hash(token)).answers.get(step, {})
        for name in BY_CODE[step].base_fields:
            sent = [read_as(value)[:KEPT_CHARACTERS] for key, value in pairs if key == name]
            assert kept.get(name, []) == sent[:KEPT_VALUES]
        assert visitor.get(path).status_code < 500
        assert visitor.get("/let-us-know/check/").status_code < 500


class Sender:
    """Somebody who sends hostile forms from a page that is open, and opens it anew when it is not.

    `wrong` has what was answered otherwise than by a page that is open, a line each.
    """

    def __init__(self, house: Any, make: Make) -> None:
        self.house, self.make = house, make
        self.live: Live | None = None
        self.wrong: list[str] = []

    def at_form(self) -> Live:
        """Return the form, open."""
        cache.clear()
        if self.live is None or not self.live.is_shown:
            self.live = self.make(self.house)
            self.live.client.raise_request_exception = False
            assert self.live.is_shown, f"{self.live.path} is not open"
        return self.live

    def send(self, pairs: "list[tuple[str, bytes]]") -> None:
        """Send a form as typed words, as files, and as files of which the end is missing."""
        live = self.at_form()
        pairs = [*pairs, *((name, value.encode()) for name, value in live.given.items())]
        self.look(live.client.post(live.path, body_of(pairs), content_type=TYPED), IS_READ)
        live, files = self.at_form(), as_files(pairs)
        answer = live.client.post(live.path, files + b"--x--\r\n", content_type=WHOLE)
        self.look(answer, IS_READ)
        answer = live.client.post(live.path, files, content_type=WHOLE)
        # What was sent before may have closed it.
        self.look(answer, (*IS_READ, IS_REFUSED, 403, 404))
        assert not self.wrong

    def look(self, answer: Any, right: "tuple[int, ...]") -> None:
        """Note what is wrong with an answer."""
        page = b"".join(answer)
        if answer.status_code not in right:
            self.wrong.append(f"{answer.request['PATH_INFO']}: {answer.status_code}")
        if told := TELLS.search(page):
            self.wrong.append(f"{answer.request['PATH_INFO']} says {told[0]!r}")


def times(few: int) -> "list[object]":
    """Return how often: a few times, and the long form."""
    return [few, pytest.param(2_000, marks=[pytest.mark.long, pytest.mark.timeout(4 * 3600)])]


def tried(number: int, names: "tuple[str, ...]", check: Any) -> None:
    """Check that many forms with hostile words under these names."""
    run = given(fields(names))(lambda pairs: check(pairs))
    settings(max_examples=number, suppress_health_check=list(HealthCheck), deadline=None)(run)()


@pytest.mark.parametrize("number", times(3))
@pytest.mark.parametrize("step", BY_CODE)
def test_no_page_of_the_form_fails_and_each_keeps_what_was_typed(house, now, step, number):
    tried(number, tuple(BY_CODE[step].base_fields), lambda pairs: check_step(step, pairs))


@pytest.mark.parametrize("number", times(4))
@pytest.mark.parametrize("name", OTHERS)
def test_no_other_form_of_the_public_fails_while_it_is_open(house, now, name, number):
    sender = Sender(house, OTHERS[name])

    tried(number, tuple(sorted(sender.at_form().names)), sender.send)


@pytest.mark.one_database
def test_a_field_that_is_no_text_at_all_is_noticed(house, now, monkeypatch):
    monkeypatch.setattr("feedback.views.steps.plain_text", str)

    with pytest.raises((AssertionError, DataError)):
        check_step("kind", [("kind", b"a\x00b")])


@pytest.mark.one_database
def test_a_form_that_is_closed_is_not_taken_for_one_that_was_tried(house, now):
    def closed(house: Any) -> Live:
        live = OTHERS["question"](house)
        return Live(live.client, "/asked/not-a-token/", names=live.names)

    with pytest.raises(AssertionError, match="is not open"):
        Sender(house, closed).send([])


@pytest.mark.one_database
def test_a_page_that_fails_at_a_field_is_noticed(house, now, monkeypatch):
    sender = Sender(house, OTHERS["speaking"])
    sender.at_form()
    monkeypatch.setattr("feedback.views.tracked.number_in", int)

    with pytest.raises(AssertionError):
        sender.send([("stop", "٣x".encode())])
    assert any(": 500" in each for each in sender.wrong)
