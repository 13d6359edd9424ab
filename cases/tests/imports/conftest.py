"""A folder for files of old cases."""

import pytest

from cases.tests.imports.files import Files


@pytest.fixture
def files(house, tmp_path) -> Files:
    """Return a folder whose files a landlord imports and exports."""
    return Files(tmp_path)
