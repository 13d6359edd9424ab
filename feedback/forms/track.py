"""The forms by which customers follow their complaint, and act on it themselves."""

import secrets
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.forms.layout import Buttons, HouseForm, Layout, Question, Submit
from cases.models import Customer
from cases.operations.customers import Speaker
from cases.operations.from_customer import Wishes
from cases.rules.authority import SpeakerKind
from feedback.forms.asked import AskedForm
from feedback.forms.choices import (
    EMAIL_HINT,
    EMAIL_SAYS,
    FORMATS,
    PREFERRED,
    RELATIONSHIPS,
    UNSAFE,
)
from feedback.forms.files import ACCEPTED
from feedback.forms.step import FORM_ID, LONGEST_LINE, many_lines, one_line
from feedback.rules.told import WHOLE

BY_EMAIL, IN_HAND = "email", "code"
# The buttons of the page on which something is added; a page from before has none of them.
ADD, SEND = "add", "send"
NOTICE = "notice"
LONGEST_REASONS = 10_000


class FollowForm(HouseForm):
    """A form of these pages, with the words and the kind of its button."""

    button: ClassVar[Any] = _("Continue")
    kind: ClassVar[str] = "primary"
    form_attrs = {"id": FORM_ID}

    def submit(self) -> Submit:
        """Return the button."""
        return Submit(str(self.button), kind=self.kind)


def reference_field() -> forms.CharField:
    """Return the question for a reference."""
    return forms.CharField(
        label=_("Your reference"),
        help_text=_("It stands on our letters, for example KX7M-2QPD-6."),
        max_length=60,
        error_messages={"required": _("Enter the reference of your complaint")},
    )


