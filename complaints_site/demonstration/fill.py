"""Fills an empty installation with the invented landlord, by the same operations staff use."""

import contextlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.db.models import F

from cases.models import (
    AccessEntry,
    Adoption,
    CommitteePost,
    Customer,
    Delivery,
    OutboundMessage,
    Post,
    Procedure,
    RoleGrant,
    ServiceArea,
    User,
)
from cases.operations import note
from cases.operations.areas import add_area
from cases.operations.calendars import publish_calendar
from cases.operations.customers import (
    Particulars,
    Speaker,
    add_joint_complainant,
    save_customer,
    save_representative,
)
from cases.operations.days_off import add_closure
from cases.operations.files import store_upload
from cases.operations.landlord import (
    LandlordParticulars,
    Notices,
    change_landlord,
    change_notices,
)
from cases.operations.people import Particulars as PersonParticulars
from cases.operations.people import invite, leave, record_absence
from cases.operations.set_up import set_up_landlord
from cases.rules.authority import Authority, SpeakerKind
from cases.rules.bank_holidays import Nation
from cases.rules.periods import LONDON
from complaints_site.demonstration import afterwards, arrivals, mail, stories
from complaints_site.demonstration.people import (
    AREAS,
    COLLEAGUES,
    EMAIL,
    LANDLORD,
    PASSWORD,
    RESIDENTS,
    TELEPHONE,
    Resident,
)
from complaints_site.demonstration.play import COORDINATOR, NotYet, Play, Staff
from complaints_site.demonstration.scripts import (
    SCRIPTS,
    an_appeal,
    asked_too_late,
    with_the_ombudsman,
)
from complaints_site.demonstration.stories import STORIES, Story
from complaints_site.demonstration.welsh import say_it_in_welsh
from reporting.operations.kept import make_kept_reports
from reporting.operations.measures import Entered, enter_measured_year
from reporting.operations.weekly import make_weekly_reports
from reporting.rules.reporting_years import ReportingYear

# Complaints received more working days ago run under the procedure the landlord had before.
BEFORE = "herefordshire"
CHANGED_OVER = 50
ROUNDS = 3
ADMINISTRATOR = "Ines Costa"
JOB_SHEET = (
    "JOB SHEET 4471\nDay 1  No access: lift out of order.\nDay 6  Moisture 28 % behind the cot. "
    "Gutter joint open, water on the outside wall.\nDay 9  Gutter renewed. Wall to be treated.\n"
)


def fill(*, procedure: str, now: datetime) -> None:
    """Set up the invented landlord, its people and residents, and complaints at every step."""
    set_up_landlord(
        name=LANDLORD,
        nation=Nation.ENGLAND_AND_WALES,
        procedure=BEFORE,
        telephone=TELEPHONE,
        email=EMAIL,
        now=now,
    )
    _areas(now)
    _colleagues()
    _particulars(now)
    _christmas(now)
    staff = Staff.now(now)
    _people_who_come_and_go(staff)
    if procedure != BEFORE:
        Adoption.objects.create(
            procedure=Procedure.objects.get(code=procedure),
            from_on=staff.working_days_ago(CHANGED_OVER),
        )
    customers = [_customer(resident, now) for resident in RESIDENTS]
    _complaints(customers, staff)
    _single_complaints({customer.name: customer for customer in customers}, staff)
    arrivals.requests(staff, customers)
    arrivals.remarks(staff)
    arrivals.forms(staff)
    mail.mail(staff)
    _old_messages_went_out(staff)
    _one_came_back()
    afterwards.surveys(staff)
    afterwards.lessons(staff)
    afterwards.approvals(staff)
    make_weekly_reports(now=now)
    make_kept_reports(now=now)
    afterwards.what_services_learnt(staff)
    _homes(now)
    say_it_in_welsh(staff.people[ADMINISTRATOR], now)


def _homes(now: datetime) -> None:
    """Enter how many homes there are, for the measures of this year and the last."""
    this_year = ReportingYear.of(now.astimezone(LONDON).date())
    for year in (this_year.before, this_year):
        enter_measured_year(
            year=year,
            entered=Entered(4_210, 365, with_extensions=True, counts_crossing=True),
            by=User.objects.get(name=ADMINISTRATOR),
            now=now,
            seen=None,
        )


