"""The site that puts the apps together."""

from django.apps import AppConfig

from complaints_site import guard


class SiteConfig(AppConfig):
    """Settings, addresses, the background clock, and the guard over the settings."""

    name = "complaints_site"
    guard = guard
