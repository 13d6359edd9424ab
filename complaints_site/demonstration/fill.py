"""Fills an empty installation with the invented landlord, by the same operations staff use."""

import contextlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from cases.models import (
    Category,
    Complaint,
    Customer,
    Editions,
    Level,
    RoleGrant,
    ServiceArea,
    User,
)
from cases.operations import close as ending
from cases.operations import escalate, extend, note, ombudsman, stage_acts
from cases.operations.areas import add_area
from cases.operations.assign import assign, triage
from cases.operations.customers import Particulars, save_customer
from cases.operations.letters import Telling
from cases.operations.lodge import Lodging, lodge_complaint
from cases.operations.set_up import set_up_landlord
from cases.operations.stage_acts import Answer
from cases.rules.bank_holidays import Nation
from cases.rules.calendars import WorkingCalendar
from cases.rules.events import Outcome
from cases.rules.periods import LONDON
from cases.selectors.running import current_edition
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
from complaints_site.demonstration.stories import NOTES, STORIES, Story

CHANNELS = ("phone", "online", "email", "post", "in_person")
OUTCOMES = (Outcome.UPHELD, Outcome.PARTLY_UPHELD, Outcome.NOT_UPHELD)


def fill(*, procedure: str, now: datetime) -> None:
    """Set up the invented landlord, its people and residents, and complaints at every step."""
    set_up_landlord(
        name=LANDLORD,
        nation=Nation.ENGLAND_AND_WALES,
        procedure=procedure,
        telephone=TELEPHONE,
        email=EMAIL,
        now=now,
    )
    _areas(now)
    _colleagues()
    customers = [_customer(resident, now) for resident in RESIDENTS]
    _complaints(customers, now)


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
    for each in COLLEAGUES:
        user = User.objects.create_user(
            each.email, PASSWORD, name=each.name, job_title=each.job_title
        )
        for role, area in each.roles:
            RoleGrant.objects.create(user=user, role=role.value, area=areas.get(area))


def _customer(resident: Resident, now: datetime) -> Customer:
    mailbox = resident.name.lower().replace(" ", ".").encode("ascii", "ignore").decode()
    return save_customer(
        Particulars(
            name=resident.name,
            category=resident.category.value,
            address=f"{resident.address}\nHarbourside",
            postcode=resident.postcode,
            email=f"{mailbox}@example.org" if resident.has_email else "",
            phone="01632 960 123",
            preferred_channel="email" if resident.has_email else "post",
            letter_format=resident.letter_format.value,
            needs=resident.needs,
            language=resident.language,
            phone_unsafe=resident.phone_unsafe,
        ),
        now=now,
    )


class NotYet(Exception):
    """The story has come to the present day."""


class Play:
    """One complaint's way through the Complaint Handling Code, on working days of the past."""

    def __init__(
        self, number: int, customer: Customer, story: Story, began: date, present: datetime
    ) -> None:
        self.number = number
        self.story = story
        self.present = present
        self.people = {user.name: user for user in User.objects.all()}
        self.calendar: WorkingCalendar = Editions()[current_edition().pk]
        self.day = began
        if not self.calendar.is_working_day(began):
            self.day = self.calendar.add_working_days(began, -1)
        self.officer = self.people["Dan Morris" if "repairs" in story.area else "Amina Yusuf"]
        self.coordinator = self.people["Priya Shah"]
        self.telling = Telling("email" if customer.email else "post")
        self.complaint = lodge_complaint(
            Lodging(
                customer_id=customer.pk,
                channel=CHANNELS[number % len(CHANNELS)],
                received_on=self.day,
                received_at=self._now(9),
                summary=story.summary,
                desired_outcome=story.wanted,
                category_id=Category.objects.get(code=story.category).pk,
                area_id=ServiceArea.objects.get(code=story.area).pk,
            ),
            by=None,
            now=self._now(9),
            needs_triage=True,
        )

    def wait(self, days: int) -> "Play":
        """Let working days go by.

        :raises NotYet: if that is in the future.
        """
        self.day = self.calendar.add_working_days(self.day, days)
        if self.day > self.present.astimezone(LONDON).date():
            raise NotYet
        return self

    def accept(self) -> "Play":
        """Let the coordinator accept it and give it to an officer."""
        self.complaint = triage(
            complaint_id=self.complaint.pk,
            by=self.coordinator,
            now=self._now(10),
            seen=self._seen(),
            area_id=self._area(),
            officer_id=self.officer.pk,
            category_id=self.complaint.category_id,
            level=self._level(),
        )
        return self

    def acknowledge(self) -> "Play":
        """Acknowledge the stage it is in."""
        stage_acts.acknowledge(
            complaint_id=self.complaint.pk,
            by=self.coordinator,
            now=self._now(11),
            seen=self._seen(),
            on=self.day,
            telling=self.telling,
        )
        return self

    def write_note(self) -> "Play":
        """Add a note for colleagues."""
        note.add_note(
            complaint_id=self.complaint.pk,
            by=self.coordinator,
            now=self._now(14),
            words=NOTES[self.number % len(NOTES)],
        )
        return self

    def extend(self, days: int) -> "Play":
        """Extend the answer of the stage by working days."""
        due = Complaint.objects.get(pk=self.complaint.pk).next_due_on or self.day
        extend.extend(
            complaint_id=self.complaint.pk,
            by=self.coordinator,
            now=self._now(15),
            seen=self._seen(),
            new_due_on=self.calendar.add_working_days(max(due, self.day), days),
            reason="We are waiting for the surveyor’s report on the roof.",
            exceptional=False,
            telling=self.telling,
        )
        return self

    def answer(self, *, by: str = "") -> "Play":
        """Answer the stage it is in."""
        outcome = OUTCOMES[self.number % len(OUTCOMES)]
        upheld = outcome is not Outcome.NOT_UPHELD
        stage_acts.respond(
            complaint_id=self.complaint.pk,
            by=self.people[by] if by else self.officer,
            now=self._now(16),
            seen=self._seen(),
            on=self.day,
            answer=Answer(
                outcome=outcome,
                remedies=["apology", "action"] if upheld else ["explanation"],
                remedy_words=["an apology", "the work described above"] if upheld else (),
                amount="75.00" if outcome is Outcome.UPHELD else "",
                late_because="The surveyor’s report came a week later than promised.",
            ),
            telling=Telling(self.telling.channel, self.story.answer),
        )
        return self

    def ask_further(self) -> "Play":
        """Let the customer ask for stage 2, and give it to somebody else."""
        escalate.request_escalation(
            complaint_id=self.complaint.pk,
            by=None,
            now=self._now(12),
            seen=None,
            on=self.day,
            channel="phone",
            reasons="The letter does not say why nobody came for eight weeks.",
        )
        name = "Ruth Adeyemi" if "repairs" in self.story.area else "Peter Wood"
        assign(
            complaint_id=self.complaint.pk,
            by=self.coordinator,
            now=self._now(13),
            seen=None,
            officer_id=self.people[name].pk,
            area_id=self._area(),
        )
        return self

    def close(self) -> "Play":
        """Close the answered complaint."""
        ending.close(
            complaint_id=self.complaint.pk,
            by=self.coordinator,
            now=self._now(17),
            seen=self._seen(),
            on=self.day,
            words="",
        )
        return self

    def withdraw(self) -> "Play":
        """Let the customer withdraw it."""
        ending.withdraw(
            complaint_id=self.complaint.pk,
            by=self.coordinator,
            now=self._now(17),
            seen=self._seen(),
            on=self.day,
            words="Rang to say that the repair was done and nothing more is wanted.",
        )
        return self

    def go_to_ombudsman(self) -> "Play":
        """Record that the customer went to the Ombudsman."""
        ombudsman.refer_to_ombudsman(
            complaint_id=self.complaint.pk,
            by=self.coordinator,
            now=self._now(17),
            seen=self._seen(),
            on=self.day,
            words="Letter from the Ombudsman’s office received.",
        )
        return self

    def _now(self, hour: int) -> datetime:
        wanted = datetime.combine(self.day, time(hour, self.number % 50), LONDON)
        return min(wanted, self.present)

    def _seen(self) -> int:
        return Complaint.objects.values_list("version", flat=True).get(pk=self.complaint.pk)

    def _area(self) -> int:
        return ServiceArea.objects.get(code=self.story.area).pk

    def _level(self) -> Level:
        return Level.SENSITIVE if self.story.category == "asb" else Level.NORMAL


