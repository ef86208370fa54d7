"""Sensitivity and specificity of binary reads by generalized estimating equations: readers fixed.

A marginal logistic model with one rate a modality, averaged over the readings; the cases are the
clusters, so that readings of one case may depend on each other in any way. The variance is the
sandwich, which needs many cases (40 or more; fewer is a caution) and speaks for these readers only.
For readers in general see `binary_endpoints`. Needs statsmodels (the extra `models`).

References
----------
Liang, Zeger. Biometrika 1986;73:13-22.
"""

from itertools import combinations
from math import sqrt
from typing import Any

import numpy as np
from scipy.special import expit, ndtri

from defensible.statistics import mrmc_inference as inference
from defensible.statistics.arrays import Bools, Floats, confidence_level
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.reader_table import ReaderTable, decisions

Result = inference.MrmcResult[None]

_FEW_CASES = 40


def sensitivity(table: ReaderTable, *, threshold: float, level: float = 0.95) -> Result:
    """Sensitivity at a rating threshold, with independence as working correlation.

    The rates are those of the readings pooled. Limits of a modality are of the logit, those of a
    difference normal on the scale of the rates.

    Parameters
    ----------
    table : ReaderTable
        Any design.
    threshold : float
        Positive where the rating is at or above it.
    level : float in (0, 1)
        Confidence level of the two-sided intervals.

    Returns
    -------
    MrmcResult
        Without readers' own estimates and variance components; `equality` is Wald's chi-square on
        the logits.

    Raises
    ------
    ValueError
        Fewer than two diseased cases, a modality in which all readings are alike (its logit is
        infinite), or equations that do not settle.
    ImportError
        statsmodels is not installed.
    """
    return _fitted(table, threshold, level, diseased=True, exchangeable=False)


def specificity(table: ReaderTable, *, threshold: float, level: float = 0.95) -> Result:
    """Specificity at a rating threshold; parameters and errors as in `sensitivity`."""
    return _fitted(table, threshold, level, diseased=False, exchangeable=False)


def sensitivity_exchangeable(
    table: ReaderTable, *, threshold: float, level: float = 0.95
) -> Result:
    """Sensitivity with one working correlation between any two readings of a case.

    Where cases are read unequally often, those read more count for less than in `sensitivity`.
    Parameters and errors as there.
    """
    return _fitted(table, threshold, level, diseased=True, exchangeable=True)


def specificity_exchangeable(
    table: ReaderTable, *, threshold: float, level: float = 0.95
) -> Result:
    """Specificity with one working correlation between any two readings of a case."""
    return _fitted(table, threshold, level, diseased=False, exchangeable=True)


def _fitted(
    table: ReaderTable, threshold: float, level: float, *, diseased: bool, exchangeable: bool
) -> Result:
    confidence_level(level)
    kept = table.truth if diseased else ~table.truth
    right, read = _right(table, threshold, kept, diseased=diseased)
    n_cases = int(read.any(axis=(0, 1)).sum())
    word = "diseased" if diseased else "non-diseased"
    if n_cases < 2:
        raise ValueError(f"two {word} cases or more are needed; {n_cases} found")
    _some_of_each(table, right, read)
    logits, covariance = _solved(right, read, exchangeable=exchangeable)
    rates: Floats = expit(logits)
    kind = "exchangeable" if exchangeable else "independence"
    method = f"GEE, logit link, {kind}, sandwich variance"
    cautions = (Caution.FEW,) if n_cases < _FEW_CASES else ()
    by_rate = covariance * np.outer(rates * (1 - rates), rates * (1 - rates))
    indices = range(len(table.modalities))
    return inference.MrmcResult(
        method=f"{method}, cases random, readers fixed",
        figure=f"{'sensitivity' if diseased else 'specificity'} at rating {threshold:g} or above",
        modalities=tuple(
            inference.ModalityEstimate(
                modality=table.modalities[i],
                estimate=_rate(
                    logits[i], covariance[i, i], level, method, n=n_cases, cautions=cautions
                ),
            )
            for i in indices
        ),
        readers=(),
        differences=tuple(
            inference.Difference(
                first=table.modalities[i],
                second=table.modalities[j],
                reader=None,
                estimate=inference.interval(
                    float(rates[i] - rates[j]),
                    float(by_rate[i, i] + by_rate[j, j] - 2 * by_rate[i, j]),
                    df=np.inf,
                    level=level,
                    method=method,
                    n=n_cases,
                    lowest=-1.0,
                    highest=1.0,
                    parts=float(by_rate[i, i] + by_rate[j, j]),
                    tested=True,
                    cautions=cautions,
                ),
            )
            for i, j in combinations(indices, 2)
        ),
        equality=_equality(logits, covariance),
        variance_components=None,
        n_readers=len(table.readers),
        n_cases=n_cases,
        n_diseased=n_cases if diseased else 0,
        cautions=cautions,
    )


