"""Photos and documents: stored before the answer, refused in words, and nothing else lost by it."""

import hashlib
import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils.html import escape

from cases.models import Complaint, StoredFile
from cases.operations.files import path_of
from cases.rules.roles import Role
from feedback.errors import NothingToSend
from feedback.models import FormFile, Submission
from feedback.operations.drafts import add_files, remove_file
from feedback.rules import abuse
from feedback.tests.factories import COMPLAINT, COMPLIMENT, PNG, STORY, Visitor

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n" + b"x" * 400


def packed(*names: str) -> bytes:
    """Return a packed file with such members."""
    held = BytesIO()
    with ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return held.getvalue()


def file(name: str, content: bytes = PDF, media_type: str = "application/pdf"):
    return SimpleUploadedFile(name, content, media_type)


def add(visitor: Visitor, *files, **more):
    return visitor.post("/let-us-know/files/", {"uploads": list(files), "do": "add", **more})


@pytest.fixture
def at_the_files(visitor) -> Visitor:
    """Somebody who has come as far as the page for files."""
    visitor.fill({code: answers for code, answers in COMPLAINT.items() if code != "files"})
    return visitor


def test_a_file_is_on_disk_whole_before_the_page_answers(at_the_files):
    answer = add(at_the_files, file("letter.pdf"))

    [stored] = StoredFile.objects.all()
    assert answer.status_code == 302
    assert path_of(stored.key).read_bytes() == PDF
    assert stored.sha256 == hashlib.sha256(PDF).hexdigest()
    assert "letter.pdf" in at_the_files.get("/let-us-know/files/").content.decode()


def test_what_is_sent_with_the_form_belongs_to_the_complaint(visitor):
    sent = visitor.tell(COMPLAINT, files=[file("letter.pdf"), file("lift.png", PNG, "image/png")])

    complaint = Complaint.objects.get(reference=sent.reference)
    assert {each.name for each in complaint.files.all()} == {"letter.pdf", "lift.png"}
    assert sent.files.count() == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.pdf", b"", "“empty.pdf” is empty"),
        ("program.exe", b"MZ" + bytes(400), "“program.exe” cannot be taken"),
        ("page.pdf", b"<html><script>alert(1)</script>", "“page.pdf” cannot be taken"),
        ("drawing.svg", b"<svg onload='alert(1)'></svg>", "“drawing.svg” cannot be taken"),
        ("many.zip", packed("a.txt"), "“many.zip” cannot be taken"),
        ("torn.docx", b"PK\x03\x04" + bytes(400), "“torn.docx” cannot be taken"),
        ("notes.txt", b"\xff\xfe\x00n\x00o", "“notes.txt” cannot be taken"),
    ],
    ids=["empty", "program", "page", "drawing", "archive", "torn", "no text"],
)
def test_a_file_that_is_not_taken_is_refused_by_name_and_the_others_are_kept(
    at_the_files, name, content, message
):
    answer = at_the_files.answer_to(add(at_the_files, file("letter.pdf"), file(name, content)))

    page = answer.content.decode()
    assert "There is a problem" in page
    assert escape(message) in page
    assert [row.file.name for row in FormFile.objects.all()] == ["letter.pdf"]
    assert "letter.pdf" in page
    assert STORY in at_the_files.get("/let-us-know/check/").content.decode()


def test_a_refusal_is_told_until_the_page_is_sent_again_and_keeps_nobody_from_sending(at_the_files):
    add(at_the_files, file("program.exe", b"MZ" + bytes(400)))
    told = at_the_files.get("/let-us-know/files/").content.decode()
    ready = at_the_files.get("/let-us-know/check/")

    at_the_files.post("/let-us-know/files/", {"do": "continue"})

    assert escape("“program.exe” cannot be taken") in told
    assert ready.status_code == 200
    assert "There is a problem" not in at_the_files.get("/let-us-know/files/").content.decode()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("photo.JPG", b"\xff\xd8\xff\xe0" + bytes(400), "image/jpeg"),
        ("notes.txt", "Zoë rang – twice.".encode(), "text/plain"),
        (
            "letter.docx",
            packed("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("named-as.exe", PDF, "application/pdf"),
    ],
)
def test_a_file_is_taken_for_what_is_in_it(at_the_files, name, content, media_type):
    add(at_the_files, file(name, content, "text/html"))

    assert StoredFile.objects.get().media_type == media_type


def test_a_file_that_is_too_large_is_refused_and_nothing_typed_is_lost(at_the_files, settings):
    settings.UPLOAD_FILE_MAX_BYTES = 1024**2

    sent = add(at_the_files, file("film.pdf", PDF + bytes(1024**2)), file("letter.pdf"))

    answer = at_the_files.answer_to(sent)
    assert escape("“film.pdf” is larger than 1 MB") in answer.content.decode()
    assert [row.file.name for row in FormFile.objects.all()] == ["letter.pdf"]
    assert at_the_files.draft.answers["what-happened"]["words"] == [STORY]


