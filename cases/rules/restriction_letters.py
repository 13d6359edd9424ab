"""What a customer is told in writing of a restriction of their contact (HH-6, Code 5.14, 5.15)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from cases.rules.letter_sentences import ADVICE
from cases.rules.procedure_words import in_a_row
from cases.rules.restrictions import ContactWay, RestrictionStep, lapses_on

# The steps of which the customer gets a letter.
TOLD = frozenset({RestrictionStep.APPROVED, RestrictionStep.RENEWED, RestrictionStep.ENDED})
HEADING = "How you can reach us"
ENDING = "Yours sincerely"
_WAYS = {
    ContactWay.PHONE: "telephone",
    ContactWay.EMAIL: "e-mail",
    ContactWay.IN_PERSON: "visit",
    ContactWay.POST: "letter",
}
COMPLAIN = (
    "You can still make a complaint at any time, in any way. It is recorded and answered like "
    "anybody’s, and so is a complaint that you have made already."
)
APPEAL = (
    "If you think that this is wrong, please tell us why, in any way that is open to you. Somebody "
    "who did not decide it will look at it again. You can also complain about it."
)


NOT_EASY = (
    "You need letters in easy read. We are sorry: this one is not in easy read. Please ask us, and "
    "we will explain it to you."
)
# What the record says of a letter that is not as the customer needs it, or as the restriction has
# it.
NOTE_OF_EASY_READ = (
    "It is in standard print and says so: nobody writes these letters in easy read. Explain it to "
    "them."
)


def note_of_closed_way(channel: str) -> str:
    """Return why a letter goes by a way that the restriction closes."""
    way = "e-mail" if channel == "email" else "post"
    return f"It goes by {way}, which the restriction closes: no other safe way is left to write."


@dataclass(frozen=True, slots=True)
class RestrictionFacts:
    """What a letter about a restriction is made from.

    `why` is what whoever decided gives as the reason; `usable` the ways that are safe for this
    customer; `outside` has the lines of the Ombudsman's details, `reach` says how to reach us.
    """

    step: RestrictionStep
    closed: Collection[ContactWay]
    limits: str
    usable: Collection[ContactWay]
    why: str
    starts_on: date
    review_on: date
    reach: str
    outside: Sequence[str]


def letter_paragraphs(facts: RestrictionFacts) -> list[str]:
    """Return the letter between the greeting and the signature, a paragraph each."""
    if facts.step is RestrictionStep.ENDED:
        return [
            "You can reach us in every way again: the restriction of your contact that began on "
            f"{facts.starts_on:%-d %B %Y} has ended today.",
            f"The reason is: {facts.why.strip()}",
            *([facts.reach] if facts.reach else []),
        ]
    begins = {
        RestrictionStep.APPROVED: f"From {facts.starts_on:%-d %B %Y} we limit how you can reach "
        "us.",
        RestrictionStep.RENEWED: "We have looked again at how you can reach us, and keep it "
        "limited.",
    }
    return [
        begins[facts.step],
        _what(facts),
        f"The reason is: {facts.why.strip()}",
        f"We look at it again by {facts.review_on:%-d %B %Y}, and tell you what comes of that. It "
        f"ends by itself after {lapses_on(facts.review_on):%-d %B %Y} if nobody has looked at it.",
        APPEAL,
        COMPLAIN,
        "\n".join([ADVICE, *facts.outside]),
        *([facts.reach] if facts.reach else []),
    ]


def what_is_missing(facts: RestrictionFacts) -> list[str]:
    """Return what the letter must say and does not, in words; nothing of a whole letter."""
    found = [] if facts.why.strip() else ["the reason"]
    if facts.step is not RestrictionStep.ENDED and not facts.outside:
        found.append("the Ombudsman’s details")
    return [*found, *([] if facts.reach else ["how to reach us, and other formats"])]


def _what(facts: RestrictionFacts) -> str:
    shut = [_WAYS[each] for each in ContactWay if each in facts.closed]
    left = [_WAYS[each] for each in ContactWay if each in facts.usable and each not in facts.closed]
    return " ".join(
        [
            *([f"Please do not contact us by {in_a_row(shut, last='or')}."] if shut else []),
            *([f"This is limited: {facts.limits.rstrip('.')}."] if facts.limits else []),
            f"You can reach us by {in_a_row(left, last='or')}.",
        ]
    )
