"""The pages of the Let Us Know form. Each asks for one thing, or for a few that belong together.

A page's form checks what was typed; `answers` hands it on under the names of `Told`. To ask one
question fewer or more on a page is to move a field from one class to another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms

from cases.forms.layout import HouseForm, Layout, Question, Submit
from cases.rules.customers import CustomerCategory
from feedback.rules.kinds import Kind

LONGEST_TEXT = 10_000
LONGEST_LINE = 200
YES_NO = [("yes", "Yes"), ("no", "No")]

KINDS = [
    (Kind.COMPLAINT.value, "Something has gone wrong, or I am unhappy with something"),
    (Kind.COMPLIMENT.value, "Somebody or something was good"),
    (Kind.SUGGESTION.value, "I have an idea"),
]
KIND_HINTS = {
    Kind.COMPLAINT.value: "A complaint. You do not have to call it one.",
    Kind.COMPLIMENT.value: "A compliment. We tell the people it is about.",
    Kind.SUGGESTION.value: "A suggestion. We tell you what we decide.",
}
# What somebody is to the landlord, as they would say it themselves (K3-1, KF-1, LV-1).
CATEGORIES = [
    (CustomerCategory.TENANT.value, "I rent my home from you"),
    (CustomerCategory.SHARED_OWNER.value, "I own part of my home and rent the rest from you"),
    (CustomerCategory.LEASEHOLDER.value, "I own my home and hold a lease from you"),
    (CustomerCategory.LICENSEE.value, "I have a licence to live in my home, such as a hostel room"),
    (CustomerCategory.APPLICANT.value, "I am applying for a home"),
    (CustomerCategory.FORMER_CUSTOMER.value, "I used to live in one of your homes"),
    (CustomerCategory.RESIDENTS_GROUP.value, "I write for a residents’ group"),
    (
        CustomerCategory.ELECTED_REPRESENTATIVE.value,
        "I am a councillor, an MP or another elected representative",
    ),
    (CustomerCategory.ADVOCACY_AGENCY.value, "I work for an advice or advocacy agency"),
    (CustomerCategory.BOARD_MEMBER.value, "I am a member of your Board"),
    (
        CustomerCategory.MEMBER_OF_THE_PUBLIC.value,
        "None of these, for example a neighbour or a visitor",
    ),
]
# The same of somebody else.
PERSON_CATEGORIES = [
    (CustomerCategory.TENANT.value, "They rent their home from you"),
    (CustomerCategory.SHARED_OWNER.value, "They own part of their home and rent the rest"),
    (CustomerCategory.LEASEHOLDER.value, "They own their home and hold a lease from you"),
    (CustomerCategory.LICENSEE.value, "They have a licence to live in their home"),
    (CustomerCategory.APPLICANT.value, "They are applying for a home"),
    (CustomerCategory.FORMER_CUSTOMER.value, "They used to live in one of your homes"),
    (CustomerCategory.MEMBER_OF_THE_PUBLIC.value, "None of these, or I do not know"),
]
RELATIONSHIPS = [
    "Family or friend",
    "Carer or support worker",
    "Councillor, MP or other elected representative",
    "Advice or advocacy agency",
    "Solicitor",
    "Somebody else",
]
PERMISSIONS = [
    ("yes", "Yes, they know and agree"),
    ("no", "No, I have not asked them"),
    ("cannot", "They cannot, for example because they are a child or too ill"),
]
UNSAFE = {
    "phone": "Do not ring me",
    "email": "Do not email me",
    "post": "Do not send letters to my address",
}
PREFERRED = {"phone": "By telephone", "email": "By email", "post": "By letter"}


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
    submit_text = "Continue"
    # The page prints the tag, with what belongs to the way and to no question.
    has_form_tag = False
    title = ""
    intro = ""

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
            (str(self[name].label), self._in_words(name))
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
    label: str, choices: Sequence[tuple[str, str]], *, words_if_empty: str = "", **options: Any
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
        "What would you like to tell us?",
        KINDS,
        words_if_empty="Select what you would like to tell us",
    )

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask everybody."""
        return True

    def layout(self) -> Layout:
        """Return the question as the page's heading."""
        return Layout(Question("kind", is_heading=True, hints=KIND_HINTS), Submit("Continue"))


