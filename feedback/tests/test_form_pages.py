"""The pages of the public form: what they ask, what they refuse, and that nothing typed is lost."""

import re
from urllib.parse import quote

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from cases.models import Adoption, Complaint, Customer
from cases.rules.roles import Role
from cases.tests.factories import CategoryFactory
from feedback.models import Draft, Submission
from feedback.tests.factories import (
    COMPLAINT,
    COMPLIMENT,
    STORY,
    SUGGESTION,
    Visitor,
    by_page,
    changed,
    pages_of,
)

pytestmark = pytest.mark.django_db

NEEDED = ("kind", "for-whom", "what-happened", "staff", "about-you")
NEEDS = ("format", "language", "needs")
PAGES = [
    *("kind", "for-whom", "what-happened", "when", "effect", "put-right", "staff"),
    *("about-you", "who-you-are", "safe", "contact", "call-back", "emails", "format"),
    *("language", "needs", "files"),
]
# What is asked of somebody spoken for, after who they are.
ABOUT_THEM = ("who-they-are", "safe-for-them", *(f"{what}-for-them" for what in NEEDS))
# Every sign that somebody could paste, and that a machine could trip over.
ODD = (
    "e\u0301 \u202eevil\u202c \U0001f3da\ufe0f £ \u2028 <b>bold</b> {{ 7 }} %s 'or' "
    "\ufeff\ud7ff \ufdfd"
)


def words(answer) -> str:
    return answer.content.decode()


def to(visitor: Visitor, last: str) -> None:
    """Fill the form in up to a page, which is left out."""
    for code in PAGES[: PAGES.index(last)]:
        visitor.post(f"/let-us-know/{code}/", by_page(COMPLAINT).get(code, {}))


def test_the_first_page_tells_what_happens_next_with_dates(visitor):
    page = words(visitor.get("/let-us-know/"))

    assert "You need no account and no email address" in page
    assert "Wednesday 17 June 2026" in page
    assert "Wednesday 1 July 2026" in page
    assert "thank you for a compliment or a suggestion by" in page.replace("\n", " ")
    assert "Monday 15 June 2026" in page
    assert "0800 000 0000" in page


@pytest.mark.rule("K3-9")
@pytest.mark.parametrize("path", ["/", "/let-us-know/", "/let-us-know/lost-page/"])
def test_a_visitor_needs_no_log_in(visitor, path):
    assert visitor.get(path).status_code in (200, 404)


def test_whoever_is_signed_in_comes_to_their_work(sign_in):
    answer = sign_in(Role.FRONT_LINE).get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/home/")


@pytest.mark.parametrize("path", ["/let-us-know/privacy/", "/let-us-know/accessibility/"])
def test_what_is_only_read_is_there_for_everybody(visitor, path):
    assert visitor.get(path).status_code == 200
    assert visitor.post(path).status_code == 405


@pytest.mark.promise("P18")
@pytest.mark.one_database
def test_the_page_about_privacy_names_all_that_is_done_with_what_people_tell(visitor):
    page = words(visitor.get("/let-us-know/privacy/"))

    for told in (
        "follow your complaint",
        "ask you how it went",
        "You said, we did",
        "send you a text",
    ):
        assert told in page
    assert "at least five people" in page


def test_before_a_procedure_runs_people_are_told_of_other_ways(visitor):
    Adoption.objects.all().delete()

    page = visitor.get("/let-us-know/")

    assert page.status_code == 503
    assert "in another way" in words(page)


def test_looking_at_the_form_keeps_nothing(visitor):
    visitor.get("/let-us-know/")
    visitor.get("/let-us-know/kind/")

    assert not Draft.objects.exists()
    assert "let_us_know" not in visitor.client.cookies


