"""The operators' page: how the background work goes, without a word of any complaint."""

import shutil
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.views.generic.base import TemplateView

from cases.models.complaints import COUNT_LIMIT
from cases.operations.documents import make_given_up_again
from cases.operations.passwords import LINK_KINDS
from cases.operations.undeliverable import cancel_message, send_again
from cases.rules.numbers import number_in
from cases.rules.pages import CHANGERS, Page
from cases.selectors.broker import BrokerSilent, tasks_waiting
from cases.selectors.operations_page import (
    FailedMessage,
    FileChecks,
    JobLine,
    OperationsOverview,
    operations_overview,
)
from cases.templatetags.parts import Column, SummaryRow
from cases.views.access import StaffPage, user_of
from cases.views.change_page import SmallAct

# Below so much free room the page warns: the database and the files need it to grow.
LOW_DISK = 0.1
# Files that wait longer than this for the scanner show that it does not answer.
LONG_HELD = timedelta(minutes=5)
NO_MAIL = "None: no e-mail leaves this machine"
JOB_COLUMNS = (
    Column("Task"),
    Column("Every"),
    Column("Last run"),
    Column("Last done"),
    Column("Result"),
    Column("State"),
)
# What each job does; it is kept under its short name.
JOBS = {
    "heartbeat": "Show that the background work runs",
    "deliver messages": "Send e-mails that wait",
    "read mailbox": "Read the mailbox",
    "check files": "Have files checked for viruses",
    "use provider": "Give letters and texts to the provider",
    "sweep deadlines": "Remind of deadlines, and chase what is overdue",
    "adopt calendar": "Let complaints follow new working days",
    "make documents": "Make letters as documents",
    "daily anchor": "Seal the record of the day",
    "daily housekeeping": "Clear away what is no longer needed",
    "make copies": "Gather what is held of those who ask for it",
    "sweep feedback": "Put away forms that nobody finished",
    "weekly reports": "Make the weekly reports",
    "performance reports": "Make the reports of months, quarters and years",
}
MESSAGE_COLUMNS = (
    Column("Message"),
    Column("Kind"),
    Column("Written"),
    Column("Why it was not delivered"),
    Column("Acts", is_hidden=True),
)


class OperationsPage(StaffPage, TemplateView):
    """Jobs, queues, failures, room on the disk."""

    page = Page.OPERATIONS
    template_name = "cases/operations/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how everything goes."""
        now = timezone.now()
        overview = operations_overview(now=now)
        free, is_low = disk_space()
        return super().get_context_data(
            **kwargs,
            now=now,
            overview=overview,
            failed=[(each, kind_words(each)) for each in overview.undeliverable],
            link_kinds=LINK_KINDS,
            jobs=[
                (job, JOBS.get(job.name, job.name.capitalize()), words_of(job.every), state_of(job))
                for job in overview.jobs
            ],
            job_columns=JOB_COLUMNS,
            message_columns=MESSAGE_COLUMNS,
            rows=self._rows(overview, free),
            warnings=self._warnings(overview, free, is_low=is_low, now=now),
            more=max(0, overview.messages_undeliverable - len(overview.undeliverable)),
            may_change=user_of(self.request).has_role(*CHANGERS[self.page]),
        )

    def _rows(self, overview: OperationsOverview, free: str) -> list[SummaryRow]:
        oldest = overview.oldest_waiting_at
        waiting = f"{overview.messages_waiting:,} waiting, {overview.messages_sending:,} being sent"
        if oldest:
            waiting += f"; the oldest since {timezone.localtime(oldest):%-d %b %Y %H:%M}"
        reminders = overview.reminders_waiting
        more = "+" if reminders >= COUNT_LIMIT else ""
        until = overview.horizon
        sealed = overview.last_sealed_on
        return [
            SummaryRow("Messages", waiting),
            SummaryRow("Background work", broker_words()),
            SummaryRow("Mail server", "Set up" if settings.MAIL_LEAVES else NO_MAIL),
            SummaryRow("Letters that could not be made", letters_words(overview.letters_given_up)),
            SummaryRow("Codes by text", codes_words(overview.codes_failed)),
            SummaryRow("Reminders waiting", f"{reminders:,}{more}"),
            SummaryRow("Mailbox", mailbox_words(overview)),
            SummaryRow("Virus scanner", scanner_words(overview.files)),
            SummaryRow(
                "Record sealed against change up to", f"{sealed:%-d %B %Y}" if sealed else "Not yet"
            ),
            SummaryRow("Bank holidays known until", f"{until:%-d %B %Y}" if until else "Not yet"),
            SummaryRow("Room on the disk", free),
            SummaryRow("Version", settings.VERSION),
        ]

    def _warnings(
        self, overview: OperationsOverview, free: str, *, is_low: bool, now: datetime
    ) -> list[str]:
        found = []
        if overview.is_beat_late:
            age = overview.beat_age
            since = f"for {words_of(age)}" if age else "since it was installed"
            found.append(
                f"The background work has not been heard of {since}: no reminder and no message "
                "goes out. Whoever runs the server starts the worker and the beat process again."
            )
        if not settings.MAIL_LEAVES and not settings.DEMONSTRATION:
            found.append(
                "No e-mail leaves this machine, to customers or colleagues, and what is written "
                "counts as sent: MAIL_STAYS_HERE is set. Name a mail server in EMAIL_URL."
            )
        if overview.last_message_error:
            found.append(f"A message was not taken last time: {overview.last_message_error}")
        if overview.letters_given_up:
            found.append(
                "What sets papers as PDF ended over some letters each time that it was tried, and "
                "they are tried no more. See in the log why it ended, such as too little memory, "
                "and then have them made again below."
            )
        oldest = overview.files.oldest_held_at
        if oldest and now - oldest > LONG_HELD:
            found.append(
                f"Files wait {words_of(now - oldest)} for the virus scanner, and nobody can open "
                "them. See that clamd runs and answers at CLAMD_URL."
            )
        if overview.is_horizon_near:
            found.append(
                "The known bank holidays end soon. Somebody who may change the working days "
                "should bring them up to date."
            )
        if is_low:
            found.append(f"Little room is left on the disk: {free}.")
        return found


