"""One file a thing; here they are only brought together."""

from feedback.models.drafts import Draft
from feedback.models.files import FormFile
from feedback.models.lessons import Lesson
from feedback.models.remarks import PassedOn, Remark, RemarkLetter
from feedback.models.submissions import Matching, State, Submission

__all__ = [
    "Draft",
    "FormFile",
    "Lesson",
    "Matching",
    "PassedOn",
    "Remark",
    "RemarkLetter",
    "State",
    "Submission",
]
