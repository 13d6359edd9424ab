"""Pages of the settings: to look at, and to change one thing by one operation."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic.base import TemplateView
from django.views.generic.edit import FormView

from cases.errors import (
    ActionNotAllowed,
    ComplaintError,
    ProcedureInvalid,
    SettingChanged,
    TemplateWrong,
)
from cases.models import Thing
from cases.rules.pages import CHANGERS, READERS, Page
from cases.selectors.settings_history import changes_of, last_change
from cases.templatetags.parts import Link, Tab
from cases.views.access import StaffPage, user_of

# The sections of the settings: whose they are, their words, their address.
SECTIONS = (
    (Page.SETTINGS, "Overview", "cases:settings"),
    (Page.PEOPLE, "People", "cases:people"),
    (Page.ROLE_APPROVALS, "Role approvals", "cases:role-approvals"),
    (Page.AUDITORS_VIEWS, "What auditors opened", "cases:auditors-views"),
    (Page.LOOKS, "Who opened what", "cases:looks"),
    (Page.PEOPLE, "Service areas", "cases:areas"),
    (Page.API_KEYS, "Keys of programs", "cases:api-keys"),
    (Page.API_KEYS, "Webhooks", "cases:webhooks"),
    (Page.SETTINGS, "Categories", "cases:categories"),
    (Page.SETTINGS, "Contractors", "cases:contractors"),
    (Page.SETTINGS, "Landlord", "cases:landlord"),
    (Page.SETTINGS, "Words in other languages", "cases:words"),
    (Page.SETTINGS, "Working days", "cases:calendar"),
    (Page.SETTINGS, "Procedures", "cases:procedures"),
    (Page.SETTINGS, "Letters", "cases:letter-templates"),
    (Page.SETTINGS, "Outside bodies", "cases:outside-bodies"),
    (Page.SETTINGS, "What was changed", "cases:settings-history"),
)
NAMES = {name: words for _, words, name in SECTIONS}


def day_in(text: str) -> date:
    """Return the day that a button sent.

    :raises ActionNotAllowed: if it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ActionNotAllowed("That is no day. Load the page again and try once more.") from None


class SettingsPage(StaffPage, TemplateView):
    """A page of the settings to look at. `section` is the name of its section's address."""

    page = Page.SETTINGS
    section: str
    title = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the clock once."""
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)

    @property
    def may_change(self) -> bool:
        """Say whether whoever looks may also change."""
        return user_of(self.request).has_role(*CHANGERS[self.page])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sections beside the page, and whether anything may be changed."""
        user = user_of(self.request)
        tabs = [
            Tab(words, reverse(name), is_current=name == self.section)
            for page, words, name in SECTIONS
            if user.has_role(*READERS[page])
        ]
        return super().get_context_data(
            sections=tabs,
            may_change=self.may_change,
            title=self.title or NAMES[self.section],
            today=self.today,
            **kwargs,
        )


class ChangePage(StaffPage, FormView):
    """A form that changes a setting; only for those who may change it.

    `thing` and `key()` name what is changed: the form's hidden `seen` holds the number of its last
    change, so that nobody overwrites what they have not seen.
    """

    page = Page.SETTINGS
    template_name = "cases/settings/form.html"
    section: str
    title = ""
    intro = ""
    thing: Thing | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the clock once, and let the page load what it is about."""
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer those who may change what the page is about.

        :raises PermissionDenied: to anybody else, before anything is loaded.
        """
        if not user_of(request).has_role(*CHANGERS[self.page]):
            raise PermissionDenied
        self.load()
        return super().dispatch(request, *args, **kwargs)

    def load(self) -> None:
        """Load what the page is about.

        :raises Http404: if it is not there.
        """

    def key(self) -> str:
        """Return the key of the thing that is changed."""
        return ""

    def carry_out(self, form: Any) -> str:
        """Call the operation, and return in a sentence what was done."""
        raise NotImplementedError

    def back_url(self) -> str:
        """Return where people come from and go back to."""
        return reverse(self.section)

    def crumbs(self) -> list[Link]:
        """Return where the page belongs."""
        return [Link(NAMES[self.section], reverse(self.section)), Link(self.heading())]

    def heading(self) -> str:
        """Return the page's heading."""
        return self.title

    def get_initial(self) -> dict[str, Any]:
        """Return what the form begins with: of old, which change was seen last."""
        return {"seen": self._last_change()} if self.thing else {}

    def _last_change(self) -> int:
        return last_change(self.thing, self.key()) if self.thing else 0

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it, or show why not with everything typed kept."""
        try:
            told = self.carry_out(form)
        except (ProcedureInvalid, TemplateWrong) as invalid:
            for problem in invalid.problems:
                form.add_error(None, problem)
            return self.form_invalid(form)
        except SettingChanged as changed:
            form.add_error(None, str(changed))
            # Whoever has read this may save on top of it.
            form.data = {**form.data.dict(), "seen": str(self._last_change())}
            return self.form_invalid(form)
        except ComplaintError as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        messages.success(self.request, told)
        return redirect(self.back_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again with its mistakes."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the heading and the way back; after a refusal also what was changed meanwhile."""
        context = super().get_context_data(**kwargs)
        context |= {"title": self.heading(), "intro": self.intro, "crumbs": self.crumbs()}
        context["back_url"] = self.back_url()
        if self.thing and context["form"].is_bound:
            context["changes"] = changes_of(self.thing, self.key())[:3]
        return context


class SmallAct(StaffPage):
    """An act behind a button of a page: done, or refused with a word, and back to the page."""

    page = Page.SETTINGS

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the clock once."""
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)

    def carry_out(self) -> str:
        """Call the operation, and return in a sentence what was done."""
        raise NotImplementedError

    def back_url(self) -> str:
        """Return the page the button stands on."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead whoever comes by address, as after signing in again, to the page of the button."""
        return redirect(self.back_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, or say why not."""
        try:
            messages.success(request, self.carry_out())
        except ComplaintError as refused:
            messages.error(request, str(refused))
        return redirect(self.back_url())
