"""The small form in a frame: where it may be framed, and that what is typed in it is not lost."""

import pytest

from cases.models import Landlord
from feedback.models import Draft

pytestmark = pytest.mark.django_db
HERE = {"HTTP_ORIGIN": "http://testserver"}
SMALL, BEGIN = "/let-us-know/small/", "/let-us-know/begin/"


@pytest.fixture
def framed(visitor):
    """Let one website show the form."""
    Landlord.objects.update(frame_origins="https://www.example.org\nhttps://b.example.org:8443")


def ancestors(answer) -> str:
    policy = answer["Content-Security-Policy"]
    return next(each for each in policy.split("; ") if each.startswith("frame-ancestors"))


def test_only_allowed_websites_may_show_the_small_form(visitor, framed):
    answer = visitor.get(SMALL)

    assert answer.status_code == 200
    assert ancestors(answer) == (
        "frame-ancestors https://www.example.org https://b.example.org:8443"
    )
    assert "X-Frame-Options" not in answer
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert not answer.cookies


def test_without_an_allowed_website_there_is_no_small_form(visitor):
    assert visitor.get(SMALL).status_code == 404


def test_no_other_page_may_be_framed(visitor, framed):
    paths = {
        "/",
        "/let-us-know/kind/",
        "/sign-in/",
        *(f"/{each}/" for each in ("how-we-deal-with-complaints", "what-you-can-expect")),
        *(f"/let-us-know/{each}/" for each in ("", "privacy", "accessibility")),
    }
    for path in paths:
        answer = visitor.get(path.replace("//", "/"))
        assert ancestors(answer) == "frame-ancestors 'none'", path
        assert answer["X-Frame-Options"] == "DENY", path


def test_what_is_typed_in_the_frame_goes_on_in_the_long_form(visitor, framed):
    answer = visitor.post(BEGIN, {"kind": "complaint", "words": "The lift is out."}, **HERE)

    assert answer["Location"] == "/let-us-know/for-whom/"
    visitor.post("/let-us-know/for-whom/", {"for_whom": "me"})
    assert "The lift is out." in visitor.get("/let-us-know/what-happened/").content.decode()


def test_without_a_choice_the_form_asks_for_it_and_keeps_the_words(visitor, framed):
    answer = visitor.post(BEGIN, {"words": "Thank you all."}, **HERE)

    assert answer["Location"] == "/let-us-know/kind/"
    assert Draft.objects.get().answers["what-happened"]["words"] == ["Thank you all."]


def test_what_was_typed_before_is_kept_in_front(visitor, framed):
    for words in ("The lift is out.", "The lift is out.", "And the stairs are dark."):
        visitor.post(BEGIN, {"kind": "complaint", "words": words}, **HERE)

    kept = Draft.objects.get().answers["what-happened"]["words"]
    assert kept == ["The lift is out.\n\nAnd the stairs are dark."]


@pytest.mark.parametrize(
    "headers",
    [{}, {"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_ORIGIN": "null"}],
    ids=["nothing", "another site", "null"],
)
def test_what_another_site_sends_begins_nothing(visitor, framed, headers):
    answer = visitor.post(BEGIN, {"kind": "complaint", "words": "Not mine."}, **headers)

    assert answer["Location"] == "/let-us-know/"
    assert not Draft.objects.exists()


def test_a_browser_that_names_only_the_page_before_is_believed(visitor, framed):
    page = f"http://testserver{SMALL}"
    answer = visitor.post(BEGIN, {"kind": "suggestion", "words": "A bench."}, HTTP_REFERER=page)

    assert answer["Location"] != "/let-us-know/"
    assert Draft.objects.exists()
