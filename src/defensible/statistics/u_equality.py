"""The test that all modalities have one AUC, from the moments of a U-statistic analysis.

The ANOVA-type statistic: the spread of the modalities' means over the mean variance of their
differences, held against F with Box's numerator degrees of freedom. It inverts no matrix; Wald's
form does, and with few readers an unbiased matrix is so near singular that equal modalities would
be found unequal. The denominator's degrees of freedom are Satterthwaite's over readers and cases of
either class; where the unbiased variance is not above 0 the biased one is used: both as for a
single difference. With two modalities it is the square of their t test.

References
----------
Brunner, Dette, Munk. Journal of the American Statistical Association 1997;92:1494-1502.
Box. Annals of Mathematical Statistics 1954;25:290-302.
"""

from collections.abc import Callable
from functools import partial
from math import inf

import numpy as np

from defensible.statistics import mrmc_inference as inference
from defensible.statistics.arrays import Floats
from defensible.statistics.u_moments import ModalityCovariance, UMoments


def equal(moments: UMoments, *, biased: bool) -> inference.EqualityTest | None:
    """The joint test of two or more modalities; None with one, or without variance.

    Parameters
    ----------
    moments : UMoments
        Of every modality and pair.
    biased : bool
        Whether the analysis rests on biased moments.
    """
    n = moments.auc.size
    if n < 2:
        return None
    centred = np.eye(n) - 1 / n
    other = centred @ _matrix(moments, lambda one: one.biased) @ centred
    matrix = other if biased else centred @ _matrix(moments, lambda one: one.value) @ centred
    if inference.surplus(float(np.trace(matrix)), 0.0, parts=float(np.trace(other))) <= 0:
        matrix = other
    trace = float(np.trace(matrix))
    if trace <= 0:
        return None
    spread = float(np.sum((centred @ moments.auc) ** 2))
    box = min(trace**2 / float(np.sum(matrix**2)), n - 1)
    return inference.f_test(spread, trace, box, _satterthwaite(moments, centred, trace))


def _satterthwaite(moments: UMoments, centred: Floats, trace: float) -> float:
    """Degrees of freedom of the trace, from what readers and cases of either class add to it."""
    total, least = 0.0, inf
    for source in ("healthy", "diseased", "reader"):
        shares = (
            getattr(one.component_coefficients, source)
            for (i, j), one in moments.covariances.items()
            if i == j
        )
        units = min(round(1 / share - 1) if share > 0 else 0 for share in shares)
        if units > 0:
            parts = _matrix(moments, partial(_component, source=source))
            total += float(np.sum((centred @ parts @ centred) ** 2)) / units**3
            least = min(least, units)
    return max(trace**2 / total, least) if total > 0 else inf


def _component(item: ModalityCovariance, source: str) -> float:
    found: float = getattr(item.biased_components, source)
    return found


def _matrix(moments: UMoments, of: Callable[[ModalityCovariance], float]) -> Floats:
    """One figure of every modality and pair, as a symmetric matrix."""
    n = moments.auc.size
    whole = np.empty((n, n))
    for (i, j), item in moments.covariances.items():
        whole[i, j] = whole[j, i] = of(item)
    return whole
