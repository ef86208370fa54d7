"""Patients for outlines and sizes against a reference standard: means by t, limits of agreement."""

from collections.abc import Iterator
from math import ceil, sqrt

from defensible.assessment.planning.accuracy import SURE
from defensible.assessment.planning.asked import Asked, asked, design
from defensible.assessment.planning.needed import Needed
from defensible.assessment.result import Assessment
from defensible.dossier.agreement_study import AgreementStudy
from defensible.dossier.claims import Claim, Endpoint, Goal, MetricName
from defensible.evidence.claims import served
from defensible.statistics import sizing_agreement, sizing_mean
from defensible.statistics.sizing import Size, trials_for

FEW = 30
"""Patients below which the t interval of a mean leans on the shape of their figures."""


def sized(of: Asked, part: str, level: float, why: str) -> Needed:
    """Patients at which the interval at `level` clears the goal with the power of the plan."""
    if of.expected is None:
        return of.open(part, f"write `expected: {{{of.metric.value}: ..}}` in plan.yaml")
    if not of.clears(of.expected):
        return of.open(part, of.not_clearing)
    by_share = of.metric is MetricName.WITHIN_MARGIN
    sd, said = (0.0, design(of).said) if by_share else spread(of)
    if sd is None:
        return of.open(part, f"write `spread: {{{of.metric.value}: ..}}` in plan.yaml")

    def size_of(expected: float) -> Size:
        goal, power = of.bound, of.plan.power
        if by_share:
            return sizing_mean.share(expected=expected, goal=goal, power=power, level=level)
        return sizing_mean.one(expected=expected, goal=goal, sd=sd or 0.0, power=power, level=level)

    def patients(expected: float) -> int:
        n = size_of(expected).n
        if not by_share:
            return n
        by_design = design(of)
        return ceil(by_design.cases(n) / by_design.cases_per_patient - 1e-9)

    try:
        size, n = size_of(of.expected), patients(of.expected)
    except ValueError as error:
        return of.open(part, str(error))
    few = "" if by_share or n >= FEW else "; so few suffice only if these are about normal"
    return Needed(
        claim=of.claim,
        metric=of.metric,
        goal=of.goal,
        part=part,
        expected=of.expected,
        source=of.source,
        n_patients=n,
        n_screened=ceil(n / (1 - of.plan.drop_out) - 1e-9),
        n_screened_surely=trials_for(n, share=1 - of.plan.drop_out, chance=SURE),
        power=size.power,
        level=level,
        method=size.method,
        why=f"{why}; {said}{few}",
        sensitivity=of.moved(patients),
    )


def spread(of: Asked) -> tuple[float | None, str]:
    """Standard deviation of one patient's figure, and who says so; None where nobody does."""
    if of.metric in of.plan.spread:
        sd = of.plan.spread[of.metric]
        return sd, f"standard deviation of a patient's figure {sd:g}, by plan.yaml"
    if of.seen is None or not of.seen.estimate.se or not of.seen.estimate.n_clusters:
        return None, ""
    sd = of.seen.estimate.se * sqrt(of.seen.estimate.n_clusters)
    return sd, f"standard deviation of a patient's figure {sd:.3g}, as in {of.seen.study}"


def limits(assessment: Assessment, claim: Claim) -> Iterator[Needed]:
    """Patients for both limits of agreement within the margin of a study that serves the claim."""
    margins = [
        one.analysis.margin
        for one in assessment.dossier.studies
        if isinstance(one, AgreementStudy)
        and one.analysis.margin is not None
        and claim in served(assessment.dossier, one)
    ]
    sizes = {MetricName.RELATIVE_BIAS, MetricName.WITHIN_MARGIN}
    if not margins or not any(one.metric in sizes for one in claim.endpoints):
        return
    margin = min(margins)
    part = f"limits of agreement within {margin:.0%} of the reference"
    end = Endpoint(metric=MetricName.RELATIVE_BIAS, goal=Goal(below=margin))
    of = asked(assessment, claim, end.metric, end.goal)
    sd, said = spread(of)
    if of.expected is None or sd is None:
        lacks = [] if of.expected is not None else ["`expected: {relative_bias: ..}`"]
        lacks += [] if sd is not None else ["`spread: {relative_bias: ..}`"]
        yield of.open(part, f"write {' and '.join(lacks)} in plan.yaml")
        return
    try:
        size = sizing_agreement.limits_of_agreement(
            bias=of.expected, sd=sd, margin=margin, power=of.plan.power, level=of.level
        )
    except ValueError as error:
        yield of.open(part, f"{said}: {error}")
        return
    yield Needed(
        claim=claim.id,
        metric=of.metric,
        goal=None,
        part=part,
        expected=of.expected,
        source=of.source,
        n_patients=size.n,
        n_screened=ceil(size.n / (1 - of.plan.drop_out) - 1e-9),
        n_screened_surely=trials_for(size.n, share=1 - of.plan.drop_out, chance=SURE),
        power=size.power,
        level=of.level,
        method=size.method,
        why=f"the exact interval of each limit (95 % of errors) within the margin; {said}",
    )
