"""Tasks of a plan as simulated schedules, and what is read from them."""

import numpy as np

from defensible.assessment.planning.result import PlanTask, Range
from defensible.statistics import schedule
from defensible.statistics.arrays import Floats
from defensible.statistics.schedule import Schedule
from defensible.statistics.working_days import WorkingDays

N_DRAWS = 10_000
SEED = 20261125
POINTS = 101
"""Points of a curve."""


LATE_CHANGE = "late-change"


def simulated(
    remain: tuple[PlanTask, ...],
    people: dict[str, int],
    days: WorkingDays,
    *,
    late_change: float = 0.0,
) -> Schedule:
    """The schedules of these tasks; what is not among them is not waited for.

    `late_change` is the chance of the event in which work is done again.
    """
    places = {one.id: at for at, one in enumerate(remain)}
    return schedule.simulate(
        [
            schedule.Task(
                low=one.low,
                likely=one.likely,
                high=one.high,
                after=tuple(places[before] for before in one.after if before in places),
                crew=one.owner,
                name=one.id,
                event=LATE_CHANGE if one.again else None,
                calendar=one.calendar,
            )
            for one in remain
        ],
        people,
        chances={LATE_CHANGE: late_change},
        days=days,
        n_draws=N_DRAWS,
        seed=SEED,
    )


def spread(values: Floats) -> Range:
    """The values that are not passed in 50, 80 and 95 % of draws."""
    p50, p80, p95 = np.quantile(values, [0.5, 0.8, 0.95])
    return Range(p50=float(p50), p80=float(p80), p95=float(p95))


def curve(values: Floats) -> tuple[tuple[float, float], ...]:
    """Values, and the share of draws that do not pass them."""
    shares = np.linspace(0, 1, POINTS)
    return tuple(
        (float(value), float(share))
        for value, share in zip(np.quantile(values, shares), shares, strict=True)
    )
