"""A form that is sent twice, or ten times at the same moment, logs one thing."""

import pytest

pytestmark = pytest.mark.servers


def test_of_a_form_that_arrives_ten_times_at_once_one_thing_is_logged(install):
    found = install().hand().call("cases.tests.log.sending:send_at_once", times=10)

    counts = (found["complaints"], found["requests"], found["forms"], found["receipts"])
    assert counts == (1, 1, 2, 1)
    assert found["customers"] == 2
    assert found["answers"] == found["keys"]
