"""The contractors under Settings: added, renamed, retired and brought back."""

import pytest
from django.urls import reverse

from cases.models import Contractor, SettingsChange


@pytest.mark.one_database
def test_a_contractor_is_added_renamed_retired_and_brought_back(house, administrator):
    add = reverse("cases:contractor-add")
    administrator.post(add, {"name": "Lifts Ltd"})
    again = administrator.post(add, {"name": "lifts ltd"})
    row = Contractor.objects.get()
    administrator.post(reverse("cases:contractor", args=[row.code]), {"name": "Lifts plc"})
    retire = reverse("cases:contractor-retire", args=[row.code])
    retired = administrator.post(retire, {"to": "retire"}, follow=True).content.decode()
    back = administrator.post(retire, {"to": "back"}, follow=True).content.decode()

    assert "There is a contractor “Lifts Ltd” already." in again.content.decode()
    assert "No longer in use" in retired
    assert "“Lifts plc” is in use again." in back
    acts = SettingsChange.objects.filter(thing="contractor").order_by("pk")
    told = ["Added", "Renamed", "Retired", "Brought back"]
    assert list(acts.values_list("act", flat=True)) == told
