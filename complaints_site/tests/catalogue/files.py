"""The catalogue files: read, brought up to date with the pages, written and compiled."""

import gettext
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings

from complaints_site.tests.catalogue.words import Word

LOCALE: Path = settings.BASE_DIR / "locale"
DJANGO = Path(django.__file__).parent / "conf" / "locale"
PLURALS, PROOF_READ = "Plural-Forms", "X-Proof-Read"
TWO_FORMS = "nplurals=2; plural=(n != 1);"


class OurCatalogue(Catalog):
    """A catalogue whose head says what we need it to say, and nothing of who made it when."""

    def __init__(self, head: Mapping[str, str]) -> None:
        self.head = dict(head)
        super().__init__(charset="utf-8", fuzzy=False)

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Return the head."""
        return list(self.head.items())

    @property
    def num_plurals(self) -> int:
        """Return how many forms of a number the language has."""
        return int(self.head[PLURALS].partition("nplurals=")[2].partition(";")[0])


def folder_of(tag: str) -> Path:
    """Return where the catalogue of a language lies."""
    return LOCALE / tag / "LC_MESSAGES"


def head_of(tag: str) -> dict[str, str]:
    """Return the head of a catalogue that is begun.

    Django merges a catalogue with its own only where both count in the same way, to the letter.
    """
    found = gettext.find("django", DJANGO, [tag])
    plurals = TWO_FORMS
    if found:
        with Path(found).open("rb") as file:
            info = gettext.GNUTranslations(file).info()
            plurals = " ".join(info.get(PLURALS.lower(), TWO_FORMS).split())
    return {
        "Project-Id-Version": "Complaints",
        "Language": tag,
        "Content-Type": "text/plain; charset=utf-8",
        PLURALS: plurals,
        PROOF_READ: "no",
    }


def read(tag: str) -> Catalog:
    """Return the catalogue of a language, an empty one if there is none."""
    path = folder_of(tag) / "django.po"
    if not path.exists():
        return OurCatalogue(head_of(tag))
    with path.open("rb") as file:
        found = read_po(file, ignore_obsolete=True)
    head = [line.partition(": ") for line in str(raw_head(path)).splitlines()]
    ours = OurCatalogue({name: value for name, _, value in head})
    for message in found:
        if message.id:
            ours.add(message.id, message.string, locations=message.locations, flags=message.flags)
    return ours


def raw_head(path: Path) -> str:
    """Return the head of a file as it stands there."""
    lines = path.read_text(encoding="utf-8").split("\n\n", 1)[0].splitlines()
    return "".join(line.strip('"').replace("\\n", "\n") for line in lines if line[:1] == '"')


def refreshed(old: Catalog, words: Mapping[Word, str]) -> Catalog:
    """Return a catalogue with exactly these words, and the translations that it had before."""
    new = OurCatalogue(dict(old.mime_headers))
    for word, place in words.items():
        known = old.get(word if isinstance(word, str) else word[0])
        blank = None if isinstance(word, str) else ("",) * new.num_plurals
        new.add(word, known.string if known else blank, locations=[(place, None)])
    return new


def write(tag: str, catalogue: Catalog) -> None:
    """Write a catalogue, and what is read at run time of it."""
    folder = folder_of(tag)
    folder.mkdir(parents=True, exist_ok=True)
    made = BytesIO()
    write_po(made, catalogue, width=100, include_lineno=False, omit_header=True)
    head = "".join(f'"{name}: {value}\\n"\n' for name, value in catalogue.mime_headers)
    text = f'msgid ""\nmsgstr ""\n{head}\n{made.getvalue().decode()}'
    (folder / "django.po").write_text(text, encoding="utf-8")
    (folder / "django.mo").write_bytes(compiled(catalogue))


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as it is read at run time."""
    made = BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def translations(message: Message) -> tuple[str, ...]:
    """Return a translation in every form it has."""
    if isinstance(message.string, str):
        return (message.string,)
    return tuple(message.string or ("",))


def empty(catalogue: Catalog) -> list[Word]:
    """Return what is not translated, or not in every form."""
    return [each.id for each in catalogue if each.id and not all(translations(each))]
