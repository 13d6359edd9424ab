"""The record cannot be changed by what serves, and migrations do not take its guards away."""

import sqlite3
import subprocess
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from cases.apps import the_record_is_protected
from cases.models import LetterTemplate, ProcedureVersion, RecordedEvent
from cases.operations.procedures import begin_draft, change_draft
from cases.rules.roles import Role
from cases.triggers import APPEND_ONLY, AS_ISSUED, PUBLISHED, missing_triggers, remove_triggers
from complaints_site.tests.servers import free_port, redis_server
from complaints_site.tests.test_guard import BEAT, WORKER, web

INSIDE = "cases.tests.background.inside"
ROLE = "complaints_app"

TABLES = {*APPEND_ONLY, *AS_ISSUED, PUBLISHED}
PROTECTED = [model for model in apps.get_models() if model._meta.db_table in TABLES]

NEW_LETTER = (
    "INSERT OR REPLACE INTO cases_restrictionletter (id, restriction_id, number, record_id, "
    "message_id, channel, to_name, to_address, letter_format, body, sender, signed, issued_at, "
    "issued_by_id) SELECT id + 1000, NAMES, channel, to_name, to_address, letter_format, '', "
    "sender, signed, issued_at, issued_by_id FROM cases_restrictionletter"
)
ON_SQLITE = [
    "UPDATE cases_recordedevent SET facts = '{}'",
    "UPDATE OR IGNORE cases_recordedevent SET facts = '{}'",
    "DELETE FROM cases_recordedevent",
    "INSERT OR REPLACE INTO cases_recordedevent SELECT * FROM cases_recordedevent",
    "REPLACE INTO cases_recordedevent SELECT * FROM cases_recordedevent",
    "INSERT INTO cases_recordedevent SELECT * FROM cases_recordedevent WHERE true "
    "ON CONFLICT (id) DO UPDATE SET facts = '{}'",
    "UPDATE cases_anchor SET hash = ''",
    "DELETE FROM cases_anchor",
    "UPDATE cases_calendaredition SET holidays = '{}'",
    "UPDATE cases_procedureversion SET terms_words = '{}'",
    "DELETE FROM cases_procedureversion",
    "INSERT OR REPLACE INTO cases_procedureversion SELECT * FROM cases_procedureversion",
    "INSERT OR REPLACE INTO cases_procedureversion "
    "(id, procedure_id, number, effective_on, terms_words, published_at, published_by_id) "
    "SELECT id + 1000, procedure_id, number, effective_on, '{}', published_at, published_by_id "
    "FROM cases_procedureversion",
    "REPLACE INTO cases_anchor SELECT * FROM cases_anchor",
    "REPLACE INTO cases_calendaredition SELECT * FROM cases_calendaredition",
    "UPDATE cases_restrictionletter SET body = ''",
    "UPDATE OR REPLACE cases_restrictionletter SET id = id + 1000",
    "DELETE FROM cases_restrictionletter",
    "REPLACE INTO cases_restrictionletter SELECT * FROM cases_restrictionletter",
    # Each of these takes one of the names of a letter that is there.
    NEW_LETTER.replace("NAMES", "restriction_id, number, record_id + 1000, message_id + 1000"),
    NEW_LETTER.replace("NAMES", "restriction_id, number + 1000, record_id, message_id + 1000"),
    NEW_LETTER.replace("NAMES", "restriction_id, number + 1000, record_id + 1000, message_id"),
]
ON_POSTGRESQL = [
    "UPDATE cases_recordedevent SET facts = '{}'",
    "DELETE FROM cases_recordedevent",
    "TRUNCATE cases_recordedevent CASCADE",
    "INSERT INTO cases_recordedevent SELECT * FROM cases_recordedevent "
    "ON CONFLICT (id) DO UPDATE SET facts = '{}'",
    "ALTER TABLE cases_recordedevent DISABLE TRIGGER ALL",
    "DROP TRIGGER cases_recordedevent_no_update ON cases_recordedevent",
    "DROP TABLE cases_recordedevent CASCADE",
    "SET session_replication_role = replica",
    "UPDATE cases_anchor SET hash = ''",
    "DELETE FROM cases_anchor",
    "TRUNCATE cases_anchor",
    "UPDATE cases_calendaredition SET holidays = '{}'",
    "UPDATE cases_procedureversion SET terms_words = '{}'",
    "DELETE FROM cases_procedureversion",
    "TRUNCATE cases_procedureversion CASCADE",
    "UPDATE cases_restrictionletter SET body = ''",
    "UPDATE cases_restrictionletter SET id = id + 1000",
    "DELETE FROM cases_restrictionletter",
    "TRUNCATE cases_restrictionletter",
    "CREATE OR REPLACE FUNCTION cases_refuse_change() RETURNS trigger LANGUAGE plpgsql "
    "AS 'BEGIN RETURN NULL; END'",
]


