"""Sessions in the database, looked up with a query that is put together once.

Those of the staff end after half an hour in which nothing was asked for, and after twelve hours.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

from cases.models import BrowserSession
from cases.rules.sessions import BEGAN, BROWSER, CONFIRMED, NOTED_EVERY, ends_at
from cases.selectors.prepared import BLANK_TEXT, PreparedModels


class SessionStore(db.SessionStore):
    """Django's own sessions: each page of the staff begins with looking one up."""

    # Whose session it was that has ended: what they had typed is kept for them.
    ended_for: int | None = None
    _ends_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        """Return the rows in which they are kept."""
        return BrowserSession

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        if key == SESSION_KEY:
            # However somebody was signed in, from now on their time runs.
            now = timezone.now().timestamp()
            super().__setitem__(BEGAN, now)
            super().__setitem__(CONFIRMED, now)

    def _get_session_from_db(self) -> BrowserSession | None:
        found = _kept().first(text=self.session_key or "")
        if found is None or found.expire_date <= timezone.now():
            self.ended_for = found.user_id if found else None
            self._session_key = None
            return None
        self._ends_at = found.expire_date
        return found

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Return the row for what is remembered."""
        row: Any = super().create_model_instance(data)
        if SESSION_KEY in data and BEGAN in data:
            row.user_id = int(data[SESSION_KEY])
            row.began_at = datetime.fromtimestamp(data[BEGAN], UTC)
            row.browser = data.get(BROWSER, "")
            row.expire_date = ends_at(row.began_at, timezone.now())
        return row

    def stay(self, now: datetime) -> None:
        """Write down, no oftener than once a minute, that somebody is still there."""
        began = self.get(BEGAN)
        if began is None or self._ends_at is None:
            return
        until = ends_at(datetime.fromtimestamp(began, UTC), now)
        if until - self._ends_at >= NOTED_EVERY:
            BrowserSession.objects.filter(session_key=self.session_key).update(expire_date=until)
            self._ends_at = until


@lru_cache(maxsize=1)
def _kept() -> PreparedModels[BrowserSession]:
    return PreparedModels(BrowserSession.objects.filter(session_key=BLANK_TEXT))
