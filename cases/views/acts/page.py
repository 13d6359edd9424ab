"""What the pages of all acts share: who may, what was typed, what comes of it, and collisions."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator

from cases.errors import (
    ActionNotAllowed,
    ApprovalNeeded,
    ComplaintChanged,
    ComplaintError,
    DraftChanged,
    LatenessUnexplained,
)
from cases.forms.acts.common import APPROVER, DRAFT, DRAFT_SEEN, ActForm, AtHand
from cases.forms.acts.elsewhere import COPY_ADDED
from cases.forms.acts.hearing import PICK
from cases.forms.acts.judged import (
    CheckList,
    by_the_letter,
    by_what_was_typed,
    plain_list,
    wanted_of,
)
from cases.forms.acts.points import MORE
from cases.forms.acts.telling import TellingForm
from cases.models import Complaint, Landlord, User
from cases.operations.lateness import saying_why
from cases.operations.letter_approvals import (
    Wording,
    propose_letter,
    take_letter_back,
    waits_already,
)
from cases.operations.letter_drafts import forget_draft, save_draft
from cases.operations.note import add_copy
from cases.operations.notices import can_be_written_to
from cases.operations.presence import come_in, go_away, only_looks_on
from cases.operations.rehearse import Rehearsal, rehearse
from cases.operations.telling import ELSEWHERE
from cases.rules.act_words import LABELS, LEAVING
from cases.rules.acts import KINDS, Act, entitled_roles
from cases.rules.customers import LetterFormat
from cases.rules.events import Event
from cases.rules.foresight import days_off, foresee, what_follows
from cases.rules.lateness import kept_late_by, without_a_day
from cases.rules.letter_approvals import is_demanded
from cases.rules.letter_facts import WITHOUT_COPIES, LetterKind
from cases.rules.letter_parts import IN_WRITING
from cases.rules.numbers import number_in
from cases.rules.permissions import permission
from cases.rules.replay import replay
from cases.rules.state import Deadline, Status
from cases.selectors.approvers import approvers_of
from cases.selectors.case_history import CaseHistory, history_of
from cases.selectors.case_people import CasePeople, people_of
from cases.selectors.history import recorded_since
from cases.selectors.letter_approvals import Proposed, asked_last, proposals_of
from cases.selectors.letter_drafts import Drafts, drafts_of
from cases.selectors.running import advised, landlord
from cases.selectors.standing import roles_for
from cases.selectors.unposted import unposted_words
from cases.templatetags.house import in_order
from cases.templatetags.parts import Link
from cases.views.access import UNPROCESSABLE, ComplaintPage, user_of
from cases.views.case_head import to_the_list
from cases.views.uploads import uploads_are_limited

CONFLICT = 409
# The name of the button that takes a letter back from whoever was to approve it.
TAKE_BACK = "take_back"
# What a page sends while somebody writes, to be told what of the letter is missing.
LIVE = "check"
ASKED = (
    "Approval is asked for. Nothing is sent yet, and every deadline goes on: the letter goes when "
    "a second person approves it."
)
TAKEN_BACK = "The letter is taken back. What you typed is kept below as your draft."


@method_decorator(uploads_are_limited, name="dispatch")
class ActPage(ComplaintPage):
    """The page of one act: a short form, what it leads to, and the act itself.

    A subclass names the act and its form, if it has one, and performs it. `collides`: an act
    chosen from an older version of the complaint is shown what happened meanwhile, and keeps what
    was typed. `is_foreseen`: what follows can be told before anything is typed. `audience`: who
    reads what is written here, "staff" or "customer", where that could be mistaken. `letter_kind`:
    the letter that tells of the act, whose compulsory parts are listed.
    """

    act: ClassVar[Act]
    form_class: ClassVar[type[ActForm]] = ActForm
    template_name: ClassVar[str] = "cases/acts/act.html"
    done: ClassVar[str] = "Recorded."
    collides: ClassVar[bool] = True
    is_foreseen: ClassVar[bool] = False
    audience: ClassVar[str] = ""
    letter_kind: ClassVar[LetterKind | None] = None
    # Why the copy that came with the form is not taken, or nothing.
    copy_refusal = ""
    history: CaseHistory
    everybody: CasePeople

    # The requests ------------------------------------------------------------------------------

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, or why the act is not possible now."""
        self.read()
        self.check_role()
        if self.why_not:
            return self.page(None)
        kept = self.drafts.typed
        return self.page(self.form() if kept is None else self.shown_again(kept))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Perform the act, show what it would lead to, or say what is in the way."""
        self.read()
        if COPY_ADDED in request.FILES:
            self.keep_copy()
        if request.POST.get(DRAFT):
            return self.keep_draft(request.POST)
        if TAKE_BACK in request.POST:
            return self.take_back()
        if self.is_stale:
            return self.asked() if self.is_asked else self.changed()
        self.check_role()
        if self.why_not:
            return self.refused(self.why_not)
        if LIVE in request.POST:
            return self.live()
        if MORE in request.POST or PICK in request.POST:
            return self.page(self.shown_again(request.POST))
        return self.act_on(self.form(request.POST, request.FILES))

    def keep_copy(self) -> None:
        """Add the copy of what was written elsewhere to the files, and choose it in the form.

        It is kept whatever becomes of the form, as no browser sends a file twice; what was typed
        goes on from the complaint as it is with the file.

        :raises PermissionDenied: to whoever may not do the act.
        """
        self.check_role()
        data = self.request.POST.copy()
        upload = self.request.FILES[COPY_ADDED]
        if data.get("channel") != ELSEWHERE or LIVE in data or isinstance(upload, list):
            return
        was_stale = self.is_stale
        try:
            file = add_copy(**self.whose, upload=upload)
        except ComplaintError as refusal:
            self.copy_refusal = str(refusal)
            if DRAFT in data:
                messages.error(self.request, self.copy_refusal)
            return
        data["copy"] = str(file.pk)
        self.read_again()
        mine = (self.seen or 0) + 1
        if not was_stale and any(
            each.number == mine and each.facts.get("file") == file.pk
            for each in self.history.events
        ):
            data["seen"] = str(mine)
        self.request.POST = data  # type: ignore[assignment]  # nobody changes it further
        messages.info(self.request, f"“{file.name}” is among the files of the complaint.")

    def act_on(self, form: ActForm) -> HttpResponse:
        """Perform the act with the answers, or show what is in the way.

        :raises PermissionDenied: to whoever may not see the complaint any more.
        """
        form.is_valid()
        if self.copy_refusal:
            form.errors.pop("copy", None)
            form.add_error(COPY_ADDED if COPY_ADDED in form.fields else None, self.copy_refusal)
        if form.errors:
            return self.page(form, status=UNPROCESSABLE)
        try:
            if "preview" in self.request.POST:
                return self.preview(form)
            complaint = self.done_late(form)
        except ComplaintChanged:
            return self.changed()
        except LatenessUnexplained as refusal:
            form.refuse_late(refusal.asks, str(refusal))
            return self.page(form, status=UNPROCESSABLE)
        except ApprovalNeeded:
            return self.ask_approval(form)
        except ComplaintError as refusal:
            form.add_error(None, str(refusal))
            return self.page(form, status=UNPROCESSABLE)
        return self.performed(complaint)

    def ask_approval(self, form: ActForm) -> HttpResponse:
        """Ask a second person to approve the letter, or show what is in the way.

        :raises PermissionDenied: to whoever may not see the complaint any more.
        """
        try:
            rehearsal = rehearse(lambda: self.done_late(form), before=self.history)
            if rehearsal.made is None:
                raise ActionNotAllowed(rehearsal.missing or "There is no letter to approve.")
            propose_letter(
                **self.whose,
                act=self.act,
                seen=self.seen if self.collides else None,
                wording=Wording(dict(self.request.POST.lists()), rehearsal.made),
                approver_id=number_in(form.cleaned_data.get(APPROVER) or "") or None,
            )
        except ComplaintChanged:
            return self.asked() if self.is_asked else self.changed()
        except ComplaintError as refusal:
            form.add_error(None, str(refusal))
            return self.page(form, status=UNPROCESSABLE)
        return self.asked()

    def asked(self) -> HttpResponse:
        """Say that approval is asked for, and go back to the complaint."""
        messages.success(self.request, ASKED)
        return redirect(self.destination(self.complaint))

    @property
    def is_asked(self) -> bool:
        """Say whether approval of just what was sent is asked for already, by a quicker click."""
        return waits_already(
            self.complaint, act=self.act, by=self.user, typed=dict(self.request.POST.lists())
        )

    def take_back(self) -> HttpResponse:
        """Take back one's own letter that waits for approval; what was typed stays as a draft."""
        number = number_in(self.request.POST[TAKE_BACK]) or 0
        try:
            take_letter_back(**self.whose, number=number)
        except ComplaintError as refusal:
            messages.error(self.request, str(refusal))
        else:
            messages.success(self.request, TAKEN_BACK)
        return redirect(self.request.path)

    # What a subclass says ----------------------------------------------------------------------

    def perform(self, form: Any) -> Complaint:
        """Perform the act with the answers.

        :raises ComplaintError: if the procedure refuses it.
        """
        raise NotImplementedError

    def done_late(self, form: ActForm) -> Complaint:
        """Perform the act, with what was said of why it is late, should it be.

        :raises ComplaintError: if the procedure refuses it.
        """
        with saying_why(form.lateness):
            return self.perform(form)

    def form_details(self) -> dict[str, Any]:
        """Return what the form needs besides the complaint."""
        return {}

    def about(self) -> list[str]:
        """Return what is to be known before the form is filled in, a sentence each."""
        return []

    def unposted(self) -> list[str]:
        """Return which letters still wait to be posted, where the act ends or takes it further."""
        words = unposted_words(self.complaint) if self.act in LEAVING else ""
        return [words] if words else []

    def foreseen(self) -> list[str]:
        """Return what follows if it happens today: the deadlines kept, begun and moved."""
        if not self.is_foreseen:
            return []
        history = self.history
        return foresee(history.terms, history.events, history.editions, self.foreseen_event)

    @property
    def foreseen_event(self) -> Event:
        """Return what would be recorded if it happened now."""
        return Event(
            number=len(self.history.events) + 1,
            kind=KINDS[self.act],
            on=self.today,
            at=self.now,
            stage=self.foreseen_stage(),
            actor=self.user.pk,
            facts=self.foreseen_facts(),
        )

    def overdue_among(
        self, chosen: Callable[[Deadline], bool]
    ) -> tuple[Sequence[Deadline], Sequence[Deadline]]:
        """Return what is overdue of what the act can be about, and what else has no day told."""
        state, today = self.history.state, self.today
        late = [e for e in state.open_promises if chosen(e) and e.due_on and today > e.due_on]
        return late, [each for each in without_a_day(state, today) if each not in late]

    def would_keep_late(self) -> tuple[Sequence[Deadline], Sequence[Deadline]]:
        """Return what the act would keep late today, and what stays overdue with no day told.

        Nothing is replayed where nothing is overdue.
        """
        history, today = self.history, self.today
        if not any(each.due_on and today > each.due_on for each in history.state.live_deadlines):
            return (), ()
        event = self.foreseen_event
        after = replay(history.terms, [*history.events, event], history.editions)
        return kept_late_by(after, event.number), without_a_day(after, today)

    def foreseen_stage(self) -> str:
        """Return the stage that the act names."""
        return self.history.state.stage

    def foreseen_facts(self) -> dict[str, Any]:
        """Return what of the act can be known before the form is filled in."""
        prefers = self.complaint.customer.preferred_channel
        return {"channel": "email" if prefers in ("email", "online") else "post"}

    def judged(self, form: ActForm | None, rehearsal: Rehearsal | None) -> CheckList:
        """Return what the letter must say, and of what was sent, what of it is missing."""
        wanted = wanted_of(self.letter_kind, self.history.stage, form) if form else ()
        if form is None or not form.is_bound or not wanted:
            return plain_list(wanted)
        is_ours = form["channel"].value() != ELSEWHERE if "channel" in form.fields else True
        if is_ours and rehearsal and (rehearsal.letter is not None or rehearsal.lacking):
            return by_the_letter(wanted, rehearsal.lacking)
        return by_what_was_typed(wanted, form, self.letter_kind)

    def live(self) -> HttpResponse:
        """Answer with the list of what the letter must say, judged by what was typed so far.

        The act is not rehearsed: that locks the complaint, and would do so every time a writer
        pauses. The preview does it.
        """
        context = {
            "checklist": self.judged(self.form(self.request.POST), None),
            "is_live": True,
        }
        return render(self.request, "cases/acts/_checklist.html", context)

    def links(self) -> Sequence[Link]:
        """Return the other acts to which the same thought may lead."""
        return ()

    def extra(self) -> dict[str, Any]:
        """Return what the page shows besides."""
        return {}

    def else_here(self) -> str:
        """Note that somebody writes here, and return in words who else has the complaint open."""
        return come_in(self.complaint, user=self.user, now=self.now, act=self.act)

    # What is at hand ---------------------------------------------------------------------------

    def read(self) -> None:
        """Read the complaint's record, and who has to do with it."""
        self.history = history_of(self.complaint)
        self.everybody = people_of(self.complaint)
        self.user = user_of(self.request)

    def read_again(self) -> Complaint:
        """Read the complaint and its record as they are by now, and return it.

        :raises PermissionDenied: to whoever may not see it any more.
        """
        complaints = Complaint.objects.readable_by(self.user)
        fresh = complaints.select_related(*SELECTED).filter(pk=self.complaint.pk).first()
        if fresh is None:
            raise PermissionDenied
        self.complaint = fresh
        self.read()
        return fresh

    @property
    def hand(self) -> AtHand:
        """Return what the form is about."""
        late, left = self.lateness
        return AtHand(
            self.history,
            self.user,
            self.today,
            self.approvers,
            self.asked_before,
            late=late,
            left=left,
            kind=self.letter_kind,
            guidance=self.ours.award_guidance if self.letter_kind and self.ours else "",
            is_reachable=self.letter_kind not in IN_WRITING
            or can_be_written_to(self.complaint, now=self.now),
            copied_in=() if self.letter_kind in WITHOUT_COPIES else self.everybody.copied_in,
        )

    @cached_property
    def lateness(self) -> tuple[Sequence[Deadline], Sequence[Deadline]]:
        """Return what the act would keep late, and what it would leave overdue."""
        return self.would_keep_late()

    @cached_property
    def ours(self) -> Landlord | None:
        """Return the landlord. One query."""
        return landlord()

    @cached_property
    def approvers(self) -> Sequence[User] | None:
        """Return who may approve the letter of this act; nothing where it needs nobody."""
        kind, ours = self.letter_kind, self.ours
        state, terms = self.history.state, self.history.terms
        is_chosen = ours is not None and kind in ours.approved_letters
        if kind is None or not (is_chosen or is_demanded(kind, state, terms)):
            return None
        return approvers_of(
            self.complaint, self.act, but=self.user, now=self.now, state=state, terms=terms
        )

    @cached_property
    def asked_before(self) -> int | None:
        """Return whom this person put the letter of this act to last, if to anybody."""
        if self.approvers is None:
            return None
        return asked_last(self.complaint, self.act, self.user)

    @property
    def whose(self) -> dict[str, Any]:
        """Return what every operation is told."""
        return {"complaint_id": self.complaint.pk, "by": self.user, "now": self.now}

    @property
    def common(self) -> dict[str, Any]:
        """Return what every operation that can collide is told."""
        return {**self.whose, "seen": number_in(self.request.POST["seen"])}

    def form(self, data: Any = None, files: Any = None) -> ActForm:
        """Return the form, empty or with what was typed."""
        return self.form_class(data, files, hand=self.hand, **self.form_details())

    @cached_property
    def drafts(self) -> Drafts:
        """Return the drafts of this act; none of one whose form keeps none."""
        if not self.form_class.keeps_draft:
            return Drafts()
        found = drafts_of(self.complaint, self.act, self.user)
        # Where two can do the same side by side, nobody is in the way of another.
        return found if self.collides else replace(found, others=())

    def proposals(self) -> Sequence[Proposed]:
        """Return what waits for approval of this act, and what was sent back to this person."""
        if not issubclass(self.form_class, TellingForm):
            return ()
        return proposals_of(self.history, self.act, self.user)

    def keep_draft(self, data: QueryDict) -> HttpResponse:
        """Keep what was typed, or discard what was kept.

        :raises PermissionDenied: to whoever may not do the act.
        """
        self.check_role()
        if not self.form_class.keeps_draft:
            raise PermissionDenied
        if data[DRAFT] == "discard":
            forget_draft(complaint_id=self.complaint.pk, act=self.act, by=self.user)
            return redirect(self.request.path)
        try:
            save_draft(
                **self.whose,
                act=self.act,
                typed=dict(data.lists()),
                seen=number_in(data.get(DRAFT_SEEN, "")) or 0,
            )
        except DraftChanged as refusal:
            form = self.shown_again(data)
            return self.page(form, status=CONFLICT, draft_clash=str(refusal))
        return redirect(self.request.path)

    def shown_again(self, data: QueryDict) -> ActForm:
        """Return the form with what was typed, and nothing said against it."""
        return self.form_class.shown_again(data, hand=self.hand, **self.form_details())

    @property
    def why_not(self) -> str:
        """Return why the act is not possible now, or nothing."""
        history = self.history
        return permission(self.act, history.state, history.terms, self.today).why_not

    @property
    def is_theirs(self) -> bool:
        """Say whether one of the roles that count here may do the act."""
        return self.may(self.act)

    def may(self, act: Act) -> bool:
        """Say whether one of the roles that count here may do another act."""
        roles = entitled_roles(act, self.history.stage)
        return bool(roles_for(self.user, self.complaint) & roles)

    def check_role(self) -> None:
        """Turn away whoever's role does not allow the act.

        :raises PermissionDenied: to them.
        """
        if not self.is_theirs:
            raise PermissionDenied

    @property
    def seen(self) -> int | None:
        """Return the version that the form was drawn from; nothing where none was sent."""
        return number_in(self.request.POST.get("seen", "")) or None

    @property
    def is_stale(self) -> bool:
        """Say whether the form was drawn from an older version of the complaint.

        Of the record as it was read, not of the row, which was read a moment before: what somebody
        did between the two is in what the form is checked against.
        """
        return self.collides and self.seen is not None and self.seen != len(self.history.rows)

    # The answers -------------------------------------------------------------------------------

    def page(
        self,
        form: ActForm | None,
        *,
        status: int = 200,
        rehearsal: Rehearsal | None = None,
        meanwhile: Sequence[Any] = (),
        draft_clash: str = "",
    ) -> HttpResponse:
        """Answer with the page: the form, and beside it what is known of the complaint."""
        complaint = self.complaint
        if form is not None and DRAFT_SEEN in form.fields:
            form.initial[DRAFT_SEEN] = self.drafts.seen
        context = {
            "form": form,
            "act_words": LABELS[self.act],
            "audience": self.audience if form else "",
            "complaint": complaint,
            "history": self.history,
            "customer": complaint.customer,
            "people": self.everybody,
            "format_words": LetterFormat(complaint.customer.letter_format).words,
            "stage": self.history.stage,
            "crumbs": [
                *to_the_list(user_of(self.request)),
                Link(complaint.reference, complaint.get_absolute_url()),
                Link(LABELS[self.act]),
            ],
            "why_not": "" if form else self.why_not,
            "about": [*self.about(), *self.unposted()] if form else [],
            "foreseen": self.foreseen() if form and not rehearsal else [],
            "links": self.links() if form else (),
            "checklist": self.judged(form, rehearsal),
            "rehearsal": rehearsal,
            "drafts": self.drafts,
            "proposals": self.proposals(),
            "needs_approval": form is not None and APPROVER in form.fields,
            "draft_clash": draft_clash,
            "meanwhile": meanwhile,
            "today": self.today,
            "else_here": self.else_here() if form else "",
            "looks_on": only_looks_on(self.user),
            "act": self.act,
            **self.extra(),
        }
        return render(self.request, self.template_name, context, status=status)

    def preview(self, form: ActForm) -> HttpResponse:
        """Answer with what the act would lead to; nothing is recorded.

        :raises ComplaintError: if the procedure refuses it.
        """
        rehearsal = rehearse(lambda: self.done_late(form), before=self.history)
        if isinstance(form, TellingForm):
            found = advised(form.written, form.decides, form.found, form.days_told)
            rehearsal = replace(rehearsal, advice=[*form.advice(), *found])
        return self.page(form, rehearsal=rehearsal)

    def performed(self, complaint: Complaint) -> HttpResponse:
        """Say what was done and what follows, and go back to the complaint."""
        if self.form_class.keeps_draft:
            forget_draft(complaint_id=complaint.pk, act=self.act, by=self.user)
        go_away(complaint, user=self.user)
        after = history_of(complaint)
        follows = [
            *what_follows(self.history.state, after.state, after.terms),
            *days_off(self.history.state, after.state, after.editions),
        ]
        return self.finish(after, self.done, *follows)

    def finish(self, after: CaseHistory, *told: str) -> HttpResponse:
        """Say what was done, and go back to the complaint.

        Whoever may not read it any more is told who has it now, and goes to their work.
        """
        complaint = after.complaint
        is_open = Complaint.objects.readable_by(self.user).filter(pk=complaint.pk).exists()
        if is_open:
            messages.success(self.request, " ".join(told))
            return redirect(self.destination(complaint))
        messages.success(self.request, " ".join([*told, who_has_it(after)]))
        return redirect("cases:my-work")

    def destination(self, complaint: Complaint) -> str:
        """Return where to go: the complaint's page."""
        return complaint.get_absolute_url()

    def refused(self, reason: str) -> HttpResponse:
        """Show what was typed with the reason why the act is not possible."""
        form = self.form(self.request.POST, self.request.FILES)
        form.is_valid()
        form.add_error(None, reason)
        return self.page(form, status=UNPROCESSABLE)

    def changed(self) -> HttpResponse:
        """Show who did what meanwhile, and the form again with all that was typed.

        The form now carries the present version: whoever has read what happened may send it. If
        the act is no longer possible or no longer theirs, what was typed is shown to be copied.
        """
        seen = self.seen or 0
        fresh = self.read_again()
        meanwhile = recorded_since(fresh, seen)
        data = self.request.POST.copy()
        data["seen"] = str(fresh.version)
        form = self.form(data, self.request.FILES)
        if self.is_theirs and not self.why_not:
            return self.page(form, status=CONFLICT, meanwhile=meanwhile)
        return render(
            self.request,
            "409.html",
            {
                "meanwhile": meanwhile,
                "typed": typed_words(form),
                "customer": fresh.customer,
                "people": self.everybody,
                "back_url": fresh.get_absolute_url(),
            },
            status=CONFLICT,
        )


def who_has_it(history: CaseHistory) -> str:
    """Return where a complaint is and who has it, for whoever can no longer see it."""
    complaint = history.complaint
    officer = complaint.responsible_officer
    told = [f"{complaint.reference} is at “{history.stage.name}” now"]
    if complaint.status == Status.AWAITING_DECISION:
        told.append("where the request waits to be decided")
    elif officer is None:
        told.append(
            "where it waits for a complaints coordinator or a manager to give it to somebody"
        )
    if officer is not None:
        told.append(f"with {officer.name}")
    return f"{', '.join(told)}. You can no longer see it."


SELECTED = (
    "customer",
    "procedure_version__procedure",
    "responsible_officer",
    "service_area",
    "category",
)


def typed_words(form: ActForm) -> list[tuple[str, str]]:
    """Return what was typed, by what was asked, leaving out what was not answered."""
    found = []
    for field in in_order(form):
        value = field.value()
        choices = {str(key): str(words) for key, words in getattr(field.field, "choices", ())}
        each = value if isinstance(value, list | tuple) else [value]
        told = [choices.get(str(one), str(one)) for one in each if one]
        words = (" " if hasattr(value, "_fields") else ", ").join(told)
        if words.strip():
            found.append((str(field.label), words))
    return found
