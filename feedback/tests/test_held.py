"""Everything that is held of somebody is gathered for them, and nothing of anybody else."""

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing, WrongDate
from cases.models import (
    AccessEntry,
    CaseLook,
    Complaint,
    Contractor,
    Customer,
    CustomerChange,
    Dispatch,
    Exclusion,
    InboundMail,
    InformationRequest,
    JointComplainant,
    Landlord,
    Letter,
    LetterDraft,
    MailFile,
    OutboundMessage,
    Representative,
    RoleGrant,
    ServiceRequest,
    StoredFile,
    TrackingVisit,
)
from cases.operations.files import path_of, store_upload
from cases.operations.note import add_note
from cases.operations.restrictions import Proposal, propose_restriction
from cases.operations.telling import Telling
from cases.rules.bank_holidays import Nation
from cases.rules.restrictions import ContactWay
from cases.rules.roles import Role
from cases.tests.answering import acknowledge
from cases.tests.factories import CustomerFactory, UserFactory
from feedback import tasks
from feedback.models import (
    FormFile,
    HeldCopy,
    HeldCopyTaken,
    HeldRequest,
    Remark,
    RemarkLetter,
    Submission,
    SurveyAnswer,
    SurveyRequest,
)
from feedback.operations import held
from feedback.operations.held import (
    KEEP_COPIES,
    ask_for_copy,
    end_request,
    forget_copies,
    make_copies,
    record_request,
    take_copy,
)
from feedback.operations.housekeeping import remove_orphans
from feedback.rules.held import (
    AMONG_COLLEAGUES,
    BY_ADDRESS,
    CONTACT_NAMED,
    JOINT,
    NOT_KNOWN_WHOSE,
    ONCE_THEIRS,
    OTHERS_NAMED,
    RESTRICTED,
    RESTRICTION,
    SOMEBODY_ELSES,
    Held,
    Outcome,
    answer_by,
    looking_for,
    spellings_of,
)

COORDINATOR = Role.COMPLAINTS_COORDINATOR
NOW = datetime(2026, 6, 10, 10, tzinfo=UTC)
TODAY = date(2026, 6, 10)
ENGLAND, SCOTLAND = Nation.ENGLAND_AND_WALES, Nation.SCOTLAND

pytestmark = pytest.mark.promise("P24")


# By when ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "nation", "by"),
    [
        (date(2026, 6, 3), ENGLAND, date(2026, 7, 3)),
        # The 28th of February is a Saturday.
        (date(2026, 1, 31), ENGLAND, date(2026, 3, 2)),
        # Christmas, Boxing Day on the Monday after.
        (date(2026, 11, 25), ENGLAND, date(2026, 12, 29)),
        (date(2026, 10, 30), ENGLAND, date(2026, 11, 30)),
        # St Andrew's Day.
        (date(2026, 10, 30), SCOTLAND, date(2026, 12, 1)),
    ],
)
def test_there_is_one_calendar_month_to_answer(asked, nation, by):
    assert answer_by(asked, nation) == by


# What is looked at first ------------------------------------------------------------------------


@pytest.fixture
def reasons():
    """Return which reasons there are to look at words."""
    look = looking_for(
        ["Robin Repworth", "Agnes Li", "Ada Canary"],
        own=["Ada Canary", "ada@example.org", *spellings_of("01632 960 001")],
        known=["0300 111 3000"],
        firms=["Nightly Heating Services"],
    )
    return lambda words: look(Held("", "", fields=(("Words", words),))).because


@pytest.mark.parametrize(
    ("words", "because"),
    [
        ("I am Ada Canary, ada@example.org, 01632 960001.", ()),
        ("Ring me: +44 1632 960001.", ()),
        ("Ring the Ombudsman: 0300 111 3000.", ()),
        ("It rained on the 10th of June.", ()),
        ("Robin Repworth shouted.", (OTHERS_NAMED,)),
        ("Mr REPWORTH shouted.", (OTHERS_NAMED,)),
        ("R o b i n  R e p w o r t h shouted.", (OTHERS_NAMED,)),
        ("Mrs Agnes shouted.", (OTHERS_NAMED,)),
        ("Write to neighbour@example.org.", (CONTACT_NAMED,)),
        ("The heating services of the landlord failed.", ()),
        ("Nightly heating services came.", (OTHERS_NAMED,)),
        ("Robin Repworth, 01632 960 777", (OTHERS_NAMED, CONTACT_NAMED)),
    ],
)
def test_words_that_name_somebody_else_are_looked_at(reasons, words, because):
    assert reasons(words) == because


# The copy ---------------------------------------------------------------------------------------


@pytest.fixture
def coordinator(house):
    return house[COORDINATOR]


@pytest.fixture
def ada(house):
    return CustomerFactory(
        name="Ada Canary",
        address="7 Adacanaryroad",
        email="ada@example.org",
        phone="01632 960 001",
        needs="ADA-NEEDS",
    )


def stored(complaint, name: str, content: bytes) -> StoredFile:
    file = store_upload(SimpleUploadedFile(name, content), by=None, now=NOW)
    StoredFile.objects.filter(pk=file.pk).update(complaint=complaint)
    return file


