"""How outside bodies are reached, from which day on."""

from typing import Any

from django.http import Http404
from django.urls import reverse

from cases.forms.settings import BodyDetailsForm
from cases.models import OutsideBodyDetails, Thing
from cases.operations.outside_bodies import BodyDetails, add_body_details, remove_body_details
from cases.selectors.outside_bodies import outside_bodies, terms_name
from cases.selectors.settings_history import changes_of
from cases.templatetags.parts import Link
from cases.views.access import user_of
from cases.views.change_page import NAMES, ChangePage, SettingsPage, SmallAct, day_in


class OutsideBodies(SettingsPage):
    """Every outside body with the details of each time."""

    section = "cases:outside-bodies"
    template_name = "cases/settings/outside_bodies.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the bodies."""
        return super().get_context_data(**kwargs, bodies=outside_bodies(today=self.today))


class AddBodyDetails(ChangePage):
    """Add the details that are right from a day on."""

    section = "cases:outside-bodies"
    form_class = BodyDetailsForm
    thing = Thing.OUTSIDE_BODY

    def load(self) -> None:
        """Find out which body it is.

        :raises Http404: if no procedure names it and nothing is known of it.
        """
        self.code = self.kwargs["code"]
        self.newest = OutsideBodyDetails.objects.filter(code=self.code).order_by("-from_on").first()
        name = self.newest.name if self.newest else terms_name(self.code)
        if not name:
            raise Http404
        self.name = name

    def key(self) -> str:
        """Return the body's code."""
        return self.code

    def heading(self) -> str:
        """Return whose details they are."""
        return f"New details: {self.name}"

    def crumbs(self) -> list[Link]:
        """Return the way from the list."""
        return [Link(NAMES[self.section], reverse(self.section)), Link(self.name)]

    def get_initial(self) -> dict[str, Any]:
        """Begin with the details there are."""
        newest = self.newest
        known = {
            name: getattr(newest, name, "")
            for name in ("name", "telephone", "website", "address", "words")
        }
        return super().get_initial() | known | {"name": self.name}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form whose details they are."""
        return {**super().get_form_kwargs(), "code": self.code}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was changed before."""
        return super().get_context_data(**kwargs) | {
            "changes": changes_of(Thing.OUTSIDE_BODY, self.code)[:3]
        }

    def carry_out(self, form: Any) -> str:
        """Add them."""
        answers = dict(form.cleaned_data)
        seen, from_on = answers.pop("seen"), answers.pop("from_on")
        row = add_body_details(
            BodyDetails(**answers),
            code=self.code,
            from_on=from_on,
            by=user_of(self.request),
            now=self.now,
            seen=seen,
        )
        return f"Letters from {row.from_on:%-d %B %Y} on carry these details of {row.name}."


class RemoveBodyDetails(SmallAct):
    """Take back details whose day has not come."""

    def back_url(self) -> str:
        """Return the list."""
        return reverse("cases:outside-bodies")

    def carry_out(self) -> str:
        """Take them back."""
        from_on = day_in(self.request.POST.get("from_on", ""))
        remove_body_details(
            code=self.kwargs["code"], from_on=from_on, by=user_of(self.request), now=self.now
        )
        return f"The details from {from_on:%-d %B %Y} are taken back."
