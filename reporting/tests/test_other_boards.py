"""The boards of complaints and of what is ahead: what they count, and what each number opens."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import (
    Absence,
    CalendarEdition,
    Complaint,
    Contractor,
    Deadline,
    Level,
    SettingsChange,
)
from cases.models.procedures import edition
from cases.rules.events import EventKind
from cases.rules.roles import Role
from cases.tests.factories import CategoryFactory, UserFactory
from cases.tests.fixtures import at
from feedback.models import Remark
from reporting.models import Capacity, Targets
from reporting.rules.board_times import Stretch
from reporting.rules.counted_figures import (
    Counted,
    largest_finding,
    promises_finding,
    told,
)
from reporting.rules.forecast import (
    Capacities,
    Due,
    forecast,
    forecast_finding,
    risk_finding,
    weeks_ahead,
)
from reporting.selectors.board_readers import Reach, Whose
from reporting.selectors.complaints_counted import compensation
from reporting.tests.measured_year import day_corrected, happened

# A Wednesday without a bank holiday near.
TODAY = date(2026, 6, 17)
COMPLAINTS, AHEAD = "reporting:complaints-board", "reporting:ahead-board"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(at(TODAY), tick=False):
        yield


def browse(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def shown(client: Client, board: str, **query: str):
    page = client.get(reverse(board), query)
    assert page.status_code == 200
    return page.context


def change(complaint: Complaint, **columns) -> Complaint:
    Complaint.objects.filter(pk=complaint.pk).update(**columns)
    return complaint


def opened(page: str) -> list[tuple[int, str]]:
    """Return every number of a board that opens one of its lists, with that."""
    links = re.findall(r'<a [^>]*?href="(/dashboard/[^"]*\?[^"]*)"([^>]*)>(.*?)</a>', page, re.S)
    found = []
    for url, attributes, words in links:
        named = re.search(r'aria-label="[^"]*: ([\d,]+)"', attributes)
        text = named[1] if named else re.sub(r"<[^>]*>", " ", words).strip().split(" ")[0]
        if re.fullmatch(r"[\d,]+", text):
            found.append((int(text.replace(",", "")), url.replace("&amp;", "&")))
    return found


@pytest.fixture
def complaints(house):
    """Complaints of every kind, some of them hidden from somebody."""
    damp, noise = CategoryFactory(name="Damp"), CategoryFactory(name="Noise")
    lifts = Contractor.objects.create(code="lifts-ltd", name="Lifts Ltd")
    for _ in range(3):
        house.lodge(on=date(2026, 5, 11), category_id=damp.pk, channel="email")
    change(house.lodge(on=date(2026, 5, 12), category_id=noise.pk), contractor=lifts)
    change(house.lodge(on=date(2026, 5, 12)), answered_on=TODAY, outcome="upheld")
    change(house.lodge(on=date(2026, 2, 2)), answered_on=TODAY)
    house.lodge(on=date(2026, 2, 3), category_id=noise.pk)
    house.lodge(on=date(2026, 5, 12), category_id=damp.pk, level=Level.RESTRICTED)
    house.lodge(on=date(2026, 5, 12), area_id=house.other_team.pk, category_id=noise.pk)
    house.lodge(on=date(2026, 5, 12), officer_id=UserFactory().pk)
    return house


def promise(complaint: Complaint, number: int, **columns) -> None:
    Deadline.objects.create(
        complaint=complaint, stage="stage-1", visit=1, code=f"promise-{number}", words="A visit",
        period="", calendar=Deadline.objects.values_list("calendar", flat=True)[0], promise=number,
        **columns,
    )  # fmt: skip


@pytest.mark.parametrize(
    "role", [Role.COMPLAINTS_COORDINATOR, Role.LINE_MANAGER, Role.RESPONSIBLE_OFFICER]
)
def test_every_number_of_complaints_is_that_of_the_list_it_opens(complaints, role):
    first = Complaint.objects.filter(level="normal", service_area=complaints.team).first()
    promise(first, 91, state="met", met_on=TODAY, due_on=TODAY)
    promise(first, 92, state="met_late", met_on=TODAY, due_on=date(2026, 6, 1))
    promise(first, 93, state="open", due_on=date(2026, 6, 1))
    client = browse(complaints[role])

    found = opened(client.get(reverse(COMPLAINTS)).content.decode())

    assert len(found) > 12
    there = [(client.get(url).context["page"].paginator.count, url) for _, url in found]
    assert there == found


def test_complaints_are_told_by_what_they_were_about_beside_the_days_before(complaints):
    found = shown(browse(complaints[Role.LINE_MANAGER]), COMPLAINTS)

    by_name = {each["title"]: each for each in found["charts"]}
    rows = by_name["What complaints were about"]["rows"]
    assert [[getattr(cell, "text", cell) for cell in row] for row in rows] == [
        ["Damp", "3", "0"],
        ["Not sorted yet", "2", "1"],
        ["Noise", "1", "1"],
    ]
    assert by_name["What complaints were about"]["finding"] == (
        "The largest part: Damp, 3 complaints (0 before), which grew most."
    )
    assert by_name["Contractors"]["rows"][1][0].text == "Lifts Ltd"
    assert found["tiles"][0].note == "4 more than 1 January to 19 March 2026"


@pytest.mark.parametrize("role", [Role.MEMBER_RESPONSIBLE, Role.EXECUTIVE_SUPPORT_MANAGER])
def test_whoever_opens_no_complaint_is_told_no_small_number_and_opens_nothing(house, role):
    damp, rare = CategoryFactory(name="Damp"), CategoryFactory(name="Conduct of staff")
    for category in (*[damp] * 6, rare):
        house.lodge(on=date(2026, 2, 3), category_id=category.pk)
    client = browse(house[role])

    page = client.get(reverse(COMPLAINTS)).content.decode()
    found = shown(client, COMPLAINTS)

    assert found["tiles"][0].value == "7"
    assert opened(page) == []
    assert "Conduct of staff" not in page
    assert client.get(reverse("reporting:complaints-behind")).status_code == 403
    assert client.get(reverse("reporting:promises-behind")).status_code == 403
    assert client.get(reverse(AHEAD)).status_code == 403


def test_compensation_is_told_by_the_day_of_each_step(house):
    complaint = house.lodge(on=date(2026, 5, 11))
    happened(
        complaint, EventKind.COMPENSATION_PROPOSED, date(2026, 5, 12),
        heads=[["delay", "60.00"], ["distress", "40.50"]], within_limit=True,
    )  # fmt: skip
    number = complaint.events.get(kind="compensation_proposed").number
    happened(complaint, EventKind.COMPENSATION_OFFERED, date(2026, 5, 13), award=number)
    happened(
        complaint, EventKind.COMPENSATION_ANSWERED, date(2026, 6, 2), award=number, accepted=True
    )
    whose = Whose(house[Role.COMPLAINTS_COORDINATOR], Reach.SEEN)

    may = compensation(whose, Stretch(date(2026, 5, 1), date(2026, 5, 31)))
    june = compensation(whose, Stretch(date(2026, 6, 1), TODAY))

    assert (may.offered.words, may.accepted.count, may.paid.count) == ("£100.50", 0, 0)
    assert (june.offered.count, june.accepted.words) == (0, "£100.50")


def test_compensation_counts_on_the_day_to_which_it_was_corrected(house):
    complaint = house.lodge(on=date(2026, 4, 1))
    happened(
        complaint, EventKind.COMPENSATION_PROPOSED, date(2026, 4, 8),
        heads=[["delay", "60.00"]], within_limit=True,
    )  # fmt: skip
    award = complaint.events.get(kind="compensation_proposed").number
    happened(complaint, EventKind.COMPENSATION_OFFERED, date(2026, 4, 13), award=award)
    offered = complaint.events.get(kind="compensation_offered").number
    day_corrected(complaint, offered, date(2026, 5, 6), now=TODAY)
    whose = Whose(house[Role.COMPLAINTS_COORDINATOR], Reach.SEEN)

    months = [
        compensation(whose, Stretch(date(2026, month, 1), date(2026, month, 30))).offered.count
        for month in (4, 5)
    ]

    assert months == [0, 1]


def remark(house, kind: str, day: date) -> None:
    Remark.objects.create(
        reference=f"R-{Remark.objects.count()}", kind=kind, channel="online", received_on=day,
        words="Dan was kind.", service_area=house.team, logged_at=at(day),
    )  # fmt: skip


def test_few_compliments_are_not_told_to_whoever_opens_nothing(house):
    for kind, day in [("compliment", date(2026, 2, 3))] * 5 + [("compliment", date(2025, 11, 3))]:
        remark(house, kind, day)
    remark(house, "suggestion", date(2026, 2, 3))

    _, compliments, suggestions = shown(browse(house[Role.MEMBER_RESPONSIBLE]), COMPLAINTS)["tiles"]

    assert (compliments.value, compliments.note) == ("5", "Before: Not shown")
    assert (suggestions.value, suggestions.note) == ("Not shown", "Before: 0")


def test_whoever_sees_ended_quarters_alone_is_not_told_what_is_overdue_today(house):
    complaint = house.lodge(on=date(2026, 2, 3))
    for number in range(91, 97):
        promise(complaint, number, state="met", met_on=date(2026, 2, 9), due_on=date(2026, 2, 9))
        promise(complaint, number + 10, state="open", due_on=date(2026, 6, 1))

    found = shown(browse(house[Role.MEMBER_RESPONSIBLE]), COMPLAINTS)

    assert [(bar.label, bar.value) for bar in found["promises"]] == [
        ("Kept in time", 6),
        ("Kept late", 0),
    ]
    assert found["promises_finding"] == "6 of 6 promises were kept in time."


def test_compliments_and_suggestions_are_told_and_open_their_lists(house):
    for kind in ("compliment", "compliment", "suggestion"):
        remark(house, kind, TODAY)
    client = browse(house[Role.LINE_MANAGER])

    _, compliments, suggestions = shown(client, COMPLAINTS)["tiles"]

    assert (compliments.value, suggestions.value, suggestions.label) == ("2", "1", "Suggestion")
    # Their complaints stand beside it: it says that it is not theirs alone.
    assert compliments.note == "The whole landlord. Before: 0"
    assert client.get(compliments.url).context["page"].paginator.count == 2


@pytest.mark.parametrize("query", ["by=colour", "by=category&which=damp"])
def test_a_list_of_what_there_is_not_is_not_there(house, query):
    client = browse(house[Role.COMPLAINTS_COORDINATOR])

    assert client.get(f"{reverse('reporting:complaints-behind')}?{query}").status_code == 404
    assert client.get(f"{reverse('reporting:promises-behind')}?what=x").status_code == 404
    for wrong in ("last=soon", "officer=x"):
        assert client.get(f"{reverse('reporting:ahead-behind')}?{wrong}").status_code == 404


LONG = "9" * 30


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"ahead/list/?officer={LONG}", 404),
        ("ahead/list/?officer=-1", 404),
        (f"complaints/list/?by=category&which={LONG}", 404),
        ("complaints/list/?by=category&which=-1", 404),
        # A choice that cannot be understood is the first of them.
        (f"ahead/?area={LONG}", 200),
        ("ahead/?area=-1", 200),
        (f"answers/?area={LONG}", 200),
        ("answers/?area=-1", 200),
        ("answers/list/?stage=%00", 400),
        ("ahead/list/?last=0001-01-01", 200),
        ("ahead/list/?last=0000-01-01", 404),
    ],
)
def test_an_address_that_somebody_spoiled_is_answered(house, address, status):
    client = browse(house[Role.COMPLAINTS_COORDINATOR])

    assert client.get(f"/dashboard/{address}").status_code == status


def test_sums_are_put_in_words():
    lines = [Counted("a", "Damp", 8, 3), Counted("b", "Noise", 5, 6)]
    assert largest_finding(lines, "received").endswith("(3 before), which grew most.")
    assert (
        promises_finding(3, 1, 2)
        == "3 of 4 promises were kept in time. 2 promises are overdue now."
    )
    few = [Counted("a", "Damp", 2, 0), Counted("b", "Noise", 1, 0)]
    assert told(few, hides_small=True) == []


def test_where_hidden_numbers_stand_tells_nothing_of_them():
    lines = [Counted("a", "Ants", 2, 0), Counted("d", "Damp", 8, 9), Counted("b", "Bins", 4, 0)]

    found = told(lines, hides_small=True)

    assert [(each.name, each.now) for each in found] == [
        ("Damp", 8),
        ("Ants", None),
        ("Bins", None),
    ]
    assert largest_finding(found, "received").endswith("None of those shown grew.")
    more = told([*lines, Counted("n", "Noise", 7, 5)], hides_small=True)
    assert largest_finding(more, "received").endswith(
        "Most grown of those shown: Noise, by 2 to 7."
    )


# Ahead -------------------------------------------------------------------------------------------


@pytest.fixture
def due(house):
    """Promises due soon and later: the only ones that are live."""
    officer = house[Role.RESPONSIBLE_OFFICER]
    for days in (-3, 0, 1, 1, 8):
        complaint = house.lodge(on=date(2026, 6, 1))
        day = TODAY + timedelta(days=days)
        change(complaint, next_due_on=day)
        complaint.deadlines.update(due_on=None)
        promise(complaint, 91, state="open", due_on=day)
    nobodys = change(house.lodge(on=date(2026, 6, 1), officer_id=None), next_due_on=TODAY)
    nobodys.deadlines.update(due_on=None)
    promise(nobodys, 91, state="open", due_on=TODAY)
    Absence.objects.create(
        user=officer, deputy=house[Role.LINE_MANAGER], first_day=date(2026, 6, 18),
        last_day=date(2026, 6, 19),
    )  # fmt: skip
    return house


@pytest.mark.parametrize("role", [Role.LINE_MANAGER, Role.RESPONSIBLE_OFFICER])
def test_every_number_of_what_is_ahead_is_that_of_its_list(due, role):
    client = browse(due[role])

    found = opened(client.get(reverse(AHEAD)).content.decode())

    assert len(found) >= 8
    there = [(client.get(url).context["page"].paginator.count, url) for _, url in found]
    assert there == found


def test_what_is_at_risk_names_who_is_away_then_and_what_nobody_has(due):
    found = shown(browse(due[Role.LINE_MANAGER]), AHEAD)

    assert found["risk_finding"] == (
        "4 complaints fall due in the next five working days, most on 17 Jun (2). "
        "1 is overdue already."
    )
    assert sorted(row[2].tag for row in found["risk"]) == [
        "",
        "Away then",
        "Away then",
        "Nobody has it",
    ]


def test_load_is_told_beside_what_an_officer_keeps_and_their_leave(due):
    Targets.objects.create(pk=1, promises_a_day=Decimal("1.0"))

    found = shown(browse(due[Role.LINE_MANAGER]), AHEAD)

    name = due[Role.RESPONSIBLE_OFFICER].name
    assert found["forecast_finding"] == (
        f"Of what you may read, 1 officer has more due in a week than they can keep. {name} in "
        "17 Jun to 23 Jun: 4 due, room for 3, away on 2 working days."
    )
    officer, nobody = found["load_rows"]
    assert [cell.text for cell in officer] == [name, "1", "4", "1", "0", "0"]
    assert (officer[2].tag, officer[2].note) == ("1 too many", "room for 3, away 2 days")
    assert nobody[0].text == "Nobody yet"


def test_an_officer_who_keeps_more_has_more_room(due):
    Targets.objects.create(pk=1, promises_a_day=Decimal("1.0"))
    Capacity.objects.create(user=due[Role.RESPONSIBLE_OFFICER], promises_a_day=Decimal("1.5"))

    found = shown(browse(due[Role.LINE_MANAGER]), AHEAD)

    assert found["forecast_finding"].startswith(
        "Of what you may read, nobody has more due than they can keep"
    )


def test_of_an_area_nobody_is_said_to_have_room_who_may_have_more_elsewhere(due):
    Targets.objects.create(pk=1, promises_a_day=Decimal("2"))
    client = browse(due[Role.COMPLAINTS_COORDINATOR])

    found = shown(client, AHEAD, area=str(due.team.pk))

    assert found["forecast_finding"] == (
        "Of what you may read here alone no week is too full; what is due elsewhere is not in it."
    )
    own = shown(browse(due[Role.RESPONSIBLE_OFFICER]), AHEAD)["forecast_finding"]
    assert own.startswith("Of what you hold or were given, nobody has more due")


def test_an_officer_counts_what_they_were_given_to_keep_for_others(due):
    officer = due[Role.RESPONSIBLE_OFFICER]
    for by in (officer, due[Role.FRONT_LINE]):
        complaint = due.lodge(on=TODAY, by=by, officer_id=UserFactory().pk)
        complaint.deadlines.update(due_on=None)
        promise(complaint, 91, state="open", due_on=TODAY, keeper=officer)
    client = browse(officer)

    found = shown(client, AHEAD)

    # Four were theirs. Of the two of others they may read the one that they logged.
    [row] = found["load_rows"]
    assert row[2].text == "5"
    assert client.get(row[2].url).context["page"].paginator.count == 5


def test_a_forecast_can_be_worked_out_with_a_pencil(house):
    from_day = weeks_ahead(TODAY, calendar_of(house))
    rows = [Due(1, "Ann", None, 2), Due(1, "Ann", date(2026, 6, 20), 3), Due(2, "Bob", TODAY, 1)]

    found = forecast(rows, from_day, {}, Capacities(Decimal("0.5"), {2: Decimal(9)}))

    # Saturday 20 June is told with the Friday before it.
    assert [(each.name, [load.due for load in each.loads]) for each in found] == [
        ("Ann", [5, 0, 0, 0]),
        ("Bob", [1, 0, 0, 0]),
    ]
    assert found[0].loads[0].over == 3
    assert forecast_finding([], from_day).startswith("Of what you may read, nothing is due")
    unset = forecast(rows, from_day, {}, Capacities())
    assert forecast_finding(unset, from_day).startswith("How many promises an officer can keep")
    assert risk_finding([], 0) == "Nothing falls due in the next five working days."


def calendar_of(house):
    return edition(CalendarEdition.objects.latest("pk").pk)


def test_capacity_is_set_with_who_did(house):
    coordinator, officer = house[Role.COMPLAINTS_COORDINATOR], house[Role.RESPONSIBLE_OFFICER]
    client, address = browse(coordinator), reverse("reporting:capacity", args=[officer.code])

    answer = client.post(address, {"promises_a_day": "3.5", "seen": "0"})

    assert answer["Location"] == reverse("reporting:capacities")
    assert Capacity.objects.get(user=officer).promises_a_day == Decimal("3.5")
    change_ = SettingsChange.objects.get(person=officer)
    assert (change_.by, change_.lines) == (
        coordinator,
        [("Promises kept a day", "as usual", "3.5")],
    )
    assert "3.5" in client.get(reverse("reporting:capacities")).content.decode()
    refused = client.post(address, {"promises_a_day": "9", "seen": "0"})
    assert refused.status_code == 422
    assert Capacity.objects.get(user=officer).promises_a_day == Decimal("3.5")
    client.post(address, {"promises_a_day": "", "seen": str(change_.pk)})
    assert not Capacity.objects.exists()


@pytest.mark.promise("P4")
@pytest.mark.parametrize(
    ("role", "boards"),
    [
        (Role.RESPONSIBLE_OFFICER, [COMPLAINTS, AHEAD]),
        (Role.LINE_MANAGER, [COMPLAINTS, AHEAD]),
        (Role.DIRECTOR, [COMPLAINTS, AHEAD]),
        (Role.MEMBER_RESPONSIBLE, [COMPLAINTS]),
    ],
)
def test_a_restricted_complaint_changes_nothing_for_those_not_on_its_list(due, role, boards):
    for _ in range(6):
        due.lodge(on=date(2026, 2, 3))
    client = browse(due[role])
    addresses = [reverse(board) for board in boards]
    lists = {url for each in addresses for _, url in opened(client.get(each).content.decode())}
    assert bool(lists) is (role is not Role.MEMBER_RESPONSIBLE)
    addresses += sorted(lists)
    before = [plain(client, each) for each in addresses]

    for day in (TODAY, date(2026, 2, 3)):
        hidden = change(due.lodge(on=day, level=Level.RESTRICTED), next_due_on=TODAY)
        promise(hidden, 91, state="open", due_on=TODAY)
        promise(hidden, 92, state="met", met_on=day, due_on=day)

    assert [plain(client, each) for each in addresses] == before


def plain(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_the_queries_do_not_grow_with_the_complaints(house):
    client = browse(house[Role.LINE_MANAGER])
    addresses = [
        reverse(COMPLAINTS), reverse(AHEAD), reverse("reporting:ahead-behind"),
        reverse("reporting:complaints-behind"), reverse("reporting:promises-behind"),
    ]  # fmt: skip
    counts = []
    for _ in range(2):
        first = change(house.lodge(on=TODAY), next_due_on=TODAY)
        promise(first, 91, state="open", due_on=TODAY)
        promise(first, 92, state="met", met_on=TODAY, due_on=TODAY)
        taken = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            taken.append(len(queries))
        counts.append(taken)
        for number in range(8):
            more = house.lodge(on=TODAY - timedelta(days=number), officer_id=UserFactory().pk)
            promise(change(more, next_due_on=TODAY), 91, state="open", due_on=TODAY)

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 20
