"""What the proof asks of the installation itself."""

import hashlib
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from cases.models import OutboundMessage, ServiceArea, StoredFile, User
from cases.models.tracking import Proof
from cases.operations.files import path_of
from cases.operations.information import Question, ask_for_information
from cases.operations.lodge import Lodging, lodge_complaint
from cases.operations.tracking import hand_out_code, tracking_link
from cases.rules.roles import Role
from cases.tests.factories import CustomerFactory, ServiceAreaFactory, UserFactory
from feedback.operations.housekeeping import remove_orphans, remove_strays

LINK, QUESTION = re.compile(r"/track/link/[\w-]+/"), re.compile(r"/asked/[\w-]+/")


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


def complaints_with_doors(*, number: int) -> list[dict[str, str]]:
    """Return that many complaints, each with all by which somebody outside adds to it."""
    area = ServiceAreaFactory()
    officer = UserFactory(roles=[Role.RESPONSIBLE_OFFICER])
    return [_with_doors(officer, area, now=timezone.now()) for _ in range(number)]


def _with_doors(officer: User, area: ServiceArea, *, now: datetime) -> dict[str, str]:
    customer, today = CustomerFactory(), timezone.localdate(now)
    lodging = Lodging(
        customer_id=customer.pk,
        channel="post",
        received_on=today,
        summary="The lift is out of order.",
        area_id=area.pk,
        officer_id=officer.pk,
    )
    complaint = lodge_complaint(lodging, by=officer, now=now, needs_triage=False)
    question = Question("A contractor", "lifts@contractor.example", "When was it mended?", today)
    acting = {"complaint_id": complaint.pk, "by": officer, "now": now}
    asked = ask_for_information(question, **acting)
    email = OutboundMessage.objects.get(key=f"information:{asked.code}").body
    return {
        "reference": complaint.reference,
        "code": hand_out_code(proof=Proof.POST, **acting),
        "link": LINK.findall(tracking_link(complaint, to=customer.email, now=now))[0],
        "question": QUESTION.findall(email)[0],
    }
