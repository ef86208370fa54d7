"""What drafting or changing the intended use late costs: the work that is then done again.

It is part of the schedule: evidence done again comes after the evidence and before what rests on
it, in as many schedules as its chance says. The chance is declared, or else what the ledger shows
of this dossier, and not an experience of others: how often its intended use did not outlive the
evidence that was sealed under it.
"""

from dataclasses import dataclass, replace

import numpy as np

from defensible.assessment.gaps import WAITS_FOR
from defensible.assessment.planning.result import Late, PlanTask
from defensible.assessment.planning.sealed_anew import stretches
from defensible.assessment.planning.simulated import simulated, spread
from defensible.assessment.planning.tasks import REVIEW, before, task
from defensible.assessment.result import Assessment
from defensible.dossier.plan import Plan
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
    return one.id.startswith(REVIEW) or _follows(one.id)


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
    """As declared, else from the freezes and runs of the ledger.

    Of few stretches their share says little: Jeffreys' mean, half a one added to either side.
    """
    if declared.late_change is not None:
        return Chance(value=declared.late_change, why="as plan.yaml declares")
    seen = stretches(assessment.record, assessment.dossier.root) if assessment.record else None
    if seen is None or not seen.n:
        return Chance(
            value=None,
            why="no result is sealed yet, so nothing here says how likely it is (declare "
            "`late_change` in plan.yaml)",
        )
    return Chance(
        value=(seen.n_changed + 0.5) / (seen.n + 1),
        why=f"by the ledger, {seen.n_changed} of {seen.n} "
        f"{'stretch' if seen.n == 1 else 'stretches'} with evidence ended in an intended use that "
        "was frozen for the first time, or changed; half a one is added to either side",
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
