"""An apology for something overdue: why, whether it could be avoided, and by when (HH-29)."""

from typing import Any

from cases.forms.acts.common import AtHand, avoidable_field, words_field
from cases.forms.acts.promising import Choices, keeper_field
from cases.forms.acts.telling import TellingForm
from cases.forms.fields import DateField
from cases.selectors.promises import chosen_keeper


class DelayForm(TellingForm):
    """An apology for something that is overdue."""

    act_text = "Send the apology"
    on_label = "Day of the letter"
    words_label = "What you write besides, if anything"

    late_because = words_field(
        "Why it is late", help_text="The customer is told this, as you write it."
    )
    avoidable = avoidable_field()
    done_by = DateField(
        label="It will be done by",
        called="the day by which it will be done",
        help_text="A promise to the customer, kept by doing what is overdue.",
    )

    def __init__(self, *args: Any, hand: AtHand, keepers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.field("done_by").earliest = self.hand.today
        self.fields["keeper"] = keeper_field(keepers, label="Who sees to it")

    def questions(self) -> list[Any]:
        """Return why, by when, and how it is told."""
        asked = self.telling_questions()
        late = self.late_questions()
        return [*late, "done_by", "keeper", *asked[len(late) :]]

    @property
    def kept_by(self) -> dict[str, int | None]:
        """Return who sees to it, once the answers were checked."""
        keeper, team = chosen_keeper(self.cleaned_data["keeper"])
        return {"keeper": keeper, "team": team}
