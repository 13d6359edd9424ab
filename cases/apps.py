"""The complaints app: installs the triggers after every migration and looks for them."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections
from django.db.models.signals import post_migrate

from cases.search_indexes import install_search_indexes
from cases.triggers import APPEND_ONLY, install_triggers, unprotected


def protect_the_record(using: str, **_: Any) -> None:
    """Install the triggers, and on PostgreSQL give the serving role no more than it needs."""
    connection = connections[using]
    there = connection.introspection.table_names()
    if "cases_recordedevent" not in there:
        return
    install_triggers(connection)
    install_search_indexes(connection)
    role = settings.DATABASE_APP_ROLE
    if connection.vendor == "postgresql" and role:
        quoted = connection.ops.quote_name(role)
        kept = ", ".join(each for each in APPEND_ONLY if each in there)
        with connection.cursor() as cursor:
            for statement in (
                f"GRANT USAGE ON SCHEMA public TO {quoted}",
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}",
                f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
                f"REVOKE UPDATE, DELETE, TRUNCATE ON {kept} FROM {quoted}",
            ):
                cursor.execute(statement)


@register(Tags.security, deploy=True)
def the_record_is_protected(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Tell in `check --deploy` of a database whose record could be changed without trace.

    No check of every day: those `migrate` makes before it begins, which would then never repair it.
    """
    try:
        words = unprotected(connections["default"])
    except DatabaseError:
        return [Error("The database does not answer.", id="cases.E002")]
    return [Error(words, id="cases.E001")] if words else []


class CasesConfig(AppConfig):
    """The landlord, its staff, its customers, complaints and their procedure."""

    name = "cases"
    verbose_name = "Complaints"

    def ready(self) -> None:
        """Protect the record after every migration."""
        post_migrate.connect(protect_the_record, dispatch_uid="cases.protect_the_record")