class ForWhomStep(StepForm):
    """Whether somebody speaks for themselves."""

    code = "for-whom"

    for_whom = one_of(
        "Who are you telling us this for?",
        [("me", "For myself, or for my household"), ("other", "For somebody else")],
        words_if_empty="Select who you are telling us this for",
    )

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who complain."""
        return so_far.is_complaint

    def layout(self) -> Layout:
        """Return the question as the page's heading."""
        hints = {
            "other": "You can be a friend, a relative, an adviser, a councillor, or anybody they "
            "trust."
        }
        return Layout(Question("for_whom", is_heading=True, hints=hints), Submit("Continue"))

    def answers(self) -> dict[str, Any]:
        """Return whether it is for somebody else."""
        return {"for_other": self.cleaned_data["for_whom"] == "other"}


class PersonStep(StepForm):
    """The customer for whom somebody else speaks (KF-1, LV-1, HH-4)."""

    code = "person"
    title = "About the person you are helping"

    person_name = forms.CharField(
        label="Their full name",
        max_length=LONGEST_LINE,
        error_messages={"required": "Enter the name of the person you are helping"},
    )
    person_address = many_lines("Their address", 500)
    person_postcode = one_line("Their postcode", 12)
    person_phone = one_line("Their telephone number", 40)
    person_category = one_of("What are they to us?", PERSON_CATEGORIES)
    person_unsafe = forms.MultipleChoiceField(
        label="Is any way of reaching them unsafe?",
        help_text="For example because somebody at home must not know.",
        choices=[("phone", "Do not ring them"), ("post", "Do not send them letters")],
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
            Submit("Continue"),
        )


class SpeakingStep(StepForm):
    """By what right somebody speaks for the customer: claimed here, confirmed later (HH-4)."""

    code = "speaking-for-them"
    title = "Speaking for them"
    intro = (
        "We start looking into it at once. We will ask them to confirm that you may speak for "
        "them, in a way that is safe for them."
    )

    relationship = one_of("What are you to them?", [(each, each) for each in RELATIONSHIPS])
    permission = one_of("Have they agreed that you speak for them?", PERMISSIONS)

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who speak for somebody else."""
        return so_far.is_complaint and so_far.for_other

    def layout(self) -> Layout:
        """Return what they are to each other, and whether it is agreed."""
        hints = {"no": "Tell us all the same. We will ask them if it is safe to."}
        return Layout("relationship", Question("permission", hints=hints), Submit("Continue"))


class WhatHappenedStep(StepForm):
    """What somebody has to say."""

    code = "what-happened"

    words = many_lines(
        "What happened?", required=True, error_messages={"required": "Tell us what happened"}
    )
    happened = one_line(
        "When did it happen, or since when?", help_text="As well as you know it. You can guess."
    )
    effect = many_lines("How does it affect you?")
    wanted = many_lines("What would put it right?")
    topic = one_of("What is it about?", [])
    regarding = one_line("Who or what is it about?")

    def prepare(self) -> None:
        """Ask a complaint's questions, a compliment's or a suggestion's."""
        if self.so_far.is_complaint:
            del self.fields["regarding"]
            self.field("topic").choices = self.so_far.topics
            if not self.so_far.topics:
                del self.fields["topic"]
            if self.so_far.for_other:
                self.fields["effect"].label = "How does it affect them?"
            return
        for name in ("topic", "happened", "effect", "wanted"):
            del self.fields[name]
        words, regarding = self.fields["words"], self.fields["regarding"]
        if self.so_far.kind is Kind.COMPLIMENT:
            words.label = "What was good?"
            words.error_messages["required"] = "Tell us what was good"
            regarding.help_text = "A name or a team, if you know it."
        else:
            words.label = "What is your idea?"
            words.error_messages["required"] = "Tell us your idea"
            regarding.label = "What is it about?"

    @property
    def title(self) -> str:  # type: ignore[override]
        """Return the heading for what is being told."""
        return {
            Kind.COMPLIMENT: "Your compliment",
            Kind.SUGGESTION: "Your suggestion",
        }.get(self.so_far.kind or Kind.COMPLAINT, "What has gone wrong?")

    def layout(self) -> Layout:
        """Return the story first, then what it is about."""
        if not self.so_far.is_complaint:
            return Layout(Question("words", rows=8, count=True), "regarding", Submit("Continue"))
        topic = ["topic"] if "topic" in self.fields else []
        return Layout(
            Question("words", rows=8, count=True),
            "happened",
            Question("effect", rows=4, count=True),
            Question("wanted", rows=4, count=True),
            *topic,
            Submit("Continue"),
        )


