"""What people do beside their complaints: praise, ideas, figures, and sums of days."""

from datetime import date

import pytest
from playwright.sync_api import expect

from cases.rules.roles import Role
from complaints_site.tests.journeys.desk import Answers, Desk, tell_us
from complaints_site.tests.journeys.steps import HEAD, begin, july, june

pytestmark = [
    pytest.mark.browser,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
]
# What she is to us, what is safe, what e-mails say, formats, language, needs, and files.
LEFT_EMPTY: list[Answers] = [{}] * 7
OLU: Answers = {"Your full name": "Olu Ade", "Email address": "olu@example.org"}


def test_a_compliment_and_a_suggestion_are_sent_and_read(desk: Desk):
    desk.on(june(9))
    compliment = tell_us(
        desk,
        {"What would you like to tell us?": "Somebody or something was good"},
        {"What was good?": "Dan came at once and was kind."},
        {},
        OLU,
        *LEFT_EMPTY,
    )
    assert compliment in desk.mail_to("olu@example.org")
    suggestion = tell_us(
        desk,
        {"What would you like to tell us?": "I have an idea"},
        {"What is your idea?": "Put a bench by the bus stop."},
        {},
        OLU,
        *LEFT_EMPTY,
    )
    assert suggestion in desk.mail_to("olu@example.org")

    desk.sign_in(Role.FRONT_LINE)
    for reference, words in (
        (compliment, "Dan came at once and was kind."),
        (suggestion, "Put a bench by the bus stop."),
    ):
        desk.go("/feedback/")
        desk.page.get_by_role("link", name=reference).click()
        expect(desk.page.get_by_text(words)).to_be_visible()


def test_a_number_of_the_dashboard_opens_the_complaints_it_counts(desk: Desk):
    begin(desk)
    late = desk.reference
    desk.on(july(20))
    new = desk.house.lodge(on=july(20)).reference
    desk.sign_in(HEAD).go("/dashboard/")
    page = desk.page

    page.get_by_role("link", name="2 Open", exact=True).click()
    expect(page.get_by_role("link", name=late)).to_be_visible()
    expect(page.get_by_role("link", name=new)).to_be_visible()
    desk.go("/dashboard/")
    page.get_by_role("link", name="1 Overdue", exact=True).click()
    expect(page.get_by_role("link", name=late)).to_be_visible()
    expect(page.get_by_role("link", name=new)).to_have_count(0)
    page.get_by_role("link", name=late).click()

    desk.reference = late
    expect(page).to_have_url(f"{desk.url}{desk.path}")


def test_the_calculator_answers_with_a_day_and_how_it_was_counted(desk: Desk):
    desk.on(june(9), Role.AUDITOR).go("/calculator/")
    page = desk.page

    desk.fill_in({"From": date(2026, 12, 24), "Period": "5 working days"})
    page.get_by_role("button", name="Work it out").click()

    answer = page.get_by_role("region", name="due Tuesday 5 January 2027")
    expect(answer.get_by_role("listitem").first).to_have_text("5 working days from Thu 24 Dec 2026")
    expect(answer).to_contain_text("Boxing Day")
