"""The dashboard: whose it is, what it counts, and that every number is that of its list."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import (
    Absence,
    AccessEntry,
    Complaint,
    Deadline,
    Exclusion,
    Level,
    PointOfComplaint,
    RoleGrant,
)
from cases.operations.correct import annul, retract
from cases.operations.points import Definition, Judgement, PointFinding
from cases.operations.stage_acts import Answer, resolve
from cases.operations.telling import Telling
from cases.rules.events import Outcome
from cases.rules.roles import Role
from cases.selectors.days import TIMINGS
from cases.selectors.queue import UNFOUND_WORDS
from cases.tests.answering import respond
from cases.tests.factories import UserFactory
from cases.tests.fixtures import at, written_elsewhere
from feedback.models import Remark
from reporting.selectors.dashboard import Dashboard

# A Wednesday without a bank holiday near.
TODAY = date(2026, 6, 17)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(at(TODAY), tick=False):
        yield


@dataclass(frozen=True)
class Link:
    """A link of the page whose words begin with a number."""

    number: int
    url: str


class Numbers(HTMLParser):
    """Collects the numbers that open something, from tiles, charts and tables."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Link] = []
        self._url = ""
        self._words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and (given.get("href") or "").startswith(("/complaints/", "/feedback/")):
            self._url = given["href"] or ""
            # A bar says its label and then its value.
            self._words = (given.get("aria-label") or "").rpartition(":")[2]

    def handle_data(self, data: str) -> None:
        if self._url and not self._words.strip():
            self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._url:
            if number := re.match(r"\s*([\d,]+)(?![\d%])", self._words):
                self.found.append(Link(int(number[1].replace(",", "")), self._url))
            self._url = self._words = ""


