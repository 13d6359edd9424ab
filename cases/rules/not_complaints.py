"""What the procedures do not call a complaint, in words for customers, and where it goes instead.

The codes are those of the procedure files (K3-5 to K3-7, KF-7, LV-2, HH-5; Code 1.4, 2.2).
"""

from dataclasses import dataclass

from cases.rules.terms import ProcedureTerms
from cases.rules.wording import marked


@dataclass(frozen=True, slots=True)
class NotComplaint:
    """Something that is dealt with in another way; `instead` says how, and when it is one."""

    what: str
    instead: str


_ALL = {
    "service_request": NotComplaint(
        marked("Asking us for something for the first time, such as a repair"),
        marked(
            "Ask us and we will get on with it. If we do not do it, or do it badly, that is a "
            "complaint."
        ),
    ),
    "policy_information": NotComplaint(
        marked("Asking what our policy is, or why we have it"),
        marked("Ask us and we will tell you."),
    ),
    "appeal": NotComplaint(
        marked("Asking for one of our decisions to be looked at again"),
        marked("Tell us which decision. If it has a way of appeal, we will use that."),
    ),
    "asb": NotComplaint(
        marked("Reporting nuisance, a hate incident or anti-social behaviour by neighbours"),
        marked(
            "Tell us and your housing officer will deal with it. If you are unhappy with what we "
            "did about a report, that is a complaint."
        ),
    ),
    "other_landlord_or_council": NotComplaint(
        marked("Something that the council or another landlord is responsible for"),
        marked("Tell them. If you are not sure whose job it is, tell us and we will find out."),
    ),
    "housing_register_banding": NotComplaint(
        marked("Your band on the housing register"),
        marked("The council decides it, so the council looks at it again."),
    ),
    "over_12_months": NotComplaint(
        marked("Something that happened more than 12 months ago"),
        marked("Tell us all the same if you have a good reason, or if it is still going on."),
    ),
    "legal_proceedings": NotComplaint(
        marked("Something that is before a court already"),
        marked("The court decides it. If no claim has been filed yet, you can complain."),
    ),
    "already_considered": NotComplaint(
        marked("Something that has been through our whole procedure before"),
        marked("You can take it to the Housing Ombudsman."),
    ),
}


def not_complaints(terms: ProcedureTerms) -> list[NotComplaint]:
    """Return what the procedure does not call a complaint, in its order.

    A code that somebody added to a procedure of their own is told in its own words.
    """
    return [_ALL.get(code) or _unknown(code) for code in terms.not_complaints]


def _unknown(code: str) -> NotComplaint:
    return NotComplaint(
        code.replace("_", " ").capitalize(), marked("Tell us and we will say who deals with it.")
    )
