"""More than two reading conditions: the test that all are equal, and every pair of them."""

from itertools import combinations

from defensible.dossier.claims import MetricName, Multiplicity
from defensible.dossier.reader_study import ReaderStudy
from defensible.evidence.reader_differences import FIGURES, Taken
from defensible.evidence.reader_finding import Comparison, Equality
from defensible.evidence.readings import Readings
from defensible.statistics import multiplicity
from defensible.statistics.estimate import Estimate
from defensible.statistics.mrmc_inference import difference

_ADJUST = {
    Multiplicity.HOLM: multiplicity.holm,
    Multiplicity.BONFERRONI: multiplicity.bonferroni,
}
"""A fixed sequence is one of endpoints; pairs have no order."""


def equality(of: Readings, overall: dict[MetricName, Taken]) -> tuple[Equality, ...]:
    """The test of each figure; nothing with two conditions, where the difference is the test."""
    if len(of.conditions) < 3:
        return ()
    found = []
    for metric, one in overall.items():
        if metric not in FIGURES:
            continue
        test = one.analysis.equality if one.analysis is not None else None
        no_test = "no variance to test against"
        if one.analysis is None:
            no_test = one.why or "no joint test where patients have several cases"
        found.append(
            Equality(
                metric=metric.value,
                statistic=None if test is None else test.statistic,
                df=None if test is None else test.numerator_df,
                denominator_df=None if test is None else test.denominator_df,
                p=None if test is None else test.p,
                why=no_test if test is None else None,
            )
        )
    return tuple(found)


def comparisons(
    study: ReaderStudy, of: Readings, overall: dict[MetricName, Taken]
) -> tuple[Comparison, ...]:
    """Each later condition less each earlier one, in the order in which the plan names them."""
    if len(of.conditions) < 3:
        return ()
    pairs = list(combinations(range(len(of.conditions)), 2))
    found = []
    for metric, one in overall.items():
        if one.analysis is None:
            continue
        gaps = [
            difference(one.analysis, new=of.conditions[new], reference=of.conditions[against])
            for against, new in pairs
        ]
        adjusted = _adjusted(study, gaps)
        found += [
            Comparison(
                metric=metric.value,
                condition=of.written[new],
                against=of.written[against],
                difference=gap,
                p_adjusted=p,
            )
            for (against, new), gap, p in zip(pairs, gaps, adjusted, strict=True)
        ]
    return tuple(found)


def _adjusted(study: ReaderStudy, gaps: list[Estimate]) -> tuple[float | None, ...]:
    how = None if study.multiplicity is None else _ADJUST.get(study.multiplicity)
    if how is None:
        return (None,) * len(gaps)
    p = [1.0 if one.p is None else one.p for one in gaps]
    return how(p, alpha=1 - study.analysis.level).adjusted
