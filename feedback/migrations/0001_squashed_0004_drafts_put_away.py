"""Every table at once, for a new database: what the steps named below come to.

The steps stay for databases that have only gone some of them. What they did to rows is not here,
because a new database has none.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cases.rules.references
import feedback.models.drafts


class Migration(migrations.Migration):
    replaces = [
        ("feedback", "0001_initial"),
        ("feedback", "0002_lessons"),
        ("feedback", "0003_surveys"),
        ("feedback", "0004_drafts_put_away"),
    ]

    initial = True

    dependencies = [
        ("cases", "0037_dispatch_mark"),
        ("cases", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                (
                    "key",
                    models.CharField(
                        default=feedback.models.drafts.new_key, max_length=32, unique=True
                    ),
                ),
                ("answers", models.JSONField(default=dict)),
                ("source", models.CharField(max_length=64)),
                ("began_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("code_hash", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["changed_at"], name="feedback_draft_by_change"),
                    models.Index(
                        condition=models.Q(("code_hash", ""), _negated=True),
                        fields=["code_hash"],
                        name="feedback_draft_put_away",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=40, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("channel", models.CharField(max_length=40)),
                ("received_on", models.DateField()),
                ("words", models.TextField()),
                ("regarding", models.TextField(blank=True)),
                ("logged_at", models.DateTimeField()),
                ("acknowledge_by", models.DateField(blank=True, null=True)),
                ("acknowledged_on", models.DateField(blank=True, null=True)),
                ("acknowledged_how", models.CharField(blank=True, max_length=20)),
                ("alerted_at", models.DateTimeField(blank=True, null=True)),
                ("decision", models.CharField(blank=True, max_length=20)),
                ("answer", models.TextField(blank=True)),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("answered_how", models.CharField(blank=True, max_length=20)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="was_remark",
                        to="cases.complaint",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="cases.customer",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "logged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service_area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="cases.servicearea",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-received_on", "-id"], name="feedback_remark_by_receipt"),
                    models.Index(
                        condition=models.Q(
                            ("acknowledged_on__isnull", True), ("complaint__isnull", True)
                        ),
                        fields=["acknowledge_by"],
                        name="feedback_remark_to_thank",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["compliment", "suggestion"])),
                        name="feedback_remark_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("acknowledged_how__in", ["email", "post", "phone", "in_person", ""])
                        ),
                        name="feedback_remark_acknowledged_how_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_how__in", ["email", "post", "phone", "in_person", ""])
                        ),
                        name="feedback_remark_answered_how_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decision__in", ["taken_up", "partly", "not_taken_up", ""])
                        ),
                        name="feedback_remark_decision_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("acknowledged_by__isnull", True), ("acknowledged_on__isnull", True)
                            ),
                            models.Q(
                                ("acknowledged_by__isnull", False),
                                ("acknowledged_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="feedback_remark_acknowledged_on_with_acknowledged_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by__isnull", True), ("decided_on__isnull", True)),
                            models.Q(("decided_by__isnull", False), ("decided_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="feedback_remark_decided_on_with_decided_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledged_how", ""), ("acknowledged_on__isnull", True)),
                            models.Q(
                                ("acknowledged_on__isnull", False),
                                models.Q(("acknowledged_how", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="feedback_remark_acknowledged_somehow",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", ""),
                                ("answered_how", ""),
                                ("decided_on__isnull", True),
                                ("decision", ""),
                            ),
                            models.Q(
                                ("decided_on__isnull", False),
                                models.Q(("decision", ""), _negated=True),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="feedback_remark_decided_with_an_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "suggestion"), ("decided_on__isnull", True), _connector="OR"
                        ),
                        name="feedback_remark_only_suggestions_are_decided",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PassedOn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks_received",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "remark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passed_on",
                        to="feedback.remark",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "passed on",
                "constraints": [
                    models.UniqueConstraint(fields=("remark", "to"), name="feedback_passedon_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RemarkLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("purpose", models.CharField(max_length=20)),
                ("channel", models.CharField(max_length=20)),
                ("to_name", models.CharField(max_length=200)),
                ("to_address", models.TextField(blank=True)),
                ("letter_format", models.CharField(max_length=20)),
                ("body", models.TextField()),
                ("issued_at", models.DateTimeField()),
                ("posted_on", models.DateField(blank=True, null=True)),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.outboundmessage",
                    ),
                ),
                (
                    "posted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "remark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="feedback.remark",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("channel", "post"), ("posted_on__isnull", True)),
                        fields=["issued_at"],
                        name="feedback_letter_to_post",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("remark", "purpose"), name="feedback_remarkletter_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("posted_by__isnull", True), ("posted_on__isnull", True)),
                            models.Q(("posted_by__isnull", False), ("posted_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="feedback_remarkletter_posted_on_with_posted_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=32, unique=True)),
                ("token_hash", models.CharField(db_index=True, max_length=64)),
                ("reference", models.CharField(max_length=40, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("received_at", models.DateTimeField()),
                ("received_on", models.DateField()),
                ("as_sent", models.JSONField()),
                ("told", models.JSONField(default=dict)),
                ("state", models.CharField(max_length=20)),
                ("signs", models.JSONField(default=list)),
                ("text_hash", models.CharField(max_length=64)),
                ("source", models.CharField(blank=True, max_length=64)),
                ("email_hash", models.CharField(blank=True, max_length=64)),
                ("receipt_queued", models.BooleanField(default=False)),
                ("expects_answer", models.BooleanField(help_text="They left a way to reach them.")),
                ("review_by", models.DateField(blank=True, null=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("chased_at", models.DateTimeField(blank=True, null=True)),
                ("matching", models.CharField(default="not_needed", max_length=20)),
                (
                    "about",
                    models.ManyToManyField(
                        blank=True, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "complaint",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submission",
                        to="cases.complaint",
                    ),
                ),
                (
                    "remark",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submission",
                        to="feedback.remark",
                    ),
                ),
                (
                    "replaced_customer",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_in",
                        to="cases.customer",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["received_at"], name="feedback_submission_received"),
                    models.Index(
                        fields=["source", "received_at"], name="feedback_submission_source"
                    ),
                    models.Index(
                        fields=["email_hash", "received_at"], name="feedback_submission_email"
                    ),
                    models.Index(
                        fields=["text_hash", "received_at"], name="feedback_submission_words"
                    ),
                    models.Index(
                        condition=models.Q(("state", "quarantined")),
                        fields=["review_by", "id"],
                        name="feedback_submission_to_review",
                    ),
                    models.Index(
                        condition=models.Q(("matching", "waiting")),
                        fields=["id"],
                        name="feedback_submission_to_match",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["complaint", "compliment", "suggestion"])),
                        name="feedback_submission_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["accepted", "quarantined", "released", "abuse"])
                        ),
                        name="feedback_submission_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("matching__in", ["not_needed", "waiting", "same", "new"])
                        ),
                        name="feedback_submission_matching_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at__isnull", True), ("reviewed_by__isnull", True)),
                            models.Q(
                                ("reviewed_at__isnull", False), ("reviewed_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="feedback_submission_reviewed_at_with_reviewed_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("complaint__isnull", False),
                                ("remark__isnull", True),
                                ("state__in", ["accepted", "released"]),
                            ),
                            models.Q(
                                ("complaint__isnull", True),
                                ("remark__isnull", False),
                                ("state__in", ["accepted", "released"]),
                            ),
                            models.Q(
                                ("complaint__isnull", True),
                                ("remark__isnull", True),
                                ("state__in", ["quarantined", "abuse"]),
                            ),
                            _connector="OR",
                        ),
                        name="feedback_submission_became_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("review_by__isnull", False),
                                ("reviewed_at__isnull", True),
                                ("state", "quarantined"),
                            ),
                            models.Q(
                                ("review_by__isnull", True),
                                ("reviewed_at__isnull", True),
                                ("state", "accepted"),
                            ),
                            models.Q(
                                ("review_by__isnull", False),
                                ("reviewed_at__isnull", False),
                                ("state__in", ["released", "abuse"]),
                            ),
                            _connector="OR",
                        ),
                        name="feedback_submission_reviewed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("matching", "same"), ("replaced_customer__isnull", False)),
                            models.Q(
                                models.Q(("matching", "same"), _negated=True),
                                ("replaced_customer__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="feedback_submission_same_as_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "abuse"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="feedback_submission_abuse_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=64)),
                ("added_at", models.DateTimeField()),
                (
                    "draft",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="feedback.draft",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="form_file",
                        to="cases.storedfile",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="feedback.submission",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["source", "added_at"], name="feedback_formfile_source")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("draft__isnull", True), ("submission__isnull", False)),
                            models.Q(("draft__isnull", False), ("submission__isnull", True)),
                            _connector="OR",
                        ),
                        name="feedback_formfile_of_one_form",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("you_said", models.CharField(max_length=300)),
                ("we_did", models.TextField(max_length=800)),
                ("written_at", models.DateTimeField()),
                ("published_on", models.DateField(blank=True, null=True)),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "remark",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lessons",
                        to="feedback.remark",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("published_on__isnull", False), ("withdrawn_on__isnull", True)
                        ),
                        fields=["-published_on", "-id"],
                        name="feedback_lesson_shown",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("published_by__isnull", True), ("published_on__isnull", True)
                            ),
                            models.Q(
                                ("published_by__isnull", False), ("published_on__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="feedback_lesson_published_on_with_published_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_by__isnull", True), ("withdrawn_on__isnull", True)
                            ),
                            models.Q(
                                ("withdrawn_by__isnull", False), ("withdrawn_on__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="feedback_lesson_withdrawn_on_with_withdrawn_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_on__isnull", True),
                            ("published_on__isnull", False),
                            _connector="OR",
                        ),
                        name="feedback_lesson_withdrawn_once_published",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EqualityCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("half_year", models.DateField()),
                ("characteristic", models.CharField(max_length=40)),
                ("answer", models.CharField(max_length=40)),
                ("number", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("half_year", "characteristic", "answer"),
                        name="feedback_equalitycount_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("begun_at", models.DateTimeField()),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("first_day", "last_day"), name="feedback_surveyround_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="feedback_surveyround_days_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=cases.rules.references.new_reference,
                        editable=False,
                        max_length=12,
                        unique=True,
                    ),
                ),
                ("way", models.CharField(max_length=20)),
                ("asked_at", models.DateTimeField()),
                ("posted_on", models.DateField(blank=True, null=True)),
                ("is_answered", models.BooleanField(default=False)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surveys",
                        to="cases.complaint",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.outboundmessage",
                    ),
                ),
                (
                    "posted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="feedback.surveyround",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("is_answered", False), ("posted_on__isnull", True), ("way", "post")
                        ),
                        fields=["id"],
                        name="feedback_survey_to_post",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["email", "post", "phone", "none"])),
                        name="feedback_surveyrequest_way_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("posted_by__isnull", True), ("posted_on__isnull", True)),
                            models.Q(("posted_by__isnull", False), ("posted_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="feedback_surveyrequest_posted_on_with_posted_by",
                    ),
                    models.UniqueConstraint(
                        fields=("complaint", "round"), name="feedback_surveyrequest_once_a_round"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("round__isnull", True)),
                        fields=("complaint",),
                        name="feedback_surveyrequest_once_closed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("way", models.CharField(max_length=20)),
                ("overall", models.PositiveSmallIntegerField()),
                ("easy", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("informed", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("listened", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("outcome", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("words", models.TextField(blank=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey_answers",
                        to="cases.complaint",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="feedback.surveyround",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["month"], name="feedback_answer_by_month")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["email", "post", "phone", "none"])),
                        name="feedback_surveyanswer_way_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("overall__in", (5, 4, 3, 2, 1)),
                            models.Q(
                                ("easy__isnull", True),
                                ("easy__in", (5, 4, 3, 2, 1)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("informed__isnull", True),
                                ("informed__in", (5, 4, 3, 2, 1)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("listened__isnull", True),
                                ("listened__in", (5, 4, 3, 2, 1)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("outcome__isnull", True),
                                ("outcome__in", (5, 4, 3, 2, 1)),
                                _connector="OR",
                            ),
                        ),
                        name="feedback_surveyanswer_scores",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)),
                        name="feedback_surveyanswer_of_a_month",
                    ),
                ],
            },
        ),
    ]
