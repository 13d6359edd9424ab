"""What the staff's pages about what comes in have in common."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from cases.models import User
from cases.rules.pages import READERS, Page
from cases.selectors.counting import in_words
from cases.templatetags.parts import Tab
from cases.views.access import StaffPage, user_of
from feedback.selectors.remarks import sections_of

# In the order of the tabs: the section, its words, its address.
SECTIONS = (
    ("remarks", "Compliments and suggestions", "feedback:staff-list"),
    ("lessons", "You said, we did", "feedback:lessons"),
    ("letters", "Letters to post", "feedback:letters"),
    ("quarantine", "Quarantine", "feedback:quarantine"),
    ("compare", "Customers to compare", "feedback:compare-list"),
)
# The sections that whoever opens these pages may open.
FOR_ALL = ("remarks", "lessons")


class FeedbackPage(StaffPage):
    """A page for staff. The clock is read once."""

    page = Page.FEEDBACK
    section = "remarks"
    user: User

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the clock, and who asks."""
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        self.user = user_of(request)

    @property
    def may_read(self) -> bool:
        """Say whether the page is for this person; whoever it is not for learns nothing by it."""
        user = self.request.user
        return user.is_authenticated and user.has_role(*READERS[self.page])

    def render(
        self, request: HttpRequest, template: str, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        """Return the page, under the sections that this person may open."""
        waiting = sections_of(self.user)
        tabs = [
            Tab(
                words,
                reverse(name),
                in_words(waiting[code]) if waiting.get(code) else None,
                is_current=code == self.section,
            )
            for code, words, name in SECTIONS
            if code in FOR_ALL or code in waiting
        ]
        common = {"sections": tabs, "today": self.today}
        return render(request, template, common | context, status=status)