def test_pages_with_what_somebody_typed_are_kept_by_no_cache(visitor):
    to(visitor, "about-you")

    assert visitor.get("/let-us-know/what-happened/")["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    ("code", "typed", "message", "kept"),
    [
        ("kind", {}, "Select what you would like to tell us", ""),
        ("for-whom", {"for_whom": "nobody"}, "Select", ""),
        ("what-happened", {"words": " "}, "Tell us what happened", ""),
        ("when", {"happened": "Since " + "y" * 200}, "200 characters or fewer", "Since yyy"),
        ("staff", {}, "Select yes if it is about how somebody working for us behaved", ""),
        (
            "about-you",
            {"name": "Olu Ade", "email": "olu at example"},
            "Email address: enter an address like name@example.com",
            "olu at example",
        ),
        ("about-you", {"name": "Olu Ade"}, "Enter at least one way to reach you", "Olu Ade"),
        (
            "about-you",
            {"name": "Olu Ade", "phone": "ring me"},
            "Enter a telephone number, like 01632 960 001",
            "ring me",
        ),
        (
            "safe",
            {"unsafe": ["post", "phone", "email"], "safe_notes": "In the mornings"},
            "You have ruled out every way that you gave us",
            "In the mornings",
        ),
        (
            "call-back",
            {"call_back": "yes", "call_number": "my sister’s", "call_when": "After six"},
            "Enter a telephone number, like 01632 960 001",
            "After six",
        ),
        (
            "contact",
            {"preferred": "pigeon"},
            "Select a way to reach you that you have not ruled out",
            "",
        ),
    ],
)
def test_a_mistake_is_named_and_what_was_typed_stays(visitor, code, typed, message, kept):
    to(visitor, code)

    sent = visitor.post(f"/let-us-know/{code}/", typed)

    assert sent["Location"] == f"/let-us-know/{code}/"
    answer = visitor.answer_to(sent)
    assert "There is a problem" in words(answer)
    assert message in words(answer)
    assert kept in words(answer)
    assert kept in words(visitor.get(f"/let-us-know/{code}/"))


@pytest.mark.parametrize(("code", "leads_to"), [("check", "staff"), ("contact", "staff")])
def test_whoever_runs_ahead_is_led_to_the_page_that_waits(visitor, code, leads_to):
    to(visitor, "staff")

    answer = visitor.get(f"/let-us-know/{code}/")

    assert (answer.status_code, answer["Location"]) == (302, f"/let-us-know/{leads_to}/")


def test_there_is_no_other_page(visitor):
    assert visitor.get("/let-us-know/secrets/").status_code == 404
    assert visitor.post("/let-us-know/secrets/").status_code == 404


def test_whoever_does_not_know_what_to_write_of_a_complaint_gets_help(visitor):
    to(visitor, "what-happened")
    page = words(visitor.get("/let-us-know/what-happened/"))

    assert "I am not sure what to write" in page
    assert "What should have been done, and by when?" in page
    assert "Please do not write details of your bank." in page


def test_whoever_praises_is_asked_nothing_that_belongs_to_a_complaint(visitor):
    visitor.fill({"kind": COMPLIMENT["kind"]})

    page = words(visitor.get("/let-us-know/what-happened/"))
    assert "I am not sure what to write" not in page


@pytest.mark.parametrize("code", ["for-whom", "files", "check"])
def test_without_anything_typed_a_later_page_says_what_may_have_happened(visitor, code):
    answer = visitor.get(f"/let-us-know/{code}/")

    assert answer.status_code == 404
    assert "There is nothing typed here" in words(answer)
    assert "does not accept cookies" in words(answer)


def test_a_browser_that_lost_its_cookie_keeps_what_is_typed_now_and_is_told(visitor):
    answer = visitor.post("/let-us-know/what-happened/", {"words": "The lift is out."})

    assert (answer.status_code, answer["Location"]) == (302, "/let-us-know/kind/")
    [told] = get_messages(answer.wsgi_request)
    assert "We kept what you have just typed" in str(told)
    assert Draft.objects.get().answers["what-happened"]["words"] == ["The lift is out."]


def test_a_page_that_was_open_for_too_long_shows_what_was_typed_and_is_sent_again(visitor):
    to(visitor, "what-happened")
    visitor.client.handler.enforce_csrf_checks = True

    answer = visitor.post("/let-us-know/what-happened/", {"words": "A long story."})

    assert answer.status_code == 403
    assert "This page had been open for too long, so nothing was sent" in words(answer)
    assert "A long story." in words(answer)
    assert "what-happened" not in Draft.objects.get().answers


