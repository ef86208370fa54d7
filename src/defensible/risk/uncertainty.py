"""How sure the residual picture is: draws of P1 × P2 for every risk, with a seed.

A measured rate is drawn from a Beta distribution with the observed proportion and the number of
cases (Jeffreys), of fewer cases where the study's interval is wider than independent cases would
give. A range is drawn evenly on the scale of its logarithm, an estimate without numbers likewise
within its step. Risks are drawn apart from each other; a risk whose probability cannot be had is
counted, never taken as low.
"""

from collections import Counter
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from defensible.dossier.dossier import Dossier
from defensible.dossier.risks import Acceptability, Policy, RiskEstimate, Risks
from defensible.evidence.finding import StudyResult
from defensible.risk.measured import Harm, NotMeasured, Ranged, harm

DRAWS = 10_000
PER = 1_000_000
LEVEL = (0.05, 0.95)

Draws = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskSpread:
    """What the draws say of one residual risk.

    Attributes
    ----------
    unacceptable : float
        Chance, in [0, 1], that it sits in a cell that the policy does not accept.
    low, middle, high : float
        5 %, 50 % and 95 % points of the probability of harm per use.
    """

    risk: str
    severity: str
    unacceptable: float
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityRate:
    """Events of harm of one severity per million uses, over all residual risks."""

    severity: str
    n_risks: int
    low: float
    mean: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Residual risk as a whole, with its uncertainty."""

    seed: int
    n_draws: int
    risks: tuple[RiskSpread, ...]
    """The most likely unacceptable first."""
    by_severity: tuple[SeverityRate, ...]
    """Gravest first."""
    not_counted: tuple[str, ...]
    """Risks whose probability cannot be had."""


def picture(dossier: Dossier, results: tuple[StudyResult, ...], *, seed: int) -> Picture:
    """Residual risk by draws: for each risk, and by severity per million uses."""
    risks = dossier.risks or Risks()
    policy = risks.policy
    spreads = []
    left_out = []
    sums: dict[str, Draws] = {}
    counts: Counter[str] = Counter()
    for at, risk in enumerate(risks.risks):
        estimate = risk.residual or (None if risk.controls else risk.initial)
        draws = None
        if policy is not None and estimate is not None:
            random = np.random.default_rng((seed, at))
            draws = _draws(estimate, policy, dossier, results, random)
        if policy is None or estimate is None or draws is None:
            left_out.append(risk.id)
            continue
        sums[estimate.severity] = sums.get(estimate.severity, 0.0) + draws
        counts[estimate.severity] += 1
        spreads.append(_spread(risk.id, estimate.severity, draws, policy))
    return Picture(
        seed=seed,
        n_draws=DRAWS,
        risks=tuple(sorted(spreads, key=lambda one: (-one.unacceptable, -one.middle))),
        by_severity=tuple(
            _rate(one.name, sums[one.name] * PER, counts[one.name])
            for one in reversed(policy.severity if policy else ())
            if one.name in sums
        ),
        not_counted=tuple(left_out),
    )


def _draws(
    estimate: RiskEstimate,
    policy: Policy,
    dossier: Dossier,
    results: tuple[StudyResult, ...],
    random: np.random.Generator,
) -> Draws | None:
    found = harm(estimate, dossier, results)
    if isinstance(found, NotMeasured):
        return None
    if isinstance(found, Harm):
        whole = np.ones(DRAWS)
        for factor in found.factors:
            whole = whole * _factor(factor, random)
        return whole
    below = 0.0
    for step in policy.probability:
        if step.name == estimate.probability:
            return None if step.up_to is None else _between(below, step.up_to, random)
        below = step.up_to or below
    return None


def _factor(factor: Ranged, random: np.random.Generator) -> Draws:
    if factor.value is None or factor.n is None or factor.level is None:
        return _between(factor.low, factor.high, random)
    n, p, width = float(factor.n), factor.value, factor.high - factor.low
    z = NormalDist().inv_cdf((1 + factor.level) / 2)
    if 0 < p < 1 and width > 0:
        n = min(n, p * (1 - p) * (2 * z / width) ** 2)
    elif width > 0:
        n = min(n, z**2 * (1 - width) / width)  # n of Wilson's bound where all were alike
    return random.beta(p * n + 0.5, (1 - p) * n + 0.5, DRAWS)


def _between(low: float, high: float, random: np.random.Generator) -> Draws:
    if low <= 0:
        return random.uniform(low, high, DRAWS)
    return np.exp(random.uniform(np.log(low), np.log(high), DRAWS))


def _spread(risk: str, severity: str, draws: Draws, policy: Policy) -> RiskSpread:
    bounds = [1.0 if one.up_to is None else one.up_to for one in policy.probability]
    bounds[-1] = 1.0
    row = policy.matrix.get(severity, {})
    bad = np.array([row.get(one.name) is Acceptability.UNACCEPTABLE for one in policy.probability])
    at = np.minimum(np.searchsorted(bounds, draws), len(bounds) - 1)
    low, middle, high = np.quantile(draws, (LEVEL[0], 0.5, LEVEL[1]))
    return RiskSpread(
        risk=risk,
        severity=severity,
        unacceptable=float(np.mean(bad[at])),
        low=float(low),
        middle=float(middle),
        high=float(high),
    )


def _rate(severity: str, whole: Draws, n_risks: int) -> SeverityRate:
    low, high = np.quantile(whole, LEVEL)
    return SeverityRate(
        severity=severity,
        n_risks=n_risks,
        low=float(low),
        mean=float(np.mean(whole)),
        high=float(high),
    )
