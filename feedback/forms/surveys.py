"""The survey as a customer fills it in, or a colleague for them; and the forms around it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.asking import limit
from cases.forms.fields import DateField
from cases.forms.layout import (
    Buttons,
    CancelLink,
    Fieldset,
    HouseForm,
    Layout,
    Question,
    Row,
    StaffForm,
    Submit,
)
from feedback.forms.step import FORM_ID
from feedback.operations.surveys import SurveyReply
from feedback.rules.surveys import CHARACTERISTICS, PREFER_NOT, QUESTIONS, Satisfaction

LONGEST = 4_000
NOT_SAID = ("", _("Leave this out"))
SCALE = [(each.value, _(each.words)) for each in Satisfaction]


class SurveyForm(HouseForm):
    """Five questions of which one has to be answered, and who somebody is if they want to say."""

    words = forms.CharField(
        label=_("Is there anything else you want to tell us?"),
        help_text=_("Leave out names and addresses, so that nobody knows who you are."),
        widget=forms.Textarea,
        max_length=LONGEST,
        required=False,
    )
    may_connect = forms.BooleanField(
        label=_("You may keep my answers with my name and what they are about"), required=False
    )
    button = _("Send my answers")
    form_attrs = {"id": FORM_ID}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, question in QUESTIONS.items():
            is_asked = name == "overall"
            self.fields[name] = forms.ChoiceField(
                label=_(question),
                choices=SCALE if is_asked else [*SCALE, NOT_SAID],
                widget=forms.RadioSelect,
                required=is_asked,
                error_messages={"required": _("Select how satisfied you are")},
            )
        for name, each in CHARACTERISTICS.items():
            answers = [(code, _(words)) for code, words in each.answers.items()]
            self.fields[f"about_{name}"] = forms.ChoiceField(
                label=_(each.question),
                choices=[NOT_SAID, *answers, (PREFER_NOT, _("Prefer not to say"))],
                required=False,
            )

    def layout(self) -> Layout:
        """Return the questions, then what is told apart from them."""
        return Layout(
            *QUESTIONS,
            Question("words", rows=5),
            "may_connect",
            Fieldset(
                _("About you, if you want to say"), *(f"about_{name}" for name in CHARACTERISTICS)
            ),
            Buttons(Submit(str(self.button))),
        )

    def reply(self) -> SurveyReply:
        """Return the answers as the operation takes them."""
        given = self.cleaned_data
        return SurveyReply(
            scores={name: int(given[name]) for name in QUESTIONS if given[name]},
            words=given["words"],
            may_connect=given["may_connect"],
            equality={
                name: given[f"about_{name}"] for name in CHARACTERISTICS if given[f"about_{name}"]
            },
        )


class CodeForm(StaffForm):
    """The code on a letter, to enter what came back on paper or by telephone."""

    code = forms.CharField(
        label="Code on the letter",
        max_length=20,
        error_messages={"required": "Enter the code"},
    )

    def layout(self) -> Layout:
        """Return the code."""
        return Layout(Question("code", width=20), Buttons(Submit("Enter the answers")))


class RoundForm(StaffForm):
    """The days whose complaints are asked about."""

    first_day = DateField(label="From", called="the first day")
    last_day = DateField(label="Until", called="the last day")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit(self, "first_day", "last_day", latest=today)

    def layout(self) -> Layout:
        """Return the days."""
        return Layout(
            Row("first_day", "last_day"),
            Buttons(
                Submit("Ask everybody"),
                Submit("Show how many first", kind="secondary", name="count", value="yes"),
                CancelLink("../"),
            ),
        )
