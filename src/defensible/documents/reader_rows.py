"""Pictures of a reader study in rows: readers' differences, shifts by the device, reading times."""

import math
from dataclasses import dataclass

from defensible.documents import numbers
from defensible.documents.figures import Scale
from defensible.documents.words import METRIC, short
from defensible.evidence.finding import StudyResult
from defensible.evidence.reader_finding import (
    Comparison,
    Conditional,
    ReaderFigure,
    ReadingTimes,
)
from defensible.statistics.estimate import Estimate

WIDTH, LABEL, END = 620, 190, 440
ROW, HEAD, FOOT = 26.0, 14.0, 46.0
MOST_READERS = 40
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A point with its interval; `kind` is "unaided", "aided" or "difference"."""

    kind: str
    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a picture: name, marks, and the figures in words."""

    label: str
    y: float
    words: str
    marks: tuple[Mark, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A picture, laid out."""

    title: str
    about: str
    axis: str
    height: float
    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]
    zero: float | None
    """Where no difference lies; None in pictures without a difference."""
    legend: bool
    """Whether unaided and aided are told apart."""


def pictures(result: StudyResult) -> tuple[Rows, ...]:
    """The pictures that a study's readings give; none in studies without readers."""
    found = result.readers
    if found is None:
        return ()
    metrics = dict.fromkeys(one.metric for one in found.figures)
    drawn = [
        _differences(result, metric, [one for one in found.figures if one.metric == metric])
        for metric in metrics
    ]
    of_pairs = dict.fromkeys(one.metric for one in found.comparisons)
    drawn += [
        _pairs(result, [one for one in found.comparisons if one.metric == metric])
        for metric in of_pairs
    ]
    if found.conditional:
        drawn.append(_conditional(result, found.conditional))
    if found.times:
        drawn.append(_times(result, found.times))
    return tuple(one for one in drawn if one is not None)


def _differences(result: StudyResult, metric: str, figures: list[ReaderFigure]) -> Rows | None:
    """Aided less unaided, reader by reader, then their average."""
    mean = [one for one in figures if one.reader is None]
    known = [
        (one, one.difference)
        for one in (*[each for each in figures if each.reader is not None][:MOST_READERS], *mean)
        if one.difference is not None
    ]
    if not known:
        return None
    scale, ticks = scaled([v for _, one in known for v in (one.low, one.high, 0.0)], -1, 1)
    rows = []
    for index, (one, gap) in enumerate(known):
        y = HEAD + (index + 0.5) * ROW
        rows.append(
            Row(
                label="Average" if one.reader is None else short(one.reader, 24),
                y=y,
                words=numbers.figure(gap),
                marks=(mark("difference", gap, y, scale),),
                strong=one.reader is None,
            )
        )
    name = METRIC[f"{metric}_difference"]
    return Rows(
        title=f"{name} of {short(result.study, 40)}, reader by reader",
        about="Aided less unaided. A reader's own interval takes that reader as fixed.",
        axis=f"{name}, aided less unaided",
        height=HEAD + len(rows) * ROW + FOOT,
        rows=tuple(rows),
        ticks=ticks,
        zero=scale.at(0),
        legend=False,
    )


def _pairs(result: StudyResult, pairs: list[Comparison]) -> Rows:
    """Every pair of more than two conditions."""
    gaps = [one.difference for one in pairs]
    scale, ticks = scaled([v for one in gaps for v in (one.low, one.high, 0.0)], -1, 1)
    rows = []
    for index, one in enumerate(pairs):
        y = HEAD + (index + 0.5) * ROW
        rows.append(
            Row(
                label=f"{short(one.condition, 11)} less {short(one.against, 11)}",
                y=y,
                words=numbers.figure(one.difference),
                marks=(mark("difference", one.difference, y, scale),),
            )
        )
    name = METRIC[pairs[0].metric]
    return Rows(
        title=f"{name} of {short(result.study, 40)}, pairs of conditions",
        about="Intervals are not adjusted for how many pairs there are.",
        axis=name,
        height=HEAD + len(rows) * ROW + FOOT,
        rows=tuple(rows),
        ticks=ticks,
        zero=scale.at(0),
        legend=False,
    )


def _conditional(result: StudyResult, shifts: tuple[Conditional, ...]) -> Rows:
    """How often readers call cases positive, where the device was right and where wrong."""
    scale, ticks = scaled([0.0, 1.0], 0, 1)
    rows = []
    for index, one in enumerate(shifts):
        y = HEAD + (2 * index + 1) * ROW
        kind = "diseased" if one.truth else "healthy"
        right = "right" if one.truth == one.device else "wrong"
        both = [(name, at) for name, at in (("unaided", one.unaided), ("aided", one.aided)) if at]
        rows.append(
            Row(
                label=f"{kind}, device {right}",
                y=y,
                words=" to ".join(numbers.proportion(at.value) for _, at in both) or "no reading",
                marks=tuple(
                    mark(name, at, y + (-6 if name == "unaided" else 6), scale) for name, at in both
                ),
                strong=right == "wrong",
            )
        )
    return Rows(
        title=f"Readings of {short(result.study, 40)} where the device was right, and wrong",
        about="Share of readings that are positive, unaided and aided.",
        axis="Share of positive readings",
        height=HEAD + 2 * len(rows) * ROW + FOOT,
        rows=tuple(rows),
        ticks=ticks,
        zero=None,
        legend=True,
    )


def _times(result: StudyResult, times: tuple[ReadingTimes, ...]) -> Rows:
    """Median and quartiles of the reading time; the whole range in words."""
    scale, ticks = scaled([0.0, *(one.three_quarters for one in times)], 0, math.inf)
    rows = []
    for index, one in enumerate(times):
        y = HEAD + (index + 0.5) * ROW
        kind = "aided" if one.aided else "unaided"
        rows.append(
            Row(
                label=kind,
                y=y,
                words=f"{one.median:.3g} s ({one.lowest:.3g} to {one.highest:.3g})",
                marks=(
                    Mark(
                        kind=kind,
                        x=scale.at(one.median),
                        y=y,
                        low=scale.at(one.quarter),
                        high=scale.at(one.three_quarters),
                    ),
                ),
            )
        )
    return Rows(
        title=f"Reading time in {short(result.study, 40)}",
        about="Median with quartiles; in brackets the shortest and the longest reading.",
        axis="Seconds a case",
        height=HEAD + len(rows) * ROW + FOOT,
        rows=tuple(rows),
        ticks=ticks,
        zero=None,
        legend=True,
    )


def mark(kind: str, one: Estimate, y: float, scale: Scale) -> Mark:
    """The point and the interval of an estimate."""
    return Mark(
        kind=kind, x=scale.at(one.value), y=y, low=scale.at(one.low), high=scale.at(one.high)
    )


def scaled(
    values: list[float], lowest: float, highest: float
) -> tuple[Scale, tuple[tuple[float, str], ...]]:
    """A scale that holds the values, between round ends, and its ticks."""
    finite = [one for one in values if math.isfinite(one)]
    low, high = min(finite), max(finite)
    width = high - low or 1.0
    step = next((one for one in _STEPS if width / one <= 6), width / 5)
    low = max(math.floor(low / step + 1e-9) * step, lowest)
    high = min(math.ceil(high / step - 1e-9) * step, highest)
    scale = Scale(low=low, high=high, start=LABEL, end=END)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    ticks = tuple((scale.at(n * step), f"{n * step:g}") for n in range(first, last + 1))
    return scale, ticks
