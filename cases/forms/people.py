"""Adding people, their particulars and roles, and finding them in the list."""

from typing import Any

from django import forms

from cases.forms.asking import offer
from cases.forms.layout import (
    Buttons,
    CancelLink,
    FilterForm,
    Layout,
    Question,
    StaffForm,
    Submit,
)
from cases.models import Post, RoleGrant, ServiceArea
from cases.operations.committees import Leading
from cases.rules.roles import AREA_ROLES, Role
from cases.selectors.areas import area_choices, area_tree
from cases.selectors.people import ALL, HERE, INVITED, LEFT

ROLES = [(role.value, role.words[:1].upper() + role.words[1:]) for role in Role]
# What each role is for, where its name does not say it.
ROLE_HINTS = {
    Role.FRONT_LINE.value: "Logs complaints, and sees those of the team that are open.",
    Role.RESPONSIBLE_OFFICER.value: "Deals with the complaints given to them.",
    Role.LINE_MANAGER.value: "Sees and gives out the complaints of the area, and is chased.",
    Role.COMPLAINTS_COORDINATOR.value: "Sees every complaint but those closed to them.",
    Role.PANEL_MEMBER.value: "Sees the complaints they are asked to hear.",
    Role.MEMBER_RESPONSIBLE.value: "Sees figures, and no complaint.",
    Role.EXECUTIVE_SUPPORT_MANAGER.value: "Sees figures, and no complaint.",
    Role.SYSTEM_ADMINISTRATOR.value: "People, settings and operations, and no complaint.",
    Role.AUDITOR.value: "Looks at settings, and at complaints opened to them; changes nothing.",
}


class PeopleFilterForm(FilterForm):
    """What narrows the list of people."""

    q = forms.CharField(label="Name, e-mail or job title", max_length=100, required=False)
    role = forms.ChoiceField(label="Role", choices=[("", "Any role"), *ROLES], required=False)
    area = forms.ChoiceField(label="Service area", required=False)
    state = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[
            (HERE, "Who can sign in"),
            (INVITED, "Invited, not signed in yet"),
            (LEFT, "Who has left"),
            (ALL, "Everybody"),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = area_tree()
        offer(self, "area", [("", "Any area"), *area_choices(self.areas)])

    def layout(self) -> Layout:
        """Return the questions; the button belongs to the panel."""
        return Layout("q", "role", "area", "state")


class PersonForm(StaffForm):
    """Who somebody is."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label="Name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label="E-mail address",
        help_text="They sign in with it, and alerts are sent there.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    job_title = forms.CharField(label="Job title", max_length=120, required=False)
    phone = forms.CharField(
        label="Telephone",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    submit_text = "Save"

    def layout(self) -> Layout:
        """Return who they are and how they are reached."""
        return Layout(
            "name",
            "email",
            "job_title",
            Question("phone", width=20),
            Buttons(Submit(self.submit_text), CancelLink("../")),
        )


class InviteForm(PersonForm):
    """Who is to be added."""

    submit_text = "Add and send the invitation"


def area_field(role: Role) -> str:
    """Return the name of the question for the area of a role."""
    return f"area_of_{role.value}"


class RoleForm(StaffForm):
    """A role to give, and where it counts."""

    reveals = {"role": {role.value: [area_field(role)] for role in AREA_ROLES}}

    role = forms.ChoiceField(
        label="Role",
        choices=ROLES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tree = area_tree(with_retired=False)
        self.areas = {area.code: area for area in tree}
        choices = [("", "Choose a service area"), *area_choices(tree)]
        for role in AREA_ROLES:
            self.fields[area_field(role)] = forms.ChoiceField(
                label="In which service area",
                help_text="It counts for everything below it too.",
                choices=choices,
                error_messages={"required": "Choose the service area"},
            )

    def layout(self) -> Layout:
        """Return the roles, each with what it is for."""
        return Layout(
            Question("role", hints=ROLE_HINTS),
            Buttons(Submit("Give the role"), CancelLink("../../")),
        )

    @property
    def chosen_area(self) -> ServiceArea | None:
        """Return the area in which the role is to count, if it has one."""
        role = Role(self.cleaned_data["role"])
        code = self.cleaned_data.get(area_field(role), "")
        return self.areas[code] if code else None


class CommitteeForm(StaffForm):
    """A committee that somebody chairs or vice-chairs."""

    committee = forms.CharField(
        label="Committee",
        max_length=120,
        help_text="As it stands in letters, for example Homes Committee.",
    )
    post = forms.ChoiceField(
        label="Post",
        choices=[(post.value, post.words) for post in Post],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the post"},
    )
    area = forms.ChoiceField(
        label="Which service area it answers for",
        required=False,
        help_text="It counts for everything below it too. A complaint about another service is not "
        "heard before this committee.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tree = area_tree(with_retired=False)
        self.areas = {area.code: area for area in tree}
        offer(self, "area", [("", "All of them"), *area_choices(tree)])

    def layout(self) -> Layout:
        """Return the committee and what it answers for."""
        return Layout("committee", "post", "area", Buttons(Submit("Save"), CancelLink("../../")))

    @property
    def leading(self) -> Leading:
        """Return what they lead."""
        given = self.cleaned_data
        area = self.areas[given["area"]] if given["area"] else None
        return Leading(given["committee"], Post(given["post"]), area.pk if area else None)


def grant_value(grant: RoleGrant) -> str:
    """Return a role somebody holds as a button sends it."""
    return f"{grant.role}/{grant.area_id or ''}"


class ConfirmForm(StaffForm):
    """A button behind which something is done that cannot simply be undone."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, button: str, kind: str = "warning", back: str = "../", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.button = Submit(button, kind=kind)
        self.back = back

    def layout(self) -> Layout:
        """Return the button and the way back."""
        return Layout(Buttons(self.button, CancelLink(self.back)))
