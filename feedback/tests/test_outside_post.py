"""Thanks, answers and letters of surveys through the provider, with the same states as letters."""

import base64
import io
from datetime import timedelta

import pypdf
import pytest

from cases.errors import ActionNotAllowed
from cases.models import Customer, Dispatch
from cases.operations.dispatches import dispatch_next
from cases.rules.dispatches import THEIRS_TO_POST
from cases.rules.roles import Role
from cases.tests.background.notify import KEY, notify_on_loopback
from cases.tests.factories import CustomerFactory
from feedback.models import RemarkLetter, SurveyRequest
from feedback.operations.outside_post import hand_over_remark_letter, hand_over_surveys
from feedback.operations.remark_replies import acknowledge_remark, mark_letter_posted
from feedback.operations.surveys import mark_surveys_posted
from feedback.rules.kinds import Way
from feedback.selectors.outside_post import REMARK, about, is_ours_to_post
from feedback.tests.conftest import NOW
from feedback.tests.factories import praise
from feedback.tests.test_surveys import asked_about
from feedback.tests.tracking import words

pytestmark = pytest.mark.django_db
COORDINATOR = Role.COMPLAINTS_COORDINATOR
ADDRESS = {"address": "1 Quay Street", "postcode": "HB1 2QH"}


@pytest.fixture
def notify(settings):
    """GOV.UK Notify, as it stands in for itself on this machine."""
    with notify_on_loopback() as stand_in:
        settings.PROVIDER = "notify"
        settings.NOTIFY_URL = stand_in.url
        settings.NOTIFY_KEY = KEY
        settings.NOTIFY_TEXT_TEMPLATE = ""
        yield stand_in


def thanks(house, **customer) -> RemarkLetter:
    remark = praise(received_on=NOW.date(), customer=CustomerFactory(**ADDRESS, **customer))
    by = house[Role.FRONT_LINE]
    acknowledge_remark(remark_id=remark.pk, by=by, now=NOW, way=Way.POST, on=NOW.date())
    return RemarkLetter.objects.get()


def text_of(sent) -> str:
    reader = pypdf.PdfReader(io.BytesIO(base64.b64decode(sent["content"])))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.one_database
@pytest.mark.parametrize(
    "asks",
    [
        lambda: Dispatch.objects.filter(about=about(REMARK, 1), state__in=THEIRS_TO_POST),
        lambda: RemarkLetter.objects.filter(is_ours_to_post(REMARK)),
    ],
    ids=["one", "a list"],
)
def test_how_far_letters_got_is_found_by_their_name_however_many_went(asks):
    assert "cases_dispatch_by_about" in asks().explain()


def test_thanks_go_to_the_provider_and_count_as_posted_when_they_are(house, notify, sign_in):
    letter = thanks(house)
    browser = sign_in(Role.FRONT_LINE)
    assert "Have the provider post it" in words(browser.get("/feedback/letters/"))
    which = {"reference": letter.remark.reference, "purpose": "thanks"}

    browser.post("/feedback/letters/", {**which, "provider": "yes"})

    page = letter.remark.get_absolute_url()
    assert "Goes to the provider to be posted" in words(browser.get(page))
    assert "No letters wait to be posted." in words(browser.get("/feedback/letters/"))
    assert dispatch_next(now=NOW) == "taken"
    assert "With the provider to be posted" in words(browser.get(page))
    with pytest.raises(ActionNotAllowed, match="The provider posts this letter"):
        mark_letter_posted(letter_id=letter.pk, by=house[Role.FRONT_LINE], on=NOW.date(), now=NOW)
    letter.refresh_from_db()
    assert letter.posted_on is None
    notify.everything_is("received")
    assert dispatch_next(now=NOW + timedelta(hours=1)) == "done"

    letter.refresh_from_db()
    assert (letter.posted_on, letter.posted_by) == (NOW.date(), house[Role.FRONT_LINE])
    [sent] = notify.of("letter")
    assert sent["reference"].startswith(f"remark:{letter.pk}:1:")
    assert letter.remark.reference in text_of(sent)
    assert hand_over_remark_letter(letter, by=house[Role.FRONT_LINE], now=NOW) == (
        "This letter is not waiting to be posted."
    )