def test_the_page_with_all_answers_is_sent_again_when_it_was_too_old(visitor):
    visitor.fill(COMPLAINT)
    visitor.client.handler.enforce_csrf_checks = True

    answer = visitor.send()

    assert answer.status_code == 403
    assert "press the button again" in words(answer)
    assert not Submission.objects.exists()


def test_a_computer_is_cleared_from_a_page_of_ours_only(visitor):
    to(visitor, "staff")
    visitor.client.handler.enforce_csrf_checks = True

    assert visitor.post("/let-us-know/forget/").status_code == 404
    assert Draft.objects.exists()
    assert visitor.get("/let-us-know/forget/")["Location"] == "/let-us-know/"
    assert Draft.objects.exists()


def test_an_answer_is_changed_from_the_check_and_leads_back_to_it(visitor):
    visitor.fill(COMPLAINT)
    assert "/let-us-know/about-you/?back=check" in words(visitor.get("/let-us-know/check/"))

    answer = visitor.post(
        "/let-us-know/about-you/", {**COMPLAINT["about-you"], "name": "Meg Shaw", "back": "check"}
    )

    assert answer["Location"] == "/let-us-know/check/"
    assert "Meg Shaw" in words(visitor.get("/let-us-know/check/"))


def test_a_change_that_asks_something_new_leads_there_first(visitor):
    visitor.fill(COMPLAINT)

    answer = visitor.post("/let-us-know/for-whom/", {"for_whom": "other", "back": "check"})

    for code in ("person", *ABOUT_THEM, "speaking-for-them", "permission"):
        assert answer["Location"] == f"/let-us-know/{code}/?back=check"
        # There is no check to go back to before the name is known.
        back = "for-whom" if code == "person" else "check"
        assert f'href="/let-us-know/{back}/" class="govuk-back-link"' in words(
            visitor.get(f"/let-us-know/{code}/?back=check")
        )
        typed = {"person_name": "Ada Shaw", "back": "check"}
        answer = visitor.post(f"/let-us-know/{code}/", typed)
    assert answer["Location"] == "/let-us-know/check/"


def test_another_kind_asks_its_own_questions_and_keeps_the_story(visitor):
    visitor.fill(COMPLAINT)

    visitor.post("/let-us-know/kind/", {"kind": "suggestion", "back": "check"})

    page = words(visitor.get("/let-us-know/check/"))
    assert "What is your idea?" in page
    assert "The lift in Quay House" in page
    assert "Is it about how one of our staff" not in page


@pytest.mark.parametrize(
    "form", [COMPLAINT, COMPLIMENT, SUGGESTION], ids=lambda f: f["kind"]["kind"]
)
def test_going_back_and_on_again_loses_nothing(visitor, form):
    visitor.fill(form)

    for code in pages_of(form):
        assert visitor.get(f"/let-us-know/{code}/").status_code == 200
    assert visitor.get("/let-us-know/check/").status_code == 200
    assert Draft.objects.count() == 1


def test_easy_read_is_not_promised_with_pictures_which_our_letters_do_not_have(visitor):
    to(visitor, "format")

    page = words(visitor.get("/let-us-know/format/"))

    assert "In easy read, in short and plain sentences" in page
    assert "picture" not in page


def test_a_story_as_long_as_may_be_is_kept_to_the_last_sign(visitor):
    story = ("x" * 49 + "\r\n") * 200

    sent = visitor.tell(changed(COMPLAINT, what_happened={"words": story[:-2] + "!"}))

    complaint = Complaint.objects.get(reference=sent.reference)
    kept = complaint.summary.partition("\n\nHow it affects me")[0]
    assert len(kept) == 10_000
    assert kept.endswith("x!")


def test_a_longer_story_is_refused_in_words_and_kept_to_be_shortened(visitor):
    to(visitor, "what-happened")
    story = "y" * 10_004

    answer = visitor.answer_to(visitor.post("/let-us-know/what-happened/", {"words": story}))

    assert "use 10000 characters or fewer. you have used 10004" in words(answer).lower()
    assert story in words(answer)


