"""The customer's answer whether somebody may speak for them."""

from django import forms

from cases.forms.layout import Buttons, HouseForm, Layout, Submit

YES = "yes"


class ConsentForm(HouseForm):
    """Yes or no; nothing is chosen beforehand."""

    answer = forms.ChoiceField(
        label="May they speak for you?",
        choices=[(YES, "Yes, they may speak for me"), ("no", "No, they may not")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no"},
    )

    def layout(self) -> Layout:
        """Return the question and the button."""
        return Layout("answer", Buttons(Submit("Send the answer")))
