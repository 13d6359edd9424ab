"""A customer says by a link in an e-mail whether somebody may speak for them (HH-4, KF-1).

The link went to the customer's own address, works once, and ends. Looking at its page changes
nothing, so a program that opens the links in e-mails answers nothing.
"""

import secrets
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.models import ConsentLink, OutboundMessage, Representative
from cases.operations.alerts import address_of, tell_of_answer
from cases.operations.information import hashed
from cases.operations.letter_copies import stop_copies
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.authority import Authority, Established
from cases.rules.events import EventKind
from cases.rules.tracking import CONSENT_PATH
from cases.rules.wording import marked
from cases.selectors.speaking import machine_note, public_path, speaking_to
from cases.selectors.tracking import is_proved_by_email

LIFE = timedelta(days=14)
LINK = CONSENT_PATH + "{token}/"
ASKED = marked(
    "You can answer on this page until {day}. It works once, for whoever has the link: please do "
    "not pass it on.\n\n{link}"
)
SEEN = "The customer answered by the link sent to their own e-mail address."


def add_link(case: CaseFile, speaker: Representative, message: OutboundMessage) -> None:
    """Add to the e-mail that asks the customer a link by which they answer.

    None is added where the representative has that address too, or somebody who says that they
    speak for the customer gave it, or it is new: it would prove nothing. The link stands in the
    e-mail alone, and not in the letter that colleagues read.
    """
    by = case.by
    if by is None or speaker.email.casefold() == message.to_address.casefold():
        return
    if not is_proved_by_email(case.complaint.customer, now=case.now):
        return
    token = secrets.token_urlsafe(32)
    link = ConsentLink.objects.create(
        representative=speaker,
        sent_to=message.to_address,
        token_hash=hashed(token),
        asked_at=case.now,
        asked_by=by,
        expires_at=case.now + LIFE,
    )
    with speaking_to(case.complaint.customer):
        told = _(ASKED).format(
            day=date_format(link.expires_at, "j F Y"),
            link=address_of(public_path(LINK.format(token=token))),
        )
        message.body += f"\n\n{told}\n{machine_note()}"
    message.save(update_fields=["body"])


def open_link(token: str, *, now: datetime) -> ConsentLink | None:
    """Return the question behind a link that still works. Changes nothing.

    It stops working when a newer one is sent, when the authority was recorded otherwise, and when
    the address is no longer the customer's own or no longer safe for them.
    """
    found = (
        ConsentLink.objects.select_related("representative__complaint__customer", "asked_by")
        .filter(
            token_hash=hashed(token),
            used_at=None,
            expires_at__gt=now,
            representative__authority=Authority.ASKED.value,
        )
        .first()
    )
    return found if found is not None and _is_current(found, now=now) else None


def _is_current(link: ConsentLink, *, now: datetime) -> bool:
    speaker = link.representative
    customer = speaker.complaint.customer
    is_own = customer.email.casefold() == link.sent_to.casefold() and not customer.email_unsafe
    is_own = is_own and is_proved_by_email(customer, now=now)
    is_theirs_too = speaker.email.casefold() == link.sent_to.casefold()
    newest = speaker.consent_links.order_by("-pk").values_list("pk", flat=True).first()
    return is_own and not is_theirs_too and newest == link.pk


def answer_link(*, token: str, may_speak: bool, now: datetime) -> Representative | None:
    """Record the customer's answer, and tell whoever asked; None if the link does not work."""
    link = open_link(token, now=now)
    if link is None:
        return None
    with recording(
        complaint_id=link.representative.complaint_id,
        act=Act.CHANGE_PEOPLE,
        by=None,
        now=now,
        seen=None,
    ) as case:
        # Asked again under the lock: of two answers at once the first counts.
        current = open_link(token, now=now)
        if current is None:
            return None
        speaker = current.representative
        current.used_at = now
        current.save(update_fields=["used_at"])
        authority = Authority.CONFIRMED if may_speak else Authority.DECLINED
        speaker.authority = authority.value
        speaker.established_by = Established.OWN_CONTACT.value if may_speak else ""
        speaker.authority_on = case.today
        speaker.authority_seen = SEEN
        speaker.save(
            update_fields=["authority", "established_by", "authority_on", "authority_seen"]
        )
        if not may_speak:
            stop_copies(speaker)
        case.add(
            EventKind.DETAILS_CHANGED,
            facts={"representative": speaker.pk, "authority": authority.value},
            words={"reason": SEEN},
        )
        tell_of_answer(
            case,
            [current.asked_by, case.complaint.responsible_officer],
            key=f"consent:{current.pk}",
            words="The customer has answered whether somebody may speak for them.",
        )
    return speaker
