"""What an e-mail is, as a coordinator says."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from django import forms

from cases.errors import ReferenceUnreadable
from cases.forms.acts.common import radios, words_field
from cases.forms.asking import offer
from cases.forms.layout import Buttons, Layout, Question, StaffForm, Submit
from cases.models import Complaint, Customer, RequestKind, User
from cases.rules.references import spellings

COMPLAINT, REQUEST, BELONGS, NOT_OURS, NEW = "complaint", "request", "belongs", "not_ours", "new"


class SortForm(StaffForm):
    """What the e-mail is, and what has to be known for that."""

    form_attrs: ClassVar[Mapping[str, str]] = {"data-guard-unsaved": ""}
    reveals: Mapping[str, Mapping[str, Sequence[str]]] = {
        "what": {
            BELONGS: ["reference"],
            NOT_OURS: ["reason"],
            REQUEST: ["request_kind"],
        }
    }

    customer = radios("Who is the customer?", [], required=False)
    name = forms.CharField(
        label="Name of the customer, if new",
        max_length=200,
        required=False,
        help_text="Added as somebody new. A coordinator can correct whose complaint it is.",
    )
    what = radios(
        "What is it?",
        [
            (COMPLAINT, "A complaint"),
            (REQUEST, "A request or a report"),
            (BELONGS, "It belongs to a complaint that we have"),
            (NOT_OURS, "Nothing for us"),
        ],
        error_messages={"required": "Select what it is"},
    )
    request_kind = radios("What kind of request?", RequestKind.choices)
    reference = forms.CharField(
        label="Reference of the complaint",
        max_length=40,
        error_messages={"required": "Enter the reference of the complaint"},
    )
    reason = words_field(
        "Why it is nothing for us", error_messages={"required": "Say why it is nothing for us"}
    )

    def __init__(
        self, *args: Any, user: User, known: Sequence[Customer], name: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        people = [(str(each.pk), _described(each)) for each in known]
        offer(self, "customer", [*people, (NEW, "Somebody new")])
        self.fields["customer"].initial = NEW
        self.fields["name"].initial = name

    def layout(self) -> Layout:
        """Return who and what it is."""
        return Layout(
            "customer",
            "name",
            Question(
                "what",
                reveals={
                    REQUEST: [Question("request_kind")],
                    BELONGS: [Question("reference")],
                    NOT_OURS: [Question("reason", rows=2)],
                },
            ),
            Buttons(Submit("Sort it")),
        )

    def clean_reference(self) -> Complaint:
        """Return the complaint that is meant, if this person may read it."""
        return complaint_named(self.cleaned_data["reference"], self.user)

    def clean(self) -> dict[str, Any]:
        """Ask for a name where somebody new has none."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        is_about_somebody = given.get("what") in (COMPLAINT, REQUEST)
        is_new = given.get("customer") in (None, "", NEW)
        if is_about_somebody and is_new and not given.get("name", "").strip():
            self.add_error("name", "Enter the name of the customer")
        return given

    @property
    def customer_id(self) -> int | None:
        """Return who was chosen, None for somebody new."""
        chosen = self.cleaned_data.get("customer")
        return int(chosen) if chosen and chosen != NEW else None


class TakeOutForm(StaffForm):
    """That an e-mail does not belong to the complaint that it joined, and where it goes."""

    form_attrs: ClassVar[Mapping[str, str]] = {"data-guard-unsaved": ""}

    moved_to = forms.CharField(
        label="Reference of the complaint that it belongs to",
        max_length=40,
        required=False,
        help_text="Leave it empty to have the e-mail sorted again.",
    )
    taken_out_because = words_field(
        "Why it does not belong here",
        error_messages={"required": "Say why it does not belong here"},
        help_text="Kept in the record of this complaint.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def layout(self) -> Layout:
        """Return where it goes, and why."""
        return Layout(
            Question("moved_to", width=20),
            Question("taken_out_because", rows=2),
            Buttons(Submit("Take it out", kind="warning", name="act", value="take_out")),
        )

    def clean_moved_to(self) -> Complaint | None:
        """Return the complaint that is meant, nothing where none is named."""
        typed = self.cleaned_data["moved_to"]
        return complaint_named(typed, self.user) if typed.strip() else None


def complaint_named(typed: str, user: User) -> Complaint:
    """Return the complaint with a reference, if this person may read it.

    :raises ValidationError: if there is none.
    """
    found = Complaint.objects.none()
    with suppress(ReferenceUnreadable):
        readable = Complaint.objects.readable_by(user)
        found = readable.filter(reference__in=spellings(typed))
    if (complaint := found.first()) is None:
        raise forms.ValidationError("There is no such complaint that you may read.")
    return complaint


def _described(customer: Customer) -> str:
    lines = customer.address_lines
    return f"{customer.name}, {lines[0]}" if lines else customer.name
