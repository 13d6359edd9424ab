"""What is held of somebody in a complaint of theirs, as far as one colleague may read it."""

from collections.abc import Iterator, Mapping

from django.db.models import Case, Count, F, Value, When

from cases.models import (
    CaseLook,
    InformationRequest,
    LetterDraft,
    LetterProposal,
    Look,
    TrackingCode,
    TrackingVisit,
)
from feedback.models import Submission, SurveyAnswer, SurveyRequest
from feedback.rules.abuse import Sign
from feedback.rules.held import AMONG_COLLEAGUES, JOINT, SOMEBODY_ELSES, Held, fields_of
from feedback.rules.surveys import QUESTIONS
from feedback.selectors.held_case import Theirs
from feedback.selectors.held_post import files, letters, mails, messages


def held_in(case: Theirs) -> Iterator[Held]:
    """Yield everything in a complaint that is held of somebody. Some twenty queries."""
    yield _complaint(case)
    yield from _forms(case)
    yield from _story(case)
    yield from letters(case)
    yield from messages(case)
    yield from mails(case)
    yield from files(case)
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
    """Yield the form: to whoever sent it it tells nothing new, whoever else complains too."""
    for each in Submission.objects.filter(complaint=case.complaint):
        yield form_as_sent(each, case.section, *((JOINT, *case.closed) if case.is_joint else ()))
        yield from how_judged(each, case.section, *case.closed)


def how_judged(form: Submission, section: str, *because: str) -> Iterator[Held]:
    """Yield what stood out about a form, and why a colleague let it through or did not."""
    signs = [Sign(code).words for code in form.signs]
    if told := fields_of(stood_out=signs, why=form.reason):
        on = form.reviewed_at or form.received_at
        title = "How their form was judged"
        yield Held(section, title, on, told, because=(AMONG_COLLEAGUES, *because))


def form_as_sent(form: Submission, section: str, *because: str) -> Held:
    """Return a form as it was sent."""
    fields = tuple(
        (str(row[0]), str(row[1])) for part in form.as_sent for row in part.get("rows", ())
    )
    return Held(section, "The form as it was sent", form.received_at, fields, because=because)


def _story(case: Theirs) -> Iterator[Held]:
    """Yield every entry: what is among colleagues apart from what the customer may have."""
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
            yield case.held(title, AMONG_COLLEAGUES, on=entry.moment, fields=(*by, *kept))


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

    Who they are is theirs (Court of Justice of the European Union, C-579/21). Programs are named:
    another system of the landlord's is nobody's secret.
    """
    program = Case(When(user__is_program=True, then=F("user__name")), default=Value(""))
    rows = CaseLook.objects.filter(complaint=case.complaint).annotate(program=program)
    counts = rows.values("day", "what", "program").annotate(number=Count("user", distinct=True))
    for each in counts.order_by("day", "what", "program"):
        what, program_name = Look(each["what"]), each["program"]
        done = "Opened" if what is Look.OPENED else f"Taken ({what.label})"
        if program_name:
            fields = fields_of(program=program_name)
            yield case.held(f"{done} by a program", on=each["day"], fields=fields)
        else:
            fields = fields_of(colleagues=each["number"])
            yield case.held(f"{done} by colleagues", on=each["day"], fields=fields)
