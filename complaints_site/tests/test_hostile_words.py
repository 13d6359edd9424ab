"""Text is only ever text: whatever is written anywhere, no page runs a sign of it."""

import pytest
import time_machine
from django.apps import apps
from django.core.cache import cache
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from cases.models import EventWords, LetterTemplate, Procedure
from cases.rules.letter_sentences import SENTENCES
from complaints_site.tests.browser import DESK, Window
from complaints_site.tests.hostile_words import faults_of, payloads, write_everywhere
from complaints_site.tests.permissions.table import matrix
from complaints_site.tests.permissions.world import NOW, World, build_world
from complaints_site.tests.test_every_page import NO_PAGES, actor_for, thing_for

pytestmark = [pytest.mark.promise("P16"), pytest.mark.one_database]
ROWS = [row for row in matrix() if row.method == "GET" and row.url not in NO_PAGES]
LOOKED_AT = (
    "cases:complaint",
    "cases:post-mail",
    "cases:case-sheet",
    "cases:queue",
    "cases:post",
)


@pytest.fixture
def world(db, settings, tmp_path) -> World:
    """Return the world of the permissions, a payload in every field in which somebody writes."""
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        cache.clear()
        made = build_world()
        assert write_everywhere(list(apps.get_models())) > 200
        texts = payloads()
        write_templates(made, texts)
        for number, words in enumerate(EventWords.objects.all()):
            words.parts = {
                name: texts[(number * 11 + place) % len(texts)]
                for place, name in enumerate((*words.parts, "other"))
            }
            words.save()
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


def test_no_page_of_the_site_runs_what_somebody_wrote(world):
    faults, looked_at, printed = {}, 0, 0
    for row in ROWS:
        thing = thing_for(world, row)
        visitor = Client(raise_request_exception=False)
        for name, value in {**world.sessions.get(actor_for(row), {}), **thing.cookies}.items():
            visitor.cookies[name] = value

        answer = visitor.get(reverse(row.url, args=thing.args))

        if answer.streaming or not answer["Content-Type"].startswith("text/html"):
            continue
        looked_at += 1
        page = answer.content.decode()
        printed += "__xss" in page or "alert(9)" in page
        policy = answer.get("Content-Security-Policy", "")
        found = faults_of(page)
        if answer.status_code >= 500 or "unsafe-inline" in policy or "script-src" not in policy:
            found.append(f"{answer.status_code} {policy}")
        if found:
            faults[row.url] = found[:3]

    assert not faults
    assert looked_at > 100
    # The payloads are there to be seen, as text.
    assert printed > 60


def test_the_one_who_looks_sees_what_a_careless_page_would_run():
    careless = Template("<p title='{{ text|safe }}'>{{ text|safe }}</p>")
    careful = Template("<p title='{{ text }}'>{{ text }}</p>")

    caught = [text for text in payloads() if faults_of(careless.render(Context({"text": text})))]
    wrong = [text for text in payloads() if faults_of(careful.render(Context({"text": text})))]

    assert len(payloads()) >= 120
    assert len(caught) > 0.9 * len(payloads())
    assert wrong == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(300)
def test_a_browser_runs_nothing_of_it(world, open_window: Window, live_server):
    page = open_window(width=DESK)
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: ran.append(request.url) if "evil" in request.url else None)
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (e) => { window.__violated = e.blockedURI })"
    )
    rows = {row.url: row for row in ROWS}
    for name in LOOKED_AT:
        row = rows[name]
        thing = thing_for(world, row)
        page.context.clear_cookies()
        sessions = {**world.sessions.get(actor_for(row), {}), **thing.cookies}
        page.context.add_cookies(
            [{"name": n, "value": v, "url": live_server.url} for n, v in sessions.items()]
        )
        page.goto(f"{live_server.url}{reverse(name, args=thing.args)}")
        ran += page.evaluate("[window.__xss, window.__violated].filter(Boolean).map(String)")

    assert ran == []
    # A page that printed it as it is, and had no policy, would be caught.
    page.goto("about:blank")
    page.set_content("<p>Careless</p><img src=x onerror='window.__xss=9'>")
    page.wait_for_function("() => window.__xss === 9")
