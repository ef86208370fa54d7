"""Agreement of any number of raters who sort subjects into categories.

`ratings` has a row a subject and a column a rater; NaN where a rater did not see a subject. A
category is a number. Coefficients differ in what they count as chance::

    agreement.fleiss(ratings)           # raters interchangeable, one distribution
    agreement.conger(ratings)           # each rater's own distribution; Cohen's kappa for two
    agreement.gwet_ac1(ratings)         # steady where one category is very common
    agreement.krippendorff(ratings, agreement.ordinal)

References
----------
Gwet. Handbook of Inter-Rater Reliability, 4th edition, 2014, chapters 2 and 5.
Krippendorff. Content Analysis, 2nd edition, 2004, chapter 11.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, stdtrit

from defensible.statistics import kappa
from defensible.statistics.arrays import Floats, confidence_level
from defensible.statistics.estimate import Caution, Estimate

_LARGEST = 1e100  # its square is finite

Distance = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tally:
    """Raters by subject and category, with each subject's share of agreeing pairs."""

    counts: Floats
    raters: Floats
    paired: Floats
    agreeing: Floats
    rates: Floats

    @property
    def observed(self) -> float:
        return float(self.agreeing.sum() / self.paired.sum())


def percent_agreement(ratings: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Share of pairs of raters who agree on a subject, averaged over subjects.

    Parameters
    ----------
    ratings : float array, shape (n_subjects, n_raters)
        Categories as numbers, NaN where not rated; two subjects or more with two ratings each.
    level : float in (0, 1)
        Confidence level of the two-sided t interval over subjects.

    Raises
    ------
    ValueError
        Not a matrix, infinite, or fewer than two subjects with two ratings.
    """
    tally = _tally(ratings)
    kept = tally.agreeing[tally.paired > 0]
    return _interval(tally.observed, kept, level, "percent agreement", lowest=0.0)


def fleiss(ratings: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Fleiss's kappa; chance is two draws from the distribution pooled over raters.

    The interval has Gwet's variance (subjects random, t with n - 1 df); `p` is Fleiss's z test of
    no agreement beyond chance, given only if every subject has the same number of ratings. Some
    programs print an interval from that test's standard error, which is too narrow away from 0.

    Parameters and errors as in `percent_agreement`; also where all ratings are one category.
    """
    tally = _tally(ratings)
    chance = float(tally.rates @ tally.rates)
    own = (tally.counts / tally.raters[:, None]) @ tally.rates
    result = _corrected(tally, chance, own, level, "Fleiss kappa")
    return replace(result, p=_fleiss_test(tally, result.value))


def gwet_ac1(ratings: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Gwet's AC1; chance only for ratings that are guesses, so it is steady at extreme rates.

    Parameters and errors as in `percent_agreement`; also where only one category occurs.
    """
    tally = _tally(ratings)
    spread = tally.rates.size - 1
    if spread == 0:
        raise ValueError("AC1 is undefined with one category; report the percent agreement")
    chance = float(tally.rates @ (1 - tally.rates)) / spread
    own = (tally.counts / tally.raters[:, None]) @ (1 - tally.rates) / spread
    return _corrected(tally, chance, own, level, "Gwet AC1")


def brennan_prediger(ratings: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Brennan and Prediger's coefficient (Randolph's kappa): chance is one over the categories.

    Parameters and errors as in `gwet_ac1`. Categories nobody used do not count.
    """
    tally = _tally(ratings)
    if tally.rates.size == 1:
        raise ValueError("the coefficient is undefined with one category")
    chance = 1 / tally.rates.size
    own = np.full(tally.raters.size, chance)
    return _corrected(tally, chance, own, level, "Brennan-Prediger")


def conger(ratings: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Conger's exact kappa; chance uses each rater's own distribution. Cohen's kappa for two.

    The interval is a jackknife over subjects. Every subject must be rated by every rater.
    Parameters and errors as in `percent_agreement`.
    """
    return _jackknifed(_complete(ratings), _conger, level, "Conger kappa")


def light(ratings: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Light's kappa: the mean of Cohen's kappa over all pairs of raters.

    The interval is a jackknife over subjects. Every subject must be rated by every rater.
    Parameters and errors as in `percent_agreement`; also where a pair's kappa is undefined.
    """
    return _jackknifed(_complete(ratings), _light, level, "Light kappa")


def krippendorff(ratings: ArrayLike, distance: Distance, *, level: float = 0.95) -> Estimate:
    """Krippendorff's alpha: 1 minus observed over expected disagreement, for small samples too.

    Parameters
    ----------
    ratings : float array, shape (n_subjects, n_raters)
        As in `percent_agreement`; subjects with one rating carry no information.
    distance : function
        `nominal`, `ordinal` or `interval` of this module.
    level : float in (0, 1)
        Confidence level of the jackknife interval over subjects (t with n - 1 df).

    Raises
    ------
    ValueError
        As in `percent_agreement`; also where all ratings are one category.
    """
    given = _matrix(ratings)
    kept = given[(~np.isnan(given)).sum(axis=1) >= 2]

    def alpha(rows: Floats) -> float:
        return _alpha(rows, distance)

    return _jackknifed(kept, alpha, level, f"Krippendorff alpha, {distance.__name__}")


def nominal(values: Floats, totals: Floats) -> Floats:
    """Squared distance of categories that have no order: 1 where they differ."""
    apart: Floats = (values[:, None] != values).astype(np.float64)
    del totals
    return apart


def ordinal(values: Floats, totals: Floats) -> Floats:
    """Squared distance of ranks: by the number of ratings that lie between two categories."""
    del values
    place = np.cumsum(totals) - totals / 2
    apart: Floats = (place[:, None] - place) ** 2
    return apart


def interval(values: Floats, totals: Floats) -> Floats:
    """Squared difference of the values."""
    del totals
    apart: Floats = (values[:, None] - values) ** 2
    return apart


def _matrix(ratings: ArrayLike) -> Floats:
    given = np.asarray(ratings, dtype=np.float64)
    if given.ndim != 2:
        raise ValueError(f"ratings must be two-dimensional; its shape is {given.shape}")
    if np.isinf(given).any():
        raise ValueError("ratings must be finite or NaN (not rated); an infinite one found")
    if np.nan_to_num(np.abs(given)).max(initial=0.0) > _LARGEST:
        raise ValueError(f"ratings must not exceed {_LARGEST:g} in size")
    twice = int(((~np.isnan(given)).sum(axis=1) >= 2).sum())
    if twice < 2:
        raise ValueError(f"ratings must hold two or more subjects rated twice; {twice} found")
    return given


def _complete(ratings: ArrayLike) -> Floats:
    given = _matrix(ratings)
    if np.isnan(given).any():
        missing = int(np.isnan(given).sum())
        raise ValueError(f"every rater must have rated every subject; {missing} ratings missing")
    return given


def _tally(ratings: ArrayLike) -> _Tally:
    given = _matrix(ratings)
    given = given[(~np.isnan(given)).any(axis=1)]
    categories = np.unique(given[~np.isnan(given)])
    counts = (given[:, :, None] == categories).sum(axis=1).astype(np.float64)
    raters = counts.sum(axis=1)
    paired = (raters >= 2).astype(np.float64)
    pairs = np.where(paired > 0, raters * (raters - 1), 1)
    return _Tally(
        counts=counts,
        raters=raters,
        paired=paired,
        agreeing=paired * (counts * (counts - 1)).sum(axis=1) / pairs,
        rates=(counts / raters[:, None]).mean(axis=0),
    )


def _corrected(tally: _Tally, chance: float, own: Floats, level: float, name: str) -> Estimate:
    """(observed - chance) / (1 - chance), with Gwet's linearised value of each subject."""
    if 1 - chance < 1e-14:
        raise ValueError(f"{name} is undefined where every rating is the same category")
    value = (tally.observed - chance) / (1 - chance)
    scale = tally.paired.size / tally.paired.sum()
    direct = scale * tally.paired * (tally.agreeing - chance) / (1 - chance)
    return _interval(
        value, direct - 2 * (1 - value) * (own - chance) / (1 - chance), level, f"{name}, Gwet"
    )


def _fleiss_test(tally: _Tally, value: float) -> float | None:
    # Fleiss, Nee, Landis. Psychological Bulletin 1979;86:974-977.
    r = tally.raters[0]
    if not (tally.raters == r).all():
        return None
    rates, n = tally.rates, tally.raters.size
    spread = float(rates @ (1 - rates))
    skew = float((rates * (1 - rates)) @ (1 - 2 * rates))
    variance = 2 * (spread**2 - skew) / (spread**2 * n * r * (r - 1))
    return float(2 * ndtr(-abs(value) / sqrt(variance))) if variance > 0 else None


def _conger(rows: Floats) -> float:
    categories = np.unique(rows)
    marked = rows[:, :, None] == categories
    counts, r = marked.sum(axis=1), rows.shape[1]
    observed = float((counts * (counts - 1)).sum() / (rows.shape[0] * r * (r - 1)))
    rates = marked.mean(axis=0)
    chance = float((rates.sum(axis=0) ** 2 - (rates**2).sum(axis=0)).sum() / (r * (r - 1)))
    if 1 - chance < 1e-14:
        raise ValueError("Conger kappa is undefined where every rating is the same category")
    return float((observed - chance) / (1 - chance))


def _light(rows: Floats) -> float:
    pairs = [(i, j) for i in range(rows.shape[1]) for j in range(i)]
    return float(np.mean([kappa.cohen(rows[:, i], rows[:, j]).value for i, j in pairs]))


def _alpha(rows: Floats, distance: Distance) -> float:
    values = np.unique(rows[~np.isnan(rows)])
    if values.size == 1:
        raise ValueError("alpha is undefined where every rating is the same value")
    counts = (rows[:, :, None] == values).sum(axis=1).astype(np.float64)
    raters = counts.sum(axis=1)
    together: Floats = np.einsum("ij,ik,i->jk", counts, counts, 1 / (raters - 1))
    np.fill_diagonal(together, together.diagonal() - (counts / (raters - 1)[:, None]).sum(axis=0))
    totals = together.sum(axis=0)
    apart = distance(values, totals)
    expected = float(totals @ apart @ totals) / (totals.sum() - 1)
    return float(1 - (together * apart).sum() / expected)


def _jackknifed(rows: Floats, of: Callable[[Floats], float], level: float, name: str) -> Estimate:
    n = rows.shape[0]
    value = of(rows)
    if n < 3:
        raise ValueError(f"a jackknife over subjects needs three or more; {n} found")
    left_out = np.array([of(np.delete(rows, subject, axis=0)) for subject in range(n)])
    return _interval(value, n * value - (n - 1) * left_out, level, f"{name}, jackknife", bias=True)


def _interval(
    value: float,
    pieces: Floats,
    level: float,
    method: str,
    *,
    lowest: float = -1.0,
    bias: bool = False,
) -> Estimate:
    """T interval about `value` from one linearised piece a subject; pieces about their own mean."""
    confidence_level(level)
    n = pieces.size
    centre = float(pieces.mean()) if bias else value
    se = sqrt(float(((pieces - centre) ** 2).sum()) / (n * (n - 1)))
    reach = float(stdtrit(n - 1, 0.5 + level / 2)) * se
    cautions = (
        *((Caution.NO_VARIANCE,) if se == 0 else ()),
        *((Caution.CUT,) if value - reach < lowest or value + reach > 1 else ()),
        *((Caution.BOUNDARY,) if value in (lowest, 1.0) else ()),
    )
    return Estimate(
        value=value,
        low=max(value - reach, lowest),
        high=min(value + reach, 1.0),
        level=level,
        method=method,
        n=n,
        se=se,
        df=float(n - 1),
        cautions=cautions,
    )
