"""One endpoint with all that its size is asked with, each number with where it comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from defensible.assessment.planning.intervals import Named, named
from defensible.assessment.planning.needed import Needed
from defensible.assessment.result import Assessment
from defensible.dossier.claims import Claim, ClaimEndpoint, Goal, MetricName
from defensible.dossier.plan import Plan
from defensible.dossier.usability_study import UsabilityStudy
from defensible.evidence.claims import served
from defensible.evidence.finding import Measurement
from defensible.evidence.further import design_effect
from defensible.statistics.estimate import Estimate
from defensible.statistics.sizing_auc_delong import placement_variance

LEVEL = 0.95
"""Of claims that no study serves yet."""
SHIFTS = (-0.02, -0.01, 0.0, 0.01, 0.02)
UNKNOWN = "nothing says what to expect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How many cases count as one, patients being independent, and who says so."""

    effect: float
    cases_per_patient: float
    said: str

    def cases(self, n: int) -> int:
        """Cases for so many independent ones."""
        return ceil(n * self.effect - 1e-9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a study measured over all cases."""

    study: str
    measured: Measurement
    estimate: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One endpoint of a claim, and what is known of it before the study."""

    claim: str | None
    """By its identifier; None where an obligation asks."""
    metric: MetricName
    goal: Goal
    expected: float | None
    source: str
    level: float
    plan: Plan
    prevalence: float | None
    seen: Seen | None
    intervals: tuple[Named, ...]
    """Of the device's own answers: the intervals that the claim's studies name, or the assumed."""
    condition: str | None = None
    """Reading conditions as the endpoint names them; None where it names none."""
    against: str | None = None

    @property
    def bound(self) -> float:
        """What the interval must clear, on whichever side."""
        return self.goal.above if self.goal.above is not None else self.goal.below or 0.0

    def clears(self, value: float) -> bool:
        """Whether a true value lies on the right side of the goal."""
        return value > self.bound if self.goal.above is not None else value < self.bound

    @property
    def not_clearing(self) -> str:
        """Why no number of cases will do."""
        side = "above" if self.goal.above is not None else "below"
        return f"{self.expected:.3f} is expected, which is not {side} the goal of {self.bound:g}"

    def open(self, part: str, why: str) -> Needed:
        """A line without a number, and what would give it one."""
        return Needed(
            claim=self.claim,
            metric=self.metric,
            goal=self.goal,
            part=part,
            expected=self.expected,
            source=self.source,
            why=why,
        )

    def moved(
        self, n_of: Callable[[float], int], shifts: tuple[float, ...] = SHIFTS
    ) -> tuple[tuple[float, int | None], ...]:
        """The number for true values beside the one expected; None out of reach of the goal."""
        found: list[tuple[float, int | None]] = []
        for shift in shifts:
            other = round((self.expected or 0.0) + shift, 6)
            try:
                found.append((other, n_of(other) if self.clears(other) else None))
            except ValueError:
                found.append((other, None))
        return tuple(found)


def asked(
    assessment: Assessment,
    claim: Claim,
    metric: MetricName,
    goal: Goal,
    end: ClaimEndpoint | None = None,
) -> Asked:
    """The endpoint with what is expected of it: by the plan, else by the evidence so far.

    Of an endpoint `end` that names its reading conditions the evidence comes first: the plan
    expects something of the aided and the unaided one.
    """
    plan = assessment.dossier.plan or Plan()
    prevalence = plan.prevalence or (claim.use_prevalence[0] if claim.use_prevalence else None)
    expected, source = _expected(assessment, claim, metric, plan, prevalence)
    seen = overall(assessment, claim, metric) if end is None else _of_pair(assessment, claim, end)
    if end is not None and end.pair and seen is not None:
        expected, source = seen.estimate.value, _flattering(seen)
    return Asked(
        claim=claim.id,
        metric=metric,
        goal=goal,
        expected=expected,
        source=source,
        level=level(assessment, claim),
        plan=plan,
        prevalence=prevalence,
        seen=seen,
        intervals=named(assessment, claim, metric),
        condition=None if end is None else end.condition,
        against=None if end is None else end.against,
    )


def _of_pair(assessment: Assessment, claim: Claim, end: ClaimEndpoint) -> Seen | None:
    """The finding of the endpoint over all cases, where it names its conditions."""
    if not end.pair:
        return overall(assessment, claim, end.metric)
    for result in assessment.results:
        for one in result.findings:
            estimate, mine = one.measurement.estimate, one.claim == claim.id and one.answers(end)
            if mine and estimate is not None and not one.measurement.stratum.levels:
                return Seen(study=result.study, measured=one.measurement, estimate=estimate)
    return None


def overall(assessment: Assessment, claim: Claim, metric: MetricName) -> Seen | None:
    """What the first study that serves the claim measured over all cases."""
    serving = {
        one.id for one in assessment.dossier.studies if claim in served(assessment.dossier, one)
    }
    for result in assessment.results:
        if result.study in serving or any(one.claim == claim.id for one in result.findings):
            measured = result.measurement(metric)
            if measured is not None and measured.estimate is not None:
                return Seen(study=result.study, measured=measured, estimate=measured.estimate)
    return None


def level(assessment: Assessment, claim: Claim) -> float:
    """The level at which the claim's studies have their intervals; the highest of several."""
    return max(
        (
            one.analysis.level
            for one in assessment.dossier.studies
            if not isinstance(one, UsabilityStudy) and claim in served(assessment.dossier, one)
        ),
        default=LEVEL,
    )


def design(of: Asked) -> Design:
    """By the plan, else as the study shows it, else one case a patient."""
    declared = of.plan.clusters
    if declared is not None:
        effect = 1 + (declared.cases_per_patient - 1) * declared.correlation
        said = (
            f"{declared.cases_per_patient:g} cases a patient, correlated by "
            f"{declared.correlation:g}: design effect {effect:.2f}"
        )
        return Design(effect=effect, cases_per_patient=declared.cases_per_patient, said=said)
    n_patients = of.seen.estimate.n_clusters if of.seen else None
    if of.seen is None or not n_patients or n_patients >= of.seen.estimate.n:
        return Design(effect=1.0, cases_per_patient=1.0, said="one case a patient")
    each, effect = of.seen.estimate.n / n_patients, max(_effect(of.seen), 1.0)
    said = f"{each:.2f} cases a patient and design effect {effect:.2f}, as in {of.seen.study}"
    return Design(effect=effect, cases_per_patient=each, said=said)


def _effect(seen: Seen) -> float:
    """The variance that was measured by patients over that of independent cases."""
    measured, estimate = seen.measured, seen.estimate
    if measured.metric is not MetricName.AUC:
        return design_effect(estimate)
    if not estimate.se or not 0 < estimate.value < 1 or not measured.fewest:
        return 1.0
    alone = placement_variance(estimate.value)
    return estimate.se**2 / (alone * (1 / measured.n_diseased + 1 / measured.n_healthy))


def _expected(
    assessment: Assessment,
    claim: Claim,
    metric: MetricName,
    plan: Plan,
    prevalence: float | None,
) -> tuple[float | None, str]:
    """Declared, else computed from what is declared, else the finding over all cases."""
    if metric in plan.expected:
        return plan.expected[metric], "plan.yaml"
    if (found := at_prevalence(metric, plan, prevalence)) is not None:
        return found, f"sensitivity and specificity of plan.yaml at prevalence {prevalence:g}"
    if (seen := overall(assessment, claim, metric)) is not None:
        return seen.estimate.value, _flattering(seen)
    return None, UNKNOWN


def _flattering(seen: Seen) -> str:
    return f"the finding of {seen.study}, which may flatter"


def at_prevalence(metric: MetricName, plan: Plan, prevalence: float | None) -> float | None:
    """Predictive values and accuracy that sensitivity and specificity give at a prevalence."""
    right = plan.expected.get(MetricName.SENSITIVITY), plan.expected.get(MetricName.SPECIFICITY)
    if prevalence is None or right[0] is None or right[1] is None:
        return None
    tp, tn = prevalence * right[0], (1 - prevalence) * right[1]
    positive = tp + (1 - prevalence) * (1 - right[1])
    match metric:
        case MetricName.PPV:
            return tp / positive if positive else None
        case MetricName.NPV:
            return tn / (1 - positive) if positive < 1 else None
        case MetricName.ACCURACY:
            return tp + tn
        case _:
            return None
