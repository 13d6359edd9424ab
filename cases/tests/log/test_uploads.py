"""What staff upload is limited before it is stored, and still asked for where it comes from."""

from typing import ClassVar

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.test import Client
from django.urls import reverse

from cases.models import StoredFile
from cases.rules.roles import Role
from cases.tests.log.conftest import told

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"x" * 400


@pytest.fixture(params=["log", "add-file"])
def address(request, house):
    """The address of each page that takes files from staff."""
    if request.param == "log":
        return reverse("cases:log")
    return reverse("cases:add-file", args=[house.lodge().reference])


@pytest.fixture
def coordinator(house, browse):
    return browse(house[Role.COMPLAINTS_COORDINATOR])


class Counting(MemoryFileUploadHandler):
    """Takes files in, and notes the bytes of each that come so far."""

    sizes: ClassVar[list[int]] = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Note them."""
        self.sizes.append(len(raw_data))
        return super().receive_data_chunk(raw_data, start)


@pytest.fixture
def taken_in(settings) -> list[int]:
    """The bytes that passed the limit, a chunk each."""
    settings.FILE_UPLOAD_HANDLERS = [f"{__name__}.Counting"]
    Counting.sizes.clear()
    return Counting.sizes


def pdf(size: int = 0) -> SimpleUploadedFile:
    """Return a PDF of its own size and so many bytes."""
    return SimpleUploadedFile("film.pdf", PDF + bytes(size))


def test_a_file_that_is_too_large_is_swallowed(address, coordinator, settings, taken_in):
    settings.UPLOAD_FILE_MAX_BYTES = 1024**2

    answer = coordinator.post(address, {"seen": "1", "uploads": [pdf(1024**2)]})

    assert answer.status_code == 422
    assert "“film.pdf” is larger than 1 MB" in told(answer)
    assert sum(taken_in) <= 1024**2
    assert not StoredFile.objects.exists()


def test_files_beyond_the_number_are_swallowed(address, coordinator, settings, taken_in):
    settings.UPLOAD_FILE_LIMIT = 2

    answer = coordinator.post(address, {"seen": "1", "uploads": [pdf() for _ in range(5)]})

    assert answer.status_code == 422
    assert StoredFile.objects.count() <= 2
    assert taken_in == [len(PDF)] * 3


def test_a_form_that_is_not_ours_is_refused(address, house):
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(house[Role.COMPLAINTS_COORDINATOR])

    assert stranger.post(address, {"uploads": [pdf()]}).status_code == 403
    assert not StoredFile.objects.exists()


def test_a_form_of_ours_is_taken(address, house):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(house[Role.COMPLAINTS_COORDINATOR])
    browser.get(address)
    token = browser.cookies["csrftoken"].value

    answer = browser.post(address, {"seen": "1", "csrfmiddlewaretoken": token, "uploads": [pdf()]})

    assert answer.status_code in (302, 422)
    assert StoredFile.objects.count() == 1


def test_nobody_signed_out_uploads(address, client):
    assert client.post(address, {"uploads": [pdf()]}).status_code == 302
    assert not StoredFile.objects.exists()
