"""The AUC adjusted for covariates by a linear model: age, body size, or anything on a scale.

A score that rises with age separates old patients from young ones, not diseased from healthy. The
adjusted AUC is the chance that a diseased case scores above a healthy one *of the same covariates*.
The score of the healthy is modelled as a line in the covariates, with the same scatter everywhere;
what is left over after that line is compared. For covariates with few levels, `roc_strata` needs
no model.

References
----------
Janes, Pepe. Biometrika 2009;96:371-382; Janes, Longton, Pepe. Stata Journal 2009;9:17-39.
"""

import numpy as np
from numpy.typing import ArrayLike

from defensible.statistics.arrays import (
    Bools,
    Floats,
    Ints,
    bools,
    confidence_level,
    finite_floats,
    finite_matrix,
    same_length,
    whole_count,
)
from defensible.statistics.estimate import Caution, Estimate

_FEW = 20


def linear(
    truth: Bools,
    scores: Floats,
    covariates: ArrayLike,
    *,
    seed: int,
    n_replicates: int = 2000,
    level: float = 0.95,
) -> Estimate:
    """Covariate-adjusted AUC by least squares in the healthy, with a bootstrap interval.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard.
    scores : float array, shape (n_cases,)
        Device output, higher is more suspicious. Finite.
    covariates : float array, shape (n_cases, n_covariates)
        Finite; a level of a category as 0 and 1.
    seed : int
        Of the bootstrap, which draws diseased and healthy cases apart and fits anew each time.
    n_replicates : int
        100 or more.
    level : float in (0, 1)
        Confidence level of the two-sided percentile interval.

    Returns
    -------
    Estimate
        `se` is the standard deviation of the replicates.

    Raises
    ------
    ValueError
        Lengths differ, a value is not finite, no diseased case, healthy cases that do not tell the
        covariates' effects apart, or fewer than two more of them than there are effects.

    Notes
    -----
    Complexity: n_replicates times a sort and a least-squares fit of the cases.
    """
    confidence_level(level)
    whole_count("n_replicates", n_replicates, least=100)
    present, values = bools("truth", truth), finite_floats("scores", scores)
    given = finite_matrix("covariates", covariates)
    same_length(truth=present, scores=values, covariates=given[:, 0])
    design = np.column_stack([np.ones(values.size), given])
    healthy, diseased = np.flatnonzero(~present), np.flatnonzero(present)
    _enough(design[healthy], diseased.size)
    value = _area(design, values, healthy, diseased)
    generator = np.random.default_rng(seed)
    drawn = np.array(
        [
            _area(
                design,
                values,
                generator.choice(healthy, healthy.size),
                generator.choice(diseased, diseased.size),
            )
            for _ in range(n_replicates)
        ]
    )
    low, high = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2])
    se = float(drawn.std(ddof=1))
    few = min(healthy.size, diseased.size) < _FEW
    return Estimate(
        value=value,
        low=float(low),
        high=float(high),
        level=level,
        method=f"covariate-adjusted AUC, linear, percentile of {n_replicates:,}, seed {seed}",
        n=values.size,
        se=se if se > 0 else None,
        cautions=(
            *((Caution.FEW,) if few else ()),
            *((Caution.BOUNDARY,) if value in {0.0, 1.0} else ()),
            *((Caution.NO_VARIANCE,) if low == high else ()),
        ),
    )


def _enough(design: Floats, n_diseased: int) -> None:
    n, n_effects = design.shape
    if n_diseased == 0:
        raise ValueError("truth must hold diseased cases; it has none")
    if n < n_effects + 2:
        raise ValueError(
            f"{n_effects + 2} healthy cases or more are needed for {n_effects} effects; {n} found"
        )
    scale = np.abs(design).max(axis=0)
    if (scale == 0).any() or np.linalg.matrix_rank(design / scale) < n_effects:
        raise ValueError("the healthy cases do not tell the effects of the covariates apart")


def _area(design: Floats, values: Floats, healthy: Ints, diseased: Ints) -> float:
    """AUC of what the line of the healthy leaves over; ties count half."""
    line, *_ = np.linalg.lstsq(design[healthy], values[healthy], rcond=None)
    rest = values - design @ line
    below = np.sort(rest[healthy])
    sought = rest[diseased]
    wins = np.searchsorted(below, sought, "left") + np.searchsorted(below, sought, "right")
    return float(wins.mean() / (2 * below.size))
