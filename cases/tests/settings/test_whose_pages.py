"""Who may look at a setting, and who may change it: every page, every role."""

import pytest
from django.urls import reverse

from cases.models import Category, OutsideBodyDetails
from cases.operations.procedures import begin_draft
from cases.rules.roles import Role
from cases.tests.factories import ServiceAreaFactory
from cases.tests.settings.conftest import NOW

# Whose a page is follows from roles alone, before any database is asked for what it shows.
pytestmark = pytest.mark.one_database

COORDINATING = {Role.COMPLAINTS_COORDINATOR, Role.SYSTEM_ADMINISTRATOR}
ADMINISTERING = {Role.SYSTEM_ADMINISTRATOR}
LOOKING_ON = {Role.AUDITOR}

# Pages to look at, by the name of their address.
SETTINGS_TO_READ = [
    "settings",
    "settings-history",
    "categories",
    "landlord",
    "calendar",
    "outside-bodies",
    "words",
    "letter-templates",
    "letter-template",
    "procedures",
    "procedure",
    "procedure-version",
    "procedure-file",
    "procedure-draft",
]
PEOPLE_TO_READ = ["people", "person", "areas"]
# Pages that exist to change something.
SETTINGS_TO_CHANGE = [
    "category-add",
    "category",
    "landlord-change",
    "landlord-logo",
    "landlord-logo-remove",
    "calendar-bank-holiday",
    "calendar-closure",
    "calendar-nation",
    "calendar-publish",
    "outside-body",
    "words-section",
    "letter-template-change",
    "letter-template-reset",
    "procedure-add",
    "procedure-adopt",
    "procedure-draft-publish",
    "procedure-draft-discard",
    "procedure-draft-file",
    "procedure-draft-reminders",
    "procedure-draft-stage",
    "procedure-draft-promise",
    "procedure-draft-promise-reminders",
]
PEOPLE_TO_CHANGE = [
    "person-add",
    "person-change",
    "person-leave",
    "person-role-give",
    "person-absence",
    "area-add",
    "area",
    "area-retire",
    "area-bring-back",
]
# Buttons: sent, or reached by address.
SETTINGS_BUTTONS = [
    "category-move",
    "category-retire",
    "calendar-remove",
    "outside-body-take-back",
    "procedure-adopt-cancel",
    "procedure-draft-begin",
]
PEOPLE_BUTTONS = [
    "person-invite",
    "person-come-back",
    "person-role-take",
    "person-absence-end",
]
OPERATORS_BUTTONS = ["message-send-again", "message-cancel", "letters-make-again"]


@pytest.fixture
def address(house, admin):
    """A function that returns the address of a page by its name, about something that is there."""
    Category.objects.create(code="damp", name="Damp")
    OutsideBodyDetails.objects.create(code="ombudsman", name="Ombudsman", from_on=NOW.date())
    ServiceAreaFactory(code="old", name="Old", is_retired=True)
    version = house.lodge().procedure_version
    begin_draft(version_id=version.pk, by=admin, now=NOW)
    person = house.people[Role.LINE_MANAGER].code
    about = {
        "person": [person],
        "area": [house.team.code],
        "category": ["damp"],
        "outside-body": ["ombudsman"],
        "letter-template": ["code-2024", "acknowledgement"],
        "procedure": ["code-2024"],
    }
    special = {
        "area-add": [],
        "area-bring-back": ["old"],
        "category-add": [],
        "person-add": [],
        "letter-templates": [],
        "words-section": ["cy", "categories"],
        "procedure-add": [],
        "procedure-adopt": [],
        "procedure-adopt-cancel": [],
        "procedure-version": ["code-2024", 1],
        "procedure-file": ["code-2024", 1],
        "procedure-draft-begin": ["code-2024", 1],
        "procedure-draft-stage": ["code-2024", "stage-1"],
        "procedure-draft-promise": ["code-2024", "stage-1", "respond"],
        "procedure-draft-promise-reminders": ["code-2024", "stage-1", "respond"],
    }

    def of(name: str) -> str:
        kind = next((each for each in about if name == each or name.startswith(f"{each}-")), "")
        return reverse(f"cases:{name}", args=special.get(name, about.get(kind, [])))

    return of


def statuses(client, names: list[str], address, *, method: str = "get") -> set[int]:
    return {getattr(client, method)(address(name)).status_code for name in names}


@pytest.mark.parametrize("role", list(Role))
def test_settings_are_read_by_those_who_change_them_and_by_auditors(sign_in, address, role):
    allowed = role in COORDINATING | LOOKING_ON

    assert statuses(sign_in(role), SETTINGS_TO_READ, address) == {200 if allowed else 403}


