"""Progress of long work, for whoever watches a terminal."""

from collections.abc import Callable

from django.core.management.base import OutputWrapper


def progress_on(stream: OutputWrapper, what: str) -> Callable[[int], None]:
    """Return a function that shows how far the work is, on one line; nothing without a terminal."""

    def show(count: int) -> None:
        if stream.isatty():
            stream.write(f"\r{count:,} {what}", ending="")
            stream.flush()

    return show


def end_progress(stream: OutputWrapper) -> None:
    """Go to the next line after progress was shown."""
    if stream.isatty():
        stream.write("")
