"""One file a thing; here they are only brought together."""

from reporting.models.assessments import ProvisionAnswer, SelfAssessment
from reporting.models.capacity import Capacity
from reporting.models.improvement_reports import ImprovementReport
from reporting.models.kept import KeptCase, KeptCopy, KeptReport, LessonsReturn
from reporting.models.measures import MeasuredYear
from reporting.models.targets import Targets
from reporting.models.weekly import ReportLine, WeeklyReport

__all__ = [
    "Capacity",
    "ImprovementReport",
    "KeptCase",
    "KeptCopy",
    "KeptReport",
    "LessonsReturn",
    "MeasuredYear",
    "ProvisionAnswer",
    "ReportLine",
    "SelfAssessment",
    "Targets",
    "WeeklyReport",
]
