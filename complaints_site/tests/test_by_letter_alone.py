"""Somebody rings, has neither e-mail nor the web, and follows all of it by letter and telephone.

What reaches them is the paper that is printed: everything that they have to know stands on it.
"""

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from cases.models import Complaint, Landlord, Letter, OutboundMessage, TrackingVisit
from cases.operations.assign import assign
from cases.operations.close import close
from cases.operations.escalate import request_escalation
from cases.operations.stage_acts import Answer
from cases.operations.telling import Telling
from cases.rules.events import Outcome
from cases.rules.roles import Role
from cases.tests.answering import acknowledge, respond
from cases.tests.fixtures import House, at
from cases.tests.log.conftest import boxes, filled, mistakes

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
COORDINATOR, OFFICER = Role.COMPLAINTS_COORDINATOR, Role.RESPONSIBLE_OFFICER
MANAGER, HEAD = Role.LINE_MANAGER, Role.HEAD_OF_SERVICE
BY_POST = "post"
# What asks for the web, an e-mail address or a telephone that shows pages.
WEB = re.compile(r"https?://|www\.|@|\bclick\b|\blink\b", re.IGNORECASE)


class PostRoom:
    """Whoever prints what waits, and posts it."""

    def __init__(self, house: House) -> None:
        self.house = house

    def posts(self, on: date) -> str:
        """Print the letter that waits, record it as posted, and return what stands on the paper."""
        client = Client()
        client.force_login(self.house[COORDINATOR])
        [letter] = Letter.objects.filter(posted_on=None)
        printed = client.get(f"{reverse('cases:letters-pdf')}?all=yes")
        assert printed["Content-Type"] == "application/pdf"
        paper = PdfReader(io.BytesIO(b"".join(printed)))
        words = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
        answer = client.post(
            reverse("cases:letters"),
            {
                "step": "posted",
                "letter": [f"{letter.complaint.reference}:{letter.event_number}"],
                **boxes("posted_on", on),
            },
        )
        assert answer.status_code == 302
        return words


@pytest.fixture
def on(settings, tmp_path) -> Callable[[int, int], date]:
    """A function that lets it be a day of 2026, in the morning."""
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    with time_machine.travel(at(date(2026, 6, 8)), tick=False) as clock:

        def move(month: int, day: int) -> date:
            clock.move_to(at(date(2026, month, day)))
            return date(2026, month, day)

        yield move


def rings(house: House, day: date) -> Complaint:
    """Log what somebody says on the telephone, who has an address and nothing else."""
    client = Client()
    client.force_login(house[Role.FRONT_LINE])
    said: dict[str, Any] = filled(
        preferred_channel="post", letter_format="standard", **boxes("received", day)
    )
    logged = client.post("/log/", {**said, "area": house.team.pk})
    assert logged.status_code == 302, mistakes(logged)
    complaint = Complaint.objects.get()
    assert (complaint.channel, complaint.customer.email) == ("phone", "")
    return complaint


# What every letter says, so that nobody needs anything but paper and a telephone.
ALWAYS = (
    "1 Quay Street Harbourside 01632 960 001",
    "Agnes Moyo 7 Chandlers Row HB2 7CR",
    "Housing Ombudsman Service 0300 111 3000",
    "large print, in Braille, on audio or in another language, please telephone 01632 960 001",
    "Yours sincerely",
)
# The one sentence about the web says how to do without.
ON_THE_WEB = re.compile(r"You can see on the web how it stands .*? You need no account\.")
WITHOUT = "ring us on 01632 960 001 and we give you one on the telephone or by post"


def check(paper: str, complaint: Complaint, *said: str) -> None:
    """See that a letter says what it has to, and asks for nothing that its reader has not."""
    for words in (*ALWAYS, complaint.reference, *said):
        assert words in paper, f"“{words}” does not stand in: {paper}"
    about_web = ON_THE_WEB.search(paper)
    assert about_web is None or WITHOUT in about_web[0]
    assert not WEB.search(ON_THE_WEB.sub("", paper)), paper


