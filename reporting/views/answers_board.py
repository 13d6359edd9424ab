"""How long answers took, whether they were in time, why not, and what more time they had."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from cases.forms.queue import STAGES as LISTED_STAGES
from cases.models import Deadline
from cases.rules.day_spans import Happening
from cases.rules.pages import Page
from cases.templatetags.parts import Cell, Column, Link
from reporting.rules.answer_figures import (
    AGREED,
    ALL_STAGES,
    AVOIDABLE,
    HOW,
    LATE,
    NAMED,
    TIMINGS,
    UNNAMED,
    AnswerFigures,
)
from reporting.rules.board_findings import (
    added_finding,
    compared_words,
    in_time_finding,
    late_finding,
    taken_finding,
)
from reporting.rules.durations import ADDED, MOST, TAKEN, Band, told_within
from reporting.rules.kept import share_of
from reporting.rules.targets import OF_STAGE, Aim, Wanted
from reporting.selectors.answers_given import (
    Asked,
    answer_figures,
    answers_behind,
    days_taken,
    reasons_of,
    targets,
)
from reporting.templatetags.charts import Bar
from reporting.views.boards import (
    NOT_SHOWN,
    Board,
    BoardPage,
    BoardTile,
    begun,
    day_words,
    number,
)

BEHIND = "reporting:answers-behind"
STAGES = dict(LISTED_STAGES)
TIMING_WORDS = {each.value: each.words.removeprefix("answered ") for each in Happening}
AVOIDABLE_WORDS = {"yes": "It could", "no": "It could not", "": "Nobody said"}
HOW_WORDS = {
    NAMED: "Extended, by a letter that names the Ombudsman",
    UNNAMED: "Extended, no letter on record",
    AGREED: "Another day agreed with the customer",
}
UNSAID = "unsaid"
ANSWERS_A_PAGE = 25


class AnswersBoard(BoardPage):
    """The answers of some days, beside those of the days before and the landlord's targets."""

    board_name = "reporting:answers-board"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the figures of the complaints and the days chosen."""
        board = self.board(request)
        days = board.days
        now, before = answer_figures(board.whose, days)
        context = {
            **self.around(board),
            "days": days,
            "period_words": board.form.period_words,
            "is_empty": not now.total and not before.total,
            **_Shown(board, now, before, targets()).all(),
        }
        return render(request, "reporting/answers_board.html", context)


@dataclass(frozen=True, slots=True)
class _Shown:
    """The tiles, charts and tables of the page."""

    board: Board
    now: AnswerFigures
    before: AnswerFigures
    wanted: Wanted

    def all(self) -> dict[str, Any]:
        """Return all of them."""
        return {
            "tiles": list(self._tiles()),
            "in_time_finding": self._in_time_finding(),
            "timings": self._bars(self.now.timings, TIMING_WORDS, "timing"),
            "taken": list(self._taken()),
            "stage_columns": [
                Column("Stage"),
                *(Column(TIMING_WORDS[each].capitalize(), is_numeric=True) for each in TIMINGS),
                Column("In time", is_numeric=True),
                Column("In time before", is_numeric=True),
            ],
            "by_stage": list(self._by_stage()),
            **self._late(),
            **self._added(),
        }

    def _link(self, count: int | None, **asked: str) -> str:
        return self.board.link(BEHIND, count, **asked)

    def _tiles(self) -> Iterator[BoardTile]:
        before = self.board.days.before.words
        yield BoardTile(
            f"{self.now.total:,}",
            f"Answer{'' if self.now.total == 1 else 's'}",
            self._link(self.now.total),
            begun(compared_words(self.now.total, self.before.total, before)),
        )
        share, earlier = self.now.in_time_share, self.before.in_time_share
        yield BoardTile(
            f"{share}%" if share is not None else NOT_SHOWN if self.now.total else "–",
            "In time or within an extension",
            "",
            " ".join(
                filter(
                    None,
                    [
                        f"Before: {earlier}%." if earlier is not None else "",
                        self.wanted.judged(Aim.IN_TIME, share),
                    ],
                )
            ),
            self._tone(Aim.IN_TIME, share),
        )
        late = self.now.timings[LATE]
        yield BoardTile(
            number(late),
            "Late",
            self._link(late, timing=LATE),
            self._was(LATE),
            "red" if late else "",
        )
        added = self.now.added
        total = None if added is None else added.total()
        share = None if total is None else share_of(total, self.now.total)
        yield BoardTile(
            number(total),
            "Had more time",
            self._link(total, more="any"),
            self.wanted.judged(Aim.MORE_TIME, share),
            self._tone(Aim.MORE_TIME, share),
        )

    def _was(self, timing: str) -> str:
        was = self.before.timings[timing]
        return "" if was is None else f"Before: {was:,}"

    def _tone(self, aim: Aim, share: int | None) -> str:
        return "amber" if self.wanted.judged(aim, share).endswith("not reached.") else ""

    def _in_time_finding(self) -> str:
        now, before = self.now.timings, self.before.timings
        if None in now.values():
            return "How many answers were in time would tell of few people, and is not shown."
        told = {timing: count or 0 for timing, count in now.items()}
        is_hidden = None in before.values()
        earlier = None if is_hidden else {t: count or 0 for t, count in before.items()}
        words = in_time_finding(told, earlier)
        return f"{words} {self.wanted.judged(Aim.IN_TIME, self.now.in_time_share)}".strip()

    def _bars(
        self, counts: Mapping[str, int | None], words: Mapping[str, str], name: str, **more: str
    ) -> list[Bar]:
        """Return a bar for each number that is told."""
        return [
            Bar(
                words[code].capitalize(), count, self._link(count, **{name: code or UNSAID}, **more)
            )
            for code, count in counts.items()
            if count is not None
        ]

    def _taken(self) -> Iterator[dict[str, Any]]:
        """Yield a chart for each stage, or one for all of them."""
        fewest = self.now.fewest
        for stage, counts in self.now.taken.items():
            name = STAGES.get(stage, stage) if stage else "all stages"
            shown = self.now.bands(counts)
            is_told = any(count is not None for count in shown.values())
            aim = OF_STAGE.get(stage)
            before = self._taken_before(stage)
            finding = taken_finding(name, counts, before, fewest=fewest) if is_told else ""
            target = self.wanted.of(aim) if aim else None
            yield {
                "name": f"taken-{stage or 'all'}",
                "title": f"Working days to answer, {name}",
                "finding": " ".join(
                    filter(
                        None,
                        [
                            finding or "The numbers would tell of few people, and are not shown.",
                            self.wanted.judged(aim, told_within(counts, MOST, fewest=fewest))
                            if aim
                            else "",
                        ],
                    )
                ),
                "target": target,
                "bars": [
                    Bar(band.words, count, self._link(count, stage=stage, taken=band.code))
                    for band in TAKEN
                    if (count := shown[band.code]) is not None
                ],
            }

    def _taken_before(self, stage: str) -> Mapping[int, int] | None:
        """Return how long answers of a stage took before; None where that is told otherwise."""
        before = self.before.taken
        if not before or stage in before:
            return before.get(stage, {})
        return None if ALL_STAGES in (stage, *before) else {}

    def _by_stage(self) -> Iterator[list[Cell]]:
        before = self.before.by_stage
        without = NOT_SHOWN if self.before.total and not before else "–"
        for stage, timings in self.now.by_stage.items():
            total = sum(timings.values())
            earlier = before.get(stage, {})
            yield [
                Cell(STAGES.get(stage, stage)),
                *(
                    Cell(f"{count:,}", self._link(count, stage=stage, timing=timing))
                    for timing, count in timings.items()
                ),
                Cell(f"{share_of(total - timings[LATE], total)}%"),
                Cell(
                    f"{share_of(sum(earlier.values()) - earlier[LATE], sum(earlier.values()))}%"
                    if earlier
                    else without
                ),
            ]

    def _late(self) -> dict[str, Any]:
        told = self.now.avoidable
        if told is None or None in told.values():
            return {"late_finding": "", "late": []}
        if not any(told.values()):
            return {"late_finding": late_finding({}), "late": []}
        return {
            "late_finding": late_finding({said: count or 0 for said, count in told.items()}),
            "late": self._bars(told, AVOIDABLE_WORDS, "avoidable"),
            "late_url": self._link(self.now.timings[LATE], timing=LATE),
        }

    def _added(self) -> dict[str, Any]:
        added = self.now.added
        if not added:
            return {"added_finding": "" if added is None else added_finding({}, 0), "added": []}
        shown = self.now.added_bands(added)
        how = self.now.how
        return {
            "added_finding": added_finding(added, self.now.total, fewest=self.now.fewest),
            "added": [
                Bar(band.words, count, self._link(count, added=band.code))
                for band in ADDED
                if (count := shown[band.code]) is not None
            ],
            "how_columns": [Column("How"), Column("Answers", is_numeric=True)],
            "how": [
                [Cell(HOW_WORDS[each]), Cell(number(how[each]), self._link(how[each], more=each))]
                for each in HOW
            ],
        }


class AnswersBehind(BoardPage):
    """The answers behind a figure of the board, each with why it was late."""

    page = Page.BEHIND_FIGURES

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them.

        :raises Http404: if the address asks for what there is not.
        """
        board = self.board(request)
        asked = _asked(request)
        behind = answers_behind(board.whose, board.days.now, asked)
        page = Paginator(behind, ANSWERS_A_PAGE).get_page(request.GET.get("page"))
        shown = list(page.object_list)
        reasons = reasons_of([each for each in shown if each.state == "met_late"])
        back = board.link("reporting:answers-board", 1)
        context = {
            "title": _title(asked),
            "caption": f"{board.scope}, {board.days.now.words}",
            "crumbs": [Link("Answers", back), Link(_title(asked))],
            "page": page,
            "columns": [
                *(Column("Reference"), Column("Officer"), Column("Stage"), Column("Answered on")),
                *(Column("Working days", is_numeric=True), Column("How it stood")),
            ],
            "rows": [_row(each, reasons.get(each.pk, "")) for each in shown],
            "noun": "answers",
        }
        return render(request, "reporting/behind.html", context)


