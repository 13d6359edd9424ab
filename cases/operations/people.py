"""Staff: adding somebody, their particulars, leaving and coming back, absence."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import Absence, OutboundMessage, RoleGrant, Thing, User
from cases.operations.absence_messages import tell_deputy, tell_of_end
from cases.operations.access_lists import fill_up_lists_of
from cases.operations.alerts import address_of
from cases.operations.settings_changes import Line, check_seen, moved, note_change
from cases.rules.periods import london_day
from cases.rules.roles import Role
from cases.selectors.candidates import DEALING

# What is kept of a change of somebody's own particulars: that it was changed.
CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Particulars:
    """Who somebody on the staff is."""

    name: str
    email: str
    job_title: str = ""
    phone: str = ""

    def tidied(self) -> "Particulars":
        """Return them without stray spaces, the e-mail address in small letters."""
        return Particulars(
            self.name.strip(),
            self.email.strip().lower(),
            self.job_title.strip(),
            self.phone.strip(),
        )


_LABELS = {"name": "Name", "email": "E-mail address", "job_title": "Job title", "phone": "Phone"}


def invite(particulars: Particulars, *, by: User | None, now: datetime) -> User:
    """Add somebody to the staff, who cannot sign in until they have chosen a password.

    :raises ActionNotAllowed: if somebody has this e-mail address already.
    """
    given = particulars.tidied()
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                given.email,
                None,
                name=given.name,
                job_title=given.job_title,
                phone=given.phone,
                invited_at=now,
            )
            note_change(thing=Thing.PERSON, act="Added", by=by, now=now, person=user)
    except IntegrityError:
        raise _address_taken(given.email) from None
    return user


def _address_taken(address: str) -> ActionNotAllowed:
    return ActionNotAllowed(f"Somebody has the e-mail address {address} already.")


@transaction.atomic
def change_person(
    particulars: Particulars, *, user_id: int, by: User, now: datetime, seen: int | None = None
) -> User:
    """Change somebody's name, e-mail address, job title or telephone.

    A new e-mail address is a new name to sign in with: the old address is told.

    :raises ActionNotAllowed: if somebody else has this e-mail address.
    :raises SettingChanged: if somebody changed them since `seen`.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    check_seen(thing=Thing.PERSON, key=user.code, seen=seen)
    new = asdict(particulars.tidied())
    changes: list[Line] = [
        (label, "", CHANGED) for name, label in _LABELS.items() if getattr(user, name) != new[name]
    ]
    if not changes:
        return user
    old_address = user.email
    for name, value in new.items():
        setattr(user, name, value)
    try:
        with transaction.atomic():
            user.save(update_fields=list(new))
    except IntegrityError:
        raise _address_taken(new["email"]) from None
    change = note_change(
        thing=Thing.PERSON, act="Particulars changed", by=by, now=now, person=user, changes=changes
    )
    if old_address != user.email:
        OutboundMessage.objects.create(
            key=f"address-changed:{change.pk}",
            kind="address-changed",
            to_address=old_address,
            subject="You sign in with another e-mail address now",
            body=(
                "The e-mail address with which you sign in to the complaints system was changed. "
                "If you did not expect this, tell your administrator at once.\n"
            ),
            created_at=now,
            next_try_at=now,
        )
    return user


@transaction.atomic
def leave(*, user_id: int, by: User, now: datetime) -> User:
    """Switch a leaver off at once: the next request of theirs is refused, their roles end.

    Where they would have stood in, the absence ends; whoever is away and the coordinators are
    told. Their open complaints stay theirs by name until somebody is assigned, or until
    housekeeping comes by and unassigns them; alerts go to those who stand above (a leaver is told
    nothing).

    :raises NotEntitled: if somebody would switch themselves off.
    :raises ActionNotAllowed: if they have left already, or a restricted complaint would be left
        without anybody to handle it.
    """
    if user_id == by.pk:
        raise NotEntitled("Nobody switches themselves off. Ask another administrator.")
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if not user.is_active:
        raise ActionNotAllowed(f"{user.name} has left already.")
    user.is_active = False
    user.left_on = london_day(now)
    user.set_unusable_password()
    user.save(update_fields=["is_active", "left_on", "password"])
    roles = [
        line
        for grant in user.grants.select_related("area").order_by("role", "area__name")
        for line in moved("Role", str(grant), "")
    ]
    user.grants.all().delete()
    user.browser_sessions.all().delete()
    user.committee_posts.all().delete()
    user.absences.all().delete()
    _end_deputising(user, by=by, now=now)
    note_change(thing=Thing.PERSON, act="Left", by=by, now=now, person=user, changes=roles)
    fill_up_lists_of(user, now=now)
    return user


