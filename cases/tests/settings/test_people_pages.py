"""The pages of people: finding, adding, changing, roles, leaving, absence."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Absence, OutboundMessage, User
from cases.operations.people import leave
from cases.rules.roles import Role
from cases.tests.factories import UserFactory
from cases.tests.settings.conftest import NOW

PEOPLE = "/settings/people/"
DAYS = {
    **{"first_day_day": "12", "first_day_month": "6", "first_day_year": "2026"},
    **{"last_day_day": "19", "last_day_month": "6", "last_day_year": "2026"},
}


def at(house, role: Role, *more: str) -> str:
    return "/".join([PEOPLE.rstrip("/"), house.people[role].code, *more, ""])


def text(response) -> str:
    return response.content.decode()


def names(page) -> list[str]:
    return [person.name for person in page.context["people"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=line", ["front-line colleague", "line manager"]),
        ("q=LINE+manager", ["line manager"]),
        ("q=nobody", []),
        ("role=director", ["director"]),
        ("role=line_manager&area=area-0", ["line manager"]),
        ("state=left", ["Gone"]),
        ("q=gone&state=all", ["Gone"]),
        ("q=gone", []),
    ],
)
def test_people_are_found_by_words_role_area_and_state(house, administrator, admin, query, found):
    gone = UserFactory(name="Gone")
    leave(user_id=gone.pk, by=admin, now=NOW)
    query = query.replace("area-0", house.directorate.code)

    assert names(administrator.get(f"{PEOPLE}?{query}")) == found


def test_who_was_invited_and_never_came_is_found(house, administrator):
    User.objects.exclude(pk=house.people[Role.AUDITOR].pk).update(last_login=NOW)

    assert names(administrator.get(f"{PEOPLE}?state=invited")) == ["auditor"]


def test_a_wrong_filter_shows_everybody(administrator):
    assert len(names(administrator.get(f"{PEOPLE}?role=king"))) == len(Role)


def test_the_list_asks_as_much_for_many_people_as_for_few(house, administrator):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            administrator.get(PEOPLE)
        return len(captured)

    few = queries()
    for _ in range(30):
        UserFactory(roles=[Role.AUDITOR, (Role.LINE_MANAGER, house.team)])

    assert queries() == few
    assert few <= 12


def test_a_long_list_has_pages(house, administrator):
    UserFactory.create_batch(60)

    page = administrator.get(f"{PEOPLE}?page=2&state=here")

    assert "Showing <strong>51</strong> to" in text(page)


def test_somebody_added_is_sent_an_invitation(administrator):
    response = administrator.post(
        f"{PEOPLE}add/", {"name": "Jo Berg", "email": "jo@landlord.example"}, follow=True
    )

    person = User.objects.get(email="jo@landlord.example")
    assert response.redirect_chain == [(reverse("cases:person", args=[person.code]), 302)]
    assert "Jo Berg is added" in text(response)
    assert OutboundMessage.objects.get().kind == "invitation"


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"name": "", "email": "jo@landlord.example"}, "Name: enter an answer"),
        ({"name": "Jo", "email": ""}, "E-mail address: enter an answer"),
        ({"name": "Jo", "email": "jo"}, "enter an address like name@example.com"),
        ({"name": "Jo", "email": "TAKEN@landlord.example"}, "Somebody has the e-mail address"),
        ({"name": "x" * 121, "email": "jo@landlord.example"}, "use 120 characters or fewer"),
    ],
    ids=["no name", "no address", "wrong address", "taken", "too long"],
)
def test_a_mistake_in_adding_somebody_is_told_and_everything_kept(administrator, answers, words):
    UserFactory(email="taken@landlord.example")

    response = administrator.post(f"{PEOPLE}add/", {**answers, "job_title": "Surveyor"})

    assert response.status_code == 422
    assert words in text(response)
    assert 'value="Surveyor"' in text(response)
    assert not OutboundMessage.objects.exists()


def test_particulars_are_changed_on_the_page(house, administrator):
    page = administrator.get(at(house, Role.DIRECTOR, "change"))
    answers = {"seen": page.context["form"].initial["seen"], "name": "New", "email": "n@e.example"}

    response = administrator.post(at(house, Role.DIRECTOR, "change"), answers, follow=True)

    assert "The particulars are saved." in text(response)
    assert house[Role.DIRECTOR].name == "New"


def test_what_somebody_else_changed_is_shown_and_may_then_be_saved_over(house, administrator):
    path = at(house, Role.DIRECTOR, "change")
    seen = administrator.get(path).context["form"].initial["seen"]
    email = house[Role.DIRECTOR].email
    administrator.post(path, {"seen": seen, "name": "First", "email": email})

    stale = administrator.post(path, {"seen": seen, "name": "Second", "email": email})
    again = stale.context["form"]["seen"].value()
    fresh = administrator.post(path, {"seen": again, "name": "Second", "email": email})

    assert stale.status_code == 422
    assert "changed this after you opened the page" in text(stale)
    assert "What was changed lately" in text(stale)
    assert fresh.status_code == 302
    assert house[Role.DIRECTOR].name == "Second"


def test_a_role_is_given_with_its_area(house, administrator):
    path = at(house, Role.AUDITOR, "roles", "give")

    response = administrator.post(
        path, {"role": "line_manager", "area_of_line_manager": house.service.code}, follow=True
    )

    assert "has the role now: line manager, Repairs." in text(response)
    assert house[Role.AUDITOR].grants.filter(area=house.service).exists()


def test_a_role_without_an_area_is_given_alone(house, administrator):
    administrator.post(at(house, Role.DIRECTOR, "roles", "give"), {"role": "panel_member"})

    assert house[Role.DIRECTOR].has_role(Role.PANEL_MEMBER)


@pytest.mark.rule("K3-15")
def test_it_is_recorded_which_committee_a_panel_member_chairs(house, administrator):
    path = at(house, Role.PANEL_MEMBER, "committees", "add")
    answers = {"committee": "Repairs Committee", "post": "vice_chair", "area": house.service.code}

    wrong = administrator.post(path, {**answers, "post": ""})
    done = administrator.post(path, answers, follow=True)
    again = administrator.post(path, answers)

    assert wrong.status_code == 422
    assert "Repairs Committee" in text(wrong)
    assert "Vice Chair of the Repairs Committee, answers for Repairs" in text(done)
    assert "Take that away first" in text(again)
    post = house[Role.PANEL_MEMBER].committee_posts.get(committee="Repairs Committee")
    end = at(house, Role.PANEL_MEMBER, "committees", "end")
    assert "no longer leads" in text(administrator.post(end, {"post": post.pk}, follow=True))
    assert not house[Role.PANEL_MEMBER].committee_posts.filter(pk=post.pk).exists()


def test_only_a_panel_member_is_recorded_as_chair(house, administrator):
    path = at(house, Role.DIRECTOR, "committees", "add")

    refused = administrator.post(path, {"committee": "Board", "post": "chair", "area": ""})

    assert "Give them that role first" in text(refused)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "Choose a role"),
        ({"role": "king"}, "select one of the answers"),
        ({"role": "line_manager"}, "Choose the service area"),
        ({"role": "line_manager", "area_of_line_manager": "none"}, "select one of the answers"),
        ({"role": "auditor"}, "has this role already"),
    ],
    ids=["nothing", "no role", "no area", "unknown area", "held"],
)
def test_a_role_that_cannot_be_given_is_told(house, administrator, answers, words):
    response = administrator.post(at(house, Role.AUDITOR, "roles", "give"), answers)

    assert response.status_code == 422
    assert words in text(response)


def test_administrators_find_no_way_to_change_their_own_roles(house, administrator):
    page = text(administrator.get(at(house, Role.SYSTEM_ADMINISTRATOR)))
    given = administrator.post(
        at(house, Role.SYSTEM_ADMINISTRATOR, "roles", "give"), {"role": "director"}
    )
    taken = administrator.post(
        at(house, Role.SYSTEM_ADMINISTRATOR, "roles", "take"),
        {"grant": "system_administrator/"},
        follow=True,
    )

    assert "Nobody changes their own roles." in page
    assert "Take away" not in page
    assert given.status_code == 422
    assert "Nobody changes their own roles." in text(taken)
    assert house[Role.SYSTEM_ADMINISTRATOR].has_role(Role.SYSTEM_ADMINISTRATOR)


def test_a_role_is_taken_away_by_its_button(house, administrator):
    page = text(administrator.get(at(house, Role.LINE_MANAGER)))
    value = f"line_manager/{house.team.pk}"

    administrator.post(at(house, Role.LINE_MANAGER, "roles", "take"), {"grant": value})

    assert f'value="{value}"' in page
    assert not house[Role.LINE_MANAGER].grants.exists()


@pytest.mark.parametrize("grant", ["", "king/1", "line_manager/x", "line_manager/999999"])
def test_a_button_that_sends_nonsense_takes_nothing(house, administrator, grant):
    response = administrator.post(
        at(house, Role.LINE_MANAGER, "roles", "take"), {"grant": grant}, follow=True
    )

    assert "This did not work." in text(response)
    assert house[Role.LINE_MANAGER].grants.exists()


def test_an_administrator_is_told_who_hands_over_what_a_leaver_had_open(house, administrator):
    house.lodge(officer_id=house.people[Role.LINE_MANAGER].pk)

    leaving = text(administrator.get(at(house, Role.LINE_MANAGER, "leave")))
    person = text(administrator.get(at(house, Role.LINE_MANAGER)))

    assert "<strong>1 open complaint</strong> in their name will be unassigned" in leaving
    assert "Ask a complaints coordinator to hand them over first." in leaving
    assert "1 open complaint in their name. A complaints coordinator can hand them over." in person
    assert "officer=" not in leaving + person


def test_whoever_sees_complaints_too_finds_those_of_a_leaver(house, client):
    house.lodge(officer_id=house.people[Role.LINE_MANAGER].pk)
    roles = [(Role.SYSTEM_ADMINISTRATOR, None), (Role.COMPLAINTS_COORDINATOR, None)]
    client.force_login(UserFactory(roles=roles))

    page = text(client.get(at(house, Role.LINE_MANAGER, "leave")))

    assert f"officer={house.people[Role.LINE_MANAGER].pk}" in page
    assert "Hand them over first" in page


def test_a_leaver_is_switched_off_and_may_come_back(house, administrator):
    left = administrator.post(at(house, Role.LINE_MANAGER, "leave"), follow=True)
    gone = administrator.get(at(house, Role.LINE_MANAGER, "leave"))
    back = administrator.post(at(house, Role.LINE_MANAGER, "come-back"), follow=True)

    assert "can no longer sign in" in text(left)
    assert "Left on 10 June 2026" in text(left)
    assert gone.status_code == 404
    assert "is back" in text(back)
    assert OutboundMessage.objects.get().kind == "invitation"


def test_nobody_switches_themselves_off_on_the_page(house, administrator):
    response = administrator.post(at(house, Role.SYSTEM_ADMINISTRATOR, "leave"))

    assert "Nobody switches themselves off." in text(response)
    assert house[Role.SYSTEM_ADMINISTRATOR].is_active


def test_an_invitation_is_sent_again(house, administrator):
    page = administrator.post(at(house, Role.DIRECTOR, "invite"), follow=True)

    assert "A new link is on its way" in text(page)
    assert "Invited on 10 June 2026, has not signed in yet" in text(page)


def test_no_invitation_goes_to_a_leaver(house, administrator, admin):
    leave(user_id=house.people[Role.DIRECTOR].pk, by=admin, now=NOW)

    page = administrator.post(at(house, Role.DIRECTOR, "invite"), follow=True)

    assert "Let them come back first." in text(page)
    assert not OutboundMessage.objects.exists()


def test_an_absence_is_recorded_and_ended_on_behalf_of_somebody(house, administrator):
    path = at(house, Role.LINE_MANAGER, "absence")
    deputy = house.people[Role.DIRECTOR].pk

    recorded = administrator.post(path, {**DAYS, "deputy": deputy}, follow=True)
    shown = text(administrator.get(at(house, Role.DIRECTOR)))
    ended = administrator.post(f"{path}end/", {"absence": Absence.objects.get().pk}, follow=True)

    assert "director stands in for line manager from 12 June to 19 June 2026." in text(recorded)
    assert "Stands in for line manager" in shown
    assert "Nobody stands in for line manager" in text(ended)
    assert not Absence.objects.exists()


def test_an_absence_without_a_deputy_is_told(house, administrator):
    response = administrator.post(at(house, Role.LINE_MANAGER, "absence"), DAYS)

    assert response.status_code == 422
    assert "Choose who stands in" in text(response)


def test_a_person_shows_what_was_changed(house, administrator):
    administrator.post(at(house, Role.DIRECTOR, "roles", "give"), {"role": "panel_member"})

    page = text(administrator.get(at(house, Role.DIRECTOR)))

    assert "Role given" in page
    assert "by system administrator" in page


def test_administrators_see_how_many_complaints_and_nothing_about_them(house, administrator):
    complaint = house.lodge()

    page = text(administrator.get(at(house, Role.RESPONSIBLE_OFFICER)))

    assert "1 open complaint" in page
    assert complaint.reference not in page
    assert complaint.summary not in page
