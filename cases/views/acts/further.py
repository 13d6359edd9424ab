"""Acts that lead from stage to stage, and those that move a day."""

from typing import Any

from cases.forms.acts.further import (
    AcceptForm,
    AgreeDateForm,
    EscalateForm,
    ExtendForm,
    ExtendWindowForm,
    RefuseForm,
)
from cases.forms.acts.late import DelayForm
from cases.models import Complaint
from cases.operations import delay, escalate, extend
from cases.rules.acts import Act
from cases.rules.foresight import in_full, window_words
from cases.rules.lateness import overdue_promises
from cases.rules.letter_facts import LetterKind
from cases.rules.requests import request_is_in_time
from cases.rules.terms import Handover
from cases.rules.windows import WINDOW
from cases.selectors.case_points import evidence_of
from cases.selectors.independence import judging_refusal
from cases.selectors.promises import keeper_choices
from cases.views.acts.page import ActPage
from cases.views.acts.stage import people_for


class Escalate(ActPage):
    """Record that the customer asks for the next stage."""

    act = Act.ESCALATE
    form_class = EscalateForm
    done = "The request is recorded."
    is_foreseen = True

    def foreseen_stage(self) -> str:
        """Return the stage that is asked for."""
        route = self.history.stage.customer_route
        return route.to if route else ""

    def foreseen_facts(self) -> dict[str, Any]:
        """Return whether a request made today is in time."""
        return {"in_time": request_is_in_time(self.history.state, self.today)}

    def about(self) -> list[str]:
        """Return whether a request made today is in time, and what comes of it."""
        state, route = self.history.state, self.history.stage.customer_route
        window = state.deadline(state.stage, WINDOW, state.visit)
        found = []
        if window is not None and window.due_on is not None:
            found.append(window_words(window))
            if not request_is_in_time(state, self.today):
                found.append(
                    "A request made today is late: it waits until somebody decides, with a reason."
                )
        if route is not None and route.handover is Handover.ON_DECISION:
            found.append("Under this procedure every request waits for a decision.")
        return found

    def perform(self, form: Any) -> Complaint:
        """Record the request."""
        given = form.cleaned_data
        return escalate.request_escalation(
            **self.common, on=given["on"], channel=given["channel"], reasons=given["reasons"]
        )


class AcceptEscalation(ActPage):
    """Accept the request for the next stage."""

    act = Act.ACCEPT_ESCALATION
    form_class = AcceptForm
    letter_kind = LetterKind.ESCALATION_ACCEPTED
    done = "The request is accepted."
    is_foreseen = True

    def about(self) -> list[str]:
        """Return what the customer asked for, and what stands against this person's deciding."""
        return [*request_words(self), *not_theirs_to_judge(self)]

    def form_details(self) -> dict[str, Any]:
        """Return who may take it on."""
        return {"people": people_for(self, self.history.state.stage)}

    def perform(self, form: Any) -> Complaint:
        """Accept it, and tell the customer."""
        given = form.cleaned_data
        return escalate.accept_escalation(
            **self.common,
            on=given["on"],
            reason=given.get("reason", ""),
            telling=form.telling,
            officer_id=int(given["officer"]) if given["officer"] else None,
        )


class RefuseEscalation(ActPage):
    """Refuse the request for the next stage."""

    act = Act.REFUSE_ESCALATION
    form_class = RefuseForm
    letter_kind = LetterKind.ESCALATION_REFUSED
    done = "The request is refused."
    is_foreseen = True

    def about(self) -> list[str]:
        """Return what the customer asked for, and what stands against this person's deciding."""
        return [*request_words(self), *not_theirs_to_judge(self)]

    def form_details(self) -> dict[str, Any]:
        """Return what of the complaint can show that the ground applies."""
        return {"rests_on": evidence_of(self.history)}

    def perform(self, form: Any) -> Complaint:
        """Refuse it, and tell the customer."""
        given = form.cleaned_data
        return escalate.refuse_escalation(
            **self.common,
            on=given["on"],
            ground=given["ground"],
            evidence=given["evidence"],
            rests_on=given.get("rests_on", ()),
            earlier=form.earlier,
            telling=form.telling,
        )


