"""E-mail that came in, for coordinators: sorted by a person, with its files and its original."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.errors import ComplaintError
from cases.forms.post import BELONGS, COMPLAINT, REQUEST, SortForm, TakeOutForm
from cases.models import InboundMail, Look, MailFile, MailState
from cases.operations.case_views import note_taken
from cases.operations.post import (
    add_mail_to_complaint,
    confirm_mail,
    make_complaint_of_mail,
    make_request_of_mail,
    put_mail_aside,
    take_mail_out,
)
from cases.rules.pages import Page
from cases.selectors.post import may_be_sorted, may_be_taken_out, post_listing, same_address
from cases.templatetags.parts import Action, Column, FileRow, Link, SummaryRow, Tab
from cases.views.access import UNPROCESSABLE, StaffPage, user_of
from cases.views.files import handed_out

ROWS_A_PAGE = 50
VIEWS = {
    MailState.WAITING.value: ("To be sorted", "No e-mail waits to be sorted."),
    "confirm": ("To be confirmed", "No e-mail waits to be confirmed."),
    "sorted": ("Sorted", "No e-mail is sorted yet."),
    MailState.AUTOMATIC.value: ("Automatic", "No automatic e-mail has come in."),
    MailState.NOT_OURS.value: ("Nothing for us", "No e-mail was put aside."),
}
NONE_OF_IT = "No e-mail that you may read is on the record of this complaint."
COLUMNS = (Column("From"), Column("Subject"), Column("Received"), Column("What became of it"))


class PostList(StaffPage):
    """E-mail that came in, what waits to be sorted first."""

    page = Page.POST

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list."""
        named = request.GET.get("view", "")
        view = named if named in VIEWS else MailState.WAITING.value
        reference = request.GET.get("complaint", "")
        found = post_listing(user_of(request), view, reference)
        page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
        tabs = [
            Tab(words, f"?view={key}", is_current=key == view and not reference)
            for key, (words, _) in VIEWS.items()
        ]
        context = {
            "page": page,
            "columns": COLUMNS,
            "tabs": tabs,
            "title": f"Of complaint {reference}" if reference else VIEWS[view][0],
            "empty": NONE_OF_IT if reference else VIEWS[view][1],
            "reference": reference,
            "is_fetched": bool(settings.IMAP_URL),
        }
        return render(request, "cases/post.html", context)


