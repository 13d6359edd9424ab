"""The board of answers: whose it is, what it counts, and that every number is that of its list."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Complaint, Deadline, Exclusion, Level, SettingsChange
from cases.operations.extend import extend
from cases.operations.record import CaseFile
from cases.operations.telling import Telling
from cases.rules.events import EventKind
from cases.rules.lateness import Lateness
from cases.rules.roles import Role
from cases.selectors.history import events_of
from cases.tests.factories import UserFactory
from cases.tests.fixtures import at
from reporting.models import Targets
from reporting.tests.measured_year import day_corrected, happened

# A Wednesday without a bank holiday near.
TODAY = date(2026, 6, 17)
# Monday 1 June to Monday 15 June are ten working days.
BEGAN, MET = date(2026, 6, 1), date(2026, 6, 15)
BOARD = "reporting:answers-board"
FIGURES_ALONE = [Role.EXECUTIVE_SUPPORT_MANAGER, Role.MEMBER_RESPONSIBLE, Role.AUDITOR]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(at(TODAY), tick=False):
        yield


def browse(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def shown(client: Client, **query: str):
    page = client.get(reverse(BOARD), query)
    assert page.status_code == 200
    return page.context


def answer(
    house, *, began: date = BEGAN, met: date = MET, late: bool = False, avoidable: str = "",
    more: int = 0, **details,
) -> Complaint:  # fmt: skip
    """Return a complaint of which the answer stands as if it had been given on that day."""
    complaint = house.lodge(on=date(2026, 5, 29) if met >= BEGAN else began, **details)
    due = met - timedelta(days=1) if late else met
    Deadline.objects.filter(complaint=complaint, code="respond").update(
        anchor_on=began,
        met_on=met,
        original_due_on=due - timedelta(days=more),
        due_on=due,
        state="met_late" if late else "met",
        avoidable=avoidable,
    )
    return complaint


@pytest.fixture
def answers(house):
    """Answers in time, extended and late, some of them hidden from somebody."""
    for days in (0, 3, 8, 14, 40):
        answer(house, began=MET - timedelta(days=days))
    answer(house, more=7)
    answer(house, late=True, avoidable="yes")
    answer(house, late=True, avoidable="no", more=14)
    answer(house, late=True)
    answer(house, level=Level.RESTRICTED)
    shut = answer(house)
    Exclusion.objects.create(complaint=shut, user=house[Role.LINE_MANAGER], reason="subject")
    answer(house, area_id=house.other_team.pk)
    answer(house, officer_id=UserFactory().pk)
    answer(house, began=date(2026, 2, 2), met=date(2026, 2, 16), late=True)
    return house


def numbers(page: str) -> list[tuple[int, str]]:
    """Return every number of the page that opens something, with what it opens."""
    links = re.findall(
        r'<a [^>]*?href="(/dashboard/answers/list/[^"]*)"([^>]*)>(.*?)</a>', page, re.S
    )
    found = []
    for url, attributes, words in links:
        named = re.search(r'aria-label="[^"]*: ([\d,]+)"', attributes)
        text = named[1] if named else re.sub(r"<[^>]*>", " ", words).strip().split(" ")[0]
        if re.fullmatch(r"[\d,]+", text):
            found.append((int(text.replace(",", "")), url.replace("&amp;", "&")))
    return found


@pytest.mark.parametrize(
    ("role", "query"),
    [
        (Role.COMPLAINTS_COORDINATOR, {}),
        (Role.COMPLAINTS_COORDINATOR, {"period": "12-months"}),
        (Role.LINE_MANAGER, {"period": "this-month"}),
        (Role.DIRECTOR, {}),
        (Role.RESPONSIBLE_OFFICER, {}),
    ],
)
def test_every_number_is_that_of_the_list_it_opens(answers, role, query):
    client = browse(answers[role])

    found = numbers(client.get(reverse(BOARD), query).content.decode())

    assert len(found) > 15
    there = [(client.get(url).context["page"].paginator.count, url) for _, url in found]
    assert there == found


def test_an_area_narrows_the_figures_and_their_lists(answers):
    client, area = browse(answers[Role.COMPLAINTS_COORDINATOR]), str(answers.other_team.pk)

    found = shown(client, area=area)

    assert found["tiles"][0].value == "1"
    assert client.get(found["tiles"][0].url).context["page"].paginator.count == 1


def test_each_reader_counts_what_they_may_open(answers):
    totals = {
        role: shown(browse(answers[role]))["tiles"][0].value
        for role in (
            Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER, Role.HEAD_OF_SERVICE, Role.DIRECTOR,
            Role.COMPLAINTS_COORDINATOR,
        )
    }  # fmt: skip

    # Of 13 answers one is restricted. The manager is shut out of one and has no second team.
    assert totals == {
        Role.RESPONSIBLE_OFFICER: "11",
        Role.LINE_MANAGER: "10",
        Role.HEAD_OF_SERVICE: "11",
        Role.DIRECTOR: "11",
        Role.COMPLAINTS_COORDINATOR: "12",
    }


def test_days_taken_are_told_as_a_distribution(answers):
    found = shown(browse(answers[Role.COMPLAINTS_COORDINATOR]))

    [chart] = found["taken"]
    assert [(bar.label, bar.value) for bar in chart["bars"]] == [
        ("0 to 2", 2),
        ("3 to 5", 0),
        ("6 to 10", 9),
        ("11 to 15", 0),
        ("16 to 20", 0),
        ("21 to 30", 1),
        ("Over 30", 0),
    ]
    assert chart["finding"] == (
        "Half of 12 answers at Stage 1 were given within 10 working days, nine of ten within 10; "
        "before, within 10 and 10."
    )


def test_answers_are_compared_with_the_days_before(answers):
    found = shown(browse(answers[Role.COMPLAINTS_COORDINATOR]))

    assert found["days"].before.words == "1 January to 19 March 2026"
    assert found["tiles"][0].note == "11 more than 1 January to 19 March 2026"
    assert found["in_time_finding"] == (
        "75% of 12 answers were in time or within an extension: 75 of a hundred more than before "
        "(0%)."
    )


def test_late_answers_are_told_with_whether_that_could_have_been_avoided(answers):
    found = shown(browse(answers[Role.COMPLAINTS_COORDINATOR]))

    assert [(bar.label, bar.value) for bar in found["late"]] == [
        ("It could", 1),
        ("It could not", 1),
        ("Nobody said", 1),
    ]


def test_why_an_answer_was_late_stands_in_its_list(house):
    complaint = house.lodge(on=date(2026, 5, 1))
    happened(complaint, EventKind.ACKNOWLEDGED, date(2026, 5, 1))
    why = Lateness("The surveyor was ill.", avoidable=False)
    case = CaseFile(complaint, events_of(complaint), by=None, now=at(MET), late=why)
    case.add(EventKind.RESPONDED, on=MET, facts={"outcome": "upheld"})
    case.save()
    client = browse(house[Role.COMPLAINTS_COORDINATOR])

    [row] = client.get(shown(client)["late_url"]).context["rows"]

    assert (row[0].text, row[-1].text, row[-1].note) == (
        complaint.reference,
        "Late",
        "The surveyor was ill.",
    )


def test_why_an_answer_was_late_is_told_of_the_answer_that_counts(house):
    told = []
    for number in range(2):
        complaint = house.lodge(on=date(2026, 5, 1))
        happened(complaint, EventKind.ACKNOWLEDGED, date(2026, 5, 1))
        why = Lateness("The surveyor was ill.", avoidable=False)
        case = CaseFile(complaint, events_of(complaint), by=None, now=at(MET), late=why)
        case.add(EventKind.RESPONDED, on=MET, facts={"outcome": "upheld"})
        case.save()
        complaint.refresh_from_db()
        answered = complaint.events.get(kind="responded").number
        if number:
            day_corrected(complaint, answered, date(2026, 6, 16), now=TODAY)
        else:
            happened(complaint, EventKind.RETRACTED, MET, target=answered)
            happened(complaint, EventKind.RESPONDED, MET, outcome="upheld")
        told.append(complaint.reference)
    client = browse(house[Role.COMPLAINTS_COORDINATOR])

    rows = client.get(shown(client)["late_url"]).context["rows"]

    assert {row[0].text: row[-1].note for row in rows} == {
        told[0]: "",
        told[1]: "The surveyor was ill.",
    }


def test_an_extension_that_was_struck_out_is_not_how_an_answer_had_more_time(house):
    complaint = house.lodge(on=date(2026, 6, 1))
    happened(complaint, EventKind.ACKNOWLEDGED, date(2026, 6, 1))
    extend(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(date(2026, 6, 8)),
        seen=complaint.version,
        new_due_on=date(2026, 6, 22),
        reason="The surveyor comes on Monday.",
        exceptional=False,
        telling=Telling("email"),
    )
    complaint.refresh_from_db()
    mistaken = complaint.events.get(kind="extended").number
    happened(complaint, EventKind.RETRACTED, date(2026, 6, 8), target=mistaken)
    happened(complaint, EventKind.EXTENDED, date(2026, 6, 9), new_due_on="2026-06-17")
    happened(complaint, EventKind.RESPONDED, date(2026, 6, 17), outcome="upheld")

    found = shown(browse(house[Role.COMPLAINTS_COORDINATOR]))

    assert [row[1].text for row in found["how"]] == ["0", "1", "0"]


def test_an_extension_is_told_by_how_much_and_whether_its_letter_is_there(house):
    told = house.lodge(on=date(2026, 6, 1))
    happened(told, EventKind.ACKNOWLEDGED, date(2026, 6, 1))
    extend(
        complaint_id=told.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(date(2026, 6, 8)),
        seen=told.version,
        new_due_on=date(2026, 6, 22),
        reason="The surveyor comes on Monday.",
        exceptional=False,
        telling=Telling("email"),
    )
    told.refresh_from_db()
    happened(told, EventKind.RESPONDED, date(2026, 6, 17), outcome="upheld")
    brought_in = house.lodge(on=date(2026, 6, 1))
    happened(brought_in, EventKind.ACKNOWLEDGED, date(2026, 6, 1))
    happened(brought_in, EventKind.EXTENDED, date(2026, 6, 9), new_due_on="2026-06-17")
    happened(brought_in, EventKind.RESPONDED, date(2026, 6, 17), outcome="upheld")
    client = browse(house[Role.COMPLAINTS_COORDINATOR])

    found = shown(client)

    # Due first on Monday 15 June: five working days more, and two.
    assert [(bar.label, bar.value) for bar in found["added"]] == [
        ("1 to 5", 2),
        ("6 to 10", 0),
        ("11 to 20", 0),
        ("Over 20", 0),
    ]
    assert [[str(cell.text) for cell in row] for row in found["how"]] == [
        ["Extended, by a letter that names the Ombudsman", "1"],
        ["Extended, no letter on record", "1"],
        ["Another day agreed with the customer", "0"],
    ]
    [row] = client.get(found["how"][0][1].url).context["rows"]
    assert row[0].text == told.reference


@pytest.mark.parametrize("role", FIGURES_ALONE)
def test_whoever_opens_no_complaint_has_figures_of_ended_quarters_without_links(house, role):
    for _ in range(6):
        answer(house, began=date(2026, 2, 2), met=date(2026, 2, 16))
    for _ in range(5):
        answer(house, began=date(2026, 2, 2), met=date(2026, 2, 16), late=True, avoidable="yes")
    answer(house)
    client = browse(house[role])

    page = client.get(reverse(BOARD))
    found = page.context

    assert found["days"].now.words == "1 January to 31 March 2026"
    assert found["tiles"][0].value == "11"
    assert "/dashboard/answers/list/" not in page.content.decode()
    assert client.get(reverse("reporting:answers-behind")).status_code == 403


@pytest.mark.parametrize("role", FIGURES_ALONE)
def test_small_numbers_are_not_told_to_whoever_opens_no_complaint(house, role):
    for late in (True, *(False,) * 6):
        answer(house, began=date(2026, 2, 2), met=date(2026, 2, 16), late=late)

    found = shown(browse(house[role]))

    assert [tile.value for tile in found["tiles"]] == ["7", "Not shown", "Not shown", "0"]
    assert found["timings"] == [found["timings"][0]]
    assert (found["late"], found["by_stage"]) == ([], [])


@pytest.mark.parametrize("role", FIGURES_ALONE)
def test_an_officer_with_figures_alone_chooses_their_own_or_ended_quarters_of_all(house, role):
    both = UserFactory(roles=[role, Role.RESPONSIBLE_OFFICER])
    for _ in range(6):
        answer(house, began=date(2026, 2, 2), met=date(2026, 2, 16))
    answer(house)
    answer(house, officer_id=both.pk)
    client = browse(both)

    own, all_ = shown(client), shown(client, area="landlord", period="this-quarter")

    assert list(own["form"].whose.values()) == ["My own complaints", "The whole landlord"]
    assert (own["tiles"][0].value, own["hides_small"]) == ("1", False)
    assert own["tiles"][0].url
    assert (all_["tiles"][0].value, all_["hides_small"]) == ("6", True)
    assert all_["days"].now.words == "1 January to 31 March 2026"
    assert (all_["scope"], all_["tiles"][0].url) == ("The whole landlord", "")
    quarter = shown(client, area="landlord", period="2025-10-01")
    assert quarter["days"].now.words == "1 October to 31 December 2025"
    assert shown(client, period="2025-10-01")["days"].now.words == "1 April to 17 June 2026"


@pytest.mark.promise("P4")
@pytest.mark.parametrize("name", ["answers-behind", "complaints-behind", "ahead-board"])
def test_the_landlord_is_no_choice_where_complaints_are_listed(house, name):
    both = UserFactory(roles=[Role.MEMBER_RESPONSIBLE, Role.RESPONSIBLE_OFFICER])
    hidden = answer(house, began=date(2026, 2, 2), met=date(2026, 2, 16))
    promised = change_next_due(house.lodge(on=date(2026, 2, 3)))
    client = browse(both)

    page = client.get(reverse(f"reporting:{name}"), {"area": "landlord"})

    assert page.status_code == 200
    assert hidden.reference not in page.content.decode()
    assert promised.reference not in page.content.decode()


def change_next_due(complaint: Complaint) -> Complaint:
    Complaint.objects.filter(pk=complaint.pk).update(next_due_on=TODAY)
    return complaint


@pytest.mark.parametrize("role", FIGURES_ALONE)
def test_no_sentence_tells_how_long_the_answers_of_few_people_took(house, role):
    for began in [date(2026, 2, 2)] * 4 + [date(2025, 12, 10)] * 3:
        answer(house, began=began, met=date(2026, 2, 16))
    answer(house, began=date(2025, 11, 3), met=date(2025, 11, 24))
    Targets.objects.create(pk=1, stage_1_days=10)

    [chart] = shown(browse(house[role]))["taken"]

    assert chart["finding"] == (
        "How long 7 answers at all stages took would tell of few people, and is not shown."
    )


def test_figures_before_that_are_hidden_are_not_said_to_be_none(house):
    for _ in range(6):
        answer(house, began=date(2026, 2, 2), met=date(2026, 2, 16))
    for late in (True, *(False,) * 6):
        answer(house, began=date(2025, 11, 3), met=date(2025, 11, 24), late=late)
    answer(house, began=date(2025, 11, 20), met=date(2025, 11, 24))

    found = shown(browse(house[Role.MEMBER_RESPONSIBLE]))

    assert found["in_time_finding"].endswith("extension. The figures before are not shown.")
    [chart] = found["taken"]
    assert chart["finding"].endswith("within 10. The figures before are not shown.")
    assert found["by_stage"][0][-1].text == "Not shown"


def test_nothing_answered_is_no_share_in_time(house):
    answer(house, began=date(2026, 2, 2), met=date(2026, 2, 16))

    found = shown(browse(house[Role.COMPLAINTS_COORDINATOR]))

    assert [tile.value for tile in found["tiles"]] == ["0", "–", "0", "0"]


@pytest.mark.promise("P4")
@pytest.mark.parametrize("role", [Role.LINE_MANAGER, Role.MEMBER_RESPONSIBLE])
def test_a_restricted_complaint_changes_nothing_for_those_not_on_its_list(answers, role):
    client = browse(answers[role])
    days = {"began": date(2026, 2, 2), "met": date(2026, 2, 16)}
    before = [plain(client, period) for period in ("", "12-months")]

    answer(answers, level=Level.RESTRICTED)
    answer(answers, level=Level.RESTRICTED, late=True, **days)

    assert [plain(client, period) for period in ("", "12-months")] == before


def plain(client: Client, period: str) -> str:
    page = client.get(reverse(BOARD), {"period": period} if period else {}).content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


@pytest.mark.parametrize("role", [Role.FRONT_LINE, Role.PANEL_MEMBER, Role.SYSTEM_ADMINISTRATOR])
def test_the_board_is_for_those_who_answer_or_look_after_answers(house, role):
    assert browse(house[role]).get(reverse(BOARD)).status_code == 403


def test_without_answers_the_page_says_so(house):
    page = browse(house[Role.RESPONSIBLE_OFFICER]).get(reverse(BOARD))

    assert "No answers in these days" in page.content.decode()


DAYS = {
    f"{end}_{box}": value
    for end, day in (("first", "1 2 2026"), ("last", "28 2 2026"))
    for box, value in zip(("day", "month", "year"), day.split(), strict=True)
}


def test_days_can_be_named_and_stay_in_the_address_of_the_lists(answers):
    client = browse(answers[Role.COMPLAINTS_COORDINATOR])

    found = shown(client, period="from-to", **DAYS)

    assert found["days"].now.words == "1 February to 28 February 2026"
    assert found["days"].before.words == "4 January to 31 January 2026"
    assert found["tiles"][0].value == "1"
    assert client.get(found["tiles"][0].url).context["page"].paginator.count == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"last_year": "2025"}, "The last day must not come before the first"),
        ({"first_year": "2024"}, "Choose at most 366 days"),
        ({"first_year": "2027", "last_year": "2028"}, "The first day must be today or before"),
        ({"first_day": "", "first_month": "", "first_year": ""}, "Enter the first day"),
        ({"last_day": "31"}, "The last day must be a real date"),
    ],
)
def test_days_that_are_none_are_refused_and_the_usual_ones_told(answers, change, words):
    found = shown(
        browse(answers[Role.COMPLAINTS_COORDINATOR]), period="from-to", **{**DAYS, **change}
    )

    assert words in str(found["form"].errors)
    assert found["days"].now.words == "1 April to 17 June 2026"


@pytest.mark.parametrize(
    "query", ["taken=4-5", "timing=soon", "added=0-2", "avoidable=maybe", "more=x"]
)
def test_a_list_of_what_there_is_not_is_not_there(house, query):
    client = browse(house[Role.COMPLAINTS_COORDINATOR])

    assert client.get(f"{reverse('reporting:answers-behind')}?{query}").status_code == 404


def test_the_queries_do_not_grow_with_the_answers(house):
    client = browse(house[Role.LINE_MANAGER])
    counts = []
    for _ in range(2):
        answer(house, late=True, more=7)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(BOARD))
        with CaptureQueriesContext(connection) as behind:
            client.get(f"{reverse('reporting:answers-behind')}?timing=late&taken=6-10")
        counts.append((len(queries), len(behind)))
        for number in range(12):
            answer(house, began=MET - timedelta(days=number), officer_id=UserFactory().pk)

    assert counts[0] == counts[1]
    assert counts[0] <= (12, 14)


FORM = {
    "in_time": "95", "stage_1_days": "9", "stage_2_days": "", "more_time": "10",
    "promises_kept": "", "satisfied": "", "promises_a_day": "2.5", "seen": "0",
}  # fmt: skip


def test_targets_are_set_with_who_did_and_compared_with(answers):
    coordinator = answers[Role.COMPLAINTS_COORDINATOR]
    client = browse(coordinator)

    answer_ = client.post(reverse("reporting:targets"), FORM)

    assert answer_["Location"] == reverse("reporting:targets")
    assert Targets.objects.get().in_time == 95
    change = SettingsChange.objects.get(key="targets")
    assert change.by == coordinator
    assert ["Answers in time or within an extension (%)", "", "95"] in change.changes
    found = shown(client)
    assert found["in_time_finding"].endswith("The target is at least 95%: not reached.")
    assert found["taken"][0]["finding"].endswith(
        "The target is at most 9 working days: not reached."
    )
    assert [tile.tone for tile in found["tiles"]] == ["", "amber", "red", "amber"]
    assert "Targets set" in client.get(reverse("reporting:targets")).content.decode()


def test_nobody_overwrites_targets_that_they_have_not_seen(house):
    client = browse(house[Role.COMPLAINTS_COORDINATOR])
    client.post(reverse("reporting:targets"), FORM)

    refused = client.post(reverse("reporting:targets"), {**FORM, "in_time": "50"})

    assert refused.status_code == 422
    assert Targets.objects.get().in_time == 95
    assert 'value="50"' in refused.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"in_time": "101"}, {"stage_1_days": "0"}, {"more_time": "x"}, {"seen": ""}]
)
def test_a_target_that_cannot_be_is_refused_with_what_was_typed(house, wrong):
    refused = browse(house[Role.COMPLAINTS_COORDINATOR]).post(
        reverse("reporting:targets"), {**FORM, **wrong}
    )

    assert refused.status_code == 422
    assert not Targets.objects.exists()
    assert not SettingsChange.objects.filter(key="targets").exists()
