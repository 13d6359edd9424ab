"""Drafting, publishing and running procedures."""

import tomllib
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from cases.errors import ActionNotAllowed, ProcedureInvalid, SettingChanged
from cases.models import Adoption, Procedure, ProcedureVersion, SettingsChange, Thing
from cases.operations.procedures import (
    adopt_procedure,
    begin_draft,
    cancel_adoption,
    change_draft,
    discard_draft,
    publish_draft,
)
from cases.rules.procedure_drafts import PromiseTerms, with_promise
from cases.rules.procedure_files import read_shipped, terms_from
from cases.rules.procedure_text import procedure_text
from cases.rules.roles import Role
from cases.selectors.procedures import procedure_lines, unmet_needs
from cases.selectors.running import procedure_on
from cases.selectors.settings_history import last_change
from cases.tests.factories import MONDAY, ProcedureFactory
from cases.tests.settings.conftest import NOW

TODAY = NOW.date()
TOMORROW = date(2026, 6, 11)


@pytest.fixture
def code(house) -> Procedure:
    """Return the procedure that runs."""
    return Procedure.objects.get(code="code-2024")


@pytest.fixture
def draft(code, admin) -> ProcedureVersion:
    """Return a draft of it."""
    return begin_draft(version_id=code.versions.get().pk, by=admin, now=NOW)


def respond_in(code, by, days: int, *, seen=None) -> ProcedureVersion:
    """Promise the response of stage 1 within so many working days in the draft."""
    promise = PromiseTerms(f"{days} working days", False, True, 10)
    return change_draft(
        procedure_id=code.pk,
        change=lambda words: with_promise(words, "stage-1", "respond", promise),
        by=by,
        now=NOW,
        seen=seen,
    )


def publish(code, by, effective_on=TOMORROW, *, seen=None) -> ProcedureVersion:
    return publish_draft(procedure_id=code.pk, effective_on=effective_on, by=by, now=NOW, seen=seen)


def test_a_draft_begins_with_the_terms_of_a_version(draft):
    assert (draft.number, draft.is_published) == (2, False)
    assert draft.terms_words == read_shipped("code-2024")


def test_there_is_one_draft_at_a_time(draft, code, admin):
    with pytest.raises(ActionNotAllowed, match="draft of this procedure already"):
        begin_draft(version_id=code.versions.get(number=1).pk, by=admin, now=NOW)


def test_a_change_of_the_draft_is_noted_in_plain_words(draft, code, admin):
    respond_in(code, admin, 8)

    assert SettingsChange.objects.latest("pk").lines == [
        ("Stage 1, respond in full", "10 working days", "8 working days")
    ]


def test_a_draft_that_contradicts_itself_is_refused_and_stays_as_it_was(draft, code, admin):
    with pytest.raises(ProcedureInvalid, match="backwards"):
        respond_in(code, admin, -8)

    draft.refresh_from_db()
    assert draft.terms_words == read_shipped("code-2024")


def test_a_draft_changed_meanwhile_is_not_overwritten_unseen(draft, code, admin):
    seen = last_change(Thing.PROCEDURE, code.code)
    respond_in(code, admin, 8)

    with pytest.raises(SettingChanged):
        respond_in(code, admin, 7, seen=seen)
    with pytest.raises(SettingChanged):
        publish(code, admin, seen=seen)


def test_a_draft_thrown_away_leaves_a_line(draft, code, admin):
    discard_draft(procedure_id=code.pk, by=admin, now=NOW)

    assert code.versions.count() == 1
    with pytest.raises(ActionNotAllowed, match="no draft"):
        discard_draft(procedure_id=code.pk, by=admin, now=NOW)
    with pytest.raises(ActionNotAllowed, match="no draft"):
        publish(code, admin)


def test_nothing_different_is_not_published(draft, code, admin):
    with pytest.raises(ActionNotAllowed, match="Nothing is different"):
        publish(code, admin)


def test_a_version_never_begins_before_the_one_before(draft, code, admin):
    respond_in(code, admin, 8)

    with pytest.raises(ActionNotAllowed, match="Choose a later day"):
        publish(code, admin, date(2000, 1, 1))


def test_a_running_procedure_never_changes_for_complaints_received_already(
    house, draft, code, admin
):
    house.lodge(on=MONDAY)
    respond_in(code, admin, 8)

    with pytest.raises(ActionNotAllowed, match="in the future"):
        publish(code, admin, MONDAY)

    assert publish(code, admin, date(2026, 6, 9)).effective_on == date(2026, 6, 9)


