"""Keyboard shortcuts, which are off until somebody switches them on for themselves."""

from cases.models import User


def use_shortcuts(*, by: User, on: bool) -> None:
    """Switch somebody's own shortcuts on or off."""
    User.objects.filter(pk=by.pk).update(uses_shortcuts=on)
