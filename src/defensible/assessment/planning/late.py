"""What drafting or changing the intended use late costs: the work that is then done again.

It is part of the schedule: evidence done again comes after the evidence and before what rests on
it, in as many schedules as its chance says. The chance is declared, or else what the ledger shows
of this dossier now, and not an experience of others: how many sealed results came before the
freeze, or went stale.
"""

from dataclasses import dataclass, replace

import numpy as np

from defensible.assessment.gaps import WAITS_FOR
from defensible.assessment.planning.result import Late, PlanTask
from defensible.assessment.planning.simulated import simulated, spread
from defensible.assessment.planning.tasks import before, task
from defensible.assessment.result import Assessment
from defensible.dossier.plan import Plan
from defensible.evidence.freshness import State
from defensible.statistics.arrays import Floats
from defensible.statistics.schedule import Schedule, rank_correlation
from defensible.statistics.working_days import WorkingDays

REPEATED = (
    "freeze",
    "protocol",
    "data",
    "clinical-evidence",
    "generalization",
    "claims-defended",
)
"""What hangs from the intended use and is evidence, in its order."""
AGAIN = "again-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """How likely a late change is; None where nothing says."""

    value: float | None
    why: str


def with_repeats(remain: tuple[PlanTask, ...], declared: Plan) -> tuple[PlanTask, ...]:
    """The tasks, and the evidence done again between the evidence and what rests on it.

    Nothing is repeated where nothing rests on evidence any more.
    """
    resting = tuple(one for one in remain if _rests_on_evidence(one))
    if not resting:
        return remain
    others = tuple(one for one in remain if one not in resting)
    evidence = tuple(one.id for one in others if one.id in REPEATED)
    again = tuple(_again(kind, evidence, declared) for kind in REPEATED)
    last = again[-1].id
    return (*others, *again, *(replace(one, after=(*one.after, last)) for one in resting))


def _rests_on_evidence(one: PlanTask) -> bool:
    """Whether a repeat of the evidence would come before it: all but evidence itself."""
    if one.id in REPEATED:
        return False
    return one.owner is None or _follows(one.id)


def _follows(kind: str) -> bool:
    waited = WAITS_FOR.get(kind, ())
    return bool({"clinical-evidence", "claims-defended"} & set(waited)) or any(
        _follows(one) for one in waited
    )


def _again(kind: str, evidence: tuple[str, ...], declared: Plan) -> PlanTask:
    after = tuple(f"{AGAIN}{one}" for one in before(kind, list(REPEATED)))
    done = task(kind, [], after or evidence, declared)
    return replace(done, id=f"{AGAIN}{kind}", again=True)


def chance(assessment: Assessment, declared: Plan) -> Chance:
    """As declared, else from the standings of what is sealed.

    Of few results their share says little: Jeffreys' mean, half a result added to either side.
    """
    if declared.late_change is not None:
        return Chance(value=declared.late_change, why="as plan.yaml declares")
    standings = assessment.record.standings if assessment.record else ()
    sealed = [one for one in standings if one.state is not State.MISSING]
    if not sealed:
        return Chance(
            value=None,
            why="no result is sealed yet, so nothing here says how likely it is (declare "
            "`late_change` in plan.yaml)",
        )
    struck = [one for one in sealed if one.state in {State.EARLY, State.STALE}]
    names = f" ({', '.join(one.study for one in struck)})" if struck else ""
    value = (len(struck) + 0.5) / (len(sealed) + 1)
    return Chance(
        value=value,
        why=f"{len(struck)} of {len(sealed)} sealed results early or stale now{names}; "
        "half a result is added to either side",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """The ends without a late change and with one, in the same draws."""

    steady: Floats
    changed: Floats

    def expected(self, chance: float) -> Floats:
        """The mean end of each draw's durations: the change itself is not left to the draw."""
        mean: Floats = (1 - chance) * self.steady + chance * self.changed
        return mean


def both(
    tasks: tuple[PlanTask, ...], people: dict[str, int], days: WorkingDays, steady: Schedule
) -> Both:
    """The ends without and with the change; the same where nothing would be repeated."""
    if not any(one.again for one in tasks):
        return Both(steady=steady.finish, changed=steady.finish)
    changed = simulated(tasks, people, days, late_change=1.0)
    return Both(steady=steady.finish, changed=changed.finish)


def late(tasks: tuple[PlanTask, ...], known: Chance, ends: Both, found: Schedule) -> Late | None:
    """The dates without a late change and with one, beside the schedule at its chance."""
    repeats = [at for at, one in enumerate(tasks) if one.again]
    if not repeats:
        return None
    return Late(
        repeated=REPEATED,
        steady=spread(ends.steady),
        changed=spread(ends.changed),
        days=spread(ends.changed - ends.steady),
        chance=known.value,
        why=known.why,
        drive=rank_correlation(np.sum(found.durations[repeats], axis=0), found.finish),
        if_steady=float(ends.steady.mean()),
        if_changed=float(ends.changed.mean()),
    )
