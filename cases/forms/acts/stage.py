"""Within a stage: the team's receipt, acknowledging, contacts, resolving, passing on, delivery."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.forms.acts.asking import officer_field
from cases.forms.acts.common import LATE, ActForm, AtHand, radios, words_field
from cases.forms.acts.offers import OFFER_FIELDS, OfferFields
from cases.forms.acts.points import MORE_BOXES, NO_POINT, PointFields
from cases.forms.acts.promising import PROMISE_FIELDS, Choices
from cases.forms.acts.telling import TellingForm
from cases.forms.layout import Buttons, Question
from cases.operations.ways import CLOSED
from cases.rules.customers import Channel
from cases.rules.events import EventKind
from cases.rules.letter_parts import defines_points
from cases.rules.own_words import own_words
from cases.rules.parts import Part
from cases.selectors.candidates import Candidate
from cases.selectors.restrictions import closed_ways

CONTACTS = [
    (channel.value, channel.words)
    for channel in (
        Channel.PHONE,
        Channel.IN_PERSON,
        Channel.VISIT,
        Channel.EMAIL,
        Channel.POST,
        Channel.LIVE_CHAT,
    )
]


class ReceiveByTeamForm(ActForm):
    """The day the team got it."""

    act_text = "Record the day"
    on_label = "Day the team received it"


class AcknowledgeForm(PointFields, TellingForm):
    """The acknowledgement of a stage."""

    late_label = "Why the acknowledgement is late"
    act_text = "Acknowledge"
    on_label = "Day of the acknowledgement"
    words_label = "What you write besides"
    words_help = (
        "The points, what the customer wants, the reference, the day of the answer and the "
        "Ombudsman’s details are added."
    )

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.add_point_fields()
        if defines_points(hand.stage) and not self.known_points:
            first = self.field(self.point_names[0])
            first.required, first.error_messages["required"] = True, NO_POINT

    def questions(self) -> Sequence[Any]:
        """Return the points, the button for more of them, how it is told, and the words."""
        points = list(self.point_questions())
        more = Buttons(MORE_BOXES)
        return [*points, more, *self.telling_questions()]

    def clean(self) -> dict[str, Any]:
        """Ask for what the procedure wants set out as it is acknowledged (Code 5.6, 5.7)."""
        given = super().clean()
        self.check_points()
        return given

    def has_part(self, part: Part) -> bool | None:
        """Say whether the complaint is said back, in points or in the customer's own words.

        What is sought and what is ours goes with points alone.
        """
        definition = self.definition
        if part is Part.SOUGHT:
            return definition is not None and definition.says_what_is_sought
        if part is Part.RESPONSIBLE:
            return definition is not None and definition.says_what_is_ours
        if part is not Part.DEFINITION:
            return super().has_part(part)
        if definition is not None:
            return True
        if self.would_be_lost or defines_points(self.hand.stage):
            return False
        written = str(self.cleaned_data.get("letter") or "")
        return bool(written.strip() or own_words(self.hand.history.complaint.summary).strip())

    def must_be_written(self) -> str:
        """Return that the procedure wants it in writing, where it does."""
        for promise in self.hand.stage.timescales:
            if EventKind.ACKNOWLEDGED in promise.met_by and promise.in_writing:
                return f"{self.hand.stage.name} is acknowledged in writing."
        return ""


class ContactForm(ActForm):
    """A contact with the customer, or the attempt at one, which is never late."""

    late_label = "Why the contact is late"
    act_text = "Record the contact"
    keeps_draft = True
    on_label = "Day of the contact"

    channel = radios("How", CONTACTS)
    reached = radios(
        "Did you reach the customer?",
        [("yes", "Yes"), ("no", "No: it is kept as a note, and meets no deadline")],
        initial="yes",
    )
    words = words_field("What was said")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asked := [name for name in LATE if name in self.fields]:
            # Asked of a contact alone: an attempt keeps no promise.
            self.reveals = {"reached": {"yes": asked}}

    def late_questions(self) -> list[Any]:
        """Return none: they are asked under the answer that the customer was reached."""
        return []

    def questions(self) -> Sequence[Any]:
        """Return the questions, with what is not safe beside the ways."""
        return [
            Question("channel", hints=unsafe_hints(self.hand)),
            "reached",
            self.draft("words"),
        ]


def unsafe_hints(hand: AtHand) -> dict[str, str]:
    """Return beside each way to reach the customer that it is not safe or closed, where it is."""
    customer = hand.customer
    told = "The customer asked us not to use this."
    flags = {
        "phone": customer.phone_unsafe,
        "email": customer.email_unsafe,
        "post": customer.post_unsafe,
    }
    closed = dict.fromkeys(closed_ways(customer), CLOSED)
    return closed | {code: told for code, is_unsafe in flags.items() if is_unsafe}


class ManagerContactForm(ActForm):
    """The manager's talk with the customer."""

    late_label = "Why the contact is late"
    act_text = "Record the contact"
    keeps_draft = True
    on_label = "Day of the contact"

    channel = radios("How", CONTACTS)
    words = words_field("What was said and agreed")

    def questions(self) -> Sequence[Any]:
        """Return the questions, with what is not safe beside the ways."""
        channel = Question("channel", hints=unsafe_hints(self.hand))
        return [channel, self.draft("words")]


