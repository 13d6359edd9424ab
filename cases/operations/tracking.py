"""Letting customers follow their complaint on the web: links, codes and visits, without an account.

Looking at a page uses nothing up: a visit begins when somebody presses a button, so a program that
opens the links in e-mails begins none. Whatever does not work gives one and the same answer.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.errors import ActionNotAllowed
from cases.models import (
    Complaint,
    Customer,
    Dispatch,
    JointComplainant,
    Landlord,
    Level,
    OutboundMessage,
    Representative,
    TrackingClosure,
    TrackingCode,
    TrackingLink,
    TrackingVisit,
    User,
)
from cases.models.tracking import Followed, Proof
from cases.operations.alerts import address_of, tell_of_closing
from cases.operations.providers import texts_are_sent
from cases.operations.record import CaseFile, recording
from cases.operations.ways import channel_refusal, reaches_unsafely
from cases.rules.acts import Act
from cases.rules.dispatches import DispatchKind, mobile_number
from cases.rules.events import EventKind
from cases.rules.letter_facts import SUBJECT as NEUTRAL_SUBJECT
from cases.rules.periods import LONDON
from cases.rules.references import spellings
from cases.rules.tracking import (
    A_DAY,
    A_WHILE,
    CODE_MESSAGE,
    CONSENT_PATH,
    EMAILED_LIFE,
    KEPT_CODES,
    KEPT_VISITS,
    LETTER_PATH,
    LINK_LIFE,
    LINK_PATH,
    LONGEST_VISIT,
    MOST_IN_A_DAY,
    MOST_IN_A_WHILE,
    POSTED_LIFE,
    READ_OUT_LIFE,
    TRIES,
    emailed_code,
    handed_out_code,
    is_emailed,
    tidy_code,
)
from cases.rules.wording import marked
from cases.selectors.restrictions import closed_ways
from cases.selectors.speaking import machine_note, public_path, speaking_to
from cases.selectors.tracking import (
    followers,
    is_proved_by_email,
    may_be_followed,
    may_follow,
    to_be_followed,
)
from cases.selectors.tracking import open_link as find_link

HOME = "/track/"
CODE_PAGE = "/track/code/"
LINK = LINK_PATH + "{token}/"
_PATHS = "|".join(re.escape(path) for path in (LINK_PATH, LETTER_PATH, CONSENT_PATH))
_LINKS = re.compile(rf"\S*(?:{_PATHS})[\w-]\S+")
SUBJECT = marked("Your code")
UNDER_AN_EMAIL = marked(
    "On this page you see how it stands and what happens next, and you can add to it, until "
    "{day}:\n\n{link}\n\nThe link is for you alone: please do not pass it on. Later you can open "
    "the page with your reference and a code: {home}"
)
UNDER_A_COPY = marked(
    "On this page you see how it stands and what happens next, until {day}:\n\n{link}\n\nThe link "
    "is for you alone: please do not pass it on. Later we can give you a code for the page: {home}"
)
ON_PAPER = marked(
    "You can see on the web how it stands and what happens next, and add to it: {home}. You need "
    "the reference above and a code. If we may e-mail you, the page sends you one. If not, {ask} "
    "and we give you one on the telephone or by post. You need no account."
)
OPEN_AGAIN = marked(
    "Hello,\n\nYour page on our website is open again. A link that you had before does not work "
    "any more; here is a new one.\n\n{name}"
)
RING_US, ASK_US = marked("ring us on {telephone}"), marked("ask us")
CODE_BODY = marked(
    "Your code is {code}. It works once, until {until}, in the browser in which you asked for it."
    "\n\nIf you did not ask for it, you need do nothing. Nobody who works for us ever asks you for "
    "it.\n\n{name}\n"
)
CODE_TEXT = marked(
    "{name}: your code is {code}. It works once, until {until}, in the browser in which you asked "
    "for it. Nobody who works for us asks you for it."
)
# The proofs that a browser asks for.
SENT = (Proof.EMAIL.value, Proof.TEXT.value)
_LIVES = {Proof.PHONE: READ_OUT_LIFE, Proof.POST: POSTED_LIFE}


def hashed(token: str) -> str:
    """Return the form in which a token is kept. It has 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def without_link(text: str) -> str:
    """Return a text with words in the place of each link that lets somebody in."""
    return _LINKS.sub("[the customer’s own link, made when this is sent]", text)


