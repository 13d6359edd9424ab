"""What is held of somebody in a complaint of theirs, as far as one colleague may read it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from cases.models import (
    CaseLook,
    Complaint,
    Customer,
    Dispatch,
    InboundMail,
    InformationRequest,
    Letter,
    LetterDraft,
    LetterProposal,
    Level,
    Look,
    MailFile,
    OutboundMessage,
    StoredFile,
    TrackingCode,
    TrackingVisit,
    User,
)
from cases.rules.dispatches import DispatchKind
from cases.rules.letters import STOPPED
from cases.rules.tracking import without_code, without_links
from cases.selectors.case_page import CasePage, case_page
from feedback.models import FormFile, Submission, SurveyAnswer, SurveyRequest
from feedback.rules.held import (
    AMONG_COLLEAGUES,
    CANNOT_BE_OPENED,
    JOINT,
    NOT_KNOWN_WHOSE,
    RESTRICTED,
    SOMEBODY_ELSES,
    Held,
    fields_of,
    last_digits,
)
from feedback.rules.surveys import QUESTIONS


@dataclass(frozen=True, slots=True)
class Theirs:
    """A complaint of somebody: with what its page shows, and whose it is."""

    page: CasePage
    person: Customer

    @property
    def complaint(self) -> Complaint:
        """Return the complaint."""
        return self.page.complaint

    @property
    def section(self) -> str:
        """Return the heading under which its things stand."""
        return f"Complaint {self.complaint.reference}"

    @property
    def is_joint(self) -> bool:
        """Say whether it is somebody else's, in which they complain too."""
        return self.complaint.customer_id != self.person.pk

    @property
    def others(self) -> list[str]:
        """Return the names of the other people in it."""
        people = self.page.people
        joint = [each.customer for each in people.joint]
        named = [each.name for each in (self.complaint.customer, *joint) if each != self.person]
        asked = InformationRequest.objects.filter(complaint=self.complaint)
        return [
            *named,
            *(each.name for each in people.speakers),
            *asked.values_list("to_name", flat=True),
        ]

    def held(self, title: str, *because: str, **more: object) -> Held:
        """Return a thing in it. What is not theirs in a joint complaint says so."""
        reasons = (JOINT, *because) if self.is_joint else because
        return Held(self.section, title, because=reasons, **more)  # type: ignore[arg-type]

    def own(self, title: str, **more: object) -> Held:
        """Return a thing in it that is their own, whoever's complaint it is."""
        return Held(self.section, title, **more)  # type: ignore[arg-type]

    def is_theirs(self, address: str) -> bool:
        """Say whether an e-mail address is theirs."""
        return bool(address) and address.casefold() == self.person.email.casefold()


def theirs(complaint: Complaint, person: Customer, *, reader: User, today: date) -> Theirs:
    """Return a complaint with what its page shows to a reader. Some seven queries."""
    return Theirs(case_page(complaint, user=reader, today=today, is_kept=True), person)


def held_in(case: Theirs) -> Iterator[Held]:
    """Yield everything in a complaint that is held of somebody. Some twenty queries."""
    yield _complaint(case)
    yield from _forms(case)
    yield from _story(case)
    yield from _letters(case)
    yield from _messages(case)
    yield from _mails(case)
    yield from _files(case)
    yield from _people(case)
    yield from _drafts(case)
    yield from _surveys(case)
    yield from _visits(case)
    yield from _looks(case)


def _complaint(case: Theirs) -> Held:
    each, state = case.complaint, case.page.history.state
    fields = fields_of(
        received=each.received_on,
        came_by=case.page.channel_words,
        summary=each.summary,
        wanted=each.desired_outcome,
        about=each.category.name if each.category else "",
        service=each.service_area.name if each.service_area else "",
        register=case.page.register_words,
        procedure=str(each.procedure_version),
        stage=case.page.history.stage.name,
        outcome=state.outcome.words if state.outcome else "",
        closed=each.closed_on,
    )
    return case.held("The complaint", on=each.received_on, fields=fields)


def _forms(case: Theirs) -> Iterator[Held]:
    for each in Submission.objects.filter(complaint=case.complaint):
        yield form_as_sent(each, case.section, JOINT if case.is_joint else "")


def form_as_sent(form: Submission, section: str, *because: str) -> Held:
    """Return a form as it was sent."""
    fields = tuple(
        (str(row[0]), str(row[1])) for part in form.as_sent for row in part.get("rows", ())
    )
    reasons = tuple(each for each in because if each)
    return Held(section, "The form as it was sent", form.received_at, fields, because=reasons)


