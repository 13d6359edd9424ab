"""By which files and entries a refusal is shown to be right, asked of every act that refuses."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.forms.acts.common import AtHand, radios, words_field
from cases.forms.acts.record import typed_reference
from cases.forms.acts.telling import TellingForm
from cases.forms.layout import Question
from cases.models import Complaint
from cases.operations.considered import Earlier
from cases.rules.grounds import ALREADY_CONSIDERED
from cases.selectors.letter_readers import may_be_named

SAY_WHICH = (
    "The letter does not name the earlier complaint. Say in the letter which complaint it was."
)
LINKED_ONLY = (
    "The two complaints are linked, and the letter does not name the earlier one: not everybody "
    "who may read the letter may be told of it. Leave it out of your own words too."
)


class EvidencedForm(TellingForm):
    """The form of a refusal, which must be evidenced (Code 2.1, 5.11).

    `rests_on` are the files and entries of the complaint that can be named, by code.
    """

    evidence = words_field(
        "What shows that the ground applies", help_text="Kept in the record; not sent."
    )

    def __init__(
        self, *args: Any, hand: AtHand, rests_on: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        if rests_on:
            self.fields["rests_on"] = forms.MultipleChoiceField(
                label="Files and entries that show it",
                required=False,
                choices=list(rests_on),
                widget=forms.CheckboxSelectMultiple,
                help_text="Named with the refusal in the record and in the evidence; not sent.",
            )

    def evidence_questions(self) -> list[Any]:
        """Return what shows it, in words and by what is kept of the complaint."""
        named = ["rests_on"] if "rests_on" in self.fields else []
        return [self.draft("evidence"), *named]


class GroundedForm(EvidencedForm):
    """The form of a refusal on a listed ground.

    Considered before, the earlier complaint can be named.
    """

    kind = "warning"
    on_label = "Day of the decision"
    words_label = "What you write to explain it"
    words_required = True

    ground = radios("Ground", [])
    considered_in = forms.CharField(
        label="Reference of the earlier complaint",
        required=False,
        max_length=40,
        help_text="The two are linked, and the letter names it if everybody who gets the letter "
        "complained in it. Leave it empty if it is not kept here, and say in the letter which it "
        "was.",
    )
    considered_because = words_field(
        "Why it counts, if it was another customer’s",
        required=False,
        help_text="Kept in the record; not sent.",
    )

    def clean_considered_in(self) -> str:
        """Return the reference as stored."""
        return typed_reference(self.cleaned_data["considered_in"])

    def questions(self) -> Sequence[Any]:
        """Return the ground, the evidence, and what is told."""
        named = [Question("considered_in", width=20), Question("considered_because", rows=2)]
        is_asked = "considered_in" in self.fields
        ground = Question("ground", reveals={ALREADY_CONSIDERED: named} if is_asked else {})
        return [ground, *self.evidence_questions(), *self.telling_questions()]

    def advice(self) -> Sequence[str]:
        """Return what the letter does not say of the earlier complaint. Four queries at most."""
        if self.cleaned_data.get("ground") != ALREADY_CONSIDERED:
            return ()
        if self.earlier is None:
            return (SAY_WHICH,)
        named = Complaint.objects.filter(reference=self.earlier.reference).first()
        complaint = self.hand.history.complaint
        if named is None or may_be_named(named, complaint, today=self.hand.today):
            return ()
        return (LINKED_ONLY,)

    @property
    def earlier(self) -> Earlier | None:
        """Return the earlier complaint that is named; none under another ground."""
        given = self.cleaned_data
        if given.get("ground") != ALREADY_CONSIDERED or not given.get("considered_in"):
            return None
        return Earlier(given["considered_in"], given.get("considered_because", ""))
