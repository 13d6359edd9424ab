"""Complaints that belong together: linked, parted, divided."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.forms.acts.common import ActForm, AtHand, radios, words_field
from cases.forms.acts.points import points_at_hand
from cases.forms.acts.record import typed_reference
from cases.forms.fields import DateField
from cases.forms.layout import Question
from cases.models import Category
from cases.operations.links import Division
from cases.rules.links import CHOOSABLE, LinkKind


class LinkForm(ActForm):
    """How a complaint belongs to another one."""

    act_text = "Link them"
    has_day = False
    has_preview = False

    how = radios("This complaint is", [(each.value, f"{each.words} …") for each in CHOOSABLE])
    other = forms.CharField(label="Reference of the other complaint", max_length=40)
    reason = words_field("Why", required=False)

    def questions(self) -> Sequence[Any]:
        """Return how, with which one, and why."""
        return ["how", Question("other", width=20), Question("reason", rows=2)]

    def clean_other(self) -> str:
        """Return the reference as stored."""
        return typed_reference(self.cleaned_data["other"])

    @property
    def link_kind(self) -> LinkKind:
        """Return how, once the answers were checked."""
        return LinkKind(self.cleaned_data["how"])


class UnlinkForm(ActForm):
    """That two complaints do not belong together."""

    act_text = "Part them"
    kind = "warning"
    has_day = False
    has_preview = False

    other = radios("From which complaint", [])
    reason = words_field("Why they do not belong together")

    def __init__(self, *args: Any, hand: AtHand, linked: Any, **kwargs: Any) -> None:
        found = [
            (str(line.complaint.pk), f"{line.words} {line.complaint.reference}")
            for line in linked.to_part
        ]
        initial = {"other": found[0][0]} if len(found) == 1 else {}
        super().__init__(*args, hand=hand, initial=initial, **kwargs)
        self.field("other").choices = found

    def questions(self) -> Sequence[Any]:
        """Return which one, and why."""
        return ["other", Question("reason", rows=2)]


class DivideForm(ActForm):
    """Which points of a complaint become another one."""

    act_text = "Divide it"
    kind = "warning"
    has_day = False
    has_preview = False

    points = forms.MultipleChoiceField(
        label="What becomes a complaint of its own",
        help_text="What the customer wants, and what we are responsible for, stays and goes too: "
        "set out the points of each anew where that differs.",
        widget=forms.CheckboxSelectMultiple,
    )
    received_on = DateField(
        label="Day on which the customer told us of that",
        called="the day on which the customer told us",
        help_text="Its deadlines count from this day.",
    )
    category = forms.ModelChoiceField(
        label="Category of the new complaint",
        queryset=Category.objects.none(),
        required=False,
        empty_label="None yet",
    )
    reason = words_field("Why it is divided")

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        initial = {"received_on": hand.history.complaint.received_on}
        super().__init__(*args, hand=hand, initial=initial, **kwargs)
        self.field("points").choices = [
            (str(each.point.number), each.text)
            for each in points_at_hand(hand.history)
            if each.point.finding is None
        ]
        self.field("received_on").latest = hand.today
        self.field("category").queryset = Category.objects.filter(is_retired=False).order_by(
            "position", "name"
        )

    def questions(self) -> Sequence[Any]:
        """Return the points, the day, the category and the reason."""
        return ["points", "received_on", "category", Question("reason", rows=2)]

    @property
    def division(self) -> Division:
        """Return what is divided off, once the answers were checked."""
        given = self.cleaned_data
        category = given["category"]
        return Division(
            {int(number) for number in given["points"]},
            given["received_on"],
            given["reason"],
            category.pk if category else None,
        )
