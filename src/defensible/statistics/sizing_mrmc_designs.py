"""Power of reader studies that are not fully crossed: what each design saves and costs.

Two modalities, readers and cases random. Variance components are those of a fully crossed pilot
(`sizing_mrmc.Pilot`); a design decides which of its covariances are left:

=============================  ================================================================
function                       who reads what
=============================  ================================================================
`crossed`                      all readers read all cases in both modalities
`split_plot`                   groups of readers each read their own cases, in both modalities
`cases_nested_in_modality`     all readers read both modalities, with other cases in each
`cases_nested_in_reader`       each reader reads cases of her own, in both modalities
`readers_nested_in_modality`   other readers in each modality, the same cases
=============================  ================================================================

References
----------
Hillis, Schartz. Journal of Medical Imaging 2018;5:045503.
Obuchowski, Gallas, Hillis. Academic Radiology 2012;19:1508-1517 (split-plot).
"""

from math import inf

from scipy.special import fdtri, ncfdtr

from defensible.statistics import sizing
from defensible.statistics.sizing_mrmc import Pilot, Power, random_readers_random_cases


def crossed(
    pilot: Pilot, *, difference: float, n_readers: int, n_cases: int, level: float = 0.95
) -> Power:
    """Power of the fully crossed design; `sizing_mrmc.random_readers_random_cases`.

    Parameters
    ----------
    pilot : Pilot
        Variance components.
    difference : float
        True difference between the modalities.
    n_readers, n_cases : int
        Readers, and cases that each reader reads in each modality.
    level : float in (0, 1)
        One minus the two-sided type I error.

    Raises
    ------
    ValueError
        No difference, fewer than two readers, no case, `level` not between 0 and 1.
    """
    return random_readers_random_cases(
        pilot, difference=difference, n_readers=n_readers, n_cases=n_cases, level=level
    )


def split_plot(
    pilot: Pilot,
    *,
    difference: float,
    n_readers: int,
    n_cases: int,
    n_groups: int,
    level: float = 0.95,
) -> Power:
    """Power where readers and cases are split alike into groups, crossed within each.

    `n_readers` and `n_cases` count all groups. Fewer readings for the same cases: with one group it
    is the crossed design.

    Raises
    ------
    ValueError
        As in `crossed`; also where the groups do not divide readers and cases, or leave a group one
        reader.
    """
    if n_groups < 1 or n_readers % n_groups or n_cases % n_groups or n_readers < 2 * n_groups:
        raise ValueError(
            f"{n_groups} groups must divide {n_readers} readers and {n_cases} cases, with two "
            "readers or more in each"
        )
    own, between, interaction = _components(pilot, n_cases // n_groups)
    readers = n_readers // n_groups
    numerator = interaction + own + (readers - 1) * between
    return _power(
        difference,
        n_readers,
        numerator,
        (interaction + own - between, float(n_readers - n_groups)),
        level,
    )


def cases_nested_in_modality(
    pilot: Pilot, *, difference: float, n_readers: int, n_cases: int, level: float = 0.95
) -> Power:
    """Power where each modality has cases of its own, `n_cases` each.

    Nothing is paired but readers: as where one examination rules out the other. Errors as in
    `crossed`.
    """
    error, cov2 = _scaled(pilot, n_cases, "error"), _scaled(pilot, n_cases, "cov2")
    interaction = pilot.modality_reader
    numerator = interaction + error + (n_readers - 1) * max(cov2, 0.0)
    within = (interaction + error - max(cov2, 0.0), n_readers - 1.0)
    return _power(difference, n_readers, numerator, within, level)


def cases_nested_in_reader(
    pilot: Pilot, *, difference: float, n_readers: int, n_cases: int, level: float = 0.95
) -> Power:
    """Power where each reader reads `n_cases` cases of her own in both modalities.

    The largest number of cases, the fewest readings for the power. Errors as `crossed`.
    """
    own, _, interaction = _components(pilot, n_cases)
    numerator = interaction + own
    return _power(difference, n_readers, numerator, (numerator, n_readers - 1.0), level)


def readers_nested_in_modality(
    pilot: Pilot, *, difference: float, n_readers: int, n_cases: int, level: float = 0.95
) -> Power:
    """Power where each modality has `n_readers` readers of its own, on the same cases.

    The variance between readers counts in full, so it takes many more readers. Errors as
    `crossed`.
    """
    error, cov2 = _scaled(pilot, n_cases, "error"), _scaled(pilot, n_cases, "cov2")
    cov3 = _scaled(pilot, n_cases, "cov3")
    readers = max(pilot.components.reader, 0.0) + pilot.modality_reader
    between = max(cov2 - cov3, 0.0)
    numerator = readers + error - cov2 + n_readers * between
    within = (readers + error - cov2, 2 * (n_readers - 1.0))
    return _power(difference, n_readers, numerator, within, level)


def _components(pilot: Pilot, n_cases: int) -> tuple[float, float, float]:
    """Error less Cov1, Cov2 less Cov3 (not below 0), both scaled to the cases; interaction."""
    if n_cases < 1:
        raise ValueError(f"one case or more is needed; {n_cases} found")
    scale = pilot.n_cases / n_cases
    own = pilot.components.error - pilot.components.cov1
    return scale * own, scale * pilot.between_readers, pilot.modality_reader


def _scaled(pilot: Pilot, n_cases: int, name: str) -> float:
    if n_cases < 1:
        raise ValueError(f"one case or more is needed; {n_cases} found")
    return pilot.n_cases / n_cases * float(getattr(pilot.components, name))


def _power(
    difference: float,
    n_readers: int,
    numerator: float,
    within: tuple[float, float],
    level: float,
) -> Power:
    """F test of a difference of variance 2 * numerator / n_readers, with Hillis's df."""
    if difference == 0 or not abs(difference) < inf:
        raise ValueError(f"difference must be finite and not 0; {difference} found")
    if n_readers < 2:
        raise ValueError(f"two readers or more are needed; {n_readers} found")
    mean_square, own_df = within
    if mean_square <= 0:
        raise ValueError(
            "the pilot leaves no variance to test against: its error must exceed its covariances"
        )
    df = own_df * (numerator / mean_square) ** 2
    shift = n_readers * difference**2 / (2 * numerator)
    critical = float(fdtri(1, df, 1 - 2 * sizing.one_sided(level)))
    if shift > 1000:  # beyond it the series is slow and the power is 1 to twelve digits
        return Power(power=1.0, noncentrality=shift, df=df, critical=critical)
    power = 1 - float(ncfdtr(1, df, shift, critical))
    return Power(power=power, noncentrality=shift, df=df, critical=critical)
