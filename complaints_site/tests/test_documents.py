"""What the documents name exists, and what exists and matters is in the documents."""

import csv
import io
import re

import pytest
from django.conf import settings
from django.core.management import call_command, get_commands
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from cases.models import Complaint
from cases.rules.events import IMPORTABLE
from cases.rules.old_rows import COLUMNS
from cases.rules.procedure_files import shipped_codes
from cases.rules.roles import Role
from complaints_site.demonstration.people import COLLEAGUES, EMAIL
from complaints_site.tests.installation import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
pytestmark = pytest.mark.one_database
every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
OPERATORS = ROOT / "docs" / "operators.md"
# Files that a running installation makes, and what other people's software brings.
MADE_LATER = (".env", ".venv", "var", "DATA_DIR")


def text_of(path):
    """Return the text of a document."""
    return path.read_text(encoding="utf-8")


def code_in(text):
    """Return what is set as code: between backticks, fenced, or indented."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    plain = re.sub(r"^```\w*\n.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    indented = re.findall(r"^ {4}(.*)$", plain, re.MULTILINE)
    return [*fenced, *indented, *(" ".join(found.split()) for found in _quoted(plain))]


def _quoted(plain):
    return re.findall(r"`([^`]+)`", plain)


def _is_made_later(name):
    return name.split("/")[0] in MADE_LATER


def anchor(heading):
    """Return the anchor by which a heading is linked to."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


@every_document
def test_every_link_within_the_documents_leads_somewhere(path):
    for target in re.findall(r"\]\(([^)]+)\)", text_of(path)):
        if target.startswith("https://"):
            continue
        name, _, section = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        assert there.exists(), target
        if section:
            headings = re.findall(r"^#+ (.+)$", text_of(there), re.MULTILINE)
            assert section in {anchor(heading) for heading in headings}, target


@every_document
def test_every_command_that_is_named_exists(path):
    code = "\n".join(code_in(text_of(path)))

    named = set(re.findall(r"manage\.py ([a-z_]+)", code))

    assert named <= set(get_commands()), named - set(get_commands())


@every_document
def test_every_make_target_that_is_named_exists(path):
    makefile = text_of(ROOT / "Makefile")
    targets = set(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split())

    named = set(re.findall(r"\bmake ([a-z]+)", "\n".join(code_in(text_of(path)))))

    assert named <= targets, named - targets


@every_document
def test_every_address_of_the_site_that_is_named_exists(path):
    for code in code_in(text_of(path)):
        if re.fullmatch(r"/([a-z-]+/)*([a-z-]+)?", code) and not code.startswith(
            ("/dev", "/backups")
        ):
            # The address alone says in which language a page speaks, so it is asked for in that.
            tag = code.split("/", 2)[1]
            spoken = tag if tag in settings.PUBLIC_LANGUAGES else settings.LANGUAGE_CODE
            try:
                with translation.override(spoken):
                    resolve(code)
            except Resolver404:
                pytest.fail(f"{code} is no page.")


@every_document
def test_every_file_that_is_named_exists(path):
    for code in code_in(text_of(path)):
        name = code.rstrip("/")
        if not re.fullmatch(r"[\w.*-]+(/[\w.*-]+)*", name) or _is_made_later(name):
            continue
        is_path = "/" in code or re.search(r"\.(md|toml|yaml|py|txt|example|importlinter)$", name)
        if is_path:
            roots = (ROOT, ROOT / "cases", ROOT / "cases" / "rules", ROOT / "docs")
            assert any(list(root.glob(name)) for root in roots), code


@every_document
def test_no_document_tells_of_a_place_outside_the_project(path):
    found = re.findall(r"/(?:work|tmp|root|home)/\S*", text_of(path))

    assert found == []


def test_every_document_is_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        for target in re.findall(r"\]\(([^)#]+)", text_of(path)):
            there = (path.parent / target).resolve()
            if there.is_dir():
                waiting += there.glob("*.md")
            elif there.suffix == ".md" and there.exists():
                waiting.append(there)

    assert reached == set(DOCUMENTS)


def test_the_guide_for_operators_explains_every_setting_of_the_example_and_no_other():
    table = text_of(OPERATORS).split("## Every setting")[1].split("\n## ")[0]
    explained = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)

    example = text_of(ROOT / ".env.example")
    listed = re.findall(r"^(\w+)=", example, re.MULTILINE)

    assert sorted(explained) == sorted(listed)


def test_the_readme_names_every_command_of_ours():
    ours = {
        path.stem
        for app in ("cases", "complaints_site")
        for path in (ROOT / app / "management" / "commands").glob("[a-z]*.py")
    }
    table = text_of(ROOT / "README.md").split("## Commands")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]

    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == ours


