"""The record: notes, files, details, corrections, annulling, merging."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q

from cases.errors import ReferenceUnreadable
from cases.forms.acts.common import ActForm, AtHand, radios, words_field
from cases.forms.fields import DateField, FilesField
from cases.forms.layout import Question
from cases.models import Category, Complaint, Contractor
from cases.operations.files import ALLOWED_WORDS
from cases.rules.events import EventKind
from cases.rules.references import parse_reference
from cases.rules.timeline import Entry


class NoteForm(ActForm):
    """A note for colleagues."""

    act_text = "Save note"
    keeps_draft = True
    on_label = "Day of what is noted"
    has_preview = False

    words = words_field(
        "Note", help_text="For staff only. The customer may ask for a copy of the record."
    )

    def questions(self) -> Sequence[Any]:
        """Return the note."""
        return [self.draft("words", rows=8)]


def limits_words() -> str:
    """Return which files are taken, and how many and how large."""
    each = settings.UPLOAD_FILE_MAX_BYTES // 1024**2
    whole = settings.UPLOAD_TOTAL_MAX_BYTES // 1024**2
    return (
        f"{ALLOWED_WORDS}. Up to {settings.UPLOAD_FILE_LIMIT} files at once, {each} MB each, "
        f"{whole} MB together."
    )


def within_limits(files: list[UploadedFile]) -> list[UploadedFile]:
    """Return the files, no more of them than are taken at once.

    :raises ValidationError: if they are too many, or too large together.
    """
    if len(files) > settings.UPLOAD_FILE_LIMIT:
        raise forms.ValidationError(f"Choose at most {settings.UPLOAD_FILE_LIMIT} files at once")
    if sum(file.size or 0 for file in files) > settings.UPLOAD_TOTAL_MAX_BYTES:
        whole = settings.UPLOAD_TOTAL_MAX_BYTES // 1024**2
        raise forms.ValidationError(f"The files are larger than {whole} MB together")
    return files


class FilesForm(ActForm):
    """Files for a complaint."""

    act_text = "Add the files"
    has_day = False
    has_preview = False
    form_attrs = {}

    uploads = FilesField(label="Files")
    are_minutes = forms.BooleanField(label="These are the minutes of the hearing", required=False)

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.field("uploads").help_text = limits_words()
        if not any(each.kind is EventKind.HEARING_HELD for each in hand.history.state.events):
            del self.fields["are_minutes"]

    def clean_uploads(self) -> Any:
        """Refuse more files, or more bytes, than are taken at once."""
        return within_limits(self.cleaned_data["uploads"])


class DetailsForm(ActForm):
    """How a complaint is sorted and worded."""

    act_text = "Save the details"
    keeps_draft = True
    has_day = False
    has_preview = False

    category = forms.ModelChoiceField(
        label="Category", queryset=Category.objects.none(), required=False, empty_label="None yet"
    )
    contractor = forms.ModelChoiceField(
        label="Contractor whose work it is about",
        queryset=Contractor.objects.none(),
        required=False,
        empty_label="None, or not known yet",
    )
    summary = words_field("The complaint, in the customer’s words", max_length=20_000)
    desired_outcome = words_field("What would put it right", required=False)
    reason = words_field("Why you change it")

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        complaint = hand.history.complaint
        initial = {
            "category": complaint.category_id,
            "contractor": complaint.contractor_id,
            "summary": complaint.summary,
            "desired_outcome": complaint.desired_outcome,
        }
        super().__init__(*args, hand=hand, initial=initial, **kwargs)
        known = Q(is_retired=False) | Q(pk=complaint.contractor_id)
        contractors = Contractor.objects.filter(known).order_by("name", "pk")
        if contractors:
            self.field("contractor").queryset = contractors
        else:
            del self.fields["contractor"]
        in_use = Q(is_retired=False) | Q(pk=complaint.category_id)
        self.field("category").queryset = Category.objects.filter(in_use).order_by(
            "position", "name"
        )

    def questions(self) -> Sequence[Any]:
        """Return the details and the reason."""
        return [
            "category",
            *(["contractor"] if "contractor" in self.fields else []),
            Question("summary", rows=8),
            Question("desired_outcome", rows=3),
            Question("reason", rows=2),
        ]


class CorrectForm(ActForm):
    """A wrong day put right, or an entry struck out."""

    act_text = "Correct the record"
    preview_text = "Check first"
    has_day = False
    reveals = {"how": {"date": ["day"]}}

    entry = forms.IntegerField(widget=forms.HiddenInput)
    how = radios(
        "What is wrong?",
        [("date", "The day: it happened on another day"), ("strike", "All of it: strike it out")],
    )
    day = DateField(label="The right day", called="the right day")
    reason = words_field("Why", help_text="Kept with the record.")

    def __init__(self, *args: Any, hand: AtHand, entry: Entry, **kwargs: Any) -> None:
        # Nobody corrects the day of a mistake or a merger: it is undone.
        is_to_undo = entry.kind in (EventKind.ANNULLED, EventKind.MERGED)
        initial = {"entry": entry.number, "day": entry.on, "how": "strike" if is_to_undo else None}
        super().__init__(*args, hand=hand, initial=initial, **kwargs)
        self.field("day").latest = hand.today

    def questions(self) -> Sequence[Any]:
        """Return what is wrong and why."""
        return ["how", Question("reason", rows=3)]


class AnnulForm(ActForm):
    """That a complaint was logged by mistake."""

    act_text = "Annul the complaint"
    kind = "warning"
    has_day = False

    reason = words_field("Why it was logged by mistake")

    def questions(self) -> Sequence[Any]:
        """Return the reason."""
        return [Question("reason", rows=3)]


class MergeForm(ActForm):
    """That a complaint is the twin of another that goes on."""

    act_text = "Merge and close this one"
    compare_text = "Look at it first"
    kind = "warning"
    has_day = False
    has_preview = False

    into = forms.CharField(label="Reference of the complaint that goes on", max_length=40)
    # The reference of the complaint that was shown to be compared.
    compared = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    is_other_customers = forms.BooleanField(
        label="They are the same complaint, although the customers differ",
        error_messages={
            "required": "Tick that they are the same complaint, although the customers differ"
        },
    )
    reason = words_field("Why they are the same")

    def __init__(self, *args: Any, hand: AtHand, other: Complaint | None, **kwargs: Any) -> None:
        initial = {"into": other.reference, "compared": other.reference} if other else {}
        super().__init__(*args, hand=hand, initial=initial, **kwargs)
        self.other = other
        if other is None or other.customer_id == hand.history.complaint.customer_id:
            del self.fields["is_other_customers"]

    def questions(self) -> Sequence[Any]:
        """Return the other complaint and the reason."""
        differing = ["is_other_customers"] if "is_other_customers" in self.fields else []
        return [Question("into", width=20), "compared", *differing, Question("reason", rows=3)]

    @property
    def button_text(self) -> str:
        """Return what stands on the button: nobody merges what they have not seen."""
        return self.compare_text if self.other is None else self.act_text

    @property
    def button_kind(self) -> str:
        """Return how it looks: what only shows the other complaint does nothing to warn of."""
        return "secondary" if self.other is None else self.kind

    def clean_into(self) -> str:
        """Return the reference as stored; one of an older system stays as it was typed."""
        return typed_reference(self.cleaned_data["into"])


def typed_reference(typed: str) -> str:
    """Return a reference as it is stored; one of an older system stays as it was typed."""
    try:
        return parse_reference(typed.strip())
    except ReferenceUnreadable:
        return typed.strip()


class ConflictForm(ActForm):
    """A conflict of interest of whoever is signed in."""

    act_text = "Close this complaint to me"
    kind = "warning"
    has_day = False
    has_preview = False

    reason = words_field("What the conflict is")

    def questions(self) -> Sequence[Any]:
        """Return the reason."""
        return [Question("reason", rows=3)]
