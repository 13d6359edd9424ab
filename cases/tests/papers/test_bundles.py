"""Papers bound: for a hearing, as evidence, and its redacted twin."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader, PdfWriter

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import (
    AccessEntry,
    Customer,
    Document,
    DocumentKind,
    Download,
    EventWords,
    OutboundMessage,
    RecordedEvent,
    Representative,
    StoredFile,
)
from cases.operations import bundles, evidence
from cases.operations.assign import assign
from cases.operations.bundles import Part, bind
from cases.operations.evidence import make_bundle, taken
from cases.operations.files import open_file, store_upload
from cases.operations.hearing import Papers, send_papers
from cases.operations.hearing_papers import Pack
from cases.operations.note import add_note
from cases.operations.redacted import Redaction
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.blocks import Paragraph
from cases.rules.redaction import redactor, terms_in
from cases.rules.roles import Role
from cases.selectors.case_page import case_page
from cases.tests.answering import acknowledge
from cases.tests.case_page.situations import SITUATIONS
from cases.tests.factories import MONDAY, MONDAY_MORNING, CustomerFactory
from cases.tests.fixtures import at
from cases.tests.hearings import seated
from cases.tests.papers.two_hundred_pages import PAGES, uploads

NOW = at(MONDAY, 15)


def pdf(pages: int = 1, **encrypted) -> bytes:
    """Return a PDF of so many pages of odd sizes, the last one turned."""
    writer = PdfWriter()
    for number in range(pages):
        writer.add_blank_page(width=300 + 100 * number, height=1200)
    writer.pages[-1].rotate(90)
    if encrypted:
        writer.encrypt(**encrypted)
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def photo() -> bytes:
    """Return a photo that says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "Taken at 14 Dock Road"
    exif[0x0112] = 6
    whole = io.BytesIO()
    Image.new("RGB", (3000, 2000), "green").save(whole, "JPEG", exif=exif)
    return whole.getvalue()


FILES = {
    "two pages.pdf": pdf(2),
    "locked.pdf": pdf(1, user_password="secret"),
    "broken.pdf": b"%PDF-1.7\nnothing of a PDF follows",
    "photo.jpg": photo(),
    "letter.txt": b"Please ask Ms Smith of 12 Quay Street, 0151 222 3333.",
}


def put(complaint, name: str, content: bytes):
    """Put a file to a complaint."""
    file = store_upload(SimpleUploadedFile(name, content), by=None, now=NOW)
    file.complaint = complaint
    file.save()
    return file


@pytest.fixture
def complaint(house):
    """Return a complaint with a letter, a note and files of every sort."""
    complaint = house.lodge(
        customer=CustomerFactory(name="Agnes Bell"), summary="Ms Smith next door is loud 😀."
    )
    common = {
        "complaint_id": complaint.pk,
        "by": house[Role.COMPLAINTS_COORDINATOR],
        "now": at(MONDAY),
    }
    acknowledge(
        **common,
        seen=complaint.version,
        on=MONDAY,
        telling=Telling("post", "We spoke to MS  SMITH."),
    )
    add_note(**common, words="Ring Ms Smith on 01512223333.")
    for name, content in FILES.items():
        put(complaint, name, content)
    complaint.refresh_from_db()
    return complaint


def made(house, complaint, **details) -> tuple[PdfReader, zipfile.ZipFile]:
    """Make the evidence bundle; return its PDF and its ZIP file, opened."""
    documents = make_bundle(
        complaint_id=complaint.pk, by=house[Role.COMPLAINTS_COORDINATOR], now=NOW, **details
    )
    return opened(documents[0]), zipfile.ZipFile(io.BytesIO(bytes_of(documents[1])))


def bytes_of(document: Document) -> bytes:
    """Return the bytes of a document."""
    with open_file(document.file) as content:
        return content.read()


def opened(document: Document) -> PdfReader:
    """Return a PDF that was kept, opened."""
    return PdfReader(io.BytesIO(bytes_of(document)))


