"""Files that belong to a complaint. Their bytes lie outside the database and every public path."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.complaints import Complaint
from cases.models.constraints import one_of


class Scan(models.TextChoices):
    """What the virus scanner said of a file."""

    NOT_NEEDED = "not_needed", "Not checked for viruses"
    HELD = "held", "Held: not yet checked for viruses"
    CLEAN = "clean", "Checked for viruses"
    INFECTED = "infected", "Sealed: the virus scanner found something in it"


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Stored files."""

    def openable(self) -> Self:
        """Keep what may be opened: leave out what is held or sealed."""
        return self.exclude(scan__in=[Scan.HELD.value, Scan.INFECTED.value])

    def held(self) -> Self:
        """Keep what waits for the virus scanner."""
        return self.filter(scan=Scan.HELD.value)


class StoredFile(models.Model):
    """A file as it came, under a random name; the row is written after its bytes are on disk.

    A file that is held or sealed is listed and never opened: `may_be_opened` says so for one,
    `openable()` for many. `scan_words` say what was found, or why it could not be looked at.
    """

    key = models.CharField(max_length=64, unique=True)
    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="files"
    )
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    # What was made here of many files may be larger than any of them.
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    stored_at = models.DateTimeField()
    scan = models.CharField(
        max_length=20, choices=Scan.choices, default=Scan.NOT_NEEDED.value, editable=False
    )
    scan_words = models.CharField(max_length=200, blank=True)
    scanned_at = models.DateTimeField(null=True, blank=True)
    next_scan_at = models.DateTimeField(null=True, blank=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_scan_at", "id"], name="cases_file_held", condition=Q(scan="held")
            ),
            models.Index(fields=["id"], name="cases_file_infected", condition=Q(scan="infected")),
        ]
        constraints = [
            one_of("scan", Scan),
            models.CheckConstraint(
                name="cases_storedfile_held_has_its_time",
                condition=Q(scan="held", next_scan_at__isnull=False)
                | (~Q(scan="held") & Q(next_scan_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_opened(self) -> bool:
        """Say whether anybody may open it."""
        return may_be_opened(self.scan)

    @property
    def held_words(self) -> str:
        """Return why nobody may open it, or nothing."""
        return held_words(self.scan)


def may_be_opened(scan: str) -> bool:
    """Say whether a file of which the scanner said this may be opened."""
    return scan not in (Scan.HELD, Scan.INFECTED)


def held_words(scan: str) -> str:
    """Return why a file of which the scanner said this may not be opened, or nothing."""
    return "" if may_be_opened(scan) else Scan(scan).label


class DocumentKind(models.TextChoices):
    """What was made."""

    LETTER = "letter", "Letter"
    POLICY = "policy", "Complaints policy and procedure, enclosed with a letter"
    PAPERS = "papers", "Papers for the hearing"
    BUNDLE = "bundle", "Evidence bundle"
    BUNDLE_ZIP = "bundle_zip", "Evidence bundle with every file (ZIP)"
    REDACTED = "redacted", "Evidence bundle, redacted"
    REDACTED_ZIP = "redacted_zip", "Evidence bundle, redacted, with its files (ZIP)"


# What was made of a letter: it is opened from the letter, and from no list of papers.
OF_LETTERS = frozenset({DocumentKind.LETTER, DocumentKind.POLICY})


class Document(models.Model):
    """Something made here to print, to hear or to hand out, kept byte for byte as it was made."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20)
    letter = models.ForeignKey(
        "cases.Letter", on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    letter_format = models.CharField(max_length=20, blank=True)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="document")
    pages = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["complaint", "kind"], name="cases_document_of_complaint")]
        constraints = [
            one_of("kind", DocumentKind),
            models.UniqueConstraint(
                fields=["letter", "kind", "letter_format"], name="cases_document_of_letter_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.letter_format}".strip()


class Download(models.Model):
    """Who took papers of a hearing or an evidence bundle away, and when."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="downloads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Download of {self.document} on {self.at:%-d %B %Y}"
