"""The landlord's particulars and logo."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.forms.people import ConfirmForm
from cases.forms.settings import (
    ApprovalsForm,
    AwardsForm,
    FollowingForm,
    LandlordForm,
    LogoForm,
    LookForm,
    NoticesForm,
    StandardsForm,
)
from cases.models import Landlord, Thing
from cases.operations.alerts import address_of
from cases.operations.following import CLOSED, OPEN, change_following
from cases.operations.landlord import (
    LARGEST_LOGO,
    NOTICES,
    LandlordParticulars,
    Notices,
    approved_words,
    change_approvals,
    change_awards,
    change_landlord,
    change_notices,
    change_standards,
    remove_logo,
    set_logo,
)
from cases.operations.look import change_look
from cases.rules.awards import USUAL_LIMITS, limit_of
from cases.rules.bank_holidays import Nation
from cases.rules.colours import theme
from cases.selectors.running import landlord, logo
from cases.selectors.settings_history import changes_of
from cases.templatetags.parts import SummaryRow
from cases.views.access import user_of
from cases.views.change_page import ChangePage, SettingsPage

# The page that a frame on the landlord's website shows.
SMALL_FORM = "/let-us-know/small/"
KEPT_SECONDS = 365 * 24 * 60 * 60


class LandlordPage(SettingsPage):
    """What stands on every page and letter."""

    section = "cases:landlord"
    template_name = "cases/settings/landlord.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the particulars."""
        row = get_object_or_404(Landlord.objects.defer("logo"))
        change = reverse("cases:landlord-change") if self.may_change else ""
        awards = reverse("cases:landlord-awards") if self.may_change else ""
        standards = reverse("cases:landlord-standards") if self.may_change else ""
        look = reverse("cases:landlord-look") if self.may_change else ""
        approvals = reverse("cases:landlord-approvals") if self.may_change else ""
        notices = reverse("cases:landlord-notices") if self.may_change else ""
        following = reverse("cases:landlord-following") if self.may_change else ""
        hours = f"{row.alerts_from_hour:02}:00 to {row.alerts_until_hour:02}:00 on working days"
        rows = [
            SummaryRow("Name", row.name, change),
            SummaryRow("Telephone", row.telephone, change),
            SummaryRow("Telephone in an emergency", row.emergency_telephone, change),
            SummaryRow("Telephone for repairs", row.repairs_telephone, change),
            SummaryRow("For nuisance and anti-social behaviour", row.neighbours_contact, change),
            SummaryRow("The council", row.council_contact, change),
            SummaryRow("For the housing register", row.register_contact, change),
            SummaryRow("E-mail address", row.email, change),
            SummaryRow("Website", row.website, change),
            SummaryRow("Address", row.address, change),
            SummaryRow("Opening hours", row.opening_hours, change),
            SummaryRow("Other telephone numbers", row.more_telephones, change),
            SummaryRow("Offices", row.offices, change),
            SummaryRow("Colour of the header", row.brand_colour, look),
            SummaryRow("Colour of buttons", row.action_colour, look),
            SummaryRow("Websites that may show the form", row.frame_origins, look),
            SummaryRow("Words that letters avoid", row.jargon, change),
            SummaryRow("Alerts to staff", hours, change),
            SummaryRow("Compensation up to", _limits(row), awards),
            SummaryRow("Guidance on compensation", row.award_guidance, awards),
            SummaryRow("Standards of customer care", row.care_standards, standards),
            SummaryRow("Targets of customer care", row.care_targets, standards),
            SummaryRow(
                "Letters that a second person approves",
                approved_words(row.approved_letters) or "None",
                approvals,
            ),
            *(SummaryRow(label, _shown(row, name), notices) for name, label in NOTICES.items()),
            SummaryRow("Following a complaint on the web", _following(row), following),
            SummaryRow("Nation", Nation(row.nation).words),
        ]
        return super().get_context_data(
            **kwargs,
            shown=row,
            rows=rows,
            small_form=address_of(SMALL_FORM),
            changes=changes_of(Thing.LANDLORD),
        )


def _limits(row: Landlord) -> str:
    """Return what each role may approve, a line each."""
    return "\n".join(
        f"{role.words.capitalize()}: £{limit_of([role], row.award_limits):.2f}"
        for role in USUAL_LIMITS
    )


