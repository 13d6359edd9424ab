"""How far a customer's contact with the landlord may be restricted, and by whom.

Source: HH-6, and the Complaint Handling Code 5.14 and 5.15: with evidence, no more than is
needed, mindful of the Equality Act, and reviewed.
"""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from cases.rules.procedure_words import in_a_row
from cases.rules.roles import Role
from cases.rules.terms import ProcedureTerms

# A restriction is looked at again within so long, and chased so long before that day.
LONGEST = timedelta(days=183)
CHASED_BEFORE = timedelta(days=14)
# One that nobody looked at again ends by itself so long after its day.
LAPSES_AFTER = timedelta(days=14)

ALWAYS = (
    "They can always make a complaint, by any way, and go to the Housing Ombudsman: a complaint of "
    "theirs is logged and answered like anybody’s."
)

NOTHING_LEFT = "No safe way is left open: review this restriction at once."


class ContactWay(StrEnum):
    """A way in which a customer reaches the landlord."""

    PHONE = "phone"
    EMAIL = "email"
    IN_PERSON = "in_person"
    POST = "post"

    @property
    def words(self) -> str:
        """Return the way for people."""
        return _WAYS[self]


_WAYS = {
    ContactWay.PHONE: "Telephone",
    ContactWay.EMAIL: "E-mail",
    ContactWay.IN_PERSON: "In person",
    ContactWay.POST: "Letter",
}


class RestrictionState(StrEnum):
    """Where a restriction stands."""

    PROPOSED = "proposed"
    REFUSED = "refused"
    IN_FORCE = "in_force"
    ENDED = "ended"
    LAPSED = "lapsed"

    @property
    def words(self) -> str:
        """Return the state for people."""
        return {
            "proposed": "Waits for a decision",
            "refused": "Not approved",
            "lapsed": "Lapsed without a review",
        }.get(self.value, self.value.replace("_", " ").capitalize())

    @property
    def tone(self) -> str:
        """Return the colour of the state's tag."""
        return {"proposed": "yellow", "in_force": "orange"}.get(self.value, "grey")


LIVE = (RestrictionState.PROPOSED, RestrictionState.IN_FORCE)


class RestrictionStep(StrEnum):
    """What was done about a restriction."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    RENEWED = "renewed"
    ENDED = "ended"
    LAPSED = "lapsed"
    # Of the letter that tells the customer.
    NOTED = "noted"
    POSTED = "posted"
    SENT_AGAIN = "sent_again"
    BY_POST = "by_post"
    TOLD = "told"

    @property
    def words(self) -> str:
        """Return the step for people."""
        return _STEPS.get(self.value, self.value.capitalize())


_STEPS = {
    "refused": "Not approved",
    "renewed": "Reviewed and kept",
    "noted": "Noted of the letter",
    "posted": "Letter posted",
    "sent_again": "E-mail sent again",
    "by_post": "Letter to go by post instead",
    "told": "Told another way than by the letter",
}


def approving_roles(terms: ProcedureTerms) -> frozenset[Role]:
    """Return who decides on a restriction: a director alone where the procedure says so (HH-6)."""
    if terms.director_refuses_unreasonable:
        return frozenset({Role.DIRECTOR})
    return frozenset({Role.DIRECTOR, Role.ASSISTANT_DIRECTOR})


def why_too_far(closed: Collection[ContactWay], *, usable: Collection[ContactWay]) -> str:
    """Return why these ways may not be closed, or nothing.

    `usable` are the ways by which this customer can reach the landlord safely.
    """
    if not set(usable) - set(closed):
        return "Leave at least one way open by which this customer can reach us safely."
    return ""


def why_not_reviewed(review_on: date, *, begins: date) -> str:
    """Return why a restriction may not wait for its review until this day, or nothing."""
    if review_on <= begins:
        return "The review must be on a later day."
    if review_on - begins > LONGEST:
        return f"It must be reviewed by {begins + LONGEST:%-d %B %Y}: within six months."
    return ""


def lapses_on(review_on: date) -> date:
    """Return the last day of a restriction that nobody looked at again."""
    return review_on + LAPSES_AFTER


def restriction_words(
    closed: Collection[ContactWay], limits: str, *, usable: Collection[ContactWay], until: date
) -> str:
    """Return in a few sentences what is closed, what stays open, and until when that counts."""
    shut = [each.words.lower() for each in ContactWay if each in closed]
    left = [each.words.lower() for each in ContactWay if each in usable and each not in closed]
    parts = [f"Closed: {in_a_row(shut)}."] if shut else []
    parts += [f"{limits.rstrip('.')}."] if limits else []
    parts += [f"Open: {in_a_row(left)}." if left else NOTHING_LEFT]
    return " ".join([*parts, f"To be reviewed by {until:%-d %B %Y}."])
