"""What the forms of all acts share: the version they were drawn from, the day, how it is told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Self

from django import forms
from django.http import QueryDict

from cases.forms.acts.asking import YES_OR_NO, radios, words_field
from cases.forms.acts.conditions import CONDITIONS
from cases.forms.acts.promising import PROMISE_FIELDS, PROMISING, Choices, PromiseFields
from cases.forms.fields import ChoiceWithRefusals, DateField
from cases.forms.layout import Buttons, CancelLink, Folded, Layout, Question, StaffForm, Submit
from cases.models import Customer, LetterTemplate, Scan, StoredFile, User
from cases.operations.in_writing import MUST_BE_WRITTEN, WHY_UNWRITTEN
from cases.operations.telling import ELSEWHERE, NOT_TOLD, TELLINGS, Telling
from cases.operations.ways import CLOSED, channel_refusal
from cases.rules.customers import LetterFormat
from cases.rules.events import Outcome
from cases.rules.languages import LANGUAGES, language_called, language_needed
from cases.rules.lateness import Lateness
from cases.rules.letter_facts import LetterKind
from cases.rules.letter_parts import IN_WRITING, checklist, parts_of_money
from cases.rules.letter_templates import AGAIN
from cases.rules.numbers import number_in
from cases.rules.parts import Part
from cases.rules.plain_language import Days, Found
from cases.rules.state import Deadline
from cases.rules.terms import Stage
from cases.selectors.candidates import WHAT_IS_COUNTED, Candidate
from cases.selectors.case_history import CaseHistory
from cases.selectors.letter_templates import template_in_force
from cases.selectors.promises import keeper_choices
from cases.selectors.restrictions import closed_ways

LONGEST_LETTER = 20_000
# What stands on the button of an act whose letter needs a second person.
ASK = "Ask for approval"
# What is written to the customer, in every form of an act.
_WRITTEN = frozenset({"letter", "reason", "late_because"})
# The name of the button that keeps what was typed, and of the version it was drawn from.
DRAFT, DRAFT_SEEN = "draft", "draft_seen"
DRAFT_BUTTON = Submit("Save the draft", kind="secondary", name=DRAFT, value="yes")
# Chosen where nobody can reach a customer who is turned away.
UNREACHED = (NOT_TOLD, "Not told: nobody can reach them")
PROMISED_TO_NOBODY = "Choose how the customer is told of what is promised"
WHY_CLOSED = "Say why this way is used, or choose one that is open"
# The name of the question who is asked to approve a letter.
APPROVER = "approver"
NOBODY_APPROVES = (
    "Nobody can approve this now: nobody else who may is there, or may judge it. Ask an "
    "administrator before you write it."
)
# The questions of an act that comes late (HH-29).
BECAUSE, AVOIDABLE, DONE_BY = "late_because", "avoidable", "late_done_by"
LATE = (BECAUSE, AVOIDABLE, DONE_BY)
COULD_BE_AVOIDED = "Could the delay have been avoided?"
NOT_ASKED = frozenset({"seen", "on", DRAFT_SEEN, APPROVER, *LATE})


@dataclass(frozen=True)
class AtHand:
    """The complaint that an act is about, who acts, and the day it is.

    `approvers` are those who may approve its letter, nothing where it needs nobody, and
    `asked_before` whom this person put it to last. `late` is what the act would keep after its day,
    and `left` what would stay overdue without a new day told. `kind` is that letter, nothing where
    it sends none.
    """

    history: CaseHistory
    user: User
    today: date
    approvers: Sequence[User] | None = None
    asked_before: int | None = None
    late: Sequence[Deadline] = ()
    left: Sequence[Deadline] = ()
    kind: LetterKind | None = None
    # Whether a letter that turns the customer away can reach them at all.
    is_reachable: bool = True

    @cached_property
    def keepers(self) -> Choices:
        """Return who can keep a promise. Seven queries, asked once."""
        return keeper_choices(self.history.complaint, today=self.today)

    @property
    def customer(self) -> Customer:
        """Return the customer."""
        return self.history.complaint.customer

    @property
    def stage(self) -> Stage:
        """Return the stage the complaint is in."""
        return self.history.stage

    @property
    def address(self) -> str:
        """Return the address of the complaint's page."""
        return self.history.complaint.get_absolute_url()


