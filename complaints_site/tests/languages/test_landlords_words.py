"""The public pages with every word of the landlord's translated."""

import re
from datetime import date, timedelta

import pytest
from django.conf import settings as site
from django.test import Client

from cases.models import Category, Closure, Landlord, OutsideBodyDetails, User
from cases.operations.landlords_words import SaidThere, say_in_language
from cases.rules.landlords_words import has_words, lines_of
from cases.rules.roles import Role
from cases.selectors.landlords_texts import SECTIONS, in_language, texts_of
from cases.selectors.speaking import is_in_catalogue
from complaints_site.tests.permissions.world import NOW
from feedback.models import Lesson

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
TODAY: date = NOW.date()
PAGES = (
    *("/let-us-know/", "/let-us-know/paper/", "/how-we-deal-with-complaints/"),
    *("/what-you-can-expect/", "/formats-and-languages/", "/let-us-know/privacy/"),
    *("/let-us-know/accessibility/", "/you-said-we-did/", "/let-us-know/instead/repair/"),
    *("/let-us-know/instead/council/", "/let-us-know/instead/neighbours/"),
    *("/let-us-know/instead/banding/", "/track/"),
)
RUN = re.compile(r'<(\w+)[^>]* lang="en-GB"[^>]*>(.*?)</\1>', re.DOTALL)
WORDS = {
    "opening_hours": "Open on market days",
    "more_telephones": "For repairs by night: 0151 555 0111",
    "address": "House of the Harbour\nRoad of the Dock",
    "offices": "Office by the quay, for everybody\nOffice by the church, on Mondays",
    "repairs_telephone": "Ring the people of repairs",
    "neighbours_contact": "Write to the people of the estates",
    "council_contact": "Ask the council of the harbour",
    "register_contact": "Ask the people of the register",
    "care_standards": "We ring back\nWe come when we said",
    "care_targets": "Nine of ten are rung back",
    "privacy_basis": "We must, by our licence",
    "privacy_contact": "The officer for data, at the harbour",
    "kept_for": "For six years and a day",
    "accessibility_contact": "Write to the people of the website",
    "accessibility_limits": "The map cannot be read out",
}


@pytest.fixture
def landlord(house, clock) -> User:
    """Fill in everything that a landlord can type for customers; return who may translate it."""
    Landlord.objects.update(**WORDS)
    Category.objects.create(code="own", name="Trouble with the moorings")
    Closure.objects.create(on=TODAY + timedelta(days=3), name="Day of the regatta")
    OutsideBodyDetails.objects.create(
        code="ombudsman",
        name="Ombudsman of the harbours",
        address="House of judges\nTown of judges",
        words="They answer on weekdays",
        telephone="0300 111 3000",
        website="https://www.ombudsman.example",
        from_on=TODAY,
    )
    by = house[Role.COMPLAINTS_COORDINATOR]
    Lesson.objects.create(
        you_said="The gate was locked",
        we_did="We gave out keys.\n\nEverybody has one.",
        written_by=by,
        written_at=NOW,
        published_on=TODAY,
        published_by=by,
    )
    return house[Role.SYSTEM_ADMINISTRATOR]


def translate_everything(by: User, tag: str, word: str) -> None:
    for section in SECTIONS:
        texts = texts_of(section, today=TODAY)
        given = {
            each.text.key: SaidThere(
                each.text.mark,
                "\n".join(f"{word} {place}" for place, _ in enumerate(lines_of(each.text.english))),
            )
            for each in in_language(texts, tag)
        }
        say_in_language(given, section=section, language=tag, by=by, now=NOW, seen=None)


def english_runs(path: str, *, status: int = 200) -> list[str]:
    """Return what of a page is marked as English, but for numbers, addresses and our own note.

    What the product calls the same in Welsh is not the landlord's.
    """
    answer = Client().get(path)
    assert answer.status_code == status, path
    runs = [re.sub("<[^>]+>", " ", run) for _, run in RUN.findall(answer.content.decode())]
    told = [" ".join(each.split()) for each in runs if has_words(each)]
    return [each for each in told if "a machine" not in each and not is_in_catalogue(each, "cy")]


def test_with_everything_translated_no_word_of_the_landlords_is_english(landlord):
    before = {path: english_runs(f"/cy{path}") for path in PAGES}
    whole = " ".join(run for runs in before.values() for run in runs)
    # Each of them stands on some page, marked: nothing here passes for not being shown.
    for text in (*WORDS.values(), "The gate was locked", "They answer on weekdays"):
        for line in lines_of(text):
            assert line in whole, line

    translate_everything(landlord, "cy", "Gair")

    left = {path: runs for path in PAGES if (runs := english_runs(f"/cy{path}"))}
    assert left == {}


def test_english_pages_say_what_they_said_before(landlord):
    before = {path: Client().get(path).content for path in PAGES[:4]}

    translate_everything(landlord, "cy", "Gair")

    for path, content in before.items():
        now = Client().get(path).content
        assert b"Gair" not in now
        assert len(now) == len(content)


def test_a_page_takes_one_query_more_in_another_language(landlord, django_assert_max_num_queries):
    translate_everything(landlord, "cy", "Gair")
    Client().get("/cy/how-we-deal-with-complaints/")

    with django_assert_max_num_queries(5):
        Client().get("/cy/how-we-deal-with-complaints/")


def test_words_that_run_to_the_left_run_with_their_page(landlord, speak):
    speak("ar")
    assert site.PUBLIC_LANGUAGES == ["ar"]
    there = "/ar/let-us-know/instead/neighbours/"
    told = WORDS["neighbours_contact"]
    assert f'<li lang="en-GB" dir="ltr">{told}</li>' in Client().get(there).content.decode()

    translate_everything(landlord, "ar", "كلمة")

    page = Client().get(there).content.decode()
    assert '<html lang="ar" dir="rtl"' in page
    assert "<li>كلمة 0</li>" in page


def test_what_is_told_while_nobody_can_follow_a_complaint_is_told_in_welsh(landlord):
    notice = "We mend these pages until Friday."
    Landlord.objects.update(following_closed_at=NOW, following_notice=notice)
    assert notice in english_runs("/cy/track/", status=503)

    translate_everything(landlord, "cy", "Gair")

    assert english_runs("/cy/track/", status=503) == []
