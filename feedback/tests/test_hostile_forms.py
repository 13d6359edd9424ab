"""No form of the public answers with an error of ours, whatever is sent, and keeps what was typed.

The bodies are made of bytes, not of text: no browser is needed to send them.
"""

from urllib.parse import quote_from_bytes, unquote_to_bytes

import pytest
from django.core.cache import cache
from django.db import DataError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.forms.journey import BY_CODE
from feedback.models import Draft
from feedback.operations.drafts import KEPT_CHARACTERS, KEPT_VALUES, plain_text
from feedback.selectors.drafts import token_hash
from feedback.tests.factories import COMPLAINT, Visitor, changed
from feedback.tests.tracking import Follower, acknowledged

pytestmark = [pytest.mark.promise("P20"), pytest.mark.django_db]

TYPED = "application/x-www-form-urlencoded"
# Every form of the public but the pages of Let Us Know, with what it asks for.
OTHERS = {
    "/let-us-know/check/": ("key", "confirmed", "fax_number"),
    "/let-us-know/begin/": ("kind", "words"),
    "/let-us-know/save/": ("code",),
    "/let-us-know/come-back/": ("code",),
    "/let-us-know/forget/": ("code",),
    "/track/": ("reference", "how"),
    "/track/code/": ("reference", "code"),
    "/track/link/not-a-token/": ("page",),
    "/track/complaint/add/": ("page", "words", "uploads"),
    "/asked/not-a-token/": ("words", "uploads"),
    "/consent/not-a-token/": ("answer",),
}
HOSTILE = st.one_of(
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=40),
    st.sampled_from(
        [
            *(b"", b"\x00", b"\xed\xa0\x80", b"\xff\xfe", "\u202e٣\u0600".encode(), b"9" * 5_000),
            *(b"-1", b"1e999", b"NaN", b"[]", b"{}", b"true", b"' OR 1=1 --", b"{% x %}{{ 1 }}"),
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


def read_as(value: bytes) -> str:
    """Return what bytes are read as."""
    return plain_text(unquote_to_bytes(quote_from_bytes(value)).decode("utf-8", "replace"))


def form_until(step: str) -> "dict[str, dict[str, object]]":
    """Return the pages before a step, answered, for somebody else where the step asks that."""
    form = changed(COMPLAINT)
    if step in ("person", "speaking-for-them"):
        form = changed(
            COMPLAINT,
            for_whom={"for_whom": "other"},
            person={"person_name": "Ann Shaw", "person_category": "tenant"},
        )
    codes = list(form)
    return {code: form[code] for code in codes[: codes.index(step) if step in codes else 3]}


def begun(step: str) -> Visitor:
    """Return somebody whose browser is at a page of the form."""
    cache.clear()
    visitor = Visitor()
    for code, answers in form_until(step).items():
        visitor.post(f"/let-us-know/{code}/", answers)
    return visitor


def check_step(step: str, pairs: "list[tuple[str, bytes]]") -> None:
    """Send a page of the form, and see that it is answered and what was typed is kept."""
    visitor = begun(step)
    path = f"/let-us-know/{step}/"

    answer = visitor.client.post(path, body_of(pairs), content_type=TYPED)

    assert answer.status_code < 500
    if answer.status_code == 302 and "let_us_know" in visitor.client.cookies:
        token = visitor.client.cookies["let_us_know"].value
        kept = Draft.objects.get(token_hash=token_hash(token)).answers.get(step, {})
        for name in BY_CODE[step].base_fields:
            sent = [read_as(value)[:KEPT_CHARACTERS] for key, value in pairs if key == name]
            assert kept.get(name, []) == sent[:KEPT_VALUES]
        assert visitor.get(path).status_code < 500
        assert visitor.get("/let-us-know/check/").status_code < 500


def check_other(path: str, pairs: "list[tuple[str, bytes]]") -> None:
    """Send another form, as typed words and as files."""
    cache.clear()
    client = Client()
    typed = client.post(path, body_of(pairs), content_type=TYPED)
    whole = "multipart/form-data; boundary=x"
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"; filename="a\x00.png"\r\n\r\n%s\r\n'
        % (name.encode(), value)
        for name, value in pairs
    )
    as_files = [client.post(path, parts + end, content_type=whole) for end in (b"--x--\r\n", b"")]

    assert all(each.status_code < 500 for each in (typed, *as_files))


def times(few: int) -> "list[object]":
    """Return how often: a few times, and the long form."""
    return [few, pytest.param(2_000, marks=[pytest.mark.long, pytest.mark.timeout(4 * 3600)])]


@pytest.mark.parametrize("number", times(8))
@pytest.mark.parametrize("step", BY_CODE)
def test_no_page_of_the_form_fails_and_each_keeps_what_was_typed(house, now, step, number):
    run = given(fields(tuple(BY_CODE[step].base_fields)))(lambda pairs: check_step(step, pairs))

    settings(max_examples=number, suppress_health_check=list(HealthCheck), deadline=None)(run)()


@pytest.mark.parametrize("number", times(8))
@pytest.mark.parametrize("path", OTHERS)
def test_no_other_form_of_the_public_fails(house, now, path, number):
    run = given(fields(OTHERS[path]))(lambda pairs: check_other(path, pairs))

    settings(max_examples=number, suppress_health_check=list(HealthCheck), deadline=None)(run)()


@pytest.mark.parametrize("number", times(4))
@pytest.mark.parametrize("name", ["add", "wishes", "speaker", "not-mine", "withdraw"])
def test_no_form_of_whoever_follows_a_complaint_fails(house, now, name, number):
    path = "/track/complaint/reaching-you/" if name == "wishes" else f"/track/complaint/{name}/"
    names = ("page", "words", "uploads", "needs", "name", "relationship", "is_sure", "is_agreed")

    def check(pairs: "list[tuple[str, bytes]]") -> None:
        follower = Follower().opens(acknowledged(house))
        answer = follower.client.post(path, body_of(pairs), content_type=TYPED)
        assert answer.status_code in (302, 422)

    run = given(fields(names))(check)
    settings(max_examples=number, suppress_health_check=list(HealthCheck), deadline=None)(run)()


@pytest.mark.one_database
def test_a_field_that_is_no_text_at_all_is_noticed(house, now, monkeypatch):
    monkeypatch.setattr("feedback.views.steps.plain_text", str)

    with pytest.raises((AssertionError, DataError)):
        check_step("what-happened", [("words", b"a\x00b")])
