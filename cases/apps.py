"""The complaints app: installs the triggers after every migration and looks for them."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.models.signals import post_migrate

from cases.search_indexes import install_search_indexes
from cases.triggers import APPEND_ONLY, install_triggers, missing_triggers


def protect_the_record(using: str, **_: Any) -> None:
    """Install the triggers, and on PostgreSQL give the serving role no more than it needs."""
    connection = connections[using]
    if "cases_recordedevent" not in connection.introspection.table_names():
        return
    install_triggers(connection)
    install_search_indexes(connection)
    role = settings.DATABASE_APP_ROLE
    if connection.vendor == "postgresql" and role:
        quoted = connection.ops.quote_name(role)
        with connection.cursor() as cursor:
            for statement in (
                f"GRANT USAGE ON SCHEMA public TO {quoted}",
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}",
                f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
                f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(APPEND_ONLY)} FROM {quoted}",
            ):
                cursor.execute(statement)


@register(Tags.database)
def the_record_is_protected(
    app_configs: Any, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Refuse to go on with a database whose record could be changed without trace."""
    found: list[CheckMessage] = []
    for name in databases or []:
        connection = connections[name]
        if "cases_recordedevent" not in connection.introspection.table_names():
            continue
        if missing := missing_triggers(connection):
            found.append(
                Error(
                    f"Triggers that protect the record are missing: {', '.join(sorted(missing))}.",
                    hint="Run `manage.py migrate`, which installs them.",
                    id="cases.E001",
                )
            )
    return found


class CasesConfig(AppConfig):
    """The landlord, its staff, its customers, complaints and their procedure."""

    name = "cases"
    verbose_name = "Complaints"

    def ready(self) -> None:
        """Protect the record after every migration."""
        post_migrate.connect(protect_the_record, dispatch_uid="cases.protect_the_record")