def browse(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def numbers(client: Client, **query: str) -> list[Link]:
    page = client.get(reverse("reporting:dashboard"), query)
    assert page.status_code == 200
    parser = Numbers()
    parser.feed(page.content.decode())
    return parser.found


def counted_there(client: Client, url: str) -> int:
    page = client.get(url)
    assert page.status_code == 200, url
    if url.startswith("/feedback/"):
        return page.context["page"].paginator.count
    return page.context["found"].count


def wrong(client: Client, **query: str) -> Iterator[str]:
    """Yield the numbers that are not those of their lists.

    Of points there are at least as many as of the complaints that their number opens.
    """
    are_points = True
    for link in numbers(client, **query):
        there = counted_there(client, link.url)
        if "finding=" in link.url and are_points:
            is_right, are_points = link.number >= there > 0, False
        else:
            is_right, are_points = link.number == there, True
        if not is_right:
            yield f"{link.url}: {link.number} on the dashboard, {there} in the list"


def change(complaint: Complaint, **columns) -> Complaint:
    Complaint.objects.filter(pk=complaint.pk).update(**columns)
    return complaint


def close(complaint: Complaint, on: date) -> Complaint:
    return change(
        complaint, is_open=False, status="closed", closed_as="answered", closed_on=on,
        next_due_on=None, next_due="",
    )  # fmt: skip


def answer(complaint: Complaint, *, on: date, state: str, moved: bool = False) -> None:
    """Let the first answer of a complaint stand as if it had been given on that day."""
    deadline = Deadline.objects.get(complaint=complaint, code="respond")
    deadline.met_on, deadline.state = on, state
    deadline.original_due_on = on - timedelta(days=1) if moved or state == "met_late" else on
    deadline.save()


@pytest.fixture
def busy(house):
    """A landlord with complaints at every step, some of them hidden from somebody."""
    _open_cases(house)
    _hidden_cases(house)
    _finished_cases(house)
    # Sensitive, and seen by a manager only as somebody of another team: not to be read.
    RoleGrant.objects.create(
        user=house[Role.LINE_MANAGER], role=Role.FRONT_LINE.value, area=house.other_team
    )
    for status in ("received", "awaiting_decision"):
        change(
            house.lodge(on=TODAY, level=Level.SENSITIVE, area_id=house.other_team.pk),
            status=status, next_due_on=TODAY + timedelta(days=2),
        )  # fmt: skip
    return house


def _open_cases(house):
    for days in (1, 3, 8, 20, 40):
        change(house.lodge(on=date(2026, 4, 1)), next_due_on=TODAY - timedelta(days=days))
    for days in (0, 1, 3, 6, 13, 25, 60):
        change(house.lodge(on=date(2026, 6, 1)), next_due_on=TODAY + timedelta(days=days))
    for days in (-9, -2, 0, 4):
        promised_on = TODAY + timedelta(days=days)
        change(house.lodge(on=date(2026, 6, 1)), promise_due_on=promised_on)
    for days in (0, 1, 6, 12, 40):
        house.lodge(on=TODAY - timedelta(days=days), officer_id=None)
    house.lodge(on=TODAY, area_id=house.other_team.pk)
    house.lodge(on=TODAY, triaged=False)
    house.lodge(on=TODAY, area_id=None, officer_id=None)


def _hidden_cases(house):
    for level in (Level.SENSITIVE, Level.RESTRICTED):
        change(house.lodge(on=TODAY, level=level), next_due_on=TODAY - timedelta(days=2))
    listed = house.lodge(on=TODAY, level=Level.RESTRICTED)
    AccessEntry.objects.create(complaint=listed, user=house[Role.COMPLAINTS_COORDINATOR])
    shut = house.lodge(on=TODAY, officer_id=None)
    Exclusion.objects.create(complaint=shut, user=house[Role.LINE_MANAGER], reason="subject")


def _finished_cases(house):
    change(house.lodge(on=TODAY), status="awaiting_decision", stage="stage-2")
    for weeks in (1, 5, 11, 12, 13, 20, 30):
        day = TODAY - timedelta(weeks=weeks)
        close(house.lodge(on=day), on=day + timedelta(days=2))
    for state, moved in (("met", False), ("met", True), ("met_late", False)):
        answer(house.lodge(on=date(2026, 6, 1)), on=date(2026, 6, 15), state=state, moved=moved)
    for days, area in ((2, house.team), (3, house.other_team), (80, house.team)):
        praise(house, days_ago=days, service_area=area)


@pytest.mark.parametrize(
    "role",
    [Role.COMPLAINTS_COORDINATOR, Role.LINE_MANAGER, Role.HEAD_OF_SERVICE, Role.DIRECTOR],
)
def test_every_number_is_that_of_the_list_it_opens(busy, role):
    client = browse(busy[role])

    found = numbers(client)

    assert sum(link.number for link in found) > 30
    assert list(wrong(client)) == []


def test_promises_and_overdue_promises_are_counted(busy):
    client = browse(busy[Role.COMPLAINTS_COORDINATOR])

    page = client.get(reverse("reporting:dashboard"))
    tiles = {each.label: each.value for each in page.context["tiles"]}

    assert (tiles["Promises open"], tiles["Promises overdue"]) == (4, 2)


def test_every_number_of_one_service_area_is_that_of_its_list(busy):
    client = browse(busy[Role.COMPLAINTS_COORDINATOR])

    found = numbers(client, area=str(busy.service.pk), period="13-weeks")

    assert all(f"area={busy.service.pk}" in link.url for link in found)
    assert sum(link.number for link in found) > 30
    assert list(wrong(client, area=str(busy.service.pk), period="13-weeks")) == []


@pytest.mark.parametrize(
    "period", ["4-weeks", "this-week", "last-week", "this-month", "last-month", "13-weeks"]
)
def test_every_number_of_a_period_is_that_of_its_list(busy, period):
    assert list(wrong(browse(busy[Role.COMPLAINTS_COORDINATOR]), period=period)) == []


def shown(client: Client, **query: str):
    return client.get(reverse("reporting:dashboard"), query).context


def test_the_open_complaints_are_told_by_stage(house):
    house.lodge()
    change(house.lodge(), stage="stage-2")
    change(house.lodge(), stage="stage-2")

    found = shown(browse(house[Role.LINE_MANAGER]))

    assert [(bar.label, bar.value) for bar in found["stages"]] == [("Stage 1", 1), ("Stage 2", 2)]
    assert found["stages_finding"] == "3 complaints are open, most at Stage 2 (2)."


def test_what_is_overdue_is_told_by_how_late_it_is(house):
    for day in (date(2026, 6, 16), date(2026, 6, 10), date(2026, 6, 9), date(2026, 4, 1)):
        change(house.lodge(on=date(2026, 4, 1)), next_due_on=day)

    found = shown(browse(house[Role.LINE_MANAGER]))

    assert [bar.value for bar in found["overdue"]] == [2, 1, 0, 1]
    assert found["overdue_finding"] == (
        "4 of 4 open complaints are overdue, 1 by more than ten working days."
    )


def test_what_is_due_is_told_by_officer_and_week_with_absences(house):
    officer = house[Role.RESPONSIBLE_OFFICER]
    Absence.objects.create(
        user=officer, deputy=house[Role.LINE_MANAGER], first_day=TODAY, last_day=date(2026, 6, 26)
    )
    for day in (date(2026, 6, 16), date(2026, 6, 17), date(2026, 6, 23), date(2026, 6, 24)):
        change(house.lodge(on=date(2026, 6, 1)), next_due_on=day)

    [row] = shown(browse(house[Role.LINE_MANAGER]))["loads"]

    assert [cell.text for cell in row] == [officer.name, "1", "2", "1", "0", "0"]
    assert row[0].tag == "Away"
    assert row[0].note == "until Fri 26 Jun; line manager stands in"


def test_a_heavy_week_is_told_in_words(house):
    others = [UserFactory() for _ in range(3)]
    for officer, count in ((house[Role.RESPONSIBLE_OFFICER], 8), *((each, 1) for each in others)):
        for _ in range(count):
            change(house.lodge(on=date(2026, 6, 1), officer_id=officer.pk), next_due_on=TODAY)

    first, *_ = shown(browse(house[Role.LINE_MANAGER]))["loads"]

    assert [cell.tag for cell in first] == ["", "", "Heavy", "", "", ""]


def test_answers_of_the_period_are_told_by_their_timing(house):
    for state, moved in (("met", False), ("met", False), ("met", True), ("met_late", False)):
        answer(house.lodge(on=date(2026, 6, 1)), on=date(2026, 6, 15), state=state, moved=moved)
    answer(house.lodge(on=date(2026, 1, 5)), on=date(2026, 1, 12), state="met")

    manager = browse(house[Role.LINE_MANAGER])

    found = shown(manager)

    assert [tile.value for tile in found["period_tiles"]] == [2, 1, 1, 0]
    assert found["answers_finding"] == "75% of answers were in time or within an extension."
    assert counted_there(manager, found["in_time_url"]) == 3
    page = manager.get(reverse("reporting:dashboard")).content.decode()
    assert f'href="{found["in_time_url"].replace("&", "&amp;")}">75% of answers' in page


def test_late_answers_are_told_by_whether_that_could_have_been_avoided(house):
    manager = browse(house[Role.LINE_MANAGER])
    answer(house.lodge(on=date(2026, 6, 1)), on=date(2026, 6, 15), state="met")
    assert shown(manager)["late"] == []
    for said in ("yes", "yes", "no", ""):
        complaint = house.lodge(on=date(2026, 6, 1))
        answer(complaint, on=date(2026, 6, 15), state="met_late")
        complaint.deadlines.filter(code="respond").update(avoidable=said)

    late = shown(manager)["late"]

    assert [[cell.text for cell in row] for row in late] == [
        ["It could", "2"],
        ["It could not", "1"],
        ["Nobody said", "1"],
    ]
    assert [counted_there(manager, number.url) for _, number in late] == [2, 1, 1]
    words = manager.get(late[0][1].url).content.decode()
    assert "answered late, which could have been avoided," in words


def test_without_an_answer_in_time_the_sentence_opens_nothing(house):
    answer(house.lodge(on=date(2026, 6, 1)), on=date(2026, 6, 15), state="met_late")

    found = shown(browse(house[Role.LINE_MANAGER]))

    assert found["answers_finding"] == "0% of answers were in time or within an extension."
    assert found["in_time_url"] == ""


def test_weeks_are_compared_with_those_before_them(house):
    for weeks in (1, 2, 13):
        close(house.lodge(on=TODAY - timedelta(weeks=weeks)), on=TODAY - timedelta(days=8))

    found = shown(browse(house[Role.LINE_MANAGER]))

    now, before = found["received"]
    assert (sum(now.values), sum(before.values)) == (2, 1)
    assert found["received_finding"] == (
        "2 complaints received in 12 weeks: 1 more than in the 12 weeks before."
    )


def praise(house, *, days_ago: int, kind: str = "compliment", **columns) -> Remark:
    return Remark.objects.create(
        reference=f"R-{Remark.objects.count()}",
        kind=kind,
        channel="online",
        received_on=TODAY - timedelta(days=days_ago),
        words="Dan was kind.",
        service_area=columns.pop("service_area", house.team),
        logged_at=at(TODAY),
        **columns,
    )


def test_compliments_of_the_period_are_counted(house):
    became_a_complaint = house.lodge()
    praise(house, days_ago=3)
    praise(house, days_ago=3, complaint=became_a_complaint)
    praise(house, days_ago=3, kind="suggestion")
    praise(house, days_ago=300)

    found = shown(browse(house[Role.LINE_MANAGER]))

    assert found["period_tiles"][-1].value == 1
    assert found["period_tiles"][-1].label == "Compliment received"


@pytest.mark.promise("P4")
def test_a_restricted_complaint_changes_nothing_for_those_not_on_its_list(busy):
    client = browse(busy[Role.LINE_MANAGER])
    before = client.get(reverse("reporting:dashboard")).content

    change(
        busy.lodge(on=TODAY, level=Level.RESTRICTED, officer_id=None),
        next_due_on=TODAY - timedelta(days=1),
    )

    assert _plain(client.get(reverse("reporting:dashboard")).content) == _plain(before)


def _plain(page: bytes) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.decode())


