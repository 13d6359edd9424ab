"""The second factor of signing in: setting it up, coming in with it, losing it (promise P19)."""

import re
from datetime import date, timedelta

import pyotp
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from cases.errors import ActionNotAllowed
from cases.models import (
    OutboundMessage,
    RecoveryCode,
    SecondFactor,
    SettingsChange,
    User,
)
from cases.operations import second_factors
from cases.operations.locking import lock, unlock
from cases.operations.passwords import ask_for_new_password
from cases.operations.second_factors import new_secret, prove, take_up
from cases.rules.roles import Role
from cases.rules.second_factor import (
    MOST_WRONG_A_DAY,
    RECOVERY_CODES,
    TOLD_AFTER_WRONG,
    is_demanded,
)
from cases.tests.settings.conftest import NOW, PASSWORD
from cases.views import signing_in

pytestmark = pytest.mark.promise("P19")
CODE, SET_UP = "/sign-in/code/", "/sign-in/second-factor/"


@pytest.fixture
def officer(house, now) -> User:
    """Return the responsible officer, who has a password."""
    user = house[Role.RESPONSIBLE_OFFICER]
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


@pytest.fixture
def demanded(settings):
    """A landlord who asks everybody for a code."""
    settings.SECOND_FACTOR = "required"


def password(client: Client, user: User, **more: str):
    return client.post("/sign-in/", {"email": user.email, "password": PASSWORD, **more})


def key_on(page) -> str:
    """Return the secret that a page shows to type."""
    return re.search(r'house-key">([A-Z2-7 ]+)<', page.content.decode())[1].replace(" ", "")


def codes_on(page) -> list[str]:
    """Return the recovery codes that a page shows."""
    return re.findall(r"<li>([a-z2-9 ]{19})</li>", page.content.decode())


def has_app(user: User, now=NOW, *, is_first: bool = True) -> tuple[pyotp.TOTP, list[str]]:
    """Give somebody an app set up two minutes ago, and return it with the recovery codes."""
    sealed = new_secret(user)
    app = pyotp.TOTP(unlock(sealed, purpose=f"second-factor:{user.pk}"))
    then = now - timedelta(minutes=2)
    codes = take_up(user_id=user.pk, sealed=sealed, typed=app.at(then), is_first=is_first, now=then)
    return app, codes


# Setting it up --------------------------------------------------------------------------------


def test_nobody_comes_in_by_password_alone_where_a_code_is_demanded(officer, client, demanded):
    assert password(client, officer).url == SET_UP

    assert client.get("/account/").url == "/sign-in/?next=/account/"


def test_the_app_is_set_up_on_the_way_in_and_the_recovery_codes_are_shown_once(
    officer, client, demanded
):
    password(client, officer, next="/account/absence/")
    page = client.get(SET_UP)
    assert '<svg class="house-code" role="img"' in page.content.decode()

    shown = client.post(SET_UP, {"code": pyotp.TOTP(key_on(page)).at(NOW)})

    assert len(codes_on(shown)) == RECOVERY_CODES
    assert 'href="/account/absence/"' in shown.content.decode()
    assert client.get("/account/").status_code == 200
    assert "known-browser" in client.cookies
    assert client.get(SET_UP).url == "/sign-in/"
    assert OutboundMessage.objects.get().kind == "second-factor-set-up"
    assert SettingsChange.objects.latest("pk").act == "Second factor set up"


def test_an_app_that_shows_another_code_is_not_set_up(officer, client, demanded):
    password(client, officer)
    key = key_on(client.get(SET_UP))

    page = client.post(SET_UP, {"code": pyotp.TOTP(key).at(NOW - timedelta(minutes=2))})

    assert page.status_code == 422
    assert "That is not the code that the app shows now." in page.content.decode()
    assert key_on(page) == key
    assert not SecondFactor.objects.exists()
    assert client.get("/account/").status_code == 302


def test_where_it_is_left_to_each_one_comes_in_without_and_sets_it_up_later(officer, client):
    assert password(client, officer).url == "/home/"
    key = key_on(client.get("/account/signing-in/app/"))

    shown = client.post("/account/signing-in/app/", {"code": pyotp.TOTP(key).at(NOW)})

    assert len(codes_on(shown)) == RECOVERY_CODES
    assert "Password and a code of your app; 10 recovery codes left" in (
        client.get("/account/").content.decode()
    )
    assert password(Client(), officer).url == CODE


