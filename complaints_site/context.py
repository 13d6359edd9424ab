"""What every page is given."""

from typing import Any

from django.http import HttpRequest


def landlord_and_menu(request: HttpRequest) -> dict[str, Any]:
    """Return the landlord and the menu for whoever is signed in."""
    return {"landlord": None, "menu": []}