def test_an_area_that_is_not_theirs_cannot_be_chosen(house):
    change(house.lodge(area_id=house.other_team.pk))

    found = shown(browse(house[Role.LINE_MANAGER]), area=str(house.other_team.pk))

    assert found["form"].errors
    assert found["tiles"][0].value == 0


def test_without_complaints_the_page_says_so(house):
    page = browse(house[Role.LINE_MANAGER]).get(reverse("reporting:dashboard"))

    assert "No complaints yet" in page.content.decode()


@pytest.mark.parametrize("role", [Role.FRONT_LINE, Role.PANEL_MEMBER])
def test_the_dashboard_is_not_for_everybody(house, role):
    assert browse(house[role]).get(reverse("reporting:dashboard")).status_code == 403


@pytest.mark.parametrize("role", [Role.RESPONSIBLE_OFFICER, Role.AUDITOR, Role.MEMBER_RESPONSIBLE])
def test_whoever_manages_nobody_is_led_to_the_board_of_their_own(house, role):
    answer = browse(house[role]).get(reverse("reporting:dashboard"))

    assert answer["Location"] == reverse("reporting:answers-board")


def test_outcomes_are_counted_by_complaint_and_by_point(house, client):
    two = Definition([(None, "The lift."), (None, "The call.")])
    complaint = house.lodge(on=TODAY, definition=two)
    answer = Answer(
        None,
        judgement=Judgement(
            [
                PointFinding(1, Outcome.UPHELD, "It stood still."),
                PointFinding(2, Outcome.NOT_UPHELD, "We rang."),
            ]
        ),
    )
    respond(
        complaint_id=complaint.pk,
        by=house[Role.RESPONSIBLE_OFFICER],
        now=at(TODAY),
        seen=complaint.version,
        on=TODAY,
        answer=answer,
        telling=written_elsewhere(complaint),
    )
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    rows = shown(client)["outcomes"]

    assert [[cell.text for cell in row] for row in rows] == [
        ["Upheld", "0", "1", "1"],
        ["Partly upheld", "1", "0", "0"],
        ["Not upheld", "0", "1", "1"],
        ["Not our responsibility", "0", "0", "0"],
        [UNFOUND_WORDS, "0", "0", "0"],
    ]


