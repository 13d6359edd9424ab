"""A report as a paper, and its figures for a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone

from cases.rules.blocks import Block, Heading, Paragraph, Picture, Points, Table, blocks_of
from cases.rules.papers import plain_paper
from cases.rules.spreadsheets import inert
from feedback.rules.surveys import Satisfaction
from reporting.models import KeptReport
from reporting.rules.kept import FEW as FEWER
from reporting.rules.kept import (
    Figure,
    Figures,
    half_years,
    headline,
    told_count,
    told_share,
)
from reporting.selectors.kept import Counted
from reporting.templatetags.charts import Bar, bars_on_paper

# What a number is told as that would tell of few people.
NOT_SHOWN = "not shown"
FEW = "Numbers under 5 are not shown, nor others from which they could be worked out."
FEW_COMPLAINTS = (
    "Besides how many complaints came and went, numbers under 5 are not shown, nor others from "
    "which they could be worked out. A table with small numbers shows only what all stages come to."
)
# What is said of a month to whoever may not open its complaints.
UNTOLD = "The figures of a month are for those who may open its complaints."
WHOSE = (
    "Complaints that are open to named people only are counted for those people, and in no figures "
    "of anybody else."
)
# So that spreadsheets read the letters as they are.
MARK = "\ufeff"


def bars_of(figures: Figures) -> list[tuple[str, Figure, int]]:
    """Return what is drawn of a table: its lines, or of several columns their totals.

    Without what is not told.
    """
    if not figures.rows:
        return []
    if len(figures.columns) > 1:
        together = figures.rows[-1]
        pairs = zip(figures.columns, together.figures, strict=True)
        drawn = [(words, each) for words, each in pairs if words != "All"]
    else:
        drawn = [(row.label, row.figures[0]) for row in figures.rows if row.label != "All"]
    return [(words, each, each.count) for words, each in drawn if each.count is not None]


def figures_csv(report: KeptReport, counted: Counted) -> bytes:
    """Return the figures, a line each: table, line, column, figure."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["Table", "Line", "Column", "Figure"])
    for line in _lines(report, counted):
        writer.writerow([inert(cell) for cell in line])
    return (MARK + file.getvalue()).encode()


def _lines(report: KeptReport, counted: Counted) -> Iterator[tuple[object, ...]]:
    if counted.is_untold:
        yield ("Overview", UNTOLD, "", "")
        return
    for words, figure in headline(counted.numbers, hides=counted.hides):
        yield ("Overview", words, "Complaints", _told(figure.count))
    for figures in counted.sheets:
        yield from _lines_of_table(figures)
    yield from _lines_of_taken(counted)
    for survey in report.found.get("surveys", []):
        yield from _lines_of_survey(survey)
    since = half_years(report.found.get("diversity_since", []))
    for each in report.found.get("diversity", []):
        for words, number in each["answers"]:
            yield (f"Who answered, {since}", each["question"], words, _told(number))


def _lines_of_table(figures: Figures) -> Iterator[tuple[object, ...]]:
    for row in figures.rows:
        for words, figure in zip(figures.columns, row.figures, strict=True):
            yield (figures.title, row.label, words, _told(figure.count))
        if row.share is not None:
            yield (figures.title, row.label, "In time, %", row.share)


def _lines_of_taken(counted: Counted) -> Iterator[tuple[object, ...]]:
    for each in counted.taken:
        numbers = {
            "Answers": each.answers,
            "On average": each.average,
            "Half within": each.half_within,
            "At most": each.longest,
        }
        for words, number in numbers.items():
            yield ("Working days taken", each.stage, words, NOT_SHOWN if number is None else number)


