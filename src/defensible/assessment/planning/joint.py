"""All endpoints of a claim together: the chance that is left of each one's power, and its price."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from defensible.assessment.planning.accuracy import with_screening
from defensible.assessment.planning.asked import Asked, at_prevalence, design
from defensible.assessment.planning.intervals import (
    Interval,
    area,
    limits,
    most_demanding,
    power_with,
)
from defensible.assessment.planning.needed import Needed
from defensible.dossier.claims import MetricName
from defensible.statistics import sizing_joint
from defensible.statistics.sizing_joint import Target

TOGETHER = "all endpoints together"
SEED = 20261125
MOST_SCORES = 2_000_000
"""Scores drawn at most; large studies are drawn fewer times."""
FEWEST_TIMES = 200
_RATES = (MetricName.SENSITIVITY, MetricName.SPECIFICITY)
_DRAWN = frozenset({*_RATES, MetricName.AUC})
_OF_A_TABLE = frozenset({*_RATES, MetricName.PPV, MetricName.NPV, MetricName.ACCURACY})
ROUNDED = 0.005
"""How far an expected rate may lie from what the others give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """An endpoint with its line over all cases, and what sizes it again."""

    of: Asked
    line: Needed
    again: Callable[[Asked], Needed]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbers:
    """The most that any endpoint needs; None of what none needs."""

    diseased: int | None
    healthy: int | None
    cases: int | None
    patients: int | None
    screened: int | None
    surely: int | None
    readers: int | None


def together(endpoints: Sequence[Sized]) -> Needed | None:
    """The line of all endpoints of a claim; None where there is one, or none is sized."""
    open_ = [one.line for one in endpoints if one.line.power is None]
    if len(endpoints) < 2 or len(open_) == len(endpoints):
        return None
    first, m = endpoints[0], len(endpoints)
    if open_:
        names = dict.fromkeys(one.metric.words for one in open_ if one.metric is not None)
        return _line(first, _numbers([]), None, f"open while {', '.join(names)} is")
    wanted = first.of.plan.power
    each = 1 - (1 - wanted) / m
    raised = [
        one.again(replace(one.of, plan=one.of.plan.model_copy(update={"power": each})))
        for one in endpoints
    ]
    said = (
        f"with the numbers of each alone all hold with a chance {_chance(endpoints)}; for "
        f"{wanted:g} together each has power {each:.3f}, whatever ties them"
    )
    if any(one.power is None for one in raised):
        return _line(first, _numbers([]), None, f"{said}; no number has that power for each")
    least, _ = sizing_joint.bounds([one.power or 0.0 for one in raised])
    return _line(first, _numbers(raised), least, said)


def _line(first: Sized, n: _Numbers, power: float | None, why: str) -> Needed:
    line = Needed(
        claim=first.of.claim,
        metric=None,
        goal=None,
        part=TOGETHER,
        expected=None,
        source="each endpoint as above",
        n_diseased=n.diseased,
        n_healthy=n.healthy,
        n_cases=n.cases,
        n_patients=n.patients,
        n_screened=n.screened,
        n_screened_surely=n.surely,
        n_readers=n.readers,
        power=power,
        level=None if power is None else first.of.level,
        method="" if power is None else "Bonferroni's bound over the endpoints",
        why=why,
    )
    by_class_alone = n.cases is None and n.patients is None
    return with_screening(first.of, line) if n.surely is not None and by_class_alone else line


def _numbers(lines: Sequence[Needed]) -> _Numbers:
    def most(values: Sequence[int | None]) -> int | None:
        return max((one for one in values if one is not None), default=None)

    return _Numbers(
        diseased=most([one.n_diseased for one in lines]),
        healthy=most([one.n_healthy for one in lines]),
        cases=most([one.n_cases for one in lines]),
        patients=most([one.n_patients for one in lines]),
        screened=most([one.n_screened for one in lines]),
        surely=most([one.n_screened_surely for one in lines]),
        readers=most([one.n_readers for one in lines]),
    )


