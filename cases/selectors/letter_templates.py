"""The words of letters: which are in force, and what they were."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from cases.models import LetterTemplate, Procedure, ProcedureVersion
from cases.rules.languages import LANGUAGES, Language
from cases.rules.letter_sentences import SENTENCES, sentences_of
from cases.rules.letter_templates import BESIDE, LETTERS_BESIDE, letter_words, letters_of
from cases.rules.terms import ProcedureTerms

# The rows that count, by procedure and letter; those without words are not among them.
_Newest = dict[tuple[int | None, str], LetterTemplate]


def template_in_force(
    procedure_id: int | None, letter: str, language: str = ""
) -> LetterTemplate | None:
    """Return the landlord's own version of a letter that counts; nothing where none does."""
    newest = LetterTemplate.objects.of(procedure_id, letter, language).first()
    return newest if newest and newest.text else None


def letters_name(procedure: Procedure | None) -> str:
    """Return whose letters they are: a procedure's, or those about what is no complaint."""
    return procedure.name if procedure else "Compliments and suggestions"


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter of a procedure, with the version that counts if it is the landlord's own."""

    letter: str
    own: LetterTemplate | None

    @property
    def words(self) -> str:
        """Return its name."""
        return letter_words(self.letter)


@dataclass(frozen=True, slots=True)
class LanguageLine:
    """A language in which a procedure has words of letters: of how many, and if all are read."""

    language: Language
    letters: int
    is_machine_made: bool


@dataclass(frozen=True, slots=True)
class ProcedureLetters:
    """The letters of one procedure."""

    procedure: Procedure | None
    lines: list[LetterLine]
    languages: list[LanguageLine]

    @property
    def code(self) -> str:
        """Return the code under which they stand in addresses."""
        return self.procedure.code if self.procedure else BESIDE

    @property
    def name(self) -> str:
        """Return whose letters they are."""
        return letters_name(self.procedure)

    @property
    def changed(self) -> int:
        """Return how many have words of the landlord's own."""
        return sum(line.own is not None for line in self.lines)


def letters_of_procedures() -> list[ProcedureLetters]:
    """Return the letters of every published procedure by its name, in two queries.

    Last those about compliments and suggestions.
    """
    newest: _Newest = {}
    spoken: dict[int | None, dict[str, dict[str, LetterTemplate]]] = {}
    for row in _that_count().select_related("made_by").defer("text"):
        if row.language:
            tongues = spoken.setdefault(row.procedure_id, {})
            tongues.setdefault(row.language, {})[row.letter] = row
        else:
            newest[row.procedure_id, row.letter] = row
    return [
        ProcedureLetters(
            version.procedure,
            _lines(version.procedure_id, letters_of(version.terms), newest),
            _in_languages(spoken.get(version.procedure_id, {})),
        )
        for version in _latest_versions()
    ] + [
        ProcedureLetters(
            None, _lines(None, LETTERS_BESIDE, newest), _in_languages(spoken.get(None, {}))
        )
    ]


def _that_count() -> QuerySet[LetterTemplate]:
    """Return the newest version of each letter in each language, where it has words."""
    whose = Coalesce("procedure_id", 0)
    newer = LetterTemplate.objects.alias(whose=whose).filter(
        whose=OuterRef("whose"),
        letter=OuterRef("letter"),
        language=OuterRef("language"),
        number__gt=OuterRef("number"),
    )
    return LetterTemplate.objects.alias(whose=whose).filter(~Exists(newer)).exclude(text="")


def languages_of(procedure_id: int | None, letter: str) -> list[LetterTemplate]:
    """Return the words of a letter in other languages that count, by language. One query."""
    rows = LetterTemplate.objects.filter(procedure=procedure_id, letter=letter)
    others = rows.exclude(language="").select_related("made_by").order_by("language", "number")
    return [row for row in {each.language: each for each in others}.values() if row.text]


def _in_languages(spoken: dict[str, dict[str, LetterTemplate]]) -> list[LanguageLine]:
    lines = []
    for tag, rows in spoken.items():
        letters = sum(letter != SENTENCES for letter in rows)
        is_machine_made = any(row.is_machine_made for row in rows.values())
        lines.append(LanguageLine(LANGUAGES[tag], letters, is_machine_made))
    return sorted(lines, key=lambda line: line.language.name)


def latest_terms(procedure: Procedure) -> ProcedureTerms | None:
    """Return the terms of the version that was published last, if one was."""
    versions = ProcedureVersion.objects.filter(procedure=procedure, published_at__isnull=False)
    version = versions.order_by("-number").first()
    return version.terms if version else None


def sentences_to_translate(procedure: Procedure | None) -> tuple[str, ...]:
    """Return the sentences that letters of a procedure add, under any of its published versions.

    A complaint stays under its own version, and its letters add what that one has. Those of the
    newest come first. One query, and one for each version that was not read before.
    """
    if procedure is None:
        return sentences_of(None)
    versions = ProcedureVersion.objects.published().filter(procedure=procedure)
    newest_first = versions.defer("terms_words").order_by("-number")
    return tuple(
        dict.fromkeys(each for version in newest_first for each in sentences_of(version.terms))
    )


def _latest_versions() -> list[ProcedureVersion]:
    published = ProcedureVersion.objects.filter(published_at__isnull=False)
    versions = published.select_related("procedure").order_by("procedure__name", "number")
    return list({version.procedure_id: version for version in versions}.values())


def _lines(procedure_id: int | None, letters: Sequence[str], newest: _Newest) -> list[LetterLine]:
    return [LetterLine(letter, newest.get((procedure_id, letter))) for letter in letters]
