"""Measures the site with one number of complaints; started for each by the bench."""

import sys
import time
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from cases.rules.periods import london_day  # noqa: E402
from complaints_site.tests.bench import (  # noqa: E402
    arriving,
    binding,
    engine,
    memory,
    pages,
    painting,
    public_pages,
    sweeping,
)
from complaints_site.tests.bench.copying import Filling  # noqa: E402
from complaints_site.tests.bench.filling import fill  # noqa: E402
from complaints_site.tests.bench.measures import table  # noqa: E402
from complaints_site.tests.bench.people import hire  # noqa: E402
from complaints_site.tests.bench.serving import served  # noqa: E402

FEW = 1_000


def main(count: int, times: int) -> int:
    """Fill the database, measure, and say what was found.

    Return 1 where the rules are too slow, which no busy machine excuses, and 0 otherwise.
    """
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    now = timezone.now()
    today = london_day(now)
    began = time.monotonic()
    staff = hire(now=now - timedelta(days=3_000), today=today)
    fill(Filling(count, staff, today, now))
    _say(f"\n{count:,} complaints with {_events():,} events, filled in {_seconds(began)} s\n")
    opened = list(pages.opened(staff))
    with served() as server:
        figures = pages.measure(server, opened, times=times)
        floor, few = figures[0].judged, max(3, times // 2)
        figures.append(
            arriving.measure_desk(server, staff.advisers[0], times=few, today=today, floor=floor)
        )
        figures.append(arriving.measure_form(server, times=few, floor=floor))
        figures += painting.measure(server, opened, times=times)
        # They are the same however many complaints there are.
        if count <= FEW:
            figures += public_pages.measure(server, times=times, now=now)
        figures += memory.measure(server, opened, times=times * 4)
    figures += memory.measure_background(rounds=times)
    figures += sweeping.measure_sweeps(now=now)
    figures += sweeping.measure_reports(now=now)
    figures += binding.measure_bundle(staff.coordinators[0])
    figures += binding.measure_case(staff.coordinators[0])
    rules = engine.measure()
    figures.append(rules)
    _say(table(figures))
    missed = [each.what for each in figures if each.verdict == "missed"]
    _say(f"\nMissed: {'; '.join(missed)}." if missed else "\nEvery goal is met.")
    return int(rules.verdict == "missed")


def _events() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_recordedevent")
        return int(cursor.fetchone()[0])


def _seconds(began: float) -> int:
    return round(time.monotonic() - began)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
