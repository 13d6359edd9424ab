"""How long somebody stays signed in, what ends it, and that nothing typed is lost (promise P19)."""

from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import BrowserSession, RoleGrant, User
from cases.operations.archive import kept_models
from cases.operations.kept_words import KEPT, LEFT_BEHIND, NO_ROOM, TOO_MUCH
from cases.operations.people import leave
from cases.operations.roles import Grant, take_role
from cases.rules.roles import Role
from cases.rules.sessions import IDLE, KNOWN_AFTER, LONGEST, MOST_KEPT, RECENT, browser_words
from cases.tasks import daily_housekeeping
from cases.tests.factories import UserFactory
from cases.tests.settings.conftest import NOW, PASSWORD
from cases.views.visitors import COOKIE

pytestmark = pytest.mark.promise("P19")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SECOND = timedelta(seconds=1)
CHANGE = "/account/change/"
TYPED = {"name": "Zoë\nOwen", "job_title": "<b>Adviser</b>", "phone": "0123"}


@pytest.fixture
def officer(house, now) -> User:
    """Return the responsible officer, who has a password."""
    user = house[Role.RESPONSIBLE_OFFICER]
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


@pytest.fixture
def clock(now):
    """Return the clock, to be moved."""
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


# How long -------------------------------------------------------------------------------------


def test_whoever_does_nothing_for_half_an_hour_is_signed_out(officer, client, clock):
    client.force_login(officer)
    clock.shift(IDLE - SECOND)
    assert is_in(client)
    clock.shift(IDLE - SECOND)
    assert is_in(client)

    clock.shift(IDLE)

    assert not is_in(client)


def test_whoever_asks_for_more_time_stays_while_there_is_any(officer, client, clock):
    client.force_login(officer)
    clock.shift(IDLE - SECOND)
    assert client.post("/account/stay/").status_code == 200
    clock.shift(IDLE - SECOND)
    assert is_in(client)

    clock.shift(IDLE)

    assert client.post("/account/stay/").status_code == 302
    assert not is_in(client)


def test_nobody_stays_longer_than_twelve_hours_however_busy(officer, client, clock):
    client.force_login(officer)
    while clock_is_before(LONGEST):
        assert is_in(client)
        clock.shift(timedelta(minutes=20))

    assert not is_in(client)


def clock_is_before(age: timedelta) -> bool:
    return timezone.now() < NOW + age


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(house, client, clock):
    complaint = house.lodge()
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    for _ in range(3):
        clock.shift(timedelta(minutes=10) - SECOND)
        client.get(f"/complaints/{complaint.reference}/here/")

    clock.shift(timedelta(seconds=3))

    assert not is_in(client)


def test_looking_at_pages_writes_no_oftener_than_once_a_minute(officer, client, clock):
    client.force_login(officer)
    client.get("/account/password/")
    with CaptureQueriesContext(connection) as asked:
        clock.shift(timedelta(seconds=50))
        client.get("/account/password/")
        clock.shift(timedelta(seconds=20))
        client.get("/account/password/")
        client.get("/account/password/")

    written = [each["sql"] for each in asked if each["sql"].startswith("UPDATE")]
    assert len(written) == 1


# What ends it ---------------------------------------------------------------------------------


def test_a_hundred_open_sessions_of_a_leaver_do_nothing_more(officer, admin):
    browsers = [Client() for _ in range(100)]
    for each in browsers:
        each.force_login(officer)
    assert BrowserSession.objects.filter(user=officer).count() == 100

    leave(user_id=officer.pk, by=admin, now=NOW)

    assert [each for each in browsers if is_in(each)] == []


def test_a_role_taken_away_counts_in_a_hundred_open_sessions_at_once(house, admin, now):
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    UserFactory(roles=[Role.COMPLAINTS_COORDINATOR])
    browsers = [Client() for _ in range(100)]
    for each in browsers:
        each.force_login(coordinator)
    assert browsers[0].get("/queue/download/").status_code == 200

    for role in RoleGrant.objects.filter(user=coordinator):
        take_role(user_id=coordinator.pk, grant=Grant(Role(role.role)), by=admin, now=NOW)

    assert {each.get("/queue/download/").status_code for each in browsers} == {403}


