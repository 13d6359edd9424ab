"""What is asked of a letter that was written elsewhere: its copy, and what it says."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from cases.forms.acts.common import BECAUSE, AtHand
from cases.models import Scan, StoredFile
from cases.operations.telling import ELSEWHERE
from cases.rules.letter_facts import LetterKind
from cases.rules.letter_parts import checklist, parts_of_money

# The file with the copy of what was written elsewhere, added with the form.
COPY_ADDED = "copy_added"
ELSEWHERE_FIELDS = ["copy", COPY_ADDED, "parts_said"]


class ElsewhereFields:
    """The copy of a letter that was written elsewhere, and the parts that its writer vouches for.

    The form has the questions, and takes those away that are not asked.
    """

    fields: dict[str, forms.Field]
    field: Any
    hand: AtHand
    may_be_elsewhere: ClassVar[bool]
    reveals: Mapping[str, Mapping[str, Sequence[str]]]

    def ask_what_was_written_elsewhere(self) -> None:
        """Ask for the copy of a letter written elsewhere, and for each part that it must have."""
        if not self.may_be_elsewhere or self.hand.kind is LetterKind.PAPERS:
            for name in ELSEWHERE_FIELDS:
                del self.fields[name]
            return
        history = self.hand.history
        files = StoredFile.objects.filter(complaint=history.complaint).order_by("-pk")
        files = files.exclude(scan=Scan.INFECTED.value)
        self.field("copy").choices = lambda: [
            ("", "Choose a file"),
            *(
                (str(key), f"{name} (not yet checked for viruses)" if scan == Scan.HELD else name)
                for key, name, scan in files.values_list("pk", "name", "scan")
            ),
        ]
        self.offer_parts()
        self.reveals = {**self.reveals, "channel": {ELSEWHERE: ELSEWHERE_FIELDS}}

    def offer_parts(self) -> None:
        """Offer each part that a letter written elsewhere must have to be ticked."""
        kind, is_late = self.hand.kind, BECAUSE in self.fields
        wanted = checklist(kind, self.hand.stage, is_late=is_late) if kind else []
        money = parts_of_money(kind) if kind else []
        self.field("parts_said").choices = [(each.code, each.words) for each in (*wanted, *money)]
