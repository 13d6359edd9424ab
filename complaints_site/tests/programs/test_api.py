"""What programs ask and send: what their key reaches and is for, and not a word beside it."""

import json
from datetime import timedelta

import jsonschema
import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import (
    CaseLook,
    CaseView,
    Category,
    Complaint,
    Customer,
    Exclusion,
    Level,
    Look,
    RecordedEvent,
    User,
)
from cases.operations.api_keys import end_key
from cases.operations.api_requests import MOST_REQUESTS, MOST_STRANGERS, MOST_WRITES
from cases.operations.close import withdraw
from cases.operations.merging import merge
from cases.rules.api_keys import ApiScope
from cases.rules.roles import Role
from cases.selectors.api_complaints import Wanted
from cases.tests.factories import CustomerFactory, ServiceAreaFactory
from cases.tests.settings.conftest import NOW
from complaints_site.api import document
from feedback.models import Remark

TODAY = NOW.date()
ANYBODY = {"name": "Ada Shaw", "category": "tenant", "phone": "0151 000 0001"}
A_COMPLAINT = {
    "received_on": TODAY.isoformat(),
    "channel": "online",
    "summary": "The boiler was repaired and is cold again.",
    "customer": ANYBODY,
}
A_REMARK = {
    "kind": "compliment",
    "received_on": TODAY.isoformat(),
    "channel": "online",
    "words": "The plumber was kind.",
}
GONE = "KX7M-2QPD-C"


def references(answer) -> list[str]:
    assert answer.status_code == 200
    return [each["reference"] for each in answer.json()["results"]]


def one(program, complaint, more: str = ""):
    return program.get(f"complaints/{complaint.reference}/{more}")


def holds_to(answer, path: str, method: str) -> None:
    """Check an answer against the description that programs are written by."""
    told = document()
    status = str(answer.status_code)
    described = told["paths"][path][method]["responses"][status]["content"]
    schema = described[answer["Content-Type"]]["schema"]
    jsonschema.validate(
        answer.json(), {**schema, "components": told["components"]}, jsonschema.Draft202012Validator
    )


# What a key reaches -------------------------------------------------------------------------------


@pytest.mark.promise("P3")
def test_a_program_sees_what_a_line_manager_of_its_areas_sees(house, program):
    theirs = [house.lodge(), house.lodge(level=Level.SENSITIVE)]
    house.lodge(area_id=house.other_team.pk)
    house.lodge(area_id=None)
    house.lodge(triaged=False)
    manager = house[Role.LINE_MANAGER]

    found = references(program().get("complaints/"))

    assert found == [each.reference for each in theirs]
    assert found == [
        each.reference for each in Complaint.objects.visible_to(manager).order_by("pk")
    ]


@pytest.mark.promise("P4")
@pytest.mark.parametrize("hidden_by", ["level", "exclusion", "triage", "area"])
def test_a_hidden_complaint_leaves_no_trace_for_a_program(house, program, hidden_by):
    ours = program()
    shown = house.lodge()
    before = ours.get("complaints/").content
    hidden = house.lodge(
        summary="Zanzibar",
        triaged=hidden_by != "triage",
        **({"area_id": house.other_team.pk} if hidden_by == "area" else {}),
    )
    if hidden_by == "level":
        Complaint.objects.filter(pk=hidden.pk).update(level=Level.RESTRICTED.value)
    if hidden_by == "exclusion":
        # A colleague, who would read it in the other program.
        excluded = house[Role.FRONT_LINE]
        Exclusion.objects.create(complaint=hidden, user=excluded, reason="conflict")

    assert ours.get("complaints/").content == before
    assert references(ours.get("complaints/", changed_since="2026-01-01T00:00:00Z")) == [
        shown.reference
    ]
    for more in ("", "events/", "deadlines/"):
        answers = [ours.get(f"complaints/{name}/{more}") for name in (hidden.reference, GONE)]
        assert [each.status_code for each in answers] == [404, 404]
        assert answers[0].content == answers[1].content
        assert "Zanzibar" not in answers[0].content.decode()


