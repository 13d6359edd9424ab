"""Two people, or a person and a sweep, on one complaint: one wins, nothing is overwritten (P8)."""

import pytest

from complaints_site.tests.rivals import send_at_once, served, statuses

pytestmark = pytest.mark.servers
ARENA = "cases.tests.background.contests"


# Acts of which each leaves no room for the other, whoever comes first.
PAIRS = [
    ["acknowledge", "refuse"],
    ["withdraw", "refer-elsewhere"],
    ["refuse", "withdraw"],
    ["annul", "acknowledge"],
    ["assign", "refuse"],
    ["refer-elsewhere", "annul"],
    ["change-details", "withdraw"],
    ["extend", "refer-elsewhere"],
    ["acknowledge", "acknowledge"],
    ["assign", "change-details"],
]


@pytest.mark.promise("P8")
@pytest.mark.parametrize(
    ("complaints", "contenders"),
    [
        (10, 20),
        pytest.param(100, 50, marks=[pytest.mark.long, pytest.mark.timeout(3600)]),
    ],
    ids=["short", "long"],
)
def test_of_many_who_send_a_form_at_once_one_wins_and_the_others_see_who_did_what(
    install, complaints, contenders
):
    pairs = [PAIRS[number % len(PAIRS)] for number in range(complaints)]
    with served(install()) as (hand, port):
        seats = hand.call(f"{ARENA}:seat", contenders=contenders, pairs=pairs)
        for acts, complaint in zip(pairs, seats["complaints"], strict=True):
            answers = send_at_once(port, acts, complaint, seats)

            found = hand.call(
                f"{ARENA}:became_of", complaint=complaint["key"], version=complaint["version"]
            )
            winners = [each.name for each in answers if each.status == 302]
            others = [each for each in answers if each.status == 409]
            assert (len(winners), len(others)) == (1, contenders - 1), statuses(acts, answers)
            assert {*found["actors"]} == {*winners}
            assert found["letters"] <= 1
            assert found["messages"] <= 1
            # Who did it stands on the page of every other, with what they typed themselves.
            assert [each.name for each in others if f"by {winners[0]}" not in each.page] == []
            assert [each.name for each in others if each.typed not in each.page] == []
    print(  # noqa: T201  the proof's result line
        f"PROMISE P8 PASS complaints={complaints} contenders={contenders} winners={complaints} "
        f"pairs={len(PAIRS)} over=http errors=0"
    )


@pytest.mark.promise("P8")
def test_without_a_look_at_the_version_more_than_one_wins(install):
    hand = install().hand()
    seats = hand.call(f"{ARENA}:seat", contenders=6, pairs=[PAIRS[0]])

    winners = hand.call(
        f"{ARENA}:contend_without_looking",
        complaint=seats["complaints"][0]["key"],
        contenders=6,
    )

    assert len(winners) > 1


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
