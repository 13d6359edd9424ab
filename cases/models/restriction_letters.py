"""Letters to customers about restrictions of their contact, as they were issued."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cases.models.constraints import both_or_neither
from cases.models.messages import Delivery, OutboundMessage
from cases.models.restrictions import ContactRestriction, RestrictionRecord
from cases.rules.customers import LetterFormat
from cases.rules.restrictions import RestrictionStep

# The kind of message that carries one, and what stands for the way of one that was told otherwise.
RESTRICTION_LETTER = "restriction_letter"
TOLD_OTHERWISE = "otherwise"


class RestrictionLetter(models.Model):
    """A letter that tells of one step: to be posted, or sent as an e-mail."""

    restriction = models.ForeignKey(
        ContactRestriction, on_delete=models.PROTECT, related_name="letters"
    )
    number = models.PositiveSmallIntegerField()
    record = models.OneToOneField(
        RestrictionRecord, on_delete=models.PROTECT, related_name="letter"
    )
    channel = models.CharField(max_length=20)
    to_name = models.CharField(max_length=200)
    to_address = models.TextField(blank=True)
    letter_format = models.CharField(max_length=20)
    body = models.TextField()
    # What stands above and below the words, as it was when the letter was issued.
    sender = models.TextField(blank=True)
    signed = models.TextField(blank=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    message = models.OneToOneField(
        OutboundMessage, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    posted_on = models.DateField(null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["restriction", "number"], name="cases_restrictionletter_once"
            ),
            both_or_neither("posted_on", "posted_by"),
            models.CheckConstraint(
                name="cases_restrictionletter_posted_on_paper",
                condition=Q(channel="post") | Q(posted_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Letter {self.number} of {self.restriction}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("cases:restriction-letter", args=[self.restriction.code, self.number])

    @property
    def title(self) -> str:
        """Return of what it tells."""
        step = RestrictionStep(self.record.step)
        return {
            RestrictionStep.APPROVED: "Letter about the restriction",
            RestrictionStep.RENEWED: "Letter about the review",
        }.get(step, "Letter about the end")

    @property
    def is_to_post(self) -> bool:
        """Say whether it waits to be printed and posted."""
        return self.channel == "post" and self.posted_on is None

    @property
    def is_unsafe(self) -> bool:
        """Say whether the customer has said by now that post is not safe."""
        return self.restriction.customer.post_unsafe

    @property
    def has_failed(self) -> bool:
        """Say whether it is an e-mail that did not arrive or was stopped."""
        if self.channel != "email" or self.message is None:
            return False
        return self.message.state in (Delivery.UNDELIVERABLE, Delivery.CANCELLED)

    @property
    def is_told_otherwise(self) -> bool:
        """Say whether the customer was told another way in its place."""
        return self.channel == TOLD_OTHERWISE

    @property
    def made_in(self) -> LetterFormat:
        """Return the format in which it is made: nobody writes these letters in easy read."""
        needed = LetterFormat(self.letter_format)
        return LetterFormat.STANDARD if needed is LetterFormat.EASY_READ else needed
