"""Fields that people fill in by hand: dates in three boxes, times, money, several files."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.dateformat import format as in_format

from cases.forms.widgets import (
    BoxesWithRefusals,
    DateAndTimeInput,
    DateInput,
    DateParts,
    FilesInput,
    RadiosWithRefusals,
)

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WORDS_FOR_TIMES = {"noon": time(12), "midday": time(12), "midnight": time(0)}
CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:[:.\s]?(?P<minute>\d{2}))?\s*(?P<half>am|pm)?", re.ASCII)


class DateAndTime(NamedTuple):
    """A day, and the time of it when somebody knew the time."""

    on: date
    at: time | None


def month_number(text: str) -> int | None:
    """Return the month that `3`, `03`, `Mar` or `March` means, or None."""
    if re.fullmatch(r"\d{1,2}", text, re.ASCII):
        return int(text) if 1 <= int(text) <= 12 else None
    name = text.lower()[:3]
    return MONTHS.index(name) + 1 if name in MONTHS else None


def clock_time(text: str) -> time | None:
    """Return the time that `9:40`, `16:45`, `4.45pm`, `9am` or `noon` means, or None.

    A number alone means none: nobody can tell whether `4` is in the morning.
    """
    words = text.strip().lower().replace("a.m.", "am").replace("p.m.", "pm")
    if words in WORDS_FOR_TIMES:
        return WORDS_FOR_TIMES[words]
    match = CLOCK.fullmatch(words)
    if match is None or not (match["minute"] or match["half"]):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"] and hour <= 12:
        if hour == 0:
            return None
        hour = hour % 12 + (12 if match["half"] == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


class DateField(forms.Field):
    """A date in three boxes, cleaned to a `datetime.date`.

    `called` is its name in the messages: "the date the problem started". A form may set
    `earliest` and `latest` on its field, which is where the view's `today` goes. The code of
    an error lists the boxes at fault, so that they and no others are marked.
    """

    widget: Any = DateInput

    def __init__(
        self,
        *,
        called: str = "the date",
        earliest: date | None = None,
        latest: date | None = None,
        error_messages: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        messages = {"required": f"Enter {called}"} | (error_messages or {})
        super().__init__(error_messages=messages, **kwargs)
        self.called = called
        self.earliest = earliest
        self.latest = latest

    @property
    def subject(self) -> str:
        """What the date is called at the beginning of a sentence."""
        return self.called[:1].upper() + self.called[1:]

    def to_python(self, value: Any) -> Any:
        """Return the date that the boxes hold, or None when all are empty."""
        if not isinstance(value, DateParts):
            return value or None
        parts = DateParts(*(text.strip() for text in value))
        return self.day_of(parts) if any(parts) else None

    def day_of(self, parts: DateParts) -> date:
        """Return the date that the boxes mean, or refuse and name the box to mend."""
        boxes = {"day": parts.day, "month": parts.month, "year": parts.year}
        empty = [box for box, text in boxes.items() if not text]
        if empty:
            missing = " and ".join(empty)
            raise ValidationError(f"{self.subject} must include a {missing}", code=" ".join(empty))
        month = month_number(parts.month)
        if month is None:
            raise ValidationError(f"{self.subject} must be a real date", code="month")
        if not re.fullmatch(r"[12]\d{3}", parts.year, re.ASCII):
            raise ValidationError("Year must include 4 numbers", code="year")
        try:
            return date(int(parts.year), month, int(parts.day))
        except (ValueError, OverflowError) as error:
            raise ValidationError(f"{self.subject} must be a real date", code="day") from error

    def validate(self, value: Any) -> None:
        """Refuse an empty date where one is needed, and a day outside the form's limits."""
        super().validate(value)
        if value is None:
            return
        day = value.on if isinstance(value, DateAndTime) else value
        if self.latest is not None and day > self.latest:
            limit = in_format(self.latest, "j F Y")
            raise ValidationError(f"{self.subject} must be on or before {limit}", code="limit")
        if self.earliest is not None and day < self.earliest:
            limit = in_format(self.earliest, "j F Y")
            raise ValidationError(f"{self.subject} must be on or after {limit}", code="limit")


class DateAndTimeField(DateField):
    """A date, and its time if known, cleaned to a `DateAndTime`."""

    widget: Any = DateAndTimeInput

    def to_python(self, value: Any) -> Any:
        """Return the day and the time, or None when all boxes are empty."""
        if not isinstance(value, DateParts):
            return value or None
        on = super().to_python(value)
        if on is None:
            return None
        return DateAndTime(on, self.time_of(value.time))

    def time_of(self, text: str) -> time | None:
        """Return the time typed, or None when nothing was."""
        if not text.strip():
            return None
        at = clock_time(text)
        if at is None:
            raise ValidationError("Enter the time as in 9:40, 16:45 or 4.45pm", code="time")
        return at


class MoneyField(forms.DecimalField):
    """An amount of pounds and pence that may be typed with its sign and its commas."""

    def __init__(
        self,
        *,
        max_digits: int = 9,
        error_messages: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        messages = {"invalid": "Enter an amount of money, such as 150 or 75.50"}
        super().__init__(
            max_digits=max_digits,
            decimal_places=2,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            error_messages=messages | (error_messages or {}),
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        """Return the amount as a Decimal, without the pound sign, the commas and the spaces."""
        if isinstance(value, str):
            value = re.sub(r"[£,\s]", "", value)
        return super().to_python(value)


class ChoiceWithRefusals(forms.ChoiceField):
    """One of several answers, some of which cannot be chosen now; each of those says why."""

    widget: Any = RadiosWithRefusals

    def refuse(self, reasons: Mapping[str, str]) -> None:
        """Shut the choices that have a reason."""
        self.widget.refused = reasons

    def validate(self, value: Any) -> None:
        """Refuse a shut choice with its reason, however it was sent."""
        super().validate(value)
        if reason := self.widget.refused.get(str(value)):
            raise ValidationError(f"{self.label}: {reason}", code="refused")


class ChoicesWithRefusals(forms.MultipleChoiceField):
    """Any number of answers, some of which cannot be chosen now; each of those says why."""

    widget: Any = BoxesWithRefusals

    def refuse(self, reasons: Mapping[str, str]) -> None:
        """Shut the choices that have a reason."""
        self.widget.refused = reasons

    def validate(self, value: Any) -> None:
        """Refuse a shut choice with its reason, however it was sent."""
        super().validate(value)
        for each in value:
            if reason := self.widget.refused.get(str(each)):
                raise ValidationError(f"{self.label}: {reason}", code="refused")


class FilesField(forms.FileField):
    """Any number of files, cleaned to a list; what they are is for the operation to judge."""

    widget: Any = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files, each checked as a single one would be."""
        given: Iterable[Any] = data if isinstance(data, list | tuple) else [data]
        clean_one = super().clean
        return [cleaned for each in given or [None] if (cleaned := clean_one(each, initial))]