def test_somebody_sees_where_they_are_signed_in_and_signs_out_everywhere_else(officer, client):
    elsewhere = Client(HTTP_USER_AGENT=FIREFOX)
    elsewhere.post("/sign-in/", {"email": officer.email, "password": PASSWORD})
    client.force_login(officer)
    page = client.get("/account/signing-in/").content.decode()
    assert "Firefox on Windows, since" in page
    assert page.count("(here)") == 1

    client.post("/account/signing-in/", {"elsewhere": "yes"})

    assert is_in(client)
    assert not is_in(elsewhere)
    assert BrowserSession.objects.filter(user=officer).count() == 1


def test_signing_out_elsewhere_leaves_others_alone(officer, house, client):
    other = Client()
    other.force_login(house[Role.DIRECTOR])
    client.force_login(officer)

    client.post("/account/signing-in/", {"elsewhere": "yes"})

    assert is_in(other)


def test_no_backup_holds_sessions():
    assert BrowserSession not in kept_models()


def test_a_day_after_it_ended_a_session_is_forgotten_with_all_that_was_typed(
    officer, house, client, clock
):
    client.force_login(officer)
    clock.shift(IDLE + SECOND)
    Client().force_login(house[Role.DIRECTOR])
    clock.shift(KNOWN_AFTER - SECOND)
    daily_housekeeping()
    assert client.post(CHANGE, TYPED).url == "/sign-in/?next=/account/go-on/"
    assert BrowserSession.objects.filter(user=None).exists()

    clock.shift(timedelta(days=4))
    daily_housekeeping()

    assert not BrowserSession.objects.exists()


def test_sessions_of_before_they_were_ours_are_emptied(db):
    Session.objects.create(session_key="k", session_data="d", expire_date=NOW)

    import_module("cases.migrations.0063_old_sessions").forget(apps, None)

    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/140.0 Safari/537.36", "Chrome on Chromebook"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("<script>", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_called_what_people_call_it(says, words):
    assert browser_words(says) == words


# Nothing typed is lost ------------------------------------------------------------------------


def test_a_form_that_meets_an_ended_session_is_sent_after_signing_in_again(officer, client, clock):
    client.force_login(officer)
    clock.shift(IDLE + SECOND)

    answer = client.post(CHANGE, TYPED)
    assert answer.url == "/sign-in/?next=/account/go-on/"
    back = client.post(
        "/sign-in/",
        {"email": officer.email, "password": PASSWORD, "next": "/account/go-on/"},
    )
    page = client.get(back.url)

    fields = dict(page.context["kept"].fields)
    assert fields == TYPED
    assert f'action="{CHANGE}"' in page.content.decode()
    assert "&lt;b&gt;Adviser" in page.content.decode()
    client.post(page.context["kept"].path, fields)
    officer.refresh_from_db()
    assert officer.job_title == TYPED["job_title"]


def test_what_one_person_typed_is_not_shown_to_another(officer, house, client, clock):
    client.force_login(officer)
    clock.shift(IDLE + SECOND)
    client.post(CHANGE, TYPED)

    client.force_login(house[Role.DIRECTOR])

    assert client.get("/account/go-on/").url == "/home/"
    client.force_login(officer)
    assert client.get("/account/go-on/").url == "/home/"


def test_passwords_are_not_kept_and_neither_is_too_much(officer, client, clock):
    client.force_login(officer)
    clock.shift(IDLE + SECOND)
    secret = {"old_password": PASSWORD, "new_password": "x" * 20, "again": "x" * 20, "seen": "1"}
    assert "go-on" in client.post("/account/password/", secret).url
    client.force_login(officer)
    assert client.get("/account/go-on/").context["kept"].fields == [("seen", "1")]

    clock.shift(IDLE + SECOND)
    much = client.post(CHANGE, TYPED | {"name": "x" * MOST_KEPT})
    assert much.url == f"/sign-in/?next={CHANGE}"


