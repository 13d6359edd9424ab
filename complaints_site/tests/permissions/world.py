"""A landlord with one of everything that a page can be about, near to and far from each role."""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import time_machine
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from cases.models import (
    AccessEntry,
    Category,
    Complaint,
    Contractor,
    Document,
    DocumentKind,
    InboundMail,
    Job,
    JointComplainant,
    Landlord,
    Letter,
    Level,
    LoggedForm,
    OutboundMessage,
    OutsideBodyDetails,
    ServiceRequest,
    StoredFile,
    User,
)
from cases.models.tracking import Proof
from cases.operations.access import change_access
from cases.operations.api_keys import KeyWanted, make_key
from cases.operations.calendar_feeds import make_feed
from cases.operations.close import withdraw
from cases.operations.customers import Speaker, save_representative
from cases.operations.files import store_made, store_upload
from cases.operations.information import Question, ask_for_information
from cases.operations.mail_intake import take_mail
from cases.operations.procedures import begin_draft
from cases.operations.record import CaseFile
from cases.operations.representatives import ask_customer
from cases.operations.restrictions import Proposal, decide_restriction, propose_restriction
from cases.operations.telling import Telling
from cases.operations.tracking import hand_out_code
from cases.rules.api_keys import ApiScope
from cases.rules.events import EventKind
from cases.rules.pages import READERS, Page
from cases.rules.restrictions import ContactWay
from cases.rules.roles import AREA_ROLES, Role
from cases.selectors.history import events_of
from cases.tests.answering import acknowledge
from cases.tests.background.odd_mails import mail
from cases.tests.factories import CustomerFactory, ServiceAreaFactory, UserFactory
from cases.tests.fixtures import House, at, build_house
from complaints_site.tests.permissions.table import ROLES
from feedback.models import FormFile, RemarkProposal, Submission, SurveyRequest
from feedback.operations.lessons import write_lesson
from feedback.operations.remark_replies import acknowledge_remark
from feedback.rules.kinds import Way
from feedback.selectors.receipts import code_of
from feedback.tests.factories import COMPLAINT, SUGGESTION, Visitor, changed, praise
from reporting.models import ImprovementReport, KeptCase, KeptReport, LessonsReturn, WeeklyReport
from reporting.operations.assessments import (
    begin_assessment,
    freeze_assessment,
    publish_assessment,
)
from reporting.rules.code_provisions import the_code
from reporting.rules.evidence import evidence_for
from reporting.rules.reporting_years import ReportingYear
from reporting.selectors.assessments import facts_of
from reporting.views.improvement_reports import assembled

# Monday 22 June 2026, 11:00 in London; complaints were received on Tuesday 16 June.
NOW = datetime(2026, 6, 22, 10, tzinfo=UTC)
TODAY = NOW.date()
RECEIVED = date(2026, 6, 16)
COORDINATOR = Role.COMPLAINTS_COORDINATOR
REPORT_READERS = (
    Role.LINE_MANAGER,
    Role.HEAD_OF_SERVICE,
    Role.ASSISTANT_DIRECTOR,
    Role.DIRECTOR,
)


# What a report tells that is counted from no complaint.
FOUND = {
    "surveys": [
        {
            "title": "After closing",
            "asked": 20,
            "answered": 12,
            "questions": [
                {"question": "How was it?", "counts": [6, None, 0, None, 0], "satisfied": None}
            ],
        }
    ],
    "diversity": [{"question": "How old are you?", "answers": [["Under 25", 6], ["65", None]]}],
    "diversity_since": ["2025-01-01", "2025-07-01"],
    "lessons": [
        {
            "service": "Repairs",
            "month": "May 2026",
            "learnt": "Nobody rang back.",
            "made": "Calls are listed.",
            "planned": "A rota.",
        }
    ],
}


