"""What sets papers may be ended by the system: then a paper waits, and is not given up."""

import logging
from datetime import date, timedelta

import pytest
from django.urls import reverse

from cases.errors import NotEntitled, NotMade
from cases.models import Document, Letter, SettingsChange
from cases.operations import typesetting
from cases.operations.documents import make_documents, make_given_up_again
from cases.operations.email import NotNow, Refused, compose
from cases.operations.telling import Telling
from cases.operations.typesetting import TypesetterLost, set_paper, typesetter
from cases.rules.blocks import Paragraph
from cases.rules.papers import plain_paper
from cases.rules.roles import Role
from cases.tests.answering import acknowledge
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.factories import MONDAY_MORNING as NOW
from cases.tests.fixtures import at

pytestmark = [pytest.mark.promise("P17"), pytest.mark.one_database]
# How a process ends that the machine or its keeper stops, and one that takes too much.
LOST = {
    "the system lacks memory": "os.kill(os.getpid(), signal.SIGKILL)",
    "the service is stopped": "os.kill(os.getpid(), signal.SIGTERM)",
    "something is not installed": "import typst_that_is_not_there",
    "it just ends": "sys.exit()",
}
TOO_MUCH = {
    "the processor": "os.kill(os.getpid(), signal.SIGXCPU)",
    "memory": "raise MemoryError",
    "memory of typst": "os.write(2, b'memory allocation of 9 bytes failed'); os.abort()",
}
BEGIN = "import os, resource, signal, sys\nresource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"


@pytest.fixture
def ends_so(tmp_path, monkeypatch):
    """Return a function that puts a program in the typesetter's place, which ends in some way."""

    def put(end: str) -> None:
        typesetter.end()
        program = tmp_path / "ends.py"
        program.write_text(BEGIN + end)
        monkeypatch.setattr(typesetting, "TYPESETTER", program)

    yield put
    typesetter.end()


def hello() -> bytes:
    paper = plain_paper("Title", [Paragraph(("Hello",))], author="H", footer="R")
    return set_paper(paper, at=NOW)


@pytest.mark.parametrize("end", LOST.values(), ids=LOST)
def test_what_ends_for_another_reason_is_no_refusal_of_the_paper(ends_so, caplog, end):
    ends_so(end)

    with caplog.at_level(logging.WARNING), pytest.raises(TypesetterLost):
        hello()

    assert "The typesetter ended with" in caplog.text
    assert ("typst_that_is_not_there" in caplog.text) is ("typst" in end)


def test_nothing_that_somebody_wrote_is_logged(ends_so, caplog):
    ends_so("""sys.exit('inside `Agnes Bell` or "Dock Road" at "/lib/a.rs" it ended')""")

    with pytest.raises(TypesetterLost):
        hello()

    assert 'inside ... or ... at "/lib/a.rs" it ended' in caplog.text


@pytest.mark.parametrize("end", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_ends_because_it_took_too_much_is_a_refusal(ends_so, end):
    ends_so(end)

    with pytest.raises(NotMade, match="more time or memory than one may take"):
        hello()


def test_one_that_ended_over_a_paper_is_started_anew_if_it_had_set_others():
    hello()
    lost = typesetter.process
    assert lost is not None
    lost.kill()

    assert hello().startswith(b"%PDF")


@pytest.fixture
def by_email(house):
    """Return a letter in large print that goes by e-mail."""
    customer = CustomerFactory(letter_format="large_print")
    complaint = house.lodge(customer=customer)
    acknowledge(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(MONDAY),
        seen=complaint.version,
        on=MONDAY,
        telling=Telling("email", words="We have it."),
    )
    return Letter.objects.get(complaint=complaint)


def test_a_letter_waits_for_the_typesetter_and_goes_when_it_is_there_again(
    ends_so, by_email, monkeypatch
):
    ends_so(LOST["the system lacks memory"])

    with pytest.raises(TypesetterLost):
        make_documents(now=at(MONDAY, 11), limit=10)
    with pytest.raises(NotNow):
        compose(by_email.message)
    monkeypatch.undo()

    assert make_documents(now=at(MONDAY, 12), limit=10) == 1
    assert Document.objects.get().letter == by_email
    assert len(compose(by_email.message).attachments) == 1


def test_a_letter_over_which_it_is_always_lost_is_tried_less_and_less_and_left_to_operators(
    ends_so, by_email, house, client, monkeypatch
):
    ends_so(LOST["it just ends"])
    tries, now = [], at(MONDAY, 11)
    for minute in range(400):
        try:
            make_documents(now=now + timedelta(minutes=minute), limit=10)
        except TypesetterLost:
            tries.append(minute)
    client.force_login(house[Role.SYSTEM_ADMINISTRATOR])
    page = client.get(reverse("cases:operations")).content.decode()
    monkeypatch.undo()

    assert tries == [0, 1, 3, 7, 15, 31, 63, 127]
    assert make_documents(now=at(date(2026, 7, 1)), limit=10) == 0
    assert "Have letters made again" in page
    assert "1 waits to be made again" in page

    client.post(reverse("cases:letters-make-again"))

    assert SettingsChange.objects.get().name == "Letters that could not be made"
    assert make_documents(now=at(date(2026, 7, 1)), limit=10) == 1
    assert "Have letters made again" not in client.get(reverse("cases:operations")).content.decode()


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.SYSTEM_ADMINISTRATOR])
def test_only_operators_have_letters_made_again(house, role):
    with pytest.raises(NotEntitled):
        make_given_up_again(by=house[role], now=NOW)


def test_a_letter_that_takes_too_much_is_left_to_people(ends_so, by_email):
    ends_so(TOO_MUCH["memory"])

    assert make_documents(now=at(MONDAY, 11), limit=10) == 0
    with pytest.raises(Refused, match="more time or memory"):
        compose(by_email.message)
    assert not Letter.objects.get().is_to_make
