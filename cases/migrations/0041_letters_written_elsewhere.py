import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0040_an_index_by_cause"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="original",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.storedfile",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", "letter_elsewhere"), _negated=True),
                    ("original__isnull", False),
                    _connector="OR",
                ),
                name="cases_letter_elsewhere_has_its_copy",
            ),
        ),
    ]
