"""Thanking the sender of a compliment or suggestion, answering it, and posting what is on paper."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, ReasonMissing, WrongDate
from cases.models import (
    Customer,
    Landlord,
    LetterTemplate,
    OutboundMessage,
    ProposalState,
    User,
)
from cases.operations.letter_tongues import check_whole_in, language_for, tongue_for
from cases.operations.letterheads import how_to_reach, in_english_alone
from cases.operations.telling import Telling, check_channel, other_language_of
from cases.rules.customers import LetterFormat
from cases.rules.languages import Language, is_the_needed, language_needed, under_an_email
from cases.rules.letters import SUBJECT, untranslated
from cases.rules.periods import london_day
from cases.rules.procedure_words import in_a_row
from cases.selectors.letter_templates import template_in_force
from feedback.models import Remark, RemarkLetter
from feedback.operations.remark_gate import check_remark_approved
from feedback.operations.remark_notices import notice_of
from feedback.operations.remark_rights import check_role, lock_remark
from feedback.rules.kinds import Decision, Kind, Way
from feedback.rules.remark_letters import (
    Purpose,
    RemarkFacts,
    letter_code,
    letter_paragraphs,
    letter_text,
    what_is_missing,
)
from feedback.rules.told import UNNAMED
from feedback.selectors.outside_post import REMARK, is_with_provider


@dataclass(frozen=True, slots=True)
class InTheirLanguage:
    """What is written in the language that the sender needs, or why the letter is in English.

    `language` is a tag of `LANGUAGES`: in which the text is written.
    """

    text: str = ""
    because: str = ""
    language: str = ""


NOTHING_MORE = InTheirLanguage()


@transaction.atomic
def acknowledge_remark(
    *,
    remark_id: int,
    by: User,
    now: datetime,
    way: Way,
    on: date,
    words: str = "",
    other: InTheirLanguage = NOTHING_MORE,
) -> Remark:
    """Record that the sender was thanked, and write the letter or e-mail if it is one (K3-20).

    A letter or an e-mail is of today; a call may have been on an earlier day.

    :raises ActionNotAllowed: if they were thanked before, that way is not safe or not known, or the
        letter lacks something or their language.
    :raises WrongDate: if the day is in the future or before the receipt.
    """
    remark = lock_remark(remark_id, by)
    if remark.acknowledged_on is not None:
        raise ActionNotAllowed("The sender was thanked already.")
    day = _day_of(remark, way, on, now=now)
    _write(remark, Purpose.THANKS, way, words=words, by=by, now=now, other=other)
    let_lapse(remark, Purpose.THANKS, by=by, now=now)
    remark.acknowledged_on = day
    remark.acknowledged_by = by
    remark.acknowledged_how = way.value
    remark.save(update_fields=["acknowledged_on", "acknowledged_by", "acknowledged_how"])
    return remark


@transaction.atomic
def decide_suggestion(
    *,
    remark_id: int,
    by: User,
    now: datetime,
    decision: Decision,
    answer: str,
    way: Way | None,
    other: InTheirLanguage = NOTHING_MORE,
) -> Remark:
    """Decide about a suggestion and answer its sender, where there is a way to reach them.

    :raises ReasonMissing: without an answer.
    :raises ActionNotAllowed: if it is no suggestion, was decided before, or must be answered some
        other way, or the letter lacks something or the language of the sender.
    """
    remark = lock_remark(remark_id, by)
    if remark.kind != Kind.SUGGESTION:
        raise ActionNotAllowed("Only a suggestion is decided about.")
    if remark.decided_on is not None:
        raise ActionNotAllowed("This suggestion is decided already.")
    if not answer.strip():
        raise ReasonMissing("Write the answer: what you decided, and why.")
    if way is None and remark.acknowledge_by is not None:
        raise ActionNotAllowed("Choose how the sender is told.")
    if way is not None:
        _write(
            remark,
            Purpose.ANSWER,
            way,
            words=answer,
            by=by,
            now=now,
            other=other,
            decision=decision,
        )
        remark.answered_how = way.value
    let_lapse(remark, Purpose.ANSWER, by=by, now=now)
    remark.decision = decision.value
    remark.answer = answer.strip()
    remark.decided_on = london_day(now)
    remark.decided_by = by
    remark.save(update_fields=["decision", "answer", "decided_on", "decided_by", "answered_how"])
    return remark


@transaction.atomic
def mark_letter_posted(*, letter_id: int, by: User, on: date, now: datetime) -> RemarkLetter:
    """Record that a letter went to the post on a day.

    :raises ActionNotAllowed: if it is not a letter on paper, or was posted already.
    :raises WrongDate: if the day is in the future.
    """
    check_role(by)
    letter = RemarkLetter.objects.select_for_update(of=("self",)).get(pk=letter_id)
    if letter.channel != Way.POST or letter.posted_on is not None:
        raise ActionNotAllowed("This letter is not waiting to be posted.")
    if is_with_provider(REMARK, letter.pk):
        raise ActionNotAllowed("The provider posts this letter, and says itself when it did.")
    if on > london_day(now):
        raise WrongDate(f"{on:%-d %B %Y} is in the future.")
    letter.posted_on = on
    letter.posted_by = by
    letter.save(update_fields=["posted_on", "posted_by"])
    return letter


def _day_of(remark: Remark, way: Way, on: date, *, now: datetime) -> date:
    today = london_day(now)
    day = today if way.is_written else on
    if day > today:
        raise WrongDate(f"{day:%-d %B %Y} is in the future.")
    if day < remark.received_on:
        raise WrongDate(f"It was received on {remark.received_on:%-d %B %Y}, after that day.")
    return day


def _write(
    remark: Remark,
    purpose: Purpose,
    way: Way,
    *,
    words: str,
    by: User,
    now: datetime,
    other: InTheirLanguage,
    decision: Decision | None = None,
) -> RemarkLetter | None:
    """Write the letter of this purpose, or nothing for what was said aloud.

    :raises ApprovalNeeded: if a second person has to approve it first.
    :raises ActionNotAllowed: if it lacks something, or is not in the language that its reader needs
        and nobody says why.
    """
    customer = remark.customer
    if customer is None:
        raise ActionNotAllowed("Its sender left no way to reach them.")
    check_channel(customer, way.value)
    if not way.is_written:
        if other.text.strip():
            raise ActionNotAllowed(
                "No letter or e-mail goes. Choose one of them, or take out the text in another "
                "language."
            )
        return None
    landlord = Landlord.objects.first()
    template = template_in_force(None, letter_code(purpose, Kind(remark.kind)))
    facts = RemarkFacts(
        kind=Kind(remark.kind),
        reference=remark.reference,
        received_on=remark.received_on,
        to_name="" if customer.name == UNNAMED else customer.name,
        signed=landlord.name if landlord else "",
        words=words.strip(),
        told=list(remark.passed_on.values_list("to__name", flat=True)),
        decision=decision,
        template=template.text if template else "",
        merged={
            "officer": by.name,
            "job title": by.job_title,
            "landlord’s telephone": landlord.telephone if landlord else "",
        },
        reach=how_to_reach(landlord),
    )
    if lacking := what_is_missing(purpose, facts):
        raise ActionNotAllowed(f"The letter cannot go like this. Missing: {in_a_row(lacking)}.")
    theirs = _in_their_language(customer, purpose, facts, other, landlord)
    if theirs.unmet:
        told = in_english_alone(theirs.unmet, landlord).strip()
        facts = replace(facts, reach="\n\n".join(each for each in (facts.reach, told) if each))
    body = letter_text(purpose, facts)
    whole = body + under_an_email(theirs.language, theirs.text)
    letter = RemarkLetter(
        remark=remark,
        purpose=purpose.value,
        channel=way.value,
        to_name=customer.name,
        to_address="\n".join(customer.address_lines),
        letter_format=customer.letter_format,
        template=template,
        body=body,
        other_language=theirs.language.tag if theirs.language else "",
        other_text=theirs.text,
        other_template=theirs.template,
        language_because=other.because.strip() if theirs.unmet else "",
        issued_at=now,
        issued_by=by,
    )
    approval = check_remark_approved(letter, landlord)
    if way is Way.EMAIL:
        said = whole if customer.letters_by_email else notice_of(letter, customer, now=now)
        letter.message = _queue(remark, purpose, said, now=now)
    letter.save(force_insert=True)
    if approval is not None:
        approval.letter = letter
        approval.save(update_fields=["letter"])
    return letter


def let_lapse(remark: Remark, purpose: Purpose, *, by: User, now: datetime) -> None:
    """Let no letter wait for approval once what it was for is done."""
    waiting = remark.proposals.filter(purpose=purpose.value, state=ProposalState.WAITING.value)
    waiting.update(state=ProposalState.WITHDRAWN.value, decided_at=now, decided_by=by)


@dataclass(frozen=True, slots=True)
class _Theirs:
    """A letter in the language of its reader; `unmet` is the one they need and do not get."""

    language: Language | None = None
    text: str = ""
    template: LetterTemplate | None = None
    unmet: str = ""


def _in_their_language(
    customer: Customer,
    purpose: Purpose,
    facts: RemarkFacts,
    other: InTheirLanguage,
    landlord: Landlord | None,
) -> _Theirs:
    """Return the letter in the language that its reader needs, as other letters are made in it.

    Up to two queries where they need another than English.

    :raises ActionNotAllowed: if there is none, and nobody says why.
    """
    needed = language_needed(customer.language)
    telling = Telling(
        "",
        other_language=other.language,
        other_text=other.text,
        language_because=other.because,
    )
    theirs = _written(telling, LetterFormat(customer.letter_format))
    language = language_for(telling, customer)
    if language and customer.letter_format not in _WITHOUT_OTHERS:
        template = template_in_force(None, letter_code(purpose, facts.kind), language.tag)
        if template is not None and (theirs.text or not facts.words):
            tongue, warned = tongue_for(template, language)
            there = replace(
                facts,
                words=theirs.text,
                template=template.text,
                tongue=tongue,
                reach=how_to_reach(landlord, tongue),
            )
            lacking = [*what_is_missing(purpose, there), *untranslated(warned)]
            if not other.because.strip():
                check_whole_in(language, lacking)
            if not lacking:
                text = "\n\n".join([*warned, *letter_paragraphs(purpose, there)])
                theirs = _Theirs(language, text, template)
    if not needed or is_the_needed(theirs.language, needed):
        return theirs
    if not other.because.strip():
        raise ActionNotAllowed(
            f"{customer.name} needs letters in {needed}. Add the text in it, or say why this one "
            "is in English alone."
        )
    return replace(theirs, unmet=needed)


# The formats in which a letter is made in English alone.
_WITHOUT_OTHERS = (LetterFormat.BRAILLE, LetterFormat.AUDIO)


def _written(telling: Telling, letter_format: LetterFormat) -> _Theirs:
    """Return what was written in another language, which is never left out in silence.

    :raises ActionNotAllowed: if nobody says which language it is, or the format has none but
        English.
    """
    text = telling.other_text.strip()
    if text and letter_format in _WITHOUT_OTHERS:
        raise ActionNotAllowed(
            f"A letter in {letter_format.words} is made in English alone. Have the text in the "
            "other language transcribed or read out elsewhere, take it out here, and say why the "
            "letter is in English alone."
        )
    return _Theirs(other_language_of(telling, letter_format), text)


def _queue(remark: Remark, purpose: Purpose, body: str, *, now: datetime) -> OutboundMessage:
    customer = remark.customer
    return OutboundMessage.objects.create(
        key=f"remark:{remark.reference}:{purpose.value}",
        kind=f"remark_{purpose.value}",
        to_address=customer.email if customer else "",
        subject=SUBJECT.format(reference=remark.reference),
        body=f"{body.rstrip()}\n",
        created_at=now,
        next_try_at=now,
    )