@pytest.mark.rule("HH-11")
@pytest.mark.parametrize("points", [0, 2])
def test_what_was_put_right_at_first_contact_is_counted_with_its_points(house, points):
    house.run("herefordshire")
    client = browse(house[Role.COMPLAINTS_COORDINATOR])
    definition = Definition([(None, f"Point {n}") for n in range(points)]) if points else None
    complaint = house.lodge(on=TODAY, definition=definition)
    resolve(
        complaint_id=complaint.pk,
        by=house[Role.RESPONSIBLE_OFFICER],
        now=at(TODAY),
        seen=complaint.version,
        on=TODAY,
        words="We mended it at once.",
        apologised=True,
        close=True,
        telling=Telling("phone"),
    )

    *_, row = shown(client)["outcomes"]

    assert [cell.text for cell in row] == [UNFOUND_WORDS, "1", str(points or 1), "1"]
    assert list(wrong(client)) == []


def test_a_point_that_an_answer_left_out_is_not_put_right(house):
    client = browse(house[Role.COMPLAINTS_COORDINATOR])
    complaint = house.lodge(on=TODAY)
    judged(complaint, Outcome.UPHELD)
    PointOfComplaint.objects.create(complaint=complaint, number=2, place=2, defined_by=1)

    *_, row = shown(client)["outcomes"]

    assert [cell.text for cell in row] == [UNFOUND_WORDS, "0", "0", "0"]


