"""Writing a self-assessment, freezing it with its evidence, and publishing it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import Landlord, Thing, User
from cases.operations.settings_changes import check_seen, moved, note_change
from cases.rules.periods import london_day
from reporting.models import ProvisionAnswer, SelfAssessment
from reporting.rules.code_provisions import Complies, the_code
from reporting.rules.reporting_years import ReportingYear

LONGEST_COMMENT = 2_000


def answer_key(assessment: SelfAssessment, provision: str) -> str:
    """Return by which key the changes of an answer are found among those of the landlord."""
    return f"{_key(assessment)}-{provision}"


def _key(assessment: SelfAssessment) -> str:
    return f"assessment-{assessment.year}-{assessment.edition}"


@transaction.atomic
def begin_assessment(*, year: ReportingYear, by: User, now: datetime) -> SelfAssessment:
    """Begin an assessment of a year, with the answers of the last one to go on from.

    :raises ActionNotAllowed: if one is being written already, or the year has not begun.
    """
    # The landlord is one row: who holds it begins alone.
    Landlord.objects.select_for_update().first()
    if year.first > london_day(now):
        raise ActionNotAllowed(f"{year} has not begun.")
    if SelfAssessment.objects.filter(frozen_on__isnull=True).exists():
        raise ActionNotAllowed("One is being written already. Freeze that first.")
    last = SelfAssessment.objects.order_by("-begins", "-edition").first()
    edition = SelfAssessment.objects.filter(begins=year.begins).count() + 1
    begun = SelfAssessment.objects.create(
        begins=year.begins, edition=edition, started_on=london_day(now)
    )
    before = {each.provision: each for each in last.answers.all()} if last else {}
    ProvisionAnswer.objects.bulk_create(
        ProvisionAnswer(
            assessment=begun,
            provision=number,
            complies=before[number].complies if number in before else "",
            comment=before[number].comment if number in before else "",
        )
        for number in the_code().provisions
    )
    note_change(
        thing=Thing.LANDLORD,
        act="Self-assessment begun",
        by=by,
        now=now,
        key=_key(begun),
        name=f"Self-assessment {begun}",
    )
    return begun


@transaction.atomic
def answer_provision(
    *,
    assessment_id: int,
    provision: str,
    complies: Complies,
    comment: str,
    by: User,
    now: datetime,
    seen: int | None,
) -> ProvisionAnswer:
    """Say whether the landlord keeps to a provision, and what shows it or what is missing.

    :raises ActionNotAllowed: if the assessment is frozen.
    :raises SettingChanged: if somebody changed the answer since `seen`.
    :raises ReasonMissing: if it does not, and it is not said why and by when it will.
    """
    assessment = _open(assessment_id)
    key = answer_key(assessment, provision)
    check_seen(thing=Thing.LANDLORD, key=key, seen=seen)
    if complies is Complies.NO and not comment.strip():
        raise ReasonMissing("Say why not, and by which day you will.")
    answer = ProvisionAnswer.objects.get(assessment=assessment_id, provision=provision)
    was = Complies(answer.complies).words if answer.complies else None
    changes = [
        *moved("Kept to", was, complies.words),
        *moved("Comment", answer.comment, comment.strip()),
    ]
    if changes:
        answer.complies, answer.comment = complies.value, comment.strip()
        answer.save(update_fields=["complies", "comment"])
        note_change(
            thing=Thing.LANDLORD,
            act="Self-assessment answered",
            by=by,
            now=now,
            key=key,
            name=f"Self-assessment {assessment}, {provision}",
            changes=changes,
        )
    return answer


@transaction.atomic
def freeze_assessment(
    *, assessment_id: int, evidence: Mapping[str, Sequence[str]], by: User, now: datetime
) -> SelfAssessment:
    """Let it stand as it is, with what the record shows today beside each answer.

    :raises ActionNotAllowed: if it is frozen already, or a provision has no answer yet.
    """
    assessment = _open(assessment_id)
    # In the order of the Code, in which they were made.
    answers = list(assessment.answers.order_by("pk"))
    missing = [each.provision for each in answers if not each.complies]
    if missing:
        raise ActionNotAllowed(
            f"{len(missing)} provision{'s have' if len(missing) > 1 else ' has'} no answer yet, "
            f"the first is {missing[0]}."
        )
    for answer in answers:
        answer.evidence = list(evidence.get(answer.provision, ()))
    ProvisionAnswer.objects.bulk_update(answers, ["evidence"])
    assessment.frozen_on, assessment.frozen_by = london_day(now), by
    assessment.save(update_fields=["frozen_on", "frozen_by"])
    return assessment


@transaction.atomic
def publish_assessment(*, assessment_id: int, by: User, now: datetime) -> SelfAssessment:
    """Let everybody read it.

    :raises ActionNotAllowed: if it is not frozen, or published already.
    """
    assessment = SelfAssessment.objects.select_for_update().get(pk=assessment_id)
    if assessment.frozen_on is None:
        raise ActionNotAllowed("Freeze it first: what is published does not change any more.")
    if assessment.published_on is not None:
        raise ActionNotAllowed("It is published already.")
    assessment.published_on, assessment.published_by = london_day(now), by
    assessment.save(update_fields=["published_on", "published_by"])
    return assessment


def _open(assessment_id: int) -> SelfAssessment:
    assessment = SelfAssessment.objects.select_for_update().get(pk=assessment_id)
    if assessment.frozen_on is not None:
        raise ActionNotAllowed("It is frozen, so it does not change any more. Begin another one.")
    return assessment
