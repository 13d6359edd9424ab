"""Those who speak for a customer or complain too, and whose complaint it is."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.forms.acts.common import ActForm, AtHand, radios, words_field
from cases.forms.acts.telling import TellingForm
from cases.forms.customers import WHOLE_LETTERS
from cases.forms.fields import DateField
from cases.forms.layout import Question, Row
from cases.models import Customer, Representative
from cases.operations.customers import Particulars, Speaker
from cases.rules.authority import Authority, Established, SpeakerKind
from cases.rules.customers import CustomerCategory, LetterFormat, category_words

NEW = "new"


class SpeakerForm(ActForm):
    """Somebody who speaks for the customer, and by what authority."""

    act_text = "Save"
    has_day = False
    has_preview = False
    reveals = {
        "authority": {
            Authority.CONFIRMED.value: ["established_by", "authority_on", "authority_seen"]
        }
    }

    name = forms.CharField(label="Name", max_length=200)
    relationship = forms.CharField(
        label="Who they are, such as a daughter",
        max_length=80,
        required=False,
    )
    phone = forms.CharField(label="Telephone", max_length=40, required=False)
    email = forms.EmailField(label="E-mail", required=False)
    address = forms.CharField(
        label="Address", required=False, widget=forms.Textarea, max_length=500
    )
    speaker_kind = radios("What they are", [(each.value, each.words) for each in SpeakerKind])
    authority = radios("May they speak for the customer?", [])
    established_by = radios("How do we know?", [(each.value, each.words) for each in Established])
    authority_on = DateField(label="Day it was confirmed", called="the day it was confirmed")
    authority_seen = forms.CharField(
        label="What you saw or heard",
        max_length=200,
        help_text="For example: the customer confirmed it by telephone; a signed form.",
    )
    scope = forms.CharField(
        label="What they may do",
        max_length=200,
        required=False,
        help_text="For example: only about the lift.",
    )
    covers_data = forms.BooleanField(
        label="They may also see what else we hold about the customer", required=False
    )
    gets_letters = forms.BooleanField(
        label="They get a copy of each letter, once confirmed", required=False
    )
    letters_by_email = forms.BooleanField(
        label="They want whole letters by e-mail", help_text=WHOLE_LETTERS, required=False
    )
    letter_format = forms.ChoiceField(
        label="Their letters in",
        choices=[(each.value, each.words) for each in LetterFormat],
        required=False,
    )
    needs = forms.CharField(
        label="What they need from us",
        help_text="For example: ring first, a signer, another language, when it is safe.",
        widget=forms.Textarea,
        max_length=2_000,
        required=False,
    )
    ends_on = DateField(label="Until", called="the last day", required=False)

    def __init__(
        self, *args: Any, hand: AtHand, speaker: Representative | None = None, **kwargs: Any
    ) -> None:
        names = [field.name for field in Representative._meta.fields]
        known = {name: getattr(speaker, name) for name in names} if speaker else {}
        if known.get("authority") != Authority.CONFIRMED:
            # Not the day on which they were asked or refused, if there is one.
            known["authority_on"] = hand.today
        kwargs["initial"] = {
            "authority": Authority.CLAIMED.value,
            "speaker_kind": known.get("kind", SpeakerKind.PERSON.value),
            **known,
        }
        super().__init__(*args, hand=hand, **kwargs)
        self.field("authority_on").latest = hand.today
        now = Authority(speaker.authority) if speaker else Authority.CLAIMED
        self.field("authority").choices = [
            (each.value, each.words)
            for each in Authority
            # Asking has a page of its own: it writes to the customer.
            if each is now or each not in (Authority.CLAIMED, Authority.ASKED)
        ]

    def questions(self) -> Sequence[Any]:
        """Return who they are, how to reach them, and what they may do."""
        return [
            Row("name", "relationship"),
            Row("phone", "email"),
            Question("address", rows=3),
            "speaker_kind",
            "authority",
            "scope",
            "covers_data",
            "gets_letters",
            "letters_by_email",
            "letter_format",
            Question("needs", rows=2),
            "ends_on",
        ]

    @property
    def speaker(self) -> Speaker:
        """Return the person as told, once the answers were checked."""
        given = {name: self.cleaned_data[name] for name in self.fields if name != "seen"}
        given["letter_format"] = given["letter_format"] or LetterFormat.STANDARD.value
        return Speaker(kind=given.pop("speaker_kind"), **given)


class AskCustomerForm(TellingForm):
    """Asking the customer whether somebody may speak for them."""

    act_text = "Ask the customer"
    has_day = False
    # The letter from here has the link by which they answer.
    may_be_elsewhere = False
    words_label = "Anything to add"
    words_help = "The letter asks the question. It names nobody but the one who speaks."


class CustomerChoiceForm(ActForm):
    """Choosing a customer among those found, or adding one."""

    act_text = "Add them"
    has_day = False
    has_preview = False
    reveals = {
        "customer": {
            NEW: ["name", "category", "phone", "email", "address", "postcode", "letters_by_email"]
        }
    }
    question = "Who is it?"

    customer = radios("Who is it?", [])
    name = forms.CharField(label="Name", max_length=200)
    category = forms.ChoiceField(
        label="What they are to us",
        choices=[(each.value, each.words) for each in CustomerCategory],
    )
    phone = forms.CharField(label="Telephone", max_length=40, required=False)
    email = forms.EmailField(label="E-mail", required=False)
    address = forms.CharField(
        label="Address", required=False, widget=forms.Textarea, max_length=500
    )
    postcode = forms.CharField(label="Postcode", max_length=12, required=False)
    letters_by_email = forms.BooleanField(
        label="They want whole letters by e-mail", help_text=WHOLE_LETTERS, required=False
    )

    def __init__(self, *args: Any, hand: AtHand, found: Sequence[Customer], **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.found = found
        self.field("customer").label = self.question
        known = [(str(each.pk), each.name) for each in found]
        self.field("customer").choices = [*known, (NEW, "Somebody we do not know yet")]

    def questions(self) -> Sequence[Any]:
        """Return the customers found, and what is asked of a new one."""
        hints = {str(each.pk): described(each) for each in self.found}
        return [
            Question(
                "customer",
                hints=hints,
                divider_before=NEW if self.found else None,
                reveals={
                    NEW: [
                        "name",
                        "category",
                        Row("phone", "email"),
                        Question("address", rows=3),
                        Question("postcode", width=10),
                        "letters_by_email",
                    ]
                },
            )
        ]

    @property
    def customer_id(self) -> int | None:
        """Return the customer chosen; nothing for a new one."""
        chosen = self.cleaned_data["customer"]
        return None if chosen == NEW else int(chosen)

    @property
    def particulars(self) -> Particulars:
        """Return what was told of a new customer."""
        given = self.cleaned_data
        return Particulars(
            name=given["name"],
            category=given["category"],
            phone=given["phone"],
            email=given["email"],
            address=given["address"],
            postcode=given["postcode"],
            letters_by_email=given["letters_by_email"],
        )


def described(customer: Customer) -> str:
    """Return enough of a customer to tell them from others of the name."""
    return ", ".join([category_words(customer.category), *customer.address_lines])


class JointForm(CustomerChoiceForm):
    """Somebody who complains together with the customer."""

    capacity = forms.CharField(label="In what capacity", max_length=80, initial="Joint tenant")
    gets_letters = forms.BooleanField(
        label="Each letter goes to them as well",
        required=False,
        help_text="To their own address, in their own format. A joint tenant gets none by "
        "themselves.",
    )

    def questions(self) -> Sequence[Any]:
        """Return who it is, and their part."""
        return [*super().questions(), Question("capacity", width=20), "gets_letters"]


class RightCustomerForm(CustomerChoiceForm):
    """Whose complaint it is, when it was logged for somebody else."""

    act_text = "Correct the customer"
    kind = "warning"
    question = "Whose complaint is it?"

    reason = words_field("How the mistake happened", help_text="Kept with the record.")

    def questions(self) -> Sequence[Any]:
        """Return whose it is, and how the mistake happened."""
        return [*super().questions(), Question("reason", rows=3)]
