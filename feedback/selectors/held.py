"""Everything that is held of somebody, as far as one colleague may read it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

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
from cases.selectors.known_customers import customers_known_to
from cases.selectors.restrictions import are_kept_from, restrictions_known_to
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
    RESTRICTION,
    Addresses,
    Held,
    fields_of,
    looking_for,
    spellings_of,
)
from feedback.selectors.held_case import Theirs, firms, others_in, theirs
from feedback.selectors.held_complaints import form_as_sent, held_in, how_judged
from feedback.selectors.held_elsewhere import (
    elsewhere,
    mail_with_files,
    receipts,
    waiting_forms,
    waiting_mails,
)
from feedback.selectors.held_post import held_file

PARTICULARS = "What is known of them"
REMARKS = "Compliments and suggestions"
REQUESTS = "Requests that are no complaints"
CONTACT = "Restrictions of contact"


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
    person: Customer, complaints: Sequence[Complaint], *, reader: User, today: date
) -> list[Held]:
    """Return all that is held of somebody, each looked through for somebody else.

    Some twenty-five queries, and some thirty for each complaint. Nothing that was begun on the
    public form and never sent is found by anybody but whoever began it; figures lead to nobody.
    """
    addresses = _addresses(person, complaints)
    cases = [
        theirs(each, person, addresses=addresses, reader=reader, today=today) for each in complaints
    ]
    requests = list(_requests_of(person, reader))
    mails = [mail for each in requests for mail in each.mails.all()]
    found = [
        *_particulars(person, cases, reader),
        *(each for case in cases for each in held_in(case)),
        *_requests(requests, addresses),
        *_remarks(person, reader),
        *receipts(person, addresses, reader),
        *_restrictions(person, reader),
        *elsewhere(person, addresses, reader),
        *_asked_for(person),
    ]
    look = looking_for(
        others_in(cases, person, addresses, mails),
        own=_own(person),
        known=_ours(),
        firms=firms(),
    )
    return [look(each) for each in found]


def told_beside(person: Customer, reader: User) -> dict[str, list[int]]:
    """Return of what a copy for a reader tells beside complaints: the keys of each kind."""
    rows: dict[str, QuerySet[Any]] = {
        "restrictions": restrictions_known_to(reader).filter(customer=person),
        "remarks": _remarks_of(person, reader),
        "requests": _requests_of(person, reader),
        "mails": waiting_mails(_addresses(person, ()), reader),
        "forms": waiting_forms(person, reader),
    }
    if person.restricted_contact and not are_kept_from(reader, person):
        rows["contact"] = Customer.objects.filter(pk=person.pk)
    return {name: sorted(found.values_list("pk", flat=True)) for name, found in rows.items()}


def are_still_known(told: Mapping[str, Collection[int]], person: Customer, reader: User) -> bool:
    """Say whether a reader may still know of all that a copy of theirs tells beside complaints."""
    if told.get("contact") and are_kept_from(reader, person):
        return False
    known: dict[str, QuerySet[Any]] = {
        "restrictions": restrictions_known_to(reader),
        "remarks": Remark.objects.visible_to(reader),
        "requests": ServiceRequest.objects.visible_to(reader),
        "mails": InboundMail.objects.visible_to(reader),
        "forms": Submission.objects.open_to(reader),
    }
    return all(
        rows.filter(pk__in=told.get(name, ())).values("pk").distinct().count()
        == len(told.get(name, ()))
        for name, rows in known.items()
    )


def _addresses(person: Customer, complaints: Sequence[Complaint]) -> Addresses:
    """Return the e-mail addresses of somebody: now, before, and as a form of theirs gave one."""
    changes = CustomerChange.objects.filter(customer=person).order_by("pk")
    before = {old for each in changes for what, old, _ in each.lines if what == "E-mail"}
    forms = Customer.objects.filter(
        replaced_in__complaint__in=[each.pk for each in complaints if each.customer_id == person.pk]
    )
    return Addresses(person.email, frozenset({*before, *forms.values_list("email", flat=True)}))


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


def _particulars(person: Customer, cases: Iterable[Theirs], reader: User) -> Iterator[Held]:
    yield Held(PARTICULARS, "Now", fields=_of_customer(person))
    if person.restricted_contact and not are_kept_from(reader, person):
        limits = fields_of(restricted_contact=person.restricted_contact)
        yield Held(CONTACT, "How their contact is restricted", None, limits, because=(RESTRICTION,))
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
        known_since=person.created_at,
    )


def _requests_of(person: Customer, reader: User) -> QuerySet[ServiceRequest]:
    found = ServiceRequest.objects.visible_to(reader).filter(customer=person)
    return found.prefetch_related("mails__files__file").order_by("pk")


def _requests(requests: Iterable[ServiceRequest], addresses: Addresses) -> Iterator[Held]:
    for each in requests:
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
            yield from mail_with_files(mail, addresses, REQUESTS)


def _remarks_of(person: Customer, reader: User) -> QuerySet[Remark]:
    return Remark.objects.visible_to(reader).filter(customer=person).order_by("pk")


def _remarks(person: Customer, reader: User) -> Iterator[Held]:
    remarks = list(_remarks_of(person, reader).select_related("submission", "service_area"))
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
            yield from how_judged(form, REMARKS)
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
