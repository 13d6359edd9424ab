"""Surveys: the page of a link or a code, and the staff's pages."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.errors import ComplaintError, NotMade, ReferenceUnreadable
from cases.models import User
from cases.operations.guessing import Counter, take_turn
from cases.operations.providers import provider
from cases.rules.customers import LetterFormat
from cases.rules.pages import Page
from cases.rules.papers import PDF
from cases.rules.references import parse_reference
from cases.rules.roles import Role
from cases.selectors.running import landlord
from cases.templatetags.parts import Column, Link
from cases.views.access import UNPROCESSABLE, StaffPage, user_of
from cases.views.visitors import client_address
from feedback.forms.step import FORM_ID
from feedback.forms.surveys import CodeForm, RoundForm, SurveyForm
from feedback.models import SurveyRequest, SurveyRound
from feedback.operations.outside_post import hand_over_surveys
from feedback.operations.survey_letters import (
    is_apart,
    survey_letter_apart,
    survey_letters_pdf,
)
from feedback.operations.surveys import (
    answer_survey,
    begin_round,
    mark_surveys_posted,
    survey_after_closing,
    ways_of_round,
)
from feedback.rules.surveys import Satisfaction, Way, is_dissatisfied, six_months_before
from feedback.selectors.named_answers import named_answers, told
from feedback.selectors.outside_post import SURVEY, fates
from feedback.selectors.surveys import (
    equality_found,
    found_since,
    next_code,
    rounds,
    waiting,
    with_provider,
)
from feedback.views.browser import is_only_shown
from feedback.views.track import Outside, outside, too_old

# Codes that do not work, from one address, before each further one has to wait.
FREE_TRIES = 10
# Letters that are printed in one go.
MOST_LETTERS = 100
# Answers with a name that are shown at once.
NAMED_SHOWN = 20
COLUMNS = [
    Column("Question"),
    *(Column(each.words) for each in Satisfaction),
    Column("Satisfied"),
]
UNKNOWN = "No survey with this code can be answered: it was answered, is too old, or has a slip."


@outside
class SurveyPage(Outside):
    """The survey behind a code. Looking at it uses nothing up; one that is used looks unknown."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show the questions."""
        if _open(code) is None:
            return closed(request)
        return self.page(request, SurveyForm())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Take the answers, or show what is to be mended."""
        asked = _open(code)
        if asked is None:
            return closed(request)
        form = SurveyForm(request.POST)
        is_right = form.is_valid()
        if not self.is_trusted:
            form.add_error(None, too_old())
            return self.page(request, form, status=403)
        if is_only_shown(form, request):
            return self.page(request, form)
        if not is_right:
            return self.page(request, form, status=UNPROCESSABLE)
        answer = answer_survey(code=asked.code, reply=form.reply(), now=self.now)
        if answer is None:
            return closed(request)
        # The address says nothing of the answers: servers note addresses, with the code before.
        return redirect("feedback:survey-thanks")

    def page(self, request: HttpRequest, form: SurveyForm, *, status: int = 200) -> HttpResponse:
        """Answer with the questions: nothing tells whose or about what they are."""
        context = {"form": form, "typed_form": FORM_ID}
        return render(request, "feedback/survey.html", context, status=status)


def _open(code: str) -> SurveyRequest | None:
    try:
        plain = parse_reference(code)
    except ReferenceUnreadable:
        return None
    return SurveyRequest.objects.open(now=timezone.now()).filter(code=plain).first()


def closed(request: HttpRequest) -> HttpResponse:
    """Answer for every code that does not work, slower and slower for whoever tries many."""
    counted = [Counter(f"survey:address:{client_address(request)}", FREE_TRIES)]
    seconds = take_turn(counted, now=timezone.now())
    response = render(request, "feedback/survey_closed.html", status=429 if seconds else 404)
    if seconds:
        response["Retry-After"] = str(seconds)
    return response


@login_not_required
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Say that the answers have come, and how whoever is dissatisfied complains (Code 1.6)."""
    return render(request, "feedback/survey_thanks.html")