def test_a_complaint_keeps_its_version_for_life(house, draft, code, admin):
    old = house.lodge(on=MONDAY)
    respond_in(code, admin, 8)
    publish(code, admin)

    new = house.lodge(on=TOMORROW)
    late = house.lodge(on=MONDAY)

    old.refresh_from_db()
    assert (old.procedure_version.number, new.procedure_version.number) == (1, 2)
    assert late.procedure_version.number == 1
    assert old.deadlines.get(code="respond").period == "10 working days"
    assert new.deadlines.get(code="respond").period == "8 working days"


def test_what_is_published_never_changes_again(draft, code, admin):
    respond_in(code, admin, 8)
    version = publish(code, admin)

    with pytest.raises(ActionNotAllowed, match="no draft"):
        respond_in(code, admin, 9)
    with pytest.raises(DatabaseError), transaction.atomic():
        ProcedureVersion.objects.filter(pk=version.pk).update(number=9)


def test_publishing_says_what_was_different_from_when(draft, code, admin):
    respond_in(code, admin, 8)
    publish(code, admin)

    change = SettingsChange.objects.latest("pk")
    assert change.act == "Version 2 published"
    assert change.lines == [
        ("In force from", "", "11 June 2026"),
        ("Stage 1, respond in full", "10 working days", "8 working days"),
    ]


def test_a_changed_version_is_exported_and_read_back_as_it_is(draft, code, admin):
    version = respond_in(code, admin, 8)

    words = tomllib.loads(procedure_text(version.terms_words))

    assert words == version.terms_words
    assert terms_from(words) == version.terms


def test_another_procedure_runs_from_its_day_on(house, code, admin):
    other = Procedure.objects.get(code="herefordshire")

    adopt_procedure(procedure_id=other.pk, from_on=TOMORROW, by=admin, now=NOW)

    assert procedure_on(TODAY) == code
    assert procedure_on(TOMORROW) == other
    assert house.lodge(on=TOMORROW).procedure_version.procedure == other
    assert SettingsChange.objects.get().lines == [("Procedure", code.name, other.name)]


@pytest.mark.parametrize(
    ("which", "from_on", "words"),
    [
        ("code-2024", TOMORROW, "runs on that day already"),
        ("herefordshire", date(2000, 1, 1), "begins on"),
        ("herefordshire", MONDAY, "in the future"),
    ],
    ids=["runs already", "taken day", "complaints affected"],
)
def test_a_procedure_that_cannot_run_then_is_refused(house, code, admin, which, from_on, words):
    house.lodge(on=MONDAY)

    with pytest.raises(ActionNotAllowed, match=words):
        adopt_procedure(
            procedure_id=Procedure.objects.get(code=which).pk, from_on=from_on, by=admin, now=NOW
        )

    assert Adoption.objects.count() == 1


def test_a_procedure_without_a_published_version_cannot_run(house, admin):
    bare = ProcedureFactory(code="bare", name="Bare")

    with pytest.raises(ActionNotAllowed, match="No version"):
        adopt_procedure(procedure_id=bare.pk, from_on=TOMORROW, by=admin, now=NOW)


def test_what_has_not_begun_can_be_taken_back_once(house, code, admin):
    other = Procedure.objects.get(code="herefordshire")
    adopt_procedure(procedure_id=other.pk, from_on=TOMORROW, by=admin, now=NOW)

    cancel_adoption(from_on=TOMORROW, by=admin, now=NOW)

    assert procedure_on(TOMORROW) == code
    with pytest.raises(ActionNotAllowed, match="already"):
        cancel_adoption(from_on=TOMORROW, by=admin, now=NOW)
    with pytest.raises(ActionNotAllowed, match="runs already"):
        cancel_adoption(from_on=date(2000, 1, 1), by=admin, now=NOW)


def test_the_list_begins_with_the_procedure_that_runs(draft, code, admin):
    respond_in(code, admin, 8)
    publish(code, admin)

    line = procedure_lines(today=TODAY)[0]

    assert (line.procedure, line.is_running, line.version.number) == (code, True, 1)
    assert [version.number for version in line.coming] == [2]


def test_roles_that_nobody_holds_are_told(house, admin):
    house.people[Role.COMPLAINTS_COORDINATOR].grants.all().delete()

    assert [need.words for need in unmet_needs(today=TODAY)] == ["complaints coordinator"]
