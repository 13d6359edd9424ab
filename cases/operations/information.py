"""Asking contractors and colleagues for information by a link that works once and ends.

Whoever has the link sees the question and what was written for them, and nothing of the customer.
Looking at the page changes nothing, so a program that opens the links in e-mails uses none up.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from cases.errors import ActionNotAllowed, ReasonMissing, WrongDate
from cases.models import Complaint, Delivery, InformationRequest, Landlord, OutboundMessage, User
from cases.operations.alerts import address_of, tell_of_answer
from cases.operations.files import check_upload, store_upload
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.rules.periods import LONDON, london_day

# Days after the day by which the answer is wanted on which the link still works.
GRACE = timedelta(days=14)
LONGEST = timedelta(days=90)
CHASED_AT_ONCE = 100
LINK = "/asked/{token}/"
KIND = "information"
# The reference says nothing of the customer; who asks, and how to ring them, shows that it is us.
SUBJECT = "{landlord}: a question about {reference}, to answer by {day}"
BODY = (
    "Dear {name},\n\nWe have a question for you. Our reference is {reference}. Please answer it on "
    "this page by {day}:\n\n{link}\n\n"
    "The page works once, for whoever has the link: please do not pass it on. If you do not know "
    "what this is about, {ring}, and name the reference.\n\n{signed}\n"
)
LATE_SUBJECT = "{landlord}: our question of {day} about {reference}"
LATE_BODY = (
    "Dear {name},\n\nWe asked you a question on {day}, to answer by {due}, and have no answer yet. "
    "Our reference is {reference}. Please use the link in that e-mail: it works until {until}. "
    "If you cannot find it, {ring}, and name the reference.\n\n{signed}\n"
)


@dataclass(frozen=True, slots=True)
class Question:
    """Who is asked what, by when, and what they are shown besides."""

    to_name: str
    to_email: str
    question: str
    due_on: date
    shown: str = ""


def hashed(token: str) -> str:
    """Return the form in which a token is kept. It has 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def ask_for_information(
    question: Question, *, complaint_id: int, by: User, now: datetime
) -> InformationRequest:
    """Ask somebody outside the case, by an e-mail with a link.

    :raises ActionNotAllowed: if there is no such address, or it is the customer's own.
    :raises ReasonMissing: if nothing is asked.
    :raises WrongDate: if the day is past, or too far away.
    """
    _check(question)
    token = secrets.token_urlsafe(32)
    with recording(
        complaint_id=complaint_id, act=Act.ASK_INFORMATION, by=by, now=now, seen=None
    ) as case:
        if question.to_email.casefold() == case.complaint.customer.email.casefold():
            raise ActionNotAllowed("That is the customer’s own address. Write to them instead.")
        if not case.today <= question.due_on <= case.today + LONGEST:
            raise WrongDate(f"Choose a day from today on, at most {LONGEST.days} days away.")
        asked = InformationRequest.objects.create(
            complaint=case.complaint,
            to_name=question.to_name.strip(),
            to_email=question.to_email,
            question=question.question.strip(),
            shown=question.shown.strip(),
            due_on=question.due_on,
            token_hash=hashed(token),
            asked_at=now,
            asked_by=by,
            expires_at=now + (question.due_on - case.today) + GRACE,
        )
        case.add(
            EventKind.NOTED,
            facts={"asked_for": asked.pk, "new_due_on": question.due_on.isoformat()},
            words={"note": f"{asked.to_name} is asked:\n\n{asked.question}"},
        )
        _send(case, asked, token)
    return asked


def _check(question: Question) -> None:
    if not question.question.strip():
        raise ReasonMissing("Write the question first.")
    if not question.to_name.strip():
        raise ReasonMissing("Say who is asked.")
    try:
        validate_email(question.to_email)
    except ValidationError:
        raise ActionNotAllowed("That is not an e-mail address.") from None


def _send(case: CaseFile, asked: InformationRequest, token: str) -> None:
    day = f"{asked.due_on:%-d %B %Y}"
    ours = _ourselves(asked)
    OutboundMessage.objects.create(
        key=f"{KIND}:{asked.code}",
        kind=KIND,
        complaint=case.complaint,
        to_address=asked.to_email,
        subject=SUBJECT.format(day=day, **ours),
        body=BODY.format(
            name=asked.to_name, day=day, link=address_of(LINK.format(token=token)), **ours
        ),
        created_at=case.now,
        next_try_at=case.now,
    )


def _ourselves(asked: InformationRequest) -> dict[str, str]:
    """Return who asks and about what, as its e-mails say it: nothing of the customer. One query."""
    landlord = Landlord.objects.only("name", "telephone").first()
    name, telephone = (landlord.name, landlord.telephone) if landlord else ("", "")
    by = asked.asked_by
    signed = [by.name, by.job_title, name, f"Telephone {telephone}" if telephone else ""]
    return {
        "reference": asked.complaint.reference,
        "landlord": name or "From us",
        "ring": f"ring us on {telephone}" if telephone else "ring us",
        "signed": "\n".join(part for part in signed if part),
    }


