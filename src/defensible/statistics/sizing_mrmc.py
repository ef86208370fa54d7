"""Readers and cases for a reader study, from variance components of a pilot or of the literature.

Two modalities, fully crossed, tested by Obuchowski and Rockette's method. Components are those of a
pilot with `n_cases` cases; cases keep the pilot's mix, so what is due to cases shrinks with their
number.

References
----------
Hillis, Obuchowski, Berbaum. Academic Radiology 2011;18:129-142.
Obuchowski. Academic Radiology 1995;2 suppl 1:S22-S29; Statistics in Medicine 1995 (ranges).
"""

from dataclasses import dataclass
from math import ceil, inf, sqrt

import numpy as np
from scipy.special import chdtri, chndtr, fdtri, ncfdtr, nctdtr, ndtr, ndtri, stdtrit

from defensible.statistics import sizing
from defensible.statistics.sizing import Size
from defensible.statistics.variance_components import ObuchowskiRockette

_MOST_CASES = 100_000
_MOST_READERS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """Power of a reader study.

    Attributes
    ----------
    power : float
        Chance that the test rejects.
    noncentrality : float
        Of the test statistic.
    df : float or None
        Denominator degrees of freedom; None for the chi-square (fixed readers).
    critical : float
        What the statistic must exceed.
    """

    power: float
    noncentrality: float
    df: float | None
    critical: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """Variance components with the number of cases they stand for.

    Raises `ValueError` unless the error variance and `n_cases` are above 0.
    """

    components: ObuchowskiRockette
    n_cases: int

    def __post_init__(self) -> None:
        if not (self.components.error > 0 and self.n_cases > 0):
            raise ValueError(
                "a pilot needs an error variance and cases above 0; "
                f"{self.components.error} and {self.n_cases} found"
            )

    @property
    def modality_reader(self) -> float:
        """Variance of the reader-by-modality interaction; a negative estimate counts as 0."""
        return max(self.components.modality_reader, 0.0)

    @property
    def between_readers(self) -> float:
        """Cov2 minus Cov3; a negative estimate counts as 0."""
        return max(self.components.cov2 - self.components.cov3, 0.0)


def random_readers_random_cases(
    pilot: Pilot, *, difference: float, n_readers: int, n_cases: int, level: float = 0.95
) -> Power:
    """Power of the two-sided F test when results are to hold for other readers and other cases.

    Parameters
    ----------
    pilot : Pilot
        Variance components.
    difference : float
        True difference of the figure of merit between the modalities.
    n_readers, n_cases : int
        Planned; two readers or more.
    level : float in (0, 1)
        One minus the type I error.

    Raises
    ------
    ValueError
        No difference, fewer than two readers, no case, `level` not between 0 and 1.

    Notes
    -----
    A negative interaction variance or Cov2 - Cov3 in the pilot counts as 0, as in RJafroc.
    """
    _planned(difference, n_readers, n_cases)
    scale = pilot.n_cases / n_cases
    within = pilot.components.error - pilot.components.cov1
    numerator = pilot.modality_reader + scale * (within + (n_readers - 1) * pilot.between_readers)
    denominator = pilot.modality_reader + scale * (within - pilot.between_readers)
    if denominator <= 0:
        # Readers agree to the last case: no error to estimate, so the chi-square limit.
        return _chi_square(difference, n_readers, numerator, level)
    df = (n_readers - 1) * (numerator / denominator) ** 2
    return _f_power(difference, n_readers, numerator, df, level)


def fixed_readers_random_cases(
    pilot: Pilot, *, difference: float, n_readers: int, n_cases: int, level: float = 0.95
) -> Power:
    """Power of the chi-square test when results hold for these readers only.

    Parameters and errors as in `random_readers_random_cases`; one reader is enough.
    """
    _planned(difference, max(n_readers, 2) if n_readers == 1 else n_readers, n_cases)
    within = pilot.components.error - pilot.components.cov1
    variance = within + (n_readers - 1) * pilot.between_readers
    return _chi_square(difference, n_readers, pilot.n_cases / n_cases * variance, level)


