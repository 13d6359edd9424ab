"""What was answered when something was logged, as the operations take it."""

from cases.forms.log import REQUEST, RESOLVED, LogForm
from cases.models import Level
from cases.operations.log import AsComplaint, AsRequest, CallAsked, Logged, ThereAndThen
from cases.rules.customers import LetterFormat
from cases.rules.own_words import whole_summary
from cases.selectors.log_page import staff_named


def logged_of(form: LogForm) -> Logged:
    """Return what is logged of everything."""
    given = form.cleaned_data
    chosen = form.chosen
    return Logged(
        key=given["key"],
        customer_id=chosen.pk if chosen else None,
        particulars=form.particulars,
        channel=given["channel"],
        received_on=form.received_on,
        received_at=form.received_at,
        words=_words_of(form),
        area_id=_key(given["area"]),
        category_id=_key(given["about"]),
    )


def _words_of(form: LogForm) -> str:
    """Return the words; of a request with all that has no place of its own there."""
    given = form.cleaned_data
    whole = whole_summary(
        given["words"], happened=given["happened"], effect=given["effect"].strip()
    )
    if given["ends"] != REQUEST:
        return whole
    parts = [whole]
    if wanted := given["desired_outcome"].strip():
        parts.append(f"What would put it right: {wanted}")
    if speaker := form.speaker:
        home = ", ".join(speaker.address.splitlines())
        known = (speaker.name, speaker.relationship, speaker.phone, speaker.email, home)
        parts.append(f"Asked on their behalf by {', '.join(each for each in known if each)}.")
        if speaker.letter_format != LetterFormat.STANDARD:
            parts.append(f"They have letters in: {LetterFormat(speaker.letter_format).words}.")
        if speaker.needs:
            parts.append(f"They need: {speaker.needs}")
    return "\n\n".join(parts)


def complaint_of(form: LogForm) -> AsComplaint:
    """Return what is told of a complaint besides. One query where it is about staff."""
    given = form.cleaned_data
    return AsComplaint(
        desired_outcome=given["desired_outcome"],
        received_by_team_on=given.get("team"),
        level=Level(given["level"]),
        about_staff=list(staff_named(given["staff"])),
        officer_id=_key(given.get("officer", "")),
        contractor_id=_key(given.get("contractor", "")),
        speaker=form.speaker,
        linked_to_id=_key(given.get("linked_to", "")),
        file_keys=given.get("kept", ()),
        call=_call_of(form),
        points=[line for each in given["points"].splitlines() if (line := each.strip())],
    )


def _call_of(form: LogForm) -> CallAsked | None:
    """Return the call that they ask for, on their own number where no other is given."""
    given = form.cleaned_data
    if not given["call_back"]:
        return None
    chosen = form.chosen
    number = given["call_number"] or (chosen.phone if chosen else given["phone"])
    return CallAsked(number, given["call_when"])


def cure_of(form: LogForm) -> ThereAndThen | None:
    """Return how it was put right there and then, if it was."""
    given = form.cleaned_data
    if given["ends"] != RESOLVED:
        return None
    return ThereAndThen(
        on=given["resolved_on"],
        words=given["resolution"],
        apologised=given["apologised"],
        telling=form.telling_by(given["told"]),
    )


def request_of(form: LogForm) -> AsRequest:
    """Return what is told of a request."""
    given = form.cleaned_data
    return AsRequest(
        kind=given["kind"], offered_complaint=given["offered"], passed_to=given["passed_to"]
    )


def _key(text: str) -> int | None:
    return int(text) if text else None
