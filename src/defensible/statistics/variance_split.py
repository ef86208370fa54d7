"""The variance of a measure of readers by source, and what it would be with more of either.

What is due to readers falls with their number, what is due to cases with theirs, and what a reader
makes of a case, with both. Each method gives the split in its own terms; `anchored` scales it to
the variance and the degrees of freedom that the method states.

References
----------
Hillis. Statistics in Medicine 2007;26:596-619 (degrees of freedom).
Hillis, Obuchowski, Berbaum. Academic Radiology 2011;18:129-142 (other numbers of readers, cases).
"""

from collections.abc import Sequence
from dataclasses import replace
from math import inf, isfinite

import numpy as np

from defensible.statistics.arrays import Floats
from defensible.statistics.split import Split
from defensible.statistics.standalone_reader import StandaloneComparison
from defensible.statistics.two_way_spread import Spread
from defensible.statistics.u_moments import ModalityCovariance
from defensible.statistics.variance_components import ObuchowskiRockette


def at(split: Split, n_readers: Floats, n_cases: Floats) -> tuple[Floats, Floats]:
    """Variance and degrees of freedom with so many readers and cases, the mix unchanged.

    Parameters
    ----------
    n_readers, n_cases : float arrays of one shape, or that broadcast
    """
    more_readers = np.asarray(n_readers / split.n_readers, dtype=np.float64)
    more_cases = np.asarray(n_cases / split.n_cases, dtype=np.float64)
    both = split.both / (more_readers * more_cases)
    of_readers = split.readers / more_readers + both
    of_cases = split.cases / more_cases + both
    variance = of_readers + of_cases - both
    spent = of_readers**2 / (split.df_of_readers * np.maximum(n_readers - 1, 1))
    if split.df_of_cases is not None:
        spent = spent + of_cases**2 / np.maximum((split.df_of_cases + 1) * more_cases - 1, 1)
    df = np.divide(variance**2, spent, out=np.full(variance.shape, inf), where=spent > 0)
    return variance, df * split.df_times


def anchored(split: Split, variance: float, df: float | None) -> Split | None:
    """The split scaled to a stated variance and its degrees of freedom; None without variance."""
    now, of_squares = at(split, np.array(split.n_readers), np.array(split.n_cases))
    if not (variance > 0 and now > 0):
        return None
    times = variance / float(now)
    stated = df is not None and isfinite(float(of_squares))
    return replace(
        split,
        readers=split.readers * times,
        cases=split.cases * times,
        both=split.both * times,
        df_times=df / float(of_squares) if df is not None and stated else 1.0,
    )


def of_obuchowski_rockette(
    components: ObuchowskiRockette, *, n_modalities: int, n_readers: int, n_cases: int
) -> Split:
    """Of a difference of two modalities, readers and cases random."""
    error = components.error - components.cov1 - components.cov2 + components.cov3
    square = max(components.modality_reader + error, 0.0)
    both = min(max(error, 0.0), square)
    return Split(
        readers=2 / n_readers * (square - both),
        cases=2 * max(components.cov2 - components.cov3, 0.0),
        both=2 / n_readers * both,
        n_readers=n_readers,
        n_cases=n_cases,
        df_of_readers=float(n_modalities - 1),
    )


def of_standalone(found: StandaloneComparison, *, n_cases: int) -> Split:
    """Of readers less a device that is fixed, readers and cases random."""
    square = found.readers_variance
    both = min(max(found.error - found.cov2, 0.0), square)
    return Split(
        readers=(square - both) / found.n_readers,
        cases=max(found.cov2, 0.0),
        both=both / found.n_readers,
        n_readers=found.n_readers,
        n_cases=n_cases,
    )


def of_moments(
    parts: Sequence[ModalityCovariance], first: str, second: str, *, n_readers: int, n_cases: int
) -> Split:
    """Of a difference by U-statistics; components below 0 count as 0."""
    found = {(one.first, one.second): one for one in parts}
    between = found.get((first, second)) or found[second, first]
    signed = ((found[first, first], 1.0), (found[second, second], 1.0), (between, -2.0))

    def due(*names: str) -> float:
        total = sum(
            sign * getattr(one.components, name) * getattr(one.component_coefficients, name)
            for one, sign in signed
            for name in names
        )
        return max(float(total), 0.0)

    return Split(
        readers=due("reader"),
        cases=due("healthy", "diseased", "healthy_diseased"),
        both=due("healthy_reader", "diseased_reader", "reader_healthy_diseased"),
        n_readers=n_readers,
        n_cases=n_cases,
        df_of_cases=float(max(n_cases - 1, 1)),
    )


def of_two_way(spread: Spread, *, n_cases: int) -> Split:
    """Of a measure by two-way clusters, readers and patients random.

    Notes
    -----
    The sums of squares over readers, over patients and over cells are what is due to either, with
    what is due to both, and all of it in one cell: three equations.
    """
    by_readers, by_patients, by_cells = spread.squares
    r, k = spread.n_readers, spread.n_patients
    left = by_cells - by_readers / k - by_patients / r
    both = left / (1 - 1 / k - 1 / r) if r * k > r + k else 0.0
    both = min(max(both, 0.0), by_readers, by_patients)
    return Split(
        readers=by_readers - both,
        cases=by_patients - both,
        both=both,
        n_readers=r,
        n_cases=n_cases,
        df_of_cases=float(k - 1),
    )


def readers_fixed(
    variance: float, *, n_readers: int, n_cases: int, df: float | None = None
) -> Split:
    """All of the variance is due to cases; `df` of it, None for a normal interval."""
    return Split(
        readers=0.0,
        cases=variance,
        both=0.0,
        n_readers=n_readers,
        n_cases=n_cases,
        df_of_cases=df,
    )


def cases_fixed(variance: float, *, n_readers: int, n_cases: int, n_modalities: int = 2) -> Split:
    """All of the variance is due to readers."""
    return Split(
        readers=variance,
        cases=0.0,
        both=0.0,
        n_readers=n_readers,
        n_cases=n_cases,
        df_of_readers=float(n_modalities - 1),
    )
