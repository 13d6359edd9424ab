"""Rows of the tables with words that the world of the permissions has none of."""

from datetime import timedelta

from django.db.models import Model

from cases.models import (
    ApiKey,
    BankHoliday,
    CalendarEdition,
    Closure,
    CustomerChange,
    DeclaredInterest,
    Dispatch,
    InboundMail,
    JointComplainant,
    Letter,
    LetterDraft,
    LetterProposal,
    ListExport,
    SavedView,
    SettingsChange,
    TranslatedText,
    Webhook,
    WebhookDelivery,
)
from cases.models.settings_changes import Thing
from complaints_site.tests.permissions.world import NOW, TODAY, World
from feedback.models import Draft, HeldRequest, Remark, RemarkLetter, Sighting, SurveyAnswer
from feedback.rules.kinds import Decision
from reporting.models import ProvisionAnswer, ReportLine, WeeklyReport

WORDS = "Words to begin with."


def add_rows(world: World) -> None:
    """Give each column that nobody has written into yet a row in which they might."""
    own, team = world.complaints["own"], world.complaints["team"]
    by = world.people["second coordinator"]
    letter = Letter.objects.filter(complaint=own).earliest("pk")
    _write_of_the_landlord(world)
    customer = own.customer
    CustomerChange.objects.create(customer=customer, at=NOW, changes=[["name", WORDS, "Agnes"]])
    HeldRequest.objects.create(
        customer=customer,
        received_on=TODAY,
        answer_by=TODAY + timedelta(days=30),
        identity=WORDS,
        recorded_at=NOW,
        recorded_by=by,
        outcome="refused",
        ended_on=TODAY,
        ended_words=WORDS,
        ended_at=NOW,
        ended_by=by,
    )
    JointComplainant.objects.create(complaint=own, customer=team.customer)
    DeclaredInterest.objects.create(
        user=by, relation="My brother", name="Somebody", declared_at=NOW
    )
    typed = {"letter": [WORDS], "reason": [WORDS]}
    stay = {"complaint": own, "stage": "stage-1", "visit": 1, "typed": typed}
    LetterDraft.objects.create(**stay, act="respond", by=by, saved_at=NOW)
    LetterProposal.objects.create(
        **stay, number=1, act="respond", kind="response", body=WORDS, asked_at=NOW, asked_by=by
    )
    Dispatch.objects.create(
        key="dispatch",
        kind="text",
        complaint=own,
        letter=letter,
        to_phone="07700 900000",
        words=WORDS,
        provider_id=WORDS,
        created_at=NOW,
        next_try_at=NOW,
        last_error=WORDS,
    )
    Letter.objects.filter(pk=letter.pk).update(other_language="cy", other_text="Geiriau.")
    Letter.objects.filter(complaint=world.complaints["service"]).update(channel="post")
    InboundMail.objects.update(refused=[WORDS])
    SavedView.objects.create(owner=world.people["everybody"], name="Mine", query="q=Lift+words")
    ListExport.objects.create(by=by, at=NOW, reason=WORDS, filters="q=Lift+words", rows=1)
    SurveyAnswer.objects.create(
        month=TODAY.replace(day=1), way="post", overall=2, words=WORDS, complaint=own
    )
    _write_of_remarks(world)
    ProvisionAnswer.objects.filter(assessment__published_on=TODAY, provision="6.2").update(
        complies="no", comment=WORDS, evidence=[WORDS]
    )
    for report in WeeklyReport.objects.all():
        ReportLine.objects.create(
            report=report,
            position=1,
            complaint=own,
            reference=own.reference,
            about=WORDS,
            stage=WORDS,
            status=WORDS,
            days=4,
            officer=WORDS,
            next_due=WORDS,
        )


def _write_of_the_landlord(world: World) -> None:
    by = world.people["second coordinator"]
    later = TODAY + timedelta(days=30)
    BankHoliday.objects.create(on=later, name="Coronation Day")
    Closure.objects.create(on=later + timedelta(days=1), name="Moving house")
    CalendarEdition.objects.update(closures={later.isoformat(): "Moving house"})
    TranslatedText.objects.create(
        key="category-damp",
        language="cy",
        english="Damp",
        words="Lleithder",
        changed_at=NOW,
        changed_by=by,
    )
    hook = Webhook.objects.create(
        key=ApiKey.objects.get(),
        url="https://hooks.example.org/",
        locked_secret="locked",
        made_at=NOW,
        made_by=by,
    )
    event = world.complaints["own"].events.first()
    WebhookDelivery.objects.create(
        webhook=hook, event=event, next_try_at=NOW, last_error=WORDS, state="undeliverable"
    )
    for thing in Thing:
        SettingsChange.objects.create(
            at=NOW, by=by, thing=thing.value, name=WORDS, act="changed", changes=[[WORDS] * 3]
        )


def _write_of_remarks(world: World) -> None:
    by = world.people["second coordinator"]
    decided: dict[type[Model], dict[str, object]] = {
        Remark: {
            "decision": next(iter(Decision)).value,
            "answer": WORDS,
            "decided_on": TODAY,
            "decided_by": by,
        },
        RemarkLetter: {"other_language": "cy", "other_text": "Geiriau."},
    }
    for table, changes in decided.items():
        table._default_manager.update(**changes)
    for remark in Remark.objects.all():
        Sighting.objects.create(remark=remark, place="the page", words=WORDS, at=NOW)
    for draft in Draft.objects.all():
        draft.answers["what-happened"] = {"words": [WORDS]}
        draft.save()
