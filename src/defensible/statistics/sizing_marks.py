"""Patients and cases for a device that marks lesions: lesions found, false marks a case.

- Lesions found: Wilson's interval on effective lesions, those of a patient counting for fewer by
  the design effect. Exact where each patient has one.
- False marks a case: the limits of a mean by t on the log scale, its variance that which goes with
  the mean seen; the number of marks is Poisson, or negative binomial where it varies more.
  `exact_marks` is the Poisson test.

References
----------
Rao, Scott. Biometrics 1992;48:577-585 (design effect).
Garwood. Biometrika 1936;28:437-442 (exact limits of a Poisson mean).
"""

from collections.abc import Callable
from math import ceil, exp, inf, log, sqrt

import numpy as np
from scipy.special import (
    betainc,
    gammaincc,
    lambertw,
    ndtri,
    pdtrik,
    stdtrit,
)

from defensible.statistics import proportions, search_model, sizing, sizing_interval
from defensible.statistics.arrays import Floats, Ints
from defensible.statistics.sizing import Size

_SEARCHED = 200_000


def design_effect(lesions: float, correlation: float) -> float:
    """How many lesions count as one, where patients have so many and they are alike.

    1 + (sum of squares / sum - 1) times the correlation, over numbers of lesions of which a patient
    has one and a Poisson number of further ones.

    Parameters
    ----------
    lesions : float
        Mean number of a patient who has any, 1 or above.
    correlation : float in [0, 1]
        Of whether two lesions of a patient are found.

    Raises
    ------
    ValueError
        A value out of range.
    """
    if not 0 <= correlation <= 1:
        raise ValueError(f"correlation must lie in [0, 1]; {correlation} found")
    counts = search_model.lesion_counts(lesions)
    n = np.arange(1, counts.size + 1)
    return 1 + float(counts @ n**2 / (counts @ n) - 1) * correlation


