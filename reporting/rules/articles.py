"""Articles about what was learnt in a quarter: drafts for a person to check (HH-33)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Lesson = Mapping[str, str]


class Place(StrEnum):
    """Where an article stands."""

    NEWSLETTER = "newsletter"
    INTRANET = "intranet"
    WEBSITE = "website"

    @property
    def words(self) -> str:
        """Return it for people."""
        return {
            "newsletter": "For the newsletter",
            "intranet": "For the intranet",
            "website": "For the website",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Article:
    """A draft: where it is for, its title and its words."""

    place: Place
    title: str
    body: str

    @property
    def text(self) -> str:
        """Return all of it as plain text."""
        return f"{self.title}\n\n{self.body}\n"


@dataclass(frozen=True, slots=True)
class Quarter:
    """What articles tell besides lessons: the time, how many, in time, and where to read on."""

    words: str
    received: int
    in_time: int | None
    page: str
    telephone: str
    form: str


def tells_of_change(lesson: Lesson) -> bool:
    """Say whether something has changed or will: what was only learnt is no news yet."""
    return bool(lesson["made"] or lesson["planned"])


def articles_of(quarter: Quarter, lessons: Sequence[Lesson]) -> list[Article]:
    """Return a draft for each place, nothing where nothing changes."""
    told = [each for each in lessons if tells_of_change(each)]
    if not told:
        return []
    return [_newsletter(quarter, told), _intranet(quarter, told), _website(quarter, told)]


def _newsletter(quarter: Quarter, lessons: Sequence[Lesson]) -> Article:
    how = f" or ring us on {quarter.telephone}" if quarter.telephone else ""
    body = "\n\n".join(
        (
            f"From {quarter.words}, you told us of {_complaints(quarter.received)}. Thank you: "
            "this is what we learnt, and what we do differently.",
            *(_told(each) for each in lessons),
            f"Is something not right? Tell us at {quarter.form}{how}.",
        )
    )
    return Article(Place.NEWSLETTER, "What we learnt from your complaints", body)


def _intranet(quarter: Quarter, lessons: Sequence[Lesson]) -> Article:
    share = ""
    if quarter.in_time is not None:
        share = f" {quarter.in_time}% of our answers were in time or within an extension."
    body = "\n\n".join(
        (
            f"{quarter.words}: {_complaints(quarter.received)} came in.{share}",
            *(_told(each) for each in lessons),
            f"The whole report, for those who may open it: {quarter.page}",
        )
    )
    return Article(Place.INTRANET, f"What complaints taught us, {quarter.words}", body)


@dataclass(frozen=True, slots=True)
class Pair:
    """What was said, and what was done about it, as the website tells it."""

    you_said: str
    we_did: str


def pairs_of(lessons: Sequence[Lesson]) -> list[Pair]:
    """Return what is told of each lesson by which something has changed or will."""
    told = [each for each in lessons if tells_of_change(each)]
    return [Pair(each["learnt"], each["made"] or f"We will: {each['planned']}") for each in told]


def _website(quarter: Quarter, lessons: Sequence[Lesson]) -> Article:
    told = [f"You said\n{each.you_said}\n\nWe did\n{each.we_did}" for each in pairs_of(lessons)]
    return Article(Place.WEBSITE, f"You said, we did: {quarter.words}", "\n\n".join(told))


def _told(lesson: Lesson) -> str:
    parts = [lesson["service"], lesson["learnt"]]
    if lesson["made"]:
        parts.append(f"What has changed: {lesson['made']}")
    if lesson["planned"]:
        parts.append(f"What comes next: {lesson['planned']}")
    return "\n".join(parts)


def _complaints(count: int) -> str:
    return "1 complaint" if count == 1 else f"{count:,} complaints"
