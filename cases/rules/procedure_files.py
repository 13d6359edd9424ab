"""Procedures as readable files: from the file's mapping to terms, and back."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cases.errors import PeriodUnreadable, ProcedureInvalid
from cases.rules.events import EventKind, PanelDecision
from cases.rules.periods import parse_period
from cases.rules.roles import Role
from cases.rules.stage_letters import read_letters
from cases.rules.terms import (
    Anchor,
    AnchorKind,
    Handover,
    Independence,
    NewMatters,
    OutsideBody,
    Panel,
    ProcedureTerms,
    Reminder,
    Route,
    Stage,
    StageKind,
    Timescale,
)

FOLDER = Path(__file__).resolve().parent.parent / "procedures"
Words = Mapping[str, Any]


def shipped_codes() -> list[str]:
    """Return the codes of the procedures that ship with the product."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read_shipped(code: str) -> dict[str, Any]:
    """Return the mapping in the file of a shipped procedure.

    :raises FileNotFoundError: if no such procedure ships.
    """
    return tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))


def read_procedure(text: str) -> dict[str, Any]:
    """Return the mapping in the text of a procedure file.

    :raises ProcedureInvalid: if it is no such file; a mistake in its form is told with its line.
    """
    try:
        words = tomllib.loads(text)
        plain = json.dumps(words, allow_nan=False)
    except tomllib.TOMLDecodeError as wrong:
        raise ProcedureInvalid([f"It is not in the form of a procedure’s file: {wrong}."]) from None
    except (TypeError, ValueError):
        raise ProcedureInvalid(["A procedure’s file has words and whole numbers alone."]) from None
    if "\\u0000" in plain:
        raise ProcedureInvalid(["A sign in it cannot be stored."])
    return words


def terms_from(words: Words) -> ProcedureTerms:
    """Return the terms that a file or a stored version describes.

    :raises ProcedureInvalid: if a word, a period or a code in it is not known.
    """
    try:
        defaults = words.get("reminders", [])
        return ProcedureTerms(
            code=words["code"],
            name=words["name"],
            first_stage=words["first_stage"],
            stages=tuple(_stage(each, defaults) for each in words["stage"]),
            outside_bodies=tuple(_outside_body(each) for each in words.get("outside_body", [])),
            feedback_acknowledgement=parse_period(words["feedback_acknowledgement"]),
            post_takes=words.get("post_takes", 2),
            customer_categories=tuple(words.get("customer_categories", [])),
            not_complaints=tuple(words.get("not_complaints", [])),
            definition=words.get("definition", ""),
            care_standards=tuple(words.get("care_standards", [])),
            care_targets=tuple(words.get("care_targets", [])),
            kinds_of_complaint=tuple(words.get("kinds_of_complaint", [])),
            separate_register=words.get("separate_register", False),
            director_refuses_unreasonable=words.get("director_refuses_unreasonable", False),
            rules=tuple(words.get("rules", [])),
        )
    except KeyError as missing:
        raise ProcedureInvalid([f"{missing.args[0]} is missing."]) from missing
    except (ValueError, TypeError, AttributeError, PeriodUnreadable) as wrong:
        raise ProcedureInvalid([str(wrong)]) from wrong


def _stage(words: Words, default_reminders: list[str]) -> Stage:
    return Stage(
        code=words["code"],
        name=words["name"],
        kind=StageKind(words["kind"]),
        decided_by=tuple(Role(each) for each in words["decided_by"]),
        decided_by_words=words["decided_by_words"],
        timescales=tuple(_timescale(each, default_reminders) for each in words["timescale"]),
        routes=tuple(_route(each) for each in words.get("route", [])),
        independence=tuple(Independence(each) for each in words.get("independence", [])),
        new_matters=NewMatters(words.get("new_matters", "join")),
        panel=_panel(words["panel"]) if "panel" in words else None,
        companion=words.get("companion", False),
        answer_in_writing=words.get("answer_in_writing", True),
        letters=read_letters(words),
        answer_copied_to_coordinator=words.get("answer_copied_to_coordinator", False),
        rules=tuple(words.get("rules", [])),
    )


