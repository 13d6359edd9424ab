"""Marks the lessons that reports have told already by what stands in those reports."""

from typing import Any

from django.db import migrations


def mark_told(apps: Any, schema_editor: Any) -> None:
    """Mark each by the first report that has it, word for word, of its service and month."""
    reports = apps.get_model("reporting", "KeptReport").objects.filter(sent_at__isnull=False)
    lessons = apps.get_model("reporting", "LessonsReturn").objects.select_related("report")
    for report in reports.exclude(kind="monthly").order_by("sent_at", "pk"):
        told = {
            (each["service"], each["month"], each["learnt"])
            for each in report.found.get("lessons", [])
        }
        given = lessons.filter(
            told_in__isnull=True,
            returned_at__isnull=False,
            report__first_day__gte=report.first_day,
            report__last_day__lte=report.last_day,
        )
        for each in given:
            month = f"{each.report.first_day:%B %Y}"
            if (each.report.area_name, month, each.learnt) in told:
                lessons.filter(pk=each.pk).update(told_in=report)


class Migration(migrations.Migration):
    dependencies = [("reporting", "0007_lessons_told")]

    operations = [migrations.RunPython(mark_told, migrations.RunPython.noop, elidable=True)]
