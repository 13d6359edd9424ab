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
from cases.forms.acts.promising import Choices
from cases.forms.fields import DateField
from cases.forms.layout import Buttons, CancelLink, Layout, Question, StaffForm, Submit
from cases.models import Customer, User
from cases.rules.lateness import Lateness
from cases.rules.letter_facts import LetterKind
from cases.rules.state import Deadline
from cases.rules.terms import Stage
from cases.selectors.case_history import CaseHistory
from cases.selectors.promises import keeper_choices

LONGEST_LETTER = 20_000
# What stands on the button of an act whose letter needs a second person.
ASK = "Ask for approval"
# The name of the button that keeps what was typed, and of the version it was drawn from.
DRAFT, DRAFT_SEEN = "draft", "draft_seen"
DRAFT_BUTTON = Submit("Save the draft", kind="secondary", name=DRAFT, value="yes")
# The name of the question who is asked to approve a letter.
APPROVER = "approver"
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
    # Who complains too and gets a copy of the letter: their names, and the language they need.
    copied_in: Sequence[tuple[str, str]] = ()
    # What the landlord says of amounts of compensation.
    guidance: str = ""

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
