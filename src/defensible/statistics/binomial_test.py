"""Exact tests of one proportion against a performance goal."""

import numpy as np
from scipy.special import betainc, gammaln, xlog1py, xlogy

from defensible.statistics.arrays import Floats, whole_count
from defensible.statistics.estimate import Significance


def above(count: int, n: int, *, goal: float) -> Significance:
    """Exact one-sided test that a proportion exceeds a goal: the chance of so many or more at it.

    Parameters
    ----------
    count, n : int
        Cases with the outcome, and independent cases.
    goal : float in [0, 1]
        The proportion that must be exceeded.

    Raises
    ------
    ValueError
        `n` below 1, `count` not in 0..n, `goal` outside [0, 1].
    """
    _check(count, n, goal)
    p = 1.0 if count == 0 else float(betainc(count, n - count + 1, goal))
    return Significance(p=p, method="Binomial, exact, one-sided (above)", n=n)


def below(count: int, n: int, *, goal: float) -> Significance:
    """Exact one-sided test that a proportion lies below a goal; parameters as in `above`."""
    _check(count, n, goal)
    p = float(betainc(n - count, count + 1, 1 - goal)) if count < n else 1.0
    return Significance(p=p, method="Binomial, exact, one-sided (below)", n=n)


def two_sided(count: int, n: int, *, goal: float) -> Significance:
    """Exact two-sided test of a proportion: the chance of all counts no likelier than the observed.

    As `binom.test` of R; parameters as in `above`. O(n).
    """
    _check(count, n, goal)
    chances = _log_chances(n, goal)
    # R's tolerance: counts as likely as the observed but for rounding belong to it.
    as_rare = chances <= chances[count] + 1e-7
    p = min(float(np.exp(chances[as_rare]).sum()), 1.0)
    return Significance(p=p, method="Binomial, exact, two-sided", n=n)


def _log_chances(n: int, goal: float) -> Floats:
    counts = np.arange(n + 1)
    choices = gammaln(n + 1) - gammaln(counts + 1) - gammaln(n - counts + 1)
    return np.asarray(choices + xlogy(counts, goal) + xlog1py(n - counts, -goal))


def _check(count: int, n: int, goal: float) -> None:
    whole_count("n", n, least=1)
    if whole_count("count", count) > n:
        raise ValueError(f"count must lie between 0 and n; {count} of {n} found")
    if not 0 <= goal <= 1:
        raise ValueError(f"goal must lie between 0 and 1; {goal} found")
