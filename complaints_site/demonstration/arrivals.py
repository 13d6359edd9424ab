"""What came in besides complaints: requests, compliments, suggestions, and forms of all kinds."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from cases.models import Customer, RequestKind
from cases.operations.customers import Particulars
from cases.operations.service_requests import Asked, finish_request, log_request
from cases.rules.customers import CustomerCategory
from cases.rules.periods import LONDON
from complaints_site.demonstration.play import Staff
from feedback.operations.drafts import keep_answers
from feedback.operations.remark_replies import acknowledge_remark, decide_suggestion
from feedback.operations.remarks import Said, log_remark, pass_on
from feedback.operations.send import Sending, send_form
from feedback.rules.kinds import Decision, Kind, Way
from feedback.rules.told import Told

ADVISER = "Kelly Owen"
# Addresses kept for examples in documents.
SOURCE = "192.0.2.{}"


class Request(NamedTuple):
    """Something that was asked for, so many working days ago, and what was done about it."""

    ago: int
    kind: str
    area: str
    words: str
    passed_to: str = ""
    done: str = ""


REQUESTS = (
    Request(0, RequestKind.SERVICE_REQUEST, "repairs-north", "The kitchen tap drips all night."),
    Request(
        1,
        RequestKind.POLICY_INFORMATION,
        "charges",
        "Asks how the service charge for the lift is divided among the flats.",
    ),
    Request(
        2,
        RequestKind.ASB,
        "tenancies",
        "Motorbikes on the footpath behind Rope Walk every evening after school.",
        passed_to="Neighbourhood team",
    ),
    Request(
        6,
        RequestKind.APPEAL,
        "lettings",
        "Wants the decision on the size of home looked at again: the carer stays at night.",
        passed_to="Lettings review officer",
    ),
    Request(
        3,
        RequestKind.OTHER_BODY,
        "repairs-south",
        "The street light at the corner of Sail Street has been out for a week.",
        passed_to="Street lighting at the council",
        done="Reported to the council and told the customer its reference.",
    ),
    Request(
        9,
        RequestKind.SERVICE_REQUEST,
        "repairs-south",
        "The front door does not shut since the frost.",
        done="Door planed on the second visit; the customer rang to say thank you.",
    ),
)


class Remark(NamedTuple):
    """A compliment or a suggestion that a colleague wrote down."""

    ago: int
    kind: Kind
    area: str
    words: str
    regarding: str
    sender: str


REMARKS = (
    Remark(
        1,
        Kind.COMPLIMENT,
        "repairs-south",
        "The gas engineer took his shoes off, explained everything, and waited until my mother "
        "could work the timer by herself.",
        "The engineer who came on Friday morning",
        "Agnes Kowalczyk",
    ),
    Remark(
        5,
        Kind.COMPLIMENT,
        "tenancies",
        "Amina rang back when she said she would. Nobody ever did before.",
        "Amina Yusuf",
        "Marcus Green",
    ),
    Remark(
        2,
        Kind.SUGGESTION,
        "repairs-north",
        "Put a bench half way up the path to Quay House. Several of us cannot walk it in one go.",
        "",
        "Wei Chen",
    ),
    Remark(
        8,
        Kind.SUGGESTION,
        "charges",
        "Send the service charge letter a month before the direct debit changes, not a week.",
        "",
        "Precious Moyo",
    ),
)
FORMS = (
    Told(
        kind=Kind.COMPLAINT,
        words="The door entry at Quay House lets anybody in since August. There was a stranger "
        "asleep on the third floor on Sunday.",
        effect="My daughter is afraid to come home alone.",
        wanted="The lock mended this week.",
        topic="repairs",
        name="Ebony Clarke",
        category=CustomerCategory.TENANT.value,
        address="Flat 8, Quay House\nHarbourside",
        postcode="HB1 2QH",
        email="ebony.clarke@example.org",
        phone="01632 960 155",
    ),
    Told(
        kind=Kind.COMPLIMENT,
        words="Thank you to whoever planted the bulbs on Dock Road. It made my whole spring.",
        name="Gareth Evans",
        email="gareth.evans@example.org",
        category=CustomerCategory.TENANT.value,
    ),
    Told(
        kind=Kind.SUGGESTION,
        words="Let us choose an evening for the gas check when we book it.",
    ),
)
HELD = (
    Told(
        kind=Kind.COMPLAINT,
        words="Cheap roofing all over the county, visit http://roof.example http://roof.example "
        "http://roof.example http://roof.example",
        name="Best Roofing",
        email="sales@roof.example",
    ),
    Told(
        kind=Kind.COMPLAINT,
        words="My heating has been off since Thursday and your telephone is always engaged. I am "
        "82. Please somebody come.",
        wanted="Heat",
        topic="repairs",
        name="Arthur Penn",
        category=CustomerCategory.TENANT.value,
        address="6 Lantern Court\nHarbourside",
        postcode="HB1 2LC",
        phone="01632 960 177",
    ),
)


def requests(staff: Staff, customers: list[Customer]) -> None:
    """Log what was asked for, and finish what was done."""
    for place, each in enumerate(REQUESTS):
        day = staff.working_days_ago(each.ago)
        request = log_request(
            Asked(
                kind=each.kind,
                customer_id=customers[(place * 3 + 1) % len(customers)].pk,
                channel="phone",
                received_on=day,
                words=each.words,
                area_id=staff.areas[each.area],
                offered_complaint=each.ago > 1,
                passed_to=each.passed_to,
            ),
            by=staff.people[ADVISER],
            now=_at(staff, day, 10),
        )
        if each.done:
            finish_request(
                request_id=request.pk,
                on=staff.today,
                words=each.done,
                by=staff.people[ADVISER],
                now=staff.present,
            )


def remarks(staff: Staff) -> None:
    """Log compliments and suggestions; thank, pass on and decide as far as they have come."""
    logged = [_log(staff, each) for each in REMARKS]
    coordinator = staff.people["Priya Shah"]
    now = staff.present
    _, thanked, _, decided = logged
    acknowledge_remark(remark_id=thanked, by=coordinator, now=now, way=Way.PHONE, on=staff.today)
    pass_on(remark_id=thanked, by=coordinator, now=now, to=staff.people["Amina Yusuf"])
    acknowledge_remark(remark_id=decided, by=coordinator, now=now, way=Way.PHONE, on=staff.today)
    decide_suggestion(
        remark_id=decided,
        by=coordinator,
        now=now,
        decision=Decision.TAKEN_UP,
        answer="From April the letter goes out six weeks before the change.",
        way=Way.POST,
    )


def forms(staff: Staff) -> None:
    """Send forms as the public does: some taken in, some held in quarantine."""
    for number, told in enumerate((*FORMS, *HELD), start=1):
        _send(staff, told, number=number, is_held=told in HELD)


def _log(staff: Staff, each: Remark) -> int:
    day = staff.working_days_ago(each.ago)
    remark = log_remark(
        Said(
            kind=each.kind,
            channel="phone",
            received_on=day,
            words=each.words,
            regarding=each.regarding,
            area_id=staff.areas[each.area],
            sender=Particulars(
                name=each.sender,
                category=CustomerCategory.TENANT.value,
                address="Harbourside",
                phone="01632 960 188",
            ),
        ),
        by=staff.people[ADVISER],
        now=_at(staff, day, 12),
    )
    return remark.pk


def _send(staff: Staff, told: Told, *, number: int, is_held: bool) -> None:
    """Fill a form in and send it; what fills the trap is held."""
    now = staff.present - timedelta(hours=number)
    draft = keep_answers(
        token=f"demonstration-{number}",
        step="what",
        typed={"words": [told.words]},
        source=SOURCE.format(number),
        began_at=now - timedelta(minutes=6),
        now=now,
    )
    asked = (
        ("What happened?", told.words),
        ("How does it affect you?", told.effect),
        ("What would put it right?", told.wanted),
    )
    about = (("Name", told.name), ("Telephone", told.phone), ("E-mail address", told.email))
    send_form(
        Sending(
            token=f"demonstration-{number}",
            key=draft.key,
            began_at=draft.began_at,
            told=told,
            as_sent=[
                {"title": title, "rows": [[q, answer, ""] for q, answer in rows if answer]}
                for title, rows in (("What you told us", asked), ("About you", about))
            ],
            source=SOURCE.format(number),
            is_trapped=is_held,
            is_confirmed=True,
        ),
        now=now,
    )


def _at(staff: Staff, day: date, hour: int) -> datetime:
    return min(datetime.combine(day, time(hour), LONDON), staff.present)
