"""Letters to print and post, and e-mails that did not arrive."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.errors import ComplaintError, NotMade
from cases.forms.acts.letters import PostedOnForm
from cases.models import Customer, Letter, Look, OutboundMessage, User
from cases.models.complaints import COUNT_LIMIT
from cases.operations.case_views import note_taken
from cases.operations.dispatches import hand_over
from cases.operations.documents import letters_to_print
from cases.operations.messages import requeue_message
from cases.operations.posting import MOST_AT_ONCE, post_each, reached_otherwise, send_by_post
from cases.operations.rehearse import Draft, draft_of
from cases.operations.ways import way_refusal
from cases.rules.customers import LetterFormat
from cases.rules.letter_facts import LetterKind
from cases.rules.numbers import number_in
from cases.rules.pages import Page
from cases.rules.papers import PRINTED
from cases.selectors.counting import in_words
from cases.selectors.letters_page import (
    FAILED_ROWS,
    LetterName,
    failed_email,
    failed_emails,
    first_letters,
    keys_to_post,
    letter_words,
    letters_named,
    letters_with,
)
from cases.selectors.messages import customer_written_to, letter_in
from cases.selectors.restrictions import closed_ways, letters_waiting_count
from cases.selectors.running import landlord
from cases.templatetags.parts import Column, Link
from cases.views.access import UNPROCESSABLE, StaffPage, user_of

PAGE_ROWS = 50
COLUMNS = (
    Column("Letter"),
    Column("To"),
    Column("Format"),
    Column("Written"),
)
FAILED_COLUMNS = (
    Column("E-mail"),
    Column("To"),
    Column("What went wrong"),
    Column("What to do", is_hidden=True),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that waits for the post.

    `is_closed`: post is closed to its reader as a way by a restriction of contact by now.
    """

    letter: Letter
    words: str
    format_words: str
    is_standard: bool
    value: str
    is_ticked: bool
    is_unsafe: bool
    is_closed: bool
    encloses_papers: bool

    @property
    def lines(self) -> list[str]:
        """Return the address."""
        return self.letter.to_address.splitlines()


@dataclass(frozen=True, slots=True)
class Failed:
    """An e-mail that did not arrive, and what can be done about it."""

    message: OutboundMessage
    words: str
    letter: Letter | None
    again_to: str
    why_not_again: str
    why_not_by_post: str


