"""Asking customers how it went, and taking their answers without keeping whose they are."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from cases.errors import ActionNotAllowed, NotEntitled, WrongDate
from cases.models import Complaint, Customer, Landlord, OutboundMessage, Thing, User
from cases.models.complaints import ComplaintQuerySet
from cases.operations.alerts import address_of
from cases.operations.letterheads import in_english_alone
from cases.operations.settings_changes import moved, note_change
from cases.operations.ways import channel_refusal, ways_to_write
from cases.rules.letters import SUBJECT
from cases.rules.periods import london_day
from cases.rules.roles import Role
from cases.selectors.speaking import (
    language_unmet,
    machine_note,
    public_path,
    speaking_to,
)
from feedback.models import EqualityCount, SurveyAnswer, SurveyRequest, SurveyRound
from feedback.rules.survey_letters import EMAIL
from feedback.rules.surveys import CHARACTERISTICS, OPEN_FOR, PREFER_NOT, Way, half_year_of
from feedback.selectors.outside_post import SURVEY, is_ours_to_post

# Whoever was asked lately is left in peace, also about another complaint.
LEFT_IN_PEACE = timedelta(days=30)
# A complaint that was just closed may be opened again; who was just answered is left in peace.
SETTLED_AFTER = timedelta(days=2)
ASKED_AT_A_TIME = 200
LINK = "/survey/{code}/"


@transaction.atomic
def begin_round(*, first_day: date, last_day: date, by: User, now: datetime) -> SurveyRound:
    """Ask everybody whose complaint was recorded between two days (HH-34).

    :raises NotEntitled: if this is not a complaints coordinator.
    :raises WrongDate: if the days are not in order, or not over yet.
    :raises ActionNotAllowed: if these days were asked about before, or nobody can be asked.
    """
    asked_about = _asked_between(Complaint.objects.all(), first_day, last_day, by=by, now=now)
    begun = SurveyRound.objects.create(
        first_day=first_day, last_day=last_day, begun_at=now, begun_by=by
    )
    asked = [_ask(each, round_=begun, now=now) for each in asked_about]
    if all(each.way == Way.NONE for each in asked):
        raise ActionNotAllowed("Nobody can be asked about complaints of these days.")
    return begun


def ways_of_round(*, first_day: date, last_day: date, by: User, now: datetime) -> Counter[Way]:
    """Return how many would be asked, by the way in which each is; nobody is.

    Only complaints that `by` may read are counted, or days could be tried until a hidden one
    shows (P4).

    :raises NotEntitled: if this is not a complaints coordinator.
    :raises WrongDate: if the days are not in order, or not over yet.
    :raises ActionNotAllowed: if these days were asked about before.
    """
    readable = Complaint.objects.readable_by(by)
    asked_about = _asked_between(readable, first_day, last_day, by=by, now=now)
    return Counter(_way_to(each.customer) for each in asked_about)


def _asked_between(
    among: ComplaintQuerySet, first_day: date, last_day: date, *, by: User, now: datetime
) -> list[Complaint]:
    """Return of each customer of these days the latest of the complaints."""
    _check_role(by)
    if last_day < first_day:
        raise WrongDate("The last day lies before the first.")
    if last_day >= london_day(now):
        raise WrongDate("The last day is not over yet.")
    if SurveyRound.objects.filter(first_day__lte=last_day, last_day__gte=first_day).exists():
        raise ActionNotAllowed("Some of these days were asked about before.")
    found = among.filter(received_on__gte=first_day, received_on__lte=last_day)
    latest = {each.customer_id: each for each in _to_ask(found).order_by("received_on", "pk")}
    return list(latest.values())


def ask_after_closing(*, now: datetime) -> int:
    """Ask those whose complaint was closed since surveys were switched on; return how many."""
    since = Landlord.objects.values_list("surveys_since", flat=True).first()
    if since is None:
        return 0
    closed = Complaint.objects.filter(
        is_open=False,
        closed_on__gte=max(since, london_day(now) - LEFT_IN_PEACE),
        closed_on__lte=london_day(now) - SETTLED_AFTER,
    )
    asked_already = SurveyRequest.objects.filter(round__isnull=True, complaint=OuterRef("pk"))
    lately = SurveyRequest.objects.filter(
        complaint__customer=OuterRef("customer"), asked_at__gt=now - LEFT_IN_PEACE
    )
    waiting = _to_ask(closed).filter(~Exists(asked_already), ~Exists(lately))
    found = waiting.order_by("closed_on", "pk")[:ASKED_AT_A_TIME]
    asked = 0
    for complaint in {each.customer_id: each for each in found}.values():
        with transaction.atomic():
            asked += _ask(complaint, round_=None, now=now).way != Way.NONE
    return asked


def _to_ask(complaints: ComplaintQuerySet) -> ComplaintQuerySet:
    """Leave out what was no complaint of its own, and what nobody has accepted yet."""
    return complaints.counted().filter(needs_triage=False).select_related("customer")


def _ask(complaint: Complaint, *, round_: SurveyRound | None, now: datetime) -> SurveyRequest:
    """Ask the customer in the best way that is safe for them, or note that there is none."""
    way = _way_to(complaint.customer)
    asked = SurveyRequest.objects.create(
        complaint=complaint, round=round_, way=way.value, asked_at=now
    )
    if way is Way.EMAIL:
        asked.message = _queue(asked, now=now)
        asked.save(update_fields=["message"])
    return asked


def _way_to(customer: Customer) -> Way:
    if written := ways_to_write(customer):
        return Way(written[0])
    can_ring = customer.phone and not channel_refusal(customer, "phone")
    return Way.PHONE if can_ring else Way.NONE


def _queue(asked: SurveyRequest, *, now: datetime) -> OutboundMessage:
    landlord = Landlord.objects.only("name", "telephone", "email").first()
    with speaking_to(asked.complaint.customer):
        link = address_of(public_path(LINK.format(code=asked.code)))
        subject = _(SUBJECT).format(reference=asked.complaint.reference)
        body = _(EMAIL).format(link=link, signed=landlord.name if landlord else "")
        body += machine_note()
    if unmet := language_unmet(asked.complaint.customer):
        body += f"\n{in_english_alone(unmet, landlord).lstrip()}\n"
    return OutboundMessage.objects.create(
        key=f"survey:{asked.code}",
        kind="survey",
        complaint=asked.complaint,
        to_address=asked.complaint.customer.email,
        subject=subject,
        body=body,
        created_at=now,
        next_try_at=now,
    )


@dataclass(frozen=True, slots=True)
class SurveyReply:
    """What somebody answered: a score for each question, and what they chose to tell of themselves.

    `may_connect`: they want their answers kept with their complaint.
    """

    scores: Mapping[str, int]
    words: str = ""
    may_connect: bool = False
    equality: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def answer_survey(
    *, code: str, reply: SurveyReply, now: datetime, by: User | None = None
) -> SurveyAnswer | None:
    """Take an answer, once; nothing if the code is unknown, used or too old.

    Without `by` it comes by the web, by the link in an e-mail or the code of a letter; else a
    colleague enters what came on paper or by telephone. No row leads from the answer to the
    request, and the request does not say when.
    """
    asked = SurveyRequest.objects.open(now=now).select_for_update(of=("self",))
    request = asked.filter(code=code).first()
    if request is None:
        return None
    if by is not None:
        _check_role(by)
    request.is_answered = True
    request.save(update_fields=["is_answered"])
    count_equality(reply.equality, on=london_day(now))
    return SurveyAnswer.objects.create(
        id=_no_turn(),
        month=london_day(now).replace(day=1),
        round_id=request.round_id,
        way=_came_by(request, by),
        **{name: score for name, score in reply.scores.items() if score},
        words=reply.words.strip(),
        complaint_id=request.complaint_id if reply.may_connect else None,
    )


@transaction.atomic
def part_answers(*, now: datetime) -> int:
    """Write the rows of surveys anew, each kind together; return how many.

    PostgreSQL keeps with each row which transaction wrote it, and so which answer and which counts
    came with which request. Written anew every night, all of them come with all.
    """
    since = now - OPEN_FOR - timedelta(days=2)
    requests = SurveyRequest.objects.filter(is_answered=True, asked_at__gt=since)
    answers = SurveyAnswer.objects.filter(month__gte=london_day(since).replace(day=1))
    counts = EqualityCount.objects.filter(half_year__gte=half_year_of(london_day(since)))
    return (
        requests.update(is_answered=True)
        + answers.update(month=F("month"))
        + counts.update(number=F("number"))
    )


def _no_turn() -> int:
    """Return a random key: counted ones tell which rows came together, and in which order."""
    return secrets.randbits(60)


def _came_by(request: SurveyRequest, by: User | None) -> str:
    if by is None:
        return Way.EMAIL.value if request.way == Way.EMAIL else Way.LETTER_WEB.value
    return Way.POST.value if request.way == Way.POST else Way.PHONE.value


def count_equality(given: Mapping[str, str], *, on: date) -> None:
    """Count what somebody told of themselves, each answer apart: nothing leads from one to another.

    What is left out is not counted; “prefer not to say” is an answer.
    """
    half_year = half_year_of(on)
    for name, answer in given.items():
        if name not in CHARACTERISTICS:
            continue
        if answer != PREFER_NOT and answer not in CHARACTERISTICS[name].answers:
            continue
        row, _ = EqualityCount.objects.get_or_create(
            half_year=half_year, characteristic=name, answer=answer, defaults={"id": _no_turn()}
        )
        EqualityCount.objects.filter(pk=row.pk).update(number=F("number") + 1)


@transaction.atomic
def mark_surveys_posted(*, codes: Sequence[str], by: User, now: datetime) -> int:
    """Record that letters went to the post today; return how many did.

    :raises NotEntitled: if this is not a complaints coordinator.
    """
    _check_role(by)
    waiting = SurveyRequest.objects.to_post().open_to(by).filter(code__in=codes)
    waiting = waiting.filter(is_ours_to_post(SURVEY))
    keys = list(waiting.values_list("pk", flat=True))
    rows = SurveyRequest.objects.filter(pk__in=keys, posted_on__isnull=True)
    return rows.update(posted_on=london_day(now), posted_by=by)


@transaction.atomic
def survey_after_closing(*, on: bool, by: User, now: datetime) -> None:
    """Switch asking after each closure on, from today, or off.

    :raises NotEntitled: if this is not a complaints coordinator.
    """
    _check_role(by)
    landlord = Landlord.objects.select_for_update().get()
    if (landlord.surveys_since is not None) == on:
        return
    old = landlord.surveys_since
    landlord.surveys_since = london_day(now) if on else None
    landlord.save(update_fields=["surveys_since"])
    note_change(
        thing=Thing.LANDLORD,
        act="Surveys changed",
        by=by,
        now=now,
        name=landlord.name,
        changes=moved("Survey after each closure, since", old, landlord.surveys_since),
    )


def _check_role(by: User) -> None:
    if not by.has_role(Role.COMPLAINTS_COORDINATOR):
        raise NotEntitled("Surveys are for complaints coordinators.")
