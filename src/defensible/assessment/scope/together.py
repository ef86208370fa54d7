"""The cells of one claim held against each other: simultaneous inference over a family.

1. A cell's p-value is that of its worst endpoint, since every endpoint must clear its goal (an
   intersection-union test); an endpoint that several studies measured counts once a study.
2. The levels and pairs of a claim are one family. Holm or Bonferroni, or where the claim declares
   an order, each step by Holm once all cells of the steps before are supported.
3. A cell that fails needs no adjustment: calling it failed is the careful side. The claim as a
   whole is each study's own question and stands outside the family.

Alpha is one-sided, half of what the studies' intervals leave out, so that a family of one cell
agrees with its interval.

References
----------
Berger. Technometrics 1982;24:295-300 (intersection-union tests).
Holm. Scandinavian Journal of Statistics 1979;6:65-70.
Westfall, Krishen. J Statistical Planning and Inference 2001;99:25-40 (serial gates).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from defensible.assessment.result import Family, ScopeCell, Simultaneous
from defensible.assessment.scope.cells import Found, endpoints
from defensible.dossier.claims import PAIR, Claim, Multiplicity
from defensible.dossier.studies import Analysis
from defensible.evidence import further, further_read, marks_tail, one_tail
from defensible.evidence.finding import Answer, Finding
from defensible.statistics import multiplicity


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a claim's family is tested."""

    analyses: dict[str, Analysis]
    """Analysis plan of each study that has one of its own."""
    alpha: float


def together(
    of: Found, cells: Sequence[ScopeCell], plan: Plan
) -> tuple[Family, tuple[ScopeCell, ...]]:
    """The family, and its cells with the answers that hold among all of them.

    Parameters
    ----------
    of : Found
        The findings of the claim.
    cells : sequence of ScopeCell
        Levels and pairs of levels, each with the answer of its own intervals.
    plan : Plan
        Alpha and the studies' analyses.

    Notes
    -----
    O(m log m) for m cells, and an interval for each endpoint of each.
    """
    alone = [_p(of, one) for one in cells]
    adjusted, method = _adjusted(of.claim, cells, alone, plan.alpha)
    n_tested = sum(p is not None for p in alone)
    family = Family(method=method, n_tested=n_tested, alpha=plan.alpha, order=of.claim.order)
    level = 1 - 2 * plan.alpha / max(n_tested, 1)
    return family, tuple(
        _held(of, one, (p, adj), family, plan, level)
        for one, p, adj in zip(cells, alone, adjusted, strict=True)
    )


def _p(of: Found, cell: ScopeCell) -> float | None:
    """The cell's own p-value; None where an endpoint was not estimated there."""
    worst = 0.0
    for found in endpoints(of, cell.stratum):
        known = [one.p for one in found if one.p is not None]
        if not known:
            return None
        worst = max(worst, min(1.0, min(known) * len(known)))
    return worst


def _adjusted(
    claim: Claim, cells: Sequence[ScopeCell], alone: Sequence[float | None], alpha: float
) -> tuple[list[float | None], str]:
    """Each cell's p-value among all, and the name of the procedure."""
    if claim.multiplicity is Multiplicity.FIXED_SEQUENCE:
        return _in_order(claim.order, cells, alone, alpha), "serial gatekeeping, Holm"
    bonferroni = claim.multiplicity is Multiplicity.BONFERRONI
    found = _stepped(alone, alpha, bonferroni=bonferroni)
    return found, "Bonferroni" if bonferroni else "Holm"


def _stepped(
    alone: Sequence[float | None], alpha: float, *, bonferroni: bool = False
) -> list[float | None]:
    known = [p for p in alone if p is not None]
    if not known:
        return [None] * len(alone)
    procedure = multiplicity.bonferroni if bonferroni else multiplicity.holm
    given = iter(procedure(known, alpha=alpha).adjusted)
    return [None if p is None else next(given) for p in alone]


