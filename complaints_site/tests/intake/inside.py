"""What the proof asks of the installation itself."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from cases.models import StoredFile
from cases.operations.files import path_of
from cases.rules.roles import Role
from cases.tests.factories import ServiceAreaFactory, UserFactory
from feedback.operations.housekeeping import remove_orphans, remove_strays


def files_that_differ() -> list[str]:
    """Return the keys of stored files whose bytes are not those that their rows tell of."""
    return [
        file.key
        for file in StoredFile.objects.all()
        if not path_of(file.key).exists()
        or hashlib.sha256(path_of(file.key).read_bytes()).hexdigest() != file.sha256
    ]


def orphans() -> dict[str, Any]:
    """Return how many files belong to nothing, and how many of them are older than an hour."""
    now = timezone.now()
    rows = StoredFile.objects.filter(complaint__isnull=True, form_file__isnull=True)
    known = set(StoredFile.objects.values_list("key", flat=True))
    strays = [path for path in Path(settings.MEDIA_ROOT).glob("??/*") if path.name not in known]
    hour_ago = now - timedelta(hours=1)
    return {
        "rows": rows.count(),
        "strays": len(strays),
        "old": rows.filter(stored_at__lt=hour_ago).count()
        + sum(path.stat().st_mtime < hour_ago.timestamp() for path in strays),
    }


def clear_up_tomorrow() -> dict[str, Any]:
    """Clear up as the task will in a day, and return what belongs to nothing then."""
    tomorrow = timezone.now() + timedelta(hours=25)
    remove_orphans(now=tomorrow)
    remove_strays(now=tomorrow)
    return orphans()


def somebody_at_the_desk() -> dict[str, str]:
    """Let a colleague begin to work, and return the cookie that shows who they are, and today."""
    colleague = UserFactory(roles=[(Role.FRONT_LINE, ServiceAreaFactory())])
    client = Client()
    client.force_login(colleague)
    name = settings.SESSION_COOKIE_NAME
    today = timezone.localdate().isoformat()
    return {"name": name, "value": client.cookies[name].value, "today": today}
