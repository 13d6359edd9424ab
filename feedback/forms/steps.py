"""The pages of the Let Us Know form on which somebody tells what they have to say.

Each asks one question. A page's form checks what was typed; `answers` hands it on under the names
of `Told`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.forms.layout import Words
from feedback.forms.choices import KIND_HINTS, KINDS, YES_NO
from feedback.forms.step import OneQuestion, SoFar, many_lines, one_line, one_of
from feedback.rules.kinds import Kind

GONE_WRONG = _("What has gone wrong?")
PROMPTS = (
    _("What should have been done, and by when? Who told you so?"),
    _("What was done instead, or not done at all?"),
    _("Have you told us before? Say when and whom, as well as you remember it."),
)


class KindStep(OneQuestion):
    """What somebody wants to tell."""

    code = "kind"
    how = {"hints": KIND_HINTS}

    kind = one_of(
        _("What would you like to tell us?"),
        KINDS,
        words_if_empty=_("Select what you would like to tell us"),
    )

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask everybody."""
        return True


class ForWhomStep(OneQuestion):
    """Whether somebody speaks for themselves."""

    code = "for-whom"
    how = {
        "hints": {
            "other": _(
                "You can be a friend, a relative, an adviser, a councillor, or anybody they trust."
            )
        }
    }

    for_whom = one_of(
        _("Who are you telling us this for?"),
        [("me", _("For myself, or for my household")), ("other", _("For somebody else"))],
        words_if_empty=_("Select who you are telling us this for"),
    )

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who complain."""
        return so_far.is_complaint

    def answers(self) -> dict[str, Any]:
        """Return whether it is for somebody else."""
        return {"for_other": self.cleaned_data["for_whom"] == "other"}


class TellingStep(OneQuestion):
    """A page of what is told."""

    @property
    def part(self) -> Words:  # type: ignore[override]
        """Return the heading for what is being told."""
        return {
            Kind.COMPLIMENT: _("Your compliment"),
            Kind.SUGGESTION: _("Your suggestion"),
        }.get(self.so_far.kind or Kind.COMPLAINT, GONE_WRONG)


class ComplaintStep(TellingStep):
    """A page of what is told in a complaint."""

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who complain."""
        return so_far.is_complaint


class TopicStep(ComplaintStep):
    """What a complaint is about, by the landlord's own list."""

    code = "topic"

    topic = one_of(_("What is it about?"), [])

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who complain, where there is a list."""
        return so_far.is_complaint and bool(so_far.topics)

    def prepare(self) -> None:
        """Offer the list."""
        self.field("topic").choices = self.so_far.topics


class WhatHappenedStep(TellingStep):
    """What somebody has to say."""

    code = "what-happened"
    former = ("happened", "effect", "wanted", "topic", "regarding")
    how = {"rows": 8, "count": True}

    words = many_lines(
        _("What happened?"),
        required=True,
        error_messages={"required": _("Tell us what happened")},
        help_text=_("Please do not write details of your bank."),
    )

    def prepare(self) -> None:
        """Ask it as a compliment or a suggestion is asked."""
        words = self.fields["words"]
        if self.so_far.kind is Kind.COMPLIMENT:
            words.label = _("What was good?")
            words.error_messages["required"] = _("Tell us what was good")
        elif self.so_far.kind is Kind.SUGGESTION:
            words.label = _("What is your idea?")
            words.error_messages["required"] = _("Tell us your idea")

    @property
    def prompts(self) -> Sequence[Words]:  # type: ignore[override]
        """Return what may be worth telling of a complaint."""
        return PROMPTS if self.so_far.is_complaint else ()


class WhenStep(ComplaintStep):
    """When it happened, as well as they know it."""

    code = "when"

    happened = one_line(
        _("When did it happen, or since when?"),
        help_text=_("As well as you know it. You can guess."),
    )


class EffectStep(ComplaintStep):
    """What it does to them."""

    code = "effect"
    how = {"rows": 6, "count": True}

    effect = many_lines(_("How does it affect you?"))

    def prepare(self) -> None:
        """Ask of whom it is."""
        if self.so_far.for_other:
            self.fields["effect"].label = _("How does it affect them?")


class PutRightStep(ComplaintStep):
    """What they want."""

    code = "put-right"
    how = {"rows": 6, "count": True}

    wanted = many_lines(_("What would put it right?"))


class RegardingStep(TellingStep):
    """Whom a compliment is about, or what a suggestion is."""

    code = "regarding"

    regarding = one_line(_("Who or what is it about?"))

    @classmethod
    def applies(cls, so_far: SoFar) -> bool:
        """Ask those who praise or have an idea."""
        return so_far.kind is not None and not so_far.is_complaint

    def prepare(self) -> None:
        """Ask it as the kind wants it."""
        regarding = self.fields["regarding"]
        if self.so_far.kind is Kind.COMPLIMENT:
            regarding.help_text = _("A name or a team, if you know it.")
        else:
            regarding.label = _("What is it about?")


class StaffStep(ComplaintStep):
    """Whether it is about somebody who works for the landlord."""

    code = "staff"
    reveals: Mapping[str, Mapping[str, Sequence[str]]] = {"about_staff": {"yes": ["staff_named"]}}

    about_staff = one_of(
        _("Is it about how one of our staff, or somebody working for us, behaved?"),
        YES_NO,
        help_text=_("Then the person it is about does not get to see it."),
        words_if_empty=_("Select yes if it is about how somebody working for us behaved"),
    )
    staff_named = one_line(
        _("Their name or team, if you know it"), help_text=_("You can leave this empty.")
    )

    def answers(self) -> dict[str, Any]:
        """Return whether it is, and about whom."""
        return {
            "about_staff": self.cleaned_data["about_staff"] == "yes",
            "staff_named": self.cleaned_data["staff_named"],
        }
