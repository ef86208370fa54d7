"""Whether an interval answers the question that a performance goal asks, and what would.

A goal is a bound that the quantity must lie above (or below). The interval answers only if all of
it lies on one side.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import numpy as np

from defensible.statistics.arrays import Bools, Floats, Ints, whole_count
from defensible.statistics.estimate import Estimate
from defensible.statistics.proportions import wilson_limits

LimitsOf: TypeAlias = Callable[..., tuple[Floats, Floats]]
Settled: TypeAlias = Callable[[Ints], tuple[Bools, Bools]]
MOST_CASES = 1_000_000


class Answer(Enum):
    """What an interval says of a goal."""

    SUPPORTED = "the whole interval meets the goal"
    FAILED = "the whole interval misses the goal"
    INCONCLUSIVE = "the interval holds the goal"


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherCases:
    """How many further cases would settle a proportion, if they came in at a stated rate.

    Attributes
    ----------
    n : int or None
        Fewest further cases that settle it; 0 where it is settled now, None where no number up to
        `searched` does.
    answer : Answer
        What the interval would say then; `INCONCLUSIVE` where `n` is None.
    rate : float
        The rate at which further cases were taken to have the outcome.
    lasting : int or None
        From how many further cases on it stays settled alike, as far as searched, which is at least
        twice as many: counts are whole, so that one case more can unsettle it again. Plan with this
        number. None where it is not reached.
    searched : int
        Further cases that were looked at.
    """

    n: int | None
    answer: Answer
    rate: float
    lasting: int | None
    searched: int


def above(estimate: Estimate, goal: float) -> Answer:
    """Whether the estimate's interval lies above the goal; touching it is not above."""
    return answers_above(estimate.low, estimate.high, goal)


def below(estimate: Estimate, goal: float) -> Answer:
    """Whether the estimate's interval lies below the goal; touching it is not below."""
    return answers_above(-estimate.high, -estimate.low, -goal)


def answers_above(low: float, high: float, goal: float) -> Answer:
    """Whether an interval lies above the goal.

    Raises
    ------
    ValueError
        A limit or the goal is NaN, or `low` exceeds `high`.
    """
    if not low <= high:
        raise ValueError(f"low must not exceed high; {low} and {high} found")
    if goal != goal:  # noqa: PLR0124 - NaN is the one number that differs from itself
        raise ValueError("goal must be a number; nan found")
    if low > goal:
        return Answer.SUPPORTED
    return Answer.FAILED if high < goal else Answer.INCONCLUSIVE


def further_cases(
    count: int,
    n: int,
    *,
    goal: float,
    rate: float,
    level: float = 0.95,
    limits: LimitsOf = wilson_limits,
    most: int = MOST_CASES,
) -> FurtherCases:
    """Further cases that would settle whether a proportion lies above a goal, at a stated rate.

    Of k further cases, round(rate * k) are taken to have the outcome (halves to even). The first k
    at which the interval of all cases lies on that side of the goal on which the rate lies is found
    by looking at every k, in growing blocks, so that the answer is exact for the named interval.

    Parameters
    ----------
    count, n : int
        Cases with the outcome so far, and cases so far; both may be 0.
    goal : float in [0, 1]
        Performance goal that the proportion must exceed.
    rate : float in [0, 1]
        Rate at which further cases have the outcome. The observed rate answers "if it goes on like
        this"; the rate planned for answers "if the device is what we think".
    level : float in (0, 1)
        Confidence level of the two-sided interval.
    limits : function of (count, n, level)
        The interval, one of the `..._limits` of `proportions`.
    most : int
        Further cases after which the search gives up.

    Raises
    ------
    ValueError
        `count` not in 0..n, `goal` or `rate` outside [0, 1], `most` below 1.

    Notes
    -----
    Cost O(`lasting`). At a rate equal to the goal nothing settles it in the long run: `n` is then
    the first k that settles it either way by the luck of rounding, if any, and `lasting` is None.
    """
    for name, value in (("goal", goal), ("rate", rate)):
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must lie between 0 and 1; {value} found")
    if whole_count("count", count) > whole_count("n", n):
        raise ValueError(f"count must lie between 0 and n; {count} of {n} found")
    if most < 1:
        raise ValueError(f"most must be 1 or more; {most} found")
    settled_now = n > 0 and _answer(count, n, goal, level, limits)
    if settled_now:
        return FurtherCases(n=0, answer=settled_now, rate=rate, lasting=0, searched=0)

    def settled(further: Ints) -> tuple[Bools, Bools]:
        outcomes = count + np.rint(rate * further)
        low, high = limits(outcomes, n + further, level=level)
        return (low > goal) & (rate >= goal), (high < goal) & (rate <= goal)

    first, lasting, searched = _first_and_lasting(settled, most)
    if first is None:
        answer = Answer.INCONCLUSIVE
    else:
        supported = bool(settled(np.asarray([first]))[0][0])
        answer = Answer.SUPPORTED if supported else Answer.FAILED
    return FurtherCases(n=first, answer=answer, rate=rate, lasting=lasting, searched=searched)


def _answer(count: int, n: int, goal: float, level: float, limits: LimitsOf) -> Answer | None:
    low, high = limits(count, n, level=level)
    answer = answers_above(float(low), float(high), goal)
    return None if answer is Answer.INCONCLUSIVE else answer


def _first_and_lasting(settled: Settled, most: int) -> tuple[int | None, int | None, int]:
    """First k that settles, the k from which all settle alike, and the k searched up to."""
    first: int | None = None
    last_other, upto = 0, 0
    kind = 0
    while upto < most:
        block = np.arange(upto + 1, min(max(2 * upto, 256), most) + 1)
        upto = int(block[-1])
        above_goal, below_goal = settled(block)
        if first is None and (above_goal | below_goal).any():
            at = int(np.argmax(above_goal | below_goal))
            first, kind = int(block[at]), 1 if above_goal[at] else -1
        alike = below_goal if kind < 0 else above_goal
        others = np.flatnonzero(~alike)
        if others.size:
            last_other = int(block[others[-1]])
        # Twice as far as the last exception is enough: rounding moves a count by half at most.
        if first is not None and upto >= 2 * last_other + 64:
            return first, last_other + 1, upto
    return first, None, upto
