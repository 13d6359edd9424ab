"""What the charts of the boards show, in a sentence each."""

from collections.abc import Mapping

from reporting.rules.durations import HALF, MOST, within, working_days
from reporting.rules.findings import counted
from reporting.rules.kept import share_of


def compared_words(now: int, before: int, before_words: str) -> str:
    """Say how a number stands to that of the days before."""
    if now == before:
        return f"as many as {before_words}"
    return f"{abs(now - before):,} {'more' if now > before else 'fewer'} than {before_words}"


def taken_finding(stage: str, counts: Mapping[int, int], before: Mapping[int, int]) -> str:
    """Say within how many working days half and nine of ten answers were given, and before."""
    total = sum(counts.values())
    half, most = within(counts, HALF), within(counts, MOST)
    if half is None or most is None:
        return f"No answer was given at {stage}."
    if total == 1:
        words = f"One answer was given at {stage}, within {working_days(half)}"
    else:
        words = (
            f"Half of {counted(total, 'answer')} at {stage} were given within "
            f"{working_days(half)}, nine of ten within {most}"
        )
    earlier_half, earlier_most = within(before, HALF), within(before, MOST)
    if earlier_half is None:
        return f"{words}. There was none before to compare with."
    return f"{words}; before, within {earlier_half} and {earlier_most}."


def in_time_finding(now: Mapping[str, int], before: Mapping[str, int]) -> str:
    """Say how many of a hundred answers were in time, and how that stands to before."""
    share, earlier = in_time_share(now), in_time_share(before)
    if share is None:
        return "No complaint was answered."
    words = (
        f"{share}% of {counted(sum(now.values()), 'answer')} were in time or within an extension"
    )
    if earlier is None:
        return f"{words}. There was none before to compare with."
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


def added_finding(added: Mapping[int, int], answers: int) -> str:
    """Say how many answers had more time than first promised, and by how much most had."""
    total = sum(added.values())
    if not total:
        return "No answer had more time than was promised first."
    share, half = share_of(total, answers), within(added, HALF)
    return (
        f"{counted(total, 'answer')} had more time than was promised first, {share}% of all; half "
        f"of them up to {working_days(half or 0)} more."
    )
