"""The links by which customers say whether somebody may speak for them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models.customers import Representative


class ConsentLink(models.Model):
    """A question to the customer by e-mail. Only the hash of its link's token is kept here."""

    representative = models.ForeignKey(
        Representative, on_delete=models.PROTECT, related_name="consent_links"
    )
    # Whoever has another address by now did not get the question at their own.
    sent_to = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cases_consentlink_ends_later", condition=Q(expires_at__gt=F("asked_at"))
            )
        ]

    def __str__(self) -> str:
        return f"Question about {self.representative}"