class PostPage(StaffPage):
    """A page about one e-mail; one of a complaint that the person may not read does not exist."""

    page = Page.POST
    mail: InboundMail

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load it.

        :raises Http404: if there is none, or it is hidden from this person.
        """
        super().setup(request, *args, **kwargs)
        if not request.user.is_authenticated:
            return
        mails = InboundMail.objects.visible_to(user_of(request))
        found = mails.select_related("complaint__customer", "request", "decided_by")
        self.mail = get_object_or_404(found, code=kwargs["code"])


class OneMail(PostPage):
    """One e-mail as text, and what may be done with it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it."""
        return self.show(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sort it, or confirm that it belongs where it joined."""
        if request.POST.get("act") == "confirm":
            return self._confirm()
        if request.POST.get("act") == "take_out":
            return self._take_out()
        if not may_be_sorted(self.mail):
            messages.error(request, "This was sorted already.")
            return redirect("cases:post-mail", self.mail.code)
        form = self.form(request.POST)
        if form.is_valid():
            try:
                return self._sort(form)
            except ComplaintError as refusal:
                form.add_error(None, str(refusal))
        return self.show(form, status=UNPROCESSABLE)

    def form(self, typed: Any = None) -> SortForm:
        """Return the form that asks what it is."""
        return SortForm(
            typed,
            user=user_of(self.request),
            known=same_address(self.mail),
            name=self.mail.sender_name,
        )

    def _confirm(self) -> HttpResponse:
        try:
            confirm_mail(mail_id=self.mail.pk, by=user_of(self.request), now=timezone.now())
            messages.success(self.request, "It is confirmed.")
        except ComplaintError as refusal:
            messages.error(self.request, str(refusal))
        return redirect("cases:post-mail", self.mail.code)

    def _take_out(self) -> HttpResponse:
        form = self.move_form(self.request.POST)
        if form.is_valid():
            right = form.cleaned_data["moved_to"]
            try:
                take_mail_out(
                    mail_id=self.mail.pk,
                    by=user_of(self.request),
                    now=timezone.now(),
                    reason=form.cleaned_data["taken_out_because"],
                    complaint_id=right.pk if right else None,
                )
            except ComplaintError as refusal:
                form.add_error(None, str(refusal))
            else:
                where = f"on the record of complaint {right.reference}" if right else "to be sorted"
                messages.success(self.request, f"It is taken out, and is now {where}.")
                return redirect("cases:post-mail", self.mail.code)
        return self.show(self.form(), move=form, status=UNPROCESSABLE)

    def move_form(self, typed: Any = None) -> TakeOutForm:
        """Return the form that takes it out of the complaint it joined."""
        return TakeOutForm(typed, user=user_of(self.request))

    def _sort(self, form: SortForm) -> HttpResponse:
        given = form.cleaned_data
        whose: dict[str, Any] = {
            "mail_id": self.mail.pk,
            "by": user_of(self.request),
            "now": timezone.now(),
        }
        who = {"customer_id": form.customer_id, "name": given["name"]}
        if given["what"] == COMPLAINT:
            complaint = make_complaint_of_mail(**whose, **who)
            told = f"It is complaint {complaint.reference} now, and waits to be accepted."
        elif given["what"] == REQUEST:
            reference = make_request_of_mail(**whose, **who, kind=given["request_kind"])
            told = f"It is request {reference} now."
        elif given["what"] == BELONGS:
            complaint = add_mail_to_complaint(**whose, complaint_id=given["reference"].pk)
            told = f"It is on the record of complaint {complaint.reference}."
        else:
            put_mail_aside(**whose, reason=given["reason"])
            told = "It is put aside, and kept."
        messages.success(self.request, told)
        return redirect("cases:post")

    def show(
        self, form: SortForm, *, move: TakeOutForm | None = None, status: int = 200
    ) -> HttpResponse:
        """Show the e-mail."""
        mail = self.mail
        complaint = mail.complaint
        move_form = (move or self.move_form()) if may_be_taken_out(mail) else None
        context = {
            "mail": mail,
            "form": form if may_be_sorted(mail) else move_form,
            "may_be_taken_out": move_form is not None,
            "is_moving": move is not None,
            "crumbs": [Link("E-mail", reverse("cases:post")), Link(str(mail)[:60])],
            "facts": self._facts(),
            "files": self._files(),
            "is_to_confirm": mail.state == MailState.JOINED
            and not mail.is_known
            and mail.decided_at is None,
            "acts": [
                Action(words, reverse(name, args=[complaint.reference]))
                for name, words in (
                    ("cases:complaint", "Open the complaint"),
                    ("cases:escalate", "Record that they ask for the next stage"),
                    ("cases:contact", "Record a contact"),
                )
            ]
            if complaint
            else [],
        }
        return render(self.request, "cases/post_mail.html", context, status=status)

    def _facts(self) -> list[SummaryRow]:
        mail = self.mail
        rows = [
            SummaryRow("From", mail.sender_words),
            SummaryRow("Received", f"{timezone.localtime(mail.received_at):%a %-d %b %Y %H:%M}"),
            SummaryRow("State", mail.get_state_display()),
        ]
        if mail.complaint:
            rows.append(SummaryRow("Complaint", mail.complaint.reference))
        if mail.request:
            rows.append(SummaryRow("Request", mail.request.reference))
        if mail.decided_by:
            rows.append(SummaryRow("Sorted by", mail.decided_by.name))
        if mail.reason:
            rows.append(SummaryRow("Why", mail.reason))
        return rows

    def _files(self) -> list[FileRow]:
        rows = (
            MailFile.objects.filter(mail=self.mail)
            .select_related("file")
            .order_by("-is_original", "pk")
        )
        return [
            FileRow(
                "The original, as it came" if row.is_original else row.file.name,
                reverse("cases:post-file", args=[self.mail.code, row.file.key]),
                held=row.file.held_words,
            )
            for row in rows
        ]


class PostFile(PostPage):
    """A file of an e-mail, or its original."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Hand it out, to be saved; of an e-mail of a complaint that is kept.

        :raises Http404: if the e-mail has no such file.
        """
        found = MailFile.objects.filter(mail=self.mail, file__key=kwargs["key"])
        row = found.select_related("file").first()
        if row is None:
            raise Http404
        answer = handed_out(row.file)
        if self.mail.complaint_id is not None:
            note_taken(
                [self.mail.complaint_id],
                what=Look.FILE,
                by=user_of(request),
                now=timezone.now(),
                file=row.file,
            )
        return answer
