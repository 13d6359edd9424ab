"""Each page of the settings that changes something says in the history that it did (P10).

Filled in as a browser shows it, with one answer changed. The pages that are sent in the tests
beside this one are watched there too.
"""

from html.parser import HTMLParser

import pytest

from cases.models import Procedure, SettingsChange
from cases.rules.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P10")]
CALENDAR, DRAFT = "/settings/calendar/", "/settings/procedures/code-2024/draft/"
LANDLORD = "/settings/landlord/"
CHRISTMAS = {"_day": "24", "_month": "12", "_year": "2026"}


class Form(HTMLParser):
    """The answers that stand in the form of a page, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.answers: dict[str, list[str]] = {}
        self._is_inside = self._is_text = False
        self._name = self._select = ""
        _, _, main = page.partition("<main")
        self.feed(main)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what an answer stands in."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = given.get("method") == "post" and not given.get("action")
        if not self._is_inside:
            return
        is_box = given.get("type") in ("radio", "checkbox")
        if tag == "input" and "name" in given and (not is_box or "checked" in given):
            self.answers.setdefault(given["name"], []).append(given.get("value", ""))
        elif tag == "textarea":
            self._name, self._is_text = given["name"], True
            self.answers[self._name] = [""]
        elif tag == "select":
            self._select = given["name"]
            self.answers[self._select] = []
        elif tag == "option" and ("selected" in given or not self.answers[self._select]):
            self.answers[self._select] = [given.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        """Leave it."""
        if tag == "form":
            self._is_inside = False
        if tag == "textarea":
            self._is_text = False

    def handle_data(self, data: str) -> None:
        """Take the words of a text area."""
        if self._is_text:
            self.answers[self._name][0] += data


def on(name: str) -> dict[str, str]:
    """Return a day in three boxes."""
    return {f"{name}{box}": value for box, value in CHRISTMAS.items()}


def send(client, address: str, **changes):
    """Open a page, change some of its answers, send it, and return what is answered."""
    page = client.get(address)
    assert page.status_code == 200, address
    answers = {**Form(page.content.decode()).answers, **changes}
    answers.pop("csrfmiddlewaretoken", None)
    return client.post(address, answers)


PAGES = {
    f"{CALENDAR}bank-holiday/": {**on("on"), "name": "Coronation"},
    f"{CALENDAR}closure/": {**on("first_day"), "name": "Christmas"},
    f"{CALENDAR}nation/": {"nation": "scotland"},
    f"{LANDLORD}compensation/": {"guidance": "A missed visit: £20"},
    f"{LANDLORD}standards/": {"care_standards": "We answer within a day."},
    f"{LANDLORD}approvals/": {"kinds": ["response"]},
    f"{LANDLORD}look/": {"brand_colour": "#1d3557"},
    "/settings/procedures/run/": {"procedure": "herefordshire", **on("from_on")},
    f"{DRAFT}stage-1/": {"name": "First stage"},
    f"{DRAFT}stage-1/acknowledge/": {"amount": "4"},
    f"{DRAFT}stage-1/acknowledge/reminders/": {
        **{"kind": "own", "side_0": "before", "days_0": "3", "to_0_0": "bound"},
    },
    f"{DRAFT}reminders/": {"side_0": "", "days_0": "", "to_0_0": ""},
}


@pytest.fixture
def draft(house, administrator) -> None:
    """Begin a draft of the procedure that runs."""
    number = Procedure.objects.get(code="code-2024").versions.get().number
    administrator.post(f"/settings/procedures/code-2024/versions/{number}/draft/")


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize("address", PAGES)
def test_a_page_that_changes_something_says_so_in_the_history(administrator, address):
    before = SettingsChange.objects.count()

    answer = send(administrator, address, **PAGES[address])

    assert answer.status_code == 302, answer.context["form"].errors
    assert SettingsChange.objects.count() > before


def test_so_do_publishing_the_working_days_and_a_version_of_a_procedure(administrator, draft):
    send(administrator, f"{CALENDAR}closure/", **PAGES[f"{CALENDAR}closure/"])
    send(administrator, f"{DRAFT}stage-1/acknowledge/", amount="4")
    for address, answers in (
        (f"{CALENDAR}publish/", {}),
        (f"{DRAFT}publish/", on("effective_on")),
    ):
        before = SettingsChange.objects.count()

        answer = send(administrator, address, **answers)

        assert answer.status_code == 302, answer.context["form"].errors
        assert SettingsChange.objects.count() > before


def test_a_calendar_published_is_followed_by_complaints_that_say_so(administrator, house):
    complaint = house.lodge()
    send(administrator, f"{CALENDAR}nation/", nation="scotland")

    send(administrator, f"{CALENDAR}publish/")

    assert complaint.events.filter(kind="calendar_adopted").exists()


def test_colleagues_who_may_not_change_leave_no_row(sign_in):
    auditor = sign_in(Role.AUDITOR)

    answer = auditor.post(f"{CALENDAR}nation/", {"nation": "scotland"})

    assert answer.status_code == 403
    assert not SettingsChange.objects.exists()