def hash_of_code(code: str) -> str:
    """Return the form in which a code is kept: of no use without the secret key."""
    return salted_hmac("cases.tracking", tidy_code(code), algorithm="sha256").hexdigest()


def gets_link(
    complaint: Complaint,
    *,
    to: str,
    now: datetime,
    speaker: Representative | None = None,
    joint: JointComplainant | None = None,
) -> bool:
    """Say whether an e-mail to a follower ends with a link. At most two queries.

    Not where another of them has that address too or gave it, where it is not the one on the
    record or was changed to it only now, and for others than the customer not of a complaint above
    the normal level: it would prove too little.
    """
    is_customers = speaker is None and joint is None
    whose = joint.customer if joint else complaint.customer
    known = speaker.email if speaker else whose.email
    if known.casefold() != to.casefold():
        return False
    if speaker is None and not is_proved_by_email(whose, now=now):
        return False
    if not is_customers and complaint.level != Level.NORMAL:
        return False
    return not _is_shared(complaint, to, speaker=speaker, joint=joint)


def tracking_link(
    complaint: Complaint,
    *,
    to: str,
    now: datetime,
    speaker: Representative | None = None,
    joint: JointComplainant | None = None,
) -> str:
    """Return what an e-mail to a follower ends with: a link by which they follow the complaint.

    It stands in the e-mail alone, and not in the letter that colleagues read. There is none where
    it would prove too little.
    """
    if not gets_link(complaint, to=to, now=now, speaker=speaker, joint=joint):
        return ""
    is_customers = speaker is None and joint is None
    whose = joint.customer if joint else complaint.customer
    token = secrets.token_urlsafe(32)
    before = TrackingLink.objects.filter(complaint=complaint, ended_at=None)
    before.of(_key(speaker), _key(joint)).update(ended_at=now)
    link = TrackingLink.objects.create(
        complaint=complaint,
        customer=complaint.customer,
        speaker=speaker,
        joint=joint,
        sent_to=to,
        token_hash=hashed(token),
        made_at=now,
        expires_at=now + LINK_LIFE,
    )
    # To whoever speaks for the customer in English: nobody noted what they read.
    with speaking_to(whose if speaker is None else None):
        told = _(UNDER_AN_EMAIL if is_customers else UNDER_A_COPY).format(
            day=date_format(link.expires_at, "j F Y"),
            link=address_of(public_path(LINK.format(token=token))),
            home=address_of(public_path(HOME)),
        )
        return f"\n\n{told}\n{machine_note()}"


def _key(who: Representative | JointComplainant | None) -> int | None:
    return who.pk if who is not None else None


def _but(who: Representative | JointComplainant | None) -> int:
    return who.pk if who is not None else 0


def _is_shared(
    complaint: Complaint,
    to: str,
    *,
    speaker: Representative | None,
    joint: JointComplainant | None,
) -> bool:
    """Say whether another follower of a complaint has this address. At most two queries."""
    is_customers = speaker is None and joint is None
    if not is_customers and complaint.customer.email.casefold() == to.casefold():
        return True
    speakers = Representative.objects.filter(complaint=complaint, email__iexact=to)
    if speakers.exclude(pk=_but(speaker)).exists():
        return True
    # The customer's own link is as good as before: those who complain too read the same.
    together = JointComplainant.objects.filter(complaint=complaint, customer__email__iexact=to)
    return not is_customers and together.exclude(pk=_but(joint)).exists()


