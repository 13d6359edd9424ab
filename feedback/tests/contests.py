"""A file that is added at the moment the form is sent, inside an installation of a test."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from cases.tests.fixtures import build_house
from feedback.models import Draft, FormFile
from feedback.operations.drafts import add_files
from feedback.operations.send import Sending, send_form
from feedback.rules.kinds import Kind
from feedback.rules.told import Told
from feedback.selectors.drafts import token_hash

NOW = datetime(2026, 6, 10, 10, tzinfo=UTC)
TOKEN = "token"
PDF = b"%PDF-1.7\n" + b"x" * 400
# Long enough to add a file that nothing holds up.
MOMENT_SECONDS = 2


def add_while_sending() -> dict[str, Any]:
    """Add a file once sending has read which files there are; return what became of both."""
    build_house()
    draft = Draft.objects.create(
        token_hash=token_hash(TOKEN), source="", began_at=NOW, changed_at=NOW
    )
    told: list[str] = []

    def add() -> None:
        upload = SimpleUploadedFile("letter.pdf", PDF, "application/pdf")
        try:
            add_files(draft_id=draft.pk, uploads=[upload], source="", now=NOW)
            told.append("added")
        except Exception as refusal:  # whatever it is, the test is told
            told.append(type(refusal).__name__)
        finally:
            connection.close()

    other_tab = threading.Thread(target=add)

    def hold_up(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        answer = execute(sql, *rest)
        if not other_tab.ident and sql.startswith('SELECT "feedback_formfile"."file_id"'):
            other_tab.start()
            other_tab.join(MOMENT_SECONDS)
        return answer

    sending = Sending(
        token=TOKEN,
        key=draft.key,
        began_at=draft.began_at,
        told=Told(kind=Kind.SUGGESTION, words="A bench by the lift."),
        as_sent=[],
        source="",
        is_trapped=False,
        is_confirmed=True,
    )
    with connection.execute_wrapper(hold_up):
        sent = send_form(sending, now=NOW)
    other_tab.join()
    return {"told": told, "sent": sent.state, "files": FormFile.objects.count()}
