"""Every page of the site in a browser, wide and narrow: filled, empty, and with every mistake.

What there is to visit is read from the matrix of permissions, which knows every address of the
site and something for it to be about. An address that is neither visited here nor named as no page
fails the test.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from axe_playwright_python.base import AXE_SCRIPT
from django.core.cache import cache
from django.urls import reverse
from pyotp import TOTP

from cases.middleware import Memory
from cases.models import Absence, BrowserSession, Landlord, User
from cases.operations.covers import name_cover
from cases.rules.acts import Act
from cases.rules.roles import AREA_ROLES, Role
from cases.tests.case_page.situations import SITUATIONS
from cases.tests.factories import UserFactory
from cases.tests.fixtures import House
from cases.views.acts.all import ACT_PAGES
from complaints_site.tests.browser import DESK, Window
from complaints_site.tests.journeys.desk import fill_in
from complaints_site.tests.journeys.steps import EMAIL, OFFICER
from complaints_site.tests.permissions.table import Row, matrix, names_of_addresses
from complaints_site.tests.permissions.world import NOW, TODAY, Thing, World, build_world
from complaints_site.tests.walking import Walk
from feedback.tests.factories import (
    COMPLAINT,
    COMPLIMENT,
    SUGGESTION,
    Visitor,
    changed,
    pages_of,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
    pytest.mark.timeout(900),
]

# Addresses that answer with something else than a page of their own.
NO_PAGES = {
    "health-live": "for machines",
    "health-ready": "for machines",
    "health-beat": "for machines",
    "feedback:home": "leads to the form",
    "feedback:forget": "sent by a button",
    "feedback:file": "a file",
    "feedback:draft-file": "a file",
    "feedback:leaflet": "a file",
    "feedback:paper-pdf": "a file",
    "feedback:copy-pdf": "a file",
    "feedback:survey-letters": "a file",
    "feedback:survey-after-closing": "sent by a button",
    "feedback:tracked-letter": "a file",
    "feedback:tracked-papers": "a file",
    "feedback:tracked-file": "a file",
    "feedback:track-sign-out": "sent by a button",
    "feedback:save": "sent by a button",
    "feedback:quarantined-file": "a file",
    "cases:home": "leads to where one's work begins",
    "cases:set-up": "leads away once the landlord is set up; visited before that",
    "cases:sign-out": "sent by a button",
    "cases:sign-in-code": "leads to the password; visited on the way in",
    "cases:sign-in-set-up": "leads to the password; visited on the way in",
    "cases:work-account": "leads to the landlord's identity provider",
    "cases:work-account-back": "leads in, or back to the password",
    "cases:go-on": "leads away where nothing was typed; visited after a session ended",
    "cases:file": "a file",
    "cases:post-file": "a file",
    "cases:letter-document": "a file",
    "cases:letters-pdf": "a file",
    "cases:logo": "a picture",
    "cases:theme": "a style sheet",
    "feedback:begin": "sent by the small form",
    "cases:calendar-feed": "a calendar",
    "api-document": "for programs",
    "cases:api-complaints": "for programs",
    "cases:api-complaint": "for programs",
    "cases:api-events": "for programs",
    "cases:api-deadlines": "for programs",
    "feedback:api-remarks": "for programs",
    "cases:api-key-approve": "sent by a button",
    "cases:api-key-end": "sent by a button",
    "cases:webhook-end": "sent by a button",
    "cases:webhook-again": "sent by a button",
    "cases:procedure-file": "a file",
    "cases:queue-export": "a file",
    "cases:post-letter": "sent by a button",
    "cases:send-again": "sent by a button",
    "cases:send-by-post": "sent by a button",
    "cases:representative-receipt": "sent by a button",
    "cases:reassign": "sent by a button",
    "cases:together": "sent by a button",
    "cases:here": "a sentence for a script",
    "cases:stay": "sent by a script",
    "feedback:track-stay": "sent by a script",
    "reporting:resend-report": "sent by a button",
    "reporting:monthly-resend": "sent by a button",
    "reporting:performance-resend": "sent by a button",
    "reporting:monthly-pdf": "a file",
    "reporting:monthly-csv": "a file",
    "reporting:performance-pdf": "a file",
    "reporting:performance-csv": "a file",
    "reporting:performance-article": "a file",
    "reporting:measures-now": "leads to the year that runs",
    "reporting:year-now": "leads to the year that runs",
    "reporting:measures-file": "a file",
}
# Pages on which nothing that can be sent is wrong.
NEVER_WRONG = {
    "feedback:files",
    "feedback:small-form",
    "feedback:tracked-breach",
    # A file waits there to be sent: words are not needed then.
    "feedback:tracked-add",
    "feedback:tracked-emails",
    "feedback:asked-not-mine",
    "feedback:consent-not-mine",
    "feedback:own-letter",
    "feedback:own-letter-not-mine",
    "feedback:receipt-not-mine",
    "cases:procedure-draft-reminders",
    "cases:landlord-approvals",
    "cases:landlord-look",
    "cases:landlord-standards",
    "cases:words-section",
    "reporting:targets",
    "reporting:capacity",
    "reporting:performance-send",
    "reporting:performance-check",
}
PAGES = [row for row in matrix() if row.method == "GET" and row.url not in NO_PAGES]
ACTS = {f"cases:{act.value}" for act in SITUATIONS}
# Lists that a landlord begins with empty.
LISTS = (
    "cases:my-work",
    "cases:queue",
    "cases:saved-views",
    "cases:requests",
    "cases:letters",
    "cases:letters-print",
    "cases:post",
    "cases:covers",
    "cases:hot-spots",
    "cases:customers",
    "cases:categories",
    "cases:contractors",
    "cases:api-keys",
    "cases:webhooks",
    "cases:outside-bodies",
    "cases:words",
    "cases:restrictions",
    "cases:declared-interests",
    "cases:role-approvals",
    "cases:auditors-views",
    "cases:looks",
    "cases:settings-history",
    "cases:operations",
    "feedback:you-said",
    "feedback:staff-list",
    "feedback:letters",
    "feedback:lessons",
    "feedback:surveys",
    "feedback:quarantine",
    "feedback:compare-list",
    "reporting:dashboard",
    "reporting:answers-board",
    "reporting:complaints-board",
    "reporting:ahead-board",
    "reporting:capacities",
    "reporting:reports",
    "reporting:performance",
    "reporting:lessons-owed",
    "reporting:homes",
    "reporting:assessments",
    "reporting:improvement-reports",
)


def part_of(row: Row) -> str:
    """Return the part of the site to which a page belongs."""
    if row.url in ACTS:
        return "acts"
    if row.cells["visitor"] != "sign-in":
        return "public"
    if row.about.startswith("complaint"):
        return "complaint"
    if row.url.startswith(("cases:procedure", "cases:calendar")):
        return "procedures"
    return "settings" if row.cells["system_administrator"] != "no" else "lists"


PARTS = ("public", "complaint", "procedures", "settings", "lists")


@pytest.fixture
def walk(open_window: Window, live_server, settings, tmp_path) -> Iterator[Walk]:
    """Somebody at a window, on the day of the world."""
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        cache.clear()
        page = open_window(width=DESK)
        # Nearly every page is looked at: axe is sent to the browser once, not to each of them.
        page.add_init_script(AXE_SCRIPT)
        yield Walk(page, live_server.url)
    cache.clear()


def test_every_address_is_a_page_visited_here_or_none():
    assert {row.url for row in PAGES} | set(NO_PAGES) == names_of_addresses()
    assert {part_of(row) for row in PAGES} == {*PARTS, "acts"}


@pytest.mark.parametrize("part", PARTS)
def test_people_can_use_every_page(part: str, walk: Walk, db):
    world = build_world()

    for row in (row for row in PAGES if part_of(row) == part):
        actor = actor_for(row)
        thing = thing_for(world, row)
        walk.carry({**world.sessions.get(actor, {}), **thing.cookies})
        walk.visit(row.url, reverse(row.url, args=thing.args), spoils=row.url not in NEVER_WRONG)

    assert not walk.report(), walk.report()


def actor_for(row: Row) -> str:
    """Return who looks at a page: whoever has every role, except at what is one's own."""
    if part_of(row) == "public":
        return "visitor"
    return Role.COMPLAINTS_COORDINATOR.value if row.about == "logged form" else "everybody"