@dataclass(frozen=True, slots=True)
class Thing:
    """What a page can be about: what its address needs, what is sent, whose browser asks."""

    args: list[Any] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """The landlord, its people and things."""

    house: House
    people: dict[str, User] = field(default_factory=dict)
    complaints: dict[str, Complaint] = field(default_factory=dict)
    # By what a page is about and by kind: near, far, hidden.
    things: dict[str, dict[str, Thing]] = field(default_factory=dict)
    # What somebody else’s would not be there: by what it is about and by actor.
    personal: dict[str, dict[str, Thing]] = field(default_factory=dict)
    sessions: dict[str, dict[str, str]] = field(default_factory=dict)
    # What each actor finds on the site, by address.
    seen: dict[str, dict[str, tuple[int, bytes]]] = field(default_factory=dict)

    def kinds_of(self, about: str, actor: str) -> dict[str, Thing]:
        """Return the things that pages are about by kind, as they are for one actor."""
        found = dict(self.things[about])
        if actor in (own := self.personal.get(about, {})):
            found["own"] = own[actor]
        return found

    def browser(self, actor: str, thing: Thing | None = None) -> Client:
        """Return a browser in which somebody is signed in, unless they are a visitor."""
        client = Client(raise_request_exception=False)
        cookies = {**self.sessions.get(actor, {}), **(thing.cookies if thing else {})}
        for name, value in cookies.items():
            client.cookies[name] = value
        return client


@contextlib.contextmanager
def the_world() -> Iterator[World]:
    """Give a world, on its day, and take it away again."""
    with (
        tempfile.TemporaryDirectory() as folder,
        override_settings(MEDIA_ROOT=folder),
        time_machine.travel(NOW, tick=False),
        transaction.atomic(),
    ):
        cache.clear()
        yield build_world()
        transaction.set_rollback(True)
    cache.clear()


def build_world() -> World:
    """Write the world into the database."""
    house = build_house()
    world = World(house)
    _hire(world)
    _complaints(world)
    _settings(world)
    _feedback(world)
    _reports(world)
    _assessment(world)
    _logged(world)
    for actor, person in world.people.items():
        client = Client()
        client.force_login(person)
        world.sessions[actor] = {name: each.value for name, each in client.cookies.items()}
    return world


def _hire(world: World) -> None:
    """Add to one person for each role: a superuser, one with all roles, and who stays outside."""
    house = world.house
    areas = {role: house.directorate for role in AREA_ROLES}
    world.people = {role.value: house[role] for role in Role}
    world.people["superuser"] = UserFactory(name="Root", is_superuser=True)
    world.people["everybody"] = UserFactory(
        name="Everybody", roles=[(role, areas.get(role)) for role in Role]
    )
    world.people["second coordinator"] = UserFactory(name="Second", roles=[COORDINATOR])
    world.people["second director"] = UserFactory(
        name="Deputy", roles=[(Role.DIRECTOR, house.directorate)]
    )


