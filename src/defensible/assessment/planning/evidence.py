"""How much evidence each endpoint of each claim needs: cases, cells of the scope, and sites.

Each endpoint has the power alone; that all endpoints hold together has less.
"""

from collections.abc import Callable, Iterator
from math import ceil

from defensible.assessment.planning.needed import Needed
from defensible.assessment.result import Assessment, ClaimScope
from defensible.dossier.claims import Claim, Endpoint, MetricName
from defensible.dossier.plan import Plan
from defensible.evidence.finding import OVERALL
from defensible.statistics import sizing_auc_delong, sizing_proportion, sizing_sites
from defensible.statistics.new_site import BETWEEN_VALIDATIONS
from defensible.statistics.sizing import Size

LEVEL = 0.95
SHIFTS = (-0.02, -0.01, 0.0, 0.01, 0.02)
OVERALL_PART = "overall"
CELLS = "each cell of the scope"
FURTHER_SITE = "a site not yet seen"
READERS = "reader study"
SITE_CASES = 50
"""Cases of the class at each site, where sites are counted."""


def needed(assessment: Assessment, plan: Plan) -> tuple[Needed, ...]:
    """A line for each endpoint and part; open lines say what would answer them."""
    scopes = {one.claim: one for one in assessment.scopes}
    return tuple(
        line
        for claim in assessment.dossier.claims
        for endpoint in claim.endpoints
        for line in _of_endpoint(assessment, claim, endpoint, scopes.get(claim.id), plan)
    )


def _of_endpoint(
    assessment: Assessment,
    claim: Claim,
    endpoint: Endpoint,
    scope: ClaimScope | None,
    plan: Plan,
) -> Iterator[Needed]:
    expected, source = _expected(assessment, claim, endpoint, plan)
    line = _Line(claim, endpoint, expected, source, plan)
    if endpoint.metric.of_readers:
        yield line.open(READERS, "size it from a pilot: `defensible plan size mrmc PILOT.csv`")
        return
    if endpoint.metric not in _SIZED or endpoint.goal.above is None:
        yield line.open(OVERALL_PART, "no closed form for this metric or goal here")
        return
    if expected is None:
        yield line.open(OVERALL_PART, "write what is expected under `expected` in plan.yaml")
        return
    yield line.sized(OVERALL_PART, LEVEL, "the interval alone must clear the goal")
    n_cells = len(scope.cells) + len(scope.pairs) if scope else 0
    tested = scope.family.n_tested if scope and scope.family else n_cells
    if tested > 1:
        level = 1 - (1 - LEVEL) / tested
        yield line.sized(CELLS, level, f"Bonferroni over {tested} cells tested together")
    if claim.scope.get("site") == "any":
        yield line.sites()