def how_to_follow(telephone: str, *, language: str = settings.LANGUAGE_CODE) -> str:
    """Return the paragraph that tells in a letter on paper how the complaint can be followed.

    In the language with this tag where it is one of the public's, else nothing; with a word where
    a machine translated it.
    """
    if language not in (settings.LANGUAGE_CODE, *settings.PUBLIC_LANGUAGES):
        return ""
    with translation.override(language):
        ask = _(RING_US).format(telephone=telephone) if telephone else _(ASK_US)
        told = _(ON_PAPER).format(home=address_of(public_path(HOME)), ask=ask)
        note = machine_note().strip("-\n ")
        return f"{told}\n\n{note}" if note else told


def open_link(token: str, *, now: datetime) -> TrackingLink | None:
    """Return the link that still works, or nothing. Changes nothing."""
    return find_link(hashed(token), now=now)


@transaction.atomic
def ask_for_code(*, reference: str, browser: str, now: datetime) -> None:
    """Note that a browser asks for a code, to the address or mobile number that is on the record.

    The same is done whether there is such a complaint or not, so that nobody can tell: the code is
    made and sent by a task.
    """
    found = to_be_followed(spellings(reference), by_email=True, by_text=texts_are_sent(), now=now)
    TrackingCode.objects.create(
        complaint=found,
        customer=found.customer if found else None,
        proof=_proof_of(found.customer if found else None).value,
        browser_hash=hashed(browser),
        asked_at=now,
        expires_at=now + EMAILED_LIFE,
    )


def _proof_of(customer: Customer | None) -> Proof:
    """Return how a code goes to a customer who may have one: by text where e-mail is no way."""
    is_by_text = customer is not None and (not customer.email or customer.email_unsafe)
    return Proof.TEXT if is_by_text else Proof.EMAIL


def send_codes(*, now: datetime, name: str) -> int:
    """Make the codes that were asked for, and queue the e-mails with them. Return how many."""
    waiting = TrackingCode.objects.filter(code_hash="", complaint__isnull=False)
    return sum(_send(key, now=now, name=name) for key in waiting.values_list("pk", flat=True))


@transaction.atomic
def _send(key: int, *, now: datetime, name: str) -> bool:
    """Send one code, unless the complaint had its share: then it is made and told to nobody."""
    rows = TrackingCode.objects.select_for_update(of=("self",)).select_related(
        "complaint__customer"
    )
    row = rows.filter(pk=key, code_hash="").first()
    if row is None or row.complaint is None:
        return False
    code = emailed_code()
    row.code_hash = hash_of_code(code)
    others = TrackingCode.objects.filter(complaint=row.complaint, proof__in=SENT, pk__lt=row.pk)
    lately = others.filter(asked_at__gt=row.asked_at - A_WHILE).count()
    today = others.filter(asked_at__gt=row.asked_at - A_DAY).count()
    is_sent = (
        lately < MOST_IN_A_WHILE
        and today < MOST_IN_A_DAY
        and row.expires_at > now
        and row.used_at is None
        and may_be_followed(row.complaint, now=now, **_proved_by(row.proof))
        and not _is_shared_number(row.complaint, row.proof)
    )
    if is_sent and row.proof == Proof.TEXT:
        _queue_text(row, row.complaint, code, now=now, name=name)
    elif is_sent:
        until = row.expires_at.astimezone(LONDON)
        with speaking_to(row.complaint.customer):
            subject = _(SUBJECT)
            body = _(CODE_BODY).format(code=code, until=f"{until:%H:%M}", name=name)
            body += machine_note()
        OutboundMessage.objects.create(
            key=f"{CODE_MESSAGE}:{row.pk}",
            kind=CODE_MESSAGE,
            complaint=row.complaint,
            to_address=row.complaint.customer.email,
            subject=subject,
            body=body,
            created_at=now,
            next_try_at=now,
        )
    else:
        row.code_hash = hash_of_code(secrets.token_urlsafe(32))
    row.save(update_fields=["code_hash"])
    return is_sent


