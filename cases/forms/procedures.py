"""Changing a draft of a procedure, publishing it, and letting a procedure run from a day on."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms

from cases.errors import ProcedureInvalid
from cases.forms.asking import offer_rows
from cases.forms.fields import DateField
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
from cases.forms.settings import seen_field
from cases.models import Procedure
from cases.rules.grounds import GROUNDS
from cases.rules.parts import ANSWER_PARTS
from cases.rules.periods import ROLLING_UNITS, Unit, parse_period
from cases.rules.procedure_drafts import PromiseTerms, RouteTerms
from cases.rules.procedure_files import read_procedure
from cases.rules.roles import Role
from cases.rules.stage_letters import StageLetters, read_letters

UNITS = [
    (Unit.WORKING_DAYS.value, "working days"),
    (Unit.CALENDAR_DAYS.value, "calendar days"),
    (Unit.WEEKS.value, "weeks"),
    (Unit.MONTHS.value, "months"),
    (Unit.DAY_OF_NEXT_MONTH.value, "as a day of the following month"),
]
# Grounds that a procedure may name; that a request is late is a ground everywhere.
ROUTE_GROUNDS = [
    (code, ground.words)
    for code, ground in GROUNDS.items()
    if code not in ("late", "unreasonable", "other")
]
ROLLS = "Where the last day is a weekend, bank holiday or closure, it moves to the next working day"
BOUND = "bound"
RECIPIENTS = [
    ("", "Nobody else"),
    (BOUND, "Whoever it binds"),
    *((role.value, role.words[:1].upper() + role.words[1:]) for role in Role),
]
SIDES = [
    ("", "No reminder"),
    ("before", "Before the due day"),
    ("due", "On the due day"),
    ("overdue", "After the due day"),
]
MORE_ROWS = 2
MOST_RECIPIENTS = 3


def period_text(amount: int, unit: str) -> str:
    """Return a period as the file writes it."""
    if unit == Unit.DAY_OF_NEXT_MONTH:
        return f"day {amount} {unit}"
    return f"{amount} {unit[:-1] if amount == 1 else unit}"


class PeriodForm(StaffForm):
    """An amount and a unit, and whether the end may move on."""

    def read_period(self) -> tuple[str, bool]:
        """Return the period as the file writes it, and whether it rolls; errors go on the form."""
        answers = self.cleaned_data
        amount, unit = answers.get("amount"), answers.get("unit", Unit.WORKING_DAYS.value)
        rolls = bool(answers.get("rolls"))
        if amount is None:
            return "", False
        if unit == Unit.DAY_OF_NEXT_MONTH and amount > 31:
            self.add_error("amount", "Enter a day of a month, from 1 to 31")
        if rolls and unit not in ROLLING_UNITS:
            self.add_error("rolls", "Only calendar days, weeks and months can move on")
            rolls = False
        return period_text(amount, unit), rolls


def amount_field(label: str, **kwargs: Any) -> forms.IntegerField:
    """Return a field for how many."""
    return forms.IntegerField(label=label, min_value=1, max_value=999, **kwargs)


class PromiseForm(PeriodForm):
    """The terms of one promise."""

    seen = seen_field()
    amount = amount_field("How many")
    unit = forms.ChoiceField(label="Counted in", choices=UNITS)
    rolls = forms.BooleanField(label=ROLLS, required=False)
    in_writing = forms.BooleanField(label="It must be done in writing", required=False)
    longest_extension = forms.IntegerField(
        label="Longest extension, in working days",
        help_text="Leave empty if the procedure sets no limit.",
        min_value=1,
        max_value=999,
        required=False,
    )

    def __init__(
        self, *args: Any, promise: Mapping[str, Any], is_extendable: bool, **kwargs: Any
    ) -> None:
        self.is_notice = parse_period(promise["period"]).count < 0
        super().__init__(*args, **kwargs)
        if self.is_notice:
            # Notice of a hearing counts backwards, and only in working days.
            self.fields["amount"].label = "How many working days before the hearing"
            del self.fields["unit"], self.fields["rolls"]
        if not is_extendable:
            del self.fields["longest_extension"]

    def layout(self) -> Layout:
        """Return the period in a row, then the rest."""
        amount = Question("amount", width=3)
        asked = [name for name in ("rolls", "in_writing") if name in self.fields]
        last = (
            [Question("longest_extension", width=3)] if "longest_extension" in self.fields else []
        )
        period = amount if self.is_notice else Row(amount, "unit")
        return Layout(period, *asked, *last, Buttons(Submit("Save"), CancelLink("../../")))

    def clean(self) -> dict[str, Any]:
        """Put the period together."""
        super().clean()
        self.period, self.is_rolling = self.read_period()
        if self.is_notice and self.period:
            self.period = f"-{self.period}"
        return self.cleaned_data

    @property
    def terms(self) -> PromiseTerms:
        """Return the terms given."""
        return PromiseTerms(
            period=self.period,
            rolls=self.is_rolling,
            in_writing=self.cleaned_data["in_writing"],
            longest_extension=self.cleaned_data.get("longest_extension"),
        )

    @staticmethod
    def initial_from(promise: Mapping[str, Any]) -> dict[str, Any]:
        """Return how a promise stands in the draft."""
        period = parse_period(promise["period"])
        return {
            "amount": abs(period.count),
            "unit": period.unit.value,
            "rolls": promise.get("rolls", False),
            "in_writing": promise.get("in_writing", False),
            "longest_extension": promise.get("longest_extension"),
        }


class StageNameForm(PeriodForm):
    """What a stage is called, and who decides it, where the customer's way ends."""

    seen = seen_field()
    name = forms.CharField(label="Name of the stage", max_length=120)
    decided_by_words = forms.CharField(
        label="Who decides, as customers are told",
        help_text="For example: the Head of Service",
        max_length=200,
    )
    defines = forms.BooleanField(
        label="The acknowledgement sets out the complaint",
        help_text="Its points, what the customer wants, and what you are and are not responsible "
        "for. Nothing is acknowledged without them. The Complaint Handling Code wants it "
        "(5.6, 5.7).",
        required=False,
    )
    encloses_policy = forms.BooleanField(
        label="The complaints policy goes with the acknowledgement", required=False
    )
    answer_in_writing = forms.BooleanField(
        label="The customer gets the answer in writing, also unasked",
        help_text="The Complaint Handling Code wants it (6.9, 6.19). Not ticked, the answer may be "
        "given by telephone, unless its promise says that it is in writing.",
        required=False,
    )
    answer_parts = forms.MultipleChoiceField(
        label="The answer says",
        help_text="The stage, the decision, the reasons and the Ombudsman’s details stand in every "
        "answer, and how to go further where there is a way. An answer without a part is not sent.",
        choices=[(part.value, part.words[:1].upper() + part.words[1:]) for part in ANSWER_PARTS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    answer_says = forms.CharField(
        label="What else the answer says, one a line",
        help_text="Whoever writes the answer ticks each of them as said. For example: learnings",
        widget=forms.Textarea,
        max_length=1_000,
        required=False,
    )

    def __init__(self, *args: Any, acknowledges: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not acknowledges:
            del self.fields["defines"], self.fields["encloses_policy"]

    def layout(self) -> Layout:
        """Return the words, and what the letters say."""
        return Layout("name", "decided_by_words", *self.about_letters, self.buttons)

    @property
    def about_letters(self) -> list[Any]:
        """Return how it is asked what the letters say."""
        named = ("defines", "encloses_policy", "answer_in_writing", "answer_parts")
        return [*(each for each in named if each in self.fields), Question("answer_says", rows=3)]

    @property
    def letters(self) -> StageLetters:
        """Return what the letters of the stage say."""
        given = self.cleaned_data
        return StageLetters(
            acknowledgement_defines=given.get("defines", False),
            acknowledgement_encloses_policy=given.get("encloses_policy", False),
            answer_parts=tuple(
                part for part in ANSWER_PARTS if part.value in given["answer_parts"]
            ),
            answer_says=tuple(
                line for each in given["answer_says"].splitlines() if (line := each.strip())
            ),
        )

    @property
    def buttons(self) -> Buttons:
        """Return the buttons."""
        return Buttons(Submit("Save"), CancelLink("../"))

    @property
    def route(self) -> RouteTerms | None:
        """Return the terms of the customer's way on: there is none."""
        return None

    @staticmethod
    def initial_from(stage: Mapping[str, Any], route: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return how a stage stands in the draft."""
        letters = read_letters(stage)
        given: dict[str, Any] = {
            "name": stage["name"],
            "decided_by_words": stage["decided_by_words"],
            "defines": letters.acknowledgement_defines,
            "encloses_policy": letters.acknowledgement_encloses_policy,
            "answer_in_writing": stage.get("answer_in_writing", True),
            "answer_parts": [part.value for part in letters.answer_parts],
            "answer_says": "\n".join(letters.answer_says),
        }
        if route is None:
            return given
        window = parse_period(route["window"]) if "window" in route else None
        return given | {
            "window": "within" if window else "any",
            "amount": window.count if window else None,
            "unit": window.unit.value if window else Unit.WORKING_DAYS.value,
            "rolls": route.get("rolls", False),
            "reasons_required": route.get("reasons_required", False),
            "grounds": route.get("grounds", []),
            "refusal_approved": route.get("refusal_approved", False),
        }


class StageForm(StageNameForm):
    """A stage's name, who decides it, and the customer's way on from it."""

    reveals = {"window": {"within": ["amount", "unit", "rolls"]}}

    window = forms.ChoiceField(
        label="When the customer may ask for the next stage",
        choices=[("any", "At any time"), ("within", "Within a time of having the answer")],
        widget=forms.RadioSelect,
    )
    amount = amount_field("How many")
    unit = forms.ChoiceField(label="Counted in", choices=UNITS)
    rolls = forms.BooleanField(label=ROLLS, required=False)
    reasons_required = forms.BooleanField(
        label="The customer must give reasons",
        help_text="The Complaint Handling Code does not ask for any (6.12).",
        required=False,
    )
    grounds = forms.MultipleChoiceField(
        label="A request may be refused because",
        help_text="Tick none if it is never refused. A late request is always decided on.",
        choices=ROUTE_GROUNDS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    refusal_approved = forms.BooleanField(
        label="A second person approves each refusal",
        help_text="A director, an assistant director or the complaints coordinator, who took no "
        "part in what is to be reviewed.",
        required=False,
    )

    def layout(self) -> Layout:
        """Return the stage, then the way on, then what the letters say."""
        period = [Row(Question("amount", width=3), "unit"), "rolls"]
        return Layout(
            "name",
            "decided_by_words",
            Question("window", reveals={"within": period}),
            "reasons_required",
            "grounds",
            "refusal_approved",
            *self.about_letters,
            self.buttons,
        )

    def clean(self) -> dict[str, Any]:
        """Put the window together."""
        super().clean()
        self.period, self.is_rolling = "", False
        if self.cleaned_data.get("window") == "within":
            self.period, self.is_rolling = self.read_period()
        return self.cleaned_data

    @property
    def route(self) -> RouteTerms | None:
        """Return the terms of the customer's way on."""
        return RouteTerms(
            window=self.period,
            rolls=self.is_rolling,
            reasons_required=self.cleaned_data["reasons_required"],
            grounds=self.cleaned_data["grounds"],
            refusal_approved=self.cleaned_data["refusal_approved"],
        )


class RemindersForm(StaffForm):
    """When somebody is reminded of a promise, and who: a few rows, empty ones left out.

    `lines` are the reminders as the file writes them; `usual` says whether the procedure's own may
    be chosen in their place, which the page of those themselves does not offer.
    """

    seen = seen_field()
    marks_optional = False

    def __init__(
        self, *args: Any, lines: Sequence[str], offers_usual: bool, is_usual: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offers_usual = offers_usual
        self.rows = range(len(lines) + MORE_ROWS)
        if offers_usual:
            self.fields["kind"] = forms.ChoiceField(
                label="Reminders of this promise",
                choices=[("usual", "The procedure’s usual ones"), ("own", "Its own, as below")],
                widget=forms.RadioSelect,
                initial="usual" if is_usual else "own",
            )
        for row in self.rows:
            side, days, to = read_line(lines[row]) if row < len(lines) else ("", None, [])
            self.fields[f"side_{row}"] = forms.ChoiceField(
                label="When", choices=SIDES, required=False, initial=side
            )
            self.fields[f"days_{row}"] = forms.IntegerField(
                label="Working days", min_value=1, max_value=99, required=False, initial=days
            )
            for place in range(MOST_RECIPIENTS):
                choices = RECIPIENTS if place else [("", "Choose"), *RECIPIENTS[1:]]
                self.fields[f"to_{row}_{place}"] = forms.ChoiceField(
                    label="To" if place == 0 else "and to",
                    choices=choices,
                    required=False,
                    initial=to[place] if place < len(to) else "",
                )

    def layout(self) -> Layout:
        """Return a group for each reminder."""
        kind = ["kind"] if self.offers_usual else []
        groups = [
            Fieldset(
                f"Reminder {row + 1}",
                Row(f"side_{row}", Question(f"days_{row}", width=2)),
                Row(*(f"to_{row}_{place}" for place in range(MOST_RECIPIENTS))),
            )
            for row in self.rows
        ]
        back = "../../../" if self.offers_usual else "../"
        return Layout(*kind, *groups, Buttons(Submit("Save"), CancelLink(back)))

    @property
    def wants_usual(self) -> bool:
        """Say whether the procedure's usual reminders are wanted."""
        return self.offers_usual and self.cleaned_data.get("kind") == "usual"

    def clean(self) -> dict[str, Any]:
        """Write every row as a line of the file."""
        super().clean()
        self.lines: list[str] = []
        if self.wants_usual:
            return self.cleaned_data
        days_taken: set[int] = set()
        for row in self.rows:
            if line := self._line(row, days_taken):
                self.lines.append(line)
        return self.cleaned_data

    def _line(self, row: int, days_taken: set[int]) -> str:
        answers = self.cleaned_data
        side, days = answers.get(f"side_{row}"), answers.get(f"days_{row}")
        if not side:
            return ""
        to = [answers.get(f"to_{row}_{place}") for place in range(MOST_RECIPIENTS)]
        named = list(dict.fromkeys(cast(str, each) for each in to if each))
        if not named:
            self.add_error(f"to_{row}_0", f"Reminder {row + 1}: choose who is reminded")
        if side != "due" and days is None and f"days_{row}" not in self.errors:
            self.add_error(f"days_{row}", f"Reminder {row + 1}: enter how many working days")
        place = 0 if side == "due" else (days or 0) * (-1 if side == "before" else 1)
        if place in days_taken and (side == "due" or days):
            self.add_error(f"side_{row}", f"Reminder {row + 1}: there is one on that day already")
        days_taken.add(place)
        when = "due" if side == "due" else f"{side}-{days}"
        return f"{when} {' '.join(named)}"


def read_line(line: str) -> tuple[str, int | None, list[str]]:
    """Return the side, the days and the recipients of a reminder as the file writes it."""
    when, *to = line.split()
    side, _, days = when.partition("-")
    return side, int(days) if days else None, to


class ProcedureFileForm(StaffForm):
    """A whole procedure as its file."""

    seen = seen_field()
    text = forms.CharField(
        label="The procedure’s file",
        help_text="In the form that “Save as a file” gives. Nothing changes until it is published.",
        widget=forms.Textarea({"rows": 28, "spellcheck": "false"}),
        max_length=100_000,
        strip=False,
    )

    def __init__(self, *args: Any, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.button = button

    def layout(self) -> Layout:
        """Return the text."""
        return Layout("text", Buttons(Submit(self.button), CancelLink("../")))

    def clean_text(self) -> str:
        """Read the file.

        :raises ValidationError: if it is none.
        """
        text = str(self.cleaned_data["text"])
        try:
            self.words = read_procedure(text)
        except ProcedureInvalid as wrong:
            raise forms.ValidationError(list(wrong.problems)) from wrong
        return text


class PublishDraftForm(StaffForm):
    """From when a version is in force."""

    seen = seen_field()
    effective_on = DateField(
        label="In force from",
        help_text="Complaints received from this day on run under it; earlier ones keep theirs.",
        called="the day from which it is in force",
    )

    def layout(self) -> Layout:
        """Return the day."""
        return Layout("effective_on", Buttons(Submit("Publish this version"), CancelLink("../")))


class AdoptForm(StaffForm):
    """Which procedure is to run, and from when."""

    procedure = forms.ModelChoiceField(
        label="Procedure",
        queryset=Procedure.objects.none(),
        to_field_name="code",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose a procedure"},
    )
    from_on = DateField(
        label="From",
        help_text="Complaints received from this day on run under it; earlier ones keep theirs.",
        called="the day from which it runs",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        published = Procedure.objects.filter(versions__published_at__isnull=False).distinct()
        offer_rows(self, "procedure", published.order_by("name"))

    def layout(self) -> Layout:
        """Return the procedures and the day."""
        return Layout("procedure", "from_on", Buttons(Submit("Let it run"), CancelLink("../")))
