"""A draft tried on the complaints of the past, before anybody works by it."""

import re

import pytest

from cases.models import Complaint, Exclusion, ProcedureVersion
from cases.operations.correct import annul
from cases.operations.messages_to_customers import write_to_customer
from cases.operations.procedures import begin_draft, change_draft
from cases.operations.telling import Telling
from cases.rules.procedure_drafts import PromiseTerms, with_promise
from cases.rules.procedure_files import read_shipped
from cases.rules.roles import Role
from cases.selectors import trials
from cases.selectors.last_days import last_days
from cases.tests.factories import MONDAY
from cases.tests.fixtures import at
from cases.tests.settings.conftest import NOW

TRY = "/settings/procedures/code-2024/draft/try/"
ASKED = f"{TRY}?received_from=&received_to="


@pytest.fixture
def draft(house, admin) -> ProcedureVersion:
    """Return a draft in which the acknowledgement is due within one working day."""
    version = ProcedureVersion.objects.get(procedure__code="code-2024")
    drafted = begin_draft(version_id=version.pk, by=admin, now=NOW)
    one_day = PromiseTerms("1 working day", rolls=False, in_writing=True, longest_extension=None)
    change_draft(
        procedure_id=drafted.procedure_id,
        change=lambda words: with_promise(words, "stage-1", "acknowledge", one_day),
        by=admin,
        now=NOW,
        seen=None,
    )
    return drafted


@pytest.fixture
def coordinator(sign_in):
    return sign_in(Role.COMPLAINTS_COORDINATOR)


