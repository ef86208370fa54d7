"""The figures of a plan: tasks over time, and the chance of being done by a date.

Each is laid out twice, for a page and for a phone. Colour never speaks alone: what is often
critical has a thicker outline and its share in words; the curve of the naive date is broken.
"""

from dataclasses import dataclass
from datetime import date

from defensible.assessment.planning import Step, Timetable
from defensible.documents.date_scale import DateScale, day_after
from defensible.documents.figures import Scale
from defensible.documents.forest import NARROW, Shape

WIDE = Shape(name="wide", width=880, label=24, plot=(170, 790), row=25, words_above=False)
"""Tasks over time on a page; a phone takes the shape of the forest plots."""
HEAD, FOOT = 34, 28
OFTEN = 0.5
"""Share of schedules from which on a task counts as often critical."""
CURVES = (("wide", 620, 300), ("narrow", 344, 270))
LEFT, RIGHT, TOP, BOTTOM = 50, 18, 12, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A task: from median begin to median end, with a tail to its end at 80 %."""

    name: str
    y: float
    x: float
    width: float
    tail: float
    often: bool
    share: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gantt:
    """Tasks over time, laid out."""

    shape: Shape
    height: int
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """The chance of being done by a date, laid out.

    `marks` are the dates at 50, 80 and 95 % on the curve; `naive` is an empty path where no
    engineering gap is open.
    """

    name: str
    width: int
    height: int
    path: str
    naive: str
    marks: tuple[tuple[float, float], ...]
    across: DateScale
    ticks: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    about: str


def gantts(found: Timetable) -> tuple[Gantt, ...]:
    """Tasks over time, for a page and for a phone."""
    return tuple(_gantt(found, shape) for shape in (WIDE, NARROW))


def _gantt(found: Timetable, shape: Shape) -> Gantt:
    ends = [found.days.on(one.ends_80) for one in found.steps]
    scale = DateScale(
        first=found.days.begins(0),
        last=day_after(max(ends, default=found.days.start)),
        start=shape.plot[0],
        end=shape.plot[1],
    )
    return Gantt(
        shape=shape,
        height=HEAD + shape.row * len(found.steps) + FOOT,
        bars=tuple(_bar(found, one, place, scale, shape) for place, one in enumerate(found.steps)),
        ticks=scale.ticks(4 if shape.words_above else 8),
    )


def _bar(found: Timetable, one: Step, place: int, scale: DateScale, shape: Shape) -> Bar:
    begins, ends = found.days.begins(one.begins), found.days.on(one.ends)
    by = found.days.on(one.ends_80)
    x = scale.at(begins)
    return Bar(
        name=one.task.id,
        y=HEAD + shape.row * place,
        x=x,
        width=max(2.0, round(scale.at(day_after(ends)) - x, 1)),
        tail=scale.at(day_after(by)),
        often=one.criticality >= OFTEN,
        share=f"{one.criticality:.0%}",
        says=f"{one.task.id}: {begins} to {ends}, by {by} at 80 %; critical in "
        f"{one.criticality:.0%} of schedules",
    )


def curves(found: Timetable) -> tuple[Curves, ...]:
    """The chance of being done by a date, for a page and for a phone; none without work."""
    return tuple(_curves(found, *one) for one in CURVES) if found.curve else ()


def _curves(found: Timetable, name: str, width: int, height: int) -> Curves:
    across = DateScale(
        first=found.days.begins(0),
        last=day_after(found.days.on(found.curve[-1][0])),
        start=LEFT,
        end=width - RIGHT,
    )
    up = Scale(low=0, high=1, start=height - BOTTOM, end=TOP)

    def path(points: tuple[tuple[float, float], ...]) -> str:
        steps = [f"{across.at(found.days.on(day))},{up.at(share)}" for day, share in points]
        return f"M{' L'.join(steps)}" if steps else ""

    marks = _at_chances(found)
    return Curves(
        name=name,
        width=width,
        height=height,
        path=path(found.curve),
        naive=path(found.naive_curve),
        marks=tuple((across.at(day), up.at(share)) for day, share in marks),
        across=across,
        ticks=across.ticks(4 if name == NARROW.name else 7),
        up=tuple((up.at(share), f"{share:.0%}") for share in (0.0, 0.25, 0.5, 0.8, 0.95)),
        about=", ".join(f"{share:.0%} by {day}" for day, share in marks),
    )


def _at_chances(found: Timetable) -> tuple[tuple[date, float], ...]:
    if found.finish is None:
        return ()
    done = found.finish
    return tuple(
        (found.days.on(days), share)
        for days, share in ((done.p50, 0.5), (done.p80, 0.8), (done.p95, 0.95))
    )