def test_a_form_that_is_too_long_to_be_kept_is_not_lost_without_a_word(officer, client, clock):
    much = TYPED | {"name": "x" * (MOST_KEPT + 1)}
    client.force_login(officer)
    clock.shift(RECENT + SECOND)
    again = client.post("/account/signing-in/app/", much, follow=True)
    assert TOO_MUCH in again.content.decode()
    clock.shift(IDLE + SECOND)

    assert TOO_MUCH in client.post(CHANGE, much, follow=True).content.decode()


def test_a_form_of_a_second_tab_is_not_lost_without_a_word(officer, client, clock):
    client.force_login(officer)
    clock.shift(IDLE + SECOND)
    client.post(CHANGE, TYPED)

    second = client.post("/account/absence/", {"first_day": "1"}, follow=True)
    once_more = client.post(CHANGE, TYPED | {"phone": "4567"})

    assert second.redirect_chain[0][0] == "/sign-in/?next=/account/go-on/"
    assert NO_ROOM in second.content.decode()
    assert once_more.url == "/sign-in/?next=/account/go-on/"
    client.force_login(officer)
    assert dict(client.get("/account/go-on/").context["kept"].fields)["phone"] == "4567"


def test_what_was_left_behind_for_another_form_is_told(officer, client, clock):
    client.force_login(officer)
    clock.shift(IDLE + SECOND)
    client.post(CHANGE, TYPED)
    client.force_login(officer)
    clock.shift(RECENT + SECOND)

    page = client.post("/account/signing-in/app/", {"code": "1"}, follow=True)

    assert LEFT_BEHIND in page.content.decode()


def test_the_browser_keeps_the_cookie_longer_than_a_session_is_known(officer, clock):
    answer = Client().post("/sign-in/", {"email": officer.email, "password": PASSWORD})

    kept_for = answer.cookies[settings.SESSION_COOKIE_NAME]["max-age"]

    assert kept_for == 48 * 60 * 60 > (LONGEST + KNOWN_AFTER).total_seconds()
    assert BrowserSession.objects.latest("began_at").expire_date == NOW + IDLE


def test_a_form_that_was_sent_after_all_is_kept_no_longer(officer, client, clock):
    client.force_login(officer)
    clock.shift(IDLE + SECOND)
    client.post(CHANGE, TYPED)
    client.force_login(officer)
    client.post("/account/stay/")
    client.post(CHANGE, TYPED, headers={"sec-fetch-dest": "empty"})
    assert client.get("/account/go-on/").status_code == 200

    client.post(CHANGE, TYPED)

    assert client.get("/account/go-on/").url == "/home/"


def test_signing_in_drops_what_somebody_else_had_typed(officer, house, client, clock):
    client.force_login(house[Role.DIRECTOR])
    clock.shift(IDLE + SECOND)
    client.post(CHANGE, TYPED)
    assert KEPT in client.session

    client.post("/sign-in/", {"email": officer.email, "password": PASSWORD})

    assert is_in(client)
    assert KEPT not in client.session


def test_nothing_is_kept_of_strangers_or_of_what_a_script_sends(officer, client, clock):
    assert client.post(CHANGE, TYPED).url == f"/sign-in/?next={CHANGE}"
    client.force_login(officer)
    clock.shift(IDLE + SECOND)

    by_script = client.post(CHANGE, TYPED, headers={"sec-fetch-dest": "empty"})

    assert by_script.url == f"/sign-in/?next={CHANGE}"
    assert not BrowserSession.objects.filter(user=None).exists()


def test_what_was_kept_can_be_thrown_away(officer, client, clock):
    client.force_login(officer)
    clock.shift(IDLE + SECOND)
    client.post(CHANGE, TYPED)
    client.force_login(officer)

    assert client.post("/account/go-on/").url == "/home/"

    assert client.get("/account/go-on/").url == "/home/"


# Who it is, once more -------------------------------------------------------------------------

WEIGHTY = (
    "/settings/people/{code}/roles/give/",
    "/settings/people/{code}/roles/take/",
    "/settings/people/{code}/second-factor/reset/",
    "/settings/role-approvals/",
)