def _right(
    table: ReaderTable, threshold: float, kept: Bools, *, diseased: bool
) -> tuple[Bools, Bools]:
    """Whether each reading of the kept cases is right, and whether it was made."""
    positive = decisions(table, threshold).ratings[:, :, kept] > 0
    read = table.read[:, :, kept]
    return (positive if diseased else ~positive) & read, read


def _some_of_each(table: ReaderTable, right: Bools, read: Bools) -> None:
    for i, name in enumerate(table.modalities):
        n_right, n_read = int(right[i].sum()), int(read[i].sum())
        if n_right in {0, n_read}:
            raise ValueError(
                f"in modality {name} {n_right} of {n_read} readings are right, so that its logit "
                "is infinite; use binary_endpoints"
            )


def _solved(right: Bools, read: Bools, *, exchangeable: bool) -> tuple[Floats, Floats]:
    """Logits of the modalities and their sandwich covariance."""
    models = _statsmodels()
    modality, _, case = np.nonzero(read)
    order = np.argsort(case, kind="stable")
    design = np.eye(right.shape[0])[modality[order]]
    structures = models.cov_struct
    working = structures.Exchangeable() if exchangeable else structures.Independence()
    model = models.GEE(
        right[read][order].astype(np.float64),
        design,
        groups=case[order],
        family=models.families.Binomial(),
        cov_struct=working,
    )
    found = model.fit(maxiter=200, ctol=1e-12)
    if not (found.converged and np.isfinite(found.params).all()):
        raise ValueError("the estimating equations do not settle; use binary_endpoints")
    return np.asarray(found.params), np.asarray(found.cov_robust)


def _statsmodels() -> Any:
    try:
        import statsmodels.api as models
    except ImportError:
        raise ImportError(
            "GEE needs statsmodels, which is not here: pip install 'defensible[models]'"
        ) from None
    return models


def _rate(
    logit: float,
    variance: float,
    level: float,
    method: str,
    *,
    n: int,
    cautions: tuple[Caution, ...],
) -> Estimate:
    reach = float(ndtri(0.5 + level / 2)) * sqrt(variance)
    value, low, high = (float(expit(one)) for one in (logit, logit - reach, logit + reach))
    return Estimate(
        value=value,
        low=low,
        high=high,
        level=level,
        method=method,
        n=n,
        se=sqrt(variance) * value * (1 - value),
        cautions=cautions,
    )


def _equality(logits: Floats, covariance: Floats) -> inference.EqualityTest | None:
    """Wald's test that all logits are equal; None with one, or without variance."""
    n = logits.size
    if n < 2:
        return None
    contrast = np.hstack([np.ones((n - 1, 1)), -np.eye(n - 1)])
    matrix = contrast @ covariance @ contrast.T
    if np.linalg.eigvalsh(matrix)[0] <= 1e-12 * np.abs(covariance).max():
        return None
    gaps = contrast @ logits
    return inference.chi_square_test(float(gaps @ np.linalg.solve(matrix, gaps)), 1.0, n - 1)
