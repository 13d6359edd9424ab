"""Procedures changed and added as files, by administrators."""

import re
from copy import deepcopy
from dataclasses import replace

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
from cases.rules.procedure_changes import procedure_changes
from cases.rules.procedure_files import read_procedure, read_shipped, terms_from
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


@pytest.mark.rule("HH-14")
def test_what_the_letters_of_a_stage_say_is_ticked_in_the_draft(draft, administrator):
    url = "/settings/procedures/code-2024/draft/stage-1/"
    form = administrator.get(url).context["form"]
    asked = {name: form[name].value() for name in form.fields}
    assert (asked["defines"], asked["encloses_policy"]) == (True, False)
    assert "actions" in asked["answer_parts"]
    sent = {name: value for name, value in asked.items() if value and name != "defines"}

    saved = administrator.post(
        url, sent | {"encloses_policy": "on", "answer_says": "learnings\r\n\r\n what we change "}
    )

    assert saved.status_code == 302, saved.context["form"].errors
    draft.refresh_from_db()
    before = terms_from(read_shipped("code-2024")).stage("stage-1").letters
    assert draft.terms.stage("stage-1").letters == replace(
        before,
        acknowledgement_defines=False,
        acknowledgement_encloses_policy=True,
        answer_says=("learnings", "what we change"),
    )
    page = administrator.get("/settings/procedures/code-2024/draft/").content.decode()
    assert "The complaints policy goes with the acknowledgement." in page
    assert "outstanding actions; how and by when to go further; learnings; what we change." in page
    assert "The complaint need not be set out as Stage 1 is acknowledged." in page


def test_that_the_answer_is_in_writing_is_ticked_in_the_draft_and_told_among_the_changes(
    draft, administrator
):
    words = deepcopy(draft.terms_words)
    for promise in words["stage"][0]["timescale"]:
        promise.pop("in_writing", None)
    ProcedureVersion.objects.filter(pk=draft.pk).update(terms_words=words)
    url = "/settings/procedures/code-2024/draft/stage-1/"
    form = administrator.get(url).context["form"]
    asked = {name: value for name in form.fields if (value := form[name].value())}
    assert asked["answer_in_writing"] is True
    unticked = {name: value for name, value in asked.items() if name != "answer_in_writing"}

    administrator.post(url, unticked)

    draft.refresh_from_db()
    assert draft.terms.stage("stage-1").answer_in_writing is False
    told = "Stage 1, other terms, new: The answer is written only if the customer asks for it."
    shipped = terms_from(read_shipped("code-2024"))
    assert told in [str(each) for each in procedure_changes(shipped, draft.terms)]
    page = administrator.get("/settings/procedures/code-2024/draft/").content.decode()
    assert "The answer of Stage 1 need not be written." in page
    again = unticked | {"seen": administrator.get(url).context["form"]["seen"].value()}
    saved = administrator.post(url, again | {"answer_in_writing": "on"})
    assert saved.status_code == 302
    draft.refresh_from_db()
    assert "answer_in_writing" not in draft.terms_words["stage"][0]
    assert told not in [str(each) for each in procedure_changes(shipped, draft.terms)]


def test_a_stage_that_nobody_acknowledges_is_not_asked_about_it(house, admin, administrator):
    version = ProcedureVersion.objects.get(procedure__code="kht-three-stage")
    begin_draft(version_id=version.pk, by=admin, now=NOW)

    form = administrator.get("/settings/procedures/kht-three-stage/draft/stage-2/").context["form"]

    assert not {"defines", "encloses_policy"} & set(form.fields)
    assert "answer_parts" in form.fields


def test_a_phrase_named_like_a_part_is_refused_in_the_draft(draft, administrator):
    url = "/settings/procedures/code-2024/draft/stage-1/"
    form = administrator.get(url).context["form"]
    sent = {name: value for name in form.fields if (value := form[name].value())}

    refused = administrator.post(url, sent | {"answer_says": "remedy"})

    assert "“remedy” is the name of a part" in refused.content.decode()
    draft.refresh_from_db()
    assert draft.terms.stage("stage-1").letters.answer_says == ()


@pytest.mark.rule("HH-14")
def test_a_file_of_an_earlier_release_says_what_it_meant_once_it_is_added(admin):
    words = read_shipped("herefordshire") | {"code": "of-old"}
    for stage in words["stage"]:
        for key in ("acknowledgement_defines", "acknowledgement_encloses_policy"):
            stage.pop(key, None)

    draft = add_procedure(words, by=admin, now=NOW)

    assert draft.terms_words["stage"][1]["acknowledgement_encloses_policy"] is True


@pytest.mark.rule("KF-14", "LV-9")
def test_that_a_second_person_approves_refusals_is_ticked_in_the_draft(draft, administrator):
    url = "/settings/procedures/code-2024/draft/stage-1/"
    form = administrator.get(url).context["form"]
    sent = {name: value for name in form.fields if (value := form[name].value())}
    assert "refusal_approved" not in sent

    saved = administrator.post(url, sent | {"refusal_approved": "on"})

    assert saved.status_code == 302, saved.context["form"].errors
    draft.refresh_from_db()
    assert draft.terms.stage("stage-1").customer_route.refusal_approved is True
    page = administrator.get("/settings/procedures/code-2024/draft/").content.decode()
    assert "A second person approves each refusal." in page
