"""The form on paper: whatever it asks, whoever enters it for the sender finds a place for."""

import pytest

from cases.rules.roles import Role
from feedback.forms.paper import paper_sections

pytestmark = pytest.mark.usefixtures("now")

# The fields of the page for logging that take each answer, by what the paper asks.
TAKEN_BY = {
    "Who are you telling us this for?": "speaks",
    "What is it about?": "about",
    "What happened?": "words",
    "When did it happen, or since when?": "happened",
    "How does it affect you?": "effect",
    "What would put it right?": "desired_outcome",
    "Is it about how one of our staff, or somebody working for us, behaved?": "level",
    "Their name or team, if you know it": "staff",
    "Your full name": "name",
    "Your address": "address",
    "Your postcode": "postcode",
    "Telephone number": "phone",
    "Email address": "email",
    "Which of these are you?": "category",
    "Is there any way that we must not use?": "unsafe",
    "When and how is it safe to reach you?": "safe_notes",
    "How would you like us to reach you?": "preferred_channel",
    "Do you prefer to talk? Ask us to ring you": "call_back",
    "On which number?": "call_number",
    "When is it good and safe to ring you?": "call_when",
    "What may our emails to you say?": "letters_by_email",
    "How do you need letters and other information?": "letter_format",
    "Do you need another language than English, or sign language?": "language",
    "Is there anything else that we should do differently for you?": "needs",
}
# Of somebody else the customer's own questions are the same; whoever speaks has these.
OF_ANOTHER = {
    "Their full name": "name",
    "Their address": "address",
    "Their postcode": "postcode",
    "Their telephone number": "phone",
    "Their email address": "email",
    "What are they to us?": "category",
    "Is any way of reaching them unsafe?": "unsafe",
    "When and how is it safe to reach them?": "safe_notes",
    "How do they need letters and other information?": "letter_format",
    "Do they need another language than English, or sign language?": "language",
    "Is there anything else that we should do differently for them?": "needs",
    "What are you to them?": "speaker_relationship",
    "Have they agreed that you speak for them?": "authority",
}
# What says which form it is: compliments and suggestions are entered on a page of their own.
ELSEWHERE = {"What would you like to tell us?"}
OF_OTHER_KINDS = {"Your compliment", "Your suggestion"}


def test_all_that_the_paper_asks_of_a_complaint_has_a_field_where_it_is_logged(house, sign_in):
    page = sign_in(Role.COMPLAINTS_COORDINATOR).get("/log/").content.decode()
    sections = [
        each for each in paper_sections([("lifts", "Lifts")]) if each.title not in OF_OTHER_KINDS
    ]
    asked = {question.words for section in sections for question in section.questions}

    assert asked - ELSEWHERE == {*TAKEN_BY, *OF_ANOTHER}
    for words, field in {**TAKEN_BY, **OF_ANOTHER}.items():
        assert f'name="{field}"' in page, words
