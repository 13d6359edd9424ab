"""The sentences that letters add by themselves, and what they are in another language.

A landlord's translators write them, a sentence under each in English: what stands fast in a letter
is never translated by the product, for a wrong word in “by when” costs a customer their right.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from cases.rules.attendance import Attended
from cases.rules.awards import Head
from cases.rules.grounds import ELSEWHERE, GROUNDS
from cases.rules.panels import OFFERS
from cases.rules.remedies import Remedy
from cases.rules.terms import OutsideBody, ProcedureTerms

# What stands for the sentences of a procedure among its letters.
SENTENCES = "sentences"
LONGEST_SENTENCES = 60_000

DAY, DATE = "{weekday} {day} {month} {year}", "{day} {month} {year}"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MACHINE_MADE = (
    "A machine translated this, and it is not yet proof-read. What the letter says in English "
    "counts."
)
INSTEAD_OF = "This is instead of the hearing on {day}, to which we invited you before."
AT = "It is held at this place: {where}."
JOIN = "You can join by video or telephone: {where}"
# How the complaint was heard, in the letter with the outcome (K3-15, KF-17, HH-21).
HEARD_SO = {
    "in_person": "Your complaint was heard at a meeting on {day}.",
    "in_writing": "Your complaint was considered on {day}, in writing, on the papers.",
    "in_absence": "Your complaint was heard on {day}, in your absence.",
}
SAT = "The panel was made up of {who}."
TOOK_PART = {
    Attended.IN_PERSON: "You were there in person.",
    Attended.TELEPHONE: "You took part by telephone.",
    Attended.VIDEO: "You took part by video.",
    Attended.IN_WRITING: "You put your case in writing.",
    Attended.ABSENT: "You did not take part.",
}
WITH_YOU = "Somebody took part with you or for you."
WELCOME = "You are welcome to take part."
SOUGHT = "You would like this to happen: {what}"
SOUGHT_NOT_SAID = (
    "You did not tell us what you would like to happen. If there is something, please tell us."
)
RESPONSIBLE = "We are responsible for this: {what}"
ALL_OURS = "We are responsible for all of this."
NOT_RESPONSIBLE = "We are not responsible for this: {what}"
MISUNDERSTOOD = "If we have misunderstood something, please tell us."
TOLD = "You told us this: {what}"
ASKED_BECAUSE = "You told us why you asked for {stage}: {what}"
UNDERSTOOD = "We understand your complaint like this:"
FINDING_ON_POINT = "Our finding on this point: {finding}."
TURN_TO = "For this you can turn to: {who}"
POINT_RIGHT = "To put this point right:"
LATE_ANSWER = "We are sorry that this answer is late. The reason is: {reason}"
LATE_LETTER = "We are sorry that this letter is late. The reason is: {reason}"
CHANGED = "The panel changed the earlier decision."
AGREED = "The panel agreed with the earlier decision."
AGAIN = "The panel decided that your complaint is to be looked at again."
UPHELD = "Our finding: your complaint is upheld."
PARTLY = "Our finding: your complaint is partly upheld."
NOT_UPHELD = "Our finding: your complaint is not upheld."
NOT_OURS = "Our finding: your complaint is about something that is not our responsibility."
PUT_RIGHT = "To put this right:"
OFFER = "We offer you £{amount} in compensation."
BASIS = "It is for: {heads}."
ACCEPT = "Please tell us whether you accept it, in any way you like."
SET_OFF = "£{amount} of it goes against what you owe us, and is not paid out to you."
WILL_DO = "What we will do, and by when:"
PROMISED = "What we promised you before, and still have to do:"
NOTHING_BESIDES = "Besides this, nothing is outstanding from us."
NOTHING_MORE = "Nothing more is outstanding from us."
ENCLOSED = "Enclosed: {what}."
ADVICE = "You can ask for advice at any time:"
# Said where no further stage follows (Code 6.10, 6.14): the way on leads outside.
# The customer's earlier complaint in which the same matter was considered (Code 2.2).
CONSIDERED_IN = "We considered it as your complaint {reference}, which you made on {day}."
FINAL = "This is our final answer to your complaint. It has been through all of our procedure."
DISAGREE = "If you disagree with this decision you can take it to:"
# Said where the customer is asked about somebody who speaks for them (HH-4, KF-1).
YES_OR_NO = "You can answer yes or no, in any way you like. Nobody else can answer for you."
UNHAPPY_THERE = "If you are unhappy with how it is dealt with there, you can complain to us."
# Said where a complaint is not dealt with because it is pursued unreasonably (HH-6, Code 5.15).
LOOK_AGAIN_BY = "We will look at this decision again by {day}."
STILL_COMPLAIN = (
    "You can still complain to us about anything else, at any time and in any way. Each complaint "
    "is looked at on its own."
)
DISAGREE_WITH_DAY = "If you disagree with the new date you can contact:"
TO_BE_HEARD = "Your complaint will be heard by {who}. We will write to you with the day."
OUR_ANSWER = "You will have our answer by {day}."
GOES_FURTHER = (
    "If this has not put things right, please tell us. Your complaint then goes to {stage}."
)
ASK_BY = (
    "If you are not satisfied, you can ask for {stage}. Please tell us by {day}, in any way you "
    "like."
)
ASK_ANY_TIME = (
    "If you are not satisfied, you can ask for {stage}. Please tell us at any time, in any way you "
    "like."
)
TELL_WHY = "Please tell us why, and anything we did not know before."
HEARD_BY = "It would be heard by {who}."
NOT_RIGHT = "If this is not right, or you change your mind, please tell us."
STILL_UNHAPPY = "If you are still unhappy you can take your complaint to:"
STILL_UNHAPPY_BY = "If you are still unhappy you can take your complaint, by {day}, to:"
YOURSELF_FROM = "You can go to the Ombudsman yourself from {day}."
REACH = (
    "If you have a question, or would like this in large print, in Braille, on audio or in another "
    "language, please {ways}."
)
BY_TELEPHONE, BY_EMAIL, OR = "telephone {number}", "e-mail {address}", "{one} or {other}"
POLICY = "our complaints policy and procedure"

# What letters about compliments and suggestions add (K3-20, LV-14).
PASSED_ON = "We have passed it on to {who}."
FORWARDED = "We will pass it on to the people it is about."
TAKEN_UP = "We will do what you suggest."
TAKEN_UP_PARTLY = "We will do part of what you suggest."
NOT_TAKEN_UP = "We are not able to do what you suggest."

_DAYS = (DAY, DATE, *WEEKDAYS, *MONTHS)
_REACHING = (REACH, BY_TELEPHONE, BY_EMAIL, OR)
_FIXED = (
    MACHINE_MADE,
    *(UNDERSTOOD, SOUGHT, SOUGHT_NOT_SAID, ALL_OURS, RESPONSIBLE, NOT_RESPONSIBLE),
    *(MISUNDERSTOOD, TOLD, ASKED_BECAUSE),
    *(FINDING_ON_POINT, "upheld", "partly upheld", "not upheld", "not our responsibility"),
    *(TURN_TO, POINT_RIGHT),
    *(LATE_ANSWER, LATE_LETTER, CHANGED, AGREED, AGAIN, UPHELD, PARTLY, NOT_UPHELD, NOT_OURS),
    *(PUT_RIGHT, OFFER, BASIS, SET_OFF, ACCEPT, WILL_DO, PROMISED, NOTHING_BESIDES, NOTHING_MORE),
    *(remedy.told for remedy in Remedy),
    *(head.words.lower() for head in Head),
    *(each.told for each in (*GROUNDS.values(), *ELSEWHERE.values()) if each.told),
    *(INSTEAD_OF, AT, JOIN, WELCOME, *(words for _, words in OFFERS), TO_BE_HEARD, HEARD_BY),
    *(*HEARD_SO.values(), SAT, *TOOK_PART.values(), WITH_YOU),
    *(OUR_ANSWER, GOES_FURTHER, ASK_BY, ASK_ANY_TIME, TELL_WHY, NOT_RIGHT, UNHAPPY_THERE),
    *(CONSIDERED_IN, YES_OR_NO),
    *(LOOK_AGAIN_BY, STILL_COMPLAIN),
    *(ADVICE, FINAL, DISAGREE, DISAGREE_WITH_DAY, STILL_UNHAPPY, STILL_UNHAPPY_BY, YOURSELF_FROM),
    *(ENCLOSED, POLICY, *_REACHING),
    *_DAYS,
)
_FIELD = re.compile(r"\{[a-z]+\}")


_BESIDES = (PASSED_ON, FORWARDED, TAKEN_UP, TAKEN_UP_PARTLY, NOT_TAKEN_UP)


def help_from(body: OutsideBody) -> str:
    """Return what a letter says of somebody outside who is not the Ombudsman."""
    return (
        f"You can also ask a {body.name[:1].lower()}{body.name[1:]}. They can help to settle it "
        "with us, or refer it to the Ombudsman for you."
    )


def sentences_of(terms: ProcedureTerms | None) -> tuple[str, ...]:
    """Return the sentences and words that letters of a procedure add by themselves, each once.

    Without a procedure those of letters about compliments and suggestions.
    """
    if terms is None:
        return (MACHINE_MADE, *_BESIDES, *_REACHING, DATE, *MONTHS)
    panels = (stage.panel.make_up for stage in terms.stages if stage.panel)
    others = (help_from(each) for each in terms.outside_bodies if each.code != "ombudsman")
    stages = (stage.name for stage in terms.stages)
    return tuple(dict.fromkeys([*stages, *panels, *others, *_FIXED]))


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language in which letters are made: English, or one with its sentences.

    `name` is empty for English.
    """

    name: str = ""
    sentences: Mapping[str, str] = field(default_factory=dict)

    def say(self, words: str, **values: str) -> str:
        """Return words of ours in this language; what has no translation shows itself."""
        if self.name:
            words = self.sentences.get(words) or f"[missing: “{words}” in {self.name}]"
        for name, value in values.items():
            words = words.replace(f"{{{name}}}", value)
        return words

    def typed(self, words: str) -> str:
        """Return words that may be somebody's own: in this language where they are ours."""
        return self.sentences.get(words) or words

    def day(self, on: date) -> str:
        """Return a day with its weekday."""
        return self.say(DAY, weekday=self.say(WEEKDAYS[on.weekday()]), **self._parts(on))

    def plain_day(self, on: date) -> str:
        """Return a day without its weekday."""
        return self.say(DATE, **self._parts(on))

    def _parts(self, on: date) -> dict[str, str]:
        month = self.say(MONTHS[on.month - 1])
        return {"day": str(on.day), "month": month, "year": str(on.year)}


