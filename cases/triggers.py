"""Database triggers that keep the record as it was written, on SQLite and on PostgreSQL.

SQLite forgets the triggers of a table whenever Django rebuilds it in a migration, so they are
installed after every `migrate`. Nothing starts to serve or to work without them, and
`check --deploy` looks for them; `migrate` itself does not, because it is what puts them back.
"""

from collections.abc import Collection, Iterable

from django.db.backends.base.base import BaseDatabaseWrapper

# Tables to which rows are only ever added, with the columns that name a row.
APPEND_ONLY = {
    "cases_recordedevent": ("complaint_id", "number"),
    "cases_anchor": ("day",),
    "cases_calendaredition": ("id",),
    "cases_settingschange": ("id",),
    "cases_caseview": ("id",),
    "cases_caselook": ("id",),
    "cases_restrictionrecord": ("id",),
    "cases_lettertemplate": ("procedure_id", "letter", "language", "number"),
}
# Tables of letters, with what names one and the columns of what was issued: nobody writes either
# anew, and no letter goes. The other columns tell what becomes of it.
AS_ISSUED = {
    "cases_restrictionletter": (
        (("id",), ("restriction_id", "number"), ("record_id",), ("message_id",)),
        ("body", "sender", "signed", "to_name", "issued_at"),
    )
}
# A published version of a procedure may not change; a draft may. Either of these names a version.
PUBLISHED = "cases_procedureversion"
NAMES_A_VERSION = (("id",), ("procedure_id", "number"))

_FUNCTION = """
CREATE OR REPLACE FUNCTION cases_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is recorded in % is never changed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def trigger_names(vendor: str) -> set[str]:
    """Return the names of the triggers that a database of this kind must have."""
    kinds = ("delete", "replace" if vendor == "sqlite" else "truncate")
    names = {f"{table}_no_{kind}" for table in APPEND_ONLY for kind in ("update", *kinds)}
    names |= {f"{table}_no_{kind}" for table in AS_ISSUED for kind in ("rewriting", *kinds)}
    over = ("replace", "overtake") if vendor == "sqlite" else ("truncate",)
    return names | {f"{PUBLISHED}_no_{kind}" for kind in ("update", "delete", *over)}


def install_triggers(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place that is missing or out of date.

    A table that is not there has none: whoever goes back to an earlier release takes some away.
    """
    there = set(connection.introspection.table_names())
    statements = _sqlite(there) if connection.vendor == "sqlite" else _postgresql(there)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove_triggers(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away, which only tests that empty their database may do."""
    with connection.cursor() as cursor:
        for name in trigger_names(connection.vendor):
            table = name.rsplit("_no_", 1)[0]
            on = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing_triggers(connection: BaseDatabaseWrapper) -> set[str]:
    """Return the names of the triggers that should be there and are not."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgenabled = 'A' AND NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {row[0] for row in cursor.fetchall()}
    return trigger_names(connection.vendor) - found


def unprotected(connection: BaseDatabaseWrapper) -> str:
    """Return in words which triggers a database with a record lacks, or nothing.

    One without the table of the record was not migrated yet, and has nothing to protect.
    """
    if "cases_recordedevent" not in connection.introspection.table_names():
        return ""
    names = ", ".join(sorted(missing_triggers(connection)))
    return names and (
        f"Triggers that protect the record are missing: {names}. Run `manage.py migrate`, which "
        "installs them."
    )


def _as_issued(table: str) -> list[str]:
    """Return the columns of a letter that stay as they were when it was issued."""
    names, columns = AS_ISSUED[table]
    return [column for name in names for column in name] + list(columns)


def _of(tables: Iterable[str], there: Collection[str]) -> list[str]:
    return [each for each in tables if each in there]


def _sqlite(there: Collection[str]) -> list[str]:
    found = []
    for table in _of(APPEND_ONLY, there):
        columns = APPEND_ONLY[table]
        refuse = f"SELECT RAISE(ABORT, 'what is recorded in {table} is never changed');"
        found += _sqlite_trigger(f"{table}_no_update", f"BEFORE UPDATE ON {table}", refuse)
        found += _sqlite_trigger(f"{table}_no_delete", f"BEFORE DELETE ON {table}", refuse)
        # INSERT OR REPLACE removes the old row without firing the trigger on DELETE.
        # IS, because a name can have a part that is nothing.
        same = " AND ".join(f"{column} IS NEW.{column}" for column in columns)
        known = f"SELECT 1 FROM {table} WHERE id = NEW.id OR ({same})"  # noqa: S608  our own names
        before = f"BEFORE INSERT ON {table} WHEN EXISTS ({known})"
        found += _sqlite_trigger(f"{table}_no_replace", before, refuse)
    for table in _of(AS_ISSUED, there):
        names, _ = AS_ISSUED[table]
        refuse = f"SELECT RAISE(ABORT, 'what is recorded in {table} is never changed');"
        others = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in _as_issued(table))
        found += _sqlite_trigger(
            f"{table}_no_rewriting", f"BEFORE UPDATE ON {table} WHEN {others}", refuse
        )
        found += _sqlite_trigger(f"{table}_no_delete", f"BEFORE DELETE ON {table}", refuse)
        # With =, because a letter that is posted has no message.
        same = " OR ".join(
            f"({' AND '.join(f'{column} = NEW.{column}' for column in columns)})"
            for columns in names
        )
        known = f"SELECT 1 FROM {table} WHERE {same}"  # noqa: S608  our own names
        before = f"BEFORE INSERT ON {table} WHEN EXISTS ({known})"
        found += _sqlite_trigger(f"{table}_no_replace", before, refuse)
    refuse = "SELECT RAISE(ABORT, 'a published procedure is never changed');"
    for kind in ("update", "delete"):
        when = f"BEFORE {kind.upper()} ON {PUBLISHED} WHEN OLD.published_at IS NOT NULL"
        found += _sqlite_trigger(f"{PUBLISHED}_no_{kind}", when, refuse)
    # Neither a new row nor a draft that takes its name may push a published version out.
    same = " OR ".join(
        f"({' AND '.join(f'{column} IS NEW.{column}' for column in columns)})"
        for columns in NAMES_A_VERSION
    )
    known = f"SELECT 1 FROM {PUBLISHED} WHERE published_at IS NOT NULL AND ({same})"  # noqa: S608  our own names
    when = f"BEFORE INSERT ON {PUBLISHED} WHEN EXISTS ({known})"
    found += _sqlite_trigger(f"{PUBLISHED}_no_replace", when, refuse)
    when = f"BEFORE UPDATE ON {PUBLISHED} WHEN EXISTS ({known} AND id IS NOT OLD.id)"
    found += _sqlite_trigger(f"{PUBLISHED}_no_overtake", when, refuse)
    return found


