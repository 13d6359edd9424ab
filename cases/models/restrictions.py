"""Restrictions of a customer's contact, and everything that was done about each."""

import secrets
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models.constraints import both_or_neither, one_of
from cases.models.customers import Customer
from cases.rules.restrictions import LIVE, ContactWay, RestrictionState, RestrictionStep


def new_restriction_code() -> str:
    """Return a random code that names a restriction in addresses."""
    return secrets.token_hex(6)


class ContactRestrictionQuerySet(models.QuerySet["ContactRestriction"]):
    """Restrictions of contact."""

    def live(self) -> Self:
        """Keep those that wait for a decision or count."""
        return self.filter(state__in=[each.value for each in LIVE])

    def to_review(self, *, by_day: date) -> Self:
        """Keep those that count and whose review falls on that day or before."""
        return self.filter(state=RestrictionState.IN_FORCE.value, review_on__lte=by_day)


class ContactRestriction(models.Model):
    """Ways in which a customer may not reach the landlord for a time, and why."""

    code = models.CharField(max_length=16, unique=True, default=new_restriction_code)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="restrictions")
    state = models.CharField(max_length=20, default=RestrictionState.PROPOSED.value)
    # The ways that are closed, and what is limited besides: "rings on Tuesdays only".
    closed = models.JSONField(default=list)
    limits = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    evidence = models.TextField()
    # What was weighed up under the Equality Act.
    considered = models.TextField()
    review_on = models.DateField()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = ContactRestrictionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "review_on"], name="cases_restriction_review")]
        constraints = [
            one_of("state", RestrictionState),
            both_or_neither("decided_at", "decided_by"),
            models.CheckConstraint(
                name="cases_contactrestriction_counts_once_decided",
                condition=~Q(state__in=["in_force", "ended", "lapsed"])
                | Q(decided_by__isnull=False, starts_on__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_contactrestriction_by_a_second_person",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="cases_contactrestriction_reviewed_later",
                condition=Q(starts_on__isnull=True) | Q(review_on__gt=F("starts_on")),
            ),
            models.UniqueConstraint(
                name="cases_contactrestriction_one_at_a_time",
                fields=["customer"],
                condition=Q(state__in=["in_force", "proposed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"Restriction of {self.customer}"

    @property
    def ways_closed(self) -> list[ContactWay]:
        """Return the ways that are closed."""
        return [ContactWay(each) for each in self.closed]

    @property
    def standing(self) -> RestrictionState:
        """Return where it stands."""
        return RestrictionState(self.state)


class RestrictionRecord(models.Model):
    """One thing done about a restriction: by whom, why, and until when it then counts."""

    restriction = models.ForeignKey(
        ContactRestriction, on_delete=models.PROTECT, related_name="records"
    )
    step = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    words = models.TextField(blank=True)
    review_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("step", RestrictionStep),
            # Only time ends a restriction without anybody.
            models.CheckConstraint(
                name="cases_restrictionrecord_somebody_did_it",
                condition=Q(step="lapsed") | Q(by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.restriction}: {self.step}"

    @property
    def step_words(self) -> str:
        """Return what was done."""
        return RestrictionStep(self.step).words
