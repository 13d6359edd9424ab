"""A restricted complaint leaves no trace for those who are not on its list (P4)."""

import logging

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse

from cases import tasks
from cases.models import Complaint, Level, Look, OutboundMessage, User
from cases.operations.case_views import note_taken, note_view
from complaints_site.tests.permissions.canary import WORDS, plant, plant_form
from complaints_site.tests.permissions.crawl import (
    DRAWN,
    as_it_was,
    betrayals,
    crawl,
    differences,
    unopened,
)
from complaints_site.tests.permissions.hidden import UNKNOWN, telling_addresses
from complaints_site.tests.permissions.open_doors import without
from complaints_site.tests.permissions.table import ACTORS, matrix
from complaints_site.tests.permissions.world import NOW
from feedback import tasks as feedback_tasks
from reporting import tasks as reporting_tasks

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.promise("P4"),
    pytest.mark.timeout(900),
]
ROWS = matrix()
# What counts every complaint of the landlord on purpose, for whoever reads it: what is published of
# a year would be false without some (decision 63). Their numbers may change, and nothing else.
OF_THE_WHOLE_LANDLORD = {
    "reporting:measures": "the figures as they go to the regulator",
    "reporting:measures-file": "the same figures",
    "reporting:measured-complaints": "how many are in a figure, of which some may be listed",
    "reporting:year": "CH01 and CH02 on it, as they are published",
    "reporting:assessment": "the evidence that is published with the self-assessment",
    "reporting:provision": "the same evidence, beside one provision",
    "reporting:improvement-report": "the report of the year, which is published",
}
# Where colleagues look customers up.
LOOK_UPS = ("/customers/", "/log/")
# "everybody" holds every role and is shut out, as the person whom the complaint is about.
OUTSIDERS = [*ACTORS, "everybody"]
INSIDERS = [each for each in OUTSIDERS if each != "visitor"]
QUEUE = [each for each in ROWS if each.url == "cases:queue"]
# Who finds complaints, and none before a coordinator has accepted it.
BESIDE_COORDINATORS = ("front_line", "responsible_officer", "line_manager", "director")
# Whose rights differ where a complaint is opened.
READERS = [
    "front_line",
    "responsible_officer",
    "director",
    "panel_member",
    "complaints_coordinator",
    "auditor",
    "system_administrator",
    "everybody",
]


def on_one_database(actors, *but):
    """Return the actors, of whom only some go through the pages on the second database too.

    Every page asks the same two rules which complaints there are. That the second database carries
    them out for each of the actors is asked of the rules themselves, in the test below these.
    """
    once = pytest.mark.one_database
    return [each if each in but else pytest.param(each, marks=once) for each in actors]


def hide_from(world, actor):
    """Plant all that is hidden from somebody, and return it.

    A restricted complaint that came by the form, and from those who have complaints of their own
    one of everyday, which only coordinators find until it is accepted. Somebody on its list has
    opened it.
    """
    planted = [plant_form(world)]
    planted[0].complaint.exclusions.create(user=world.people["everybody"], reason="subject")
    if actor in BESIDE_COORDINATORS:
        planted.append(plant(world, level=Level.NORMAL, triaged=False))
    insider = world.people["second coordinator"]
    for each in planted:
        note_taken([each.complaint.pk], what=Look.SHEET, by=insider, now=NOW)
        note_view(each.complaint, page="complaint", by=insider, now=NOW)
    return planted


@pytest.mark.parametrize(
    "actor",
    on_one_database(OUTSIDERS, "complaints_coordinator", "front_line", "director", "everybody"),
)
def test_the_whole_site_and_its_log_are_the_same_with_and_without_it(world, actor, caplog):
    before = as_it_was(world, actor, ROWS)
    hidden = hide_from(world, actor)

    with caplog.at_level(logging.DEBUG):
        after = crawl(world, actor, ROWS)

    assert unopened(ROWS, before) == unopened(ROWS, after) == set()
    assert "\n".join(differences(before, after, counting=OF_THE_WHOLE_LANDLORD)) == ""
    assert "\n".join(each for planted in hidden for each in betrayals(after, planted)) == ""
    assert [each for each in lines_of(caplog) if any(x.in_(each) for x in hidden)] == []


