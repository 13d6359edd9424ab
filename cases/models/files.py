"""Files that belong to a complaint. Their bytes lie outside the database and every public path."""

from django.conf import settings
from django.db import models

from cases.models.complaints import Complaint
from cases.models.constraints import one_of


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


class DocumentKind(models.TextChoices):
    """What was made."""

    LETTER = "letter", "Letter"


class Document(models.Model):
    """Something made here to print, to hear or to hand out, kept byte for byte as it was made."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20)
    letter = models.ForeignKey(
        "cases.Letter", on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    letter_format = models.CharField(max_length=20, blank=True)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="document")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["complaint", "kind"], name="cases_document_of_complaint")]
        constraints = [
            one_of("kind", DocumentKind),
            models.UniqueConstraint(
                fields=["letter", "letter_format"], name="cases_document_of_letter_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.letter_format}".strip()
