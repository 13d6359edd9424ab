"""Letters and text messages that a provider outside sends for the landlord."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.complaints import Complaint
from cases.models.constraints import one_of
from cases.models.messages import Letter
from cases.rules.dispatches import DispatchKind, DispatchState


class Dispatch(models.Model):
    """One thing handed to the provider. `key` makes it exist once, there as well as here.

    `provider_id` is the provider's own name for it, empty until it was taken. `mark` is a part of
    the reference that nobody can guess: a copy of the database that hands over something else
    under the same key does not take ours for its own.
    """

    key = models.CharField(max_length=100, unique=True)
    mark = models.CharField(max_length=16, blank=True, default="")
    kind = models.CharField(max_length=20)
    # Nothing for thanks and answers to suggestions, which are about none.
    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="dispatches"
    )
    # What a letter beside those about complaints is: whose kind, and its key.
    about = models.CharField(max_length=60, blank=True, default="")
    # Nothing for a code, whose words are kept only until it went.
    letter = models.ForeignKey(
        Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="dispatches"
    )
    to_phone = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=20, default=DispatchState.QUEUED.value)
    provider_id = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    next_try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "dispatches"
        constraints = [
            one_of("kind", DispatchKind),
            one_of("state", DispatchState),
            models.CheckConstraint(
                name="cases_dispatch_settled_at_an_instant",
                condition=Q(state__in=["done", "failed"], settled_at__isnull=False)
                | ~Q(state__in=["done", "failed"]) & Q(settled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="cases_dispatch_about_a_letter",
                condition=Q(kind__in=["code", "beside"], letter__isnull=True)
                | ~Q(kind__in=["code", "beside"]) & Q(letter__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_dispatch_about_a_complaint",
                condition=Q(kind="beside") | Q(complaint__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_dispatch_about_something_beside",
                condition=Q(kind="beside") & ~Q(about="") | ~Q(kind="beside") & Q(about=""),
            ),
            models.UniqueConstraint(
                fields=["about"],
                name="cases_dispatch_beside_once_at_a_time",
                condition=~Q(state="failed") & ~Q(about=""),
            ),
            models.UniqueConstraint(
                fields=["letter", "kind"],
                name="cases_dispatch_once_at_a_time",
                condition=~Q(state="failed"),
            ),
        ]
        indexes = [
            # How far a letter of another part got is asked for each of a list of them.
            models.Index(fields=["about"], name="cases_dispatch_by_about"),
            models.Index(
                fields=["next_try_at", "id"],
                name="cases_dispatch_to_do",
                condition=Q(state__in=["queued", "sending", "taken"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def reference(self) -> str:
        """Return our name for it at the provider."""
        return f"{self.key}:{self.mark}" if self.mark else self.key
