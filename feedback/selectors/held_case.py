"""A complaint of somebody who asks what is held of them, and whose each thing in it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from cases.models import (
    Complaint,
    Contractor,
    Customer,
    Exclusion,
    InboundMail,
    InformationRequest,
    Letter,
    Level,
    User,
)
from cases.selectors.case_page import CasePage, case_page
from feedback.rules.held import JOINT, RESTRICTED, Addresses, Held


@dataclass(frozen=True, slots=True)
class Theirs:
    """A complaint of somebody: with what its page shows, and whose it is."""

    page: CasePage
    person: Customer
    addresses: Addresses

    @property
    def complaint(self) -> Complaint:
        """Return the complaint."""
        return self.page.complaint

    @property
    def section(self) -> str:
        """Return the heading under which its things stand."""
        return f"Complaint {self.complaint.reference}"

    @property
    def is_joint(self) -> bool:
        """Say whether it is somebody else's, in which they complain too."""
        return self.complaint.customer_id != self.person.pk

    @property
    def closed(self) -> tuple[str, ...]:
        """Return why everything but what they sent themselves is looked at, or nothing."""
        return (RESTRICTED,) if self.complaint.level == Level.RESTRICTED else ()

    @property
    def others(self) -> list[str]:
        """Return the names of the other people in it whom its page names."""
        people = self.page.people
        joint = [each.customer for each in people.joint]
        named = [each.name for each in (self.complaint.customer, *joint) if each != self.person]
        return [*named, *(each.name for each in people.speakers)]

    def held(self, title: str, *because: str, **more: object) -> Held:
        """Return a thing in it. What is not theirs in a joint complaint says so."""
        reasons = (JOINT, *because) if self.is_joint else because
        return self.own(title, *reasons, **more)

    def own(self, title: str, *because: str, **more: object) -> Held:
        """Return a thing in it that is their own, whoever's complaint it is."""
        return Held(self.section, title, because=(*because, *self.closed), **more)  # type: ignore[arg-type]

    def sent(self, title: str, *because: str, **more: object) -> Held:
        """Return what they sent themselves, which tells them nothing new."""
        return Held(self.section, title, because=because, **more)  # type: ignore[arg-type]


def theirs(
    complaint: Complaint, person: Customer, *, addresses: Addresses, reader: User, today: date
) -> Theirs:
    """Return a complaint with what its page shows to a reader. Some seven queries."""
    page = case_page(complaint, user=reader, today=today, is_kept=True)
    return Theirs(page, person, addresses)


def others_in(
    cases: Sequence[Theirs], person: Customer, addresses: Addresses, mails: Sequence[InboundMail]
) -> Iterator[str]:
    """Yield the names of the other people in complaints, and of who sent other e-mails of theirs.

    Whoever was asked or written to, sent an e-mail, or was shut out. Four queries in all.
    """
    for case in cases:
        yield from case.others
    inside = Q(complaint__in=[case.complaint.pk for case in cases])
    yield from InformationRequest.objects.filter(inside).values_list("to_name", flat=True)
    to_them = Q(to_speaker__isnull=True) & (
        Q(to_customer=person) | Q(to_customer__isnull=True, complaint__customer=person)
    )
    letters = Letter.objects.filter(inside)
    to_others = letters.exclude(pk__in=letters.filter(to_them).values("pk"))
    yield from to_others.values_list("to_name", flat=True)
    sent = InboundMail.objects.filter(inside).values_list("sender", "sender_name")
    for sender, name in (*sent, *((each.sender, each.sender_name) for each in mails)):
        if not addresses.are_theirs(sender):
            yield name
    yield from Exclusion.objects.filter(inside).values_list("user__name", flat=True)


def firms() -> list[str]:
    """Return the names of those who work for the landlord. One query."""
    return list(Contractor.objects.values_list("name", flat=True))
