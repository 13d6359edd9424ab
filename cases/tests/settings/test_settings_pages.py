"""The pages of areas, categories, the landlord, outside bodies, and the settings at a glance."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import (
    Category,
    Landlord,
    OutsideBodyDetails,
    RoleGrant,
    ServiceArea,
    SettingsChange,
)
from cases.operations.landlord import LARGEST_LOGO
from cases.rules.roles import Role
from cases.selectors.settings_page import Section, needs_attention
from cases.tests.settings.conftest import NOW
from cases.tests.settings.pictures import JPEG, PNG, png, png_part

TODAY = NOW.date()
LANDLORD = {
    "name": "Harbourside Homes",
    "telephone": "0151 555 0100",
    "emergency_telephone": "0151 555 0999",
    "repairs_telephone": "0151 555 0101",
    "neighbours_contact": "0151 555 0102",
    "council_contact": "https://www.council.example/",
    "register_contact": "Ring 0151 555 0103",
    "email": "hello@harbourside.example",
    "website": "www.harbourside.example",
    "address": "1 Dock Road\nHarbourside",
    "opening_hours": "Monday to Friday, 9 to 5",
    "alerts_from_hour": "7",
    "alerts_until_hour": "19",
}


def text(response) -> str:
    return response.content.decode()


def queries_of(client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


# The settings at a glance --------------------------------------------------------------------


def test_what_needs_attention_comes_first(house, administrator):
    RoleGrant.objects.filter(role=Role.COMPLAINTS_COORDINATOR.value).delete()

    page = text(administrator.get("/settings/"))

    assert page.index("Nobody is complaints coordinator") < page.index("People and roles")
    assert "The landlord has no address" in page


def test_attention_for_people_leads_nowhere_for_those_who_may_not_look(house, sign_in):
    RoleGrant.objects.filter(role=Role.AUDITOR.value).delete()

    page = text(sign_in(Role.COMPLAINTS_COORDINATOR).get("/settings/"))

    assert "Nobody is auditor" in page
    assert "/settings/people/" not in page


def test_a_landlord_that_lacks_nothing_is_told_nothing(house):
    landlord = Landlord.objects.get()
    landlord.address = "1 Dock Road"
    landlord.privacy_contact = landlord.kept_for = "Ask us"
    Category.objects.create(code="damp", name="Damp")
    for code in ("ombudsman", "designated_person"):
        OutsideBodyDetails.objects.create(code=code, name=code, from_on=TODAY)

    found = needs_attention(landlord, today=TODAY)

    assert {each.section for each in found} == {Section.CALENDAR}


def test_the_settings_ask_the_same_few_questions_however_much_there_is(house, administrator, admin):
    few = queries_of(administrator, "/settings/")
    for number in range(20):
        Category.objects.create(code=f"c{number}", name=f"Category {number}")
        ServiceArea.objects.create(code=f"a{number}", name=f"Area {number}", path="/0/")

    assert queries_of(administrator, "/settings/") <= few
    assert few <= 24


def test_the_history_is_filtered_and_has_pages(house, administrator, admin):
    administrator.post("/settings/categories/add/", {"name": "Damp"})
    administrator.post("/settings/areas/add/", {"name": "Estates"})

    areas = administrator.get("/settings/history/?thing=area")
    by_admin = text(administrator.get(f"/settings/history/?by={admin.code}"))

    assert [change.title for change in areas.context["changes"]] == ["Estates"]
    assert "Showing <strong>1</strong> to <strong>2</strong> of <strong>2</strong>" in by_admin


def test_the_history_asks_as_much_for_many_changes_as_for_few(house, administrator, admin):
    few = queries_of(administrator, "/settings/history/")
    for number in range(10):
        administrator.post("/settings/categories/add/", {"name": f"Category {number}"})

    assert queries_of(administrator, "/settings/history/") <= few + 1


# Service areas and categories -----------------------------------------------------------------


def test_an_area_is_added_changed_retired_and_brought_back(house, administrator):
    administrator.post("/settings/areas/add/", {"name": "Estates", "parent": house.team.code})
    path = "/settings/areas/estates/"
    seen = administrator.get(path).context["form"].initial["seen"]
    administrator.post(path, {"seen": seen, "name": "Grounds", "parent": ""})
    retired = administrator.post(f"{path}retire/", follow=True)
    back = administrator.post(f"{path}bring-back/", follow=True)

    area = ServiceArea.objects.get(code="estates")
    assert (area.name, area.parent, area.is_retired) == ("Grounds", None, False)
    assert "No longer in use" in text(retired)
    assert "Grounds is in use again." in text(back)


def test_an_area_cannot_be_put_below_itself_on_the_page(house, administrator):
    path = f"/settings/areas/{house.service.code}/"

    page = administrator.get(path)
    response = administrator.post(path, {"name": "Repairs", "parent": house.team.code})

    assert house.team.code not in dict(page.context["form"].fields["parent"].choices)
    assert "select one of the answers" in text(response)


def test_what_hangs_on_an_area_is_told_before_it_is_retired(house, administrator):
    house.lodge()

    page = text(administrator.get(f"/settings/areas/{house.team.code}/retire/"))
    refused = administrator.post(f"/settings/areas/{house.service.code}/retire/")

    assert "It has 1 open complaint." in page
    assert "Repairs north is part of it and in use." in text(refused)


@pytest.mark.parametrize("path", ["/settings/areas/add/", "/settings/categories/add/"])
def test_a_name_is_needed(administrator, path):
    response = administrator.post(path, {"name": "  "})

    assert response.status_code == 422
    assert "Name: enter an answer" in text(response)


def test_categories_are_added_renamed_moved_and_retired_on_the_page(house, administrator):
    for name in ("Damp", "Lifts"):
        administrator.post("/settings/categories/add/", {"name": name})
    seen = administrator.get("/settings/categories/damp/").context["form"].initial["seen"]
    administrator.post("/settings/categories/damp/", {"seen": seen, "name": "Damp and mould"})
    administrator.post("/settings/categories/lifts/move/", {"to": "up"})
    told = text(
        administrator.post("/settings/categories/damp/retire/", {"to": "retire"}, follow=True)
    )
    page = text(administrator.get("/settings/categories/"))

    assert page.index("Lifts") < page.index("Damp and mould")
    assert "nobody can choose it any more" in told
    administrator.post("/settings/categories/damp/retire/", {"to": "back"})
    assert not Category.objects.filter(is_retired=True).exists()


# The landlord ---------------------------------------------------------------------------------


def test_what_is_changed_of_the_landlord_stands_on_the_next_page(house, administrator):
    response = administrator.post("/settings/landlord/change/", LANDLORD, follow=True)

    landlord = Landlord.objects.get()
    assert landlord.website == "https://www.harbourside.example"
    assert landlord.alerts_from_hour == 7
    assert "0151 555 0100" in text(response)
    change = SettingsChange.objects.get()
    assert ("Telephone", "0800 000 0000", "0151 555 0100") in change.lines


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Name: enter an answer"),
        ({"email": "hello"}, "enter an address like name@example.com"),
        ({"website": "javascript:alert(1)"}, "Enter the address of a website"),
        ({"website": "ftp://files.example"}, "Enter the address of a website"),
        ({"alerts_from_hour": "19", "alerts_until_hour": "7"}, "must end later than they begin"),
        ({"alerts_until_hour": "25"}, "select one of the answers"),
        ({"telephone": "1" * 41}, "use 40 characters or fewer"),
    ],
    ids=["no name", "e-mail", "script", "ftp", "hours", "no hour", "too long"],
)
def test_a_mistake_about_the_landlord_is_told_and_kept(administrator, changes, words):
    response = administrator.post("/settings/landlord/change/", LANDLORD | changes)

    assert response.status_code == 422
    assert words in text(response)
    assert "1 Dock Road" in text(response)
    assert not SettingsChange.objects.exists()


def upload(client, content: bytes, name: str = "logo.png"):
    file = SimpleUploadedFile(name, content)
    return client.post("/settings/landlord/logo/", {"logo": file}, follow=True)


@pytest.mark.parametrize(("content", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg")])
def test_a_logo_stands_on_every_page_and_everybody_may_fetch_it(
    administrator, client, content, kind
):
    page = text(upload(administrator, content, "any.name"))
    address = Landlord.objects.get().logo_url
    client.logout()

    picture = client.get(address)

    assert f'src="{address}"' in page
    assert (picture.content, picture["Content-Type"]) == (content, kind)
    assert picture["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in picture["Content-Security-Policy"]
    assert "immutable" in picture["Cache-Control"]
    assert "immutable" not in client.get("/landlord/logo/?v=old")["Cache-Control"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg onload=alert(1)>", "must be a PNG or JPEG picture"),
        (PNG[:30], "The picture is damaged"),
        (PNG + b"x" * LARGEST_LOGO, "larger than 200 KB"),
        (b"", "The file is empty"),
    ],
    ids=["svg", "damaged", "large", "empty"],
)
def test_a_file_that_is_no_logo_is_refused(administrator, content, words):
    response = upload(administrator, content)

    assert response.status_code == 422
    assert words in text(response)
    assert not Landlord.objects.get().logo_mark


def test_no_file_is_told(administrator):
    assert "Choose a picture" in text(administrator.post("/settings/landlord/logo/", {}))


def test_what_is_no_picture_in_a_logo_is_not_served(administrator, client):
    upload(administrator, png(png_part(b"tEXt", b"Author\x00Jo Berg")))

    assert b"Jo Berg" not in client.get(Landlord.objects.get().logo_url).content


def test_a_logo_is_removed(administrator, client):
    upload(administrator, PNG)

    page = administrator.post("/settings/landlord/logo/remove/", follow=True)
    administrator.post("/settings/landlord/logo/remove/")

    assert "The logo is removed." in text(page)
    assert client.get("/landlord/logo/").status_code == 404
    assert [each.act for each in SettingsChange.objects.order_by("pk")] == [
        "Logo changed",
        "Logo removed",
    ]


def test_the_bytes_of_the_logo_are_not_read_for_every_page(administrator):
    upload(administrator, PNG)

    with CaptureQueriesContext(connection) as captured:
        administrator.get("/settings/categories/")

    read = [each["sql"] for each in captured if '"cases_landlord"."name"' in each["sql"]]
    assert read
    assert not any('"cases_landlord"."logo",' in sql for sql in read)


# Outside bodies -------------------------------------------------------------------------------

BODY = {
    **{"from_on_day": "1", "from_on_month": "7", "from_on_year": "2026"},
    "name": "Housing Ombudsman Service",
    "telephone": "0300 111 3000",
    "website": "https://www.housing-ombudsman.org.uk",
    "address": "PO Box 1",
    "words": "",
}


@pytest.fixture
def ombudsman(house) -> OutsideBodyDetails:
    """Return the Ombudsman's details as they are."""
    details = OutsideBodyDetails.objects.get(code="ombudsman")
    details.from_on = date(2022, 10, 1)
    details.address = "Old Street"
    details.save()
    return details


