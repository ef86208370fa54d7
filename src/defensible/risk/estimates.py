"""ISO 14971:2019, 5.5: estimates held against what was measured, and against their own age.

One function a requirement: what misses it. An empty answer is the only way to hold it.
"""

from collections.abc import Iterator

from defensible.dossier.risks import Policy, Risk, RiskEstimate
from defensible.regulation.failure_modes import security
from defensible.risk import measured as evidence
from defensible.risk.file import File, Miss
from defensible.risk.matrix import lower
from defensible.risk.measured import NotMeasured


def measured(file: File) -> tuple[Miss, ...]:
    """Estimates more favourable than what they are bound to, each with both numbers."""
    policy = file.policy
    if policy is None:
        return ()
    return tuple(
        Miss(item=risk.id, why=f"{when} control: {why}")
        for risk, when, estimate in _estimates(file)
        if (why := _too_favourable(file, policy, estimate)) is not None
    )


def exploitable(file: File) -> tuple[Miss, ...]:
    """Risks of an attack that are judged by how often it comes, and not by how hard it is."""
    modes = security()
    return tuple(
        Miss(item=risk.id, why=f"{when} control: {why}")
        for risk, when, estimate in _estimates(file)
        if modes.intersection(risk.modes)
        if (why := _by_frequency(estimate)) is not None
    )


def _by_frequency(estimate: RiskEstimate) -> str | None:
    if estimate.p1 is not None and estimate.p1.from_ is not None:
        return f"P1 is a rate of {estimate.p1.from_}, and an attacker comes at no rate"
    return "no exploitability" if estimate.exploitability is None else None


def current(file: File) -> tuple[Miss, ...]:
    """Estimates that rest on results which no longer stand, were early, or were never sealed."""
    whens: dict[tuple[str, str], list[str]] = {}
    for risk, when, estimate in _estimates(file):
        for name in dict.fromkeys(evidence.studies(estimate)):
            if not file.rests_on(name).current:
                whens.setdefault((risk.id, name), []).append(when)
    return tuple(
        Miss(item=risk, why=f"{' and '.join(when)} control: {file.rests_on(name).words}")
        for (risk, name), when in whens.items()
    )


def _estimates(file: File) -> Iterator[tuple[Risk, str, RiskEstimate]]:
    for risk in file.risks.risks:
        if risk.initial is not None:
            yield risk, "before", risk.initial
        if risk.residual is not None:
            yield risk, "after", risk.residual


def _too_favourable(file: File, policy: Policy, estimate: RiskEstimate) -> str | None:
    found = evidence.harm(estimate, file.dossier, file.results)
    if found is None:
        return None
    if isinstance(found, NotMeasured):
        return found.why
    reached = evidence.step(policy, found.upper)
    if reached is None:
        return "the scale has no numbers (`up_to`) to hold it against"
    scale = tuple(one.name for one in policy.probability)
    if not lower(scale, reached, estimate.probability):
        return None
    bound = next(one.up_to for one in policy.probability if one.name == estimate.probability)
    declared = estimate.probability if bound is None else f"{estimate.probability} (≤ {bound:g})"
    return (
        f"declared {declared}, and what it is bound to gives up to {found.upper:.3g} per use, "
        f"{reached}: {found.said}"
    )
