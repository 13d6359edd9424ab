"""Requests and reports that are not complaints, kept so that one can become a complaint."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cases.models.complaints import Category, Complaint
from cases.models.customers import Customer
from cases.models.people import ServiceArea, User
from cases.rules.pages import READERS, Page
from cases.rules.roles import Role


class RequestKind(models.TextChoices):
    """What it is instead of a complaint."""

    SERVICE_REQUEST = "service_request", "Request for a service"
    POLICY_INFORMATION = "policy_information", "Request for information"
    APPEAL = "appeal", "Appeal for review of a decision"
    ASB = "asb", "Report of nuisance or anti-social behaviour"
    OTHER_BODY = "other_landlord_or_council", "Matter for the council or another landlord"
    HOUSING_REGISTER = "housing_register_banding", "Housing register banding"


class ServiceRequestQuerySet(models.QuerySet["ServiceRequest"]):
    """Requests and reports that are not complaints."""

    def visible_to(self, user: User) -> Self:
        """Keep what `user` may read: of their service areas, of none yet, or logged by them.

        That one became a complaint hides nothing of it: the complaint is another thing, with
        readers of its own.
        """
        if not user.is_active or not user.has_role(*READERS[Page.REQUESTS]):
            return self.none()
        if user.has_role(Role.COMPLAINTS_COORDINATOR):
            return self
        areas = user.scope.managed_areas | user.scope.team_areas
        return self.filter(
            Q(service_area__isnull=True)
            | Q(service_area__in=areas)
            | Q(logged_by__in=user.own_keys)
        )

    def waiting(self) -> Self:
        """Keep what is not done. A complaint made of one stops no work on it (Code 1.5)."""
        return self.filter(done_on__isnull=True)


class ServiceRequest(models.Model):
    """Something asked of the landlord that is not, or not yet, a complaint (Code 1.4, 1.5)."""

    reference = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40, choices=RequestKind.choices)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="requests")
    service_area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, null=True, blank=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True)
    channel = models.CharField(
        max_length=40,
    )
    received_on = models.DateField()
    words = models.TextField()
    offered_complaint = models.BooleanField(
        default=False, help_text="Told that it can be a complaint (Code 1.3)."
    )
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    logged_at = models.DateTimeField()
    passed_to = models.CharField(max_length=200, blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_words = models.TextField(blank=True)
    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="requests"
    )

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["received_on"],
                name="cases_servicerequest_open",
                condition=Q(done_on__isnull=True, complaint__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("cases:request", args=[self.reference])

    @property
    def kind_words(self) -> str:
        """Return what it is, for people."""
        return str(RequestKind(self.kind).label)