def test_odd_signs_come_back_as_they_were_typed(visitor):
    sent = visitor.tell(
        changed(COMPLAINT, what_happened={"words": ODD}, about_you={"name": "Zoë  O’Brien-Łódź"})
    )

    complaint = Complaint.objects.get(reference=sent.reference)
    assert complaint.summary.startswith(ODD)
    assert Customer.objects.get().name == "Zoë  O’Brien-Łódź"
    page = words(visitor.get(f"/let-us-know/sent/{sent.reference}/copy/"))
    assert "&lt;b&gt;bold&lt;/b&gt; {{ 7 }}" in page
    assert "<b>bold" not in page


@pytest.mark.parametrize(
    "raw",
    [quote("lift\x00 out"), "lift%ED%A0%80 out", "lift%FF%FE out", "lift%C3 out"],
    ids=["NUL", "half a character", "no UTF-8", "cut in two"],
)
def test_what_no_database_can_keep_is_left_out_and_the_rest_is_kept(visitor, raw):
    to(visitor, "what-happened")

    answer = visitor.client.generic(
        "POST",
        "/let-us-know/what-happened/",
        f"words={raw}",
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 302
    [kept] = Draft.objects.get().answers["what-happened"]["words"]
    assert kept.startswith("lift")
    assert kept.endswith(" out")
    assert "\x00" not in kept


@pytest.mark.rule("KF-5")
def test_the_form_asks_what_the_leaflet_asks(visitor):
    CategoryFactory(code="lifts", name="Lifts")
    visitor.fill(COMPLAINT)

    page = words(visitor.get("/let-us-know/check/"))

    for question in (
        "Your full name",
        "Your address",
        "Telephone number",
        "Email address",
        "What is it about?",
        "What would put it right?",
        "Photos and documents",
        "Is there anything else that we should do differently for you?",
    ):
        assert question in page


@pytest.mark.rule("HH-4")
def test_somebody_who_helps_is_told_that_the_customer_will_be_asked(visitor):
    visitor.post("/let-us-know/kind/", {"kind": "complaint"})
    visitor.post("/let-us-know/for-whom/", {"for_whom": "other"})
    typed = {"person_name": "", "person_phone": "07700"}
    refused = visitor.answer_to(visitor.post("/let-us-know/person/", typed))
    visitor.post("/let-us-know/person/", {"person_name": "Agnes Kowalczyk"})

    assert "Enter the name of the person you are helping" in words(refused)
    assert "07700" in words(refused)
    page = words(visitor.get("/let-us-know/permission/"))
    assert "We will ask them to confirm that you may speak for" in page


def test_the_check_shows_what_is_told_of_somebody_spoken_for_and_nothing_is_needed(visitor):
    form = changed(COMPLAINT, for_whom={"for_whom": "other"}, person={"person_name": "Ada Shaw"})
    visitor.fill(form)
    empty = words(visitor.get("/let-us-know/check/"))
    theirs = {"person_unsafe": ["email"], "person_safe_notes": "After nine"}
    visitor.post("/let-us-know/safe-for-them/", theirs)
    visitor.post("/let-us-know/format-for-them/", {"person_format": "unknown"})
    visitor.post("/let-us-know/language-for-them/", {"person_language": "Polish"})
    visitor.post("/let-us-know/needs-for-them/", {"person_needs": "A hearing loop"})

    page = words(visitor.get("/let-us-know/check/"))

    for code in ABOUT_THEM:
        assert f'href="/let-us-know/{code}/?back=check"' in empty
    for told in ("Do not email them", "After nine", "I do not know", "Polish", "A hearing loop"):
        assert told in page
    assert visitor.send().status_code == 302


def test_two_tabs_of_one_browser_share_one_form(visitor):
    to(visitor, "staff")

    visitor.post("/let-us-know/what-happened/", {"words": "From the other tab"})
    visitor.post("/let-us-know/staff/", {"about_staff": "no"})

    assert Draft.objects.count() == 1
    assert "From the other tab" in words(visitor.get("/let-us-know/what-happened/"))


def test_the_back_button_after_sending_sends_nothing_again(visitor):
    sent = visitor.tell(COMPLAINT)

    again = visitor.post("/let-us-know/check/", {"key": sent.key})
    elsewhere = visitor.post("/let-us-know/check/", {"key": ""})

    assert again["Location"] == f"/let-us-know/sent/{sent.reference}/"
    assert elsewhere.status_code == 404
    assert "If you have sent it already and have a reference, we have it" in words(elsewhere)
    assert Submission.objects.count() == 1


def test_somebody_with_no_email_address_gets_a_reference_and_dates(visitor):
    sent = visitor.tell(changed(COMPLAINT, about_you={"email": "", "phone": ""}, contact={}))

    page = words(visitor.get(f"/let-us-know/sent/{sent.reference}/"))

    assert sent.reference in page
    assert "Wednesday 17 June 2026" in page
    assert "We are sending you an email" not in page


@pytest.mark.parametrize(
    "code", ["kht-three-stage", "first-ark-panel", "livv-two-stage", "herefordshire", "code-2024"]
)
def test_under_every_procedure_the_receipt_has_dates_and_the_further_stages(visitor, house, code):
    house.run(code)
    sent = visitor.tell(COMPLAINT)

    page = words(visitor.get(f"/let-us-know/sent/{sent.reference}/"))

    due = set(
        Complaint.objects.get()
        .deadlines.filter(is_window=False, due_on__isnull=False)
        .values_list("due_on", flat=True)
    )
    told = [day for day in due if f"{day:%A %-d %B %Y}" in page]
    assert told
    assert "If you are not happy with our answer, you can ask for" in page


@pytest.mark.parametrize(
    "path", ["/let-us-know/", "/let-us-know/what-happened/", "/let-us-know/check/"]
)
def test_a_page_asks_the_database_little(visitor, path, django_assert_max_num_queries):
    visitor.fill(COMPLAINT)

    with django_assert_max_num_queries(9):
        assert visitor.get(path).status_code == 200


def test_keeping_a_page_takes_few_queries(visitor, django_assert_max_num_queries):
    visitor.fill(COMPLAINT)

    with django_assert_max_num_queries(12):
        visitor.post("/let-us-know/staff/", {"about_staff": "no"})


def test_another_browser_sees_nothing_of_it(visitor):
    visitor.fill(COMPLAINT)

    assert Client().get("/let-us-know/check/").status_code == 404


def test_every_page_says_how_far_it_is_and_of_how_many(visitor):
    assert places(visitor, COMPLAINT) == [
        # What is asked of how to reach somebody follows from the tenth page.
        *(f"{number}" for number in range(1, 11)),
        *(f"{number} of 17" for number in range(11, 18)),
    ]


def test_a_compliment_is_told_of_how_many_pages_once_that_is_sure(visitor):
    nameless = {**COMPLIMENT, "about-you": {"name": "Olu Ade"}}

    assert places(visitor, nameless) == ["1", "2", "3", "4", "5 of 6", "6 of 6"]


def places(visitor, form) -> list[str]:
    """Fill in every page and return what each says of its place."""
    told = []
    for code in pages_of(form):
        page = words(visitor.get(f"/let-us-know/{code}/"))
        told.append(page.partition("Let Us Know: page ")[2].partition("<")[0])
        visitor.post(f"/let-us-know/{code}/", by_page(form).get(code, {}))
    return told


# One question a page ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        COMPLAINT,
        changed(COMPLAINT, for_whom={"for_whom": "other"}, person={"person_name": "Ada Shaw"}),
        COMPLIMENT,
        SUGGESTION,
    ],
    ids=["complaint", "for another", "compliment", "suggestion"],
)
def test_each_page_asks_one_question_as_its_heading_or_one_group(visitor, form):
    CategoryFactory(code="lifts", name="Lifts")
    visitor.fill(form)

    for code in [*pages_of(form), *(["topic"] if form["kind"]["kind"] == "complaint" else [])]:
        main = words(visitor.get(f"/let-us-know/{code}/")).split("<main")[1].split("</main")[0]
        assert main.count("<h1") == 1, code
        # A person with every way to reach them, what is not safe with what is, and the files.
        if code not in ("person", "safe-for-them", "about-you", "safe", "files"):
            [heading] = re.findall(r"<h1.*?</h1>", main, re.DOTALL)
            is_inside = re.search(r"<legend[^>]*>\s*<h1", main)
            assert "<label" in heading or is_inside, code
            # What a yes asks further stands under it.
            others = main.replace(heading, "").count("govuk-label--s")
            assert others == {"staff": 1, "call-back": 2}.get(code, 0), code


