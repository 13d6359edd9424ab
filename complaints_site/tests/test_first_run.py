"""The first run writes settings where they are read, and never over those of somebody else."""

from pathlib import Path

import pytest

from complaints_site import first_run

pytestmark = pytest.mark.one_database


def test_settings_are_written_where_they_will_be_read(monkeypatch, tmp_path):
    there = tmp_path / "demonstration.env"
    monkeypatch.setenv("ENV_FILE", str(there))

    assert first_run.main() == 0

    written = there.read_text(encoding="utf-8")
    assert "DEMONSTRATION=true" in written
    assert there.stat().st_mode & 0o777 == 0o600
    assert first_run.main() == 0
    assert there.read_text(encoding="utf-8") == written


def test_without_a_name_it_is_the_file_of_the_folder(monkeypatch):
    monkeypatch.delenv("ENV_FILE", raising=False)

    assert first_run.env_file() == Path(first_run.__file__).resolve().parent.parent / ".env"


def test_the_settings_of_a_real_landlord_are_left_alone(monkeypatch, tmp_path, capsys):
    theirs = tmp_path / "landlord.env"
    theirs.write_text("SECRET_KEY=theirs\n", encoding="utf-8")
    monkeypatch.setenv("ENV_FILE", str(theirs))

    assert first_run.main() == 1

    assert theirs.read_text(encoding="utf-8") == "SECRET_KEY=theirs\n"
    assert "landlord.env belongs to an installation" in capsys.readouterr().err
