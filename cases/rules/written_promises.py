"""What a letter promises in free words, as far as the words give it away.

It finds what says that something will be done by a day, and leaves out what is known to be done by
that day already. It is for advice alone: a sentence that it does not find is a promise too.
"""

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = "|".join((*_MONTHS, *(f"{each[:3]}(?=\\b|\\.)" for each in _MONTHS)))
_COUNT = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a few)"
_LENGTH = r"(?:working |calendar )?(?:hour|day|week|fortnight|month)s?"
_BY = r"(?:by|on|before|from|not? later than)"

_WILL = r"(?:will|shall|(?:am|are|is) going to|promise to|undertake to|aim to|plan to|intend to)"
# What the customer will do is no promise of ours, but what they will get is.
_THEY_GET = (
    rf"\byou {_WILL} (?:hear|get|receive"
    r"|be (?:paid|rung|called|visited|told|given|sent|contacted|refunded)"
    r"|have (?:our|an?|the|your|it))\b"
)
_NOT_DONE = (
    r"(?!not\b|never\b|(?:also |still |only )?be (?:closed|shut|open|away|off|on (?:leave|holiday))"
    r"|close\b|end\b|expire\b|lapse\b|run out\b|have until\b)"
)
_NOT_OURS = r"(?<!\byou )(?<!\bombudsman )(?<!\bnobody )(?<!\bwhoever )"
_PROMISES = re.compile(
    rf"{_THEY_GET}|{_NOT_OURS}\b{_WILL} {_NOT_DONE}"
    r"|\b(?:we|i) (?:ring|call|write|visit|come|mend|repair|send|pay|tell|let|get back)\b"
    r"|\b(?:comes|visits|rings|calls|mends|repairs)\b"
)
_DAYS = "|".join(_WEEKDAYS)
_DATED = re.compile(
    rf"\b(?:{_BY}|in) (?:the |or before )*(?:(?:{_DAYS}),? )?(?:the )?"
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})\b"
)
_WEEKDAY = re.compile(rf"\b{_BY} (?:(?:this|next|the) )?(?P<weekday>{_DAYS})\b")
_SOME_TIME = re.compile(
    r"\b(?:by|in|before|during) (?:the )?(?:(?:end|middle|beginning) of )?(?:early |mid |late )?"
    rf"(?:{'|'.join(_MONTHS)})\b"
    r"|\b(?:by|on|before) \d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?(?!\d)"
    rf"|\b(?:within|in) (?:the next )?{_COUNT} {_LENGTH}\b"
    r"|\b(?:today|tonight|tomorrow|(?:this|next) (?:week|month))\b"
    r"|\bthis (?:afternoon|morning|evening)\b"
    r"|\bthe end of (?:the|this|next) (?:day|week|month|year)\b"
)
# What is said of what was, before the day: “We will look at what happened on Friday.”
_WAS = re.compile(
    r"\b(?:was|were|had|did|happened|came|went|told|said|wrote|sent|rang|called|visited|reported"
    r"|agreed|from you|of)\s*(?:\w+ )?$"
)
# What is always done, and not once by a day.
_ALWAYS = re.compile(r"\b(?:from now on|in future|always|whenever|as a rule|usually)\b")
_ANSWERS = re.compile(r"\b(?:answer|respond|reply|response|decision|outcome)\b")
# A day without a year that is further back than this is one of next year.
_LONG_AGO = timedelta(days=183)
# A weekday that is named without its date is no further away than this.
_A_WEEKDAY_AWAY = timedelta(days=13)


def promises_in(
    text: str, *, today: date, known: Collection[date] = (), recorded: Collection[date] = ()
) -> list[str]:
    """Return the sentences that promise something by a day that nobody keeps account of, each once.

    `known` are days by which something is owed or done already, `recorded` those of the promises
    that go with the letter: what is said of such a day is taken to be that. What names no exact
    day is left out where a promise is recorded, or where it is our answer, which has its deadline.
    """
    days = {*known, *recorded}
    found = (
        sentence
        for sentence in _sentences(text)
        if (told := _promise_of(sentence.lower())) is not None
        and not _is_kept(sentence.lower(), told, today=today, days=days, is_any=bool(recorded))
    )
    return list(dict.fromkeys(found))


def _sentences(text: str) -> Iterator[str]:
    plain = text.replace("’", "'")
    for each in re.split(r"(?<=[.!?;])\s+|\n+", plain):
        words = re.sub(r"\b(\w+)'ll\b", r"\1 will", " ".join(each.split()))
        if words and not words.endswith("?"):
            yield words


def _promise_of(said: str) -> re.Match[str] | None:
    """Return the day by which a sentence promises something; nothing if it promises nothing."""
    verb = _PROMISES.search(said)
    if verb is None or _ALWAYS.search(said):
        return None
    for pattern in (_DATED, _WEEKDAY, _SOME_TIME):
        for day in pattern.finditer(said):
            between = said[verb.end() : day.start()]
            if day.start() >= verb.end() - 1 and not _WAS.search(between.rstrip() + " "):
                return day
            if day.start() == 0:
                return day
    return None


def _is_kept(
    said: str, told: re.Match[str], *, today: date, days: Collection[date], is_any: bool
) -> bool:
    """Say whether a promise by a day is accounted for, or its day is past."""
    parts = told.groupdict()
    if parts.get("day"):
        day = _dated(int(parts["day"]), parts["month"], today)
        return day is None or day < today or day in days
    if parts.get("weekday"):
        # “Next Tuesday” may be that of the week to come.
        soon = (day for day in days if today <= day <= today + _A_WEEKDAY_AWAY)
        return any(day.weekday() == _WEEKDAYS.index(parts["weekday"]) for day in soon)
    return is_any or bool(days and _ANSWERS.search(said))


def _dated(number: int, month: str, today: date) -> date | None:
    """Return the day that is meant by a day and a month; nothing for one that there is not."""
    place = next(n for n, name in enumerate(_MONTHS, start=1) if name.startswith(month[:3]))
    for year in (today.year, today.year + 1):
        try:
            day = date(year, place, number)
        except ValueError:
            continue
        if day >= today - _LONG_AGO:
            return day
    return None
