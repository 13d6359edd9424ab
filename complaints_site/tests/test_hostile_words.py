"""Text is only ever text: whatever is written anywhere, no page runs a sign of it."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.template import Context, Template
from django.urls import reverse
from playwright.sync_api import Page
from pypdf import PdfReader

from cases import tasks
from cases.models import Landlord, LetterTemplate, OutboundMessage, Procedure, procedures
from cases.rules.letter_sentences import SENTENCES
from cases.rules.spreadsheets import inert
from cases.tests.background.test_headers import HEADERS, headers_of
from cases.triggers import install_triggers, remove_triggers
from complaints_site.tests.browser import DESK, Window
from complaints_site.tests.hostile_words import (
    NO_WORDS,
    ROUNDS,
    faults_of,
    payloads,
    text_fields,
    write_everywhere,
    written_fields,
)
from complaints_site.tests.permissions.table import ACTORS, REACH, Row, matrix
from complaints_site.tests.permissions.world import NOW, Thing, World, build_world
from complaints_site.tests.rows_in_words import add_rows
from complaints_site.tests.test_every_page import NO_PAGES, actor_for, thing_for
from feedback import tasks as feedback_tasks
from reporting import tasks as reporting_tasks

pytestmark = [pytest.mark.promise("P16"), pytest.mark.one_database]
# Of the tables that Django brings along none holds what somebody writes.
TABLES = [
    each
    for app in ("cases", "feedback", "reporting")
    for each in apps.get_app_config(app).get_models()
]
EVERYTHING = [row for row in matrix() if row.method == "GET"]
ROWS = [row for row in EVERYTHING if row.url not in NO_PAGES]
# Pages of everything in which somebody writes, looked at in a browser too.
LOOKED_AT = (
    *("cases:complaint", "cases:case-sheet", "cases:deadlines", "cases:letter", "cases:respond"),
    *("cases:queue", "cases:my-work", "cases:saved-views", "cases:letters-print", "cases:log"),
    *("cases:customer", "cases:restriction", "cases:restriction-letter", "cases:requests"),
    *("cases:post", "cases:post-mail", "cases:outside-bodies", "cases:contractors"),
    *("cases:landlord", "cases:settings-history", "cases:procedure", "cases:letter-template"),
    *("feedback:remark", "feedback:letter", "feedback:quarantined", "feedback:compare"),
    *("feedback:you-said", "feedback:tracked", "feedback:step", "feedback:asked"),
    *("reporting:dashboard", "reporting:report"),
)
# Each who looks around for a short while opens every so many-th of the pages that are theirs.
OPENED = 5


@pytest.fixture
def in_round() -> int:
    """Return in which round payloads are written; the long forms go through others too."""
    return 0


@pytest.fixture
def world(db, settings, tmp_path, in_round: int) -> World:
    """Return the world of the permissions, a payload in every field in which somebody writes."""
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        cache.clear()
        made = build_world()
        # What is recorded is never changed: here it is, as if it had been written so.
        remove_triggers(connection)
        write_templates(made, payloads())
        add_rows(made)
        # Only while nobody can follow a complaint on the web there is a notice about it.
        Landlord.objects.update(following_closed_at=NOW)
        written = write_everywhere(TABLES, in_round=in_round)
        Landlord.objects.update(following_closed_at=None, following_notice="")
        install_triggers(connection)
        procedures.edition.cache_clear()
        procedures.published_terms.cache_clear()
        assert written == written_fields(TABLES)
        yield made
    cache.clear()


def write_templates(world: World, texts: list[str]) -> None:
    """Give letters words with payloads, in English and in others: their versions never change."""
    by = next(iter(world.people.values()))
    rows = [(letter, "") for letter in ("acknowledgement", "response")]
    rows += [("acknowledgement", "cy"), (SENTENCES, "cy")]
    for number, (letter, language) in enumerate(rows):
        LetterTemplate.objects.create(
            procedure=Procedure.objects.get(code="code-2024"),
            letter=letter,
            language=language,
            number=1,
            text="\n\n".join(texts[number::4]),
            made_at=NOW,
            made_by=by,
        )


def test_every_column_that_nobody_writes_into_is_there_and_named_once():
    fields = {f"{each._meta.model_name}.{name}" for each in TABLES for name in text_fields(each)}
    named = [name for names in NO_WORDS.values() for name in names.split()]

    assert sorted(named) == sorted({*named} & fields)
    assert len(fields - {*named}) > 90


class Looking:
    """Somebody who goes from page to page; `faults` tell what of a page could do something."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults: dict[str, list[str]] = {}
        self.looked_at = self.printed = 0

    def open(self, row: Row, actor: str, thing: Thing) -> None:
        """Open a page as somebody."""
        client = self.world.browser(actor, thing)
        answer = client.get(reverse(row.url, args=thing.args))
        # A header is text on one line, and has no sign of a page in it.
        found = [
            f"{name}: {value}"
            for name, value in answer.items()
            if not value.isprintable() or {*value} & {*"<>"}
        ]
        if answer.status_code >= 500:
            found.append(str(answer.status_code))
        page = b"".join(answer).decode(errors="replace")
        if answer["Content-Type"].startswith("text/html"):
            self.looked_at += 1
            self.printed += "__xss" in page or "alert(9)" in page
            policy = answer.get("Content-Security-Policy", "")
            found += faults_of(page)
            if "unsafe-inline" in policy or "script-src" not in policy:
                found.append(policy)
        if found:
            self.faults[f"{actor} {row.url}"] = found[:3]

    def go_around(self, actor: str, *, every: int = 1) -> None:
        """Open the pages that somebody may open, or every so many-th of them."""
        begin = ACTORS.index(actor) % every
        for row, thing in open_to(self.world, actor, begin=begin, every=every):
            self.open(row, actor, thing)


