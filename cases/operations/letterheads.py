"""What stands around each letter: from whom it is, how to reach them, who signs it."""

from cases.models import Landlord, User
from cases.operations.record import CaseFile
from cases.rules.letter_sentences import BY_EMAIL, BY_TELEPHONE, ENGLISH, OR, REACH, Tongue


def merged(case: CaseFile, landlord: Landlord | None) -> dict[str, str]:
    """Return what fills the merge fields about who writes a letter, and for whom."""
    by = case.by
    return {
        "officer": by.name if by else "",
        "job title": by.job_title if by else "",
        "landlord": landlord.name if landlord else "",
        "landlord’s telephone": landlord.telephone if landlord else "",
    }


def how_to_reach(landlord: Landlord | None, tongue: Tongue = ENGLISH) -> str:
    """Return the paragraph that says how to ask a question or for another format (HH-27)."""
    if landlord is None or not (landlord.telephone or landlord.email):
        return ""
    ways = [
        *([tongue.say(BY_TELEPHONE, number=landlord.telephone)] if landlord.telephone else []),
        *([tongue.say(BY_EMAIL, address=landlord.email)] if landlord.email else []),
    ]
    both = tongue.say(OR, one=ways[0], other=ways[-1]) if len(ways) > 1 else ways[0]
    return tongue.say(REACH, ways=both)


def signature(by: User | None, landlord: Landlord | None) -> list[str]:
    """Return the lines under a letter: who wrote it, and for whom."""
    lines = [by.name, by.job_title] if by else []
    lines += [landlord.name, landlord.telephone] if landlord else []
    return [line for line in lines if line]


def sender_lines(landlord: Landlord | None) -> list[str]:
    """Return the lines above a letter: from whom it is, and where they are."""
    if landlord is None:
        return []
    address = [line.strip() for line in landlord.address.splitlines()]
    return [line for line in (landlord.name, *address, landlord.telephone) if line]


def in_english_alone(unmet: str, landlord: Landlord | None) -> str:
    """Return what a letter says that is in English though its reader needs another language."""
    if not unmet:
        return ""
    ways = [landlord.telephone, landlord.email] if landlord else []
    reach = " or ".join(each for each in ways if each)
    asked = f" Please ask us to explain it in {unmet}: {reach}." if reach else ""
    return f"\n\nYou need letters in {unmet}. We are sorry: this one is in English.{asked}"