def mail(complaint, code: str, sender: str, text: str, **more) -> InboundMail:
    values = {
        "key": code,
        "code": code,
        "kind": "written",
        "state": "joined" if complaint else "waiting",
        "received_at": NOW,
        "sender": sender,
        "subject": "About it",
        "text": text,
        "complaint": complaint,
    }
    return InboundMail.objects.create(**(values | more))


@pytest.fixture
def hers(house, ada, coordinator):
    """A complaint of Ada's with one of everything in it, most of it other people's too."""
    complaint = house.lodge(
        customer=ada, summary="ADA-SUMMARY", desired_outcome="ADA-WISH", on=date(2026, 6, 1)
    )
    robin = Representative.objects.create(
        complaint=complaint, name="Robin Repworth", email="robin@example.org", phone="ROBIN-PHONE"
    )
    joint = CustomerFactory(name="Jo Jointly", email="jo@example.org", phone="JO-PHONE")
    JointComplainant.objects.create(complaint=complaint, customer=joint)
    acknowledge(
        complaint_id=complaint.pk,
        by=coordinator,
        now=NOW - timedelta(days=5),
        seen=complaint.version,
        on=TODAY - timedelta(days=5),
        telling=Telling("post"),
    )
    letter = Letter.objects.filter(complaint=complaint).earliest("pk")
    Letter.objects.filter(pk=letter.pk).update(body="ADA-LETTER")
    values = {
        "complaint": complaint,
        "kind": "update",
        "letter_format": "standard",
        "channel": "post",
        "issued_at": NOW,
    }
    Letter.objects.create(
        **values, event_number=90, to_name="Robin Repworth", to_speaker=robin, body="ROBIN-LETTER"
    )
    Letter.objects.create(
        **values, event_number=91, to_name="Jo Jointly", to_customer=joint, body="JO-LETTER"
    )
    add_note(complaint_id=complaint.pk, by=coordinator, now=NOW, words="COLLEAGUES-NOTE")
    message = {"kind": "receipt", "complaint": complaint, "created_at": NOW, "next_try_at": NOW}
    for key, address, body in (
        ("a", "ADA@example.org", "ADA-RECEIPT code 2A3B-4C5D-6E7F"),
        ("b", "robin@example.org", "ROBIN-LINK"),
    ):
        OutboundMessage.objects.create(
            **message, key=key, to_address=address, subject="It came", body=body
        )
    Dispatch.objects.create(
        key="t",
        kind="text",
        complaint=complaint,
        letter=letter,
        to_phone="+44 1632 960001",
        words="ADA-TEXT",
        created_at=NOW,
        next_try_at=NOW,
    )
    from_ada = mail(complaint, "ma", "ada@example.org", "ADA-MAIL")
    mail(complaint, "mb", "other@example.org", "STRANGER-MAIL")
    MailFile.objects.create(mail=from_ada, file=stored(complaint, "ada.txt", b"ADA-FILE"))
    stored(complaint, "unknown.txt", b"UNKNOWN-FILE")
    InformationRequest.objects.create(
        complaint=complaint,
        to_name="Conny Tractor",
        to_email="conny@example.org",
        question="CONTRACTORS-QUESTION",
        due_on=TODAY,
        token_hash="x",
        asked_at=NOW,
        asked_by=coordinator,
        expires_at=NOW + timedelta(days=9),
    )
    LetterDraft.objects.create(
        complaint=complaint,
        act="respond",
        by=coordinator,
        stage="stage-1",
        visit=1,
        typed={"letter": ["COLLEAGUES-DRAFT"]},
        saved_at=NOW,
    )
    SurveyRequest.objects.create(complaint=complaint, way="email", asked_at=NOW)
    SurveyAnswer.objects.create(
        complaint=complaint, month=date(2026, 6, 1), way="email", overall=4, words="ADA-SURVEY"
    )
    TrackingVisit.objects.create(
        complaint=complaint,
        customer=ada,
        token_hash="v",
        proof="email",
        began_at=NOW,
        ends_at=NOW + timedelta(hours=1),
    )
    officer = house[Role.RESPONSIBLE_OFFICER]
    CaseLook.objects.create(complaint=complaint, user=officer, day=TODAY, at=NOW, what="opened")
    return complaint


@pytest.fixture
def beside(house, ada, coordinator):
    """What is held of Ada beside her complaints."""
    CustomerChange.objects.create(customer=ada, at=NOW, changes=[["Name", "ADA-FORMERLY", "Ada"]])
    ServiceRequest.objects.create(
        reference="R-1",
        kind="service_request",
        customer=ada,
        channel="phone",
        received_on=TODAY,
        words="ADA-REQUEST",
        done_words="COLLEAGUES-DONE",
        done_on=TODAY,
        logged_at=NOW,
    )
    remark = Remark.objects.create(
        reference="C-1",
        kind="compliment",
        customer=ada,
        channel="web",
        received_on=TODAY,
        words="ADA-COMPLIMENT",
        logged_at=NOW,
    )
    form = Submission.objects.create(
        key="k",
        token_hash="t",
        reference="S-1",
        kind="compliment",
        received_at=NOW,
        received_on=TODAY,
        as_sent=[{"title": "You", "rows": [["Name", "ADA-FORM", ""]]}],
        state="accepted",
        text_hash="",
        expects_answer=True,
        remark=remark,
    )
    file = store_upload(SimpleUploadedFile("thanks.txt", b"ADA-PHOTO"), by=None, now=NOW)
    FormFile.objects.create(submission=form, file=file, source="", added_at=NOW)
    RemarkLetter.objects.create(
        remark=remark,
        purpose="thanks",
        channel="post",
        to_name="Ada Canary",
        letter_format="standard",
        body="ADA-THANKS",
        issued_at=NOW,
        issued_by=coordinator,
    )
    propose_restriction(
        Proposal(
            closed=frozenset({ContactWay.PHONE}),
            limits="",
            reason="COLLEAGUES-FEAR",
            evidence="COLLEAGUES-EVIDENCE",
            considered="COLLEAGUES-WEIGHED",
            review_on=TODAY + timedelta(days=60),
        ),
        customer_id=ada.pk,
        by=coordinator,
        now=NOW,
    )
    mail(None, "mw", "ada@example.org", "PERHAPS-ADA")


