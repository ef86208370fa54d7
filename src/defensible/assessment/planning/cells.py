"""The minimum of each cell of a claim's scope, held against what is there: level by level, by pair.

All cells that the claim will test count, also those without a case yet. Under a fixed sequence each
step has its own level; else all cells share Bonferroni's, which Holm's steps never exceed. A cell
is sized at what `plan.yaml` expects at its level, else at what is expected over all cases. What was
measured there stands beside it and replaces neither: of many levels with few cases some come out
low by chance.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from defensible.assessment.planning import accuracy, agreement, localization
from defensible.assessment.planning.asked import Asked
from defensible.assessment.planning.needed import CellNeeded, Needed
from defensible.assessment.result import OVERALL_DIMENSION, Assessment, ClaimScope, ScopeCell
from defensible.dossier.claims import PAIR, Claim, Multiplicity
from defensible.evidence.finding import Finding
from defensible.statistics.estimate import Estimate

CELLS = "each cell of the scope"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """Cells that share a level."""

    name: str
    cells: tuple[ScopeCell, ...]


def minimums(
    assessment: Assessment, claim: Claim, scope: ClaimScope | None, of: Asked
) -> Iterator[Needed]:
    """A line for each step of the family, with its cells; none where there is one cell or none."""
    tested = _tested(scope)
    if len(tested) < 2:
        return
    there = _there(assessment, of)
    unused = _unused(of, tested)
    for step in _steps(claim, tested):
        level = 1 - (1 - of.level) / len(step.cells)
        line = _sized(of, step.name, level, f"{_why(step)}{unused}")
        cells = tuple(_cell(one, of, line, there) for one in step.cells) if line.power else ()
        yield replace(line, sensitivity=(), cells=cells)


def _sized(of: Asked, part: str, level: float, why: str) -> Needed:
    if of.metric.of_localization:
        return localization.sized(of, part, level, why)
    sized = agreement.sized if of.metric.of_agreement else accuracy.sized
    return sized(of, part, level, why)


def _tested(scope: ClaimScope | None) -> tuple[ScopeCell, ...]:
    """Levels and pairs of levels; the claim as a whole and the site not yet seen stand outside."""
    if scope is None:
        return ()
    return tuple(
        one
        for one in (*scope.cells, *scope.pairs)
        if one.dimension != OVERALL_DIMENSION and one.stratum.levels
    )


def _steps(claim: Claim, tested: tuple[ScopeCell, ...]) -> Iterator[_Step]:
    if claim.multiplicity is not Multiplicity.FIXED_SEQUENCE:
        yield _Step(name=CELLS, cells=tested)
        return
    named = {frozenset(step.split(PAIR)): step for step in claim.order}
    by_step: dict[str, list[ScopeCell]] = {step: [] for step in (*claim.order, "")}
    for one in tested:
        by_step[named.get(frozenset(one.dimension.split(PAIR)), "")].append(one)
    for step, cells in by_step.items():
        if cells:
            yield _Step(name=f"each cell of {step or 'the last step'}", cells=tuple(cells))


def _why(step: _Step) -> str:
    n = len(step.cells)
    dimension, most = Counter(one.dimension for one in step.cells).most_common(1)[0]
    said = f"Bonferroni over {n} cells tested together" if n > 1 else "one cell in its step"
    return f"{said}; {dimension} alone has {most} such cells" if most > 1 else said


def _there(assessment: Assessment, of: Asked) -> dict[frozenset[tuple[str, str]], Finding]:
    """The finding with most cases of each stratum, whichever study has it."""
    found: dict[frozenset[tuple[str, str]], Finding] = {}
    for result in assessment.results:
        for one in (*result.findings, *result.pairs):
            if one.claim == of.claim and one.measurement.metric is of.metric:
                key = frozenset(one.measurement.stratum.levels)
                best = found.get(key)
                if best is None or one.measurement.n_cases > best.measurement.n_cases:
                    found[key] = one
    return found


def _cell(
    cell: ScopeCell,
    of: Asked,
    line: Needed,
    there: dict[frozenset[tuple[str, str]], Finding],
) -> CellNeeded:
    found = there.get(frozenset(cell.stratum.levels))
    measured = found.measurement if found else None
    diseased, healthy, cases = (
        (measured.n_diseased, measured.n_healthy, measured.n_cases) if measured else (0, 0, 0)
    )
    if measured is not None and line.n_patients is not None and measured.estimate is not None:
        cases = measured.estimate.n_clusters or cases
    expected, where = _expected(of, cell)
    own = _at(of, line, expected) if where else line
    seen = measured.estimate if measured else None
    doubted = seen is not None and _worse(of, seen, expected)
    if_measured = _at(of, line, seen.value) if doubted and seen else None
    return CellNeeded(
        name=cell.name,
        answer=cell.answer,
        there_diseased=None if line.n_diseased is None else diseased,
        there_healthy=None if line.n_healthy is None else healthy,
        there_others=None if _others(line) is None else cases,
        short_diseased=_short(own.n_diseased, diseased),
        short_healthy=_short(own.n_healthy, healthy),
        short_others=_short(_others(own), cases),
        expected=expected,
        expected_at=where,
        needed_diseased=own.n_diseased,
        needed_healthy=own.n_healthy,
        needed_others=_others(own),
        measured=None if seen is None else seen.value,
        low=None if seen is None else seen.low,
        high=None if seen is None else seen.high,
        doubted=doubted,
        if_measured=None if if_measured is None else _most(if_measured),
    )


def _expected(of: Asked, cell: ScopeCell) -> tuple[float, str]:
    """What is expected there and the level of the plan that says so: of a pair, the worse one."""
    declared = {one.of: one.expected for one in of.plan.expected_at}
    found = [
        (declared[one][of.metric], f"{one[0]} {one[1]}")
        for one in cell.stratum.levels
        if of.metric in declared.get(one, {})
    ]
    if not found:
        return of.expected or 0.0, ""
    return min(found) if of.goal.above is not None else max(found)


def _at(of: Asked, line: Needed, expected: float) -> Needed:
    """The minimum of the line's step, were this true."""
    other = replace(of, expected=expected)
    return _sized(other, line.part, line.level or of.level, "")


def _worse(of: Asked, seen: Estimate, expected: float) -> bool:
    """Whether the whole interval lies on the goal's side of what is expected."""
    if seen.low == seen.high:
        return False
    return seen.high < expected if of.goal.above is not None else seen.low > expected


def _unused(of: Asked, tested: tuple[ScopeCell, ...]) -> str:
    """Levels of the plan that are none of the cells', so that no name is passed over."""
    known = {level for one in tested for level in one.stratum.levels}
    told = [
        f"; plan.yaml expects it at {one.dimension} {one.level}, which is no level tested here"
        for one in of.plan.expected_at
        if of.metric in one.expected and one.of not in known
    ]
    return "".join(told)


def _others(line: Needed) -> int | None:
    return line.n_cases if line.n_cases is not None else line.n_patients


def _most(line: Needed) -> int | None:
    """Cases of the metric's own class; of an AUC of each."""
    counts = (line.n_diseased, line.n_healthy, line.n_cases, line.n_patients)
    return max((one for one in counts if one is not None), default=None)


def _short(needed: int | None, there: int) -> int | None:
    return None if needed is None else max(needed - there, 0)
