"""Acts that answer a stage, and those of a hearing."""

from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from django.http import HttpResponse, QueryDict

from cases.forms.acts.answers import OutcomeForm, RespondForm
from cases.forms.acts.common import ActForm
from cases.forms.acts.hearing import (
    LOOK,
    PICK,
    ArrangeForm,
    HoldForm,
    InvitationForm,
    PapersForm,
)
from cases.models import Complaint
from cases.operations import hearing, stage_acts
from cases.operations.files import check_upload, store_upload
from cases.operations.hearing_papers import bind_papers, choices_of
from cases.rules.acts import Act
from cases.rules.foresight import in_full
from cases.rules.hearing_days import days_to_offer, hearing_days
from cases.rules.letter_facts import LetterKind
from cases.rules.panels import hearing_offers
from cases.rules.procedure_words import in_a_row
from cases.selectors.candidates import Candidate
from cases.selectors.case_page import case_page
from cases.selectors.case_points import evidence_of
from cases.selectors.hearings import expected_at
from cases.selectors.independence import independence_refusal
from cases.selectors.letter_readers import complaining_too
from cases.selectors.panels import away_among, panel_candidates
from cases.selectors.promises import keeper_choices
from cases.views.access import UNPROCESSABLE
from cases.views.acts.page import ActPage

ALREADY = (
    "It is arranged for {day}. What you record here takes its place, and the customer has to be "
    "invited anew."
)
NO_SERVICE = (
    "The complaint has no service area, by which this panel is made up. Give it one first, with "
    "“Assign”."
)


def picked_day(text: str) -> date | None:
    """Return the day that was picked from the offered ones; nothing where none was."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class AnswerPage(ActPage):
    """What answering a stage and sending a hearing's outcome share."""

    def form_details(self) -> dict[str, Any]:
        """Return who can keep what it promises, and what a finding can rest on."""
        return {
            "keepers": keeper_choices(self.complaint, today=self.today),
            "evidence": evidence_of(self.history) if self.history.state.points else (),
        }


class Respond(AnswerPage):
    """Answer the stage."""

    act = Act.RESPOND
    form_class = RespondForm
    letter_kind = LetterKind.RESPONSE
    done = "The response is recorded."
    is_foreseen = True

    def about(self) -> list[str]:
        """Return what stands against this person's deciding it."""
        stage = self.history.stage
        refusal = independence_refusal(
            self.history.state, self.history.terms, self.user, stage=stage.code
        )
        return [f"You may not decide this stage. {refusal}"] if refusal else []

    def perform(self, form: Any) -> Complaint:
        """Record the answer, and make the letter."""
        return stage_acts.respond(
            **self.common, on=form.cleaned_data["on"], answer=form.answer, telling=form.telling
        )


TOOK_PLACE = (
    "If the hearing has taken place already, enter its day, and below the day on which it was "
    "arranged."
)


class ArrangeHearing(ActPage):
    """Set the day and the panel of a hearing."""

    act = Act.ARRANGE_HEARING
    form_class = ArrangeForm
    done = "The hearing is arranged."

    def about(self) -> list[str]:
        """Return how the customer may take part, and by when it must be held."""
        state = self.history.state
        promise = state.deadline(state.stage, "hold-hearing", state.visit)
        due = promise.due_on if promise else None
        offers = hearing_offers(self.history.stage)
        history = self.history
        days = hearing_days(state, history.stage, history.calendar, today=self.today)
        panel = history.stage.panel
        by_service = panel and (panel.includes_service_complained_about or panel.led_by_committee)
        is_nowhere = by_service and self.complaint.service_area_id is None
        set_for = state.hearing.to_come_on if state.hearing else None
        return [
            *([NO_SERVICE] if is_nowhere else []),
            *([ALREADY.format(day=in_full(set_for))] if set_for else []),
            *([f"It must be held by {in_full(due)}."] if due else []),
            days.words,
            TOOK_PLACE,
            *([f"The customer is told: {offers}"] if offers else []),
        ]

    def form_details(self) -> dict[str, Any]:
        """Return who may sit on the panel."""
        return {"people": self.people}

    def shown_again(self, data: QueryDict) -> ActForm:
        """Return the form with what was typed, and the day that was picked."""
        if picked := picked_day(data.get(PICK, "")):
            data = data.copy()
            for part in ("day", "month", "year"):
                data[f"hearing_on_{part}"] = str(getattr(picked, part))
        return super().shown_again(data)

    @cached_property
    def people(self) -> list[Candidate]:
        """Return who may sit on the panel, and who cannot with the reason."""
        return panel_candidates(self.history, user=self.user, today=self.today)

    def extra(self) -> dict[str, Any]:
        """Return the days to pick from, each with who of the panel is away then."""
        history = self.history
        if self.why_not:
            return {}
        days = hearing_days(history.state, history.stage, history.calendar, today=self.today)
        offered = days_to_offer(days, history.calendar)
        away = away_among(self.people, offered)
        return {
            "days": [
                {"day": day.isoformat(), "words": f"{day:%a %-d %b}", "away": away.get(day, [])}
                for day in offered
            ]
        }

    def perform(self, form: Any) -> Complaint:
        """Set the day and seat the panel."""
        return hearing.arrange_hearing(
            **self.common, on=form.cleaned_data["on"], arrangement=form.arrangement
        )


