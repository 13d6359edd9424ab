"""Named filters of the list of complaints, of somebody's own or shared with a service area."""

from django.conf import settings
from django.db import models

from cases.models.people import ServiceArea

LONGEST_QUERY = 1_000


class SavedView(models.Model):
    """What the list of complaints was filtered by, under a name. It opens no complaint."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    # Those who work there, above it or below it find it among theirs.
    area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="cases_savedview_named_once")
        ]

    def __str__(self) -> str:
        return self.name
