"""Cases for the comparisons with another device that `plan.yaml` declares, on the same cases."""

from collections.abc import Iterator
from math import ceil

from defensible.assessment.planning.accuracy import counted, screened, surely
from defensible.assessment.planning.asked import Asked, asked, design
from defensible.assessment.planning.needed import Needed
from defensible.assessment.result import Assessment
from defensible.dossier.claims import Claim, Goal, MetricName
from defensible.dossier.plan import Plan
from defensible.dossier.plan_evidence import Comparison
from defensible.statistics import sizing_auc_delong, sizing_paired
from defensible.statistics.sizing import Size

PART = "comparison on the same cases"
_MOST_ENUMERATED = 3_000
"""Cases up to which the exact test is enumerated."""


def compared(assessment: Assessment, claim: Claim) -> Iterator[Needed]:
    """A line for each comparison that serves the claim."""
    plan = assessment.dossier.plan or Plan()
    for one in plan.comparisons:
        if one.claim == claim.id:
            yield _line(assessment, claim, one)


def _line(assessment: Assessment, claim: Claim, of: Comparison) -> Needed:
    goal = Goal(above=-(of.margin or 0.0))
    known = asked(assessment, claim, of.metric, goal)
    expected = _difference(of)
    by_design = design(known)
    try:
        size = _size(of, known)
    except ValueError as error:
        return Needed(
            claim=claim.id,
            metric=of.metric,
            goal=goal,
            part=PART,
            expected=expected,
            source="plan.yaml",
            why=str(error),
            against=of.against,
        )
    counts = counted(of.metric, by_design.cases(size.n))
    return Needed(
        claim=claim.id,
        metric=of.metric,
        goal=goal,
        part=PART,
        expected=expected,
        source="plan.yaml",
        n_diseased=counts.diseased,
        n_healthy=counts.healthy,
        n_cases=counts.mixed,
        n_screened=screened(known, counts),
        n_screened_surely=surely(known, counts),
        power=size.power,
        level=known.level,
        method=size.method,
        why=f"{_assumed(of)}; {by_design.said}",
        against=of.against,
    )


def _difference(of: Comparison) -> float:
    if of.metric is MetricName.AUC:
        return (of.expected or 0.0) - (of.reference or 0.0)
    return (of.better or 0.0) - (of.worse or 0.0)


def _size(of: Comparison, known: Asked) -> Size:
    power, level = known.plan.power, known.level
    if of.metric is MetricName.AUC:
        return sizing_auc_delong.paired(
            expected=of.expected or 0.0,
            reference=of.reference or 0.0,
            correlation=of.correlation or 0.0,
            margin=of.margin or 0.0,
            power=power,
            level=level,
        )
    better, worse = of.better or 0.0, of.worse or 0.0
    if of.margin is not None:
        return sizing_paired.non_inferiority(
            better=better, worse=worse, margin=of.margin, power=power, level=level
        )
    if better <= worse:
        raise ValueError(
            f"better ({better:g}) must exceed worse ({worse:g}) where no margin is given"
        )
    rough = sizing_paired.approximate_mcnemar(better=better, worse=worse, power=power, level=level)
    limit = ceil(1.3 * rough.n) + 100
    if limit > _MOST_ENUMERATED:
        return rough
    return sizing_paired.exact_mcnemar(
        better=better, worse=worse, power=power, level=level, limit=limit
    )


def _assumed(of: Comparison) -> str:
    if of.metric is MetricName.AUC:
        return (
            f"AUC {of.expected:g} and {of.reference:g}, correlated by {of.correlation:g}; as many "
            "healthy cases as diseased"
        )
    return f"{of.better:.1%} of cases right by this device alone, {of.worse:.1%} by the other alone"
