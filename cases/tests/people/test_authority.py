"""What somebody who speaks for a customer may be told and do: twelve standings, twelve deeds."""

import pytest

from cases.rules.authority import (
    Authority,
    Deed,
    SpeakerKind,
    Standing,
    deeds,
    may_become,
    told_of,
)

pytestmark = [pytest.mark.rule("HH-4", "KF-1", "LV-1"), pytest.mark.one_database]

STANDINGS = {
    "nobody claimed": None,
    "claimed": Standing(Authority.CLAIMED),
    "claimed by a councillor": Standing(Authority.CLAIMED, SpeakerKind.ELECTED),
    "claimed by a solicitor": Standing(Authority.CLAIMED, SpeakerKind.SOLICITOR),
    "customer asked": Standing(Authority.ASKED),
    "confirmed": Standing(Authority.CONFIRMED),
    "confirmed with data": Standing(Authority.CONFIRMED, covers_data=True),
    "confirmed councillor": Standing(Authority.CONFIRMED, SpeakerKind.ELECTED),
    "confirmed solicitor": Standing(Authority.CONFIRMED, SpeakerKind.SOLICITOR),
    "ended": Standing(Authority.CONFIRMED, has_ended=True, covers_data=True),
    "declined": Standing(Authority.DECLINED),
    "revoked": Standing(Authority.REVOKED, covers_data=True),
}
# A column for each deed, in the order of Deed: receipt, words, ask, confirm, decline, revoke,
# progress, letters, next stage, companion, data, lawyer.
TABLE = {
    "nobody claimed": "------------",
    "claimed": "yyyyyy------",
    "claimed by a councillor": "yyyyyy------",
    "claimed by a solicitor": "yyyyyy------",
    "customer asked": "yyyyyy------",
    "confirmed": "yy---yyyyy--",
    "confirmed with data": "yy---yyyyyy-",
    "confirmed councillor": "yy---yyyyy--",
    "confirmed solicitor": "yy---yyyyy--",
    "ended": "yyyy-y------",
    "declined": "yyyy--------",
    "revoked": "yyyy--------",
}
CELLS = [
    (standing, deed, mark == "y")
    for standing, marks in TABLE.items()
    for deed, mark in zip(Deed, marks, strict=True)
]


def test_the_table_has_twelve_standings_and_twelve_deeds():
    assert (len(TABLE), len(Deed), len(CELLS)) == (12, 12, 144)


@pytest.mark.parametrize(("standing", "deed", "may"), CELLS)
def test_each_standing_allows_its_deeds_and_no_other(standing, deed, may):
    assert (deed in deeds(STANDINGS[standing])) is may


@pytest.mark.rule("KF-2")
@pytest.mark.parametrize("standing", STANDINGS)
def test_nobody_acts_as_the_customers_lawyer(standing):
    assert Deed.AT_LAW not in deeds(STANDINGS[standing])


def test_nobody_goes_back_to_having_only_claimed():
    ended = [each for each in STANDINGS.values() if each and each.authority != Authority.CLAIMED]

    assert not any(may_become(each, Authority.CLAIMED) for each in ended)


def test_whoever_is_not_confirmed_is_told_only_that_their_message_came():
    assert "only that their message came" in told_of(Standing(Authority.CLAIMED))
    assert "only that their message came" in told_of(Standing(Authority.CONFIRMED, has_ended=True))
    assert "advocate only" in told_of(Standing(Authority.CONFIRMED, SpeakerKind.SOLICITOR))
