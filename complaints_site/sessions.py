"""Sessions in the database, looked up with a query that is put together once."""

from functools import lru_cache

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from cases.selectors.prepared import BLANK_TEXT, PreparedModels


class SessionStore(db.SessionStore):
    """Django's own sessions: each page of the staff begins with looking one up."""

    def _get_session_from_db(self) -> Session | None:
        found = _kept().first(text=self.session_key or "")
        if found is None or found.expire_date <= timezone.now():
            self._session_key = None
            return None
        return found


@lru_cache(maxsize=1)
def _kept() -> PreparedModels[Session]:
    return PreparedModels(Session.objects.filter(session_key=BLANK_TEXT))
