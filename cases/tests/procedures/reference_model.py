"""What each procedure allows, said once more in the fewest words, to compare the product with.

It shares nothing with the rules under test: which stage follows which, who decides, and who may do
what are written here by hand from the landlords' documents and the table of roles.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date

from cases.rules.roles import Role

FL, RO, LM, HS = Role.FRONT_LINE, Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER, Role.HEAD_OF_SERVICE
AD, DR, PN, CC = (
    Role.ASSISTANT_DIRECTOR,
    Role.DIRECTOR,
    Role.PANEL_MEMBER,
    Role.COMPLAINTS_COORDINATOR,
)
WORKING = {RO, LM, HS, CC}
SENIORITY = {FL: 1, RO: 1, CC: 2, LM: 2, HS: 3, AD: 4, DR: 5, PN: 6}
MAY = {
    "triage": {CC},
    "assign": {LM, HS, AD, DR, CC},
    "receive_by_team": WORKING,
    "acknowledge": {CC, RO},
    "contact": WORKING | {FL},
    "manager_contact": {LM, HS, CC},
    "resolve": WORKING | {FL},
    "pass_on": WORKING,
    "deliver": WORKING,
    "escalate": WORKING | {FL},
    "accept": {CC, DR, AD},
    "refuse_request": {DR, AD},
    "more_time": {CC, DR, AD},
    "agree_date": WORKING | {FL},
    "extend": {CC, HS, AD, DR},
    "arrange": {CC},
    "invite": {CC},
    "send_papers": {CC},
    "hold": {CC},
    "outcome": {CC},
    "withdraw": WORKING,
    "refer_elsewhere": {CC},
    "refuse": {CC},
    "refuse_unreasonable": {DR},
    "close": {LM, HS, AD, DR, CC, RO},
    "reopen": {LM, HS, AD, DR, CC},
    "ombudsman": {CC, DR},
    "determine": {CC},
    "note": WORKING | {FL, AD, DR},
    "annul": {CC},
}


@dataclass(frozen=True)
class Map:
    """One procedure: which stage follows which, who decides each, and who may not."""

    first: str
    then: dict[str, str]
    decided_by: dict[str, set[Role]]
    windows: set[str] = frozenset()
    panels: set[str] = frozenset()
    somebody_new: set[str] = frozenset()
    more_senior: set[str] = frozenset()
    decides_requests: bool = False
    manager_contacts: set[str] = frozenset()

    @property
    def order(self) -> list[str]:
        """Return the stages from first to last."""
        found = [self.first]
        while found[-1] in self.then:
            found.append(self.then[found[-1]])
        return found


MAPS = {
    "kht-three-stage": Map(
        "stage-1",
        {"stage-1": "stage-2", "stage-2": "stage-3"},
        {"stage-1": {RO, LM, HS}, "stage-2": {LM, HS, AD, DR}, "stage-3": {AD, PN}},
        windows={"stage-1", "stage-2"},
        panels={"stage-3"},
        somebody_new={"stage-3"},
        more_senior={"stage-2"},
    ),
    "first-ark-panel": Map(
        "stage-1",
        {"stage-1": "stage-2"},
        {"stage-1": {LM, HS}, "stage-2": {PN, DR, HS}},
        windows={"stage-1"},
        panels={"stage-2"},
        somebody_new={"stage-2"},
        decides_requests=True,
        manager_contacts={"stage-1"},
    ),
    "livv-two-stage": Map(
        "initial",
        {"initial": "stage-1", "stage-1": "stage-2"},
        {"initial": set(), "stage-1": {LM, HS}, "stage-2": {LM, HS, DR}},
        windows={"stage-1"},
        somebody_new={"stage-2"},
        decides_requests=True,
        manager_contacts={"stage-1"},
    ),
    "herefordshire": Map(
        "initial",
        {"initial": "stage-1", "stage-1": "stage-2", "stage-2": "stage-3"},
        {"initial": set(), "stage-1": {HS}, "stage-2": {DR}, "stage-3": {PN}},
        windows={"stage-1", "stage-2"},
        panels={"stage-3"},
        somebody_new={"stage-2", "stage-3"},
    ),
    "code-2024": Map(
        "stage-1",
        {"stage-1": "stage-2"},
        {"stage-1": {RO, LM, HS}, "stage-2": {RO, LM, HS, DR}},
        somebody_new={"stage-2"},
    ),
}


@dataclass
class Stay:
    """One stay in a stage."""

    stage: str
    acknowledged: bool = False
    answered: bool = False
    arranged_for: date | None = None
    held_on: date | None = None
    arranged_anew: bool = False


@dataclass
class Model:
    """Where a complaint stands, as somebody with the leaflet in hand would say."""

    code: str
    stay: Stay
    untriaged: bool
    officer: int | None
    logger: int
    pending: bool = False
    ended: str = ""
    reached_team: bool = False
    sent_back: bool = False
    referred: bool = False
    before_request: tuple[Stay, int | None] | None = None
    late: bool = False
    seated: set[int] = field(default_factory=set)
    handlers: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    answerers: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    @property
    def map(self) -> Map:
        """Return the procedure."""
        return MAPS[self.code]

    # Whether an act belongs here --------------------------------------------------------------

    def legal(self, act: str, *, overdue: bool) -> bool:
        """Say whether the complaint stands where the act belongs."""
        stay, stages = self.stay, self.map
        is_open = not self.ended
        working = is_open and not self.untriaged and not self.pending
        unanswered = working and not stay.answered
        hearing = unanswered and stay.stage in stages.panels
        initial = stay.stage == "initial"
        by_customer = stay.stage in stages.then and not (initial and self.code == "herefordshire")
        heard = stay.held_on is not None
        discussed = (self.code, stay.stage) == ("first-ark-panel", "stage-1")
        return {
            "triage": self.untriaged and is_open,
            "assign": is_open,
            "contact": is_open,
            "withdraw": is_open,
            "annul": is_open,
            "note": True,
            "refuse_unreasonable": is_open,
            "refer_elsewhere": is_open and not stay.answered,
            "refuse": is_open and not stay.answered,
            "receive_by_team": unanswered and not self.reached_team,
            "acknowledge": is_open
            and not self.untriaged
            and not stay.acknowledged
            and not stay.answered,
            "manager_contact": unanswered and stay.stage in stages.manager_contacts,
            "resolve": unanswered and (initial or discussed),
            "pass_on": working and initial,
            "respond": unanswered and not initial and not hearing,
            "deliver": stay.answered,
            "escalate": not self.untriaged
            and not self.pending
            and self.ended in ("", "answered", "resolved")
            and by_customer
            and (
                stay.answered
                or (initial and self.code == "livv-two-stage")
                or (self.code == "code-2024" and overdue)
            ),
            "accept": is_open and self.pending,
            "refuse_request": is_open and self.pending and (stages.decides_requests or self.late),
            "more_time": stay.answered and stay.stage in stages.windows,
            "agree_date": unanswered and initial and self.code == "herefordshire",
            "extend": unanswered
            and not hearing
            and (self.code, stay.stage) != ("livv-two-stage", "initial"),
            "arrange": hearing,
            "invite": hearing and stay.arranged_for is not None,
            "send_papers": hearing and stay.arranged_for is not None,
            # Nobody hears it before somebody is named who does.
            "hold": hearing
            and stay.arranged_for is not None
            and (not heard or stay.arranged_anew),
            "outcome": hearing and heard,
            "close": is_open and stay.answered,
            "reopen": not is_open and self.ended not in ("annulled", "merged"),
            "ombudsman": not self.referred,
            # What is decided may be changed on review.
            "determine": self.referred,
        }[act]  # fmt: skip

    # Whether somebody may ---------------------------------------------------------------------

    def may(self, act: str, person: int, role: Role) -> bool:
        """Say whether the complaint is open to this person and the act is theirs."""
        counting: set[Role] = set()
        if person == self.officer:
            counting = {role, RO} - {PN}
        elif role in (LM, HS, AD, DR, CC) or (role is FL and person == self.logger):
            counting = {role}
        if role is PN and person in self.seated:
            counting.add(PN)
        if self.untriaged and not self.ended and CC not in counting:
            return False
        return bool(counting & self._roles(act))

    def _roles(self, act: str) -> set[Role]:
        deciders = self.map.decided_by.get(self.stay.stage, set())
        if act == "respond":
            return deciders
        if act in ("hold", "outcome"):
            return MAY[act] | (deciders if self.stay.stage in self.map.panels else set())
        return MAY[act]

    def independent(self, person: int, roles: dict[int, Role]) -> bool:
        """Say whether the procedure lets this person decide the present stage."""
        stage = self.stay.stage
        earlier = self.map.order[: self.map.order.index(stage)]
        handled = set().union(*(self.handlers[each] for each in earlier))
        if stage in self.map.somebody_new:
            return person not in handled
        if stage in self.map.more_senior:
            answered = set().union(*(self.answerers[each] for each in earlier))
            highest = max((SENIORITY.get(roles[each], 0) for each in answered), default=0)
            return person not in handled and SENIORITY.get(roles[person], 0) > highest
        return True

    def unprejudiced(self, act: str, person: int, roles: dict[int, Role]) -> bool:
        """Say whether the procedure lets this person decide the stage, or whether there is one."""
        if act == "accept" and self.before_request:
            answered = self.before_request[0].stage
            wants_others = self.stay.stage in self.map.somebody_new | self.map.more_senior
            return not wants_others or person not in self.answerers[answered]
        return act not in ("respond", "refuse_request") or self.independent(person, roles)

    # What an act does --------------------------------------------------------------------------

    def handle(self, person: int) -> None:
        """Remember that somebody dealt with the present stage."""
        self.handlers[self.stay.stage].add(person)

    def begin(self, stage: str) -> None:
        """Begin a stay in a stage; where somebody new is needed nobody has it yet."""
        self.stay = Stay(stage)
        self.ended = ""
        if stage in self.map.somebody_new | self.map.more_senior:
            self.officer = None
        if self.officer is not None:
            self.handle(self.officer)

    def ask(self, *, late: bool) -> None:
        """Let the customer ask for the next stage."""
        earlier = (self.stay, self.officer)
        self.begin(self.map.then[self.stay.stage])
        self.late = late
        decided = self.map.decides_requests and earlier[0].stage != "initial"
        self.pending = late or decided
        self.before_request = earlier

    def turn_away(self) -> None:
        """Put the complaint back where it was before the request."""
        self.pending = False
        self.stay, self.officer = self.before_request

    def answer(self, person: int) -> None:
        """Answer the present stage."""
        self.stay = replace(self.stay, answered=True)
        self.handle(person)
        self.answerers[self.stay.stage].add(person)
