"""The code by which somebody finds again what they put away."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.layout import HouseForm, Layout, Question, Submit
from feedback.forms.step import FORM_ID


class ComeBackForm(HouseForm):
    """One question."""

    form_attrs = {"id": FORM_ID}

    code = forms.CharField(
        label=_("Your code"),
        help_text=_(
            "We gave it to you when you saved the form. It has twelve letters and figures."
        ),
        max_length=60,
        error_messages={"required": _("Enter the code")},
    )

    def layout(self) -> Layout:
        """Return the question and the button."""
        code = Question("code", width=20, attrs={"autocomplete": "off"})
        return Layout(code, Submit(str(_("Go on with it"))))