# By it the button beside a preview sends the form below.
FORM_ID = "act-form"


class ActForm(StaffForm):
    """The form of one act. `hand` is what it is about.

    A form without a day leaves `on` out of its fields; one that shows what it leads to before it
    is sent keeps `has_preview`. `is_told` says whether the customer reads why it is late;
    `is_surely_late` that it is, whatever is answered.
    """

    act_text: ClassVar[str] = "Save"
    preview_text: ClassVar[str] = "Check first"
    kind: ClassVar[str] = "primary"
    on_label: ClassVar[str] = "Day it happened"
    has_day: ClassVar[bool] = True
    has_preview: ClassVar[bool] = True
    keeps_draft: ClassVar[bool] = False
    late_label: ClassVar[str] = "Why it is late"
    is_told: ClassVar[bool] = False
    is_surely_late: ClassVar[bool] = True
    form_attrs: ClassVar[Mapping[str, str]] = {"data-guard-unsaved": "", "id": FORM_ID}
    conditions: ClassVar[Mapping[str, str]] = CONDITIONS

    seen = forms.IntegerField(widget=forms.HiddenInput)
    on = DateField(called="the day it happened")

    def __init__(
        self, *args: Any, hand: AtHand, typed: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        given = kwargs.pop("initial", {})
        kwargs["initial"] = {"seen": hand.history.complaint.version, "on": hand.today, **given}
        super().__init__(*args, **kwargs)
        self.hand = hand
        # What was sent, or typed and kept: the boxes of some forms depend on it.
        self.sent: Mapping[str, Any] = self.data or typed or {}
        if self.has_day:
            self.field("on").latest = hand.today
            self.field("on").label = self.on_label
        else:
            del self.fields["on"]
        if self.keeps_draft:
            hidden = forms.IntegerField(widget=forms.HiddenInput, required=False)
            self.fields[DRAFT_SEEN] = hidden
        if hand.late:
            self.ask_why_late(is_required=self.is_surely_late)
        if hand.late and hand.left:
            self._ask_by_when(is_required=self.is_surely_late)

    # When it is late ------------------------------------------------------------------------------

    def ask_why_late(self, *, is_required: bool = False) -> None:
        """Ask why it is late, and whether that could have been avoided."""
        if not is_required:
            help_text = "Needed if it comes after its day."
        else:
            help_text = "The customer is told this, as you write it." if self.is_told else ""
        self.fields[BECAUSE] = words_field(
            self.late_label,
            required=is_required,
            help_text=help_text or "Kept with the record.",
        )
        self.fields[AVOIDABLE] = avoidable_field(required=is_required)

    def _ask_by_when(self, *, is_required: bool = False) -> None:
        """Ask by when what else is overdue will be done."""
        left = "; ".join(each.words for each in self.hand.left)
        field = DateField(
            label="What else is overdue will be done by",
            called="the day by which it will be done",
            required=is_required,
            help_text=f"Overdue too: {left}. The day is a promise to the customer.".strip(),
        )
        field.earliest = self.hand.today
        self.fields[DONE_BY] = field

    def refuse_late(self, asks: Iterable[str], refusal: str) -> None:
        """Say beside the questions about lateness what is missing, asking them if they were not."""
        names = {"late_because": BECAUSE, "avoidable": AVOIDABLE, "done_by": DONE_BY}
        if not {BECAUSE, AVOIDABLE} <= self.fields.keys():
            self.ask_why_late()
        if "done_by" in asks and DONE_BY not in self.fields:
            self._ask_by_when()
        for ask in asks:
            self.add_error(names[ask], refusal)

    def late_questions(self) -> list[Any]:
        """Return the questions about why it is late that are asked; nothing in time."""
        asked: list[Any] = [name for name in LATE if name in self.fields]
        return [self.draft(name, rows=3) if name == BECAUSE else name for name in asked]

    @property
    def lateness(self) -> Lateness:
        """Return why it is late, once the answers were checked; nothing where nobody asked."""
        given = self.cleaned_data
        avoidable = given.get(AVOIDABLE)
        return Lateness(
            str(given.get(BECAUSE) or ""),
            avoidable == "yes" if avoidable else None,
            given.get(DONE_BY),
        )

    # What it looks like ---------------------------------------------------------------------------

    @classmethod
    def shown_again(cls, data: QueryDict, **details: Any) -> Self:
        """Return the form with all that was typed, right or wrong, and nothing said against it."""
        form = cls(typed=data, **details)
        for name, field in form.fields.items():
            widget = field.widget
            is_box = isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple)
            if name in ("seen", DRAFT_SEEN) or isinstance(field, forms.FileField):
                continue
            if is_box or not widget.value_omitted_from_data(data, {}, name):
                form.initial[name] = widget.value_from_datadict(data, {}, name)
        return form

    def questions(self) -> Sequence[Any]:
        """Return what is asked after the day, in its order."""
        return [name for name in self.fields if name not in NOT_ASKED]

    def last_questions(self) -> Sequence[Any]:
        """Return what is asked after all the others."""
        return [*self.late_questions(), *([APPROVER] if APPROVER in self.fields else [])]

    @property
    def button_text(self) -> str:
        """Return what stands on the button that does the act."""
        return ASK if APPROVER in self.fields else self.act_text

    @property
    def button_kind(self) -> str:
        """Return how that button looks."""
        return self.kind

    def layout(self) -> Layout:
        """Return the day first, then what the act asks, then the buttons."""
        day = ["on"] if self.has_day else []
        preview = (
            [Submit(self.preview_text, kind="secondary", name="preview", value="yes")]
            if self.has_preview
            else []
        )
        draft = [DRAFT_BUTTON] if self.keeps_draft else []
        return Layout(
            *day,
            *self.questions(),
            *self.last_questions(),
            Buttons(
                Submit(self.button_text, kind=self.button_kind),
                *preview,
                *draft,
                CancelLink(self.hand.address),
            ),
        )

    def draft(self, name: str, *, rows: int = 5) -> Question:
        """Return a text area whose words are kept in this tab until they were sent."""
        key = f"{type(self).__name__}-{name}-{self.hand.history.complaint.reference}"
        return Question(name, rows=rows, attrs={"data-keep-draft": key})


