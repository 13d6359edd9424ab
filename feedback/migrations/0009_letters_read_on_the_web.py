from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0008_letters_for_approval"),
    ]

    operations = [
        migrations.AddField(
            model_name="remarkletter",
            name="is_notice",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="remarkletter",
            name="token_hash",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="remarkletter",
            name="opens_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="remarkletter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("token_hash", ""), _negated=True),
                fields=("token_hash",),
                name="feedback_remarkletter_one_link",
            ),
        ),
        migrations.AddConstraint(
            model_name="remarkletter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("opens_until__isnull", True), ("token_hash", "")),
                    models.Q(
                        ("is_notice", True),
                        ("opens_until__isnull", False),
                        models.Q(("token_hash", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="feedback_remarkletter_link_until_a_day",
            ),
        ),
    ]
