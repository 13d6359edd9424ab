"""More files, or larger ones, than a form takes: told in words, with what was typed still there."""

import io
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.models import StoredFile
from cases.rules.roles import Role
from cases.tests.record.hostile_files import PDF_BYTES
from complaints_site.tests.permissions.world import NOW, Thing, World, build_world
from feedback.tests.factories import COMPLAINT, Visitor

pytestmark = [pytest.mark.promise("P15"), pytest.mark.one_database]
MB = 1024**2
TYPED = "The lift stopped between two floors."
COORDINATOR = Role.COMPLAINTS_COORDINATOR.value
# Each form with words and files: its address, what it is about, who sends it, where the words go.
FORMS = [
    ("feedback:asked", "question by link", "visitor", "words"),
    ("feedback:tracked-add", "visit", "visitor", "words"),
    ("cases:log", "", COORDINATOR, "words"),
    ("cases:add-file", "complaint", COORDINATOR, ""),
]


@pytest.fixture
def world(db, settings, tmp_path) -> World:
    """Return the world of the permissions, which has something for each of the forms."""
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        cache.clear()
        yield build_world()
    cache.clear()


def many(number: int) -> list[SimpleUploadedFile]:
    """Return so many files, each with something in it."""
    return [SimpleUploadedFile(f"{each}.pdf", PDF_BYTES) for each in range(number)]


class Film(io.RawIOBase):
    """A form with words and a film of fifty megabytes, which nobody holds as a whole."""

    name = "film.pdf"
    boundary = "the-edge"
    long = 50 * MB

    def __init__(self, typed: dict[str, str]) -> None:
        edge = f"--{self.boundary}\r\nContent-Disposition: form-data; name="
        boxes = "".join(f'{edge}"{name}"\r\n\r\n{value}\r\n' for name, value in typed.items())
        film = f'{edge}"uploads"; filename="film.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
        self.head = (boxes + film).encode() + PDF_BYTES
        self.tail = f"\r\n--{self.boundary}--\r\n".encode()
        self.size = len(self.head) + self.long + len(self.tail)
        self.at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        """Give as much of it as is asked for."""
        size = min(len(into), self.size - self.at, 64 * 1024)
        film = bytes(size)
        piece = (self.head[self.at :] + film)[:size]
        if (over := self.at + size - (len(self.head) + self.long)) > 0:
            piece = (piece[:-over] if over < size else b"") + self.tail[:over][-size:]
        into[:size] = piece
        self.at += size
        return size


def sent(world: World, form: tuple[str, str, str, str], files: Any = None) -> Any:
    """Return the answer to a form that is sent with files, or with the film."""
    url, about, actor, box = form
    things = world.kinds_of(about, COORDINATOR) if about else {"": Thing()}
    thing = next(things[kind] for kind in ("own", "", "team") if kind in things)
    client = world.browser(actor, thing)
    typed = {**thing.data, **({box: TYPED} if box else {})}
    address = reverse(url, args=thing.args)
    return (
        client.post(address, {**typed, "uploads": files})
        if files
        else send_film(client, address, typed)
    )


def send_film(client: Client, address: str, typed: dict[str, str]) -> Any:
    """Return the answer to a form with the film."""
    film = Film(typed)
    return client.request(
        REQUEST_METHOD="POST",
        PATH_INFO=address,
        CONTENT_TYPE=f"multipart/form-data; boundary={film.boundary}",
        CONTENT_LENGTH=str(film.size),
        **{"wsgi.input": io.BufferedReader(film)},
    )


def test_a_thousand_files_in_one_form_are_too_many_and_nothing_typed_is_lost(world):
    before = StoredFile.objects.count()
    for form in FORMS:
        answer = sent(world, form, many(1_000))

        page = answer.content.decode()
        assert answer.status_code == 422, form
        assert "10 files" in page, form
        assert TYPED in page or not form[3], form
    # Logging keeps the first ten, to be sent with the form that is mended.
    assert StoredFile.objects.count() == before + 10


@contextmanager
def held_at_most() -> Iterator[list[int]]:
    """Give, at the end, how many bytes were held at most beyond those at the beginning."""
    most: list[int] = []
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        yield most
        _, peak = tracemalloc.get_traced_memory()
        most.append(peak - before)
    finally:
        tracemalloc.stop()


def test_a_film_that_is_held_as_a_whole_is_noticed():
    """The negative control of what fifty megabytes may take."""
    with held_at_most() as most:
        io.BufferedReader(Film({})).read()

    assert most[0] > Film.long


def test_fifty_megabytes_are_too_many_and_nothing_typed_is_lost(world):
    before = StoredFile.objects.count()
    for form in FORMS:
        with held_at_most() as most:
            answer = sent(world, form)

        page = answer.content.decode()
        assert answer.status_code == 422, form
        assert "25 MB together" in page, form
        assert TYPED in page or not form[3], form
        # Pieces of the film, and the program’s own modules where they are loaded by this.
        assert most[0] < Film.long * 3 / 4, form
    assert StoredFile.objects.count() == before


@pytest.mark.parametrize("files", [many(1_000), None], ids=["a thousand", "fifty megabytes"])
def test_the_public_form_says_so_too_and_can_still_be_sent(house, files):
    visitor = Visitor()
    visitor.fill({code: answers for code, answers in COMPLAINT.items() if code != "files"})
    address = reverse("feedback:files")

    if files:
        answer = visitor.post(address, {"uploads": files, "do": "add"})
    else:
        answer = send_film(visitor.client, address, {"do": "add"})

    page = visitor.answer_to(answer).content.decode()
    assert "There is a problem" in page
    assert "You can send 10 files" in page or "is larger than 10 MB" in page or "25 MB" in page
    assert not StoredFile.objects.exists()
    assert visitor.send().status_code == 302
