"""What is found when everything was killed, beside what people were told."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from complaints_site.tests.intake.attack import Outcome
from complaints_site.tests.intake.followers import Added
from complaints_site.tests.intake.site import Site

NOTED = (
    "SELECT c.reference, w.parts FROM cases_eventwords w"
    " JOIN cases_recordedevent e ON e.id = w.event_id"
    " JOIN cases_complaint c ON c.id = e.complaint_id WHERE e.kind = 'noted'"
)
FILED = (
    "SELECT c.reference, e.facts FROM cases_recordedevent e"
    " JOIN cases_complaint c ON c.id = e.complaint_id WHERE e.kind = 'file_added'"
)
KEPT = (
    "SELECT c.reference, f.sha256 FROM cases_storedfile f"
    " JOIN cases_complaint c ON c.id = f.complaint_id"
)
MESSAGES = (
    "SELECT c.reference, m.kind FROM cases_outboundmessage m"
    " JOIN cases_complaint c ON c.id = m.complaint_id"
)


@dataclass(frozen=True)
class Found:
    """What is in the database and on the disk, beside what people were told.

    Each list has the words of what is wrong: they begin with what it is, a form, a call, an
    addition or an answer. Of what was added one message to whoever deals with it is the receipt.
    """

    lost: list[str]
    doubled: list[str]
    changed: list[str]
    bad_files: list[str]
    bad_receipts: list[str]
    stored: int
    added: int

    def __str__(self) -> str:
        return (
            f"lost={len(self.lost)} doubled={len(self.doubled)} changed={len(self.changed)} "
            f"bad_files={len(self.bad_files)} bad_receipts={len(self.bad_receipts)} "
            f"stored={self.stored} added={self.added}"
        )


def look(site: Site, outcome: Outcome) -> Found:
    """Compare what people were told with what is stored, asked past the system."""
    rows = site.installation.rows
    sent = set(
        rows(
            "SELECT c.reference, c.summary FROM cases_complaint c JOIN feedback_submission s"
            " ON s.complaint_id = c.id AND s.reference = c.reference"
        )
    )
    logged = set(rows("SELECT reference, summary FROM cases_complaint WHERE channel = 'phone'"))
    stored = dict(sent | logged)
    files, messages = dict(rows(KEPT)), Counter(rows(MESSAGES))
    words = Counter(summary for (summary,) in rows("SELECT summary FROM cases_complaint"))
    told, additions = outcome.told, added(site, outcome)
    return Found(
        lost=[each.words for ref, each in told.items() if stored.get(ref) != each.words]
        + [each.words for each, there in additions if each.references and not there.words],
        doubled=[each.words for each in outcome.sent if words[each.words] > 1]
        + [each.words for each, there in additions if there.words > 1],
        changed=[each.words for each in outcome.sent if len(set(each.references)) > 1],
        bad_files=[each.words for ref, each in told.items() if files.get(ref, "") != each.sha256]
        + [each.words for each, there in additions if set(there.files) != {there.words}],
        bad_receipts=[words for ref, words in sent if messages[ref, "receipt"] != 1]
        + [each.words for each, there in additions if there.messages != there.words],
        stored=len(stored),
        added=sum(bool(there.words) for _, there in additions),
    )


@dataclass(frozen=True)
class Times:
    """How often something that was added is there: its words, its message, and its file.

    The file as an event of the record, and as one that the complaint has.
    """

    words: int
    messages: int
    files: tuple[int, int]


def added(site: Site, outcome: Outcome) -> list[tuple[Added, Times]]:
    """Return what was added, with how often each is there."""
    rows = site.installation.rows
    noted: dict[str, list[str]] = {}
    for reference, parts in rows(NOTED):
        noted.setdefault(reference, []).append(str(parts))
    recorded = Counter((reference, _sha256(facts)) for reference, facts in rows(FILED))
    kept = Counter(rows(KEPT))
    messages = Counter(rows(MESSAGES))
    return [
        (
            each,
            Times(
                words=sum(each.words in parts for parts in noted.get(each.reference, ())),
                messages=messages[each.reference, each.tells],
                files=(recorded[each.reference, each.sha256], kept[each.reference, each.sha256]),
            ),
        )
        for each in outcome.added
    ]


def _sha256(facts: Any) -> str:
    """Return the hash in the facts of an event, which SQLite hands out as text."""
    return str((json.loads(facts) if isinstance(facts, str) else facts).get("sha256", ""))
