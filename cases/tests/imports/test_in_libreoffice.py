"""What is exported stays text in LibreOffice too, which works out every formula that it finds."""

import csv
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.management import call_command

from cases.models import Complaint
from cases.rules.spreadsheets import as_written, inert
from cases.tests.factories import CustomerFactory
from cases.tests.papers.test_inert import FORMULAS

pytestmark = [pytest.mark.promise("P17"), pytest.mark.one_database, pytest.mark.long]
# Commas, quotes, UTF-8, from the first line; what begins as a formula is worked out.
READ_AS = "CSV:44,34,76,1,,0,false,true,false,false,false,-1,true"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


@pytest.fixture
def opened(tmp_path):
    """Return what opens files of a folder in LibreOffice: the cells of each, by its name.

    Of each cell it tells the formula, if there is one, and what is shown.
    """
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed on this machine.")

    def open_files(*files: Path) -> dict[str, list[tuple[str, str]]]:
        folder = tmp_path / "opened"
        profile = (tmp_path / "profile").as_uri()
        subprocess.run(
            [
                *(program, f"-env:UserInstallation={profile}", "--headless", "--norestore"),
                *(f"--infilter={READ_AS}", "--convert-to", "fods", "--outdir", str(folder)),
                *map(str, files),
            ],
            check=True,
            capture_output=True,
            timeout=240,
        )
        return {each.name: cells_of(folder / f"{each.stem}.fods") for each in files}

    return open_files


def cells_of(file: Path) -> list[tuple[str, str]]:
    """Return the cells of a sheet that have something in them: formula and words."""
    found = []
    # LibreOffice wrote it, here.
    for cell in ElementTree.parse(file).iter(f"{TABLE}table-cell"):  # noqa: S314
        words = "\n".join("".join(line.itertext()) for line in cell.iter(f"{TEXT}p"))
        formula = cell.get(f"{TABLE}formula", "")
        if words or formula:
            found.append((formula, words))
    return found


def plainly(text: str) -> str:
    """Return a text without what a spreadsheet keeps in another way: breaks and what is unseen."""
    return "".join(sign for sign in text if sign.isprintable() and not sign.isspace())


@pytest.mark.django_db
def test_no_formula_of_an_export_is_worked_out_and_every_word_comes_back(house, opened, tmp_path):
    for text in FORMULAS:
        plain = text.replace("\x00", " ")
        house.lodge(summary=plain, customer=CustomerFactory(name=plain))
    exported, careless = tmp_path / "exported.csv", tmp_path / "careless.csv"
    call_command("export_complaints", "--format", "csv", "--output", str(exported))
    with careless.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([text.replace("\x00", " ")] for text in FORMULAS)

    cells = opened(exported, careless)

    assert [formula for formula, _ in cells[exported.name] if formula] == []
    shown = {plainly(as_written(words)) for _, words in cells[exported.name]}
    summaries = Complaint.objects.values_list("summary", flat=True)
    assert [each for each in summaries if plainly(each) not in shown] == []
    # Without the mark LibreOffice works them out.
    assert sum(bool(formula) for formula, _ in cells[careless.name]) > 3


def test_a_cell_that_was_marked_is_shown_with_its_mark(opened, tmp_path):
    marked = tmp_path / "marked.csv"
    with marked.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([inert(text.replace("\x00", " "))] for text in FORMULAS)

    cells = opened(marked)[marked.name]

    assert [formula for formula, _ in cells if formula] == []
    assert all(words.startswith("'") for _, words in cells)
