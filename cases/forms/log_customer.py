"""Who the customer is, on the page on which something is logged for them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cases.forms.acts.common import radios
from cases.forms.acts.people import NEW, described
from cases.forms.customers import WHOLE_LETTERS
from cases.forms.fields import DateField
from cases.forms.layout import Fieldset, Question, Row, StaffForm, Submit
from cases.models import Customer
from cases.operations.customers import Particulars, Speaker, tidy_postcode
from cases.rules.authority import Authority, SpeakerKind
from cases.rules.customers import Channel, CustomerCategory, LetterFormat, preferred_of
from cases.selectors.known_cases import HINTED, KnownCase

SELF, OTHER = "self", "other"
NEW_FIELDS = (
    "name",
    "category",
    "phone",
    "email",
    "address",
    "postcode",
    "block",
    "preferred_channel",
    "letters_by_email",
    "letter_format",
    "language",
    "needs",
    "safe_notes",
    "is_vulnerable",
    "unsafe",
)
CONFIRMED_FIELDS = ("authority_on", "authority_seen")
SPEAKER_FIELDS = (
    "speaker_name",
    "speaker_relationship",
    "speaker_phone",
    "speaker_email",
    "speaker_address",
    "speaker_kind",
    "speaker_letter_format",
    "speaker_needs",
    "authority",
    *CONFIRMED_FIELDS,
)
UNSAFE = (("phone", "Telephone"), ("email", "E-mail"), ("post", "Letters"))


class FirstInFocus(forms.RadioSelect):
    """Radios of which the first has the focus when the page opens, if asked for."""

    is_in_focus = False

    def create_option(
        self, name: str, value: Any, label: Any, selected: bool, index: int, *args: Any, **kw: Any
    ) -> dict[str, Any]:
        """Put the focus on the first."""
        option = super().create_option(name, value, label, selected, index, *args, **kw)
        if self.is_in_focus and index == 0:
            option["attrs"]["autofocus"] = True
        return option


class SearchField(forms.CharField):
    """What to look for. It is no answer, so that neither its lack nor its words are wrong."""

    def validate(self, value: Any) -> None:
        """Accept it."""

    def run_validators(self, value: Any) -> None:
        """Accept it."""


class Piece:
    """Something between the questions, with a template that is given all that the page has.

    `fields` are the questions that it asks itself.
    """

    def __init__(self, template_name: str, *fields: str) -> None:
        self.template_name = template_name
        self.fields = fields

    def render(self, form: Any, context: Any, *args: Any, **kwargs: Any) -> SafeString:
        """Return what the template makes of the page's context."""
        return render_to_string(self.template_name, context.flatten())


class WithButton:
    """A text box and the button that belongs to it, side by side."""

    def __init__(self, question: Question, button: Submit) -> None:
        self.question = question
        self.button = button
        self.fields = question.fields

    def render(self, form: Any, context: Any, *args: Any, **kwargs: Any) -> SafeString:
        """Return the two."""
        return render_to_string(
            "cases/_with_button.html",
            {
                "question": self.question.render(form, context, **kwargs),
                "button": self.button.render(form, context, **kwargs),
            },
        )


