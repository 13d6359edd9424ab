"""A paper that would take too much is given up, and what asked for it goes on."""

import contextlib
import io
import os
import resource
import signal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from cases.errors import NotMade
from cases.operations import typesetting
from cases.operations.bundles import NOT_SET, SEPARATE, Part, bind
from cases.operations.files import store_upload
from cases.operations.typesetter import MOST_BYTES, MOST_SECONDS
from cases.operations.typesetting import set_paper, typesetter
from cases.rules.blocks import Paragraph
from cases.rules.papers import plain_paper
from cases.tests.factories import MONDAY_MORNING as NOW

pytestmark = [pytest.mark.promise("P17"), pytest.mark.one_database]
# As much as a file may hold of which the words are set: a sign on each of its lines.
MANY = "a\n" * 149_000


def told(content: bytes) -> str:
    """Return what a PDF says."""
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def hello() -> str:
    """Have a small paper set, and return what it says."""
    paper = plain_paper("Title", [Paragraph(("Hello",))], author="H", footer="R")
    return told(set_paper(paper, at=NOW))


@pytest.mark.django_db
def test_what_would_fill_the_memory_lies_beside_the_bundle_and_the_rest_is_bound():
    file = store_upload(SimpleUploadedFile("many.txt", MANY.encode()), by=None, now=NOW)
    parts = [
        Part("many.txt", file=file),
        Part("Its words", blocks=[Paragraph((line,)) for line in MANY.splitlines()]),
        Part("A note", blocks=[Paragraph(("We rang.",))]),
    ]

    bound = bind("Evidence", parts, author="H", reference="C-1", at=NOW, change=str)

    said = " ".join(told(bound.content).split())
    assert bound.separate == [file]
    assert [SEPARATE in said, NOT_SET in said, "We rang." in said] == [True, True, True]
    with pytest.raises(NotMade, match="more time or memory than one may take"):
        set_paper(plain_paper("T", parts[1].blocks, author="H", footer=""), at=NOW)
    assert "Hello" in hello()


def test_what_sets_papers_may_take_so_much_of_the_processor_and_of_memory():
    typesetter.end()
    hello()
    at_work = typesetter.process
    assert at_work is not None

    seconds, _ = resource.prlimit(at_work.pid, resource.RLIMIT_CPU)
    held, _ = resource.prlimit(at_work.pid, resource.RLIMIT_DATA)

    assert 0 < seconds <= 30 + MOST_SECONDS
    assert held == MOST_BYTES == 512 * 1024**2


def test_what_never_answers_is_ended_and_another_takes_its_place(monkeypatch):
    hello()
    stuck = typesetter.process
    assert stuck is not None
    os.kill(stuck.pid, signal.SIGSTOP)
    monkeypatch.setattr(typesetting, "PATIENCE_SECONDS", 0.2)

    # Its place is taken at once; whether the next one is as quick as this is not asked here.
    with contextlib.suppress(NotMade):
        hello()

    monkeypatch.undo()
    assert stuck.poll() == -signal.SIGKILL
    assert "Hello" in hello()


def test_what_sets_papers_knows_none_of_our_settings(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "to-be-kept")
    typesetter.end()
    hello()
    at_work = typesetter.process
    assert at_work is not None

    with open(f"/proc/{at_work.pid}/environ", "rb") as given:
        names = {each.partition(b"=")[0] for each in given.read().split(b"\0") if each}

    assert names == {b"PYTHONPATH"}
