"""What makes searching fast: a full-text table on SQLite, a vector with its index on PostgreSQL.

Neither is known to Django. They are put in place after every `migrate`, as SQLite forgets the
triggers of a table whenever Django rebuilds it, and then they are filled anew.
"""

from contextlib import suppress

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "cases_searchentry"
COLUMNS = ("names", "words", "notes", "places")
# The full-text table of SQLite, and the column of PostgreSQL.
FULL_TEXT_TABLE = f"{TABLE}_fts"
VECTOR = "vector"
# The words of names, and their index by threes of letters.
NAME_WORDS = "cases_nameword"
TRIGRAMS = f"{NAME_WORDS}_alike"

# The vector is stored, so that words in a row can be told without reading the text again. The
# list of entries that wait to be merged into the index is kept short: searches read all of it.
_POSTGRESQL = (
    f"""
    ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS {VECTOR} tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple'::regconfig, names), 'A') ||
        setweight(to_tsvector('english'::regconfig, words), 'B') ||
        setweight(to_tsvector('english'::regconfig, notes), 'C') ||
        to_tsvector('simple'::regconfig, places)
    ) STORED
    """,
    # How frequent a word is decides how it is looked for, so that is known of rarer words too.
    f"ALTER TABLE {TABLE} ALTER COLUMN {VECTOR} SET STATISTICS 500",
    f"""
    CREATE INDEX IF NOT EXISTS {TABLE}_{VECTOR} ON {TABLE} USING gin ({VECTOR})
    WITH (gin_pending_list_limit = 256)
    """,
)
# Every word of a name or an address, once: names are few beside the complaints that have them.
# A word that has gone from the entries stays until they are written anew: it finds nothing.
_ADD_WORDS = f"""
    INSERT INTO {NAME_WORDS} (word)
    SELECT DISTINCT part.word FROM {{entries}}, unnest(string_to_array(names, ' ')) AS part(word)
    WHERE part.word ~ '^[[:alpha:]]{{{{3,60}}}}$'
    AND NOT EXISTS (SELECT 1 FROM {NAME_WORDS} AS known WHERE known.word = part.word)
    ORDER BY part.word ON CONFLICT DO NOTHING
"""  # noqa: S608  our own names
_TRIGRAMS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"CREATE TABLE IF NOT EXISTS {NAME_WORDS} (word text PRIMARY KEY)",
    f"""
    CREATE OR REPLACE FUNCTION {NAME_WORDS}_add() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {_ADD_WORDS.format(entries="written")};
        RETURN NULL;
    END $$
    """,
    *(
        f"""
        CREATE OR REPLACE TRIGGER {NAME_WORDS}_after_{act} AFTER {act} ON {TABLE}
        REFERENCING NEW TABLE AS written
        FOR EACH STATEMENT EXECUTE FUNCTION {NAME_WORDS}_add()
        """
        for act in ("INSERT", "UPDATE")
    ),
    _ADD_WORDS.format(entries=TABLE),
    f"CREATE INDEX IF NOT EXISTS {TRIGRAMS} ON {NAME_WORDS} USING gin (word gin_trgm_ops)",
    f"ANALYZE {NAME_WORDS}",
    # Whole names were compared once.
    f"DROP INDEX IF EXISTS {TABLE}_alike, {TABLE}_trigrams",
)


def install_search_indexes(connection: BaseDatabaseWrapper) -> None:
    """Put in place what is missing, and fill it."""
    if connection.vendor == "sqlite":
        _install_sqlite(connection)
    else:
        _install_postgresql(connection)


def has_trigrams(connection: BaseDatabaseWrapper) -> bool:
    """Say whether the database can find names that are spelt like another."""
    return connection.vendor == "postgresql" and _has_index(connection, TRIGRAMS)


def forget_name_words(connection: BaseDatabaseWrapper) -> None:
    """Forget every word of a name, before the entries are written anew and bring theirs back."""
    if has_trigrams(connection):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {NAME_WORDS}")  # noqa: S608  our own name


def _has_index(connection: BaseDatabaseWrapper, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        return bool(cursor.fetchone()[0])


def _install_postgresql(connection: BaseDatabaseWrapper) -> None:
    # Not again when it is there: a change of the table waits for everybody who uses it.
    if not _has_index(connection, f"{TABLE}_{VECTOR}"):
        with connection.cursor() as cursor:
            for statement in _POSTGRESQL:
                cursor.execute(statement)
    if has_trigrams(connection):
        return
    # The extension is not installed everywhere, and not everybody may add it. Without it names
    # are found that begin alike.
    with (
        suppress(DatabaseError),
        transaction.atomic(using=connection.alias),
        connection.cursor() as cursor,
    ):
        for statement in _TRIGRAMS:
            cursor.execute(statement)


def _install_sqlite(connection: BaseDatabaseWrapper) -> None:
    columns, new, old = (
        ", ".join(f"{prefix}{column}" for column in COLUMNS) for prefix in ("", "NEW.", "OLD.")
    )
    add = (
        f"INSERT INTO {FULL_TEXT_TABLE}(rowid, {columns}) "  # noqa: S608  our own names
        f"VALUES (NEW.complaint_id, {new});"
    )
    take = (
        f"INSERT INTO {FULL_TEXT_TABLE}({FULL_TEXT_TABLE}, rowid, {columns}) "  # noqa: S608
        f"VALUES ('delete', OLD.complaint_id, {old});"
    )
    bodies = {"insert": add, "delete": take, "update": f"{take} {add}"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE %s", [f"{FULL_TEXT_TABLE}%"])
        there = {row[0] for row in cursor.fetchall()}
        if {FULL_TEXT_TABLE, *(f"{FULL_TEXT_TABLE}_{kind}" for kind in bodies)} <= there:
            return
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {FULL_TEXT_TABLE} USING fts5({columns}, "
            f"content='{TABLE}', content_rowid='complaint_id', prefix='3 4', "
            "tokenize='porter unicode61')"
        )
        for kind, body in bodies.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {FULL_TEXT_TABLE}_{kind}")
            cursor.execute(
                f"CREATE TRIGGER {FULL_TEXT_TABLE}_{kind} AFTER {kind.upper()} ON {TABLE} "
                f"BEGIN {body} END"
            )
        rebuild = f"INSERT INTO {FULL_TEXT_TABLE}({FULL_TEXT_TABLE}) VALUES ('rebuild')"  # noqa: S608
        cursor.execute(rebuild)
