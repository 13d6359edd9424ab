"""The background worker and its clock."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init
from django.core.exceptions import ImproperlyConfigured

from complaints_site.guard import refuse_to_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "complaints_site.settings")

app = Celery("complaints_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_what_is_not_safe(**_: Any) -> None:
    """Do no work where the web would not be served.

    Celery goes on after an ordinary error in here, so the process is told to end.

    :raises SystemExit: with every fault found.
    """
    try:
        refuse_to_start()
    except ImproperlyConfigured as faults:
        raise SystemExit(str(faults)) from None
