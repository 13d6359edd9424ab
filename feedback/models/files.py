"""Files added to a form, before it is sent and after."""

from django.db import models
from django.db.models import Q

from cases.models import StoredFile
from feedback.models.drafts import Draft
from feedback.models.submissions import Submission


class FormFile(models.Model):
    """A stored file that belongs to a form: to a draft, or to what was sent."""

    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="form_file")
    draft = models.ForeignKey(
        Draft, on_delete=models.CASCADE, null=True, blank=True, related_name="files"
    )
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, blank=True, related_name="files"
    )
    source = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feedback_formfile_of_one_form",
                condition=Q(draft__isnull=True, submission__isnull=False)
                | Q(draft__isnull=False, submission__isnull=True),
            )
        ]
        indexes = [models.Index(fields=["source", "added_at"], name="feedback_formfile_source")]

    def __str__(self) -> str:
        return f"File {self.file_id}"