class _Line:
    """One endpoint with what is expected of it."""

    def __init__(
        self, claim: Claim, endpoint: Endpoint, expected: float | None, source: str, plan: Plan
    ) -> None:
        self._claim, self._endpoint, self._plan = claim, endpoint, plan
        self._expected, self._source = expected, source

    def open(self, part: str, why: str) -> Needed:
        """A line without a number."""
        return Needed(
            claim=self._claim.id,
            metric=self._endpoint.metric,
            goal=self._endpoint.goal,
            part=part,
            expected=self._expected,
            source=self._source,
            why=why,
        )

    def sized(self, part: str, level: float, why: str) -> Needed:
        """Cases at which the interval clears the goal with the power."""
        expected, goal = self._expected or 0.0, self._endpoint.goal.above or 0.0
        try:
            size = _SIZED[self._endpoint.metric](expected, goal, self._plan.power, level)
        except ValueError as error:
            return self.open(part, str(error))
        diseased, healthy = _classes(self._endpoint.metric, size)
        return Needed(
            claim=self._claim.id,
            metric=self._endpoint.metric,
            goal=self._endpoint.goal,
            part=part,
            expected=expected,
            source=self._source,
            n_diseased=diseased,
            n_healthy=healthy,
            n_screened=_screened(self._claim, self._plan, diseased, healthy),
            power=size.power,
            level=level,
            method=size.method,
            why=why,
            sensitivity=self._moved(goal, level),
        )

    def sites(self) -> Needed:
        """Sites at which the prediction interval of a further one clears the goal."""
        expected, goal = self._expected or 0.0, self._endpoint.goal.above or 0.0
        own = self._plan.site_sd
        if not goal < expected < 1:
            return self.open(
                FURTHER_SITE, f"{expected:.3f} is expected, not a value between the goal and 1"
            )
        tau = own or BETWEEN_VALIDATIONS.mean / (expected * (1 - expected))
        told = f"between-site SD {tau:.2f} (logit), " + ("plan.yaml" if own else "prior")
        try:
            size = sizing_sites.for_prediction(
                expected=expected,
                goal=goal,
                tau=tau,
                cases_per_site=SITE_CASES,
                power=self._plan.power,
                level=LEVEL,
            )
        except ValueError as error:
            return self.open(FURTHER_SITE, f"{told}: {error}")
        return Needed(
            claim=self._claim.id,
            metric=self._endpoint.metric,
            goal=self._endpoint.goal,
            part=FURTHER_SITE,
            expected=expected,
            source=self._source,
            n_sites=size.n,
            power=size.power,
            level=LEVEL,
            method=size.method,
            why=f"{told}; {SITE_CASES} cases of the class at each",
        )

    def _moved(self, goal: float, level: float) -> tuple[tuple[float, int | None], ...]:
        moved = []
        for shift in SHIFTS:
            other = round((self._expected or 0.0) + shift, 6)
            try:
                found = _SIZED[self._endpoint.metric](other, goal, self._plan.power, level)
                moved.append((other, found.n if other > goal else None))
            except ValueError:
                moved.append((other, None))
        return tuple(moved)


def _expected(
    assessment: Assessment, claim: Claim, endpoint: Endpoint, plan: Plan
) -> tuple[float | None, str]:
    """Declared, else the finding over all cases, else unknown."""
    if endpoint.metric in plan.expected:
        return plan.expected[endpoint.metric], "plan.yaml"
    for result in assessment.results:
        for found in result.findings:
            estimate = found.measurement.estimate
            if (
                found.claim == claim.id
                and found.measurement.metric is endpoint.metric
                and found.measurement.stratum == OVERALL
                and estimate is not None
            ):
                return estimate.value, f"the finding of {result.study}, which may flatter"
    return None, "nothing says what to expect"


def _proportion(expected: float, goal: float, power: float, level: float) -> Size:
    if expected <= goal:
        raise ValueError(f"{expected:.3f} is expected, which is not above the goal of {goal:g}")
    return sizing_proportion.exact_lasting(expected=expected, goal=goal, power=power, level=level)


def _auc(expected: float, goal: float, power: float, level: float) -> Size:
    if expected <= goal:
        raise ValueError(f"{expected:.3f} is expected, which is not above the goal of {goal:g}")
    return sizing_auc_delong.one(expected=expected, goal=goal, power=power, level=level)


_SIZED: dict[MetricName, Callable[[float, float, float, float], Size]] = {
    MetricName.SENSITIVITY: _proportion,
    MetricName.SPECIFICITY: _proportion,
    MetricName.AUC: _auc,
}


def _classes(metric: MetricName, size: Size) -> tuple[int | None, int | None]:
    if metric is MetricName.AUC:
        return size.n, dict(size.besides)["non-diseased cases"]
    return (size.n, None) if metric is MetricName.SENSITIVITY else (None, size.n)


def _screened(claim: Claim, plan: Plan, diseased: int | None, healthy: int | None) -> int | None:
    """People to be seen so that on average both classes are reached after drop-outs."""
    prevalence = plan.prevalence or (claim.use_prevalence[0] if claim.use_prevalence else None)
    if prevalence is None or not 0 < prevalence < 1:
        return None
    most = max((diseased or 0) / prevalence, (healthy or 0) / (1 - prevalence))
    return ceil(most / (1 - plan.drop_out) - 1e-9)
