"""The drafts of an act: one's own, and those of colleagues who write the same."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import QueryDict

from cases.models import Complaint, LetterDraft, User
from cases.rules.acts import Act


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """What somebody has kept of the act: who, when, and what the letter says."""

    name: str
    saved_at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Drafts:
    """One's own draft of an act, those of others, and one's own of earlier stays, newest first."""

    own: LetterDraft | None = None
    others: tuple[KeptDraft, ...] = ()
    earlier: tuple[KeptDraft, ...] = ()

    @property
    def seen(self) -> int:
        """Return the key of one's own draft, 0 for none."""
        return self.own.pk if self.own else 0

    @property
    def typed(self) -> QueryDict | None:
        """Return one's own draft as a form sends it."""
        if self.own is None:
            return None
        data = QueryDict(mutable=True)
        for name, values in self.own.typed.items():
            data.setlist(name, values)
        return data

    @property
    def own_words(self) -> str:
        """Return what one's own draft says."""
        return words_of(self.own) if self.own else ""


def words_of(draft: LetterDraft) -> str:
    """Return what was written in a draft, a paragraph for each box with words."""
    found = (text.strip() for values in draft.typed.values() for text in values)
    return "\n\n".join(text for text in found if " " in text)


def drafts_of(complaint: Complaint, act: Act, user: User) -> Drafts:
    """Return the drafts of an act of a complaint, in one query.

    Those of colleagues are of the present stay, and of nobody who has left.
    """
    rows = LetterDraft.objects.filter(complaint=complaint, act=act.value)
    rows = rows.filter(Q(by=user) | Q(by__is_active=True))
    found = list(rows.select_related("by").order_by("-saved_at", "-pk"))
    here = [
        each for each in found if (each.stage, each.visit) == (complaint.stage, complaint.visit)
    ]
    return Drafts(
        next((each for each in here if each.by_id == user.pk), None),
        tuple(_shown(each) for each in here if each.by_id != user.pk),
        tuple(_shown(each) for each in found if each.by_id == user.pk and each not in here),
    )


def _shown(draft: LetterDraft) -> KeptDraft:
    return KeptDraft(draft.by.name, draft.saved_at, words_of(draft))
