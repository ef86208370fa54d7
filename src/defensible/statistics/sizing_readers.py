"""Readers and cases for a reader study's interval to clear its goal, and where its variances come.

The figures are those of `evidence`: aided less unaided, readers and cases random, the interval by t
with Hillis's degrees of freedom. Components come from a pilot's printed estimates, or are
conjectured from published ranges where there is no pilot.

References
----------
Hillis, Obuchowski, Berbaum. Academic Radiology 2011;18:129-142.
Obuchowski. AJR American Journal of Roentgenology 2000;175:603-608 (ranges of readers).
Rockette et al. Investigative Radiology 1999;34:169-175 (correlations).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import nctdtr, ndtr, ndtri, stdtrit

from defensible.statistics import sizing, sizing_mrmc
from defensible.statistics.arrays import Floats
from defensible.statistics.sizing_mrmc import Pilot, expected_range
from defensible.statistics.variance_components import ObuchowskiRockette

READERS = (3, 4, 5, 6, 8, 10, 12, 15, 20, 30)
"""Numbers of readers of which the frontier names the cases."""
RANGES = {"small": (0.005, 0.01), "moderate": (0.025, 0.05), "large": (0.05, 0.10)}
"""Ranges of a reader's accuracy within a reader and between readers, as published (2000)."""
SAME_READER, OTHER_READER, OF_READERS = 0.47, 0.3, 0.8
"""Correlations: a reader in both modalities; two readers, in either; of readers' accuracies."""
LEAST_CASES = 20
"""Fewest cases that are named: a figure of fewer is not near enough to normal for these powers."""
_MOST_CASES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One number of readers with the cases that it takes.

    Attributes
    ----------
    n_cases : int or None
        None where no number of cases will do.
    """

    n_readers: int
    n_cases: int | None
    power: float | None


def from_figures(
    unaided: Sequence[float],
    aided: Sequence[float],
    *,
    variances: Sequence[float],
    variance: float,
    n_cases: int,
) -> Pilot:
    """A pilot from what its report prints: every reader's figures, and the average difference's.

    Parameters
    ----------
    unaided, aided : sequence of float
        Figure of each reader in both conditions; two readers or more.
    variances : sequence of float
        Variance of each reader's own difference, the reader being fixed.
    variance : float
        Variance of the average difference, readers and cases random.
    n_cases : int
        Cases that the figure is of.

    Raises
    ------
    ValueError
        Fewer than two readers, sequences of unequal length, or no variance.

    Notes
    -----
    Error less Cov1 is half the mean variance of a reader's difference; the interaction's mean
    square is half the variance of readers' differences; what is left of the average's variance is
    Cov2 less Cov3. Only these differences are known, so they stand as error and Cov2 with Cov1 and
    Cov3 zero: no power depends on more.
    """
    first, second = np.asarray(unaided, dtype=np.float64), np.asarray(aided, dtype=np.float64)
    own = np.asarray(variances, dtype=np.float64)
    n_readers = first.size
    if n_readers < 2 or not first.size == second.size == own.size:
        raise ValueError(
            f"two readers or more with both figures are needed; {first.size}, {second.size} and "
            f"{own.size} values found"
        )
    mean_square = float(np.var(second - first, ddof=1)) / 2
    error = float(own.mean()) / 2
    between = max((n_readers * variance / 2 - mean_square) / n_readers, 0.0)
    return Pilot(
        components=ObuchowskiRockette(
            reader=0.0,
            modality_reader=mean_square - error + between,
            error=error,
            cov1=0.0,
            cov2=between,
            cov3=0.0,
        ),
        n_cases=n_cases,
    )


def conjectured(
    *, variability: str, n_readers: int, unit_variance: float, per_auc: float = 1.0
) -> Pilot:
    """Components without a pilot, from published ranges of readers' accuracies.

    Parameters
    ----------
    variability : str
        "small", "moderate" or "large": `RANGES`.
    n_readers : int
        Two or more; a range between readers is that of so many.
    unit_variance : float
        Variance of the figure times the number of cases.
    per_auc : float
        What a change of 1 of the AUC, of which the ranges are, is of the figure.

    Returns
    -------
    Pilot
        For one case, of those that `unit_variance` counts.

    Raises
    ------
    ValueError
        Another word, fewer than two readers, or no variance.
    """
    if variability not in RANGES:
        raise ValueError(f"variability is one of {', '.join(RANGES)}; {variability} found")
    if n_readers < 2:
        raise ValueError(f"two readers or more are needed; {n_readers} found")
    within, between = (per_auc * one for one in RANGES[variability])
    readers = (between / expected_range(n_readers)) ** 2
    return Pilot(
        components=ObuchowskiRockette(
            reader=readers * OF_READERS,
            modality_reader=readers * (1 - OF_READERS) + (within / expected_range(2)) ** 2,
            error=unit_variance,
            cov1=SAME_READER * unit_variance,
            cov2=OTHER_READER * unit_variance,
            cov3=OTHER_READER * unit_variance,
        ),
        n_cases=1,
    )


def power(
    pilot: Pilot,
    *,
    expected: float,
    goal: float,
    n_readers: int,
    n_cases: int,
    level: float = 0.95,
) -> float:
    """Chance that the interval of the difference clears the goal.

    Parameters
    ----------
    pilot : Pilot
        Variance components.
    expected, goal : float
        True difference; what the lower limit must clear (the upper one, if `expected` is below). A
        goal below 0 is a margin of non-inferiority.
    n_readers, n_cases : int
        Planned, in the pilot's mix of cases.
    level : float in (0, 1)
        Of the two-sided interval.

    Raises
    ------
    ValueError
        `expected` is `goal`, fewer than two readers, or no case.
    """
    if expected == goal:
        raise ValueError(f"expected must differ from the goal; both are {goal}")
    found = sizing_mrmc.random_readers_random_cases(
        pilot, difference=expected - goal, n_readers=n_readers, n_cases=n_cases, level=level
    )
    shift, tail = sqrt(found.noncentrality), 1 - sizing.one_sided(level)
    if found.df is None:
        return float(ndtr(shift - float(ndtri(tail))))
    if shift > 30:  # the series is slow there, and the power 1 to twelve digits
        return 1.0
    return 1 - float(nctdtr(found.df, shift, float(stdtrit(found.df, tail))))


def frontier(
    pilot_of: Callable[[int], Pilot],
    *,
    expected: float,
    goal: float,
    power_wanted: float = 0.8,
    level: float = 0.95,
    readers: Sequence[int] = READERS,
) -> tuple[Point, ...]:
    """For each number of readers, the cases at which the interval clears the goal.

    Never fewer than `LEAST_CASES`, with as many readers as there are.

    Parameters
    ----------
    pilot_of : callable
        Components for a number of readers; a measured pilot's are the same for all.
    expected, goal, level
        As in `power`.
    power_wanted : float in (0, 1)
        Chance of clearing it.
    readers : sequence of int
        Numbers to ask for.

    Raises
    ------
    ValueError
        As in `power`.
    """
    sizing.power_wanted(power_wanted)
    found = []
    for n_readers in readers:
        pilot = pilot_of(n_readers)

        def power_at(n: int, pilot: Pilot = pilot, n_readers: int = n_readers) -> float:
            return power(
                pilot, expected=expected, goal=goal, n_readers=n_readers, n_cases=n, level=level
            )

        met = sizing.first_on_grid(power_at, power_wanted, first=LEAST_CASES, limit=_MOST_CASES)
        n, at_n = met or (None, None)
        found.append(Point(n_readers=n_readers, n_cases=n, power=at_n))
    return tuple(found)


def fewest_readings(points: Sequence[Point]) -> Point | None:
    """The point with the fewest readings; None where none has a number of cases."""
    known = [one for one in points if one.n_cases is not None]
    return min(known, key=lambda one: one.n_readers * (one.n_cases or 0), default=None)


def times_pilot(
    *, expected: float, goal: float, se: float, df: float, power: float = 0.8, level: float = 0.95
) -> float:
    """How many times the readers and the cases of a pilot certainly suffice.

    For figures of readings whose variance nobody parts: with k times as many readers and k times as
    many cases it falls to one in k or less, whatever is due to which.

    Parameters
    ----------
    expected, goal : float
        True figure; what the limit must clear.
    se, df : float
        Standard error in the pilot, above 0, and its degrees of freedom (infinity for a normal).
    power, level : float in (0, 1)
        Chance of clearing it; level of the two-sided interval.

    Raises
    ------
    ValueError
        `expected` is `goal`, or no standard error.
    """
    sizing.power_wanted(power)
    if expected == goal or not se > 0:
        raise ValueError(
            f"expected must differ from the goal and se lie above 0; {expected}, {goal}, {se} found"
        )
    reach = float(_quantile(df, 1 - sizing.one_sided(level)) + _quantile(df, power))
    return (reach * se / abs(expected - goal)) ** 2


def _quantile(df: float, share: float) -> Floats:
    found: Floats = np.asarray(ndtri(share) if np.isinf(df) else stdtrit(df, share))
    return found
