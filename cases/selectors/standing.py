"""Which of somebody's roles count for a complaint."""

from cases.models import AccessEntry, Complaint, Level, User
from cases.rules.roles import MANAGING_ROLES, Role


def roles_for(
    user: User,
    complaint: Complaint,
    *,
    listed: frozenset[Role] | None = None,
    is_second: bool = False,
) -> frozenset[Role]:
    """Return the roles that count here, in at most one query.

    `listed` are the roles that count because the complaint's access list names the person, where
    the caller has read it already; then there is no query. `is_second` asks for the roles that
    count for a second person: standing in for the officer who asks makes nobody that.

    Whoever is the responsible officer or covers for them, or is on the access list of a restricted
    complaint, counts with every role they hold themselves. A role of a service area counts where it
    reaches, that of somebody for whom they stand in too; the front line for what it logged; a panel
    member where they sit. It says nothing about visibility, which comes first (`visible_to`).
    """
    if listed is None:
        listed = _on_the_list(user, complaint)
    scope = user.scope
    everywhere = scope.own - {Role.PANEL_MEMBER}
    held_by = {user.pk} if is_second else user.own_keys
    covers = complaint.pk in user.covers and not is_second
    if complaint.responsible_officer_id in held_by or covers:
        return everywhere | {Role.RESPONSIBLE_OFFICER} | listed
    counting = {
        role
        for role in scope.roles & MANAGING_ROLES
        if scope.covers(role, complaint.service_area_id)
    }
    if Role.COMPLAINTS_COORDINATOR in scope.roles:
        counting.add(Role.COMPLAINTS_COORDINATOR)
    if Role.FRONT_LINE in scope.roles and complaint.logged_by_id == user.pk:
        counting.add(Role.FRONT_LINE)
    return frozenset(counting) | listed


def _on_the_list(user: User, complaint: Complaint) -> frozenset[Role]:
    """Return the roles that count because the complaint's access list names them."""
    scope = user.scope
    is_restricted = complaint.level == Level.RESTRICTED
    if not is_restricted and Role.PANEL_MEMBER not in scope.roles:
        return frozenset()
    entry = AccessEntry.objects.filter(complaint=complaint, user=user).first()
    if entry is None:
        return frozenset()
    if entry.as_panel_member:
        return frozenset({Role.PANEL_MEMBER}) & scope.roles
    return scope.own - {Role.PANEL_MEMBER} if is_restricted else frozenset()