def thing_for(world: World, row: Row) -> Thing:
    """Return what the page is to be about."""
    things = world.kinds_of(row.about, Role.COMPLAINTS_COORDINATOR.value)
    return next(things[kind] for kind in ("own", "", "team", "elsewhere") if kind in things)


def everybody(house: House) -> User:
    """Return somebody with every role."""
    areas = {role: house.directorate for role in AREA_ROLES}
    return UserFactory(name="Everybody", roles=[(role, areas.get(role)) for role in Role])


def test_people_can_use_the_page_of_every_act(walk: Walk, house: House):
    for act, situation in SITUATIONS.items():
        story = situation.lead(house)
        walk.sign_in(house[situation.by])
        path = reverse(f"cases:{act.value}", args=[story.complaint.reference])
        if act is not Act.POST_LETTER:
            walk.visit(act.value, f"{path}?entry=3" if act is Act.CORRECT else path)
    walk.visit("what is not possible now", path.replace(act.value, Act.HOLD_HEARING.value))

    assert not walk.report(), walk.report()


def test_people_can_use_what_is_shown_and_not_recorded(walk: Walk, house: House):
    officer, colleague = house[OFFICER], UserFactory(roles=[OFFICER])
    complaint = house.lodge(on=TODAY)
    walk.sign_in(officer)
    page = walk.page
    page.goto(f"{walk.url}{reverse('cases:acknowledge', args=[complaint.reference])}")
    fill_in(page, "The customer did not say what they want", True)
    fill_in(page, "Are we responsible for it?", "For all of it")
    fill_in(page, "How the customer is told", EMAIL)
    page.get_by_role("button", name=ACT_PAGES[Act.ACKNOWLEDGE].form_class.preview_text).click()
    page.get_by_role("heading", name="Nothing is recorded yet").wait_for()
    walk.look("an act before it is recorded")
    for answer in ("5 working days", "soon"):
        asked = {"start_day": 24, "start_month": 12, "start_year": 2026, "period": answer}
        walk.visit(f"calculator: {answer}", f"{reverse('cases:calculator')}?{urlencode(asked)}")
    # Whoever covers it later is told from when it is open to them.
    away = Absence.objects.create(
        user=officer,
        deputy=UserFactory(roles=[OFFICER]),
        first_day=TODAY + timedelta(days=3),
        last_day=TODAY + timedelta(days=9),
    )
    cover = {"absence_id": away.pk, "complaint_id": complaint.pk, "user_id": colleague.pk}
    name_cover(**cover, by=officer, now=NOW)
    walk.sign_in(colleague)
    walk.visit("a complaint to cover", complaint.get_absolute_url(), status=403)

    assert not walk.report(), walk.report()


