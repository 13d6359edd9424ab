"""Changing the words of a letter: a new version, from which new letters are made."""

from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, TemplateWrong
from cases.models import Landlord, LetterTemplate, Procedure, Thing, User
from cases.operations.settings_changes import check_seen, moved, note_change
from cases.rules.languages import LANGUAGES
from cases.rules.letter_sentences import SENTENCES, problems_with_sentences
from cases.rules.letter_templates import BESIDE, letter_words, problems_with, shipped
from cases.selectors.letter_templates import (
    letters_name,
    sentences_to_translate,
    template_in_force,
)


@transaction.atomic
def change_template(
    *,
    procedure_id: int | None,
    letter: str,
    text: str,
    by: User,
    now: datetime,
    seen: int | None,
    language: str = "",
    is_machine_made: bool = False,
) -> LetterTemplate:
    """Give a letter of a procedure other words; letters that were issued stay as they are.

    Without a procedure it is one of those about compliments and suggestions.

    In a `language`, a tag of `LANGUAGES`, no words say that there are none in it any more; the
    letter `SENTENCES` holds what all letters in it add by themselves. `is_machine_made` says that a
    machine translated them and nobody has proof-read them.

    :raises TemplateWrong: if a part is left out, or a merge field means nothing in this letter.
    :raises SettingChanged: if somebody changed it since `seen`.
    """
    text = "\n".join(line.rstrip() for line in text.splitlines()).strip()
    if text or not language:
        _check(procedure_id, letter, text)
    if language and text == _english(procedure_id, letter):
        raise TemplateWrong(["These are the words in English. Write them in the other language."])
    if text == _usual(letter, language):
        text = ""
    return _add(
        procedure_id,
        letter,
        text,
        language=language,
        is_machine_made=is_machine_made and bool(language and text),
        act="Changed",
        by=by,
        now=now,
        seen=seen,
    )


@transaction.atomic
def reset_template(
    *, procedure_id: int | None, letter: str, by: User, now: datetime, seen: int | None
) -> LetterTemplate:
    """Give a letter the words again that come with the product.

    :raises ActionNotAllowed: if it has them.
    :raises SettingChanged: if somebody changed it since `seen`.
    """
    return _add(
        procedure_id,
        letter,
        "",
        language="",
        is_machine_made=False,
        act="Reset",
        by=by,
        now=now,
        seen=seen,
    )


def _check(procedure_id: int | None, letter: str, text: str) -> None:
    if letter == SENTENCES:
        procedure = Procedure.objects.get(pk=procedure_id) if procedure_id else None
        problems = problems_with_sentences(sentences_to_translate(procedure), text)
    else:
        problems = problems_with(letter, text)
    if problems:
        raise TemplateWrong(problems)


def _english(procedure_id: int | None, letter: str) -> str:
    """Return the words of a letter in English; nothing of the sentences."""
    if letter == SENTENCES:
        return ""
    own = template_in_force(procedure_id, letter)
    return own.text if own else shipped(letter)


def _usual(letter: str, language: str) -> str:
    """Return the words that come with the product: none in another language than English."""
    return "" if language else shipped(letter)


def _add(
    procedure_id: int | None,
    letter: str,
    text: str,
    *,
    language: str,
    is_machine_made: bool,
    act: str,
    by: User,
    now: datetime,
    seen: int | None,
) -> LetterTemplate:
    procedure = _locked(procedure_id)
    key = setting_key(procedure, letter, language)
    check_seen(thing=Thing.LETTER, key=key, seen=seen)
    newest = LetterTemplate.objects.of(procedure_id, letter, language).first()
    before = newest.text if newest else ""
    was_machine_made = newest.is_machine_made if newest else False
    if (text, is_machine_made) == (before, was_machine_made):
        raise ActionNotAllowed("The letter has these words already: nothing is changed.")
    row = LetterTemplate.objects.create(
        procedure=procedure,
        letter=letter,
        language=language,
        number=newest.number + 1 if newest else 1,
        text=text,
        is_machine_made=is_machine_made,
        made_at=now,
        made_by=by,
    )
    words = _usual(letter, language)
    read = ("no" if each else "" for each in (was_machine_made, is_machine_made))
    tongue = f" in {LANGUAGES[language].name}" if language else ""
    note_change(
        thing=Thing.LETTER,
        act=act,
        by=by,
        now=now,
        key=key,
        name=f"{letter_words(letter)}{tongue}: {letters_name(procedure)}",
        changes=[
            *moved("Words of the letter", before or words, text or words),
            *moved("Proof-read", *read),
        ],
    )
    return row


def _locked(procedure_id: int | None) -> Procedure | None:
    """Return the procedure, locked; letters that have none are locked by the landlord's row."""
    if procedure_id is None:
        Landlord.objects.select_for_update().first()
        return None
    return Procedure.objects.select_for_update().get(pk=procedure_id)


def setting_key(procedure: Procedure | None, letter: str, language: str = "") -> str:
    """Return the key under which changes of a letter are noted."""
    code = procedure.code if procedure else BESIDE
    return f"{code}:{letter}{f':{language}' if language else ''}"
