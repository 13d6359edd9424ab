"""Letters that wait for the post, and e-mails that did not arrive, as one person may deal with."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from cases.models import Letter, OutboundMessage, User
from cases.models.complaints import COUNT_LIMIT
from cases.rules.letters import LetterKind
from cases.rules.numbers import number_in
from cases.selectors.my_work import failed_messages, letters_to_post

FAILED_ROWS = 25
# A customer may have said since that letters are not safe: those are not printed with others.
_SAFE = (
    Q(to_speaker__isnull=False)
    | Q(to_customer__post_unsafe=False)
    | Q(
        copy_of__isnull=True,
        complaint__customer__post_unsafe=False,
    )
)


def letter_words(kind: str) -> str:
    """Return what letter or message it is, for people."""
    plain = kind.removeprefix("letter_")
    known = {each.value: each.words for each in LetterKind}
    return known.get(plain, plain.replace("_", " ").capitalize())


@dataclass(frozen=True, slots=True)
class LetterName:
    """A letter as an address or a box names it: the complaint's reference and the event."""

    reference: str
    event: int

    def __str__(self) -> str:
        return f"{self.reference}:{self.event}"

    @classmethod
    def read(cls, text: str) -> "LetterName | None":
        """Return the name that was sent, or nothing if it is none."""
        reference, _, event = text.replace("\x00", "").rpartition(":")
        number = number_in(event)
        return cls(reference, number) if reference and number else None


def keys_to_post(user: User) -> list[int]:
    """Return the keys of the letters that wait, oldest first, of many one more than are counted."""
    return list(letters_to_post(user).values_list("pk", flat=True)[: COUNT_LIMIT + 1])


def letters_with(keys: Collection[int]) -> list[Letter]:
    """Return letters as a list shows them, oldest first. At most three queries."""
    return list(_shown(Letter.objects.filter(pk__in=list(keys))))


def letters_named(user: User, names: Iterable[LetterName], *, limit: int) -> list[Letter]:
    """Return those with these names that wait, may go and are `user`’s. At most three queries."""
    wanted = Q(pk__in=[])
    for name in list(dict.fromkeys(names))[:limit]:
        wanted |= Q(complaint__reference=name.reference, event_number=name.event)
    return list(_shown(letters_to_post(user).filter(wanted).filter(_SAFE))[:limit])


def first_letters(user: User, *, limit: int) -> list[Letter]:
    """Return the letters that may go and have waited longest, at most `limit`. Three queries."""
    return list(_shown(letters_to_post(user).filter(_SAFE))[:limit])


def _shown(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    return (
        letters.select_related("complaint__customer", "to_customer", "issued_by")
        .prefetch_related("complaint__customer__restrictions", "to_customer__restrictions")
        .order_by("issued_at", "pk")
    )


def failed_emails(user: User) -> list[OutboundMessage]:
    """Return the e-mails to customers that did not arrive and are `user`'s to mend. Two queries.

    At most FAILED_ROWS and one more, with their complaints, customers and letters.
    """
    found = (
        failed_messages(user)
        .select_related("complaint__customer", "letter__to_customer", "letter__to_speaker")
        .prefetch_related("complaint__customer__restrictions")
    )
    return list(found[: FAILED_ROWS + 1])


def failed_email(user: User, key: int) -> OutboundMessage | None:
    """Return one of them by its key."""
    found = failed_messages(user).select_related(
        "complaint__customer", "letter__to_customer", "letter__to_speaker"
    )
    return found.filter(pk=key).first()
