"""Set the landlord up: its name, nation and procedure."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.errors import ComplaintError
from cases.operations.set_up import set_up_landlord
from cases.rules.bank_holidays import Nation
from cases.rules.numbers import number_in
from cases.rules.procedure_files import read_shipped, shipped_codes


class Command(BaseCommand):
    """Ask for the landlord's name, nation and procedure, or take them from the options."""

    help = "Set the landlord up. What is not given as an option is asked for."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--name", help="the landlord's name")
        parser.add_argument("--nation", choices=[nation.value for nation in Nation])
        parser.add_argument("--procedure", choices=shipped_codes())
        parser.add_argument("--telephone", default="")
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Set the landlord up.

        :raises CommandError: if one is set up already, or nobody answers.
        """
        name = options["name"] or self._ask("The landlord's name: ")
        nation = options["nation"] or self._choose(
            "Nation, for the bank holidays", [(each.value, each.words) for each in Nation]
        )
        procedure = options["procedure"] or self._choose(
            "Procedure", [(code, read_shipped(code)["name"]) for code in shipped_codes()]
        )
        if not name:
            raise CommandError("The landlord needs a name. Nothing was set up.")
        try:
            landlord = set_up_landlord(
                name=name,
                nation=Nation(nation),
                procedure=procedure,
                telephone=options["telephone"],
                email=options["email"],
                now=timezone.now(),
            )
        except ComplaintError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        self.stdout.write(f"{landlord.name} is set up and runs “{procedure}”.")

    def _ask(self, question: str) -> str:
        """Return what is typed.

        :raises CommandError: if the input ends instead.
        """
        try:
            return input(question).strip()
        except EOFError:
            raise CommandError(
                "The input ended before every question was answered. Nothing was set up: give "
                "--name, --nation and --procedure where nobody can answer."
            ) from None

    def _choose(self, question: str, choices: list[tuple[str, str]]) -> str:
        """Return the code chosen by its number or by itself."""
        for number, (code, words) in enumerate(choices, 1):
            self.stdout.write(f"  {number}  {code}: {words}")
        answer = self._ask(f"{question} [1-{len(choices)}]: ")
        codes = [code for code, _ in choices]
        if answer in codes:
            return answer
        if 1 <= number_in(answer) <= len(codes):
            return codes[number_in(answer) - 1]
        raise CommandError(f"“{answer}” is not one of them. Nothing was set up.")
