"""One test a dimension: whether the gain is the same at all of its levels."""

from collections.abc import Callable
from itertools import groupby

import numpy as np

from defensible.dossier.claims import MetricName
from defensible.dossier.reader_study import ReaderAnalysis, Sample
from defensible.evidence.faults import names
from defensible.evidence.reader_differences import FIGURES, Part, covariance, repeated
from defensible.evidence.reader_finding import JointInteraction
from defensible.evidence.reader_interactions import Level, joined, of_part, table
from defensible.evidence.readings import Readings
from defensible.evidence.strata import NOT_KNOWN
from defensible.statistics import joint_interaction
from defensible.statistics.mrmc_inference import EqualityTest
from defensible.statistics.strata_differences import Strata

_RANDOM = (Sample.RANDOM, Sample.RANDOM)
_OF_CASES: dict[tuple[Sample, Sample], Callable[[Strata], EqualityTest | None]] = {
    _RANDOM: joint_interaction.of_cases,
    (Sample.FIXED, Sample.RANDOM): joint_interaction.of_cases_by_these_readers,
    (Sample.RANDOM, Sample.FIXED): joint_interaction.of_these_cases,
}


def joint(
    of: Readings, levels: list[Level], metrics: list[MetricName], plan: ReaderAnalysis
) -> tuple[JointInteraction, ...]:
    """Each dimension with two known levels or more, for each figure."""
    found = []
    known = [one for one in levels if one.stratum.levels[0][1] != NOT_KNOWN]
    for dimension, group in groupby(known, key=lambda one: one.stratum.levels[0][0]):
        here = list(group)
        if len(here) < 2:
            continue
        figures = [one for one in metrics if one in FIGURES]
        found += [_tested(of, dimension, here, metric, plan) for metric in figures]
    return tuple(found)


def _tested(
    of: Readings, dimension: str, levels: list[Level], metric: MetricName, plan: ReaderAnalysis
) -> JointInteraction:
    by = _of_readers if levels[0].of_readers else _of_cases
    try:
        test, used = by(of, levels, metric, plan)
        why = None if test is not None else "there is no variance to test against"
    except ValueError as error:
        test, used, why = None, [], str(error)
    absent = [name for one in levels if (name := one.stratum.levels[0][1]) not in used]
    if absent and test is not None:
        why = f"without {names(absent)}, where there are too few"
    return JointInteraction(
        metric=metric.value,
        dimension=dimension,
        levels=tuple(used),
        statistic=test.statistic if test else None,
        df=test.numerator_df if test else None,
        denominator_df=test.denominator_df if test else None,
        p=test.p if test else None,
        why=why,
    )


def _of_readers(
    of: Readings, levels: list[Level], metric: MetricName, plan: ReaderAnalysis
) -> tuple[EqualityTest | None, list[str]]:
    some = [one for one in levels if one.part.readers.any()]
    inside = np.any([one.part.readers for one in some], axis=0)
    group = np.zeros(inside.size, dtype=np.int64)
    for code, one in enumerate(some):
        group[one.part.readers] = code
    part = Part(readers=inside, cases=levels[0].part.cases)
    there = table(of, part, metric)
    errors = covariance(metric, there, repeated(of, there))
    used = [one.stratum.levels[0][1] for one in some]
    if plan.readers is Sample.FIXED:
        return joint_interaction.of_these_readers(errors, group[inside]), used
    if not there.crossed and plan.cases is Sample.RANDOM:
        return joint_interaction.of_readers_with_gaps(errors, group[inside]), used
    differences = errors.values[1] - errors.values[0]
    return joint_interaction.of_readers(differences, group[inside]), used


def _of_cases(
    of: Readings, levels: list[Level], metric: MetricName, plan: ReaderAnalysis
) -> tuple[EqualityTest | None, list[str]]:
    parts, used = [], []
    for one in levels:
        try:
            parts.append(of_part(of, one.part, metric))
        except ValueError:
            continue  # too few cases of a class: named as left out
        used.append(one.stratum.levels[0][1])
    if len(parts) < 2:
        raise ValueError("fewer than two levels hold enough cases of both classes")
    return _OF_CASES[plan.readers, plan.cases](joined(parts)), used
