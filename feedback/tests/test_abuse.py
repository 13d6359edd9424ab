"""Abuse of the form: slowed down, or set aside to be looked at; never turned away, never lost."""

from datetime import timedelta

import pytest
from django.test import Client

from cases.models import Complaint, OutboundMessage
from feedback.models import Draft, State, Submission
from feedback.rules import abuse
from feedback.rules.abuse import Seen, Sign, fingerprint, judge, links_in
from feedback.selectors.receipts import code_of
from feedback.tests.factories import COMPLAINT, COMPLIMENT, Visitor, changed

pytestmark = pytest.mark.django_db

# As the house names its people: by their role.
COORDINATOR = "Complaints coordinator"
QUIET = Seen(
    is_trapped=False,
    took=timedelta(minutes=5),
    from_source=0,
    with_email=0,
    on_site=0,
    same_words=0,
    links=0,
)


def seen(**different) -> Seen:
    return Seen(**{name: different.get(name, getattr(QUIET, name)) for name in QUIET.__slots__})


@pytest.mark.parametrize(
    ("different", "signs", "is_quarantined"),
    [
        ({}, (), False),
        ({"is_trapped": True}, (Sign.TRAP,), True),
        ({"took": timedelta(seconds=2)}, (Sign.TOO_QUICK,), False),
        ({"took": timedelta(seconds=3)}, (), False),
        ({"from_source": 9}, (), False),
        ({"from_source": 10}, (Sign.MANY_FROM_SOURCE,), False),
        ({"from_source": 60}, (Sign.MANY_FROM_SOURCE, Sign.FLOOD_FROM_SOURCE), True),
        ({"with_email": 4}, (), False),
        ({"with_email": 5}, (Sign.MANY_WITH_EMAIL,), True),
        ({"on_site": 300}, (Sign.BUSY_SITE,), False),
        ({"same_words": 1}, (Sign.SAME_WORDS,), False),
        ({"same_words": 5}, (Sign.SAME_WORDS, Sign.FLOOD_OF_SAME_WORDS), True),
        ({"links": 2}, (), False),
        ({"links": 3}, (Sign.LINKS,), False),
        ({"links": 10}, (Sign.LINKS, Sign.FLOOD_OF_LINKS), True),
    ],
)
def test_each_sign_asks_once_more_and_the_strong_ones_set_aside(different, signs, is_quarantined):
    verdict = judge(seen(**different))

    assert verdict.signs == signs
    assert verdict.asks_first is bool(signs)
    assert verdict.is_quarantined is is_quarantined


@pytest.mark.parametrize("sign", Sign)
def test_every_sign_has_words_for_the_coordinators(sign):
    assert len(sign.words.split()) > 3


def test_words_are_the_same_whatever_their_case_and_signs():
    assert fingerprint("The lift, is OUT!") == fingerprint("the lift is  out")
    assert fingerprint("The lift is out") != fingerprint("The light is out")


def test_links_are_counted_however_they_are_written():
    assert links_in("See www.a.example, http://b.example and <a href='c'>; not e.g. this") == 3


def test_the_trap_sets_aside_and_its_sender_cannot_tell(visitor):
    visitor.fill(COMPLAINT)
    asked = visitor.answer_to(visitor.send(fax_number="1"))
    answer = visitor.send(fax_number="1", confirmed="yes")

    held = Submission.objects.get()
    assert "Are you sending this now?" in asked.content.decode()
    assert answer["Location"] == f"/let-us-know/sent/{held.reference}/"
    assert held.state == State.QUARANTINED.value
    assert held.signs == ["trap"]
    assert held.told["words"] == COMPLAINT["what-happened"]["words"]
    assert not Complaint.objects.exists()


def test_what_is_set_aside_gets_the_same_receipt_and_the_same_page(visitor):
    visitor.fill(COMPLAINT)
    held = visitor.send(fax_number="1", confirmed="yes")["Location"]
    held_page = visitor.get(held).content.decode()
    other = Visitor(address="127.0.0.9")
    taken = other.tell(
        changed(COMPLAINT, what_happened={"words": "Other"}, about_you={"email": "o@example.org"})
    )
    taken_page = other.get(f"/let-us-know/sent/{taken.reference}/").content.decode()

    first, second = OutboundMessage.objects.filter(kind="receipt").order_by("pk")
    reference = held.rstrip("/").rsplit("/", 1)[-1]
    set_aside = Submission.objects.get(reference=reference)
    assert _plain(held_page, set_aside) == _plain(taken_page, taken)
    assert _plain(first.body, set_aside) == _plain(second.body, taken)
    by_code = [_by_code(each) for each in (set_aside, taken)]
    assert "Nobody has read it yet" in by_code[0]
    assert by_code[0] == by_code[1]


