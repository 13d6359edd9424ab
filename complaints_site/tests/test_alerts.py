"""Every due alert exactly once, at most one sweep late, whatever dies meanwhile (P6)."""

import random
import time
from datetime import date, timedelta

import pytest

pytestmark = [pytest.mark.servers, pytest.mark.promise("P6")]
WORLD = "cases.tests.background.simulation"
FIRST_DAY = date(2026, 6, 8)
# Two days without any sweep, twice.
OUTAGES = {FIRST_DAY + timedelta(days=n) for n in (23, 24, 45, 46)}


class Landlord:
    """A landlord whose days go by, with two processes that sweep and are killed now and then."""

    def __init__(self, site, *, kills, seed=6):
        self.site = site
        self.worker = site.hand()
        self.sweepers = [site.hand(), site.hand()]
        self.chance = random.Random(seed)  # noqa: S311  a test, repeatable
        self.kills = kills
        self.killed = 0
        self.worker.call(f"{WORLD}:begin")

    def live_through(self, *, days, lodged, rebuild_every=0):
        """Let days go by."""
        for number in range(days):
            day = FIRST_DAY + timedelta(days=number)
            self.worker.call(f"{WORLD}:work", day=str(day), seed=6, lodged=lodged)
            if rebuild_every and number % rebuild_every == rebuild_every - 1:
                self.worker.call(f"{WORLD}:throw_deadlines_away")
            if day in OUTAGES or day.weekday() > 4 or _is_holiday(day):
                self.worker.call(f"{WORLD}:look_without_sweeping")
                self._sweep_weekend(day)
                continue
            self.worker.call(f"{WORLD}:expect", day=str(day))
            self._sweep(day, left=days - number)
        return self.worker.call(f"{WORLD}:verdict")

    def _sweep_weekend(self, day):
        """Sweep on days when nobody may be told; in an outage nothing sweeps at all."""
        if day not in OUTAGES:
            self.sweepers[0].call(f"{WORLD}:sweep", now=f"{day}T09:00:00+00:00")

    def _sweep(self, day, *, left):
        """Sweep twice at once, kill one of them perhaps, and sweep once more an hour later."""
        for hand in self.sweepers:
            hand.begin(f"{WORLD}:sweep", now=f"{day}T09:00:00+00:00")
        victim = None
        if self.chance.random() < 1.5 * (self.kills - self.killed) / left:
            victim = self.chance.randrange(2)
            time.sleep(self.chance.random() * 0.03)
            self.sweepers[victim].kill()
            self.killed += 1
        for place, hand in enumerate(self.sweepers):
            if place != victim:
                hand.answer()
        if victim is not None:
            self.sweepers[victim] = self.site.hand()
            self.sweepers[victim].call(f"{WORLD}:sweep", now=f"{day}T10:00:00+00:00")


def _is_holiday(day):
    return day == date(2026, 8, 31)


@pytest.mark.parametrize(
    ("days", "lodged", "kills"),
    [
        (84, 1, 10),
        pytest.param(84, 24, 60, marks=[pytest.mark.long, pytest.mark.timeout(3600)]),
    ],
    ids=["short", "long"],
)
def test_everybody_is_reminded_once_on_the_day_whatever_dies(install, days, lodged, kills):
    landlord = Landlord(install(), kills=kills)

    found = landlord.live_through(days=days, lodged=lodged, rebuild_every=17)

    assert (found["extra"], found["missing"]) == ([], [])
    assert (found["doubled"], found["late"], found["untold"]) == (0, 0, 0)
    assert found["alerts"] > 2 * days
    print(  # noqa: T201  the proof's result line
        f"PROMISE P6 PASS days={days} complaints={days * lodged} kills={landlord.killed} "
        f"outages=2x48h alerts={found['alerts']} messages={found['messages']} extra=0 missing=0"
    )


def test_without_the_unique_constraint_people_are_reminded_twice(install):
    landlord = Landlord(install(), kills=0)
    landlord.worker.call(f"{WORLD}:drop_the_constraint")

    found = landlord.live_through(days=21, lodged=2, rebuild_every=9)

    assert found["doubled"] > 0
