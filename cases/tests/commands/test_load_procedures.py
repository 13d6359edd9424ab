"""The procedures of a new release reach a landlord that is set up already."""

import io
import shutil

import pytest
from django.core.management import CommandError, call_command

from cases.models import Landlord, Procedure, ProcedureVersion, SettingsChange, Thing
from cases.rules import procedure_files


@pytest.fixture
def release(monkeypatch, tmp_path):
    """The folder of procedures as a release brings it, in which a test may put more."""
    folder = tmp_path / "procedures"
    shutil.copytree(procedure_files.FOLDER, folder)
    monkeypatch.setattr(procedure_files, "FOLDER", folder)
    return folder


def load() -> str:
    """Run the command and return what it said."""
    out = io.StringIO()
    call_command("load_procedures", stdout=out)
    return out.getvalue().strip()


def put(folder, code, text=None):
    """Put a procedure into the release: the Code's, under another name, or this text."""
    words = (folder / "code-2024.toml").read_text(encoding="utf-8")
    new = words.replace('"code-2024"', f'"{code}"') if text is None else text
    (folder / f"{code}.toml").write_text(new, encoding="utf-8")


def test_a_procedure_that_is_new_is_published_once_and_nothing_else_changes(house, release):
    load()
    before = list(ProcedureVersion.objects.order_by("pk").values())
    put(release, "code-2027")
    put(release, "livv-two-stage", (release / "code-2024.toml").read_text(encoding="utf-8"))

    said, again = load(), load()

    added = ProcedureVersion.objects.exclude(pk__in=[each["id"] for each in before])
    assert [(each.procedure.code, each.number) for each in added] == [("code-2027", 1)]
    assert list(ProcedureVersion.objects.exclude(pk__in=added).order_by("pk").values()) == before
    assert said.startswith("1 new procedures. ")
    assert again == "0 new procedures."
    noted = SettingsChange.objects.filter(thing=Thing.PROCEDURE.value, key="code-2027")
    assert [each.act for each in noted] == ["Version 1 published"]


def test_a_file_that_contradicts_itself_changes_nothing(house, release):
    load()
    put(release, "another")
    words = (release / "another.toml").read_text(encoding="utf-8")
    put(release, "wrong", words.replace('first_stage = "', 'first_stage = "no-'))
    count = Procedure.objects.count()

    with pytest.raises(CommandError, match="Nothing was changed"):
        load()

    assert Procedure.objects.count() == count


@pytest.mark.django_db
def test_before_the_landlord_is_set_up_there_is_nothing_to_do():
    Landlord.objects.all().delete()

    assert load() == "0 new procedures."
    assert not Procedure.objects.exists()
