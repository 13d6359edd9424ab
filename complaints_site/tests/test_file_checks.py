"""Files that wait for the virus scanner, with a real one and without."""

import socket
import threading
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases import tasks
from cases.errors import FileRefused
from cases.models import Job, Scan, StoredFile
from cases.operations.file_checks import AGAIN, Checked, check_next
from cases.operations.files import path_of, store_upload
from cases.operations.virus_scan import ScannerAway, Verdict, scan, verdict_of
from cases.rules.roles import Role
from cases.tests.factories import MONDAY_MORNING as NOW
from cases.tests.record.hostile_files import EICAR, PDF_BYTES, Hostile, hostile_files
from complaints_site.tests.servers import CLAM_NAME, EICAR_NAME, NotInstalled, clamd, free_port

# What Debian's package clamav-testfiles brings along, all of it holding one harmless program.
CORPUS = Path("/usr/share/clamav-testfiles")
TAKEN = [file for file in hostile_files() if file.is_taken]


@pytest.fixture(scope="module")
def scanner():
    """Run clamd."""
    with clamd("StreamMaxLength 4M") as url:
        yield url


@pytest.fixture
def scanned(db, settings, scanner):
    """Let it check files."""
    settings.CLAMD_URL = scanner


def stored(content: bytes = PDF_BYTES, name: str = "a.pdf") -> StoredFile:
    """Take a file in."""
    return store_upload(SimpleUploadedFile(name, content), by=None, now=NOW)


@pytest.mark.servers
@pytest.mark.promise("P15")
@pytest.mark.parametrize("file", TAKEN, ids=[file.case for file in TAKEN])
def test_the_scanner_finds_what_means_harm_and_lets_the_rest_go(scanned, file: Hostile):
    kept = stored(file.content, file.name)
    assert kept.scan == Scan.HELD

    outcome = check_next(now=NOW)

    kept.refresh_from_db()
    assert outcome is (Checked.SEALED if file.is_infected else Checked.CLEAN)
    assert kept.may_be_opened is not file.is_infected
    assert (EICAR_NAME in kept.scan_words) is file.is_infected
    assert kept.scanned_at == NOW
    assert path_of(kept.key).read_bytes() == file.content


@pytest.mark.servers
@pytest.mark.promise("P15")
def test_each_file_of_the_scanners_own_corpus_is_refused_or_sealed(scanned, scanner):
    if not CORPUS.is_dir():
        raise NotInstalled("clamav-testfiles is not installed on this machine.")
    samples = {each.name: each.read_bytes() for each in sorted(CORPUS.iterdir())}
    # An e-mail is taken as one where it is called so.
    samples["mail.eml"] = samples["clam.mail"]
    kept = {}
    for name, content in samples.items():
        assert CLAM_NAME in scan(BytesIO(content), url=scanner).found, name
        with suppress(FileRefused):
            kept[name] = stored(content, name)

    while check_next(now=NOW) is not None:
        pass

    assert len(samples) > 40
    assert set(kept) >= {"clam.pdf", "clam.ole.doc", "clam.exe.rtf", "mail.eml"}
    assert not any(name.endswith((".exe", ".zip", ".7z", ".cab")) for name in kept)
    sealed = StoredFile.objects.filter(scan=Scan.INFECTED, scan_words__contains=CLAM_NAME)
    assert sealed.count() == len(kept)
    assert not StoredFile.objects.openable().exists()


@pytest.mark.servers
def test_a_file_too_large_for_the_scanner_stays_held_and_holds_up_no_other(scanned):
    large = stored(PDF_BYTES + bytes(5 * 1024**2))
    small = stored()

    outcomes = [check_next(now=NOW) for _ in range(3)]

    assert outcomes == [Checked.NOT_CHECKED, Checked.CLEAN, None]
    large.refresh_from_db()
    assert (large.scan, large.next_scan_at) == (Scan.HELD, NOW + AGAIN)
    assert "limit exceeded" in large.scan_words
    small.refresh_from_db()
    assert small.may_be_opened


@pytest.mark.servers
def test_the_task_checks_all_that_waits(scanned):
    for _ in range(3):
        stored()
    stored(EICAR, "a.txt")

    tasks.check_files()

    assert Job.objects.get(name="check files").last_result == "3 clean, 1 sealed"
    assert not StoredFile.objects.held().exists()


def test_without_an_answer_a_file_is_taken_and_waits(db, settings):
    settings.CLAMD_URL = f"tcp://127.0.0.1:{free_port()}"
    file = stored()

    tasks.check_files()

    file.refresh_from_db()
    assert file.scan == Scan.HELD
    assert Job.objects.get(name="check files").last_result == "1 no scanner"


def test_without_a_scanner_files_may_be_opened_at_once(db):
    assert stored().may_be_opened
    assert check_next(now=NOW) is None


def test_a_file_stays_held_when_the_scanner_is_given_up(db, settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    stored()
    settings.CLAMD_URL = ""

    assert check_next(now=NOW) is Checked.NO_SCANNER
    assert not StoredFile.objects.openable().exists()


def test_a_file_whose_bytes_are_gone_is_said_to_be(db, settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    file = stored()
    path_of(file.key).unlink()

    assert check_next(now=NOW) is Checked.NOT_CHECKED
    file.refresh_from_db()
    assert file.scan_words == "Its bytes are not where they should be"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("stream: OK", Verdict(is_clean=True)),
        ("stream: Win.Test FOUND", Verdict(found="Win.Test")),
        ("stream: FOUND", Verdict(found="Something")),
        ("INSTREAM size limit exceeded. ERROR", Verdict(trouble="INSTREAM size limit exceeded")),
    ],
)
def test_an_answer_of_the_scanner_is_understood(answer, verdict):
    assert verdict_of(answer) == verdict


@pytest.mark.parametrize("answer", ["", "stream: OK?", "HTTP/1.1 400 Bad Request", "ok"])
def test_what_is_no_answer_lets_no_file_go(answer):
    with pytest.raises(ScannerAway):
        verdict_of(answer)


def test_a_scanner_on_a_socket_in_the_file_system_is_asked(tmp_path):
    path = tmp_path / "clamd.ctl"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        thread = threading.Thread(target=_answer_once, args=(server,))
        thread.start()

        verdict = scan(BytesIO(b"hello"), url=f"unix://{path}")

        thread.join()
    assert verdict.is_clean
    with pytest.raises(ScannerAway):
        scan(BytesIO(b"hello"), url=f"unix://{tmp_path}/none")


def _answer_once(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        held = b""
        while not held.endswith(b"\0\0\0\0"):
            held += connection.recv(4096)
        connection.sendall(b"stream: OK\0")


def test_operators_see_how_the_scanner_gets_on(house, client, settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    stored()
    sealed = stored()
    StoredFile.objects.filter(pk=sealed.pk).update(scan="infected", next_scan_at=None)
    client.force_login(house[Role.SYSTEM_ADMINISTRATOR])

    page = client.get("/operations/").content.decode()

    assert "Set up; 1 waiting to be checked; 1 sealed" in page
    assert "for the virus scanner, and nobody can open them" in page