def open_to(
    world: World, actor: str, *, begin: int = 0, every: int = 1
) -> Iterator[tuple[Row, Thing]]:
    """Return the pages that somebody may open, or every so many-th, each with what it is about."""
    mine = [row for row in EVERYTHING if REACH[row.cells[actor]][0]]
    for row in mine[begin::every]:
        things = world.kinds_of(row.about, actor)
        kinds = (kind for kind in REACH[row.cells[actor]][0] if kind in things)
        if (kind := next(kinds, None)) is not None:
            yield row, things[kind]


def test_no_page_of_the_site_runs_what_somebody_wrote(world):
    looking = Looking(world)
    for row in ROWS:
        looking.open(row, actor_for(row), thing_for(world, row))

    assert not looking.faults
    assert looking.looked_at > 100
    # The payloads are there to be seen, as text.
    assert looking.printed > 100


def test_no_page_that_some_role_may_open_runs_it(world):
    looking = Looking(world)
    for actor in ACTORS:
        looking.go_around(actor, every=OPENED)

    assert not looking.faults
    assert looking.looked_at > 200


@pytest.mark.long
@pytest.mark.parametrize("in_round", range(1, ROUNDS))
def test_no_page_of_the_site_runs_any_other_text_that_somebody_wrote(world, in_round):
    looking = Looking(world)
    for row in ROWS:
        looking.open(row, actor_for(row), thing_for(world, row))

    assert not looking.faults
    assert looking.looked_at > 100
    assert looking.printed > 100


@pytest.mark.long
@pytest.mark.parametrize("actor", ACTORS)
def test_no_page_at_all_that_a_role_may_open_runs_it(world, actor):
    looking = Looking(world)

    looking.go_around(actor)

    assert not looking.faults
    assert looking.looked_at > 5


