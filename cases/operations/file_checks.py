"""Files that wait for the virus scanner: looked at one by one, and let go or sealed."""

import logging
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings

from cases.models import Scan, StoredFile
from cases.operations.files import path_of
from cases.operations.virus_scan import ScannerAway, Verdict, scan

logger = logging.getLogger(__name__)

# After the scanner could not look at a file it is asked again so much later.
AGAIN = timedelta(hours=1)
NO_BYTES = "Its bytes are not where they should be"


class Checked(StrEnum):
    """What became of one file."""

    CLEAN = "clean"
    SEALED = "sealed"
    NOT_CHECKED = "not_checked"
    NO_SCANNER = "no_scanner"


def check_next(*, now: datetime) -> Checked | None:
    """Have the scanner look at the file that has waited longest; None if none waits.

    It is asked without a transaction. Two that ask about the same file get the same answer, and a
    file that was once decided about stays so.
    """
    waiting = StoredFile.objects.held().filter(next_scan_at__lte=now)
    file = waiting.order_by("next_scan_at", "pk").first()
    if file is None:
        return None
    if not settings.CLAMD_URL:
        return Checked.NO_SCANNER
    try:
        with path_of(file.key).open("rb") as content:
            verdict = scan(content, url=settings.CLAMD_URL)
    except FileNotFoundError:
        verdict = Verdict(trouble=NO_BYTES)
    except ScannerAway as away:
        logger.warning("The virus scanner does not answer: %s", away)
        return Checked.NO_SCANNER
    return _decide(file, verdict, now=now)


def _decide(file: StoredFile, verdict: Verdict, *, now: datetime) -> Checked:
    mine = StoredFile.objects.held().filter(pk=file.pk)
    if verdict.trouble:
        mine.update(scan_words=verdict.trouble, next_scan_at=now + AGAIN)
        logger.warning("File %s could not be checked: %s", file.pk, verdict.trouble)
        return Checked.NOT_CHECKED
    decided = Scan.CLEAN if verdict.is_clean else Scan.INFECTED
    mine.update(scan=decided.value, scan_words=verdict.found, scanned_at=now, next_scan_at=None)
    if verdict.is_clean:
        return Checked.CLEAN
    logger.error("File %s is sealed: the virus scanner found %s", file.pk, verdict.found)
    return Checked.SEALED
