"""Sentences that are put together from words of the rules, in the language that is spoken."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from feedback.rules.kinds import Kind
from feedback.rules.promises import NextStep

_OF_KINDS = {
    "check": {
        Kind.COMPLAINT: gettext_noop("Check your answers before you send your complaint"),
        Kind.COMPLIMENT: gettext_noop("Check your answers before you send your compliment"),
        Kind.SUGGESTION: gettext_noop("Check your answers before you send your suggestion"),
    },
    "send": {
        Kind.COMPLAINT: gettext_noop("Send your complaint"),
        Kind.COMPLIMENT: gettext_noop("Send your compliment"),
        Kind.SUGGESTION: gettext_noop("Send your suggestion"),
    },
    "confirm": {
        Kind.COMPLAINT: gettext_noop("Yes, send my complaint"),
        Kind.COMPLIMENT: gettext_noop("Yes, send my compliment"),
        Kind.SUGGESTION: gettext_noop("Yes, send my suggestion"),
    },
    "sent": {
        Kind.COMPLAINT: gettext_noop("We have your complaint"),
        Kind.COMPLIMENT: gettext_noop("We have your compliment"),
        Kind.SUGGESTION: gettext_noop("We have your suggestion"),
    },
}


def kind_sentence(kind: Kind, sentence: str) -> str:
    """Return a sentence about what somebody sends."""
    return _(_OF_KINDS[sentence][kind])


def step_sentence(step: NextStep) -> str:
    """Return what will be done, to go on after "we will"."""
    told = _(step.doing)
    if step.in_writing:
        told = _("%(doing)s in writing") % {"doing": told}
    if step.may_lapse:
        told = _("%(doing)s, unless we have put things right with you by then") % {"doing": told}
    return told
