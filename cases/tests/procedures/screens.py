"""What somebody finds on a screen about the procedure that runs, tidied for reading."""

import html
import re

from django.test import Client
from django.urls import reverse

from cases.models import Customer
from cases.rules.roles import Role
from cases.tests.fixtures import House


def _words(client: Client, address: str, **query: str) -> str:
    page = client.get(address, query)
    assert page.status_code == 200
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