def _areas(now: datetime) -> None:
    for area in AREAS:
        parent = ServiceArea.objects.filter(code=area.parent).first()
        add_area(
            code=area.code,
            name=area.name,
            parent_id=parent.pk if parent else None,
            by=None,
            now=now,
        )


def _colleagues() -> None:
    areas = {area.code: area for area in ServiceArea.objects.all()}
    # One hash for all of them: the password is printed on the screen, and hashing takes its time.
    password = make_password(PASSWORD)
    for each in COLLEAGUES:
        user = User.objects.create_user(each.email, None, name=each.name, job_title=each.job_title)
        User.objects.filter(pk=user.pk).update(password=password)
        for role, area in each.roles:
            RoleGrant.objects.create(user=user, role=role.value, area=areas.get(area))
        if each.leads:
            CommitteePost.objects.create(user=user, committee=each.leads, post=Post.CHAIR.value)


def _particulars(now: datetime) -> None:
    """Complete what stands on pages and letters."""
    administrator = User.objects.get(name=ADMINISTRATOR)
    change_landlord(
        LandlordParticulars(
            name=LANDLORD,
            telephone=TELEPHONE,
            email=EMAIL,
            address="Harbour House\n1 Dock Road\nHarbourside\nHB1 4AA",
            website="https://www.harbourside.example",
            opening_hours="Monday to Friday, 8.30am to 5pm",
            emergency_telephone="0800 555 0199",
            repairs_telephone="0800 555 0101",
            council_contact="https://www.gov.uk/find-local-council",
        ),
        by=administrator,
        now=now,
        seen=None,
    )
    change_notices(
        Notices(
            privacy_contact="Data Protection Officer, Harbour House\ndata@harbourside.example",
            kept_for="Six years after a complaint is closed. Then it is deleted.",
            privacy_notice="https://www.harbourside.example/privacy",
            accessibility_contact="Write to web@harbourside.example: we answer within 5 days.",
        ),
        by=administrator,
        now=now,
        seen=None,
    )


def _christmas(now: datetime) -> None:
    """Close the office between Christmas and the new year."""
    year = now.astimezone(LONDON).year
    administrator = User.objects.get(name=ADMINISTRATOR)
    add_closure(
        first_day=date(year, 12, 27),
        last_day=date(year, 12, 31),
        name="Office closed",
        by=administrator,
        now=now,
    )
    publish_calendar(by=administrator, now=now)


def _people_who_come_and_go(staff: Staff) -> None:
    """Invite somebody, let somebody leave, and send somebody on holiday with a deputy."""
    by, now = staff.people[ADMINISTRATOR], staff.present
    joel = PersonParticulars("Joel Marsh", "joel.marsh@harbourside.example", "Surveyor")
    rita = PersonParticulars("Rita Blunt", "rita.blunt@harbourside.example", "Housing Officer")
    invite(joel, by=by, now=now)
    left = invite(rita, by=by, now=now)
    leave(user_id=left.pk, by=by, now=now)
    record_absence(
        user_id=staff.people["Sam Patel"].pk,
        deputy_id=staff.people["Ruth Adeyemi"].pk,
        first_day=staff.today - timedelta(days=2),
        last_day=staff.today + timedelta(days=9),
        by=by,
        now=now,
    )


def _customer(resident: Resident, now: datetime) -> Customer:
    mailbox = resident.name.lower().replace(" ", ".").encode("ascii", "ignore").decode()
    return save_customer(
        Particulars(
            name=resident.name,
            category=resident.category.value,
            address=f"{resident.address}\nHarbourside",
            postcode=resident.postcode,
            block="Quay House" if "Quay House" in resident.address else "",
            email=f"{mailbox}@example.org" if resident.has_email else "",
            phone="01632 960 123",
            preferred_channel="email" if resident.has_email else "post",
            letters_by_email=resident.has_email and not resident.language,
            letter_format=resident.letter_format.value,
            needs=resident.needs,
            language=resident.language,
            phone_unsafe=resident.phone_unsafe,
        ),
        now=now,
    )