@pytest.mark.parametrize(
    ("setting", "demands"),
    [("required", True), ("optional", False), ("2026-06-10", True), ("2026-06-11", False)],
)
def test_a_landlord_names_the_day_from_which_a_code_is_demanded(setting, demands):
    assert is_demanded(setting, date(2026, 6, 10)) is demands


def test_what_is_no_day_is_no_setting():
    with pytest.raises(ValueError, match="sometimes"):
        is_demanded("sometimes", date(2026, 6, 10))


def test_the_secret_lies_locked_and_serves_nobody_else(officer, house):
    app, _ = has_app(officer)
    row = SecondFactor.objects.get()

    assert app.secret not in row.sealed
    assert unlock(row.sealed, purpose=f"second-factor:{house[Role.DIRECTOR].pk}") is None


def test_another_secret_key_opens_nothing(settings):
    locked = lock("words", purpose="test")
    settings.SECRET_KEY = "another " * 8

    assert unlock(locked, purpose="test") is None


# Coming in ------------------------------------------------------------------------------------


def test_the_code_of_the_app_lets_in_and_to_the_page_asked_for(officer, client):
    app, _ = has_app(officer)

    assert password(client, officer, next="/account/absence/").url == CODE
    assert client.get("/account/").status_code == 302
    assert client.post(CODE, {"code": app.at(NOW)}).url == "/account/absence/"

    assert client.get("/account/").status_code == 200


def test_a_code_is_typed_with_a_space_and_half_a_minute_late(officer, client):
    app, _ = has_app(officer)
    password(client, officer)
    code = app.at(NOW - timedelta(seconds=30))

    assert client.post(CODE, {"code": f" {code[:3]} {code[3:]}"}).status_code == 302


def test_a_code_that_was_used_is_refused(officer, client):
    app, _ = has_app(officer)
    password(client, officer)
    client.post(CODE, {"code": app.at(NOW)})
    again = Client()
    password(again, officer)

    refused = again.post(CODE, {"code": app.at(NOW)})
    older = again.post(CODE, {"code": app.at(NOW - timedelta(seconds=30))})

    assert (refused.status_code, older.status_code) == (422, 422)
    assert "Each serves once" in refused.content.decode()
    assert again.get("/account/").status_code == 302


@pytest.mark.parametrize("typed", ["", "000000", "wörter", "1" * 41, "\x00", "aaaa aaaa aaaa aaaa"])
def test_what_is_no_code_is_refused(officer, client, typed):
    has_app(officer)
    password(client, officer)

    assert client.post(CODE, {"code": typed}).status_code == 422
    assert client.get("/account/").status_code == 302


def test_guessing_codes_is_slowed_as_guessing_passwords_is(officer, client):
    has_app(officer)
    tried = 0
    with time_machine.travel(NOW, tick=False) as clock:
        password(client, officer)
        while timezone.now() <= NOW + timedelta(minutes=5):
            response = client.post(CODE, {"code": "000000"})
            tried += response.status_code == 422
            clock.shift(timedelta(seconds=int(response.headers.get("Retry-After", 0))))

    assert tried == 10


def test_whoever_has_the_password_and_guesses_codes_is_told_of_once(officer):
    app, _ = has_app(officer)
    told = OutboundMessage.objects.filter(kind="wrong-codes")
    for count in range(1, TOLD_AFTER_WRONG * 2):
        assert not prove(user_id=officer.pk, typed="000000", now=NOW)
        assert told.count() == (count >= TOLD_AFTER_WRONG)
    assert told.get().to_user == officer

    assert prove(user_id=officer.pk, typed=app.at(NOW), now=NOW)
    for _ in range(TOLD_AFTER_WRONG - 1):
        prove(user_id=officer.pk, typed="000000", now=NOW)
    assert told.count() == 1
    prove(user_id=officer.pk, typed="a" * 16, now=NOW)
    assert told.count() == 2


