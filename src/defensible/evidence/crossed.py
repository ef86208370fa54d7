"""Where two dimensions meet, level by level: where a subgroup hides behind its margins.

A hospital with enough cases, and enough women in all, can still have six women.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from defensible.dossier.claims import Claim
from defensible.evidence.cases import Cases
from defensible.evidence.finding import Crossed, Stratum
from defensible.evidence.strata import Grouping
from defensible.statistics.grouped_runs import Codes, two_by_two

MOST_CELLS = 10_000
"""Pairs of dimensions with more cells than this are left out; so many say nothing one by one."""


def crossed(cases: Cases, groupings: Sequence[Grouping]) -> tuple[Crossed, ...]:
    """Diseased and healthy cases in each pair of levels of two dimensions; O(n) a pair."""
    found: list[Crossed] = []
    for one, other in combinations([each for each in groupings if each.seen], 2):
        n_one, n_other = len(one.strata), len(other.strata)
        if n_one * n_other > MOST_CELLS:
            continue
        everyone = np.ones_like(cases.truth)
        counts = two_by_two(_codes(one, other), cases.truth, everyone, n_one * n_other)
        healthy, diseased = counts[:, 1].tolist(), counts[:, 3].tolist()
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


def pairs(claims: Sequence[Claim], groupings: Sequence[Grouping]) -> Iterator[Grouping]:
    """A grouping by level and level for each two dimensions that one claim's scope names.

    One at a time: each holds a code for every case.
    """
    named = [one for one in groupings if one.seen is not None]
    for one, other in combinations(named, 2):
        both = {_name(one), _name(other)}
        if len(one.strata) * len(other.strata) <= MOST_CELLS and any(
            both <= claim.scope.keys() for claim in claims
        ):
            yield _pair(one, other)


def _name(grouping: Grouping) -> str:
    return grouping.seen.name if grouping.seen else ""


def _pair(one: Grouping, other: Grouping) -> Grouping:
    strata = tuple(
        Stratum(levels=(*first.levels, *second.levels))
        for first in one.strata
        for second in other.strata
    )
    return Grouping(strata=strata, codes=_codes(one, other))


def _codes(one: Grouping, other: Grouping) -> Codes:
    """Index of each case's pair of strata, in as few bytes as hold it."""
    width = np.min_scalar_type(len(one.strata) * len(other.strata))
    codes = one.codes.astype(width)
    codes *= width.type(len(other.strata))
    codes += other.codes.astype(width)
    return codes
