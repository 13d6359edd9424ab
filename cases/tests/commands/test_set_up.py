"""Setting a landlord up from the command line."""

import io

import pytest
from django.core.management import CommandError, call_command

from cases.models import Landlord


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize(
    ("typed", "given"),
    [("", {}), ("\n", {}), ("Homes\n1\n", {}), ("", {"name": "Homes", "nation": "scotland"})],
    ids=["at once", "after an empty line", "before the last question", "at the only question"],
)
def test_input_that_ends_before_the_last_answer_is_told_in_words(monkeypatch, typed, given):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))

    with pytest.raises(CommandError, match=r"The input ended .* Nothing was set up"):
        call_command("set_up", stdout=io.StringIO(), **given)

    assert not Landlord.objects.exists()
