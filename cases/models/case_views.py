"""Who opened which complaint, and who took something of it away."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.complaints import Complaint
from cases.models.constraints import one_of
from cases.models.files import StoredFile


class CaseView(models.Model):
    """An auditor opened a page of a complaint. Never changed or removed: triggers refuse it."""

    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="+")
    # Which page of it, by the name of its address.
    page = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.user} opened {self.page}"


class Look(models.TextChoices):
    """What somebody did with a complaint that changes nothing in it."""

    OPENED = "opened", "Opened it"
    SHEET = "sheet", "Case sheet to print"
    COPY = "copy", "Copy of the record for the customer"
    LETTER = "letter", "Letter"
    FILE = "file", "File"
    PAPERS = "papers", "Papers or evidence"
    LIST = "list", "In a list taken as a spreadsheet"
    SUBJECT = "subject", "In a copy of what is held of the customer"


class CaseLook(models.Model):
    """Somebody opened a complaint on a day, or took something of it away.

    One row a person, complaint, day and thing, written the first time. Never changed or removed:
    triggers refuse it. `file` is what was taken, where that is a file.
    """

    # Its indexes are those below.
    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField(help_text="In London.")
    at = models.DateTimeField()
    what = models.CharField(max_length=20)
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        constraints = [
            one_of("what", Look),
            models.UniqueConstraint(
                fields=["complaint", "user", "day", "what"],
                name="cases_caselook_once_a_day",
                condition=Q(file__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["complaint", "user", "day", "file"],
                name="cases_caselook_file_once_a_day",
                condition=Q(file__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["complaint", "at"], name="cases_look_at_complaint"),
            models.Index(fields=["user", "at"], name="cases_look_of_person"),
            models.Index(fields=["at"], name="cases_look_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.what} {self.complaint_id} on {self.day:%Y-%m-%d}"
