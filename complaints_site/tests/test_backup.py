"""A backup restores to exactly what was there, on either kind of database, or not at all."""

import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from cases.operations.archive import LEFT_OUT, LEFT_OUT_TABLES, UNSEALED, kept_models, put_seal
from complaints_site.tests.installation import wait_until

pytestmark = pytest.mark.servers
INSIDE = "cases.tests.background.inside"
HAS_SERVER = bool(os.environ.get("TEST_DATABASE_URL"))
# From and to which kind of database; both kinds are there only when the tests run on PostgreSQL.
ROUTES = [("own", "own"), *([("sqlite", "own"), ("own", "sqlite")] if HAS_SERVER else [])]
KINDS = {"own": "empty", "sqlite": "sqlite"}


def filled(install, kind="own"):
    """Return an installation with something of everything."""
    site = install(database="migrated" if kind == "own" else kind)
    if kind != "own":
        site.manage("migrate", "--verbosity", "0")
    site.hand().call(f"{INSIDE}:seed_everything")
    return site


def manifest(archive):
    """Return what a backup says it holds."""
    with zipfile.ZipFile(archive) as opened:
        return json.loads(opened.read("manifest.json"))


@pytest.mark.promise("P11")
@pytest.mark.parametrize(("source", "target"), ROUTES, ids=lambda kind: kind)
def test_a_backup_made_while_people_work_restores_to_exactly_what_was_there(
    install, tmp_path, source, target
):
    site = filled(install, source)
    working = site.hand()
    working.begin(f"{INSIDE}:lodge_for_ever")
    lodged = "SELECT COUNT(*) FROM cases_complaint"
    wait_until(lambda: site.rows(lodged)[0][0] >= 10)
    site.manage("backup", str(tmp_path / "first.zip"))
    during = site.rows(lodged)
    working.kill()
    assert during[0][0] > 10

    new = install(database=KINDS[target])
    said = new.manage("restore", str(tmp_path / "first.zip")).stdout
    new.manage("backup", str(tmp_path / "second.zip"))

    first, second = manifest(tmp_path / "first.zip"), manifest(tmp_path / "second.zip")
    assert "The record is as it was written" in said
    assert first["tables"] == second["tables"]
    assert first["files"] == second["files"]
    assert first["missing"] == []
    assert first["tables"]["cases.complaint"]["rows"] >= 10
    new.manage("verify_record")
    new.manage("rebuild_projections", "--check")
    _works(new)
    print(  # noqa: T201  the proof's result line
        f"PROMISE P11 PASS from={first['database']} to={second['database']} "
        f"rows={sum(table['rows'] for table in first['tables'].values())} "
        f"files={len(first['files'])}"
    )


def _works(site):
    """See that people can go on: numbers follow on, passwords hold, nobody is signed in."""
    hand = site.hand()
    [(last,)] = site.rows("SELECT MAX(id) FROM cases_complaint")
    assert hand.call(f"{INSIDE}:lodge_one") > last
    assert hand.call(f"{INSIDE}:password_is_right", name="director", password="a long password")
    assert site.rows("SELECT COUNT(*) FROM cases_browsersession") == [(0,)]
    assert site.rows("SELECT logo FROM cases_landlord")[0][0] == bytes(range(256))


@pytest.mark.one_database
def test_only_the_owner_can_read_a_backup_and_none_is_ever_overwritten(install, tmp_path):
    site = filled(install)
    target = tmp_path / "backup.zip"
    site.manage("backup", str(target))
    again = site.manage("backup", str(target), check=False)
    inside = site.manage("backup", str(site.folder / "files" / "b.zip"), check=False)

    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("*backup*")] == ["backup.zip"]
    assert (again.returncode, "exists already" in again.stderr) == (1, True)
    assert (inside.returncode, "among the stored files" in inside.stderr) == (1, True)


def test_a_stored_file_that_is_not_on_the_disk_is_said_so(install, tmp_path):
    site = filled(install)
    lost = next(path for path in (site.folder / "files").rglob("*") if path.is_file())
    lost.unlink()

    done = site.manage("backup", str(tmp_path / "backup.zip"), check=False)

    assert done.returncode == 1
    assert "1 stored files were not on the disk" in done.stderr
    assert len(manifest(tmp_path / "backup.zip")["missing"]) == 1


def flip_a_byte(archive: Path) -> None:
    """Change one byte in the middle."""
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    archive.write_bytes(content)


def cut_off_the_end(archive: Path) -> None:
    """Lose the second half."""
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])


def lose_a_few_bytes(archive: Path) -> None:
    """Lose the last bytes."""
    archive.write_bytes(archive.read_bytes()[:-40])


def _rewrite(archive: Path, change) -> None:
    """Write the archive again, each entry as `change` returns it, nothing to leave it out."""
    copy = archive.with_suffix(".copy")
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        new.comment = UNSEALED
    copy.replace(archive)
    seal(archive)


def seal(archive: Path) -> None:
    """Put the seal on that belongs to what the archive now is."""
    with archive.open("r+b") as file:
        put_seal(file)


def take_a_file_out(archive: Path) -> None:
    """Leave one stored file out, the archive being well otherwise."""
    with zipfile.ZipFile(archive) as opened:
        lost = next(name for name in opened.namelist() if name.startswith("files/"))
    _rewrite(archive, lambda name, content: None if name == lost else content)


