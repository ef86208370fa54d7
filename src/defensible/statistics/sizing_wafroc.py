"""Cases for the wAFROC of a device that marks lesions to clear its goal.

The interval is the normal one of the jackknife on the logit scale; its variance is that of the
search model, or as a study has measured it.

References
----------
Chakraborty. Physics in Medicine and Biology 2006;51:3449-3462 (search model).
Chakraborty, Zhai. Medical Physics 2016;43:2548-2557 (wAFROC).
"""

from math import ceil, inf, sqrt

from scipy.special import expit, logit, ndtr, ndtri

from defensible.statistics import search_model, sizing
from defensible.statistics.root import root
from defensible.statistics.search_model import Search
from defensible.statistics.sizing import Size

_FARTHEST = 30.0


def one(
    *,
    expected: float,
    goal: float,
    marks: float,
    found: float,
    lesions: float,
    correlation: float,
    ratio: float = 1.0,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Diseased cases at which the interval of one wAFROC clears its goal.

    Parameters
    ----------
    expected, goal : float in (0, 1)
        True wAFROC; what the lower limit must clear (the upper one, if `expected` is below).
    marks, found : float
        False marks of a case without lesions, and share of lesions marked, as in `search_model`.
    lesions, correlation : float
        Mean number of a diseased case; of the lesions of a case.
    ratio : float
        Healthy cases for each diseased one.
    power, level : float in (0, 1)
        Chance of clearing it; level of the two-sided interval.

    Raises
    ------
    ValueError
        A value out of range, `expected` is `goal`, a wAFROC that the marks leave out of reach, or a
        million cases do not suffice.
    """
    told = {"expected": expected, "goal": goal, "marks": marks, "found": found}
    told |= {"lesions": lesions, "correlation": correlation, "ratio": ratio, "level": level}
    n, met = sizing.smallest(lambda n: one_power(n, **told), power, unit="diseased cases", first=2)
    return Size(
        n=n,
        unit="diseased cases",
        power=met,
        wanted=power,
        level=level,
        method="interval of a wAFROC on the logit scale, search model",
        besides=(("non-diseased cases", max(2, ceil(n * ratio - 1e-9))),),
    )


def one_power(
    n_diseased: int,
    *,
    expected: float,
    goal: float,
    marks: float,
    found: float,
    lesions: float,
    correlation: float,
    ratio: float = 1.0,
    level: float = 0.95,
) -> float:
    """Power with `n_diseased` cases; errors as in `one`."""
    sizing.proportion("goal", goal)
    if expected == goal:
        raise ValueError(f"expected must differ from the goal; both are {goal}")
    if not 0 < ratio < inf or n_diseased < 1:
        raise ValueError(f"ratio and cases must lie above 0; {ratio} and {n_diseased} found")
    counts = search_model.lesion_counts(lesions)
    truth = search_model.of_wafroc(expected, false_marks=marks, found=found)
    z = float(ndtri(1 - sizing.one_sided(level)))
    side = 1 if expected > goal else -1

    def error(of: Search) -> float:
        diseased, healthy = search_model.placement_variances(of, counts, correlation)
        return sqrt((diseased + healthy / ratio) / n_diseased)

    def reach(of: Search) -> float:
        area = min(max(search_model.wafroc(of), 1e-12), 1 - 1e-12)
        return z * error(of) / (area * (1 - area))

    def over(mu: float) -> float:
        of = Search(mu=mu, false_marks=marks, found=found)
        area = min(max(search_model.wafroc(of), 1e-12), 1 - 1e-12)
        return side * float(logit(area) - logit(goal)) - reach(of)

    # a wAFROC that comes out low has another variance: the one that just clears, and its chance
    worst, best = -side * _FARTHEST, side * _FARTHEST
    if over(best) <= 0:
        return 0.0
    mu = worst if over(worst) >= 0 else root(over, min(worst, best), max(worst, best))
    clears = expit(logit(goal) + side * reach(Search(mu=mu, false_marks=marks, found=found)))
    return float(ndtr(side * (expected - float(clears)) / error(truth)))


def by_variance(
    *, expected: float, goal: float, variance: float, power: float = 0.8, level: float = 0.95
) -> Size:
    """Cases of each class at which the interval of one wAFROC clears its goal, from a measured one.

    Parameters
    ----------
    expected, goal : float in (0, 1)
        As in `one`.
    variance : float
        Of an estimate, times the number of cases of each class; as large wherever it comes out.
    power, level : float in (0, 1)
        As in `one`.

    Raises
    ------
    ValueError
        A value out of range, `expected` is `goal`, or a million cases do not suffice.
    """
    sizing.proportion("expected", expected)
    sizing.proportion("goal", goal)
    if expected == goal or not 0 < variance < inf:
        raise ValueError(
            "expected must differ from the goal and variance lie above 0; "
            f"{expected}, {goal} and {variance} found"
        )
    z = float(ndtri(1 - sizing.one_sided(level)))
    side = 1 if expected > goal else -1

    def power_at(n: int) -> float:
        error = sqrt(variance / n)

        def reach(area: float) -> float:
            return z * error / (area * (1 - area))

        def over(area: float) -> float:
            return side * float(logit(area) - logit(goal)) - reach(area)

        if over(expected) >= 0:
            clears = root(over, min(goal, expected), max(goal, expected))
        else:  # what is expected does not clear: less than half do
            clears = float(expit(logit(goal) + side * reach(expected)))
        return float(ndtr(side * (expected - clears) / error))

    n, met = sizing.smallest(power_at, power, unit="cases of each class", first=2)
    return Size(
        n=n,
        unit="cases of each class",
        power=met,
        wanted=power,
        level=level,
        method="interval of a wAFROC on the logit scale, variance as measured",
    )
