"""Everybody who has to do with a complaint, besides its customer and its officer."""

import json
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, cast

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    F,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, JSONObject, TruncDate

from cases.models import (
    AccessEntry,
    Complaint,
    Cover,
    Customer,
    Exclusion,
    JointComplainant,
    Representative,
    TrackingClosure,
    User,
)
from cases.rules.authority import Authority, SpeakerKind, Standing
from cases.rules.customers import LetterFormat, format_badges
from cases.rules.languages import language_needed
from cases.rules.periods import LONDON
from cases.rules.roles import Role
from cases.selectors.prepared import BLANK, Prepared

Row = tuple[str, int, str, str, str, str, str, str, date | None, bool, str]

# What is known of another customer who complains too, by the names of its columns.
_KNOWN = (
    "address",
    "postcode",
    "phone",
    "email",
    "preferred_channel",
    "letter_format",
    "language",
    "needs",
    "restricted_contact",
)
_KNOWN_TO_BE = ("is_vulnerable", "email_unsafe", "phone_unsafe", "post_unsafe")


@dataclass(frozen=True, slots=True)
class Speaks:
    """Somebody who speaks for the customer."""

    key: int
    name: str
    relationship: str
    authority: str
    phone: str
    email: str
    scope: str
    ends_on: date | None
    covers_data: bool
    kind: str
    letter_format: str = LetterFormat.STANDARD.value
    needs: str = ""

    @property
    def is_solicitor(self) -> bool:
        """Say whether they are a solicitor, who speaks as an advocate only."""
        return self.kind == SpeakerKind.SOLICITOR

    def standing_on(self, day: date) -> Standing:
        """Return how they stand on a day."""
        return Standing(
            Authority(self.authority),
            SpeakerKind(self.kind),
            has_ended=self.ends_on is not None and day > self.ends_on,
            covers_data=self.covers_data,
        )

    def may_speak_on(self, day: date) -> bool:
        """Say whether they may be told things on that day."""
        return self.standing_on(day).speaks

    @property
    def authority_words(self) -> str:
        """Return how far their authority is established."""
        return Authority(self.authority).words

    @property
    def needs_words(self) -> list[str]:
        """Return in which format they have letters, where it is not the ordinary one."""
        return format_badges(self.letter_format)