def test_the_next_pages_offer_only_the_ways_that_are_safe(visitor):
    to(visitor, "safe")
    visitor.post("/let-us-know/safe/", {"unsafe": ["email"]})

    page = words(visitor.get("/let-us-know/contact/"))
    visitor.post("/let-us-know/contact/", {"preferred": "post"})
    visitor.post("/let-us-know/safe/", {"unsafe": ["email", "post"], "back": "check"})

    assert 'value="post"' in page
    assert 'value="email"' not in page
    assert visitor.get("/let-us-know/emails/").status_code == 302
    # One way is left: there is nothing to choose.
    assert visitor.get("/let-us-know/contact/").status_code == 302


def test_nobody_is_asked_for_a_call_who_ruled_the_telephone_out_or_speaks_for_another(visitor):
    to(visitor, "safe")
    visitor.post("/let-us-know/safe/", {"unsafe": ["phone"]})
    assert visitor.get("/let-us-know/call-back/").status_code == 302
    visitor.post("/let-us-know/safe/", {"unsafe": []})
    assert visitor.get("/let-us-know/call-back/").status_code == 200
    visitor.post("/let-us-know/for-whom/", {"for_whom": "other"})
    visitor.post("/let-us-know/person/", {"person_name": "Ada Shaw"})

    assert visitor.get("/let-us-know/call-back/").status_code == 302
    assert "call-back" not in pages_of(COMPLIMENT)


