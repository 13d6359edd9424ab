"""The pages of the Let Us Know form. Each asks for one thing, or for a few that belong together.

A page's form checks what was typed; `answers` hands it on under the names of `Told`. To ask one
question fewer or more on a page is to move a field from one class to another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.layout import HouseForm, Layout, Question, Submit, Words
from cases.rules.customers import CustomerCategory
from cases.rules.wording import marked, unmarked
from feedback.rules.kinds import Kind
from feedback.rules.told import WHOLE

LONGEST_TEXT = 10_000
LONGEST_LINE = 200
YES_NO = [("yes", _("Yes")), ("no", _("No"))]

KINDS = [
    (Kind.COMPLAINT.value, _("Something has gone wrong, or I am unhappy with something")),
    (Kind.COMPLIMENT.value, _("Somebody or something was good")),
    (Kind.SUGGESTION.value, _("I have an idea")),
]
KIND_HINTS = {
    Kind.COMPLAINT.value: _("A complaint. You do not have to call it one."),
    Kind.COMPLIMENT.value: _("A compliment. We tell the people it is about."),
    Kind.SUGGESTION.value: _("A suggestion. We tell you what we decide."),
}
# What somebody is to the landlord, as they would say it themselves (K3-1, KF-1, LV-1).
CATEGORIES = [
    (CustomerCategory.TENANT.value, _("I rent my home from you")),
    (CustomerCategory.SHARED_OWNER.value, _("I own part of my home and rent the rest from you")),
    (CustomerCategory.LEASEHOLDER.value, _("I own my home and hold a lease from you")),
    (
        CustomerCategory.LICENSEE.value,
        _("I have a licence to live in my home, such as a hostel room"),
    ),
    (CustomerCategory.APPLICANT.value, _("I am applying for a home")),
    (CustomerCategory.FORMER_CUSTOMER.value, _("I used to live in one of your homes")),
    (CustomerCategory.RESIDENTS_GROUP.value, _("I write for a residents’ group")),
    (
        CustomerCategory.ELECTED_REPRESENTATIVE.value,
        _("I am a councillor, an MP or another elected representative"),
    ),
    (CustomerCategory.ADVOCACY_AGENCY.value, _("I work for an advice or advocacy agency")),
    (CustomerCategory.BOARD_MEMBER.value, _("I am a member of your Board")),
    (
        CustomerCategory.MEMBER_OF_THE_PUBLIC.value,
        _("None of these, for example a neighbour or a visitor"),
    ),
]
# The same of somebody else.
PERSON_CATEGORIES = [
    (CustomerCategory.TENANT.value, _("They rent their home from you")),
    (CustomerCategory.SHARED_OWNER.value, _("They own part of their home and rent the rest")),
    (CustomerCategory.LEASEHOLDER.value, _("They own their home and hold a lease from you")),
    (CustomerCategory.LICENSEE.value, _("They have a licence to live in their home")),
    (CustomerCategory.APPLICANT.value, _("They are applying for a home")),
    (CustomerCategory.FORMER_CUSTOMER.value, _("They used to live in one of your homes")),
    (CustomerCategory.MEMBER_OF_THE_PUBLIC.value, _("None of these, or I do not know")),
]
RELATIONSHIPS = [
    marked("Family or friend"),
    marked("Carer or support worker"),
    marked("Councillor, MP or other elected representative"),
    marked("Advice or advocacy agency"),
    marked("Solicitor"),
    marked("Somebody else"),
]
PERMISSIONS = [
    ("yes", _("Yes, they know and agree")),
    ("no", _("No, I have not asked them")),
    ("cannot", _("They cannot, for example because they are a child or too ill")),
]
UNSAFE = {
    "phone": _("Do not ring me"),
    "email": _("Do not email me"),
    "post": _("Do not send letters to my address"),
}
PREFERRED = {"phone": _("By telephone"), "email": _("By email"), "post": _("By letter")}

EMAIL_SAYS = [
    ("notice", _("Only that there is a letter for me, with a link to read it")),
    (WHOLE, _("The whole letter")),
]
EMAIL_HINT = _("If others may read your emails, choose the link.")


@dataclass(frozen=True, slots=True)
class SoFar:
    """What the earlier pages said, as far as it decides what the next ones ask.

    `topics` are what complaints can be about: code and name.
    """

    kind: Kind | None = None
    for_other: bool = False
    ways: tuple[str, ...] = ()
    topics: Sequence[tuple[str, str]] = ()

    @property
    def is_complaint(self) -> bool:
        """Say whether it is a complaint."""
        return self.kind is Kind.COMPLAINT


class StepForm(HouseForm):
    """One page. `code` is its name in the address; `title` its heading, if no question is."""

    code: ClassVar[str]
    submit_text = _("Continue")
    # The page prints the tag, with what belongs to the way and to no question.
    has_form_tag = False
    title: Words = ""
    intro: Words = ""
    # What helps somebody who does not know what to write.
    prompts: Sequence[Words] = ()

    def __init__(self, *args: Any, so_far: SoFar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.so_far = so_far
        self.prepare()

    def prepare(self) -> None:
        """Fit the questions to what was answered so far."""

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Say whether the page is asked at all."""
        return so_far.kind is not None

    def answers(self) -> dict[str, Any]:
        """Return the answers under the names of `Told`, once they are checked."""
        return {name: self.cleaned_data[name] for name in self.fields}

    def rows(self) -> list[tuple[str, str]]:
        """Return the questions that were asked with their answers, in words."""
        hidden = self.not_asked()
        return [
            (str(self[name].label), unmarked(self._in_words(name)))
            for name in self.fields
            if name not in hidden
        ]

    def _in_words(self, name: str) -> str:
        answer = self.cleaned_data.get(name)
        if not answer:
            return ""
        words = dict(getattr(self.fields[name], "choices", ()))
        if isinstance(answer, list | tuple):
            return "\n".join(str(words.get(each, each)) for each in answer)
        return str(words.get(answer, answer))


