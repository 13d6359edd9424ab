"""Who opened a complaint and who took something of it away is kept, and told to few."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import (
    AccessEntry,
    CaseLook,
    Complaint,
    Document,
    DocumentKind,
    Download,
    Exclusion,
    InboundMail,
    Look,
    MailFile,
    StoredFile,
)
from cases.operations.case_views import note_taken, note_view
from cases.operations.evidence import taken
from cases.operations.files import store_upload
from cases.operations.list_export import record_export
from cases.operations.telling import Telling
from cases.rules.roles import Role
from cases.selectors.case_views import LooksWanted, looks_of
from cases.tests.answering import acknowledge
from cases.tests.case_page.situations import NOW
from cases.tests.factories import UserFactory

COORDINATOR = Role.COMPLAINTS_COORDINATOR
ADMINISTRATOR = Role.SYSTEM_ADMINISTRATOR


@pytest.fixture(autouse=True)
def _on_a_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def complaint(house):
    return house.lodge(on=NOW.date())


@pytest.fixture
def visit(house, client):
    """Return how somebody opens a page."""

    def open_it(role: Role, name: str, *args: object, **query: str):
        client.force_login(house[role])
        return client.get(reverse(name, args=args), query)

    return open_it


def store(complaint, name: str = "photo of the lift.txt") -> StoredFile:
    file = store_upload(SimpleUploadedFile(name, b"words"), by=None, now=NOW)
    file.complaint = complaint
    file.save()
    return file


def kept() -> list[tuple[str, str]]:
    return list(CaseLook.objects.order_by("pk").values_list("user__name", "what"))


# What is kept -----------------------------------------------------------------------------------


def test_a_person_who_opens_a_complaint_leaves_one_line_a_day(house, visit, complaint):
    officer = house[Role.RESPONSIBLE_OFFICER].name
    for page in ("cases:complaint", "cases:complaint", "cases:deadlines"):
        visit(Role.RESPONSIBLE_OFFICER, page, complaint.reference)
    assert kept() == [(officer, "opened")]

    visit(COORDINATOR, "cases:complaint", complaint.reference)
    assert kept() == [(officer, "opened"), (house[COORDINATOR].name, "opened")]

    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        visit(Role.RESPONSIBLE_OFFICER, "cases:complaint", complaint.reference)
    assert kept()[2:] == [(officer, "opened")]


@pytest.mark.parametrize("name", ["cases:complaint", "cases:deadlines"])
def test_to_note_it_takes_one_statement_and_none_once_it_is_noted(house, visit, complaint, name):
    visit(COORDINATOR, name, complaint.reference)
    house.lodge()
    other = house.lodge()

    with CaptureQueriesContext(connection) as first:
        visit(COORDINATOR, name, other.reference)
    with CaptureQueriesContext(connection) as again:
        visit(COORDINATOR, name, other.reference)

    written = [each["sql"] for each in first if "INTO" in each["sql"] and "caselook" in each["sql"]]
    assert len(written) == 1
    assert not [each for each in again if "INTO" in each["sql"] and "caselook" in each["sql"]]
    assert len(first) - len(again) == 1


def test_two_requests_at_once_leave_one_line(house, complaint):
    for _ in range(2):
        note_view(complaint, page="complaint", by=house[COORDINATOR], now=NOW)

    assert kept() == [(house[COORDINATOR].name, "opened")]


def test_what_is_hidden_and_what_a_page_asks_by_itself_leave_none(house, visit, complaint):
    Exclusion.objects.create(complaint=complaint, user=house[COORDINATOR], reason="subject")

    assert visit(COORDINATOR, "cases:complaint", complaint.reference).status_code == 404
    assert visit(Role.LINE_MANAGER, "cases:here", complaint.reference).status_code == 200
    assert kept() == []


@pytest.mark.parametrize(("name", "what"), [("case-sheet", "sheet"), ("record-copy", "copy")])
def test_a_copy_that_is_printed_leaves_a_line(house, visit, complaint, name, what):
    for _ in range(2):
        visit(COORDINATOR, f"cases:{name}", complaint.reference)

    assert kept() == [(house[COORDINATOR].name, "opened"), (house[COORDINATOR].name, what)]


def test_each_file_that_is_taken_leaves_a_line_by_its_name(visit, complaint):
    files = [store(complaint), store(complaint, "bill.txt")]
    for file in (*files, files[0]):
        answer = visit(COORDINATOR, "cases:file", complaint.reference, file.key)
        assert b"".join(answer.streaming_content) == b"words"

    taken_away = CaseLook.objects.filter(what="file").values_list("file", flat=True)
    assert sorted(taken_away) == sorted(each.pk for each in files)


def test_a_file_that_nobody_may_open_leaves_no_line_of_it(visit, complaint):
    file = store(complaint)
    StoredFile.objects.filter(pk=file.pk).update(scan="infected")

    assert visit(COORDINATOR, "cases:file", complaint.reference, file.key).status_code == 403
    assert not CaseLook.objects.filter(what="file").exists()


def test_a_letter_that_is_taken_or_printed_with_others_leaves_a_line(house, visit, complaint):
    acknowledge(
        complaint_id=complaint.pk,
        by=house[COORDINATOR],
        now=NOW,
        seen=complaint.version,
        on=NOW.date(),
        telling=Telling("post"),
    )
    letter = complaint.letters.get()

    one = visit(COORDINATOR, "cases:letter-document", complaint.reference, letter.event_number)
    assert b"".join(one.streaming_content).startswith(b"%PDF")
    visit(COORDINATOR, "cases:letters-print", all="yes")

    rows = CaseLook.objects.filter(what="letter").order_by("pk")
    assert [bool(each.file_id) for each in rows] == [True, False]


def test_evidence_and_a_list_leave_lines_and_keep_what_they_kept(house, complaint):
    file, by = store(complaint), house[COORDINATOR]
    Document.objects.create(complaint=complaint, kind=DocumentKind.BUNDLE, file=file, made_at=NOW)

    taken(complaint=complaint, key=file.key, by=by, now=NOW)
    other = house.lodge()
    record_export(
        by=by, now=NOW, reason="Audit", filters="", complaint_ids=[complaint.pk, other.pk]
    )

    rows = CaseLook.objects.order_by("pk").values_list("complaint", "what", "file")
    assert list(rows) == [
        (complaint.pk, "papers", file.pk),
        (complaint.pk, "list", None),
        (other.pk, "list", None),
    ]
    assert Download.objects.get().by == by


def test_who_took_evidence_away_before_is_kept_with_the_rest(house, complaint):
    file, by = store(complaint), house[COORDINATOR]
    made = Document.objects.create(
        complaint=complaint, kind=DocumentKind.BUNDLE, file=file, made_at=NOW
    )
    # Half past eleven at night in London is the same day there, and so is an hour before.
    for hour in (21, 22):
        Download.objects.create(document=made, by=by, at=NOW.replace(hour=hour, minute=30))

    import_module("cases.migrations.0068_who_looked").take_over_downloads(apps, None)

    row = CaseLook.objects.get()
    assert (row.user, row.what, row.file, row.day) == (by, "papers", file, NOW.date())


@pytest.mark.parametrize("change", ["update", "delete"])
def test_no_line_is_changed_or_removed(house, complaint, change):
    note_taken([complaint.pk], what=Look.SHEET, by=house[COORDINATOR], now=NOW)
    rows = CaseLook.objects.all()

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(what="copy") if change == "update" else rows.delete()


# Who is told ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role",
    [
        Role.LINE_MANAGER,
        Role.HEAD_OF_SERVICE,
        Role.ASSISTANT_DIRECTOR,
        Role.DIRECTOR,
        COORDINATOR,
        Role.AUDITOR,
    ],
)
def test_whoever_answers_for_the_complaint_is_led_to_who_opened_it(house, visit, complaint, role):
    AccessEntry.objects.create(complaint=complaint, user=house[Role.AUDITOR])
    visit(Role.RESPONSIBLE_OFFICER, "cases:complaint", complaint.reference)
    where = reverse("cases:who-looked", args=[complaint.reference])

    assert where in visit(role, "cases:complaint", complaint.reference).content.decode()
    page = visit(role, "cases:who-looked", complaint.reference).content.decode()

    assert house[Role.RESPONSIBLE_OFFICER].name in page
    assert "Opened it" in page


@pytest.mark.parametrize("role", [Role.FRONT_LINE, Role.RESPONSIBLE_OFFICER])
def test_whoever_only_works_on_it_is_not_told(visit, complaint, role):
    where = reverse("cases:who-looked", args=[complaint.reference])

    assert where not in visit(role, "cases:complaint", complaint.reference).content.decode()
    assert visit(role, "cases:who-looked", complaint.reference).status_code == 403


def test_what_was_taken_away_can_be_shown_alone(house, visit, complaint):
    file = store(complaint)
    b"".join(
        visit(
            Role.RESPONSIBLE_OFFICER, "cases:file", complaint.reference, file.key
        ).streaming_content
    )
    where = ("cases:who-looked", complaint.reference)

    everything = visit(COORDINATOR, *where).content.decode()
    alone = visit(COORDINATOR, *where, show="taken").content.decode()

    assert "photo of the lift.txt" in everything
    assert "photo of the lift.txt" in alone
    assert "Opened it" in everything
    assert "Opened it" not in alone


def test_a_coordinator_is_told_which_and_an_administrator_that(house, visit, complaint):
    b"".join(
        visit(
            Role.RESPONSIBLE_OFFICER, "cases:file", complaint.reference, store(complaint).key
        ).streaming_content
    )

    by_coordinator = visit(COORDINATOR, "cases:looks").content.decode()
    by_administrator = visit(ADMINISTRATOR, "cases:looks").content.decode()

    for secret in (complaint.reference, "photo of the lift.txt"):
        assert secret in by_coordinator
        assert secret not in by_administrator
    assert house[Role.RESPONSIBLE_OFFICER].name in by_administrator.split("<table")[1]


def test_a_coordinator_learns_nothing_of_a_complaint_about_them(house, visit, complaint):
    visit(Role.RESPONSIBLE_OFFICER, "cases:complaint", complaint.reference)
    Exclusion.objects.create(complaint=complaint, user=house[COORDINATOR], reason="subject")

    page = visit(COORDINATOR, "cases:looks").content.decode()

    assert complaint.reference not in page
    assert "Nobody has opened or taken anything" in page


@pytest.mark.parametrize("how", ["restricted", "about them"])
def test_an_administrator_learns_of_no_look_at_what_is_closed_to_them(house, visit, complaint, how):
    visit(Role.RESPONSIBLE_OFFICER, "cases:complaint", complaint.reference)
    assert visit(ADMINISTRATOR, "cases:looks").context["shown"].paginator.count == 1
    if how == "restricted":
        Complaint.objects.filter(pk=complaint.pk).update(level="restricted")
    else:
        Exclusion.objects.create(complaint=complaint, user=house[ADMINISTRATOR], reason="subject")

    page = visit(ADMINISTRATOR, "cases:looks")

    assert page.context["shown"].paginator.count == 0
    assert "Nobody has opened or taken anything" in page.content.decode()


def test_a_file_of_an_e_mail_leaves_a_line_where_it_is_of_a_complaint(house, visit, complaint):
    common = {"kind": "written", "received_at": NOW, "sender": "a@example.org"}
    for code, more in (
        ("joined", {"state": "joined", "complaint": complaint}),
        ("waits", {"state": "waiting"}),
    ):
        mail = InboundMail.objects.create(key=code, code=code, **common, **more)
        MailFile.objects.create(mail=mail, file=store(None, f"{code}.txt"))
        key = mail.files.get().file.key
        answer = visit(COORDINATOR, "cases:post-file", code, key)
        assert b"".join(answer.streaming_content) == b"words"

    row = CaseLook.objects.get()
    assert (row.complaint, row.what, row.file.name) == (complaint, "file", "joined.txt")


def test_a_day_is_from_midnight_to_midnight_in_london_and_found_by_its_index(house, complaint):
    """On a day of summer time London's midnight is 23:00 UTC of the day before."""
    midnight = datetime(2026, 6, 7, 23, tzinfo=UTC)
    looks = [midnight - timedelta(seconds=1), midnight, midnight + timedelta(hours=23, minutes=59)]
    looks.append(midnight + timedelta(days=1))
    for at in looks:
        # Another person each, as a person leaves one line a day.
        note_taken([complaint.pk], what=Look.SHEET, by=UserFactory(), now=at)
    day = date(2026, 6, 8)

    found = looks_of(house[COORDINATOR], LooksWanted(first=day, last=day))

    assert sorted(row[0] for row in found) == looks[1:3]
    assert '"day"' not in str(found.query)
    assert looks_of(house[COORDINATOR], LooksWanted(first=date.min, last=date.max)).count() == 4


