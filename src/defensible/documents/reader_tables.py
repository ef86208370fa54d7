"""Tables of a reader study: readers by condition, differences by level, pairs of conditions."""

from dataclasses import dataclass
from itertools import groupby

from defensible.documents import numbers
from defensible.documents.condition_words import joint_words, words
from defensible.documents.words import METRIC, short
from defensible.dossier.claims import MetricName
from defensible.evidence.by_condition import by_condition
from defensible.evidence.finding import Measurement, OfCondition, StudyResult
from defensible.evidence.reader_finding import Interaction, JointInteraction, ReaderFigure
from defensible.statistics.estimate import Estimate

DIFFERENCES = (
    MetricName.AUC_DIFFERENCE,
    MetricName.WAFROC_DIFFERENCE,
    MetricName.SENSITIVITY_DIFFERENCE,
    MetricName.SPECIFICITY_DIFFERENCE,
    MetricName.READING_TIME_CHANGE,
    MetricName.STANDALONE_AUC_DIFFERENCE,
    MetricName.STANDALONE_SENSITIVITY_DIFFERENCE,
    MetricName.STANDALONE_SPECIFICITY_DIFFERENCE,
)
PAIR = ("value", "interval", "p", "adjusted")
"""Columns of the pairs."""
_FIGURE = {
    "auc": "AUC",
    "wafroc": "Area under the wAFROC curve",
    "sensitivity": "Sensitivity",
    "specificity": "Specificity",
    "agreement": "Agreement between readers (Fleiss kappa of decisions)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A name and its cells; `strong` for an average."""

    name: str
    cells: tuple[str, ...]
    under: tuple[str, ...] = ()
    """A second line of each cell, where there is one."""
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under heads; the first head is that of the names, which may open with a blank."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def figures(result: StudyResult) -> tuple[Table, ...]:
    """Each figure of each reader, then of their average, in every condition."""
    found, sides = result.readers, by_condition(result)
    if found is None:
        return ()
    heads = ("Reader", *(short(one, 30) for one in found.conditions))
    return tuple(
        Table(
            caption=f"{_FIGURE[metric]}, below it the interval",
            heads=heads,
            rows=_rows(result, metric),
        )
        for metric in dict.fromkeys(each.metric for one in sides for each in one.figures)
    )


def _rows(result: StudyResult, metric: str) -> tuple[Row, ...]:
    """Readers in the order of the study; a cell is a dash where nothing was estimated."""
    sides = [
        {each.reader: each for each in one.figures if each.metric == metric}
        for one in by_condition(result)
    ]
    readers = dict.fromkeys(reader for side in sides for reader in side)
    everyone = "All readers" if metric == "agreement" else "Average"
    rows = []
    for reader in sorted(readers, key=lambda one: one is None):
        first = sides[0].get(reader)
        cells = (first.unaided if first else None, *(_aided(side.get(reader)) for side in sides))
        rows.append(
            Row(
                name=everyone if reader is None else short(reader, 24),
                cells=tuple("-" if one is None else numbers.proportion(one.value) for one in cells),
                under=tuple("" if one is None else numbers.interval(one) for one in cells),
                strong=reader is None,
            )
        )
    return tuple(rows)


def _aided(one: ReaderFigure | None) -> Estimate | None:
    return None if one is None else one.aided


def pairs(result: StudyResult, *, longest: int = 30) -> tuple[Table, ...]:
    """Every pair of more than two conditions, figure by figure.

    Parameters
    ----------
    longest : int
        Characters of a condition's name.
    """
    found = result.readers
    if found is None:
        return ()
    tables = []
    for metric in dict.fromkeys(one.metric for one in found.comparisons):
        here = [one for one in found.comparisons if one.metric == metric]
        adjusted = any(one.p_adjusted is not None for one in here)
        rows = [
            Row(
                name=f"{short(one.condition, longest)} less {short(one.against, longest)}",
                cells=(
                    numbers.proportion(one.difference.value),
                    numbers.interval(one.difference),
                    _p(one.difference.p),
                    *((_p(one.p_adjusted),) if adjusted else ()),
                ),
            )
            for one in here
        ]
        heads = PAIR if adjusted else PAIR[:-1]
        tables.append(
            Table(caption=METRIC[metric], heads=(METRIC[metric], *heads), rows=tuple(rows))
        )
    return tuple(tables)


def levels(one: OfCondition) -> tuple[Table, ...]:
    """Each difference by level: of a dimension the joint test, then its levels."""
    tables = []
    for metric in (each.value for each in DIFFERENCES):
        here = [
            each for each in one.measurements if each.metric.value == metric and each.stratum.levels
        ]
        others = {
            (each.dimension, each.level): each for each in one.interactions if each.metric == metric
        }
        joint = {each.dimension: each for each in one.joint_interactions if each.metric == metric}
        rows = []
        for dimension, group in groupby(here, key=lambda each: each.stratum.levels[0][0]):
            rows.append(_dimension(dimension, joint.get(dimension)))
            rows += [_level(each, others.get(each.stratum.levels[0])) for each in group]
        name = METRIC[metric].removesuffix(" difference").removesuffix(" change")
        whys = [each.why for each in others.values()] + [each.why for each in joint.values()]
        if rows:
            tables.append(
                Table(
                    caption=f"{METRIC[metric]} by level",
                    heads=(
                        short(name, 16),
                        "value",
                        "less all others",
                        "p",
                    ),
                    rows=tuple(rows),
                    notes=tuple(f"{name} by level: {each}" for each in dict.fromkeys(whys) if each),
                )
            )
    return tuple(tables)


def _dimension(name: str, joint: JointInteraction | None) -> Row:
    test = joint_words(joint) if joint else None
    told = "" if joint is None else "the same at all" if test else "not tested"
    cells = (told, test or "", "" if joint is None else _p(joint.p))
    return Row(name=short(words(name).removeprefix("reader "), 14), cells=cells, strong=True)


def _level(here: Measurement, others: Interaction | None) -> Row:
    """A level: the difference there, and less that at all others."""
    gap = None if others is None else others.difference
    return Row(
        name=f" {short(here.stratum.levels[0][1], 13)}",
        cells=(
            "-" if here.estimate is None else numbers.figure(here.estimate),
            "-" if gap is None else numbers.figure(gap),
            _p(None if gap is None else gap.p),
        ),
    )


def _p(value: float | None) -> str:
    return "-" if value is None else numbers.proportion(value)
