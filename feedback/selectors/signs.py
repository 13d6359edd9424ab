"""What the forms sent lately say about one that is being sent now.

The forms themselves are counted, by index and no further than the limit: there is no counter
beside them that could be lost, be reset, or be away.
"""

from datetime import datetime, timedelta

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
    """Return what is known of a form that is being sent. At most four queries."""
    return abuse.Seen(
        is_trapped=is_trapped,
        took=now - began_at,
        from_source=_sent(now, abuse.SOURCE_WINDOW, abuse.SOURCE_QUARANTINE, source=source),
        with_email=(
            _sent(now, abuse.EMAIL_WINDOW, abuse.EMAIL_QUARANTINE, email_hash=email_hash)
            if email_hash
            else 0
        ),
        on_site=_sent(now, abuse.SITE_WINDOW, abuse.SITE_FRICTION),
        same_words=_sent(
            now, abuse.SAME_WORDS_WINDOW, abuse.SAME_WORDS_QUARANTINE, text_hash=text_hash
        ),
        links=abuse.links_in(told.all_words),
    )


def _sent(now: datetime, window: timedelta, limit: int, **which: str) -> int:
    """Return how many such forms were sent in the window before now, counted up to the limit."""
    recent = Submission.objects.filter(received_at__gt=now - window, **which)
    return recent.values("pk")[:limit].count()


def is_busy(now: datetime) -> bool:
    """Say whether more forms came in the last hour than usual."""
    return _sent(now, abuse.SITE_WINDOW, abuse.SITE_FRICTION) >= abuse.SITE_FRICTION


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