SEEDED = [
    f"SELECT * FROM {table} ORDER BY id"  # noqa: S608  our own names
    for table in ("cases_recordedevent", "cases_restrictionletter")
]


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL replaces nothing so")
def test_a_version_of_what_belongs_to_no_procedure_is_not_replaced_either(house):
    made = LetterTemplate.objects.create(
        letter="compliment",
        number=1,
        text="Thank you.",
        made_at=timezone.now(),
        made_by=house[Role.SYSTEM_ADMINISTRATOR],
    )
    columns = [f.column for f in LetterTemplate._meta.concrete_fields if f.name != "id"]
    given = ", ".join("'Other.'" if name == "text" else name for name in columns)

    with pytest.raises(DatabaseError, match="never changed"), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT OR REPLACE INTO cases_lettertemplate ({', '.join(columns)}) "  # noqa: S608  our own
            f"SELECT {given} FROM cases_lettertemplate WHERE id = {made.pk}"
        )


@pytest.mark.one_database
@pytest.mark.promise("P10")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL replaces nothing so")
@pytest.mark.parametrize("taken", ["id", "number"])
def test_a_draft_does_not_push_a_published_version_out(house, taken):
    [version] = ProcedureVersion.objects.filter(procedure__code="code-2024")
    by, now = house[Role.SYSTEM_ADMINISTRATOR], timezone.now()
    draft = begin_draft(version_id=version.pk, by=by, now=now)
    statement = f"UPDATE OR REPLACE cases_procedureversion SET {taken} = %s WHERE id = %s"  # noqa: S608  our own

    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [getattr(version, taken), draft.pk])

    change_draft(procedure_id=version.procedure_id, change=dict, by=by, now=now, seen=None)
    assert ProcedureVersion.objects.get(pk=version.pk).is_published


def _as_server(site):
    """Return a function that runs a statement as the role that serves."""
    if site.is_sqlite:

        def run(statement):
            with sqlite3.connect(site.database_file, timeout=20) as database:
                database.execute(statement)
            database.close()

        return run, ON_SQLITE, sqlite3.DatabaseError
    parts = urlsplit(site.database_url)
    address = urlunsplit(parts._replace(netloc=f"{ROLE}@{parts.hostname}:{parts.port}"))

    def run(statement):
        with psycopg.connect(address) as database:
            database.execute(statement)

    return run, ON_POSTGRESQL, psycopg.Error


def _let_role_in(site):
    """Create the serving role where the database has roles, and migrate for it."""
    if not site.is_sqlite:
        with psycopg.connect(site.database_url, autocommit=True) as database:
            known = database.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            if known.fetchone() is None:
                database.execute(f"CREATE ROLE {ROLE} LOGIN")
    site.settings["DATABASE_APP_ROLE"] = ROLE
    site.manage("migrate", "--verbosity", "0")


@pytest.mark.servers
@pytest.mark.promise("P10")
def test_nothing_that_the_serving_role_can_say_changes_the_record(install):
    site = install()
    _let_role_in(site)
    hand = site.hand()
    hand.call(f"{INSIDE}:seed_sealed_complaints", count=2)
    hand.call(f"{INSIDE}:seed_restriction_letter")
    run, statements, refused = _as_server(site)
    before = [site.rows(each) for each in SEEDED]

    for statement in statements:
        with pytest.raises(refused):
            run(statement)

    assert [] not in before
    assert [site.rows(each) for each in SEEDED] == before
    site.manage("verify_record")
    print(f"PROMISE P10 PASS refused={len(statements)} tampered=0")  # noqa: T201  result line


