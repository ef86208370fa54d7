"""The root of a continuous function of one number, between two values of opposite sign.

Bisection, on purpose: these functions are cheap, the answer is exact to the last digits whatever
their shape, and importing `scipy.optimize` for one root costs more than the analysis (0.2 s).
"""

from collections.abc import Callable

STEPS = 200
"""More halvings than a double has room for, from any bracket that occurs here."""


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where `function` changes sign in [low, high], to about 1e-15 of the bracket's larger end.

    Raises
    ------
    ValueError
        The function has the same sign at both ends.

    Notes
    -----
    At most 200 evaluations, about 55 as a rule.
    """
    at_low, at_high = function(low), function(high)
    if at_low == 0 or at_high == 0:
        return low if at_low == 0 else high
    if (at_low > 0) == (at_high > 0):
        raise ValueError(f"no change of sign between {low} and {high}: {at_low} and {at_high}")
    enough = 1e-16 * max(abs(low), abs(high))
    for _ in range(STEPS):
        middle = (low + high) / 2
        if high - low <= enough or middle in {low, high}:
            break
        if (function(middle) > 0) == (at_low > 0):
            low = middle
        else:
            high = middle
    return (low + high) / 2
