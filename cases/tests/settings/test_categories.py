"""The categories of complaints."""

import pytest

from cases.errors import ActionNotAllowed, SettingChanged
from cases.models import Category, SettingsChange
from cases.operations.categories import (
    add_category,
    move_category,
    rename_category,
    retire_category,
)
from cases.tests.settings.conftest import NOW


@pytest.fixture
def three(house, admin) -> list[Category]:
    """Return three categories in order."""
    return [add_category(name=name, by=admin, now=NOW) for name in ("Repairs", "Damp", "Lifts")]


def names() -> list[str]:
    in_use = Category.objects.filter(is_retired=False).order_by("position")
    return [category.name for category in in_use]


def test_a_new_category_comes_last(three, admin):
    add_category(name="Parking", by=admin, now=NOW)

    assert names() == ["Repairs", "Damp", "Lifts", "Parking"]


def test_nothing_comes_after_something_else_while_it_is_the_last(three, admin):
    Category.objects.create(code="other", name="Something else", position=9)

    add_category(name="Parking", by=admin, now=NOW)
    add_category(name="Bins", by=admin, now=NOW)

    assert names() == ["Repairs", "Damp", "Lifts", "Parking", "Bins", "Something else"]


def test_something_else_stays_where_an_administrator_has_put_it(three, admin):
    Category.objects.create(code="other", name="Something else", position=9)
    move_category(code="other", is_up=True, by=admin, now=NOW)

    add_category(name="Parking", by=admin, now=NOW)

    assert names() == ["Repairs", "Damp", "Something else", "Lifts", "Parking"]


def test_a_name_is_taken_once_whatever_its_capitals(three, admin):
    with pytest.raises(ActionNotAllowed, match="already"):
        add_category(name="damp ", by=admin, now=NOW)


def test_a_retired_name_is_brought_back_and_not_added_again(three, admin):
    retire_category(code="damp", is_retired=True, by=admin, now=NOW)

    with pytest.raises(ActionNotAllowed, match="bring it back"):
        add_category(name="Damp", by=admin, now=NOW)


@pytest.mark.parametrize(
    ("code", "is_up", "order"),
    [
        ("lifts", True, ["Repairs", "Lifts", "Damp"]),
        ("repairs", False, ["Damp", "Repairs", "Lifts"]),
        ("repairs", True, ["Repairs", "Damp", "Lifts"]),
        ("lifts", False, ["Repairs", "Damp", "Lifts"]),
    ],
    ids=["up", "down", "first up", "last down"],
)
def test_a_category_moves_one_place(three, admin, code, is_up, order):
    move_category(code=code, is_up=is_up, by=admin, now=NOW)

    assert names() == order


def test_retired_categories_are_passed_over_when_others_move(three, admin):
    retire_category(code="damp", is_retired=True, by=admin, now=NOW)
    move_category(code="damp", is_up=True, by=admin, now=NOW)

    move_category(code="lifts", is_up=True, by=admin, now=NOW)

    assert names() == ["Lifts", "Repairs"]


def test_a_retired_category_comes_back(three, admin):
    retire_category(code="damp", is_retired=True, by=admin, now=NOW)

    retire_category(code="damp", is_retired=False, by=admin, now=NOW)

    assert "Damp" in names()


def test_a_rename_keeps_the_code_and_says_what_it_was(three, admin):
    rename_category(code="damp", name="Damp and mould", by=admin, now=NOW, seen=None)

    assert Category.objects.get(code="damp").name == "Damp and mould"
    assert SettingsChange.objects.latest("pk").lines == [("Name", "Damp", "Damp and mould")]


def test_a_rename_to_a_taken_name_is_refused(three, admin):
    with pytest.raises(ActionNotAllowed, match="already"):
        rename_category(code="damp", name="Lifts", by=admin, now=NOW, seen=None)


def test_a_rename_of_something_renamed_meanwhile_is_refused(three, admin):
    with pytest.raises(SettingChanged):
        rename_category(code="damp", name="Mould", by=admin, now=NOW, seen=0)
