"""Hearings: arranging, inviting, the papers, and what took place."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from cases.forms.acts.common import ActForm, AtHand, radios, words_field
from cases.forms.acts.conditions import CONDITIONS
from cases.forms.acts.record import limits_words, within_limits
from cases.forms.acts.telling import TellingForm
from cases.forms.fields import ChoicesWithRefusals, DateField, FilesField
from cases.forms.layout import Buttons, Question, Submit
from cases.operations.hearing import NO_PAPERS, PAPERS_GO_BY, Arrangement, Held, Papers
from cases.operations.hearing_papers import NOTE_WITHHELD, Choice, Pack
from cases.operations.telling import TELLINGS
from cases.rules.attendance import Attended
from cases.rules.customers import LetterFormat
from cases.rules.foresight import in_full
from cases.rules.hearing_days import asked_of_another_day
from cases.rules.panels import MODES
from cases.rules.parts import Part
from cases.selectors.candidates import Candidate
from cases.selectors.hearings import TakingPart


def modes_of(hand: AtHand) -> list[tuple[str, str]]:
    """Return how a hearing of this stage may be held."""
    panel = hand.stage.panel
    return [(mode, MODES.get(mode, mode)) for mode in (panel.modes if panel else ())]


def _as_arranged(hand: AtHand, people: Sequence[Candidate]) -> dict[str, Any]:
    """Return where, how and before whom it is arranged already, to be changed; nothing before.

    The day is left to be chosen, and whoever may not sit any more.
    """
    hearing = hand.history.state.hearing
    if hearing is None or not hearing.arranged_as:
        return {}
    words = hand.history.parts(hearing.arranged_as)
    arranged = hand.history.events[hearing.arranged_as - 1]
    free = {each.key for each in people if not each.refusal}
    sit = [str(key) for key in hearing.members if key in free]
    return {
        "place": words.get("place", ""),
        "link": words.get("link", ""),
        "mode": arranged.facts.get("mode", ""),
        "members": sit,
        "chair": sit[0] if sit[:1] == [str(key) for key in hearing.members[:1]] else "",
        "reason": words.get("reason", ""),
    }


class ArrangeForm(ActForm):
    """The day, the place and the panel of a hearing."""

    act_text = "Arrange the hearing"
    keeps_draft = True
    on_label = "Day it was arranged"
    conditions: ClassVar[Mapping[str, str]] = {**CONDITIONS, "reason": "needed if fewer sit"}

    hearing_on = DateField(label="Day of the hearing", called="the day of the hearing")
    place = forms.CharField(
        label="Place and time",
        max_length=300,
        required=False,
        help_text="For example: Town Hall, committee room 2, at 2pm. The customer is told this.",
    )
    link = forms.CharField(
        label="How to join by video or telephone",
        max_length=500,
        required=False,
        help_text="An address or a number, if somebody joins from elsewhere. Only the panel, the "
        "coordinator and the responsible officer see it, and whoever gets the invitation.",
    )
    mode = radios("How it is heard", [])
    members = ChoicesWithRefusals(label="Members of the panel")
    chair = forms.ChoiceField(label="Who takes the chair", required=False)
    reason = words_field("Why the panel sits with fewer members", required=False)

    def __init__(
        self, *args: Any, hand: AtHand, people: Sequence[Candidate], **kwargs: Any
    ) -> None:
        before = _as_arranged(hand, people)
        super().__init__(
            *args, hand=hand, initial={**before, **kwargs.pop("initial", {})}, **kwargs
        )
        self.people = people
        panel = hand.stage.panel
        self.field("mode").choices = modes_of(hand)
        members = self.field("members")
        members.choices = [(str(each.key), each.name) for each in people]
        members.refuse({str(each.key): each.refusal for each in people if each.refusal})
        members.help_text = f"The panel needs {panel.make_up}." if panel else ""
        free = [(str(each.key), each.name) for each in people if not each.refusal]
        self.field("chair").choices = [("", "The first of them"), *free]
        if panel is None or panel.smallest == panel.size:
            del self.fields["reason"]
        else:
            self.fields[
                "reason"
            ].help_text = f"Only if fewer than {panel.size} sit; at least {panel.smallest} must."

    def questions(self) -> Sequence[Any]:
        """Return when, where and how, then who."""
        reason = [self.draft("reason", rows=2)] if "reason" in self.fields else []
        titles = {str(each.key): each.job_title for each in self.people}
        return [
            "hearing_on",
            "place",
            "link",
            "mode",
            Question("members", hints=titles),
            "chair",
            *reason,
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse a chair who does not sit, a day on which nobody works, and a hearing nowhere."""
        given = super().clean()
        day, panel = given.get("hearing_on"), self.hand.stage.panel
        is_free = panel is not None and panel.on_any_day
        why = self.hand.history.calendar.why_not_working(day) if day and not is_free else ""
        if day and why:
            self.add_error("hearing_on", f"Choose a working day: {day:%-d %B %Y} is not ({why})")
        if not (given.get("place") or given.get("link")):
            self.add_error("place", "Enter where it is held, or how to join it")
        if given.get("chair") and given["chair"] not in given.get("members", []):
            self.add_error("chair", "Who takes the chair must be a member of the panel")
        return given

    @property
    def arrangement(self) -> Arrangement:
        """Return the hearing as arranged, the chair first."""
        given = self.cleaned_data
        members = [int(key) for key in given["members"]]
        chair = int(given["chair"]) if given["chair"] else None
        return Arrangement(
            hearing_on=given["hearing_on"],
            place=given["place"],
            mode=given["mode"],
            members=sorted(members, key=lambda key: key != chair),
            reason_for_fewer=given.get("reason", ""),
            link=given["link"],
        )