def test_no_more_lines_than_can_be_paged_through_are_counted(house, visit, complaint, monkeypatch):
    monkeypatch.setattr("cases.views.looks.COUNT_LIMIT", 3)
    for number in range(5):
        at = NOW - timedelta(days=number)
        note_taken([complaint.pk], what=Look.SHEET, by=house[COORDINATOR], now=at)

    page = visit(COORDINATOR, "cases:looks")

    assert page.context["shown"].paginator.count == 3
    assert "The newest 3 lines" in page.content.decode()
    person = {"by": house[Role.LINE_MANAGER].code}
    assert "The newest" not in visit(COORDINATOR, "cases:looks", **person).content.decode()


def test_lines_are_found_by_person_by_day_and_by_what_was_taken(house, visit, complaint):
    with time_machine.travel(NOW - timedelta(days=3), tick=False):
        visit(Role.LINE_MANAGER, "cases:complaint", complaint.reference)
    visit(Role.RESPONSIBLE_OFFICER, "cases:case-sheet", complaint.reference)
    manager, officer = house[Role.LINE_MANAGER], house[Role.RESPONSIBLE_OFFICER]
    day = NOW.date()
    since = {"first_day": day.day, "first_month": day.month, "first_year": day.year}

    def found(**query):
        lines = visit(ADMINISTRATOR, "cases:looks", **query).context["lines"]
        return sorted((each.who, each.what) for each in lines)

    theirs = [(officer.name, "opened"), (officer.name, "sheet")]
    assert found() == sorted([(manager.name, "opened"), *theirs])
    assert found(by=officer.code) == theirs
    assert found(by=manager.code) == [(manager.name, "opened")]
    assert found(**since) == theirs
    assert found(by=manager.code, **since) == []
    assert found(taken="on") == [(officer.name, "sheet")]


@pytest.mark.parametrize("where", ["looks", "who-looked"])
def test_the_lines_take_as_many_queries_however_many(house, visit, complaint, where):
    args = [complaint.reference] if where == "who-looked" else []
    visit(COORDINATOR, f"cases:{where}", *args)
    counts = []
    for days in (1, 60):
        CaseLook.objects.bulk_create(
            CaseLook(
                at=NOW - timedelta(days=days + number),
                day=(NOW - timedelta(days=days + number)).date(),
                user=house[Role.LINE_MANAGER],
                complaint=complaint,
                what="opened",
            )
            for number in range(days)
        )
        with CaptureQueriesContext(connection) as asked:
            assert visit(COORDINATOR, f"cases:{where}", *args).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 20
