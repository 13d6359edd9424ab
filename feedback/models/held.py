"""Who asked for everything that is held of them, the copies made for it, and who took those."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models import Complaint, Customer, StoredFile
from cases.models.constraints import both_or_neither, one_of
from cases.rules.customers import new_customer_code
from feedback.rules.held import Outcome


class HeldRequestQuerySet(models.QuerySet["HeldRequest"]):
    """Requests for what is held."""

    def open(self) -> Self:
        """Keep those that are not answered, the first due first."""
        return self.filter(ended_at__isnull=True).order_by("answer_by", "pk")


class HeldRequest(models.Model):
    """Somebody asked for a copy of everything that is held of them (UK GDPR, article 15).

    `identity` says who asked and how it is known that it is they. `wanted_by` asked for a copy,
    which the background work makes; each was made for whoever asked, and has what is open to them.
    """

    code = models.CharField(max_length=16, unique=True, default=new_customer_code, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="held_requests")
    received_on = models.DateField()
    answer_by = models.DateField()
    identity = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    wanted_at = models.DateTimeField(null=True, blank=True)
    wanted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=20, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_words = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = HeldRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("outcome", Outcome, blank=True),
            both_or_neither("wanted_at", "wanted_by"),
            both_or_neither("ended_at", "ended_by"),
            models.CheckConstraint(
                name="feedback_heldrequest_ended_somehow",
                condition=Q(ended_at__isnull=True, ended_on__isnull=True, outcome="")
                | Q(ended_at__isnull=False, ended_on__isnull=False) & ~Q(outcome=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_by"],
                name="feedback_held_to_answer",
                condition=Q(ended_at__isnull=True),
            ),
            models.Index(
                fields=["wanted_at"],
                name="feedback_held_to_make",
                condition=Q(wanted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Request of {self.received_on:%-d %B %Y}"

    @property
    def outcome_words(self) -> str:
        """Return what became of it, or nothing."""
        return Outcome(self.outcome).words if self.outcome else ""


class HeldCopy(models.Model):
    """A copy of what is held, made for one colleague. Its file goes after some weeks.

    `complaints` are those it tells of, `beside` the keys of what else, by its kind: whoever may not
    know of one of them any more takes it no more.
    """

    request = models.ForeignKey(HeldRequest, on_delete=models.PROTECT, related_name="copies")
    file = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="held_copy"
    )
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    to_give = models.PositiveIntegerField(help_text="Things that can go as they are.")
    to_look_at = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    complaints = models.ManyToManyField(Complaint, blank=True, related_name="+")
    beside = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "held copies"

    def __str__(self) -> str:
        return f"Copy of {self.made_at:%-d %B %Y}"


class HeldCopyTaken(models.Model):
    """Who took a copy away, and when."""

    copy = models.ForeignKey(HeldCopy, on_delete=models.PROTECT, related_name="taken")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "held copies taken"

    def __str__(self) -> str:
        return f"Taken on {self.at:%-d %B %Y}"
