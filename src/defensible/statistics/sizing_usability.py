"""Participants of a usability study: to see a problem at all, and to bound how often it happens.

`power` is not asked of a study that expects no use error: what is asked is that none seen says
enough.
"""

from math import ceil, log

from defensible.statistics import sizing
from defensible.statistics.sizing import Size


def to_see(*, rate: float, chance: float = 0.95) -> int:
    """Participants among whom a problem that meets `rate` of users is seen once or more.

    Parameters
    ----------
    rate, chance : float in (0, 1)
        Share of users who meet the problem; chance that one of the participants does.

    Raises
    ------
    ValueError
        A value that does not lie between 0 and 1.

    References
    ----------
    Faulkner. Behavior Research Methods 2003;35:379-383.
    """
    sizing.proportion("rate", rate)
    sizing.proportion("chance", chance)
    return max(1, ceil(log(1 - chance) / log(1 - rate) - 1e-9))


def rarest_seen(n: int, *, chance: float = 0.95) -> float:
    """The smallest rate of a problem that `n` participants show with the chance.

    Raises
    ------
    ValueError
        `n` below 1, or a chance that does not lie between 0 and 1.
    """
    if n < 1:
        raise ValueError(f"n must be 1 or more; {n} found")
    return float(1 - (1 - sizing.proportion("chance", chance)) ** (1 / n))


def without_error(*, goal: float, level: float = 0.95) -> Size:
    """Participants at which no use error at all keeps the exact upper limit below the goal.

    Parameters
    ----------
    goal : float in (0, 1)
        What the upper Clopper-Pearson limit must lie below.
    level : float in (0, 1)
        Level of the two-sided interval.

    Raises
    ------
    ValueError
        A value that does not lie between 0 and 1.

    Notes
    -----
    `power` is 1 where nobody errs. At 0.05 and level 0.95: 72 (the "rule of three" has the
    one-sided 59).
    """
    sizing.proportion("goal", goal)
    alpha = sizing.one_sided(level)
    n = max(1, ceil(log(alpha) / log(1 - goal) - 1e-9))
    while (1 - goal) ** n >= alpha:  # the limit must lie below the goal, not on it
        n += 1
    return Size(
        n=n,
        unit="participants",
        power=1.0,
        wanted=1.0,
        level=level,
        method="exact upper limit of no event",
        besides=(("use errors allowed", 0),),
    )