def _story(case: Theirs) -> Iterator[Held]:
    """Yield every entry: what is among colleagues apart from what the customer may have."""
    closed = (RESTRICTED,) if case.complaint.level == Level.RESTRICTED else ()
    for entry in case.page.entries[::-1]:
        title = f"{entry.title} (struck out)" if entry.is_struck else entry.title
        by = (("By", entry.by),) if entry.by else ()
        told = tuple((line.label, line.text) for line in entry.lines if not line.is_internal)
        kept = tuple((line.label, line.text) for line in entry.lines if line.is_internal)
        if not entry.is_for_customer:
            kept, told = (*told, *kept), ()
        else:
            yield case.held(title, on=entry.moment, fields=(*by, *told))
        if kept or not entry.is_for_customer:
            yield case.held(title, AMONG_COLLEAGUES, *closed, on=entry.moment, fields=(*by, *kept))


def _is_to(letter: Letter, case: Theirs) -> bool:
    if letter.to_speaker_id is not None:
        return False
    return (letter.to_customer_id or case.complaint.customer_id) == case.person.pk


def _letters(case: Theirs) -> Iterator[Held]:
    letters = Letter.objects.filter(complaint=case.complaint).select_related("original")
    for each in letters.order_by("pk"):
        fields = fields_of(
            to=each.to_name,
            address=each.to_address,
            subject=each.subject,
            words=each.body,
            easy_read=each.easy_read,
            in_another_language=each.other_text,
        )
        title = f"Letter: {each.kind.replace('_', ' ')}"
        if each.channel == STOPPED:
            yield case.held(f"{title} (never sent)", AMONG_COLLEAGUES, fields=fields)
        elif _is_to(each, case):
            yield case.own(title, on=each.issued_at, fields=fields)
        else:
            yield case.held(title, SOMEBODY_ELSES, on=each.issued_at, fields=fields)


def _messages(case: Theirs) -> Iterator[Held]:
    """Yield e-mails and texts. Of what went to others the words are not repeated: links open."""
    sent = OutboundMessage.objects.filter(complaint=case.complaint, letter__isnull=True)
    for each in sent.order_by("pk"):
        if each.to_user_id is None and case.is_theirs(each.to_address):
            fields = fields_of(
                to=each.to_address,
                subject=each.subject,
                words=without_links(without_code(each.body)),
            )
            yield case.own("E-mail to them", on=each.created_at, fields=fields)
        else:
            why = SOMEBODY_ELSES if each.to_user_id is None else AMONG_COLLEAGUES
            fields = fields_of(subject=each.subject)
            yield case.held("E-mail to somebody else", why, on=each.created_at, fields=fields)
    texts = Dispatch.objects.filter(complaint=case.complaint, kind=DispatchKind.TEXT.value)
    own = last_digits(case.person.phone)
    for text in texts.order_by("pk"):
        fields = fields_of(to=text.to_phone, words=without_code(text.words))
        if own and last_digits(text.to_phone) == own:
            yield case.own("Text message to them", on=text.created_at, fields=fields)
        else:
            yield case.held("Text message", SOMEBODY_ELSES, on=text.created_at, fields=fields)


def _mails(case: Theirs) -> Iterator[Held]:
    mails = InboundMail.objects.filter(complaint=case.complaint).order_by("received_at", "pk")
    for each in mails:
        fields = fields_of(sender=each.sender_words, subject=each.subject, words=each.text)
        if case.is_theirs(each.sender):
            yield case.own("E-mail from them", on=each.received_at, fields=fields)
        else:
            yield case.held(
                "E-mail from somebody else", SOMEBODY_ELSES, on=each.received_at, fields=fields
            )


def _files(case: Theirs) -> Iterator[Held]:
    """Yield the files; what was made here of the words that stand above is not repeated."""
    ours = _from_them(case)
    for each in StoredFile.objects.filter(complaint=case.complaint).order_by("pk"):
        because = [] if each.pk in ours else [NOT_KNOWN_WHOSE]
        because += [] if each.may_be_opened else [CANNOT_BE_OPENED]
        yield held_file(each, case.section, *because)


def held_file(file: StoredFile, section: str, *because: str) -> Held:
    """Return a file."""
    key = file.key if file.may_be_opened else ""
    return Held(section, f"File: {file.name}", file.stored_at, file=key, because=because)


