"""How long the members of a panel read a complaint."""

from datetime import date

import pytest

from cases.errors import ActionNotAllowed
from cases.operations import close, correct, hearing, merging
from cases.operations.hearing import Arrangement
from cases.rules.events import PanelDecision
from cases.rules.roles import Role
from cases.tests.case_page.situations import TODAY, UPHELD, WRITTEN, Story
from cases.tests.factories import UserFactory

COORDINATOR, DIRECTOR = Role.COMPLAINTS_COORDINATOR, Role.DIRECTOR
# 28 days after Monday 22 June 2026.
LAST_DAY = date(2026, 7, 20)
# Of ending: the operation, who does it, and what is told of it.
ENDS = {
    "withdrawn": (close.withdraw, COORDINATOR, {"on": TODAY, "words": ""}),
    "referred": (
        close.refer_elsewhere,
        COORDINATOR,
        {"to": "asb", "words": "Nuisance.", "telling": WRITTEN},
    ),
    "refused": (
        close.refuse_unreasonable,
        DIRECTOR,
        {"evidence": "Forty letters a day.", "telling": WRITTEN},
    ),
    "annulled": (correct.annul, COORDINATOR, {"reason": "A test."}),
}


def last_days(story: Story) -> set[date | None]:
    """Return the last days on which its panel reads it."""
    seats = story.complaint.access_list.filter(as_panel_member=True)
    return set(seats.values_list("ends_on", flat=True))


@pytest.fixture
def arranged(house) -> Story:
    """Return a complaint whose hearing is arranged."""
    return Story(house, "herefordshire").arranged()


def test_nobody_sits_on_the_panel_who_is_on_the_access_list(house):
    story = Story(house, "herefordshire").before_the_panel()
    member = house[Role.PANEL_MEMBER]
    story.complaint.access_list.create(user=member)
    others = [UserFactory(roles=[Role.PANEL_MEMBER]).pk for _ in range(2)]
    arrangement = Arrangement(date(2026, 7, 6), "Hall", "in_person", [member.pk, *others])

    with pytest.raises(ActionNotAllowed, match="is on the access list"):
        story.act(hearing.arrange_hearing, COORDINATOR, TODAY, arrangement=arrangement)

    assert not story.complaint.access_list.filter(as_panel_member=True).exists()


def test_as_long_as_the_stage_lasts_they_read_it(arranged):
    assert last_days(arranged) == {None}


@pytest.mark.parametrize("how", ENDS)
def test_they_read_on_for_28_days_after_the_complaint_ended_in_another_way(arranged, how):
    operation, by, details = ENDS[how]

    arranged.act(operation, by, TODAY, **details)

    assert last_days(arranged) == {LAST_DAY}


def test_they_read_on_for_28_days_after_it_was_merged(arranged, house):
    twin = house.lodge(on=TODAY)

    arranged.act(
        merging.merge, COORDINATOR, TODAY, into_reference=twin.reference, reason="The same."
    )

    assert last_days(arranged) == {LAST_DAY}


def test_they_read_on_for_28_days_after_the_outcome_and_not_longer_by_closing(house):
    story = Story(house, "herefordshire").heard()
    decision = PanelDecision.UPHELD

    story.act(
        hearing.send_outcome,
        COORDINATOR,
        TODAY,
        on=TODAY,
        answer=UPHELD,
        decision=decision,
        telling=WRITTEN,
    )
    story.act(close.close, COORDINATOR, date(2026, 6, 29), on=date(2026, 6, 29), words="")

    assert last_days(story) == {LAST_DAY}


def test_they_go_on_where_the_end_is_struck_out(arranged):
    arranged.act(close.withdraw, COORDINATOR, TODAY, on=TODAY, words="")

    arranged.act(
        correct.retract, COORDINATOR, TODAY, number=arranged.complaint.version, reason="A slip."
    )

    assert last_days(arranged) == {None}