@pytest.mark.parametrize("actor", on_one_database(READERS, "front_line", "everybody"))
def test_its_addresses_answer_as_those_of_a_complaint_that_does_not_exist(world, actor):
    planted = plant(world, shut_out=[world.people["everybody"]])

    assert "\n".join(telling_addresses(world, actor, ROWS, planted)) == ""


def plant_at_first(world):
    """Plant the complaint as it is before a coordinator has accepted it."""
    return plant(world, level=Level.NORMAL, triaged=False)


@pytest.mark.parametrize(
    ("put", "finds"),
    [(plant, frozenset()), (plant_form, frozenset()), (plant_at_first, {"complaints_coordinator"})],
)
def test_the_rules_that_every_page_asks_hide_it_from_every_actor(world, put, finds):
    before = {actor: open_to(world.people[actor]) for actor in INSIDERS}

    planted = put(world)
    planted.complaint.exclusions.create(user=world.people["everybody"], reason="subject")

    after = {actor: open_to(world.people[actor]) for actor in INSIDERS}
    assert {actor for actor in INSIDERS if after[actor] != before[actor]} == finds
    for actor in finds:
        assert after[actor] == {
            rule: [*keys, planted.complaint.pk] for rule, keys in before[actor].items()
        }


def open_to(person: User) -> dict[str, list[int]]:
    """Return the keys of the complaints somebody may know of, and may read."""
    complaints = Complaint.objects.order_by("pk")
    return {
        "known": list(complaints.visible_to(person).values_list("pk", flat=True)),
        "read": list(complaints.readable_by(person).values_list("pk", flat=True)),
    }


def test_no_act_on_another_complaint_betrays_it(world):
    """To join a complaint with a hidden one is refused as if there were none."""
    planted = plant(world)
    open_one = world.complaints["team"]
    open_one.refresh_from_db()
    client = world.browser("complaints_coordinator")
    path = reverse("cases:merge", args=[open_one.reference])
    common = {"seen": str(open_one.version), "reason": "The same.", "day_day": "1"}

    answers = [
        client.post(path, {**common, "into": name}).content.replace(name.encode(), b"")
        for name in (planted.complaint.reference, UNKNOWN)
    ]

    hidden, unknown = (DRAWN.sub(b"", each) for each in answers)
    assert hidden == unknown


# What goes out ----------------------------------------------------------------------------------


def work() -> None:
    """Do all background work that is due."""
    for job in (
        tasks.sweep,
        feedback_tasks.sweep,
        reporting_tasks.weekly_reports,
        reporting_tasks.performance_reports,
        tasks.deliver_messages,
        tasks.daily_anchor,
        tasks.daily_housekeeping,
        tasks.heartbeat,
    ):
        job()


def written_to(addresses: set[str]) -> list[tuple[str, str, str]]:
    """Return what the landlord wrote to these colleagues, but for the seals of the whole record."""
    rows = OutboundMessage.objects.filter(to_address__in=addresses).exclude(kind="seal")
    return sorted(rows.values_list("to_address", "subject", "body"))


@pytest.fixture
def outsiders(world) -> set[str]:
    """Return the addresses of everybody on the staff who is not on the list."""
    keepers = ("second coordinator", "second director")
    people = User.objects.exclude(pk__in=[world.people[name].pk for name in keepers])
    return set(people.values_list("email", flat=True))