def random_readers_fixed_cases(
    pilot: Pilot, *, difference: float, n_readers: int, n_cases: int, level: float = 0.95
) -> Power:
    """Power of the F test when results hold for these cases only.

    Parameters and errors as in `random_readers_random_cases`.
    """
    _planned(difference, n_readers, n_cases)
    between = pilot.components.cov2 - pilot.components.cov3
    within = pilot.components.error - pilot.components.cov1 - between
    variance = pilot.modality_reader + pilot.n_cases / n_cases * within
    return _f_power(difference, n_readers, variance, n_readers - 1.0, level)


def non_inferiority(
    pilot: Pilot,
    *,
    margin: float,
    difference: float = 0.0,
    n_readers: int,
    n_cases: int,
    level: float = 0.95,
) -> Power:
    """Power to show that the new modality is worse by less than `margin`; random readers, cases.

    One-sided t test. `difference` is new minus reference, in truth.

    Raises
    ------
    ValueError
        As in `random_readers_random_cases`; also where the true difference does not exceed minus
        the margin.
    """
    room = difference + margin
    if not (margin > 0 and room > 0):
        raise ValueError(
            f"margin must lie above 0 and above the true loss {-difference:g}; {margin} found"
        )
    two_sided = random_readers_random_cases(
        pilot, difference=room, n_readers=n_readers, n_cases=n_cases, level=level
    )
    shift, tail = sqrt(two_sided.noncentrality), 1 - sizing.one_sided(level)
    if two_sided.df is None:
        critical = float(ndtri(tail))
        power = float(ndtr(shift - critical))
    else:
        critical = float(stdtrit(two_sided.df, tail))
        power = 1 - float(nctdtr(two_sided.df, shift, critical))
    return Power(
        power=power, noncentrality=two_sided.noncentrality, df=two_sided.df, critical=critical
    )


def cases_for_readers(
    pilot: Pilot, *, difference: float, n_readers: int, power: float = 0.8, level: float = 0.95
) -> Size:
    """Cases needed with so many readers, both random.

    Raises
    ------
    ValueError
        As in `random_readers_random_cases`; also where no number of cases will do, since readers'
        own differences remain.
    """

    def power_at(n: int) -> float:
        return random_readers_random_cases(
            pilot, difference=difference, n_readers=n_readers, n_cases=n, level=level
        ).power

    found = sizing.first_on_grid(power_at, power, first=2, limit=_MOST_CASES)
    if found is None:  # says how far the search went, and the power there
        found = sizing.smallest(power_at, power, unit="cases", first=2, limit=_MOST_CASES)
    return _size(found[0], "cases", found[1], power, level, ("readers", n_readers))


def readers_for_cases(
    pilot: Pilot, *, difference: float, n_cases: int, power: float = 0.8, level: float = 0.95
) -> Size:
    """Readers needed with so many cases, both random; errors as in `cases_for_readers`."""

    def power_at(n: int) -> float:
        return random_readers_random_cases(
            pilot, difference=difference, n_readers=n, n_cases=n_cases, level=level
        ).power

    n, met = sizing.smallest(power_at, power, unit="readers", first=2, limit=_MOST_READERS)
    return _size(n, "readers", met, power, level, ("cases", n_cases))


