"""When work ends: a Monte Carlo schedule with three-point durations, order and limited people.

Tasks come in an order in which nothing waits for a later one. People of a crew take its tasks in
that order, each when the first of them is free: so a longer task, one more to wait for or fewer
people never bring any end forward (with priorities that look ahead they could: Graham's anomalies).
Work of an event, such as a change that has it done again, is waited for only where that happens.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from defensible.statistics.arrays import Floats
from defensible.statistics.working_days import WorkingDays


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task with its three-point estimate; `after` are places of earlier tasks in the sequence."""

    low: float
    likely: float
    high: float
    after: tuple[int, ...] = ()
    crew: str | None = None
    """Whose people do it; None waits for nobody."""
    name: str | None = None
    """Its draws are those of its name, whatever stands before it; else of its place."""
    event: str | None = None
    """What must happen for it to be work at all; None where it always is."""
    calendar: bool = False
    """Whether its points are calendar days, which pass on days off as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Simulated schedules, one a column.

    Attributes
    ----------
    starts, ends, durations : float array, shape (n_tasks, n_draws)
        In the unit of the estimates, from 0.
    critical : bool array, shape (n_tasks, n_draws)
        Whether the task is on the chain that decides the end, with work to do.
    """

    starts: Floats
    ends: Floats
    durations: Floats
    critical: NDArray[np.bool_]

    @property
    def finish(self) -> Floats:
        """The end of everything, shape (n_draws,); 0 where there is no task."""
        if self.ends.shape[0] == 0:
            return np.zeros(self.ends.shape[1])
        last: Floats = self.ends.max(axis=0)
        return last

    @property
    def criticality(self) -> Floats:
        """Share of draws in which each task is on the critical path."""
        shares: Floats = self.critical.mean(axis=1)
        return shares

    @property
    def drive(self) -> Floats:
        """Rank correlation of each task's duration with the end; 0 if it never varies."""
        return np.array([rank_correlation(one, self.finish) for one in self.durations])


def simulate(
    tasks: Sequence[Task],
    people: Mapping[str, int],
    *,
    chances: Mapping[str, float] | None = None,
    days: WorkingDays | None = None,
    n_draws: int = 10_000,
    seed: int = 1,
) -> Schedule:
    """Schedules with durations from PERT's beta distributions.

    Parameters
    ----------
    tasks : sequence of Task
        In order: each waits for earlier ones only.
    people : mapping of str to int
        People of each crew, 1 or more.
    chances : mapping of str to float in [0, 1]
        Of each event of the tasks. A greater chance has it happen in the same schedules and more.
    days : WorkingDays or None
        What the unit counts; needed where a task has calendar days.
    n_draws : int
        Schedules, 1 or more.
    seed : int
        Of the random numbers; task by task, so that a named task keeps its draws among others.

    Returns
    -------
    Schedule

    Raises
    ------
    ValueError
        Points are not in order, a task waits for itself or a later one, a crew has no people, an
        event has no chance in [0, 1], a task has calendar days without `days`, or `n_draws` is
        below 1.

    Notes
    -----
    O(tasks x draws) time and memory. Beta with weight 4 on the likely value; draws by a generator
    of each task. Durations are taken as independent, which makes the spread too narrow where one
    cause delays several.
    """
    chances = chances or {}
    _checked(tasks, people, chances, days, n_draws)
    shape = (len(tasks), n_draws)
    durations, starts, ends = np.empty(shape), np.zeros(shape), np.zeros(shape)
    cause = np.full(shape, -1, dtype=np.int64)
    busy_most = Counter(task.crew for task in tasks if task.crew is not None)
    crews = {crew: min(n, max(busy_most[crew], 1)) for crew, n in people.items()}
    free = {crew: np.zeros((n, n_draws)) for crew, n in crews.items()}
    holder = {crew: np.full((n, n_draws), -1, dtype=np.int64) for crew, n in crews.items()}
    columns = np.arange(n_draws)
    for at, task in enumerate(tasks):
        there = _happens(task, chances, n_draws, seed)
        key = (at,) if task.name is None else tuple(task.name.encode())
        durations[at] = np.where(there, pert(task, n_draws, seed=(seed, *key)), 0.0)
        for before in task.after:
            later = there & (ends[before] > starts[at])
            starts[at] = np.where(later, ends[before], starts[at])
            cause[at] = np.where(later, before, cause[at])
        if task.calendar and days is not None:
            durations[at] = np.where(there, days.passed(starts[at], durations[at]), 0.0)
        if task.crew is not None:
            rows = free[task.crew].argmin(axis=0)
            waited = free[task.crew][rows, columns]
            busy = there & (waited > starts[at])
            cause[at] = np.where(busy, holder[task.crew][rows, columns], cause[at])
            starts[at] = np.where(busy, waited, starts[at])
        ends[at] = starts[at] + durations[at]
        if task.crew is not None:
            free[task.crew][rows[there], columns[there]] = ends[at][there]
            holder[task.crew][rows[there], columns[there]] = at
    critical = _chain(ends, cause) & (durations > 0)
    return Schedule(starts=starts, ends=ends, durations=durations, critical=critical)


