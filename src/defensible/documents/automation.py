"""Automation bias as a part of its own: what readers do where the device is right, and wrong.

Its measures stand here and not among the differences, with the plan's goals for them, the harm and
the gain weighed, and by level.
"""

from collections.abc import Iterable

from defensible.documents import numbers, reader_words
from defensible.documents.condition_words import inside, words
from defensible.documents.reader_tables import Row, Table
from defensible.documents.words import clean, short
from defensible.dossier.claims import MetricName
from defensible.evidence.automation import METRICS
from defensible.evidence.by_condition import by_condition
from defensible.evidence.finding import OVERALL, Measurement, OfCondition, StudyResult

_BY_LEVEL = (MetricName.COMMISSION, MetricName.OMISSION, MetricName.APPROPRIATE_RELIANCE)


def rest(taken: Iterable[Measurement]) -> tuple[Measurement, ...]:
    """Measurements of anything else."""
    return tuple(one for one in taken if one.metric not in METRICS)


def measured(one: OfCondition) -> tuple[Measurement, ...]:
    """What was measured of it on all cases; nothing where no output was seen, or none is known."""
    taken = (each for each in one.measurements if each.stratum == OVERALL)
    return tuple(each for each in taken if each.metric in METRICS)


def has(result: StudyResult, metric: MetricName, condition: str) -> bool:
    """Whether the part of a condition says a metric."""
    sides = (one for one in by_condition(result) if one.condition == condition)
    return metric in METRICS and any(measured(one) for one in sides)


def heading(result: StudyResult, one: OfCondition) -> str:
    """The name of the part, with the condition where there are several."""
    where = f" {inside(one)}" if result.others else ""
    return f"Automation bias{where}: where the device is right, and where it is wrong"


def said(result: StudyResult, one: OfCondition) -> list[str]:
    """How often the device errs, what readers then do, the plan's goals, and what it is worth."""
    found = result.readers
    if found is None or not measured(one):
        return []
    first = one == by_condition(result)[0]
    wrong, n = found.n_device_wrong, numbers.counted(found.n_cases, "case")
    sentences = [f"The device is wrong on {wrong:,} of {n}."] if first and wrong is not None else []
    if first and (method := dict(found.methods).get("automation_bias")):
        sentences.append(f"Intervals: {clean(method)}.")
    sentences += _shifts(one, inside(one) if result.others else "aided")
    sentences += reader_words.endpoints(
        result, found, lambda each, at: at == one.condition and has(result, each, at)
    )
    return [*sentences, *_break_even(one)]


def levels(one: OfCondition) -> Table | None:
    """Commission, omission and appropriate reliance by level of cases and of experience."""
    by_stratum: dict[tuple[str, str], dict[MetricName, Measurement]] = {}
    for each in one.measurements:
        if len(each.stratum.levels) == 1 and each.metric in _BY_LEVEL:
            by_stratum.setdefault(each.stratum.levels[0], {})[each.metric] = each
    if not any(each.estimate for taken in by_stratum.values() for each in taken.values()):
        return None
    rows: list[Row] = []
    dimensions: set[str] = set()
    for (dimension, level), taken in by_stratum.items():
        if dimension not in dimensions:
            dimensions.add(dimension)
            name = short(words(dimension).removeprefix("reader "), 14)
            rows.append(Row(name=name, cells=("",) * len(_BY_LEVEL), strong=True))
        cells = tuple(_cell(taken.get(metric)) for metric in _BY_LEVEL)
        rows.append(Row(name=f" {short(level, 12)}", cells=cells))
    heads = ("By level", "Commission", "Omission", "Appropriate")
    return Table(caption="Automation bias by level", heads=heads, rows=tuple(rows))


def _cell(one: Measurement | None) -> str:
    """`0.368 (0.001-0.996)`: three of them stand in a line of 80."""
    if one is None or one.estimate is None:
        return "-"
    value, low, high = (
        numbers.proportion(each)
        for each in (one.estimate.value, one.estimate.low, one.estimate.high)
    )
    return f"{value} ({low}-{high})"


def _shifts(one: OfCondition, name: str) -> list[str]:
    """How often readers call cases positive where the device is wrong."""
    return [
        f"On the device's {'false positives' if each.device else 'misses'}, readers call "
        f"{numbers.figure(each.unaided)} positive unaided, {numbers.figure(each.aided)} {name}."
        for each in one.conditional
        if each.truth != each.device and each.unaided is not None and each.aided is not None
    ]


def _break_even(one: OfCondition) -> list[str]:
    if one.break_even is not None:
        told = "Break-even error rate of the device, from which seeing it is worth nothing"
        return [f"{told}: {numbers.figure(one.break_even)}."]
    return [f"No break-even error rate: {clean(one.break_even_why)}."] if one.break_even_why else []