def _by_code(sent: Submission) -> str:
    browser = Visitor(address="127.0.0.10")
    typed = {"reference": sent.reference, "code": code_of(sent)}
    page = browser.get(browser.post("/track/code/", typed)["Location"])
    return _plain(page.content.decode(), sent)


def _plain(page: str, sent: Submission) -> str:
    plain = page.replace(sent.reference, "REFERENCE").replace(code_of(sent), "CODE")
    lines = plain.splitlines()
    return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line)


def test_the_day_to_look_at_it_is_the_next_working_day(visitor):
    visitor.fill(COMPLAINT)
    visitor.send(fax_number="1", confirmed="yes")

    assert Submission.objects.get().review_by.isoformat() == "2026-06-11"


def test_whoever_is_too_quick_is_asked_and_then_taken_in(visitor):
    visitor.fill(COMPLAINT)
    visitor.draft_began(minutes_ago=0)

    asked = visitor.answer_to(visitor.send())
    assert "not sent yet" in asked.content.decode()
    assert not Submission.objects.exists()
    answer = visitor.send(confirmed="yes")

    assert answer.status_code == 302
    assert Complaint.objects.count() == 1


def test_whoever_is_asked_again_after_a_change_sees_the_answers_first(visitor):
    visitor.fill(COMPLAINT)
    visitor.draft_began(minutes_ago=0)
    asked = visitor.send()
    visitor.post("/let-us-know/what-happened/", {"words": "Something else altogether"})

    page = visitor.answer_to(asked).content.decode()

    assert "not sent yet" not in page
    assert "Something else altogether" in page


def test_a_busy_library_is_slowed_down_and_loses_nothing(house, now):
    for number in range(12):
        Visitor().tell(_complaint(number))

    assert Complaint.objects.count() == 12
    slowed = Submission.objects.order_by("pk").values_list("signs", flat=True)
    assert list(slowed) == [[]] * 10 + [["many_from_source"]] * 2


def test_a_flood_from_one_place_is_set_aside_and_kept(house, now, monkeypatch):
    monkeypatch.setattr(abuse, "SOURCE_FRICTION", 2)
    monkeypatch.setattr(abuse, "SOURCE_QUARANTINE", 4)
    for number in range(6):
        Visitor().tell(_complaint(number))

    assert Submission.objects.count() == 6
    assert Complaint.objects.count() == 4
    assert Submission.objects.in_quarantine().count() == 2
    assert Visitor(address="127.0.0.77").tell(_complaint(99)).state == State.ACCEPTED.value


def test_the_same_letter_of_many_neighbours_is_taken_in(house, now):
    for number in range(5):
        Visitor(address=f"127.0.1.{number}").tell(
            changed(COMPLAINT, about_you={"email": f"n{number}@example.org"})
        )

    assert Complaint.objects.count() == 5


def test_a_compliment_that_looks_like_abuse_waits_too(visitor):
    links = " ".join(f"http://shop{n}.example" for n in range(12))

    held = visitor.tell(changed(COMPLIMENT, what_happened={"words": links}))

    assert held.state == State.QUARANTINED.value
    assert "Flood" not in visitor.get(f"/let-us-know/sent/{held.reference}/").content.decode()


def test_what_may_be_about_every_coordinator_is_not_set_aside_for_them(visitor, house):
    visitor.fill(changed(COMPLAINT, staff={"about_staff": "yes", "staff_named": COORDINATOR}))
    visitor.send(fax_number="1", confirmed="yes")

    assert Submission.objects.get().state == State.ACCEPTED.value
    assert Complaint.objects.count() == 1


def test_an_address_that_somebody_writes_into_a_header_counts_for_nothing(house, now):
    sources = set()
    for number in range(3):
        browser = Visitor(client=Client(headers={"X-Real-IP": f"10.0.0.{number}"}))
        browser.tell(_complaint(number))
        sources |= set(Submission.objects.values_list("source", flat=True))

    assert len(sources) == 1


def test_behind_a_proxy_the_address_that_it_saw_counts(house, now, settings):
    settings.TRUSTED_PROXIES = 1
    settings.DEMONSTRATION = False
    for forged in ("1.1.1.1, 192.0.2.7", "2.2.2.2, 192.0.2.7", "192.0.2.7"):
        Visitor(client=Client(headers={"X-Forwarded-For": forged})).post(
            "/let-us-know/kind/", {"kind": "complaint"}
        )

    assert Draft.objects.values("source").distinct().count() == 1


def test_neither_address_nor_email_address_is_kept_in_the_clear(visitor):
    sent = visitor.tell(COMPLAINT)

    assert len(sent.source) == len(sent.email_hash) == 64
    assert "127.0.0.5" not in sent.source


def _complaint(number: int):
    return changed(
        COMPLAINT,
        what_happened={"words": f"Story number {number}"},
        about_you={"email": f"person{number}@example.org"},
    )