def test_files_that_are_too_large_together_are_refused_before_any_is_stored(at_the_files, settings):
    settings.UPLOAD_TOTAL_MAX_BYTES = 1024**2
    half = PDF + bytes(600_000)
    add(at_the_files, file("one.pdf", half))

    answer = at_the_files.answer_to(add(at_the_files, file("two.pdf", half)))

    assert "Your files may be 1 MB together" in answer.content.decode()
    assert FormFile.objects.count() == 1


def test_more_files_than_one_form_may_have_are_refused(at_the_files):
    many = [file(f"{n}.pdf") for n in range(settings.UPLOAD_FILE_LIMIT + 1)]

    answer = at_the_files.answer_to(add(at_the_files, *many))

    assert "You can send 10 files" in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_one_place_cannot_fill_the_disk(at_the_files, monkeypatch):
    monkeypatch.setattr(abuse, "FILES_AN_HOUR", 1)
    add(at_the_files, file("one.pdf"))

    answer = at_the_files.answer_to(add(at_the_files, file("two.pdf")))

    assert "Very many files came from your network" in answer.content.decode()
    assert at_the_files.send().status_code == 302


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\letter.pdf", "letter.pdf"),
        ("n" * 300 + ".pdf", "n" * 120 + ".pdf"),
        ("evil\u202efdp.pdf", "evilfdp.pdf"),
        ("😀 Zoë’s lift.pdf", "😀 Zoë’s lift.pdf"),
        (".hidden", "hidden.pdf"),
        ("<b>.pdf", "b.pdf"),
    ],
    ids=["path", "windows path", "long", "turned round", "emoji", "leading dot", "markup"],
)
def test_a_bad_name_is_mended_and_the_file_is_taken(at_the_files, name, shown):
    body = (
        "--edge\r\n"
        f'Content-Disposition: form-data; name="uploads"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode() + PDF
    body += b'\r\n--edge\r\nContent-Disposition: form-data; name="do"\r\n\r\nadd\r\n--edge--\r\n'

    answer = at_the_files.client.post(
        "/let-us-know/files/", body, content_type="multipart/form-data; boundary=edge"
    )

    assert answer.status_code == 302
    assert StoredFile.objects.get().name == shown


def test_a_file_can_be_taken_out_again(at_the_files):
    add(at_the_files, file("letter.pdf"), file("lift.png", PNG))
    unwanted = StoredFile.objects.get(name="lift.png")

    at_the_files.post("/let-us-know/files/", {"remove": unwanted.key})

    assert [each.name for each in StoredFile.objects.all()] == ["letter.pdf"]


def test_nobody_takes_a_file_out_of_somebody_elses_form(at_the_files):
    add(at_the_files, file("letter.pdf"))
    other = Visitor()
    other.post("/let-us-know/kind/", {"kind": "complaint"})

    other.post("/let-us-know/files/", {"remove": StoredFile.objects.get().key})

    assert StoredFile.objects.count() == 1


def test_one_file_is_asked_for_after_the_other_and_what_is_there_can_be_looked_at(at_the_files):
    first = at_the_files.get("/let-us-know/files/").content.decode()
    sent = at_the_files.post(
        "/let-us-know/files/", {"uploads": file("lift.png", PNG), "do": "continue"}
    )
    page = at_the_files.answer_to(sent).content.decode()
    key = StoredFile.objects.get().key
    on = at_the_files.post("/let-us-know/files/", {"do": "continue"})

    assert "Do you want to add another file?" not in first
    assert "Please send no photos of other people" in first
    assert not re.search(r'<input type="file"[^>]* multiple', first)
    assert sent["Location"] == "/let-us-know/files/"
    assert "Added: lift.png" in page
    assert "Do you want to add another file?" in page
    assert f'href="/let-us-know/files/{key}/"' in page
    assert on["Location"] == "/let-us-know/check/"


@pytest.mark.parametrize(
    ("name", "content", "how"),
    [("lift.png", PNG, "inline"), ("letter.pdf", PDF, "attachment")],
    ids=["picture", "anything else"],
)
def test_a_picture_is_shown_to_whoever_added_it_and_anything_else_is_saved(
    at_the_files, name, content, how
):
    add(at_the_files, file(name, content))

    answer = at_the_files.get(f"/let-us-know/files/{StoredFile.objects.get().key}/")

    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"] == f'{how}; filename="{name}"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store, private"


def test_nobody_looks_at_a_file_of_another_form_nor_at_one_that_was_sent(at_the_files):
    add(at_the_files, file("lift.png", PNG))
    path = f"/let-us-know/files/{StoredFile.objects.get().key}/"
    other = Visitor()
    other.post("/let-us-know/kind/", {"kind": "complaint"})

    assert Visitor().get(path).status_code == 404
    assert other.get(path).status_code == 404
    assert at_the_files.get("/let-us-know/files/unknown/").status_code == 404
    key = FormFile.objects.get().draft.key
    at_the_files.post("/let-us-know/check/", {"key": key, "confirmed": "yes"})
    assert Submission.objects.count() == 1
    assert at_the_files.get(path).status_code == 404


def test_a_file_that_is_held_is_listed_and_not_shown(at_the_files):
    add(at_the_files, file("lift.png", PNG))
    StoredFile.objects.update(scan="infected")

    page = at_the_files.get("/let-us-know/files/").content.decode()

    assert "You cannot look at it" in page
    assert "Look at it" not in page
    key = StoredFile.objects.get().key
    assert at_the_files.get(f"/let-us-know/files/{key}/").status_code == 403


def test_a_file_is_removed_from_the_check_too_and_it_is_said_which(at_the_files):
    add(at_the_files, file("letter.pdf"), file("lift.png", PNG))
    check = at_the_files.get("/let-us-know/check/").content.decode()
    key = StoredFile.objects.get(name="lift.png").key

    answer = at_the_files.post("/let-us-know/files/", {"remove": key, "from": "check"})

    assert f'name="remove" value="{key}"' in check
    assert f'href="/let-us-know/files/{key}/"' in check
    assert answer["Location"] == "/let-us-know/check/"
    page = at_the_files.answer_to(answer).content.decode()
    assert "Removed: lift.png" in page
    assert page.count("lift.png") == 1
    again = at_the_files.post("/let-us-know/files/", {"remove": key, "from": "check"})
    assert "Removed" not in at_the_files.answer_to(again).content.decode()


def test_files_are_added_on_no_other_page(at_the_files):
    at_the_files.post("/let-us-know/staff/", {"about_staff": "no", "uploads": file("a.pdf")})

    assert not StoredFile.objects.exists()


def test_a_form_that_arrives_torn_keeps_what_was_typed_before(at_the_files):
    answer = at_the_files.client.post(
        "/let-us-know/files/",
        b"--edge\r\nrubbish",
        content_type="multipart/form-data; boundary=edge",
    )

    assert answer.status_code < 500
    assert at_the_files.get("/let-us-know/check/").status_code == 200


def test_a_file_of_a_compliment_is_handed_out_to_be_saved_and_never_run(visitor, sign_in):
    sent = visitor.tell(COMPLIMENT, files=[file("thanks.pdf")])
    key = StoredFile.objects.get().key

    answer = sign_in(Role.FRONT_LINE).get(f"/feedback/{sent.reference}/files/{key}/")

    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="thanks.pdf"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_found_under_no_other_form(visitor, sign_in):
    first = visitor.tell(COMPLIMENT, files=[file("thanks.pdf")])
    key = StoredFile.objects.get().key
    other = Visitor().tell(COMPLIMENT)
    client = sign_in(Role.FRONT_LINE)

    assert client.get(f"/feedback/{other.reference}/files/{key}/").status_code == 404
    assert client.get(f"/feedback/{first.reference}/files/{'0' * 32}/").status_code == 404
    assert Visitor().get(f"/feedback/{first.reference}/files/{key}/").status_code == 302


def test_a_double_click_does_not_double_the_files(visitor):
    visitor.fill(COMPLAINT, files=[file("letter.pdf")])
    key = visitor.draft.key

    for _ in range(2):
        visitor.post("/let-us-know/check/", {"key": key})

    assert Submission.objects.count() == 1
    assert StoredFile.objects.count() == 1


def before_storing(act):
    """Return what does something once the form was read, and before it is stored."""
    done = []

    def run(execute, sql, *rest):
        answer = execute(sql, *rest)
        if not done and sql.startswith("SELECT") and '"feedback_submission"."text_hash"' in sql:
            done.append(True)
            act()
        return answer

    return connection.execute_wrapper(run)


def test_a_file_added_in_another_window_at_the_last_moment_is_shown_before_it_is_sent(visitor):
    visitor.fill(COMPLAINT)

    with before_storing(lambda: add(visitor, file("letter.pdf"))):
        answer = visitor.send()

    page = visitor.answer_to(answer).content.decode()
    assert "Your answers were changed in another window" in page
    assert "letter.pdf" in page
    assert visitor.draft.key in page
    assert not Submission.objects.exists()


def test_a_file_for_a_form_that_was_sent_at_the_last_moment_is_not_taken(visitor):
    visitor.fill(COMPLAINT)
    draft = visitor.draft
    visitor.send()

    with pytest.raises(NothingToSend):
        add_files(draft_id=draft.pk, uploads=[file("late.pdf")], source="", now=draft.changed_at)
    with pytest.raises(NothingToSend):
        remove_file(draft_id=draft.pk, key="late", now=draft.changed_at)

    assert not FormFile.objects.exists()
