"""Intervals for figures of merit at or near 1, where symmetric intervals pass the ceiling.

Near 1: the t interval on the logit scale. At 1 with no reading wrong there is no variance to
estimate, and exact bounds take over: each counts disjoint pairs of cases (or single cases, for a
proportion) that were all right, so the only assumption is independent cases.
"""

from dataclasses import replace
from math import exp, inf, log

from defensible.statistics.arrays import confidence_level
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.mrmc_inference import t_quantile


def logit_interval(estimate: Estimate) -> Estimate:
    """The estimate with its t interval taken on the logit scale: inside (0, 1), wider downwards.

    Keeps the standard error and degrees of freedom of the analysis (delta method).

    Raises
    ------
    ValueError
        The estimate lies at 0 or 1 or outside, or has no standard error: use an exact bound.
    """
    if not 0 < estimate.value < 1:
        raise ValueError(
            f"the estimate must lie strictly between 0 and 1 for a logit; it is {estimate.value}: "
            "use perfect_with_fixed_readers or perfect_with_random_readers"
        )
    if estimate.se is None:
        raise ValueError("the estimate must have a standard error for a logit; it has none")
    df = inf if estimate.df is None else estimate.df
    centre = log(estimate.value / (1 - estimate.value))
    reach = t_quantile(0.5 + estimate.level / 2, df) * estimate.se
    reach /= estimate.value * (1 - estimate.value)
    return replace(
        estimate,
        low=_expit(centre - reach),
        high=_expit(centre + reach),
        method=f"{estimate.method}, logit scale",
        cautions=tuple(item for item in estimate.cautions if item is not Caution.CUT),
    )


def perfect_with_fixed_readers(*, n_diseased: int, n_healthy: int, level: float = 0.95) -> Estimate:
    """AUC of 1 averaged over these readers, with an exact lower bound for random cases.

    Parameters
    ----------
    n_diseased, n_healthy : int
        Cases of either class that every reader ranked without a fault.
    level : float in (0, 1)
        Two-sided level; the bound spends half of the rest.

    Notes
    -----
    The smaller class gives as many disjoint pairs of cases; each is dealt to a reader by lot and
    is ranked right with probability the average AUC. All right: the bound solves A^pairs =
    (1 - level) / 2. Exact and conservative; dozens of cases are needed to say much.
    """
    confidence_level(level)
    pairs = min(n_diseased, n_healthy)
    if pairs < 1:
        raise ValueError(
            "there must be a case of either class; "
            f"n_diseased is {n_diseased} and n_healthy {n_healthy}"
        )
    return _all_right(pairs, level, n_diseased + n_healthy, "exact, disjoint case pairs")


def perfect_proportion_with_fixed_readers(*, n_cases: int, level: float = 0.95) -> Estimate:
    """Sensitivity or specificity of 1 averaged over these readers, with an exact lower bound.

    Each case is dealt to one reader by lot, which leaves independent reads: Clopper-Pearson.
    """
    confidence_level(level)
    if n_cases < 1:
        raise ValueError(f"n_cases must be 1 or more; {n_cases} found")
    return _all_right(n_cases, level, n_cases, "exact, one read a case")


def perfect_with_random_readers(*, n_readers: int, n_units: int, level: float = 0.95) -> Estimate:
    """A figure of 1 for the readers' population, with an exact lower bound.

    Parameters
    ----------
    n_readers : int
        Readers who made no fault.
    n_units : int
        Independent units read: cases of the class for a proportion, of the smaller class for an
        AUC.

    Notes
    -----
    Readers may differ in any way, so only one unit of each reader is independent of all others:
    the bound rests on min(n_readers, n_units) of them. Five perfect readers show little, and the
    bound says so.
    """
    confidence_level(level)
    if min(n_readers, n_units) < 1:
        raise ValueError(
            "there must be a reader and a unit read; "
            f"n_readers is {n_readers} and n_units {n_units}"
        )
    return _all_right(min(n_readers, n_units), level, n_units, "exact, one unit a reader")


def _all_right(trials: int, level: float, n: int, method: str) -> Estimate:
    return Estimate(
        value=1.0,
        low=((1 - level) / 2) ** (1 / trials),
        high=1.0,
        level=level,
        method=f"{method} (Clopper-Pearson with {trials} of {trials})",
        n=n,
        count=trials,
        cautions=(Caution.BOUNDARY, Caution.NO_VARIANCE),
    )


def _expit(value: float) -> float:
    return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))
