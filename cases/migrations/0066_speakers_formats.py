from django.db import migrations, models

_FORMATS = ["standard", "large_print", "giant_print", "easy_read", "braille", "audio"]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0065_wrong_codes"),
    ]

    operations = [
        migrations.AddField(
            model_name="representative",
            name="letter_format",
            field=models.CharField(default="standard", max_length=20),
        ),
        migrations.AddField(
            model_name="representative",
            name="needs",
            field=models.TextField(blank=True),
        ),
        migrations.AddConstraint(
            model_name="representative",
            constraint=models.CheckConstraint(
                condition=models.Q(("letter_format__in", _FORMATS)),
                name="cases_representative_letter_format_known",
            ),
        ),
    ]
