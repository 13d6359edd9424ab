"""Accepting a complaint, and giving it to somebody."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from cases.forms.acts.assign import AssignForm, TriageForm
from cases.models import Complaint, Level
from cases.operations import assign
from cases.rules.act_words import LABELS
from cases.rules.acts import Act
from cases.selectors.areas import area_tree
from cases.selectors.post import mail_of
from cases.selectors.promises import promises_of_the_named, promises_that_go_along
from cases.templatetags.parts import Link
from cases.views.acts.page import ActPage
from cases.views.acts.stage import people_for


class Assign(ActPage):
    """Name the responsible officer and the service area."""

    act = Act.ASSIGN
    form_class = AssignForm
    done = "The complaint is assigned."

    def form_details(self) -> dict[str, Any]:
        """Return who may take it on, and the service areas."""
        return {
            "people": people_for(self, self.history.state.stage),
            "areas": area_tree(with_retired=False),
        }

    def about(self) -> list[str]:
        """Return what is promised and goes with it."""
        lines = []
        if going := promises_that_go_along(self.history):
            lines.append(f"Whoever is responsible also keeps what is promised: {'; '.join(going)}.")
        if named := promises_of_the_named(self.history):
            lines.append(
                "Where the colleague who was named to keep it can no longer see the complaint, "
                f"whoever is responsible keeps this too: {'; '.join(named)}."
            )
        return lines

    def perform(self, form: Any) -> Complaint:
        """Give it to them."""
        return assign.assign(
            **self.common,
            on=form.cleaned_data["on"],
            officer_id=form.officer_id,
            area_id=form.area_id,
        )


class Triage(Assign):
    """Accept what came in as a complaint, or send it where it belongs."""

    act = Act.TRIAGE
    form_class = TriageForm
    done = "The complaint is accepted."
    is_foreseen = True

    def about(self) -> list[str]:
        """Return what a complaint is under this procedure."""
        terms = self.history.terms
        return [f"A complaint is: {terms.definition}"] if terms.definition else []

    def links(self) -> Sequence[Link]:
        """Return what else can be decided: it belongs elsewhere, or is refused."""
        acts = (Act.REFER_ELSEWHERE, Act.REFUSE, Act.MERGE, Act.ANNUL)
        mail = mail_of(self.complaint)
        sort = "It came by e-mail: it is a request, belongs elsewhere, or is nothing for us"
        return [
            *([Link(sort, reverse("cases:post-mail", args=[mail.code]))] if mail else []),
            *(
                Link(LABELS[act], reverse(f"cases:{act.value}", args=[self.complaint.reference]))
                for act in acts
                if self.may(act)
            ),
        ]

    def perform(self, form: Any) -> Complaint:
        """Accept it, sort it, and give it to somebody."""
        category = form.cleaned_data["category"]
        return assign.triage(
            **self.common,
            on=form.cleaned_data["on"],
            area_id=form.area_id,
            officer_id=form.officer_id,
            category_id=category.pk if category else None,
            level=Level(form.cleaned_data["level"]),
        )
