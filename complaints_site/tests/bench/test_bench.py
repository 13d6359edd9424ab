"""The bench itself: with a handful of complaints, so that it cannot rot between the long runs."""

import os
import re
import subprocess
import sys

import pytest

from complaints_site.tests.bench.__main__ import size
from complaints_site.tests.bench.measures import Figure, Goal, table

FEW = "100"
LINES = (
    "hello",
    "my work, officer",
    "queue, open, coordinator",
    "overdue, manager",
    "surname Smith, coordinator",
    "“boiler in the kitchen”, coordinator",
    "case, of usual length",
    "dashboard, director",
    "logging by staff",
    "logging by the public form",
    "on slow 3G: public form",
    "how much moves: public form",
    "on usual 4G: public form",
    "public: start",
    "how much moves: any public page",
    "memory of a worker",
    "its growth",
    "memory of Celery’s worker",
    "its own growth",
    "sweep with 500 due",
    "sweep with 15,000 due",
    "one statement reading what reports tell",
    "weekly reports",
    "200 pages joined",
    "evidence of 2",
    "deadlines worked out in a second",
)


@pytest.mark.servers
@pytest.mark.one_database
@pytest.mark.timeout(600)
def test_every_line_is_measured_with_a_handful_of_complaints(built_assets):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TEST_")}

    done = subprocess.run(
        [sys.executable, "-m", "complaints_site.tests.bench", FEW, "--times", "2"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3_000:]
    rows = [line.strip("| ") for line in done.stdout.splitlines() if line.startswith("| ")]
    assert [line for line in LINES if not any(row.startswith(line) for row in rows)] == []
    assert any("pages of text, scans and photos" in row for row in rows)
    # Queries do not depend on the machine, so their goals hold here as anywhere.
    lists = [row for row in rows if re.match("(my work|queue|overdue|case|dashboard)", row)]
    queries = [int(row.split("|")[6]) for row in lists]
    assert len(queries) > 15
    assert max(queries) <= 12
    # What is logged and reported has its bytes, its SQL and its floor beside it too.
    cells = {row.split("|")[0].strip(): [c.strip() for c in row.split("|")] for row in rows}
    for what in ("logging by staff", "logging by the public form"):
        assert "" not in cells[what][4:8], what
    [reports] = [row for name, row in cells.items() if name.startswith("weekly reports")]
    assert reports[4] != ""


@pytest.mark.parametrize(("text", "count"), [("50", 50), ("10k", 10_000), ("1M", 1_000_000)])
def test_a_size_is_a_number_or_a_number_of_thousands(text, count):
    assert size(text) == count


@pytest.mark.parametrize("text", ["", "k", "0", "-5", "many"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  the words are Python's for most
        size(text)


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Figure("no goal", 99), ""),
        (Figure("quick", 90, work=9, floor=1, goal=Goal(ratio=9)), "met"),
        (Figure("slow", 9, work=9.1, floor=1, goal=Goal(ratio=9)), "missed"),
        (Figure("nothing to compare", 1, goal=Goal(ratio=9)), "missed"),
        (Figure("few queries", 1, queries=12, goal=Goal(queries=12)), "met"),
        (Figure("many queries", 1, queries=13, goal=Goal(queries=12)), "missed"),
        (Figure("light", 120, "MiB", goal=Goal(most=120)), "met"),
        (Figure("heavy", 121, "MiB", goal=Goal(most=120)), "missed"),
        (Figure("small", 1, size=40, goal=Goal(size=40)), "met"),
        (Figure("large", 1, size=41, goal=Goal(size=40)), "missed"),
        (Figure("unweighed", 1, goal=Goal(size=40)), "missed"),
        (Figure("often", 10, goal=Goal(least=10)), "met"),
        (Figure("seldom", 9, goal=Goal(least=10)), "missed"),
    ],
    ids=lambda each: each.what if isinstance(each, Figure) else "",
)
def test_a_goal_is_met_or_missed(figure, verdict):
    assert figure.verdict == verdict
    assert verdict in table([figure]).splitlines()[-1]