@pytest.mark.parametrize("role", list(Role))
def test_people_and_areas_are_read_by_administrators_and_auditors(sign_in, address, role):
    allowed = role in ADMINISTERING | LOOKING_ON

    assert statuses(sign_in(role), PEOPLE_TO_READ, address) == {200 if allowed else 403}


@pytest.mark.parametrize("role", list(Role))
def test_settings_are_changed_by_coordinators_and_administrators(sign_in, address, role):
    client, allowed = sign_in(role), role in COORDINATING

    assert statuses(client, SETTINGS_TO_CHANGE, address) == {200 if allowed else 403}
    assert (403 in statuses(client, SETTINGS_TO_CHANGE, address, method="post")) is not allowed


@pytest.mark.parametrize("role", list(Role))
def test_people_and_areas_are_changed_by_administrators_alone(sign_in, address, role):
    client, allowed = sign_in(role), role in ADMINISTERING

    assert statuses(client, PEOPLE_TO_CHANGE, address) == {200 if allowed else 403}
    if not allowed:
        assert statuses(client, PEOPLE_TO_CHANGE, address, method="post") == {403}


@pytest.mark.parametrize("role", list(Role))
def test_buttons_are_for_those_who_may_change(sign_in, address, role):
    client = sign_in(role)

    settings = statuses(client, SETTINGS_BUTTONS, address, method="post")
    people = statuses(client, PEOPLE_BUTTONS, address, method="post")
    operators = statuses(client, OPERATORS_BUTTONS, address, method="post")

    assert settings == {302 if role in COORDINATING else 403}
    assert people == {302 if role in ADMINISTERING else 403}
    assert operators == {302 if role in ADMINISTERING else 403}


def test_a_button_reached_by_address_leads_to_its_page(administrator, address):
    for name in SETTINGS_BUTTONS + PEOPLE_BUTTONS + OPERATORS_BUTTONS:
        assert administrator.get(address(name)).status_code == 302


@pytest.mark.parametrize("role", list(Role))
def test_the_operators_page_is_for_administrators_and_auditors(sign_in, role):
    allowed = role in ADMINISTERING | LOOKING_ON

    assert sign_in(role).get("/operations/").status_code == (200 if allowed else 403)


@pytest.mark.parametrize("role", list(Role))
def test_the_calculator_is_for_everybody_on_the_staff(sign_in, role):
    assert sign_in(role).get("/calculator/").status_code == 200


def test_nobody_who_is_not_signed_in_sees_any_of_it(house, client, now, address):
    names = [*SETTINGS_TO_READ, *PEOPLE_TO_READ, *SETTINGS_TO_CHANGE, *PEOPLE_TO_CHANGE]
    paths = [
        *map(address, names),
        "/operations/",
        "/calculator/",
        "/account/",
        "/home/",
        "/set-up/",
    ]

    for path in paths:
        assert client.get(path).url == f"/sign-in/?next={path}"


def test_auditors_see_no_button(sign_in, address):
    client = sign_in(Role.AUDITOR)

    for name in [*SETTINGS_TO_READ[:8], "procedures", "procedure", *PEOPLE_TO_READ]:
        page = client.get(address(name)).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        assert 'method="post"' not in main
        assert "/change/" not in main
        assert "/add/" not in main


def test_a_coordinators_history_is_without_people(sign_in, address, house, admin):
    page = sign_in(Role.COMPLAINTS_COORDINATOR).get("/settings/history/?thing=person")

    assert "Line manager" not in page.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/settings/people/0000000000/",
        "/settings/people/0000000000/change/",
        "/settings/areas/none/",
        "/settings/areas/area-0/bring-back/",
        "/settings/categories/none/",
        "/settings/outside-bodies/none/",
        "/settings/letters/none/acknowledgement/",
        "/settings/letters/code-2024/poem/change/",
        "/settings/letters/code-2024/invitation/",
        "/settings/procedures/none/",
        "/settings/procedures/code-2024/versions/7/",
        "/settings/procedures/code-2024/versions/99999999999999999999999/",
        "/settings/procedures/code-2024/versions/7/file/",
        "/settings/procedures/herefordshire/draft/",
        "/settings/procedures/herefordshire/draft/publish/",
        "/settings/procedures/code-2024/draft/stage-9/",
        "/settings/procedures/code-2024/draft/stage-1/sing/",
        "/landlord/logo/",
    ],
)
def test_what_is_not_there_is_not_found(administrator, address, path):
    assert administrator.get(path).status_code == 404