class LettersPage(StaffPage):
    """The letters that wait to be printed and posted, and the e-mails that did not arrive."""

    page = Page.LETTERS

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the clock once."""
        super().setup(request, *args, **kwargs)
        self.now: datetime = timezone.now()
        self.today = timezone.localdate(self.now)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show them."""
        return self._show(PostedOnForm(today=self.today))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Print or record the letters that are ticked, or deal with an e-mail."""
        match request.POST.get("step", ""):
            case "print":
                return self._print()
            case "posted":
                return self._posted()
            case "provider":
                return self._ask_whether_to_hand_over()
            case "provider-now":
                return self._hand_over()
            case "again" | "by-post" | "otherwise" as step:
                self._mend(step)
        return redirect("cases:letters")

    def _ticked(self) -> list[LetterName]:
        given = (LetterName.read(each) for each in self.request.POST.getlist("letter"))
        return [name for name in given if name is not None]

    def _print(self) -> HttpResponse:
        names = self._ticked()
        if not names:
            return self._nothing_ticked()
        query = QueryDict(mutable=True)
        query.setlist("letter", [str(name) for name in names[:MOST_AT_ONCE]])
        return redirect(f"{reverse('cases:letters-print')}?{query.urlencode()}")

    def _ask_whether_to_hand_over(self) -> HttpResponse:
        """Say how many letters would go to the provider, and ask whether they shall."""
        names = self._ticked()
        letters = letters_named(user_of(self.request), names, limit=MOST_AT_ONCE)
        if not letters:
            return self._nothing_ticked()
        ticked = {str(name) for name in names}
        form = PostedOnForm(today=self.today)
        return self._show(form, ticked=ticked, to_hand_over=len(letters))

    def _hand_over(self) -> HttpResponse:
        """Have the provider post the letters that are ticked."""
        user = user_of(self.request)
        letters = letters_named(user, self._ticked(), limit=MOST_AT_ONCE)
        if not letters:
            return self._nothing_ticked()
        by_key = {letter.pk: letter for letter in letters}
        results = hand_over(letters, by=user, now=self.now)
        done = sum(not each.refusal for each in results)
        if done:
            some = "1 letter goes" if done == 1 else f"{done} letters go"
            messages.success(self.request, f"{some} to the provider to be posted.")
        for each in results:
            if each.refusal:
                reference = by_key[each.letter_id].complaint.reference
                messages.error(self.request, f"{reference}: {each.refusal}")
        return redirect("cases:letters")

    def _nothing_ticked(self) -> HttpResponse:
        messages.error(self.request, "Tick the letters first.")
        return redirect("cases:letters")

    def _posted(self) -> HttpResponse:
        user, names = user_of(self.request), self._ticked()
        form = PostedOnForm(self.request.POST, today=self.today)
        if not form.is_valid():
            return self._show(form, ticked={str(name) for name in names}, status=UNPROCESSABLE)
        letters = letters_named(user, names, limit=MOST_AT_ONCE)
        if not letters:
            return self._nothing_ticked()
        by_key = {letter.pk: letter for letter in letters}
        results = post_each(by_key, by=user, now=self.now, on=form.on)
        done = sum(not each.refusal for each in results)
        if done:
            some = "1 letter is" if done == 1 else f"{done} letters are"
            messages.success(self.request, f"{some} recorded as posted on {form.on:%a %-d %b %Y}.")
        for each in results:
            if each.refusal:
                reference = by_key[each.letter_id].complaint.reference
                messages.error(self.request, f"{reference}: {each.refusal}")
        return redirect("cases:letters")

    def _mend(self, step: str) -> None:
        """Do what was chosen for an e-mail that did not arrive, and tell what became of it."""
        user, key = user_of(self.request), self.request.POST.get("message", "")
        message = failed_email(user, number_in(key))
        if message is None:
            messages.error(self.request, "That e-mail does not wait for anything any more.")
            return
        letter = letter_in(message)
        try:
            if step == "by-post" and letter is not None:
                send_by_post(letter_id=letter.pk, by=user, now=self.now)
                told = "The letter waits to be printed and posted."
            elif step == "otherwise":
                reached_otherwise(message_id=message.pk, by=user, now=self.now)
                told = "The e-mail is set aside."
            else:
                requeue_message(
                    message_id=message.pk, by=user, now=self.now, to_address=address_now(message)
                )
                told = "The e-mail waits to be sent again."
        except ComplaintError as refusal:
            messages.error(self.request, str(refusal))
        else:
            messages.success(self.request, told)

    def _show(
        self,
        form: PostedOnForm,
        *,
        ticked: Collection[str] = (),
        to_hand_over: int = 0,
        status: int = 200,
    ) -> HttpResponse:
        user = user_of(self.request)
        keys = keys_to_post(user)
        page = Paginator(keys[:COUNT_LIMIT], PAGE_ROWS).get_page(self.request.GET.get("page"))
        failed = failed_emails(user)
        rows = [_waiting(each, ticked) for each in letters_with(list(page.object_list))]
        context = {
            "form": form,
            "rows": rows,
            "page": page,
            "count": in_words(len(keys)),
            "has_more": len(keys) > len(rows),
            "columns": COLUMNS,
            "failed": [_failed(each) for each in failed[:FAILED_ROWS]],
            "failed_more": len(failed) > FAILED_ROWS,
            "failed_columns": FAILED_COLUMNS,
            "today": self.today,
            "about_restrictions": letters_waiting_count(user),
            "has_provider": bool(settings.PROVIDER),
            "to_hand_over": to_hand_over,
        }
        return render(self.request, "cases/letters.html", context, status=status)


class PrintLetters(StaffPage):
    """Letters one under another, each on paper of its own, its address where a window shows it."""

    page = Page.LETTERS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show those that are named, or those that have waited longest."""
        now = timezone.now()
        today = timezone.localdate(now)
        letters = letters_asked_for(request)
        _note(letters, by=user_of(request), now=now)
        context = {
            "sheets": _sheets(letters),
            "form": PostedOnForm(today=today),
            "most": MOST_AT_ONCE,
            "query": request.GET.urlencode(),
            "apart": [each for each in letters if not is_on_paper(each)],
            "encloses": any(
                each.encloses_policy or each.kind == LetterKind.PAPERS for each in letters
            ),
            "crumbs": [Link("Letters to post", reverse("cases:letters")), Link("Print")],
        }
        return render(request, "cases/letters_print.html", context)