@pytest.mark.servers
def test_the_serving_role_can_do_all_of_its_own_work(install):
    site = install()
    _let_role_in(site)
    hand = site.hand()
    hand.call(f"{INSIDE}:seed_sealed_complaints", count=1)
    hand.kill()
    if not site.is_sqlite:
        site.database_url = site.database_url.replace("owner@", f"{ROLE}@")

    site.hand().call(f"{INSIDE}:work_a_day")

    assert site.rows("SELECT COUNT(*) FROM cases_alert") != [(0,)]
    site.manage("verify_record")


@pytest.mark.servers
@pytest.mark.promise("P10")
def test_without_its_triggers_nothing_starts_until_migrating_has_put_them_back(install):
    with redis_server() as broker:
        site = install(REDIS_URL=broker.url)
        site.run(*("DROP TRIGGER " + each for each in _some_triggers(site)))
        programs = {"web": web(free_port()), "worker": WORKER, "beat": BEAT}
        started = {name: site.start(*program, log=name) for name, program in programs.items()}
        ended = {name: process.wait(60) for name, process in started.items()}
        checked = site.manage("check", "--deploy", check=False)
        verified = site.manage("verify_record", check=False)

        site.manage("migrate", "--verbosity", "0")

        again = site.start(*WORKER, log="again")
        site.manage("verify_record")
        repaired = site.manage("check", "--deploy", check=False)
        with pytest.raises(subprocess.TimeoutExpired):
            again.wait(5)

    told = "Triggers that protect the record are missing: cases_anchor_no_delete, cases_recorded"
    assert 0 not in ended.values()
    assert [name for name in programs if told not in site.said(name)] == []
    assert told in checked.stderr
    assert "cases.E001" in checked.stderr
    assert "cases.E001" not in repaired.stderr
    assert verified.returncode == 1


def _some_triggers(site):
    """Return triggers of two tables, as a statement that drops them names them."""
    names = {"cases_recordedevent_no_update": "cases_recordedevent"}
    names["cases_anchor_no_delete"] = "cases_anchor"
    return names if site.is_sqlite else [f"{name} ON {table}" for name, table in names.items()]


@pytest.mark.promise("P10")
def test_without_triggers_the_record_can_be_changed(house):
    """The negative control: what is refused is refused by the triggers."""
    complaint = house.lodge()
    events = RecordedEvent.objects.filter(complaint=complaint)
    with pytest.raises(IntegrityError), transaction.atomic():
        events.update(facts={})

    remove_triggers(connection)

    assert events.update(facts={}) == 2
    assert {error.id for error in the_record_is_protected(None)} == {"cases.E001"}


@pytest.mark.promise("P10")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", PROTECTED, ids=lambda model: model.__name__)
@pytest.mark.parametrize("change", ["AddField", "AlterField"])
def test_a_migration_that_rebuilds_a_table_leaves_its_triggers_in_place(model, change):
    operation = _change(model, change)
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    operation.state_forwards("cases", after)
    assert missing_triggers(connection) == set()

    with connection.schema_editor() as editor:
        operation.database_forwards("cases", editor, before, after)
    lost = missing_triggers(connection)
    call_command("migrate", verbosity=0)
    kept = missing_triggers(connection)
    with connection.schema_editor() as editor:
        operation.database_backwards("cases", editor, after, before)
    call_command("migrate", verbosity=0)

    assert kept == missing_triggers(connection) == set()
    # SQLite forgets them: without what `migrate` does at its end they would be gone.
    assert bool(lost) is (connection.vendor == "sqlite")


def _change(model, change):
    """Return a change of the model's table for which SQLite builds the table anew."""
    name = model._meta.model_name
    if change == "AddField":
        return migrations.AddField(name, "added", models.CharField(max_length=7, default=""))
    field = next(f for f in model._meta.concrete_fields if isinstance(f, models.DateTimeField))
    return migrations.AlterField(name, field.name, models.DateTimeField(null=not field.null))
