"""The average site once one site is left out: which site the average rests on."""

from collections.abc import Callable, Sequence

import numpy as np

from defensible.evidence.new_site_finding import WithoutSite
from defensible.statistics import heterogeneity
from defensible.statistics.arrays import Floats, Ints
from defensible.statistics.estimate import Estimate

FEWEST_SITES = 3
"""Sites from which on those that are left still have a spread."""
MOST_LEFT_OUT = 60
"""Sites up to which each is left out in turn; one of more hardly moves the average."""


def influence(
    names: Sequence[str],
    effects: Floats,
    variances: Floats,
    level: float,
    back: Callable[[Estimate], Estimate],
) -> tuple[WithoutSite, ...]:
    """The average without each site in turn; those that move it most, first.

    Parameters
    ----------
    effects, variances : float arrays, shape (n_sites,)
        On the scale on which the sites are normal.
    back : callable
        An estimate on that scale, on the scale that is shown.
    """
    if not FEWEST_SITES <= len(names) <= MOST_LEFT_OUT:
        return ()
    everyone = np.arange(len(names))

    def average(of: Ints) -> Estimate:
        fit = heterogeneity.random_effects_reml(effects[of], variances[of], level=level)
        return back(heterogeneity.hartung_knapp(fit))

    centre = average(everyone).value
    found = [
        WithoutSite(site=name, average=average(everyone[everyone != index]))
        for index, name in enumerate(names)
    ]
    return tuple(sorted(found, key=lambda one: -abs(one.average.value - centre)))
