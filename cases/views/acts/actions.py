"""Actions in a complaint: added, done, changed, dropped."""

from collections.abc import Sequence
from typing import Any

from cases.forms.acts.actions import (
    ActionForm,
    ChangeActionForm,
    DropActionForm,
    FinishActionForm,
)
from cases.models import Complaint
from cases.operations import actions
from cases.rules.acts import Act
from cases.rules.foresight import in_full
from cases.rules.state import Deadline
from cases.selectors.promises import PERSON, keeper_choices, who_extends
from cases.views.acts.page import ActPage
from cases.views.acts.promises import AboutPromise, KeepPromise

# What is asked of somebody who may extend a deadline, in the address of the page.
MORE_TIME = "more-time"


class AddAction(ActPage):
    """Add something to be done by a day."""

    act = Act.ADD_ACTION
    form_class = ActionForm
    done = "The action is added."
    audience = "staff"

    def form_details(self) -> dict[str, Any]:
        """Return who can do it, or see to it; and what more time is asked of whom."""
        keepers = keeper_choices(self.complaint, today=self.today)
        if MORE_TIME not in self.request.GET:
            return {"keepers": keepers}
        return {"keepers": keepers, "initial": self._for_more_time(keepers)}

    def about(self) -> list[str]:
        """Return what becomes of it where more time is asked for."""
        if MORE_TIME not in self.request.GET:
            return []
        return [
            "Whoever you ask gets a short e-mail, and it stands under their My work until they "
            "record what they decided. The deadline stays as it is until it is extended."
        ]

    def _for_more_time(self, keepers: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Return the request for more time for what is due next, put to who may extend it."""
        found: dict[str, Any] = {"due_on": self.today, "words": "Decide whether there is more time"}
        due = next((e for e in self.history.state.live_deadlines if e.promise is None), None)
        if due is not None and due.due_on is not None:
            found["due_on"] = max(due.due_on, self.today)
            found["words"] += f" for “{due.words}”, due {in_full(due.due_on)}. It is needed as "
        able = {f"{PERSON}{key}" for key in who_extends(self.complaint, today=self.today)}
        named = (choice for choice, _ in keepers if choice in able)
        return {**found, "keeper": next(named, "")}

    def perform(self, form: Any) -> Complaint:
        """Add it."""
        outside = form.cleaned_data["outside"]
        return actions.add_action(**self.common, action=form.wanted, outside=outside)


class FinishAction(KeepPromise):
    """Record that an action was done, with what shows it."""

    act = Act.FINISH_ACTION
    form_class = FinishActionForm
    done = "It is recorded that the action was done."
    audience = "staff"

    def would_keep_late(self) -> tuple[Sequence[Deadline], Sequence[Deadline]]:
        """Return nothing: colleagues owe each other no reason."""
        return (), ()

    def perform(self, form: Any) -> Complaint:
        """Record it; one bad file keeps all out.

        :raises FileRefused: if a file may not be taken.
        """
        proof = self.proof(form.cleaned_data)
        return actions.finish_action(
            **self.common, action=form.number, on=form.cleaned_data["on"], proof=proof
        )


class ChangeAction(AboutPromise):
    """Give an action another day or somebody else."""

    act = Act.CHANGE_ACTION
    form_class = ChangeActionForm
    done = "The action is changed."
    audience = "staff"

    def form_details(self) -> dict[str, Any]:
        """Return the action that the address names, and who can see to it."""
        keepers = keeper_choices(self.complaint, today=self.today)
        return {**super().form_details(), "keepers": keepers}

    def perform(self, form: Any) -> Complaint:
        """Change it."""
        return actions.change_action(
            **self.common,
            action=form.number,
            changed=form.changed,
            reason=form.cleaned_data["reason"],
        )


class DropAction(AboutPromise):
    """Record that an action need not be done any more."""

    act = Act.DROP_ACTION
    form_class = DropActionForm
    done = "The action is dropped."
    audience = "staff"

    def perform(self, form: Any) -> Complaint:
        """Drop it."""
        reason = form.cleaned_data["reason"]
        return actions.drop_action(**self.common, action=form.number, reason=reason)
