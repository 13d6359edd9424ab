"""What somebody may need sooner than the form: where each goes, with the right to complain kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.models import Landlord

EMERGENCY = "emergency"
# Each with the setting of the landlord that says where it leads. Every form has them all,
# whatever else its procedure calls no complaint (K3-5, K3-6, KF-7, LV-2, HH-5; Code 1.4).
SETTING = {
    EMERGENCY: "emergency_telephone",
    "repair": "repairs_telephone",
    "neighbours": "neighbours_contact",
    "council": "council_contact",
    "banding": "register_contact",
}
_TELEPHONE = re.compile(r"\+?[\d ()-]{3,}")


@dataclass(frozen=True, slots=True)
class Exit:
    """Something that has a quicker way: its name in the address, and what people call it.

    `contact` is where the landlord says that it goes: a telephone number, the address of a page,
    or a sentence; nothing where it has not said.
    """

    code: str
    words: str
    contact: str = ""

    @property
    def telephone(self) -> str:
        """Return the contact if it is nothing but a telephone number."""
        return self.contact if _TELEPHONE.fullmatch(self.contact) else ""


def exits(landlord: Landlord | None) -> Sequence[Exit]:
    """Return what is dealt with in another way, an emergency first."""
    words = {
        EMERGENCY: _("Somebody is in danger, or a repair cannot wait"),
        "repair": _("I want to report a repair, or ask for something, for the first time"),
        "neighbours": _("I want to report nuisance, hate or anti-social behaviour"),
        "council": _("It is about rubbish, roads, benefits or something else of the council’s"),
        "banding": _("It is about my band on the housing register"),
    }
    return [
        Exit(code, words[code], getattr(landlord, name, "").strip())
        for code, name in SETTING.items()
    ]
