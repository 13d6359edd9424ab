"""The deadline calculator on the command line."""

import csv
import io
import json
import os
import subprocess
import sys
from datetime import date, datetime

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from cases.errors import OutsideCalendar, WrongDate
from cases.rules.bank_holidays import Nation, national_calendar
from cases.rules.calculator import add_up, explain_sum, read_period, read_start
from cases.rules.periods import LONDON

HEADING = "id,from,period,roll\n"
CALENDAR = national_calendar(Nation.ENGLAND_AND_WALES)


def run(*arguments, given="", environment=None):
    """Run the command as a process, by default with nothing in its environment."""
    return subprocess.run(
        [sys.executable, settings.BASE_DIR / "manage.py", "deadline", *arguments],
        input=given.encode(),
        capture_output=True,
        env=environment or {"ENV_FILE": os.devnull},
        cwd=settings.BASE_DIR,
        timeout=60,
        check=False,
    )


def deadline(*arguments):
    """Return what the command writes to standard output and to standard error."""
    out, err = io.StringIO(), io.StringIO()
    call_command("deadline", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def due(start, period, *more):
    return deadline("--from", start, "--period", period, *more)[0].strip()


@pytest.fixture
def csv_file(tmp_path):
    """Return a function that writes rows under the heading and gives the file's path."""

    def write(*rows, heading=HEADING):
        path = tmp_path / "in.csv"
        path.write_text(heading + "".join(f"{row}\n" for row in rows))
        return str(path)

    return write


def test_with_an_empty_environment_it_prints_the_due_date_and_nothing_else():
    done = run("--from", "2026-12-24T16:00+00:00", "--period", "5 working days")

    assert (done.stdout, done.stderr, done.returncode) == (b"2027-01-05\n", b"", 0)


def test_it_asks_for_no_database():
    environment = {"ENV_FILE": os.devnull, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}

    done = run("--from", "2026-06-08", "--period", "1 working day", environment=environment)

    assert (done.stdout, done.returncode) == (b"2026-06-09\n", 0)


@pytest.mark.parametrize(
    "arguments", [("--from", "2026-06-08"), ("--nonsense",), ("--csv", "no-such-file.csv")], ids=str
)
def test_a_wrong_call_ends_with_2(arguments):
    done = run(*arguments)

    assert (done.stdout, done.returncode) == (b"", 2)
    assert done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--period", "5 working days"),
        ("--from", "2026-06-08", "--period", "5 moons"),
        ("--from", "8 June", "--period", "5 working days"),
        ("--from", "2026-06-08", "--period", "24 hours"),
        ("--from", "2011-12-31", "--period", "5 working days"),
        ("--from", "2011-12-31T23:30+00:00", "--period", "24 hours"),
        ("--csv", "-", "--json"),
        ("--csv", "-", "--period", "5 working days"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_worked_out_ends_with_2_and_no_output(arguments):
    out = io.StringIO()

    with pytest.raises(CommandError) as refused:
        call_command("deadline", *arguments, stdout=out)

    assert (out.getvalue(), refused.value.returncode) == ("", 2)


def test_a_nation_that_is_none_is_refused():
    with pytest.raises(CommandError, match="invalid choice"):
        deadline("--from", "2026-06-08", "--period", "5 working days", "--nation", "wales")


@pytest.mark.parametrize(
    ("start", "period", "more", "expected"),
    [
        ("2026-06-08", "1 working day", (), "2026-06-09"),
        # A time without an offset is London time; with one it is put into London time.
        ("2026-06-15T23:30", "5 working days", (), "2026-06-22"),
        ("2026-06-15T23:30Z", "5 working days", (), "2026-06-23"),
        ("2026-06-15T23:30+01:00", "5 working days", (), "2026-06-22"),
        ("2026-05-16", "14 calendar days", (), "2026-05-30"),
        ("2026-05-16", "14 calendar days", ("--roll",), "2026-06-01"),
        ("2026-05-09", "3 weeks", ("--roll",), "2026-06-01"),
        ("2026-04-30", "1 month", ("--roll",), "2026-06-01"),
        ("2026-05-08", "8 weeks", (), "2026-07-03"),
        ("2028-02-29", "12 months", (), "2029-02-28"),
        ("2026-10-24T15:00", "24 hours", (), "2026-10-25T14:00+00:00"),
        ("2026-06-08T15:00", "24 hours", (), "2026-06-09T15:00+01:00"),
        ("2026-06-08T15:00:30", "1 hour", (), "2026-06-08T16:00:30+01:00"),
        ("2026-04-02", "3 working days", ("--nation", "scotland"), "2026-04-08"),
        ("2026-03-16", "1 working day", ("--nation", "northern-ireland"), "2026-03-18"),
    ],
)
def test_it_prints_when_the_period_is_due(start, period, more, expected):
    assert due(start, period, *more) == expected


def test_explaining_follows_the_date():
    out, _ = deadline("--from", "2026-12-24", "--period", "2 working days", "--explain")

    assert out.splitlines() == [
        "2026-12-30",
        "2 working days from Thu 24 Dec 2026",
        "Thu 24 Dec 2026: day 0",
        "Fri 25 Dec 2026: not counted (Christmas Day)",
        "Sat 26 Dec 2026: not counted (Saturday)",
        "Sun 27 Dec 2026: not counted (Sunday)",
        "Mon 28 Dec 2026: not counted (Boxing Day (substitute day))",
        "Tue 29 Dec 2026: day 1",
        "Wed 30 Dec 2026: day 2",
    ]


def test_json_tells_due_provisional_and_explanation():
    out, err = deadline("--from", "2026-06-08", "--period", "1 working day", "--json")

    assert json.loads(out) == {
        "due": "2026-06-09",
        "provisional": False,
        "explanation": [
            "1 working day from Mon 8 Jun 2026",
            "Mon 8 Jun 2026: day 0",
            "Tue 9 Jun 2026: day 1",
        ],
    }
    assert err == ""


def test_beyond_the_published_holidays_the_date_is_provisional_with_a_warning():
    out, err = deadline("--from", "2028-12-20", "--period", "10 working days", "--json")

    assert json.loads(out)["due"] == "2029-01-08"
    assert json.loads(out)["provisional"] is True
    assert json.loads(out)["explanation"][-1].startswith("Provisional")
    assert "31 December 2028" in err


def test_rolling_where_nothing_rolls_is_said_and_changes_nothing():
    out, err = deadline("--from", "2026-06-12T10:00", "--period", "24 hours", "--roll")

    assert out == "2026-06-13T10:00+01:00\n"
    assert "rolling does not apply to hours" in err


def test_hours_over_a_clock_change_are_explained():
    out, _ = deadline("--from", "2026-10-24T15:00", "--period", "24 hours", "--explain")

    assert out.splitlines()[1:] == [
        "24 hours from Sat 24 Oct 2026 15:00 BST, in elapsed time: Sun 25 Oct 2026 14:00 GMT",
        "The clocks change in between; every hour that passes counts once.",
    ]


def test_a_file_of_periods_is_answered_row_by_row(csv_file):
    path = csv_file(
        "A,2026-12-24T16:00+00:00,5 working days,",
        "B,2026-05-16,14 calendar days,yes",
        "C,2026-05-16,14 calendar days,",
        '"D, the fourth",2026-10-24T15:00+01:00,24 hours,',
    )

    out, err = deadline("--csv", path)

    assert out == (
        'id,due\nA,2027-01-05\nB,2026-06-01\nC,2026-05-30\n"D, the fourth",2026-10-25T14:00+00:00\n'
    )
    assert err == ""


def test_a_file_comes_on_standard_input_too():
    done = run("--csv", "-", given=HEADING + "A,2026-06-08,1 working day,\n")

    assert (done.stdout, done.returncode) == (b"id,due\nA,2026-06-09\n", 0)


def test_a_nation_counts_for_the_whole_file(csv_file):
    out, _ = deadline("--csv", csv_file("A,2026-04-02,3 working days,"), "--nation", "scotland")

    assert out == "id,due\nA,2026-04-08\n"


def test_columns_may_stand_in_any_order_after_a_byte_order_mark(csv_file):
    path = csv_file("1 working day,x,2026-06-08,A", heading="\ufeffPeriod,Team,From,ID\n")

    assert deadline("--csv", path)[0] == "id,due\nA,2026-06-09\n"


def test_a_bad_row_is_named_and_nothing_is_written():
    rows = "A,2026-06-08,1 working day,\n\nB7,never,5 working days,\nC9,2026-06-08,24 hours,\n"

    done = run("--csv", "-", given=HEADING + rows)

    assert (done.stdout, done.returncode) == (b"", 2)
    told = done.stderr.decode().splitlines()
    assert told[0].startswith("row 4 (3 after the heading), id B7: “never” is not a date")
    assert told[1].startswith("row 5 (4 after the heading), id C9: 24 hours start at an instant")
    assert "2 of 3 rows" in told[2]


@pytest.mark.parametrize(
    "row",
    ["X,2026-06-08,5 working days,maybe", "X,2026-06-08,,", "X,,5 working days,", "X",
     "X,2010-01-01,5 working days,", "X,2026-06-08,9999 months,", "X,2011-12-31T10:00,24 hours,"],
)  # fmt: skip
def test_every_kind_of_bad_row_stops_the_file(csv_file, row):
    with pytest.raises(CommandError) as refused:
        deadline("--csv", csv_file(row))

    assert refused.value.returncode == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('B7,"2026-06-08,1 working day,', "id B7: That is not CSV"),
        ('B7,"2026-06-08"x,1 working day,', "id B7: That is not CSV"),
        ("B7,2026-06-08,1 working day,,more", "id B7: It has more cells"),
        (" ,2026-06-08,1 working day,", "id : It has no id"),
    ],
)
def test_a_row_that_is_no_row_is_named_and_nothing_is_written(row, said):
    done = run("--csv", "-", given=f"{HEADING}A,2026-06-08,1 working day,\n{row}\n")

    assert (done.stdout, done.returncode) == (b"", 2)
    told = done.stderr.decode().splitlines()
    assert told[0].startswith(f"row 3 (2 after the heading), {said}")
    assert "1 of 2 rows" in told[1]