def ask(customer, by, **more) -> HeldRequest:
    given = {"received_on": TODAY, "identity": "She rang.", "by": by, "now": NOW}
    return record_request(customer_code=customer.code, **(given | more))


class Copy:
    """A copy as whoever takes it finds it."""

    def __init__(self, copy: HeldCopy) -> None:
        self.copy = copy
        self.archive = zipfile.ZipFile(io.BytesIO(path_of(copy.file.key).read_bytes()))

    def all_in(self, folder: str) -> str:
        """Return everything in a folder as text."""
        names = [each for each in self.archive.namelist() if each.startswith(folder)]
        return "\n".join(self.archive.read(each).decode() for each in names)

    def why(self, words: str) -> list[str]:
        """Return why the thing that holds these words is looked at first."""
        rows = json.loads(self.archive.read("to look at first/data.json"))
        return next(each["look_at_because"] for each in rows if words in json.dumps(each))


def copy_of(customer, by, **more) -> Copy:
    """Have a copy made for somebody."""
    request = ask(customer, by, **more)
    assert make_copies(now=NOW) == 1
    return Copy(HeldCopy.objects.get(request=request))


OWN = [
    *("Ada Canary", "7 Adacanaryroad", "ada@example.org", "01632 960 001", "ADA-NEEDS"),
    *("ADA-SUMMARY", "ADA-WISH", "ADA-LETTER", "ADA-RECEIPT", "ADA-TEXT", "ADA-MAIL", "ADA-FILE"),
    *("ADA-SURVEY", "ADA-FORMERLY", "ADA-REQUEST", "ADA-COMPLIMENT", "ADA-FORM", "ADA-PHOTO"),
    *("ADA-THANKS", "They followed it on the web", "Opened by colleagues"),
]
LOOKED_AT = {
    "COLLEAGUES-NOTE": AMONG_COLLEAGUES,
    "COLLEAGUES-DRAFT": AMONG_COLLEAGUES,
    "COLLEAGUES-DONE": AMONG_COLLEAGUES,
    "COLLEAGUES-FEAR": RESTRICTION,
    "ROBIN-PHONE": SOMEBODY_ELSES,
    "ROBIN-LETTER": SOMEBODY_ELSES,
    "JO-LETTER": SOMEBODY_ELSES,
    "STRANGER-MAIL": SOMEBODY_ELSES,
    "CONTRACTORS-QUESTION": SOMEBODY_ELSES,
    "unknown.txt": NOT_KNOWN_WHOSE,
}


def test_all_of_it_is_there_and_what_is_of_others_is_looked_at_first(
    house, ada, hers, beside, coordinator
):
    for number in range(50):
        other = CustomerFactory(
            name=f"Bystander Number{number}", email=f"b{number}@example.org", address="BYSTANDER"
        )
        if number < 3:
            house.lodge(customer=other, summary="BYSTANDER")
    copy = copy_of(ada, coordinator)
    give, look_at = copy.all_in("to give"), copy.all_in("to look at first")

    assert [each for each in OWN if each not in give] == []
    assert [each for each in LOOKED_AT if each not in look_at] == []
    assert [each for each in LOOKED_AT if each in give] == []
    assert {each: why for each, why in LOOKED_AT.items() if why not in copy.why(each)} == {}
    assert "UNKNOWN-FILE" in look_at
    assert "PERHAPS-ADA" in look_at
    for nobodys in ("Repworth", "Jointly", "JO-PHONE", "Conny", "COLLEAGUES"):
        assert nobodys not in give
    # A link in an e-mail to somebody else opens a door, and so does a code.
    everything = copy.all_in("")
    for secret in ("BYSTANDER", "Bystander", "ROBIN-LINK", "2A3B-4C5D-6E7F"):
        assert secret not in everything
    # Which colleagues opened it is theirs.
    assert house[Role.RESPONSIBLE_OFFICER].email not in everything
    assert (copy.copy.to_give, copy.copy.to_look_at) == (
        len(json.loads(copy.archive.read("to give/data.json"))),
        len(json.loads(copy.archive.read("to look at first/data.json"))),
    )


