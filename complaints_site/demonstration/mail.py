"""E-mail that came in, taken in as from the landlord's mailbox."""

from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import NamedTuple

from cases.models import Complaint, Level
from cases.operations.mail_intake import Took, take_mail
from complaints_site.demonstration.people import EMAIL
from complaints_site.demonstration.play import Staff

OFFICER = "Dan Morris"


class Incoming(NamedTuple):
    """An e-mail of so many hours ago, and what becomes of it when it is read."""

    ago: int
    sender: str
    subject: str
    words: str
    becomes: Took
    more: tuple[tuple[str, str], ...] = ()


# "{customer}" and "{reference}" are those of an open complaint.
MAILS = (
    Incoming(
        5,
        "{customer}",
        "Re: Complaint {reference}",
        "The workman came this morning and says that he needs a second visit. Please ring me "
        "before he comes: I am out on Thursdays.",
        Took.JOINED,
    ),
    Incoming(
        4,
        "Lena Brook <lena.brook@example.net>",
        "About {reference}",
        "I am the daughter. My mother asked me to send you the photo of the ceiling, but I cannot "
        "find it now. What is happening about her complaint?",
        Took.JOINED,
    ),
    Incoming(
        3,
        "Paul Okafor <paul.okafor@example.net>",
        "Nobody empties the bins at Lantern Court",
        "The bins at Lantern Court were not emptied for three weeks and there are rats in the "
        "store. I have rung twice. I want to make a complaint.",
        Took.COMPLAINT,
    ),
    Incoming(
        2,
        "Iris Vale <iris.vale@example.net>",
        "Re: Your appointment",
        "Thank you, Tuesday suits us. Is somebody also looking at the fence, as I was told on the "
        "telephone?",
        Took.WAITING,
        (("In-Reply-To", "<appointment-4471@contractor.example>"),),
    ),
    Incoming(
        1,
        "Ivan Petrov <ivan.petrov@example.org>",
        "Out of office",
        "I am away until the end of the month and read no e-mail.",
        Took.AUTOMATIC,
        (("Auto-Submitted", "auto-replied"),),
    ),
)


def mail(staff: Staff) -> None:
    """Take in one e-mail of each kind that comes: for a complaint, new, in doubt, by a machine."""
    complaints = Complaint.objects.open().filter(level=Level.NORMAL.value)
    known = complaints.exclude(customer__email="").filter(responsible_officer__name=OFFICER)
    complaint = known.select_related("customer").order_by("-received_on", "pk")[0]
    named = {
        "customer": f"{complaint.customer.name} <{complaint.customer.email}>",
        "reference": complaint.reference,
    }
    for number, each in enumerate(MAILS, start=1):
        at = staff.present - timedelta(hours=each.ago)
        message = EmailMessage()
        message["From"] = each.sender.format(**named)
        message["To"] = EMAIL
        message["Date"] = format_datetime(at)
        message["Subject"] = each.subject.format(**named)
        message["Message-ID"] = f"<demonstration-{number}@example.net>"
        for name, value in each.more:
            message[name] = value
        message.set_content(each.words)
        take_mail(message.as_bytes(), received_at=at, now=staff.present)
