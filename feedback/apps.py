"""The public side: Let Us Know, compliments and suggestions."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """What customers send in, and what they are told."""

    name = "feedback"