def test_words_are_never_markup(ada, house, coordinator):
    house.lodge(customer=ada, summary="<script>alert(1)</script>")

    page = copy_of(ada, coordinator).archive.read("to give/read me.html").decode()

    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_what_somebody_joined_is_looked_at_but_letters_to_them(ada, hers, coordinator):
    jo = Customer.objects.get(name="Jo Jointly")

    copy = copy_of(jo, coordinator)

    give = copy.all_in("to give")
    assert "JO-LETTER" in give
    assert "JO-PHONE" in give
    for hers_alone in ("ADA-SUMMARY", "ADA-LETTER", "ADA-MAIL", "ADA-FILE", "Ada Canary"):
        assert hers_alone not in give
    assert JOINT in copy.why("ADA-SUMMARY")


def test_what_is_closed_to_the_colleague_is_not_in_their_copy_and_leaves_no_trace(
    house, ada, hers, coordinator
):
    open_one = house.lodge(customer=ada, summary="OPEN-ONE")
    Exclusion.objects.create(complaint=hers, user=coordinator, reason="subject")
    second = UserFactory(roles=[COORDINATOR])

    mine = copy_of(ada, coordinator)
    ask_for_copy(code=HeldRequest.objects.get().code, by=second, now=NOW)
    make_copies(now=NOW)
    theirs = Copy(HeldCopy.objects.get(made_for=second))

    assert "OPEN-ONE" in mine.all_in("to give")
    for secret in (hers.reference, "ADA-SUMMARY", "COLLEAGUES-NOTE"):
        assert secret not in mine.all_in("")
        assert secret in theirs.all_in("")
    assert open_one.reference in theirs.all_in("")


def test_of_a_restricted_complaint_all_but_what_they_sent_is_looked_at_first(
    house, ada, hers, coordinator
):
    Complaint.objects.filter(pk=hers.pk).update(level="restricted")
    AccessEntry.objects.create(complaint=hers, user=coordinator)
    form = {"token_hash": "t", "received_at": NOW, "received_on": TODAY, "text_hash": ""}
    Submission.objects.create(
        **form,
        key="r",
        reference="S-2",
        kind="complaint",
        as_sent=[{"title": "You", "rows": [["Name", "ADA-FORM", ""]]}],
        state="accepted",
        expects_answer=True,
        complaint=hers,
    )

    copy = copy_of(ada, coordinator)

    give = copy.all_in("to give")
    for sent in ("ADA-MAIL", "ADA-FILE", "ADA-FORM"):
        assert sent in give
    told = ["ADA-SUMMARY", "ADA-WISH", "ADA-LETTER", "ADA-RECEIPT", "ADA-TEXT", "ADA-SURVEY"]
    told += ["COLLEAGUES-NOTE", "Complaint received", "Opened by colleagues", "followed it on"]
    assert [each for each in told if each in give] == []
    assert [each for each in told if RESTRICTED not in copy.why(each)] == []


def test_what_went_to_or_came_from_an_address_they_had_before_is_theirs_and_looked_at(
    ada, hers, coordinator
):
    CustomerChange.objects.create(
        customer=ada, at=NOW, changes=[["E-mail", "Old@example.org", ada.email]]
    )
    message = {"kind": "letter", "created_at": NOW, "next_try_at": NOW, "complaint": hers}
    link = "https://example.org/track/link/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"
    OutboundMessage.objects.create(
        **message, key="o", to_address="old@example.org", subject="-", body=f"ONCE-ADAS {link}"
    )
    mail(hers, "mo", "OLD@example.org", "ONCE-FROM-ADA")

    copy = copy_of(ada, coordinator)

    for words in ("ONCE-ADAS", "ONCE-FROM-ADA"):
        assert ONCE_THEIRS in copy.why(words)
        assert words not in copy.all_in("to give")
    assert "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" not in copy.all_in("")


def test_files_of_e_mails_that_became_a_request_or_wait_are_there(ada, beside, coordinator):
    asked = ServiceRequest.objects.get()
    for code, more, name in (
        ("mr", {"state": "request", "request": asked}, "request.txt"),
        ("mx", {}, "waiting.txt"),
    ):
        one = mail(None, code, "ada@example.org", "words", **more)
        file = store_upload(SimpleUploadedFile(name, name.upper().encode()), by=None, now=NOW)
        MailFile.objects.create(mail=one, file=file)

    copy = copy_of(ada, coordinator)

    assert "REQUEST.TXT" in copy.all_in("to give")
    assert "WAITING.TXT" in copy.all_in("to look at first")
    assert BY_ADDRESS in copy.why("waiting.txt")


def receipt_of(reference: str, body: str) -> None:
    OutboundMessage.objects.create(
        key=reference,
        kind="receipt",
        to_address="Ada@example.org",
        subject=f"About your enquiry {reference}",
        body=body,
        created_at=NOW,
        next_try_at=NOW,
    )


