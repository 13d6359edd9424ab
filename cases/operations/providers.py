"""Providers that post letters and send text messages: GOV.UK Notify, and files for a trial."""

import base64
import hashlib
import hmac
import http.client
import json
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from django.conf import settings

from cases.rules.dispatches import DispatchState, Fate

PATIENCE_SECONDS = 30
LONGEST_ANSWER = 1024 * 1024
# A key ends in the service's name and the secret, each a UUID.
UUID_LENGTH = 36


class NotTaken(Exception):
    """The provider refused it for good; `words` say why, without anything personal."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words[:300]


class ProviderAway(Exception):
    """The provider cannot be reached, or asks to wait."""


class Provider(Protocol):
    """Whoever posts letters and sends text messages."""

    sends_texts: bool

    def send_text(self, phone: str, words: str, *, key: str, now: datetime) -> str:
        """Send a text message and return the provider's name for it."""

    def post_letter(self, pdf: bytes, *, key: str, now: datetime) -> str:
        """Have a letter printed and posted, and return the provider's name for it."""

    def find(self, key: str, *, now: datetime) -> str:
        """Return the provider's name for what was sent under a key, or nothing."""

    def fate_of(self, provider_id: str, *, now: datetime) -> Fate:
        """Return what became of something."""


def provider() -> Provider | None:
    """Return the provider that is set, or nothing without one."""
    if settings.PROVIDER == "notify":
        return Notify(settings.NOTIFY_URL, settings.NOTIFY_KEY, settings.NOTIFY_TEXT_TEMPLATE)
    return Files(Path(settings.DATA_DIR) / "provider") if settings.PROVIDER == "files" else None


def texts_are_sent() -> bool:
    """Say whether there is a provider who sends text messages."""
    ours = provider()
    return ours is not None and ours.sends_texts


class Files:
    """For a trial: everything is written to files, counts as sent, and nothing leaves."""

    sends_texts = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send_text(self, phone: str, words: str, *, key: str, now: datetime) -> str:
        """Write a text message to a file."""
        return self._write(f"{key}.txt", f"{phone}\n{words}\n".encode())

    def post_letter(self, pdf: bytes, *, key: str, now: datetime) -> str:
        """Write a letter to a file."""
        return self._write(f"{key}.pdf", pdf)

    def find(self, key: str, *, now: datetime) -> str:
        """Return the name of the file."""
        names = (f"{key}.txt".replace(":", "-"), f"{key}.pdf".replace(":", "-"))
        return next((name for name in names if (self.folder / name).exists()), "")

    def fate_of(self, provider_id: str, *, now: datetime) -> Fate:
        """Say that it was sent."""
        return Fate(DispatchState.DONE)

    def _write(self, name: str, content: bytes) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        safe = name.replace(":", "-")
        (self.folder / safe).write_bytes(content)
        return safe


# What GOV.UK Notify says of text messages and letters, as far as it is final.
_DONE = frozenset({"delivered", "received"})
_FAILED = frozenset(
    {
        "permanent-failure",
        "temporary-failure",
        "technical-failure",
        "validation-failed",
        "virus-scan-failed",
        "cancelled",
    }
)


class Notify:
    """GOV.UK Notify, over its HTTP interface. Letters go as they were set here."""

    def __init__(self, url: str, key: str, text_template: str) -> None:
        self.parts = urlsplit(url)
        self.secret = key[-UUID_LENGTH:]
        self.service = key[-2 * UUID_LENGTH - 1 : -UUID_LENGTH - 1]
        self.text_template = text_template
        self.sends_texts = bool(text_template)

    def send_text(self, phone: str, words: str, *, key: str, now: datetime) -> str:
        """Send a text message by the template, whose one gap is “message”.

        :raises NotTaken: if it is refused for good.
        :raises ProviderAway: if it cannot be asked now.
        """
        content = {
            "phone_number": phone,
            "template_id": self.text_template,
            "personalisation": {"message": words},
            "reference": key,
        }
        return _name_in(self._ask("POST", "/v2/notifications/sms", content, now=now))

    def post_letter(self, pdf: bytes, *, key: str, now: datetime) -> str:
        """Have a letter posted, second class.

        :raises NotTaken: if it is refused for good.
        :raises ProviderAway: if it cannot be asked now.
        """
        content = {
            "reference": key,
            "content": base64.b64encode(pdf).decode(),
            "postage": "second",
        }
        return _name_in(self._ask("POST", "/v2/notifications/letter", content, now=now))

    def find(self, key: str, *, now: datetime) -> str:
        """Return what was taken under a key before an answer was lost.

        :raises ProviderAway: if it cannot be asked now.
        """
        found = self._ask("GET", f"/v2/notifications?reference={quote(key)}", None, now=now)
        return next((_name_in(each) for each in _listed(found, "notifications")), "")

    def fate_of(self, provider_id: str, *, now: datetime) -> Fate:
        """Return what became of something.

        :raises ProviderAway: if it cannot be asked now.
        """
        found = self._ask("GET", f"/v2/notifications/{quote(provider_id)}", None, now=now)
        status = str(found.get("status", ""))
        if status in _DONE:
            return Fate(DispatchState.DONE)
        if status in _FAILED:
            return Fate(DispatchState.FAILED, f"The provider says: {status.replace('-', ' ')}.")
        return Fate(DispatchState.TAKEN)

    def _ask(
        self, method: str, path: str, content: dict[str, Any] | None, *, now: datetime
    ) -> dict[str, Any]:
        body = json.dumps(content).encode() if content is not None else None
        headers = {
            "Authorization": f"Bearer {self._token(now)}",
            "Content-Type": "application/json",
        }
        connection = self._connection()
        try:
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            answer = response.read(LONGEST_ANSWER)
        except (OSError, http.client.HTTPException) as lost:
            raise ProviderAway(type(lost).__name__) from None
        finally:
            connection.close()
        return _read(response.status, answer)

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self.parts.hostname or "", self.parts.port
        if self.parts.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=PATIENCE_SECONDS)
        return http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)

    def _token(self, now: datetime) -> str:
        """Return a JSON web token that says who asks and when, signed with the secret (HS256)."""
        head = _encoded(json.dumps({"typ": "JWT", "alg": "HS256"}).encode())
        claims = _encoded(json.dumps({"iss": self.service, "iat": int(now.timestamp())}).encode())
        signed = f"{head}.{claims}"
        made = hmac.new(self.secret.encode(), signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{_encoded(made)}"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _read(status: int, answer: bytes) -> dict[str, Any]:
    """Return the answer, or say whether it is worth trying again.

    The key may be wrong or a limit reached: both are for people to put right, and nothing is lost.
    """
    if status in (401, 403, 408, 429) or status >= 500:
        raise ProviderAway(f"The provider answered {status}.")
    try:
        found = json.loads(answer)
    except ValueError:
        raise ProviderAway("The provider’s answer cannot be read.") from None
    if not isinstance(found, dict):
        raise ProviderAway("The provider’s answer cannot be read.")
    if status >= 400:
        kinds = [str(each.get("error", "")) for each in _listed(found, "errors")]
        raise NotTaken(f"The provider refused it: {', '.join(kinds) or status}.")
    return found


def _listed(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return what an answer lists under a name; nothing where it is another thing."""
    listed = found.get(name)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _name_in(found: dict[str, Any]) -> str:
    """Return the provider's name for what it took. Without one it is asked for again, by its key.

    :raises ProviderAway: if there is none.
    """
    if not (name := found.get("id")):
        raise ProviderAway("The provider’s answer cannot be read.")
    return str(name)
