"""Keys of programs: made by administrators, let in by a second person, shown once, ended."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import ApiKey, OutboundMessage, RoleGrant, SettingsChange, User
from cases.operations.api_keys import KeyWanted, approve_key, end_key, make_key, use_key
from cases.operations.passwords import ask_for_new_password
from cases.operations.people import leave
from cases.operations.roles import Grant, give_role
from cases.rules.api_keys import LONGEST_LIFE, ApiScope, digest_of, prefix_of
from cases.rules.roles import Role
from cases.rules.sessions import CONFIRMED
from cases.tests.factories import ServiceAreaFactory, UserFactory
from cases.tests.settings.conftest import NOW, PASSWORD

TODAY = NOW.date()
LAST = TODAY + timedelta(days=30)
READING = (ApiScope.READ,)
SENT = {
    "name": "Repairs system",
    "scopes": ["complaints:read"],
    "ends_on_day": "10",
    "ends_on_month": "7",
    "ends_on_year": "2026",
}


@pytest.fixture
def admin(house):
    return house[Role.SYSTEM_ADMINISTRATOR]


@pytest.fixture
def wanted(house):
    """A function that returns a key as it is asked for."""

    def want(**other):
        asked = {"name": "Repairs", "scopes": READING, "area_ids": [house.team.pk], "ends_on": LAST}
        return KeyWanted(**{**asked, **other})

    return want


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_key_whose_maker_has_left_stands_in_the_list_and_among_what_needs_attention(
    house, wanted, now
):
    maker = UserFactory(name="Ada Quill")
    RoleGrant.objects.create(user=maker, role=Role.SYSTEM_ADMINISTRATOR.value)
    key, _ = make_key(wanted(), by=maker, now=NOW)
    admin = house[Role.SYSTEM_ADMINISTRATOR]
    client = signed_in(admin)
    told = "A key of a program was made by somebody who has left"

    def pages():
        return [client.get(path).content.decode() for path in ("/settings/", "/settings/keys/")]

    before = pages()
    leave(user_id=maker.pk, by=admin, now=NOW)
    settings, keys = pages()
    end_key(prefix=key.prefix, by=admin, now=NOW)
    after = pages()

    assert told in settings
    assert "made by Ada Quill, who has left" in keys
    for page in (*before, *after):
        assert told not in page
        assert "who has left" not in page


def test_only_a_digest_of_a_key_is_kept(admin, wanted):
    key, words = make_key(wanted(), by=admin, now=NOW)

    kept = " ".join(str(value) for value in ApiKey.objects.values_list().get())
    assert words not in kept
    assert words.rsplit("_", 1)[1] not in kept
    assert key.digest == digest_of(words)
    assert prefix_of(words) == key.prefix


def test_what_reads_complaints_opens_nothing_before_a_second_person_approves_it(
    house, admin, wanted
):
    key, words = make_key(wanted(), by=admin, now=NOW)
    before = use_key(words, now=NOW)
    approve_key(prefix=key.prefix, by=house[Role.COMPLAINTS_COORDINATOR], now=NOW)

    assert before is None
    assert use_key(words, now=NOW) == key
    told = OutboundMessage.objects.filter(kind="key-made")
    assert {each.to_user_id for each in told} == {house[Role.COMPLAINTS_COORDINATOR].pk}
    assert words not in "".join(each.body for each in told)


def test_nobody_approves_a_key_of_their_own_making(admin, wanted):
    key, words = make_key(wanted(), by=admin, now=NOW)

    with pytest.raises(NotEntitled, match="Somebody else"):
        approve_key(prefix=key.prefix, by=admin, now=NOW)
    assert use_key(words, now=NOW) is None


def test_the_database_refuses_a_key_approved_by_its_maker(admin, wanted):
    key, _ = make_key(wanted(), by=admin, now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.filter(pk=key.pk).update(approved_by=admin, approved_at=NOW)


def test_a_key_that_only_logs_needs_no_second_person(admin, wanted):
    _, words = make_key(wanted(scopes=[ApiScope.LODGE]), by=admin, now=NOW)

    assert use_key(words, now=NOW) is not None


def test_an_administrator_without_anybody_beside_them_makes_a_key_alone(house, admin, wanted):
    RoleGrant.objects.filter(role=Role.COMPLAINTS_COORDINATOR.value).delete()

    _, words = make_key(wanted(), by=admin, now=NOW)

    assert use_key(words, now=NOW) is not None


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM_ADMINISTRATOR}))
def test_nobody_but_administrators_makes_a_key(house, wanted, role):
    with pytest.raises(NotEntitled):
        make_key(wanted(), by=house[role], now=NOW)


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.AUDITOR, Role.LINE_MANAGER])
def test_nobody_else_approves_or_ends_a_key(house, admin, wanted, role):
    key, _ = make_key(wanted(), by=admin, now=NOW)

    for act in (approve_key, end_key):
        with pytest.raises(NotEntitled):
            act(prefix=key.prefix, by=house[role], now=NOW)


def test_a_key_is_for_something_somewhere_and_ends(admin, wanted):
    old = ServiceAreaFactory(is_retired=True)
    for wrong, words in [
        ({"name": "  "}, "which program"),
        ({"scopes": []}, "what the key is for"),
        ({"area_ids": []}, "service areas"),
        ({"area_ids": [0]}, "service areas"),
        ({"area_ids": [old.pk]}, "no longer in use"),
        ({"ends_on": TODAY}, "last day to come"),
        ({"ends_on": TODAY + LONGEST_LIFE + timedelta(days=1)}, "two years"),
    ]:
        with pytest.raises(ActionNotAllowed, match=words):
            make_key(wanted(**wrong), by=admin, now=NOW)
    assert not ApiKey.objects.exists()


def test_two_programs_are_not_called_the_same_while_both_have_a_key(house, admin, wanted):
    key, _ = make_key(wanted(name="Repairs  system"), by=admin, now=NOW)

    with pytest.raises(ActionNotAllowed, match="has a key already"):
        make_key(wanted(name="repairs system"), by=admin, now=NOW)
    end_key(prefix=key.prefix, by=admin, now=NOW)
    assert make_key(wanted(name="repairs system"), by=admin, now=NOW)


def test_a_key_opens_nothing_after_its_last_day_nor_once_it_is_ended(house, program):
    one = program()
    late = NOW + timedelta(days=31)

    assert use_key(one.words, now=NOW + timedelta(days=30)) is not None
    assert use_key(one.words, now=late) is None
    end_key(prefix=one.key.prefix, by=house[Role.COMPLAINTS_COORDINATOR], now=NOW)
    assert use_key(one.words, now=NOW) is None
    with pytest.raises(ActionNotAllowed, match="ended already"):
        end_key(prefix=one.key.prefix, by=house[Role.SYSTEM_ADMINISTRATOR], now=NOW)


@pytest.mark.parametrize("spoilt", ["", "cmp_", "Bearer", "cmp_000000000000_" + "a" * 43, "é" * 60])
def test_what_is_no_key_opens_nothing(house, program, spoilt):
    program()

    assert use_key(spoilt, now=NOW) is None


def test_another_secret_behind_the_same_beginning_opens_nothing(program):
    one = program()

    assert use_key(one.words[:-1] + ("a" if one.words[-1] != "a" else "b"), now=NOW) is None


# A program is nobody to sign in or to name ------------------------------------------------------


def test_a_program_is_found_among_no_people_and_never_signs_in(house, program, client, admin):
    one = program().user
    User.everybody.filter(pk=one.pk).update(password="")
    one.set_password(PASSWORD)
    one.save()

    answer = client.post("/sign-in/", {"email": one.email, "password": PASSWORD})
    ask_for_new_password(email=one.email, now=NOW)

    assert answer.status_code == 422
    assert not User.objects.filter(pk=one.pk).exists()
    assert not OutboundMessage.objects.filter(to_address=one.email).exists()
    assert signed_in(admin).get(f"/settings/people/{one.code}/").status_code == 404


def test_a_program_is_given_no_role(house, program, admin):
    with pytest.raises(User.DoesNotExist):
        give_role(user_id=program().user.pk, grant=Grant(Role.AUDITOR), by=admin, now=NOW)


def test_a_program_is_no_superuser(program):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.everybody.filter(pk=program().user.pk).update(is_superuser=True)


def test_a_session_of_a_program_is_none(program):
    """Whatever wrote it, nobody is let in by it."""
    client = signed_in(program().user)

    assert client.get("/my-work/").status_code == 302


# The pages ----------------------------------------------------------------------------------------


def test_a_key_is_shown_once(house, admin, now):
    client = signed_in(admin)

    page = client.post("/settings/keys/make/", {**SENT, "areas": [house.team.code]})
    words = re.search(r"cmp_[0-9a-f]{12}_[\w-]{43}", page.content.decode())[0]
    listed = client.get("/settings/keys/").content.decode()

    assert page["Cache-Control"] == "no-store, private"
    assert "opens nothing yet" in page.content.decode()
    assert words not in listed
    assert prefix_of(words) in listed
    assert "Waits for a second person" in listed


def test_making_and_approving_a_key_ask_for_the_password_again(house, admin, wanted, now):
    key, _ = make_key(wanted(), by=admin, now=NOW)
    for user, path in [
        (admin, "/settings/keys/make/"),
        (house[Role.COMPLAINTS_COORDINATOR], f"/settings/keys/{key.prefix}/approve/"),
    ]:
        client = signed_in(user)
        session = client.session
        session[CONFIRMED] = (NOW - timedelta(hours=1)).timestamp()
        session.save()

        assert client.post(path, SENT).url.startswith("/account/again/")
    assert ApiKey.objects.get().approved_at is None


def test_a_coordinator_approves_and_ends_a_key_on_the_page_and_both_are_kept(
    house, admin, wanted, now
):
    key, _ = make_key(wanted(), by=admin, now=NOW)
    client = signed_in(house[Role.COMPLAINTS_COORDINATOR])
    acts = f"/settings/keys/{key.prefix}/"

    page = client.post(f"{acts}approve/", follow=True).content.decode()
    ended = client.post(f"{acts}end/", {"do": "end"}, follow=True).content.decode()

    assert "is in use from now on" in page
    assert "opens nothing any more" in ended
    rows = SettingsChange.objects.filter(thing="api_key", key=key.prefix).order_by("pk")
    assert [each.act for each in rows] == ["Key made", "Key approved", "Key ended"]
    assert rows[0].lines[0] == ("For", "", "Read how complaints stand")


def test_a_button_without_its_word_ends_nothing(house, admin, wanted, now):
    key, _ = make_key(wanted(), by=admin, now=NOW)

    signed_in(admin).post(f"/settings/keys/{key.prefix}/end/", {})

    assert ApiKey.objects.get().revoked_at is None


def test_the_list_asks_as_often_for_many_keys_as_for_one(house, admin, wanted, now):
    client = signed_in(admin)
    make_key(wanted(name="Program 0"), by=admin, now=NOW)
    for_one = queries_of(client)
    for number in range(1, 6):
        make_key(wanted(name=f"Program {number}"), by=admin, now=NOW)

    assert queries_of(client) == for_one
    assert "Program 5" in client.get("/settings/keys/").content.decode()


def queries_of(client: Client) -> int:
    """Return how many queries the page makes."""
    with CaptureQueriesContext(connection) as captured:
        client.get("/settings/keys/")
    return len(captured)


def test_who_uses_a_key_is_noted_no_oftener_than_every_five_minutes(
    program, django_assert_num_queries
):
    one = program()
    with django_assert_num_queries(4):
        use_key(one.words, now=NOW)
    with django_assert_num_queries(3):
        use_key(one.words, now=NOW + timedelta(minutes=4))

    assert ApiKey.objects.get().last_used_at == NOW


def test_a_second_program_reaches_its_own_areas_alone(house, program):
    north = use_key(program().words, now=NOW)
    lettings = use_key(program(area=house.other_team, name="Lettings").words, now=NOW)
    above = use_key(program(area=house.directorate, name="Homes").words, now=NOW)

    assert north.program.scope.managed_areas == {house.team.pk}
    assert lettings.program.scope.managed_areas == {house.other_team.pk}
    assert above.program.scope.managed_areas == {
        house.directorate.pk,
        house.service.pk,
        house.team.pk,
    }


def test_leavers_of_the_staff_are_told_apart_from_programs(house, program):
    """A person called like a program is a person still."""
    one = program()
    person = UserFactory(name=one.user.name)

    assert list(User.objects.filter(name=one.user.name)) == [person]