class InvitationForm(TellingForm):
    """The invitation to a hearing as it is now arranged."""

    late_label = "Why the invitation is late"
    act_text = "Invite the customer"
    on_label = "Day of the invitation"
    words_label = "What you write besides"
    words_help = "The day, the place and how to take part are added."

    def has_part(self, part: Part) -> bool | None:
        """Say whether it was arranged where the complaint is heard, or how to join."""
        if part is not Part.PLACE:
            return super().has_part(part)
        history = self.hand.history
        hearing = history.state.hearing
        arranged = history.parts(hearing.arranged_as) if hearing and hearing.arranged_as else {}
        return any(arranged.get(name, "").strip() for name in ("place", "link"))


# The name of the buttons that pick one of the days offered for a hearing.
PICK = "pick"
# The name of the button that shows the papers as they would be.
LOOK = "papers"


class PapersForm(TellingForm):
    """The papers that panel and customer get: bound and sent here, or made elsewhere."""

    late_label = "Why the papers are late"
    act_text = "Send the papers"
    on_label = "Day they are sent"
    words_label = "What you write besides"
    words_help = "The day of the hearing, and where the papers are, are added."

    contents = forms.MultipleChoiceField(
        label="What goes into the papers",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="One numbered PDF is made of it for panel and customer. Select nothing if the "
        "papers were made elsewhere.",
    )
    withheld_because = forms.CharField(
        label="Why a letter or file is not included",
        required=False,
        max_length=500,
        help_text="The papers list what is not included, with this reason.",
    )
    words = words_field(
        "What was sent, and to whom",
        required=False,
        help_text="Needed if the papers were made elsewhere. Only colleagues see it.",
    )
    made_so = forms.CharField(
        label="How they get the papers in the format they need, or why not", max_length=500
    )

    def __init__(self, *args: Any, hand: AtHand, choices: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, hand=hand, **kwargs)
        self.choices = choices
        field = self.field("contents")
        field.choices = [(each.name, each.title) for each in choices]
        field.initial = [each.name for each in choices if not each.is_note]
        self.field("channel").label = "How the customer gets the papers"
        needed = LetterFormat(hand.customer.letter_format)
        if needed is LetterFormat.STANDARD:
            del self.fields["made_so"]
        else:
            self.field("made_so").help_text = (
                f"They need: {needed.words.lower()}. The papers are copies of what was written, in "
                "ordinary print. Kept in the record."
            )

    def refused_channels(self) -> dict[str, str]:
        """Shut the telephone too: papers are to be read."""
        shut = {code: "Papers are to be read." for code in TELLINGS if code not in PAPERS_GO_BY}
        return {**shut, **super().refused_channels()}

    def questions(self) -> Sequence[Any]:
        """Return what goes into them, how the customer gets them, and what else was sent."""
        notes = {each.name: NOTE_WITHHELD for each in self.choices if each.is_note}
        return [
            Question("contents", hints=notes, is_small=True),
            "withheld_because",
            *(["made_so"] if "made_so" in self.fields else []),
            *self.telling_questions(),
            self.draft("words", rows=3),
        ]

    def last_questions(self) -> Sequence[Any]:
        """Return, after who approves the letter, how to look at the papers first."""
        look = Submit("Preview the papers as PDF", kind="secondary", name=LOOK, value="yes")
        return [*super().last_questions(), Buttons(look)]

    def clean(self) -> dict[str, Any]:
        """Ask why a letter or a file is left out, and refuse to send nothing."""
        given = super().clean()
        chosen = given.get("contents", [])
        left_out = [each for each in self.choices if not each.is_note and each.name not in chosen]
        if chosen and left_out and not given.get("withheld_because", "").strip():
            self.add_error("withheld_because", "Enter why a letter or file is not included")
        if self.choices and not chosen and not given.get("words", "").strip():
            self.add_error("contents", NO_PAPERS)
        return given

    @property
    def papers(self) -> Papers:
        """Return what was chosen; without a pack where the papers were made elsewhere.

        While nothing was written yet they are what the customer told us, and no more.
        """
        given = self.cleaned_data
        chosen = given["contents"]
        is_made_here = chosen or not self.choices
        pack = Pack(chosen, given["withheld_because"].strip()) if is_made_here else None
        return Papers(pack, given["words"], given.get("made_so", ""))