def test_what_is_sent_printed_and_taken_away_is_inert(world):
    # What is written from now on, of all that was written into.
    OutboundMessage.objects.update(state="cancelled")
    with time_machine.travel(NOW + timedelta(weeks=3), tick=False):
        reports = (reporting_tasks.weekly_reports, reporting_tasks.performance_reports)
        for job in (tasks.sweep, feedback_tasks.sweep, *reports):
            job()
        # To the addresses that were written nothing goes at all.
        OutboundMessage.objects.filter(state="queued").update(to_address="zoe@example.com")
        tasks.deliver_messages()
    coordinator = world.browser("everybody")
    queue = reverse("cases:queue-export")
    listed = b"".join(coordinator.post(queue, {"reason": "To see it"})).decode()
    printed = coordinator.get(f"{reverse('cases:letters-pdf')}?all=yes")

    sent = [each.message() for each in mail.outbox]
    assert sent
    for each in sent:
        assert each.get_content_type() in ("text/plain", "multipart/mixed")
        assert sorted(headers_of(each.as_bytes())) == sorted(HEADERS)
        assert each["To"] == "zoe@example.com"
    cells = [cell for row in csv.reader(io.StringIO(listed)) for cell in row]
    assert [cell for cell in cells if inert(cell) != cell and not cell.startswith("'")] == []
    assert any("alert(9)" in cell or "__xss" in cell for cell in cells)
    letters = PdfReader(io.BytesIO(printed.content))
    assert "alert(9)" in " ".join(each.extract_text() for each in letters.pages)
    assert not any("/Annots" in page or "/AA" in page for page in letters.pages)
    assert {"/OpenAction", "/AA", "/AcroForm"} & {*letters.trailer["/Root"]} == set()


def test_the_one_who_looks_sees_what_a_careless_page_would_run():
    careless = Template("<p title='{{ text|safe }}'>{{ text|safe }}</p>")
    careful = Template("<p title='{{ text }}'>{{ text }}</p>")

    caught = [text for text in payloads() if faults_of(careless.render(Context({"text": text})))]
    wrong = [text for text in payloads() if faults_of(careful.render(Context({"text": text})))]

    assert len(payloads()) >= 120
    assert len(caught) > 0.9 * len(payloads())
    assert wrong == []


class Watching:
    """A browser that goes from page to page; `ran` tells what did something that no page does."""

    def __init__(self, page: Page, url: str, world: World) -> None:
        self.page, self.url, self.world = page, url, world
        self.ran: list[str] = []
        self.seen = self.opened = 0
        page.on("dialog", lambda dialog: (self.ran.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda sent: self.ran.append(sent.url) if "evil" in sent.url else None)
        page.add_init_script(
            "addEventListener('securitypolicyviolation', e => { window.__violated = e.blockedURI })"
        )

    def open(self, row: Row, actor: str, thing: Thing) -> None:
        """Open a page as somebody, and remember what of it ran, with where that was."""
        context = self.page.context
        context.clear_cookies()
        sessions = {**self.world.sessions.get(actor, {}), **thing.cookies}
        context.add_cookies([{"name": n, "value": v, "url": self.url} for n, v in sessions.items()])
        self.page.goto(f"{self.url}{reverse(row.url, args=thing.args)}")
        found = self.page.evaluate("[window.__xss, window.__violated].filter(Boolean).map(String)")
        self.ran += [f"{actor} {row.url}: {each}" for each in found]
        self.seen += self.page.content().count("alert(9)")
        self.opened += 1

    def would_see_what_runs(self) -> None:
        """See that a page which printed it as it is, and had no policy, would be caught."""
        self.page.goto("about:blank")
        self.page.set_content("<p>Careless</p><img src=x onerror='window.__xss=9'>")
        self.page.wait_for_function("() => window.__xss === 9")


@pytest.fixture
def watching(open_window: Window, live_server, world) -> Watching:
    """A browser in the world in which everything is hostile."""
    return Watching(open_window(width=DESK), live_server.url, world)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(300)
def test_a_browser_runs_nothing_of_it(world, watching: Watching):
    rows = {row.url: row for row in ROWS}
    for name in LOOKED_AT:
        watching.open(rows[name], actor_for(rows[name]), thing_for(world, rows[name]))

    assert watching.ran == []
    assert watching.seen > 50
    watching.would_see_what_runs()


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("actor", "in_round"), [(actor, at % ROUNDS) for at, actor in enumerate(ACTORS)]
)
def test_a_browser_runs_nothing_on_any_page_that_a_role_may_open(
    watching: Watching, actor, in_round
):
    for row, thing in open_to(watching.world, actor):
        if row.url not in NO_PAGES:
            watching.open(row, actor, thing)

    assert watching.ran == []
    assert watching.opened > 5
    watching.would_see_what_runs()
