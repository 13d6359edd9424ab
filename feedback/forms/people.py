"""The pages of the Let Us Know form about people: who sends it, for whom, and how to reach them.

A person's name, address and telephone number stand together; each other page asks one question.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.layout import Layout, Question, Submit, Words
from feedback.forms.choices import (
    CATEGORIES,
    EMAIL_HINT,
    EMAIL_SAYS,
    FORMATS,
    PERMISSIONS,
    PERSON_CATEGORIES,
    PERSON_FORMATS,
    PERSON_UNSAFE,
    PREFERRED,
    RELATIONSHIPS,
    UNSAFE,
)
from feedback.forms.step import (
    LONGEST_LINE,
    OneQuestion,
    SoFar,
    StepForm,
    many_lines,
    one_line,
    one_of,
)
from feedback.rules.kinds import Kind
from feedback.rules.told import CALL_BACK, RING_ME

THE_PERSON = _("About the person you are helping")
SPEAKING = _("Speaking for them")
ABOUT_YOU = _("About you")
REACHING_YOU = _("How we can reach you")
NO_NUMBER = _("Enter a telephone number, like 01632 960 001")


def can_be_rung(number: str) -> bool:
    """Say whether somebody wrote a telephone number."""
    return sum(character.isdigit() for character in number) >= 5


def _speaks_for_another(so_far: SoFar) -> bool:
    return so_far.is_complaint and so_far.for_other


class PersonStep(StepForm):
    """The customer for whom somebody else speaks (KF-1, LV-1, HH-4)."""

    code = "person"
    former = ("person_category", "person_unsafe")
    title = part = THE_PERSON

    person_name = forms.CharField(
        label=_("Their full name"),
        max_length=LONGEST_LINE,
        error_messages={"required": _("Enter the name of the person you are helping")},
    )
    person_address = many_lines(_("Their address"), 500)
    person_postcode = one_line(_("Their postcode"), 12)
    person_phone = one_line(_("Their telephone number"), 40)
    person_email = forms.EmailField(label=_("Their email address"), max_length=254, required=False)

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who speak for somebody else."""
        return _speaks_for_another(so_far)

    def layout(self) -> Layout:
        """Return who they are, and how to reach them."""
        return Layout(
            "person_name",
            Question("person_address", rows=3),
            Question("person_postcode", width=10),
            Question("person_phone", width=20),
            "person_email",
            Submit(_("Continue")),
        )


