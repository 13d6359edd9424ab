"""What somebody wrote, as the blocks that papers are set from."""

from hypothesis import given
from hypothesis import strategies as st

from cases.rules.blocks import Heading, Paragraph, Points, Table, blocks_of, plain_lines
from cases.rules.braille_pages import CELLS, LINES, braille_file


def test_lines_that_begin_with_a_dash_are_a_list_and_nothing_else_means_anything():
    text = "# Dear *all*\r\n\r\nTo put this right:\r\n- We apologise.\r\n- £75\r\n\r\n\r\nYours"

    assert blocks_of(text) == [
        Paragraph(("# Dear *all*",)),
        Paragraph(("To put this right:",)),
        Points(("We apologise.", "£75")),
        Paragraph(("Yours",)),
    ]


def test_a_table_is_told_in_lines_where_it_cannot_be_seen():
    table = Table(("Day", "What"), (("8 June", "Received"), ("9 June", "")))

    assert plain_lines([Heading("Dates"), table]) == [
        "Dates",
        "",
        "Day: 8 June; What: Received",
        "Day: 9 June",
    ]


@given(st.lists(st.text("ABC#,' ", max_size=120), max_size=60))
def test_a_page_of_braille_has_25_lines_of_40_cells_at_most_and_loses_nothing(lines):
    pages = [page.split("\r\n")[:-1] for page in braille_file(lines).split("\f")]

    pages = [rows for rows in pages if rows]
    assert all(len(rows) == LINES and max(map(len, rows)) <= CELLS for rows in pages)
    told = "".join("".join(rows[:-1]) for rows in pages)
    assert told.replace(" ", "") == "".join(lines).replace(" ", "")


def test_a_page_of_braille_has_its_number_at_the_foot():
    pages = braille_file(["WORD"] * 30).split("\f")

    feet = [page.split("\r\n")[LINES - 1] for page in pages]
    assert [foot.strip() for foot in feet] == ["#A", "#B"]
    assert {len(foot) for foot in feet} == {CELLS}
