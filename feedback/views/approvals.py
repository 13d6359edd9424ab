"""The page on which a second person reads a letter about a remark, and approves it or does not."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from cases.errors import ComplaintError
from cases.models import ProposalState
from cases.rules.customers import LetterFormat
from cases.rules.languages import LANGUAGES
from cases.templatetags.parts import Link
from feedback.forms.staff import APPROVE, ApproveForm
from feedback.models import RemarkLetter, RemarkProposal
from feedback.operations.remark_approvals import (
    approve_remark_letter,
    as_it_would_go,
    send_remark_letter_back,
    take_remark_letter_back,
)
from feedback.rules.kinds import Kind
from feedback.rules.remark_letters import Purpose
from feedback.selectors.remark_approvals import may_approve
from feedback.views.remarks import OneRemark

TAKE_BACK = "take_back"


class ApproveLetter(OneRemark):
    """A letter that waits for a second person: read as it would go now, and decided about."""

    purpose: Purpose
    letter: RemarkLetter | None = None
    words_hash = ""
    in_the_way = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the letter.

        :raises Http404: if there is no such purpose.
        """
        super().setup(request, *args, **kwargs)
        if kwargs["purpose"] not in {each.value for each in Purpose}:
            raise Http404
        self.purpose = Purpose(kwargs["purpose"])

    @property
    def proposal(self) -> RemarkProposal | None:
        """Return what waits, if anything does."""
        waiting = self.remark.proposals.filter(
            purpose=self.purpose.value, state=ProposalState.WAITING.value
        )
        return waiting.select_related("asked_by").first()

    def get(self, request: HttpRequest, reference: str, purpose: str) -> HttpResponse:
        """Show it."""
        return self.show(request, None)

    def post(self, request: HttpRequest, reference: str, purpose: str) -> HttpResponse:
        """Approve it, send it back, or take it back; or show why not."""
        which: dict[str, Any] = {
            "remark_id": self.remark.pk,
            "purpose": self.purpose,
            "by": self.user,
            "now": self.now,
        }
        form = ApproveForm(request.POST)
        try:
            if TAKE_BACK in request.POST:
                take_remark_letter_back(**which)
                return self.done("You have taken the letter back. What you typed is kept.")
            if not form.is_valid():
                return self.show(request, form, status=422)
            given = form.cleaned_data
            if given["decision"] != APPROVE:
                send_remark_letter_back(**which, reason=given["reason"])
                return self.done("The letter is sent back to its author, who is told of it.")
            approve_remark_letter(**which, words_hash=given["words_hash"])
        except ComplaintError as refusal:
            form.add_error(None, str(refusal))
            return self.show(request, form, status=422)
        return self.done("The letter is approved and goes now.")

    def done(self, words: str) -> HttpResponse:
        """Say what was done, and go back to the remark."""
        messages.success(self.request, words)
        return redirect(self.remark)

    def read(self, proposal: RemarkProposal) -> None:
        """Read the letter as its author would send it now, or what is in its way."""
        try:
            self.letter, self.words_hash = as_it_would_go(proposal, now=self.now)
        except ComplaintError as refusal:
            self.in_the_way = str(refusal)

    def show(
        self, request: HttpRequest, form: ApproveForm | None, *, status: int = 200
    ) -> HttpResponse:
        """Show the letter, and to whoever may decide the decision on just these words."""
        proposal = self.proposal
        is_own = proposal is not None and proposal.asked_by_id == self.user.pk
        may_decide = proposal is not None and not is_own and may_approve(self.user, self.remark)
        if proposal is not None:
            self.read(proposal)
        if form is not None:
            data = cast(QueryDict, form.data).copy()
            data["words_hash"] = self.words_hash
            form.data = data
        letter = self.letter
        return self.render(
            request,
            "feedback/staff/approve.html",
            remark=self.remark,
            kind=Kind(self.remark.kind),
            purpose=self.purpose,
            proposal=proposal,
            letter=letter,
            in_the_way=self.in_the_way,
            tongue=LANGUAGES.get(letter.other_language) if letter else None,
            format=LetterFormat(letter.letter_format) if letter else None,
            is_own=is_own,
            may_decide=may_decide,
            refusals=form.non_field_errors() if form is not None and not may_decide else (),
            form=(form or ApproveForm(initial={"words_hash": self.words_hash}))
            if may_decide
            else None,
            crumbs=[*self.crumbs, Link("Letter for approval")],
            status=status,
        )
