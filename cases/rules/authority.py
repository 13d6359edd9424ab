"""What somebody who speaks for a customer may be told and may do, by how far that is established.

Until the customer has confirmed them (HH-4, KF-1, LV-1) they get a receipt and nothing else. A
solicitor speaks as an advocate and nothing more (KF-2).
"""

from dataclasses import dataclass
from enum import StrEnum


class Authority(StrEnum):
    """How far it is established that somebody may speak for a customer."""

    CLAIMED = "claimed"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    REVOKED = "revoked"

    @property
    def words(self) -> str:
        """Return it for people."""
        return {
            "claimed": "Claimed, not yet confirmed",
            "asked": "The customer is asked",
            "declined": "The customer says no",
        }.get(self.value, self.value.capitalize())


class SpeakerKind(StrEnum):
    """Who it is that speaks."""

    PERSON = "person"
    ADVICE_AGENCY = "advice_agency"
    ELECTED = "elected"
    SOLICITOR = "solicitor"

    @property
    def words(self) -> str:
        """Return it for people."""
        return {
            "person": "A relative, friend, neighbour or somebody else",
            "advice_agency": "An advice or advocacy agency",
            "elected": "A councillor, MP or other elected representative",
            "solicitor": "A solicitor",
        }[self.value]


class Established(StrEnum):
    """How the authority was established."""

    OWN_CONTACT = "own_contact"
    SIGNED_FORM = "signed_form"
    POWER_OF_ATTORNEY = "power_of_attorney"
    ELECTED_OFFICE = "elected_office"

    @property
    def words(self) -> str:
        """Return it for people."""
        return {
            "own_contact": "The customer told us, reached by their own contact details",
            "signed_form": "We saw a form that the customer signed",
            "power_of_attorney": "We saw a power of attorney or a deputyship",
            "elected_office": "They are the customer’s elected representative, and our data "
            "protection officer agrees",
        }[self.value]


class Deed(StrEnum):
    """What may be done for, or by, somebody who speaks for a customer."""

    RECEIPT = "be told that their message came"
    ADD_WORDS = "tell us more"
    ASK_CUSTOMER = "have the customer asked about them"
    CONFIRM = "be confirmed"
    DECLINE = "be declined by the customer"
    REVOKE = "lose the authority"
    PROGRESS = "be told where the complaint stands"
    LETTERS = "get copies of our letters"
    NEXT_STAGE = "ask for the next stage"
    COMPANION = "come to a hearing with the customer"
    SEE_DATA = "see what we hold about the customer"
    AT_LAW = "act as the customer’s lawyer"
    WITHDRAW = "withdraw the complaint"


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands on a day: the authority, whether it has ended, and how far it goes.

    `decides`: in the customer's place, by a power of attorney or as their deputy. `is_limited`: it
    is written down what they may do, so that a person has to judge what goes further.
    """

    authority: Authority
    kind: SpeakerKind = SpeakerKind.PERSON
    has_ended: bool = False
    covers_data: bool = False
    decides: bool = False
    is_limited: bool = False

    @property
    def speaks(self) -> bool:
        """Say whether they may be told things."""
        return self.authority is Authority.CONFIRMED and not self.has_ended


_ALWAYS = frozenset({Deed.RECEIPT, Deed.ADD_WORDS})
_SPEAKING = frozenset({Deed.PROGRESS, Deed.LETTERS, Deed.NEXT_STAGE, Deed.COMPANION})
# What is told of them on the page, in this order.
TOLD = (
    *(Deed.PROGRESS, Deed.LETTERS, Deed.NEXT_STAGE, Deed.COMPANION, Deed.SEE_DATA),
    Deed.WITHDRAW,
)
# What they may do by themselves where they follow the complaint on the web.
_ON_THE_WEB = frozenset({Deed.ADD_WORDS, Deed.NEXT_STAGE, Deed.WITHDRAW})


def deeds(standing: Standing | None) -> frozenset[Deed]:
    """Return what may be done; nothing for somebody who never said that they speak for anybody."""
    if standing is None:
        return frozenset()
    found = set(_ALWAYS)
    if standing.speaks:
        found |= _SPEAKING | {Deed.REVOKE}
        found |= {Deed.SEE_DATA} if standing.covers_data else set()
        # It ends a right of the customer's: only whoever decides in their place gives it up.
        found |= {Deed.WITHDRAW} if standing.decides and not standing.is_limited else set()
        return frozenset(found)
    found |= {Deed.ASK_CUSTOMER, Deed.CONFIRM}
    if standing.authority in (Authority.CLAIMED, Authority.ASKED):
        found |= {Deed.DECLINE, Deed.REVOKE}
    if standing.authority is Authority.CONFIRMED:
        found |= {Deed.REVOKE}
    return frozenset(found)


def on_the_web(standing: Standing) -> frozenset[Deed]:
    """Return what somebody who speaks for a customer may do by themselves on the web.

    Nothing before it is confirmed. Where it is written down what they may do, they add words, and
    a colleague judges whether the next stage is within it.
    """
    if not standing.speaks:
        return frozenset()
    may = deeds(standing) & _ON_THE_WEB
    return may - {Deed.NEXT_STAGE} if standing.is_limited else may


_BECOMES = {
    Authority.ASKED: Deed.ASK_CUSTOMER,
    Authority.CONFIRMED: Deed.CONFIRM,
    Authority.DECLINED: Deed.DECLINE,
    Authority.REVOKED: Deed.REVOKE,
}


def may_become(now: Standing, wanted: Authority) -> bool:
    """Say whether the authority may be recorded so; what it is already it may stay."""
    if wanted is now.authority:
        return True
    deed = _BECOMES.get(wanted)
    return deed is not None and deed in deeds(now)


def told_of(standing: Standing) -> str:
    """Return in a sentence what they may and may not be told."""
    if not standing.speaks:
        return (
            "Tell them only that their message came: not whether the person is our customer, nor "
            "what we hold. Answers go to the customer."
        )
    limits = (
        "They may also see what we hold about the customer."
        if standing.covers_data
        else "This complaint only: not what else we hold about the customer."
    )
    role = (
        " A solicitor speaks as an advocate only: this is not a legal process."
        if standing.kind is SpeakerKind.SOLICITOR
        else ""
    )
    return f"They may be told where this complaint stands, and have letters. {limits}{role}"