def _complaints(world: World) -> None:
    """Lodge complaints of every kind. All have a file, a letter, and somebody who speaks."""
    house, people = world.house, world.people
    colleague = UserFactory(name="Other officer", roles=[Role.RESPONSIBLE_OFFICER])
    south = ServiceAreaFactory(name="Repairs south", parent=house.service)
    estates = ServiceAreaFactory(name="Estates", parent=house.directorate)
    others = {"by": people["second coordinator"], "officer_id": colleague.pk}
    lodged = {
        "own": house.lodge(on=RECEIVED),
        "team": house.lodge(on=RECEIVED, **others),
        "closed": house.lodge(on=RECEIVED, **others),
        "sensitive": house.lodge(on=RECEIVED, level=Level.SENSITIVE, **others),
        "service": house.lodge(on=RECEIVED, area_id=south.pk, **others),
        "directorate": house.lodge(on=RECEIVED, area_id=estates.pk, **others),
        "elsewhere": house.lodge(on=RECEIVED, area_id=house.other_team.pk, **others),
        "pack": house.lodge(on=RECEIVED, area_id=house.other_team.pk, **others),
        "untriaged": house.lodge(on=RECEIVED, by=None, officer_id=None, triaged=False),
        "restricted": house.lodge(on=RECEIVED),
        "listed": house.lodge(on=RECEIVED, **others),
        "shut": house.lodge(on=RECEIVED),
    }
    world.complaints = lodged
    papers = {kind: _papers(world, each) for kind, each in lodged.items()}
    keepers = [people["second coordinator"].pk, people["second director"].pk]
    everybody = [people[role].pk for role in ROLES]
    _close_off(world, "restricted", level=Level.RESTRICTED, listed=keepers)
    _close_off(world, "listed", level=Level.RESTRICTED, listed=[*keepers, *everybody])
    shut_out = [*everybody, people["everybody"].pk]
    _close_off(world, "shut", level=Level.NORMAL, conflicted=shut_out)
    _withdraw(world, lodged["closed"])
    pack = {"complaint": lodged["pack"], "visit": 1}
    AccessEntry.objects.create(user=house[Role.PANEL_MEMBER], as_panel_member=True, **pack)
    AccessEntry.objects.create(user=house[Role.AUDITOR], **pack)
    _questions(world)
    _consent(world)
    _tracking(world)
    for kind, complaint in lodged.items():
        complaint.refresh_from_db()
        seen = {"seen": str(complaint.version)}
        key, letter, speaker = papers[kind]
        for about, args in {
            "complaint": [],
            "complaint’s file": [key],
            "complaint’s letter": [letter],
            "complaint’s representative": [speaker],
        }.items():
            data = {**seen, "letter": str(letter), "entry": "3"}
            world.things.setdefault(about, {})[kind] = Thing([complaint.reference, *args], data)


def _papers(world: World, complaint: Complaint) -> tuple[str, int, int]:
    """Return the key of a file, the number of a letter and the key of a representative."""
    by = world.people["second coordinator"]
    upload = SimpleUploadedFile("lift.txt", b"Out of order.")
    file = store_upload(upload, by=by, now=NOW)
    file.complaint = complaint
    file.save()
    if not complaint.needs_triage:
        acknowledge(
            complaint_id=complaint.pk,
            by=by,
            now=NOW,
            seen=complaint.version,
            on=TODAY,
            telling=Telling("email"),
        )
    letter = Letter.objects.filter(complaint=complaint).first() or Letter(event_number=1)
    speaks = save_representative(
        Speaker("Ann Lee"), complaint_id=complaint.pk, by=by, now=at(TODAY)
    )
    return file.key, letter.event_number, speaks.pk


def _close_off(world: World, kind: str, **access: Any) -> None:
    complaint = world.complaints[kind]
    complaint.refresh_from_db()
    change_access(
        complaint_id=complaint.pk,
        by=world.people["second coordinator"],
        now=NOW,
        seen=complaint.version,
        reason="To see who sees it.",
        **{"listed": [], "subjects": [], "conflicted": [], **access},
    )


def _withdraw(world: World, complaint: Complaint) -> None:
    complaint.refresh_from_db()
    withdraw(
        complaint_id=complaint.pk,
        by=world.people["second coordinator"],
        now=NOW,
        seen=complaint.version,
        on=TODAY,
        words="",
    )


def _questions(world: World) -> None:
    """Ask a contractor something, by a link that opens to whoever has it."""
    asked = ask_for_information(
        Question("Roofs & Co", "roofs@example.org", "When were you there?", TODAY),
        complaint_id=world.complaints["own"].pk,
        by=world.people["second coordinator"],
        now=NOW,
    )
    body = OutboundMessage.objects.get(key=f"information:{asked.code}").body
    token = body.partition("/asked/")[2].partition("/")[0]
    world.things["question by link"] = {"": Thing([token])}


def _consent(world: World) -> None:
    """Ask a customer by a link whether somebody may speak for them."""
    complaint = world.complaints["own"]
    by = world.people["second coordinator"]
    common = {"complaint_id": complaint.pk, "by": by, "now": NOW}
    speaker = save_representative(Speaker("Bob Moyo"), **common)
    ask_customer(**common, representative_id=speaker.pk, telling=Telling("email"))
    body = Letter.objects.get(kind="consent_request").message.body
    token = body.partition("/consent/")[2].partition("/")[0]
    world.things["consent by link"] = {"": Thing([token])}


