"""The quick clock, in a process whose own clock goes ahead by CLOCK_AHEAD seconds."""

import os
from datetime import UTC, datetime, timedelta

import time_machine

from complaints_site.tests.quick_clock import *  # noqa: F403

_AHEAD = timedelta(seconds=float(os.environ["CLOCK_AHEAD"]))
time_machine.travel(datetime.now(UTC) + _AHEAD, tick=True).start()
