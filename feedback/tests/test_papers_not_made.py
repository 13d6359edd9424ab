"""A paper that takes too much holds up no other, and whoever asked for it is told in words."""

import io
from typing import Any

import pypdf
import pytest
from django.core.cache import cache

from cases.models import Complaint, Document, Landlord, Letter
from cases.operations import typesetting
from cases.operations.bundles import NOT_SET, Part, bind
from cases.operations.documents import sheet_of
from cases.operations.letters_posted import mark_posted
from cases.operations.typesetting import typesetter
from cases.tests.factories import CustomerFactory
from feedback.operations.surveys import begin_round
from feedback.tests.conftest import NOW
from feedback.tests.factories import Visitor
from feedback.tests.test_surveys import COORDINATOR, DAYS
from feedback.tests.tracking import Follower, acknowledged, words

pytestmark = [pytest.mark.promise("P17"), pytest.mark.django_db, pytest.mark.one_database]
# No paper that names this is made.
ENDLESS = "1 Endless Road"
PROGRAM = f"""
import runpy, sys, typst

class Compiler:
    def __init__(self, **given):
        self.compiler = made(**given)

    def compile(self, sys_inputs, **given):
        if {ENDLESS!r} in sys_inputs["paper"]:
            raise MemoryError
        return self.compiler.compile(sys_inputs=sys_inputs, **given)

made, typst.Compiler = typst.Compiler, Compiler
runpy.run_path({str(typesetting.TYPESETTER)!r}, run_name="__main__")
"""


@pytest.fixture(autouse=True)
def _endless(tmp_path, monkeypatch, settings):
    """Let whatever names the endless road take more memory than it may."""
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    typesetter.end()
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    monkeypatch.setattr(typesetting, "TYPESETTER", program)
    yield
    typesetter.end()
    cache.clear()


def told(answer: Any) -> list[str]:
    """Return what each page of a PDF says."""
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def to_post(house, name: str, address: str) -> Complaint:
    customer = CustomerFactory(name=name, address=address)
    return acknowledged(house, channel="post", customer=customer)


def test_a_letter_that_cannot_be_made_is_left_out_of_those_to_print_and_named(house, sign_in):
    endless = to_post(house, "Agnes Bell", ENDLESS)
    other = to_post(house, "Ben Okafor", "2 Quay Street")

    pages = told(sign_in(COORDINATOR).get("/letters/pdf/?all=yes"))

    assert f"Agnes Bell, {endless.reference}" in pages[0]
    assert "Do not record them as posted" in pages[0]
    assert [n for n, page in enumerate(pages) if "Dear" in page] == [2]
    assert other.reference in pages[2]


def test_if_none_of_the_letters_to_print_can_be_made_it_is_said_why(house, sign_in):
    to_post(house, "Agnes Bell", ENDLESS)

    page = sign_in(COORDINATOR).get("/letters/pdf/?all=yes", follow=True).content.decode()

    assert "None of these letters can be made. This paper needs more time or memory" in page


def test_a_survey_that_cannot_be_made_is_left_out_of_those_to_print_and_named(house, sign_in):
    for name, address in (("Agnes Bell", ENDLESS), ("Ben Okafor", "2 Quay Street")):
        customer = CustomerFactory(name=name, address=address, preferred_channel="post")
        house.lodge(on=DAYS["first_day"], customer=customer)
    begun = begin_round(**DAYS, by=house[COORDINATOR], now=NOW)
    ben = begun.requests.get(complaint__customer__name="Ben Okafor")
    coordinator = sign_in(COORDINATOR)

    pages = told(coordinator.get("/surveys/letters/"))
    coordinator.post("/surveys/letters/", {"code": [ben.code]})
    alone = coordinator.get("/surveys/letters/", follow=True).content.decode()

    assert "Agnes Bell" in pages[0]
    assert "Ben Okafor" in pages[2]
    assert "None of these letters can be made. This paper needs more time or memory" in alone


def test_a_customer_is_told_that_a_letter_cannot_be_made(house, now):
    complaint = to_post(house, "Agnes Bell", ENDLESS)
    letter = Letter.objects.get()
    mark_posted(letter_id=letter.pk, by=house[COORDINATOR], now=NOW, on=NOW.date())
    follower = Follower()
    follower.enters(complaint.reference, follower.asks_for_code(complaint.reference))

    answer = follower.get("tracked-letter", letter.event_number)

    assert answer.status_code == 503
    assert "We could not make this as a PDF. Ask us for it" in words(answer)
    assert not Document.objects.exists()


def test_whoever_asks_for_a_leaflet_is_told_that_it_cannot_be_made_and_it_is_tried_once(
    visitor: Visitor,
    house,
    caplog,
):
    Landlord.objects.update(telephone=ENDLESS)

    answer, again = (
        visitor.get("/how-we-deal-with-complaints/leaflet/standard.pdf") for _ in range(2)
    )

    assert [answer.status_code, again.status_code] == [503, 503]
    assert "We could not make this as a PDF. Ask us for it" in words(answer)
    assert caplog.text.count("The typesetter ended with") == 1


def test_a_letter_that_cannot_be_made_holds_no_bundle_up(house, now):
    to_post(house, "Agnes Bell", ENDLESS)
    part = Part("A letter", sheet=sheet_of(Letter.objects.get()))

    bound = bind("Evidence", [part], author="H", reference="C-1", at=NOW, change=str)

    said = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(bound.content)).pages]
    assert NOT_SET in " ".join(" ".join(said).split())