def test_without_its_own_rule_the_hidden_complaint_would_be_found(house, program, monkeypatch):
    """The negative control of the one before."""
    hidden = house.lodge(triaged=False)
    monkeypatch.setattr(type(Complaint.objects.all()), "readable_by", lambda self, user: self)

    assert references(program().get("complaints/")) == [hidden.reference]


@pytest.mark.promise("P4")
@pytest.mark.parametrize("scope", [ApiScope.READ, ApiScope.WORDS])
@pytest.mark.parametrize("hidden_by", ["", "level", "exclusion", "area"])
def test_a_record_names_no_other_complaint_that_the_key_does_not_reach(
    house, program, scope, hidden_by
):
    twin, into = house.lodge(), house.lodge()
    merge(
        complaint_id=twin.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
        seen=twin.version,
        into_reference=into.reference,
        reason="Zanzibar, both.",
    )
    ours = program(scope)

    def told(complaint, hidden):
        changed = {"level": {"level": "restricted"}, "area": {"service_area": house.other_team}}
        with transaction.atomic():
            if hidden_by == "exclusion":
                excluded = house[Role.FRONT_LINE]
                Exclusion.objects.create(complaint=hidden, user=excluded, reason="conflict")
            if hidden_by in changed:
                Complaint.objects.filter(pk=hidden.pk).update(**changed[hidden_by])
            found = one(ours, complaint, "events/").json()["events"]
            transaction.set_rollback(True)
        return found

    of_the_twin, of_the_other = told(twin, into), told(into, twin)

    is_shown = not hidden_by
    merged = next(each for each in of_the_twin if each["event"] == "merged")
    assert merged["outcome"] == (into.reference if is_shown else "")
    assert ("details_changed" in [each["event"] for each in of_the_other]) is is_shown
    if scope is ApiScope.WORDS and is_shown:
        assert {"merged_in": twin.pk} in [each.get("facts") for each in of_the_other]
    else:
        assert "Zanzibar" not in json.dumps(of_the_other)


def test_a_sensitive_complaint_outside_the_areas_is_nowhere_even_for_whoever_logged_it(
    house, program
):
    ours = program()
    elsewhere = {"area_id": house.other_team.pk, "by": ours.user}
    house.lodge(level=Level.SENSITIVE, **elsewhere)
    hidden, shown = Complaint.objects.get(), house.lodge(**elsewhere)

    assert references(ours.get("complaints/")) == [shown.reference]
    assert [one(ours, hidden, more).status_code for more in ("", "events/")] == [404, 404]
    assert one(ours, shown).status_code == 200


# What a key is for --------------------------------------------------------------------------------


@pytest.mark.promise("P3")
@pytest.mark.parametrize("scope", list(ApiScope))
def test_a_key_does_what_its_scopes_name_and_nothing_else(house, program, scope):
    complaint = house.lodge()
    ours = program(scope)
    may = {scope, ApiScope.READ} if scope is ApiScope.WORDS else {scope}
    asked = {
        ("GET", "complaints/"): ApiScope.READ,
        ("GET", f"complaints/{complaint.reference}/"): ApiScope.READ,
        ("GET", f"complaints/{complaint.reference}/events/"): ApiScope.READ,
        ("GET", f"complaints/{complaint.reference}/deadlines/"): ApiScope.READ,
        ("POST", "complaints/"): ApiScope.LODGE,
        ("POST", "remarks/"): ApiScope.REMARKS,
    }

    found = {
        (method, path): (
            ours.get(path)
            if method == "GET"
            else ours.post(path, A_REMARK if "remarks" in path else A_COMPLAINT)
        ).status_code
        for method, path in asked
    }

    right = {"GET": 200, "POST": 201}
    assert found == {
        asking: right[asking[0]] if needed in may else 403 for asking, needed in asked.items()
    }


def test_a_key_without_words_is_told_nobodys_name_and_no_word(house, program):
    complaint = house.lodge()
    ours = program(ApiScope.READ)
    told = b"".join(
        each.content
        for each in (
            ours.get("complaints/"),
            one(ours, complaint),
            one(ours, complaint, "events/"),
            one(ours, complaint, "deadlines/"),
        )
    ).decode()

    assert complaint.reference in told
    customer = complaint.customer
    hidden = [complaint.summary, customer.name, customer.email, customer.phone, customer.code]
    hidden += [person.name for person in User.objects.all() if " " in person.name]
    assert [each for each in hidden if each in told] == []
    assert not CaseLook.objects.exists()


