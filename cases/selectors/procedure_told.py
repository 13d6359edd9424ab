"""What the public is told of the running procedure: worked out from its terms, never typed twice.

Its sentences can be translated; the names of stages and of those who decide are the procedure's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from cases.rules.blocks import Block, Heading, Paragraph, Points
from cases.rules.customers import category_words
from cases.rules.events import EventKind
from cases.rules.grounds import GROUNDS, ground_words
from cases.rules.periods import Period, Unit
from cases.rules.procedure_words import lower_first
from cases.rules.terms import (
    Anchor,
    AnchorKind,
    Handover,
    Independence,
    OutsideBody,
    ProcedureTerms,
    Route,
    Stage,
    StageKind,
    Timescale,
)
from cases.selectors.speaking import ours

# What is done, as it stands after "we", by what keeps the promise: the most telling first.
DOING = {
    EventKind.CONTACTED: gettext_noop("get in touch with you to hear more"),
    EventKind.MANAGER_CONTACTED: gettext_noop(
        "have a manager of the team concerned get in touch with you"
    ),
    EventKind.ESCALATION_ACCEPTED: gettext_noop("tell you whether we accept your request"),
    EventKind.ACKNOWLEDGED: gettext_noop("confirm that we are looking into it"),
    EventKind.HEARING_HELD: gettext_noop("hold the hearing"),
    EventKind.PAPERS_SENT: gettext_noop("send you the papers"),
    EventKind.INVITATION_SENT: gettext_noop("invite you to the hearing"),
    EventKind.OUTCOME_SENT: gettext_noop("tell you what was decided"),
    EventKind.RESPONDED: gettext_noop("give you our answer"),
    EventKind.PASSED_ON: gettext_noop("put it right with you, or pass it on to the next stage"),
    EventKind.RESOLVED: gettext_noop("put it right with you"),
    EventKind.LOGGED: gettext_noop("write down what you told us"),
}
HAPPENED = {
    EventKind.RECEIVED_BY_TEAM: gettext_noop("the team getting it"),
    EventKind.ACKNOWLEDGED: gettext_noop("confirming it"),
    EventKind.CONTACTED: gettext_noop("our first contact"),
    EventKind.MANAGER_CONTACTED: gettext_noop("the manager’s contact"),
    EventKind.HEARING_HELD: gettext_noop("the hearing"),
    EventKind.RESPONDED: gettext_noop("our answer"),
}
_INDEPENDENCE = {
    Independence.NOT_AN_EARLIER_HANDLER: gettext_noop(
        "Nobody decides it who dealt with your complaint before."
    ),
    Independence.MORE_SENIOR: gettext_noop(
        "Whoever decides it is more senior than whoever answered before."
    ),
}
_MODES = {
    "in_person": gettext_noop("You can come to the hearing."),
    "in_writing": gettext_noop("You can put your case in writing instead."),
    "in_absence": gettext_noop("If you would rather not be there, it goes on without you."),
}


@dataclass(frozen=True, slots=True)
class PublicStage:
    """One stage as the public reads it: who decides, what is promised, and how it goes on."""

    name: str
    decided_by: str
    promises: tuple[str, ...]
    others: tuple[str, ...]
    ways_on: tuple[str, ...]


def public_stages(terms: ProcedureTerms) -> list[PublicStage]:
    """Return every stage in its order, in words for customers."""
    return [
        PublicStage(
            name=ours(stage.name),
            decided_by=_("It is decided by %(who)s.") % {"who": ours(stage.decided_by_words)},
            promises=tuple(_promise(each, stage, terms) for each in stage.timescales),
            others=tuple(_others(stage)),
            ways_on=tuple(
                _route(each, terms) for each in stage.routes if _is_told(each, stage.routes)
            ),
        )
        for stage in terms.stages
    ]


def who_can_complain(terms: ProcedureTerms) -> list[str]:
    """Return who may complain under the procedure."""
    return [ours(category_words(code)) for code in terms.customer_categories]


def period_words(period: Period) -> str:
    """Return a period in words that can be translated: "5 working days"."""
    count = abs(period.count)
    match period.unit:
        case Unit.WORKING_DAYS:
            words = ngettext("%(count)d working day", "%(count)d working days", count)
        case Unit.CALENDAR_DAYS:
            words = ngettext("%(count)d calendar day", "%(count)d calendar days", count)
        case Unit.WEEKS:
            words = ngettext("%(count)d week", "%(count)d weeks", count)
        case Unit.MONTHS:
            words = ngettext("%(count)d month", "%(count)d months", count)
        case Unit.HOURS:
            words = ngettext("%(count)d hour", "%(count)d hours", count)
        case Unit.DAY_OF_NEXT_MONTH:
            words = _("day %(count)d of the following month")
    return words % {"count": count}


def thanks_words(terms: ProcedureTerms) -> str:
    """Return when the sender of a compliment or a suggestion is thanked (K3-20)."""
    return _("We thank you for a compliment or a suggestion within %(period)s of getting it.") % {
        "period": period_words(terms.feedback_acknowledgement)
    }


def _promise(timescale: Timescale, stage: Stage, terms: ProcedureTerms) -> str:
    kind = next((each for each in DOING if each in timescale.met_by), None)
    doing = _(DOING[kind]) if kind else ours(lower_first(timescale.words))
    in_writing = timescale.in_writing or (kind is EventKind.RESPONDED and stage.answer_in_writing)
    sentence = _("We %(doing)s in writing %(when)s.") if in_writing else _("We %(doing)s %(when)s.")
    told = sentence % {"doing": doing, "when": _when(timescale, stage, terms)}
    return " ".join([told, *_besides(timescale)])


def _when(timescale: Timescale, stage: Stage, terms: ProcedureTerms) -> str:
    anchors = timescale.anchors
    known = [each for each in anchors if each.kind is not AnchorKind.DUE] or list(anchors)
    starts = [_anchor(each, stage, terms) for each in known]
    period = period_words(timescale.period)
    if timescale.period.count < 0:
        return _("at least %(period)s before %(start)s") % {"period": period, "start": starts[0]}
    if timescale.earliest and len(starts) > 1:
        return _("within %(period)s of %(one)s or of %(other)s, whichever is first") % {
            "period": period,
            "one": starts[0],
            "other": starts[1],
        }
    if timescale.period.rolls:
        return _("within %(period)s of %(start)s, or on the next working day") % {
            "period": period,
            "start": starts[0],
        }
    return _("within %(period)s of %(start)s") % {"period": period, "start": starts[0]}


def _anchor(anchor: Anchor, stage: Stage, terms: ProcedureTerms) -> str:
    match anchor.kind:
        case AnchorKind.RECEIVED:
            return _("getting your complaint")
        case AnchorKind.STAGE_BEGAN:
            is_first = stage.code == terms.first_stage
            return _("getting your complaint") if is_first else _("this stage beginning")
        case AnchorKind.ASKED_FOR_STAGE:
            return _("your asking for it")
        case AnchorKind.HEARING_DAY:
            return _("the hearing")
        case AnchorKind.DUE:
            other = stage.timescale(anchor.code)
            named = lower_first(other.words) if other else anchor.code
            return _("the last day to %(do)s") % {"do": ours(named)}
        case AnchorKind.EVENT:
            kind = EventKind(anchor.code)
            return _(HAPPENED[kind]) if kind in HAPPENED else f"“{ours(lower_first(kind.words))}”"


def _besides(timescale: Timescale) -> Iterator[str]:
    if timescale.lifted_by:
        yield _("It is not needed if we have put things right with you by then.")
    if timescale.may_be_agreed:
        yield _("We may agree another day with you.")
    if timescale.longest_extension:
        longest = Period(timescale.longest_extension, Unit.WORKING_DAYS)
        yield _("If we need longer, we tell you why and by when: at most %(period)s more.") % {
            "period": period_words(longest)
        }


def _others(stage: Stage) -> Iterator[str]:
    yield from (_(_INDEPENDENCE[each]) for each in stage.independence)
    if stage.kind is StageKind.PANEL_HEARING and stage.panel:
        yield _("It is heard by %(who)s.") % {"who": ours(stage.panel.make_up)}
        yield from (_(_MODES[mode]) for mode in stage.panel.modes if mode in _MODES)
    if stage.companion:
        yield _("You can bring a friend or relative, who may speak for you.")
    if not stage.is_answered_in_writing:
        yield _("We write to you about it if you ask us to.")


def _is_told(route: Route, every: Iterable[Route]) -> bool:
    """Say whether a way on is told: the landlord's own is not where the customer has the same."""
    return route.by_customer or not any(each.by_customer and each.to == route.to for each in every)


