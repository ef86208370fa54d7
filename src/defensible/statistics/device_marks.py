"""A device that marks lesions, alone: lesions found, false marks a case and wAFROC, by patients.

- The share of lesions found is a proportion of lesions whose patients are independent: `clustered`
  and `grouped_clustered` have it.
- `marks_per_case` is a mean number by the ratio estimator, with limits by t on the log scale: the
  number is skewed, and limits by t on its own scale are too low (`bench/device_marks_coverage.py`).
- `wafroc` is the chance that a lesion is rated above every false mark of a healthy case, lesions by
  weight, each case with lesions counting once; patients are left out in turn (jackknife).

An unmarked lesion and an unmarked case have the rating minus infinity.

References
----------
Chakraborty, Zhai. Medical Physics 2016;43:2548-2557 (wAFROC).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from defensible.statistics import roc
from defensible.statistics.arrays import (
    Bools,
    Floats,
    Ints,
    codes,
    confidence_level,
    same_length,
)
from defensible.statistics.clustered import FEW_CLUSTERS, ROUNDING
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.grouped_means import means

LOG = "ratio estimator by patients, t on the log scale"
NO_MARK = "exact Poisson, each patient one case"
JACKKNIFE = "jackknife over patients"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CaseMarks:
    """The ratings that a wAFROC is taken of.

    Attributes
    ----------
    lesion_case : int array, shape (n_lesions,)
        Index of each lesion's case.
    lesion_weight : float array, shape (n_lesions,)
        Weight, summing to 1 in each case that has lesions.
    lesion_rating : float array, shape (n_lesions,)
        Highest mark on the lesion; minus infinity where missed.
    false_rating : float array, shape (n_cases,)
        Highest false mark on the case; minus infinity where there is none.
    patient : array, shape (n_cases,)
        Patient of each case, any type that sorts.
    """

    lesion_case: Ints
    lesion_weight: Floats
    lesion_rating: Floats
    false_rating: Floats
    patient: ArrayLike


def marks_per_case(marks: Ints, patient: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Mean number of marks a case, patients being independent, by t on the log scale.

    Parameters
    ----------
    marks : int array, shape (n_cases,)
        Marks on each case, 0 or more.
    patient : array, shape (n_cases,)
        Patient of each case, any type that sorts. Two or more patients.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Returns
    -------
    Estimate
        `n` cases, `n_clusters` patients, `se` of the mean. Without a mark the upper limit is the
        exact one of a Poisson number, as if each patient were one case.

    Raises
    ------
    ValueError
        Lengths differ, a number is below 0, fewer than two patients, `level` outside (0, 1).
    """
    confidence_level(level)
    counts, who = np.asarray(marks, dtype=np.float64), codes("patient", patient)
    n = same_length(marks=counts, patient=who)
    if n and counts.min() < 0:
        raise ValueError(f"marks must be 0 or more; {counts.min():g} found")
    found = means(counts, who, np.zeros(n, dtype=np.int64), 1)
    if not found.defined[0]:
        raise ValueError(f"patient must hold two or more patients; {found.n_clusters[0]} found")
    return mean_number(
        float(found.value[0]), float(found.se[0]), n=n, k=int(found.n_clusters[0]), level=level
    )


def mean_number(value: float, se: float, *, n: int, k: int, level: float) -> Estimate:
    """A mean number of marks with its interval, from its standard error by `k` patients."""
    low, high = number_limits(value, se, k, level=level)
    facts = {
        Caution.FEW: k < FEW_CLUSTERS,
        Caution.BOUNDARY: value == 0,
        Caution.NO_VARIANCE: se == 0 and value > 0,
    }
    return Estimate(
        value=value,
        low=low,
        high=high,
        level=level,
        method=LOG if value > 0 else NO_MARK,
        n=n,
        n_clusters=k,
        se=se,
        df=k - 1.0 if value > 0 else None,
        cautions=tuple(caution for caution, holds in facts.items() if holds),
    )


def number_limits(value: float, se: float, k: int, *, level: float) -> tuple[float, float]:
    """Limits of a mean number of marks: by t on the log scale, exact Poisson where it is 0."""
    if value == 0:
        return 0.0, float(-np.log((1 - level) / 2) / k)
    reach = float(stdtrit(k - 1, 0.5 + level / 2)) * se / value
    return float(value * np.exp(-reach)), float(value * np.exp(reach))


def p_of_number(value: float, se: float, k: int, bound: float, *, above: bool) -> float:
    """One-sided p of a mean number not above (or not below) a bound; agrees with its limits."""
    if value == 0:
        return 1.0 if above else float(np.exp(-k * bound))
    if not se or bound <= 0:
        return float(not (above and bound <= 0))
    distance = float(np.log(value / bound)) * value / se
    return float(stdtr(k - 1, -distance if above else distance))