def pages_of(bundle: PdfReader) -> list[str]:
    """Return what each page says, all white space as one space."""
    return [" ".join(page.extract_text().split()) for page in bundle.pages]


# The bundle ---------------------------------------------------------------------------------------


@pytest.mark.one_database
def test_every_page_of_the_evidence_is_numbered_and_every_document_in_the_index(house, complaint):
    bundle, _ = made(house, complaint)

    pages = pages_of(bundle)
    total = len(pages)
    assert all(f"Page {at} of {total}" in page for at, page in enumerate(pages, 1))
    titles = [item["/Title"] for item in bundle.outline]
    assert [title.partition(". ")[0] for title in titles] == [
        str(number) for number in range(1, len(titles) + 1)
    ]
    starts = [bundle.get_destination_page_number(item) for item in bundle.outline]
    for number, start in enumerate(starts, 1):
        assert f"Document {number} · Page {start + 1} of" in pages[start]
        assert str(start + 1) in pages[0]


def test_the_evidence_holds_the_record_the_procedure_and_the_counting(house, complaint):
    bundle, _ = made(house, complaint)

    told = " ".join(pages_of(bundle))
    wanted = [
        "8 June 2026",
        "The procedure in force",
        "Complaint Handling Code",
        "which is day 0",
        "What the record lacks",
        "We spoke to MS SMITH.",
        "Ring Ms Smith on 01512223333.",
        "Please ask Ms Smith of 12 Quay Street",
    ]
    assert [words for words in wanted if words not in told] == []


def test_what_the_procedure_demands_and_the_record_lacks_is_listed(house, complaint):
    documents = make_bundle(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(MONDAY.replace(month=9)),
    )

    told = " ".join(pages_of(opened(documents[0])))

    assert "is not done yet" in told
    assert "to be posted" in told


@pytest.mark.one_database
def test_what_cannot_be_shown_as_pages_has_a_sheet_and_lies_in_the_zip(house, complaint):
    bundle, archive = made(house, complaint)

    pages = pages_of(bundle)
    for name in ("locked.pdf", "broken.pdf"):
        assert any(name in page and "supplied separately" in page for page in pages[1:])
        stored = next(each for each in archive.namelist() if each.endswith(name))
        assert archive.read(stored) == FILES[name]


@pytest.mark.one_database
def test_the_zip_has_the_hash_of_everything_in_it(house, complaint):
    _, archive = made(house, complaint)

    manifest = json.loads(archive.read("manifest.json"))["sha256"]
    assert set(manifest) == set(archive.namelist()) - {"manifest.json"}
    assert all(
        hashlib.sha256(archive.read(name)).hexdigest() == digest
        for name, digest in manifest.items()
    )
    tagged = [name for name in archive.namelist() if name.startswith("documents/")]
    single = PdfReader(io.BytesIO(archive.read(tagged[0])))
    assert single.trailer["/Root"]["/MarkInfo"]["/Marked"]


@pytest.mark.one_database
def test_a_photo_is_upright_and_says_nothing_of_where_it_was_taken_but_its_file_is_kept(
    house, complaint
):
    bundle, archive = made(house, complaint)

    images = [image for page in bundle.pages for image in page.images]
    width, height = images[0].image.size
    assert height > width
    assert b"Dock Road" not in images[0].data
    stored = next(each for each in archive.namelist() if each.endswith("photo.jpg"))
    assert b"Dock Road" in archive.read(stored)


@pytest.mark.one_database
def test_a_page_of_any_size_is_fitted_on_a4_upright(house, complaint):
    bundle, _ = made(house, complaint)

    sizes = {(round(page.mediabox.width), round(page.mediabox.height)) for page in bundle.pages}
    assert sizes == {(595, 842)}
    assert {page.rotation for page in bundle.pages} == {0}


