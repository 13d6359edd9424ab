"""The customer's answer whether somebody may speak for them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.layout import Buttons, HouseForm, Layout, Submit
from feedback.forms.step import FORM_ID

YES = "yes"


class ConsentForm(HouseForm):
    """Yes or no; nothing is chosen beforehand."""

    form_attrs = {"id": FORM_ID}

    answer = forms.ChoiceField(
        label=_("May they speak for you?"),
        choices=[(YES, _("Yes, they may speak for me")), ("no", _("No, they may not"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no")},
    )

    def layout(self) -> Layout:
        """Return the question and the button."""
        return Layout("answer", Buttons(Submit(_("Send the answer"))))