def test_after_fifty_wrong_codes_in_a_day_only_a_recovery_code_lets_in(officer, client):
    app, codes = has_app(officer)
    for _ in range(MOST_WRONG_A_DAY - 1):
        prove(user_id=officer.pk, typed="000000", now=NOW)
    assert prove(user_id=officer.pk, typed=app.at(NOW), now=NOW)
    prove(user_id=officer.pk, typed="000000", now=NOW)
    password(client, officer)
    later = NOW + timedelta(minutes=1)

    with time_machine.travel(later, tick=False):
        refused = client.post(CODE, {"code": app.at(later)})
    assert refused.status_code == 422
    assert "Too many wrong codes were typed today." in refused.content.decode()
    assert client.post(CODE, {"code": codes[0]}).url == "/home/"

    tomorrow = NOW + timedelta(hours=14)
    assert not prove(user_id=officer.pk, typed="000000", now=tomorrow)
    assert prove(user_id=officer.pk, typed=app.at(tomorrow), now=tomorrow)


def test_a_recovery_code_takes_the_place_of_the_app_once_and_is_told(officer, client):
    _, codes = has_app(officer)
    password(client, officer)

    assert client.post(CODE, {"code": codes[0].upper()}).url == "/home/"

    told = OutboundMessage.objects.get(kind="recovery-code-used")
    assert "9 of them are left" in told.body
    again = Client()
    password(again, officer)
    assert again.post(CODE, {"code": codes[0]}).status_code == 422
    assert again.post(CODE, {"code": codes[1]}).status_code == 302


def test_recovery_codes_are_kept_as_digests_and_serve_their_owner_alone(officer, house):
    _, codes = has_app(officer)
    has_app(house[Role.DIRECTOR])

    assert not RecoveryCode.objects.filter(digest__contains=codes[0][:4]).exists()
    assert not prove(user_id=house[Role.DIRECTOR].pk, typed=codes[0], now=NOW)


def test_the_password_is_forgotten_after_ten_minutes(officer, client):
    app, _ = has_app(officer)
    password(client, officer)

    with time_machine.travel(NOW + timedelta(minutes=10, seconds=1), tick=False):
        answer = client.post(CODE, {"code": app.at(NOW + timedelta(minutes=10, seconds=1))})

    assert answer.url == "/sign-in/"


def test_a_password_changed_meanwhile_ends_the_way_in(officer, client):
    app, _ = has_app(officer)
    password(client, officer)
    officer.set_password("another four words together")
    officer.save()

    assert client.post(CODE, {"code": app.at(NOW)}).url == "/sign-in/"


def test_nobody_sets_up_another_app_with_the_password_alone(officer, client):
    has_app(officer)
    password(client, officer)

    assert client.get(SET_UP).url == CODE
    assert client.post(SET_UP, {"code": "123456"}).url == CODE


def test_of_two_who_set_up_an_app_with_the_same_password_one_does(officer):
    app, _ = has_app(officer)

    with pytest.raises(ActionNotAllowed, match="An app was set up meanwhile"):
        has_app(officer)

    assert prove(user_id=officer.pk, typed=app.at(NOW), now=NOW)
    other, _ = has_app(officer, is_first=False)
    assert prove(user_id=officer.pk, typed=other.at(NOW), now=NOW)


def test_a_set_up_that_was_overtaken_by_another_leads_nobody_in(
    officer, client, demanded, monkeypatch
):
    password(client, officer)
    key = key_on(client.get(SET_UP))
    # The other one is done after this one was found to be the first.
    taking = signing_in.take_up
    monkeypatch.setattr(
        signing_in, "take_up", lambda **given: [has_app(officer), taking(**given)][1]
    )

    page = client.post(SET_UP, {"code": pyotp.TOTP(key).at(NOW)})

    assert page.status_code == 422
    assert "An app was set up meanwhile" in page.content.decode()
    assert client.get("/account/").status_code == 302


def test_of_two_who_send_the_same_code_at_once_one_comes_in(officer, monkeypatch):
    app, _ = has_app(officer)
    reading, others = second_factors._step_of, []

    def while_another_comes(*args, **given):
        if not others:
            others.append(None)
            others[0] = prove(user_id=officer.pk, typed=app.at(NOW), now=NOW)
        return reading(*args, **given)

    monkeypatch.setattr(second_factors, "_step_of", while_another_comes)

    assert not prove(user_id=officer.pk, typed=app.at(NOW), now=NOW)
    assert others == [True]