def _asked(request: HttpRequest) -> Asked:
    given = request.GET
    more = given.get("more", "")
    said = given.get("avoidable")
    known = {
        "timing": ("", *TIMINGS),
        "more": ("", "any", *HOW),
        "avoidable": (None, *AVOIDABLE, UNSAID),
        "taken": ("", *(band.code for band in TAKEN)),
        "added": ("", *(band.code for band in ADDED)),
    }
    if any(given.get(name, allowed[0]) not in allowed for name, allowed in known.items()):
        raise Http404
    return Asked(
        stage=given.get("stage", "").replace("\x00", ""),
        timing=given.get("timing", ""),
        avoidable="" if said == UNSAID else said,
        taken=_band(TAKEN, given.get("taken", "")),
        added=_band(ADDED, given.get("added", "")),
        has_more=bool(more),
        how="" if more == "any" else more,
    )


def _band(bands: tuple[Band, ...], code: str) -> Band | None:
    return next((band for band in bands if band.code == code), None)


def _title(asked: Asked) -> str:
    words = [
        f"at {STAGES.get(asked.stage, asked.stage)}" if asked.stage else "",
        TIMING_WORDS.get(asked.timing, ""),
        f"in {asked.taken.words.lower()} working days" if asked.taken else "",
        f"late: {AVOIDABLE_WORDS[asked.avoidable].lower()} have been avoided"
        if asked.avoidable
        else "late, and nobody said whether that could have been avoided"
        if asked.avoidable == ""
        else "",
        f"moved by {asked.added.words.lower()} working days" if asked.added else "",
        HOW_WORDS.get(asked.how, "").lower() if asked.how else "",
        "that had more time" if asked.has_more and not asked.how else "",
    ]
    return " ".join(["Answers", *filter(None, words)])


def _row(deadline: Deadline, reason: str) -> list[Any]:
    complaint = deadline.complaint
    officer = complaint.responsible_officer
    days = days_taken(deadline)
    return [
        Cell(complaint.reference, complaint.get_absolute_url()),
        officer.name if officer else "Nobody",
        STAGES.get(deadline.stage, deadline.stage),
        day_words(deadline.met_on),
        "–" if days is None else f"{days:,}",
        Cell(TIMING_WORDS[deadline.timing].capitalize(), note=reason),  # type: ignore[attr-defined]
    ]