def test_words_are_given_to_a_key_that_is_for_them_and_a_line_is_kept_of_it(house, program):
    customer = CustomerFactory(email_unsafe=True)
    complaint = house.lodge(customer=customer, desired_outcome="A lift that goes.")
    ours = program(ApiScope.WORDS)

    told = one(ours, complaint).json()
    events = one(ours, complaint, "events/").json()["events"]

    assert told["summary"] == complaint.summary
    assert told["customer"]["name"] == customer.name
    assert told["customer"]["never_by"] == ["email"]
    assert told["responsible_officer"] == house[Role.RESPONSIBLE_OFFICER].name
    assert "channel" in events[0]
    kept = CaseLook.objects.values_list("user__name", "what", "complaint")
    assert list(kept) == [("Repairs system", Look.OPENED.value, complaint.pk)]
    assert not CaseView.objects.exists()


def test_of_a_sensitive_complaint_no_program_has_the_words(house, program):
    complaint = house.lodge(level=Level.SENSITIVE)
    ours = program()

    told = one(ours, complaint).json()
    events = one(ours, complaint, "events/").json()["events"]

    assert told["reference"] == complaint.reference
    assert {"summary", "customer"} & set(told) == set()
    assert all(
        set(each) <= {"number", "event", "occurred_at", "stage", "outcome", "new_due_on"}
        for each in events
    )
    assert not CaseLook.objects.exists()


# Without a key ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer cmp_000000000000_" + "a" * 43},
        {"Authorization": "Basic dXNlcjpwYXNz"},
    ],
)
def test_without_a_key_in_use_nothing_is_answered(house, now, sent):
    house.lodge()
    answer = Client().get("/api/v1/complaints/", headers=sent)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="complaints"'
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()) == {"type", "title", "status", "detail", "kept", "what_to_do"}


@pytest.mark.parametrize("method", ["options", "put", "patch", "delete", "trace"])
def test_what_no_program_may_do_is_refused_and_breaks_nothing(program, method):
    one = program()
    ask = getattr(one.client, method)

    for path in ("complaints/", "remarks/"):
        answer = ask(f"/api/v1/{path}", headers=one._headers())
        assert answer.status_code == 405


def test_no_session_takes_the_place_of_a_key(house, now):
    client = Client()
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    assert client.get("/api/v1/complaints/").status_code == 401
    sent = client.post("/api/v1/complaints/", json.dumps(A_COMPLAINT), "application/json")
    assert sent.status_code == 401
    assert not Complaint.objects.exists()


def test_an_ended_key_opens_nothing_from_its_next_request_on(house, program):
    ours = program()
    before = ours.get("complaints/").status_code
    end_key(prefix=ours.key.prefix, by=house[Role.SYSTEM_ADMINISTRATOR], now=NOW)

    assert (before, ours.get("complaints/").status_code) == (200, 401)


def test_a_key_serves_in_the_header_alone(house, program):
    ours = program()

    assert Client().get("/api/v1/complaints/", {"key": ours.words}).status_code == 401


# The list -----------------------------------------------------------------------------------------


def test_the_list_is_gone_through_page_by_page_each_complaint_once(house, program):
    every = [house.lodge().reference for _ in range(5)]
    ours = program()
    found, path = [], "complaints/?page_size=2"
    while path:
        answer = ours.get(path)
        found.append(references(answer))
        following = answer.json()["next"]
        path = following.split("/api/v1/")[1] if following else ""

    assert found == [every[:2], every[2:4], every[4:]]


def test_what_is_logged_meanwhile_comes_at_the_end_and_nothing_twice(house, program):
    first = [house.lodge().reference for _ in range(3)]
    ours = program()
    answer = ours.get("complaints/?page_size=2")
    late = house.lodge().reference

    rest = ours.get(answer.json()["next"].split("/api/v1/")[1])

    assert references(answer) + references(rest) == [*first, late]