def _from_them(case: Theirs) -> set[int]:
    """Return the files that came with their own form or e-mail, or are letters to them."""
    complaint = case.complaint
    found: set[int] = set()
    if not case.is_joint:
        forms = FormFile.objects.filter(submission__complaint=complaint)
        found.update(forms.values_list("file", flat=True))
    mailed = MailFile.objects.filter(mail__complaint=complaint)
    found.update(
        key for key, sender in mailed.values_list("file", "mail__sender") if case.is_theirs(sender)
    )
    letters = Letter.objects.filter(complaint=complaint, original__isnull=False)
    found.update(each.original_id or 0 for each in letters if _is_to(each, case))
    return found


def _people(case: Theirs) -> Iterator[Held]:
    for speaker in case.complaint.representatives.order_by("pk"):
        fields = fields_of(
            name=speaker.name,
            relationship=speaker.relationship,
            email=speaker.email,
            phone=speaker.phone,
            address=speaker.address,
            authority=speaker.authority_words,
            seen=speaker.authority_seen,
            scope=speaker.scope,
        )
        yield case.held("Somebody who speaks for the customer", SOMEBODY_ELSES, fields=fields)
    for joint in case.complaint.joint_complainants.select_related("customer").order_by("pk"):
        fields = fields_of(name=joint.customer.name, capacity=joint.capacity)
        if joint.customer_id == case.person.pk:
            yield case.own("They complain too", fields=fields)
        else:
            yield case.held("Somebody who complains too", SOMEBODY_ELSES, fields=fields)
    for asked in InformationRequest.objects.filter(complaint=case.complaint).order_by("pk"):
        fields = fields_of(to=asked.to_name, question=asked.question, shown=asked.shown)
        yield case.held(
            "A question to somebody outside", SOMEBODY_ELSES, on=asked.asked_at, fields=fields
        )


def _drafts(case: Theirs) -> Iterator[Held]:
    for draft in LetterDraft.objects.filter(complaint=case.complaint).order_by("pk"):
        yield case.held(
            "What a colleague has typed and not sent",
            AMONG_COLLEAGUES,
            on=draft.saved_at,
            fields=_typed(draft.typed),
        )
    for put in LetterProposal.objects.filter(complaint=case.complaint).order_by("pk"):
        yield case.held(
            "A letter as it was put to a second person",
            AMONG_COLLEAGUES,
            on=put.asked_at,
            fields=(*fields_of(words=put.body), *_typed(put.typed)),
        )


def _typed(typed: Mapping[str, list[str]]) -> tuple[tuple[str, str], ...]:
    return fields_of(**{name: values for name, values in typed.items() if any(values)})


def _surveys(case: Theirs) -> Iterator[Held]:
    for asked in SurveyRequest.objects.filter(complaint=case.complaint).order_by("pk"):
        fields = fields_of(by=asked.way, answered=asked.is_answered)
        yield case.held("They were asked how we did", on=asked.asked_at, fields=fields)
    for answer in SurveyAnswer.objects.filter(complaint=case.complaint).order_by("pk"):
        scores = {words: getattr(answer, code) for code, words in QUESTIONS.items()}
        fields = tuple((words, str(score)) for words, score in scores.items() if score)
        words = fields_of(words=answer.words)
        yield case.held(
            "What they answered, and said may be known", on=answer.month, fields=(*fields, *words)
        )


def _visits(case: Theirs) -> Iterator[Held]:
    """Yield when the complaint was looked at on the web; of others that they did."""
    visits = TrackingVisit.objects.filter(complaint=case.complaint)
    for each in visits.select_related("speaker", "joint__customer").order_by("pk"):
        fields = fields_of(until=each.ended_at or each.ends_at, by=each.proof, who=each.follower)
        if each.customer_id == case.person.pk and each.is_customers:
            yield case.own("They followed it on the web", on=each.began_at, fields=fields)
        else:
            yield case.held(
                "It was followed on the web", SOMEBODY_ELSES, on=each.began_at, fields=fields
            )
    for code in TrackingCode.objects.filter(complaint=case.complaint, customer=case.person):
        if code.is_customers:
            fields = fields_of(by=code.proof, used=code.used_at)
            yield case.own("A code to follow it on the web", on=code.asked_at, fields=fields)


def _looks(case: Theirs) -> Iterator[Held]:
    """Yield on which days how many colleagues opened it or took something of it away.

    Who they are is theirs (Court of Justice of the European Union, C-579/21).
    """
    rows = CaseLook.objects.filter(complaint=case.complaint).values("day", "what")
    counts = rows.annotate(number=Count("user", distinct=True)).order_by("day", "what")
    for each in counts:
        what = Look(each["what"])
        title = (
            "Opened by colleagues" if what is Look.OPENED else f"Taken by colleagues: {what.label}"
        )
        yield case.held(title, on=each["day"], fields=fields_of(colleagues=each["number"]))
