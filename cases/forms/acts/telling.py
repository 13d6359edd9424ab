"""What the forms share of all acts of which the customer is told: how, and in which words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms

from cases.forms.acts.asking import words_field
from cases.forms.acts.common import APPROVER, BECAUSE, LONGEST_LETTER, NOT_ASKED, ActForm, AtHand
from cases.forms.acts.elsewhere import ELSEWHERE_FIELDS, ElsewhereFields
from cases.forms.acts.formats import FORMAT_FIELDS, FormatFields
from cases.forms.acts.promising import PROMISE_FIELDS, PROMISING, PromiseFields
from cases.forms.fields import ChoiceWithRefusals
from cases.forms.layout import Question
from cases.models import User
from cases.operations.in_writing import MUST_BE_WRITTEN, WHY_UNWRITTEN
from cases.operations.telling import ELSEWHERE, NOT_TOLD, TELLINGS, Telling
from cases.operations.ways import CLOSED, channel_refusal
from cases.rules.customers import LetterFormat
from cases.rules.events import Outcome
from cases.rules.languages import LANGUAGES
from cases.rules.letter_parts import IN_WRITING
from cases.rules.numbers import number_in
from cases.rules.parts import Part
from cases.rules.plain_language import Days, Found
from cases.selectors.restrictions import closed_ways

# What is written to the customer, in every form of an act.
_WRITTEN = frozenset({"letter", "reason", "late_because"})
# Chosen where nobody can reach a customer who is turned away.
UNREACHED = (NOT_TOLD, "Not told: nobody can reach them")
PROMISED_TO_NOBODY = "Choose how the customer is told of what is promised"
WHY_CLOSED = "Say why this way is used, or choose one that is open"
NOBODY_APPROVES = (
    "Nobody can approve this now: nobody else who may is there, or may judge it. Ask an "
    "administrator before you write it."
)


class TellingForm(PromiseFields, ElsewhereFields, FormatFields, ActForm):
    """The form of an act of which the customer is told.

    `must_be_written` shuts the ways that leave nothing in writing, as for every act that turns the
    customer away, unless nobody can write to them; `may_be_untold` offers to tell
    nobody of this step, `may_be_elsewhere` to record a letter that was written elsewhere.
    `may_promise` asks what is promised with it; a form that `promises_itself` asks that where it
    decides, and its operation takes the promises with that.
    """

    preview_text = "Preview"
    keeps_draft = True
    is_told = True
    form_attrs: ClassVar[Mapping[str, str]] = {
        **ActForm.form_attrs,
        "data-recheck": "*",
        "data-recheck-typed": "",
    }
    may_be_untold: ClassVar[bool] = False
    may_be_elsewhere: ClassVar[bool] = True
    may_promise: ClassVar[bool] = True
    promises_itself: ClassVar[bool] = False
    words_label: ClassVar[str] = "What you tell the customer"
    words_help: ClassVar[str] = ""
    words_required: ClassVar[bool] = False

    channel = ChoiceWithRefusals(label="How the customer is told")
    letter_format = forms.ChoiceField(
        label="Format of the letter",
        required=False,
        choices=[(each.value, each.words) for each in LetterFormat],
    )
    format_because = forms.CharField(
        label="Why it is not in the format they need", required=False, max_length=500
    )
    easy_read = words_field(
        "Easy read version",
        required=False,
        help_text="Short sentences, one idea each, hard words explained. It stands before the "
        "whole letter.",
    )
    other_language = forms.ChoiceField(
        label="Language",
        required=False,
        choices=[("", "English alone"), *((each.tag, each.name) for each in LANGUAGES.values())],
    )
    other_text = words_field(
        "The text in that language",
        required=False,
        max_length=LONGEST_LETTER,
        help_text="Written by a translator, not by a machine. It stands after the letter in "
        "English, on a page of its own.",
    )
    language_because = forms.CharField(
        label="Why it is in English alone, if it is",
        required=False,
        max_length=500,
        help_text="The letter then says that it is in English, and how to ask about it. Kept in "
        "the record.",
    )
    closed_because = forms.CharField(
        label="Why a way is used that is closed",
        required=False,
        max_length=500,
        help_text="Only if the way you choose is closed by the restriction. Kept in the record.",
    )
    unwritten_because = forms.CharField(
        label="Why they are not written to",
        required=False,
        max_length=500,
        help_text="There is no safe way to write to them. Say why, and what was done to find one: "
        "kept in the record. The letter is made all the same, kept, and can be handed over.",
    )
    letter = words_field("What you tell the customer", required=False, max_length=LONGEST_LETTER)
    copy = forms.ChoiceField(
        label="The copy of what was sent",
        error_messages={"required": "Choose the copy of what was sent, or add it"},
        help_text="One of the files of the complaint.",
    )
    copy_added = forms.FileField(
        label="Or add the copy now",
        required=False,
        help_text="It becomes a file of the complaint.",
    )
    parts_said = forms.MultipleChoiceField(
        label="I have looked, and the letter contains",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Look at the letter, and select each part that it contains"},
        help_text="It must contain all of them. What you tick is kept in the record.",
    )

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self._ask_why_closed()
        self._ask_why_unwritten()
        channel = self.field("channel")
        ways = [each for each in TELLINGS.items() if each[0] in self.ways]
        untold = [self.untold] if self.may_be_untold else []
        channel.choices = [*ways, *untold, *([UNREACHED] if self.why_unwritten else [])]
        channel.refuse(self.refused_channels())
        channel.initial = self.best_channel()
        letter = self.fields["letter"]
        letter.label, letter.help_text = self.words_label, self.words_help
        letter.required = self.words_required
        self.ask_the_format()
        if self._asks_what_is_promised:
            self.add_promise_fields(lambda: hand.keepers, are_told_again=False)
            self.reveals = {**self.reveals, PROMISING: {"yes": PROMISE_FIELDS}}
        self.ask_what_was_written_elsewhere()
        if hand.approvers is not None:
            people = [(str(each.pk), _called(each)) for each in hand.approvers]
            self.fields[APPROVER] = forms.ChoiceField(
                label="Who is asked to approve it",
                required=False,
                choices=[("", "Whoever may approve it"), *people],
                initial=str(hand.asked_before or ""),
                help_text=f"{self._who_else}{self._by_word_alone} What was written "
                "elsewhere waits too: send it once it is approved.",
            )
        # Last, because what is told follows from what was decided.
        last = (*ELSEWHERE_FIELDS, *self.why_closed, *self.why_unwritten, "letter", *FORMAT_FIELDS)
        for name in ("channel", *last):
            if name in self.fields:
                self.fields[name] = self.fields.pop(name)

    @property
    def _who_else(self) -> str:
        """Return who besides may approve it, or that nobody can."""
        return "Others who may can still do it." if self.hand.approvers else NOBODY_APPROVES

    @property
    def is_late(self) -> bool:
        """Say whether it is late, whatever is answered, and its letter apologises for that."""
        return BECAUSE in self.fields and self.is_surely_late

    def ask_why_late(self, *, is_required: bool = False) -> None:
        """Ask why it is late, and whether that is in the letter that was written elsewhere."""
        super().ask_why_late(is_required=is_required)
        if "parts_said" in self.fields:
            self.offer_parts()

    def _ask_why_closed(self) -> None:
        """Ask why a way is used that a restriction of contact closes, where one does (HH-6)."""
        self.closed = closed_ways(self.hand.customer)
        self.why_closed = ["closed_because"] if self.closed else []
        if not self.closed:
            del self.fields["closed_because"]

    def _ask_why_unwritten(self) -> None:
        """Ask why somebody who is turned away is not written to, where nobody can write to them."""
        cannot = self.turns_away and not self.hand.is_reachable
        self.why_unwritten = ["unwritten_because"] if cannot else []
        if not cannot:
            del self.fields["unwritten_because"]

    @property
    def turns_away(self) -> bool:
        """Say whether the customer is turned away by the act, which is told in writing."""
        return self.hand.kind in IN_WRITING

    @property
    def _by_word_alone(self) -> str:
        told = " Nobody is asked where the customer is told by word of mouth."
        return "" if self.turns_away else told

    def clean(self) -> dict[str, Any]:
        """Ask for the reason where the way chosen is closed, or nobody can write to them."""
        given: dict[str, Any] = super().clean()
        channel = given.get("channel", "")
        if channel in self.closed and not given.get("closed_because", "").strip():
            self.add_error("closed_because", WHY_CLOSED)
        is_by_word = bool(self.why_unwritten and channel) and not Telling(channel).is_written
        if is_by_word and not given.get("unwritten_because", "").strip():
            self.add_error("unwritten_because", WHY_UNWRITTEN)
        if self._asks_what_is_promised:
            for name, error in self.missing_of_the_promises().items():
                self.add_error(name, error)
            if given.get("channel") == NOT_TOLD and given.get(PROMISING) == "yes":
                self.add_error(PROMISING, PROMISED_TO_NOBODY)
        return given

    @property
    def ways(self) -> frozenset[str]:
        """Return the ways to tell the customer that this act has."""
        return frozenset(TELLINGS) - (frozenset() if self.may_be_elsewhere else {ELSEWHERE})

    untold: ClassVar[tuple[str, str]] = (NOT_TOLD, "Not told of this step")

    def must_be_written(self) -> str:
        """Return why the customer must be told in writing, or nothing."""
        return MUST_BE_WRITTEN if self.turns_away and not self.why_unwritten else ""

    def refused_channels(self) -> dict[str, str]:
        """Return the ways in which this customer cannot be told, with the reasons."""
        reasons = {code: channel_refusal(self.hand.customer, code) for code in TELLINGS}
        if must := self.must_be_written():
            spoken = [code for code in TELLINGS if not Telling(code).is_written]
            reasons |= {code: reasons[code] or must for code in spoken}
        return {code: reason for code, reason in reasons.items() if reason}

    def best_channel(self) -> str:
        """Return the way that is chosen at first: none where it may also be that nobody is told."""
        return "" if self.may_be_untold else self.preferred_channel()

    def preferred_channel(self) -> str:
        """Return the written way that the customer prefers, where it is open."""
        refused = self.refused_channels().keys() | self.closed
        preferred = self.hand.customer.preferred_channel
        wanted = "email" if preferred in ("email", "online") else "post"
        return next((code for code in (wanted, "post", "email") if code not in refused), "")

    def questions(self) -> Sequence[Any]:
        """Return what the act asks, how it is told, and the words."""
        why = {"closed_because", "unwritten_because"}
        promised = {PROMISING, *PROMISE_FIELDS}
        last = {*NOT_ASKED, *why, *promised, "channel", "letter", *ELSEWHERE_FIELDS, *FORMAT_FIELDS}
        first = [name for name in self.fields if name not in last]
        return [*first, *self.telling_questions()]

    def telling_questions(self) -> list[Any]:
        """Return how it is told, and the words."""
        letter = self.draft("letter", rows=10)
        late = self.late_questions()
        return [*late, *self.channel_questions(), letter, *self.format_questions()]

    def last_questions(self) -> Sequence[Any]:
        """Return what is asked after all the others; why it is late was asked before the words."""
        promising = [PROMISING] if self._asks_what_is_promised else []
        return [*promising, *([APPROVER] if APPROVER in self.fields else [])]

    @property
    def _asks_what_is_promised(self) -> bool:
        return self.may_promise and not self.promises_itself

    def channel_questions(self) -> list[Any]:
        """Return the way, with what is closed beside it, and why such a way is used."""
        hints = dict.fromkeys(self.closed, CLOSED)
        channel = Question("channel", hints=hints) if hints else "channel"
        return [channel, *self.why_closed, *self.why_unwritten]

    @property
    def written(self) -> str:
        """Return what was written to the customer of the whole complaint, once it was checked."""
        names = [name for name in self.fields if name in _WRITTEN]
        texts = (str(self.cleaned_data.get(name) or "") for name in names)
        return "\n\n".join(text for text in texts if text)

    @property
    def decides(self) -> Outcome | None:
        """Return the outcome that the letter tells of, where it tells of one."""
        return None

    @property
    def found(self) -> Sequence[Found]:
        """Return what the letter tells of each point, where it tells of any."""
        return ()

    def advice(self) -> Sequence[str]:
        """Return what of the answers themselves does not go together, a sentence each."""
        return ()

    @property
    def sends_back(self) -> bool:
        """Say whether the complaint is sent back, so that there is no way further yet."""
        return False

    @property
    def offers_money(self) -> bool:
        """Say whether the letter offers compensation besides, as far as was answered."""
        return False

    def has_part(self, _part: Part) -> bool | None:
        """Say whether the answers so far give a part of the letter that this form asks for.

        None of a part that it does not ask for, or not by a question of its own.
        """
        return None

    @property
    def days_told(self) -> Days:
        """Return by when things are owed already, and by when what this letter promises is."""
        given, state = self.cleaned_data, self.hand.history.state
        owed = {each.due_on for each in (*state.live_deadlines, *state.open_promises)}
        told = {name: day for name, day in given.items() if isinstance(day, date) and name != "on"}
        promised = {day for name, day in told.items() if name.startswith(("promise_", "remedy_"))}
        heard_on = state.hearing.arranged_for if state.hearing else None
        known = {*owed, *told.values(), heard_on} - {None}
        return Days(self.hand.today, {day for day in known if day}, promised)

    @property
    def telling(self) -> Telling:
        """Return how the customer is told, once the answers were checked."""
        given = self.cleaned_data
        return Telling(
            given["channel"],
            given.get("letter", ""),
            letter_format=given["letter_format"],
            format_because=given["format_because"],
            easy_read=given["easy_read"],
            other_language=given["other_language"],
            other_text=given["other_text"],
            closed_because=given.get("closed_because", ""),
            unwritten_because=given.get("unwritten_because", ""),
            language_because=given.get("language_because", ""),
            copy=number_in(given.get("copy") or ""),
            contains=given.get("parts_said") or (),
            promises=self.promises if self._asks_what_is_promised else (),
        )

    @property
    def telling_if_any(self) -> Telling | None:
        """Return how the customer is told, nothing when they are not."""
        return None if self.cleaned_data["channel"] == NOT_TOLD else self.telling


def _called(person: User) -> str:
    return f"{person.name}, {person.job_title}" if person.job_title else person.name