def test_the_readme_names_the_procedures_that_ship_and_a_log_in_for_each_role():
    readme = text_of(ROOT / "README.md")
    domain = EMAIL.partition("@")[2]
    log_ins = set(re.findall(r"`([\w.]+)@…`", readme))
    people = {each.email.partition("@")[0]: each for each in COLLEAGUES}

    assert f"`@{domain}`" in readme
    assert log_ins <= set(people)
    assert {role for name in log_ins for role, _ in people[name].roles} == set(Role)
    for code in shipped_codes():
        assert f"`{code}`" in readme


def test_the_guide_for_operators_tells_of_every_job_and_how_often_it_looks(settings):
    table = text_of(OPERATORS).split("## What runs in the background")[1]
    told = dict(re.findall(r"^\| ([a-z ]+) \| (\d* ?[a-z]+) \|", table, re.MULTILINE))
    told.pop("job", None)

    def seconds(words):
        count, _, unit = words.rpartition(" ")
        return int(count or 1) * {"s": 1, "m": 60}[unit[0]]

    assert {name: seconds(words) for name, words in told.items()} == {
        name: line["schedule"].total_seconds()
        for name, line in settings.CELERY_BEAT_SCHEDULE.items()
    }


def test_the_decisions_are_numbered_without_a_gap():
    paths = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    for number, path in enumerate(paths, 1):
        assert path.name.startswith(f"{number:04}-"), path.name
        assert text_of(path).startswith(f"# {number}. "), path.name
        headings = re.findall(r"^## (.+)$", text_of(path), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], path.name


@pytest.mark.django_db
def test_the_example_of_old_cases_is_imported_as_the_guide_says(tmp_path):
    (example,) = re.findall(r"^```csv\n(.*?)^```", text_of(OPERATORS), re.MULTILINE | re.DOTALL)
    file = tmp_path / "old.csv"
    file.write_text(example, encoding="utf-8")
    call_command(
        "set_up", name="Homes", nation="scotland", procedure="code-2024", stdout=io.StringIO()
    )

    said = io.StringIO()
    call_command("import_complaints", str(file), procedure="herefordshire", stdout=said)

    rows = list(csv.DictReader(io.StringIO(example)))
    assert f"Imported {len(rows)} events: 2 new complaints" in said.getvalue()
    resolved, answered = Complaint.objects.order_by("reference")
    assert (resolved.stage, answered.stage) == ("initial", "stage-1")
    assert [
        deadline.state for deadline in answered.deadlines.filter(stage="stage-1", is_window=False)
    ] == ["met_late", "met"]


def test_the_events_and_columns_of_an_import_are_all_in_the_guide():
    guide = " ".join(text_of(OPERATORS).split())

    assert f"`{', '.join(COLUMNS)}`" in guide
    told = guide.split("- Events: ")[1].split("- ")[0]
    listed = [code for codes in re.findall(r"`([^`]+)`", told) for code in codes.split(", ")]
    assert sorted(listed) == sorted(kind.value for kind in IMPORTABLE)


@pytest.mark.parametrize(
    ("page", "given"),
    [
        ("feedback:track-link", ["x"]),
        ("feedback:consent", ["x"]),
        ("feedback:asked", ["x"]),
        ("feedback:survey", ["x"]),
        ("cases:calendar-feed", ["x"]),
        ("cases:choose-password", ["x", "x"]),
    ],
)
def test_the_proxy_of_the_guide_notes_no_address_that_is_a_key(page, given):
    [left_out] = re.findall(r'"~(\S+)" +0;', text_of(OPERATORS))

    assert re.search(left_out, f"{reverse(page, args=given)} -")
    assert re.search(
        left_out, f"/static/house.css https://landlord.example{reverse(page, args=given)}"
    )
    assert not re.search(left_out, f"{reverse('feedback:start')} {reverse('cases:sign-in')}")


def test_every_promise_that_is_tested_is_told_with_files_that_test_it():
    told = dict(
        re.findall(r"^\| (P\d+) \|.*\| ([^|]+) \|$", text_of(ROOT / "docs" / "promises.md"), re.M)
    )
    marked = {}
    for path in ROOT.glob("*/**/tests/**/*.py"):
        for number in re.findall(r'promise\("(P\d+)"\)', path.read_text(encoding="utf-8")):
            marked.setdefault(number, set()).add(str(path.relative_to(ROOT)))

    assert told.keys() == marked.keys()
    for number, places in told.items():
        for place in re.findall(r"`([^`]+)`", places):
            assert any(path.startswith(place) for path in marked[number]), (number, place)
