"""The articles drafted from what was learnt in the time of a report."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cases.operations.alerts import address_of
from cases.rules.roles import Role
from cases.selectors.running import landlord
from reporting.models import KeptReport
from reporting.rules.articles import Article, Quarter, articles_of, pairs_of, tells_of_change
from reporting.rules.kept import Figures
from reporting.selectors.kept import shown_to
from reporting.views.kept import OneReport, crumbs, handed_out


class Drafts(OneReport):
    """A page with articles, for those who put reports together."""

    def drafted(self, named: dict[str, Any]) -> tuple[KeptReport, list[Article]]:
        """Return the report and its articles: none before it is sent.

        :raises PermissionDenied: to those who do not put reports together.
        """
        report = self.named(named)
        if not self.may_collate:
            raise PermissionDenied
        counted = shown_to(self.user, report, on_paper=True)
        ours = landlord()
        quarter = Quarter(
            words=report.time.words,
            received=counted.numbers.get("received", 0),
            in_time=_in_time(counted.sheets),
            page=address_of(report.get_absolute_url()),
            telephone=ours.telephone if ours else "",
            form=address_of(reverse("feedback:start")),
        )
        return report, articles_of(quarter, report.found.get("lessons", []))


def _in_time(sheets: tuple[Figures, ...]) -> int | None:
    [answered] = [each for each in sheets if each.sheet.code == "answered"]
    return answered.rows[-1].share if answered.rows else None


class ArticlesPage(Drafts):
    """All articles of a report."""

    def get(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Show them."""
        report, articles = self.drafted(named)
        lessons = report.found.get("lessons", [])
        context = {
            "report": report,
            "crumbs": crumbs(report, "Articles"),
            "articles": [
                (each, reverse("reporting:performance-article", args=[*report.keys, each.place]))
                for each in articles
            ],
            "pairs": pairs_of(lessons) if self.publishes else [],
            "left_out": [each for each in lessons if not tells_of_change(each)],
        }
        return render(request, "reporting/articles.html", context)

    @property
    def publishes(self) -> bool:
        """Say whether whoever looks writes what stands under “You said, we did”."""
        return self.user.has_role(Role.COMPLAINTS_COORDINATOR)


class ArticleFile(Drafts):
    """One article as plain text."""

    def get(self, request: HttpRequest, place: str, **named: Any) -> HttpResponse:
        """Hand it out.

        :raises Http404: if there is none for that place.
        """
        report, articles = self.drafted(named)
        found = [each for each in articles if each.place == place]
        if not found:
            raise Http404
        name = f"{place}-{report.first_day.isoformat()}.txt"
        return handed_out(found[0].text.encode(), "text/plain; charset=utf-8", name, "attachment")
