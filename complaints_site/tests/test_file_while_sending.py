"""A file added in one tab while the form is sent from another is never lost once it was taken."""

import pytest

pytestmark = pytest.mark.servers


def test_a_file_added_while_the_form_is_sent_is_refused_rather_than_lost(install):
    found = install().hand().call("feedback.tests.contests:add_while_sending")

    assert found == {"told": ["NothingToSend"], "sent": "accepted", "files": 0}
