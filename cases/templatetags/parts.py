"""What pages hand to the components: plain records, each named for what it shows.

The templates ask for attributes only, so a view may as well pass its own objects.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A step of the breadcrumbs, or any other link. Without `url` it is the page itself."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the pages or views that belong together, and how much there is in it."""

    label: str
    url: str
    count: int | str | None = None
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column. `sort` is its name in the address; without it nothing is sorted."""

    label: str
    sort: str = ""
    is_numeric: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a plain table that leads somewhere, with a tag or a note behind it."""

    text: str | int
    url: str = ""
    tag: str = ""
    tone: str = "grey"
    note: str = ""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A question or property and its answer, with the page that changes it."""

    key: str
    value: object = ""
    change_url: str = ""
    change_label: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that may be done now. `kind` is primary, secondary or warning."""

    label: str
    url: str
    kind: str = "secondary"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that may not be done now, and why; and what may be done instead, if anything."""

    label: str
    reason: str
    instead: Link | None = None


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file: `detail` is its kind and size in words, `note` who added it and when.

    `held` says why it cannot be opened; then it has no link.
    """

    name: str
    url: str
    detail: str = ""
    note: str = ""
    held: str = ""
    remove_url: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A line of a task list. Without `url` it cannot be started yet."""

    label: str
    url: str = ""
    hint: str = ""
    status: str = ""
    tone: str = ""