def test_each_filter_narrows_the_list(house, program):
    old = house.lodge(on=TODAY - timedelta(days=9))
    new = house.lodge(on=TODAY)
    withdraw(
        complaint_id=old.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW + timedelta(hours=1),
        seen=old.version,
        on=TODAY,
        words="Asked to.",
    )
    damp = Category.objects.create(code="damp", name="Damp")
    Complaint.objects.filter(pk=new.pk).update(category=damp)
    ours = program()

    def found(**asked):
        return [each == new.reference for each in references(ours.get("complaints/", **asked))]

    assert found() == [False, True]
    for asked in (
        {"is_open": "true"},
        {"status": "received"},
        {"category": "damp"},
        {"received_from": TODAY.isoformat()},
    ):
        assert found(**asked) == [True], asked
    for asked in (
        {"is_open": "false"},
        {"status": "closed"},
        {"received_to": (TODAY - timedelta(days=1)).isoformat()},
        {"changed_since": (NOW + timedelta(minutes=30)).isoformat()},
    ):
        assert found(**asked) == [False], asked
    assert found(service_area=house.team.code, stage="stage-1") == [False, True]
    assert found(service_area=house.other_team.code) == found(stage="stage-2") == []
    assert found(due_before="2026-06-01") == []


@pytest.mark.parametrize(
    "asked",
    [
        {"sttaus": "closed"},
        {"status": "sunny"},
        {"received_from": "yesterday"},
        {"changed_since": "x"},
        {"page_size": "0"},
        {"page_size": "1000"},
        {"is_open": "perhaps"},
    ],
)
def test_a_filter_that_means_nothing_is_refused_and_never_passed_over(program, asked):
    answer = program().get("complaints/", **asked)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == list(asked)