def test_receipts_of_no_complaint_are_there_but_of_what_is_closed_to_the_reader(
    house, ada, beside, coordinator
):
    hidden = house.lodge(customer=ada)
    Exclusion.objects.create(complaint=hidden, user=coordinator, reason="subject")
    common = {"received_at": NOW, "received_on": TODAY, "as_sent": [], "text_hash": ""}
    common |= {"kind": "complaint", "expects_answer": True, "token_hash": "x"}
    Submission.objects.create(
        **common, key="h", reference="S-9", state="accepted", complaint=hidden
    )
    waits = {"state": "quarantined", "review_by": TODAY}
    about = Submission.objects.create(**common, **waits, key="a", reference="S-8")
    about.about.add(coordinator)
    Submission.objects.create(**common, **waits, key="w", reference="S-7")
    receipt_of("S-1", "RECEIPT-OF-PRAISE 2A3B-4C5D-6E7F")
    receipt_of("S-7", "RECEIPT-OF-WHAT-WAITS")
    receipt_of("S-8", "SECRET")
    receipt_of("S-9", "SECRET")

    copy = copy_of(ada, coordinator)

    assert "RECEIPT-OF-PRAISE" in copy.all_in("to give")
    assert BY_ADDRESS in copy.why("RECEIPT-OF-WHAT-WAITS")
    assert "SECRET" not in copy.all_in("")
    assert "2A3B-4C5D-6E7F" not in copy.all_in("")


def test_how_a_form_was_judged_and_why_an_e_mail_was_put_aside_is_there(ada, beside, coordinator):
    Submission.objects.filter(reference="S-1").update(signs=["links"], reason="WHY-LET-THROUGH")
    put_aside = {"state": "not_ours", "reason": "WHY-PUT-ASIDE"}
    mail(None, "mp", "ada@example.org", "words", **put_aside)

    copy = copy_of(ada, coordinator)

    for words in ("WHY-LET-THROUGH", "Addresses of web pages among the words", "WHY-PUT-ASIDE"):
        assert AMONG_COLLEAGUES in copy.why(words)
        assert words not in copy.all_in("to give")


def test_a_code_that_waits_to_go_is_not_in_it(ada, hers, coordinator):
    OutboundMessage.objects.create(
        key="code",
        kind="tracking_code",
        complaint=hers,
        to_address=ada.email,
        subject="Your code",
        body="CODE-WORDS 12345678",
        created_at=NOW,
        next_try_at=NOW,
    )

    everything = copy_of(ada, coordinator).all_in("")

    assert "CODE-WORDS" in everything
    assert "12345678" not in everything


def test_everybody_who_wrote_was_written_to_or_is_shut_out_is_looked_for(
    house, ada, hers, coordinator
):
    Contractor.objects.create(code="n", name="Nightly Heating Services")
    Exclusion.objects.create(
        complaint=hers, user=UserFactory(name="Sally Shutout"), reason="subject"
    )
    InboundMail.objects.filter(text="STRANGER-MAIL").update(sender_name="Stan Stranger")
    names = ["Mrs Shutout", "Mr Stranger", "Nightly Heating Services"]
    for number, name in enumerate(names):
        mail(hers, f"n{number}", "ada@example.org", f"{name} shouted.")

    copy = copy_of(ada, coordinator)

    assert [each for each in names if OTHERS_NAMED not in copy.why(f"{each} shouted")] == []


def test_others_are_looked_for_also_for_somebody_without_a_complaint(ada, beside, coordinator):
    Contractor.objects.create(code="n", name="Nightly Heating Services")
    asked = ServiceRequest.objects.get()
    become = {"state": "request", "request": asked}
    mail(None, "n1", "neighbour@example.org", "-", sender_name="Nora Neighbour", **become)
    mail(None, "n2", "ada@example.org", "Mrs Neighbour shouted.", **become)
    mail(None, "n3", "ada@example.org", "Nightly Heating Services rang.", **become)

    copy = copy_of(ada, coordinator)

    for words in ("Mrs Neighbour shouted", "Services rang"):
        assert OTHERS_NAMED in copy.why(words)


def test_words_about_limited_contact_are_looked_at_and_kept_from_who_may_not_know(
    house, ada, hers, coordinator
):
    Customer.objects.filter(pk=ada.pk).update(restricted_contact="ONLY-BY-POST")
    open_one = copy_of(ada, coordinator)
    Exclusion.objects.create(
        complaint=house.lodge(customer=ada), user=coordinator, reason="subject"
    )
    ask_for_copy(code=HeldRequest.objects.get().code, by=coordinator, now=NOW)
    make_copies(now=NOW)
    kept_from = Copy(HeldCopy.objects.latest("pk"))

    assert RESTRICTION in open_one.why("ONLY-BY-POST")
    assert "ONLY-BY-POST" not in open_one.all_in("to give")
    assert "ONLY-BY-POST" not in kept_from.all_in("")


def test_programs_that_opened_it_are_named_and_no_colleagues(ada, hers, coordinator):
    program = UserFactory(name="Housing program", is_program=True)
    CaseLook.objects.create(complaint=hers, user=program, day=TODAY, at=NOW, what="opened")

    rows = json.loads(copy_of(ada, coordinator).archive.read("to give/data.json"))

    told = {each["what"]: each["fields"] for each in rows if each["what"].startswith("Opened")}
    assert told == {
        "Opened by a program": [{"name": "Program", "value": "Housing program"}],
        "Opened by colleagues": [{"name": "Colleagues", "value": "1"}],
    }


