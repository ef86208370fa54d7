"""The widest scopes that the evidence supports: sets of levels that hold one by one and in pairs.

A scope takes one or more levels of every dimension of the claim. It is supported where each of its
levels is, and each pair of its levels of two dimensions. Take the supported levels as points, and
join two that are of one dimension or whose pair is supported: the widest scopes are the maximal
cliques that hold a level of every dimension (Bron and Kerbosch, with Tomita's pivot).

Since every cell is supported at the family-wise level, choosing among scopes after the fact costs
nothing more.

References
----------
Bron, Kerbosch. Communications of the ACM 1973;16:575-577.
Tomita, Tanaka, Takahashi. Theoretical Computer Science 2006;363:28-42.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from defensible.assessment.result import ScopeCell
from defensible.evidence.finding import Answer

Point = tuple[str, str]
"""A dimension and one of its levels."""
MOST_SCOPES = 20
"""Widest scopes that are given; past them the answer says that there are more."""
MOST_STEPS = 100_000
"""Cliques looked at; more can stand in data made for it, and one scope is enough to go on."""


def widest(
    dimensions: Sequence[str], singles: Sequence[ScopeCell], pairs: Sequence[ScopeCell]
) -> tuple[list[tuple[Point, ...]], bool]:
    """The widest supported scopes, those with most cases first, and whether there are more.

    Parameters
    ----------
    dimensions : sequence of str
        Every dimension that a scope must hold a level of.
    singles, pairs : sequences of ScopeCell
        Levels and pairs of levels, answered among all cells of the family.

    Notes
    -----
    Exponential in the worst case, as any listing of maximal cliques; it stops at `MOST_STEPS`.
    """
    points = [one.stratum.levels[0] for one in singles if _supported(one) and one.stratum.levels]
    joined = _joined(points, pairs)
    every = set(dimensions)
    cliques = list(islice(_maximal(joined), MOST_STEPS))
    whole = [one for one in cliques if {dimension for dimension, _ in one} == every]
    cases = {one.stratum.levels[0]: one.n_cases for one in singles if one.stratum.levels}
    order = {point: place for place, point in enumerate(points)}
    whole.sort(key=lambda one: (-_size(one, cases), sorted(order[point] for point in one)))
    ordered = [tuple(sorted(one, key=order.__getitem__)) for one in whole[:MOST_SCOPES]]
    return ordered, len(whole) > MOST_SCOPES or len(cliques) == MOST_STEPS


def _supported(cell: ScopeCell) -> bool:
    return cell.answer is Answer.SUPPORTED


def _joined(points: Sequence[Point], pairs: Sequence[ScopeCell]) -> Mapping[Point, set[Point]]:
    """For each supported level those that a scope may hold beside it."""
    supported = {frozenset(one.stratum.levels) for one in pairs if _supported(one)}
    return {
        one: {
            other
            for other in points
            if other != one and (other[0] == one[0] or frozenset((one, other)) in supported)
        }
        for one in points
    }


def _size(scope: frozenset[Point], cases: Mapping[Point, int]) -> int:
    """Cases of the dimension in which the scope holds fewest: it reaches no further than that."""
    by_dimension: dict[str, int] = {}
    for point in scope:
        by_dimension[point[0]] = by_dimension.get(point[0], 0) + cases.get(point, 0)
    return min(by_dimension.values(), default=0)


def _maximal(joined: Mapping[Point, set[Point]]) -> Iterator[frozenset[Point]]:
    """Every maximal clique; an explicit stack, so that many levels do not run out of depth."""
    if not joined:
        return
    stack = [(frozenset[Point](), set(joined), set[Point]())]
    while stack:
        clique, candidates, seen = stack.pop()
        if not candidates and not seen:
            yield clique
            continue
        pivot = max(candidates | seen, key=lambda one: len(candidates & joined[one]))
        later = set(seen)
        remaining = set(candidates)
        for point in candidates - joined[pivot]:
            stack.append((clique | {point}, remaining & joined[point], later & joined[point]))
            remaining = remaining - {point}
            later = later | {point}
