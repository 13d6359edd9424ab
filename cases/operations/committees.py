"""Which committees somebody chairs or vice-chairs."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed
from cases.models import CommitteePost, Post, ServiceArea, Thing, User
from cases.operations.settings_changes import moved, note_change
from cases.rules.roles import Role


@dataclass(frozen=True, slots=True)
class Leading:
    """The committee, the post, and the service area it answers for; none for all of them."""

    committee: str
    post: Post
    area_id: int | None = None


@transaction.atomic
def give_post(*, user_id: int, leading: Leading, by: User | None, now: datetime) -> CommitteePost:
    """Record that a panel member chairs or vice-chairs a committee.

    :raises ActionNotAllowed: if they are no panel member, lead that committee already, or the area
        is no longer in use.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if not user.grants.filter(role=Role.PANEL_MEMBER.value).exists():
        raise ActionNotAllowed(f"{user.name} is no panel member. Give them that role first.")
    area = ServiceArea.objects.get(pk=leading.area_id) if leading.area_id else None
    if area is not None and area.is_retired:
        raise ActionNotAllowed(f"{area.name} is no longer in use. Choose another service area.")
    row, is_new = CommitteePost.objects.get_or_create(
        user=user,
        committee=leading.committee.strip(),
        defaults={"post": leading.post.value, "area": area},
    )
    if not is_new:
        raise ActionNotAllowed(f"{user.name} is {row.words} already. Take that away first.")
    note_change(
        thing=Thing.PERSON,
        act="Committee recorded",
        by=by,
        now=now,
        person=user,
        changes=moved("Committee", "", row),
    )
    return row


@transaction.atomic
def take_post(*, user_id: int, post_id: int, by: User, now: datetime) -> None:
    """Record that somebody no longer chairs or vice-chairs a committee.

    :raises ActionNotAllowed: if they do not any more.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    row = user.committee_posts.select_related("area").filter(pk=post_id).first()
    if row is None:
        raise ActionNotAllowed(f"{user.name} does not lead this committee any more.")
    words = str(row)
    row.delete()
    note_change(
        thing=Thing.PERSON,
        act="Committee taken away",
        by=by,
        now=now,
        person=user,
        changes=moved("Committee", words, ""),
    )
