"""Writes the words by which complaints are found anew, from the record."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from cases.management.progress import end_progress, progress_on
from cases.models import Complaint
from cases.operations.search_index import CHUNK, index_complaints
from cases.search_indexes import forget_name_words, install_search_indexes


class Command(BaseCommand):
    """Write anew what every complaint is found by. Safe to stop and to run again."""

    help = "Write the words by which complaints are found anew, from the record."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the complaints in order, a transaction for each few hundred."""
        install_search_indexes(connection)
        forget_name_words(connection)
        progress = progress_on(self.stderr, "complaints")
        done, last = 0, 0
        while keys := _next_keys(last):
            done += index_complaints(keys)
            last = keys[-1]
            progress(done)
        end_progress(self.stderr)
        self.stdout.write(f"{done:,} complaints can be searched.")


def _next_keys(after: int) -> list[int]:
    later = Complaint.objects.filter(pk__gt=after).order_by("pk")
    return list(later.values_list("pk", flat=True)[:CHUNK])
