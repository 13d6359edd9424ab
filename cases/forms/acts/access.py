"""Who may see a complaint: its level, its list, and those it is closed to."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from cases.forms.acts.assign import LEVELS
from cases.forms.acts.common import ActForm, AtHand, radios, words_field
from cases.forms.layout import Fieldset, Question, Row
from cases.models import User
from cases.selectors.case_people import CasePeople

ROOM_FOR_NEW = 3
LISTED, SUBJECT, CONFLICT, NONE = "listed", "subject", "conflict", ""
PARTS = [
    (LISTED, "On its list: may see it"),
    (SUBJECT, "Closed to them: it is about them"),
    (CONFLICT, "Closed to them: conflict of interest"),
]
_ADDRESS = re.compile(r"\(([^()]+@[^()]+)\)\s*$|^\s*(\S+@\S+)\s*$")


class AccessForm(ActForm):
    """The level of a complaint, and each person's part in who may see it."""

    act_text = "Save who may see it"
    has_day = False
    has_preview = False

    level = radios("Level", [(level.value, level.words) for level in LEVELS])
    reason = words_field("Why you change it", help_text="Kept with the record.")

    def __init__(
        self,
        *args: Any,
        hand: AtHand,
        people: CasePeople,
        staff: Sequence[User],
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {"level": hand.history.complaint.level}
        super().__init__(*args, hand=hand, **kwargs)
        self.staff = staff
        self.known = {each.key: (each.name, LISTED) for each in people.listed}
        self.known |= {each.key: (each.name, each.reason) for each in people.shut_out}
        for key, (name, part) in self.known.items():
            self.fields[f"part_{key}"] = forms.ChoiceField(
                label=name,
                required=False,
                initial=part,
                choices=[*PARTS, (NONE, "Take off: no rule of their own")],
            )
        for place in range(1, ROOM_FOR_NEW + 1):
            self.fields[f"person_{place}"] = forms.CharField(
                label=f"Add somebody ({place})",
                required=False,
                max_length=250,
                widget=forms.TextInput(attrs={"list": "staff", "autocomplete": "off"}),
            )
            self.fields[f"new_part_{place}"] = forms.ChoiceField(
                label=f"Their part ({place})", required=False, choices=PARTS
            )

    def questions(self) -> Sequence[Any]:
        """Return the level, the people, and the reason."""
        hints = {level.value: words for level, words in LEVELS.items()}
        present = [f"part_{key}" for key in self.known]
        rows = [Row(f"person_{place}", f"new_part_{place}") for place in range(1, ROOM_FOR_NEW + 1)]
        return [
            Question("level", hints=hints),
            *([Fieldset("People with a part of their own", *present)] if present else []),
            Fieldset("Add people", *rows),
            Question("reason", rows=3),
        ]

    def clean(self) -> dict[str, Any]:
        """Find the people named."""
        given = super().clean()
        self.parts: dict[int, str] = {}
        for key in self.known:
            self.parts[key] = given.get(f"part_{key}") or NONE
        for place in range(1, ROOM_FOR_NEW + 1):
            typed = (given.get(f"person_{place}") or "").strip()
            if not typed:
                continue
            person = self._found(typed)
            if person is None:
                self.add_error(
                    f"person_{place}",
                    "Choose somebody from the list, or give their e-mail address",
                )
            else:
                self.parts[person] = given.get(f"new_part_{place}") or LISTED
        return given

    def _found(self, typed: str) -> int | None:
        match = _ADDRESS.search(typed)
        address = (match[1] or match[2]).lower() if match else ""
        by_name = [each for each in self.staff if each.name.casefold() == typed.casefold()]
        for each in self.staff:
            if address and each.email == address:
                return each.pk
        return by_name[0].pk if len(by_name) == 1 else None

    def with_part(self, part: str) -> list[int]:
        """Return the people who have this part."""
        return [key for key, theirs in self.parts.items() if theirs == part]
