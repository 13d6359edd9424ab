"""The pages of the gallery. `?state=` is empty, filled or errors."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from complaints_site.tests.gallery import data, forms

FILLED_PUBLIC = {
    "about": "other",
    "about_other": "The lift",
    "details": "The lift has been out since 2 November.",
    "started_on_day": "2",
    "started_on_month": "11",
    "started_on_year": "2026",
    "name": "Gareth Evans",
    "postcode": "BS1 4AA",
    "contact_by": "email",
    "email": "gareth@example.org",
    "needs": ["interpreter", "large-print"],
    "spoken_language": "Welsh",
    "confirmed": "on",
}
WRONG_PUBLIC = {
    "about": "other",
    "details": "x" * 2050,
    "started_on_day": "31",
    "started_on_month": "2",
    "contact_by": "email",
    "email": "gareth",
    "needs": ["interpreter"],
}
FILLED_STAFF = {
    "received_day": "22",
    "received_month": "Nov",
    "received_year": "2026",
    "received_time": "4.45pm",
    "channel": "phone",
    "first_name": "Gareth",
    "last_name": "Evans",
    "area": "n",
    "acts_for": "yes",
    "representative": "Siân Lloyd",
    "words": "It is worse since the rain.",
    "offer": "£1,250.50",
    "homes": "3",
    "decided_on_day": "20",
    "decided_on_month": "11",
    "decided_on_year": "2026",
}
WRONG_STAFF = {
    "received_day": "22",
    "received_month": "11",
    "received_year": "2026",
    "received_time": "late",
    "acts_for": "yes",
    "offer": "a lot",
    "homes": "none",
    "decided_on_day": "24",
    "decided_on_month": "11",
    "decided_on_year": "2026",
}


def answers(request: HttpRequest, *, filled: dict[str, Any], wrong: dict[str, Any]) -> Any:
    """Return what the state of the page has a form be filled with."""
    if request.method == "POST":
        return request.POST
    return {"filled": filled, "errors": wrong}.get(request.GET.get("state", ""))


def page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Return a page of the gallery, as its landlord has it."""
    common = {"landlord": data.LANDLORD, "menu": [], "user": data.NOBODY, "data": data}
    status = 422 if getattr(context.get("form"), "errors", None) else 200
    return render(request, template, common | {"today": data.TODAY} | context, status=status)


def staff(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Return a page of the gallery for staff."""
    return page(request, template, menu=data.MENU, user=data.OFFICER, may_search=True, **context)


@login_not_required
@csrf_exempt
def public_form(request: HttpRequest) -> HttpResponse:
    """The whole public form."""
    given = answers(request, filled=FILLED_PUBLIC, wrong=WRONG_PUBLIC)
    form = forms.PublicForm(given)
    if request.method == "POST" and form.is_valid():
        messages.success(request, "Your complaint was sent.")
    return page(request, "gallery/public_form.html", form=form)


@login_not_required
def question(request: HttpRequest) -> HttpResponse:
    """A question page."""
    given = answers(request, filled={"what_happened": "The lift is out."}, wrong={})
    return page(request, "gallery/question.html", form=forms.QuestionForm(given))


@login_not_required
def wish(request: HttpRequest) -> HttpResponse:
    """A question page with choices."""
    given = answers(request, filled={"wish": "repair"}, wrong={})
    return page(request, "gallery/question.html", form=forms.WishForm(given))


@login_not_required
@csrf_exempt
def start(request: HttpRequest) -> HttpResponse:
    """The first page of the public form."""
    return page(request, "gallery/start.html")


@login_not_required
def confirmation(request: HttpRequest) -> HttpResponse:
    """What the public sees after sending."""
    return page(request, "gallery/confirmation.html", menu=data.MENU[:2])


@login_not_required
def check_answers(request: HttpRequest) -> HttpResponse:
    """What the public sees before sending."""
    return page(request, "gallery/check_answers.html")


@login_not_required
@csrf_exempt
def staff_form(request: HttpRequest) -> HttpResponse:
    """Logging a complaint."""
    given = answers(request, filled=FILLED_STAFF, wrong=WRONG_STAFF)
    form = forms.LogForm(given, today=data.TODAY)
    if request.method == "POST" and form.is_valid():
        return redirect("/case/")
    return staff(request, "gallery/staff_form.html", form=form)


@login_not_required
def queue(request: HttpRequest) -> HttpResponse:
    """The queue, with its filters."""
    form = forms.QueueFilter(request.GET or None)
    found = data.COMPLAINTS
    if form.is_bound and form.is_valid() and form.cleaned_data["q"]:
        wanted = form.cleaned_data["q"].lower()
        found = [each for each in found if wanted in f"{each.reference} {each.person}".lower()]
    number = request.GET.get("page")
    return staff(
        request,
        "gallery/queue.html",
        filter_form=form,
        page=Paginator(found, 25).get_page(number),
        sort=request.GET.get("sort", "due"),
    )


@login_not_required
def case(request: HttpRequest) -> HttpResponse:
    """One complaint."""
    messages.success(request, "The note was added.")
    return staff(request, "gallery/case.html")


@login_not_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """Numbers and charts."""
    return staff(request, "gallery/dashboard.html")


@login_not_required
def parts(request: HttpRequest) -> HttpResponse:
    """Everything that the other pages do not show."""
    messages.warning(request, "The bank holidays of 2028 are not known yet.")
    messages.error(request, "The letter could not be delivered.")
    messages.info(request, "Two complaints were moved to you.")
    return staff(request, "gallery/parts.html")


@login_not_required
def before_set_up(request: HttpRequest) -> HttpResponse:
    """A page before anybody has said who the landlord is."""
    return page(request, "gallery/start.html", landlord=None)


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    """A page on which everything is wrong that our checks look for."""
    return render(request, "gallery/broken.html")


@login_not_required
def broken_style(request: HttpRequest) -> HttpResponse:
    """The style sheet of the broken page."""
    return render(request, "gallery/broken.css", content_type="text/css")


@login_not_required
def mistake(request: HttpRequest, name: str) -> HttpResponse:
    """One of the error pages, as somebody signed in sees it."""
    meanwhile = [{"text": "Answered at Stage 1", "by": "Kelly O’Brien", "at": data.TODAY}]
    typed = [("Note", "The contractor says the part is on order.\n\nChase on Thursday.")]
    return staff(
        request, f"{name}.html", meanwhile=meanwhile, typed=typed, back_url="#", exception="secret"
    )
