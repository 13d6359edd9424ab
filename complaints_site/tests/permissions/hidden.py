"""Whether the addresses of a hidden complaint answer as if there were none."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from complaints_site.tests.permissions.asking import send
from complaints_site.tests.permissions.canary import Planted
from complaints_site.tests.permissions.crawl import DRAWN
from complaints_site.tests.permissions.table import Row
from complaints_site.tests.permissions.world import World

# A reference as they are, which no complaint has.
UNKNOWN = "KX7M-2QPD-C"


def telling_addresses(world: World, actor: str, rows: Iterable[Row], planted: Planted) -> list[str]:
    """Return the rows whose answer for the hidden complaint is another than for none at all."""
    complaint = planted.complaint
    more = {
        "complaint": [],
        "complaint’s file": [planted.file_key],
        "complaint’s letter": [planted.letter],
        "complaint’s representative": [complaint.representatives.get().pk],
    }
    client, data, found = world.browser(actor), {"seen": str(complaint.version)}, []
    for row in rows:
        if row.about not in more:
            continue
        hidden, unknown = (
            _shape(send(client, row.method, path, data), path)
            for path in (
                reverse(row.url, args=[name, *more[row.about]])
                for name in (complaint.reference, UNKNOWN)
            )
        )
        if hidden != unknown or hidden[0] != 404:
            found.append(f"{row}: {hidden[0]}")
    return found


def _shape(answer: Any, path: str) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Return everything of an answer but what is drawn anew each time, and the address asked."""
    body = DRAWN.sub(b"", answer.content).replace(path.encode(), b"")
    headers = sorted((name, value) for name, value in answer.items() if name != "Set-Cookie")
    return answer.status_code, body, headers
