"""Measures the site with one number of complaints; started for each by the bench."""

import sys
import time
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from cases.rules.periods import london_day  # noqa: E402
from complaints_site.tests.bench.filling import Filling, fill  # noqa: E402
from complaints_site.tests.bench.people import hire  # noqa: E402


def main(count: int) -> None:
    """Fill the database and measure."""
    call_command("migrate", verbosity=0)
    now = timezone.now()
    today = london_day(now)
    began = time.monotonic()
    staff = hire(now=now - timedelta(days=3_000), today=today)
    fill(Filling(count, staff, today, now))
    sys.stdout.write(f"filled {count:,} in {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
