"""Complaints for programs: the list, one with its story and its deadlines, and logging one."""

from typing import Any, ClassVar

from django.http import Http404
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from cases.models import Complaint
from cases.operations.api_lodging import lodge_for_program
from cases.operations.case_views import note_view
from cases.rules.api_keys import ApiScope
from cases.selectors.api_complaints import (
    Row,
    complaint_for,
    complaints_for,
    standing,
    story_for,
    tells_words,
    words_of,
)
from cases.views.api.base import ProgramView
from cases.views.api.described import LODGING, READING, described
from cases.views.api.sent import ComplaintSent, Filters
from cases.views.api.told import ComplaintTold, Deadlines, Events, Page

LONGEST_KEY = 18


class Pages(CursorPagination):
    """A page of the list, in the order in which the complaints were logged."""

    ordering = ("pk",)
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 100

    def decode_cursor(self, request: Request) -> Any:
        """Return where the page begins.

        :raises NotFound: for what was never given out.
        """
        cursor = super().decode_cursor(request)
        position = cursor.position if cursor else None
        if position is not None and not (position.isdecimal() and len(position) <= LONGEST_KEY):
            raise NotFound
        return cursor


class Complaints(ProgramView):
    """The complaints that a key reaches, and logging one more."""

    needs: ClassVar[dict[str, ApiScope]] = {"get": ApiScope.READ, "post": ApiScope.LODGE}

    @described(
        "list_complaints",
        ApiScope.READ,
        answer=Page,
        refusals=READING,
        parameters=[Filters],
    )
    def get(self, request: Request) -> Response:
        """Answer with a page of how complaints stand."""
        filters = Filters(data=request.query_params.dict())
        filters.is_valid(raise_exception=True)
        pages = Pages()
        rows = pages.paginate_queryset(
            complaints_for(self.program, filters.wanted), request, view=self
        )
        return pages.get_paginated_response([standing(row) for row in rows])

    @described("log_complaint", ApiScope.LODGE, answer=None, refusals=LODGING, sent=ComplaintSent)
    def post(self, request: Request) -> Response:
        """Log a complaint, once."""
        name = self.once_as
        sent = ComplaintSent(data=request.data, context={"program": self.program})
        sent.is_valid(raise_exception=True)
        reference, is_new = lodge_for_program(
            sent.logged,
            sent.told,
            program=self.program,
            name=name,
            sent=request.data,
            late=sent.why_late,
            now=self.now,
        )
        return Response({"reference": reference}, status=201 if is_new else 200)


class OneComplaint(ProgramView):
    """One complaint that a key reaches."""

    needs: ClassVar[dict[str, ApiScope]] = {"get": ApiScope.READ}

    @described("read_complaint", ApiScope.READ, answer=ComplaintTold, refusals=READING)
    def get(self, request: Request, reference: str) -> Response:
        """Answer with how it stands, and with its words where the key is for them."""
        row = self.readable(reference)
        told = standing(row)
        if self.gives_words(row):
            told |= words_of(row)
            self.note(row)
        return Response(told)

    def readable(self, reference: str) -> Row:
        """Return the complaint.

        :raises Http404: if there is none, or it is hidden from this key.
        """
        row = complaint_for(self.program, reference)
        if row is None:
            raise Http404
        return row

    def gives_words(self, row: Row) -> bool:
        """Say whether the key is for words, and the complaint one whose words programs have."""
        return ApiScope.WORDS in self.key.allowed and tells_words(row)

    def note(self, row: Row) -> None:
        """Keep that words were given, once a day."""
        complaint = Complaint(pk=row["pk"], reference=row["reference"])
        note_view(complaint, page="API", by=self.program, now=self.now)


class ComplaintEvents(OneComplaint):
    """What happened to a complaint."""

    @described("read_complaint_events", ApiScope.READ, answer=Events, refusals=READING)
    def get(self, request: Request, reference: str) -> Response:
        """Answer with its events, as the export tells them."""
        row = self.readable(reference)
        gives = self.gives_words(row)
        events, _ = story_for(self.program, row["pk"], as_at=self.today, with_words=gives)
        if gives:
            self.note(row)
        return Response({"events": events})


class ComplaintDeadlines(OneComplaint):
    """What was promised of a complaint, by when, and whether it was kept."""

    @described("read_complaint_deadlines", ApiScope.READ, answer=Deadlines, refusals=READING)
    def get(self, request: Request, reference: str) -> Response:
        """Answer with its deadlines, as the export tells them."""
        row = self.readable(reference)
        _, deadlines = story_for(self.program, row["pk"], as_at=self.today, with_words=False)
        return Response({"deadlines": deadlines})
