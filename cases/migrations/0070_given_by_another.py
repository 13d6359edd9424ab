"""Mark the e-mail addresses and numbers that somebody else gave.

Until now such a row alone had an address that was new when the row was.
"""

from django.db import migrations, models
from django.db.models import F


def mark(apps, schema_editor):
    customers = apps.get_model("cases", "Customer").objects
    customers.filter(email_changed_at=F("created_at")).update(email_by_another=True)
    customers.filter(phone_changed_at=F("created_at")).update(phone_by_another=True)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0069_api_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="email_by_another",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="customer",
            name="phone_by_another",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
