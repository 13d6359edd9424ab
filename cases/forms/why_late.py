"""Why something is logged late: one line, and whether that could have been avoided (HH-9)."""

from collections.abc import Iterable

from cases.forms.acts.common import AVOIDABLE, BECAUSE, avoidable_field, words_field
from cases.forms.layout import StaffForm
from cases.rules.lateness import Lateness

WHY_LATE = (BECAUSE, AVOIDABLE)


class LoggingForm(StaffForm):
    """A form by which something may be logged late; the questions are asked where it is."""

    late_because = words_field(
        "Why it is late", error_messages={"required": "Write down why it is late"}
    )
    avoidable = avoidable_field()

    def ask_why_late(self, *, is_logged: bool, is_perhaps_cured: bool = False) -> None:
        """Ask why it is logged late, or put right late; nothing where neither can be."""
        if not (is_logged or is_perhaps_cured):
            del self.fields[BECAUSE], self.fields[AVOIDABLE]
            return
        because = self.field(BECAUSE)
        because.required = self.field(AVOIDABLE).required = is_logged
        because.widget.attrs["rows"] = 2
        if is_perhaps_cured:
            needed = "" if is_logged else "Needed if it was put right after its day. "
            because.help_text = f"{needed}The customer is told this where we write to them."
        else:
            because.label = "Why it is logged late"
            because.help_text = "One line, which only colleagues read."

    @property
    def lateness(self) -> Lateness:
        """Return why it is late, once the answers were checked; nothing where nobody asked."""
        avoidable = self.cleaned_data.get(AVOIDABLE)
        return Lateness(
            str(self.cleaned_data.get(BECAUSE) or ""), avoidable == "yes" if avoidable else None
        )

    def refuse_late(self, asks: Iterable[str], refusal: str) -> None:
        """Say why it is not logged: beside the questions about lateness, if one is missing."""
        asked = [name for name in asks if name in self.fields]
        for name in asked:
            self.add_error(name, refusal)
        if not asked:
            self.add_error(None, refusal)