def lesions_found(
    *,
    expected: float,
    goal: float,
    lesions: float = 1.0,
    correlation: float = 0.0,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Patients with lesions at whom the share of lesions found keeps the power to clear its goal.

    Parameters
    ----------
    expected, goal : float in (0, 1)
        True share; what the lower limit must clear (the upper one, if `expected` is below).
    lesions, correlation : float
        As in `design_effect`.
    power, level : float in (0, 1)
        Chance of clearing it; level of the two-sided interval.

    Returns
    -------
    Size
        `besides` holds the lesions of so many patients.

    Raises
    ------
    ValueError
        A value out of range, `expected` is `goal`, or no number searched keeps the power.
    """
    effect = design_effect(lesions, correlation)
    alone = sizing_interval.lasting(
        proportions.wilson_limits, expected=expected, goal=goal, power=power, level=level
    )
    n = ceil(alone.n * effect - 1e-9)
    tied = "" if effect == 1 else f", design effect {effect:.2f}"
    return Size(
        n=ceil(n / lesions - 1e-9),
        unit="patients with lesions",
        power=alone.power,
        wanted=power,
        level=level,
        method=f"Wilson, exact power, lasting{tied}",
        besides=(("lesions", n),),
    )


def false_marks(
    *,
    expected: float,
    goal: float,
    dispersion: float = 1.0,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Cases from which on the interval of the mean number of false marks keeps the power.

    Parameters
    ----------
    expected, goal : float
        True marks a case, above 0; what the upper limit must clear (the lower one, if `expected` is
        above).
    dispersion : float
        Variance of a case's number of marks by its mean; 1 is Poisson, more is a negative binomial.
    power, level : float in (0, 1)
        As in `lesions_found`.

    Raises
    ------
    ValueError
        A value out of range, `expected` is `goal`, or no number searched keeps the power.
    """

    def powers_at(n: Ints) -> Floats:
        return _mark_powers(n, expected, goal, dispersion, level)

    n, met = _lasting(powers_at, expected, goal, dispersion, power, level)
    counts = "Poisson" if dispersion == 1 else "negative binomial"
    return _cases(n, met, power, level, f"mean by t on the log scale, {counts} marks, lasting")


def false_marks_power(
    n: int, *, expected: float, goal: float, dispersion: float = 1.0, level: float = 0.95
) -> float:
    """Power with `n` cases; errors as in `false_marks`, and fewer than two cases."""
    if n < 2:
        raise ValueError(f"two cases or more are needed; {n} found")
    _marks(expected, goal, dispersion)
    return float(_mark_powers(np.array([n]), expected, goal, dispersion, level)[0])


def exact_marks(*, expected: float, goal: float, power: float = 0.8, level: float = 0.95) -> Size:
    """Cases from which on the exact Poisson test keeps the power.

    Parameters and errors as in `false_marks`; marks fall on cases alike, so the exact limits of the
    total number apply.
    """
    alpha = sizing.one_sided(level)

    def powers_at(n: Ints) -> Floats:
        cases: Floats = n.astype(np.float64)
        if expected < goal:
            return _at_most(_largest(cases * goal, alpha), cases * expected, 1.0)
        # P(X > k) <= alpha from the next one on: more than that are too many
        above: Floats = 1 - _at_most(_largest(cases * goal, 1 - alpha) + 1, cases * expected, 1.0)
        return above

    n, met = _lasting(powers_at, expected, goal, 1.0, power, level)
    return _cases(n, met, power, level, "exact Poisson, lasting")


def _lasting(
    powers_at: Callable[[Ints], Floats],
    expected: float,
    goal: float,
    dispersion: float,
    power: float,
    level: float,
) -> tuple[int, float]:
    """The number from which on the power is kept, with it; looked for up to four times a guess."""
    sizing.power_wanted(power)
    _marks(expected, goal, dispersion)
    z = float(ndtri(1 - sizing.one_sided(level)) + ndtri(power))
    guess = dispersion * max(expected, goal) * (z / (expected - goal)) ** 2
    limit = int(min(max(4 * guess, 200), _SEARCHED))
    powers = np.concatenate([[0.0, 0.0], powers_at(np.arange(2, limit + 1))])
    n = sizing.lasting_of(powers, power, unit="cases")
    return n, float(powers[n])


def _mark_powers(n: Ints, expected: float, goal: float, dispersion: float, level: float) -> Floats:
    cases: Floats = n.astype(np.float64)
    mean = cases * expected
    # a mean m clears where log m and t sqrt(dispersion / (n m)) together lie on its side of log
    # goal: with y = t sqrt(dispersion / n) / (2 sqrt m), y exp(-y) < q below it, y exp(y) < q above
    t = stdtrit(n - 1, 1 - sizing.one_sided(level))
    half = t * np.sqrt(dispersion / cases) / 2
    q = half / sqrt(goal)
    if expected > goal:
        least = cases * (half / lambertw(q).real) ** 2
        above: Floats = 1 - _at_most(np.floor(least), mean, dispersion)
        return above
    some = q < exp(-1)  # else no number of marks but none at all
    inside = np.where(some, q, exp(-1) / 2)
    most = cases * (half / -lambertw(-inside).real) ** 2
    fewest = cases * (half / -lambertw(-inside, -1).real) ** 2
    between = _at_most(np.ceil(most) - 1, mean, dispersion) - _at_most(
        np.floor(fewest), mean, dispersion
    )
    silent = np.where(-log(sizing.one_sided(level)) < cases * goal, 1.0, 0.0)
    none: Floats = _at_most(np.zeros_like(cases), mean, dispersion) * silent
    powers: Floats = np.where(some, np.maximum(between, 0.0), 0.0) + none
    return powers


def _at_most(k: Floats, mean: Floats, dispersion: float) -> Floats:
    """P(X <= k) of a Poisson number, or of a negative binomial of the same mean."""
    here = np.maximum(k, 0.0)
    if dispersion == 1:
        chance: Floats = gammaincc(here + 1, mean)
    else:
        chance = betainc(mean / (dispersion - 1), here + 1, 1 / dispersion)
    found: Floats = np.where(k < 0, 0.0, chance)
    return found


def _largest(mean: Floats, chance: float) -> Floats:
    """The largest k with P(X <= k) no more than `chance` of a Poisson number; -1 if none."""
    k: Floats = np.floor(np.nan_to_num(pdtrik(chance, mean), nan=0.0))
    for _ in range(2):  # a real-valued quantile put right
        k = np.where(_at_most(k + 1, mean, 1.0) <= chance, k + 1, k)
    for _ in range(3):
        k = np.where((k >= 0) & (_at_most(k, mean, 1.0) > chance), k - 1, k)
    return k


def _marks(expected: float, goal: float, dispersion: float) -> None:
    if not (0 < expected < inf and 0 < goal < inf and 1 <= dispersion < inf):
        raise ValueError(
            "expected and goal must lie above 0 and dispersion be 1 or more; "
            f"{expected}, {goal} and {dispersion} found"
        )
    if expected == goal:
        raise ValueError(f"expected must differ from the goal; both are {goal}")


def _cases(n: int, met: float, power: float, level: float, method: str) -> Size:
    return Size(n=n, unit="cases", power=met, wanted=power, level=level, method=method)
