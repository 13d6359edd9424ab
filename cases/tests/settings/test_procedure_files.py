"""Procedures changed and added as files, by administrators."""

import re

import pytest

from cases.errors import ActionNotAllowed, ProcedureInvalid
from cases.models import Procedure, ProcedureVersion
from cases.operations.procedures import (
    add_procedure,
    begin_draft,
    change_draft,
    discard_draft,
    publish_draft,
)
from cases.rules.procedure_files import read_procedure, read_shipped
from cases.rules.procedure_text import procedure_text
from cases.selectors.procedures import procedure_lines
from cases.tests.settings.conftest import NOW

ADD = "/settings/procedures/add/"
FILE = "/settings/procedures/code-2024/draft/file/"


def ours(**changed) -> dict:
    """Return a procedure of the landlord's own."""
    return {**read_shipped("code-2024"), "code": "ours", "name": "Our own", **changed}


@pytest.fixture
def draft(house, admin) -> ProcedureVersion:
    """Return a draft of the procedure that runs."""
    version = ProcedureVersion.objects.get(procedure__code="code-2024")
    return begin_draft(version_id=version.pk, by=admin, now=NOW)


def with_another_promise() -> dict:
    """Return the procedure that runs with one promise more, which no page could add."""
    words = read_shipped("code-2024")
    [first, *_] = words["stage"]
    visit = {
        "code": "visit",
        "words": "Visit the customer",
        "starts_at": ["acknowledged", "due:acknowledge"],
        "period": "3 working days",
        "met_by": ["contacted"],
        "binds": "responsible_officer",
    }
    return {
        **words,
        "stage": [
            {**first, "timescale": [*first["timescale"], visit]},
            *words["stage"][1:],
        ],
    }


def test_a_promise_is_added_to_the_draft_as_a_file(draft, administrator):
    shown = administrator.get(FILE).content.decode()
    assert "[[stage]]" in shown

    text = procedure_text(with_another_promise())
    [seen] = re.findall(r'name="seen" value="(\d+)"', shown)
    saved = administrator.post(FILE, {"text": text, "seen": seen})

    assert saved.url == "/settings/procedures/code-2024/draft/"

    draft.refresh_from_db()
    assert [each.code for each in draft.terms.stages[0].timescales][-1] == "visit"
    page = administrator.get("/settings/procedures/code-2024/draft/").content.decode()
    assert "Visit the customer" in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = \nx = 1", "at line 1"),
        ('name = "x"\n[[stage]\n', "at line 2"),
        ("name = 2026-01-01", "words and whole numbers"),
        ("limit = nan", "words and whole numbers"),
        ('name = "a\\u0000b"', "cannot be stored"),
        ('name = "x"', "is missing"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_and_the_file_kept(draft, administrator, text, said):
    before = draft.terms_words

    response = administrator.post(FILE, {"text": text, "seen": ""})

    content = response.content.decode()
    assert response.status_code == 422
    assert said in content
    assert text.splitlines()[0].replace('"', "&quot;") in content
    draft.refresh_from_db()
    assert draft.terms_words == before


def test_a_draft_does_not_become_another_procedure(draft, admin):
    with pytest.raises(ProcedureInvalid, match="stays so"):
        change_draft(
            procedure_id=draft.procedure_id, change=lambda _: ours(), by=admin, now=NOW, seen=None
        )


def test_a_procedure_of_the_landlords_own_is_added_published_and_shown(house, administrator, admin):
    response = administrator.post(ADD, {"text": procedure_text(ours())})

    assert response.url == "/settings/procedures/ours/draft/"
    assert administrator.get("/settings/procedures/ours/").url == response.url
    assert "Not published" in administrator.get("/settings/procedures/").content.decode()
    procedure = Procedure.objects.get(code="ours")
    publish_draft(procedure_id=procedure.pk, effective_on=NOW.date(), by=admin, now=NOW, seen=None)
    assert administrator.get("/settings/procedures/ours/").status_code == 200


@pytest.mark.parametrize(
    "code", ["Ours", "our own", "-ours", "ours-", "", "ours\n", "o" * 61, "../ours"]
)
def test_a_code_that_is_none_is_refused(house, admin, code):
    with pytest.raises(ProcedureInvalid, match="small letters"):
        add_procedure(ours(code=code), by=admin, now=NOW)

    assert not Procedure.objects.filter(name="Our own").exists()


def test_a_procedure_that_is_there_is_not_added_again(house, admin):
    with pytest.raises(ActionNotAllowed, match="already"):
        add_procedure(ours(code="code-2024"), by=admin, now=NOW)


def test_a_procedure_that_was_only_a_draft_is_gone_when_that_is_thrown_away(
    house, administrator, admin
):
    draft = add_procedure(ours(), by=admin, now=NOW)

    response = administrator.post("/settings/procedures/ours/draft/discard/", {"sure": "yes"})

    assert response.url == "/settings/procedures/"
    assert not Procedure.objects.filter(pk=draft.procedure_id).exists()
    assert all(line.procedure.code != "ours" for line in procedure_lines(today=NOW.date()))
    add_procedure(ours(), by=admin, now=NOW)


def test_a_draft_of_a_published_procedure_is_thrown_away_alone(draft, admin):
    discard_draft(procedure_id=draft.procedure_id, by=admin, now=NOW)

    assert Procedure.objects.filter(code="code-2024").exists()


@pytest.mark.parametrize(
    "code", ["code-2024", "first-ark-panel", "herefordshire", "kht-three-stage", "livv-two-stage"]
)
def test_what_is_saved_as_a_file_is_read_again(code):
    words = read_shipped(code)

    assert read_procedure(procedure_text(words)) == words
