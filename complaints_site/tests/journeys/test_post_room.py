"""E-mail that came in: sorted, seen in its complaint, taken out again, and put where it belongs."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.models import InboundMail
from cases.operations.mail_intake import take_mail
from cases.tests.background.odd_mails import PDF, with_files
from complaints_site.tests.journeys.desk import Desk
from complaints_site.tests.journeys.steps import COORDINATOR, begin, june, story

pytestmark = [
    pytest.mark.browser,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
]
WORDS = "The lift of block C stands still as well."


def a_mail_comes(subject: str) -> None:
    """Let an e-mail come in with a file."""
    now = timezone.now()
    take_mail(with_files(("lift.pdf", PDF), text=WORDS, subject=subject), received_at=now, now=now)


def test_an_e_mail_is_sorted_taken_out_again_and_put_where_it_belongs(desk: Desk):
    begin(desk)
    right = desk.reference
    begin(desk)
    wrong, page = desk.reference, desk.page
    desk.on(june(9), COORDINATOR)
    a_mail_comes("The other lift, KX7M-2QPD-6")

    # It waits, and is put on the record of a complaint.
    page.get_by_role("link", name="E-mail", exact=True).click()
    page.get_by_role("link", name="Zoë Smith").click()
    expect(page.locator(".house-typed")).to_contain_text(WORDS)
    desk.fill_in(
        {
            "What is it?": "It belongs to a complaint that we have",
            "Reference of the complaint": wrong,
        }
    )
    page.get_by_role("button", name="Sort it").click()
    expect(page.locator("[data-message]")).to_contain_text(f"on the record of complaint {wrong}")
    expect(page.get_by_text("No e-mail waits to be sorted.")).to_be_visible()
    expect(story(desk)).to_contain_text(WORDS)
    expect(desk.page.get_by_role("region", name="Files")).to_contain_text("lift.pdf")

    # From the record the e-mail is opened, and taken out with a reason.
    page.get_by_role("link", name="Open the e-mail").click()
    page.get_by_role("link", name="Zoë Smith").click()
    page.get_by_text("It does not belong to this complaint").click()
    page.get_by_role("button", name="Take it out").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    desk.fill_in({"Why it does not belong here": "She lives in block C."})
    page.get_by_role("button", name="Take it out").click()
    expect(page.locator("[data-message]")).to_contain_text("It is taken out")
    expect(story(desk)).to_contain_text("E-mail taken out: it waits to be sorted")
    expect(story(desk)).to_contain_text("She lives in block C.")
    expect(story(desk)).not_to_contain_text(WORDS)

    # It waits again, and goes where it belongs.
    desk.go("/post/")
    page.get_by_role("link", name="Zoë Smith").click()
    desk.fill_in(
        {
            "What is it?": "It belongs to a complaint that we have",
            "Reference of the complaint": right,
        }
    )
    page.get_by_role("button", name="Sort it").click()
    desk.reference = right
    expect(story(desk)).to_contain_text(WORDS)
    assert InboundMail.objects.get().complaint.reference == right