@transaction.atomic
def come_back(*, user_id: int, by: User, now: datetime) -> User:
    """Let somebody who had left sign in again once they have chosen a password; without roles.

    :raises ActionNotAllowed: if they have not left.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if user.is_active:
        raise ActionNotAllowed(f"{user.name} has not left.")
    user.is_active = True
    user.left_on = None
    user.save(update_fields=["is_active", "left_on"])
    note_change(thing=Thing.PERSON, act="Came back", by=by, now=now, person=user)
    return user


@transaction.atomic
def record_absence(
    *, user_id: int, deputy_id: int, first_day: date, last_day: date, by: User, now: datetime
) -> Absence:
    """Record that somebody is away and who stands in.

    :raises NotEntitled: if somebody names themselves to stand in: it would raise their own rights.
    :raises ActionNotAllowed: if the days are the wrong way round or over, they are away in those
        days already, or the deputy is the same person, cannot sign in, is away too, or has no role
        that deals with complaints where the other has.
    """
    if last_day < first_day:
        raise ActionNotAllowed("The last day comes before the first.")
    if last_day < london_day(now):
        raise ActionNotAllowed("These days are over: nobody needs to stand in.")
    if deputy_id == user_id:
        raise ActionNotAllowed("Choose somebody else to stand in.")
    if deputy_id == by.pk:
        raise NotEntitled(
            "Nobody names themselves to stand in. Whoever is away does it, or another "
            "administrator."
        )
    people = User.objects.select_for_update(of=("self",)).order_by("pk")
    found = {user.pk: user for user in people.filter(pk__in=[user_id, deputy_id])}
    user, deputy = found[user_id], found[deputy_id]
    in_those_days = {"first_day__lte": last_day, "last_day__gte": first_day}
    _check_deputy(user, deputy)
    if deputy.absences.filter(**in_those_days).exists():
        raise ActionNotAllowed(f"{deputy.name} is away in those days too.")
    if own := user.absences.filter(**in_those_days).order_by("first_day").first():
        raise ActionNotAllowed(
            f"An absence from {own.first_day:%-d %B} to {own.last_day:%-d %B %Y} is recorded "
            "already. Cancel it first if it is wrong."
        )
    absence = Absence.objects.create(
        user=user, deputy=deputy, first_day=first_day, last_day=last_day
    )
    days = f"{first_day:%-d %B %Y} to {last_day:%-d %B %Y}, {deputy.name} stands in"
    note_change(
        thing=Thing.PERSON,
        act="Absence recorded",
        by=by,
        now=now,
        person=user,
        changes=moved("Absence", "", days),
    )
    tell_deputy(absence, now=now)
    return absence


def _check_deputy(user: User, deputy: User) -> None:
    if not deputy.is_active:
        raise ActionNotAllowed(f"{deputy.name} can no longer sign in.")
    if user.pk in (dealing := _dealing(user, deputy)) and deputy.pk not in dealing:
        raise ActionNotAllowed(
            f"{deputy.name} has no role that deals with complaints, so nothing of {user.name} "
            "could be left to them. Choose somebody who deals with complaints."
        )


def _dealing(*people: User) -> set[int]:
    """Return who of these has a role of their own that deals with complaints. One query."""
    dealing = [role.value for role in DEALING]
    grants = RoleGrant.objects.filter(user__in=people, role__in=dealing)
    return set(grants.values_list("user_id", flat=True))


def _end_deputising(user: User, *, by: User, now: datetime) -> None:
    """End the absences in which a leaver stands in, and tell who finds somebody else."""
    today = london_day(now)
    waiting = user.deputising.select_related("user", "deputy").filter(last_day__gte=today)
    for absence in waiting.order_by("pk"):
        key = absence.pk
        _end(absence, by=by, now=now)
        _tell_of_lost_deputy(key, absence.user, now=now)


def _tell_of_lost_deputy(absence_id: int, person: User, *, now: datetime) -> None:
    """Queue a message to whoever is away, and to the coordinators, that nobody stands in."""
    coordinators = User.objects.filter(
        is_active=True, grants__role=Role.COMPLAINTS_COORDINATOR.value
    )
    told = {each.pk: each for each in [*coordinators, person] if each.is_active}
    path = reverse("cases:person", args=[person.code])
    OutboundMessage.objects.bulk_create(
        OutboundMessage(
            key=f"deputy-left:{absence_id}:{key}",
            kind="deputy-left",
            to_user=each,
            to_address=each.email,
            subject="Somebody needs a new deputy",
            body=(
                "A colleague who stood in for somebody has left, so that absence was ended. If "
                "they are still away, record the absence again with another deputy:\n\n"
                f"{address_of(path)}\n"
            ),
            created_at=now,
            next_try_at=now,
        )
        for key, each in sorted(told.items())
    )


@transaction.atomic
def end_absence(*, absence_id: int, user_id: int, by: User, now: datetime) -> None:
    """Cancel an absence that has not begun, or end one that has: they are back today.

    :raises ActionNotAllowed: if there is no such absence of theirs, or it is over.
    """
    today = london_day(now)
    absence = (
        Absence.objects.select_for_update(of=("self",))
        .select_related("user", "deputy")
        .filter(pk=absence_id, user=user_id, last_day__gte=today)
        .first()
    )
    if absence is None:
        raise ActionNotAllowed("This absence is over, or was cancelled already.")
    _end(absence, by=by, now=now)


def _end(absence: Absence, *, by: User, now: datetime) -> None:
    """End an absence from today on, note it, and tell who stood in and who covers complaints."""
    today = london_day(now)
    tell_of_end(absence, now=now)
    days = f"{absence.first_day:%-d %B %Y} to {absence.last_day:%-d %B %Y}"
    if absence.first_day >= today:
        absence.delete()
        after = ""
    else:
        absence.last_day = today - timedelta(days=1)
        absence.save(update_fields=["last_day"])
        after = f"{absence.first_day:%-d %B %Y} to {absence.last_day:%-d %B %Y}"
    note_change(
        thing=Thing.PERSON,
        act="Absence ended",
        by=by,
        now=now,
        person=absence.user,
        changes=moved("Absence", days, after),
    )
