"""Signing in with the work account, against an identity provider of our own over HTTP."""

import base64
import hashlib
import json
import socket
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache, caches
from django.test import Client
from redis.exceptions import RedisError

from cases.models import OutboundMessage, SecondFactor, User
from cases.operations import identity_provider
from cases.operations.guessing import FREE_FOR_SIGN_ON
from cases.operations.identity_provider import ProviderAway
from cases.operations.people import leave
from cases.rules.roles import Role
from cases.rules.sessions import RECENT
from cases.tests.settings.conftest import NOW, PASSWORD

pytestmark = [pytest.mark.promise("P19"), pytest.mark.one_database]
GO, BACK = "/sign-in/work-account/", "/sign-in/work-account/back/"
NOT_SURE = "Signing in with your work account did not succeed. Try again."
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """An identity provider that vouches for whatever the test says."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.key, self.algorithm, self.kid = KEY, "RS256", "one"
        self.is_broken = False
        # What it says instead of an answer, where else it leads, and for how long it says nothing.
        self.raw: bytes = b""
        self.leads_to = ""
        self.speaks = threading.Event()
        self.speaks.set()
        self.told: dict[str, Any] = {}
        self.asked: list[str] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(provider.pages().get(self.path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                sent = {name: values[0] for name, values in parse_qs(body).items()}
                self.answer(provider.token(sent, self.headers["Authorization"]))

            def answer(self, content: object) -> None:
                provider.asked.append(self.path)
                provider.speaks.wait(2)
                if provider.raw:
                    self.wfile.write(provider.raw)
                    return
                status = 503 if provider.is_broken else 200 if content else 400
                self.send_response(302 if provider.leads_to else status)
                if provider.leads_to:
                    self.send_header("Location", provider.leads_to)
                self.end_headers()
                self.wfile.write(json.dumps(content or {"error": "invalid_grant"}).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def pages(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                **self.told,
            },
            "/keys": {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]},
        }

    def sign_in(self, address: str, **claims: Any) -> str:
        """Do what the provider's own page does: return the address that leads back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        now = int(NOW.timestamp())
        self.claims = {
            "iss": self.issuer,
            "aud": asked["client_id"],
            "sub": "somebody",
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": asked["nonce"],
            "email_verified": True,
            **claims,
        }
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def token(self, sent: dict[str, str], authorization: str) -> dict[str, str] | None:
        """Answer once for each code, to whoever knows the secret and what it was asked with."""
        asked = self.codes.pop(sent["code"], None)
        if (
            asked is None
            or authorization != "Basic " + base64.b64encode(b"complaints:se%2Fcret").decode()
        ):
            return None
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (challenge, sent["redirect_uri"]) != (asked["code_challenge"], asked["redirect_uri"]):
            return None
        claims = {name: value for name, value in self.claims.items() if value is not None}
        headers = {"kid": self.kid}
        return {"id_token": jwt.encode(claims, self.key, self.algorithm, headers=headers)}


@pytest.fixture
def provider(settings, now):
    """A landlord with an identity provider."""
    running = Provider()
    settings.OIDC_ISSUER = running.issuer
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = "complaints", "se/cret"
    cache.clear()
    yield running
    running.speaks.set()
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def officer(house, now) -> User:
    """Return the responsible officer, who has a password."""
    user = house[Role.RESPONSIBLE_OFFICER]
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def come_back(client: Client, provider: Provider, asked: str = GO, **claims: Any):
    return client.get(provider.sign_in(client.get(asked).url, **claims))


def refusal(client: Client, answer) -> str:
    assert answer.url == "/sign-in/"
    assert client.get("/account/").status_code == 302
    return client.get("/sign-in/").content.decode()


def test_the_work_account_lets_in_and_to_the_page_asked_for(officer, client, provider, settings):
    settings.SECOND_FACTOR = "required"
    page = client.get("/sign-in/?next=/account/absence/").content.decode()
    assert f'href="{GO}?next=/account/absence/"' in page

    answer = come_back(
        client, provider, f"{GO}?next=/account/absence/", email=officer.email.upper()
    )

    assert answer.url == "/account/absence/"
    assert client.get("/account/").context["user"] == officer
    assert not SecondFactor.objects.exists()


