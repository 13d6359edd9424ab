"""Which roles a procedure needs somebody in."""

import pytest

from cases.rules.needed_roles import needed_roles, unmet
from cases.rules.procedure_files import read_shipped, terms_from
from cases.rules.roles import Role


def missing(code: str, *held: Role) -> list[str]:
    needs = needed_roles(terms_from(read_shipped(code)))
    return [need.words for need in unmet(needs, {role: frozenset({1, 2, 3}) for role in held})]


def test_every_procedure_needs_a_coordinator_and_somebody_to_deal_with_complaints():
    assert missing("code-2024") == [
        "complaints coordinator",
        "head of service, line manager or responsible officer",
    ]


@pytest.mark.rule("HH-19")
@pytest.mark.rule("HH-21")
def test_a_procedure_with_a_review_and_an_appeal_needs_a_director_and_a_panel():
    held = (Role.COMPLAINTS_COORDINATOR, Role.HEAD_OF_SERVICE, Role.FRONT_LINE)

    assert missing("herefordshire", *held) == ["director", "panel member"]


def test_nothing_is_missing_where_somebody_holds_each():
    held = (
        *(Role.COMPLAINTS_COORDINATOR, Role.HEAD_OF_SERVICE, Role.FRONT_LINE),
        *(Role.DIRECTOR, Role.PANEL_MEMBER),
    )

    assert missing("herefordshire", *held) == []


@pytest.mark.rule("HH-21")
def test_a_panel_of_three_needs_three_people():
    needs = needed_roles(terms_from(read_shipped("herefordshire")))
    panel = next(need for need in needs if need.roles == {Role.PANEL_MEMBER})

    assert panel.people == 3
    assert unmet([panel], {Role.PANEL_MEMBER: frozenset({1, 2})}) == [panel]
