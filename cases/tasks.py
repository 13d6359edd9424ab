"""Celery's way in. A task reads the clock and calls operations; each may run twice or late."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from cases.operations.absences import end_access, release_leavers_complaints
from cases.operations.anchors import seal_days, write_outside
from cases.operations.calendars import follow_newest_calendar
from cases.operations.dispatches import dispatch_next, queue_texts
from cases.operations.documents import make_documents
from cases.operations.file_checks import Checked, check_next
from cases.operations.information import chase_questions
from cases.operations.interests import close_what_concerns
from cases.operations.jobs import each_in_turn, find_database_again, run_job
from cases.operations.letter_approvals import chase_letters, forget_old_wordings
from cases.operations.letter_drafts import forget_old_drafts
from cases.operations.mail_intake import chase_post
from cases.operations.mailbox import Mailbox, MailboxAway, read_mailbox
from cases.operations.messages import Tried, deliver_next
from cases.operations.presence import forget_who_looked
from cases.operations.promises import give_back_lost_promises
from cases.operations.reminders import sweep_deadlines
from cases.operations.restrictions import chase_reviews
from cases.operations.sessions import forget_ended_sessions
from cases.operations.tracking import forget_tracking, send_codes
from cases.operations.webhooks import are_offered, find_what_to_tell, tell_next
from cases.rules.periods import london_day
from cases.selectors.operations_page import HEARTBEAT
from cases.selectors.running import landlord

logger = logging.getLogger(__name__)

# One run delivers for so long at most, so that other work gets its turn in embedded mode.
DELIVERY_SECONDS = 30
# One run reads the mailbox for so long at most.
READING_SECONDS = 30
# One run tells addresses outside for so long at most.
TELLING_SECONDS = 20
# One run has files checked for so long at most.
CHECKING_SECONDS = 20
# Complaints that one run lets follow a new calendar: some seconds of work.
ADOPTED_AT_ONCE = 1_000
# Letters that one run makes: some seconds of work, more where they are read out.
MADE_AT_ONCE = 50


def _run(name: str, function: Callable[[], object]) -> None:
    find_database_again()
    run_job(name, timezone.now(), function)


@shared_task(name="cases.heartbeat", ignore_result=True)
def heartbeat() -> None:
    """Show that clock, broker, worker and database all work: this comes through all of them."""
    _run(HEARTBEAT, lambda: None)


@shared_task(name="cases.deliver_messages", ignore_result=True)
def deliver_messages() -> None:
    """Make the codes that customers asked for, and send what is queued.

    It goes on until nothing waits, the time is up, or the server is away.
    """
    _run("deliver messages", _deliver)


def _deliver() -> str:
    ours = landlord()
    send_codes(now=timezone.now(), name=ours.name if ours else "")
    end = time.monotonic() + DELIVERY_SECONDS
    tried: Counter[str] = Counter()
    while time.monotonic() < end:
        outcome = deliver_next(now=timezone.now())
        if outcome is None:
            break
        tried[outcome.value] += 1
        if outcome is Tried.NO_SERVER:
            break
    return ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in sorted(tried.items()))


@shared_task(name="cases.read_mailbox", ignore_result=True)
def fetch_mail() -> None:
    """Take in the e-mail that is unread in the landlord's mailbox, where one is set."""
    _run("read mailbox", _read)


def _read() -> str:
    if not settings.IMAP_URL:
        return ""
    mailbox = Mailbox(settings.IMAP_URL, settings.IMAP_DONE_FOLDER, settings.MAIL_MAX_BYTES)
    try:
        took = read_mailbox(mailbox, now=timezone.now(), seconds=READING_SECONDS)
    except MailboxAway as away:
        logger.warning("The mailbox cannot be read: %s", away)
        raise
    return ", ".join(f"{count} {what}" for what, count in sorted(took.items()))


@shared_task(name="cases.check_files", ignore_result=True)
def check_files() -> None:
    """Have the virus scanner look at what is held, until nothing waits or the time is up."""
    _run("check files", _check)


def _check() -> str:
    end = time.monotonic() + CHECKING_SECONDS
    checked: Counter[str] = Counter()
    while time.monotonic() < end:
        outcome = check_next(now=timezone.now())
        if outcome is None:
            break
        checked[outcome.value] += 1
        if outcome is Checked.NO_SCANNER:
            break
    return ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in sorted(checked.items()))


