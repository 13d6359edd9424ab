"""One file a thing; here they are only brought together."""

from reporting.models.weekly import ReportLine, WeeklyReport

__all__ = ["ReportLine", "WeeklyReport"]
