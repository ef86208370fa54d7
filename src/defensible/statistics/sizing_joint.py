"""The chance that several endpoints of one study all clear their goals: bounds, and by simulation.

Whatever ties them, all hold with a chance of at least one minus the sum of what each may miss
(Bonferroni), and at most that of the weakest. Sensitivity and specificity rest on different cases,
so theirs multiply; an AUC goes with both, by how much is simulated. Rates of one table of cases as
they come (predictive values, accuracy) are simulated with that table.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import ndtri

from defensible.statistics import proportions, roc, sizing
from defensible.statistics.arrays import Bools, Floats
from defensible.statistics.estimate import Estimate
from defensible.statistics.root import root
from defensible.statistics.sizing_interval import LimitsOf

TIMES = 1_000
"""Studies drawn, if nothing else is asked."""
TABLES = 10_000
"""Tables drawn, which cost less."""
_WIDEST, _STEPS = 8.0, 400
_OF_A_TABLE = {
    # right ones, and all that the rate is of; columns are TP, FN, FP, TN
    "sensitivity": ((0,), (0, 1)),
    "specificity": ((3,), (2, 3)),
    "ppv": ((0,), (0, 2)),
    "npv": ((3,), (1, 3)),
    "accuracy": ((0, 3), (0, 1, 2, 3)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is true of one figure, and the goal that its interval must clear on the true side."""

    expected: float
    goal: float

    def __post_init__(self) -> None:
        sizing.proportion("expected", self.expected)
        sizing.proportion("goal", self.goal)
        if self.expected == self.goal:
            raise ValueError(f"expected must differ from the goal; both are {self.goal}")

    def cleared(self, low: Floats, high: Floats) -> Bools:
        """Where the interval lies on the true side of the goal."""
        return low > self.goal if self.expected > self.goal else high < self.goal


@dataclass(frozen=True, slots=True, kw_only=True)
class Binormal:
    """Healthy scores are standard normal, diseased ones normal; above `threshold` is positive."""

    mean: float
    sd: float
    threshold: float


def bounds(powers: Sequence[float]) -> tuple[float, float]:
    """The least and the most chance that all hold, whatever ties them.

    Raises
    ------
    ValueError
        No power, or one outside [0, 1].
    """
    if not powers or not all(0 <= one <= 1 for one in powers):
        raise ValueError(f"powers must lie in [0, 1], one or more; {list(powers)} found")
    return max(0.0, 1 - sum(1 - one for one in powers)), min(powers)


def scores_of(*, sensitivity: float, specificity: float, auc: float) -> Binormal:
    """Normal scores with this operating point and area; variances as alike as they allow.

    Raises
    ------
    ValueError
        A value that does not lie between 0 and 1, or no normal scores have all three.
    """
    z = [
        float(ndtri(sizing.proportion(name, value)))
        for name, value in (
            ("sensitivity", sensitivity),
            ("specificity", specificity),
            ("auc", auc),
        )
    ]

    # mean = threshold + z_sens sd, and mean = z_auc sqrt(1 + sd^2)
    def excess(log_sd: float) -> float:
        sd = float(np.exp(log_sd))
        return z[0] * sd + z[1] - z[2] * sqrt(1 + sd**2)

    grid = np.linspace(-np.log(_WIDEST), np.log(_WIDEST), _STEPS)
    values = np.array([excess(float(one)) for one in grid])
    crossings = np.flatnonzero(np.sign(values[:-1]) != np.sign(values[1:]))
    if not crossings.size:
        raise ValueError(
            f"no normal scores have sensitivity {sensitivity:g} and specificity {specificity:g} "
            f"with an AUC of {auc:g}"
        )
    at = int(crossings[np.argmin(np.abs(grid[crossings]))])
    sd = float(np.exp(root(excess, float(grid[at]), float(grid[at + 1]))))
    return Binormal(mean=z[1] + z[0] * sd, sd=sd, threshold=z[1])


