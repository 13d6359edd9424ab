"""Empty the sessions of before: ours have rows of their own since 0061, and nothing reads these."""

from django.db import migrations


def forget(apps, schema_editor):
    """Delete them: what somebody typed may stand in them."""
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0062_letters_of_other_parts"),
        ("sessions", "0001_initial"),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop, elidable=True)]
