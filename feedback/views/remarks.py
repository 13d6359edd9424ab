"""Compliments and suggestions: the list, one of them, and what is done with it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from cases.errors import ApprovalNeeded, ComplaintError
from cases.models import Landlord
from cases.rules.customers import Channel
from cases.rules.languages import LANGUAGES, language_needed
from cases.rules.roles import Role
from cases.selectors.counting import in_words
from cases.selectors.running import current_edition
from cases.templatetags.parts import Action, Column, FileRow, Link, Refusal, SummaryRow
from cases.views.complaint import emails_say
from feedback.forms.staff import (
    PREVIEW,
    DecideForm,
    LetterForm,
    LogRemarkForm,
    PassOnForm,
    RemarkFilter,
    ThankForm,
)
from feedback.models import Remark, RemarkLetter
from feedback.operations.remark_approvals import (
    Wording,
    letter_as_it_would_go,
    propose_remark_letter,
)
from feedback.operations.remark_gate import is_approved_first
from feedback.operations.remark_replies import acknowledge_remark, decide_suggestion
from feedback.operations.remarks import log_remark, make_complaint, pass_on
from feedback.rules.kinds import Decision, Kind, Way
from feedback.rules.remark_letters import Purpose
from feedback.selectors.outside_post import REMARK, fates
from feedback.selectors.remark_approvals import letters_waiting, typed_before
from feedback.selectors.remarks import (
    Show,
    offers,
    received_in_a_year,
    remarks_list,
    tallies,
    thanks_standing,
    ways_to,
)
from feedback.selectors.sightings import with_remark
from feedback.selectors.staff import readers_of_remarks
from feedback.views.sections import FeedbackPage

ROWS_A_PAGE = 25
COLUMNS = [
    Column("Reference"),
    Column("Kind"),
    Column("Received"),
    Column("From"),
    Column("What was said"),
    Column("Thanks"),
    Column("Next"),
]


class RemarkList(FeedbackPage):
    """All of them, the latest first, with what needs doing."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        form = RemarkFilter(request.GET)
        chosen = form.cleaned_data if form.is_valid() else {"kind": "", "show": ""}
        found = remarks_list(user=self.user, today=self.today, **chosen)
        page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
        counts = tallies(today=self.today)
        year = received_in_a_year(today=self.today)
        calendar = current_edition().calendar
        return self.render(
            request,
            "feedback/staff/list.html",
            filter_form=form,
            columns=COLUMNS,
            page=page,
            rows=[
                (each, thanks_standing(each, today=self.today, calendar=calendar), _next(each))
                for each in page.object_list
            ],
            tiles=[
                {
                    "value": in_words(counts[show.value]),
                    "label": show.words,
                    "url": f"?show={show.value}",
                    "tone": "red" if show is Show.OVERDUE and counts[show.value] else "",
                }
                for show in Show
            ],
            year={kind.value: year.get(kind.value, 0) for kind in Kind},
        )


def _next(remark: Remark) -> str:
    """Return what remains to be done with it."""
    if remark.complaint is not None:
        return f"Now complaint {remark.complaint.reference}"
    if remark.kind == Kind.SUGGESTION:
        return Decision(remark.decision).words if remark.decision else "To be decided"
    return ""


class LogPage(FeedbackPage):
    """Logging one for a caller."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the empty form."""
        return self.show(request, self.form(None))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Log it."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(request, form, status=422)
        try:
            remark = log_remark(form.said(), by=self.user, now=self.now)
        except ComplaintError as refusal:
            form.add_error(None, str(refusal))
            return self.show(request, form, status=422)
        messages.success(request, f"Logged. The reference is {remark.reference}.")
        return redirect(remark)

    def form(self, given: Any) -> LogRemarkForm:
        """Return the form."""
        return LogRemarkForm(given, today=self.today, cancel=reverse("feedback:staff-list"))

    def show(self, request: HttpRequest, form: LogRemarkForm, *, status: int = 200) -> HttpResponse:
        """Show the form."""
        return self.render(request, "feedback/staff/log.html", form=form, status=status)


