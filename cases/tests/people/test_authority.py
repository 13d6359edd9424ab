"""What somebody who speaks for a customer may be told and do, by standing and deed."""

import pytest

from cases.rules.authority import (
    Authority,
    Deed,
    SpeakerKind,
    Standing,
    deeds,
    may_become,
    on_the_web,
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
    "confirmed by a power of attorney": Standing(Authority.CONFIRMED, decides=True),
    "the same for one thing": Standing(Authority.CONFIRMED, decides=True, is_limited=True),
    "confirmed for one thing": Standing(Authority.CONFIRMED, is_limited=True),
    "ended": Standing(Authority.CONFIRMED, decides=True, has_ended=True, covers_data=True),
    "declined": Standing(Authority.DECLINED),
    "revoked": Standing(Authority.REVOKED, covers_data=True),
}
# A column for each deed, in the order of Deed: receipt, words, ask, confirm, decline, revoke,
# progress, letters, next stage, companion, data, lawyer, withdraw.
TABLE = {
    "nobody claimed": "-------------",
    "claimed": "yyyyyy-------",
    "claimed by a councillor": "yyyyyy-------",
    "claimed by a solicitor": "yyyyyy-------",
    "customer asked": "yyyyyy-------",
    "confirmed": "yy---yyyyy---",
    "confirmed with data": "yy---yyyyyy--",
    "confirmed councillor": "yy---yyyyy---",
    "confirmed solicitor": "yy---yyyyy---",
    "confirmed by a power of attorney": "yy---yyyyy--y",
    "the same for one thing": "yy---yyyyy---",
    "confirmed for one thing": "yy---yyyyy---",
    "ended": "yyyy-y-------",
    "declined": "yyyy---------",
    "revoked": "yyyy---------",
}
CELLS = [
    (standing, deed, mark == "y")
    for standing, marks in TABLE.items()
    for deed, mark in zip(Deed, marks, strict=True)
]


def test_the_table_has_every_standing_and_every_deed():
    assert (len(TABLE), len(Deed), len(CELLS)) == (15, 13, 195)
    assert set(TABLE) == set(STANDINGS)


@pytest.mark.parametrize(("standing", "deed", "may"), CELLS)
def test_each_standing_allows_its_deeds_and_no_other(standing, deed, may):
    assert (deed in deeds(STANDINGS[standing])) is may


@pytest.mark.rule("KF-2")
@pytest.mark.parametrize("standing", STANDINGS)
def test_nobody_acts_as_the_customers_lawyer(standing):
    assert Deed.AT_LAW not in deeds(STANDINGS[standing])


ALONE = {
    "confirmed": {Deed.ADD_WORDS, Deed.NEXT_STAGE},
    "confirmed with data": {Deed.ADD_WORDS, Deed.NEXT_STAGE},
    "confirmed councillor": {Deed.ADD_WORDS, Deed.NEXT_STAGE},
    "confirmed solicitor": {Deed.ADD_WORDS, Deed.NEXT_STAGE},
    "confirmed by a power of attorney": {Deed.ADD_WORDS, Deed.NEXT_STAGE, Deed.WITHDRAW},
    "the same for one thing": {Deed.ADD_WORDS},
    "confirmed for one thing": {Deed.ADD_WORDS},
}


@pytest.mark.parametrize("name", [name for name, each in STANDINGS.items() if each])
def test_on_the_web_they_do_what_needs_nobodys_judgement_and_nothing_before_it_is_confirmed(name):
    assert on_the_web(STANDINGS[name]) == ALONE.get(name, set())


def test_nobody_goes_back_to_having_only_claimed():
    ended = [each for each in STANDINGS.values() if each and each.authority != Authority.CLAIMED]

    assert not any(may_become(each, Authority.CLAIMED) for each in ended)


def test_whoever_is_not_confirmed_is_told_only_that_their_message_came():
    assert "only that their message came" in told_of(Standing(Authority.CLAIMED))
    assert "only that their message came" in told_of(Standing(Authority.CONFIRMED, has_ended=True))
    assert "advocate only" in told_of(Standing(Authority.CONFIRMED, SpeakerKind.SOLICITOR))