OTHER_DAY = "other_day_because"


class HoldForm(ActForm):
    """That a complaint was heard, or considered on the papers."""

    act_text = "Record the hearing"
    keeps_draft = True
    on_label = "Day of the hearing"

    mode = radios("How it was heard", [])
    companion = forms.CharField(label="Who came with the customer", required=False, max_length=200)
    others = forms.CharField(
        label="Who else was there",
        required=False,
        max_length=300,
        help_text="For example an interpreter, or whoever took the minutes.",
    )
    minutes = words_field("What was said", required=False)
    other_day_because = forms.CharField(
        label="Why it was held on another day than arranged", required=False, max_length=500
    )
    uploads = FilesField(label="Minutes as a file", required=False)

    def __init__(
        self, *args: Any, hand: AtHand, people: Sequence[TakingPart], **kwargs: Any
    ) -> None:
        hearing = hand.history.state.hearing
        day = hearing.arranged_for if hearing else None
        initial = {"on": day} if day and day <= hand.today else {}
        super().__init__(
            *args, hand=hand, initial={**initial, **kwargs.pop("initial", {})}, **kwargs
        )
        self.field("mode").choices = modes_of(hand)
        self.arranged_for = hearing.to_come_on if hearing else None
        if self.arranged_for is not None:
            self.field("on").help_text = f"Arranged for {in_full(self.arranged_for)}."
            self.field(OTHER_DAY).help_text = "Kept in the record. Only colleagues see this."
            self.field(OTHER_DAY).required = self.arranged_for > hand.today
        else:
            del self.fields[OTHER_DAY]
        self.field("uploads").help_text = limits_words()
        self.people = people
        for each in people:
            empty = "Choose" if each.is_required else "Not expected"
            self.fields[f"attended-{each.key}"] = forms.ChoiceField(
                label=f"How {each.words} took part",
                choices=[("", empty), *((how.value, how.words) for how in Attended)],
                required=each.is_required,
                error_messages={"required": f"Select how {each.words} took part"},
            )

    def questions(self) -> Sequence[Any]:
        """Return how it was heard, who took part and how, and what was said."""
        asked = [f"attended-{each.key}" for each in self.people]
        because = [OTHER_DAY] if self._asks_about_the_day else []
        return [
            *because,
            "mode",
            *asked,
            "companion",
            "others",
            self.draft("minutes", rows=8),
            "uploads",
        ]

    @property
    def _asks_about_the_day(self) -> bool:
        """Say whether it was held on another day than arranged, as far as is known yet."""
        if OTHER_DAY not in self.fields or self.arranged_for is None:
            return False
        is_early = self.arranged_for > self.hand.today
        return is_early or OTHER_DAY in self.errors or bool(self.sent.get(OTHER_DAY))

    def clean(self) -> dict[str, Any]:
        """Ask why it was held on another day, where it was: a slip of the pen is found so."""
        given = super().clean()
        on, day = given.get("on"), self.arranged_for
        if on and day and on != day and not str(given.get(OTHER_DAY) or "").strip():
            self.errors.pop(OTHER_DAY, None)
            self.add_error(OTHER_DAY, asked_of_another_day(day, on))
        return given

    def clean_uploads(self) -> Any:
        """Refuse more files, or more bytes, than are taken at once."""
        return within_limits(self.cleaned_data["uploads"])

    @property
    def held(self) -> Held:
        """Return the hearing as it was held."""
        given = self.cleaned_data
        answers = {each.key: given[f"attended-{each.key}"] for each in self.people}
        return Held(
            mode=given["mode"],
            attended={who: Attended(how) for who, how in answers.items() if how},
            companion=given["companion"],
            others=given["others"],
            minutes=given["minutes"],
            other_day_because=given.get(OTHER_DAY, ""),
        )