@pytest.mark.parametrize("cursor", ["x", "cD1hYmM=", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ==", "%00"])
def test_a_cursor_of_somebodys_own_making_finds_nothing(program, cursor):
    assert program().get("complaints/", cursor=cursor).status_code in (400, 404)


# How often the database is asked ------------------------------------------------------------------


def queries(ours, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert ours.get(path).status_code == 200
    # Counting requests is the cache's, which a production installation has elsewhere.
    beside = ("django_cache", "SAVEPOINT")
    return len([each for each in captured if not any(word in each["sql"] for word in beside)])


def test_a_page_asks_the_database_as_often_for_many_as_for_one(house, program):
    ours = program()
    house.lodge()
    ours.get("complaints/")
    for_one = queries(ours, "complaints/")
    for _ in range(4):
        house.lodge()

    assert (for_one, queries(ours, "complaints/")) == (4, 4)


@pytest.mark.django_db
def test_what_changed_since_is_found_by_an_index():
    """What the database would do with many: with few rows PostgreSQL reads them all."""
    asked = Complaint.objects.filter(Wanted(changed_since=NOW).condition)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = asked.explain()

    assert "cases_by_change" in plan


def test_one_complaint_asks_the_database_as_often_however_long_its_story(house, program):
    complaint = house.lodge()
    ours = program(ApiScope.READ)
    ours.get("complaints/")
    paths = [f"complaints/{complaint.reference}/{more}" for more in ("", "events/", "deadlines/")]
    before = [queries(ours, path) for path in paths]
    withdraw(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
        seen=complaint.version,
        on=TODAY,
        words="Asked to.",
    )

    assert [queries(ours, path) for path in paths] == before
    assert before[0] == 4
    assert max(before) <= 10


# Logging ------------------------------------------------------------------------------------------


def test_a_complaint_that_a_program_logs_is_one_like_any_other(house, program):
    ours = program()
    sent = {
        **A_COMPLAINT,
        "service_area": house.team.code,
        "desired_outcome": "A warm flat.",
        "customer": {**ANYBODY, "email": "ada@example.org", "never_by": ["phone"]},
    }

    answer = ours.post("complaints/", sent)

    assert answer.status_code == 201
    complaint = Complaint.objects.get(reference=answer.json()["reference"])
    assert complaint.summary == sent["summary"]
    assert complaint.desired_outcome == "A warm flat."
    assert complaint.logged_by_id == ours.user.pk
    assert not complaint.needs_triage
    assert complaint.customer.phone_unsafe
    assert complaint.customer.preferred_channel == "email"
    assert complaint.deadlines.live().exists()
    events = RecordedEvent.objects.filter(complaint=complaint).order_by("number")
    assert [each.kind for each in events[:2]] == ["received", "logged"]
    assert {each.actor_id for each in events} == {ours.user.pk}
    assert one(ours, complaint).status_code == 200


def test_the_same_sent_twice_is_logged_once(program):
    ours = program()

    first, again = (ours.post("complaints/", A_COMPLAINT) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Complaint.objects.count() == Customer.objects.count() == 1


def test_something_else_under_the_same_name_is_refused_and_says_what_was_kept(program):
    ours = program()
    first = ours.post("complaints/", A_COMPLAINT)

    answer = ours.post("complaints/", {**A_COMPLAINT, "summary": "Something else."})

    assert answer.status_code == 409
    assert first.json()["reference"] in answer.json()["detail"]
    assert "sent first is kept" in answer.json()["kept"]
    assert Complaint.objects.count() == 1


def test_two_programs_may_use_the_same_name(house, program):
    for each in (program(), program(name="Another")):
        assert each.post("complaints/", A_COMPLAINT).status_code == 201


def test_what_was_refused_may_be_sent_again_under_its_name(program):
    ours = program()
    wrong = {**A_COMPLAINT, "received_on": (TODAY + timedelta(days=1)).isoformat()}

    refused = ours.post("complaints/", wrong)
    right = ours.post("complaints/", A_COMPLAINT)

    assert (refused.status_code, right.status_code) == (422, 201)
    assert refused.json()["kept"] == "Nothing was kept."


@pytest.mark.parametrize("name", ["", "short", "with a space in it", "x" * 65])
def test_nothing_is_logged_without_a_name_of_its_own(program, name):
    answer = program().post("complaints/", A_COMPLAINT, name=name)

    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["errors"]
    assert not Complaint.objects.exists()


def test_a_key_logs_nothing_in_a_service_area_it_does_not_reach(house, program):
    ours = program()

    for path, sent in (("complaints/", A_COMPLAINT), ("remarks/", A_REMARK)):
        answer = ours.post(path, {**sent, "service_area": house.other_team.code})
        assert answer.status_code == 403
    assert not Complaint.objects.exists()
    assert not Customer.objects.exists()
    assert not Remark.objects.exists()


def test_what_is_about_staff_is_restricted_and_waits_for_a_coordinator(program):
    ours = program()

    answer = ours.post("complaints/", {**A_COMPLAINT, "about_staff": True})

    complaint = Complaint.objects.get()
    assert answer.json() == {"reference": complaint.reference}
    assert (complaint.level, complaint.needs_triage) == ("restricted", True)
    assert one(ours, complaint).status_code == 404
    assert not complaint.access_list.filter(user=ours.user.pk).exists()


def test_what_is_logged_late_says_why_where_the_procedure_asks(house, program):
    house.run("herefordshire")
    ours = program()
    late = {**A_COMPLAINT, "received_on": (TODAY - timedelta(days=9)).isoformat()}

    refused = ours.post("complaints/", late)
    told = ours.post(
        "complaints/", {**late, "late": {"because": "Our line was down.", "avoidable": False}}
    )

    assert refused.status_code == 422
    assert refused.json()["asks"]
    assert told.status_code == 201


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"summary": " "}, "summary"),
        ({"summary": "x" * 10_001}, "summary"),
        ({"summary": "a\x00b"}, "summary"),
        ({"channel": "pigeon"}, "channel"),
        ({"received_on": "soon"}, "received_on"),
        ({"received_at": "2026-06-01T10:00:00Z"}, "received_at"),
        ({"service_area": "none"}, "service_area"),
        ({"category": "none"}, "category"),
        ({"level": "restricted"}, "level"),
        ({"officer": 1}, "officer"),
        ({"customer": {"name": "Ada"}}, "customer"),
        ({"customer": {**ANYBODY, "code": "abc"}}, "customer"),
        ({"customer": {"code": "abc"}}, "customer"),
        ({"customer": {**ANYBODY, "email": "no address"}}, "customer"),
        ({"customer": {**ANYBODY, "is_double": True}}, "customer"),
        ({"late": {"because": "x"}}, "late"),
    ],
)
def test_each_mistake_is_named_and_nothing_is_kept(program, wrong, field):
    answer = program().post("complaints/", {**A_COMPLAINT, **wrong})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert not Complaint.objects.exists()
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        *["", "{", "[]", "null", '"x"', '{"summary": "\\ud800"}', "NaN", "1", '{"a": ' * 9],
        *['{"\\ud800": 1}', '{"channel": "\\ud800"}', '{"customer": {"never_by": ["\\ud800"]}}'],
        *["[" * 200_000, "[" * 900 + "]" * 900],
        '{"customer": {"never_by": ' + "[" * 900 + "]" * 900 + "}}",
    ],
    ids=range(15),
)
def test_what_is_no_json_of_ours_is_refused_in_words(program, body):
    ours = program()
    answer = ours.client.post(
        "/api/v1/complaints/",
        body,
        content_type="application/json",
        headers={**ours._headers(), "Idempotency-Key": "name-of-its-own"},
    )

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("said", ["x", "-1", "1_0", "9" * 5000])
def test_a_length_that_is_no_number_is_refused_in_words(program, said):
    ours = program()
    answer = ours.client.get("/api/v1/complaints/", headers=ours._headers(), CONTENT_LENGTH=said)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("charset", ["base64", "utf-16", "latin-1"])
