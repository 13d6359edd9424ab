"""What makes logging quick changes nothing of what is logged, asked or shown."""

import re
from datetime import timedelta

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.db import IntegrityError
from django.utils.safestring import mark_safe

from cases.errors import ActionNotAllowed
from cases.forms import printing
from cases.forms.layout import HouseForm
from cases.forms.log import LogForm
from cases.models import (
    Adoption,
    CalendarEdition,
    LoggedForm,
    Procedure,
    ProcedureVersion,
    ServiceArea,
)
from cases.operations.inserting import insert, insert_unless_taken
from cases.operations.lodge import Lodging, lodge_complaint
from cases.rules.roles import Role
from cases.selectors.running import current_edition, in_force_on, procedure_on, version_in_force
from cases.tests.factories import CategoryFactory, CustomerFactory
from cases.tests.log.conftest import NOW, TODAY, filled

pytestmark = pytest.mark.django_db
URL = "/log/"


@pytest.fixture
def adviser(house, browse):
    """The browser of somebody at the front line."""
    return browse(house[Role.FRONT_LINE])


# What runs on a day -------------------------------------------------------------------------------


def publish(procedure: Procedure, number: int, **changes) -> ProcedureVersion:
    """Publish another version with the terms of the first."""
    terms = ProcedureVersion.objects.order_by("pk").first().terms_words
    return ProcedureVersion.objects.create(
        procedure=procedure, number=number, terms_words=terms, **changes
    )


@pytest.mark.parametrize("days", [-4_000, -11, -10, -1, 0, 9, 10, 400])
def test_what_runs_on_a_day_is_asked_in_one_query(house, days, django_assert_num_queries):
    first = procedure_on(TODAY)
    publish(first, 7, effective_on=TODAY - timedelta(days=10), published_at=NOW)
    publish(first, 8, effective_on=TODAY - timedelta(days=10), published_at=NOW)
    publish(first, 9, effective_on=TODAY - timedelta(days=5))
    another = Procedure.objects.create(code="another", name="Another")
    publish(another, 1, effective_on=TODAY + timedelta(days=20), published_at=NOW)
    Adoption.objects.create(procedure=another, from_on=TODAY + timedelta(days=10))
    day = TODAY + timedelta(days=days)
    in_force_on(day)

    with django_assert_num_queries(1):
        found = in_force_on(day)

    assert found.version == version_in_force(procedure_on(day), day)
    assert found.version.procedure == procedure_on(day)
    assert found.version.terms == version_in_force(procedure_on(day), day).terms
    assert found.edition == current_edition().pk


def test_a_procedure_without_a_published_version_runs_for_nothing(house):
    Adoption.objects.create(
        procedure=Procedure.objects.create(code="another", name="Another"), from_on=TODAY
    )

    with pytest.raises(ActionNotAllowed, match="No version of “Another” is published"):
        in_force_on(TODAY)


@pytest.mark.parametrize(("gone", "why"), [(Adoption, "no procedure"), (CalendarEdition, "no cal")])
def test_nothing_runs_before_the_landlord_is_set_up(gone, why):
    assert not gone.objects.exists()
    if gone is CalendarEdition:
        procedure = Procedure.objects.create(code="one", name="One")
        Adoption.objects.create(procedure=procedure, from_on=TODAY)
        ProcedureVersion.objects.create(
            procedure=procedure, number=1, effective_on=TODAY, terms_words={}, published_at=NOW
        )

    with pytest.raises(ActionNotAllowed, match=why):
        in_force_on(TODAY)


# Adding rows --------------------------------------------------------------------------------------


def test_a_row_is_added_once_under_its_key(house):
    by = house[Role.FRONT_LINE]
    words = 'it\'s 100%s "sure" ; --'

    first = LoggedForm(key=words, by=by, at=NOW)
    second = LoggedForm(key=words, by=by, at=NOW)

    assert insert_unless_taken(first)
    assert not insert_unless_taken(second)
    assert second.pk is None
    assert LoggedForm.objects.get().key == words
    assert LoggedForm.objects.get() == first


def test_rows_added_together_have_their_own_keys(house):
    areas = [CategoryFactory.build(name=name, code=name) for name in ("one", "two", "three")]

    insert(*areas)

    assert [type(each).objects.get(pk=each.pk).name for each in areas] == ["one", "two", "three"]


def test_nothing_to_add_is_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert()


def test_two_complaints_never_have_one_reference(house):
    lodging = Lodging(
        customer_id=CustomerFactory().pk,
        channel="phone",
        received_on=TODAY,
        summary="The lift.",
        reference="ABCD-EFGH",
    )
    lodge_complaint(lodging, by=None, now=NOW, needs_triage=True)

    with pytest.raises(IntegrityError):
        lodge_complaint(lodging, by=None, now=NOW, needs_triage=True)


# The page -----------------------------------------------------------------------------------------


def printed(client, path: str = URL) -> str:
    """Return the page without what is another each time."""
    page = client.get(path).content.decode()
    return re.sub(r'name="(key|csrfmiddlewaretoken)" value="[^"]*"', "", page)


def test_the_page_is_the_same_whether_its_questions_were_printed_before(
    adviser, house, monkeypatch
):
    house.lodge(customer=CustomerFactory(name="Agnes Moyo"))
    paths = [URL, f"{URL}?find=moyo", URL, f"{URL}?find=moyo"]
    kept = [printed(adviser, path) for path in paths]

    monkeypatch.setattr(LogForm, "is_printed_once", False)

    assert kept == [printed(adviser, path) for path in paths]
    assert "Agnes Moyo" not in kept[2]


def test_what_was_typed_is_not_kept_in_memory(adviser, house):
    printing._printed.clear()
    house.lodge(customer=CustomerFactory(name="Agnes Moyo"))
    for button in ({"look": "yes"}, {"check": "yes"}, {"check": "live"}, {"words": ""}):
        adviser.post(URL, filled(name="Bertha Typed", find="Moyo") | button)
    adviser.get(f"{URL}?find=Moyo")
    adviser.get(URL)

    kept = repr(printing._printed)

    assert "Log it" not in kept
    assert "What they say, in their words" in kept
    assert not any(word in kept for word in ("Typed", "Moyo", "7 Chandlers"))


def test_what_is_new_to_choose_is_offered_at_once(adviser, house):
    printed(adviser)
    area = ServiceArea.objects.first()
    ServiceArea.objects.filter(pk=area.pk).update(name="Lifts & <doors>")

    assert "Lifts &amp; &lt;doors&gt;" in printed(adviser)


class Asked(HouseForm):
    """One question, printed once for each hint."""

    is_printed_once = True
    name = forms.CharField()


def asked(hint: str) -> str:
    """Return the form with this hint as it is printed."""
    form = Asked()
    form.field("name").help_text = hint
    return render_crispy_form(form)


def test_safe_words_are_not_taken_for_the_same_words_that_have_to_be_escaped():
    assert "&lt;b&gt;" in asked("<b>")
    assert "<b>" in asked(mark_safe("<b>"))
    assert "&lt;b&gt;" in asked("<b>")
