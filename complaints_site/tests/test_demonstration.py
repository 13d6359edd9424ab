"""The invented landlord."""

from datetime import UTC, datetime

import pytest

from cases.models import Complaint, User
from cases.rules.roles import Role
from complaints_site.demonstration.fill import fill


@pytest.mark.django_db
@pytest.mark.parametrize(
    "day", [datetime(2026, 11, 22, 20, tzinfo=UTC), datetime(2027, 1, 4, 9, tzinfo=UTC)]
)
def test_the_demonstration_fills_itself_on_any_day(day):
    fill(procedure="code-2024", now=day)

    assert Complaint.objects.filter(needs_triage=True).exists()
    assert Complaint.objects.filter(stage="stage-2").exists()
    assert Complaint.objects.filter(ombudsman_on__isnull=False).exists()
    assert not Complaint.objects.filter(last_event_at__gt=day).exists()


@pytest.mark.django_db
def test_the_demonstration_has_somebody_in_every_role():
    fill(procedure="code-2024", now=datetime(2026, 11, 22, 20, tzinfo=UTC))

    held = set(User.objects.values_list("grants__role", flat=True))

    assert held >= {role.value for role in Role}
