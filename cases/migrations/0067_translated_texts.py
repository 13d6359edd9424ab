import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0066_speakers_formats"),
    ]

    operations = [
        migrations.CreateModel(
            name="TranslatedText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=100)),
                ("language", models.CharField(max_length=16)),
                ("english", models.TextField()),
                ("words", models.TextField()),
                ("is_proof_read", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
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
                        fields=("language", "key"), name="cases_translatedtext_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("words", ""), _negated=True),
                            models.Q(("english", ""), _negated=True),
                        ),
                        name="cases_translatedtext_says_something",
                    ),
                ],
            },
        ),
    ]
