"""How far the numbers of cases move with what is expected: a bar for each endpoint, on a log axis.

The bar runs from the number at the most favourable of the values looked at to that at the least; an
arrow says that the goal is out of reach there. The table of the plan has every number.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from defensible.assessment.planning import Needed
from defensible.documents import forest
from defensible.documents.forest import Shape
from defensible.documents.plan_evidence import named
from defensible.documents.words import short

WIDE = Shape(name="wide", width=880, label=52, plot=(330, 660), row=25, words_above=False)
NARROW = replace(forest.NARROW, label=44)
HEAD, FOOT = 12, 28
MOST = 12
PARTS = ("overall", "reader study")
STEPS = ((1, 2, 5), (1, 2, 3, 4, 5, 6, 7, 8, 9))
"""First digits of ticks; more of them where the axis is short."""
LETTER = 7
"""Width of a digit on the axis."""
NEAR = 0.005
"""How near a value looked at lies to that expected, to be the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One endpoint: bar, dot at what is expected, and whether an end is out of reach."""

    name: str
    y: float
    x: float
    width: float
    dot: float | None
    open_end: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The picture, laid out."""

    shape: Shape
    height: int
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]


def sizes(found: tuple[Needed, ...]) -> tuple[Sizes, ...]:
    """The picture for a page and for a phone; none where no number is known at two values."""
    shown = [one for one in found if one.part in PARTS and len(_known(one)) > 1][:MOST]
    return tuple(_sizes(shown, shape) for shape in (WIDE, NARROW)) if shown else ()


def _known(one: Needed) -> list[tuple[float, int]]:
    return [(value, n) for value, n in one.sensitivity if n is not None]


def _sizes(shown: list[Needed], shape: Shape) -> Sizes:
    counts = [n for one in shown for _, n in _known(one)]
    low, high = math.log10(max(min(counts), 1)), math.log10(max(*counts, 2))
    start, end = shape.plot[0] + 10, shape.plot[1] - 20
    width = max(high - low, 0.1)

    def at(n: float) -> float:
        return round(start + (end - start) * (math.log10(max(n, 1)) - low) / width, 1)

    most = 4 if shape.words_above else 8
    return Sizes(
        shape=shape,
        height=HEAD + shape.row * len(shown) + FOOT,
        bars=tuple(_bar(one, place, at, shape) for place, one in enumerate(shown)),
        ticks=_apart([(at(n), f"{n:,}") for n in _ticks(low, high, most)]),
    )


def _apart(ticks: list[tuple[float, str]]) -> tuple[tuple[float, str], ...]:
    """Those whose numbers do not run into each other; a power of ten goes before others."""
    kept: list[tuple[float, str]] = []
    for x, words in sorted(ticks, key=lambda one: not one[1].startswith("1")):
        if all(abs(x - at) >= LETTER * (len(words) + len(one) + 2) / 2 for at, one in kept):
            kept.append((x, words))
    return tuple(sorted(kept))


def _ticks(low: float, high: float, most: int) -> list[int]:
    """Round numbers between two powers of ten, at most so many."""
    found: list[int] = []
    for digits in STEPS:
        found = [
            digit * 10**power
            for power in range(math.floor(low), math.ceil(high) + 1)
            for digit in digits
            if low - 1e-9 <= math.log10(digit * 10**power) <= high + 1e-9
        ]
        if len(found) > 2:
            break
    return found[:: max(1, math.ceil(len(found) / most))]


def _bar(one: Needed, place: int, at: Callable[[float], float], shape: Shape) -> Bar:
    known = _known(one)
    best, worst = min(known, key=lambda pair: pair[1]), max(known, key=lambda pair: pair[1])
    out = [value for value, n in one.sensitivity if n is None]
    at_expected = [
        n for value, n in known if one.expected is not None and abs(value - one.expected) < NEAR
    ]
    open_end = bool(out)
    x = at(best[1])
    end = shape.plot[1] if open_end else at(worst[1])
    return Bar(
        name=short(named(one), shape.label),
        y=HEAD + shape.row * place,
        x=x,
        width=max(2.0, round(end - x, 1)),
        dot=at(at_expected[0]) if at_expected else None,
        open_end=open_end,
        words=f"{best[1]:,} at {best[0]:.3f} to "
        + (f"out of reach at {out[0]:.3f}" if open_end else f"{worst[1]:,} at {worst[0]:.3f}"),
    )