class StaffStep(StepForm):
    """Whether it is about somebody who works for the landlord."""

    code = "staff"
    reveals: ClassVar[Mapping[str, Mapping[str, Sequence[str]]]] = {
        "about_staff": {"yes": ["staff_named"]}
    }

    about_staff = one_of(
        "Is it about how one of our staff, or somebody working for us, behaved?",
        YES_NO,
        help_text="Then the person it is about does not get to see it.",
        words_if_empty="Select yes if it is about how somebody working for us behaved",
    )
    staff_named = one_line(
        "Their name or team, if you know it", help_text="You can leave this empty."
    )

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who complain."""
        return so_far.is_complaint

    def layout(self) -> Layout:
        """Return the question as the page's heading."""
        return Layout(Question("about_staff", is_heading=True), Submit("Continue"))

    def answers(self) -> dict[str, Any]:
        """Return whether it is, and about whom."""
        return {
            "about_staff": self.cleaned_data["about_staff"] == "yes",
            "staff_named": self.cleaned_data["staff_named"],
        }


class AboutYouStep(StepForm):
    """Who sends it, and every way to reach them. Nothing of it must be given but one way."""

    code = "about-you"
    title = "About you"

    category = one_of("Which of these are you?", CATEGORIES)
    name = one_line("Your full name")
    address = many_lines("Your address", 500)
    postcode = one_line("Your postcode", 12)
    phone = one_line("Telephone number", 40)
    email = forms.EmailField(label="Email address", max_length=254, required=False)

    def prepare(self) -> None:
        """Ask what somebody is to the landlord unless they speak for somebody else."""
        if self.so_far.for_other:
            del self.fields["category"]

    @property
    def intro(self) -> str:  # type: ignore[override]
        """Return what has to be filled in."""
        if self.so_far.kind is Kind.COMPLIMENT:
            return "You can leave all of this empty. Then we cannot thank you."
        return (
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
            Submit("Continue"),
        )

    def clean_phone(self) -> str:
        """Refuse what cannot be rung."""
        phone: str = self.cleaned_data["phone"]
        if phone and sum(character.isdigit() for character in phone) < 5:
            raise forms.ValidationError("Enter a telephone number, like 01632 960 001")
        return phone

    def clean(self) -> dict[str, Any]:
        """Ask for one way to reach them, where they wait for an answer."""
        cleaned = super().clean()
        ways = ("address", "phone", "email")
        is_waiting = self.so_far.kind is not Kind.COMPLIMENT
        if is_waiting and not any(cleaned.get(way) or way in self.errors for way in ways):
            self.add_error(
                "address",
                "Enter at least one way to reach you: your address, telephone number or email "
                "address",
            )
        return cleaned


class ContactStep(StepForm):
    """How the sender wants to be reached, and how not."""

    code = "contact"
    title = "How we can reach you"

    preferred = one_of("How would you like us to reach you?", [])
    unsafe = forms.MultipleChoiceField(
        label="Is there any way that we must not use?",
        help_text="For example because somebody else could see or hear it.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    safe_notes = one_line(
        "When and how is it safe to reach you?",
        500,
        help_text="For example: only in the mornings, do not leave a message.",
    )
    letter_format = one_of(
        "How do you need letters and other information?",
        [
            ("standard", "In ordinary print"),
            ("large_print", "In large print"),
            ("giant_print", "In giant print"),
            ("easy_read", "In easy read, in short and plain sentences"),
            ("braille", "In braille"),
            ("audio", "As a recording to listen to"),
        ],
    )
    language = one_line("Do you need another language than English, or sign language?", 40)
    needs = one_line(
        "Is there anything else that we should do differently for you?",
        500,
        help_text="For example: speak slowly, give me more time, come with a colleague.",
    )

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who can be reached at all."""
        return so_far.kind is not None and bool(so_far.ways)

    def prepare(self) -> None:
        """Ask only about the ways that were given."""
        ways = self.so_far.ways
        for name, words in (("preferred", PREFERRED), ("unsafe", UNSAFE)):
            field = self.fields[name]
            field.choices = [(way, words[way]) for way in ways]  # type: ignore[attr-defined]
        if len(ways) < 2:
            del self.fields["preferred"]

    def layout(self) -> Layout:
        """Return the ways first, then formats and needs."""
        return Layout(*self.fields, Submit("Continue"))

    def clean(self) -> dict[str, Any]:
        """Refuse answers that contradict each other, and leave one way open."""
        cleaned = super().clean()
        unsafe = cleaned.get("unsafe") or []
        if cleaned.get("preferred") and cleaned["preferred"] in unsafe:
            self.add_error(
                "preferred", "Select a way to reach you that you have not ruled out below"
            )
        if self.so_far.kind is not Kind.COMPLIMENT and set(self.so_far.ways) <= set(unsafe):
            self.add_error(
                "unsafe",
                "You have ruled out every way that you gave us. Leave one that is safe, or go "
                "back and give us another",
            )
        return cleaned