def _tracking(world: World) -> None:
    """Let a customer follow their complaint, by a link and in a visit."""
    letter = Letter.objects.get(complaint=world.complaints["team"], kind="acknowledgement")
    token = letter.message.body.partition("/track/link/")[2].partition("/")[0]
    world.things["tracking link"] = {"own": Thing([token]), "elsewhere": Thing(["unknown"])}
    client = Client()
    client.post(reverse("feedback:track-link", args=[token]))
    cookies = {"my_complaint": client.cookies["my_complaint"].value}
    world.things["visit"] = {"own": Thing(cookies=cookies), "elsewhere": Thing()}
    number = [letter.event_number]
    world.things["visit’s letter"] = {
        "own": Thing(number, cookies=cookies),
        "elsewhere": Thing(number),
    }
    typed = {"do": "add", "uploads": [_file()]}
    client.post(reverse("feedback:tracked-add"), typed)
    added = [FormFile.objects.latest("pk").file.key]
    world.things["visit’s file"] = {
        "own": Thing(added, cookies=cookies),
        "elsewhere": Thing(added),
    }
    world.things["other’s visit"] = {"own": _others_visit(world), "elsewhere": Thing()}
    papers = [_papers_sent(world)]
    world.things["visit’s papers"] = {
        "own": Thing(papers, cookies=cookies),
        "elsewhere": Thing(papers),
    }


def _others_visit(world: World) -> Thing:
    """Let somebody who complains together with that customer, and has the letters, follow it."""
    joint = JointComplainant.objects.create(
        complaint=world.complaints["team"],
        customer=CustomerFactory(name="Jo Lee", email="jo.lee@example.org"),
        gets_letters=True,
    )
    code = hand_out_code(
        complaint_id=joint.complaint_id,
        by=world.people["second coordinator"],
        now=NOW,
        proof=Proof.PHONE,
        joint_id=joint.pk,
    )
    client = Client()
    typed = {"reference": joint.complaint.reference, "code": code}
    client.post(reverse("feedback:track-code"), typed)
    return Thing(cookies={"my_complaint": client.cookies["my_complaint"].value})


def _papers_sent(world: World) -> int:
    """Keep papers for a hearing as they were sent to that customer, and return which event did."""
    complaint = world.complaints["team"]
    file = store_made([b"%PDF-1.7"], name="papers.pdf", media_type="application/pdf", now=NOW)
    StoredFile.objects.filter(pk=file.pk).update(complaint=complaint)
    Document.objects.create(
        complaint=complaint, kind=DocumentKind.PAPERS.value, file=file, pages=1, made_at=NOW
    )
    complaint.refresh_from_db()
    events = events_of(complaint)
    case = CaseFile(complaint, events, by=world.house[Role.COMPLAINTS_COORDINATOR], now=NOW)
    number = case.add(EventKind.PAPERS_SENT, facts={"pages": 1, "sha256": file.sha256})
    case.save()
    return number