def one_line(label: Any, longest: int = LONGEST_LINE, **options: Any) -> forms.CharField:
    """Return a field for a line that may be left empty."""
    return forms.CharField(label=label, max_length=longest, required=False, **options)


def many_lines(label: Any, longest: int = LONGEST_TEXT, **options: Any) -> forms.CharField:
    """Return a field for as much as somebody wants to write; empty unless required."""
    options.setdefault("required", False)
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea, **options)


def one_of(
    label: Any,
    choices: Sequence[tuple[str, Any]],
    *,
    words_if_empty: Any = "",
    **options: Any,
) -> forms.ChoiceField:
    """Return a field of radios, to be answered where there are words for an empty one."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        required=bool(words_if_empty),
        error_messages={"required": words_if_empty} if words_if_empty else None,
        **options,
    )


class KindStep(StepForm):
    """What somebody wants to tell."""

    code = "kind"

    kind = one_of(
        _("What would you like to tell us?"),
        KINDS,
        words_if_empty=_("Select what you would like to tell us"),
    )

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask everybody."""
        return True

    def layout(self) -> Layout:
        """Return the question as the page's heading."""
        return Layout(Question("kind", is_heading=True, hints=KIND_HINTS), Submit(_("Continue")))


class ForWhomStep(StepForm):
    """Whether somebody speaks for themselves."""

    code = "for-whom"

    for_whom = one_of(
        _("Who are you telling us this for?"),
        [("me", _("For myself, or for my household")), ("other", _("For somebody else"))],
        words_if_empty=_("Select who you are telling us this for"),
    )

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who complain."""
        return so_far.is_complaint

    def layout(self) -> Layout:
        """Return the question as the page's heading."""
        hints = {
            "other": _(
                "You can be a friend, a relative, an adviser, a councillor, or anybody they trust."
            )
        }
        return Layout(Question("for_whom", is_heading=True, hints=hints), Submit(_("Continue")))

    def answers(self) -> dict[str, Any]:
        """Return whether it is for somebody else."""
        return {"for_other": self.cleaned_data["for_whom"] == "other"}