def test_people_can_use_every_step_of_signing_in(walk: Walk, house: House, settings):
    settings.SECOND_FACTOR = "required"
    officer, page = house[OFFICER], walk.page
    officer.set_password("three words together")
    officer.save()
    give_password(walk, officer)
    walk.visit("cases:sign-in-set-up", reverse("cases:sign-in-set-up"))
    app = TOTP(page.locator(".house-key").inner_text().replace(" ", ""))
    page.get_by_label("Code that the app shows now").fill(app.at(NOW))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    walk.look("recovery codes")
    page.get_by_role("button", name="I have kept them").click()
    walk.visit("signing in with an app", reverse("cases:account-signing-in"))
    walk.visit("one's own account", reverse("cases:account-change"), spoils=False)
    page.get_by_label("Job title").fill("Surveyor")
    BrowserSession.objects.filter(user=officer).update(expire_date=NOW)
    page.get_by_role("button", name="Save").click()
    give_password(walk, officer)
    walk.visit("cases:sign-in-code", reverse("cases:sign-in-code"))
    page.get_by_label("Code").fill(app.at(NOW + timedelta(seconds=30)))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What you typed is kept").wait_for()
    walk.look("cases:go-on")
    page.get_by_role("button", name="Send it").click()
    page.get_by_text("Your particulars are saved.").wait_for()

    assert not walk.report(), walk.report()


def give_password(walk: Walk, user: User) -> None:
    """Fill in the sign-in page; it leads to the next step."""
    if "/sign-in/" not in walk.page.url:
        walk.page.goto(f"{walk.url}{reverse('cases:sign-in')}")
    walk.page.get_by_label("E-mail address").fill(user.email)
    walk.page.get_by_label("Password").fill("three words together")
    walk.page.keyboard.press("Enter")
    walk.page.wait_for_url(lambda url: not url.endswith("/sign-in/") and "next=" not in url)


def test_people_can_use_every_list_that_is_empty(walk: Walk, house: House):
    walk.sign_in(everybody(house))
    for name in LISTS:
        walk.visit(f"empty {name}", reverse(name))

    assert not walk.report(), walk.report()