class OneRemark(FeedbackPage):
    """A page about one of them."""

    remark: Remark

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load it.

        :raises Http404: if there is none.
        """
        super().setup(request, *args, **kwargs)
        if not self.may_read:
            return
        remarks = Remark.objects.visible_to(self.user).select_related(
            "customer",
            "service_area",
            "complaint",
            "logged_by",
            "acknowledged_by",
            "decided_by",
            "submission",
        )
        self.remark = get_object_or_404(remarks, reference=kwargs["reference"])

    @property
    def crumbs(self) -> list[Link]:
        """Return the way to the page."""
        listing = Link("Compliments and suggestions", reverse("feedback:staff-list"))
        return [listing, Link(self.remark.reference, self.remark.get_absolute_url())]


class RemarkPage(OneRemark):
    """One of them, and what may be done with it."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show it."""
        remark = self.remark
        can = offers(remark, self.user)
        submission = getattr(remark, "submission", None)
        files = submission.files.select_related("file") if submission else ()
        return self.render(
            request,
            "feedback/staff/remark.html",
            remark=remark,
            kind=Kind(remark.kind),
            crumbs=[*self.crumbs[:1], Link(remark.reference)],
            facts=_facts(remark),
            sender=_sender(remark),
            standing=thanks_standing(remark, today=self.today, calendar=current_edition().calendar),
            allowed=[
                Action(
                    each.label,
                    _address(each.code, remark),
                    "primary" if each.code == "thank" else "secondary",
                )
                for each in can
                if not each.reason
            ],
            refused=[Refusal(each.label, each.reason) for each in can if each.reason],
            passed_on=remark.passed_on.select_related("to", "by").order_by("pk"),
            letters=_letters(remark),
            decision=Decision(remark.decision) if remark.decision else None,
            waiting=letters_waiting(remark, self.user),
            answered_how=Way(remark.answered_how) if remark.answered_how else None,
            sightings=with_remark(remark),
            files=[
                FileRow(
                    row.file.name,
                    reverse("feedback:file", args=[remark.reference, row.file.key]),
                    held=row.file.held_words,
                )
                for row in files
            ],
        )


def _letters(remark: Remark) -> list[tuple[RemarkLetter, str]]:
    """Return its letters, each with how far it got with the provider. Two queries."""
    rows = list(remark.letters.select_related("issued_by", "posted_by", "message"))
    told = fates(REMARK, [each.pk for each in rows if each.channel == Way.POST])
    return [(each, told.get(each.pk, "")) for each in rows]


def _address(code: str, remark: Remark) -> str:
    """Return the address of the page on which something is done with it."""
    if code == "you-said":
        return f"{reverse('feedback:lesson-add')}?{urlencode({'about': remark.reference})}"
    return reverse(f"feedback:{code}", args=[remark.reference])


def _facts(remark: Remark) -> list[SummaryRow]:
    logged = f" by {remark.logged_by.name}" if remark.logged_by else ""
    channels = {each.value: each.words for each in Channel}
    return [
        SummaryRow("Received", f"{remark.received_on:%a %-d %b %Y}"),
        SummaryRow("By", f"{channels.get(remark.channel, remark.channel)}{logged}"),
        SummaryRow("About", remark.regarding),
        SummaryRow("Service area", remark.service_area.name if remark.service_area else ""),
    ]


def _sender(remark: Remark) -> list[SummaryRow]:
    customer = remark.customer
    if customer is None:
        return []
    return [
        SummaryRow("Name", customer.name),
        SummaryRow("Address", "\n".join(customer.address_lines)),
        SummaryRow("Telephone", customer.phone),
        SummaryRow("Email", customer.email),
        *([SummaryRow("E-mails say", emails_say(customer))] if customer.email else []),
        SummaryRow("Needs", customer.needs),
    ]


def _language(remark: Remark) -> str:
    """Return the language that its sender needs, if it is not English."""
    return language_needed(remark.customer.language) if remark.customer else ""


