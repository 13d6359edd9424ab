"""Dates, times, money and files as people type them."""

from datetime import date, time
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.forms.fields import (
    DateAndTime,
    DateAndTimeField,
    DateField,
    FilesField,
    MoneyField,
    clock_time,
)
from cases.forms.widgets import DateAndTimeInput, DateInput, DateParts

STARTED = DateField(called="the date the problem started")


def refusal(field: forms.Field, value: object) -> tuple[str, str]:
    """Return the message and the code with which `field` refuses `value`."""
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    [error] = caught.value.error_list
    return str(error.message), error.code or ""


@pytest.mark.parametrize(
    "month", ["3", "03", "Mar", "march", " MARCH "], ids=["3", "03", "Mar", "march", "spaces"]
)
def test_a_month_may_be_a_number_or_its_name(month: str):
    assert STARTED.clean(DateParts("5", month, "2026")) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("parts", "message", "boxes"),
    [
        (DateParts("", "", ""), "Enter the date the problem started", "required"),
        (
            DateParts("5", "3", ""),
            "The date the problem started must include a year",
            "year",
        ),
        (
            DateParts("", "", "2026"),
            "The date the problem started must include a day and month",
            "day month",
        ),
        (DateParts("5", "13", "2026"), "The date the problem started must be a real date", "month"),
        (DateParts("31", "2", "2026"), "The date the problem started must be a real date", "day"),
        (DateParts("5th", "2", "2026"), "The date the problem started must be a real date", "day"),
        (
            DateParts("9" * 25, "2", "2026"),
            "The date the problem started must be a real date",
            "day",
        ),
        (DateParts("5", "2", "26"), "Year must include 4 numbers", "year"),
    ],
)
def test_a_wrong_date_is_refused_with_the_boxes_to_mend(parts: DateParts, message: str, boxes: str):
    assert refusal(STARTED, parts) == (message, boxes)


def test_a_date_that_need_not_be_given_may_be_empty():
    assert DateField(required=False).clean(DateParts()) is None


@pytest.mark.parametrize(
    ("day", "words"),
    [("4", "must be on or after 5 March 2026"), ("21", "must be on or before 20 March 2026")],
)
def test_a_date_outside_the_limits_is_refused_with_the_limit(day: str, words: str):
    field = DateField(earliest=date(2026, 3, 5), latest=date(2026, 3, 20))

    message, _ = refusal(field, DateParts(day, "3", "2026"))

    assert message == f"The date {words}"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9:40", time(9, 40)),
        ("16:45", time(16, 45)),
        ("4.45pm", time(16, 45)),
        ("4:45 p.m.", time(16, 45)),
        ("9am", time(9)),
        ("12am", time(0)),
        ("12.30 pm", time(12, 30)),
        ("0940", time(9, 40)),
        ("noon", time(12)),
        ("midnight", time(0)),
        ("16:45pm", time(16, 45)),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, meant: time):
    assert clock_time(typed) == meant


@pytest.mark.parametrize("typed", ["4", "24:00", "9:60", "0am", "late", "9:4", "٩:٤٠"])
def test_what_is_no_time_or_might_be_two_is_none(typed: str):
    assert clock_time(typed) is None


def test_a_time_may_be_left_out():
    day = DateAndTimeField().clean(DateParts("22", "11", "2026", ""))

    assert day == DateAndTime(date(2026, 11, 22), None)


def test_a_time_nobody_can_read_is_refused_at_its_box():
    message, box = refusal(DateAndTimeField(), DateParts("22", "11", "2026", "late"))

    assert (message, box) == ("Enter the time as in 9:40, 16:45 or 4.45pm", "time")


def test_a_date_and_time_keep_to_the_limits_of_dates():
    field = DateAndTimeField(called="when it was received", latest=date(2026, 11, 21))

    message, _ = refusal(field, DateParts("22", "11", "2026", "9:40"))

    assert message == "When it was received must be on or before 21 November 2026"


def test_the_boxes_show_what_was_typed_right_or_wrong():
    shown = DateInput().render("on", DateParts("31", "Feb", "26"), {"id": "id_on"})

    assert 'name="on_month" type="text" inputmode="numeric" autocomplete="off" value="Feb"' in shown


def test_the_boxes_show_a_moment_that_is_known():
    shown = DateAndTimeInput().render("at", DateAndTime(date(2026, 11, 5), time(9, 40)))

    assert 'value="5"' in shown
    assert 'value="09:40"' in shown


def test_a_date_was_not_sent_when_none_of_its_boxes_was():
    widget = DateInput()

    assert widget.value_omitted_from_data({"other": "1"}, {}, "on")
    assert not widget.value_omitted_from_data({"on_day": ""}, {}, "on")


@pytest.mark.parametrize("typed", ["1250.5", "£1,250.50", " 1 250.50 "])
def test_money_may_have_its_sign_and_its_commas(typed: str):
    assert MoneyField().clean(typed) == Decimal("1250.50")


def test_what_is_no_money_is_refused_with_an_example():
    message, _ = refusal(MoneyField(), "a lot")

    assert message == "Enter an amount of money, such as 150 or 75.50"


def test_files_come_as_a_list():
    files = [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")]

    assert FilesField().clean(files) == files


def test_no_files_are_an_empty_list_where_none_are_needed():
    assert FilesField(required=False).clean([]) == []


def test_no_files_are_refused_where_some_are_needed():
    assert refusal(FilesField(), [])[1] == "required"


def test_an_empty_file_among_others_is_refused():
    files = [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"")]

    assert refusal(FilesField(), files)[1] == "empty"
