"""Forest plots: one row a stratum, its interval beside the goal that it has to clear.

A plot is laid out twice, for a page and for a phone, whose words stand above each line. Plots of
many rows are cut into several, so that none is longer than a sheet of paper.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from defensible.documents import numbers
from defensible.documents.content import EndpointPicture, metric_of
from defensible.documents.figures import Scale, numbers_up_to, span
from defensible.documents.words import ANSWER_WORDS, METRIC, short
from defensible.evidence.finding import Answer, Finding
from defensible.evidence.new_site_finding import NewSite

MOST_ROWS = 34
"""Rows of one plot: what a sheet holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Where the columns of a plot lie, and how tall its rows are."""

    name: str
    width: int
    label: int
    """Longest label, in characters."""
    plot: tuple[int, int]
    row: int
    words_above: bool


WIDE = Shape(name="wide", width=880, label=31, plot=(330, 690), row=25, words_above=False)
NARROW = Shape(name="narrow", width=344, label=24, plot=(6, 338), row=46, words_above=True)
HEAD = 44
"""Room above the first row, for column heads and the goal."""
FOOT = 46
"""Room below the last row, for the axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: a head of a group, or words with a mark and an interval.

    `mark` is an answer's name, or "prediction"; None where there is nothing to draw.
    """

    y: float
    label: str
    full: str
    head: bool = False
    indent: bool = False
    cases: str = ""
    figure: str = ""
    answer: str = ""
    mark: str | None = None
    x: float = 0.0
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """A plot, laid out."""

    title: str
    about: str
    goal: str
    goal_x: float
    goal_above: bool
    shape: Shape
    height: float
    lines: tuple[Line, ...]
    bands: tuple[tuple[float, float], ...]
    """Where grid and goal are drawn: top to bottom, or under the words of each line."""
    scale: Scale
    axis: str
    figures: str
    """Head of the column of estimates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A row before it has a place."""

    label: str
    full: str
    head: bool = False
    indent: bool = False
    finding: Finding | None = None
    prediction: NewSite | None = None


def domain(pictures: tuple[EndpointPicture, ...]) -> tuple[float, float]:
    """One stretch for all plots of proportions, so that they can be compared by eye."""
    values: list[float] = []
    for picture in (one for one in pictures if not one.endpoint.metric.unbounded):
        goal = picture.endpoint.goal
        values += [one for one in (goal.above, goal.below) if one is not None]
        values += [prediction.estimate.low for _, prediction in picture.new_site]
        values += [
            one.measurement.estimate.low
            for one in picture.findings
            if one.measurement.estimate is not None
        ]
    return span(values)


def forests(
    picture: EndpointPicture, shape: Shape, *, domain: tuple[float, float]
) -> tuple[Forest, ...]:
    """The plots of one endpoint; more than one only where rows are many."""
    entries = list(_entries(picture))
    parts = [entries[at : at + MOST_ROWS] for at in range(0, len(entries), MOST_ROWS)]
    return tuple(
        _forest(picture, part, shape, domain, f"{number} of {len(parts)}" if parts[1:] else "")
        for number, part in enumerate(parts, start=1)
    )


def _entries(picture: EndpointPicture) -> Iterator[_Entry]:
    """Study by study: all cases, then each dimension with its levels, then a new site."""
    studies = list(dict.fromkeys(one.study for one in picture.findings))
    for study in studies:
        if len(studies) > 1:
            yield _Entry(label=study, full=study, head=True)
        group = None
        for one in (one for one in picture.findings if one.study == study):
            levels = one.measurement.stratum.levels
            full = str(one.measurement.stratum)
            if not levels:
                yield _Entry(label="All cases", full="All cases", finding=one)
                continue
            dimension = " and ".join(name for name, _ in levels)
            if dimension != group:
                group = dimension
                yield _Entry(
                    label=dimension.capitalize().replace("_", " "), full=dimension, head=True
                )
            label = ", ".join(level for _, level in levels)
            yield _Entry(label=label, full=full, indent=True, finding=one)
        for name, prediction in picture.new_site:
            if name == study:
                yield _Entry(
                    label="A site not yet seen", full="A site not yet seen", prediction=prediction
                )


def _forest(
    picture: EndpointPicture,
    entries: list[_Entry],
    shape: Shape,
    domain: tuple[float, float],
    part: str,
) -> Forest:
    metric, goal = short(metric_of(picture.endpoint, named=METRIC), 90), picture.endpoint.goal
    low, high = domain
    scale = Scale(low=low, high=high, start=shape.plot[0], end=shape.plot[1])
    if picture.endpoint.metric.unbounded:
        scale = numbers_up_to(_most(picture), start=shape.plot[0], end=shape.plot[1])
    lines, y = [], float(HEAD)
    for entry in entries:
        tall = 26.0 if entry.head else float(shape.row)
        lines.append(_line(entry, y + tall / 2, shape, scale))
        y += tall
    bound = goal.above if goal.above is not None else goal.below
    title = f"{metric} of {short(picture.claim.id, 40)} by stratum"
    return Forest(
        title=f"{title}, {part}" if part else title,
        about=_about(picture),
        goal=f"goal: {numbers.goal(goal)}",
        goal_x=scale.at(bound if bound is not None else scale.high),
        goal_above=goal.above is not None,
        shape=shape,
        height=y + FOOT,
        lines=tuple(lines),
        bands=_bands(lines, shape, y),
        scale=scale,
        axis=METRIC[picture.endpoint.metric.value],
        figures=_figures(picture),
    )


def _most(picture: EndpointPicture) -> float:
    """The largest number that a plot of numbers has to hold; a wide prediction may leave it."""
    goal = picture.endpoint.goal
    found = [one.measurement.estimate for one in picture.findings if one.measurement.estimate]
    values = [one.value for one in found] + [goal.above or goal.below or 0.0]
    highest = [one.high for one in found] + [one.estimate.high for _, one in picture.new_site]
    return min(max([*values, *highest]), 4 * max(values)) or 1.0


def _bands(lines: list[Line], shape: Shape, end: float) -> tuple[tuple[float, float], ...]:
    if not shape.words_above:
        return ((HEAD - 8.0, end),)
    return tuple((line.y, line.y + 20) for line in lines if not line.head)


def _line(entry: _Entry, y: float, shape: Shape, scale: Scale) -> Line:
    label = short(entry.label, shape.label - 2 * entry.indent)
    if entry.head:
        return Line(y=y, label=label, full=short(entry.full, 200), head=True)
    full = short(entry.full, 200)
    if entry.prediction is not None:
        one = entry.prediction
        return Line(
            y=y,
            label=label,
            full=f"{full}: {numbers.level(one.estimate.level)} prediction interval",
            cases=f"{one.n_sites:,} sites",
            figure=numbers.figure(one.estimate),
            answer="prediction",
            mark="prediction",
            x=scale.at(one.estimate.value),
            low=scale.at(one.estimate.low),
            high=scale.at(one.estimate.high),
        )
    assert entry.finding is not None  # noqa: S101 - an entry is a head, a prediction or a finding
    return _measured(entry, entry.finding, Line(y=y, label=label, full=full), scale)


def _measured(entry: _Entry, finding: Finding, line: Line, scale: Scale) -> Line:
    """The line with what was measured; nothing is drawn where nothing could be estimated."""
    measurement = finding.measurement
    estimate = measurement.estimate
    line = replace(
        line,
        indent=entry.indent,
        cases=numbers.denominator(measurement),
        figure=numbers.figure(estimate) if estimate else "not estimated",
        answer=ANSWER_WORDS[finding.answer],
    )
    if estimate is None:
        return line
    return replace(
        line,
        mark=finding.answer.value,
        x=scale.at(estimate.value),
        low=scale.at(estimate.low),
        high=scale.at(estimate.high),
    )


def _figures(picture: EndpointPicture) -> str:
    """`Estimate (95% CI)`, where all intervals have one level."""
    levels = {
        one.measurement.estimate.level for one in picture.findings if one.measurement.estimate
    }
    return f"Estimate ({numbers.level(levels.pop())} CI)" if len(levels) == 1 else "Estimate (CI)"


def _about(picture: EndpointPicture) -> str:
    """What the plot shows, for someone who cannot see it."""
    answers = [one.answer for one in picture.findings]
    counts = ", ".join(
        f"{answers.count(answer):,} {ANSWER_WORDS[answer]}"
        for answer in Answer
        if answer in answers
    )
    return (
        f"{numbers.counted(len(answers), 'stratum', 'strata')} against the goal "
        f"{numbers.goal(picture.endpoint.goal)}: {counts or 'none'}. The table below has them all."
    )
