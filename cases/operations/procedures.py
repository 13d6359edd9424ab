"""Procedures: drafting a version, publishing it, and running another procedure from a day on."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cases.errors import ActionNotAllowed, ProcedureInvalid
from cases.models import Adoption, Procedure, ProcedureVersion, Thing, User
from cases.operations.settings_changes import Line, check_seen, moved, note_change
from cases.rules.checker import problems
from cases.rules.periods import london_day
from cases.rules.procedure_changes import Difference, procedure_changes
from cases.rules.procedure_drafts import with_letters_told
from cases.rules.procedure_files import terms_from
from cases.rules.terms import ProcedureTerms
from cases.selectors.procedures import (
    changes_since_last,
    complaints_received,
    complaints_received_under,
    version_before,
)
from cases.selectors.running import procedure_on

# What a procedure is called in addresses and files.
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?<!.{61})")
Change = Callable[[Mapping[str, Any]], dict[str, Any]]


@transaction.atomic
def begin_draft(*, version_id: int, by: User, now: datetime) -> ProcedureVersion:
    """Begin a new draft of a procedure with the terms of one of its versions.

    :raises ActionNotAllowed: if there is a draft of it already.
    """
    base = ProcedureVersion.objects.select_related("procedure").get(pk=version_id)
    procedure = _locked(base.procedure_id)
    if procedure.versions.filter(published_at__isnull=True).exists():
        raise ActionNotAllowed("There is a draft of this procedure already. Go on with that one.")
    newest = procedure.versions.order_by("-number").first()
    draft = ProcedureVersion.objects.create(
        procedure=procedure,
        number=(newest.number if newest else 0) + 1,
        # The day is asked for when it is published.
        effective_on=london_day(now),
        terms_words=with_letters_told(base.terms_words),
    )
    _note(procedure, f"Draft of version {draft.number} begun", [], by=by, now=now)
    return draft


@transaction.atomic
def add_procedure(words: Mapping[str, Any], *, by: User, now: datetime) -> ProcedureVersion:
    """Add a procedure that the landlord has not had yet, as a draft of its first version.

    :raises ProcedureInvalid: if it contradicts itself, or its code is none.
    :raises ActionNotAllowed: if there is a procedure of this code already.
    """
    terms = _checked(words)
    if not CODE.fullmatch(terms.code):
        raise ProcedureInvalid(["Its code has small letters, figures and hyphens, 60 at most."])
    procedure, is_new = Procedure.objects.get_or_create(
        code=terms.code, defaults={"name": terms.name[:120]}
    )
    if not is_new:
        raise ActionNotAllowed(
            f"There is a procedure with the code “{terms.code}” already: “{procedure.name}”. "
            "Change that one by a draft, or choose another code."
        )
    draft = ProcedureVersion.objects.create(
        procedure=procedure,
        number=1,
        effective_on=london_day(now),
        terms_words=with_letters_told(words),
    )
    _note(procedure, "Procedure added, as a draft of version 1", [], by=by, now=now)
    return draft


@transaction.atomic
def change_draft(
    *, procedure_id: int, change: Change, by: User, now: datetime, seen: int | None
) -> ProcedureVersion:
    """Change the draft of a procedure by a function of its mapping.

    :raises ProcedureInvalid: if the procedure would contradict itself.
    :raises ActionNotAllowed: if there is no draft any more.
    :raises SettingChanged: if somebody changed it since `seen`.
    """
    procedure = _locked(procedure_id)
    check_seen(thing=Thing.PROCEDURE, key=procedure.code, seen=seen)
    draft = _draft_of(procedure)
    old = draft.terms
    words = change(draft.terms_words)
    new = _checked(words)
    words = with_letters_told(words)
    if new.code != procedure.code:
        raise ProcedureInvalid([f"The code of this procedure is “{procedure.code}”, and stays so."])
    differences = procedure_changes(old, new)
    if words != draft.terms_words:
        draft.terms_words = words
        draft.save(update_fields=["terms_words"])
        act = f"Draft of version {draft.number} changed"
        _note(procedure, act, _lines(differences), by=by, now=now)
    return draft


@transaction.atomic
def discard_draft(*, procedure_id: int, by: User, now: datetime) -> None:
    """Throw the draft of a procedure away, and a procedure that was never more than a draft.

    :raises ActionNotAllowed: if there is none any more.
    """
    procedure = _locked(procedure_id)
    draft = _draft_of(procedure)
    _note(procedure, f"Draft of version {draft.number} thrown away", [], by=by, now=now)
    draft.delete()
    if not procedure.versions.exists():
        procedure.delete()


@transaction.atomic
def publish_draft(
    *, procedure_id: int, effective_on: date, by: User, now: datetime, seen: int | None
) -> ProcedureVersion:
    """Publish the draft of a procedure: complaints received from that day on run under it.

    What is published never changes again, and complaints keep their version for life.

    :raises ActionNotAllowed: if nothing is different, the day does not come after that of the
        version before, or complaints received since that day run under another version.
    :raises ProcedureInvalid: if it contradicts itself.
    :raises SettingChanged: if somebody changed it since `seen`.
    """
    procedure = _locked(procedure_id)
    check_seen(thing=Thing.PROCEDURE, key=procedure.code, seen=seen)
    draft = _draft_of(procedure)
    terms = _checked(draft.terms_words)
    differences = changes_since_last(draft)
    before = version_before(draft)
    if before is not None and terms == before.terms:
        raise ActionNotAllowed(f"Nothing is different from version {before.number}.")
    if before is not None and effective_on <= before.effective_on:
        raise ActionNotAllowed(
            f"Version {before.number} begins on {before.effective_on:%-d %B %Y}. "
            "Choose a later day."
        )
    if effective_on <= london_day(now) and complaints_received_under(procedure, effective_on):
        raise ActionNotAllowed(
            f"Complaints received since {effective_on:%-d %B %Y} run under another version and "
            "keep it. Choose a day in the future."
        )
    draft.effective_on = effective_on
    draft.published_at = now
    draft.published_by = by
    draft.save(update_fields=["effective_on", "published_at", "published_by"])
    if procedure.name != terms.name:
        procedure.name = terms.name
        procedure.save(update_fields=["name"])
    lines = [*moved("In force from", "", f"{effective_on:%-d %B %Y}"), *_lines(differences)]
    _note(procedure, f"Version {draft.number} published", lines, by=by, now=now)
    return draft


@transaction.atomic
def adopt_procedure(*, procedure_id: int, from_on: date, by: User, now: datetime) -> Adoption:
    """Run a procedure for complaints received from a day on.

    :raises ActionNotAllowed: if it runs then already, has no published version, another begins on
        that day, or complaints received since that day run under another.
    """
    # Every procedure is locked: two changes of what runs wait for each other.
    procedures = {row.pk: row for row in Procedure.objects.select_for_update().order_by("pk")}
    procedure = procedures[procedure_id]
    if not procedure.versions.filter(published_at__isnull=False).exists():
        raise ActionNotAllowed("No version of this procedure is published yet.")
    if Adoption.objects.filter(from_on=from_on).exists():
        raise ActionNotAllowed(
            f"A procedure begins on {from_on:%-d %B %Y} already. Choose another day."
        )
    running = procedure_on(from_on)
    if running == procedure:
        raise ActionNotAllowed(f"“{procedure.name}” runs on that day already.")
    if from_on <= london_day(now) and complaints_received(from_on):
        raise ActionNotAllowed(
            f"Complaints received since {from_on:%-d %B %Y} run under another procedure and keep "
            "it. Choose a day in the future."
        )
    adoption = Adoption.objects.create(procedure=procedure, from_on=from_on)
    act = f"To run from {from_on:%-d %B %Y}"
    _note(procedure, act, moved("Procedure", running.name, procedure.name), by=by, now=now)
    return adoption


@transaction.atomic
def cancel_adoption(*, from_on: date, by: User, now: datetime) -> None:
    """Take back that a procedure will run, before its day has come.

    :raises ActionNotAllowed: if it was taken back already, or runs.
    """
    adoption = (
        Adoption.objects.select_for_update(of=("self",))
        .select_related("procedure")
        .filter(from_on=from_on)
        .first()
    )
    if adoption is None:
        raise ActionNotAllowed("This was taken back already.")
    if from_on <= london_day(now):
        raise ActionNotAllowed("It runs already. Let another procedure begin from a day to come.")
    act = f"Not to run from {from_on:%-d %B %Y} after all"
    _note(adoption.procedure, act, [], by=by, now=now)
    adoption.delete()


def _locked(procedure_id: int) -> Procedure:
    return Procedure.objects.select_for_update().get(pk=procedure_id)


def _draft_of(procedure: Procedure) -> ProcedureVersion:
    draft = procedure.versions.filter(published_at__isnull=True).first()
    if draft is None:
        raise ActionNotAllowed("There is no draft of this procedure any more.")
    draft.procedure = procedure
    return draft


def _checked(words: Mapping[str, Any]) -> ProcedureTerms:
    """Return the terms that the mapping describes.

    :raises ProcedureInvalid: if they contradict themselves.
    """
    terms = terms_from(words)
    if found := problems(terms):
        raise ProcedureInvalid(found)
    return terms


def _lines(differences: list[Difference]) -> list[Line]:
    return [(each.what, each.old, each.new) for each in differences]


def _note(procedure: Procedure, act: str, changes: list[Line], *, by: User, now: datetime) -> None:
    note_change(
        thing=Thing.PROCEDURE,
        act=act,
        by=by,
        now=now,
        key=procedure.code,
        name=procedure.name,
        changes=changes,
    )
