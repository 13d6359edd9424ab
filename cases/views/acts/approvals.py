"""The page of whoever is the second person for a letter: to read it, to approve it or send it back.

The act is rehearsed for them as it would be done now, by its author and with what they typed; the
same is done when they approve.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from cases.errors import ActionNotAllowed, ApprovalNeeded, ComplaintError, NotEntitled, NotMade
from cases.forms.acts.approvals import ApprovalForm, answers_in
from cases.forms.acts.common import ActForm
from cases.forms.acts.judged import CheckList, by_the_letter, plain_list, wanted_of
from cases.forms.acts.telling import TellingForm
from cases.models import Complaint, LetterProposal, ProposalState, User
from cases.operations.approval_gate import hash_of, needs_approval
from cases.operations.documents import letter_as_document
from cases.operations.letter_approvals import NOT_NEEDED, approve_letter, send_letter_back
from cases.operations.letter_drafts import forget_draft
from cases.operations.rehearse import Rehearsal, rehearse
from cases.rules.act_words import LABELS
from cases.rules.acts import Act
from cases.rules.foresight import days_off, what_follows
from cases.rules.letter_approvals import (
    Decision,
    changes_between,
    is_demanded,
    is_urgent,
    roles_approving,
)
from cases.rules.letter_facts import LetterKind
from cases.rules.numbers import number_in
from cases.rules.periods import london_day
from cases.rules.procedure_words import in_a_row
from cases.selectors.case_history import history_of
from cases.selectors.independence import judging_refusal
from cases.selectors.letter_approvals import reason_of
from cases.selectors.reach import take_up
from cases.selectors.running import advised, landlord
from cases.selectors.standing import roles_for
from cases.templatetags.parts import SummaryRow
from cases.views.access import UNPROCESSABLE
from cases.views.acts.page import ActPage

PDF = "pdf"
NOT_THEIRS = "{name}, who wrote it, may not do this any more. Send it back, or let it wait."
READ_AGAIN = (
    "The letter is not the same any more as the one you read. Nothing is sent. Read it again below."
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A letter as it would go now: the rehearsal, or what stands in its way.

    `form` is what its author typed, where it can still be sent.
    """

    rehearsal: Rehearsal | None
    words_hash: str = ""
    in_the_way: str = ""
    answers: Sequence[SummaryRow] = ()
    form: ActForm | None = None


