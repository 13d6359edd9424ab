"""Signing in, passwords, and what people may change about themselves."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import password_validation

from cases.forms.asking import limit, offer_rows
from cases.forms.fields import DateField
from cases.forms.layout import Buttons, CancelLink, Layout, Question, Row, StaffForm, Submit
from cases.models import User

LONGEST_PASSWORD = 200


def password_field(label: str, *, autocomplete: str, **kwargs: Any) -> forms.CharField:
    """Return a field whose letters are not shown and whose spaces count."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        **kwargs,
    )


class SignInForm(StaffForm):
    """Who somebody is, and their password."""

    submit_text = "Sign in"
    # The page asked for goes along in the same form.
    has_form_tag = False

    email = forms.CharField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages={"required": "Enter your e-mail address"},
    )
    password = password_field(
        "Password",
        autocomplete="current-password",
        error_messages={"required": "Enter your password"},
    )


class ForgottenPasswordForm(StaffForm):
    """Whose password is to be chosen anew."""

    email = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages={"required": "Enter your e-mail address"},
    )

    def layout(self) -> Layout:
        """Return the question and the way back to signing in."""
        return Layout("email", Buttons(Submit("Send me a link"), CancelLink("../", "Back")))


class NewPasswordForm(StaffForm):
    """A new password, typed twice because nobody sees it."""

    submit_text = "Save the password"

    new_password = password_field(
        "New password",
        autocomplete="new-password",
        help_text="At least 12 characters. Three words that do not belong together are good.",
        error_messages={"required": "Enter a new password"},
    )
    again = password_field(
        "New password again",
        autocomplete="new-password",
        error_messages={"required": "Enter the new password again"},
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Refuse a password that is easily guessed, or typed in two ways."""
        super().clean()
        password = self.cleaned_data.get("new_password")
        again = self.cleaned_data.get("again")
        if password and again and password != again:
            self.add_error("again", "The two passwords are not the same")
        elif password:
            try:
                password_validation.validate_password(password, self.user)
            except forms.ValidationError as weak:
                self.add_error("new_password", weak)
        return self.cleaned_data


class ChangePasswordForm(NewPasswordForm):
    """The old password, and a new one."""

    old_password = password_field(
        "Your password now",
        autocomplete="current-password",
        error_messages={"required": "Enter your password"},
    )
    field_order = ["old_password", "new_password", "again"]

    def clean_old_password(self) -> str:
        """Refuse whoever does not know the old one."""
        given: str = self.cleaned_data["old_password"]
        if not self.user.check_password(given):
            raise forms.ValidationError("That is not your password")
        return given


class OwnParticularsForm(StaffForm):
    """What people may change about themselves."""

    name = forms.CharField(
        label="Name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    job_title = forms.CharField(
        label="Job title", help_text="It stands under your letters.", max_length=120, required=False
    )
    phone = forms.CharField(
        label="Telephone",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def layout(self) -> Layout:
        """Return what stands on letters, in their order."""
        return Layout(
            "name",
            "job_title",
            Question("phone", width=20),
            Buttons(Submit("Save"), CancelLink("../")),
        )


class ColleagueField(forms.ModelChoiceField):
    """A colleague, with the job title beside the name."""

    def label_from_instance(self, obj: User) -> str:
        """Return the name and the job title."""
        return f"{obj.name}, {obj.job_title}" if obj.job_title else obj.name


class AbsenceForm(StaffForm):
    """From when to when somebody is away, and who stands in."""

    first_day = DateField(label="First day away", called="the first day away")
    last_day = DateField(label="Last day away", called="the last day away")
    deputy = ColleagueField(
        label="Who stands in",
        help_text="They see the work and get the alerts, and are told by e-mail. What is closed to "
        "them stays closed. For somebody who deals with complaints it is somebody who does so too.",
        queryset=User.objects.none(),
        empty_label="Choose a colleague",
        error_messages={"required": "Choose who stands in"},
    )

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit(self, "last_day", earliest=today)
        others = User.objects.filter(is_active=True).exclude(pk=user.pk)
        offer_rows(self, "deputy", others.order_by("name", "pk"))

    def layout(self) -> Layout:
        """Return both days side by side, and the colleague."""
        return Layout(
            Row("first_day", "last_day"),
            Question("deputy"),
            Buttons(Submit("Save the absence"), CancelLink("../")),
        )
