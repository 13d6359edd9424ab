"""Take away somebody's second factor, where no administrator can: the way out of a lock-out."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.errors import ComplaintError
from cases.models import User
from cases.operations.second_factors import reset


class Command(BaseCommand):
    """Reset the second factor of one person."""

    help = (
        "Takes away the second factor of somebody who lost theirs, as the last administrator may. "
        "They are told by e-mail, signed out everywhere, and set up another when they sign in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address with which they sign in."""
        parser.add_argument("email", help="the e-mail address with which they sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reset it."""
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody signs in with {options['email']}.")
        try:
            reset(user_id=user.pk, by=None, now=timezone.now())
        except ComplaintError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{user.name} sets up another second factor when they next sign in.")
