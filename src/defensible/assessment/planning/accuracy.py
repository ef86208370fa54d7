"""Cases for the device's own answers: rates by class, predictive values, accuracy, AUC."""

from dataclasses import dataclass, replace
from math import ceil

from defensible.assessment.planning.asked import Asked, design
from defensible.assessment.planning.intervals import Named, most_demanding
from defensible.assessment.planning.needed import Needed
from defensible.dossier.claims import MetricName
from defensible.statistics import sizing
from defensible.statistics.sizing import Size

OVERALL_PART = "overall"
SURE = 0.9
"""Chance with which a screened sample shall hold as many as are needed."""
_OF_OUTPUTS = (MetricName.PPV, MetricName.NPV)


def sized(of: Asked, part: str, level: float, why: str) -> Needed:
    """Cases at which the interval at `level` clears the goal with the power of the plan."""
    if of.expected is None:
        return of.open(part, f"write `expected: {{{of.metric.value}: ..}}` in plan.yaml")
    if not of.clears(of.expected):
        return of.open(part, of.not_clearing)
    by_design = design(of)
    try:
        named, size = independent(of, of.expected, level)
        share = _share_of_outputs(of)
    except ValueError as error:
        return of.open(part, str(error))

    def cases(expected: float) -> int:
        n = by_design.cases(independent(of, expected, level)[1].n)
        return n if share is None else ceil(n / share - 1e-9)

    counts = counted(of.metric, cases(of.expected))
    told = [one for one in (why, named.said, by_design.said) if one]
    if share is not None:
        output = "positive" if of.metric is MetricName.PPV else "negative"
        told.append(f"{size.n:,} {output} outputs, {share:.1%} of cases as they come")
    return Needed(
        claim=of.claim,
        metric=of.metric,
        goal=of.goal,
        part=part,
        expected=of.expected,
        source=of.source,
        n_diseased=counts.diseased,
        n_healthy=counts.healthy,
        n_cases=counts.mixed,
        n_screened=screened(of, counts),
        n_screened_surely=surely(of, counts),
        power=size.power,
        level=level,
        method=size.method,
        why="; ".join(told),
        sensitivity=of.moved(cases),
    )


def independent(of: Asked, expected: float, level: float) -> tuple[Named, Size]:
    """Independent cases of the metric's own denominator, and the interval that needs as many.

    Raises
    ------
    ValueError
        Nothing up to the limit of the search has the power, or the expectation is 0 or 1.
    """
    return most_demanding(
        of.intervals, expected=expected, goal=of.bound, power=of.plan.power, level=level
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Cases by class, or as they come; None where the metric is not of them."""

    diseased: int | None = None
    healthy: int | None = None
    mixed: int | None = None


def counted(metric: MetricName, n: int) -> Counts:
    """The classes that `n` cases are of; an AUC takes as many of each."""
    match metric:
        case MetricName.AUC:
            return Counts(diseased=n, healthy=n)
        case MetricName.SENSITIVITY:
            return Counts(diseased=n)
        case MetricName.SPECIFICITY:
            return Counts(healthy=n)
        case _:
            return Counts(mixed=n)


def with_screening(of: Asked, line: Needed) -> Needed:
    """The line with the people who are to be seen for its cases."""
    counts = Counts(diseased=line.n_diseased, healthy=line.n_healthy, mixed=line.n_cases)
    return replace(line, n_screened=screened(of, counts), n_screened_surely=surely(of, counts))


def screened(of: Asked, counts: Counts) -> int | None:
    """People to be seen so that on average so many cases are left after drop-outs."""
    stay = 1 - of.plan.drop_out
    if counts.mixed is not None:
        return ceil(counts.mixed / stay - 1e-9)
    if of.prevalence is None or not 0 < of.prevalence < 1:
        return None
    most = max((counts.diseased or 0) / of.prevalence, (counts.healthy or 0) / (1 - of.prevalence))
    return ceil(most / stay - 1e-9)


def surely(of: Asked, counts: Counts) -> int | None:
    """People to be seen so that there are as many of each class with a chance of nine in ten."""
    stay = 1 - of.plan.drop_out
    if counts.mixed is not None:
        return sizing.trials_for(counts.mixed, share=stay, chance=SURE)
    if of.prevalence is None or not 0 < of.prevalence < 1:
        return None
    asked = [
        (n, share * stay)
        for n, share in (
            (counts.diseased, of.prevalence),
            (counts.healthy, 1 - of.prevalence),
        )
        if n is not None
    ]
    chance = 1 - (1 - SURE) / len(asked)
    return max(sizing.trials_for(n, share=share, chance=chance) for n, share in asked)


def _share_of_outputs(of: Asked) -> float | None:
    """Share of cases with the output that a predictive value is of; None for other metrics.

    Raises
    ------
    ValueError
        What it rests on is not declared: the prevalence, sensitivity or specificity.
    """
    if of.metric not in _OF_OUTPUTS:
        return None
    expected = of.plan.expected
    right = expected.get(MetricName.SENSITIVITY), expected.get(MetricName.SPECIFICITY)
    if of.prevalence is None or right[0] is None or right[1] is None:
        lacks = ["`prevalence`"] if of.prevalence is None else []
        lacks += [
            f"`expected: {{{name}: ..}}`"
            for name, value in zip(("sensitivity", "specificity"), right, strict=True)
            if value is None
        ]
        raise ValueError(
            f"the share of such outputs is not known: write {', '.join(lacks)} in plan.yaml"
        )
    positive = of.prevalence * right[0] + (1 - of.prevalence) * (1 - right[1])
    share = positive if of.metric is MetricName.PPV else 1 - positive
    if not share > 0:
        raise ValueError("no case has such an output at what is expected in plan.yaml")
    return share
