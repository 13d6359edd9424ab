"""What the landlord wants to reach."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0010_not_ours"),
    ]

    operations = [
        migrations.CreateModel(
            name="Targets",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("in_time", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("stage_1_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("stage_2_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("more_time", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("promises_kept", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("satisfied", models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="reporting_targets_only_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("in_time__isnull", True), ("in_time__lte", 100), _connector="OR"
                            ),
                            models.Q(
                                ("more_time__isnull", True),
                                ("more_time__lte", 100),
                                _connector="OR",
                            ),
                            models.Q(
                                ("promises_kept__isnull", True),
                                ("promises_kept__lte", 100),
                                _connector="OR",
                            ),
                            models.Q(
                                ("satisfied__isnull", True),
                                ("satisfied__lte", 100),
                                _connector="OR",
                            ),
                        ),
                        name="reporting_targets_of_a_hundred",
                    ),
                ],
            },
        ),
    ]