@dataclass(frozen=True, slots=True)
class Joint:
    """Another customer who complains together with the first.

    `customer` has what says how they are reached and what they need, and is not to be saved.
    """

    key: int
    customer: Customer
    capacity: str
    gets_letters: bool

    @property
    def name(self) -> str:
        """Return their name."""
        return self.customer.name

    @property
    def format_words(self) -> str:
        """Return the format in which they read a letter."""
        return LetterFormat(self.customer.letter_format).words


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody on the staff on a list of the complaint."""

    key: int
    name: str
    is_chair: bool = False
    reason: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class CasePeople:
    """Who speaks, who complains too, who sits on the panel, who is let in and shut out."""

    speakers: list[Speaks] = field(default_factory=list)
    joint: list[Joint] = field(default_factory=list)
    panel: list[Colleague] = field(default_factory=list)
    listed: list[Colleague] = field(default_factory=list)
    shut_out: list[Colleague] = field(default_factory=list)
    covering: list[Colleague] = field(default_factory=list)
    # Since when it cannot be followed on the web: one day, or none while it can.
    shut_to_web: list[date] = field(default_factory=list)

    @property
    def joint_needs(self) -> list[tuple[str, list[str]]]:
        """Return what is to be kept in mind about each who complains too, by their name."""
        return [(each.name, each.customer.needs_words) for each in self.joint]

    @property
    def copied_in(self) -> list[tuple[str, str]]:
        """Return who gets a copy of each letter and needs a language, and which."""
        spoken = [
            (each.name, language_needed(each.customer.language))
            for each in self.joint
            if each.gets_letters
        ]
        return [(name, needed) for name, needed in spoken if needed]

    def cover_on(self, day: date, *, is_restricted: bool) -> Colleague | None:
        """Return who covers it for its officer on a day, unless it is closed to them by now."""
        closed = {each.key for each in self.shut_out}
        listed = {each.key for each in self.listed}
        for each in self.covering:
            is_open = each.key not in closed and (not is_restricted or each.key in listed)
            if is_open and each.since and each.until and each.since <= day <= each.until:
                return each
        return None

    def roles_of(self, user: User, *, is_restricted: bool) -> frozenset[Role]:
        """Return the roles that count for a reader because a list names them."""
        if any(each.key == user.pk for each in self.panel):
            return frozenset({Role.PANEL_MEMBER}) & user.scope.roles
        if is_restricted and any(each.key == user.pk for each in self.listed):
            return user.scope.own - {Role.PANEL_MEMBER}
        return frozenset()


def people_of(complaint: Complaint) -> CasePeople:
    """Return everybody who has to do with the complaint, in one query."""
    found = CasePeople()
    rows = _everybody().rows(blank=complaint.pk)
    for row in sorted(rows, key=lambda each: (each[0], each[1])):
        _keep(found, cast(Row, row))
    return found


@lru_cache(maxsize=1)
def _everybody() -> Prepared:
    """Return the query of everybody who has to do with the complaint whose key is BLANK."""
    others = (_joint(), _listed(), _shut_out(), _covering(), _closures())
    return Prepared(_speakers().union(*others, all=True))


def _keep(found: CasePeople, row: Row) -> None:
    sort, key, name, part, state, phone, email, scope, on, flag, kind = row
    match sort:
        case "speaker":
            more = json.loads(scope)
            known = (key, name, part, state, phone, email, more["scope"], on, flag, kind)
            found.speakers.append(Speaks(*known, more["letter_format"], more["needs"]))
        case "joint":
            found.joint.append(Joint(key, _who(name, scope), part, flag))
        case "panel":
            found.panel.append(Colleague(key, name, is_chair=flag, until=on))
        case "listed":
            found.listed.append(Colleague(key, name))
        case "shut out":
            found.shut_out.append(Colleague(key, name, reason=part))
        case "cover":
            found.covering.append(Colleague(key, name, since=date.fromisoformat(state), until=on))
        case "closure" if on:
            found.shut_to_web.append(on)


def _who(name: str, known: str) -> Customer:
    """Return another customer with what the one query of everybody read of them."""
    told = json.loads(known)
    needs = {key: told[key] for key in _KNOWN}
    return Customer(name=name, **needs, **{key: bool(told[key]) for key in _KNOWN_TO_BE})


def _row(rows: QuerySet[Any], sort: Any, key: str, name: str, **more: Any) -> QuerySet[Any, Row]:
    """Return the rows in the shape that all share, so that one query can read them."""
    blank = Value("", output_field=TextField())
    return rows.order_by().values_list(
        sort if not isinstance(sort, str) else Value(sort, output_field=CharField()),
        F(key),
        _text(name),
        _text(more["part"]) if "part" in more else blank,
        _text(more["state"]) if "state" in more else blank,
        _text(more["phone"]) if "phone" in more else blank,
        _text(more["email"]) if "email" in more else blank,
        _text(more["scope"]) if "scope" in more else blank,
        F(more["on"]) if "on" in more else Cast(Value(None), DateField()),
        F(more["flag"]) if "flag" in more else Value(False, output_field=BooleanField()),
        _text(more["kind"]) if "kind" in more else blank,
    )


def _text(name: str) -> Cast:
    return Cast(F(name), TextField())


def _speakers() -> QuerySet[Any, Row]:
    more = JSONObject(scope="scope", letter_format="letter_format", needs="needs")
    return _row(
        Representative.objects.filter(complaint=BLANK).annotate(more=more),
        "speaker",
        "pk",
        "name",
        part="relationship",
        state="authority",
        phone="phone",
        email="email",
        scope="more",
        on="ends_on",
        flag="covers_data",
        kind="kind",
    )


def _joint() -> QuerySet[Any, Row]:
    known = JSONObject(**{key: f"customer__{key}" for key in (*_KNOWN, *_KNOWN_TO_BE)})
    return _row(
        JointComplainant.objects.filter(complaint=BLANK).annotate(known=known),
        "joint",
        "pk",
        "customer__name",
        part="capacity",
        scope="known",
        flag="gets_letters",
    )


def _listed() -> QuerySet[Any, Row]:
    sort = Case(
        When(as_panel_member=True, then=Value("panel")),
        default=Value("listed"),
        output_field=CharField(),
    )
    return _row(
        AccessEntry.objects.filter(complaint=BLANK),
        sort,
        "user_id",
        "user__name",
        on="ends_on",
        flag="is_chair",
    )


def _shut_out() -> QuerySet[Any, Row]:
    return _row(
        Exclusion.objects.filter(complaint=BLANK),
        "shut out",
        "user_id",
        "user__name",
        part="reason",
    )


def _covering() -> QuerySet[Any, Row]:
    return _row(
        Cover.objects.filter(complaint=BLANK, absence__user=F("complaint__responsible_officer")),
        "cover",
        "user_id",
        "user__name",
        state="absence__first_day",
        on="absence__last_day",
    )


def _closures() -> QuerySet[Any, Row]:
    closed = TrackingClosure.objects.filter(complaint=BLANK, opened_at=None)
    return _row(
        closed.annotate(day=TruncDate("closed_at", tzinfo=LONDON)),
        "closure",
        "pk",
        "closed_by__name",
        on="day",
    )