def _shown(row: Landlord, name: str) -> str:
    value = getattr(row, name)
    return f"{value:%-d %B %Y}" if isinstance(value, date) else value


def _following(row: Landlord) -> str:
    """Return whether customers can follow their complaints on the web, and what they are told."""
    lines = [OPEN if row.following_closed_at is None else CLOSED, row.following_notice]
    return "\n".join(line for line in lines if line)


class ChangeLandlord(ChangePage):
    """Change the particulars."""

    section = "cases:landlord"
    form_class = LandlordForm
    title = "Particulars"
    thing = Thing.LANDLORD

    def get_initial(self) -> dict[str, Any]:
        """Return them as they are."""
        row = get_object_or_404(Landlord.objects.defer("logo"))
        names = LandlordParticulars.__dataclass_fields__
        return super().get_initial() | {name: getattr(row, name) for name in names}

    def carry_out(self, form: Any) -> str:
        """Change them."""
        answers = dict(form.cleaned_data)
        seen = answers.pop("seen")
        change_landlord(
            LandlordParticulars(**answers), by=user_of(self.request), now=self.now, seen=seen
        )
        return "The particulars are saved. Pages and new letters carry them from now on."


class ChangeAwards(ChangePage):
    """Change what each role may approve as compensation, and the guidance."""

    section = "cases:landlord"
    form_class = AwardsForm
    title = "Compensation"
    thing = Thing.LANDLORD

    def get_initial(self) -> dict[str, Any]:
        """Return them as they are."""
        row = get_object_or_404(Landlord.objects.only("award_limits", "award_guidance"))
        limits = {role.value: limit_of([role], row.award_limits) for role in USUAL_LIMITS}
        return super().get_initial() | limits | {"guidance": row.award_guidance}

    def carry_out(self, form: Any) -> str:
        """Change them."""
        given = form.cleaned_data
        change_awards(
            {role: given[role.value] for role in USUAL_LIMITS},
            given["guidance"],
            by=user_of(self.request),
            now=self.now,
            seen=given["seen"],
        )
        return "The limits and the guidance are saved."


class ChangeLook(ChangePage):
    """Change the colours, and where the small form may be framed."""

    section = "cases:landlord"
    form_class = LookForm
    title = "Look"
    thing = Thing.LANDLORD

    def get_initial(self) -> dict[str, Any]:
        """Return it as it is."""
        names = ("brand_colour", "action_colour", "frame_origins")
        row = get_object_or_404(Landlord.objects.only(*names))
        return super().get_initial() | {name: getattr(row, name) for name in names}

    def carry_out(self, form: Any) -> str:
        """Change it."""
        given = form.cleaned_data
        change_look(
            brand=given["brand_colour"],
            action=given["action_colour"],
            origins=given["frame_origins"],
            by=user_of(self.request),
            now=self.now,
            seen=given["seen"],
        )
        return "The look is saved. Every page has it from now on."


class ChangeStandards(ChangePage):
    """Change what customers are told to expect."""

    section = "cases:landlord"
    form_class = StandardsForm
    title = "Customer care"
    thing = Thing.LANDLORD

    def get_initial(self) -> dict[str, Any]:
        """Return it as it is."""
        row = get_object_or_404(Landlord.objects.only("care_standards", "care_targets"))
        given = {"care_standards": row.care_standards, "care_targets": row.care_targets}
        return super().get_initial() | given

    def carry_out(self, form: Any) -> str:
        """Change it."""
        given = form.cleaned_data
        change_standards(
            given["care_standards"],
            given["care_targets"],
            by=user_of(self.request),
            now=self.now,
            seen=given["seen"],
        )
        return "The website tells customers so from now on."


class ChangeApprovals(ChangePage):
    """Choose the letters that a second person approves before they go."""

    section = "cases:landlord"
    form_class = ApprovalsForm
    title = "Approval of letters"
    thing = Thing.LANDLORD

    def get_initial(self) -> dict[str, Any]:
        """Return them as they are."""
        row = get_object_or_404(Landlord.objects.only("approved_letters"))
        return super().get_initial() | {"kinds": row.approved_letters}

    def carry_out(self, form: Any) -> str:
        """Change them."""
        given = form.cleaned_data
        change_approvals(given["kinds"], by=user_of(self.request), now=self.now, seen=given["seen"])
        return "It is saved, and counts for every letter that is not sent yet."


