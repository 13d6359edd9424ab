"""Following a complaint on the web without an account: links, codes, visits, and closing it all.

Of links, codes and visits only hashes are kept: whoever reads the database opens nothing with it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models.complaints import Complaint
from cases.models.constraints import both_or_neither, one_of
from cases.models.customers import Customer, JointComplainant, Representative


class Proof(StrEnum):
    """How somebody showed that the complaint is theirs."""

    LINK = "link"
    EMAIL = "email"
    TEXT = "text"
    PHONE = "phone"
    POST = "post"

    @property
    def words(self) -> str:
        """Return it for people."""
        return {
            "link": "Link in one of our e-mails",
            "email": "Code sent by e-mail",
            "text": "Code sent by text",
            "phone": "Code read out",
            "post": "Code on paper",
        }[self.value]


class FollowedQuerySet(models.QuerySet[Any]):
    """Links, codes and visits of one follower or another."""

    def of(self, speaker: int | None, joint: int | None) -> Self:
        """Keep those of one follower: the customer, where it is neither of the others."""
        return self.filter(speaker=speaker, joint=joint)


class Followed(models.Model):
    """Of whom a link, a code or a visit is: of the customer, unless it is somebody else's.

    `speaker` may speak for the customer, `joint` complains together with them.
    """

    speaker = models.ForeignKey(
        Representative, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    joint = models.ForeignKey(
        JointComplainant, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_of_one_follower",
                condition=Q(speaker__isnull=True) | Q(joint__isnull=True),
            )
        ]

    @property
    def is_customers(self) -> bool:
        """Say whether it is the customer's own."""
        return self.speaker_id is None and self.joint_id is None

    @property
    def follower(self) -> str:
        """Return the name of whoever follows besides the customer, or nothing."""
        if self.speaker is not None:
            return self.speaker.name
        return self.joint.customer.name if self.joint is not None else ""


class TrackingLink(Followed):
    """A link in an e-mail to a follower. Each newer one ends those before it."""

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="tracking_links"
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    # Whoever has another address by now did not get it at their own.
    sent_to = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = FollowedQuerySet.as_manager()

    class Meta:
        constraints = [
            *Followed.Meta.constraints,
            models.CheckConstraint(
                name="cases_trackinglink_ends_later", condition=Q(expires_at__gt=F("made_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"Link to {self.complaint}"


class TrackingCode(Followed):
    """A code that opens a complaint once.

    One by e-mail or text is asked for in a browser and works in no other; it is made and sent when
    `code_hash` is filled in. Where what was typed is no complaint that can be followed,
    `complaint` stays empty, and nobody can tell. One that colleagues hand out has `made_by`.
    """

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="tracking_codes"
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proof = models.CharField(max_length=20)
    browser_hash = models.CharField(max_length=64, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = FollowedQuerySet.as_manager()

    class Meta:
        constraints = [
            *Followed.Meta.constraints,
            one_of("proof", Proof),
            both_or_neither("complaint", "customer"),
            models.CheckConstraint(
                name="cases_trackingcode_ends_later", condition=Q(expires_at__gt=F("asked_at"))
            ),
            models.CheckConstraint(
                name="cases_trackingcode_handed_out_by_somebody",
                condition=Q(proof__in=["email", "text"], made_by__isnull=True) & ~Q(browser_hash="")
                | Q(proof__in=["phone", "post"], made_by__isnull=False, browser_hash="")
                & ~Q(code_hash=""),
            ),
        ]
        indexes = [
            models.Index(fields=["browser_hash"], name="cases_trackingcode_browser"),
            models.Index(fields=["asked_at"], name="cases_trackingcode_asked"),
            models.Index(
                fields=["id"],
                name="cases_trackingcode_to_send",
                condition=Q(code_hash="", complaint__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Code by {self.proof}"


class TrackingVisitQuerySet(models.QuerySet["TrackingVisit"]):
    """Visits."""

    def live(self, *, now: datetime) -> Self:
        """Keep those that have not ended."""
        return self.filter(ended_at__isnull=True, ends_at__gt=now)


class TrackingVisit(Followed):
    """Somebody looking at their complaint: one browser, for some hours at most."""

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="tracking_visits"
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    proof = models.CharField(max_length=20)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TrackingVisitQuerySet.as_manager()

    class Meta:
        constraints = [*Followed.Meta.constraints, one_of("proof", Proof)]
        indexes = [
            models.Index(fields=["complaint", "-began_at"], name="cases_trackingvisit_newest")
        ]

    def __str__(self) -> str:
        return f"Visit to {self.complaint}"


class TrackingClosure(models.Model):
    """A time in which a complaint cannot be followed on the web, and why.

    `closed_by` is empty where the customer saw somebody else's information.
    """

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="tracking_closures"
    )
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            both_or_neither("opened_at", "opened_by"),
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(opened_at__isnull=True),
                name="cases_trackingclosure_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} closed to its customer"