def _route(route: Route, terms: ProcedureTerms) -> str:
    to = ours(terms.stage(route.to).name)
    if not route.by_customer:
        return _("If we cannot put it right, it goes on to %(stage)s.") % {"stage": to}
    return " ".join(_asking(route, to))


def _asking(route: Route, to: str) -> Iterator[str]:
    if route.window is None:
        yield _("If you are not happy with our answer, you can ask for %(stage)s at any time.") % {
            "stage": to
        }
    else:
        asking = (
            _(
                "If you are not happy with our answer, you can ask for %(stage)s within %(period)s "
                "of getting it, or on the next working day."
            )
            if route.window.rolls
            else _(
                "If you are not happy with our answer, you can ask for %(stage)s within %(period)s "
                "of getting it."
            )
        )
        yield asking % {"stage": to, "period": period_words(route.window)}
    if route.when_answer_overdue:
        yield _("You can ask for it too if our answer is late.")
    if route.reasons_required:
        yield _("Tell us why you are not happy.")
    if route.handover is Handover.ON_DECISION:
        yield _("We tell you whether we accept your request.")
    if route.grounds:
        yield _("We refuse a request only for one of these reasons:") + f" {_reasons(route)}"


def _reasons(route: Route) -> str:
    told = [
        (GROUNDS[code].told if code in GROUNDS else ground_words(code)).rstrip(".")
        for code in route.grounds
    ]
    return f"{'; '.join(lower_first(ours(each)) for each in told)}."