def _timescale(words: Words, default_reminders: list[str]) -> Timescale:
    binds = Role(words["binds"])
    return Timescale(
        code=words["code"],
        words=words["words"],
        anchors=tuple(_anchor(each) for each in words["starts_at"]),
        period=parse_period(words["period"], rolls=words.get("rolls", False)),
        met_by=tuple(EventKind(each) for each in words["met_by"]),
        binds=binds,
        earliest=words.get("earliest", False),
        lifted_by=EventKind(words["lifted_by"]) if "lifted_by" in words else None,
        renewed_by=EventKind(words["renewed_by"]) if "renewed_by" in words else None,
        may_be_agreed=words.get("may_be_agreed", False),
        longest_extension=words.get("longest_extension"),
        in_writing=words.get("in_writing", False),
        is_gap=words.get("is_gap", False),
        reminders=tuple(
            parse_reminder(each, binds) for each in words.get("reminders", default_reminders)
        ),
        rules=tuple(words.get("rules", [])),
    )


def _anchor(text: str) -> Anchor:
    if text.startswith("due:"):
        return Anchor(AnchorKind.DUE, text.removeprefix("due:"))
    if text in {kind.value for kind in AnchorKind} - {"event", "due"}:
        return Anchor(AnchorKind(text))
    return Anchor(AnchorKind.EVENT, EventKind(text).value)


def parse_reminder(text: str, binds: Role) -> Reminder:
    """Return the reminder that words such as "before-2 bound line_manager" name.

    `bound` is whoever the promise binds.

    :raises ValueError: if the words are not a reminder.
    """
    when, *to = text.split()
    if when == "due":
        days = 0
    else:
        side, _, amount = when.partition("-")
        if side not in {"before", "overdue"}:
            raise ValueError(f"“{text}” is not a reminder: write before-2, due or overdue-1.")
        days = int(amount) * (-1 if side == "before" else 1)
    if not to:
        raise ValueError(f"“{text}” does not say whom to remind.")
    # Kept in order and named once, though `bound` may repeat a role that is named as well.
    return Reminder(days, tuple(dict.fromkeys(binds if t == "bound" else Role(t) for t in to)))


def _route(words: Words) -> Route:
    return Route(
        to=words["to"],
        by_customer={"customer": True, "landlord": False}[words["by"]],
        window=(
            parse_period(words["window"], rolls=words.get("rolls", False))
            if "window" in words
            else None
        ),
        handover=Handover(words.get("handover", "at_once")),
        reasons_required=words.get("reasons_required", False),
        grounds=tuple(words.get("grounds", [])),
        refusal_approved=words.get("refusal_approved", False),
        when_answer_overdue=words.get("when_answer_overdue", False),
        rules=tuple(words.get("rules", [])),
    )


def _panel(words: Words) -> Panel:
    return Panel(
        size=words["size"],
        smallest=words["smallest"],
        make_up=words["make_up"],
        composition=tuple(tuple(Role(role) for role in seat) for seat in words["composition"]),
        modes=tuple(words["modes"]),
        decisions=tuple(PanelDecision(each) for each in words.get("decisions", [])),
        sends_back_to=words.get("sends_back_to", ""),
        includes_service_complained_about=words.get("includes_service_complained_about", False),
        led_by_committee=words.get("led_by_committee", False),
        on_any_day=words.get("on_any_day", False),
        rules=tuple(words.get("rules", [])),
    )


def _outside_body(words: Words) -> OutsideBody:
    return OutsideBody(
        code=words["code"],
        name=words["name"],
        after=words.get("after", ""),
        only_after=words.get("only_after", False),
        wait=parse_period(words["wait"]) if "wait" in words else None,
        within=parse_period(words["within"]) if "within" in words else None,
        rules=tuple(words.get("rules", [])),
    )
