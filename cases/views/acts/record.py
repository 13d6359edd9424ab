"""The record of a complaint: notes, files, details, corrections, annulling, merging."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import Truncator

from cases.forms.acts.record import (
    AnnulForm,
    ConflictForm,
    CorrectForm,
    DetailsForm,
    FilesForm,
    MergeForm,
    NoteForm,
    typed_reference,
)
from cases.models import Complaint, Level
from cases.operations import access, correct, merging, note
from cases.operations.files import check_upload, store_upload
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.rules.foresight import in_full
from cases.rules.next_steps import stage_name
from cases.rules.procedure_words import in_a_row
from cases.rules.state import Status
from cases.rules.timeline import Entry
from cases.selectors.case_links import complaint_to_merge_into, merger_refusal
from cases.selectors.case_page import CasePage, case_page
from cases.selectors.rows import status_shown
from cases.templatetags.parts import Link, SummaryRow
from cases.views.acts.page import ActPage

# So many words of the other complaint are shown before one is closed into it.
WORDS_COMPARED = 80


class Note(ActPage):
    """Add a note for colleagues."""

    act = Act.NOTE
    audience = "staff"
    form_class = NoteForm
    done = "The note is saved."
    collides = False

    def perform(self, form: Any) -> Complaint:
        """Save the note."""
        given = form.cleaned_data
        return note.add_note(**self.whose, on=given["on"], words=given["words"])


class AddFile(ActPage):
    """Add files, several at a time."""

    act = Act.ADD_FILE
    form_class = FilesForm
    done = "The files are added."
    collides = False

    def perform(self, form: Any) -> Complaint:
        """Check every file first, then keep each: one bad file keeps all out.

        :raises FileRefused: if one may not be taken.
        """
        uploads = form.cleaned_data["uploads"]
        for upload in uploads:
            check_upload(upload)
        files = [store_upload(upload, by=self.user, now=self.now) for upload in uploads]
        return note.add_files(
            **self.whose,
            file_ids=[file.pk for file in files],
            are_minutes=form.cleaned_data.get("are_minutes", False),
        )


class ChangeDetails(ActPage):
    """Change how it is sorted and worded."""

    act = Act.CHANGE_DETAILS
    form_class = DetailsForm
    done = "The details are saved. What was received first stays in the record."

    def perform(self, form: Any) -> Complaint:
        """Save the details."""
        given = form.cleaned_data
        return note.change_details(
            **self.common,
            category_id=given["category"].pk if given["category"] else None,
            contractor_id=given["contractor"].pk if given.get("contractor") else None,
            summary=given["summary"],
            desired_outcome=given["desired_outcome"],
            reason=given["reason"],
        )


class Correct(ActPage):
    """Correct the day of an entry, or strike it out."""

    act = Act.CORRECT
    form_class = CorrectForm
    template_name = "cases/acts/correct.html"
    done = "The record is corrected. What was first recorded stays to be seen."

    def read(self) -> None:
        """Read the record with its story, and find the entry."""
        super().read()
        self.story: CasePage = case_page(self.complaint, user=self.user, today=self.today)

    @property
    def entry(self) -> Entry:
        """Return the entry to correct.

        :raises Http404: if there is no such entry.
        """
        wanted = self.request.POST.get("entry") or self.request.GET.get("entry", "")
        for entry in self.story.entries:
            if str(entry.number) == wanted:
                return entry
        raise Http404

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form for an entry, or the entries to choose from."""
        if "entry" in request.GET:
            return super().get(request, *args, **kwargs)
        self.read()
        self.check_role()
        return self.page(None)

    def page(self, form: Any, **details: Any) -> HttpResponse:
        """Answer with the page, and the entries to choose from where none is chosen."""
        self.choices = [] if form else [e for e in self.story.entries if e.is_correctable]
        return super().page(form, **details)

    def extra(self) -> dict[str, Any]:
        """Return the entry, or the entries to choose from."""
        chosen = not self.choices
        return {"entry": self.entry if chosen else None, "choices": self.choices}

    def form_details(self) -> dict[str, Any]:
        """Return the entry."""
        return {"entry": self.entry}

    def about(self) -> list[str]:
        """Return what striking out undoes, and what a corrected receipt leaves alone."""
        kind = self.entry.kind
        if told := [e for e in self.story.papers.letters if e.event == self.entry.number]:
            waits = all(each.may_be_stopped for each in told)
            return [
                "Striking this out also stops the letter or e-mail that tells of it."
                if waits
                else "The letter or e-mail that tells of it has gone, or is going: striking this "
                "out does not call it back. Tell the customer."
            ]
        if kind in (EventKind.ANNULLED, EventKind.MERGED):
            return ["Striking this out undoes it: the complaint is open again as it was."]
        if kind is EventKind.RECEIVED:
            version = self.complaint.procedure_version
            return [f"The complaint stays under “{version}”, whatever the day of receipt."]
        return []

    def perform(self, form: Any) -> Complaint:
        """Correct the day, or strike the entry out."""
        given = form.cleaned_data
        number = self.entry.number
        if given["how"] == "strike":
            return correct.retract(**self.common, number=number, reason=given["reason"])
        return correct.correct_date(
            **self.common, number=number, on=given["day"], reason=given["reason"]
        )


