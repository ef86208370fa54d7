"""What every sizing answer is, and the searches that find it.

A size is found by asking for the power at a number, so the power of the answer is always known; it
is stated with the answer. A search that ends without one raises `ValueError` and says how far it
went and what power it met there. `level` is that of the two-sided interval that must clear the
goal: one-sided tests are at half of one minus it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy.special import bdtrc

from defensible.statistics.arrays import Floats, confidence_level

LIMIT = 1_000_000
_STEP = 1.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A study size with the power it was found to have.

    Attributes
    ----------
    n : int
        How many, of `unit`.
    unit : str
        What is counted: "cases", "diseased cases", "readers", "subjects", "sites".
    power : float
        At `n`, recomputed; at or above `wanted`.
    wanted : float
        As asked for.
    level : float
        Level of the two-sided interval that must clear the goal.
    method : str
        By its name in the field.
    besides : tuple of (str, int)
        Further numbers of the design ("non-diseased cases", 200; "successes needed", 168).
    """

    n: int
    unit: str
    power: float
    wanted: float
    level: float
    method: str
    besides: tuple[tuple[str, int], ...] = ()


def smallest(
    power_at: Callable[[int], float], wanted: float, *, unit: str, first: int, limit: int = LIMIT
) -> tuple[int, float]:
    """The smallest number whose power is `wanted`, where power grows with the number.

    Doubles until the power is reached, then halves the gap; the power at the answer is returned
    with it.

    Raises
    ------
    ValueError
        `wanted` does not lie between 0 and 1, or no number up to `limit` reaches it.
    """
    power_wanted(wanted)
    below, above = first - 1, first
    while power_at(above) < wanted:
        if above >= limit:
            raise ValueError(
                f"no number of {unit} up to {limit:,} reaches power {wanted:g}; "
                f"at {limit:,} it is {power_at(limit):.3f}: the goal may be out of reach"
            )
        below, above = above, min(2 * above, limit)
    while above - below > 1:
        middle = (below + above) // 2
        if power_at(middle) < wanted:
            below = middle
        else:
            above = middle
    return above, power_at(above)


def first_on_grid(
    power_at: Callable[[int], float], wanted: float, *, first: int, limit: int
) -> tuple[int, float] | None:
    """The first number with the power on a grid of steps of a quarter, then to the unit.

    For a power that may fall again: with few readers degrees of freedom fall with the number of
    cases, so the largest number need not have the most power. None where no number on the grid has
    it.

    Raises
    ------
    ValueError
        `wanted` does not lie between 0 and 1.
    """
    power_wanted(wanted)
    below, n = first - 1, first
    while power_at(n) < wanted:
        if n >= limit:
            return None
        below, n = n, min(max(n + 1, int(n * _STEP)), limit)
    while n - below > 1:
        middle = (below + n) // 2
        below, n = (middle, n) if power_at(middle) < wanted else (below, middle)
    return n, power_at(n)


def first_of(powers: Floats, wanted: float, *, unit: str) -> int:
    """The first number n whose power, `powers[n]`, is `wanted`, where power may fall again.

    Raises
    ------
    ValueError
        `wanted` does not lie between 0 and 1, or none reaches it.
    """
    power_wanted(wanted)
    reached = powers >= wanted
    if not reached.any():
        raise _none(powers, wanted, unit)
    return int(np.argmax(reached))


def lasting_of(powers: Floats, wanted: float, *, unit: str) -> int:
    """The number from which on the power, `powers[n]`, never falls below `wanted` again.

    Raises
    ------
    ValueError
        `wanted` does not lie between 0 and 1, or the last falls short, so that none is known.
    """
    power_wanted(wanted)
    short = np.flatnonzero(powers < wanted)
    if short.size and short[-1] == powers.size - 1:
        raise _none(powers, wanted, unit)
    return int(short[-1]) + 1 if short.size else 0


def with_design_effect(n: int, *, cluster_size: float, correlation: float) -> int:
    """Cases needed where patients bring several, from the number of independent cases.

    n (1 + (m - 1) r), rounded up; `correlation` is the intraclass correlation of the endpoint.

    Raises
    ------
    ValueError
        `n` or `cluster_size` below 1, or a correlation outside [0, 1].
    """
    if n < 1 or cluster_size < 1:
        raise ValueError(f"n and cluster_size must be 1 or more; {n} and {cluster_size} found")
    if not 0 <= correlation <= 1:
        raise ValueError(f"correlation must lie in [0, 1]; {correlation} found")
    return ceil(n * (1 + (cluster_size - 1) * correlation) - 1e-9)


def trials_for(n: int, *, share: float, chance: float) -> int:
    """People to be seen so that `n` of them or more are of a kind, with the chance.

    Parameters
    ----------
    n : int
        How many of the kind, 1 or more.
    share : float in (0, 1]
        Share of the kind among those seen.
    chance : float in (0, 1)
        Half is about n / share, the mean.

    Raises
    ------
    ValueError
        `n` below 1, a share or chance out of range.
    """
    if n < 1 or not 0 < share <= 1:
        raise ValueError(f"n must be 1 or more and share lie in (0, 1]; {n} and {share} found")
    proportion("chance", chance)
    if share == 1:
        return n
    low, high = n - 1, n
    while float(bdtrc(n - 1, high, share)) < chance:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        enough = float(bdtrc(n - 1, middle, share)) >= chance
        low, high = (low, middle) if enough else (middle, high)
    return high


def power_wanted(wanted: float) -> float:
    """`wanted` if it lies strictly between 0 and 1, else a `ValueError`."""
    if not 0 < wanted < 1:
        raise ValueError(f"power must lie strictly between 0 and 1; {wanted} found")
    return wanted


def proportion(name: str, value: float) -> float:
    """`value` if it lies strictly between 0 and 1, else a `ValueError`."""
    if not 0 < value < 1:
        raise ValueError(f"{name} must lie strictly between 0 and 1; {value} found")
    return value


def one_sided(level: float) -> float:
    """Type I error of the one-sided test that goes with a two-sided interval at `level`."""
    return 0.5 - confidence_level(level) / 2


def _none(powers: Floats, wanted: float, unit: str) -> ValueError:
    best = int(np.argmax(powers))
    return ValueError(
        f"no number of {unit} up to {powers.size - 1:,} reaches power {wanted:g} and keeps it; "
        f"the highest met is {powers[best]:.3f} at {best:,}"
    )
