"""What an acknowledgement says is enclosed is: the policy, on paper, by e-mail and on the web."""

import io
import shutil

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from cases.errors import NotMade
from cases.models import Document, DocumentKind, Landlord, Letter, OutboundMessage
from cases.operations import documents, leaflets
from cases.operations.documents import letters_to_print, make_documents
from cases.operations.email import compose
from cases.operations.evidence import evidence_parts
from cases.operations.files import open_file
from cases.operations.leaflets import enclosed_policy
from cases.operations.telling import Telling
from cases.rules.customers import LetterFormat
from cases.rules.roles import Role
from cases.selectors.case_page import case_page
from cases.tests.answering import acknowledge
from cases.tests.case_page.situations import Story
from cases.tests.factories import CustomerFactory
from cases.tests.fixtures import House, at, written_elsewhere
from feedback.tests.tracking import Follower

pytestmark = pytest.mark.rule("HH-14")

WEDNESDAY = at(timezone.datetime(2026, 6, 10).date())
COORDINATOR = Role.COMPLAINTS_COORDINATOR


def written(
    house: House, channel: str = "post", *, code: str = "herefordshire", **customer
) -> Letter:
    """Return the letter that acknowledges the formal stage of a complaint under a procedure."""
    story = Story(house, code, customer=CustomerFactory(**customer))
    if story.complaint.stage == "initial":
        story.passed_on()
    elsewhere = channel == "letter_elsewhere"
    acknowledge(
        complaint_id=story.complaint.pk,
        by=house[COORDINATOR],
        now=WEDNESDAY,
        seen=story.complaint.version,
        on=WEDNESDAY.date(),
        telling=written_elsewhere(story.complaint) if elsewhere else Telling(channel),
    )
    return Letter.objects.get(complaint=story.complaint)


def text_of(content: bytes) -> str:
    """Return what a PDF says, all white space as one space."""
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split()
    )


def policy_of(letter: Letter, letter_format: LetterFormat | None = None) -> bytes:
    """Return the policy that a letter encloses."""
    with open_file(enclosed_policy(letter, letter_format, now=WEDNESDAY).file) as kept:
        return kept.read()


def test_the_policy_enclosed_says_the_times_of_the_procedure_of_that_complaint(house):
    letter = written(house)
    house.run("code-2024")

    told = text_of(policy_of(letter))

    assert "Enclosed: our complaints policy and procedure" in letter.body
    assert "within 15 working days" in told
    assert "panel" in told


def test_it_is_made_with_the_letter_and_kept_to_the_byte_whatever_changes(house):
    letter = written(house)
    make_documents(now=WEDNESDAY, limit=10)
    made = policy_of(letter)

    Landlord.objects.update(telephone="0300 999 9999")

    kept = set(letter.documents.values_list("kind", flat=True))
    assert kept == {DocumentKind.LETTER, DocumentKind.POLICY}
    assert policy_of(letter) == made


def test_on_paper_it_follows_its_letter(house):
    letter = written(house, name="Agnes Bell")

    pages = [
        page.extract_text()
        for page in PdfReader(io.BytesIO(letters_to_print([letter], now=WEDNESDAY))).pages
    ]

    (title,) = [
        number for number, page in enumerate(pages) if "How we deal with complaints" in page
    ]
    assert "Dear Agnes Bell" in pages[0]
    assert title > 0


def test_a_letter_whose_policy_cannot_be_made_is_left_out_and_said_so(house, monkeypatch):
    lost, whole = (
        written(house, name="Agnes Bell"),
        written(house, code="code-2024", name="Ben Okafor"),
    )
    monkeypatch.setattr(leaflets, "set_paper", refuse)

    told = text_of(letters_to_print([lost, whole], now=WEDNESDAY))

    assert "Dear Agnes Bell" not in told
    assert "Agnes Bell" in told
    assert "Dear Ben Okafor" in told


def refuse(*args, **kwargs):
    """Make nothing."""
    raise NotMade("Too much.")


def test_a_whole_letter_by_e_mail_carries_it(house):
    letter = written(house, "email", letters_by_email=True)

    ((name, content, kind),) = compose(OutboundMessage.objects.get(letter=letter)).attachments

    assert (name, kind) == ("complaints policy and procedure standard.pdf", "application/pdf")
    assert "within 15 working days" in text_of(content)


def test_an_e_mail_that_only_says_that_there_is_a_letter_carries_nothing(house):
    letter = written(house, "email", letters_by_email=False)

    assert letter.is_notice
    assert compose(OutboundMessage.objects.get(letter=letter)).attachments == []


