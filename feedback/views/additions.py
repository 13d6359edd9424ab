"""Adding words and files to a complaint that is followed: each file is shown before it is sent."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from cases.errors import ComplaintError
from cases.rules.authority import Deed
from cases.rules.tracking import LONGEST_VISIT
from cases.selectors.tracking import following_is_closed, live_visit
from cases.views.access import UNPROCESSABLE
from cases.views.files import handed_out
from feedback.errors import NothingToSend, TooManyFiles
from feedback.forms.track import ADD, SEND, AddForm
from feedback.models import Draft
from feedback.operations.additions import PAGE, keep_words, send_addition
from feedback.operations.drafts import add_files, plain_text, remove_file
from feedback.selectors.additions import addition_of
from feedback.selectors.drafts import file_of, files_of
from feedback.views.browser import LANGUAGE, asks_for_language, is_ours, source_of
from feedback.views.files import SHOWN
from feedback.views.track import forget, hash_of_visit
from feedback.views.tracked import ActPage, TrackedPage, as_text


class AddPage(ActPage):
    """Adding words and files. Each file is on disk for good before the answer, and can be seen.

    What was typed and added waits for whoever follows the complaint, in this visit or the next,
    until it is sent. A page from before this was so sends words and files with one button.
    """

    template = "feedback/track/add.html"
    deed = Deed.ADD_WORDS
    files_taken = settings.UPLOAD_FILE_LIMIT + 1

    @cached_property
    def begun(self) -> Draft | None:
        """Return what waits to be sent as the request came, or nothing."""
        return addition_of(self.visit)

    def form(self, data: Any = None, files: Any = None) -> AddForm:
        """Return the form, with the words that were kept."""
        kept = self.begun.answers.get(PAGE, {}).get("words", [""]) if self.begun else [""]
        return AddForm(data, files, initial={"words": kept[0]})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add a file, take one out or show it, or send everything."""
        form = self.form(as_text(request), request.FILES)
        is_right = form.is_valid()
        if not self.is_trusted:
            return super().post(request, *args, **kwargs)
        asked = request.POST.get("do", "")
        key = request.POST.get("remove") or request.POST.get("look") or ""
        if key or asks_for_language(request):
            return self.change(request, form, plain_text(key))
        uploads = [] if "uploads" in form.errors else form.cleaned_data["uploads"]
        if asked and uploads:
            return self.add(request, form)
        if asked == ADD and is_right:
            form.add_error("uploads", _("Choose a file to add"))
        if not form.is_valid():
            self.keep(request)
            return self.ask(request, form, status=UNPROCESSABLE)
        return super().post(request, *args, **kwargs)

    def keep(self, request: HttpRequest) -> Draft:
        """Keep what was typed."""
        words = plain_text(request.POST.get("words", ""))
        source = source_of(request)
        self.begun = keep_words(visit=self.visit, words=words, source=source, now=self.now)
        return self.begun

    def change(self, request: HttpRequest, form: AddForm, key: str) -> HttpResponse:
        """Take a file out, show it, or show the page in another language.

        What was typed stays, and what was chosen is added.
        """
        draft = self.keep(request)
        held = len(files_of(draft))
        removed, refused = "", [str(each) for each in form.errors.get("uploads", [])]
        try:
            if "remove" in request.POST:
                removed = remove_file(draft_id=draft.pk, key=key, now=self.now)
                held -= bool(removed)
            refused += self.put_in(request, form, draft)
        except NothingToSend:
            refused.append(sent_elsewhere())
        for words in refused:
            messages.error(request, words)
        if removed:
            messages.success(request, _("Removed: %(name)s") % {"name": removed})
        if added := files_of(draft)[held:]:
            names = ", ".join(file.name for file in added)
            messages.success(request, _("Added: %(names)s") % {"names": names})
        if "look" in request.POST and file_of(draft, key) is not None:
            return redirect("feedback:tracked-file", key)
        return redirect("feedback:tracked-add")

    def put_in(self, request: HttpRequest, form: AddForm, draft: Draft) -> list[str]:
        """Add the files that were chosen, and return why others cannot be taken.

        :raises NothingToSend: if everything was sent from another window in the meantime.
        """
        uploads = form.cleaned_data.get("uploads")
        if not uploads:
            return []
        source = source_of(request)
        try:
            return add_files(draft_id=draft.pk, uploads=uploads, source=source, now=self.now)
        except TooManyFiles as reason:
            return [str(reason)]

    def add(self, request: HttpRequest, form: AddForm) -> HttpResponse:
        """Add files and show them, or say why they cannot be taken."""
        draft = self.keep(request)
        held = len(files_of(draft))
        try:
            refused = self.put_in(request, form, draft)
        except NothingToSend:
            refused = [sent_elsewhere()]
        if refused:
            for words in refused:
                form.add_error("uploads", words)
            return self.ask(request, form, status=UNPROCESSABLE)
        names = ", ".join(file.name for file in files_of(draft)[held:])
        told = (
            _("Added: %(names)s. Nothing is sent yet: look at it, and then press “Send it to us”.")
            if request.POST.get("do") == SEND
            else _("Added: %(names)s")
        )
        messages.success(request, told % {"names": names})
        return redirect("feedback:tracked-add")

    def do(self, form: AddForm) -> str:
        """Put it on the record."""
        given = form.cleaned_data
        send_addition(
            visit=self.visit,
            key=given["page"],
            words=given["words"],
            uploads=given["uploads"],
            now=self.now,
        )
        return _("We have it. It is part of your complaint now, and whoever deals with it is told.")

    def more(self) -> dict[str, Any]:
        """Return the files added so far; say that what is sent after half an hour still arrives."""
        return {"is_sent_late": True, "files": files_of(self.begun) if self.begun else []}

    def ask(self, request: HttpRequest, form: Any, *, status: int = 200) -> HttpResponse:
        """Show the form, which asks for another file once there is one."""
        more = self.more()
        if more["files"]:
            form.ask_for_another()
        return super().ask(request, form, status=status)

    def over(self, request: HttpRequest) -> HttpResponse:
        """Take what was being written when half an hour was over, and show nothing of it.

        Nobody who needs longer loses words or files (WCAG 2.2.1 and 2.2.6): whoever began a visit
        in this browser may still send while the visit itself would last. Signing out ends that.
        What they only added waits for them until they are back.
        """
        visit = live_visit(hash_of_visit(request, within=LONGEST_VISIT), now=self.now)
        if visit is None or not self.may_open(visit) or following_is_closed():
            return super().over(request)
        if request.method != "POST" or not is_ours(request):
            return super().over(request)
        self.visit, self.complaint = visit, visit.complaint
        form = self.form(as_text(request), request.FILES)
        if not form.is_valid():
            return super().over(request)
        is_kept = bool({"remove", "look"} & set(request.POST))
        is_kept = is_kept or request.POST.get("do") in (ADD, LANGUAGE)
        try:
            said = self.kept_for_later(request, form) if is_kept else self.do(form)
        except ComplaintError:
            return super().over(request)
        messages.success(request, said)
        response = render(request, "feedback/track/over.html", {"typed": []})
        forget(response)
        return response

    def kept_for_later(self, request: HttpRequest, form: AddForm) -> str:
        """Keep what somebody added when half an hour was over, and return what is said of it."""
        draft = self.keep(request)
        if remove := request.POST.get("remove"):
            remove_file(draft_id=draft.pk, key=plain_text(remove), now=self.now)
        if uploads := form.cleaned_data["uploads"]:
            source = source_of(request)
            refused = add_files(draft_id=draft.pk, uploads=uploads, source=source, now=self.now)
            if refused:
                raise TooManyFiles(refused[0])
        return _(
            "We keep what you have added. It is not sent yet: open your page again to send it."
        )


def sent_elsewhere() -> str:
    """Return what is said where another window sent what was added a moment before."""
    return _("What you had added was sent from another window just now. Add the rest once more.")


class AddedFile(TrackedPage):
    """A file that somebody added and has not sent yet, to be looked at."""

    deed = Deed.ADD_WORDS
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, key: str = "") -> HttpResponse:
        """Show a picture, and hand out anything else to be saved.

        :raises Http404: if nothing that waits to be sent has such a file.
        """
        file = file_of(addition_of(self.visit), key)
        if file is None:
            raise Http404
        return cast(HttpResponse, handed_out(file, is_shown=file.media_type in SHOWN))
