"""What has a reference and is no complaint: requests, and what other apps have."""

from collections.abc import Callable, Collection

from cases.models import ServiceRequest, User
from cases.rules.references import may_be_reference, spellings

# Returns the address of what has a reference in one of these spellings, as far as somebody may
# know of it; else nothing.
Finder = Callable[[Collection[str], User], str]
# Each app with such things adds how they are found when it is loaded.
FINDERS: list[Finder] = []


def address_of_reference(text: str, user: User) -> str:
    """Return the page of what has this reference, in any forgiven spelling, as `user` may know.

    Nothing for what has none. One query for requests, and one for each finder.
    """
    if not may_be_reference(text) or len(text) > LONGEST:
        return ""
    named = spellings(text)
    request = ServiceRequest.objects.visible_to(user).filter(reference__in=named).first()
    if request is not None:
        return request.get_absolute_url()
    return next((address for find in FINDERS if (address := find(named, user))), "")


# No reference is longer, however it is spaced.
LONGEST = 40
