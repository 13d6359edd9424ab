"""Adding people, their particulars, leaving and coming back, absence."""

from datetime import date, timedelta

import pytest

from cases.errors import ActionNotAllowed, NotEntitled, SettingChanged
from cases.forms.accounts import AbsenceForm
from cases.models import Absence, OutboundMessage, SettingsChange, Thing, User
from cases.operations.people import (
    Particulars,
    change_person,
    come_back,
    end_absence,
    invite,
    leave,
    record_absence,
)
from cases.rules.roles import Role
from cases.selectors.settings_history import last_change
from cases.tests.factories import UserFactory
from cases.tests.settings.conftest import NOW

TODAY = NOW.date()


def acts_about(person: User) -> list[str]:
    return list(
        SettingsChange.objects.filter(person=person).order_by("pk").values_list("act", flat=True)
    )


def test_somebody_added_cannot_sign_in_before_they_chose_a_password(house, admin):
    person = invite(
        Particulars(" Jo Berg ", "Jo.Berg@Landlord.example ", "Surveyor"), by=admin, now=NOW
    )

    assert (person.name, person.email) == ("Jo Berg", "jo.berg@landlord.example")
    assert not person.has_usable_password()
    assert acts_about(person) == ["Added"]


def test_nobody_is_added_twice_and_the_refusal_leaves_no_trace(house, admin):
    invite(Particulars("Jo Berg", "jo@landlord.example"), by=admin, now=NOW)

    with pytest.raises(ActionNotAllowed, match="already"):
        invite(Particulars("Another Jo", "JO@landlord.example"), by=admin, now=NOW)

    assert SettingsChange.objects.count() == 1


def test_changed_particulars_are_noted_without_what_they_say(house, admin):
    person = house[Role.LINE_MANAGER]

    change_person(
        Particulars("New Name", person.email, "Manager", "0151"),
        user_id=person.pk,
        by=admin,
        now=NOW,
    )

    change = SettingsChange.objects.get()
    assert [what for what, _, _ in change.lines] == ["Name", "Job title", "Phone"]
    assert "New Name" not in str(change.changes)
    assert change.title == "New Name"


def test_nothing_changed_is_nothing_noted(house, admin):
    person = house[Role.LINE_MANAGER]

    change_person(Particulars(person.name, person.email), user_id=person.pk, by=admin, now=NOW)

    assert not SettingsChange.objects.exists()


def test_the_old_address_is_told_of_a_new_one(house, admin):
    person = house[Role.LINE_MANAGER]

    change_person(
        Particulars(person.name, "new@landlord.example"), user_id=person.pk, by=admin, now=NOW
    )

    message = OutboundMessage.objects.get()
    assert message.to_address == person.email
    assert "new@landlord.example" not in message.body


def test_nobody_takes_the_address_of_somebody_else(house, admin):
    person, other = house[Role.LINE_MANAGER], house[Role.DIRECTOR]

    with pytest.raises(ActionNotAllowed, match="already"):
        change_person(
            Particulars(person.name, other.email.upper()), user_id=person.pk, by=admin, now=NOW
        )

    person.refresh_from_db()
    assert person.email != other.email


def test_what_somebody_changed_meanwhile_is_not_overwritten_unseen(house, admin):
    person = house[Role.LINE_MANAGER]
    seen = last_change(Thing.PERSON, person.code)
    change_person(Particulars("First", person.email), user_id=person.pk, by=admin, now=NOW)

    with pytest.raises(SettingChanged, match=admin.name):
        change_person(
            Particulars("Second", person.email), user_id=person.pk, by=admin, now=NOW, seen=seen
        )

    person.refresh_from_db()
    assert person.name == "First"


def test_nobody_names_themselves_to_stand_in(house, admin):
    director, common = house[Role.DIRECTOR], {"first_day": TODAY, "last_day": TODAY, "now": NOW}

    with pytest.raises(NotEntitled, match="Nobody names themselves"):
        record_absence(user_id=director.pk, deputy_id=admin.pk, by=admin, **common)

    assert not Absence.objects.exists()


def test_nobody_stands_in_who_has_left_and_it_is_said(house, admin):
    deputy = UserFactory(roles=[Role.RESPONSIBLE_OFFICER])
    officer = house[Role.RESPONSIBLE_OFFICER]
    today = NOW.date()
    common = {"deputy_id": deputy.pk, "by": admin, "now": NOW}
    for person, begins in ((officer, today), (house[Role.DIRECTOR], today + timedelta(days=7))):
        last = begins + timedelta(days=3)
        record_absence(user_id=person.pk, first_day=begins, last_day=last, **common)

    leave(user_id=deputy.pk, by=admin, now=NOW)

    assert not Absence.objects.filter(last_day__gte=today).exists()
    told = OutboundMessage.objects.filter(kind="deputy-left").values_list("to_user__name", "body")
    coordinator = house[Role.COMPLAINTS_COORDINATOR].name
    assert sorted(name for name, _ in told) == sorted(
        [officer.name, house[Role.DIRECTOR].name, coordinator, coordinator]
    )
    assert not [body for _, body in told if officer.name in body or deputy.name in body]


def test_a_leaver_loses_password_roles_and_absences_at_once(house, admin):
    person = house[Role.LINE_MANAGER]
    Absence.objects.create(
        user=person, deputy=house[Role.DIRECTOR], first_day=TODAY, last_day=TODAY
    )

    leave(user_id=person.pk, by=admin, now=NOW)

    person.refresh_from_db()
    assert (person.is_active, person.left_on) == (False, TODAY)
    assert not person.has_usable_password()
    assert not person.grants.exists()
    assert not person.absences.exists()
    assert SettingsChange.objects.get().lines == [("Role", "line manager, Repairs north", "")]


