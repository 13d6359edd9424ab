"""The people of a complaint: who speaks, who complains too, whose it is, who may see it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from cases.errors import ComplaintError
from cases.forms.acts.access import AccessForm
from cases.forms.acts.people import AskCustomerForm, JointForm, RightCustomerForm, SpeakerForm
from cases.models import Complaint, Level, Representative, User
from cases.operations import access
from cases.operations.customers import (
    add_joint_complainant,
    correct_customer,
    remove_joint_complainant,
    save_customer,
    save_representative,
    set_joint_letters,
)
from cases.operations.representatives import ask_customer, send_receipt
from cases.rules.acts import Act
from cases.rules.authority import TOLD, Deed, deeds, told_of
from cases.rules.letter_facts import LetterKind
from cases.rules.numbers import number_in
from cases.selectors.customer_search import customers_alike, matching_customers
from cases.views.acts.page import ActPage

MOST_STAFF = 1_000


class ChangePeople(ActPage):
    """Who speaks for the customer and who complains too, with the way to change each."""

    act = Act.CHANGE_PEOPLE
    template_name = "cases/acts/people.html"
    collides = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the people."""
        self.read()
        self.check_role()
        return self.page(None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take a joint complainant out, or change whether they get each letter."""
        self.read()
        self.check_role()
        wanted = number_in(request.POST.get("joint", ""))
        letters_to = number_in(request.POST.get("letters", ""))
        try:
            if letters_to:
                joint = set_joint_letters(
                    **self.whose,
                    joint_id=letters_to,
                    gets_letters=request.POST.get("gets") == "yes",
                )
                done = f"{joint.customer.name} gets each letter from now on."
                if not joint.gets_letters:
                    done = f"{joint.customer.name} gets no letters from now on."
            else:
                remove_joint_complainant(**self.whose, joint_id=wanted)
                done = "They are taken out. The record keeps that they complained."
        except ComplaintError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
        return redirect("cases:change-people", self.complaint.reference)

    def extra(self) -> dict[str, Any]:
        """Return the people, and about which of them the customer may be asked."""
        speakers = [
            (each, Deed.ASK_CUSTOMER in deeds(each.standing_on(self.today)))
            for each in self.everybody.speakers
        ]
        return {"speakers": speakers, "corrects": self.may(Act.CORRECT)}


class Back(ActPage):
    """An act of the people's page, to which it goes back."""

    act = Act.CHANGE_PEOPLE
    collides = False

    def destination(self, complaint: Complaint) -> str:
        """Return to the people's page."""
        return reverse("cases:change-people", args=[complaint.reference])


class Speaks(Back):
    """Add or change somebody who speaks for the customer."""

    form_class = SpeakerForm
    template_name = "cases/acts/speaker.html"
    done = "Saved."

    @property
    def speaker(self) -> Representative | None:
        """Return who is to be changed; nothing to add somebody.

        :raises Http404: if they are not of this complaint.
        """
        key = self.kwargs.get("key")
        if key is None:
            return None
        found = self.complaint.representatives.filter(pk=key).first()
        if found is None:
            raise Http404
        return found

    def form_details(self) -> dict[str, Any]:
        """Return who is to be changed."""
        return {"speaker": self.speaker}

    def extra(self) -> dict[str, Any]:
        """Return who is to be changed, and what they may be told."""
        speaker = self.speaker
        if speaker is None:
            return {"speaker": None}
        standing = speaker.standing_on(self.today)
        may = deeds(standing)
        return {
            "speaker": speaker,
            "told": told_of(standing),
            "deeds": [(each.value, each in may) for each in TOLD],
            "may_ask": Deed.ASK_CUSTOMER in may,
        }

    def perform(self, form: Any) -> Complaint:
        """Save them."""
        speaker = self.speaker
        save_representative(
            form.speaker, **self.whose, representative_id=speaker.pk if speaker else None
        )
        return self.complaint


class OneSpeaker(Back):
    """Something done about somebody who speaks for the customer."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find them.

        :raises Http404: if they are not of this complaint.
        """
        super().setup(request, *args, **kwargs)
        if not request.user.is_authenticated:
            return
        speakers = Representative.objects.filter(complaint=self.complaint)
        self.speaker = get_object_or_404(speakers, pk=kwargs["key"])


class AskAboutSpeaker(OneSpeaker):
    """Ask the customer, at their own address, whether somebody may speak for them."""

    form_class = AskCustomerForm
    letter_kind = LetterKind.CONSENT_REQUEST
    template_name = "cases/acts/ask_customer.html"
    done = "The customer is asked."

    def extra(self) -> dict[str, Any]:
        """Return about whom."""
        return {"speaker": self.speaker}

    def perform(self, form: Any) -> Complaint:
        """Ask."""
        return ask_customer(**self.whose, representative_id=self.speaker.pk, telling=form.telling)


class SendReceipt(OneSpeaker):
    """Tell somebody who wrote for a customer that their message came, and nothing else."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go to their page, where the button is."""
        self.read()
        self.check_role()
        return redirect("cases:representative", self.complaint.reference, self.speaker.pk)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send it."""
        self.read()
        self.check_role()
        try:
            send_receipt(**self.whose, representative_id=self.speaker.pk)
        except ComplaintError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "They are told that their message came, and nothing else.")
        return redirect("cases:change-people", self.complaint.reference)


class CustomerChoice(Back):
    """Choose a customer among those found by a search, or add one."""

    template_name = "cases/acts/customer_choice.html"
    # Nobody has the name looked for; those offered are spelt much like it.
    is_alike = False

    @property
    def searched(self) -> str:
        """Return the words searched for."""
        return self.request.GET.get("find", "")

    def form_details(self) -> dict[str, Any]:
        """Return the customers found."""
        found = matching_customers(self.searched, self.user)
        self.is_alike = not found
        return {"found": found or customers_alike(self.searched, self.user)}

    def extra(self) -> dict[str, Any]:
        """Return the words searched for, and what the page is about."""
        return {
            "searched": self.searched,
            "heading": self.heading,
            "is_alike": self.is_alike,
        }

    heading = ""

    def chosen(self, form: Any) -> int:
        """Return the customer chosen, added first where they are new."""
        if form.customer_id is not None:
            return int(form.customer_id)
        return save_customer(form.particulars, now=self.now).pk


class AddJoint(CustomerChoice):
    """Add somebody who complains together with the customer."""

    form_class = JointForm
    heading = "Add somebody who complains too"
    done = "They are part of the complaint now."

    def perform(self, form: Any) -> Complaint:
        """Add them."""
        add_joint_complainant(
            **self.whose,
            customer_id=self.chosen(form),
            capacity=form.cleaned_data["capacity"],
            gets_letters=form.cleaned_data["gets_letters"],
        )
        return self.complaint


class RightCustomer(CustomerChoice):
    """Correct whose complaint it is."""

    act = Act.CORRECT
    form_class = RightCustomerForm
    heading = "Correct whose complaint it is"
    done = "The customer is corrected. What was first recorded stays to be seen."
    collides = True

    def perform(self, form: Any) -> Complaint:
        """Correct the customer."""
        return correct_customer(
            **self.common,
            customer_id=self.chosen(form),
            reason=form.cleaned_data["reason"],
        )


class ChangeAccess(ActPage):
    """Set the level, the list, and those to whom it is closed."""

    act = Act.CHANGE_ACCESS
    form_class = AccessForm
    template_name = "cases/acts/access.html"
    done = "Who may see it is saved."

    def form_details(self) -> dict[str, Any]:
        """Return who has a part already, and the staff to choose from."""
        self.staff = list(User.objects.filter(is_active=True).order_by("name", "pk")[:MOST_STAFF])
        return {"people": self.everybody, "staff": self.staff}

    def extra(self) -> dict[str, Any]:
        """Return the staff to choose from."""
        return {"staff": self.staff}

    def perform(self, form: Any) -> Complaint:
        """Save who may see it."""
        return access.change_access(
            **self.common,
            level=Level(form.cleaned_data["level"]),
            listed=form.with_part("listed"),
            subjects=form.with_part("subject"),
            conflicted=form.with_part("conflict"),
            reason=form.cleaned_data["reason"],
        )
