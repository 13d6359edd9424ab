"""Every page of the site in a browser, wide and narrow: filled, empty, and with every mistake.

What there is to visit is read from the matrix of permissions, which knows every address of the
site and something for it to be about. An address that is neither visited here nor named as no page
fails the test.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from cases.middleware import Memory
from cases.models import User
from cases.rules.acts import Act
from cases.rules.roles import AREA_ROLES, Role
from cases.tests.case_page.situations import SITUATIONS
from cases.tests.factories import UserFactory
from cases.tests.fixtures import House
from complaints_site.tests.browser import DESK, Window
from complaints_site.tests.permissions.table import Row, matrix, names_of_addresses
from complaints_site.tests.permissions.world import NOW, Thing, World, build_world
from complaints_site.tests.walking import Walk
from feedback.tests.factories import COMPLAINT, COMPLIMENT, SUGGESTION, Visitor, changed

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
    "feedback:leaflet": "a file",
    "feedback:survey-letters": "a file",
    "feedback:survey-after-closing": "sent by a button",
    "feedback:tracked-letter": "a file",
    "feedback:tracked-papers": "a file",
    "feedback:track-sign-out": "sent by a button",
    "feedback:save": "sent by a button",
    "feedback:quarantined-file": "a file",
    "cases:home": "leads to where one's work begins",
    "cases:set-up": "leads away once the landlord is set up; visited before that",
    "cases:sign-out": "sent by a button",
    "cases:file": "a file",
    "cases:post-file": "a file",
    "cases:letter-document": "a file",
    "cases:letters-pdf": "a file",
    "cases:logo": "a picture",
    "cases:theme": "a style sheet",
    "feedback:begin": "sent by the small form",
    "cases:calendar-feed": "a calendar",
    "cases:procedure-file": "a file",
    "cases:queue-export": "a file",
    "cases:post-letter": "sent by a button",
    "cases:send-again": "sent by a button",
    "cases:send-by-post": "sent by a button",
    "cases:representative-receipt": "sent by a button",
    "cases:reassign": "sent by a button",
    "cases:together": "sent by a button",
    "cases:here": "a sentence for a script",
    "reporting:resend-report": "sent by a button",
}
# Pages on which nothing that can be sent is wrong.
NEVER_WRONG = {
    "feedback:files",
    "feedback:small-form",
    "feedback:tracked-breach",
    "cases:procedure-draft-reminders",
    "cases:landlord-approvals",
    "cases:landlord-look",
    "cases:landlord-standards",
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
    "cases:customers",
    "cases:categories",
    "cases:outside-bodies",
    "cases:restrictions",
    "cases:declared-interests",
    "cases:role-approvals",
    "cases:auditors-views",
    "cases:settings-history",
    "cases:operations",
    "feedback:staff-list",
    "feedback:letters",
    "feedback:lessons",
    "feedback:surveys",
    "feedback:quarantine",
    "feedback:compare-list",
    "reporting:dashboard",
    "reporting:reports",
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
        yield Walk(open_window(width=DESK), live_server.url)
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


def test_people_can_use_every_list_that_is_empty(walk: Walk, house: House):
    walk.sign_in(everybody(house))
    for name in LISTS:
        walk.visit(f"empty {name}", reverse(name))

    assert not walk.report(), walk.report()


def test_people_can_use_every_page_of_the_public_form(walk: Walk, house: House):
    for_another = changed(
        COMPLAINT,
        for_whom={"for_whom": "other"},
        person={"person_name": "Ada Shaw"},
        speaking_for_them={"permission": "yes"},
    )
    for form in (for_another, COMPLIMENT, SUGGESTION):
        take_up(walk, form)
        kind = form["kind"]["kind"]
        # The last page first: a mistake shuts the pages after it.
        for step in reversed(form):
            path = reverse("feedback:step", args=[step])
            walk.visit(f"{kind}: {step}", path, spoils=(kind, step) not in FREE)
    # No answer to the last question is wrong but to rule out every way that was given.
    take_up(walk, SUGGESTION)
    walk.page.goto(f"{walk.url}{reverse('feedback:step', args=['contact'])}")
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
    for path in ("/let-us-know/check/", "/let-us-know/sent/AAAA-AAAA-A/"):
        walk.carry({})
        walk.page.goto(f"{walk.url}{path}")
        walk.look(path)

    assert not walk.report(), walk.report()


def take_up(walk: Walk, form: Any) -> None:
    """Go on with a form that is filled in but not sent."""
    visitor = Visitor()
    visitor.fill(form)
    walk.carry({name: each.value for name, each in visitor.client.cookies.items()})


# Pages of the form on which no answer has to be given.
KINDS = ("complaint", "compliment", "suggestion")
FREE = {(kind, step) for kind in KINDS for step in ("contact", "files")} | {
    ("compliment", "about-you")
}


def test_people_can_use_the_first_page_of_an_installation(walk: Walk, db):
    Memory.is_set_up = False
    walk.sign_in(User.objects.create_superuser("root@landlord.example", "three words together"))
    walk.visit("cases:set-up", reverse("cases:set-up"))

    assert not walk.report(), walk.report()