def test_people_can_use_every_page_of_the_public_form(walk: Walk, house: House):
    # In English too words may be set apart as far as readers need (WCAG 1.4.12).
    walk.spaces = True
    for_another = changed(
        COMPLAINT,
        for_whom={"for_whom": "other"},
        person={"person_name": "Ada Shaw"},
        speaking_for_them={"permission": "yes"},
    )
    looked_at = {
        "complaint": (COMPLAINT, ["who-you-are", "call-back"]),
        "for another": (for_another, pages_of(for_another)),
        # What is asked as of a complaint is looked at there.
        "compliment": (COMPLIMENT, ["what-happened", "regarding", "about-you"]),
        "suggestion": (SUGGESTION, ["what-happened", "regarding"]),
    }
    for kind, (form, steps) in looked_at.items():
        take_up(walk, form)
        # The last page first: a mistake shuts the pages after it.
        for step in reversed(steps):
            path = reverse("feedback:step", args=[step])
            spoils = step in NEEDED and (kind, step) != ("compliment", "about-you")
            walk.visit(f"{kind}: {step}", path, spoils=spoils)
    # No answer of how to reach somebody is wrong but to rule out every way that was given.
    take_up(walk, SUGGESTION)
    walk.page.goto(f"{walk.url}{reverse('feedback:step', args=['safe'])}")
    walk.page.get_by_label("Do not email me").check()
    walk.page.get_by_role("button", name="Continue").click()
    walk.page.get_by_role("heading", name="There is a problem").wait_for()
    walk.look("no way to reach them")
    # What was sent before in the same words is sent again once somebody says so.
    Visitor().tell(SUGGESTION)
    take_up(walk, SUGGESTION)
    walk.page.goto(f"{walk.url}{reverse('feedback:check')}")
    walk.page.get_by_role("button", name="Send your suggestion").click()
    walk.page.get_by_role("heading", name="Are you sending this now?").wait_for()
    walk.look("asked to confirm")
    walk.page.get_by_role("button", name="Yes, send my suggestion").click()
    walk.page.get_by_role("heading", name="We have your suggestion").wait_for()
    walk.look("a suggestion is sent")
    # A page that was open for too long saves nothing before the button is pressed again.
    take_up(walk, SUGGESTION)
    walk.page.goto(f"{walk.url}{reverse('feedback:check')}")
    walk.page.get_by_text("I want to go on later, or on another computer").click()
    walk.page.context.clear_cookies(name="csrftoken")
    for heading in ("It is not saved yet", "It is saved, and not sent yet"):
        walk.page.get_by_role("button", name="Save it and come back later").click()
        walk.page.get_by_role("heading", name=heading).wait_for()
        walk.look(heading)
    for name in ("asked", "survey"):
        walk.visit(f"{name} is closed", reverse(f"feedback:{name}", args=["unknown"]), status=404)
    for path in ("/let-us-know/check/", "/let-us-know/sent/AAAA-AAAA-A/"):
        walk.carry({})
        walk.page.goto(f"{walk.url}{path}")
        walk.look(path)
    Landlord.objects.update(following_closed_at=NOW, following_notice="We look into a mistake.")
    walk.visit("nobody follows a complaint now", reverse("feedback:track"), status=503)

    assert not walk.report(), walk.report()


def take_up(walk: Walk, form: Any) -> None:
    """Go on with a form that is filled in but not sent."""
    visitor = Visitor()
    visitor.fill(form)
    walk.carry({name: each.value for name, each in visitor.client.cookies.items()})


# Pages of the form on which an answer has to be given.
NEEDED = ("kind", "for-whom", "person", "what-happened", "staff", "about-you")


def test_people_can_use_the_first_page_of_an_installation(walk: Walk, db):
    Memory.is_set_up = False
    queue, start = reverse("cases:queue"), reverse("feedback:start")
    coordinator = UserFactory(roles=[Role.COMPLAINTS_COORDINATOR])
    walk.visit("not set up, for visitors", start, status=503)
    walk.sign_in(coordinator)
    walk.visit("not set up, for staff", queue, status=503)
    # Its name is given, and nothing is running yet.
    Memory.is_set_up = True
    walk.visit("nothing in the list yet", queue)
    walk.visit("the form is not open yet", start, status=503)
    Memory.is_set_up = False
    walk.sign_in(User.objects.create_superuser("root@landlord.example", "three words together"))
    walk.visit("cases:set-up", reverse("cases:set-up"))

    assert not walk.report(), walk.report()
