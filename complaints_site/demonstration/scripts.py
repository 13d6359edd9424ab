"""How far the complaints of the demonstration have come, in working days before today."""

from collections.abc import Callable

from complaints_site.demonstration.play import Play

Script = tuple[int, Callable[[Play], object]]


def _stage_1(play: Play, *, accepted: int, acknowledged: int, answered: int) -> Play:
    """Take it to its first answer, so many working days after one another."""
    play.wait(accepted).accept().wait(acknowledged).acknowledge()
    return play.wait(answered).answer()


# How many working days ago each began, and what has happened since.
SCRIPTS: tuple[Script, ...] = (
    # Just in: to be accepted, and accepted but with nobody yet.
    (0, lambda play: play),
    (1, lambda play: play),
    (2, lambda play: play.wait(1).accept(officer=None)),
    # To be acknowledged: tomorrow, today, and a day late.
    (4, lambda play: play.wait(1).accept()),
    (5, lambda play: play.accept()),
    (6, lambda play: play.wait(1).accept()),
    # Being looked into: with time, soon due, due today, late, very late, extended.
    (4, lambda play: play.wait(1).accept().wait(1).acknowledge()),
    (8, lambda play: play.accept().wait(2).acknowledge().write_note()),
    (9, lambda play: play.accept().wait(1).acknowledge().wait(3).write_note()),
    (11, lambda play: play.accept().wait(1).acknowledge().wait(4).write_note()),
    (12, lambda play: play.wait(1).accept().acknowledge()),
    (17, lambda play: play.accept().wait(2).acknowledge().wait(4).write_note()),
    (14, lambda play: play.accept().wait(1).acknowledge().wait(9).extend(5)),
    # Answered: yesterday, a while ago, late.
    (11, lambda play: _stage_1(play, accepted=0, acknowledged=2, answered=8)),
    (20, lambda play: _stage_1(play, accepted=1, acknowledged=1, answered=8)),
    (28, lambda play: _stage_1(play, accepted=0, acknowledged=1, answered=12)),
    # Over: resolved, withdrawn, closed in time and late.
    (9, lambda play: play.accept().wait(1).resolve()),
    (23, lambda play: play.accept().wait(1).acknowledge().wait(2).withdraw()),
    (25, lambda play: _stage_1(play, accepted=3, acknowledged=0, answered=9).wait(1).close()),
    (42, lambda play: _stage_1(play, accepted=4, acknowledged=0, answered=10).wait(2).close()),
    (53, lambda play: _stage_1(play, accepted=2, acknowledged=0, answered=7).wait(1).close()),
    (78, lambda play: _stage_1(play, accepted=7, acknowledged=0, answered=14).wait(1).close()),
    (92, lambda play: _stage_1(play, accepted=1, acknowledged=0, answered=9).wait(6).close()),
    # The next stage: just asked for, soon due, and through all of it to the Ombudsman.
    (13, lambda play: _stage_1(play, accepted=0, acknowledged=1, answered=8).wait(2).go_on()),
    (
        37,
        lambda play: (
            _stage_1(play, accepted=0, acknowledged=2, answered=9)
            .wait(4)
            .go_on()
            .wait(3)
            .acknowledge()
        ),
    ),
    (
        64,
        lambda play: (
            _stage_1(play, accepted=0, acknowledged=3, answered=10)
            .wait(5)
            .go_on()
            .wait(2)
            .acknowledge()
            .wait(15)
            .answer()
            .wait(3)
            .close()
            .wait(2)
            .go_to_ombudsman()
        ),
    ),
)


def an_appeal(play: Play) -> Play:
    """Take it through every stage to a hearing in the coming days."""
    return (
        _stage_1(play, accepted=1, acknowledged=3, answered=12)
        .wait(5)
        .go_on()
        .wait(2)
        .acknowledge()
        .wait(13)
        .answer()
        .wait(9)
        .go_on()
        .wait(3)
        .arrange_hearing(12)
        .wait(1)
        .invite()
    )


def asked_too_late(play: Play) -> Play:
    """Answer it, and let the customer ask for the next stage long after the window."""
    return _stage_1(play, accepted=1, acknowledged=3, answered=11).wait(40).ask_further()


def with_the_ombudsman(play: Play) -> Play:
    """Take it through to what the Ombudsman decided."""
    play = _stage_1(play, accepted=1, acknowledged=2, answered=9).wait(4).go_on()
    play = play.wait(2).acknowledge().wait(12).answer().wait(2).close()
    return play.wait(10).go_to_ombudsman().wait(50).determine()
