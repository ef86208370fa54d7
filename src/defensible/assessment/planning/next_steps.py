"""The three things to do next: what can begin now, most often decisive first."""

from collections.abc import Mapping

from defensible.assessment.planning.result import First, Step
from defensible.assessment.result import Assessment, Question, Row

MOST = 3
A_DAY = 1.0
SHOWS_IN = {"claims-defended": 2, "clinical-evidence": 3, "generalization": 4, "package": 8}
"""The row, regulatory, in which work that is foreseen will show its gaps."""


def next_steps(
    assessment: Assessment, steps: tuple[Step, ...], people: Mapping[str, int]
) -> tuple[First, ...]:
    """At most three tasks, in the order in which to do them.

    What waits for nothing comes first, that on the critical path before the rest; a task that waits
    only for those already chosen comes after them. A regulator's work is nobody's next step.
    """
    chosen: list[Step] = []
    left = [one for one in steps if one.task.owner is not None]
    while left and len(chosen) < MOST:
        ids = {one.task.id for one in chosen}
        ready = [one for one in left if set(one.task.after) <= ids]
        if not ready:
            break
        best = max(ready, key=lambda one: (len(set(one.task.after)) == 0, one.criticality))
        chosen.append(best)
        left.remove(best)
    return tuple(
        First(
            task=one.task.id,
            what=one.task.what,
            why="; ".join(_reasons(one, steps, people)),
            unlocks=_unlocks(assessment, one, steps),
        )
        for one in chosen
    )


def _reasons(step: Step, steps: tuple[Step, ...], people: Mapping[str, int]) -> list[str]:
    """When it can begin, how often the end waits for it, and what waits for it."""
    told = [_beginning(step, steps)]
    if step.criticality > 0:
        told.append(f"it is on the critical path in {step.criticality:.0%} of schedules")
    waiting = [
        one.task.id
        for one in steps
        if step.task.id in one.task.after and one.task.owner is not None
    ]
    if waiting:
        told.append(f"{', '.join(waiting)} {'waits' if len(waiting) == 1 else 'wait'} for it")
    alone = people.get(step.task.owner or "") == 1
    at_once = [one.task.id for one in _of_owner(step, steps) if 0 <= one.begins - step.ends < A_DAY]
    if alone and step.criticality > 0 and at_once and at_once[0] not in waiting:
        told.append(f"the {step.task.owner} does {at_once[0]} after it")
    return told


def _beginning(step: Step, steps: tuple[Step, ...]) -> str:
    if step.task.after:
        return f"it follows {', '.join(step.task.after)}"
    before = [one.task.id for one in _of_owner(step, steps) if one.begins < step.begins]
    if before:
        return f"it waits for no other work, but the {step.task.owner} does {before[-1]} first"
    return "it can begin now"


def _of_owner(step: Step, steps: tuple[Step, ...]) -> list[Step]:
    """The tasks of the same role, in their order."""
    return [one for one in steps if one.task.owner == step.task.owner]


def _unlocks(assessment: Assessment, step: Step, steps: tuple[Step, ...]) -> str:
    """The cells that it closes, and those of which other gaps remain or are to be expected."""
    mine = set(step.task.gaps)
    foreseen = {SHOWS_IN.get(one.task.id) for one in steps if not one.task.gaps}
    told = []
    for row in assessment.rows:
        for question in ("engineering", "regulatory"):
            gaps = {
                one.id
                for one in assessment.gaps
                if one.row == row.number and one.question == question
            }
            if not gaps & mine:
                continue
            more = question == "regulatory" and row.number in foreseen
            told.append(f"{_cell(row, question)}: {_share(len(gaps & mine), len(gaps), more=more)}")
    return "; ".join(told)


def _cell(row: Row, question: Question) -> str:
    """`row 8 (who decides), regulatory`."""
    return f"row {row.number} ({row.dimension[:1].lower()}{row.dimension[1:]}), {question}"


def _share(closed: int, n: int, *, more: bool) -> str:
    if closed < n:
        return f"{closed} of {n} gaps"
    return "all its gaps so far, more are foreseen" if more else "its last gaps"
