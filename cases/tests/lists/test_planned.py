"""Plans that PostgreSQL keeps: where they are kept, and that nothing else is planned so."""

from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction

from cases.models import Complaint
from cases.selectors.planned import planned_once
from cases.selectors.prepared import Prepared

pytestmark = pytest.mark.django_db

KEPT = "SELECT 1 FROM cases_complaint WHERE id = %s AND reference <> 'kept'"


def is_postgresql():
    return connection.vendor == "postgresql"


def mode():
    """Return how the database plans now; what has no such setting always weighs."""
    if not is_postgresql():
        return "auto"
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        return cursor.fetchone()[0]


def plans_kept():
    if not is_postgresql():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%%''kept''%%' AND statement NOT LIKE '%%pg_prepared%%'"
        )
        return sum(generic for generic, _custom in cursor.fetchall())


def test_a_query_is_planned_once_for_all_values_and_the_next_one_is_weighed_again():
    for key in range(3):
        with planned_once() as cursor:
            cursor.execute(KEPT, [key])
            assert cursor.fetchall() == []

    assert plans_kept() == (3 if is_postgresql() else 0)
    assert mode() == "auto"


def test_a_query_that_fails_leaves_the_connection_as_it_was():
    before = getattr(connection.connection, "prepare_threshold", None)
    with pytest.raises(DatabaseError):  # noqa: SIM117  raised inside the transaction
        with transaction.atomic(), planned_once() as cursor:
            cursor.execute("SELECT nothing FROM nowhere_at_all")

    assert mode() == "auto"
    assert getattr(connection.connection, "prepare_threshold", None) == before


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_undone_afterwards_leaves_it_too():
    with suppress(ZeroDivisionError), transaction.atomic():
        with planned_once() as cursor:
            cursor.execute(KEPT, [1])
        raise ZeroDivisionError

    assert mode() == "auto"


def test_where_no_plan_may_be_kept_none_is(monkeypatch):
    if is_postgresql():
        monkeypatch.setattr(connection.connection, "prepare_threshold", None)

    with planned_once() as cursor:
        cursor.execute(KEPT, [1])

    assert plans_kept() == 0


def test_the_keys_of_a_list_are_answered_the_same_whichever_way_it_is_planned(house):
    complaint = house.lodge()
    rows = Complaint.objects.order_by("pk").values_list("pk", "reference")

    assert Prepared(rows, is_planned_once=True).rows() == Prepared(rows).rows()
    assert Prepared(rows).rows() == [(complaint.pk, complaint.reference)]