class Act(OneRemark):
    """A form that does one thing with one of them."""

    title = ""
    code = ""
    done = ""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show the form, unless it cannot be done now."""
        if refusal := self.why_not():
            messages.warning(request, refusal)
            return redirect(self.remark)
        return self.show(request, self.form(None))

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Do it, or show why not."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(request, form, status=422)
        try:
            if PREVIEW in request.POST and isinstance(form, LetterForm):
                return self.previewed(request, form)
            self.act(form)
        except ApprovalNeeded:
            return self.ask_approval(request, form)
        except ComplaintError as refusal:
            form.add_error(None, str(refusal))
            return self.show(request, form, status=422)
        messages.success(request, self.done)
        return redirect(self.remark)

    def previewed(self, request: HttpRequest, form: Any) -> HttpResponse:
        """Show the letter that would go, of which nothing is kept.

        :raises ComplaintError: if it could not go.
        """
        wording: Wording = form.wording
        letter = letter_as_it_would_go(
            lambda: wording.send(remark_id=self.remark.pk, by=self.user, now=self.now),
            wording.purpose,
        )
        tongue = LANGUAGES.get(letter.other_language) if letter else None
        return self.show(request, form, is_preview=True, letter=letter, tongue=tongue)

    def ask_approval(self, request: HttpRequest, form: Any) -> HttpResponse:
        """Ask a second person to approve the letter."""
        try:
            propose_remark_letter(
                remark_id=self.remark.pk, by=self.user, now=self.now, wording=form.wording
            )
        except ComplaintError as refusal:
            form.add_error(None, str(refusal))
            return self.show(request, form, status=422)
        messages.success(request, "Approval is asked for. Nothing is sent until it is given.")
        return redirect(self.remark)

    def sending(self, purpose: Purpose) -> dict[str, Any]:
        """Return what a form that writes a letter needs to know besides. Two queries."""
        kind = Kind(self.remark.kind)
        return {
            "initial": typed_before(self.remark, purpose, self.user),
            "is_approved_first": is_approved_first(purpose, kind, Landlord.objects.first()),
        }

    def why_not(self) -> str:
        """Return why it cannot be done now, or nothing.

        :raises PermissionDenied: if it is not for this person at all.
        """
        found = [each for each in offers(self.remark, self.user) if each.code == self.code]
        if not found and self.remark.complaint_id is None:
            raise PermissionDenied
        return found[0].reason if found else "It is dealt with as a complaint now."

    def form(self, given: Any) -> Any:
        """Return the form."""
        raise Http404

    def act(self, form: Any) -> None:
        """Do it."""

    def show(
        self, request: HttpRequest, form: Any, *, status: int = 200, **shown: Any
    ) -> HttpResponse:
        """Show the form, and the letter under it if that was asked for."""
        return self.render(
            request,
            "feedback/staff/act.html",
            **shown,
            form=form,
            title=self.title,
            remark=self.remark,
            kind=Kind(self.remark.kind),
            crumbs=[*self.crumbs, Link(self.title)],
            status=status,
        )


class Thank(Act):
    """Thanking the sender."""

    title = "Thank the sender"
    code = "thank"
    done = "The sender is thanked."

    def form(self, given: Any) -> ThankForm:
        """Return the ways there are."""
        return ThankForm(
            given,
            ways=ways_to(self.remark.customer),
            received_on=self.remark.received_on,
            today=self.today,
            cancel=self.remark.get_absolute_url(),
            language=_language(self.remark),
            **self.sending(Purpose.THANKS),
        )

    def act(self, form: ThankForm) -> None:
        """Record it, and write what is written."""
        acknowledge_remark(
            remark_id=self.remark.pk,
            by=self.user,
            now=self.now,
            way=Way(form.cleaned_data["way"]),
            on=form.on,
            words=form.cleaned_data["words"],
            other=form.other,
        )


class PassOn(Act):
    """Telling a colleague."""

    title = "Pass it on to a colleague"
    code = "pass-on"
    done = "Your colleague is told by email."

    def form(self, given: Any) -> PassOnForm:
        """Return the colleagues who could read it and have not been told."""
        told_already = self.remark.passed_on.values("to")
        return PassOnForm(
            given,
            people=readers_of_remarks().exclude(pk__in=told_already),
            cancel=self.remark.get_absolute_url(),
        )

    def act(self, form: PassOnForm) -> None:
        """Tell them."""
        pass_on(remark_id=self.remark.pk, by=self.user, now=self.now, to=form.cleaned_data["to"])


class Decide(Act):
    """Deciding about a suggestion."""

    title = "Decide and answer"
    code = "decide"
    done = "The decision is recorded."

    def form(self, given: Any) -> DecideForm:
        """Return the decisions and the ways there are."""
        ways = ways_to(self.remark.customer)
        return DecideForm(
            given,
            ways=ways,
            cancel=self.remark.get_absolute_url(),
            language=_language(self.remark),
            **self.sending(Purpose.ANSWER),
        )

    def act(self, form: DecideForm) -> None:
        """Record it, and answer."""
        way = form.cleaned_data.get("way")
        decide_suggestion(
            remark_id=self.remark.pk,
            by=self.user,
            now=self.now,
            decision=Decision(form.cleaned_data["decision"]),
            answer=form.cleaned_data["answer"],
            way=Way(way) if way else None,
            other=form.other,
        )


class MakeComplaint(OneRemark):
    """Treating it as the complaint it is."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer coordinators only.

        :raises PermissionDenied: to anybody else.
        """
        if not self.user.has_role(Role.COMPLAINTS_COORDINATOR):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Ask whether it is meant."""
        if self.remark.complaint_id is not None:
            return redirect(self.remark)
        return self.render(
            request,
            "feedback/staff/make_complaint.html",
            remark=self.remark,
            kind=Kind(self.remark.kind),
            crumbs=[*self.crumbs, Link("Treat it as a complaint")],
        )

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Make it one."""
        try:
            complaint = make_complaint(remark_id=self.remark.pk, by=self.user, now=self.now)
        except ComplaintError as refusal:
            messages.error(request, str(refusal))
            return redirect(self.remark)
        messages.success(
            request,
            f"It is complaint {complaint.reference} now, received on "
            f"{complaint.received_on:%-d %B %Y}. It waits to be accepted.",
        )
        return redirect(self.remark)
