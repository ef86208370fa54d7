"""What the end depends on: for each task the mean end where it goes fast, and where it goes slowly.

The widest bar comes first; a late change of the intended use is a bar among those of the tasks.
"""

from dataclasses import dataclass

from defensible.assessment.planning import Timetable
from defensible.documents.date_scale import DateScale
from defensible.documents.forest import NARROW, Shape

WIDE = Shape(name="wide", width=880, label=30, plot=(210, 670), row=25, words_above=False)
HEAD, FOOT = 34, 28
MOST = 8
"""Bars of the picture; the table has all."""
LATE = "late intended use"


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """What the end depends on, with the mean end at its good and at its bad extreme."""

    name: str
    good: float
    bad: float

    @property
    def apart(self) -> float:
        """Working days between the two."""
        return self.bad - self.good


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar, laid out."""

    name: str
    y: float
    x: float
    width: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tornado:
    """The picture, laid out; `mean_x` is where the mean end lies."""

    shape: Shape
    height: int
    bars: tuple[Bar, ...]
    mean_x: float
    mean: str
    ticks: tuple[tuple[float, str], ...]


def swings(found: Timetable) -> tuple[Swing, ...]:
    """What moves the mean end, that which moves it most first."""
    among = [Swing(name=one.task.id, good=one.if_short, bad=one.if_long) for one in found.steps]
    late = found.late
    if late is not None and late.chance is not None and 0 < late.chance < 1:
        among.append(Swing(name=LATE, good=late.if_steady, bad=late.if_changed))
    return tuple(sorted((one for one in among if one.apart > 0), key=lambda one: -one.apart))


def tornados(found: Timetable) -> tuple[Tornado, ...]:
    """The picture for a page and for a phone; none where nothing moves the end."""
    shown = swings(found)[:MOST]
    if not shown or found.mean is None:
        return ()
    return tuple(_tornado(found, found.mean, shown, shape) for shape in (WIDE, NARROW))


def _tornado(found: Timetable, mean: float, shown: tuple[Swing, ...], shape: Shape) -> Tornado:
    scale = DateScale(
        first=found.days.on(min(one.good for one in shown)),
        last=found.days.on(max(one.bad for one in shown)),
        start=shape.plot[0],
        end=shape.plot[1],
    )
    return Tornado(
        shape=shape,
        height=HEAD + shape.row * len(shown) + FOOT,
        bars=tuple(_bar(found, one, place, scale, shape) for place, one in enumerate(shown)),
        mean_x=scale.at(found.days.on(mean)),
        mean=found.days.on(mean).isoformat(),
        ticks=scale.ticks(3 if shape.words_above else 6),
    )


def _bar(found: Timetable, one: Swing, place: int, scale: DateScale, shape: Shape) -> Bar:
    good, bad = found.days.on(one.good), found.days.on(one.bad)
    x = scale.at(good)
    return Bar(
        name=one.name,
        y=HEAD + shape.row * place,
        x=x,
        width=max(2.0, round(scale.at(bad) - x, 1)),
        words=f"{good} to {bad}",
    )
