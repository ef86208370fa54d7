"""How many further cases, readers, or both would settle a finding of readers, at what was seen.

What is due to readers falls with their number, what is due to cases with theirs, the mix unchanged;
the value stays. The interval is then that of the analysis, with its degrees of freedom for such
numbers. A study of that size settles in about half of all repetitions: the value will be another.
"""

from dataclasses import replace

import numpy as np
from scipy.special import ndtri, stdtrit

from defensible.dossier.claims import Goal
from defensible.evidence import one_tail
from defensible.evidence.finding import Answer, Finding, FurtherReading, Measurement
from defensible.statistics import further_readers
from defensible.statistics.arrays import Bools, Floats
from defensible.statistics.estimate import Estimate
from defensible.statistics.further_readers import MOST_CASES, MOST_READERS, Further
from defensible.statistics.split import Split

_SAME = 1e-9


def further(
    measurement: Measurement, goal: Goal, split: Split | None, *, level: float
) -> Further | None:
    """Fewest further cases, readers, and both with fewest readings.

    Parameters
    ----------
    split : Split or None
        What the variance of the estimate is due to.
    level : float in (0, 1)
        Level of the two-sided interval that must lie on one side of the goal.

    Returns
    -------
    Further or None
        None where nothing is known of what the variance is due to, or the interval settles it now.
    """
    estimate = measurement.estimate
    bound = goal.above if goal.above is not None else goal.below
    if estimate is None or not estimate.se or split is None or bound is None:
        return None
    percentiles = one_tail.by_percentiles(estimate)
    value = one_tail.halves(estimate).middle if percentiles else estimate.value
    gap, times = abs(value - bound), _reach_times(estimate, bound)
    if gap < _SAME or times is None:
        return Further(readers=None, cases=None, both=None)

    def settles(variance: Floats, df: Floats) -> Bools:
        quantile = np.where(np.isinf(df), ndtri(0.5 + level / 2), stdtrit(df, 0.5 + level / 2))
        return np.asarray(times * quantile * np.sqrt(variance) < gap)

    found = further_readers.further(split, settles)
    return None if (found.cases, found.readers) == (0, 0) else found


def told(finding: Finding, unit: str, *, level: float) -> Finding:
    """An open finding with what would settle it; any other as it is."""
    split = finding.split
    if finding.answer is not Answer.INCONCLUSIVE or split is None:
        return finding
    found = further(finding.measurement, finding.goal, split, level=level)
    if found is None:
        return finding
    beside = FurtherReading(
        unit=unit,
        readers=found.readers,
        both=found.both,
        readers_random=split.by_readers,
        cases_random=split.by_cases,
    )
    return replace(finding, further=found.cases, reading=beside)


def in_words(finding: Finding) -> str | None:
    """`about 40 more cases or 3 more readers would settle it`; None where it does not say.

    What the most that are looked at would not do alone is told, where it is random.
    """
    beside = finding.reading
    if beside is None:
        return None
    cases, readers, both = finding.further, beside.readers, beside.both
    ways = [
        *([_counted(cases, beside.unit)] if cases else []),
        *([_counted(readers, "reader")] if readers else []),
    ]
    if both and all(both):
        ways.append(
            f"{_counted(both[0], 'reader')} with {_counted(both[1], beside.unit)} (fewest readings)"
        )
    most = [
        *([_counted(MOST_CASES, beside.unit)] if beside.cases_random and not cases else []),
        *([_counted(MOST_READERS, "reader")] if beside.readers_random and not readers else []),
    ]
    if not ways:
        return f"{' with '.join(most)} would not settle it"
    told = f"about {_listed(ways)} would settle it"
    return f"{told}; {_neither(most)}" if most else told


def _neither(most: list[str]) -> str:
    """`200 more readers alone would not`; `neither 100,000 more cases nor …`."""
    if len(most) == 1:
        return f"{most[0]} alone would not"
    return f"neither {most[0]} nor {most[1]} alone would"


def _counted(n: int, noun: str) -> str:
    return f"{n:,} more {noun}{'' if n == 1 else 's'}"


def _listed(ways: list[str]) -> str:
    return " or ".join([", ".join(ways[:-1]), ways[-1]] if len(ways) > 1 else ways)


def _reach_times(estimate: Estimate, bound: float) -> float | None:
    """The interval's reach to the goal over t times the standard error; None where it has none."""
    if one_tail.by_wilson(estimate):
        if not 0 < bound < 1:
            return None
        # Wilson's limit is where the score test, with the variance at the goal, just rejects
        ratio = bound * (1 - bound) / (estimate.value * (1 - estimate.value))
        return float(np.sqrt(ratio))
    if not (one_tail.by_percentiles(estimate) and estimate.se):
        return 1.0
    one = one_tail.halves(estimate)
    return (one.lower if bound < one.middle else one.upper) / estimate.se