class LettersPdf(StaffPage):
    """The same letters as one PDF to print, each in the format it was issued in."""

    page = Page.LETTERS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Hand out one file; letters in Braille or to be heard are downloaded one by one."""
        now = timezone.now()
        letters = [each for each in letters_asked_for(request) if is_on_paper(each)]
        if not letters:
            messages.error(request, "None of these letters waits to be printed.")
            return redirect("cases:letters")
        try:
            content = letters_to_print(letters, now=now)
        except NotMade as reason:
            messages.error(request, f"None of these letters can be made. {reason}")
            return redirect("cases:letters")
        _note(letters, by=user_of(request), now=now)
        name = f"letters {timezone.localdate(now):%Y-%m-%d}.pdf"
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def letters_asked_for(request: HttpRequest) -> list[Letter]:
    """Return the letters that an address names, or those that have waited longest."""
    user = user_of(request)
    if request.GET.get("all") == "yes":
        return first_letters(user, limit=MOST_AT_ONCE)
    given = (LetterName.read(each) for each in request.GET.getlist("letter"))
    names = [name for name in given if name is not None]
    return letters_named(user, names, limit=MOST_AT_ONCE)


def _note(letters: Sequence[Letter], *, by: User, now: datetime) -> None:
    """Note of whose complaints somebody prints letters."""
    keys = sorted({each.complaint_id for each in letters if each.complaint_id})
    note_taken(keys, what=Look.LETTER, by=by, now=now)


def is_on_paper(letter: Letter) -> bool:
    """Say whether a letter is printed; others are embossed or read out."""
    return LetterFormat(letter.letter_format) in PRINTED


@dataclass(frozen=True, slots=True)
class Sheet:
    """A letter to print."""

    letter: Letter
    draft: Draft
    value: str


def _sheets(letters: Sequence[Letter]) -> list[Sheet]:
    ours = landlord()
    return [Sheet(each, draft_of(each, ours), _value(each)) for each in letters]


def _value(letter: Letter) -> str:
    return str(LetterName(letter.complaint.reference, letter.event_number))


def _waiting(letter: Letter, ticked: Collection[str]) -> Waiting:
    value = _value(letter)
    return Waiting(
        letter,
        words=letter_words(letter.kind),
        format_words=LetterFormat(letter.letter_format).words,
        is_standard=letter.letter_format == LetterFormat.STANDARD,
        value=value,
        is_ticked=value in ticked,
        is_unsafe=letter.to_speaker_id is None and letter.reader.post_unsafe,
        is_closed=letter.to_speaker_id is None and "post" in closed_ways(letter.reader),
        encloses_papers=letter.kind == LetterKind.PAPERS,
    )


def address_now(message: OutboundMessage) -> str:
    """Return where an e-mail goes when it is sent again: what is known of the customer now."""
    customer = customer_written_to(message)
    return (customer.email if customer else "") or message.to_address


def why_not_again(customer: Customer | None) -> str:
    """Return why an e-mail is not sent again, or nothing."""
    if customer is None:
        return ""
    if customer.email_unsafe:
        return "Not safe"
    return "Closed by a restriction" if "email" in closed_ways(customer) else ""


def _failed(message: OutboundMessage) -> Failed:
    letter = letter_in(message)
    customer = customer_written_to(message)
    by_post = "It is no letter."
    if letter is not None and customer is not None:
        by_post = way_refusal(customer, "post")
    elif letter is not None and letter.to_speaker is not None:
        by_post = "" if letter.to_speaker.address else "There is no postal address for them."
    return Failed(
        message,
        words=letter_words(message.kind),
        letter=letter,
        again_to=address_now(message),
        why_not_again=why_not_again(customer),
        why_not_by_post=by_post,
    )