def test_the_queries_do_not_grow_with_what_is_held(house, ada, coordinator):
    complaint = house.lodge(customer=ada)
    counts = []
    for more in (2, 40):
        for number in range(more):
            add_note(complaint_id=complaint.pk, by=coordinator, now=NOW, words=f"Note {number}")
            mail(complaint, f"m{more}-{number}", "ada@example.org", "words")
        request = HeldRequest.objects.first() or ask(ada, coordinator)
        HeldRequest.objects.update(wanted_at=NOW, wanted_by=coordinator)
        with CaptureQueriesContext(connection) as asked:
            make_copies(now=NOW)
        counts.append(len(asked))

    assert counts[1] <= counts[0]
    assert request.copies.count() == 2


# Every table has its place ----------------------------------------------------------------------

# What is in a copy of what is held of somebody, by the name of its table.
GATHERED = (
    "complaint customer customerchange representative jointcomplainant recordedevent eventwords "
    "letter outboundmessage dispatch inboundmail mailfile storedfile informationrequest "
    "letterdraft letterproposal trackingvisit trackingcode caselook servicerequest "
    "contactrestriction restrictionrecord restrictionletter remark submission formfile "
    "remarkletter remarkproposal passedon surveyrequest surveyanswer heldrequest"
)
# Why the others are not.
NOT_GATHERED = {
    "worked out from what is gathered, or made of it": (
        "stagetransition deadline pointofcomplaint searchentry document complaintlink "
        "webhookdelivery apisubmission "
        "heldcopy keptcase reportline"
    ),
    "about colleagues, and what they do": (
        "user rolegrant proposedrole absence cover accessentry exclusion alert caseview presence "
        "savedview calendarfeed declaredinterest committeepost browsersession secondfactor "
        "recoverycode listexport loggedform download heldcopytaken settingschange"
    ),
    "the landlord's own": (
        "landlord servicearea category contractor procedure procedureversion adoption closure "
        "bankholiday calendaredition lettertemplate translatedtext outsidebodydetails job jobslot "
        "anchor apikey apikeyarea webhook"
    ),
    "secrets that open a page, and lead to what is gathered": (
        "trackinglink consentlink trackingclosure"
    ),
    "found by whoever began it alone": "draft",
    "figures and words in which nobody is named": (
        "surveyround equalitycount lesson keptreport keptcopy weeklyreport lessonsreturn capacity "
        "targets measuredyear selfassessment provisionanswer improvementreport"
    ),
    "tells of a mistake of ours, by places": "sighting",
}


def test_every_table_is_gathered_or_it_is_said_why_not():
    there = {
        each._meta.model_name
        for app in ("cases", "feedback", "reporting")
        for each in apps.get_app_config(app).get_models()
    }
    gathered = {*GATHERED.split()}
    said = {name for names in NOT_GATHERED.values() for name in names.split()}

    assert sorted(there - gathered - said) == []
    assert sorted((gathered | said) - there) == []
    assert not gathered & said


# Who, when and how often ------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(set(Role) - {COORDINATOR}))
def test_nobody_but_a_coordinator_has_anything_to_do_with_it(house, ada, coordinator, role):
    request = ask(ada, coordinator)
    make_copies(now=NOW)
    person, copy = house[role], request.copies.get()

    for act in (
        lambda: ask(CustomerFactory(), person),
        lambda: ask_for_copy(code=request.code, by=person, now=NOW),
        lambda: take_copy(code=request.code, copy_id=copy.pk, by=person, now=NOW),
        lambda: end_request(
            code=request.code, outcome=Outcome.REFUSED, on=TODAY, words="-", by=person, now=NOW
        ),
    ):
        with pytest.raises(NotEntitled):
            act()


def test_a_request_needs_to_say_who_asked_and_comes_once(ada, coordinator):
    with pytest.raises(ReasonMissing):
        ask(ada, coordinator, identity="  ")
    with pytest.raises(WrongDate):
        ask(ada, coordinator, received_on=TODAY + timedelta(days=1))
    ask(ada, coordinator)
    with pytest.raises(ActionNotAllowed, match="asked already"):
        ask(ada, coordinator)

    assert HeldRequest.objects.count() == 1


def test_nobody_gets_a_copy_who_lost_the_right_to_it(ada, coordinator):
    request = ask(ada, coordinator)
    RoleGrant.objects.filter(user=coordinator).delete()

    assert make_copies(now=NOW) == 0
    request.refresh_from_db()
    assert request.wanted_at is None
    assert not StoredFile.objects.exists()


def test_of_two_who_make_the_same_copy_one_is_kept(ada, coordinator, monkeypatch):
    request = ask(ada, coordinator)
    gather = held.everything_held

    def meanwhile(*args, **kwargs):
        monkeypatch.setattr(held, "everything_held", gather)
        assert make_copies(now=NOW) == 1
        return gather(*args, **kwargs)

    monkeypatch.setattr(held, "everything_held", meanwhile)

    assert make_copies(now=NOW) == 0
    assert StoredFile.objects.get() == request.copies.get().file


def test_a_copy_is_taken_by_whom_it_was_made_for_and_that_is_kept(ada, hers, coordinator):
    request = ask(ada, coordinator)
    make_copies(now=NOW)
    copy = request.copies.get()
    second = UserFactory(roles=[COORDINATOR])

    with pytest.raises(NotEntitled, match="somebody else"):
        take_copy(code=request.code, copy_id=copy.pk, by=second, now=NOW)
    assert take_copy(code=request.code, copy_id=copy.pk, by=coordinator, now=NOW) == copy.file

    assert HeldCopyTaken.objects.get().by == coordinator
    assert CaseLook.objects.get(what="subject").complaint == hers


