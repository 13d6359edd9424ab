"""The landlord's particulars and logo, and when its people are alerted."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from cases.errors import ActionNotAllowed, FileRefused
from cases.models import Landlord, Thing, User
from cases.operations.settings_changes import check_seen, moved, note_change
from cases.rules.awards import limit_of
from cases.rules.images import tidy_picture
from cases.rules.letter_approvals import APPROVABLE_LETTERS
from cases.rules.plain_language import JARGON
from cases.rules.roles import Role

# It goes out with every page.
LARGEST_LOGO = 200 * 1024
# How the history of the settings calls it when other letters need a second person.
APPROVAL_CHANGED = "Approval of letters changed"


@dataclass(frozen=True, slots=True)
class LandlordParticulars:
    """Who the landlord is and how it is reached. Alerts go out between the two hours."""

    name: str
    telephone: str = ""
    email: str = ""
    address: str = ""
    website: str = ""
    opening_hours: str = ""
    emergency_telephone: str = ""
    repairs_telephone: str = ""
    neighbours_contact: str = ""
    council_contact: str = ""
    register_contact: str = ""
    more_telephones: str = ""
    offices: str = ""
    jargon: str = JARGON
    alerts_from_hour: int = 8
    alerts_until_hour: int = 18


_LABELS = {
    "name": "Name",
    "telephone": "Telephone",
    "email": "E-mail address",
    "address": "Address",
    "website": "Website",
    "opening_hours": "Opening hours",
    "emergency_telephone": "Emergency telephone",
    "repairs_telephone": "Telephone for repairs",
    "neighbours_contact": "For nuisance and anti-social behaviour",
    "council_contact": "The council",
    "register_contact": "For the housing register",
    "more_telephones": "Other telephone numbers",
    "offices": "Offices",
    "jargon": "Words that letters avoid",
    "alerts_from_hour": "Alerts from",
    "alerts_until_hour": "Alerts until",
}


@transaction.atomic
def change_landlord(
    particulars: LandlordParticulars, *, by: User, now: datetime, seen: int | None
) -> Landlord:
    """Change what stands on every page and letter, and the hours of alerts.

    :raises ActionNotAllowed: if the hours leave no time for alerts.
    :raises SettingChanged: if somebody changed it since `seen`.
    """
    landlord = _locked(seen)
    if not 0 <= particulars.alerts_from_hour < particulars.alerts_until_hour <= 24:
        raise ActionNotAllowed("Alerts need a time of day that begins before it ends.")
    new = asdict(particulars)
    changes = [
        line
        for name, label in _LABELS.items()
        for line in moved(label, getattr(landlord, name), new[name])
    ]
    if changes:
        for name, value in new.items():
            setattr(landlord, name, value)
        landlord.save(update_fields=list(new))
        note_change(
            thing=Thing.LANDLORD,
            act="Changed",
            by=by,
            now=now,
            name=landlord.name,
            changes=changes,
        )
    return landlord


@transaction.atomic
def change_awards(
    limits: Mapping[Role, Decimal], guidance: str, *, by: User, now: datetime, seen: int | None
) -> Landlord:
    """Change what each role may approve as compensation, and the guidance for amounts.

    :raises SettingChanged: if somebody changed it since `seen`.
    """
    landlord = _locked(seen)
    changes = [
        line
        for role, amount in limits.items()
        for line in moved(
            f"Compensation: {role.words}",
            f"£{limit_of([role], landlord.award_limits):.2f}",
            f"£{amount:.2f}",
        )
    ]
    changes += moved("Guidance on compensation", landlord.award_guidance, guidance)
    if changes:
        landlord.award_limits = {role.value: f"{amount:.2f}" for role, amount in limits.items()}
        landlord.award_guidance = guidance
        landlord.save(update_fields=["award_limits", "award_guidance"])
        note_change(
            thing=Thing.LANDLORD,
            act="Compensation changed",
            by=by,
            now=now,
            name=landlord.name,
            changes=changes,
        )
    return landlord


@transaction.atomic
def change_standards(
    standards: str, targets: str, *, by: User, now: datetime, seen: int | None
) -> Landlord:
    """Change what customers are told to expect, a line each; nothing tells the procedure's own.

    :raises SettingChanged: if somebody changed it since `seen`.
    """
    landlord = _locked(seen)
    changes = moved("Standards of customer care", landlord.care_standards, standards)
    changes += moved("Targets of customer care", landlord.care_targets, targets)
    if changes:
        landlord.care_standards = standards
        landlord.care_targets = targets
        landlord.save(update_fields=["care_standards", "care_targets"])
        note_change(
            thing=Thing.LANDLORD,
            act="Customer care changed",
            by=by,
            now=now,
            name=landlord.name,
            changes=changes,
        )
    return landlord


@dataclass(frozen=True, slots=True)
class Notices:
    """What the pages about privacy and accessibility say of the landlord's own; lines each."""

    privacy_contact: str = ""
    privacy_basis: str = ""
    kept_for: str = ""
    privacy_notice: str = ""
    accessibility_contact: str = ""
    accessibility_limits: str = ""
    accessibility_looked_at_on: date | None = None


