"""The minimum of each cell of a claim's scope, held against what is there: level by level, by pair.

All cells that the claim will test count, also those without a case yet. Under a fixed sequence each
step has its own level; else all cells share Bonferroni's, which Holm's steps never exceed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from defensible.assessment.planning import accuracy, agreement
from defensible.assessment.planning.asked import Asked
from defensible.assessment.planning.needed import CellNeeded, Needed
from defensible.assessment.result import OVERALL_DIMENSION, Assessment, ClaimScope, ScopeCell
from defensible.dossier.claims import PAIR, Claim, Multiplicity
from defensible.evidence.finding import Finding

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
    sized = agreement.sized if of.metric.of_agreement else accuracy.sized
    for step in _steps(claim, tested):
        level = 1 - (1 - of.level) / len(step.cells)
        line = sized(of, step.name, level, _why(step))
        cells = tuple(_cell(one, line, there) for one in step.cells) if line.power else ()
        yield replace(line, sensitivity=(), cells=cells)


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
    cell: ScopeCell, line: Needed, there: dict[frozenset[tuple[str, str]], Finding]
) -> CellNeeded:
    found = there.get(frozenset(cell.stratum.levels))
    measured = found.measurement if found else None
    diseased, healthy, cases = (
        (measured.n_diseased, measured.n_healthy, measured.n_cases) if measured else (0, 0, 0)
    )
    mixed = line.n_cases if line.n_cases is not None else line.n_patients
    if measured is not None and line.n_patients is not None and measured.estimate is not None:
        cases = measured.estimate.n_clusters or cases
    return CellNeeded(
        name=cell.name,
        answer=cell.answer,
        there_diseased=None if line.n_diseased is None else diseased,
        there_healthy=None if line.n_healthy is None else healthy,
        there_others=None if mixed is None else cases,
        short_diseased=_short(line.n_diseased, diseased),
        short_healthy=_short(line.n_healthy, healthy),
        short_others=_short(mixed, cases),
    )


def _short(needed: int | None, there: int) -> int | None:
    return None if needed is None else max(needed - there, 0)
