"""Which letters written elsewhere lack the second person who was to approve them on their day."""

from collections.abc import Sequence
from datetime import datetime

from cases.models import Landlord, LetterProposal, SettingsChange, Thing
from cases.operations.landlord import APPROVAL_CHANGED
from cases.operations.telling import ELSEWHERE
from cases.rules.letter_approvals import APPROVABLE_LETTERS, is_demanded
from cases.rules.replay import replay
from cases.selectors.case_history import CaseHistory
from cases.selectors.case_page import CasePage


def not_approved(page: CasePage) -> list[str]:
    """Return the letters written elsewhere that no second person approved, though they should.

    By what the landlord had approved when each was recorded, and by what the procedure wants of it
    (KF-14, LV-9). Three queries, if any was written elsewhere.
    """
    elsewhere = [each for each in page.papers.letters if each.channel == ELSEWHERE]
    if not elsewhere:
        return []
    went = LetterProposal.objects.filter(complaint=page.complaint, letter__isnull=False)
    approved = set(went.values_list("letter_id", flat=True))
    chosen = _Chosen()
    return [
        f"{letter.words} of {letter.issued_at:%-d %B %Y}: it was written elsewhere, and it is not "
        "recorded that a second person approved it."
        for letter in elsewhere
        if letter.key not in approved
        and (
            chosen.had_approved(letter.kind, letter.issued_at)
            or _was_demanded(letter.kind, letter.event, page.history)
        )
    ]


def _was_demanded(kind: str, number: int, history: CaseHistory) -> bool:
    """Say whether the procedure wanted it approved, as the complaint stood before its event."""
    before = [event for event in history.events if event.number < number]
    if not before:
        return False
    return is_demanded(kind, replay(history.terms, before, history.editions), history.terms)


class _Chosen:
    """Which letters the landlord had approved, and when. Two queries."""

    def __init__(self) -> None:
        changes = SettingsChange.objects.about(Thing.LANDLORD, "").filter(act=APPROVAL_CHANGED)
        self._changes: Sequence[tuple[datetime, list[list[str]]]] = list(
            changes.order_by("pk").values_list("at", "changes")
        )
        landlord = Landlord.objects.only("approved_letters").first()
        self._now = landlord.approved_letters if landlord else []

    def had_approved(self, kind: str, at: datetime) -> bool:
        """Say whether letters of a kind were approved at that time."""
        words = APPROVABLE_LETTERS.get(kind)
        for changed_at, [[_what, before, _after]] in self._changes:
            if at < changed_at:
                return words in before.split("\n")
        return kind in self._now
