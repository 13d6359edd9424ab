"""What somebody is sent who is asked how it went: neutral, since others may see it."""

from collections.abc import Iterator

from cases.rules.blocks import Block, Heading, Paragraph, Points
from feedback.rules.surveys import QUESTIONS, Satisfaction


def email_body(*, link: str, signed: str) -> str:
    """Return the e-mail, which says nothing of what it was about."""
    return (
        "Hello,\n\n"
        "You were in touch with us not long ago. Please tell us how we did: it takes two "
        "minutes, and your answers do not say who you are unless you want them to.\n\n"
        f"{link}\n\n"
        "You need not answer. If you do not, we will not ask about this again.\n\n"
        f"{signed}\n"
    )


def paper_blocks(*, code: str, address: str, telephone: str) -> list[Block]:
    """Return the letter with the questions, to be sent back, answered on the web or told us."""
    ways = [f"on the web: {address}", "on this paper: tick, and send it back or hand it in"]
    if telephone:
        ways.append(f"by telephone: {telephone}")
    return [
        Paragraph(
            (
                "You were in touch with us not long ago. Please tell us how we did. You need not "
                "answer, and your answers do not say who you are unless you want them to.",
            )
        ),
        Paragraph((f"Your code is {code}. You can answer:",)),
        Points(tuple(ways)),
        *_questions(),
        Heading("Anything else?"),
        Paragraph(("_" * 60, "_" * 60)),
        Paragraph(
            (
                "If you are not satisfied, this survey is not a complaint, and you can always make "
                "one or take yours further: ring us, write to us, or tell anybody who works "
                "for us.",
            )
        ),
    ]


def _questions() -> Iterator[Block]:
    for question in QUESTIONS.values():
        yield Heading(question)
        yield Paragraph(("   ".join(f"[  ] {each.words}" for each in Satisfaction),))
