"""A complaint as its customer follows it, and what they do there themselves.

Every page asks anew whether the visit still lasts; when it does not, what was typed is shown once
more, to be kept, and nothing of the complaint.
"""

import contextlib
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from cases.errors import ComplaintError, NotMade
from cases.models import Complaint, Customer, Representative, TrackingVisit
from cases.models.tracking import Proof
from cases.operations.documents import letter_document, papers_with
from cases.operations.emails_say import let_emails_say
from cases.operations.from_customer import (
    ask_for_next_stage,
    change_wishes,
    let_speak,
    report_breach,
    stop_speaking,
    withdraw_by_customer,
)
from cases.operations.leaflets import enclosed_policy
from cases.operations.tracking import end_visit
from cases.rules.authority import Deed, on_the_web
from cases.rules.customers import LetterFormat
from cases.rules.numbers import number_in
from cases.selectors.case_history import history_of
from cases.selectors.tracking import copied_by_email, following_is_closed, live_visit
from cases.views.access import UNPROCESSABLE
from cases.views.files import handed_out
from cases.views.uploads import Limited
from feedback.forms.step import FORM_ID
from feedback.forms.track import (
    BreachForm,
    EmailsForm,
    NextStageForm,
    SpeakerForm,
    WishesForm,
    WithdrawForm,
)
from feedback.selectors.tracked import (
    letters_sent,
    next_stage_of,
    papers_sent,
    tracked,
    was_asked_with,
)
from feedback.views.browser import is_only_shown
from feedback.views.track import (
    Outside,
    forget,
    hash_of_visit,
    outside,
    remember_visit,
    shut,
    token_of_visit,
    too_old,
    what_was_typed,
)


