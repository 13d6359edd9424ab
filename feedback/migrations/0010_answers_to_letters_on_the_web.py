from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0009_letters_read_on_the_web"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="surveyanswer",
            name="feedback_surveyanswer_way_known",
        ),
        migrations.AddConstraint(
            model_name="surveyanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["email", "post", "phone", "none", "letter/web"])),
                name="feedback_surveyanswer_way_known",
            ),
        ),
    ]