def avoidable_field(*, required: bool = True) -> forms.ChoiceField:
    """Return the question whether it could have been avoided, which only colleagues read."""
    help_text = "Only colleagues see this."
    return radios(COULD_BE_AVOIDED, YES_OR_NO, required=required, help_text=help_text)


# The file with the copy of what was written elsewhere, added with the form.
COPY_ADDED = "copy_added"
_ELSEWHERE = ["copy", COPY_ADDED, "parts_said"]
_FORMAT = (
    "letter_format",
    "format_because",
    "easy_read",
    "other_language",
    "other_text",
    "language_because",
)


class TellingForm(PromiseFields, ActForm):
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
        self._ask_the_format()
        if self._asks_what_is_promised:
            self.add_promise_fields(lambda: hand.keepers, are_told_again=False)
            self.reveals = {**self.reveals, PROMISING: {"yes": PROMISE_FIELDS}}
        self._ask_what_was_written_elsewhere()
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
        last = (*_ELSEWHERE, *self.why_closed, *self.why_unwritten, "letter", *_FORMAT)
        for name in ("channel", *last):
            if name in self.fields:
                self.fields[name] = self.fields.pop(name)

    @property
    def _who_else(self) -> str:
        """Return who besides may approve it, or that nobody can."""
        return "Others who may can still do it." if self.hand.approvers else NOBODY_APPROVES

    def _ask_what_was_written_elsewhere(self) -> None:
        """Ask for the copy of a letter written elsewhere, and for each part that it must have."""
        if not self.may_be_elsewhere or self.hand.kind is LetterKind.PAPERS:
            for name in _ELSEWHERE:
                del self.fields[name]
            return
        history = self.hand.history
        files = StoredFile.objects.filter(complaint=history.complaint).order_by("-pk")
        files = files.exclude(scan=Scan.INFECTED.value)
        self.field("copy").choices = lambda: [
            ("", "Choose a file"),
            *(
                (str(key), f"{name} (not yet checked for viruses)" if scan == Scan.HELD else name)
                for key, name, scan in files.values_list("pk", "name", "scan")
            ),
        ]
        self._offer_parts()
        self.reveals = {**self.reveals, "channel": {ELSEWHERE: _ELSEWHERE}}

    def _offer_parts(self) -> None:
        """Offer each part that a letter written elsewhere must have to be ticked."""
        kind, is_late = self.hand.kind, BECAUSE in self.fields
        wanted = checklist(kind, self.hand.stage, is_late=is_late) if kind else []
        money = parts_of_money(kind) if kind else []
        self.field("parts_said").choices = [(each.code, each.words) for each in (*wanted, *money)]

    @property
    def is_late(self) -> bool:
        """Say whether it is late, whatever is answered, and its letter apologises for that."""
        return BECAUSE in self.fields and self.is_surely_late

    def ask_why_late(self, *, is_required: bool = False) -> None:
        """Ask why it is late, and whether that is in the letter that was written elsewhere."""
        super().ask_why_late(is_required=is_required)
        if "parts_said" in self.fields:
            self._offer_parts()

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

    def _ask_the_format(self) -> None:
        """Offer the format that the customer needs first; ask for easy read only where needed."""
        needed = LetterFormat(self.hand.customer.letter_format)
        field = self.field("letter_format")
        field.initial = needed.value
        field.help_text = f"They need: {needed.words.lower()}."
        others = [(each.value, each.words) for each in LetterFormat if each is not needed]
        field.choices = [(needed.value, f"{needed.words}, as they need"), *others]

        tongue = language_needed(self.hand.customer.language)
        spoken = language_called(tongue)
        if not tongue:
            del self.fields["language_because"]
        self.field("other_language").initial = spoken.tag if spoken else ""
        if spoken and (theirs := self._words_in(spoken.tag)):
            self.field("other_text").help_text = (
                f"What you write, in {spoken.name}: it goes into your words for this letter in "
                f"{spoken.name} (version {theirs.number}). Where you write nothing in English, "
                "nothing is needed here."
            )

    def _words_in(self, tag: str) -> LetterTemplate | None:
        """Return the landlord's words for this letter in a language. One query."""
        history, letter = self.hand.history, str(self.hand.kind)
        state = history.state
        visits = (each for each in state.visits if each.stage == state.stage)
        is_asked = any(each.asked_on for each in visits if each.number == state.visit)
        if self.hand.kind is LetterKind.ACKNOWLEDGEMENT and is_asked:
            letter = AGAIN
        procedure_id = history.complaint.procedure_version.procedure_id
        return template_in_force(procedure_id, letter, tag)

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
        last = {*NOT_ASKED, *why, *promised, "channel", "letter", *_ELSEWHERE, *_FORMAT}
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

    def format_questions(self) -> list[Any]:
        """Return in which format a letter is made: folded away while it is the usual one."""
        needed = LetterFormat(self.hand.customer.letter_format)
        chosen = str(self["letter_format"].value() or needed.value)
        spoken = language_needed(self.hand.customer.language)
        return [
            Folded(
                f"Format of the letter: {needed.words.lower()}",
                "letter_format",
                "format_because",
                self.draft("easy_read", rows=6),
                is_open=needed is not LetterFormat.STANDARD or chosen != needed.value,
            ),
            Folded(
                self._language_heading(),
                "other_language",
                self.draft("other_text", rows=10),
                *(["language_because"] if spoken else []),
                is_open=bool(spoken or self["other_text"].value()),
            ),
        ]

    def _language_heading(self) -> str:
        """Return what the customer speaks, where it is not English."""
        spoken = self.hand.customer.language
        return (
            f"In another language too: they speak {spoken}" if spoken else "In another language too"
        )

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


def officer_field(
    people: Sequence[Candidate], *, label: str, empty: str = ""
) -> ChoiceWithRefusals:
    """Return radios for one of the people; `empty` names the answer that chooses nobody."""
    field = ChoiceWithRefusals(label=label, required=not empty, help_text=WHAT_IS_COUNTED)
    nobody = [("", empty)] if empty else []
    field.choices = [*nobody, *((str(each.key), each.words) for each in people)]
    field.refuse({str(each.key): each.refusal for each in people if each.refusal})
    return field
