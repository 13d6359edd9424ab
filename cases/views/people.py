"""The landlord's people: the list, adding somebody, particulars, roles, leaving, absence."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cases.errors import ActionNotAllowed
from cases.forms.accounts import AbsenceForm
from cases.forms.people import (
    CommitteeForm,
    ConfirmForm,
    InviteForm,
    PeopleFilterForm,
    PersonForm,
    RoleForm,
    grant_value,
)
from cases.models import ProposedRole, Thing, User
from cases.operations.committees import give_post, take_post
from cases.operations.passwords import send_invitation
from cases.operations.people import (
    Particulars,
    change_person,
    come_back,
    end_absence,
    invite,
    leave,
    record_absence,
)
from cases.operations.roles import Grant, give_role, take_role
from cases.operations.second_factors import reset
from cases.operations.single_sign_on import is_offered, may_use_password
from cases.rules.numbers import number_in
from cases.rules.pages import READERS, Page
from cases.rules.roles import Role
from cases.selectors.counting import in_words
from cases.selectors.people import (
    HERE,
    PeopleFilter,
    absences_to_come,
    grants_of,
    held_open,
    people,
    posts_of,
    proposed_roles,
    stands_in,
)
from cases.selectors.settings_history import changes_of
from cases.selectors.signing_in import second_factor_of, signing_in_words
from cases.templatetags.parts import Column, Link, SummaryRow
from cases.views.access import user_of
from cases.views.change_page import NAMES, ChangePage, SettingsPage, SmallAct
from cases.views.own_signing_in import ProvedLately

PAGE_LENGTH = 50
COLUMNS = (
    Column("Name"),
    Column("Job title"),
    Column("Roles"),
    Column("State"),
)


class PeopleList(SettingsPage):
    """Everybody on the staff and the Board."""

    page = Page.PEOPLE
    section = "cases:people"
    template_name = "cases/settings/people.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the page of people asked for."""
        form = PeopleFilterForm(self.request.GET or None)
        wanted = self._wanted(form) if form.is_bound and form.is_valid() else PeopleFilter()
        pages = Paginator(people(wanted, today=self.today), PAGE_LENGTH)
        return super().get_context_data(
            **kwargs,
            filter_form=form,
            people=pages.get_page(self.request.GET.get("page")),
            columns=COLUMNS,
        )

    def _wanted(self, form: PeopleFilterForm) -> PeopleFilter:
        answers = form.cleaned_data
        areas = {area.code: area for area in form.areas}
        return PeopleFilter(
            words=answers["q"],
            role=Role(answers["role"]) if answers["role"] else None,
            area=areas.get(answers["area"]),
            state=answers["state"] or HERE,
        )


class Person(SettingsPage):
    """One person: who they are, their roles, their absences, what was changed."""

    page = Page.PEOPLE
    section = "cases:people"
    template_name = "cases/settings/person.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is known of them."""
        person = get_object_or_404(User, code=self.kwargs["code"])
        change = reverse("cases:person-change", args=[person.code]) if self.may_change else ""
        rows = [
            SummaryRow("Name", person.name, change),
            SummaryRow("Job title", person.job_title, change),
            SummaryRow("Telephone", person.phone, change),
            SummaryRow("E-mail address", person.email, change),
            SummaryRow("Account", account_words(person)),
            SummaryRow(
                "Signing in",
                signing_in_words(
                    person, has_work_account=is_offered(), has_password=may_use_password(person)
                ),
            ),
        ]
        grants = [(grant, grant_value(grant)) for grant in grants_of(person)]
        return super().get_context_data(
            **kwargs,
            person=person,
            rows=rows,
            grants=grants,
            proposed=proposed_roles(person),
            posts=posts_of(person),
            sits=any(grant.role == Role.PANEL_MEMBER.value for grant, _ in grants),
            absences=absences_to_come(person, today=self.today),
            stands_in=stands_in(person, today=self.today),
            changes=changes_of(Thing.PERSON, person.code),
            held=held_words(person, user_of(self.request)),
            queue_url=queue_of(person, user_of(self.request)),
            has_second_factor=second_factor_of(person) is not None,
            is_self=person.pk == user_of(self.request).pk,
            crumbs=[Link(NAMES[self.section], reverse(self.section)), Link(person.name)],
        )


