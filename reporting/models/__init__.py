"""One file a thing; here they are only brought together."""

from reporting.models.kept import KeptCase, KeptCopy, KeptReport, LessonsReturn
from reporting.models.weekly import ReportLine, WeeklyReport

__all__ = ["KeptCase", "KeptCopy", "KeptReport", "LessonsReturn", "ReportLine", "WeeklyReport"]