def _lines_of_survey(survey: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    title = f"Survey: {survey['title']}"
    yield (title, "Asked", "People", survey["asked"])
    yield (title, "Answered", "People", survey["answered"])
    for question in survey["questions"]:
        for answer, number in zip(Satisfaction, question["counts"], strict=True):
            yield (title, question["question"], answer.words, _told(number))
        yield (title, question["question"], "Satisfied, %", _told(question["satisfied"]))


def _told(number: int | None, suffix: str = "") -> str:
    return NOT_SHOWN if number is None else f"{number}{suffix}"


def report_paper(report: KeptReport, counted: Counted, author: str) -> dict[str, Any]:
    """Return what the template of papers needs to set a report."""
    name = f"{report.area_name}: {report}" if report.area_name else str(report)
    footer = f"{author}: {name}" if author else name
    return plain_paper(name, list(_blocks(report, counted)), author=author, footer=footer)


def _blocks(report: KeptReport, counted: Counted) -> Iterator[Block]:
    made = timezone.localtime(report.made_at)
    yield Paragraph((f"As the record told it on {made:%-d %B %Y at %-H:%M}.", WHOSE))
    yield from blocks_of(report.commentary)
    if counted.is_untold:
        yield Paragraph((UNTOLD,))
    else:
        yield from _figures(counted)
    yield from _found(report.found)


def _figures(counted: Counted) -> Iterator[Block]:
    if counted.hides:
        yield Paragraph((FEW_COMPLAINTS,))
    yield Heading("Overview")
    numbers = headline(counted.numbers, hides=counted.hides)
    yield Table(
        ("What", "Complaints"),
        tuple((words, told_count(each.count, FEWER)) for words, each in numbers),
        (3, 1),
    )
    for figures in counted.sheets:
        yield from _table(figures)
    if counted.taken:
        yield Heading("Working days taken")
        yield Table(
            ("Stage", "Answers", "On average", "Half within", "At most"),
            tuple(
                (
                    each.stage,
                    told_count(each.answers),
                    each.average,
                    str(each.half_within),
                    str(each.longest),
                )
                for each in counted.taken
            ),
            (2, 1, 1, 1, 1),
        )


def _table(figures: Figures) -> Iterator[Block]:
    yield Heading(figures.title)
    if figures.finding:
        yield Paragraph((figures.finding,))
    if not figures.rows:
        return
    if figures.sheet.is_drawn and figures.finding:
        bars = [Bar(label, number) for label, _, number in bars_of(figures)]
        svg = bars_on_paper(bars, title=figures.title, finding=figures.finding)
        yield Picture(svg, f"{figures.title}: {figures.finding} The figures are in the table.")
    share = ("In time",) if figures.has_share else ()
    columns = (figures.sheet.head, *figures.columns, *share)
    yield Table(
        columns,
        tuple(
            (
                row.label,
                *(told_count(each.count) for each in row.figures),
                *([told_share(row.share)] if figures.has_share else []),
            )
            for row in figures.rows
        ),
        (3 if len(columns) == 2 else 2, *(1 for _ in columns[1:])),
    )


def _found(found: Mapping[str, Any]) -> Iterator[Block]:
    if "surveys" in found:
        yield Heading("What customers said in surveys")
        yield Paragraph((FEW,))
    for survey in found.get("surveys", []):
        yield from _survey(survey)
    if "diversity" in found:
        yield Heading("Who answered")
        since = half_years(found["diversity_since"])
        yield Paragraph((f"Given freely, {since}, each question counted apart. {FEW}",))
    for each in found.get("diversity", []):
        yield Heading(each["question"], 3)
        yield Points(tuple(f"{words}: {_told(number)}" for words, number in each["answers"]))
    yield from _lessons(found.get("lessons", []))


def _survey(survey: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(survey["title"], 3)
    if not survey["asked"]:
        yield Paragraph(("Nobody was asked.",))
        return
    yield Paragraph((f"{survey['asked']} were asked. {survey['answered']} answers are counted.",))
    if survey["answered"]:
        yield Table(
            ("Question", "Answers", "Satisfied"),
            tuple(
                (each["question"], _answers(each["counts"]), _told(each["satisfied"], "%"))
                for each in survey["questions"]
            ),
            (4, 4, 1),
        )


def _answers(counts: Sequence[int | None]) -> str:
    if all(each is None for each in counts):
        return NOT_SHOWN.capitalize()
    pairs = zip(Satisfaction, counts, strict=True)
    return "\n".join(f"{each.words}: {_told(number)}" for each, number in pairs)


def _lessons(lessons: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    if lessons:
        yield Heading("What was learnt")
    for each in lessons:
        before = ", told in no report before" if each.get("is_earlier") else ""
        yield Heading(f"{each['service']}, {each['month']}{before}", 3)
        yield from blocks_of(each["learnt"])
        for words, said in (("What has changed", each["made"]), ("What will", each["planned"])):
            if said:
                yield Paragraph((words,), is_strong=True)
                yield from blocks_of(said)