def cases_by_ranges(
    *,
    difference: float,
    n_readers: int,
    range_between: float,
    range_within: float,
    unit_variance: float,
    correlation_of_readers: float = 0.8,
    r1: float = 0.47,
    r2: float = 0.3,
    r3: float = 0.3,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Diseased cases without a pilot, from ranges of readers' accuracies (Obuchowski).

    Parameters
    ----------
    difference : float
        True difference.
    n_readers : int
        Two or more.
    range_between, range_within : float
        Expected range of accuracy between readers, and of one reader between two readings.
    unit_variance : float
        Variance of the accuracy times the number of diseased cases: `obuchowski_variance` for an
        AUC, p (1 - p) for a sensitivity.
    correlation_of_readers : float
        Of readers' accuracies in the two modalities.
    r1, r2, r3 : float
        Correlations of estimates: same reader in two modalities; two readers in one; in two.
    power, level : float in (0, 1)
        Of the F test with 1 and n_readers - 1 degrees of freedom.

    Raises
    ------
    ValueError
        No difference, fewer than two readers, or readers so different that no number of cases
        will do.
    """
    _planned(difference, n_readers, 1)
    needed = _noncentrality(n_readers - 1.0, power, level)
    between = (range_between / expected_range(n_readers)) ** 2 * (1 - correlation_of_readers)
    within = (range_within / expected_range(2)) ** 2
    room = n_readers * difference**2 / (2 * needed) - between - within
    share = (1 - r1) + (n_readers - 1) * (r2 - r3)
    if room <= 0:
        raise ValueError(
            f"no number of cases reaches power {power:g} with {n_readers} readers: their own "
            "variance is too large for this difference; plan more readers"
        )
    n = max(1, ceil(unit_variance * share / room - 1e-9))
    variance = between + within + unit_variance * share / n
    met = _f_power(difference, n_readers, variance, n_readers - 1.0, level)
    return _size(n, "diseased cases", met.power, power, level, ("readers", n_readers))


def _planned(difference: float, n_readers: int, n_cases: int) -> None:
    if difference == 0 or not abs(difference) < inf:
        raise ValueError(f"difference must be finite and not 0; {difference} found")
    if n_readers < 2 or n_cases < 1:
        raise ValueError(
            f"two readers and one case or more are needed; {n_readers} and {n_cases} found"
        )


def _f_power(difference: float, n_readers: int, variance: float, df: float, level: float) -> Power:
    shift = n_readers * difference**2 / (2 * variance) if variance > 0 else inf
    critical = float(fdtri(1, df, 1 - 2 * sizing.one_sided(level)))
    if shift > 1000:  # beyond it the series is slow and the power is 1 to twelve digits
        return Power(power=1.0, noncentrality=shift, df=df, critical=critical)
    power = 1 - float(ncfdtr(1, df, shift, critical))
    return Power(power=power, noncentrality=shift, df=df, critical=critical)


def _chi_square(difference: float, n_readers: int, variance: float, level: float) -> Power:
    shift = n_readers * difference**2 / (2 * variance)
    critical = float(chdtri(1, 2 * sizing.one_sided(level)))
    power = 1 - float(chndtr(critical, 1, shift))
    return Power(power=power, noncentrality=shift, df=None, critical=critical)


def _noncentrality(df: float, power: float, level: float) -> float:
    from scipy.optimize import brentq

    sizing.power_wanted(power)
    critical = float(fdtri(1, df, 1 - 2 * sizing.one_sided(level)))

    def excess(shift: float) -> float:
        return 1 - float(ncfdtr(1, df, shift, critical)) - power

    return float(brentq(excess, 1e-9, 1000.0, xtol=1e-12, rtol=1e-14))


def expected_range(n: int) -> float:
    """Expected range of `n` standard normal values: twice the expected maximum."""
    from scipy.integrate import quad

    def density(x: float) -> float:
        return x * n * float(ndtr(x)) ** (n - 1) * float(np.exp(-(x**2) / 2)) / sqrt(2 * np.pi)

    return 2 * float(quad(density, -12, 12, epsabs=1e-13, epsrel=1e-13, limit=200)[0])


def _size(
    n: int, unit: str, met: float, power: float, level: float, besides: tuple[str, int]
) -> Size:
    return Size(
        n=n,
        unit=unit,
        power=met,
        wanted=power,
        level=level,
        method="reader study, Obuchowski-Rockette (Hillis)",
        besides=(besides,),
    )
