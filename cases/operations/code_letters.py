"""Codes on paper that the provider posts: made anew from what only this system knows.

Such a code is kept nowhere, not even until it went: it follows from the row and the secret key, so
that a second try prints the same one, and whoever reads the database opens nothing with it.
"""

from datetime import UTC, date, datetime

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.errors import NotMade
from cases.models import Customer, Landlord, Representative, TrackingCode, User
from cases.operations.alerts import address_of, tell_of_unposted_code
from cases.operations.documents import letterhead
from cases.operations.letterheads import sender_lines, signature
from cases.operations.tracking import HOME, hash_of_code, post_refusal
from cases.operations.typesetting import set_paper
from cases.rules.blocks import Paragraph
from cases.rules.customers import LetterFormat
from cases.rules.letters import SUBJECT
from cases.rules.papers import PRINTED, Sheet, letter_paper
from cases.rules.periods import london_day
from cases.rules.references import ALPHABET
from cases.rules.tracking import in_groups
from cases.selectors.speaking import machine_note, public_path, speaking_to, spoken
from cases.selectors.tracking import may_be_followed, may_follow

PRINTED_ALONE = "The provider posts printed letters only."
ENDED = "This code works no more."


def code_of(row: TrackingCode) -> str:
    """Return the code that the provider posts for a row: sixty bits of what the key makes of it."""
    what = f"{row.pk}:{row.asked_at.astimezone(UTC).isoformat()}"
    made = salted_hmac("cases.posted-code", what, algorithm="sha256").digest()
    return in_groups("".join(ALPHABET[byte % len(ALPHABET)] for byte in made[:12]))


class CodeLetters:
    """Codes by which somebody follows a complaint, each a letter of its own."""

    def paper(self, number: int, *, now: datetime) -> bytes:
        """Return one as a PDF, in the print and the language that its reader needs.

        :raises NotMade: if it cannot be made, or the secret key was changed since.
        """
        row = _row(number)
        if row is None or row.complaint is None:
            raise NotMade(ENDED)
        code = code_of(row)
        if not constant_time_compare(hash_of_code(code), row.code_hash):
            raise NotMade("The secret key was changed since this code was made.")
        reader = reader_of(row)
        wanted = LetterFormat(reader.letter_format)
        sheet = _sheet(row.complaint.reference, code, reader, now=now)
        with speaking_to(_customer(reader)):
            tongue = spoken()
            paper = letter_paper(sheet, wanted) | {
                "lang": tongue.tag.split("-")[0],
                "dir": tongue.direction,
                "page_word": _("Page"),
                "of_word": _("of"),
            }
        return set_paper(paper, at=row.asked_at, logo=letterhead(wanted))

    def why_not(self, number: int, *, now: datetime) -> str:
        """Return why the provider is not to post it, or nothing. Some five queries."""
        row = _row(number)
        if row is None or row.complaint is None or row.used_at is not None:
            return ENDED
        if row.expires_at <= now or row.customer_id != row.complaint.customer_id:
            return ENDED
        if not may_follow(row, row.complaint, now=now):
            return "They may not be told where this complaint stands."
        if not may_be_followed(row.complaint, now=now):
            return "This complaint cannot be followed on the web now."
        if LetterFormat(reader_of(row).letter_format) not in PRINTED:
            return PRINTED_ALONE
        return post_refusal(row.complaint, row.speaker, row.joint)

    def posted(self, number: int, *, by: User, on: date) -> None:
        """Write nothing: that it went stands with what was handed over."""

    def failed(self, number: int, *, words: str, by: User, now: datetime) -> None:
        """Tell whoever handed it over, who can print and post one here.

        Nobody is told of a code that ended: one made in its place would end the code that works.
        """
        row = _row(number)
        if row is None or row.used_at is not None or row.expires_at <= now:
            return
        if row.complaint is not None:
            tell_of_unposted_code(row.complaint, by, key=f"code-unposted:{number}", now=now)


def reader_of(row: TrackingCode) -> Customer | Representative:
    """Return whose code it is.

    :raises ValueError: if it is of no complaint.
    """
    if row.speaker is not None:
        return row.speaker
    if row.joint is not None:
        customer: Customer = row.joint.customer
        return customer
    if row.complaint is None:
        raise ValueError(row.pk)
    return row.complaint.customer


def _customer(reader: Customer | Representative) -> Customer | None:
    """Return whose language it is in: whoever only speaks for a customer is told in English."""
    return reader if isinstance(reader, Customer) else None


def _row(number: int) -> TrackingCode | None:
    rows = TrackingCode.objects.select_related("complaint__customer", "speaker", "joint__customer")
    return rows.filter(pk=number, made_by__isnull=False).first()


def _sheet(reference: str, code: str, reader: Customer | Representative, *, now: datetime) -> Sheet:
    """Return the letter: the words of the page that colleagues print themselves."""
    landlord = Landlord.objects.defer("logo").first()
    sender = sender_lines(landlord)
    with speaking_to(_customer(reader)):
        told = _(
            "Here is your code for looking at how things stand. Open %(home_there)s and give your "
            "reference and the code. It works once, for three weeks. Please show it to nobody; if "
            "somebody else opened this letter, tell us."
        ) % {"home_there": address_of(public_path(HOME))}
        lines = [
            told,
            f"{_('Your reference')}: {reference}",
            f"{_('Your code')}: {code}",
        ]
        note = machine_note().strip("-\n ")
        greeting = _("Dear %(name)s,") % {"name": reader.name}
        title = _(SUBJECT).format(reference=reference)
        day = date_format(london_day(now), "j F Y")
    return Sheet(
        reference=reference,
        title=title,
        author=sender[0] if sender else "",
        day=day,
        sender=sender,
        to=[reader.name, *reader.address_lines],
        greeting=greeting,
        blocks=[Paragraph((each,)) for each in [*lines, *([note] if note else [])]],
        ending="",
        signed=signature(None, landlord),
    )