def request_words(page: ActPage) -> list[str]:
    """Return when the customer asked for which stage, whether in time, and with which reasons."""
    history = page.history
    visit = history.state.current
    asked = in_full(visit.asked_on) if visit.asked_on else "an unknown day"
    late = ", after the time for it" if visit.request_in_time is False else ""
    reasons = history.parts(visit.began_by).get("reasons", "")
    return [
        f"{history.stage.name} was asked for on {asked}{late}.",
        *([f"The customer’s reasons: {reasons}"] if reasons else []),
    ]


def not_theirs_to_judge(page: ActPage) -> list[str]:
    """Return why the procedure shuts this person out from the act, if it does."""
    refusal = judging_refusal(page.act, page.history.state, page.history.terms, page.user)
    return [f"You may not decide this. {refusal}"] if refusal else []


class ExtendWindow(ActPage):
    """Give the customer more time to ask for the next stage."""

    act = Act.EXTEND_WINDOW
    form_class = ExtendWindowForm
    letter_kind = LetterKind.WINDOW_EXTENDED
    done = "The customer has more time."

    def about(self) -> list[str]:
        """Return until when the customer may ask now."""
        state = self.history.state
        window = state.deadline(state.stage, WINDOW, state.visit)
        return [window_words(window)] if window and window.due_on else []

    def perform(self, form: Any) -> Complaint:
        """Move the last day, and tell the customer."""
        given = form.cleaned_data
        return escalate.extend_window(
            **self.common,
            on=given["on"],
            new_due_on=given["new_due_on"],
            reason=given["reason"],
            telling=form.telling,
        )


class ExplainDelay(ActPage):
    """Apologise for what is overdue, and say by when it will be done."""

    act = Act.EXPLAIN_DELAY
    form_class = DelayForm
    letter_kind = LetterKind.DELAY
    done = "The apology is recorded."

    def form_details(self) -> dict[str, Any]:
        """Return who can see to it."""
        return {"keepers": keeper_choices(self.complaint, today=self.today)}

    def about(self) -> list[str]:
        """Return what is overdue, since when."""
        late = overdue_promises(self.history.state, self.today)
        return [f"{each.words}: was due {in_full(each.due_on)}." for each in late if each.due_on]

    def perform(self, form: Any) -> Complaint:
        """Record the reason, and apologise to the customer."""
        given = form.cleaned_data
        return delay.explain_delay(
            **self.common,
            on=given["on"],
            late_because=given["late_because"],
            avoidable=given["avoidable"] == "yes",
            done_by=given["done_by"],
            telling=form.telling,
            **form.kept_by,
        )


class AgreeDate(ActPage):
    """Record a day agreed with the customer."""

    act = Act.AGREE_DATE
    form_class = AgreeDateForm
    done = "The date is recorded."

    def about(self) -> list[str]:
        """Return the day that is due now."""
        return due_now(self)

    def perform(self, form: Any) -> Complaint:
        """Record the day."""
        given = form.cleaned_data
        return extend.agree_date(
            **self.common,
            on=given["on"],
            new_due_on=given["new_due_on"],
            words=given["words"],
            channel=given["channel"],
        )


class Extend(ActPage):
    """Extend the day of the answer."""

    act = Act.EXTEND
    form_class = ExtendForm
    letter_kind = LetterKind.EXTENSION
    done = "The deadline is extended."

    def about(self) -> list[str]:
        """Return the day that is due now, and how far it may be moved."""
        return due_now(self)

    def perform(self, form: Any) -> Complaint:
        """Move the day, and tell the customer why."""
        given = form.cleaned_data
        return extend.extend(
            **self.common,
            on=given["on"],
            new_due_on=given["new_due_on"],
            reason=given["reason"],
            exceptional=given.get("exceptional", False),
            telling=form.telling,
        )


def due_now(page: ActPage) -> list[str]:
    """Return the day that may be moved, as it stands."""
    state, promise = page.history.state, page.history.stage.extendable
    deadline = state.deadline(state.stage, promise.code, state.visit) if promise else None
    if deadline is None or deadline.due_on is None:
        return []
    return [f"{deadline.words}: due {in_full(deadline.due_on)}."]