class OtherStep(OneQuestion):
    """A question to whoever speaks for somebody else, about that person."""

    part = THE_PERSON

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who speak for somebody else."""
        return _speaks_for_another(so_far)


class PersonCategoryStep(OtherStep):
    """What the customer is to the landlord, as somebody else knows it."""

    code = "who-they-are"

    person_category = one_of(_("What are they to us?"), PERSON_CATEGORIES)


class PersonSafetyStep(OtherStep):
    """How the customer must not be reached, and when and how it is safe."""

    code = "safe-for-them"
    title = _("Reaching them safely")

    person_unsafe = forms.MultipleChoiceField(
        label=_("Is any way of reaching them unsafe?"),
        help_text=_("For example because somebody at home must not know."),
        choices=PERSON_UNSAFE,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    person_safe_notes = one_line(
        _("When and how is it safe to reach them?"),
        500,
        help_text=_("For example: only in the mornings, do not leave a message."),
    )

    def layout(self) -> Layout:
        """Return both questions, which belong together."""
        return Layout("person_unsafe", "person_safe_notes", Submit(_("Continue")))


class PersonFormatStep(OtherStep):
    """How the customer reads, as far as somebody else knows."""

    code = "format-for-them"

    person_format = one_of(
        _("How do they need letters and other information?"),
        PERSON_FORMATS,
        help_text=_("What we write about the complaint goes to them."),
    )


class PersonLanguageStep(OtherStep):
    """What the customer speaks."""

    code = "language-for-them"

    person_language = one_line(
        _("Do they need another language than English, or sign language?"),
        40,
        help_text=_("Leave this empty if they do not, or if you do not know."),
    )


class PersonNeedsStep(OtherStep):
    """What else to do differently for the customer."""

    code = "needs-for-them"

    person_needs = one_line(
        _("Is there anything else that we should do differently for them?"),
        500,
        help_text=_("For example: speak slowly, give them more time, come with a colleague."),
    )


class SpeakingStep(OtherStep):
    """What whoever speaks for the customer is to them."""

    code = "speaking-for-them"
    former = ("permission",)
    part = SPEAKING

    relationship = one_of(_("What are you to them?"), [(each, _(each)) for each in RELATIONSHIPS])


class PermissionStep(OtherStep):
    """By what right somebody speaks for the customer: claimed here, confirmed later (HH-4)."""

    code = "permission"
    part = SPEAKING
    how = {"hints": {"no": _("Tell us all the same. We will ask them if it is safe to.")}}

    permission = one_of(
        _("Have they agreed that you speak for them?"),
        PERMISSIONS,
        help_text=_(
            "We start looking into it at once. We will ask them to confirm that you may speak for "
            "them, in a way that is safe for them."
        ),
    )


class AboutYouStep(StepForm):
    """Who sends it, and every way to reach them. Nothing of it must be given but one way."""

    code = "about-you"
    former = ("category",)
    title = part = ABOUT_YOU

    name = one_line(_("Your full name"))
    address = many_lines(_("Your address"), 500)
    postcode = one_line(_("Your postcode"), 12)
    phone = one_line(_("Telephone number"), 40)
    email = forms.EmailField(label=_("Email address"), max_length=254, required=False)

    @property
    def intro(self) -> Words:  # type: ignore[override]
        """Return what has to be filled in."""
        if self.so_far.kind is Kind.COMPLIMENT:
            return _("You can leave all of this empty. Then we cannot thank you.")
        return _(
            "Give us at least one way to reach you: an address, a telephone number or an email "
            "address."
        )

    def layout(self) -> Layout:
        """Return the name first, then each way as browsers fill it in by themselves."""
        autofill = ("name", "postcode", "phone", "email")
        tokens = {"name": "name", "postcode": "postal-code", "phone": "tel", "email": "email"}
        widths = {"postcode": 10, "phone": 20}
        asked = {
            each: Question(each, width=widths.get(each), attrs={"autocomplete": tokens[each]})
            for each in autofill
        }
        return Layout(
            asked["name"],
            Question("address", rows=3, attrs={"autocomplete": "street-address"}),
            *(asked[each] for each in ("postcode", "phone", "email")),
            Submit(_("Continue")),
        )

    def clean_phone(self) -> str:
        """Refuse what cannot be rung."""
        phone: str = self.cleaned_data["phone"]
        if phone and not can_be_rung(phone):
            raise forms.ValidationError(NO_NUMBER)
        return phone

    def clean(self) -> dict[str, Any]:
        """Ask for one way to reach them, where they wait for an answer."""
        cleaned = super().clean()
        ways = ("address", "phone", "email")
        is_waiting = self.so_far.kind is not Kind.COMPLIMENT
        if is_waiting and not any(cleaned.get(way) or way in self.errors for way in ways):
            self.add_error(
                "address",
                _(
                    "Enter at least one way to reach you: your address, telephone number or email "
                    "address"
                ),
            )
        return cleaned


class CategoryStep(OneQuestion):
    """What the sender is to the landlord."""

    code = "who-you-are"
    part = ABOUT_YOU

    category = one_of(_("Which of these are you?"), CATEGORIES)

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask everybody but those who speak for somebody else."""
        return so_far.kind is not None and not so_far.for_other