class Annul(ActPage):
    """Record that it was logged by mistake."""

    act = Act.ANNUL
    form_class = AnnulForm
    done = "The complaint is annulled. “Undo this” brings it back."

    def about(self) -> list[str]:
        """Return what becomes of it."""
        return [
            "It stays in the record, closed and uncounted. Striking out the annulment undoes it."
        ]

    def perform(self, form: Any) -> Complaint:
        """Annul it."""
        return correct.annul(**self.common, reason=form.cleaned_data["reason"])


class Merge(ActPage):
    """Merge it into its twin."""

    act = Act.MERGE
    form_class = MergeForm
    template_name = "cases/acts/merge.html"
    done = "The complaint is merged. “Undo this” parts them again."

    @cached_property
    def other(self) -> Complaint | None:
        """Return the complaint that is named to go on, if this person may open it."""
        typed = self.request.POST.get("into") or self.request.GET.get("into") or ""
        plain = typed_reference(typed.replace("\x00", ""))
        return complaint_to_merge_into(plain, self.complaint, user=self.user)

    def form_details(self) -> dict[str, Any]:
        """Return the other complaint."""
        return {"other": self.other}

    def about(self) -> list[str]:
        """Return what becomes of it, and where what is in it stays."""
        told = [
            "This one is closed, uncounted, and linked to the other, which goes on. Both records "
            "say so, and the officers of both are told. Striking out the merger undoes it.",
            f"Nothing is moved or copied: {in_a_row(self.staying)} stay here. Whoever may open "
            "this complaint finds them by the link “Merged into this one” on the page of the other "
            "one. Set out there what is not among its points yet.",
        ]
        if owed := len(self.history.state.open_promises):
            told.append(
                f"{owed} {'promise' if owed == 1 else 'promises'} still to be kept "
                f"{'has' if owed == 1 else 'have'} no effect any more. Promise it again in the "
                "complaint that goes on, should it still be owed."
            )
        return told

    @property
    def staying(self) -> list[str]:
        """Return what of this complaint stays with it, each with how many."""
        papers = self.story.papers
        counts = {
            ("point", "points"): len(self.history.state.points),
            ("file", "files"): len(papers.files),
            ("letter", "letters"): len(papers.letters),
        }
        some = [f"{n} {one if n == 1 else many}" for (one, many), n in counts.items() if n]
        return ["the customer’s words", *some, "all entries"]

    @cached_property
    def story(self) -> CasePage:
        """Return the complaint as its page shows it."""
        return case_page(self.complaint, user=self.user, today=self.today)

    def extra(self) -> dict[str, Any]:
        """Return what is to be compared, or the customer's other open complaints to choose from."""
        if self.other is not None:
            return {
                "other": self.other,
                "compared": compared(self.complaint, self.other),
                "differing": differing(self.complaint, self.other),
                "refusal": merger_refusal(self.complaint, self.other),
            }
        return {
            "choices": [
                Link(
                    f"{each.reference} of {in_full(each.received_on)}",
                    f"{self.request.path}?{urlencode({'into': each.reference})}",
                )
                for each in self.story.links
                if each.is_open
            ]
        }

    def act_on(self, form: Any) -> HttpResponse:
        """Show the other complaint first; merge once it was seen."""
        other = self.other
        if other is None or self.request.POST.get("compared") == other.reference:
            return super().act_on(form)
        data = self.request.POST.copy()
        data["compared"] = other.reference
        return self.page(self.shown_again(data))

    def perform(self, form: Any) -> Complaint:
        """Close it into the other."""
        given = form.cleaned_data
        return merging.merge(**self.common, into_reference=given["into"], reason=given["reason"])


