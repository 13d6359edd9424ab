"""Widgets that a browser does not have: a date in three boxes, with or without its time."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any, NamedTuple

from django import forms


class DateParts(NamedTuple):
    """What somebody typed into the boxes of a date, right or wrong."""

    day: str = ""
    month: str = ""
    year: str = ""
    time: str = ""


class Box(NamedTuple):
    """One of the boxes: its label, the characters it is wide, and the keyboard a phone shows."""

    label: str
    width: int
    keyboard: str


BOXES = {
    "day": Box("Day", 2, "numeric"),
    "month": Box("Month", 2, "numeric"),
    "year": Box("Year", 4, "numeric"),
    "time": Box("Time, if known", 5, "text"),
}


class DateInput(forms.Widget):
    """Three boxes that keep what was typed, so that a mistake can be seen and mended.

    The native date control is not used: it shows the browser's order of day and month, and
    cannot keep a wrong date. `wrong_boxes` among the attributes names the boxes to mark.
    """

    template_name = "house/widgets/date.html"
    use_fieldset = True
    box_names: tuple[str, ...] = ("day", "month", "year")

    def typed(self, value: Any) -> DateParts:
        """Return `value` as the boxes show it."""
        if not value:
            return DateParts()
        if isinstance(value, DateParts):
            return value
        day: date = value
        return DateParts(str(day.day), str(day.month), str(day.year))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the boxes, each with its own name, id and value, to what the template gets."""
        context = super().get_context(name, None, attrs)
        widget = context["widget"]
        wrong = widget["attrs"].pop("wrong_boxes", "").split()
        start = widget["attrs"].pop("id", None) or f"id_{name}"
        typed = self.typed(value)._asdict()
        widget["boxes"] = [
            {
                **BOXES[box]._asdict(),
                "name": f"{name}_{box}",
                "id": f"{start}_{box}",
                "value": typed[box],
                "is_wrong": box in wrong,
            }
            for box in self.box_names
        ]
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> DateParts:
        """Return what was typed, as it was typed."""
        return DateParts(**{box: data.get(f"{name}_{box}", "") for box in self.box_names})

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Say whether the form was sent without any of the boxes."""
        return all(f"{name}_{box}" not in data for box in self.box_names)

    def id_for_label(self, id_: str, wrong_boxes: str = "day") -> str:
        """Return the id of the first box, or of the first of the wrong ones."""
        return f"{id_}_{wrong_boxes.split()[0]}" if id_ else ""


class DateAndTimeInput(DateInput):
    """The three boxes of a date and one for the time, which may stay empty."""

    box_names = ("day", "month", "year", "time")

    def typed(self, value: Any) -> DateParts:
        """Return `value`, a `DateAndTime` or what was typed, as the boxes show it."""
        if not value or isinstance(value, DateParts):
            return value or DateParts()
        on, at = value
        clock = at.strftime("%H:%M") if isinstance(at, time) else ""
        return super().typed(on)._replace(time=clock)


class RadiosWithRefusals(forms.RadioSelect):
    """Radios of which some cannot be chosen; `refused` says by value why not."""

    refused: Mapping[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Shut the choices that are refused; the template prints the reasons."""
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.refused:
            option["attrs"]["disabled"] = True
        return option


class BoxesWithRefusals(forms.CheckboxSelectMultiple):
    """Checkboxes of which some cannot be ticked; `refused` says by value why not."""

    refused: Mapping[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Shut the choices that are refused; the template prints the reasons."""
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.refused:
            option["attrs"]["disabled"] = True
        return option


class FilesInput(forms.FileInput):
    """A file control that takes several files at once."""

    allow_multiple_selected = True
