"""The pages of the form: each keeps what was typed, right or wrong, and leads to the next.

What is sent is always answered by leading to a page, to the same one if there is a mistake: Back
then never asks anybody whether to send a form again.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models import StoredFile
from feedback.errors import NothingToSend, TooManyFiles
from feedback.forms.files import FilesStep
from feedback.forms.journey import BY_CODE, CHECK, Journey, moved_on
from feedback.forms.step import FORM_ID, StepForm
from feedback.forms.steps import KindStep
from feedback.operations.drafts import (
    REFUSED,
    add_files,
    keep_answers,
    keep_refusals,
    plain_text,
    remove_file,
)
from feedback.selectors.drafts import files_of
from feedback.selectors.running import topics
from feedback.views.browser import (
    LANGUAGE,
    asks_for_language,
    drawn_at,
    drawn_mark,
    give_token,
    new_token,
    source_of,
)
from feedback.views.later import put_away_for_later
from feedback.views.public import PublicPage

# The button that puts everything away; the one past what need not be answered is called CHECK.
LATER = "later"
# In an address: the page was not finished, so nothing is said yet of what is wrong with it.
HALF = "half"
TOO_OLD = _(
    "This page had been open for too long, so nothing was sent. What you typed is still here: "
    "press the button again."
)


class StepPage(PublicPage):
    """One page of the form."""

    template = "feedback/step.html"

    def get(self, request: HttpRequest, step: str) -> HttpResponse:
        """Show the page with what was typed before; whoever runs ahead is led back."""
        if step not in BY_CODE:
            raise Http404
        if self.draft is None and step != KindStep.code:
            return self.lost(request)
        journey = self.journey()
        if not journey.may_open(step):
            return redirect(self.address(journey.next_page))
        stop = journey.stop(step)
        assert stop is not None  # noqa: S101  it may be opened
        if HALF in request.GET:
            stop.form.errors.clear()
        return self.show(request, journey, stop.form)

    def post(self, request: HttpRequest, step: str) -> HttpResponse:
        """Keep what was typed, and go on if it is right."""
        if step not in BY_CODE:
            raise Http404
        typed = self.typed(request, step)
        if not self.is_trusted:
            return self.show_again(request, step, typed)
        had_draft = self.draft is not None
        if asks_for_language(request) and not had_draft and not any(map(any, typed.values())):
            return self.stay(request, step)
        token = self.token or new_token()
        sent = {name: typed[name] for name in typed if name in request.POST}
        kept = self.draft.answers if self.draft else {}
        for code, each in {step: typed, **moved_on(BY_CODE[step], sent, kept)}.items():
            self.draft = keep_answers(
                token=token,
                step=code,
                typed=each,
                source=source_of(request),
                began_at=drawn_at(request.POST.get("drawn", ""), now=self.now),
                now=self.now,
            )
        if request.POST.get("do") == LATER:
            return self.put_away(request, token)
        response = self.go_on(request, step, had_draft=had_draft)
        give_token(response, token)
        return response

    def put_away(self, request: HttpRequest, token: str) -> HttpResponse:
        """Put everything away, this page as it was typed too, and show the code for it."""
        try:
            return put_away_for_later(request, token=token, now=self.now)
        except NothingToSend:
            return self.lost(request)

    def typed(self, request: HttpRequest, step: str) -> dict[str, list[str]]:
        """Return what was typed into the page, as text that can be kept.

        A page that was open before some of its questions got pages of their own has them too.
        """
        page = BY_CODE[step]
        found = self.typed_before(step)
        for name in (*page.base_fields, *page.former):
            if name in page.base_fields or name in request.POST:
                found[name] = [plain_text(value) for value in request.POST.getlist(name)]
        return found

    def typed_before(self, step: str) -> dict[str, list[str]]:
        """Return what is kept with a page of the questions that it asked formerly."""
        kept = self.draft.answers.get(step, {}) if self.draft else {}
        return {name: kept[name] for name in BY_CODE[step].former if name in kept}

    def go_on(self, request: HttpRequest, step: str, *, had_draft: bool) -> HttpResponse:
        """Go to the next page, or show the mistakes."""
        journey = self.journey()
        stop = journey.stop(step)
        is_right = stop is None or stop.is_answered
        if not had_draft and step != KindStep.code and (is_right or asks_for_language(request)):
            messages.warning(
                request,
                gettext(
                    "We kept what you have just typed, but not what you typed before. Please fill "
                    "in the other pages again."
                ),
            )
        if not is_right or asks_for_language(request):
            return self.stay(request, step)
        is_change = request.POST.get("back") == CHECK
        following = journey.after(step, is_change=is_change)
        if request.POST.get("do") == CHECK and journey.may_check(step):
            following = CHECK
        # What a change asks anew leads back to the check too.
        back = f"?back={CHECK}" if is_change and following != CHECK else ""
        return redirect(f"{self.address(following)}{back}")

    def stay(self, request: HttpRequest, step: str) -> HttpResponse:
        """Lead to the page again, as it is now."""
        query = {"back": CHECK} if request.POST.get("back") == CHECK else {}
        if asks_for_language(request):
            query[HALF] = "yes"
        return redirect(f"{self.address(step)}?{urlencode(query)}" if query else self.address(step))

    def show_again(
        self, request: HttpRequest, step: str, typed: dict[str, list[str]]
    ) -> HttpResponse:
        """Show what was typed on a page that was too old to be kept."""
        answers = self.draft.answers if self.draft else {}
        journey = Journey(answers | {step: typed}, topics())
        stop = journey.stop(step)
        if stop is None:
            return self.lost(request)
        stop.form.is_valid()
        stop.form.add_error(None, TOO_OLD)
        return self.show(request, journey, stop.form, status=403)

    def show(
        self, request: HttpRequest, journey: Journey, form: StepForm, *, status: int = 200
    ) -> HttpResponse:
        """Show a page: its form, the way back, and how far it is."""
        back = request.POST.get("back") or request.GET.get("back", "")
        is_change = back == CHECK and bool(self.draft)
        before = CHECK if is_change and journey.is_complete else journey.before(form.code)
        place, number = journey.place(form.code)
        is_last = journey.after(form.code, is_change=is_change) == CHECK
        context: dict[str, Any] = {
            "form": form,
            "kind": form.so_far.kind,
            "place": place,
            "number": number,
            "back_url": self.address(before) if before else reverse("feedback:start"),
            "back": CHECK if is_change else "",
            "drawn": drawn_mark(self.now),
            "has_draft": self.draft is not None,
            "typed_form": FORM_ID,
            "may_check": journey.may_check(form.code) and not is_last,
        }
        return render(request, self.template, context | self.more(), status=status)

    def more(self) -> dict[str, Any]:
        """Return what else the page shows."""
        return {}

    def address(self, code: str) -> str:
        """Return the address of a page of the form."""
        return reverse("feedback:check") if code == CHECK else reverse("feedback:step", args=[code])


class FilesPage(StepPage):
    """The page for files. Each is on disk for good before the answer; a bad one costs no other."""

    files_taken = settings.UPLOAD_FILE_LIMIT + 1
    files: Sequence[StoredFile] = ()
    template = "feedback/files.html"

    def put_away(self, request: HttpRequest, token: str) -> HttpResponse:
        """Add what was chosen before, so that it is put away too; of a refused file nobody hears
        before they come back."""
        assert self.draft is not None  # noqa: S101  it was just kept
        try:
            if refused := self.add(request):
                code = FilesStep.code
                keep_refusals(draft_id=self.draft.pk, step=code, refused=refused, now=self.now)
        except NothingToSend:
            return self.lost(request)
        return super().put_away(request, token)

    def go_on(self, request: HttpRequest, step: str, *, had_draft: bool) -> HttpResponse:
        """Add or remove files, and go on unless something was refused or the form is gone."""
        try:
            return self.change_files(request, step, had_draft=had_draft)
        except NothingToSend:
            return self.lost(request)

    def change_files(self, request: HttpRequest, step: str, *, had_draft: bool) -> HttpResponse:
        """Add or remove files and show what is there, or go on if nothing was chosen.

        :raises NothingToSend: if the form was sent in the meantime.
        """
        assert self.draft is not None  # noqa: S101  it was just kept
        if remove := request.POST.get("remove"):
            return self.remove(request, step, plain_text(remove))
        held = len(files_of(self.draft))
        if refused := self.add(request):
            keep_refusals(draft_id=self.draft.pk, step=step, refused=refused, now=self.now)
        added = [file.name for file in files_of(self.draft)[held:]]
        if added:
            messages.success(request, gettext("Added: %(names)s") % {"names": ", ".join(added)})
        if added or refused or request.POST.get("do") in ("add", LANGUAGE):
            return self.stay(request, step)
        return super().go_on(request, step, had_draft=had_draft)

    def remove(self, request: HttpRequest, step: str, key: str) -> HttpResponse:
        """Take a file out, say which, and lead to the page on which the button was pressed.

        :raises NothingToSend: if the form was sent in the meantime.
        """
        assert self.draft is not None  # noqa: S101  it was just kept
        if name := remove_file(draft_id=self.draft.pk, key=key, now=self.now):
            messages.success(request, gettext("Removed: %(name)s") % {"name": name})
        if request.POST.get("from") == CHECK:
            return redirect(self.address(CHECK))
        return self.stay(request, step)

    def add(self, request: HttpRequest) -> list[str]:
        """Add the files that were sent, and return why others were not."""
        assert self.draft is not None  # noqa: S101  it was just kept
        try:
            return add_files(
                draft_id=self.draft.pk,
                uploads=request.FILES.getlist("uploads"),
                source=source_of(request),
                now=self.now,
            )
        except TooManyFiles as reason:
            return [str(reason)]

    def show(
        self, request: HttpRequest, journey: Journey, form: StepForm, *, status: int = 200
    ) -> HttpResponse:
        """Show the page with what is there, and which of the files sent last were refused."""
        self.files = files_of(self.draft) if self.draft else []
        if self.files and isinstance(form, FilesStep):
            form.ask_for_another()
        answers = self.draft.answers.get(FilesStep.code, {}) if self.draft else {}
        for words in answers.get(REFUSED, ()):
            form.add_error("uploads", words)
        return super().show(request, journey, form, status=status)

    def more(self) -> dict[str, Any]:
        """Return the files added so far."""
        return {"files": self.files}