def test_what_was_answered_whole_counts_as_one_point(house, client):
    change(house.lodge(on=TODAY), answered_on=TODAY, outcome=Outcome.UPHELD.value)
    change(house.lodge(on=TODAY), outcome=Outcome.UPHELD.value)
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    [upheld, *_] = shown(client)["outcomes"]

    assert [cell.text for cell in upheld] == ["Upheld", "1", "1", "1"]
    assert list(wrong(client)) == []


def judged(complaint: Complaint, *findings: Outcome) -> None:
    """Let a complaint stand as answered today, each of its points with what was found."""
    PointOfComplaint.objects.filter(complaint=complaint).delete()
    for place, finding in enumerate(findings, start=1):
        PointOfComplaint.objects.create(
            complaint=complaint,
            number=place,
            place=place,
            defined_by=1,
            finding=finding.value,
            found_by=2,
        )
    change(complaint, answered_on=TODAY, outcome=findings[0].value)


@pytest.mark.parametrize("role", [Role.COMPLAINTS_COORDINATOR, Role.LINE_MANAGER])
def test_what_was_found_opens_the_complaints_in_which_it_was(busy, role):
    judged(busy.lodge(on=TODAY), Outcome.UPHELD, Outcome.UPHELD, Outcome.NOT_UPHELD)
    judged(busy.lodge(on=TODAY), Outcome.NOT_UPHELD, Outcome.UPHELD)
    # Its manager may know of it, but what was found in it is not theirs to read.
    judged(busy.lodge(on=TODAY, level=Level.SENSITIVE, area_id=busy.other_team.pk), Outcome.UPHELD)
    client = browse(busy[role])

    opened = [link for link in numbers(client) if "outcome=" in link.url or "finding=" in link.url]

    # Of each outcome the complaints, then its points and the complaints that they are points of.
    seen = {
        Role.COMPLAINTS_COORDINATOR: [2, 4, 3, 1, 2, 2],
        Role.LINE_MANAGER: [1, 3, 2, 1, 2, 2],
    }
    assert [link.number for link in opened] == seen[role]
    assert list(wrong(client)) == []


@dataclass(frozen=True)
class Number:
    """A number of the page: where it stands in what is found, and the list that it opens."""

    of: Callable[[Dashboard], int]
    list: str

    def shown(self, client: Client) -> tuple[int, int]:
        """Return the number, and how many there are in its list."""
        url = f"{reverse('cases:queue')}?state=all&{self.list}"
        return self.of(shown(client)["found"]), counted_there(client, url)


def _upheld(column: str) -> Callable[[Dashboard], int]:
    return lambda found: getattr(found.outcomes[Outcome.UPHELD], column)


DAYS = "2026-06-01_2026-06-17"
ANSWERED = f"days=answered_{DAYS}"
NUMBERS = {
    "received": Number(
        lambda found: sum(each.count for each in found.received), f"days=received_{DAYS}"
    ),
    "closed": Number(lambda found: sum(each.count for each in found.closed), f"days=closed_{DAYS}"),
    **{
        timing.value: Number(
            lambda found, timing=timing: found.answers[timing], f"days={timing.value}_{DAYS}"
        )
        for timing in TIMINGS
    },
    "complaints with an outcome": Number(_upheld("complaints"), f"outcome=upheld&{ANSWERED}"),
    "points": Number(_upheld("points"), f"finding=upheld&{ANSWERED}"),
    "put right": Number(lambda found: found.unfound.complaints, f"outcome=none&{ANSWERED}"),
    "points put right": Number(lambda found: found.unfound.points, f"finding=none&{ANSWERED}"),
    "complaints with a point": Number(_upheld("with_points"), f"finding=upheld&{ANSWERED}"),
}
STATES = {"on-time": ("met", False), "extended": ("met", True), "late": ("met_late", False)}


