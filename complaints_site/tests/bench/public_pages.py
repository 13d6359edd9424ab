"""How soon each public page stands on a slow telephone, and what comes over the line for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from django.core import signing
from django.urls import reverse
from playwright.sync_api import Browser

from cases.models import Complaint, TrackingVisit
from cases.models.tracking import Proof
from cases.operations.tracking import begin_visit
from cases.selectors.tracking import may_be_followed
from complaints_site.tests.bench.measures import Figure, Goal
from complaints_site.tests.bench.painting import (
    MOVED,
    PUBLIC,
    SLOW,
    TIMES,
    Seen,
    launched,
    opened,
)
from complaints_site.tests.bench.serving import Server
from feedback.models import SurveyRequest
from feedback.operations.drafts import keep_answers
from feedback.rules.surveys import Way
from feedback.tests.factories import COMPLAINT, by_page, pages_of
from feedback.views.browser import COOKIE, new_token
from feedback.views.track import VISIT_COOKIE, VISIT_SALT

KILOBYTE = 1024
# Within so long its largest part stands, and so many bytes come over the line at most.
BUDGET = Goal(most=PUBLIC[SLOW], size=40 * KILOBYTE)
READ = ("start", "procedure", "standards", "formats", "privacy", "accessibility", "you-said")
BEFORE_AND_BESIDE = ("come-back", "paper", "track", "track-code")
FOLLOWED = (
    *("tracked", "tracked-add", "tracked-wishes", "tracked-speaker"),
    *("tracked-withdraw", "tracked-breach"),
)


@dataclass(frozen=True, slots=True)
class Public:
    """A public page, and the cookies of the browser in which it is open."""

    what: str
    path: str
    cookies: dict[str, str] = field(default_factory=dict)


def measure(server: Server, *, times: int, now: datetime) -> Iterator[Figure]:
    """Yield for every public page how soon it stands and what it weighs; nothing without Chromium.

    One that is too late is opened again, and the middle counts: the machine may have been busy. A
    bench of a few opens one page.
    """
    pages = public_pages(now=now)
    with launched() as browser:
        if browser is None:
            return
        moved = 0.0
        # A browser and a server that have just begun are slow with their first page.
        opened(browser, server.port, pages[0].path, {}, SLOW)
        for page in pages if times >= TIMES else pages[:1]:
            seen = _opened(browser, server, page)
            moved = max(moved, seen.moved)
            yield Figure(f"public: {page.what}", seen.largest, size=seen.weight, goal=BUDGET)
        yield Figure("how much moves: any public page", moved, "", goal=Goal(most=MOVED))


def _opened(browser: Browser, server: Server, page: Public) -> Seen:
    """Open a page; where it is too late, twice more."""
    seen = [opened(browser, server.port, page.path, page.cookies, SLOW)]
    if seen[0].largest > PUBLIC[SLOW]:
        again = range(TIMES - 1)
        seen += [opened(browser, server.port, page.path, page.cookies, SLOW) for _ in again]
    return Seen(
        largest=median(each.largest for each in seen),
        moved=max(each.moved for each in seen),
        weight=max(each.weight for each in seen),
    )


def public_pages(*, now: datetime) -> Sequence[Public]:
    """Return every page of the form, of following a complaint, of a survey, and to be read."""
    form = {COOKIE: _filled_in(now=now)}
    visit = {VISIT_COOKIE: signing.TimestampSigner(salt=VISIT_SALT).sign(_followed(now=now))}
    survey = SurveyRequest.objects.create(
        complaint=Complaint.objects.latest("pk"), way=Way.POST.value, asked_at=now
    )
    return [
        *(Public(name, reverse(f"feedback:{name}")) for name in (*READ, *BEFORE_AND_BESIDE)),
        *(
            Public(f"form: {code}", reverse("feedback:step", args=[code]), form)
            for code in pages_of(COMPLAINT)
        ),
        Public("form: all answers", reverse("feedback:check"), form),
        *(Public(name, reverse(f"feedback:{name}"), visit) for name in FOLLOWED),
        Public("survey", reverse("feedback:survey", args=[survey.code])),
    ]


def _filled_in(*, now: datetime) -> str:
    """Fill in the form, and return the token of the browser."""
    token = new_token()
    for code, answers in by_page(COMPLAINT).items():
        typed = {
            name: value if isinstance(value, list) else [value] for name, value in answers.items()
        }
        keep_answers(token=token, step=code, typed=typed, source="", began_at=now, now=now)
    return token


def _followed(*, now: datetime) -> str:
    """Begin a visit to a complaint with much to show, and return its token."""
    complaints = Complaint.objects.open().filter(level="normal").select_related("customer")
    longest = complaints.order_by("-version").iterator()
    complaint = next(each for each in longest if may_be_followed(each, now=now))
    return begin_visit(complaint, proof=Proof.PHONE, of=TrackingVisit(), now=now).token