def _settings(world: World) -> None:
    """Give every page of the settings something to be about."""
    house = world.house
    admin = house[Role.SYSTEM_ADMINISTRATOR]
    Category.objects.create(code="damp", name="Damp")
    Contractor.objects.create(code="lifts", name="Lifts Ltd")
    OutsideBodyDetails.objects.create(code="ombudsman", name="Ombudsman", from_on=TODAY)
    ServiceAreaFactory(code="old", name="Old", is_retired=True)
    begin_draft(version_id=world.complaints["own"].procedure_version_id, by=admin, now=NOW)
    Landlord.objects.update(
        logo=b"GIF89a",
        logo_type="image/gif",
        logo_mark="0123456789abcdef",
        brand_colour="#5b2a86",
        frame_origins="https://www.example.org",
    )
    Job.objects.create(name="heartbeat", last_success_at=NOW)
    newcomer = UserFactory(name="Newcomer")
    link = [
        urlsafe_base64_encode(force_bytes(newcomer.pk)),
        default_token_generator.make_token(newcomer),
    ]
    alone = {
        "": [],
        "password link": link,
        "calendar feed": [make_feed(by=newcomer, now=NOW).token],
        "key of a program": [_key(world)],
        "webhook": ["0123456789ab"],
        "key’s complaint": [world.complaints["own"].reference],
        "person": [newcomer.code],
        "area": [house.team.code],
        "retired area": ["old"],
        "category": ["damp"],
        "texts in a language": ["cy", "categories"],
        "contractor": ["lifts"],
        "outside body": ["ombudsman"],
        "letter of a procedure": ["code-2024", "acknowledgement"],
        "letter in a language": ["code-2024", "acknowledgement", "cy"],
        "procedure": ["code-2024"],
        "procedure version": ["code-2024", 1],
        "draft’s stage": ["code-2024", "stage-1"],
        "draft’s promise": ["code-2024", "stage-1", "respond"],
        "step of the form": ["kind"],
        "way instead": ["emergency"],
        "size of the leaflet": ["standard"],
        "small form": [],
        "measured year": ["2026-27"],
        "measured figure": ["2026-27", 1, "rented", "received"],
    }
    for about, args in alone.items():
        world.things[about] = {"": Thing(args)}


def _key(world: World) -> str:
    """Return the name of a key that waits for a second person, who is not the administrator."""
    ends_on = TODAY + timedelta(days=30)
    wanted = KeyWanted("Repairs system", [ApiScope.READ], [world.house.team.pk], ends_on)
    maker = UserFactory(name="Another administrator", roles=[Role.SYSTEM_ADMINISTRATOR])
    return make_key(wanted, by=maker, now=NOW)[0].prefix


def _feedback(world: World) -> None:
    """Send forms of every kind: taken in, in quarantine, to be compared."""
    known = COMPLAINT["about-you"]
    CustomerFactory(name=known["name"], postcode="HB1 2QH")
    sender, other, stranger, kind_one = Visitor(), Visitor(), Visitor(), Visitor()
    mine, theirs = sender.tell(COMPLAINT), other.tell(_said("Another matter."))
    world.things["sent form"] = {
        "own": Thing([mine.reference], cookies=_token(sender)),
        "elsewhere": Thing([theirs.reference], cookies=_token(sender)),
    }
    coming_back = Client()
    typed = {"reference": mine.reference, "code": code_of(mine)}
    coming_back.post(reverse("feedback:track-code"), typed)
    seen = {"let_us_know_receipt": coming_back.cookies["let_us_know_receipt"].value}
    world.things["receipt by code"] = {
        "own": Thing([mine.reference], cookies=seen),
        "elsewhere": Thing([theirs.reference], cookies=seen),
    }
    world.things["compared complaint"] = {"elsewhere": Thing([mine.reference])}
    filling = Visitor()
    filling.fill({"kind": {"kind": "complaint"}}, files=[_file()])
    added = FormFile.objects.get(draft=filling.draft).file.key
    world.things["draft"] = {"own": Thing(cookies=_token(filling)), "elsewhere": Thing()}
    world.things["draft’s file"] = {
        "own": Thing([added], cookies=_token(filling)),
        "elsewhere": Thing([added]),
    }
    stranger.fill(_said("Nobody answers."), files=[_file()])
    stranger.send(confirmed="yes", fax_number="1")
    held = _put_in_quarantine(Submission.objects.latest("pk"))
    about_staff = Visitor()
    about_staff.fill(_said("Somebody was rude."), files=[_file()])
    about_staff.send(confirmed="yes", fax_number="1")
    shut = _put_in_quarantine(Submission.objects.latest("pk"))
    shut.about.set(world.people.values())
    world.things["form in quarantine"] = {
        "elsewhere": Thing([held.reference]),
        "shut": Thing([shut.reference]),
    }
    world.things["quarantined file"] = {
        "elsewhere": Thing([held.reference, held.files.get().file.key]),
        "shut": Thing([shut.reference, shut.files.get().file.key]),
    }
    _remark(world, kind_one)
    by = world.people["second coordinator"]
    told = write_lesson(you_said="The lift.", we_did="We mended it.", by=by, now=NOW)
    world.things["lesson"] = {"elsewhere": Thing([told.pk])}
    asked = SurveyRequest.objects.create(
        complaint=world.complaints["own"], way="post", asked_at=NOW
    )
    world.things["survey by code"] = {"": Thing([asked.code])}
    world.things["survey to enter"] = {"elsewhere": Thing([asked.code])}
    _mail(world)


