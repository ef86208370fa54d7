"""Results of sites on the logit scale, with variances: what the random-effects functions take."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logit

from defensible.statistics.arrays import Floats, finite_floats, same_length


def logit_proportions(successes: ArrayLike, totals: ArrayLike) -> tuple[Floats, Floats]:
    """Logits of proportions and their variances; half a case is added where a count is 0 or n.

    For the random-effects functions of `heterogeneity`. Only the sites concerned are corrected.

    Raises
    ------
    ValueError
        As `new_site_proportion`.
    """
    count, total = whole_counts(successes, totals)
    half = np.where((count == 0) | (count == total), 0.5, 0.0)
    yes, no = count + half, total - count + half
    return np.log(yes / no), 1 / yes + 1 / no


def logit_aucs(
    aucs: ArrayLike, standard_errors: ArrayLike, *, n_diseased: ArrayLike, n_healthy: ArrayLike
) -> tuple[Floats, Floats, bool]:
    """Logits of AUCs, their variances, and whether any site had to be corrected.

    Raises
    ------
    ValueError
        As `new_site_auc`.
    """
    area, se = finite_floats("aucs", aucs), finite_floats("standard_errors", standard_errors)
    m, n = finite_floats("n_diseased", n_diseased), finite_floats("n_healthy", n_healthy)
    same_length(aucs=area, standard_errors=se, n_diseased=m, n_healthy=n)
    for name, values, low, high in (
        ("aucs", area, 0, 1),
        ("standard_errors", se, 0, np.inf),
        ("n_diseased", m, 1, np.inf),
        ("n_healthy", n, 1, np.inf),
    ):
        bad = (values < low) | (values > high)
        if bad.any():
            site = int(np.argmax(bad))
            raise ValueError(
                f"{name} must lie in [{low}, {high}]; {values[site]:g} found at index {site}"
            )
    corner = (area == 0) | (area == 1) | (se == 0)
    fewer = np.minimum(m, n)
    yes = fewer * area + 0.5
    moved = np.where(corner, yes / (fewer + 1), area)
    variance = np.where(
        corner, 1 / yes + 1 / (fewer + 1 - yes), (se / np.where(corner, 1, area * (1 - area))) ** 2
    )
    return logit(moved), variance, bool(corner.any())


def whole_counts(successes: ArrayLike, totals: ArrayLike) -> tuple[Floats, Floats]:
    """Counts and totals of one or more sites as arrays, whole and consistent."""
    count, total = finite_floats("successes", successes), finite_floats("totals", totals)
    same_length(successes=count, totals=total)
    some_sites(total)
    for name, values in (("successes", count), ("totals", total)):
        broken = values != np.floor(values)
        if broken.any():
            site = int(np.argmax(broken))
            raise ValueError(f"{name} must be whole; {values[site]:g} found at index {site}")
    if total.min() < 1:
        raise ValueError(f"totals must be 1 or more; {total.min():g} found")
    wrong = (count < 0) | (count > total)
    if wrong.any():
        site = int(np.argmax(wrong))
        raise ValueError(
            f"successes must lie between 0 and the total; "
            f"{count[site]:g} of {total[site]:g} found at index {site}"
        )
    return count, total


def some_sites(values: Floats) -> None:
    """Raise `ValueError` if there is no site."""
    if values.size == 0:
        raise ValueError("one site or more is needed; none found")