def test_a_large_print_letter_comes_with_a_large_print_policy(house):
    letter = written(house, letter_format="large_print")

    policy_of(letter)

    assert set(letter.documents.values_list("letter_format", flat=True)) == {"large_print"}


@pytest.mark.skipif(shutil.which("lou_translate") is None, reason="liblouis-bin is not installed.")
def test_a_letter_in_braille_comes_with_a_policy_in_braille(house):
    letter = written(house, letter_format="braille")

    told = policy_of(letter)

    assert told.isascii()
    assert not told.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("code", "channel"), [("code-2024", "post"), ("herefordshire", "letter_elsewhere")]
)
def test_other_letters_enclose_none(house, code, channel):
    letter = written(house, channel, code=code)

    assert not letter.encloses_policy
    assert enclosed_policy(letter, now=WEDNESDAY) is None


def test_of_two_who_make_it_at_once_the_first_counts(house, monkeypatch):
    letter, first = written(house), []
    store = leaflets.store_made

    def meanwhile(*args, **kwargs):
        monkeypatch.setattr(leaflets, "store_made", store)
        first.append(enclosed_policy(letter, now=WEDNESDAY))
        return store(*args, **kwargs)

    monkeypatch.setattr(leaflets, "store_made", meanwhile)

    second = enclosed_policy(letter, now=WEDNESDAY)

    assert [second] == first
    assert Document.objects.count() == 1


def test_what_the_provider_posts_has_it_behind_the_letter(house, monkeypatch):
    letter = written(house, name="Agnes Bell")

    told = text_of(documents.on_paper(letter, now=WEDNESDAY))

    assert "Dear Agnes Bell" in told
    assert "How we deal with complaints" in told


def test_it_stands_in_the_evidence_after_its_letter(house):
    letter = written(house)
    make_documents(now=WEDNESDAY, limit=10)
    page = case_page(
        letter.complaint, user=house[Role.DIRECTOR], today=WEDNESDAY.date(), is_kept=True
    )

    titles = [each.title for each in evidence_parts(page, now=WEDNESDAY)]

    at_letter = titles.index("Letter: acknowledgement")
    assert titles[at_letter + 1] == "Enclosed with it: our complaints policy and procedure"


def test_what_somebody_opened_in_another_format_since_is_no_evidence_of_what_went(house):
    letter = written(house)
    policy_of(letter)
    policy_of(letter, LetterFormat.GIANT_PRINT)
    page = case_page(
        letter.complaint, user=house[Role.DIRECTOR], today=WEDNESDAY.date(), is_kept=True
    )

    [bound] = [each for each in evidence_parts(page, now=WEDNESDAY) if "policy" in each.title]

    assert bound.file == enclosed_policy(letter, now=WEDNESDAY).file


# On the screens ---------------------------------------------------------------------------------


def test_staff_open_it_from_the_letter(client: Client, house):
    letter = written(house)
    client.force_login(house[COORDINATOR])
    place = [letter.complaint.reference, letter.event_number]

    page = client.get(reverse("cases:letter", args=place)).content.decode()
    answer = client.get(f"{reverse('cases:letter-document', args=place)}?enclosed=policy")

    assert "?enclosed=policy" in page
    assert "How we deal with complaints" in text_of(answer.getvalue())


def test_where_none_was_enclosed_there_is_none_to_open(client: Client, house):
    letter = written(house, code="code-2024")
    client.force_login(house[COORDINATOR])
    place = [letter.complaint.reference, letter.event_number]

    page = client.get(reverse("cases:letter", args=place)).content.decode()
    answer = client.get(f"{reverse('cases:letter-document', args=place)}?enclosed=policy")

    assert "?enclosed=policy" not in page
    assert answer.status_code == 404


def test_whoever_prints_letters_is_told_that_something_is_enclosed(client: Client, house):
    written(house)
    client.force_login(house[COORDINATOR])

    page = client.get(f"{reverse('cases:letters-print')}?all=yes").content.decode()

    assert "Some of these letters enclose something" in page


@time_machine.travel("2026-06-10T10:00:00+00:00", tick=False)
@pytest.mark.parametrize("code", ["herefordshire", "code-2024"])
def test_the_customer_opens_it_beside_the_letter_on_the_web_where_it_was_enclosed(house, code):
    letter = written(house, "email", code=code, email="agnes@example.com")
    encloses = code == "herefordshire"
    follower = Follower().opens(letter.complaint)

    page = follower.get("tracked")
    address = reverse("feedback:tracked-letter", args=[letter.event_number])
    answer = follower.client.get(f"{address}?enclosed=policy", REMOTE_ADDR=follower.address)

    assert ("enclosed with it" in page.content.decode()) is encloses
    assert answer.status_code == (200 if encloses else 404)
    answer.close()
