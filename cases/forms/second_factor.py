"""Codes for signing in, and proving again who one is."""

from django import forms

from cases.forms.accounts import password_field
from cases.forms.layout import Buttons, CancelLink, Layout, Question, StaffForm, Submit

LONGEST_CODE = 40


class CodeForm(StaffForm):
    """The code that an app shows, or a recovery code."""

    code = forms.CharField(
        label="Code",
        help_text="The six digits that your authenticator app shows now, or one of your "
        "recovery codes.",
        max_length=LONGEST_CODE,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
        error_messages={"required": "Enter the code"},
    )

    def layout(self) -> Layout:
        """Return the question and the way back to the password."""
        return Layout(Question("code", width=20), Buttons(Submit("Go on"), CancelLink("../")))


class SetUpForm(StaffForm):
    """The first code that a new app shows."""

    code = forms.CharField(
        label="Code that the app shows now",
        max_length=LONGEST_CODE,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": "Enter the code that the app shows"},
    )

    def layout(self) -> Layout:
        """Return the question and the way back."""
        return Layout(Question("code", width=10), Buttons(Submit("Go on"), CancelLink("../")))


class AgainForm(StaffForm):
    """The password once more, before something weighty."""

    # The page asked for goes along in the same form.
    has_form_tag = False

    password = password_field(
        "Your password",
        autocomplete="current-password",
        error_messages={"required": "Enter your password"},
    )

    def layout(self) -> Layout:
        """Return the question and its button."""
        return Layout("password", Buttons(Submit("Go on"), CancelLink("../")))
