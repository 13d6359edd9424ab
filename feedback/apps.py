"""The public side: Let Us Know, compliments and suggestions."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """What customers send in, and what they are told."""

    name = "feedback"

    def ready(self) -> None:
        """Let compliments and suggestions be found by their references too."""
        from cases.selectors.elsewhere import FINDERS
        from feedback.selectors.remarks import address_of_remark

        FINDERS.append(address_of_remark)