ENGLISH = Tongue()


def sheet_of_sentences(wanted: Iterable[str], known: Mapping[str, str]) -> str:
    """Return what a translator works on: each sentence in English, and under it the other."""
    return "\n\n".join(f"{each}\n= {known.get(each, '')}".rstrip() for each in wanted)


def read_sentences(text: str) -> dict[str, str]:
    """Return what a translator wrote, by the sentence in English; what is still to do is left out.

    Lines that begin with “=” are the translation of those above them.
    """
    found: dict[str, str] = {}
    for paragraph in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
        english = " ".join(line for line in lines if not line.startswith("="))
        other = " ".join(line[1:].strip() for line in lines if line.startswith("=")).strip()
        if english and other:
            found[english] = other
    return found


def problems_with_sentences(wanted: Iterable[str], text: str) -> list[str]:
    """Return why sentences cannot be used, a sentence each: what would not be filled in."""
    known, sentences = read_sentences(text), set(wanted)
    return [
        *(f"“{each}” is no sentence of these letters." for each in known if each not in sentences),
        *(
            f"“{known[each]}” must have {field}, as it has in English."
            for each in known
            if each in sentences
            for field in dict.fromkeys(_FIELD.findall(each))
            if field not in known[each]
        ),
        *(
            f"“{known[each]}” has {field}, which it has not in English."
            for each in known
            if each in sentences
            for field in dict.fromkeys(re.findall(r"\{[^{}]*\}", known[each]))
            if field not in each
        ),
    ]
