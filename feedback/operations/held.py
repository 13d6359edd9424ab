"""Copies of everything that is held of somebody who asks for it (UK GDPR, article 15)."""

import json
import logging
import tempfile
import zipfile
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import IO, Any

from django.db import transaction
from django.template.loader import render_to_string

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing, WrongDate
from cases.models import Complaint, Landlord, Look, StoredFile, User
from cases.operations.case_views import note_taken
from cases.operations.files import clean_name, open_file, remove_stored, store_made
from cases.operations.jobs import each_in_turn
from cases.rules.bank_holidays import Nation
from cases.rules.periods import london_day
from cases.rules.roles import Role
from cases.selectors.known_customers import customers_known_to
from feedback.models import HeldCopy, HeldCopyTaken, HeldRequest
from feedback.rules.held import CANNOT_BE_OPENED, Held, Outcome, answer_by, how_many
from feedback.selectors.held import (
    are_still_known,
    complaints_to_copy,
    everything_held,
    requests_known_to,
    told_beside,
)

logger = logging.getLogger(__name__)

# Whose it is (roles: row 37).
ROLE = Role.COMPLAINTS_COORDINATOR
# A copy is all that is held of somebody in one file: it is not kept longer than it is needed.
KEEP_COPIES = timedelta(days=90)
GIVE, LOOK_AT = "to give", "to look at first"
CHUNK = 256 * 1024
ZIP = "application/zip"


@transaction.atomic
def record_request(
    *, customer_code: str, received_on: date, identity: str, by: User, now: datetime
) -> HeldRequest:
    """Record that somebody asked for what is held of them, and have the copy made.

    :raises NotEntitled: if this is no coordinator, or the customer is not known to them.
    :raises ReasonMissing: if it is not said who asked and how it is known that it is they.
    :raises WrongDate: if it came on a day that has not come.
    :raises ActionNotAllowed: if one of theirs is not answered yet, or no landlord is set up.
    """
    _check_role(by)
    customer = customers_known_to(by).filter(code=customer_code).first()
    if customer is None:
        raise NotEntitled("There is no such customer.")
    if not identity.strip():
        raise ReasonMissing("Say who asked, and how you know that it is they.")
    if received_on > london_day(now):
        raise WrongDate("A request cannot have come on a day that has not come yet.")
    # The row is locked, or two who record the same request at once would each find none.
    type(customer).objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if HeldRequest.objects.open().filter(customer=customer).exists():
        raise ActionNotAllowed("They have asked already, and are not answered yet.")
    ours = Landlord.objects.first()
    if ours is None:
        raise ActionNotAllowed("Set the landlord up first.")
    return HeldRequest.objects.create(
        customer=customer,
        received_on=received_on,
        answer_by=answer_by(received_on, Nation(ours.nation)),
        identity=identity.strip(),
        recorded_at=now,
        recorded_by=by,
        wanted_at=now,
        wanted_by=by,
    )


@transaction.atomic
def ask_for_copy(*, code: str, by: User, now: datetime) -> HeldRequest:
    """Have a copy made for a colleague, of what is held by then and open to them.

    :raises NotEntitled: if this is no coordinator, or the request is not known to them.
    :raises ActionNotAllowed: if one is being made.
    """
    request = _locked(code, by)
    if request.wanted_at is not None:
        raise ActionNotAllowed("A copy is being made already.")
    request.wanted_at, request.wanted_by = now, by
    request.save(update_fields=["wanted_at", "wanted_by"])
    return request


def make_copies(*, now: datetime) -> int:
    """Make the copies that colleagues asked for; return how many.

    Gathering takes a while, so nothing is locked meanwhile. Of two who make the same one the
    second throws theirs away. Nobody gets one who has lost the right to it since they asked. One
    that fails stops no other, and is tried again the next time.
    """
    wanted = HeldRequest.objects.filter(wanted_at__isnull=False).order_by("wanted_at", "pk")
    requests = list(wanted.select_related("customer", "wanted_by"))
    return sum(each_in_turn(partial(_make_wanted, each, now=now) for each in requests))