class SendInvitation(ActPage):
    """Invite the customer to the hearing."""

    act = Act.SEND_INVITATION
    form_class = InvitationForm
    letter_kind = LetterKind.INVITATION
    done = "The invitation is recorded."
    is_foreseen = True

    def perform(self, form: Any) -> Complaint:
        """Record the invitation, and make the letter."""
        return hearing.send_invitation(
            **self.common, on=form.cleaned_data["on"], telling=form.telling
        )


# The papers hold what the customer sent in, and go to nobody else by themselves (decision 83).
NO_PAPERS_FROM_HERE = (
    "{who} {complain} too and {get} no papers from here, because the papers hold what the "
    "customer told us and sent in. Give them theirs yourself, by hand or by post to a safe "
    "address: preview the papers without what is not for them, and print that. Record it under "
    "“What was sent, and to whom”."
)


class SendPapers(ActPage):
    """Bind the papers for panel and customer, and record that they went to them."""

    act = Act.SEND_PAPERS
    form_class = PapersForm
    letter_kind = LetterKind.PAPERS
    done = "The papers are sent. They are under “Papers and evidence”."
    is_foreseen = True

    def about(self) -> list[str]:
        """Return who complains too, and how they get papers: none go to them from here."""
        names = [each.customer.name for each in complaining_too(self.complaint)]
        if not names:
            return []
        complain, get = ("complains", "gets") if len(names) == 1 else ("complain", "get")
        return [NO_PAPERS_FROM_HERE.format(who=in_a_row(names), complain=complain, get=get)]

    def form_details(self) -> dict[str, Any]:
        """Return what could go into them."""
        page = case_page(self.complaint, user=self.user, today=self.today)
        return {"choices": choices_of(page)}

    def act_on(self, form: ActForm) -> HttpResponse:
        """Send them, or answer with the papers as they would be; then nothing is recorded."""
        if LOOK not in self.request.POST or not form.is_valid():
            return super().act_on(form)
        asked: Any = form
        pack = asked.papers.pack
        if pack is None:
            form.add_error("contents", "Choose what goes into the papers first")
            return self.page(form, status=UNPROCESSABLE)
        bound = bind_papers(self.complaint, pack, by=self.user, now=self.now)
        answer = HttpResponse(bound.content, content_type="application/pdf")
        name = f"{self.complaint.reference} papers, not sent yet.pdf"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def perform(self, form: Any) -> Complaint:
        """Bind them, and send them."""
        return hearing.send_papers(
            **self.common,
            on=form.cleaned_data["on"],
            papers=replace(form.papers, is_kept="preview" not in self.request.POST),
            telling=form.telling,
        )


class HoldHearing(ActPage):
    """Record that it was heard, and who took part."""

    act = Act.HOLD_HEARING
    form_class = HoldForm
    done = "The hearing is recorded."
    is_foreseen = True

    def form_details(self) -> dict[str, Any]:
        """Return of whom it is asked how they took part."""
        return {"people": expected_at(self.history, self.user)}

    def perform(self, form: Any) -> Complaint:
        """Record it; one bad file keeps all out, and nothing is kept for a preview.

        :raises FileRefused: if a file may not be taken.
        """
        given = form.cleaned_data
        for upload in given["uploads"]:
            check_upload(upload)
        kept = [] if "preview" in self.request.POST else given["uploads"]
        files = [store_upload(upload, by=self.user, now=self.now) for upload in kept]
        return hearing.hold_hearing(
            **self.common,
            on=given["on"],
            held=form.held,
            minutes_ids=[file.pk for file in files],
        )


class SendOutcome(AnswerPage):
    """Send the outcome of the hearing."""

    act = Act.SEND_OUTCOME
    form_class = OutcomeForm
    letter_kind = LetterKind.OUTCOME
    done = "The outcome is recorded."
    is_foreseen = True

    def perform(self, form: Any) -> Complaint:
        """Record the outcome, and make the letter."""
        return hearing.send_outcome(
            **self.common,
            on=form.cleaned_data["on"],
            answer=form.answer_if_any,
            decision=form.panel_decision,
            telling=form.telling,
        )