def finished(
    house, *, timing: str = "on-time", in_points: bool = True, outcome: str = Outcome.UPHELD.value
) -> Complaint:
    """Return a complaint that came in, was answered with an outcome and closed, this month."""
    complaint, day = house.lodge(on=date(2026, 6, 1)), date(2026, 6, 12)
    state, moved = STATES[timing]
    answer(complaint, on=day, state=state, moved=moved)
    if in_points:
        judged(complaint, Outcome.UPHELD)
    return close(change(complaint, answered_on=day, outcome=outcome), on=day)


@pytest.mark.parametrize("end", ["annulled", "merged"])
@pytest.mark.parametrize("name", list(NUMBERS))
def test_what_was_none_of_its_own_is_in_no_number_and_not_in_its_list(house, name, end):
    client = browse(house[Role.COMPLAINTS_COORDINATOR])
    complaint = finished(
        house,
        timing=name if name in STATES else "on-time",
        in_points="put right" not in name,
        outcome="" if "put right" in name else Outcome.UPHELD.value,
    )
    assert NUMBERS[name].shown(client) == (1, 1)

    change(complaint, closed_as=end)

    assert NUMBERS[name].shown(client) == (0, 0)


def test_what_was_none_of_its_own_changes_no_number_of_a_busy_landlord(busy):
    client = browse(busy[Role.COMPLAINTS_COORDINATOR])
    before = numbers(client)

    twins = [
        finished(busy, timing=timing, in_points=in_points)
        for timing in STATES
        for in_points in (True, False)
    ]
    with_twins = numbers(client)
    Complaint.objects.filter(pk__in=[each.pk for each in twins[::2]]).update(closed_as="annulled")
    Complaint.objects.filter(pk__in=[each.pk for each in twins[1::2]]).update(closed_as="merged")

    assert with_twins != before
    assert numbers(client) == before
    assert list(wrong(client)) == []


def test_what_was_annulled_is_counted_again_once_that_is_struck_out(house):
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    client = browse(coordinator)
    complaint = house.lodge(on=date(2026, 6, 1))
    whose = {"complaint_id": complaint.pk, "by": coordinator, "now": at(TODAY, 11)}
    received = NUMBERS["received"]
    assert received.shown(client) == (1, 1)

    ended = annul(**whose, seen=complaint.version, reason="A test.")
    assert received.shown(client) == (0, 0)

    number = ended.events.get(kind="annulled").number
    retract(**whose, seen=ended.version, number=number, reason="It was none.")
    assert received.shown(client) == (1, 1)


@pytest.mark.parametrize("leaves", [False, True], ids=["front line", "without a role now"])
def test_what_is_due_from_anybody_opens_their_list(busy, leaves):
    """A front-line colleague decides the first stage of some procedures."""
    colleague = busy[Role.FRONT_LINE]
    change(
        busy.lodge(on=date(2026, 6, 1), officer_id=colleague.pk),
        next_due_on=TODAY + timedelta(days=1),
    )
    if leaves:
        RoleGrant.objects.filter(user=colleague).delete()
    client = browse(busy[Role.COMPLAINTS_COORDINATOR])

    opened = [each for each in numbers(client) if f"officer={colleague.pk}" in each.url]

    assert [link.number for link in opened] == [1]
    assert list(wrong(client)) == []


def test_the_queries_do_not_grow_with_the_complaints(house):
    client = browse(house[Role.LINE_MANAGER])
    counts = []
    for _ in range(2):
        house.lodge(on=TODAY)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("reporting:dashboard"))
        counts.append(len(queries))
        for number in range(12):
            house.lodge(on=TODAY - timedelta(days=number), officer_id=UserFactory().pk)

    assert counts[0] == counts[1]
    assert counts[0] <= 12
