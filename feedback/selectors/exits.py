"""What somebody may need sooner than the form: where each goes, with the right to complain kept."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.rules.terms import ProcedureTerms

EMERGENCY = "emergency"
# By the code of what a procedure calls no complaint (K3-5, K3-6, KF-7, LV-2, HH-5; Code 1.4).
BY_CODE = {
    "service_request": "repair",
    "asb": "neighbours",
    "other_landlord_or_council": "council",
    "housing_register_banding": "banding",
}


@dataclass(frozen=True, slots=True)
class Exit:
    """Something that has a quicker way: its name in the address, and what people call it."""

    code: str
    words: str


def exits(terms: ProcedureTerms) -> list[Exit]:
    """Return what the running procedure deals with in another way, an emergency first."""
    words = {
        EMERGENCY: _("Somebody is in danger, or a repair cannot wait"),
        "repair": _("I want to report a repair, or ask for something, for the first time"),
        "neighbours": _("I want to report nuisance, hate or anti-social behaviour"),
        "council": _("It is about rubbish, roads, benefits or something else of the council’s"),
        "banding": _("It is about my band on the housing register"),
    }
    codes = [EMERGENCY, *(BY_CODE[each] for each in terms.not_complaints if each in BY_CODE)]
    return [Exit(code, words[code]) for code in codes]
