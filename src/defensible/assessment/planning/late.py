"""What drafting or changing the intended use late costs: the work that is then done again.

The chance is what the ledger shows of this dossier now, not an experience of others: the share of
sealed results that came before the freeze, or that a change made stale.
"""

from defensible.assessment.planning.result import Late, PlanTask, Range
from defensible.assessment.planning.simulated import simulated, spread
from defensible.assessment.result import Assessment
from defensible.dossier.plan import Plan
from defensible.evidence.freshness import State
from defensible.regulation.durations import durations

REPEATED = ("protocol", "data", "clinical-evidence", "generalization", "claims-defended")
"""What hangs from the intended use and is evidence."""


def late(
    assessment: Assessment, remain: tuple[PlanTask, ...], people: dict[str, int], declared: Plan
) -> Late:
    """The days that a change after the evidence would add, and how often it is seen here."""
    chance, why = _chance(assessment)
    return Late(repeated=REPEATED, days=_days(remain, people, declared), chance=chance, why=why)


def _days(remain: tuple[PlanTask, ...], people: dict[str, int], declared: Plan) -> Range:
    """The repeated kinds in a row of their dependencies, as a schedule of their own."""
    known = {one.id: one for one in remain}
    again: list[PlanTask] = []
    for kind in REPEATED:
        default, own = durations().of(kind), declared.durations.get(kind)
        points = own or default
        again.append(
            PlanTask(
                id=kind,
                what=kind,
                gaps=(),
                owner=known[kind].owner
                if kind in known
                else declared.owners.get(kind, default.role),
                low=points.low,
                likely=points.likely,
                high=points.high,
                source="",
                after=_after(kind),
            )
        )
    there = {member.role: member.people for member in declared.team}
    roles = {one.owner: there.get(one.owner, 1) for one in again if one.owner is not None}
    return spread(simulated(tuple(again), {**roles, **people}).finish)


def _after(kind: str) -> tuple[str, ...]:
    return {
        "data": ("protocol",),
        "clinical-evidence": ("data",),
        "generalization": ("data",),
        "claims-defended": ("clinical-evidence", "generalization"),
    }.get(kind, ())


def _chance(assessment: Assessment) -> tuple[float | None, str]:
    standings = assessment.record.standings if assessment.record else ()
    sealed = [one for one in standings if one.state is not State.MISSING]
    if not sealed:
        return None, "no result is sealed yet, so nothing here says how often"
    struck = [one for one in sealed if one.state in {State.EARLY, State.STALE}]
    names = f" ({', '.join(one.study for one in struck)})" if struck else ""
    return len(struck) / len(sealed), (
        f"{len(struck)} of {len(sealed)} sealed results early or stale now{names}"
    )
