"""Predictive values and likelihood ratios of two binary tests on the same cases, compared.

Ratios are of the first test to the second. Predictive values share neither their numerators nor
their denominators between tests, so McNemar's test does not apply to them.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, ndtr, ndtri

from defensible.statistics.arrays import (
    Bools,
    Floats,
    bools,
    confidence_level,
    same_length,
    whole_count,
)
from defensible.statistics.estimate import Caution, Estimate, Significance

FEW_OUTCOMES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoTests:
    """Cases by reference standard and both tests.

    Attributes
    ----------
    cells : tuple of 8 ints
        Cases with (truth, first, second) = 000, 001, 010, 011, 100, 101, 110, 111.
    """

    cells: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.cells) != 8:
            raise ValueError(f"cells must be eight counts; {len(self.cells)} found")
        for cell in self.cells:
            whole_count("cells", cell)

    @property
    def n(self) -> int:
        """Cases."""
        return sum(self.cells)


def two_tests(truth: Bools, first: Bools, second: Bools) -> TwoTests:
    """Cases counted from reference standard and both tests, arrays of one length."""
    present, one, two = bools("truth", truth), bools("first", first), bools("second", second)
    same_length(truth=present, first=one, second=two)
    cell = 4 * present.astype(np.int64) + 2 * one + two
    return TwoTests(cells=tuple(int(count) for count in np.bincount(cell, minlength=8)))


def leisenring_ppv(counts: TwoTests) -> Significance:
    """Leisenring's generalised score test that both tests have the same positive predictive value.

    Raises
    ------
    ValueError
        A test has no positive case.

    References
    ----------
    Leisenring, Alonzo, Pepe. Biometrics 2000;56:345-351.
    """
    return _score(_Stacked.of(counts, positive=True), counts, "Leisenring, PPV")


def leisenring_npv(counts: TwoTests) -> Significance:
    """Leisenring's generalised score test that both tests have the same negative predictive value.

    Raises
    ------
    ValueError
        A test has no negative case.
    """
    return _score(_Stacked.of(counts, positive=False), counts, "Leisenring, NPV")


def kosinski_ppv(counts: TwoTests) -> Significance:
    """Kosinski's weighted score test of positive predictive values; errors as `leisenring_ppv`.

    References
    ----------
    Kosinski. Stat Med 2013;32:964-977.
    """
    return _weighted_score(_Stacked.of(counts, positive=True), counts, "Kosinski, PPV")


def kosinski_npv(counts: TwoTests) -> Significance:
    """Kosinski's weighted score test of negative predictive values; errors as `leisenring_npv`."""
    return _weighted_score(_Stacked.of(counts, positive=False), counts, "Kosinski, NPV")


def relative_ppv(counts: TwoTests, *, level: float = 0.95) -> Estimate:
    """Ratio of positive predictive values, first test to second, by Moskowitz and Pepe.

    Normal interval of the logarithm; `p` tests a ratio of 1.

    Raises
    ------
    ValueError
        A test has no positive case, or a predictive value of 0, whose logarithm is not finite.

    References
    ----------
    Moskowitz, Pepe. Clinical Trials 2006;3:272-279.
    """
    return _relative(_Stacked.of(counts, positive=True), counts, level, "Moskowitz-Pepe, PPV")


def relative_npv(counts: TwoTests, *, level: float = 0.95) -> Estimate:
    """Ratio of negative predictive values, first test to second, by Moskowitz and Pepe.

    Raises
    ------
    ValueError
        A test has no negative case, or a predictive value of 0.
    """
    return _relative(_Stacked.of(counts, positive=False), counts, level, "Moskowitz-Pepe, NPV")


def relative_likelihood_ratio_positive(counts: TwoTests, *, level: float = 0.95) -> Estimate:
    """Ratio of likelihood ratios of a positive test, first to second, by Gu and Pepe.

    Normal interval of the logarithm; `p` tests a ratio of 1.

    Raises
    ------
    ValueError
        A test is positive in no diseased or in no healthy case.

    References
    ----------
    Gu, Pepe. Biostatistics 2009;10:228-244 (its comparison of two binary tests).
    """
    return _relative_likelihood(counts, level, positive=True)


def relative_likelihood_ratio_negative(counts: TwoTests, *, level: float = 0.95) -> Estimate:
    """Ratio of likelihood ratios of a negative test, first to second, by Gu and Pepe.

    Raises
    ------
    ValueError
        A test is negative in no diseased or in no healthy case.
    """
    return _relative_likelihood(counts, level, positive=False)