def test_json_is_read_as_utf_8_whatever_is_said_of_it(program, charset):
    ours = program()
    answer = ours.client.generic(
        "POST",
        "/api/v1/complaints/",
        json.dumps({**A_COMPLAINT, "summary": "Y gegin, tŷ 5."}, ensure_ascii=False).encode(),
        content_type=f"application/json; charset={charset}",
        headers={**ours._headers(), "Idempotency-Key": "name-of-its-own"},
    )

    assert answer.status_code == 201
    assert Complaint.objects.get().summary == "Y gegin, tŷ 5."


def test_more_than_anybody_needs_is_refused(program):
    assert program().post("complaints/", {**A_COMPLAINT, "x": "y" * 300_000}).status_code == 413


def test_a_customer_is_named_by_the_code_that_the_key_has_read(house, program):
    known = house.lodge()
    hidden = house.lodge(area_id=house.other_team.pk)
    sensitive = house.lodge(level=Level.SENSITIVE)
    ours = program()

    def logged(complaint):
        customer = {"code": complaint.customer.code}
        return ours.post("complaints/", {**A_COMPLAINT, "customer": customer}).status_code

    assert logged(known) == 201
    assert Complaint.objects.latest("pk").customer == known.customer
    assert (logged(hidden), logged(sensitive)) == (400, 400)