class PersonStep(StepForm):
    """The customer for whom somebody else speaks (KF-1, LV-1, HH-4)."""

    code = "person"
    title = _("About the person you are helping")

    person_name = forms.CharField(
        label=_("Their full name"),
        max_length=LONGEST_LINE,
        error_messages={"required": _("Enter the name of the person you are helping")},
    )
    person_address = many_lines(_("Their address"), 500)
    person_postcode = one_line(_("Their postcode"), 12)
    person_phone = one_line(_("Their telephone number"), 40)
    person_category = one_of(_("What are they to us?"), PERSON_CATEGORIES)
    person_unsafe = forms.MultipleChoiceField(
        label=_("Is any way of reaching them unsafe?"),
        help_text=_("For example because somebody at home must not know."),
        choices=[("phone", _("Do not ring them")), ("post", _("Do not send them letters"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who speak for somebody else."""
        return so_far.is_complaint and so_far.for_other

    def layout(self) -> Layout:
        """Return who they are, and how not to reach them."""
        return Layout(
            "person_name",
            Question("person_address", rows=3),
            Question("person_postcode", width=10),
            Question("person_phone", width=20),
            "person_category",
            "person_unsafe",
            Submit(_("Continue")),
        )


class SpeakingStep(StepForm):
    """By what right somebody speaks for the customer: claimed here, confirmed later (HH-4)."""

    code = "speaking-for-them"
    title = _("Speaking for them")
    intro = _(
        "We start looking into it at once. We will ask them to confirm that you may speak for "
        "them, in a way that is safe for them."
    )

    relationship = one_of(_("What are you to them?"), [(each, _(each)) for each in RELATIONSHIPS])
    permission = one_of(_("Have they agreed that you speak for them?"), PERMISSIONS)

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who speak for somebody else."""
        return so_far.is_complaint and so_far.for_other

    def layout(self) -> Layout:
        """Return what they are to each other, and whether it is agreed."""
        hints = {"no": _("Tell us all the same. We will ask them if it is safe to.")}
        return Layout("relationship", Question("permission", hints=hints), Submit(_("Continue")))


PROMPTS = (
    _("What should have been done, and by when? Who told you so?"),
    _("What was done instead, or not done at all?"),
    _("Have you told us before? Say when and whom, as well as you remember it."),
)


class WhatHappenedStep(StepForm):
    """What somebody has to say."""

    code = "what-happened"

    words = many_lines(
        _("What happened?"),
        required=True,
        error_messages={"required": _("Tell us what happened")},
        help_text=_("Please do not write details of your bank."),
    )
    happened = one_line(
        _("When did it happen, or since when?"),
        help_text=_("As well as you know it. You can guess."),
    )
    effect = many_lines(_("How does it affect you?"))
    wanted = many_lines(_("What would put it right?"))
    topic = one_of(_("What is it about?"), [])
    regarding = one_line(_("Who or what is it about?"))

    def prepare(self) -> None:
        """Ask a complaint's questions, a compliment's or a suggestion's."""
        if self.so_far.is_complaint:
            del self.fields["regarding"]
            self.field("topic").choices = self.so_far.topics
            if not self.so_far.topics:
                del self.fields["topic"]
            if self.so_far.for_other:
                self.fields["effect"].label = _("How does it affect them?")
            return
        for name in ("topic", "happened", "effect", "wanted"):
            del self.fields[name]
        words, regarding = self.fields["words"], self.fields["regarding"]
        if self.so_far.kind is Kind.COMPLIMENT:
            words.label = _("What was good?")
            words.error_messages["required"] = _("Tell us what was good")
            regarding.help_text = _("A name or a team, if you know it.")
        else:
            words.label = _("What is your idea?")
            words.error_messages["required"] = _("Tell us your idea")
            regarding.label = _("What is it about?")

    @property
    def prompts(self) -> Sequence[Words]:  # type: ignore[override]
        """Return what may be worth telling of a complaint."""
        return PROMPTS if self.so_far.is_complaint else ()

    @property
    def title(self) -> Words:  # type: ignore[override]
        """Return the heading for what is being told."""
        return {
            Kind.COMPLIMENT: _("Your compliment"),
            Kind.SUGGESTION: _("Your suggestion"),
        }.get(self.so_far.kind or Kind.COMPLAINT, _("What has gone wrong?"))

    def layout(self) -> Layout:
        """Return the story first, then what it is about."""
        if not self.so_far.is_complaint:
            return Layout(Question("words", rows=8, count=True), "regarding", Submit(_("Continue")))
        topic = ["topic"] if "topic" in self.fields else []
        return Layout(
            Question("words", rows=8, count=True),
            "happened",
            Question("effect", rows=4, count=True),
            Question("wanted", rows=4, count=True),
            *topic,
            Submit(_("Continue")),
        )


class StaffStep(StepForm):
    """Whether it is about somebody who works for the landlord."""

    code = "staff"
    reveals: Mapping[str, Mapping[str, Sequence[str]]] = {"about_staff": {"yes": ["staff_named"]}}

    about_staff = one_of(
        _("Is it about how one of our staff, or somebody working for us, behaved?"),
        YES_NO,
        help_text=_("Then the person it is about does not get to see it."),
        words_if_empty=_("Select yes if it is about how somebody working for us behaved"),
    )
    staff_named = one_line(
        _("Their name or team, if you know it"), help_text=_("You can leave this empty.")
    )

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who complain."""
        return so_far.is_complaint

    def layout(self) -> Layout:
        """Return the question as the page's heading."""
        return Layout(Question("about_staff", is_heading=True), Submit(_("Continue")))

    def answers(self) -> dict[str, Any]:
        """Return whether it is, and about whom."""
        return {
            "about_staff": self.cleaned_data["about_staff"] == "yes",
            "staff_named": self.cleaned_data["staff_named"],
        }


class AboutYouStep(StepForm):
    """Who sends it, and every way to reach them. Nothing of it must be given but one way."""

    code = "about-you"
    title = _("About you")

    category = one_of(_("Which of these are you?"), CATEGORIES)
    name = one_line(_("Your full name"))
    address = many_lines(_("Your address"), 500)
    postcode = one_line(_("Your postcode"), 12)
    phone = one_line(_("Telephone number"), 40)
    email = forms.EmailField(label=_("Email address"), max_length=254, required=False)

    def prepare(self) -> None:
        """Ask what somebody is to the landlord unless they speak for somebody else."""
        if self.so_far.for_other:
            del self.fields["category"]

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
        """Return the name first, and what they are to the landlord last."""
        category = ["category"] if "category" in self.fields else []
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
            *category,
            Submit(_("Continue")),
        )

    def clean_phone(self) -> str:
        """Refuse what cannot be rung."""
        phone: str = self.cleaned_data["phone"]
        if phone and sum(character.isdigit() for character in phone) < 5:
            raise forms.ValidationError(_("Enter a telephone number, like 01632 960 001"))
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


class ContactStep(StepForm):
    """How the sender wants to be reached, and how not."""

    code = "contact"
    title = _("How we can reach you")

    preferred = one_of(_("How would you like us to reach you?"), [])
    email_says = one_of(_("What may our emails to you say?"), EMAIL_SAYS, help_text=EMAIL_HINT)
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
    letter_format = one_of(
        _("How do you need letters and other information?"),
        [
            ("standard", _("In ordinary print")),
            ("large_print", _("In large print")),
            ("giant_print", _("In giant print")),
            ("easy_read", _("In easy read, in short and plain sentences")),
            ("braille", _("In braille")),
            ("audio", _("As a recording to listen to")),
        ],
    )
    language = one_line(_("Do you need another language than English, or sign language?"), 40)
    needs = one_line(
        _("Is there anything else that we should do differently for you?"),
        500,
        help_text=_("For example: speak slowly, give me more time, come with a colleague."),
    )

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who can be reached at all."""
        return so_far.kind is not None and bool(so_far.ways)

    def prepare(self) -> None:
        """Ask only about the ways that were given, and what may be said by e-mail (decision 62)."""
        ways = self.so_far.ways
        for name, words in (("preferred", PREFERRED), ("unsafe", UNSAFE)):
            field = self.fields[name]
            field.choices = [(way, words[way]) for way in ways]  # type: ignore[attr-defined]
        if len(ways) < 2:
            del self.fields["preferred"]
        if "email" not in ways:
            del self.fields["email_says"]

    def layout(self) -> Layout:
        """Return the ways first, then formats and needs."""
        return Layout(*self.fields, Submit(_("Continue")))

    def clean(self) -> dict[str, Any]:
        """Refuse answers that contradict each other, and leave one way open."""
        cleaned = super().clean()
        unsafe = cleaned.get("unsafe") or []
        if cleaned.get("preferred") and cleaned["preferred"] in unsafe:
            self.add_error(
                "preferred", _("Select a way to reach you that you have not ruled out below")
            )
        if self.so_far.kind is not Kind.COMPLIMENT and set(self.so_far.ways) <= set(unsafe):
            self.add_error(
                "unsafe",
                _(
                    "You have ruled out every way that you gave us. Leave one that is safe, or go "
                    "back and give us another"
                ),
            )
        return cleaned
