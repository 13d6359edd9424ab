"""The points of a complaint in its evidence: what was found of each, and on what that rests."""

from collections.abc import Iterator, Mapping

from cases.operations.bundles import Part
from cases.rules.blocks import Block, Heading, Paragraph, Table, blocks_of
from cases.selectors.case_page import CasePage
from cases.selectors.case_points import EvidenceLine, PointLine

# What names the chronology among the documents of the evidence.
CHRONOLOGY = "chronology"
NOT_SET_OUT = "The points of this complaint have not been set out."
ERASED = "Its words were erased."


def points_part(page: CasePage, numbers: Mapping[str, int]) -> Part:
    """Return the points with finding, reason, what it rests on and remedy (Code 5.6, 5.7).

    `numbers` are those of the documents of the evidence: of files as "file:" with their key, of
    notes as "entry:" with the number of their entry, and of the chronology.
    """
    points = page.points
    if not points.lines:
        return Part("Points of the complaint", "", [Paragraph((NOT_SET_OUT,))])
    rows = tuple(
        (
            str(line.words.place),
            line.words.text or ERASED,
            _found(page, line),
            "\n".join(rests_on(each, numbers) for each in line.evidence) or "Nothing is named.",
            "\n".join(line.words.remedy_words),
        )
        for line in points.lines
    )
    columns = ("No.", "Point", "Finding and reason", "Rests on", "Remedy")
    told = (
        ("What the customer seeks", points.sought),
        ("What we are responsible for", points.responsible),
        ("What we are not responsible for", points.not_responsible),
    )
    besides = [block for heading, words in told for block in _under(heading, words)]
    return Part("Points of the complaint", "", [Table(columns, rows, (1, 4, 5, 4, 3)), *besides])


def _found(page: CasePage, line: PointLine) -> str:
    """Return what was found about a point last, in which stage and when, and why."""
    event = next((e for e in page.history.events if e.number == line.words.point.found_by), None)
    if event is None:
        return f"{line.finding_words}."
    stage = page.history.terms.by_code.get(event.stage)
    where = f"{stage.name}, " if stage else ""
    found = f"{line.finding_words} ({where}{event.on:%-d %B %Y})."
    turn_to = f"\nWho answers for it: {line.words.turn_to}" if line.words.turn_to else ""
    return f"{found}\n{line.words.reason or ERASED}{turn_to}"


def rests_on(evidence: EvidenceLine, numbers: Mapping[str, int]) -> str:
    """Return a file or an entry with the number of its document in the evidence."""
    code = f"file:{evidence.key}" if evidence.key else f"entry:{evidence.entry}"
    number = numbers.get(code, numbers[CHRONOLOGY])
    return f"Document {number}: {evidence.words}"


def _under(heading: str, words: str) -> Iterator[Block]:
    if words.strip():
        yield Heading(heading)
        yield from blocks_of(words)
