"""Reports put together: what is said about their figures, and sending them."""

import pytest

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import OutboundMessage, Thing
from cases.rules.roles import Role
from cases.selectors.settings_history import changes_of, last_change
from reporting.models import KeptCopy, KeptReport
from reporting.operations.kept import make_kept_reports
from reporting.operations.kept_sending import commentary_key, write_commentary
from reporting.tests.lessons import (
    FIRST_OF_JULY,
    FIRST_OF_JUNE,
    browse,
    form_of,
    give_back,
    send,
    the,
)

pytestmark = pytest.mark.django_db
HEAD, COLLATOR = Role.HEAD_OF_SERVICE, Role.EXECUTIVE_SUPPORT_MANAGER
COORDINATOR = Role.COMPLAINTS_COORDINATOR


@pytest.mark.rule("HH-32")
def test_the_executive_support_manager_collates_it_for_management_and_committee(house, lodged):
    make_kept_reports(now=FIRST_OF_JUNE)
    month = the("monthly")
    give_back(month, house[HEAD], FIRST_OF_JUNE)
    make_kept_reports(now=FIRST_OF_JULY)
    report = the("quarterly")
    asked = OutboundMessage.objects.get(
        key__startswith="report-to-collate",
        to_user=house[COLLATOR],
        subject__contains="Performance",
    )
    assert report.address("send") in asked.body
    assert browse(house[Role.DIRECTOR]).get(report.get_absolute_url()).status_code == 404
    client = browse(house[COLLATOR])

    page = client.get(report.address("send")).content.decode()
    client.post(report.address("send"), {"commentary": "A quiet quarter.", "seen": 0})
    typed = form_of(client, report.address("send"), do="check")
    check = client.post(report.address("send"), typed, follow=True)
    assert not KeptCopy.objects.filter(report=report).exists()
    told = check.content.decode()
    assert all(each in told for each in ("A quiet quarter.", "Nobody rang back.", "June 2026"))
    assert f"{house[Role.MEMBER_RESPONSIBLE].name}, Member Responsible for Complaints" in told
    client.post(report.address("check"), form_of(client, report.address("check")))

    report.refresh_from_db()
    told = set(report.copies.values_list("recipient__grants__role", flat=True))
    assert "Nobody rang back." in page
    assert "June 2026" in page
    assert told == {
        "head_of_service", "assistant_director", "director", "executive_support_manager",
        "member_responsible", "complaints_coordinator",
    }  # fmt: skip
    assert report.found["lessons"][0]["made"] == "Calls are listed."
    words = browse(house[Role.MEMBER_RESPONSIBLE]).get(report.get_absolute_url()).content.decode()
    assert "A quiet quarter." in words
    assert "Nobody rang back." in words
    with pytest.raises(ActionNotAllowed, match="sent already"):
        comment(report, house[COLLATOR], "More.")
    with pytest.raises(ActionNotAllowed, match="has gone out"):
        give_back(month, house[HEAD], FIRST_OF_JULY)


def comment(report: KeptReport, by, words: str, *, seen: int | None = None) -> KeptReport:
    if seen is None:
        seen = last_change(Thing.LANDLORD, commentary_key(report))
    return write_commentary(
        report_id=report.pk, commentary=words, by=by, now=FIRST_OF_JULY, seen=seen
    )


@pytest.fixture
def quarterly(house, lodged) -> KeptReport:
    """A quarter that is to be put together."""
    make_kept_reports(now=FIRST_OF_JULY)
    return the("quarterly")


def test_of_two_who_write_about_the_figures_neither_erases_the_other(house, quarterly):
    path = quarterly.address("send")
    collator, coordinator = browse(house[COLLATOR]), browse(house[COORDINATOR])
    one = form_of(collator, path, commentary="A quiet quarter.")
    other = form_of(coordinator, path, commentary="Lifts stood for long.", do="check")

    assert collator.post(path, one).status_code == 302
    refused = coordinator.post(path, other)

    page = refused.content.decode()
    assert refused.status_code == 422
    assert f"{house[COLLATOR].name} changed this after you opened the page." in page
    assert "Lifts stood for long." in page
    assert "A quiet quarter." in page
    quarterly.refresh_from_db()
    assert quarterly.commentary == "A quiet quarter."
    form = refused.context["form"]
    again = {name: form[name].value() for name in form.fields}
    assert coordinator.post(path, again).status_code == 302
    lines = changes_of(Thing.LANDLORD, commentary_key(quarterly))[0].changes
    assert lines == [
        ["What is said about the figures", "A quiet quarter.", "Lifts stood for long."]
    ]


def test_nothing_goes_out_that_was_changed_after_it_was_looked_at(house, quarterly):
    path = quarterly.address("check")
    collator = browse(house[COLLATOR])
    looked_at = form_of(collator, path)
    comment(quarterly, house[COORDINATOR], "Lifts stood for long.")

    refused = collator.post(path, looked_at)

    assert refused.status_code == 422
    assert "Lifts stood for long." in refused.content.decode()
    assert not KeptCopy.objects.filter(report=quarterly).exists()
    assert collator.post(path, {}).status_code == 422
    form = refused.context["form"]
    assert collator.post(path, {"seen": form["seen"].value()}).status_code == 302
    assert KeptCopy.objects.filter(report=quarterly).exists()


def test_what_was_typed_is_not_lost_where_somebody_else_sent_the_report(house, quarterly):
    path = quarterly.address("send")
    coordinator = browse(house[COORDINATOR])
    typed = form_of(coordinator, path, commentary="Lifts stood for long.")
    send(quarterly, house[COLLATOR], FIRST_OF_JULY)

    refused = coordinator.post(path, typed)

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "The report is sent already." in page
    assert "Lifts stood for long." in page
    quarterly.refresh_from_db()
    assert quarterly.commentary == ""
    with pytest.raises(ActionNotAllowed, match="sent already"):
        send(quarterly, house[COLLATOR], FIRST_OF_JULY)


def test_what_is_said_about_the_figures_names_no_way_to_reach_anybody(house, quarterly):
    path = quarterly.address("send")
    client = browse(house[COLLATOR])

    answer = client.post(path, form_of(client, path, commentary="Ring 0151 496 0000."))

    assert answer.status_code == 422
    assert "Ring 0151 496 0000." in answer.content.decode()
    quarterly.refresh_from_db()
    assert quarterly.commentary == ""


@pytest.mark.one_database
def test_a_report_is_nobody_elses_to_write_about_or_to_send(house, quarterly):
    for role in (HEAD, Role.DIRECTOR, Role.MEMBER_RESPONSIBLE, Role.AUDITOR):
        with pytest.raises(NotEntitled):
            comment(quarterly, house[role], "Mine.")
        with pytest.raises(NotEntitled):
            send(quarterly, house[role], FIRST_OF_JULY)
