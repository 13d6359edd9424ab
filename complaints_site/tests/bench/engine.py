"""How many deadlines the rules work out in a second, in one process."""

import time
from datetime import timedelta

from cases.models import CalendarEdition
from cases.rules.calendars import FIRST_DAY
from complaints_site.tests.bench.measures import Figure, Goal

A_SECOND = Goal(least=1_000_000)
ROUNDS = 5


def measure() -> Figure:
    """Return the rate of the best of some rounds over ten years of days and ten periods.

    A second is one of the processor's: what else the machine does makes no difference.
    """
    calendar = CalendarEdition.objects.latest("pk").calendar
    days = [FIRST_DAY + timedelta(days=n) for n in range(3_650)]
    counts = (1, 2, 3, 5, 7, 10, 15, 20, 28, 40)
    add = calendar.add_working_days
    best = 0.0
    for _ in range(ROUNDS):
        began = time.process_time()
        for count in counts:
            for day in days:
                add(day, count)
        best = max(best, len(days) * len(counts) / (time.process_time() - began))
    return Figure("deadlines worked out in a second", best, unit="a second", goal=A_SECOND)
