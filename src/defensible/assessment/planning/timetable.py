"""The timetable of an assessment: dates, naive and honest, costs, and what comes first."""

from datetime import date

import numpy as np

from defensible.assessment.planning.late import both, chance, late, with_repeats
from defensible.assessment.planning.next_steps import next_steps
from defensible.assessment.planning.result import PlanTask, Range, Step, Timetable
from defensible.assessment.planning.simulated import N_DRAWS, SEED, curve, simulated, spread
from defensible.assessment.planning.tasks import duties, tasks
from defensible.assessment.result import Assessment
from defensible.dossier.plan import Plan
from defensible.statistics.arrays import Floats
from defensible.statistics.schedule import Schedule, swing
from defensible.statistics.working_days import WorkingDays


def timetable(assessment: Assessment, *, today: date) -> Timetable:
    """What remains, in which order, and until when.

    Parameters
    ----------
    assessment : Assessment
        Its gaps are the work.
    today : date
        The start where `plan.yaml` declares none.
    """
    declared = assessment.dossier.plan or Plan()
    remain = tasks(assessment)
    every = with_repeats(remain, declared)
    people = _people(every, declared)
    days = WorkingDays(start=declared.start or today, off=declared.days_off)
    known = chance(assessment, declared)
    steady = simulated(every, people, days)
    found = simulated(every, people, days, late_change=known.value) if known.value else steady
    ends = both(every, people, days, steady)
    expected = ends.expected(known.value or 0.0)
    steps = _steps(remain, every, found, expected)
    engineering = tuple(one for one in remain if one.engineering)
    naive = simulated(engineering, people, days).finish if engineering else None
    cost, unpriced = _cost(every, found, declared)
    return Timetable(
        days=days,
        start_said=declared.start is not None,
        n_draws=N_DRAWS,
        seed=SEED,
        steps=steps,
        finish=spread(found.finish) if remain else None,
        naive=None if naive is None else spread(naive),
        mean=float(expected.mean()) if remain else None,
        curve=curve(found.finish) if remain else (),
        naive_curve=() if naive is None else curve(naive),
        cost=cost,
        unpriced=unpriced,
        people=tuple(
            (role, n, any(one.role == role for one in declared.team)) for role, n in people.items()
        ),
        late=late(every, known, ends, found),
        first=next_steps(assessment, steps, people),
        duties=duties(assessment),
    )


def _people(every: tuple[PlanTask, ...], declared: Plan) -> dict[str, int]:
    """People of each role with work; a role that the team does not declare is one person."""
    there: dict[str, int] = {}
    for member in declared.team:
        there[member.role] = there.get(member.role, 0) + member.people
    roles = dict.fromkeys(one.owner for one in every if one.owner is not None)
    return {role: there.get(role, 1) for role in roles}


def _steps(
    remain: tuple[PlanTask, ...], every: tuple[PlanTask, ...], found: Schedule, expected: Floats
) -> tuple[Step, ...]:
    """What remains, in its order, as it lies in the schedule."""
    places = {one.id: at for at, one in enumerate(every)}
    criticality, drive = found.criticality, found.drive
    swings = [swing(found.durations[places[one.id]], expected) for one in remain]
    return tuple(
        Step(
            task=one,
            begins=float(np.median(found.starts[at])),
            ends=float(np.median(found.ends[at])),
            ends_80=float(np.quantile(found.ends[at], 0.8)),
            criticality=float(criticality[at]),
            drive=float(drive[at]),
            if_short=short,
            if_long=long,
        )
        for one, (short, long) in zip(remain, swings, strict=True)
        for at in (places[one.id],)
    )


def _cost(
    remain: tuple[PlanTask, ...], found: Schedule, declared: Plan
) -> tuple[Range | None, tuple[str, ...]]:
    """Days of each role at its rate; one person at a time does a task, and a regulator is free."""
    rates = _rates(declared)
    owners = dict.fromkeys(one.owner for one in remain if one.owner is not None)
    unpriced = tuple(role for role in owners if role not in rates)
    priced = [
        found.durations[at] * rates[one.owner]
        for at, one in enumerate(remain)
        if one.owner in rates
    ]
    return (spread(np.sum(priced, axis=0)) if priced else None), unpriced


def _rates(declared: Plan) -> dict[str, float]:
    """The rate of each role that has one; the mean over its people where several lines name it."""
    found: dict[str, list[tuple[int, float]]] = {}
    for one in declared.team:
        if one.rate is not None:
            found.setdefault(one.role, []).append((one.people, one.rate))
    return {
        role: sum(n * rate for n, rate in lines) / sum(n for n, _ in lines)
        for role, lines in found.items()
    }
