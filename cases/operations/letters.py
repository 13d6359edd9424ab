"""Letters: made in the transaction of the act that they tell of, on paper or as an e-mail."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Q

from cases.errors import LetterIncomplete, WrongDate
from cases.models import (
    Delivery,
    Landlord,
    Letter,
    OutboundMessage,
    OutsideBodyDetails,
)
from cases.operations.approval_gate import check_approved, note_that_it_went
from cases.operations.in_writing import is_kept_alone
from cases.operations.letter_copies import beyond_stopping, send_copies
from cases.operations.letter_tongues import followed_there, in_other_language
from cases.operations.letterheads import (
    how_to_reach,
    in_english_alone,
    merged,
    sender_lines,
    signature,
)
from cases.operations.letters_elsewhere import keep_letter_elsewhere
from cases.operations.message_secrets import without_secrets
from cases.operations.notices import check_can_be_read, is_notice, notice, notice_of_question
from cases.operations.promising import add_promises
from cases.operations.record import CaseFile
from cases.operations.telling import (
    Telling,
    check_channel,
    check_promises,
    format_of,
    note_closed_way,
    note_format,
    note_language,
)
from cases.operations.tracking import how_to_follow, tracking_link, without_link
from cases.rules.attendance import Heard
from cases.rules.customers import LetterFormat
from cases.rules.events import Outcome, PanelDecision
from cases.rules.languages import (
    LANGUAGES,
    under_an_email,
)
from cases.rules.letter_approvals import is_demanded
from cases.rules.letter_facts import EarlierComplaint
from cases.rules.letter_parts import encloses_policy
from cases.rules.letter_templates import letter_of
from cases.rules.letters import (
    FOR_THE_CUSTOMER_ALONE,
    STOPPED,
    WITHOUT_COPIES,
    LetterFacts,
    LetterKind,
    letter_paragraphs,
    paragraphs_of,
    subject_of,
    what_is_missing,
)
from cases.rules.own_words import own_words
from cases.rules.points import IS_ALL_OURS, SOUGHT_UNSAID, in_words
from cases.rules.procedure_words import in_a_row
from cases.selectors.letter_templates import template_in_force

PAPERS_ON_THE_WEB = (
    "You can read the papers and save them on the page on which you follow your complaint; the "
    "link below leads there. If you would rather have them on paper, please tell us."
)


def issue_letter(
    case: CaseFile,
    kind: LetterKind,
    telling: Telling,
    *,
    event_number: int,
    heard_in: tuple[str, int] | None = None,
    outcome: Outcome | None = None,
    panel_decision: PanelDecision | None = None,
    remedies: Sequence[str] = (),
    amount: str = "",
    heads: Sequence[tuple[str, str]] = (),
    promises: Sequence[str] = (),
    promised_before: Sequence[str] = (),
    promise: str = "",
    offered: str = "",
    new_due_on: date | None = None,
    hearing_on: date | None = None,
    hearing_instead_of: date | None = None,
    hearing_place: str = "",
    hearing_link: str = "",
    heard: Heard | None = None,
    panel: Sequence[str] = (),
    ground: str = "",
    earlier: EarlierComplaint | None = None,
    enclosures: Sequence[str] = (),
    speaker: str = "",
    speakers_part: str = "",
) -> Letter | None:
    """Make the letter that tells of an act, after its event was added; none if told by word.

    What turns the customer away is never told by word alone: where nobody can write to them, the
    letter is made and kept. One that was written elsewhere is kept with its copy, once its writer
    vouches for its parts.

    An e-mail is queued with it; a letter on paper goes to the list of letters to print and post.
    Those who complain too, and a representative who may have it, get one each.
    `heard_in` is the stage and visit it tells of, when its event sent the complaint elsewhere.

    :raises ActionNotAllowed: if that way is not safe for the customer, or lacks an address, or the
        letter is not in the format that they need and nobody says why.
    :raises WrongDate: if the act is said to have happened before today, when the letter goes.
    :raises LetterIncomplete: if the letter lacks a part that it must have.
    :raises ApprovalNeeded: if letters of its kind need a second person, who has not approved it.
    :raises ReasonMissing: if it turns away somebody who cannot be written to, and nobody says why.
    """
    complaint, customer = case.complaint, case.complaint.customer
    check_channel(customer, telling.channel, closed_because=telling.closed_because)
    check_promises(kind, telling)
    add_promises(case, telling.promises, on=case.day_of(event_number))
    note_closed_way(case, telling, event_number)
    if _is_told_by_word(case, kind, telling, event_number):
        return None
    if telling.makes_letter and case.day_of(event_number) != case.today:
        raise WrongDate(
            "A letter or e-mail made here goes out today, so it cannot have happened before. Give "
            "today as the day, or say that it was told in another way."
        )
    letter_format = format_of(customer, telling)
    note_format(case, telling, letter_format)
    landlord = Landlord.objects.first()
    bodies = {
        code: row.lines for code, row in OutsideBodyDetails.objects.all_on(case.today).items()
    }
    stage, visit = heard_in or (case.state.stage, case.state.visit)
    facts = LetterFacts(
        kind=kind,
        stage=stage,
        visit=visit,
        reference=complaint.reference,
        terms=case.terms,
        state=case.state,
        outside=bodies.get("ombudsman", ()),
        others=bodies,
        words=telling.words,
        outcome=outcome,
        panel_decision=panel_decision,
        remedies=remedies,
        amount=amount,
        heads=heads,
        promises=[*promises, *(each.sentence for each in telling.promises), *case.new_days],
        promised_before=promised_before,
        promise=promise,
        offered=offered,
        late_because=case.late_because,
        new_due_on=new_due_on,
        hearing_on=hearing_on,
        hearing_instead_of=hearing_instead_of,
        hearing_place=hearing_place,
        hearing_link=hearing_link,
        heard=heard,
        panel=panel,
        ground=ground,
        earlier=earlier,
        reach=how_to_reach(landlord),
        enclosures=enclosures,
        speaker=speaker,
        speakers_part=speakers_part,
        told=own_words(complaint.summary),
        asked_because=_asked_because(case, stage, visit),
        says=telling.says,
        must_enclose_policy=kind is LetterKind.ACKNOWLEDGEMENT
        and encloses_policy(case.terms.stage(stage)),
        merged=merged(case, landlord),
    )
    facts = _with_definition(case, facts)
    template = template_in_force(complaint.procedure_version.procedure_id, letter_of(facts))
    if template is not None:
        facts = replace(facts, template=template.text)
    letter = _in_english(case, facts, telling, letter_format, landlord)
    letter.event_number = event_number
    letter.template = template
    if not telling.is_elsewhere and (lacking := what_is_missing(facts)):
        raise LetterIncomplete(
            f"The letter cannot go like this. Missing: {in_a_row(lacking)}.", letter, lacking
        )
    other = in_other_language(case, facts, telling, letter_format, landlord)
    letter.other_language = other.language.tag if other.language else ""
    letter.other_text = other.text + followed_there(kind, telling, landlord, other)
    letter.other_template = other.template
    letter.body += in_english_alone(note_language(case, telling, other.language), landlord)
    if telling.is_elsewhere:
        return keep_letter_elsewhere(
            case,
            letter,
            facts,
            copy=telling.copy,
            contains=(*telling.contains, *telling.says),
            landlord=landlord,
        )
    demanded = is_demanded(letter.kind, case.state, case.terms)
    approval = check_approved(letter, landlord, is_demanded=demanded)
    if telling.channel == "email":
        letter.message = _queue(case, kind, letter, number=event_number)
    letter.save(force_insert=True)
    note_that_it_went(letter, approval)
    if kind not in WITHOUT_COPIES:
        send_copies(
            case,
            letter,
            closed_because=telling.closed_because,
            easy_read=telling.easy_read,
            format_because=telling.format_because,
        )
    return letter


def _is_told_by_word(case: CaseFile, kind: LetterKind, telling: Telling, event_number: int) -> bool:
    """Say whether the customer is told by word alone, and no letter is made.

    Papers that were made elsewhere are told of in words.

    :raises ActionNotAllowed: if it turns them away and they can be written to.
    :raises ReasonMissing: if they cannot, and nobody says why.
    """
    if telling.is_elsewhere:
        return kind is LetterKind.PAPERS
    because = telling.unwritten_because
    return not telling.is_written and not is_kept_alone(
        case, kind, telling.channel, because=because, event_number=event_number
    )


def _in_english(
    case: CaseFile,
    facts: LetterFacts,
    telling: Telling,
    letter_format: LetterFormat,
    landlord: Landlord | None,
) -> Letter:
    """Return the letter with what stands in it and around it, not kept yet."""
    complaint, customer, kind = case.complaint, case.complaint.customer, facts.kind
    return Letter(
        complaint=complaint,
        kind=kind.value,
        to_name=customer.name,
        to_address="\n".join(customer.address_lines),
        letter_format=letter_format.value,
        easy_read=telling.easy_read if letter_format is LetterFormat.EASY_READ else "",
        channel=telling.channel,
        subject=kind.heading.format(reference=complaint.reference),
        body="\n\n".join(letter_paragraphs(facts)) + _how_to_follow(kind, telling, landlord),
        sender="\n".join(sender_lines(landlord)),
        signed="\n".join(signature(case.by, landlord)),
        issued_at=case.now,
        issued_by=case.by,
        is_to_make=not telling.is_elsewhere,
        is_notice=telling.channel == "email" and is_notice(complaint, customer),
        encloses_policy=telling.makes_letter and facts.must_enclose_policy,
    )


def _with_definition(case: CaseFile, facts: LetterFacts) -> LetterFacts:
    """Return them with the points in their words, and what was set out with these.

    One query, if there are any.
    """
    points = case.state.points
    if not points:
        return facts
    numbers = {number for each in points for number in (each.defined_by, each.found_by)}
    words = case.words_beside(number for number in numbers if number)
    defined = words.get(points[0].defined_by, {})
    chosen = case.facts_of(points[0].defined_by)
    return replace(
        facts,
        points=in_words(points, words),
        sought=defined.get("sought", ""),
        responsible=defined.get("responsible", ""),
        not_responsible=defined.get("not_responsible", ""),
        is_sought_unsaid=bool(chosen.get(SOUGHT_UNSAID)),
        is_all_ours=bool(chosen.get(IS_ALL_OURS)),
    )


def _asked_because(case: CaseFile, stage: str, visit: int) -> str:
    """Return with which words the customer asked for the stage that a letter tells of, if any.

    One query where they asked for it.
    """
    stay = next(e for e in case.state.visits if e.stage == stage and e.number == visit)
    if stay.asked_on is None:
        return ""
    return case.words_beside([stay.began_by]).get(stay.began_by, {}).get("reasons", "")


def _as_email(letter: Letter) -> str:
    return f"Dear {letter.to_name},\n\n{letter.body}\n\nYours sincerely\n\n{letter.signed}\n"


def _whole(letter: Letter) -> str:
    """Return an e-mail with the whole letter in it."""
    language = LANGUAGES.get(letter.other_language)
    return _as_email(letter) + under_an_email(language, letter.other_text)


def end_of_email(letter: Letter) -> tuple[str, ...]:
    """Return the paragraphs that its e-mail has under a letter, without the secret of a link."""
    if letter.message is None or letter.is_notice:
        return ()
    under = letter.message.body.removeprefix(_whole(letter))
    return tuple(paragraphs_of(without_link(under))) if under != letter.message.body else ()


def notice_of(letter: Letter) -> tuple[str, ...]:
    """Return what its e-mail says instead of a letter, without the secret of a link; or nothing."""
    if letter.message is None or not letter.is_notice:
        return ()
    return tuple(paragraphs_of(without_link(letter.message.body)))


def _queue(
    case: CaseFile, letter_kind: LetterKind, letter: Letter, *, number: int
) -> OutboundMessage:
    """Queue the e-mail that carries a letter, or says that there is one.

    :raises ActionNotAllowed: if it only says so, and the letter could not be read.
    """
    complaint = case.complaint
    customer = complaint.customer
    is_followed = letter_kind not in FOR_THE_CUSTOMER_ALONE
    if letter.is_notice:
        if is_followed:
            check_can_be_read(complaint, now=case.now)
        body = (
            notice(
                complaint, to=customer.email, to_name=letter.to_name, reader=customer, now=case.now
            )
            if is_followed
            else notice_of_question(complaint)
        )
    else:
        body = _whole(letter)
        body += tracking_link(complaint, to=customer.email, now=case.now) if is_followed else ""
    return OutboundMessage.objects.create(
        key=f"letter:{complaint.reference}:{number}:{letter_kind.value}",
        kind=f"letter_{letter_kind.value}",
        complaint=complaint,
        to_address=customer.email,
        subject=subject_of(complaint.reference, sender=letter.sender, is_notice=letter.is_notice),
        body=body,
        created_at=case.now,
        next_try_at=case.now,
    )


def _how_to_follow(kind: LetterKind, telling: Telling, landlord: Landlord | None) -> str:
    """Return what the first letter on paper says of following the complaint on the web.

    The e-mail that brings papers says that they are read there.
    """
    if kind is LetterKind.PAPERS and telling.channel == "email":
        return f"\n\n{PAPERS_ON_THE_WEB}"
    if kind is not LetterKind.ACKNOWLEDGEMENT or telling.channel != "post":
        return ""
    return f"\n\n{how_to_follow(landlord.telephone if landlord else '')}"


def stop_letters(case: CaseFile, *, event_number: int | None = None) -> None:
    """Let what was written, and has not gone yet, not go: of one event, or of all.

    What was told by word with the letter kept, or written elsewhere, went already.
    Three queries and one for each letter stopped. What is being sent at this moment still goes,
    and so does what the provider has.
    """
    letters = Letter.objects.filter(complaint=case.complaint, channel__in=["email", "post"])
    if event_number is not None:
        of_it = Q(event_number=event_number) | Q(copy_of__event_number=event_number)
        letters = letters.filter(of_it)
    waiting_ones = list(letters.filter(posted_on__isnull=True).select_related("message"))
    gone = beyond_stopping(waiting_ones)
    for letter in waiting_ones:
        if letter.pk in gone:
            continue
        if letter.message is not None:
            waiting = OutboundMessage.objects.filter(
                pk=letter.message.pk, state__in=[Delivery.QUEUED, Delivery.UNDELIVERABLE]
            )
            body = without_secrets(letter.message)
            if not waiting.update(state=Delivery.CANCELLED, body=body):
                continue
        letter.channel = STOPPED
        letter.save(update_fields=["channel"])
