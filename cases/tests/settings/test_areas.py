"""The tree of service areas."""

import pytest

from cases.errors import ActionNotAllowed, SettingChanged
from cases.models import ServiceArea, SettingsChange, Thing
from cases.operations.areas import MOST_LEVELS, add_area, change_area, retire_area
from cases.selectors.areas import area_choices, area_lines, area_tree
from cases.selectors.settings_history import last_change
from cases.tests.settings.conftest import NOW


def test_an_area_is_added_below_another_with_a_code_of_its_name(house, admin):
    area = add_area(name="Repairs west", parent_id=house.service.pk, by=admin, now=NOW)

    assert area.code == "repairs-west"
    assert area.path == f"{house.service.path}{area.pk}/"
    assert SettingsChange.objects.get().lines == [("Part of", "", "Repairs")]


def test_two_areas_of_one_name_have_codes_of_their_own(house, admin):
    first = add_area(name="Estates", parent_id=None, by=admin, now=NOW)
    second = add_area(name="Estates", parent_id=house.service.pk, by=admin, now=NOW)

    assert (first.code, second.code) == ("estates", "estates-2")


def test_a_name_without_letters_gets_a_code_all_the_same(house, admin):
    assert add_area(name="☂", parent_id=None, by=admin, now=NOW).code == "other"


def test_one_place_has_a_name_once(house, admin):
    with pytest.raises(ActionNotAllowed, match="already"):
        add_area(name="repairs NORTH", parent_id=house.service.pk, by=admin, now=NOW)


def test_what_hangs_below_moves_along(house, admin):
    change_area(
        code=house.service.code,
        name="Repairs",
        parent_id=house.other_team.pk,
        by=admin,
        now=NOW,
        seen=None,
    )

    house.team.refresh_from_db()
    assert house.team.ancestors == [house.team.pk, house.service.pk, house.other_team.pk]
    assert SettingsChange.objects.get().lines == [("Part of", "Homes", "Lettings")]


def test_an_area_is_never_part_of_itself(house, admin):
    with pytest.raises(ActionNotAllowed, match="part of itself"):
        change_area(
            code=house.directorate.code,
            name="Homes",
            parent_id=house.team.pk,
            by=admin,
            now=NOW,
            seen=None,
        )

    house.directorate.refresh_from_db()
    assert house.directorate.parent is None


def test_the_tree_has_a_number_of_levels(house, admin):
    parent = house.team
    for level in range(MOST_LEVELS - 3):
        parent = add_area(name=f"Level {level}", parent_id=parent.pk, by=admin, now=NOW)

    with pytest.raises(ActionNotAllowed, match="levels"):
        add_area(name="One more", parent_id=parent.pk, by=admin, now=NOW)
    with pytest.raises(ActionNotAllowed, match="levels"):
        change_area(
            code=house.directorate.code,
            name="Homes",
            parent_id=house.other_team.pk,
            by=admin,
            now=NOW,
            seen=None,
        )


def test_an_area_with_parts_in_use_is_not_retired(house, admin):
    with pytest.raises(ActionNotAllowed, match="Repairs north is part of it"):
        retire(house.service, admin)


def retire(area: ServiceArea, by, *, is_retired: bool = True, seen=None) -> ServiceArea:
    return retire_area(code=area.code, is_retired=is_retired, by=by, now=NOW, seen=seen)


def test_a_retired_area_comes_back_after_what_it_is_part_of(house, admin):
    retire(house.team, admin)
    retire(house.service, admin)

    with pytest.raises(ActionNotAllowed, match="not in use"):
        retire(house.team, admin, is_retired=False)
    retire(house.service, admin, is_retired=False)
    retire(house.team, admin, is_retired=False)

    assert not ServiceArea.objects.filter(is_retired=True).exists()


def test_nothing_is_put_below_a_retired_area(house, admin):
    retire(house.team, admin)

    with pytest.raises(ActionNotAllowed, match="not in use"):
        add_area(name="New", parent_id=house.team.pk, by=admin, now=NOW)


def test_a_move_unseen_is_not_overwritten(house, admin):
    seen = last_change(Thing.AREA, house.team.code)
    retire(house.team, admin)

    with pytest.raises(SettingChanged):
        retire(house.team, admin, is_retired=False, seen=seen)


def test_the_tree_is_shown_in_order_with_who_leads(house):
    lines = area_lines()

    assert [(line.area.name, line.depth) for line in lines] == [
        ("Homes", 0),
        ("Repairs", 1),
        ("Repairs north", 2),
        ("Lettings", 0),
    ]
    assert [grant.user.name for grant in lines[1].leaders] == ["head of service"]
    assert lines[2].people == 2


def test_a_choice_of_areas_names_those_above(house):
    assert dict(area_choices(area_tree()))[house.team.code] == "Homes / Repairs / Repairs north"
