"""What the form and the pages about it refuse, in words that people can read."""

from cases.errors import ComplaintError


class ConfirmationNeeded(ComplaintError):
    """Somebody has to say once more that they are sending this."""


class AnswersChanged(ComplaintError):
    """The answers are not those of the page that was sent: they were changed in between."""


class NothingToSend(ComplaintError):
    """There is no form to send: it was never begun, or was forgotten in the meantime."""


class TooManyFiles(ComplaintError):
    """The files are more, or larger together, than one form may carry."""
