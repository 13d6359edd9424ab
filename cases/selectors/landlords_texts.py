"""The landlord's own words for customers, place by place, and how far they are translated."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Max, Q
from django.utils.text import Truncator

from cases.errors import ActionNotAllowed
from cases.models import Category, Closure, OutsideBodyDetails, TranslatedText
from cases.rules.landlords_words import has_words, lines_of, mark_of, tidy
from cases.rules.not_complaints import not_complaints
from cases.rules.procedure_words import lower_first
from cases.rules.terms import Anchor, AnchorKind, ProcedureTerms, Stage, Timescale
from cases.selectors.procedure_told import DOING
from cases.selectors.running import in_force_on, landlord
from cases.selectors.speaking import is_in_catalogue


@dataclass(frozen=True, slots=True)
class LandlordsText:
    """A text that the landlord typed for customers: its place, what it is, and what it says.

    What stands nowhere any more, but is still translated, is `gone_in` that language.
    """

    key: str
    label: str
    english: str
    gone_in: str = ""

    @property
    def mark(self) -> str:
        """Return what tells this text from any other that stood there before."""
        return mark_of(self.english)


@dataclass(frozen=True, slots=True)
class TextSection:
    """Texts that belong together, as they are on a day: code and title, and how they are read."""

    code: str
    title: str
    read: Callable[[date], Iterable[LandlordsText]]


class TextState(StrEnum):
    """How far a text is, what needs somebody first."""

    OUTDATED = "outdated"
    MISSING = "missing"
    UNREAD = "unread"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class TextInLanguage:
    """A text with what it is in a language: `was` is the English that an old one was made from."""

    text: LandlordsText
    state: TextState
    words: str = ""
    was: str = ""
    is_proof_read: bool = False

    @property
    def is_outdated(self) -> bool:
        """Say whether the English was changed since."""
        return self.state is TextState.OUTDATED


# So long a place may be, as it is kept.
LONGEST_KEY = 100
OF_LANDLORD = {
    "opening_hours": "Opening hours",
    "more_telephones": "Other telephone numbers",
    "address": "Address",
    "offices": "Offices",
    "repairs_telephone": "For repairs",
    "neighbours_contact": "For nuisance and anti-social behaviour",
    "council_contact": "The council",
    "register_contact": "For the housing register",
    "following_notice": "While nobody can follow a complaint on the web",
}
OF_CARE = {
    "care_standards": "Standards of customer care",
    "care_targets": "Targets of customer care",
}
OF_OUTSIDE = {"name": "name", "address_line": "address", "words": "anything else"}
OF_NOTICES = {
    "privacy_basis": "Why the law allows it",
    "privacy_contact": "Data protection officer",
    "kept_for": "How long complaints are kept",
    "accessibility_contact": "Whom to tell what does not work on the website",
    "accessibility_limits": "What does not work well on the website",
}


def _of_landlord(labels: Mapping[str, str]) -> Callable[[date], Iterable[LandlordsText]]:
    def read(_today: date) -> Iterator[LandlordsText]:
        if row := landlord():
            for name, label in labels.items():
                yield LandlordsText(f"landlord-{name}", label, getattr(row, name))

    return read


def _categories(_today: date) -> Iterator[LandlordsText]:
    for row in Category.objects.filter(is_retired=False).order_by("position", "name"):
        yield LandlordsText(f"category-{row.code}", f"Category “{row.name}”", row.name)


def _closures(today: date) -> Iterator[LandlordsText]:
    """Yield why the landlord is closed: days of the last year may still be told of."""
    days = Closure.objects.filter(on__gte=today.replace(year=today.year - 1, day=1))
    for row in days.values("name").annotate(last=Max("on")).order_by("last"):
        name = row["name"]
        yield LandlordsText(f"closure-{mark_of(name)}", f"Reason “{name}”", name)


def _outside(today: date) -> Iterator[LandlordsText]:
    """Yield how outside bodies are reached, those details too that count from a later day on."""
    current = OutsideBodyDetails.objects.all_on(today)
    keys = [row.pk for row in current.values()]
    for row in OutsideBodyDetails.objects.filter(Q(from_on__gt=today) | Q(pk__in=keys)).order_by(
        "code", "from_on"
    ):
        is_current = row.pk in keys
        key = f"body-{row.code}" if is_current else f"body-{row.code}-{row.from_on.isoformat()}"
        begins = "" if is_current else f", from {row.from_on:%-d %B %Y}"
        for name, label in OF_OUTSIDE.items():
            told = f"{row.name}: {label}{begins}"
            yield LandlordsText(f"{key}-{name}", told, getattr(row, name))


def _procedure(today: date) -> Iterator[LandlordsText]:
    """Yield what the procedure that runs says in words of its own."""
    try:
        version = in_force_on(today).version
    except ActionNotAllowed:
        return
    code = version.procedure.code
    for place, label, words in _of_terms(version.terms):
        key = f"procedure-{code}-{place or mark_of(words)}"
        is_short = len(key) <= LONGEST_KEY
        yield LandlordsText(key if is_short else f"procedure-{mark_of(key)}", label, words)


# A place of the procedure, what it is, and what it says. Lists have no places that stay: a sentence
# of one that is changed is another, and its old words are among what is not used any more.
Placed = tuple[str, str, str]


def _of_terms(terms: ProcedureTerms) -> Iterator[Placed]:
    yield "definition", "What a complaint is", terms.definition
    yield from _each("Kind of complaint", terms.kinds_of_complaint)
    for each in not_complaints(terms):
        yield from _each("Dealt with in another way", [each.what, each.instead])
    for stage in terms.stages:
        yield from _of_stage(stage)
    for body in terms.outside_bodies:
        yield f"outside-{body.code}", f"Outside body: “{shortened(body.name)}”", body.name
    yield from _each("Standard of customer care", terms.care_standards)
    yield from _each("Target of customer care", terms.care_targets)


def _of_stage(stage: Stage) -> Iterator[Placed]:
    yield f"{stage.code}-name", f"Stage: “{shortened(stage.name)}”", stage.name
    yield f"{stage.code}-decides", f"{stage.name}: who decides", stage.decided_by_words
    if stage.panel:
        yield f"{stage.code}-hears", f"{stage.name}: who hears it", stage.panel.make_up
    # Only promises that the product has no sentence of its own for are told in these words.
    named = {anchor.code for each in stage.timescales for anchor in _dues(each)}
    for each in stage.timescales:
        if each.code in named or not DOING.keys() & set(each.met_by):
            words = lower_first(each.words)
            label = f"{stage.name}, after “we”: “{shortened(words)}”"
            yield f"{stage.code}-does-{each.code}", label, words


def _dues(timescale: Timescale) -> Sequence[Anchor]:
    """Return the last days from which a promise counts, where it counts from nothing else."""
    is_all = all(anchor.kind is AnchorKind.DUE for anchor in timescale.anchors)
    return timescale.anchors if is_all else ()


def _each(what: str, texts: Iterable[str]) -> Iterator[Placed]:
    """Yield texts of a list, told apart by how they begin."""
    return (("", f"{what}: “{shortened(text)}”", text) for text in texts)


def shortened(text: str) -> str:
    """Return how a text begins."""
    return Truncator(text).chars(60)


def _unused(today: date) -> Iterator[LandlordsText]:
    """Yield what is translated and stands nowhere any more, in each language."""
    rows = list(TranslatedText.objects.order_by("language", "changed_at", "pk"))
    if not rows:
        return
    texts = [text for section in SECTIONS if section is not UNUSED for text in section.read(today)]
    said = {tidy(text.english) for text in texts}
    for tag in sorted({row.language for row in rows}):
        theirs = [row for row in rows if row.language == tag]
        find = _finding(theirs)
        used = {row.pk for text in texts if (row := find(text))}
        for row in theirs:
            if row.pk not in used and tidy(row.english) not in said:
                label = f"“{shortened(row.english)}”"
                yield LandlordsText(row.key, label, row.english, gone_in=tag)


UNUSED = TextSection("unused", "No longer used", _unused)
# What can be translated, in the order of the page; other apps add theirs at the end.
SECTIONS = [
    TextSection("reach", "How you are reached", _of_landlord(OF_LANDLORD)),
    TextSection("care", "What customers can expect", _of_landlord(OF_CARE)),
    TextSection("notices", "Privacy and accessibility", _of_landlord(OF_NOTICES)),
    TextSection("categories", "Categories", _categories),
    TextSection("procedure", "The procedure that runs", _procedure),
    TextSection("days", "Days on which you are closed", _closures),
    TextSection("outside", "Outside bodies", _outside),
    UNUSED,
]


def section_called(code: str) -> TextSection | None:
    """Return the section of this code, or nothing."""
    return next((each for each in SECTIONS if each.code == code), None)


def words_key(section: TextSection, language: str) -> str:
    """Return by which key the texts of a section in a language are found among the changes."""
    return f"words-{language}-{section.code}"


def texts_of(section: TextSection, *, today: date) -> list[LandlordsText]:
    """Return the texts of a section that have words to translate, each once. Up to two queries."""
    found: dict[tuple[str, str], LandlordsText] = {}
    for text in section.read(today):
        if has_words(text.english) or text.gone_in:
            # Of what is gone each row is one: it is shown by its place.
            one = (text.gone_in, text.key if text.gone_in else tidy(text.english))
            found.setdefault(one, text)
    return list(found.values())


def in_language(texts: Sequence[LandlordsText], tag: str) -> list[TextInLanguage]:
    """Return texts as they are in a language, what needs somebody first. One query.

    What the product translates by itself is left out, unless the landlord has words of its own.
    """
    find = _finding(TranslatedText.objects.in_language(tag))
    found = []
    for text in texts:
        row = find(text)
        if text.gone_in and (text.gone_in != tag or row is None):
            continue
        is_known = all(is_in_catalogue(line, tag) for line in lines_of(text.english))
        if row is not None or not is_known:
            found.append(_stands(text, row))
    order = list(TextState)
    return sorted(found, key=lambda each: order.index(each.state))


def _finding(
    rows: Iterable[TranslatedText],
) -> Callable[[LandlordsText], TranslatedText | None]:
    """Return what finds the words of a text: by what it says now, else by its place."""
    found = list(rows)
    by_key = {row.key: row for row in found}
    by_english = {tidy(row.english): row for row in found}

    def find(text: LandlordsText) -> TranslatedText | None:
        if text.gone_in:
            return by_key.get(text.key)
        return by_english.get(tidy(text.english)) or by_key.get(text.key)

    return find


def _stands(text: LandlordsText, row: TranslatedText | None) -> TextInLanguage:
    if row is None:
        return TextInLanguage(text, TextState.MISSING)
    if tidy(row.english) != tidy(text.english):
        return TextInLanguage(text, TextState.OUTDATED, row.words, was=row.english)
    state = TextState.DONE if row.is_proof_read else TextState.UNREAD
    return TextInLanguage(text, state, row.words, is_proof_read=row.is_proof_read)


def outdated_in(tag: str, *, today: date) -> int:
    """Return how many texts have words in a language whose English was changed since.

    One query where the landlord has none in it.
    """
    if not TranslatedText.objects.filter(language=tag).exists():
        return 0
    sections = [section for section in SECTIONS if section is not UNUSED]
    texts = [text for section in sections for text in texts_of(section, today=today)]
    return sum(each.is_outdated for each in in_language(texts, tag))
