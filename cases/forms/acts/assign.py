"""Accepting a complaint and sorting it, and giving it to somebody."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.forms.acts.asking import officer_field
from cases.forms.acts.common import ActForm, AtHand, radios
from cases.forms.layout import Question
from cases.models import Category, Level, ServiceArea
from cases.selectors.areas import area_choices
from cases.selectors.candidates import Candidate

LEVELS = {
    Level.NORMAL: "Colleagues of the service area see it.",
    Level.SENSITIVE: (
        "Health, safeguarding, domestic abuse, hate incidents, legal matters. Colleagues see that "
        "it exists; its words are for the officer and the managers."
    ),
    Level.RESTRICTED: "Only the people on its list see it.",
}


class AssignForm(ActForm):
    """The responsible officer and the service area."""

    act_text = "Assign"
    on_label = "Day it is given to them"
    has_preview = False

    area = forms.ChoiceField(label="Service area")

    def __init__(
        self,
        *args: Any,
        hand: AtHand,
        people: Sequence[Candidate],
        areas: Sequence[ServiceArea],
        **kwargs: Any,
    ) -> None:
        complaint = hand.history.complaint
        given = kwargs.pop("initial", {})
        area = complaint.service_area
        officer = complaint.responsible_officer_id
        kwargs["initial"] = {
            "area": area.code if area else "",
            "officer": str(officer) if officer else "",
            **given,
        }
        super().__init__(*args, hand=hand, **kwargs)
        self.areas = {each.code: each for each in areas}
        first = [] if area else [("", "Select a service area")]
        self.field("area").choices = [*first, *area_choices(areas)]
        self.fields["officer"] = officer_field(
            people, label="Responsible officer", empty=self.nobody
        )

    # The words of the answer that names nobody; nothing where somebody must be named.
    nobody = ""

    def questions(self) -> Sequence[Any]:
        """Return where it belongs and who deals with it."""
        return ["area", "officer"]

    @property
    def area_id(self) -> int:
        """Return the service area chosen."""
        return int(self.areas[self.cleaned_data["area"]].pk)

    @property
    def officer_id(self) -> int | None:
        """Return the officer chosen, if any."""
        return int(self.cleaned_data["officer"]) if self.cleaned_data["officer"] else None


class TriageForm(AssignForm):
    """Accepting a complaint: where it belongs, who deals with it, what it is about, who sees it."""

    act_text = "Accept the complaint"
    on_label = "Day it is accepted"
    nobody = "Decide later"

    category = forms.ModelChoiceField(
        label="Category", queryset=Category.objects.none(), required=False, empty_label="None yet"
    )
    level = radios("Who may see it", [])

    def __init__(self, *args: Any, hand: AtHand, **kwargs: Any) -> None:
        complaint = hand.history.complaint
        kwargs["initial"] = {"category": complaint.category_id, "level": complaint.level}
        super().__init__(*args, hand=hand, **kwargs)
        self.field("category").queryset = Category.objects.filter(is_retired=False).order_by(
            "position", "name"
        )
        # To restrict a complaint somebody has to say who may see it: that is an act of its own.
        levels = [
            level
            for level in LEVELS
            if level is not Level.RESTRICTED or complaint.level == Level.RESTRICTED
        ]
        self.field("level").choices = [(level.value, level.words) for level in levels]

    def questions(self) -> Sequence[Any]:
        """Return what it is about and where it belongs, who deals with it, and who sees it."""
        hints = {level.value: words for level, words in LEVELS.items()}
        return [
            "category",
            "area",
            "officer",
            Question("level", hints=hints),
        ]
