"""Saying the landlord's own words for customers in another language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from cases.errors import ActionNotAllowed, SettingChanged
from cases.models import Landlord, Thing, TranslatedText, User
from cases.operations.settings_changes import Line, check_seen, moved, note_change
from cases.rules.landlords_words import LONGEST_WORDS, tidy, why_unfit
from cases.rules.periods import london_day
from cases.selectors.landlords_texts import (
    SECTIONS,
    LandlordsText,
    TextInLanguage,
    TextSection,
    in_language,
    texts_of,
    words_key,
)
from cases.selectors.speaking import known


@dataclass(frozen=True, slots=True)
class SaidThere:
    """What a text is to be in another language; empty for English.

    `mark` is that of the English that was read for it. `still_right`: an old text is kept for
    an English that has changed.
    """

    mark: str
    words: str
    is_proof_read: bool = False
    still_right: bool = False

    @property
    def text(self) -> str:
        """Return the words as they are kept."""
        return self.words.replace("\r\n", "\n").strip()


@transaction.atomic
def say_in_language(
    given: Mapping[str, SaidThere],
    *,
    section: TextSection,
    language: str,
    by: User,
    now: datetime,
    seen: int | None,
) -> int:
    """Save what texts of a section are in a language, by their keys; return how many changed.

    An old text whose English has changed stays as it is, and unshown, until it is given other
    words or somebody says that it is still right.

    :raises ActionNotAllowed: if the public pages have no such language, or words do not fit their
        English line by line, or are too long.
    :raises SettingChanged: if somebody changed these texts since `seen`, or the English of one
        that is given other words since it was read.
    """
    if language not in settings.PUBLIC_LANGUAGES:
        raise ActionNotAllowed("The public pages are not offered in this language.")
    Landlord.objects.select_for_update().only("pk").get()
    key = words_key(section, language)
    check_seen(thing=Thing.LANDLORD, key=key, seen=seen)
    now_there = in_language(texts_of(section, today=london_day(now)), language)
    lines, changed = [], 0
    for each in now_there:
        wanted = given.get(each.text.key)
        if wanted is not None and _differs(each, wanted):
            lines += _save(each, wanted, language=language, by=by, now=now)
            changed += 1
    if changed:
        name = f"{section.title}, in {known(language).name}"
        note_change(
            thing=Thing.LANDLORD,
            act="Words in another language",
            by=by,
            now=now,
            key=key,
            name=name,
            changes=lines,
        )
    return changed


def _differs(each: TextInLanguage, wanted: SaidThere) -> bool:
    is_other = wanted.text != each.words
    if each.is_outdated:
        return is_other or wanted.still_right
    return is_other or (bool(each.words) and wanted.is_proof_read is not each.is_proof_read)


def _save(
    each: TextInLanguage, wanted: SaidThere, *, language: str, by: User, now: datetime
) -> list[Line]:
    text, words = each.text, wanted.text
    if wanted.mark != text.mark:
        raise SettingChanged(
            f"The English of “{text.label}” was changed after you opened the page. Nothing of "
            "yours was saved yet: look at the English again, and save it if it is still right."
        )
    if reason := why_unfit(text.english, words):
        raise ActionNotAllowed(f"{text.label}: {reason}")
    if len(words) > LONGEST_WORDS:
        raise ActionNotAllowed(f"{text.label}: at most {LONGEST_WORDS} characters.")
    english = tidy(text.english)
    rows = TranslatedText.objects.filter(language=language)
    before = rows.filter(key=text.key)
    # What this place said before may stand in another still, and keeps its words there.
    heir = _said_elsewhere(each, today=london_day(now)) if each.is_outdated else None
    if heir is not None and not rows.filter(key=heir.key).exists():
        before.update(key=heir.key)
    else:
        before.delete()
    # The same English is said in the same words wherever it stands; another place keeps its row.
    same = rows.filter(english=english)
    said: dict[str, Any] = {
        "words": words,
        "is_proof_read": wanted.is_proof_read,
        "changed_at": now,
        "changed_by": by,
    }
    if words:
        same.update(**said)
        rows.create(key=text.key, language=language, english=english, **said)
    else:
        same.delete()
    return [
        *moved(text.label, each.words, words),
        *moved(f"{text.label}: the English", each.was or english, english),
        *moved(f"{text.label}: proof-read", _yes(each.is_proof_read), _yes(wanted.is_proof_read)),
    ]


def _said_elsewhere(each: TextInLanguage, *, today: date) -> LandlordsText | None:
    """Return a text that says what another said before it was changed, or nothing."""
    every = (t for part in SECTIONS for t in texts_of(part, today=today) if not t.gone_in)
    return next((text for text in every if tidy(text.english) == tidy(each.was)), None)


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"
