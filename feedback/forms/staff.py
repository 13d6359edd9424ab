"""The forms of the staff's pages about compliments, suggestions and quarantine."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms

from cases.forms.customers import WHOLE_LETTERS
from cases.forms.days import DaysField, KeptInput
from cases.forms.fields import DateField
from cases.forms.layout import (
    Buttons,
    CancelLink,
    Fieldset,
    FilterForm,
    Layout,
    Question,
    Row,
    StaffForm,
    Submit,
)
from cases.models import ServiceArea, User
from cases.operations.customers import Particulars
from cases.rules.customers import Channel, CustomerCategory
from cases.rules.languages import LANGUAGES, language_called
from feedback.operations.remark_approvals import Wording
from feedback.operations.remark_replies import InTheirLanguage
from feedback.operations.remarks import Said
from feedback.rules.kinds import REMARKS, Decision, Kind, Way
from feedback.rules.remark_letters import Purpose
from feedback.selectors.remarks import Show

ANSWERED_BY_HAND = (Way.PHONE, Way.IN_PERSON)


class RemarkFilter(FilterForm):
    """What narrows the list."""

    kind = forms.ChoiceField(
        label="Kind",
        choices=[("", "Both"), *((each.value, f"{each.words}s") for each in REMARKS)],
        widget=forms.RadioSelect,
    )
    show = forms.ChoiceField(
        label="What needs doing",
        choices=[("", "All"), *((each.value, each.words) for each in Show)],
        widget=forms.RadioSelect,
    )
    # From the links of the dashboard; told as filters in use, not asked.
    days = DaysField(label="Days")
    area = forms.ModelChoiceField(
        label="Service area", queryset=ServiceArea.objects.all(), widget=KeptInput
    )


class LetterForm(StaffForm):
    """A form that writes to the sender, in their language where they need another than English."""

    other_language = forms.ChoiceField(
        label="Language",
        required=False,
        choices=[("", "English alone"), *((each.tag, each.name) for each in LANGUAGES.values())],
    )
    other_text = forms.CharField(
        label="What you write, in that language",
        widget=forms.Textarea,
        max_length=10_000,
        required=False,
    )
    language_because = forms.CharField(
        label="Why it is in English alone, if it is",
        max_length=500,
        required=False,
        help_text="The letter then says that it is in English, and how to ask about it. Kept with "
        "it.",
    )

    def ask_the_language(self, needed: str) -> list[Any]:
        """Keep the questions where another language is needed, and return how they are asked."""
        if not needed:
            for name in ("other_language", "other_text", "language_because"):
                del self.fields[name]
            return []
        spoken = language_called(needed)
        self.field("other_language").initial = spoken.tag if spoken else ""
        self.field("other_language").help_text = f"They need letters in {needed}."
        chosen = LANGUAGES.get(str(self["other_language"].value() or ""))
        marks = {"lang": chosen.tag, "dir": chosen.direction} if chosen else {"dir": "auto"}
        return [
            Question("other_language", width=20),
            Question("other_text", rows=5, attrs=marks),
            "language_because",
        ]

    @property
    def in_their_language(self) -> dict[str, str]:
        """Return what was answered about their language, by the names of the questions."""
        names = ("other_text", "other_language", "language_because")
        return {name: self.cleaned_data.get(name, "") for name in names}

    @property
    def other(self) -> InTheirLanguage:
        """Return what was written in their language, or why nothing was."""
        given = self.in_their_language
        return InTheirLanguage(
            given["other_text"], given["language_because"], given["other_language"]
        )


PREVIEW = "preview"


def sending_buttons(words: str, cancel: str, *, is_approved_first: bool) -> Buttons:
    """Return the buttons of a form that may write a letter: to send it, and to look at it first."""
    act = f"{words}, or ask for approval" if is_approved_first else words
    preview = Submit("Preview", kind="secondary", name=PREVIEW, value="yes")
    return Buttons(Submit(act), preview, CancelLink(cancel))


class ThankForm(LetterForm):
    """How the sender is thanked, and when if it was not just now."""

    way = forms.ChoiceField(
        label="How", widget=forms.RadioSelect, error_messages={"required": "Select how"}
    )
    phone_on = DateField(label="When did you speak?", called="the day you spoke")
    in_person_on = DateField(label="When did you speak?", called="the day you spoke")
    words = forms.CharField(
        label="What you want to add to the letter or email",
        widget=forms.Textarea,
        max_length=5_000,
        required=False,
    )
    reveals: Mapping[str, Mapping[str, Sequence[str]]] = {
        "way": {each.value: [f"{each.value}_on"] for each in ANSWERED_BY_HAND}
    }

    def __init__(
        self,
        *args: Any,
        ways: Sequence[tuple[str, str]],
        received_on: date,
        today: date,
        cancel: str,
        language: str = "",
        is_approved_first: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel
        self.is_approved_first = is_approved_first
        self.language_questions = self.ask_the_language(language)
        self.today = today
        self.field("way").choices = ways
        for each in ANSWERED_BY_HAND:
            field = self.fields[f"{each.value}_on"]
            field.earliest, field.latest = received_on, today  # type: ignore[attr-defined]
            field.initial = today

    def layout(self) -> Layout:
        """Return the way with its day, and words for a letter."""
        return Layout(
            "way",
            Question("words", rows=5, attrs={"data-keep-draft": "thanks"}),
            *self.language_questions,
            sending_buttons(
                "Thank the sender", self.cancel, is_approved_first=self.is_approved_first
            ),
        )

    @property
    def wording(self) -> Wording:
        """Return the letter of thanks as it was typed."""
        given = self.cleaned_data
        return Wording(Purpose.THANKS, given["way"], given["words"], **self.in_their_language)

    @property
    def on(self) -> date:
        """Return the day on which the sender was thanked."""
        spoken: date | None = self.cleaned_data.get(f"{self.cleaned_data['way']}_on")
        return spoken or self.today


class PassOnForm(StaffForm):
    """Which colleague is told."""

    to = forms.ModelChoiceField(
        label="Colleague",
        queryset=User.objects.none(),
        to_field_name="code",
        empty_label="Select a colleague",
        help_text="They get an email that leads to this page.",
        error_messages={"required": "Select a colleague"},
    )

    def __init__(self, *args: Any, people: Any, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel
        self.field("to").queryset = people

    def layout(self) -> Layout:
        """Return the colleague."""
        return Layout("to", Buttons(Submit("Pass it on"), CancelLink(self.cancel)))


class DecideForm(LetterForm):
    """What is decided about a suggestion, and how its sender is told."""

    decision = forms.ChoiceField(
        label="Decision",
        choices=[(each.value, each.words) for each in Decision],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what is decided"},
    )
    answer = forms.CharField(
        label="Answer to the sender",
        help_text="What will be done and by when, or why it cannot be done.",
        widget=forms.Textarea,
        max_length=10_000,
        error_messages={"required": "Write the answer"},
    )
    way = forms.ChoiceField(
        label="How the sender is told",
        widget=forms.RadioSelect,
        error_messages={"required": "Select how the sender is told"},
    )

    def __init__(
        self,
        *args: Any,
        ways: Sequence[tuple[str, str]],
        cancel: str,
        language: str = "",
        is_approved_first: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel
        self.is_approved_first = is_approved_first
        self.language_questions = self.ask_the_language(language if ways else "")
        if ways:
            self.field("way").choices = ways
        else:
            del self.fields["way"]

    def layout(self) -> Layout:
        """Return the decision, the answer, and the way where there is one."""
        way = ["way"] if "way" in self.fields else []
        return Layout(
            "decision",
            Question("answer", rows=8, attrs={"data-keep-draft": "decision"}),
            *way,
            *self.language_questions,
            sending_buttons(
                "Decide and answer", self.cancel, is_approved_first=self.is_approved_first
            ),
        )

    @property
    def wording(self) -> Wording:
        """Return the answer as it was typed."""
        given = self.cleaned_data
        return Wording(
            Purpose.ANSWER,
            given.get("way", ""),
            given["answer"],
            decision=given["decision"],
            **self.in_their_language,
        )


APPROVE, SEND_BACK = "approve", "send_back"


class ApproveForm(StaffForm):
    """Whether a letter goes as it was read, or back to its author with what is to be changed."""

    words_hash = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    decision = forms.ChoiceField(
        label="Decision",
        choices=[
            (APPROVE, "Approve it: it goes now, in these words"),
            (SEND_BACK, "Send it back to its author"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select a decision"},
    )
    reason = forms.CharField(
        label="What is to be changed",
        widget=forms.Textarea,
        max_length=2_000,
        error_messages={"required": "Say what is to be changed"},
    )
    reveals: Mapping[str, Mapping[str, Sequence[str]]] = {"decision": {SEND_BACK: ["reason"]}}

    def layout(self) -> Layout:
        """Return the decision."""
        return Layout(
            "words_hash",
            Question("decision", reveals={SEND_BACK: [Question("reason", rows=3)]}),
            Buttons(Submit("Record the decision")),
        )


class ReasonForm(StaffForm):
    """Why a form is abuse."""

    reason = forms.CharField(
        label="Why this is abuse and nobody’s complaint",
        help_text="Kept with the form.",
        widget=forms.Textarea,
        max_length=1_000,
        error_messages={"required": "Say why this is abuse and nobody’s complaint"},
    )

    def layout(self) -> Layout:
        """Return the reason."""
        return Layout(
            Question("reason", rows=3),
            Submit("Mark as abuse", kind="warning", name="act", value="abuse"),
        )


class LogRemarkForm(StaffForm):
    """A compliment or suggestion that somebody gave a colleague, on one page."""

    form_attrs: ClassVar[Mapping[str, str]] = {"data-guard-unsaved": ""}

    kind = forms.ChoiceField(
        label="What it is",
        choices=[(each.value, each.words) for each in REMARKS],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what it is"},
    )
    received_on = DateField(label="Received", called="the day it was received")
    channel = forms.ChoiceField(
        label="By",
        choices=[
            (each.value, each.words)
            for each in Channel
            if each not in (Channel.ELECTED_REPRESENTATIVE, Channel.ONLINE)
        ],
    )
    words = forms.CharField(
        label="In their words",
        widget=forms.Textarea,
        max_length=10_000,
        error_messages={"required": "Write down what was said"},
    )
    regarding = forms.CharField(
        label="Who or what it is about", max_length=200, required=False, help_text="A name or team."
    )
    area = forms.ModelChoiceField(
        label="Service area",
        queryset=ServiceArea.objects.none(),
        to_field_name="code",
        required=False,
        empty_label="Not known",
    )
    name = forms.CharField(label="Name", max_length=200, required=False)
    category = forms.ChoiceField(
        label="What they are to us",
        choices=[(each.value, each.words) for each in CustomerCategory],
        initial=CustomerCategory.TENANT.value,
    )
    address = forms.CharField(
        label="Address", widget=forms.Textarea, max_length=500, required=False
    )
    postcode = forms.CharField(label="Postcode", max_length=12, required=False)
    phone = forms.CharField(label="Telephone", max_length=40, required=False)
    email = forms.EmailField(label="Email", max_length=254, required=False)
    letters_by_email = forms.BooleanField(
        label="They want whole letters by e-mail", help_text=WHOLE_LETTERS, required=False
    )
    unsafe = forms.MultipleChoiceField(
        label="Ways that are not safe for them",
        choices=[("phone", "Telephone"), ("email", "Email"), ("post", "Letters")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, today: date, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel
        self.field("received_on").latest = today
        self.fields["received_on"].initial = today
        areas = ServiceArea.objects.filter(is_retired=False).order_by("name")
        self.field("area").queryset = areas

    def layout(self) -> Layout:
        """Return what was said first, then who said it."""
        return Layout(
            Question("kind", is_inline=True),
            "received_on",
            Question("channel", width=20),
            Question("words", rows=6, attrs={"data-keep-draft": "remark"}),
            "regarding",
            "area",
            Fieldset(
                "Who said it, if they want to be thanked",
                "name",
                "category",
                Question("address", rows=3),
                Row(Question("postcode", width=10), Question("phone", width=20)),
                "email",
                "letters_by_email",
                Question("unsafe", is_inline=True),
            ),
            Buttons(Submit("Log it"), CancelLink(self.cancel)),
        )

    def said(self) -> Said:
        """Return what was said, as the operation takes it."""
        given = self.cleaned_data
        details = ("name", "address", "postcode", "phone", "email")
        return Said(
            kind=Kind(given["kind"]),
            channel=given["channel"],
            received_on=given["received_on"],
            words=given["words"],
            regarding=given["regarding"],
            area_id=given["area"].pk if given["area"] else None,
            sender=self._sender() if any(given[each] for each in details) else None,
        )

    def _sender(self) -> Particulars:
        given = self.cleaned_data
        unsafe: Iterable[str] = given["unsafe"]
        return Particulars(
            name=given["name"] or "Name not given",
            category=given["category"],
            address=given["address"],
            postcode=given["postcode"],
            phone=given["phone"],
            email=given["email"],
            letters_by_email=given["letters_by_email"],
            phone_unsafe="phone" in unsafe,
            email_unsafe="email" in unsafe,
            post_unsafe="post" in unsafe,
        )
