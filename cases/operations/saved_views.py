"""Saving, changing and deleting named filters of the list of complaints."""

from django.db import IntegrityError, transaction

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import SavedView, User
from cases.selectors.saved_views import areas_to_share_with

# More names than that nobody reads.
MOST_VIEWS = 30


@transaction.atomic
def save_view(
    *, by: User, name: str, query: str, area_id: int | None, view_id: int | None = None
) -> SavedView:
    """Save a view under a name, or change one of one's own.

    :raises ActionNotAllowed: if they have one of that name, or have MOST_VIEWS.
    :raises NotEntitled: if it is somebody else's, or shared with an area that is not theirs.
    """
    if area_id is not None and area_id not in {area.pk for area in areas_to_share_with(by)}:
        raise NotEntitled("You can share a view with the areas that you answer for.")
    view = SavedView(owner=by)
    if view_id is not None:
        view = _own(by, view_id)
    elif by.saved_views.count() >= MOST_VIEWS:
        raise ActionNotAllowed(f"You have {MOST_VIEWS} views. Delete one first.")
    view.name, view.query, view.area_id = name.strip(), query, area_id
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise ActionNotAllowed(f"You have a view called “{view.name}” already.") from None
    return view


def delete_view(*, by: User, view_id: int) -> str:
    """Delete a view of one's own, and return its name.

    :raises NotEntitled: if it is somebody else's, or gone.
    """
    view = _own(by, view_id)
    view.delete()
    return view.name


def _own(by: User, view_id: int) -> SavedView:
    view = by.saved_views.filter(pk=view_id).first()
    if view is None:
        raise NotEntitled("This view is not yours, or was deleted already.")
    return view
