"""What tests of reporting share."""

from datetime import date

import pytest


@pytest.fixture
def lodged(house):
    """One complaint received on 20 April, and one on 11 May."""
    return [house.lodge(on=date(2026, 4, 20)), house.lodge(on=date(2026, 5, 11))]