class FindForm(FollowForm):
    """Which complaint, and how somebody shows that it is theirs."""

    reference = reference_field()
    how = forms.ChoiceField(
        label=_("How do you want to open it?"),
        choices=[
            (BY_EMAIL, _("Send me a code by email")),
            (IN_HAND, _("I have a code on paper or from the telephone")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Select how you want to open it")},
    )

    def __init__(self, *args: Any, has_texts: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_texts = has_texts
        if has_texts:
            by_hand = self.field("how").choices[1]
            sent = gettext("Send me a code by email, or by text if you only ring me")
            self.field("how").choices = [(BY_EMAIL, sent), by_hand]

    def layout(self) -> Layout:
        """Return the two questions."""
        hints = {
            BY_EMAIL: gettext(
                "We send it to the email address or mobile number that we have for you, if we may."
            )
            if self.has_texts
            else gettext("We send it to the address that we have for you, if we may email you."),
            IN_HAND: gettext("We give you one when you ring us, or send it by post."),
        }
        return Layout(Question("reference", width=20), Question("how", hints=hints), self.submit())


class CodeForm(FollowForm):
    """The code that opens a complaint."""

    button = _("Open my complaint")
    reference = reference_field()
    code = forms.CharField(
        label=_("Your code"),
        max_length=60,
        error_messages={"required": _("Enter the code")},
    )

    def layout(self) -> Layout:
        """Return the two questions."""
        code = Question("code", width=20, attrs={"autocomplete": "one-time-code"})
        return Layout(Question("reference", width=20), code, self.submit())


class AddForm(AskedForm):
    """Words and files to add to a complaint. Each file is shown before anything is sent."""

    # The page prints the tag: what stands beside the form belongs to it too.
    has_form_tag = False

    page = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("What do you want to add?")
        self.fields["uploads"].label = _("Add a photo or a paper")
        self.fields["page"].initial = secrets.token_hex(16)

    def clean_page(self) -> str:
        """Return the name of the page that this was sent from; a new one if it has none."""
        return self.cleaned_data["page"] or secrets.token_hex(16)

    def layout(self) -> Layout:
        """Return the words, the next file with its button, and the button that sends it all."""
        add = Submit(_("Add this file"), kind="secondary", name="do", value=ADD)
        return Layout(
            "page",
            Question("words", rows=8),
            Question("uploads", attrs={"accept": ACCEPTED}),
            add,
            Buttons(Submit(_("Send it to us"), name="do", value=SEND)),
        )

    def ask_for_another(self) -> None:
        """Ask as of somebody who has added one."""
        self["uploads"].label = _("Do you want to add another file?")


class NextStageForm(FollowForm):
    """Why somebody is not happy with the answer."""

    button = _("Ask for it")
    reasons = many_lines(_("Why are you not happy with our answer?"), LONGEST_REASONS)

    def __init__(self, *args: Any, reasons_required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].required = reasons_required
        self.fields["reasons"].error_messages["required"] = str(
            _("Tell us why you are not happy with our answer")
        )

    def layout(self) -> Layout:
        """Return the reasons and the button."""
        return Layout(Question("reasons", rows=6, count=True), self.submit())


class WishesForm(FollowForm):
    """How the customer wants to be reached, and how not."""

    button = _("Save")
    preferred = forms.ChoiceField(
        label=_("How would you like us to reach you?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Select how you would like us to reach you")},
    )
    email_says = forms.ChoiceField(
        label=_("What may our emails to you say?"),
        help_text=EMAIL_HINT,
        choices=EMAIL_SAYS,
        widget=forms.RadioSelect,
        required=False,
    )
    unsafe = forms.MultipleChoiceField(
        label=_("Is there any way that we must not use?"),
        help_text=_("For example because somebody else could see or hear it."),
        choices=list(UNSAFE.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    letter_format = forms.ChoiceField(
        label=_("How do you need letters and other information?"),
        choices=FORMATS,
        widget=forms.RadioSelect,
    )
    language = one_line(_("Do you need another language than English, or sign language?"), 40)
    needs = many_lines(
        _("Is there anything else that we should do differently for you?"),
        2_000,
        help_text=_(
            "For example: speak slowly, give me more time, only ring in the mornings. It is added "
            "to what we know already."
        ),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        given = {
            "phone": customer.phone,
            "email": customer.email,
            "post": "\n".join(customer.address_lines),
        }
        unsafe = {
            "phone": customer.phone_unsafe,
            "email": customer.email_unsafe,
            "post": customer.post_unsafe,
        }
        kwargs.setdefault(
            "initial",
            {
                "preferred": customer.preferred_channel,
                "email_says": WHOLE if customer.letters_by_email else NOTICE,
                "unsafe": [way for way, is_unsafe in unsafe.items() if is_unsafe],
                "letter_format": customer.letter_format,
                "language": customer.language,
            },
        )
        super().__init__(*args, **kwargs)
        self.field("preferred").choices = [
            (way, PREFERRED[way]) for way, value in given.items() if value
        ]
        if not customer.email:
            del self.fields["email_says"]

    def layout(self) -> Layout:
        """Return the ways first, then formats and needs."""
        email_says = ["email_says"] if "email_says" in self.fields else []
        return Layout(
            "preferred",
            *email_says,
            "unsafe",
            "letter_format",
            "language",
            Question("needs", rows=3),
            self.submit(),
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a way that is wished for and ruled out."""
        cleaned = super().clean()
        if cleaned.get("preferred") in (cleaned.get("unsafe") or ()):
            self.add_error(
                "preferred",
                str(_("Select a way to reach you that you have not ruled out below")),
            )
        return cleaned

    @property
    def wishes(self) -> Wishes:
        """Return what was answered."""
        given = self.cleaned_data
        return Wishes(
            preferred_channel=given["preferred"],
            unsafe=tuple(given["unsafe"]),
            letter_format=given["letter_format"],
            language=given["language"],
            needs=given["needs"],
            letters_by_email=given.get("email_says") == WHOLE,
        )


class EmailsForm(FollowForm):
    """What e-mails may say to somebody else who has the letters."""

    button = _("Save")
    email_says = forms.ChoiceField(
        label=_("What may our emails to you say?"),
        help_text=EMAIL_HINT,
        choices=EMAIL_SAYS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select what our emails to you may say")},
    )

    def __init__(self, *args: Any, is_whole: bool, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"email_says": WHOLE if is_whole else NOTICE})
        super().__init__(*args, **kwargs)

    def layout(self) -> Layout:
        """Return the question and the button."""
        return Layout("email_says", self.submit())

    @property
    def is_whole(self) -> bool:
        """Say whether whole letters were asked for."""
        return bool(self.cleaned_data["email_says"] == WHOLE)


class SpeakerForm(FollowForm):
    """Who may speak for the customer."""

    button = _("Let them speak for me")
    name = forms.CharField(
        label=_("Their full name"),
        max_length=LONGEST_LINE,
        error_messages={"required": _("Enter the name of the person who may speak for you")},
    )
    relationship = forms.ChoiceField(
        label=_("What are they to you?"),
        choices=[(each, _(each)) for each in RELATIONSHIPS],
        widget=forms.RadioSelect,
        required=False,
    )
    phone = one_line(_("Their telephone number"), 40)
    email = forms.EmailField(label=_("Their email address"), max_length=254, required=False)
    is_agreed = forms.BooleanField(
        label=_(
            "You may talk to them about this complaint, and act on what they tell you. I can stop "
            "this at any time."
        ),
        error_messages={"required": _("Tick the box if they may speak for you")},
    )

    def layout(self) -> Layout:
        """Return the questions in their order."""
        return Layout(
            "name",
            "relationship",
            Question("phone", width=20),
            "email",
            "is_agreed",
            self.submit(),
        )

    @property
    def speaker(self) -> Speaker:
        """Return who was named."""
        given = self.cleaned_data
        kinds = {
            "Solicitor": SpeakerKind.SOLICITOR,
            "Advice or advocacy agency": SpeakerKind.ADVICE_AGENCY,
            "Councillor, MP or other elected representative": SpeakerKind.ELECTED,
        }
        return Speaker(
            name=given["name"],
            relationship=given["relationship"],
            phone=given["phone"],
            email=given["email"],
            kind=kinds.get(given["relationship"], SpeakerKind.PERSON).value,
        )


class WithdrawForm(FollowForm):
    """Whether somebody really does not want to go on."""

    button = _("Withdraw my complaint")
    kind = "warning"
    words = many_lines(_("Is there anything that you want to tell us about it?"), 2_000)
    is_sure = forms.BooleanField(
        label=_("I do not want you to go on with my complaint"),
        error_messages={"required": _("Tick the box if you do not want us to go on")},
    )

    def layout(self) -> Layout:
        """Return the questions and the button."""
        return Layout(Question("words", rows=4), "is_sure", self.submit())


class BreachForm(FollowForm):
    """What somebody saw that is not theirs."""

    button = _("Tell us and close this page")
    kind = "warning"
    words = many_lines(
        _("What did you see?"),
        2_000,
        help_text=_("Do not copy it here. Say where it was, and whose you think it is."),
    )

    def layout(self) -> Layout:
        """Return the question and the button."""
        return Layout(Question("words", rows=4), self.submit())