@outside
class TrackedPage(Outside):
    """The complaint of a visit that lasts."""

    visit: TrackingVisit
    complaint: Complaint
    files_taken = 0
    template = "feedback/track/complaint.html"
    # Whether others than the customer have it too: those who speak for them or complain with them.
    is_for_others = False
    # What whoever speaks for the customer has to be allowed to do by themselves to have it.
    deed: Deed | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Limit what may be uploaded."""
        super().setup(request, *args, **kwargs)
        limited = Limited(request, each=settings.UPLOAD_FILE_MAX_BYTES, number=self.files_taken)
        request.upload_handlers.insert(0, limited)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer while the visit lasts, and let it last on from now.

        :raises Http404: to others than the customer, of a page that is for the customer alone.
        """
        token = token_of_visit(request)
        visit = live_visit(hash_of_visit(request), now=self.now) if token else None
        if visit is None:
            return self.over(request)
        if not self.may_open(visit):
            raise Http404
        self.visit, self.complaint = visit, visit.complaint
        response = cast(HttpResponse, super().dispatch(request, *args, **kwargs))
        if not response.cookies:
            remember_visit(response, token)
        return response

    def may_open(self, visit: TrackingVisit) -> bool:
        """Say whether a page is for whoever visits."""
        return visit.is_customers or self.is_for_others or self.deed in self.may_do(visit)

    def may_do(self, visit: TrackingVisit) -> frozenset[Deed]:
        """Return what whoever visits and speaks for the customer may do by themselves."""
        speaker = visit.speaker
        return on_the_web(speaker.standing_on(self.today)) if speaker else frozenset()

    def over(self, request: HttpRequest) -> HttpResponse:
        """Say that nobody is signed in here, and show what was typed for the last time."""
        if following_is_closed():
            return shut(request)
        context = {"typed": what_was_typed(request)}
        response = render(request, "feedback/track/over.html", context, status=404)
        forget(response)
        return response

    def show(self, request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
        """Show a page about the complaint."""
        common = {
            "complaint": self.complaint,
            "customer": self.complaint.customer,
            "officer": self.complaint.responsible_officer,
            "visit": self.visit,
            "today": self.today,
        }
        return render(request, self.template, common | context, status=status)


class TrackedComplaint(TrackedPage):
    """Where it stands."""

    is_for_others = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the complaint."""
        is_customers, may = self.visit.is_customers, self.may_do(self.visit)
        return self.show(
            request,
            may_add=is_customers or Deed.ADD_WORDS in may,
            may_ask=is_customers or Deed.NEXT_STAGE in may,
            may_withdraw=is_customers or Deed.WITHDRAW in may,
            tracked=tracked(self.complaint, today=self.today, visit=self.visit),
            is_copied_by_email=copied_by_email(self.visit) is not None,
        )


class StayPage(TrackedPage):
    """More time, asked for before a visit ends by itself."""

    is_for_others = True

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer with nothing: the visit lasts on from now, as with every page.

        :raises PermissionDenied: if the button was not one of ours.
        """
        if not self.is_trusted:
            raise PermissionDenied
        return HttpResponse("", content_type="text/plain; charset=utf-8")


class ActPage(TrackedPage):
    """Something that customers do themselves: a form, what it does, and what is said then."""

    def form(self, data: Any = None, files: Any = None) -> Any:
        """Return the form, empty or with what was sent."""
        raise NotImplementedError

    def do(self, form: Any) -> str:
        """Do it, and return what is said then.

        :raises ComplaintError: if it cannot be done, with words for the customer.
        """
        raise NotImplementedError

    def more(self) -> dict[str, Any]:
        """Return what else the page shows."""
        return {}

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return self.ask(request, self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, or show what is to be mended with what was typed."""
        form = self.form(as_text(request), request.FILES)
        if not self.is_trusted:
            form.is_valid()
            form.add_error(None, too_old())
            return self.ask(request, form, status=403)
        if is_only_shown(form, request):
            return self.ask(request, form)
        if not form.is_valid():
            return self.ask(request, form, status=UNPROCESSABLE)
        try:
            said = self.do(form)
        except ComplaintError as refusal:
            form.add_error(None, str(refusal))
            return self.ask(request, form, status=UNPROCESSABLE)
        messages.success(request, said)
        return self.done()

    def done(self) -> HttpResponse:
        """Lead back to the complaint."""
        return redirect("feedback:tracked")

    def ask(self, request: HttpRequest, form: Any, *, status: int = 200) -> HttpResponse:
        """Show the form."""
        back = reverse("feedback:tracked")
        more = {"typed_form": FORM_ID, **self.more()}
        return self.show(request, status=status, form=form, back_url=back, **more)


def as_text(request: HttpRequest) -> Any:
    """Return what was sent, as text that every database can keep."""
    data = request.POST.copy()
    for name, values in data.lists():
        data.setlist(name, [value.replace("\x00", "") for value in values])
    return data


class NextStagePage(ActPage):
    """Asking for the next stage."""

    template = "feedback/track/next_stage.html"
    deed = Deed.NEXT_STAGE

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form, or say that there is nothing to ask for now."""
        return super().get(request) if self.offer else self.show(request, offer=None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for it, or say that there is nothing to ask for now, and show what was typed."""
        if self.offer is None:
            typed = what_was_typed(request)
            if self.is_trusted and was_asked_with(self.complaint, "".join(typed)):
                # The other click was quicker.
                return self.done()
            status = UNPROCESSABLE if self.is_trusted else 403
            return self.show(request, status=status, offer=None, typed=typed)
        return super().post(request, *args, **kwargs)

    @cached_property
    def offer(self) -> Any:
        """Return the stage that can be asked for as the request came, or nothing."""
        return next_stage_of(history_of(self.complaint), today=self.today)

    def form(self, data: Any = None, files: Any = None) -> NextStageForm:
        """Return the form."""
        return NextStageForm(data, reasons_required=self.offer.reasons_required)

    def do(self, form: NextStageForm) -> str:
        """Record the request."""
        reasons = form.cleaned_data["reasons"]
        ask_for_next_stage(
            complaint_id=self.complaint.pk,
            reasons=reasons,
            speaker_id=self.visit.speaker_id,
            now=self.now,
        )
        return _("You have asked for the next stage. Below is what happens next.")

    def more(self) -> dict[str, Any]:
        """Return what is asked for."""
        return {"offer": self.offer}


class WishesPage(ActPage):
    """How the customer wants to be reached."""

    template = "feedback/track/wishes.html"

    def form(self, data: Any = None, files: Any = None) -> WishesForm:
        """Return the form."""
        return WishesForm(data, customer=self.complaint.customer)

    def do(self, form: WishesForm) -> str:
        """Change it."""
        changed = change_wishes(
            complaint_id=self.complaint.pk,
            wishes=form.wishes,
            now=self.now,
            # Colleagues made sure who it is before they gave out a code.
            may_open=self.visit.proof in (Proof.PHONE, Proof.POST),
        )
        if changed:
            return _("We reach you like that from now on.")
        return _("Nothing was changed.")

    def done(self) -> HttpResponse:
        """Lead to the complaint; who may not be e-mailed any more and came so is signed out."""
        if live_visit(self.visit.token_hash, now=self.now) is not None:
            return super().done()
        end_visit(token_of_visit(self.request), now=self.now)
        response = redirect("feedback:track")
        forget(response)
        return response


class EmailsPage(ActPage):
    """What e-mails say to somebody else who has the letters: who speaks, or complains too."""

    template = "feedback/track/emails.html"
    is_for_others = True

    @cached_property
    def reader(self) -> Customer | Representative:
        """Return whoever it is.

        :raises Http404: if no letter goes to them by e-mail. The customer has another page.
        """
        found = copied_by_email(self.visit)
        if found is None:
            raise Http404
        return found

    def form(self, data: Any = None, files: Any = None) -> EmailsForm:
        """Return the form."""
        return EmailsForm(data, is_whole=self.reader.letters_by_email)

    def do(self, form: EmailsForm) -> str:
        """Change it."""
        changed = let_emails_say(
            complaint_id=self.complaint.pk,
            speaker_id=self.visit.speaker_id,
            joint_id=self.visit.joint_id,
            is_whole=form.is_whole,
            now=self.now,
        )
        return _("We reach you like that from now on.") if changed else _("Nothing was changed.")


class SpeakerPage(ActPage):
    """Who may speak for the customer."""

    template = "feedback/track/speaker.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let somebody speak, or let them no more."""
        stop = number_in(request.POST.get("stop", ""))
        if not stop or not self.is_trusted:
            return super().post(request, *args, **kwargs)
        try:
            stop_speaking(complaint_id=self.complaint.pk, representative_id=stop, now=self.now)
        except ComplaintError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("We do not talk to them about this any more."))
        return redirect("feedback:tracked-speaker")

    def form(self, data: Any = None, files: Any = None) -> SpeakerForm:
        """Return the form."""
        return SpeakerForm(data)

    def do(self, form: SpeakerForm) -> str:
        """Record who may speak."""
        let_speak(complaint_id=self.complaint.pk, speaker=form.speaker, now=self.now)
        return _("We know now that they may speak for you.")

    def more(self) -> dict[str, Any]:
        """Return who may speak now."""
        found = self.complaint.representatives.order_by("pk")
        return {"speakers": [each for each in found if each.standing_on(self.today).speaks]}


class WithdrawPage(ActPage):
    """Not going on."""

    template = "feedback/track/withdraw.html"
    deed = Deed.WITHDRAW

    def form(self, data: Any = None, files: Any = None) -> WithdrawForm:
        """Return the form."""
        return WithdrawForm(data)

    def do(self, form: WithdrawForm) -> str:
        """Withdraw it."""
        words = form.cleaned_data["words"]
        withdraw_by_customer(
            complaint_id=self.complaint.pk,
            words=words,
            speaker_id=self.visit.speaker_id,
            now=self.now,
        )
        return _("You have withdrawn your complaint. If you change your mind, tell us.")


class BreachPage(ActPage):
    """“I can see somebody else’s information”: told at once, and the page is closed."""

    template = "feedback/track/breach.html"
    is_for_others = True

    def form(self, data: Any = None, files: Any = None) -> BreachForm:
        """Return the form."""
        return BreachForm(data)

    def do(self, form: BreachForm) -> str:
        """Tell whoever has to act, and shut the complaint to the web."""
        words = form.cleaned_data["words"]
        if not report_breach(complaint_id=self.complaint.pk, words=words, now=self.now):
            return _(
                "Thank you. Your page is closed until we have looked. Nobody who may read your "
                "complaint could be told: we have told others that somebody must look. Please ring "
                "us or write as well. Your complaint goes on."
            )
        return _(
            "Thank you. We were told at once, and your page is closed until we have looked. Your "
            "complaint goes on: ring us or write if you want to add something."
        )

    def done(self) -> HttpResponse:
        """Lead to the first page: this one is closed."""
        response = redirect("feedback:track")
        forget(response)
        return response


class TrackedLetter(TrackedPage):
    """A letter as it went, in the format that its reader needs, to be saved."""

    is_for_others = True

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, number: int = 0) -> HttpResponse:
        """Hand it out, or say that it cannot be made.

        With `enclosed=policy` it is the policy that went with it (HH-14).

        :raises Http404: if no such letter went to the customer, or no policy went with it.
        """
        sent = [each for each in letters_sent(self.visit) if each.event_number == number]
        if not sent:
            raise Http404
        letter = sent[0]
        is_policy = request.GET.get("enclosed") == "policy"
        if is_policy and not letter.encloses_policy:
            raise Http404
        make = enclosed_policy if is_policy else letter_document
        for each in dict.fromkeys((LetterFormat(letter.letter_format), LetterFormat.STANDARD)):
            with contextlib.suppress(NotMade):
                if made := make(letter, each, now=self.now):
                    return cast(HttpResponse, handed_out(made.file))
        return render(request, "feedback/not_made.html", status=503)


class TrackedPapers(TrackedPage):
    """The papers for a hearing as they were sent, to be saved."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, number: int = 0) -> HttpResponse:
        """Hand them out.

        :raises Http404: if no such papers went to the customer.
        """
        sent = {each.number: each for each in papers_sent(history_of(self.complaint))}
        if number not in sent:
            raise Http404
        file = papers_with(self.complaint.pk, [sent[number].facts["sha256"]])
        if file is None:
            raise Http404
        return cast(HttpResponse, handed_out(file))
