"""Lines of the log say what failed and where, and nothing that anybody wrote."""

import io
import logging

import pytest
from django.conf import settings
from django.db import DatabaseError

from complaints_site.logs import WithoutWords

pytestmark = pytest.mark.one_database
NAME = "Gareth Evans"


@pytest.fixture
def written():
    """A logger, and what it writes."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(WithoutWords("{name} {message}", style="{"))
    loggers = [logging.Logger("cases.operations"), logging.Logger("celery.app.trace")]
    for logger in loggers:
        logger.addHandler(handler)
    return *loggers, out


def refuse():
    """Fail as a database does, quoting what it was given."""
    raise DatabaseError(f"Key (name)=({NAME}) exists already.")


def test_a_failure_is_told_by_its_kind_and_place_and_not_by_its_words(written):
    ours, _, out = written
    try:
        try:
            refuse()
        except DatabaseError as error:
            raise ValueError(f"{NAME} cannot be added") from error
    except ValueError:
        ours.exception("A customer was not added")

    said = out.getvalue()
    assert NAME not in said
    assert said.startswith("cases.operations A customer was not added\n")
    assert said.index("django.db.utils.DatabaseError") < said.index("builtins.ValueError")
    assert "in refuse" in said


def test_a_failure_that_hides_another_is_told_alone(written):
    ours, _, out = written
    try:
        try:
            refuse()
        except DatabaseError:
            raise ValueError(NAME) from None
    except ValueError:
        ours.exception("Failed")

    assert "DatabaseError" not in out.getvalue()
    assert NAME not in out.getvalue()


def test_a_task_that_failed_is_told_without_what_celery_quotes_of_it(written):
    _, celerys, out = written
    try:
        refuse()
    except DatabaseError as error:
        celerys.exception("Task %s raised unexpected: %r", "cases.sweep", error)

    assert out.getvalue().startswith("celery.app.trace A task failed\n")
    assert NAME not in out.getvalue()


def test_what_another_formatter_wrote_down_is_not_repeated(written):
    ours, _, out = written
    plain = logging.StreamHandler(io.StringIO())
    ours.handlers.insert(0, plain)
    try:
        refuse()
    except DatabaseError:
        ours.exception("Failed")

    assert NAME in plain.stream.getvalue()
    assert NAME not in out.getvalue()


def test_the_settings_write_the_log_in_this_way():
    (handler,) = settings.LOGGING["handlers"].values()
    formatter = settings.LOGGING["formatters"][handler["formatter"]]

    assert formatter["()"] == "complaints_site.logs.WithoutWords"


@pytest.mark.promise("P14")
@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/track/link/c2VjcmV0-1/", "/track/link/(not-kept)/"),
        ("/cy/track/link/c2VjcmV0-1/", "/cy/track/link/(not-kept)/"),
        ("/track/letter/c2VjcmV0-1/", "/track/letter/(not-kept)/"),
        ("/cy/track/letter/c2VjcmV0-1/not-mine/", "/cy/track/letter/(not-kept)/not-mine/"),
        ("/consent/c2VjcmV0-1/", "/consent/(not-kept)/"),
        ("/asked/c2VjcmV0-1/", "/asked/(not-kept)/"),
        ("/survey/c2VjcmV0-1/", "/survey/(not-kept)/"),
        ("/surveys/c2VjcmV0-1/", "/surveys/(not-kept)/"),
        ("/surveys/letters/", "/surveys/letters/"),
        ("/surveys/", "/surveys/"),
        ("/sign-in/choose-password/MQ/c2VjcmV0-1/", "/sign-in/choose-password/MQ/(not-kept)/"),
        ("/calendar/c2VjcmV0-1.ics", "/calendar/(not-kept).ics"),
        ("/consent/thanks/", "/consent/thanks/"),
        ("/settings/calendar/closure/", "/settings/calendar/closure/"),
    ],
)
def test_what_opens_a_page_is_left_out_of_its_address(written, path, kept):
    ours, _, out = written

    ours.warning("Not Found: %s", path)

    assert out.getvalue() == f"cases.operations Not Found: {kept}\n"