def broker_words() -> str:
    """Return how many tasks wait for a worker, in words."""
    if settings.EMBEDDED:
        return "Done on this machine, one thing after the other"
    try:
        number = tasks_waiting()
    except BrokerSilent:
        return "Its queue does not answer (REDIS_URL): messages and reminders wait until it does"
    return f"{number:,} waiting to be done"


def words_of(span: timedelta | None) -> str:
    """Return a span of time in words: "30 seconds", "5 minutes", "2 hours", "3 days"."""
    if span is None:
        return ""
    seconds = int(span.total_seconds())
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "no time"


def mailbox_words(overview: OperationsOverview) -> str:
    """Return how reading the mailbox gets on, in words."""
    if not settings.IMAP_URL:
        return "Not set up: no e-mail is taken in"
    told = []
    for job in overview.jobs:
        if job.name == "read mailbox":
            last = job.success_at
            told.append(
                f"Last read {timezone.localtime(last):%-d %b %Y %H:%M}" if last else "Not read yet"
            )
            if job.failures:
                told.append(f"failed {job.failures} times since: {job.error}")
    return "; ".join([*told, _waits(overview.mail_waiting)])


def _waits(number: int) -> str:
    return "1 e-mail waits to be sorted" if number == 1 else f"{number:,} e-mails wait to be sorted"


def scanner_words(files: FileChecks) -> str:
    """Return how the virus scanner gets on, in words."""
    told = ["Set up" if settings.CLAMD_URL else "Not set up: files are not checked for viruses"]
    if files.held:
        told.append(f"{files.held:,} waiting to be checked")
    if files.could_not_look:
        told.append(f"{files.could_not_look:,} that it could not look at")
    if files.sealed:
        more = "+" if files.sealed >= COUNT_LIMIT else ""
        told.append(f"{files.sealed:,}{more} sealed")
    return "; ".join(told)


def codes_words(failed: int) -> str:
    """Return how the codes went that customers have sent to their mobile telephones."""
    if not failed:
        return "None failed since this time yesterday"
    return f"{failed:,} did not go since this time yesterday: see what the provider says of them"


def letters_words(number: int) -> str:
    """Return how many letters wait for a person to have them made again, in words."""
    if not number:
        return "None"
    more = "+" if number >= COUNT_LIMIT else ""
    waits = "1 waits" if number == 1 else f"{number:,}{more} wait"
    return f"{waits} to be made again"


def kind_words(message: FailedMessage) -> str:
    """Return what kind of message it is, in words."""
    return message.kind.replace("_", " ").replace("-", " ").capitalize()


def state_of(job: JobLine) -> tuple[str, str]:
    """Return how a job stands in words, and the tone for it."""
    if job.failures:
        return f"Failed {job.failures} time{'' if job.failures == 1 else 's'}", "red"
    if job.is_late:
        return "Late", "red"
    return ("Runs", "green") if job.success_at else ("Not run yet", "grey")


def disk_space() -> tuple[str, bool]:
    """Return how much room is free where files and the local database lie, and if it is little."""
    folder = settings.DATA_DIR
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    free = usage.free / usage.total if usage.total else 0
    return f"{filesizeformat(usage.free)} free ({free:.0%})", free < LOW_DISK


class OperatorsAct(SmallAct):
    """An act behind a button on the operators' page."""

    page = Page.OPERATIONS

    def back_url(self) -> str:
        """Return the operators' page."""
        return reverse("cases:operations")


class MakeLetters(OperatorsAct):
    """Have the letters made again that were given up."""

    def carry_out(self) -> str:
        """Let them be tried again."""
        number = make_given_up_again(by=user_of(self.request), now=self.now)
        return f"{number} letter{'' if number == 1 else 's'} will be tried again within a minute."


class MessageAct(OperatorsAct):
    """An act behind a button beside an undeliverable message."""

    @property
    def message_id(self) -> int:
        """Return the key of the message that the button sent."""
        return number_in(self.request.POST.get("message", ""))


class SendAgain(MessageAct):
    """Queue an undeliverable message once more."""

    def carry_out(self) -> str:
        """Queue it."""
        send_again(message_id=self.message_id, by=user_of(self.request), now=self.now)
        return f"Message {self.message_id} is queued again."


class CancelMessage(MessageAct):
    """Give an undeliverable message up."""

    def carry_out(self) -> str:
        """Give it up."""
        cancel_message(message_id=self.message_id, by=user_of(self.request), now=self.now)
        return f"Message {self.message_id} is given up."
