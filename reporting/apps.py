"""Dashboards and reports."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """What managers see and are sent."""

    name = "reporting"