@pytest.mark.parametrize("heading", ["id,when,period\n", "", "\n"])
def test_a_file_without_its_columns_is_refused(csv_file, heading):
    with pytest.raises(CommandError, match="lacks") as refused:
        deadline("--csv", csv_file("A,2026-06-08,1 working day", heading=heading))

    assert refused.value.returncode == 2


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00", HEADING.encode() + b'"A,2026-06-08\n'])
def test_a_file_that_is_no_csv_is_refused(tmp_path, raw):
    path = tmp_path / "in.csv"
    path.write_bytes(raw)

    with pytest.raises(CommandError) as refused:
        deadline("--csv", str(path))

    assert refused.value.returncode == 2


def test_a_heading_alone_is_answered_with_a_heading(csv_file):
    assert deadline("--csv", csv_file()) == ("id,due\n", "")


def test_provisional_rows_of_a_file_are_warned_of_once(csv_file):
    path = csv_file("A,2030-06-08,1 working day,", "B,2026-06-08,1 working day,")

    out, err = deadline("--csv", path)

    assert len(list(csv.reader(io.StringIO(out)))) == 3
    assert err.startswith("Warning for 1 of 2 rows.")


def test_a_time_in_the_hour_that_comes_twice_is_the_first_of_the_two():
    assert read_start("2026-10-25T01:30").utcoffset().total_seconds() == 3600


def test_a_period_that_ends_after_the_calendar_is_refused():
    with pytest.raises(OutsideCalendar):
        add_up(read_start("2100-12-31T20:00"), read_period("9000 hours", roll=False), CALENDAR)


@pytest.mark.parametrize("text", ["0001-01-01T00:00+10:00", "2026-13-01", "24/12/2026", ""])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(WrongDate):
        read_start(text)


def test_a_bare_date_and_a_time_on_that_day_are_explained_alike():
    period = read_period("2 working days", roll=False)

    by_day = explain_sum(add_up(date(2026, 6, 8), period, CALENDAR), CALENDAR)
    by_time = explain_sum(
        add_up(datetime(2026, 6, 8, 9, tzinfo=LONDON), period, CALENDAR), CALENDAR
    )

    assert by_day[1:] == by_time[1:]
