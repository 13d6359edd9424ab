"""Every table at once, for a new database: what the steps named below come to.

The steps stay for databases that have only gone some of them. What they did to rows is not here,
because a new database has none.
"""

import uuid

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import cases.models.calendar_feeds
import cases.models.information
import cases.models.interests
import cases.models.people
import cases.models.proposed_roles
import cases.models.restrictions
import cases.models.search
import cases.rules.customers


class Migration(migrations.Migration):
    replaces = [
        ("cases", "0001_initial"),
        ("cases", "0002_documents"),
        ("cases", "0003_points_of_complaint"),
        ("cases", "0004_letter_easy_read"),
        ("cases", "0005_promises"),
        ("cases", "0006_calendar_feeds"),
        ("cases", "0007_file_scan"),
        ("cases", "0008_people_around_the_case"),
        ("cases", "0009_information_requests"),
        ("cases", "0010_compensation_and_outside"),
        ("cases", "0011_answers_by_day"),
        ("cases", "0012_papers_and_evidence"),
        ("cases", "0013_messages_to_customers"),
        ("cases", "0014_saved_views"),
        ("cases", "0015_search_by_topic"),
        ("cases", "0016_inbound_mail"),
        ("cases", "0017_contact_restrictions"),
        ("cases", "0018_letter_drafts_and_delays"),
        ("cases", "0019_declared_interests"),
        ("cases", "0020_consent_links"),
        ("cases", "0021_second_looks"),
        ("cases", "0022_covering_indexes"),
        ("cases", "0023_letter_templates_and_languages"),
        ("cases", "0024_links_between_complaints"),
        ("cases", "0025_presence"),
        ("cases", "0026_shortcuts"),
        ("cases", "0027_one_link_between_two"),
        ("cases", "0028_drafts_of_a_stay"),
        ("cases", "0029_covers"),
        ("cases", "0030_customer_care"),
        ("cases", "0031_look_of_the_landlord"),
        ("cases", "0032_following_on_the_web"),
        ("cases", "0033_complaint_given_on"),
        ("cases", "0034_surveys"),
        ("cases", "0035_letter_approvals"),
        ("cases", "0036_dispatches"),
        ("cases", "0037_dispatch_mark"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Anchor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True)),
                ("events", models.PositiveIntegerField()),
                ("previous_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="BankHoliday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(unique=True)),
                ("name", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_retired", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name_plural": "categories",
            },
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(unique=True)),
                ("name", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("last_started_at", models.DateTimeField(blank=True, null=True)),
                ("last_ended_at", models.DateTimeField(blank=True, null=True)),
                ("last_success_at", models.DateTimeField(blank=True, null=True)),
                ("last_result", models.CharField(blank=True, max_length=200)),
                ("last_error", models.CharField(blank=True, max_length=300)),
                ("failures_in_a_row", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Procedure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "code",
                    models.CharField(
                        default=cases.models.people.new_code,
                        editable=False,
                        max_length=10,
                        unique=True,
                    ),
                ),
                (
                    "email",
                    models.EmailField(max_length=254, unique=True, verbose_name="e-mail address"),
                ),
                ("name", models.CharField(max_length=120)),
                ("job_title", models.CharField(blank=True, max_length=120)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("is_active", models.BooleanField(default=True)),
                ("is_superuser", models.BooleanField(default=False)),
                ("invited_at", models.DateTimeField(blank=True, null=True)),
                ("left_on", models.DateField(blank=True, null=True)),
                ("uses_shortcuts", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        django.db.models.functions.text.Lower("name"), name="cases_user_name"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_on__isnull", True), ("is_active", False), _connector="OR"
                        ),
                        name="cases_user_leaver_cannot_sign_in",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Customer",
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
                        default=cases.rules.customers.new_customer_code,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("category", models.CharField(max_length=40)),
                ("address", models.TextField(blank=True)),
                ("postcode", models.CharField(blank=True, max_length=12)),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
                ),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("preferred_channel", models.CharField(default="post", max_length=40)),
                ("letter_format", models.CharField(default="standard", max_length=20)),
                ("language", models.CharField(blank=True, max_length=40)),
                (
                    "needs",
                    models.TextField(
                        blank=True, help_text="Adjustments: ring first, text relay, signer."
                    ),
                ),
                ("is_vulnerable", models.BooleanField(default=False)),
                ("email_unsafe", models.BooleanField(default=False)),
                ("phone_unsafe", models.BooleanField(default=False)),
                ("post_unsafe", models.BooleanField(default=False)),
                ("is_double", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("restricted_contact", models.TextField(blank=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        django.db.models.functions.text.Lower("name"), name="cases_customer_name"
                    ),
                    models.Index(
                        django.db.models.functions.text.Lower("email"), name="cases_customer_email"
                    ),
                    models.Index(fields=["postcode"], name="cases_customer_postcode"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "letter_format__in",
                                [
                                    "standard",
                                    "large_print",
                                    "giant_print",
                                    "easy_read",
                                    "braille",
                                    "audio",
                                ],
                            )
                        ),
                        name="cases_customer_letter_format_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="JobSlot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("job", models.CharField(max_length=60)),
                ("slot", models.CharField(max_length=40)),
                ("done_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("job", "slot"), name="cases_jobslot_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Landlord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("nation", models.CharField(max_length=30)),
                ("telephone", models.CharField(blank=True, max_length=40)),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
                ),
                ("address", models.TextField(blank=True)),
                ("website", models.URLField(blank=True)),
                ("opening_hours", models.CharField(blank=True, max_length=200)),
                ("emergency_telephone", models.CharField(blank=True, max_length=40)),
                ("logo", models.BinaryField(blank=True, null=True)),
                ("logo_type", models.CharField(blank=True, max_length=40)),
                ("logo_mark", models.CharField(blank=True, max_length=16)),
                ("alerts_from_hour", models.PositiveSmallIntegerField(default=8)),
                ("alerts_until_hour", models.PositiveSmallIntegerField(default=18)),
                (
                    "award_guidance",
                    models.TextField(
                        blank=True,
                        default="No heating and no hot water: £15 a day\nNo heating, or no hot water: £8 a day\nNo power: £10 a day\nNo lighting: £10 a week\nMissed appointment: £15 each",
                    ),
                ),
                ("award_limits", models.JSONField(blank=True, default=dict)),
                (
                    "jargon",
                    models.TextField(
                        blank=True,
                        default="advise: tell\ncommence: begin\nendeavour: try\nin respect of: about\nliaise: talk\noperative: worker\nprior to: before\npursuant to: under\nremedial works: repairs\nsubsequently: later\nterminate: end\nutilise: use\nvoid: empty home",
                    ),
                ),
                ("care_standards", models.TextField(blank=True)),
                ("care_targets", models.TextField(blank=True)),
                ("action_colour", models.CharField(blank=True, max_length=7)),
                ("brand_colour", models.CharField(blank=True, max_length=7)),
                ("frame_origins", models.TextField(blank=True)),
                ("more_telephones", models.TextField(blank=True)),
                ("offices", models.TextField(blank=True)),
                ("surveys_since", models.DateField(blank=True, null=True)),
                ("approved_letters", models.JSONField(blank=True, default=list)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("nation__in", ["england-and-wales", "scotland", "northern-ireland"])
                        ),
                        name="cases_landlord_nation_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="cases_landlord_only_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("alerts_from_hour__lt", models.F("alerts_until_hour")),
                            ("alerts_until_hour__lte", 24),
                        ),
                        name="cases_landlord_alert_hours",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListExport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=300)),
                (
                    "filters",
                    models.TextField(blank=True, help_text="As in the address of the list."),
                ),
                ("rows", models.PositiveIntegerField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="cases_listexport_by_time")],
            },
        ),
        migrations.CreateModel(
            name="OutsideBodyDetails",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.SlugField(help_text="As in the procedures: ombudsman.", max_length=40),
                ),
                ("from_on", models.DateField()),
                ("name", models.CharField(max_length=120)),
                ("telephone", models.CharField(blank=True, max_length=40)),
                ("website", models.URLField(blank=True)),
                ("address", models.TextField(blank=True)),
                (
                    "words",
                    models.TextField(
                        blank=True, help_text="Anything else a customer needs to know."
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "outside body details",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "from_on"), name="cases_outsidebodydetails_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Adoption",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_on", models.DateField(unique=True)),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adoptions",
                        to="cases.procedure",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProcedureVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "effective_on",
                    models.DateField(
                        help_text="Complaints received from this day on run under it."
                    ),
                ),
                (
                    "terms_words",
                    models.JSONField(help_text="The same mapping as in a procedure file."),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="cases.procedure",
                    ),
                ),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("procedure", "number"), name="cases_procedureversion_number_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at__isnull", True)),
                        fields=("procedure",),
                        name="cases_procedureversion_one_draft",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("path", models.CharField(db_index=True, editable=False, max_length=200)),
                ("is_retired", models.BooleanField(default=False)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="cases.servicearea",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="cases_servicearea_not_its_own_parent",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=40, unique=True)),
                ("register", models.CharField(default="main", max_length=20)),
                ("channel", models.CharField(max_length=40)),
                ("level", models.CharField(default="normal", max_length=20)),
                ("needs_triage", models.BooleanField(default=False)),
                ("summary", models.TextField()),
                ("desired_outcome", models.TextField(blank=True)),
                ("status", models.CharField(max_length=30)),
                ("stage", models.CharField(max_length=40)),
                ("visit", models.PositiveSmallIntegerField(default=1)),
                ("is_open", models.BooleanField(default=True)),
                ("received_on", models.DateField()),
                ("stage_began_on", models.DateField()),
                ("acknowledged_on", models.DateField(blank=True, null=True)),
                ("answered_on", models.DateField(blank=True, null=True)),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("closed_as", models.CharField(blank=True, max_length=30)),
                ("outcome", models.CharField(blank=True, max_length=20)),
                ("panel_decision", models.CharField(blank=True, max_length=20)),
                ("ombudsman_on", models.DateField(blank=True, null=True)),
                ("determined_on", models.DateField(blank=True, null=True)),
                ("next_due_on", models.DateField(blank=True, null=True)),
                ("next_due", models.CharField(blank=True, max_length=40)),
                ("next_due_from", models.DateField(blank=True, null=True)),
                ("next_due_binds", models.CharField(blank=True, max_length=40)),
                ("hearing_on", models.DateField(blank=True, null=True)),
                ("window_until", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=0)),
                ("last_event_at", models.DateTimeField()),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="cases.category",
                    ),
                ),
                (
                    "linked_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="cases.complaint",
                    ),
                ),
                (
                    "logged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints_logged",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "responsible_officer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints_held",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="cases.customer",
                    ),
                ),
                (
                    "procedure_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="cases.procedureversion",
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
                ("promise_due_on", models.DateField(blank=True, null=True)),
                ("given_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["received_on", "id"],
                        name="cases_open_by_receipt",
                    ),
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["responsible_officer", "next_due_on"],
                        name="cases_open_by_officer",
                    ),
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["service_area", "next_due_on"],
                        name="cases_open_by_area",
                    ),
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["logged_by", "next_due_on"],
                        name="cases_open_by_logger",
                    ),
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["next_due_binds", "next_due_on"],
                        name="cases_open_by_bound",
                    ),
                    models.Index(
                        condition=models.Q(("is_open", True), ("needs_triage", True)),
                        fields=["received_on"],
                        name="cases_untriaged",
                    ),
                    models.Index(
                        condition=models.Q(("status", "awaiting_decision")),
                        fields=["stage_began_on"],
                        name="cases_awaiting_decision",
                    ),
                    models.Index(
                        condition=models.Q(("level", "restricted")),
                        fields=["is_open", "received_on"],
                        name="cases_restricted",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("is_open", True), ("responsible_officer__isnull", True)
                        ),
                        fields=["received_on"],
                        name="cases_unassigned",
                    ),
                    models.Index(
                        condition=models.Q(("promise_due_on__isnull", False)),
                        fields=["promise_due_on", "id"],
                        name="cases_by_promise",
                    ),
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["next_due_on", "id"],
                        include=(
                            "level",
                            "service_area",
                            "responsible_officer",
                            "logged_by",
                            "needs_triage",
                            "is_open",
                            "status",
                            "stage",
                            "hearing_on",
                            "next_due_binds",
                            "promise_due_on",
                            "received_on",
                        ),
                        name="cases_open_by_due",
                    ),
                    models.Index(
                        fields=["id"],
                        include=(
                            "level",
                            "service_area",
                            "responsible_officer",
                            "logged_by",
                            "needs_triage",
                            "is_open",
                        ),
                        name="cases_reach",
                    ),
                    models.Index(
                        fields=["received_on", "id"],
                        include=(
                            "level",
                            "service_area",
                            "responsible_officer",
                            "logged_by",
                            "needs_triage",
                            "is_open",
                        ),
                        name="cases_by_receipt",
                    ),
                    models.Index(
                        fields=["closed_on", "id"],
                        include=(
                            "level",
                            "service_area",
                            "responsible_officer",
                            "logged_by",
                            "needs_triage",
                            "is_open",
                        ),
                        name="cases_by_closing",
                    ),
                    models.Index(
                        fields=["answered_on", "id"],
                        include=(
                            "level",
                            "service_area",
                            "responsible_officer",
                            "logged_by",
                            "needs_triage",
                            "is_open",
                            "outcome",
                        ),
                        name="cases_by_answer",
                    ),
                    models.Index(
                        condition=models.Q(("given_on__isnull", False), ("is_open", True)),
                        fields=["responsible_officer", "given_on"],
                        name="cases_open_by_giving",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "received",
                                    "investigating",
                                    "awaiting_decision",
                                    "answered",
                                    "closed",
                                ],
                            )
                        ),
                        name="cases_complaint_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["normal", "sensitive", "restricted"])),
                        name="cases_complaint_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("register__in", ["main", "non_tenant"])),
                        name="cases_complaint_register_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["upheld", "partly_upheld", "not_upheld", ""])
                        ),
                        name="cases_complaint_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("panel_decision__in", ["changed", "upheld", "re-investigate", ""])
                        ),
                        name="cases_complaint_panel_decision_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_as", ""), ("closed_on__isnull", True), ("is_open", True)
                            ),
                            models.Q(
                                ("closed_on__isnull", False),
                                ("is_open", False),
                                models.Q(("closed_as", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_complaint_closed_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("is_open", True), models.Q(("status", "closed"), _negated=True)
                            ),
                            models.Q(("is_open", False), ("status", "closed")),
                            _connector="OR",
                        ),
                        name="cases_complaint_status_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_due", ""), ("next_due_on__isnull", True)),
                            models.Q(
                                ("next_due_on__isnull", False),
                                models.Q(("next_due", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_complaint_next_due_named",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecordedEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("on", models.DateField(help_text="The day it happened, in London.")),
                (
                    "at",
                    models.DateTimeField(
                        blank=True, help_text="The instant, where known.", null=True
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("stage", models.CharField(blank=True, max_length=40)),
                ("visit", models.PositiveSmallIntegerField(default=0)),
                ("facts", models.JSONField(default=dict)),
                ("words_hash", models.CharField(blank=True, max_length=64)),
                ("previous_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="cases.complaint",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["recorded_at", "id"], name="cases_event_by_recording"),
                    models.Index(fields=["actor", "id"], name="cases_event_by_actor"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("complaint", "number"), name="cases_recordedevent_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "received",
                                    "received_by_team",
                                    "logged",
                                    "acknowledged",
                                    "contacted",
                                    "manager_contacted",
                                    "resolved",
                                    "passed_on",
                                    "responded",
                                    "delivered",
                                    "escalation_requested",
                                    "escalation_accepted",
                                    "escalation_refused",
                                    "window_extended",
                                    "agreed_date",
                                    "extended",
                                    "hearing_arranged",
                                    "invitation_sent",
                                    "papers_sent",
                                    "hearing_held",
                                    "outcome_sent",
                                    "withdrawn",
                                    "closed",
                                    "reopened",
                                    "referred_to_ombudsman",
                                    "determined",
                                    "designated_person",
                                    "noted",
                                    "compensation_proposed",
                                    "compensation_decided",
                                    "compensation_offered",
                                    "compensation_answered",
                                    "compensation_paid",
                                    "updated",
                                    "promised",
                                    "promise_moved",
                                    "promise_given",
                                    "promise_kept",
                                    "promise_withdrawn",
                                    "referred_elsewhere",
                                    "refused",
                                    "annulled",
                                    "merged",
                                    "triaged",
                                    "assigned",
                                    "details_changed",
                                    "file_added",
                                    "access_changed",
                                    "corrected",
                                    "retracted",
                                    "calendar_adopted",
                                    "points_defined",
                                    "mail_received",
                                    "delay_explained",
                                    "letter_proposed",
                                    "letter_decided",
                                ],
                            )
                        ),
                        name="cases_recordedevent_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "complaint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="cases.complaint",
                    ),
                ),
                ("names", cases.models.search.SearchText(blank=True)),
                ("words", cases.models.search.SearchText(blank=True)),
                ("notes", cases.models.search.SearchText(blank=True)),
                ("places", cases.models.search.SearchText(blank=True)),
            ],
            options={
                "verbose_name_plural": "search entries",
            },
        ),
        migrations.CreateModel(
            name="EventWords",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="cases.recordedevent",
                    ),
                ),
                (
                    "parts",
                    models.JSONField(
                        help_text="The words by what they are: letter, reason, note …"
                    ),
                ),
                ("salt", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name_plural": "event words",
            },
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("subject", "The complaint is about them"),
                            ("conflict", "Conflict of interest"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exclusions",
                        to="cases.complaint",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="excluded_from",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "complaint"), name="cases_exclusion_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="JointComplainant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("capacity", models.CharField(default="Joint tenant", max_length=80)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_complainants",
                        to="cases.complaint",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_in",
                        to="cases.customer",
                    ),
                ),
                ("gets_letters", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("complaint", "customer"), name="cases_jointcomplainant_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboundMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=200, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("to_address", models.EmailField(max_length=254)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                (
                    "message_id",
                    models.CharField(
                        default=uuid.uuid4, editable=False, max_length=120, unique=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting to be sent"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("undeliverable", "Could not be delivered"),
                            ("cancelled", "Not needed any more"),
                        ],
                        default="queued",
                        max_length=20,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=300)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="cases.complaint",
                    ),
                ),
                (
                    "to_user",
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
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "sending"])),
                        fields=["next_try_at", "id"],
                        name="cases_message_to_send",
                    ),
                    models.Index(
                        condition=models.Q(("state", "undeliverable")),
                        fields=["created_at"],
                        name="cases_message_failed",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(
                                models.Q(("state", "sent"), _negated=True),
                                ("sent_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_outboundmessage_sent_at_an_instant",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.CharField(max_length=40)),
                ("visit", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=40)),
                ("due_on", models.DateField()),
                ("reminder", models.CharField(max_length=20)),
                ("created_at", models.DateTimeField()),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="cases.complaint",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="cases.outboundmessage",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "complaint",
                            "stage",
                            "visit",
                            "code",
                            "due_on",
                            "reminder",
                            "recipient",
                        ),
                        name="cases_alert_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Representative",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("relationship", models.CharField(blank=True, max_length=80)),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
                ),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("address", models.TextField(blank=True)),
                ("authority", models.CharField(default="claimed", max_length=20)),
                ("authority_seen", models.CharField(blank=True, max_length=200)),
                ("scope", models.CharField(blank=True, max_length=200)),
                ("authority_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="representatives",
                        to="cases.complaint",
                    ),
                ),
                ("covers_data", models.BooleanField(default=False)),
                ("established_by", models.CharField(blank=True, max_length=20)),
                ("gets_letters", models.BooleanField(default=False)),
                ("kind", models.CharField(default="person", max_length=20)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("authority", "confirmed"), _negated=True),
                            ("authority_on__isnull", False),
                            _connector="OR",
                        ),
                        name="cases_representative_confirmed_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("authority", "confirmed"), _negated=True),
                            models.Q(("established_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="cases_representative_confirmed_somehow",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "authority__in",
                                ["claimed", "asked", "confirmed", "declined", "revoked"],
                            )
                        ),
                        name="cases_representative_authority_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["person", "advice_agency", "elected", "solicitor"])
                        ),
                        name="cases_representative_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "established_by__in",
                                [
                                    "own_contact",
                                    "signed_form",
                                    "power_of_attorney",
                                    "elected_office",
                                    "",
                                ],
                            )
                        ),
                        name="cases_representative_established_by_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=40)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="cases.servicearea",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "front_line",
                                    "responsible_officer",
                                    "line_manager",
                                    "head_of_service",
                                    "assistant_director",
                                    "director",
                                    "panel_member",
                                    "complaints_coordinator",
                                    "executive_support_manager",
                                    "member_responsible",
                                    "system_administrator",
                                    "auditor",
                                ],
                            )
                        ),
                        name="cases_rolegrant_role_known",
                    ),
                    models.UniqueConstraint(
                        fields=("user", "role", "area"), name="cases_rolegrant_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("area__isnull", True)),
                        fields=("user", "role"),
                        name="cases_rolegrant_once_everywhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("area__isnull", False),
                                (
                                    "role__in",
                                    [
                                        "assistant_director",
                                        "director",
                                        "front_line",
                                        "head_of_service",
                                        "line_manager",
                                    ],
                                ),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "role__in",
                                        [
                                            "assistant_director",
                                            "director",
                                            "front_line",
                                            "head_of_service",
                                            "line_manager",
                                        ],
                                    ),
                                    _negated=True,
                                ),
                                ("area__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_rolegrant_area_where_needed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=40, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("service_request", "Request for a service"),
                            ("policy_information", "Request for information"),
                            ("appeal", "Appeal for review of a decision"),
                            ("asb", "Report of nuisance or anti-social behaviour"),
                            (
                                "other_landlord_or_council",
                                "Matter for the council or another landlord",
                            ),
                            ("housing_register_banding", "Housing register banding"),
                        ],
                        max_length=40,
                    ),
                ),
                ("channel", models.CharField(max_length=40)),
                ("received_on", models.DateField()),
                ("words", models.TextField()),
                (
                    "offered_complaint",
                    models.BooleanField(
                        default=False, help_text="Told that it can be a complaint (Code 1.3)."
                    ),
                ),
                ("logged_at", models.DateTimeField()),
                ("passed_to", models.CharField(blank=True, max_length=200)),
                ("done_on", models.DateField(blank=True, null=True)),
                ("done_words", models.TextField(blank=True)),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="cases.category",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="cases.complaint",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="cases.customer",
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
                    models.Index(
                        condition=models.Q(("complaint__isnull", True), ("done_on__isnull", True)),
                        fields=["received_on"],
                        name="cases_servicerequest_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LoggedForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
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
                    "complaint",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.complaint",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.servicerequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SettingsChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("thing", models.CharField(max_length=20)),
                ("key", models.CharField(blank=True, max_length=100)),
                ("name", models.CharField(blank=True, max_length=160)),
                ("act", models.CharField(max_length=80)),
                ("changes", models.JSONField(default=list)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settings_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["thing", "key", "-id"], name="cases_settings_of_thing")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "thing__in",
                                [
                                    "person",
                                    "area",
                                    "category",
                                    "landlord",
                                    "calendar",
                                    "procedure",
                                    "outside_body",
                                    "letter",
                                    "message",
                                ],
                            )
                        ),
                        name="cases_settingschange_thing_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StageTransition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event_number", models.PositiveIntegerField()),
                ("from_stage", models.CharField(blank=True, max_length=40)),
                ("to_stage", models.CharField(max_length=40)),
                ("visit", models.PositiveSmallIntegerField()),
                ("on", models.DateField()),
                ("why", models.CharField(max_length=40)),
                (
                    "by",
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transitions",
                        to="cases.complaint",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["to_stage", "on"], name="cases_transition_by_stage")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("complaint", "event_number"), name="cases_stagetransition_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("stored_at", models.DateTimeField()),
                (
                    "complaint",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="cases.complaint",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("next_scan_at", models.DateTimeField(blank=True, null=True)),
                (
                    "scan",
                    models.CharField(
                        choices=[
                            ("not_needed", "Not checked for viruses"),
                            ("held", "Held: not yet checked for viruses"),
                            ("clean", "Checked for viruses"),
                            ("infected", "Sealed: the virus scanner found something in it"),
                        ],
                        default="not_needed",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("scan_words", models.CharField(blank=True, max_length=200)),
                ("scanned_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("scan", "held")),
                        fields=["next_scan_at", "id"],
                        name="cases_file_held",
                    ),
                    models.Index(
                        condition=models.Q(("scan", "infected")),
                        fields=["id"],
                        name="cases_file_infected",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scan__in", ["not_needed", "held", "clean", "infected"])
                        ),
                        name="cases_storedfile_scan_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_scan_at__isnull", False), ("scan", "held")),
                            models.Q(
                                models.Q(("scan", "held"), _negated=True),
                                ("next_scan_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_storedfile_held_has_its_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                (
                    "deputy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputising",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["deputy", "last_day"], name="cases_absence_deputy")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="cases_absence_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user", models.F("deputy")), _negated=True),
                        name="cases_absence_somebody_else_stands_in",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nation", models.CharField(max_length=30)),
                ("weekdays", models.JSONField(help_text="Working days of the week, Monday is 0.")),
                ("holidays", models.JSONField(help_text="Bank holidays by day.")),
                ("closures", models.JSONField(help_text="The landlord's own closures by day.")),
                (
                    "horizon",
                    models.DateField(
                        help_text="The last day for which bank holidays are published."
                    ),
                ),
                ("published_at", models.DateTimeField()),
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
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("nation__in", ["england-and-wales", "scotland", "northern-ireland"])
                        ),
                        name="cases_calendaredition_nation_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_panel_member", models.BooleanField(default=False)),
                ("is_chair", models.BooleanField(default=False)),
                ("visit", models.PositiveSmallIntegerField(default=0)),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_to",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_list",
                        to="cases.complaint",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "complaint"), name="cases_accessentry_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.CharField(max_length=40)),
                ("visit", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=40)),
                ("words", models.CharField(max_length=120)),
                ("period", models.CharField(max_length=60)),
                ("anchor_event", models.CharField(blank=True, max_length=60)),
                ("anchor_on", models.DateField(blank=True, null=True)),
                ("original_due_on", models.DateField(blank=True, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("met_on", models.DateField(blank=True, null=True)),
                ("state", models.CharField(max_length=20)),
                ("binds", models.CharField(blank=True, max_length=40)),
                ("is_window", models.BooleanField(default=False)),
                ("is_provisional", models.BooleanField(default=False)),
                ("calendar", models.PositiveIntegerField()),
                ("next_reminder_on", models.DateField(blank=True, null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="cases.complaint",
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("promise", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.servicearea",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("is_window", False),
                            ("next_reminder_on__isnull", False),
                            ("state", "open"),
                        ),
                        fields=["next_reminder_on", "id"],
                        name="cases_deadline_to_remind",
                    ),
                    models.Index(
                        condition=models.Q(("is_window", False), ("state", "open")),
                        fields=["due_on"],
                        name="cases_deadline_live",
                    ),
                    models.Index(
                        condition=models.Q(("promise__isnull", False), ("state", "open")),
                        fields=["due_on", "id"],
                        name="cases_promise_live",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("is_window", False), ("state__in", ["met", "met_late"])
                        ),
                        fields=["met_on"],
                        include=("code", "state", "original_due_on", "complaint"),
                        name="cases_deadline_met",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("complaint", "stage", "visit", "code"), name="cases_deadline_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "waiting",
                                    "open",
                                    "met",
                                    "met_late",
                                    "overtaken",
                                    "never_done",
                                    "lifted",
                                    "void",
                                    "used",
                                ],
                            )
                        ),
                        name="cases_deadline_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("changes", models.JSONField(default=list)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="cases.customer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["customer", "-id"], name="cases_change_of_customer")
                ],
            },
        ),
        migrations.CreateModel(
            name="PointOfComplaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("place", models.PositiveSmallIntegerField()),
                ("defined_by", models.PositiveIntegerField()),
                ("finding", models.CharField(blank=True, max_length=20)),
                ("found_by", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="cases.complaint",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "points of complaint",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("complaint", "number"), name="cases_pointofcomplaint_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finding__in", ["upheld", "partly_upheld", "not_upheld", ""])
                        ),
                        name="cases_pointofcomplaint_finding_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finding", ""), ("found_by__isnull", True)),
                            models.Q(
                                models.Q(("finding", ""), _negated=True),
                                ("found_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="cases_pointofcomplaint_found_by_an_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        default=cases.models.calendar_feeds.new_name, max_length=32, unique=True
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_feed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InformationRequest",
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
                        default=cases.models.information.new_information_code,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("to_name", models.CharField(max_length=200)),
                ("to_email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("question", models.TextField()),
                ("shown", models.TextField(blank=True)),
                ("due_on", models.DateField()),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="information_requests",
                        to="cases.complaint",
                    ),
                ),
                (
                    "stopped_by",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stopped_at__isnull", True), ("stopped_by__isnull", True)),
                            models.Q(("stopped_at__isnull", False), ("stopped_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="cases_informationrequest_stopped_at_with_stopped_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("asked_at"))),
                        name="cases_informationrequest_ends_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at__isnull", True),
                            ("stopped_at__isnull", True),
                            _connector="OR",
                        ),
                        name="cases_informationrequest_one_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(blank=True, max_length=1000)),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="cases.servicearea",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "name"), name="cases_savedview_named_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InboundMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                (
                    "code",
                    models.CharField(
                        default=cases.rules.customers.new_customer_code,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("message_id", models.CharField(blank=True, db_index=True, max_length=250)),
                ("kind", models.CharField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("joined", "Joined a complaint"),
                            ("complaint", "Became a complaint"),
                            ("request", "Became a request"),
                            ("not_ours", "Not ours"),
                            ("automatic", "Automatic"),
                        ],
                        max_length=20,
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("sender_name", models.CharField(blank=True, max_length=200)),
                ("sender", models.CharField(blank=True, max_length=254)),
                ("subject", models.CharField(blank=True, max_length=998)),
                ("text", models.TextField(blank=True)),
                ("refused", models.JSONField(default=list)),
                ("is_known", models.BooleanField(default=False)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="cases.complaint",
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
                    "request",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="cases.servicerequest",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "-received_at"], name="cases_mail_by_state")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "waiting",
                                    "joined",
                                    "complaint",
                                    "request",
                                    "not_ours",
                                    "automatic",
                                ],
                            )
                        ),
                        name="cases_inboundmail_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["written", "automatic", "bounce", "ours"])
                        ),
                        name="cases_inboundmail_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="cases_inboundmail_decided_at_with_decided_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("complaint__isnull", False), ("state__in", ["joined", "complaint"])
                            ),
                            models.Q(
                                ("complaint__isnull", True),
                                ("request__isnull", False),
                                ("state", "request"),
                            ),
                            models.Q(
                                ("complaint__isnull", True),
                                ("request__isnull", True),
                                ("state__in", ["waiting", "not_ours", "automatic"]),
                            ),
                            _connector="OR",
                        ),
                        name="cases_inboundmail_became_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_original", models.BooleanField(default=False)),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mail_file",
                        to="cases.storedfile",
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="cases.inboundmail",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_original", True)),
                        fields=("mail",),
                        name="cases_mailfile_one_original",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactRestriction",
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
                        default=cases.models.restrictions.new_restriction_code,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("state", models.CharField(default="proposed", max_length=20)),
                ("closed", models.JSONField(default=list)),
                ("limits", models.CharField(blank=True, max_length=200)),
                ("reason", models.TextField()),
                ("evidence", models.TextField()),
                ("considered", models.TextField()),
                ("review_on", models.DateField()),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restrictions",
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
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "review_on"], name="cases_restriction_review")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "refused", "in_force", "ended", "lapsed"])
                        ),
                        name="cases_contactrestriction_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="cases_contactrestriction_decided_at_with_decided_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["in_force", "ended", "lapsed"]), _negated=True),
                            models.Q(("decided_by__isnull", False), ("starts_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="cases_contactrestriction_counts_once_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="cases_contactrestriction_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on__isnull", True),
                            ("review_on__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="cases_contactrestriction_reviewed_later",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["in_force", "proposed"])),
                        fields=("customer",),
                        name="cases_contactrestriction_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RestrictionRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("words", models.TextField(blank=True)),
                ("review_on", models.DateField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "restriction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="cases.contactrestriction",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "step__in",
                                ["proposed", "approved", "refused", "renewed", "ended", "lapsed"],
                            )
                        ),
                        name="cases_restrictionrecord_step_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("step", "lapsed"), ("by__isnull", False), _connector="OR"
                        ),
                        name="cases_restrictionrecord_somebody_did_it",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.CharField(max_length=40)),
                ("typed", models.JSONField()),
                ("saved_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="cases.complaint",
                    ),
                ),
                ("stage", models.CharField(max_length=40)),
                ("visit", models.PositiveSmallIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("complaint", "act", "by", "stage", "visit"),
                        name="cases_letterdraft_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeclaredInterest",
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
                        default=cases.models.interests.new_interest_code, max_length=16, unique=True
                    ),
                ),
                ("relation", models.CharField(max_length=120)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("name_key", models.CharField(blank=True, db_index=True, max_length=200)),
                ("postcode", models.CharField(blank=True, db_index=True, max_length=12)),
                ("declared_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("closed", models.ManyToManyField(related_name="+", to="cases.complaint")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("postcode", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="cases_declaredinterest_about_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sent_to", models.EmailField(max_length=254)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "representative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consent_links",
                        to="cases.representative",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("asked_at"))),
                        name="cases_consentlink_ends_later",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("page", models.CharField(max_length=80)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.complaint",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProposedRole",
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
                        default=cases.models.proposed_roles.new_proposal_code,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("role", models.CharField(max_length=40)),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.servicearea",
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
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposed_roles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "front_line",
                                    "responsible_officer",
                                    "line_manager",
                                    "head_of_service",
                                    "assistant_director",
                                    "director",
                                    "panel_member",
                                    "complaints_coordinator",
                                    "executive_support_manager",
                                    "member_responsible",
                                    "system_administrator",
                                    "auditor",
                                ],
                            )
                        ),
                        name="cases_proposedrole_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="cases_proposedrole_decided_at_with_decided_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user", models.F("proposed_by")), _negated=True),
                        name="cases_proposedrole_not_by_themselves",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("user", "role", "area"),
                        name="cases_proposedrole_waits_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("area__isnull", True), ("decided_at__isnull", True)),
                        fields=("user", "role"),
                        name="cases_proposedrole_waits_once_everywhere",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("letter", models.CharField(max_length=40)),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="templates",
                        to="cases.procedure",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("procedure", "letter", "number"), name="cases_lettertemplate_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event_number", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("to_name", models.CharField(max_length=200)),
                ("to_address", models.TextField(blank=True)),
                ("letter_format", models.CharField(max_length=20)),
                ("channel", models.CharField(max_length=20)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("issued_at", models.DateTimeField()),
                ("posted_on", models.DateField(blank=True, null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="cases.complaint",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "message",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter",
                        to="cases.outboundmessage",
                    ),
                ),
                ("is_to_make", models.BooleanField(default=True)),
                ("sender", models.TextField(blank=True)),
                ("signed", models.TextField(blank=True)),
                ("easy_read", models.TextField(blank=True)),
                (
                    "copy_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="cases.letter",
                    ),
                ),
                (
                    "to_customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.customer",
                    ),
                ),
                (
                    "to_speaker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="cases.representative",
                    ),
                ),
                ("other_language", models.CharField(blank=True, max_length=8)),
                ("other_text", models.TextField(blank=True)),
                (
                    "template",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.lettertemplate",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("channel", "post"), ("posted_on__isnull", True)),
                        fields=["issued_at"],
                        name="cases_letter_to_post",
                    ),
                    models.Index(
                        condition=models.Q(("is_to_make", True)),
                        fields=["id"],
                        name="cases_letter_to_make",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("posted_by__isnull", True), ("posted_on__isnull", True)),
                            models.Q(("posted_by__isnull", False), ("posted_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="cases_letter_posted_on_with_posted_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("other_language", ""), ("other_text", "")),
                            models.Q(
                                models.Q(("other_language", ""), _negated=True),
                                models.Q(("other_text", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_letter_text_with_its_language",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("letter_format", models.CharField(blank=True, max_length=20)),
                ("made_at", models.DateTimeField()),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="cases.complaint",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="document",
                        to="cases.storedfile",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="cases.letter",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("pages", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["complaint", "kind"], name="cases_document_of_complaint")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("letter", "letter_format"), name="cases_document_of_letter_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "letter",
                                    "papers",
                                    "bundle",
                                    "bundle_zip",
                                    "redacted",
                                    "redacted_zip",
                                ],
                            )
                        ),
                        name="cases_document_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Download",
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
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="downloads",
                        to="cases.document",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ComplaintLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("event_number", models.PositiveIntegerField()),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_to",
                        to="cases.complaint",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_from",
                        to="cases.complaint",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("complaint", models.F("other")), _negated=True),
                        name="cases_complaintlink_of_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["follow-up", "same-matter", "new-matter", "caused-by", "divided"],
                            )
                        ),
                        name="cases_complaintlink_kind_known",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.comparison.Least("complaint", "other"),
                        django.db.models.functions.comparison.Greatest("complaint", "other"),
                        name="cases_complaintlink_once_for_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.CharField(blank=True, max_length=40)),
                ("seen_at", models.DateTimeField()),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.complaint",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "presence",
                "indexes": [models.Index(fields=["seen_at"], name="cases_presence_by_time")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("complaint", "user"), name="cases_presence_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Cover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "absence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="covers",
                        to="cases.absence",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="covers",
                        to="cases.complaint",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="covering",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("absence", "complaint"), name="cases_cover_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TrackingClosure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("closed_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tracking_closures",
                        to="cases.complaint",
                    ),
                ),
                (
                    "opened_by",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("opened_at__isnull", True), ("opened_by__isnull", True)),
                            models.Q(("opened_at__isnull", False), ("opened_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="cases_trackingclosure_opened_at_with_opened_by",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("opened_at__isnull", True)),
                        fields=("complaint",),
                        name="cases_trackingclosure_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrackingCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("proof", models.CharField(max_length=20)),
                ("browser_hash", models.CharField(blank=True, max_length=64)),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tracking_codes",
                        to="cases.complaint",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.customer",
                    ),
                ),
                (
                    "made_by",
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
                    models.Index(fields=["browser_hash"], name="cases_trackingcode_browser"),
                    models.Index(fields=["asked_at"], name="cases_trackingcode_asked"),
                    models.Index(
                        condition=models.Q(("code_hash", ""), ("complaint__isnull", False)),
                        fields=["id"],
                        name="cases_trackingcode_to_send",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("proof__in", ["link", "email", "phone", "post"])),
                        name="cases_trackingcode_proof_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("complaint__isnull", True), ("customer__isnull", True)),
                            models.Q(("complaint__isnull", False), ("customer__isnull", False)),
                            _connector="OR",
                        ),
                        name="cases_trackingcode_complaint_with_customer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("asked_at"))),
                        name="cases_trackingcode_ends_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("made_by__isnull", True),
                                ("proof", "email"),
                                models.Q(("browser_hash", ""), _negated=True),
                            ),
                            models.Q(
                                ("browser_hash", ""),
                                ("made_by__isnull", False),
                                ("proof__in", ["phone", "post"]),
                                models.Q(("code_hash", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_trackingcode_handed_out_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrackingLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sent_to", models.EmailField(max_length=254)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tracking_links",
                        to="cases.complaint",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.customer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="cases_trackinglink_ends_later",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TrackingVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("proof", models.CharField(max_length=20)),
                ("began_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tracking_visits",
                        to="cases.complaint",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.customer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["complaint", "-began_at"], name="cases_trackingvisit_newest"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("proof__in", ["link", "email", "phone", "post"])),
                        name="cases_trackingvisit_proof_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("act", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=40)),
                ("stage", models.CharField(max_length=40)),
                ("visit", models.PositiveSmallIntegerField()),
                ("typed", models.JSONField()),
                ("body", models.TextField(blank=True)),
                ("salt", models.CharField(max_length=32)),
                ("asked_at", models.DateTimeField()),
                ("state", models.CharField(default="waiting", max_length=20)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("words_hash", models.CharField(blank=True, max_length=64)),
                (
                    "approver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="cases.complaint",
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
                    "letter",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposal",
                        to="cases.letter",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "sent_back"])),
                        fields=["asked_at", "id"],
                        name="cases_letters_for_approval",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["waiting", "approved", "sent_back", "taken_up", "withdrawn"],
                            )
                        ),
                        name="cases_letterproposal_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="cases_letterproposal_decided_at_with_decided_by",
                    ),
                    models.UniqueConstraint(
                        fields=("complaint", "number"), name="cases_letterproposal_of_one_event"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("complaint", "act", "asked_by"),
                        name="cases_letterproposal_waits_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="cases_letterproposal_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "sent_back"]), _negated=True),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="cases_letterproposal_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "approved"), models.Q(("words_hash", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("state", "approved"), _negated=True),
                                ("letter__isnull", True),
                                ("words_hash", ""),
                            ),
                            _connector="OR",
                        ),
                        name="cases_letterproposal_approved_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=100, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("to_phone", models.CharField(blank=True, max_length=20)),
                ("words", models.CharField(blank=True, max_length=400)),
                ("state", models.CharField(default="queued", max_length=20)),
                ("provider_id", models.CharField(blank=True, max_length=100)),
                ("created_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=300)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dispatches",
                        to="cases.complaint",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dispatches",
                        to="cases.letter",
                    ),
                ),
                ("mark", models.CharField(blank=True, default="", max_length=16)),
            ],
            options={
                "verbose_name_plural": "dispatches",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "sending", "taken"])),
                        fields=["next_try_at", "id"],
                        name="cases_dispatch_to_do",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["letter", "text"])),
                        name="cases_dispatch_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "sending", "taken", "done", "failed"])
                        ),
                        name="cases_dispatch_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("settled_at__isnull", False), ("state__in", ["done", "failed"])
                            ),
                            models.Q(
                                models.Q(("state__in", ["done", "failed"]), _negated=True),
                                ("settled_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_dispatch_settled_at_an_instant",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "failed"), _negated=True),
                        fields=("letter", "kind"),
                        name="cases_dispatch_once_at_a_time",
                    ),
                ],
            },
        ),
    ]
