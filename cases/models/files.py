"""Files that belong to a complaint. Their bytes lie outside the database and every public path."""

from django.conf import settings
from django.db import models

from cases.models.complaints import Complaint


class StoredFile(models.Model):
    """A file as it came, under a random name; the row is written after its bytes are on disk."""

    key = models.CharField(max_length=64, unique=True)
    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="files"
    )
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