def _proved_by(proof: str) -> dict[str, bool]:
    """Return what `may_be_followed` has to ask for a proof."""
    return {"by_email": proof == Proof.EMAIL, "by_text": proof == Proof.TEXT}


def _is_shared_number(complaint: Complaint, proof: str) -> bool:
    """Say whether a code would go by text to whoever speaks for the customer too."""
    if proof != Proof.TEXT:
        return False
    number = mobile_number(complaint.customer.phone)
    return any(mobile_number(each.phone) == number for each in complaint.representatives.all())


def _queue_text(
    row: TrackingCode, complaint: Complaint, code: str, *, now: datetime, name: str
) -> None:
    until = row.expires_at.astimezone(LONDON)
    with speaking_to(complaint.customer):
        words = _(CODE_TEXT).format(name=name, code=code, until=f"{until:%H:%M}")
    Dispatch.objects.create(
        key=f"{CODE_MESSAGE}:{row.pk}",
        mark=secrets.token_hex(8),
        kind=DispatchKind.CODE.value,
        complaint=complaint,
        to_phone=mobile_number(complaint.customer.phone),
        words=words,
        created_at=now,
        next_try_at=now,
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A visit that began, and the token by which its browser is known."""

    visit: TrackingVisit
    token: str


@transaction.atomic
def open_with_code(*, reference: str, code: str, browser: str, now: datetime) -> Opened | None:
    """Begin a visit for whoever has a code for that complaint; None whatever is wrong."""
    tidied = tidy_code(code)
    names = spellings(reference)
    if is_emailed(tidied):
        found = _emailed(tidied, browser=browser, now=now)
    else:
        handed_out = TrackingCode.objects.select_for_update(of=("self",)).filter(
            code_hash=hash_of_code(tidied),
            made_by__isnull=False,
            used_at=None,
            expires_at__gt=now,
        )
        found = handed_out.select_related(
            "complaint__customer", "speaker", "joint__customer"
        ).first()
    if found is None or found.complaint is None or found.complaint.reference not in names:
        return None
    if found.customer_id != found.complaint.customer_id:
        return None
    if not may_follow(found, found.complaint, now=now):
        return None
    if not may_be_followed(found.complaint, now=now, **_proved_by(found.proof)):
        return None
    found.used_at = now
    found.save(update_fields=["used_at"])
    return begin_visit(found.complaint, proof=Proof(found.proof), of=found, now=now)


def _emailed(tidied: str, *, browser: str, now: datetime) -> TrackingCode | None:
    """Return the newest code that this browser asked for, if it is this one; count the try."""
    asked = TrackingCode.objects.select_for_update(of=("self",)).filter(
        browser_hash=hashed(browser), proof__in=SENT
    )
    row = asked.select_related("complaint__customer").order_by("-pk").first()
    is_right = constant_time_compare(hash_of_code(tidied), row.code_hash if row else "")
    if row is None or row.tries >= TRIES or row.used_at is not None or row.expires_at <= now:
        return None
    row.tries += 1
    row.save(update_fields=["tries"])
    return row if is_right else None


def begin_visit(complaint: Complaint, *, proof: Proof, of: Followed, now: datetime) -> Opened:
    """Begin a visit for whoever proved that they may follow it, by a link or a code `of` them."""
    token = secrets.token_urlsafe(32)
    visit = TrackingVisit.objects.create(
        complaint=complaint,
        customer=complaint.customer,
        speaker=of.speaker,
        joint=of.joint,
        token_hash=hashed(token),
        proof=proof.value,
        began_at=now,
        ends_at=now + LONGEST_VISIT,
    )
    return Opened(visit, token)


def end_visit(token: str, *, now: datetime) -> None:
    """End a visit: signing out."""
    TrackingVisit.objects.live(now=now).filter(token_hash=hashed(token)).update(ended_at=now)


def end_by_email(customer: Customer, *, now: datetime) -> None:
    """End what was proved, or can be proved still, by an address that is the customer's no more."""
    theirs = Q(customer=customer, speaker=None, joint=None) | Q(joint__customer=customer)
    visits = TrackingVisit.objects.live(now=now).filter(theirs)
    visits.filter(proof__in=[Proof.LINK.value, Proof.EMAIL.value]).update(ended_at=now)
    codes = TrackingCode.objects.filter(customer=customer, proof=Proof.EMAIL.value, used_at=None)
    codes.update(used_at=now)


def hand_out_code(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    proof: Proof,
    speaker_id: int | None = None,
    joint_id: int | None = None,
) -> str:
    """Return a code for a follower, to be read out or posted; it is kept nowhere in the clear.

    For the customer, unless it is for somebody who speaks for them, or complains with them. Those
    handed out to the same before end. The record keeps who made one, and how it was to be told.

    :raises ActionNotAllowed: if the complaint cannot be followed, post is not safe, or they may
        not be told where it stands.
    """
    code = handed_out_code()
    hand_out(
        complaint_id=complaint_id,
        by=by,
        now=now,
        proof=proof,
        speaker_id=speaker_id,
        joint_id=joint_id,
        how="by post" if proof is Proof.POST else "to be read out",
        code=code,
    )
    return code


def hand_out(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    proof: Proof,
    speaker_id: int | None,
    joint_id: int | None,
    how: str,
    code: str = "",
) -> TrackingCode:
    """Make the row of a code for a follower, and end those before it. `how` goes on the record.

    Without a `code` nothing opens anything yet: it follows from the row, by whoever asks for that.

    :raises ActionNotAllowed: as `hand_out_code`.
    """
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_PEOPLE, by=by, now=now, seen=None
    ) as case:
        complaint = case.complaint
        if not may_be_followed(complaint, now=now):
            raise ActionNotAllowed("This complaint cannot be followed on the web now.")
        known = followers(complaint, now=now)
        speaker = next((each for each in known.speakers if each.pk == speaker_id), None)
        joint = next((each for each in known.joint if each.pk == joint_id), None)
        if (speaker_id and speaker is None) or (joint_id and joint is None):
            raise ActionNotAllowed("They may not be told where this complaint stands.")
        if proof is Proof.POST and (refusal := post_refusal(complaint, speaker, joint)):
            raise ActionNotAllowed(refusal)
        before = TrackingCode.objects.filter(
            complaint=complaint, made_by__isnull=False, used_at=None
        )
        before.of(_key(speaker), _key(joint)).update(used_at=now)
        row = TrackingCode.objects.create(
            complaint=complaint,
            customer=complaint.customer,
            speaker=speaker,
            joint=joint,
            proof=proof.value,
            # Of nothing that anybody has, where the code is still to come.
            code_hash=hash_of_code(code or secrets.token_urlsafe(32)),
            asked_at=now,
            made_by=by,
            expires_at=now + _LIVES[proof],
        )
        other = speaker.name if speaker else joint.customer.name if joint else ""
        who = other or "the customer"
        case.add(
            EventKind.NOTED,
            words={"note": f"A code was made {how}, by which {who} follows the complaint."},
        )
    return row


