"""Letters that somebody here is still to post."""

from django.db.models import Exists, OuterRef, QuerySet

from cases.models import Complaint, Dispatch, Letter
from cases.rules.dispatches import THEIRS_TO_POST, DispatchKind
from cases.rules.letter_facts import LetterKind
from cases.rules.periods import london_day
from cases.rules.procedure_words import in_a_row

# So many are named; of more the number is told.
NAMED = 5
_COUNTS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def to_be_posted() -> QuerySet[Letter]:
    """Return the letters that wait to be posted by us, and by no provider."""
    with_provider = Dispatch.objects.filter(
        letter=OuterRef("pk"), kind=DispatchKind.LETTER.value, state__in=THEIRS_TO_POST
    )
    return Letter.objects.filter(~Exists(with_provider), channel="post", posted_on__isnull=True)


def unposted_words(complaint: Complaint) -> str:
    """Return in a sentence which letters of a complaint wait to be posted, if any. One query."""
    waiting = to_be_posted().filter(complaint=complaint).order_by("issued_at", "pk")
    found = list(waiting.values_list("kind", "issued_at"))
    if not found:
        return ""
    named = [
        f"“{LetterKind(kind).words}” of {london_day(at):%-d %B %Y}" for kind, at in found[:NAMED]
    ]
    if len(found) > NAMED:
        named.append(f"{len(found) - NAMED} more")
    number = len(found)
    count = _COUNTS[number] if number < len(_COUNTS) else str(number)
    letters, them = ("letter still waits", "it") if number == 1 else ("letters still wait", "them")
    return (
        f"{count} {letters} to be posted: {in_a_row(named)}. What you do here does not stop {them}."
    )