def _sqlite_trigger(name: str, when: str, body: str) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {name}", f"CREATE TRIGGER {name} {when} BEGIN {body} END"]


def _postgresql(there: Collection[str]) -> list[str]:
    found = [_FUNCTION]
    for table in _of(APPEND_ONLY, there):
        for kind in ("update", "delete", "truncate"):
            each = "STATEMENT" if kind == "truncate" else "ROW"
            when = f"BEFORE {kind.upper()} ON {table} FOR EACH {each}"
            found += _postgresql_trigger(table, f"{table}_no_{kind}", when)
    for table in _of(AS_ISSUED, there):
        others = " OR ".join(
            f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _as_issued(table)
        )
        when = f"BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({others})"
        found += _postgresql_trigger(table, f"{table}_no_rewriting", when)
        when = f"BEFORE DELETE ON {table} FOR EACH ROW"
        found += _postgresql_trigger(table, f"{table}_no_delete", when)
        when = f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
        found += _postgresql_trigger(table, f"{table}_no_truncate", when)
    for kind in ("update", "delete"):
        when = (
            f"BEFORE {kind.upper()} ON {PUBLISHED} FOR EACH ROW WHEN (OLD.published_at IS NOT NULL)"
        )
        found += _postgresql_trigger(PUBLISHED, f"{PUBLISHED}_no_{kind}", when)
    when = f"BEFORE TRUNCATE ON {PUBLISHED} FOR EACH STATEMENT"
    found += _postgresql_trigger(PUBLISHED, f"{PUBLISHED}_no_truncate", when)
    return found


def _postgresql_trigger(table: str, name: str, when: str) -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION cases_refuse_change()",
        # Fires even for a session that plays the part of a replica.
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
    ]
