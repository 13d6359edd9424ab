"""Promises with a day: recorded, moved, given to somebody else, kept with a proof, withdrawn."""

from collections.abc import Sequence
from typing import Any

from cases.forms.acts.promises import (
    GiveForm,
    KeepForm,
    MoveForm,
    PromiseForm,
    WithdrawPromiseForm,
)
from cases.models import Complaint
from cases.operations import promises
from cases.operations.files import check_upload, store_upload
from cases.operations.promises import Proof
from cases.rules.acts import Act
from cases.rules.letter_facts import LetterKind
from cases.rules.promises import is_kept_by_hand
from cases.rules.state import Deadline
from cases.selectors.promises import chosen_keeper, keeper_choices
from cases.views.acts.page import ActPage


class Promise(ActPage):
    """Record a promise made outside a letter."""

    act = Act.PROMISE
    form_class = PromiseForm
    done = "The promise is recorded."

    def about(self) -> list[str]:
        """Return where promises in a letter belong."""
        return ["What an answer promises is recorded with the answer. This is for anything else."]

    def form_details(self) -> dict[str, Any]:
        """Return who can keep it."""
        return {"keepers": keeper_choices(self.complaint, today=self.today)}

    def perform(self, form: Any) -> Complaint:
        """Record it."""
        return promises.make_promise(
            **self.common, promised=form.promised, on=form.cleaned_data["on"]
        )


class AboutPromise(ActPage):
    """A page about one of the open promises, the one that the address names at first."""

    def form_details(self) -> dict[str, Any]:
        """Return the promise that the address names."""
        return {"promise": self.request.GET.get("promise", "")}


class KeepPromise(AboutPromise):
    """Record that a promise was kept, with its proof."""

    act = Act.KEEP_PROMISE
    form_class = KeepForm
    done = "It is recorded that the promise was kept."

    def would_keep_late(self) -> tuple[Sequence[Deadline], Sequence[Deadline]]:
        """Return which of the promises is overdue, one of which may be chosen."""
        return self.overdue_among(is_kept_by_hand)

    def perform(self, form: Any) -> Complaint:
        """Record it; one bad file keeps all out.

        :raises FileRefused: if a file may not be taken.
        """
        proof = self.proof(form.cleaned_data)
        return promises.keep_promise(
            **self.common, promise=form.number, on=form.cleaned_data["on"], proof=proof
        )

    def proof(self, given: dict[str, Any]) -> Proof:
        """Return what shows it, its files stored.

        :raises FileRefused: if a file may not be taken.
        """
        for upload in given["uploads"]:
            check_upload(upload)
        files = [store_upload(upload, by=self.user, now=self.now) for upload in given["uploads"]]
        entry = int(given["entry"]) if given["entry"] else None
        return Proof(given["proof"], entry, [file.pk for file in files])


class MovePromise(AboutPromise):
    """Move a promise to another day, and tell the customer."""

    act = Act.MOVE_PROMISE
    form_class = MoveForm
    letter_kind = LetterKind.PROMISE_MOVED
    done = "The promise is moved."

    def perform(self, form: Any) -> Complaint:
        """Move it, and make the letter."""
        given = form.cleaned_data
        return promises.move_promise(
            **self.common,
            promise=form.number,
            on=given["on"],
            new_due_on=given["new_due_on"],
            telling=form.telling_if_any,
            reason=form.reason,
        )


class GivePromise(AboutPromise):
    """Give a promise to somebody else."""

    act = Act.GIVE_PROMISE
    form_class = GiveForm
    done = "The promise is theirs now."

    def form_details(self) -> dict[str, Any]:
        """Return the promise that the address names, and who can keep it."""
        keepers = keeper_choices(self.complaint, today=self.today)
        return {**super().form_details(), "keepers": keepers}

    def perform(self, form: Any) -> Complaint:
        """Give it to them."""
        keeper, team = chosen_keeper(form.cleaned_data["keeper"])
        return promises.give_promise(**self.common, promise=form.number, keeper=keeper, team=team)


class WithdrawPromise(AboutPromise):
    """Cancel a promise, and tell the customer."""

    act = Act.WITHDRAW_PROMISE
    form_class = WithdrawPromiseForm
    letter_kind = LetterKind.PROMISE_WITHDRAWN
    done = "The promise is cancelled."

    def perform(self, form: Any) -> Complaint:
        """Withdraw it, and make the letter."""
        return promises.withdraw_promise(
            **self.common,
            promise=form.number,
            on=form.cleaned_data["on"],
            telling=form.telling_if_any,
            reason=form.reason,
        )
