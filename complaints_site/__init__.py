"""The site: settings, addresses, web server and background clock."""

from complaints_site.celery import app as celery_app

__all__ = ["celery_app"]