def chase_questions(*, now: datetime) -> int:
    """Remind whoever did not answer by the day they were asked to, and tell who asked them, once.

    The reminder has no link: only its hash is known here. May run at any time, twice. Return how
    many questions were chased.
    """
    today = london_day(now)
    late = InformationRequest.objects.filter(
        answered_at=None, stopped_at=None, due_on__lt=today, expires_at__gt=now
    ).exclude(
        Exists(OutboundMessage.objects.filter(key=Concat(Value(f"{KIND}-late:"), OuterRef("code"))))
    )
    chased = 0
    for asked in late.select_related("complaint", "asked_by").order_by("pk")[:CHASED_AT_ONCE]:
        with transaction.atomic():
            _remind(asked, now=now)
            _tell_that_late(asked, now=now)
        chased += 1
    return chased


def _remind(asked: InformationRequest, *, now: datetime) -> None:
    day = f"{asked.asked_at.astimezone(LONDON):%-d %B %Y}"
    until = f"{asked.expires_at.astimezone(LONDON):%-d %B %Y}"
    ours = _ourselves(asked)
    OutboundMessage.objects.create(
        key=f"{KIND}-late:{asked.code}",
        kind=KIND,
        complaint=asked.complaint,
        to_address=asked.to_email,
        subject=LATE_SUBJECT.format(day=day, **ours),
        body=LATE_BODY.format(
            name=asked.to_name, day=day, due=f"{asked.due_on:%-d %B %Y}", until=until, **ours
        ),
        created_at=now,
        next_try_at=now,
    )


def _tell_that_late(asked: InformationRequest, *, now: datetime) -> None:
    """Tell who asked, and the responsible officer, as far as the complaint is open to them."""
    complaint = asked.complaint
    page = address_of(complaint.get_absolute_url())
    keys = [key for key in (asked.asked_by_id, complaint.responsible_officer_id) if key]
    for person in User.objects.filter(pk__in=keys, is_active=True).order_by("pk"):
        if not Complaint.objects.readable_by(person).filter(pk=complaint.pk).exists():
            continue
        OutboundMessage.objects.create(
            key=f"{KIND}-unanswered:{asked.code}:{person.pk}",
            kind="information_late",
            complaint=complaint,
            to_user=person,
            to_address=person.email,
            subject=f"Complaint {complaint.reference}: no answer to a question",
            body=(
                f"{asked.to_name} was to answer by {asked.due_on:%-d %B %Y} and has not. They are "
                f"reminded now. Ring them, or ask somebody else:\n\n{page}\n"
            ),
            created_at=now,
            next_try_at=now,
        )


def stop_asking(*, complaint_id: int, code: str, by: User, now: datetime) -> InformationRequest:
    """End a link that waits for an answer; its e-mail does not go if it has not gone yet.

    :raises ActionNotAllowed: if it was answered or stopped, or is not of this complaint.
    """
    with recording(
        complaint_id=complaint_id, act=Act.ASK_INFORMATION, by=by, now=now, seen=None
    ) as case:
        asked = InformationRequest.objects.filter(
            complaint=case.complaint, code=code, answered_at=None, stopped_at=None
        ).first()
        if asked is None:
            raise ActionNotAllowed("This question does not wait for an answer.")
        asked.stopped_at, asked.stopped_by = now, by
        asked.save(update_fields=["stopped_at", "stopped_by"])
        case.add(
            EventKind.NOTED,
            facts={"asked_for": asked.pk},
            words={"note": f"The link of {asked.to_name} was stopped."},
        )
        _waiting_message(asked).update(state=Delivery.CANCELLED.value)
    return asked


def _waiting_message(asked: InformationRequest) -> Any:
    states = [Delivery.QUEUED, Delivery.UNDELIVERABLE]
    return OutboundMessage.objects.filter(key=f"{KIND}:{asked.code}", state__in=states)


def open_question(token: str, *, now: datetime) -> InformationRequest | None:
    """Return the question behind a link that still works. Changes nothing."""
    waiting = InformationRequest.objects.filter(
        token_hash=hashed(token), answered_at=None, stopped_at=None, expires_at__gt=now
    )
    return waiting.first()


def answer_question(
    *,
    token: str,
    words: str,
    uploads: "Sequence[UploadedFile[Any]]" = (),
    now: datetime,
) -> Complaint | None:
    """Take an answer into the case, and tell whoever asked; None if the link does not work.

    One bad file keeps all of the answer out, so that it can be sent again with a better one.

    :raises ReasonMissing: if there are neither words nor files.
    :raises FileRefused: if a file may not be taken.
    """
    asked = open_question(token, now=now)
    if asked is None:
        return None
    if not words.strip() and not uploads:
        raise ReasonMissing(_("Write your answer, or add a file."))
    for upload in uploads:
        check_upload(upload)
    files = [store_upload(upload, by=None, now=now) for upload in uploads]
    with recording(
        complaint_id=asked.complaint_id, act=Act.NOTE, by=None, now=now, seen=None
    ) as case:
        # Of two answers sent at once the one that has the lock first counts.
        taken = InformationRequest.objects.filter(
            pk=asked.pk, answered_at=None, stopped_at=None
        ).update(answered_at=now)
        if not taken:
            return None
        case.add(
            EventKind.NOTED,
            facts={"answered_question": asked.pk},
            words={
                "note": f"{asked.to_name} answers:\n\n{words.strip() or 'See the files.'}",
            },
        )
        for file in files:
            file.complaint = case.complaint
            file.save(update_fields=["complaint"])
            case.add(EventKind.FILE_ADDED, facts={"file": file.pk, "sha256": file.sha256})
        tell_of_answer(
            case,
            [asked.asked_by, case.complaint.responsible_officer],
            key=f"answered:{asked.code}",
            words="Somebody whom you asked has answered.",
        )
    return case.complaint
