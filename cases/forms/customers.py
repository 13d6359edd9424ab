"""Finding a customer, adding one, and changing what is known of one."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.forms.asking import offer
from cases.forms.layout import (
    Buttons,
    CancelLink,
    Fieldset,
    Layout,
    Question,
    Row,
    StaffForm,
    Submit,
)
from cases.models import Customer
from cases.operations.customers import Particulars
from cases.operations.from_customer import LONGEST_NEEDS
from cases.rules.customers import (
    Channel,
    CustomerCategory,
    LetterFormat,
    category_words,
    preferred_of,
)

UNSAFE = (("phone", "Telephone"), ("email", "E-mail"), ("post", "Letters"))
BY_ANOTHER = (("phone", "The telephone number"), ("email", "The e-mail address"))
WHOLE_LETTERS = "Ask them: others may see their e-mails. Otherwise one only leads to the letter."
NOT_SAID = ("", "They did not say")
# How somebody can like to be reached; the other ways are those in which they reached us.
REACHED_BY = (Channel.POST, Channel.EMAIL, Channel.PHONE, Channel.IN_PERSON)


class CustomerForm(StaffForm):
    """Who a customer is, how they are reached, and what they need.

    `customer` is who is changed. The box that says that a new one is nobody of those who look the
    same is asked when there are any.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    is_another = forms.BooleanField(label="It is none of these people", required=False)
    name = forms.CharField(label="Name", max_length=200)
    category = forms.ChoiceField(label="What they are to us")
    phone = forms.CharField(label="Telephone", max_length=40, required=False)
    email = forms.EmailField(label="E-mail", max_length=254, required=False)
    address = forms.CharField(
        label="Address", required=False, widget=forms.Textarea, max_length=500
    )
    postcode = forms.CharField(label="Postcode", max_length=12, required=False)
    block = forms.CharField(
        label="Block, if they live in one",
        max_length=120,
        required=False,
        help_text="The building with many homes in it, for example Quay House. Complaints of one "
        "block are counted together.",
    )
    preferred_channel = forms.ChoiceField(label="How they like to be reached")
    letter_format = forms.ChoiceField(
        label="Letters in", choices=[(each.value, each.words) for each in LetterFormat]
    )
    language = forms.CharField(label="Language, if not English", max_length=40, required=False)
    needs = forms.CharField(
        label="What they need from us",
        help_text="For example: ring first, text relay, a signer.",
        widget=forms.Textarea,
        # With what the customer added to it.
        max_length=LONGEST_NEEDS,
        required=False,
    )
    is_vulnerable = forms.BooleanField(label="They are vulnerable", required=False)
    unsafe = forms.MultipleChoiceField(
        label="Ways that are not safe for them",
        help_text="Nothing is sent and nobody rings in these ways.",
        choices=UNSAFE,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    letters_by_email = forms.BooleanField(
        label="They want whole letters by e-mail", help_text=WHOLE_LETTERS, required=False
    )

    confirmed = forms.MultipleChoiceField(
        label="The customer says that this is theirs",
        help_text="Somebody who says that they speak for them gave it. Tick it only if the "
        "customer told you so themselves, reached in another way: links and codes go there then.",
        choices=BY_ANOTHER,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self, *args: Any, back: str, customer: Customer | None = None, seen: int = 0, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"seen": seen, **(_known(customer) if customer else {})}
        now = kwargs["initial"]
        super().__init__(*args, **kwargs)
        self.back = back
        self.is_new = customer is None
        self.fields["preferred_channel"].required = not self.is_new
        self.asks_whether_another = False
        marked = [each for each in BY_ANOTHER if now.get(f"{each[0]}_by_another")]
        self.is_by_another = bool(marked)
        offer(self, "confirmed", marked)
        offer(self, "category", _categories(now.get("category", CustomerCategory.TENANT.value)))
        # Nothing is preset for somebody new; of somebody known it is known.
        reached = _ways(now.get("preferred_channel", Channel.POST.value))
        offer(self, "preferred_channel", [NOT_SAID, *reached] if self.is_new else reached)

    def layout(self) -> Layout:
        """Return the questions in their groups."""
        another = ["is_another"] if self.asks_whether_another else []
        return Layout(
            "seen",
            *another,
            Fieldset("Who they are", Row("name", "category")),
            Fieldset(
                "How to reach them",
                Row("phone", "email"),
                *(["confirmed"] if self.is_by_another else []),
                Question("address", rows=3),
                Question("postcode", width=10),
                "block",
                "preferred_channel",
                "letters_by_email",
                "unsafe",
            ),
            Fieldset(
                "What they need",
                Row("letter_format", "language"),
                Question("needs", rows=2),
                "is_vulnerable",
            ),
            Buttons(Submit("Add the customer" if self.is_new else "Save"), CancelLink(self.back)),
        )

    @property
    def particulars(self) -> Particulars:
        """Return what was typed, once the answers were checked."""
        given = self.cleaned_data
        names = ("name", "category", "phone", "email", "address", "postcode", "block")
        more = (
            "preferred_channel",
            "letters_by_email",
            "letter_format",
            "language",
            "needs",
            "is_vulnerable",
        )
        unsafe: dict[str, Any] = {f"{way}_unsafe": way in given["unsafe"] for way, _ in UNSAFE}
        told = {name: given[name] for name in (*names, *more)} | unsafe
        told["preferred_channel"] = given["preferred_channel"] or preferred_of(
            email=given["email"],
            phone=given["phone"],
            address=given["address"],
            unsafe=given["unsafe"],
        )
        return Particulars(**told)


def _known(customer: Customer) -> dict[str, Any]:
    names = [field.name for field in Customer._meta.concrete_fields]
    unsafe = [way for way, _ in UNSAFE if getattr(customer, f"{way}_unsafe")]
    return {**{name: getattr(customer, name) for name in names}, "unsafe": unsafe}


def _categories(now: str) -> list[tuple[str, str]]:
    """Return what somebody can be, with what an imported file called them."""
    known = [(each.value, each.words) for each in CustomerCategory]
    return _with(known, now, category_words(now))


def _ways(now: str) -> list[tuple[str, str]]:
    """Return how somebody can like to be reached, with what is known of them."""
    known = [(each.value, each.words) for each in REACHED_BY]
    words = {each.value: each.words for each in Channel}
    return _with(known, now, words.get(now, now))


def _with(known: Sequence[tuple[str, str]], code: str, words: str) -> list[tuple[str, str]]:
    return [*known] if any(code == each for each, _ in known) else [*known, (code, words)]
