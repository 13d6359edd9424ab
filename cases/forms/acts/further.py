"""From stage to stage: requests and their decisions, more time to ask, moved deadlines."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from cases.errors import OutsideCalendar
from cases.forms.acts.asking import officer_field
from cases.forms.acts.common import ActForm, AtHand, radios, words_field
from cases.forms.acts.evidence import GroundedForm
from cases.forms.acts.stage import CONTACTS, unsafe_hints
from cases.forms.acts.telling import TellingForm
from cases.forms.fields import DateField
from cases.forms.layout import Question
from cases.rules.customers import Channel
from cases.rules.foresight import in_full
from cases.rules.grounds import ALREADY_CONSIDERED, GROUNDS
from cases.rules.requests import refusal_grounds
from cases.selectors.candidates import Candidate

LONGEST_EXTENSION = 250
ASKED_BY = [
    *CONTACTS,
    (Channel.FORM.value, Channel.FORM.words),
    (Channel.ONLINE.value, Channel.ONLINE.words),
    (Channel.ELECTED_REPRESENTATIVE.value, Channel.ELECTED_REPRESENTATIVE.words),
]


class EscalateForm(ActForm):
    """The customer's request for the next stage."""

    act_text = "Record the request"
    keeps_draft = True
    on_label = "Day the customer asked"

    channel = radios("How they asked", ASKED_BY)
    reasons = words_field("Their reasons, in their words", required=False)

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        route = hand.stage.customer_route
        if route is not None and route.reasons_required:
            self.field("reasons").required = True
            self.fields[
                "reasons"
            ].help_text = "This procedure asks for them, or for what was not known before."
        else:
            self.field("reasons").help_text = "They need not give any."

    def questions(self) -> Sequence[Any]:
        """Return how they asked and why."""
        return ["channel", self.draft("reasons")]


class AcceptForm(TellingForm):
    """Accepting a request for the next stage."""

    act_text = "Accept the request"
    on_label = "Day of the decision"
    words_label = "What you write besides"

    reason = words_field("Why it is accepted although it came late")

    def __init__(
        self, *args: Any, hand: AtHand, people: Sequence[Candidate], **kwargs: Any
    ) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.fields["officer"] = officer_field(
            people, label="Responsible officer", empty="Decide later"
        )
        if hand.history.state.current.request_in_time is not False:
            del self.fields["reason"]

    def questions(self) -> Sequence[Any]:
        """Return the reason where one is needed, who takes it on, and what is told."""
        late = [self.draft("reason", rows=3)] if "reason" in self.fields else []
        return [*late, "officer", *self.telling_questions()]


class RefuseForm(GroundedForm):
    """Refusing a request for the next stage, on a listed ground and with evidence."""

    act_text = "Refuse the request"

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        grounds = refusal_grounds(hand.history.state, hand.history.terms)
        self.field("ground").choices = [(code, GROUNDS[code].words) for code in grounds]
        if ALREADY_CONSIDERED not in grounds:
            del self.fields["considered_in"], self.fields["considered_because"]


class ExtendWindowForm(TellingForm):
    """More time for the customer to ask for the next stage."""

    act_text = "Give more time"
    on_label = "Day you told the customer"
    words_label = "What you write besides"

    new_due_on = DateField(label="The customer may ask until", called="the new last day")
    reason = words_field("Why", help_text="Kept in the record, for example a stay in hospital.")

    def questions(self) -> Sequence[Any]:
        """Return the new day, the reason, and what is told."""
        return ["new_due_on", self.draft("reason", rows=3), *self.telling_questions()]


class AgreeDateForm(ActForm):
    """A day agreed with the customer in place of the promised one."""

    act_text = "Record the date agreed"
    keeps_draft = True
    on_label = "Day it was agreed"

    new_due_on = DateField(label="The day agreed", called="the day agreed")
    channel = radios("How it was agreed", CONTACTS)
    words = words_field("What was agreed, and why")

    def questions(self) -> Sequence[Any]:
        """Return the day, how it was agreed, and what."""
        hints = unsafe_hints(self.hand)
        return ["new_due_on", Question("channel", hints=hints), self.draft("words", rows=3)]


class ExtendForm(TellingForm):
    """More time for the answer, told in writing with the reason."""

    act_text = "Extend the deadline"
    on_label = "Day you told the customer"
    reveals = {"by": {"days": ["days"], "day": ["day"]}}

    by = radios(
        "New deadline",
        [("days", "So many working days more"), ("day", "A day")],
        initial="days",
    )
    days = forms.IntegerField(label="Working days more", min_value=1, max_value=LONGEST_EXTENSION)
    day = DateField(label="The new day", called="the new day")
    reason = words_field(
        "Why more time is needed", help_text="The customer is told this, as you write it."
    )
    exceptional = forms.BooleanField(
        label="There is good reason to go beyond the longest extension", required=False
    )

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        del self.fields["letter"]
        self.field("days").help_text = self.counted_from()
        if self.cap is None:
            del self.fields["exceptional"]

    @property
    def original_due_on(self) -> date | None:
        """Return the day on which the answer was first due."""
        state, promise = self.hand.history.state, self.hand.stage.extendable
        if promise is None:
            return None
        deadline = state.deadline(state.stage, promise.code, state.visit)
        return deadline.original_due_on if deadline else None

    @property
    def cap(self) -> date | None:
        """Return the last day to which it may be extended without good reason, if there is one."""
        promise, first = self.hand.stage.extendable, self.original_due_on
        if promise is None or promise.longest_extension is None or first is None:
            return None
        return self.hand.history.calendar.add_working_days(first, promise.longest_extension)

    def counted_from(self) -> str:
        """Return what the days are counted from, and how many there may be."""
        promise, first, cap = self.hand.stage.extendable, self.original_due_on, self.cap
        start = f"Counted from {in_full(first)}, the day first due." if first else ""
        if promise is None or cap is None:
            return start
        return f"{start} At most {promise.longest_extension}: until {in_full(cap)}."

    def must_be_written(self) -> str:
        """Return that a new day is told in writing."""
        return "The customer is told of a new day in writing."

    def telling_questions(self) -> list[Any]:
        """Return how it is told; the words are the reason."""
        return [*self.channel_questions(), *self.format_questions()]

    def questions(self) -> Sequence[Any]:
        """Return the new day, the reason, and how it is told."""
        good = ["exceptional"] if "exceptional" in self.fields else []
        return [
            Question("by", reveals={"days": [Question("days", width=3)]}),
            *good,
            self.draft("reason", rows=4),
            *self.telling_questions(),
        ]

    def clean(self) -> dict[str, Any]:
        """Turn a number of working days into the day it leads to."""
        given = super().clean()
        first = self.original_due_on
        if given.get("by") == "day":
            given["new_due_on"] = given.get("day")
        elif given.get("days") and first is not None:
            try:
                given["new_due_on"] = self.hand.history.calendar.add_working_days(
                    first, given["days"]
                )
            except OutsideCalendar as outside:
                self.add_error("days", str(outside))
        return given
