"""Sites for the prediction interval of a further one to clear the goal."""

from collections.abc import Callable, Iterator
from statistics import median

from defensible.assessment.planning.asked import Asked
from defensible.assessment.planning.needed import Needed
from defensible.assessment.result import Assessment
from defensible.dossier.claims import MetricName
from defensible.evidence.finding import Measurement
from defensible.statistics import sizing_new_site
from defensible.statistics.new_site import BETWEEN_VALIDATIONS
from defensible.statistics.site_posterior import STEEPEST
from defensible.statistics.sizing import Size
from defensible.statistics.sizing_auc_delong import placement_variance

FURTHER_SITE = "a site not yet seen"
SITE = "site"


def further(assessment: Assessment, of: Asked) -> Iterator[Needed]:
    """Sites at which a further one is predicted to clear the goal, and closely enough."""
    expected = of.expected
    if expected is None:
        why = f"write `expected: {{{of.metric.value}: ..}}` in plan.yaml"
        yield of.open(FURTHER_SITE, why)
        return
    if not (of.clears(expected) and 0 < expected < 1):
        why = f"{expected:.3f} is expected, not a value between the goal and the end"
        yield of.open(FURTHER_SITE, why)
        return
    cases, by_whom = per_site(assessment, of)
    if cases is None:
        yield of.open(FURTHER_SITE, by_whom)
        return
    own = of.plan.site_sd
    steepest = min(max(expected, 1 - STEEPEST), STEEPEST)
    tau = own or BETWEEN_VALIDATIONS.mean / (steepest * (1 - steepest))
    told = f"between-site SD {tau:.2f} (logit), " + ("plan.yaml" if own else "prior")
    each = _as_proportion(of.metric, expected, cases)
    yield _sites(
        of,
        FURTHER_SITE,
        (told, by_whom),
        lambda: sizing_new_site.of_further_site(
            expected=expected,
            goal=of.bound,
            tau=tau,
            cases_per_site=each,
            prior=BETWEEN_VALIDATIONS,
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
                prior=BETWEEN_VALIDATIONS,
                level=of.level,
            ),
        )


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
    seen = [_of_class(one) for one in _at_sites(assessment, of)]
    seen = [n for n in seen if n]
    if not seen:
        return None, "write `cases_per_site` in plan.yaml: no study shows how many a site brings"
    n = max(1, int(median(seen)))
    return n, f"{_cases(of.metric, n)} at each, the median of {len(seen)} sites seen"


def _cases(metric: MetricName, n: int) -> str:
    word = {
        MetricName.SENSITIVITY: "diseased case",
        MetricName.SPECIFICITY: "healthy case",
        MetricName.AUC: "case of each class",
    }.get(metric, "case")
    return f"{n:,} {word if n == 1 else word.replace('case', 'cases', 1)}"


def _at_sites(assessment: Assessment, of: Asked) -> Iterator[Measurement]:
    for result in assessment.results:
        for one in result.findings:
            levels = one.measurement.stratum.levels
            mine = one.claim == of.claim and one.measurement.metric is of.metric
            if mine and len(levels) == 1 and levels[0][0] == SITE:
                yield one.measurement


def _of_class(one: Measurement) -> int:
    match one.metric:
        case MetricName.SENSITIVITY:
            return one.n_diseased
        case MetricName.SPECIFICITY:
            return one.n_healthy
        case MetricName.AUC:
            return one.fewest
        case _:
            return one.estimate.n if one.estimate else 0


def _as_proportion(metric: MetricName, expected: float, cases: int) -> int:
    """Cases at which a proportion would vary as much: an AUC of so many of each class."""
    if metric is not MetricName.AUC:
        return cases
    return max(1, int(expected * (1 - expected) * cases / (2 * placement_variance(expected))))