def _make_wanted(request: HeldRequest, *, now: datetime) -> int:
    """Make a copy for whoever asked for it, if they may still have it; return how many."""
    reader = request.wanted_by
    if reader is not None and _may_have(request, reader):
        return _make(request, reader, now=now)
    HeldRequest.objects.filter(pk=request.pk, wanted_at=request.wanted_at).update(
        wanted_at=None, wanted_by=None
    )
    return 0


def _may_have(request: HeldRequest, reader: User) -> bool:
    """Say whether somebody may have what is held of a customer."""
    known = customers_known_to(reader).filter(pk=request.customer_id)
    return reader.is_active and reader.has_role(ROLE) and known.exists()


def _make(request: HeldRequest, reader: User, *, now: datetime) -> int:
    complaints = list(complaints_to_copy(request.customer, reader))
    # Asked before all is read: what is closed meanwhile is then missed when the copy is taken.
    beside = told_beside(request.customer, reader)
    held = everything_held(request.customer, complaints, reader=reader, today=london_day(now))
    to_give, to_look_at = how_many(held)
    with tempfile.TemporaryFile() as whole:
        _pack(whole, request, reader, held, now=now)
        whole.seek(0)
        name = f"what is held {request.code} {london_day(now)}.zip"
        with transaction.atomic():
            file = store_made(_chunks(whole), name=name, media_type=ZIP, now=now)
            same = HeldRequest.objects.filter(pk=request.pk, wanted_at=request.wanted_at)
            if not same.update(wanted_at=None, wanted_by=None):
                remove_stored(file)
                return 0
            copy = HeldCopy.objects.create(
                request=request,
                file=file,
                sha256=file.sha256,
                size=file.size,
                to_give=to_give,
                to_look_at=to_look_at,
                beside=beside,
                made_at=now,
                made_for=reader,
            )
            copy.complaints.set(complaints)
    return 1


@transaction.atomic
def take_copy(*, code: str, copy_id: int, by: User, now: datetime) -> StoredFile:
    """Record that somebody takes a copy away, and return its file.

    :raises NotEntitled: if there is no such copy, it was made for somebody else, or this is no
        coordinator.
    :raises ActionNotAllowed: if something in it was closed to them since, or it is gone.
    """
    request = _locked(code, by)
    copies = HeldCopy.objects.filter(request=request, made_for=by).select_related("file")
    copy = copies.filter(pk=copy_id).first()
    if copy is None:
        raise NotEntitled("There is no such copy, or it was made for somebody else.")
    told = set(copy.complaints.values_list("pk", flat=True))
    is_open = Complaint.objects.readable_by(by).filter(pk__in=told).count() == len(told)
    if not is_open or not are_still_known(copy.beside, request.customer, by):
        raise ActionNotAllowed(
            "It was made before it was changed who may see what. Have it made again."
        )
    if copy.file is None:
        raise ActionNotAllowed("It is no longer kept. Have it made again.")
    HeldCopyTaken.objects.create(copy=copy, by=by, at=now)
    note_taken(sorted(told), what=Look.SUBJECT, by=by, now=now)
    return copy.file


@transaction.atomic
def end_request(
    *, code: str, outcome: Outcome, on: date, words: str, by: User, now: datetime
) -> HeldRequest:
    """Record what became of a request, and how or why.

    :raises NotEntitled: if this is no coordinator, or the request is not known to them.
    :raises ActionNotAllowed: if it is answered already, or no copy was taken that could be given.
    :raises ReasonMissing: if it is not said how it was given, or why not.
    :raises WrongDate: if that was before it came, or has not come.
    """
    request = _locked(code, by)
    if request.ended_at is not None:
        raise ActionNotAllowed("It is answered already.")
    taken = HeldCopyTaken.objects.filter(copy__request=request)
    if outcome is Outcome.SENT and not taken.exists():
        raise ActionNotAllowed("Nobody has taken a copy yet that could have been given to them.")
    if not words.strip():
        raise ReasonMissing("Say how it was given to them, or why not.")
    if not request.received_on <= on <= london_day(now):
        raise WrongDate("Enter a day between that on which they asked and today.")
    request.outcome, request.ended_on, request.ended_words = outcome.value, on, words.strip()
    request.ended_at, request.ended_by = now, by
    request.wanted_at = request.wanted_by = None
    request.save()
    return request


