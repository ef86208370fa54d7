"""The plan as one self-contained page: Gantt and S-curve as figures, with the same in tables.

Colour never speaks alone: what is often critical has a thicker outline and its share in words.
"""

from dataclasses import dataclass
from datetime import date

from defensible import __version__
from defensible.assessment.planning import Planned, Step
from defensible.documents import plan as words
from defensible.documents.html import environment
from defensible.documents.plan_dates import begins, on
from defensible.dossier import Dossier

WIDTH, NAMES, ROW, HEAD = 720, 150, 22, 26
CURVE_WIDTH, CURVE_HEIGHT, LEFT, EDGE = 480, 240, 56, 40
OFTEN = 0.5
"""Share of schedules from which on a task counts as often critical."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A task in the Gantt chart: median stretch, and the tail to its end at 80 %."""

    name: str
    y: float
    x: float
    width: float
    tail: float
    often: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A place on the axis of days, and its date."""

    x: float
    words: str


def plan_html(found: Planned, dossier: Dossier, *, today: date) -> str:
    """The page; `today` is the day of the assessment."""
    return (
        environment()
        .get_template("plan.html")
        .render(
            p=found,
            dossier=dossier,
            on=today,
            version=__version__,
            bars=bars(found),
            ticks=ticks(found, NAMES, WIDTH - 10),
            curve=curve(found),
            curve_ticks=ticks(found, LEFT, CURVE_WIDTH - EDGE),
            height=HEAD + ROW * len(found.steps) + 6,
            day=on,
            begin=begins,
            say=words,
        )
    )


def bars(found: Planned) -> tuple[Bar, ...]:
    """The bars of the Gantt chart, in the order of the tasks."""
    end = _end(found)

    def at(day: float) -> float:
        return round(NAMES + (WIDTH - 10 - NAMES) * min(day / end, 1.0), 1)

    return tuple(
        Bar(
            name=one.task.id,
            y=HEAD + ROW * place,
            x=at(one.begins),
            width=max(1.0, round(at(one.ends) - at(one.begins), 1)),
            tail=at(one.ends_80),
            often=one.criticality >= OFTEN,
            says=_says(found, one),
        )
        for place, one in enumerate(found.steps)
    )


def curve(found: Planned) -> str:
    """The path of the S-curve."""
    end = _end(found)
    points = [
        f"{LEFT + (CURVE_WIDTH - EDGE - LEFT) * min(days / end, 1.0):.1f},"
        f"{CURVE_HEIGHT - EDGE - (CURVE_HEIGHT - EDGE - 10) * share:.1f}"
        for days, share in found.curve
    ]
    return f"M{' L'.join(points)}" if points else ""


def ticks(found: Planned, start: float, end: float) -> tuple[Tick, ...]:
    """Four dates along an axis."""
    last = _end(found)
    return tuple(
        Tick(
            x=round(start + (end - start) * share, 1),
            words=on(found.start, last * share).isoformat(),
        )
        for share in (0.0, 1 / 3, 2 / 3, 1.0)
    )


def _end(found: Planned) -> float:
    latest = [one.ends_80 for one in found.steps] + [day for day, _ in found.curve]
    return max(latest, default=0.0) or 1.0


def _says(found: Planned, one: Step) -> str:
    return (
        f"{one.task.id}: {begins(found.start, one.begins)} to {on(found.start, one.ends)}, by "
        f"{on(found.start, one.ends_80)} at 80 %; critical in {one.criticality:.0%}"
    )
