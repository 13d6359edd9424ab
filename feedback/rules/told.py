"""What somebody told the landlord on the form, as it was read from their answers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from cases.rules.wording import marked
from feedback.rules.kinds import Kind

# What somebody answers who wants to be rung, on the page of that name: what was sent says it so.
RING_ME, CALL_BACK = marked("Yes, ring me"), "call-back"
# What somebody answers who wants whole letters by e-mail.
WHOLE = "whole"
# A customer who did not say who they are; two of them are not the same person.
UNNAMED = "Name not given"


@dataclass(frozen=True, slots=True)
class Told:
    """The answers to the form. What was not asked, or not answered, is empty.

    Where `for_other`, the `person_…` fields are those of the customer, and the rest is about
    whoever sends it: they speak for the customer. `unsafe` and `person_unsafe` list the ways
    that must not be used.
    """

    kind: Kind
    words: str
    effect: str = ""
    happened: str = ""
    wanted: str = ""
    regarding: str = ""
    topic: str = ""
    about_staff: bool = False
    staff_named: str = ""
    for_other: bool = False
    person_name: str = ""
    person_category: str = ""
    person_address: str = ""
    person_postcode: str = ""
    person_phone: str = ""
    person_email: str = ""
    person_unsafe: tuple[str, ...] = ()
    person_safe_notes: str = ""
    person_format: str = ""
    person_language: str = ""
    person_needs: str = ""
    relationship: str = ""
    permission: str = ""
    category: str = ""
    name: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    preferred: str = ""
    call_back: bool = False
    call_number: str = ""
    call_when: str = ""
    email_says: str = ""
    unsafe: tuple[str, ...] = ()
    safe_notes: str = ""
    letter_format: str = ""
    language: str = ""
    needs: str = ""
    written_in: str = ""

    @property
    def is_reachable(self) -> bool:
        """Say whether they left any way to reach them."""
        return bool(self.phone or self.email or self.address or self.postcode)

    @property
    def safe_email(self) -> str:
        """Return the e-mail address if it may be written to."""
        return "" if "email" in self.unsafe else self.email

    @property
    def can_be_thanked(self) -> bool:
        """Say whether they left a way to reach them that is safe."""
        ways = {"phone": self.phone, "email": self.email, "post": self.address}
        return any(value and way not in self.unsafe for way, value in ways.items())

    @property
    def all_words(self) -> str:
        """Return everything they wrote about what happened, a paragraph each."""
        parts = (self.words, self.effect, self.wanted, self.regarding, self.staff_named)
        return "\n\n".join(part for part in parts if part)

    def as_json(self) -> dict[str, Any]:
        """Return the answers as JSON can hold them."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return the answers that `as_json` stored."""
        values = {each.name: stored[each.name] for each in fields(cls) if each.name in stored}
        values["kind"] = Kind(values["kind"])
        for name in ("unsafe", "person_unsafe"):
            values[name] = tuple(values.get(name, ()))
        return cls(**values)
