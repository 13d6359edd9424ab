"""Going through the whole site as somebody, and comparing what it showed before and after."""

import html
import re
from collections.abc import Container, Iterable
from urllib.parse import unquote_plus, urlencode, urljoin, urlsplit

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from complaints_site.tests.permissions.canary import WORDS, Planted
from complaints_site.tests.permissions.table import REACH, Row
from complaints_site.tests.permissions.world import Thing, World

# Values that a page draws anew each time: a form's token, the key by which it is taken once.
DRAWN = re.compile(rb'value="[\w.:-]{20,}"')
# The secret of an app that is being set up, to scan and to type.
SECRET = re.compile(rb'<svg class="house-code".*?</svg>|house-key">[A-Z2-7 ]+')
# A number or several, what stands where one is too small to be shown, the link to what it counts.
_NUMBER = rb"(?:\d|Not shown|Fewer than 5)[\d,.%]*"
NUMBERS = re.compile(rb"<a [^>]*>\s*" + _NUMBER + rb"\s*</a>|(?:" + _NUMBER + rb")+")
# The room on the disk of the machine that runs the tests.
ROOM = re.compile(rb"[\d.]+(\xc2\xa0|&nbsp;)GB free \(\d+%\)")
# The pages below a complaint are asked for one complaint, by the matrix.
BELOW = re.compile(r"/complaints/[^/?]+/.")
LINKS = re.compile(r'href="(/[^"#]*)')
# What is about to be opened, the nearest first.
NEAREST = ("team", "elsewhere", "", "own")
# How many pages are opened at most as one person to which others lead. What the matrix names and
# what is asked of its searches and lists is opened whatever that takes.
MOST_FOLLOWED = 20
Pages = dict[str, tuple[int, bytes]]


def crawl(world: World, actor: str, rows: Iterable[Row], *, followed: int = MOST_FOLLOWED) -> Pages:
    """Return status and body of every page that somebody finds, by its address.

    They are those of the matrix, the answers to every question, and so many to which those lead.
    """
    # Whoever looks people up too often in ten minutes has to wait.
    cache.clear()
    client = world.browser(actor)
    seen: Pages = {}
    leading: dict[str, None] = {}
    first = starts(world, rows, actor)
    for path, thing in {**first, **dict.fromkeys(questions())}.items():
        browser = world.browser(actor, thing) if thing and thing.cookies else client
        leading |= dict.fromkeys(_open(browser, path, seen))
    waiting = [path for path in leading if path not in seen]
    for path in waiting[:followed]:
        _open(client, path, seen)
    return seen


def _open(client: Client, path: str, seen: Pages) -> list[str]:
    """Open a page, keep what it showed, and return where it leads to."""
    answer = client.get(path)
    body = ROOM.sub(b"room", DRAWN.sub(b'value="drawn"', b"".join(answer)))
    body = SECRET.sub(b"secret", body)
    leads = []
    if answer.status_code == 302:
        body = answer["Location"].encode()
        leads.append(urljoin(path, answer["Location"]))
    seen[path] = (answer.status_code, body)
    if answer["Content-Type"].startswith("text/html"):
        found = map(html.unescape, LINKS.findall(body.decode()))
        leads += [each for each in found if _is_new(each)]
    return leads


def _is_new(link: str) -> bool:
    """Say whether a link leads to a page of ours that the matrix does not name already.

    A page of the public says the same in every language.
    """
    return not link.startswith(("/static/", "//", "/cy/")) and not BELOW.match(link)


def starts(world: World, rows: Iterable[Row], actor: str) -> dict[str, Thing]:
    """Return the addresses that the matrix names and what each is about.

    It is about what the actor may open, if there is any such thing, and about nothing that is
    hidden from everybody.
    """
    found = {}
    for row in rows:
        if row.method != "GET":
            continue
        thing = _example(row, actor, world.kinds_of(row.about, actor))
        found[reverse(row.url, args=thing.args)] = thing
    return found


def _example(row: Row, actor: str, things: dict[str, Thing]) -> Thing:
    """Return the nearest thing of those that a cell of the matrix lets in, or else the nearest."""
    # Who has no column of their own holds every role, or one that opens everything.
    cell = row.cells.get(actor, "all")
    reached = REACH[cell][0]
    is_far = "team" in things and cell in ("service", "directorate")
    kinds = (*NEAREST, *reached) if is_far or cell in ("all", "open") else (*reached, *NEAREST)
    return things[next(kind for kind in kinds if kind in things)]


def unopened(rows: Iterable[Row], pages: Pages) -> set[str]:
    """Return the pages of the matrix, by name, and the questions that were not opened."""
    names = {name_of(path) for path in pages}
    return ({row.url for row in rows if row.method == "GET"} - names) | {
        path for path in questions() if path not in pages
    }


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


def differences(before: Pages, after: Pages, *, counting: Container[str] = ()) -> list[str]:
    """Return the pages that show something else than before, with the first line that differs.

    Pages that count everything, by their names, may show other numbers, and nothing else.
    """
    found = []
    for path in sorted(before.keys() | after.keys()):
        was, now = before.get(path), after.get(path)
        if was and now and was != now and name_of(path) in counting:
            was, now = _uncounted(was), _uncounted(now)
        if was != now:
            found.append(f"{path}: {_first(was, now)}")
    return found


def name_of(path: str) -> str:
    """Return by which name of an address a page answers; none of what is no address of ours."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


def _uncounted(page: tuple[int, bytes]) -> tuple[int, bytes]:
    return page[0], NUMBERS.sub(b"#", page[1])


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
