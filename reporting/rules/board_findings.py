"""What the charts of the boards show, in a sentence each."""

from collections.abc import Mapping

from reporting.rules.durations import HALF, MOST, told_within, working_days
from reporting.rules.findings import counted
from reporting.rules.kept import share_of

NONE_BEFORE = "There was none before to compare with."
HIDDEN_BEFORE = "The figures before are not shown."


def compared_words(now: int, before: int, before_words: str) -> str:
    """Say how a number stands to that of the days before."""
    if now == before:
        return f"as many as {before_words}"
    return f"{abs(now - before):,} {'more' if now > before else 'fewer'} than {before_words}"


def taken_finding(
    stage: str, counts: Mapping[int, int], before: Mapping[int, int] | None, *, fewest: int = 1
) -> str:
    """Say within how many working days half and nine of ten answers were given, and before.

    `before` is None where it is not shown. Nothing is told of fewer than `fewest` answers.
    """
    total = sum(counts.values())
    if not total:
        return f"No answer was given at {stage}."
    half = told_within(counts, HALF, fewest=fewest)
    most = told_within(counts, MOST, fewest=fewest)
    if half is None:
        # Where half would tell of few, so would nine of ten.
        took = f"How long {counted(total, 'answer')} at {stage} took"
        return f"{took} would tell of few people, and is not shown."
    if total == 1:
        words = f"One answer was given at {stage}, within {working_days(half)}"
    else:
        words = (
            f"Half of {counted(total, 'answer')} at {stage} were given within {working_days(half)}"
        )
        if most is not None:
            words += f", nine of ten within {most}"
    return f"{words}{_taken_before(before, fewest)}"


def _taken_before(before: Mapping[int, int] | None, fewest: int) -> str:
    if before is not None and not sum(before.values()):
        return f". {NONE_BEFORE}"
    half = told_within(before or {}, HALF, fewest=fewest)
    most = told_within(before or {}, MOST, fewest=fewest)
    if half is None:
        return f". {HIDDEN_BEFORE}"
    return f"; before, {f'half within {half}' if most is None else f'within {half} and {most}'}."


def in_time_finding(now: Mapping[str, int], before: Mapping[str, int] | None) -> str:
    """Say how many of a hundred answers were in time, and how that stands to before.

    `before` is None where it is not shown.
    """
    share, earlier = in_time_share(now), in_time_share(before or {})
    if share is None:
        return "No complaint was answered."
    words = (
        f"{share}% of {counted(sum(now.values()), 'answer')} were in time or within an extension"
    )
    if earlier is None:
        return f"{words}. {HIDDEN_BEFORE if before is None else NONE_BEFORE}"
    if share == earlier:
        return f"{words}, as before."
    points = abs(share - earlier)
    more = "more" if share > earlier else "fewer"
    return f"{words}: {points} of a hundred {more} than before ({earlier}%)."


def in_time_share(timings: Mapping[str, int]) -> int | None:
    """Return how many of a hundred answers were in time or within an extension; None of none."""
    total = sum(timings.values())
    return share_of(total - timings.get("late", 0), total)


def late_finding(avoidable: Mapping[str, int]) -> str:
    """Say how many answers were late, and what was said of whether that could have been avoided."""
    total = sum(avoidable.values())
    if not total:
        return "No answer was late."
    yes, no = avoidable.get("yes", 0), avoidable.get("no", 0)
    verb = "was" if total == 1 else "were"
    words = f"{counted(total, 'answer')} {verb} late"
    if not yes and not no:
        return f"{words}. Nobody said whether that could have been avoided."
    return f"{words}: {yes:,} could have been avoided and {no:,} could not, as was said then."


def added_finding(added: Mapping[int, int], answers: int, *, fewest: int = 1) -> str:
    """Say how many answers had more time than first promised, and by how much most had.

    By how much is not told where that tells of fewer than `fewest`.
    """
    total = sum(added.values())
    if not total:
        return "No answer had more time than was promised first."
    share, half = share_of(total, answers), told_within(added, HALF, fewest=fewest)
    words = f"{counted(total, 'answer')} had more time than was promised first, {share}% of all"
    if half is None:
        return f"{words}."
    return f"{words}; half of them up to {working_days(half)} more."
