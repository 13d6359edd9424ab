"""E-mails that say only that there is a letter, and where it is read (decision 62).

Whoever else may see an e-mail learns nothing from one. The letter itself is kept as it was issued,
and read in full where its reader follows the complaint, once they have proved who they are.
"""

from django.utils.translation import gettext as _

from cases.errors import ActionNotAllowed
from cases.models import (
    Complaint,
    Customer,
    JointComplainant,
    Landlord,
    Level,
    Representative,
)
from cases.operations.record import CaseFile
from cases.operations.tracking import ASK_US, RING_US, how_to_follow, tracking_link
from cases.rules.wording import marked
from cases.selectors.speaking import language_of, speaking_to
from cases.selectors.tracking import may_be_followed

TOLD = marked(
    "Dear {reader},\n\nThere is a letter for you about your enquiry {reference}. This email does "
    "not say what is in it, because others might see it. You can read the letter, and save it, on "
    "our website.\n\nIf you cannot open it, or would rather have whole letters by email or on "
    "paper, {ask}.\n\n{name}"
)


def is_notice(complaint: Complaint, reader: Customer | None) -> bool:
    """Say whether an e-mail to somebody says only that there is a letter.

    The whole letter goes to customers who asked for that, and to whoever speaks for one (`reader`
    is nobody) and is to have the letters; never of a sensitive or restricted complaint.
    """
    if complaint.level != Level.NORMAL:
        return True
    return reader is not None and not reader.letters_by_email


def check_can_be_read(case: CaseFile, to_name: str) -> None:
    """Refuse an e-mail that leads to a letter which cannot be read there. One query.

    :raises ActionNotAllowed: if the complaint cannot be followed on the web now.
    """
    if not may_be_followed(case.complaint, now=case.now):
        raise ActionNotAllowed(
            f"An e-mail to {to_name} says only that there is a letter, and they could not read it: "
            "this complaint cannot be followed on the web now. Send it by post, or ask whether "
            "they want whole letters by e-mail, and say so on the page of the customer."
        )


def notice(
    case: CaseFile,
    *,
    to: str,
    to_name: str,
    reader: Customer | None,
    speaker: Representative | None = None,
    joint: JointComplainant | None = None,
    has_link: bool = True,
) -> str:
    """Return the words of an e-mail that says only that there is a letter, with the way to it.

    That is a link of their own; without `has_link`, or where it would prove too little, the page
    that asks for a code.
    """
    landlord = Landlord.objects.only("name", "telephone").first()
    telephone = landlord.telephone if landlord else ""
    with speaking_to(reader):
        told = _(TOLD).format(
            reader=to_name,
            reference=case.complaint.reference,
            ask=_(RING_US).format(telephone=telephone) if telephone else _(ASK_US),
            name=landlord.name if landlord else "",
        )
    link = tracking_link(case, to=to, speaker=speaker, joint=joint) if has_link else ""
    way = link or f"\n\n{how_to_follow(telephone, language=language_of(reader))}\n"
    return f"{told.rstrip()}{way}"