def test_two_hundred_pages_are_bound_with_as_many_queries_as_few(house, complaint):
    with CaptureQueriesContext(connection) as few:
        before, _ = made(house, complaint)
    for number in range(10):
        put(complaint, f"report {number}.pdf", pdf(20))
    with CaptureQueriesContext(connection) as many:
        bundle, archive = made(house, complaint)

    # The index needs no further page for ten more documents, their hashes need one.
    assert len(bundle.pages) == len(before.pages) + 200 + 1
    assert len(bundle.outline) == len(before.outline) + 10
    pages = pages_of(bundle)
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1]
    reports = [name for name in archive.namelist() if " report " in name]
    assert len(reports) == 10
    assert len(many) == len(few)


@pytest.mark.one_database
@pytest.mark.timeout(600)
def test_two_hundred_pages_of_reports_scans_and_photos_are_read_twice_and_set_never(
    house, monkeypatch
):
    complaint = house.lodge()
    few = Work(monkeypatch).of(lambda: made(house, complaint))
    files = [put(complaint, upload.name, upload.read()) for upload in uploads()]

    many = Work(monkeypatch).of(lambda: made(house, complaint))

    documents = Document.objects.order_by("-pk").select_related("file")
    bundle = documents.filter(kind=DocumentKind.BUNDLE)[0]
    # An index, a chronology and hashes are longer, and are one paper all the same.
    assert PAGES == 200 < bundle.pages < PAGES + 20
    assert many.papers <= few.papers + 1
    # Once for the PDF and once for the ZIP file, which packs nothing that is packed.
    assert sorted(many.opened) == sorted([file.pk for file in files] * 2)
    assert many.queries == few.queries
    # Photos are made small.
    assert bundle.file.size < sum(file.size for file in files) / 2