_TRUTH, _FIRST, _SECOND = (np.array([(cell >> bit) & 1 for cell in range(8)]) for bit in (2, 1, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stacked:
    """Results of one kind (all positive, or all negative), those of both tests stacked.

    `right` says of each cell whether such a result is right there; `one` and `two` whether the test
    gave it.
    """

    cases: Floats
    right: Floats
    one: Floats
    two: Floats

    @classmethod
    def of(cls, counts: TwoTests, *, positive: bool) -> "_Stacked":
        signs = (_TRUTH, _FIRST, _SECOND)
        right, one, two = (sign.astype(float) if positive else 1.0 - sign for sign in signs)
        cases = np.array(counts.cells, dtype=np.float64)
        for name, given in (("first", one), ("second", two)):
            if cases @ given == 0:
                word = "positive" if positive else "negative"
                raise ValueError(f"the {name} test must have {word} cases; 0 found")
        return cls(cases=cases, right=right, one=one, two=two)

    @property
    def totals(self) -> tuple[float, float]:
        return float(self.cases @ self.one), float(self.cases @ self.two)

    @property
    def values(self) -> tuple[float, float]:
        one, two = self.totals
        return (
            float(self.cases @ (self.one * self.right)) / one,
            float(self.cases @ (self.two * self.right)) / two,
        )

    @property
    def pooled(self) -> float:
        return float(self.cases @ ((self.one + self.two) * self.right)) / sum(self.totals)


def _score(of: _Stacked, counts: TwoTests, method: str) -> Significance:
    share = of.totals[0] / sum(of.totals)
    # One term a case: its results summed, each centred by the share of results from the first test.
    terms = (of.right - of.pooled) * (of.one * (1 - share) - of.two * share)
    return _chi_square(float(of.cases @ terms), float(of.cases @ terms**2), of, counts, method)


def _weighted_score(of: _Stacked, counts: TwoTests, method: str) -> Significance:
    pooled, (m, n) = of.pooled, of.totals
    shared = float(of.cases @ (of.one * of.two * (of.right - pooled) ** 2)) / (m + n)
    variance = (pooled * (1 - pooled) - 2 * shared) * (1 / m + 1 / n)
    one, two = of.values
    return _chi_square(one - two, variance, of, counts, method)


def _chi_square(
    gap: float, variance: float, of: _Stacked, counts: TwoTests, method: str
) -> Significance:
    none = variance <= 1e-15 * max(gap * gap, 1e-15)
    statistic = 0.0 if none else gap * gap / variance
    return Significance(
        p=float(chdtrc(1, statistic)),
        method=method,
        n=counts.n,
        statistic=statistic,
        df=1,
        cautions=(*_few(of), *((Caution.NO_VARIANCE,) if none else ())),
    )


def _relative(of: _Stacked, counts: TwoTests, level: float, method: str) -> Estimate:
    (one, two), (m, n) = of.values, of.totals
    if one == 0 or two == 0:
        raise ValueError(f"both predictive values must be above 0; {one:g} and {two:g} found")
    # How each case moves the logarithm of the ratio.
    moves = of.one * (of.right - one) / (one * m) - of.two * (of.right - two) / (two * n)
    variance = float(of.cases @ moves**2)
    return _log_ratio(one / two, variance, counts, level, method, _few(of))


def _relative_likelihood(counts: TwoTests, level: float, *, positive: bool) -> Estimate:
    cases = np.array(counts.cells, dtype=np.float64)
    signs = (_FIRST, _SECOND)
    one, two = (sign.astype(float) if positive else 1.0 - sign for sign in signs)
    logarithm, variance, fewest = 0.0, 0.0, math.inf
    for kind, sign in ((_TRUTH == 1, 1), (_TRUTH == 0, -1)):
        held = cases * kind
        m, n = float(held @ one), float(held @ two)
        if m == 0 or n == 0:
            word = "diseased" if sign > 0 else "healthy"
            raise ValueError(f"both tests must have such results in {word} cases; {m:g}, {n:g}")
        fewest = min(fewest, m, n)
        logarithm += sign * (math.log(m) - math.log(n))
        variance += float(held @ (one / m - two / n) ** 2)
    method = f"Gu-Pepe, likelihood ratio of a {'positive' if positive else 'negative'} test"
    few = (Caution.FEW,) if fewest < FEW_OUTCOMES else ()
    return _log_ratio(math.exp(logarithm), variance, counts, level, method, few)


def _log_ratio(
    value: float,
    variance: float,
    counts: TwoTests,
    level: float,
    method: str,
    cautions: tuple[Caution, ...],
) -> Estimate:
    se = math.sqrt(variance)
    half = float(ndtri(0.5 + confidence_level(level) / 2)) * se
    none = (Caution.NO_VARIANCE,) if se == 0 else ()
    return Estimate(
        value=value,
        low=value * math.exp(-half),
        high=value * math.exp(half),
        level=level,
        method=method,
        n=counts.n,
        p=1.0 if se == 0 else 2 * float(ndtr(-abs(math.log(value)) / se)),
        cautions=(*cautions, *none),
    )


def _few(of: _Stacked) -> tuple[Caution, ...]:
    right = of.cases * of.right
    cells = [float(right @ of.one), float(right @ of.two)]
    cells += [total - found for total, found in zip(of.totals, cells, strict=True)]
    return (Caution.FEW,) if min(cells) < FEW_OUTCOMES else ()