def test_a_compliment_is_logged_once_like_any_other(house, program):
    ours = program()
    sent = {**A_REMARK, "service_area": house.team.code, "customer": ANYBODY}

    first, again = (ours.post("remarks/", sent) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    remark = Remark.objects.get(reference=first.json()["reference"])
    assert remark.logged_by_id == ours.user.pk
    assert remark.customer.name == "Ada Shaw"
    nameless = ours.post("remarks/", A_REMARK, name="another-name")
    assert Remark.objects.get(reference=nameless.json()["reference"]).customer is None


# How much, and what is said of it -----------------------------------------------------------------


def test_a_key_asks_so_much_in_a_minute_and_then_waits(house, program):
    ours = program()
    with time_machine.travel(NOW, tick=False):
        for _ in range(MOST_REQUESTS):
            last = ours.get("complaints/", page_size="x")
        waits = ours.get("complaints/")
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        after = ours.get("complaints/")

    assert (last.status_code, waits.status_code, after.status_code) == (400, 429, 200)
    assert 0 < int(waits["Retry-After"]) <= 60
    assert "Retry-After" in waits.json()["what_to_do"]


def test_a_key_logs_less_in_a_minute_than_it_asks(program):
    ours = program()
    answers = [ours.post("complaints/", {}).status_code for _ in range(MOST_WRITES + 1)]

    assert answers == [400] * MOST_WRITES + [429]
    assert ours.get("complaints/").status_code == 200


def test_whoever_tries_keys_that_are_none_waits_and_another_address_does_not(house, program):
    ours = program()
    client = Client(REMOTE_ADDR="127.0.0.7")
    wrong = {"Authorization": "Bearer cmp_000000000000_" + "a" * 43}
    statuses = [
        client.get("/api/v1/complaints/", headers=wrong).status_code
        for _ in range(MOST_STRANGERS + 1)
    ]

    assert statuses == [401] * MOST_STRANGERS + [429]
    assert ours.get("complaints/").status_code == 200
    # Nor does a program with a key in use that stands behind the same address.
    beside = client.get("/api/v1/complaints/", headers=ours._headers())
    assert beside.status_code == 200


def test_what_a_key_is_not_for_takes_its_turn_too(house, program):
    ours = program(ApiScope.REMARKS)
    statuses = [ours.get("complaints/").status_code for _ in range(MOST_REQUESTS + 1)]

    assert statuses == [403] * MOST_REQUESTS + [429]


@pytest.mark.promise("P25")
def test_nothing_on_the_way_may_store_an_answer(house, program):
    complaint = house.lodge()
    ours = program()
    answers = [
        ours.get("complaints/"),
        one(ours, complaint),
        one(ours, complaint, "events/"),
        ours.post("complaints/", A_COMPLAINT),
        Client().get("/api/v1/complaints/"),
    ]

    assert {each["Cache-Control"] for each in answers} == {"no-store, private"}
    assert {each.has_header("Set-Cookie") or bool(each.cookies) for each in answers} == {False}


@pytest.mark.promise("P25")
def test_no_key_and_no_word_stands_in_the_log(house, program, caplog):
    ours = program()
    with caplog.at_level("DEBUG"):
        ours.post("complaints/", A_COMPLAINT)
        ours.get("complaints/", status="sunny")
    written = " ".join(each.getMessage() for each in caplog.records)

    assert ours.words not in written
    assert "boiler" not in written


def test_every_answer_is_as_it_is_described(house, program):
    complaint = house.lodge()
    ours = program()
    one_path = "/api/v1/complaints/{reference}/"

    holds_to(ours.get("complaints/"), "/api/v1/complaints/", "get")
    holds_to(one(ours, complaint), one_path, "get")
    holds_to(one(program(ApiScope.READ, name="Wordless"), complaint), one_path, "get")
    holds_to(one(ours, complaint, "events/"), f"{one_path}events/", "get")
    holds_to(one(ours, complaint, "deadlines/"), f"{one_path}deadlines/", "get")
    for _ in range(2):
        holds_to(ours.post("complaints/", A_COMPLAINT), "/api/v1/complaints/", "post")
        holds_to(ours.post("remarks/", A_REMARK, name="another"), "/api/v1/remarks/", "post")
    for refused in (ours.post("complaints/", {}), ours.post("complaints/", {}, name="")):
        holds_to(refused, "/api/v1/complaints/", "post")
    holds_to(ours.get(f"complaints/{GONE}/"), one_path, "get")
    holds_to(Client().get("/api/v1/complaints/"), "/api/v1/complaints/", "get")


def test_the_description_names_what_is_sent_and_is_there_for_everybody(client, house):
    answer = client.get("/api/v1/openapi.json")
    told = answer.json()

    assert answer.status_code == 200
    assert set(told["paths"]) == {
        "/api/v1/complaints/",
        "/api/v1/complaints/{reference}/",
        "/api/v1/complaints/{reference}/events/",
        "/api/v1/complaints/{reference}/deadlines/",
        "/api/v1/remarks/",
    }
    sent = told["components"]["schemas"]["ComplaintSent"]
    assert set(sent["required"]) == {"received_on", "channel", "summary", "customer"}
    assert told["components"]["securitySchemes"]["key"] == {"type": "http", "scheme": "bearer"}


def test_an_area_below_is_reached_and_a_retired_one_is_not_logged_in(house, program):
    below = ServiceAreaFactory(parent=house.team, code="below")
    ours = program()
    ServiceAreaFactory(parent=house.team, code="old", is_retired=True)

    logged = ours.post("complaints/", {**A_COMPLAINT, "service_area": below.code})
    refused = ours.post("complaints/", {**A_COMPLAINT, "service_area": "old"}, name="another-name")

    assert (logged.status_code, refused.status_code) == (201, 400)
