"""Publish the procedures that came with a new release."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.errors import ComplaintError
from cases.operations.set_up import load_new_procedures


class Command(BaseCommand):
    """Make procedures of a new release ones that the landlord can run; belongs after migrating."""

    help = (
        "Publish the procedures that came with a new release, so that the landlord can run them. "
        "What was published before is left as it is, and which procedure runs does not change. "
        "Before the landlord is set up there is nothing to do. Safe to run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish what is new.

        :raises CommandError: if a file of a procedure contradicts itself.
        """
        try:
            published = load_new_procedures(now=timezone.now())
        except ComplaintError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        names = "".join(f" {each.procedure.name}." for each in published)
        self.stdout.write(f"{len(published)} new procedures.{names}")
