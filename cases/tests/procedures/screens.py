"""What somebody finds on a screen about the procedure that runs, tidied for reading."""

import html
import re
from datetime import date
from typing import Any

import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from cases.models import Complaint, Customer
from cases.rules.roles import Role
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.fixtures import House, at


def _words(client: Client, address: str, **query: str) -> str:
    page = client.get(address, query)
    assert page.status_code == 200
    return _words_of(page)


def _words_of(page: Any) -> str:
    shown = page.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def procedure_page(house: House, code: str) -> str:
    """Return what an auditor reads on the page of a procedure."""
    client = Client()
    client.force_login(house[Role.AUDITOR])
    return _words(client, reverse("cases:procedure", args=[code]))


def log_page(house: House, customer: Customer | None = None) -> str:
    """Return what the front line reads where a complaint is logged, for somebody known or not."""
    client = Client()
    client.force_login(house[Role.FRONT_LINE])
    known = {"customer": customer.code} if customer else {}
    return _words(client, reverse("cases:log"), **known)


def logged_on_the_page(house: House, *, on: date = MONDAY, **answers: Any) -> Complaint:
    """Let the front line log a complaint of that day on the page, and return it."""
    client = Client()
    client.force_login(house[Role.FRONT_LINE])
    sent = {
        "key": "a-key-of-a-form",
        "customer": CustomerFactory().code,
        "speaks": "self",
        "channel": "phone",
        "received_day": str(on.day),
        "received_month": str(on.month),
        "received_year": str(on.year),
        "words": "The lift has been out of order since Friday.",
        "desired_outcome": "A lift that works",
        "area": str(house.team.pk),
        "about": "",
        "level": "normal",
        "ends": "complaint",
        **answers,
    }
    with time_machine.travel(at(on), tick=False):
        cache.clear()
        page = client.post(reverse("cases:log"), sent)
    assert page.status_code == 302, _words_of(page)
    return Complaint.objects.latest("pk")
