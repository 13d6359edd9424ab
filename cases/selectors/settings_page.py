"""What in the settings needs somebody's attention."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.conf import settings

from cases.models import (
    ApiKey,
    Category,
    Landlord,
    OutsideBodyDetails,
    ProcedureVersion,
    RoleGrant,
    ServiceArea,
    User,
)
from cases.rules.periods import london_day
from cases.rules.roles import Role
from cases.selectors.calendars import draft_calendar, is_horizon_near
from cases.selectors.landlords_texts import outdated_in
from cases.selectors.outside_bodies import named_bodies
from cases.selectors.procedures import unmet_needs
from cases.selectors.speaking import known


class Section(StrEnum):
    """Where in the settings something is put right."""

    PEOPLE = "people"
    AREAS = "areas"
    CATEGORIES = "categories"
    LANDLORD = "landlord"
    CALENDAR = "calendar"
    PROCEDURES = "procedures"
    OUTSIDE_BODIES = "outside-bodies"
    WORDS = "words"
    API_KEYS = "api-keys"


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that needs attention: where, what, and why it matters."""

    section: Section
    what: str
    why: str
    is_urgent: bool = True


def needs_attention(landlord: Landlord, *, today: date) -> list[Attention]:
    """Return what needs attention, the urgent first, in a fixed number of queries."""
    found = [
        *_people(today),
        *_areas(),
        *_landlord(landlord),
        *_calendar(landlord, today),
        *_procedures(),
        *_outside(today),
        *_words(today),
        *_keys(today),
    ]
    return sorted(found, key=lambda each: not each.is_urgent)


def _people(today: date) -> list[Attention]:
    found = [
        Attention(Section.PEOPLE, f"Nobody is {need.words}", f"Somebody {need.what_for}.")
        if need.people == 1
        else Attention(
            Section.PEOPLE,
            f"Fewer than {need.people} people are {need.words}",
            f"{need.people} people are needed: somebody {need.what_for}.",
        )
        for need in unmet_needs(today=today)
    ]
    waiting = User.objects.filter(is_active=True, last_login__isnull=True, invited_at__isnull=False)
    if count := waiting.count():
        people = "One colleague has" if count == 1 else f"{count} colleagues have"
        found.append(
            Attention(
                Section.PEOPLE,
                f"{people} not signed in yet",
                "An invitation ends after 24 hours; it can be sent again.",
                is_urgent=False,
            )
        )
    if not RoleGrant.objects.filter(role=Role.AUDITOR.value, user__is_active=True).exists():
        found.append(
            Attention(
                Section.PEOPLE,
                "Nobody is auditor",
                "Nobody is told when somebody is given a role.",
                is_urgent=False,
            )
        )
    return found


def _areas() -> list[Attention]:
    if ServiceArea.objects.filter(is_retired=False).exists():
        return []
    why = "Line managers, heads of service and directors need an area to have their role in."
    return [Attention(Section.AREAS, "There is no service area", why)]


def _landlord(landlord: Landlord) -> list[Attention]:
    found = []
    if since := landlord.following_closed_at:
        what = f"Nobody can follow a complaint on the web since {london_day(since):%-d %B %Y}"
        why = "Customers ring and write instead. Open it again once it is safe."
        found.append(Attention(Section.LANDLORD, what, why))
    if not landlord.telephone:
        why = "Letters and pages say how to reach you by telephone."
        found.append(Attention(Section.LANDLORD, "The landlord has no telephone number", why))
    if not landlord.address:
        why = "Letters say where to write to."
        found.append(Attention(Section.LANDLORD, "The landlord has no address", why))
    if not landlord.privacy_contact or not landlord.kept_for:
        found.append(
            Attention(
                Section.LANDLORD,
                "The page about privacy lacks something of yours",
                "It says how to reach your data protection officer, and how long you keep "
                "complaints, once you do.",
                is_urgent=False,
            )
        )
    if not Category.objects.filter(is_retired=False).exists():
        why = "Complaints cannot be sorted by what they are about."
        found.append(Attention(Section.CATEGORIES, "There is no category", why))
    return found


def _calendar(landlord: Landlord, today: date) -> list[Attention]:
    found = []
    draft = draft_calendar(landlord)
    if is_horizon_near(draft.edition, today=today):
        found.append(
            Attention(
                Section.CALENDAR,
                f"Bank holidays are known until {draft.edition.horizon:%-d %B %Y} only",
                "Later deadlines are called provisional. Add the new ones and publish.",
            )
        )
    if draft.is_changed:
        count = len(draft.changed_days)
        days = "One day off is" if count == 1 else f"{count} days off are"
        found.append(
            Attention(
                Section.CALENDAR,
                f"{days} not published",
                "Deadlines are counted without the change until it is published.",
            )
        )
    return found


def _procedures() -> list[Attention]:
    drafts = ProcedureVersion.objects.filter(published_at__isnull=True).select_related("procedure")
    return [
        Attention(
            Section.PROCEDURES,
            f"There is a draft of “{draft.procedure.name}”",
            "Nothing changes until it is published.",
            is_urgent=False,
        )
        for draft in drafts.defer("terms_words").order_by("procedure__name")
    ]


def _outside(today: date) -> list[Attention]:
    known = set(
        OutsideBodyDetails.objects.filter(from_on__lte=today).values_list("code", flat=True)
    )
    return [
        Attention(
            Section.OUTSIDE_BODIES,
            f"Nothing says how to reach: {body.name}",
            "Letters that name them cannot say it.",
            is_urgent=False,
        )
        for body in named_bodies()
        if body.code not in known
    ]


def _words(today: date) -> list[Attention]:
    counts = {tag: outdated_in(tag, today=today) for tag in settings.PUBLIC_LANGUAGES}
    return [
        Attention(
            Section.WORDS,
            f"{'1 text' if count == 1 else f'{count} texts'} to be looked at again in "
            f"{known(tag).name}",
            "The English was changed: until then pages in this language show the English.",
            is_urgent=False,
        )
        for tag, count in counts.items()
        if count
    ]


def _keys(today: date) -> list[Attention]:
    keys = ApiKey.objects.filter(revoked_at__isnull=True, ends_on__gte=today)
    count = keys.filter(made_by__is_active=False).count()
    if not count:
        return []
    made = "A key of a program was made" if count == 1 else f"{count} keys of programs were made"
    why = "They saw it when they made it. Make another for the program, and end this one."
    return [Attention(Section.API_KEYS, f"{made} by somebody who has left", why)]
