"""Several endpoints of the same cases at once, by the largest of their bootstrap statistics.

Endpoints of the same cases go together; Bonferroni does not know that, the bootstrap does. Every
interval holds at once with the level given, and an interval leaves out its goal exactly where the
adjusted p-value of `max_t` is at or below one minus that level.

References
----------
Westfall, Young. Resampling-Based Multiple Testing, 1993. Romano, Wolf. JASA 2005;100:94-108.
"""

import numpy as np
from numpy.typing import ArrayLike

from defensible.statistics.arrays import Floats, confidence_level, finite_floats
from defensible.statistics.bootstrap import Replicates
from defensible.statistics.estimate import Estimate
from defensible.statistics.jackknife import n_clusters


def max_t(replicates: Replicates, *, goals: ArrayLike, level: float = 0.95) -> tuple[Estimate, ...]:
    """Simultaneous two-sided intervals of all statistics, with single-step adjusted p-values.

    Parameters
    ----------
    replicates : Replicates
        From `bootstrap.replicates`, of all endpoints together.
    goals : float array, shape (n_statistics,)
        What each is tested against.
    level : float in (0, 1)
        That all intervals hold at once.

    Returns
    -------
    tuple of Estimate
        In the order of `replicates.names`; `p` is adjusted. `se` is the replicates' standard
        deviation, the interval that many of them wide which the largest of all statistics stays
        within.

    Raises
    ------
    ValueError
        Another number of goals, or a statistic without variance in the replicates.
    """
    confidence_level(level)
    statistics, largest, errors = _statistics(replicates, goals)
    critical = _critical(largest, level)
    p = [_share_beyond(largest, value) for value in statistics]
    return _estimates(replicates, errors, critical, p, level, "max-T, single step")


def max_t_step_down(
    replicates: Replicates, *, goals: ArrayLike, level: float = 0.95
) -> tuple[Estimate, ...]:
    """The same with step-down adjusted p-values (Romano-Wolf), which show at least as much.

    The intervals stay those of `max_t`: where a step-down p-value shows an endpoint that its
    interval does not, the p-value is the finer one. Parameters and errors as in `max_t`.
    """
    confidence_level(level)
    statistics, largest, errors = _statistics(replicates, goals)
    centred = np.abs(replicates.drawn - replicates.values) / errors
    p, standing = np.empty(statistics.size), 0.0
    order = np.argsort(-statistics, kind="stable")
    for place, endpoint in enumerate(order):
        rest = centred[:, order[place:]].max(axis=1)
        standing = max(standing, _share_beyond(rest, float(statistics[endpoint])))
        p[endpoint] = standing
    critical = _critical(largest, level)
    return _estimates(replicates, errors, critical, p.tolist(), level, "max-T, step-down")


def _statistics(replicates: Replicates, goals: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Distances from the goals, largest centred one of each replicate, standard errors."""
    aims = finite_floats("goals", goals)
    if aims.size != len(replicates.names):
        raise ValueError(
            f"goals must hold one for each of {len(replicates.names)} statistics; {aims.size} found"
        )
    errors = replicates.drawn.std(axis=0, ddof=1)
    if errors.min() == 0:
        still = replicates.names[int(np.argmin(errors))]
        raise ValueError(f"{still} has no variance in the replicates, so no scale for max-T")
    centred = np.abs(replicates.drawn - replicates.values) / errors
    return np.abs(replicates.values - aims) / errors, centred.max(axis=1), errors


def _critical(largest: Floats, level: float) -> float:
    """The order statistic that makes interval and p-value agree."""
    n = largest.size
    allowed = int(np.floor((1 - level) * (n + 1) * (1 + 1e-12))) - 1
    if allowed < 0:
        raise ValueError(f"more than {n} replicates are needed for a level of {level}")
    return float(np.sort(largest)[n - 1 - allowed])


def _share_beyond(largest: Floats, value: float) -> float:
    return float((1 + (largest >= value).sum()) / (1 + largest.size))


def _estimates(
    replicates: Replicates,
    errors: Floats,
    critical: float,
    p: list[float],
    level: float,
    method: str,
) -> tuple[Estimate, ...]:
    design = replicates.design
    return tuple(
        Estimate(
            value=float(value),
            low=float(value - critical * se),
            high=float(value + critical * se),
            level=level,
            method=f"{method}, {replicates.drawn.shape[0]} replicates of {design.says}",
            n=design.n_cases,
            n_clusters=n_clusters(design),
            se=float(se),
            p=share,
        )
        for value, se, share in zip(replicates.values, errors, p, strict=True)
    )