def rates_and_area(
    *,
    sensitivity: Target,
    specificity: Target,
    auc: Target,
    n_diseased: int,
    n_healthy: int,
    seed: int,
    level: float = 0.95,
    times: int = TIMES,
    rates: Sequence[LimitsOf] = (proportions.clopper_pearson_limits,) * 2,
    area: Callable[..., Estimate] = roc.auc,
) -> float:
    """Share of simulated studies in which all three clear their goals.

    Parameters
    ----------
    sensitivity, specificity, auc : Target
        What is true, and the goals.
    n_diseased, n_healthy : int
        Cases of each class, two or more.
    seed : int
        Of the generator.
    level : float in (0, 1)
        Of every two-sided interval.
    times : int
        Studies drawn, 1 or more.
    rates : two functions
        Limits of sensitivity and of specificity, as `sizing_interval.lasting` takes them.
    area : function
        The AUC with its interval: `roc.auc` or `roc.auc_logit`.

    Raises
    ------
    ValueError
        Too few cases or studies, or no normal scores have these three figures.
    """
    if min(n_diseased, n_healthy) < 2 or times < 1:
        raise ValueError(
            f"two cases of each class and one study or more are needed; {n_diseased}, {n_healthy} "
            f"and {times} found"
        )
    model = scores_of(
        sensitivity=sensitivity.expected, specificity=specificity.expected, auc=auc.expected
    )
    rng = np.random.default_rng(seed)
    truth = np.repeat([True, False], [n_diseased, n_healthy])
    right = np.zeros((2, times), dtype=np.int64)
    limits = np.zeros((2, times))
    for at in range(times):
        scores = rng.standard_normal(truth.size)
        scores[:n_diseased] = model.mean + model.sd * scores[:n_diseased]
        positive = scores > model.threshold
        right[:, at] = positive[:n_diseased].sum(), (~positive[n_diseased:]).sum()
        found = area(truth, scores, level=level)
        limits[:, at] = found.low, found.high
    held = auc.cleared(limits[0], limits[1])
    for row, (target, n) in enumerate(((sensitivity, n_diseased), (specificity, n_healthy))):
        low, high = rates[row](right[row], np.full(times, n), level=level)
        held &= target.cleared(np.asarray(low), np.asarray(high))
    return float(held.mean())


def rates_of_a_table(
    targets: Mapping[str, Target],
    *,
    sensitivity: float,
    specificity: float,
    prevalence: float,
    n_cases: int,
    limits: Mapping[str, LimitsOf],
    seed: int,
    level: float = 0.95,
    times: int = TABLES,
) -> float:
    """Share of simulated studies of cases as they come in which every rate clears its goal.

    Parameters
    ----------
    targets : mapping
        Of "sensitivity", "specificity", "ppv", "npv" and "accuracy" those that are endpoints.
    sensitivity, specificity, prevalence : float in (0, 1)
        What is true; all five rates follow from them.
    n_cases : int
        Cases of a study, 1 or more, diseased and healthy as they come.
    limits : mapping
        Limits of each target, as `sizing_interval.lasting` takes them.
    seed : int
        Of the generator.
    level : float in (0, 1)
        Of every two-sided interval.
    times : int
        Studies drawn, 1 or more.

    Raises
    ------
    ValueError
        No target or an unknown one, no case or study, a share that does not lie between 0 and 1.

    Notes
    -----
    A study without a case that a rate is of has no such rate, and does not clear its goal.
    """
    unknown = sorted(set(targets) - set(_OF_A_TABLE))
    if not targets or unknown or min(n_cases, times) < 1:
        raise ValueError(
            f"targets must be of {', '.join(_OF_A_TABLE)}, and cases and studies 1 or more; "
            f"{', '.join(targets) or 'none'}, {n_cases} and {times} found"
        )
    true = {"sensitivity": sensitivity, "specificity": specificity, "prevalence": prevalence}
    for name, value in true.items():
        sizing.proportion(name, value)
    shares = [
        prevalence * sensitivity,
        prevalence * (1 - sensitivity),
        (1 - prevalence) * (1 - specificity),
        (1 - prevalence) * specificity,
    ]
    tables = np.random.default_rng(seed).multinomial(n_cases, shares, times)
    held = np.ones(times, dtype=np.bool_)
    for name, target in targets.items():
        right, of = (tables[:, list(cells)].sum(axis=1) for cells in _OF_A_TABLE[name])
        low, high = limits[name](np.minimum(right, of), np.maximum(of, 1), level=level)
        held &= target.cleared(np.asarray(low), np.asarray(high)) & (of > 0)
    return float(held.mean())
