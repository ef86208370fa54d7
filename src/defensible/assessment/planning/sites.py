"""Sites for the prediction interval of a further one to clear the goal."""

from collections.abc import Callable, Iterator
from math import log, sqrt
from statistics import median

from defensible.assessment.planning.agreement import spread
from defensible.assessment.planning.asked import Asked, design
from defensible.assessment.planning.localization import area_variance, dispersion_of, lesions_of
from defensible.assessment.planning.needed import Needed
from defensible.assessment.result import Assessment
from defensible.dossier.claims import MetricName
from defensible.evidence.finding import Measurement
from defensible.evidence.new_site import BY_DATA_ALONE
from defensible.evidence.new_site_finding import MEANS
from defensible.statistics import sizing_new_site
from defensible.statistics.new_site import BETWEEN_VALIDATIONS
from defensible.statistics.site_posterior import STEEPEST
from defensible.statistics.sizing import Size
from defensible.statistics.sizing_auc_delong import placement_variance
from defensible.statistics.sizing_new_site import Analysis

FURTHER_SITE = "a site not yet seen"
SITE = "site"
_ON_A_SCALE = (MetricName.FALSE_MARKS_PER_CASE, MetricName.WAFROC)
"""Metrics of marks, predicted on the log and on the logit scale."""


def further(assessment: Assessment, of: Asked) -> Iterator[Needed]:
    """Sites at which a further one is predicted to clear the goal, and closely enough."""
    expected = of.expected
    if expected is None:
        why = f"write `expected: {{{of.metric.value}: ..}}` in plan.yaml"
        yield of.open(FURTHER_SITE, why)
        return
    cases, by_whom = per_site(assessment, of)
    if cases is None:
        yield of.open(FURTHER_SITE, by_whom)
    elif of.metric in _ON_A_SCALE:
        yield _of_marks(assessment, of, expected, cases, by_whom)
    elif of.metric in MEANS:
        yield _of_mean(assessment, of, expected, cases, by_whom)
    elif not (of.clears(expected) and 0 < expected < 1):
        why = f"{expected:.3f} is expected, not a value between the goal and the end"
        yield of.open(FURTHER_SITE, why)
    else:
        yield from _of_proportion(of, expected, cases, by_whom)


def _of_proportion(of: Asked, expected: float, cases: int, by_whom: str) -> Iterator[Needed]:
    """A rate by the prior while sites are few, then by t; an AUC by the prior."""
    own = of.plan.site_sd
    steepest = min(max(expected, 1 - STEEPEST), STEEPEST)
    tau = own or BETWEEN_VALIDATIONS.mean / (steepest * (1 - steepest))
    told = f"between-site SD {tau:.2f} (logit), " + ("plan.yaml" if own else "prior")
    each = _as_proportion(of, expected, cases)
    by_design = design(of)
    if of.metric is not MetricName.LESION_SENSITIVITY and by_design.effect != 1:
        each = _as_proportion(of, expected, max(1, int(cases / by_design.effect)))
        by_whom = f"{by_whom}; {by_design.said}"
    analysis = Analysis(
        prior=BETWEEN_VALIDATIONS,
        by_data_from=None if of.metric is MetricName.AUC else BY_DATA_ALONE,
    )
    yield _sites(
        of,
        FURTHER_SITE,
        (told, by_whom),
        lambda: sizing_new_site.of_proportion(
            expected=expected,
            goal=of.bound,
            tau=tau,
            cases_per_site=each,
            analysis=analysis,
            power=of.plan.power,
            level=of.level,
        ),
    )
    width = of.plan.site_width
    if width is not None:
        yield _sites(
            of,
            f"{FURTHER_SITE}, predicted within {width:g}",
            (told, by_whom, "on average over the sites that will be seen"),
            lambda: sizing_new_site.of_width(
                expected=expected,
                width=width,
                tau=tau,
                cases_per_site=each,
                analysis=analysis,
                level=of.level,
            ),
        )


def _of_mean(
    assessment: Assessment, of: Asked, expected: float, cases: int, by_whom: str
) -> Needed:
    """Dice and relative error, on their own scale and without a prior."""
    sd, said = spread(of)
    tau, told = _between(assessment, of)
    if sd is None or tau is None:
        lacks = ["spread"] if sd is None else []
        lacks += ["site_spread"] if tau is None else []
        names = " and ".join(f"`{one}: {{{of.metric.value}: ..}}`" for one in lacks)
        return of.open(FURTHER_SITE, f"write {names} in plan.yaml")
    if not of.clears(expected):
        return of.open(FURTHER_SITE, of.not_clearing)
    return _sites(
        of,
        FURTHER_SITE,
        (told, by_whom, said),
        lambda: sizing_new_site.of_mean(
            expected=expected,
            goal=of.bound,
            tau=tau,
            sd=sd,
            cases_per_site=cases,
            power=of.plan.power,
            level=of.level,
        ),
    )


