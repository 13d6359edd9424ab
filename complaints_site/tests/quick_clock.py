"""The site's own settings with a clock that strikes every second, for tests of real beats."""

from datetime import timedelta

from complaints_site.settings import *  # noqa: F403
from complaints_site.settings import CELERY_BEAT_SCHEDULE as _SCHEDULE

CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": timedelta(seconds=1)} for name, entry in _SCHEDULE.items()
}
CELERY_BEAT_SCHEDULE["tick"] = {"task": "tests.tick", "schedule": timedelta(seconds=0.5)}
CELERY_BEAT_MAX_LOOP_INTERVAL = 0.5
CELERY_IMPORTS = ["complaints_site.tests.ticking"]
