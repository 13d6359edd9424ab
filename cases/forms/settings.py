"""Service areas, categories, the landlord, and outside bodies."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django import forms

from cases.forms.acts.common import radios
from cases.forms.asking import limit, offer
from cases.forms.fields import DateField, MoneyField
from cases.forms.layout import (
    Buttons,
    CancelLink,
    Fieldset,
    Layout,
    Question,
    Row,
    StaffForm,
    Submit,
)
from cases.models import ServiceArea
from cases.rules.awards import USUAL_LIMITS
from cases.rules.colours import read_colour, why_refused
from cases.rules.letter_approvals import APPROVABLE_LETTERS
from cases.rules.letter_sentences import LONGEST_SENTENCES
from cases.rules.letter_templates import LONGEST_TEMPLATE
from cases.rules.origins import MOST_ORIGINS, read_origins
from cases.selectors.areas import area_choices, area_tree

HOURS = [(hour, f"{hour:02}:00") for hour in range(25)]


def seen_field() -> forms.IntegerField:
    """Return the hidden field that says which change was the last when the page was drawn."""
    return forms.IntegerField(widget=forms.HiddenInput, required=False)


class WebsiteField(forms.URLField):
    """The address of a website, on the web and nowhere else; https where nothing is said."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid": "Enter the address of a website, such as https://www.example.org"}
        super().__init__(
            max_length=200,
            assume_scheme="https",
            error_messages=messages,
            widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        """Refuse what a browser would not open as a page."""
        url = super().clean(value)
        if url and urlsplit(url).scheme not in ("http", "https"):
            raise forms.ValidationError(self.error_messages["invalid"])
        return url


class AreaForm(StaffForm):
    """A service area and what it is part of."""

    seen = seen_field()
    name = forms.CharField(label="Name", max_length=120)
    parent = forms.ChoiceField(label="Part of", required=False)

    def __init__(self, *args: Any, area: ServiceArea | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tree = [
            each
            for each in area_tree()
            if not (each.is_retired or (area and each.path.startswith(area.path)))
        ]
        self.areas = {each.code: each for each in tree}
        offer(self, "parent", [("", "Nothing: it is at the top"), *area_choices(tree)])

    def layout(self) -> Layout:
        """Return the name and the place."""
        return Layout("name", "parent", Buttons(Submit("Save"), CancelLink("../")))

    @property
    def parent_id(self) -> int | None:
        """Return the key of the area above, if there is to be one."""
        code = self.cleaned_data["parent"]
        return self.areas[code].pk if code else None


class CategoryForm(StaffForm):
    """What a category is called."""

    seen = seen_field()
    name = forms.CharField(
        label="Name", help_text="Staff and customers choose from these.", max_length=120
    )

    def layout(self) -> Layout:
        """Return the name."""
        return Layout("name", Buttons(Submit("Save"), CancelLink("../")))


class ContractorForm(CategoryForm):
    """What a contractor is called."""

    name = forms.CharField(
        label="Name",
        help_text="As colleagues know them. Customers are not shown it.",
        max_length=120,
    )


A_CONTACT = "A telephone number, the address of a web page, or a sentence with both"


class LandlordForm(StaffForm):
    """What stands on every page and letter, and when people are alerted."""

    seen = seen_field()
    name = forms.CharField(label="Name", max_length=120)
    telephone = forms.CharField(label="Telephone", max_length=40, required=False)
    emergency_telephone = forms.CharField(
        label="Telephone in an emergency",
        help_text="Shown to customers who report danger.",
        max_length=40,
        required=False,
    )
    repairs_telephone = forms.CharField(
        label="Telephone for repairs",
        help_text="Without one customers are given your own telephone.",
        max_length=40,
        required=False,
    )
    neighbours_contact = forms.CharField(
        label="To report nuisance or anti-social behaviour",
        help_text=A_CONTACT,
        max_length=200,
        required=False,
    )
    council_contact = forms.CharField(
        label="The council", help_text=A_CONTACT, max_length=200, required=False
    )
    register_contact = forms.CharField(
        label="Whoever decides bands on the housing register",
        help_text=A_CONTACT,
        max_length=200,
        required=False,
    )
    email = forms.EmailField(label="E-mail address", max_length=254, required=False)
    website = WebsiteField(label="Website", required=False)
    address = forms.CharField(
        label="Address", max_length=400, widget=forms.Textarea, required=False
    )
    opening_hours = forms.CharField(
        label="Opening hours",
        help_text="For example: Monday to Friday, 8.30am to 5pm",
        max_length=200,
        required=False,
    )
    more_telephones = forms.CharField(
        label="Other telephone numbers",
        help_text="One on each line, with what it is for: “Repairs: 0800 555 0101”",
        max_length=1_000,
        widget=forms.Textarea,
        required=False,
    )
    offices = forms.CharField(
        label="Offices that customers can visit",
        help_text="One on each line, with its address and when it is open",
        max_length=2_000,
        widget=forms.Textarea,
        required=False,
    )
    jargon = forms.CharField(
        label="Words that letters avoid",
        help_text="One on each line, with what to say instead: “commence: begin”. Whoever writes "
        "one is advised of it in the preview.",
        max_length=4_000,
        widget=forms.Textarea,
        required=False,
    )
    alerts_from_hour = forms.TypedChoiceField(label="From", choices=HOURS[:24], coerce=int)
    alerts_until_hour = forms.TypedChoiceField(label="Until", choices=HOURS[1:], coerce=int)

    def layout(self) -> Layout:
        """Return how the landlord is reached, then when its people are."""
        return Layout(
            "name",
            Row("telephone", "emergency_telephone"),
            Row("email", "website"),
            Question("address", rows=4),
            "opening_hours",
            Question("more_telephones", rows=3),
            Question("offices", rows=4),
            Fieldset(
                "Where customers are led who need something else than a complaint",
                "repairs_telephone",
                "neighbours_contact",
                "council_contact",
                "register_contact",
            ),
            Question("jargon", rows=6),
            Fieldset(
                "Alerts to staff on working days, London time",
                Row("alerts_from_hour", "alerts_until_hour"),
            ),
            Buttons(Submit("Save"), CancelLink("../")),
        )

    def clean(self) -> dict[str, Any]:
        """Refuse hours that end before they begin."""
        answers = super().clean()
        first, last = answers.get("alerts_from_hour"), answers.get("alerts_until_hour")
        if first is not None and last is not None and first >= last:
            self.add_error("alerts_until_hour", "Alerts must end later than they begin")
        return answers


class TemplateForm(StaffForm):
    """The words of a letter."""

    seen = seen_field()
    text = forms.CharField(
        label="Words of the letter",
        help_text="An empty line begins a new paragraph. What stands in braces is filled in when a "
        "letter is made.",
        max_length=LONGEST_TEMPLATE,
        widget=forms.Textarea,
    )

    def __init__(self, *args: Any, draft: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft

    def layout(self) -> Layout:
        """Return the text, and the buttons."""
        return Layout(
            Question("text", rows=24, attrs={"data-keep-draft": self.draft}),
            Buttons(
                Submit("Save"),
                Submit("Preview", kind="secondary", name="preview", value="yes"),
                CancelLink("../"),
            ),
        )


class TranslationForm(StaffForm):
    """The words of a letter in another language, or the sentences that all letters add in it.

    `marks` say which language the text is in, and how it runs; `back` where Cancel leads.
    """

    seen = seen_field()
    text = forms.CharField(
        max_length=LONGEST_SENTENCES, required=False, strip=True, widget=forms.Textarea
    )
    is_machine_made = forms.BooleanField(
        label="A machine translated this, and it is not yet proof-read",
        help_text="Letters say so above the text, in both languages, until you take the tick away.",
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        called: str,
        hint: str,
        marks: dict[str, str],
        back: str,
        has_preview: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.field("text").label, self.field("text").help_text = called, hint
        self.marks, self.back, self.has_preview = marks, back, has_preview

    def layout(self) -> Layout:
        """Return the text, whether somebody has read it, and the buttons."""
        preview = Submit("Preview", kind="secondary", name="preview", value="yes")
        return Layout(
            Question("text", rows=24, attrs=self.marks),
            "is_machine_made",
            Buttons(
                Submit("Save"), *([preview] if self.has_preview else []), CancelLink(self.back)
            ),
        )


class LogoForm(StaffForm):
    """A picture to show in place of the landlord's name."""

    logo = forms.FileField(
        label="Picture",
        help_text="PNG or JPEG, 200 KB at most. It is shown about 40 dots high, on white.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        error_messages={"required": "Choose a picture", "empty": "The file is empty"},
    )

    def layout(self) -> Layout:
        """Return the file."""
        return Layout("logo", Buttons(Submit("Save the logo"), CancelLink("../")))


class BodyDetailsForm(StaffForm):
    """How an outside body is reached from a day on."""

    seen = seen_field()
    from_on = DateField(
        label="Right from",
        help_text="Letters of that day and later carry these details.",
        called="the first day on which they are right",
    )
    name = forms.CharField(label="Name", max_length=120)
    telephone = forms.CharField(label="Telephone", max_length=40, required=False)
    website = WebsiteField(label="Website", required=False)
    address = forms.CharField(
        label="Address", max_length=400, widget=forms.Textarea, required=False
    )
    words = forms.CharField(
        label="Anything else a customer needs to know",
        max_length=600,
        widget=forms.Textarea,
        required=False,
    )

    def __init__(self, *args: Any, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit(self, "from_on", earliest=date(2000, 1, 1))
        self.code = code or "new"

    def layout(self) -> Layout:
        """Return the day and the details."""
        draft = {"data-keep-draft": f"outside-body-{self.code}"}
        return Layout(
            "from_on",
            "name",
            Row("telephone", "website"),
            Question("address", rows=4),
            Question("words", rows=3, count=True, attrs=draft),
            Buttons(Submit("Save"), CancelLink("../")),
        )


def lines_field(label: str, help_text: str) -> forms.CharField:
    """Return a field of a few lines that may stay empty."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea,
        max_length=2_000,
        required=False,
    )


class StandardsForm(StaffForm):
    """What customers are told to expect, a line each."""

    seen = seen_field()
    care_standards = forms.CharField(
        label="Standards of customer care",
        help_text="One on each line. With none here, the website shows those of your procedure.",
        widget=forms.Textarea,
        max_length=4_000,
        required=False,
    )
    care_targets = forms.CharField(
        label="Targets of customer care",
        help_text="What can be measured, one on each line: “Telephones are answered within 3 "
        "rings.”",
        widget=forms.Textarea,
        max_length=4_000,
        required=False,
    )

    def layout(self) -> Layout:
        """Return the standards, then the targets."""
        return Layout(
            Question("care_standards", rows=8),
            Question("care_targets", rows=8),
            Buttons(Submit("Save"), CancelLink("../")),
        )


class NoticesForm(StaffForm):
    """What the pages about privacy and accessibility say of the landlord's own."""

    seen = seen_field()
    privacy_contact = lines_field(
        "How to reach your data protection officer", "Name or post, telephone, e-mail, address."
    )
    privacy_basis = lines_field(
        "Why the law allows you to use what people tell you",
        "For example the duties under which you deal with complaints; ask your data protection "
        "officer.",
    )
    kept_for = lines_field(
        "How long you keep complaints",
        "For example: six years after a complaint is closed, then it is deleted.",
    )
    privacy_notice = WebsiteField(label="Where your whole privacy notice stands", required=False)
    accessibility_contact = lines_field(
        "Whom to tell what does not work on this website", "And within how many days they answer."
    )
    accessibility_limits = lines_field(
        "What does not work well here, besides what the page says already",
        "One on each line, for example of files that you add.",
    )
    accessibility_looked_at_on = DateField(
        label="Day on which you last looked at the statement",
        called="the day you last looked at the statement",
        required=False,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field("accessibility_looked_at_on").latest = today

    def layout(self) -> Layout:
        """Return privacy, then accessibility."""
        return Layout(
            Fieldset(
                "Privacy",
                Question("privacy_contact", rows=3),
                Question("privacy_basis", rows=3),
                Question("kept_for", rows=2),
                "privacy_notice",
            ),
            Fieldset(
                "Accessibility",
                Question("accessibility_contact", rows=3),
                Question("accessibility_limits", rows=3),
                "accessibility_looked_at_on",
            ),
            Buttons(Submit("Save"), CancelLink("../")),
        )


class FollowingForm(StaffForm):
    """Whether customers can follow their complaints on the web, and what the public is told."""

    seen = seen_field()
    state = radios(
        "Following a complaint on the web",
        [("open", "Open to everybody who has a link or a code"), ("closed", "Closed to everybody")],
    )
    notice = forms.CharField(
        label="What the public is told while it is closed",
        help_text="For example: “We are looking into a mistake on these pages, and expect to open "
        "them on Friday.” Below it stands that complaints go on, and how to reach you.",
        widget=forms.Textarea,
        max_length=600,
        required=False,
    )

    def layout(self) -> Layout:
        """Return the switch, then the words."""
        return Layout(
            "state",
            Question("notice", rows=3),
            Buttons(Submit("Save"), CancelLink("../")),
        )


class ColourField(forms.CharField):
    """A colour that can be read on white, and white on it."""

    def clean(self, value: Any) -> str:
        """Refuse what is no colour, or too pale."""
        text = super().clean(value)
        if not text:
            return ""
        colour = read_colour(text)
        if not colour:
            raise forms.ValidationError("Enter a colour as six digits from 0 to f, such as #0f4c5c")
        if reason := why_refused(colour):
            raise forms.ValidationError(reason)
        return colour


class LookForm(StaffForm):
    """The landlord's colours, and the websites that may show the small form in a frame."""

    seen = seen_field()
    brand_colour = ColourField(
        label="Colour of the header and of links",
        help_text="As six digits, such as #0f4c5c. White words stand on it.",
        max_length=7,
        required=False,
    )
    action_colour = ColourField(
        label="Colour of buttons",
        help_text="With none the colour of the header.",
        max_length=7,
        required=False,
    )
    frame_origins = forms.CharField(
        label="Websites that may show the form in a frame",
        help_text="One on each line, such as https://www.example.org",
        max_length=2_000,
        widget=forms.Textarea,
        required=False,
    )

    def layout(self) -> Layout:
        """Return the colours, then the websites."""
        return Layout(
            Question("brand_colour", width=10),
            Question("action_colour", width=10),
            Question("frame_origins", rows=4),
            Buttons(Submit("Save"), CancelLink("../")),
        )

    def clean_frame_origins(self) -> str:
        """Refuse a line that names no secure website, and more than there may be."""
        found, wrong = read_origins(self.cleaned_data["frame_origins"])
        if wrong:
            raise forms.ValidationError(
                f"“{wrong[0]}” is not the address of a secure website, such as "
                "https://www.example.org"
            )
        if len(found) > MOST_ORIGINS:
            raise forms.ValidationError(f"At most {MOST_ORIGINS} websites can show the form")
        return "\n".join(found)


class ApprovalsForm(StaffForm):
    """Which letters go only once a second person has approved them."""

    seen = seen_field()
    kinds = forms.MultipleChoiceField(
        label="Letters that a second person approves before they go",
        help_text="Whoever writes one asks for approval in place of sending it. An answer to a "
        "stage is approved by a line manager, a head of service or a director, every other letter "
        "by a complaints coordinator too; never by its author. No deadline waits for it.",
        required=False,
        choices=list(APPROVABLE_LETTERS.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    def layout(self) -> Layout:
        """Return the kinds."""
        return Layout("kinds", Buttons(Submit("Save"), CancelLink("../")))


class AwardsForm(StaffForm):
    """What each role may approve as compensation, and the guidance for amounts."""

    seen = seen_field()
    guidance = forms.CharField(
        label="Guidance",
        help_text="A line for each, such as “Missed appointment: £15 each”. Shown to whoever "
        "proposes compensation.",
        widget=forms.Textarea,
        max_length=4_000,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in USUAL_LIMITS:
            self.fields[role.value] = MoneyField(
                label=f"A {role.words} may approve up to", min_value=0
            )

    def layout(self) -> Layout:
        """Return the limits, then the guidance."""
        limits = [Question(role.value, prefix="£", width=10) for role in USUAL_LIMITS]
        return Layout(
            *limits,
            Question("guidance", rows=8),
            Buttons(Submit("Save"), CancelLink("../")),
        )
