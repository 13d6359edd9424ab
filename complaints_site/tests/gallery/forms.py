"""Forms that ask for something of every kind."""

from datetime import date
from typing import Any

from django import forms

from cases.forms.fields import DateAndTimeField, DateField, FilesField, MoneyField
from cases.forms.layout import (
    Buttons,
    CancelLink,
    Fieldset,
    FilterForm,
    HouseForm,
    Layout,
    Question,
    Row,
    StaffForm,
    Submit,
)

SUBJECTS = [
    ("repair", "A repair, damp or mould"),
    ("staff", "How staff or contractors treated me"),
    ("noise", "Noise, neighbours or anti-social behaviour"),
    ("other", "Something else"),
]
NEEDS = [
    ("large-print", "Large print"),
    ("easy-read", "Easy read"),
    ("interpreter", "An interpreter"),
    ("none", "None of these"),
]
STATUSES = [
    ("received", "Received"),
    ("acknowledged", "Acknowledged"),
    ("investigating", "Being looked into"),
    ("waiting", "Waiting for the customer"),
    ("responded", "Answered"),
]
STAGES = [("", "Any stage"), ("1", "Stage 1"), ("2", "Stage 2"), ("outside", "Ombudsman")]


class PublicForm(HouseForm):
    """The Let Us Know form, all of it on one page."""

    reveals = {
        "about": {"other": ["about_other"]},
        "contact_by": {"phone": ["telephone"], "email": ["email"]},
        "needs": {"interpreter": ["spoken_language"]},
    }

    about = forms.ChoiceField(
        label="What is your complaint about?",
        choices=SUBJECTS,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what your complaint is about"},
    )
    about_other = forms.CharField(label="Tell us what it is about", max_length=100)
    details = forms.CharField(
        label="What happened?",
        help_text="Tell us when it happened and who was involved. Do not include bank details.",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Tell us what happened"},
    )
    started_on = DateField(
        label="When did the problem start?",
        help_text="For example, 27 3 2026. If you are not sure, give your best guess.",
        called="the date the problem started",
    )
    name = forms.CharField(label="Full name", max_length=100)
    postcode = forms.CharField(label="Postcode", max_length=8)
    contact_by = forms.ChoiceField(
        label="How should we contact you?",
        choices=[("phone", "Phone call"), ("email", "Email"), ("letter", "Letter")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select how we should contact you"},
    )
    telephone = forms.CharField(label="Telephone number", max_length=20)
    email = forms.EmailField(label="Email address")
    needs = forms.MultipleChoiceField(
        label="Do you need us to do anything differently?",
        help_text="Select all that apply.",
        choices=NEEDS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    spoken_language = forms.CharField(label="Which language?", max_length=40)
    files = FilesField(
        label="Photos or documents",
        help_text="Up to 10 files of 10 MB each. You can also send them later.",
        required=False,
    )
    confirmed = forms.BooleanField(
        label="This is right as far as I know",
        error_messages={"required": "Confirm that this is right as far as you know"},
    )

    def layout(self) -> Layout:
        """Return the questions in the order in which people tell their story."""
        return Layout(
            Question("about", divider_before="other"),
            Question("details", rows=6, count=True),
            "started_on",
            "name",
            Question("postcode", width=10),
            Question("contact_by", reveals={"phone": [Question("telephone", width=20)]}),
            Question("needs", divider_before="none", exclusive="none"),
            "files",
            "confirmed",
            Submit("Send your complaint"),
        )


class LogForm(StaffForm):
    """Logging a complaint for somebody: one page, keyboard first."""

    reveals = {"acts_for": {"yes": ["representative"]}}
    form_attrs = {"data-guard-unsaved": ""}

    received = DateAndTimeField(label="Received", called="when it was received")
    channel = forms.ChoiceField(
        label="By",
        choices=[("phone", "Phone"), ("letter", "Letter"), ("email", "Email"), ("visit", "Visit")],
        widget=forms.RadioSelect,
    )
    first_name = forms.CharField(label="First name", max_length=60)
    last_name = forms.CharField(label="Last name", max_length=60)
    area = forms.ChoiceField(
        label="Area", choices=[("", "Select an area"), ("n", "North"), ("s", "South")]
    )
    acts_for = forms.ChoiceField(
        label="Does somebody speak for them?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
    )
    representative = forms.CharField(label="Name of the representative", max_length=100)
    words = forms.CharField(label="In their words", widget=forms.Textarea)
    offer = MoneyField(
        label="Compensation offered", help_text="Leave empty if none was offered.", required=False
    )
    homes = forms.IntegerField(label="Homes affected", min_value=1, required=False)
    decided_on = DateField(label="Decision made on", called="the date of the decision")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decided_on"].latest = today

    def layout(self) -> Layout:
        """Return what is known first, then what was said, then what was decided."""
        return Layout(
            "received",
            Question("channel", is_inline=True),
            Fieldset("Customer", Row("first_name", "last_name"), Question("area", width=20)),
            Question("acts_for", hints={"yes": "They have the customer’s authority."}),
            Question("words", rows=6, attrs={"data-keep-draft": "log"}),
            Row(Question("offer", prefix="£", width=10), Question("homes", width=3)),
            "decided_on",
            Buttons(
                Submit("Save and acknowledge"),
                Submit("Save only", kind="secondary", name="later", value="yes"),
                Submit("Withdraw", kind="warning", name="withdraw", value="yes"),
                CancelLink("#"),
            ),
        )


class QuestionForm(HouseForm):
    """One question on a page of its own."""

    submit_text = "Continue"

    what_happened = forms.CharField(
        label="What happened?",
        help_text="You can use your own words. Do not include bank details.",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Tell us what happened"},
    )

    def layout(self) -> Layout:
        """Return the question as the page's heading."""
        return Layout(
            Question(
                "what_happened", is_heading=True, caption="About your home", rows=8, count=True
            ),
            Submit(self.submit_text),
        )


class WishForm(HouseForm):
    """One choice on a page of its own."""

    submit_text = "Continue"

    wish = forms.ChoiceField(
        label="What would put it right?",
        choices=[("apology", "An apology"), ("repair", "A repair"), ("other", "I am not sure")],
        widget=forms.RadioSelect,
    )

    def layout(self) -> Layout:
        """Return the question as the page's heading."""
        return Layout(Question("wish", is_heading=True), Submit(self.submit_text))


class QueueFilter(FilterForm):
    """What narrows the queue."""

    q = forms.CharField(label="Name or reference")
    status = forms.MultipleChoiceField(
        label="Status", choices=STATUSES, widget=forms.CheckboxSelectMultiple
    )
    stage = forms.ChoiceField(label="Stage", choices=STAGES)
    due_by = DateField(label="Due by", called="the date")
    has_needs = forms.BooleanField(label="Has needs")
