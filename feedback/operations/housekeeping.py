"""Clearing what nobody sent: drafts after 30 days, files that belong to nothing after a day."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from cases.models import StoredFile
from cases.operations.files import remove_stored
from cases.operations.jobs import once
from cases.rules.periods import london_day
from feedback.models import Draft, FormFile, Submission
from feedback.operations.drafts import delete_draft
from feedback.operations.surveys import part_answers

KEEP_DRAFTS = timedelta(days=30)
KEEP_ORPHANS = timedelta(days=1)
# Where a form came from is of no use after that.
KEEP_SOURCES = timedelta(days=30)
# Rows dealt with in one transaction, and by one run; what is left is for the next.
CHUNK = 200
MOST = 5_000


def clear_up(*, now: datetime) -> str:
    """Clear what is over its time; return in words what was cleared. Once a day."""
    with transaction.atomic():
        is_first = once("feedback housekeeping", london_day(now).isoformat(), now)
    if not is_first:
        return ""
    cleared = {
        "drafts deleted": delete_drafts(now=now),
        "files removed": remove_orphans(now=now) + remove_strays(now=now),
        "sources forgotten": forget_sources(now=now),
        "rows of surveys written anew": part_answers(now=now),
    }
    return ", ".join(f"{count} {what}" for what, count in cleared.items() if count)


def delete_drafts(*, now: datetime) -> int:
    """Delete the drafts in which nothing was typed for 30 days, with their files."""
    old = Draft.objects.untouched_since(now - KEEP_DRAFTS)
    keys = list(old.order_by("pk").values_list("pk", flat=True)[:MOST])
    for key in keys:
        with transaction.atomic():
            # Somebody may have gone on with it just now.
            for draft in old.select_for_update(of=("self",)).filter(pk=key):
                delete_draft(draft)
    return len(keys)


def remove_orphans(*, now: datetime) -> int:
    """Remove stored files of no complaint, form, document or e-mail for a day."""
    owned_by_nothing = {
        "complaint__isnull": True,
        "form_file__isnull": True,
        "document__isnull": True,
        "mail_file__isnull": True,
        "held_copy__isnull": True,
    }
    orphans = StoredFile.objects.filter(stored_at__lt=now - KEEP_ORPHANS, **owned_by_nothing)
    keys = list(orphans.order_by("pk").values_list("pk", flat=True)[:MOST])
    for start in range(0, len(keys), CHUNK):
        with transaction.atomic():
            some = StoredFile.objects.filter(pk__in=keys[start : start + CHUNK])
            for file in some.filter(**owned_by_nothing):
                remove_stored(file)
    return len(keys)


def remove_strays(*, now: datetime) -> int:
    """Remove bytes on disk that for a day have had no row: of an upload that was cut short."""
    removed = 0
    batch: list[Path] = []
    for path in _old_files(now):
        batch.append(path)
        if len(batch) == CHUNK:
            removed += _remove_unknown(batch)
            batch = []
    return removed + _remove_unknown(batch)


def _old_files(now: datetime) -> Iterator[Path]:
    oldest_kept = (now - KEEP_ORPHANS).timestamp()
    for path in Path(settings.MEDIA_ROOT).glob("??/*"):
        if path.is_file() and path.stat().st_mtime < oldest_kept:
            yield path


def _remove_unknown(paths: list[Path]) -> int:
    names = [path.name for path in paths]
    known = set(StoredFile.objects.filter(key__in=names).values_list("key", flat=True))
    unknown = [path for path in paths if path.name not in known]
    for path in unknown:
        path.unlink(missing_ok=True)
    return len(unknown)


def forget_sources(*, now: datetime) -> int:
    """Forget where forms and files came from once it cannot tell abuse from use any more."""
    before = now - KEEP_SOURCES
    FormFile.objects.filter(added_at__lt=before).exclude(source="").update(source="")
    old = Submission.objects.filter(received_at__lt=before).exclude(source="")
    return old.update(source="", email_hash="")