def test_whoever_gave_no_number_and_wants_a_call_is_asked_for_one(visitor):
    visitor.fill(changed(COMPLAINT, about_you={"phone": ""}))

    asked = visitor.answer_to(visitor.post("/let-us-know/call-back/", {"call_back": "yes"}))
    visitor.post("/let-us-know/call-back/", {"call_back": "no"})

    assert "Enter the number on which we should ring you" in words(asked)
    assert "Leave this empty if it is the number that you gave us." not in words(asked)
    assert visitor.send().status_code == 302


def test_a_way_that_is_ruled_out_later_is_asked_again(visitor):
    visitor.fill(COMPLAINT)

    answer = visitor.post("/let-us-know/safe/", {"unsafe": ["post"], "back": "check"})

    assert answer["Location"] == "/let-us-know/contact/?back=check"
    page = words(visitor.answer_to(answer))
    assert "Select a way to reach you that you have not ruled out" in page


def test_what_may_stay_empty_keeps_nobody_from_sending_and_stands_on_the_check(visitor):
    need = ("kind", "for-whom", "what-happened", "staff", "about-you")
    for code in need:
        visitor.post(f"/let-us-know/{code}/", by_page(COMPLAINT)[code])

    page = words(visitor.get("/let-us-know/check/"))

    for code in set(PAGES) - {"files"}:
        assert f'href="/let-us-know/{code}/?back=check"' in page
    # From the first page it goes on where something was not asked yet.
    assert 'href="/let-us-know/when/"' in words(visitor.get("/let-us-know/"))


NOW_CHECK = "Check your answers now"


def test_whoever_is_in_a_hurry_passes_over_what_may_stay_empty(visitor):
    visitor.get("/let-us-know/kind/")
    sent, step, page = [], "kind", ""
    while step != "check":
        given = by_page(COMPLAINT).get(step, {}) if step in NEEDED else {}
        do = "check" if NOW_CHECK in page else "continue"
        answer = visitor.post(f"/let-us-know/{step}/", {**given, "do": do})
        sent.append(step)
        step = answer["Location"].strip("/").rsplit("/", 1)[-1]
        page = words(visitor.answer_to(answer))

    assert sent == PAGES[: PAGES.index("safe") + 1]
    assert visitor.draft.answers["what-happened"]["words"] == [STORY]
    assert visitor.send().status_code == 302


