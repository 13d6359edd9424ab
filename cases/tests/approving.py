"""Letters that a second person has approved, and a procedure that wants no second person."""

import secrets
from collections.abc import Callable, Sequence
from copy import deepcopy
from itertools import count
from typing import Any

from django.db import transaction

from cases.errors import ApprovalNeeded
from cases.models import Complaint, LetterProposal, ProposalState
from cases.operations.approval_gate import hash_of
from cases.rules.acts import Act
from cases.tests.factories import ProcedureFactory, ProcedureVersionFactory, UserFactory

# The terms of a version are read once for each process by its key: no other test has one of these.
_KEYS = count(1_000_000)


def approved(act: Act, operation: Callable[..., Complaint]) -> Callable[..., Complaint]:
    """Return the operation of an act whose letter, if it needs one, a second person approved."""

    def done(**details: Any) -> Complaint:
        try:
            with transaction.atomic():
                return operation(**details)
        except ApprovalNeeded as needed:
            _approve(act, needed.letter)
        return operation(**details)

    return done


def _approve(act: Act, letter: Any) -> None:
    complaint, salt = letter.complaint, secrets.token_hex(16)
    LetterProposal.objects.create(
        complaint=complaint,
        # No event asked for it: a number that no event has.
        number=10_000 + LetterProposal.objects.count(),
        act=act.value,
        kind=letter.kind,
        stage=complaint.stage,
        visit=complaint.visit,
        typed={},
        salt=salt,
        words_hash=hash_of(letter, salt),
        asked_at=letter.issued_at,
        asked_by=letter.issued_by,
        state=ProposalState.APPROVED.value,
        decided_at=letter.issued_at,
        decided_by=UserFactory(),
    )


def refused_by_one(code: str, *, also: Sequence[str] = ()) -> None:
    """Let a procedure have a version by which one person refuses requests for the next stage.

    `also` are grounds besides its own on which they may be refused.
    """
    procedure = ProcedureFactory(code=code)
    first = procedure.versions.get(number=1)
    words = deepcopy(first.terms_words)
    for stage in words["stage"]:
        for route in stage.get("route", []):
            route.pop("refusal_approved", None)
            if "grounds" in route:
                route["grounds"] += also
    ProcedureVersionFactory(
        pk=next(_KEYS),
        procedure=procedure,
        number=2,
        effective_on=first.effective_on.replace(year=2001),
        terms_words=words,
    )
