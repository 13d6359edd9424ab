"""What somebody says that they saw of others, with a remark or a form that was sent."""

from django.db.models import Q

from feedback.models import Remark, Sighting, Submission


def with_remark(remark: Remark) -> list[Sighting]:
    """Return what was seen about a remark, also while its form was in quarantine. One query."""
    found = Sighting.objects.filter(Q(remark=remark) | Q(submission__remark=remark))
    return list(found.order_by("pk"))


def with_submission(submission: Submission) -> list[Sighting]:
    """Return what was seen about a form before anything became of it. One query."""
    return list(Sighting.objects.filter(submission=submission).order_by("pk"))
