"""One file a thing; here they are only brought together."""

from feedback.models.approvals import RemarkProposal
from feedback.models.drafts import Draft
from feedback.models.files import FormFile
from feedback.models.held import HeldCopy, HeldCopyTaken, HeldRequest
from feedback.models.lessons import Lesson
from feedback.models.remarks import PassedOn, Remark, RemarkLetter
from feedback.models.sightings import Sighting
from feedback.models.submissions import Matching, State, Submission
from feedback.models.surveys import EqualityCount, SurveyAnswer, SurveyRequest, SurveyRound

__all__ = [
    "Draft",
    "EqualityCount",
    "FormFile",
    "HeldCopy",
    "HeldCopyTaken",
    "HeldRequest",
    "Lesson",
    "Matching",
    "PassedOn",
    "Remark",
    "RemarkLetter",
    "RemarkProposal",
    "Sighting",
    "State",
    "Submission",
    "SurveyAnswer",
    "SurveyRequest",
    "SurveyRound",
]