@shared_task(name="cases.use_provider", ignore_result=True)
def use_provider() -> None:
    """Have the provider post letters and send texts, and ask what became of them, if one is set."""
    _run("use provider", _dispatch)


def _dispatch() -> str:
    queue_texts(now=timezone.now())
    end = time.monotonic() + DELIVERY_SECONDS
    done: Counter[str] = Counter()
    while time.monotonic() < end and (outcome := dispatch_next(now=timezone.now())):
        done[outcome] += 1
        if outcome == "later":
            break
    return ", ".join(f"{count} {what}" for what, count in sorted(done.items()))


@shared_task(name="cases.tell_webhooks", ignore_result=True)
def tell_webhooks() -> None:
    """Tell addresses outside of what happened, where operators have listed any host."""
    _run("tell webhooks", _tell)


def _tell() -> str:
    if not are_offered():
        return ""
    find_what_to_tell(now=timezone.now())
    end = time.monotonic() + TELLING_SECONDS
    told: Counter[str] = Counter()
    while time.monotonic() < end and (outcome := tell_next(now=timezone.now())):
        told[outcome.value] += 1
    return ", ".join(f"{count} {what}" for what, count in sorted(told.items()))


@shared_task(name="cases.sweep_deadlines", ignore_result=True)
def sweep() -> None:
    """Remind people of the promises whose reminder has come."""
    _run("sweep deadlines", lambda: sweep_deadlines(now=timezone.now()))


@shared_task(name="cases.adopt_calendar", ignore_result=True)
def adopt_calendar() -> None:
    """Let open complaints follow a calendar that was published, some at a time."""
    _run("adopt calendar", _adopt)


def _adopt() -> str:
    return str(follow_newest_calendar(now=timezone.now(), limit=ADOPTED_AT_ONCE))


@shared_task(name="cases.make_documents", ignore_result=True)
def make_letters() -> None:
    """Make the documents of letters issued since the last run."""
    _run("make documents", _make)


def _make() -> str:
    made = make_documents(now=timezone.now(), limit=MADE_AT_ONCE)
    return f"{made} letters made" if made else ""


@shared_task(name="cases.daily_anchor", ignore_result=True)
def daily_anchor() -> None:
    """Seal the days that have ended, and keep the seals outside the database."""
    _run("daily anchor", _anchor)


def _anchor() -> str:
    sealed = seal_days(now=timezone.now())
    written = write_outside()
    return f"{len(sealed)} days sealed, {written} written" if sealed or written else ""


@shared_task(name="cases.daily_housekeeping", ignore_result=True)
def daily_housekeeping() -> None:
    """End what is over, chase what is to be reviewed, and release the complaints of leavers."""
    _run("daily housekeeping", _housekeeping)


def _housekeeping() -> str:
    """Take each step, and let none wait for another that fails."""
    now = timezone.now()
    steps: list[Callable[[], str]] = [
        _step(end_access, "accesses ended", today=london_day(now)),
        _step(release_leavers_complaints, "complaints released", now=now),
        _step(close_what_concerns, "closed by interest", now=now),
        _step(give_back_lost_promises, "complaints whose promises were given back", now=now),
        partial(_review_restrictions, now),
        _step(forget_who_looked, now=now),
        _step(forget_tracking, now=now),
        _step(forget_ended_sessions, now=now),
        _step(chase_letters, "told of letters", now=now),
        _step(chase_post, "e-mails chased", now=now),
        _step(chase_questions, "questions chased", now=now),
        _step(forget_old_drafts, "old drafts discarded", now=now),
        _step(forget_old_wordings, "old wordings discarded", now=now),
    ]
    return ", ".join(each for each in each_in_turn(steps) if each)


def _step(function: Callable[..., int], what: str = "", **given: Any) -> Callable[[], str]:
    """Return a step that says how many things it did, if any; without `what` it says nothing."""

    def take() -> str:
        count = function(**given)
        return f"{count} {what}" if count and what else ""

    return take


def _review_restrictions(now: datetime) -> str:
    lapsed, chased = chase_reviews(now=now)
    told = [f"{lapsed} restrictions lapsed"] * bool(lapsed)
    return ", ".join(told + [f"{chased} told of restrictions"] * bool(chased))
