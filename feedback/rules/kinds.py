"""What can be told: a complaint, a compliment or a suggestion."""

from enum import StrEnum


class Kind(StrEnum):
    """What somebody tells the landlord."""

    COMPLAINT = "complaint"
    COMPLIMENT = "compliment"
    SUGGESTION = "suggestion"

    @property
    def words(self) -> str:
        """Return the kind for people."""
        return self.value.capitalize()


# The kinds that are not complaints, and are never counted with them.
REMARKS = (Kind.COMPLIMENT, Kind.SUGGESTION)


class Decision(StrEnum):
    """What the landlord decided about a suggestion."""

    TAKEN_UP = "taken_up"
    PARTLY = "partly"
    NOT_TAKEN_UP = "not_taken_up"

    @property
    def words(self) -> str:
        """Return the decision for people."""
        return {
            "taken_up": "We will do it",
            "partly": "We will do part of it",
            "not_taken_up": "We will not do it",
        }[self.value]


class Way(StrEnum):
    """How somebody was thanked or answered."""

    EMAIL = "email"
    POST = "post"
    PHONE = "phone"
    IN_PERSON = "in_person"

    @property
    def words(self) -> str:
        """Return the way for people."""
        return {
            "email": "E-mail",
            "post": "Letter",
            "phone": "By telephone",
            "in_person": "In person",
        }[self.value]

    @property
    def is_written(self) -> bool:
        """Say whether something is written and sent here."""
        return self in (Way.EMAIL, Way.POST)