def _mail(world: World) -> None:
    """Let two e-mails come in, of which one joins a complaint that is hidden from everybody."""
    hidden = world.house.lodge(level=Level.RESTRICTED, about_staff_unnamed=True, triaged=False)
    AccessEntry.objects.filter(complaint=hidden).delete()
    for number, words in enumerate(("About KX7M-2QPD-6", f"About {hidden.reference}")):
        take_mail(mail(words, Message_ID=f"<{number}@x.example>"), received_at=NOW, now=NOW)
    waiting, joined = InboundMail.objects.order_by("pk")
    for about, file in {"e-mail": False, "e-mail’s file": True}.items():
        world.things[about] = {
            kind: Thing([each.code, *([each.files.get().file.key] if file else [])])
            for kind, each in {"elsewhere": waiting, "shut": joined}.items()
        }


def _remark(world: World, sender: Visitor) -> None:
    """Send a suggestion with a file, and thank for it by a letter that waits to be posted."""
    form = changed(SUGGESTION, about_you={"address": "1 Dock Road", "postcode": "HB1 4AA"})
    sender.fill(form, files=[_file()])
    sender.send(confirmed="yes")
    remark = Submission.objects.latest("pk").remark
    acknowledge_remark(
        remark_id=remark.pk, by=world.house[COORDINATOR], now=NOW, way=Way.POST, on=TODAY
    )
    RemarkProposal.objects.create(
        remark=remark,
        purpose="answer",
        typed={"way": "email", "words": "A bench comes.", "decision": "taken_up"},
        asked_at=NOW,
        asked_by=world.people["second coordinator"],
    )
    posted = {"reference": remark.reference, "purpose": "thanks"}
    file = remark.submission.files.get().file.key
    for about, args in {
        "remark": [],
        "remark’s letter": ["thanks"],
        "letter about a remark for approval": ["answer"],
        "remark’s file": [file],
    }.items():
        world.things[about] = {"": Thing([remark.reference, *args])}
    world.things["letters about remarks"] = {"": Thing(data=posted)}
    _thanks_by_link(world)


def _thanks_by_link(world: World) -> None:
    """Thank somebody by an e-mail that says only that there is a letter, with a link to it."""
    sender = CustomerFactory(name="Olu Ade", email="olu@example.org", letters_by_email=False)
    remark = praise(received_on=TODAY, customer=sender, kind="suggestion")
    acknowledge_remark(
        remark_id=remark.pk, by=world.house[COORDINATOR], now=NOW, way=Way.EMAIL, on=TODAY
    )
    body = OutboundMessage.objects.get(kind="remark_thanks").body
    token = body.partition("/track/letter/")[2].partition("/")[0]
    links = {"own": Thing([token]), "elsewhere": Thing(["unknown"])}
    world.things["letter by link"] = links


def _said(words: str) -> Any:
    return changed(
        COMPLAINT, what_happened={"words": words}, about_you={"name": f"Sender {len(words)}"}
    )


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("bench.txt", b"A bench.")


def _token(visitor: Visitor) -> dict[str, str]:
    return {"let_us_know": visitor.client.cookies["let_us_know"].value}


def _put_in_quarantine(submission: Submission) -> Submission:
    """Return the form, which the trap has brought into quarantine."""
    assert submission.state == "quarantined", submission.signs
    return submission


