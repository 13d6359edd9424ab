"""Two people, or a person and a sweep, on one complaint: one wins, nothing is overwritten (P8)."""

import pytest

pytestmark = pytest.mark.servers
ARENA = "cases.tests.background.contests"


@pytest.mark.promise("P8")
@pytest.mark.parametrize(
    ("complaints", "contenders"),
    [
        (10, 20),
        pytest.param(100, 50, marks=[pytest.mark.long, pytest.mark.timeout(3600)]),
    ],
    ids=["short", "long"],
)
def test_of_many_who_act_at_once_one_wins_and_the_others_see_who_did_what(
    install, complaints, contenders
):
    hand = install().hand()
    keys = hand.call(f"{ARENA}:begin", contenders=contenders, complaints=complaints)

    for key in keys:
        found = hand.call(
            f"{ARENA}:contend", complaint=key, contenders=contenders, looks_at_version=True
        )

        assert found["other"] == []
        assert len(found["winners"]) == len(found["events"]) == 1
        assert found["actors"] == found["winners"]
        assert len(found["told"]) == contenders - 1
        assert all(f"{found['winners'][0]} recorded “" in words for words in found["told"])
        assert all("Nothing you typed was saved yet" in words for words in found["told"])
        assert found["messages"] <= 1
    print(  # noqa: T201  the proof's result line
        f"PROMISE P8 PASS complaints={complaints} contenders={contenders} winners={complaints} "
        f"errors=0"
    )


@pytest.mark.promise("P8")
def test_without_a_look_at_the_version_more_than_one_wins(install):
    hand = install().hand()
    [key] = hand.call(f"{ARENA}:begin", contenders=20, complaints=1)

    found = hand.call(f"{ARENA}:contend", complaint=key, contenders=20, looks_at_version=False)

    assert len(found["winners"]) > 1


@pytest.mark.promise("P8")
def test_of_two_clicks_at_once_one_letter_waits_for_approval(install):
    hand = install().hand()
    [key] = hand.call(f"{ARENA}:begin", contenders=0, complaints=1)

    found = hand.call(f"{ARENA}:race_proposals", complaint=key)

    assert found == {"errors": [], "waiting": 1, "asked": 1, "told_twice": 0}


@pytest.mark.promise("P6")
def test_sweeps_at_the_same_moment_double_nothing(install):
    hand = install().hand()
    hand.call(f"{ARENA}:begin", contenders=0, complaints=40)

    found = hand.call(f"{ARENA}:race_sweeps", sweeps=6)

    assert found == {"errors": [], "alerts": 40, "different": 40, "told": 40, "waiting": 0}


@pytest.mark.promise("P6")
def test_a_sweep_never_overwrites_what_an_officer_does_meanwhile(install):
    hand = install().hand()
    keys = hand.call(f"{ARENA}:begin", contenders=0, complaints=24)

    for number, key in enumerate(keys):
        found = hand.call(
            f"{ARENA}:race_sweep_with_officer", complaint=key, ahead=(number - 12) * 0.002
        )
        assert found["errors"] == []
        assert found["due_on"] == "2026-07-06"
        assert found["next_reminder_on"] == found["should_be"]
        assert found["told_old_day"] <= 1
