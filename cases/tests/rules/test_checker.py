"""What the procedure checker finds wrong."""

import copy

import pytest

from cases.errors import ProcedureInvalid
from cases.rules.checker import departures_from_code, problems
from cases.rules.procedure_files import parse_reminder, read_shipped, terms_from
from cases.rules.roles import Role


def changed(code, change):
    """Return the terms of a shipped procedure after a change to its words."""
    words = copy.deepcopy(read_shipped(code))
    change(words)
    return terms_from(words)


def stage(words, place=0):
    return words["stage"][place]


def promise(words, place=0, which=0):
    return stage(words, place)["timescale"][which]


def twice(found):
    found.append(copy.deepcopy(found[0]))


WRONG = [
    (lambda w: w.update(first_stage="stage-9"), "The first stage, stage-9, does not exist."),
    (lambda w: twice(w["stage"]), "Two stages have the same code."),
    (lambda w: stage(w)["route"][0].update(to="stage-9"), "leads to stage-9, which does not exist"),
    (lambda w: stage(w).pop("route"), "cannot be reached."),
    (lambda w: twice(stage(w)["timescale"]), "two promises have the same code."),
    (lambda w: stage(w).update(kind="panel_hearing"), "a panel hearing needs a panel"),
    (lambda w: stage(w, 2)["panel"]["composition"].pop(), "every seat of the panel needs"),
    (lambda w: stage(w, 2)["panel"].update(sends_back_to="x"), "sends back to a stage that"),
    (lambda w: promise(w).update(period="0 working days"), "only notice of a hearing"),
    (lambda w: promise(w).update(period="-3 working days"), "only notice of a hearing"),
    (lambda w: promise(w).update(period="48 hours"), "counted in days, not in hours"),
    (lambda w: promise(w).update(met_by=[]), "nothing can meet it"),
    (lambda w: promise(w).update(starts_at=["due:none"]), "counts from due:none, which the stage"),
    (lambda w: promise(w).update(starts_at=["acknowledged"]), "it could wait for ever"),
    (lambda w: promise(w).update(starts_at=["due:respond"]), "could wait for ever"),
    (lambda w: promise(w).update(starts_at=["hearing_day"]), "it could wait for ever"),
    (lambda w: promise(w).update(period="6 working days"), "it is due after the answer"),
    (lambda w: w["outside_body"][0].update(after="stage-9"), "comes after stage-9, which does not"),
    (lambda w: stage(w, 1).update(acknowledgement_defines=True), "and it promises none"),
    (lambda w: stage(w, 1).update(acknowledgement_encloses_policy=True), "it promises none"),
    (lambda w: stage(w).update(answer_parts=["appeal"]), "it leads to no hearing"),
    (lambda w: stage(w).update(answer_says=["remedy"]), "“remedy” is the name of a part"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), WRONG)
def test_what_contradicts_itself_is_told(change, words):
    def both(found):
        change(found)
        if words.startswith("could wait"):
            # Each waits for the other.
            promise(found, which=1).update(starts_at=["due:acknowledge"])

    assert any(words in each for each in problems(changed("kht-three-stage", both)))


@pytest.mark.parametrize(
    "change",
    [
        lambda w: w.pop("name"),
        lambda w: promise(w).update(period="soon"),
        lambda w: promise(w).update(met_by=["answered"]),
        lambda w: promise(w).update(binds="nobody"),
        lambda w: promise(w).update(reminders=["before-2"]),
        lambda w: stage(w).update(kind="hearing"),
        lambda w: stage(w)["route"][0].update(by="somebody"),
        lambda w: w.update(stage=[5]),
        lambda w: stage(w).update(acknowledgement_defines="no"),
        lambda w: stage(w).update(acknowledgement_encloses_policy=1),
        lambda w: stage(w).update(answer_parts=["policy"]),
        lambda w: stage(w).update(answer_parts=["learnings"]),
    ],
)
def test_words_that_mean_nothing_are_refused(change):
    with pytest.raises(ProcedureInvalid) as refused:
        changed("kht-three-stage", change)

    assert refused.value.problems


def told_by_word(words, number):
    """Let neither a stage nor the promise of its answer say that it is in writing."""
    stage(words, number).update(answer_in_writing=False)
    for each in stage(words, number)["timescale"]:
        each.pop("in_writing", None)


DEPARTING = [
    ("6.2", lambda w: promise(w).update(period="6 working days")),
    ("6.3", lambda w: promise(w, which=1).update(period="11 working days")),
    ("6.11", lambda w: promise(w, 1).update(period="6 working days")),
    ("6.14", lambda w: promise(w, 1, 1).update(period="21 working days")),
    ("6.14", lambda w: promise(w, 1, 1).update(period="4 weeks", starts_at=["stage_began"])),
    ("6.12", lambda w: stage(w)["route"][0].update(reasons_required=True)),
    ("5.11", lambda w: stage(w)["route"][0].update(grounds=["followed_policy"])),
    ("6.13", lambda w: stage(w, 1).update(independence=[])),
    ("5.6", lambda w: stage(w, 1).update(acknowledgement_defines=False)),
    ("6.9", lambda w: stage(w)["answer_parts"].remove("actions")),
    ("6.9", lambda w: told_by_word(w, 0)),
    ("6.19", lambda w: told_by_word(w, 1)),
    ("6.19", lambda w: stage(w, 1)["answer_parts"].remove("definition")),
    ("3.7", lambda w: w["outside_body"][0].update(only_after=True, after="stage-2")),
    ("3.7", lambda w: w["outside_body"][0].update(wait="8 weeks", after="stage-2")),
]


@pytest.mark.parametrize(("provision", "change"), DEPARTING)
def test_a_departure_from_the_code_is_told_with_its_provision(provision, change):
    found = departures_from_code(changed("code-2024", change))

    assert [each.provision for each in found] == [provision]


@pytest.mark.parametrize(
    ("text", "days", "to"),
    [
        ("before-2 bound", -2, (Role.DIRECTOR,)),
        ("due bound director", 0, (Role.DIRECTOR,)),
        ("overdue-5 line_manager bound", 5, (Role.LINE_MANAGER, Role.DIRECTOR)),
    ],
)
def test_a_reminder_reads_as_written(text, days, to):
    reminder = parse_reminder(text, Role.DIRECTOR)

    assert (reminder.days, reminder.to, reminder.code) == (days, to, text.split()[0])


@pytest.mark.parametrize("text", ["later bound", "before-2", "before-x bound", "due nobody"])
def test_a_reminder_that_means_nothing_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        parse_reminder(text, Role.DIRECTOR)
