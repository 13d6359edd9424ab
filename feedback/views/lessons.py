"""“You said, we did”: the page for everybody, and the staff's pages behind it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.errors import ComplaintError, SettingChanged
from cases.models import Thing
from cases.rules.roles import Role
from cases.selectors.settings_history import changes_of, last_change
from cases.templatetags.parts import Column, Link
from feedback.forms.lessons import ChangeLessonForm, LessonForm
from feedback.models import Lesson, Remark
from feedback.operations.lessons import (
    change_lesson,
    lesson_key,
    publish_lesson,
    withdraw_lesson,
    write_lesson,
)
from feedback.views.sections import FeedbackPage

SHOWN = 20
COLUMNS = [
    Column("You said"),
    Column("We did"),
    Column("Published"),
    Column("What to do", is_hidden=True),
]


@login_not_required
@require_safe
def you_said(request: HttpRequest) -> HttpResponse:
    """Tell everybody what was done about what people said, the latest first."""
    page = Paginator(Lesson.objects.published(), SHOWN).get_page(request.GET.get("page"))
    return render(request, "feedback/you_said.html", {"page": page})


class LessonsPage(FeedbackPage):
    """A page about what is told to everybody."""

    section = "lessons"

    @property
    def may_change(self) -> bool:
        """Say whether whoever asks publishes these."""
        return self.user.has_role(Role.COMPLAINTS_COORDINATOR)


class LessonList(LessonsPage):
    """All of them, also those that nobody outside reads."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        found = Lesson.objects.select_related("remark", "published_by").order_by("-pk")
        page = Paginator(found, SHOWN).get_page(request.GET.get("page"))
        return self.render(
            request,
            "feedback/staff/lessons.html",
            columns=COLUMNS if self.may_change else COLUMNS[:3],
            page=page,
            may_change=self.may_change,
        )


class ChangingLesson(LessonsPage):
    """A page for coordinators."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer coordinators only.

        :raises PermissionDenied: to anybody else.
        """
        if not self.may_change:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def show(
        self, request: HttpRequest, form: LessonForm, title: str, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        """Show the form."""
        crumbs = [Link("You said, we did", reverse("feedback:lessons")), Link(title)]
        context = {"form": form, "title": title, "crumbs": crumbs, **more}
        return self.render(request, "feedback/staff/lesson.html", status=status, **context)


class AddLesson(ChangingLesson):
    """Writing one, also about a suggestion that was taken up."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form, begun with the answer to the suggestion it comes from."""
        remark = self.remark(request)
        initial = {"we_did": remark.answer} if remark else None
        return self.show(request, self.form(None, initial), "Add", remark=remark)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it, or begin it with words that stand elsewhere."""
        remark = self.remark(request)
        if request.POST.get("do") == "begin":
            begun = {name: request.POST.get(name, "") for name in ("you_said", "we_did")}
            return self.show(request, self.form(None, begun), "Add", remark=remark)
        form = self.form(request.POST)
        if form.is_valid():
            try:
                write_lesson(
                    **form.cleaned_data,
                    by=self.user,
                    now=self.now,
                    remark_id=remark.pk if remark else None,
                )
            except ComplaintError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "It is kept. Publish it when it is right.")
                return redirect("feedback:lessons")
        return self.show(request, form, "Add", status=422, remark=remark)

    def form(self, given: Any, initial: dict[str, str] | None = None) -> LessonForm:
        """Return the form."""
        return LessonForm(given, initial=initial, cancel=reverse("feedback:lessons"))

    def remark(self, request: HttpRequest) -> Remark | None:
        """Return the suggestion that the address names, if it names one.

        :raises Http404: if there is none of that reference.
        """
        reference = request.GET.get("about", "")
        if not reference:
            return None
        visible = Remark.objects.visible_to(self.user).counted()
        return get_object_or_404(visible, reference=reference, kind="suggestion")


class ChangeLesson(ChangingLesson):
    """Changing the words of one, publishing it, or withdrawing it."""

    lesson: Lesson

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load it.

        :raises Http404: if there is none.
        """
        super().setup(request, *args, **kwargs)
        if self.may_read and self.may_change:
            rows = Lesson.objects.select_related("remark", "remark__customer")
            self.lesson = get_object_or_404(rows, pk=kwargs["number"])

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show it."""
        given = {"you_said": self.lesson.you_said, "we_did": self.lesson.we_did}
        given["seen"] = str(self.seen)
        form = ChangeLessonForm(initial=given, cancel=reverse("feedback:lessons"))
        return self.show(request, form, "Change", **self.more)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Change, publish or withdraw it."""
        if do := request.POST.get("do", ""):
            return self.move(request, do)
        form = ChangeLessonForm(request.POST, cancel=reverse("feedback:lessons"))
        if form.is_valid():
            try:
                change_lesson(
                    lesson_id=self.lesson.pk, **form.cleaned_data, by=self.user, now=self.now
                )
            except SettingChanged as changed:
                form.add_error(None, str(changed))
                # Whoever has read how it is now may save on top of it.
                form.data = {**request.POST.dict(), "seen": str(self.seen)}
            except ComplaintError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "The words are changed.")
                return redirect("feedback:lessons")
        return self.show(request, form, "Change", status=422, **self.more)

    @property
    def seen(self) -> int:
        """Return the number of its last change."""
        return last_change(Thing.LANDLORD, lesson_key(self.lesson))

    @property
    def more(self) -> dict[str, Any]:
        """Return what the page shows beside the form."""
        changes = changes_of(Thing.LANDLORD, lesson_key(self.lesson))
        return {"lesson": self.lesson, "remark": self.remark, "changes": changes}

    @property
    def remark(self) -> Remark | None:
        """Return the suggestion it comes from, if whoever asks may read what became of it."""
        visible = Remark.objects.visible_to(self.user)
        return visible.filter(lessons=self.lesson).first()

    def move(self, request: HttpRequest, do: str) -> HttpResponse:
        """Publish or withdraw it.

        :raises Http404: if something else is asked for.
        """
        acts = {"publish": publish_lesson, "withdraw": withdraw_lesson}
        if do not in acts:
            raise Http404
        try:
            acts[do](lesson_id=self.lesson.pk, by=self.user, now=self.now)
        except ComplaintError as refusal:
            messages.error(request, str(refusal))
        else:
            done = "Everybody can read it now." if do == "publish" else "Nobody outside reads it."
            messages.success(request, done)
        return redirect("feedback:lessons")