@pytest.mark.parametrize("path", WEIGHTY)
def test_weighty_acts_ask_for_the_password_when_it_is_a_while_since(
    administrator, officer, clock, path
):
    clock.shift(RECENT + SECOND)

    answer = administrator.post(path.format(code=officer.code), {"role": "auditor"})

    assert answer.url == "/account/again/?next=%2Faccount%2Fgo-on%2F"
    assert not RoleGrant.objects.filter(user=officer, role="auditor").exists()


@pytest.mark.parametrize("path", ["/queue/download/", "/account/signing-in/app/"])
def test_taking_the_list_away_asks_for_the_password_before_it_asks_why(house, client, clock, path):
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    assert client.get(path).status_code == 200
    clock.shift(RECENT + SECOND)

    assert client.get(path).url.startswith("/account/again/?next=")
    assert client.post(path, {"reason": "For the Ombudsman."}).url.startswith("/account/again/")


def test_evidence_is_bound_for_whoever_gave_their_password_lately(house, client, clock):
    papers = f"/complaints/{house.lodge().reference}/papers/"
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    clock.shift(RECENT + SECOND)

    assert client.get(papers).status_code == 200
    assert client.post(papers, {"step": "bundle"}).url.startswith("/account/again/")


def test_whoever_gives_the_password_goes_on_where_they_were(house, client, clock, officer, admin):
    admin.set_password(PASSWORD)
    admin.save()
    client.force_login(admin)
    clock.shift(RECENT + SECOND)
    give = f"/settings/people/{officer.code}/roles/give/"
    asked = client.post(give, {"role": "auditor"}).url

    wrong = client.post(asked, {"password": "wrong"})
    right = client.post(asked, {"password": PASSWORD})

    assert wrong.status_code == 422
    kept = client.get(right.url).context["kept"]
    client.post(kept.path, dict(kept.fields))
    assert RoleGrant.objects.filter(user=officer, role="auditor").exists()


def test_guessing_the_password_at_an_open_desk_is_slowed(officer, client, clock):
    client.force_login(officer)

    told = [client.post("/account/again/", {"password": "wrong"}).status_code for _ in range(5)]

    assert told == [422] * 4 + [429]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example"])
def test_proving_it_leads_to_no_other_site(officer, client, elsewhere):
    client.force_login(officer)

    answer = client.post("/account/again/", {"password": PASSWORD, "next": elsewhere})

    assert answer.url == "/account/"


# Guessing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["account", "account and address"])
def test_nobody_tries_more_than_ten_passwords_in_five_minutes(officer, clock, by):
    tried = 0
    while clock_is_before(timedelta(minutes=5, seconds=1)):
        address = f"127.0.0.{tried + 1}" if by == "account" else "127.0.0.1"
        answer = Client(REMOTE_ADDR=address).post(
            "/sign-in/", {"email": officer.email, "password": "wrong"}
        )
        assert answer.status_code in (422, 429)
        tried += answer.status_code == 422
        clock.shift(timedelta(seconds=int(answer.headers.get("Retry-After", 0))))

    assert tried == 10


def test_a_known_browser_is_let_in_while_strangers_guess_for_an_hour(officer, client, clock):
    client.post("/sign-in/", {"email": officer.email, "password": PASSWORD})
    client.post("/sign-out/")
    assert COOKIE in client.cookies
    for _ in range(60):
        Client().post("/sign-in/", {"email": officer.email, "password": "wrong"})
        clock.shift(timedelta(minutes=1))

    answer = client.post("/sign-in/", {"email": officer.email, "password": PASSWORD})

    assert answer.status_code == 302


@pytest.mark.parametrize("who", ["known", "unknown", "invited", "left"])
def test_a_wrong_password_costs_one_hash_whoever_it_is(officer, admin, client, monkeypatch, who):
    invited = UserFactory(email="invited@landlord.example")
    invited.set_unusable_password()
    invited.save()
    gone = UserFactory(email="left@landlord.example")
    leave(user_id=gone.pk, by=admin, now=NOW)
    emails = {"known": officer.email, "unknown": "nobody@landlord.example"}
    hashed = []
    encode = hashers.MD5PasswordHasher.encode

    def counting(self, password, salt):
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counting)
    email = emails.get(who, f"{who}@landlord.example")

    client.post("/sign-in/", {"email": email, "password": "wrong"})

    assert len(hashed) == 1
