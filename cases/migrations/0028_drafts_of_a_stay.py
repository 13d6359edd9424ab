from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def place(apps, schema_editor):
    """Say of the drafts there are that they were written for where their complaint is."""
    complaints = apps.get_model("cases", "Complaint").objects.filter(pk=OuterRef("complaint"))
    apps.get_model("cases", "LetterDraft").objects.update(
        stage=Subquery(complaints.values("stage")), visit=Subquery(complaints.values("visit"))
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0027_one_link_between_two"),
    ]

    operations = [
        migrations.AddField(
            model_name="letterdraft",
            name="stage",
            field=models.CharField(default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="letterdraft",
            name="visit",
            field=models.PositiveSmallIntegerField(default=1),
            preserve_default=False,
        ),
        migrations.RunPython(place, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint(
            model_name="letterdraft",
            name="cases_letterdraft_once",
        ),
        migrations.RemoveField(
            model_name="letterdraft",
            name="version",
        ),
        migrations.AddConstraint(
            model_name="letterdraft",
            constraint=models.UniqueConstraint(
                fields=("complaint", "act", "by", "stage", "visit"), name="cases_letterdraft_once"
            ),
        ),
    ]