def _reports(world: World) -> None:
    """Make weekly reports as if they had been sent, one for each manager and one elsewhere."""
    house = world.house
    stranger = UserFactory(roles=[(Role.LINE_MANAGER, house.other_team)])
    week = TODAY - timedelta(days=7)
    readers = {role.value: (house[role], house.team) for role in REPORT_READERS}
    for name, (reader, area) in {**readers, "": (stranger, house.other_team)}.items():
        report = WeeklyReport.objects.create(
            week=week,
            first_day=week,
            last_day=week + timedelta(days=6),
            recipient=reader,
            area=area,
            area_name=area.name,
            made_at=NOW,
            subject="Complaints",
            body="None.",
        )
        thing = Thing(report.keys)
        if name:
            world.personal.setdefault("report", {})[name] = thing
        else:
            world.things["report"] = {"elsewhere": thing}
    _kept_reports(world)


def _kept_reports(world: World) -> None:
    """Make reports of the month for services near and far, and of two quarters: one is sent."""
    house, complaints = world.house, world.complaints
    month = (date(2026, 6, 1), date(2026, 6, 30))
    near_and_far = {
        "service": (house.service, complaints["own"]),
        "directorate": (complaints["directorate"].service_area, complaints["directorate"]),
        "elsewhere": (house.other_team, complaints["elsewhere"]),
    }
    world.things["monthly report"] = {}
    for kind, (area, complaint) in near_and_far.items():
        report = _kept_report("monthly", month, complaint, area=area, area_name=area.name)
        LessonsReturn.objects.create(
            report=report,
            due_on=date(2026, 7, 30),
            learnt="Nobody rang back.",
            made="Calls are listed.",
            planned="A rota.",
            returned_at=NOW,
            returned_by=house[Role.HEAD_OF_SERVICE],
        )
        data = {"learnt": "We ring back too late."}
        world.things["monthly report"][kind] = Thing(report.keys, data)
    quarters = {
        "performance report": ((date(2026, 1, 1), date(2026, 3, 31)), NOW),
        "report to send": ((date(2026, 4, 1), date(2026, 6, 30)), None),
    }
    for about, (days, sent_at) in quarters.items():
        sender = house[Role.EXECUTIVE_SUPPORT_MANAGER] if sent_at else None
        report = _kept_report(
            "quarterly", days, complaints["own"], sent_at=sent_at, sent_by=sender, found=FOUND
        )
        world.things[about] = {"elsewhere": Thing(report.keys)}
        if sent_at:
            world.things["article"] = {"elsewhere": Thing([*report.keys, "newsletter"])}


def _kept_report(
    kind: str, days: tuple[date, date], complaint: Complaint, **more: Any
) -> KeptReport:
    area = more.get("area")
    report = KeptReport.objects.create(
        kind=kind,
        first_day=days[0],
        last_day=days[1],
        areas=[area.pk] if area else [],
        made_at=NOW,
        commentary="A quiet time.",
        **more,
    )
    KeptCase.objects.create(
        report=report,
        complaint=complaint,
        what="answered",
        on=RECEIVED,
        part=days[0],
        stage="Stage 1",
        timing="on-time",
        outcome="upheld",
        days=3,
        category="Lifts",
        channel="Telephone",
        area="Repairs",
        officer="Somebody",
    )
    return report


def _assessment(world: World) -> None:
    """Publish the assessment and the report of a year with real tables, and begin the next."""
    _published_year(world)
    begun = begin_assessment(year=ReportingYear.of(TODAY), by=world.house[COORDINATOR], now=NOW)
    # One provision has no answer yet, so that nothing is frozen.
    begun.answers.filter(provision="6.2").update(complies="")
    freeze, answer = {"do": "freeze"}, {"complies": "yes", "comment": ""}
    world.things["self-assessment"] = {"": Thing(["2026-27", 1], freeze)}
    world.things["provision of the Code"] = {"": Thing(["2026-27", 1, "6-2"], answer)}
    written = {"performance": "Faster.", "improvements": "The lift."}
    ImprovementReport.objects.create(begins=2026, started_on=TODAY, **written)
    # The year is not over, so that nothing is frozen.
    world.things["annual report"] = {"": Thing(["2026-27"], {"do": "freeze"})}
    world.things["begun report"] = {"": Thing([], {"year": "2026-27"})}