def test_what_is_asked_of_the_provider_is_bound_to_this_browser(officer, client, provider):
    first, second = Client().get(GO).url, client.get(GO).url

    asked = [parse_qs(urlsplit(each).query) for each in (first, second)]
    assert asked[0]["code_challenge_method"] == ["S256"]
    for drawn in ("state", "nonce", "code_challenge"):
        assert asked[0][drawn] != asked[1][drawn]
    assert NOT_SURE in refusal(client, client.get(provider.sign_in(first, email=officer.email)))


def test_strangers_and_leavers_stay_outside_and_nobody_is_added(officer, client, provider, admin):
    people = User.objects.count()
    leave(user_id=officer.pk, by=admin, now=NOW)

    for email in (officer.email, "stranger@landlord.example"):
        told = refusal(client, come_back(client, provider, email=email))
        assert "You have no account for the complaints system." in told
    assert User.objects.count() == people


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another program"},
        {"iss": "https://elsewhere.example"},
        {"nonce": "of another time"},
        {"nonce": None},
        {"exp": int(NOW.timestamp()) - 120},
        {"exp": None},
        {"sub": None},
        {"aud": ["complaints", "another"], "azp": "another"},
        {"aud": ["complaints", "another"]},
        {"azp": "another"},
    ],
    ids=str,
)
def test_a_token_for_somebody_else_or_of_another_time_is_refused(officer, client, provider, claims):
    answer = come_back(client, provider, email=officer.email, **claims)

    assert NOT_SURE in refusal(client, answer)


@pytest.mark.parametrize(
    "claims",
    [{"aud": ["complaints"]}, {"aud": ["another", "complaints"], "azp": "complaints"}],
    ids=str,
)
def test_a_token_that_was_given_to_us_among_others_lets_in(officer, client, provider, claims):
    assert come_back(client, provider, email=officer.email, **claims).url == "/home/"


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"),
    [
        (OTHER_KEY, "RS256", "one"),
        (KEY, "RS256", "unknown"),
        ("", "none", "one"),
        ("a secret that is long enough for it", "HS256", "one"),
    ],
    ids=["another key", "a key nobody knows", "no signature", "a shared secret"],
)
def test_a_token_that_the_provider_did_not_sign_is_refused(
    officer, client, provider, key, algorithm, kid
):
    provider.key, provider.algorithm, provider.kid = key, algorithm, kid

    assert NOT_SURE in refusal(client, come_back(client, provider, email=officer.email))


@pytest.mark.parametrize(
    "claims", [{"email_verified": False}, {"email_verified": None}, {"email": None}, {"email": 7}]
)
def test_an_address_that_nobody_checked_is_nobodys(officer, client, provider, claims):
    answer = come_back(client, provider, **{"email": officer.email, **claims})

    assert "tells no e-mail address that was checked" in refusal(client, answer)


def test_another_claim_of_the_provider_may_hold_the_address(officer, client, provider, settings):
    settings.OIDC_EMAIL_CLAIM = "upn"
    told = {"upn": officer.email, "email": "else@landlord.example", "email_verified": None}

    assert come_back(client, provider, **told).url == "/home/"


def test_the_way_back_serves_once_and_only_whoever_went(officer, client, provider):
    back = provider.sign_in(client.get(GO).url, email=officer.email)
    assert Client().get(back).url == "/sign-in/"
    assert client.get(back).url == "/home/"
    client.post("/sign-out/")

    assert client.get(back).url == "/sign-in/"
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("query", ["", "?error=access_denied&state=x", "?code=\x01&state=ü"])
def test_a_way_back_with_nonsense_is_refused(officer, client, provider, query):
    client.get(GO)

    assert NOT_SURE in refusal(client, client.get(f"{BACK}{query}"))


def test_a_provider_that_is_away_is_told_in_words(officer, client, provider, settings):
    provider.is_broken = True
    assert "cannot be reached now" in refusal(client, client.get(GO))
    settings.OIDC_ISSUER = "http://127.0.0.1:9"

    assert "cannot be reached now" in refusal(client, client.get(GO))


def test_while_it_does_not_answer_nobody_asks_it_again_for_half_a_minute(
    officer, client, provider, monkeypatch, time_machine
):
    monkeypatch.setattr(identity_provider, "WAITING_SECONDS", 0.1)
    provider.speaks.clear()
    assert "cannot be reached now" in refusal(client, client.get(GO))
    provider.speaks.set()
    assert "cannot be reached now" in refusal(client, client.get(GO))
    assert len(provider.asked) == 1

    time_machine.move_to(NOW + timedelta(seconds=31), tick=False)

    assert client.get(GO).url.startswith(provider.issuer)


