"""How long somebody on the staff stays signed in (promise P19)."""

from datetime import datetime, timedelta

# What a session remembers: since when somebody is signed in, when they last proved who they are,
# and in which browser.
BEGAN, CONFIRMED, BROWSER = "began", "confirmed", "browser"
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
# Weighty acts ask for the password again when it was given longer ago than this.
RECENT = timedelta(minutes=15)
# Looking at pages writes no oftener than this that somebody is still there.
NOTED_EVERY = timedelta(minutes=1)
# So long after a session has ended it is still known whose it was, and so what they typed is kept.
KNOWN_AFTER = timedelta(days=1)
# What was typed on a page that met an ended session is kept up to so many characters.
MOST_KEPT = 200_000


def ends_at(began: datetime, now: datetime) -> datetime:
    """Return when a session ends if nothing more is asked for."""
    return min(began + LONGEST, now + IDLE)


def is_recent(confirmed: float | None, now: datetime) -> bool:
    """Say whether somebody proved lately who they are. `confirmed` in seconds since 1970."""
    return confirmed is not None and now.timestamp() - confirmed <= RECENT.total_seconds()


_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"))
_SYSTEMS = (
    *(("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")),
    *(("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux")),
)


def browser_words(user_agent: str) -> str:
    """Return a browser's name for people, of what it says of itself: "Firefox on Windows"."""
    name = next(
        (words for mark, words in (*_BROWSERS, ("Safari", "Safari")) if mark in user_agent),
        "A browser",
    )
    system = next((words for mark, words in _SYSTEMS if mark in user_agent), "")
    return f"{name} on {system}" if system else name
