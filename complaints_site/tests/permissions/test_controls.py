"""The tests of permissions can fail: each is given a site whose guard is broken (P3, P4)."""

import pytest
from django.db import transaction

from cases.models import AccessEntry, Complaint
from cases.rules.roles import Role
from complaints_site.tests.permissions.asking import ask, faults
from complaints_site.tests.permissions.canary import WORDS, plant
from complaints_site.tests.permissions.crawl import betrayals, crawl, differences
from complaints_site.tests.permissions.hidden import telling_addresses
from complaints_site.tests.permissions.open_doors import without
from complaints_site.tests.permissions.table import matrix, names_of_addresses

pytestmark = pytest.mark.django_db
ROWS = matrix()
# Where a trace would show first, and so many pages to which those lead.
LISTED = ("cases:queue", "cases:my-work", "cases:procedure", "reporting:dashboard")
LISTS = [each for each in ROWS if each.url in LISTED]
FEW = 10
# Those to whom no complaint is open: to them every page about one says that there is none.
KEPT_OUT = (
    "superuser",
    "system_administrator",
    "executive_support_manager",
    "member_responsible",
)
OPEN = "complaints_site.tests.permissions.open_doors"


def row(url: str, method: str = "GET"):
    return next(each for each in ROWS if (each.url, each.method) == (url, method))


@pytest.mark.promise("P3")
def test_an_address_that_no_row_names_is_noticed():
    unnamed = names_of_addresses(OPEN) - {each.url for each in ROWS}

    assert "people-for-all" in unnamed
    assert "(no name: complaints/<reference:reference>/note/)" in unnamed


@pytest.mark.promise("P3")
@pytest.mark.parametrize(
    ("url", "method", "actor", "told"),
    [
        ("cases:people", "GET", "line_manager", "line_manager: GET cases:people: 200"),
        ("cases:note", "POST", "auditor", "auditor: POST cases:note (pack complaint): 422"),
        (
            "cases:case-sheet",
            "GET",
            "responsible_officer",
            "responsible_officer: GET cases:case-sheet (team complaint): 200",
        ),
    ],
)
def test_a_page_that_forgot_its_guard_is_noticed(world, settings, url, method, actor, told):
    assert faults([row(url, method)], actor, world) == []

    settings.ROOT_URLCONF = OPEN

    [found] = faults([row(url, method)], actor, world)
    assert found.startswith(told)


@pytest.mark.one_database
@pytest.mark.promise("P3")
@pytest.mark.timeout(900)
def test_a_site_that_keeps_nobody_from_any_complaint_is_noticed_a_thousand_times(world):
    about_complaints = [each for each in ROWS if each.about == "complaint"]

    with without("visible_to", "readable_by"):
        found = [
            f"{actor}: {each} ({kind})"
            for actor in KEPT_OUT
            for kind in ("own", "restricted")
            for each in about_complaints
            if ask(world, actor, each, world.things["complaint"][kind]).status_code != 404
        ]

    assert len(found) >= 1_000


@pytest.mark.promise("P4")
@pytest.mark.parametrize("guards", [("visible_to", "readable_by"), ("not_closed_to",)])
def test_a_site_without_one_of_its_guards_shows_a_trace(world, guards):
    with without(*guards):
        before = crawl(world, "complaints_coordinator", LISTS, followed=FEW)
        planted = plant(world)
        after = crawl(world, "complaints_coordinator", LISTS, followed=FEW)

    assert differences(before, after) != []
    assert betrayals(after, planted) != []
    assert WORDS["name"] in " ".join(betrayals(after, planted))


@pytest.mark.promise("P4")
def test_an_address_that_says_forbidden_instead_of_not_there_is_noticed(world, settings):
    planted = plant(world)
    rows = [row("cases:record-copy"), row("cases:complaint")]
    assert telling_addresses(world, "front_line", rows, planted) == []

    settings.ROOT_URLCONF = OPEN

    assert telling_addresses(world, "front_line", rows, planted) == ["GET cases:record-copy: 403"]


@pytest.mark.promise("P4")
def test_an_entry_too_many_on_the_list_shows_in_the_crawl(world):
    before = crawl(world, "director", LISTS, followed=FEW)
    planted = plant(world)
    with transaction.atomic():
        AccessEntry.objects.create(complaint=planted.complaint, user=world.house[Role.DIRECTOR])
        assert Complaint.objects.visible_to(world.house[Role.DIRECTOR]).filter(
            pk=planted.complaint.pk
        )

        after = crawl(world, "director", LISTS, followed=FEW)

    assert differences(before, after) != []
