"""What the procedures' letters name."""

from datetime import date

import pytest

from cases.models import OutsideBodyDetails


@pytest.fixture
def house(house):
    """Return a landlord that knows how to reach the Ombudsman."""
    OutsideBodyDetails.objects.create(
        code="ombudsman",
        name="Housing Ombudsman Service",
        from_on=date(2000, 1, 1),
        telephone="0300 111 3000",
    )
    return house
