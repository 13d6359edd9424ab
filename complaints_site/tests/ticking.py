"""A task that leaves a trace of every time it ran, and of the process that ran it."""

import os

from celery import shared_task
from django.utils import timezone

from cases.models import JobSlot


@shared_task(name="tests.tick", ignore_result=True)
def tick() -> None:
    """Leave a row."""
    now = timezone.now()
    JobSlot.objects.create(job=f"tick {os.getpid()}", slot=now.isoformat(), done_at=now)