def _of_marks(
    assessment: Assessment, of: Asked, expected: float, cases: int, by_whom: str
) -> Needed:
    """False marks on the log scale and wAFROC on the logit scale, without a prior."""
    of_number = of.metric is MetricName.FALSE_MARKS_PER_CASE
    tau, told = _between(assessment, of)
    if not of_number and of.plan.site_sd is not None:
        tau, told = of.plan.site_sd, f"between-site SD {of.plan.site_sd:g} (logit), plan.yaml"
    if tau is None:
        name = f"`site_spread: {{{of.metric.value}: ..}}`" if of_number else "`site_sd`"
        scale = "log" if of_number else "logit"
        return of.open(FURTHER_SITE, f"write {name} in plan.yaml, on the {scale} scale")
    if not of.clears(expected):
        return of.open(FURTHER_SITE, of.not_clearing)
    if min(expected, of.bound) <= 0 or (max(expected, of.bound) >= 1 and not of_number):
        return of.open(FURTHER_SITE, f"{expected:g} or the goal is an end of the scale")
    variance, said = _of_a_case(of)
    if variance is None:
        return of.open(FURTHER_SITE, said)

    slope = expected if of_number else expected * (1 - expected)

    def there(value: float) -> float:
        return log(value) if of_number else log(value / (1 - value))

    return _sites(
        of,
        FURTHER_SITE,
        (told, by_whom, said),
        lambda: sizing_new_site.of_mean(
            expected=there(expected),
            goal=there(of.bound),
            tau=tau,
            sd=sqrt(variance) / slope,
            cases_per_site=cases,
            power=of.plan.power,
            level=of.level,
        ),
    )


def _of_a_case(of: Asked) -> tuple[float | None, str]:
    """Variance of a metric of marks times its cases, and who says so; None, and what to write."""
    if of.metric is MetricName.WAFROC:
        try:
            found = area_variance(of)
        except ValueError as error:
            return None, str(error)
        return (None, found) if isinstance(found, str) else found
    spread = dispersion_of(of)
    if isinstance(spread, str):
        return None, spread
    dispersion, effect, said = spread
    return dispersion * effect * (of.expected or 0.0), said


def _between(assessment: Assessment, of: Asked) -> tuple[float | None, str]:
    """Standard deviation of a mean between sites, and who says so; None where nobody does."""
    declared = of.plan.site_spread.get(of.metric)
    if declared is not None:
        return declared, f"between-site SD {declared:g}, plan.yaml"
    for result in assessment.results:
        for one in result.new_site:
            mine = of.seen is not None and result.study == of.seen.study
            if mine and one.metric is of.metric and one.between_site_sd > 0:
                tau = one.between_site_sd
                return tau, f"between-site SD {tau:.3g}, as in {result.study}"
    return None, ""


def _sites(of: Asked, part: str, told: tuple[str, ...], search: Callable[[], Size]) -> Needed:
    try:
        size = search()
    except ValueError as error:
        return of.open(part, f"{told[0]}: {error}")
    return Needed(
        claim=of.claim,
        metric=of.metric,
        goal=of.goal,
        part=part,
        expected=of.expected,
        source=of.source,
        n_sites=size.n,
        power=size.power if size.wanted < 1 else None,
        level=of.level,
        method=size.method,
        why="; ".join(told),
    )


def per_site(assessment: Assessment, of: Asked) -> tuple[int | None, str]:
    """Cases of the metric's class at a site, and who says so; None, and what to write."""
    if of.plan.cases_per_site is not None:
        n = of.plan.cases_per_site
        return n, f"{_cases(of.metric, n)} at each, by plan.yaml"
    by_site = {one.stratum: _of_class(one) for one in _at_sites(assessment, of)}
    seen = [n for n in by_site.values() if n]
    if not seen:
        return None, "write `cases_per_site` in plan.yaml: no study shows how many a site brings"
    n = max(1, int(median(seen)))
    return n, f"{_cases(of.metric, n)} at each, the median of {len(seen)} sites seen"


def _cases(metric: MetricName, n: int) -> str:
    word = {
        MetricName.SENSITIVITY: "diseased case",
        MetricName.LESION_SENSITIVITY: "case with lesions",
        MetricName.SPECIFICITY: "healthy case",
        MetricName.AUC: "case of each class",
        MetricName.WAFROC: "case of each class",
        **dict.fromkeys(MEANS, "patient"),
    }.get(metric, "case")
    noun = "patient" if metric in MEANS else "case"
    return f"{n:,} {word if n == 1 else word.replace(noun, f'{noun}s', 1)}"


def _at_sites(assessment: Assessment, of: Asked) -> Iterator[Measurement]:
    for result in assessment.results:
        for one in result.findings:
            levels = one.measurement.stratum.levels
            mine = one.claim == of.claim and one.measurement.metric is of.metric
            if mine and len(levels) == 1 and levels[0][0] == SITE:
                yield one.measurement


def _of_class(one: Measurement) -> int:
    match one.metric:
        case MetricName.SENSITIVITY | MetricName.LESION_SENSITIVITY:
            return one.n_diseased
        case MetricName.SPECIFICITY:
            return one.n_healthy
        case MetricName.AUC | MetricName.WAFROC:
            return one.fewest
        case _ if one.estimate is None:
            return 0
        case metric if metric in MEANS:  # a patient counts once, however many cases he brings
            return one.estimate.n_clusters or one.estimate.n
        case _:
            return one.estimate.n


def _as_proportion(of: Asked, expected: float, cases: int) -> int:
    """Cases at which a proportion would vary as much: an AUC of so many of each class."""
    if of.metric is MetricName.LESION_SENSITIVITY:
        each, effect, _ = lesions_of(of) or (1.0, 1.0, "")
        return max(1, int(cases * each / effect))
    if of.metric is not MetricName.AUC:
        return cases
    return max(1, int(expected * (1 - expected) * cases / (2 * placement_variance(expected))))
