"""The leaflet about complaints as a PDF: set when somebody first asks for it, and kept a while."""

from datetime import datetime

from django.core.cache import cache

from cases.errors import NotMade
from cases.operations.typesetting import TOO_MUCH, set_paper
from feedback.selectors.information import Information, leaflet_paper

# In points: the leaflet as it is, and in large print.
SIZES = {"standard": 12, "large-print": 18}
# Kept in the place of a leaflet that cannot be made.
NOTHING = b""
KEPT_SECONDS = 24 * 60 * 60
TRIED_AGAIN_SECONDS = 10 * 60


def leaflet_pdf(told: Information, *, size: str, now: datetime) -> bytes:
    """Return the leaflet as a tagged PDF of what the procedure says now.

    What was set of the same words within a day is handed out again: nobody can keep the machine
    busy by asking often.

    :raises NotMade: if it would take more time or memory than a paper may.
    """
    paper, mark = leaflet_paper(told, size=SIZES[size])
    key = f"leaflet:{mark}"
    made: bytes | None = cache.get(key)
    if made is None:
        try:
            made = set_paper(paper, at=now)
        except NotMade:
            made = NOTHING
        cache.set(key, made, KEPT_SECONDS if made else TRIED_AGAIN_SECONDS)
    if made == NOTHING:
        raise NotMade(TOO_MUCH)
    return made