def _in_order(
    order: Sequence[str],
    cells: Sequence[ScopeCell],
    alone: Sequence[float | None],
    alpha: float,
) -> list[float | None]:
    """Steps in their order, what no step names last; a step waits for all cells of those before."""
    place = {name: index for index, name in enumerate(order)}
    step_of = [place.get(_name(one, place), len(order)) for one in cells]
    adjusted: list[float | None] = [None] * len(cells)
    gate = 0.0
    for step in range(len(order) + 1):
        here = [index for index, at in enumerate(step_of) if at == step]
        found = _stepped([alone[index] for index in here], alpha)
        for index, p in zip(here, found, strict=True):
            adjusted[index] = None if p is None else max(p, gate)
        gate = max([gate, *(1.0 if p is None else p for p in found)])
    return adjusted


def _name(cell: ScopeCell, known: dict[str, int]) -> str:
    """The step of a cell: its dimension, or its two in the order that the claim writes."""
    turned = PAIR.join(reversed(cell.dimension.split(PAIR)))
    return turned if turned in known else cell.dimension


def _held(
    of: Found,
    cell: ScopeCell,
    p: tuple[float | None, float | None],
    family: Family,
    plan: Plan,
    level: float,
) -> ScopeCell:
    alone, adjusted = p
    shown = adjusted is not None and adjusted <= family.alpha
    unshown = cell.answer is Answer.SUPPORTED and not shown
    answer = Answer.INCONCLUSIVE if unshown else cell.answer
    found = [one for ones in endpoints(of, cell.stratum) for one in ones]
    undecided = answer is Answer.INCONCLUSIVE
    cases, readers = _further(found, plan, level) if undecided else (None, None)
    return replace(
        cell,
        answer=answer,
        why=_why(cell, adjusted, family) if unshown else cell.why,
        p=alone,
        adjusted_p=adjusted,
        further=cases,
        further_readers=readers,
        simultaneous=tuple(_intervals(found, plan, level)),
    )


def _why(cell: ScopeCell, adjusted: float | None, family: Family) -> str:
    told = "" if adjusted is None else f", adjusted p {adjusted:.3f}"
    return (
        f"{cell.n_cases} cases: clears its goals alone, not among {family.n_tested} cells together "
        f"({family.method}{told}, one-sided alpha {family.alpha:g})"
    )


def _further(found: list[Finding], plan: Plan, level: float) -> tuple[int | None, int | None]:
    """The most cases, and readers, that any endpoint needs; None where one would not be settled."""
    cases: list[int | None] = []
    readers: list[int | None] = []
    for one in found:
        analysis = plan.analyses.get(one.study)
        of_marks = one.measurement.metric.of_localization
        known_how = of_marks or analysis is not None or one.split is not None
        if one.answer is Answer.FAILED or not known_how:
            continue
        if one.p is not None and one.p <= (1 - level) / 2:
            continue
        if of_marks:
            cases.append(marks_tail.further(one.measurement, one.goal, level=level))
            readers.append(None)
        elif analysis is not None:
            cases.append(further.further(one.measurement, one.goal, analysis, level=level))
            readers.append(None)
        else:
            read = further_read.further(one.measurement, one.goal, one.split, level=level)
            cases.append(None if read is None else read.cases)
            readers.append(None if read is None else read.readers)
    return _most(cases), _most(readers)


def _most(needed: list[int | None]) -> int | None:
    known = [one for one in needed if one is not None]
    return max(known) if known and len(known) == len(needed) else None


def _intervals(found: list[Finding], plan: Plan, level: float) -> list[Simultaneous]:
    intervals = []
    for one in found:
        analysis = plan.analyses.get(one.study)
        if one.measurement.metric.of_localization:
            limits = marks_tail.at_level(one.measurement, level)
        elif analysis:
            limits = one_tail.at_level(one.measurement, analysis, level)
        else:
            limits = one_tail.by_t(one.measurement, level)
        if limits is not None:
            intervals.append(
                Simultaneous(
                    study=one.study,
                    metric=one.measurement.metric,
                    goal=one.goal,
                    low=limits[0],
                    high=limits[1],
                    level=level,
                    condition=one.condition,
                    against=one.against,
                )
            )
    return intervals