def post_refusal(
    complaint: Complaint, speaker: Representative | None, joint: JointComplainant | None
) -> str:
    """Return why a code cannot be posted to a follower, or nothing. One query for a speaker."""
    if speaker is None:
        return channel_refusal(joint.customer if joint else complaint.customer, "post")
    if not speaker.address.strip():
        return "There is no postal address for them."
    together = JointComplainant.objects.filter(complaint=complaint).select_related("customer")
    people = [complaint.customer, *(each.customer for each in together)]
    if reaches_unsafely(people, "post", email=speaker.email, address=speaker.address):
        return "Not safe: somebody who complains gets post there and asked us not to write."
    return ""


def close_tracking(*, complaint_id: int, by: User, now: datetime) -> None:
    """Let nobody follow a complaint on the web from now on; whoever does is signed out.

    :raises ActionNotAllowed: if it is closed already.
    """
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_PEOPLE, by=by, now=now, seen=None
    ) as case:
        if not shut(case, by=by):
            raise ActionNotAllowed("It cannot be followed on the web already.")
        case.add(
            EventKind.NOTED, words={"note": "The customer cannot follow it on the web from now on."}
        )
        tell_of_closing(case, is_closed=True)


def shut(case: CaseFile, *, by: User | None) -> bool:
    """Shut a complaint to the web, and say whether it was open until now."""
    found = TrackingClosure.objects.filter(complaint=case.complaint, opened_at=None)
    if found.exists():
        return False
    TrackingClosure.objects.create(complaint=case.complaint, closed_at=case.now, closed_by=by)
    visits = TrackingVisit.objects.live(now=case.now).filter(complaint=case.complaint)
    visits.update(ended_at=case.now)
    links = TrackingLink.objects.filter(complaint=case.complaint, ended_at=None)
    links.update(ended_at=case.now)
    TrackingCode.objects.filter(complaint=case.complaint, used_at=None).update(used_at=case.now)
    return True