def test_a_copy_is_not_taken_once_a_complaint_in_it_is_closed(ada, hers, coordinator):
    request = ask(ada, coordinator)
    make_copies(now=NOW)
    Exclusion.objects.create(complaint=hers, user=coordinator, reason="subject")

    with pytest.raises((ActionNotAllowed, NotEntitled)):
        take_copy(code=request.code, copy_id=request.copies.get().pk, by=coordinator, now=NOW)

    assert not HeldCopyTaken.objects.exists()


@pytest.mark.parametrize("closed", ["restriction", "remark", "form"])
def test_a_copy_is_not_taken_once_what_it_tells_beside_complaints_is_closed(
    house, ada, beside, coordinator, closed
):
    if closed == "form":
        form = Submission.objects.create(
            key="w",
            token_hash="t",
            reference="S-7",
            kind="complaint",
            received_at=NOW,
            received_on=TODAY,
            as_sent=[{"title": "You", "rows": [["E-mail", ada.email, ""]]}],
            state="quarantined",
            text_hash="",
            expects_answer=True,
            review_by=TODAY,
        )
    request = ask(ada, coordinator)
    make_copies(now=NOW)
    given = {"code": request.code, "copy_id": request.copies.get().pk, "by": coordinator}
    take_copy(**given, now=NOW)
    if closed == "restriction":
        hidden = house.lodge(customer=ada)
        Exclusion.objects.create(complaint=hidden, user=coordinator, reason="subject")
    elif closed == "remark":
        hidden = house.lodge()
        Exclusion.objects.create(complaint=hidden, user=coordinator, reason="subject")
        Remark.objects.update(complaint=hidden)
    else:
        form.about.add(coordinator)

    with pytest.raises(ActionNotAllowed, match="Have it made again"):
        take_copy(**given, now=NOW)
    assert HeldCopyTaken.objects.count() == 1
    ask_for_copy(code=request.code, by=coordinator, now=NOW)
    make_copies(now=NOW)
    take_copy(**(given | {"copy_id": request.copies.latest("pk").pk}), now=NOW)


def test_a_copy_that_cannot_be_made_stops_no_other_and_no_removal(ada, coordinator, monkeypatch):
    old = ask(ada, coordinator)
    make_copies(now=NOW - KEEP_COPIES - timedelta(days=1))
    end_request(
        code=old.code, outcome=Outcome.REFUSED, on=TODAY, words="-", by=coordinator, now=NOW
    )
    broken, fine = CustomerFactory(), CustomerFactory()
    ask(broken, coordinator)
    ask(fine, coordinator)
    gather = held.everything_held

    def fail(person, *args, **kwargs):
        if person == broken:
            raise OSError("No room")
        return gather(person, *args, **kwargs)

    monkeypatch.setattr(held, "everything_held", fail)
    with time_machine.travel(NOW, tick=False), pytest.raises(OSError, match="No room"):
        tasks.gather_copies()

    assert [each.request.customer for each in HeldCopy.objects.filter(file__isnull=False)] == [fine]
    assert HeldRequest.objects.get(wanted_at__isnull=False).customer == broken


def test_a_copy_may_be_larger_than_any_file_that_comes_in(db):
    """Of 32 bits are two thousand megabytes: on PostgreSQL more is refused."""
    size = 5 * 1024**3
    StoredFile.objects.create(
        key="k", name="a", media_type="-", size=size, sha256="", stored_at=NOW
    )

    assert StoredFile.objects.get().size == size


def test_my_work_of_coordinators_says_who_waits_in_the_last_week(
    house, ada, coordinator, sign_in, django_assert_max_num_queries
):
    request = ask(ada, coordinator)
    hidden = CustomerFactory()
    ask(hidden, coordinator)
    complaint = house.lodge(customer=hidden)
    Customer.objects.filter(pk=hidden.pk).update(
        created_at=complaint.events.earliest("pk").recorded_at
    )
    Exclusion.objects.create(complaint=complaint, user=coordinator, reason="subject")
    desk, where = sign_in(COORDINATOR), reverse("cases:my-work")

    def said(on: date) -> str:
        with time_machine.travel(datetime(on.year, on.month, on.day, 9, tzinfo=UTC), tick=False):
            return sign_in(COORDINATOR).get(where).content.decode()

    assert "for what is held of them" not in said(request.answer_by - timedelta(days=8))
    for on in (request.answer_by - timedelta(days=7), request.answer_by + timedelta(days=3)):
        assert "1 person waits for what is held of them" in said(on)
    with time_machine.travel(datetime(2026, 7, 8, 9, tzinfo=UTC), tick=False):
        desk = sign_in(COORDINATOR)
        desk.get(where)
        with django_assert_max_num_queries(12):
            desk.get(where)
        officer = sign_in(Role.RESPONSIBLE_OFFICER)
        assert "for what is held of them" not in officer.get(where).content.decode()


