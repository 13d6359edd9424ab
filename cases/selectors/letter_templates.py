"""The words of letters: which are in force, and what they were."""

from dataclasses import dataclass

from cases.models import LetterTemplate, Procedure, ProcedureVersion
from cases.rules.letter_templates import letter_words, letters_of
from cases.rules.terms import ProcedureTerms


def template_in_force(procedure_id: int, letter: str) -> LetterTemplate | None:
    """Return the landlord's own version of a letter that counts; nothing where none does."""
    newest = LetterTemplate.objects.of(procedure_id, letter).first()
    return newest if newest and newest.text else None


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
class ProcedureLetters:
    """The letters of one procedure."""

    procedure: Procedure
    lines: list[LetterLine]

    @property
    def changed(self) -> int:
        """Return how many have words of the landlord's own."""
        return sum(line.own is not None for line in self.lines)


def letters_of_procedures() -> list[ProcedureLetters]:
    """Return the letters of every published procedure by its name, in two queries."""
    newest: dict[tuple[int, str], LetterTemplate] = {}
    for row in LetterTemplate.objects.select_related("made_by").order_by("number"):
        newest[row.procedure_id, row.letter] = row
    return [
        ProcedureLetters(version.procedure, _lines(version, newest))
        for version in _latest_versions()
    ]


def latest_terms(procedure: Procedure) -> ProcedureTerms | None:
    """Return the terms of the version that was published last, if one was."""
    versions = ProcedureVersion.objects.filter(procedure=procedure, published_at__isnull=False)
    version = versions.order_by("-number").first()
    return version.terms if version else None


def _latest_versions() -> list[ProcedureVersion]:
    published = ProcedureVersion.objects.filter(published_at__isnull=False)
    versions = published.select_related("procedure").order_by("procedure__name", "number")
    return list({version.procedure_id: version for version in versions}.values())


def _lines(
    version: ProcedureVersion, newest: dict[tuple[int, str], LetterTemplate]
) -> list[LetterLine]:
    rows = (
        (letter, newest.get((version.procedure_id, letter))) for letter in letters_of(version.terms)
    )
    return [LetterLine(letter, row if row and row.text else None) for letter, row in rows]
