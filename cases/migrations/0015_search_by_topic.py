"""Write beside where each complaint lies what it is about, so that it is found by that."""

from django.db import migrations
from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat, Trim


def add_topics(apps, schema_editor):
    entries = apps.get_model("cases", "SearchEntry").objects
    complaints = apps.get_model("cases", "Complaint").objects
    topic = complaints.filter(pk=OuterRef("complaint_id")).values("category_id")
    of = Cast(Subquery(topic), TextField())
    about = entries.filter(complaint__category__isnull=False)
    about.exclude(places__contains="zztopic").update(
        places=Trim(Concat("places", Value(" zztopic"), of, output_field=TextField()))
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_saved_views")]

    operations = [migrations.RunPython(add_topics, migrations.RunPython.noop)]