class ReachedStep(OneQuestion):
    """A question to whoever gave a way to reach them."""

    part = REACHING_YOU

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who can be reached at all."""
        return so_far.kind is not None and bool(so_far.ways)


class SafetyStep(ReachedStep):
    """What is not safe, and when it is. Asked first: the pages after it offer only what is safe."""

    code = "safe"
    title = _("Reaching you safely")

    unsafe = forms.MultipleChoiceField(
        label=_("Is there any way that we must not use?"),
        help_text=_("For example because somebody else could see or hear it."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    safe_notes = one_line(
        _("When and how is it safe to reach you?"),
        500,
        help_text=_("For example: only in the mornings, do not leave a message."),
    )

    def prepare(self) -> None:
        """Ask only about the ways that were given."""
        self.field("unsafe").choices = [(way, UNSAFE[way]) for way in self.so_far.ways]

    def layout(self) -> Layout:
        """Return both questions, which belong together."""
        return Layout("unsafe", "safe_notes", Submit(_("Continue")))

    def clean(self) -> dict[str, Any]:
        """Leave one way open, where they wait for an answer."""
        cleaned = super().clean()
        unsafe = cleaned.get("unsafe") or []
        if self.so_far.kind is not Kind.COMPLIMENT and set(self.so_far.ways) <= set(unsafe):
            self.add_error(
                "unsafe",
                _(
                    "You have ruled out every way that you gave us. Leave one that is safe, or go "
                    "back and give us another"
                ),
            )
        return cleaned


class ContactStep(ReachedStep):
    """Which of several ways the sender likes best."""

    code = "contact"
    former = ("email_says", "unsafe", "safe_notes", "letter_format", "language", "needs")

    preferred = one_of(_("How would you like us to reach you?"), [])

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who left a choice."""
        return super().applies(so_far) and len(so_far.safe_ways) > 1

    def prepare(self) -> None:
        """Offer the ways that are safe."""
        preferred = self.field("preferred")
        preferred.choices = [(way, PREFERRED[way]) for way in self.so_far.safe_ways]
        preferred.error_messages["invalid_choice"] = _(
            "Select a way to reach you that you have not ruled out"
        )


class CallBackStep(ReachedStep):
    """Whether to ring the sender to talk about it: on which number, and when that is safe."""

    code = CALL_BACK
    reveals: Mapping[str, Mapping[str, Sequence[str]]] = {
        "call_back": {"yes": ["call_number", "call_when"]}
    }

    call_back = one_of(
        _("Do you prefer to talk? Ask us to ring you"),
        [("yes", _(RING_ME)), ("no", _("No, you need not"))],
    )
    call_number = one_line(
        _("On which number?"),
        40,
        help_text=_("Leave this empty if it is the number that you gave us."),
    )
    call_when = one_line(
        _("When is it good and safe to ring you?"),
        help_text=_("For example: after six, or not when the children are there."),
    )

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who complain for themselves and did not rule the telephone out."""
        may_ring = "phone" not in so_far.unsafe
        return super().applies(so_far) and so_far.is_complaint and not so_far.for_other and may_ring

    def prepare(self) -> None:
        """Say that the number can be left out only where one was given."""
        if "phone" not in self.so_far.ways:
            self.fields["call_number"].help_text = ""

    def clean_call_number(self) -> str:
        """Refuse what cannot be rung, and ask for a number where none is known."""
        number: str = self.cleaned_data["call_number"]
        if number and not can_be_rung(number):
            raise forms.ValidationError(NO_NUMBER)
        is_wanted = self.cleaned_data.get("call_back") == "yes"
        if is_wanted and not number and "phone" not in self.so_far.ways:
            raise forms.ValidationError(_("Enter the number on which we should ring you"))
        return number

    def answers(self) -> dict[str, Any]:
        """Return whether they want to be rung, and how."""
        given = self.cleaned_data
        is_wanted = given["call_back"] == "yes"
        return {
            "call_back": is_wanted,
            "call_number": given["call_number"] if is_wanted else "",
            "call_when": given["call_when"] if is_wanted else "",
        }


class EmailsStep(ReachedStep):
    """What may be said by e-mail (decision 62)."""

    code = "emails"

    email_says = one_of(_("What may our emails to you say?"), EMAIL_SAYS, help_text=EMAIL_HINT)

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who may be written to by e-mail."""
        return super().applies(so_far) and "email" in so_far.safe_ways


class FormatStep(ReachedStep):
    """How they read."""

    code = "format"

    letter_format = one_of(_("How do you need letters and other information?"), FORMATS)


class LanguageStep(ReachedStep):
    """What they speak."""

    code = "language"

    language = one_line(_("Do you need another language than English, or sign language?"), 40)


class NeedsStep(ReachedStep):
    """What else to do differently for them."""

    code = "needs"

    needs = one_line(
        _("Is there anything else that we should do differently for you?"),
        500,
        help_text=_("For example: speak slowly, give me more time, come with a colleague."),
    )
