"""Logging what a customer says, on one page: a complaint, one put right at once, or a request."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from cases.forms.acts.asking import LONGEST_NOTE, radios, words_field
from cases.forms.fields import (
    ChoiceWithRefusals,
    DateAndTime,
    DateAndTimeField,
    DateField,
    FilesField,
)
from cases.forms.layout import (
    Buttons,
    CancelLink,
    Div,
    Fieldset,
    Layout,
    Question,
    Row,
    Submit,
)
from cases.forms.log_customer import OTHER, CustomerForm, Piece
from cases.forms.log_language import LanguageForm
from cases.forms.why_late import WHY_LATE, LoggingForm
from cases.models import Level, RequestKind, StoredFile
from cases.operations.telling import ELSEWHERE, TELLINGS
from cases.rules.calendars import FIRST_DAY
from cases.rules.customers import Channel
from cases.rules.periods import LONDON
from cases.selectors.known_cases import KnownCase
from cases.selectors.log_page import LogChoices

COMPLAINT, RESOLVED, REQUEST = "complaint", "resolved", "request"
LEVELS = {
    Level.NORMAL.value: "Colleagues of its service area",
    Level.SENSITIVE.value: "Its officer and the managers, because it is sensitive",
    Level.RESTRICTED.value: "The coordinators only, because it is about a member of staff",
}
LEVEL_HINTS = {
    Level.SENSITIVE.value: ("Health, safeguarding, domestic abuse, hate incidents, legal matters."),
    Level.RESTRICTED.value: "Or about the Board, or whistle-blowing.",
}
# What is shown anew while it is typed depends on these.
RECHECKED = (
    "received_day received_month received_year team_day team_month team_year customer about area "
    "ends level staff category contractor address postcode block language call_back"
)


class LogForm(LoggingForm, LanguageForm, CustomerForm):
    """Everything that is asked when something is logged for a customer."""

    is_printed_once = True
    form_attrs: ClassVar[Mapping[str, str]] = {
        "class": "house-log",
        "data-guard-unsaved": "",
        "data-recheck": RECHECKED,
    }
    reveals: Mapping[str, Mapping[str, Sequence[str]]] = {
        **CustomerForm.reveals,
        "level": {Level.RESTRICTED.value: ["staff"]},
        "ends": {
            COMPLAINT: ["call_back", "call_number", "call_when"],
            RESOLVED: ["resolution", "apologised", "resolved_on", "told"],
            REQUEST: ["kind", "passed_to", "offered"],
        },
    }

    key = forms.SlugField(widget=forms.HiddenInput, max_length=64)
    received = DateAndTimeField(label="Received", called="the day it was received")
    team = DateField(
        label="Day the team received it",
        called="the day the team received it",
        required=False,
        help_text="If it was another day: the deadlines count from it.",
    )
    channel = forms.ChoiceField(
        label="How it came",
        choices=[(each.value, each.words) for each in Channel],
        initial=Channel.PHONE.value,
    )
    words = words_field(
        "What they say, in their words",
        max_length=LONGEST_NOTE,
        error_messages={"required": "Write down what the customer says"},
    )
    happened = forms.CharField(
        label="When it happened, or since when, if they say so", max_length=200, required=False
    )
    effect = words_field("How it affects them", required=False)
    desired_outcome = words_field("What would put it right", required=False)
    points = words_field(
        "The points of the complaint, if they are clear",
        required=False,
        help_text="One on each line. They can be set out later.",
    )
    area = forms.ChoiceField(label="Service area", required=False)
    about = forms.ChoiceField(label="Category", required=False)
    contractor = forms.ChoiceField(label="Contractor whose work it is about", required=False)
    officer = forms.ChoiceField(label="Responsible officer", required=False)
    level = radios("Who may see it", LEVELS.items(), initial=Level.NORMAL.value)
    staff = forms.CharField(
        label="Their name, if known",
        help_text="Any part of it is enough. It is closed to everybody it may mean.",
        max_length=300,
        required=False,
    )
    linked_to = forms.ChoiceField(
        label="Is it about how we dealt with one of these?", required=False
    )
    ends = ChoiceWithRefusals(label="What is it?", error_messages={"required": "Select what it is"})
    resolution = words_field(
        "How it was put right",
        help_text="A letter or an e-mail from here says it as you write it.",
        error_messages={"required": "Write down how it was put right"},
    )
    apologised = forms.BooleanField(label="We apologised", required=False)
    resolved_on = DateField(label="Day it was put right", called="the day it was put right")
    told = ChoiceWithRefusals(
        label="How the customer was told",
        choices=[each for each in TELLINGS.items() if each[0] != ELSEWHERE],
    )
    kind = radios(
        "What kind of request?",
        RequestKind.choices,
        initial=RequestKind.SERVICE_REQUEST.value,
    )
    passed_to = forms.CharField(label="Passed to", max_length=200, required=False)
    offered = forms.BooleanField(
        label="They were told that it can be a complaint, and do not want that", required=False
    )
    call_back = forms.BooleanField(label="They ask us to ring them", required=False)
    call_number = forms.CharField(
        label="On which number",
        help_text="Leave it empty if it is their telephone number.",
        max_length=40,
        required=False,
    )
    call_when = forms.CharField(
        label="When it is good and safe to ring",
        help_text="For example: after six, or not when the children are there.",
        max_length=200,
        required=False,
    )
    uploads = FilesField(label="Files", required=False)
    kept = forms.MultipleChoiceField(
        label="Files kept with this form",
        help_text="Untick what should not be kept.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        choices: LogChoices,
        now: datetime,
        cancel: str,
        kept_files: Sequence[StoredFile] = (),
        earlier: Sequence[KnownCase] = (),
        resolve_refusal: str = "",
        telling_refusals: Mapping[str, str] | None = None,
        needed_language: str = "",
        asks_team: bool = False,
        is_logged_late: bool = False,
        is_perhaps_cured_late: bool = False,
        **kwargs: Any,
    ) -> None:
        given = kwargs.pop("initial", {})
        today = kwargs["today"]
        kwargs["initial"] = {
            "key": secrets.token_urlsafe(24),
            "received": DateAndTime(today, None),
            "resolved_on": today,
            # What most people come here for. The others are one press away.
            "ends": COMPLAINT,
            **given,
        }
        super().__init__(*args, **kwargs)
        self.now = now
        self.cancel = cancel
        self.kept_files = {each.key: each for each in kept_files}
        self._offer(choices, earlier, resolve_refusal)
        self.telling_refusals = telling_refusals or {}
        self.field("told").refuse(self.telling_refusals)
        self.initial["told"] = self._open_way("phone")
        self.ask_the_language(needed_language)
        for name in ("received", "team", "resolved_on"):
            self.field(name).latest = today
            self.field(name).earliest = FIRST_DAY
        if not asks_team:
            del self.fields["team"]
        self.ask_why_late(is_logged=is_logged_late, is_perhaps_cured=is_perhaps_cured_late)

    def _offer(
        self, choices: LogChoices, earlier: Sequence[KnownCase], resolve_refusal: str
    ) -> None:
        self.field("area").choices = [("", "Not known yet"), *choices.areas]
        self.field("about").choices = [("", "Not known yet"), *choices.categories]
        if choices.contractors:
            none = ("", "None, or not known yet")
            self.field("contractor").choices = [none, *choices.contractors]
        else:
            del self.fields["contractor"]
        if choices.officers:
            self.field("officer").choices = [("", "Nobody yet"), *choices.officers]
        else:
            del self.fields["officer"]
        ends = self.field("ends")
        ends.choices = [
            (COMPLAINT, "A complaint"),
            (RESOLVED, "A complaint, put right there and then"),
            (REQUEST, "A request or a report, not a complaint"),
        ]
        ends.refuse({RESOLVED: resolve_refusal} if resolve_refusal else {})
        if earlier:
            listed = [(str(each.pk), f"{each.reference}: {each.words}") for each in earlier]
            self.field("linked_to").choices = [("", "No"), *listed]
        else:
            del self.fields["linked_to"]
        if self.kept_files:
            self.field("kept").choices = [(k, each.name) for k, each in self.kept_files.items()]
        else:
            del self.fields["kept"]

    def _open_way(self, wanted: str) -> str:
        """Return the way to tell the customer that is wanted, or the first that is not refused."""
        refused = self.telling_refusals
        return next((each for each in (wanted, *TELLINGS) if each not in refused), "")

    @classmethod
    def shown_again(cls, data: QueryDict, **details: Any) -> "LogForm":
        """Return the form with all that was typed, right or wrong, and nothing said against it."""
        form = cls(**details)
        # What was typed is nobody else's to be shown, so nothing of it is kept.
        form.is_printed_once = False
        for name, field in form.fields.items():
            widget = field.widget
            is_box = isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple)
            if name != "uploads" and (is_box or not widget.value_omitted_from_data(data, {}, name)):
                form.initial[name] = widget.value_from_datadict(data, {}, name)
        form.initial["told"] = form._open_way(form.initial["told"])
        return form

    def layout(self) -> Layout:
        """Return who it is, what it is, where it belongs, what happens with it."""
        asked = [*self.customer_questions(), *self._what(), *self._where(), *self._ending()]
        return Layout(
            Div(*asked, css_class="house-log__asked"),
            Piece("cases/_log_deadlines.html"),
            Buttons(
                Submit("Log it"),
                Submit("Show the deadlines", kind="secondary", name="check", value="yes"),
                CancelLink(self.cancel),
            ),
        )

    def _what(self) -> Iterator[Any]:
        team = ["team"] if "team" in self.fields else []
        kept = [Question("kept", is_kept=False)] if "kept" in self.fields else []
        yield Fieldset(
            "What they say",
            Row("channel", "received"),
            *team,
            Piece("cases/_log_late.html", *WHY_LATE),
            Question("words", rows=6, attrs={"data-keep-draft": "log-words"}),
            "happened",
            Question("effect", rows=2, attrs={"data-keep-draft": "log-effect"}),
            Question("desired_outcome", rows=2, attrs={"data-keep-draft": "log-outcome"}),
            Question("points", rows=2, attrs={"data-keep-draft": "log-points"}),
            *kept,
            "uploads",
        )

    def _where(self) -> Iterator[Any]:
        contractor = ["contractor"] if "contractor" in self.fields else []
        officer = ["officer"] if "officer" in self.fields else []
        yield Fieldset(
            "Where it belongs",
            Row("area", "about"),
            *contractor,
            Piece("cases/_log_repeats.html"),
            *officer,
            Question("level", hints=LEVEL_HINTS),
        )

    def _ending(self) -> Iterator[Any]:
        yield Question(
            "ends",
            size="m",
            reveals={
                COMPLAINT: ["call_back", Row("call_number", "call_when")],
                RESOLVED: [
                    Question("resolution", rows=3, attrs={"data-keep-draft": "log-resolution"}),
                    "apologised",
                    "resolved_on",
                    Piece("cases/_log_told.html", "told", *self.language_questions),
                ],
                REQUEST: ["kind", "passed_to", "offered"],
            },
        )

    # The answers ---------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be: an hour that has not come, a cure before the complaint."""
        given = super().clean()
        at = self.received_at
        if at is not None and at > self.now and "received" not in self.errors:
            self.add_error("received", "The time it was received has not come yet")
        received, cured = self.received_on, given.get("resolved_on")
        if received and cured and cured < received:
            self.add_error("resolved_on", "It was put right before it was received: mend one day")
        if received and given.get("team") and given["team"] < received:
            self.add_error("team", "The team received it before we did: mend one day")
        if given.get("ends") == RESOLVED and given.get("level") == Level.RESTRICTED.value:
            self.add_error("ends", "What is about a member of staff is dealt with by coordinators")
        if given.get("ends") == RESOLVED:
            self.check_language(given, told=given.get("told") or "")
        if given.get("ends") == REQUEST:
            self._check_request(given)
        if given.get("call_back"):
            self._check_call(given)
        return given

    def _check_call(self, given: Mapping[str, Any]) -> None:
        """Refuse to promise a call that nobody can make, or that is not safe."""
        chosen = self.chosen
        known = chosen.phone if chosen else given.get("phone")
        is_unsafe = chosen.phone_unsafe if chosen else "phone" in given.get("unsafe", ())
        if given.get("speaks") == OTHER:
            self.add_error("call_back", "The customer is rung, so only they can ask for it here")
        elif is_unsafe:
            self.add_error("call_back", "It is not safe for them to be rung")
        elif not given.get("call_number") and not known:
            self.add_error("call_number", "Enter the number on which they are to be rung")

    def _check_request(self, given: dict[str, Any]) -> None:
        """Refuse what a request has no room for, rather than lose it."""
        if given.get("level") != Level.NORMAL.value:
            self.add_error(
                "level",
                "A request is open to its service area. What is to be hidden is logged as a "
                "complaint",
            )
        if given.get("kept"):
            self.add_error(
                "kept", "Files are kept with complaints only. Untick them, or log it as a complaint"
            )
        if given.get("officer"):
            self.add_error(
                "officer", "A request has no responsible officer: say who it is passed to"
            )

    @property
    def received_on(self) -> Any:
        """Return the day it was received, if it could be read."""
        received = self.cleaned_data.get("received")
        return received.on if received else None

    @property
    def received_at(self) -> datetime | None:
        """Return the instant it was received, where somebody knew the time."""
        received = self.cleaned_data.get("received")
        if not received or received.at is None:
            return None
        return datetime.combine(received.on, received.at, LONDON)


def typed_day(field: DateField, data: Mapping[str, Any], name: str) -> date | None:
    """Return the day typed into the boxes of a field; nothing where it is none."""
    try:
        value = field.to_python(field.widget.value_from_datadict(data, {}, name))
    except forms.ValidationError:
        return None
    day: date | None = value.on if isinstance(value, DateAndTime) else value
    return day