def outside_words(
    body: OutsideBody, terms: ProcedureTerms, details: Mapping[str, Sequence[str]]
) -> str:
    """Return when the customer may go to somebody outside the landlord, and how.

    The Ombudsman's `details` are told on their own.
    """
    told = _outside_when(body, terms)
    lines = details.get(body.code, ()) if body.code != "ombudsman" else ()
    return f"{told} {', '.join(ours(each) for each in lines)}." if lines else told


def _outside_when(body: OutsideBody, terms: ProcedureTerms) -> str:
    after = ours(terms.stage(body.after).name) if body.after and body.only_after else ""
    if not after:
        when = _("%(body)s: you can ask for help there at any time.") % {"body": ours(body.name)}
    elif body.wait:
        when = _(
            "%(body)s: it looks at a complaint from %(period)s after our answer at %(stage)s."
        ) % {
            "body": ours(body.name),
            "period": period_words(body.wait),
            "stage": after,
        }
    else:
        when = _("%(body)s: it looks at a complaint after our answer at %(stage)s.") % {
            "body": ours(body.name),
            "stage": after,
        }
    if body.within is None:
        return when
    last = _("Ask within %(period)s of our answer.") % {"period": period_words(body.within)}
    return f"{when} {last}"


@dataclass(frozen=True, slots=True)
class LeafletFacts:
    """What the leaflet says beside the procedure: how the landlord and the Ombudsman are reached.

    `not_complaints` are what it is, and where it goes instead.
    """

    ways: tuple[str, ...]
    ombudsman: tuple[str, ...]
    not_complaints: tuple[tuple[str, str], ...]
    standards: tuple[str, ...]
    bodies: Mapping[str, Sequence[str]] = field(default_factory=dict)


def leaflet(terms: ProcedureTerms, facts: LeafletFacts) -> list[Block]:
    """Return the leaflet about complaints: the same sentences as the page has."""
    return [
        Paragraph((_("You can complain, praise us, or suggest something in any of these ways."),)),
        Points(facts.ways),
        Heading(_("What a complaint is")),
        Paragraph((ours(terms.definition),)),
        *_if_any(_("Who can complain"), who_can_complain(terms)),
        *_if_any(
            _("What we deal with in another way"),
            [f"{ours(what)}. {ours(instead)}" for what, instead in facts.not_complaints],
        ),
        *(block for stage in public_stages(terms) for block in _leaflet_stage(stage)),
        Heading(_("Help from outside")),
        *(Paragraph((outside_words(each, terms, facts.bodies),)) for each in terms.outside_bodies),
        *([Paragraph(tuple(map(ours, facts.ombudsman)))] if facts.ombudsman else []),
        Heading(_("Compliments and suggestions")),
        Paragraph((thanks_words(terms),)),
        *_if_any(_("What you can expect of us"), [ours(each) for each in facts.standards]),
        Heading(_("Other formats and languages")),
        Paragraph(
            (_("Ask us for large print, easy read, Braille, a recording, or another language."),)
        ),
    ]


def _leaflet_stage(stage: PublicStage) -> Iterator[Block]:
    yield Heading(stage.name)
    yield Points((stage.decided_by, *stage.promises, *stage.others, *stage.ways_on))


def _if_any(heading: str, items: Iterable[str]) -> list[Block]:
    found = tuple(items)
    return [Heading(heading), Points(found)] if found else []
