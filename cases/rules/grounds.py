"""Why a complaint or a request for the next stage may be refused, and where else it may belong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground for refusal: as staff choose it, and as the customer is told."""

    words: str
    told: str


# The ground with which the earlier complaint may be named.
ALREADY_CONSIDERED = "already_considered"
GROUNDS = {
    "followed_policy": Ground("We followed our policy", "We followed our policy."),
    "legal_requirement": Ground(
        "We did what the law requires", "We did what the law requires of us."
    ),
    "over_12_months": Ground(
        "It happened more than 12 months ago",
        "What you complain of happened more than 12 months ago.",
    ),
    "legal_proceedings": Ground(
        "Legal proceedings have started: a claim form and particulars are filed at court",
        "Legal proceedings about the same matter have started.",
    ),
    ALREADY_CONSIDERED: Ground(
        "It was considered under this procedure before",
        "We have considered the same matter under our complaints procedure before.",
    ),
    "late": Ground(
        "The request came after the time for it", "Your request came after the time for it."
    ),
    "unreasonable": Ground(
        "It is pursued unreasonably", "The complaint is being pursued in an unreasonable way."
    ),
    "other": Ground("Another reason", ""),
}


# By code: the other procedure as staff choose it, and in a sentence to the customer.
ELSEWHERE = {
    "service_request": Ground("Request for a service", "It is dealt with as a request to us."),
    "policy_information": Ground(
        "Request for information on policy", "It is dealt with as a request for information."
    ),
    "appeal": Ground(
        "Appeal for review of a decision", "It is dealt with as an appeal against a decision."
    ),
    "asb": Ground(
        "Nuisance or anti-social behaviour",
        "It is dealt with under our policy on nuisance and anti-social behaviour.",
    ),
    "other_landlord_or_council": Ground(
        "Matter for the council or another landlord",
        "It is for the council or another landlord to deal with.",
    ),
    "housing_register_banding": Ground(
        "Banding on the housing register",
        "Banding on the housing register is decided by the local authority.",
    ),
}


def ground_words(code: str) -> str:
    """Return a ground or another procedure in words for staff; an unknown code as it is."""
    found = GROUNDS.get(code) or ELSEWHERE.get(code)
    return found.words if found else code.replace("_", " ")
