"""The committees of the Board that panel members chair or vice-chair."""

from enum import StrEnum

from django.conf import settings
from django.db import models

from cases.models.constraints import one_of
from cases.models.people import ServiceArea


class Post(StrEnum):
    """Who leads a committee."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"

    @property
    def words(self) -> str:
        """Return the post's name for people."""
        return {"chair": "Chair", "vice_chair": "Vice Chair"}[self.value]


class CommitteePost(models.Model):
    """Somebody chairs or vice-chairs a committee; without an `area` it answers for everything."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="committee_posts"
    )
    committee = models.CharField(max_length=120)
    post = models.CharField(max_length=20)
    area = models.ForeignKey(
        ServiceArea, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            one_of("post", Post),
            models.UniqueConstraint(
                fields=["user", "committee"], name="cases_committeepost_once_each"
            ),
        ]

    def __str__(self) -> str:
        answers_for = f", answers for {self.area}" if self.area else ""
        return f"{self.words}{answers_for}"

    @property
    def words(self) -> str:
        """Return the post and its committee: "Chair of the Homes Committee"."""
        return f"{Post(self.post).words} of the {self.committee}"