def take_the_manifest_out(archive: Path) -> None:
    """Leave the manifest out."""
    _rewrite(archive, lambda name, content: None if name == "manifest.json" else content)


def change_a_row(archive: Path) -> None:
    """Change what a table says, the archive being well otherwise."""
    _rewrite(
        archive,
        lambda name, content: (
            content.replace(b"noted", b"rated").replace(b"Homes", b"Hames")
            if name.startswith("tables/")
            else content
        ),
    )


def drop_a_row(archive: Path) -> None:
    """Leave out the last row of the events."""
    _rewrite(
        archive,
        lambda name, content: (
            b"".join(content.splitlines(keepends=True)[:-1])
            if name == "tables/cases.recordedevent.jsonl"
            else content
        ),
    )


def add_an_entry(archive: Path) -> None:
    """Put something in that was not backed up."""
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr("files/../../escaped", b"x")
    seal(archive)


def not_an_archive(archive: Path) -> None:
    """Be something else altogether."""
    archive.write_bytes(b"hello" * 40)
    seal(archive)


def empty(archive: Path) -> None:
    """Be nothing."""
    archive.write_bytes(b"")


@pytest.mark.promise("P11")
def test_whatever_is_wrong_with_a_backup_it_is_refused_and_nothing_is_written(install, tmp_path):
    site = filled(install)
    site.manage("backup", str(tmp_path / "good.zip"))
    new = install()
    hand = new.hand()
    damages = [
        *(flip_a_byte, cut_off_the_end, lose_a_few_bytes, take_a_file_out),
        *(take_the_manifest_out, change_a_row, drop_a_row, add_an_entry, not_an_archive),
        empty,
    ]

    for damage in damages:
        bad = tmp_path / "bad.zip"
        shutil.copy(tmp_path / "good.zip", bad)
        damage(bad)
        refusal = hand.call(f"{INSIDE}:try_to_restore", source=str(bad))
        assert refusal.startswith("ArchiveDamaged 0: "), (damage.__name__, refusal)
        assert not list((new.folder / "files").rglob("*"))

    assert hand.call(f"{INSIDE}:try_to_restore", source=str(tmp_path / "good.zip")) == "restored"
    print(f"PROMISE P11 PASS damages_refused={len(damages)}")  # noqa: T201  result line


def test_an_installation_that_is_not_empty_is_never_overwritten(install, tmp_path):
    site = filled(install)
    site.manage("backup", str(tmp_path / "backup.zip"))

    onto_itself = site.manage("restore", str(tmp_path / "backup.zip"), check=False)
    new = install()
    (new.folder / "files").mkdir()
    (new.folder / "files" / "kept").write_text("x")
    onto_files = new.manage("restore", str(tmp_path / "backup.zip"), check=False)
    absent = new.manage("restore", str(tmp_path / "absent.zip"), check=False)

    assert (onto_itself.returncode, "is not empty" in onto_itself.stderr) == (1, True)
    assert (onto_files.returncode, "There are files in" in onto_files.stderr) == (1, True)
    assert (absent.returncode, "is not a file" in absent.stderr) == (1, True)
    assert (new.folder / "files" / "kept").read_text() == "x"


@pytest.mark.one_database
def test_a_backup_of_another_version_is_refused(install, tmp_path):
    site = filled(install)
    archive = tmp_path / "backup.zip"
    site.manage("backup", str(archive))

    def other_version(name, content):
        if name != "manifest.json":
            return content
        said = json.loads(content)
        said["migrations"]["cases"].append("0099_from_the_future")
        return json.dumps(said)

    _rewrite(archive, other_version)
    refusal = install().hand().call(f"{INSIDE}:try_to_restore", source=str(archive))

    assert refusal.startswith("ActionNotAllowed 0: The backup was made by another version")


@pytest.mark.one_database
def test_a_backup_restores_into_a_folder_that_is_not_there_yet(install, tmp_path):
    site = install()
    site.manage("backup", str(tmp_path / "backup.zip"))
    folder = tmp_path / "moved" / "here"

    new = install(database=f"sqlite:///{folder / 'database.sqlite3'}", DATA_DIR=str(folder))
    said = new.manage("restore", str(tmp_path / "backup.zip")).stdout

    assert "rows and 0 files are restored" in said


def test_a_damaged_record_is_restored_as_it_was_and_said_to_be_damaged(install, tmp_path):
    site = filled(install)
    trigger = "cases_recordedevent_no_update"
    on = "" if site.is_sqlite else " ON cases_recordedevent"
    site.run(
        f"DROP TRIGGER {trigger}{on}",
        "UPDATE cases_recordedevent SET facts = '{\"x\": 1}' WHERE id = 2",
    )
    site.manage("backup", str(tmp_path / "backup.zip"))

    done = install(database="empty").manage("restore", str(tmp_path / "backup.zip"), check=False)

    assert done.returncode == 1
    assert "Everything in the backup is restored, but its record is damaged" in done.stderr


def test_every_table_is_kept_or_left_out_on_purpose():
    kept = set(kept_models())
    every = {m for m in apps.get_models(include_auto_created=True) if m._meta.managed}

    left_out = {each for each in every - kept if each._meta.db_table not in LEFT_OUT_TABLES}
    assert {model._meta.app_label for model in left_out} <= LEFT_OUT
    assert {"cases", "feedback", "reporting"}.isdisjoint(LEFT_OUT)
    for model in kept:
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                assert field.related_model in kept, f"{model} refers to what is not kept"
