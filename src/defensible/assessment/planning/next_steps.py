"""The three things to do next: what can begin now, most often decisive first."""

from defensible.assessment.planning.result import First, Step
from defensible.assessment.result import Assessment

MOST = 3


def next_steps(assessment: Assessment, steps: tuple[Step, ...]) -> tuple[First, ...]:
    """At most three tasks, in the order in which to do them.

    What waits for nothing comes first, that on the critical path before the rest; a task that waits
    only for those already chosen comes after them. A regulator's review is nobody's next step.
    """
    chosen: list[Step] = []
    left = [one for one in steps if one.task.owner is not None]
    while left and len(chosen) < MOST:
        ids = {one.task.id for one in chosen}
        ready = [one for one in left if set(one.task.after) <= ids]
        best = max(ready, key=lambda one: (len(set(one.task.after)) == 0, one.criticality))
        chosen.append(best)
        left.remove(best)
    return tuple(_first(assessment, one, steps) for one in chosen)


def _first(assessment: Assessment, step: Step, steps: tuple[Step, ...]) -> First:
    waiting = [one.task.id for one in steps if step.task.id in one.task.after and one.task.gaps]
    why = "it can begin now" if not step.task.after else f"it follows {', '.join(step.task.after)}"
    if step.criticality > 0:
        why += f"; it is on the critical path in {step.criticality:.0%} of schedules"
    if waiting:
        why += f"; {', '.join(waiting)} {'waits' if len(waiting) == 1 else 'wait'} for it"
    return First(
        task=step.task.id, what=step.task.what, why=why, unlocks=_unlocks(assessment, step)
    )


def _unlocks(assessment: Assessment, step: Step) -> str:
    """The cells that it closes, and those of which other gaps remain."""
    mine = set(step.task.gaps)
    told = []
    for row in assessment.rows:
        for question in ("engineering", "regulatory"):
            gaps = {
                one.id
                for one in assessment.gaps
                if one.row == row.number and one.question == question
            }
            if gaps & mine:
                rest = len(gaps - mine)
                told.append(
                    f"row {row.number}, {question}: "
                    + ("its last gaps" if not rest else f"{len(gaps & mine)} of {len(gaps)} gaps")
                )
    return "; ".join(told)