class ApproveLetter(ActPage):
    """Read a letter that waits for a second person, and approve it or send it back."""

    act = Act.APPROVE_LETTER
    form_class = ApprovalForm
    template_name = "cases/acts/approve_letter.html"
    done = "The letter is approved and goes now."
    # The page of every act, by whose form a letter was written.
    pages: ClassVar[Mapping[Act, type[ActPage]]] = {}
    proposal: LetterProposal | None
    read_now: Reading = Reading(None)

    def read(self) -> None:
        """Read the record, and the letter that is asked for, or else the one that waits longest."""
        super().read()
        asked = self.request.POST.get("letter") or self.request.GET.get("letter", "")
        waiting = LetterProposal.objects.filter(
            complaint=self.complaint,
            state=ProposalState.WAITING.value,
            stage=self.complaint.stage,
            visit=self.complaint.visit,
        )
        waiting = waiting.select_related("asked_by", "approver").order_by("pk")
        number = number_in(asked)
        found = waiting.filter(number=number) if number else waiting
        self.proposal = found.first()

    @property
    def why_not(self) -> str:
        """Return why nothing can be decided, or nothing."""
        if self.proposal is None:
            return super().why_not or "This letter does not wait for approval any more."
        if self.proposal.asked_by_id == self.user.pk:
            return "Nobody approves their own letter. Somebody else does."
        roles = roles_approving(Act(self.proposal.act))
        if not roles_for(self.user, self.complaint, is_second=True) & roles:
            return f"This letter is for a {in_a_row(sorted(r.words for r in roles), last='or')}."
        return super().why_not

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the letter, or hand it out as the document that would go."""
        if request.GET.get(PDF):
            return self.document()
        return super().get(request, *args, **kwargs)

    def refused(self, reason: str) -> HttpResponse:
        """Say why nothing can be decided, in place of the letter."""
        return super().page(None, status=UNPROCESSABLE)

    # Reading it --------------------------------------------------------------------------------

    def document(self) -> Any:
        """Hand out the letter as the document that would go; nothing is kept of it.

        :raises Http404: if there is no letter to be read.
        """
        self.read()
        self.check_role()
        made = None if self.why_not else self.reading().rehearsal
        if made is None or made.made is None:
            raise Http404
        try:
            content, media_type, ending = letter_as_document(made.made)
        except NotMade as reason:
            messages.error(self.request, str(reason))
            return redirect(f"{self.request.path}?letter={self.waiting.number}")
        answer = HttpResponse(content, content_type=media_type)
        name = f"{self.complaint.reference} letter, not sent yet.{ending}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer

    def reading(self) -> Reading:
        """Rehearse the act as its author would do it now, with what they typed."""
        proposal = self.waiting
        try:
            page, form = self.as_its_author(self.complaint.version)
            rehearsal = rehearse(lambda: page.done_late(form), before=self.history)
        except ComplaintError as refusal:
            return Reading(None, in_the_way=str(refusal))
        answers = [SummaryRow(question, words) for question, words in answers_in(form)]
        made = rehearsal.made
        if made is None:
            missing = rehearsal.missing or "No letter would go."
            rehearsal = replace(rehearsal, missing=missing)
            return Reading(rehearsal, in_the_way=missing, answers=answers, form=form)
        if isinstance(form, TellingForm):
            told = advised(form.written, form.decides, form.found, form.days_told)
            rehearsal = replace(rehearsal, advice=[*form.advice(), *told])
        return Reading(rehearsal, hash_of(made, proposal.salt), answers=answers, form=form)

    @property
    def waiting(self) -> LetterProposal:
        """Return the letter that waits.

        :raises Http404: if there is none.
        """
        if self.proposal is None:
            raise Http404
        return self.proposal

    def as_its_author(self, seen: int) -> tuple[ActPage, ActForm]:
        """Return the page of the act as its author would send it today, and its checked form.

        :raises ComplaintError: if the author may not do it any more, or the form is not right.
        """
        proposal = self.waiting
        author = User.objects.get(pk=proposal.asked_by_id)
        if not author.is_active:
            raise NotEntitled(NOT_THEIRS.format(name=author.name))
        take_up(author, self.today)
        request = HttpRequest()
        request.method, request.user = "POST", author
        request.POST = self.as_typed(proposal, seen)  # type: ignore[assignment]  # as sent
        page = self.pages[Act(proposal.act)]()
        try:
            page.setup(request, reference=self.complaint.reference)
            page.now, page.today = self.now, self.today
            page.read()
            page.check_role()
        except (Http404, PermissionDenied):
            raise NotEntitled(NOT_THEIRS.format(name=author.name)) from None
        if page.why_not:
            raise ActionNotAllowed(f"This is not possible any more. {page.why_not}")
        form = page.form(request.POST)
        if not form.is_valid():
            wrong = " ".join(str(each) for errors in form.errors.values() for each in errors)
            raise ActionNotAllowed(f"It cannot go as it was typed. {wrong}")
        return page, form

    def as_typed(self, proposal: LetterProposal, seen: int) -> QueryDict:
        """Return what the author typed, sent today: a letter goes on the day it is approved."""
        data = QueryDict(mutable=True)
        for name, values in proposal.typed.items():
            data.setlist(name, values)
        data["seen"] = str(seen)
        day = self.today
        data["on_day"], data["on_month"], data["on_year"] = map(str, (day.day, day.month, day.year))
        return data

    def page(self, form: ActForm | None, **shown: Any) -> HttpResponse:
        """Answer with the page: the letter as it would go now, and the decision on just that."""
        if form is None:
            return super().page(form, **shown)
        self.read_now = self.reading()
        form.initial["words_hash"] = self.read_now.words_hash
        if form.is_bound:
            data = cast(QueryDict, form.data).copy()
            data["words_hash"] = self.read_now.words_hash
            form.data = data
        return super().page(form, **{**shown, "rehearsal": self.read_now.rehearsal})

    def judged(self, form: ActForm | None, rehearsal: Rehearsal | None) -> CheckList:
        """Return what the letter must say, judged by the letter as it would go now."""
        if form is None:
            return plain_list(())
        kind = LetterKind(self.waiting.kind)
        wanted = wanted_of(kind, self.history.stage, self.read_now.form)
        if rehearsal is None or not (rehearsal.made or rehearsal.lacking):
            return plain_list(wanted)
        return by_the_letter(wanted, rehearsal.lacking)

    def about(self) -> list[str]:
        """Return what stands in the way of its going, or of this person's approving it."""
        found = [self.read_now.in_the_way] if self.read_now.in_the_way else []
        kind, history = self.waiting.kind, self.history
        demanded = is_demanded(kind, history.state, history.terms)
        if not demanded and not needs_approval(kind, landlord()):
            found.append(NOT_NEEDED)
        act = Act(self.waiting.act)
        if refusal := judging_refusal(act, history.state, history.terms, self.user):
            found.append(f"You may not approve what decides this stage. {refusal}")
        return found

    def extra(self) -> dict[str, Any]:
        """Return whose letter it is, since when it waits, and what was changed since."""
        proposal, state = self.proposal, self.history.state
        if proposal is None or self.why_not:
            return {}
        due = state.live_deadlines[0].due_on if state.live_deadlines else None
        return {
            "proposal": proposal,
            "is_to_decide": True,
            "kind_words": LetterKind(proposal.kind).words,
            "act_to_be_done": LABELS[Act(proposal.act)],
            "due_on": due,
            "answers": self.read_now.answers,
            "is_urgent": is_urgent(
                london_day(proposal.asked_at), due, today=self.today, calendar=self.history.calendar
            ),
            "document_url": f"{self.request.path}?letter={proposal.number}&{PDF}=yes"
            if self.read_now.words_hash
            else "",
            **self.changed_since(),
        }

    def changed_since(self) -> dict[str, Any]:
        """Return why it was sent back before, and what was changed since then."""
        proposal, now = self.waiting, self.read_now.rehearsal
        before = LetterProposal.objects.filter(
            complaint=self.complaint,
            act=proposal.act,
            asked_by=proposal.asked_by,
            stage=proposal.stage,
            visit=proposal.visit,
            number__lt=proposal.number,
            state=ProposalState.TAKEN_UP.value,
        )
        last = before.select_related("decided_by").order_by("-number").first()
        if last is None or now is None or now.made is None:
            return {}
        return {
            "sent_back": last,
            "sent_back_because": reason_of(self.history, last.number),
            "changes": changes_between(last.body, now.made.body),
        }

    # Deciding ----------------------------------------------------------------------------------

    def form_details(self) -> dict[str, Any]:
        """Return which letter it is."""
        return {"number": self.proposal.number if self.proposal else 0}

    def perform(self, form: Any) -> Complaint:
        """Approve it, and let its author's act be done; or send it back."""
        given = form.cleaned_data
        proposal = self.waiting
        whose = {**self.common, "number": proposal.number}
        if not form.approves:
            return send_letter_back(**whose, reason=given["reason"])
        try:
            return approve_letter(
                **whose, words_hash=given["words_hash"], perform=self.perform_its_act
            )
        except ApprovalNeeded:
            raise ActionNotAllowed(READ_AGAIN) from None

    def perform_its_act(self, seen: int) -> Complaint:
        """Do the act of the letter by its author, on a version of the complaint."""
        page, form = self.as_its_author(seen)
        return page.done_late(form)

    def performed(self, complaint: Complaint) -> HttpResponse:
        """Say what was done and what follows, and go back to the complaint."""
        proposal = self.waiting
        after = history_of(complaint)
        if after.events[-1].facts.get("decision") == Decision.SENT_BACK.value:
            done = f"The letter is sent back to {proposal.asked_by.name}, who is told of it."
            return self.finish(after, done)
        forget_draft(complaint_id=complaint.pk, act=Act(proposal.act), by=proposal.asked_by)
        follows = [
            *what_follows(self.history.state, after.state, after.terms),
            *days_off(self.history.state, after.state, after.editions),
        ]
        return self.finish(after, self.done, *follows)
