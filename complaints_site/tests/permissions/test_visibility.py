"""Which complaints each role sees, and which acts are its own: the rule beneath all pages (P3)."""

import pytest

from cases.errors import NotEntitled
from cases.models import Complaint
from cases.operations.record import recording
from cases.rules.acts import GRANTS, Act, entitled_roles
from cases.rules.procedure_files import read_shipped, shipped_codes, terms_from
from cases.rules.roles import Role
from cases.rules.terms import Stage, StageKind
from cases.selectors.my_work import acted_on_by
from cases.selectors.standing import roles_for
from complaints_site.tests.permissions.table import ACTORS, ROLES, read
from complaints_site.tests.permissions.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P3")]

COMPLAINTS = {line["complaint"]: line for line in read("complaints.csv")}
ACTS = {(line["act"], line["procedure"], line["stage"]): line for line in read("acts.csv")}
# The kinds of complaints that a cell of the acts reaches. Whoever stands on the list of a
# restricted complaint counts there with every role they have.
REACHED = {
    "own": {"own", "listed"},
    "team": {"own", "team", "closed", "sensitive", "listed"},
    "service": {"own", "team", "closed", "sensitive", "service", "listed"},
    "directorate": {"own", "team", "closed", "sensitive", "service", "directorate", "listed"},
    "all": {kind for kind, line in COMPLAINTS.items() if line["complaints_coordinator"] == "read"},
    "pack": {"pack"},
    "no": set(),
}


def test_there_is_a_line_for_every_kind_of_complaint(world):
    assert set(COMPLAINTS) == set(world.complaints)


@pytest.mark.parametrize("actor", [each for each in ACTORS if each != "visitor"])
def test_each_role_sees_what_the_table_says_and_no_other(world, actor):
    person = world.people[actor]
    keys = {complaint.pk: kind for kind, complaint in world.complaints.items()}
    known = Complaint.objects.filter(pk__in=keys).visible_to(person).values_list("pk", flat=True)
    may_read = Complaint.objects.filter(pk__in=keys).readable_by(person)
    readable = set(may_read.values_list("pk", flat=True))

    found = {keys[key]: "read" if key in readable else "know" for key in known}

    wanted = {kind: line[actor] for kind, line in COMPLAINTS.items() if line[actor] != "no"}
    assert found == wanted


def test_whoever_may_not_know_of_a_complaint_may_not_read_it(world):
    for actor in ROLES:
        person = world.people[actor]
        seen = set(Complaint.objects.visible_to(person).values_list("pk", flat=True))
        assert set(Complaint.objects.readable_by(person).values_list("pk", flat=True)) <= seen


# Acts -------------------------------------------------------------------------------------------


def belongs(act: Act, stage: Stage) -> bool:
    """Say whether an act can ever happen in a stage."""
    if act is Act.RESPOND:
        return stage.kind is not StageKind.INITIAL_CONTACT and not stage.panel
    return bool(stage.panel) if act in (Act.HOLD_HEARING, Act.SEND_OUTCOME) else True


def stages() -> dict[tuple[str, str], Stage]:
    """Return every stage of the procedures that ship."""
    return {
        (code, stage.code): stage
        for code in shipped_codes()
        for stage in terms_from(read_shipped(code)).stages
    }


def test_every_act_has_its_line_and_every_line_its_act():
    general = {act for act, procedure, _ in ACTS if not procedure}
    places = {(procedure, stage) for _, procedure, stage in ACTS if procedure}

    assert general == {act.value for act in Act}
    assert places <= set(stages())


@pytest.mark.parametrize("act", list(Act), ids=lambda act: act.value)
def test_an_act_belongs_to_the_roles_of_its_line(act):
    general = ACTS[act.value, "", ""]
    wrong = []
    for (procedure, code), stage in stages().items():
        line = ACTS.get((act.value, procedure, code), general)
        roles = {role.value for role in entitled_roles(act, stage)}
        if belongs(act, stage) and roles != {role for role in ROLES if line[role] != "no"}:
            wrong.append((procedure, code, sorted(roles)))

    assert wrong == []
    assert {role.value for role in GRANTS[act]} == {r for r in ROLES if general[r] != "no"}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_counts_for_the_complaints_that_its_line_reaches(world, role):
    """Under the procedure of these complaints; by the same question as every act asks it."""
    wrong = []
    for act in Act:
        cell = ACTS.get((act.value, "code-2024", "stage-1"), ACTS[act.value, "", ""])[role]
        reached = REACHED[cell] & {
            kind for kind, line in COMPLAINTS.items() if line[role] == "read"
        }
        found = {kind for kind in world.complaints if _is_theirs(world, act, role, kind)}
        if found != reached:
            wrong.append(f"{act.value}: {sorted(found ^ reached)}")

    assert wrong == []


def _is_theirs(world, act: Act, role: str, kind: str) -> bool:
    person, complaint = world.people[role], world.complaints[kind]
    if not Complaint.objects.readable_by(person).filter(pk=complaint.pk).exists():
        return False
    stage = complaint.procedure_version.terms.stage(complaint.stage)
    return bool(roles_for(person, complaint) & entitled_roles(act, stage))


@pytest.mark.parametrize("actor", [each for each in ACTORS if each != "visitor"])
def test_lists_count_the_same_complaints_as_somebodys_as_their_acts_do(world, actor):
    """`acted_on_by`, for lists, against `roles_for`, for one complaint at a time."""
    person = world.people[actor]
    complaints = Complaint.objects.readable_by(person)
    in_lists = set(complaints.filter(acted_on_by(person)).values_list("pk", flat=True))

    alone = {each.pk for each in complaints if roles_for(person, each) - {Role.PANEL_MEMBER}}

    assert in_lists == alone


@pytest.mark.parametrize("kind", list(COMPLAINTS))
def test_the_one_way_into_the_record_asks_the_same(world, kind):
    """A note, which may be written at any time, is taken from nobody but those of its line."""
    complaint = world.complaints[kind]
    taken = set()
    for role in ROLES:
        try:
            with recording(
                complaint_id=complaint.pk, act=Act.NOTE, by=world.people[role], now=NOW, seen=None
            ):
                taken.add(role)
        except NotEntitled:
            continue

    assert taken == {role for role in ROLES if _is_theirs(world, Act.NOTE, role, kind)}


def test_no_table_gives_anybody_a_complaint_they_are_shut_out_of():
    assert {cell for kind in ("shut", "restricted") for cell in _cells(kind)} == {"no"}
    assert [actor for actor in ACTORS if COMPLAINTS["untriaged"][actor] != "no"] == [
        Role.COMPLAINTS_COORDINATOR.value
    ]


def _cells(kind: str) -> list[str]:
    return [COMPLAINTS[kind][actor] for actor in ACTORS]
