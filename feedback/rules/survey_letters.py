"""What somebody is sent who is asked how it went: neutral, since others may see it."""

from collections.abc import Callable, Iterator

from cases.rules.blocks import Block, Heading, Paragraph, Points
from cases.rules.wording import marked
from feedback.rules.surveys import CHARACTERISTICS, QUESTIONS, Satisfaction

# The e-mail, which says nothing of what it was about.
EMAIL = marked(
    "Hello,\n\n"
    "You were in touch with us not long ago. Please tell us how we did: it takes two minutes, and "
    "your answers do not say who you are unless you want them to.\n\n"
    "{link}\n\n"
    "You need not answer. If you do not, we will not ask about this again.\n\n"
    "{signed}\n"
)


def paper_blocks(
    *, code: str, address: str, telephone: str, say: Callable[[str], str] = str
) -> list[Block]:
    """Return the letter with the questions, to be sent back, answered on the web or told us.

    `say` puts our words into the language of whoever reads it.
    """
    ways = [
        say(marked("on the web: {address}")).format(address=address),
        say(marked("on this paper: tick, and send it back or hand it in")),
    ]
    if telephone:
        ways.append(say(marked("by telephone: {telephone}")).format(telephone=telephone))
    return [
        Paragraph(
            (
                say(
                    marked(
                        "You were in touch with us not long ago. Please tell us how we did. You "
                        "need not answer, and your answers do not say who you are unless you want "
                        "them to."
                    )
                ),
            )
        ),
        Paragraph((say(marked("Your code is {code}. You can answer:")).format(code=code),)),
        Points(tuple(ways)),
        *_questions(say),
        Heading(say(marked("Anything else?"))),
        Paragraph(("_" * 60, "_" * 60)),
        Paragraph(
            (
                _box(
                    say(marked("You may keep my answers with my name and what they are about")),
                ),
            )
        ),
        Heading(say(marked("About you, if you want to say"))),
        *_about_you(say),
        Paragraph(
            (
                say(
                    marked(
                        "If you are not satisfied, this survey is not a complaint, and you can "
                        "always make one or take yours further: ring us, write to us, or tell "
                        "anybody who works for us."
                    )
                ),
            )
        ),
    ]


def easy_blocks(*, code: str, telephone: str, say: Callable[[str], str] = str) -> list[Block]:
    """Return the letter in easy read, which stands before the whole one."""
    ways = [
        say(marked("You can tick boxes. They are on the next pages. Send the pages back to us.")),
        say(marked("You can answer on the web. The address is on the next page.")),
    ]
    if telephone:
        ring = say(marked("You can ring us. The number is {telephone}. Somebody asks you."))
        ways.append(ring.format(telephone=telephone))
    return [
        Heading(say(marked("How did we do?"))),
        Paragraph((say(marked("You told us about something. We want to know how we did.")),)),
        Paragraph((say(marked("You do not have to answer.")),)),
        Paragraph((say(marked("We ask you 5 questions. You say how happy you are.")),)),
        Points(tuple(ways)),
        Paragraph((say(marked("Your code is {code}. We ask you for it.")).format(code=code),)),
        Paragraph(
            (say(marked("We do not keep your name with your answers. Only if you want it.")),)
        ),
        Paragraph((say(marked("Are you unhappy? You can always complain. Tell us.")),)),
    ]


def heard_blocks(*, code: str, address: str, telephone: str) -> list[Block]:
    """Return the letter for those who read with their fingers or their ears: nothing to tick.

    In English, like everything in these formats.
    """
    ways = [f"on the web: {address}"]
    if telephone:
        ways.append(f"by telephone: {telephone}")
    answers = "; ".join(each.words for each in Satisfaction)
    return [
        Paragraph(
            (
                "You were in touch with us not long ago. Please tell us how we did. You need not "
                "answer, and your answers do not say who you are unless you want them to.",
            )
        ),
        Paragraph((f"Your code is {code}. You can answer:",)),
        Points(tuple(ways)),
        Paragraph((f"To each question you can answer: {answers}.",)),
        Points(tuple(QUESTIONS.values())),
        Paragraph(("You can also say anything else.",)),
        Paragraph(
            (
                "If you want us to keep your answers with your name and what they are about, say "
                "so. Otherwise we do not.",
            )
        ),
        Heading("About you, if you want to say"),
        Paragraph(("You can leave out each of these questions, or say: prefer not to say.",)),
        Points(
            tuple(
                f"{each.question} {'; '.join(each.answers.values())}."
                for each in CHARACTERISTICS.values()
            )
        ),
        Paragraph(
            (
                "If you are not satisfied, this survey is not a complaint, and you can always make "
                "one or take yours further: ring us, write to us, or tell anybody who works for "
                "us.",
            )
        ),
    ]


def _box(words: str) -> str:
    return f"[  ] {words}"


def _about_you(say: Callable[[str], str]) -> Iterator[Block]:
    for each in CHARACTERISTICS.values():
        answers = [*each.answers.values(), marked("Prefer not to say")]
        boxes = "   ".join(_box(say(words)) for words in answers)
        yield Paragraph((say(each.question), boxes))


def _questions(say: Callable[[str], str]) -> Iterator[Block]:
    for question in QUESTIONS.values():
        yield Heading(say(question))
        yield Paragraph(("   ".join(_box(say(each.words)) for each in Satisfaction),))
