"""“You said, we did”: written, published for everybody, and withdrawn again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing
from cases.models import Thing, User
from cases.operations.settings_changes import Line, check_seen, moved, note_change
from cases.rules.periods import london_day
from cases.rules.roles import Role
from feedback.models import Lesson, Remark
from feedback.operations.remark_rights import lock_remark
from feedback.rules.kinds import Decision
from feedback.rules.lessons import names_a_contact, who_is_named


@transaction.atomic
def write_lesson(
    *, you_said: str, we_did: str, by: User, now: datetime, remark_id: int | None = None
) -> Lesson:
    """Write down what somebody said and what was done; nobody outside reads it yet.

    :raises NotEntitled: if this is not a complaints coordinator.
    :raises ActionNotAllowed: if the suggestion was not taken up, or somebody is named.
    :raises ReasonMissing: if one of the two is missing.
    """
    _check_role(by)
    remark = None
    if remark_id is not None:
        remark = lock_remark(remark_id, by)
        if remark.decision not in (Decision.TAKEN_UP, Decision.PARTLY):
            raise ActionNotAllowed("Only what was taken up is told as “you said, we did”.")
    _check_words(you_said, we_did, remark)
    return Lesson.objects.create(
        you_said=you_said.strip(),
        we_did=we_did.strip(),
        remark=remark,
        written_by=by,
        written_at=now,
    )


@transaction.atomic
def change_lesson(
    *, lesson_id: int, you_said: str, we_did: str, by: User, now: datetime, seen: int
) -> Lesson:
    """Change the words; published or not, they are read so from now on. Who changed what is kept.

    :raises NotEntitled: if this is not a complaints coordinator.
    :raises ActionNotAllowed: if somebody is named.
    :raises ReasonMissing: if one of the two is missing.
    :raises SettingChanged: if somebody changed, published or withdrew it since `seen`.
    """
    lesson = _locked(lesson_id, by)
    check_seen(thing=Thing.LANDLORD, key=lesson_key(lesson), seen=seen)
    said, did = you_said.strip(), we_did.strip()
    _check_words(said, did, lesson.remark)
    changes = [*moved("You said", lesson.you_said, said), *moved("We did", lesson.we_did, did)]
    if changes:
        lesson.you_said, lesson.we_did = said, did
        lesson.save(update_fields=["you_said", "we_did"])
        _note(lesson, "“You said, we did” changed", changes, by=by, now=now)
    return lesson


@transaction.atomic
def publish_lesson(*, lesson_id: int, by: User, now: datetime) -> Lesson:
    """Let everybody read it from today on; one that was withdrawn comes back.

    :raises NotEntitled: if this is not a complaints coordinator.
    :raises ActionNotAllowed: if it is published already.
    """
    lesson = _locked(lesson_id, by)
    if lesson.is_published:
        raise ActionNotAllowed("It is published already.")
    lesson.published_on, lesson.published_by = london_day(now), by
    lesson.withdrawn_on = lesson.withdrawn_by = None
    lesson.save(update_fields=["published_on", "published_by", "withdrawn_on", "withdrawn_by"])
    _note(lesson, "“You said, we did” published", by=by, now=now)
    return lesson


@transaction.atomic
def withdraw_lesson(*, lesson_id: int, by: User, now: datetime) -> Lesson:
    """Take it off the public page.

    :raises NotEntitled: if this is not a complaints coordinator.
    :raises ActionNotAllowed: if it is not published.
    """
    lesson = _locked(lesson_id, by)
    if not lesson.is_published:
        raise ActionNotAllowed("It is not published.")
    lesson.withdrawn_on, lesson.withdrawn_by = london_day(now), by
    lesson.save(update_fields=["withdrawn_on", "withdrawn_by"])
    _note(lesson, "“You said, we did” withdrawn", by=by, now=now)
    return lesson


def lesson_key(lesson: Lesson) -> str:
    """Return by which key one is found among the landlord's changes."""
    return f"you-said-{lesson.pk}"


def _note(
    lesson: Lesson, act: str, changes: Sequence[Line] = (), *, by: User, now: datetime
) -> None:
    note_change(
        thing=Thing.LANDLORD,
        act=act,
        by=by,
        now=now,
        key=lesson_key(lesson),
        name=lesson.you_said,
        changes=changes,
    )


def _check_role(by: User) -> None:
    if not by.has_role(Role.COMPLAINTS_COORDINATOR):
        raise NotEntitled("Only a complaints coordinator publishes “you said, we did”.")


def _locked(lesson_id: int, by: User) -> Lesson:
    _check_role(by)
    return Lesson.objects.select_for_update(of=("self",)).get(pk=lesson_id)


def _check_words(you_said: str, we_did: str, remark: Remark | None) -> None:
    if not you_said.strip() or not we_did.strip():
        raise ReasonMissing("Write what was said, and what was done.")
    whole = f"{you_said}\n{we_did}"
    if names_a_contact(whole):
        raise ActionNotAllowed("Leave out e-mail addresses and telephone numbers of people.")
    customer = remark.customer if remark else None
    if customer and (part := who_is_named(whole, customer.name)):
        raise ActionNotAllowed(
            f"“{part}” is part of the name of whoever suggested it: leave it out."
        )