class SurveysPage(StaffPage):
    """A page about surveys. The clock is read once."""

    page = Page.SURVEYS
    user: User

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the clock, and who asks."""
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        self.user = user_of(request)

    @property
    def may_ask(self) -> bool:
        """Say whether whoever looks carries surveys out."""
        return self.user.has_role(Role.COMPLAINTS_COORDINATOR)


class Surveys(SurveysPage):
    """What was found, and who waits to be asked."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what was found in the last twelve months, or by one round."""
        chosen = self.chosen(request)
        since = date(self.today.year - 1, self.today.month, 1)
        row = landlord()
        letters, calls = waiting(self.user, now=self.now, limit=MOST_LETTERS)
        context = {
            "title": str(chosen) if chosen else "The last 12 months",
            "found": found_since(since, today=self.today, round_=chosen),
            "columns": COLUMNS,
            "equality": equality_found(today=self.today),
            "rounds": rounds(),
            "chosen": chosen,
            "may_ask": self.may_ask,
            "since": row.surveys_since if row else None,
            "letters": _with_fates(letters) if self.may_ask else [],
            "calls": calls if self.may_ask else [],
            "handed": with_provider(self.user, limit=MOST_LETTERS) if self.may_ask else [],
            "has_provider": provider() is not None,
        }
        return render(request, "feedback/staff/surveys.html", context)

    def chosen(self, request: HttpRequest) -> SurveyRound | None:
        """Return the round that the address names, if it names one.

        :raises Http404: if there is no such round.
        """
        number = request.GET.get("round", "")
        if not number:
            return None
        if not number.isdecimal() or len(number) > 9:
            raise Http404
        return get_object_or_404(SurveyRound, pk=int(number))


class NamedAnswers(SurveysPage):
    """The answers that customers let us keep with their complaints."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show those of complaints that whoever looks may read."""
        found = Paginator(named_answers(self.user), NAMED_SHOWN)
        page = found.get_page(request.GET.get("page"))
        crumbs = [Link("Surveys", reverse("feedback:surveys")), Link("Answers with a name")]
        context = {"page": page, "answers": told(page.object_list), "crumbs": crumbs}
        return render(request, "feedback/staff/survey_named.html", context)


class AskingPage(SurveysPage):
    """A page for whoever carries surveys out."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer coordinators only.

        :raises PermissionDenied: to anybody else.
        """
        if not self.may_ask:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


# How many would be asked, in which way.
WAYS = (
    (Way.EMAIL, "By e-mail, at once"),
    (Way.POST, "By a letter to print"),
    (Way.PHONE, "By telephone"),
    (Way.NONE, "Not asked, because no way is safe or known"),
)