def test_a_new_letter_takes_what_is_right_on_its_day(ombudsman, administrator):
    response = administrator.post("/settings/outside-bodies/ombudsman/", BODY, follow=True)

    details = OutsideBodyDetails.objects
    assert "To come" in text(response)
    assert details.on("ombudsman", TODAY).address == "Old Street"
    assert details.on("ombudsman", TODAY.replace(month=7)).address == "PO Box 1"
    assert ("Address", "Old Street", "PO Box 1") in SettingsChange.objects.get().lines


def test_the_form_begins_with_the_details_there_are(ombudsman, administrator):
    page = text(administrator.get("/settings/outside-bodies/ombudsman/"))

    assert "Old Street" in page


def test_a_body_that_only_a_procedure_names_can_be_described(house, administrator):
    page = administrator.get("/settings/outside-bodies/designated_person/")

    assert page.context["form"].initial["name"] == "Designated person: an MP or a councillor"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"from_on_day": "1", "from_on_month": "10", "from_on_year": "2022"}, "there already"),
        ({"from_on_year": "1999"}, "must be on or after 1 January 2000"),
        ({"from_on_day": ""}, "must include a day"),
        ({"name": ""}, "Name: enter an answer"),
        ({"website": "nonsense"}, "Enter the address of a website"),
    ],
    ids=["taken", "too early", "no day", "no name", "no website"],
)
def test_a_mistake_about_an_outside_body_is_told(ombudsman, administrator, changes, words):
    response = administrator.post("/settings/outside-bodies/ombudsman/", BODY | changes)

    assert response.status_code == 422
    assert words in text(response)
    assert OutsideBodyDetails.objects.count() == 1


def test_details_are_taken_back_before_their_day_and_never_after(ombudsman, administrator):
    administrator.post("/settings/outside-bodies/ombudsman/", BODY)
    path = "/settings/outside-bodies/ombudsman/take-back/"

    taken = administrator.post(path, {"from_on": "2026-07-01"}, follow=True)
    twice = administrator.post(path, {"from_on": "2026-07-01"}, follow=True)
    kept = administrator.post(path, {"from_on": "2022-10-01"}, follow=True)
    nonsense = administrator.post(path, {"from_on": "soon"}, follow=True)

    assert "are taken back" in text(taken)
    assert "taken back already" in text(twice)
    assert "Letters may carry these details already" in text(kept)
    assert "That is no day." in text(nonsense)
    assert OutsideBodyDetails.objects.get() == ombudsman
