"""How soon each public page stands on a slow telephone, and what comes over the line for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse
from playwright.sync_api import Browser

from cases.models import Complaint, OutboundMessage, TrackingVisit, User
from cases.models.tracking import Proof
from cases.operations.information import Question, ask_for_information
from cases.operations.tracking import begin_visit
from cases.rules.periods import london_day
from cases.rules.roles import Role
from cases.selectors.tracking import may_be_followed
from complaints_site.tests.bench.measures import Figure, Goal
from complaints_site.tests.bench.painting import (
    MOVED,
    PUBLIC,
    SLOW,
    TIMES,
    USUAL,
    Network,
    Seen,
    launched,
    opened,
)
from complaints_site.tests.bench.serving import Server
from feedback.models import Submission, SurveyRequest
from feedback.operations.drafts import keep_answers
from feedback.rules.surveys import Way
from feedback.tests.factories import COMPLAINT, by_page, pages_of
from feedback.views.browser import COOKIE, RECEIPT, RECEIPT_SALT, new_token
from feedback.views.track import VISIT_COOKIE, VISIT_SALT

KILOBYTE = 1024
# Within so long its largest part stands, and so many bytes come over the line at most.
BUDGET = Goal(most=PUBLIC[SLOW], size=40 * KILOBYTE)
READ = ("start", "procedure", "standards", "formats", "privacy", "accessibility", "you-said")
BEFORE_AND_BESIDE = ("come-back", "paper", "track", "track-code")
IN_WELSH = ("/let-us-know/", "/let-us-know/kind/", "/track/", "/how-we-deal-with-complaints/")
WEEK = timedelta(days=7)
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

    On slow 3G each has a line; of usual 4G the slowest is told. One that is too late is opened
    again, and the middle counts: the machine may have been busy. A bench of a few opens one page.
    """
    pages = public_pages(now=now)
    with launched() as browser:
        if browser is None:
            return
        moved, slowest, which = 0.0, 0.0, ""
        # A browser and a server that have just begun are slow with their first page.
        opened(browser, server.port, pages[0].path, {}, SLOW)
        for page in pages if times >= TIMES else pages[:1]:
            seen = _opened(browser, server, page, SLOW)
            soon = _opened(browser, server, page, USUAL)
            moved = max(moved, seen.moved, soon.moved)
            if soon.largest > slowest:
                slowest, which = soon.largest, page.what
            yield Figure(f"public: {page.what}", seen.largest, size=seen.weight, goal=BUDGET)
        goal = Goal(most=PUBLIC[USUAL])
        yield Figure(f"on usual 4G: the slowest public page, {which}", slowest, goal=goal)
        yield Figure("how much moves: any public page", moved, "", goal=Goal(most=MOVED))


def _opened(browser: Browser, server: Server, page: Public, network: Network) -> Seen:
    """Open a page; where it is too late, twice more."""
    seen = [opened(browser, server.port, page.path, page.cookies, network)]
    if seen[0].largest > PUBLIC[network]:
        again = range(TIMES - 1)
        seen += [opened(browser, server.port, page.path, page.cookies, network) for _ in again]
    return Seen(
        largest=median(each.largest for each in seen),
        moved=max(each.moved for each in seen),
        weight=max(each.weight for each in seen),
    )


def public_pages(*, now: datetime) -> Sequence[Public]:
    """Return every page of the form, of following a complaint, of a survey, and to be read."""
    form = {COOKIE: _filled_in(now=now)}
    longest = Complaint.objects.open().order_by("-version")
    visit = _visit(longest.filter(level="normal"), now=now)
    may_go_on = longest.filter(level="normal", window_until__gte=london_day(now))
    to_go_on = _visit(may_go_on, now=now)
    sent = Submission.objects.latest("pk").reference
    receipt = {RECEIPT: signing.TimestampSigner(salt=RECEIPT_SALT).sign(sent)}
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
        # Of a handful of complaints none may wait for that.
        *(
            [Public("tracked-next-stage", reverse("feedback:tracked-next-stage"), to_go_on)]
            if to_go_on
            else []
        ),
        Public("survey", reverse("feedback:survey", args=[survey.code])),
        Public("question", _question(longest[0], now=now)),
        Public("sent, by its code", reverse("feedback:sent", args=[sent]), receipt),
        *(Public(f"in Welsh: {path}", f"/cy{path}") for path in IN_WELSH),
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


def _visit(complaints: QuerySet[Complaint], *, now: datetime) -> dict[str, str]:
    """Begin a visit to the first that can be followed, and return the cookies of its browser.

    Nothing where none can.
    """
    found = complaints.select_related("customer").iterator()
    complaint = next((each for each in found if may_be_followed(each, now=now)), None)
    if complaint is None:
        return {}
    token = begin_visit(complaint, proof=Proof.PHONE, of=TrackingVisit(), now=now).token
    return {VISIT_COOKIE: signing.TimestampSigner(salt=VISIT_SALT).sign(token)}


def _question(complaint: Complaint, *, now: datetime) -> str:
    """Ask somebody outside a complaint something, and return the address of the page."""
    asked = ask_for_information(
        Question("Roofs & Co", "roofs@example.org", "When were you there?", london_day(now) + WEEK),
        complaint_id=complaint.pk,
        by=User.objects.filter(grants__role=Role.COMPLAINTS_COORDINATOR.value)[0],
        now=now,
    )
    body = OutboundMessage.objects.get(key=f"information:{asked.code}").body
    return f"/asked/{body.partition('/asked/')[2].partition('/')[0]}/"
