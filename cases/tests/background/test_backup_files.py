"""Files that come and go while a backup is written."""

import zipfile

from cases.operations.backup import write_files


class Housekeeping(zipfile.ZipFile):
    """An archive during whose writing a file is removed."""

    removed = None

    def open(self, *args, **kwargs):
        """Remove it first."""
        self.removed.unlink(missing_ok=True)
        return super().open(*args, **kwargs)


def test_a_file_that_vanishes_while_a_backup_is_written_is_left_out(tmp_path):
    media = tmp_path / "files"
    media.mkdir()
    (media / "a").write_bytes(b"stays")
    (media / "b").write_bytes(b"goes")

    with Housekeeping(tmp_path / "backup.zip", "w") as archive:
        archive.removed = media / "b"
        written = write_files(archive, media)

    assert list(written) == ["a"]
    assert zipfile.ZipFile(tmp_path / "backup.zip").namelist() == ["files/a"]
