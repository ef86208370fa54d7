"""ISO 14971:2019, 5.5: estimates held against what was measured, and against their own age.

One function a requirement: what misses it. An empty answer is the only way to hold it.
"""

from collections.abc import Iterator

from defensible.dossier.risks import Policy, Risk, RiskEstimate
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
        Miss(item=risk.id, why=f"{when}: {why}")
        for risk, when, estimate in _estimates(file)
        if (why := _too_favourable(file, policy, estimate)) is not None
    )


def current(file: File) -> tuple[Miss, ...]:
    """Estimates that rest on results which no longer stand, or were early."""
    return tuple(
        Miss(item=risk.id, why=f"{when}: {name} is {file.not_current[name]}")
        for risk, when, estimate in _estimates(file)
        for name in dict.fromkeys(evidence.studies(estimate))
        if name in file.not_current
    )


def _estimates(file: File) -> Iterator[tuple[Risk, str, RiskEstimate]]:
    for risk in file.risks.risks:
        if risk.initial is not None:
            yield risk, "before control", risk.initial
        if risk.residual is not None:
            yield risk, "after control", risk.residual


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
