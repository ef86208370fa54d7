"""Obuchowski-Rockette where readings are missing: each pair of modalities by itself.

The analysis of `obuchowski_rockette` averages variances and covariances over modalities, which are
alike where every reader read every case. Here each difference rests on the mean square of its own
readers' differences, MS, and on the mean C of their covariances over pairs of readers, who may
share all cases, some or none: with r readers its variance is MS / r + C, whatever the variances of
the single readers are. With two modalities both are the same analysis.

References
----------
Obuchowski, Rockette. Commun Stat Simul Comput 1995;24:285-308.
Hillis. Statistics in Medicine 2007;26:596-619 (degrees of freedom).
Brunner, Dette, Munk. Journal of the American Statistical Association 1997;92:1494-1502 (equality).
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from math import inf

import numpy as np

from defensible.statistics import mrmc_inference as inference
from defensible.statistics import obuchowski_rockette
from defensible.statistics.arrays import Floats
from defensible.statistics.error_covariance import ErrorCovariance
from defensible.statistics.mrmc_inference import EqualityTest
from defensible.statistics.obuchowski_rockette import Result


def random_readers(errors: ErrorCovariance, *, level: float = 0.95) -> Result:
    """Readers and cases both random.

    Parameters
    ----------
    errors : ErrorCovariance
        Figures of two or more readers in every modality, and their covariance due to cases; each
        reader's over the cases that she read.
    level : float in (0, 1)
        Confidence level of the two-sided intervals.

    Raises
    ------
    ValueError
        Fewer than two readers.

    Notes
    -----
    A mean of covariances below zero counts as zero; the result then carries
    `Caution.NEGATIVE_COMPONENT`. With three modalities or more the test that all are equal is the
    ANOVA-type statistic. Coverage: `docs/methods/coverage.md`.
    """
    by_pairs = _by_pairs(errors, obuchowski_rockette.random_readers, level)
    return by_pairs if len(errors.modalities) == 2 else _tested(by_pairs, errors, shared=True)


def fixed_readers(errors: ErrorCovariance, *, level: float = 0.95) -> Result:
    """These readers, random cases: the covariance due to cases is the whole variance."""
    by_pairs = _by_pairs(errors, obuchowski_rockette.fixed_readers, level)
    t, r = errors.values.shape
    if t == 2:
        return by_pairs
    mean = errors.matrix.reshape(t, r, t, r).mean(axis=(1, 3))
    contrast = np.eye(t)[1:] - np.eye(t)[:1]
    spread, gaps = contrast @ mean @ contrast.T, contrast @ errors.values.mean(axis=1)
    if np.linalg.matrix_rank(spread) < t - 1:
        return replace(by_pairs, equality=None)
    statistic = float(gaps @ np.linalg.solve(spread, gaps))
    return replace(by_pairs, equality=inference.chi_square_test(statistic, 1.0, t - 1))


def fixed_cases(errors: ErrorCovariance, *, level: float = 0.95) -> Result:
    """These cases, random readers: the spread between readers is the whole variance."""
    by_pairs = _by_pairs(errors, obuchowski_rockette.fixed_cases, level)
    return by_pairs if len(errors.modalities) == 2 else _tested(by_pairs, errors, shared=False)


def _by_pairs(errors: ErrorCovariance, analysis: Callable[..., Result], level: float) -> Result:
    """An analysis of all modalities, its differences replaced by those of pairs of them."""
    whole = analysis(errors, level=level)
    if len(errors.modalities) < 3:
        return whole
    found = [
        analysis(_of_modalities(errors, pair), level=level)
        for pair in combinations(range(len(errors.modalities)), 2)
    ]
    differences = [item for one in found for item in one.differences]
    averaged = tuple(item for item in differences if item.reader is None)
    own = tuple(item for item in differences if item.reader is not None)
    cautions = tuple(dict.fromkeys(item for one in (whole, *found) for item in one.cautions))
    return replace(whole, differences=(*averaged, *own), cautions=cautions)


def _of_modalities(errors: ErrorCovariance, pair: tuple[int, int]) -> ErrorCovariance:
    t, r = errors.values.shape
    at = list(pair)
    matrix = errors.matrix.reshape(t, r, t, r)[at][:, :, at]
    return replace(
        errors,
        modalities=tuple(errors.modalities[i] for i in at),
        values=errors.values[at],
        matrix=matrix.reshape(2 * r, 2 * r),
    )


def _tested(result: Result, errors: ErrorCovariance, *, shared: bool) -> Result:
    """With the ANOVA-type test of all modalities, as `u_equality` has it for U-statistics."""
    t, r = errors.values.shape
    centred = np.eye(t) - 1 / t
    of_readers = centred @ np.cov(errors.values) @ centred / r
    matrix = of_readers + (_shared(errors, centred) if shared else 0.0)
    trace = float(np.trace(matrix))
    spent = float((of_readers**2).sum()) / (r - 1)
    if not trace > 0:
        return replace(result, equality=None)
    test: EqualityTest | None = inference.f_test(
        float(((centred @ errors.values.mean(axis=1)) ** 2).sum()),
        trace,
        min(trace**2 / float((matrix**2).sum()), t - 1),
        trace**2 / spent if spent > 0 else inf,
    )
    return replace(result, equality=test)


def _shared(errors: ErrorCovariance, centred: Floats) -> Floats:
    """Covariance of the modalities' means that pairs of readers share; nothing where below 0."""
    t, r = errors.values.shape
    blocks = errors.matrix.reshape(t, r, t, r)
    apart = blocks.sum(axis=(1, 3)) - np.einsum("ajbj->ab", blocks)
    found: Floats = centred @ apart @ centred / (r * (r - 1))
    return found if np.trace(found) > 0 else np.zeros_like(found)
