"""Making a key for another program."""

from datetime import date
from typing import Any

from django import forms

from cases.forms.asking import offer
from cases.forms.fields import DateField
from cases.forms.layout import Buttons, CancelLink, Layout, Question, StaffForm, Submit
from cases.operations.api_keys import KeyWanted
from cases.rules.api_keys import LONGEST_LIFE, USUAL_LIFE, ApiScope
from cases.selectors.areas import area_choices, area_tree

SCOPES = [(scope.value, scope.words) for scope in ApiScope]
SCOPE_HINTS = {scope.value: scope.hint for scope in ApiScope}


class ApiKeyForm(StaffForm):
    """For which program a key is, for what, where, and until when."""

    name = forms.CharField(
        label="Which program it is for",
        help_text="As colleagues know it. What it logs is told under this name.",
        max_length=120,
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=SCOPES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what it may do"},
    )
    areas = forms.MultipleChoiceField(
        label="Which service areas it reaches",
        help_text="Each with everything below it. It also sees what it logged itself.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose a service area"},
    )
    ends_on = DateField(label="Its last day", called="its last day", help_text="Within two years.")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("ends_on", today + USUAL_LIFE)
        ends_on: Any = self.fields["ends_on"]
        ends_on.latest = today + LONGEST_LIFE
        tree = area_tree(with_retired=False)
        self.tree = {area.code: area for area in tree}
        offer(self, "areas", area_choices(tree))

    def layout(self) -> Layout:
        """Return the questions."""
        return Layout(
            "name",
            Question("scopes", hints=SCOPE_HINTS),
            "areas",
            "ends_on",
            Buttons(Submit("Make the key"), CancelLink("../")),
        )

    @property
    def wanted(self) -> KeyWanted:
        """Return the key as the operation takes it."""
        given = self.cleaned_data
        return KeyWanted(
            name=given["name"],
            scopes=[ApiScope(each) for each in given["scopes"]],
            area_ids=[self.tree[code].pk for code in given["areas"]],
            ends_on=given["ends_on"],
        )