def compared(complaint: Complaint, other: Complaint) -> list[SummaryRow]:
    """Return what is to be known of the other complaint before this one is closed into it."""
    words, _ = status_shown(Status(other.status), needs_triage=other.needs_triage)
    is_same = other.customer_id == complaint.customer_id
    customer = other.customer
    stage = stage_name(other.procedure_version.terms, other.stage)
    return [
        SummaryRow("Customer", f"{customer.name}, the same" if is_same else customer.name),
        SummaryRow("Address", "\n".join(customer.address_lines)),
        SummaryRow("Received", in_full(other.received_on)),
        SummaryRow("Category", _named(other.category, "None yet")),
        SummaryRow("Service area", _named(other.service_area, "None yet")),
        SummaryRow("Stands at", f"{stage}: {words.lower()}"),
        SummaryRow("Officer", _named(other.responsible_officer, "Nobody yet")),
        SummaryRow("Who may see it", Level(other.level).words),
        SummaryRow("In the customer’s words", Truncator(other.summary).words(WORDS_COMPARED)),
    ]


def differing(complaint: Complaint, other: Complaint) -> Sequence[str]:
    """Return in which of what matters two complaints differ: this one's, then the other's."""
    both = (complaint, other)
    found = {
        "Customer": [each.customer.name for each in both],
        "Who may see it": [Level(each.level).words for each in both],
        "Category": [_named(each.category, "none yet") for each in both],
        "Service area": [_named(each.service_area, "none yet") for each in both],
        "Officer": [_named(each.responsible_officer, "nobody yet") for each in both],
    }
    told = [
        f"{name}: {here} here, {there} there"
        for name, (here, there) in found.items()
        if here != there or (name == "Customer" and complaint.customer_id != other.customer_id)
    ]
    if complaint.received_on < other.received_on:
        told.append(
            f"This one came first, on {in_full(complaint.received_on)}. The deadlines of the other "
            f"count from {in_full(other.received_on)}: merge the other into this one instead, "
            "unless that day is right"
        )
    return told


def _named(thing: Any, otherwise: str) -> str:
    return thing.name if thing else otherwise


class DeclareConflict(ActPage):
    """Close the complaint to oneself."""

    act = Act.DECLARE_CONFLICT
    form_class = ConflictForm
    done = "The complaint is closed to you."
    collides = False

    def about(self) -> list[str]:
        """Return what becomes of it."""
        return [
            "You will no longer see this complaint. If it is yours, it goes back to be assigned."
        ]

    def perform(self, form: Any) -> Complaint:
        """Shut the person out."""
        access.declare_conflict(**self.whose, reason=form.cleaned_data["reason"])
        return self.complaint

    def performed(self, complaint: Complaint) -> HttpResponse:
        """Say what was done, and go where there still is something to see."""
        messages.success(self.request, self.done)
        return redirect("cases:my-work")
