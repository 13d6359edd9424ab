"""The landlord's colours, and the websites that may show the small form in a frame."""

from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed
from cases.models import Landlord, Thing, User
from cases.operations.settings_changes import check_seen, moved, note_change
from cases.rules.colours import read_colour, why_refused
from cases.rules.origins import MOST_ORIGINS, read_origins


@transaction.atomic
def change_look(
    *, brand: str, action: str, origins: str, by: User, now: datetime, seen: int | None
) -> Landlord:
    """Change the colours of every page, and where the small form may be framed.

    Nothing given for a colour leaves the product's own.

    :raises ActionNotAllowed: if a colour is none or too pale, or an origin is none.
    :raises SettingChanged: if somebody changed it since `seen`.
    """
    landlord = Landlord.objects.select_for_update().get()
    check_seen(thing=Thing.LANDLORD, seen=seen)
    new = {
        "brand_colour": checked_colour(brand),
        "action_colour": checked_colour(action),
        "frame_origins": "\n".join(checked_origins(origins)),
    }
    labels = ("Colour of the header", "Colour of buttons", "Websites that may show the form")
    changes = [
        line
        for label, (name, value) in zip(labels, new.items(), strict=True)
        for line in moved(label, getattr(landlord, name), value)
    ]
    if changes:
        for name, value in new.items():
            setattr(landlord, name, value)
        landlord.save(update_fields=list(new))
        note_change(
            thing=Thing.LANDLORD,
            act="Look changed",
            by=by,
            now=now,
            name=landlord.name,
            changes=changes,
        )
    return landlord


def checked_colour(text: str) -> str:
    """Return a colour as it is kept, or nothing for none.

    :raises ActionNotAllowed: if it is no colour, or too pale to be read.
    """
    if not text.strip():
        return ""
    colour = read_colour(text)
    if not colour:
        raise ActionNotAllowed("Write a colour as six digits from 0 to f, such as #0f4c5c.")
    if reason := why_refused(colour):
        raise ActionNotAllowed(reason)
    return colour


def checked_origins(text: str) -> list[str]:
    """Return the origins that are named.

    :raises ActionNotAllowed: if a line is none, or there are too many.
    """
    found, wrong = read_origins(text)
    if wrong:
        raise ActionNotAllowed(
            f"“{wrong[0]}” is not the address of a secure website, such as https://www.example.org."
        )
    if len(found) > MOST_ORIGINS:
        raise ActionNotAllowed(f"At most {MOST_ORIGINS} websites can show the form.")
    return found
