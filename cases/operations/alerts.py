"""Short e-mails to staff: neutral, with a link and nothing about the customer."""

from django.conf import settings

from cases.models import OutboundMessage, User
from cases.operations.record import CaseFile


def tell_officer(case: CaseFile, officer: User) -> None:
    """Queue a message to the officer that a complaint is now theirs."""
    complaint = case.complaint
    OutboundMessage.objects.create(
        key=f"assigned:{case.head}:{officer.pk}",
        kind="assigned",
        complaint=complaint,
        to_user=officer,
        to_address=officer.email,
        subject=f"Complaint {complaint.reference} is now yours",
        body=(
            f"Complaint {complaint.reference} has been given to you. Sign in to see it and its "
            f"deadlines:\n\n{address_of(complaint.get_absolute_url())}\n"
        ),
        created_at=case.now,
        next_try_at=case.now,
    )


def address_of(path: str) -> str:
    """Return the full address of a page, always under the landlord's own base address."""
    return f"{settings.PUBLIC_BASE_URL}{path}"
