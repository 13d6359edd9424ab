"""The annual report of Code 8.1: assembled, frozen, answered by the governing body, published."""

from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from cases.models import SettingsChange
from cases.rules.roles import Role
from cases.tests.fixtures import at
from reporting.models import ImprovementReport, ProvisionAnswer
from reporting.operations.assessments import (
    begin_assessment,
    freeze_assessment,
    publish_assessment,
)
from reporting.rules.reporting_years import ReportingYear
from reporting.tests.measured_year import lodged, the_year

TODAY = date(2026, 6, 17)
WRITER = Role.COMPLAINTS_COORDINATOR
LIST = "/improvement-report/"
PAGE = "/improvement-report/2025-26/"
PUBLIC = "/how-complaints-went/2025-26/"
WORDS = {"performance": "We were slow in June.", "improvements": "One team.", "ombudsman": ""}
RESPONSE = {
    "response_of": "The Board",
    "on_day": "17",
    "on_month": "6",
    "on_year": "2026",
    "response": "We are not content with June.",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(at(TODAY), tick=False):
        yield


def browse(person=None) -> Client:
    client = Client()
    if person:
        client.force_login(person)
    return client


def words(answer) -> str:
    return answer.content.decode()


def frozen(house) -> Client:
    """Return the browser of whoever wrote the report of the year and froze it."""
    writer = browse(house[WRITER])
    writer.post(LIST, {"year": "2025-26"})
    writer.post(f"{PAGE}words/", WORDS)
    writer.post(PAGE, {"do": "freeze"})
    return writer


def test_the_report_is_assembled_frozen_answered_and_published_with_the_answer(house):
    the_year(house)
    begun = begin_assessment(year=ReportingYear(2025), by=house[WRITER], now=at(TODAY))
    ProvisionAnswer.objects.update(complies="yes")
    ProvisionAnswer.objects.filter(provision="6.3").update(complies="no", comment="From August.")
    freeze_assessment(assessment_id=begun.pk, evidence={}, by=house[WRITER], now=at(TODAY))
    publish_assessment(assessment_id=begun.pk, by=house[WRITER], now=at(TODAY))

    writer = frozen(house)

    assert browse().get(PUBLIC).status_code == 404
    too_soon = writer.post(PAGE, {"do": "publish"}, follow=True)
    assert "together with the governing body’s response" in words(too_soon)
    assert writer.post(f"{PAGE}response/", RESPONSE).status_code == 302
    writer.post(PAGE, {"do": "publish"})
    shown = words(browse().get(PUBLIC))
    assert "We were slow in June." in shown
    assert "We are not content with June." in shown
    assert "36.4%" not in shown  # The headline counts extensions.
    assert "45.5%" in shown
    assert "We keep to 71 of 72 points." in shown
    assert "From August." in shown
    assert PUBLIC in words(browse().get("/how-we-keep-to-the-code/"))
    assert "Yr hyn y mae ein corff llywodraethu yn ei ddweud" in words(browse().get(f"/cy{PUBLIC}"))


def test_what_is_frozen_keeps_its_figures_and_its_words(house):
    writer = frozen(house)
    lodged(house)

    answer = writer.post(f"{PAGE}words/", {**WORDS, "performance": "All was well."})

    assert answer.status_code == 422
    report = ImprovementReport.objects.get()
    assert report.performance == WORDS["performance"]
    assert ["Received", "0"] in report.kept["sheets"][0]["rows"]


def test_an_assessment_that_nobody_published_is_not_in_the_report(house):
    begun = begin_assessment(year=ReportingYear(2025), by=house[WRITER], now=at(TODAY))
    ProvisionAnswer.objects.update(complies="no", comment="We have no money.")
    freeze_assessment(assessment_id=begun.pk, evidence={}, by=house[WRITER], now=at(TODAY))

    writer = frozen(house)

    assert ImprovementReport.objects.get().kept["assessment"] == {}
    assert "None of this year is published yet." in words(writer.get(PAGE))


def test_who_wrote_what_is_kept_and_nobody_overwrites_what_they_have_not_seen(house):
    writer, other = browse(house[WRITER]), browse(house[Role.EXECUTIVE_SUPPORT_MANAGER])
    writer.post(LIST, {"year": "2025-26"})
    opened = other.get(f"{PAGE}words/").context["form"]["seen"].value()
    writer.post(f"{PAGE}words/", {**WORDS, "seen": opened})

    answer = other.post(f"{PAGE}words/", {**WORDS, "performance": "All well.", "seen": opened})

    assert answer.status_code == 422
    assert "All well." in words(answer)
    assert ImprovementReport.objects.get().performance == WORDS["performance"]
    writer.post(PAGE, {"do": "freeze"})
    other.post(f"{PAGE}response/", RESPONSE)
    late = writer.post(f"{PAGE}response/", {**RESPONSE, "response": "Fine.", "seen": opened})
    assert late.status_code == 422
    told = SettingsChange.objects.filter(key="report-2025-26").order_by("pk")
    assert [(each.act, each.by) for each in told] == [
        ("Annual report begun", house[WRITER]),
        ("Annual report written", house[WRITER]),
        ("Response to the annual report entered", house[Role.EXECUTIVE_SUPPORT_MANAGER]),
    ]
    assert ["Response", "", RESPONSE["response"]] in told[2].changes


def test_a_year_that_runs_and_a_report_without_words_are_not_frozen(house):
    writer = browse(house[WRITER])
    writer.post(LIST, {"year": "2025-26"})
    assert "Write how complaints were dealt with" in words(
        writer.post(PAGE, {"do": "freeze"}, follow=True)
    )
    writer.post(LIST, {"year": "2026-27"})
    this_year = "/improvement-report/2026-27/"
    writer.post(f"{this_year}words/", WORDS)

    answer = writer.post(this_year, {"do": "freeze"}, follow=True)

    assert "The year runs until 31 March 2027." in words(answer)
    assert not ImprovementReport.objects.filter(frozen_on__isnull=False).exists()


@pytest.mark.one_database
def test_the_day_of_a_response_is_not_before_the_report_was_frozen(house):
    writer = frozen(house)

    answer = writer.post(f"{PAGE}response/", {**RESPONSE, "on_day": "16"})

    assert answer.status_code == 422
    assert "when it was frozen, until today" in words(answer)
    assert "We are not content with June." in words(answer)


def test_the_database_publishes_nothing_without_its_response(house):
    frozen(house)

    with pytest.raises(IntegrityError, match="published_with_its_response"), transaction.atomic():
        ImprovementReport.objects.update(published_on=TODAY, published_by=house[WRITER])


@pytest.mark.parametrize("role", [Role.MEMBER_RESPONSIBLE, Role.ASSISTANT_DIRECTOR])
def test_others_read_it_and_write_nothing(house, role):
    frozen(house)
    reader = browse(house[role])

    assert reader.get(PAGE).status_code == 200
    assert reader.post(PAGE, {"do": "publish"}).status_code == 403
    assert reader.post(LIST, {"year": "2024-25"}).status_code == 403
    assert reader.post(f"{PAGE}response/", RESPONSE).status_code == 403
    assert ImprovementReport.objects.get().responded_on is None


@pytest.mark.one_database
@pytest.mark.parametrize("year", ["2023-24", "2027-28", "this"])
def test_a_year_that_is_not_measured_has_no_report(house, year):
    writer = browse(house[WRITER])

    assert writer.post(LIST, {"year": year}).status_code == 404
    assert writer.get(f"/improvement-report/{year}/").status_code == 404
