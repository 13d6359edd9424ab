"""No uploaded file can hurt staff or server: what is taken, and how it is handed out."""

import resource
import time
from email.message import Message
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.errors import FileRefused
from cases.models import Scan, StoredFile
from cases.operations.files import ALLOWED, TEXT, check_upload, open_file, path_of, store_upload
from cases.rules.roles import Role
from cases.tests.factories import MONDAY
from cases.tests.fixtures import at
from cases.tests.record.hostile_files import NAMES, PDF_BYTES, Hostile, hostile_files

pytestmark = pytest.mark.promise("P15")
NOW = at(MONDAY, 14)
FILES = list(hostile_files())
MB = 1024**2


def upload(file: Hostile) -> SimpleUploadedFile:
    """Return it as it arrives, under a type that is not its own."""
    return SimpleUploadedFile(file.name, file.content, "text/html")


@pytest.mark.parametrize("file", FILES, ids=[file.case for file in FILES])
def test_each_hostile_file_is_taken_for_what_it_is_or_refused_in_words(file):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()

    if file.is_taken:
        assert check_upload(upload(file)) == file.verdict
    else:
        with pytest.raises(FileRefused) as refused:
            check_upload(upload(file))
        assert file.name in str(refused.value)
        assert file.verdict in str(refused.value)

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200 * 1024
    assert time.process_time() - began < 5


def test_the_bombs_would_fill_whatever_unpacks_them():
    bombs = [each for each in FILES if each.case.startswith("bomb of a gigabyte")]

    for each in bombs:
        with ZipFile(BytesIO(each.content)) as archive:
            assert sum(member.file_size for member in archive.infolist()) > 1024**3
            name = max(archive.infolist(), key=lambda member: member.file_size).filename
            with archive.open(name) as member:
                assert len(member.read(5 * MB)) == 5 * MB
    assert len(bombs) == 2


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_a_file_may_be_as_large_as_the_limit_and_no_larger(extra, settings):
    settings.UPLOAD_FILE_MAX_BYTES = 2 * MB
    sent = SimpleUploadedFile("a.pdf", PDF_BYTES.ljust(2 * MB + extra))

    if extra <= 0:
        assert check_upload(sent) == "application/pdf"
    else:
        with pytest.raises(FileRefused, match="larger than 2 MB"):
            check_upload(sent)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "kept"), NAMES.items(), ids=ascii)
def test_no_name_of_a_file_does_anything(name, kept):
    sent = SimpleUploadedFile("x", PDF_BYTES)
    # As a request may carry it: Django takes folders away on its own.
    sent._name = name

    stored = store_upload(sent, by=None, now=NOW)

    assert stored.name == kept
    assert path_of(stored.key).parent.parent == path_of("ab").parent.parent


def test_everything_that_is_taken_is_of_a_type_that_no_browser_runs():
    assert not {"text/html", "image/svg+xml", "application/xml"} & {*ALLOWED, TEXT}


@pytest.mark.parametrize("place", range(4))
def test_one_bad_file_among_several_is_named_and_none_is_added(house, client, place):
    complaint = house.lodge()
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    files = [SimpleUploadedFile(f"{n}.pdf", PDF_BYTES) for n in range(3)]
    files.insert(place, SimpleUploadedFile("bad.exe", b"MZ" + bytes(99)))

    act = reverse("cases:add-file", args=[complaint.reference])
    answer = client.post(act, {"seen": complaint.version, "uploads": files})

    assert answer.status_code == 422
    assert "“bad.exe” cannot be taken" in answer.content.decode()
    assert not StoredFile.objects.exists()


@pytest.fixture
def handed_out(house, client):
    """Return what a coordinator gets who asks for a file of a complaint."""

    def ask(scan: Scan = Scan.NOT_NEEDED, name: str = "page.html"):
        file = store_upload(SimpleUploadedFile(name, PDF_BYTES), by=None, now=NOW)
        file.complaint = house.lodge()
        file.scan = scan.value
        file.next_scan_at = NOW if scan is Scan.HELD else None
        file.save()
        client.force_login(house[Role.COMPLAINTS_COORDINATOR])
        address = reverse("cases:file", args=[file.complaint.reference, file.key])
        answer = client.get(address)
        if answer.status_code == 200:
            assert b"".join(answer.streaming_content) == PDF_BYTES
        return file, answer, client.get(file.complaint.get_absolute_url())

    return ask


def test_a_file_is_saved_and_never_shown(handed_out):
    _, answer, _ = handed_out(name="bill\u202efdp.html")

    head = Message()
    head["Content-Disposition"] = answer["Content-Disposition"]
    assert head.get_content_disposition() == "attachment"
    assert head.get_filename() == "billfdp.html.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("scan", "words"),
    [(Scan.HELD, "not yet checked for viruses"), (Scan.INFECTED, "found something in it")],
)
def test_a_file_that_is_held_or_sealed_is_listed_and_opened_by_nobody(handed_out, scan, words):
    file, answer, page = handed_out(scan)

    text = page.content.decode()
    assert answer.status_code == 403
    assert file.name in text
    assert words in text
    assert file.key not in text
    assert not StoredFile.objects.openable().exists()
    with pytest.raises(Exception, match="cannot be opened"):
        open_file(file)


def test_a_file_that_was_found_clean_is_opened(handed_out):
    file, answer, page = handed_out(Scan.CLEAN)

    assert answer.status_code == 200
    assert file.key in page.content.decode()


def test_no_address_leads_to_the_folder_of_the_files(handed_out, client):
    file, _, _ = handed_out()

    for address in (f"/media/{file.key[:2]}/{file.key}", f"/files/{file.key}", f"/{file.key}"):
        assert client.get(address).status_code == 404
    assert not str(settings.MEDIA_ROOT).startswith(str(settings.STATIC_ROOT))