@pytest.mark.parametrize("page", [CODE, SET_UP])
def test_a_step_without_the_one_before_leads_back_to_the_password(house, client, now, page):
    assert client.get(page).url == "/sign-in/"
    assert client.post(page, {"code": "123456"}).url == "/sign-in/"


def test_a_link_to_a_new_password_does_not_go_past_the_code(officer, client):
    has_app(officer)
    ask_for_new_password(email=officer.email, now=NOW)
    link = OutboundMessage.objects.get(kind="password-link").body.split("127.0.0.1")[1].split()[0]
    new = "another four words together"

    form = client.get(link).url
    client.post(form, {"new_password": new, "again": new})

    assert client.get("/account/").status_code == 302
    answer = client.post("/sign-in/", {"email": officer.email, "password": new})
    assert answer.url == CODE


# Losing it ------------------------------------------------------------------------------------


def test_an_administrator_resets_what_somebody_lost(officer, administrator, house):
    has_app(officer)
    theirs = Client()
    theirs.force_login(officer)
    page = f"/settings/people/{officer.code}/"
    assert "Reset the second factor" in administrator.get(page).content.decode()

    answer = administrator.post(f"{page}second-factor/reset/")

    assert answer.url == page
    assert not SecondFactor.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert theirs.get("/account/").status_code == 302
    assert OutboundMessage.objects.get(kind="second-factor-removed").to_user == officer
    change = SettingsChange.objects.latest("pk")
    assert (change.act, change.person, change.by) == (
        "Second factor reset",
        officer,
        house[Role.SYSTEM_ADMINISTRATOR],
    )


def test_nobody_resets_their_own_or_one_that_is_not_there(administrator, admin, officer):
    has_app(admin)
    administrator.post(f"/settings/people/{admin.code}/second-factor/reset/")
    administrator.post(f"/settings/people/{officer.code}/second-factor/reset/")

    assert SecondFactor.objects.get().user == admin


def test_the_operators_command_lets_the_last_administrator_back_in(admin, now, capsys):
    has_app(admin)

    call_command("reset_second_factor", admin.email.upper())

    assert not SecondFactor.objects.exists()
    assert "sets up another second factor" in capsys.readouterr().out
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("reset_second_factor", admin.email)
    with pytest.raises(CommandError, match="Nobody signs in with"):
        call_command("reset_second_factor", "nobody@landlord.example")


def test_new_recovery_codes_end_the_old_ones(officer, client):
    _, old = has_app(officer)
    client.force_login(officer)

    new = codes_on(client.post("/account/signing-in/", {"codes": "yes"}))

    assert len(new) == RECOVERY_CODES
    assert not prove(user_id=officer.pk, typed=old[0], now=NOW)
    assert prove(user_id=officer.pk, typed=new[0], now=NOW)


def test_there_are_no_recovery_codes_without_an_app(officer, client):
    client.force_login(officer)

    page = client.post("/account/signing-in/", {"codes": "yes"}, follow=True)

    assert "Set up the app first." in page.content.decode()


def test_whoever_may_choose_does_without_and_whoever_may_not_does_not(officer, client, settings):
    has_app(officer)
    client.force_login(officer)
    settings.SECOND_FACTOR = "required"
    refused = client.post("/account/signing-in/", {"off": "yes"}, follow=True)
    assert "The landlord asks everybody for a code." in refused.content.decode()
    assert SecondFactor.objects.exists()

    settings.SECOND_FACTOR = "optional"
    client.post("/account/signing-in/", {"off": "yes"})

    assert not SecondFactor.objects.exists()


# Where it leads -------------------------------------------------------------------------------


@pytest.mark.parametrize("elsewhere", ["x", "account/", "?a=b"])
def test_what_is_no_address_of_ours_leads_to_the_first_page(officer, client, elsewhere):
    app, _ = has_app(officer)
    password(client, officer, next=elsewhere)

    assert client.post(CODE, {"code": app.at(NOW)}).url == "/home/"

    assert client.get("/sign-in/", {"next": elsewhere}).url == "/home/"
    again = client.post("/account/again/", {"password": PASSWORD, "next": elsewhere})
    assert again.url == "/account/"
