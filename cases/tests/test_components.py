"""What the components decide before they print."""

from datetime import date
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from cases.forms.fields import DateField
from cases.forms.layout import FilterForm
from cases.templatetags.casework import standing
from cases.templatetags.parts import Cell, Column
from cases.templatetags.tables import chips_of

MONDAY = date(2026, 11, 23)


class QueueFilter(FilterForm):
    """What narrows a list."""

    q = forms.CharField(label="Name")
    status = forms.MultipleChoiceField(
        label="Status",
        choices=[("new", "New"), ("Old", [("closed", "Closed"), ("withdrawn", "Withdrawn")])],
    )
    due_by = DateField(label="Due by")
    has_needs = forms.BooleanField(label="Has needs")


def printed(template: str, query: str = "", **context: object) -> str:
    """Return what a template prints with our tags, on a page with this query."""
    request = RequestFactory().get(f"/{query}")
    load = "{% load components tables casework %}"
    return Template(load + template).render(Context({"request": request} | context))


@pytest.mark.parametrize(
    ("due_on", "words", "tone"),
    [
        (date(2026, 11, 20), "Overdue", "red"),
        (date(2026, 11, 23), "Due today", "amber"),
        (date(2026, 11, 24), "Due tomorrow", "amber"),
        (date(2026, 11, 25), "", "grey"),
        (None, "No date set", "grey"),
    ],
)
def test_a_due_date_says_in_words_how_it_stands(due_on: date | None, words: str, tone: str):
    found = standing(due_on, today=MONDAY, words="", is_soon=False, is_met=False)

    assert found == {"words": words, "tone": tone}


def test_a_date_that_was_met_is_not_overdue():
    found = standing(date(2026, 11, 2), today=MONDAY, words="", is_soon=False, is_met=True)

    assert found == {"words": "Met", "tone": "green"}


@pytest.mark.parametrize(
    ("due_on", "shown"), [(date(2026, 12, 1), "1 Dec<"), (date(2027, 1, 4), "4 Jan 2027<")]
)
def test_a_short_date_has_its_year_when_it_is_another(due_on: date, shown: str):
    assert shown in printed("{% due_date due_on today=today %}", due_on=due_on, today=MONDAY)


def test_a_chip_takes_away_one_filter_and_keeps_the_others():
    request = RequestFactory().get("/?q=khan&status=new&status=closed&page=3&view=mine")

    chips = chips_of(QueueFilter(request.GET), request)

    assert [(chip["label"], chip["words"], chip["url"]) for chip in chips] == [
        ("Name", "khan", "?status=new&status=closed&view=mine"),
        ("Status", "New", "?q=khan&view=mine&status=closed"),
        ("Status", "Closed", "?q=khan&view=mine&status=new"),
    ]


def test_a_chip_of_a_date_takes_away_all_its_boxes():
    request = RequestFactory().get("/?due_by_day=1&due_by_month=12&due_by_year=2026&has_needs=on")

    chips = chips_of(QueueFilter(request.GET), request)

    assert [(chip["label"], chip["words"], chip["url"]) for chip in chips] == [
        ("Due by", "1 Dec 2026", "?has_needs=on"),
        ("Has needs", "", "?due_by_day=1&due_by_month=12&due_by_year=2026"),
    ]


def test_an_answer_that_was_refused_is_no_filter_in_use():
    request = RequestFactory().get("/?due_by_day=31&due_by_month=2&due_by_year=2026")

    assert chips_of(QueueFilter(request.GET), request) == []


def test_a_list_that_was_not_filtered_has_no_chips():
    assert chips_of(QueueFilter(), RequestFactory().get("/")) == []


def test_a_heading_sorts_its_column_and_turns_the_order_round():
    columns = [Column("Due", sort="due"), Column("Name", sort="name"), Column("Stage")]

    html = printed(
        "{% table 'Complaints' columns=columns sort='due' %}{% endtable %}",
        query="?q=khan&page=2",
        columns=columns,
    )

    assert 'aria-sort="ascending"' in html
    assert 'href="?q=khan&amp;sort=-due"' in html
    assert 'href="?q=khan&amp;sort=name"' in html


def test_an_empty_table_says_so_instead():
    html = printed(
        "{% table 'Complaints' columns=columns rows=rows empty='None match.' %}{% endtable %}",
        columns=[Column("Due")],
        rows=[],
    )

    assert "None match." in html
    assert "<table" not in html


def test_pages_keep_the_filters_and_count_in_words():
    page = Paginator(range(1200), 25).get_page(2)

    html = printed("{% pagination page noun='complaints' %}", query="?q=khan&page=2", page=page)

    assert "Showing <strong>26</strong> to <strong>50</strong> of <strong>1,200</strong>" in html
    assert 'href="?q=khan&amp;page=3"' in html


def test_a_count_that_stops_early_is_said_as_such():
    page = Paginator(range(30), 25).get_page(1)

    assert "<strong>1,000+</strong>" in printed("{% pagination page total='1,000+' %}", page=page)


def test_a_plain_table_prints_figures_words_and_links():
    html = printed(
        "{% data_table 'Teams' columns=columns rows=rows %}",
        columns=[Column("Team"), Column("Open", is_numeric=True)],
        rows=[[Cell("North", "/north/"), 0]],
    )

    assert '<a class="govuk-link" href="/north/">North</a>' in html
    assert 'data-label="Open">0<' in html


def test_what_was_typed_is_never_taken_for_markup():
    html = printed(
        "{% timeline_entry title at=at by=by %}{{ words }}{% endtimeline_entry %}"
        "{% data_table title columns=columns rows=rows %}{% summary_list facts %}",
        title="<b>t",
        at=MONDAY,
        by="<b>u",
        words="<b>w",
        columns=[SimpleNamespace(label="<b>c", is_numeric=False)],
        rows=[["<b>r"]],
        facts=[SimpleNamespace(key="<b>k", value="<b>v\n<b>v", change_url="", change_label="")],
    )

    assert "<b>" not in html