def open_tracking(*, complaint_id: int, by: User, now: datetime) -> bool:
    """Let the customer follow the complaint on the web again, and send them a new link if it is
    safe to; say whether one goes.

    :raises ActionNotAllowed: if it is open.
    """
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_ACCESS, by=by, now=now, seen=None
    ) as case:
        closed = TrackingClosure.objects.filter(complaint=case.complaint, opened_at=None)
        if not closed.update(opened_at=now, opened_by=by):
            raise ActionNotAllowed("The customer can follow it on the web.")
        has_link = _send_new_link(case)
        link = " A new link goes to them by e-mail." if has_link else ""
        case.add(
            EventKind.NOTED,
            words={"note": f"The customer can follow it on the web again.{link}"},
        )
        tell_of_closing(case, is_closed=False)
    return has_link


def why_no_new_link(complaint: Complaint, *, now: datetime) -> str:
    """Return why no new link would go to the customer by e-mail, or nothing. Three queries."""
    customer = complaint.customer
    if refusal := channel_refusal(customer, "email"):
        return refusal
    if "email" in closed_ways(customer):
        return "Contact with them by e-mail is restricted."
    if not gets_link(complaint, to=customer.email, now=now):
        return (
            "Their address is new, or whoever speaks for them gave it or has it too, so that a "
            "link would prove too little."
        )
    return ""


def _send_new_link(case: CaseFile) -> bool:
    """Queue an e-mail with a new link, in neutral words, and say whether one goes."""
    complaint, customer = case.complaint, case.complaint.customer
    if why_no_new_link(complaint, now=case.now) or not may_be_followed(complaint, now=case.now):
        return False
    landlord = Landlord.objects.only("name").first()
    with speaking_to(customer):
        subject = _(NEUTRAL_SUBJECT).format(reference=complaint.reference)
        told = _(OPEN_AGAIN).format(name=landlord.name if landlord else "")
    OutboundMessage.objects.create(
        key=f"tracking-opened:{case.head}",
        kind="tracking_opened",
        complaint=complaint,
        to_address=customer.email,
        subject=subject,
        body=told + tracking_link(complaint, to=customer.email, now=case.now),
        created_at=case.now,
        next_try_at=case.now,
    )
    return True


def forget_tracking(*, now: datetime) -> int:
    """Forget codes and visits that are long over; return how many.

    Of a code by text that never went nothing is kept that opens anything.
    """
    texts = Dispatch.objects.filter(
        kind=DispatchKind.CODE.value, created_at__lte=now - EMAILED_LIFE
    )
    texts.exclude(words="").update(words="")
    codes, _rows = TrackingCode.objects.filter(asked_at__lt=now - KEPT_CODES).delete()
    visits, _rows = TrackingVisit.objects.filter(began_at__lt=now - KEPT_VISITS).delete()
    return codes + visits
