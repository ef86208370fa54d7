"""Cases and lesions of a localization study in strata: by dimensions of cases, and of lesions.

A stratum of lesions (small ones) has its lesions, and all cases of the study for what a lesion's
dimension cannot part: a false mark has no size. So each stratum names the cases that it goes with.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from defensible.dossier.claims import Claim
from defensible.dossier.localization_study import LocalizationStudy
from defensible.evidence import crossed
from defensible.evidence.faults import Faults
from defensible.evidence.finding import OVERALL, SeenDimension, Stratum
from defensible.evidence.localized_cases import LocalizedCases
from defensible.evidence.strata import Grouping, grouping
from defensible.statistics.arrays import Ints
from defensible.statistics.grouped_runs import Codes

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One way to part lesions into strata, and the cases that go with each.

    Attributes
    ----------
    strata : tuple of Stratum
        One a group.
    lesions : int array, shape (n_lesions,)
        Stratum of each lesion.
    cases : int array, shape (n_cases,)
        Group of each case; groups of cases are as many as `n_case_groups`.
    at : int array, shape (n_strata,)
        The group of cases that goes with each stratum.
    of_lesions : bool
        The strata part lesions further than cases.
    """

    strata: tuple[Stratum, ...]
    lesions: Codes
    cases: Codes
    n_case_groups: int
    at: Ints
    of_lesions: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groupings:
    """All cases, then each dimension of cases and of lesions."""

    everyone: Grouping
    of_cases: tuple[Grouping, ...]
    of_lesions: tuple[Grouping, ...]

    @property
    def seen(self) -> tuple[SeenDimension, ...]:
        """What the data hold of each dimension."""
        return tuple(one.seen for one in (*self.of_cases, *self.of_lesions) if one.seen)


def groupings(study: LocalizationStudy, read: LocalizedCases, faults: Faults) -> Groupings:
    """Strata by each dimension; problems in `faults` where a column does not fit its dimension."""
    n = read.cases.truth.size
    by_case = [
        grouping(one, read.cases.frame, faults, ("dimensions", index))
        for index, one in enumerate(study.dimensions)
    ]
    frame = _lesion_columns(study, read)
    by_lesion = [
        grouping(one, frame, faults, ("lesion_dimensions", index))
        for index, one in enumerate(study.lesion_dimensions)
    ]
    return Groupings(
        everyone=Grouping(strata=(OVERALL,), codes=np.zeros(n, dtype=np.uint8)),
        of_cases=tuple(one for one in by_case if one is not None),
        of_lesions=tuple(_with_cases(one, read) for one in by_lesion if one is not None),
    )


def _lesion_columns(study: LocalizationStudy, read: LocalizedCases) -> "pl.DataFrame":
    import polars as pl

    columns = dict.fromkeys(one.column for one in study.lesion_dimensions)
    return pl.DataFrame([read.lesions.other(one) for one in columns])


def _with_cases(one: Grouping, read: LocalizedCases) -> Grouping:
    """The dimension with how many cases have a lesion of each level, and not how many lesions."""
    assert one.seen is not None  # noqa: S101 - a grouping by a dimension has seen it
    pairs = np.unique(np.stack([one.codes.astype(np.int64), read.lesions.case]), axis=1)
    n = np.bincount(pairs[0], minlength=len(one.seen.levels) + 1).tolist()
    levels = tuple((level, n[at]) for at, (level, _) in enumerate(one.seen.levels))
    return replace(one, seen=replace(one.seen, levels=levels, n_missing=n[len(levels)]))


def parts(read: LocalizedCases, of: Groupings) -> list[Part]:
    """All cases, each dimension of cases, each dimension of lesions."""
    return [
        *(_by_case(read, one) for one in (of.everyone, *of.of_cases)),
        *(_by_lesion(one, of.everyone, _all_cases(one)) for one in of.of_lesions),
    ]


def pairs(read: LocalizedCases, of: Groupings, claims: Sequence[Claim]) -> list[Part]:
    """Each two dimensions that one claim's scope names, level by level."""
    lifted = [_lifted(read, one) for one in of.of_cases]
    found = [_by_case(read, one) for one in crossed.pairs(claims, of.of_cases)]
    found += [
        _by_lesion(one, of.everyone, _all_cases(one))
        for one in crossed.pairs(claims, of.of_lesions)
    ]
    for one, whole in zip(lifted, of.of_cases, strict=True):
        for other in of.of_lesions:
            for both in crossed.pairs(claims, (one, other)):
                at = np.arange(len(both.strata)) // len(other.strata)
                found.append(_by_lesion(both, whole, at))
    return found


def _lifted(read: LocalizedCases, one: Grouping) -> Grouping:
    """Strata of cases as strata of their lesions."""
    return replace(one, codes=one.codes[read.lesions.case])


def _all_cases(one: Grouping) -> Ints:
    """Every stratum goes with the one group of all cases."""
    return np.zeros(len(one.strata), dtype=np.int64)


def _by_case(read: LocalizedCases, one: Grouping) -> Part:
    return Part(
        strata=one.strata,
        lesions=one.codes[read.lesions.case],
        cases=one.codes,
        n_case_groups=len(one.strata),
        at=np.arange(len(one.strata)),
        of_lesions=False,
    )


def _by_lesion(one: Grouping, cases: Grouping, at: Ints) -> Part:
    return Part(
        strata=one.strata,
        lesions=one.codes,
        cases=cases.codes,
        n_case_groups=len(cases.strata),
        at=at,
        of_lesions=True,
    )
