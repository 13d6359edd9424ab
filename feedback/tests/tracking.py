"""Customers who follow their complaint, for tests."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.models import Complaint, OutboundMessage
from cases.models.tracking import Proof
from cases.operations.telling import Telling
from cases.operations.tracking import hand_out_code, send_codes
from cases.rules.roles import Role
from cases.tests.answering import acknowledge
from cases.tests.fixtures import House

TUESDAY = date(2026, 6, 9)


def acknowledged(
    house: House, *, channel: str = "email", on: date = TUESDAY, **details: Any
) -> Complaint:
    """Return a complaint received on that day that was confirmed to its customer today."""
    complaint = house.lodge(on=on, **details)
    now = timezone.now()
    acknowledge(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=now,
        seen=complaint.version,
        on=timezone.localdate(now),
        telling=Telling(channel, language_because="They read English with a neighbour."),
    )
    complaint.refresh_from_db()
    return complaint


def speaks_for(house: House, complaint: Complaint) -> "Follower":
    """Return somebody with a power of attorney who follows it, by a code that was read out."""
    now = timezone.now()
    speaker = complaint.representatives.create(
        name="Ada Advocate",
        authority="confirmed",
        established_by="power_of_attorney",
        authority_on=timezone.localdate(now),
    )
    code = hand_out_code(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=now,
        proof=Proof.PHONE,
        speaker_id=speaker.pk,
    )
    follower = Follower()
    follower.enters(complaint.reference, code)
    assert follower.is_in
    return follower


def link_of(complaint: Complaint) -> str:
    """Return the path of the link in the newest e-mail to the customer."""
    message = OutboundMessage.objects.filter(complaint=complaint, kind__startswith="letter_")
    token = message.latest("pk").body.partition("/track/link/")[2].partition("/")[0]
    return reverse("feedback:track-link", args=[token])


@dataclass
class Follower:
    """Somebody with a browser who follows a complaint."""

    client: Client = field(default_factory=Client)
    address: str = "127.0.0.9"

    def get(self, name: str, *args: Any) -> Any:
        """Open a page."""
        return self.client.get(reverse(f"feedback:{name}", args=args), REMOTE_ADDR=self.address)

    def post(self, name: str, data: Any = None, *args: Any, **extra: Any) -> Any:
        """Send a form."""
        path = reverse(f"feedback:{name}", args=args)
        return self.client.post(path, data or {}, REMOTE_ADDR=self.address, **extra)

    def opens(self, complaint: Complaint) -> "Follower":
        """Go in by the link."""
        answer = self.client.post(link_of(complaint), REMOTE_ADDR=self.address)
        assert answer.status_code == 302, answer.content.decode()[:1000]
        return self

    def asks_for_code(self, reference: str) -> str:
        """Ask for a code by e-mail, and return the one that was sent, or nothing."""
        before = set(OutboundMessage.objects.values_list("pk", flat=True))
        self.post("track", {"reference": reference, "how": "email"})
        send_codes(now=timezone.now(), name="Harbourside Homes")
        sent = OutboundMessage.objects.exclude(pk__in=before).filter(kind="tracking_code").first()
        return sent.body.partition("code is ")[2][:8] if sent else ""

    def enters(self, reference: str, code: str) -> Any:
        """Give reference and code."""
        return self.post("track-code", {"reference": reference, "code": code})

    @property
    def is_in(self) -> bool:
        """Say whether the complaint is shown."""
        return bool(self.get("tracked").status_code == 200)


def words(answer: Any) -> str:
    """Return a page as text without its line ends."""
    return " ".join(answer.content.decode().split())
