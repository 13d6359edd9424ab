"""Everything that is held of somebody, as far as one colleague may read it."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q, QuerySet

from cases.models import (
    Complaint,
    Customer,
    CustomerChange,
    InboundMail,
    JointComplainant,
    Landlord,
    OutsideBodyDetails,
    RestrictionLetter,
    ServiceRequest,
    User,
)
from cases.rules.customers import LetterFormat, category_words
from cases.rules.roles import Role
from cases.selectors.known_customers import customers_known_to
from cases.selectors.restrictions import restrictions_known_to
from feedback.models import (
    HeldRequest,
    Matching,
    PassedOn,
    Remark,
    RemarkLetter,
    RemarkProposal,
    Submission,
)
from feedback.models.held import HeldRequestQuerySet
from feedback.rules.held import (
    AMONG_COLLEAGUES,
    BY_ADDRESS,
    NOT_KNOWN_WHOSE,
    RESTRICTION,
    Held,
    fields_of,
    looking_for,
    spellings_of,
)
from feedback.selectors.held_complaints import Theirs, form_as_sent, held_file, held_in, theirs

PARTICULARS = "What is known of them"
REMARKS = "Compliments and suggestions"
REQUESTS = "Requests that are no complaints"
CONTACT = "Restrictions of contact"
ELSEWHERE = "What may be theirs"


def complaints_to_copy(person: Customer, reader: User) -> QuerySet[Complaint]:
    """Return the complaints of somebody that are open to a reader, also those they joined."""
    joined = JointComplainant.objects.filter(customer=person).values("complaint")
    found = Complaint.objects.readable_by(reader).filter(Q(customer=person) | Q(pk__in=joined))
    return found.select_related(
        "customer",
        "procedure_version__procedure",
        "responsible_officer",
        "service_area",
        "category",
    ).order_by("received_on", "pk")


def everything_held(
    person: Customer, complaints: Iterable[Complaint], *, reader: User, today: date
) -> list[Held]:
    """Return all that is held of somebody, each looked through for somebody else.

    Some fifteen queries, and some thirty for each complaint. Nothing that was begun on the
    public form and never sent is found by anybody but whoever began it; figures lead to nobody.
    """
    cases = [theirs(each, person, reader=reader, today=today) for each in complaints]
    found = [
        *_particulars(person, cases),
        *(each for case in cases for each in held_in(case)),
        *_requests(person, reader),
        *_remarks(person, reader),
        *_restrictions(person, reader),
        *_elsewhere(person, reader),
        *_asked_for(person),
    ]
    look = looking_for(
        [name for case in cases for name in case.others], own=_own(person), known=_ours()
    )
    return [look(each) for each in found]


def _own(person: Customer) -> list[str]:
    return [
        person.name,
        person.email,
        *spellings_of(person.phone),
        person.postcode,
        *(line.strip() for line in person.address.splitlines()),
    ]


def _ours() -> list[str]:
    """Return the addresses and numbers of the landlord and of outside bodies."""
    ours = Landlord.objects.values_list("telephone", "email", "emergency_telephone")
    outside = OutsideBodyDetails.objects.values_list("telephone")
    return [each for row in (*ours, *outside) for each in row if each]


def _particulars(person: Customer, cases: Iterable[Theirs]) -> Iterator[Held]:
    yield Held(PARTICULARS, "Now", fields=_of_customer(person))
    changes = CustomerChange.objects.filter(customer=person).order_by("pk")
    for change in changes:
        fields = tuple((what, f"{old} → {new}") for what, old, new in change.lines)
        title = "Changed by a colleague" if change.by_id else "Changed by them"
        yield Held(PARTICULARS, title, change.at, fields)
    # As a form gave them, before it was found that they are known.
    forms = Submission.objects.filter(
        complaint__in=[case.complaint.pk for case in cases], matching=Matching.SAME.value
    )
    for form in forms.select_related("replaced_customer", "complaint").order_by("pk"):
        same = form.replaced_customer
        if same is not None and form.complaint and form.complaint.customer_id == person.pk:
            yield Held(PARTICULARS, "As a form gave them", form.received_at, _of_customer(same))


def _of_customer(person: Customer) -> tuple[tuple[str, str], ...]:
    unsafe = {
        "e-mail": person.email_unsafe,
        "telephone": person.phone_unsafe,
        "post": person.post_unsafe,
    }
    return fields_of(
        name=person.name,
        category=category_words(person.category),
        address=person.address,
        postcode=person.postcode,
        block=person.block,
        email=person.email,
        telephone=person.phone,
        preferred_way=person.preferred_channel,
        letters_in=LetterFormat(person.letter_format).words,
        language=person.language,
        needs=person.needs,
        vulnerable=person.is_vulnerable,
        not_safe=[way for way, is_unsafe in unsafe.items() if is_unsafe],
        whole_letters_by_email=person.letters_by_email,
        restricted_contact=person.restricted_contact,
        known_since=person.created_at,
    )


def _requests(person: Customer, reader: User) -> Iterator[Held]:
    found = ServiceRequest.objects.visible_to(reader).filter(customer=person)
    for each in found.prefetch_related("mails").order_by("pk"):
        fields = fields_of(
            reference=each.reference,
            kind=each.kind_words,
            came_by=each.channel,
            words=each.words,
            passed_to=each.passed_to,
            done=each.done_on,
        )
        yield Held(REQUESTS, "A request", each.received_on, fields)
        if each.done_words:
            told = fields_of(reference=each.reference, words=each.done_words)
            yield Held(REQUESTS, "What was done", each.done_on, told, because=(AMONG_COLLEAGUES,))
        for mail in each.mails.all():
            yield _mail(mail, person, REQUESTS)


def _mail(mail: InboundMail, person: Customer, section: str, *because: str) -> Held:
    fields = fields_of(sender=mail.sender_words, subject=mail.subject, words=mail.text)
    is_theirs = bool(mail.sender) and mail.sender.casefold() == person.email.casefold()
    reasons = because if is_theirs else (*because, NOT_KNOWN_WHOSE)
    return Held(section, "An e-mail", mail.received_at, fields, because=reasons)


def _remarks(person: Customer, reader: User) -> Iterator[Held]:
    found = Remark.objects.visible_to(reader).filter(customer=person).order_by("pk")
    remarks = list(found.select_related("submission", "service_area"))
    for each in remarks:
        fields = fields_of(
            reference=each.reference,
            came_by=each.channel,
            words=each.words,
            regarding=each.regarding,
            service=each.service_area.name if each.service_area else "",
            answer=each.answer,
        )
        yield Held(REMARKS, f"A {each.kind}", each.received_on, fields)
        form = getattr(each, "submission", None)
        if form is not None:
            yield form_as_sent(form, REMARKS)
            for row in form.files.select_related("file"):
                yield held_file(row.file, REMARKS)
    for letter in RemarkLetter.objects.filter(remark__in=remarks).order_by("pk"):
        fields = fields_of(
            to=letter.to_name,
            address=letter.to_address,
            words=letter.body,
            in_another_language=letter.other_text,
        )
        yield Held(REMARKS, f"Letter: {letter.purpose}", letter.issued_at, fields)
    for put in RemarkProposal.objects.filter(remark__in=remarks).order_by("pk"):
        typed = {name: value for name, value in put.typed.items() if value}
        title, told = "A letter as it was put to a second person", fields_of(**typed)
        yield Held(REMARKS, title, put.asked_at, told, because=(AMONG_COLLEAGUES,))
    passed = PassedOn.objects.filter(remark__in=remarks).select_related("to").order_by("pk")
    for each_passed in passed:
        told = fields_of(to=each_passed.to.name)
        yield Held(REMARKS, "Passed on to a colleague", each_passed.at, told)


def _restrictions(person: Customer, reader: User) -> Iterator[Held]:
    known = restrictions_known_to(reader).filter(customer=person).order_by("pk")
    for each in known.prefetch_related("records"):
        fields = fields_of(
            closed=each.closed,
            limits=each.limits,
            reason=each.reason,
            evidence=each.evidence,
            considered=each.considered,
        )
        yield Held(CONTACT, "A restriction", each.proposed_at, fields, because=(RESTRICTION,))
        for step in each.records.all():
            told = fields_of(words=step.words)
            yield Held(CONTACT, step.step_words, step.at, told, because=(RESTRICTION,))
    for letter in RestrictionLetter.objects.filter(restriction__in=known).order_by("pk"):
        told = fields_of(to=letter.to_name, address=letter.to_address, words=letter.body)
        yield Held(CONTACT, "Letter to them", letter.issued_at, told)


def _elsewhere(person: Customer, reader: User) -> Iterator[Held]:
    """Yield what has their e-mail address and belongs to nothing of theirs."""
    if not person.email or not reader.has_role(Role.COMPLAINTS_COORDINATOR):
        return
    waiting = InboundMail.objects.filter(
        sender__iexact=person.email, complaint__isnull=True, request__isnull=True
    )
    for mail in waiting.order_by("pk"):
        yield _mail(mail, person, ELSEWHERE, BY_ADDRESS)
    for form in Submission.objects.in_quarantine().open_to(reader).order_by("pk"):
        if person.email.casefold() in _words_of(form).casefold():
            yield form_as_sent(form, ELSEWHERE, BY_ADDRESS)


def _words_of(form: Submission) -> str:
    return "\n".join(str(row) for part in form.as_sent for row in part.get("rows", ()))


def _asked_for(person: Customer) -> Iterator[Held]:
    for each in HeldRequest.objects.filter(customer=person).order_by("pk"):
        fields = fields_of(
            who=each.identity,
            answer_by=each.answer_by,
            became=each.outcome_words,
            words=each.ended_words,
        )
        title = "They asked for what is held of them"
        yield Held(PARTICULARS, title, each.received_on, fields)


def requests_known_to(reader: User) -> HeldRequestQuerySet:
    """Return the requests of the customers of whom a reader may know."""
    return HeldRequest.objects.filter(customer__in=customers_known_to(reader))