def _complaints(customers: list[Customer], staff: Staff) -> None:
    """Play every script several times, with other customers and stories, a day apart."""
    for number in range(ROUNDS * len(SCRIPTS)):
        ago, script = SCRIPTS[number % len(SCRIPTS)]
        story = STORIES[number % len(STORIES)]
        customer = customers[(number * 5) % len(customers)]
        play = Play(number, customer, story, staff, ago=ago + number // len(SCRIPTS))
        with contextlib.suppress(NotYet):
            script(play)


def _single_complaints(customers: dict[str, Customer], staff: Staff) -> None:
    """Add what the scripts do not show: hearings, hidden complaints, people beside the customer."""

    def play(
        who: str, story: Story, *, ago: int, logged_by: str = "", about: tuple[str, ...] = ()
    ) -> Play:
        number = len(who)
        return Play(number, customers[who], story, staff, ago=ago, logged_by=logged_by, about=about)

    def as_far_as_it_came(script: Callable[[Play], object], begun: Play) -> Play:
        with contextlib.suppress(NotYet):
            script(begun)
        return begun

    appeal = as_far_as_it_came(an_appeal, play("Margaret Shaw", stories.APPEAL, ago=53))
    _may_be_audited(appeal, staff)
    late = play("Barry Stone", stories.LATE_REQUEST, ago=57)
    as_far_as_it_came(asked_too_late, late)
    decided = as_far_as_it_came(with_the_ombudsman, play("Siân Lloyd", STORIES[2], ago=95))
    _may_be_audited(decided, staff)

    for place, story in enumerate(stories.BY_TELEPHONE):
        who = ("Farah Khan", "Ivan Petrov", "Agnes Kowalczyk")[place]
        play(who, story, ago=place * 2, logged_by="Kelly Owen")
    play("Doris Bright", stories.ABOUT_THE_COORDINATOR, ago=1, about=(COORDINATOR,))
    hidden = play("Olu Adeyemi", stories.ABOUT_AN_OFFICER, ago=5, about=("Dan Morris",))
    hidden.wait(1).accept(officer="Grace Lin")
    unsafe = play("Leila Haddad", stories.NOT_SAFE_TO_RING, ago=7)
    unsafe.accept().wait(1).acknowledge()
    _people_beside_the_customer(customers, staff)


def _people_beside_the_customer(customers: dict[str, Customer], staff: Staff) -> None:
    """Add one complaint with a joint tenant, a councillor who speaks for them, and a job sheet."""
    play = Play(2, customers["Gareth Evans"], STORIES[0], staff, ago=8)
    play.accept().wait(1).acknowledge()
    key, by, now = play.complaint.pk, staff.people[COORDINATOR], staff.present
    add_joint_complainant(
        complaint_id=key,
        customer_id=customers["Marcus Green"].pk,
        capacity="Joint tenant",
        by=by,
        now=now,
    )
    save_representative(
        Speaker(
            name="Cllr Joan Pratt",
            relationship="Councillor",
            kind=SpeakerKind.ELECTED.value,
            email="joan.pratt@example.org",
            authority=Authority.CONFIRMED.value,
            authority_seen="Rang the customer, who agrees",
            authority_on=staff.today,
        ),
        complaint_id=key,
        by=by,
        now=now,
    )
    sheet = JOB_SHEET.encode()
    upload = InMemoryUploadedFile(
        BytesIO(sheet), "file", "job-sheet-4471.txt", "text/plain", len(sheet), "utf-8"
    )
    stored = store_upload(upload, by=by, now=now)
    note.add_files(complaint_id=key, by=by, now=now, file_ids=[stored.pk])


def _may_be_audited(play: Play, staff: Staff) -> None:
    """Let the auditor read it for the coming months."""
    auditor = staff.people["Frank Hill"]
    AccessEntry.objects.create(
        complaint=play.complaint, user=auditor, ends_on=staff.today + timedelta(days=90)
    )


def _old_messages_went_out(staff: Staff) -> None:
    """Leave only the messages of today in the queue: the others went out on their day."""
    old = OutboundMessage.objects.filter(
        state=Delivery.QUEUED.value, created_at__lt=staff.present - timedelta(hours=12)
    )
    old.update(state=Delivery.SENT.value, sent_at=F("created_at"), attempts=1)


def _one_came_back() -> None:
    """Let the newest answer to an open complaint come back from the mail server."""
    sent = OutboundMessage.objects.filter(kind="letter_response", complaint__is_open=True)
    newest = sent.order_by("-created_at").values_list("pk", flat=True)[:1]
    OutboundMessage.objects.filter(pk__in=list(newest)).update(
        state=Delivery.UNDELIVERABLE.value, sent_at=None, last_error="550 5.1.1 no such mailbox"
    )
