"""What the procedures do not call a complaint, in words for customers, and where it goes instead.

The codes are those of the procedure files (K3-5 to K3-7, KF-7, LV-2, HH-5; Code 1.4, 2.2).
"""

from dataclasses import dataclass

from cases.rules.terms import ProcedureTerms


@dataclass(frozen=True, slots=True)
class NotComplaint:
    """Something that is dealt with in another way; `instead` says how, and when it is one."""

    what: str
    instead: str


_ALL = {
    "service_request": NotComplaint(
        "Asking us for something for the first time, such as a repair",
        "Ask us and we will get on with it. If we do not do it, or do it badly, that is a "
        "complaint.",
    ),
    "policy_information": NotComplaint(
        "Asking what our policy is, or why we have it",
        "Ask us and we will tell you.",
    ),
    "appeal": NotComplaint(
        "Asking for one of our decisions to be looked at again",
        "Tell us which decision. If it has a way of appeal, we will use that.",
    ),
    "asb": NotComplaint(
        "Reporting nuisance, a hate incident or anti-social behaviour by neighbours",
        "Tell us and your housing officer will deal with it. If you are unhappy with what we did "
        "about a report, that is a complaint.",
    ),
    "other_landlord_or_council": NotComplaint(
        "Something that the council or another landlord is responsible for",
        "Tell them. If you are not sure whose job it is, tell us and we will find out.",
    ),
    "housing_register_banding": NotComplaint(
        "Your band on the housing register",
        "The council decides it, so the council looks at it again.",
    ),
    "over_12_months": NotComplaint(
        "Something that happened more than 12 months ago",
        "Tell us all the same if you have a good reason, or if it is still going on.",
    ),
    "legal_proceedings": NotComplaint(
        "Something that is before a court already",
        "The court decides it. If no claim has been filed yet, you can complain.",
    ),
    "already_considered": NotComplaint(
        "Something that has been through our whole procedure before",
        "You can take it to the Housing Ombudsman.",
    ),
}


def not_complaints(terms: ProcedureTerms) -> list[NotComplaint]:
    """Return what the procedure does not call a complaint, in its order.

    A code that somebody added to a procedure of their own is told in its own words.
    """
    return [_ALL.get(code) or _unknown(code) for code in terms.not_complaints]


def _unknown(code: str) -> NotComplaint:
    return NotComplaint(
        code.replace("_", " ").capitalize(), "Tell us and we will say who deals with it."
    )