class ResolveForm(OfferFields, TellingForm):
    """How a complaint was put right without a formal answer."""

    promises_itself = True
    act_text = "Record the resolution"
    on_label = "Day it was resolved"
    words_label = "What you write to the customer"
    words_help = "Left empty, the letter says how it was put right, as you wrote it."
    reveals = {"offering": {"yes": OFFER_FIELDS}, "promising": {"yes": PROMISE_FIELDS}}

    resolution = words_field("How it was put right")
    apologised = forms.BooleanField(label="An apology was given", required=False)
    offering = radios(
        "Is compensation offered?", [("no", "No"), ("yes", "Yes")], required=False, initial="no"
    )
    close = forms.BooleanField(
        label="Close the complaint now",
        required=False,
        initial=True,
        help_text="It stays open while anything promised to the customer is still to be done.",
    )

    def __init__(self, *args: Any, hand: AtHand, keepers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.add_offer_fields()
        self.add_promise_fields(keepers, are_told_again=True)

    def questions(self) -> Sequence[Any]:
        """Return how it was put right, what is offered, and how the customer is told."""
        offering = Question("offering", reveals={"yes": self.offer_questions()})
        first = ["resolution", "apologised", offering, "promising", "close"]
        return [*first, *self.telling_questions()]

    def clean(self) -> dict[str, Any]:
        """Ask for what is missing of the compensation and of the promises."""
        given = super().clean()
        wrong = self.missing_of_the_offer() if given.get("offering") == "yes" else {}
        for name, error in {**wrong, **self.missing_of_the_promises()}.items():
            if name not in self.errors:
                self.add_error(name, error)
        return given

    def best_channel(self) -> str:
        """Return the telephone, because first contact needs nothing in writing (HH-8)."""
        refused = self.refused_channels()
        return "phone" if "phone" not in refused else super().best_channel()


class PassOnForm(ActForm):
    """Passing on what first contact could not resolve."""

    act_text = "Pass it on"
    keeps_draft = True
    on_label = "Day it was passed on"

    words = words_field("Why it could not be resolved")

    def __init__(
        self, *args: Any, hand: AtHand, people: Sequence[Candidate], **kwargs: Any
    ) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.fields["officer"] = officer_field(
            people, label="Responsible officer", empty="Decide later"
        )

    def questions(self) -> Sequence[Any]:
        """Return the reason and the people."""
        return [self.draft("words"), "officer"]


class DeliverForm(ActForm):
    """The day the customer had the letter."""

    act_text = "Record the day"
    on_label = "Day the customer received the answer"