class CustomerForm(StaffForm):
    """The customer: one found, or one with particulars of their own; and who speaks for them."""

    reveals: Mapping[str, Mapping[str, Sequence[str]]] = {
        "customer": {NEW: NEW_FIELDS},
        "speaks": {OTHER: SPEAKER_FIELDS},
        "authority": {Authority.CONFIRMED.value: CONFIRMED_FIELDS},
    }

    find = SearchField(label="Find them by name, address, telephone, e-mail or a reference")
    customer = forms.ChoiceField(
        label="Who is it?",
        widget=FirstInFocus,
        error_messages={"required": "Find the customer, or enter a new one"},
    )
    name = forms.CharField(label="Name", max_length=200)
    category = forms.ChoiceField(
        label="What they are to us",
        choices=[(each.value, each.words) for each in CustomerCategory],
        initial=CustomerCategory.TENANT.value,
    )
    phone = forms.CharField(label="Telephone", max_length=40, required=False)
    email = forms.EmailField(label="E-mail", max_length=254, required=False)
    address = forms.CharField(
        label="Address", widget=forms.Textarea, max_length=500, required=False
    )
    postcode = forms.CharField(label="Postcode", max_length=12, required=False)
    block = forms.CharField(label="Block, if they live in one", max_length=120, required=False)
    preferred_channel = forms.ChoiceField(
        label="How they like to be reached",
        choices=[
            ("", "They did not say"),
            (Channel.POST.value, "By letter"),
            (Channel.EMAIL.value, "By e-mail"),
            (Channel.PHONE.value, "By telephone"),
        ],
        required=False,
    )
    letters_by_email = forms.BooleanField(
        label="They want whole letters by e-mail",
        help_text=WHOLE_LETTERS,
        required=False,
    )
    letter_format = forms.ChoiceField(
        label="Letters in", choices=[(each.value, each.words) for each in LetterFormat]
    )
    language = forms.CharField(label="Language, if not English", max_length=40, required=False)
    needs = forms.CharField(
        label="What they need from us",
        help_text="For example: ring first, text relay, a signer.",
        max_length=500,
        required=False,
    )
    safe_notes = forms.CharField(
        label="When and how it is safe to reach them",
        help_text="For example: only in the mornings, leave no message.",
        max_length=500,
        required=False,
    )
    is_vulnerable = forms.BooleanField(label="They are vulnerable", required=False)
    unsafe = forms.MultipleChoiceField(
        label="Ways that are not safe for them",
        choices=UNSAFE,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    speaks = radios(
        "Who is complaining?",
        [(SELF, "The customer"), (OTHER, "Somebody who speaks for them")],
        initial=SELF,
    )
    speaker_name = forms.CharField(label="Their name", max_length=200)
    speaker_relationship = forms.CharField(
        label="Who they are, such as a daughter", max_length=80, required=False
    )
    speaker_phone = forms.CharField(label="Their telephone", max_length=40, required=False)
    speaker_email = forms.EmailField(label="Their e-mail", max_length=254, required=False)
    speaker_address = forms.CharField(
        label="Their address", widget=forms.Textarea, max_length=500, required=False
    )
    speaker_letter_format = forms.ChoiceField(
        label="Their letters in",
        choices=[(each.value, each.words) for each in LetterFormat],
        required=False,
    )
    speaker_needs = forms.CharField(
        label="What they need from us",
        help_text="For example: another language, text relay, when it is safe to ring.",
        max_length=500,
        required=False,
    )
    speaker_kind = radios(
        "What they are",
        [(each.value, each.words) for each in SpeakerKind],
        initial=SpeakerKind.PERSON.value,
        required=False,
    )
    authority = radios(
        "May they speak for the customer?",
        [
            (Authority.CLAIMED.value, "They say so; the customer has not confirmed it yet"),
            (Authority.CONFIRMED.value, "Yes, the customer has confirmed it"),
        ],
        initial=Authority.CLAIMED.value,
    )
    authority_on = DateField(
        label="Day the customer confirmed it", called="the day the customer confirmed it"
    )
    authority_seen = forms.CharField(
        label="What you saw or heard",
        help_text="For example: the customer confirmed it by telephone; a signed form.",
        max_length=200,
    )

    def __init__(
        self,
        *args: Any,
        found: Sequence[Customer],
        known: Mapping[int, Sequence[KnownCase]],
        today: date,
        focus: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.focus = focus
        self.today = today
        self.offer(found, known)
        self.field("customer").widget.is_in_focus = focus == "customer"
        self.field("authority_on").latest = today

    def offer(self, found: Sequence[Customer], known: Mapping[int, Sequence[KnownCase]]) -> None:
        """Offer the customers found, and a new one."""
        self.found = found
        self.known = known
        listed = [(each.code, each.name) for each in found]
        self.field("customer").choices = [*listed, (NEW, "A new customer")]

    def customer_questions(self) -> Iterator[Any]:
        """Yield who it is and who speaks for them."""
        focus = {"autofocus": ""} if self.focus == "find" else {}
        yield Fieldset(
            "The customer",
            WithButton(
                Question("find", attrs={"autocomplete": "off", **focus}, is_kept=False),
                Submit("Find", kind="secondary", name="look", value="yes"),
            ),
            Piece("cases/_log_nobody.html"),
            Question(
                "customer",
                hints={each.code: self._described(each) for each in self.found},
                divider_before=NEW if self.found else None,
                is_kept=not self.found,
                reveals={NEW: list(self._new_questions())},
            ),
            Piece("cases/_log_known.html"),
            Question(
                "speaks",
                reveals={
                    OTHER: [
                        Row("speaker_name", "speaker_relationship"),
                        Row("speaker_phone", "speaker_email"),
                        Question("speaker_address", rows=3),
                        Row("speaker_letter_format", "speaker_needs"),
                        "speaker_kind",
                        Question("authority"),
                    ]
                },
            ),
        )

    def _described(self, customer: Customer) -> str:
        """Return who they are and what of theirs is open, as far as the reader may read it."""
        waiting = [each for each in self.known.get(customer.pk, ()) if each.is_open]
        if not waiting:
            return described(customer)
        listed = "; ".join(f"{each.reference} {each.about}" for each in waiting[:HINTED])
        more = f" and {len(waiting) - HINTED} more" if len(waiting) > HINTED else ""
        return f"{described(customer)}. Open: {listed}{more}"

    def _new_questions(self) -> Iterator[Any]:
        yield Row("name", "category")
        yield Row("phone", "email")
        yield Question("address", rows=3)
        yield Row(Question("postcode", width=10), "block")
        yield Row("preferred_channel", "letter_format")
        yield "letters_by_email"
        yield "language"
        yield "needs"
        yield "safe_notes"
        yield "is_vulnerable"
        yield Question("unsafe", is_inline=True)

    @property
    def chosen(self) -> Customer | None:
        """Return the customer chosen among those found; nobody for a new one."""
        code = self["customer"].value()
        return next((each for each in self.found if each.code == code), None)

    @property
    def particulars(self) -> Particulars | None:
        """Return what was told of a new customer, once the answers were checked."""
        given = self.cleaned_data
        if given["customer"] != NEW:
            return None
        plain = {name: given[name] for name in NEW_FIELDS if name not in ("unsafe", "safe_notes")}
        plain["needs"] = "\n".join(each for each in (given["needs"], given["safe_notes"]) if each)
        plain["preferred_channel"] = given["preferred_channel"] or preferred_of(
            email=given["email"],
            phone=given["phone"],
            address=given["address"],
            unsafe=given["unsafe"],
        )
        return Particulars(
            **plain,
            phone_unsafe="phone" in given["unsafe"],
            email_unsafe="email" in given["unsafe"],
            post_unsafe="post" in given["unsafe"],
        )

    @property
    def speaker(self) -> Speaker | None:
        """Return who speaks for the customer, once the answers were checked."""
        given = self.cleaned_data
        if given["speaks"] != OTHER:
            return None
        return Speaker(
            name=given["speaker_name"],
            relationship=given["speaker_relationship"],
            phone=given["speaker_phone"],
            email=given["speaker_email"],
            address=given["speaker_address"],
            letter_format=given["speaker_letter_format"] or LetterFormat.STANDARD.value,
            needs=given["speaker_needs"],
            kind=given["speaker_kind"] or SpeakerKind.PERSON.value,
            authority=given["authority"],
            authority_on=given["authority_on"],
            authority_seen=given["authority_seen"],
        )

    @property
    def typed_particulars(self) -> dict[str, str]:
        """Return by what a new customer could be known already, as typed so far."""
        if self["customer"].value() != NEW:
            return {"name": "", "postcode": "", "email": ""}
        typed = {name: str(self[name].value() or "") for name in ("name", "email")}
        return {**typed, "postcode": tidy_postcode(str(self["postcode"].value() or ""))}
