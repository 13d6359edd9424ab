"""A customer who uses the pages in Welsh, and what goes to them afterwards."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from cases.middleware import Memory
from cases.models import Complaint, Landlord, OutboundMessage
from cases.rules.roles import Role
from cases.selectors.speaking import is_proof_read, language_of, machine_note, ours
from cases.tests.factories import CustomerFactory
from complaints_site.tests.catalogue.files import PROOF_READ, compiled, read
from complaints_site.tests.languages.reading import said_by
from feedback.operations.surveys import begin_round
from feedback.tests.conftest import NOW
from feedback.tests.factories import COMPLAINT, SUGGESTION, Visitor, changed
from feedback.tests.tracking import Follower, acknowledged

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

NOTE = "Cafodd y testun hwn ei gyfieithu gan beiriant"


@pytest.fixture
def clock(settings, tmp_path) -> Iterator[None]:
    """Stop the clock on a Wednesday."""
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        cache.clear()
        yield


@pytest.fixture
def welsh(house, clock) -> Visitor:
    """Somebody who uses the pages in Welsh."""
    return Visitor(prefix="/cy")


def page(answer) -> str:
    """Return what a page says, on one line."""
    return " ".join(said_by(answer.content.decode()))


def test_the_address_alone_says_which_language_a_page_speaks(house, clock):
    browser = Client(headers={"accept-language": "cy"})

    english, welsh = browser.get("/let-us-know/"), browser.get("/cy/let-us-know/")

    assert '<html lang="en-gb" dir="ltr"' in english.content.decode()
    assert '<html lang="cy" dir="ltr"' in welsh.content.decode()
    assert welsh["Content-Language"] == "cy"
    assert "Rhowch Wybod i Ni" in page(welsh)
    assert translation.get_language() == "en-gb"


def test_a_page_leads_to_itself_in_the_other_language_named_in_that_language(house, clock):
    found = Client().get("/cy/you-said-we-did/?page=1").content.decode()

    assert '<a href="/you-said-we-did/?page=1" lang="en-gb" hreflang="en-gb"' in found
    assert '<span lang="cy" aria-current="true">Cymraeg</span>' in found


def test_the_way_through_the_form_stays_in_its_language(welsh):
    answer = welsh.post("/let-us-know/kind/", COMPLAINT["kind"])

    assert answer["Location"] == "/cy/let-us-know/for-whom/"
    assert "Dros bwy yr ydych yn dweud hyn wrthym?" in page(welsh.answer_to(answer))


def test_dates_are_told_in_welsh(welsh):
    told = page(welsh.get("/let-us-know/"))

    assert "dydd" in told
    assert "Mehefin 2026" in told


def test_what_the_landlord_typed_is_marked_as_english(house, clock):
    Landlord.objects.update(address="Quay House\nDock Road")

    assert '<span lang="en-GB" dir="ltr">Quay House, Dock Road</span>' in (
        Client().get("/cy/formats-and-languages/").content.decode()
    )


def test_the_pages_of_the_staff_have_no_other_language(house, clock):
    browser = Client()
    browser.force_login(house[Role.COMPLAINTS_COORDINATOR])

    assert browser.get("/cy/feedback/").status_code == 404
    assert "house-languages" not in browser.get("/feedback/").content.decode()


def test_what_is_no_page_is_said_in_the_language_of_the_address(house, clock):
    assert "Heb ddod o hyd i’r dudalen" in page(Client().get("/cy/no-such-page/"))


def test_a_landlord_who_wants_english_alone_has_it(house, clock, settings):
    settings.PUBLIC_LANGUAGES = []

    assert Client().get("/cy/let-us-know/").status_code == 404
    assert "house-languages" not in Client().get("/let-us-know/").content.decode()


def test_every_page_says_that_a_machine_translated_it_until_somebody_has_read_it(
    house, clock, settings, tmp_path
):
    told = Client().get("/cy/let-us-know/").content.decode()
    catalogue = read("cy")
    catalogue.head[PROOF_READ] = "yes"
    place = tmp_path / "cy" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.mo").write_bytes(compiled(catalogue))
    settings.LOCALE_PATHS = [tmp_path]

    assert NOTE in told
    assert "This text was translated into Welsh by a machine" in told
    assert is_proof_read("cy")
    assert NOTE not in Client().get("/cy/let-us-know/").content.decode()
    assert "house-proof-reading" not in Client().get("/let-us-know/").content.decode()


def test_whoever_writes_in_welsh_is_written_to_in_welsh_and_the_staff_see_it(welsh, house):
    sent = welsh.tell(changed(COMPLAINT, contact={"preferred": "email"}))

    complaint = Complaint.objects.get(reference=sent.reference)
    assert complaint.customer.language == "Welsh"
    assert "Speaks Welsh" in complaint.customer.needs_words
    assert complaint.events.get(number=1).facts["written_in"] == "Welsh"
    receipt = OutboundMessage.objects.get(kind="receipt")
    assert receipt.subject == f"Ynglŷn â’ch ymholiad {sent.reference}"
    assert "Diolch am gysylltu â ni." in receipt.body
    assert "byddwn yn" in receipt.body
    assert NOTE in receipt.body


def test_the_record_keeps_the_questions_in_english_and_the_copy_shows_them_in_welsh(welsh):
    sent = welsh.tell(COMPLAINT)

    asked = [row[0] for section in sent.as_sent for row in section["rows"]]
    assert "What happened?" in asked
    copy = page(welsh.get(f"/let-us-know/sent/{sent.reference}/copy/"))
    assert "Beth ddigwyddodd?" in copy
    assert "Rwy’n rhentu fy nghartref gennych" in copy
    assert "The lift in Quay House has been out since Friday." in copy


def test_another_language_that_was_asked_for_stays_asked_for(welsh):
    sent = welsh.tell(changed(SUGGESTION, contact={"language": "Polish"}))

    assert sent.remark.customer.language == "Polish"


@pytest.mark.parametrize(
    ("speaks", "tag"),
    [("Welsh", "cy"), ("cymraeg", "cy"), ("Polish", "en-gb"), ("", "en-gb"), ("BSL", "en-gb")],
)
def test_a_customer_is_written_to_in_a_language_that_there_is_a_catalogue_for(speaks, tag, db):
    assert language_of(CustomerFactory(language=speaks)) == tag


def test_codes_and_links_go_in_the_customers_language(house, clock):
    customer = CustomerFactory(language="Welsh", email="sian@example.org")
    complaint = acknowledged(house, customer=customer)
    letter = OutboundMessage.objects.get(complaint=complaint, kind__startswith="letter_")
    follower = Follower()
    follower.asks_for_code(complaint.reference)

    assert "/cy/track/link/" in letter.body
    assert "Ar y dudalen hon gwelwch sut mae’n sefyll" in letter.body
    code = OutboundMessage.objects.get(kind="tracking_code")
    assert code.subject == "Eich cod"
    assert "Eich cod yw" in code.body


def test_a_survey_is_asked_for_in_the_customers_language(house, clock):
    customer = CustomerFactory(
        language="Welsh", email="sian@example.org", preferred_channel="email"
    )
    day = house.lodge(customer=customer).received_on
    by = house[Role.COMPLAINTS_COORDINATOR]

    begin_round(first_day=day, last_day=day, by=by, now=NOW + timedelta(days=30))

    message = OutboundMessage.objects.get(kind="survey")
    assert "/cy/survey/" in message.body
    assert "Dywedwch wrthym sut wnaethom" in message.body
    assert NOTE in message.body


def test_in_english_nothing_is_said_of_machines_and_nothing_marked(db):
    assert machine_note() == ""
    assert ours("Stage 1") == "Stage 1"
    with translation.override("cy"):
        assert ours("Stage 1") == "Cam 1"
        assert ours("Our own stage") == "\ue000Our own stage\ue001"


def test_before_there_is_a_landlord_the_page_says_so(db):
    Memory.is_set_up = False

    assert Client().get("/cy/let-us-know/").status_code == 503
