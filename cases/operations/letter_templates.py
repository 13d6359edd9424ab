"""Changing the words of a letter: a new version, from which new letters are made."""

from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, TemplateWrong
from cases.models import LetterTemplate, Procedure, Thing, User
from cases.operations.settings_changes import check_seen, moved, note_change
from cases.rules.letter_templates import letter_words, problems_with, shipped


@transaction.atomic
def change_template(
    *, procedure_id: int, letter: str, text: str, by: User, now: datetime, seen: int | None
) -> LetterTemplate:
    """Give a letter of a procedure other words; letters that were issued stay as they are.

    :raises TemplateWrong: if a part is left out, or a merge field means nothing in this letter.
    :raises SettingChanged: if somebody changed it since `seen`.
    """
    text = "\n".join(line.rstrip() for line in text.splitlines()).strip()
    if problems := problems_with(letter, text):
        raise TemplateWrong(problems)
    if text == shipped(letter):
        text = ""
    return _add(procedure_id, letter, text, act="Changed", by=by, now=now, seen=seen)


@transaction.atomic
def reset_template(
    *, procedure_id: int, letter: str, by: User, now: datetime, seen: int | None
) -> LetterTemplate:
    """Give a letter the words again that come with the product.

    :raises ActionNotAllowed: if it has them.
    :raises SettingChanged: if somebody changed it since `seen`.
    """
    return _add(procedure_id, letter, "", act="Reset", by=by, now=now, seen=seen)


def _add(
    procedure_id: int,
    letter: str,
    text: str,
    *,
    act: str,
    by: User,
    now: datetime,
    seen: int | None,
) -> LetterTemplate:
    procedure = Procedure.objects.select_for_update().get(pk=procedure_id)
    key = setting_key(procedure, letter)
    check_seen(thing=Thing.LETTER, key=key, seen=seen)
    newest = LetterTemplate.objects.of(procedure_id, letter).first()
    before = newest.text if newest else ""
    if text == before:
        raise ActionNotAllowed("The letter has these words already: nothing is changed.")
    row = LetterTemplate.objects.create(
        procedure=procedure,
        letter=letter,
        number=newest.number + 1 if newest else 1,
        text=text,
        made_at=now,
        made_by=by,
    )
    words = shipped(letter)
    note_change(
        thing=Thing.LETTER,
        act=act,
        by=by,
        now=now,
        key=key,
        name=f"{letter_words(letter)}: {procedure.name}",
        changes=moved("Words of the letter", before or words, text or words),
    )
    return row


def setting_key(procedure: Procedure, letter: str) -> str:
    """Return the key under which changes of a letter are noted."""
    return f"{procedure.code}:{letter}"