def wafroc(of: CaseMarks, *, level: float = 0.95) -> Estimate:
    """Area under the wAFROC curve of one device, with the jackknife over patients.

    Parameters
    ----------
    of : CaseMarks
        Two or more patients with lesions, and with a case without.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Returns
    -------
    Estimate
        `n` cases, `n_clusters` patients, `se` of the jackknife; limits on the logit scale. At 0 or
        1 the logit is not finite: then Newcombe's interval, each patient counting as one case.

    Raises
    ------
    ValueError
        Lengths differ, or fewer than two patients have cases with, or without, lesions.

    Notes
    -----
    O(n log n) in lesions and cases, and the pairs of a lesion and a healthy case of one patient.
    With one case a patient `value` and `se` are RJafroc's of one reader in one modality.
    """
    confidence_level(level)
    patient = codes("patient", of.patient)
    n = same_length(false_rating=of.false_rating, patient=patient)
    k = int(patient.max(initial=-1)) + 1
    area, without = _left_out(of, patient, k)
    se = float(np.sqrt((k - 1) / k * float(((without - without.mean()) ** 2).sum())))
    plain = roc.normal_area(
        area,
        se if se > ROUNDING else 0.0,
        level=level,
        method=JACKKNIFE,
        n=n,
        few=k < FEW_CLUSTERS,
    )
    plain = replace(plain, n_clusters=k)
    if 0 < area < 1:
        return roc.on_logit_scale(plain)
    lesioned = _lesioned(of)
    having = (np.unique(patient[kind]).size for kind in (lesioned, ~lesioned))
    limits = roc.newcombe(area, *having, level=level)
    method = f"{limits.method}, patients as cases (logit not finite)"
    return replace(plain, low=limits.low, high=limits.high, method=method)


def _left_out(of: CaseMarks, patient: Ints, k: int) -> tuple[float, Floats]:
    """The area, and the area without each patient in turn.

    Successes are weights of lesions rated above a healthy case's false marks, ties half.
    """
    lesioned = _lesioned(of)
    healthy = np.flatnonzero(~lesioned)
    for word, kind in (("with", lesioned), ("without", ~lesioned)):
        if np.unique(patient[kind]).size < 2:
            raise ValueError(f"two or more patients must have cases {word} lesions")
    false, found, weight = of.false_rating[healthy], of.lesion_rating, of.lesion_weight
    of_lesion = weight * _below(false, found)
    of_healthy = _weight_above(found, weight, false)
    owner = patient[of.lesion_case]
    lost = np.bincount(owner, of_lesion, k) + np.bincount(patient[healthy], of_healthy, k)
    n_lesioned = np.bincount(patient[lesioned], minlength=k)
    n_healthy = np.bincount(patient[healthy], minlength=k)
    total = float(of_lesion.sum())
    top = total - lost + _within(found, weight, owner, false, patient[healthy], k)
    bottom = (n_lesioned.sum() - n_lesioned) * (n_healthy.sum() - n_healthy)
    return total / float(n_lesioned.sum() * n_healthy.sum()), top / bottom


def _within(
    found: Floats, weight: Floats, owner: Ints, false: Floats, of_false: Ints, k: int
) -> Floats:
    """Successes of the lesions of a patient against healthy cases of the same patient."""
    order = np.argsort(of_false, kind="stable")
    first = np.searchsorted(of_false[order], owner, side="left")
    count = np.searchsorted(of_false[order], owner, side="right") - first
    row = np.repeat(np.arange(owner.size), count)
    step = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count)
    against = false[order[np.repeat(first, count) + step]]
    success = weight[row] * ((against < found[row]) + 0.5 * (against == found[row]))
    return np.asarray(np.bincount(owner[row], success, k), dtype=np.float64)


def _below(values: Floats, at: Floats) -> Floats:
    """How many of `values` lie below each of `at`, those at it counting half."""
    ranked = np.sort(values)
    below = np.searchsorted(ranked, at, side="left") + np.searchsorted(ranked, at, side="right")
    return np.asarray(below / 2, dtype=np.float64)


def _weight_above(values: Floats, weight: Floats, at: Floats) -> Floats:
    """The weight of `values` above each of `at`, that at it counting half."""
    order = np.argsort(values, kind="stable")
    upto = np.concatenate([[0.0], np.cumsum(weight[order])])
    first = np.searchsorted(values[order], at, side="left")
    past = np.searchsorted(values[order], at, side="right")
    above: Floats = upto[-1] - (upto[first] + upto[past]) / 2
    return above


def _lesioned(of: CaseMarks) -> Bools:
    lesioned = np.zeros(of.false_rating.size, dtype=np.bool_)
    lesioned[of.lesion_case] = True
    return lesioned


def froc_curve(of: CaseMarks, false_scores: Floats) -> tuple[Floats, Floats, Floats]:
    """Thresholds, false marks a case and share of lesions found at each: the FROC curve.

    `false_scores` has the score of every false mark. Thresholds descend from infinity, where
    nothing is marked.
    """
    thresholds = _thresholds(of.lesion_rating, false_scores)
    false = _at_least(false_scores, thresholds) / of.false_rating.size
    return thresholds, false, _at_least(of.lesion_rating, thresholds) / of.lesion_rating.size


def wafroc_curve(of: CaseMarks) -> tuple[Floats, Floats, Floats]:
    """Thresholds, share of healthy cases with a false mark, weight of lesions found at each.

    The straight line from the last point to (1, 1) belongs to the curve: of what nobody marked,
    half the pairs count.
    """
    lesioned = _lesioned(of)
    false = of.false_rating[~lesioned]
    thresholds = _thresholds(of.lesion_rating, false)
    order = np.argsort(of.lesion_rating, kind="stable")
    upto = np.concatenate([[0.0], np.cumsum(of.lesion_weight[order])])
    found = upto[-1] - upto[np.searchsorted(of.lesion_rating[order], thresholds)]
    return thresholds, _at_least(false, thresholds) / false.size, found / upto[-1]


def _thresholds(*scores: Floats) -> Floats:
    marked = np.concatenate([one[np.isfinite(one)] for one in scores])
    return np.concatenate([[np.inf], np.unique(marked)[::-1]])


def _at_least(scores: Floats, thresholds: Floats) -> Floats:
    ranked = np.sort(scores)
    return np.asarray(ranked.size - np.searchsorted(ranked, thresholds), dtype=np.float64)
