"""Who signs in, and who is signed in."""

from functools import lru_cache

from django.contrib.auth.backends import ModelBackend

from cases.models import User
from cases.selectors.prepared import BLANK, PreparedModels


class StaffBackend(ModelBackend):
    """Django's own way in: each page of the staff begins with reading who it is."""

    def get_user(self, user_id: int) -> User | None:
        """Return the person, unless they have left. One query, put together once."""
        found = _kept().first(blank=int(user_id))
        return found if found is not None and self.user_can_authenticate(found) else None


@lru_cache(maxsize=1)
def _kept() -> PreparedModels[User]:
    return PreparedModels(User.objects.filter(pk=BLANK))