def forget_copies(*, now: datetime) -> int:
    """Remove the files of copies after KEEP_COPIES; that and for whom they were made stays."""
    old = HeldCopy.objects.filter(file__isnull=False, made_at__lt=now - KEEP_COPIES)
    keys = list(old.values_list("pk", flat=True))
    for key in keys:
        with transaction.atomic():
            copy = old.select_for_update(of=("self",)).select_related("file").filter(pk=key).first()
            if copy is None or copy.file is None:
                continue
            file, copy.file = copy.file, None
            copy.save(update_fields=["file"])
            remove_stored(file)
    return len(keys)


def _check_role(by: User) -> None:
    if not by.has_role(ROLE):
        raise NotEntitled("Complaints coordinators answer who asks for what is held of them.")


def _locked(code: str, by: User) -> HeldRequest:
    """Return a request, locked.

    :raises NotEntitled: if this is no coordinator, or the request is not known to them.
    """
    _check_role(by)
    known = requests_known_to(by).filter(code=code).values("pk")
    rows = HeldRequest.objects.select_for_update(of=("self",)).filter(pk__in=known)
    found = rows.first()
    if found is None:
        raise NotEntitled("There is no such request.")
    return found


# The file ---------------------------------------------------------------------------------------


def _pack(
    whole: IO[bytes], request: HeldRequest, reader: User, held: Sequence[Held], *, now: datetime
) -> None:
    """Write the ZIP file: what can be given, what is looked at first, and what it all is."""
    give = [each for each in held if not each.because]
    look_at = [each for each in held if each.because]
    keys = {each.file for each in held if each.file}
    files = {each.key: each for each in StoredFile.objects.filter(key__in=keys)}
    common = {"request": request, "person": request.customer, "made_at": now, "made_for": reader}
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, things in ((GIVE, give), (LOOK_AT, look_at)):
            rows = list(_with_files(archive, folder, things, files))
            context = {**common, "sections": _sections(rows), "is_to_look_at": folder == LOOK_AT}
            archive.writestr(f"{folder}/read me.html", _page("held", context))
            told = [_as_data(each, path, wrong) for each, path, wrong in rows]
            archive.writestr(f"{folder}/data.json", json.dumps(told, indent=1, ensure_ascii=False))
        context = {**common, "to_give": len(give), "to_look_at": len(look_at)}
        archive.writestr("read me first.html", _page("cover", context))


Row = tuple[Held, str, str]


def _with_files(
    archive: zipfile.ZipFile, folder: str, things: Sequence[Held], files: dict[str, StoredFile]
) -> Iterator[Row]:
    """Yield each thing with the path of its file, which is packed; or why there is none."""
    number = 0
    for each in things:
        stored = files.get(each.file)
        if stored is None:
            yield each, "", ""
            continue
        number += 1
        path = f"files/{number:03d} {clean_name(stored.name)}"
        try:
            with open_file(stored) as content, archive.open(f"{folder}/{path}", "w") as packed:
                while chunk := content.read(CHUNK):
                    packed.write(chunk)
        except FileNotFoundError:
            logger.exception("The bytes of file %s are not where they should be", stored.pk)
            yield each, "", CANNOT_BE_OPENED
        else:
            yield each, path, ""


def _sections(rows: Collection[Row]) -> list[tuple[str, list[Row]]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[0].section, []).append(row)
    return list(found.items())


def _as_data(held: Held, path: str, wrong: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "section": held.section,
        "what": held.title,
        "on": held.on.isoformat() if held.on else None,
        "fields": [{"name": name, "value": value} for name, value in held.fields],
    }
    if path or wrong:
        told["file"] = path or wrong
    if held.because:
        told["look_at_because"] = list(held.because)
    return told


def _page(name: str, context: dict[str, Any]) -> str:
    return render_to_string(f"feedback/held/{name}.html", context)


def _chunks(whole: IO[bytes]) -> Iterator[bytes]:
    while chunk := whole.read(CHUNK):
        yield chunk
