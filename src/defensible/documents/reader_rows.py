"""Pictures of a reader study in rows: readers' differences, shifts by the device, reading times."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from defensible.documents import numbers
from defensible.documents.figures import Scale
from defensible.documents.words import METRIC, short
from defensible.evidence.by_condition import by_condition
from defensible.evidence.finding import OfCondition, StudyResult
from defensible.evidence.reader_finding import Comparison, Conditional, ReaderFindings
from defensible.statistics.estimate import Estimate

WIDTH, LABEL, END = 620, 190, 440
ROW, HEAD, FOOT = 26.0, 14.0, 46.0
MOST_READERS = 40
MOST_ROWS = 48
"""Rows of one picture; a condition is never parted."""
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
    indent: bool = False


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
    legend: str
    """How unaided and aided are told apart; empty in pictures of differences."""


def pictures(result: StudyResult) -> tuple[Rows, ...]:
    """The pictures that a study's readings give; none in studies without readers."""
    found, sides = result.readers, by_condition(result)
    if found is None:
        return ()
    metrics = dict.fromkeys(each.metric for one in sides for each in one.figures)
    drawn = [one for metric in metrics for one in _differences(result, metric, sides)]
    of_pairs = dict.fromkeys(one.metric for one in found.comparisons)
    drawn += [
        _pairs(result, [one for one in found.comparisons if one.metric == metric])
        for metric in of_pairs
    ]
    if found.times:
        drawn.append(_times(result, found, sides))
    return tuple(drawn)


def _differences(
    result: StudyResult, metric: str, sides: tuple[OfCondition, ...]
) -> Iterator[Rows]:
    """Each condition less the unaided one, reader by reader, then their average; on one scale."""
    gaps = [(side, _gaps(side, metric)) for side in sides]
    gaps = [(side, known) for side, known in gaps if known]
    if not gaps:
        return
    ends = [v for _, known in gaps for _, one in known for v in (one.low, one.high, 0.0)]
    scale, ticks = scaled(ends, -1, 1)
    name, unaided = METRIC[f"{metric}_difference"], _unaided(result)
    blocks = [
        [
            *(_head(f"{short(side.condition, 24)} less {unaided}") if result.others else ()),
            *(
                Row(
                    label="Average" if reader is None else short(reader, 24),
                    y=0,
                    words=numbers.figure(gap),
                    marks=(mark("difference", gap, 0, scale),),
                    strong=reader is None,
                    indent=bool(result.others),
                )
                for reader, gap in known
            ),
        ]
        for side, known in gaps
    ]
    for rows in _packed(blocks):
        yield Rows(
            title=f"{name} of {short(result.study, 40)}, reader by reader",
            about=f"{_less(result)}. A reader's own interval takes that reader as fixed.",
            axis=f"{name}, {_less(result, inside=True)}",
            height=HEAD + len(rows) * ROW + FOOT,
            rows=_placed(rows),
            ticks=ticks,
            zero=scale.at(0),
            legend="",
        )


def _head(label: str) -> tuple[Row, ...]:
    """The name of a block of rows."""
    return (Row(label=label, y=0, words="", marks=(), strong=True),)


def _gaps(side: OfCondition, metric: str) -> list[tuple[str | None, Estimate]]:
    """The readers' differences, as many as are drawn, then their average."""
    here = [one for one in side.figures if one.metric == metric]
    shown = [one for one in here if one.reader is not None][:MOST_READERS]
    shown += [one for one in here if one.reader is None]
    return [(one.reader, one.difference) for one in shown if one.difference is not None]


def _unaided(result: StudyResult) -> str:
    assert result.readers is not None  # noqa: S101 - only reader studies are drawn
    return short(result.readers.conditions[0], 24)


def _less(result: StudyResult, *, inside: bool = False) -> str:
    """`Aided less unaided`, or with more conditions `Each condition less alone`."""
    each, aided = ("each condition", "aided") if inside else ("Each condition", "Aided")
    return f"{each} less {_unaided(result)}" if result.others else f"{aided} less unaided"


def _packed(blocks: list[list[Row]]) -> Iterator[list[Row]]:
    """Blocks of rows one after the other, as many to a picture as it holds."""
    rows: list[Row] = []
    for block in blocks:
        if rows and len(rows) + len(block) > MOST_ROWS:
            yield rows
            rows = []
        rows += block
    yield rows


def _placed(rows: list[Row]) -> tuple[Row, ...]:
    """The rows one below the other, their marks with them."""
    found = []
    for index, row in enumerate(rows):
        y = HEAD + (index + 0.5) * ROW
        marks = tuple(replace(one, y=y + one.y) for one in row.marks)
        found.append(replace(row, y=y, marks=marks))
    return tuple(found)