def test_the_answer_is_recorded_once_and_a_copy_that_nobody_took_was_given_to_nobody(
    ada, coordinator
):
    request = ask(ada, coordinator)
    make_copies(now=NOW)
    given = {"code": request.code, "on": TODAY, "words": "By post.", "by": coordinator, "now": NOW}

    with pytest.raises(ActionNotAllowed, match="Nobody has taken"):
        end_request(outcome=Outcome.SENT, **given)
    take_copy(code=request.code, copy_id=request.copies.get().pk, by=coordinator, now=NOW)
    for wrong in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(WrongDate):
            end_request(outcome=Outcome.SENT, **(given | {"on": wrong}))
    with pytest.raises(ReasonMissing):
        end_request(outcome=Outcome.SENT, **(given | {"words": ""}))
    end_request(outcome=Outcome.SENT, **given)
    with pytest.raises(ActionNotAllowed, match="already"):
        end_request(outcome=Outcome.SENT, **given)

    assert not HeldRequest.objects.open().exists()


def test_the_file_of_a_copy_goes_after_ninety_days_and_not_a_day_before(
    ada, coordinator, django_capture_on_commit_callbacks
):
    request = ask(ada, coordinator)
    make_copies(now=NOW)
    copy = request.copies.get()
    path = path_of(copy.file.key)

    # It belongs to something, however long ago it was made.
    assert remove_orphans(now=NOW + KEEP_COPIES) == 0
    assert forget_copies(now=NOW + KEEP_COPIES) == 0
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_copies(now=NOW + KEEP_COPIES + timedelta(seconds=1)) == 1

    copy.refresh_from_db()
    assert (copy.file, copy.sha256 != "") == (None, True)
    assert not path.exists()
    assert not StoredFile.objects.exists()
    with pytest.raises(ActionNotAllowed, match="no longer kept"):
        take_copy(code=request.code, copy_id=copy.pk, by=coordinator, now=NOW)


# On screen --------------------------------------------------------------------------------------


def test_from_the_customers_page_to_the_answer(house, ada, hers, sign_in):
    desk = sign_in(COORDINATOR)
    where = reverse("feedback:held", args=[ada.code])
    assert where in desk.get(reverse("cases:customer", args=[ada.code])).content.decode()
    day = {"received_on_day": "3", "received_on_month": "6", "received_on_year": "2026"}

    wrong = desk.post(where, {"step": "ask", **day, "identity": ""})
    assert wrong.status_code == 422
    desk.post(where, {"step": "ask", **day, "identity": "She rang."})
    waiting = desk.get(where).content.decode()
    assert "being made for" in waiting
    assert "23 days left" in waiting
    assert ada.name in desk.get(reverse("feedback:held-requests")).content.decode()
    tasks.gather_copies()

    copy = HeldCopy.objects.get()
    page = desk.get(where).content.decode()
    assert f"?copy={copy.pk}" in page
    answer = desk.get(f"{where}?copy={copy.pk}")
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None
    ended = {"ended_on_day": "10", "ended_on_month": "6", "ended_on_year": "2026"}
    desk.post(where, {"step": "answer", "outcome": "sent", **ended, "words": "By post."})
    page = desk.get(where).content.decode()
    assert "Their copy was given to them" in page
    assert "In time" in page
    assert (
        "Nobody waits for an answer" in desk.get(reverse("feedback:held-requests")).content.decode()
    )


def test_a_copy_of_another_customer_or_colleague_is_not_there(house, ada, hers, sign_in):
    desk = sign_in(COORDINATOR)
    copy = copy_of(ada, house[COORDINATOR]).copy
    other = CustomerFactory()
    second = sign_in(UserFactory(roles=[COORDINATOR]))
    where = reverse("feedback:held", args=[ada.code])

    assert (
        desk.get(f"{reverse('feedback:held', args=[other.code])}?copy={copy.pk}").status_code == 404
    )
    assert desk.get(f"{where}?copy=x").status_code == 404
    assert second.get(f"{where}?copy={copy.pk}").status_code == 404
    page = second.get(where).content.decode()
    assert f"?copy={copy.pk}" not in page
    # How much there is in it tells whether something is closed to its reader.
    assert "to look at first" not in page.split("<form")[0].split("house-papers")[-1]
    assert not HeldCopyTaken.objects.exists()


def test_an_hour_after_the_password_it_is_asked_for_again(house, ada, sign_in):
    desk = sign_in(COORDINATOR)
    where = reverse("feedback:held", args=[ada.code])
    with time_machine.travel(NOW + timedelta(minutes=20), tick=False):
        answer = desk.post(where, {"step": "ask", "identity": "She rang."})

    assert answer.status_code == 302
    assert "/account/again/" in answer["Location"]
    assert not HeldRequest.objects.exists()


def test_customers_who_came_with_a_closed_complaint_are_not_there(house, sign_in, coordinator):
    hidden = house.lodge()
    Exclusion.objects.create(complaint=hidden, user=coordinator, reason="subject")
    Customer.objects.filter(pk=hidden.customer_id).update(
        created_at=hidden.events.earliest("pk").recorded_at
    )

    where = reverse("feedback:held", args=[hidden.customer.code])
    assert sign_in(COORDINATOR).get(where).status_code == 404
    with pytest.raises(NotEntitled):
        ask(hidden.customer, coordinator)


def test_without_a_landlord_nothing_is_counted(ada, coordinator):
    Landlord.objects.all().delete()

    with pytest.raises(ActionNotAllowed, match="landlord"):
        ask(ada, coordinator)
