"""What the procedure refuses, in words that staff can read on the screen."""

from collections.abc import Sequence


class ComplaintError(Exception):
    """The root of everything that the procedure refuses."""


class ActionNotAllowed(ComplaintError):
    """The complaint is not where this act belongs."""


class NotEntitled(ComplaintError):
    """This person's role, or their part in the complaint, does not allow the act."""


class ComplaintChanged(ComplaintError):
    """Somebody acted on the complaint after the page was drawn."""


class SettingChanged(ComplaintError):
    """Somebody changed the setting after the page was drawn."""


class WrongDate(ComplaintError):
    """The day given cannot be: in the future, or before the complaint was made."""


class ReasonMissing(ComplaintError):
    """The procedure asks for a reason that was not given."""


class LatenessUnexplained(ReasonMissing):
    """Something is done after its day, and it was not said why; `asks` names the questions."""

    def __init__(self, message: str, asks: tuple[str, ...]) -> None:
        super().__init__(message)
        self.asks = asks


class ExtensionTooLong(ComplaintError):
    """The new day is further away than the procedure lets a deadline be moved."""


class NotIndependent(ComplaintError):
    """This person handled an earlier stage, or the complaint is about them."""


class OutsideCalendar(ComplaintError):
    """The day lies before the first or after the last day that the calendar knows."""


class NoWorkingDays(ComplaintError):
    """A calendar in which nobody ever works can count nothing."""


class PeriodUnreadable(ComplaintError):
    """The words are not a period such as "5 working days"."""


class ProcedureInvalid(ComplaintError):
    """The procedure contradicts itself; `problems` says where, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class TemplateWrong(ComplaintError):
    """No letter could be made with the template; `problems` says why, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class ReferenceUnreadable(ComplaintError):
    """The characters are not a complaint's reference."""


class FileRefused(ComplaintError):
    """The file is of a kind or size that cannot be taken."""


class FileHeld(ComplaintError):
    """The file is not checked for viruses yet, or something was found in it."""


class NotMade(ComplaintError):
    """A document cannot be made on this machine, or not of these words."""


class LoggedAlready(ActionNotAllowed):
    """The form was sent before and logged, and something else stands in it now."""


class TooManyLookups(ComplaintError):
    """Somebody looked up more customers in a short time than any work needs."""


class RowUnreadable(ComplaintError):
    """A row of a file of old cases makes no sense; `problems` says why, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class DraftChanged(ComplaintError):
    """Somebody saved the same draft in another window meanwhile."""


class LetterIncomplete(ActionNotAllowed):
    """A letter lacks a part that it must have.

    `letter` is what there is of it, not stored; `lacking` names each part in words.
    """

    def __init__(self, message: str, letter: object, lacking: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.letter = letter
        self.lacking = tuple(lacking)


class ApprovalNeeded(ActionNotAllowed):
    """A letter needs a second person's approval of its words. `letter` is it, not stored."""

    def __init__(self, message: str, letter: object) -> None:
        super().__init__(message)
        self.letter = letter


class RecordDamaged(ComplaintError):
    """A stored event is not what was written."""


class ArchiveDamaged(ComplaintError):
    """A backup is not what was backed up, or is not a backup."""