NOTICES = {
    "privacy_contact": "Data protection officer",
    "privacy_basis": "Why the law allows it",
    "kept_for": "How long complaints are kept",
    "privacy_notice": "The whole privacy notice",
    "accessibility_contact": "Whom to tell what does not work on the website",
    "accessibility_limits": "What does not work well on the website",
    "accessibility_looked_at_on": "Accessibility statement looked at on",
}


@transaction.atomic
def change_notices(notices: Notices, *, by: User, now: datetime, seen: int | None) -> Landlord:
    """Change what the pages about privacy and accessibility say of the landlord's own.

    :raises SettingChanged: if somebody changed it since `seen`.
    """
    landlord = _locked(seen)
    new = asdict(notices)
    changes = [
        line
        for name, label in NOTICES.items()
        for line in moved(label, getattr(landlord, name), new[name])
    ]
    if changes:
        for name, value in new.items():
            setattr(landlord, name, value)
        landlord.save(update_fields=list(new))
        note_change(
            thing=Thing.LANDLORD,
            act="Privacy and accessibility changed",
            by=by,
            now=now,
            name=landlord.name,
            changes=changes,
        )
    return landlord


@transaction.atomic
def change_approvals(
    kinds: Collection[str], *, by: User, now: datetime, seen: int | None
) -> Landlord:
    """Choose the kinds of letter that go only once a second person has approved them.

    It counts for letters that are not sent yet, those that somebody is writing included.

    :raises SettingChanged: if somebody changed it since `seen`.
    """
    landlord = _locked(seen)
    chosen = [code for code in APPROVABLE_LETTERS if code in kinds]
    changes = moved(
        "Letters that a second person approves",
        approved_words(landlord.approved_letters),
        approved_words(chosen),
    )
    if changes:
        landlord.approved_letters = chosen
        landlord.save(update_fields=["approved_letters"])
        note_change(
            thing=Thing.LANDLORD,
            act=APPROVAL_CHANGED,
            by=by,
            now=now,
            name=landlord.name,
            changes=changes,
        )
    return landlord


def approved_words(kinds: Collection[str]) -> str:
    """Return the kinds of letter that a second person approves, a line each."""
    return "\n".join(words for code, words in APPROVABLE_LETTERS.items() if code in kinds)


@transaction.atomic
def set_logo(content: bytes, *, by: User, now: datetime) -> Landlord:
    """Put a logo on every page; only what is picture in the file is kept.

    :raises FileRefused: if it is no PNG or JPEG, is damaged, or is larger than LARGEST_LOGO.
    """
    if len(content) > LARGEST_LOGO:
        raise FileRefused(
            f"The logo is larger than {LARGEST_LOGO // 1024} KB. Choose a smaller picture."
        )
    picture, media_type = tidy_picture(content)
    landlord = _locked(None)
    landlord.logo = picture
    landlord.logo_type = media_type
    landlord.logo_mark = hashlib.sha256(picture).hexdigest()[:16]
    landlord.save(update_fields=["logo", "logo_type", "logo_mark"])
    note_change(thing=Thing.LANDLORD, act="Logo changed", by=by, now=now, name=landlord.name)
    return landlord


@transaction.atomic
def remove_logo(*, by: User, now: datetime) -> Landlord:
    """Show the landlord's name in place of a logo."""
    landlord = _locked(None)
    if landlord.logo_mark:
        landlord.logo, landlord.logo_type, landlord.logo_mark = None, "", ""
        landlord.save(update_fields=["logo", "logo_type", "logo_mark"])
        note_change(thing=Thing.LANDLORD, act="Logo removed", by=by, now=now, name=landlord.name)
    return landlord


def _locked(seen: int | None) -> Landlord:
    landlord = Landlord.objects.select_for_update().get()
    check_seen(thing=Thing.LANDLORD, seen=seen)
    return landlord
