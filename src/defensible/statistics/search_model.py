"""The radiological search model: what marks on lesions and elsewhere give as wAFROC, AUC, variance.

Of a case a reader (or device) sees a Poisson number of suspicious regions that are no lesion, rated
N(0, 1), and each lesion with a chance, rated N(mu, 1). Every region seen is marked. Lesions of a
case weigh alike. The wAFROC is then that of one lesion against a case without lesions.

References
----------
Chakraborty. Physics in Medicine and Biology 2006;51:3449-3462 and 3463-3482.
Chakraborty. Observer Performance Methods for Diagnostic Imaging, CRC Press 2017.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf

import numpy as np
from scipy.special import gammaln, ndtr

from defensible.statistics.arrays import Floats
from defensible.statistics.root import root

_FARTHEST = 40.0
"""Of the means: beyond it every lesion seen outranks every false mark."""
_POINTS, _POINT_WEIGHTS = np.polynomial.hermite_e.hermegauss(160)
_NORMAL = _POINT_WEIGHTS / _POINT_WEIGHTS.sum()


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The parameters of the model.

    Attributes
    ----------
    mu : float
        How far the ratings of lesions lie above those of false marks.
    false_marks : float
        Mean number of false marks of a case without lesions (lambda), above 0.
    found : float in (0, 1]
        Share of lesions that are marked at all (nu).
    """

    mu: float
    false_marks: float
    found: float

    def __post_init__(self) -> None:
        if not (0 < self.false_marks < inf and 0 < self.found <= 1):
            raise ValueError(
                "false_marks must lie above 0 and found in (0, 1]; "
                f"{self.false_marks} and {self.found} found"
            )


def lesion_counts(mean: float) -> Floats:
    """Shares of diseased cases with 1, 2, ... lesions: one, and a Poisson number of further ones.

    Raises
    ------
    ValueError
        The mean lies below 1 or above 100.
    """
    if not 1 <= mean <= 100:
        raise ValueError(f"lesions of a diseased case must lie between 1 and 100; {mean} found")
    further = np.arange(int(mean + 12 * mean**0.5) + 20)
    if mean == 1:
        return np.ones(1)
    log_shares = further * np.log(mean - 1) - (mean - 1) - gammaln(further + 1)
    shares = np.exp(log_shares)
    counts: Floats = shares / shares.sum()
    return counts


def wafroc(of: Search) -> float:
    """The wAFROC: the chance that a lesion outranks the false marks of a case without lesions.

    A lesion and a case that both stay unmarked count half.

    Notes
    -----
    Gauss-Hermite over the rating of a lesion, to 1e-13. RJafroc integrates over the curve, to a
    tolerance of 1e-4 within which it agrees; its AUC agrees to 1e-7.
    """
    return float(_NORMAL @ _against_no_lesion(of) * of.found + (1 - of.found) * _unmarked(of) / 2)


def auc(of: Search, counts: Floats) -> float:
    """Area under the ROC curve of each case's highest mark.

    Parameters
    ----------
    of : Search
        The parameters.
    counts : float array
        Shares of diseased cases with 1, 2, ... lesions (`lesion_counts`).
    """
    n = np.arange(1, counts.size + 1)
    below = (1 - of.found * ndtr(of.mu - _POINTS))[:, None] ** n @ counts
    quiet = np.exp(-of.false_marks * ndtr(-_POINTS))
    marked = float(_NORMAL @ (of.false_marks * quiet * (1 - quiet * below)))
    silent = _unmarked(of) * float((1 - of.found) ** n @ counts)
    return marked + _unmarked(of) * (1 - silent / 2)


def placement_variances(of: Search, counts: Floats, correlation: float) -> tuple[float, float]:
    """Variances of a diseased and of a healthy case's part in the wAFROC.

    The variance of an estimate is the first by the number of diseased cases plus the second by that
    of healthy ones.

    Parameters
    ----------
    of : Search
        The parameters.
    counts : float array
        Shares of diseased cases with 1, 2, ... lesions.
    correlation : float in [0, 1]
        Of the lesions of a case; the search model itself has 0.

    Raises
    ------
    ValueError
        A correlation out of range.
    """
    if not 0 <= correlation <= 1:
        raise ValueError(f"correlation must lie in [0, 1]; {correlation} found")
    area = wafroc(of)
    unseen = (1 - of.found) * (_unmarked(of) / 2) ** 2
    of_lesion = of.found * float(_NORMAL @ _against_no_lesion(of) ** 2) + unseen - area**2
    of_mean = float(counts @ (1 / np.arange(1, counts.size + 1)))
    diseased = of_lesion * (of_mean + correlation * (1 - of_mean))
    # the highest false mark of a case without lesions has density lambda phi(x) exp(-lambda Q(x))
    density = of.false_marks * np.exp(-of.false_marks * ndtr(-_POINTS))
    marked = float(_NORMAL @ (density * (of.found * ndtr(of.mu - _POINTS)) ** 2))
    healthy = marked + _unmarked(of) * ((1 + of.found) / 2) ** 2 - area**2
    return max(diseased, 0.0), max(healthy, 0.0)


def of_wafroc(value: float, *, false_marks: float, found: float) -> Search:
    """The model with a given wAFROC: how far apart the ratings must lie.

    Raises
    ------
    ValueError
        No distance gives it: so many false marks, or so few lesions found, leave it out of reach.
    """
    return _solved("wAFROC", value, wafroc, false_marks, found)


def of_auc(value: float, counts: Floats, *, false_marks: float, found: float) -> Search:
    """The model with a given area under the ROC curve; errors as in `of_wafroc`."""
    return _solved("AUC", value, lambda of: auc(of, counts), false_marks, found)


def wafroc_per_auc(of: Search, counts: Floats) -> float:
    """How much the wAFROC changes for a small change of the AUC, ratings lying further apart."""
    step = 1e-4
    near, far = (
        Search(mu=of.mu + shift, false_marks=of.false_marks, found=of.found)
        for shift in (-step, step)
    )
    return (wafroc(far) - wafroc(near)) / (auc(far, counts) - auc(near, counts))


def _solved(
    name: str, value: float, figure: Callable[[Search], float], false_marks: float, found: float
) -> Search:
    def at(mu: float) -> Search:
        return Search(mu=mu, false_marks=false_marks, found=found)

    low, high = figure(at(-_FARTHEST)), figure(at(_FARTHEST))
    if not low < value < high:
        raise ValueError(
            f"no ratings give {name} {value:g} where {found:g} of lesions and {false_marks:g} "
            f"false marks a case are marked: it lies between {low:.3f} and {high:.3f}, further up "
            "where more lesions or fewer false marks are"
        )
    return at(root(lambda mu: figure(at(mu)) - value, -_FARTHEST, _FARTHEST))


def _against_no_lesion(of: Search) -> Floats:
    """Chance that a case without lesions has nothing above a lesion rated mu + each point."""
    chance: Floats = np.exp(-of.false_marks * ndtr(-(of.mu + _POINTS)))
    return chance


def _unmarked(of: Search) -> float:
    """Chance that a case without lesions has no mark."""
    return exp(-of.false_marks)
