"""The menu and the foot of the pages of staff, which are the same on most of them."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cases.models import Landlord
from cases.templatetags.once import Kept

register = template.Library()
_menus = Kept(256)
_feet = Kept(16)


@register.simple_tag
def navigation(menu: Iterable[Any]) -> SafeString:
    """Show the menu: items with their label, url and whether they are the page itself."""
    items = tuple(menu)
    return _menus(items, lambda: render_to_string("_navigation.html", {"menu": items}))


@register.simple_tag
def footer(landlord: Landlord | None, is_signed_in: bool) -> SafeString:
    """Show how the landlord is reached, and the pages for everybody."""
    ours = (landlord.name, landlord.telephone, landlord.email, landlord.website) if landlord else ()

    def print_it() -> SafeString:
        reader = SimpleNamespace(is_authenticated=is_signed_in)
        return render_to_string("_footer.html", {"landlord": landlord, "user": reader})

    return _feet((ours, is_signed_in), print_it)