def words_of(response) -> str:
    """Return the words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_nothing_is_tried_before_days_are_asked_for(draft, house, coordinator):
    house.lodge(on=MONDAY)

    page = words_of(coordinator.get(TRY))

    assert "Try it" in page
    assert "tried." not in page


def test_a_complaint_that_becomes_late_is_named_with_both_days(draft, house, coordinator):
    complaint = house.lodge(on=MONDAY)

    page = words_of(coordinator.get(ASKED))

    assert "Of 1 promise 1 becomes late." in page
    assert complaint.reference in page
    assert "1 complaint received from 10 June 2025 to 10 June 2026 was tried." in page
    assert re.search(r"Not due yet, due \d+ Jun 2026 Late, due 9 Jun 2026", page)


def test_what_is_published_is_tried_too_and_changes_nothing(house, coordinator):
    house.lodge(on=MONDAY)

    page = words_of(
        coordinator.get("/settings/procedures/code-2024/versions/1/try/?received_from=")
    )

    assert "Nothing changes" in page


def test_a_procedure_with_other_stages_says_that_nothing_can_be_tried(house, coordinator):
    house.lodge(on=MONDAY)

    page = words_of(
        coordinator.get("/settings/procedures/herefordshire/versions/1/try/?received_from=")
    )

    assert "No complaint of these days can be tried." in page
    assert "1 went through other stages" in page


def test_what_is_closed_to_whoever_looks_is_neither_counted_nor_named(draft, house, coordinator):
    shown = house.lodge(on=MONDAY)
    hidden = house.lodge(on=MONDAY)
    Exclusion.objects.create(complaint=hidden, user=house[Role.COMPLAINTS_COORDINATOR])

    page = words_of(coordinator.get(ASKED))

    assert shown.reference in page
    assert hidden.reference not in page
    assert "1 complaint received" in page


def test_who_may_open_no_complaint_sees_figures_and_no_name(draft, house, administrator):
    complaint = house.lodge(on=MONDAY)
    assert not Complaint.objects.visible_to(house[Role.SYSTEM_ADMINISTRATOR]).exists()

    page = words_of(administrator.get(ASKED))

    assert "1 complaint received" in page
    assert "1 promise that changes is not named below" in page
    assert complaint.reference not in page


def test_what_was_annulled_is_not_tried(draft, house, coordinator):
    complaint = house.lodge(on=MONDAY)
    annul(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
        seen=complaint.version,
        reason="Logged by mistake.",
    )

    assert "0 complaints received" in words_of(coordinator.get(ASKED))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("received_from_day=31&received_from_month=2&received_from_year=2026", "real"),
        (
            "received_from_day=2&received_from_month=6&received_from_year=2026"
            "&received_to_day=1&received_to_month=6&received_to_year=2026",
            "not before the first",
        ),
        (
            "received_to_day=1&received_to_month=6&received_to_year=2027",
            "past",
        ),
    ],
)
def test_days_that_are_none_are_said_and_kept(draft, house, coordinator, query, said):
    response = coordinator.get(f"{TRY}?{query}")

    page = words_of(response)
    assert response.status_code == 422
    assert "There is a problem" in page
    assert said in page
    assert "tried." not in page


def test_only_so_many_are_tried_the_newest_and_the_page_says_so(
    draft, house, coordinator, monkeypatch
):
    monkeypatch.setattr(trials, "MOST", 2)
    monkeypatch.setattr(trials, "BATCH", 1)
    for _ in range(3):
        house.lodge(on=MONDAY)

    page = words_of(coordinator.get(ASKED))

    assert "2 complaints received" in page
    assert "choose fewer days to try older ones" in page


def test_what_a_version_says_keeps_a_promise_keeps_it_though_it_seldom_does(
    house, admin, coordinator
):
    complaint = house.lodge(on=MONDAY)
    write_to_customer(
        complaint_id=complaint.pk,
        by=house[Role.RESPONSIBLE_OFFICER],
        now=at(MONDAY, 15),
        seen=complaint.version,
        telling=Telling("post", "The surveyor comes on Friday."),
    )
    words = read_shipped("code-2024")
    words["stage"][0]["timescale"][0]["met_by"] = ["updated"]
    words["stage"][0]["acknowledgement_defines"] = False
    version = ProcedureVersion.objects.get(procedure__code="code-2024")
    begin_draft(version_id=version.pk, by=admin, now=NOW)
    change_draft(
        procedure_id=version.procedure_id, change=lambda _: words, by=admin, now=NOW, seen=None
    )

    page = words_of(coordinator.get(ASKED))

    assert re.search(r"acknowledge, define and log the complaint \S+ \S+ \S+ 1 \(100%\)", page)


def test_queries_do_not_grow_with_the_complaints(
    draft, house, django_assert_num_queries, django_assert_max_num_queries
):
    coordinator = house[Role.COMPLAINTS_COORDINATOR]

    def try_it():
        return trials.try_version(
            draft, coordinator, first=MONDAY, last=NOW.date(), today=NOW.date()
        )

    house.lodge(on=MONDAY)
    try_it()
    with django_assert_max_num_queries(8) as few:
        try_it()
    for _ in range(5):
        house.lodge(on=MONDAY)
    with django_assert_num_queries(len(few.captured_queries)):
        assert try_it().trial.complaints == 6


def test_the_draft_and_its_publishing_lead_to_the_trial(draft, administrator):
    for url in ("/settings/procedures/code-2024/draft/", f"{TRY.removesuffix('try/')}publish/"):
        assert f'href="{TRY}"' in administrator.get(url).content.decode()
    draft_page = administrator.get("/settings/procedures/code-2024/draft/").content.decode()
    assert f'href="{DAY}"' in draft_page


# A day ----------------------------------------------------------------------------------------

DAY = "/settings/procedures/code-2024/draft/date/"
ON_MONDAY = "received_on_day=8&received_on_month=6&received_on_year=2026"


def test_the_draft_is_tried_on_a_day_with_the_counting_of_each_promise(draft, coordinator):
    page = words_of(coordinator.get(f"{DAY}?{ON_MONDAY}"))

    # One working day in the draft where the version in force has five.
    assert "Acknowledge, define and log the complaint" in page
    assert "Tue 9 Jun 2026 · at the latest" in page
    assert "Stage 2" in page
    assert "Why this date" in page
    assert re.search(r"We have given our last answer by .*28 July 2026 ?, after 7 weeks\.", page)


def test_a_published_version_is_tried_on_a_day_too(house, coordinator):
    page = words_of(
        coordinator.get(f"/settings/procedures/kht-three-stage/versions/1/date/?{ON_MONDAY}")
    )

    assert "Stage 3" in page
    assert "Fri 7 Aug 2026 · at the latest" in page


@pytest.mark.parametrize(
    "query", ["received_on_day=31&received_on_month=2&received_on_year=2026", "received_on_day="]
)
def test_a_day_that_is_none_is_refused(draft, coordinator, query):
    response = coordinator.get(f"{DAY}?{query}")

    assert response.status_code == 422
    assert "There is a problem" in words_of(response)


def test_trying_a_day_costs_no_query_for_a_complaint(draft, django_assert_max_num_queries):
    last_days(draft, MONDAY)

    with django_assert_max_num_queries(1):
        assert last_days(draft, MONDAY).stages