def test_an_answer_that_comes_byte_by_byte_is_not_waited_for(db, monkeypatch, provider, settings):
    monkeypatch.setattr(identity_provider, "WAITING_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.OIDC_ISSUER = f"http://127.0.0.1:{server.getsockname()[1]}"
        threading.Thread(target=trickle, args=(server,), daemon=True).start()
        began = time.perf_counter()

        with pytest.raises(ProviderAway):
            identity_provider.metadata()

        assert time.perf_counter() - began < 0.8


def trickle(server: socket.socket) -> None:
    """Answer so slowly that no wait between two bytes is long, for one second."""
    taken, _ = server.accept()
    with taken:
        for _ in range(20):
            taken.sendall(b"H")
            threading.Event().wait(0.05)


def test_the_secret_goes_nowhere_that_the_provider_leads_to(officer, client, provider):
    back = provider.sign_in(client.get(GO).url, email=officer.email)
    provider.leads_to = f"{provider.issuer}/elsewhere"

    assert "cannot be reached now" in refusal(client, client.get(back))

    assert provider.asked[-1] == "/token"


@pytest.mark.parametrize("raw", [b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 100_000])
def test_an_answer_that_nobody_can_read_is_told_in_words(officer, client, provider, raw):
    provider.raw = raw

    assert "cannot be reached now" in refusal(client, client.get(GO))


@pytest.mark.parametrize(
    "told",
    [
        {"jwks_uri": "https://["},
        {"token_endpoint": "http://p.example/"},
        {"token_endpoint": "file://127.0.0.1/etc/passwd"},
        {"issuer": "x"},
    ],
)
def test_what_it_tells_of_itself_is_kept_only_once_it_is_right(officer, client, provider, told):
    provider.told = told
    assert "cannot be reached now" in refusal(client, client.get(GO))

    provider.told = {}

    assert client.get(GO).url.startswith(provider.issuer)


def test_without_the_cache_the_work_account_lets_in_all_the_same(
    officer, client, provider, monkeypatch
):
    def down(*_: object) -> None:
        raise RedisError

    for each in ("get", "set"):
        monkeypatch.setattr(type(caches["default"]), each, down)

    assert come_back(client, provider, email=officer.email).url == "/home/"


def test_an_address_from_which_nobody_comes_in_has_to_wait(officer, client, provider):
    for _ in range(FREE_FOR_SIGN_ON - 1):
        assert "Location" in client.get(GO)
    assert come_back(client, provider, email=officer.email).url == "/home/"
    client.post("/sign-out/")
    for _ in range(FREE_FOR_SIGN_ON):
        assert client.get(GO).url.startswith(provider.issuer)
    back = provider.sign_in(client.get(GO).url, email=officer.email)

    assert "There were too many tries. Wait 5 seconds." in refusal(client, client.get(back))
    assert client.get(GO).url == "/sign-in/"


def test_a_provider_that_names_another_issuer_is_not_asked(officer, client, provider, settings):
    settings.OIDC_ISSUER = f"{provider.issuer}/"

    assert "cannot be reached now" in refusal(client, client.get(GO))


def test_without_a_provider_there_is_no_such_way(officer, client):
    assert client.get(GO).url == "/sign-in/"
    assert "work account" not in client.get("/sign-in/").content.decode()


def test_passwords_can_be_shut_to_all_but_an_account_for_the_day_it_breaks(
    officer, admin, client, provider, settings
):
    admin.set_password(PASSWORD)
    admin.save()
    settings.PASSWORD_SIGN_IN = [admin.email]

    shut = client.post("/sign-in/", {"email": officer.email, "password": PASSWORD})
    wrong = client.post("/sign-in/", {"email": officer.email, "password": "wrong"})
    provider.is_broken = True
    broken = client.post("/sign-in/", {"email": admin.email, "password": PASSWORD})

    # A stranger who guesses learns nothing: the answer is the same, and counts the same.
    told = [each.context["form"].non_field_errors() for each in (shut, wrong)]
    assert told[0] == told[1]
    assert "Most people sign in with their work account instead." in told[0]
    assert (shut.status_code, wrong.status_code, broken.status_code) == (422, 422, 302)
    codes = [
        client.post("/sign-in/", {"email": officer.email, "password": PASSWORD}).status_code
        for client in [Client()] * 3
    ]
    assert codes == [422, 422, 429]


def test_the_pages_say_that_a_code_is_asked_only_with_a_password(
    officer, admin, client, provider, settings
):
    client.force_login(officer)

    page = client.get("/account/signing-in/").content.decode()
    account = client.get("/account/").content.decode()
    settings.PASSWORD_SIGN_IN = [admin.email]
    shut = client.get("/account/").content.decode()
    settings.OIDC_ISSUER = ""
    without = client.get("/account/signing-in/").content.decode()

    assert "Signing in with a password asks for that alone." in page
    assert "Work account, or password alone" in account
    assert "Work account" in shut
    assert "assword alone" not in shut
    assert "Signing in asks for your password alone." in without


def test_shut_passwords_prove_nothing_and_are_not_chosen_anew(
    officer, admin, client, provider, settings, time_machine
):
    settings.PASSWORD_SIGN_IN = [admin.email]
    client.force_login(officer)
    time_machine.move_to(NOW + RECENT * 2 - RECENT / 2, tick=False)

    again = client.post("/account/again/", {"password": PASSWORD})
    for email in (officer.email, admin.email):
        Client().post("/sign-in/forgotten-password/", {"email": email})

    assert again.status_code == 422
    assert client.get("/account/signing-in/app/").status_code == 302
    assert 'type="password"' not in client.get("/account/again/").content.decode()
    assert OutboundMessage.objects.get(kind="password-link").to_user == admin


def test_whoever_has_no_password_proves_it_with_the_work_account(
    officer, client, provider, time_machine
):
    client.force_login(officer)
    time_machine.move_to(NOW + RECENT * 2 - RECENT / 2, tick=False)
    asked = client.get("/account/signing-in/app/").url
    assert "Prove it with your work account" in client.get(asked).content.decode()
    there = client.get(f"{GO}?next=/account/signing-in/app/").url
    assert "prompt=login&max_age=0" in there
    just_now = {"email": officer.email, "auth_time": int((NOW + RECENT).timestamp()) + 200}
    fresh = {"iat": just_now["auth_time"], "exp": just_now["auth_time"] + 900}

    answer = client.get(provider.sign_in(there, **just_now, **fresh))

    assert answer.url == "/account/signing-in/app/"
    assert client.get(answer.url).status_code == 200


@pytest.mark.parametrize(
    ("at", "asked"),
    [(NOW, False), (NOW - RECENT * 2, True), (None, True), (NOW + RECENT, True)],
    ids=["just now", "this morning", "never told", "in time to come"],
)
def test_coming_in_without_being_asked_anything_there_proves_nothing(
    officer, client, provider, at, asked
):
    told = at and int(at.timestamp())

    assert come_back(client, provider, email=officer.email, auth_time=told).url == "/home/"

    assert client.get("/account/").status_code == 200
    assert (client.get("/account/signing-in/app/").status_code == 302) is asked


def test_a_provider_that_tells_no_time_is_told_of_by_the_name_of_the_claim(
    officer, client, provider
):
    client.force_login(officer)

    there = provider.sign_in(client.get(GO).url, email=officer.email, auth_time=None)

    assert "the claim “auth_time” is missing" in client.get(there, follow=True).content.decode()


@pytest.mark.parametrize("claims", [{"auth_time": 1}, {"auth_time": None}, {"email": "director"}])
def test_proving_it_takes_a_fresh_sign_in_of_the_same_person(
    officer, house, client, provider, time_machine, claims
):
    client.force_login(officer)
    time_machine.move_to(NOW + RECENT * 2 - RECENT / 2, tick=False)
    soon = int((NOW + RECENT * 2).timestamp())
    told = {"email": officer.email, "auth_time": soon - 600, "exp": soon, **claims}
    if told["email"] == "director":
        told["email"] = house[Role.DIRECTOR].email

    client.get(provider.sign_in(client.get(GO).url, **told))

    assert client.get("/account/signing-in/app/").url.startswith("/account/again/")
    assert client.get("/account/").context["user"] == officer
