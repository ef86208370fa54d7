"""What the variance of a measure of readers is due to: readers, cases, and what is between them.

Each split is that of the analysis behind the measure: over the same conditions, with patients in
place of cases where some have several, and scaled to the measure's own standard error.
"""

from typing import Any

import numpy as np

from defensible.dossier.claims import MetricName
from defensible.dossier.reader_study import ReaderAnalysis, ReaderStudy, Sample
from defensible.evidence import automation, reader_agreement, readings
from defensible.evidence.finding import Measurement
from defensible.evidence.reader_differences import Part, Taken
from defensible.evidence.reader_intervals import spread_of
from defensible.evidence.readings import AIDED, UNAIDED, Readings
from defensible.statistics import variance_split
from defensible.statistics.estimate import Estimate
from defensible.statistics.mrmc_inference import MrmcResult
from defensible.statistics.split import Split
from defensible.statistics.standalone_reader import StandaloneComparison
from defensible.statistics.two_way_spread import Ratio
from defensible.statistics.variance_components import ObuchowskiRockette


def split(
    study: ReaderStudy,
    of: Readings,
    measurement: Measurement,
    part: Part,
    taken: Taken | None,
    pair: tuple[int, int] = (UNAIDED, AIDED),
) -> Split | None:
    """Of any measure on a part of the study; `taken` where it is a difference of a figure or time.

    `pair` is the condition held against and the one that is. None where it has no variance.
    """
    metric, two = measurement.metric, readings.pair(of, *pair)
    if taken is not None:
        return of_difference(taken, of, part, study.analysis, pair)
    if metric in reader_agreement.COEFFICIENTS:
        return of_agreement(metric, two, part, study.analysis)
    return of_bias(metric, study, two, part, measurement.estimate)


def of_difference(
    one: Taken,
    of: Readings,
    part: Part,
    plan: ReaderAnalysis,
    pair: tuple[int, int] = (UNAIDED, AIDED),
) -> Split | None:
    """Of a difference between two conditions; None where it has no variance."""
    estimate = one.estimate
    if estimate is None or not estimate.se:
        return None
    if one.alone is not None:
        return _anchored(_of_device(one.alone, plan, estimate.se**2, units(of, part)), estimate)
    if one.analysis is None:
        return of_ratios(one.ratios, of, part, plan, estimate)
    names, n = (of.conditions[pair[0]], of.conditions[pair[1]]), units(of, part)
    return _anchored(_of_analysis(one.analysis, names, plan, estimate.se**2, n), estimate)


def of_bias(
    metric: MetricName, study: ReaderStudy, of: Readings, part: Part, estimate: Estimate | None
) -> Split | None:
    """Of a measure of automation bias."""
    if estimate is None or not estimate.se:
        return None
    ratios = automation.ratios(metric, study, automation.pairs(of, part))
    return of_ratios(ratios, of, part, study.analysis, estimate)


def of_agreement(
    metric: MetricName, of: Readings, part: Part, plan: ReaderAnalysis
) -> Split | None:
    """Of a coefficient of agreement; single readings count as due to readers and to cases."""
    found = reader_agreement.agreement_of(metric, of, part, plan)
    if isinstance(found, str):
        return None
    split, estimate = (
        (found.split_of_difference, found.difference)
        if reader_agreement.is_difference(metric)
        else (found.split_of_aided, found.aided)
    )
    return _anchored(split, estimate)


def units(of: Readings, part: Part) -> int:
    """Cases of a part that somebody read, or their patients where some have several."""
    cases = part.cases & of.read[:, part.readers].any(axis=(0, 1))
    return int(np.unique(of.patient[cases]).size) if of.n_repeated else int(cases.sum())


def _of_device(
    found: StandaloneComparison, plan: ReaderAnalysis, variance: float, n_cases: int
) -> Split:
    n_readers = found.n_readers
    if plan.readers is Sample.FIXED:
        return variance_split.readers_fixed(variance, n_readers=n_readers, n_cases=n_cases)
    if plan.cases is Sample.FIXED:
        return variance_split.cases_fixed(variance, n_readers=n_readers, n_cases=n_cases)
    return variance_split.of_standalone(found, n_cases=n_cases)


def _of_analysis(
    found: MrmcResult[Any],
    pair: tuple[str, str],
    plan: ReaderAnalysis,
    variance: float,
    n_cases: int,
) -> Split:
    n_readers, t = found.n_readers, len(found.modalities)
    if plan.readers is Sample.FIXED:
        return variance_split.readers_fixed(variance, n_readers=n_readers, n_cases=n_cases)
    if plan.cases is Sample.FIXED:
        return variance_split.cases_fixed(
            variance, n_readers=n_readers, n_cases=n_cases, n_modalities=t
        )
    if isinstance(found.variance_components, ObuchowskiRockette):
        return variance_split.of_obuchowski_rockette(
            found.variance_components, n_modalities=t, n_readers=n_readers, n_cases=n_cases
        )
    return variance_split.of_moments(
        found.variance_components,
        *pair,
        n_readers=n_readers,
        n_cases=n_cases,
    )


def of_ratios(
    ratios: tuple[Ratio, ...], of: Readings, part: Part, plan: ReaderAnalysis, estimate: Estimate
) -> Split | None:
    """Of a measure by two-way clusters, whose ratios are over the cases of the part."""
    asked = [one for one in ratios if one.weight]
    spread = spread_of(plan)(asked, of.patient[part.cases]) if asked else None
    if spread is None or not estimate.se:
        return None
    n_readers, n_cases, variance = spread.n_readers, units(of, part), estimate.se**2
    if plan.readers is Sample.FIXED:
        df = spread.n_patients - 1.0
        split = variance_split.readers_fixed(variance, n_readers=n_readers, n_cases=n_cases, df=df)
    elif plan.cases is Sample.FIXED:
        split = variance_split.cases_fixed(variance, n_readers=n_readers, n_cases=n_cases)
    else:
        split = variance_split.of_two_way(spread, n_cases=n_cases)
    return _anchored(split, estimate)


def _anchored(split: Split, estimate: Estimate) -> Split | None:
    variance = 0.0 if estimate.se is None else estimate.se**2
    return variance_split.anchored(split, variance, estimate.df)
