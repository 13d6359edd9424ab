"""The parts that letters have, each in words and with where it comes from."""

from enum import StrEnum


class Part(StrEnum):
    """A part of a letter."""

    STAGE = "stage"
    DEFINITION = "definition"
    SOUGHT = "sought"
    RESPONSIBLE = "responsible"
    LATENESS = "lateness"
    DECISION = "decision"
    REASONS = "reasons"
    REMEDY = "remedy"
    PUT_RIGHT = "put_right"
    MESSAGE = "message"
    AMOUNT = "amount"
    BASIS = "basis"
    ACTIONS = "actions"
    NEW_DAY = "new_day"
    HEARING = "hearing"
    PLACE = "place"
    TAKING_PART = "taking_part"
    SPEAKER = "speaker"
    ANSWER = "answer"
    FURTHER = "further"
    APPEAL = "appeal"
    OMBUDSMAN = "ombudsman"
    POLICY = "policy"
    REACH = "reach"

    @property
    def words(self) -> str:
        """Return the part for people."""
        return _WORDS[self][0]

    @property
    def where_from(self) -> str:
        """Return where it comes from: what the writer does, or what is added."""
        return _WORDS[self][1]

    @property
    def is_written(self) -> bool:
        """Say whether the writer of the letter answers for it."""
        return self in _WRITTEN


_ADDED = "added for you"
_WORDS: dict[Part, tuple[str, str]] = {
    Part.STAGE: ("the stage", _ADDED),
    Part.DEFINITION: ("the complaint as we understand it", "the points, or your words"),
    Part.SOUGHT: ("what the customer wants", "your words, or that they did not say"),
    Part.RESPONSIBLE: ("what we are and are not responsible for", "what you choose, or your words"),
    Part.LATENESS: ("the apology for being late, and the reason", "why it is late, as you say it"),
    Part.DECISION: ("the decision", "what you choose"),
    Part.REASONS: ("the reasons", "your words"),
    Part.REMEDY: ("what puts it right", "what you choose, where something went wrong"),
    Part.PUT_RIGHT: ("how it was put right", "your words"),
    Part.MESSAGE: ("the message", "your words"),
    Part.AMOUNT: ("the amount of the compensation", "as it was approved"),
    Part.BASIS: ("for what the compensation is", "each head with its amount, as approved"),
    Part.ACTIONS: (
        "outstanding actions",
        "what you choose; what was promised before, or that nothing is outstanding, is added",
    ),
    Part.NEW_DAY: ("the new day", "what you choose"),
    Part.HEARING: ("the day of the hearing", _ADDED),
    Part.PLACE: ("where it is heard", "as the hearing was arranged"),
    Part.TAKING_PART: ("how the customer may take part", _ADDED),
    Part.SPEAKER: ("who says that they speak for the customer", _ADDED),
    Part.ANSWER: ("how to answer, and that nobody else can", _ADDED),
    Part.FURTHER: ("how and by when to go further", _ADDED),
    Part.APPEAL: ("how appeals work", _ADDED),
    Part.OMBUDSMAN: ("the Ombudsman’s details", "added from Settings"),
    Part.POLICY: ("the policy, enclosed", _ADDED),
    Part.REACH: ("how to reach us, and other formats", "added from Settings"),
}
_WRITTEN = frozenset(
    {
        Part.DEFINITION,
        Part.SOUGHT,
        Part.RESPONSIBLE,
        Part.LATENESS,
        Part.DECISION,
        Part.REASONS,
        Part.REMEDY,
        Part.PUT_RIGHT,
        Part.MESSAGE,
        Part.NEW_DAY,
        Part.PLACE,
    }
)
# What a procedure may ask of its answers.
ANSWER_PARTS = (
    Part.STAGE,
    Part.DEFINITION,
    Part.DECISION,
    Part.REASONS,
    Part.REMEDY,
    Part.ACTIONS,
    Part.FURTHER,
    Part.APPEAL,
    Part.OMBUDSMAN,
)
