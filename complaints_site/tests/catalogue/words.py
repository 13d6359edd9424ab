"""Every word of ours that the public may read, with the file it stands in."""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_python
from django.conf import settings
from django.utils.translation.template import templatize

from cases.rules.bank_holidays import Nation, bank_holidays
from cases.rules.customers import CustomerCategory, LetterFormat
from cases.rules.events import EventKind
from cases.rules.grounds import GROUNDS
from cases.rules.languages import LANGUAGES
from cases.rules.letters import LetterKind
from cases.rules.next_steps import stage_name
from cases.rules.procedure_files import read_shipped, shipped_codes, terms_from
from cases.rules.procedure_words import lower_first
from cases.rules.terms import Anchor, AnchorKind, Stage
from cases.selectors.procedure_told import DOING, HAPPENED
from feedback.rules.kinds import Kind

ROOT: Path = settings.BASE_DIR
KEYWORDS = ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "marked")
CODE = ("cases", "feedback", "complaints_site")
# The templates that public pages are made of, less those of the staff's pages.
TEMPLATES = (
    *("*.html", "feedback/**/*.html", "reporting/public/*.html"),
    *("house/**/*.html", "components/*.html"),
)
NOT_PUBLIC = ("feedback/staff/", "staff.html", "409.html")
# What Django's own parts say on our pages, which its catalogues do not have in every language.
DJANGO = (
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    *("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
    *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    *("AM", "PM", "a.m.", "p.m."),
    *("%s KB", "%s MB", ("%(size)d byte", "%(size)d bytes")),
    "The submitted file is empty.",
    "No file was submitted. Check the encoding type on the form.",
    "Null characters are not allowed.",
)
Word = str | tuple[str, str]


@cache
def every_word() -> dict[Word, str]:
    """Return what has to stand in a catalogue, by where it is first found."""
    found: dict[Word, str] = {}
    for place, word in (*_of_templates(), *_of_code(), *_of_data()):
        if word and word not in found:
            found[word] = place
    plurals = {each[0] for each in found if isinstance(each, tuple)}
    return {word: place for word, place in found.items() if word not in plurals}


def _of_templates() -> Iterator[tuple[str, Word]]:
    folder = ROOT / "templates"
    for pattern in TEMPLATES:
        for path in sorted(folder.glob(pattern)):
            if not path.relative_to(folder).as_posix().startswith(NOT_PUBLIC):
                code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
                yield from _marked_in(code.encode(), path)


def _of_code() -> Iterator[tuple[str, Word]]:
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not {"tests", "migrations"} & set(path.parts):
                yield from _marked_in(path.read_bytes(), path)


def _marked_in(code: bytes, path: Path) -> Iterator[tuple[str, Word]]:
    place = path.relative_to(ROOT).as_posix()
    for _line, function, words, _comments in extract_python(
        BytesIO(code), KEYWORDS, (), {"encoding": "utf-8"}
    ):
        if function == "ngettext":
            yield place, (words[0], words[1])
        elif isinstance(words, str):
            yield place, words


def _of_data() -> Iterator[tuple[str, Word]]:
    """Yield what no mark finds: made of codes, of Django, or of the five procedures' files."""
    for kinds in (CustomerCategory, LetterFormat, LetterKind, Kind):
        yield from ((kinds.__name__, each.words) for each in kinds)
    yield from (("Language", each.name) for each in LANGUAGES.values())
    yield from (("Ground", each.told.rstrip(".")) for each in GROUNDS.values())
    yield from (("Django", each) for each in DJANGO)
    for nation in Nation:
        yield from (("holidays", each) for each in bank_holidays(nation, last_year=2027).values())
    for code in shipped_codes():
        yield from ((f"cases/procedures/{code}.toml", each) for each in _of_procedure(code))


def _of_procedure(code: str) -> Iterator[str]:
    terms = terms_from(read_shipped(code))
    yield terms.definition
    yield from (*terms.kinds_of_complaint, *terms.care_standards, *terms.care_targets)
    yield from (each.name for each in terms.outside_bodies)
    for stage in terms.stages:
        yield from (stage.name, stage_name(terms, stage.code), stage.decided_by_words)
        if stage.panel:
            yield stage.panel.make_up
        for each in stage.timescales:
            if not any(kind in each.met_by for kind in DOING):
                yield lower_first(each.words)
            for anchor in each.anchors:
                yield from _of_anchor(anchor, stage)


def _of_anchor(anchor: Anchor, stage: Stage) -> Iterator[str]:
    if anchor.kind is AnchorKind.DUE and (other := stage.timescale(anchor.code)):
        yield lower_first(other.words)
    if anchor.kind is AnchorKind.EVENT and EventKind(anchor.code) not in HAPPENED:
        yield lower_first(EventKind(anchor.code).words)
