"""Signing in and out, passwords, invitations, and people's own accounts."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from cases.models import Absence, BrowserSession, Delivery, OutboundMessage, User
from cases.operations.guessing import WAITS_SECONDS
from cases.operations.passwords import MOST_IN_AN_HOUR, send_invitation
from cases.operations.people import Particulars, invite, leave
from cases.rules.roles import Role
from cases.tests.factories import UserFactory
from cases.tests.settings.conftest import NOW, PASSWORD
from cases.views.visitors import client_address

SIGN_IN = "/sign-in/"
FORGOTTEN = "/sign-in/forgotten-password/"
NEW = "another four words together"


@pytest.fixture
def officer(house, now) -> User:
    """Return the responsible officer, who has a password."""
    user = house[Role.RESPONSIBLE_OFFICER]
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def try_in(client: Client, email: str, password: str = PASSWORD, **more: str):
    return client.post(SIGN_IN, {"email": email, "password": password, **more})


def link_in(message: OutboundMessage) -> str:
    return re.search(r"http://127\.0\.0\.1(/\S+)", message.body)[1]


def open_link(client: Client, link: str) -> str:
    """Follow a link of a message, and return the address of the form behind it."""
    return client.get(link).url


def test_whoever_signs_in_begins_at_their_own_first_page(officer, client):
    response = try_in(client, officer.email.upper())

    assert response.url == "/home/"
    assert client.get("/home/").status_code == 302


@pytest.mark.parametrize(
    ("role", "begins"),
    [
        (Role.SYSTEM_ADMINISTRATOR, "cases:settings"),
        (Role.AUDITOR, "cases:queue"),
        (Role.COMPLAINTS_COORDINATOR, "cases:my-work"),
        (Role.MEMBER_RESPONSIBLE, "cases:account"),
    ],
)
def test_everybody_begins_where_their_work_is(sign_in, role, begins):
    assert sign_in(role).get("/home/").url == reverse(begins)


def test_a_superuser_without_roles_begins_at_the_settings(house, client, now):
    client.force_login(User.objects.create_superuser("root@landlord.example", name="Root"))

    assert client.get("/home/").url == reverse("cases:settings")


def test_a_page_asked_for_is_where_signing_in_leads(officer, client):
    asked = client.get("/account/password/")
    assert asked.url == "/sign-in/?next=/account/password/"

    page = client.get(asked.url)
    response = try_in(client, officer.email, next=page.context["next"])

    assert response.url == "/account/password/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"]
)
def test_signing_in_never_leads_to_another_site(officer, client, elsewhere):
    assert try_in(client, officer.email, next=elsewhere).url == "/home/"


def test_whoever_is_signed_in_is_not_asked_again(officer, client):
    client.force_login(officer)

    assert client.get(SIGN_IN).url == "/home/"


@pytest.mark.parametrize("email", ["nobody@landlord.example", "gone"])
def test_a_wrong_try_says_the_same_whatever_was_wrong(officer, client, email):
    known = try_in(client, officer.email, "wrong").content.decode()
    unknown = try_in(client, email, "wrong").content.decode()

    told = "The e-mail address or the password is not right."
    assert told in known
    assert told in unknown


def test_a_wrong_try_keeps_the_address_and_not_the_password(officer, client):
    response = try_in(client, officer.email, "wrong password here")

    assert response.status_code == 422
    assert officer.email in response.content.decode()
    assert "wrong password here" not in response.content.decode()


def test_an_empty_try_says_what_is_missing(house, client, now):
    page = client.post(SIGN_IN, {}).content.decode()

    assert "Enter your e-mail address" in page
    assert "Enter your password" in page


def test_nobody_without_a_password_or_who_has_left_signs_in(house, officer, client, admin):
    assert try_in(client, house[Role.DIRECTOR].email, "").status_code == 422
    leave(user_id=officer.pk, by=admin, now=NOW)
    assert try_in(client, officer.email).status_code == 422


def test_a_leavers_next_click_is_refused(house, officer, client, admin):
    client.force_login(officer)
    assert client.get("/account/").status_code == 200

    leave(user_id=officer.pk, by=admin, now=NOW)

    assert client.get("/account/").url == "/sign-in/?next=/account/"


@pytest.mark.promise("P19")
def test_guessing_has_to_wait_longer_and_longer_and_never_for_ever(officer, client):
    told = []
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(3 + 2 * len(WAITS_SECONDS)):
            response = try_in(client, officer.email, "wrong")
            told.append(response.headers.get("Retry-After"))
            if response.status_code == 429:
                clock.shift(timedelta(seconds=int(response["Retry-After"])))

    waits = [int(each) for each in told if each]
    assert waits == list(WAITS_SECONDS)
    assert told[:4] == [None] * 4


def test_whoever_waited_signs_in_and_the_count_begins_anew(officer, client):
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(4):
            try_in(client, officer.email, "wrong")
        assert try_in(client, officer.email).status_code == 429
        clock.shift(timedelta(seconds=5))

        assert try_in(client, officer.email).status_code == 302

        again = Client()
        assert [try_in(again, officer.email, "wrong").status_code for _ in range(4)] == [422] * 4


def test_the_wait_is_told_in_the_same_words_for_an_account_that_does_not_exist(house, client, now):
    pages = [try_in(client, "nobody@landlord.example", "wrong") for _ in range(5)]

    assert pages[-1].status_code == 429
    assert "There were too many tries. Wait 5 seconds, then try again." in (
        pages[-1].content.decode()
    )


def test_strangers_who_guess_do_not_keep_a_known_browser_waiting(officer, client):
    try_in(client, officer.email)
    client.post("/sign-out/")
    stranger = Client()
    for _ in range(5):
        stopped = try_in(stranger, officer.email, "wrong")

    assert stopped.status_code == 429
    assert try_in(client, officer.email).status_code == 302


def test_a_forged_mark_makes_no_browser_known(officer, client):
    client.cookies["known-browser"] = "forged"

    told = [try_in(client, officer.email, "wrong").status_code for _ in range(5)]

    assert told[-1] == 429


def test_one_address_that_tries_many_accounts_has_to_wait_too(house, client, now):
    told = [try_in(client, f"person{n}@landlord.example", "wrong").status_code for n in range(12)]

    assert told == [422] * 11 + [429]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "address"),
    [
        (0, "198.51.100.7", "192.0.2.1", "192.0.2.1"),
        (1, "10.0.0.1, 198.51.100.7", "127.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7, 10.0.0.1", "127.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", "127.0.0.1", "127.0.0.1"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (0, "", "::ffff:192.0.2.1", "192.0.2.1"),
        (0, "", "fe80::1%eth0", "fe80::/64"),
        (0, "", " 192.0.2.7 ", "192.0.2.7"),
        (0, "", "somewhere", "unknown"),
        (0, "", "", "unknown"),
    ],
)
def test_a_try_counts_for_the_address_it_comes_from(
    rf, settings, proxies, forwarded, remote, address
):
    settings.TRUSTED_PROXIES = proxies

    request = rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)

    assert client_address(request) == address


def test_people_sign_in_while_the_cache_is_down_and_the_log_says_so(
    officer, client, monkeypatch, caplog
):
    def down(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(cache, "get", down)
    monkeypatch.setattr(cache, "delete_many", down)

    assert try_in(client, officer.email).status_code == 302
    assert "guesses are not counted" in caplog.text
    assert officer.email not in caplog.text


def test_signing_out_ends_the_session_and_a_link_cannot_do_it(officer, client):
    client.force_login(officer)

    assert client.get("/sign-out/").url == "/home/"
    assert client.get("/account/").status_code == 200
    assert client.post("/sign-out/").url == SIGN_IN
    assert "You are signed out." in client.get(SIGN_IN).content.decode()
    assert client.get("/account/").status_code == 302


# Forgotten passwords and invitations ----------------------------------------------------------


def test_a_forgotten_password_is_chosen_anew_by_a_link_used_once(officer, client):
    response = client.post(FORGOTTEN, {"email": officer.email.upper()})
    assert "If somebody signs in with that address" in client.get(response.url).content.decode()
    link = link_in(OutboundMessage.objects.get(kind="password-link"))

    form = open_link(client, link)
    done = client.post(form, {"new_password": NEW, "again": NEW})

    assert done.url == SIGN_IN
    assert try_in(Client(), officer.email, NEW).status_code == 302
    assert "This link has ended" in Client().get(link, follow=True).content.decode()


def test_a_link_that_was_only_looked_at_still_serves(officer, client):
    client.post(FORGOTTEN, {"email": officer.email})
    link = link_in(OutboundMessage.objects.get())
    Client().get(link, follow=True)

    assert "Choose a password" in client.get(link, follow=True).content.decode()


@pytest.mark.parametrize("email", ["nobody@landlord.example", "left@landlord.example"])
def test_nobody_is_told_who_has_an_account(house, client, now, email, admin):
    gone = UserFactory(email="left@landlord.example")
    leave(user_id=gone.pk, by=admin, now=NOW)

    response = client.post(FORGOTTEN, {"email": email})

    assert response.url == reverse("cases:forgotten-password-sent")
    assert not OutboundMessage.objects.exists()


def test_a_mailbox_is_not_filled_by_asking_again_and_again(officer, client):
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(MOST_IN_AN_HOUR + 2):
            client.post(FORGOTTEN, {"email": officer.email})
            clock.shift(timedelta(minutes=2))

    assert OutboundMessage.objects.count() == MOST_IN_AN_HOUR


def test_what_is_no_address_is_told(house, client, now):
    response = client.post(FORGOTTEN, {"email": "jo"})

    assert response.status_code == 422
    assert "enter an address like name@example.com" in response.content.decode()


def test_a_link_ends_after_a_day(officer, client):
    client.post(FORGOTTEN, {"email": officer.email})
    link = link_in(OutboundMessage.objects.get())

    with time_machine.travel(NOW + timedelta(hours=24, seconds=1), tick=False):
        assert "This link has ended" in client.get(link, follow=True).content.decode()


def test_a_link_ends_when_its_owner_leaves(officer, client, admin):
    client.post(FORGOTTEN, {"email": officer.email})
    link = link_in(OutboundMessage.objects.get())

    leave(user_id=officer.pk, by=admin, now=NOW)

    assert "This link has ended" in client.get(link, follow=True).content.decode()


@pytest.mark.parametrize(
    "link", ["/sign-in/choose-password/x/y/", "/sign-in/choose-password/MQ/a/"]
)
def test_an_invented_link_has_ended(house, client, now, link):
    assert "This link has ended" in client.get(link, follow=True).content.decode()


def test_somebody_invited_chooses_a_password_and_comes_in(house, client, admin, now):
    person = invite(Particulars("Jo Berg", "jo@landlord.example"), by=admin, now=NOW)
    message = send_invitation(user_id=person.pk, by=admin, now=NOW)

    form = open_link(client, link_in(message))
    client.post(form, {"new_password": NEW, "again": NEW})

    assert try_in(client, "jo@landlord.example", NEW).status_code == 302
    assert message.subject == "Your account for the complaints system"
    assert "Jo Berg" not in message.subject + message.body


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"new_password": "short", "again": "short"}, "too short"),
        ({"new_password": "password1234", "again": "password1234"}, "too common"),
        ({"new_password": NEW, "again": "different"}, "The two passwords are not the same"),
        ({"new_password": "", "again": ""}, "Enter a new password"),
        ({"new_password": "responsible officer", "again": "responsible officer"}, "too similar"),
    ],
    ids=["short", "common", "different", "empty", "like the name"],
)
def test_a_weak_or_mistyped_password_is_refused(officer, client, answers, words):
    client.post(FORGOTTEN, {"email": officer.email})
    form = open_link(client, link_in(OutboundMessage.objects.get()))

    response = client.post(form, answers)

    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_new_password_ends_other_sessions_and_links_and_is_told(officer, client):
    elsewhere = Client()
    elsewhere.force_login(officer)
    client.post(FORGOTTEN, {"email": officer.email})
    client.force_login(officer)

    response = client.post(
        "/account/password/", {"old_password": PASSWORD, "new_password": NEW, "again": NEW}
    )

    assert response.url == "/account/"
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    link, notice = OutboundMessage.objects.order_by("pk")
    assert link.state == Delivery.CANCELLED
    assert (notice.kind, notice.to_address) == ("password-changed", officer.email)


def test_a_password_that_is_chosen_twice_in_one_instant_is_told_twice(officer, client):
    client.force_login(officer)
    back = {"old_password": NEW, "new_password": PASSWORD, "again": PASSWORD}

    first = client.post(
        "/account/password/", {"old_password": PASSWORD, "new_password": NEW, "again": NEW}
    )
    second = client.post("/account/password/", back)

    assert (first.status_code, second.status_code) == (302, 302)
    assert OutboundMessage.objects.filter(kind="password-changed", to_user=officer).count() == 2


def test_two_links_that_are_sent_in_one_instant_are_two_messages(officer, admin, now):
    send_invitation(user_id=officer.pk, by=admin, now=now)
    send_invitation(user_id=officer.pk, by=admin, now=now)

    assert OutboundMessage.objects.filter(kind="invitation", to_user=officer).count() == 2


def test_nobody_changes_a_password_without_knowing_it(officer, client):
    client.force_login(officer)

    response = client.post(
        "/account/password/", {"old_password": "wrong", "new_password": NEW, "again": NEW}
    )

    assert "That is not your password" in response.content.decode()
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_guessing_at_an_open_desk_is_slowed_down(officer, client):
    client.force_login(officer)
    wrong = {"old_password": "wrong", "new_password": NEW, "again": NEW}

    told = [client.post("/account/password/", wrong).status_code for _ in range(5)]

    assert told == [422, 422, 422, 422, 302]
    assert "too many tries" in client.get("/account/password/").content.decode()


# One's own account ---------------------------------------------------------------------------


def test_an_account_shows_who_one_is_and_what_one_may_do(house, sign_in):
    page = sign_in(Role.LINE_MANAGER).get("/account/").content.decode()

    assert "Line manager, Repairs north" in page
    assert house[Role.LINE_MANAGER].email in page


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_an_account(sign_in, role):
    assert sign_in(role).get("/account/").status_code == 200


def test_people_change_their_own_name_and_telephone_and_not_their_address(officer, client):
    client.force_login(officer)

    response = client.post(
        "/account/change/",
        {"name": "New Name", "job_title": "Surveyor", "phone": "0151", "email": "x@y.example"},
    )

    officer.refresh_from_db()
    assert response.url == "/account/"
    assert (officer.name, officer.job_title, officer.phone) == ("New Name", "Surveyor", "0151")
    assert officer.email != "x@y.example"


def test_a_name_is_needed(officer, client):
    client.force_login(officer)

    response = client.post("/account/change/", {"name": ""})

    assert response.status_code == 422
    assert "Name: enter an answer" in response.content.decode()


def absence(deputy: User, first: str = "12 6 2026", last: str = "19 6 2026") -> dict[str, str]:
    boxes = ("day", "month", "year")
    return {
        **dict(zip([f"first_day_{box}" for box in boxes], first.split(), strict=True)),
        **dict(zip([f"last_day_{box}" for box in boxes], last.split(), strict=True)),
        "deputy": str(deputy.pk),
    }


def test_people_say_themselves_when_they_are_away(house, officer, client):
    client.force_login(officer)

    response = client.post("/account/absence/", absence(house[Role.DIRECTOR]), follow=True)

    assert "director stands in for you from 12 June to 19 June 2026." in (response.content.decode())
    assert Absence.objects.get().user == officer


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"deputy": ""}, "Choose who stands in"),
        ({"last_day_day": "9"}, "must be on or after 10 June 2026"),
        ({"last_day_day": "11"}, "The last day comes before the first."),
        ({"first_day_month": "13"}, "must be a real date"),
    ],
    ids=["nobody", "over", "wrong way round", "no date"],
)
def test_an_absence_that_cannot_be_is_told_and_kept(house, officer, client, changes, words):
    client.force_login(officer)

    response = client.post("/account/absence/", absence(house[Role.DIRECTOR]) | changes)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Absence.objects.exists()


def test_nobody_can_choose_themselves_or_a_leaver_to_stand_in(house, officer, client, admin):
    leave(user_id=house[Role.DIRECTOR].pk, by=admin, now=NOW)
    client.force_login(officer)
    client.get("/account/absence/")

    for deputy in (officer, house[Role.DIRECTOR]):
        response = client.post("/account/absence/", absence(deputy))
        assert "select one of the answers" in response.content.decode()


def test_people_come_back_early_and_never_for_others(house, officer, client):
    client.force_login(officer)
    client.post("/account/absence/", absence(house[Role.DIRECTOR]))
    theirs = Absence.objects.create(
        user=house[Role.LINE_MANAGER],
        deputy=house[Role.DIRECTOR],
        first_day=NOW.date(),
        last_day=NOW.date(),
    )

    own = Absence.objects.get(user=officer)
    for number in (theirs.pk, own.pk, "nonsense", "9" * 40):
        client.post("/account/absence/end/", {"absence": number})

    assert list(Absence.objects.all()) == [theirs]


@pytest.mark.parametrize("path", ["/account/absence/end/"])
def test_a_button_reached_by_address_changes_nothing(officer, client, path):
    client.force_login(officer)

    assert client.get(path).url == "/account/"


def test_sessions_are_in_the_database_so_that_they_can_be_ended(officer, client):
    client.force_login(officer)

    assert BrowserSession.objects.get().user == officer
