"""Notes for colleagues, and files."""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import Category, Complaint, Contractor, StoredFile, User
from cases.operations.files import check_upload, store_upload
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.events import EventKind


def add_note(
    *, complaint_id: int, by: User, now: datetime, words: str, on: date | None = None
) -> Complaint:
    """Add a note for colleagues. Never sent to the customer, who may ask for a copy.

    `on` is the day of what is noted, today when left out.

    :raises ReasonMissing: if it is empty.
    """
    if not words.strip():
        raise ReasonMissing("Write the note first.")
    with recording(complaint_id=complaint_id, act=Act.NOTE, by=by, now=now, seen=None) as case:
        case.add(EventKind.NOTED, on=on, words={"note": words})
    return case.complaint


def add_files(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    file_ids: Sequence[int],
    are_minutes: bool = False,
) -> Complaint:
    """Add stored files to the complaint: all of them, or none.

    :raises ActionNotAllowed: if they are minutes, and there was no hearing.
    """
    with recording(complaint_id=complaint_id, act=Act.ADD_FILE, by=by, now=now, seen=None) as case:
        held = [e.number for e in case.state.events if e.kind is EventKind.HEARING_HELD]
        if are_minutes and not held:
            raise ActionNotAllowed("No hearing is recorded of which these could be the minutes.")
        for key in file_ids:
            join_file(case, key, minutes_of=held[-1] if are_minutes else 0)
    return case.complaint


def add_copy(
    *, complaint_id: int, by: User, now: datetime, upload: "UploadedFile[Any]"
) -> StoredFile:
    """Add what was written elsewhere to the files of the complaint, and return it.

    The same bytes sent again, by a second click or after a mistake in the form, are added once.

    :raises FileRefused: if it may not be taken.
    """
    check_upload(upload)
    upload.seek(0)
    digest = sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    there = StoredFile.objects.filter(complaint=complaint_id, sha256=digest.hexdigest())
    if (known := there.order_by("pk").first()) is not None:
        return known
    file = store_upload(upload, by=by, now=now)
    add_files(complaint_id=complaint_id, by=by, now=now, file_ids=[file.pk])
    return file


def join_file(case: CaseFile, key: int, *, minutes_of: int = 0) -> None:
    """Add a stored file to the complaint; `minutes_of` is the hearing whose minutes it is."""
    file = StoredFile.objects.get(pk=key, complaint__isnull=True)
    file.complaint = case.complaint
    file.save(update_fields=["complaint"])
    hearing = {"target": minutes_of} if minutes_of else {}
    case.add(EventKind.FILE_ADDED, facts={"file": file.pk, "sha256": file.sha256, **hearing})


def change_details(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    category_id: int | None,
    contractor_id: int | None = None,
    summary: str,
    desired_outcome: str,
    reason: str,
) -> Complaint:
    """Change how a complaint is sorted and worded; what was received first stays in the record."""
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_DETAILS, by=by, now=now, seen=seen
    ) as case:
        complaint = case.complaint
        complaint.category = Category.objects.get(pk=category_id) if category_id else None
        contractor = Contractor.objects.get(pk=contractor_id) if contractor_id else None
        was, complaint.contractor = complaint.contractor, contractor
        complaint.summary = summary
        complaint.desired_outcome = desired_outcome
        complaint.save(update_fields=["category", "contractor", "summary", "desired_outcome"])
        moved = was != contractor
        case.add(
            EventKind.DETAILS_CHANGED,
            facts={"category": category_id, **({"contractor": contractor_id} if moved else {})},
            words={
                "summary": summary,
                "desired_outcome": desired_outcome,
                "contractor": (contractor.name if contractor else "None") if moved else "",
                "reason": reason,
            },
        )
    return complaint
