"""The pages on which complaints are followed, closed to everybody and opened again."""

import pytest
from django.core.cache import cache
from django.db import IntegrityError

from cases.errors import ActionNotAllowed, SettingChanged
from cases.models import Landlord, OutboundMessage, SettingsChange, TrackingCode
from cases.models.tracking import Proof
from cases.operations.following import change_following
from cases.operations.tracking import hand_out_code
from cases.rules.roles import Role
from cases.selectors.settings_page import needs_attention
from cases.tests.factories import CustomerFactory
from feedback.models import Submission
from feedback.selectors.receipts import code_of
from feedback.tests.conftest import NOW
from feedback.tests.factories import COMPLAINT
from feedback.tests.tracking import Follower, acknowledged, link_of, words

pytestmark = [pytest.mark.usefixtures("now"), pytest.mark.promise("P14")]
NOTICE = "We are looking into a mistake on these pages."
WAYS_IN = ("track", "track-code", "tracked", "tracked-add", "tracked-wishes", "tracked-letter")


@pytest.fixture(autouse=True)
def _no_waiting(db):
    cache.clear()


@pytest.fixture
def complaint(house):
    return acknowledged(house, customer=CustomerFactory(name="Margaret Shaw"))


@pytest.fixture
def administrator(house):
    return house[Role.SYSTEM_ADMINISTRATOR]


@pytest.fixture
def change(administrator):
    def change(is_closed, notice="", seen=None):
        return change_following(
            is_closed=is_closed, notice=notice, by=administrator, now=NOW, seen=seen
        )

    return change


def test_while_it_is_closed_no_way_leads_in_and_every_page_says_so(complaint, change):
    follower, link = Follower().opens(complaint), link_of(complaint)

    change(True, NOTICE)

    pages = [follower.get(name, *([1] if name == "tracked-letter" else [])) for name in WAYS_IN]
    pages.append(follower.client.get(link, REMOTE_ADDR=follower.address))
    assert [page.status_code for page in pages] == [503] * len(pages)
    assert {page["Retry-After"] for page in pages} == {"3600"}
    for page in pages:
        assert NOTICE in words(page)
        assert "Your complaint goes on" in words(page)
        assert complaint.reference not in words(page)


def test_nothing_that_is_sent_there_does_anything_and_what_was_typed_is_shown_once_more(
    complaint, change
):
    follower = Follower().opens(complaint)
    change(True)

    added = follower.post("tracked-add", {"words": "It happened again.", "page": "a" * 32})
    asked = follower.post("track", {"reference": complaint.reference, "how": "email"})

    assert (added.status_code, asked.status_code) == (503, 503)
    assert "It happened again." in words(added)
    assert "a" * 32 not in words(added)
    assert not TrackingCode.objects.exists()


def test_colleagues_hand_out_no_code_meanwhile(house, complaint, change):
    change(True)

    with pytest.raises(ActionNotAllowed, match="cannot be followed on the web now"):
        hand_out_code(
            complaint_id=complaint.pk,
            by=house[Role.COMPLAINTS_COORDINATOR],
            now=NOW,
            proof=Proof.PHONE,
        )


def test_once_it_is_open_again_links_work_and_who_was_in_comes_in_anew(complaint, change):
    follower, link = Follower().opens(complaint), link_of(complaint)
    change(True, NOTICE)

    change(False)

    assert not follower.is_in
    assert follower.client.post(link, REMOTE_ADDR=follower.address).status_code == 302
    assert follower.is_in


def test_it_is_written_down_and_told_to_everybody_else_who_may_change_it_back(
    house, administrator, change
):
    change(True, NOTICE)
    change(True, NOTICE)

    [line] = SettingsChange.objects.filter(act="Following a complaint changed")
    assert line.by == administrator
    assert line.changes == [
        ["Following a complaint on the web", "Open", "Closed to everybody"],
        ["What the public is told of that", "", NOTICE],
    ]
    told = OutboundMessage.objects.filter(kind="following")
    assert [each.to_user for each in told] == [house[Role.COMPLAINTS_COORDINATOR]]


def test_every_officer_with_an_open_complaint_is_told_once_and_of_none_of_them(
    house, complaint, change
):
    acknowledged(house)

    change(True)

    officer = house[Role.RESPONSIBLE_OFFICER]
    told = OutboundMessage.objects.get(kind="following", to_user=officer)
    assert "closed to everybody" in told.subject
    assert "tell them how it stands" in told.body
    assert complaint.reference not in told.body


def test_whoever_has_the_code_of_their_form_still_sees_how_it_stands(visitor, change):
    visitor.fill(COMPLAINT)
    visitor.send()
    sent = Submission.objects.get()
    change(True, NOTICE)

    follower = Follower()
    asked = follower.get("track-code")
    wrong = follower.enters(sent.reference, "AAAA-AAAA")
    right = follower.enters(sent.reference, code_of(sent))

    assert "the code that stood on the page when you had sent the form" in words(asked)
    assert (asked.status_code, wrong.status_code) == (503, 422)
    assert "do not open a complaint together" in words(wrong)
    assert right.status_code == 302
    assert sent.reference in right["Location"]
    assert sent.reference in words(follower.client.get(right["Location"]))


def test_no_other_code_opens_anything_meanwhile_nor_is_it_used_up(house, complaint, change):
    code = hand_out_code(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
        proof=Proof.PHONE,
    )
    change(True)

    while_closed = Follower().enters(complaint.reference, code)
    change(False)
    follower = Follower()
    follower.enters(complaint.reference, code)

    # It is wrong while the pages are closed, which is no outage.
    assert while_closed.status_code == 422
    assert "Retry-After" not in while_closed
    assert follower.is_in


def test_settings_say_that_it_is_closed(change):
    landlord = change(True)

    found = [each.what for each in needs_attention(landlord, today=NOW.date())]

    assert "Nobody can follow a complaint on the web since 10 June 2026" in found


def test_what_somebody_else_changed_is_not_overwritten(change):
    change(True)

    with pytest.raises(SettingChanged):
        change(False, seen=0)


def test_nothing_is_told_while_it_is_open(change):
    with pytest.raises(ActionNotAllowed, match="told nothing"):
        change(False, NOTICE)
    with pytest.raises(IntegrityError, match="cases_landlord_notice_while_closed"):
        Landlord.objects.update(following_notice=NOTICE)


def test_an_administrator_closes_it_on_a_page_of_the_settings(administrator, sign_in):
    browser = sign_in(administrator)

    answer = browser.post(
        "/settings/landlord/following/", {"state": "closed", "notice": NOTICE, "seen": "0"}
    )

    assert answer["Location"] == "/settings/landlord/"
    assert Landlord.objects.get().following_closed_at == NOW
    assert "Closed to everybody" in words(browser.get("/settings/landlord/"))
