"""A letter goes out in the format that its reader needs, or with a reason why not (HH-27)."""

import re
from dataclasses import replace

import pytest
import time_machine
from django.urls import reverse

from cases import urls
from cases.errors import ActionNotAllowed
from cases.models import EventWords, Letter, RecordedEvent
from cases.operations.documents import sheet_of
from cases.operations.telling import Telling
from cases.rules.blocks import Paragraph
from cases.rules.customers import LetterFormat
from cases.rules.roles import Role
from cases.tests.answering import acknowledge
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.fixtures import at, written_elsewhere

pytestmark = pytest.mark.rule("HH-27")
OTHERS = [each for each in LetterFormat if each is not LetterFormat.BRAILLE]


@pytest.fixture
def complaint(house):
    """Return a complaint of somebody who reads Braille."""
    return house.lodge(customer=CustomerFactory(name="Agnes Bell", letter_format="braille"))


def acknowledged(house, complaint, channel="post", **format_) -> Letter:
    """Acknowledge the complaint in writing."""
    acknowledge(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(MONDAY),
        seen=complaint.version,
        on=MONDAY,
        telling=Telling(channel, "We look into it.", **format_),
    )
    return complaint.letters.get()


@pytest.mark.parametrize("channel", ["post", "email"])
def test_a_letter_is_in_the_format_that_the_customer_needs(house, complaint, channel):
    assert acknowledged(house, complaint, channel).letter_format == "braille"


@pytest.mark.parametrize("channel", ["post", "email"])
@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("reason", ["", "   "])
def test_a_letter_in_another_format_is_refused_without_a_reason(
    house, complaint, channel, other, reason
):
    events = RecordedEvent.objects.count()

    with pytest.raises(ActionNotAllowed, match="Agnes Bell needs letters in this format: braille"):
        acknowledged(
            house,
            complaint,
            channel,
            letter_format=other.value,
            format_because=reason,
            easy_read="We look.",
        )

    assert (Letter.objects.count(), RecordedEvent.objects.count()) == (0, events)


def test_a_letter_in_another_format_has_its_reason_in_the_record(house, complaint):
    letter = acknowledged(
        house, complaint, letter_format="standard", format_because="Her son reads it to her."
    )

    assert letter.letter_format == "standard"
    note = EventWords.objects.get(event__complaint=complaint, event__kind="noted")
    assert note.parts["note"].endswith("as the customer needs. Her son reads it to her.")


def test_easy_read_is_refused_until_somebody_wrote_it(house):
    complaint = house.lodge(customer=CustomerFactory(letter_format="easy_read"))

    with pytest.raises(ActionNotAllowed, match="Write the easy read version"):
        acknowledged(house, complaint, easy_read=" ")
    letter = acknowledged(house, complaint, easy_read="We look into it.")

    assert sheet_of(letter).easy == [Paragraph(("We look into it.",))]


def test_what_was_written_elsewhere_minds_the_format_too(house, complaint):
    common = {
        "complaint_id": complaint.pk,
        "by": house[Role.COMPLAINTS_COORDINATOR],
        "now": at(MONDAY),
        "seen": complaint.version,
        "on": MONDAY,
    }
    telling = written_elsewhere(complaint, letter_format="standard")

    with pytest.raises(ActionNotAllowed, match="needs letters in this format"):
        acknowledge(**common, telling=telling)
    acknowledge(**common, telling=replace(telling, format_because="They asked for it."))

    assert Letter.objects.get().channel == "letter_elsewhere"


def test_letters_and_their_copies_come_from_two_places_that_mind_the_format(settings):
    makers = {
        path.name
        for path in (settings.BASE_DIR / "cases").rglob("*.py")
        if "tests" not in path.parts
        and re.search(r"\bLetter(\.objects\.create)?\(\n", path.read_text())
    }

    assert makers == {"letters.py", "letter_copies.py"}


@time_machine.travel(at(MONDAY))
def test_the_form_offers_the_needed_format_first_and_keeps_what_was_typed(client, house, complaint):
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    address = reverse("cases:acknowledge", args=[complaint.reference])
    typed = {
        "seen": complaint.version,
        **{"on_day": "8", "on_month": "6", "on_year": "2026"},
        "new_1": "The lift.",
        "sought_unsaid": "on",
        "ours": "all",
        "channel": "post",
        "letter": "We look into it.",
        "letter_format": "standard",
        "easy_read": "Short words.",
    }

    page = client.get(address).content.decode()
    refused = client.post(address, typed)
    done = client.post(address, {**typed, "format_because": "Asked for it today."})

    assert "Braille, as they need" in page
    assert refused.status_code == 422
    assert "say why this letter is in another" in refused.content.decode()
    assert "Short words." in refused.content.decode()
    assert done.status_code == 302
    assert complaint.letters.get().letter_format == "standard"


def pages_about_a_complaint() -> list[str]:
    """Return the names of the addresses that name a complaint and nothing else."""
    found = []
    for pattern in urls.urlpatterns:
        given = pattern.pattern.regex.groupindex
        if set(given) == {"reference"}:
            found.append(pattern.name)
    return found


def test_the_needs_stand_on_every_page_about_the_complaint(client, house, complaint):
    acknowledged(house, complaint)
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    pages = {
        name: client.get(reverse(f"cases:{name}", args=[complaint.reference]))
        for name in pages_about_a_complaint()
    }

    read = {
        name: page.content.decode()
        for name, page in pages.items()
        if page.status_code == 200 and b"<main" in page.content
    }
    badge = re.compile("moj-badge[^>]*>[^<]*Braille")
    assert [name for name, page in read.items() if not badge.search(page)] == []
    assert len(read) > 20


def test_the_needs_stand_where_somebody_changed_the_complaint_meanwhile(client, house, complaint):
    acknowledged(house, complaint)
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    page = client.post(
        reverse("cases:acknowledge", args=[complaint.reference]),
        {"seen": "1", "channel": "post", "letter": "We look into it."},
    )

    assert page.status_code == 409
    assert "Copy what you still need." in page.content.decode()
    assert re.search("moj-badge[^>]*>[^<]*Braille", page.content.decode())


def test_the_needs_stand_beside_a_letter(client, house, complaint):
    letter = acknowledged(house, complaint)
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    address = reverse("cases:letter", args=[complaint.reference, letter.event_number])

    assert "Braille" in client.get(address).content.decode()