def _pairs(result: StudyResult, pairs: list[Comparison]) -> Rows:
    """Every pair of more than two conditions."""
    gaps = [one.difference for one in pairs]
    scale, ticks = scaled([v for one in gaps for v in (one.low, one.high, 0.0)], -1, 1)
    rows = [
        Row(
            label=f"{short(one.condition, 11)} less {short(one.against, 11)}",
            y=0,
            words=numbers.figure(one.difference),
            marks=(mark("difference", one.difference, 0, scale),),
        )
        for one in pairs
    ]
    name = METRIC[pairs[0].metric]
    return Rows(
        title=f"{name} of {short(result.study, 40)}, pairs of conditions",
        about="Intervals are not adjusted for how many pairs there are.",
        axis=name,
        height=HEAD + len(rows) * ROW + FOOT,
        rows=_placed(rows),
        ticks=ticks,
        zero=scale.at(0),
        legend="",
    )


def conditional(result: StudyResult) -> tuple[Rows, ...]:
    """How often readers call cases positive, where the device was right and where wrong."""
    seen = [one for one in by_condition(result) if one.conditional]
    return (_conditional(result, seen),) if seen else ()


def _conditional(result: StudyResult, seen: list[OfCondition]) -> Rows:
    unaided = _unaided(result)
    scale, ticks = scaled([0.0, 1.0], 0, 1)
    rows: list[Row] = []
    for cells in zip(*(one.conditional for one in seen), strict=True):
        label, wrong = _of_cases(cells[0])
        if not result.others:
            rows += [_shift(label, cells[0], scale, strong=wrong)]
            continue
        rows += _head(label)
        named = [(unaided, "unaided", cells[0].unaided)]
        named += [
            (side.condition, "aided", one.aided) for side, one in zip(seen, cells, strict=True)
        ]
        rows += [_share(name, kind, at, scale) for name, kind, at in named]
    spread = 1 if result.others else 2
    placed = _placed(rows) if result.others else _spread(rows)
    about = "unaided and wherever the output is seen" if result.others else "unaided and aided"
    return Rows(
        title=f"Readings of {short(result.study, 40)} where the device was right, and wrong",
        about=f"Share of readings that are positive, {about}.",
        axis="Share of positive readings",
        height=HEAD + spread * len(rows) * ROW + FOOT,
        rows=placed,
        ticks=ticks,
        zero=None,
        legend=_legend(result),
    )


def _of_cases(one: Conditional) -> tuple[str, bool]:
    """`healthy, device wrong`, and whether it is wrong."""
    wrong = one.truth != one.device
    kind = "diseased" if one.truth else "healthy"
    return f"{kind}, device {'wrong' if wrong else 'right'}", wrong


def _shift(label: str, one: Conditional, scale: Scale, *, strong: bool) -> Row:
    both = [(name, at) for name, at in (("unaided", one.unaided), ("aided", one.aided)) if at]
    return Row(
        label=label,
        y=0,
        words=" to ".join(numbers.proportion(at.value) for _, at in both) or "no reading",
        marks=tuple(mark(name, at, -6 if name == "unaided" else 6, scale) for name, at in both),
        strong=strong,
    )


def _share(name: str, kind: str, at: Estimate | None, scale: Scale) -> Row:
    return Row(
        label=short(name, 22),
        y=0,
        words="no reading" if at is None else numbers.figure(at),
        marks=() if at is None else (mark(kind, at, 0, scale),),
        indent=True,
    )


def _spread(rows: list[Row]) -> tuple[Row, ...]:
    """The rows with the room of two each."""
    found = []
    for index, row in enumerate(rows):
        y = HEAD + (2 * index + 1) * ROW
        marks = tuple(replace(one, y=y + one.y) for one in row.marks)
        found.append(replace(row, y=y, marks=marks))
    return tuple(found)


def _times(result: StudyResult, found: ReaderFindings, sides: tuple[OfCondition, ...]) -> Rows:
    """Median and quartiles of the reading time; the whole range in words."""
    unaided = "unaided" if not result.others else short(found.conditions[0], 24)
    named = [(unaided, one) for one in found.times if not one.aided]
    for side in sides:
        name = short(side.condition, 24) if result.others else "aided"
        named += [(name, one) for one in side.times]
    scale, ticks = scaled([0.0, *(one.three_quarters for _, one in named)], 0, math.inf)
    rows = [
        Row(
            label=name,
            y=0,
            words=f"{one.median:.3g} s ({one.lowest:.3g} to {one.highest:.3g})",
            marks=(
                Mark(
                    kind="aided" if one.aided else "unaided",
                    x=scale.at(one.median),
                    y=0,
                    low=scale.at(one.quarter),
                    high=scale.at(one.three_quarters),
                ),
            ),
        )
        for name, one in named
    ]
    return Rows(
        title=f"Reading time in {short(result.study, 40)}",
        about="Median with quartiles; in brackets the shortest and the longest reading.",
        axis="Seconds a case",
        height=HEAD + len(rows) * ROW + FOOT,
        rows=_placed(rows),
        ticks=ticks,
        zero=None,
        legend=_legend(result),
    )


def _legend(result: StudyResult) -> str:
    if result.others:
        return f"Ring and dashes: {_unaided(result)}; discs: the other conditions."
    return "Ring and dashes: unaided; disc: aided."


def mark(kind: str, one: Estimate, y: float, scale: Scale) -> Mark:
    """The point and the interval of an estimate, `y` from the middle of its row."""
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