class Work:
    """Counts what making papers takes: papers set, files opened, queries."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.papers, self.queries = 0, 0
        self.opened: list[int] = []
        self.patch = monkeypatch

    def of(self, act: Callable[[], object]) -> "Work":
        """Do something, counting."""
        with self.patch.context() as patch, CaptureQueriesContext(connection) as queries:
            patch.setattr(bundles, "set_paper", self._counted(bundles.set_paper))
            for module in (bundles, evidence):
                patch.setattr(module, "open_file", self._noted(module.open_file))
            act()
        self.queries = len(queries)
        return self

    def _counted(self, set_paper: Callable[..., bytes]) -> Callable[..., bytes]:
        def counted(*args: Any, **details: Any) -> bytes:
            self.papers += 1
            return set_paper(*args, **details)

        return counted

    def _noted(self, open_file: Callable[..., Any]) -> Callable[..., Any]:
        def noted(file: StoredFile) -> Any:
            self.opened.append(file.pk)
            return open_file(file)

        return noted


# The redacted twin ------------------------------------------------------------------------------


@pytest.mark.one_database
def test_the_redacted_twin_names_nobody_who_was_blacked_out(house, complaint):
    redaction = Redaction("Ms Smith\n12 Quay Street\n0151 222 3333")

    bundle, archive = made(house, complaint, redaction=redaction)

    texts = [" ".join(pages_of(bundle))] + [
        " ".join(pages_of(PdfReader(io.BytesIO(archive.read(name)))))
        for name in archive.namelist()
        if name.startswith("documents/")
    ]
    for text in texts:
        assert "smith" not in text.lower()
        assert "Quay Street" not in text
        # Both halves with what stands beside them: three digits alone stand in many a hash.
        digits = text.replace(" ", "").replace("[redacted]", "")
        assert "0151222" not in digits
        assert "2223333" not in digits
    assert "We spoke to [redacted]." in texts[0]
    assert "Agnes Bell" in texts[0]


@pytest.mark.one_database
def test_files_about_somebody_else_are_left_out_with_a_sheet_that_says_so(house, complaint):
    secret = put(complaint, "photo of the neighbour.jpg", photo())

    bundle, archive = made(house, complaint, redaction=Redaction("", frozenset({secret.key})))

    assert any("Left out: it is about somebody else as well." in page for page in pages_of(bundle))
    assert not any("neighbour" in name for name in archive.namelist())


@pytest.mark.one_database
def test_a_pdf_that_names_what_is_blacked_out_is_left_out_by_itself(house, complaint):
    bound = bind(
        "T",
        [Part("A letter", "", [Paragraph(("Ms Smith is loud.",))])],
        author="H",
        reference="R",
        at=MONDAY_MORNING,
        change=str,
    )
    put(complaint, "from a solicitor.pdf", bound.content)

    bundle, archive = made(house, complaint, redaction=Redaction("Ms Smith"))

    assert "Ms Smith is loud" not in " ".join(pages_of(bundle))
    assert not any("solicitor" in name for name in archive.namelist())


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("Ms Smith", "ms\nSMITH"),
        ("O'Neil", "O’Neil"),
        ("0151 222 3333", "01512223333"),
        ("+44 151 222 3333", "+441512223333"),
        ("ann@b.example", "ANN@b.example"),
        ("a.b (c)", "A.B (C)"),
    ],
)
def test_a_term_is_blacked_out_however_it_is_written(term, text):
    assert redactor(terms_in(term))(f"x {text} y") == "x [redacted] y"


def test_a_term_is_not_blacked_out_inside_another_word():
    assert redactor(["Ann"])("Annual plan by Ann") == "Annual plan by [redacted]"


# Whose they are -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role",
    [
        Role.RESPONSIBLE_OFFICER,
        Role.HEAD_OF_SERVICE,
        Role.ASSISTANT_DIRECTOR,
        Role.PANEL_MEMBER,
        Role.AUDITOR,
    ],
)
def test_nobody_else_makes_or_takes_the_evidence(house, complaint, role):
    AccessEntry.objects.create(complaint=complaint, user=house[role], as_panel_member=True)
    documents = make_bundle(
        complaint_id=complaint.pk, by=house[Role.COMPLAINTS_COORDINATOR], now=NOW
    )

    with pytest.raises(NotEntitled):
        make_bundle(complaint_id=complaint.pk, by=house[role], now=NOW)
    with pytest.raises(NotEntitled):
        taken(complaint=complaint, key=documents[0].file.key, by=house[role], now=NOW)

    assert Document.objects.count() == 2
    assert not Download.objects.exists()


@time_machine.travel(NOW)
def test_the_bundle_is_made_with_one_click_and_every_download_is_recorded(client, house, complaint):
    client.force_login(house[Role.DIRECTOR])
    address = reverse("cases:case-papers", args=[complaint.reference])

    client.post(address, {"step": "bundle"})
    page = client.get(address).content.decode()
    key = Document.objects.get(kind="bundle").file.key
    answer = client.get(f"{address}?document={key}")

    assert f"?document={key}" in page
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert Download.objects.get().by == house[Role.DIRECTOR]


@time_machine.travel(NOW)
def test_a_redacted_twin_without_anything_to_black_out_is_not_made(client, house, complaint):
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    address = reverse("cases:case-papers", args=[complaint.reference])

    answer = client.post(address, {"step": "redacted", "words": " \n"})

    assert answer.status_code == 422
    assert not Document.objects.exists()


def test_a_document_of_another_complaint_is_none_of_this_one(client, house, complaint):
    other = house.lodge()
    documents = make_bundle(complaint_id=other.pk, by=house[Role.DIRECTOR], now=NOW)
    client.force_login(house[Role.DIRECTOR])
    address = reverse("cases:case-papers", args=[complaint.reference])

    assert client.get(f"{address}?document={documents[0].file.key}").status_code == 404


# The papers of a hearing --------------------------------------------------------------------------


@pytest.mark.rule("HH-23")
def test_papers_are_bound_kept_and_for_panel_and_coordinator_only(client, house):
    situation = SITUATIONS[Act.SEND_PAPERS]
    story = situation.lead(house)
    complaint = story.complaint
    add_note(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(MONDAY.replace(day=22)),
        words="Between us.",
    )
    file = put(complaint, "letter.txt", b"I am still cold.")
    hidden = put(complaint, "neighbour.txt", b"Not hers.")
    complaint.refresh_from_db()
    data = {**situation.data(story), "seen": complaint.version}
    chosen = {**data, "contents": [f"file:{file.key}"]}
    address = reverse("cases:send-papers", args=[complaint.reference])
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    with time_machine.travel(at(MONDAY.replace(day=22))):
        refused = client.post(address, chosen)
        because = {**chosen, "withheld_because": "It is about somebody else."}
        preview = client.post(address, {**because, "papers": "yes"})
        events = RecordedEvent.objects.filter(complaint=complaint, kind="papers_sent").count()
        done = client.post(address, because)

    assert refused.status_code == 422
    assert preview["Content-Type"] == "application/pdf"
    assert events == 0
    assert done.status_code == 302
    kept = Document.objects.select_related("file").get(kind=DocumentKind.PAPERS)
    told = " ".join(pages_of(opened(kept)))
    assert "I am still cold." in told
    assert "Not hers." not in told
    assert "Between us." not in told
    assert f"{hidden.name}" in told
    assert "It is about somebody else." in told
    assert "A note between colleagues." in told
    event = RecordedEvent.objects.get(complaint=complaint, kind="papers_sent")
    assert (event.facts["pages"], event.facts["sha256"]) == (kept.pages, kept.file.sha256)
    sitting = AccessEntry.objects.filter(complaint=complaint, as_panel_member=True).first().user
    assert taken(complaint=complaint, key=kept.file.key, by=sitting, now=NOW) == kept.file
    with pytest.raises(NotEntitled):
        taken(complaint=complaint, key=kept.file.key, by=house[Role.LINE_MANAGER], now=NOW)


@pytest.mark.rule("HH-23")
def test_letters_and_files_are_ticked_at_first_and_notes_are_not(client, house):
    story = SITUATIONS[Act.SEND_PAPERS].lead(house)
    complaint = story.complaint
    put(complaint, "letter.txt", b"I am still cold.")
    with time_machine.travel(at(MONDAY.replace(day=22))):
        add_note(
            complaint_id=complaint.pk,
            by=house[Role.COMPLAINTS_COORDINATOR],
            now=at(MONDAY.replace(day=22)),
            words="Between us.",
        )
        client.force_login(house[Role.COMPLAINTS_COORDINATOR])
        page = client.get(reverse("cases:send-papers", args=[complaint.reference]))

    field = page.context["form"]["contents"]
    offered = {name for name, _ in field.field.choices}
    assert {each for each in offered if not each.startswith("note:")} == set(field.value())
    assert any(each.startswith("note:") for each in offered)
    assert EventWords.objects.filter(event__complaint=complaint).exists()


def papers_of_a_hearing(house, channel: str, **customer):
    """Send papers with one file in them to a customer that way, and return the complaint."""
    story = SITUATIONS[Act.SEND_PAPERS].lead(house)
    complaint = story.complaint
    Customer.objects.filter(pk=complaint.customer_id).update(**customer)
    story.act(
        assign,
        Role.COMPLAINTS_COORDINATOR,
        MONDAY.replace(day=22),
        officer_id=house.people[Role.ASSISTANT_DIRECTOR].pk,
        area_id=house.team.pk,
    )
    file = put(complaint, "letter.txt", b"I am still cold.")
    story.act(
        send_papers,
        Role.COMPLAINTS_COORDINATOR,
        MONDAY.replace(day=22),
        on=MONDAY.replace(day=22),
        papers=Papers(Pack([f"file:{file.key}"], "Not needed.")),
        telling=Telling(channel),
    )
    return complaint


@pytest.mark.rule("HH-23")
def test_papers_by_post_wait_with_their_letter_in_one_pdf(client, house):
    complaint = papers_of_a_hearing(house, "post")

    letter = complaint.letters.get(kind="papers")
    pack = Document.objects.get(kind=DocumentKind.PAPERS)
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    with time_machine.travel(at(MONDAY.replace(day=22))):
        listed = client.get(reverse("cases:letters"))
        name = f"{complaint.reference}:{letter.event_number}"
        printed = client.get(reverse("cases:letters-pdf"), {"letter": name})

    assert f"Enclosed: the papers for the hearing, {pack.pages} pages." in letter.body
    assert "6 July 2026" in letter.body
    assert b"With the papers" in listed.content
    told = pages_of(PdfReader(io.BytesIO(printed.content)))
    assert "With this come the papers for the hearing" in told[0]
    assert any("I am still cold." in page for page in told[1:])


@pytest.mark.rule("HH-23")
def test_the_panel_and_the_officer_are_told_where_the_papers_are(house):
    complaint = papers_of_a_hearing(house, "post")

    event = complaint.events.get(kind="papers_sent")
    told = OutboundMessage.objects.filter(complaint=complaint, kind="papers")
    panel = seated(complaint)
    assert {each.to_user_id for each in told} == {*panel, complaint.responsible_officer_id}
    assert all(reverse("cases:case-papers", args=[complaint.reference]) in m.body for m in told)
    assert set(event.facts["sent_to"]) == {each.to_user_id for each in told}
    page = case_page(
        complaint, user=house[Role.COMPLAINTS_COORDINATOR], today=MONDAY.replace(day=22)
    )
    entry = next(each for each in page.entries if each.title.startswith("Papers for the hearing"))
    lines = {line.label: line.text for line in entry.lines}
    assert house[Role.ASSISTANT_DIRECTOR].name in lines["Colleagues told"]
    assert lines["How"] == "Letter by post"


@pytest.mark.rule("HH-23")
def test_papers_by_email_are_read_on_the_page_where_the_customer_follows(house):
    complaint = papers_of_a_hearing(house, "email")
    letter = complaint.letters.get(kind="papers")

    assert "read the papers and save them on the page" in letter.body
    assert "/track/link/" in letter.message.body

    speaks = SITUATIONS[Act.SEND_PAPERS].lead(house).complaint
    Representative.objects.create(complaint=speaks, name="Bob", email=speaks.customer.email)
    with pytest.raises(ActionNotAllowed, match="Send them by post"):
        sends(house, speaks, Papers(Pack([])), Telling("email"))


def sends(house, complaint, papers: Papers, telling: Telling):
    """Send papers of another complaint."""
    day = MONDAY.replace(day=22)
    return send_papers(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(day),
        seen=None,
        on=day,
        papers=papers,
        telling=telling,
    )


@pytest.mark.rule("HH-23")
@pytest.mark.parametrize(
    ("papers", "telling", "why"),
    [
        (Papers(), Telling("post"), "Choose what goes into the papers"),
        (Papers(words=" "), Telling("letter_elsewhere"), "Choose what goes into the papers"),
        (Papers(words="All."), Telling("post"), "nothing to send from here"),
        (Papers(Pack([])), Telling("phone"), "reach the customer"),
    ],
)
def test_nothing_is_recorded_as_sent_that_was_not(house, papers, telling, why):
    complaint = SITUATIONS[Act.SEND_PAPERS].lead(house).complaint

    with pytest.raises(ActionNotAllowed, match=why):
        sends(house, complaint, papers, telling)

    assert not complaint.events.filter(kind="papers_sent").exists()
    assert complaint.deadlines.get(code="send-papers").state == "open"


@pytest.mark.rule("HH-23")
@pytest.mark.rule("HH-27")
def test_whoever_needs_another_format_is_not_sent_ordinary_print_without_a_word(house):
    complaint = SITUATIONS[Act.SEND_PAPERS].lead(house).complaint
    Customer.objects.filter(pk=complaint.customer_id).update(letter_format="large_print")

    with pytest.raises(ActionNotAllowed, match="Say how they get the papers so, or why not"):
        sends(house, complaint, Papers(Pack([])), Telling("post"))

    sends(house, complaint, Papers(Pack([]), made_so="Enlarged on the copier."), Telling("post"))
    event = complaint.events.get(kind="papers_sent")
    assert event.words.parts["made_so"] == "Enlarged on the copier."
    assert complaint.letters.get(kind="papers").letter_format == "large_print"
