"""Automation bias in a reader study: what readers do where the device is right, and where wrong."""

import numpy as np

from defensible.dossier.claims import MetricName
from defensible.dossier.reader_study import ReaderStudy
from defensible.evidence.reader_differences import Part
from defensible.evidence.reader_finding import Conditional
from defensible.evidence.reader_intervals import of_bias
from defensible.evidence.readings import AIDED, UNAIDED, Readings
from defensible.statistics import automation_bias
from defensible.statistics.arrays import Bools
from defensible.statistics.automation_bias import Paired, Use
from defensible.statistics.estimate import Estimate
from defensible.statistics.two_way_spread import Ratio

METRICS = (
    MetricName.COMMISSION,
    MetricName.OMISSION,
    MetricName.FOLLOWS_WHEN_RIGHT,
    MetricName.OVERRIDES_WHEN_WRONG,
    MetricName.RELIANCE,
    MetricName.APPROPRIATE_RELIANCE,
    MetricName.NET_BENEFIT,
)
NO_READING = "no reading could show it"


def pairs(of: Readings, part: Part) -> Paired | str:
    """The readings of a part in pairs; why not, where there are none."""
    if of.device is None:
        return "the device's output is not in the table, or no rule makes it positive"
    if of.decision is None:
        return "no reader's decision is in the table, and no rule makes a rating one"
    both: Bools = np.asarray(of.read.all(axis=0))[part.readers][:, part.cases]
    try:
        return automation_bias.paired(
            of.truth[part.cases],
            of.device[part.cases],
            of.decision[UNAIDED][part.readers][:, part.cases] & both,
            of.decision[AIDED][part.readers][:, part.cases] & both,
            read=both,
            patient=of.patient[part.cases],
        )
    except ValueError as error:
        return str(error)


def use(study: ReaderStudy) -> Use | None:
    """The population of net benefit, as the plan states it."""
    declared = study.use
    if declared is None:
        return None
    return Use(
        prevalence=declared.prevalence,
        sensitivity=declared.sensitivity,
        specificity=declared.specificity,
        weight=declared.harm_of_false_positive,
    )


def measures(
    study: ReaderStudy, found: Paired | str
) -> dict[MetricName, tuple[Estimate | None, str | None]]:
    """Each measure, or why there is none."""
    if isinstance(found, str):
        return dict.fromkeys(METRICS, (None, found))
    population = use(study)
    plan = study.analysis
    taken = automation_bias.measures(found, population, level=plan.level, by=of_bias(plan))
    given = {}
    for metric in METRICS:
        estimate = taken.get(metric.value)
        why = None if estimate is not None else NO_READING
        if metric is MetricName.NET_BENEFIT and population is None:
            why = "the plan states no population of use"
        given[metric] = (estimate, why)
    return given


def ratios(metric: MetricName, study: ReaderStudy, found: Paired | str) -> tuple[Ratio, ...]:
    """The ratios of readings that a measure is made of; none where it is not taken."""
    population = use(study)
    if isinstance(found, str):
        return ()
    if metric is MetricName.NET_BENEFIT:
        return () if population is None else automation_bias.net_benefit(found, population)
    made = automation_bias.SHARES | automation_bias.DIFFERENCES
    return made[metric.value](found)


def break_even(study: ReaderStudy, found: Paired | str) -> tuple[Estimate | None, str | None]:
    """The device's error rate from which seeing it is worth nothing, or why there is none."""
    population = use(study)
    if isinstance(found, str):
        return None, found
    if population is None:
        return None, "the plan states no population of use"
    plan = study.analysis
    even = automation_bias.break_even(found, population, level=plan.level, by=of_bias(plan))
    if even is None:
        return None, "a class has too few cases on which the device was right, or wrong"
    if even.rate is None:
        better = "better" if even.at_no_error > 0 else "no better"
        return None, f"aided reading is {better} at every error rate"
    return even.rate, None


def conditional(study: ReaderStudy, found: Paired | str) -> tuple[Conditional, ...]:
    """How often readers call cases positive, by truth and by what the device said of them."""
    if isinstance(found, str):
        return ()
    by, level = of_bias(study.analysis), study.analysis.level
    given = []
    for truth in (True, False):
        for device in (True, False):
            at = found.read & (found.truth == truth) & (found.device == device)
            before, after = (
                by.share(Ratio(number=at & decided, of=at), found.patient, level=level)
                for decided in (found.unaided, found.aided)
            )
            given.append(Conditional(truth=truth, device=device, unaided=before, aided=after))
    return tuple(given)
