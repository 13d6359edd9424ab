"""What opens a page to whoever reads it, and is kept no longer than a message waits to go."""

import re

from cases.models import OutboundMessage
from cases.rules.tracking import CODE_MESSAGE, RECEIPT_MESSAGE, without_code, without_links

_CODE = re.compile(r"\b\d{8}\b")


def as_kept(message: OutboundMessage) -> str:
    """Return the words of a message that was sent as they are kept.

    The code of a receipt that did not go stays in it, as it may have to go again; where colleagues
    read a receipt it is not shown.
    """
    body = without_secrets(message)
    return without_code(body) if message.kind == RECEIPT_MESSAGE else body


def without_secrets(message: OutboundMessage) -> str:
    """Return the words of a message without what opens the page behind its link or code."""
    body = without_links(message.body)
    return _CODE.sub("(code-not-kept)", body) if message.kind == CODE_MESSAGE else body
