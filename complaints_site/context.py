"""What every page is given."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from cases.rules.pages import READERS, Page
from cases.selectors.running import landlord
from cases.selectors.speaking import is_proof_read, public_languages, spoken

# In the order of the menu: the page, its words, its address, and the key of its shortcut after "g".
MENU = (
    (Page.MY_WORK, "My work", "cases:my-work", "w"),
    (Page.QUEUE, "Complaints", "cases:queue", "c"),
    (Page.REQUESTS, "Requests", "cases:requests", "r"),
    (Page.CUSTOMERS, "Customers", "cases:customers", "u"),
    (Page.FEEDBACK, "Compliments and suggestions", "feedback:staff-list", "f"),
    (Page.POST, "E-mail", "cases:post", "e"),
    (Page.LETTERS, "Letters to post", "cases:letters", "l"),
    (Page.SURVEYS, "Surveys", "feedback:surveys", "v"),
    (Page.FIGURES, "Dashboard", "reporting:dashboard", "d"),
    (Page.REPORTS, "Reports", "reporting:reports", "o"),
    (Page.MEASURES, "Measures", "reporting:measures-now", "m"),
    (Page.SETTINGS, "Settings", "cases:settings", "s"),
    (Page.OPERATIONS, "Operations", "cases:operations", "x"),
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the menu."""

    label: str
    url: str
    is_current: bool
    key: str


def landlord_and_menu(request: HttpRequest) -> dict[str, Any]:
    """Return the landlord, read when a page first asks for it, and the menu of who is signed in."""
    return {
        "landlord": SimpleLazyObject(landlord),
        "menu": SimpleLazyObject(lambda: _menu(request)),
        "may_search": SimpleLazyObject(lambda: _may_search(request)),
        "languages": SimpleLazyObject(lambda: _languages(request)),
        "not_proof_read": "" if is_proof_read(spoken().tag) else spoken().name,
    }


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The same page in a language: its tag, what it calls itself, how it runs, and the address."""

    tag: str
    own_name: str
    direction: str
    url: str
    is_current: bool


def _languages(request: HttpRequest) -> list[LanguageLink]:
    """Return the page in each language of the public; nothing for a page of the staff."""
    match = getattr(request, "resolver_match", None)
    if match is None or not settings.PUBLIC_LANGUAGES:
        return []
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    current, found = spoken().tag, []
    for each in public_languages():
        # A page without a name of its own is none of the public's.
        with translation.override(each.tag), suppress(NoReverseMatch):
            url = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
            is_current = each.tag == current
            found.append(
                LanguageLink(each.tag, each.own_name, each.direction, f"{url}{query}", is_current)
            )
    # The pages of the staff have one address.
    return found if len({each.url for each in found}) > 1 else []


def _may_search(request: HttpRequest) -> bool:
    """Say whether the search for complaints is for whoever is signed in."""
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated and user.has_role(*READERS[Page.QUEUE]))


def _menu(request: HttpRequest) -> list[MenuItem]:
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return []
    roles = request.user.scope.roles
    return [
        MenuItem(label, url, request.path.startswith(url), key)
        for page, label, url, key in _addressed()
        if roles & READERS[page]
    ]


@cache
def _addressed() -> list[tuple[Page, str, str, str]]:
    """Return the menu with its addresses, without what this site has no page for."""
    found = []
    for page, label, name, key in MENU:
        with suppress(NoReverseMatch):
            found.append((page, label, reverse(name), key))
    return found
