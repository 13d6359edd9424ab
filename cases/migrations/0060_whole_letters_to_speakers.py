from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0059_compensation_not_offered"),
    ]

    operations = [
        migrations.AddField(
            model_name="representative",
            name="letters_by_email",
            field=models.BooleanField(default=False),
        ),
    ]
