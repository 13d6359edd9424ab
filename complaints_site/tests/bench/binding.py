"""Making the evidence of a complaint whose papers have two hundred pages."""

import io
import time
from collections.abc import Sequence
from statistics import median
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from pypdf import PdfReader, PdfWriter

from cases.models import Complaint, User
from cases.operations.evidence import make_bundle
from cases.operations.files import store_upload
from cases.operations.note import add_files
from cases.tests.papers.two_hundred_pages import uploads
from complaints_site.tests.bench.measures import Figure, Goal
from complaints_site.tests.bench.work import Work

REPORTS, PAGES_EACH = 10, 20
ROUNDS = 3
GOAL = Goal(ratio=30, queries=25)
WHOLE_CASE = Goal(most=10_000)


def report(pages: int = PAGES_EACH) -> bytes:
    """Return a PDF of so many pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def add_reports(complaint: Complaint, *, by: User) -> None:
    """Add ten reports of twenty pages each to a complaint."""
    now = timezone.now()
    files = [
        store_upload(SimpleUploadedFile(f"report {number}.pdf", report()), by=by, now=now)
        for number in range(REPORTS)
    ]
    add_files(complaint_id=complaint.pk, by=by, now=now, file_ids=[each.pk for each in files])


def measure_bundle(coordinator: int) -> Sequence[Figure]:
    """Return what two hundred pages take to be joined, and what to become the evidence."""
    by = User.objects.get(pk=coordinator)
    complaint = Complaint.objects.open().filter(level="normal").order_by("-version", "pk")[0]
    add_reports(complaint, by=by)
    pages = report()
    joined, floor = _middle(lambda: _join([pages] * REPORTS))
    queries = 0

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal queries
        queries += not sql.startswith(("SAVEPOINT", "RELEASE"))
        return execute(sql, params, many, context)

    made = 0

    def make() -> None:
        nonlocal made, queries
        queries = 0
        with connection.execute_wrapper(note):
            made = make_bundle(complaint_id=complaint.pk, by=by, now=timezone.now())[0].pages

    taken, worked = _middle(make)
    return [
        Figure(f"{REPORTS * PAGES_EACH} pages joined", joined, work=floor),
        Figure(
            f"evidence of {made} pages, PDF and ZIP",
            taken,
            work=worked,
            floor=joined if floor is None else floor,
            queries=queries,
            goal=GOAL,
        ),
    ]


def measure_case(coordinator: int) -> Sequence[Figure]:
    """Return what a whole case takes: two hundred pages of text, scans and photos, made once."""
    by = User.objects.get(pk=coordinator)
    complaint = Complaint.objects.open().filter(level="normal").order_by("version", "pk")[0]
    now = timezone.now()
    files = [store_upload(each, by=by, now=now) for each in uploads()]
    add_files(complaint_id=complaint.pk, by=by, now=now, file_ids=[each.pk for each in files])
    made = 0

    def make() -> None:
        nonlocal made
        made = make_bundle(complaint_id=complaint.pk, by=by, now=timezone.now())[0].pages

    taken, worked = _timed(make)
    what = f"evidence of {made} pages of text, scans and photos"
    return [Figure(what, taken, work=worked, goal=WHOLE_CASE)]


def _join(files: Sequence[bytes]) -> bytes:
    writer = PdfWriter()
    for each in files:
        writer.append(PdfReader(io.BytesIO(each)))
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def _middle(act: Any) -> tuple[float, float | None]:
    """Do something three times, and return its time and its work of the middle.

    The first time fonts are loaded, which a server that is up has done.
    """
    taken, worked = zip(*(_timed(act) for _ in range(ROUNDS)), strict=True)
    known = [each for each in worked if each is not None]
    return median(taken), median(known) if known else None


def _timed(act: Any) -> tuple[float, float | None]:
    began = time.perf_counter()
    worked = Work().of(act)
    return (time.perf_counter() - began) * 1_000, worked
