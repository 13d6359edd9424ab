"""What opening each page takes, beside a page that only says hello, and beside its own SQL."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import median
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from cases.models import Complaint, Customer, ServiceArea, User
from complaints_site.tests.bench.measures import NONE, Figure, Goal, timed
from complaints_site.tests.bench.people import Staff
from complaints_site.tests.bench.serving import HOST, Browser, Server
from complaints_site.tests.bench.work import Work

HELLO = "/hello/"
LIST = Goal(ratio=18, queries=12)
CASE = Goal(ratio=22, queries=12)
DASHBOARD = Goal(ratio=50)
SURNAME = Goal(ratio=20)
PHRASE = Goal(ratio=40)
# PostgreSQL keeps the plan of a query once a connection has asked it ten times, and each of a
# thread of a worker has a connection: before that a page is what it is just after a restart.
PLANNED = 10
# The threads take turns, but not evenly.
UNEVENLY = 3
THREADS, ALL_THREADS = 4, 8
# Hello is so quick that it is asked more often.
HELLOS = 5


@dataclass(frozen=True, slots=True)
class Opened:
    """A page, as somebody opens it."""

    what: str
    person: int
    path: str
    goal: Goal


def opened(staff: Staff) -> Iterator[Opened]:
    """Yield the pages, each for those for whom it is the most work."""
    officer = _busiest("responsible_officer", staff.officers)
    team = _busiest("service_area", staff.teams)
    manager, coordinator = staff.managers[staff.teams.index(team)], staff.coordinators[0]
    queue = reverse("cases:queue")

    def listed(what: str, person: int, query: str, goal: Goal = LIST) -> Opened:
        return Opened(what, person, f"{queue}?{query}" if query else queue, goal)

    for words, person in _named(officer, manager, coordinator):
        yield Opened(f"my work, {words}", person, reverse("cases:my-work"), LIST)
    for words, person in _named(officer, manager, coordinator):
        yield listed(f"queue, open, {words}", person, "")
    service = ServiceArea.objects.get(pk=team).parent_id
    yield listed("queue, by status, area and channel", coordinator,
                 f"status=investigating&area={service}&channel=phone")  # fmt: skip
    yield listed("queue, both open and closed", coordinator, "state=all")
    yield listed("queue, closed, by one officer", coordinator, f"state=closed&officer={officer}")
    yield listed("queue, by customer’s name", coordinator, "sort=customer")
    yield listed("queue, all by customer’s name", coordinator, "state=all&sort=customer")
    yield listed("queue, page 40 of all", coordinator, "state=all&page=40")
    for words, person in _named(officer, manager, coordinator):
        yield listed(f"overdue, {words}", person, "view=overdue")
    rare = _rare_surname()
    for words, person in _named(officer, manager, coordinator):
        yield listed(f"surname Smith, {words}", person, "q=Smith", SURNAME)
        yield listed(f"surname of few, {words}", person, f"q={quote(rare)}", SURNAME)
    yield listed("surname misspelt", coordinator, "q=Smyfth", SURNAME)
    for phrase in ("boiler in the kitchen", "slipped and fell", "by the roof terrace"):
        asked = quote(f'"{phrase}"')
        yield listed(f"“{phrase}”, coordinator", coordinator, f"q={asked}", PHRASE)
    yield listed("“boiler in the kitchen”, manager", manager,
                 f"q={quote(chr(34) + 'boiler in the kitchen' + chr(34))}", PHRASE)  # fmt: skip
    usual, longest = _histories()
    yield Opened("case, of usual length", coordinator, usual.get_absolute_url(), CASE)
    yield Opened("case, the longest", coordinator, longest.get_absolute_url(), CASE)
    for words, person in (*_named(None, manager, coordinator), ("director", staff.directors[0])):
        yield Opened(f"dashboard, {words}", person, reverse("reporting:dashboard"), DASHBOARD)
    yield from _boards(officer, coordinator)
    yield Opened("page for logging", staff.advisers[0], reverse("cases:log"), NONE)
    yield Opened("public form, first page", coordinator, reverse("feedback:start"), NONE)


def _boards(officer: int, coordinator: int) -> Iterator[Opened]:
    answers = reverse("reporting:answers-board")
    yield Opened("answers of a quarter, officer", officer, answers, DASHBOARD)
    yield Opened("answers of a quarter, coordinator", coordinator, answers, DASHBOARD)
    yield Opened("answers of a year, coordinator", coordinator, f"{answers}?period=12-months", NONE)
    for what, name in (("complaints of a quarter", "complaints"), ("what is ahead", "ahead")):
        path = reverse(f"reporting:{name}-board")
        yield Opened(f"{what}, coordinator", coordinator, path, DASHBOARD)


def _named(officer: int | None, manager: int, coordinator: int) -> list[tuple[str, int]]:
    found = [("manager", manager), ("coordinator", coordinator)]
    return [("officer", officer), *found] if officer else found


def _busiest(column: str, keys: list[int]) -> int:
    held = Complaint.objects.open().filter(**{f"{column}__in": keys}).values_list(column)
    return int(held.annotate(number=Count("pk")).order_by("-number", column)[0][0])


def _rare_surname() -> str:
    """Return a surname that hardly anybody else has."""
    names = Customer.objects.order_by("-pk").values_list("name", flat=True)[:500]
    surnames = [name.rpartition(" ")[2] for name in names]
    return min(surnames, key=lambda name: Customer.objects.filter(name__endswith=name).count())


def _histories() -> tuple[Complaint, Complaint]:
    """Return an open complaint with as many events as most, and the one with the most."""
    by_length = list(Complaint.objects.open().filter(level="normal").order_by("version", "pk"))
    return by_length[len(by_length) // 2], by_length[-1]


def session_of(person: int) -> dict[str, str]:
    """Sign somebody in and return the cookies that show it."""
    client = Client()
    client.force_login(User.objects.get(pk=person))
    name = settings.SESSION_COOKIE_NAME
    return {name: client.cookies[name].value}


def measure(server: Server, pages: list[Opened], *, times: int) -> list[Figure]:
    """Return what hello takes, and then what each page takes.

    All pages are opened in two rounds. Hello is asked again after each page; the middle of all is
    the floor, so that page and floor are measured alike whatever else the machine does.
    """
    work = Work(server.workers)
    passer_by = Browser(server.port)
    hello = _opened(passer_by, HELLO, work, times * HELLOS)
    queries, size = passer_by.cost(HELLO)
    floors = [_judged(hello)]
    found: dict[str, list[Figure]] = {}
    cookies = {person: session_of(person) for person in {page.person for page in pages}}
    for page in (*pages, *pages) if times >= HELLOS else pages:
        browser = Browser(server.port, cookies[page.person])
        taken = _opened(browser, page.path, work, times)
        floors.append(floor_of(server, work, times))
        asked, bytes_ = browser.cost(page.path)
        sql = sql_of(page.path, cookies[page.person])
        figure = Figure(page.what, **taken, sql=sql, queries=asked, size=bytes_, goal=page.goal)
        found.setdefault(page.what, []).append(figure)
    # What else the machine does only ever adds: of two rounds the one with less work counts.
    figures = [min(each, key=lambda figure: figure.judged) for each in found.values()]
    floor = median(floors)
    first = Figure("hello", **{**hello, "work": floor}, queries=queries, size=size)
    return [first, *(replace(each, floor=floor) for each in figures)]


def _opened(browser: Browser, path: str, work: Work, times: int) -> dict[str, Any]:
    """Return what opening a page takes once it is warm, for a `Figure`."""
    for _ in range(warming(times, THREADS)):
        browser.open(path)
    taken: list[float] = []
    spent = work.of(lambda: taken.append(browser.open(path)), times=times)
    return {**timed(taken), "work": spent}


def warming(times: int, threads: int) -> int:
    """Return how often something is done before it is measured; a bench of a few does less."""
    return PLANNED * UNEVENLY * threads if times >= HELLOS else times


def floor_of(server: Server, work: Work, times: int) -> float:
    """Return what the page that only says hello takes, as a floor."""
    return _judged(_opened(Browser(server.port), HELLO, work, times * HELLOS))


def _judged(taken: dict[str, Any]) -> float:
    return Figure("", **taken).judged


def sql_of(path: str, cookies: dict[str, str], *, times: int = 9) -> float:
    """Return how long the queries of a page take, with nothing else, in milliseconds."""
    client = Client(SERVER_NAME=HOST)
    for name, value in cookies.items():
        client.cookies[name] = value
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        client.get(path, secure=True)
    reads = [each for each in asked if each[0].lstrip("( ").startswith(("SELECT", "WITH"))]
    taken = []
    with connection.cursor() as cursor:
        for _ in range(times):
            began = time.perf_counter()
            for sql, params in reads:
                cursor.execute(sql, params)
                cursor.fetchall()
            taken.append((time.perf_counter() - began) * 1_000)
    return median(taken)
