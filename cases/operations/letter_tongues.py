"""Letters in the language that their reader needs, beside English."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cases.errors import ActionNotAllowed
from cases.models import Customer, Landlord, LetterTemplate
from cases.operations.letterheads import how_to_reach
from cases.operations.record import CaseFile
from cases.operations.telling import Telling, other_language_of
from cases.operations.tracking import how_to_follow
from cases.rules.customers import LetterFormat
from cases.rules.languages import LANGUAGES, Language, language_called, language_needed
from cases.rules.letter_sentences import MACHINE_MADE, SENTENCES, Tongue, read_sentences
from cases.rules.letter_templates import letter_of
from cases.rules.letters import (
    LetterFacts,
    LetterKind,
    letter_paragraphs,
    untranslated,
    what_is_missing,
)
from cases.rules.procedure_words import in_a_row
from cases.selectors.landlords_words import landlords_words
from cases.selectors.letter_templates import template_in_force


@dataclass(frozen=True, slots=True)
class OtherText:
    """What a letter says in another language; nothing of one that is in English alone."""

    language: Language | None = None
    text: str = ""
    template: LetterTemplate | None = None


def in_other_language(
    case: CaseFile,
    facts: LetterFacts,
    telling: Telling,
    letter_format: LetterFormat,
    landlord: Landlord | None,
) -> OtherText:
    """Return the letter in the language of its reader, or the text that staff wrote in another.

    It is made where the landlord has words for this letter in that language, and then no less
    complete than in English, which was looked at before. Up to two queries where another
    language is chosen or needed.

    :raises ActionNotAllowed: if a text has no language, if the format has none but English, or if
        the letter would lack something in that language and nobody says why it is in English alone.
    """
    written = other_language_of(telling, letter_format)
    tongue = language_for(telling, case.complaint.customer)
    is_for_eyes = letter_format not in (LetterFormat.BRAILLE, LetterFormat.AUDIO)
    if tongue and not telling.is_elsewhere and is_for_eyes:
        procedure_id = case.complaint.procedure_version.procedure_id
        template = template_in_force(procedure_id, letter_of(facts), tongue.tag)
        is_translated = bool(telling.other_text.strip()) or not telling.words.strip()
        made = template if is_translated else None
        if made and (text := _made_in(tongue, made, facts, telling, landlord)):
            return OtherText(tongue, text, made)
    return OtherText(written, telling.other_text.strip() if written else "")


def language_for(telling: Telling, customer: Customer) -> Language | None:
    """Return the language in which a letter is made beside English: as chosen, or as needed.

    Nothing where somebody says why it is in English alone.
    """
    if telling.other_language or telling.language_because.strip():
        return LANGUAGES.get(telling.other_language)
    return language_called(language_needed(customer.language))


def _made_in(
    language: Language,
    template: LetterTemplate,
    facts: LetterFacts,
    telling: Telling,
    landlord: Landlord | None,
) -> str:
    """Return the letter made in a language, with a word where a machine translated it.

    Nothing where it would lack something and somebody says why it is not made in it.
    """
    tongue, warned = tongue_for(template, language)
    there = replace(
        facts,
        words=telling.other_text,
        template=template.text,
        tongue=tongue,
        reach=how_to_reach(landlord, tongue),
        outside=[tongue.typed(each) for each in facts.outside],
        others={
            code: [tongue.typed(each) for each in lines] for code, lines in facts.others.items()
        },
    )
    lacking = [*what_is_missing(there), *untranslated(warned)]
    if lacking and telling.language_because.strip():
        return ""
    check_whole_in(language, lacking)
    return "\n\n".join([*warned, *letter_paragraphs(there)])


def tongue_for(template: LetterTemplate, language: Language) -> tuple[Tongue, list[str]]:
    """Return the sentences in a language, and what stands above a letter made with a template.

    That is the word that a machine translated it, in both languages, where nobody proof-read it.
    Of the landlord's own words on the pages a letter takes those alone that are proof-read. Two
    queries.
    """
    said = template_in_force(template.procedure_id, SENTENCES, language.tag)
    known = {**landlords_words(language.tag).proof_read}
    tongue = Tongue(language.name, known | (read_sentences(said.text) if said else {}))
    is_machine_made = template.is_machine_made or bool(said and said.is_machine_made)
    return tongue, [tongue.say(MACHINE_MADE), MACHINE_MADE] if is_machine_made else []


def check_whole_in(language: Language, lacking: Sequence[str]) -> None:
    """Refuse a letter that lacks something in the language in which it is made.

    :raises ActionNotAllowed: if it does.
    """
    if lacking:
        raise ActionNotAllowed(
            f"The letter cannot go in {language.name} like this. Missing: {in_a_row(lacking)}. "
            "Have it added under Settings, or say why this letter is in English alone."
        )


def followed_there(
    kind: LetterKind, telling: Telling, landlord: Landlord | None, other: OtherText
) -> str:
    """Return how the complaint is followed in the language of a letter, where it has another."""
    if not other.language or kind is not LetterKind.ACKNOWLEDGEMENT or telling.channel != "post":
        return ""
    telephone = landlord.telephone if landlord else ""
    told = how_to_follow(telephone, language=other.language.tag)
    return f"\n\n{told}" if told else ""
