"""Thanks, answers to suggestions and letters of surveys that the provider prints and posts."""

from datetime import date, datetime

from cases.models import User
from cases.operations.dispatches import hand_over_beside
from cases.operations.ways import channel_refusal
from cases.rules.customers import LetterFormat
from cases.rules.papers import PRINTED
from cases.rules.roles import Role
from feedback.models import RemarkLetter, SurveyRequest
from feedback.operations.remark_documents import remark_document
from feedback.operations.remark_rights import check_role
from feedback.operations.survey_letters import survey_letters_pdf
from feedback.rules.kinds import Way
from feedback.selectors.outside_post import REMARK, SURVEY, about

PRINTED_ALONE = "The provider posts printed letters only."
NOT_WAITING = "This letter is not waiting to be posted."


class RemarkLetters:
    """Thanks and answers."""

    def paper(self, number: int, *, now: datetime) -> bytes:
        """Return one as a PDF, in the print that its reader needs.

        :raises NotMade: if it cannot be made.
        """
        letter = RemarkLetter.objects.select_related("remark").get(pk=number)
        content, _media_type, _name = remark_document(letter, LetterFormat(letter.letter_format))
        return content

    def why_not(self, number: int, *, now: datetime) -> str:
        """Return why the provider is not to post it, or nothing."""
        letters = RemarkLetter.objects.select_related("remark__customer")
        letter = letters.filter(pk=number).first()
        if letter is None or letter.channel != Way.POST or letter.posted_on is not None:
            return NOT_WAITING
        if LetterFormat(letter.letter_format) not in PRINTED:
            return PRINTED_ALONE
        customer = letter.remark.customer
        return channel_refusal(customer, "post") if customer else NOT_WAITING

    def posted(self, number: int, *, by: User, on: date) -> None:
        """Record that it went."""
        waiting = RemarkLetter.objects.filter(pk=number, posted_on__isnull=True)
        waiting.update(posted_on=on, posted_by=by)

    def failed(self, number: int, *, words: str, by: User, now: datetime) -> None:
        """Tell nobody: it is among the letters to post again, with the reason."""


class SurveyLetters:
    """Letters that ask how it went."""

    def paper(self, number: int, *, now: datetime) -> bytes:
        """Return one as a PDF.

        :raises NotMade: if it cannot be made.
        """
        asked = SurveyRequest.objects.select_related("complaint__customer").get(pk=number)
        return survey_letters_pdf([asked], now=now)

    def why_not(self, number: int, *, now: datetime) -> str:
        """Return why the provider is not to post it, or nothing."""
        waiting = SurveyRequest.objects.to_post().select_related("complaint__customer")
        asked = waiting.filter(pk=number).first()
        if asked is None:
            return NOT_WAITING
        if LetterFormat(asked.complaint.customer.letter_format) not in PRINTED:
            return PRINTED_ALONE
        return channel_refusal(asked.complaint.customer, "post")

    def posted(self, number: int, *, by: User, on: date) -> None:
        """Record that it went."""
        waiting = SurveyRequest.objects.filter(pk=number, posted_on__isnull=True)
        waiting.update(posted_on=on, posted_by=by)

    def failed(self, number: int, *, words: str, by: User, now: datetime) -> None:
        """Tell nobody: it is among the letters of surveys again, with the reason."""


def hand_over_remark_letter(letter: RemarkLetter, *, by: User, now: datetime) -> str:
    """Have the provider post thanks or an answer; return why it cannot go, or nothing.

    :raises NotEntitled: if this person does not work with customers.
    """
    check_role(by)
    return hand_over_beside(about(REMARK, letter.pk), complaint_id=None, by=by, now=now)


def hand_over_surveys(requests: list[SurveyRequest], *, by: User, now: datetime) -> list[str]:
    """Have the provider post letters of surveys; return of each why it cannot go, or nothing."""
    if not by.has_role(Role.COMPLAINTS_COORDINATOR):
        return ["Surveys are for complaints coordinators."] * len(requests)
    return [
        hand_over_beside(about(SURVEY, each.pk), complaint_id=each.complaint_id, by=by, now=now)
        for each in requests
    ]