def account_words(person: User) -> str:
    """Return how somebody's account stands."""
    if person.left_on:
        return f"Left on {person.left_on:%-d %B %Y}"
    if not person.is_active:
        return "Cannot sign in"
    if person.last_login:
        return f"Last signed in on {person.last_login:%-d %B %Y}"
    if person.invited_at:
        return f"Invited on {person.invited_at:%-d %B %Y}, has not signed in yet"
    return "Has not signed in yet"


def held_words(person: User, viewer: User) -> str:
    """Return how many open complaints are theirs, in words; nothing for none."""
    held = held_open(person, viewer)
    if not held:
        return ""
    return f"{in_words(held)} open complaint{'' if held == 1 else 's'}"


def queue_of(person: User, viewer: User) -> str:
    """Return the address of the complaints that are somebody's, if the viewer sees complaints."""
    if not viewer.has_role(*READERS[Page.QUEUE]):
        return ""
    return f"{reverse('cases:queue')}?officer={person.pk}"


class AddPerson(ChangePage):
    """Invite somebody, who is sent a link to choose a password."""

    page = Page.PEOPLE
    section = "cases:people"
    form_class = InviteForm
    title = "Invite somebody"

    def carry_out(self, form: Any) -> str:
        """Add them and send the invitation."""
        answers = {
            name: form.cleaned_data[name] for name in ("name", "email", "job_title", "phone")
        }
        user_id = invite(Particulars(**answers), by=user_of(self.request), now=self.now).pk
        self.person = User.objects.get(pk=user_id)
        send_invitation(user_id=user_id, by=user_of(self.request), now=self.now)
        return (
            f"{self.person.name} is added, and an invitation is on its way. Now give them a role."
        )

    def back_url(self) -> str:
        """Return the new person's page, or the list while there is none."""
        person = getattr(self, "person", None)
        return reverse("cases:person", args=[person.code]) if person else super().back_url()


class PersonPage(ChangePage):
    """A form about one person."""

    page = Page.PEOPLE
    section = "cases:people"
    thing: Thing | None = Thing.PERSON

    def load(self) -> None:
        """Load the person.

        :raises Http404: if there is none of this code.
        """
        self.person = get_object_or_404(User, code=self.kwargs["code"])

    def key(self) -> str:
        """Return the person's code."""
        return self.person.code

    def back_url(self) -> str:
        """Return the person's page."""
        return reverse("cases:person", args=[self.person.code])

    def crumbs(self) -> list[Link]:
        """Return the way from the list through the person."""
        return [
            Link(NAMES[self.section], reverse(self.section)),
            Link(self.person.name, self.back_url()),
            Link(self.title),
        ]


class ChangePerson(PersonPage):
    """Change somebody's particulars."""

    form_class = PersonForm
    title = "Particulars"

    def get_initial(self) -> dict[str, Any]:
        """Return them as they are."""
        person = self.person
        return super().get_initial() | {
            "name": person.name,
            "email": person.email,
            "job_title": person.job_title,
            "phone": person.phone,
        }

    def carry_out(self, form: Any) -> str:
        """Change them."""
        answers = {
            name: form.cleaned_data[name] for name in ("name", "email", "job_title", "phone")
        }
        change_person(
            Particulars(**answers),
            user_id=self.person.pk,
            by=user_of(self.request),
            now=self.now,
            seen=form.cleaned_data["seen"],
        )
        return "The particulars are saved."


class GiveRole(ProvedLately, PersonPage):
    """Give somebody a role."""

    form_class = RoleForm
    title = "Give a role"
    thing = None

    def carry_out(self, form: Any) -> str:
        """Give it."""
        area = form.chosen_area
        row = give_role(
            user_id=self.person.pk,
            grant=Grant(Role(form.cleaned_data["role"]), area.pk if area else None),
            by=user_of(self.request),
            now=self.now,
        )
        if isinstance(row, ProposedRole):
            return (
                f"Nobody gives this role alone. It counts once a second person has approved it: "
                f"{row}. The coordinators and the other administrators are told."
            )
        return f"{self.person.name} has the role now: {row}."


class PersonAct(SmallAct):
    """An act behind a button of a person's page."""

    page = Page.PEOPLE

    @property
    def person(self) -> User:
        """Return the person.

        :raises Http404: if there is none of this code.
        """
        return get_object_or_404(User, code=self.kwargs["code"])

    def back_url(self) -> str:
        """Return the person's page."""
        return reverse("cases:person", args=[self.kwargs["code"]])