def _happens(
    task: Task, chances: Mapping[str, float], n_draws: int, seed: int
) -> NDArray[np.bool_]:
    """Where there is work: one draw an event, whatever task is of it."""
    if task.event is None:
        return np.ones(n_draws, dtype=bool)
    drawn = np.random.default_rng((seed, *task.event.encode())).random(n_draws)
    return drawn < chances[task.event]


def pert(task: Task, n_draws: int, *, seed: tuple[int, ...]) -> Floats:
    """Draws of a duration: beta on [low, high] with mean (low + 4 likely + high) / 6."""
    width = task.high - task.low
    if width == 0:
        return np.full(n_draws, float(task.low))
    alpha = 1 + 4 * (task.likely - task.low) / width
    beta = 1 + 4 * (task.high - task.likely) / width
    drawn: Floats = np.random.default_rng(seed).beta(alpha, beta, n_draws)
    return task.low + width * drawn


def swing(durations: Floats, ends: Floats) -> tuple[float, float]:
    """Mean end where the duration is in the shortest fifth of its draws, and in the longest.

    The mean of all, twice, where they differ by less than three standard errors.
    """
    fifth, mean = max(ends.size // 5, 1), float(ends.mean())
    order = np.argsort(durations, kind="stable")
    short, long = float(ends[order[:fifth]].mean()), float(ends[order[-fifth:]].mean())
    settled = abs(long - short) > 3 * float(ends.std()) * np.sqrt(2 / fifth)
    return (short, long) if settled and np.ptp(durations) > 0 else (mean, mean)


def quantile_interval(values: Floats, share: float) -> tuple[float, float]:
    """95 % Monte Carlo interval of a quantile, from order statistics."""
    ordered = np.sort(values)
    n = ordered.size
    half = float(ndtri(0.975)) * np.sqrt(n * share * (1 - share))
    low = int(np.clip(np.floor(n * share - half), 0, n - 1))
    high = int(np.clip(np.ceil(n * share + half), 0, n - 1))
    return float(ordered[low]), float(ordered[high])


def _chain(ends: Floats, cause: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The tasks that decide the end, walked back from the last through what each waited for."""
    critical = np.zeros(ends.shape, dtype=bool)
    if ends.shape[0] == 0:
        return critical
    columns = np.arange(ends.shape[1])
    at = ends.argmax(axis=0)
    while (at >= 0).any():
        there = at >= 0
        critical[at[there], columns[there]] = True
        at = np.where(there, cause[np.maximum(at, 0), columns], -1)
    return critical


def rank_correlation(one: Floats, other: Floats) -> float:
    """Spearman's correlation, ties at their mean rank; 0 where one of them never varies."""
    ranks, others = _centred_ranks(one), _centred_ranks(other)
    scale = np.sqrt((ranks @ ranks) * (others @ others))
    return float(ranks @ others / scale) if scale > 0 else 0.0


def _centred_ranks(values: Floats) -> Floats:
    ranks = np.empty(values.size)
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = counts.cumsum()
    ranks = ((ends - counts + ends - 1) / 2)[inverse]
    centred: Floats = ranks - ranks.mean()
    return centred


def _checked(
    tasks: Sequence[Task],
    people: Mapping[str, int],
    chances: Mapping[str, float],
    days: WorkingDays | None,
    n_draws: int,
) -> None:
    if n_draws < 1:
        raise ValueError(f"n_draws must be 1 or more; {n_draws} found")
    for crew, n in people.items():
        if n < 1:
            raise ValueError(f"people must be 1 or more; {n} found in {crew}")
    for at, task in enumerate(tasks):
        if not 0 <= task.low <= task.likely <= task.high:
            raise ValueError(
                f"low, likely and high must be in order from 0 on; {task.low:g}, {task.likely:g} "
                f"and {task.high:g} found at {at}"
            )
        if any(not 0 <= before < at for before in task.after):
            raise ValueError(f"after must name earlier tasks; {task.after} found at {at}")
        if task.crew is not None and task.crew not in people:
            raise ValueError(f"crew must be among people; {task.crew} found at {at}")
        if task.calendar and (days is None or task.crew is not None):
            raise ValueError(
                f"calendar days need `days`, and nobody's work; a task with them found at {at}"
            )
        if task.event is not None and not 0 <= chances.get(task.event, -1) <= 1:
            raise ValueError(
                f"chances must have {task.event} in [0, 1]; {chances.get(task.event)} found"
            )
