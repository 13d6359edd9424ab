"""What lies on the desk while something is logged: who was found, their cases, files, deadlines."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from cases.errors import ComplaintError, FileRefused, TooManyLookups
from cases.forms.acts.people import NEW
from cases.forms.fields import DateAndTimeField, DateField
from cases.forms.log import REQUEST, RESOLVED, LogForm, typed_day
from cases.models import Customer, Level, StoredFile, User
from cases.operations.customers import at_home
from cases.operations.files import store_upload
from cases.operations.lookups import take_lookup
from cases.operations.telling import TELLINGS
from cases.operations.ways import way_refusal
from cases.rules.acts import GRANTS, Act
from cases.rules.customers import category_words
from cases.rules.events import EventKind
from cases.rules.foresight import in_full
from cases.rules.languages import language_needed
from cases.rules.lateness import kept_late_by, overdue_promises
from cases.rules.numbers import number_in
from cases.rules.permissions import permission
from cases.rules.promises import CALL, call_day
from cases.selectors.candidates import may_deal_with
from cases.selectors.case_deadlines import DeadlineLine
from cases.selectors.case_history import CaseHistory
from cases.selectors.customer_search import customers_alike, look_alikes
from cases.selectors.known_cases import HINTED, KnownCase, known_cases, may_be_twins
from cases.selectors.log_page import (
    LogChoices,
    counts_from_the_team,
    customer_named,
    dated,
    foreseen,
    found_customers,
    log_choices,
    promises,
    staff_named,
)
from cases.selectors.repeats import ANYBODYS, Spot, above_usual

# What somebody does where the procedure lets nobody put a complaint right there and then.
INSTEAD = "Choose “A complaint”: the response then says how it was put right."


class Desk:
    """Everything that the page reads for one request, each thing once."""

    def __init__(self, user: User, *, now: datetime, today: date) -> None:
        self.user = user
        self.now = now
        self.today = today
        self.found: list[Customer] = []
        self.known: dict[int, list[KnownCase]] = {}
        self.kept: list[StoredFile] = []
        self.code = ""
        self.history: CaseHistory | None = None
        # Why nothing can be put right there and then under this procedure, or nothing.
        self.resolve_refusal = ""
        self.day: date | None = today
        # What it is said to be: a complaint, one put right at once, or a request.
        self.ends = ""
        self.about = ""
        self.contractor = ""
        self.area = ""
        # Where a new one lives.
        self.home = Customer()
        # The language that a new one needs.
        self.language = ""
        # What kind of customer a new one is.
        self.category = ""
        # Whom it is about, where it is about a member of staff.
        self.staff: str | None = None
        # Whether the customer asks to be rung.
        self.is_rung = False
        self.trouble = ""
        self.lookup_refusal = ""
        # Nobody has the name looked for, but one that is spelt much like it.
        self.is_alike = False
        self.file_refusal = ""

    # Who it is -----------------------------------------------------------------------------------

    def take(self, code: str) -> None:
        """Lay the customer chosen on the desk, if there is one."""
        self.code = code
        if customer := customer_named("" if code == NEW else code, self.user):
            self.found = [customer]

    def known_as(self, reference: str) -> str:
        """Return the key of a complaint of the customer chosen, by its reference; else nothing."""
        named = (str(each.pk) for each in self.cases if each.reference == reference)
        return next(named, "")

    def look(self, words: str) -> None:
        """Look customers up, as far as that is not too often."""
        try:
            take_lookup(self.user, now=self.now)
        except ComplaintError as refusal:
            self.lookup_refusal = str(refusal)
            return
        listed = {each.pk for each in self.found}
        found = found_customers(words, self.user)
        if not found:
            found = customers_alike(words, self.user)
            self.is_alike = bool(found)
        self.found += [each for each in found if each.pk not in listed]

    def look_for_the_same(self, form: LogForm) -> None:
        """Look whether a new customer is known already; nobody is kept from logging by it."""
        typed = form.typed_particulars
        if not typed["name"]:
            return
        try:
            take_lookup(self.user, now=self.now)
        except TooManyLookups:
            return
        self.found = look_alikes(self.user, **typed)
        self.known = known_cases([each.pk for each in self.found], self.user)
        form.offer(self.found, self.known)

    @property
    def chosen(self) -> Customer | None:
        """Return the customer chosen; nobody for a new one."""
        return next((each for each in self.found if each.code == self.code), None)

    @property
    def telling_refusals(self) -> dict[str, str]:
        """Return the ways in which the customer chosen cannot be told, with the reasons."""
        if self.chosen is None:
            return {}
        reasons = {each: way_refusal(self.chosen, each) for each in TELLINGS}
        return {each: reason for each, reason in reasons.items() if reason}

    @property
    def needed_language(self) -> str:
        """Return the language that the customer needs, nothing for English or for nobody yet."""
        chosen = self.chosen
        return language_needed(chosen.language if chosen else self.language)

    @property
    def cases(self) -> list[KnownCase]:
        """Return the cases of the customer chosen, as far as the reader may read them."""
        return self.known.get(self.chosen.pk, []) if self.chosen else []

    @property
    def open_cases(self) -> list[KnownCase]:
        """Return those that are open: what is logged now may be one of them."""
        return [each for each in self.cases if each.is_open]

    @property
    def twins(self) -> set[int]:
        """Return the keys of open complaints that may be the one that is being logged."""
        return {
            each.pk
            for each in self.open_cases
            if each.is_complaint and may_be_twins(each, self.about, self.day or self.today)
        }

    @cached_property
    def repeats(self) -> list[Spot]:
        """Return of what there are more complaints than usual, this one not counted. One query.

        Of somebody new, where they live, what it is about and whose work are counted; as long as
        nobody is chosen, what it is about and whose work.
        """
        return above_usual(
            self.home if self.code == NEW else self.chosen or Customer(),
            user=self.user,
            today=self.today,
            category=number_in(self.about),
            area=number_in(self.area),
            contractor=number_in(self.contractor),
        )

    @property
    def repeats_of_customer(self) -> list[Spot]:
        """Return those of the customer and of where they live: shown where they are chosen."""
        return [spot for spot in self.repeats if spot.code not in ANYBODYS]

    @property
    def repeats_of_work(self) -> list[Spot]:
        """Return those of the contractor and of the cause: shown where these are chosen."""
        return [spot for spot in self.repeats if spot.code in ANYBODYS]

    @property
    def warned(self) -> str:
        """Return what the page warns of, so that nobody is held up by what they have seen."""
        shown = [each.reference for each in self.open_cases]
        for cases in self.known.values():
            shown += [each.reference for each in [e for e in cases if e.is_open][:HINTED]]
        return " ".join([*(each.code for each in self.found), *shown])

    # What follows --------------------------------------------------------------------------------

    def read(self, data: QueryDict | None) -> None:
        """Read what is known of the customers, and what would follow from the day it came."""
        self.known = known_cases([each.pk for each in self.found], self.user)
        received: date | None = self.today
        team = None
        if data is not None:
            self.about, self.area = data.get("about", ""), data.get("area", "")
            self.contractor = data.get("contractor", "")
            self.ends = data.get("ends", "")
            self.is_rung = "call_back" in data and self.ends not in (RESOLVED, REQUEST)
            self.category = data.get("category", "")
            self.language = data.get("language", "") if self.code == NEW else ""
            self.home = at_home(
                data.get("address", ""), data.get("postcode", ""), data.get("block", "")
            )
            if data.get("level") == Level.RESTRICTED.value:
                self.staff = data.get("staff", "")
            received = typed_day(DateAndTimeField(), data, "received")
            team = typed_day(DateField(), data, "team")
        self.day = received if received and received <= self.today else None
        try:
            history = foreseen(self.day or self.today, now=self.now, received_by_team_on=team)
            resolve = permission(Act.RESOLVE, history.state, history.terms, self.today)
        except ComplaintError as refusal:
            self.trouble = str(refusal)
            return
        self.history = history
        if resolve.why_not:
            self.resolve_refusal = f"{resolve.why_not} {INSTEAD}"

    @cached_property
    def lines(self) -> list[DeadlineLine]:
        """Return the promises that it begins with, explained; none where the day is missing."""
        if self.history is None or self.day is None:
            return []
        return promises(self.history, today=self.today)

    @property
    def call_on(self) -> date | None:
        """Return by which day they are rung, where they ask for it."""
        if not self.is_rung or self.history is None or self.day is None:
            return None
        return call_day(self.history.state.live_deadlines, on=self.today)

    @property
    def is_logged_late(self) -> bool:
        """Say whether the procedure says by when a complaint is logged, and that has passed."""
        if self.history is None or self.day is None or self.ends == REQUEST:
            return False
        events = self.history.events
        logged = next(each.number for each in events if each.kind is EventKind.LOGGED)
        return bool(kept_late_by(self.history.state, logged))

    @property
    def is_perhaps_cured_late(self) -> bool:
        """Say whether putting it right keeps a promise whose day has passed."""
        if self.history is None or self.day is None or self.ends != RESOLVED:
            return False
        overdue = overdue_promises(self.history.state, self.today)
        kept = [each.timescale.met_by for each in overdue if each.timescale]
        return any(EventKind.RESOLVED in kinds for kinds in kept)

    @property
    def outside_words(self) -> str:
        """Return that the procedure does not name customers of this kind, nothing if it does.

        A hint: whatever they complain of is logged.
        """
        category = self.chosen.category if self.chosen else ""
        if self.code == NEW:
            category = self.category
        terms = self.history.terms if self.history else None
        if terms is None or not category or category in (terms.customer_categories or (category,)):
            return ""
        return (
            f"“{terms.name}” does not name them among those who may complain: "
            f"{category_words(category)}. What they complain of is logged all the same."
        )

    @property
    def days(self) -> list[str]:
        """Return the promises to tell the customer, each with its day."""
        found = dated(self.history) if self.history else []
        rung = [f"{CALL}, by {in_full(self.call_on)}"] if self.call_on else []
        return [*rung, *found]

    @cached_property
    def closing(self) -> str:
        """Return to whom it is closed where it is about staff, and nothing else. One query."""
        if self.staff is None:
            return ""
        if names := ", ".join(staff_named(self.staff).values()):
            return f"It is closed to: {names}."
        unknown = f"Nobody here is called “{self.staff.strip()}”. " if self.staff.strip() else ""
        return f"{unknown}It is not closed to anybody by name yet: a coordinator sees to that."

    # Files ---------------------------------------------------------------------------------------

    def keep_files(self, data: QueryDict, uploads: Sequence[Any]) -> None:
        """Put what was sent on disk at once, as no browser sends it twice.

        `data` then names all that is kept.
        """
        keys = data.getlist("kept")[: settings.UPLOAD_FILE_LIMIT]
        mine = StoredFile.objects.filter(uploaded_by=self.user, complaint__isnull=True)
        self.kept = list(mine.filter(key__in=keys).order_by("pk")) if keys else []
        for upload in uploads:
            try:
                self._check_room(upload.size)
                self.kept.append(store_upload(upload, by=self.user, now=self.now))
            except FileRefused as refusal:
                self.file_refusal = str(refusal)
        data.setlist("kept", [each.key for each in self.kept])

    def _check_room(self, size: int) -> None:
        if len(self.kept) >= settings.UPLOAD_FILE_LIMIT:
            raise FileRefused(
                f"A form takes {settings.UPLOAD_FILE_LIMIT} files. Add others once it is logged."
            )
        if sum(each.size for each in self.kept) + size > settings.UPLOAD_TOTAL_MAX_BYTES:
            megabytes = settings.UPLOAD_TOTAL_MAX_BYTES // 1024**2
            raise FileRefused(
                f"A form takes files of {megabytes} MB together. Add others once it is logged."
            )

    # The form ------------------------------------------------------------------------------------

    @cached_property
    def choices(self) -> LogChoices:
        """Return what can be chosen: an officer too, by those who may name one."""
        if self.history is None or not self.user.has_role(*GRANTS[Act.ASSIGN]):
            return log_choices()
        return log_choices(dealing=may_deal_with(self.history.stage))

    def details(self, *, focus: str = "") -> dict[str, Any]:
        """Return what the form needs to know. `focus` names where its reader goes on."""
        version = self.history.complaint.procedure_version if self.history else None
        return {
            "found": self.found,
            "known": self.known,
            "today": self.today,
            "now": self.now,
            "choices": self.choices,
            "cancel": reverse("cases:my-work"),
            "kept_files": self.kept,
            "earlier": [each for each in self.cases if each.is_complaint],
            "resolve_refusal": self.resolve_refusal,
            "telling_refusals": self.telling_refusals,
            "needed_language": self.needed_language,
            "asks_team": version is not None and counts_from_the_team(version),
            "is_logged_late": self.is_logged_late,
            "is_perhaps_cured_late": self.is_perhaps_cured_late,
            "focus": focus,
        }