def test_somebody_who_rings_is_told_everything_by_letter_alone(house: House, on):
    Landlord.objects.update(telephone="01632 960 001", address="1 Quay Street\nHarbourside")
    room = PostRoom(house)

    def act(operation: Callable[..., Any], by: Role, day: date, **details: Any) -> None:
        complaint.refresh_from_db()
        operation(
            complaint_id=complaint.pk,
            by=house[by],
            now=at(day),
            seen=complaint.version,
            **details,
        )

    def given_to(role: Role, day: date) -> None:
        officer, area = house[role].pk, house.team.pk
        act(assign, COORDINATOR, day, officer_id=officer, area_id=area)

    # They ring, and it is confirmed on paper.
    complaint = rings(house, on(6, 8))
    given_to(OFFICER, on(6, 8))
    day = on(6, 9)
    act(acknowledge, COORDINATOR, day, on=day, telling=Telling(BY_POST))
    check(
        room.posts(day),
        complaint,
        "which reached us on 8 June 2026",
        "at Stage 1. We understand your complaint like this: 1. The lift has been out of order.",
        # Wed 10 = 1, ... Fri 12 = 3, Mon 15 = 4, ... Fri 19 = 8, Mon 22 = 9, Tue 23 = 10.
        "You will have our answer by Tuesday 23 June 2026.",
        "If we have misunderstood something, please tell us.",
    )

    # The answer says what was found, what is done, and how to go on without the web.
    day = on(6, 22)
    answer = Answer(Outcome.UPHELD, remedy_words=["We mend the lift."])
    told = Telling(BY_POST, "A part was missing.")
    act(respond, MANAGER, day, on=day, answer=answer, telling=told)
    check(
        room.posts(day),
        complaint,
        "Our finding: your complaint is upheld.",
        "A part was missing. To put this right: • We mend the lift.",
        "you can ask for Stage 2. Please tell us at any time, in any way you like.",
    )

    # They write back, and the next stage is confirmed with what they wrote.
    day = on(6, 29)
    act(request_escalation, COORDINATOR, day, on=day, channel="post", reasons="It stands still.")
    given_to(HEAD, day)
    day = on(6, 30)
    act(acknowledge, COORDINATOR, day, on=day, telling=Telling(BY_POST))
    check(
        room.posts(day),
        complaint,
        "Your request reached us on 29 June 2026.",
        "is now at Stage 2.",
        "You told us why you asked for Stage 2: It stands still.",
        # Wed 1 July = 1, Fri 3 = 3, Fri 10 = 8, Fri 17 = 13, Fri 24 = 18, Mon 27 = 19, Tue 28 = 20.
        "You will have our answer by Tuesday 28 July 2026.",
    )

    # The last answer says that it is the last, and who may be asked then.
    day = on(7, 20)
    told = Telling(BY_POST, "The part came, and the lift runs.")
    act(respond, HEAD, day, on=day, answer=answer, telling=told)
    check(
        room.posts(day),
        complaint,
        "The part came, and the lift runs.",
        "This is our final answer to your complaint.",
        "If you are still unhappy you can take your complaint to: Housing Ombudsman Service",
    )

    day = on(7, 31)
    act(close, COORDINATOR, day, on=day, words="", telling=Telling(BY_POST))
    check(
        room.posts(day),
        complaint,
        "We have closed your complaint of 8 June 2026.",
        "If this is not right, or you change your mind, please tell us.",
    )

    # Nothing went to them in another way, and they opened nothing.
    assert Letter.objects.exclude(channel="post", posted_on__isnull=False).count() == 0
    assert Letter.objects.count() == 5
    assert not OutboundMessage.objects.filter(to_user=None).exists()
    assert not TrackingVisit.objects.exists()


def test_a_letter_that_needs_the_web_is_noticed(house: House):
    paper = " ".join([*ALWAYS, "R", "See https://x.example/ for our answer."])

    with pytest.raises(AssertionError):
        check(paper, Complaint(reference="R"))