def _published_year(world: World) -> None:
    """Publish what is told of the year before, with the figures of the world, which runs now."""
    by, this_year = world.house[COORDINATOR], ReportingYear.of(TODAY)
    done = begin_assessment(year=this_year.before, by=by, now=NOW)
    done.answers.update(complies="yes", comment="See our policy.")
    done.answers.filter(provision="6.3").update(complies="no", comment="From August.")
    evidence = evidence_for(the_code(), facts_of(this_year, today=TODAY))
    freeze_assessment(assessment_id=done.pk, evidence=evidence, by=by, now=NOW)
    publish_assessment(assessment_id=done.pk, by=by, now=NOW)
    ImprovementReport.objects.create(
        begins=this_year.before.begins,
        started_on=TODAY,
        kept={
            **assembled(this_year, today=TODAY),
            "lessons": [["The lift.", "We mended it."]],
            "assessment": assembled(this_year.before, today=TODAY)["assessment"],
        },
        frozen_on=TODAY,
        frozen_by=by,
        performance="Faster.",
        improvements="The lift.",
        response="Thank you.",
        response_of="The Board",
        responded_on=TODAY,
        published_on=TODAY,
        published_by=by,
    )
    world.things["published report"] = {"": Thing(["2025-26"])}


def _logged(world: World) -> None:
    """Add requests of every area, and the forms by which each role logged something."""
    house, own = world.house, world.complaints["own"]
    areas = {
        "own": house.team,
        "service": world.complaints["service"].service_area,
        "directorate": world.complaints["directorate"].service_area,
        "elsewhere": house.other_team,
    }
    world.things["request"] = {}
    for kind, area in areas.items():
        asked = ServiceRequest.objects.create(
            reference=f"R-{kind}",
            kind="service_request",
            customer=own.customer,
            service_area=area,
            channel="phone",
            received_on=RECEIVED,
            words="Please mend the tap.",
            logged_by=house[Role.RESPONSIBLE_OFFICER] if kind == "own" else None,
            logged_at=NOW,
        )
        world.things["request"][kind] = Thing([asked.reference])
    world.things["customer"] = {"": Thing([own.customer.code])}
    proposed = propose_restriction(
        Proposal(
            closed=frozenset({ContactWay.PHONE}),
            limits="",
            reason="Rings forty times a day.",
            evidence="The calls of May.",
            considered="Offered one named colleague.",
            review_on=TODAY + timedelta(days=30),
        ),
        customer_id=world.complaints["directorate"].customer_id,
        by=world.people["second coordinator"],
        now=NOW,
    )
    world.things["restriction"] = {"": Thing([proposed.code])}
    decided = propose_restriction(
        Proposal(
            closed=frozenset({ContactWay.PHONE}),
            limits="",
            reason="Rings forty times a day.",
            evidence="The calls of May.",
            considered="Offered one named colleague.",
            review_on=TODAY + timedelta(days=30),
        ),
        customer_id=own.customer_id,
        by=world.people["second coordinator"],
        now=NOW,
    )
    decide_restriction(
        restriction_id=decided.pk,
        approves=True,
        words="It is needed.",
        by=house[Role.DIRECTOR],
        now=NOW,
    )
    world.things["restriction’s letter"] = {"": Thing([decided.code, 1])}
    forms = {
        role.value: LoggedForm.objects.create(
            key=f"form-of-{role.value}", by=house[role], at=NOW, complaint=own
        )
        for role in READERS[Page.LOG]
    }
    world.personal["logged form"] = {role: Thing([form.key]) for role, form in forms.items()}
    stranger = LoggedForm.objects.create(
        key="form-of-somebody", by=world.people["second director"], at=NOW, complaint=own
    )
    world.things["logged form"] = {"elsewhere": Thing([stranger.key])}