def _chance(endpoints: Sequence[Sized]) -> str:
    """`of 0.71 (1,000 simulated studies), between 0.55 and 0.83`."""
    n = _numbers([one.line for one in endpoints])
    low, high = sizing_joint.bounds([_power_at(one, n) for one in endpoints])
    between = f"between {low:.2f} and {high:.2f} by the bounds"
    metrics = [one.of.metric for one in endpoints]
    if sorted(metrics) == sorted(_RATES):
        product = _power_at(endpoints[0], n) * _power_at(endpoints[1], n)
        return f"of {product:.2f} (they rest on different cases)"
    if set(metrics) != _DRAWN or len(metrics) != len(_DRAWN):
        table = _of_a_table(endpoints, n)
        return f"{table}, {between}" if table else f"{between} ({_why(metrics)})"
    by_metric = {one.of.metric: one for one in endpoints}
    diseased = _independent(by_metric[MetricName.SENSITIVITY], n.diseased)
    healthy = _independent(by_metric[MetricName.SPECIFICITY], n.healthy)
    times = max(FEWEST_TIMES, min(sizing_joint.TIMES, MOST_SCORES // (diseased + healthy)))
    try:
        share = sizing_joint.rates_and_area(
            sensitivity=_target(by_metric[MetricName.SENSITIVITY]),
            specificity=_target(by_metric[MetricName.SPECIFICITY]),
            auc=_target(by_metric[MetricName.AUC]),
            rates=[limits(_interval(by_metric[metric])) for metric in _RATES],
            area=area(_interval(by_metric[MetricName.AUC])),
            n_diseased=diseased,
            n_healthy=healthy,
            seed=SEED,
            level=endpoints[0].of.level,
            times=times,
        )
    except ValueError as error:
        return f"{between} ({error})"
    return f"of {share:.2f} ({times:,} simulated studies), {between}"


def _of_a_table(endpoints: Sequence[Sized], n: _Numbers) -> str | None:
    """`of 0.63 (10,000 simulated studies of 1,134 cases as they come)`; None for others."""
    of = endpoints[0].of
    by_metric = {one.of.metric: one for one in endpoints}
    right = [of.plan.expected.get(metric) for metric in _RATES]
    if not set(by_metric) <= _OF_A_TABLE or len(by_metric) < len(endpoints):
        return None
    if of.prevalence is None or None in right or not _follow(by_metric, of):
        return None
    sensitivity, specificity = (one or 0.0 for one in right)
    cases = max(
        n.cases or 0,
        ceil((n.diseased or 0) / of.prevalence - 1e-9),
        ceil((n.healthy or 0) / (1 - of.prevalence) - 1e-9),
    )
    effect = max(design(one.of).effect for one in endpoints)
    try:
        share = sizing_joint.rates_of_a_table(
            {metric.value: _target(one) for metric, one in by_metric.items()},
            sensitivity=sensitivity,
            specificity=specificity,
            prevalence=of.prevalence,
            n_cases=int(cases / effect),
            limits={metric.value: limits(_interval(one)) for metric, one in by_metric.items()},
            seed=SEED,
            level=of.level,
        )
    except ValueError:
        return None
    drawn = f"{sizing_joint.TABLES:,} simulated studies of {cases:,} cases as they come"
    return f"of {share:.2f} ({drawn})"


def _follow(by_metric: Mapping[MetricName, Sized], of: Asked) -> bool:
    """Whether what is expected of each rate is what sensitivity and specificity give."""
    for metric, one in by_metric.items():
        given = at_prevalence(metric, of.plan, of.prevalence)
        if given is not None and abs(given - (one.of.expected or 0.0)) > ROUNDED:
            return False
    return True


def _why(metrics: Sequence[MetricName]) -> str:
    """Why there are bounds alone."""
    if any(one.of_readers for one in metrics):
        return "how figures of readers go together is not known"
    if any(one.of_agreement for one in metrics):
        return "how figures of one patient go together is not known"
    if set(metrics) <= _OF_A_TABLE:
        return "what ties them is known where plan.yaml expects sensitivity and specificity"
    return "these endpoints are not simulated together"


def _target(one: Sized) -> Target:
    return Target(expected=one.of.expected or 0.0, goal=one.of.bound)


def _power_at(one: Sized, n: _Numbers) -> float:
    """The power of an endpoint where the study has as many cases as the others need."""
    of, alone = one.of, one.line.power or 0.0
    told = {"expected": of.expected or 0.0, "goal": of.bound, "level": of.level}
    match of.metric:
        case MetricName.SENSITIVITY:
            found = power_with(_interval(one), _independent(one, n.diseased), 1.0, **told)
        case MetricName.SPECIFICITY:
            found = power_with(_interval(one), _independent(one, n.healthy), 1.0, **told)
        case MetricName.AUC:
            diseased, healthy = _independent(one, n.diseased), _independent(one, n.healthy)
            found = power_with(_interval(one), diseased, healthy / diseased, **told)
        case _:
            return alone
    return max(found, alone)


def _interval(one: Sized) -> Interval:
    """The one that the endpoint was sized by."""
    of = one.of
    return most_demanding(
        of.intervals,
        expected=of.expected or 0.0,
        goal=of.bound,
        power=of.plan.power,
        level=of.level,
    )[0].interval


def _independent(one: Sized, n: int | None) -> int:
    """Independent cases that so many stand for."""
    return max(2, int((n or 0) / design(one.of).effect))
