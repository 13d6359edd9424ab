import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from cases.rules.periods import london_day


def take_over_downloads(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Keep who took papers and evidence away before where everything else is kept from now on."""
    looks = apps.get_model("cases", "CaseLook").objects
    downloads = apps.get_model("cases", "Download").objects.order_by("pk")
    rows = downloads.values_list("document__complaint", "document__file", "by", "at")
    looks.bulk_create(
        (
            looks.model(
                complaint_id=complaint,
                file_id=file,
                user_id=by,
                at=at,
                day=london_day(at),
                what="papers",
            )
            for complaint, file, by, at in rows.iterator()
        ),
        batch_size=500,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0067_translated_texts"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(help_text="In London.")),
                ("at", models.DateTimeField()),
                ("what", models.CharField(max_length=20)),
                (
                    "complaint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.complaint",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.storedfile",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["complaint", "at"], name="cases_look_at_complaint"),
                    models.Index(fields=["user", "at"], name="cases_look_of_person"),
                    models.Index(fields=["at"], name="cases_look_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "what__in",
                                [
                                    "opened",
                                    "sheet",
                                    "copy",
                                    "letter",
                                    "file",
                                    "papers",
                                    "list",
                                    "subject",
                                ],
                            )
                        ),
                        name="cases_caselook_what_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("file__isnull", True)),
                        fields=("complaint", "user", "day", "what"),
                        name="cases_caselook_once_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("file__isnull", False)),
                        fields=("complaint", "user", "day", "file"),
                        name="cases_caselook_file_once_a_day",
                    ),
                ],
            },
        ),
        migrations.RunPython(take_over_downloads, migrations.RunPython.noop, elidable=True),
    ]
