"""What must be known before anything else works."""

from typing import Any

from django import forms

from cases.forms.asking import offer
from cases.forms.layout import Layout, Question, Row, StaffForm, Submit
from cases.rules.bank_holidays import Nation
from cases.rules.procedure_files import read_shipped, shipped_codes

DEFAULT = "code-2024"
HINTS = {
    "code-2024": "The two stages of the statutory Code. Right for most landlords.",
    "kht-three-stage": "Two stages, then a hearing before the committee.",
    "first-ark-panel": "A stage, then a panel of employees.",
    "livv-two-stage": "Put right there and then if it can be, then two stages.",
    "herefordshire": "Initial contact, two stages, then an appeal to members of the Board.",
}


class SetUpForm(StaffForm):
    """Who the landlord is, where it is, and which procedure it runs."""

    name = forms.CharField(label="The landlord’s name", max_length=120)
    telephone = forms.CharField(label="Telephone", max_length=40, required=False)
    email = forms.EmailField(label="E-mail address", max_length=254, required=False)
    nation = forms.ChoiceField(
        label="Nation, for the bank holidays",
        choices=[(each.value, each.words) for each in Nation],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the nation"},
    )
    procedure = forms.ChoiceField(
        label="Procedure",
        help_text="You can change its figures afterwards, and run another from a day on.",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a procedure"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = sorted(shipped_codes(), key=lambda code: (code != DEFAULT, code))
        offer(self, "procedure", [(code, read_shipped(code)["name"]) for code in codes])

    def layout(self) -> Layout:
        """Return who, where, how."""
        return Layout(
            "name",
            Row("telephone", "email"),
            "nation",
            Question("procedure", hints=HINTS),
            Submit("Set it up"),
        )
