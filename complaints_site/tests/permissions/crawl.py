"""Going through the whole site as somebody, and comparing what it showed before and after."""

import html
import re
from collections.abc import Iterable
from urllib.parse import unquote_plus, urlencode, urljoin, urlsplit

from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from complaints_site.tests.permissions.canary import WORDS, Planted
from complaints_site.tests.permissions.table import Row
from complaints_site.tests.permissions.world import World

# Values that a page draws anew each time: a form's token, the key by which it is taken once.
DRAWN = re.compile(rb'value="[\w.:-]{20,}"')
# The room on the disk of the machine that runs the tests.
ROOM = re.compile(rb"[\d.]+(\xc2\xa0|&nbsp;)GB free \(\d+%\)")
# The pages below a complaint are asked for one complaint, by the matrix.
BELOW = re.compile(r"/complaints/[^/?]+/.")
LINKS = re.compile(r'href="(/[^"#]*)')
# How many pages are opened at most as one person: first those asked for, then those linked.
MOST = 280
Pages = dict[str, tuple[int, bytes]]


def crawl(world: World, actor: str, rows: Iterable[Row], *, most: int = MOST) -> Pages:
    """Return status and body of every page that somebody finds, by its address; of so many."""
    # Whoever looks people up too often in ten minutes has to wait.
    cache.clear()
    client = world.browser(actor)
    waiting = [*starts(world, rows), *questions()]
    seen: Pages = {}
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        if path in seen:
            continue
        answer = client.get(path)
        body = ROOM.sub(b"room", DRAWN.sub(b'value="drawn"', b"".join(answer)))
        if answer.status_code == 302:
            body = answer["Location"].encode()
            waiting.append(urljoin(path, answer["Location"]))
        seen[path] = (answer.status_code, body)
        if answer["Content-Type"].startswith("text/html"):
            found = map(html.unescape, LINKS.findall(body.decode()))
            waiting += [each for each in found if _is_new(each)]
    return seen


def _is_new(link: str) -> bool:
    """Say whether a link leads to a page of ours that the matrix does not name already.

    A page of the public says the same in every language.
    """
    return not link.startswith(("/static/", "//", "/cy/")) and not BELOW.match(link)


def starts(world: World, rows: Iterable[Row]) -> list[str]:
    """Return the addresses that the matrix names, about what is not hidden from everybody."""
    paths = []
    for row in rows:
        if row.method != "GET" or row.url == "cases:sign-in":
            continue
        things = world.things[row.about]
        near = next(kind for kind in ("team", "elsewhere", "", "own") if kind in things)
        paths.append(reverse(row.url, args=things[near].args))
    return paths


def questions() -> list[str]:
    """Return searches for each word of a hidden complaint, and every way to sort and to narrow."""
    words = [*WORDS.values(), "complaint", "lift"]
    queue = reverse("cases:queue")
    asked = [{"q": word} for word in words]
    asked += [{"view": view} for view in ("overdue", "today", "soon", "waiting", "unassigned")]
    asked += [{"sort": sort} for sort in ("reference", "-due", "customer", "-received", "officer")]
    asked += [{"state": "all"}, {"state": "closed"}, {"mine": "on"}, {"level": "restricted"}]
    asked += [{"status": "received"}, {"stage": "stage-1"}, {"days": "due:2026-06-01:2026-07-31"}]
    found = [f"{queue}?{urlencode(each)}" for each in asked]
    found += [f"{reverse('cases:customers')}?{urlencode({'find': word})}" for word in words]
    found += [f"{reverse('cases:log')}?{urlencode({'find': word})}" for word in words]
    found += [f"{reverse('feedback:quarantine')}?state=released"]
    return found


def as_it_was(world: World, actor: str, rows: Iterable[Row]) -> Pages:
    """Return what somebody finds in the world as it was built; gone through once.

    What looking leaves behind, such as the list of what auditors opened, is taken back.
    """
    if actor not in world.seen:
        with transaction.atomic():
            world.seen[actor] = crawl(world, actor, rows)
            transaction.set_rollback(True)
    return world.seen[actor]


def differences(before: Pages, after: Pages) -> list[str]:
    """Return the pages that show something else than before, with the first line that differs."""
    found = []
    for path in sorted(before.keys() | after.keys()):
        was, now = before.get(path), after.get(path)
        if was != now:
            found.append(f"{path}: {_first(was, now)}")
    return found


def _first(was: tuple[int, bytes] | None, now: tuple[int, bytes] | None) -> str:
    if was is None or now is None or was[0] != now[0]:
        return f"{was and was[0]} then {now and now[0]}"
    pairs = zip(_lines(was[1]), _lines(now[1]), strict=False)
    return next((f"{a[:120]!r} then {b[:120]!r}" for a, b in pairs if a != b), "longer")


def _lines(body: bytes) -> list[str]:
    return body.decode(errors="replace").replace("><", ">\n<").splitlines()


def betrayals(pages: Pages, planted: Planted) -> list[str]:
    """Return the pages in which a word of the hidden complaint stands.

    Where somebody searches for a word, the page may show what they typed.
    """
    found = []
    for path, (_, body) in pages.items():
        text = html.unescape(body.decode(errors="replace"))
        typed = unquote_plus(urlsplit(path).query).lower()
        told = [word for word in planted.in_(text) if word.lower() not in typed]
        found += [f"{path}: {', '.join(told)}"] if told else []
    return found