@pytest.fixture
def without_it(outsiders, settings, tmp_path):
    """Return what is written to others on a day on which there is no hidden complaint."""
    settings.ANCHOR_FILE = tmp_path / "anchors.log"
    with transaction.atomic():
        work()
        before = written_to(outsiders)
        transaction.set_rollback(True)
    settings.ANCHOR_FILE.unlink()
    mail.outbox.clear()
    return before


@pytest.fixture
def planted_at_work(world, without_it):
    """Return the hidden complaint after a day's background work, and what was written without it.

    What it was about and to whom else the landlord wrote is in the outbox.
    """
    # Its acknowledgement is overdue, of which an officer's line manager would be told.
    planted = plant(world, shut_out=[world.people["everybody"]], acknowledged=False)
    work()
    return planted, without_it


@pytest.mark.one_database
def test_reports_that_keep_it_from_nobody_are_noticed(world, without_it, outsiders):
    """The negative control of the two tests that follow."""
    planted = plant(world, shut_out=[world.people["everybody"]], acknowledged=False)

    with without("visible_to"):
        work()

    after = written_to(outsiders)
    assert after != without_it
    assert [each for each in after if planted.in_(" ".join(each))] != []


def test_reminders_and_reports_to_others_are_the_same(planted_at_work, outsiders):
    planted, before = planted_at_work

    after = written_to(outsiders)

    assert before != []
    assert after == before
    assert [each for each in after if planted.in_(" ".join(each))] == []
    # Its own people are told of it.
    told = OutboundMessage.objects.exclude(to_address__in=outsiders)
    assert told.filter(body__contains=planted.complaint.reference, to_user__isnull=False)


def test_no_mail_to_others_has_a_word_of_it_and_no_subject_a_word_of_anybodys(
    planted_at_work, outsiders
):
    planted, _ = planted_at_work
    sent = [(each.to[0], each.subject, str(each.message())) for each in mail.outbox]

    assert len(sent) > len(outsiders & {to for to, _, _ in sent}) > 0
    assert [to for to, _, text in sent if to in outsiders and planted.in_(text)] == []
    subjects = " ".join(subject for _, subject, _ in sent).lower()
    assert [word for word in WORDS.values() if word.lower() in subjects] == []


def lines_of(caplog):
    """Return what was written to the log."""
    return [f"{each.getMessage()} {each.exc_text or ''}" for each in caplog.records]


def test_whoever_is_on_its_list_does_find_it_and_no_line_of_the_log_has_a_word_of_it(
    world, caplog, settings, tmp_path
):
    settings.ANCHOR_FILE = tmp_path / "anchors.log"
    with caplog.at_level(logging.DEBUG):
        planted = plant(world)
        work()
        pages = crawl(world, "second coordinator", ROWS)
        # The control: a line that tells of it is found.
        logging.getLogger("cases.control").debug("Saved: %s", planted.complaint.summary)

    told = " ".join(betrayals(pages, planted))
    assert WORDS["name"] in told
    assert planted.complaint.reference in told
    written = lines_of(caplog)
    assert len(written) > 10
    assert [line for line in written[:-1] if planted.in_(line)] == []
    assert planted.in_(written[-1])


# Kinds that hide less ---------------------------------------------------------------------------


def test_of_a_sensitive_one_the_team_learns_that_it_exists_and_no_word(world):
    planted = plant(world, level=Level.SENSITIVE)

    pages = crawl(world, "front_line", ROWS)

    reference = planted.complaint.reference
    # Who somebody is and how they are reached is no word of their complaint.
    found = {path: page for path, page in pages.items() if not path.startswith(LOOK_UPS)}
    told = [each for each in betrayals(found, planted) if each.split(": ")[1] != reference]
    assert "\n".join(told) == ""
    assert reference in pages[reverse("cases:queue")][1].decode()


def test_a_coordinator_does_find_what_waits_to_be_accepted(world):
    planted = plant(world, level=Level.NORMAL, triaged=False)

    pages = crawl(world, "complaints_coordinator", QUEUE)

    assert betrayals(pages, planted) != []