def test_nobody_switches_themselves_off(house, admin):
    with pytest.raises(NotEntitled):
        leave(user_id=admin.pk, by=admin, now=NOW)


def test_nobody_leaves_twice_or_comes_back_who_is_here(house, admin):
    person = house[Role.LINE_MANAGER]

    with pytest.raises(ActionNotAllowed, match="has not left"):
        come_back(user_id=person.pk, by=admin, now=NOW)
    leave(user_id=person.pk, by=admin, now=NOW)
    with pytest.raises(ActionNotAllowed, match="has left already"):
        leave(user_id=person.pk, by=admin, now=NOW)


def test_whoever_comes_back_has_no_roles(house, admin):
    person = house[Role.LINE_MANAGER]
    leave(user_id=person.pk, by=admin, now=NOW)

    come_back(user_id=person.pk, by=admin, now=NOW)

    person.refresh_from_db()
    assert (person.is_active, person.left_on) == (True, None)
    assert not person.grants.exists()
    assert acts_about(person) == ["Left", "Came back"]


@pytest.mark.parametrize(
    ("first_day", "last_day", "words"),
    [
        (date(2026, 6, 12), date(2026, 6, 11), "before the first"),
        (date(2026, 6, 1), date(2026, 6, 9), "over"),
    ],
    ids=["wrong way round", "over"],
)
def test_an_absence_has_days_to_come(house, admin, first_day, last_day, words):
    with pytest.raises(ActionNotAllowed, match=words):
        away(house, admin, first_day, last_day)


def away(house, by, first_day=TODAY, last_day=TODAY, *, deputy=Role.DIRECTOR) -> Absence:
    return record_absence(
        user_id=house[Role.LINE_MANAGER].pk,
        deputy_id=house[deputy].pk,
        first_day=first_day,
        last_day=last_day,
        by=by,
        now=NOW,
    )


def test_an_absence_is_recorded_with_who_stands_in(house, admin):
    away(house, admin)

    assert SettingsChange.objects.get().lines == [
        ("Absence", "", "10 June 2026 to 10 June 2026, director stands in")
    ]


def test_nobody_stands_in_for_themselves(house, admin):
    with pytest.raises(ActionNotAllowed, match="somebody else"):
        away(house, admin, deputy=Role.LINE_MANAGER)


def test_a_deputy_must_be_here_and_able_to_sign_in(house, admin):
    director = house[Role.DIRECTOR]
    Absence.objects.create(
        user=director, deputy=house[Role.AUDITOR], first_day=TODAY, last_day=TODAY
    )
    with pytest.raises(ActionNotAllowed, match="away in those days too"):
        away(house, admin)
    leave(user_id=director.pk, by=admin, now=NOW)
    with pytest.raises(ActionNotAllowed, match="no longer sign in"):
        away(house, admin)


def test_a_deputy_deals_with_complaints_where_whoever_is_away_does(house, admin):
    with pytest.raises(ActionNotAllowed, match="auditor has no role that deals with complaints"):
        away(house, admin, deputy=Role.AUDITOR)
    assert not Absence.objects.exists()

    other = UserFactory(name="Kit Admin", roles=[Role.SYSTEM_ADMINISTRATOR])
    record_absence(
        user_id=house[Role.AUDITOR].pk,
        deputy_id=other.pk,
        first_day=TODAY,
        last_day=TODAY,
        by=admin,
        now=NOW,
    )


def test_whoever_stands_in_is_told_for_whom_and_from_when(house, admin):
    away(house, admin, TODAY + timedelta(days=2), TODAY + timedelta(days=4))

    [told] = OutboundMessage.objects.filter(kind="absence")
    assert told.to_user == house[Role.DIRECTOR]
    assert f"You stand in for {house[Role.LINE_MANAGER].name} from 12 June to 14 June" in told.body
    assert "It is open to you from 12 June on." in told.body


@pytest.mark.one_database
def test_a_deputy_is_chosen_by_name_and_job_title(house):
    UserFactory(name="Sam Deputy", job_title="Repairs Surveyor")

    form = AbsenceForm(user=house[Role.LINE_MANAGER], today=TODAY)

    assert "Sam Deputy, Repairs Surveyor" in dict(form.fields["deputy"].choices).values()


def test_two_absences_do_not_overlap(house, admin):
    away(house, admin, TODAY, TODAY + timedelta(days=3))

    with pytest.raises(ActionNotAllowed, match="recorded"):
        away(house, admin, TODAY + timedelta(days=3), TODAY + timedelta(days=5))


def test_an_absence_that_has_not_begun_is_cancelled(house, admin):
    absence = away(house, admin, TODAY + timedelta(days=1), TODAY + timedelta(days=2))

    end_absence(absence_id=absence.pk, user_id=absence.user_id, by=admin, now=NOW)

    assert not Absence.objects.exists()


def test_whoever_comes_back_early_is_away_until_yesterday(house, admin):
    absence = Absence.objects.create(
        user=house[Role.LINE_MANAGER],
        deputy=house[Role.DIRECTOR],
        first_day=TODAY - timedelta(days=2),
        last_day=TODAY + timedelta(days=2),
    )

    end_absence(absence_id=absence.pk, user_id=absence.user_id, by=admin, now=NOW)

    absence.refresh_from_db()
    assert absence.last_day == TODAY - timedelta(days=1)


def test_nobody_ends_an_absence_that_is_over_or_not_theirs(house, admin):
    absence = away(house, admin)

    with pytest.raises(ActionNotAllowed):
        end_absence(absence_id=absence.pk, user_id=admin.pk, by=admin, now=NOW)
    with pytest.raises(ActionNotAllowed):
        end_absence(
            absence_id=absence.pk, user_id=absence.user_id, by=admin, now=NOW + timedelta(days=1)
        )
