"""What the forms sent lately say about one that is being sent now.

The forms themselves are counted, by index and no further than the limit: there is no counter
beside them that could be lost, be reset, or be away.
"""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import Coalesce

from cases.models import StoredFile
from feedback.models import FormFile, Submission
from feedback.rules import abuse
from feedback.rules.told import Told


def seen_of(
    told: Told,
    *,
    source: str,
    email_hash: str,
    text_hash: str,
    began_at: datetime,
    is_trapped: bool,
    now: datetime,
) -> abuse.Seen:
    """Return what is known of a form that is being sent. One query."""
    counted = _counted(
        (now - abuse.SOURCE_WINDOW, abuse.SOURCE_QUARANTINE, "source", source),
        (now - abuse.EMAIL_WINDOW, abuse.EMAIL_QUARANTINE, "email_hash", email_hash),
        (now - abuse.SITE_WINDOW, abuse.SITE_FRICTION, "", ""),
        (now - abuse.SAME_WORDS_WINDOW, abuse.SAME_WORDS_QUARANTINE, "text_hash", text_hash),
    )
    from_source, with_email, on_site, same_words = counted
    return abuse.Seen(
        is_trapped=is_trapped,
        took=now - began_at,
        from_source=from_source,
        with_email=with_email if email_hash else 0,
        on_site=on_site,
        same_words=same_words,
        links=abuse.links_in(told.all_words),
    )


Count = tuple[datetime, int, str, str]


def _counted(*counts: Count) -> list[int]:
    """Return how many forms were sent since an instant, up to a number, for each of `counts`.

    Each names the column that has to be as in the form being sent; "" counts all. Together they
    are one statement, which the ORM has no words for: each stops at its own number.
    """
    quote, table = connection.ops.quote_name, Submission._meta.db_table
    parts: list[str] = []
    params: list[Any] = []
    for since, limit, name, value in counts:
        which = f"{quote(table)}.{quote(name)} = %s AND " if name else ""
        parts.append(
            f"(SELECT COUNT(*) FROM (SELECT 1 FROM {quote(table)} WHERE {which}"  # noqa: S608
            f"{quote(table)}.{quote('received_at')} > %s LIMIT {limit}) AS recent)"
        )
        params += [value] if name else []
        params.append(connection.ops.adapt_datetimefield_value(since))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        found: list[int] = list(cursor.fetchone())
    return found


def is_busy(now: datetime) -> bool:
    """Say whether more forms came in the last hour than usual."""
    [on_site] = _counted((now - abuse.SITE_WINDOW, abuse.SITE_FRICTION, "", ""))
    return on_site >= abuse.SITE_FRICTION


def may_add_files(source: str, *, count: int, size: int, now: datetime) -> bool:
    """Say whether so many more files, of so many bytes together, may come from one source.

    Files that were removed again count for nothing; those of other people there do.
    """
    recent = FormFile.objects.filter(source=source, added_at__gt=now - abuse.SOURCE_WINDOW)
    files = StoredFile.objects.filter(pk__in=recent.values("file"))
    sums = files.aggregate(bytes=Coalesce(Sum("size"), 0))
    return (
        recent.count() + count <= abuse.FILES_AN_HOUR
        and sums["bytes"] + size <= abuse.FILE_BYTES_AN_HOUR
    )
