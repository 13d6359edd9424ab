"""A database is made in one step, and comes to be what it was made in many."""

import pytest
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader

pytestmark = pytest.mark.one_database


def test_a_database_made_at_once_is_the_one_that_was_made_step_by_step():
    at_once = MigrationLoader(None)
    step_by_step = MigrationLoader(None, replace_migrations=False)

    made, came_to_be = at_once.project_state(), step_by_step.project_state()

    assert len(at_once.graph.nodes) < len(step_by_step.graph.nodes)
    assert made.models.keys() == came_to_be.models.keys()
    assert MigrationAutodetector(came_to_be, made)._detect_changes() == {}
    assert MigrationAutodetector(made, came_to_be)._detect_changes() == {}
