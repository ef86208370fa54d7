"""The plan of an assessment: schedule, the naive date beside it, costs, and what comes first."""

from datetime import date

import numpy as np

from defensible.assessment.planning.evidence import needed
from defensible.assessment.planning.late import late
from defensible.assessment.planning.next_steps import next_steps
from defensible.assessment.planning.result import Planned, PlanTask, Range, Step
from defensible.assessment.planning.tasks import tasks
from defensible.assessment.result import Assessment
from defensible.dossier.plan import Plan
from defensible.statistics import schedule
from defensible.statistics.arrays import Floats
from defensible.statistics.schedule import Schedule

N_DRAWS = 10_000
SEED = 20261125
POINTS = 41
"""Points of the curve."""


def plan(assessment: Assessment, *, today: date) -> Planned:
    """What remains, how long it takes, and how much evidence each claim needs.

    Parameters
    ----------
    assessment : Assessment
        Its gaps are the work; its findings say what performance to expect.
    today : date
        The start where `plan.yaml` declares none.
    """
    declared = assessment.dossier.plan or Plan()
    remain = tasks(assessment)
    people = _people(remain, declared)
    found = simulated(remain, people)
    steps = _steps(remain, found)
    engineering = tuple(one for one in remain if one.engineering)
    cost, unpriced = _cost(remain, found, declared)
    return Planned(
        start=declared.start or today,
        start_said=declared.start is not None,
        n_draws=N_DRAWS,
        seed=SEED,
        steps=steps,
        finish=spread(found.finish) if remain else None,
        naive=spread(simulated(engineering, people).finish) if engineering else None,
        curve=_curve(found.finish) if remain else (),
        cost=cost,
        unpriced=unpriced,
        people=tuple(
            (role, n, any(one.role == role for one in declared.team)) for role, n in people.items()
        ),
        late=late(assessment, remain, people, declared) if remain else None,
        needed=needed(assessment, declared),
        first=next_steps(assessment, steps),
    )


def simulated(remain: tuple[PlanTask, ...], people: dict[str, int]) -> Schedule:
    """The schedules of these tasks; what is not among them is not waited for."""
    places = {one.id: at for at, one in enumerate(remain)}
    return schedule.simulate(
        [
            schedule.Task(
                low=one.low,
                likely=one.likely,
                high=one.high,
                after=tuple(places[before] for before in one.after if before in places),
                crew=one.owner,
            )
            for one in remain
        ],
        people,
        n_draws=N_DRAWS,
        seed=SEED,
    )


def spread(values: Floats) -> Range:
    """The values that are not passed in 50, 80 and 95 % of draws."""
    p50, p80, p95 = np.quantile(values, [0.5, 0.8, 0.95])
    return Range(p50=float(p50), p80=float(p80), p95=float(p95))


def _people(remain: tuple[PlanTask, ...], declared: Plan) -> dict[str, int]:
    """People of each role with work; a role that the team does not declare is one person."""
    there: dict[str, int] = {}
    for member in declared.team:
        there[member.role] = there.get(member.role, 0) + member.people
    roles = dict.fromkeys(one.owner for one in remain if one.owner is not None)
    return {role: there.get(role, 1) for role in roles}


def _steps(remain: tuple[PlanTask, ...], found: Schedule) -> tuple[Step, ...]:
    criticality, drive = found.criticality, found.drive
    return tuple(
        Step(
            task=one,
            begins=float(np.median(found.starts[at])),
            ends=float(np.median(found.ends[at])),
            ends_80=float(np.quantile(found.ends[at], 0.8)),
            criticality=float(criticality[at]),
            drive=float(drive[at]),
        )
        for at, one in enumerate(remain)
    )


def _curve(finish: Floats) -> tuple[tuple[float, float], ...]:
    shares = np.linspace(0, 1, POINTS)
    return tuple(
        (float(day), float(share))
        for day, share in zip(np.quantile(finish, shares), shares, strict=True)
    )


def _cost(
    remain: tuple[PlanTask, ...], found: Schedule, declared: Plan
) -> tuple[Range | None, tuple[str, ...]]:
    """Days of each role at its rate; one person at a time does a task."""
    rates = {one.role: one.rate for one in declared.team if one.rate is not None}
    owners = dict.fromkeys(one.owner for one in remain if one.owner is not None)
    unpriced = tuple(role for role in owners if role not in rates)
    priced = [
        found.durations[at] * rates[one.owner]
        for at, one in enumerate(remain)
        if one.owner in rates
    ]
    return (spread(np.sum(priced, axis=0)) if priced else None), unpriced
