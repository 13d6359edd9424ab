"""What is promised to people outside under attack: same work, same host, nothing in the log."""

import io
import logging
import re

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import OutboundMessage
from cases.tests.factories import CustomerFactory
from complaints_site.logs import WithoutWords
from feedback.models import State, Submission
from feedback.rules.abuse import SOURCE_QUARANTINE
from feedback.selectors.receipts import code_of
from feedback.tests.conftest import NOW
from feedback.tests.factories import COMPLAINT, Visitor, changed
from feedback.tests.tracking import Follower, acknowledged, link_of

pytestmark = pytest.mark.usefixtures("now")
UNKNOWN = "AAAA-BBBB-C"
URL = re.compile(r"https?://\S+")


@pytest.fixture
def now():
    """Stop the clock."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def visitor(house, now) -> Visitor:
    """Somebody with a browser."""
    return Visitor()


@pytest.fixture(autouse=True)
def _no_waiting(db):
    cache.clear()


def shapes(queries: CaptureQueriesContext) -> list[str]:
    """Return what was asked of the database, without the values."""
    return [re.sub(r"'[^']*'|\"s\d+_x\d+\"|\b\d+\b", "?", each["sql"]) for each in queries]


@pytest.mark.promise("P14")
@pytest.mark.parametrize("code", ["12345678", "AAAA-BBBB-CCCC"], ids=["emailed", "handed out"])
def test_a_wrong_code_does_the_same_work_whether_there_is_such_a_reference(house, visitor, code):
    sent = visitor.tell(COMPLAINT)
    known = acknowledged(house)
    # What is read once and kept is read.
    Follower(address="127.0.2.1").enters(UNKNOWN, code)

    def asked(reference: str, number: int) -> list[str]:
        stranger = Follower(address=f"127.0.3.{number}")
        with CaptureQueriesContext(connection) as done:
            assert stranger.enters(reference, code).status_code == 422
        return shapes(done)

    unknown, followed, received = (
        asked(each, number)
        for number, each in enumerate((UNKNOWN, known.reference, sent.reference))
    )

    assert unknown == followed == received


@pytest.mark.promise("P13")
def test_a_flood_makes_no_form_more_work(house, now):
    def work(number: int) -> list[str]:
        somebody = Visitor(address=f"127.0.4.{number}")
        somebody.fill(changed(COMPLAINT, about_you={"email": f"a{number}@example.org"}))
        with CaptureQueriesContext(connection) as done:
            somebody.send()
        return shapes(done)

    work(0)
    calm = work(1)
    flood = Submission.objects.latest("pk")
    rows = [
        Submission(
            key=f"flood-{number}",
            token_hash=f"{number:064d}",
            reference=f"F{number}",
            kind="complaint",
            received_at=NOW,
            received_on=NOW.date(),
            state=State.QUARANTINED.value,
            review_by=NOW.date(),
            source=flood.source,
            email_hash=flood.email_hash,
            text_hash=f"{number:064d}",
            as_sent=[],
            expects_answer=True,
        )
        for number in range(SOURCE_QUARANTINE * 5)
    ]
    Submission.objects.bulk_create(rows)

    flooded = work(2)

    assert len(flooded) == len(calm)
    counted = [each for each in flooded if "COUNT(" in each and "feedback_submission" in each]
    assert counted
    assert all("LIMIT" in each for each in counted)


@pytest.mark.promise("P14")
@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "testserver:8080"},
        {"x-forwarded-host": "evil.example"},
        {"x-original-host": "evil.example", "x-host": "evil.example", "x-forwarded-port": "1"},
    ],
    ids=lambda each: " ".join(each.values()),
)
def test_no_header_changes_where_the_links_of_an_email_lead(house, settings, headers):
    complaint = acknowledged(house)
    followed = Follower(client=Client(headers=headers))

    if "host" not in headers:
        Visitor(client=Client(headers=headers)).tell(COMPLAINT)
    followed.asks_for_code(complaint.reference)
    followed.client.get(link_of(complaint), REMOTE_ADDR="127.0.0.9")

    bodies = "\n".join(OutboundMessage.objects.values_list("body", flat=True))
    links = URL.findall(bodies)
    assert links
    assert all(each.startswith(settings.PUBLIC_BASE_URL) for each in links)
    assert "evil.example" not in bodies


@pytest.mark.promise("P14")
@pytest.mark.promise("P25")
def test_the_log_says_nothing_of_who_they_are_what_they_say_or_what_opens_it(house, visitor):
    out = io.StringIO()
    heard = logging.StreamHandler(out)
    heard.setFormatter(WithoutWords("{levelname} {name} {message}", style="{"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(heard)
    root.setLevel(logging.INFO)
    try:
        sent = visitor.tell(COMPLAINT)
        complaint = acknowledged(house, customer=CustomerFactory(name="Agnes Canary"))
        link = link_of(complaint)
        follower = Follower()
        follower.client.get(f"{link[:-2]}/", REMOTE_ADDR="127.0.0.9")
        strict = Client(enforce_csrf_checks=True)
        strict.post(link, REMOTE_ADDR="127.0.0.9")
        follower.enters(complaint.reference, "12345678")
        code = follower.asks_for_code(complaint.reference)
        follower.enters(complaint.reference, code)
        follower.post("tracked-add", {"words": "The canary sings.", "page": "b" * 32})
        follower.get("tracked-letter", 999)
        follower.post("tracked-breach", {"words": "I saw a canary."})
        follower.get("tracked")
    finally:
        root.removeHandler(heard)
        root.setLevel(level)

    said = out.getvalue()
    token = link.rstrip("/").rpartition("/")[2]
    assert "/track/link/(not-kept)/" in said
    person = COMPLAINT["about-you"]
    secrets = [token, token[:-1], code, code_of(sent), "canary", "Canary", complaint.customer.email]
    for told in (*secrets, person["name"], person["email"], person["phone"], person["address"]):
        assert told not in said
