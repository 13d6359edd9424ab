"""What somebody is about to add to a complaint that they follow, and has not sent yet."""

from cases.models import TrackingVisit
from feedback.models import Draft


def name_of(visit: TrackingVisit) -> str:
    """Return under which name it is kept: of the follower, so that a later visit finds it again.

    No token of a browser has such a hash, so that nobody comes to it but by a visit.
    """
    return f"add:{visit.complaint_id}:{visit.speaker_id or 0}:{visit.joint_id or 0}"


def addition_of(visit: TrackingVisit) -> Draft | None:
    """Return what whoever visits is about to add, or nothing. One query."""
    return Draft.objects.filter(token_hash=name_of(visit)).first()