class TakeRole(ProvedLately, PersonAct):
    """Take a role from somebody."""

    def carry_out(self) -> str:
        """Take it.

        :raises ActionNotAllowed: if there is no such role.
        """
        role, _, area = self.request.POST.get("grant", "").partition("/")
        if role not in set(Role):
            raise ActionNotAllowed("There is no such role.")
        person = self.person
        take_role(
            user_id=person.pk,
            grant=Grant(Role(role), number_in(area) or None),
            by=user_of(self.request),
            now=self.now,
        )
        return f"{person.name} no longer has the role of {Role(role).words}."


class GivePost(PersonPage):
    """Record that somebody chairs or vice-chairs a committee."""

    form_class = CommitteeForm
    title = "Committee they lead"
    thing = None

    def carry_out(self, form: Any) -> str:
        """Record it."""
        row = give_post(
            user_id=self.person.pk, leading=form.leading, by=user_of(self.request), now=self.now
        )
        return f"{self.person.name} is {row.words}."


class TakePost(PersonAct):
    """Record that somebody no longer leads a committee."""

    def carry_out(self) -> str:
        """Record it."""
        person = self.person
        take_post(
            user_id=person.pk,
            post_id=number_in(self.request.POST.get("post", "")),
            by=user_of(self.request),
            now=self.now,
        )
        return f"{person.name} no longer leads that committee."


class SendInvitation(PersonAct):
    """Send the link to choose a password again."""

    def carry_out(self) -> str:
        """Send it."""
        person = self.person
        send_invitation(user_id=person.pk, by=user_of(self.request), now=self.now)
        return f"A new link is on its way to {person.email}. It can be used for 24 hours."


class ResetSecondFactor(ProvedLately, PersonAct):
    """Take away the second factor of somebody who lost theirs."""

    def carry_out(self) -> str:
        """Take it away."""
        person = reset(user_id=self.person.pk, by=user_of(self.request), now=self.now)
        return (
            f"{person.name} is signed out everywhere and told by e-mail, and sets up another app "
            "when they next sign in."
        )


class Leave(PersonPage):
    """Record that somebody has left."""

    title = "Has left"
    template_name = "cases/settings/leave.html"
    thing = None

    def get_form(self, form_class: Any = None) -> ConfirmForm:
        """Return the button."""
        return ConfirmForm(**self.get_form_kwargs(), button="Switch the account off")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what of theirs is open."""
        return super().get_context_data(
            **kwargs,
            person=self.person,
            held=held_words(self.person, user_of(self.request)),
            queue_url=queue_of(self.person, user_of(self.request)),
            stands_in=stands_in(self.person, today=self.today),
        )

    def load(self) -> None:
        """Load somebody who is still here.

        :raises Http404: if there is none of this code, or they have left.
        """
        super().load()
        if not self.person.is_active:
            raise Http404

    def carry_out(self, form: Any) -> str:
        """Switch the account off."""
        leave(user_id=self.person.pk, by=user_of(self.request), now=self.now)
        return f"{self.person.name} can no longer sign in, and has no roles any more."


class ComeBack(PersonAct):
    """Let somebody who had left come back."""

    def carry_out(self) -> str:
        """Let them choose a new password."""
        person = self.person
        by = user_of(self.request)
        come_back(user_id=person.pk, by=by, now=self.now)
        send_invitation(user_id=person.pk, by=by, now=self.now)
        return (
            f"{person.name} is back. A link to choose a password is on its way; give them a role."
        )


class AddAbsence(PersonPage):
    """Record that somebody is away, on their behalf."""

    form_class = AbsenceForm
    title = "Record an absence"
    thing = None

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form who is away."""
        return {**super().get_form_kwargs(), "user": self.person, "today": self.today}

    def carry_out(self, form: Any) -> str:
        """Record it."""
        absence = record_absence(
            user_id=self.person.pk,
            deputy_id=form.cleaned_data["deputy"].pk,
            first_day=form.cleaned_data["first_day"],
            last_day=form.cleaned_data["last_day"],
            by=user_of(self.request),
            now=self.now,
        )
        return (
            f"{absence.deputy.name} stands in for {self.person.name} from "
            f"{absence.first_day:%-d %B} to {absence.last_day:%-d %B %Y}."
        )


class EndAbsence(PersonAct):
    """Cancel somebody's absence, or end it early."""

    def carry_out(self) -> str:
        """End it."""
        person = self.person
        end_absence(
            absence_id=number_in(self.request.POST.get("absence", "")),
            user_id=person.pk,
            by=user_of(self.request),
            now=self.now,
        )
        return f"Nobody stands in for {person.name} in these days any more."
