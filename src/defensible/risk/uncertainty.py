"""How sure the residual picture is: draws of P1 × P2 for every risk, with a seed.

A measured rate is drawn from a Beta distribution with the observed proportion and the number of
cases (Jeffreys), of fewer cases where the study's interval is wider than independent cases would
give. A range is drawn evenly on the scale of its logarithm, an estimate without numbers likewise
within its step. What two risks rest on alike is one number and is drawn once: the same rate of the
same study in the same stratum, and prevalence. All else is drawn apart. A risk whose probability
cannot be had is counted, never taken as low.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from defensible.dossier.risks import Acceptability, Policy, Risk, RiskEstimate
from defensible.risk.file import File, RestsOn
from defensible.risk.measured import Harm, NotMeasured, Ranged, harm, studies

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
    rests_on : tuple of RestsOn
        The studies that it is bound to, and how their sealed results stand.
    """

    risk: str
    severity: str
    unacceptable: float
    low: float
    middle: float
    high: float
    rests_on: tuple[RestsOn, ...] = ()


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


def picture(file: File, *, seed: int) -> Picture:
    """Residual risk by draws: for each risk, and by severity per million uses.

    Parameters
    ----------
    file : File
        The risk file with the results that it is bound to (`check.opened`).
    seed : int
        Of every draw; the same file gives the same figures, whatever the order of its risks.

    Notes
    -----
    O(n_risks) draws of 10,000; memory for one risk and one sum a severity.
    """
    policy = file.policy
    spreads = []
    left_out = []
    sums: dict[str, Draws] = {}
    counts: Counter[str] = Counter()
    for risk in file.risks.risks:
        estimate = risk.residual or (None if risk.controls else risk.initial)
        drawn = None
        if policy is not None and estimate is not None:
            drawn = _draws(risk, estimate, file, policy, seed)
        if policy is None or estimate is None or drawn is None:
            left_out.append(risk.id)
            continue
        sums[estimate.severity] = sums.get(estimate.severity, 0.0) + drawn
        counts[estimate.severity] += 1
        rests_on = tuple(file.rests_on(one) for one in dict.fromkeys(studies(estimate)))
        spreads.append(_spread(risk.id, estimate.severity, drawn, policy, rests_on))
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
    risk: Risk, estimate: RiskEstimate, file: File, policy: Policy, seed: int
) -> Draws | None:
    found = harm(estimate, file.dossier, file.results)
    if isinstance(found, NotMeasured):
        return None
    if isinstance(found, Harm):
        whole = np.ones(DRAWS)
        for at, factor in enumerate(found.factors):
            whole = whole * _factor(factor, _generator(seed, factor.source or f"{risk.id} {at}"))
        return whole
    below = 0.0
    for step in policy.probability:
        if step.name == estimate.probability:
            random = _generator(seed, f"{risk.id} step")
            return None if step.up_to is None else _between(below, step.up_to, random)
        below = step.up_to or below
    return None


def _generator(seed: int, source: str) -> np.random.Generator:
    """The stream of one source: who asks for it again gets the same draws."""
    name = hashlib.sha256(source.encode()).digest()
    return np.random.default_rng((seed, int.from_bytes(name[:8], "big")))


def _factor(factor: Ranged, random: np.random.Generator) -> Draws:
    if factor.value is None or factor.n is None or factor.level is None:
        if factor.complement:
            return 1 - _between(1 - factor.high, 1 - factor.low, random)
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


def _spread(
    risk: str, severity: str, draws: Draws, policy: Policy, rests_on: tuple[RestsOn, ...]
) -> RiskSpread:
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
        rests_on=rests_on,
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
