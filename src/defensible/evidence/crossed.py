"""How many cases two dimensions share, level by level: where a subgroup hides behind its margins.

Counts only. A hospital with enough cases, and enough women in all, can still have six women.
"""

from collections.abc import Sequence
from itertools import combinations

from defensible.evidence.cases import Cases
from defensible.evidence.finding import Crossed, Stratum
from defensible.evidence.strata import Grouping
from defensible.statistics import grouped

MOST_CELLS = 10_000
"""Pairs of dimensions with more cells than this are left out; so many say nothing one by one."""


def crossed(cases: Cases, groupings: Sequence[Grouping]) -> tuple[Crossed, ...]:
    """Diseased and healthy cases in each pair of levels of two dimensions; O(n) a pair."""
    found: list[Crossed] = []
    for one, other in combinations([each for each in groupings if each.seen], 2):
        n_one, n_other = len(one.strata), len(other.strata)
        if n_one * n_other > MOST_CELLS:
            continue
        both = one.codes * n_other + other.codes
        confusion = grouped.rates(cases.truth, cases.truth, both, n_one * n_other)
        diseased, healthy = confusion.n_diseased.tolist(), confusion.n_healthy.tolist()
        strata = [(first, second) for first in one.strata for second in other.strata]
        found += [
            Crossed(
                stratum=Stratum(levels=(*first.levels, *second.levels)),
                n_diseased=n_diseased,
                n_healthy=n_healthy,
            )
            for (first, second), n_diseased, n_healthy in zip(
                strata, diseased, healthy, strict=True
            )
        ]
    return tuple(found)