class ChangeNotices(ChangePage):
    """Change what the pages about privacy and accessibility say."""

    section = "cases:landlord"
    form_class = NoticesForm
    title = "Privacy and accessibility"
    intro = "It stands on the public pages about privacy and accessibility, in your words."
    thing = Thing.LANDLORD

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the day."""
        return {**super().get_form_kwargs(), "today": self.today}

    def get_initial(self) -> dict[str, Any]:
        """Return it as it is."""
        row = get_object_or_404(Landlord.objects.only(*NOTICES))
        return super().get_initial() | {name: getattr(row, name) for name in NOTICES}

    def carry_out(self, form: Any) -> str:
        """Change it."""
        notices = Notices(**{name: form.cleaned_data[name] for name in NOTICES})
        change_notices(
            notices, by=user_of(self.request), now=self.now, seen=form.cleaned_data["seen"]
        )
        return "It is saved, and stands on the public pages."


class ChangeFollowing(ChangePage):
    """Close the pages on which customers follow their complaints to everybody, or open them."""

    section = "cases:landlord"
    form_class = FollowingForm
    title = "Following a complaint on the web"
    intro = (
        "Close it when customers may see what is not theirs. Whoever is looking is signed out at "
        "once, no link and no code opens anything, and e-mails that would lead there do not go. "
        "One complaint alone is closed on its own page, under People."
    )
    thing = Thing.LANDLORD

    def get_initial(self) -> dict[str, Any]:
        """Return how it is."""
        row = get_object_or_404(Landlord.objects.defer("logo"))
        state = "open" if row.following_closed_at is None else "closed"
        return super().get_initial() | {"state": state, "notice": row.following_notice}

    def carry_out(self, form: Any) -> str:
        """Close or open them."""
        is_closed = form.cleaned_data["state"] == "closed"
        change_following(
            is_closed=is_closed,
            notice=form.cleaned_data["notice"],
            by=user_of(self.request),
            now=self.now,
            seen=form.cleaned_data["seen"],
        )
        if is_closed:
            return "Nobody can follow a complaint on the web now. Complaints go on."
        return "Customers can follow their complaints on the web."


class ChangeLogo(ChangePage):
    """Choose a logo."""

    section = "cases:landlord"
    form_class = LogoForm
    title = "Logo"

    def carry_out(self, form: Any) -> str:
        """Keep what is picture of the file."""
        upload = form.cleaned_data["logo"]
        # One byte more shows that it is too large without reading all of it.
        set_logo(upload.read(LARGEST_LOGO + 1), by=user_of(self.request), now=self.now)
        return "The logo is saved and stands on every page."


class RemoveLogo(ChangePage):
    """Show the name in place of the logo."""

    section = "cases:landlord"
    title = "Remove the logo"
    intro = "Pages will show the landlord’s name in its place."

    def get_form(self, form_class: Any = None) -> ConfirmForm:
        """Return the button."""
        return ConfirmForm(
            **self.get_form_kwargs(), button="Remove the logo", back=reverse("cases:landlord")
        )

    def carry_out(self, form: Any) -> str:
        """Remove it."""
        remove_logo(by=user_of(self.request), now=self.now)
        return "The logo is removed."


@login_not_required
@require_safe
def landlord_logo(request: HttpRequest) -> HttpResponse:
    """Answer with the picture. Its address has its mark in it, so browsers may keep it.

    :raises Http404: if there is none.
    """
    found = logo()
    if found is None:
        raise Http404
    response = HttpResponse(found.content, content_type=found.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    is_current = request.GET.get("v") == found.mark
    lasting = f"public, max-age={KEPT_SECONDS}, immutable"
    response["Cache-Control"] = lasting if is_current else "public, max-age=300"
    return response


@login_not_required
@require_safe
def landlord_theme(request: HttpRequest) -> HttpResponse:
    """Answer with the landlord's colours as a style sheet, kept long under its own address.

    :raises Http404: if the landlord has none of its own.
    """
    row = landlord()
    if row is None or not row.theme_url:
        raise Http404
    content = theme(row.brand_colour, row.action_colour)
    response = HttpResponse(content, content_type="text/css; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    is_current = row.theme_url.endswith(f"?v={request.GET.get('v')}")
    lasting = f"public, max-age={KEPT_SECONDS}, immutable"
    response["Cache-Control"] = lasting if is_current else "public, max-age=300"
    return response
