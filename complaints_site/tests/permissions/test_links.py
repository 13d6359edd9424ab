"""No page offers its reader a link inside the site that they cannot open."""

import html
from collections.abc import Iterable

import pytest
from django.core.cache import cache
from django.urls import reverse

from cases.rules.roles import Role
from complaints_site.tests.permissions.crawl import LINKS, starts
from complaints_site.tests.permissions.table import matrix
from complaints_site.tests.permissions.world import World

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.promise("P3"),
    pytest.mark.one_database,
    pytest.mark.timeout(600),
]
ROWS = matrix()
# A page, one that leads on, and one that asks for an answer to be mended.
OPENS = {200, 302, 422}


def dead_ends(world: World, actor: str, pages: Iterable[str]) -> list[str]:
    """Return the links on pages that answer their reader with a refusal or an error."""
    # Whoever looks people up too often in ten minutes has to wait.
    cache.clear()
    client = world.browser(actor)
    offered: dict[str, str] = {}
    known: dict[str, int] = {}
    for path in pages:
        answer = client.get(path)
        known[path] = answer.status_code
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            for link in map(html.unescape, LINKS.findall(answer.content.decode())):
                offered.setdefault(link, path)
        answer.close()
    found = []
    for link, path in offered.items():
        if link.startswith(("/static/", "//")):
            continue
        if link not in known:
            answer = client.get(link)
            known[link] = answer.status_code
            answer.close()
        if known[link] not in OPENS:
            found.append(f"{path} offers {link}: {known[link]}")
    return found


def pages(world: World, actor: str) -> list[str]:
    """Return every page that the matrix names, each complaint, and somebody who has complaints."""
    complaints = [
        reverse("cases:complaint", args=[each.reference]) for each in world.complaints.values()
    ]
    busy = world.people[Role.RESPONSIBLE_OFFICER].code
    people = [reverse(f"cases:{name}", args=[busy]) for name in ("person", "person-leave")]
    return [*dict.fromkeys([*starts(world, ROWS, actor), *complaints, *people])]


@pytest.mark.parametrize(
    "actor",
    [
        Role.FRONT_LINE,
        Role.RESPONSIBLE_OFFICER,
        Role.PANEL_MEMBER,
        Role.COMPLAINTS_COORDINATOR,
        Role.EXECUTIVE_SUPPORT_MANAGER,
        Role.SYSTEM_ADMINISTRATOR,
        Role.AUDITOR,
        "superuser",
    ],
)
def test_no_page_offers_its_reader_a_link_they_cannot_open(world, actor):
    assert "\n".join(dead_ends(world, actor, pages(world, actor))) == ""


def test_a_link_that_is_refused_would_be_found(world):
    """What an administrator finds on a coordinator's page of a complaint is not theirs."""
    client = world.browser(Role.SYSTEM_ADMINISTRATOR)
    complaint = reverse("cases:complaint", args=[world.complaints["own"].reference])

    assert client.get(complaint).status_code not in OPENS
