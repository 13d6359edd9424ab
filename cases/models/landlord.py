"""The landlord whose complaints these are."""

from django.db import models
from django.urls import reverse

from cases.models.constraints import one_of
from cases.rules.awards import USUAL_GUIDANCE
from cases.rules.bank_holidays import Nation
from cases.rules.plain_language import JARGON


class Landlord(models.Model):
    """The one landlord of this installation."""

    name = models.CharField(max_length=120)
    nation = models.CharField(
        max_length=30,
    )
    telephone = models.CharField(max_length=40, blank=True)
    email = models.EmailField("e-mail address", blank=True)
    address = models.TextField(blank=True)
    website = models.URLField(blank=True)
    opening_hours = models.CharField(max_length=200, blank=True)
    emergency_telephone = models.CharField(max_length=40, blank=True)
    # Where customers are led who need something else than a complaint: a telephone number, the
    # address of a page or a sentence. Without one they are led to the landlord itself.
    repairs_telephone = models.CharField(max_length=40, blank=True)
    neighbours_contact = models.CharField(max_length=200, blank=True)
    council_contact = models.CharField(max_length=200, blank=True)
    register_contact = models.CharField(max_length=200, blank=True)
    logo = models.BinaryField(null=True, blank=True)
    logo_type = models.CharField(max_length=40, blank=True)
    # The beginning of the logo's SHA-256: its address changes with it, so it may be kept long.
    logo_mark = models.CharField(max_length=16, blank=True)
    # A line each: other telephone numbers with what they are for, and offices that can be visited.
    more_telephones = models.TextField(blank=True)
    offices = models.TextField(blank=True)
    # As "#0f4c5c"; empty for the product's own.
    brand_colour = models.CharField(max_length=7, blank=True)
    action_colour = models.CharField(max_length=7, blank=True)
    # A line each: websites that may show the small form in a frame.
    frame_origins = models.TextField(blank=True)
    # Customers are asked how it went after each closure from this day on; never while empty.
    surveys_since = models.DateField(null=True, blank=True)
    # Since when nobody can follow a complaint on the web, and what the public is told of it.
    following_closed_at = models.DateTimeField(null=True, blank=True)
    following_notice = models.TextField(blank=True)
    # Words that letters avoid, one on each line with what to say instead.
    jargon = models.TextField(blank=True, default=JARGON)
    # Alerts are sent between these hours of a working day, in London time.
    alerts_from_hour = models.PositiveSmallIntegerField(default=8)
    alerts_until_hour = models.PositiveSmallIntegerField(default=18)

    # What each role may approve in pounds, where it is not the usual; guidance line by line.
    award_limits = models.JSONField(default=dict, blank=True)
    award_guidance = models.TextField(default=USUAL_GUIDANCE, blank=True)

    # What customers can expect, one on each line; nothing tells what the procedure says.
    care_standards = models.TextField(blank=True)
    care_targets = models.TextField(blank=True)
    # What the pages about privacy and accessibility say of the landlord's own.
    privacy_contact = models.TextField(blank=True)
    privacy_basis = models.TextField(blank=True)
    kept_for = models.TextField(blank=True)
    privacy_notice = models.URLField(blank=True)
    accessibility_contact = models.TextField(blank=True)
    accessibility_limits = models.TextField(blank=True)
    accessibility_looked_at_on = models.DateField(null=True, blank=True)
    # The kinds of letter that go only once a second person has approved them.
    approved_letters = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            one_of("nation", Nation),
            models.CheckConstraint(name="cases_landlord_only_one", condition=models.Q(id=1)),
            models.CheckConstraint(
                name="cases_landlord_alert_hours",
                condition=models.Q(alerts_from_hour__lt=models.F("alerts_until_hour"))
                & models.Q(alerts_until_hour__lte=24),
            ),
            models.CheckConstraint(
                name="cases_landlord_notice_while_closed",
                condition=models.Q(following_notice="")
                | models.Q(following_closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def theme_url(self) -> str:
        """Return the address of the landlord's colours, or nothing without any."""
        colours = f"{self.brand_colour}{self.action_colour}".replace("#", "")
        return f"{reverse('cases:theme')}?v={colours}" if colours else ""

    @property
    def logo_url(self) -> str:
        """Return the address of the logo, or nothing without one."""
        return f"{reverse('cases:logo')}?v={self.logo_mark}" if self.logo_mark else ""