class BeginRound(AskingPage):
    """Asking everybody whose complaint was recorded in some months (HH-34)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the days, those of the six months before."""
        first, last = six_months_before(self.today)
        form = RoundForm(today=self.today, initial={"first_day": first, "last_day": last})
        return self.show(request, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask them, or say how many they would be."""
        form = RoundForm(request.POST, today=self.today)
        if form.is_valid():
            whom = {**form.cleaned_data, "by": self.user, "now": self.now}
            try:
                if "count" in request.POST:
                    return self.show(request, form, counted=ways_of_round(**whom))
                begun = begin_round(**whom)
            except ComplaintError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(
                    request, f"{begun.requests.exclude(way='none').count()} customers are asked."
                )
                return redirect("feedback:surveys")
        return self.show(request, form, status=UNPROCESSABLE)

    def show(
        self,
        request: HttpRequest,
        form: RoundForm,
        *,
        status: int = 200,
        counted: Mapping[Way, int] | None = None,
    ) -> HttpResponse:
        """Show the form, and how many would be asked if that was counted."""
        crumbs = [Link("Surveys", reverse("feedback:surveys")), Link("Ask about some months")]
        would_ask = [] if counted is None else [(words, counted[way]) for way, words in WAYS]
        context = {"form": form, "crumbs": crumbs, "would_ask": would_ask}
        return render(request, "feedback/staff/survey_round.html", context, status=status)


class AfterClosing(AskingPage):
    """Switching the survey after each closure on or off."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Switch it."""
        on = request.POST.get("on") == "yes"
        survey_after_closing(on=on, by=self.user, now=self.now)
        messages.success(
            request,
            "Customers are asked after each closure from today on."
            if on
            else "Nobody is asked after a closure any more.",
        )
        return redirect("feedback:surveys")


class SurveyLetters(AskingPage):
    """The letters to post: one PDF to print, and that they went."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer with the letters, or with one that is a file of its own.

        :raises Http404: if none waits.
        """
        letters, _ = waiting(self.user, now=self.now, limit=MOST_LETTERS)
        alone = request.GET.get("code", "")
        chosen = [each for each in letters if not alone or each.code == alone]
        if not chosen or (alone and not is_apart(chosen[0])):
            raise Http404
        try:
            if alone:
                return _apart(*survey_letter_apart(chosen[0], now=self.now))
            made = survey_letters_pdf(letters, now=self.now)
        except NotMade as reason:
            messages.error(request, f"None of these letters can be made. {reason}")
            return redirect("feedback:surveys")
        response = HttpResponse(made, content_type=PDF)
        response["Content-Disposition"] = 'inline; filename="surveys.pdf"'
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        """Note that they went to the post, or have the provider post them."""
        if "provider" in request.POST:
            return self.hand_over(request)
        count = mark_surveys_posted(
            codes=request.POST.getlist("code")[:MOST_LETTERS], by=self.user, now=self.now
        )
        messages.success(request, f"Posted today: {count}.")
        return redirect("feedback:surveys")

    def hand_over(self, request: HttpRequest) -> HttpResponse:
        """Have the provider post those that are printed."""
        letters, _ = waiting(self.user, now=self.now, limit=MOST_LETTERS)
        wanted = set(request.POST.getlist("code"))
        chosen = [each for each in _printed(letters) if each.code in wanted]
        refusals = hand_over_surveys(chosen, by=self.user, now=self.now)
        done = sum(not each for each in refusals)
        messages.success(request, f"With the provider to be posted: {done}.")
        for each, refusal in zip(chosen, refusals, strict=True):
            if refusal:
                messages.error(request, f"{each.code}: {refusal}")
        return redirect("feedback:surveys")


def _with_fates(letters: list[SurveyRequest]) -> list[tuple[SurveyRequest, str, str]]:
    """Return letters, each with the format if it is a file of its own, and why none posted it."""
    told = fates(SURVEY, [each.pk for each in letters])
    return [(each, _apart_words(each), told.get(each.pk, "")) for each in letters]


def _printed(letters: list[SurveyRequest]) -> list[SurveyRequest]:
    return [each for each in letters if not is_apart(each)]


def _apart_words(asked: SurveyRequest) -> str:
    """Return the format of a letter that is a file of its own, or nothing."""
    return LetterFormat(asked.complaint.customer.letter_format).words if is_apart(asked) else ""


def _apart(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


class FindSurvey(AskingPage):
    """Leading from a code to the page on which its answers are entered."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for the code."""
        return self.show(request, CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Lead there, or say what is wrong with the code."""
        form = CodeForm(request.POST)
        if form.is_valid():
            try:
                code = parse_reference(form.cleaned_data["code"])
            except ReferenceUnreadable as reason:
                form.add_error("code", str(reason))
            else:
                if next_code(code, user=self.user, now=self.now):
                    return redirect("feedback:survey-enter", code)
                form.add_error("code", UNKNOWN)
        return self.show(request, form, status=UNPROCESSABLE)

    def show(self, request: HttpRequest, form: CodeForm, *, status: int = 200) -> HttpResponse:
        """Show the form."""
        crumbs = [Link("Surveys", reverse("feedback:surveys")), Link("Enter what came back")]
        context = {"form": form, "crumbs": crumbs}
        return render(request, "feedback/staff/survey_find.html", context, status=status)


class EnterSurvey(AskingPage):
    """Entering what came back on paper, or is told by telephone."""

    asked: SurveyRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the request.

        :raises Http404: if there is none that can be answered.
        """
        super().setup(request, *args, **kwargs)
        if not request.user.is_authenticated or not self.may_ask:
            return
        found = next_code(kwargs["code"], user=self.user, now=self.now)
        if found is None:
            raise Http404
        self.asked = found

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show the questions."""
        return self.show(request, SurveyForm())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Take the answers."""
        form = SurveyForm(request.POST)
        if not form.is_valid():
            return self.show(request, form, status=UNPROCESSABLE)
        answer = answer_survey(code=code, reply=form.reply(), now=self.now, by=self.user)
        if answer is None:
            messages.error(request, UNKNOWN)
        elif is_dissatisfied(answer.overall):
            messages.warning(
                request,
                "The answers are kept. The customer is dissatisfied: tell them that they can "
                "complain, or take their complaint further, and offer to do it for them.",
            )
        else:
            messages.success(request, "The answers are kept.")
        return redirect("feedback:surveys")

    def show(self, request: HttpRequest, form: SurveyForm, *, status: int = 200) -> HttpResponse:
        """Show the questions."""
        crumbs = [Link("Surveys", reverse("feedback:surveys")), Link(self.asked.code)]
        context = {"form": form, "crumbs": crumbs, "code": self.asked.code}
        return render(request, "feedback/staff/survey_enter.html", context, status=status)