Script = tuple[int, Callable[[Play], object]]

# How many calendar days ago each began, and what has happened since.
SCRIPTS: tuple[Script, ...] = (
    (0, lambda play: play),
    (1, lambda play: play),
    (4, lambda play: play.wait(1).accept()),
    (9, lambda play: play.wait(1).accept()),
    (6, lambda play: play.wait(1).accept().acknowledge()),
    (10, lambda play: play.accept().wait(2).acknowledge().write_note()),
    (16, lambda play: play.accept().wait(1).acknowledge().wait(3).write_note()),
    (17, lambda play: play.wait(1).accept().wait(1).acknowledge()),
    (24, lambda play: play.accept().wait(2).acknowledge().wait(4).write_note()),
    (20, lambda play: play.accept().wait(1).acknowledge().wait(9).extend(5)),
    (28, lambda play: play.accept().wait(2).acknowledge().wait(8).answer()),
    (35, lambda play: play.accept().wait(3).acknowledge().wait(9).answer().wait(1).close()),
    (40, lambda play: play.accept().wait(1).acknowledge().wait(12).answer()),
    (33, lambda play: play.accept().wait(1).acknowledge().wait(2).withdraw()),
    (
        50,
        lambda play: (
            play.accept()
            .wait(2)
            .acknowledge()
            .wait(9)
            .answer()
            .wait(4)
            .ask_further()
            .wait(3)
            .acknowledge()
        ),
    ),
    (
        31,
        lambda play: play.accept().wait(1).acknowledge().wait(6).answer().wait(3).ask_further(),
    ),
    (
        90,
        lambda play: (
            play.accept()
            .wait(3)
            .acknowledge()
            .wait(10)
            .answer()
            .wait(5)
            .ask_further()
            .wait(2)
            .acknowledge()
            .wait(15)
            .answer(by="Ruth Adeyemi" if "repairs" in play.story.area else "Peter Wood")
            .wait(3)
            .close()
            .wait(2)
            .go_to_ombudsman()
        ),
    ),
    (60, lambda play: play.accept().wait(4).acknowledge().wait(10).answer().wait(2).close()),
    (75, lambda play: play.accept().wait(2).acknowledge().wait(7).answer().wait(1).close()),
    (110, lambda play: play.accept().wait(7).acknowledge().wait(14).answer().wait(1).close()),
    (130, lambda play: play.accept().wait(1).acknowledge().wait(9).answer().wait(6).close()),
)


def _complaints(customers: list[Customer], now: datetime) -> None:
    today = now.astimezone(LONDON).date()
    for number in range(3 * len(SCRIPTS)):
        days_ago, script = SCRIPTS[number % len(SCRIPTS)]
        story = STORIES[number % len(STORIES)]
        customer = customers[(number * 5) % len(customers)]
        later = number // len(SCRIPTS) * 2
        began = today - timedelta(days=days_ago + later)
        with contextlib.suppress(NotYet):
            script(Play(number, customer, story, began, now))
