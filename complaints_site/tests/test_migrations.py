"""A database is made in one step, comes to be what it was made in many, and keeps what it holds."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader

from cases.models import Deadline, Document, Letter, StoredFile
from cases.operations.documents import letter_document
from cases.operations.rebuild import rebuild_projections
from cases.operations.telling import Telling
from cases.rules.customers import LetterFormat
from cases.rules.lateness import Lateness
from cases.rules.roles import Role
from cases.tests.answering import acknowledge
from cases.tests.case_page.situations import Story
from cases.tests.fixtures import at
from cases.triggers import missing_triggers


@pytest.mark.one_database
def test_a_database_made_at_once_is_the_one_that_was_made_step_by_step():
    at_once = MigrationLoader(None)
    step_by_step = MigrationLoader(None, replace_migrations=False)

    made, came_to_be = at_once.project_state(), step_by_step.project_state()

    assert len(at_once.graph.nodes) < len(step_by_step.graph.nodes)
    assert made.models.keys() == came_to_be.models.keys()
    assert MigrationAutodetector(came_to_be, made)._detect_changes() == {}
    assert MigrationAutodetector(made, came_to_be)._detect_changes() == {}


def stored(table: str, *columns: str) -> list[tuple]:
    """Return what stands in a table, whatever the models have by now."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY id")  # noqa: S608  names of ours
        return cursor.fetchall()


def columns_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [each.name for each in connection.introspection.get_table_description(cursor, table)]


@pytest.mark.django_db(transaction=True)
def test_filled_tables_are_whole_after_the_migrations_from_0054_on(house):
    """None of 0054 to 0057 moves data: they add columns, constraints and an index.

    What the column of 0056 tells stands in the record, and is worked out from there as the guide to
    upgrades says.
    """
    tables = ("cases_letter", "cases_document", "cases_deadline")
    late = date(2026, 7, 6)
    why = Lateness("The surveyor was ill.", avoidable=True)
    story = Story(house, "code-2024")
    telling = Telling("post", "We have your complaint.")
    day = date(2026, 6, 9)
    story.act(acknowledge, Role.COMPLAINTS_COORDINATOR, day, on=day, telling=telling)
    story.answered(day=late, late=why)
    letter = Letter.objects.get(kind="acknowledgement")
    document = letter_document(letter, LetterFormat.STANDARD, now=at(late))
    [answered] = Deadline.objects.filter(state="met_late", avoidable="yes")

    call_command("migrate", "cases", "0053", verbosity=0)
    older = {table: columns_of(table) for table in tables}
    before = {table: stored(table, *older[table]) for table in tables}
    call_command("migrate", verbosity=0)

    assert all(before.values())
    assert {table: stored(table, *older[table]) for table in tables} == before
    new = {each for table in tables for each in set(columns_of(table)) - set(older[table])}
    assert new >= {"losses", "make_again_at", "encloses_policy", "avoidable"}
    for each in Letter.objects.all():
        assert (each.losses, each.make_again_at, each.encloses_policy) == (0, None, False)
    assert missing_triggers(connection) == set()

    answered.refresh_from_db()
    assert answered.avoidable == ""
    found = rebuild_projections(repair=True, progress=lambda done: None)
    answered.refresh_from_db()
    assert answered.avoidable == "yes"
    assert found.differences
    assert rebuild_projections(repair=False, progress=lambda done: None).differences == []

    # What 0055 and 0056 let in and keep out.
    other = StoredFile.objects.exclude(pk=document.file.pk)[0]
    policy = {
        "complaint": story.complaint, "letter": letter, "kind": "policy",
        "letter_format": document.letter_format, "made_at": at(late),
    }  # fmt: skip
    Document.objects.create(**policy, file=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(**{**policy, "kind": "letter"}, file=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.exclude(state="met_late").update(avoidable="no")