def test_what_it_could_not_post_waits_for_us_again_and_says_why(house, notify, sign_in):
    letter = thanks(house)
    assert hand_over_remark_letter(letter, by=house[Role.FRONT_LINE], now=NOW) == ""
    again = hand_over_remark_letter(letter, by=house[Role.FRONT_LINE], now=NOW)
    assert again == "It is with the provider already."
    dispatch_next(now=NOW)
    notify.everything_is("validation-failed")
    assert dispatch_next(now=NOW + timedelta(hours=1)) == "failed"

    listed = words(sign_in(Role.FRONT_LINE).get("/feedback/letters/"))

    assert "The provider could not post it: The provider says: validation failed." in listed
    assert hand_over_remark_letter(letter, by=house[Role.FRONT_LINE], now=NOW) == ""
    assert Dispatch.objects.latest("pk").key == f"remark:{letter.pk}:2"


@pytest.mark.promise("P18")
def test_what_became_unsafe_meanwhile_does_not_go(house, notify):
    letter = thanks(house)
    hand_over_remark_letter(letter, by=house[Role.FRONT_LINE], now=NOW)
    Customer.objects.update(post_unsafe=True)

    assert dispatch_next(now=NOW) == "failed"

    assert not notify.taken
    letter.refresh_from_db()
    assert letter.posted_on is None


def test_braille_is_made_here_and_is_not_for_the_provider(house, notify, sign_in):
    letter = thanks(house, letter_format="braille")

    refusal = hand_over_remark_letter(letter, by=house[Role.FRONT_LINE], now=NOW)

    assert refusal == "The provider posts printed letters only."
    assert "Have the provider post it" not in words(
        sign_in(Role.FRONT_LINE).get("/feedback/letters/")
    )


def test_without_a_provider_nothing_is_offered(house, sign_in):
    letter = thanks(house)

    refusal = hand_over_remark_letter(letter, by=house[Role.FRONT_LINE], now=NOW)

    assert refusal == "No provider is set."
    assert not Dispatch.objects.exists()
    assert "the provider" not in words(sign_in(Role.FRONT_LINE).get("/feedback/letters/"))
    asked_about(house, preferred_channel="post", email="")
    assert "the provider" not in words(sign_in(COORDINATOR).get("/surveys/"))


def test_a_letter_of_a_survey_goes_the_same_way(house, notify, sign_in):
    asked = asked_about(house, preferred_channel="post", email="", **ADDRESS)
    browser = sign_in(COORDINATOR)
    assert "Have the provider post those in print" in words(browser.get("/surveys/"))

    browser.post("/surveys/letters/", {"code": asked.code, "provider": "yes"})

    assert "goes to the provider to be posted" in words(browser.get("/surveys/"))
    assert mark_surveys_posted(codes=[asked.code], by=house[COORDINATOR], now=NOW) == 0
    dispatch_next(now=NOW)
    notify.everything_is("received")
    assert dispatch_next(now=NOW + timedelta(hours=1)) == "done"
    asked.refresh_from_db()
    assert (asked.posted_on, asked.posted_by) == (NOW.date(), house[COORDINATOR])
    assert asked.code in text_of(notify.of("letter")[0])


def test_letters_of_surveys_are_for_coordinators_to_hand_over(house, notify):
    asked = asked_about(house, preferred_channel="post", email="", **ADDRESS)

    refusals = hand_over_surveys([asked], by=house[Role.FRONT_LINE], now=NOW)

    assert refusals == ["Surveys are for complaints coordinators."]
    assert not Dispatch.objects.exists()
    SurveyRequest.objects.update(is_answered=True)
    [refusal] = hand_over_surveys([asked], by=house[COORDINATOR], now=NOW)
    assert refusal == "This letter is not waiting to be posted."
