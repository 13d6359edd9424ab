"""Every act asked for wherever a complaint may stand: shown, refused in words, never a failure."""

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cases.rules.acts import Act
from cases.rules.procedure_files import shipped_codes
from cases.rules.roles import AREA_ROLES, Role
from cases.tests.case_page.situations import NOW, Story
from cases.tests.factories import UserFactory

pytestmark = pytest.mark.one_database

PLACES = {
    "waits to be accepted": lambda house: Story(house, "code-2024", triaged=False),
    "answered": lambda house: Story(house, "code-2024").answered(),
    "closed": lambda house: Story(house, "code-2024").closed(),
    "annulled": lambda house: Story(house, "code-2024").annulled(),
    "outside": lambda house: Story(house, "code-2024").outside(),
    "asked for the next stage": lambda house: Story(house, "first-ark-panel").answered().asked(),
    "before the panel": lambda house: Story(house, "herefordshire").before_the_panel(),
    "arranged": lambda house: Story(house, "herefordshire").arranged(),
    "heard": lambda house: Story(house, "herefordshire").heard(),
    **{
        f"just received, {code}": lambda house, code=code: Story(house, code)
        for code in shipped_codes()
    },
}


@pytest.mark.parametrize("place", list(PLACES))
def test_no_act_fails_where_it_does_not_belong(house, place):
    with time_machine.travel(NOW, tick=False):
        complaint = PLACES[place](house).complaint
        areas = {role: house.directorate for role in AREA_ROLES}
        client = Client(raise_request_exception=False)
        client.force_login(UserFactory(roles=[(role, areas.get(role)) for role in Role]))
        failed = []
        for act in Act:
            path = reverse(f"cases:{act.value}", args=[complaint.reference])
            for method, sent in (("get", {}), ("post", {"seen": str(complaint.version)})):
                with transaction.atomic():
                    status = getattr(client, method)(path, sent).status_code
                    transaction.set_rollback(True)
                failed += [f"{method} {act.value}: {status}"] if status >= 500 else []

    assert failed == []