def test_passing_over_the_rest_keeps_what_stands_on_the_page(visitor):
    to(visitor, "contact")
    assert NOW_CHECK in words(visitor.get("/let-us-know/contact/"))

    answer = visitor.post("/let-us-know/contact/", {"preferred": "post", "do": "check"})

    assert answer["Location"] == "/let-us-know/check/"
    assert visitor.draft.answers["contact"]["preferred"] == ["post"]


@pytest.mark.parametrize("step", ["when", "who-you-are"])
def test_nobody_passes_over_what_must_be_answered_or_what_is_not_safe(visitor, step):
    to(visitor, step)
    assert NOW_CHECK not in words(visitor.get(f"/let-us-know/{step}/"))

    answer = visitor.post(f"/let-us-know/{step}/", {"do": "check"})

    following = PAGES[PAGES.index(step) + 1]
    assert answer["Location"] == f"/let-us-know/{following}/"


def test_a_mistake_is_put_right_before_the_rest_is_passed_over(visitor):
    to(visitor, "contact")

    answer = visitor.post("/let-us-know/contact/", {"preferred": "no such way", "do": "check"})

    assert answer["Location"] == "/let-us-know/contact/"


@pytest.mark.parametrize("path", ["/let-us-know/files/", "/let-us-know/safe/?back=check"])
def test_where_the_check_comes_next_anyway_one_button_is_enough(visitor, path):
    to(visitor, "files")

    assert NOW_CHECK not in words(visitor.get(path))


def test_a_form_begun_before_its_questions_were_parted_goes_on_whole(visitor):
    visitor.post("/let-us-know/kind/", {"kind": "complaint"})
    before = {
        "kind": {"kind": ["complaint"]},
        "for-whom": {"for_whom": ["other"]},
        "person": {"person_name": ["Ada Shaw"], "person_unsafe": ["phone"]},
        "speaking-for-them": {"relationship": ["Solicitor"], "permission": ["yes"]},
        "what-happened": {"words": [STORY], "effect": ["No stairs for her"], "wanted": ["A lift"]},
        "staff": {"about_staff": ["no"]},
        "about-you": {"name": ["Olu Ade"], "email": ["olu@example.org"], "phone": ["0151 555 01"]},
        "contact": {"preferred": ["email"], "unsafe": ["phone"], "letter_format": ["braille"]},
        "files": {},
    }
    Draft.objects.update(answers=before)

    page = words(visitor.get("/let-us-know/check/"))
    # A page sent anew forgets nothing that it asked before.
    visitor.post("/let-us-know/what-happened/", {"words": "Other words", "back": "check"})
    again = words(visitor.get("/let-us-know/check/"))

    for told in ("Do not ring them", "Yes, they know and agree", "Do not ring me", "In braille"):
        assert told in page
    for told in ("Other words", "No stairs for her", "A lift"):
        assert told in again


def test_a_page_that_was_open_from_before_keeps_all_its_answers(visitor):
    to(visitor, "what-happened")

    visitor.post("/let-us-know/what-happened/", {"words": STORY, "effect": "We cannot sleep."})

    assert "We cannot sleep." in words(visitor.get("/let-us-know/effect/"))


def test_a_page_open_from_before_is_heard_where_its_question_was_answered_meanwhile(visitor):
    to(visitor, "what-happened")
    visitor.post("/let-us-know/what-happened/", {"words": STORY})
    visitor.post("/let-us-know/effect/", {"effect": "It is loud."})

    visitor.post("/let-us-know/what-happened/", {"words": STORY, "effect": "We cannot sleep."})

    assert "We cannot sleep." in words(visitor.get("/let-us-know/effect/"))


def test_what_a_page_open_from_before_leaves_empty_takes_no_answer_away(visitor):
    to(visitor, "contact")
    visitor.post("/let-us-know/safe/", {"unsafe": ["phone"], "safe_notes": "After six"})
    old = {"preferred": "post", "safe_notes": "", "unsafe": ["email"]}

    visitor.post("/let-us-know/contact/", old)

    page = words(visitor.get("/let-us-know/safe/"))
    assert "After six" in page
    assert visitor.draft.answers["safe"] == {"unsafe": ["email"], "safe_notes": ["After six"]}
